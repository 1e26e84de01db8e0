//! Finding a path from a certificate to an anchor and judging it at a given time (RFC 5280, 6).
//!
//! Issuers are matched by key: a certificate is an issuer only if its key verifies the signature. Names
//! and key identifiers merely say which keys to try, and a known name with another key is reported as a
//! look-alike. The search and everything that does not depend on time is done once per certificate and
//! remembered; only validity periods are compared for each moment asked about. The anchor's period counts
//! too: stricter than RFC 5280, because a document signed outside of it has no lawful explanation.

use super::certificate::Certificate;
use super::memo::SignatureMemo;
use super::name::{Name, NameKey};
use super::rules::{self, ConstraintFailure, PathParameters};
use super::store::{Anchor, TrustStore};
use crate::crypto;
use crate::limits::Limits;
use crate::model::{Sha256Digest, UnixTime, ValueOutcome};
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, PoisonError, RwLock};

/// Certificates in one path, both ends included. Real ones have three or four, the longest of NIST
/// PKITS seven; ours.
const MAXIMUM_CHAIN: usize = 16;
/// Complete paths kept for one certificate: cross certification gives a handful; ours.
const MAXIMUM_PATHS: usize = 16;
/// Searches remembered; beyond that they are repeated. Bounds memory, changes no outcome; ours.
const MAXIMUM_SEARCHES: usize = 1 << 16;

/// What became of a certificate's path at a moment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PathStatus {
    /// A path to an anchor that satisfies RFC 5280, 6.1 at that time. Whether the anchor is confirmed
    /// and of the right kind stands in [`PathOutcome::anchor`].
    Valid,
    /// The path is sound, but one certificate was not valid yet.
    NotYetValid {
        /// Index into the chain.
        index: usize,
    },
    /// The path is sound, but one certificate had expired.
    Expired {
        /// Index into the chain.
        index: usize,
    },
    /// The path breaks a rule.
    Constraint {
        /// Index into the chain of the certificate concerned.
        index: usize,
        /// The rule.
        failure: ConstraintFailure,
    },
    /// The path is complete but ends at a self-signed certificate that is no anchor.
    Untrusted {
        /// A held certificate (SHA-256) that has the name of a certificate of this path, but another
        /// key: the path imitates it.
        imitates: Option<Sha256Digest>,
    },
    /// The store holds a certificate with the name of the last certificate's issuer, but its key did not
    /// sign: made by something else under a known name.
    LookAlike {
        /// SHA-256 of the certificate that has the name.
        held: Sha256Digest,
        /// Whether both carry key identifiers and these differ: the signer did not even claim the key.
        /// A renewed CA key looks like this too.
        key_identifier_differs: bool,
    },
    /// A signature that would link the path is of an algorithm that is not supported.
    Unsupported {
        /// Which.
        algorithm: String,
    },
    /// No certificate with the name of the last certificate's issuer is held.
    Incomplete,
    /// The limit `path_signature_checks` was reached before a valid path was found.
    LimitReached,
}

/// The outcome of path building and validation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PathOutcome {
    /// The conclusion.
    pub status: PathStatus,
    /// End entity first; up to the anchor, or as far as the most useful attempt came.
    pub chain: Vec<Arc<Certificate>>,
    /// The anchor that the chain ends at.
    pub anchor: Option<Anchor>,
}

impl PathOutcome {
    /// Whether the path is valid (to whatever anchor).
    pub fn is_valid(&self) -> bool {
        self.status == PathStatus::Valid
    }

    /// The certificate that a [`PathStatus`] speaks of: the one at `index`, else the last of the chain.
    pub fn concerned(&self) -> Option<&Arc<Certificate>> {
        match self.status {
            PathStatus::NotYetValid { index }
            | PathStatus::Expired { index }
            | PathStatus::Constraint { index, .. } => self.chain.get(index),
            _ => self.chain.last(),
        }
    }
}

