//! What the program promises about exit codes, repeated runs, threads and bad input.

use super::run::{archive, audited, audited_with, bare, copy, lines, soat};
use std::fs;
use std::path::Path;

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn one_thread_two_threads_and_a_warm_state_give_the_same_bytes() {
    let one = audited_with("soat.toml", &["--threads", "1"]);
    let two = audited_with("soat.toml", &["--threads", "2"]);
    assert_eq!(one.jsonl, two.jsonl);
    assert_eq!(soat(&one, &["audit", "--no-report"]).status.code(), Some(0));
    let warm = soat(&one, &["report", "--format", "jsonl", "--disclose", "full"]);
    assert_eq!(one.jsonl, text(&warm.stdout));
}

#[test]
fn a_second_run_over_an_unchanged_archive_reads_no_document() {
    let folder = tempfile::tempdir().unwrap();
    let base = folder.path().join("archive");
    copy(&archive(), &base);
    let state = folder.path().join("s.db");
    let audit = || {
        let output = bare().arg("--state").arg(&state).args(["audit", "--no-report"]).arg(&base).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        output.stdout
    };
    audit();
    // Young files are read once more, because a change within the clock's tick could not be seen.
    std::thread::sleep(std::time::Duration::from_millis(100));
    let first = audit();
    // Content that only reading could notice: same size, times put back, inode kept.
    let document = base.join("documents/LĐVL/2026-09/481-SNV-LĐVL.signed.pdf");
    assert!(document.is_file());
    let facts_before = fs::metadata(&state).unwrap().len();
    let second = audit();
    assert_eq!(text(&first), text(&second));
    assert_eq!(facts_before, fs::metadata(&state).unwrap().len(), "nothing was written for unchanged documents");
}

#[test]
fn a_changed_trust_configuration_rejudges_without_reading() {
    let folder = tempfile::tempdir().unwrap();
    let base = folder.path().join("archive");
    copy(&archive(), &base);
    let state = folder.path().join("s.db");
    let report = || {
        let run = |arguments: &[&str]| {
            let output = bare().arg("--state").arg(&state).args(arguments).arg(&base).output().unwrap();
            assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
            text(&output.stdout)
        };
        run(&["audit", "--no-report"]);
        run(&["report", "--format", "jsonl"])
    };
    let passed = |jsonl: &str| {
        lines(jsonl, "document")
            .iter()
            .flat_map(|document| document["signatures"].as_array().cloned().unwrap())
            .filter(|signature| signature["indication"] == "TOTAL-PASSED")
            .count()
    };
    let before = report();
    assert!(passed(&before) > 200);
    // Without the folder's revocation lists only documents that carry their own can pass.
    fs::remove_dir_all(base.join("crls")).unwrap();
    fs::create_dir(base.join("crls")).unwrap();
    let after = report();
    assert!(passed(&after) * 10 < passed(&before), "{} of {}", passed(&after), passed(&before));
}

