//! What is wrong with a register: problems of a cell, which leave the row in view, and errors that make the
//! whole file unusable. Both name file, row and column in the reader's language.

use super::encoding::Encoding;
use crate::model::{Bilingual, RowLocation};

/// Longest value that is quoted in a message, in characters.
const QUOTED_CHARACTERS: usize = 80;

/// Something wrong in one row; the row stays, the field is empty.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RegisterProblem {
    /// File and row.
    pub location: RowLocation,
    /// Header of the column as written in the file; `None`: the row as a whole.
    pub column: Option<String>,
    /// What is wrong.
    pub kind: ProblemKind,
    /// The value as written, shortened.
    pub value: String,
}

/// Kinds of [`RegisterProblem`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ProblemKind {
    /// A day that does not exist: 31/02/2026.
    ImpossibleDate,
    /// Not written day/month/year.
    UnreadableDate,
    /// A year far from any document.
    ImplausibleYear,
    /// Not a whole number.
    UnreadableNumber,
    /// Neither yes nor no.
    UnreadableFlag,
    /// Not one of the words the column may hold.
    UnknownWord,
    /// Number and symbol cannot be read.
    UnreadableReference,
    /// A spreadsheet turned the number and symbol into a date.
    ReferenceIsDate,
    /// A row with a date or other content but without number and symbol (or code): not counted.
    WithoutReference,
    /// Longer than any cell of a register.
    CellTooLong,
    /// Two columns fit one field; the first is used.
    HeaderTwice,
    /// The spreadsheet shows an error value such as #REF!.
    CellError,
    /// Several numbers in one row of the outgoing register: the row is one document, and which is not known.
    SeveralReferences,
    /// Another sheet has the header of such a list, and no configuration names it.
    SheetNotRead,
}

impl RegisterProblem {
    /// The same without the words of the cell: for logs, which others read.
    #[must_use]
    pub fn without_words(&self) -> Self {
        let header = matches!(self.kind, ProblemKind::HeaderTwice | ProblemKind::SheetNotRead);
        let words = !header && self.value.chars().any(char::is_alphabetic);
        Self { value: if words { "…".to_owned() } else { self.value.clone() }, ..self.clone() }
    }

    pub(super) fn new(location: RowLocation, column: Option<&str>, kind: ProblemKind, value: &str) -> Self {
        Self { location, column: column.map(str::to_owned), kind, value: shorten(value) }
    }

    /// For example `sổ.csv, dòng 14, cột “Ngày tháng văn bản”: ngày 31/02/2026 không tồn tại`.
    pub fn message(&self) -> Bilingual {
        let mut place = Bilingual::new(
            format!("{}, dòng {}", self.location.file, self.location.row),
            format!("{}, row {}", self.location.file, self.location.row),
        );
        if let Some(column) = &self.column {
            place.vi.push_str(&format!(", cột “{column}”"));
            place.en.push_str(&format!(", column \"{column}\""));
        }
        let what = self.kind.describe(&self.value);
        Bilingual::new(format!("{}: {}", place.vi, what.vi), format!("{}: {}", place.en, what.en))
    }
}

impl ProblemKind {
    fn describe(self, value: &str) -> Bilingual {
        let both = |vi: &str, en: &str| Bilingual::new(vi.replace("{}", value), en.replace("{}", value));
        match self {
            Self::ImpossibleDate => both("ngày {} không tồn tại", "{} is no existing day (day first)"),
            Self::UnreadableDate => {
                both("“{}” không phải ngày viết dạng ngày/tháng/năm", "\"{}\" is not a date written day/month/year")
            }
            Self::ImplausibleYear => both("năm trong ngày {} không hợp lý", "{} has an implausible year"),
            Self::UnreadableNumber => both("“{}” không phải số nguyên", "\"{}\" is not a whole number"),
            Self::UnreadableFlag => both("“{}” không phải “có” hoặc “không”", "\"{}\" is neither yes nor no"),
            Self::UnknownWord => {
                both("“{}” không thuộc các giá trị cho phép của cột", "\"{}\" is not a word this column may hold")
            }
            Self::UnreadableReference => {
                both("không đọc được số, ký hiệu “{}”", "cannot read the number and symbol \"{}\"")
            }
            Self::ReferenceIsDate => both(
                "bảng tính đã đổi số, ký hiệu thành ngày ({}); cần định dạng cột là văn bản",
                "the spreadsheet turned the number and symbol into a date ({}); format the column as text",
            ),
            Self::WithoutReference => both(
                "dòng có nội dung nhưng không có số, ký hiệu (hoặc mã); không được tính",
                "the row has content but no number and symbol (or code); it is not counted",
            ),
            Self::CellTooLong => both("ô dài bất thường (“{}”)", "the cell is far too long (\"{}\")"),
            Self::HeaderTwice => both(
                "cột “{}” trùng nội dung với cột này; chỉ dùng cột này",
                "column \"{}\" fits the same field; only this one is used",
            ),
            Self::SeveralReferences => both(
                "một dòng ghi nhiều số, ký hiệu (“{}”); mỗi văn bản cần một dòng",
                "several numbers in one row (\"{}\"); each document needs a row",
            ),
            Self::SheetNotRead => both(
                "trang tính “{}” cũng là sổ nhưng không được đọc; khai báo thêm một [[register]] với sheet = “{}”",
                "sheet \"{}\" holds such a list too and is not read; add a [[register]] with sheet = \"{}\"",
            ),
            Self::CellError => both("ô có lỗi công thức ({})", "the cell holds an error value ({})"),
        }
    }
}

