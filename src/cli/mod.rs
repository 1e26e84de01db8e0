//! The shell: command line, configuration, files, database, terminal. Everything it decides is decided
//! below it.

mod arguments;
mod context;
mod evidence;
mod exit;
mod interrupt;
mod terminal;
mod verify;

use crate::edition::Editions;
use crate::limits::Limits;
use crate::organisation::OrganisationTable;
use crate::pki::AnchorKind;
use arguments::{Arguments, Command, VerifyArguments};
use clap::Parser;
use context::{JudgingMaterial, NamedAnchor};
use evidence::Collection;
use exit::{Exit, Failure};
use std::collections::HashMap;
use std::process::ExitCode;
use terminal::Terminal;

/// Runs the program with the process's arguments.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let terminal = Terminal::new(&arguments.global);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(arguments.global.threads.unwrap_or(0)).build().unwrap();
    let outcome = match &arguments.command {
        Command::Verify(a) => verify_command(a, &pool, &terminal),
        _ => Ok(Exit::Usage),
    };
    match outcome {
        Ok(exit) => exit.into(),
        Err(Failure { exit, error }) => {
            terminal.error(&format!("soat: {error:#}"));
            exit.into()
        }
    }
}

fn verify_command(arguments: &VerifyArguments, pool: &rayon::ThreadPool, terminal: &Terminal) -> Result<Exit, Failure> {
    let limits = Limits::default();
    let mut collection = Collection::default();
    let mut named = Vec::new();
    if let Some(folder) = &arguments.anchors {
        collection.add_folder(folder, "anchors");
        named.extend(collection.certificates.iter().map(|c| NamedAnchor { sha256: c.sha256, kind: AnchorKind::Specialised }));
    }
    if let Some(folder) = &arguments.intermediates {
        collection.add_folder(folder, "intermediates");
    }
    if let Some(folder) = &arguments.crls {
        collection.add_folder(folder, "crls");
    }
    let material = JudgingMaterial {
        clock: crate::model::UnixTime(std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_secs().try_into()?),
        revocation: collection.revocation(),
        paths: context::finder(context::trust_store(&collection, &named, |_| None), &limits),
        editions: Editions::built_in()?,
        organisations: OrganisationTable::default(),
        overrides: HashMap::new(),
    };
    verify::verify(arguments, &material, &limits, pool, terminal)
}
