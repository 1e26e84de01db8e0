//! What `verify`, `certificate` and `extract` share: the files named by hand or in a list, and the count of
//! outcomes.

use super::exit::{Exit, Failure};
use super::system;
use super::terminal::Terminal;
use std::io::BufRead;
use std::path::{Path, PathBuf};

/// The files named on the command line, then those of the list, one a line (`-`: standard input).
pub(super) fn files(files: &[PathBuf], list: Option<&Path>, terminal: &Terminal) -> Result<Vec<PathBuf>, Failure> {
    let mut all = files.to_vec();
    if let Some(list) = list {
        let refuse = |error: std::io::Error| {
            Failure::message(Exit::Usage, format!("{}: {}", list.display(), system::say(&error, terminal)))
        };
        let reader: Box<dyn BufRead> = if list == Path::new("-") {
            Box::new(std::io::stdin().lock())
        } else {
            Box::new(std::io::BufReader::new(std::fs::File::open(list).map_err(refuse)?))
        };
        // File names need not be Unicode.
        for line in reader.split(b'\n') {
            let mut line = line.map_err(refuse)?;
            if line.last() == Some(&b'\r') {
                line.pop();
            }
            if !line.is_empty() {
                all.push(path(line));
            }
        }
    }
    if all.is_empty() {
        let text = terminal.pick(
            "Chưa nêu tệp nào: ghi tên tệp sau lệnh, hoặc --paths-from DANH-SÁCH (- là đầu vào chuẩn).",
            "No file was named: write file names after the command, or --paths-from LIST (- is standard input).",
        );
        return Err(Failure::message(Exit::Usage, text));
    }
    Ok(all)
}

#[cfg(unix)]
fn path(line: Vec<u8>) -> PathBuf {
    use std::os::unix::ffi::OsStringExt;
    std::ffi::OsString::from_vec(line).into()
}

#[cfg(not(unix))]
fn path(line: Vec<u8>) -> PathBuf {
    String::from_utf8_lossy(&line).into_owned().into()
}

/// Counts outcomes and keeps the worst.
pub(super) struct Tally {
    passed: usize,
    not_passed: usize,
    undecided: usize,
    worst: Exit,
}

impl Tally {
    /// Nothing yet.
    pub(super) fn new() -> Self {
        Self { passed: 0, not_passed: 0, undecided: 0, worst: Exit::Passed }
    }

    /// Counts one outcome. What could not be read at all counts as undecided.
    pub(super) fn add(&mut self, exit: Exit) {
        match exit {
            Exit::Passed => self.passed += 1,
            Exit::NotPassed => self.not_passed += 1,
            _ => self.undecided += 1,
        }
        self.worsen(exit);
    }

    /// Takes note of something that is no outcome. A failure outweighs what could not be decided; what cannot
    /// be read at all is a wrong argument and outweighs both.
    pub(super) fn worsen(&mut self, exit: Exit) {
        let rank = |exit| match exit {
            Exit::Passed => 0,
            Exit::Undecided => 1,
            Exit::NotPassed => 2,
            _ => 3,
        };
        if rank(exit) > rank(self.worst) {
            self.worst = exit;
        }
    }

    /// What the process ends with.
    pub(super) fn exit(&self) -> Exit {
        self.worst
    }

    /// The `summary` record; `counted` names what was counted.
    pub(super) fn summary(&self, counted: &str) -> serde_json::Value {
        let all = self.passed + self.not_passed + self.undecided;
        serde_json::json!({
            "v": 1, "type": "summary", counted: all, "passed": self.passed, "not_passed": self.not_passed,
            "undecided": self.undecided
        })
    }
}
