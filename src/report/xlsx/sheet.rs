//! Typed cells and how they are written: styles, row heights, print set-up, formula guard.

use crate::model::{CalendarDate, Sha256Digest, UnixTime};
use crate::report::{csv::is_formula, text};
use rust_xlsxwriter::{ExcelDateTime, Format as Style, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

/// Rows of a worksheet, the header apart (ECMA-376 Part 1, 18.3.1.73: 1,048,576).
const SHEET_ROWS: usize = 1_048_575;
/// Characters of a cell (Excel's limit is 32,767 UTF-16 units; astral characters take two).
const CELL_CHARACTERS: usize = 16_000;
/// Height of a line of the default font in points (Excel's default row height).
const LINE_HEIGHT: f64 = 15.0;
/// Excel's number of A4 (ECMA-376 Part 1, 18.3.1.63).
const A4: u8 = 9;
/// Column widths that are still legible when fitted to the width of a landscape A4 page.
const PRINTABLE_WIDTH: u32 = 200;

pub(super) struct Styles {
    head: Style,
    text: Style,
    guarded: Style,
    number: Style,
    percent: Style,
    date: Style,
    moment: Style,
}

impl Styles {
    pub(super) fn new() -> Self {
        let cell = || Style::new().set_align(FormatAlign::Top).set_text_wrap();
        Self {
            head: Style::new()
                .set_bold()
                .set_text_wrap()
                .set_align(FormatAlign::VerticalCenter)
                .set_background_color(0x00E6_ECF4)
                .set_border_bottom(FormatBorder::Thin),
            text: cell().set_num_format("@").set_align(FormatAlign::Left).set_indent(1),
            // The quote prefix keeps the text a text when the cell is edited and left again.
            guarded: cell().set_num_format("@").set_align(FormatAlign::Left).set_indent(1).set_quote_prefix(),
            number: cell().set_num_format("#,##0"),
            percent: cell().set_num_format("0.00%"),
            date: cell().set_num_format("dd/mm/yyyy"),
            moment: cell().set_num_format("dd/mm/yyyy hh:mm:ss"),
        }
    }
}

pub(super) enum Cell {
    Empty,
    Text(String),
    Number(f64),
    /// Hundredths of a percent, cut off.
    Percent(u32, u32),
    Date(CalendarDate),
    Moment(UnixTime),
}

impl From<&str> for Cell {
    fn from(value: &str) -> Self {
        if value.is_empty() { Self::Empty } else { Self::Text(text::visible(value)) }
    }
}

impl From<String> for Cell {
    fn from(value: String) -> Self {
        Self::from(value.as_str())
    }
}

impl From<u32> for Cell {
    fn from(value: u32) -> Self {
        Self::Number(f64::from(value))
    }
}

impl From<Sha256Digest> for Cell {
    fn from(value: Sha256Digest) -> Self {
        Self::Text(value.to_string())
    }
}

impl<T: Into<Self>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}

impl From<CalendarDate> for Cell {
    fn from(value: CalendarDate) -> Self {
        Self::Date(value)
    }
}

impl From<UnixTime> for Cell {
    fn from(value: UnixTime) -> Self {
        Self::Moment(value)
    }
}

pub(super) fn count(value: usize) -> Cell {
    Cell::from(u32::try_from(value).unwrap_or(u32::MAX))
}

/// One table; more rows than a worksheet holds go on in "name (2)".
pub(super) struct Sheet {
    name: &'static str,
    columns: Vec<(String, u32)>,
    pub(super) rows: Vec<Vec<Cell>>,
}

impl Sheet {
    pub(super) fn new(name: &'static str, columns: &[(&str, u32)]) -> Self {
        Self {
            name,
            columns: columns.iter().map(|(head, width)| ((*head).to_owned(), *width)).collect(),
            rows: Vec::new(),
        }
    }

    fn lines(&self, cells: &[Cell]) -> u32 {
        cells
            .iter()
            .zip(&self.columns)
            .map(|(cell, (_, width))| match cell {
                Cell::Text(value) => lines_of(value, *width),
                _ => 1,
            })
            .max()
            .unwrap_or(1)
    }

