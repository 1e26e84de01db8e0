//! `secret-document-skipped`: files with a secrecy mark, counted and not quoted.

use super::prelude::*;

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "secret-document-skipped",
        level: Level::Info,
        scope: Scope::Document,
        title: text("Tệp mang dấu mật không được mở", "Secrecy-marked files were not opened"),
        explanation: text(
            "Dấu MẬT, TỐI MẬT, TUYỆT MẬT trong sổ đăng ký, trong tên tệp hoặc đứng riêng trên trang đầu. Dừng xử lý; không trích dẫn bất cứ nội dung nào; chỉ đếm và loại khỏi mẫu số. Dấu mật nằm trong ảnh quét thì chương trình không nhìn thấy được.",
            "Mark MẬT, TỐI MẬT, TUYỆT MẬT in the register, in the file name or standing alone on page 1. Processing stops; nothing of the file is quoted; it is only counted, outside the denominator. A mark within a scanned image cannot be seen.",
        ),
        basis: text(
            "Khoản 2 Điều 15 và khoản 2 Mục III Phần I Phụ lục I Nghị định 30/2020/NĐ-CP (dãy số và dấu); việc xử lý tệp: Luật Bảo vệ bí mật nhà nước (chưa đối chiếu).",
            "Clause 2, Article 15 and clause 2, Section III, Part I, Appendix I of Decree 30/2020/NĐ-CP (series and marks); handling: Law on Protection of State Secrets (not compared).",
        ),
        remedy: text(
            "Lãnh đạo và bộ phận CNTT: đưa tệp ra khỏi máy thường.",
            "Leader and IT: remove the files from the ordinary machine.",
        ),
    },
    run: Run::Archive(run),
};

fn run(input: &ArchiveInput<'_>, findings: &mut Findings<'_>) {
    let count = input.records.documents.iter().filter(|document| document.kind == DocumentKind::Secret).count();
    if count > 0 {
        findings.add(
            format!("{count}"),
            Bilingual::new(
                format!("Có {count} tệp mang dấu mật: không mở, không tính."),
                format!("{count} files carry a secrecy mark: not opened, not counted."),
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{ArchiveCase, person};
    use crate::model::Secrecy;

    #[test]
    fn counts_without_naming() {
        let case = ArchiveCase::new().unopened_secret("documents/VP/07-SNV-VP (MẬT).pdf").file_with(
            "documents/VP/08.pdf",
            [person()],
            |identity| identity.secrecy = Some(Secrecy::Secret),
        );
        let found = case.run(&CHECK);
        assert_eq!(found.len(), 1);
        assert!(found[0].message.vi.contains("2 tệp"));
        assert_eq!((found[0].path.as_deref(), found[0].sha256), (None, None));
    }

    #[test]
    fn is_silent_without_marks() {
        assert!(ArchiveCase::new().file("a.pdf", [person()]).run(&CHECK).is_empty());
    }
}
