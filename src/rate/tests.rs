//! Bounds, strictness and accounting.

use super::*;
use crate::model::RowLocation;
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
        n1: n[0],
        n2: n[1],
        n3: n[2],
    }
}

fn input<'a>(rows: &'a [ClassedRow], work_files: &'a [WorkFile], periods: &'a [Period]) -> RatesInput<'a> {
    RatesInput {
        rows,
        exchanged_only: None,
        work_files,
        periods,
        agency: "SNV",
        units: &[],
        basis: RateKind::N3,
        target_electronic: 95,
        target_work_files: 40,
    }
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
    rows[0].date = Some("2026-09-30".parse().unwrap());
    let periods = [october()];
    let mut input = input(&rows, &[], &periods);
    let denominator = |input: &RatesInput<'_>| compute(input)[0].denominator;
    assert_eq!(denominator(&input), 2);
    input.exchanged_only = Some(&[true, true, false]);
    assert_eq!(denominator(&input), 1);
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
    let rates = compute(&input(&[], &files, &[october()]));
    let vp = rates.iter().find(|rate| rate.unit == "VP" && rate.rate == RateKind::WorkFiles).unwrap();
    assert_eq!((vp.denominator, vp.lower, vp.upper, vp.target), (5, 1, 3, Some(40)));
    assert_eq!(vp.outcome, Outcome::Undecided);
}

#[test]
fn a_configured_unit_without_rows_has_no_activity() {
    let units = ["VP".to_owned()];
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
    let unit = prop_oneof![Just(None), Just(Some("VP")), Just(Some("BTXH"))];
    (unit, processing, [any_membership(), any_membership(), any_membership()], 1..62_i64).prop_map(
        |(unit, processing, n, days)| {
            let mut row = row(unit, processing, n);
            row.date = Some(CalendarDate(
                time::macros::date!(2026 - 09 - 30).checked_add(time::Duration::days(days)).unwrap(),
            ));
            row
        },
    )
}

proptest! {
    #[test]
    fn classes_and_units_sum_to_rows(rows in proptest::collection::vec(any_row(), 0..60)) {
        let rates = compute(&input(&rows, &[], &[october()]));
        let in_period = rows.iter().filter(|row| period::contains(&october(), row.date.unwrap())).count();
        let total = |rate: &UnitRate| rate.classes.iter().map(|(_, count)| *count as usize).sum::<usize>();
        for kind in [RateKind::N1, RateKind::N2, RateKind::N3] {
            let whole = rates.iter().find(|rate| rate.unit == "SNV" && rate.rate == kind).unwrap();
            prop_assert_eq!(total(whole), in_period);
            let excluded: u32 = whole.excluded.iter().map(|(_, count)| *count).sum();
            prop_assert_eq!((whole.denominator + excluded) as usize, in_period);
            let units = || rates.iter().filter(|rate| rate.unit != "SNV" && rate.rate == kind);
            prop_assert_eq!(units().map(total).sum::<usize>(), in_period);
            prop_assert_eq!(units().map(|rate| rate.lower).sum::<u32>(), whole.lower);
            prop_assert_eq!(units().map(|rate| rate.upper).sum::<u32>(), whole.upper);
            for rate in rates.iter() {
                prop_assert!(rate.lower <= rate.upper && rate.upper <= rate.denominator);
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
