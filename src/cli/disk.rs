//! What the system says of the disk under a path: free space, and whether it is a network share.

use std::path::Path;

/// Free space and kind of a file system.
pub(super) struct Disk {
    /// Bytes this account may still write.
    pub free: u64,
    /// Bytes in all.
    pub size: u64,
    /// On a network share, where SQLite's locks cannot be relied on.
    pub is_share: bool,
}

/// Of the nearest existing folder of `path`; `None` where the system does not say.
#[cfg(unix)]
pub(super) fn disk(path: &Path) -> Option<Disk> {
    let existing = path.ancestors().find(|folder| folder.exists()).filter(|folder| !folder.as_os_str().is_empty());
    let existing = existing.unwrap_or(Path::new("."));
    let space = rustix::fs::statvfs(existing).ok()?;
    Some(Disk {
        free: space.f_bavail.saturating_mul(space.f_frsize),
        size: space.f_blocks.saturating_mul(space.f_frsize),
        is_share: is_share(existing),
    })
}

/// UNC paths are shares; free space is not asked for.
#[cfg(not(unix))]
pub(super) fn disk(path: &Path) -> Option<Disk> {
    let text = path.to_string_lossy();
    let is_share = text.starts_with(r"\\") && !text.starts_with(r"\\?\C") && !text.starts_with(r"\\.\");
    is_share.then_some(Disk { free: u64::MAX, size: u64::MAX, is_share })
}

/// By the magic numbers of statfs(2).
#[cfg(any(target_os = "linux", target_os = "android"))]
fn is_share(path: &Path) -> bool {
    /// NFS, SMB, CIFS, SMB2, AFS, Coda, 9P, Ceph.
    const SHARES: [u64; 8] =
        [0x6969, 0x517B, 0xFF53_4D42, 0xFE53_4D42, 0x5346_414F, 0x7375_7245, 0x0102_1997, 0x00C3_6400];
    rustix::fs::statfs(path).is_ok_and(|system| {
        // The type of the field differs between machines; the numbers are 32 bits wide.
        let kind = u64::try_from(i128::from(system.f_type) & 0xFFFF_FFFF).unwrap_or_default();
        SHARES.contains(&kind)
    })
}

#[cfg(all(unix, not(any(target_os = "linux", target_os = "android"))))]
fn is_share(_path: &Path) -> bool {
    false
}
