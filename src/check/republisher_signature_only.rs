//! `republisher-signature-only`: a portal's or gazette's copy.

use super::prelude::*;
use crate::model::Indication;

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "republisher-signature-only",
        level: Level::Info,
        scope: Scope::Document,
        title: text("Chỉ có chữ ký của nơi đăng lại", "Only a republisher's signature"),
        explanation: text(
            "Tệp chỉ có chữ ký của cổng thông tin điện tử hoặc Công báo (theo danh mục cấu hình). Chỉ kết luận về bản đăng lại; không suy ra điều gì về chữ ký của cơ quan ban hành. Thay cho person-signature-missing và agency-signature-missing; không phải bằng chứng phát hành và nằm ngoài mẫu số.",
            "The only signatures are those of a portal or gazette (configured). Only the republisher's copy is judged; nothing follows about the issuer's signatures. Replaces person-signature-missing and agency-signature-missing; it is not evidence of issue and stands outside the denominator.",
        ),
        basis: text(
            "Kỹ thuật (đo trên 34 tệp công khai: 17 tệp chỉ có chữ ký của nơi đăng lại).",
            "Technical (measured: 17 of 34 public files).",
        ),
        remedy: text(
            "Văn thư: lưu văn bản như lúc phát hành, không lưu bản tải từ cổng.",
            "Văn thư: file the document as issued, not the portal's copy.",
        ),
    },
    run: Run::Document(run),
};

fn run(input: &DocumentInput<'_>, findings: &mut Findings<'_>) {
    if input.class.kind != DocumentKind::Republished {
        return;
    }
    let Some(verdict) = input.verdicts().find(|verdict| verdict.republisher) else { return };
    let name = verdict.signer.as_deref().unwrap_or("?");
    let (vi, en) = match verdict.indication {
        Indication::TotalPassed => ("bản đăng lại nguyên vẹn", "the copy is intact"),
        Indication::Indeterminate => ("bản đăng lại chưa đủ căn cứ kết luận", "the copy is undecided"),
        Indication::TotalFailed => ("chữ ký của bản đăng lại không hợp lệ", "the copy's signature failed"),
    };
    findings.add(
        input.subject(),
        Bilingual::new(
            format!("Chỉ có chữ ký của nơi đăng lại ({name}; {vi}); không còn chữ ký của cơ quan ban hành."),
            format!("Only the republisher's signature ({name}; {en}); the issuer's signatures are not in this file."),
        ),
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{Case, agency};

    #[test]
    fn fires_on_a_republished_copy_only() {
        let mut portal = agency();
        portal.republisher = true;
        let case = Case::new().signatures([portal]).kind(DocumentKind::Republished);
        assert!(case.run(&CHECK)[0].message.vi.contains("nguyên vẹn"));
        assert!(Case::new().signatures([agency()]).run(&CHECK).is_empty());
    }
}
