//! The clerks' lists: made, filled in, brought back, and refused where they were tampered with.

use super::run::{Run, audited, soat};
use calamine::{Data, Reader, Xlsx, open_workbook};
use rust_xlsxwriter::Workbook;
use std::fs;
use std::path::{Path, PathBuf};

/// Sheets as cells, in order.
type Sheets = Vec<(String, Vec<Vec<Data>>)>;

fn sheets(path: &Path) -> Sheets {
    let mut workbook: Xlsx<_> = open_workbook(path).unwrap();
    workbook
        .sheet_names()
        .into_iter()
        .map(|name| {
            let range = workbook.worksheet_range(&name).unwrap();
            (name, range.rows().map(<[Data]>::to_vec).collect())
        })
        .collect()
}

/// Writes the sheets as another program would that keeps values only.
fn save(path: &Path, sheets: &Sheets) {
    let mut workbook = Workbook::new();
    for (name, rows) in sheets {
        let sheet = workbook.add_worksheet().set_name(name).unwrap();
        for (row, cells) in (0..).zip(rows) {
            for (column, cell) in (0..).zip(cells) {
                match cell {
                    Data::Empty => {}
                    Data::Float(value) => drop(sheet.write_number(row, column, *value).unwrap()),
                    Data::DateTime(value) => {
                        let format = rust_xlsxwriter::Format::new().set_num_format("dd/mm/yyyy");
                        sheet.write_number_with_format(row, column, value.as_f64(), &format).unwrap();
                    }
                    other => drop(sheet.write_string(row, column, other.to_string()).unwrap()),
                }
            }
        }
    }
    workbook.save(path).unwrap();
}

fn column(rows: &[Vec<Data>], head: &str) -> usize {
    rows[0].iter().position(|cell| *cell == *head).unwrap_or_else(|| panic!("no column {head}"))
}

struct Lists {
    run: Run,
    folder: PathBuf,
}

fn lists() -> Lists {
    let run = audited("soat.toml");
    let folder = run.folder.path().join("lists");
    let made = soat(&run, &["fixlist", "--period", "2026-10", "-o", folder.to_str().unwrap()]);
    assert_eq!(made.status.code(), Some(0), "{}", String::from_utf8_lossy(&made.stderr));
    Lists { run, folder }
}

impl Lists {
    fn list(&self) -> (PathBuf, Sheets) {
        let path = self.folder.join("can-sua-2026-10-cchc.xlsx");
        let content = sheets(&path);
        (path, content)
    }

    /// Writes `content` as a filled-in list and imports it; exit code and what was said.
    fn import(&self, content: &Sheets, options: &[&str]) -> (Option<i32>, String) {
        let back = self.run.folder.path().join("back.xlsx");
        save(&back, content);
        let out = self.run.folder.path().join("out");
        let _ = fs::remove_dir_all(&out);
        let mut arguments = vec!["fixlist", "import", back.to_str().unwrap(), "-o", out.to_str().unwrap()];
        arguments.extend(options);
        let output = soat(&self.run, &arguments);
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    }

    fn written(&self, name: &str) -> Option<String> {
        fs::read_to_string(self.run.folder.path().join("out").join(name)).ok()
    }
}

#[test]
fn every_finding_of_the_period_that_a_unit_can_act_on_stands_in_one_list() {
    let lists = lists();
    let report = soat(&lists.run, &["report", "--period", "2026-10", "--format", "jsonl", "--disclose", "full"]);
    let mut wanted: Vec<(String, String)> = super::run::lines(&String::from_utf8(report.stdout).unwrap(), "finding")
        .iter()
        .filter(|finding| finding["scope"] != "rate" && finding["level"] != "info" && finding["waived"].is_null())
        .map(|finding| {
            let path = finding["path"].as_str().unwrap_or_default();
            (finding["check"].as_str().unwrap().to_owned(), path.to_owned())
        })
        .filter(|(_, path)| !path.is_empty())
        .collect();
    wanted.sort();
    wanted.dedup();
    let mut found = Vec::new();
    for file in fs::read_dir(&lists.folder).unwrap() {
        let (_, rows) = sheets(&file.unwrap().path()).remove(0);
        let (check, path) = (column(&rows, "Mã kiểm tra"), column(&rows, "Tệp"));
        found.extend(rows[1..].iter().map(|row| (row[check].to_string(), row[path].to_string())));
    }
    found.retain(|(_, path)| !path.is_empty());
    found.sort();
    assert!(wanted.len() > 20);
    assert_eq!(found, wanted);
}

#[test]
fn document_numbers_are_text_and_dates_are_dates() {
    let (_, content) = lists().list();
    let rows = &content[0].1;
    let (number, date) = (column(rows, "Số, ký hiệu"), column(rows, "Ngày văn bản"));
    assert!(rows[1..].iter().all(|row| matches!(row[number], Data::String(_))));
    assert!(rows[1..].iter().any(|row| matches!(row[date], Data::DateTime(_))));
}

