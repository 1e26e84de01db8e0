//! Runs the program as a user does.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// The bundled archive.
pub(crate) fn archive() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/archive")
}

/// An audit with its stored run.
pub(crate) struct Run {
    /// Folder of the state database.
    pub(crate) folder: TempDir,
    configuration: PathBuf,
    /// What the audit printed.
    pub(crate) output: Output,
    /// The whole run as JSON lines.
    pub(crate) jsonl: String,
}

/// The program with state and configuration of `run`.
pub(crate) fn soat(run: &Run, arguments: &[&str]) -> Output {
    command(&run.configuration, &run.folder.path().join("state.db")).args(arguments).output().unwrap()
}

fn command(configuration: &Path, state: &Path) -> Command {
    let mut command = bare();
    command.arg("--config").arg(configuration).arg("--state").arg(state);
    command
}

/// The program without any of the user's settings.
pub(crate) fn bare() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_soat"));
    for name in ["SOAT_CONFIG", "SOAT_STATE", "SOAT_LANG", "SOAT_THREADS", "SOAT_AT"] {
        command.env_remove(name);
    }
    command
}

/// Audits the bundled archive with one of its configurations.
pub(crate) fn audited(configuration: &str) -> Run {
    audited_with(configuration, &[])
}

/// The same with further options.
pub(crate) fn audited_with(configuration: &str, options: &[&str]) -> Run {
    let folder = tempfile::tempdir().unwrap();
    let configuration = archive().join(configuration);
    let state = folder.path().join("state.db");
    let output = command(&configuration, &state).args(["audit", "--no-report"]).args(options).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let report =
        command(&configuration, &state).args(["report", "--format", "jsonl", "--disclose", "full"]).output().unwrap();
    assert_eq!(report.status.code(), Some(0), "{}", String::from_utf8_lossy(&report.stderr));
    Run { folder, configuration, output, jsonl: String::from_utf8(report.stdout).unwrap() }
}

/// The records of one type.
pub(crate) fn lines(jsonl: &str, kind: &str) -> Vec<Value> {
    jsonl
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|value| value["type"] == kind)
        .collect()
}
