//! Certificate path and revocation at the reference time (EN 319 102-1, 5.2.5 and 5.2.6; RFC 5280, 6).

use super::outcome::Outcomes;
use super::reasons;
use super::timestamp::Reference;
use super::{Context, Notes, Pool};
use crate::model::{
    Bilingual, BuildingBlock, Indication, RevocationStatus, Sha256Digest, SignatureFacts, SignatureKind, SubIndication,
    Trust, UnixTime, ValidityModel, words,
};
use crate::pki::{
    AnchorKind, Certificate, PathOutcome, PathStatus, Revocation, RevocationAnswer, RevocationOutcome,
    RevocationReason, UnknownReason, used_at,
};
use std::sync::Arc;

const PATH: BuildingBlock = BuildingBlock::CertificateValidation;
const FRESHNESS: BuildingBlock = BuildingBlock::RevocationFreshness;
/// id-kp-timeStamping (RFC 3161, 2.3).
const TIME_STAMPING: &str = "1.3.6.1.5.5.7.3.8";

/// What the path of a certificate amounts to at a moment.
#[derive(Clone, Debug)]
pub(super) struct Assessment {
    pub(super) outcome: PathOutcome,
    pub(super) trust: Trust,
    /// SHA-256 of each certificate above the first.
    pub(super) path: Vec<Sha256Digest>,
    /// Of the first certificate, unless a certificate above it is revoked or unknown.
    pub(super) revocation: RevocationStatus,
    /// Since when and why the certificate concerned is revoked.
    pub(super) revoked: Option<(UnixTime, String)>,
    /// Name of the certificate concerned if it is not the first one.
    pub(super) authority: Option<String>,
    /// Why nothing answers.
    pub(super) unknown: Option<UnknownReason>,
    /// Revoked because the key was compromised (RFC 5280, 5.3.1).
    pub(super) compromised: bool,
    /// Why it was revoked.
    pub(super) reason: Option<RevocationReason>,
    /// SHA-256 of each CRL and OCSP response used.
    pub(super) evidence: Vec<Sha256Digest>,
    /// What was asked of each certificate below the anchor, in the order of the chain.
    pub(super) answers: Vec<RevocationOutcome>,
    /// The moments that each certificate has to be valid at.
    pub(super) model: ValidityModel,
}

impl Assessment {
    /// A path to an anchor that the operator confirmed, sound at the moment.
    pub(super) fn is_anchored(&self) -> bool {
        self.outcome.status == PathStatus::Valid && matches!(self.trust, Trust::Specialised | Trust::Public)
    }

    /// The certificate of the path, anchor aside, that ended first and had ended by `moment`. Under the chain
    /// model an issuer is done once it has issued.
    pub(super) fn expired_at(&self, moment: UnixTime) -> Option<&Arc<Certificate>> {
        let below_anchor = self.outcome.chain.len().saturating_sub(1).max(1);
        let counted = if self.model == ValidityModel::Chain { 1 } else { below_anchor };
        let expired = self.outcome.chain.iter().take(counted).filter(|certificate| certificate.not_after < moment);
        expired.min_by_key(|certificate| certificate.not_after)
    }
}

/// Finds the path of a certificate at `at` and its revocation status at `revocation_at`: the proven time,
/// or the audit's clock where the time is merely claimed (an old list says nothing of a back-dated
/// signature).
pub(super) fn assess(
    context: &Context<'_>,
    pool: &Pool<'_>,
    certificate: &Arc<Certificate>,
    carried: &[Sha256Digest],
    at: UnixTime,
    revocation_at: UnixTime,
) -> Assessment {
    let candidates = pool.candidates(carried);
    let model = context.editions.at(Some(at)).map(|edition| edition.validity_model).unwrap_or_default();
    let outcome = context.paths.find_by(model, certificate, &candidates, at);
    let trust = match (&outcome.status, &outcome.anchor) {
        (PathStatus::Constraint { .. } | PathStatus::Untrusted { .. } | PathStatus::LookAlike { .. }, _) => {
            Trust::Untrusted
        }
        (_, Some(anchor)) if !anchor.confirmed => Trust::Unconfirmed,
        (_, Some(anchor)) => match anchor.kind {
            AnchorKind::Specialised => Trust::Specialised,
            AnchorKind::Public => Trust::Public,
        },
        (_, None) => Trust::Unknown,
    };
    let mut assessment = Assessment {
        trust,
        path: outcome.chain.iter().skip(1).map(|certificate| certificate.sha256).collect(),
        revocation: RevocationStatus::Unknown,
        revoked: None,
        authority: None,
        unknown: None,
        compromised: false,
        reason: None,
        evidence: Vec::new(),
        answers: Vec::new(),
        model,
        outcome,
    };
    if assessment.outcome.anchor.is_some() {
        let sources = [context.revocation, pool.revocation];
        let revocation = Revocation { finder: context.paths, sources: &sources, pool: &candidates };
        statuses(&mut assessment, &revocation, revocation_at);
    }
    assessment
}

