//! Number and symbol of a document (Decree 30, PL I section II.3): grammar, comparison key, what is
//! irregular in the way it is written, and the types of PL III. Reading them out of file names is
//! [`file_name`]'s work.
//!
//! ```text
//! ref      = number "/" [ year "/" ] symbol      ; year only in normative acts
//! number   = DIGIT{1,6} [ a-z | "bis" ]          ; below 10 with a leading zero
//! symbol   = type "-" agency [ "-" unit ]        ; named type
//!          | agency "-" unit { "-" unit }        ; công văn
//! ```

pub mod document_type;
pub mod file_name;

use crate::model::Bilingual;
use crate::text;
use document_type::{DocumentType, TypeMatch};
use std::fmt;

/// Longest reference that is looked at, in characters; real ones stay below 40 (CodeNumber 11 and
/// CodeNotation 30 in Decree 30, PL VI part II).
const MAX_CHARACTERS: usize = 120;
/// Most digits of a number (domain grammar).
const MAX_DIGITS: usize = 6;

/// The number within its yearly series.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Number {
    /// Its value.
    pub value: u32,
    /// Suffix, lower case: one letter `a`–`z`, `bis`, or empty.
    pub suffix: String,
}

/// With the leading zero below 10 that PL I section II.3.a asks for.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}{}", self.value, self.suffix)
    }
}

/// A number and symbol, read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reference {
    /// Number.
    pub number: Number,
    /// Year inside the reference, as normative acts carry it.
    pub year: Option<i32>,
    /// Symbol in its regular form: composed, Đ unified, hyphens, no spaces; case as written.
    pub symbol: String,
    /// Written as Party bodies do, `12-CV/TU`: the type behind the number (the Party's instruction on the form of
    /// its documents, unverified). Decree 30 does not apply to it.
    pub party: bool,
    /// What was irregular in the writing, in reading order, each kind once.
    pub irregularities: Vec<Irregularity>,
}

/// What is wrong with how a reference is written (check `symbol-malformed`).
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Irregularity {
    /// Spaces around "/" or "-".
    Spaces,
    /// Number below 10 without a leading zero.
    LeadingZeroMissing,
    /// More zeros in front than one.
    ExtraZeros,
    /// A dot in the number as thousands separator.
    ThousandsSeparator,
    /// A dash that is no hyphen.
    Dash,
    /// Ð or Ɖ for Đ.
    WrongD,
    /// A type of PL III in the wrong case: as found, as prescribed.
    TypeCase(String, &'static str),
    /// "CV" as a type: công văn has none.
    LetterType,
    /// A year in a symbol that is not normative.
    YearNotNormative,
    /// Characters that are neither letters, digits nor separators.
    StrangeCharacter(char),
    /// An empty group: "--", "//" or a separator at an end.
    EmptyGroup,
    /// A named type without an agency.
    AgencyMissing,
}

impl Irregularity {
    /// The `{detail}` of the check's message.
    pub fn describe(&self) -> Bilingual {
        match self {
            Self::Spaces => Bilingual::new("có dấu cách quanh “/” hoặc “-”", "spaces around \"/\" or \"-\""),
            Self::LeadingZeroMissing => {
                Bilingual::new("số nhỏ hơn 10 thiếu số 0 phía trước", "number below 10 without a leading zero")
            }
            Self::ExtraZeros => Bilingual::new("thừa số 0 phía trước", "superfluous leading zeros"),
            Self::ThousandsSeparator => {
                Bilingual::new("có dấu chấm phân cách hàng nghìn trong số", "thousands separator in the number")
            }
            Self::Dash => Bilingual::new("dùng dấu gạch khác “-”", "a dash other than \"-\""),
            Self::WrongD => Bilingual::new("chữ Đ không đúng mã (U+0110)", "a look-alike letter instead of Đ (U+0110)"),
            Self::TypeCase(found, expected) => Bilingual::new(
                format!("tên loại viết “{found}”, quy định là “{expected}”"),
                format!("type written \"{found}\", prescribed \"{expected}\""),
            ),
            Self::LetterType => Bilingual::new(
                "công văn không có chữ viết tắt tên loại “CV”",
                "công văn has no type abbreviation \"CV\"",
            ),
            Self::YearNotNormative => Bilingual::new(
                "có năm trong ký hiệu của văn bản không phải quy phạm pháp luật",
                "a year in the symbol of a document that is not a normative act",
            ),
            Self::StrangeCharacter(c) => {
                Bilingual::new(format!("có ký tự lạ “{c}”"), format!("unexpected character \"{c}\""))
            }
            Self::EmptyGroup => {
                Bilingual::new("thiếu thành phần giữa các dấu phân cách", "an empty group between separators")
            }
            Self::AgencyMissing => Bilingual::new(
                "thiếu chữ viết tắt tên cơ quan ban hành",
                "the issuing agency's abbreviation is missing",
            ),
        }
    }
}

/// Why a text is no reference.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NotAReference {
    /// Nothing there.
    #[error("empty")]
    Empty,
    /// A symbol whose number is blank, as the page text of a document numbered by a signature reads
    /// (`Số:     /SNV-BTXH`). Carries the symbol in regular form.
    #[error("the number is blank before \"/{0}\"")]
    NumberBlank(String),
    /// No number of one to six digits in front of the first "/".
    #[error("no number of one to six digits in front of \"/\"")]
    Number,
    /// A number without a symbol.
    #[error("no symbol behind the number")]
    SymbolMissing,
    /// The symbol holds something no symbol can hold.
    #[error("the symbol is not made of groups of letters and digits")]
    Symbol,
    /// Longer than any reference.
    #[error("longer than any number and symbol")]
    TooLong,
}

