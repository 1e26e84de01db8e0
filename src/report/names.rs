//! Names of people in running text and in paths: those that the report knows, and what has the shape of a
//! Vietnamese personal name.
//!
//! The shape is a family name and two or three more words. Family names that are ordinary words as well
//! ("Lý lịch", "Đào tạo", "Hồ sơ") count only before Văn or Thị, and so does any that lost its diacritics.

use crate::text::ascii_fold;
use std::collections::HashSet;
use unicode_normalization::UnicodeNormalization;

/// Longest name, in words.
const NAME_WORDS: usize = 10;

/// Family names that begin no ordinary phrase of three capitalised words.
const FAMILY_NAMES: &[&str] = &[
    "nguyễn", "trần", "lê", "phạm", "hoàng", "huỳnh", "phan", "vũ", "võ", "đặng", "bùi", "đỗ", "ngô", "dương", "đinh",
    "trịnh", "trương", "phùng", "quách", "tạ",
];

/// The same without diacritics, as far as no ordinary word is written so.
const PLAIN_FAMILY_NAMES: &[&str] = &["nguyen", "tran", "pham", "huynh", "bui", "dinh", "trinh", "phung", "quach"];

/// Middle names that after one of [`PLAIN_FAMILY_NAMES`] make no ordinary words ("nguyên tắc", "phạm vi",
/// "trân trọng" do): for file names all in small letters without diacritics.
const PLAIN_MIDDLE_NAMES: &[&str] = &[
    "quoc", "duc", "huu", "minh", "thanh", "ngoc", "xuan", "hoang", "dinh", "cong", "quang", "anh", "kim", "bich",
    "hong", "thuy", "tuan", "manh", "viet", "hai", "gia", "bao", "phuong", "nhu", "khanh", "trung", "tien", "hoai",
];

/// Family names of every kind, without diacritics: before Văn or Thị.
const ANY_FAMILY_NAME: &[&str] = &[
    "nguyen", "tran", "le", "pham", "hoang", "huynh", "phan", "vu", "vo", "dang", "bui", "do", "ngo", "duong", "dinh",
    "trinh", "truong", "phung", "quach", "ta", "ly", "dao", "ho", "ha", "cao", "an", "mai", "luu", "doan", "chu",
    "thai", "kim", "lam", "vuong", "luong", "tang", "to", "tong", "than", "chau", "kieu", "la", "mac", "trieu", "nong",
    "hua", "khong", "lu", "nghiem", "phi", "tieu", "ung", "dam", "lai", "ninh", "quan", "thach", "trang", "vi",
];

/// What is masked, and what never is.
#[derive(Default)]
pub(super) struct Names {
    exact: HashSet<String>,
    plain: HashSet<String>,
    /// First words of [`Self::plain`]: most words of a text begin no name.
    firsts: HashSet<String>,
    organisations: Vec<String>,
}

impl Names {
    /// A person's name, to be found written with or without diacritics.
    pub(super) fn add(&mut self, name: &str) {
        let words = words(name);
        if !words.is_empty() {
            self.exact.insert(key(&words));
            self.plain.insert(ascii_key(&words));
            self.firsts.extend(words.first().map(|word| ascii_fold(word)));
        }
    }

    /// A body's name: what is part of it is no person.
    pub(super) fn except(&mut self, organisation: &str) {
        self.organisations.push(ascii_key(&words(organisation)));
    }

    /// Whether the words, folded as `plain`, are a name that is known.
    fn knows(&self, words: &[&str], plain: &str) -> bool {
        let upper = words.iter().all(|word| starts_upper(word));
        if upper && self.exact.contains(&key(words)) {
            return true;
        }
        self.plain.contains(plain) && (words.len() >= 3 || (upper && words.len() == 2)) && !self.is_body(plain)
    }

    fn is_body(&self, plain: &str) -> bool {
        self.organisations.iter().any(|name| name.contains(plain))
    }
}

