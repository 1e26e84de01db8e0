//! The machine formats keep their names, words and meaning.

use super::sample::sample_report;
use super::{balanced, english, full, lines, masked, october, render};
use serde_json::Value;
use soat::model::Level;
use soat::report::{document_line, finding_line};
use std::collections::{BTreeMap, BTreeSet};

#[test]
fn machine_lines_have_the_names_of_the_contract() {
    let lines = lines(&masked());
    let report = sample_report();
    let of = |kind: &str| lines.iter().filter(|line| line["type"] == kind).collect::<Vec<_>>();
    assert!(lines.iter().all(|line| line["v"] == 1));
    assert_eq!(of("document").len(), report.documents.len());
    assert_eq!(of("finding").len(), report.findings.len());
    assert_eq!(of("duplicate").len(), report.duplicates.len());
    assert_eq!(of("rate").len(), report.rates.len());
    assert_eq!(of("summary").len(), 1);
    assert_eq!(lines.last().unwrap()["type"], "summary");
    let has = |line: &Value, names: &[&str]| {
        for name in names {
            assert!(line.get(name).is_some(), "{name} in {line}");
        }
    };
    for line in of("document") {
        has(line, &["path", "sha256", "assessed", "reason", "unit", "number", "date", "processing", "signatures"]);
        for signature in line["signatures"].as_array().unwrap() {
            has(
                signature,
                &[
                    "field",
                    "kind",
                    "sub_filter",
                    "indication",
                    "sub_indication",
                    "integrity",
                    "modification",
                    "coverage",
                    "level",
                    "role",
                    "trust",
                    "signer",
                    "issuer",
                    "reference_time",
                    "time_source",
                    "revocation",
                ],
            );
        }
    }
    for line in of("finding") {
        has(line, &["check", "level", "scope", "subject", "path", "unit", "message", "waived"]);
    }
    for line in of("duplicate") {
        has(line, &["document", "copy", "tier", "evidence"]);
    }
    for line in of("rate") {
        has(line, &["unit", "period", "rate", "denominator", "lower", "upper", "target", "outcome"]);
    }
}

#[test]
fn machine_lines_have_the_words_of_the_contract() {
    let lines = lines(&masked());
    let mut words: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    fn collect(value: &Value, prefix: &str, words: &mut BTreeMap<String, BTreeSet<String>>) {
        match value {
            Value::Object(map) => map.iter().for_each(|(key, value)| collect(value, &format!("{prefix}.{key}"), words)),
            Value::Array(list) => list.iter().for_each(|value| collect(value, prefix, words)),
            Value::String(text) => {
                words.entry(prefix.to_owned()).or_default().insert(text.clone());
            }
            _ => {}
        }
    }
    for line in &lines {
        collect(line, line["type"].as_str().unwrap(), &mut words);
    }
    let exactly = |key: &str, expected: &[&str]| {
        let expected: BTreeSet<String> = expected.iter().map(|word| (*word).to_owned()).collect();
        assert_eq!(words[key], expected, "{key}");
    };
    exactly(
        "document.processing",
        &["electronic", "signature-invalid", "paper", "paper-duplicate", "not-assessed", "excluded"],
    );
    exactly("document.signatures.kind", &["signature", "document-timestamp"]);
    exactly("document.signatures.indication", &["TOTAL-PASSED", "INDETERMINATE", "TOTAL-FAILED"]);
    exactly("document.signatures.integrity", &["intact", "broken", "unknown"]);
    exactly("document.signatures.modification", &["none", "permitted", "suspicious", "forbidden", "unknown"]);
    exactly("document.signatures.coverage", &["whole-file", "revision", "partial"]);
    exactly("document.signatures.level", &["B-B", "B-T", "B-LT", "B-LTA"]);
    exactly("document.signatures.role", &["person", "agency", "unknown"]);
    exactly("document.signatures.trust", &["specialised", "public", "untrusted", "unconfirmed", "unknown"]);
    exactly("document.signatures.time_source", &["timestamp", "claimed", "none"]);
    exactly("document.signatures.revocation", &["good", "revoked", "unknown"]);
    exactly("document.signatures.reference_time", &["2026-10-02T08:11:03+07:00"]);
    assert_eq!(words["document.signatures.sub_indication"].len(), 22);
    assert!(words["document.signatures.sub_indication"].contains("HASH_FAILURE"));
    assert!(words["document.signatures.sub_indication"].contains("OUT_OF_BOUNDS_NO_POE"));
    exactly("finding.level", &["error", "warn", "info", "indeterminate"]);
    exactly("finding.scope", &["signature", "document", "archive", "register", "rate"]);
    exactly("duplicate.tier", &["certain", "probable"]);
    exactly("rate.rate", &["n1", "n2", "n3", "work-files"]);
    exactly("rate.outcome", &["met", "missed", "undecided", "no-activity"]);
    exactly("rate.target", &[">95", ">40"]);
    exactly("document.date", &["2026-10-02", "2026-09-14"]);
}