/// What a symbol stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SymbolKind {
    /// A type of PL III or a normative type stands first.
    Named(DocumentType),
    /// Agency first: công văn.
    OfficialLetter,
    /// A licence or certificate behind the agency (`SLĐTBXH-GP`): no drafting unit.
    Licence,
    /// Cannot be told.
    Unknown,
}

/// How sure a reading is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Confidence {
    /// One of several readings, or much was guessed.
    Low,
    /// Diacritics or case lost, or an ambiguous token.
    Medium,
    /// Read as prescribed.
    High,
}

/// Comparison key: equal keys, in one year of document date, are one number and symbol (Đ.15(1)).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ReferenceKey {
    /// Number.
    pub number: Number,
    /// Year inside the reference: `12/2021/QĐ-UBND` (normative) and `12/QĐ-UBND` are two series.
    pub year: Option<i32>,
    /// Symbol, folded; empty where only a number is known.
    pub symbol: String,
}

impl fmt::Display for ReferenceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_reference(f, &self.number, self.year, &self.symbol)
    }
}

/// The regular writing: `02/QĐ-SNV`.
impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.party {
            return write!(f, "{}-{}", self.number, self.symbol);
        }
        write_reference(f, &self.number, self.year, &self.symbol)
    }
}

fn write_reference(f: &mut fmt::Formatter<'_>, number: &Number, year: Option<i32>, symbol: &str) -> fmt::Result {
    write!(f, "{number}")?;
    if let Some(year) = year {
        write!(f, "/{year}")?;
    }
    if symbol.is_empty() { Ok(()) } else { write!(f, "/{symbol}") }
}

