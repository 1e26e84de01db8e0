//! `soat gate`: judges a period of the stored run. The format never changes the exit code.

use super::arguments::GateArguments;
use super::audit::render;
use super::exit::{Exit, Failure};
use super::report::select;
use super::setup::{Setup, stored_run};
use super::terminal::{Terminal, print};
use super::{files, system};
use crate::model::{Finding, Language, Level, Outcome, Period, RateKind, Report, UnitRate};
use crate::rate::baseline::Baseline;
use crate::rate::gate::{self, GateInput, GateOutcome, GateReason};
use crate::report::{Options, definitions, text};
use crate::state::RunRecord;
use std::fmt::Write as _;
use std::path::Path;

/// Judges a period.
pub(super) fn gate(arguments: &GateArguments, setup: &Setup, terminal: &Terminal) -> Result<Exit, Failure> {
    let (run, mut report) = stored_run(setup, arguments.run, terminal)?;
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
    let outcome = judge(&report, &findings, &period, thresholds(arguments, setup, &report, terminal)?);
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
        "plain" => {
            let profile = arguments.profile.as_deref();
            let page = Page { run: &run, report: &report, period: &period, profile, language: terminal.language };
            page.text(&outcome).into_bytes()
        }
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
        Ok(text) => Baseline::parse(&text).map_err(|error| {
            let text = terminal.pick(
                "không phải tệp mức nền do soat ghi\n  → lập tệp mới bằng --update-baseline",
                "not a baseline written by soat\n  → make a new one with --update-baseline",
            );
            failed(format!("{text} ({error})"))
        })?,
        Err(error) if update && error.kind() == std::io::ErrorKind::NotFound => {
            let made = Baseline::of(&report.findings);
            write_baseline(file, &made, terminal)?;
            let (vi, en) = (
                format!("Đã lập mức nền {}: {} phát hiện.", file.display(), made.len()),
                format!("Baseline {} made: {} findings.", file.display(), made.len()),
            );
            terminal.note(terminal.pick(&vi, &en));
            return Ok(made);
        }
        Err(error) => {
            let hint = terminal.pick(
                "lập mức nền từ lần chạy này bằng --update-baseline, hoặc sửa đường dẫn",
                "make one from this run with --update-baseline, or correct the path",
            );
            return Err(failed(format!("{}\n  → {hint}", system::say(&error, terminal))));
        }
    };
    if !update {
        return Ok(known);
    }
    let shrunk = known.shrunk(&report.findings);
    let new = Baseline::of(&report.findings).len().saturating_sub(shrunk.len());
    write_baseline(file, &shrunk, terminal)?;
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
fn write_baseline(file: &Path, baseline: &Baseline, terminal: &Terminal) -> Result<(), Failure> {
    files::write(file, baseline.to_text()?.as_bytes()).map_err(|error| {
        Failure::message(Exit::Usage, format!("{}: {}", file.display(), system::say(&error, terminal)))
    })
}

fn judge(
    report: &Report,
    findings: &[Finding],
    period: &Period,
    (fail_on, minimum_coverage): (Option<Level>, u32),
) -> GateOutcome {
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
        fail_on,
        files: report.scope.files - report.scope.secret,
        assessed: report.scope.assessed,
        minimum_coverage,
        partial: report.partial.as_deref(),
        unregistered: count(unregistered.count()),
        undated: count(report.rows.iter().filter(|row| row.date.is_none() && row.exclusion.is_none()).count()),
    })
}

/// Failing level and minimum coverage: those of the profile asked for, else those stored with the run.
fn thresholds(
    arguments: &GateArguments,
    setup: &Setup,
    report: &Report,
    terminal: &Terminal,
) -> Result<(Option<Level>, u32), Failure> {
    let method = &report.method;
    let Some(name) = &arguments.profile else { return Ok((method.fail_on, method.minimum_coverage)) };
    let Some(profile) = setup.config.gate_profiles.get(name) else {
        let known: Vec<&str> = setup.config.gate_profiles.keys().map(String::as_str).collect();
        let text = terminal.pick("Cấu hình không có hồ sơ cổng kiểm tra", "The configuration has no gate profile");
        return Err(Failure::message(Exit::Usage, format!("{text} {name} ({})", known.join(", "))));
    };
    Ok((profile.fail_on, profile.minimum_coverage))
}

/// What the plain form says.
struct Page<'a> {
    run: &'a RunRecord,
    report: &'a Report,
    period: &'a Period,
    profile: Option<&'a str>,
    language: Language,
}

