//! `register-row-without-document`: a register row whose file is not in the archive.

use super::prelude::*;
use super::register::row_about;
use crate::model::Processing;
use crate::text;

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "register-row-without-document",
        level: Level::Error,
        scope: Scope::Register,
        title: text("Sổ đăng ký có nhưng không thấy tệp", "Register row without file"),
        explanation: text(
            "Dòng trong sổ đăng ký (không hủy, không thu hồi, không mật) không có tệp trong kho. Nếu sổ ghi phát hành bằng giấy thì nêu rõ.",
            "A register row (not cancelled, recalled or secret) has no file in the archive. If the register says paper, the message says so.",
        ),
        basis: text(
            "Điểm a khoản 2 Điều 19 Nghị định 30/2020/NĐ-CP.",
            "Point a, clause 2, Article 19 of Decree 30/2020/NĐ-CP.",
        ),
        remedy: text(
            "Văn thư: bổ sung tệp, hoặc ghi rõ văn bản giấy, số đã hủy.",
            "Văn thư: add the file or mark paper/cancelled.",
        ),
    },
    run: Run::Archive(run),
};

fn run(input: &ArchiveInput<'_>, findings: &mut Findings<'_>) {
    for (classed, row) in input.records.rows.iter().zip(input.rows) {
        if classed.processing != Processing::Missing {
            continue;
        }
        let channel = row.channel.as_deref().map(text::fold).unwrap_or_default();
        let paper = row.paper == Some(true) || channel.contains("giấy") || channel.contains("bưu");
        let (vi, en) =
            if paper { (" (sổ ghi phát hành bằng giấy)", " (the register says paper)") } else { ("", "") };
        findings.add_about(
            Level::Error,
            &classed.reference,
            row_about(classed),
            Bilingual::new(
                format!("Sổ có {} nhưng không thấy tệp{vi}.", classed.reference),
                format!("Register lists {}; file not found{en}.", classed.reference),
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{ArchiveCase, agency, person};
    use crate::model::RowStatus;

    #[test]
    fn fires_on_rows_without_file_only() {
        let case = ArchiveCase::new()
            .file("documents/BTXH/512-SNV-BTXH.pdf", [person(), agency()])
            .row("512/SNV-BTXH", "2026-10-02")
            .row_with("513/SNV-BTXH", "2026-10-02", |row| row.paper = Some(true))
            .row_with("514/SNV-BTXH", "2026-10-02", |row| row.status = Some(RowStatus::Cancelled))
            .row_with("515/SNV-BTXH", "2026-10-02", |row| row.secrecy = Some("Mật".into()));
        let found = case.run(&CHECK);
        assert_eq!(found.iter().map(|finding| finding.subject.as_str()).collect::<Vec<_>>(), ["513/SNV-BTXH"]);
        assert!(found[0].message.vi.contains("bằng giấy"));
        assert!(
            ArchiveCase::new()
                .row_with("514/SNV-BTXH", "2026-10-02", |row| row.status = Some(RowStatus::Cancelled))
                .run(&CHECK)
                .is_empty()
        );
    }
}
