//! `attachment-signature-missing`: a separate attachment without the agency's signature.

use super::prelude::*;
use crate::model::Content;

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "attachment-signature-missing",
        level: Level::Error,
        scope: Scope::Document,
        title: text("Phụ lục tệp rời chưa có chữ ký số của cơ quan", "Separate attachment lacks the agency signature"),
        explanation: text(
            "Phụ lục ở tệp riêng của một văn bản đã phát hành không có chữ ký số của cơ quan. Phụ lục nằm trong cùng tệp với văn bản không phải ký riêng, có hay không có thêm con dấu trên trang phụ lục đều được.",
            "A separate attachment file of an issued document has no agency signature. Attachments in the same file need none of their own, with or without an extra seal on their pages.",
        ),
        basis: text(
            "Khoản 8 Mục II và khoản 1 Mục III Phần I Phụ lục I Nghị định 30/2020/NĐ-CP.",
            "Clause 8, Section II and clause 1, Section III, Part I, Appendix I of Decree 30/2020/NĐ-CP.",
        ),
        remedy: text("Văn thư: ký số từng tệp phụ lục.", "Văn thư: sign each separate file."),
    },
    run: Run::Document(run),
};

fn run(input: &DocumentInput<'_>, findings: &mut Findings<'_>) {
    let Some(main) = input.main.filter(|main| main.issued) else { return };
    let assessed = matches!(input.file.facts.map(|facts| &facts.content), Some(Content::Pdf(_)));
    let unsigned = input.signatures().next().is_none();
    // The person's signature is not asked for, so one unclassified signature may be the agency's.
    let unclassified = input.signatures_of(Role::Unknown).next().is_some();
    let signed = input.signatures_of(Role::Agency).next().is_some();
    if assessed && (unsigned || !(signed || unclassified)) {
        let main = main.reference.as_ref().map(ToString::to_string).unwrap_or_else(|| main.path.clone());
        findings.add(
            input.class.path.rsplit('/').next().unwrap_or(&input.class.path),
            Bilingual::new(
                format!("Phụ lục tệp rời của {main} chưa có chữ ký số của cơ quan."),
                format!("Separate attachment of {main} lacks the agency signature."),
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{Case, agency, person, unknown};

    #[test]
    fn fires_without_the_agency_signature() {
        assert_eq!(Case::new().attachment_of_main().run(&CHECK).len(), 1);
        assert_eq!(Case::new().signatures([person()]).attachment_of_main().run(&CHECK).len(), 1);
    }

    #[test]
    fn is_silent_when_signed_or_perhaps_signed_or_no_attachment() {
        assert!(Case::new().signatures([agency()]).attachment_of_main().run(&CHECK).is_empty());
        assert!(Case::new().signatures([unknown()]).attachment_of_main().run(&CHECK).is_empty());
        assert!(Case::new().run(&CHECK).is_empty());
    }
}
