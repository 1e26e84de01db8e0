//! `soat config`: what the program makes of the settings; and a register in two figures.

use super::exit::{Exit, Failure};
use super::load::source;
use super::setup::Setup;
use super::terminal::{Terminal, print};
use crate::config::{Origin, Register};
use crate::model::Language;
use crate::register::RegisterError;
use clap::ArgMatches;
use clap::parser::ValueSource;
use std::fmt::Write as _;

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
    let file = setup
        .file
        .as_ref()
        .map_or_else(|| terminal.pick("(không có)", "(none)").to_owned(), |(file, _)| file.display().to_string());
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
    super::register::look(register.kind, &source(register, bytes)).map(|looked| (looked.rows, looked.problems.len()))
}
