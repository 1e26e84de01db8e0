//! Signature acceptance (EN 319 102-1, 5.2.8): what the signature has to carry, how strong its
//! algorithms are at its date, and oddities of its times.

use super::outcome::Outcomes;
use super::timestamp::{self, Reference};
use super::{Context, Notes};
use crate::edition::AlgorithmLevel;
use crate::model::{
    Bilingual, BuildingBlock, Indication, SignatureFacts, SignerFacts, SubIndication, UnixTime, ValueOutcome,
};

const BLOCK: BuildingBlock = BuildingBlock::SignatureAcceptance;
/// Tolerance between the computer's clock and a timestamp, seconds (ours: /M of genuine signatures is
/// up to 26 minutes off).
const CLOCK_TOLERANCE: i64 = 30 * 60;
/// signingTime later than the timestamp by more than this is implausible, seconds (check 29).
const LATE_TOLERANCE: i64 = 60;
/// Local time written as if it were UTC: 16 of 20 genuine signatures with signingTime.
const LOCAL_TIME_QUIRK: i64 = 7 * 3_600;

/// Judges attributes, algorithms and times.
pub(super) fn check(
    facts: &SignatureFacts,
    signer: &SignerFacts,
    reference: &Reference,
    context: &Context<'_>,
    outcomes: &mut Outcomes,
    notes: &mut Notes,
) {
    signing_certificate(facts, signer, outcomes);
    algorithms(signer, reference, context, outcomes, notes);
    match signer.value {
        ValueOutcome::VerifiesWithoutNull => notes.add("rsa-digest-info-without-null", ""),
        ValueOutcome::VerifiesNamedByKey => notes.add("ecdsa-named-by-key", ""),
        _ => {}
    }
    for word in &signer.notes {
        notes.add_word(word);
    }
    if let Some(time) = reference.time.filter(|time| timestamp::is_future(*time, context)) {
        outcomes.not_passed(
            BLOCK,
            Indication::Indeterminate,
            SubIndication::Generic,
            Some("signing-time-implausible"),
            Bilingual::new(
                format!("Thời điểm ký {time} nằm sau thời điểm soát."),
                format!("The time of signing {time} lies after the audit's clock."),
            ),
        );
    }
    times(signer, reference, context, notes);
}

/// ESS signing-certificate (RFC 5035): must name the certificate used; CAdES needs it (ETSI EN 319
/// 122-1, 5.2.2; EN 319 142-1, 6.3).
fn signing_certificate(facts: &SignatureFacts, signer: &SignerFacts, outcomes: &mut Outcomes) {
    let fail = |vi: &str, en: &str, outcomes: &mut Outcomes| {
        outcomes.not_passed(
            BLOCK,
            Indication::Indeterminate,
            SubIndication::SigConstraintsFailure,
            Some("signature-cms-malformed"),
            Bilingual::new(vi, en),
        );
    };
    match signer.ess_certificate {
        Some(true) => {}
        Some(false) => fail(
            "Thuộc tính signing-certificate chỉ tới một chứng thư khác.",
            "The signing-certificate attribute names another certificate.",
            outcomes,
        ),
        None if facts.sub_filter.as_deref() == Some("ETSI.CAdES.detached") => fail(
            "Chữ ký ETSI.CAdES.detached thiếu thuộc tính signing-certificate.",
            "An ETSI.CAdES.detached signature lacks the signing-certificate attribute.",
            outcomes,
        ),
        None => {}
    }
}

fn algorithms(
    signer: &SignerFacts,
    reference: &Reference,
    context: &Context<'_>,
    outcomes: &mut Outcomes,
    notes: &mut Notes,
) {
    let Some(edition) = context.editions.at(reference.time) else { return };
    let key = if signer.signature_algorithm.starts_with("RSA") {
        "RSA"
    } else if signer.signature_algorithm.starts_with("ECDSA") {
        "ECDSA"
    } else {
        ""
    };
    let bits = signer.key_bits.map_or_else(String::new, |bits| format!("-{bits}"));
    let weak = [
        (signer.digest_algorithm.clone(), edition.weakness(&signer.digest_algorithm, None)),
        (format!("{key}{bits}"), edition.weakness(key, signer.key_bits)),
    ];
    let mut strong = true;
    for (name, level) in weak {
        let Some(level) = level else { continue };
        strong = false;
        notes.add("algorithm-weak", &name);
        if level == AlgorithmLevel::Fail {
            outcomes.not_passed(
                BLOCK,
                Indication::Indeterminate,
                SubIndication::CryptoConstraintsFailure,
                Some("algorithm-weak"),
                Bilingual::new(
                    format!("Thuật toán {name} không đủ mạnh vào ngày ký."),
                    format!("The algorithm {name} was not strong enough on the day of signing."),
                ),
            );
        }
    }
    if strong {
        outcomes.passed(BLOCK, || {
            Bilingual::new(
                format!("Thuật toán đủ mạnh vào ngày ký ({}).", edition.title.vi),
                format!("Algorithms strong enough on the day of signing ({}).", edition.title.en),
            )
        });
    }
}

fn times(signer: &SignerFacts, reference: &Reference, context: &Context<'_>, notes: &mut Notes) {
    let Some(claimed) = signer.signing_time else { return };
    let proven = reference.proofs.first().map(|proof| proof.time);
    match proven {
        Some(UnixTime(proven)) => {
            let ahead = claimed.0.saturating_sub(proven);
            if (ahead - LOCAL_TIME_QUIRK).abs() <= CLOCK_TOLERANCE {
                notes.add("signing-time-plus-7h", "");
            } else if ahead > LATE_TOLERANCE {
                notes.add("signing-time-implausible", &format!("{claimed}|{}", UnixTime(proven)));
            }
        }
        None if claimed > context.clock => {
            notes.add("signing-time-implausible", &format!("{claimed}|{}", context.clock));
        }
        None => {}
    }
}
