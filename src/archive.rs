//! The archive on disk: which files there are and their bytes. Reads, never writes.

use crate::model::{NotAssessed, Sha256Digest};
use crate::state::FileStamp;
use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};
use walkdir::WalkDir;

/// One file met on the walk.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Where to open it.
    pub path: PathBuf,
    /// Relative to the archive folder, `/` separated, as reports print it.
    pub name: String,
    /// The relative path's raw bytes: the key in the state (file names need not be Unicode).
    pub key: Vec<u8>,
    /// What the file system said on the walk; `Err` if it could not be asked.
    pub stamp: Result<FileStamp, String>,
    /// What it is.
    pub kind: EntryKind,
}

/// What stands under a name of the archive. What is no regular file is never opened, but stays in view.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EntryKind {
    /// A file.
    Regular,
    /// A symbolic link to somewhere outside the archive or to nowhere: it is not followed.
    Link,
    /// A pipe, socket or device.
    Special,
}

impl Entry {
    /// Its bytes in `buffer`, as [`read`].
    ///
    /// # Errors
    /// Why they could not be read.
    pub fn read(&self, limit: u64, buffer: &mut Vec<u8>) -> Result<Contents, NotAssessed> {
        match self.kind {
            EntryKind::Regular => read(&self.path, limit, buffer),
            EntryKind::Link => Err(NotAssessed::Unreadable(LINK.to_owned())),
            EntryKind::Special => Err(NotAssessed::Unreadable(SPECIAL.to_owned())),
        }
    }
}

/// Detail of [`NotAssessed::Unreadable`] for a link that is not followed.
pub const LINK: &str = "symbolic link";
/// Detail of [`NotAssessed::Unreadable`] for a pipe, socket or device.
pub const SPECIAL: &str = "not a regular file";

/// The walk's outcome.
#[derive(Debug, Default)]
pub struct Walk {
    /// Files, and what else stands where a file could, by key.
    pub entries: Vec<Entry>,
    /// Folders that could not be read, by path, with what the system said.
    pub problems: Vec<(String, io::Error)>,
}

/// There is nothing to audit.
#[derive(Debug)]
pub struct NothingToAudit {
    /// The folder.
    pub path: PathBuf,
    /// Why there is nothing.
    pub reason: Nothing,
}

/// Why a folder gives nothing to audit.
#[derive(Debug)]
pub enum Nothing {
    /// It is a file.
    NotAFolder,
    /// There is no file in it, or every one is excluded.
    NoFile,
    /// It is missing or cannot be read.
    System(io::Error),
}

/// Lists every file below `folders` (relative to `base`), except those that `excluded` names by relative
/// path. Symbolic links are not followed: they could leave the archive or loop. One into the archive is
/// dropped, since its target is listed itself; any other stays in view as something that cannot be read.
pub fn walk(base: &Path, folders: &[PathBuf], excluded: impl Fn(&str) -> bool) -> Result<Walk, NothingToAudit> {
    let mut walk = Walk::default();
    let roots: Vec<PathBuf> = folders.iter().filter_map(|folder| base.join(folder).canonicalize().ok()).collect();
    let inside = |link: &Path| {
        let target = link.canonicalize();
        target.is_ok_and(|target| roots.iter().any(|root| target.starts_with(root)))
    };
    for folder in folders {
        let root = if folder == Path::new(".") { base.to_path_buf() } else { base.join(folder) };
        let nothing = |reason: Nothing| NothingToAudit { path: root.clone(), reason };
        let metadata = std::fs::metadata(&root).map_err(|error| nothing(Nothing::System(error)))?;
        if !metadata.is_dir() {
            return Err(nothing(Nothing::NotAFolder));
        }
        for entry in WalkDir::new(&root) {
            match entry {
                Ok(entry) if entry.file_type().is_dir() => {}
                Ok(entry) => {
                    let kind = match entry.file_type() {
                        file if file.is_file() => EntryKind::Regular,
                        file if file.is_symlink() => EntryKind::Link,
                        _ => EntryKind::Special,
                    };
                    let relative = entry.path().strip_prefix(base).unwrap_or(entry.path());
                    let name = printable(relative);
                    let is_listed_itself = kind == EntryKind::Link && inside(entry.path());
                    if !is_listed_itself && !excluded(&name) {
                        let stamp = entry.metadata().map(|m| stamp(&m)).map_err(|error| error.to_string());
                        let key = relative.as_os_str().as_encoded_bytes().to_vec();
                        walk.entries.push(Entry { path: entry.into_path(), name, key, stamp, kind });
                    }
                }
                Err(error) => {
                    let is_root = error.depth() == 0;
                    let path = error.path().map(|path| printable(path.strip_prefix(base).unwrap_or(path)));
                    let error = error.into_io_error().unwrap_or_else(|| io::Error::other("file system loop"));
                    if is_root {
                        return Err(nothing(Nothing::System(error)));
                    }
                    walk.problems.push((path.unwrap_or_default(), error));
                }
            }
        }
    }
    walk.entries.sort_by(|a, b| a.key.cmp(&b.key));
    walk.entries.dedup_by(|a, b| a.key == b.key);
    if walk.entries.iter().all(|entry| entry.kind != EntryKind::Regular) {
        let path = folders.first().map_or_else(|| base.to_path_buf(), |folder| base.join(folder));
        return Err(NothingToAudit { path, reason: Nothing::NoFile });
    }
    Ok(walk)
}

