//! A check's word on a signature, document, archive, register row or rate.

use super::{Bilingual, CalendarDate, Sha256Digest};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// Severity. `Indeterminate` is "chưa xác định": it widens rate intervals.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Breaks a rule or the target.
    Error,
    /// Could not be decided.
    Indeterminate,
    /// Should be looked at.
    Warn,
    /// For information.
    Info,
}

/// What one finding is about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// One signature.
    Signature,
    /// One document.
    Document,
    /// The archive.
    Archive,
    /// A register row or file.
    Register,
    /// A rate.
    Rate,
}

/// A stable check id, kebab-case, never renamed or reused.
pub type CheckId = Cow<'static, str>;

/// One finding.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Finding {
    /// Check id.
    pub check: CheckId,
    /// Level after configuration.
    pub level: Level,
    /// Scope.
    pub scope: Scope,
    /// What it is about: a document number, field name, certificate name, unit, row ("dòng 12").
    pub subject: String,
    /// Path of the file relative to the archive, if one is concerned.
    pub path: Option<String>,
    /// Unit code, if known.
    pub unit: Option<String>,
    /// Document date, so that a period's report can select; `None`: every period.
    pub date: Option<CalendarDate>,
    /// Content hash of the file, for waivers.
    pub sha256: Option<Sha256Digest>,
    /// The message.
    pub message: Bilingual,
    /// Waiver in force.
    pub waived: Option<Waived>,
}

/// The waiver that covers a finding: shown and counted, never hidden.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Waived {
    /// Why.
    pub reason: String,
    /// Who decided.
    pub authority: String,
    /// Until when.
    pub expires: CalendarDate,
}

/// What is known of a check: `soat explain`, `soat checks`, the docs index and reports come from this.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CheckMeta {
    /// Id.
    pub id: CheckId,
    /// Default level.
    pub level: Level,
    /// Scope.
    pub scope: Scope,
    /// One-line title.
    pub title: Bilingual,
    /// When it fires.
    pub explanation: Bilingual,
    /// Legal or technical basis, with its mark.
    pub basis: Bilingual,
    /// Who fixes it and how.
    pub remedy: Bilingual,
}
