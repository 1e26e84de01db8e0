//! `soat fixlist`: work lists for the clerks, and their answers back.

use super::arguments::{FixlistArguments, FixlistCommand};
use super::audit::{disclosure, write_files};
use super::exit::{Exit, Failure};
use super::report::select;
use super::setup::{Setup, open_state, stored_run};
use super::system;
use super::terminal::Terminal;
use crate::crypto::sha256;
use crate::engine;
use crate::model::Report;
use crate::register::{self, RegisterError, TableRow};
use crate::report::Options;
use crate::report::fixlist::{self, Answers, INFORMATION_SHEET, LIST_SHEET, Refusal, Status};
use std::fs;
use std::path::{Path, PathBuf};

/// Label of the period asked for, which the report then speaks for, else of the last one of the run.
fn period(report: &mut Report, label: Option<&str>, terminal: &Terminal) -> Result<String, Failure> {
    let asked = select(report, label, terminal)?;
    asked.or_else(|| report.latest_period().cloned()).map(|period| period.label).ok_or_else(|| {
        let text = terminal.pick("Lần chạy này không có kỳ nào.", "This run has no period.");
        Failure::message(Exit::Nothing, text)
    })
}

/// Makes the lists of a period, or reads answers.
pub(super) fn run(arguments: &FixlistArguments, setup: &Setup, terminal: &Terminal) -> Result<Exit, Failure> {
    match &arguments.command {
        None => make(arguments, setup, terminal),
        Some(FixlistCommand::Import { files, period, output }) => {
            import(files, period.as_deref(), output.as_deref(), setup, terminal)
        }
    }
}

fn make(arguments: &FixlistArguments, setup: &Setup, terminal: &Terminal) -> Result<Exit, Failure> {
    let (run, mut report) = stored_run(setup, arguments.run, terminal)?;
    let period = period(&mut report, arguments.period.as_deref(), terminal)?;
    let options = Options {
        language: terminal.language,
        period: Some(period.clone()),
        disclose: disclosure(arguments.disclose, setup),
        ..Options::default()
    };
    let lists = fixlist::lists(&report, &options, &sha256)?;
    if lists.is_empty() {
        let (vi, en) =
            (format!("Kỳ {}: không có việc nào cần sửa.", period), format!("Period {}: nothing to fix.", period));
        terminal.note(terminal.pick(&vi, &en));
        return Ok(Exit::Passed);
    }
    let folder = arguments.output.clone().unwrap_or_else(|| PathBuf::from("."));
    for list in &lists {
        let file = fixlist::workbook(list, &report, run.id, terminal.language, &sha256)?;
        let path = write_files(vec![file], &folder, terminal)?;
        let (vi, en) = (
            format!("{}: {} việc → {}", list.name, list.len(), path.display()),
            format!("{}: {} rows → {}", list.name, list.len(), path.display()),
        );
        terminal.note(terminal.pick(&vi, &en));
    }
    Ok(Exit::Passed)
}

