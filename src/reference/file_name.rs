//! Number, symbol, date and marks in file names: `di-1666-UBND-VX.signed.pdf`,
//! `2728.QD.UBND.23.06.2026.signed.signed.pdf`. Names are free text typed by people, so every reading is a
//! candidate for comparison with a register row or page header, never an authority.

use super::{Confidence, Number, ReferenceKey, ascii_symbol_key, document_type, is_year};
use crate::model::{CalendarDate, Secrecy};
use crate::text;

/// Longest name that is looked at, in characters (file systems stop at 255 bytes or UTF-16 units).
const MAX_CHARACTERS: usize = 300;
/// Most groups of a symbol that are tried; real ones have up to four (`UBND-VX-KSTT-TH`).
const MAX_GROUPS: usize = 4;

/// What a file name says.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FileNameReading {
    /// Possible numbers and symbols, most likely first.
    pub candidates: Vec<FileNameCandidate>,
    /// A day written into the name, if exactly one existing day can be read.
    pub date: Option<CalendarDate>,
    /// How many signing passes the name shows: one `.signed` (or `_daky`) is appended per pass.
    pub signing_passes: u32,
    /// A mark MẬT, TỐI MẬT, TUYỆT MẬT as a word of its own.
    pub secrecy: Option<Secrecy>,
    /// The name says it is an attachment (phụ lục); with its number if there is one.
    pub attachment: Option<Option<u32>>,
}

/// A number and symbol read from a file name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FileNameCandidate {
    /// Number.
    pub number: Number,
    /// Year between number and symbol.
    pub year: Option<i32>,
    /// Groups joined by "-" as written; empty where the name is a bare number.
    pub symbol: String,
    /// How sure. Never above `Medium`: names are typed by people.
    pub confidence: Confidence,
}

impl FileNameCandidate {
    /// Key without diacritics, to compare with [`super::Reference::ascii_key`].
    pub fn ascii_key(&self) -> ReferenceKey {
        ReferenceKey { number: self.number.clone(), year: self.year, symbol: ascii_symbol_key(&self.symbol) }
    }
}

/// Words that signing programs and portals add, folded without diacritics.
const NOISE: &[&str] =
    &["di", "den", "vanbangoc", "vanban", "vb", "so", "signed", "daky", "kyso", "pdf", "final", "copy", "scan"];

struct Token<'a> {
    written: &'a str,
    /// Folded without diacritics.
    ascii: String,
    /// Separator in front; `None` for the first.
    separator: Option<char>,
}

/// Reads a file name or path (only its last component counts).
pub fn read(path: &str) -> FileNameReading {
    let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
    let name = text::compose(&name.chars().take(MAX_CHARACTERS).collect::<String>());
    let mut tokens = tokenise(&name);
    if tokens.last().is_some_and(|last| last.ascii == "pdf" && last.separator == Some('.')) {
        tokens.pop();
    }
    let mut reading = FileNameReading {
        signing_passes: u32::try_from(tokens.iter().filter(|t| matches!(t.ascii.as_str(), "signed" | "daky")).count())
            .unwrap_or(u32::MAX),
        secrecy: secrecy_of_tokens(&tokens),
        ..Default::default()
    };
    // What follows the last mark of a signing pass is a copy number or the program's clock.
    if let Some(first_mark) = tokens.iter().position(|t| matches!(t.ascii.as_str(), "signed" | "daky"))
        && first_mark > 0
    {
        tokens.truncate(first_mark);
    }
    tokens.retain(|token| !is_machine_stamp(token.written));
    reading.attachment = attachment(&tokens);
    let (date, used) = find_date(&tokens);
    reading.date = date;
    if reading.attachment.is_none() {
        reading.candidates = candidates(&tokens, &used);
    }
    reading
}