#[test]
fn answers_come_back_as_waivers_to_approve_and_notes() {
    let lists = lists();
    let (_, mut content) = lists.list();
    let rows = &mut content[0].1;
    let [status, reason, note, by] = ["Tình trạng", "Lý do", "Ghi chú", "Người trả lời"].map(|head| column(rows, head));
    let (check, path, sha256) = (column(rows, "Mã kiểm tra"), column(rows, "Tệp"), column(rows, "SHA-256 của tệp"));
    let text = |text: &str| Data::String(text.to_owned());
    rows[1][status] = text("Đề nghị miễn trừ");
    rows[1][reason] = text("Văn bản cũ, không ký lại được");
    rows[1][note] = text("=HYPERLINK(\"http://x\")");
    rows[1][by] = text("Trần Thị B");
    rows[2][status] = text("Đã sửa");
    let key = [check, path, sha256].map(|column| rows[1][column].to_string());
    let (code, said) = lists.import(&content, &["--period", "2026-10"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("1 đề nghị miễn trừ") && said.contains("2 câu trả lời"), "{said}");
    let waivers = lists.written("mien-tru-cho-duyet-2026-10.csv").unwrap();
    let row = waivers.lines().nth(1).unwrap();
    for part in &key {
        assert!(row.contains(part.as_str()), "{part} is missing in {row}");
    }
    // Nothing is decided yet: who, when and until when are blank.
    assert!(row.contains(",,,"), "{row}");
    assert!(row.contains("không ký lại được — =HYPERLINK"), "{row}");
    let notes = lists.written("tra-loi-2026-10.csv").unwrap();
    assert_eq!(notes.lines().count(), 3);
    assert!(notes.contains("'=HYPERLINK"), "{notes}");
}

#[test]
fn edits_of_protected_columns_keys_and_seals_are_refused_and_nothing_is_written() {
    let lists = lists();
    let (_, original) = lists.list();
    let rows = &original[0].1;
    let status = column(rows, "Tình trạng");
    let edit = |head: &str, value: &str| {
        let mut content = original.clone();
        let at = column(rows, head);
        content[0].1[1][status] = Data::String("Đã sửa".to_owned());
        content[0].1[1][at] = Data::String(value.to_owned());
        content
    };
    let zeros = "0".repeat(64);
    for head in [
        "STT",
        "Số, ký hiệu",
        "Ngày văn bản",
        "Tệp",
        "Mức",
        "Vấn đề",
        "Chi tiết",
        "Việc cần làm",
        "Ai xử lý",
        "Mã kiểm tra",
        "SHA-256 của tệp",
        "Khóa (không sửa)",
        "Niêm (không sửa)",
    ] {
        let (code, said) = lists.import(&edit(head, &zeros), &["--period", "2026-10"]);
        assert_eq!(code, Some(2), "{head}: {said}");
        assert!(said.contains("dòng 2"), "{head}: {said}");
        assert!(lists.written("tra-loi-2026-10.csv").is_none(), "{head}");
    }
    let (code, said) = lists.import(&edit("Tình trạng", "xong rồi"), &["--period", "2026-10"]);
    assert_eq!(code, Some(2));
    assert!(said.contains("xong rồi"), "{said}");
}

#[test]
fn a_waiver_without_reason_a_row_twice_and_a_foreign_key_are_refused() {
    let lists = lists();
    let (_, original) = lists.list();
    let status = column(&original[0].1, "Tình trạng");
    let mut unexplained = original.clone();
    unexplained[0].1[1][status] = Data::String("Đề nghị miễn trừ".to_owned());
    let (code, said) = lists.import(&unexplained, &["--period", "2026-10"]);
    assert_eq!(code, Some(2));
    assert!(said.contains("phải có lý do"), "{said}");
    let mut twice = original.clone();
    let again = twice[0].1[1].clone();
    twice[0].1.push(again);
    let (code, said) = lists.import(&twice, &["--period", "2026-10"]);
    assert_eq!(code, Some(2));
    assert!(said.contains("lặp lại"), "{said}");
    // A list of another archive: sound in itself, but nobody here knows its findings.
    let state = lists.run.folder.path().join("state.db");
    let other = lists.run.folder.path().join("other");
    fs::create_dir(&other).unwrap();
    fs::write(other.join("a.pdf"), "x").unwrap();
    fs::copy(super::run::archive().join("documents/LĐVL/2026-09/481-SNV-LĐVL.signed.pdf"), other.join("b.pdf"))
        .unwrap();
    fs::remove_file(&state).unwrap();
    let audit = super::run::bare()
        .args(["audit", "--no-report", "--at", "2026-11-05T08:00:00+07:00", "--state"])
        .arg(&state)
        .arg(&other)
        .output()
        .unwrap();
    assert_eq!(audit.status.code(), Some(0));
    let back = lists.run.folder.path().join("back.xlsx");
    save(&back, &original);
    let import = super::run::bare()
        .args(["fixlist", "import", "--period", "2026-10", "--state"])
        .arg(&state)
        .arg("--archive")
        .arg(&other)
        .arg(&back)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&import.stderr).into_owned();
    assert!(matches!(import.status.code(), Some(2 | 3)), "{said}");
}

#[test]
fn the_list_of_another_period_and_any_other_workbook_are_refused() {
    let lists = lists();
    let (_, content) = lists.list();
    let (code, said) = lists.import(&content, &["--period", "2026-09"]);
    assert_eq!(code, Some(2));
    assert!(said.contains("kỳ 2026-10"), "{said}");
    let (code, said) = lists.import(&vec![("Sheet1".to_owned(), content[0].1.clone())], &["--period", "2026-10"]);
    assert_eq!(code, Some(2));
    assert!(said.contains("không phải danh sách"), "{said}");
}
