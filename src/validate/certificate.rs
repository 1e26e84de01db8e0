//! One certificate on its own: its path at a moment, what was checked of each certificate of the path, by
//! which clause, and what follows (EN 319 102-1, 5.2.6; RFC 5280, 6).

use super::certificate_validation::{self, Assessment};
use super::outcome::Outcomes;
use super::{Context, Notes, Pool, holder_of, reasons};
use crate::edition::AlgorithmLevel;
use crate::model::{
    Bilingual, BuildingBlock, Conclusion, Indication, RevocationStatus, Role, SubIndication, Trust, UnixTime,
    VerdictNote, words,
};
use crate::pki::{Certificate, PathStatus, RevocationAnswer, RevocationOutcome, RevocationSource, used_at};
use std::sync::Arc;

/// The verdict on one certificate. Here, other than in a signature, the certificate itself is in question: one
/// that is expired, revoked, untrusted or against a rule is [`Indication::TotalFailed`].
#[derive(Clone, Debug)]
pub struct CertificateVerdict {
    /// The moment judged.
    pub at: UnixTime,
    /// Main status.
    pub indication: Indication,
    /// Sub-indication when not passed.
    pub sub_indication: Option<SubIndication>,
    /// Where the path ends.
    pub trust: Trust,
    /// Person or agency.
    pub role: Role,
    /// Known to be a portal or gazette.
    pub republisher: bool,
    /// The certificate first, then its issuers as far as they are held.
    pub path: Vec<PathStep>,
    /// Name of the issuer that the path lacks.
    pub missing: Option<String>,
    /// What did not pass, first the one that decides; if all passed, what did.
    pub conclusions: Vec<Conclusion>,
    /// The check whose remedy applies.
    pub cause: Option<&'static str>,
    /// Oddities.
    pub notes: Vec<VerdictNote>,
}

/// Where in the path a certificate stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Position {
    /// The one asked about.
    Subject,
    /// Between it and the anchor.
    Intermediate,
    /// The anchor.
    Anchor,
}

