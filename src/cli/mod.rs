//! The shell: command line, configuration, files, database, terminal. What is decided is decided below
//! it.

mod arguments;
mod audit;
mod certificate;
mod context;
mod disk;
mod doctor;
mod evidence;
mod exit;
mod explain;
mod extract;
mod files;
mod fixlist;
mod fonts;
mod gate;
mod help;
mod initial;
mod inspect;
mod interrupt;
mod load;
mod manual;
mod named;
mod operation;
mod register;
mod report;
mod runs;
mod setup;
mod system;
mod terminal;
mod trust;
mod update;
mod verify;

use crate::model::Language;
use arguments::{ArchiveArguments, Arguments, Command, FolderArguments, Global};
use clap::{ArgMatches, CommandFactory, FromArgMatches};
use context::JudgingMaterial;
use evidence::Collection;
use exit::{Exit, Failure};
use rayon::ThreadPool;
use setup::Setup;
use std::path::Path;
use std::process::ExitCode;
use terminal::{OutputError, Terminal};

/// Runs the program with the process's arguments.
pub fn run() -> ExitCode {
    let words = std::env::args_os().map(|word| word.to_string_lossy().into_owned());
    let language = help::language(words, std::env::var("SOAT_LANG").ok().as_deref());
    let matches = match help::localised(Arguments::command(), language).try_get_matches() {
        Ok(matches) => matches,
        Err(error) => return refused(&error, language),
    };
    let arguments = Arguments::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    let terminal = Terminal::new(&arguments.global);
    // A fault in one document is reported with that document; the default message would only alarm.
    std::panic::set_hook(Box::new(|_| {}));
    // What was parsed is only read: a fault leaves nothing half-changed.
    let work = std::panic::AssertUnwindSafe(|| dispatch(&arguments, &matches, &terminal));
    let outcome = std::panic::catch_unwind(work).unwrap_or_else(|_| {
        Err(Failure::message(Exit::Internal, terminal.pick("lỗi nội bộ của soat", "internal error of soat")))
    });
    match outcome {
        Ok(exit) => exit.into(),
        Err(failure) => {
            let (exit, said) = told(&failure, &terminal);
            terminal.error(&format!("soat: {said}"));
            exit.into()
        }
    }
}

/// Help that was asked for, or what is wrong with the words of the command line.
fn refused(error: &clap::Error, language: Language) -> ExitCode {
    match help::complaint(error).filter(|_| language == Language::Vi) {
        Some(said) => terminal::complain(&said),
        // Nobody is left to tell if the terminal is closed.
        None => drop(error.print()),
    }
    if error.use_stderr() { Exit::Usage.into() } else { ExitCode::SUCCESS }
}

/// The exit code and words of a failure. What the system said is said in the reader's language.
fn told(failure: &Failure, terminal: &Terminal) -> (Exit, String) {
    if let Some(OutputError(error)) = failure.error.downcast_ref() {
        let (what, hint) = (
            terminal.pick("không ghi được ra đầu ra chuẩn", "standard output cannot be written"),
            terminal.pick(
                "giải phóng đĩa hoặc ghi ra nơi khác rồi chạy lại",
                "free the disk or write elsewhere, then run again",
            ),
        );
        return (Exit::Usage, format!("{what}: {}\n  → {hint}", system::say(error, terminal)));
    }
    match failure.error.downcast_ref::<std::io::Error>() {
        Some(error) => (failure.exit, system::say(error, terminal)),
        None => (failure.exit, format!("{:#}", failure.error)),
    }
}

fn dispatch(arguments: &Arguments, matches: &ArgMatches, terminal: &Terminal) -> Result<Exit, Failure> {
    let global = &arguments.global;
    let setup = |folder: Option<&Path>| Setup::new(global, folder, terminal);
    let archive = |archive: &ArchiveArguments| Setup::new(global, archive.folder.as_deref(), terminal);
    match &arguments.command {
        Command::Init(init) => initial::init(init.folder.as_deref().or(global.archive.as_deref()), terminal),
        Command::Doctor(folder) => doctor::doctor(&archive(folder)?, terminal),
        Command::Config(folder) => inspect::config(&archive(folder)?, matches, terminal),
        Command::Audit(audit) => audit::audit(audit, &setup(audit.folder.as_deref())?, &pool(global)?, terminal),
        Command::Verify(verify) => {
            let setup = setup(None)?;
            let (_, material) = named_material(&verify.folders, &setup, terminal)?;
            verify::verify(verify, &material, &setup.config.limits, &pool(global)?, terminal)
        }
        Command::Certificate(certificate) => {
            let setup = setup(None)?;
            let (collection, material) = named_material(&certificate.folders, &setup, terminal)?;
            certificate::certificate(certificate, material, &collection, &setup.config.limits, terminal)
        }
        Command::Report(report) => report::report(report, &setup(report.folder.as_deref())?, terminal),
        Command::Gate(gate) => gate::gate(gate, &setup(gate.folder.as_deref())?, terminal),
        Command::Fixlist(fixlist) => fixlist::run(fixlist, &setup(fixlist.folder.as_deref())?, terminal),
        Command::Explain(explain) => explain::explain(&explain.check, terminal),
        Command::Checks => explain::list(terminal),
        Command::Trust(trust) => trust::run(trust, archive, terminal),
        Command::Register(register) => register::check(register, &setup(None)?, terminal),
        Command::Runs(runs) => runs::run(runs, archive, terminal),
        Command::Extract(extract) => extract::extract(extract, &setup(None)?.config.limits, &pool(global)?, terminal),
        Command::Completions { shell } => manual::completions(*shell, terminal),
        Command::Man { output } => manual::man(output.as_deref(), terminal),
    }
}

fn pool(global: &Global) -> Result<ThreadPool, Failure> {
    Ok(rayon::ThreadPoolBuilder::new().num_threads(global.threads.unwrap_or(0)).build()?)
}

/// For `verify` and `certificate`: the configuration at hand, or as a plain validator the folders named.
fn named_material(
    folders: &FolderArguments,
    setup: &Setup,
    terminal: &Terminal,
) -> Result<(Collection, JudgingMaterial), Failure> {
    let mut collection = Collection::default();
    let mut anchors = None;
    if let Some(folder) = &folders.anchors {
        collection.add_folder(folder, "anchors");
        // Whatever lies in that folder is an anchor by the user's word.
        anchors = Some(load::named_by_user(&collection));
    }
    for (folder, name) in [(&folders.intermediates, "intermediates"), (&folders.crls, "crls")] {
        if let Some(folder) = folder {
            collection.add_folder(folder, name);
        }
    }
    let material = match anchors {
        Some(named) => load::plain_material(setup, &collection, &named)?,
        None => {
            for folder in [&setup.config.trust_folder, &setup.config.revocation_folder].into_iter().flatten() {
                collection.add_folder(&setup.path(folder), folder);
            }
            let organisations = load::organisations(setup, terminal, &mut Vec::new(), &mut Vec::new())?;
            load::material(setup, &collection, organisations)?
        }
    };
    for (path, reason) in &collection.problems {
        terminal.note(&format!("{path}: {}", reason.get(terminal.language)));
    }
    Ok((collection, material))
}
