//! Was a certificate revoked at a moment? (RFC 5280, 6.3; RFC 6960; NĐ 68/2024 Đ.31, as quoted publicly.)
//!
//! A list or response answers for a time T if it was in force then (thisUpdate ≤ T ≤ nextUpdate), or
//! was issued later while the certificate had not expired yet (expired entries may be dropped). A
//! revocation once stated stands, whatever the dates of the list, unless it was a hold. No answer is
//! Unknown, never Good.

use super::certificate::Certificate;
use super::crl::{Crl, CrlEntry, RevocationReason, minimal};
use super::distribution::{DistributionPoint, PointName, Reasons};
use super::general_name::GeneralName;
use super::name::{Name, NameKey};
use super::ocsp::{OcspResponse, OcspStatus};
use super::path::{PathFinder, PathOutcome, PathStatus};
use crate::model::{Sha256Digest, UnixTime};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// How far the delegates are followed whose lists speak of other delegates. One suffices for NIST PKITS.
const MAXIMUM_DELEGATION: u8 = 2;

/// Lists and responses by what they speak of: built once for a folder, or for one document.
#[derive(Clone, Debug, Default)]
pub struct RevocationSource {
    lists: HashMap<NameKey, Vec<Arc<Crl>>>,
    responses: HashMap<Vec<u8>, Vec<Arc<OcspResponse>>>,
}

impl RevocationSource {
    /// Indexes lists and responses; identical ones count once.
    pub fn new(
        lists: impl IntoIterator<Item = Arc<Crl>>,
        responses: impl IntoIterator<Item = Arc<OcspResponse>>,
    ) -> Self {
        let mut source = Self::default();
        let mut seen = HashSet::new();
        for list in lists {
            if seen.insert(list.sha256) {
                source.lists.entry(list.issuer.key()).or_default().push(list);
            }
        }
        // The order in which files were read must not show.
        source.lists.values_mut().for_each(|lists| lists.sort_by_key(|list| (list.this_update, list.sha256)));
        for response in responses {
            if seen.insert(response.sha256) {
                let serials: HashSet<&Vec<u8>> = response.responses.iter().map(|single| &single.serial).collect();
                for serial in serials {
                    source.responses.entry(serial.clone()).or_default().push(Arc::clone(&response));
                }
            }
        }
        source
            .responses
            .values_mut()
            .for_each(|responses| responses.sort_by_key(|response| (response.produced_at, response.sha256)));
        source
    }
}

/// One list or response, for people.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EvidenceSummary {
    /// `CRL` or `OCSP`.
    pub kind: &'static str,
    /// Issuer of a list.
    pub issuer: Option<String>,
    /// thisUpdate (of a response: of its first entry, else producedAt).
    pub this_update: UnixTime,
    /// nextUpdate.
    pub next_update: Option<UnixTime>,
}

impl RevocationSource {
    /// The list or response with this digest. Looks through all: for one document or certificate.
    pub fn summary(&self, sha256: &Sha256Digest) -> Option<EvidenceSummary> {
        if let Some(list) = self.lists.values().flatten().find(|list| list.sha256 == *sha256) {
            return Some(EvidenceSummary {
                kind: "CRL",
                issuer: Some(list.issuer.short()),
                this_update: list.this_update,
                next_update: list.next_update,
            });
        }
        let response = self.responses.values().flatten().find(|response| response.sha256 == *sha256)?;
        let first = response.responses.first();
        Some(EvidenceSummary {
            kind: "OCSP",
            issuer: None,
            this_update: first.map_or(response.produced_at, |one| one.this_update),
            next_update: first.and_then(|one| one.next_update),
        })
    }

    /// Holds nothing.
    pub fn is_empty(&self) -> bool {
        self.lists.is_empty() && self.responses.is_empty()
    }

    /// Lists under the name of the certificate's issuer or of a CRL issuer it points to.
    fn lists_for(&self, certificate: &Certificate, issuer: NameKey) -> Vec<&Arc<Crl>> {
        let pointed_to = certificate.extensions.distribution_points.iter().flat_map(|point| &point.crl_issuer);
        let mut names: Vec<NameKey> = pointed_to
            .filter_map(|name| match name {
                GeneralName::Directory(name) => Some(name.key()),
                _ => None,
            })
            .chain([issuer])
            .collect();
        names.sort();
        names.dedup();
        names.iter().filter_map(|name| self.lists.get(name)).flatten().collect()
    }
}

