//! Timestamp validation (EN 319 102-1, 5.4) and the proofs of existence that follow (5.6.2.3).

use super::certificate_validation;
use super::outcome::Outcomes;
use super::{Context, Notes, Pool};
use crate::cms::note;
use crate::edition::AlgorithmLevel;
use crate::model::{
    Bilingual, BuildingBlock, CmsFacts, DigestOutcome, Indication, PdfFacts, RangeLayout, RevocationStatus,
    SignatureFacts, SignatureKind, SignerFacts, SubIndication, TimeSource, TimestampFacts, UnixTime, words,
};
use crate::pki::{PathStatus, RevocationReason};

const BLOCK: BuildingBlock = BuildingBlock::TimestampValidation;

/// A moment at which something existed for certain.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Proof {
    pub(super) time: UnixTime,
    /// Revocation of the authority's path was known to be good: the proof also rescues a signature
    /// whose certificate was revoked or expired later.
    pub(super) complete: bool,
}

/// A proof over the first bytes of the file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Covering {
    /// Offset behind the last byte proven.
    pub(super) end: i64,
    /// By a document timestamp.
    pub(super) by_document_timestamp: bool,
    /// What is proven.
    pub(super) proof: Proof,
}

/// What one token amounts to. Its fault is a word of [`words::timestamp_fault`].
#[derive(Clone, Debug)]
pub(super) enum Token {
    /// Imprint, value, path and usage are right.
    Verified(Proof),
    /// Right when it was made, but nothing shows that it was made then: its authority has expired or its
    /// algorithms are too weak today, and no later timestamp covers it (EN 319 102-1, 5.6.2.4).
    Unproven(UnixTime, String),
    /// Wrong for certain; says how.
    Invalid(String),
    /// Could not be decided; says why.
    Undecided(String),
}

/// Judges a token whose imprint was compared with what it has to cover. `known_since`: when the token
/// itself existed for certain.
pub(super) fn token(
    facts: &TimestampFacts,
    kind: SignatureKind,
    known_since: UnixTime,
    context: &Context<'_>,
    pool: &Pool<'_>,
) -> Token {
    match facts.imprint {
        DigestOutcome::Matches => {}
        DigestOutcome::Differs => return Token::Invalid("imprint-differs".into()),
        DigestOutcome::NotComputable => {
            // A token that could not be read has no imprint to compare.
            if let CmsFacts::Malformed(detail) | CmsFacts::Absent(detail) = &facts.signer {
                return Token::Invalid(format!("malformed|{detail}"));
            }
            return Token::Undecided(format!("algorithm-unsupported|{}", facts.imprint_algorithm));
        }
    }
    let signer = match &facts.signer {
        CmsFacts::Parsed(signer) => signer,
        CmsFacts::Malformed(detail) | CmsFacts::Absent(detail) => return Token::Invalid(format!("malformed|{detail}")),
    };
    let time = match facts.generation_time {
        Some(time) if is_future(time, context) => return Token::Undecided("future".into()),
        Some(time) => time,
        None => return Token::Invalid("no-time".into()),
    };
    match signed_at(signer, time, known_since, context, pool) {
        Token::Verified(proof) => match weak(facts, signer, kind, known_since, context) {
            Some(algorithm) => Token::Unproven(time, format!("algorithm-weak|{algorithm}")),
            None => Token::Verified(proof),
        },
        other => other,
    }
}

/// Later than the audit's clock by more than clocks differ (one day, ours): such a time proves nothing.
pub(super) fn is_future(time: UnixTime, context: &Context<'_>) -> bool {
    time.0 > context.clock.0.saturating_add(86_400)
}

/// An algorithm of the token that proves nothing by the edition in force when the token is first known to
/// have existed.
fn weak(
    facts: &TimestampFacts,
    signer: &SignerFacts,
    kind: SignatureKind,
    known_since: UnixTime,
    context: &Context<'_>,
) -> Option<String> {
    let edition = context.editions.at(Some(known_since))?;
    let key = key_name(signer);
    let bits = signer.key_bits.map_or_else(String::new, |bits| format!("-{bits}"));
    // The value that a signature timestamp digests is fixed by the signer's key: only a second preimage
    // would help, so that the table for signatures applies.
    let imprint = match kind {
        SignatureKind::Signature => edition.weakness(&facts.imprint_algorithm, None),
        SignatureKind::DocumentTimestamp => edition.timestamp_weakness(&facts.imprint_algorithm, None),
    };
    let digest = edition.timestamp_weakness(&signer.digest_algorithm, None);
    let own = edition.timestamp_weakness(key, signer.key_bits);
    [
        (imprint, facts.imprint_algorithm.clone()),
        (digest, signer.digest_algorithm.clone()),
        (own, format!("{key}{bits}")),
    ]
    .into_iter()
    .find_map(|(level, name)| (level == Some(AlgorithmLevel::Fail)).then_some(name))
}

