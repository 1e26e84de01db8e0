//! Number, symbol and date out of recognised text, and whether two keys name the same document.

use super::judgement::Key;
use crate::text;
use std::collections::HashSet;

/// Lines of a page that can hold the heading.
const HEADING_LINES: usize = 24;

/// Whether two keys name the same document.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum KeyMatch {
    Same,
    Other,
    Unknown,
}

/// Number, symbol and date from the text of a heading, as OCR gives it.
pub(super) fn read(heading: &str) -> Key {
    let mut key = Key::default();
    for line in heading.lines().map(str::trim).filter(|l| !l.is_empty()).take(HEADING_LINES) {
        if key.number.is_none()
            && let Some((number, symbol)) = number(line)
        {
            key.number = Some(number);
            key.symbol = Some(symbol);
        }
        if key.year.is_none() {
            let line = text::fold(line);
            let words: Vec<&str> = line.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
            let after = |names: &[&str]| -> Option<u16> {
                words.windows(2).rev().find_map(|pair| match pair {
                    [name, value] if names.contains(name) => value.parse().ok(),
                    _ => None,
                })
            };
            let year = after(&["năm", "nam", "nãm", "nărn"]).filter(|y| (1990..2100).contains(y));
            let (day, month) = (after(&["ngày", "ngay", "ngảy", "ngàỳ"]), after(&["tháng", "thang", "thảng", "thàng"]));
            if year.is_some() && (day.is_some() || month.is_some()) {
                key.year = year;
                key.day = day.and_then(|d| u8::try_from(d).ok()).filter(|d| (1..=31).contains(d));
                key.month = month.and_then(|m| u8::try_from(m).ok()).filter(|m| (1..=12).contains(m));
            }
        }
    }
    key
}

/// `Số: 2349/SLĐTBXH-VP` at the beginning of a line: a citation within a sentence has a small letter or no colon.
fn number(line: &str) -> Option<(u32, String)> {
    // A speck before the line may be read as a sign.
    let mut characters = line.trim_start_matches(|c: char| !c.is_alphanumeric()).chars();
    // The word is often misread: S6, Sô, Só, So.
    if characters.next() != Some('S') || !characters.next().is_some_and(|c| "ốôóoòồổỗộọõỏ6é".contains(c))
    {
        return None;
    }
    let rest = characters.as_str().trim_start();
    let rest = rest.strip_prefix([':', '.', ';', ','])?.trim_start_matches([':', '.', ' ']);
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    let tail = rest.get(digits.len()..)?.trim_start();
    let symbol = tail.strip_prefix('/')?;
    let symbol: String =
        symbol.trim_start().chars().take_while(|c| c.is_alphanumeric() || matches!(c, '-' | '/')).collect();
    if digits.is_empty() || digits.len() > 6 || !symbol.chars().any(char::is_alphabetic) {
        return None;
    }
    Some((digits.parse().ok()?, text::compose(&symbol)))
}

/// Whether `read` (from OCR, a text layer or the register) names the document of `own`.
pub(super) fn compare(read: &Key, own: &Key) -> KeyMatch {
    let (Some(number), Some(own_number)) = (read.number, own.number) else { return KeyMatch::Unknown };
    let differs = |a: Option<u16>, b: Option<u16>| matches!((a, b), (Some(a), Some(b)) if a != b);
    if number != own_number || differs(read.year, own.year) {
        return KeyMatch::Other;
    }
    let (day, month) = (
        differs(read.day.map(u16::from), own.day.map(u16::from)),
        differs(read.month.map(u16::from), own.month.map(u16::from)),
    );
    if day && month {
        return KeyMatch::Other;
    }
    match (&read.symbol, &own.symbol) {
        (Some(a), Some(b)) if !symbols_alike(a, b) => KeyMatch::Other,
        _ if read.year.is_none() || day || month => KeyMatch::Unknown,
        _ => KeyMatch::Same,
    }
}

/// OCR mistakes Đ for D, O for 0 and drops hyphens; another agency's symbol differs in more.
fn symbols_alike(a: &str, b: &str) -> bool {
    let plain = |s: &str| -> Vec<char> {
        text::fold(s).chars().filter(|c| c.is_alphanumeric()).map(|c| if c == 'đ' { 'd' } else { c }).collect()
    };
    let (a, b) = (plain(a), plain(b));
    let longest = a.len().max(b.len()).max(1);
    distance(&a, &b) * 3 <= longest
}

/// Levenshtein distance of two short strings.
fn distance(a: &[char], b: &[char]) -> usize {
    let (a, b) = (a.get(..a.len().min(64)).unwrap_or(&[]), b.get(..b.len().min(64)).unwrap_or(&[]));
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (cell, y) in row.iter_mut().skip(1).zip(b) {
            let value = (diagonal + usize::from(x != y)).min(*cell + 1).min(left + 1);
            diagonal = *cell;
            *cell = value;
            left = value;
        }
    }
    row.last().copied().unwrap_or(0)
}

