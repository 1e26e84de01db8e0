//! `paper-evidence-weak`: only hints of paper.

use super::input::{about, subject};
use super::paper_duplicate::evidence_of;
use super::prelude::*;
use crate::records::{EvidenceKind, PaperStatus};

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "paper-evidence-weak",
        level: Level::Warn,
        scope: Scope::Archive,
        title: text("Có dấu hiệu bản giấy, cần xác nhận", "Possible paper copy, please confirm"),
        explanation: text(
            "Chỉ có dấu hiệu mức C: bản quét không ký cùng số, hoặc cột số lượng bản ghi từ 1 trở lên. Văn bản khi đó chưa xác định là điện tử trọn vẹn. Chỉ giống tên tệp thì không báo; chữ ký cá nhân trên bản quét được báo theo mục scan-signed-as-original.",
            "Only grade C evidence: an unsigned scan with the same number, or one copy or more in register column 7. Whether the document is fully electronic is then undecided. A similar file name alone never fires; a person's signature on a scan is scan-signed-as-original.",
        ),
        basis: text("Chỉ đạo của Sở.", "The department's directive."),
        remedy: text(
            "Văn thư xác nhận: bản lưu, có miễn trừ, hay là bản giấy phát hành kèm.",
            "Văn thư confirms: archive copy, exemption or duplicate.",
        ),
    },
    run: Run::Archive(run),
};

fn run(input: &ArchiveInput<'_>, findings: &mut Findings<'_>) {
    for document in input.records.documents.iter().filter(|document| document.exclusion.is_none()) {
        let told = document.paper.evidence.iter().all(|evidence| evidence.kind == EvidenceKind::SignedScan);
        if document.paper.status != PaperStatus::Weak || told {
            continue;
        }
        let (name, evidence) = (subject(document), evidence_of(document));
        findings.add_about(
            Level::Warn,
            name.clone(),
            about(document),
            Bilingual::new(
                format!("{name}: có dấu hiệu bản giấy, cần xác nhận ({}).", evidence.vi),
                format!("{name}: possible paper copy, please confirm ({}).", evidence.en),
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::ArchiveCase;

    #[test]
    fn copies_alone_warn() {
        let case = |copies| {
            ArchiveCase::new().signed("documents/VP/597.pdf", "597/SNV-VP", "2026-10-21").row_with(
                "597/SNV-VP",
                "2026-10-21",
                |row| row.copies = copies,
            )
        };
        assert_eq!(case(Some(2)).run(&CHECK)[0].level, Level::Warn);
        assert!(case(Some(0)).run(&CHECK).is_empty());
        assert!(case(None).run(&CHECK).is_empty());
    }
}
