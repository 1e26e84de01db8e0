//! `person-signature-missing`: no signature of a person on an issued document.

use super::prelude::*;

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "person-signature-missing",
        level: Level::Error,
        scope: Scope::Document,
        title: text("Thiếu chữ ký số của người có thẩm quyền", "Signature of the authorised person is missing"),
        explanation: text(
            "Văn bản đã phát hành có chữ ký số nhưng không có chữ ký của người có thẩm quyền. Không áp dụng cho bản sao (SAO Y, SAO LỤC, TRÍCH SAO), phụ lục tệp rời và bản quét chỉ có chữ ký của cơ quan (xem copy-form-incorrect). Văn bản thiếu một trong hai chữ ký là chưa đủ, không phải sai về mật mã.",
            "An issued document carries digital signatures but none of a person. Not for certified copies (SAO Y, SAO LỤC, TRÍCH SAO), separate attachments, and scans signed by the agency alone (see copy-form-incorrect). A document with one of the two signatures is incomplete, not cryptographically wrong.",
        ),
        basis: text(
            "Khoản 1 Điều 5, khoản 7 Điều 13 Nghị định 30/2020/NĐ-CP.",
            "Clause 1, Article 5 and clause 7, Article 13 of Decree 30/2020/NĐ-CP.",
        ),
        remedy: text("Người có thẩm quyền: ký số vào tệp.", "Authorised person: sign the file."),
    },
    run: Run::Document(run),
};

fn run(input: &DocumentInput<'_>, findings: &mut Findings<'_>) {
    let copy = input.file.identity().is_some_and(|identity| identity.copy_form.is_some());
    let signed = input.signatures().next().is_some();
    if input.is_issued() && signed && !copy && !input.file.is_scan() && input.lacks(Role::Person) {
        findings.add(
            input.subject(),
            Bilingual::new(
                "Thiếu chữ ký số của người có thẩm quyền.",
                "Signature of the authorised person is missing.",
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{Case, agency, person, undecided, unknown};
    use crate::model::CopyForm;

    #[test]
    fn fires_when_only_the_agency_signed() {
        assert_eq!(Case::new().signatures([agency()]).run(&CHECK).len(), 1);
    }

    #[test]
    fn is_silent_on_copies_scans_unissued_unclassified_and_resaved_files() {
        assert!(Case::new().signatures([person(), agency()]).run(&CHECK).is_empty());
        assert!(Case::new().signatures([unknown(), agency()]).run(&CHECK).is_empty());
        assert!(Case::new().signatures([agency()]).scan().run(&CHECK).is_empty());
        assert!(Case::new().signatures([agency()]).not_issued().run(&CHECK).is_empty());
        let copy =
            Case::new().signatures([agency()]).identity(|identity| identity.copy_form = Some(CopyForm::CertifiedCopy));
        assert!(copy.run(&CHECK).is_empty());
        let resaved = undecided(agency(), "document-resaved-after-signing");
        assert!(Case::new().signatures([resaved]).run(&CHECK).is_empty());
    }
}
