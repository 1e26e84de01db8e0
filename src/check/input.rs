//! What checks see: one document, the joined archive, or the rates.

use super::findings::{About, Findings};
use super::settings::{CheckSettings, DECREE_30_FROM};
use crate::model::{
    AlteredContent, Bilingual, CancelledNumber, Delegation, Exemption, Period, PostRow, RegisterRow, Role,
    Sha256Digest, SignatureKind, SignatureVerdict, UnitRate, UnitSummary, UnixTime, WorkFile,
};
use crate::organisation::OrganisationTable;
use crate::records::{DocumentClass, DocumentKind, FileInput, Records};
use std::collections::BTreeSet;

/// One file with everything that is known of it. Files that were not opened have none.
#[derive(Clone, Copy, Debug)]
pub struct DocumentInput<'a> {
    /// The file: path, facts, verdicts.
    pub file: FileInput<'a>,
    /// What the join made of it.
    pub class: &'a DocumentClass,
    /// Its register row.
    pub row: Option<&'a RegisterRow>,
    /// Organisation table.
    pub organisations: &'a OrganisationTable,
    /// Code of the agency whose documents these are.
    pub agency: Option<&'a str>,
    /// Images that only agency signatures show, see [`super::seal_images`].
    pub seals: &'a BTreeSet<Sha256Digest>,
    /// Recorded authority to sign for another; `None`: no such table is configured.
    pub delegations: Option<&'a [Delegation]>,
    /// The main document of an attachment.
    pub main: Option<&'a DocumentClass>,
    /// Operator settings.
    pub settings: &'a CheckSettings,
    /// The audit's clock.
    pub clock: UnixTime,
}

impl<'a> DocumentInput<'a> {
    /// The document itself as what a finding concerns.
    pub(super) fn about(&self) -> About {
        about(self.class)
    }

    /// What findings about the document as a whole name: number and symbol, else the file name.
    pub(super) fn subject(&self) -> String {
        subject(self.class)
    }

    /// A document of the agency, not another pass, copy, attachment, scan or foreign file.
    pub(super) fn is_main(&self) -> bool {
        self.class.kind == DocumentKind::Main
    }

    /// A document of the agency that has left it: in the register, or with number and date.
    pub(super) fn is_issued(&self) -> bool {
        self.is_main() && self.class.issued
    }

    /// Dated since Decree 30 is in force, or undated: its rules of form apply.
    pub(super) fn is_under_decree_30(&self) -> bool {
        self.class.date.is_none_or(|date| date >= DECREE_30_FROM)
    }

    /// Judged once elsewhere: an earlier pass or identical copy.
    pub(super) fn is_repetition(&self) -> bool {
        matches!(self.class.kind, DocumentKind::EarlierVersion(_) | DocumentKind::IdenticalCopy(_))
    }

    /// Verdicts that findings are made of: none for an earlier pass or identical copy, whose signatures
    /// are reported with the file that replaces it.
    pub(super) fn verdicts(&self) -> impl Iterator<Item = &'a SignatureVerdict> {
        let verdicts: &'a [SignatureVerdict] = if self.is_repetition() { &[] } else { self.file.verdicts };
        verdicts.iter()
    }

    /// Signatures (no document timestamps) of the issuer, republishers' left out.
    pub(super) fn signatures(&self) -> impl Iterator<Item = &'a SignatureVerdict> {
        self.verdicts().filter(|verdict| verdict.kind == SignatureKind::Signature && !verdict.republisher)
    }

    /// Signatures of a role.
    pub(super) fn signatures_of(&self, role: Role) -> impl Iterator<Item = &'a SignatureVerdict> {
        self.signatures().filter(move |verdict| verdict.role == role)
    }

    /// One finding with this message for each signature that did not pass because of this check.
    pub(super) fn report_cause(&self, findings: &mut Findings<'_>, vi: &str, en: &str) {
        let check = findings.check_id();
        for verdict in self.verdicts().filter(|verdict| has_cause(verdict, check)) {
            findings.add(&verdict.field, Bilingual::new(vi, en));
        }
    }

    /// Whether a signature of the role is missing for certain: there is none, no unclassified one that
    /// could be it, and the file was not re-saved (which may lose signatures).
    pub(super) fn lacks(&self, role: Role) -> bool {
        let unclassified = self.signatures_of(Role::Unknown).count();
        let missing = [Role::Person, Role::Agency].iter().filter(|r| self.signatures_of(**r).next().is_none()).count();
        self.signatures_of(role).next().is_none()
            && missing > unclassified
            && !self.signatures().any(|verdict| has_cause(verdict, "document-resaved-after-signing"))
    }
}