/// Whether and when a certificate was revoked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum RevocationAnswer {
    /// Not revoked, by evidence that answers for the time asked about.
    Good,
    /// Revoked; compare `date` with the time asked about: it may lie after it.
    Revoked {
        /// When.
        date: UnixTime,
        /// Why.
        reason: RevocationReason,
        /// When the key is thought to have been compromised, if stated.
        invalidity_date: Option<UnixTime>,
    },
    /// No evidence answers.
    Unknown(UnknownReason),
}

/// Why no evidence answers; the most useful reason of all evidence looked at.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum UnknownReason {
    /// The path has no issuer for this certificate.
    NoIssuer,
    /// No list or response of the issuer is held.
    NoEvidence,
    /// There is one under the issuer's name, but nobody entitled signed it.
    WrongSignature,
    /// There is one, but it does not cover this certificate (other distribution point, other kind).
    OutOfScope,
    /// The issuer's responder does not know the certificate.
    NotKnownToResponder,
    /// There is one, but none for that time: the nearest, thisUpdate and nextUpdate.
    OtherTime {
        /// thisUpdate.
        this_update: UnixTime,
        /// nextUpdate.
        next_update: Option<UnixTime>,
    },
    /// There is one, but it has a critical extension that is not supported (dotted).
    Unprocessed(String),
    /// Those that answer cover only some reasons for revocation.
    OnlySomeReasons,
    /// The limit `path_signature_checks` was reached while CRL issuers and responders were tried.
    LimitReached,
}

/// A revocation status with its evidence.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RevocationOutcome {
    /// The status.
    pub answer: RevocationAnswer,
    /// SHA-256 of each list and response that the answer rests on.
    pub evidence: Vec<Sha256Digest>,
}

/// Where to look for the status of certificates.
#[derive(Clone, Copy, Debug)]
pub struct Revocation<'a> {
    /// Finds the paths of delegated CRL issuers; remembers verified signatures.
    pub finder: &'a PathFinder,
    /// Evidence: the operator's folder first, then the document's own (which must not use up the limit).
    pub sources: &'a [&'a RevocationSource],
    /// Certificates of the document, for delegated CRL issuers.
    pub pool: &'a [Arc<Certificate>],
}

/// Whether evidence answers for a time.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Answers {
    InForce,
    Later,
    No,
}

fn answers(
    certificate: &Certificate,
    at: UnixTime,
    this_update: UnixTime,
    until: UnixTime,
    keeps_expired_since: Option<UnixTime>,
) -> Answers {
    if this_update <= at && at <= until {
        Answers::InForce
    } else if this_update > at
        && (this_update <= certificate.not_after
            || keeps_expired_since.is_some_and(|since| since <= certificate.not_after))
    {
        Answers::Later
    } else {
        Answers::No
    }
}

/// Lower is better: of evidence in force the newest, of later evidence the earliest, closest to the time
/// asked about.
fn preference(how: Answers, this_update: UnixTime) -> i64 {
    if how == Answers::InForce { this_update.0.saturating_neg() } else { this_update.0 }
}

/// Who signed a list or response. It counts as of when it was made: that its signer has expired since takes
/// nothing from it (RFC 5280, 6.3.3 (f); EN 319 102-1, 5.6.2).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Signed {
    Entitled,
    /// The issuer, whose certificate had expired by then: nobody vouches for what it calls good any more. What
    /// it calls revoked is still its word.
    Expired,
    Nobody,
}

/// What all evidence for one certificate amounts to.
#[derive(Default)]
struct Tally {
    revoked: Option<(CrlEntry, Vec<Sha256Digest>)>,
    /// Evidence that says good for every reason, with its rank.
    good: Option<((Answers, i64), Vec<Sha256Digest>)>,
    /// Evidence for only some reasons.
    partial: Option<(Reasons, Vec<Sha256Digest>)>,
    unknown: Option<UnknownReason>,
}

