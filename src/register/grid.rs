//! Rows of cells, whatever the file format, and the CSV reader.

use super::problem::RegisterError;
use crate::model::{Bilingual, CalendarDate};

/// Most bytes of a register file: a hundred thousand rows are about 30 MB.
pub(super) const MAX_FILE_BYTES: usize = 128 << 20;
/// Most rows: the limit of a spreadsheet (ECMA-376 viewers, Excel specifications).
pub(super) const MAX_ROWS: u32 = 1_048_576;
/// Most columns that are looked at; a register has about twenty.
pub(super) const MAX_COLUMNS: usize = 1_024;
/// Most characters of a cell (Excel specifications).
pub(super) const MAX_CELL_CHARACTERS: usize = 32_767;

/// A cell.
#[derive(Clone, PartialEq, Debug, Default)]
// CSV has text only.
#[cfg_attr(not(feature = "cli"), allow(dead_code))]
pub(super) enum Cell {
    #[default]
    Empty,
    Text(String),
    /// A number without a date format.
    Number(f64),
    /// A cell that the spreadsheet holds as a date; `None`: outside the calendar.
    Date(Option<CalendarDate>),
    Bool(bool),
    /// An error value such as #REF!.
    Error(String),
}

impl Cell {
    /// As a person reads it, trimmed.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => text.trim().to_owned(),
            // Whole numbers without ".0"; f64 holds them exactly to 2^53.
            Self::Number(value) if value.fract() == 0.0 && value.abs() < 9e15 => format!("{value:.0}"),
            Self::Number(value) => value.to_string(),
            Self::Date(Some(day)) => day.day_first(),
            Self::Date(None) => String::from("#DATE"),
            Self::Bool(value) => String::from(if *value { "1" } else { "0" }),
            Self::Error(error) => error.clone(),
        }
    }

    pub(super) fn is_blank(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }
}

/// A row with its number as the file's viewer shows it, from 1.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct GridRow {
    pub(super) number: u32,
    pub(super) cells: Vec<Cell>,
}

impl GridRow {
    pub(super) fn cell(&self, column: usize) -> &Cell {
        self.cells.get(column).unwrap_or(&Cell::Empty)
    }

    pub(super) fn is_blank(&self) -> bool {
        self.cells.iter().all(Cell::is_blank)
    }
}

/// Rows on their way in.
pub(super) type Rows<'a> = Box<dyn Iterator<Item = Result<GridRow, RegisterError>> + 'a>;

/// Delimiters tried, in this order.
pub(super) const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

/// Line ends as LF, so that rows are counted alike for every system.
pub(super) fn unify_line_ends(text: String) -> String {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text }
}

/// Rows of CSV text (RFC 4180, with rows of unequal length allowed), blank ones included. Read here and not
/// by a library because the number of columns must be bounded and an open quote must not swallow the rest of
/// the file unnoticed.
pub(super) fn csv_rows<'a>(file: &'a str, text: &'a str, delimiter: u8) -> Rows<'a> {
    let mut rest = text;
    let mut number = 0_u32;
    Box::new(std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        number = number.saturating_add(1);
        if number > MAX_ROWS {
            rest = "";
            return Some(Err(too_many_rows(file)));
        }
        match csv_row(rest, delimiter) {
            Some((cells, behind)) => {
                rest = behind;
                Some(Ok(GridRow { number, cells }))
            }
            None => {
                rest = "";
                Some(Err(RegisterError::QuoteOpen { file: file.to_owned(), row: number }))
            }
        }
    }))
}

/// One row and the text behind it; `None` if a quote is not closed.
fn csv_row(mut rest: &str, delimiter: u8) -> Option<(Vec<Cell>, &str)> {
    let mut cells = Vec::new();
    loop {
        let mut quoted = String::new();
        let content;
        if let Some(mut inner) = rest.strip_prefix('"') {
            loop {
                let (before, behind) = inner.split_once('"')?;
                quoted.push_str(before);
                inner = behind;
                match inner.strip_prefix('"') {
                    Some(behind) => {
                        quoted.push('"');
                        inner = behind;
                    }
                    None => break,
                }
            }
            let (tail, behind) = split_at_end(inner, delimiter);
            quoted.push_str(tail);
            (content, rest) = (quoted.as_str(), behind);
        } else {
            (content, rest) = split_at_end(rest, delimiter);
        }
        if cells.len() < MAX_COLUMNS {
            cells.push(text_cell(content));
        }
        let mut characters = rest.chars();
        match characters.next() {
            None | Some('\n') => return Some((cells, characters.as_str())),
            Some(_) => rest = characters.as_str(),
        }
    }
}

