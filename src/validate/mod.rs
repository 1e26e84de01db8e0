//! From signature facts and a context to a verdict (ETSI EN 319 102-1 V1.3.1, clause 5).
//!
//! Pure: the same facts, trust, revocation data, editions and clock give the same verdict. File names
//! are the standard's building blocks. Validity follows the shell model at the reference time.

mod certificate;
mod certificate_validation;
mod crypto_verification;
mod format_checking;
mod modification;
mod outcome;
mod readers;
mod reasons;
mod signature_acceptance;
mod timestamp;

pub use certificate::{CertificateVerdict, PathStep, Position, judge as judge_certificate};
pub use outcome::Detail;

use crate::edition::Editions;
use crate::limits::Limits;
use crate::model::{
    BaselineLevel, Blob, BlobKind, CalendarDate, CmsFacts, Indication, Integrity, Modification, PdfFacts,
    RevocationStatus, Role, Sha256Digest, SignatureFacts, SignatureKind, SignatureVerdict, SignerFacts, TimeSource,
    Trust, UnixTime, VerdictNote,
};
use crate::organisation::{OrganisationTable, holder};
use crate::pki::{Certificate, Crl, OcspResponse, PathFinder, RevocationSource};
use format_checking::Range;
use outcome::Outcomes;
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use timestamp::{Covering, Reference};

/// Everything that is judged by. All of it is passed in; nothing is fetched or read.
pub struct Context<'a> {
    /// The audit's clock: control time.
    pub clock: UnixTime,
    /// CRLs and OCSP responses.
    pub revocation: &'a RevocationSource,
    /// Anchors and candidate certificates, with the paths found so far.
    pub paths: &'a PathFinder,
    /// The law by date.
    pub editions: &'a Editions,
    /// Names of organisations.
    pub organisations: &'a OrganisationTable,
    /// The operator's word on who a certificate belongs to.
    pub overrides: &'a HashMap<Sha256Digest, Holder>,
    /// Classifications made so far.
    pub holders: &'a HolderMemo,
    /// Everything that documents carried.
    pub carried: &'a Carried,
    /// Bounds.
    pub limits: &'a Limits,
    /// How much of the reasoning is kept.
    pub detail: Detail,
}

/// Certificates and revocation data that documents carried, parsed once.
#[derive(Debug, Default)]
pub struct Carried {
    certificates: HashMap<Sha256Digest, Arc<Certificate>>,
    lists: HashMap<Sha256Digest, Arc<Crl>>,
    responses: HashMap<Sha256Digest, Arc<OcspResponse>>,
}

impl Carried {
    /// Adds a blob; one that cannot be parsed is left out and counts as not held.
    pub fn add(&mut self, blob: &Blob) {
        match blob.kind {
            BlobKind::Certificate => {
                if let Ok(certificate) = Certificate::parse(&blob.der) {
                    self.certificates.insert(blob.sha256, Arc::new(certificate));
                }
            }
            BlobKind::Crl => {
                if let Ok(list) = Crl::parse(&blob.der) {
                    self.lists.insert(blob.sha256, Arc::new(list));
                }
            }
            BlobKind::OcspResponse => {
                if let Ok(response) = OcspResponse::parse(&blob.der) {
                    self.responses.insert(blob.sha256, Arc::new(response));
                }
            }
        }
    }

    /// The revocation data of one document: its security store and what its signatures carry.
    fn revocation(&self, facts: &PdfFacts) -> RevocationSource {
        let signers = || {
            facts.signatures.iter().filter_map(|signature| match &signature.cms {
                CmsFacts::Parsed(signer) => Some(signer),
                CmsFacts::Malformed(_) | CmsFacts::Absent(_) => None,
            })
        };
        let store = &facts.security_store;
        let lists = store.crls.iter().chain(signers().flat_map(|signer| &signer.crls));
        let responses = store.ocsp_responses.iter().chain(signers().flat_map(|signer| &signer.ocsp_responses));
        RevocationSource::new(
            lists.filter_map(|sha256| self.lists.get(sha256)).cloned(),
            responses.filter_map(|sha256| self.responses.get(sha256)).cloned(),
        )
    }
}

/// Remembers who a certificate belongs to on a day: a department has tens of signers and many thousand
/// documents. Changes no outcome.
#[derive(Debug, Default)]
pub struct HolderMemo(RwLock<HashMap<HolderKey, (Role, bool)>>);

/// Certificate and day.
type HolderKey = (Sha256Digest, Option<CalendarDate>);

impl HolderMemo {
    fn get(&self, key: HolderKey, classify: impl FnOnce() -> (Role, bool)) -> (Role, bool) {
        if let Some(known) = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return *known;
        }
        let found = classify();
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(key, found);
        found
    }
}

