//! Cells to values. Dates are strictly day first; a value that cannot be read is a problem, never a guess.

use super::grid::{Cell, MAX_CELL_CHARACTERS};
use super::problem::ProblemKind;
use crate::model::{CalendarDate, RowStatus};
use crate::reference::is_year;
use crate::text;
use time::Date;

/// A value, nothing, or what is wrong with it.
pub(super) type Reading<T> = Result<Option<T>, ProblemKind>;

/// Text as written.
pub(super) fn text(cell: &Cell) -> Reading<String> {
    match cell {
        Cell::Error(_) => Err(ProblemKind::CellError),
        cell if cell.is_blank() => Ok(None),
        Cell::Text(text) if text.chars().nth(MAX_CELL_CHARACTERS).is_some() => Err(ProblemKind::CellTooLong),
        cell => Ok(Some(cell.text())),
    }
}

/// A date cell, a serial number in a spreadsheet, or text `d/M/yyyy` (also with `-` or `.`) or `yyyy-mm-dd`,
/// each with or without a time of day behind.
pub(super) fn date(cell: &Cell) -> Reading<CalendarDate> {
    match cell {
        Cell::Date(Some(day)) => plausible(*day),
        Cell::Date(None) => Err(ProblemKind::UnreadableDate),
        Cell::Number(serial) => serial_day(*serial).ok_or(ProblemKind::UnreadableDate).and_then(plausible),
        Cell::Bool(_) => Err(ProblemKind::UnreadableDate),
        Cell::Error(_) => Err(ProblemKind::CellError),
        Cell::Empty => Ok(None),
        Cell::Text(text) if text.trim().is_empty() => Ok(None),
        Cell::Text(text) => date_text(text.trim()),
    }
}

fn date_text(text: &str) -> Reading<CalendarDate> {
    // A time of day may follow: "02/10/2026 08:15:00", "2026-10-02T08:15:00+07:00".
    let (day, time) = text.split_once([' ', 'T', '\u{A0}']).unwrap_or((text, ""));
    let time_like = time.chars().all(|c| c.is_ascii_digit() || matches!(c, ':' | '.' | '+' | '-' | 'Z' | ' '))
        || matches!(
            time.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, ':' | ' ')),
            "AM" | "PM" | "SA" | "CH"
        );
    let Some(separator) = day.chars().find(|c| !c.is_ascii_digit()).filter(|c| matches!(c, '/' | '-' | '.')) else {
        return Err(ProblemKind::UnreadableDate);
    };
    let parts = day.split(separator).collect::<Vec<_>>();
    let number = |part: &str, length: std::ops::RangeInclusive<usize>| {
        (length.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| part.parse::<i32>().ok())
            .flatten()
    };
    let (year, month, day) = match parts.as_slice() {
        [year, month, day] if separator == '-' && year.len() == 4 => {
            (number(year, 4..=4), number(month, 2..=2), number(day, 2..=2))
        }
        [day, month, year] => (number(year, 4..=4), number(month, 1..=2), number(day, 1..=2)),
        _ => (None, None, None),
    };
    let (Some(year), Some(month), Some(day), true) = (year, month, day, time_like) else {
        return Err(ProblemKind::UnreadableDate);
    };
    let (Ok(month), Ok(day)) = (u8::try_from(month), u8::try_from(day)) else {
        return Err(ProblemKind::ImpossibleDate);
    };
    CalendarDate::new(year, month, day).ok_or(ProblemKind::ImpossibleDate).and_then(plausible)
}

fn plausible(day: CalendarDate) -> Reading<CalendarDate> {
    if is_year(day.year()) { Ok(Some(day)) } else { Err(ProblemKind::ImplausibleYear) }
}

/// Day 0 of the 1900 date system as it counts after its false 29/02/1900 (ECMA-376 part 1, 18.17.4.1).
fn serial_day(serial: f64) -> Option<CalendarDate> {
    if !(61.0..=2_958_465.0).contains(&serial) {
        return None;
    }
    // In range for i32, checked above.
    #[allow(clippy::cast_possible_truncation)]
    let days = serial.floor() as i64;
    let epoch = Date::from_calendar_date(1899, time::Month::December, 30).ok()?;
    epoch.checked_add(time::Duration::days(days)).map(CalendarDate)
}

/// A whole number, with or without "bản", "bì", "văn bản" behind.
pub(super) fn count(cell: &Cell) -> Reading<u32> {
    if let Cell::Error(_) = cell {
        return Err(ProblemKind::CellError);
    }
    if cell.is_blank() {
        return Ok(None);
    }
    let folded = text::fold(&cell.text());
    let digits = folded.trim_end_matches(|c: char| !c.is_ascii_digit());
    let unit = folded.get(digits.len()..).unwrap_or_default().trim();
    let known_unit = matches!(unit, "" | "bản" | "bộ" | "bì" | "văn bản" | "tài liệu" | "tờ");
    if !known_unit || digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(ProblemKind::UnreadableNumber);
    }
    digits.parse().map(Some).map_err(|_| ProblemKind::UnreadableNumber)
}

/// x, có, 1 and their like; không, 0; blank is nothing said.
pub(super) fn flag(cell: &Cell) -> Reading<bool> {
    if let Cell::Error(_) = cell {
        return Err(ProblemKind::CellError);
    }
    match text::fold(&cell.text()).as_str() {
        "" | "-" => Ok(None),
        "x" | "có" | "co" | "1" | "true" | "yes" | "v" | "✓" | "✔" | "đúng" => Ok(Some(true)),
        "không" | "khong" | "0" | "false" | "no" | "sai" => Ok(Some(false)),
        _ => Err(ProblemKind::UnreadableFlag),
    }
}

