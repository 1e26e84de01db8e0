//! One small document per known attack, and a benign twin of each class: what a verifier must never
//! say of the one and must say of the other.

use super::run::{archive, bare, lines};
use serde_json::Value;
use soat::container;
use soat::limits::Limits;
use soat::model::{Content, ModificationLevel};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The documents and what is expected of them (fixtures/make/attacks.py says what the
/// fields mean).
fn cases() -> BTreeMap<String, (PathBuf, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/documents");
    let mut cases = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        if let Ok(expected) = fs::read_to_string(entry.path().join("expect.json")) {
            let name = entry.file_name().into_string().unwrap();
            cases.insert(name, (entry.path().join("document.pdf"), serde_json::from_str(&expected).unwrap()));
        }
    }
    cases
}

fn word<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

fn is_suspect(signature: &Value) -> bool {
    !["none", "permitted"].contains(&word(signature, "modification"))
}

/// What is wrong with the answer to one case.
fn wrong(expected: &Value, document: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    let signatures = document["signatures"].as_array().map(Vec::as_slice).unwrap_or_default();
    let count = usize::try_from(expected["count"].as_u64().unwrap()).unwrap();
    // Whichever signature an attack is about, the document as a whole is not sound.
    if expected["never"] == "TOTAL-PASSED" && signatures.iter().all(|s| s["indication"] == "TOTAL-PASSED") {
        wrong.push("every signature passes".to_owned());
    }
    if document["assessed"] != true || signatures.len() != count {
        wrong.push(format!("{} signatures instead of {count}", signatures.len()));
    }
    let fields = |key: &str| expected[key].as_array().cloned().unwrap_or_default();
    for field in fields("suspect_fields") {
        if !signatures.iter().any(|signature| signature["field"] == field && is_suspect(signature)) {
            wrong.push(format!("{field} shows no suspicion"));
        }
    }
    for field in fields("fields") {
        let named: Vec<&Value> = signatures.iter().filter(|signature| signature["field"] == field).collect();
        if named.is_empty() {
            wrong.push(format!("{field} is not reported"));
        }
        for signature in named {
            let indication = word(signature, "indication");
            if expected["never"] == indication || expected["always"].as_str().is_some_and(|always| always != indication)
            {
                wrong.push(format!("{field} is {indication}, modification {}", signature["modification"]));
            }
            if expected["suspect"] == true && !is_suspect(signature) {
                wrong.push(format!("{field} shows no suspicion"));
            }
            let source = word(signature, "time_source");
            if expected["never_time_source"] == source
                || expected["time_source"].as_str().is_some_and(|wanted| wanted != source)
            {
                wrong.push(format!("{field} has its time from {source:?}"));
            }
        }
    }
    wrong
}

/// The rules that speak for themselves, not the net below them: each attack names the one that must see it.
#[test]
fn each_rule_sees_its_attack_and_none_speaks_of_a_benign_twin() {
    let mut wrong = Vec::new();
    let mut rules = 0;
    for (name, (path, expected)) in cases() {
        let extraction = container::extract(&Arc::new(fs::read(path).unwrap()), &Limits::default());
        let Content::Pdf(facts) = extraction.facts.content else { continue };
        let serious = |field: &str| -> Vec<String> {
            let signatures = facts.signatures.iter().filter(|signature| signature.field == field);
            let changes = signatures.flat_map(|signature| &signature.modification.changes);
            let serious = changes.filter(|change| change.level >= ModificationLevel::Suspicious);
            serious.map(|change| change.rule.clone()).collect()
        };
        if let Some(rule) = expected["rule"].as_str() {
            rules += 1;
            let found = serious(expected["fields"][0].as_str().unwrap());
            if !found.iter().any(|other| other == rule) {
                wrong.push(format!("{name}: {rule} not in {found:?}"));
            }
        }
        if word(&expected, "class") == "benign" {
            let found: Vec<String> = facts.signatures.iter().flat_map(|signature| serious(&signature.field)).collect();
            if !found.is_empty() {
                wrong.push(format!("{name}: {found:?}"));
            }
        }
    }
    assert!(rules >= 30, "{rules} rules named");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What the program says of every case, by name.
fn answers(cases: &BTreeMap<String, (PathBuf, Value)>) -> BTreeMap<String, Value> {
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("paths");
    let paths: Vec<&str> = cases.values().map(|(path, _)| path.to_str().unwrap()).collect();
    fs::write(&list, paths.join("\n")).unwrap();
    let output = bare()
        .arg("--config")
        .arg(archive().join("soat.toml"))
        .arg("--state")
        .arg(folder.path().join("state.db"))
        .args(["verify", "--format", "jsonl", "--paths-from"])
        .arg(&list)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    let documents = lines(&String::from_utf8(output.stdout).unwrap(), "document");
    let answer = |path: &Path| documents.iter().find(|document| word(document, "path") == path.to_str().unwrap());
    cases.iter().filter_map(|(name, (path, _))| Some((name.clone(), answer(path)?.clone()))).collect()
}

#[test]
fn no_attack_passes_and_every_benign_twin_does() {
    let cases = cases();
    assert!(cases.len() >= 120, "{} cases", cases.len());
    let answers = answers(&cases);
    let mut all = Vec::new();
    for (name, (_, expected)) in &cases {
        match answers.get(name) {
            Some(document) => all.extend(wrong(expected, document).into_iter().map(|what| format!("{name}: {what}"))),
            None => all.push(format!("{name}: no answer")),
        }
    }
    assert!(all.is_empty(), "{}", all.join("\n"));
}

/// Two other programs' verdicts on the same files, recorded beside them: the same, or the reason is listed
/// there. pdfsig looks at digest and value alone, so that only these are held against it.
#[test]
fn other_programs_agree_or_the_reason_is_listed() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/documents/oracles.json");
    let oracles: Vec<Value> = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    let cases = cases();
    let answers = answers(&cases);
    assert_eq!(oracles.len(), cases.len());
    let all = |verdicts: &Value, accepts: fn(&str) -> bool| {
        verdicts.as_array().is_some_and(|verdicts| {
            !verdicts.is_empty() && verdicts.iter().all(|verdict| verdict.as_str().is_some_and(accepts))
        })
    };
    let mut differences = Vec::new();
    for oracle in &oracles {
        let name = word(oracle, "case");
        let signatures = answers[name]["signatures"].as_array().unwrap();
        let passed = !signatures.is_empty() && signatures.iter().all(|s| s["indication"] == "TOTAL-PASSED");
        let broken = signatures.iter().any(|s| {
            ["HASH_FAILURE", "SIG_CRYPTO_FAILURE"].contains(&s["sub_indication"].as_str().unwrap_or_default())
        });
        let listed = oracle["disagreement"].is_string();
        let pyhanko = all(&oracle["pyhanko_new_fields_allowed"], |verdict| {
            verdict.starts_with("valid") && !verdict.ends_with("OTHER")
        });
        if pyhanko != passed && !listed {
            differences.push(format!("{name}: passed {passed}, pyHanko {pyhanko}"));
        }
        let pdfsig = all(&oracle["pdfsig"], |verdict| verdict.starts_with("valid"));
        if (passed && !pdfsig || broken && pdfsig) && !listed {
            differences.push(format!("{name}: passed {passed}, broken {broken}, pdfsig {pdfsig}"));
        }
        if listed && pyhanko == passed {
            differences.push(format!("{name}: the listed disagreement is none any more"));
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
