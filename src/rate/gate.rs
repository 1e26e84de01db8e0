//! The month-end gate: from rates, findings and coverage to one exit code, with every reason for it.
//!
//! 0 passed; 1 a finding at the failing level or a target missed; 3 nothing to judge; 4 not decided. What is
//! certainly wrong wins over what is undecided, and nothing undecided ever passes.

use crate::model::{CheckId, Finding, Level, Outcome, Period, RateKind, UnitRate};
use crate::period;
use std::collections::BTreeMap;

/// What the gate judges.
#[derive(Clone, Copy, Debug)]
pub struct GateInput<'a> {
    /// The period.
    pub period: &'a Period,
    /// Rates; those of other periods are ignored.
    pub rates: &'a [UnitRate],
    /// Findings; those dated outside the period are ignored, undated ones count in every period.
    pub findings: &'a [Finding],
    /// The agency's code.
    pub agency: &'a str,
    /// Findings at this level or above fail: `Error` or `Warn`; `None`: never.
    pub fail_on: Option<Level>,
    /// Files that were met and had to be assessed (secret ones apart).
    pub files: u32,
    /// Files of them that were assessed.
    pub assessed: u32,
    /// Percent of files that must have been assessed.
    pub minimum_coverage: u32,
    /// Why the run was cut short, if it was.
    pub partial: Option<&'a str>,
    /// Documents of the period that no register row stands for.
    pub unregistered: u32,
    /// Register rows in the denominator whose day is not known: any may be missing from this period.
    pub undated: u32,
}

/// The gate's word.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GateOutcome {
    /// 0, 1, 3 or 4.
    pub exit_code: u8,
    /// Every reason, those that decide the code first.
    pub reasons: Vec<GateReason>,
}

/// One reason why the gate did not pass.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum GateReason {
    /// A rate is certainly not above its target: unit, rate.
    TargetMissed(String, RateKind),
    /// Findings of a check at the failing level, unwaived: check, how many.
    Findings(CheckId, u32),
    /// The run was cut short, and why.
    Partial(String),
    /// Too few files were assessed: assessed, files, minimum percent.
    Coverage(u32, u32, u32),
    /// A rate's interval straddles its target: unit, rate.
    TargetUndecided(String, RateKind),
    /// No document of the period is in the register: never "100 %".
    NoActivity,
    /// The register has nothing of the period, but the archive has documents of it: how many.
    Unregistered(u32),
    /// Register rows of no known day, which belong to no period: how many.
    Undated(u32),
}

impl GateReason {
    fn code(&self) -> u8 {
        match self {
            Self::TargetMissed(..) | Self::Findings(..) => 1,
            Self::Partial(_) | Self::Coverage(..) | Self::TargetUndecided(..) | Self::Undated(_) => 4,
            Self::NoActivity | Self::Unregistered(_) => 3,
        }
    }
}

/// Judges one period.
pub fn judge(input: &GateInput<'_>) -> GateOutcome {
    let mut reasons = Vec::new();
    let rates = input.rates.iter().filter(|rate| rate.period == input.period.label && rate.target.is_some());
    for rate in rates {
        let documents = rate.rate != RateKind::WorkFiles;
        match rate.outcome {
            Outcome::Missed => reasons.push(GateReason::TargetMissed(rate.unit.clone(), rate.rate)),
            Outcome::Undecided => reasons.push(GateReason::TargetUndecided(rate.unit.clone(), rate.rate)),
            Outcome::NoActivity if documents && rate.unit == input.agency => reasons.push(match input.unregistered {
                0 => GateReason::NoActivity,
                documents => GateReason::Unregistered(documents),
            }),
            Outcome::NoActivity | Outcome::Met => {}
        }
    }
    let mut failing: BTreeMap<CheckId, u32> = BTreeMap::new();
    for finding in input.findings.iter().filter(|finding| fails(finding, input)) {
        let count = failing.entry(finding.check.clone()).or_default();
        *count = count.saturating_add(1);
    }
    reasons.extend(failing.into_iter().map(|(check, count)| GateReason::Findings(check, count)));
    if let Some(why) = input.partial {
        reasons.push(GateReason::Partial(why.to_owned()));
    }
    if 100 * u64::from(input.assessed) < u64::from(input.minimum_coverage) * u64::from(input.files) {
        reasons.push(GateReason::Coverage(input.assessed, input.files, input.minimum_coverage));
    }
    if input.undated > 0 {
        reasons.push(GateReason::Undated(input.undated));
    }
    // Certainly wrong before nothing to judge before undecided.
    let weight = |reason: &GateReason| match reason.code() {
        1 => 0,
        3 => 1,
        _ => 2,
    };
    reasons.sort_by(|left, right| weight(left).cmp(&weight(right)).then_with(|| left.cmp(right)));
    GateOutcome { exit_code: reasons.first().map_or(0, GateReason::code), reasons }
}

