//! Masking of personal data in reports that are passed on (domain README, section 12).
//!
//! Names of people, e-mail addresses, serial numbers and subjects are masked, in paths too; agencies, document
//! numbers, units, digests and counts are not.

use super::names::{self, Names, initials, starts_upper};
use super::{Disclose, Options};
use crate::model::{DocumentReport, Finding, Language, Report, Role, SignatureVerdict};
use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};

/// Checks whose messages quote names or subjects from registers, which the report holds nowhere else:
/// what stands between quotation marks is masked.
const QUOTING: [&str; 5] = [
    "signer-name-mismatch",
    "signer-authority-unlisted",
    "signer-role-unknown",
    "seal-image-without-agency-signature",
    "register-field-mismatch",
];

/// Masks one report's texts; made once per rendering.
pub(crate) struct Mask {
    full: bool,
    names: Names,
}

impl Mask {
    /// For this report.
    pub(crate) fn new(report: &Report, disclose: Disclose) -> Self {
        let full = disclose == Disclose::Full;
        let mut authorities = BTreeSet::new();
        let mut names = Names::default();
        if !full {
            for document in &report.documents {
                // Only what looks like a person's name is masked everywhere: a certificate with a common
                // word for a name must not blacken the report.
                personal_names(document).for_each(|name| add_names(&mut names, name, false));
                let issuers = document.signatures.iter().filter(|verdict| verdict.issuer != verdict.signer);
                for issuer in issuers.filter_map(|verdict| verdict.issuer.as_deref()).collect::<BTreeSet<_>>() {
                    authorities.insert(issuer);
                }
            }
            for name in report.units.iter().map(|unit| unit.name.as_str()).chain([report.archive.name.as_str()]) {
                names.except(name);
            }
            authorities.into_iter().for_each(|authority| names.except(authority));
        }
        Self { full, names }
    }

    /// For a single document outside any report.
    pub(crate) fn of_document(disclose: Disclose) -> Self {
        Self { full: disclose == Disclose::Full, names: Names::default() }
    }

    /// Whether everything is shown.
    pub(crate) fn is_full(&self) -> bool {
        self.full
    }

    /// The signer's name: an agency's stays, a person's is masked.
    pub(crate) fn signer(&self, verdict: &SignatureVerdict) -> Option<String> {
        let name = verdict.signer.as_deref()?;
        Some(if self.full || verdict.role == Role::Agency { name.to_owned() } else { initials(name) })
    }

    /// Running text; the document tells which names may occur in it.
    pub(crate) fn text(&self, text: &str, document: Option<&DocumentReport>) -> String {
        if self.full {
            return text.to_owned();
        }
        let mut local = Names::default();
        let mut masked = text.to_owned();
        if let Some(document) = document {
            personal_names(document).for_each(|name| add_names(&mut local, name, true));
            if let Some(subject) = document.identity.as_ref().and_then(|identity| identity.subject.as_deref())
                && subject.chars().count() >= 8
            {
                masked = masked.replace(subject, "***");
            }
        }
        let masked = names::mask(&masked, &[&local, &self.names]);
        mask_tokens(&masked)
    }

    /// A path: names alone, since it has to find its file.
    pub(crate) fn path(&self, path: &str, document: &DocumentReport) -> String {
        if self.full {
            return path.to_owned();
        }
        let mut local = Names::default();
        personal_names(document).for_each(|name| add_names(&mut local, name, false));
        names::mask(path, &[&local, &self.names])
    }

    /// A finding's message.
    pub(crate) fn message(&self, finding: &Finding, document: Option<&DocumentReport>, language: Language) -> String {
        let text = finding.message.get(language);
        if !self.full && QUOTING.contains(&finding.check.as_ref()) {
            self.text(&mask_quoted(text), document)
        } else {
            self.text(text, document)
        }
    }
}

