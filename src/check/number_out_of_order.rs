//! `number-out-of-order`: a higher number with an earlier date.

use super::prelude::*;
use super::register::{row_about, series};
use crate::model::CalendarDate;

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "number-out-of-order",
        level: Level::Warn,
        scope: Scope::Register,
        title: text("Số không theo thứ tự thời gian", "Numbers out of order"),
        explanation: text(
            "Trong cùng một dãy, số lớn hơn liền sau lại có ngày sớm hơn.",
            "Within one series the next higher number has an earlier date.",
        ),
        basis: text("Khoản 1 Điều 15 Nghị định 30/2020/NĐ-CP.", "Clause 1, Article 15 of Decree 30/2020/NĐ-CP."),
        remedy: text("Văn thư: kiểm tra ngày và số đã cấp.", "Văn thư: check the dates and numbers."),
    },
    run: Run::Archive(run),
};

fn run(input: &ArchiveInput<'_>, findings: &mut Findings<'_>) {
    for rows in series(input).into_values() {
        // A number given twice is another check's finding: its earliest day stands for it here.
        let mut before: Option<(u32, CalendarDate)> = None;
        for after in rows {
            let Some(second) = after.date else { continue };
            match before {
                Some((value, first)) if value == after.value => {
                    before = Some((value, first.min(second)));
                    continue;
                }
                Some((value, first)) if second < first => findings.add_about(
                    Level::Warn,
                    &after.row.reference,
                    row_about(after.row),
                    Bilingual::new(
                        format!(
                            "Số {} ngày {} sau số {value} ngày {}.",
                            after.value,
                            second.day_first(),
                            first.day_first()
                        ),
                        format!("Number {} dated {second} follows {value} dated {first}.", after.value),
                    ),
                ),
                _ => {}
            }
            before = Some((after.value, second));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::ArchiveCase;

    #[test]
    fn one_finding_per_inversion() {
        let case = ArchiveCase::new()
            .row("12/SNV-VP", "2026-10-02")
            .row("10/SNV-VP", "2026-10-01")
            .row("11/QĐ-SNV", "2026-10-05");
        let found = case.run(&CHECK);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].message.vi, "Số 12 ngày 02/10/2026 sau số 11 ngày 05/10/2026.");
    }

    #[test]
    fn a_number_given_twice_is_not_out_of_order() {
        let case = ArchiveCase::new()
            .row("11/SNV-VP", "2026-10-05")
            .row("11/SNV-VP", "2026-10-14")
            .row("12/SNV-VP", "2026-10-05");
        assert!(case.run(&CHECK).is_empty());
    }

    #[test]
    fn rising_dates_are_silent() {
        let case = ArchiveCase::new().row("10/SNV-VP", "2026-10-01").row("11/SNV-VP", "2026-10-01");
        assert!(case.run(&CHECK).is_empty());
    }
}