/// The name under which an edition speaks of the signer's key.
pub(super) fn key_name(signer: &SignerFacts) -> &'static str {
    match signer.signature_algorithm.as_str() {
        name if name.starts_with("RSA") => "RSA",
        name if name.starts_with("ECDSA") => "ECDSA",
        _ => "",
    }
}

/// The authority's signature over the token.
fn signed_at(
    signer: &SignerFacts,
    time: UnixTime,
    known_since: UnixTime,
    context: &Context<'_>,
    pool: &Pool<'_>,
) -> Token {
    let invalid = |word: &str| Token::Invalid(word.to_owned());
    if signer.digest == DigestOutcome::Differs {
        return invalid("digest-differs");
    }
    if let crate::model::ValueOutcome::Wrong = signer.value {
        return invalid("value-wrong");
    }
    if let Some(word) = signer.notes.iter().find(|word| disqualifies(word, SignatureKind::DocumentTimestamp)) {
        return Token::Invalid(format!("structure|{word}"));
    }
    // RFC 3161, 2.4.1: the token names its certificate; RFC 5816 allows the newer attribute.
    match signer.ess_certificate {
        Some(true) => {}
        Some(false) => return invalid("signing-certificate-other"),
        None => return invalid("signing-certificate-missing"),
    }
    if signer.digest != DigestOutcome::Matches || !signer.value.is_right() {
        let algorithms = format!("{} / {}", signer.digest_algorithm, signer.signature_algorithm);
        return Token::Undecided(format!("algorithm-unsupported|{algorithms}"));
    }
    let Some(certificate) = signer.certificate.and_then(|sha256| pool.certificate(sha256)) else {
        return Token::Undecided("certificate-unreadable".into());
    };
    if !certificate_validation::may_timestamp(certificate) {
        // RFC 3161, 2.3: id-kp-timeStamping, alone and critical.
        return invalid("usage-unsuitable");
    }
    let assessment = certificate_validation::assess(context, pool, certificate, &signer.certificates, time, time);
    match assessment.outcome.status {
        PathStatus::Expired { .. } | PathStatus::NotYetValid { .. } => return invalid("authority-outside-validity"),
        _ if !assessment.is_anchored() => return Token::Undecided("authority-path".into()),
        _ => {}
    }
    if let (RevocationStatus::Revoked, Some((since, _))) = (assessment.revocation, &assessment.revoked) {
        // RFC 3161, 4: unless the reason says that the key is sound, no token outlasts the revocation but
        // one that existed before for certain.
        let spared = assessment.reason.is_some_and(RevocationReason::spares_earlier_tokens);
        if *since <= time || (!spared && known_since >= *since) {
            return invalid("authority-revoked");
        }
    }
    if assessment.expired_at(known_since).is_some() {
        return Token::Unproven(time, "authority-expired".into());
    }
    Token::Verified(Proof { time, complete: assessment.revocation != RevocationStatus::Unknown })
}

/// Proofs that timestamps give to everything below them. A document timestamp covers its range; a
/// timestamp over a whole signature proves that signature and so what its range covers (domain README
/// section 5). Only what is itself whole counts. From the last revision down: a token rests on those
/// above it.
pub(super) fn proofs(facts: &PdfFacts, context: &Context<'_>, pool: &Pool<'_>) -> Vec<Covering> {
    let mut covering = Vec::new();
    let mut whole: Vec<(i64, &SignatureFacts, &SignerFacts)> = facts
        .signatures
        .iter()
        .filter_map(|signature| {
            let CmsFacts::Parsed(signer) = &signature.cms else { return None };
            let whole = signature.byte_range.layout == RangeLayout::Exact
                && signer.digest == DigestOutcome::Matches
                && signer.value.is_right()
                && !signer.notes.iter().any(|word| disqualifies(word, signature.kind));
            let end = range_end(signature).filter(|_| whole)?;
            Some((end, signature, signer.as_ref()))
        })
        .collect();
    whole.sort_by_key(|(end, ..)| std::cmp::Reverse(*end));
    for (end, signature, signer) in whole {
        let known_since = known_since(signature, &covering, context);
        for timestamp in &signer.timestamps {
            if let Token::Verified(proof) = token(timestamp, signature.kind, known_since, context, pool) {
                let by_document_timestamp = signature.kind == SignatureKind::DocumentTimestamp;
                covering.push(Covering { end, by_document_timestamp, proof });
            }
        }
    }
    covering
}

