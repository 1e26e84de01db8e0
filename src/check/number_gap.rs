//! `number-gap`: numbers missing in a series.

use super::prelude::*;
use super::register::{series, series_name};
use crate::model::{CalendarDate, Exclusion};
use crate::records::keys_of_cell;
use std::collections::{BTreeMap, BTreeSet};

/// Ranges named per series; further ones are counted in one finding.
const RANGES_NAMED: usize = 100;

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "number-gap",
        level: Level::Warn,
        scope: Scope::Register,
        title: text("Khuyết số trong sổ đăng ký", "Numbers missing in the register"),
        explanation: text(
            "Thiếu số trong một dãy (một dãy chung hoặc dãy theo tên loại, tùy quy định của người đứng đầu), sau khi trừ danh sách số đã hủy và dãy riêng của văn bản mật. Xét từ số nhỏ nhất đến số lớn nhất trong sổ của năm.",
            "Numbers missing in a series (one series or one per type, as the head decides), minus the list of cancelled numbers and the separate secret series. Between the lowest and the highest number of the year's register.",
        ),
        basis: text("Khoản 1 Điều 15 Nghị định 30/2020/NĐ-CP.", "Clause 1, Article 15 of Decree 30/2020/NĐ-CP."),
        remedy: text(
            "Văn thư: ghi vào danh sách số đã hủy hoặc tìm lại văn bản.",
            "Văn thư: list cancelled numbers or find the document.",
        ),
    },
    run: Run::Archive(run),
};

fn run(input: &ArchiveInput<'_>, findings: &mut Findings<'_>) {
    let mut accounted = BTreeMap::<Option<i32>, BTreeSet<u32>>::new();
    for entry in input.cancelled {
        for key in keys_of_cell(&entry.reference) {
            accounted.entry(entry.date.map(CalendarDate::year)).or_default().insert(key.number.value);
        }
    }
    // A secret document's number is given, in whatever series: it closes a gap and opens none.
    for (row, reference) in input.records.rows.iter().zip(&input.records.row_references) {
        if let (Some(Exclusion::Secret), Some(reference)) = (row.exclusion, reference) {
            let year = row.date.map(CalendarDate::year);
            accounted.entry(year).or_default().insert(reference.number.value);
        }
    }
    // A number that stands in the register without a readable day or symbol is given all the same: what is wrong
    // with the row is said of the row.
    for (row, reference) in input.records.rows.iter().zip(&input.records.row_references) {
        let year = row.date.map(CalendarDate::year);
        let numbers = match reference {
            Some(reference) if year.is_none() => vec![reference.number.value],
            Some(_) => continue,
            None => numbers_of_cell(&row.reference),
        };
        accounted.entry(year).or_default().extend(numbers);
    }
    for ((year, name), rows) in series(input) {
        let mut ranges = Vec::new();
        for (before, after) in rows.iter().zip(rows.iter().skip(1)) {
            let mut start = before.value.saturating_add(1);
            let listed = [Some(year), None].into_iter().filter_map(|year| accounted.get(&year));
            let inside =
                listed.flat_map(|numbers| numbers.range(start..after.value.max(start))).collect::<BTreeSet<_>>();
            for number in inside.into_iter().chain([&after.value]) {
                if start < *number {
                    ranges.push((start, number - 1, after.date));
                }
                start = number.saturating_add(1);
            }
        }
        let series = series_name(year, &name);
        for (from, to, date) in ranges.iter().take(RANGES_NAMED) {
            let range = if from == to { from.to_string() } else { format!("{from}–{to}") };
            findings.add_about(
                Level::Warn,
                range.clone(),
                About { date: *date, ..About::default() },
                Bilingual::new(
                    format!("Khuyết số {range} trong dãy {series}."),
                    format!("Numbers {range} missing in series {series}."),
                ),
            );
        }
        if let Some(more) = ranges.len().checked_sub(RANGES_NAMED).filter(|more| *more > 0) {
            findings.add(
                series.clone(),
                Bilingual::new(
                    format!("Còn {more} khoảng khuyết số khác trong dãy {series}."),
                    format!("{more} further gaps in series {series}."),
                ),
            );
        }
    }
}

/// Numbers in a cell that is no single reference: a list, or what stands first.
fn numbers_of_cell(cell: &str) -> Vec<u32> {
    let keys = keys_of_cell(cell);
    if !keys.is_empty() {
        return keys.into_iter().map(|key| key.number.value).collect();
    }
    let digits = cell.trim_start_matches(|c: char| !c.is_ascii_digit());
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    digits.get(..end).and_then(|digits| digits.parse().ok()).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{ArchiveCase, day};
    use crate::model::CancelledNumber;

    fn messages(case: &ArchiveCase) -> Vec<String> {
        case.run(&CHECK).into_iter().map(|finding| finding.message.vi).collect()
    }

    #[test]
    fn ranges_without_cancelled_numbers() {
        let case = ArchiveCase::new()
            .row("10/SNV-VP", "2026-10-01")
            .row("11/QĐ-SNV", "2026-10-01")
            .row("15/SNV-VP", "2026-10-02")
            .with(|case| {
                case.cancelled.push(CancelledNumber {
                    reference: "13/SNV-VP".into(),
                    date: Some(day("2026-10-01")),
                    ..CancelledNumber::default()
                });
            });
        assert_eq!(messages(&case), ["Khuyết số 12 trong dãy 2026.", "Khuyết số 14 trong dãy 2026."]);
    }

    #[test]
    fn a_row_without_day_or_symbol_leaves_no_gap() {
        let case = ArchiveCase::new()
            .row("10/SNV-VP", "2026-10-01")
            .row_with("11/SNV-VP", "2026-10-01", |row| row.date = None)
            .row("12", "2026-10-01")
            .row("13/SNV-VP, 14/SNV-VP", "2026-10-01")
            .row("15/SNV-VP", "2026-10-02")
            .row("17/SNV-VP", "2026-10-02");
        assert_eq!(messages(&case), ["Khuyết số 16 trong dãy 2026."]);
    }

    #[test]
    fn secret_rows_and_parallel_series_make_no_gap() {
        let case = ArchiveCase::new().row("10/SNV-VP", "2026-10-01").row("11/SNV-VP", "2026-10-01").row_with(
            "07/SNV-VP",
            "2026-10-01",
            |row| row.secrecy = Some("Mật".into()),
        );
        assert!(messages(&case).is_empty());
        let parallel = ArchiveCase::new()
            .row("10/SNV-VP", "2026-10-01")
            .row("11/SNV-VP", "2026-10-01")
            .row("10/QĐ-SNV", "2026-10-01")
            .row("11/QĐ-SNV", "2026-10-01")
            .row("12/QĐ-SNV", "2026-10-01");
        assert!(messages(&parallel).is_empty());
    }
}
