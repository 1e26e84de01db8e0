//! Rates as intervals, per unit and for the agency, from classed rows and work files (domain README
//! section 10); and the gate over them ([`gate`]).
//!
//! The denominator D is the rows of the unit and period without the excluded ones, which are counted apart.
//! The lower bound counts what is certain, the upper what is certain or undecided. A target is strict and
//! compared in integers: exactly 95 % is not above 95 %.

pub mod gate;

use crate::model::{
    CalendarDate, ClassedRow, Exclusion, Membership, Outcome, Period, Processing, RateKind, UnitRate, WorkFile,
};
use crate::period;
use std::collections::{BTreeMap, BTreeSet};

/// What rates are made of.
#[derive(Clone, Copy, Debug)]
pub struct RatesInput<'a> {
    /// Every classed row.
    pub rows: &'a [ClassedRow],
    /// Index by index with `rows`, whether it went to another body; `Some` to count only those that did.
    pub exchanged_only: Option<&'a [bool]>,
    /// Every work file.
    pub work_files: &'a [WorkFile],
    /// Periods to compute.
    pub periods: &'a [Period],
    /// The agency's code: its rates are over all units together.
    pub agency: &'a str,
    /// Units in the order to report; units that only rows name follow in alphabetical order, and rows of no
    /// known unit come last with an empty code.
    pub units: &'a [String],
    /// Which rate is held against the target.
    pub basis: RateKind,
    /// Strict target in percent.
    pub target_electronic: u32,
    /// Strict target in percent.
    pub target_work_files: u32,
}

/// Numerator bounds and denominator of one rate.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
struct Interval {
    denominator: u32,
    lower: u32,
    upper: u32,
}

impl Interval {
    fn count(&mut self, membership: Membership) {
        self.denominator = self.denominator.saturating_add(1);
        self.lower = self.lower.saturating_add(u32::from(membership == Membership::Yes));
        self.upper = self.upper.saturating_add(u32::from(membership != Membership::No));
    }
}

/// Everything counted for one unit and period.
#[derive(Clone, Default, Debug)]
struct Tally {
    documents: [Interval; 3],
    work_files: Interval,
    excluded: BTreeMap<Exclusion, u32>,
    classes: BTreeMap<Processing, u32>,
}

impl Tally {
    fn add_row(&mut self, row: &ClassedRow) {
        let class = self.classes.entry(row.processing).or_default();
        *class = class.saturating_add(1);
        if let Some(exclusion) = row.exclusion {
            let count = self.excluded.entry(exclusion).or_default();
            *count = count.saturating_add(1);
            return;
        }
        for (interval, membership) in self.documents.iter_mut().zip([row.n1, row.n2, row.n3]) {
            interval.count(membership);
        }
    }
}

/// Membership of a work file among those opened electronically with at least one document.
pub fn work_file_membership(file: &WorkFile) -> Membership {
    match (file.electronic, file.documents) {
        (Some(false), _) | (_, Some(0)) => Membership::No,
        (Some(true), Some(_)) => Membership::Yes,
        (None, _) | (Some(true), None) => Membership::Maybe,
    }
}

/// Rows and work files that no period can hold, because no date is known: rows, work files.
pub fn undated(rows: &[ClassedRow], work_files: &[WorkFile]) -> (usize, usize) {
    let rows = rows.iter().filter(|row| row.date.is_none()).count();
    (rows, work_files.iter().filter(|file| file.started.is_none()).count())
}

/// All rates: period by period, the agency first, then unit by unit; N1, N2, N3 and work files each.
pub fn compute(input: &RatesInput<'_>) -> Vec<UnitRate> {
    let mut rates = Vec::new();
    let units = unit_order(input);
    for period in input.periods {
        let tallies = tally(input, period);
        let whole = tallies.values().fold(Tally::default(), sum);
        emit(input, period, input.agency, &whole, &mut rates);
        let empty = Tally::default();
        for unit in &units {
            emit(input, period, unit, tallies.get(unit.as_str()).unwrap_or(&empty), &mut rates);
        }
        if let Some(unknown) = tallies.get("") {
            emit(input, period, "", unknown, &mut rates);
        }
    }
    rates
}

