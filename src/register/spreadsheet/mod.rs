//! Spreadsheets to rows, bounded: the container is inflated once with a budget before anything interprets
//! it, and cells and their text are counted, because a few bytes of XML can name millions of cells.

mod ods;
mod xlsx;

use super::Format;
use super::grid::{Cell, GridRow, MAX_COLUMNS, MAX_ROWS, too_many_bytes, too_many_rows};
use super::problem::RegisterError;
use crate::model::Bilingual;
use std::io::{Cursor, Read};

/// Bytes that all parts together may inflate to.
const MAX_INFLATED: u64 = 256 << 20;
/// Parts of the container; a workbook has some dozens.
const MAX_PARTS: usize = 10_000;
/// Cells held, blank ones between filled ones included: 200,000 rows of 40 columns.
const MAX_CELLS: usize = 8_000_000;
/// Bytes of text held in cells; shared and repeated texts count each time.
const MAX_TEXT: usize = 256 << 20;

/// Most sheets that are looked at; a register has one a month.
const MAX_SHEETS: usize = 64;

/// A sheet as the workbook lists it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Sheet {
    pub(super) name: String,
    /// Not shown to whoever opens the file.
    pub(super) hidden: bool,
}

/// The sheets of a workbook, in its order; at most [`MAX_SHEETS`].
pub(super) fn sheets(file: &str, bytes: &[u8], format: Format) -> Result<Vec<Sheet>, RegisterError> {
    bound_container(file, bytes, MAX_INFLATED)?;
    let mut sheets = match format {
        Format::Xlsx => std::panic::catch_unwind(|| xlsx::sheets(file, bytes))
            .unwrap_or_else(|_| Err(unreadable(file, "internal fault of the spreadsheet reader")))?,
        Format::Ods => ods::sheets(file, &part(file, bytes, "content.xml")?)?,
        Format::Csv => Vec::new(),
    };
    sheets.truncate(MAX_SHEETS);
    Ok(sheets)
}

/// Rows of one sheet, with its name.
pub(super) fn rows(
    file: &str,
    bytes: &[u8],
    format: Format,
    sheet: Option<&str>,
) -> Result<(String, Vec<GridRow>), RegisterError> {
    bound_container(file, bytes, MAX_INFLATED)?;
    match format {
        // A fault of the reader on a hostile file must not end the run.
        Format::Xlsx => std::panic::catch_unwind(|| xlsx::rows(file, bytes, sheet))
            .unwrap_or_else(|_| Err(unreadable(file, "internal fault of the spreadsheet reader"))),
        Format::Ods => {
            let content = part(file, bytes, "content.xml")?;
            ods::rows(file, &content, sheet)
        }
        Format::Csv => Err(RegisterError::FormatUnknown { file: file.to_owned() }),
    }
}

fn unreadable(file: &str, detail: impl std::fmt::Display) -> RegisterError {
    RegisterError::Spreadsheet { file: file.to_owned(), detail: detail.to_string() }
}

/// Inflates every part into nothing, counting: sizes in the directory can lie.
fn bound_container(file: &str, bytes: &[u8], limit: u64) -> Result<(), RegisterError> {
    let too_large = || too_many_bytes(file, usize::try_from(limit).unwrap_or(usize::MAX));
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| unreadable(file, error))?;
    if archive.len() > MAX_PARTS {
        return Err(unreadable(file, "too many parts"));
    }
    let mut left = limit;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|error| unreadable(file, error))?;
        let read =
            std::io::copy(&mut part.take(left + 1), &mut std::io::sink()).map_err(|error| unreadable(file, error))?;
        left = left.checked_sub(read).ok_or_else(too_large)?;
    }
    Ok(())
}

/// One part as text.
fn part(file: &str, bytes: &[u8], name: &str) -> Result<String, RegisterError> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| unreadable(file, error))?;
    let part = archive.by_name(name).map_err(|error| unreadable(file, error))?;
    let mut text = String::new();
    part.take(MAX_INFLATED).read_to_string(&mut text).map_err(|error| unreadable(file, error))?;
    Ok(text)
}

/// Collects rows under the budgets.
struct Collector<'a> {
    file: &'a str,
    rows: Vec<GridRow>,
    cells: usize,
    text: usize,
}

impl<'a> Collector<'a> {
    fn new(file: &'a str) -> Self {
        Self { file, rows: Vec::new(), cells: 0, text: 0 }
    }

    /// Puts a cell at row (from 1) and column (from 0). Empty cells and columns that no register has are left
    /// out.
    fn put(&mut self, number: u32, column: usize, cell: Cell) -> Result<(), RegisterError> {
        if cell == Cell::Empty || column >= MAX_COLUMNS {
            return Ok(());
        }
        if number > MAX_ROWS {
            return Err(too_many_rows(self.file));
        }
        if let Cell::Text(text) = &cell {
            self.text = self.text.saturating_add(text.len());
            if self.text > MAX_TEXT {
                return Err(too_many_bytes(self.file, MAX_TEXT));
            }
        }
        if self.rows.last().is_none_or(|row| row.number != number) {
            self.count(1)?;
            self.rows.push(GridRow { number, cells: Vec::new() });
        }
        let width = self.rows.last().map_or(0, |row| row.cells.len());
        if column >= width {
            self.count(column + 1 - width)?;
        }
        let Some(row) = self.rows.last_mut() else { return Ok(()) };
        if column >= width {
            row.cells.resize(column + 1, Cell::Empty);
        }
        if let Some(place) = row.cells.get_mut(column) {
            *place = cell;
        }
        Ok(())
    }

    fn count(&mut self, cells: usize) -> Result<(), RegisterError> {
        self.afford(cells)?;
        self.cells = self.cells.saturating_add(cells);
        Ok(())
    }

    /// Whether so many more cells fit.
    fn afford(&self, cells: usize) -> Result<(), RegisterError> {
        if self.cells.saturating_add(cells) > MAX_CELLS {
            return Err(RegisterError::TooLarge {
                file: self.file.to_owned(),
                what: Bilingual::new(format!("hơn {MAX_CELLS} ô"), format!("more than {MAX_CELLS} cells")),
            });
        }
        Ok(())
    }

    fn finish(mut self) -> Vec<GridRow> {
        self.rows.sort_by_key(|row| row.number);
        self.rows
    }
}

#[cfg(test)]
mod tests;
