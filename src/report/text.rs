//! Text for people: hostile characters made visible, columns by display width, numbers and dates as
//! Vietnamese offices write them.

#![cfg_attr(not(feature = "cli"), allow(dead_code, reason = "the pages and the workbook use the rest"))]

use crate::model::{CalendarDate, Language, UnixTime};
use unicode_width::UnicodeWidthChar;

/// Makes characters visible that could act on a terminal, reorder a line or break an XML file:
/// C0 and C1 controls, bidirectional controls (Unicode Standard Annex 9), zero-width characters,
/// line separators and noncharacters become `⟨U+202E⟩`. Line ends and tabs become a space.
pub(crate) fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\t' => out.push(' '),
            '\r' => {}
            c if is_hazardous(c) => {
                out.push_str("⟨U+");
                out.push_str(&format!("{:04X}", u32::from(c)));
                out.push('⟩');
            }
            c => out.push(c),
        }
    }
    out
}

fn is_hazardous(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{061C}'
            | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{FDD0}'..='\u{FDEF}' | '\u{E0000}'..='\u{E007F}')
        || u32::from(c) & 0xFFFE == 0xFFFE
}

/// Columns the text takes on a terminal. Combining marks take none.
pub(crate) fn width(text: &str) -> usize {
    text.chars().map(|c| c.width().unwrap_or(0)).sum()
}

/// At most `columns` wide, with an ellipsis where something was left out.
pub(crate) fn shorten(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 0;
    for c in text.chars() {
        let w = c.width().unwrap_or(0);
        if used + w + 1 > columns {
            break;
        }
        used += w;
        out.push(c);
    }
    out.push('…');
    out
}

/// Keeps both ends of a path: the file name tells more than the folders.
pub(crate) fn shorten_path(path: &str, columns: usize) -> String {
    if width(path) <= columns {
        return path.to_owned();
    }
    let mut tail = Vec::new();
    let mut used = 1;
    for c in path.chars().rev() {
        let w = c.width().unwrap_or(0);
        if used + w > columns {
            break;
        }
        used += w;
        tail.push(c);
    }
    let tail: String = tail.into_iter().rev().collect();
    format!("…{tail}")
}

/// Filled with spaces on the right.
pub(crate) fn left(text: &str, columns: usize) -> String {
    let fill = columns.saturating_sub(width(text));
    format!("{text}{}", " ".repeat(fill))
}

/// Filled with spaces on the left.
pub(crate) fn right(text: &str, columns: usize) -> String {
    let fill = columns.saturating_sub(width(text));
    format!("{}{text}", " ".repeat(fill))
}

/// Lines of at most `columns`, broken at spaces; a longer word is broken inside.
pub(crate) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(8);
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    for word in text.split([' ', '\n']).filter(|word| !word.is_empty()) {
        let w = width(word);
        if used > 0 && used + 1 + w > columns {
            lines.push(std::mem::take(&mut line));
            used = 0;
        }
        if used > 0 {
            line.push(' ');
            used += 1;
        }
        if w <= columns {
            line.push_str(word);
            used += w;
            continue;
        }
        for c in word.chars() {
            let w = c.width().unwrap_or(0);
            if used + w > columns {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            line.push(c);
            used += w;
        }
    }
    if used > 0 || lines.is_empty() {
        lines.push(line);
    }
    lines
}

/// Wrapped, each line after `first` or, from the second on, after as many spaces.
pub(crate) fn paragraph(out: &mut String, first: &str, text: &str, columns: usize) {
    let indent = width(first);
    for (index, line) in wrap(text, columns.saturating_sub(indent)).iter().enumerate() {
        let start = if index == 0 { first.to_owned() } else { " ".repeat(indent) };
        out.push_str(format!("{start}{line}").trim_end());
        out.push('\n');
    }
}

/// A whole number with thousands grouped: `1.234` in Vietnamese, `1,234` in English.
pub(crate) fn number(value: u64, language: Language) -> String {
    let digits = value.to_string();
    let separator = match language {
        Language::Vi => '.',
        Language::En => ',',
    };
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, c) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(separator);
        }
        out.push(c);
    }
    out
}

fn decimal(language: Language) -> char {
    match language {
        Language::Vi => ',',
        Language::En => '.',
    }
}

/// `part` of `whole` in percent with two decimals, cut off and never rounded up: what is not above
/// 95 must not print as 95.01, and 94.999 not as 95.00. Without the sign; `None` for nothing.
pub(crate) fn percent(part: u32, whole: u32, language: Language) -> Option<String> {
    let hundredths = (u64::from(part) * 10_000).checked_div(u64::from(whole))?;
    Some(format!("{}{}{:02}", hundredths / 100, decimal(language), hundredths % 100))
}

