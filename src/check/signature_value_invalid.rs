//! `signature-value-invalid`: the signature value does not verify.

use super::prelude::*;

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "signature-value-invalid",
        level: Level::Error,
        scope: Scope::Signature,
        title: text("Giá trị chữ ký sai", "The signature value is wrong"),
        explanation: text(
            "Giá trị chữ ký không kiểm chứng được bằng khóa công khai trong chứng thư của người ký trên các thuộc tính đã ký (hoặc trên nội dung khi không có thuộc tính). Giá trị băm khớp thôi chưa đủ.",
            "The signature value does not verify with the key of the signer's certificate over the signed attributes (or over the content when there are none). A matching digest alone is not enough.",
        ),
        basis: text(
            "Kỹ thuật; khoản 3 Điều 22 Luật Giao dịch điện tử số 20/2023/QH15; áp dụng tương tự: điểm a khoản 1 Điều 6 Thông tư 15/2025/TT-BKHCN (theo bản trích công khai, chưa đối chiếu bản gốc).",
            "Technical; clause 3, Article 22 of Law 20/2023/QH15 on Electronic Transactions; by analogy: point a, clause 1, Article 6 of Circular 15/2025/TT-BKHCN (from public excerpts, not compared with the original).",
        ),
        remedy: text(
            "Văn thư: lấy lại tệp gốc từ hệ thống; nếu không còn thì trình ký lại.",
            "Văn thư: fetch the original from the system; otherwise have it signed again.",
        ),
    },
    run: Run::Document(run),
};

fn run(input: &DocumentInput<'_>, findings: &mut Findings<'_>) {
    input.report_cause(
        findings,
        "Giá trị chữ ký không khớp khóa của chứng thư.",
        "Signature value does not match the certificate key.",
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{Case, failed, person};

    #[test]
    fn fires_on_its_cause_only() {
        assert_eq!(Case::new().signatures([failed(person(), "signature-value-invalid")]).run(&CHECK).len(), 1);
        assert!(Case::new().signatures([failed(person(), "signature-digest-mismatch")]).run(&CHECK).is_empty());
    }
}
