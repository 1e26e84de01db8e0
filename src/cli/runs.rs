//! `soat runs`: the history.

use super::arguments::{ArchiveArguments, RunsCommand};
use super::exit::{Exit, Failure};
use super::setup::{Setup, open_state, state_failure};
use super::terminal::{Terminal, print};
use crate::model::{Finding, Report};
use crate::report::text;
use crate::state::{RunId, RunRecord, RunStatus, State};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Runs the subcommand.
pub(super) fn run(
    command: &RunsCommand,
    setup: impl Fn(&ArchiveArguments) -> Result<Setup, Failure>,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    match command {
        RunsCommand::List(archive) => list(&open_state(&setup(archive)?, terminal)?, terminal),
        RunsCommand::Diff { from, to, folder } => {
            let setup = setup(&ArchiveArguments { folder: folder.clone() })?;
            diff(&open_state(&setup, terminal)?, *from, *to, terminal)
        }
        RunsCommand::Prune { keep, folder } => {
            let setup = setup(&ArchiveArguments { folder: folder.clone() })?;
            let fail = |error| state_failure(error, terminal);
            let _lock = State::lock(&setup.state).map_err(fail)?;
            let gone = open_state(&setup, terminal)?.prune(*keep).map_err(fail)?;
            let (vi, en) = (format!("Đã xóa {gone} lần chạy cũ."), format!("{gone} old runs removed."));
            terminal.note(terminal.pick(&vi, &en));
            Ok(Exit::Passed)
        }
    }
}

fn status(run: &RunRecord, terminal: &Terminal) -> &'static str {
    match run.status {
        RunStatus::Running => terminal.pick("đang chạy hoặc bị ngắt", "running or killed"),
        RunStatus::Partial => terminal.pick("dở dang", "partial"),
        RunStatus::Complete => terminal.pick("hoàn tất", "complete"),
    }
}

fn list(state: &State, terminal: &Terminal) -> Result<Exit, Failure> {
    let runs = state.runs().map_err(|error| state_failure(error, terminal))?;
    if runs.is_empty() {
        return Err(nothing(terminal));
    }
    let mut out = String::new();
    for run in &runs {
        let _ = writeln!(
            out,
            "{:>6}  {}  {}  soat {}",
            run.id,
            text::moment(run.started, terminal.language),
            status(run, terminal),
            run.tool_version
        );
    }
    print(out.as_bytes())?;
    Ok(Exit::Passed)
}

fn nothing(terminal: &Terminal) -> Failure {
    Failure::message(
        Exit::Nothing,
        terminal
            .pick("Chưa có lần chạy nào: hãy chạy `soat audit` trước.", "No stored run yet: run `soat audit` first."),
    )
}

/// What identifies a finding from run to run.
fn key(finding: &Finding) -> (String, Option<String>, String) {
    (finding.check.to_string(), finding.path.clone(), finding.subject.clone())
}

fn diff(state: &State, from: Option<RunId>, to: Option<RunId>, terminal: &Terminal) -> Result<Exit, Failure> {
    let with_report: Vec<RunId> = state
        .runs()
        .map_err(|error| state_failure(error, terminal))?
        .iter()
        .filter(|run| run.body.is_some())
        .map(|run| run.id)
        .collect();
    let to = to.or_else(|| with_report.first().copied());
    let from = from.or_else(|| with_report.iter().copied().find(|id| Some(*id) < to));
    let (Some(from), Some(to)) = (from, to) else {
        return Err(match to {
            None => nothing(terminal),
            Some(_) => Failure::message(
                Exit::Nothing,
                terminal.pick(
                    "Mới có một lần chạy, chưa có gì để so: chạy lại `soat audit` sau khi kho thay đổi.",
                    "There is one run only, nothing to compare: run `soat audit` again after something changed.",
                ),
            ),
        });
    };
    let load = |id| -> Result<Report, Failure> {
        let found = state.report(Some(id)).map_err(|error| state_failure(error, terminal))?;
        found.map(|(_, report)| report).ok_or_else(|| nothing(terminal))
    };
    let (old, new) = (load(from)?, load(to)?);
    let keys = |report: &Report| report.findings.iter().map(key).collect::<BTreeSet<_>>();
    let (before, after) = (keys(&old), keys(&new));
    let mut out = String::new();
    let mut part = |title: &str, list: Vec<&Finding>| {
        let _ = writeln!(out, "{title}: {}", list.len());
        for finding in list {
            let _ = writeln!(out, "  {} {} {}", finding.check, finding.subject, finding.message.get(terminal.language));
        }
    };
    let vanished: BTreeSet<_> =
        old.documents.iter().map(|d| &d.path).filter(|path| new.documents.iter().all(|d| &d.path != *path)).collect();
    let is_gone = |finding: &Finding| finding.path.as_ref().is_some_and(|path| vanished.contains(path));
    part(terminal.pick("Mới", "New"), new.findings.iter().filter(|f| !before.contains(&key(f))).collect());
    part(
        terminal.pick("Đã khắc phục", "Fixed"),
        old.findings.iter().filter(|f| !after.contains(&key(f)) && !is_gone(f)).collect(),
    );
    part(
        terminal.pick("Không còn tệp", "File vanished"),
        old.findings.iter().filter(|f| !after.contains(&key(f)) && is_gone(f)).collect(),
    );
    let _ = writeln!(out, "{}: {}", terminal.pick("Vẫn còn", "Lasting"), before.intersection(&after).count());
    print(out.as_bytes())?;
    Ok(Exit::Passed)
}
