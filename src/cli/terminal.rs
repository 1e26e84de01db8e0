//! What goes to the terminal: data to stdout, chatter and progress to stderr.

use super::arguments::{Global, When};
use super::system;
use crate::model::{Language, UnixTime};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

/// The terminal as the user wants it.
pub(super) struct Terminal {
    /// Language of messages.
    pub language: Language,
    /// Colour on stdout.
    pub colour: bool,
    quiet: bool,
    progress: bool,
    log: Option<Mutex<File>>,
}

impl Terminal {
    /// From the command line and the environment (`NO_COLOR`, terminals).
    pub(super) fn new(global: &Global) -> Self {
        let colour = match global.color {
            When::Always => true,
            When::Never => false,
            When::Auto => io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty()),
        };
        let progress = match global.progress {
            When::Always => true,
            When::Never => false,
            When::Auto => io::stderr().is_terminal() && !global.quiet,
        };
        let mut terminal = Self { language: global.lang.into(), colour, quiet: global.quiet, progress, log: None };
        if let Some(path) = &global.log {
            match File::options().create(true).append(true).open(path) {
                Ok(file) => terminal.log = Some(Mutex::new(file)),
                // A run must not be lost because its log cannot be kept.
                Err(error) => {
                    let text = terminal.pick("không ghi được nhật ký", "the log cannot be written");
                    terminal.error(&format!("{text}: {}: {}", path.display(), system::say(&error, &terminal)));
                }
            }
        }
        terminal
    }

    /// Picks the text of the language.
    pub(super) fn pick<'a>(&self, vi: &'a str, en: &'a str) -> &'a str {
        match self.language {
            Language::Vi => vi,
            Language::En => en,
        }
    }

    /// A note for the person at the terminal.
    pub(super) fn note(&self, text: &str) {
        if self.quiet { self.record(text) } else { self.error(text) }
    }

    /// A note that quotes what stands in a document or register: never written to the log.
    pub(super) fn confide(&self, text: &str) {
        if !self.quiet {
            let _ = writeln!(io::stderr().lock(), "{text}");
        }
    }

    /// A line for the log alone.
    pub(super) fn record(&self, text: &str) {
        let Some(log) = &self.log else { return };
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let time = UnixTime(i64::try_from(since.as_secs()).unwrap_or(i64::MAX));
        let mut log = log.lock().unwrap_or_else(PoisonError::into_inner);
        for line in text.lines() {
            // One write a line: other processes may append to the same file. A full disk must not stop a run.
            let _ = log.write_all(format!("{time} soat[{}] {}\n", std::process::id(), line.trim_start()).as_bytes());
        }
    }

    /// Something that must be said even when quiet.
    pub(super) fn error(&self, text: &str) {
        // Nobody is left to tell if stderr is closed.
        let _ = writeln!(io::stderr().lock(), "{text}");
        self.record(text);
    }

    /// A progress bar over `length` steps, hidden where there is no terminal.
    pub(super) fn progress(&self, length: u64, vi: &str, en: &str) -> ProgressBar {
        let target = if self.progress { ProgressDrawTarget::stderr_with_hz(5) } else { ProgressDrawTarget::hidden() };
        let template = "{msg} [{bar:30}] {human_pos}/{human_len} ({eta})";
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        ProgressBar::with_draw_target(Some(length), target).with_style(style).with_message(self.pick(vi, en).to_owned())
    }
}

/// Says what is wrong before there is a [`Terminal`].
pub(super) fn complain(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Standard output could not be written.
#[derive(Debug, thiserror::Error)]
#[error("standard output: {0}")]
pub(super) struct OutputError(pub io::Error);

/// Writes data to stdout. A reader that went away (`| head`) is no error.
pub(super) fn print(data: &[u8]) -> Result<(), OutputError> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(data).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        outcome => outcome.map_err(OutputError),
    }
}
