//! `exemption-unsupported`: an exemption without what makes it one.

use super::prelude::*;
use crate::model::{CalendarDate, Exclusion, Exemption};
use crate::records::{is_supported, keys_of_cell};
use crate::reference::ReferenceKey;
use std::collections::{HashMap, HashSet};

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "exemption-unsupported",
        level: Level::Warn,
        scope: Scope::Register,
        title: text("Miễn trừ thiếu căn cứ", "Exemption lacks its reason"),
        explanation: text(
            "Miễn trừ không có mã lý do hợp lệ, người quyết định hoặc ghi nhận, ngày; law-requires-paper không nêu tên luật; province-list không nêu số, ngày quyết định; hết hạn trước ngày văn bản; hoặc không ứng với văn bản nào. Cũng vậy với miễn trừ phát hiện thiếu lý do, người quyết định, ngày, hạn, đã hết hạn, hoặc không còn phát hiện nào ứng với nó. Miễn trừ như vậy không có tác dụng.",
            "An exemption without a known reason code, person or date; law-requires-paper without naming the law; province-list without the decision's number and date; expired before the document's day; or of no document. Likewise a waiver of a finding without reason, authority, date or last day, expired, or met by no finding any more. Such an exemption excludes nothing.",
        ),
        basis: text(
            "Chỉ đạo của Sở (\"trừ trường hợp pháp luật quy định cụ thể\").",
            "The department's directive (\"except where the law specifically provides\").",
        ),
        remedy: text("Lãnh đạo và văn thư: bổ sung.", "Leader and văn thư: complete it."),
    },
    run: Run::Archive(run),
};

fn run(input: &ArchiveInput<'_>, findings: &mut Findings<'_>) {
    let documents = Days::new(input);
    for exemption in input.exemptions {
        let (vi, en) = match fault(exemption, &documents) {
            Some(Fault::Unsupported) => ("thiếu căn cứ", "lacks its reason"),
            Some(Fault::Expired) => ("đã hết hạn trước ngày văn bản", "expired before the document's day"),
            Some(Fault::Unused) => ("không ứng với văn bản nào", "is of no document"),
            None => continue,
        };
        // The number of a secret document is not repeated.
        let secret = documents.is_secret(&exemption.reference);
        let reference = if secret { "…" } else { exemption.reference.as_str() };
        findings.add_about(
            Level::Warn,
            reference,
            About { date: exemption.date, ..About::default() },
            Bilingual::new(
                format!(
                    "Miễn trừ của {reference} {vi} ({}, dòng {}).",
                    exemption.location.file, exemption.location.row
                ),
                format!("Exemption of {reference} {en} ({}, row {}).", exemption.location.file, exemption.location.row),
            ),
        );
    }
}

enum Fault {
    Unsupported,
    Expired,
    Unused,
}

fn fault(exemption: &Exemption, documents: &Days) -> Option<Fault> {
    if !is_supported(exemption) {
        return Some(Fault::Unsupported);
    }
    let days = documents.of(&exemption.reference).filter(|day| match (exemption.date, day) {
        (Some(wanted), Some(day)) => wanted == *day,
        _ => true,
    });
    let days: Vec<_> = days.collect();
    let expired = |day: &Option<CalendarDate>| matches!((exemption.expires, day), (Some(end), Some(day)) if end < *day);
    match days.as_slice() {
        [] => Some(Fault::Unused),
        days if days.iter().all(expired) => Some(Fault::Expired),
        _ => None,
    }
}

/// Days of every number that a register row or a document has, and the numbers of secret rows.
struct Days(HashMap<ReferenceKey, Vec<Option<CalendarDate>>>, HashSet<ReferenceKey>);

impl Days {
    fn new(input: &ArchiveInput<'_>) -> Self {
        let rows = input.records.row_references.iter().zip(&input.records.rows);
        let rows = rows.filter_map(|(reference, row)| Some((reference.as_ref()?.ascii_key(), row.date)));
        let documents = input.records.documents.iter();
        let documents = documents.filter_map(|class| Some((class.reference.as_ref()?.ascii_key(), class.date)));
        let mut days: HashMap<_, Vec<_>> = HashMap::new();
        for (key, day) in rows.chain(documents).filter(|_| !input.exemptions.is_empty()) {
            days.entry(key).or_default().push(day);
        }
        let rows = input.records.row_references.iter().zip(&input.records.rows);
        let secret = rows.filter(|(_, row)| row.exclusion == Some(Exclusion::Secret));
        Self(days, secret.filter_map(|(reference, _)| Some(reference.as_ref()?.ascii_key())).collect())
    }

    fn is_secret(&self, cell: &str) -> bool {
        keys_of_cell(cell).iter().any(|key| self.1.contains(key))
    }

    fn of(&self, cell: &str) -> impl Iterator<Item = Option<CalendarDate>> {
        let keys = keys_of_cell(cell);
        keys.into_iter().flat_map(|key| self.0.get(&key).into_iter().flatten().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{ArchiveCase, day};

    fn found(change: impl FnOnce(&mut Exemption)) -> usize {
        let mut exemption = Exemption {
            reference: "597/SNV-VP".into(),
            reason: "law-requires-paper".into(),
            basis: Some("Luật Lưu trữ".into()),
            authority: Some("Giám đốc".into()),
            recorded_on: Some(day("2026-10-20")),
            ..Exemption::default()
        };
        change(&mut exemption);
        let case = ArchiveCase::new().row("597/SNV-VP", "2026-10-22");
        case.with(|case| case.exemptions.push(exemption)).run(&CHECK).len()
    }

    #[test]
    fn reason_person_date_and_law_are_asked_for() {
        assert_eq!(found(|_| {}), 0);
        assert_eq!(found(|exemption| exemption.basis = None), 1);
        assert_eq!(found(|exemption| exemption.authority = None), 1);
        assert_eq!(found(|exemption| exemption.recorded_on = None), 1);
        assert_eq!(found(|exemption| exemption.reason = "other".into()), 1);
        assert_eq!(found(|exemption| (exemption.reason, exemption.basis) = ("archive-copy".into(), None)), 0);
    }

    #[test]
    fn an_exemption_of_no_document_or_past_its_end_is_said() {
        assert_eq!(found(|exemption| exemption.reference = "598/SNV-VP".into()), 1);
        assert_eq!(found(|exemption| exemption.reference = "597/SNV-VP; 598/SNV-VP".into()), 0);
        assert_eq!(found(|exemption| exemption.date = Some(day("2026-10-21"))), 1);
        assert_eq!(found(|exemption| exemption.date = Some(day("2026-10-22"))), 0);
        assert_eq!(found(|exemption| exemption.expires = Some(day("2026-10-21"))), 1);
        assert_eq!(found(|exemption| exemption.expires = Some(day("2026-10-22"))), 0);
    }
}
