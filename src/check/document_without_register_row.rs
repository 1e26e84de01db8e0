//! `document-without-register-row`: a signed document of the agency that the register does not list.

use super::input::{about, subject};
use super::prelude::*;
use crate::model::{CalendarDate, SignatureKind};
use std::collections::BTreeSet;

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "document-without-register-row",
        level: Level::Error,
        scope: Scope::Register,
        title: text("Văn bản chưa có trong sổ đăng ký", "Document not in the register"),
        explanation: text(
            "Văn bản đi đã ký số của cơ quan không có dòng trong sổ đăng ký của năm đó. Văn bản đến của cơ quan khác được bỏ qua; hai văn bản trùng số được báo theo mục number-duplicate.",
            "A signed outgoing document of the agency has no row in that year's register. Incoming documents of others are ignored; two documents with one number are reported as number-duplicate.",
        ),
        basis: text(
            "Điểm b khoản 2 Điều 4, khoản 1 Điều 16 Nghị định 30/2020/NĐ-CP.",
            "Point b, clause 2, Article 4 and clause 1, Article 16 of Decree 30/2020/NĐ-CP.",
        ),
        remedy: text("Văn thư: đăng ký văn bản.", "Văn thư: register it."),
    },
    run: Run::Archive(run),
};

fn run(input: &ArchiveInput<'_>, findings: &mut Findings<'_>) {
    if !input.register_loaded {
        return;
    }
    let years = input.records.rows.iter().filter_map(|row| row.date).map(CalendarDate::year).collect::<BTreeSet<_>>();
    let taken = input
        .records
        .row_references
        .iter()
        .zip(&input.records.rows)
        .filter_map(|(reference, row)| Some((reference.as_ref()?.ascii_key(), row.date.map(CalendarDate::year))));
    let taken = taken.collect::<BTreeSet<_>>();
    for (document, file) in input.records.documents.iter().zip(input.files) {
        let signed = file.verdicts.iter().any(|v| v.kind == SignatureKind::Signature && !v.republisher);
        if document.kind != DocumentKind::Main || document.row.is_some() || !signed {
            continue;
        }
        let year = document.date.map(CalendarDate::year);
        let covered = year.is_none_or(|year| years.contains(&year));
        let number_taken =
            document.reference.as_ref().is_some_and(|reference| taken.contains(&(reference.ascii_key(), year)));
        if covered && !number_taken {
            let name = subject(document);
            findings.add_about(
                Level::Error,
                name.clone(),
                about(document),
                Bilingual::new(
                    format!("Văn bản {name} chưa có trong sổ đăng ký."),
                    format!("{name} is not in the register."),
                ),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::ArchiveCase;

    fn case() -> ArchiveCase {
        ArchiveCase::new()
            .signed("documents/BTXH/512.pdf", "512/SNV-BTXH", "2026-10-02")
            .row("512/SNV-BTXH", "2026-10-02")
            .signed("documents/BTXH/700.pdf", "700/SNV-BTXH", "2026-10-20")
    }

    #[test]
    fn fires_on_the_unregistered_document() {
        let found = case().run(&CHECK);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].subject, "700/SNV-BTXH");
    }

    #[test]
    fn is_silent_without_register_on_other_years_and_on_incoming_files() {
        assert!(case().with(|case| case.no_register = true).run(&CHECK).is_empty());
        let incoming = ArchiveCase::new().row("512/SNV-BTXH", "2026-10-02").file_with(
            "documents/den/12.pdf",
            [crate::check::testing::person()],
            |identity| {
                identity.reference = Some("12/STC-NS".into());
                identity.agency = Some("SỞ TÀI CHÍNH".into());
            },
        );
        assert!(incoming.run(&CHECK).is_empty());
        let old = ArchiveCase::new().row("512/SNV-BTXH", "2026-10-02").signed(
            "documents/BTXH/700.pdf",
            "700/SNV-BTXH",
            "2025-10-20",
        );
        assert!(old.run(&CHECK).is_empty());
    }
}