/// Whose certificate it is, by the operator's word.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Holder {
    /// A person.
    Person,
    /// An agency.
    Agency,
    /// A portal or gazette.
    Republisher,
}

/// Certificates at hand for one document: those it carries.
pub(crate) struct Pool<'a> {
    certificates: &'a HashMap<Sha256Digest, Arc<Certificate>>,
    store: &'a [Sha256Digest],
    revocation: &'a RevocationSource,
}

impl<'a> Pool<'a> {
    fn certificate(&self, sha256: Sha256Digest) -> Option<&'a Arc<Certificate>> {
        self.certificates.get(&sha256)
    }

    /// Candidate issuers: what the CMS carries and the security store.
    fn candidates(&self, carried: &[Sha256Digest]) -> Vec<Arc<Certificate>> {
        carried.iter().chain(self.store).filter_map(|sha256| self.certificates.get(sha256)).cloned().collect()
    }
}

/// Notes for the checks, each word once.
#[derive(Default)]
pub(crate) struct Notes(Vec<VerdictNote>);

impl Notes {
    fn add(&mut self, code: &str, detail: &str) {
        if !self.0.iter().any(|note| note.code == code && note.detail == detail) {
            self.0.push(VerdictNote { code: code.to_owned(), detail: detail.to_owned() });
        }
    }

    fn add_word(&mut self, word: &str) {
        self.add(word, "");
    }
}

/// Judges every signature of a document, in the order of the facts. `day` is the document's date, for
/// the names in force then; without it the day of signing serves.
pub fn judge(facts: &PdfFacts, day: Option<CalendarDate>, context: &Context<'_>) -> Vec<SignatureVerdict> {
    if facts.signatures.is_empty() {
        return Vec::new();
    }
    let revocation = context.carried.revocation(facts);
    let pool = Pool {
        certificates: &context.carried.certificates,
        store: &facts.security_store.certificates,
        revocation: &revocation,
    };
    let proofs = timestamp::proofs(facts, context, &pool);
    let mut verdicts: Vec<_> =
        facts.signatures.iter().map(|signature| one(signature, facts, day, &proofs, context, &pool)).collect();
    modification::doubt_unsound_additions(&facts.signatures, &mut verdicts);
    verdicts
}

fn one(
    facts: &SignatureFacts,
    document: &PdfFacts,
    day: Option<CalendarDate>,
    proofs: &[Covering],
    context: &Context<'_>,
    pool: &Pool<'_>,
) -> SignatureVerdict {
    let mut outcomes = Outcomes::new(context.detail);
    let mut notes = Notes::default();
    let (range, signer) = format_checking::check(facts, &mut outcomes);
    let mut verdict = blank(facts, format_checking::coverage(facts));
    if let Some(signer) = signer {
        verdict.integrity = crypto_verification::check(signer, facts.kind, range, &mut outcomes);
        verdict.modification = modification::check(facts, range, &mut outcomes);
        let reference = if facts.kind == SignatureKind::DocumentTimestamp {
            timestamp::document_timestamp(facts, signer, proofs, context, pool, &mut outcomes, &mut notes)
        } else {
            timestamp::reference(facts, signer, proofs, context, pool, &mut outcomes, &mut notes)
        };
        verdict.reference_time = reference.time;
        verdict.time_source = reference.source;
        identify(facts, signer, &reference, context, pool, &mut outcomes, &mut notes, &mut verdict);
        signature_acceptance::check(facts, signer, &reference, context, &mut outcomes, &mut notes);
        verdict.level = level(facts, signer, range, &reference, context, pool);
        role(&mut verdict, day, context);
        readers::check(document, &mut outcomes);
    } else {
        verdict.integrity = if range == Range::Unusable { Integrity::Broken } else { Integrity::Unknown };
        verdict.modification = Modification::Unknown;
    }
    // Said once, of the last signature: that later signers extend the file is the normal flow.
    let end = timestamp::range_end(facts);
    let last = document.signatures.iter().all(|other| timestamp::range_end(other) <= end);
    if last && verdict.modification == Modification::Permitted && !facts.byte_range.reaches_end {
        notes.add("document-extended", "");
    }
    let (indication, sub_indication, cause) = outcomes.overall();
    verdict.indication = indication;
    verdict.sub_indication = sub_indication;
    verdict.cause = cause.map(str::to_owned);
    verdict.conclusions = outcomes.into_conclusions();
    verdict.notes = notes.0;
    verdict
}