/// Bytes in a unit a person reads: `56,7 MB`.
pub(crate) fn bytes(value: u64, language: Language) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    if value < 1000 {
        return format!("{value} B");
    }
    let mut tenths = value / 100;
    let mut unit = "kB";
    for next in UNITS {
        unit = next;
        if tenths < 10_000 {
            break;
        }
        if next != "TB" {
            tenths /= 1000;
        }
    }
    format!("{}{}{} {unit}", number(tenths / 10, language), decimal(language), tenths % 10)
}

/// Day first in Vietnamese (`05/03/2021`), ISO 8601 in English.
pub(crate) fn date(value: CalendarDate, language: Language) -> String {
    match language {
        Language::Vi => value.day_first(),
        Language::En => value.to_string(),
    }
}

/// A moment in Vietnam's time: `05/11/2026 08:00:00`; ISO 8601 in English.
pub(crate) fn moment(value: UnixTime, language: Language) -> String {
    match language {
        Language::Vi => value.day_first(),
        Language::En => value.to_string(),
    }
}

/// Text of an XML or HTML element or quoted attribute, hazardous characters visible (XML 1.0 forbids
/// most controls even as references).
pub(crate) fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in visible(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// A relative URI reference from a `/`-separated path (RFC 3986): everything but unreserved characters
/// and `/` is percent-encoded.
pub(crate) fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// A file name part: lower-case ASCII letters, digits and hyphens, at most 40 characters. Different
/// texts may give the same slug.
pub(crate) fn slug(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let mut out = String::new();
    for c in text.nfd() {
        let c = match c {
            'đ' | 'Đ' => 'd',
            c => c.to_ascii_lowercase(),
        };
        if c.is_ascii_alphanumeric() {
            out.push(c);
        } else if c.is_ascii() && !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
        if out.len() >= 40 {
            break;
        }
    }
    out.trim_end_matches('-').to_owned()
}

/// One shell word, quoted where needed (POSIX shell).
pub(crate) fn shell_word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:+,=@%".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_is_cut_not_rounded() {
        assert_eq!(percent(143, 166, Language::Vi).as_deref(), Some("86,14"));
        assert_eq!(percent(99_999, 100_000, Language::En).as_deref(), Some("99.99"));
        assert_eq!(percent(19, 20, Language::Vi).as_deref(), Some("95,00"));
        assert_eq!(percent(u32::MAX, u32::MAX, Language::Vi).as_deref(), Some("100,00"));
        assert_eq!(percent(0, 0, Language::Vi), None);
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(number(0, Language::Vi), "0");
        assert_eq!(number(999, Language::Vi), "999");
        assert_eq!(number(1_000, Language::Vi), "1.000");
        assert_eq!(number(1_234_567, Language::En), "1,234,567");
    }

    #[test]
    fn sizes_have_a_unit() {
        assert_eq!(bytes(999, Language::Vi), "999 B");
        assert_eq!(bytes(56_789_000, Language::Vi), "56,7 MB");
        assert_eq!(bytes(1_000, Language::En), "1.0 kB");
        assert_eq!(bytes(2_500_000_000_000, Language::Vi), "2,5 TB");
        assert!(bytes(u64::MAX, Language::Vi).ends_with("TB"));
    }

    #[test]
    fn width_is_of_columns_not_of_bytes() {
        assert_eq!(width("chưa kết luận"), 13);
        assert_eq!(width("đa\u{0323}t"), 3);
        assert_eq!(left("đạt", 5), "đạt  ");
        assert_eq!(shorten("chưa kết luận", 6), "chưa …");
        assert_eq!(shorten_path("a/b/c/văn-bản.pdf", 8), "…bản.pdf");
    }

    #[test]
    fn wrapping_keeps_every_word() {
        let text = "Văn thư: lấy lại tệp gốc từ hệ thống; nếu không còn thì ký lại tệp";
        let lines = wrap(text, 20);
        assert!(lines.iter().all(|line| width(line) <= 20));
        assert_eq!(lines.join(" "), text);
        assert!(wrap(&"x".repeat(50), 20).iter().all(|line| width(line) <= 20));
    }

    #[test]
    fn hazardous_characters_become_visible() {
        assert_eq!(visible("a\u{202E}b\u{1b}[31mc\u{0}"), "a⟨U+202E⟩b⟨U+001B⟩[31mc⟨U+0000⟩");
        assert_eq!(visible("một\nhai"), "một hai");
        assert_eq!(visible("Số: 512/SLĐTBXH"), "Số: 512/SLĐTBXH");
    }

    #[test]
    fn slugs_and_shell_words_are_safe() {
        assert_eq!(slug("Phòng BTXH/../Đ"), "phong-btxh-d");
        assert_eq!(slug("../../etc"), "etc");
        assert_eq!(shell_word("kho van/'x'"), r"'kho van/'\''x'\'''");
        assert_eq!(shell_word("./kho"), "./kho");
    }
}
