//! Reporting periods: labels as given to `--period`, the cut-off day, and the periods that hold given days.
//!
//! With a cut-off day *c* of 2 to 28 a month runs from day *c* of the month before to day *c* − 1 of its own
//! (with 15: `2026-10` is 2026-09-15 to 2026-10-14); quarters, halves and years are made of such months. 0
//! and 1 mean calendar months.

use crate::model::{CalendarDate, Period};
use std::collections::BTreeSet;
use time::Duration;

/// Largest cut-off day: the last that every month has.
pub const MAX_CUTOFF_DAY: u8 = 28;

/// Length of a period.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Granularity {
    /// `2026-10`.
    Month,
    /// `2026-Q4`.
    Quarter,
    /// `2026-H2`.
    Half,
    /// `2026`.
    Year,
}

impl Granularity {
    const fn months(self) -> i32 {
        match self {
            Self::Month => 1,
            Self::Quarter => 3,
            Self::Half => 6,
            Self::Year => 12,
        }
    }
}

/// Why a text is no period.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum PeriodError {
    /// None of the forms.
    #[error("\"{0}\" is not a period: write 2026-10, 2026-Q4, 2026-H2, 2026 or 2026-09-15..2026-10-14")]
    Form(String),
    /// The last day lies before the first.
    #[error("\"{0}\": the last day lies before the first")]
    Reversed(String),
    /// A cut-off day that some month lacks.
    #[error("cut-off day {0}: must be 0 to {MAX_CUTOFF_DAY}")]
    Cutoff(u8),
}

/// The office's way of cutting time into months.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct ReportingCalendar {
    cutoff_day: u8,
}

impl ReportingCalendar {
    /// A calendar whose months end the day before `cutoff_day`; 0 or 1: calendar months.
    ///
    /// # Errors
    /// [`PeriodError::Cutoff`] above 28.
    pub fn new(cutoff_day: u8) -> Result<Self, PeriodError> {
        if cutoff_day > MAX_CUTOFF_DAY { Err(PeriodError::Cutoff(cutoff_day)) } else { Ok(Self { cutoff_day }) }
    }

    /// Reads `2026-10`, `2026-Q4`, `2026-H2`, `2026` (letters in any case) or a free range
    /// `2026-09-15..2026-10-14`, both ends included.
    ///
    /// # Errors
    /// [`PeriodError::Form`], [`PeriodError::Reversed`].
    pub fn parse(self, text: &str) -> Result<Period, PeriodError> {
        let text = text.trim();
        let form = || PeriodError::Form(text.chars().take(40).collect());
        if let Some((first, last)) = text.split_once("..") {
            let first: CalendarDate = strict_day(first.trim()).ok_or_else(form)?;
            let last: CalendarDate = strict_day(last.trim()).ok_or_else(form)?;
            if last < first {
                return Err(PeriodError::Reversed(text.to_owned()));
            }
            return Ok(Period { label: format!("{first}..{last}"), first, last });
        }
        let (year, part) = match text.split_once('-') {
            Some((year, part)) => (year, Some(part)),
            None => (text, None),
        };
        let year = digits(year, 4).ok_or_else(form)?;
        let part = part.map(str::to_ascii_uppercase);
        let (granularity, index) = match part.as_deref() {
            None => (Granularity::Year, 1),
            Some(part) => match (part.strip_prefix('Q'), part.strip_prefix('H')) {
                (Some(quarter), _) => (Granularity::Quarter, digits(quarter, 1).ok_or_else(form)?),
                (_, Some(half)) => (Granularity::Half, digits(half, 1).ok_or_else(form)?),
                _ => (Granularity::Month, digits(part, 2).ok_or_else(form)?),
            },
        };
        if index < 1 || index > 12 / granularity.months() {
            return Err(form());
        }
        self.nth(granularity, year, index).ok_or_else(form)
    }

    /// The period of that length that holds `day`; `None` only at the ends of the calendar.
    pub fn containing(self, day: CalendarDate, granularity: Granularity) -> Option<Period> {
        let shifted = self.cutoff_day > 1 && day.day() >= self.cutoff_day;
        let month = month_number(day).checked_add(i32::from(shifted))?;
        let (year, index) = (month.div_euclid(12), month.rem_euclid(12) / granularity.months() + 1);
        self.nth(granularity, year, index)
    }

