//! Later revisions against the permissions (ISO 32000-2, 12.8.2): the last word on what was added.

use super::format_checking::Range;
use super::outcome::Outcomes;
use super::timestamp::range_end;
use crate::model::{
    Bilingual, BuildingBlock, CmsFacts, Conclusion, Indication, Integrity, Modification, ModificationLevel,
    SignatureFacts, SignatureVerdict, SubIndication, Trust, words,
};

const BLOCK: BuildingBlock = BuildingBlock::DocumentModification;
const CAUSE: Option<&str> = Some("document-changed-after-signing");

/// Judges what follows the signed revision.
pub(super) fn check(facts: &SignatureFacts, range: Range, outcomes: &mut Outcomes) -> Modification {
    if range != Range::Usable {
        return Modification::Unknown;
    }
    let worst = || {
        let changes = facts.modification.changes.iter();
        let worst: Vec<Bilingual> =
            changes.filter(|change| change.level >= ModificationLevel::Suspicious).map(words::change).collect();
        let join = |pick: fn(&Bilingual) -> &str| {
            let mut texts: Vec<&str> = worst.iter().map(pick).collect();
            texts.dedup();
            texts.join("; ")
        };
        Bilingual::new(join(|text| &text.vi), join(|text| &text.en))
    };
    match facts.modification.level {
        ModificationLevel::None => {
            outcomes.passed(BLOCK, || {
                Bilingual::new("Sau chữ ký này không có bổ sung.", "Nothing follows this signature.")
            });
            Modification::None
        }
        ModificationLevel::LongTermValidation | ModificationLevel::FormFilling | ModificationLevel::Annotation => {
            outcomes.passed(BLOCK, || {
                Bilingual::new(
                    "Sau chữ ký này chỉ có bổ sung được phép (chữ ký tiếp theo, dữ liệu kiểm tra, dấu thời gian).",
                    "Only permitted additions follow this signature (further signatures, validation data, timestamps).",
                )
            });
            Modification::Permitted
        }
        ModificationLevel::Suspicious => {
            let what = worst();
            outcomes.not_passed(
                BLOCK,
                Indication::Indeterminate,
                SubIndication::Generic,
                CAUSE,
                Bilingual::new(
                    format!("Sau khi ký có thay đổi chưa giải thích được: {}.", what.vi),
                    format!("A change after signing cannot be explained: {}.", what.en),
                ),
            );
            Modification::Suspicious
        }
        ModificationLevel::Forbidden => {
            let what = worst();
            outcomes.not_passed(
                BLOCK,
                Indication::TotalFailed,
                SubIndication::FormatFailure,
                CAUSE,
                Bilingual::new(
                    format!("Văn bản bị sửa sau khi ký: {}.", what.vi),
                    format!("The document was changed after signing: {}.", what.en),
                ),
            );
            Modification::Forbidden
        }
        ModificationLevel::Unknown => {
            outcomes.not_passed(
                BLOCK,
                Indication::Indeterminate,
                SubIndication::Generic,
                CAUSE,
                Bilingual::new(
                    "Không xác định được bản đã ký nên không so sánh được thay đổi sau khi ký.",
                    "The signed revision cannot be determined, so later changes cannot be compared.",
                ),
            );
            Modification::Unknown
        }
    }
}

/// What later signatures show on the pages stands under their name. Where such a signature comes from
/// nobody who is known, it is an unsigned addition: anyone can draw a picture and call it a
/// signature ("sneaky signature"). The earlier signatures cannot answer for what the pages then show.
pub(super) fn doubt_unsound_additions(facts: &[SignatureFacts], verdicts: &mut [SignatureVerdict]) {
    let unsound: Vec<(i64, bool, String)> = facts
        .iter()
        .zip(verdicts.iter())
        .filter_map(|(facts, verdict)| {
            let [left, bottom, right, top] = facts.appearance.as_ref()?.rectangle;
            let shown = right > left && top > bottom;
            // A known signer's signature that does not hold is reported as that: its seal is where it belongs.
            let known = matches!(verdict.trust, Trust::Specialised | Trust::Public);
            let broken = verdict.integrity == Integrity::Broken && !known || !matches!(facts.cms, CmsFacts::Parsed(_));
            let foreign = verdict.trust == Trust::Untrusted;
            (shown && (broken || foreign)).then(|| Some((range_end(facts)?, broken, facts.field.clone())))?
        })
        .collect();
    if unsound.is_empty() {
        return;
    }
    for (facts, verdict) in facts.iter().zip(verdicts) {
        let Some(end) = range_end(facts).filter(|_| verdict.modification == Modification::Permitted) else { continue };
        // Where nobody is known, one stranger is no worse than another.
        let known = matches!(verdict.trust, Trust::Specialised | Trust::Public);
        let Some((_, _, field)) = unsound.iter().find(|(later, broken, _)| *later > end && (*broken || known)) else {
            continue;
        };
        verdict.modification = Modification::Suspicious;
        verdict.conclusions.retain(|conclusion| conclusion.block != BLOCK);
        verdict.conclusions.push(Conclusion {
            block: BLOCK,
            indication: Indication::Indeterminate,
            sub_indication: Some(SubIndication::Generic),
            reason: Bilingual::new(
                format!("Chữ ký thêm sau ({field}) hiển thị trên trang nhưng không có giá trị: phần hiển thị đó không do ai ký."),
                format!("The later signature {field} shows something on the page but does not hold: nobody has signed what it shows."),
            ),
        });
        if verdict.indication == Indication::TotalPassed {
            verdict.indication = Indication::Indeterminate;
            verdict.sub_indication = Some(SubIndication::Generic);
            verdict.cause = CAUSE.map(str::to_owned);
        }
    }
}