/// Masks every run of words that is a name by one of `all`: known names first, the longest first.
pub(super) fn mask(text: &str, all: &[&Names]) -> String {
    let spans = spans(text);
    let word = |index: usize| spans.get(index).and_then(|&(from, to)| text.get(from..to)).unwrap_or_default();
    let folded: Vec<String> = (0..spans.len()).map(|at| ascii_fold(word(at))).collect();
    let mut out = String::with_capacity(text.len());
    let (mut copied, mut at) = (0, 0);
    while at < spans.len() {
        let n = found(text, &spans, &folded, at, all);
        if let Some(n) = n
            && let (Some(&(from, _)), Some(&(_, to))) = (spans.get(at), spans.get(at + n - 1))
        {
            out.push_str(text.get(copied..from).unwrap_or_default());
            out.push_str(&initials(text.get(from..to).unwrap_or_default()));
            copied = to;
            at += n;
        } else {
            at += 1;
        }
    }
    out.push_str(text.get(copied..).unwrap_or_default());
    out
}

/// How many words from `at` are a name.
fn found(text: &str, spans: &[(usize, usize)], folded: &[String], at: usize, all: &[&Names]) -> Option<usize> {
    let first = folded.get(at)?.as_str();
    let family = ANY_FAMILY_NAME.contains(&first);
    if !family && !all.iter().any(|names| names.firsts.contains(first)) {
        return None;
    }
    let end = spans.len().min(at + NAME_WORDS);
    let joined = (at + 1..end).take_while(|&next| is_joined(text, spans, next)).count() + 1;
    let words: Vec<&str> = spans.get(at..at + joined)?.iter().filter_map(|&(from, to)| text.get(from..to)).collect();
    let plain = |n: usize| folded.get(at..at + n).unwrap_or_default().join(" ");
    let known = (1..=joined).rev().find(|&n| {
        let plain = plain(n);
        all.iter().any(|names| words.get(..n).is_some_and(|words| names.knows(words, &plain)))
    });
    known.or_else(|| {
        let shaped =
            |n: &usize| words.get(..*n).is_some_and(has_shape) && !all.iter().any(|names| names.is_body(&plain(*n)));
        [4, 3].into_iter().filter(|_| family).find(shaped)
    })
}

/// `Nguyễn Văn A` to `N*** V*** A***`; what stands between the words stays.
pub(super) fn initials(name: &str) -> String {
    let mut out = String::new();
    let mut copied = 0;
    for (from, to) in spans(name) {
        out.push_str(name.get(copied..from).unwrap_or_default());
        out.extend(name.get(from..to).unwrap_or_default().nfc().next());
        out.push_str("***");
        copied = to;
    }
    // What follows the last word is no letter; a mask that was laid before is not doubled.
    out.push_str(name.get(copied..).unwrap_or_default());
    out.replace("******", "***")
}

/// Whether words of which the first is a family name read as a personal name.
fn has_shape(words: &[&str]) -> bool {
    let [family, middle, rest @ ..] = words else { return false };
    if rest.is_empty() || words.len() > 4 || words.iter().any(|word| !word.chars().all(is_word_char_of_name)) {
        return false;
    }
    let upper = words.iter().all(|word| starts_upper(word));
    let lower = words.len() == 3 && words.iter().all(|word| word.bytes().all(|byte| byte.is_ascii_lowercase()));
    if is_middle(middle) {
        return upper || lower;
    }
    let written = family.nfc().collect::<String>().to_lowercase();
    if lower && PLAIN_FAMILY_NAMES.contains(&written.as_str()) && PLAIN_MIDDLE_NAMES.contains(middle) {
        return true;
    }
    let family_name = if written.is_ascii() {
        PLAIN_FAMILY_NAMES.contains(&written.as_str())
    } else {
        FAMILY_NAMES.contains(&written.as_str())
    };
    family_name && upper
}

fn is_middle(word: &str) -> bool {
    // "văn bản" and "vấn đề" are words: with diacritics only Văn and Thị as names are written.
    let written = word.nfc().collect::<String>();
    matches!(written.as_str(), "Văn" | "VĂN" | "Thị" | "THỊ" | "van" | "Van" | "VAN" | "thi" | "Thi" | "THI")
}

fn is_word_char_of_name(c: char) -> bool {
    c.is_alphabetic() || unicode_normalization::char::is_combining_mark(c)
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c)
}

pub(super) fn starts_upper(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_uppercase)
}

pub(super) fn words(text: &str) -> Vec<&str> {
    spans(text).into_iter().take(NAME_WORDS + 1).filter_map(|(from, to)| text.get(from..to)).collect()
}

fn key(words: &[&str]) -> String {
    words.join(" ").nfc().collect::<String>().to_lowercase()
}

fn ascii_key(words: &[&str]) -> String {
    ascii_fold(&words.join(" "))
}