    /// Every period of that length that holds at least one of `days`, oldest first.
    pub fn covering(self, days: impl IntoIterator<Item = CalendarDate>, granularity: Granularity) -> Vec<Period> {
        let mut first_days = BTreeSet::new();
        let mut periods = Vec::new();
        for day in days {
            if let Some(period) = self.containing(day, granularity)
                && first_days.insert(period.first)
            {
                periods.push(period);
            }
        }
        periods.sort_by_key(|period| period.first);
        periods
    }

    /// The `count` periods of that length that end with the one holding `day`, oldest first.
    pub fn latest(self, day: CalendarDate, granularity: Granularity, count: u32) -> Vec<Period> {
        let mut periods = Vec::new();
        let mut current = self.containing(day, granularity);
        while let Some(period) = current.take() {
            if u32::try_from(periods.len()).unwrap_or(u32::MAX) >= count {
                break;
            }
            current =
                period.first.0.checked_sub(Duration::DAY).and_then(|d| self.containing(CalendarDate(d), granularity));
            periods.push(period);
        }
        periods.reverse();
        periods
    }

    /// The period of the same length that ends the day before `period` begins. For a free range: as many days.
    pub fn previous(self, period: &Period) -> Option<Period> {
        let last = CalendarDate(period.first.0.checked_sub(Duration::DAY)?);
        let granularities = [Granularity::Month, Granularity::Quarter, Granularity::Half, Granularity::Year];
        for granularity in granularities {
            if self.containing(period.first, granularity).as_ref() == Some(period) {
                return self.containing(last, granularity);
            }
        }
        let length = period.last.days_since(period.first);
        let first = CalendarDate(last.0.checked_sub(Duration::days(length))?);
        Some(Period { label: format!("{first}..{last}"), first, last })
    }

    /// The months that lie wholly or partly in `period`, oldest first.
    pub fn months_of(self, period: &Period) -> Vec<Period> {
        let mut months = Vec::new();
        let mut day = Some(period.first);
        while let Some(month) = day.and_then(|day| self.containing(day, Granularity::Month)) {
            if month.first > period.last {
                break;
            }
            day = month.last.0.next_day().map(CalendarDate);
            months.push(month);
        }
        months
    }

    /// The `index`-th (from 1) period of that length in `year`.
    fn nth(self, granularity: Granularity, year: i32, index: i32) -> Option<Period> {
        let first_month = year.checked_mul(12)?.checked_add((index - 1) * granularity.months())?;
        let first = self.start_of(first_month)?;
        let next = self.start_of(first_month.checked_add(granularity.months())?)?;
        let last = CalendarDate(next.0.checked_sub(Duration::DAY)?);
        let label = match granularity {
            Granularity::Month => format!("{year:04}-{index:02}"),
            Granularity::Quarter => format!("{year:04}-Q{index}"),
            Granularity::Half => format!("{year:04}-H{index}"),
            Granularity::Year => format!("{year:04}"),
        };
        Some(Period { label, first, last })
    }

    /// First day of the reporting month `month` (months since year 0).
    fn start_of(self, month: i32) -> Option<CalendarDate> {
        let (month, day) = if self.cutoff_day > 1 { (month.checked_sub(1)?, self.cutoff_day) } else { (month, 1) };
        CalendarDate::new(month.div_euclid(12), u8::try_from(month.rem_euclid(12) + 1).ok()?, day)
    }
}

/// Whether `day` lies in `period`.
pub fn contains(period: &Period, day: CalendarDate) -> bool {
    period.first <= day && day <= period.last
}

fn month_number(day: CalendarDate) -> i32 {
    day.year() * 12 + i32::from(day.month()) - 1
}

