//! `recalled-document-active`: a recalled document that still counts, was changed since, or whose number is
//! used again. Recalls are known from the register and from messages of the exchange axis.

use super::input::{about, subject};
use super::prelude::*;
use super::register::row_about;
use crate::model::{CalendarDate, Exclusion, TimeSource};
use crate::records::{DocumentClass, Recall, YearKey};
use crate::text;
use std::collections::BTreeSet;

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "recalled-document-active",
        level: Level::Error,
        scope: Scope::Archive,
        title: text("Văn bản đã thu hồi còn hiệu lực trong kho", "Recalled document still active"),
        explanation: text(
            "Cột ghi chú của sổ đăng ký hoặc gói edXML (nghiệp vụ thu hồi, trạng thái 13, 15) cho biết văn bản đã thu hồi nhưng trạng thái trong sổ không ghi thu hồi nên văn bản vẫn được tính; văn bản được ký sau khi thu hồi; hoặc số của văn bản đã thu hồi được dùng cho dòng khác trong cùng năm.",
            "The register's note or an edXML message (recall, status 13 or 15) says that the document was recalled, but the register's status does not, so it still counts; it was signed after the recall; or the number of a recalled document is used by another row of the year.",
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
        let messages = key(at).map(|key| messages(input, &key)).unwrap_or_default();
        if classed.exclusion.is_some() {
            let document = input.records.row_documents.get(at).copied().flatten();
            if classed.exclusion == Some(Exclusion::Recalled)
                && let Some(recall) = document.and_then(|at| changed_since(input, at, &messages))
            {
                add(findings, &classed.reference, row_about(classed), &changed(recall));
            }
            continue;
        }
        let note = row.note.as_deref().map(text::fold).unwrap_or_default();
        let noted = note.starts_with("thu hồi") || note.contains("đã thu hồi") || note.contains("đã bị thu hồi");
        let reused = key(at).is_some_and(|key| recalled.contains(&key));
        let how = match (noted, messages.first(), reused) {
            (true, _, _) => Bilingual::new("ghi chú trong sổ: thu hồi", "the register's note says recalled"),
            (false, Some(recall), _) => recalled_by(recall),
            (false, None, true) => Bilingual::new("số được dùng lại", "its number is used again"),
            (false, None, false) => continue,
        };
        add(findings, &classed.reference, row_about(classed), &how);
    }
    for document in input.records.documents.iter().filter(|document| is_counted_without_row(document)) {
        let Some(reference) = &document.reference else { continue };
        let key = (reference.ascii_key(), document.date.map(CalendarDate::year));
        if let Some(recall) = messages(input, &key).first() {
            add(findings, &subject(document), about(document), &recalled_by(recall));
        }
    }
}

fn add(findings: &mut Findings<'_>, name: &str, about: About, how: &Bilingual) {
    let message = Bilingual::new(
        format!("Văn bản {name} đã thu hồi nhưng còn hiệu lực trong kho ({}).", how.vi),
        format!("Recalled {name} is still active in the archive ({}).", how.en),
    );
    findings.add_about(Level::Error, name, about, message);
}

fn is_counted_without_row(document: &DocumentClass) -> bool {
    document.kind == DocumentKind::Main && document.row.is_none() && document.exclusion.is_none()
}

/// Recall messages for a number of a year, or for the number without a year.
fn messages<'a>(input: &ArchiveInput<'a>, key: &YearKey) -> Vec<&'a Recall> {
    let undated = (key.0.clone(), None);
    let recalls = &input.records.recalls;
    let keys = [Some(key), Some(&undated).filter(|undated| *undated != key)];
    keys.into_iter().flatten().filter_map(|key| recalls.get(key)).flatten().collect()
}

fn recalled_by(recall: &Recall) -> Bilingual {
    Bilingual::new(
        format!("gói edXML thu hồi: {}", recall.path),
        format!("recalled by the edXML message {}", recall.path),
    )
}

fn changed(recall: &Recall) -> Bilingual {
    Bilingual::new(
        format!("được ký sau khi thu hồi: {}", recall.path),
        format!("signed after the recall {}", recall.path),
    )
}

/// The recall after which the document was signed, by a verified timestamp.
fn changed_since<'a>(input: &ArchiveInput<'_>, document: usize, recalls: &[&'a Recall]) -> Option<&'a Recall> {
    let verdicts = input.files.get(document)?.verdicts.iter();
    let stamped = verdicts.filter(|verdict| verdict.time_source == TimeSource::Timestamp);
    let last = stamped.filter_map(|verdict| verdict.reference_time).max()?;
    recalls.iter().copied().find(|recall| recall.sent.is_some_and(|sent| sent < last))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{ArchiveCase, day, unix};
    use crate::model::{PackageAction, PackageFacts, RowStatus};

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
    fn a_recall_message_fires_unless_the_register_says_so_too() {
        let recalled = |status: Option<RowStatus>, hour: i64| {
            ArchiveCase::new()
                .signed("documents/BTXH/512.pdf", "512/SNV-BTXH", "2026-10-02")
                .row_with("512/SNV-BTXH", "2026-10-02", |row| row.status = status)
                .package("edxml/512.recall.edxml", |facts| {
                    facts.action = PackageAction::Recall;
                    facts.sent = Some(UnixTime(unix("2026-10-02").0 + hour * 3600));
                })
        };
        let found = recalled(None, 10).run(&CHECK);
        assert!(found.len() == 1 && found[0].message.vi.contains("gói edXML thu hồi"), "{found:?}");
        assert!(recalled(Some(RowStatus::Recalled), 10).run(&CHECK).is_empty());
        let changed = recalled(Some(RowStatus::Recalled), 7).run(&CHECK);
        assert!(changed.len() == 1 && changed[0].message.vi.contains("sau khi thu hồi"), "{changed:?}");
    }

    #[test]
    fn another_agencys_recall_and_one_of_another_year_are_nothing() {
        let case = |change: fn(&mut PackageFacts)| {
            ArchiveCase::new()
                .signed("documents/BTXH/512.pdf", "512/SNV-BTXH", "2026-10-02")
                .package("edxml/recall.edxml", |facts| {
                    facts.action = PackageAction::Recall;
                    change(facts);
                })
                .run(&CHECK)
        };
        assert_eq!(case(|_| {}).len(), 1);
        assert!(case(|facts| facts.from.organ_id = Some("000.00.11.H99".into())).is_empty());
        assert!(case(|facts| facts.date = Some(day("2025-10-02"))).is_empty());
    }

    #[test]
    fn a_recall_with_its_status_is_in_order() {
        let case = ArchiveCase::new()
            .row_with("512/SNV-VP", "2026-10-02", |row| row.status = Some(RowStatus::Recalled))
            .row_with("513/SNV-VP", "2026-10-02", |row| row.note = Some("Về việc thu hồi đất".into()));
        assert!(case.run(&CHECK).is_empty());
    }
}