/// When a signature with all that hangs on it existed for certain: the earliest complete proof over it, at
/// the latest now.
fn known_since(signature: &SignatureFacts, covering: &[Covering], context: &Context<'_>) -> UnixTime {
    let proven = above(signature, covering).filter(|one| one.proof.complete).map(|one| one.proof.time).min();
    proven.map_or(context.clock, |time| time.min(context.clock))
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
    /// Where it comes from. A timestamp that proves nothing any more still tells the time.
    pub(super) source: TimeSource,
    /// Every proof, earliest first; empty if the time is merely claimed.
    pub(super) proofs: Vec<Proof>,
    /// The earliest proof is the signature's own timestamp, made when it was signed. One of a later revision
    /// shows that the signature existed, not that it was made then.
    pub(super) own: bool,
    /// A complete proof by a document timestamp of a later revision.
    pub(super) archived: bool,
}

impl Reference {
    /// Proven to have existed before `moment`, by a timestamp that is complete.
    pub(super) fn existed_before(&self, moment: UnixTime) -> bool {
        self.proofs.iter().any(|proof| proof.complete && proof.time < moment)
    }
}

/// Judges the tokens of a signature and chooses its reference time: the earliest verified timestamp
/// over this signature or over a later revision that covers it, else the time in a token that proves
/// nothing any more, else signingTime, else /M (domain README section 5).
pub(super) fn reference(
    facts: &SignatureFacts,
    signer: &SignerFacts,
    later: &[Covering],
    context: &Context<'_>,
    pool: &Pool<'_>,
    outcomes: &mut Outcomes,
    notes: &mut Notes,
) -> Reference {
    let known_since = known_since(facts, later, context);
    let mut proofs = Vec::new();
    let mut unproven: Option<UnixTime> = None;
    for timestamp in &signer.timestamps {
        match conclude(timestamp, facts.kind, known_since, context, pool, outcomes, notes) {
            Token::Verified(proof) => proofs.push(proof),
            Token::Unproven(time, _) => unproven = Some(unproven.map_or(time, |known| known.min(time))),
            Token::Invalid(_) | Token::Undecided(_) => {}
        }
    }
    let first_own = proofs.iter().map(|proof| proof.time).min();
    proofs.extend(above(facts, later).map(|one| one.proof));
    if proofs.is_empty() && signer.timestamps.is_empty() {
        notes.add("timestamp-missing", "");
    }
    proofs.sort_by_key(|proof| (proof.time, !proof.complete));
    let claimed = || match (signer.signing_time, facts.claimed_time) {
        // The computer's clock says the same moment with its zone: signingTime is local time.
        (Some(signing), Some(claimed)) if is_local_time(signing, claimed) => {
            Some(UnixTime(signing.0.saturating_sub(LOCAL_TIME_QUIRK)))
        }
        (signing, claimed) => signing.or(claimed),
    };
    let stamped = proofs.first().map(|proof| proof.time).or(unproven);
    let time = stamped.or_else(claimed);
    let source = match (stamped, time) {
        (Some(_), _) => TimeSource::Timestamp,
        (None, Some(_)) => TimeSource::Claimed,
        (None, None) => TimeSource::None,
    };
    let own = first_own.is_some() && first_own == proofs.first().map(|proof| proof.time);
    Reference { time, source, proofs, own, archived: is_archived(facts, later) }
}

/// Local time written as if it were UTC: 16 of 20 genuine signatures with signingTime.
pub(super) const LOCAL_TIME_QUIRK: i64 = 7 * 3_600;
/// Tolerance between the computer's clock and a timestamp, seconds (ours: /M of genuine signatures is
/// up to 26 minutes off).
const CLOCK_TOLERANCE: i64 = 30 * 60;

/// Whether `written` is seven hours ahead of the true time `time`: Vietnam's local time taken for UTC.
pub(super) fn is_local_time(written: UnixTime, time: UnixTime) -> bool {
    written.0.saturating_sub(time.0).saturating_sub(LOCAL_TIME_QUIRK).saturating_abs() <= CLOCK_TOLERANCE
}

/// The proofs whose range reaches beyond this signature's and so covers it.
fn above<'a>(facts: &SignatureFacts, later: &'a [Covering]) -> impl Iterator<Item = &'a Covering> {
    let end = range_end(facts);
    later.iter().filter(move |covering| end.is_some_and(|end| covering.end > end))
}

fn is_archived(facts: &SignatureFacts, later: &[Covering]) -> bool {
    above(facts, later).any(|one| one.by_document_timestamp && one.proof.complete)
}