/// Builds and judges paths over one trust store. Shared between threads; the outcome never depends on
/// what was asked before.
#[derive(Debug)]
pub struct PathFinder {
    store: TrustStore,
    parameters: PathParameters,
    signature_checks: u64,
    known: Index,
    signatures: SignatureMemo,
    searches: RwLock<HashMap<(Sha256Digest, Sha256Digest), Arc<Search>>>,
}

/// Candidate issuers by what an issued certificate says of its issuer.
#[derive(Debug, Default)]
struct Index {
    by_name: HashMap<NameKey, Vec<Arc<Certificate>>>,
    by_key_identifier: HashMap<Vec<u8>, Vec<Arc<Certificate>>>,
}

impl Index {
    fn add(&mut self, certificate: &Arc<Certificate>) {
        self.by_name.entry(certificate.subject.key()).or_default().push(Arc::clone(certificate));
        if let Some(identifier) = &certificate.extensions.subject_key_identifier {
            self.by_key_identifier.entry(identifier.clone()).or_default().push(Arc::clone(certificate));
        }
    }

    fn issuers<'a>(&'a self, of: &Certificate) -> impl Iterator<Item = &'a Arc<Certificate>> {
        let by_name = self.by_name.get(&of.issuer.key());
        let identifier = of.extensions.authority_key_identifier.as_ref();
        let by_key_identifier = identifier.and_then(|identifier| self.by_key_identifier.get(identifier));
        by_name.into_iter().chain(by_key_identifier).flatten()
    }
}

/// Everything found for one certificate over one pool, without regard to time.
#[derive(Debug, Default)]
struct Search {
    complete: Vec<CompletePath>,
    dead_end: Option<DeadEnd>,
    exhausted: bool,
}

#[derive(Debug)]
struct CompletePath {
    chain: Vec<Arc<Certificate>>,
    anchor: Anchor,
    fault: Option<(usize, ConstraintFailure)>,
}

#[derive(Debug)]
struct DeadEnd {
    chain: Vec<Arc<Certificate>>,
    status: PathStatus,
}

impl PathFinder {
    /// A finder over `store`; `parameters` are the inputs of RFC 5280 that concern policies.
    pub fn new(store: TrustStore, parameters: PathParameters, limits: &Limits) -> Self {
        let mut known = Index::default();
        store.anchors.iter().for_each(|anchor| known.add(&anchor.certificate));
        store.candidates.iter().for_each(|candidate| known.add(candidate));
        Self {
            store,
            parameters,
            signature_checks: limits.path_signature_checks,
            known,
            signatures: SignatureMemo::default(),
            searches: RwLock::default(),
        }
    }

    /// The trust store.
    pub fn store(&self) -> &TrustStore {
        &self.store
    }

    /// Held certificates with this subject.
    pub(super) fn named(&self, subject: &Name) -> impl Iterator<Item = &Arc<Certificate>> {
        self.known.by_name.get(&subject.key()).into_iter().flatten()
    }

    /// Whether the certificate is part of the store.
    fn is_held(&self, certificate: &Certificate) -> bool {
        self.named(&certificate.subject).any(|held| held.sha256 == certificate.sha256)
    }

    /// Signature checks allowed for one question.
    pub(super) fn signature_checks(&self) -> u64 {
        self.signature_checks
    }

    /// Signatures verified so far, shared with revocation.
    pub(super) fn signatures(&self) -> &SignatureMemo {
        &self.signatures
    }

