//! What a run leaves behind and every report is made of.

use super::{
    Bilingual, CalendarDate, CheckMeta, ClassedRow, ClassedWorkFile, ComparisonSummary, Exclusion, Finding,
    IdentityFacts, Membership, NotAssessed, PairPictures, Period, Processing, Sha256Digest, SignatureVerdict, UnitRate,
    UnixTime,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A whole run: a pure function of the archive's facts and the context; renderers add nothing.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Report {
    /// Program version.
    pub tool_version: String,
    /// The archive.
    pub archive: ArchiveSummary,
    /// The audit's clock.
    pub clock: UnixTime,
    /// `None` for a complete run, else why it was cut short.
    pub partial: Option<String>,
    /// Law edition in force for the clock's day.
    pub edition: String,
    /// Periods with rates, oldest first.
    pub periods: Vec<Period>,
    /// Units in the order of the organisation table; the agency first.
    pub units: Vec<UnitSummary>,
    /// One per file that is not secret, by path.
    pub documents: Vec<DocumentReport>,
    /// One per register row, in register order.
    pub rows: Vec<ClassedRow>,
    /// Every work file, so that any period can be counted later.
    pub work_files: Vec<ClassedWorkFile>,
    /// Rates per period, unit and kind.
    pub rates: Vec<UnitRate>,
    /// Findings, ordered by level, check, path, subject.
    pub findings: Vec<Finding>,
    /// Paper duplicates.
    pub duplicates: Vec<DuplicatePair>,
    /// Files, coverage and limits.
    pub scope: ScopeSummary,
    /// Every input with its digest.
    pub inputs: Vec<InputDigest>,
    /// Settings that enter definitions, as printed.
    pub method: Method,
    /// Metadata of every check that fired or could.
    pub checks: Vec<CheckMeta>,
}

impl Report {
    /// The period that is meant when none is named: the last one with register rows or work files that had
    /// begun at the audit's clock, else the last one with documents. A day mistyped into the far future
    /// does not become "the last period".
    pub fn latest_period(&self) -> Option<&Period> {
        let today = self.clock.date_in_vietnam();
        let begun = || self.periods.iter().rev().filter(|period| today.is_none_or(|today| period.first <= today));
        let counted = |period: &&Period| {
            let mut rates = self.rates.iter().filter(|rate| rate.period == period.label);
            rates.any(|rate| rate.denominator > 0 || !rate.classes.is_empty())
        };
        begun().find(counted).or_else(|| begun().next()).or(self.periods.last())
    }
}

/// The archive audited.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ArchiveSummary {
    /// Name printed on reports.
    pub name: String,
    /// Agency code.
    pub agency: Option<String>,
    /// Folder as given.
    pub folder: String,
}

/// A unit as printed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct UnitSummary {
    /// Code.
    pub code: String,
    /// Full name.
    pub name: String,
    /// Parent's code.
    pub parent: Option<String>,
}

/// One file.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct DocumentReport {
    /// Relative to the archive, `/` separated.
    pub path: String,
    /// Content hash.
    pub sha256: Sha256Digest,
    /// Why it could not be judged.
    pub not_assessed: Option<NotAssessed>,
    /// Unit code.
    pub unit: Option<String>,
    /// Number and symbol, e.g. `512/SLĐTBXH-BTXH`.
    pub number: Option<String>,
    /// Document date.
    pub date: Option<CalendarDate>,
    /// Class; `None` for a file that is no register row (earlier version, attachment, incoming).
    pub processing: Option<Processing>,
    /// Why outside D.
    pub exclusion: Option<Exclusion>,
    /// Membership in N2.
    pub n2: Membership,
    /// Another file of the archive that replaces this one (a later signing pass, or an identical copy).
    pub version_of: Option<String>,
    /// Index of the register row it was joined with.
    pub row: Option<u32>,
    /// Verdicts.
    pub signatures: Vec<SignatureVerdict>,
    /// What its pages say.
    pub identity: Option<IdentityFacts>,
}

/// A paper copy of an e-issued document.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DuplicatePair {
    /// Path of the e-issued file.
    pub document: String,
    /// Path of the scan, or register or post-book location.
    pub copy: String,
    /// How sure.
    pub tier: DuplicateTier,
    /// What it is, what agreed and what differed.
    pub evidence: Vec<Bilingual>,
    /// What a person can see of it.
    pub pictures: Option<PairPictures>,
    /// Unit code.
    pub unit: Option<String>,
    /// Document date.
    pub date: Option<CalendarDate>,
}

/// How sure a paper duplicate is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DuplicateTier {
    /// Digits verified, or an explicit statement.
    Certain,
    /// Needs the register or a person.
    Probable,
}

/// Files, coverage and limits.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct ScopeSummary {
    /// Files met.
    pub files: u32,
    /// Bytes of them.
    pub bytes: u64,
    /// Files judged.
    pub assessed: u32,
    /// Files not judged (secret ones apart).
    pub not_assessed: u32,
    /// Secrecy-marked files: counted only.
    pub secret: u32,
    /// Signatures judged.
    pub signatures: u32,
    /// Of them passed, indeterminate, failed.
    pub passed: u32,
    /// Indeterminate.
    pub indeterminate: u32,
    /// Failed.
    pub failed: u32,
    /// Revocation lists: issuer, this update, next update.
    pub revocation_lists: Vec<RevocationListSummary>,
    /// Scans held against e-documents.
    pub comparison: ComparisonSummary,
    /// Limits reached, with the number of files.
    pub limits: Vec<(String, u32)>,
}

/// One CRL in use.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RevocationListSummary {
    /// Issuer CN.
    pub issuer: String,
    /// thisUpdate.
    pub this_update: UnixTime,
    /// nextUpdate.
    pub next_update: Option<UnixTime>,
    /// SHA-256 of the CRL.
    pub sha256: Sha256Digest,
}

/// An input file with its digest.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct InputDigest {
    /// `configuration`, `register`, `organisation`, `certificate`, `crl`, …
    pub kind: String,
    /// Path as configured.
    pub path: String,
    /// SHA-256.
    pub sha256: Sha256Digest,
}

/// What enters the definitions, printed with every report.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Method {
    /// Rate the gate judges.
    pub basis: super::RateKind,
    /// Strict target, percent.
    pub target_electronic: u32,
    /// Strict target, percent.
    pub target_work_files: u32,
    /// Small-denominator warning below this.
    pub minimum_denominator: u32,
    /// Only documents exchanged with other agencies.
    pub exchanged_only: bool,
    /// 0: calendar months.
    pub cutoff_day: u8,
    /// Findings at this level or above fail the gate; `None`: never.
    pub fail_on: Option<super::Level>,
    /// Percent of files that must have been assessed.
    pub minimum_coverage: u32,
    /// Levels that the operator set, by check; `None`: switched off.
    pub levels: BTreeMap<String, Option<super::Level>>,
}