fn digits(text: &str, length: usize) -> Option<i32> {
    (text.len() == length && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

/// `yyyy-mm-dd` in exactly that width.
fn strict_day(text: &str) -> Option<CalendarDate> {
    let shape = text.len() == 10
        && text.bytes().enumerate().all(|(at, b)| if matches!(at, 4 | 7) { b == b'-' } else { b.is_ascii_digit() });
    if shape { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn calendar(cutoff: u8) -> ReportingCalendar {
        ReportingCalendar::new(cutoff).unwrap()
    }

    fn day(text: &str) -> CalendarDate {
        text.parse().unwrap()
    }

    #[test]
    fn labels_name_their_days() {
        let cases = [
            (0, "2026-10", "2026-10-01", "2026-10-31"),
            (1, "2026-10", "2026-10-01", "2026-10-31"),
            (0, "2024-02", "2024-02-01", "2024-02-29"),
            (0, "2026-Q4", "2026-10-01", "2026-12-31"),
            (0, "2026-H2", "2026-07-01", "2026-12-31"),
            (0, "2026", "2026-01-01", "2026-12-31"),
            (15, "2026-10", "2026-09-15", "2026-10-14"),
            (15, "2026-01", "2025-12-15", "2026-01-14"),
            (15, "2026-Q1", "2025-12-15", "2026-03-14"),
            (15, "2026", "2025-12-15", "2026-12-14"),
            (15, "2026-09-15..2026-10-14", "2026-09-15", "2026-10-14"),
        ];
        for (cutoff, label, first, last) in cases {
            let period = calendar(cutoff).parse(label).unwrap();
            assert_eq!((period.label.as_str(), period.first, period.last), (label, day(first), day(last)));
        }
        assert_eq!(calendar(0).parse(" 2026-q4 ").unwrap().label, "2026-Q4");
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "",
            "2026-13",
            "2026-00",
            "2026-Q5",
            "2026-H3",
            "26-10",
            "2026-1",
            "10/2026",
            "2026-09-31..2026-10-01",
            "+026",
            "2026-Q",
        ] {
            assert!(matches!(calendar(0).parse(text), Err(PeriodError::Form(_))), "{text}");
        }
        assert!(matches!(calendar(0).parse("2026-10-02..2026-10-01"), Err(PeriodError::Reversed(_))));
        assert_eq!(ReportingCalendar::new(29), Err(PeriodError::Cutoff(29)));
    }

    #[test]
    fn days_choose_their_periods() {
        let days = ["2026-10-14", "2026-10-15", "2026-01-05", "2026-10-16"].map(day);
        let labels = |cutoff| {
            calendar(cutoff).covering(days, Granularity::Month).into_iter().map(|p| p.label).collect::<Vec<_>>()
        };
        assert_eq!(labels(0), ["2026-01", "2026-10"]);
        assert_eq!(labels(15), ["2026-01", "2026-10", "2026-11"]);
        assert_eq!(calendar(15).containing(day("2026-12-15"), Granularity::Year).unwrap().label, "2027");
    }

    #[test]
    fn neighbours_are_found() {
        let calendar = calendar(0);
        let previous = |label: &str| calendar.previous(&calendar.parse(label).unwrap()).unwrap().label;
        assert_eq!(previous("2026-01"), "2025-12");
        assert_eq!(previous("2026-Q1"), "2025-Q4");
        assert_eq!(previous("2026-10-01..2026-10-10"), "2026-09-21..2026-09-30");
        let latest = calendar.latest(day("2026-02-10"), Granularity::Month, 3);
        assert_eq!(latest.iter().map(|p| p.label.as_str()).collect::<Vec<_>>(), ["2025-12", "2026-01", "2026-02"]);
        assert_eq!(calendar.months_of(&calendar.parse("2026-Q4").unwrap()).len(), 3);
    }

    fn any_day() -> impl Strategy<Value = CalendarDate> {
        (1946_i32..2100, 1_u8..=12, 1_u8..=28).prop_map(|(y, m, d)| CalendarDate::new(y, m, d).unwrap())
    }

    proptest! {
        #[test]
        fn a_day_lies_in_its_period_and_the_label_reads_back(
            day in any_day(),
            cutoff in 0_u8..=28,
            granularity in prop_oneof![
                Just(Granularity::Month), Just(Granularity::Quarter), Just(Granularity::Half), Just(Granularity::Year)
            ],
        ) {
            let calendar = calendar(cutoff);
            let period = calendar.containing(day, granularity).unwrap();
            prop_assert!(contains(&period, day));
            prop_assert_eq!(calendar.parse(&period.label).unwrap(), period.clone());
            // Periods leave no gap.
            let next = calendar.containing(CalendarDate(period.last.0.next_day().unwrap()), granularity).unwrap();
            prop_assert_eq!(calendar.previous(&next).unwrap(), period);
        }
    }
}