impl Reference {
    /// Reads one reference: `512/SNV-BTXH`, `Số : 650/TCV-SLĐTBXH`, `25/2024/SLĐTBXH-GP`, `31.116/…`.
    ///
    /// # Errors
    /// [`NotAReference`] if the text holds anything else; a dot, comma or semicolon at its end is ignored.
    pub fn parse(source: &str) -> Result<Self, NotAReference> {
        if source.chars().take(MAX_CHARACTERS + 1).count() > MAX_CHARACTERS {
            return Err(NotAReference::TooLong);
        }
        let mut notes = Notes::default();
        let clean = clean(source, &mut notes);
        let body = strip_label(clean.trim()).trim_end_matches(['.', ',', ';', ' ']);
        if body.is_empty() {
            return Err(NotAReference::Empty);
        }
        let (head, tail) = body.split_once('/').ok_or_else(|| {
            if read_number(body, &mut Notes::default()).is_some() {
                NotAReference::SymbolMissing
            } else {
                NotAReference::Number
            }
        })?;
        let head_text = head.trim_matches([' ', '.', '…', '_']);
        if head_text.is_empty() {
            let symbol = read_symbol(tail, &mut Notes::default())?;
            return Err(NotAReference::NumberBlank(symbol));
        }
        if head.ends_with(' ') {
            notes.add(Irregularity::Spaces);
        }
        if let Some((number, kind)) = party_number(head) {
            let symbol = read_symbol(&format!("{kind}/{tail}"), &mut notes)?;
            return Ok(Self { number, year: None, symbol, party: true, irregularities: notes.0 });
        }
        let number = read_number(head.trim(), &mut notes).ok_or(NotAReference::Number)?;
        let (year, symbol) = split_year(tail);
        if year.is_some() && (tail.starts_with(' ') || tail.split('/').next().is_some_and(|y| y.ends_with(' '))) {
            notes.add(Irregularity::Spaces);
        }
        let symbol = read_symbol(symbol, &mut notes)?;
        let mut reference = Self { number, year, symbol, party: false, irregularities: Vec::new() };
        reference.judge_type(&mut notes);
        reference.irregularities = notes.0;
        Ok(reference)
    }

    /// Joins a number and a symbol that stand in two columns. The symbol may carry the year.
    ///
    /// # Errors
    /// As [`Reference::parse`].
    pub fn from_parts(number: &str, symbol: &str) -> Result<Self, NotAReference> {
        Self::parse(&format!("{}/{}", number.trim().trim_end_matches('/'), symbol.trim().trim_start_matches('/')))
    }

    /// Reads a cell that may hold several references, separated by comma, semicolon, line end or "và".
    /// `None` if any piece is no reference.
    pub fn parse_list(source: &str) -> Option<Vec<Self>> {
        let pieces = source.replace(" và ", ";");
        let pieces = pieces.split([',', ';', '\n']).filter(|piece| !piece.trim().is_empty());
        let list = pieces.map(Self::parse).collect::<Result<Vec<_>, _>>().ok()?;
        if list.is_empty() { None } else { Some(list) }
    }

    /// The groups of the symbol: `["SNV", "BTXH"]`.
    pub fn groups(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.symbol.split(['-', '/']).filter(|group| !group.is_empty())
    }

    /// The type of PL III (or of a normative act) in the first group, if one stands there.
    pub fn document_type(&self) -> Option<TypeMatch> {
        document_type::match_type(self.groups().next()?)
    }

    /// What the symbol stands for. `is_agency` says whether a group is the abbreviation of an agency in the
    /// operator's table: it decides ambiguous first groups (TTr: tờ trình or thanh tra).
    pub fn kind(&self, is_agency: impl Fn(&str) -> bool) -> (SymbolKind, Confidence) {
        let groups = self.groups().collect::<Vec<_>>();
        let Some((first, rest)) = groups.split_first() else { return (SymbolKind::Unknown, Confidence::Low) };
        let later_agency = rest.iter().any(|group| is_agency(group));
        let first_agency = is_agency(first);
        if let Some(matched) = self.document_type()
            && !rest.is_empty()
            && (later_agency || !first_agency)
        {
            let confidence = match (matched.exact, matched.document_type.is_ambiguous(), later_agency) {
                (true, _, true) | (true, false, false) => Confidence::High,
                (_, true, false) => Confidence::Low,
                _ => Confidence::Medium,
            };
            return (SymbolKind::Named(matched.document_type), confidence);
        }
        if rest.last().is_some_and(|last| is_licence_mark(last) && !is_agency(last)) {
            return (SymbolKind::Licence, if first_agency { Confidence::High } else { Confidence::Medium });
        }
        if first_agency || text::fold(first) == "cv" {
            return (SymbolKind::OfficialLetter, Confidence::High);
        }
        if later_agency || rest.is_empty() || self.year.is_some() {
            // An unknown word before a known agency (TCV-SLĐTBXH), or nothing to tell by.
            return (SymbolKind::Unknown, Confidence::Low);
        }
        (SymbolKind::OfficialLetter, Confidence::Medium)
    }

