//! `soat report`: from the stored run, never scanning.

use super::arguments::ReportArguments;
use super::audit::{disclosure, render, write_files};
use super::exit::{Exit, Failure};
use super::setup::{Setup, open_state, state_failure};
use super::terminal::{Terminal, print};
use crate::model::{Period, Report};
use crate::report::Options;
use crate::state::RunRecord;

/// A stored run with its report: the newest, or the one asked for.
pub(super) fn stored(setup: &Setup, run: Option<i64>, terminal: &Terminal) -> Result<(RunRecord, Report), Failure> {
    let state = open_state(setup, terminal)?;
    match state.report(run).map_err(|error| state_failure(error, terminal))? {
        Some(stored) => Ok(stored),
        None => Err(Failure::message(
            Exit::Nothing,
            terminal.pick(
                "Không có lần chạy nào như vậy: xem `soat runs list`.",
                "There is no such run: see `soat runs list`.",
            ),
        )),
    }
}

/// The period asked for, else the last one of the run.
pub(super) fn period<'a>(report: &'a Report, label: Option<&str>, terminal: &Terminal) -> Result<&'a Period, Failure> {
    let found = match label {
        Some(label) => report.periods.iter().find(|period| period.label == label),
        None => report.periods.last(),
    };
    found.ok_or_else(|| {
        let known: Vec<&str> = report.periods.iter().map(|period| period.label.as_str()).collect();
        let text = terminal.pick("Lần chạy này không có kỳ", "This run has no period");
        Failure::message(Exit::Nothing, format!("{text} {} ({})", label.unwrap_or_default(), known.join(", ")))
    })
}

/// Writes reports.
pub(super) fn report(arguments: &ReportArguments, setup: &Setup, terminal: &Terminal) -> Result<Exit, Failure> {
    let (_, report) = stored(setup, arguments.run, terminal)?;
    let options = Options {
        language: terminal.language,
        period: arguments.period.clone(),
        disclose: disclosure(arguments.disclose, setup),
        colour: terminal.colour && arguments.output.is_none(),
        places: Vec::new(),
    };
    if let Some(folder) = &arguments.output {
        for format in &arguments.format {
            let main = write_files(render(format, &report, &options)?, folder)?;
            terminal.note(&main.display().to_string());
        }
        return Ok(Exit::Passed);
    }
    let [format] = arguments.format.as_slice() else {
        let text =
            terminal.pick("Nhiều định dạng cần thư mục đích: -o THƯ_MỤC.", "Several formats need a folder: -o FOLDER.");
        return Err(Failure::message(Exit::Usage, text));
    };
    let files = render(format, &report, &options)?;
    match files.as_slice() {
        [(_, bytes)] => print(bytes)?,
        _ => {
            let text = terminal
                .pick("Định dạng này gồm nhiều tệp: -o THƯ_MỤC.", "This format makes several files: -o FOLDER.");
            return Err(Failure::message(Exit::Usage, text));
        }
    }
    Ok(Exit::Passed)
}
