//! How a /ByteRange lies over the file (ISO 32000-2, 12.8.1): it must be two ranges from the first byte
//! whose gap is exactly the /Contents string of this signature.

use super::signature::Contents;
use crate::model::{ByteRangeFacts, RangeLayout};

/// Judges the numbers of a /ByteRange against the signature's /Contents in a file of `length` bytes.
pub(super) fn examine(values: Result<Vec<i64>, String>, contents: &Contents, data: &[u8]) -> ByteRangeFacts {
    let length = data.len();
    let values = match values {
        Ok(values) => values,
        Err(reason) => {
            return ByteRangeFacts { values: Vec::new(), layout: RangeLayout::Malformed(reason), reaches_end: false };
        }
    };
    let (layout, end) = layout(&values, contents, data);
    ByteRangeFacts { reaches_end: end == Some(length), values, layout }
}

fn layout(values: &[i64], contents: &Contents, data: &[u8]) -> (RangeLayout, Option<usize>) {
    let malformed = |reason: &str| (RangeLayout::Malformed(reason.to_owned()), None);
    if values.len() < 2 || !values.len().is_multiple_of(2) {
        return malformed(&format!("{} entries instead of 4", values.len()));
    }
    let mut ranges = Vec::new();
    for pair in values.chunks_exact(2) {
        let [start, count] = pair else { continue };
        let (Ok(start), Ok(count)) = (usize::try_from(*start), usize::try_from(*count)) else {
            return malformed("a negative entry");
        };
        let Some(end) = start.checked_add(count) else { return malformed("an entry out of range") };
        ranges.push((start, end));
    }
    if ranges.windows(2).any(|pair| matches!(pair, [(_, end), (start, _)] if end > start)) {
        return malformed("ranges overlap or are not in order");
    }
    let end = ranges.last().map(|&(_, end)| end);
    let (start, token_end) = match contents {
        Contents::Present { span, .. } => *span,
        Contents::Absent(reason) => return (RangeLayout::Malformed(format!("/Contents {reason}")), end),
    };
    if end.is_none_or(|end| end > data.len()) {
        return (RangeLayout::Displaced, end);
    }
    let [(first, gap), (behind, _)] = ranges.as_slice() else {
        let reason = if ranges.len() == 1 { "one range, no gap" } else { "more gaps than one" };
        return (RangeLayout::Inexact(reason.to_owned()), end);
    };
    if token_end <= *gap || start >= *behind {
        return (RangeLayout::Displaced, end);
    }
    if *first != 0 {
        return (RangeLayout::Inexact(format!("starts at {first}, not at the first byte")), end);
    }
    // The delimiters may be left in the signed ranges: then only the digits are not covered.
    let whole = (*gap, *behind) == (start, token_end);
    let digits_only = (*gap, *behind) == (start + 1, token_end.saturating_sub(1));
    if !whole && !digits_only {
        return (
            RangeLayout::Inexact(format!("the gap {gap}..{behind} is not the /Contents {start}..{token_end}")),
            end,
        );
    }
    let token = data.get(start..token_end).unwrap_or_default();
    let inner = token.strip_prefix(b"<").and_then(|token| token.strip_suffix(b">"));
    match inner {
        None => (RangeLayout::Inexact("/Contents is not a hexadecimal string".to_owned()), end),
        Some(inner) if !super::parser::is_hexadecimal(inner) => {
            (RangeLayout::Inexact("the gap holds bytes that are not hexadecimal digits".to_owned()), end)
        }
        Some(_) => (RangeLayout::Exact, end),
    }
}

/// Offset behind the last byte of the signed range, if the numbers allow one.
pub(super) fn end(facts: &ByteRangeFacts) -> Option<usize> {
    let [.., start, count] = facts.values.as_slice() else { return None };
    usize::try_from(*start).ok()?.checked_add(usize::try_from(*count).ok()?)
}
