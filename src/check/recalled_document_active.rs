//! `recalled-document-active`: a recalled document that still counts, or whose number is used again.

use super::prelude::*;
use super::register::row_about;
use crate::model::{CalendarDate, Exclusion};
use crate::text;
use std::collections::BTreeSet;

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "recalled-document-active",
        level: Level::Error,
        scope: Scope::Archive,
        title: text("Văn bản đã thu hồi còn hiệu lực trong kho", "Recalled document still active"),
        explanation: text(
            "Cột ghi chú của sổ đăng ký cho biết văn bản đã thu hồi nhưng trạng thái không ghi thu hồi nên văn bản vẫn được tính; hoặc số của văn bản đã thu hồi được dùng cho dòng khác trong cùng năm.",
            "The register's note says that the document was recalled, but its status does not, so it still counts; or the number of a recalled document is used by another row of the year.",
        ),
        basis: text(
            "Khoản 4 Điều 18 và khoản 8 Mục III Phần I Phụ lục VI Nghị định 30/2020/NĐ-CP.",
            "Clause 4, Article 18 and clause 8, Section III, Part I, Appendix VI of Decree 30/2020/NĐ-CP.",
        ),
        remedy: text("Văn thư: khóa văn bản và ghi trạng thái thu hồi.", "Văn thư: freeze it."),
    },
    run: Run::Archive(run),
};

fn run(input: &ArchiveInput<'_>, findings: &mut Findings<'_>) {
    let key = |at: usize| {
        let reference = input.records.row_references.get(at)?.as_ref()?;
        let year = input.records.rows.get(at)?.date.map(CalendarDate::year);
        Some((reference.ascii_key(), year))
    };
    let recalled = input.records.rows.iter().enumerate();
    let recalled = recalled.filter(|(_, row)| row.exclusion == Some(Exclusion::Recalled)).filter_map(|(at, _)| key(at));
    let recalled = recalled.collect::<BTreeSet<_>>();
    for (at, (classed, row)) in input.records.rows.iter().zip(input.rows).enumerate() {
        if classed.exclusion.is_some() {
            continue;
        }
        let note = row.note.as_deref().map(text::fold).unwrap_or_default();
        let noted = note.starts_with("thu hồi") || note.contains("đã thu hồi") || note.contains("đã bị thu hồi");
        let reused = key(at).is_some_and(|key| recalled.contains(&key));
        let (vi, en) = match (noted, reused) {
            (true, _) => ("ghi chú trong sổ: thu hồi", "the register's note says recalled"),
            (false, true) => ("số được dùng lại", "its number is used again"),
            (false, false) => continue,
        };
        findings.add_about(
            Level::Error,
            &classed.reference,
            row_about(classed),
            Bilingual::new(
                format!("Văn bản {} đã thu hồi nhưng còn hiệu lực trong kho ({vi}).", classed.reference),
                format!("Recalled {} is still active in the archive ({en}).", classed.reference),
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::ArchiveCase;
    use crate::model::RowStatus;

    #[test]
    fn a_noted_recall_and_a_reused_number_fire() {
        let noted = ArchiveCase::new()
            .row_with("512/SNV-VP", "2026-10-02", |row| row.note = Some("Đã thu hồi ngày 05/10".into()));
        assert_eq!(noted.run(&CHECK).len(), 1);
        let reused = ArchiveCase::new()
            .row_with("512/SNV-VP", "2026-10-02", |row| row.status = Some(RowStatus::Recalled))
            .row("512/SNV-VP", "2026-10-09");
        assert_eq!(reused.run(&CHECK).len(), 1);
    }

    #[test]
    fn a_recall_with_its_status_is_in_order() {
        let case = ArchiveCase::new()
            .row_with("512/SNV-VP", "2026-10-02", |row| row.status = Some(RowStatus::Recalled))
            .row_with("513/SNV-VP", "2026-10-02", |row| row.note = Some("Về việc thu hồi đất".into()));
        assert!(case.run(&CHECK).is_empty());
    }
}