/// What one token concludes. A document timestamp falls with its token; a signature with a wrong token
/// cannot be decided.
fn conclude(
    timestamp: &TimestampFacts,
    kind: SignatureKind,
    known_since: UnixTime,
    context: &Context<'_>,
    pool: &Pool<'_>,
    outcomes: &mut Outcomes,
    notes: &mut Notes,
) -> Token {
    if timestamp.imprint_algorithm == "SHA-1" {
        notes.add("timestamp-imprint-sha1", "");
    }
    let token = token(timestamp, kind, known_since, context, pool);
    match &token {
        Token::Verified(proof) => outcomes.passed(BLOCK, || {
            let authority = authority(timestamp, pool);
            let still = if proof.complete {
                Bilingual::new("", "")
            } else {
                Bilingual::new(
                    " Chưa có dữ liệu thu hồi của máy chủ này, nên dấu chưa chứng minh được gì nếu chứng thư ký bị thu hồi hoặc hết hạn về sau.",
                    " No revocation data of this authority is held, so the token proves nothing against a later revocation or expiry.",
                )
            };
            Bilingual::new(
                format!(
                    "Dấu thời gian hợp lệ, do {authority} cấp: chữ ký đã có lúc {}.{}",
                    proof.time.day_first(),
                    still.vi
                ),
                format!("Timestamp by {authority} valid: the signature existed at {}.{}", proof.time, still.en),
            )
        }),
        Token::Unproven(time, detail) => {
            notes.add("timestamp-unproven", detail);
            outcomes.remark(BLOCK, || {
                let fault = words::timestamp_fault(detail);
                Bilingual::new(
                    format!(
                        "Dấu thời gian {} đúng khi cấp nhưng không còn là bằng chứng: {}.",
                        time.day_first(),
                        fault.vi
                    ),
                    format!("The timestamp of {time} was right when made but proves nothing any more: {}.", fault.en),
                )
            });
        }
        Token::Invalid(detail) => {
            notes.add("timestamp-invalid", detail);
            let indication = match kind {
                SignatureKind::Signature => Indication::Indeterminate,
                SignatureKind::DocumentTimestamp => Indication::TotalFailed,
            };
            let cause = Some("timestamp-invalid");
            let fault = words::timestamp_fault(detail);
            let reason = Bilingual::new(
                format!("Dấu thời gian không hợp lệ: {}.", fault.vi),
                format!("Timestamp invalid: {}.", fault.en),
            );
            outcomes.not_passed(BLOCK, indication, SubIndication::SigConstraintsFailure, cause, reason);
        }
        // The path of a document timestamp is reported by certificate validation.
        Token::Undecided(detail) if kind == SignatureKind::Signature => {
            notes.add("timestamp-undecided", detail);
            outcomes.remark(BLOCK, || {
                let fault = words::timestamp_fault(detail);
                Bilingual::new(
                    format!("Chưa xác định được dấu thời gian: {}.", fault.vi),
                    format!("Timestamp not decided: {}.", fault.en),
                )
            });
        }
        Token::Undecided(_) => {}
    }
    token
}

/// Name of the authority that made the token.
fn authority(timestamp: &TimestampFacts, pool: &Pool<'_>) -> String {
    let CmsFacts::Parsed(signer) = &timestamp.signer else { return String::new() };
    let certificate = signer.certificate.and_then(|sha256| pool.certificate(sha256));
    certificate.map_or_else(String::new, |certificate| certificate.subject.short())
}

/// A document timestamp stands or falls with its own token: its genTime is its reference time. A later
/// one that covers it proves that it existed before its own authority's certificate ended.
pub(super) fn document_timestamp(
    facts: &SignatureFacts,
    signer: &SignerFacts,
    later: &[Covering],
    context: &Context<'_>,
    pool: &Pool<'_>,
    outcomes: &mut Outcomes,
    notes: &mut Notes,
) -> Reference {
    let archived = is_archived(facts, later);
    let Some(timestamp) = signer.timestamps.first() else {
        return Reference { time: None, source: TimeSource::None, proofs: Vec::new(), own: false, archived };
    };
    let known_since = known_since(facts, later, context);
    let mut proofs: Vec<Proof> = Vec::new();
    let mut source = TimeSource::Claimed;
    match conclude(timestamp, facts.kind, known_since, context, pool, outcomes, notes) {
        Token::Verified(proof) => {
            source = TimeSource::Timestamp;
            proofs.push(proof);
        }
        Token::Unproven(..) => source = TimeSource::Timestamp,
        Token::Invalid(_) | Token::Undecided(_) => {}
    }
    proofs.extend(above(facts, later).map(|one| one.proof));
    if timestamp.generation_time.is_none() {
        source = TimeSource::None;
    }
    Reference { time: timestamp.generation_time, source, proofs, own: true, archived }
}
