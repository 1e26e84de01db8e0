//! What an archive, a disk and an operator can do wrong: said in the reader's language with the next action,
//! with the documented exit code, and nothing lost.

use super::run::{archive, audited, bare, lines, soat};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Output;

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn run(state: &Path, arguments: &[&str]) -> Output {
    bare().arg("--state").arg(state).args(arguments).output().unwrap()
}

fn document() -> std::path::PathBuf {
    archive().join("documents/LĐVL/2026-09/481-SNV-LĐVL.signed.pdf")
}

/// Whether the record has the keys that the documentation promises.
fn assert_keys(record: &Value, keys: &[&str]) {
    for key in keys {
        assert!(record.get(key).is_some(), "{key} is missing in {record}");
    }
}

const DOCUMENT: [&str; 11] =
    ["v", "type", "path", "sha256", "assessed", "reason", "unit", "number", "date", "processing", "signatures"];
const SIGNATURE: [&str; 16] = [
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
];

#[test]
fn json_lines_have_the_documented_names_and_end_with_the_summary() {
    let run = audited("soat.toml");
    let report = out(&soat(&run, &["report", "--format", "jsonl"]));
    let verified = bare()
        .arg("--state")
        .arg(run.folder.path().join("state.db"))
        .args(["verify", "--format", "jsonl"])
        .arg(document())
        .output()
        .unwrap();
    for text in [&report, &out(&verified)] {
        let records: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert!(records.iter().all(|record| record["v"] == 1));
        let summaries = records.iter().filter(|record| record["type"] == "summary").count();
        assert_eq!((summaries, &records.last().unwrap()["type"]), (1, &Value::from("summary")));
        for record in records.iter().filter(|record| record["type"] == "document") {
            assert_keys(record, &DOCUMENT);
            for signature in record["signatures"].as_array().unwrap() {
                assert_keys(signature, &SIGNATURE);
            }
        }
    }
    for (kind, keys) in [
        ("finding", &["check", "level", "scope", "subject", "path", "unit", "message", "waived"][..]),
        ("duplicate", &["document", "copy", "tier", "evidence"]),
        ("rate", &["unit", "period", "rate", "denominator", "lower", "upper", "target", "outcome"]),
    ] {
        let records = lines(&report, kind);
        assert!(!records.is_empty(), "no {kind}");
        records.iter().for_each(|record| assert_keys(record, keys));
    }
    let words = |kind: &str, key: &str, allowed: &[&str]| {
        for record in lines(&report, kind) {
            let word = record[key].as_str().unwrap_or("null").to_owned();
            assert!(allowed.contains(&word.as_str()), "{kind}.{key} = {word}");
        }
    };
    words(
        "document",
        "processing",
        &["electronic", "signature-invalid", "paper", "paper-duplicate", "missing", "not-assessed", "excluded", "null"],
    );
    words("finding", "level", &["error", "warn", "info", "indeterminate"]);
    words("finding", "scope", &["signature", "document", "archive", "register", "rate"]);
    words("duplicate", "tier", &["certain", "probable"]);
    words("rate", "rate", &["n1", "n2", "n3", "work-files"]);
    words("rate", "outcome", &["met", "missed", "undecided", "no-activity"]);
}

