//! `number-absent`: no source gives number and symbol.

use super::prelude::*;

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "number-absent",
        level: Level::Error,
        scope: Scope::Document,
        title: text("Không tìm thấy số, ký hiệu", "No number and symbol found"),
        explanation: text(
            "Văn bản đã ký nhưng không tìm thấy số, ký hiệu ở hình hiển thị chữ ký, phần đầu trang, sổ đăng ký lẫn tên tệp. Chỗ trống trong lớp chữ tự nó không phải lỗi vì số, ngày, tháng có thể được điền bằng chữ ký số.",
            "A signed document without number and symbol in signature appearance, page header, register and file name alike. A blank in the text layer alone is no finding: number, day and month may each be a signature.",
        ),
        basis: text(
            "Điểm c khoản 2 Điều 8, khoản 3 Điều 15 và khoản 3 Mục II Phần I Phụ lục I Nghị định 30/2020/NĐ-CP.",
            "Point c, clause 2, Article 8, clause 3, Article 15 and clause 3, Section II, Part I, Appendix I of Decree 30/2020/NĐ-CP.",
        ),
        remedy: text("Văn thư: cấp số bằng hệ thống.", "Văn thư: assign the number by the system."),
    },
    run: Run::Document(run),
};

fn run(input: &DocumentInput<'_>, findings: &mut Findings<'_>) {
    let signed = input.signatures().next().is_some();
    if input.is_main() && input.class.reference.is_none() && (signed || input.row.is_some()) {
        findings.add(
            input.subject(),
            Bilingual::new("Không tìm thấy số, ký hiệu ở nguồn nào.", "No number/symbol found in any source."),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{Case, person};

    #[test]
    fn fires_on_a_signed_document_without_number_only() {
        let case = Case::new().signatures([person()]);
        assert!(case.run(&CHECK).is_empty());
        assert_eq!(case.class(|class| class.reference = None).run(&CHECK).len(), 1);
        assert!(Case::new().class(|class| class.reference = None).run(&CHECK).is_empty());
    }
}