/// The signer's certificate, its path and status, into the verdict.
#[allow(clippy::too_many_arguments, reason = "one building block's inputs and outputs")]
fn identify(
    facts: &SignatureFacts,
    signer: &SignerFacts,
    reference: &Reference,
    context: &Context<'_>,
    pool: &Pool<'_>,
    outcomes: &mut Outcomes,
    notes: &mut Notes,
    verdict: &mut SignatureVerdict,
) {
    let Some(sha256) = signer.certificate else { return };
    verdict.certificate = Some(sha256);
    let Some(certificate) = pool.certificate(sha256) else {
        certificate_validation::unreadable(outcomes);
        return;
    };
    verdict.signer = certificate.subject.common_name().map(str::to_owned);
    verdict.organisation = certificate_validation::organisation(certificate);
    verdict.issuer = certificate.issuer.common_name().map(str::to_owned);
    verdict.certificate_validity = Some((certificate.not_before, certificate.not_after));
    let at = reference.time.unwrap_or(context.clock);
    let revocation_at = if reference.proofs.is_empty() { context.clock.max(at) } else { at };
    let assessment =
        certificate_validation::assess(context, pool, certificate, &signer.certificates, at, revocation_at);
    certificate_validation::conclude(&assessment, certificate, facts, reference, context, pool, outcomes, notes);
    verdict.trust = assessment.trust;
    verdict.path = assessment.path;
    // Revoked later, with a proof that the signature existed before: good at the reference time.
    let later = assessment.revoked.as_ref().is_some_and(|(since, _)| reference.existed_before(*since));
    verdict.revocation = if later { RevocationStatus::Good } else { assessment.revocation };
    verdict.revoked = assessment.revoked;
    verdict.revocation_evidence = assessment.evidence;
}

/// The level that the signature's own data reaches (ETSI EN 319 142-1, clause 6): a proven time; with it
/// revocation data in the document that answers for the whole path; and a document timestamp over both.
fn level(
    facts: &SignatureFacts,
    signer: &SignerFacts,
    range: Range,
    reference: &Reference,
    context: &Context<'_>,
    pool: &Pool<'_>,
) -> Option<BaselineLevel> {
    if range != Range::Usable || !signer.value.is_right() || facts.kind == SignatureKind::DocumentTimestamp {
        return None;
    }
    let Some(proof) = reference.proofs.first() else { return Some(BaselineLevel::B) };
    let certificate = signer.certificate.and_then(|sha256| pool.certificate(sha256));
    let held = !pool.revocation.is_empty()
        && certificate.is_some_and(|certificate| {
            certificate_validation::answered_by_document(context, pool, certificate, &signer.certificates, proof.time)
        });
    Some(match (held, reference.archived) {
        (false, _) => BaselineLevel::T,
        (true, false) => BaselineLevel::Lt,
        (true, true) => BaselineLevel::Lta,
    })
}

/// Person, agency or republisher on the document's day, else on the day of signing.
fn role(verdict: &mut SignatureVerdict, day: Option<CalendarDate>, context: &Context<'_>) {
    let day = day.or_else(|| verdict.reference_time.and_then(UnixTime::date_in_vietnam));
    (verdict.role, verdict.republisher) = holder_of(verdict.certificate, verdict.signer.as_deref(), day, context);
}

/// Whose certificate it is: the operator's word, else the organisation table and the common name.
fn holder_of(
    certificate: Option<Sha256Digest>,
    name: Option<&str>,
    day: Option<CalendarDate>,
    context: &Context<'_>,
) -> (Role, bool) {
    let by_operator = certificate.and_then(|sha256| context.overrides.get(&sha256));
    match (by_operator, name) {
        (Some(Holder::Person), _) => (Role::Person, false),
        (Some(Holder::Agency), _) => (Role::Agency, false),
        (Some(Holder::Republisher), _) => (Role::Agency, true),
        (None, Some(name)) => {
            let classify = || {
                let holder = holder::classify(context.organisations, name, day);
                (holder.role, holder.republisher)
            };
            match certificate {
                Some(sha256) => context.holders.get((sha256, day), classify),
                None => classify(),
            }
        }
        (None, None) => (Role::Unknown, false),
    }
}

/// A verdict before anything was judged.
fn blank(facts: &SignatureFacts, coverage: crate::model::Coverage) -> SignatureVerdict {
    SignatureVerdict {
        field: facts.field.clone(),
        kind: facts.kind,
        sub_filter: facts.sub_filter.clone(),
        indication: Indication::Indeterminate,
        sub_indication: None,
        integrity: Integrity::Unknown,
        modification: Modification::Unknown,
        coverage,
        level: None,
        role: Role::Unknown,
        republisher: false,
        trust: Trust::Unknown,
        signer: None,
        organisation: None,
        issuer: None,
        reference_time: None,
        time_source: TimeSource::None,
        revocation: RevocationStatus::Unknown,
        revoked: None,
        certificate_validity: None,
        certificate: None,
        path: Vec::new(),
        revocation_evidence: Vec::new(),
        byte_range: facts.byte_range.values.clone(),
        cause: None,
        conclusions: Vec::new(),
        notes: Vec::new(),
    }
}

#[cfg(test)]
mod tests;
