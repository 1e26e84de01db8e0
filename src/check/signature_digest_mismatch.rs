//! `signature-digest-mismatch`: signed bytes were altered in place.

use super::prelude::*;

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "signature-digest-mismatch",
        level: Level::Error,
        scope: Scope::Signature,
        title: text("Nội dung đã ký bị thay đổi", "Signed content was altered"),
        explanation: text(
            "Giá trị băm ghi trong chữ ký khác giá trị băm của vùng được ký, trong khi vùng ký vẫn nằm đúng vị trí: các byte đã ký bị sửa tại chỗ. Trường hợp vùng ký bị xê dịch do phần mềm ghi lại tệp thuộc mục document-resaved-after-signing.",
            "The digest in the signature differs from that of the signed range although the range still fits this /Contents: signed bytes were altered in place. A displaced range is document-resaved-after-signing.",
        ),
        basis: text(
            "Kỹ thuật; điểm d khoản 3 Điều 22 Luật Giao dịch điện tử số 20/2023/QH15; đối với văn bản đến: điểm a khoản 2 Điều 21 Nghị định 30/2020/NĐ-CP.",
            "Technical; point d, clause 3, Article 22 of Law 20/2023/QH15 on Electronic Transactions; for incoming documents: point a, clause 2, Article 21 of Decree 30/2020/NĐ-CP.",
        ),
        remedy: text("Văn thư: thay bằng bản gốc đúng.", "Văn thư: replace it by the true original."),
    },
    run: Run::Document(run),
};

fn run(input: &DocumentInput<'_>, findings: &mut Findings<'_>) {
    input.report_cause(findings, "Nội dung đã ký bị thay đổi.", "Signed content has been altered.");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{Case, failed, person, undecided};

    #[test]
    fn fires_on_altered_bytes_and_not_on_a_resaved_file() {
        assert_eq!(Case::new().signatures([failed(person(), "signature-digest-mismatch")]).run(&CHECK).len(), 1);
        let resaved = undecided(person(), "document-resaved-after-signing");
        assert!(Case::new().signatures([resaved]).run(&CHECK).is_empty());
    }

    #[test]
    fn an_earlier_signing_pass_is_not_reported_again() {
        let case = Case::new().signatures([failed(person(), "signature-digest-mismatch")]);
        assert!(case.kind(DocumentKind::EarlierVersion("b.pdf".into())).run(&CHECK).is_empty());
    }
}