/// A secrecy mark in free text such as a register's "Độ mật" cell: `Mật`, `TỐI MẬT`, `Tuyệt mật`. Other texts
/// (`Thường`, `Không`) and words around it (`bảo mật`) give `None`.
pub fn secrecy_of_label(label: &str) -> Option<Secrecy> {
    match text::fold(label).trim_matches(|c: char| !c.is_alphanumeric()) {
        "mật" | "độ mật" | "văn bản mật" => Some(Secrecy::Confidential),
        "tối mật" | "độ tối mật" | "văn bản tối mật" => Some(Secrecy::Secret),
        "tuyệt mật" | "độ tuyệt mật" | "văn bản tuyệt mật" => Some(Secrecy::TopSecret),
        _ => match text::ascii_fold(label).trim_matches(|c: char| !c.is_alphanumeric()) {
            // A whole cell in plain letters can mean nothing else.
            "mat" if text::is_plain_ascii(label) => Some(Secrecy::Confidential),
            "toi mat" | "toi-mat" if text::is_plain_ascii(label) => Some(Secrecy::Secret),
            "tuyet mat" | "tuyet-mat" if text::is_plain_ascii(label) => Some(Secrecy::TopSecret),
            _ => None,
        },
    }
}

fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || text::is_dash(c)
        || matches!(c, '.' | '_' | ',' | '/' | '(' | ')' | '[' | ']' | '+' | '\u{2044}' | '\u{2215}' | '\u{FF0F}')
}

fn tokenise(name: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut separator = None;
    let mut rest = name;
    while !rest.is_empty() {
        let end = rest.find(is_separator).unwrap_or(rest.len());
        let (word, tail) = rest.split_at(end);
        if !word.is_empty() {
            tokens.push(Token { written: word, ascii: text::ascii_fold(word), separator });
        }
        let mut characters = tail.chars();
        separator = characters.next().or(separator);
        rest = characters.as_str();
    }
    tokens
}

fn is_digits(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit())
}

/// Clock values programs put into names: .NET ticks (18 digits), Unix milliseconds (13), yyyyMMddHHmmss (14).
fn is_machine_stamp(word: &str) -> bool {
    is_digits(word) && word.len() >= 9
}