#[test]
fn a_missing_and_an_empty_folder_are_nothing_to_audit() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty");
    fs::create_dir(&empty).unwrap();
    for path in [folder.path().join("gone"), empty] {
        let state = folder.path().join("s.db");
        let output = bare().arg("--state").arg(&state).arg("audit").arg(&path).output().unwrap();
        assert_eq!(output.status.code(), Some(3), "{}", path.display());
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn a_missing_document_is_said_to_be_missing() {
    let folder = tempfile::tempdir().unwrap();
    let verify = |format: &str, path: &std::path::Path| {
        bare()
            .arg("--state")
            .arg(folder.path().join("s.db"))
            .args(["verify", "--format", format])
            .arg(path)
            .output()
            .unwrap()
    };
    let gone = verify("plain", &folder.path().join("gone.pdf"));
    assert_eq!(gone.status.code(), Some(2));
    let said = text(&gone.stdout);
    assert!(said.contains("không có tệp này") && !said.contains("SHA-256"), "{said}");
    let line = &lines(&text(&verify("jsonl", &folder.path().join("gone.pdf")).stdout), "document")[0];
    assert_eq!((line["sha256"].is_null(), line["reason"].as_str()), (true, Some("unreadable")));
    let said = text(&verify("plain", folder.path()).stdout);
    assert!(said.contains("thư mục"), "{said}");
}

#[test]
fn an_unknown_key_names_file_line_and_column() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.pdf"), "x").unwrap();
    fs::write(folder.path().join("soat.toml"), "[archive]\nname = \"x\"\ncolour = 1\n").unwrap();
    let output =
        bare().arg("--state").arg(folder.path().join("s.db")).arg("audit").arg(folder.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let said = text(&output.stderr);
    assert!(said.contains("soat.toml, dòng 3, cột 1") && said.contains("colour"), "{said}");
}

#[test]
fn bad_registers_name_file_row_and_column() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.pdf"), "x").unwrap();
    fs::write(folder.path().join("soat.toml"), "[[register]]\nkind = \"outgoing\"\npath = \"so.csv\"\n").unwrap();
    let audit = |register: &[u8]| {
        fs::write(folder.path().join("so.csv"), register).unwrap();
        bare()
            .arg("--state")
            .arg(folder.path().join("s.db"))
            .args(["audit", "--no-report"])
            .arg(folder.path())
            .output()
            .unwrap()
    };
    let header = "Số, ký hiệu văn bản,Ngày tháng văn bản,Tên loại và trích yếu nội dung văn bản\n"
        .replace("Số, ký hiệu văn bản", "\"Số, ký hiệu văn bản\"");
    let impossible = audit(format!("{header}1/SNV-VP,31/02/2026,V/v x\n").as_bytes());
    assert_eq!(impossible.status.code(), Some(0));
    let said = text(&impossible.stderr);
    assert!(
        said.contains("so.csv, dòng 2") && said.contains("Ngày tháng văn bản") && said.contains("31/02/2026"),
        "{said}"
    );
    assert_eq!(audit(b"a,b,c\n1,2,3\n").status.code(), Some(2), "no header matches");
    assert_eq!(audit(b"\xff\xfe\xfd,b\n").status.code(), Some(2), "unknown encoding");
    assert_eq!(audit(header.as_bytes()).status.code(), Some(3), "an empty register is nothing to audit");
}

#[test]
fn unreadable_files_are_not_assessed_and_the_rest_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let good = archive().join("documents/LĐVL/2026-09/481-SNV-LĐVL.signed.pdf");
    fs::copy(&good, folder.path().join("good.pdf")).unwrap();
    fs::write(folder.path().join("empty.pdf"), "").unwrap();
    fs::write(folder.path().join("text.pdf"), "not a PDF").unwrap();
    let bytes = fs::read(&good).unwrap();
    fs::write(folder.path().join("cut.pdf"), &bytes[..bytes.len() / 2]).unwrap();
    let state = folder.path().join("../s.db");
    let output = bare().arg("--state").arg(&state).args(["audit", "--no-report"]).arg(folder.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let report =
        bare().arg("--state").arg(&state).args(["report", "--format", "jsonl"]).arg(folder.path()).output().unwrap();
    let _ = fs::remove_file(&state);
    let documents = lines(&text(&report.stdout), "document");
    assert_eq!(documents.len(), 4);
    for document in documents {
        let good = document["path"] == "good.pdf";
        assert_eq!(document["assessed"], good, "{document}");
        assert_eq!(document["reason"].is_null(), good, "{document}");
    }
}

#[test]
fn another_run_that_holds_the_lock_is_respected() {
    let run = audited("soat.toml");
    let _lock = soat::state::State::lock(&run.folder.path().join("state.db")).unwrap();
    let second = soat(&run, &["audit", "--no-report"]);
    assert_eq!(second.status.code(), Some(5), "{}", text(&second.stderr));
}

#[test]
fn nothing_of_a_secret_document_appears_in_any_format() {
    let run = audited("soat.toml");
    let secret = ["07/KH-SNV", "MẬT-KH", "ke-hoach-mat"];
    for format in ["plain", "jsonl", "json", "csv", "junit", "sarif"] {
        let output = soat(&run, &["report", "--format", format, "--disclose", "full"]);
        assert_eq!(output.status.code(), Some(0), "{format}: {}", text(&output.stderr));
        let said = text(&output.stdout);
        for word in secret {
            assert!(!said.contains(word), "{format} shows {word}");
        }
    }
}