    /// The drafting unit that a công văn symbol names in its last group; `None` for named types and licences,
    /// which carry none.
    pub fn drafting_unit(&self, is_agency: impl Fn(&str) -> bool) -> Option<&str> {
        match self.kind(&is_agency).0 {
            // The last group of a Party body's symbol is the body.
            SymbolKind::OfficialLetter if !self.party => {
                let last = self.groups().next_back()?;
                let several = self.groups().nth(1).is_some();
                (several && !is_agency(last)).then_some(last)
            }
            _ => None,
        }
    }

    /// Abbreviation of the issuing agency: the group behind a named type, else the first group.
    pub fn agency_code(&self, is_agency: impl Fn(&str) -> bool) -> Option<&str> {
        if let Some(known) = self.groups().find(|group| is_agency(group)) {
            return Some(known);
        }
        match self.kind(&is_agency).0 {
            SymbolKind::Named(_) => self.groups().nth(1),
            SymbolKind::OfficialLetter | SymbolKind::Licence => self.groups().find(|group| text::fold(group) != "cv"),
            SymbolKind::Unknown => None,
        }
    }

    /// Comparison key with diacritics.
    pub fn key(&self) -> ReferenceKey {
        self.key_with(symbol_key(&self.symbol))
    }

    /// Comparison key without diacritics, for file names.
    pub fn ascii_key(&self) -> ReferenceKey {
        self.key_with(ascii_symbol_key(&self.symbol))
    }

    fn key_with(&self, symbol: String) -> ReferenceKey {
        // File names write a Party symbol with one separator throughout.
        let symbol = if self.party { symbol.replace('/', "-") } else { symbol };
        ReferenceKey { number: self.number.clone(), year: self.year, symbol }
    }

    /// Whether it is written as prescribed.
    pub fn is_regular(&self) -> bool {
        self.irregularities.is_empty()
    }

    fn judge_type(&self, notes: &mut Notes) {
        let matched = self.document_type();
        let several = self.groups().nth(1).is_some();
        let Some(first) = self.groups().next() else { return };
        if text::fold(first) == "cv" && several {
            notes.add(Irregularity::LetterType);
        }
        if let Some(TypeMatch { document_type, exact: false }) = matched
            && several
            // "TTR" and the like may be an agency's own abbreviation: the prescribed case is only demanded
            // where the token means one thing.
            && !document_type.is_ambiguous()
        {
            notes.add(Irregularity::TypeCase(first.to_owned(), document_type.abbreviation()));
        }
        if let Some(TypeMatch { exact: true, .. }) = matched
            && !several
            && self.year.is_none()
        {
            notes.add(Irregularity::AgencyMissing);
        }
        if self.year.is_some() && !self.may_be_normative(matched) {
            notes.add(Irregularity::YearNotNormative);
        }
    }

    /// Whether the type and agency may be those of a normative act. Departments (Sở) issue none; where this
    /// cannot be told the benefit of the doubt is given.
    fn may_be_normative(&self, matched: Option<TypeMatch>) -> bool {
        let Some(matched) = matched else {
            // Laws and resolutions of the National Assembly: 45/2019/QH14.
            return self.groups().next().is_some_and(|group| text::fold(group).starts_with("qh"));
        };
        if matched.document_type.is_normative_only() {
            return true;
        }
        let agency = self.groups().nth(1).map(text::fold).unwrap_or_default();
        matches!(matched.document_type.abbreviation(), "QĐ" | "NQ" | "CT")
            && !agency.starts_with('s')
            && !agency.starts_with("vp")
    }
}

/// Groups that name a licence or certificate behind the agency (seen: `SLĐTBXH-GP`, `SLĐTBXH-GPQH`).
fn is_licence_mark(group: &str) -> bool {
    let folded = text::fold(group);
    folded == "gcn" || folded == "gp" || (folded.starts_with("gp") && folded.chars().count() <= 5)
}

/// Folded symbol for keys: composed, lower case, Đ unified, hyphens, no spaces.
pub fn symbol_key(symbol: &str) -> String {
    text::fold(symbol).chars().filter(|c| !c.is_whitespace()).collect()
}

