//! `exemption-unsupported`: an exemption without what makes it one.

use super::prelude::*;
use crate::records::is_supported;

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "exemption-unsupported",
        level: Level::Warn,
        scope: Scope::Register,
        title: text("Miễn trừ thiếu căn cứ", "Exemption lacks its reason"),
        explanation: text(
            "Miễn trừ không có mã lý do hợp lệ, người quyết định hoặc ghi nhận, ngày; law-requires-paper không nêu tên luật; province-list không nêu số, ngày quyết định. Miễn trừ như vậy không có tác dụng loại trừ.",
            "An exemption without a known reason code, person or date; law-requires-paper without naming the law; province-list without the decision's number and date. Such an exemption excludes nothing.",
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
    for exemption in input.exemptions.iter().filter(|exemption| !is_supported(exemption)) {
        let reference = &exemption.reference;
        findings.add_about(
            Level::Warn,
            reference,
            About { date: exemption.date, ..About::default() },
            Bilingual::new(
                format!(
                    "Miễn trừ của {reference} thiếu căn cứ ({}, dòng {}).",
                    exemption.location.file, exemption.location.row
                ),
                format!(
                    "Exemption of {reference} lacks its reason ({}, row {}).",
                    exemption.location.file, exemption.location.row
                ),
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{ArchiveCase, day};
    use crate::model::Exemption;

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
        ArchiveCase::new().with(|case| case.exemptions.push(exemption)).run(&CHECK).len()
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
}
