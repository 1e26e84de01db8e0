//! Bounds, strictness and accounting.

use super::*;
use crate::model::RowLocation;
use crate::period::{self, Granularity, ReportingCalendar};
use proptest::prelude::*;

fn october() -> Period {
    Period { label: "2026-10".into(), first: "2026-10-01".parse().unwrap(), last: "2026-10-31".parse().unwrap() }
}

fn row(unit: Option<&str>, processing: Processing, n: [Membership; 3]) -> ClassedRow {
    ClassedRow {
        location: RowLocation::default(),
        reference: "1/SNV-VP".into(),
        date: Some("2026-10-02".parse().unwrap()),
        unit: unit.map(str::to_owned),
        document: None,
        path: None,
        processing,
        exclusion: (processing == Processing::Excluded).then_some(Exclusion::Secret),
        exchanged: true,
        n1: n[0],
        n2: n[1],
        n3: n[2],
    }
}

fn input<'a>(rows: &'a [ClassedRow], work_files: &'a [ClassedWorkFile], periods: &'a [Period]) -> RatesInput<'a> {
    RatesInput {
        rows,
        exchanged_only: false,
        work_files,
        periods,
        agency: "SNV",
        units: &[],
        basis: RateKind::N3,
        target_electronic: 95,
        target_work_files: 40,
    }
}

fn unit(code: &str, parent: &str) -> UnitSummary {
    UnitSummary { code: code.into(), name: code.into(), parent: Some(parent.into()) }
}

fn interval(denominator: u32, lower: u32, upper: u32) -> Interval {
    Interval { denominator, lower, upper }
}

#[test]
fn the_target_is_strict() {
    let cases = [
        (interval(100, 95, 95), Outcome::Missed, 1),
        (interval(100, 96, 96), Outcome::Met, 0),
        (interval(100, 95, 96), Outcome::Undecided, 1),
        (interval(20, 19, 19), Outcome::Missed, 1),
        (interval(20, 20, 20), Outcome::Met, 0),
        (interval(0, 0, 0), Outcome::NoActivity, 0),
        (interval(1, 0, 1), Outcome::Undecided, 1),
        (interval(166, 143, 149), Outcome::Missed, 15),
        (interval(u32::MAX, u32::MAX, u32::MAX), Outcome::Met, 0),
    ];
    for (interval, expected, missing) in cases {
        assert_eq!(outcome(interval, 95), expected, "{interval:?}");
        assert_eq!(missing_to_target(interval, 95), missing, "{interval:?}");
    }
}

#[test]
fn exclusions_stand_outside_and_are_counted() {
    use Membership::{Maybe, No, Yes};
    let rows = [
        row(Some("VP"), Processing::Electronic, [Yes, Yes, Yes]),
        row(Some("VP"), Processing::NotAssessed, [Yes, Maybe, Maybe]),
        row(Some("VP"), Processing::Missing, [No, No, No]),
        row(Some("VP"), Processing::Excluded, [No, No, No]),
        row(None, Processing::Paper, [Yes, No, No]),
    ];
    let rates = compute(&input(&rows, &[], &[october()]));
    let of = |unit: &str, kind| rates.iter().find(|rate| rate.unit == unit && rate.rate == kind).unwrap();
    let vp = of("VP", RateKind::N3);
    assert_eq!((vp.denominator, vp.lower, vp.upper), (3, 1, 2));
    assert_eq!(vp.excluded, [(Exclusion::Secret, 1)]);
    assert_eq!(vp.target, Some(95));
    assert_eq!(of("VP", RateKind::N1).target, None);
    assert_eq!((of("VP", RateKind::N1).lower, of("VP", RateKind::N2).upper), (2, 2));
    let whole = of("SNV", RateKind::N3);
    assert_eq!((whole.denominator, whole.lower, whole.upper), (4, 1, 2));
    assert_eq!(of("", RateKind::N1).lower, 1);
}

