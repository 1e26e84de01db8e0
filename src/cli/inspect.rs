//! `soat config` and `register check`: what the program makes of the settings and of a register.

use super::arguments::RegisterCommand;
use super::exit::{Exit, Failure};
use super::load::source;
use super::setup::Setup;
use super::system;
use super::terminal::{Terminal, print};
use crate::config::{Origin, Register, RegisterKind};
use crate::model::Language;
use crate::register::{self, MatchedColumn, RegisterError, RegisterProblem, Source};
use clap::ArgMatches;
use clap::parser::ValueSource;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// Prints each value with its origin: flag, environment, file or default.
pub(super) fn config(setup: &Setup, matches: &ArgMatches, terminal: &Terminal) -> Result<Exit, Failure> {
    let word = |origin| match origin {
        Origin::Default => terminal.pick("mặc định", "default"),
        Origin::File => terminal.pick("tệp", "file"),
        Origin::Environment => terminal.pick("biến môi trường", "environment"),
        Origin::Flag => terminal.pick("dòng lệnh", "flag"),
    };
    let mut out = String::new();
    // What stands outside the file: flags and their environment variables.
    let matches = matches.subcommand().map_or(matches, |(_, inner)| inner);
    let origin = |name: &str| match matches.value_source(name) {
        Some(ValueSource::CommandLine) => Origin::Flag,
        Some(ValueSource::EnvVariable) => Origin::Environment,
        _ => Origin::Default,
    };
    let file = setup.file.as_ref().map_or_else(
        || terminal.pick("(không có)", "(none)").to_owned(),
        |(file, _)| file.display().to_string(),
    );
    let archive = match matches.value_source("folder") {
        Some(ValueSource::CommandLine) => Origin::Flag,
        _ => origin("archive"),
    };
    let language = match terminal.language {
        Language::Vi => "vi",
        Language::En => "en",
    };
    let text = |name: &str| matches.try_get_raw(name).ok().flatten().and_then(|mut values| values.next());
    let threads = text("threads").map_or_else(String::new, |value| value.to_string_lossy().into_owned());
    let log = text("log").map_or_else(String::new, |value| value.to_string_lossy().into_owned());
    for (key, value, origin) in [
        ("config", file, origin("config")),
        ("archive", setup.shown.clone(), archive),
        ("state", setup.state.display().to_string(), origin("state")),
        ("lang", language.to_owned(), origin("lang")),
        ("threads", threads, origin("threads")),
        ("log", log, origin("log")),
    ] {
        let _ = writeln!(out, "{key} = {value} ({})", word(origin));
    }
    for setting in setup.config.settings() {
        let line = setting.line.map_or_else(String::new, |line| format!(":{line}"));
        let _ = writeln!(out, "{} = {} ({}{line})", setting.key, setting.value, word(setting.origin));
    }
    print(out.as_bytes())?;
    Ok(Exit::Passed)
}

/// Rows and problems of a register.
pub(super) fn summary(register: &Register, bytes: &[u8]) -> Result<(usize, usize), RegisterError> {
    let source = source(register, bytes);
    match register.kind {
        RegisterKind::Outgoing => register::read_outgoing(&source).map(|file| (file.rows.len(), file.problems.len())),
        RegisterKind::PostBook => register::read_post_book(&source).map(|file| (file.rows.len(), file.problems.len())),
        RegisterKind::WorkFiles => {
            register::read_work_files(&source).map(|file| (file.rows.len(), file.problems.len()))
        }
        RegisterKind::Exemptions => {
            register::read_exemptions(&source).map(|file| (file.rows.len(), file.problems.len()))
        }
        RegisterKind::Cancelled => register::read_cancelled(&source).map(|file| (file.rows.len(), file.problems.len())),
        RegisterKind::Waivers => register::read_waivers(&source).map(|file| (file.rows.len(), file.problems.len())),
    }
}

/// What is shown of a register file.
struct Looked {
    rows: usize,
    matched: Vec<MatchedColumn>,
    unmatched: Vec<String>,
    missing: Vec<&'static str>,
    problems: Vec<RegisterProblem>,
    without_reference: u32,
}

/// Which columns matched and what will be lost.
pub(super) fn register(command: &RegisterCommand, setup: &Setup, terminal: &Terminal) -> Result<Exit, Failure> {
    let RegisterCommand::Check { file } = command;
    let configured = setup.config.registers_of(RegisterKind::Outgoing);
    let registers: Vec<(PathBuf, Option<&Register>)> = match file {
        Some(file) => {
            let known = setup.config.registers_of(RegisterKind::Outgoing).find(|r| setup.path(&r.path) == *file);
            vec![(file.clone(), known)]
        }
        None => configured.map(|register| (setup.path(&register.path), Some(register))).collect(),
    };
    if registers.is_empty() {
        let text = terminal.pick("Chưa nêu sổ đăng ký nào.", "No register named.");
        return Err(Failure::message(Exit::Usage, text));
    }
    let mut exit = Exit::Passed;
    for (path, register) in registers {
        let bytes =
            fs::read(&path).map_err(|error| Failure::message(Exit::Usage, format!("{}: {}", path.display(), system::say(&error, terminal))))?;
        let name = path.to_string_lossy();
        let source = register.map_or_else(|| Source::plain(&name, &bytes), |register| source(register, &bytes));
        let file = register::read_outgoing(&source)
            .map_err(|error| Failure::message(Exit::Usage, error.message().get(terminal.language)))?;
        let looked = Looked {
            rows: file.rows.len(),
            matched: file.matched,
            unmatched: file.unmatched_headers,
            missing: file.missing_fields.iter().map(|(_, header)| *header).collect(),
            problems: file.problems,
            without_reference: file.rows_without_reference,
        };
        if !looked.problems.is_empty() {
            exit = Exit::NotPassed;
        }
        print(show(&path, &looked, terminal).as_bytes())?;
    }
    Ok(exit)
}

fn show(path: &Path, looked: &Looked, terminal: &Terminal) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{}: {} {}", path.display(), looked.rows, terminal.pick("dòng", "rows"));
    for column in &looked.matched {
        let _ = writeln!(out, "  ✓ {} ← “{}”", column.field, column.header);
    }
    for header in &looked.unmatched {
        let _ = writeln!(out, "  – “{header}”: {}", terminal.pick("không dùng", "not used"));
    }
    for header in &looked.missing {
        let _ = writeln!(out, "  ✗ {} “{header}”", terminal.pick("thiếu cột", "missing column"));
    }
    if looked.without_reference > 0 {
        let text = terminal.pick("dòng không có số, ký hiệu bị bỏ qua", "rows without reference skipped");
        let _ = writeln!(out, "  – {} {text}", looked.without_reference);
    }
    for problem in &looked.problems {
        let _ = writeln!(out, "  ✗ {}", problem.message().get(terminal.language));
    }
    out
}
