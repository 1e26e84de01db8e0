//! SARIF 2.1.0 (OASIS): findings as results, checks as rules, waivers as suppressions.
//!
//! An undetermined finding is of kind `open` ("insufficient information to decide", 3.27.9), not a
//! failure and not a pass.

use super::{Disclose, Files, Format, Options, RenderError, file_name, jsonl::disclose_word, text, view::View};
use crate::model::{CheckMeta, Finding, Level, Report};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use time::UtcOffset;

pub(super) const FORMAT: Format = Format { name: "sarif", extension: "sarif", render };

fn render(report: &Report, options: &Options) -> Result<Files, RenderError> {
    let report = &*super::mask::masked(report, options);
    let view = View::new(report, options)?;
    let ids: BTreeSet<&str> = report
        .checks
        .iter()
        .map(|meta| meta.id.as_ref())
        .chain(view.findings.iter().map(|finding| finding.check.as_ref()))
        .collect();
    let index: BTreeMap<&str, usize> = ids.iter().enumerate().map(|(index, id)| (*id, index)).collect();
    let rules: Vec<Value> = ids.iter().map(|id| rule(&view, id)).collect();
    let results: Vec<Value> = view.findings.iter().map(|finding| result(&view, finding, &index)).collect();
    let rates: Vec<Value> = view
        .rates()
        .map(|rate| {
            json!({
                "unit": rate.unit, "period": rate.period, "rate": rate.rate, "denominator": rate.denominator,
                "lower": rate.lower, "upper": rate.upper, "target": rate.target.map(|target| format!(">{target}")),
                "outcome": rate.outcome,
            })
        })
        .collect();
    let notifications: Vec<Value> = view
        .documents
        .iter()
        .filter_map(|document| {
            let reason = super::words::not_assessed(document.not_assessed.as_ref()?, view.language);
            Some(json!({
                "level": "warning",
                "message": { "text": reason },
                "locations": [{ "physicalLocation": location(&document.path) }],
            }))
        })
        .collect();
    let mut invocation = json!({
        "executionSuccessful": report.partial.is_none(),
        "toolExecutionNotifications": notifications,
    });
    if let (Some(end), Some(object)) = (utc(report.clock), invocation.as_object_mut()) {
        object.insert("endTimeUtc".to_owned(), json!(end));
    }
    let period = view.selected.map_or("all", |period| period.label.as_str());
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "soat", "version": report.tool_version, "rules": rules } },
            "automationDetails": { "id": format!("soat/{period}/") },
            "invocations": [invocation],
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": { "ARCHIVE": { "description": { "text": report.archive.folder } } },
            "language": match view.language { crate::model::Language::Vi => "vi", crate::model::Language::En => "en" },
            "results": results,
            "properties": {
                "archive": report.archive.name,
                "edition": report.edition,
                "disclose": disclose_word(if view.mask.is_full() { Disclose::Full } else { Disclose::Masked }),
                "rates": rates,
            },
        }],
    });
    let mut out = serde_json::to_vec_pretty(&log)?;
    out.push(b'\n');
    Ok(vec![(file_name(options, "sarif"), out)])
}

/// `2026-11-05T01:00:00Z` (SARIF 3.9: UTC).
fn utc(clock: crate::model::UnixTime) -> Option<String> {
    let t = clock.in_vietnam()?.checked_to_offset(UtcOffset::UTC)?;
    Some(format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
        t.year(),
        u8::from(t.month()),
        t.day(),
        t.hour(),
        t.minute(),
        t.second()
    ))
}

/// SARIF's level and kind (3.27.10: the level is `none` unless the kind is `fail`).
fn level_and_kind(level: Level) -> (&'static str, &'static str) {
    match level {
        Level::Error => ("error", "fail"),
        Level::Warn => ("warning", "fail"),
        Level::Info => ("note", "fail"),
        Level::Indeterminate => ("none", "open"),
    }
}

fn rule(view: &View<'_>, id: &str) -> Value {
    let Some(meta) = view.check(id) else {
        return json!({ "id": id });
    };
    let CheckMeta { title, explanation, basis, remedy, level, scope, .. } = meta;
    let (level, _) = level_and_kind(*level);
    json!({
        "id": id,
        "shortDescription": { "text": title.get(view.language) },
        "fullDescription": { "text": explanation.get(view.language) },
        "help": { "text": format!("{}\n{}", basis.get(view.language), remedy.get(view.language)) },
        "defaultConfiguration": { "level": level },
        "properties": { "scope": scope },
    })
}

fn location(path: &str) -> Value {
    json!({ "artifactLocation": { "uri": text::uri(path), "uriBaseId": "ARCHIVE" } })
}

fn result(view: &View<'_>, finding: &Finding, index: &BTreeMap<&str, usize>) -> Value {
    let (level, kind) = level_and_kind(finding.level);
    let subject = view.subject(finding);
    let mut place = json!({ "logicalLocations": [{ "name": subject, "fullyQualifiedName": subject }] });
    if let (Some(path), Some(object)) = (&finding.path, place.as_object_mut()) {
        object.insert("physicalLocation".to_owned(), location(path));
    }
    let fingerprint = format!(
        "{}|{}|{}",
        finding.check,
        finding.sha256.map(|digest| digest.to_string()).unwrap_or_default(),
        subject
    );
    let suppressions: Vec<Value> = finding
        .waived
        .iter()
        .map(|waived| {
            json!({
                "kind": "external",
                "status": "accepted",
                "justification": format!("{} — {} ({})", waived.reason, waived.authority, waived.expires),
            })
        })
        .collect();
    json!({
        "ruleId": finding.check,
        "ruleIndex": index.get(finding.check.as_ref()),
        "level": level,
        "kind": kind,
        "message": { "text": view.message(finding) },
        "locations": [place],
        "partialFingerprints": { "finding/v1": fingerprint },
        "suppressions": suppressions,
        "properties": { "unit": finding.unit, "date": finding.date, "scope": finding.scope },
    })
}