/// The report with names masked where renderers print as they find: paths, self-signed issuers, the words of
/// waivers and places of inputs. Files stay distinct, and their digests stay.
pub(crate) fn masked<'a>(report: &'a Report, options: &Options) -> Cow<'a, Report> {
    if options.disclose == Disclose::Full {
        return Cow::Borrowed(report);
    }
    let mask = Mask::new(report, options.disclose);
    let paths = paths(report, &mask);
    let plain = |text: &String| mask.text(text, None);
    let path = |path: &String| paths.get(path.as_str()).cloned().unwrap_or_else(|| path.clone());
    let mut masked = report.clone();
    for document in &mut masked.documents {
        document.path = path(&document.path);
        document.version_of = document.version_of.as_ref().map(path);
        for verdict in &mut document.signatures {
            if verdict.role != Role::Agency && verdict.issuer == verdict.signer {
                verdict.issuer = verdict.issuer.as_deref().map(initials);
            }
        }
    }
    for row in &mut masked.rows {
        row.path = row.path.as_ref().map(path);
    }
    for finding in &mut masked.findings {
        // Message and subject are masked with the names of their document, which is found by its new path.
        finding.path = finding.path.as_ref().map(path);
        if let Some(waived) = &mut finding.waived {
            waived.reason = plain(&waived.reason);
        }
    }
    for pair in &mut masked.duplicates {
        pair.document = path(&pair.document);
        pair.copy = paths.get(pair.copy.as_str()).cloned().unwrap_or_else(|| plain(&pair.copy));
    }
    for input in &mut masked.inputs {
        input.path = plain(&input.path);
    }
    masked.archive.folder = plain(&masked.archive.folder);
    Cow::Owned(masked)
}

/// Paths that show a name, with what is shown instead: still one for each.
fn paths<'a>(report: &'a Report, mask: &Mask) -> HashMap<&'a str, String> {
    let mut taken: HashSet<String> = report.documents.iter().map(|document| document.path.clone()).collect();
    let mut changed = HashMap::new();
    for document in &report.documents {
        let masked = mask.path(&document.path, document);
        if masked == document.path {
            continue;
        }
        let mut unique = masked.clone();
        let mut copy = 1_u32;
        while !taken.insert(unique.clone()) {
            copy += 1;
            unique = match masked.rsplit_once('.') {
                Some((stem, extension)) => format!("{stem} ({copy}).{extension}"),
                None => format!("{masked} ({copy})"),
            };
        }
        changed.insert(document.path.as_str(), unique);
    }
    changed
}

/// Names of people that a document carries.
fn personal_names(document: &DocumentReport) -> impl Iterator<Item = &str> {
    // A certificate authority that signs itself is no person.
    let is_person = |verdict: &&SignatureVerdict| verdict.role != Role::Agency;
    let signers = document.signatures.iter().filter(is_person).filter_map(|verdict| verdict.signer.as_deref());
    let printed = document.identity.iter().filter_map(|identity| identity.signer_name.as_deref());
    signers.chain(printed)
}

/// The names in a common name: certificates write "Nguyễn Văn A - Giám đốc" and "Nguyễn Văn A (Sở Nội vụ)".
/// The whole is one for certain; a part of it only if it looks like one, else the office in the brackets
/// would be masked wherever it stands.
fn add_names(names: &mut Names, common_name: &str, whole: bool) {
    let looks = |part: &str| {
        let words = names::words(part);
        (2..=6).contains(&part.split_whitespace().count()) && words.iter().all(|word| starts_upper(word))
    };
    let parts = common_name.split(['-', '–', ',', '(', ')', ';', '/']).map(str::trim);
    let mut first = true;
    for part in parts.filter(|part| !part.is_empty()) {
        // The name stands first; behind it titles and offices in capitals look like names, too.
        let capitals = part.chars().any(char::is_lowercase);
        if looks(part) && (first || capitals) {
            names.add(part);
        }
        first = false;
    }
    if whole || looks(common_name) {
        names.add(common_name);
    }
}

