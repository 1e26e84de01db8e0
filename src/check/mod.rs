//! The checks: one file each, from verdicts and joined records to findings.
//!
//! To add one: its file with [`Meta`] and function, one line in [`CHECKS`], and its page under docs/checks
//! (the test below writes it). `explain`, the docs index and every report come from the metadata.

mod findings;
mod input;
mod meta;
#[cfg(test)]
mod pages;
mod prelude;
mod rates;
mod register;
mod settings;
#[cfg(test)]
pub(crate) mod testing;
mod waiver;

mod agency_name_mismatch;
mod agency_name_superseded;
mod agency_signature_missing;
mod algorithm_weak;
mod attachment_signature_form;
mod attachment_signature_missing;
mod certificate_expiring;
mod certificate_not_specialised;
mod certificate_outside_validity;
mod certificate_path_incomplete;
mod certificate_revoked;
mod certificate_term_excessive;
mod certificate_untrusted;
mod certificate_usage_unsuitable;
mod content_altered_silently;
mod copy_form_incorrect;
mod crl_unavailable;
mod date_malformed;
mod date_mismatch;
mod document_ambiguous;
mod document_changed_after_signing;
mod document_extended_after_signing;
mod document_resaved_after_signing;
mod document_version_earlier;
mod document_without_register_row;
mod edxml;
mod edxml_attachment_mismatch;
mod edxml_document_mismatch;
mod edxml_not_received;
mod edxml_signature_invalid;
mod exemption_unsupported;
mod issue_late;
mod number_absent;
mod number_duplicate;
mod number_gap;
mod number_out_of_order;
mod number_source_conflict;
mod paper_duplicate;
mod paper_evidence_weak;
mod pdf_unreadable;
mod person_signature_missing;
mod rate_denominator_small;
mod rate_electronic_below_target;
mod rate_electronic_undecided;
mod rate_work_files_below_target;
mod recalled_document_active;
mod register_column_missing;
mod register_field_mismatch;
mod register_row_without_document;
mod republisher_signature_only;
mod revocation_unknown;
mod scan_signed_as_original;
mod scan_without_signature;
mod seal_image_without_agency_signature;
mod secret_document_skipped;
mod signature_appearance_misplaced;
mod signature_cms_malformed;
mod signature_digest_mismatch;
mod signature_encoding_nonstandard;
mod signature_image_only;
mod signature_missing;
mod signature_order_wrong;
mod signature_range_gap;
mod signature_value_invalid;
mod signer_authority_unlisted;
mod signer_name_mismatch;
mod signer_role_unknown;
mod signing_time_implausible;
mod symbol_code_unknown;
mod symbol_malformed;
mod text_encoding_legacy;
mod timestamp_invalid;
mod timestamp_missing;
mod trust_anchor_unconfirmed;
mod unit_conflict;
mod work_file_overdue;

pub use input::{ArchiveInput, AuthorityInput, DocumentInput, RateInput};
pub use meta::{Check, Meta, Run, Text};
pub use settings::{CheckSettings, LevelOverride, NumberSeries};
pub use waiver::waive;

use crate::model::{CheckMeta, Finding, Role, Sha256Digest};
use crate::records::FileInput;
use findings::{About, Findings};
use std::collections::BTreeSet;

/// Every check, in the order of the reference list.
pub static CHECKS: &[&Check] = &[
    &trust_anchor_unconfirmed::CHECK,
    &crl_unavailable::CHECK,
    &pdf_unreadable::CHECK,
    &content_altered_silently::CHECK,
    &document_ambiguous::CHECK,
    &secret_document_skipped::CHECK,
    &document_version_earlier::CHECK,
    &signature_missing::CHECK,
    &signature_image_only::CHECK,
    &seal_image_without_agency_signature::CHECK,
    &scan_without_signature::CHECK,
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
    &certificate_expiring::CHECK,
    &person_signature_missing::CHECK,
    &agency_signature_missing::CHECK,
    &republisher_signature_only::CHECK,
    &signature_order_wrong::CHECK,
    &signer_role_unknown::CHECK,
    &agency_name_mismatch::CHECK,
    &agency_name_superseded::CHECK,
    &signer_name_mismatch::CHECK,
    &signer_authority_unlisted::CHECK,
    &attachment_signature_missing::CHECK,
    &attachment_signature_form::CHECK,
    &copy_form_incorrect::CHECK,
    &scan_signed_as_original::CHECK,
    &signature_appearance_misplaced::CHECK,
    &number_absent::CHECK,
    &number_source_conflict::CHECK,
    &symbol_malformed::CHECK,
    &symbol_code_unknown::CHECK,
    &date_malformed::CHECK,
    &date_mismatch::CHECK,
    &issue_late::CHECK,
    &unit_conflict::CHECK,
    &text_encoding_legacy::CHECK,
    &number_duplicate::CHECK,
    &number_gap::CHECK,
    &number_out_of_order::CHECK,
    &register_row_without_document::CHECK,
    &document_without_register_row::CHECK,
    &register_field_mismatch::CHECK,
    &register_column_missing::CHECK,
    &paper_duplicate::CHECK,
    &paper_evidence_weak::CHECK,
    &exemption_unsupported::CHECK,
    &edxml_document_mismatch::CHECK,
    &edxml_attachment_mismatch::CHECK,
    &edxml_signature_invalid::CHECK,
    &edxml_not_received::CHECK,
    &recalled_document_active::CHECK,
    &rate_electronic_below_target::CHECK,
    &rate_electronic_undecided::CHECK,
    &rate_work_files_below_target::CHECK,
    &rate_denominator_small::CHECK,
    &work_file_overdue::CHECK,
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
        run_rate_check(check, input, &mut out);
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

fn run_rate_check(check: &Check, input: &RateInput<'_>, out: &mut Vec<Finding>) {
    if let Run::Rate(run) = check.run {
        run(input, &mut Findings::new(&check.meta, input.settings, About::default(), out));
    }
}
