//! Timestamp validation (EN 319 102-1, 5.4) and the proofs of existence that follow (5.6.2.3).

use super::certificate_validation;
use super::outcome::Outcomes;
use super::{Context, Notes, Pool};
use crate::cms::note;
use crate::model::{
    Bilingual, BuildingBlock, CmsFacts, DigestOutcome, Indication, PdfFacts, RangeLayout, RevocationStatus,
    SignatureFacts, SignatureKind, SignerFacts, SubIndication, TimestampFacts, UnixTime,
};
use crate::pki::PathStatus;

const BLOCK: BuildingBlock = BuildingBlock::TimestampValidation;

/// A moment at which something existed for certain.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Proof {
    pub(super) time: UnixTime,
    /// Revocation of the authority's path was known to be good: the proof also rescues a signature
    /// whose certificate was revoked or expired later.
    pub(super) complete: bool,
}

/// What one token amounts to.
#[derive(Clone, Debug)]
pub(super) enum Token {
    /// Imprint, value, path and usage are right.
    Verified(Proof),
    /// Wrong for certain; says how.
    Invalid(String),
    /// Could not be decided; says why.
    Undecided(String),
}

/// Judges a token whose imprint was compared with what it has to cover.
pub(super) fn token(facts: &TimestampFacts, context: &Context<'_>, pool: &Pool<'_>) -> Token {
    match facts.imprint {
        DigestOutcome::Matches => {}
        DigestOutcome::Differs => return Token::Invalid("messageImprint differs".into()),
        DigestOutcome::NotComputable => {
            return Token::Undecided(format!("imprint algorithm {}", facts.imprint_algorithm));
        }
    }
    let signer = match &facts.signer {
        CmsFacts::Parsed(signer) => signer,
        CmsFacts::Malformed(detail) | CmsFacts::Absent(detail) => return Token::Invalid(detail.clone()),
    };
    match facts.generation_time {
        Some(time) if is_future(time, context) => Token::Undecided("genTime after the audit's clock".into()),
        Some(time) => signed_at(signer, time, context, pool),
        None => Token::Invalid("no genTime".into()),
    }
}

/// Later than the audit's clock by more than clocks differ (one day, ours): such a time proves nothing.
pub(super) fn is_future(time: UnixTime, context: &Context<'_>) -> bool {
    time.0 > context.clock.0.saturating_add(86_400)
}

/// The authority's signature over the token.
fn signed_at(signer: &SignerFacts, time: UnixTime, context: &Context<'_>, pool: &Pool<'_>) -> Token {
    if signer.digest == DigestOutcome::Differs {
        return Token::Invalid("message digest differs".into());
    }
    if let crate::model::ValueOutcome::Wrong = signer.value {
        return Token::Invalid("signature value wrong".into());
    }
    if let Some(word) = signer.notes.iter().find(|word| disqualifies(word, SignatureKind::DocumentTimestamp)) {
        return Token::Invalid(word.clone());
    }
    // RFC 3161, 2.4.1: the token names its certificate; RFC 5816 allows the newer attribute.
    match signer.ess_certificate {
        Some(true) => {}
        Some(false) => return Token::Invalid("signing-certificate names another certificate".into()),
        None => return Token::Invalid("no signing-certificate attribute".into()),
    }
    if signer.digest != DigestOutcome::Matches || !signer.value.is_right() {
        return Token::Undecided(format!("{} / {}", signer.digest_algorithm, signer.signature_algorithm));
    }
    let Some(certificate) = signer.certificate.and_then(|sha256| pool.certificate(sha256)) else {
        return Token::Undecided("certificate unreadable".into());
    };
    if !certificate_validation::may_timestamp(certificate) {
        // RFC 3161, 2.3: id-kp-timeStamping, alone and critical.
        return Token::Invalid("certificate is not for timestamping".into());
    }
    let assessment = certificate_validation::assess(context, pool, certificate, &signer.certificates, time, time);
    match assessment.outcome.status {
        PathStatus::Expired { .. } | PathStatus::NotYetValid { .. } => {
            Token::Invalid("certificate of the authority not valid then".into())
        }
        _ if !assessment.is_anchored() => Token::Undecided("path of the authority not decided".into()),
        _ => match (assessment.revocation, &assessment.revoked) {
            (RevocationStatus::Revoked, Some((since, _))) if *since <= time || assessment.compromised => {
                Token::Invalid("certificate of the authority was revoked".into())
            }
            (status, _) => Token::Verified(Proof { time, complete: status != RevocationStatus::Unknown }),
        },
    }
}

/// Proofs that timestamps give to everything below them: the end of the covered range and the proof. A
/// document timestamp covers its range; a timestamp over a whole signature proves that signature and so
/// what its range covers (domain README section 5). Only what is itself whole counts.
pub(super) fn proofs(facts: &PdfFacts, context: &Context<'_>, pool: &Pool<'_>) -> Vec<(i64, Proof)> {
    let mut proofs = Vec::new();
    for signature in &facts.signatures {
        let CmsFacts::Parsed(signer) = &signature.cms else { continue };
        let whole = signature.byte_range.layout == RangeLayout::Exact
            && signer.digest == DigestOutcome::Matches
            && signer.value.is_right()
            && !signer.notes.iter().any(|word| disqualifies(word, signature.kind));
        let Some(end) = range_end(signature).filter(|_| whole) else { continue };
        for timestamp in &signer.timestamps {
            if let Token::Verified(proof) = token(timestamp, context, pool) {
                proofs.push((end, proof));
            }
        }
    }
    proofs
}

