//! What a run does besides auditing: Prometheus text file and notification. Counts and unit codes only;
//! a failure here is said and changes no exit code.

use super::exit::{Exit, Failure};
use super::setup::Setup;
use super::terminal::Terminal;
use super::{files, system};
use crate::model::{Level, RateKind, Report, UnitRate, UnixTime};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// What is told of a run that left a report.
pub(super) struct Summary {
    run: i64,
    partial: bool,
    files: [(&'static str, u32); 3],
    findings: [(&'static str, usize); 4],
    altered: usize,
    overdue_lists: usize,
    period: String,
    rates: Vec<UnitRate>,
    basis: RateKind,
    agency: String,
}

impl Summary {
    /// The figures of a report; `altered` files changed their content silently.
    pub(super) fn of(run: i64, report: &Report, altered: usize) -> Self {
        let count =
            |level| report.findings.iter().filter(|finding| finding.level == level && finding.waived.is_none()).count();
        let period = report.periods.last().map(|period| period.label.clone()).unwrap_or_default();
        // Ordered by issuer and date: the newest list of an issuer comes last, and only it can be overdue.
        let lists = report.scope.revocation_lists.iter();
        let newest: BTreeMap<&str, Option<UnixTime>> =
            lists.map(|list| (list.issuer.as_str(), list.next_update)).collect();
        Self {
            run,
            partial: report.partial.is_some(),
            files: [
                ("assessed", report.scope.assessed),
                ("not_assessed", report.scope.not_assessed),
                ("secret", report.scope.secret),
            ],
            findings: [
                ("error", count(Level::Error)),
                ("indeterminate", count(Level::Indeterminate)),
                ("warn", count(Level::Warn)),
                ("info", count(Level::Info)),
            ],
            altered,
            overdue_lists: newest.values().filter(|until| until.is_some_and(|until| until < report.clock)).count(),
            rates: report.rates.iter().filter(|rate| rate.period == period).cloned().collect(),
            period,
            basis: report.method.basis,
            agency: report.archive.agency.clone().unwrap_or_default(),
        }
    }

    /// The line of the log.
    pub(super) fn line(&self) -> String {
        let list = |pairs: &[(&str, String)]| {
            pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" ")
        };
        let files: Vec<_> = self.files.iter().map(|(name, n)| (*name, n.to_string())).collect();
        let findings: Vec<_> = self.findings.iter().map(|(name, n)| (*name, n.to_string())).collect();
        format!("run={} status={} period={} {} {}", self.run, self.status(), self.period, list(&files), list(&findings))
    }

    fn status(&self) -> &'static str {
        if self.partial { "partial" } else { "complete" }
    }
}

/// Tells whoever is configured how the run ended.
pub(super) fn after(
    metrics: Option<&Path>,
    setup: &Setup,
    terminal: &Terminal,
    times: (UnixTime, UnixTime),
    summary: Option<&Summary>,
    outcome: &Result<Exit, Failure>,
) {
    let exit = match outcome {
        Ok(exit) => *exit,
        Err(failure) => failure.exit,
    };
    let line = summary.map_or_else(|| "status=failed".to_owned(), Summary::line);
    terminal.record(&format!("audit {line} exit={}", exit as u8));
    let configured = setup.config.operation.metrics.as_ref().map(|path| setup.path(path));
    let path: Option<PathBuf> = metrics.map(Path::to_path_buf).or(configured);
    // The run that holds the lock owns the file.
    if let Some(path) = path.filter(|_| exit != Exit::Locked)
        && let Err(error) = files::write(&path, prometheus(times, exit, summary).as_bytes())
    {
        let text = terminal.pick("không ghi được tệp số liệu", "the metrics file cannot be written");
        terminal.error(&format!("{text}: {}: {}", path.display(), system::say(&error, terminal)));
    }
    if let [program, arguments @ ..] = setup.config.operation.notify.as_slice() {
        let message = outcome.as_ref().err().map(|failure| format!("{:#}", failure.error));
        let json = notification(setup, times, exit, summary, message).to_string();
        let limit = Duration::from_secs(setup.config.operation.notify_seconds);
        if let Err(reason) = notify(program, arguments, json.as_bytes(), limit, terminal) {
            let text = terminal.pick("lệnh báo tin không thành công", "the notification command failed");
            terminal.error(&format!("{text}: {program}: {reason}"));
        }
    }
}

fn rate_name(rate: RateKind) -> &'static str {
    match rate {
        RateKind::N1 => "n1",
        RateKind::N2 => "n2",
        RateKind::N3 => "n3",
        RateKind::WorkFiles => "work-files",
    }
}

/// The text exposition format of Prometheus, version 0.0.4.
fn prometheus((started, finished): (UnixTime, UnixTime), exit: Exit, summary: Option<&Summary>) -> String {
    let mut out = String::new();
    let mut gauge = |name: &str, help: &str, lines: &[(String, String)]| {
        let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} gauge");
        for (labels, value) in lines {
            let _ = writeln!(out, "{name}{labels} {value}");
        }
    };
    let one = |value: String| vec![(String::new(), value)];
    gauge("soat_run_end_time_seconds", "When the last run ended.", &one(finished.0.to_string()));
    gauge(
        "soat_run_duration_seconds",
        "How long the last run took.",
        &one(finished.0.saturating_sub(started.0).to_string()),
    );
    gauge("soat_run_exit_code", "Exit code of the last run.", &one((exit as u8).to_string()));
    let complete = summary.is_some_and(|summary| !summary.partial);
    gauge("soat_run_complete", "1 if the last run was complete.", &one(u8::from(complete).to_string()));
    let Some(summary) = summary else { return out };
    let states: Vec<_> = summary.files.iter().map(|(state, n)| (labels(&[("state", state)]), n.to_string())).collect();
    gauge("soat_files", "Files of the archive by what became of them.", &states);
    let levels: Vec<_> =
        summary.findings.iter().map(|(level, n)| (labels(&[("level", level)]), n.to_string())).collect();
    gauge("soat_findings", "Findings without a waiver by level.", &levels);
    gauge("soat_content_altered", "Files whose content changed silently.", &one(summary.altered.to_string()));
    gauge(
        "soat_revocation_lists_overdue",
        "Revocation lists past their next update.",
        &one(summary.overdue_lists.to_string()),
    );
    let mut bounds = Vec::new();
    let mut denominators = Vec::new();
    for rate in &summary.rates {
        let common = [("unit", rate.unit.as_str()), ("period", &rate.period), ("rate", rate_name(rate.rate))];
        for (bound, value) in [("lower", rate.lower), ("upper", rate.upper)] {
            let [unit, period, kind] = common;
            bounds.push((labels(&[unit, period, kind, ("bound", bound)]), value.to_string()));
        }
        denominators.push((labels(&common), rate.denominator.to_string()));
    }
    gauge("soat_rate_documents", "Documents that count for a rate, at least and at most.", &bounds);
    gauge("soat_rate_denominator", "Documents that a rate is of.", &denominators);
    out
}