/// The relative path as printed: `/` separated, undecodable bytes replaced.
fn printable(path: &Path) -> String {
    let parts: Vec<_> = path.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}

/// A file's bytes with what was true of it while it was read.
pub struct Contents {
    /// Its stamp.
    pub stamp: FileStamp,
    /// So young that a later change could carry the same stamp (see [`is_racy`]).
    pub racy: bool,
}

/// Reads a whole file into `buffer`, with a plain read: a mapped file that is truncated under us
/// would kill the process. The size is bounded before anything is read.
pub fn read(path: &Path, limit: u64, buffer: &mut Vec<u8>) -> Result<Contents, NotAssessed> {
    let unreadable = |error: io::Error| NotAssessed::Unreadable(error.kind().to_string());
    buffer.clear();
    // Opening a pipe would wait for somebody to write into it.
    let metadata = std::fs::metadata(path).map_err(unreadable)?;
    if !metadata.is_file() && !metadata.is_dir() {
        return Err(NotAssessed::Unreadable(SPECIAL.to_owned()));
    }
    let mut file = File::open(path).map_err(unreadable)?;
    let before = stamp(&file.metadata().map_err(unreadable)?);
    if before.size > limit {
        return Err(NotAssessed::Limit(crate::model::LimitHit { limit: "file_bytes".into(), value: limit }));
    }
    buffer.reserve_exact(usize::try_from(before.size).unwrap_or(0).saturating_add(1));
    let now = nanoseconds(SystemTime::now());
    file.by_ref().take(limit.saturating_add(1)).read_to_end(buffer).map_err(unreadable)?;
    let after = stamp(&file.metadata().map_err(unreadable)?);
    if before != after || u64::try_from(buffer.len()).ok() != Some(after.size) {
        return Err(NotAssessed::ChangedWhileReading);
    }
    Ok(Contents { stamp: after, racy: is_racy(&after, now) })
}

/// Whether a change right after reading could leave the stamp as it is: the file is younger than the
/// file system's tick. Local file systems stamp with the kernel's tick (at most 10 ms); where both
/// times are whole seconds the file system counts in seconds (FAT: 2 s).
fn is_racy(stamp: &FileStamp, read_at: i64) -> bool {
    const SECOND: i64 = 1_000_000_000;
    let coarse = stamp.modified % SECOND == 0 && stamp.changed % SECOND == 0;
    let tick = if coarse { 2 * SECOND } else { SECOND / 50 };
    stamp.modified.max(stamp.changed) > read_at.saturating_sub(tick)
}

/// Content hash of a path that could not be read: none. Reports show zeros.
pub const NO_CONTENT: Sha256Digest = Sha256Digest([0; 32]);

#[cfg(unix)]
fn stamp(metadata: &Metadata) -> FileStamp {
    use std::os::unix::fs::MetadataExt;
    let nanos = |seconds: i64, nanos: i64| seconds.saturating_mul(1_000_000_000).saturating_add(nanos);
    FileStamp {
        size: metadata.size(),
        modified: nanos(metadata.mtime(), metadata.mtime_nsec()),
        changed: nanos(metadata.ctime(), metadata.ctime_nsec()),
        inode: metadata.ino(),
    }
}

