//! A stored run seen in any period: its rates are counted again from the rows that it holds, so that a
//! quarter, a half, a year or a free range needs no new audit.

use crate::check::{self, CheckSettings, LevelOverride, RateInput};
use crate::model::{CalendarDate, ClassedRow, ClassedWorkFile, Method, Period, Report, Scope, UnitRate, UnitSummary};
use crate::period::{self, Granularity, PeriodError, ReportingCalendar};
use crate::rate::{self, RatesInput};

/// Periods of one length that are counted for the trend, the one asked for included.
const TREND: usize = 12;

/// Why a stored run cannot answer for a period.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum PeriodRefusal {
    /// The text is no period.
    #[error(transparent)]
    Form(#[from] PeriodError),
    /// Nothing in the run is dated in it.
    #[error("no register row, work file or document lies in {}..{}; the run holds {}", asked.first, asked.last, known.join(", "))]
    Empty {
        /// The period asked for.
        asked: Period,
        /// Months that hold something.
        known: Vec<String>,
    },
}

/// Makes `report` speak for the period that `text` names, in any form of [`ReportingCalendar::parse`]: its
/// rates, the trend before it and the findings on its rates take the place of the months'.
///
/// # Errors
/// [`PeriodRefusal`]: the text is no period, or the run holds nothing of it.
pub fn select_period(report: &mut Report, text: &str) -> Result<Period, PeriodRefusal> {
    let calendar = ReportingCalendar::new(report.method.cutoff_day)?;
    let asked = calendar.parse(text)?;
    if report.periods.contains(&asked) {
        return Ok(asked);
    }
    let days = days(report);
    if !days.iter().any(|day| period::contains(&asked, *day)) {
        let known = report.periods.iter().map(|period| period.label.clone()).collect();
        return Err(PeriodRefusal::Empty { asked, known });
    }
    let same_length = [Granularity::Quarter, Granularity::Half, Granularity::Year].into_iter();
    let mut same_length =
        same_length.filter(|length| calendar.containing(asked.first, *length).as_ref() == Some(&asked));
    let mut periods = match same_length.next_back() {
        Some(length) => calendar.covering(days.iter().copied().filter(|day| *day <= asked.last), length),
        None => {
            let before = calendar.previous(&asked);
            let before = before.filter(|before| days.iter().any(|day| period::contains(before, *day)));
            before.into_iter().chain([asked.clone()]).collect()
        }
    };
    let periods = periods.split_off(periods.len().saturating_sub(TREND));
    let agency = report.archive.agency.as_deref();
    report.rates = rates(&report.rows, &report.work_files, &report.units, agency, &report.method, &periods);
    report.findings.retain(|finding| finding.scope != Scope::Rate);
    let settings = settings(&report.method);
    report.findings.extend(check::check_rates(&RateInput {
        rates: &report.rates,
        periods: &periods,
        units: &report.units,
        settings: &settings,
    }));
    check::sort(&mut report.findings);
    report.periods = periods;
    Ok(asked)
}

/// Every day on which the run holds something that counts.
fn days(report: &Report) -> Vec<CalendarDate> {
    let rows = report.rows.iter().filter_map(|row| row.date);
    let work_files = report.work_files.iter().filter_map(|file| file.started);
    let documents = report.documents.iter().filter(|document| document.processing.is_some());
    rows.chain(work_files).chain(documents.filter_map(|document| document.date)).collect()
}

/// Rates of the periods by the definitions of `method`.
pub(super) fn rates(
    rows: &[ClassedRow],
    work_files: &[ClassedWorkFile],
    units: &[UnitSummary],
    agency: Option<&str>,
    method: &Method,
    periods: &[Period],
) -> Vec<UnitRate> {
    rate::compute(&RatesInput {
        rows,
        exchanged_only: method.exchanged_only,
        work_files,
        periods,
        agency: agency.unwrap_or_default(),
        units,
        basis: method.basis,
        target_electronic: method.target_electronic,
        target_work_files: method.target_work_files,
    })
}

/// What the rate checks need of the settings that the run was made with.
fn settings(method: &Method) -> CheckSettings {
    let level = |level: &Option<_>| level.map_or(LevelOverride::Off, LevelOverride::Level);
    CheckSettings {
        levels: method.levels.iter().map(|(check, set)| (check.clone(), level(set))).collect(),
        minimum_denominator: method.minimum_denominator,
        ..CheckSettings::default()
    }
}