/// Words by their bytes. A capital after a small letter begins a new one: file names run words together.
fn spans(text: &str) -> Vec<(usize, usize)> {
    let mut spans = Vec::new();
    let mut start: Option<usize> = None;
    let mut after_small = false;
    for (at, c) in text.char_indices() {
        let word = is_word(c);
        if let Some(from) = start.filter(|_| !word || (after_small && c.is_uppercase())) {
            spans.push((from, at));
            start = None;
        }
        if word && start.is_none() {
            start = Some(at);
        }
        after_small = c.is_lowercase() || (after_small && unicode_normalization::char::is_combining_mark(c));
    }
    spans.extend(start.map(|from| (from, text.len())));
    spans
}

/// Whether the word at `next` can belong to one name with the word before: nothing but a joint between.
fn is_joined(text: &str, spans: &[(usize, usize)], next: usize) -> bool {
    let before = next.checked_sub(1).and_then(|before| spans.get(before));
    let (Some(&(_, end)), Some(&(start, _))) = (before, spans.get(next)) else { return false };
    let between = text.get(end..start).unwrap_or_default();
    between.chars().count() <= 3
        && between.chars().all(|c| c.is_whitespace() || matches!(c, '-' | '_' | '.' | '+' | '\u{2013}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(text: &str) -> String {
        let mut names = Names::default();
        names.add("Nguyễn Văn A");
        names.add("Lê An");
        names.except("Trường THPT Lê Hồng Phong");
        mask(text, &[&names])
    }

    #[test]
    fn known_names_are_masked_however_they_are_written() {
        let cases = [
            ("Người ký số \"Nguyễn Văn A\" khác NGUYỄN VĂN A", "Người ký số \"N*** V*** A***\" khác N*** V*** A***"),
            ("don/nguyen-van-a.pdf", "don/n***-v***-a***.pdf"),
            ("NguyenVanA_don.pdf", "N***V***A***_don.pdf"),
            ("Nguye\u{302}\u{303}n Va\u{306}n A", "N*** V*** A***"),
            ("Lê An và lễ ăn", "L*** A*** và lễ ăn"),
        ];
        for (text, expected) in cases {
            assert_eq!(masked(text), expected, "{text}");
        }
    }

    #[test]
    fn unknown_names_are_known_by_their_shape() {
        for text in [
            "Trần Quốc Bảo - đơn.pdf",
            "don_xin_nghi_tran_thi_mo.pdf",
            "ly-van-kin.pdf",
            "540-snv pham-quoc-che.pdf",
            "Đào Thị Kín",
            "TRẦN VĂN GIẤU",
            "PhamQuocChe.pdf",
            "ho_so/Bùi Thanh Sơn/1.pdf",
        ] {
            assert!(masked(text).contains("***"), "{text}");
        }
    }

    #[test]
    fn ordinary_words_agencies_and_places_stay() {
        for text in [
            "Sở Nội vụ tỉnh An Bình",
            "Hồ sơ công việc",
            "Hồ Sơ Công Việc.pdf",
            "Lý Lịch Trích Ngang.pdf",
            "Đào Tạo Bồi Dưỡng 2026.pdf",
            "Đăng Ký Hồ Sơ.pdf",
            "DANG KY HO SO.pdf",
            "Phân Công Nhiệm Vụ",
            "Trường THPT Lê Hồng Phong",
            "Thành phố Hồ Chí Minh",
            "đề nghị vấn đề văn bản thi hành",
            "512-SNV-BTXH.signed.pdf",
            "Co quan chung thuc so chuyen dung Chinh phu (RootCA)",
            "CA phục vụ các cơ quan Nhà nước G2",
            "phạm vi văn bản đi",
            "nguyen-tac-hoat-dong.pdf",
            "pham-vi-dieu-chinh.pdf",
            "bao-cao-dinh-ky-thang-9.pdf",
            "tran-trong-kinh-moi.pdf",
        ] {
            assert_eq!(masked(text), text);
        }
    }

    #[test]
    fn masking_twice_is_masking_once() {
        for text in ["Nguyễn Văn A", "don/nguyen-van-a.pdf", "NguyenVanA.pdf", "Trần Quốc Bảo (BTXH)"] {
            let once = masked(text);
            assert_eq!(masked(&once), once);
            assert_eq!(initials(&initials(text)), initials(text));
        }
    }
}