    /// The path of `certificate` at `at`. `pool` holds candidate issuers of the document at hand
    /// (embedded, from its security store): no trust is put in them.
    pub fn find(&self, certificate: &Arc<Certificate>, pool: &[Arc<Certificate>], at: UnixTime) -> PathOutcome {
        let search = self.search(certificate, pool);
        let complete = |path: &CompletePath, status| PathOutcome {
            status,
            chain: path.chain.clone(),
            anchor: Some(path.anchor.clone()),
        };
        let sound = || search.complete.iter().filter(|path| path.fault.is_none());
        let untimely = |path: &CompletePath| path.chain.iter().position(|one| !one.is_within_validity(at));

        if let Some(path) = sound().filter(|path| untimely(path).is_none()).min_by_key(|path| path.preference()) {
            return complete(path, PathStatus::Valid);
        }
        if search.exhausted {
            let chain = vec![Arc::clone(certificate)];
            return PathOutcome { status: PathStatus::LimitReached, chain, anchor: None };
        }
        if let Some(path) = sound().min_by_key(|path| path.preference()) {
            let index = untimely(path).unwrap_or(0);
            let early = path.chain.get(index).is_some_and(|one| at < one.not_before);
            let status = if early { PathStatus::NotYetValid { index } } else { PathStatus::Expired { index } };
            return complete(path, status);
        }
        if let Some(path) = search.complete.iter().min_by_key(|path| path.preference())
            && let Some((index, failure)) = path.fault.clone()
        {
            return complete(path, PathStatus::Constraint { index, failure });
        }
        match &search.dead_end {
            Some(end) => PathOutcome { status: end.status.clone(), chain: end.chain.clone(), anchor: None },
            None => {
                let chain = vec![Arc::clone(certificate)];
                PathOutcome { status: PathStatus::Incomplete, chain, anchor: None }
            }
        }
    }

    fn search(&self, certificate: &Arc<Certificate>, pool: &[Arc<Certificate>]) -> Arc<Search> {
        let key = (certificate.sha256, pool_digest(pool));
        if let Some(search) = self.searches.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Arc::clone(search);
        }
        let mut embedded = Index::default();
        pool.iter().for_each(|candidate| embedded.add(candidate));
        let mut walk = Walk { finder: self, embedded, checks: self.signature_checks, search: Search::default() };
        walk.extend(&mut vec![Arc::clone(certificate)]);
        let search = Arc::new(walk.search);
        let mut searches = self.searches.write().unwrap_or_else(PoisonError::into_inner);
        if searches.len() < MAXIMUM_SEARCHES {
            searches.insert(key, Arc::clone(&search));
        }
        search
    }
}

impl CompletePath {
    /// Lower is better: a confirmed anchor, the specialised PKI, a short path; then the order found.
    fn preference(&self) -> impl Ord + use<> {
        (!self.anchor.confirmed, self.anchor.kind, self.chain.len())
    }
}

/// Identity of a pool, whatever its order.
fn pool_digest(pool: &[Arc<Certificate>]) -> Sha256Digest {
    let mut digests: Vec<Sha256Digest> = pool.iter().map(|candidate| candidate.sha256).collect();
    digests.sort();
    digests.dedup();
    crypto::sha256(&digests.iter().flat_map(|digest| digest.0).collect::<Vec<u8>>())
}

/// One depth-first search.
struct Walk<'a> {
    finder: &'a PathFinder,
    embedded: Index,
    checks: u64,
    search: Search,
}

