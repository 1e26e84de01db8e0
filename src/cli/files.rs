//! Files written so that nobody ever sees half of one: a temporary file beside the target, forced to
//! disk, then renamed over it.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Writes `bytes` to `path`, making its folder. On failure the target is as it was.
pub(super) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
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
    fn a_target_that_cannot_be_replaced_is_an_error_and_leaves_no_rest() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        fs::create_dir_all(path.join("b")).unwrap();
        assert!(write(&path, b"x").is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
