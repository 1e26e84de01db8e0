//! NIST PKITS (Public Key Interoperability Test Suite): certification paths and revocation.
//!
//! The material is third-party and not part of the repository: it is read from `../shared/corpus/pkits`
//! beside the package, or from `$SOAT_CORPUS/pkits`. Without it the test prints "skipped".

use serde_json::Value;
use soat::limits::Limits;
use soat::model::UnixTime;
use soat::pki::{
    Anchor, AnchorKind, Certificate, Crl, PathFinder, PathOutcome, PathParameters, Revocation, RevocationAnswer,
    RevocationSource, TrustStore,
};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// 2020-01-01T00:00:00Z: inside the validity of every certificate that is meant to be valid.
const AT: UnixTime = UnixTime(1_577_836_800);

/// Cases with another outcome than expected, each with the reason. One that passes fails the test.
const EXCLUDED: &[(&str, &str)] = &[
    ("valid_dsa_signatures_test4", "DSA is not supported: the path cannot be judged"),
    ("valid_dsa_parameter_inheritance_test5", "DSA is not supported: the path cannot be judged"),
];

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Expected {
    Good,
    PathInvalid,
    Revoked,
    NoEvidence,
}

fn corpus() -> Option<PathBuf> {
    let folder = match std::env::var_os("SOAT_CORPUS") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus"),
    };
    Some(folder.join("pkits")).filter(|folder| folder.is_dir())
}

fn certificate(folder: &Path, name: &str) -> Arc<Certificate> {
    let der = fs::read(folder.join("certs").join(name)).unwrap();
    Arc::new(Certificate::parse(&der).unwrap_or_else(|error| panic!("{name}: {error}")))
}

fn list(folder: &Path, name: &str) -> Option<Arc<Crl>> {
    let der = fs::read(folder.join("crls").join(name)).unwrap();
    match Crl::parse(&der) {
        Ok(list) => Some(Arc::new(list)),
        Err(error) => panic!("{name}: {error}"),
    }
}

fn strings<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a str> {
    value[key].as_array().into_iter().flatten().filter_map(Value::as_str)
}

fn parameters(case: &Value) -> PathParameters {
    let parameters = &case["params"];
    let flag = |key: &str| parameters[key].as_bool().unwrap_or(false);
    PathParameters {
        policies: parameters["user_initial_policy_set"]
            .as_array()
            .map(|set| set.iter().filter_map(Value::as_str).map(str::to_owned).collect()),
        explicit_policy: flag("initial_explicit_policy"),
        inhibit_policy_mapping: flag("initial_policy_mapping_inhibit"),
        inhibit_any_policy: flag("initial_any_policy_inhibit"),
    }
}

/// The outcome of a case, and what was seen, for the message.
fn judge(folder: &Path, case: &Value) -> (Expected, String) {
    let root = certificate(folder, "TrustAnchorRootCertificate.crt");
    let store = TrustStore {
        anchors: vec![Anchor { certificate: root, kind: AnchorKind::Specialised, confirmed: true }],
        candidates: Vec::new(),
    };
    let pool: Vec<_> = strings(case, "other_certs").map(|name| certificate(folder, name)).collect();
    let finder = PathFinder::new(store, parameters(case), &Limits::default());
    let leaf = certificate(folder, case["cert"].as_str().unwrap());
    let path = finder.find(&leaf, &pool, AT);
    assert_eq!(finder.find(&leaf, &pool, AT), path, "the remembered outcome differs");
    if !path.is_valid() {
        return (Expected::PathInvalid, describe(&path));
    }
    assert_eq!(path.chain.len(), usize::try_from(case["path_len"].as_u64().unwrap()).unwrap());
    let names = strings(case, "crls").chain(["TrustAnchorRootCRL.crl"]);
    let source = RevocationSource::new(names.filter_map(|name| list(folder, name)), []);
    let revocation = Revocation { finder: &finder, sources: &[&source], pool: &pool };
    let answers: Vec<_> = (0..path.chain.len() - 1).map(|index| revocation.status(&path, index, AT).answer).collect();
    let seen = format!("{answers:?}");
    let revoked = answers.iter().any(|answer| matches!(answer, RevocationAnswer::Revoked { date, .. } if *date <= AT));
    if revoked {
        (Expected::Revoked, seen)
    } else if answers.iter().all(|answer| *answer == RevocationAnswer::Good) {
        (Expected::Good, seen)
    } else {
        (Expected::NoEvidence, seen)
    }
}

fn describe(path: &PathOutcome) -> String {
    let subjects: Vec<String> = path.chain.iter().map(|one| one.subject.short()).collect();
    format!("{:?} over {}", path.status, subjects.join(" < "))
}

#[test]
fn nist_pkits() {
    let Some(folder) = corpus() else {
        println!("skipped: no corpus");
        return;
    };
    let cases: Vec<Value> = serde_json::from_slice(&fs::read(folder.join("pkits.json")).unwrap()).unwrap();
    assert!(cases.len() > 200, "only {} cases", cases.len());
    let mut failures = Vec::new();
    let mut passed = 0;
    for case in &cases {
        let name = case["name"].as_str().unwrap();
        let expected = match case["error"]["class"].as_str() {
            None => Expected::Good,
            Some("RevokedError") => Expected::Revoked,
            Some("InsufficientRevinfoError" | "StaleRevinfoError") => Expected::NoEvidence,
            Some(_) => Expected::PathInvalid,
        };
        let (outcome, seen) = judge(&folder, case);
        let reason = EXCLUDED.iter().find(|(excluded, _)| *excluded == name).map(|(_, reason)| reason);
        match (outcome == expected, reason) {
            (true, None) => {
                passed += 1;
                println!("passed   {name}");
            }
            (false, Some(reason)) => println!("excluded {name}: {reason}"),
            (true, Some(_)) => failures.push(format!("{name}: excluded, but passes")),
            (false, None) => failures.push(format!("{name}: expected {expected:?}, got {outcome:?}: {seen}")),
        }
    }
    let known = |name: &str| cases.iter().any(|case| case["name"] == name);
    failures.extend(EXCLUDED.iter().filter(|(name, _)| !known(name)).map(|(name, _)| format!("{name}: no such case")));
    println!("{passed} of {} passed, {} excluded", cases.len(), EXCLUDED.len());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