fn fails(finding: &Finding, input: &GateInput<'_>) -> bool {
    let in_period = finding.date.is_none_or(|date| period::contains(input.period, date));
    let level = match input.fail_on {
        None => false,
        // Indeterminate findings are judged through the rates they widen.
        Some(Level::Warn | Level::Info) => matches!(finding.level, Level::Error | Level::Warn),
        Some(Level::Error | Level::Indeterminate) => finding.level == Level::Error,
    };
    in_period && level && finding.waived.is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Bilingual, Scope, Waived};
    use std::borrow::Cow;

    fn october() -> Period {
        Period { label: "2026-10".into(), first: "2026-10-01".parse().unwrap(), last: "2026-10-31".parse().unwrap() }
    }

    fn rate(unit: &str, outcome: Outcome) -> UnitRate {
        UnitRate {
            unit: unit.into(),
            includes: Vec::new(),
            period: "2026-10".into(),
            rate: RateKind::N3,
            denominator: 10,
            lower: 10,
            upper: 10,
            target: Some(95),
            outcome,
            excluded: Vec::new(),
            classes: Vec::new(),
            missing_to_target: 0,
        }
    }

    fn finding(level: Level, date: &str) -> Finding {
        Finding {
            check: Cow::Borrowed("signature-missing"),
            level,
            scope: Scope::Document,
            subject: String::new(),
            path: None,
            unit: None,
            date: Some(date.parse().unwrap()),
            sha256: None,
            message: Bilingual::default(),
            waived: None,
        }
    }

    fn gate(rates: &[UnitRate], findings: &[Finding], change: impl FnOnce(&mut GateInput<'_>)) -> GateOutcome {
        let period = october();
        let mut input = GateInput {
            period: &period,
            rates,
            findings,
            agency: "SNV",
            fail_on: Some(Level::Error),
            files: 100,
            assessed: 100,
            minimum_coverage: 90,
            partial: None,
            unregistered: 0,
            undated: 0,
        };
        change(&mut input);
        judge(&input)
    }

    #[test]
    fn the_code_follows_the_worst_reason() {
        let met = [rate("SNV", Outcome::Met)];
        let error = [finding(Level::Error, "2026-10-02")];
        assert_eq!(gate(&met, &[], |_| {}).exit_code, 0);
        assert_eq!(gate(&[rate("VP", Outcome::Missed)], &[], |_| {}).exit_code, 1);
        assert_eq!(gate(&[rate("VP", Outcome::Undecided)], &[], |_| {}).exit_code, 4);
        assert_eq!(gate(&met, &error, |_| {}).exit_code, 1);
        assert_eq!(gate(&met, &[], |input| input.assessed = 89).exit_code, 4);
        assert_eq!(gate(&met, &[], |input| input.assessed = 90).exit_code, 0);
        assert_eq!(gate(&met, &[], |input| input.partial = Some("SIGTERM")).exit_code, 4);
        assert_eq!(gate(&[rate("SNV", Outcome::NoActivity)], &[], |_| {}).exit_code, 3);
        assert_eq!(gate(&[rate("SNV", Outcome::Met), rate("VP", Outcome::NoActivity)], &[], |_| {}).exit_code, 0);
        assert_eq!(gate(&met, &[], |input| input.undated = 1).exit_code, 4);
        let unregistered = gate(&[rate("SNV", Outcome::NoActivity)], &[], |input| input.unregistered = 3);
        assert_eq!((unregistered.exit_code, unregistered.reasons), (3, vec![GateReason::Unregistered(3)]));
        let both = gate(&[rate("VP", Outcome::Undecided), rate("TTS", Outcome::Missed)], &[], |_| {});
        assert_eq!(both.exit_code, 1);
        assert_eq!(both.reasons.len(), 2);
    }

    #[test]
    fn findings_count_by_level_period_and_waiver() {
        let met = [rate("SNV", Outcome::Met)];
        let code = |finding: Finding, fail_on| gate(&met, &[finding], |input| input.fail_on = fail_on).exit_code;
        assert_eq!(code(finding(Level::Error, "2026-09-30"), Some(Level::Error)), 0);
        assert_eq!(code(finding(Level::Warn, "2026-10-02"), Some(Level::Error)), 0);
        assert_eq!(code(finding(Level::Warn, "2026-10-02"), Some(Level::Warn)), 1);
        assert_eq!(code(finding(Level::Error, "2026-10-02"), None), 0);
        assert_eq!(code(finding(Level::Indeterminate, "2026-10-02"), Some(Level::Error)), 0);
        let mut waived = finding(Level::Error, "2026-10-02");
        waived.waived =
            Some(Waived { reason: String::new(), authority: String::new(), expires: "2026-12-31".parse().unwrap() });
        assert_eq!(code(waived, Some(Level::Error)), 0);
    }
}
