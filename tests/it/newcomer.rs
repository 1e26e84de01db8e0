//! The way from zero to the first report as the program itself tells it, and what it says when something is
//! wrong on the way.

use super::run::{archive, bare};
use std::fs;
use std::path::Path;
use std::process::Output;

fn soat(folder: &Path, arguments: &[&str]) -> Output {
    bare().arg("--state").arg(folder.join("s.db")).args(arguments).output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Documents and registers without any configuration.
fn fresh(folder: &Path) -> std::path::PathBuf {
    let base = folder.join("kho");
    fs::create_dir_all(base.join("van-ban")).unwrap();
    fs::create_dir_all(base.join("so")).unwrap();
    fs::copy(archive().join("documents/LĐVL/2026-09/481-SNV-LĐVL.signed.pdf"), base.join("van-ban/481.pdf")).unwrap();
    for entry in fs::read_dir(archive().join("registers")).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), base.join("so").join(entry.file_name())).unwrap();
    }
    base
}

#[test]
fn init_finds_each_register_once_and_as_what_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let base = fresh(folder.path());
    let kho = base.to_str().unwrap();
    let init = soat(folder.path(), &["init", kho]);
    assert_eq!(init.status.code(), Some(0), "{}", err(&init));
    let text = fs::read_to_string(base.join("soat.toml")).unwrap();
    let blocks: Vec<(&str, &str)> = text
        .split("\n[[register]]\n")
        .skip(1)
        .map(|block| {
            let value = |key: &str| {
                let line = block.lines().find_map(|line| line.strip_prefix(key)).unwrap();
                line.trim_start_matches(" = ").trim_matches('"')
            };
            (value("kind"), value("path"))
        })
        .collect();
    assert_eq!(
        blocks,
        [
            ("work-files", "so/danh-muc-ho-so.csv"),
            ("exemptions", "so/mien-tru.csv"),
            ("post-book", "so/so-chuyen-giao-buu-dien.csv"),
            ("cancelled", "so/so-huy.csv"),
            ("outgoing", "so/so-van-ban-di-2026.csv"),
        ]
    );
    assert!(out(&init).contains("so-van-ban-di-2026.xlsx: cùng nội dung"), "{}", out(&init));
    // What it wrote is accepted as it stands, and audits.
    let audit = soat(folder.path(), &["audit", "--no-report", kho]);
    assert_eq!(audit.status.code(), Some(0), "{}", err(&audit));
    // A second init changes nothing.
    assert_eq!(soat(folder.path(), &["init", kho]).status.code(), Some(0));
    assert_eq!(fs::read_to_string(base.join("soat.toml")).unwrap(), text);
}

#[test]
fn doctor_names_each_problem_with_its_remedy() {
    let folder = tempfile::tempdir().unwrap();
    let base = fresh(folder.path());
    let kho = base.to_str().unwrap();
    let state = base.join("inside.db");
    let doctor = bare().arg("--state").arg(&state).args(["doctor", kho]).output().unwrap();
    assert_eq!(doctor.status.code(), Some(1));
    let said = out(&doctor);
    for part in [
        "Chưa có soat.toml",
        "soat init",
        "mã cơ quan",
        "bảng đơn vị",
        "sổ đăng ký văn bản đi",
        "gốc tin cậy",
        "soat trust import",
        "danh sách thu hồi",
        "nằm trong kho văn bản",
        "--state",
    ] {
        assert!(said.contains(part), "{part} is missing in\n{said}");
    }
    let problems = said.lines().filter(|line| line.starts_with('✗')).count();
    let remedies = said.lines().filter(|line| line.starts_with("  → ")).count();
    assert_eq!(problems, remedies, "{said}");
}

#[test]
fn the_archive_can_be_named_either_way_by_every_command() {
    let folder = tempfile::tempdir().unwrap();
    let base = fresh(folder.path());
    let kho = base.to_str().unwrap();
    assert_eq!(soat(folder.path(), &["audit", "--no-report", "--archive", kho]).status.code(), Some(0));
    for command in [&["report", "--format", "csv"][..], &["runs", "list"], &["config"], &["trust", "list"]] {
        let by_option = soat(folder.path(), &[command, &["--archive", kho]].concat());
        let by_place = soat(folder.path(), &[command, &[kho]].concat());
        assert_eq!(by_option.status.code(), Some(0), "{command:?}: {}", err(&by_option));
        assert_eq!(by_place.status.code(), Some(0), "{command:?}: {}", err(&by_place));
        if command != ["config"] {
            assert_eq!(out(&by_option), out(&by_place), "{command:?}");
        }
    }
    let both = soat(folder.path(), &["config", kho, "--archive", "/elsewhere"]);
    assert_eq!(both.status.code(), Some(2), "{}", err(&both));
}

#[test]
fn config_tells_where_each_value_comes_from() {
    let folder = tempfile::tempdir().unwrap();
    let base = folder.path().join("kho");
    fs::create_dir(&base).unwrap();
    fs::write(base.join("soat.toml"), "[rate]\nbasis = \"n2\"\n").unwrap();
    let output = bare()
        .env("SOAT_RATE_TARGET_ELECTRONIC", "90")
        .env("SOAT_LANG", "vi")
        .arg("--state")
        .arg(folder.path().join("s.db"))
        .args(["--at", "2026-11-05T08:00:00+07:00", "config"])
        .arg(&base)
        .output()
        .unwrap();
    let said = out(&output);
    for line in [
        "rate.basis = n2 (tệp:2)",
        "rate.target_electronic = 90 (biến môi trường)",
        "archive.clock = 2026-11-05T08:00:00+07:00 (dòng lệnh)",
        "period.cutoff_day = 0 (mặc định)",
        "lang = vi (biến môi trường)",
        "threads =  (mặc định)",
    ] {
        assert!(said.lines().any(|printed| printed == line), "{line} is missing in\n{said}");
    }
    assert!(said.lines().any(|line| line.starts_with("state = ") && line.ends_with("(dòng lệnh)")), "{said}");
}