/// One certificate of the path.
#[derive(Clone, Debug)]
pub struct PathStep {
    /// The certificate.
    pub certificate: Arc<Certificate>,
    /// Where it stands.
    pub position: Position,
    /// The moment at which it had to be valid.
    pub valid_at: UnixTime,
    /// Each check that failed at this certificate: the clause, and why.
    pub faults: Vec<(&'static str, Bilingual)>,
    /// Its revocation status; `None` where it was not asked (anchor, no complete path).
    pub revocation: Option<RevocationOutcome>,
}

/// Judges `certificate` at `at`. `pool` holds further certificates and `evidence` revocation data that came
/// with it; neither is trusted.
pub fn judge(
    certificate: &Arc<Certificate>,
    pool: &[Arc<Certificate>],
    evidence: &RevocationSource,
    at: UnixTime,
    context: &Context<'_>,
) -> CertificateVerdict {
    let held = pool.iter().map(|one| (one.sha256, Arc::clone(one))).collect();
    let carried: Vec<_> = pool.iter().map(|one| one.sha256).collect();
    let pool = Pool { certificates: &held, store: &[], revocation: evidence };
    let assessment = certificate_validation::assess(context, &pool, certificate, &carried, at, at);
    let mut outcomes = Outcomes::new(context.detail);
    let mut notes = Notes::default();
    path(&assessment, at, &mut outcomes);
    if assessment.outcome.anchor.is_some() {
        revocation(&assessment, certificate, at, &mut outcomes);
    }
    algorithms(&assessment, at, context, &mut outcomes, &mut notes);
    if assessment.trust == Trust::Public {
        notes.add("certificate-not-specialised", "");
    }
    let (role, republisher) =
        holder_of(Some(certificate.sha256), certificate.subject.common_name(), at.date_in_vietnam(), context);
    let (indication, sub_indication, cause) = outcomes.overall();
    let incomplete = matches!(assessment.outcome.status, PathStatus::Incomplete | PathStatus::LookAlike { .. });
    let missing = assessment.outcome.chain.last().filter(|_| incomplete).map(|last| last.issuer.short());
    CertificateVerdict {
        at,
        indication,
        sub_indication,
        trust: assessment.trust,
        role,
        republisher,
        path: steps(&assessment, at),
        missing,
        conclusions: outcomes.into_conclusions(),
        cause,
        notes: notes.0,
    }
}

const PATH: BuildingBlock = BuildingBlock::CertificateValidation;
const FRESHNESS: BuildingBlock = BuildingBlock::RevocationFreshness;

/// Each certificate with what failed at it.
fn steps(assessment: &Assessment, at: UnixTime) -> Vec<PathStep> {
    let outcome = &assessment.outcome;
    let last = outcome.chain.len().saturating_sub(1);
    let step = |(index, certificate): (usize, &Arc<Certificate>)| {
        let position = match index {
            _ if index == last && outcome.anchor.is_some() => Position::Anchor,
            0 => Position::Subject,
            _ => Position::Intermediate,
        };
        let valid_at = used_at(assessment.model, &outcome.chain, index, at);
        let mut faults = Vec::new();
        if !certificate.is_within_validity(valid_at) {
            faults.push(("RFC 5280, 6.1.3 (a) (2)", period(certificate, valid_at)));
        }
        match &outcome.status {
            PathStatus::Constraint { index: concerned, failure } if *concerned == index => {
                faults.push((failure.clause(), reasons::rule(failure)));
            }
            PathStatus::Untrusted { .. } if index == last => faults.push((
                "RFC 5280, 6.1.1 (d)",
                Bilingual::new("tự ký, không phải gốc được tin cậy", "self-signed, and no trusted root"),
            )),
            PathStatus::LookAlike { .. } if index == last => faults.push((
                "RFC 5280, 6.1.3 (a) (1)",
                Bilingual::new(
                    "mang tên một cơ quan cấp có thật nhưng không do khóa của cơ quan đó ký",
                    "bears the name of a known issuer whose key did not sign it",
                ),
            )),
            PathStatus::Incomplete if index == last => faults.push((
                "RFC 5280, 6.1.3 (a) (4)",
                Bilingual::new("không có chứng thư của nơi cấp", "the issuer's certificate is not held"),
            )),
            PathStatus::Unsupported { algorithm } if index == last => faults.push((
                "RFC 5280, 6.1.3 (a) (1)",
                Bilingual::new(
                    format!("thuật toán ký chưa được hỗ trợ: {algorithm}"),
                    format!("signed with an unsupported algorithm: {algorithm}"),
                ),
            )),
            _ => {}
        }
        let revocation = assessment.answers.get(index).cloned();
        if let Some(RevocationAnswer::Revoked { date, reason, .. }) = revocation.as_ref().map(|one| &one.answer)
            && *date <= valid_at
        {
            let reason = words::revocation_reason(reason.name());
            faults.push((
                "RFC 5280, 6.1.3 (a) (3)",
                Bilingual::new(
                    format!("đã bị thu hồi ({date}, {})", reason.vi),
                    format!("revoked ({date}, {})", reason.en),
                ),
            ));
        }
        PathStep { certificate: Arc::clone(certificate), position, valid_at, faults, revocation }
    };
    outcome.chain.iter().enumerate().map(step).collect()
}

fn period(certificate: &Certificate, at: UnixTime) -> Bilingual {
    if at < certificate.not_before {
        Bilingual::new(
            format!("chưa có hiệu lực, bắt đầu từ {}", certificate.not_before.day_first()),
            format!("not valid before {}", certificate.not_before),
        )
    } else {
        Bilingual::new(
            format!("đã hết hạn từ {}", certificate.not_after.day_first()),
            format!("expired since {}", certificate.not_after),
        )
    }
}

/// The path's own conclusion.
fn path(assessment: &Assessment, at: UnixTime, outcomes: &mut Outcomes) {
    let outcome = &assessment.outcome;
    let name = outcome.concerned().map_or_else(String::new, |one| one.subject.short());
    let issuer = outcome.chain.last().map_or_else(String::new, |last| last.issuer.short());
    let no_chain = SubIndication::NoCertificateChainFound;
    let general = SubIndication::CertificateChainGeneralFailure;
    use Indication::{Indeterminate, TotalFailed};
    let (indication, sub_indication, cause, vi, en) = match &outcome.status {
        PathStatus::Valid if assessment.trust == Trust::Unconfirmed => (
            Indeterminate,
            no_chain,
            "trust-anchor-unconfirmed",
            format!("Đường dẫn tới gốc {name}, nhưng gốc này chưa được đơn vị xác nhận."),
            format!("The path leads to the root {name}, which the operator has not confirmed."),
        ),
        PathStatus::Valid => {
            outcomes.passed(PATH, || {
                Bilingual::new(
                    format!("Đường dẫn đúng quy tắc và còn hạn lúc {}, kết thúc ở gốc tin cậy {name}.", at.day_first()),
                    format!(
                        "The path keeps every rule, is in its validity period at {at} and ends at the anchor {name}."
                    ),
                )
            });
            return;
        }
        PathStatus::Expired { index } | PathStatus::NotYetValid { index } => {
            let early = matches!(outcome.status, PathStatus::NotYetValid { .. });
            let moment = used_at(assessment.model, &outcome.chain, *index, at);
            let why = outcome.concerned().map(|one| period(one, moment)).unwrap_or_default();
            (
                TotalFailed,
                if early { SubIndication::NotYetValid } else { SubIndication::Expired },
                "certificate-outside-validity",
                format!("Lúc {}, chứng thư {name} {}.", at.day_first(), why.vi),
                format!("At {at} the certificate {name} is {}.", why.en),
            )
        }
        PathStatus::Constraint { failure, .. } => {
            let rule = reasons::rule(failure);
            (
                TotalFailed,
                SubIndication::ChainConstraintsFailure,
                "certificate-untrusted",
                format!("Đường dẫn vi phạm quy tắc tại {name}: {} ({}).", rule.vi, failure.clause()),
                format!("The path breaks a rule at {name}: {} ({}).", rule.en, failure.clause()),
            )
        }
        PathStatus::Untrusted { .. } => (
            TotalFailed,
            no_chain,
            "certificate-untrusted",
            format!("Đường dẫn kết thúc ở {name}, là chứng thư tự ký, không phải gốc được tin cậy."),
            format!("The path ends at {name}, a self-signed certificate that is no trusted root."),
        ),
        PathStatus::LookAlike { .. } => (
            TotalFailed,
            no_chain,
            "certificate-untrusted",
            format!("Mang tên cơ quan cấp {issuer}, nhưng không do khóa của cơ quan đó ký."),
            format!("Bears the issuer name {issuer}, but was not signed with that issuer's key."),
        ),
        PathStatus::Incomplete => (
            Indeterminate,
            no_chain,
            "certificate-path-incomplete",
            format!("Thiếu chứng thư của {issuer}, chưa dựng được đường dẫn tới gốc tin cậy."),
            format!("The certificate of {issuer} is missing; no path to an anchor could be built."),
        ),
        PathStatus::Unsupported { algorithm } => (
            Indeterminate,
            general,
            "certificate-path-incomplete",
            format!("Thuật toán trong đường dẫn chưa được hỗ trợ: {algorithm}."),
            format!("An algorithm of the path is not supported: {algorithm}."),
        ),
        PathStatus::LimitReached => (
            Indeterminate,
            general,
            "certificate-path-incomplete",
            "Dừng dựng đường dẫn vì đạt giới hạn path_signature_checks.".to_owned(),
            "Path building stopped at the limit path_signature_checks.".to_owned(),
        ),
    };
    outcomes.not_passed(PATH, indication, sub_indication, Some(cause), Bilingual::new(vi, en));
}

/// Revocation of the whole path.
fn revocation(assessment: &Assessment, certificate: &Certificate, at: UnixTime, outcomes: &mut Outcomes) {
    let name = assessment.authority.clone().unwrap_or_else(|| certificate.subject.short());
    let cause = match (&assessment.revocation, &assessment.revoked) {
        (RevocationStatus::Good, _) => {
            outcomes.passed(FRESHNESS, || {
                Bilingual::new(
                    format!("Không chứng thư nào của đường dẫn bị thu hồi tính đến {}.", at.day_first()),
                    format!("No certificate of the path was revoked by {at}."),
                )
            });
            return;
        }
        (RevocationStatus::Revoked, Some((since, _))) if *since > at => {
            outcomes.passed(FRESHNESS, || {
                Bilingual::new(
                    format!(
                        "Lúc {} chưa bị thu hồi; chứng thư {name} bị thu hồi sau đó ({}).",
                        at.day_first(),
                        since.day_first()
                    ),
                    format!("Not revoked at {at}; the certificate {name} was revoked later ({since})."),
                )
            });
            return;
        }
        (RevocationStatus::Revoked, Some(revoked)) => Some(revoked),
        _ => None,
    };
    match cause {
        Some((since, reason)) => {
            let reason = words::revocation_reason(reason);
            outcomes.not_passed(
                FRESHNESS,
                Indication::TotalFailed,
                SubIndication::Revoked,
                Some("certificate-revoked"),
                Bilingual::new(
                    format!("Chứng thư {name} đã bị thu hồi ({}, {}).", since.day_first(), reason.vi),
                    format!("The certificate {name} was revoked ({since}, {}).", reason.en),
                ),
            );
        }
        None => certificate_validation::unknown_revocation(&name, assessment, outcomes),
    }
}

/// How strong the certificate's own signature and key are by the edition of the day.
fn algorithms(
    assessment: &Assessment,
    at: UnixTime,
    context: &Context<'_>,
    outcomes: &mut Outcomes,
    notes: &mut Notes,
) {
    let (Some(edition), Some(certificate)) = (context.editions.at(Some(at)), assessment.outcome.chain.first()) else {
        return;
    };
    let digest = certificate.signature_scheme.digest().map(crate::crypto::DigestAlgorithm::name);
    let key = certificate.key.as_ref();
    let kind = key.map(crate::crypto::PublicKeyInfo::name).unwrap_or_default();
    let family = kind.split(['-', ' ']).next().unwrap_or_default();
    let weak = [
        (digest.unwrap_or_default().to_owned(), digest.and_then(|digest| edition.weakness(digest, None))),
        (kind.clone(), edition.weakness(family, key.and_then(|key| key.bits))),
    ];
    for (name, level) in weak {
        let Some(level) = level else { continue };
        notes.add("algorithm-weak", &name);
        if level == AlgorithmLevel::Fail {
            outcomes.not_passed(
                PATH,
                Indication::Indeterminate,
                SubIndication::CryptoConstraintsFailure,
                Some("algorithm-weak"),
                Bilingual::new(
                    format!("Thuật toán {name} không đủ mạnh vào ngày này."),
                    format!("The algorithm {name} is not strong enough on this day."),
                ),
            );
        }
    }
}