impl Page<'_> {
    fn pick(&self, vi: &'static str, en: &'static str) -> &'static str {
        match self.language {
            Language::Vi => vi,
            Language::En => en,
        }
    }

    fn text(&self, outcome: &GateOutcome) -> String {
        let verdict = match outcome.exit_code {
            0 => self.pick("ĐẠT", "PASSED"),
            1 => self.pick("KHÔNG ĐẠT", "NOT PASSED"),
            3 => self.pick("KHÔNG CÓ GÌ ĐỂ XÉT", "NOTHING TO JUDGE"),
            _ => self.pick("CHƯA KẾT LUẬN", "UNDECIDED"),
        };
        let (period, code) = (self.pick("Kỳ", "Period"), self.pick("mã", "code"));
        let days = format!("{} – {}", self.period.first.day_first(), self.period.last.day_first());
        let mut out = format!("{period} {} ({days}): {verdict} ({code} {})\n", self.period.label, outcome.exit_code);
        let _ = writeln!(out, "{}", self.source());
        for line in definitions(self.report, self.language) {
            let _ = writeln!(out, "  {line}");
        }
        for reason in &outcome.reasons {
            let (line, action) = self.reason(reason);
            let _ = writeln!(out, "  - {line}\n    → {action}");
        }
        out
    }

    /// Which run this is about: number, clock and program version, and the profile.
    fn source(&self) -> String {
        let clock = text::moment(self.run.clock, self.language);
        let mut line = format!(
            "{} {}, {} {clock}, soat {}",
            self.pick("Lần chạy số", "Run"),
            self.run.id,
            self.pick("thời điểm kiểm tra", "clock"),
            self.run.tool_version
        );
        if let Some(profile) = self.profile {
            let _ = write!(line, ", {} {profile}", self.pick("hồ sơ", "profile"));
        }
        line
    }

    /// One reason with what to do next.
    fn reason(&self, reason: &GateReason) -> (String, String) {
        let label = &self.period.label;
        match reason {
            GateReason::TargetMissed(unit, rate) => {
                let missing = self.rate(unit, *rate).map_or(0, |rate| rate.missing_to_target);
                (
                    format!(
                        "{} {}: {}",
                        self.unit(unit),
                        self.kind(*rate),
                        self.pick("chưa vượt chỉ tiêu", "target missed")
                    ),
                    match self.language {
                        Language::Vi => format!("thủ trưởng đơn vị: còn thiếu {missing}; soat report --period {label}"),
                        Language::En => format!("unit head: {missing} more needed; soat report --period {label}"),
                    },
                )
            }
            GateReason::TargetUndecided(unit, rate) => {
                let open = self.rate(unit, *rate).map_or(0, |rate| rate.upper.saturating_sub(rate.lower));
                (
                    format!(
                        "{} {}: {}",
                        self.unit(unit),
                        self.kind(*rate),
                        self.pick("chưa kết luận được so với chỉ tiêu", "undecided against the target")
                    ),
                    match self.language {
                        Language::Vi => format!("văn thư, bộ phận CNTT: xử lý {open} trường hợp chưa xác định"),
                        Language::En => format!("văn thư, IT: resolve {open} undetermined cases"),
                    },
                )
            }
            GateReason::Findings(check, count) => {
                let meta = self.report.checks.iter().find(|meta| meta.id == *check);
                let title = meta.map(|meta| meta.title.get(self.language)).unwrap_or_default();
                let remedy = meta.map(|meta| meta.remedy.get(self.language)).unwrap_or_default();
                (
                    format!("{check}: {count} {} — {title}", self.pick("trường hợp", "findings")),
                    format!("{remedy} (soat explain {check})"),
                )
            }
            GateReason::Partial(why) => (
                format!("{}: {why}", self.pick("lần chạy dở dang", "partial run")),
                self.pick("bộ phận CNTT: chạy lại soat audit", "IT: run soat audit again").to_owned(),
            ),
            GateReason::Coverage(assessed, files, minimum) => (
                format!(
                    "{} {assessed}/{files}, {} {minimum} %",
                    self.pick("số tệp kiểm tra được", "files assessed"),
                    self.pick("yêu cầu ít nhất", "at least")
                ),
                self.pick(
                    "văn thư: xuất lại các tệp không đọc được (soat explain pdf-unreadable)",
                    "văn thư: export the unreadable files again (soat explain pdf-unreadable)",
                )
                .to_owned(),
            ),
            GateReason::NoActivity => (
                self.pick("không phát sinh văn bản trong kỳ", "no document in the period").to_owned(),
                self.pick(
                    "kiểm tra sổ đăng ký đã xuất đủ kỳ này chưa",
                    "check that the register export covers the period",
                )
                .to_owned(),
            ),
            GateReason::Unregistered(count) => (
                format!(
                    "{count} {}",
                    self.pick(
                        "văn bản có ngày trong kỳ nhưng sổ đăng ký không có dòng nào của kỳ này",
                        "documents are dated in the period, but the register has no row of it"
                    )
                ),
                self.pick("bổ sung sổ rồi chạy lại soat audit", "complete the register and run soat audit again")
                    .to_owned(),
            ),
            GateReason::Undated(count) => (
                format!(
                    "{count} {}",
                    self.pick(
                        "dòng sổ không có ngày đọc được, không thuộc kỳ nào",
                        "register rows without a readable date, in no period"
                    )
                ),
                self.pick(
                    "văn thư: bổ sung ngày trong sổ (soat register check)",
                    "văn thư: add the date to the register (soat register check)",
                )
                .to_owned(),
            ),
        }
    }

    fn rate(&self, unit: &str, kind: RateKind) -> Option<&UnitRate> {
        let mut rates = self.report.rates.iter().filter(|rate| rate.outcome != Outcome::NoActivity);
        rates.find(|rate| rate.period == self.period.label && rate.unit == unit && rate.rate == kind)
    }

    fn unit<'u>(&self, unit: &'u str) -> &'u str {
        if unit.is_empty() { self.pick("(chưa rõ đơn vị)", "(unit unknown)") } else { unit }
    }

    fn kind(&self, rate: RateKind) -> &'static str {
        match rate {
            RateKind::N1 => "N1",
            RateKind::N2 => "N2",
            RateKind::N3 => "N3",
            RateKind::WorkFiles => self.pick("hồ sơ công việc", "work files"),
        }
    }
}