impl Tally {
    fn revoked(&mut self, entry: CrlEntry, evidence: Vec<Sha256Digest>) {
        // The earliest date binds; a proper revocation outlasts a hold of the same date.
        let rank = |entry: &CrlEntry| (entry.date, entry.reason == RevocationReason::CertificateHold);
        if self.revoked.as_ref().is_none_or(|(known, _)| rank(&entry) < rank(known)) {
            self.revoked = Some((entry, evidence));
        }
    }

    fn good(&mut self, how: Answers, this_update: UnixTime, evidence: Vec<Sha256Digest>) {
        let rank = (how, preference(how, this_update));
        if self.good.as_ref().is_none_or(|(known, _)| rank < *known) {
            self.good = Some((rank, evidence));
        }
    }

    fn partly_good(&mut self, reasons: Reasons, evidence: &[Sha256Digest]) {
        let (known, all) = self.partial.get_or_insert((Reasons::NONE, Vec::new()));
        if known.or(reasons) != *known {
            *known = known.or(reasons);
            all.extend(evidence);
        }
    }

    fn unknown(&mut self, reason: UnknownReason) {
        if self.unknown.as_ref().is_none_or(|known| *known < reason) {
            self.unknown = Some(reason);
        }
    }

    fn outcome(self) -> RevocationOutcome {
        if let Some((entry, evidence)) = self.revoked {
            let CrlEntry { date, reason, invalidity_date } = entry;
            return RevocationOutcome { answer: RevocationAnswer::Revoked { date, reason, invalidity_date }, evidence };
        }
        if let Some((_, evidence)) = self.good {
            return RevocationOutcome { answer: RevocationAnswer::Good, evidence };
        }
        match self.partial {
            Some((Reasons::ALL, evidence)) => RevocationOutcome { answer: RevocationAnswer::Good, evidence },
            Some((_, evidence)) => {
                RevocationOutcome { answer: RevocationAnswer::Unknown(UnknownReason::OnlySomeReasons), evidence }
            }
            None => {
                let reason = self.unknown.unwrap_or(UnknownReason::NoEvidence);
                RevocationOutcome { answer: RevocationAnswer::Unknown(reason), evidence: Vec::new() }
            }
        }
    }
}

impl Revocation<'_> {
    /// The status at `at` of the certificate at `index` of a path. The anchor has none: it is trusted
    /// by the operator's word.
    pub fn status(&self, path: &PathOutcome, index: usize, at: UnixTime) -> RevocationOutcome {
        self.status_within(path, index, at, 0, &mut self.finder.signature_checks())
    }

    fn status_within(
        &self,
        path: &PathOutcome,
        index: usize,
        at: UnixTime,
        delegation: u8,
        checks: &mut u64,
    ) -> RevocationOutcome {
        let (Some(certificate), Some(issuer)) = (path.chain.get(index), path.chain.get(index.saturating_add(1))) else {
            let answer = RevocationAnswer::Unknown(UnknownReason::NoIssuer);
            return RevocationOutcome { answer, evidence: Vec::new() };
        };
        let anchor = path.anchor.as_ref().map(|anchor| anchor.certificate.sha256);
        let mut inquiry =
            Inquiry { all: self, certificate, issuer, anchor, at, delegation, checks, tally: Tally::default() };
        inquiry.consult_lists();
        inquiry.consult_responses();
        inquiry.tally.outcome()
    }
}

/// One question about one certificate.
struct Inquiry<'a> {
    all: &'a Revocation<'a>,
    certificate: &'a Certificate,
    issuer: &'a Certificate,
    anchor: Option<Sha256Digest>,
    at: UnixTime,
    /// How many delegates led here.
    delegation: u8,
    /// Signatures that may still turn out wrong. Right ones are remembered and cost nothing.
    checks: &'a mut u64,
    tally: Tally,
}

