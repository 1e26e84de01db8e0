//! `soat report` and `soat gate`: from the stored run, never scanning.

use super::arguments::{GateArguments, ReportArguments};
use super::audit::{disclosure, render, write_files};
use super::exit::{Exit, Failure};
use super::setup::{Setup, open_state, state_failure};
use super::terminal::{Terminal, print};
use crate::model::{Language, Period, RateKind, Report};
use crate::rate::gate::{self, GateInput, GateOutcome, GateReason};
use crate::report::Options;
use std::fmt::Write as _;

fn stored(setup: &Setup, run: Option<i64>, terminal: &Terminal) -> Result<Report, Failure> {
    let state = open_state(setup, terminal)?;
    match state.report(run).map_err(|error| state_failure(error, terminal))? {
        Some((_, report)) => Ok(report),
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
fn period<'a>(report: &'a Report, label: Option<&str>, terminal: &Terminal) -> Result<&'a Period, Failure> {
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
    let report = stored(setup, arguments.run, terminal)?;
    let options = Options {
        language: terminal.language,
        period: arguments.period.clone(),
        disclose: disclosure(arguments.disclose, setup),
        colour: terminal.colour && arguments.output.is_none(),
        places: Vec::new(),
    };
    if let Some(folder) = &arguments.output {
        for format in &arguments.format {
            let main = write_files(render(format, &report, &options)?, folder, terminal)?;
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

/// Judges a period; the format never changes the exit code.
pub(super) fn gate(arguments: &GateArguments, setup: &Setup, terminal: &Terminal) -> Result<Exit, Failure> {
    let report = stored(setup, arguments.run, terminal)?;
    let period = period(&report, arguments.period.as_deref(), terminal)?;
    let outcome = gate::judge(&GateInput {
        period,
        rates: &report.rates,
        findings: &report.findings,
        agency: report.archive.agency.as_deref().unwrap_or_default(),
        fail_on: report.method.fail_on,
        files: report.scope.files - report.scope.secret,
        assessed: report.scope.assessed,
        minimum_coverage: report.method.minimum_coverage,
        partial: report.partial.as_deref(),
    });
    // A row of no known day belongs to no period: it may be one that is missing from this one.
    let undated = report.rows.iter().filter(|row| row.date.is_none() && row.exclusion.is_none()).count();
    let text = match arguments.format.as_str() {
        "plain" => plain(&outcome, undated, period, terminal.language).into_bytes(),
        format => {
            let options =
                Options { language: terminal.language, period: Some(period.label.clone()), ..Options::default() };
            let mut files = render(format, &report, &options)?;
            if files.len() != 1 {
                let text = terminal.pick("cổng kiểm tra không có định dạng", "the gate has no format");
                return Err(Failure::message(Exit::Usage, format!("{text} {format}")));
            }
            files.pop().map(|(_, bytes)| bytes).unwrap_or_default()
        }
    };
    print(&text)?;
    Ok(match outcome.exit_code {
        0 if undated > 0 => Exit::Undecided,
        0 => Exit::Passed,
        1 => Exit::NotPassed,
        3 => Exit::Nothing,
        _ => Exit::Undecided,
    })
}

fn plain(outcome: &GateOutcome, undated: usize, period: &Period, language: Language) -> String {
    let pick = |vi: &'static str, en: &'static str| match language {
        Language::Vi => vi,
        Language::En => en,
    };
    let code = if outcome.exit_code == 0 && undated > 0 { 4 } else { outcome.exit_code };
    let verdict = match code {
        0 => pick("ĐẠT", "PASSED"),
        1 => pick("KHÔNG ĐẠT", "NOT PASSED"),
        3 => pick("KHÔNG CÓ GÌ ĐỂ XÉT", "NOTHING TO JUDGE"),
        _ => pick("CHƯA KẾT LUẬN", "UNDECIDED"),
    };
    let mut out = format!(
        "{} {}: {verdict} ({} {})\n",
        pick("Kỳ", "Period"),
        period.label,
        pick("mã", "code"),
        outcome.exit_code
    );
    if undated > 0 {
        let text = pick(
            "dòng sổ không có ngày đọc được, không thuộc kỳ nào",
            "register rows without a readable date, in no period",
        );
        let _ = writeln!(out, "  - {undated} {text}");
    }
    for reason in &outcome.reasons {
        let line = match reason {
            GateReason::TargetMissed(unit, rate) => {
                format!(
                    "{} {}: {}",
                    unit_name(unit, language),
                    rate_name(*rate, language),
                    pick("chưa vượt chỉ tiêu", "target missed")
                )
            }
            GateReason::TargetUndecided(unit, rate) => format!(
                "{} {}: {}",
                unit_name(unit, language),
                rate_name(*rate, language),
                pick("chưa kết luận được so với chỉ tiêu", "undecided against the target")
            ),
            GateReason::Findings(check, count) => {
                format!("{check}: {count} {} (soat explain {check})", pick("trường hợp", "findings"))
            }
            GateReason::Partial(why) => format!("{}: {why}", pick("lần chạy dở dang", "partial run")),
            GateReason::Coverage(assessed, files, minimum) => format!(
                "{} {assessed}/{files}, {} {minimum} %",
                pick("số tệp kiểm tra được", "files assessed"),
                pick("yêu cầu ít nhất", "at least")
            ),
            GateReason::NoActivity => pick("không phát sinh văn bản trong kỳ", "no document in the period").to_owned(),
        };
        let _ = writeln!(out, "  - {line}");
    }
    out
}

fn unit_name(unit: &str, language: Language) -> &str {
    match (unit, language) {
        ("", Language::Vi) => "(chưa rõ đơn vị)",
        ("", Language::En) => "(unit unknown)",
        (unit, _) => unit,
    }
}

fn rate_name(rate: RateKind, language: Language) -> &'static str {
    match (rate, language) {
        (RateKind::N1, _) => "N1",
        (RateKind::N2, _) => "N2",
        (RateKind::N3, _) => "N3",
        (RateKind::WorkFiles, Language::Vi) => "hồ sơ công việc",
        (RateKind::WorkFiles, Language::En) => "work files",
    }
}