/// Units configured, then those that only rows or work files name. The agency itself is no unit of its own:
/// its rows are in the whole and under its code there.
fn unit_order(input: &RatesInput<'_>) -> Vec<String> {
    let named = input.rows.iter().filter_map(|row| row.unit.clone());
    let named = named.chain(input.work_files.iter().filter_map(|file| file.unit.clone()));
    let mut others = named.filter(|unit| !unit.is_empty()).collect::<BTreeSet<_>>();
    let mut units = Vec::new();
    for unit in input.units.iter().filter(|unit| !unit.is_empty() && unit.as_str() != input.agency) {
        others.remove(unit);
        if !units.contains(unit) {
            units.push(unit.clone());
        }
    }
    others.remove(input.agency);
    units.extend(others);
    units
}

fn tally<'a>(input: &RatesInput<'a>, period: &Period) -> BTreeMap<&'a str, Tally> {
    let inside = |date: Option<CalendarDate>| date.is_some_and(|date| period::contains(period, date));
    let mut tallies: BTreeMap<&str, Tally> = BTreeMap::new();
    for (index, row) in input.rows.iter().enumerate() {
        let counted = input.exchanged_only.is_none_or(|exchanged| exchanged.get(index).copied().unwrap_or(true));
        if counted && inside(row.date) {
            tallies.entry(row.unit.as_deref().unwrap_or_default()).or_default().add_row(row);
        }
    }
    for file in input.work_files.iter().filter(|file| inside(file.started)) {
        let tally = tallies.entry(file.unit.as_deref().unwrap_or_default()).or_default();
        tally.work_files.count(work_file_membership(file));
    }
    tallies
}

fn sum(mut whole: Tally, part: &Tally) -> Tally {
    let add = |into: &mut Interval, from: &Interval| {
        into.denominator = into.denominator.saturating_add(from.denominator);
        into.lower = into.lower.saturating_add(from.lower);
        into.upper = into.upper.saturating_add(from.upper);
    };
    for (into, from) in whole.documents.iter_mut().zip(&part.documents) {
        add(into, from);
    }
    add(&mut whole.work_files, &part.work_files);
    for (exclusion, count) in &part.excluded {
        let total = whole.excluded.entry(*exclusion).or_default();
        *total = total.saturating_add(*count);
    }
    for (class, count) in &part.classes {
        let total = whole.classes.entry(*class).or_default();
        *total = total.saturating_add(*count);
    }
    whole
}

fn emit(input: &RatesInput<'_>, period: &Period, unit: &str, tally: &Tally, rates: &mut Vec<UnitRate>) {
    let [n1, n2, n3] = tally.documents;
    let kinds = [(RateKind::N1, n1), (RateKind::N2, n2), (RateKind::N3, n3), (RateKind::WorkFiles, tally.work_files)];
    for (rate, interval) in kinds {
        let work_files = rate == RateKind::WorkFiles;
        let percent = if work_files { input.target_work_files } else { input.target_electronic };
        let judged = work_files || rate == input.basis;
        rates.push(UnitRate {
            unit: unit.to_owned(),
            period: period.label.clone(),
            rate,
            denominator: interval.denominator,
            lower: interval.lower,
            upper: interval.upper,
            target: judged.then_some(percent),
            outcome: outcome(interval, percent),
            excluded: if work_files { Vec::new() } else { tally.excluded.iter().map(|(k, n)| (*k, *n)).collect() },
            classes: if work_files { Vec::new() } else { tally.classes.iter().map(|(k, n)| (*k, *n)).collect() },
            missing_to_target: missing_to_target(interval, percent),
        });
    }
}

/// Where the interval lies against a strict target.
fn outcome(interval: Interval, percent: u32) -> Outcome {
    if interval.denominator == 0 {
        Outcome::NoActivity
    } else if is_above(interval.lower, interval.denominator, percent) {
        Outcome::Met
    } else if is_above(interval.upper, interval.denominator, percent) {
        Outcome::Undecided
    } else {
        Outcome::Missed
    }
}

/// `part / whole > percent %`, without division.
fn is_above(part: u32, whole: u32, percent: u32) -> bool {
    100 * u64::from(part) > u64::from(percent) * u64::from(whole)
}

/// How many more certain members would put the lower bound strictly above the target: 0 when it is met or
/// nothing happened. With a target of 100 % it can exceed what the denominator holds.
fn missing_to_target(interval: Interval, percent: u32) -> u32 {
    if interval.denominator == 0 {
        return 0;
    }
    let needed = u64::from(percent) * u64::from(interval.denominator) / 100 + 1;
    u32::try_from(needed.saturating_sub(u64::from(interval.lower))).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
