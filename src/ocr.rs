//! Optical character recognition by an external program: Tesseract with the Vietnamese language data.
//!
//! The program is optional. It is found once, started for one picture at a time, given the picture on its
//! standard input, and stopped when it takes too long; what it writes is bounded.

use crate::duplicate::Recognition;
use crate::raster::GrayImage;
use std::ffi::OsStr;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Name of the program on PATH.
const NAME: &str = "tesseract";
/// Its Vietnamese language data (package `tesseract-ocr-vie`).
const LANGUAGE: &str = "vie";
/// A page takes a second; a machine under load takes ten times that.
const TIME_LIMIT: Duration = Duration::from_secs(60);
/// Listing the languages reads one folder.
const LIST_TIME_LIMIT: Duration = Duration::from_secs(20);
/// Bytes of text kept; a dense page has 8 kilobytes.
const TEXT_BYTES: u64 = 1 << 20;
/// How often a running program is looked at.
const PAUSE: Duration = Duration::from_millis(10);

/// A program that was found and knows Vietnamese.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Program {
    path: PathBuf,
    time_limit: Duration,
}

/// The configured program, else the one on `search_path` (the value of PATH), if that file is there.
pub fn located(configured: Option<PathBuf>, search_path: Option<&OsStr>) -> Option<PathBuf> {
    // A relative path would mean another program in another folder.
    let usable = |path: &PathBuf| path.is_absolute() && path.is_file();
    if configured.is_some() {
        return configured.filter(usable);
    }
    let name = format!("{NAME}{}", std::env::consts::EXE_SUFFIX);
    std::env::split_paths(search_path?).map(|folder| folder.join(&name)).find(usable)
}

impl Program {
    /// The program at `path`; `None` if it does not run or lacks the Vietnamese language data.
    pub fn open(path: &Path) -> Option<Self> {
        let program = Self { path: path.to_owned(), time_limit: TIME_LIMIT };
        let languages = program.run(&["--list-langs"], Vec::new(), LIST_TIME_LIMIT)?;
        languages.lines().any(|line| line.trim() == LANGUAGE).then_some(program)
    }

    /// The same program, stopped after `limit`.
    #[must_use]
    pub fn with_time_limit(mut self, limit: Duration) -> Self {
        self.time_limit = limit;
        self
    }

    /// Reads a picture of upright text at 200 dots per inch.
    pub fn recognise(&self, picture: &GrayImage) -> Recognition {
        let mut input = format!("P5\n{} {}\n255\n", picture.width, picture.height).into_bytes();
        input.extend_from_slice(&picture.pixels);
        // One block of text (psm 6): columns of a letterhead come line by line, as they are read.
        let arguments = ["stdin", "stdout", "-l", LANGUAGE, "--psm", "6", "--dpi", "200"];
        self.run(&arguments, input, self.time_limit).map_or(Recognition::Failed, Recognition::Text)
    }

    /// Standard output of the program; none if it cannot be started, fails or takes too long.
    fn run(&self, arguments: &[&str], input: Vec<u8>, limit: Duration) -> Option<String> {
        let mut child = Command::new(&self.path)
            .args(arguments)
            // Work is spread over pictures already; its own threads only wait for each other.
            .env("OMP_THREAD_LIMIT", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let (stdin, stdout) = (child.stdin.take()?, child.stdout.take()?);
        // Both ends are served at once: a program that writes before it has read would wait for ever.
        std::thread::spawn(move || {
            let mut stdin = stdin;
            // A program that stops reading has failed or is done; its answer tells which.
            let _ = stdin.write_all(&input);
        });
        let reader = std::thread::spawn(move || {
            let mut text = Vec::new();
            let read = stdout.take(TEXT_BYTES).read_to_end(&mut text);
            read.map(|_| text)
        });
        let success = finished(&mut child, limit);
        if !success {
            // A grandchild may hold the pipe open; the reader is left to end by itself.
            return None;
        }
        let text = reader.join().ok()?.ok()?;
        Some(String::from_utf8_lossy(&text).into_owned())
    }
}

/// Whether the program ends well within the limit; otherwise it is killed.
fn finished(child: &mut Child, limit: Duration) -> bool {
    let start = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) if start.elapsed() < limit => std::thread::sleep(PAUSE),
            Ok(None) | Err(_) => {
                let _ = child.kill();
                let _ = child.wait();
                return false;
            }
        }
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn script(folder: &Path, body: &str) -> PathBuf {
        let path = folder.join(NAME);
        std::fs::write(
            &path,
            format!("#!/bin/sh\nif [ \"$1\" = --list-langs ]; then echo eng; echo vie; exit 0; fi\n{body}\n"),
        )
        .unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        path
    }

    fn picture() -> GrayImage {
        GrayImage { width: 600, height: 400, pixels: vec![255; 240_000] }
    }

    #[test]
    fn the_picture_goes_in_and_text_comes_out() {
        let folder = tempfile::tempdir().unwrap();
        let path = script(folder.path(), "head -c 14 | head -n 2; cat >/dev/null");
        assert_eq!(located(None, Some(folder.path().as_os_str())), Some(path.clone()));
        let program = Program::open(&path).unwrap();
        assert_eq!(program.recognise(&picture()), Recognition::Text("P5\n600 400\n".into()));
    }

    #[test]
    fn a_program_that_hangs_is_stopped_and_one_that_fails_has_no_answer() {
        let folder = tempfile::tempdir().unwrap();
        let path = script(folder.path(), "exec sleep 600");
        let program = Program::open(&path).unwrap().with_time_limit(Duration::from_millis(200));
        assert_eq!(program.recognise(&picture()), Recognition::Failed);
        let path = script(folder.path(), "echo half; exit 3");
        assert_eq!(Program::open(&path).unwrap().recognise(&picture()), Recognition::Failed);
    }

    #[test]
    fn a_program_without_vietnamese_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = script(folder.path(), "");
        std::fs::write(&path, "#!/bin/sh\necho eng\n").unwrap();
        assert_eq!(Program::open(&path), None);
        assert_eq!(located(None, Some(OsStr::new("/nonexistent"))), None);
        assert_eq!(located(Some(PathBuf::from("tesseract")), Some(folder.path().as_os_str())), None);
    }
}
