//! Collects certificates and revocation data, each kept once by SHA-256.

use crate::crypto::sha256;
use crate::model::{Blob, BlobKind, Sha256Digest};
use std::collections::BTreeSet;

/// Blobs in the order in which they were first met.
#[derive(Debug, Default)]
pub(super) struct Collector {
    seen: BTreeSet<Sha256Digest>,
    blobs: Vec<Blob>,
}

impl Collector {
    /// Keeps `der` and returns its digest.
    pub(super) fn add(&mut self, kind: BlobKind, der: &[u8]) -> Sha256Digest {
        let sha256 = sha256(der);
        if self.seen.insert(sha256) {
            self.blobs.push(Blob { sha256, kind, der: der.to_vec() });
        }
        sha256
    }

    /// Keeps each of `ders` and appends its digest to `digests` unless it is there.
    pub(super) fn add_all<'a>(
        &mut self,
        kind: BlobKind,
        ders: impl IntoIterator<Item = &'a [u8]>,
        digests: &mut Vec<Sha256Digest>,
    ) {
        let mut known: BTreeSet<Sha256Digest> = digests.iter().copied().collect();
        for der in ders {
            let digest = self.add(kind, der);
            if known.insert(digest) {
                digests.push(digest);
            }
        }
    }

    /// Everything kept.
    pub(super) fn finish(self) -> Vec<Blob> {
        self.blobs
    }
}