impl Inquiry<'_> {
    fn consult_responses(&mut self) {
        let serial = minimal(&self.certificate.serial);
        for response in self.all.sources.iter().filter_map(|source| source.responses.get(serial)).flatten() {
            for single in response.about(self.certificate, self.issuer) {
                let signed = self.authority_of(response);
                if signed == Signed::Nobody {
                    self.tally.unknown(UnknownReason::WrongSignature);
                    continue;
                }
                if let Some(oid) = response.unprocessed.first() {
                    self.tally.unknown(UnknownReason::Unprocessed(oid.clone()));
                    continue;
                }
                // Without nextUpdate newer information is always available (RFC 6960, 4.2.2.1): it
                // answers up to the moment it was made.
                let until = single.next_update.unwrap_or(response.produced_at);
                let how = answers(self.certificate, self.at, single.this_update, until, None);
                let evidence = vec![response.sha256];
                match single.status {
                    OcspStatus::Revoked { date, reason }
                        if how != Answers::No || reason != RevocationReason::CertificateHold =>
                    {
                        self.tally.revoked(CrlEntry { date, reason, invalidity_date: None }, evidence);
                    }
                    OcspStatus::Good if how != Answers::No && signed == Signed::Entitled => {
                        self.tally.good(how, single.this_update, evidence);
                    }
                    OcspStatus::Good if signed == Signed::Expired => {
                        self.tally.unknown(UnknownReason::WrongSignature);
                    }
                    OcspStatus::Unknown => self.tally.unknown(UnknownReason::NotKnownToResponder),
                    _ => self.tally.unknown(UnknownReason::OtherTime {
                        this_update: single.this_update,
                        next_update: single.next_update,
                    }),
                }
            }
        }
    }

    /// Consults lists, source by source. An archive may hold years of daily lists: those that name the
    /// certificate are all heard, of the others only the one closest to the time asked about.
    fn consult_lists(&mut self) {
        let (all, certificate) = (self.all, self.certificate);
        let (issuer, serial) = (certificate.issuer.key(), minimal(&certificate.serial));
        let lists: Vec<Vec<&Arc<Crl>>> =
            all.sources.iter().map(|source| source.lists_for(certificate, issuer)).collect();
        let deltas: Vec<&Arc<Crl>> = lists.iter().flatten().copied().filter(|list| list.delta_base.is_some()).collect();
        for lists in lists {
            let complete = lists.into_iter().filter(|list| list.delta_base.is_none());
            let (named, mut others): (Vec<_>, Vec<_>) =
                complete.partition(|list| !deltas.is_empty() || list.entry_for(&issuer, serial).is_some());
            for list in named {
                self.consult_list(list, &deltas);
            }
            if self.tally.revoked.is_some() {
                continue;
            }
            others.sort_by_cached_key(|list| {
                let how = self.answers(list);
                (how, preference(how, list.this_update))
            });
            for list in others {
                if self.consult_list(list, &deltas) {
                    break;
                }
            }
        }
    }

    /// Whether the list says that the certificate is good, for every reason.
    fn consult_list(&mut self, list: &Crl, deltas: &[&Arc<Crl>]) -> bool {
        let reasons = scope(self.certificate, list);
        if reasons == Reasons::NONE {
            self.tally.unknown(UnknownReason::OutOfScope);
            return false;
        }
        let signed = self.signer_of(list);
        if signed == Signed::Nobody {
            self.tally.unknown(UnknownReason::WrongSignature);
            return false;
        }
        if let Some(oid) = list.unprocessed.first() {
            self.tally.unknown(UnknownReason::Unprocessed(oid.clone()));
            return false;
        }
        let mut how = self.answers(list);
        let mut this_update = list.this_update;
        let mut entry = list.entry(&self.certificate.issuer, &self.certificate.serial).copied();
        let mut evidence = vec![list.sha256];
        if let Some(delta) = self.newest_delta(deltas, list) {
            how = Answers::InForce;
            this_update = delta.this_update;
            evidence.push(delta.sha256);
            entry = match delta.entry(&self.certificate.issuer, &self.certificate.serial).copied() {
                Some(change) if change.reason == RevocationReason::RemoveFromCrl => None,
                Some(change) => Some(change),
                None => entry,
            };
        }
        match entry {
            Some(entry) if how != Answers::No || entry.reason != RevocationReason::CertificateHold => {
                self.tally.revoked(entry, evidence);
            }
            None if signed == Signed::Expired => self.tally.unknown(UnknownReason::WrongSignature),
            None if how != Answers::No && reasons == Reasons::ALL => {
                self.tally.good(how, this_update, evidence);
                return true;
            }
            None if how != Answers::No => self.tally.partly_good(reasons, &evidence),
            _ => self
                .tally
                .unknown(UnknownReason::OtherTime { this_update: list.this_update, next_update: list.next_update }),
        }
        false
    }

    /// The newest delta CRL in force at the time that extends the list (RFC 5280, 5.2.4).
    fn newest_delta<'a>(&mut self, deltas: &[&'a Arc<Crl>], list: &Crl) -> Option<&'a Arc<Crl>> {
        let mut fitting: Vec<&Arc<Crl>> = deltas
            .iter()
            .filter(|delta| extends(delta, list) && delta.unprocessed.is_empty())
            .filter(|delta| self.answers(delta) == Answers::InForce)
            .copied()
            .collect();
        fitting.sort_by_key(|delta| (delta.this_update, delta.sha256));
        fitting.into_iter().rev().find(|delta| self.signer_of(delta) == Signed::Entitled)
    }

    fn answers(&self, list: &Crl) -> Answers {
        let until = list.next_update.unwrap_or(list.this_update);
        answers(self.certificate, self.at, list.this_update, until, list.keeps_expired_since)
    }

    /// Takes the outcome of a signature check into account; a wrong one costs.
    fn charge(&mut self, right: bool) -> bool {
        if !right {
            *self.checks = self.checks.saturating_sub(1);
        }
        right
    }

    fn may_check(&mut self) -> bool {
        if *self.checks == 0 {
            self.tally.unknown(UnknownReason::LimitReached);
        }
        *self.checks > 0
    }

    /// Whether the certificate's issuer signed the list, or a CRL issuer whose own path is valid, ends
    /// at the same anchor and holds no revoked certificate (RFC 5280, 6.3.3 (f), (g)).
    fn signer_of(&mut self, list: &Crl) -> Signed {
        let own = self.issuer.subject == list.issuer && self.is_signed_by(list, self.issuer);
        if own && list.this_update <= self.issuer.not_after {
            return Signed::Entitled;
        }
        let other = if own { Signed::Expired } else { Signed::Nobody };
        let Some(anchor) = self.anchor.filter(|_| self.delegation < MAXIMUM_DELEGATION) else { return other };
        let all = self.all;
        let delegated =
            all.finder.named(&list.issuer).chain(all.pool).filter(|signer| signer.subject == list.issuer).any(
                |signer| {
                    self.is_signed_by(list, signer) && {
                        let path = all.finder.find(signer, all.pool, list.this_update);
                        path.is_valid()
                            && path.anchor.as_ref().is_some_and(|end| end.certificate.sha256 == anchor)
                            && !self.is_path_revoked(&path, list.this_update)
                    }
                },
            );
        if delegated { Signed::Entitled } else { other }
    }

    fn is_signed_by(&mut self, list: &Crl, signer: &Certificate) -> bool {
        let extensions = &signer.extensions;
        let entitled = extensions.key_usage.is_none_or(|usage| usage.crl_signing());
        // Another key of the same name: no need to try.
        let other_key = match (&list.authority_key_identifier, &extensions.subject_key_identifier) {
            (Some(claimed), Some(own)) => claimed != own,
            _ => false,
        };
        if !entitled || other_key || !self.may_check() {
            return false;
        }
        let verify = || list.verify_signed_by(&signer.spki);
        let right = self.all.finder.signatures().get(list.sha256, signer.key_sha256, verify).is_right();
        self.charge(right)
    }

    /// Whether the issuer itself, or a responder that the issuer's key appointed and that is not
    /// revoked, signed the response (RFC 6960, 4.2.2.2).
    fn authority_of(&mut self, response: &Arc<OcspResponse>) -> Signed {
        let (all, issuer) = (self.all, self.issuer);
        let signatures = all.finder.signatures();
        if !self.may_check() {
            return Signed::Nobody;
        }
        let right = if response.produced_at <= issuer.not_after { Signed::Entitled } else { Signed::Expired };
        if self.charge(response.is_signed_by(issuer, signatures)) {
            return right;
        }
        let appointed = response.certificates.iter().any(|responder| {
            if !self.may_check() {
                return false;
            }
            let appointed = response.is_appointed(responder, issuer, signatures);
            if !self.charge(appointed && response.is_signed_by(responder, signatures)) {
                return false;
            }
            // Vouched for by its issuer for its whole life (RFC 6960, 4.2.2.2.1).
            if responder.extensions.ocsp_no_check || self.delegation >= MAXIMUM_DELEGATION {
                return true;
            }
            let path = PathOutcome {
                status: PathStatus::Valid,
                chain: vec![Arc::clone(responder), Arc::new(issuer.clone())],
                anchor: None,
            };
            !self.is_path_revoked(&path, response.produced_at)
        });
        if appointed { right } else { Signed::Nobody }
    }

    /// Whether a certificate of a delegate's path was revoked when the delegate signed. What is not
    /// known is not held against it: lists about delegates are rarely at hand.
    fn is_path_revoked(&mut self, path: &PathOutcome, at: UnixTime) -> bool {
        (0..path.chain.len().saturating_sub(1)).any(|index| {
            let delegation = self.delegation.saturating_add(1);
            match self.all.status_within(path, index, at, delegation, self.checks).answer {
                RevocationAnswer::Revoked { date, reason, .. } => {
                    date <= at || matches!(reason, RevocationReason::KeyCompromise | RevocationReason::CaCompromise)
                }
                RevocationAnswer::Good | RevocationAnswer::Unknown(_) => false,
            }
        })
    }
}

