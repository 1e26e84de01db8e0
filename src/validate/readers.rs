//! A signature speaks about a document; where two readers find two documents in one file, it is not known
//! about which. Nothing in the standard's algorithms sees this: they begin with one document.

use super::outcome::Outcomes;
use crate::model::{Bilingual, BuildingBlock, Indication, PdfFacts, StructureNote, SubIndication};

/// Leaves the signature undecided if readers disagree on the file.
pub(super) fn check(document: &PdfFacts, outcomes: &mut Outcomes) {
    let difference = document.notes.iter().find_map(|note| match note {
        StructureNote::ReadersDisagree(difference) => Some(difference),
        _ => None,
    });
    let Some(difference) = difference else { return };
    outcomes.not_passed(
        BuildingBlock::DocumentModification,
        Indication::Indeterminate,
        SubIndication::Generic,
        Some("document-ambiguous"),
        Bilingual::new(
            format!("Hai cách đọc tệp cho hai văn bản khác nhau ({difference}): không rõ chữ ký nói về văn bản nào."),
            format!("Two readers find different documents in the file ({difference}): about which the signature speaks is open."),
        ),
    );
}

#[cfg(test)]
mod tests {
    use super::super::outcome::Detail;
    use super::*;

    #[test]
    fn only_a_disagreement_leaves_a_signature_undecided() {
        let judged = |note: Option<StructureNote>| {
            let document = PdfFacts { notes: note.into_iter().collect(), ..PdfFacts::default() };
            let mut outcomes = Outcomes::new(Detail::Full);
            check(&document, &mut outcomes);
            outcomes.overall()
        };
        assert_eq!(judged(None).0, Indication::TotalPassed);
        assert_eq!(judged(Some(StructureNote::Repaired)).0, Indication::TotalPassed);
        let (indication, _, cause) = judged(Some(StructureNote::ReadersDisagree("pages: 1 and 2".into())));
        assert_eq!((indication, cause), (Indication::Indeterminate, Some("document-ambiguous")));
    }
}
