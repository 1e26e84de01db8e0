//! What documents are judged by, loaded from folders and configuration.

use super::evidence::Collection;
use crate::edition::Editions;
use crate::limits::Limits;
use crate::model::{Sha256Digest, UnixTime};
use crate::organisation::OrganisationTable;
use crate::pki::{Anchor, AnchorKind, PathFinder, PathParameters, RevocationSource, TrustStore};
use crate::validate::{Carried, Context, Detail, Holder, HolderMemo};
use std::collections::HashMap;
use std::sync::Arc;

/// Owns everything a [`Context`] refers to.
pub(super) struct JudgingMaterial {
    /// The audit's clock.
    pub clock: UnixTime,
    /// Anchors and candidates, with the paths found so far.
    pub paths: PathFinder,
    /// Revocation data of the operator.
    pub revocation: RevocationSource,
    /// The law by date.
    pub editions: Editions,
    /// The organisation table.
    pub organisations: OrganisationTable,
    /// Overrides of the person/agency classification.
    pub overrides: HashMap<Sha256Digest, Holder>,
    /// Classifications made so far.
    pub holders: HolderMemo,
}

impl JudgingMaterial {
    /// The context for documents that carried `carried`.
    pub(super) fn context<'a>(&'a self, carried: &'a Carried, limits: &'a Limits, detail: Detail) -> Context<'a> {
        Context {
            clock: self.clock,
            revocation: &self.revocation,
            paths: &self.paths,
            editions: &self.editions,
            organisations: &self.organisations,
            overrides: &self.overrides,
            holders: &self.holders,
            carried,
            limits,
            detail,
        }
    }
}

/// An anchor that the operator named.
#[derive(Clone, Debug)]
pub(super) struct NamedAnchor {
    /// SHA-256 of the certificate.
    pub sha256: Sha256Digest,
    /// What it stands for.
    pub kind: AnchorKind,
}

/// The trust store: confirmed anchors are those named; a self-signed certificate of the folders that is
/// a known root (`pins`) but was not named is an anchor that is not confirmed; everything else is a
/// candidate.
pub(super) fn trust_store(
    collection: &Collection,
    named: &[NamedAnchor],
    known_root: impl Fn(&Sha256Digest) -> Option<AnchorKind>,
) -> TrustStore {
    let mut store = TrustStore::default();
    for certificate in &collection.certificates {
        let anchor = |kind, confirmed| Anchor { certificate: Arc::clone(certificate), kind, confirmed };
        match named.iter().find(|anchor| anchor.sha256 == certificate.sha256) {
            Some(named) => store.anchors.push(anchor(named.kind, true)),
            None if certificate.is_self_signed() => {
                let kind = known_root(&certificate.sha256).unwrap_or(AnchorKind::Public);
                store.anchors.push(anchor(kind, false));
            }
            None => store.candidates.push(Arc::clone(certificate)),
        }
    }
    store
}

/// The finder over a trust store, with the initial parameters of RFC 5280, 6.1.1: any policy.
pub(super) fn finder(store: TrustStore, limits: &Limits) -> PathFinder {
    PathFinder::new(store, PathParameters::default(), limits)
}
