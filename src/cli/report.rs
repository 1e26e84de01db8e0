//! `soat report` and `soat gate`: from the stored run, never scanning.

use super::arguments::{GateArguments, ReportArguments};
use super::audit::{disclosure, render, write_files};
use super::exit::{Exit, Failure};
use super::fonts;
use super::setup::{Setup, stored_run};
use super::terminal::{Terminal, print};
use crate::engine::{self, PeriodRefusal};
use crate::model::{Finding, Language, Period, RateKind, Report};
use crate::period::PeriodError;
use crate::rate::baseline::Baseline;
use crate::rate::gate::{self, GateInput, GateOutcome, GateReason};
use crate::report::Options;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

/// Makes the report speak for the period asked for, in any of its forms; without one it stays as it is.
pub(super) fn select(report: &mut Report, asked: Option<&str>, terminal: &Terminal) -> Result<Option<Period>, Failure> {
    let Some(asked) = asked else { return Ok(None) };
    engine::select_period(report, asked).map(Some).map_err(|refusal| match refusal {
        PeriodRefusal::Form(error) => Failure::message(Exit::Usage, period_error(&error, terminal)),
        PeriodRefusal::Empty { asked, known } => {
            let days = format!("{} ({} – {})", asked.label, asked.first.day_first(), asked.last.day_first());
            let known = known.join(", ");
            let (vi, en) = (
                format!(
                    "Kỳ {days} không có dòng sổ, hồ sơ hay văn bản nào. Các tháng có dữ liệu: {known}.\n  → chọn kỳ khác; nếu lẽ ra phải có, kiểm tra đường dẫn kho và sổ rồi chạy lại soat audit"
                ),
                format!(
                    "Period {days} has no register row, work file or document. Months with data: {known}.\n  → choose another period; if there should be data, check the paths of archive and register and run soat audit again"
                ),
            );
            Failure::message(Exit::Nothing, terminal.pick(&vi, &en))
        }
    })
}

fn period_error(error: &PeriodError, terminal: &Terminal) -> String {
    let vi = match error {
        PeriodError::Form(text) => format!(
            "\"{text}\" không phải là kỳ: viết 2026-10 (tháng), 2026-Q4 (quý), 2026-H2 (nửa năm), 2026 (năm) hoặc 2026-09-15..2026-10-14 (khoảng ngày, tính cả hai đầu)"
        ),
        PeriodError::Reversed(text) => format!("\"{text}\": ngày cuối trước ngày đầu"),
        PeriodError::Cutoff(day) => format!("ngày chốt kỳ {day} không hợp lệ: 0 đến 28"),
    };
    terminal.pick(&vi, &error.to_string()).to_owned()
}

/// Writes reports.
pub(super) fn report(arguments: &ReportArguments, setup: &Setup, terminal: &Terminal) -> Result<Exit, Failure> {
    let mut report = stored_run(setup, arguments.run, terminal)?.1;
    let period = select(&mut report, arguments.period.as_deref(), terminal)?;
    let options = Options {
        language: terminal.language,
        period: period.map(|period| period.label),
        disclose: disclosure(arguments.disclose, setup),
        colour: terminal.colour && arguments.output.is_none(),
        typeface: arguments
            .format
            .iter()
            .any(|format| format == "pdf")
            .then(|| fonts::typeface(arguments.fonts.as_deref()).map(Arc::new))
            .flatten(),
        ..Options::default()
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
    let mut report = stored_run(setup, arguments.run, terminal)?.1;
    let asked = select(&mut report, arguments.period.as_deref(), terminal)?;
    let Some(period) = asked.or_else(|| report.latest_period().cloned()) else {
        let text = terminal.pick("Lần chạy này không có kỳ nào để xét.", "This run has no period to judge.");
        return Err(Failure::message(Exit::Nothing, text));
    };
    let baseline = match &arguments.baseline {
        Some(file) => Some(baseline(file, arguments.update_baseline, &report, terminal)?),
        None => None,
    };
    let known = baseline.as_ref().map(|baseline| baseline.known(&report.findings));
    let is_new = |at: usize| known.as_ref().is_none_or(|known| known.get(at) != Some(&true));
    let findings: Vec<Finding> = match &known {
        Some(_) => report.findings.iter().enumerate().filter(|(at, _)| is_new(*at)).map(|(_, f)| f.clone()).collect(),
        None => std::mem::take(&mut report.findings),
    };
    let outcome = judge(&report, &findings, &period);
    if known.is_none() {
        report.findings = findings;
    } else {
        let covered = known.iter().flatten().filter(|known| **known).count();
        let (vi, en) = (
            format!("Mức nền: {covered} phát hiện đã biết không làm cửa không đạt; chỉ xét phát hiện mới và tỷ lệ."),
            format!("Baseline: {covered} known findings do not fail the gate; only new ones and the rates do."),
        );
        terminal.note(terminal.pick(&vi, &en));
    }
    let text = match arguments.format.as_str() {
        "plain" => plain(&outcome, &period, terminal.language).into_bytes(),
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
        0 => Exit::Passed,
        1 => Exit::NotPassed,
        3 => Exit::Nothing,
        _ => Exit::Undecided,
    })
}