fn import(
    files: &[PathBuf],
    label: Option<&str>,
    output: Option<&Path>,
    setup: &Setup,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    // A list lies with the clerks for days; runs of the nights in between must not make it void.
    let (_, mut newest) = stored_run(setup, None, terminal)?;
    let period = period(&mut newest, label, terminal)?;
    let current = fixlist::keys(&newest, &period, &sha256)?;
    let mut taken = Vec::new();
    let mut refused = false;
    for file in files {
        match read(file, &period, &current, setup, terminal)? {
            Ok(answers) => taken.push(answers),
            Err(reasons) => {
                refused = true;
                let (vi, en) = (format!("{}: KHÔNG nhận", file.display()), format!("{}: REFUSED", file.display()));
                terminal.error(terminal.pick(&vi, &en));
                reasons.iter().for_each(|reason| terminal.error(&format!("  ✗ {reason}")));
            }
        }
    }
    let folder = output.map_or_else(|| PathBuf::from("."), Path::to_path_buf);
    let answered: usize = taken.iter().map(|list| list.answers.len()).sum();
    if answered > 0 {
        let count = |wanted: Status| {
            let answers = taken.iter().flat_map(|list| &list.answers);
            answers.filter(|answer| answer.status == Some(wanted)).count()
        };
        let slug: String = period.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        let waivers = count(Status::WaiverProposed);
        if waivers > 0 {
            let file = (format!("mien-tru-cho-duyet-{slug}.csv"), fixlist::waivers(&taken)?);
            let path = write_files(vec![file], &folder, terminal)?;
            let (vi, en) = (
                format!(
                    "{waivers} đề nghị miễn trừ → {}\n  → trình lãnh đạo duyệt: điền người quyết định, ngày quyết định, ngày hết hạn cho từng dòng được duyệt, xóa dòng không duyệt; rồi khai báo tệp trong soat.toml ([[register]] kind = \"waivers\")",
                    path.display()
                ),
                format!(
                    "{waivers} proposed waivers → {}\n  → for the head: fill in who decided, when and until when for each approved row, remove the others; then name the file in soat.toml ([[register]] kind = \"waivers\")",
                    path.display()
                ),
            );
            terminal.note(terminal.pick(&vi, &en));
        }
        let file = (format!("tra-loi-{slug}.csv"), fixlist::notes(&taken, terminal.language)?);
        let path = write_files(vec![file], &folder, terminal)?;
        let (vi, en) = (
            format!(
                "{answered} câu trả lời (đã sửa {}, đang xử lý {}, đề nghị miễn trừ {waivers}, báo nhầm {}) → {}",
                count(Status::Fixed),
                count(Status::InProgress),
                count(Status::Mistaken),
                path.display()
            ),
            format!(
                "{answered} answers (fixed {}, in progress {}, waivers proposed {waivers}, mistaken {}) → {}",
                count(Status::Fixed),
                count(Status::InProgress),
                count(Status::Mistaken),
                path.display()
            ),
        );
        terminal.note(terminal.pick(&vi, &en));
    }
    let unanswered: usize = taken.iter().map(|list| list.unanswered).sum();
    if unanswered > 0 {
        let (vi, en) = (format!("{unanswered} dòng chưa trả lời."), format!("{unanswered} rows without an answer."));
        terminal.note(terminal.pick(&vi, &en));
    }
    Ok(if refused { Exit::Usage } else { Exit::Passed })
}

type Known = std::collections::HashMap<crate::model::Sha256Digest, fixlist::KeyedFinding>;

/// The answers of one file, or the reasons why it is refused, in the language of the user.
fn read(
    file: &Path,
    period: &str,
    current: &Known,
    setup: &Setup,
    terminal: &Terminal,
) -> Result<Result<Answers, Vec<String>>, Failure> {
    let bytes = match fs::read(file) {
        Ok(bytes) => bytes,
        Err(error) => return Ok(Err(vec![system::say(&error, terminal)])),
    };
    let name = file.to_string_lossy();
    let words = |error: RegisterError| vec![error.message().get(terminal.language).to_owned()];
    let refusal = |refusal: &Refusal| refusal.message().get(terminal.language).to_owned();
    let information = match register::read_sheet(&name, &bytes, INFORMATION_SHEET) {
        Ok(rows) => plain(rows),
        Err(RegisterError::SheetMissing { .. }) => return Ok(Err(vec![refusal(&Refusal::NotAFixList)])),
        Err(error) => return Ok(Err(words(error))),
    };
    let rows = match register::read_sheet(&name, &bytes, LIST_SHEET) {
        Ok(rows) => plain(rows),
        Err(RegisterError::SheetMissing { .. }) => return Ok(Err(vec![refusal(&Refusal::NotAFixList)])),
        Err(error) => return Ok(Err(words(error))),
    };
    let mut known = current.clone();
    let run = information.iter().find(|(_, cells)| cells.first().is_some_and(|cell| cell == "run"));
    if let Some(id) = run.and_then(|(_, cells)| cells.get(1)).and_then(|id| id.parse().ok()) {
        let state = open_state(setup, terminal)?;
        // The run may have been pruned or be of an older layout; then only the newest run's findings are known.
        if let Ok(Some((_, mut report))) = state.report(Some(id)) {
            // Its keys are those of the period, whatever the form it was asked for in.
            let _ = engine::select_period(&mut report, period);
            known.extend(fixlist::keys(&report, period, &sha256).unwrap_or_default());
        }
    }
    let answers = fixlist::read(&information, &rows, period, &known, &sha256);
    Ok(answers.map_err(|refusals| refusals.iter().map(refusal).collect()))
}

fn plain(rows: Vec<TableRow>) -> Vec<(u32, Vec<String>)> {
    rows.into_iter().map(|row| (row.number, row.cells)).collect()
}