#[cfg(unix)]
#[test]
fn links_out_of_the_archive_and_special_files_are_counted_as_not_assessed() {
    use std::os::unix::fs::symlink;
    let folder = tempfile::tempdir().unwrap();
    let base = folder.path().join("kho");
    fs::create_dir_all(base.join("sub")).unwrap();
    fs::copy(document(), base.join("a.pdf")).unwrap();
    fs::copy(document(), folder.path().join("outside.pdf")).unwrap();
    symlink(folder.path().join("outside.pdf"), base.join("out.pdf")).unwrap();
    symlink("a.pdf", base.join("twin.pdf")).unwrap();
    symlink("..", base.join("sub/loop")).unwrap();
    let _socket = std::os::unix::net::UnixListener::bind(base.join("socket.pdf")).unwrap();
    let state = folder.path().join("s.db");
    let kho = base.to_str().unwrap();
    let audit = run(&state, &["audit", "--no-report", kho]);
    assert_eq!(audit.status.code(), Some(0), "{}", err(&audit));
    let documents = lines(&out(&run(&state, &["report", "--format", "jsonl", kho])), "document");
    let seen: Vec<(&str, bool)> =
        documents.iter().map(|one| (one["path"].as_str().unwrap(), one["assessed"].as_bool().unwrap())).collect();
    assert_eq!(seen, [("a.pdf", true), ("out.pdf", false), ("socket.pdf", false)]);
    let doctor = out(&run(&state, &["doctor", kho]));
    assert!(doctor.contains("✗ 2 liên kết ra ngoài kho hoặc tệp đặc biệt"), "{doctor}");
    // Named by hand a link is followed, and a socket is refused at once.
    let verify = |name: &str| {
        let output = run(&state, &["verify", "--format", "jsonl", base.join(name).to_str().unwrap()]);
        (output.status.code(), lines(&out(&output), "document").remove(0)["reason"].clone())
    };
    assert_eq!(verify("socket.pdf"), (Some(2), Value::from("unreadable")));
    assert_eq!(verify("out.pdf").1, Value::Null);
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_name_that_is_no_unicode_is_read_like_any_other() {
    use std::os::unix::ffi::OsStrExt;
    let folder = tempfile::tempdir().unwrap();
    let base = folder.path().join("kho");
    fs::create_dir(&base).unwrap();
    let name = base.join(std::ffi::OsStr::from_bytes(b"v\xe1\xbb.pdf"));
    fs::copy(document(), &name).unwrap();
    let state = folder.path().join("s.db");
    let kho = base.to_str().unwrap();
    assert_eq!(run(&state, &["audit", "--no-report", kho]).status.code(), Some(0));
    let documents = lines(&out(&run(&state, &["report", "--format", "jsonl", kho])), "document");
    assert_eq!(documents.len(), 1);
    assert_eq!(documents[0]["assessed"], true);
    let list = folder.path().join("list");
    fs::write(&list, [name.as_os_str().as_bytes(), b"\r\n\n"].concat()).unwrap();
    let verified = run(&state, &["verify", "--format", "jsonl", "--paths-from", list.to_str().unwrap()]);
    assert_eq!(lines(&out(&verified), "document")[0]["assessed"], true, "{}", out(&verified));
}

#[cfg(target_os = "linux")]
#[test]
fn an_output_that_takes_nothing_is_said_and_is_no_pass() {
    let folder = tempfile::tempdir().unwrap();
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let output = bare()
        .arg("--state")
        .arg(folder.path().join("s.db"))
        .arg("verify")
        .arg(document())
        .stdout(full)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", err(&output));
    assert!(err(&output).contains("hết dung lượng đĩa") && err(&output).contains("→"), "{}", err(&output));
}

#[test]
fn a_state_that_cannot_be_made_is_said_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.pdf"), "x").unwrap();
    fs::write(folder.path().join("file"), "x").unwrap();
    let output = run(&folder.path().join("file/s.db"), &["audit", "--no-report", folder.path().to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(4), "{}", err(&output));
    assert!(err(&output).contains("  → ") && !err(&output).contains("os error"), "{}", err(&output));
}

#[test]
fn what_a_killed_run_left_beside_its_report_goes_with_the_next_one() {
    let folder = tempfile::tempdir().unwrap();
    let base = folder.path().join("kho");
    let pages = folder.path().join("pages");
    fs::create_dir_all(&base).unwrap();
    fs::create_dir_all(&pages).unwrap();
    fs::copy(document(), base.join("a.pdf")).unwrap();
    let rest = pages.join(".index.html.4711.tmp");
    let file = fs::File::create(&rest).unwrap();
    file.set_modified(std::time::SystemTime::now() - std::time::Duration::from_secs(86_400)).unwrap();
    let state = folder.path().join("s.db");
    let arguments = ["audit", "-o", pages.to_str().unwrap(), base.to_str().unwrap()];
    assert_eq!(run(&state, &arguments).status.code(), Some(0));
    assert!(pages.join("index.html").is_file() && !rest.exists());
}

#[test]
fn an_empty_register_is_nothing_to_audit() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.pdf"), "x").unwrap();
    fs::write(folder.path().join("soat.toml"), "[[register]]\nkind = \"outgoing\"\npath = \"so.csv\"\n").unwrap();
    for text in ["", "\u{feff}\n\n", "Số, ký hiệu;Ngày tháng;Trích yếu\n"] {
        fs::write(folder.path().join("so.csv"), text).unwrap();
        let output = run(&folder.path().join("s.db"), &["audit", "--no-report", folder.path().to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(3), "{text:?}: {}", err(&output));
        assert!(err(&output).contains("không có dòng nào") && err(&output).contains("→"), "{}", err(&output));
    }
    fs::remove_file(folder.path().join("so.csv")).unwrap();
    let output = run(&folder.path().join("s.db"), &["audit", "--no-report", folder.path().to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(!err(&output).contains("os error"), "{}", err(&output));
}

#[test]
fn doctor_looks_at_waivers_and_at_what_the_night_run_needs() {
    let folder = tempfile::tempdir().unwrap();
    let base = folder.path().join("kho");
    fs::create_dir(&base).unwrap();
    fs::copy(document(), base.join("a.pdf")).unwrap();
    let configuration = "[archive]\nclock = \"2026-11-05T08:00:00+07:00\"\nocr = \"/no/such/tesseract\"\n\
        [[register]]\nkind = \"waivers\"\npath = \"mien-tru.csv\"\n\
        [[waiver]]\ncheck = \"timestamp-missing\"\ndocument = \"481/SNV-LĐVL\"\n\
        sha256 = \"0000000000000000000000000000000000000000000000000000000000000000\"\nreason = \"x\"\n\
        authority = \"y\"\ndate = 2026-01-02\nexpires = 2026-02-01\n\
        [operation]\nmetrics = \"/no/such/folder/soat.prom\"\nnotify = [\"/no/such/command\"]\n";
    fs::write(base.join("soat.toml"), configuration).unwrap();
    let waivers = "check,document,sha256,reason,authority,date,expires\n\
        no-such-check,481/SNV-LĐVL,,lý do,Giám đốc,01/10/2026,31/12/2026\n";
    fs::write(base.join("mien-tru.csv"), waivers).unwrap();
    let doctor = run(&folder.path().join("s.db"), &["doctor", base.to_str().unwrap()]);
    assert_eq!(doctor.status.code(), Some(1));
    let said = out(&doctor);
    for part in [
        "[[waiver]]: 1 miễn trừ phát hiện đã hết hạn",
        "mien-tru.csv: 1 miễn trừ không có hiệu lực",
        "no-such-check",
        "Không có thư mục của tệp số liệu: /no/such/folder",
        "Không có lệnh báo tin: /no/such/command",
        "Không có chương trình nhận dạng chữ: /no/such/tesseract",
    ] {
        assert!(said.contains(part), "{part} is missing in\n{said}");
    }
    let problems = said.lines().filter(|line| line.starts_with('✗')).count();
    assert_eq!(problems, said.lines().filter(|line| line.starts_with("  → ")).count(), "{said}");
}

#[test]
fn a_folder_of_certificates_is_imported_at_once_and_the_next_command_can_be_copied() {
    let folder = tempfile::tempdir().unwrap();
    let base = folder.path().join("kho");
    fs::create_dir(&base).unwrap();
    fs::copy(document(), base.join("a.pdf")).unwrap();
    let state = folder.path().join("s.db");
    let kho = base.to_str().unwrap();
    assert_eq!(run(&state, &["init", kho]).status.code(), Some(0));
    let (trust, crls) = (archive().join("trust"), archive().join("crls"));
    let import = run(&state, &["trust", "import", trust.to_str().unwrap(), crls.to_str().unwrap(), "--archive", kho]);
    assert_eq!(import.status.code(), Some(0), "{}", err(&import));
    let count = |folder: &Path| fs::read_dir(folder).unwrap().count();
    assert_eq!(count(&base.join("trust")), count(&trust));
    assert_eq!(count(&base.join("crls")), count(&crls));
    let said = out(&import);
    let command = said.lines().map(str::trim).find(|line| line.starts_with("soat trust confirm")).unwrap();
    assert!(command.ends_with(&format!("--archive {kho}")), "{command}");
    let confirm = run(&state, &["trust", "confirm", "abc", "--kind", "public", "--by", "A", "--archive", kho]);
    assert_eq!(confirm.status.code(), Some(2));
    assert!(err(&confirm).contains("không phải dấu vân tay") && err(&confirm).contains("→"), "{}", err(&confirm));
    // A damaged file is named in the reader's language.
    fs::write(base.join("trust/notes.txt"), "x").unwrap();
    let list = out(&run(&state, &["trust", "list", kho]));
    assert!(list.contains("notes.txt: không phải chứng thư") && !list.contains("+07:00"), "{list}");
}

#[test]
fn one_run_has_nothing_to_be_compared_with() {
    let run = audited("soat.toml");
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("s.db");
    fs::copy(run.folder.path().join("state.db"), &state).unwrap();
    let output = bare().arg("--state").arg(&state).args(["runs", "diff"]).output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert!(err(&output).contains("Mới có một lần chạy"), "{}", err(&output));
}

#[test]
fn without_any_anchor_verify_says_how_to_name_one() {
    let folder = tempfile::tempdir().unwrap();
    let output = bare()
        .current_dir(folder.path())
        .arg("--state")
        .arg(folder.path().join("s.db"))
        .arg("verify")
        .arg(document())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(4));
    assert!(err(&output).contains("--archive") && err(&output).contains("--anchors"), "{}", err(&output));
}
