//! XLSX cells as a stream: the sheet's own extent is never allocated.

use super::super::grid::{Cell, GridRow};
use super::super::problem::RegisterError;
use super::{Collector, Sheet, unreadable};
use crate::model::CalendarDate;
use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx};
use std::io::Cursor;

pub(super) fn sheets(file: &str, bytes: &[u8]) -> Result<Vec<Sheet>, RegisterError> {
    let workbook: Xlsx<Cursor<&[u8]>> = calamine::open_workbook_from_rs(Cursor::new(bytes))
        .map_err(|error: calamine::XlsxError| unreadable(file, error))?;
    let sheets = workbook.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    Ok(sheets.map(|sheet| Sheet { name: sheet.name.clone(), hidden: sheet.visible != SheetVisible::Visible }).collect())
}

pub(super) fn rows(file: &str, bytes: &[u8], sheet: Option<&str>) -> Result<(String, Vec<GridRow>), RegisterError> {
    let mut workbook: Xlsx<Cursor<&[u8]>> = calamine::open_workbook_from_rs(Cursor::new(bytes))
        .map_err(|error: calamine::XlsxError| unreadable(file, error))?;
    let sheets = workbook.sheets_metadata();
    let found =
        sheets.iter().filter(|s| s.typ == SheetType::WorkSheet).find(|s| sheet.is_none_or(|name| s.name == name));
    let Some(name) = found.map(|sheet| sheet.name.clone()) else {
        return Err(RegisterError::SheetMissing {
            file: file.to_owned(),
            sheet: sheet.map(str::to_owned),
            available: sheets.iter().take(20).map(|sheet| sheet.name.clone()).collect(),
        });
    };
    let mut cells = workbook.worksheet_cells_reader(&name).map_err(|error| unreadable(file, error))?;
    let mut collector = Collector::new(file);
    while let Some(cell) = cells.next_cell().map_err(|error| unreadable(file, error))? {
        let (row, column) = cell.get_position();
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        collector.put(row.saturating_add(1), column, convert(cell.get_value()))?;
    }
    Ok((name, collector.finish()))
}

fn convert(value: &DataRef<'_>) -> Cell {
    match value {
        DataRef::Int(value) => {
            // Counts and serial numbers: far below 2^53.
            #[allow(clippy::cast_precision_loss)]
            let value = *value as f64;
            Cell::Number(value)
        }
        DataRef::Float(value) => Cell::Number(*value),
        DataRef::String(text) => Cell::Text(text.clone()),
        DataRef::SharedString(text) => Cell::Text((*text).to_owned()),
        DataRef::Bool(value) => Cell::Bool(*value),
        DataRef::DateTime(value) if value.is_duration() => Cell::Number(value.as_f64()),
        DataRef::DateTime(value) => Cell::Date(day(value)),
        DataRef::DateTimeIso(text) => Cell::Date(text.get(..10).and_then(|day| day.parse().ok())),
        DataRef::DurationIso(text) => Cell::Text(text.clone()),
        DataRef::Error(error) => Cell::Error(error.to_string()),
        DataRef::Empty => Cell::Empty,
    }
}

fn day(value: &ExcelDateTime) -> Option<CalendarDate> {
    let (year, month, day, ..) = value.to_ymd_hms_milli();
    CalendarDate::new(i32::from(year), month, day)
}
