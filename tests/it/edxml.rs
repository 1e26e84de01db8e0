//! The archive of edXML packages against its truth file, which its generator states by construction.

use super::run::{audited, bare, lines};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Checks that packages decide.
const CHECKS: &[&str] = &[
    "edxml-document-mismatch",
    "edxml-attachment-mismatch",
    "edxml-signature-invalid",
    "edxml-not-received",
    "paper-duplicate",
    "recalled-document-active",
    "pdf-unreadable",
];

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or("null").to_owned()
}

#[test]
fn packages_are_judged_as_the_truth_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/edxml");
    let truth: Value = serde_json::from_str(&fs::read_to_string(folder.join("truth.json")).unwrap()).unwrap();
    // An absolute path replaces the bundled archive's folder.
    let jsonl = audited(folder.join("soat.toml").to_str().unwrap()).jsonl;

    let wanted = truth["findings"].as_array().unwrap();
    let wanted: Vec<_> = wanted.iter().map(|f| (text(f, "check"), text(f, "path"), text(f, "level"))).collect();
    let found = lines(&jsonl, "finding");
    let found = found.iter().map(|f| (text(f, "check"), text(f, "path"), text(f, "level")));
    let mut found: Vec<_> = found.filter(|(check, ..)| CHECKS.contains(&check.as_str())).collect();
    found.sort();
    assert_eq!(found, wanted);

    let documents = lines(&jsonl, "document");
    let processing: BTreeMap<_, _> = documents.iter().map(|d| (text(d, "path"), text(d, "processing"))).collect();
    for (path, class) in truth["processing"].as_object().unwrap() {
        assert_eq!(processing.get(path).map(String::as_str), class.as_str(), "{path}");
    }
    let packages = documents.iter().filter(|d| text(d, "path").starts_with("edxml/") && d["assessed"] == true);
    let packages: Vec<_> = packages.collect();
    assert!(packages.len() > 20 && packages.iter().all(|package| package["processing"].is_null()), "{packages:?}");
}

#[test]
fn a_package_alone_is_no_document_to_verify() {
    let package = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/edxml/edxml/532.edxml");
    let output = bare().arg("verify").arg(package).output().unwrap();
    assert_eq!(output.status.code(), Some(4), "{}", String::from_utf8_lossy(&output.stdout));
}