/// Whether the document's own revocation data answers for every certificate of the path below the anchor.
pub(super) fn answered_by_document(
    context: &Context<'_>,
    pool: &Pool<'_>,
    certificate: &Arc<Certificate>,
    carried: &[Sha256Digest],
    at: UnixTime,
) -> bool {
    let candidates = pool.candidates(carried);
    let path = context.paths.find(certificate, &candidates, at);
    let sources = [pool.revocation];
    let revocation = Revocation { finder: context.paths, sources: &sources, pool: &candidates };
    let unknown = |index| matches!(revocation.status(&path, index, at).answer, RevocationAnswer::Unknown(_));
    path.anchor.is_some() && !(0..path.chain.len().saturating_sub(1)).any(unknown)
}

/// Revocation of every certificate of the path below the anchor; the worst answer counts.
fn statuses(assessment: &mut Assessment, revocation: &Revocation<'_>, at: UnixTime) {
    assessment.revocation = RevocationStatus::Good;
    let chain = &assessment.outcome.chain;
    for (index, certificate) in chain.iter().enumerate().take(chain.len().saturating_sub(1)) {
        let authority = || (index > 0).then(|| certificate.subject.short());
        let outcome = revocation.status(&assessment.outcome, index, used_at(assessment.model, chain, index, at));
        assessment.evidence.extend(outcome.evidence.iter().copied());
        assessment.answers.push(outcome.clone());
        match outcome.answer {
            RevocationAnswer::Good => {}
            // An entry of a certificate that had expired by then only records the expiry (NĐ 68/2024
            // Đ.17) and undoes no earlier signature.
            RevocationAnswer::Revoked { date, .. } if date > certificate.not_after => {}
            // What an issuer issued before outlasts its revocation under the chain model, unless its key
            // was compromised.
            RevocationAnswer::Revoked { date, reason, .. }
                if index > 0
                    && assessment.model == ValidityModel::Chain
                    && reason.spares_earlier_tokens()
                    && date > used_at(assessment.model, chain, index, at) => {}
            RevocationAnswer::Revoked { date, reason, invalidity_date } => {
                assessment.revocation = RevocationStatus::Revoked;
                assessment.compromised =
                    matches!(reason, RevocationReason::KeyCompromise | RevocationReason::CaCompromise);
                let since =
                    invalidity_date.filter(|_| assessment.compromised).map_or(date, |invalid| invalid.min(date));
                assessment.reason = Some(reason);
                assessment.revoked = Some((since, reason.name().to_owned()));
                assessment.authority = authority();
                return;
            }
            RevocationAnswer::Unknown(reason) => {
                if assessment.revocation == RevocationStatus::Good {
                    assessment.revocation = RevocationStatus::Unknown;
                    assessment.unknown = Some(reason);
                    assessment.authority = authority();
                }
            }
        }
    }
}

