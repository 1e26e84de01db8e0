//! Registers and lists as an office keeps them, read from CSV and spreadsheet bytes into rows.
//!
//! Nothing is guessed: which column holds what is matched by whole header texts or the configured mapping and
//! reported; a value that cannot be read leaves its field empty and a problem that names file, row and column.
//! Reading the bytes from disk is the caller's work.

mod encoding;
mod grid;
mod header;
mod problem;
mod rows;
pub mod schema;
#[cfg(feature = "cli")]
mod spreadsheet;
mod value;

pub use encoding::{Encoding, NotAnEncoding};
pub use header::MatchedColumn;
pub use problem::{ProblemKind, RegisterError, RegisterProblem};
pub use rows::EXEMPTION_REASONS;

use crate::model::{CancelledNumber, Delegation, Exemption, Organisation, PostRow, RegisterRow, Waiver, WorkFile};
use grid::{GridRow, Rows};
use schema::Schema;
use std::collections::BTreeMap;

/// File formats, told by extension.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// Comma, semicolon or tab separated.
    Csv,
    /// Office Open XML (ECMA-376).
    Xlsx,
    /// OpenDocument (ISO/IEC 26300).
    Ods,
}

impl Format {
    /// By the extension of a path.
    pub fn of_path(path: &str) -> Option<Self> {
        let (_, extension) = path.rsplit_once('.')?;
        match extension.to_ascii_lowercase().as_str() {
            "csv" | "tsv" | "txt" => Some(Self::Csv),
            "xlsx" | "xlsm" => Some(Self::Xlsx),
            "ods" => Some(Self::Ods),
            _ => None,
        }
    }
}

/// A register file as the caller found it.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// Path relative to the configuration: for the format and for messages.
    pub file: &'a str,
    /// Its content.
    pub bytes: &'a [u8],
    /// Sheet of a spreadsheet; `None`: the first.
    pub sheet: Option<&'a str>,
    /// Encoding of a CSV; `None`: byte order mark, else strict UTF-8.
    pub encoding: Option<Encoding>,
    /// Canonical field to header text in the file; wins over the preset.
    pub columns: &'a BTreeMap<String, String>,
}

impl<'a> Source<'a> {
    /// A source without sheet, encoding or mapping.
    pub fn plain(file: &'a str, bytes: &'a [u8]) -> Self {
        static NO_COLUMNS: BTreeMap<String, String> = BTreeMap::new();
        Self { file, bytes, sheet: None, encoding: None, columns: &NO_COLUMNS }
    }
}

/// What a file held.
#[derive(Clone, PartialEq, Debug)]
pub struct RegisterFile<R> {
    /// Rows in file order.
    pub rows: Vec<R>,
    /// Row of the header as the user sees it.
    pub header_row: u32,
    /// Which columns hold which fields.
    pub matched: Vec<MatchedColumn>,
    /// Headers that matched nothing, as written.
    pub unmatched_headers: Vec<String>,
    /// Prescribed columns that are missing: canonical field and prescribed header (check
    /// `register-column-missing`).
    pub missing_fields: Vec<(&'static str, &'static str)>,
    /// What could not be read, in row order; at most 10,000.
    pub problems: Vec<RegisterProblem>,
    /// Problems beyond those listed.
    pub unlisted_problems: u32,
    /// Encoding found; `None` for spreadsheets.
    pub encoding: Option<Encoding>,
    /// Sheet read; `None` for CSV.
    pub sheet: Option<String>,
    /// Empty rows skipped.
    pub empty_rows: u32,
    /// Rows with content but without reference (or code) skipped: section titles, totals. Those that look like
    /// a document are among the problems as well.
    pub rows_without_reference: u32,
}

/// A row of a table as a person reads it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TableRow {
    /// Row as the file's viewer shows it, from 1.
    pub number: u32,
    /// Cells, trimmed; dates day first.
    pub cells: Vec<String>,
}

/// Reads one sheet of a spreadsheet as it stands, whatever it holds, under the limits of every register.
///
/// # Errors
/// [`RegisterError`] if the file is no spreadsheet, has no such sheet or is too large.
#[cfg(feature = "cli")]
pub fn read_sheet(file: &str, bytes: &[u8], sheet: &str) -> Result<Vec<TableRow>, RegisterError> {
    let format = Format::of_path(file).ok_or_else(|| RegisterError::FormatUnknown { file: file.to_owned() })?;
    let (_, rows) = spreadsheet::rows(file, bytes, format, Some(sheet))?;
    let text = |row: GridRow| TableRow { number: row.number, cells: row.cells.iter().map(grid::Cell::text).collect() };
    Ok(rows.into_iter().map(text).collect())
}

