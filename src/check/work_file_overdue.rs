//! `work-file-overdue`: a work file not handed over in time.

use super::prelude::*;
use crate::model::{CalendarDate, WorkFile};

/// Months after the end of the work (Đ.30(2)): a year, or three months after final settlement.
const MONTHS: i32 = 12;
const MONTHS_CONSTRUCTION: i32 = 3;
/// Years more with written consent (Đ.31(3)(d)).
const YEARS_WITH_CONSENT: i32 = 2;

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "work-file-overdue",
        level: Level::Warn,
        scope: Scope::Register,
        title: text("Hồ sơ quá hạn nộp lưu", "Work file overdue for hand-over"),
        explanation: text(
            "Công việc đã kết thúc quá 1 năm (xây dựng cơ bản: 3 tháng sau quyết toán) mà hồ sơ chưa nộp lưu; có văn bản đồng ý giữ lại thì thêm không quá 2 năm.",
            "The work ended more than 1 year ago (construction: 3 months after final settlement) and the file was not handed over; with recorded consent, 2 further years.",
        ),
        basis: text(
            "Khoản 2 Điều 30, điểm d khoản 3 Điều 31 Nghị định 30/2020/NĐ-CP.",
            "Clause 2, Article 30 and point d, clause 3, Article 31 of Decree 30/2020/NĐ-CP.",
        ),
        remedy: text("Người lập hồ sơ: nộp lưu; trưởng đơn vị đôn đốc.", "Officer: hand over; unit head."),
    },
    run: Run::Archive(run),
};

fn run(input: &ArchiveInput<'_>, findings: &mut Findings<'_>) {
    let Some(today) = input.clock.date_in_vietnam() else { return };
    for file in input.work_files {
        let Some(due) = due(file).filter(|due| today > *due && file.handed_over.is_none()) else { continue };
        findings.add_about(
            Level::Warn,
            &file.code,
            About { unit: file.unit.clone(), ..About::default() },
            Bilingual::new(
                format!("Hồ sơ {} quá hạn nộp lưu từ {}.", file.code, due.day_first()),
                format!("Work file {} overdue for hand-over since {due}.", file.code),
            ),
        );
    }
}

/// Last day for the hand-over.
fn due(file: &WorkFile) -> Option<CalendarDate> {
    let months = if file.construction { MONTHS_CONSTRUCTION } else { MONTHS };
    let extra = if file.consent.is_some() { YEARS_WITH_CONSENT * 12 } else { 0 };
    months_after(file.ended?, months + extra)
}

/// The same day so many months later, or the last of that month.
fn months_after(day: CalendarDate, months: i32) -> Option<CalendarDate> {
    let month = (day.year().checked_mul(12)? + i32::from(day.month()) - 1).checked_add(months)?;
    let (year, month) = (month.div_euclid(12), u8::try_from(month.rem_euclid(12) + 1).ok()?);
    (0..4).find_map(|back| CalendarDate::new(year, month, day.day().checked_sub(back)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{ArchiveCase, day};

    fn found(change: impl FnOnce(&mut WorkFile)) -> usize {
        let mut file = WorkFile { code: "01/2025".into(), ended: Some(day("2025-10-31")), ..WorkFile::default() };
        change(&mut file);
        // The clock stands at 2026-11-05.
        ArchiveCase::new().with(|case| case.work_files.push(file)).run(&CHECK).len()
    }

    #[test]
    fn terms_consent_and_hand_over() {
        assert_eq!(found(|_| {}), 1);
        assert_eq!(found(|file| file.ended = Some(day("2025-11-05"))), 0);
        assert_eq!(found(|file| file.handed_over = Some(day("2026-01-05"))), 0);
        assert_eq!(found(|file| file.consent = Some(day("2026-01-05"))), 0);
        assert_eq!(found(|file| (file.construction, file.ended) = (true, Some(day("2026-07-31")))), 1);
        assert_eq!(found(|file| file.ended = None), 0);
    }

    #[test]
    fn the_last_of_a_short_month() {
        assert_eq!(months_after(day("2026-11-30"), 3), Some(day("2027-02-28")));
    }
}
