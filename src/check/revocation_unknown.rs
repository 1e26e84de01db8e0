//! `revocation-unknown`: no revocation list answers for the reference time.

use super::input::has_cause;
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "revocation-unknown",
        level: Level::Indeterminate,
        scope: Scope::Signature,
        title: text("Chưa xác định tình trạng thu hồi", "Revocation status unknown"),
        explanation: text(
            "Không có danh sách thu hồi (CRL) hoặc trả lời trực tuyến (OCSP) nào trong thư mục của đơn vị trả lời được cho thời điểm ký. Không bao giờ tính là hợp lệ, cũng không tính là không hợp lệ.",
            "No CRL or OCSP response in the operator's folder answers for the reference time. Never valid, never invalid.",
        ),
        basis: text(
            "Kỹ thuật; khoản 2 Điều 31 Nghị định 68/2024/NĐ-CP; áp dụng tương tự: mục 1.2 Phụ lục II Thông tư 15/2025/TT-BKHCN (theo bản trích công khai, chưa đối chiếu bản gốc).",
            "Technical; clause 2, Article 31 of Decree 68/2024/NĐ-CP; by analogy: item 1.2, Appendix II of Circular 15/2025/TT-BKHCN (from public excerpts, not compared with the original).",
        ),
        remedy: text(
            "Bộ phận CNTT: chép danh sách thu hồi vào thư mục rồi chạy lại.",
            "IT: copy the CRL into the folder and run again.",
        ),
    },
    run: Run::Document(run),
};

fn run(input: &DocumentInput<'_>, findings: &mut Findings<'_>) {
    for verdict in input.verdicts().filter(|verdict| has_cause(verdict, CHECK.meta.id)) {
        findings.add(
            &verdict.field,
            Bilingual::new(
                "Chưa xác định tình trạng thu hồi; chưa đủ căn cứ kết luận hợp lệ.",
                "Revocation status unknown.",
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{Case, person, undecided};

    #[test]
    fn fires_on_its_cause_only() {
        let verdict = undecided(person(), "revocation-unknown");
        assert_eq!(Case::new().signatures([verdict]).run(&CHECK)[0].level, Level::Indeterminate);
        let incomplete = undecided(person(), "certificate-path-incomplete");
        assert!(Case::new().signatures([incomplete]).run(&CHECK).is_empty());
    }
}
