//! What the operator trusts, and the certificates at hand to build paths with.

use super::certificate::Certificate;
use crate::crypto;
use crate::model::Sha256Digest;
use std::sync::Arc;

/// Which PKI an anchor belongs to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum AnchorKind {
    /// Specialised (chữ ký số chuyên dùng công vụ).
    Specialised,
    /// Public: sound, but the wrong kind for an agency's documents.
    Public,
}

/// A root that paths may end at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Anchor {
    /// Its certificate.
    pub certificate: Arc<Certificate>,
    /// Which PKI.
    pub kind: AnchorKind,
    /// The operator has confirmed its fingerprint against what the authority publishes.
    pub confirmed: bool,
}

/// Anchors and candidate issuers from the trust folder.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct TrustStore {
    /// Roots.
    pub anchors: Vec<Anchor>,
    /// Intermediate certificates: candidates, no trust.
    pub candidates: Vec<Arc<Certificate>>,
}

impl TrustStore {
    /// The anchor with these very bytes.
    pub fn anchor(&self, certificate: &Sha256Digest) -> Option<&Anchor> {
        self.anchors.iter().find(|anchor| anchor.certificate.sha256 == *certificate)
    }

    /// Identity of the store's content, independent of its order: the same digest, the same outcome.
    pub fn digest(&self) -> Sha256Digest {
        let mut lines: Vec<String> = self
            .anchors
            .iter()
            .map(|anchor| format!("{} {:?} {}\n", anchor.certificate.sha256, anchor.kind, anchor.confirmed))
            .chain(self.candidates.iter().map(|certificate| format!("{}\n", certificate.sha256)))
            .collect();
        lines.sort();
        crypto::sha256(lines.concat().as_bytes())
    }
}