#[test]
fn the_audit_summary_names_what_people_need() {
    let run = audited("soat.toml");
    let said = text(&run.output.stdout);
    for part in ["Sở Nội vụ tỉnh An Bình", "CHƯA ĐẠT", "còn thiếu", "Cơ sở dữ liệu trạng thái"]
    {
        assert!(said.contains(part), "{part} is missing in\n{said}");
    }
}

#[test]
fn a_period_without_a_run_and_an_unknown_format_are_said() {
    let run = audited("soat.toml");
    assert_eq!(soat(&run, &["gate", "--period", "2031-01"]).status.code(), Some(3));
    assert_eq!(soat(&run, &["report", "--period", "2031-01"]).status.code(), Some(3));
    assert_eq!(soat(&run, &["report", "--format", "odt"]).status.code(), Some(2));
    let fresh = tempfile::tempdir().unwrap();
    let output = bare().arg("--state").arg(fresh.path().join("none.db")).arg("gate").output().unwrap();
    assert_eq!(output.status.code(), Some(3));
}

/// On a machine with a suitable font the draft says the verdict on A4 pages, the same bytes each time;
/// without one the command says what to install.
#[test]
fn the_draft_is_printed_when_the_machine_has_a_font() {
    let run = audited("soat.toml");
    let report = || soat(&run, &["report", "--period", "2026-10", "--format", "pdf"]);
    let made = report();
    if made.status.code() == Some(2) {
        assert!(text(&made.stderr).contains("--fonts"), "{}", text(&made.stderr));
        return;
    }
    assert_eq!(made.status.code(), Some(0));
    assert_eq!(made.stdout, report().stdout);
    let pdf = hayro_syntax::Pdf::new(std::sync::Arc::new(made.stdout)).ok().unwrap();
    assert!((2..=6).contains(&pdf.pages().len()), "{}", pdf.pages().len());
    let empty = tempfile::tempdir().unwrap();
    let refused = soat(&run, &["report", "--format", "pdf", "--fonts", empty.path().to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(2));
}

#[test]
fn the_gate_says_run_definition_reasons_and_next_actions() {
    let run = audited("soat.toml");
    let said = text(&soat(&run, &["gate", "--period", "2026-10"]).stdout);
    for part in
        ["KHÔNG ĐẠT (mã 1)", "Lần chạy số 1, thời điểm kiểm tra 05/11/2026 08:00:00", "N3", "95", "paper-duplicate: "]
    {
        assert!(said.contains(part), "{part} is missing in\n{said}");
    }
    let reasons = said.lines().filter(|line| line.starts_with("  - ")).count();
    assert!(reasons > 3 && said.lines().filter(|line| line.starts_with("    → ")).count() == reasons, "{said}");
}

#[test]
fn a_gate_profile_changes_the_thresholds_and_an_unknown_one_is_refused() {
    let run = audited("soat.toml");
    assert_eq!(soat(&run, &["gate", "--profile", "none"]).status.code(), Some(2));
    let folder = tempfile::tempdir().unwrap();
    let configuration = folder.path().join("soat.toml");
    let lenient = "[gate]\nfail_on = \"error\"\n[gate.profile.lenient]\nfail_on = \"never\"\nminimum_coverage = 0\n";
    fs::write(&configuration, lenient).unwrap();
    let gate = |profile: Option<&str>| {
        let mut command = bare();
        command.arg("--config").arg(&configuration).arg("--state").arg(run.folder.path().join("state.db"));
        command.args(["gate", "--period", "2026-10"]);
        command.args(profile.map(|profile| format!("--profile={profile}"))).output().unwrap()
    };
    let reasons = |output: &std::process::Output| text(&output.stdout).matches("soat explain").count();
    let (usual, lenient) = (gate(None), gate(Some("lenient")));
    assert!(reasons(&usual) > 0 && reasons(&lenient) == 0, "{}", text(&lenient.stdout));
    assert_eq!(lenient.status.code(), Some(1), "targets are always judged");
}

#[test]
fn the_readme_shows_what_the_program_prints() {
    let run = audited("soat.toml");
    let said = text(&run.output.stdout);
    let readme = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let shown = readme.split("```text\n").nth(1).unwrap().split("```").next().unwrap();
    for line in shown.lines().filter(|line| !line.trim().is_empty() && *line != "…") {
        assert!(said.lines().any(|printed| printed == line), "README shows a line that is not printed: {line}");
    }
}