/// Reads an outgoing register (Decree 30, PL IV section I).
///
/// # Errors
/// [`RegisterError`] if the file as a whole cannot be used.
pub fn read_outgoing(source: &Source<'_>) -> Result<RegisterFile<RegisterRow>, RegisterError> {
    read(source, &schema::OUTGOING, rows::outgoing)
}

/// Reads a post book (PL IV section III).
///
/// # Errors
/// As [`read_outgoing`].
pub fn read_post_book(source: &Source<'_>) -> Result<RegisterFile<PostRow>, RegisterError> {
    read(source, &schema::POST_BOOK, rows::post_book)
}

/// Reads a list of work files.
///
/// # Errors
/// As [`read_outgoing`].
pub fn read_work_files(source: &Source<'_>) -> Result<RegisterFile<WorkFile>, RegisterError> {
    read(source, &schema::WORK_FILES, rows::work_file)
}

/// Reads exemptions from the paper rule.
///
/// # Errors
/// As [`read_outgoing`].
pub fn read_exemptions(source: &Source<'_>) -> Result<RegisterFile<Exemption>, RegisterError> {
    read(source, &schema::EXEMPTIONS, rows::exemption)
}

/// Reads waivers of findings.
///
/// # Errors
/// As [`read_outgoing`].
pub fn read_waivers(source: &Source<'_>) -> Result<RegisterFile<Waiver>, RegisterError> {
    read(source, &schema::WAIVERS, rows::waiver)
}

/// Reads cancelled numbers.
///
/// # Errors
/// As [`read_outgoing`].
pub fn read_cancelled(source: &Source<'_>) -> Result<RegisterFile<CancelledNumber>, RegisterError> {
    read(source, &schema::CANCELLED, rows::cancelled)
}

/// Reads recorded authority to sign for another.
///
/// # Errors
/// As [`read_outgoing`].
pub fn read_delegations(source: &Source<'_>) -> Result<RegisterFile<Delegation>, RegisterError> {
    read(source, &schema::DELEGATIONS, rows::delegation)
}

/// Reads the organisation table.
///
/// # Errors
/// As [`read_outgoing`].
pub fn read_organisations(source: &Source<'_>) -> Result<RegisterFile<Organisation>, RegisterError> {
    read(source, &schema::ORGANISATIONS, rows::organisation)
}

