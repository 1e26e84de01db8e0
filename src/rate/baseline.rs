//! The baseline of the gate: findings that were known when it was made, so that only new ones fail. It can
//! only shrink: an update removes what is gone and never adds.
//!
//! A finding is known by its check, its file (path and content) or, without a file, its subject. A file that
//! changed makes its findings new. Rates are never in it: their targets always gate.

use crate::model::{Finding, Level, Scope, Sha256Digest};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Known findings and how many of each.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Baseline {
    entries: BTreeMap<Key, u32>,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Key {
    check: String,
    /// Path of the file, else the subject.
    about: String,
    sha256: Option<Sha256Digest>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    v: u32,
    r#type: String,
    entries: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    check: String,
    about: String,
    sha256: Option<Sha256Digest>,
    count: u32,
}

/// The text is no baseline of this program.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    /// Not the JSON that [`Baseline::to_text`] writes.
    #[error("not a baseline: {0}")]
    Json(#[from] serde_json::Error),
    /// Another version or type.
    #[error("not a baseline of version 1")]
    Version,
}

impl Baseline {
    /// Everything known now that could fail a gate: unwaived errors and warnings, rates left out.
    pub fn of(findings: &[Finding]) -> Self {
        let mut entries: BTreeMap<Key, u32> = BTreeMap::new();
        for key in findings.iter().filter_map(key) {
            let count = entries.entry(key).or_default();
            *count = count.saturating_add(1);
        }
        Self { entries }
    }

    /// Reads what [`Self::to_text`] wrote.
    ///
    /// # Errors
    /// [`BaselineError`].
    pub fn parse(text: &str) -> Result<Self, BaselineError> {
        let file: File = serde_json::from_str(text.strip_prefix('\u{FEFF}').unwrap_or(text))?;
        if file.v != 1 || file.r#type != "baseline" {
            return Err(BaselineError::Version);
        }
        let entries = file.entries.into_iter().filter(|entry| entry.count > 0);
        let entries =
            entries.map(|Entry { check, about, sha256, count }| (Key { check, about, sha256 }, count)).collect();
        Ok(Self { entries })
    }

    /// As stored: JSON, one finding a line, in a fixed order.
    pub fn to_text(&self) -> Result<String, serde_json::Error> {
        let mut lines = Vec::new();
        for (Key { check, about, sha256 }, count) in self.entries.clone() {
            lines.push(format!("  {}", serde_json::to_string(&Entry { check, about, sha256, count })?));
        }
        let lines = if lines.is_empty() { String::new() } else { format!("\n{}\n", lines.join(",\n")) };
        Ok(format!("{{\"v\":1,\"type\":\"baseline\",\"entries\":[{lines}]}}\n"))
    }

    /// How many findings it holds.
    pub fn len(&self) -> u32 {
        self.entries.values().fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Index by index, whether a finding is known. Where there are more of a kind than known, the later are new.
    pub fn known(&self, findings: &[Finding]) -> Vec<bool> {
        let mut left = self.entries.clone();
        let known = findings.iter().map(|finding| {
            let count = key(finding).and_then(|key| left.get_mut(&key)).filter(|count| **count > 0);
            count.map(|count| *count -= 1).is_some()
        });
        known.collect()
    }

    /// What of it is still there: never more than before.
    #[must_use]
    pub fn shrunk(&self, findings: &[Finding]) -> Self {
        let now = Self::of(findings);
        let left = self.entries.iter().filter_map(|(key, known)| {
            let count = now.entries.get(key).copied().unwrap_or(0).min(*known);
            (count > 0).then(|| (key.clone(), count))
        });
        Self { entries: left.collect() }
    }
}

fn key(finding: &Finding) -> Option<Key> {
    let counts = matches!(finding.level, Level::Error | Level::Warn);
    if !counts || finding.scope == Scope::Rate || finding.waived.is_some() {
        return None;
    }
    let about = finding.path.as_ref().unwrap_or(&finding.subject).clone();
    Some(Key { check: finding.check.to_string(), about, sha256: finding.sha256 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Bilingual, Waived};
    use std::borrow::Cow;

    fn finding(path: &str, content: u8) -> Finding {
        Finding {
            check: Cow::Borrowed("signature-missing"),
            level: Level::Error,
            scope: Scope::Document,
            subject: "512/SNV-VP".into(),
            path: Some(path.into()),
            unit: None,
            date: None,
            sha256: Some(Sha256Digest([content; 32])),
            message: Bilingual::default(),
            waived: None,
        }
    }

    #[test]
    fn known_findings_pass_and_new_content_or_a_second_one_is_new() {
        let baseline = Baseline::of(&[finding("a.pdf", 1), finding("b.pdf", 1)]);
        let now = [finding("a.pdf", 1), finding("a.pdf", 1), finding("b.pdf", 2), finding("c.pdf", 1)];
        assert_eq!(baseline.known(&now), [true, false, false, false]);
    }

    #[test]
    fn it_only_shrinks() {
        let old = Baseline::of(&[finding("a.pdf", 1), finding("a.pdf", 1), finding("b.pdf", 1)]);
        let now = [finding("a.pdf", 1), finding("c.pdf", 1), finding("d.pdf", 1), finding("e.pdf", 1)];
        let shrunk = old.shrunk(&now);
        assert_eq!((old.len(), shrunk.len()), (3, 1));
        assert_eq!(shrunk.known(&now), [true, false, false, false]);
        // What came back after it was removed is new.
        assert_eq!(shrunk.shrunk(&[finding("b.pdf", 1)]).len(), 0);
    }

    #[test]
    fn rates_notes_undetermined_and_waived_findings_are_not_in_it() {
        let rate = Finding { scope: Scope::Rate, ..finding("a.pdf", 1) };
        let note = Finding { level: Level::Info, ..finding("a.pdf", 1) };
        let undetermined = Finding { level: Level::Indeterminate, ..finding("a.pdf", 1) };
        let waived = Waived { reason: String::new(), authority: String::new(), expires: "2026-12-31".parse().unwrap() };
        let waived = Finding { waived: Some(waived), ..finding("a.pdf", 1) };
        assert!(Baseline::of(&[rate, note, undetermined, waived]).is_empty());
    }

    #[test]
    fn the_text_reads_back_and_anything_else_is_refused() {
        let baseline = Baseline::of(&[finding("a \"b\".pdf", 1), Finding { path: None, ..finding("", 2) }]);
        assert_eq!(Baseline::parse(&baseline.to_text().unwrap()).unwrap(), baseline);
        let empty = Baseline::default();
        assert_eq!(Baseline::parse(&empty.to_text().unwrap()).unwrap(), empty);
        for bad in ["", "{}", "[]", r#"{"v":2,"type":"baseline","entries":[]}"#, r#"{"v":1,"type":"x","entries":[]}"#] {
            assert!(Baseline::parse(bad).is_err(), "{bad}");
        }
    }
}
