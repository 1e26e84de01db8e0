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

/// Line ends as LF, one at the very end too, so that rows are counted alike for every system.
pub(super) fn unify_line_ends(mut text: String) -> String {
    if text.contains('\r') {
        text = text.replace("\r\n", "\n").replace('\r', "\n");
    }
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

/// Rows of CSV text (RFC 4180, with rows of unequal length allowed).
pub(super) fn csv_rows<'a>(file: &'a str, text: &'a str, delimiter: u8) -> Rows<'a> {
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    let mut lines_in_cells = 0_u64;
    let mut records = 0_u32;
    Box::new(std::iter::from_fn(move || {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => return None,
            Err(error) => {
                return Some(Err(RegisterError::Spreadsheet { file: file.to_owned(), detail: error.to_string() }));
            }
        }
        records = records.saturating_add(1);
        if records > MAX_ROWS {
            return Some(Err(too_many_rows(file)));
        }
        let inside: usize = record.iter().map(|cell| cell.bytes().filter(|byte| *byte == b'\n').count()).sum();
        lines_in_cells = lines_in_cells.saturating_add(u64::try_from(inside).unwrap_or(u64::MAX));
        // The reader stands on the line behind the record. Less the line ends inside cells that is the row
        // number a spreadsheet program shows, blank lines counted.
        let number = reader.position().line().saturating_sub(1).saturating_sub(lines_in_cells);
        let cells = record.iter().take(MAX_COLUMNS).map(text_cell).collect();
        Some(Ok(GridRow { number: u32::try_from(number).unwrap_or(u32::MAX), cells }))
    }))
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
        assert_eq!(rows.iter().map(|row| row.number).collect::<Vec<_>>(), [1, 3, 4]);
        assert_eq!(rows[1].cell(0).text(), "x\ny");
        assert_eq!(rows[2].cell(1).text(), "3,5");
        assert!(rows[2].cell(9).is_blank());
    }

    #[test]
    fn numbers_read_as_written() {
        assert_eq!(Cell::Number(512.0).text(), "512");
        assert_eq!(Cell::Number(2.5).text(), "2.5");
        assert_eq!(text_cell("=\"0512\"").text(), "0512");
    }
}