/// What an archive check sees.
#[derive(Clone, Copy, Debug)]
pub struct ArchiveInput<'a> {
    /// The join.
    pub records: &'a Records,
    /// Files, in the order of [`Records::documents`].
    pub files: &'a [FileInput<'a>],
    /// The outgoing register, in the order of [`Records::rows`].
    pub rows: &'a [RegisterRow],
    /// The post book.
    pub post: &'a [PostRow],
    /// Recorded exemptions.
    pub exemptions: &'a [Exemption],
    /// Cancelled numbers.
    pub cancelled: &'a [CancelledNumber],
    /// Work files.
    pub work_files: &'a [WorkFile],
    /// Whether an outgoing register is configured: without one no row can be missed.
    pub register_loaded: bool,
    /// Columns of Decree 30, PL IV that a register file lacks after mapping: file and header text.
    pub missing_columns: &'a [(String, String)],
    /// Files whose content changed without a trace of writing.
    pub altered: &'a [AlteredContent],
    /// CA and root certificates that paths of this archive used or could use.
    pub authorities: &'a [AuthorityInput],
    /// Organisation table.
    pub organisations: &'a OrganisationTable,
    /// Operator settings.
    pub settings: &'a CheckSettings,
    /// The audit's clock.
    pub clock: UnixTime,
}

/// A CA or root certificate.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AuthorityInput {
    /// CN.
    pub name: String,
    /// SHA-256 of the certificate.
    pub sha256: Sha256Digest,
    /// notAfter.
    pub not_after: UnixTime,
}

/// What a rate check sees.
#[derive(Clone, Copy, Debug)]
pub struct RateInput<'a> {
    /// All rates.
    pub rates: &'a [UnitRate],
    /// Periods they are of.
    pub periods: &'a [Period],
    /// Names of units.
    pub units: &'a [UnitSummary],
    /// Operator settings.
    pub settings: &'a CheckSettings,
}

/// Whether `id` is the first reason why the signature did not pass.
pub(super) fn has_cause(verdict: &SignatureVerdict, id: &str) -> bool {
    verdict.cause.as_deref() == Some(id)
}

/// Causes after which nothing else of a signature is reported: its bytes were altered, its file
/// re-saved, or it cannot be read.
const BYTES_LOST: &[&str] = &[
    "signature-range-gap",
    "signature-cms-malformed",
    "signature-value-invalid",
    "signature-digest-mismatch",
    "document-resaved-after-signing",
];

/// Whether findings that would only follow from altered bytes or a re-saved file are to be left out.
pub(super) fn is_lost(verdict: &SignatureVerdict) -> bool {
    verdict.cause.as_deref().is_some_and(|cause| BYTES_LOST.contains(&cause))
}

/// A document as what a finding concerns.
pub(super) fn about(class: &DocumentClass) -> About {
    About { path: Some(class.path.clone()), unit: class.unit.clone(), date: class.date, sha256: class.sha256 }
}

/// What findings about a document name: number and symbol, else the file name.
pub(super) fn subject(class: &DocumentClass) -> String {
    match &class.reference {
        Some(reference) => reference.to_string(),
        None => class.path.rsplit('/').next().unwrap_or(&class.path).to_owned(),
    }
}
