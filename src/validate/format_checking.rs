//! Format checking (EN 319 102-1, 5.2.2) and what the range says of the file (ISO 32000-2, 12.8.1).

use super::outcome::Outcomes;
use crate::cms::SubFilter;
use crate::model::{
    Bilingual, BuildingBlock, CmsFacts, Coverage, DigestOutcome, Indication, ModificationLevel, RangeLayout,
    SignatureFacts, SignerFacts, SubIndication, words,
};

const BLOCK: BuildingBlock = BuildingBlock::FormatChecking;

/// How the range lies decides what a digest that differs means (domain README section 5).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Range {
    /// The digest speaks about the file.
    Usable,
    /// The file was rewritten after signing: the bytes cannot be checked any more.
    Resaved,
    /// The range is wrong in itself.
    Unusable,
}

/// Judges layout and CMS structure. `None`: no signer to go on with.
pub(super) fn check<'a>(facts: &'a SignatureFacts, outcomes: &mut Outcomes) -> (Range, Option<&'a SignerFacts>) {
    let signer = match &facts.cms {
        CmsFacts::Parsed(signer) => Some(signer.as_ref()),
        // A form that is not known is a signature that could not be judged, never a missing one.
        CmsFacts::Malformed(detail) if is_unknown_form(facts) => {
            let fault = words::structure_fault(detail);
            outcomes.not_passed(
                BLOCK,
                Indication::Indeterminate,
                SubIndication::Generic,
                Some("signature-cms-malformed"),
                Bilingual::new(
                    format!("Dạng chữ ký chưa được hỗ trợ: {}.", fault.vi),
                    format!("The form of the signature is not supported: {}.", fault.en),
                ),
            );
            None
        }
        CmsFacts::Malformed(detail) | CmsFacts::Absent(detail) => {
            let fault = words::structure_fault(detail);
            outcomes.not_passed(
                BLOCK,
                Indication::TotalFailed,
                SubIndication::FormatFailure,
                Some("signature-cms-malformed"),
                Bilingual::new(
                    format!("Cấu trúc chữ ký không đúng chuẩn: {}.", fault.vi),
                    format!("The signature structure is not usable: {}.", fault.en),
                ),
            );
            None
        }
    };
    let right = signer.is_some_and(|signer| signer.value.is_right());
    let matches = signer.is_some_and(|signer| signer.digest == DigestOutcome::Matches);
    let range = match &facts.byte_range.layout {
        // A range that ends inside a revision leaves part of what was there at signing unsigned.
        RangeLayout::Exact if facts.revision.is_none() && !facts.byte_range.reaches_end && !is_left_behind(facts) => {
            Range::Unusable
        }
        RangeLayout::Exact => Range::Usable,
        RangeLayout::Displaced if right && !matches => Range::Resaved,
        RangeLayout::Inexact(_) if right && !matches => Range::Resaved,
        RangeLayout::Displaced | RangeLayout::Inexact(_) | RangeLayout::Malformed(_) => Range::Unusable,
    };
    match range {
        Range::Usable if signer.is_some() => outcomes.passed(BLOCK, || {
            Bilingual::new(
                "Cấu trúc đúng; vùng ký phủ toàn bộ phần đã ký, chỉ trừ đúng chuỗi /Contents của chữ ký này.",
                "The structure is sound; the range leaves out exactly this signature's /Contents.",
            )
        }),
        Range::Usable => {}
        Range::Resaved => outcomes.not_passed(
            BLOCK,
            Indication::Indeterminate,
            SubIndication::SignedDataNotFound,
            Some("document-resaved-after-signing"),
            Bilingual::new(
                "Tệp đã bị phần mềm ghi lại sau khi ký: vùng ký không còn ứng với tệp, không đối chiếu được nội dung.",
                "The file was re-saved after signing: the range does not describe it any more, the content cannot be checked.",
            ),
        ),
        Range::Unusable => {
            let detail = match &facts.byte_range.layout {
                RangeLayout::Inexact(detail) | RangeLayout::Malformed(detail) => detail.as_str(),
                RangeLayout::Displaced => "gap not at /Contents",
                RangeLayout::Exact => "ends inside a revision",
            };
            let fault = words::structure_fault(detail);
            outcomes.not_passed(
                BLOCK,
                Indication::TotalFailed,
                SubIndication::FormatFailure,
                Some("signature-range-gap"),
                Bilingual::new(
                    format!("Vùng ký (ByteRange) bất thường: {}.", fault.vi),
                    format!("The signed range (ByteRange) is abnormal: {}.", fault.en),
                ),
            );
        }
    }
    if facts.sub_filter.as_deref().is_none_or(str::is_empty) && signer.is_some() {
        outcomes.not_passed(
            BLOCK,
            Indication::Indeterminate,
            SubIndication::Generic,
            Some("signature-cms-malformed"),
            Bilingual::new("Chữ ký không ghi /SubFilter.", "The signature names no /SubFilter."),
        );
    }
    (range, signer)
}

/// How much of the file the range covers.
pub(super) fn coverage(facts: &SignatureFacts) -> Coverage {
    match facts.byte_range.layout {
        RangeLayout::Exact if facts.byte_range.reaches_end => Coverage::WholeFile,
        RangeLayout::Exact if facts.revision.is_some() => Coverage::Revision,
        _ => Coverage::Partial,
    }
}

/// The range ends behind a revision that the newest one does not continue: what is wrong is what happened
/// later, and the comparison of the two says so.
fn is_left_behind(facts: &SignatureFacts) -> bool {
    let changes = &facts.modification.changes;
    facts.modification.level == ModificationLevel::Forbidden
        && changes.iter().any(|change| change.rule == "signature-removed")
        && changes.iter().all(|change| change.rule != "range-ends-inside-revision")
}

/// /SubFilter names a form that is not known.
fn is_unknown_form(facts: &SignatureFacts) -> bool {
    facts.sub_filter.as_deref().is_some_and(|name| SubFilter::from_name(name, &[]).is_none())
}
