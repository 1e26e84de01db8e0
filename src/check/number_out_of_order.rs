//! `number-out-of-order`: a higher number with an earlier date.

use super::prelude::*;
use super::register::{row_about, series};

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
        remedy: text("Văn thư kiểm tra ngày và số đã cấp.", "Văn thư: check the dates and numbers."),
    },
    run: Run::Archive(run),
};

fn run(input: &ArchiveInput<'_>, findings: &mut Findings<'_>) {
    for rows in series(input).into_values() {
        for (before, after) in rows.iter().zip(rows.iter().skip(1)) {
            let (Some(first), Some(second)) = (before.date, after.date) else { continue };
            if before.value < after.value && second < first {
                findings.add_about(
                    Level::Warn,
                    &after.row.reference,
                    row_about(after.row),
                    Bilingual::new(
                        format!(
                            "Số {} ngày {} sau số {} ngày {}.",
                            after.value,
                            second.day_first(),
                            before.value,
                            first.day_first()
                        ),
                        format!("Number {} dated {second} follows {} dated {first}.", after.value, before.value),
                    ),
                );
            }
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
    fn rising_dates_are_silent() {
        let case = ArchiveCase::new().row("10/SNV-VP", "2026-10-01").row("11/SNV-VP", "2026-10-01");
        assert!(case.run(&CHECK).is_empty());
    }
}
