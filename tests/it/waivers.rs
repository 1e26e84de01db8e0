//! Waivers and the baseline of the gate, as an operator uses them.

use super::run::{Run, copied, lines, soat};
use serde_json::Value;
use std::fs;
use std::io::Read as _;

const AUTHORITY: &str = "Chánh Văn phòng Sở";

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A finding of the check with its file.
fn finding(run: &Run, check: &str) -> Value {
    let found = lines(&run.jsonl, "finding");
    found.into_iter().find(|finding| finding["check"] == check && !finding["path"].is_null()).unwrap()
}

fn digest_of(run: &Run, path: &Value) -> String {
    let documents = lines(&run.jsonl, "document");
    documents.iter().find(|document| document["path"] == *path).unwrap()["sha256"].as_str().unwrap().to_owned()
}

/// The configuration with a register of waivers.
const REGISTER: &str = "\n[[register]]\nkind = \"waivers\"\npath = \"registers/mien-tru-phat-hien.csv\"\n";

#[test]
fn a_waiver_is_shown_with_its_authority_in_every_format_and_changes_no_rate() {
    let plain = copied("soat.toml", str::to_owned);
    let error = finding(&plain, "signature-digest-mismatch");
    let path = error["path"].as_str().unwrap();
    let sha256 = digest_of(&plain, &error["path"]);
    let rows = format!(
        "check,document,sha256,reason,authority,date,expires\n\
         signature-digest-mismatch,{path},{sha256},bản giấy gốc lưu tại văn thư,{AUTHORITY},01/11/2026,31/12/2026\n\
         signature-missing,{path},{sha256},cũ,{AUTHORITY},01/01/2026,30/06/2026\n\
         number-gap,1/SNV,,không còn,{AUTHORITY},01/11/2026,31/12/2026\n\
         signature-order-wrong,{path},{sha256},,{AUTHORITY},01/11/2026,31/12/2026\n"
    );
    let base = plain.base();
    fs::write(base.join("registers/mien-tru-phat-hien.csv"), &rows).unwrap();
    let configuration = base.join("soat.toml");
    let before = fs::read_to_string(&configuration).unwrap();
    fs::write(&configuration, format!("{before}{REGISTER}")).unwrap();
    assert_eq!(soat(&plain, &["audit", "--no-report"]).status.code(), Some(0));
    let after = text(&soat(&plain, &["report", "--format", "jsonl", "--disclose", "full"]).stdout);

    let waived: Vec<Value> =
        lines(&after, "finding").into_iter().filter(|finding| !finding["waived"].is_null()).collect();
    assert!(!waived.is_empty());
    assert!(waived.iter().all(|finding| finding["path"] == path && finding["check"] == "signature-digest-mismatch"));
    assert!(waived.iter().all(|finding| finding["waived"]["authority"] == AUTHORITY));
    // No verdict, class or rate moves.
    for kind in ["document", "rate"] {
        assert_eq!(lines(&after, kind), lines(&plain.jsonl, kind), "{kind}");
    }
    // Expired, unused and incomplete ones are findings that name their row.
    let idle: Vec<String> = lines(&after, "finding")
        .into_iter()
        .filter(|finding| finding["check"] == "exemption-unsupported")
        .map(|finding| finding["message"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(idle.len(), 3, "{idle:?}");
    for (row, why) in [("dòng 3", "hết hạn"), ("dòng 4", "không còn phát hiện"), ("dòng 5", "thiếu lý do")]
    {
        assert!(idle.iter().any(|message| message.contains(row) && message.contains(why)), "{row} {why}: {idle:?}");
    }

    for format in ["plain", "json", "jsonl", "csv", "junit", "sarif"] {
        let shown = text(&soat(&plain, &["report", "--format", format]).stdout);
        assert!(shown.contains(AUTHORITY), "{format}");
    }
    let folder = plain.folder.path().join("out");
    let output = ["report", "--format", "html,xlsx,docx", "-o", folder.to_str().unwrap()];
    assert_eq!(soat(&plain, &output).status.code(), Some(0));
    assert!(fs::read_to_string(folder.join("index.html")).unwrap().contains(AUTHORITY));
    for (name, part) in [("soat.xlsx", "xl/sharedStrings.xml"), ("soat.docx", "word/document.xml")] {
        let mut archive = zip::ZipArchive::new(fs::File::open(folder.join(name)).unwrap()).unwrap();
        let mut content = String::new();
        archive.by_name(part).unwrap().read_to_string(&mut content).unwrap();
        assert!(content.contains(AUTHORITY), "{name}");
    }

    // Another content needs another decision.
    let file = base.join(path);
    let mut bytes = fs::read(&file).unwrap();
    bytes.extend(b"\n");
    fs::write(&file, bytes).unwrap();
    assert_eq!(soat(&plain, &["audit", "--no-report"]).status.code(), Some(0));
    let changed = text(&soat(&plain, &["report", "--format", "jsonl"]).stdout);
    assert!(lines(&changed, "finding").iter().all(|finding| finding["waived"].is_null()));
}

#[test]
fn a_waiver_in_the_configuration_needs_every_part() {
    let run = copied("soat.toml", str::to_owned);
    let configuration = run.base().join("soat.toml");
    let text_before = fs::read_to_string(&configuration).unwrap();
    let waiver = "\n[[waiver]]\ncheck = \"signature-missing\"\ndocument = \"1/SNV\"\nreason = \"a\"\nauthority = \"b\"\ndate = 2026-11-01\nexpires = 2026-12-31\n";
    fs::write(&configuration, format!("{text_before}{waiver}")).unwrap();
    assert_eq!(soat(&run, &["config"]).status.code(), Some(0));
    for part in ["reason = \"a\"\n", "authority = \"b\"\n", "date = 2026-11-01\n", "expires = 2026-12-31\n"] {
        fs::write(&configuration, format!("{text_before}{}", waiver.replace(part, ""))).unwrap();
        let output = soat(&run, &["config"]);
        assert_eq!(output.status.code(), Some(2), "{part}");
        assert!(text(&output.stderr).contains("soat.toml, dòng"), "{}", text(&output.stderr));
    }
    fs::write(&configuration, format!("{text_before}{}", waiver.replace("signature-missing", "signature"))).unwrap();
    assert_eq!(soat(&run, &["config"]).status.code(), Some(2));
}

#[test]
fn the_baseline_lets_known_findings_pass_and_only_shrinks() {
    // Without rates in the way: what remains are findings.
    let run = copied("soat.toml", |text| {
        text.replace("target_electronic = 95", "target_electronic = 0")
            .replace("target_work_files = 40", "target_work_files = 0")
    });
    let file = run.folder.path().join("baseline.json");
    let file = file.to_str().unwrap();
    let gate = |arguments: &[&str]| {
        let all: Vec<&str> = ["gate", "--period", "2026-10"].iter().chain(arguments).copied().collect();
        soat(&run, &all)
    };
    let findings_in = |output: &std::process::Output| text(&output.stdout).contains("soat explain");
    let before = gate(&[]);
    assert_eq!(before.status.code(), Some(1));
    assert!(findings_in(&before));
    assert_eq!(gate(&["--baseline", file]).status.code(), Some(2), "a missing baseline is no empty one");
    gate(&["--baseline", file, "--update-baseline"]);
    let known = gate(&["--baseline", file]);
    let said = text(&known.stdout);
    assert!(!said.lines().any(|line| line.contains("soat explain") && !line.contains("rate-")), "{said}");
    let made = fs::read_to_string(file).unwrap();

    // One document mended (gone), one new unsigned file: the first leaves the baseline, the second does not enter.
    let gone = finding(&run, "signature-digest-mismatch")["path"].as_str().unwrap().to_owned();
    assert!(made.contains(&gone));
    fs::remove_file(run.base().join(&gone)).unwrap();
    let signed = lines(&run.jsonl, "document");
    let october = |document: &&Value| document["date"].as_str().is_some_and(|date| date.starts_with("2026-10"));
    let mut electronic = signed.iter().filter(|document| document["processing"] == "electronic");
    let other = electronic.find(october).unwrap();
    let other = run.base().join(other["path"].as_str().unwrap());
    let bytes = fs::read(&other).unwrap();
    let middle = bytes.len() / 3;
    let mut changed = bytes.clone();
    changed[middle] ^= 1;
    fs::write(&other, changed).unwrap();
    assert_eq!(soat(&run, &["audit", "--no-report"]).status.code(), Some(0));
    let update = gate(&["--baseline", file, "--update-baseline"]);
    assert!(text(&update.stderr).contains("không được thêm vào"), "{}", text(&update.stderr));
    assert_eq!(update.status.code(), Some(1), "what is new fails");
    let shrunk = fs::read_to_string(file).unwrap();
    assert!(!shrunk.contains(&gone) && shrunk.lines().count() < made.lines().count());
    let old: Vec<&str> = made.lines().map(|line| line.trim_end_matches(',')).collect();
    assert!(shrunk.lines().all(|line| old.contains(&line.trim_end_matches(','))), "nothing was added");
    // Again nothing changes.
    gate(&["--baseline", file, "--update-baseline"]);
    assert_eq!(fs::read_to_string(file).unwrap(), shrunk);
}
