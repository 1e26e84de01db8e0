//! What the operator may set about checks, and the dates the law gives them.

use crate::model::{CalendarDate, Level};
use std::collections::{BTreeMap, BTreeSet};

/// A level set by the operator for one check.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LevelOverride {
    /// Report at this level.
    Level(Level),
    /// Do not report. Has no effect on findings that are indeterminate.
    Off,
}

/// How numbers are given out (Decree 30 Đ.15(1)(c): the head decides).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum NumberSeries {
    /// One series a year, unless the register repeats numbers as parallel series do.
    #[default]
    Automatic,
    /// One series a year.
    One,
    /// One series a year for each type, công văn being one.
    PerType,
}

/// Operator settings that checks read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CheckSettings {
    /// Level overrides by check id.
    pub levels: BTreeMap<String, LevelOverride>,
    /// Days on which offices are closed besides Saturday and Sunday.
    pub holidays: BTreeSet<CalendarDate>,
    /// Saturdays and Sundays on which offices work in return for a holiday.
    pub make_up_days: BTreeSet<CalendarDate>,
    /// Days before its end at which a certificate is reported as expiring.
    pub expiring_days: u32,
    /// Days that a document may be dated before its signatures without more than a note: in 11 of 17
    /// genuine documents it was 1 to 5 days.
    pub date_tolerance_days: u32,
    /// How numbers are given out.
    pub number_series: NumberSeries,
    /// Denominators below this are reported as small.
    pub minimum_denominator: u32,
    /// Working days within which a receiver of the exchange axis has to have accepted (ours).
    pub receipt_days: u32,
}

impl Default for CheckSettings {
    fn default() -> Self {
        Self {
            levels: BTreeMap::new(),
            holidays: BTreeSet::new(),
            make_up_days: BTreeSet::new(),
            expiring_days: 90,
            date_tolerance_days: 5,
            number_series: NumberSeries::Automatic,
            minimum_denominator: 20,
            receipt_days: 3,
        }
    }
}

impl CheckSettings {
    /// Whether offices work on `day`.
    pub fn is_working_day(&self, day: CalendarDate) -> bool {
        let weekend = matches!(day.0.weekday(), time::Weekday::Saturday | time::Weekday::Sunday);
        if weekend { self.make_up_days.contains(&day) } else { !self.holidays.contains(&day) }
    }

    /// The first working day after `day`; `None` at the end of the calendar or of a month without one.
    pub fn next_working_day(&self, day: CalendarDate) -> Option<CalendarDate> {
        let mut next = day;
        for _ in 0..31 {
            next = CalendarDate(next.0.next_day()?);
            if self.is_working_day(next) {
                return Some(next);
            }
        }
        None
    }
}

/// A day from the law; the arguments are constants, so a wrong one shows in the tests.
const fn day(year: i32, month: time::Month, day: u8) -> CalendarDate {
    match time::Date::from_calendar_date(year, month, day) {
        Ok(date) => CalendarDate(date),
        Err(_) => CalendarDate(time::Date::MIN),
    }
}

/// Decree 30/2020/NĐ-CP in force (Điều 37): its rules of form judge documents dated from this day.
pub(super) const DECREE_30_FROM: CalendarDate = day(2020, time::Month::March, 5);
/// Circular 41/2017/TT-BTTTT in force: it asks for a valid timestamp kept with the document (Điều 9(1)(a)).
pub(super) const TIMESTAMP_KEPT_FROM: CalendarDate = day(2018, time::Month::February, 5);
/// Last day before its repeal, which one source reports for 2026-11-15.
pub(super) const TIMESTAMP_KEPT_TO: CalendarDate = day(2026, time::Month::November, 14);
/// Circular 15/2025/TT-BKHCN in force: the only list of algorithms at hand, applied by analogy.
pub(super) const ALGORITHM_LIST_FROM: CalendarDate = day(2025, time::Month::August, 15);
/// Decree 68/2024/NĐ-CP in force: its certificate terms (Điều 9) bind certificates issued from this day (Điều 42(1)).
pub(super) const CERTIFICATE_TERM_FROM: CalendarDate = day(2024, time::Month::August, 15);

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> CalendarDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_dates_of_the_law_exist() {
        assert_eq!(DECREE_30_FROM, date("2020-03-05"));
        assert_eq!(TIMESTAMP_KEPT_FROM, date("2018-02-05"));
        assert_eq!(TIMESTAMP_KEPT_TO, date("2026-11-14"));
        assert_eq!(ALGORITHM_LIST_FROM, date("2025-08-15"));
        assert_eq!(CERTIFICATE_TERM_FROM, date("2024-08-15"));
    }

    #[test]
    fn the_next_working_day_skips_weekends_and_holidays_and_honours_make_up_days() {
        let mut settings = CheckSettings::default();
        // 2026-10-02 is a Friday.
        assert_eq!(settings.next_working_day(date("2026-10-02")), Some(date("2026-10-05")));
        settings.holidays.insert(date("2026-10-05"));
        assert_eq!(settings.next_working_day(date("2026-10-02")), Some(date("2026-10-06")));
        settings.make_up_days.insert(date("2026-10-03"));
        assert_eq!(settings.next_working_day(date("2026-10-02")), Some(date("2026-10-03")));
    }
}