/// Whether a delta CRL may be combined with a complete one (RFC 5280, 5.2.4 and 6.3.3 (c)).
fn extends(delta: &Crl, list: &Crl) -> bool {
    let (Some(base), Some(number), Some(delta_number)) = (&delta.delta_base, &list.number, &delta.number) else {
        return false;
    };
    let order = |number: &Vec<u8>| (number.len(), number.clone());
    delta.issuer == list.issuer
        && delta.scope == list.scope
        && delta.authority_key_identifier == list.authority_key_identifier
        && order(base) <= order(number)
        && order(number) <= order(delta_number)
}

/// For which reasons the list speaks of the certificate (RFC 5280, 6.3.3 (b), (d)).
fn scope(certificate: &Certificate, list: &Crl) -> Reasons {
    let other_kind = list.scope.as_ref().is_some_and(|scope| {
        scope.only_attribute_certificates
            || (scope.only_user_certificates && certificate.is_ca())
            || (scope.only_ca_certificates && !certificate.is_ca())
    });
    if other_kind {
        return Reasons::NONE;
    }
    // Lists of the issuer that no distribution point names are taken as well (6.3.3, last paragraphs).
    let own = DistributionPoint {
        name: Some(PointName::Full(vec![GeneralName::Directory(certificate.issuer.clone())])),
        reasons: Reasons::ALL,
        crl_issuer: Vec::new(),
    };
    certificate
        .extensions
        .distribution_points
        .iter()
        .chain([&own])
        .filter(|point| point_covers(point, &certificate.issuer, list))
        .fold(Reasons::NONE, |reasons, point| {
            let listed = list.scope.as_ref().map_or(Reasons::ALL, |scope| scope.reasons);
            reasons.or(listed.and(point.reasons))
        })
}

fn point_covers(point: &DistributionPoint, certificate_issuer: &Name, list: &Crl) -> bool {
    // (b) (1)
    let named = point.crl_issuer.contains(&GeneralName::Directory(list.issuer.clone()));
    let indirect = list.scope.as_ref().is_some_and(|scope| scope.indirect);
    let right_issuer = if point.crl_issuer.is_empty() { list.issuer == *certificate_issuer } else { named && indirect };
    if !right_issuer {
        return false;
    }
    // (b) (2) (i)
    let Some(wanted) = list.scope.as_ref().and_then(|scope| scope.name.as_ref()) else { return true };
    let offered = match &point.name {
        Some(name) => name.names(&list.issuer),
        None => point.crl_issuer.clone(),
    };
    wanted.names(&list.issuer).iter().any(|name| offered.contains(name))
}

#[cfg(test)]
mod tests;
