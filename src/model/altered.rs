//! A file whose content changed although nothing says that it was written.

use super::Sha256Digest;

/// Bit rot, or a change with the stamps put back.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct AlteredContent {
    /// Path relative to the archive.
    pub path: String,
    /// SHA-256 of the content when it was first read.
    pub before: Sha256Digest,
    /// SHA-256 of the content now.
    pub after: Sha256Digest,
}