#[test]
fn rows_of_other_months_and_inside_letters_do_not_count() {
    let mut rows = vec![row(Some("VP"), Processing::Electronic, [Membership::Yes; 3]); 3];
    rows[2].exchanged = false;
    rows[0].date = Some("2026-09-30".parse().unwrap());
    let periods = [october()];
    let mut input = input(&rows, &[], &periods);
    let denominator = |input: &RatesInput<'_>| compute(input)[0].denominator;
    assert_eq!(denominator(&input), 2);
    input.exchanged_only = true;
    assert_eq!(denominator(&input), 1);
    // What is left out is counted.
    let whole = &compute(&input)[0];
    assert_eq!(whole.excluded, [(Exclusion::NotExchanged, 1)]);
    assert_eq!(whole.classes, [(Processing::Electronic, 1), (Processing::Excluded, 1)]);
}

#[test]
fn a_work_file_needs_documents_and_a_statement() {
    let file = |electronic, documents| WorkFile {
        unit: Some("VP".into()),
        started: Some("2026-10-05".parse().unwrap()),
        electronic,
        documents,
        ..WorkFile::default()
    };
    let files = [
        file(Some(true), Some(3)),
        file(Some(true), Some(0)),
        file(Some(true), None),
        file(Some(false), Some(4)),
        file(None, Some(2)),
    ];
    let files = files.map(|file| ClassedWorkFile {
        unit: file.unit.clone(),
        started: file.started,
        electronic: work_file_membership(&file),
    });
    let rates = compute(&input(&[], &files, &[october()]));
    let vp = rates.iter().find(|rate| rate.unit == "VP" && rate.rate == RateKind::WorkFiles).unwrap();
    assert_eq!((vp.denominator, vp.lower, vp.upper, vp.target), (5, 1, 3, Some(40)));
    assert_eq!(vp.outcome, Outcome::Undecided);
}

#[test]
fn a_configured_unit_without_rows_has_no_activity() {
    let units = [unit("VP", "SNV")];
    let periods = [october()];
    let input = RatesInput { units: &units, ..input(&[], &[], &periods) };
    let rates = compute(&input);
    assert!(rates.iter().any(|rate| rate.unit == "VP" && rate.outcome == Outcome::NoActivity));
}

fn any_membership() -> impl Strategy<Value = Membership> {
    prop_oneof![Just(Membership::Yes), Just(Membership::No), Just(Membership::Maybe)]
}

fn any_row() -> impl Strategy<Value = ClassedRow> {
    let processing = prop_oneof![
        Just(Processing::Electronic),
        Just(Processing::SignatureInvalid),
        Just(Processing::Paper),
        Just(Processing::PaperDuplicate),
        Just(Processing::Missing),
        Just(Processing::NotAssessed),
        Just(Processing::Excluded),
    ];
    // Units alone, under a parent, under a parent's parent, unlisted, the agency itself, unknown.
    let unit = prop_oneof![
        Just(None),
        Just(Some("VP")),
        Just(Some("CC")),
        Just(Some("CCA")),
        Just(Some("CCA1")),
        Just(Some("XX")),
        Just(Some("SNV"))
    ];
    let memberships = [any_membership(), any_membership(), any_membership()];
    (unit, processing, memberships, proptest::option::weighted(0.9, 0..900_i64), any::<bool>()).prop_map(
        |(unit, processing, n, days, exchanged)| {
            let mut row = row(unit, processing, n);
            row.exchanged = exchanged;
            row.date = days
                .and_then(|days| time::macros::date!(2024 - 11 - 20).checked_add(time::Duration::days(days)))
                .map(CalendarDate);
            row
        },
    )
}

fn table() -> [UnitSummary; 5] {
    [unit("SNV", ""), unit("VP", "SNV"), unit("CC", "SNV"), unit("CCA", "CC"), unit("CCA1", "CCA")]
}

