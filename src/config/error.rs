//! What is wrong with the configuration, with file, line and column.

use super::GlobError;
use crate::model::Bilingual;
use std::fmt;

/// A place in the file, both counted from 1; columns in characters.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Place {
    pub(super) line: u32,
    pub(super) column: u32,
}

impl Place {
    pub(super) fn of(text: &str, offset: usize) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Self { line: u32::try_from(line).unwrap_or(u32::MAX), column: u32::try_from(column).unwrap_or(u32::MAX) }
    }
}

/// Why a value is refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Refusal {
    Word(String, Vec<String>),
    Number(String, u64, u64),
    Digest(String),
    Date(String),
    Moment(String),
    Glob(String, GlobError),
    Format(String),
    Blank(String),
    Twice(String),
    EncodingOfSpreadsheet,
    SheetOfCsv,
    UnknownCheck(String),
    UnknownKey(String),
}

impl Refusal {
    pub(super) fn word<'a>(found: &str, expected: impl Iterator<Item = &'a str>) -> Self {
        Self::Word(found.to_owned(), expected.map(str::to_owned).collect())
    }

    pub(super) fn message(&self) -> Bilingual {
        match self {
            Self::Word(found, expected) => {
                let expected = expected.join(", ");
                Bilingual::new(
                    format!("“{found}” không phải một trong: {expected}"),
                    format!("\"{found}\" is none of: {expected}"),
                )
            }
            Self::Number(found, first, last) => Bilingual::new(
                format!("“{found}” phải là số nguyên từ {first} đến {last}"),
                format!("\"{found}\" must be a whole number from {first} to {last}"),
            ),
            Self::Digest(found) => Bilingual::new(
                format!("“{found}” không phải dấu vân tay SHA-256 (64 chữ số thập lục phân)"),
                format!("\"{found}\" is not a SHA-256 fingerprint (64 hexadecimal digits)"),
            ),
            Self::Date(found) => Bilingual::new(
                format!("“{found}” không phải ngày viết dạng yyyy-mm-dd"),
                format!("\"{found}\" is not a day written yyyy-mm-dd"),
            ),
            Self::Moment(found) => Bilingual::new(
                format!("“{found}” không phải thời điểm RFC 3339, ví dụ 2026-11-05T08:00:00+07:00"),
                format!("\"{found}\" is not an RFC 3339 time such as 2026-11-05T08:00:00+07:00"),
            ),
            Self::Glob(found, error) => Bilingual::new(
                format!("mẫu đường dẫn “{found}” không hợp lệ ({error})"),
                format!("bad pattern \"{found}\" ({error})"),
            ),
            Self::Format(found) => Bilingual::new(
                format!("“{found}”: chỉ đọc được .csv, .xlsx, .ods"),
                format!("\"{found}\": only .csv, .xlsx and .ods can be read"),
            ),
            Self::Blank(key) => {
                Bilingual::new(format!("`{key}` không được để trống"), format!("`{key}` must not be blank"))
            }
            Self::Twice(found) => {
                Bilingual::new(format!("{found} được khai báo hai lần"), format!("{found} is given twice"))
            }
            Self::EncodingOfSpreadsheet => Bilingual::new("`encoding` chỉ dùng cho CSV", "`encoding` is for CSV only"),
            Self::SheetOfCsv => Bilingual::new("`sheet` chỉ dùng cho bảng tính", "`sheet` is for spreadsheets only"),
            Self::UnknownCheck(id) => Bilingual::new(
                format!("không có kiểm tra “{id}” (xem `soat checks`)"),
                format!("there is no check \"{id}\" (see `soat checks`)"),
            ),
            Self::UnknownKey(key) => {
                Bilingual::new(format!("không có khóa “{key}”"), format!("there is no key \"{key}\""))
            }
        }
    }
}

/// An error in the configuration.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConfigError {
    /// File name, flag or environment variable.
    pub source: String,
    /// Line and column, from 1; `None` outside a file.
    pub position: Option<(u32, u32)>,
    /// What is wrong.
    pub message: Bilingual,
}

/// The parser's words for kinds of values.
fn types(said: &str) -> String {
    const WORDS: [(&str, &str); 10] = [
        ("floating point", "số thập phân"),
        ("integer", "số nguyên"),
        ("a boolean", "true hoặc false"),
        ("boolean", "true/false"),
        ("a string", "chuỗi trong dấu nháy"),
        ("string", "chuỗi"),
        ("a sequence", "danh sách [ ]"),
        ("sequence", "danh sách"),
        ("i64", "số nguyên"),
        ("a map", "bảng"),
    ];
    // What stands in quotation marks or backticks is the user's.
    let mut out = String::new();
    for (index, part) in said.split('"').enumerate() {
        if index > 0 {
            out.push('"');
        }
        let mut part = part.to_owned();
        if index % 2 == 0 {
            for (en, vi) in WORDS {
                part = part.replace(en, vi);
            }
        }
        out.push_str(&part);
    }
    out
}

impl ConfigError {
    pub(super) fn new(file: &str, place: Place, refusal: Refusal) -> Self {
        Self { source: file.to_owned(), position: Some((place.line, place.column)), message: refusal.message() }
    }

    pub(super) fn outside_file(source: &str, refusal: &Refusal) -> Self {
        Self { source: source.to_owned(), position: None, message: refusal.message() }
    }

    /// From the parser: unknown keys, missing keys and wrong types in Vietnamese too.
    pub(super) fn from_toml(file: &str, text: &str, error: &toml::de::Error) -> Self {
        let place = error.span().map(|span| Place::of(text, span.start));
        let said = error.message();
        let vi = if let Some(rest) = said.strip_prefix("unknown field ") {
            format!(
                "không có khóa {}",
                rest.replace(", expected one of", "; các khóa có thể dùng:")
                    .replace(", expected", "; khóa có thể dùng:")
            )
        } else if let Some(rest) = said.strip_prefix("missing field ") {
            format!("thiếu khóa {rest}")
        } else if let Some(rest) = said.strip_prefix("invalid type: ") {
            format!("sai kiểu giá trị: {}", types(&rest.replace(", expected", "; cần")))
        } else {
            format!("không đúng cú pháp TOML: {said}")
        };
        Self {
            source: file.to_owned(),
            position: place.map(|place| (place.line, place.column)),
            message: Bilingual::new(vi, said),
        }
    }

    /// The whole message with its place: `soat.toml, dòng 3, cột 1: …`.
    pub fn full(&self) -> Bilingual {
        match self.position {
            Some((line, column)) => Bilingual::new(
                format!("{}, dòng {line}, cột {column}: {}", self.source, self.message.vi),
                format!("{}, line {line}, column {column}: {}", self.source, self.message.en),
            ),
            None => Bilingual::new(
                format!("{}: {}", self.source, self.message.vi),
                format!("{}: {}", self.source, self.message.en),
            ),
        }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.full().en)
    }
}

impl std::error::Error for ConfigError {}
