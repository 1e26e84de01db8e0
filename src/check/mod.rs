//! The checks: one file each, from verdicts and joined records to findings.
//!
//! To add one: its file with [`Meta`] and function, one line in [`CHECKS`], and its page under docs/checks
//! (the test below writes it). `explain`, the docs index and every report come from the metadata.

mod findings;
mod input;
mod meta;
mod prelude;
mod settings;
#[cfg(test)]
pub(crate) mod testing;

mod agency_signature_missing;
mod algorithm_weak;
mod certificate_not_specialised;
mod certificate_outside_validity;
mod certificate_path_incomplete;
mod certificate_revoked;
mod certificate_term_excessive;
mod certificate_untrusted;
mod certificate_usage_unsuitable;
mod document_changed_after_signing;
mod document_extended_after_signing;
mod document_resaved_after_signing;
mod person_signature_missing;
mod republisher_signature_only;
mod revocation_unknown;
mod seal_image_without_agency_signature;
mod signature_cms_malformed;
mod signature_digest_mismatch;
mod signature_encoding_nonstandard;
mod signature_order_wrong;
mod signature_range_gap;
mod signature_value_invalid;
mod signer_name_mismatch;
mod signer_role_unknown;
mod signing_time_implausible;
mod timestamp_invalid;
mod timestamp_missing;

pub use input::{ArchiveInput, AuthorityInput, DocumentInput, RateInput};
pub use meta::{Check, Meta, Run, Text};
pub use settings::{CheckSettings, LevelOverride};

use crate::model::{CheckMeta, Finding, Role, Sha256Digest};
use crate::records::FileInput;
use findings::{About, Findings};
use std::collections::BTreeSet;

/// Every check, in the order of the reference list.
pub static CHECKS: &[&Check] = &[
    &seal_image_without_agency_signature::CHECK,
    &signature_range_gap::CHECK,
    &signature_cms_malformed::CHECK,
    &signature_value_invalid::CHECK,
    &signature_digest_mismatch::CHECK,
    &document_resaved_after_signing::CHECK,
    &document_changed_after_signing::CHECK,
    &document_extended_after_signing::CHECK,
    &algorithm_weak::CHECK,
    &signature_encoding_nonstandard::CHECK,
    &certificate_untrusted::CHECK,
    &certificate_path_incomplete::CHECK,
    &certificate_not_specialised::CHECK,
    &certificate_outside_validity::CHECK,
    &certificate_term_excessive::CHECK,
    &certificate_revoked::CHECK,
    &revocation_unknown::CHECK,
    &certificate_usage_unsuitable::CHECK,
    &timestamp_missing::CHECK,
    &timestamp_invalid::CHECK,
    &signing_time_implausible::CHECK,
    &person_signature_missing::CHECK,
    &agency_signature_missing::CHECK,
    &republisher_signature_only::CHECK,
    &signature_order_wrong::CHECK,
    &signer_role_unknown::CHECK,
    &signer_name_mismatch::CHECK,
];

/// The check of that id.
pub fn find(id: &str) -> Option<&'static Check> {
    CHECKS.iter().copied().find(|check| check.meta.id == id)
}

/// Metadata of every check, as reports carry it.
pub fn metas() -> Vec<CheckMeta> {
    CHECKS.iter().map(|check| check.meta.to_model()).collect()
}

/// Findings about one file. A file that was not opened has none.
pub fn check_document(input: &DocumentInput<'_>) -> Vec<Finding> {
    let mut out = Vec::new();
    for check in CHECKS {
        run_document_check(check, input, &mut out);
    }
    out
}

/// Findings over the joined records.
pub fn check_archive(input: &ArchiveInput<'_>) -> Vec<Finding> {
    let mut out = Vec::new();
    for check in CHECKS {
        run_archive_check(check, input, &mut out);
    }
    out
}

/// Findings over the rates.
pub fn check_rates(input: &RateInput<'_>) -> Vec<Finding> {
    let mut out = Vec::new();
    for check in CHECKS {
        if let Run::Rate(run) = check.run {
            run(input, &mut Findings::new(&check.meta, input.settings, About::default(), &mut out));
        }
    }
    out
}

/// The order of a report: level, check, path, subject.
pub fn sort(findings: &mut [Finding]) {
    findings.sort_by(|left, right| {
        let key = |finding: &Finding| (finding.level, finding.check.clone(), finding.path.clone());
        key(left).cmp(&key(right)).then_with(|| left.subject.cmp(&right.subject))
    });
}

/// Images that agency signatures show and person signatures beside them do not: the agency's seal, and not a
/// logo that every appearance carries.
pub fn seal_images(files: &[FileInput<'_>]) -> BTreeSet<Sha256Digest> {
    let mut seals = BTreeSet::new();
    let mut others = BTreeSet::new();
    for file in files {
        let agency_signed = file.verdicts.iter().any(|verdict| verdict.role == Role::Agency && !verdict.republisher);
        let signatures = file.pdf().map(|pdf| pdf.signatures.as_slice()).unwrap_or_default();
        for facts in signatures.iter().filter(|_| agency_signed) {
            let role = file.verdicts.iter().find(|verdict| verdict.field == facts.field).map(|verdict| verdict.role);
            let images = facts.appearance.iter().flat_map(|appearance| appearance.images.iter().copied());
            match role {
                Some(Role::Agency) => seals.extend(images),
                _ => others.extend(images),
            }
        }
    }
    seals.difference(&others).copied().collect()
}

fn run_document_check(check: &Check, input: &DocumentInput<'_>, out: &mut Vec<Finding>) {
    if let Run::Document(run) = check.run {
        run(input, &mut Findings::new(&check.meta, input.settings, input.about(), out));
    }
}

fn run_archive_check(check: &Check, input: &ArchiveInput<'_>, out: &mut Vec<Finding>) {
    if let Run::Archive(run) = check.run {
        run(input, &mut Findings::new(&check.meta, input.settings, About::default(), out));
    }
}
