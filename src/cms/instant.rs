//! UTCTime and GeneralizedTime (X.680, 46 and 47) to seconds since 1970.

use super::tlv::{Element, tag};
use crate::model::UnixTime;
use time::{Date, Month, OffsetDateTime, Time};

/// The instant of a UTCTime or GeneralizedTime element. Fractions of a second are cut off. `None` if it
/// is neither, has no zone (X.680 then means the writer's local time, which nobody knows), or does not
/// exist.
pub(super) fn instant(element: &Element<'_>) -> Option<UnixTime> {
    let text = std::str::from_utf8(element.content).ok()?;
    if !text.is_ascii() {
        return None;
    }
    let (year, rest) = match element.identifier {
        tag::UTC_TIME => {
            let (year, rest) = digits(text, 2)?;
            // RFC 5652, 11.3: two digits of 50 and above are 19xx.
            (if year >= 50 { 1900 + year } else { 2000 + year }, rest)
        }
        tag::GENERALIZED_TIME => digits(text, 4)?,
        _ => return None,
    };
    let (month, rest) = digits(rest, 2)?;
    let (day, rest) = digits(rest, 2)?;
    let (hour, rest) = digits(rest, 2)?;
    let (minute, rest) = digits(rest, 2).unwrap_or((0, rest));
    let (second, rest) = digits(rest, 2).unwrap_or((0, rest));
    let rest = match rest.strip_prefix(['.', ',']) {
        Some(fraction) if element.identifier == tag::GENERALIZED_TIME => {
            let zone = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
            if zone.len() == fraction.len() {
                return None;
            }
            zone
        }
        _ => rest,
    };
    let offset = zone(rest)?;
    let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
    let date = Date::from_calendar_date(i32::try_from(year).ok()?, month, u8::try_from(day).ok()?).ok()?;
    // A leap second (60) counts as the second before it: Unix time has none.
    let time = Time::from_hms(u8::try_from(hour).ok()?, u8::try_from(minute).ok()?, u8::try_from(second).ok()?.min(59))
        .ok()?;
    if second > 60 {
        return None;
    }
    Some(UnixTime(OffsetDateTime::new_utc(date, time).unix_timestamp().checked_sub(offset)?))
}

/// Seconds east of UTC: `Z` or `+hhmm`.
fn zone(text: &str) -> Option<i64> {
    if text == "Z" {
        return Some(0);
    }
    let (sign, rest) = match text.strip_prefix('+') {
        Some(rest) => (1, rest),
        None => (-1, text.strip_prefix('-')?),
    };
    let (hours, rest) = digits(rest, 2)?;
    let (minutes, rest) = digits(rest, 2).unwrap_or((0, rest));
    if !rest.is_empty() || hours > 23 || minutes > 59 {
        return None;
    }
    Some(sign * i64::from(hours * 3600 + minutes * 60))
}

/// Exactly `count` decimal digits from the start, and what follows.
fn digits(text: &str, count: usize) -> Option<(u32, &str)> {
    let (number, rest) = text.split_at_checked(count)?;
    if !number.bytes().all(|octet| octet.is_ascii_digit()) {
        return None;
    }
    Some((number.parse().ok()?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(identifier: u8, text: &str) -> Option<i64> {
        let element = Element { identifier, raw: &[], content: text.as_bytes(), indefinite: false };
        instant(&element).map(|time| time.0)
    }

    #[test]
    fn utc_time() {
        assert_eq!(read(tag::UTC_TIME, "190910015521Z"), Some(1_568_080_521));
        assert_eq!(read(tag::UTC_TIME, "190910085521+0700"), Some(1_568_080_521));
        assert_eq!(read(tag::UTC_TIME, "1909100155Z"), Some(1_568_080_500));
        assert_eq!(read(tag::UTC_TIME, "700101000000Z"), Some(0));
    }

    #[test]
    fn generalized_time() {
        assert_eq!(read(tag::GENERALIZED_TIME, "20190910015521Z"), Some(1_568_080_521));
        assert_eq!(read(tag::GENERALIZED_TIME, "20190910015521.987Z"), Some(1_568_080_521));
        assert_eq!(read(tag::GENERALIZED_TIME, "19700101000000,5Z"), Some(0));
        assert_eq!(read(tag::GENERALIZED_TIME, "19691231235959.5Z"), Some(-1));
    }

    #[test]
    fn rejects_what_is_no_instant() {
        for text in
            ["", "Z", "20190910015521", "20191310015521Z", "20190230015521Z", "20190910015561Z", "2019091001552xZ"]
        {
            assert_eq!(read(tag::GENERALIZED_TIME, text), None, "{text}");
        }
        for text in ["20190910015521.Z", "20190910015521+07000", "20190910015521Z ", "20190910015521Zé"] {
            assert_eq!(read(tag::GENERALIZED_TIME, text), None, "{text}");
        }
        assert_eq!(read(tag::UTC_TIME, "190910015521.5Z"), None);
        assert_eq!(read(tag::OCTET_STRING, "190910015521Z"), None);
    }
}
