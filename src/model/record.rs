//! Register rows, organisations and other lists an office keeps, as read; and a row after the join.

use super::{CalendarDate, Exclusion, Membership, Processing, Sha256Digest};
use serde::{Deserialize, Serialize};

/// Where a row stands: for messages that name file, row and column.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub struct RowLocation {
    /// Register file, relative to the configuration.
    pub file: String,
    /// Row as the user sees it in the file, 1 for the first line.
    pub row: u32,
}

/// A row of the outgoing register (Decree 30, PL IV).
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct RegisterRow {
    /// Where it stands.
    pub location: RowLocation,
    /// Số, ký hiệu as written.
    pub reference: String,
    /// Ngày tháng.
    pub date: Option<CalendarDate>,
    /// Tên loại và trích yếu.
    pub subject: Option<String>,
    /// Người ký.
    pub signer: Option<String>,
    /// Nơi nhận.
    pub recipients: Option<String>,
    /// Đơn vị, người nhận bản lưu.
    pub archive_copy: Option<String>,
    /// Số lượng bản.
    pub copies: Option<u32>,
    /// Ngày chuyển.
    pub transferred: Option<CalendarDate>,
    /// Ghi chú.
    pub note: Option<String>,
    /// Drafting unit, if the export has it.
    pub unit: Option<String>,
    /// File name or path, if the export has it.
    pub file: Option<String>,
    /// Độ mật, if the export has it.
    pub secrecy: Option<String>,
    /// "Kèm bản giấy" declared.
    pub paper: Option<bool>,
    /// Trạng thái: cancelled or recalled.
    pub status: Option<RowStatus>,
    /// Hình thức gửi.
    pub channel: Option<String>,
}

/// Status column of a register row.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum RowStatus {
    /// The number was cancelled.
    Cancelled,
    /// The document was recalled.
    Recalled,
}

/// A row of the post book.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct PostRow {
    /// Where it stands.
    pub location: RowLocation,
    /// Ngày chuyển.
    pub transferred: Option<CalendarDate>,
    /// Số, ký hiệu.
    pub reference: String,
    /// Nơi nhận.
    pub recipients: Option<String>,
    /// Số lượng bì.
    pub envelopes: Option<u32>,
    /// Ghi chú.
    pub note: Option<String>,
}

/// A recorded exemption from the paper rule.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Exemption {
    /// Where it stands.
    pub location: RowLocation,
    /// Số, ký hiệu.
    pub reference: String,
    /// Document date, if given.
    pub date: Option<CalendarDate>,
    /// Reason code (see docs).
    pub reason: String,
    /// Law, decision or rule relied on.
    pub basis: Option<String>,
    /// Who decided.
    pub authority: Option<String>,
    /// Who recorded it.
    pub recorded_by: Option<String>,
    /// When.
    pub recorded_on: Option<CalendarDate>,
    /// Until when.
    pub expires: Option<CalendarDate>,
}

/// A recorded waiver of a finding: it is shown and counted as waived, and changes no verdict and no rate.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Waiver {
    /// Where it stands.
    pub location: RowLocation,
    /// Check id.
    pub check: String,
    /// Document: number and symbol, path or file name; for a finding without a file its subject.
    pub document: String,
    /// SHA-256 of the file as written, 64 hexadecimal digits: another content needs another decision.
    pub sha256: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// Who decided.
    pub authority: Option<String>,
    /// When.
    pub decided_on: Option<CalendarDate>,
    /// Last day on which it holds.
    pub expires: Option<CalendarDate>,
}

/// A cancelled number.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct CancelledNumber {
    /// Where it stands.
    pub location: RowLocation,
    /// Số, ký hiệu.
    pub reference: String,
    /// Date.
    pub date: Option<CalendarDate>,
    /// Why.
    pub reason: Option<String>,
}

/// A recorded authority to sign for another (Decree 30, Đ.13(1–4)).
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Delegation {
    /// Where it stands.
    pub location: RowLocation,
    /// Full name of the person.
    pub name: String,
    /// `KT.`, `TL.`, `TUQ.` or `Q.`.
    pub prefix: String,
    /// Abbreviations of document types (PL III) it covers, `CV` for công văn; empty: all.
    pub types: Vec<String>,
    /// First day, if bounded.
    pub valid_from: Option<CalendarDate>,
    /// Last day, if bounded.
    pub valid_to: Option<CalendarDate>,
}

/// A work file (hồ sơ công việc).
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct WorkFile {
    /// Where it stands.
    pub location: RowLocation,
    /// Mã hồ sơ.
    pub code: String,
    /// Tiêu đề.
    pub title: Option<String>,
    /// Unit code.
    pub unit: Option<String>,
    /// Work started.
    pub started: Option<CalendarDate>,
    /// Work ended.
    pub ended: Option<CalendarDate>,
    /// Opened electronically; `None`: not said.
    pub electronic: Option<bool>,
    /// Number of documents in it; `None`: not said.
    pub documents: Option<u32>,
    /// Handed over to the archive.
    pub handed_over: Option<CalendarDate>,
    /// A construction file (other term).
    pub construction: bool,
    /// Written consent to keep it longer.
    pub consent: Option<CalendarDate>,
}

/// An organisation or unit with the days on which its name is valid.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Organisation {
    /// Abbreviation used in symbols.
    pub code: String,
    /// Full name.
    pub name: String,
    /// The same without diacritics, for old certificates.
    pub ascii_name: Option<String>,
    /// Code of the parent.
    pub parent: Option<String>,
    /// Place name used in its headers.
    pub place: Option<String>,
    /// Identification code on the exchange axis.
    pub organ_id: Option<String>,
    /// First day, if bounded.
    pub valid_from: Option<CalendarDate>,
    /// Last day, if bounded.
    pub valid_to: Option<CalendarDate>,
    /// Codes of successors.
    pub successors: Vec<String>,
    /// What it is.
    pub kind: OrganisationKind,
}

/// Kind of an [`Organisation`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OrganisationKind {
    /// An agency that issues documents under its own name.
    #[default]
    Agency,
    /// A drafting unit inside an agency.
    Unit,
    /// A portal or gazette that signs what it republishes.
    Republisher,
    /// Another body: receiver, superior.
    Other,
}

/// One register row after the join: exactly one class.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ClassedRow {
    /// Where it stands in the register.
    pub location: RowLocation,
    /// Số, ký hiệu as written.
    pub reference: String,
    /// Document date.
    pub date: Option<CalendarDate>,
    /// Unit code; `None`: chưa rõ đơn vị.
    pub unit: Option<String>,
    /// Content hash of the document joined.
    pub document: Option<Sha256Digest>,
    /// Its path.
    pub path: Option<String>,
    /// Its class.
    pub processing: Processing,
    /// Why excluded.
    pub exclusion: Option<Exclusion>,
    /// Went to another body, or may have; `false` only where every receiver is inside the agency.
    pub exchanged: bool,
    /// Membership in N1.
    pub n1: Membership,
    /// Membership in N2.
    pub n2: Membership,
    /// Membership in N3.
    pub n3: Membership,
}

/// One work file as rates count it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ClassedWorkFile {
    /// Unit code; `None`: chưa rõ đơn vị.
    pub unit: Option<String>,
    /// Day on which the work started.
    pub started: Option<CalendarDate>,
    /// Membership among those opened electronically with at least one document.
    pub electronic: Membership,
}