/// [`symbol_key`] without diacritics.
pub fn ascii_symbol_key(symbol: &str) -> String {
    text::ascii_fold(symbol).chars().filter(|c| !c.is_whitespace()).collect()
}

#[derive(Default)]
struct Notes(Vec<Irregularity>);

impl Notes {
    fn add(&mut self, note: Irregularity) {
        if !self.0.contains(&note) {
            self.0.push(note);
        }
    }
}

/// Composes, unifies Đ, dashes, slashes and spaces, noting what was replaced.
fn clean(source: &str, notes: &mut Notes) -> String {
    use unicode_normalization::UnicodeNormalization;
    source
        .nfc()
        .filter(|c| !text::is_invisible(*c))
        .map(|c| match c {
            'Ð' | 'Ɖ' => {
                notes.add(Irregularity::WrongD);
                'Đ'
            }
            'ð' | 'ɖ' => {
                notes.add(Irregularity::WrongD);
                'đ'
            }
            '\u{2044}' | '\u{2215}' | '\u{FF0F}' => '/',
            c if c != '-' && text::is_dash(c) => {
                notes.add(Irregularity::Dash);
                '-'
            }
            c if c.is_whitespace() => ' ',
            c => c,
        })
        .collect()
}

/// Removes "Số", "Số:", "Số :" and their capital or unmarked forms.
fn strip_label(body: &str) -> &str {
    for label in ["Số", "SỐ", "số", "So", "SO", "so"] {
        if let Some(rest) = body.strip_prefix(label) {
            let rest = rest.trim_start();
            let after = rest.strip_prefix([':', '.']).unwrap_or(rest).trim_start();
            if after.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '/' | '.' | '…' | '_')) || after.is_empty()
            {
                return after;
            }
        }
    }
    body
}

fn read_number(head: &str, notes: &mut Notes) -> Option<Number> {
    let digits_end = head.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(head.len());
    let (written, suffix) = (head.get(..digits_end)?, head.get(digits_end..)?);
    let digits = if written.contains('.') {
        // Thousands: one to three digits, then groups of three.
        let mut groups = written.split('.');
        let first = groups.next()?;
        if first.is_empty() || first.len() > 3 || !groups.clone().all(|group| group.len() == 3) {
            return None;
        }
        notes.add(Irregularity::ThousandsSeparator);
        written.replace('.', "")
    } else {
        written.to_owned()
    };
    if digits.is_empty() || digits.len() > MAX_DIGITS {
        return None;
    }
    let suffix = suffix.trim().to_lowercase();
    let valid = suffix.is_empty()
        || suffix == "bis"
        || (suffix.len() == 1 && suffix.as_bytes().iter().all(u8::is_ascii_lowercase));
    if !valid {
        return None;
    }
    // Series start at 01 (Đ.15(1)).
    let value = digits.parse().ok().filter(|value| *value > 0)?;
    if value < 10 && digits.len() == 1 {
        notes.add(Irregularity::LeadingZeroMissing);
    } else if digits.starts_with('0') && (value >= 10 || digits.len() > 2) {
        notes.add(Irregularity::ExtraZeros);
    }
    Some(Number { value, suffix })
}

/// `12-CV` in front of the "/": number and type of a Party body's document. The type is one of PL III or "CV", so
/// that no other writing is taken for it.
fn party_number(head: &str) -> Option<(Number, &str)> {
    let (number, kind) = head.split_once('-')?;
    let number = read_number(number.trim(), &mut Notes::default())?;
    let kind = kind.trim();
    (text::fold(kind) == "cv" || document_type::match_type(kind).is_some()).then_some((number, kind))
}

/// Years that can stand in a reference: the state's documents since 1945, and far enough ahead.
pub(crate) fn is_year(value: i32) -> bool {
    (1945..=2100).contains(&value)
}

fn split_year(tail: &str) -> (Option<i32>, &str) {
    if let Some((year, symbol)) = tail.split_once('/') {
        let year = year.trim();
        if year.len() == 4
            && let Ok(value) = year.parse()
            && is_year(value)
        {
            return (Some(value), symbol);
        }
    }
    (None, tail)
}

