//! ODS `content.xml` to cells (ISO/IEC 26300-1, clause 9). Read here and not by the spreadsheet library,
//! whose reader expands repeated cells before any bound of ours applies.

use super::super::grid::{Cell, GridRow, MAX_COLUMNS};
use super::super::problem::RegisterError;
use super::{Collector, MAX_SHEETS, Sheet, unreadable};
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};

/// Spaces one text:s may stand for.
const MAX_SPACES: usize = 1_000;

/// The tables, and which of them have a style with table:display="false" (17.15).
pub(super) fn sheets(file: &str, content: &str) -> Result<Vec<Sheet>, RegisterError> {
    let mut reader = quick_xml::Reader::from_str(content);
    reader.config_mut().expand_empty_elements = true;
    let mut sheets = Vec::new();
    let mut style = None;
    let mut hidden = std::collections::BTreeSet::new();
    let mut depth = 0_u32;
    loop {
        match reader.read_event().map_err(|error| unreadable(file, error))? {
            Event::Start(element) => match element.local_name().as_ref() {
                "style" => style = attribute(&element, "name"),
                "table-properties" if attribute(&element, "display").as_deref() == Some("false") => {
                    hidden.extend(style.clone().filter(|_| hidden.len() < MAX_SHEETS));
                }
                "table" => {
                    depth = depth.saturating_add(1);
                    if depth == 1 && sheets.len() < MAX_SHEETS {
                        let hidden = attribute(&element, "style-name").is_some_and(|style| hidden.contains(&style));
                        sheets.push(Sheet { name: attribute(&element, "name").unwrap_or_default(), hidden });
                    }
                }
                _ => {}
            },
            Event::End(element) if element.local_name().as_ref() == "table" => depth = depth.saturating_sub(1),
            Event::Eof => return Ok(sheets),
            _ => {}
        }
    }
}

