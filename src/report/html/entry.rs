//! The rows of a unit's pages: one per document, register row without a file, or finding without one.

use super::PAGE_ROWS;
use super::picture::{PAGE_PAIRS, PictureText};
use crate::model::{ClassedRow, DocumentReport, DuplicatePair, Finding, Indication, Language, Level, Trust};
use crate::report::{
    explain::evidence,
    text::{date, visible},
    view::View,
    words,
};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

/// One row.
#[derive(Serialize)]
pub(super) struct Entry {
    number: String,
    date: String,
    path: String,
    class: String,
    reason: String,
    version_of: String,
    findings: Vec<FindingText>,
    signatures: Vec<SignatureText>,
    copies: Vec<CopyText>,
    sha256: String,
    /// Whether "no findings" says something: a row without a file was not looked into.
    judged: bool,
    /// Gravest first.
    #[serde(skip)]
    order: (u8, String),
}

#[derive(Serialize)]
struct FindingText {
    check: String,
    title: String,
    level: &'static str,
    level_word: &'static str,
    message: String,
    subject: String,
    who: String,
    action: String,
    waived: String,
}

#[derive(Serialize)]
struct SignatureText {
    field: String,
    mark: &'static str,
    kind: &'static str,
    outcome: &'static str,
    conclusions: Vec<ConclusionText>,
    facts: Vec<(&'static str, String)>,
}

#[derive(Serialize)]
struct ConclusionText {
    mark: &'static str,
    block: &'static str,
    reason: String,
}

#[derive(Serialize)]
struct CopyText {
    path: String,
    tier: &'static str,
    evidence: String,
    pictures: Option<PictureText>,
}

/// What stands on one unit's pages, before it is made into text: references only.
#[derive(Default)]
pub(super) struct UnitContent<'a> {
    documents: Vec<&'a DocumentReport>,
    rows: Vec<&'a ClassedRow>,
    findings: Vec<&'a Finding>,
}

/// All units' content: every document, row without a file and finding of the selection exactly once.
pub(super) struct Contents<'a> {
    units: BTreeMap<&'a str, UnitContent<'a>>,
    by_path: HashMap<&'a str, Vec<&'a Finding>>,
    copies: HashMap<&'a str, Vec<&'a DuplicatePair>>,
}

impl<'a> Contents<'a> {
    pub(super) fn new(view: &View<'a>) -> Self {
        let mut units: BTreeMap<&'a str, UnitContent<'a>> = BTreeMap::new();
        for &document in &view.documents {
            units.entry(document.unit.as_deref().unwrap_or_default()).or_default().documents.push(document);
        }
        let shown: HashMap<&str, ()> = view.documents.iter().map(|document| (document.path.as_str(), ())).collect();
        for &row in &view.rows {
            if row.path.as_deref().is_none_or(|path| !shown.contains_key(path)) {
                units.entry(row.unit.as_deref().unwrap_or_default()).or_default().rows.push(row);
            }
        }
        let mut by_path: HashMap<&'a str, Vec<&'a Finding>> = HashMap::new();
        for &finding in &view.findings {
            match finding.path.as_deref() {
                Some(path) if shown.contains_key(path) => by_path.entry(path).or_default().push(finding),
                _ => units.entry(finding.unit.as_deref().unwrap_or_default()).or_default().findings.push(finding),
            }
        }
        let mut copies: HashMap<&'a str, Vec<&'a DuplicatePair>> = HashMap::new();
        for &pair in &view.duplicates {
            copies.entry(pair.document.as_str()).or_default().push(pair);
        }
        Self { units, by_path, copies }
    }

    /// Codes that have content, in order.
    pub(super) fn codes(&self) -> impl Iterator<Item = &'a str> {
        self.units.keys().copied()
    }

    /// Rows of a unit, gravest first.
    pub(super) fn entries(&self, view: &View<'a>, unit: &str) -> Vec<Entry> {
        let Some(content) = self.units.get(unit) else { return Vec::new() };
        let mut entries: Vec<Entry> = Vec::new();
        entries.extend(content.documents.iter().map(|document| self.document(view, document)));
        entries.extend(content.rows.iter().map(|row| register_row(view, row)));
        entries.extend(content.findings.iter().map(|finding| lone_finding(view, finding)));
        entries.sort_by(|a, b| a.order.cmp(&b.order));
        entries.chunks_mut(PAGE_ROWS).for_each(bound_pictures);
        entries
    }

    fn document(&self, view: &View<'a>, document: &DocumentReport) -> Entry {
        let language = view.language;
        let findings = self.by_path.get(document.path.as_str()).map(Vec::as_slice).unwrap_or_default();
        let copies = self.copies.get(document.path.as_str()).map(Vec::as_slice).unwrap_or_default();
        let class = match (document.processing, document.exclusion) {
            (Some(class), Some(reason)) => {
                format!("{}: {}", words::processing(class, language), words::exclusion(reason, language))
            }
            (Some(class), None) => words::processing(class, language).to_owned(),
            (None, _) => view.say("không thuộc sổ đăng ký", "no register row").to_owned(),
        };
        Entry {
            number: document.number.as_deref().map(visible).unwrap_or_default(),
            date: document.date.map(|value| date(value, language)).unwrap_or_default(),
            path: visible(&document.path),
            class,
            reason: document
                .not_assessed
                .as_ref()
                .map(|reason| words::not_assessed(reason, language))
                .unwrap_or_default(),
            version_of: document.version_of.as_deref().map(visible).unwrap_or_default(),
            findings: findings.iter().map(|finding| finding_text(view, finding)).collect(),
            signatures: document.signatures.iter().map(|verdict| signature_text(view, document, verdict)).collect(),
            copies: copies
                .iter()
                .map(|pair| CopyText {
                    path: visible(&pair.copy),
                    tier: words::tier(pair.tier, language),
                    evidence: visible(&view.mask.text(&evidence_text(pair, language), Some(document))),
                    pictures: pair.pictures.as_ref().map(|pictures| PictureText::new(pictures, view.mask.is_full())),
                })
                .collect(),
            sha256: document.sha256.to_string(),
            judged: document.not_assessed.is_none(),
            order: (
                findings.iter().map(|finding| weight(finding)).min().unwrap_or(6),
                document.number.clone().unwrap_or_else(|| document.path.clone()),
            ),
        }
    }
}

