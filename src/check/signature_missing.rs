//! `signature-missing`: an issued document without any digital signature.

use super::prelude::*;
use super::signature_image_only::images_shown;
use crate::model::Content;

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "signature-missing",
        level: Level::Error,
        scope: Scope::Document,
        title: text("Văn bản đã phát hành không có chữ ký số", "Issued document has no digital signature"),
        explanation: text(
            "Văn bản có trong sổ đăng ký hoặc có số và ngày nhưng tệp không có chữ ký số nào. Bản quét được báo theo mục scan-without-signature; tệp có ảnh chữ ký hoặc dấu ở phần ký được báo theo mục signature-image-only. Tệp không ký gửi kèm bản giấy có ký cũng thuộc mục này, không phải văn bản kèm bản giấy.",
            "A document in the register, or with number and date, whose file holds no digital signature. A scan is reported as scan-without-signature, a file with an image of a signature or seal at the signing block as signature-image-only. An unsigned e-copy sent beside a signed paper is this finding, not a paper duplicate.",
        ),
        basis: text(
            "Khoản 1 Điều 5, khoản 7 Điều 13 Nghị định 30/2020/NĐ-CP; khoản 2 Điều 4 Quyết định 28/2018/QĐ-TTg.",
            "Clause 1, Article 5 and clause 7, Article 13 of Decree 30/2020/NĐ-CP; clause 2, Article 4 of Decision 28/2018/QĐ-TTg.",
        ),
        remedy: text(
            "Người có thẩm quyền và văn thư: ký số tệp gốc trên hệ thống.",
            "Leader and văn thư: sign the original file in the system.",
        ),
    },
    run: Run::Document(run),
};

/// An issued document of the agency's own, no scan and no copy, whose file was read and holds no signature.
pub(super) fn is_unsigned(input: &DocumentInput<'_>) -> bool {
    let assessed = matches!(input.file.facts.map(|facts| &facts.content), Some(Content::Pdf(_)));
    let copy = input.file.identity().is_some_and(|identity| identity.copy_form.is_some());
    let unsigned = input.file.verdicts.is_empty();
    assessed && unsigned && input.is_issued() && !input.file.is_scan() && !copy
}

fn run(input: &DocumentInput<'_>, findings: &mut Findings<'_>) {
    if is_unsigned(input) && images_shown(input) == 0 {
        findings.add(
            input.subject(),
            Bilingual::new(
                "Văn bản đã phát hành nhưng không có chữ ký số.",
                "Issued document has no digital signature.",
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{Case, person};
    use crate::model::NotAssessed;

    #[test]
    fn fires_on_an_issued_document_without_signature() {
        assert_eq!(Case::new().run(&CHECK).len(), 1);
    }

    #[test]
    fn is_silent_on_drafts_pasted_images_scans_attachments_and_unreadable_files() {
        assert!(Case::new().signatures([person()]).run(&CHECK).is_empty());
        assert!(Case::new().not_issued().run(&CHECK).is_empty());
        assert!(Case::new().identity(|identity| identity.make_up.signing_images = 1).run(&CHECK).is_empty());
        assert!(Case::new().scan().run(&CHECK).is_empty());
        assert!(Case::new().kind(DocumentKind::Attachment(None)).run(&CHECK).is_empty());
        assert!(Case::new().not_assessed(NotAssessed::Truncated).run(&CHECK).is_empty());
    }
}