pub(super) fn rows(file: &str, content: &str, sheet: Option<&str>) -> Result<(String, Vec<GridRow>), RegisterError> {
    let mut reader = quick_xml::Reader::from_str(content);
    reader.config_mut().expand_empty_elements = true;
    let mut available = Vec::new();
    let mut table: Option<Table<'_>> = None;
    // Tables inside a cell belong to the cell.
    let mut table_depth = 0_u32;
    loop {
        match reader.read_event().map_err(|error| unreadable(file, error))? {
            Event::Start(element) => {
                let name = element.local_name();
                if name.as_ref() == "table" {
                    table_depth = table_depth.saturating_add(1);
                    if table_depth == 1 {
                        let name = attribute(&element, "name").unwrap_or_default();
                        if available.len() < 20 {
                            available.push(name.clone());
                        }
                        if sheet.is_none_or(|wanted| wanted == name) {
                            table = Some(Table::new(file, name));
                        }
                    }
                } else if let Some(table) = &mut table {
                    table.start(name.as_ref(), &element)?;
                }
            }
            Event::End(element) => {
                let name = element.local_name();
                if name.as_ref() == "table" {
                    table_depth = table_depth.saturating_sub(1);
                    if table_depth == 0
                        && let Some(table) = table.take()
                    {
                        return Ok((table.name, table.collector.finish()));
                    }
                } else if let Some(table) = &mut table {
                    table.end(name.as_ref())?;
                }
            }
            Event::Text(text) => {
                if let Some(table) = &mut table {
                    table.text(&text.xml10_content());
                }
            }
            Event::CData(text) => {
                if let Some(table) = &mut table {
                    table.text(&text.xml10_content());
                }
            }
            Event::GeneralRef(reference) => {
                if let Some(table) = &mut table {
                    let name = reference.xml10_content();
                    table.text(&unescape(&format!("&{name};")).map_err(|error| unreadable(file, error))?);
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    Err(match table {
        Some(_) => unreadable(file, "the table does not end"),
        None => RegisterError::SheetMissing { file: file.to_owned(), sheet: sheet.map(str::to_owned), available },
    })
}

struct Table<'a> {
    name: String,
    collector: Collector<'a>,
    /// Number of the row being read, from 1, and for how many it stands.
    row: u32,
    row_repeats: u32,
    /// Filled cells of the row: column, repeats, content.
    cells: Vec<(usize, usize, Cell)>,
    column: usize,
    cell: Option<OpenCell>,
}

#[derive(Default)]
struct OpenCell {
    repeats: usize,
    value: Option<Cell>,
    text: String,
    paragraphs: u32,
    in_paragraph: u32,
    in_annotation: u32,
}

impl<'a> Table<'a> {
    fn new(file: &'a str, name: String) -> Self {
        let collector = Collector::new(file);
        Self { name, collector, row: 1, row_repeats: 1, cells: Vec::new(), column: 0, cell: None }
    }

    fn start(&mut self, name: &str, element: &BytesStart<'_>) -> Result<(), RegisterError> {
        match (name, &mut self.cell) {
            ("table-row", None) => {
                self.row_repeats = count(element, "number-rows-repeated").try_into().unwrap_or(u32::MAX);
                self.column = 0;
                self.cells.clear();
            }
            ("table-cell" | "covered-table-cell", None) => {
                let repeats = count(element, "number-columns-repeated");
                self.cell = Some(OpenCell { repeats, value: typed_value(element), ..Default::default() });
            }
            ("annotation", Some(cell)) => cell.in_annotation = cell.in_annotation.saturating_add(1),
            ("p", Some(cell)) if cell.in_annotation == 0 => {
                if cell.paragraphs > 0 && cell.in_paragraph == 0 {
                    cell.text.push('\n');
                }
                cell.paragraphs = cell.paragraphs.saturating_add(1);
                cell.in_paragraph = cell.in_paragraph.saturating_add(1);
            }
            ("s", Some(cell)) if cell.in_paragraph > 0 => {
                cell.text.extend(std::iter::repeat_n(' ', count(element, "c").min(MAX_SPACES)));
            }
            ("tab", Some(cell)) if cell.in_paragraph > 0 => cell.text.push(' '),
            ("line-break", Some(cell)) if cell.in_paragraph > 0 => cell.text.push('\n'),
            _ => {}
        }
        Ok(())
    }

    fn text(&mut self, text: &str) {
        if let Some(cell) = &mut self.cell
            && cell.in_paragraph > 0
            && cell.in_annotation == 0
        {
            cell.text.push_str(text);
        }
    }

    fn end(&mut self, name: &str) -> Result<(), RegisterError> {
        match (name, &mut self.cell) {
            ("annotation", Some(cell)) => cell.in_annotation = cell.in_annotation.saturating_sub(1),
            ("p", Some(cell)) if cell.in_annotation == 0 => cell.in_paragraph = cell.in_paragraph.saturating_sub(1),
            ("table-cell" | "covered-table-cell", Some(_)) => {
                if let Some(cell) = self.cell.take() {
                    let repeats = cell.repeats;
                    let content = match cell.value {
                        Some(value) => value,
                        None if cell.text.is_empty() => Cell::Empty,
                        None => Cell::Text(cell.text),
                    };
                    if content != Cell::Empty {
                        self.cells.push((self.column, repeats, content));
                    }
                    self.column = self.column.saturating_add(repeats);
                }
            }
            ("table-row", None) => self.end_row()?,
            _ => {}
        }
        Ok(())
    }

    fn end_row(&mut self) -> Result<(), RegisterError> {
        let cells = std::mem::take(&mut self.cells);
        if !cells.is_empty() {
            // A filled row may stand for several; blank ones only move the number.
            let width = cells.iter().map(|(column, repeats, _)| column.saturating_add(*repeats).min(MAX_COLUMNS)).max();
            let repeats = usize::try_from(self.row_repeats).unwrap_or(usize::MAX);
            self.collector.afford(width.unwrap_or(0).saturating_mul(repeats))?;
            for number in self.row..self.row.saturating_add(self.row_repeats) {
                for (column, repeats, content) in &cells {
                    let end = column.saturating_add(*repeats).min(MAX_COLUMNS);
                    for column in *column..end {
                        self.collector.put(number, column, content.clone())?;
                    }
                }
            }
        }
        self.row = self.row.saturating_add(self.row_repeats);
        Ok(())
    }
}

/// office:value-type and its value attribute (19.385 and 19.367 ff.); strings take their text.
fn typed_value(element: &BytesStart<'_>) -> Option<Cell> {
    let value_type = attribute(element, "value-type")?;
    match value_type.as_str() {
        "float" | "currency" | "percentage" => attribute(element, "value")?.parse().ok().map(Cell::Number),
        "date" => Some(Cell::Date(attribute(element, "date-value")?.get(..10).and_then(|day| day.parse().ok()))),
        "boolean" => Some(Cell::Bool(attribute(element, "boolean-value")? == "true")),
        "string" => attribute(element, "string-value").map(Cell::Text),
        _ => None,
    }
}

fn count(element: &BytesStart<'_>, name: &str) -> usize {
    attribute(element, name).and_then(|value| value.trim().parse().ok()).unwrap_or(1)
}

/// An attribute by local name, unescaped; a malformed one counts as absent.
fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = element.attributes();
    let found = attributes
        .with_checks(false)
        .filter_map(Result::ok)
        .find(|attribute| attribute.key.local_name().as_ref() == name)?;
    unescape(&found.value).ok().map(std::borrow::Cow::into_owned)
}