/// Why a file cannot be used at all.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{}", self.message().en)]
pub enum RegisterError {
    /// The extension names no format this program reads.
    FormatUnknown {
        /// File.
        file: String,
    },
    /// This build reads CSV only.
    SpreadsheetsNotSupported {
        /// File.
        file: String,
    },
    /// More bytes, rows, cells or text than any register.
    TooLarge {
        /// File.
        file: String,
        /// What was exceeded.
        what: Bilingual,
    },
    /// Neither a byte order mark, nor UTF-8, nor configured.
    EncodingUnknown {
        /// File.
        file: String,
        /// First byte that is not UTF-8.
        offset: usize,
    },
    /// The bytes are not of the encoding configured or marked.
    EncodingWrong {
        /// File.
        file: String,
        /// Encoding.
        encoding: Encoding,
        /// First byte that does not fit.
        offset: usize,
    },
    /// The byte order mark says another encoding than the configuration.
    EncodingContradicted {
        /// File.
        file: String,
        /// As configured.
        configured: Encoding,
        /// As marked.
        marked: Encoding,
    },
    /// Not text.
    Binary {
        /// File.
        file: String,
        /// Position of the first NUL.
        offset: usize,
    },
    /// A quoted cell that does not end.
    QuoteOpen {
        /// File.
        file: String,
        /// Row in which it begins.
        row: u32,
    },
    /// The spreadsheet cannot be opened or followed.
    Spreadsheet {
        /// File.
        file: String,
        /// What the reader said.
        detail: String,
    },
    /// No sheet of that name, or none at all.
    SheetMissing {
        /// File.
        file: String,
        /// As configured.
        sheet: Option<String>,
        /// What there is.
        available: Vec<String>,
    },
    /// No row in which enough headers match.
    HeaderMissing {
        /// File.
        file: String,
        /// Headers that were looked for.
        expected: Vec<String>,
        /// The row that came nearest, shortened.
        nearest: Vec<String>,
    },
    /// The header has no column for a field without which no row can be told.
    ColumnMissing {
        /// File.
        file: String,
        /// Header that was looked for.
        expected: String,
        /// Headers there are.
        headers: Vec<String>,
    },
    /// The mapping names a field that this kind of list does not have.
    FieldUnknown {
        /// File.
        file: String,
        /// As configured.
        field: String,
        /// Fields there are.
        fields: Vec<String>,
    },
    /// The mapping names a header that the file does not have.
    MappedColumnMissing {
        /// File.
        file: String,
        /// Canonical field.
        field: String,
        /// Header as configured.
        header: String,
        /// Row of the header.
        row: u32,
        /// Headers there are.
        headers: Vec<String>,
    },
}

impl RegisterError {
    /// Whether the file holds nothing at all.
    pub fn is_of_empty_file(&self) -> bool {
        matches!(self, Self::HeaderMissing { nearest, .. } if nearest.iter().all(|cell| cell.trim().is_empty()))
    }