/// Part of the document's pairs of neighbouring words that a text holds too, 0 to 1; 0 for a document
/// with next to no text.
pub(super) fn text_similarity(document: &str, other: &str) -> f32 {
    let words = |s: &str| -> Vec<String> {
        text::fold(s).split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect()
    };
    let (own, its) = (words(document), words(other));
    let pairs = |w: &[String]| -> HashSet<(String, String)> {
        w.windows(2).filter_map(|p| Some((p.first()?.clone(), p.last()?.clone()))).collect()
    };
    let (own, its) = (pairs(&own), pairs(&its));
    if own.len() < 20 {
        return 0.0;
    }
    own.intersection(&its).count() as f32 / own.len() as f32
}

/// Part of a recognised page's neighbouring words, and of its figures, that a document holds too; 0 and 0
/// for a page with too little of either to tell.
pub(super) fn text_within(page: &str, document: &str) -> (f32, f32) {
    let words = |s: &str| -> Vec<String> {
        text::fold(s).split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect()
    };
    let (page, document) = (words(page), words(document));
    let pairs: HashSet<(&String, &String)> =
        document.windows(2).filter_map(|p| Some((p.first()?, p.last()?))).collect();
    let known: HashSet<&String> = document.iter().collect();
    let (mut met, mut all, mut figures_met, mut figures) = (0_u32, 0_u32, 0_u32, 0_u32);
    for pair in page.windows(2) {
        let (Some(a), Some(b)) = (pair.first(), pair.last()) else { continue };
        all += 1;
        met += u32::from(pairs.contains(&(a, b)));
        if b.len() >= 2 && b.chars().all(|c| c.is_ascii_digit()) {
            figures += 1;
            figures_met += u32::from(known.contains(b));
        }
    }
    if all < 60 || figures < 4 {
        return (0.0, 0.0);
    }
    (met as f32 / all as f32, figures_met as f32 / figures as f32)
}

/// Whether the text names a certified copy (Decree 30, Đ.25: SAO Y, SAO LỤC, TRÍCH SAO; its symbol is SY, SL or TrS).
pub(super) fn names_certified_copy(recognised: &str) -> bool {
    recognised.lines().any(|line| {
        if has_copy_symbol(line) {
            return true;
        }
        // A heading of its own line, in capitals; "bản sao y" within a sentence is none.
        let letters: String = text::fold(line).chars().filter(|c| c.is_alphanumeric()).collect();
        let capitals = line.chars().filter(|c| c.is_uppercase()).count() * 10
            >= line.chars().filter(|c| c.is_alphabetic()).count() * 4;
        capitals
            && ["saoy", "sa0y", "saolục", "saoluc", "tríchsao", "trichsao", "saoỷ", "saoý"]
                .iter()
                .any(|word| letters.contains(word))
    })
}

/// A number with the symbol of a copy, `12/SY-VP`: even where OCR misreads the words before it.
fn has_copy_symbol(line: &str) -> bool {
    line.split('/').zip(line.split('/').skip(1)).any(|(before, after)| {
        let kind: String = after.chars().take_while(|c| c.is_alphanumeric()).collect();
        before.ends_with(|c: char| c.is_ascii_digit()) && matches!(kind.as_str(), "SY" | "SL" | "TrS")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_is_read_through_misread_accents() {
        let key = read("UBND TỈNH\nSó: 2349/SLDTBXH-VP Bình Định, ngày 05 tháng 3 năm 2021\nV/v rà soát");
        assert_eq!((key.number, key.day, key.month, key.year), (Some(2349), Some(5), Some(3), Some(2021)));
        let own = Key { symbol: Some("SLĐTBXH-VP".into()), ..key.clone() };
        assert_eq!(compare(&key, &own), KeyMatch::Same);
        assert_eq!(compare(&key, &Key { number: Some(2348), ..own.clone() }), KeyMatch::Other);
        assert_eq!(compare(&key, &Key { year: Some(2020), ..own.clone() }), KeyMatch::Other);
        assert_eq!(compare(&key, &Key { symbol: Some("SNV-TCCB".into()), ..own }), KeyMatch::Other);
    }

    #[test]
    fn a_citation_in_a_sentence_is_no_number_and_no_copy() {
        assert_eq!(read("Căn cứ Công văn\nsố 74/LĐTBXH ngày 3, trang 3").number, None);
        assert_eq!(read("Số 74/LĐTBXH ngày 3").number, None);
        assert!(names_certified_copy("VĂN PHÒNG  SAO Y\nngày 03 tháng 4"));
        assert!(names_certified_copy("SỞ NỘI VỤ  5A0 V\nSố: 12/SY-VP An Bình, ngày 03 tháng 4"));
        assert!(names_certified_copy("_ 5ố:14/SY-VP.° T3"));
        assert!(!names_certified_copy("Số: 12/SYT-VP"));
        assert!(!names_certified_copy("gửi kèm một bản sao y của quyết định nêu trên"));
    }
}