/// Masks e-mail addresses, and the word after "serial".
fn mask_tokens(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut serial = false;
    for token in text.split_inclusive(char::is_whitespace) {
        let word = token.trim_end();
        let space = token.get(word.len()..).unwrap_or_default();
        let is_email = word.split_once('@').is_some_and(|(user, host)| {
            user.chars().any(char::is_alphanumeric) && host.chars().any(char::is_alphanumeric)
        });
        let digits = word.chars().filter(char::is_ascii_hexdigit).count();
        if is_email || (serial && digits >= 4) {
            out.extend(word.chars().find(|c| c.is_alphanumeric()));
            out.push_str("***");
        } else {
            out.push_str(word);
        }
        out.push_str(space);
        let lower = word.to_lowercase();
        // "số sê-ri 54:01…", "serial number: 54…", "serial=54…" (the last is masked by its own rule).
        serial = lower.contains("serial")
            || lower.contains("sê-ri")
            || (serial && (lower == "number" || lower == "number:" || lower == ":" || lower == "no."));
    }
    out
}

/// Masks what stands between quotation marks, unless it holds no letters (a date, a page count).
///
/// A value that holds quotation marks itself cannot be told from what stands between two values: then
/// everything from the first mark to the last is one.
fn mask_quoted(text: &str) -> String {
    let marks: Vec<usize> = text.match_indices(['"', '“', '”']).map(|(at, _)| at).collect();
    if let ([first, .., last], true) = (marks.as_slice(), marks.len() > 4 || marks.len() % 2 == 1) {
        let (before, after) = (text.get(..*first).unwrap_or_default(), text.get(*last..).unwrap_or_default());
        return format!("{before}\"***{}", if marks.len() % 2 == 1 { "" } else { after });
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find(['"', '“']) {
        let (before, tail) = rest.split_at(open);
        out.push_str(before);
        let mut chars = tail.chars();
        out.extend(chars.next());
        let body = chars.as_str();
        let Some(close) = body.find(['"', '”']) else {
            out.push_str("***");
            return out;
        };
        let (quoted, after) = body.split_at(close);
        if quoted.chars().any(char::is_alphabetic) {
            out.push_str(&initials(quoted))
        } else {
            out.push_str(quoted)
        }
        let mut chars = after.chars();
        out.extend(chars.next());
        rest = chars.as_str();
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_office_in_brackets_is_no_name() {
        let mut names = Names::default();
        add_names(&mut names, "Nguyễn Văn A (Sở Nội vụ)", true);
        add_names(&mut names, "Phạm Kín - GIÁM ĐỐC SỞ", true);
        add_names(&mut names, "Co quan chung thuc so chuyen dung Chinh phu (RootCA)", false);
        let text = "Phạm Kín và Nguyễn Văn A của Sở Nội vụ, GIÁM ĐỐC SỞ, CA (RootCA)";
        assert_eq!(names::mask(text, &[&names]), "P*** K*** và N*** V*** A*** của Sở Nội vụ, GIÁM ĐỐC SỞ, CA (RootCA)");
    }

    #[test]
    fn quotation_marks_inside_a_value_open_nothing() {
        let text = "Sổ ghi \"V/v \"đặc biệt\" của ông Kín\", tệp ghi \"Công văn 5\".";
        let masked = mask_quoted(text);
        for word in ["đặc", "Kín", "Công"] {
            assert!(!masked.contains(word), "{masked}");
        }
        assert!(masked.starts_with("Sổ ghi \"***"));
    }

    #[test]
    fn emails_and_serials_are_masked_and_digests_stay() {
        let digest = "ab".repeat(32);
        let text = format!("gửi a.nguyen@snv.gov.vn, số sê-ri 5401AABBCC, serial number: 54:01:02 sha256 {digest}");
        let masked = mask_tokens(&text);
        assert!(!masked.contains("snv.gov.vn") && !masked.contains("5401AABBCC") && !masked.contains("54:01"));
        assert!(masked.contains(&digest));
    }

    #[test]
    fn quoted_words_are_masked_and_quoted_dates_stay() {
        assert_eq!(
            mask_quoted("Sổ ghi \"Trần Thị B\", tệp ghi \"05/03/2021\"."),
            "Sổ ghi \"T*** T*** B***\", tệp ghi \"05/03/2021\"."
        );
        assert!(!mask_quoted("Sổ ghi \"Trần Thị B").contains("Trần"));
    }
}