/// A note with which a signature of this kind cannot pass. The content of a token is TSTInfo, never
/// id-data.
pub(super) fn disqualifies(word: &str, kind: SignatureKind) -> bool {
    note::DISQUALIFYING.contains(&word) && (kind == SignatureKind::Signature || word != note::CONTENT_NOT_DATA)
}

/// Offset behind the last byte that the range covers.
pub(super) fn range_end(signature: &SignatureFacts) -> Option<i64> {
    match signature.byte_range.values.as_slice() {
        [.., start, length] => start.checked_add(*length),
        _ => None,
    }
}

/// The reference time of a signature and what is proven of its existence.
#[derive(Clone, Debug)]
pub(super) struct Reference {
    /// The moment at which certificate, revocation and algorithms are judged.
    pub(super) time: Option<UnixTime>,
    /// Every proof, earliest first; empty if the time is merely claimed.
    pub(super) proofs: Vec<Proof>,
}

impl Reference {
    /// Proven to have existed before `moment`, by a timestamp that is complete.
    pub(super) fn existed_before(&self, moment: UnixTime) -> bool {
        self.proofs.iter().any(|proof| proof.complete && proof.time < moment)
    }
}

/// Judges the tokens of a signature and chooses its reference time: the earliest verified timestamp
/// over this signature or over a later revision that covers it, else signingTime, else /M (domain
/// README section 5).
pub(super) fn reference(
    facts: &SignatureFacts,
    signer: &SignerFacts,
    later: &[(i64, Proof)],
    context: &Context<'_>,
    pool: &Pool<'_>,
    outcomes: &mut Outcomes,
    notes: &mut Notes,
) -> Reference {
    let mut proofs: Vec<Proof> = signer
        .timestamps
        .iter()
        .filter_map(|timestamp| conclude(timestamp, facts.kind, context, pool, outcomes, notes))
        .collect();
    proofs.extend(proofs_above(facts, later));
    if proofs.is_empty() && signer.timestamps.is_empty() {
        notes.add("timestamp-missing", "");
    }
    proofs.sort_by_key(|proof| (proof.time, !proof.complete));
    let time = proofs.first().map(|proof| proof.time).or(signer.signing_time).or(facts.claimed_time);
    Reference { time, proofs }
}

/// The proofs whose range reaches beyond this signature's and so covers it.
fn proofs_above(facts: &SignatureFacts, later: &[(i64, Proof)]) -> impl Iterator<Item = Proof> {
    let end = range_end(facts);
    later.iter().filter(move |(covered, _)| end.is_some_and(|end| *covered > end)).map(|(_, proof)| *proof)
}

/// What one token concludes; the proof if it is verified. A document timestamp falls with its token; a
/// signature with a wrong token cannot be decided.
fn conclude(
    timestamp: &TimestampFacts,
    kind: SignatureKind,
    context: &Context<'_>,
    pool: &Pool<'_>,
    outcomes: &mut Outcomes,
    notes: &mut Notes,
) -> Option<Proof> {
    if timestamp.imprint_algorithm == "SHA-1" {
        notes.add("timestamp-imprint-sha1", "");
    }
    match token(timestamp, context, pool) {
        Token::Verified(proof) => {
            outcomes.passed(BLOCK, || {
                Bilingual::new(
                    format!("Dấu thời gian hợp lệ: đã có lúc {}.", proof.time),
                    format!("Timestamp valid: existed at {}.", proof.time),
                )
            });
            Some(proof)
        }
        Token::Invalid(detail) => {
            notes.add("timestamp-invalid", &detail);
            let indication = match kind {
                SignatureKind::Signature => Indication::Indeterminate,
                SignatureKind::DocumentTimestamp => Indication::TotalFailed,
            };
            let cause = Some("timestamp-invalid");
            outcomes.not_passed(BLOCK, indication, SubIndication::SigConstraintsFailure, cause, invalid(&detail));
            None
        }
        Token::Undecided(detail) => {
            // The path of a document timestamp is reported by certificate validation.
            if kind == SignatureKind::Signature {
                notes.add("timestamp-undecided", &detail);
                outcomes.remark(BLOCK, || {
                    Bilingual::new(
                        format!("Chưa xác định được dấu thời gian: {detail}."),
                        format!("Timestamp not decided: {detail}."),
                    )
                });
            }
            None
        }
    }
}

fn invalid(detail: &str) -> Bilingual {
    Bilingual::new(format!("Dấu thời gian không hợp lệ: {detail}."), format!("Timestamp invalid: {detail}."))
}

/// A document timestamp stands or falls with its own token: its genTime is its reference time. A later
/// one that covers it proves that it existed before its own authority's certificate ended.
pub(super) fn document_timestamp(
    facts: &SignatureFacts,
    signer: &SignerFacts,
    later: &[(i64, Proof)],
    context: &Context<'_>,
    pool: &Pool<'_>,
    outcomes: &mut Outcomes,
    notes: &mut Notes,
) -> Reference {
    let Some(timestamp) = signer.timestamps.first() else { return Reference { time: None, proofs: Vec::new() } };
    let mut proofs: Vec<Proof> = conclude(timestamp, facts.kind, context, pool, outcomes, notes).into_iter().collect();
    proofs.extend(proofs_above(facts, later));
    Reference { time: timestamp.generation_time, proofs }
}