#[test]
fn the_keys_do_not_change_with_the_language() {
    fn keys(value: &Value) -> Vec<String> {
        match value {
            Value::Object(map) => map.iter().flat_map(|(k, v)| [vec![k.clone()], keys(v)].concat()).collect(),
            Value::Array(list) => list.iter().flat_map(keys).collect(),
            _ => Vec::new(),
        }
    }
    let (vi, en) = (lines(&masked()), lines(&english()));
    assert_eq!(vi.len(), en.len());
    for (vi, en) in vi.iter().zip(&en) {
        assert_eq!(keys(vi), keys(en));
    }
    let message = |lines: &[Value]| lines.iter().find(|l| l["type"] == "finding").unwrap()["message"].clone();
    assert_ne!(message(&vi), message(&en));
}

#[test]
fn a_file_outside_the_register_has_no_class_and_one_not_judged_has_a_reason() {
    let lines = lines(&masked());
    let by_path = |path: &str| lines.iter().find(|line| line["path"] == path && line["type"] == "document").unwrap();
    let version = by_path("btxh/512-SNV-BTXH.signed.pdf");
    assert!(version["processing"].is_null());
    assert_eq!(version["version_of"], "btxh/512-SNV-BTXH.signed.signed.pdf");
    let reasons: BTreeSet<&str> = lines.iter().filter_map(|line| line["reason"].as_str()).collect();
    assert_eq!(reasons.len(), 9);
    for line in lines.iter().filter(|line| line["type"] == "document") {
        assert_eq!(line["assessed"].as_bool().unwrap(), line["reason"].is_null());
    }
}

#[test]
fn the_summary_carries_what_the_gate_looks_at() {
    let summary = lines(&october()).pop().unwrap();
    assert_eq!(summary["files"], 1_253);
    assert_eq!(summary["not_assessed"], 9);
    assert_eq!(summary["secret"], 2);
    assert_eq!(summary["signatures"]["TOTAL-PASSED"], 2_280);
    assert_eq!(summary["signatures"]["INDETERMINATE"], 61);
    assert_eq!(summary["signatures"]["TOTAL-FAILED"], 4);
    assert_eq!(summary["periods"], serde_json::json!(["2026-10"]));
    let open = sample_report().findings.iter().filter(|f| f.waived.is_none() && f.level == Level::Error).count();
    assert_eq!(summary["findings"]["error"], open);
    assert_eq!(summary["waived"], 1);
    assert_eq!(summary["disclose"], "masked");
    let rates = summary["gate"]["rates"].as_array().unwrap();
    assert_eq!(rates.len(), 2);
    assert!(rates.iter().all(|rate| rate["unit"] == "SNV" && rate["period"] == "2026-10"));
    assert_eq!(rates[0]["lower"], 143);
    assert_eq!(rates[0]["upper"], 149);
    assert_eq!(rates[0]["denominator"], 166);
}

