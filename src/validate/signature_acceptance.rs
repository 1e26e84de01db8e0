//! Signature acceptance (EN 319 102-1, 5.2.8): what the signature has to carry, how strong its
//! algorithms are at its date, and oddities of its times.

use super::outcome::Outcomes;
use super::timestamp::{self, Reference};
use super::{Context, Notes};
use crate::edition::AlgorithmLevel;
use crate::model::{Bilingual, BuildingBlock, Indication, SignatureFacts, SignerFacts, SubIndication, ValueOutcome};

const BLOCK: BuildingBlock = BuildingBlock::SignatureAcceptance;
/// signingTime later than the timestamp by more than this is implausible, seconds (check 29).
const LATE_TOLERANCE: i64 = 60;
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
                format!("Thời điểm ký {} nằm sau thời điểm soát.", time.day_first()),
                format!("The time of signing {time} lies after the audit's clock."),
            ),
        );
    }
    times(facts, signer, reference, context, outcomes, notes);
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
    let key = timestamp::key_name(signer);
    let bits = signer.key_bits.map_or_else(String::new, |bits| format!("-{bits}"));
    // A time that is merely claimed may be claimed in order to come under an older table: what fails today
    // needs a proof that the signature is older (EN 319 102-1, 5.5.4: CRYPTO_CONSTRAINTS_FAILURE_NO_POE).
    let today = context.editions.at(Some(context.clock)).filter(|_| reference.proofs.is_empty());
    let weakness = |name: &str, bits| {
        let then = edition.weakness(name, bits).map(|level| (level, SubIndication::CryptoConstraintsFailure));
        match today.and_then(|today| today.weakness(name, bits)) {
            Some(AlgorithmLevel::Fail) if then.is_none_or(|(level, _)| level != AlgorithmLevel::Fail) => {
                Some((AlgorithmLevel::Fail, SubIndication::CryptoConstraintsFailureNoPoe))
            }
            _ => then,
        }
    };
    let weak = [
        (signer.digest_algorithm.clone(), weakness(&signer.digest_algorithm, None)),
        (format!("{key}{bits}"), weakness(key, signer.key_bits)),
    ];
    let mut strong = true;
    for (name, level) in weak {
        let Some((level, sub_indication)) = level else { continue };
        strong = false;
        notes.add("algorithm-weak", &name);
        if level == AlgorithmLevel::Fail {
            outcomes.not_passed(
                BLOCK,
                Indication::Indeterminate,
                sub_indication,
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
                format!("{} với {key}{bits} đủ mạnh vào ngày ký ({}).", signer.digest_algorithm, edition.title.vi),
                format!(
                    "{} with {key}{bits} strong enough on the day of signing ({}).",
                    signer.digest_algorithm, edition.title.en
                ),
            )
        });
    }
}

fn times(
    facts: &SignatureFacts,
    signer: &SignerFacts,
    reference: &Reference,
    context: &Context<'_>,
    outcomes: &mut Outcomes,
    notes: &mut Notes,
) {
    let Some(claimed) = signer.signing_time else { return };
    let proven = reference.proofs.first().map(|proof| proof.time);
    // Without a proof the computer's clock beside it shows the quirk as well.
    if proven.or(facts.claimed_time).is_some_and(|time| timestamp::is_local_time(claimed, time)) {
        notes.add("signing-time-plus-7h", "");
        outcomes.passed(BLOCK, || {
            Bilingual::new(
                format!(
                    "Giờ ký tự khai ({}) lệch đúng +7 giờ: công cụ ký ghi giờ Việt Nam như giờ UTC. Không ảnh hưởng kết luận.",
                    claimed.day_first()
                ),
                format!(
                    "The claimed time ({claimed}) is exactly 7 hours ahead: the tool wrote Vietnam's local time as UTC. It changes nothing."
                ),
            )
        });
        return;
    }
    match proven {
        Some(proven) if claimed.0.saturating_sub(proven.0) > LATE_TOLERANCE => {
            notes.add("signing-time-implausible", &format!("{claimed}|{proven}"));
        }
        None if claimed > context.clock => {
            notes.add("signing-time-implausible", &format!("{claimed}|{}", context.clock));
        }
        _ => {}
    }
}