/// The baseline of a gate, made or shrunk first where that was asked for.
fn baseline(file: &Path, update: bool, report: &Report, terminal: &Terminal) -> Result<Baseline, Failure> {
    let failed = |error: String| Failure::message(Exit::Usage, format!("{}: {error}", file.display()));
    let known = match std::fs::read_to_string(file) {
        Ok(text) => Baseline::parse(&text).map_err(|error| failed(error.to_string()))?,
        Err(error) if update && error.kind() == std::io::ErrorKind::NotFound => {
            let made = Baseline::of(&report.findings);
            write_baseline(file, &made)?;
            let (vi, en) = (
                format!("Đã lập mức nền {}: {} phát hiện.", file.display(), made.len()),
                format!("Baseline {} made: {} findings.", file.display(), made.len()),
            );
            terminal.note(terminal.pick(&vi, &en));
            return Ok(made);
        }
        Err(error) => return Err(failed(error.to_string())),
    };
    if !update {
        return Ok(known);
    }
    let shrunk = known.shrunk(&report.findings);
    let new = Baseline::of(&report.findings).len().saturating_sub(shrunk.len());
    write_baseline(file, &shrunk)?;
    let (vi, en) = (
        format!(
            "Mức nền {}: từ {} còn {} phát hiện; {new} phát hiện mới không được thêm vào (mức nền chỉ được giảm).",
            file.display(),
            known.len(),
            shrunk.len()
        ),
        format!(
            "Baseline {}: from {} to {} findings; {new} new ones were not added (it may only shrink).",
            file.display(),
            known.len(),
            shrunk.len()
        ),
    );
    terminal.note(terminal.pick(&vi, &en));
    Ok(shrunk)
}

/// Written beside and renamed: a full disk leaves the old one.
fn write_baseline(file: &Path, baseline: &Baseline) -> Result<(), Failure> {
    let beside = file.with_extension("new");
    let write = || {
        std::fs::write(&beside, baseline.to_text()?)?;
        std::fs::rename(&beside, file)?;
        Ok(())
    };
    write().map_err(|error: anyhow::Error| Failure::message(Exit::Usage, format!("{}: {error}", file.display())))
}

fn judge(report: &Report, findings: &[Finding], period: &Period) -> GateOutcome {
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let unregistered = report.documents.iter().filter(|document| {
        let inside = document.date.is_some_and(|day| crate::period::contains(period, day));
        inside && document.processing.is_some() && document.row.is_none()
    });
    gate::judge(&GateInput {
        period,
        rates: &report.rates,
        findings,
        agency: report.archive.agency.as_deref().unwrap_or_default(),
        fail_on: report.method.fail_on,
        files: report.scope.files - report.scope.secret,
        assessed: report.scope.assessed,
        minimum_coverage: report.method.minimum_coverage,
        partial: report.partial.as_deref(),
        unregistered: count(unregistered.count()),
        undated: count(report.rows.iter().filter(|row| row.date.is_none() && row.exclusion.is_none()).count()),
    })
}

fn plain(outcome: &GateOutcome, period: &Period, language: Language) -> String {
    let pick = |vi: &'static str, en: &'static str| match language {
        Language::Vi => vi,
        Language::En => en,
    };
    let verdict = match outcome.exit_code {
        0 => pick("ĐẠT", "PASSED"),
        1 => pick("KHÔNG ĐẠT", "NOT PASSED"),
        3 => pick("KHÔNG CÓ GÌ ĐỂ XÉT", "NOTHING TO JUDGE"),
        _ => pick("CHƯA KẾT LUẬN", "UNDECIDED"),
    };
    let mut out = format!(
        "{} {} ({} – {}): {verdict} ({} {})\n",
        pick("Kỳ", "Period"),
        period.label,
        period.first.day_first(),
        period.last.day_first(),
        pick("mã", "code"),
        outcome.exit_code
    );
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
            GateReason::Unregistered(count) => format!(
                "{count} {}",
                pick(
                    "văn bản có ngày trong kỳ nhưng sổ đăng ký không có dòng nào của kỳ này: bổ sung sổ rồi chạy lại soat audit",
                    "documents are dated in the period, but the register has no row of it: complete the register and run soat audit again"
                )
            ),
            GateReason::Undated(count) => format!(
                "{count} {}",
                pick(
                    "dòng sổ không có ngày đọc được, không thuộc kỳ nào: xem soat register check",
                    "register rows without a readable date, in no period: see soat register check"
                )
            ),
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
