//! Inline SVG: bars and the line of periods. Numbers and escaped text only; legible in greyscale
//! (solid for what is certain, hatched for what is undetermined, dashed for the target).

use crate::model::{Language, Period, UnitRate};
use crate::report::text::{percent, xml};

/// Ids of the hatch pattern, defined once in every page (`base.html`).
const HATCH: &str = "url(#hatch)";

/// `part` of `whole` along `length` pixels, in tenths of a pixel.
fn along(part: u32, whole: u32, length: u32) -> String {
    let tenths = (u64::from(part) * u64::from(length) * 10).checked_div(u64::from(whole)).unwrap_or(0);
    let tenths = tenths.min(u64::from(length) * 10);
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// A bar of a rate with its target line; the label says the same in words.
pub(super) fn bar(rate: &UnitRate, label: &str) -> String {
    const WIDTH: u32 = 150;
    if rate.denominator == 0 {
        return String::new();
    }
    let certain = along(rate.lower, rate.denominator, WIDTH);
    let open = along(rate.upper.saturating_sub(rate.lower), rate.denominator, WIDTH);
    let target = rate.target.map_or(String::new(), |target| {
        let x = along(target, 100, WIDTH);
        format!("<line x1=\"{x}\" y1=\"0\" x2=\"{x}\" y2=\"18\" class=\"target\"/>")
    });
    format!(
        "<svg class=\"bar\" viewBox=\"-1 0 152 18\" width=\"152\" height=\"18\" role=\"img\" aria-label=\"{}\">\
         <rect x=\"0\" y=\"3\" width=\"{WIDTH}\" height=\"12\" class=\"track\"/>\
         <rect x=\"{certain}\" y=\"3\" width=\"{open}\" height=\"12\" fill=\"{HATCH}\"/>\
         <rect x=\"0\" y=\"3\" width=\"{certain}\" height=\"12\" class=\"certain\"/>{target}</svg>",
        xml(label)
    )
}

/// A plain bar: `part` of `whole`.
pub(super) fn share(part: u32, whole: u32) -> String {
    format!(
        "<svg class=\"bar\" viewBox=\"0 0 120 14\" width=\"120\" height=\"14\" aria-hidden=\"true\">\
         <rect x=\"0\" y=\"1\" width=\"{}\" height=\"12\" class=\"certain\"/></svg>",
        along(part, whole, 120)
    )
}

/// Up to twelve periods: lower bound as a line with points, upper bound above it, target dashed.
pub(super) fn history(points: &[(&Period, &UnitRate)], target: u32, label: &str, language: Language) -> String {
    const WIDTH: u32 = 640;
    const HEIGHT: u32 = 120;
    const LEFT: u32 = 44;
    const TOP: u32 = 14;
    let shown: Vec<_> = points.iter().filter(|(_, rate)| rate.denominator > 0).collect();
    if shown.len() < 2 {
        return String::new();
    }
    // The scale starts at the nearest ten below what is shown, so that changes can be seen; it is labelled.
    let lowest = shown
        .iter()
        .filter_map(|(_, rate)| (u64::from(rate.lower) * 100).checked_div(u64::from(rate.denominator)))
        .min()
        .unwrap_or(0)
        .min(u64::from(target));
    let floor = u32::try_from(lowest.saturating_sub(4) / 10 * 10).unwrap_or(0).min(90);
    // Hundredths of a percent above the floor, as pixels from the top.
    let y = |part: u32, whole: u32| -> u64 {
        let value = (u64::from(part) * 10_000).checked_div(u64::from(whole)).unwrap_or(0).min(10_000);
        let span = u64::from(100 - floor) * 100;
        let above = value.saturating_sub(u64::from(floor) * 100);
        u64::from(TOP) + u64::from(HEIGHT).saturating_sub(above * u64::from(HEIGHT) / span)
    };
    let step = WIDTH / u32::try_from(shown.len()).unwrap_or(12).max(1);
    let mut out = format!(
        "<svg class=\"history\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">",
        LEFT + WIDTH + 60,
        TOP + HEIGHT + 26,
        xml(label)
    );
    for value in [floor, 100] {
        let at = y(value, 100);
        out.push_str(&format!(
            "<line x1=\"{LEFT}\" y1=\"{at}\" x2=\"{}\" y2=\"{at}\" class=\"grid\"/>\
             <text x=\"{}\" y=\"{}\" text-anchor=\"end\">{value} %</text>",
            LEFT + WIDTH,
            LEFT - 6,
            at + 4
        ));
    }
    let at = y(target, 100);
    out.push_str(&format!(
        "<line x1=\"{LEFT}\" y1=\"{at}\" x2=\"{}\" y2=\"{at}\" class=\"target\"/>\
         <text x=\"{}\" y=\"{}\">&gt; {target} %</text>",
        LEFT + WIDTH,
        LEFT + WIDTH + 5,
        at + 4
    ));
    let mut line = String::new();
    let mut upper = String::new();
    let mut marks = String::new();
    let mut x = LEFT + step / 2;
    for (period, rate) in &shown {
        let low = y(rate.lower, rate.denominator);
        let high = y(rate.upper, rate.denominator);
        line.push_str(&format!("{x},{low} "));
        upper.push_str(&format!("{x},{high} "));
        marks.push_str(&format!(
            "<circle cx=\"{x}\" cy=\"{low}\" r=\"3.5\" class=\"point\"/>\
             <text x=\"{x}\" y=\"{}\" text-anchor=\"middle\">{}</text>\
             <text x=\"{x}\" y=\"{}\" text-anchor=\"middle\" class=\"value\">{}</text>",
            TOP + HEIGHT + 18,
            xml(&short_label(&period.label, language)),
            low + 16,
            percent(rate.lower, rate.denominator, language).unwrap_or_default(),
        ));
        x += step;
    }
    out.push_str(&format!(
        "<polyline points=\"{}\" class=\"upper\"/><polyline points=\"{}\" class=\"lower\"/>{marks}</svg>",
        upper.trim_end(),
        line.trim_end()
    ));
    out
}

/// `10/2026` for a month; other labels as they are.
fn short_label(label: &str, language: Language) -> String {
    match (language, label.split_once('-')) {
        (Language::Vi, Some((year, month))) if month.len() == 2 && month.chars().all(|c| c.is_ascii_digit()) => {
            format!("{month}/{year}")
        }
        _ => label.to_owned(),
    }
}