fn secrecy_of_tokens(tokens: &[Token<'_>]) -> Option<Secrecy> {
    // Words that make "mật" or a bare "mat" something else: bảo mật, bí mật, mật độ; gặp mặt, họp mặt,
    // mặt bằng, tiền mặt, ra mắt, có mặt, vắng mặt, Mặt trận.
    const BEFORE: &[&str] = &[
        "bao", "bi", "co", "than", "be", "hop", "gap", "ra", "vang", "tien", "truoc", "giam", "dien", "lop", "chong",
        "bo",
    ];
    const AFTER: &[&str] = &[
        "do", "khau", "ma", "ong", "thiet", "vu", "tran", "bang", "hang", "duong", "nuoc", "tien", "so", "troi", "hoa",
    ];
    let real = tokens.iter().take_while(|t| !matches!(t.ascii.as_str(), "signed" | "daky")).collect::<Vec<_>>();
    let mut found = None;
    for (index, token) in real.iter().enumerate() {
        if token.ascii != "mat" && token.ascii != "toimat" && token.ascii != "tuyetmat" {
            continue;
        }
        let before = index.checked_sub(1).and_then(|i| real.get(i));
        let after = real.get(index + 1);
        let folded = text::fold(token.written);
        let mark = match (token.ascii.as_str(), before.map(|t| t.ascii.as_str())) {
            ("tuyetmat", _) => Some(Secrecy::TopSecret),
            ("toimat", _) => Some(Secrecy::Secret),
            (_, Some("tuyet")) if folded == "mật" || folded == "mat" => Some(Secrecy::TopSecret),
            (_, Some("toi")) if folded == "mật" || folded == "mat" => Some(Secrecy::Secret),
            (_, word_before) => {
                let inside_another_word = word_before.is_some_and(|word| BEFORE.contains(&word))
                    || after.is_some_and(|t| AFTER.contains(&t.ascii.as_str()));
                // Without diacritics only capitals at an end of the name, or beside the number or symbol,
                // are a mark.
                let stands_out = token.written == "MAT"
                    && (before.is_none()
                        || after.is_none()
                        || before.is_some_and(|t| is_code(t))
                        || after.is_some_and(|t| is_digits(t.written)));
                ((folded == "mật" || stands_out) && !inside_another_word).then_some(Secrecy::Confidential)
            }
        };
        found = found.max_by_rank(mark);
    }
    found
}

trait MaxByRank {
    fn max_by_rank(self, other: Self) -> Self;
}

impl MaxByRank for Option<Secrecy> {
    fn max_by_rank(self, other: Self) -> Self {
        let rank = |mark: Option<Secrecy>| match mark {
            None => 0,
            Some(Secrecy::Confidential) => 1,
            Some(Secrecy::Secret) => 2,
            Some(Secrecy::TopSecret) => 3,
        };
        if rank(other) > rank(self) { other } else { self }
    }
}

fn attachment(tokens: &[Token<'_>]) -> Option<Option<u32>> {
    let number_behind = |index: usize| {
        let next = tokens.get(index)?;
        if is_digits(next.written) && next.written.len() <= 3 { next.written.parse().ok() } else { roman(next.written) }
    };
    for (index, token) in tokens.iter().enumerate() {
        match token.ascii.as_str() {
            "phuluc" => return Some(number_behind(index + 1)),
            "phu" if tokens.get(index + 1).is_some_and(|t| t.ascii == "luc") => return Some(number_behind(index + 2)),
            // "PL01": appendix 1. A bare "PL" may be anything.
            word => {
                if let Some(digits) = word.strip_prefix("pl").or_else(|| word.strip_prefix("phuluc"))
                    && is_digits(digits)
                    && digits.len() <= 3
                {
                    return Some(digits.parse().ok());
                }
            }
        }
    }
    None
}

fn roman(word: &str) -> Option<u32> {
    const NUMERALS: &[&str] = &["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"];
    NUMERALS.iter().position(|numeral| *numeral == word).and_then(|at| u32::try_from(at + 1).ok())
}

/// The one day named, and which tokens name it. Two different days: none, but their tokens stay marked.
fn find_date(tokens: &[Token<'_>]) -> (Option<CalendarDate>, Vec<bool>) {
    let mut used = vec![false; tokens.len()];
    let mut days = Vec::new();
    let mut mark = |range: std::ops::Range<usize>, day: CalendarDate| {
        days.push(day);
        for flag in used.get_mut(range).into_iter().flatten() {
            *flag = true;
        }
    };
    let part = |index: usize| tokens.get(index).map(|t| t.written).filter(|word| is_digits(word));
    let mut index = 0;
    while index < tokens.len() {
        let triple = match (part(index), part(index + 1), part(index + 2)) {
            (Some(day), Some(month), Some(year)) if day.len() <= 2 && month.len() <= 2 && year.len() == 4 => {
                day_of(year, month, day)
            }
            (Some(year), Some(month), Some(day)) if year.len() == 4 && month.len() == 2 && day.len() == 2 => {
                day_of(year, month, day)
            }
            _ => None,
        };
        if let Some(day) = triple {
            mark(index..index + 3, day);
            index += 3;
            continue;
        }
        if let Some(word) = part(index).filter(|word| word.len() == 8) {
            let piece = |range: std::ops::Range<usize>| word.get(range).unwrap_or_default();
            let day_first = day_of(piece(4..8), piece(2..4), piece(0..2));
            let year_first = day_of(piece(0..4), piece(4..6), piece(6..8));
            if let (Some(day), None) | (None, Some(day)) = (day_first, year_first) {
                mark(index..index + 1, day);
            }
        }
        index += 1;
    }
    days.sort_unstable();
    days.dedup();
    let date = if let [day] = days.as_slice() { Some(*day) } else { None };
    (date, used)
}

fn day_of(year: &str, month: &str, day: &str) -> Option<CalendarDate> {
    let year = year.parse().ok().filter(|year| is_year(*year))?;
    CalendarDate::new(year, month.parse().ok()?, day.parse().ok()?)
}

/// A number token: digits, perhaps a letter or "bis" behind.
fn number_of(word: &str) -> Option<Number> {
    let mut notes = super::Notes::default();
    if word.contains('.') { None } else { super::read_number(word, &mut notes) }
}

/// Whether a token looks like an abbreviation as used in symbols: a type of PL III, or at least two capitals
/// and at most ten characters.
fn is_code(token: &Token<'_>) -> bool {
    let characters = token.written.chars().count();
    let capitals = token.written.chars().filter(|c| c.is_uppercase()).count();
    let secrecy = matches!(token.ascii.as_str(), "mat" | "toi" | "tuyet" | "toimat" | "tuyetmat");
    let letters_and_digits = token.written.chars().all(char::is_alphanumeric);
    let starts_with_letter = token.written.chars().next().is_some_and(char::is_alphabetic);
    letters_and_digits
        && !secrecy
        && starts_with_letter
        && ((2..=10).contains(&characters) && capitals >= 2
            || document_type::match_type(token.written).is_some_and(|m| m.exact))
}

/// Lower-case names (`1805_qd-ttg`): a short word of letters.
fn is_lower_code(token: &Token<'_>) -> bool {
    (2..=8).contains(&token.ascii.len())
        && token.written.chars().all(|c| c.is_alphabetic() && !c.is_uppercase())
        && !NOISE.contains(&token.ascii.as_str())
}

fn candidates(tokens: &[Token<'_>], used: &[bool]) -> Vec<FileNameCandidate> {
    let mut found = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        if used.get(index).copied().unwrap_or(false) {
            continue;
        }
        let Some(number) = number_of(token.written) else { continue };
        let mut next = index + 1;
        let mut year = None;
        if let Some(word) = tokens.get(next).map(|t| t.written)
            && word.len() == 4
            && is_digits(word)
            && !used.get(next).copied().unwrap_or(false)
        {
            year = word.parse().ok().filter(|year| is_year(*year));
            if year.is_some() {
                next += 1;
            }
        }
        let following = tokens.get(next..).unwrap_or_default();
        let upper = following.iter().take(MAX_GROUPS).take_while(|t| is_code(t)).collect::<Vec<_>>();
        let (groups, lower_case) = if upper.is_empty() {
            // Words of a title follow a space; a lower-case symbol is joined by one.
            let lower = following
                .iter()
                .take(MAX_GROUPS)
                .enumerate()
                .take_while(|(at, t)| is_lower_code(t) && (*at == 0 || t.separator == Some('-')))
                .map(|(_, t)| t)
                .collect::<Vec<_>>();
            (if lower.len() >= 2 { lower } else { Vec::new() }, true)
        } else {
            (upper, false)
        };
        let preceding_type = index
            .checked_sub(1)
            .and_then(|at| tokens.get(at))
            .filter(|t| !NOISE.contains(&t.ascii.as_str()))
            .and_then(|t| document_type::match_type(t.written));
        let join = |count: usize| groups.iter().take(count).map(|t| t.written).collect::<Vec<_>>().join("-");
        let sure = if lower_case { Confidence::Low } else { Confidence::Medium };
        if let Some(matched) = preceding_type
            && !groups.is_empty()
        {
            let symbol = format!("{}-{}", matched.document_type.abbreviation(), join(groups.len()));
            found.push(FileNameCandidate { number: number.clone(), year, symbol, confidence: sure });
        }
        for count in (1..=groups.len()).rev() {
            // The full run first; a shorter one in case a word of the title looked like a group.
            let confidence = if count == groups.len() && preceding_type.is_none() { sure } else { Confidence::Low };
            if count == 1 && groups.len() > 1 {
                break;
            }
            found.push(FileNameCandidate { number: number.clone(), year, symbol: join(count), confidence });
        }
        let alone = tokens.iter().enumerate().all(|(at, other)| {
            at == index || used.get(at).copied().unwrap_or(false) || NOISE.contains(&other.ascii.as_str())
        });
        if alone && groups.is_empty() && year.is_none() {
            found.push(FileNameCandidate { number, year: None, symbol: String::new(), confidence: Confidence::Low });
        }
    }
    found.sort_by_key(|candidate| std::cmp::Reverse(candidate.confidence));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::Reference;

    fn first(name: &str) -> Option<String> {
        read(name).candidates.first().map(|c| c.ascii_key().to_string())
    }

    #[test]
    fn real_names_are_read() {
        let cases = [
            ("di-1666-UBND-VX.signed.pdf", "1666/ubnd-vx", None, 1),
            ("2728.QD.UBND.23.06.2026.signed.signed.pdf", "2728/qd-ubnd", CalendarDate::new(2026, 6, 23), 2),
            ("512-SNV-BTXH.signed.pdf", "512/snv-btxh", None, 1),
            ("VanBanGoc_01.2019.QD.UBND.signed.pdf", "01/2019/qd-ubnd", None, 1),
            ("1805_qd-ttg_18092026-signed.pdf", "1805/qd-ttg", CalendarDate::new(2026, 9, 18), 1),
            ("documents/BTXH/512_SNV-BTXH_daky_20260819_101500.pdf", "512/snv-btxh", None, 1),
            ("QĐ 2728-UBND.pdf", "2728/qd-ubnd", None, 0),
            ("26-CT-TTg.pdf", "26/ct-ttg", None, 0),
            ("512-SNV-BTXH ve viec trien khai.pdf", "512/snv-btxh", None, 0),
            ("12a.QĐ.SNV.pdf", "12a/qd-snv", None, 0),
            ("123.signed_01.pdf", "123", None, 1),
            ("di-561-SNV-TTS.signed.pdf", "561/snv-tts", None, 1),
            ("593_snv-btxh_21102026.signed.pdf", "593/snv-btxh", CalendarDate::new(2026, 10, 21), 1),
        ];
        for (name, key, date, passes) in cases {
            let reading = read(name);
            assert_eq!(first(name).as_deref(), Some(key), "{name}: {reading:?}");
            assert_eq!(reading.date, date, "{name}");
            assert_eq!(reading.signing_passes, passes, "{name}");
            assert_eq!(reading.secrecy, None, "{name}");
            assert!(reading.candidates.iter().all(|c| c.confidence < Confidence::High), "{name}");
        }
    }

    #[test]
    fn a_name_compares_with_the_reference_it_was_made_from() {
        let reference = Reference::parse("2728/QĐ-UBND").unwrap();
        let reading = read("2728.QD.UBND.23.06.2026.signed.signed.signed.pdf");
        assert_eq!(reading.candidates.first().unwrap().ascii_key(), reference.ascii_key());
        assert_eq!(reading.signing_passes, 3);
    }

    #[test]
    fn attachments_and_titles_are_no_references() {
        let reading = read("638912345678901234.Phu luc 01_danh sach.signed.pdf");
        assert_eq!(reading.attachment, Some(Some(1)));
        assert!(reading.candidates.is_empty(), "{reading:?}");
        assert_eq!(read("PL02 kem theo 512-SNV-BTXH.pdf").attachment, Some(Some(2)));
        assert_eq!(read("Phụ lục II.pdf").attachment, Some(Some(2)));
        assert!(read("Bao cao thang 10 nam 2026.pdf").candidates.is_empty());
        assert!(read("").candidates.is_empty());
        assert!(read("signed.signed.pdf").candidates.is_empty());
    }

    #[test]
    fn secrecy_is_a_word_of_its_own() {
        use Secrecy::{Confidential, Secret, TopSecret};
        let cases = [
            ("512-SNV-BTXH-MAT.signed.pdf", Some(Confidential)),
            ("MAT_12-BC-SNV.pdf", Some(Confidential)),
            ("12-BC-SNV (Mật).pdf", Some(Confidential)),
            ("TOI-MAT_12-BC-SNV.pdf", Some(Secret)),
            ("12-BC-SNV.TUYET-MAT.pdf", Some(TopSecret)),
            ("12-BC-SNV tuyệt mật.pdf", Some(TopSecret)),
            ("ke-hoach-bao-mat.pdf", None),
            ("Ke hoach BAO MAT.pdf", None),
            ("bảo mật thông tin.pdf", None),
            ("mật độ dân số.pdf", None),
            ("HOP-MAT-CAN-BO.pdf", None),
            ("MAT-TRAN-TO-QUOC.pdf", None),
            ("giai phong mat bang.pdf", None),
            ("mat-ma.pdf", None),
        ];
        for (name, mark) in cases {
            assert_eq!(read(name).secrecy, mark, "{name}");
        }
        let reading = read("592.KH.SNV (TỐI MẬT).pdf");
        assert_eq!(reading.candidates.len(), 1);
        assert_eq!(first("592.KH.SNV (TỐI MẬT).pdf").as_deref(), Some("592/kh-snv"));
        assert_eq!(secrecy_of_label(" Tối mật "), Some(Secret));
        assert_eq!(secrecy_of_label("MẬT"), Some(Confidential));
        assert_eq!(secrecy_of_label("Thường"), None);
        assert_eq!(secrecy_of_label(""), None);
    }

    #[test]
    fn ambiguous_days_are_not_guessed() {
        assert_eq!(read("512_SNV-VP_01.02.2026_03.02.2026.pdf").date, None);
        assert_eq!(read("512_SNV-VP_31.02.2026.pdf").date, None);
        assert_eq!(read("512_SNV-VP_2026-10-02.pdf").date, CalendarDate::new(2026, 10, 2));
    }

    proptest::proptest! {
        #[test]
        fn any_name_is_survived(name in "\\PC{0,60}") {
            let _ = read(&name);
        }
    }
}
