//! What a building block hands on: its conclusion, and the check that names its cause.

use crate::model::{Bilingual, BuildingBlock, Conclusion, Indication, SubIndication};

/// How much of the reasoning is kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Detail {
    /// Every building block with its reason: for one document.
    Full,
    /// Only what did not pass: for an archive.
    Brief,
}

/// The conclusion of one block with its cause.
#[derive(Clone, Debug)]
pub(super) struct Outcome {
    pub(super) conclusion: Conclusion,
    /// Check id that a failed or indeterminate outcome is reported under.
    pub(super) cause: Option<&'static str>,
    /// Takes part in the status of the whole.
    counts: bool,
}

/// The outcomes of one signature, in the order in which they were reached.
#[derive(Debug)]
pub(super) struct Outcomes {
    detail: Detail,
    list: Vec<Outcome>,
}

impl Outcomes {
    pub(super) fn new(detail: Detail) -> Self {
        Self { detail, list: Vec::new() }
    }

    /// A block passed. The reason is only made where it is kept.
    pub(super) fn passed(&mut self, block: BuildingBlock, reason: impl FnOnce() -> Bilingual) {
        if self.detail == Detail::Full {
            let conclusion =
                Conclusion { block, indication: Indication::TotalPassed, sub_indication: None, reason: reason() };
            self.list.push(Outcome { conclusion, cause: None, counts: true });
        }
    }

    /// Something could not be decided that the verdict does not depend on.
    pub(super) fn remark(&mut self, block: BuildingBlock, reason: impl FnOnce() -> Bilingual) {
        if self.detail == Detail::Full {
            let (indication, sub_indication) = (Indication::Indeterminate, Some(SubIndication::Generic));
            let conclusion = Conclusion { block, indication, sub_indication, reason: reason() };
            self.list.push(Outcome { conclusion, cause: None, counts: false });
        }
    }

    /// A block did not pass.
    pub(super) fn not_passed(
        &mut self,
        block: BuildingBlock,
        indication: Indication,
        sub_indication: SubIndication,
        cause: Option<&'static str>,
        reason: Bilingual,
    ) {
        let conclusion = Conclusion { block, indication, sub_indication: Some(sub_indication), reason };
        self.list.push(Outcome { conclusion, cause, counts: true });
    }

    /// The status of the whole: the first failure, else the first indeterminate block, else passed
    /// (EN 319 102-1, 5.1.3: a proven failure outweighs what could not be determined).
    pub(super) fn overall(&self) -> (Indication, Option<SubIndication>, Option<&'static str>) {
        let first = |wanted| self.list.iter().find(|outcome| outcome.counts && outcome.conclusion.indication == wanted);
        match first(Indication::TotalFailed).or_else(|| first(Indication::Indeterminate)) {
            Some(outcome) => (outcome.conclusion.indication, outcome.conclusion.sub_indication, outcome.cause),
            None => (Indication::TotalPassed, None, None),
        }
    }

    pub(super) fn into_conclusions(self) -> Vec<Conclusion> {
        self.list.into_iter().map(|outcome| outcome.conclusion).collect()
    }
}
