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
use crate::model::{Sha256Digest, UnixTime, ValidityModel, ValueOutcome};
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
        self.find_by(ValidityModel::Shell, certificate, pool, at)
    }

    /// The same under a validity model.
    pub fn find_by(
        &self,
        model: ValidityModel,
        certificate: &Arc<Certificate>,
        pool: &[Arc<Certificate>],
        at: UnixTime,
    ) -> PathOutcome {
        let search = self.search(certificate, pool);
        let complete = |path: &CompletePath, status| PathOutcome {
            status,
            chain: path.chain.clone(),
            anchor: Some(path.anchor.clone()),
        };
        let sound = || search.complete.iter().filter(|path| path.fault.is_none());
        let untimely = |path: &CompletePath| {
            (0..path.chain.len()).find(|index| {
                let moment = used_at(model, &path.chain, *index, at);
                path.chain.get(*index).is_some_and(|one| !one.is_within_validity(moment))
            })
        };

        if let Some(path) = sound().filter(|path| untimely(path).is_none()).min_by_key(|path| path.preference()) {
            return complete(path, PathStatus::Valid);
        }
        if search.exhausted {
            let chain = vec![Arc::clone(certificate)];
            return PathOutcome { status: PathStatus::LimitReached, chain, anchor: None };
        }
        if let Some(path) = sound().min_by_key(|path| path.preference()) {
            let index = untimely(path).unwrap_or(0);
            let moment = used_at(model, &path.chain, index, at);
            let early = path.chain.get(index).is_some_and(|one| moment < one.not_before);
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

/// The moment at which a certificate of a chain has to be valid: when it was used.
pub(crate) fn used_at(model: ValidityModel, chain: &[Arc<Certificate>], index: usize, at: UnixTime) -> UnixTime {
    let below = index.checked_sub(1).filter(|_| model == ValidityModel::Chain).and_then(|below| chain.get(below));
    below.map_or(at, |issued| issued.not_before)
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
            // What the operator holds before what a document brings along, which may be a maze.
            let held = self.finder.is_held(candidate);
            let anchor = store.anchor(&candidate.sha256).is_some();
            (!by_name, !by_key, !anchor, !held, !candidate.is_ca(), candidate.sha256)
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
mod tests;
