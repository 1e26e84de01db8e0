//! `number-duplicate`: one number and symbol on different documents of a year.

use super::input::about;
use super::prelude::*;
use super::register::row_about;
use crate::model::{CalendarDate, Exclusion, RowLocation};
use crate::reference::ReferenceKey;
use crate::text;
use std::collections::{BTreeMap, BTreeSet};

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "number-duplicate",
        level: Level::Error,
        scope: Scope::Archive,
        title: text("Trùng số, ký hiệu", "Number and symbol used twice"),
        explanation: text(
            "Cùng số, ký hiệu trong một năm dùng cho các văn bản khác nhau (khác nội dung, trích yếu hoặc ngày). Không tính các bản ký trước, bản sao giống hệt, phụ lục, bản quét của cùng văn bản, số đã hủy và văn bản thu hồi được thay thế. Dòng sổ lặp lại toàn bộ chỉ tính một lần và được nêu để biết.",
            "One number and symbol within a year on different documents (content, subject or date differ). Versions, identical copies, attachments, scans of the same document, cancelled numbers and recalled documents are left out. A register entry that stands twice is counted once and said as information.",
        ),
        basis: text(
            "Khoản 1 Điều 15 và khoản 1 Mục III Phần I Phụ lục VI Nghị định 30/2020/NĐ-CP.",
            "Clause 1, Article 15 and clause 1, Section III, Part I, Appendix VI of Decree 30/2020/NĐ-CP.",
        ),
        remedy: text(
            "Văn thư: giữ một văn bản, văn bản kia đính chính theo khoản 3 Điều 18 Nghị định 30/2020/NĐ-CP.",
            "Văn thư: keep one, issue a correction (clause 3, Article 18 of Decree 30/2020/NĐ-CP).",
        ),
    },
    run: Run::Archive(run),
};

/// What makes two bearers of a number the same document: day, subject and amount of text.
type Content = (Option<CalendarDate>, String, u32);
/// Those that bear one number, each with what it is called, concerns, and its row if it has no file.
type Bearers = BTreeMap<Content, (String, About, Option<RowLocation>)>;

fn run(input: &ArchiveInput<'_>, findings: &mut Findings<'_>) {
    let mut bearers: BTreeMap<(ReferenceKey, Option<i32>), Bearers> = BTreeMap::new();
    for (document, file) in input.records.documents.iter().zip(input.files) {
        let gone = matches!(document.exclusion, Some(Exclusion::Recalled | Exclusion::Cancelled | Exclusion::Secret));
        let assessed = file.pdf().is_some();
        let own = document.references.header.as_ref().or(document.references.register.as_ref());
        let Some(reference) = own.filter(|_| document.kind == DocumentKind::Main && !gone && assessed) else {
            continue;
        };
        let identity = file.identity();
        let subject = identity.and_then(|identity| identity.subject.as_deref()).map(text::prose_key);
        let characters = identity.map_or(0, |identity| identity.make_up.characters);
        let key = (reference.ascii_key(), document.date.map(CalendarDate::year));
        let content = (document.date, subject.unwrap_or_default(), characters);
        bearers
            .entry(key)
            .or_default()
            .entry(content)
            .or_insert_with(|| (reference.to_string(), about(document), None));
    }
    let mut seen = BTreeSet::new();
    for (at, (row, reference)) in input.records.rows.iter().zip(&input.records.row_references).enumerate() {
        let joined = input.records.row_documents.get(at).copied().flatten().is_some();
        let Some(reference) = reference.as_ref().filter(|_| !joined && row.exclusion.is_none()) else { continue };
        let key = (reference.ascii_key(), row.date.map(CalendarDate::year));
        let subject =
            input.rows.get(at).and_then(|row| row.subject.as_deref()).map(text::prose_key).unwrap_or_default();
        if seen.insert((key.clone(), row.date, subject.clone())) {
            let content = (row.date, subject, u32::MAX);
            let bearer = || (reference.to_string(), row_about(row), Some(row.location.clone()));
            bearers.entry(key).or_default().entry(content).or_insert_with(bearer);
        }
    }
    for (row, first) in input.records.rows.iter().zip(&input.records.repeats) {
        let first = first.and_then(|first| input.records.rows.get(first));
        let Some(first) = first.filter(|_| row.exclusion == Some(Exclusion::Repeated)) else { continue };
        let (here, there) = (&row.location, &first.location);
        findings.add_about(
            Level::Info,
            row.reference.clone(),
            row_about(row),
            Bilingual::new(
                format!(
                    "{}, dòng {}: lặp lại toàn bộ {}, dòng {} ({}); chỉ tính một lần.",
                    here.file, here.row, there.file, there.row, row.reference
                ),
                format!(
                    "{}, row {}: repeats the whole of {}, row {} ({}); counted once.",
                    here.file, here.row, there.file, there.row, row.reference
                ),
            ),
        );
    }
    for documents in bearers.into_values().filter(|documents| documents.len() > 1) {
        let count = documents.len();
        for (reference, about, place) in documents.into_values() {
            let place = place.map_or_else(Bilingual::default, |place| {
                Bilingual::new(
                    format!(" ({}, dòng {})", place.file, place.row),
                    format!(" ({}, row {})", place.file, place.row),
                )
            });
            findings.add_about(
                Level::Error,
                reference.clone(),
                about,
                Bilingual::new(
                    format!("Trùng số, ký hiệu {reference} cho {count} văn bản khác nhau{}.", place.vi),
                    format!("{reference} used by {count} different documents{}.", place.en),
                ),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{ArchiveCase, agency, person};
    use crate::model::RowStatus;

    fn two(second_date: &str) -> ArchiveCase {
        ArchiveCase::new().signed("documents/BTXH/541.pdf", "541/QĐ-SNV", "2026-10-05").signed(
            "documents/BTXH/541 (2).pdf",
            "541/QĐ-SNV",
            second_date,
        )
    }

    #[test]
    fn each_bearer_is_reported() {
        let found = two("2026-10-14").run(&CHECK);
        assert_eq!(found.len(), 2);
        assert!(found.iter().all(|finding| finding.path.is_some()));
    }

    #[test]
    fn a_row_without_file_bears_a_number_too() {
        let case = ArchiveCase::new()
            .signed("documents/BTXH/541.pdf", "541/QĐ-SNV", "2026-10-05")
            .row("541/QĐ-SNV", "2026-10-05")
            .row("541/QĐ-SNV", "2026-10-14");
        assert_eq!(case.run(&CHECK).len(), 2);
    }

    #[test]
    fn years_copies_versions_recalled_documents_and_the_same_content_are_not() {
        assert!(two("2025-10-14").run(&CHECK).is_empty());
        assert!(two("2026-10-05").run(&CHECK).is_empty());
        assert!(two("2026-10-14").same_bytes_as_first().run(&CHECK).is_empty());
        assert!(two("2026-10-14").prefix_of("documents/BTXH/541.pdf").run(&CHECK).is_empty());
        let recalled = two("2026-10-14")
            .row_with("541/QĐ-SNV", "2026-10-05", |row| row.status = Some(RowStatus::Recalled))
            .row("541/QĐ-SNV", "2026-10-14");
        assert!(recalled.run(&CHECK).is_empty());
        let foreign = two("2026-10-14").file_with("documents/den/a.pdf", [person(), agency()], |identity| {
            identity.agency = Some("SỞ TÀI CHÍNH".into());
            identity.reference = Some("541/QĐ-STC".into());
        });
        assert_eq!(foreign.run(&CHECK).len(), 2);
    }
}
