//! Rates as intervals and the gate over them (domain README section 10).

use super::CalendarDate;
use serde::{Deserialize, Serialize};

/// Certain, impossible or undecided membership in a numerator.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Membership {
    /// Certainly in.
    Yes,
    /// Certainly out.
    No,
    /// Undecided: only in the upper bound.
    Maybe,
}

/// The class of one register row. Every row has exactly one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Processing {
    /// Fully electronic for certain.
    Electronic,
    /// A file, certainly without a lawful pair of signatures.
    SignatureInvalid,
    /// A scan: issued on paper.
    Paper,
    /// Electronic, but paper was issued beside it.
    PaperDuplicate,
    /// No file.
    Missing,
    /// Could not be judged.
    NotAssessed,
    /// Outside the denominator.
    Excluded,
}

/// Why a row is outside the denominator; each is counted apart.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Exclusion {
    /// Carries a secrecy mark.
    Secret,
    /// Recalled.
    Recalled,
    /// The number was cancelled.
    Cancelled,
    /// A law demands paper, recorded with its name.
    LawRequiresPaper,
    /// Stayed inside the agency, where only documents exchanged with others are counted.
    NotExchanged,
    /// The same entry stands in another row already.
    Repeated,
}

/// Which rate.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RateKind {
    /// An electronic file exists.
    N1,
    /// Lawfully signed by person and agency.
    N2,
    /// Fully electronic.
    N3,
    /// Work files opened electronically.
    WorkFiles,
}

/// Where an interval lies against a strict target.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The lower bound is strictly above.
    Met,
    /// The upper bound is not strictly above.
    Missed,
    /// In between.
    Undecided,
    /// Denominator zero: không phát sinh.
    NoActivity,
}

/// A free range of days, both ends included, with its label (`2026-10`, `2026-Q4`, `2026-H2`, `2026`).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Period {
    /// Label, as printed and as given to `--period`.
    pub label: String,
    /// First day.
    pub first: CalendarDate,
    /// Last day.
    pub last: CalendarDate,
}

/// One rate of one unit in one period.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct UnitRate {
    /// Unit code; the agency's own code for all units together; empty for rows of no known unit.
    pub unit: String,
    /// Units below this one whose figures are part of these; empty for a unit alone and for the agency.
    pub includes: Vec<String>,
    /// Period label.
    pub period: String,
    /// Which rate.
    pub rate: RateKind,
    /// D (or T for work files).
    pub denominator: u32,
    /// Certain members.
    pub lower: u32,
    /// Certain and undecided members.
    pub upper: u32,
    /// Strict target in percent; `None` where no target is set for this rate.
    pub target: Option<u32>,
    /// Against the target; against the gate's own target even where none is configured: `NoActivity`
    /// when the denominator is zero.
    pub outcome: Outcome,
    /// Rows outside the denominator, by reason.
    pub excluded: Vec<(Exclusion, u32)>,
    /// Rows by class (they sum to all rows of the unit and period).
    pub classes: Vec<(Processing, u32)>,
    /// How many more certain members would meet the target ("còn thiếu k văn bản").
    pub missing_to_target: u32,
}
