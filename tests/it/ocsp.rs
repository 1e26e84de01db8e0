//! OCSP responses made by another program, each alone in the folder of revocation data, against what stands in
//! their table beside OpenSSL's word.

use serde_json::Value;
use std::fs;
use std::path::Path;

/// The moment the responses are made for (`fixtures/make/ocsp.py`).
const AT: &str = "2026-10-05T03:00:00Z";

#[test]
fn each_response_is_worth_what_its_table_says() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let table = fs::read_to_string(fixtures.join("pki/ocsp/expected.tsv")).unwrap();
    let (mut statuses, mut wrong) = (Vec::new(), Vec::new());
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<&str> = line.split('\t').collect();
        let &[file, expected, openssl, case] = fields.as_slice() else { panic!("{line}") };
        let work = tempfile::tempdir().unwrap();
        for (folder, source) in [
            ("anchors", "pki/certs/g2root.TEST.crt"),
            ("intermediates", "pki/certs/g2ca.TEST.crt"),
            ("crls", "archive/crls/g2root.crl"),
            ("crls", &format!("pki/ocsp/{file}")),
        ] {
            let folder = work.path().join(folder);
            fs::create_dir_all(&folder).unwrap();
            fs::copy(fixtures.join(source), folder.join(Path::new(source).file_name().unwrap())).unwrap();
        }
        let mut command = super::run::bare();
        command.args(["certificate", "--format", "jsonl", "--at", AT]);
        for folder in ["anchors", "intermediates", "crls"] {
            command.arg(format!("--{folder}")).arg(work.path().join(folder));
        }
        let output = command.arg(fixtures.join("pki/certs/bao.TEST.crt")).output().unwrap();
        let first = output.stdout.split(|&byte| byte == b'\n').next().unwrap();
        let verdict: Value = serde_json::from_slice(first).unwrap();
        let (indication, code) = match expected {
            "good" => ("TOTAL-PASSED", 0),
            "revoked" => ("TOTAL-FAILED", 1),
            _ => ("INDETERMINATE", 4),
        };
        if verdict["revocation"] != expected
            || verdict["indication"] != indication
            || output.status.code() != Some(code)
        {
            wrong.push(format!("{file} ({case}): {} {}", verdict["revocation"], verdict["indication"]));
        }
        // Where OpenSSL gives no status, neither may we; its clock does not reach a response's own times.
        assert!(expected == openssl || expected == "unknown", "{file}: the table differs from OpenSSL");
        statuses.push(expected.to_owned());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for status in ["good", "revoked", "unknown"] {
        assert!(statuses.iter().any(|known| known == status), "no case is {status}");
    }
}