fn read_symbol(tail: &str, notes: &mut Notes) -> Result<String, NotAReference> {
    if tail.trim().is_empty() {
        return Err(NotAReference::SymbolMissing);
    }
    if tail.starts_with(' ') {
        notes.add(Irregularity::Spaces);
    }
    let mut symbol = String::with_capacity(tail.len());
    let mut letters = 0_usize;
    let mut previous_separator = true;
    let mut pending_space = false;
    for c in tail.trim().chars() {
        let separator = matches!(c, '-' | '/');
        if c == ' ' {
            pending_space = true;
            continue;
        }
        if pending_space {
            // A space is bearable beside a separator; between two letters it ends the symbol, and what
            // follows would be guesswork.
            if !separator && !previous_separator {
                return Err(NotAReference::Symbol);
            }
            notes.add(Irregularity::Spaces);
            pending_space = false;
        }
        if separator {
            if previous_separator {
                notes.add(Irregularity::EmptyGroup);
            } else {
                symbol.push(c);
            }
        } else if c.is_alphanumeric() {
            letters += usize::from(c.is_alphabetic());
            symbol.push(c);
        } else if matches!(c, '.' | '&' | '(' | ')' | ',' | '_' | '+' | '\'') {
            notes.add(Irregularity::StrangeCharacter(c));
            symbol.push(c);
        } else {
            return Err(NotAReference::Symbol);
        }
        previous_separator = separator;
    }
    if symbol.ends_with(['-', '/']) {
        notes.add(Irregularity::EmptyGroup);
        symbol.pop();
    }
    if letters == 0 { Err(NotAReference::Symbol) } else { Ok(symbol) }
}

/// The drafting unit in the line "Lưu: VT, BTXH." (PL I section II.9.d): the first entry that is not the
/// records office (VT), a file mark (HS) or a number of copies. `None` if the line names no unit.
pub fn unit_of_archive_line(line: &str) -> Option<String> {
    let line = text::compose(line);
    let start = line.char_indices().find(|(at, _)| line.get(*at..).is_some_and(starts_with_keep))?.0;
    let rest = line.get(start..)?.chars().skip(3).collect::<String>();
    let rest = rest.trim_start_matches([':', ' ', '.', '\u{A0}']);
    unit_of_archive_entries(rest.lines().next()?)
}

/// The same for the entries alone (`VT, BTXH`), as column 6 of the register (đơn vị, người nhận bản lưu) has them.
pub fn unit_of_archive_entries(entries: &str) -> Option<String> {
    let entries = text::compose(entries);
    for entry in entries.split([',', ';']) {
        let entry = entry.split(['(', '[']).next().unwrap_or_default();
        let entry = entry.trim_matches(|c: char| c.is_whitespace() || matches!(c, '.' | '/' | '-'));
        // "P.TCCB" and "Phòng TCCB" name the unit TCCB; "TCCB.Hoa" adds the drafter.
        let entry = ["P.", "Phòng ", "phòng "].iter().find_map(|prefix| entry.strip_prefix(prefix)).unwrap_or(entry);
        let entry = entry.split(['.', ' ']).next().unwrap_or_default().trim();
        let folded = text::fold(entry);
        if folded.is_empty()
            || matches!(folded.as_str(), "vt" | "hs" | "hsvb")
            || entry.chars().all(|c| !c.is_alphabetic())
        {
            continue;
        }
        // "VT-BTXH" and "VT/BTXH": the unit stands behind.
        let unit = ["VT-", "VT/", "VT–"].iter().find_map(|prefix| entry.strip_prefix(prefix)).unwrap_or(entry);
        return (!unit.is_empty()).then(|| unit.to_owned());
    }
    None
}

fn starts_with_keep(rest: &str) -> bool {
    let head = rest.chars().take(3).collect::<String>();
    let next = rest.chars().nth(3);
    matches!(text::fold(&head).as_str(), "lưu" | "luu") && next.is_none_or(|c| !c.is_alphanumeric())
}

#[cfg(test)]
mod tests;
