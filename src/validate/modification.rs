//! Later revisions against the permissions (ISO 32000-2, 12.8.2): the last word on what was added.

use super::format_checking::Range;
use super::outcome::Outcomes;
use crate::model::{
    Bilingual, BuildingBlock, Indication, Modification, ModificationLevel, SignatureFacts, SubIndication, words,
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