/// A page shows the pictures of its first pairs; of the others the reasons alone.
fn bound_pictures(page: &mut [Entry]) {
    let pairs = page.iter_mut().flat_map(|entry| &mut entry.copies).filter(|copy| copy.pictures.is_some());
    pairs.skip(PAGE_PAIRS).for_each(|copy| copy.pictures = None);
}

/// What speaks for a pair, in one line.
fn evidence_text(pair: &DuplicatePair, language: Language) -> String {
    let texts: Vec<&str> = pair.evidence.iter().map(|text| text.get(language)).collect();
    texts.join("; ")
}

/// Waived findings after the open ones.
fn weight(finding: &Finding) -> u8 {
    match (&finding.waived, finding.level) {
        (Some(_), _) => 5,
        (None, Level::Error) => 0,
        (None, Level::Indeterminate) => 1,
        (None, Level::Warn) => 2,
        (None, Level::Info) => 4,
    }
}

fn finding_text(view: &View<'_>, finding: &Finding) -> FindingText {
    let (who, action) = view.remedy(finding.check.as_ref());
    let subject = view.subject(finding);
    let title = view.title(finding.check.as_ref());
    let message = view.message(finding);
    // Many messages say the title again, with figures.
    let repeated = message.to_lowercase().starts_with(&title.to_lowercase());
    FindingText {
        check: visible(&finding.check),
        title: if repeated { String::new() } else { title },
        level: match finding.level {
            Level::Error => "error",
            Level::Indeterminate => "open",
            Level::Warn => "warn",
            Level::Info => "info",
        },
        level_word: words::level(finding.level, view.language),
        message,
        subject: if finding.path.as_deref() == Some(finding.subject.as_str()) { String::new() } else { subject },
        who,
        action,
        waived: finding.waived.as_ref().map(|waived| waiver_text(view, waived)).unwrap_or_default(),
    }
}

/// Reason, authority and end of a waiver in one line.
pub(super) fn waiver_text(view: &View<'_>, waived: &crate::model::Waived) -> String {
    format!(
        "{} — {} ({} {})",
        visible(&waived.reason),
        visible(&waived.authority),
        view.say("đến", "until"),
        date(waived.expires, view.language)
    )
}

fn signature_text(
    view: &View<'_>,
    document: &DocumentReport,
    verdict: &crate::model::SignatureVerdict,
) -> SignatureText {
    let mut facts = evidence(verdict, &view.mask, view.language);
    facts.retain(|(_, value)| !value.is_empty());
    SignatureText {
        field: visible(&verdict.field),
        mark: words::verdict_mark(verdict),
        kind: match (verdict.indication, verdict.trust) {
            (Indication::TotalPassed, Trust::Public) | (Indication::Indeterminate, _) => "open",
            (Indication::TotalPassed, _) => "info",
            (Indication::TotalFailed, _) => "error",
        },
        outcome: words::verdict(verdict, view.language),
        conclusions: verdict
            .conclusions
            .iter()
            .map(|conclusion| ConclusionText {
                mark: words::mark(conclusion.indication),
                block: words::block(conclusion.block, view.language),
                reason: visible(&view.mask.text(conclusion.reason.get(view.language), Some(document))),
            })
            .collect(),
        facts,
    }
}

fn register_row(view: &View<'_>, row: &ClassedRow) -> Entry {
    let class = match row.exclusion {
        Some(reason) => {
            format!("{}: {}", words::processing(row.processing, view.language), words::exclusion(reason, view.language))
        }
        None => words::processing(row.processing, view.language).to_owned(),
    };
    let place = format!("{}, {} {}", visible(&row.location.file), view.say("dòng", "row"), row.location.row);
    Entry {
        number: visible(&row.reference),
        date: row.date.map(|value| date(value, view.language)).unwrap_or_default(),
        path: place,
        class,
        reason: String::new(),
        version_of: String::new(),
        findings: Vec::new(),
        signatures: Vec::new(),
        copies: Vec::new(),
        sha256: String::new(),
        judged: false,
        order: (3, row.reference.clone()),
    }
}

fn lone_finding(view: &View<'_>, finding: &Finding) -> Entry {
    Entry {
        number: view.subject(finding),
        date: finding.date.map(|value| date(value, view.language)).unwrap_or_default(),
        path: finding.path.as_deref().map(visible).unwrap_or_default(),
        class: words::scope(finding.scope, view.language).to_owned(),
        reason: String::new(),
        version_of: String::new(),
        // The row's own head is the subject.
        findings: vec![FindingText { subject: String::new(), ..finding_text(view, finding) }],
        signatures: Vec::new(),
        copies: Vec::new(),
        sha256: finding.sha256.map(|digest| digest.to_string()).unwrap_or_default(),
        judged: false,
        order: (weight(finding), finding.subject.clone()),
    }
}
