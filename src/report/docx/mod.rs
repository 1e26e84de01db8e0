//! A draft "Báo cáo" in the layout of Decree 30/2020/NĐ-CP (PL I, PL III mẫu 1.4), number, date and
//! signature left blank. Vietnamese in every language: the form exists in no other.

use super::{
    Files, Format, Options, RenderError, file_name,
    text::{self, date, moment, shorten, visible},
    view::{View, interval, missing, percent_interval},
    words,
};
use crate::model::{Indication, Language, Outcome, RateKind, Report};
use minijinja::{
    Environment,
    value::{Serde, Value},
};
use serde::Serialize;
use std::io::{Cursor, Write};
use zip::{CompressionMethod, DateTime, ZipWriter, write::SimpleFileOptions};

pub(super) const FORMAT: Format = Format { name: "docx", extension: "docx", render };

/// Rows of a table in the draft; the other formats have the rest.
const UNITS: usize = 60;
const CAUSES: usize = 10;
const CELL: usize = 160;

fn render(report: &Report, options: &Options) -> Result<Files, RenderError> {
    let options = Options { language: Language::Vi, ..options.clone() };
    let report = &*super::mask::masked(report, &options);
    let view = View::new(report, &options)?;
    let mut environment = Environment::new();
    // Names that end in .xml are escaped by the engine.
    environment.add_template("document.xml", include_str!("document.xml"))?;
    let body = environment.get_template("document.xml")?.render(Value::from(Serde(Draft::new(&view))))?;
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    // A fixed time: the same run gives the same bytes.
    let file = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    for (name, content) in [
        ("[Content_Types].xml", include_str!("content-types.xml")),
        ("_rels/.rels", include_str!("package-rels.xml")),
        ("word/document.xml", body.as_str()),
        ("word/_rels/document.xml.rels", include_str!("document-rels.xml")),
        ("word/styles.xml", include_str!("styles.xml")),
        ("word/header1.xml", include_str!("header.xml")),
    ] {
        archive.start_file(name, file)?;
        archive.write_all(content.as_bytes())?;
    }
    Ok(vec![(file_name(&options, "docx"), archive.finish()?.into_inner())])
}

#[derive(Serialize)]
struct Draft {
    agency: String,
    agency_code: String,
    period: String,
    days: String,
    verdict: String,
    target: u32,
    target_work_files: u32,
    rates: Vec<RateLine>,
    units: Vec<UnitLine>,
    more_units: usize,
    excluded: String,
    causes: Vec<CauseLine>,
    files: String,
    assessed: String,
    not_assessed: String,
    secret: String,
    signatures: String,
    passed: String,
    indeterminate: String,
    failed: String,
    duplicates: usize,
    waived: String,
    limits: Vec<String>,
    definitions: Vec<String>,
    clock: String,
    version: String,
    edition: String,
}

#[derive(Serialize)]
struct RateLine {
    name: &'static str,
    interval: String,
    percent: String,
    outcome: String,
}

#[derive(Serialize)]
struct UnitLine {
    name: String,
    n2: String,
    n3: String,
    percent: String,
    outcome: String,
    work_files: String,
}

#[derive(Serialize)]
struct CauseLine {
    title: String,
    cases: String,
    who: String,
    action: String,
}

impl Draft {
    fn new(view: &View<'_>) -> Self {
        let report = view.report;
        let vi = Language::Vi;
        let number = |value: u32| text::number(u64::from(value), vi);
        let scope = &report.scope;
        let rates = super::view::RATES.into_iter().filter_map(|kind| view.total(kind));
        let label = view.period.map(|period| period.label.as_str()).unwrap_or_default();
        let units = view.units_worst_first();
        let unit_line = |code: &&str| {
            let rate = |kind| view.rate(code, label, kind);
            let basis = rate(report.method.basis);
            UnitLine {
                name: shorten(&view.unit_name(code), CELL),
                n2: rate(RateKind::N2).map(|rate| interval(rate, vi)).unwrap_or_default(),
                n3: basis.map(|rate| interval(rate, vi)).unwrap_or_default(),
                percent: basis.map(|rate| percent_interval(rate, vi)).unwrap_or_default(),
                outcome: basis.map(outcome).unwrap_or_default(),
                work_files: rate(RateKind::WorkFiles).map(|rate| interval(rate, vi)).unwrap_or_default(),
            }
        };
        let excluded: Vec<String> = view
            .total(RateKind::N3)
            .map(|rate| rate.excluded.as_slice())
            .unwrap_or_default()
            .iter()
            .map(|(reason, n)| format!("{}: {}", words::exclusion(*reason, vi), number(*n)))
            .collect();
        Self {
            agency: visible(&report.archive.name).to_uppercase(),
            agency_code: report.archive.agency.as_deref().map(visible).unwrap_or_default(),
            period: lower_first(&view.period_name()),
            days: view
                .period
                .map(|period| format!("từ ngày {} đến ngày {}", date(period.first, vi), date(period.last, vi)))
                .unwrap_or_default(),
            verdict: view.verdict().1,
            target: report.method.target_electronic,
            target_work_files: report.method.target_work_files,
            rates: rates
                .map(|rate| RateLine {
                    name: words::rate(rate.rate, vi),
                    interval: interval(rate, vi),
                    percent: percent_interval(rate, vi),
                    outcome: if rate.target.is_some() { outcome(rate) } else { String::new() },
                })
                .collect(),
            more_units: units.len().saturating_sub(UNITS),
            units: units.iter().take(UNITS).map(unit_line).collect(),
            excluded: excluded.join("; "),
            causes: view
                .causes()
                .iter()
                .take(CAUSES)
                .map(|cause| {
                    let (who, action) = view.remedy(cause.check);
                    CauseLine {
                        title: shorten(&view.title(cause.check), CELL),
                        cases: number(cause.subjects),
                        who,
                        action: shorten(&action, 2 * CELL),
                    }
                })
                .collect(),
            files: number(scope.files),
            assessed: number(scope.assessed),
            not_assessed: number(scope.not_assessed),
            secret: number(scope.secret),
            signatures: number(scope.signatures),
            passed: format!("{} {}", number(scope.passed), words::indication(Indication::TotalPassed, vi)),
            indeterminate: format!(
                "{} {}",
                number(scope.indeterminate),
                words::indication(Indication::Indeterminate, vi)
            ),
            failed: format!("{} {}", number(scope.failed), words::indication(Indication::TotalFailed, vi)),
            duplicates: view.duplicates.len(),
            waived: waived(&view),
            limits: view.limits(),
            definitions: words::definitions(report, vi),
            clock: moment(report.clock, vi),
            version: visible(&report.tool_version),
            edition: visible(&report.edition),
        }
    }
}

/// How many findings are waived, and by whom.
fn waived(view: &View<'_>) -> String {
    let count = view.waived().count();
    let by: Vec<String> = view.waivers_by_authority().into_iter().map(|(words, n)| format!("{words}: {n}")).collect();
    if by.is_empty() { count.to_string() } else { format!("{count} — {}", by.join("; ")) }
}

/// Outcome and what is missing.
fn outcome(rate: &crate::model::UnitRate) -> String {
    let word = words::outcome(rate.outcome, Language::Vi);
    if rate.missing_to_target > 0 && matches!(rate.outcome, Outcome::Missed | Outcome::Undecided) {
        format!("{word}, {}", missing(rate, Language::Vi))
    } else {
        word.to_owned()
    }
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}
