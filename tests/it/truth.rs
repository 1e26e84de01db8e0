//! The bundled archive against its truth file: every file's verdicts and class, every register row's
//! class, every unit's rates. The truth was written by the generator of the archive, never by soat.

use super::run::{archive, audited, lines, soat};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;

fn truth() -> Value {
    serde_json::from_str(&fs::read_to_string(archive().join("truth.json")).unwrap()).unwrap()
}

fn by_key<'a>(
    values: impl IntoIterator<Item = &'a Value>,
    key: impl Fn(&Value) -> String,
) -> BTreeMap<String, &'a Value> {
    values.into_iter().map(|value| (key(value), value)).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or("null").to_owned()
}

/// Compares `keys` of both objects and names each difference.
fn differences(what: &str, expected: &Value, found: &Value, keys: &[&str], wrong: &mut Vec<String>) {
    for key in keys {
        // null: the truth does not say, except that a signature that passed has no sub-indication.
        let said = !expected[*key].is_null() || (*key == "sub_indication" && expected["indication"] == "TOTAL-PASSED");
        if said && expected[*key] != found[*key] {
            wrong.push(format!("{what}: {key} is {}, expected {}", found[*key], expected[*key]));
        }
    }
}

#[test]
fn every_document_and_signature_is_judged_as_the_truth_says() {
    let run = audited("soat.toml");
    let truth = truth();
    let documents = lines(&run.jsonl, "document");
    let found = by_key(&documents, |document| text(&document["path"]));
    let mut wrong = Vec::new();
    for expected in truth["documents"].as_array().unwrap() {
        let path = text(&expected["path"]);
        let kind = text(&expected["kind"]);
        let what = format!("{kind} {path}");
        if kind.starts_with("secret") {
            assert!(!found.contains_key(&path), "{path} is secret and must not appear");
            continue;
        }
        let Some(document) = found.get(&path) else {
            wrong.push(format!("{what}: missing"));
            continue;
        };
        differences(&what, expected, document, &["assessed", "unit", "number", "date", "processing"], &mut wrong);
        let signatures = |value: &Value| value["signatures"].as_array().cloned().unwrap_or_default();
        let (wanted, got) = (signatures(expected), signatures(document));
        let got = by_key(&got, |signature| text(&signature["field"]));
        if got.len() != wanted.len() {
            wrong.push(format!("{what}: {} signatures, expected {}", got.len(), wanted.len()));
        }
        for signature in &wanted {
            let field = text(&signature["field"]);
            match got.get(&field) {
                None => wrong.push(format!("{what}: field {field} missing")),
                Some(got) => differences(
                    &format!("{what} {field}"),
                    signature,
                    got,
                    &[
                        "kind",
                        "indication",
                        "sub_indication",
                        "integrity",
                        "modification",
                        "coverage",
                        "role",
                        "trust",
                        "revocation",
                        "time_source",
                    ],
                    &mut wrong,
                ),
            }
        }
    }
    assert!(wrong.is_empty(), "{} differences\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_rate_is_what_the_truth_says() {
    let run = audited("soat.toml");
    let rates = lines(&run.jsonl, "rate");
    let key = |rate: &Value| format!("{} {} {}", text(&rate["unit"]), text(&rate["period"]), text(&rate["rate"]));
    let found = by_key(&rates, key);
    let mut wrong = Vec::new();
    for expected in truth()["rates"].as_array().unwrap() {
        match found.get(&key(expected)) {
            None => wrong.push(format!("{}: missing", key(expected))),
            Some(rate) => {
                differences(&key(expected), expected, rate, &["denominator", "lower", "upper", "outcome"], &mut wrong);
            }
        }
    }
    assert!(wrong.is_empty(), "{} differences\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_expected_finding_fires_and_good_documents_have_no_error() {
    let run = audited("soat.toml");
    let findings = lines(&run.jsonl, "finding");
    let mut wrong = Vec::new();
    for document in truth()["documents"].as_array().unwrap() {
        let path = text(&document["path"]);
        if text(&document["kind"]).starts_with("secret") {
            continue;
        }
        let here: Vec<&Value> = findings.iter().filter(|finding| finding["path"] == document["path"]).collect();
        let expected: Vec<String> = document["findings"].as_array().unwrap().iter().map(text).collect();
        for check in &expected {
            // A finding about the whole archive names no path.
            let of_archive = |finding: &&Value| finding["path"].is_null() && finding["scope"] == "archive";
            let mut near = here.iter().copied().chain(findings.iter().filter(of_archive));
            if !near.any(|finding| finding["check"].as_str() == Some(check)) {
                wrong.push(format!("{} {path}: {check} did not fire", document["kind"]));
            }
        }
        for finding in here {
            let check = text(&finding["check"]);
            if document["processing"] == "electronic" && finding["level"] == "error" && !expected.contains(&check) {
                wrong.push(format!("{} {path}: unexpected error {check}: {}", document["kind"], finding["message"]));
            }
        }
    }
    assert!(wrong.is_empty(), "{} differences\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_csv_register_gives_the_same_rates_as_the_spreadsheet() {
    let (sheet, csv) = (audited("soat.toml"), audited("soat-csv.toml"));
    assert_eq!(lines(&sheet.jsonl, "rate"), lines(&csv.jsonl, "rate"));
    assert_eq!(lines(&sheet.jsonl, "document"), lines(&csv.jsonl, "document"));
}

#[test]
fn the_gate_fails_on_the_bundled_archive_whatever_the_format() {
    let run = audited("soat.toml");
    for format in ["plain", "json", "junit", "sarif"] {
        let output = soat(&run, &["gate", "--period", "2026-10", "--format", format]);
        assert_eq!(output.status.code(), Some(1), "{format}");
    }
}