impl Walk<'_> {
    /// Extends the path by every certificate whose key signed its last one.
    fn extend(&mut self, chain: &mut Vec<Arc<Certificate>>) {
        let Some(last) = chain.last().cloned() else { return };
        if let Some(anchor) = self.finder.store.anchor(&last.sha256) {
            if self.search.complete.len() < MAXIMUM_PATHS {
                let fault = rules::check(chain, &self.finder.parameters).err();
                let anchor = anchor.clone();
                self.search.complete.push(CompletePath { chain: chain.clone(), anchor, fault });
            }
            return;
        }
        if chain.len() >= MAXIMUM_CHAIN {
            self.search.exhausted = true;
            return;
        }
        let candidates = self.candidates(&last, chain);
        let mut linked = false;
        let mut unsupported = None;
        let mut look_alike: Option<Arc<Certificate>> = None;
        for candidate in candidates {
            let same_name = candidate.subject == last.issuer;
            match self.signed_by(&last, &candidate) {
                None => return,
                Some(ValueOutcome::Unsupported(algorithm)) if same_name => unsupported = Some(algorithm),
                Some(outcome) if outcome.is_right() => {
                    linked = true;
                    chain.push(candidate);
                    if same_name {
                        self.extend(chain);
                    } else {
                        let failure = ConstraintFailure::NameChaining;
                        self.dead_end(chain, PathStatus::Constraint { index: chain.len() - 2, failure });
                    }
                    chain.pop();
                }
                // Only a held certificate can be imitated: what a document brings along proves nothing.
                Some(_) if same_name && self.finder.is_held(&candidate) => {
                    look_alike = look_alike.or(Some(candidate));
                }
                Some(_) => {}
            }
        }
        if last.is_self_issued() {
            match self.signed_by(&last, &last) {
                None => return,
                Some(outcome) if outcome.is_right() => {
                    let imitates = self.imitated(chain);
                    return self.dead_end(chain, PathStatus::Untrusted { imitates });
                }
                Some(ValueOutcome::Unsupported(algorithm)) => unsupported = Some(algorithm),
                Some(_) => {}
            }
        }
        if linked {
            return;
        }
        let status = match (unsupported, look_alike) {
            (Some(algorithm), _) => PathStatus::Unsupported { algorithm },
            (None, Some(held)) => {
                let claimed = &last.extensions.authority_key_identifier;
                let own = &held.extensions.subject_key_identifier;
                let key_identifier_differs = claimed.is_some() && own.is_some() && claimed != own;
                PathStatus::LookAlike { held: held.sha256, key_identifier_differs }
            }
            (None, None) => PathStatus::Incomplete,
        };
        self.dead_end(chain, status);
    }

    /// Possible issuers, the most promising first. The order is part of the outcome when the limit is
    /// reached, so it depends on nothing but the certificates.
    fn candidates(&self, last: &Certificate, chain: &[Arc<Certificate>]) -> Vec<Arc<Certificate>> {
        let mut seen = HashSet::new();
        let store = &self.finder.store;
        let mut candidates: Vec<Arc<Certificate>> = self
            .finder
            .known
            .issuers(last)
            .chain(self.embedded.issuers(last))
            .filter(|candidate| seen.insert(candidate.sha256))
            // Neither a certificate of the path again nor its key under the same name: a loop.
            .filter(|candidate| {
                let again = |one: &Arc<Certificate>| {
                    one.sha256 == candidate.sha256
                        || (one.key_sha256 == candidate.key_sha256
                            && one.subject == candidate.subject
                            && store.anchor(&candidate.sha256).is_none())
                };
                !chain.iter().any(again)
            })
            .cloned()
            .collect();
        candidates.sort_by_cached_key(|candidate| {
            let claimed = &last.extensions.authority_key_identifier;
            let by_key = claimed.is_some() && *claimed == candidate.extensions.subject_key_identifier;
            let by_name = candidate.subject == last.issuer;
            (!by_name, !by_key, store.anchor(&candidate.sha256).is_none(), !candidate.is_ca(), candidate.sha256)
        });
        candidates
    }

    /// `None` if the limit is reached. Remembered verifications count as well: the outcome must not
    /// depend on what was asked before.
    fn signed_by(&mut self, child: &Certificate, issuer: &Certificate) -> Option<ValueOutcome> {
        match self.checks.checked_sub(1) {
            Some(rest) => self.checks = rest,
            None => {
                self.search.exhausted = true;
                return None;
            }
        }
        let verify = || child.verify_signed_by(&issuer.spki);
        Some(self.finder.signatures.get(child.sha256, issuer.key_sha256, verify))
    }

    /// A held certificate whose name one of the path's issuers bears with another key.
    fn imitated(&self, chain: &[Arc<Certificate>]) -> Option<Sha256Digest> {
        chain.iter().find_map(|one| {
            let same_name = self.finder.known.by_name.get(&one.subject.key())?;
            let genuine = same_name.iter().any(|held| held.key_sha256 == one.key_sha256);
            same_name.first().filter(|_| !genuine).map(|held| held.sha256)
        })
    }

    /// Keeps the most telling of all ends.
    fn dead_end(&mut self, chain: &[Arc<Certificate>], status: PathStatus) {
        let weight = |status: &PathStatus| match status {
            PathStatus::Untrusted { .. } => 5,
            PathStatus::Constraint { .. } => 4,
            PathStatus::LookAlike { .. } => 3,
            PathStatus::Unsupported { .. } => 2,
            _ => 1,
        };
        if self.search.dead_end.as_ref().is_none_or(|known| weight(&known.status) < weight(&status)) {
            self.search.dead_end = Some(DeadEnd { chain: chain.to_vec(), status });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::AnchorKind;
    use crate::pki::testing::{Make, extension, finder, sequence, year};

    #[test]
    fn a_path_is_valid_only_within_every_validity() {
        let root = Make::root("root", 1).make();
        let ca = Make { validity: (year(1), year(9)), ..Make::ca("ca", 2, "root", 1) }.make();
        let leaf = Make { validity: (year(0), year(10)), ..Make::leaf("leaf", 3, "ca", 2) }.make();
        let finder = finder(&[&root], &[&ca]);
        let status = |years| finder.find(&leaf, &[], year(years)).status;
        assert_eq!(status(5), PathStatus::Valid);
        assert_eq!(status(1), PathStatus::Valid);
        assert_eq!(status(9), PathStatus::Valid);
        assert_eq!(status(0), PathStatus::NotYetValid { index: 1 });
        assert_eq!(finder.find(&leaf, &[], UnixTime(year(9).0 + 1)).status, PathStatus::Expired { index: 1 });
        assert_eq!(status(11), PathStatus::Expired { index: 0 });
        let path = finder.find(&leaf, &[], year(11));
        assert_eq!(path.concerned(), Some(&leaf));
        assert_eq!(path.chain, [leaf, ca, root]);
    }

    #[test]
    fn a_missing_issuer_is_incomplete_and_can_come_with_the_document() {
        let root = Make::root("root", 1).make();
        let ca = Make::ca("ca", 2, "root", 1).make();
        let leaf = Make::leaf("leaf", 3, "ca", 2).make();
        let finder = finder(&[&root], &[]);
        let path = finder.find(&leaf, &[], year(1));
        assert_eq!(path.status, PathStatus::Incomplete);
        assert_eq!(path.chain, [Arc::clone(&leaf)]);
        assert_eq!(path.anchor, None);
        assert!(finder.find(&leaf, &[ca], year(1)).is_valid());
    }

    #[test]
    fn a_root_that_comes_with_the_document_is_no_anchor() {
        let root = Make::root("root", 1).make();
        let own = Make::root("own root", 7).make();
        let leaf = Make::leaf("leaf", 3, "own root", 7).make();
        let finder = finder(&[&root], &[]);
        let path = finder.find(&leaf, &[Arc::clone(&own)], year(1));
        assert_eq!(path.status, PathStatus::Untrusted { imitates: None });
        assert_eq!(path.chain, [leaf, own]);
    }

    #[test]
    fn a_known_name_with_another_key_is_a_look_alike() {
        let root = Make::root("root", 1).make();
        let ca = Make::ca("ca", 2, "root", 1).make();
        let fake_ca = Make::ca("ca", 8, "root", 7).make();
        let fake_root = Make::root("root", 7).make();
        let leaf = Make::leaf("leaf", 3, "ca", 8).make();
        let finder = finder(&[&root], &[&ca]);
        assert_eq!(
            finder.find(&leaf, &[], year(1)).status,
            PathStatus::LookAlike { held: ca.sha256, key_identifier_differs: false }
        );
        // With its whole false chain brought along it ends at a self-made root.
        let path = finder.find(&leaf, &[fake_ca, fake_root], year(1));
        assert_eq!(path.status, PathStatus::Untrusted { imitates: Some(ca.sha256) });
        // A name that only a document has cannot be imitated.
        let other = Make::leaf("leaf", 3, "other", 8).make();
        let unrelated = Make::ca("other", 9, "root", 1).make();
        assert_eq!(finder.find(&other, &[unrelated], year(1)).status, PathStatus::Incomplete);
    }

    #[test]
    fn key_identifiers_of_a_look_alike_are_compared() {
        let root = Make::root("root", 1).with(extension("2.5.29.14", false, &[4, 1, 1])).make();
        let claims = |identifier| {
            let authority = extension("2.5.29.35", false, &[0x30, 3, 0x80, 1, identifier]);
            Make::leaf("leaf", 3, "root", 9).with(authority).make()
        };
        let finder = finder(&[&root], &[]);
        for (identifier, key_identifier_differs) in [(1, false), (2, true)] {
            let held = root.sha256;
            assert_eq!(
                finder.find(&claims(identifier), &[], year(1)).status,
                PathStatus::LookAlike { held, key_identifier_differs }
            );
        }
    }

    #[test]
    fn another_certificate_of_the_same_name_is_tried_and_the_order_given_does_not_matter() {
        let root = Make::root("root", 1).make();
        let old = Make::ca("ca", 2, "root", 1).make();
        let new = Make::ca("ca", 4, "root", 1).make();
        let leaf = Make::leaf("leaf", 3, "ca", 4).make();
        for candidates in [[&old, &new], [&new, &old]] {
            let path = finder(&[&root], &candidates).find(&leaf, &[], year(1));
            assert_eq!(path.status, PathStatus::Valid);
            assert_eq!(path.chain, [Arc::clone(&leaf), Arc::clone(&new), Arc::clone(&root)]);
        }
    }

    #[test]
    fn a_cross_certificate_serves_where_the_other_path_has_expired() {
        let root = Make { validity: (year(0), year(2)), ..Make::root("root", 1) }.make();
        let other = Make::root("other", 5).make();
        let ca = Make { validity: (year(0), year(2)), ..Make::ca("ca", 2, "root", 1) }.make();
        let cross = Make::ca("ca", 2, "other", 5).make();
        let leaf = Make::leaf("leaf", 3, "ca", 2).make();
        let finder = finder(&[&root, &other], &[&ca, &cross]);
        assert!(finder.find(&leaf, &[], year(1)).is_valid());
        let late = finder.find(&leaf, &[], year(4));
        assert_eq!(late.status, PathStatus::Valid);
        assert_eq!(late.chain, [leaf, cross, other]);
    }

    #[test]
    fn a_confirmed_specialised_anchor_is_preferred() {
        let specialised = Make::root("root", 1).make();
        let public = Make::root("public", 5).make();
        let ca = Make::ca("ca", 2, "root", 1).make();
        let cross = Make::ca("ca", 2, "public", 5).make();
        let leaf = Make::leaf("leaf", 3, "ca", 2).make();
        let anchor = |certificate: &Arc<Certificate>, kind, confirmed| {
            let certificate = Arc::clone(certificate);
            Anchor { certificate, kind, confirmed }
        };
        let chosen = |confirmed| {
            let anchors = vec![
                anchor(&public, AnchorKind::Public, true),
                anchor(&specialised, AnchorKind::Specialised, confirmed),
            ];
            let store = TrustStore { anchors, candidates: vec![Arc::clone(&ca), Arc::clone(&cross)] };
            let finder = PathFinder::new(store, PathParameters::default(), &Limits::default());
            finder.find(&leaf, &[], year(1)).anchor.unwrap().kind
        };
        assert_eq!(chosen(true), AnchorKind::Specialised);
        assert_eq!(chosen(false), AnchorKind::Public);
    }

    #[test]
    fn who_is_no_ca_issues_nothing() {
        let root = Make::root("root", 1).make();
        let user = Make::leaf("user", 2, "root", 1).make();
        let leaf = Make::leaf("leaf", 3, "user", 2).make();
        let path = finder(&[&root], &[]).find(&leaf, &[user], year(1));
        assert_eq!(path.status, PathStatus::Constraint { index: 1, failure: ConstraintFailure::NotCa });
    }

    #[test]
    fn a_key_that_signed_under_another_name_breaks_name_chaining() {
        let identifier = extension("2.5.29.14", false, &[4, 1, 9]);
        let authority = extension("2.5.29.35", false, &[0x30, 3, 0x80, 1, 9]);
        let root = Make::root("root", 1).with(identifier).make();
        let leaf = Make::leaf("leaf", 3, "somebody", 1).with(authority).make();
        let path = finder(&[&root], &[]).find(&leaf, &[], year(1));
        assert_eq!(path.status, PathStatus::Constraint { index: 0, failure: ConstraintFailure::NameChaining });
    }

    #[test]
    fn a_repeated_or_unknown_critical_extension_forbids() {
        let root = Make::root("root", 1).make();
        let oid = "1.2.3.4";
        let leaf = Make::leaf("leaf", 3, "root", 1).with(extension(oid, true, &[5, 0])).make();
        let path = finder(&[&root], &[]).find(&leaf, &[], year(1));
        let failure = ConstraintFailure::Extension(oid.to_owned());
        assert_eq!(path.status, PathStatus::Constraint { index: 0, failure });
    }

    #[test]
    fn a_crowd_of_namesakes_reaches_the_limit_and_is_no_verdict() {
        let root = Make::root("root", 1).make();
        let crowd: Vec<_> = (10..=120).map(|key| Make::ca("ca", key, "ca", key).make()).collect();
        let leaf = Make::leaf("leaf", 3, "ca", 9).make();
        let finder = finder(&[&root], &[]);
        assert_eq!(finder.find(&leaf, &crowd, year(1)).status, PathStatus::LimitReached);
        // What was remembered of the crowd does not change the outcome, nor does its order.
        let reversed: Vec<_> = crowd.iter().rev().cloned().collect();
        assert_eq!(finder.find(&leaf, &reversed, year(1)).status, PathStatus::LimitReached);
        assert_eq!(finder.find(&leaf, &crowd[..20], year(1)).status, PathStatus::Incomplete);
    }

    #[test]
    fn a_loop_of_cross_certificates_ends() {
        let root = Make::root("root", 1).make();
        let one = Make::ca("a", 2, "b", 4).make();
        let two = Make::ca("b", 4, "a", 2).make();
        let leaf = Make::leaf("leaf", 3, "a", 2).make();
        assert_eq!(finder(&[&root], &[&one, &two]).find(&leaf, &[], year(1)).status, PathStatus::Incomplete);
    }

    #[test]
    fn name_constraints_bind_what_is_below() {
        let base = |text: &str| crate::pki::testing::common_name(text);
        let subtree = |text: &str| sequence(&[&crate::pki::testing::element(0xa4, &base(text))]);
        let permitted = sequence(&[&crate::pki::testing::element(0xa0, &subtree("so"))]);
        let root = Make::root("root", 1).make();
        let ca = Make::ca("ca", 2, "root", 1).with(extension("2.5.29.30", true, &permitted)).make();
        let finder = finder(&[&root], &[&ca]);
        let inside = Make::leaf("so", 3, "ca", 2).make();
        let outside = Make::leaf("khac", 3, "ca", 2).make();
        assert!(finder.find(&inside, &[], year(1)).is_valid());
        assert_eq!(
            finder.find(&outside, &[], year(1)).status,
            PathStatus::Constraint { index: 0, failure: ConstraintFailure::NameConstraints }
        );
    }

    #[test]
    fn damaged_certificates_never_pass_and_never_panic() {
        let root = Make::root("root", 1).make();
        let finder = finder(&[&root], &[]);
        let der = Make::leaf("leaf", 3, "root", 1).with(extension("2.5.29.15", true, &[3, 2, 6, 0xc0])).der();
        assert!(finder.find(&Arc::new(Certificate::parse(&der).unwrap()), &[], year(1)).is_valid());
        for position in 0..der.len() {
            assert!(Certificate::parse(&der[..position]).is_err());
            for bit in 0..8 {
                let mut damaged = der.clone();
                damaged[position] ^= 1 << bit;
                if let Ok(certificate) = Certificate::parse(&damaged) {
                    let path = finder.find(&Arc::new(certificate), &[], year(1));
                    assert!(!path.is_valid(), "bit {bit} of octet {position}");
                }
            }
        }
    }
}