/// Cancelled or recalled; other states (đã phát hành …) say nothing against the row.
pub(super) fn status(cell: &Cell) -> Reading<RowStatus> {
    if let Cell::Error(_) = cell {
        return Err(ProblemKind::CellError);
    }
    let ascii = text::ascii_fold(&cell.text());
    Ok(match ascii.trim_matches(|c: char| !c.is_alphanumeric()) {
        "da huy" | "huy so" | "huy" | "huy bo" | "da huy bo" | "da huy so" | "so huy" | "van ban huy"
        | "huy van ban" | "so bo trong" | "bo so" | "cancelled" => Some(RowStatus::Cancelled),
        "thu hoi" | "da thu hoi" | "bi thu hoi" | "recalled" => Some(RowStatus::Recalled),
        _ => None,
    })
}

/// "điện tử" or "giấy".
pub(super) fn electronic(cell: &Cell) -> Reading<bool> {
    if let Cell::Error(_) = cell {
        return Err(ProblemKind::CellError);
    }
    match text::ascii_fold(&cell.text()).as_str() {
        "" => Ok(None),
        "dien tu" | "ho so dien tu" | "electronic" => Ok(Some(true)),
        "giay" | "ho so giay" | "paper" => Ok(Some(false)),
        _ => Err(ProblemKind::UnknownWord),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ProblemKind::*;

    fn cell(text: &str) -> Cell {
        Cell::Text(text.to_owned())
    }

    #[test]
    fn dates_are_day_first_and_exist() {
        let day = |y, m, d| Ok(CalendarDate::new(y, m, d));
        let cases = [
            ("02/10/2026", day(2026, 10, 2)),
            ("2/1/2026", day(2026, 1, 2)),
            ("02-10-2026", day(2026, 10, 2)),
            ("02.10.2026", day(2026, 10, 2)),
            ("2026-10-02", day(2026, 10, 2)),
            ("2026-10-02T08:15:00+07:00", day(2026, 10, 2)),
            ("02/10/2026 08:15", day(2026, 10, 2)),
            ("29/02/2024", day(2024, 2, 29)),
            ("", Ok(None)),
            ("  ", Ok(None)),
            ("31/02/2026", Err(ImpossibleDate)),
            ("10/25/2026", Err(ImpossibleDate)),
            ("29/02/2026", Err(ImpossibleDate)),
            ("00/10/2026", Err(ImpossibleDate)),
            ("02/10/26", Err(UnreadableDate)),
            ("2026/10/02", Err(UnreadableDate)),
            ("46297", Err(UnreadableDate)),
            ("hôm qua", Err(UnreadableDate)),
            ("02/10/2026 và 03/10/2026", Err(UnreadableDate)),
            ("/ /", Err(UnreadableDate)),
            ("02/10/0026", Err(ImplausibleYear)),
        ];
        for (written, expected) in cases {
            assert_eq!(date(&cell(written)), expected, "{written}");
        }
        assert_eq!(date(&Cell::Number(46_297.0)), day(2026, 10, 2));
        assert_eq!(date(&Cell::Number(46_297.75)), day(2026, 10, 2));
        assert_eq!(date(&Cell::Number(3.0)), Err(UnreadableDate));
        assert_eq!(date(&Cell::Number(f64::NAN)), Err(UnreadableDate));
        assert_eq!(date(&Cell::Error("#REF!".into())), Err(CellError));
    }

    #[test]
    fn counts_and_flags_are_not_guessed() {
        assert_eq!(count(&cell("03")), Ok(Some(3)));
        assert_eq!(count(&cell("3 bản")), Ok(Some(3)));
        assert_eq!(count(&Cell::Number(12.0)), Ok(Some(12)));
        assert_eq!(count(&cell("")), Ok(None));
        for written in ["3+1", "-3", "ba", "3 người", "99999999999", "1.5"] {
            assert_eq!(count(&cell(written)), Err(UnreadableNumber), "{written}");
        }
        assert_eq!(flag(&cell(" Có ")), Ok(Some(true)));
        assert_eq!(flag(&cell("X")), Ok(Some(true)));
        assert_eq!(flag(&cell("không")), Ok(Some(false)));
        assert_eq!(flag(&cell("")), Ok(None));
        assert_eq!(flag(&cell("theo quy định")), Err(UnreadableFlag));
        assert_eq!(status(&cell("Đã huỷ")), Ok(Some(RowStatus::Cancelled)));
        assert_eq!(status(&cell("hủy số")), Ok(Some(RowStatus::Cancelled)));
        assert_eq!(status(&cell("Đã thu hồi")), Ok(Some(RowStatus::Recalled)));
        assert_eq!(status(&cell("Đã phát hành")), Ok(None));
        assert_eq!(electronic(&cell("Điện tử")), Ok(Some(true)));
        assert_eq!(electronic(&cell("giấy")), Ok(Some(false)));
        assert_eq!(electronic(&cell("x")), Err(UnknownWord));
    }

    proptest::proptest! {
        #[test]
        fn a_day_written_day_first_reads_back(y in 1945_i32..=2100, m in 1_u8..=12, d in 1_u8..=28) {
            let day = CalendarDate::new(y, m, d).unwrap();
            proptest::prop_assert_eq!(date(&cell(&day.day_first())), Ok(Some(day)));
            proptest::prop_assert_eq!(date(&cell(&day.to_string())), Ok(Some(day)));
        }

        #[test]
        fn any_cell_is_survived(text in "\\PC{0,30}") {
            let cell = cell(&text);
            let _ = (date(&cell), count(&cell), flag(&cell), status(&cell), electronic(&cell));
        }
    }
}