#[cfg(not(unix))]
fn stamp(metadata: &Metadata) -> FileStamp {
    let modified = metadata.modified().map(nanoseconds).unwrap_or(0);
    FileStamp { size: metadata.len(), modified, changed: 0, inode: 0 }
}

fn nanoseconds(time: SystemTime) -> i64 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_nanos()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_nanos()).map_or(i64::MIN, |nanos| -nanos),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn lists_files_in_order_and_leaves_out_what_is_excluded() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("b")).unwrap();
        fs::write(folder.path().join("b/2.pdf"), "x").unwrap();
        fs::write(folder.path().join("a.pdf"), "x").unwrap();
        fs::write(folder.path().join("~$a.pdf"), "x").unwrap();
        let walk = walk(folder.path(), &[".".into()], |name| name.starts_with("~$")).unwrap();
        let names: Vec<_> = walk.entries.iter().map(|entry| entry.name.as_str()).collect();
        assert_eq!(names, ["a.pdf", "b/2.pdf"]);
    }

    #[test]
    fn a_missing_folder_and_an_empty_one_are_nothing_to_audit() {
        let folder = tempfile::tempdir().unwrap();
        assert!(walk(folder.path(), &["gone".into()], |_| false).is_err());
        assert!(walk(folder.path(), &[".".into()], |_| false).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_regular_file_is_never_opened_and_stays_in_view() {
        use std::os::unix::fs::symlink;
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("o.pdf"), "x").unwrap();
        let folder = tempfile::tempdir().unwrap();
        let base = folder.path();
        fs::create_dir(base.join("sub")).unwrap();
        fs::write(base.join("sub/a.pdf"), "x").unwrap();
        // Into the archive: the target is listed itself. A loop among them ends nowhere new.
        symlink("sub/a.pdf", base.join("twin.pdf")).unwrap();
        symlink("..", base.join("sub/loop")).unwrap();
        // Out of it, to nowhere, to itself.
        symlink(outside.path().join("o.pdf"), base.join("out.pdf")).unwrap();
        symlink("nowhere.pdf", base.join("dangling.pdf")).unwrap();
        symlink("self", base.join("self")).unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(base.join("socket.pdf")).unwrap();
        let walk = walk(base, &[".".into()], |_| false).unwrap();
        let found: Vec<_> = walk.entries.iter().map(|entry| (entry.name.as_str(), entry.kind)).collect();
        use EntryKind::{Link, Regular, Special};
        assert_eq!(
            found,
            [
                ("dangling.pdf", Link),
                ("out.pdf", Link),
                ("self", Link),
                ("socket.pdf", Special),
                ("sub/a.pdf", Regular),
            ]
        );
        let mut buffer = Vec::new();
        for entry in &walk.entries {
            assert_eq!(entry.read(10, &mut buffer).is_ok(), entry.kind == Regular, "{}", entry.name);
        }
        // A path named by hand may be a link; a socket or pipe may not.
        assert!(read(&base.join("out.pdf"), 10, &mut buffer).is_ok());
        assert!(matches!(read(&base.join("socket.pdf"), 10, &mut buffer), Err(NotAssessed::Unreadable(_))));
        assert!(walk.problems.is_empty());
    }

    #[test]
    fn a_file_over_the_limit_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.pdf");
        fs::write(&path, "12345").unwrap();
        let mut buffer = Vec::new();
        assert!(matches!(read(&path, 4, &mut buffer), Err(NotAssessed::Limit(_))));
        assert!(read(&path, 5, &mut buffer).is_ok());
        assert_eq!(buffer, b"12345");
    }

    #[test]
    fn a_file_just_written_is_racy_and_an_old_one_is_not() {
        let young = FileStamp { modified: 1_000_000_001, changed: 1_000_000_001, ..FileStamp::default() };
        assert!(is_racy(&young, 1_000_000_002));
        assert!(!is_racy(&young, 2_000_000_002));
        let whole_seconds = FileStamp { modified: 1_000_000_000, changed: 1_000_000_000, ..FileStamp::default() };
        assert!(is_racy(&whole_seconds, 2_500_000_000));
    }
}