#[test]
fn what_the_system_says_is_said_in_vietnamese() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty");
    fs::create_dir(&empty).unwrap();
    let missing = soat(folder.path(), &["audit", "/no/such/folder"]);
    assert_eq!(missing.status.code(), Some(3));
    assert!(err(&missing).contains("không có tệp hoặc thư mục này"), "{}", err(&missing));
    let nothing = soat(folder.path(), &["audit", empty.to_str().unwrap()]);
    assert_eq!(nothing.status.code(), Some(3));
    assert!(err(&nothing).contains("không có tệp nào"), "{}", err(&nothing));
    let configuration = soat(folder.path(), &["--config", "/no/such.toml", "audit"]);
    assert_eq!(configuration.status.code(), Some(2));
    assert!(err(&configuration).contains("không có tệp"), "{}", err(&configuration));
    for output in [missing, nothing, configuration] {
        assert!(!err(&output).contains("os error"), "{}", err(&output));
    }
}

#[test]
fn extract_prints_facts_and_parts_cover_every_file_once() {
    let folder = tempfile::tempdir().unwrap();
    let base = fresh(folder.path());
    fs::write(base.join("van-ban/empty.pdf"), "").unwrap();
    let list = folder.path().join("list");
    let files = [base.join("van-ban/481.pdf"), base.join("van-ban/empty.pdf")];
    fs::write(&list, files.iter().map(|file| format!("{}\n", file.display())).collect::<String>()).unwrap();
    let paths = |shard: &[&str]| -> Vec<String> {
        let output = soat(folder.path(), &[&["extract", "--paths-from", list.to_str().unwrap()], shard].concat());
        assert_eq!(output.status.code(), Some(0), "{}", err(&output));
        let values: Vec<serde_json::Value> =
            out(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(values.last().unwrap()["type"], "summary");
        values.iter().filter(|value| value["type"] == "facts").map(|value| value["path"].to_string()).collect()
    };
    let whole = paths(&[]);
    assert_eq!(whole.len(), 2);
    let mut parts = [paths(&["--shard", "1/2"]), paths(&["--shard", "2/2"])].concat();
    parts.sort();
    let mut sorted = whole;
    sorted.sort();
    assert_eq!(parts, sorted);
    assert_eq!(soat(folder.path(), &["extract", "/no/such.pdf"]).status.code(), Some(2));
    assert_eq!(soat(folder.path(), &["extract"]).status.code(), Some(2));
}

#[test]
fn completions_and_manual_pages_know_every_command() {
    let folder = tempfile::tempdir().unwrap();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = soat(folder.path(), &["completions", shell]);
        assert_eq!(output.status.code(), Some(0));
        assert!(out(&output).contains("fixlist"), "{shell}");
    }
    let pages = folder.path().join("man");
    assert_eq!(soat(folder.path(), &["--lang", "en", "man", "-o", pages.to_str().unwrap()]).status.code(), Some(0));
    for page in ["soat.1", "soat-audit.1", "soat-trust-update.1", "soat-fixlist-import.1"] {
        let text = fs::read_to_string(pages.join(page)).unwrap();
        assert!(text.contains(".SH NAME") && text.contains(".SH OPTIONS"), "{page}");
    }
    assert_eq!(soat(folder.path(), &["man", "-o", pages.to_str().unwrap()]).status.code(), Some(0));
    let text = fs::read_to_string(pages.join("soat-audit.1")).unwrap();
    assert!(text.contains("Duyệt kho"), "{text}");
}

#[test]
fn help_and_complaints_are_vietnamese_unless_english_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let help = soat(folder.path(), &["audit", "--help"]);
    assert_eq!(help.status.code(), Some(0));
    assert!(out(&help).contains("Cách dùng") && out(&help).contains("Không ghi báo cáo HTML"), "{}", out(&help));
    let english = soat(folder.path(), &["--lang", "en", "audit", "--help"]);
    assert!(out(&english).contains("Usage:") && out(&english).contains("Do not write the HTML report"));
    let wrong = soat(folder.path(), &["audit", "--no-such-option"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(wrong.stdout.is_empty() && err(&wrong).contains("không có tùy chọn “--no-such-option”"), "{}", err(&wrong));
}

#[test]
fn a_known_root_is_confirmed_by_name_and_an_unknown_one_is_only_shown() {
    let folder = tempfile::tempdir().unwrap();
    let base = fresh(folder.path());
    let kho = base.to_str().unwrap();
    assert_eq!(soat(folder.path(), &["init", kho]).status.code(), Some(0));
    let root = archive().join("trust/g2root.TEST.crt");
    let output =
        soat(folder.path(), &["trust", "import", root.to_str().unwrap(), "--by", "Trần Thị B", "--archive", kho]);
    assert_eq!(output.status.code(), Some(0), "{}", err(&output));
    // A root that no pin knows is never trusted by an import.
    assert!(out(&output).contains("chưa được tin") && out(&output).contains("soat trust confirm"), "{}", out(&output));
    assert!(!fs::read_to_string(base.join("soat.toml")).unwrap().contains("Trần Thị B"));
}