/// Splits before the next delimiter or line end.
fn split_at_end(text: &str, delimiter: u8) -> (&str, &str) {
    let end = text.bytes().position(|byte| byte == delimiter || byte == b'\n').unwrap_or(text.len());
    // Both are ASCII, so this is a boundary.
    text.split_at_checked(end).unwrap_or((text, ""))
}

fn text_cell(text: &str) -> Cell {
    // `="512"` is how exports keep a spreadsheet program from changing a number.
    let text = text.strip_prefix("=\"").and_then(|inner| inner.strip_suffix('"')).unwrap_or(text);
    if text.is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) }
}

pub(super) fn too_many_rows(file: &str) -> RegisterError {
    RegisterError::TooLarge {
        file: file.to_owned(),
        what: Bilingual::new(format!("hơn {MAX_ROWS} dòng"), format!("more than {MAX_ROWS} rows")),
    }
}

pub(super) fn too_many_bytes(file: &str, limit: usize) -> RegisterError {
    let mebibytes = limit >> 20;
    RegisterError::TooLarge {
        file: file.to_owned(),
        what: Bilingual::new(format!("hơn {mebibytes} MiB"), format!("more than {mebibytes} MiB")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_numbered_as_a_spreadsheet_shows_them() {
        let text = unify_line_ends("a,b\r\n\r\n\"x\r\ny\",2\r\nz,\"3,5\"".to_owned());
        let rows = csv_rows("f", &text, b',').collect::<Result<Vec<_>, _>>().unwrap();
        assert_eq!(rows.iter().map(|row| row.number).collect::<Vec<_>>(), [1, 2, 3, 4]);
        assert!(rows[1].is_blank());
        assert_eq!(rows[2].cell(0).text(), "x\ny");
        assert_eq!(rows[3].cell(1).text(), "3,5");
        assert!(rows[3].cell(9).is_blank());
    }

    #[test]
    fn quotes_are_read_and_an_open_one_is_an_error() {
        let row = |text: &str| csv_row(text, b',').map(|(cells, _)| cells.iter().map(Cell::text).collect::<Vec<_>>());
        assert_eq!(
            row("\"a \"\"b\"\" c\",5\" ,,\"x\" y"),
            Some(vec!["a \"b\" c".into(), "5\"".into(), String::new(), "x y".into()])
        );
        assert_eq!(row("a,"), Some(vec!["a".into(), String::new()]));
        assert_eq!(row("a,\"b\nc,d\n"), None);
        let error = csv_rows("f", "a\nb,\"c\nd\n", b',').nth(1).unwrap().unwrap_err();
        assert!(matches!(error, RegisterError::QuoteOpen { row: 2, .. }));
        assert_eq!(csv_row(&",".repeat(1_000_000), b',').unwrap().0.len(), MAX_COLUMNS);
    }

    proptest::proptest! {
        #[test]
        fn what_is_quoted_reads_back(rows in proptest::collection::vec(proptest::collection::vec("[a-zĐạ,;\"\n ]{0,6}", 1..5), 1..5)) {
            let text = rows
                .iter()
                .map(|row| row.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect::<Vec<_>>().join(";") + "\n")
                .collect::<String>();
            let read = csv_rows("f", &text, b';').collect::<Result<Vec<_>, _>>().unwrap();
            proptest::prop_assert_eq!(read.len(), rows.len());
            for (read, row) in read.iter().zip(&rows) {
                let expected = row.iter().map(|cell| text_cell(cell)).collect::<Vec<_>>();
                proptest::prop_assert_eq!(&read.cells, &expected);
            }
        }
    }

    #[test]
    fn numbers_read_as_written() {
        assert_eq!(Cell::Number(512.0).text(), "512");
        assert_eq!(Cell::Number(2.5).text(), "2.5");
        assert_eq!(text_cell("=\"0512\"").text(), "0512");
    }
}