fn read<R>(
    source: &Source<'_>,
    schema: &Schema,
    build: fn(&mut rows::RowReader<'_>) -> Option<R>,
) -> Result<RegisterFile<R>, RegisterError> {
    if source.bytes.len() > grid::MAX_FILE_BYTES {
        return Err(grid::too_many_bytes(source.file, grid::MAX_FILE_BYTES));
    }
    let matcher = header::Matcher::new(source.file, schema, source.columns)?;
    match Format::of_path(source.file) {
        None => Err(RegisterError::FormatUnknown { file: source.file.to_owned() }),
        Some(Format::Csv) => {
            let (text, encoding) = encoding::decode(source.file, source.bytes, source.encoding)?;
            let text = grid::unify_line_ends(text);
            let rows = grid::csv_rows(source.file, &text, delimiter(&matcher, source.file, &text));
            let mut file = collect(source.file, &matcher, rows, build)?;
            file.encoding = Some(encoding);
            Ok(file)
        }
        #[cfg(feature = "cli")]
        Some(format) => {
            let (sheet, rows, others) = sheet_rows(source, format, &matcher)?;
            let mut file = collect(source.file, &matcher, Box::new(rows.into_iter().map(Ok)), build)?;
            file.sheet = Some(sheet);
            file.problems.splice(0..0, others);
            Ok(file)
        }
        #[cfg(not(feature = "cli"))]
        Some(_) => Err(RegisterError::SpreadsheetsNotSupported { file: source.file.to_owned() }),
    }
}

/// The configured sheet; else the first one shown that has the header, and a problem for every other sheet that
/// has it too, hidden or not: what is not read is said.
#[cfg(feature = "cli")]
fn sheet_rows(
    source: &Source<'_>,
    format: Format,
    matcher: &header::Matcher<'_>,
) -> Result<(String, Vec<GridRow>, Vec<RegisterProblem>), RegisterError> {
    let Source { file, bytes, .. } = *source;
    let sheets = if source.sheet.is_some() { Vec::new() } else { spreadsheet::sheets(file, bytes, format)? };
    if sheets.len() < 2 {
        let (sheet, rows) = spreadsheet::rows(file, bytes, format, source.sheet)?;
        return Ok((sheet, rows, Vec::new()));
    }
    let mut chosen = None;
    let mut others = Vec::new();
    // What is shown comes first.
    let order = sheets.iter().filter(|sheet| !sheet.hidden).chain(sheets.iter().filter(|sheet| sheet.hidden));
    for sheet in order {
        let (name, rows) = spreadsheet::rows(file, bytes, format, Some(&sheet.name))?;
        let window = rows.get(..rows.len().min(header::SEARCHED_ROWS)).unwrap_or_default();
        let Ok(layout) = header::find_layout(matcher, window) else { continue };
        if chosen.is_none() {
            chosen = Some((name, rows));
        } else {
            let location = crate::model::RowLocation { file: file.to_owned(), row: layout.header_row };
            others.push(RegisterProblem::new(location, None, ProblemKind::SheetNotRead, &name));
        }
    }
    match chosen {
        Some((name, rows)) => Ok((name, rows, others)),
        // The message about the missing header speaks of the first sheet.
        None => spreadsheet::rows(file, bytes, format, None).map(|(name, rows)| (name, rows, others)),
    }
}

/// Bytes in which the header is sought for each delimiter.
const MAX_WINDOW_BYTES: usize = 256 << 10;

/// The delimiter under which the header matches best; the first of equals.
fn delimiter(matcher: &header::Matcher<'_>, file: &str, text: &str) -> u8 {
    // Enough text for the search window and no more: each delimiter parses it once.
    let lines = text.split_inclusive('\n').take(header::SEARCHED_ROWS).map(str::len).sum::<usize>();
    let window = text.get(..text.floor_char_boundary(lines.min(MAX_WINDOW_BYTES))).unwrap_or(text);
    let matches = |delimiter: u8| {
        let rows = grid::csv_rows(file, window, delimiter).map_while(Result::ok).collect::<Vec<_>>();
        header::best_match(matcher, &rows)
    };
    let [comma, rest @ ..] = grid::DELIMITERS;
    let mut best = (matches(comma), comma);
    for delimiter in rest {
        let found = matches(delimiter);
        if found > best.0 {
            best = (found, delimiter);
        }
    }
    best.1
}

/// Problems kept per file: a column of the wrong kind fails in every row, and nobody reads on.
const MAX_PROBLEMS: usize = 10_000;

fn collect<R>(
    name: &str,
    matcher: &header::Matcher<'_>,
    mut rows: Rows<'_>,
    build: fn(&mut rows::RowReader<'_>) -> Option<R>,
) -> Result<RegisterFile<R>, RegisterError> {
    let window = rows.by_ref().take(header::SEARCHED_ROWS).collect::<Result<Vec<GridRow>, _>>()?;
    let layout = header::find_layout(matcher, &window)?;
    let mut file = RegisterFile {
        rows: Vec::new(),
        header_row: layout.header_row,
        matched: layout.matched.clone(),
        unmatched_headers: layout.unmatched.clone(),
        missing_fields: layout
            .missing
            .iter()
            .map(|field| (field.name, field.headers.first().copied().unwrap_or(field.name)))
            .collect(),
        problems: layout.problems.clone(),
        unlisted_problems: 0,
        encoding: None,
        sheet: None,
        empty_rows: 0,
        rows_without_reference: 0,
    };
    for row in window.into_iter().skip(layout.rows_above_data).map(Ok).chain(rows) {
        let row = row?;
        if row.is_blank() {
            file.empty_rows = file.empty_rows.saturating_add(1);
            continue;
        }
        if repeats_header(matcher, &layout, &row) {
            file.rows_without_reference = file.rows_without_reference.saturating_add(1);
            continue;
        }
        let mut reader = rows::RowReader::new(name, &layout, &row);
        match build(&mut reader) {
            Some(built) => file.rows.push(built),
            None => file.rows_without_reference = file.rows_without_reference.saturating_add(1),
        }
        let found = reader.into_problems();
        if file.problems.len() < MAX_PROBLEMS {
            file.problems.extend(found);
        } else {
            let count = u32::try_from(found.len()).unwrap_or(u32::MAX);
            file.unlisted_problems = file.unlisted_problems.saturating_add(count);
        }
    }
    Ok(file)
}

/// The header once more, as a register that is printed month by month has it.
fn repeats_header(matcher: &header::Matcher<'_>, layout: &header::Layout, row: &GridRow) -> bool {
    let same = |matched: &MatchedColumn| {
        let column = usize::try_from(matched.column).ok().and_then(|column| column.checked_sub(1));
        column.is_some_and(|column| match row.cell(column) {
            grid::Cell::Text(text) => header::header_key(text) == header::header_key(&matched.header),
            _ => false,
        })
    };
    // The first column decides for nearly every row.
    layout.matched.first().is_some_and(same)
        && layout.matched.iter().filter(|matched| same(matched)).count() >= matcher.minimum_headers()
}

#[cfg(test)]
mod tests;