/// `{unit="BTXH",rate="n3"}`, with the escapes of the format.
fn labels(pairs: &[(&str, &str)]) -> String {
    let escape = |value: &str| value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    let inner: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}=\"{}\"", escape(value))).collect();
    format!("{{{}}}", inner.join(","))
}

fn notification(
    setup: &Setup,
    (started, finished): (UnixTime, UnixTime),
    exit: Exit,
    summary: Option<&Summary>,
    message: Option<String>,
) -> serde_json::Value {
    let counts = |pairs: &[(&str, u64)]| -> serde_json::Map<String, serde_json::Value> {
        pairs.iter().map(|(name, n)| ((*name).to_owned(), (*n).into())).collect()
    };
    let mut value = serde_json::json!({
        "v": 1, "type": "run", "archive": setup.name(), "exit": exit as u8,
        "status": summary.map_or("failed", Summary::status),
        "started": started.to_string(), "finished": finished.to_string(), "message": message,
    });
    let (Some(summary), Some(object)) = (summary, value.as_object_mut()) else { return value };
    let files: Vec<_> = summary.files.iter().map(|(name, n)| (*name, u64::from(*n))).collect();
    let findings: Vec<_> =
        summary.findings.iter().map(|(name, n)| (*name, u64::try_from(*n).unwrap_or(u64::MAX))).collect();
    object.insert("run".into(), summary.run.into());
    object.insert("period".into(), summary.period.clone().into());
    object.insert("files".into(), counts(&files).into());
    object.insert("findings".into(), counts(&findings).into());
    object.insert("content_altered".into(), summary.altered.into());
    let whole = summary.rates.iter().find(|rate| rate.rate == summary.basis && rate.unit == summary.agency);
    if let Some(rate) = whole {
        object.insert(
            "rate".into(),
            serde_json::json!({
                "unit": rate.unit, "rate": rate_name(rate.rate), "denominator": rate.denominator,
                "lower": rate.lower, "upper": rate.upper, "outcome": rate.outcome,
            }),
        );
    }
    value
}

/// Starts the command, hands it `json`, and ends it if it takes longer than `limit`.
fn notify(
    program: &str,
    arguments: &[String],
    json: &[u8],
    limit: Duration,
    terminal: &Terminal,
) -> Result<(), String> {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::inherit());
    // A group of its own, so that what it starts ends with it.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut child = command.spawn().map_err(|error| system::say(&error, terminal))?;
    let input = child.stdin.take();
    std::thread::scope(|scope| {
        // A command that does not read must not block the run; ending it closes the pipe.
        scope.spawn(move || input.map(|mut input| input.write_all(json)));
        wait(&mut child, limit, terminal)
    })
}

fn wait(child: &mut Child, limit: Duration, terminal: &Terminal) -> Result<(), String> {
    let start = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return Ok(()),
            Ok(Some(status)) => return Err(status.to_string()),
            Ok(None) if start.elapsed() < limit => std::thread::sleep(Duration::from_millis(20)),
            Ok(None) => {
                end(child);
                let (vi, en) = (
                    format!("quá {} giây, đã dừng", limit.as_secs()),
                    format!("more than {} seconds, ended", limit.as_secs()),
                );
                return Err(terminal.pick(&vi, &en).to_owned());
            }
            Err(error) => return Err(system::say(&error, terminal)),
        }
    }
}

/// Ends the command and what it started. What has ended already needs no ending.
fn end(child: &mut Child) {
    #[cfg(unix)]
    if let Some(group) = i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw) {
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    let _ = child.kill();
    let _ = child.wait();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn label_values_are_escaped() {
        assert_eq!(labels(&[("unit", "a\"b\\c\nd")]), "{unit=\"a\\\"b\\\\c\\nd\"}");
    }

    #[test]
    fn a_failed_run_says_when_and_how_and_nothing_else() {
        let text = prometheus((UnixTime(10), UnixTime(13)), Exit::Nothing, None);
        assert!(text.contains("soat_run_end_time_seconds 13\n") && text.contains("soat_run_exit_code 3\n"));
        assert!(text.contains("soat_run_complete 0\n") && !text.contains("soat_files"));
    }
}
