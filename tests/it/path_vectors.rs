//! NIST PKITS (Public Key Interoperability Test Suite): certification paths and revocation.
//!
//! The material is third-party and not part of the repository: it is read from `../shared/corpus/pkits`
//! beside the package, or from `$SOAT_CORPUS/pkits`. Without it the test prints "skipped".
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "helpers of tests: an unreadable vector is a failure, and what was skipped or excluded is listed"
)]

use serde_json::Value;
use soat::limits::Limits;
use soat::model::UnixTime;
use soat::pki::{
    Anchor, AnchorKind, Certificate, Crl, PINS, PathFinder, PathOutcome, PathParameters, PathStatus, Revocation,
    RevocationAnswer, RevocationSource, TrustStore, pin,
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

/// The folder of third-party material, if it is there.
fn corpus(part: &str) -> Option<PathBuf> {
    let folder = match std::env::var_os("SOAT_CORPUS") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus"),
    };
    let folder = Some(folder.join(part)).filter(|folder| folder.is_dir());
    if folder.is_none() {
        println!("skipped: {part} is not there");
    }
    folder
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
    let Some(folder) = corpus("pkits") else { return };
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

/// Every case as a person would try it: `soat certificate` with folders of anchors, intermediates and lists.
#[test]
fn nist_pkits_through_the_command() {
    let Some(folder) = corpus("pkits") else { return };
    let cases: Vec<Value> = serde_json::from_slice(&fs::read(folder.join("pkits.json")).unwrap()).unwrap();
    let anchors = tempfile::tempdir().unwrap();
    fs::copy(folder.join("certs/TrustAnchorRootCertificate.crt"), anchors.path().join("root.crt")).unwrap();
    let mut failures = Vec::new();
    for case in &cases {
        let name = case["name"].as_str().unwrap();
        let work = tempfile::tempdir().unwrap();
        let (intermediates, lists) = (work.path().join("intermediates"), work.path().join("crls"));
        for (target, from, names) in [
            (&intermediates, "certs", strings(case, "other_certs").collect::<Vec<_>>()),
            (&lists, "crls", strings(case, "crls").chain(["TrustAnchorRootCRL.crl"]).collect()),
        ] {
            fs::create_dir(target).unwrap();
            for name in names {
                fs::copy(folder.join(from).join(name), target.join(name)).unwrap();
            }
        }
        let parameters = parameters(case);
        let mut command = super::run::bare();
        command.args(["certificate", "--format", "jsonl", "--lang", "en", "--at", "2020-01-01T00:00:00Z", "--anchors"]);
        command.arg(anchors.path()).arg("--intermediates").arg(&intermediates).arg("--crls").arg(&lists);
        for policy in parameters.policies.iter().flatten() {
            command.args(["--policy", policy]);
        }
        for (set, flag) in [
            (parameters.explicit_policy, "--explicit-policy"),
            (parameters.inhibit_policy_mapping, "--inhibit-policy-mapping"),
            (parameters.inhibit_any_policy, "--inhibit-any-policy"),
        ] {
            if set {
                command.arg(flag);
            }
        }
        let output = command.arg(folder.join("certs").join(case["cert"].as_str().unwrap())).output().unwrap();
        let code = output.status.code().unwrap();
        let right = match case["error"]["class"].as_str() {
            None => code == 0,
            Some("RevokedError") => code == 1,
            Some("InsufficientRevinfoError" | "StaleRevinfoError") => code == 4,
            // A name that does not chain leaves the path incomplete: no pass either way.
            Some(_) => code == 1 || code == 4,
        };
        let excluded = EXCLUDED.iter().any(|(excluded, _)| *excluded == name);
        if right == excluded {
            failures.push(format!("{name}: exit {code}: {}", String::from_utf8_lossy(&output.stdout)));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Every known CA certificate of Vietnam is read, is the one pinned, and chains to the root it names.
#[test]
fn known_ca_certificates() {
    let Some(folder) = corpus("../domain/certificates") else { return };
    let mut certificates = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "cer") {
            let certificate = Certificate::parse(&fs::read(&path).unwrap());
            certificates.push(Arc::new(certificate.unwrap_or_else(|error| panic!("{}: {error}", path.display()))));
        }
    }
    assert_eq!(certificates.len(), PINS.len());
    let is_root = |certificate: &Arc<Certificate>| pin(certificate).unwrap().role.is_root();
    let (roots, issuing): (Vec<_>, Vec<_>) = certificates.into_iter().partition(is_root);
    let anchors = roots
        .iter()
        .map(|root| Anchor {
            certificate: Arc::clone(root),
            kind: if pin(root).unwrap().role.is_specialised() { AnchorKind::Specialised } else { AnchorKind::Public },
            confirmed: true,
        })
        .collect();
    let store = TrustStore { anchors, candidates: issuing.clone() };
    let finder = PathFinder::new(store, PathParameters::default(), &Limits::default());
    for certificate in roots.iter().chain(&issuing) {
        let known = pin(certificate).unwrap();
        assert_eq!(certificate.subject.to_string(), known.subject);
        assert_eq!(certificate.key.as_ref().unwrap().name(), known.key);
        assert_eq!(certificate.issuer.common_name(), Some(known.issuer));
        assert!(certificate.is_ca() && certificate.extensions.unprocessed.is_empty());
        let middle = UnixTime(i64::midpoint(certificate.not_before.0, certificate.not_after.0));
        let path = finder.find(certificate, &[], middle);
        assert_eq!(path.status, PathStatus::Valid, "{}", known.subject);
        assert_eq!(path.chain.last().unwrap().subject.common_name(), Some(known.issuer));
        assert_eq!(path.anchor.unwrap().kind == AnchorKind::Specialised, known.role.is_specialised());
        if !known.role.is_root() {
            let late = UnixTime(certificate.not_after.0 + 1);
            assert_eq!(finder.find(certificate, &[], late).status, PathStatus::Expired { index: 0 });
            // Without its root it is incomplete, neither valid nor untrusted.
            let nothing = PathFinder::new(TrustStore::default(), PathParameters::default(), &Limits::default());
            assert_eq!(nothing.find(certificate, &[], middle).status, PathStatus::Incomplete);
        }
    }
}