#[test]
fn json_holds_the_same_records_as_the_lines() {
    let object: Value = serde_json::from_str(&render("json", &masked())).unwrap();
    let mut records = Vec::new();
    for key in ["documents", "findings", "duplicates", "rates"] {
        records.extend(object[key].as_array().unwrap().iter().cloned());
    }
    records.push(object["summary"].clone());
    assert_eq!(records, lines(&masked()));
}

#[test]
fn a_single_document_has_the_same_line_without_a_run() {
    let report = sample_report();
    for document in &report.documents {
        let line: Value = serde_json::from_str(&document_line(document, &full()).unwrap()).unwrap();
        let all = lines(&full());
        assert!(all.contains(&line), "{}", document.path);
    }
    let finding = &report.findings[0];
    let document = report.documents.iter().find(|d| Some(&d.path) == finding.path.as_ref()).unwrap();
    let line: Value = serde_json::from_str(&finding_line(finding, document, &full()).unwrap()).unwrap();
    assert_eq!(line["check"], finding.check.as_ref());
}

#[test]
fn sarif_has_the_required_properties_and_suppressions() {
    let log: Value = serde_json::from_str(&render("sarif", &masked())).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    assert_eq!(run["tool"]["driver"]["name"], "soat");
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    assert_eq!(run["invocations"][0]["executionSuccessful"], true);
    assert_eq!(run["invocations"][0]["endTimeUtc"], "2026-11-05T01:00:00Z");
    for result in run["results"].as_array().unwrap() {
        let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!(rule["id"], result["ruleId"]);
        assert!(rule["shortDescription"]["text"].is_string());
        assert!(result["message"]["text"].as_str().is_some_and(|text| !text.is_empty()));
        let level = result["level"].as_str().unwrap();
        assert!(["none", "note", "warning", "error"].contains(&level));
        assert!(result["kind"] == "fail" || level == "none", "a level needs the kind fail");
        let location = &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
        if let Some(uri) = location.as_str() {
            assert!(uri.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~/%".contains(&b)), "{uri}");
        }
        let waived = result["ruleId"] == "number-duplicate";
        assert_eq!(result["suppressions"].as_array().unwrap().len(), usize::from(waived));
    }
    let open: Vec<&Value> = run["results"].as_array().unwrap().iter().filter(|r| r["kind"] == "open").collect();
    assert_eq!(open.len(), 1);
    assert_eq!(open[0]["ruleId"], "revocation-unknown");
}

#[test]
fn junit_is_well_formed_and_never_passes_what_could_not_be_judged() {
    let text = render("junit", &masked());
    assert!(text.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>"));
    balanced("junit", &text);
    assert!(!text.chars().any(|c| c.is_control() && c != '\n'));
    for amp in text.split('&').skip(1) {
        assert!(["amp;", "lt;", "gt;", "quot;", "#39;"].iter().any(|entity| amp.starts_with(entity)));
    }
    let count = |tag: &str| text.matches(&format!("<{tag} ")).count();
    let attribute = |name: &str| -> usize {
        let suites = text.split("<testsuites").nth(1).unwrap();
        let value = suites.split(&format!(" {name}=\"")).nth(1).unwrap();
        value.split('"').next().unwrap().parse().unwrap()
    };
    assert_eq!(attribute("tests"), count("testcase"));
    assert_eq!(attribute("failures"), count("failure"));
    assert_eq!(attribute("errors"), count("error"));
    // The schema knows skipped cases of a suite only.
    let skipped = text.split("<testsuite ").skip(1).map(|suite| {
        let value = suite.split(" skipped=\"").nth(1).unwrap();
        value.split('"').next().unwrap().parse::<usize>().unwrap()
    });
    assert_eq!(skipped.sum::<usize>(), count("skipped"));
    for case in text.split("<testcase ").skip(1).map(|rest| rest.split("</testcase>").next().unwrap()) {
        if case.contains("khong-doc-duoc") || case.contains("revocation-unknown") {
            assert!(case.contains("<error "), "{case}");
        }
        if case.contains("number-duplicate") {
            assert!(case.contains("<skipped ") && case.contains("Giám đốc Sở"), "{case}");
        }
    }
}
