//! Files written so that nobody ever sees half of one: a temporary file beside the target, forced to
//! disk, then renamed over it.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Age from which a temporary file belongs to a process that was killed: none takes so long to write.
const ABANDONED: Duration = Duration::from_secs(3_600);

/// Writes `bytes` to `path`, making its folder. On failure the target is as it was.
pub(super) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    sweep(folder_of(path), |found| found == name);
    write_one(path, bytes)
}

/// [`write`] for many files of one folder, the last one first: the first leads to the others and must never
/// name one that is not there. The error comes with the path it is about.
pub(super) fn write_all(folder: &Path, files: &[(String, Vec<u8>)]) -> Result<(), (PathBuf, io::Error)> {
    let names: HashSet<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    sweep(folder, |found| names.contains(found));
    for (name, bytes) in files.iter().rev() {
        let path = folder.join(name);
        write_one(&path, bytes).map_err(|error| (path, error))?;
    }
    Ok(())
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Removes what processes that were killed left of the files that `is_wanted` names. What cannot be removed
/// does no harm.
fn sweep(folder: &Path, is_wanted: impl Fn(&str) -> bool) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.filter_map(Result::ok) {
        let file = entry.file_name().to_string_lossy().into_owned();
        let middle = file.strip_prefix('.').and_then(|rest| rest.strip_suffix(".tmp"));
        let Some((name, process)) = middle.and_then(|middle| middle.rsplit_once('.')) else { continue };
        let is_number = !process.is_empty() && process.bytes().all(|byte| byte.is_ascii_digit());
        let modified = entry.metadata().and_then(|metadata| metadata.modified());
        let is_old = modified.is_ok_and(|time| time.elapsed().is_ok_and(|age| age > ABANDONED));
        if is_number && is_old && is_wanted(name) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn write_one(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = folder_of(path);
    fs::create_dir_all(folder)?;
    let temporary = temporary(folder, path);
    let written = File::create(&temporary).and_then(|mut file| {
        file.write_all(bytes)?;
        // A configuration that only its group may read stays so.
        if let Ok(before) = fs::metadata(path) {
            file.set_permissions(before.permissions())?;
        }
        file.sync_all()
    });
    let outcome = written.and_then(|()| fs::rename(&temporary, path));
    if outcome.is_err() {
        // What could not be written is of no use; the first error is the one to tell.
        let _ = fs::remove_file(&temporary);
    }
    outcome
}

/// Hidden, so that no reader of the folder takes it for content; per process, so that two never meet.
fn temporary(folder: &Path, path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    folder.join(format!(".{name}.{}.tmp", std::process::id()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_nothing_else_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/a.txt");
        write(&path, b"one").unwrap();
        write(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn what_a_killed_process_left_goes_with_the_next_writing_and_nothing_else_does() {
        let folder = tempfile::tempdir().unwrap();
        let make = |name: &str, old: bool| {
            let file = File::create(folder.path().join(name)).unwrap();
            if old {
                file.set_modified(std::time::SystemTime::now() - 2 * ABANDONED).unwrap();
            }
        };
        make(".a.html.123.tmp", true);
        // Being written by another process; of another file; of another program.
        make(".a.html.124.tmp", false);
        make(".b.html.123.tmp", true);
        make(".a.html.x.tmp", true);
        write_all(folder.path(), &[("a.html".into(), b"x".to_vec())]).unwrap();
        let mut names: Vec<_> = fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(names, [".a.html.124.tmp", ".a.html.x.tmp", ".b.html.123.tmp", "a.html"]);
        make(".b.html.9.tmp", true);
        write(&folder.path().join("b.html"), b"x").unwrap();
        assert!(!folder.path().join(".b.html.9.tmp").exists() && !folder.path().join(".b.html.123.tmp").exists());
    }

    #[test]
    fn a_target_that_cannot_be_replaced_is_an_error_and_leaves_no_rest() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        fs::create_dir_all(path.join("b")).unwrap();
        assert!(write(&path, b"x").is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
