//! What the rate checks share: names, percentages and what a rate concerns.

use super::findings::About;
use super::input::RateInput;
use crate::model::{Bilingual, Exclusion, RateKind, UnitRate};

/// The unit, its period and the day by which a period's report selects it.
pub(super) fn about(input: &RateInput<'_>, rate: &UnitRate) -> About {
    let period = input.periods.iter().find(|period| period.label == rate.period);
    let unit = (!rate.unit.is_empty()).then(|| rate.unit.clone());
    About { unit, date: period.map(|period| period.last), ..About::default() }
}

/// The unit's code, or that none is known.
pub(super) fn subject(rate: &UnitRate) -> String {
    if rate.unit.is_empty() { "chưa rõ đơn vị".to_owned() } else { rate.unit.clone() }
}

/// The unit's name with the period.
pub(super) fn name(input: &RateInput<'_>, rate: &UnitRate) -> Bilingual {
    if rate.unit.is_empty() {
        return Bilingual::new(
            format!("Chưa rõ đơn vị, kỳ {}", rate.period),
            format!("Unknown unit, period {}", rate.period),
        );
    }
    let unit = input.units.iter().find(|unit| unit.code == rate.unit);
    let name = unit.map_or(rate.unit.as_str(), |unit| unit.name.as_str());
    Bilingual::new(format!("{name}, kỳ {}", rate.period), format!("{name}, period {}", rate.period))
}

/// Percent with two decimals, truncated: what is not above the target is never shown as if it were.
pub(super) fn percent(part: u32, whole: u32, separator: char) -> String {
    let hundredths = u64::from(part).saturating_mul(10_000).checked_div(u64::from(whole)).unwrap_or(0);
    format!("{}{separator}{:02}", hundredths / 100, hundredths % 100)
}

/// "86,14 %" or "86,14–89,75 %" in both languages.
pub(super) fn interval(rate: &UnitRate) -> Bilingual {
    let both = |separator| {
        let (low, high) =
            (percent(rate.lower, rate.denominator, separator), percent(rate.upper, rate.denominator, separator));
        if rate.lower == rate.upper { format!("{low} %") } else { format!("{low}–{high} %") }
    };
    Bilingual::new(both(','), both('.'))
}

/// All three intervals, the denominator and every exclusion of a unit and period.
pub(super) fn definition(input: &RateInput<'_>, rate: &UnitRate) -> Bilingual {
    let same = |other: &&UnitRate| other.unit == rate.unit && other.period == rate.period;
    let (mut vi, mut en) = (Vec::new(), Vec::new());
    for other in input.rates.iter().filter(same).filter(|other| other.rate != RateKind::WorkFiles) {
        let name = match other.rate {
            RateKind::N1 => "N1",
            RateKind::N2 => "N2",
            RateKind::N3 => "N3",
            RateKind::WorkFiles => continue,
        };
        let shown = interval(other);
        vi.push(format!("{name} {}", shown.vi));
        en.push(format!("{name} {}", shown.en));
    }
    vi.push(format!("D = {}", rate.denominator));
    en.push(format!("D = {}", rate.denominator));
    for (exclusion, count) in &rate.excluded {
        let words = match exclusion {
            Exclusion::Secret => ("mật", "secret"),
            Exclusion::Recalled => ("thu hồi", "recalled"),
            Exclusion::Cancelled => ("hủy số", "cancelled"),
            Exclusion::LawRequiresPaper => ("luật yêu cầu bản giấy", "law requires paper"),
            Exclusion::Repeated => ("dòng lặp lại", "entry repeated"),
            Exclusion::NotExchanged => ("không gửi cơ quan khác", "not sent to another body"),
        };
        vi.push(format!("loại {}: {count}", words.0));
        en.push(format!("excluded {}: {count}", words.1));
    }
    Bilingual::new(vi.join("; "), en.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_are_truncated() {
        assert_eq!(percent(143, 166, ','), "86,14");
        assert_eq!(percent(94_999, 100_000, '.'), "94.99");
        assert_eq!(percent(19, 20, ','), "95,00");
        assert_eq!(percent(0, 0, ','), "0,00");
    }
}