proptest! {
    /// Every register row is in exactly one class, and the classes of every unit and period sum to its rows:
    /// months, quarters, halves, years and a free range, with and without a cut-off day.
    #[test]
    fn classes_and_units_sum_to_rows(
        rows in proptest::collection::vec(any_row(), 0..80),
        cutoff in prop_oneof![Just(0_u8), 1..=28_u8],
        exchanged_only in any::<bool>(),
    ) {
        let calendar = ReportingCalendar::new(cutoff).unwrap();
        let days = || rows.iter().filter_map(|row| row.date);
        let units = table();
        let lengths = [Granularity::Month, Granularity::Quarter, Granularity::Half, Granularity::Year];
        let mut sets = lengths.map(|length| calendar.covering(days(), length)).to_vec();
        let dated = days().count();
        let free = calendar.parse("2025-09-15..2026-02-14").unwrap();
        sets.push(vec![free]);
        for (at, periods) in sets.iter().enumerate() {
            let input = RatesInput { units: &units, exchanged_only, ..input(&rows, &[], periods) };
            let rates = compute(&input);
            let mut over_periods = 0;
            for period in periods {
                let belongs = |rate: &UnitRate, row: &ClassedRow| {
                    let unit = row.unit.as_deref().unwrap_or_default();
                    rate.unit == "SNV" || rate.unit == unit || rate.includes.iter().any(|below| below == unit)
                };
                let inside = |row: &&ClassedRow| row.date.is_some_and(|day| period::contains(period, day));
                for rate in rates.iter().filter(|rate| rate.period == period.label && rate.rate != RateKind::WorkFiles) {
                    let expected = rows.iter().filter(inside).filter(|row| belongs(rate, row)).count();
                    let classes: u32 = rate.classes.iter().map(|(_, count)| *count).sum();
                    let excluded: u32 = rate.excluded.iter().map(|(_, count)| *count).sum();
                    prop_assert_eq!(classes as usize, expected, "{} {}", &rate.unit, &period.label);
                    prop_assert_eq!(rate.denominator + excluded, classes);
                    prop_assert!(rate.lower <= rate.upper && rate.upper <= rate.denominator);
                }
                let of = |unit: &str, kind| rates.iter().find(|r| r.unit == unit && r.rate == kind && r.period == period.label);
                let whole = of("SNV", RateKind::N3).unwrap();
                over_periods += whole.classes.iter().map(|(_, count)| *count as usize).sum::<usize>();
                // N3 ⊆ N2 ⊆ N1 is the join's promise; the denominators are one.
                prop_assert_eq!(of("SNV", RateKind::N1).unwrap().denominator, whole.denominator);
                // The agency is its units, those below others left out, its own rows and those of no unit.
                let own = rows.iter().filter(inside).filter(|row| row.unit.as_deref() == Some("SNV")).count();
                let top = ["VP", "CC", "XX", ""].into_iter().filter_map(|unit| of(unit, RateKind::N3));
                let parts: u32 = top.flat_map(|rate| &rate.classes).map(|(_, count)| *count).sum();
                let classes: u32 = whole.classes.iter().map(|(_, count)| *count).sum();
                prop_assert_eq!(parts as usize + own, classes as usize);
            }
            // Periods of one length share no day and leave none out.
            if at < lengths.len() {
                prop_assert_eq!(over_periods, dated);
            }
        }
    }

    #[test]
    fn missing_to_target_is_exactly_enough(denominator in 1..5000_u32, lower in 0..5000_u32, percent in 0..100_u32) {
        let lower = lower.min(denominator);
        let interval = interval(denominator, lower, denominator);
        let missing = missing_to_target(interval, percent);
        prop_assert!(is_above(lower + missing, denominator, percent));
        prop_assert!(missing == 0 || !is_above(lower + missing - 1, denominator, percent));
        prop_assert_eq!(missing == 0, outcome(interval, percent) == Outcome::Met);
    }
}