    /// The message, with what to do.
    pub fn message(&self) -> Bilingual {
        match self {
            Self::FormatUnknown { file } => Bilingual::new(
                format!("{file}: chỉ đọc được .csv, .xlsx, .ods"),
                format!("{file}: only .csv, .xlsx and .ods can be read"),
            ),
            Self::SpreadsheetsNotSupported { file } => Bilingual::new(
                format!("{file}: bản dựng này chỉ đọc được .csv"),
                format!("{file}: this build reads .csv only"),
            ),
            Self::TooLarge { file, what } => Bilingual::new(
                format!("{file}: quá lớn so với một sổ ({})", what.vi),
                format!("{file}: too large for a register ({})", what.en),
            ),
            Self::EncodingUnknown { file, offset } => Bilingual::new(
                format!(
                    "{file}: không xác định được bảng mã (byte {offset} không phải UTF-8); khai báo `encoding` trong soat.toml: utf-16le, utf-16be, windows-1258, tcvn3 hoặc vni, hoặc lưu lại dạng CSV UTF-8"
                ),
                format!(
                    "{file}: unknown encoding (byte {offset} is not UTF-8); set `encoding` in soat.toml: utf-16le, utf-16be, windows-1258, tcvn3 or vni, or save as CSV UTF-8"
                ),
            ),
            Self::EncodingWrong { file, encoding, offset } => Bilingual::new(
                format!("{file}: byte {offset} không thuộc bảng mã {encoding}"),
                format!("{file}: byte {offset} is not {encoding}"),
            ),
            Self::EncodingContradicted { file, configured, marked } => Bilingual::new(
                format!("{file}: cấu hình ghi bảng mã {configured} nhưng dấu đầu tệp là {marked}"),
                format!("{file}: configured as {configured}, but its byte order mark says {marked}"),
            ),
            Self::Binary { file, offset } => Bilingual::new(
                format!(
                    "{file}: không phải tệp chữ (byte 0 tại vị trí {offset}); nếu là UTF-16 thì khai báo `encoding`"
                ),
                format!("{file}: not a text file (NUL at character {offset}); if it is UTF-16, set `encoding`"),
            ),
            Self::QuoteOpen { file, row } => Bilingual::new(
                format!("{file}, dòng {row}: dấu nháy kép mở mà không đóng"),
                format!("{file}, row {row}: a double quote opens and does not close"),
            ),
            Self::Spreadsheet { file, detail } => Bilingual::new(
                format!("{file}: không đọc được bảng tính ({detail})"),
                format!("{file}: cannot read the spreadsheet ({detail})"),
            ),
            Self::SheetMissing { file, sheet, available } => {
                let (list, sheet) = (available.join(", "), sheet.as_deref().unwrap_or("1"));
                Bilingual::new(
                    format!("{file}: không có trang tính “{sheet}” (có: {list})"),
                    format!("{file}: no sheet \"{sheet}\" (there are: {list})"),
                )
            }
            Self::HeaderMissing { file, expected, nearest } => {
                let (expected, nearest) = (expected.join(" | "), nearest.join(" | "));
                Bilingual::new(
                    format!(
                        "{file}: không tìm thấy dòng tiêu đề; cần các cột: {expected}; dòng gần nhất: {nearest}; khai báo [register.columns] trong soat.toml"
                    ),
                    format!(
                        "{file}: no header row found; columns looked for: {expected}; nearest row: {nearest}; set [register.columns] in soat.toml"
                    ),
                )
            }
            Self::ColumnMissing { file, expected, headers } => {
                let headers = headers.join(" | ");
                Bilingual::new(
                    format!("{file}: thiếu cột “{expected}”; các cột trong tệp: {headers}"),
                    format!("{file}: column \"{expected}\" is missing; columns in the file: {headers}"),
                )
            }
            Self::MappedColumnMissing { file, field, header, row, headers } => {
                let headers = headers.join("”, “");
                Bilingual::new(
                    format!(
                        "{file}: [register.columns] nêu {field} = “{header}” nhưng dòng tiêu đề (dòng {row}) chỉ có: “{headers}”; sửa tên cột trong soat.toml"
                    ),
                    format!(
                        "{file}: [register.columns] names {field} = \"{header}\", but the header (row {row}) has only: “{headers}”; correct the name in soat.toml"
                    ),
                )
            }
            Self::FieldUnknown { file, field, fields } => {
                let fields = fields.join(", ");
                Bilingual::new(
                    format!("{file}: [register.columns] không có trường “{field}” (có: {fields})"),
                    format!("{file}: [register.columns] has no field \"{field}\" (there are: {fields})"),
                )
            }
        }
    }
}

pub(super) fn shorten(value: &str) -> String {
    let mut characters = value.trim().chars();
    let mut short =
        characters.by_ref().take(QUOTED_CHARACTERS).map(|c| if c.is_control() { ' ' } else { c }).collect::<String>();
    if characters.next().is_some() {
        short.push('…');
    }
    short
}