    pub(super) fn write(&self, workbook: &mut Workbook, styles: &Styles) -> Result<(), XlsxError> {
        let mut chunks: Vec<&[Vec<Cell>]> = self.rows.chunks(SHEET_ROWS).collect();
        if chunks.is_empty() {
            chunks.push(&[]);
        }
        for (part, rows) in chunks.into_iter().enumerate() {
            let sheet = workbook.add_worksheet();
            if part == 0 {
                sheet.set_name(self.name)?;
            } else {
                sheet.set_name(format!("{} ({})", self.name, part + 1))?;
            }
            for (column, (head, width)) in (0..).zip(&self.columns) {
                sheet.write_string_with_format(0, column, head, &styles.head)?;
                sheet.set_column_width(column, f64::from(*width))?;
            }
            // Bold letters are wider.
            let lines = self.columns.iter().map(|(head, width)| lines_of(head, width.saturating_sub(width / 5)));
            sheet.set_row_height(0, LINE_HEIGHT * f64::from(lines.max().unwrap_or(1)))?;
            for (row, cells) in (1..).zip(rows) {
                for (column, cell) in (0..).zip(cells) {
                    write_cell(sheet, row, column, cell, styles)?;
                }
                let lines = self.lines(cells);
                if lines > 1 {
                    sheet.set_row_height(row, LINE_HEIGHT * f64::from(lines))?;
                }
            }
            sheet.set_freeze_panes(1, 0)?;
            let last_column = u16::try_from(self.columns.len().saturating_sub(1)).unwrap_or_default();
            let last_row = u32::try_from(rows.len()).unwrap_or_default();
            sheet.autofilter(0, 0, last_row, last_column)?;
            sheet.set_landscape().set_paper_size(A4).set_repeat_rows(0, 0)?;
            if self.columns.iter().map(|(_, width)| width).sum::<u32>() < PRINTABLE_WIDTH {
                sheet.set_print_fit_to_pages(1, 0);
            } else {
                sheet.set_print_fit_to_pages(2, 0);
            }
        }
        Ok(())
    }
}

/// Lines the longest cell takes when wrapped: not every program measures that when it opens a file.
fn lines_of(text: &str, width: u32) -> u32 {
    let columns = u32::try_from(text::width(text)).unwrap_or(u32::MAX);
    // Widths are in digits (ECMA-376 Part 1, 18.3.1.13); running text is narrower.
    columns.div_ceil(width + width / 10).clamp(1, 12)
}

fn write_cell(sheet: &mut Worksheet, row: u32, column: u16, cell: &Cell, styles: &Styles) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => {}
        Cell::Text(value) => {
            let style = if is_formula(value) { &styles.guarded } else { &styles.text };
            if value.chars().nth(CELL_CHARACTERS).is_some() {
                let short: String = value.chars().take(CELL_CHARACTERS).chain(['…']).collect();
                sheet.write_string_with_format(row, column, short, style)?;
            } else {
                sheet.write_string_with_format(row, column, value, style)?;
            }
        }
        Cell::Number(value) => {
            sheet.write_number_with_format(row, column, *value, &styles.number)?;
        }
        Cell::Percent(part, whole) => {
            if let Some(cut) = (u64::from(*part) * 10_000).checked_div(u64::from(*whole)) {
                let cut = f64::from(u32::try_from(cut).unwrap_or(u32::MAX)) / 10_000.0;
                sheet.write_number_with_format(row, column, cut, &styles.percent)?;
            }
        }
        Cell::Date(value) => match excel_date(*value) {
            Some(date) => {
                sheet.write_datetime_with_format(row, column, &date, &styles.date)?;
            }
            // Before 1900 or after 9999 a spreadsheet has no dates.
            None => {
                sheet.write_string_with_format(row, column, value.day_first(), &styles.text)?;
            }
        },
        Cell::Moment(value) => {
            let date = value.in_vietnam().and_then(|t| {
                let date = excel_date(CalendarDate(t.date()))?;
                date.and_hms(t.hour().into(), t.minute(), f64::from(t.second())).ok()
            });
            match date {
                Some(date) => {
                    sheet.write_datetime_with_format(row, column, &date, &styles.moment)?;
                }
                None => {
                    sheet.write_string_with_format(row, column, value.to_string(), &styles.text)?;
                }
            }
        }
    }
    Ok(())
}

pub(super) fn excel_date(value: CalendarDate) -> Option<ExcelDateTime> {
    let year = u16::try_from(value.year()).ok().filter(|year| *year >= 1900)?;
    ExcelDateTime::from_ymd(year, value.month(), value.day()).ok()
}
