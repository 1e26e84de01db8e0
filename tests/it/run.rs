//! Runs the program as a user does.

use serde_json::Value;
use std::fs;
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

/// Copies the bundled archive, so that a test may change it.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// An audited copy of the bundled archive whose configuration was changed; the test may change more of it.
pub(crate) fn copied(configuration: &str, change: impl FnOnce(&str) -> String) -> Run {
    let folder = tempfile::tempdir().unwrap();
    let base = folder.path().join("archive");
    copy(&archive(), &base);
    let configuration = base.join(configuration);
    let text = change(&fs::read_to_string(&configuration).unwrap());
    fs::write(&configuration, text).unwrap();
    let state = folder.path().join("state.db");
    let output = command(&configuration, &state).args(["audit", "--no-report"]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let run = Run { folder, configuration, output, jsonl: String::new() };
    let report = soat(&run, &["report", "--format", "jsonl", "--disclose", "full"]);
    Run { jsonl: String::from_utf8(report.stdout).unwrap(), ..run }
}

impl Run {
    /// Folder of the copied archive.
    pub(crate) fn base(&self) -> PathBuf {
        self.configuration.parent().unwrap().to_path_buf()
    }
}
