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
use super::path::{PathFinder, PathOutcome};
use crate::model::{Sha256Digest, UnixTime};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Lists looked at for one certificate: years of weekly lists; ours, against a hostile document.
const MAXIMUM_LISTS: usize = 1_024;

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
    /// Evidence: the operator's folder, the document's own.
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

/// What all evidence for one certificate amounts to.
#[derive(Default)]
struct Tally {
    revoked: Option<(CrlEntry, Vec<Sha256Digest>)>,
    /// Evidence that says good for every reason: rank, thisUpdate (negated for [`Answers::InForce`]).
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
        // In force: the newest. Later: the earliest, closest to the time asked about.
        let order = if how == Answers::InForce { this_update.0.saturating_neg() } else { this_update.0 };
        if self.good.as_ref().is_none_or(|(known, _)| (how, order) < *known) {
            self.good = Some(((how, order), evidence));
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
        let (Some(certificate), Some(issuer)) = (path.chain.get(index), path.chain.get(index.saturating_add(1))) else {
            let answer = RevocationAnswer::Unknown(UnknownReason::NoIssuer);
            return RevocationOutcome { answer, evidence: Vec::new() };
        };
        let mut tally = Tally::default();
        let anchor = path.anchor.as_ref().map(|anchor| anchor.certificate.sha256);
        self.consult_lists(certificate, issuer, anchor, at, &mut tally);
        self.consult_responses(certificate, issuer, at, &mut tally);
        tally.outcome()
    }

    fn consult_responses(&self, certificate: &Certificate, issuer: &Certificate, at: UnixTime, tally: &mut Tally) {
        let serial = minimal(&certificate.serial);
        let held = self.sources.iter().filter_map(|source| source.responses.get(serial)).flatten();
        for response in held.take(MAXIMUM_LISTS) {
            for single in response.about(certificate, issuer) {
                if !response.is_authorised_by(issuer, self.finder.signatures()) {
                    tally.unknown(UnknownReason::WrongSignature);
                    continue;
                }
                if let Some(oid) = response.unprocessed.first() {
                    tally.unknown(UnknownReason::Unprocessed(oid.clone()));
                    continue;
                }
                // Without nextUpdate newer information is always available (RFC 6960, 4.2.2.1): it
                // answers up to the moment it was made.
                let until = single.next_update.unwrap_or(response.produced_at);
                let how = answers(certificate, at, single.this_update, until, None);
                let evidence = vec![response.sha256];
                match single.status {
                    OcspStatus::Revoked { date, reason }
                        if how != Answers::No || reason != RevocationReason::CertificateHold =>
                    {
                        tally.revoked(CrlEntry { date, reason, invalidity_date: None }, evidence);
                    }
                    OcspStatus::Good if how != Answers::No => tally.good(how, single.this_update, evidence),
                    OcspStatus::Unknown => tally.unknown(UnknownReason::NotKnownToResponder),
                    _ => tally.unknown(UnknownReason::OtherTime {
                        this_update: single.this_update,
                        next_update: single.next_update,
                    }),
                }
            }
        }
    }

    fn consult_lists(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
        anchor: Option<Sha256Digest>,
        at: UnixTime,
        tally: &mut Tally,
    ) {
        let lists = self.lists_for(certificate);
        let (deltas, complete): (Vec<_>, Vec<_>) = lists.into_iter().partition(|list| list.delta_base.is_some());
        for list in &complete {
            let reasons = scope(certificate, list);
            if reasons == Reasons::NONE {
                tally.unknown(UnknownReason::OutOfScope);
                continue;
            }
            if !self.is_signed(list, issuer, anchor) {
                tally.unknown(UnknownReason::WrongSignature);
                continue;
            }
            if let Some(oid) = list.unprocessed.first() {
                tally.unknown(UnknownReason::Unprocessed(oid.clone()));
                continue;
            }
            let in_force = |list: &Crl| {
                let until = list.next_update.unwrap_or(list.this_update);
                answers(certificate, at, list.this_update, until, list.keeps_expired_since)
            };
            let mut how = in_force(list);
            let mut this_update = list.this_update;
            let mut entry = list.entry(&certificate.issuer, &certificate.serial).copied();
            let mut evidence = vec![list.sha256];

            // The newest delta CRL that answers for the time and extends this list (RFC 5280, 5.2.4).
            let delta = deltas
                .iter()
                .filter(|delta| extends(delta, list) && delta.unprocessed.is_empty())
                .filter(|delta| in_force(delta) == Answers::InForce)
                .filter(|delta| self.is_signed(delta, issuer, anchor))
                .max_by_key(|delta| (delta.this_update, delta.sha256));
            if let Some(delta) = delta {
                how = Answers::InForce;
                this_update = delta.this_update;
                evidence.push(delta.sha256);
                entry = match delta.entry(&certificate.issuer, &certificate.serial).copied() {
                    Some(change) if change.reason == RevocationReason::RemoveFromCrl => None,
                    Some(change) => Some(change),
                    None => entry,
                };
            }
            match entry {
                Some(entry) if how != Answers::No || entry.reason != RevocationReason::CertificateHold => {
                    tally.revoked(entry, evidence);
                }
                None if how != Answers::No && reasons == Reasons::ALL => tally.good(how, this_update, evidence),
                None if how != Answers::No => tally.partly_good(reasons, &evidence),
                _ => tally
                    .unknown(UnknownReason::OtherTime { this_update: list.this_update, next_update: list.next_update }),
            }
        }
    }

    /// Lists under the name of the certificate's issuer or of a CRL issuer it points to.
    fn lists_for(&self, certificate: &Certificate) -> Vec<&Arc<Crl>> {
        let mut names = vec![certificate.issuer.key()];
        for name in certificate.extensions.distribution_points.iter().flat_map(|point| &point.crl_issuer) {
            if let GeneralName::Directory(name) = name {
                names.push(name.key());
            }
        }
        names.sort();
        names.dedup();
        let mut seen = HashSet::new();
        let of = |name: &NameKey| {
            let name = name.clone();
            self.sources.iter().filter_map(move |source| source.lists.get(&name)).flatten()
        };
        names.iter().flat_map(of).filter(|list| seen.insert(list.sha256)).take(MAXIMUM_LISTS).collect()
    }

    /// Whether the certificate's issuer signed the list, or a CRL issuer whose own path is valid and
    /// ends at the same anchor (RFC 5280, 6.3.3 (f), (g)).
    fn is_signed(&self, list: &Crl, issuer: &Certificate, anchor: Option<Sha256Digest>) -> bool {
        let signed_with = |signer: &Certificate| {
            signer.extensions.key_usage.is_none_or(|usage| usage.crl_signing())
                && self
                    .finder
                    .signatures()
                    .get(list.sha256, signer.key_sha256, || list.verify_signed_by(&signer.spki))
                    .is_right()
        };
        if issuer.subject == list.issuer && signed_with(issuer) {
            return true;
        }
        let Some(anchor) = anchor else { return false };
        self.finder.named(&list.issuer).chain(self.pool).filter(|signer| signer.subject == list.issuer).any(|signer| {
            signed_with(signer) && {
                let path = self.finder.find(signer, self.pool, list.this_update);
                path.is_valid() && path.anchor.is_some_and(|end| end.certificate.sha256 == anchor)
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
    if let Some(scope) = &list.scope {
        if scope.only_attribute_certificates
            || (scope.only_user_certificates && certificate.is_ca())
            || (scope.only_ca_certificates && !certificate.is_ca())
        {
            return Reasons::NONE;
        }
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