/// O and OU, as they stand in the certificate.
pub(super) fn organisation(certificate: &Certificate) -> Option<String> {
    let parts: Vec<&str> =
        [certificate.subject.organizational_unit(), certificate.subject.organization()].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// Whether the certificate may sign timestamps: id-kp-timeStamping, alone and critical.
pub(super) fn may_timestamp(certificate: &Certificate) -> bool {
    let purposes = certificate.extensions.extended_key_usage.as_deref().unwrap_or_default();
    certificate.extensions.extended_key_usage_critical
        && purposes.len() == 1
        && certificate.has_key_purpose(TIME_STAMPING)
}

/// The signer's certificate cannot be parsed.
pub(super) fn unreadable(outcomes: &mut Outcomes) {
    outcomes.not_passed(
        PATH,
        Indication::Indeterminate,
        SubIndication::NoSigningCertificateFound,
        Some("certificate-path-incomplete"),
        Bilingual::new("Không đọc được chứng thư của người ký.", "The signer's certificate cannot be read."),
    );
}

/// Turns an assessment into conclusions.
#[allow(clippy::too_many_arguments, reason = "one building block's inputs and outputs")]
pub(super) fn conclude(
    assessment: &Assessment,
    certificate: &Certificate,
    facts: &SignatureFacts,
    reference: &Reference,
    context: &Context<'_>,
    pool: &Pool<'_>,
    outcomes: &mut Outcomes,
    notes: &mut Notes,
) {
    if facts.kind == SignatureKind::Signature {
        usage(certificate, outcomes);
    }
    weak_certificate(certificate, reference, context, notes);
    if !path(assessment, reference, outcomes, notes) {
        return;
    }
    if assessment.trust == Trust::Public {
        notes.add("certificate-not-specialised", "");
    }
    period(assessment, reference, context, outcomes);
    status(assessment, certificate, reference, context, pool, outcomes);
}

/// KeyUsage present with neither digitalSignature nor nonRepudiation, or a CA as signer (check 26).
fn usage(certificate: &Certificate, outcomes: &mut Outcomes) {
    let unusable =
        certificate.extensions.key_usage.is_some_and(|usage| !usage.digital_signature() && !usage.non_repudiation());
    if unusable || certificate.is_ca() || serves_machines_only(certificate) {
        outcomes.not_passed(
            PATH,
            Indication::Indeterminate,
            SubIndication::SigConstraintsFailure,
            Some("certificate-usage-unsuitable"),
            Bilingual::new(
                "Chứng thư không dùng để ký văn bản (KeyUsage).",
                "The certificate is not meant for signing documents (KeyUsage).",
            ),
        );
    }
}

/// Every purpose listed is one of a server, a timestamp authority, a responder or code: nothing that a
/// person or agency signs documents with. No purpose is required (domain README section 6).
fn serves_machines_only(certificate: &Certificate) -> bool {
    // RFC 5280, 4.2.1.12: id-kp-serverAuth, id-kp-codeSigning, id-kp-timeStamping, id-kp-OCSPSigning.
    const MACHINES: [&str; 4] = ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.3", TIME_STAMPING, "1.3.6.1.5.5.7.3.9"];
    let purposes = certificate.extensions.extended_key_usage.as_deref().unwrap_or_default();
    !purposes.is_empty() && purposes.iter().all(|purpose| MACHINES.contains(&purpose.as_str()))
}

/// The leaf's own signature may be weak as well; it does not change the verdict.
fn weak_certificate(certificate: &Certificate, reference: &Reference, context: &Context<'_>, notes: &mut Notes) {
    let digest = certificate.signature_scheme.digest().map(crate::crypto::DigestAlgorithm::name);
    if let (Some(edition), Some(digest)) = (context.editions.at(reference.time), digest)
        && edition.weakness(digest, None).is_some()
    {
        notes.add("algorithm-weak", digest);
    }
}

/// The path itself. False: nothing more can be said of the certificate.
fn path(assessment: &Assessment, reference: &Reference, outcomes: &mut Outcomes, notes: &mut Notes) -> bool {
    let outcome = &assessment.outcome;
    let concerned = outcome.concerned().map_or_else(String::new, |certificate| certificate.subject.short());
    let issuer = outcome.chain.last().map_or_else(String::new, |certificate| certificate.issuer.short());
    let mut fail = |indication, sub_indication, cause, vi: String, en: String| {
        outcomes.not_passed(PATH, indication, sub_indication, Some(cause), Bilingual::new(vi, en));
        false
    };
    let no_chain = SubIndication::NoCertificateChainFound;
    match &outcome.status {
        PathStatus::Valid if assessment.trust == Trust::Unconfirmed => {
            let root = outcome.chain.last().map_or_else(String::new, |root| root.subject.short());
            fail(
                Indication::Indeterminate,
                no_chain,
                "trust-anchor-unconfirmed",
                format!("Đường dẫn tới {root}, nhưng gốc này chưa được đơn vị xác nhận."),
                format!("The path leads to {root}, which the operator has not confirmed."),
            );
            true
        }
        PathStatus::Valid => {
            outcomes.passed(PATH, || {
                let names: Vec<String> = outcome.chain.iter().map(|certificate| certificate.subject.short()).collect();
                let names = names.join(" ← ");
                Bilingual::new(
                    format!("Đường dẫn chứng thư hợp lệ lúc ký: {names}."),
                    format!("Certificate path valid at the reference time: {names}."),
                )
            });
            true
        }
        PathStatus::Expired { .. } | PathStatus::NotYetValid { .. } => {
            let early = matches!(outcome.status, PathStatus::NotYetValid { .. });
            let time = reference.time.map_or_else(String::new, |time| time.to_string());
            // Only a proven time can convict: a merely claimed one may itself be wrong.
            let (indication, sub_indication) = match (reference.proofs.is_empty(), early) {
                (false, true) => (Indication::TotalFailed, SubIndication::NotYetValid),
                (false, false) if reference.own => (Indication::TotalFailed, SubIndication::Expired),
                _ => (Indication::Indeterminate, SubIndication::OutOfBoundsNoPoe),
            };
            let (state_vi, state_en) = if early { ("chưa", "not yet") } else { ("không còn", "no longer") };
            fail(
                indication,
                sub_indication,
                "certificate-outside-validity",
                format!(
                    "Chứng thư {concerned} {state_vi} hiệu lực lúc ký ({}).",
                    reference.time.map_or_else(String::new, UnixTime::day_first)
                ),
                format!("Certificate {concerned} {state_en} valid at the time of signing ({time})."),
            );
            true
        }
        PathStatus::Constraint { failure, .. } => {
            let rule = reasons::rule(failure);
            fail(
                Indication::Indeterminate,
                SubIndication::ChainConstraintsFailure,
                "certificate-untrusted",
                format!("Đường dẫn vi phạm quy tắc tại {concerned}: {} ({}).", rule.vi, failure.clause()),
                format!("The path breaks a rule at {concerned}: {} ({}).", rule.en, failure.clause()),
            )
        }
        PathStatus::Untrusted { imitates } => {
            if imitates.is_some() {
                notes.add("certificate-name-known-key-not", &concerned);
            }
            fail(
                Indication::Indeterminate,
                no_chain,
                "certificate-untrusted",
                format!("Đường dẫn kết thúc ở {concerned}, không thuộc hệ thống tin cậy."),
                format!("The path ends at {concerned}, which is no trusted root."),
            )
        }
        PathStatus::LookAlike { .. } => {
            notes.add("certificate-name-known-key-not", &issuer);
            fail(
                Indication::Indeterminate,
                no_chain,
                "certificate-untrusted",
                format!("Mang tên cơ quan cấp {issuer}, nhưng không do khóa của cơ quan đó ký."),
                format!("Bears the issuer name {issuer}, but was not signed with that issuer's key."),
            )
        }
        PathStatus::Incomplete => fail(
            Indication::Indeterminate,
            no_chain,
            "certificate-path-incomplete",
            format!("Thiếu chứng thư của {issuer}, chưa dựng được đường dẫn."),
            format!("The certificate of {issuer} is missing; no path could be built."),
        ),
        PathStatus::Unsupported { algorithm } => fail(
            Indication::Indeterminate,
            SubIndication::CertificateChainGeneralFailure,
            "certificate-path-incomplete",
            format!("Thuật toán trong đường dẫn chưa được hỗ trợ: {algorithm}."),
            format!("An algorithm of the path is not supported: {algorithm}."),
        ),
        PathStatus::LimitReached => fail(
            Indication::Indeterminate,
            SubIndication::CertificateChainGeneralFailure,
            "certificate-path-incomplete",
            "Dừng dựng đường dẫn vì đạt giới hạn path_signature_checks.".into(),
            "Path building stopped at the limit path_signature_checks.".into(),
        ),
    }
}

/// A certificate that has expired since needs a proof that the signature existed before (EN 319 102-1,
/// 5.5 and 5.6: OUT_OF_BOUNDS_NO_POE).
fn period(assessment: &Assessment, reference: &Reference, context: &Context<'_>, outcomes: &mut Outcomes) {
    let Some(expired) = assessment.expired_at(context.clock) else { return };
    if reference.existed_before(expired.not_after) || assessment.outcome.status != PathStatus::Valid {
        return;
    }
    let (name, until) = (expired.subject.short(), expired.not_after);
    if reference.proofs.iter().any(|proof| proof.time < until) {
        outcomes.not_passed(
            FRESHNESS,
            Indication::Indeterminate,
            SubIndication::TryLater,
            Some("revocation-unknown"),
            Bilingual::new(
                format!("Chứng thư {name} đã hết hạn ({until}); chưa xác định tình trạng thu hồi của chứng thư cấp dấu thời gian."),
                format!("Certificate {name} has expired ({until}); the revocation status of the timestamp authority is unknown."),
            ),
        );
    } else {
        outcomes.not_passed(
            PATH,
            Indication::Indeterminate,
            SubIndication::OutOfBoundsNoPoe,
            Some("certificate-outside-validity"),
            Bilingual::new(
                format!("Chứng thư {name} đã hết hạn ({until}) và không có dấu thời gian chứng minh đã ký trước đó."),
                format!("Certificate {name} has expired ({until}) and no timestamp proves an earlier signature."),
            ),
        );
    }
}

/// The lists and responses used, with their dates.
fn named_evidence(
    assessment: &Assessment,
    context: &Context<'_>,
    pool: &Pool<'_>,
    moment: impl Fn(UnixTime) -> String,
) -> String {
    let summary = |sha256| context.revocation.summary(sha256).or_else(|| pool.revocation.summary(sha256));
    let named: Vec<String> = assessment
        .evidence
        .iter()
        .filter_map(summary)
        .map(|one| {
            let issuer = one.issuer.map_or_else(String::new, |issuer| format!(" {issuer}"));
            let until = one.next_update.map_or_else(String::new, |until| format!(" – {}", moment(until)));
            format!("{}{issuer} ({}{until})", one.kind, moment(one.this_update))
        })
        .collect();
    named.join("; ")
}

/// Revocation against the reference time (domain README section 7).
fn status(
    assessment: &Assessment,
    certificate: &Certificate,
    reference: &Reference,
    context: &Context<'_>,
    pool: &Pool<'_>,
    outcomes: &mut Outcomes,
) {
    let name = assessment.authority.clone().unwrap_or_else(|| certificate.subject.short());
    match (&assessment.revocation, &assessment.revoked) {
        (RevocationStatus::Good, _) => outcomes.passed(FRESHNESS, || {
            let vi = named_evidence(assessment, context, pool, UnixTime::day_first);
            let en = named_evidence(assessment, context, pool, |time| time.to_string());
            Bilingual::new(
                format!("Không chứng thư nào của đường dẫn bị thu hồi tại thời điểm ký, theo {vi}."),
                format!("No certificate of the path was revoked at the reference time, by {en}."),
            )
        }),
        (RevocationStatus::Revoked, Some((since, reason))) => {
            if reference.existed_before(*since) {
                outcomes.passed(FRESHNESS, || {
                    Bilingual::new(
                        format!("Chứng thư {name} bị thu hồi sau khi ký ({}).", since.day_first()),
                        format!("Certificate {name} was revoked after signing ({since})."),
                    )
                });
                return;
            }
            let proven_late = reference.own && reference.proofs.first().is_some_and(|proof| proof.time >= *since);
            let claimed_late = reference.proofs.is_empty() && reference.time.is_none_or(|time| time >= *since);
            let ca = assessment.authority.is_some();
            let (indication, sub_indication) = if proven_late || claimed_late || assessment.compromised {
                (Indication::TotalFailed, SubIndication::Revoked)
            } else if ca {
                (Indication::Indeterminate, SubIndication::RevokedCaNoPoe)
            } else {
                (Indication::Indeterminate, SubIndication::RevokedNoPoe)
            };
            let reason = words::revocation_reason(reason);
            outcomes.not_passed(
                FRESHNESS,
                indication,
                sub_indication,
                Some("certificate-revoked"),
                Bilingual::new(
                    format!("Chứng thư {name} đã bị thu hồi ({}, {}).", since.day_first(), reason.vi),
                    format!("Certificate {name} was revoked ({since}, {}).", reason.en),
                ),
            );
        }
        _ => unknown_revocation(&name, assessment, outcomes),
    }
}

/// Nothing that is held tells whether a certificate of the path was revoked: `name` is the one concerned.
pub(super) fn unknown_revocation(name: &str, assessment: &Assessment, outcomes: &mut Outcomes) {
    let why = reasons::unknown(assessment.unknown.as_ref());
    outcomes.not_passed(
        FRESHNESS,
        Indication::Indeterminate,
        SubIndication::TryLater,
        Some("revocation-unknown"),
        Bilingual::new(
            format!("Chưa xác định tình trạng thu hồi của {name} ({}); chưa đủ căn cứ kết luận hợp lệ.", why.vi),
            format!("Revocation status of {name} unknown ({}).", why.en),
        ),
    );
}
