//! Masking of personal data in reports that are passed on (domain README, section 12).
//!
//! Names of people, e-mail addresses, serial numbers and subjects are masked; agencies, document
//! numbers, units, paths, digests and counts are not.

use super::Disclose;
use crate::model::{DocumentReport, Finding, Language, Report, Role, SignatureVerdict};
use std::collections::HashSet;
use unicode_normalization::UnicodeNormalization;

/// Longest name, in words, that is looked for in running text.
const NAME_WORDS: usize = 10;

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
    names: HashSet<String>,
}

impl Mask {
    /// For this report.
    pub(crate) fn new(report: &Report, disclose: Disclose) -> Self {
        let full = disclose == Disclose::Full;
        let mut names = HashSet::new();
        if !full {
            for document in &report.documents {
                for part in personal_names(document).flat_map(name_parts) {
                    let words = words(part);
                    // Only what looks like a person's name is masked everywhere: a certificate with a
                    // common word for a name must not blacken the report.
                    if words.len() >= 2 && words.iter().all(|word| starts_upper(word)) {
                        names.insert(key(&words));
                    }
                }
            }
        }
        Self { full, names }
    }

    /// For a single document outside any report.
    pub(crate) fn of_document(disclose: Disclose) -> Self {
        Self { full: disclose == Disclose::Full, names: HashSet::new() }
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
        let mut local = HashSet::new();
        let mut masked = text.to_owned();
        if let Some(document) = document {
            for part in personal_names(document).flat_map(name_parts) {
                local.insert(key(&words(part)));
            }
            if let Some(subject) = document.identity.as_ref().and_then(|identity| identity.subject.as_deref())
                && subject.chars().count() >= 8
            {
                masked = masked.replace(subject, "***");
            }
        }
        let masked = mask_names(&masked, |name| local.contains(name) || self.names.contains(name));
        mask_tokens(&masked)
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

/// Names of people that a document carries.
fn personal_names(document: &DocumentReport) -> impl Iterator<Item = &str> {
    let signers = document
        .signatures
        .iter()
        .filter(|verdict| verdict.role != Role::Agency)
        .filter_map(|verdict| verdict.signer.as_deref());
    let printed = document.identity.iter().filter_map(|identity| identity.signer_name.as_deref());
    signers.chain(printed)
}

/// A common name and its parts: certificates write "Nguyễn Văn A - Giám đốc".
fn name_parts(name: &str) -> impl Iterator<Item = &str> {
    let whole = std::iter::once(name);
    whole.chain(name.split(['-', '–', ',', '(', ')', ';', '/'])).map(str::trim).filter(|part| part.chars().count() >= 2)
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c)
}

fn words(text: &str) -> Vec<&str> {
    text.split(|c| !is_word(c)).filter(|word| !word.is_empty()).take(NAME_WORDS + 1).collect()
}

fn key(words: &[&str]) -> String {
    words.join(" ").nfc().collect::<String>().to_lowercase()
}

fn starts_upper(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_uppercase)
}

/// `Nguyễn Văn A` to `N*** V*** A***`.
fn initials(name: &str) -> String {
    let mut out = String::new();
    for word in name.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.extend(word.nfc().next());
        out.push_str("***");
    }
    out
}

/// Masks every run of capitalised words that `is_name` knows, the longest first.
fn mask_names(text: &str, is_name: impl Fn(&str) -> bool) -> String {
    let mut spans: Vec<(usize, usize)> = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices() {
        match (is_word(c), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                spans.push((from, at));
                start = None;
            }
            _ => {}
        }
    }
    if let Some(from) = start {
        spans.push((from, text.len()));
    }
    let word = |index: usize| spans.get(index).and_then(|&(from, to)| text.get(from..to)).unwrap_or_default();
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    let mut at = 0;
    while at < spans.len() {
        let longest = (at..spans.len().min(at + NAME_WORDS)).take_while(|&i| starts_upper(word(i))).count();
        let found = (1..=longest).rev().find(|&n| {
            let candidate: Vec<&str> = (at..at + n).map(word).collect();
            is_name(&key(&candidate))
        });
        if let Some(n) = found
            && let (Some(&(from, _)), Some(&(_, to))) = (spans.get(at), spans.get(at + n - 1))
        {
            out.push_str(text.get(copied..from).unwrap_or_default());
            out.push_str(&initials(text.get(from..to).unwrap_or_default()));
            copied = to;
            at += n;
        } else {
            at += 1;
        }
    }
    out.push_str(text.get(copied..).unwrap_or_default());
    out
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
fn mask_quoted(text: &str) -> String {
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
    fn a_name_is_masked_by_initials() {
        assert_eq!(initials("Nguyễn Văn A"), "N*** V*** A***");
        assert_eq!(initials("Nguyê\u{0303}n"), "N***");
    }

    #[test]
    fn known_names_are_masked_in_running_text() {
        let known = |name: &str| name == "nguyễn văn a" || name == "văn bản";
        assert_eq!(
            mask_names("Người ký số \"Nguyễn Văn A\" khác NGUYỄN VĂN A; văn bản 512", known),
            "Người ký số \"N*** V*** A***\" khác N*** V*** A***; văn bản 512"
        );
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
