//! `scan-without-signature`: an unsigned scan of paper.

use super::prelude::*;

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "scan-without-signature",
        level: Level::Info,
        scope: Scope::Document,
        title: text("Tệp chỉ là bản quét, không ký số", "Unsigned scan"),
        explanation: text(
            "Mọi trang đều chỉ là ảnh và tệp không có chữ ký số: bản quét của văn bản giấy. Được tính là phát hành bằng giấy; có thể là bản giấy đi kèm một văn bản điện tử cùng số.",
            "Every page is images alone and the file has no signature: a scan of paper. Counted as issued on paper; it may be the paper copy of an e-document with the same number.",
        ),
        basis: text(
            "Khoản 4 Điều 3, điểm c khoản 1 Điều 25 Nghị định 30/2020/NĐ-CP.",
            "Clause 4, Article 3 and point c, clause 1, Article 25 of Decree 30/2020/NĐ-CP.",
        ),
        remedy: text(
            "Nếu dùng làm bản điện tử, văn thư ký số của cơ quan với hình thức SAO Y.",
            "Văn thư: if this is meant as the e-copy, sign it as SAO Y.",
        ),
    },
    run: Run::Document(run),
};

fn run(input: &DocumentInput<'_>, findings: &mut Findings<'_>) {
    let own = matches!(input.class.kind, DocumentKind::Main | DocumentKind::PaperTwin(_));
    if own && input.file.is_scan() && input.file.verdicts.is_empty() {
        findings.add(input.subject(), Bilingual::new("Tệp chỉ là bản quét, không ký số.", "File is an unsigned scan."));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{Case, agency};

    #[test]
    fn fires_on_an_unsigned_scan_only() {
        assert_eq!(Case::new().scan().run(&CHECK).len(), 1);
        assert!(Case::new().run(&CHECK).is_empty());
        assert!(Case::new().signatures([agency()]).scan().run(&CHECK).is_empty());
    }
}
