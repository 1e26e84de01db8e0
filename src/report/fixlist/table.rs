//! Which findings go into a fix list, grouped by unit, with their keys.

use super::{Column, Digest, seal};
use crate::model::{CalendarDate, CheckId, Finding, Level, Report, Scope, Sha256Digest};
use crate::report::view::View;
use crate::report::{Options, RenderError, text, words};
use std::collections::{BTreeMap, HashMap};

/// The fix list of one unit.
pub struct UnitList {
    /// Unit code; empty: findings of no single unit.
    pub unit: String,
    /// Its name as printed.
    pub name: String,
    /// Label of the period.
    pub period: String,
    pub(super) rows: Vec<Row>,
}

impl UnitList {
    /// Number of rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is nothing to fix.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

/// One row: protected cells as text, in the order of [`Column::ALL`]; the date apart, because it is
/// written as a date.
pub(super) struct Row {
    pub(super) cells: BTreeMap<usize, String>,
    pub(super) date: Option<CalendarDate>,
    pub(super) key: Sha256Digest,
}

impl Row {
    fn cell(&self, column: Column) -> &str {
        self.cells.get(&column.index()).map(String::as_str).unwrap_or_default()
    }

    /// Digest over everything protected.
    pub(super) fn seal(&self, digest: Digest<'_>) -> Sha256Digest {
        let date = self.date.map(|date| date.day_first()).unwrap_or_default();
        let key = self.key.to_string();
        let parts: Vec<&str> = Column::ALL
            .iter()
            .filter(|column| !column.is_answer() && **column != Column::Seal)
            .map(|column| match column {
                Column::Date => date.as_str(),
                Column::Key => key.as_str(),
                column => self.cell(*column),
            })
            .collect();
        seal(digest, &parts)
    }
}

/// What a key stands for: enough for a waiver.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeyedFinding {
    /// Check id.
    pub check: CheckId,
    /// What it is about.
    pub subject: String,
    /// Path of the file, if one is concerned.
    pub path: Option<String>,
    /// Content hash of the file.
    pub sha256: Option<Sha256Digest>,
    /// Unit code.
    pub unit: Option<String>,
    /// Document date.
    pub date: Option<CalendarDate>,
}

/// Identity of what is to be done, independent of language, masking and wording: what a waiver is keyed by,
/// check, document and file hash; without a file its subject.
fn key_of(finding: &Finding, period: &str, digest: Digest<'_>) -> Sha256Digest {
    let sha256 = finding.sha256.map(|sha256| sha256.to_string()).unwrap_or_default();
    let parts = [
        period,
        finding.check.as_ref(),
        finding.path.as_deref().unwrap_or(&finding.subject),
        &sha256,
        finding.unit.as_deref().unwrap_or_default(),
    ];
    seal(digest, &parts)
}

/// What a unit can act on: no rate (the consequence), no mere information, nothing waived.
fn belongs(finding: &Finding) -> bool {
    finding.waived.is_none() && finding.scope != Scope::Rate && finding.level != Level::Info
}

/// The findings of a period by their keys, for the import.
///
/// # Errors
/// [`RenderError::UnknownPeriod`].
pub fn keys(
    report: &Report,
    period: &str,
    digest: Digest<'_>,
) -> Result<HashMap<Sha256Digest, KeyedFinding>, RenderError> {
    let options = Options { period: Some(period.to_owned()), ..Options::default() };
    let view = View::new(report, &options)?;
    let keyed = view.findings.iter().filter(|finding| belongs(finding)).map(|finding| {
        let what = KeyedFinding {
            check: finding.check.clone(),
            subject: finding.subject.clone(),
            path: finding.path.clone(),
            sha256: finding.sha256,
            unit: finding.unit.clone(),
            date: finding.date,
        };
        (key_of(finding, period, digest), what)
    });
    Ok(keyed.collect())
}

/// The fix lists of the period of `options`, one per unit that has something to fix; findings of no single
/// unit come last.
///
/// # Errors
/// [`RenderError::UnknownPeriod`].
pub fn lists(report: &Report, options: &Options, digest: Digest<'_>) -> Result<Vec<UnitList>, RenderError> {
    let view = View::new(report, options)?;
    let period = options.period.as_deref().unwrap_or_default();
    let mut units: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in view.findings.iter().filter(|finding| belongs(finding)) {
        units.entry(finding.unit.as_deref().unwrap_or_default()).or_default().push(finding);
    }
    let general = units.remove("");
    let mut lists = Vec::new();
    for (unit, findings) in units.into_iter().chain(general.map(|findings| ("", findings))) {
        let name = match unit {
            "" => view.say("Chung, chưa rõ đơn vị", "General, unit unknown").to_owned(),
            unit => view.unit_name(unit),
        };
        let rows = rows(&view, period, &findings, digest);
        lists.push(UnitList { unit: unit.to_owned(), name, period: period.to_owned(), rows });
    }
    Ok(lists)
}

/// Rows in the order of the findings; findings with one key (the same fault twice in a file) are one row.
fn rows(view: &View<'_>, period: &str, findings: &[&Finding], digest: Digest<'_>) -> Vec<Row> {
    let mut order: Vec<Row> = Vec::new();
    let mut known: HashMap<Sha256Digest, usize> = HashMap::new();
    for finding in findings {
        let key = key_of(finding, period, digest);
        let message = view.message(finding);
        if let Some(row) = known.get(&key).and_then(|at| order.get_mut(*at)) {
            let detail = row.cells.entry(Column::Detail.index()).or_default();
            if !detail.contains(&message) {
                detail.push(' ');
                detail.push_str(&message);
            }
            continue;
        }
        known.insert(key, order.len());
        let document = finding.path.as_deref().and_then(|path| view.document(path));
        let (who, action) = view.remedy(finding.check.as_ref());
        let reference = match document.and_then(|document| document.number.as_deref()) {
            Some(number) => text::visible(number),
            None => view.subject(finding),
        };
        let cells = [
            (Column::Number, (order.len() + 1).to_string()),
            (Column::Reference, reference),
            (Column::File, finding.path.as_deref().map(|path| text::visible(&view.path(path))).unwrap_or_default()),
            (Column::Level, words::level(finding.level, view.language).to_owned()),
            (Column::Problem, view.title(finding.check.as_ref())),
            (Column::Detail, message),
            (Column::Action, action),
            (Column::Who, who),
            (Column::Check, text::visible(&finding.check)),
            (Column::FileDigest, finding.sha256.map(|sha256| sha256.to_string()).unwrap_or_default()),
        ];
        let cells = cells.into_iter().map(|(column, cell)| (column.index(), clean(&cell))).collect();
        order.push(Row { cells, date: finding.date, key });
    }
    order
}

/// Characters of a cell that every program keeps (Excel's limit is 32,767 UTF-16 units).
const CELL_CHARACTERS: usize = 16_000;

/// As it comes back from a spreadsheet: no blank at the ends, no cut by the program.
fn clean(cell: &str) -> String {
    let cell = cell.trim();
    if cell.chars().nth(CELL_CHARACTERS).is_some() {
        cell.chars().take(CELL_CHARACTERS).chain(['…']).collect()
    } else {
        cell.to_owned()
    }
}
