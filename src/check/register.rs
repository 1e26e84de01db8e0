//! What checks over register rows share: series of numbers and what a row concerns.

use super::findings::About;
use super::input::ArchiveInput;
use super::settings::NumberSeries;
use crate::model::{CalendarDate, ClassedRow, Exclusion};
use crate::reference::{Reference, SymbolKind};
use std::collections::{BTreeMap, BTreeSet};

/// A register row as what a finding concerns.
pub(super) fn row_about(row: &ClassedRow) -> About {
    About { path: row.path.clone(), unit: row.unit.clone(), date: row.date, sha256: row.document }
}

/// One numbered row of a series.
#[derive(Clone, Copy, Debug)]
pub(super) struct Numbered<'a> {
    /// The number.
    pub(super) value: u32,
    /// The row's date.
    pub(super) date: Option<CalendarDate>,
    /// The classed row.
    pub(super) row: &'a ClassedRow,
}

/// Rows by series, each in order of number: a series is a year, and with per-type series a type within it
/// (Decree 30 Đ.15(1)(c): the head decides). Secret rows have their own and are left out.
pub(super) fn series<'a>(input: &ArchiveInput<'a>) -> BTreeMap<(i32, String), Vec<Numbered<'a>>> {
    let is_agency = |code: &str| input.organisations.is_agency_code(code);
    let mut years: BTreeMap<i32, Vec<(&Reference, Numbered<'a>)>> = BTreeMap::new();
    for (row, reference) in input.records.rows.iter().zip(&input.records.row_references) {
        let (Some(reference), Some(year)) = (reference, row.date.map(CalendarDate::year)) else { continue };
        if matches!(row.exclusion, Some(Exclusion::Secret | Exclusion::Repeated)) || !reference.number.suffix.is_empty()
        {
            continue;
        }
        let numbered = Numbered { value: reference.number.value, date: row.date, row };
        years.entry(year).or_default().push((reference, numbered));
    }
    let mut series: BTreeMap<(i32, String), Vec<Numbered<'a>>> = BTreeMap::new();
    for (year, rows) in years {
        let per_type = match input.settings.number_series {
            NumberSeries::One => false,
            NumberSeries::PerType => true,
            NumberSeries::Automatic => repeats_numbers(&rows),
        };
        for (reference, numbered) in rows {
            let name = match (per_type, reference.kind(is_agency).0) {
                (false, _) => String::new(),
                (true, SymbolKind::Named(document_type)) => document_type.abbreviation().to_owned(),
                (true, SymbolKind::OfficialLetter | SymbolKind::Licence | SymbolKind::Unknown) => "công văn".to_owned(),
            };
            series.entry((year, name)).or_default().push(numbered);
        }
    }
    for rows in series.values_mut() {
        rows.sort_by_key(|numbered| numbered.value);
    }
    series
}

/// Whether the register looks as if several series ran beside each other: more than a tenth of its rows
/// repeat a number under another symbol.
fn repeats_numbers(rows: &[(&Reference, Numbered<'_>)]) -> bool {
    let numbers = rows.iter().map(|(_, numbered)| numbered.value).collect::<BTreeSet<_>>();
    (rows.len() - numbers.len()) * 10 > rows.len()
}

/// How messages name a series.
pub(super) fn series_name(year: i32, name: &str) -> String {
    if name.is_empty() { year.to_string() } else { format!("{name} {year}") }
}
