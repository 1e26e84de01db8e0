//! Rates as intervals, per unit and for the agency, from classed rows and work files (domain README
//! section 10); and the gate over them ([`gate`]).
//!
//! The denominator D is the rows of the unit and period without the excluded ones, which are counted apart.
//! The lower bound counts what is certain, the upper what is certain or undecided. A target is strict and
//! compared in integers: exactly 95 % is not above 95 %.

pub mod baseline;
pub mod gate;

use crate::model::{
    CalendarDate, ClassedRow, ClassedWorkFile, Exclusion, Membership, Outcome, Period, Processing, RateKind, UnitRate,
    UnitSummary, WorkFile,
};
use std::collections::{BTreeMap, BTreeSet};

/// What rates are made of.
#[derive(Clone, Copy, Debug)]
pub struct RatesInput<'a> {
    /// Every classed row.
    pub rows: &'a [ClassedRow],
    /// Count only documents that went to another body; the others are excluded, and counted as such.
    pub exchanged_only: bool,
    /// Every work file.
    pub work_files: &'a [ClassedWorkFile],
    /// Periods to compute.
    pub periods: &'a [Period],
    /// The agency's code: its rates are over all units together.
    pub agency: &'a str,
    /// Units in the order to report, with their parents: a unit's rates are over itself and all units below
    /// it. Units that only rows name follow in alphabetical order, and rows of no known unit come last with
    /// an empty code.
    pub units: &'a [UnitSummary],
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
    fn add_row(&mut self, row: &ClassedRow, exchanged_only: bool) {
        let stayed = (exchanged_only && !row.exchanged).then_some(Exclusion::NotExchanged);
        let exclusion = row.exclusion.or(stayed);
        let class = if exclusion.is_some() { Processing::Excluded } else { row.processing };
        let class = self.classes.entry(class).or_default();
        *class = class.saturating_add(1);
        if let Some(exclusion) = exclusion {
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

/// All rates: period by period, the agency first, then unit by unit; N1, N2, N3 and work files each.
pub fn compute(input: &RatesInput<'_>) -> Vec<UnitRate> {
    let mut rates = Vec::new();
    let configured = configured(input);
    let days = Days::new(input);
    for period in input.periods {
        let tallies = days.tally(input, period);
        let whole = tallies.values().fold(Tally::default(), sum);
        emit(input, period, (input.agency, &[]), &whole, &mut rates);
        for (unit, below) in &configured {
            let own = tallies.get(unit).cloned().unwrap_or_default();
            let total = below.iter().filter_map(|unit| tallies.get(unit.as_str())).fold(own, sum);
            emit(input, period, (unit, below), &total, &mut rates);
        }
        // The agency itself is no unit of its own: its rows are in the whole.
        let listed = configured.iter().map(|(unit, _)| *unit).chain(["", input.agency]).collect::<BTreeSet<_>>();
        for (unit, tally) in tallies.iter().filter(|(unit, _)| !listed.contains(*unit)) {
            emit(input, period, (unit, &[]), tally, &mut rates);
        }
        if let Some(unknown) = tallies.get("").filter(|_| !input.agency.is_empty()) {
            emit(input, period, ("", &[]), unknown, &mut rates);
        }
    }
    rates
}

/// Units configured, each once, with every unit below it.
fn configured<'a>(input: &RatesInput<'a>) -> Vec<(&'a str, Vec<String>)> {
    let mut children: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for unit in input.units {
        if let Some(parent) = unit.parent.as_deref().filter(|parent| *parent != input.agency) {
            children.entry(parent).or_default().push(&unit.code);
        }
    }
    let mut seen = BTreeSet::from(["", input.agency]);
    let units = input.units.iter().map(|unit| unit.code.as_str()).filter(|code| seen.insert(code));
    let below = |unit: &str| {
        let mut found = BTreeSet::new();
        let mut pending = children.get(unit).cloned().unwrap_or_default();
        while let Some(next) = pending.pop() {
            // A circle of parents is a mistake of the table: nothing is counted twice for it.
            if next != unit && next != input.agency && found.insert(next.to_owned()) {
                pending.extend(children.get(next).into_iter().flatten());
            }
        }
        found.into_iter().collect()
    };
    units.map(|unit| (unit, below(unit))).collect()
}

/// Rows and work files by day, so that a period reads its own and no others.
struct Days<'a> {
    rows: Vec<(CalendarDate, &'a ClassedRow)>,
    work_files: Vec<(CalendarDate, &'a ClassedWorkFile)>,
}

impl<'a> Days<'a> {
    fn new(input: &RatesInput<'a>) -> Self {
        let mut rows = input.rows.iter().filter_map(|row| Some((row.date?, row))).collect::<Vec<_>>();
        rows.sort_by_key(|(day, _)| *day);
        let mut work_files = input.work_files.iter().filter_map(|file| Some((file.started?, file))).collect::<Vec<_>>();
        work_files.sort_by_key(|(day, _)| *day);
        Self { rows, work_files }
    }

    fn tally(&self, input: &RatesInput<'_>, period: &Period) -> BTreeMap<&'a str, Tally> {
        let mut tallies: BTreeMap<&str, Tally> = BTreeMap::new();
        for (_, row) in within(&self.rows, period) {
            let tally = tallies.entry(row.unit.as_deref().unwrap_or_default()).or_default();
            tally.add_row(row, input.exchanged_only);
        }
        for (_, file) in within(&self.work_files, period) {
            tallies.entry(file.unit.as_deref().unwrap_or_default()).or_default().work_files.count(file.electronic);
        }
        tallies
    }
}

/// Those of a list in order of days that lie in the period.
fn within<'a, T>(sorted: &'a [(CalendarDate, T)], period: &Period) -> &'a [(CalendarDate, T)] {
    let from = sorted.partition_point(|(day, _)| *day < period.first);
    let to = sorted.partition_point(|(day, _)| *day <= period.last);
    sorted.get(from..to).unwrap_or_default()
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

fn emit(
    input: &RatesInput<'_>,
    period: &Period,
    (unit, includes): (&str, &[String]),
    tally: &Tally,
    rates: &mut Vec<UnitRate>,
) {
    let [n1, n2, n3] = tally.documents;
    let kinds = [(RateKind::N1, n1), (RateKind::N2, n2), (RateKind::N3, n3), (RateKind::WorkFiles, tally.work_files)];
    for (rate, interval) in kinds {
        let work_files = rate == RateKind::WorkFiles;
        let percent = if work_files { input.target_work_files } else { input.target_electronic };
        let judged = work_files || rate == input.basis;
        rates.push(UnitRate {
            unit: unit.to_owned(),
            includes: includes.to_vec(),
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
