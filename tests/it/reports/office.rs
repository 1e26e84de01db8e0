//! Workbook, CSV and draft: typed, disarmed, filled in only where the tool knows.

use super::sample::{HOSTILE, PEOPLE, sample_report};
use super::{balanced, files, masked, render, sheets, shown, unescaped, workbook_text};
use calamine::{Data, Reader, Xlsx};
use std::io::Cursor;

#[test]
fn the_workbook_has_typed_cells_under_one_header_row() {
    let sheets = sheets(&masked());
    let names: Vec<&str> = sheets.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        ["Tổng hợp", "Đơn vị", "Văn bản", "Phát hiện", "Sổ đăng ký", "Trùng giấy", "Phạm vi", "Phương pháp"]
    );
    let rows = |name: &str| &sheets.iter().find(|(sheet, _)| sheet == name).unwrap().1;
    let column = |name: &str, head: &str| {
        let rows = rows(name);
        let at = rows[0].iter().position(|cell| *cell == *head).unwrap();
        rows[1..].iter().map(|row| row[at].clone()).collect::<Vec<_>>()
    };
    for number in column("Văn bản", "Số, ký hiệu") {
        assert!(matches!(number, Data::String(_) | Data::Empty), "{number:?} is no text");
    }
    let dates = column("Văn bản", "Ngày văn bản");
    assert!(dates.iter().any(|cell| matches!(cell, Data::DateTime(_))));
    assert!(dates.iter().all(|cell| matches!(cell, Data::DateTime(_) | Data::Empty)));
    for percent in column("Đơn vị", "Cận dưới") {
        match percent {
            Data::Float(value) => assert!((0.0..=1.0).contains(&value)),
            Data::Empty => {}
            other => panic!("{other:?} is no number"),
        }
    }
    for (_, rows) in &sheets {
        assert!(rows[0].iter().all(|cell| matches!(cell, Data::String(_))));
    }
    assert_eq!(rows("Văn bản").len() - 1, sample_report().documents.len());
    assert_eq!(rows("Phát hiện").len() - 1, sample_report().findings.len());
    assert_eq!(rows("Sổ đăng ký").len() - 1, sample_report().rows.len());
}

#[test]
fn the_workbook_holds_no_formula() {
    let bytes = files("xlsx", &sample_report(), &masked()).remove(0).1;
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    for name in workbook.sheet_names() {
        let formulas = workbook.worksheet_formula(&name).unwrap();
        assert!(formulas.used_cells().all(|(_, _, formula)| formula.is_empty()), "{name}");
    }
    assert!(workbook_text(&masked()).contains("=cmd|' /C calc'!A0.pdf"), "the name itself is whole");
}

#[test]
fn percentages_in_the_workbook_are_cut_off() {
    // 143 of 166 is 86.1445… %.
    let sheets = sheets(&masked());
    let row = sheets[1].1.iter().find(|row| row[4] == Data::Float(166.0) && row[5] == Data::Float(143.0)).unwrap();
    assert_eq!(row[7], Data::Float(0.8614));
}

#[test]
fn csv_opens_as_utf8_and_disarms_formulas() {
    let text = render("csv", &masked());
    assert!(text.starts_with('\u{FEFF}'));
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{FEFF}').as_bytes());
    assert_eq!(&reader.headers().unwrap()[0], "Mức");
    let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(records.len(), sample_report().findings.len());
    for cell in records.iter().flatten() {
        assert!(!cell.starts_with(['=', '+', '-', '@']), "{cell}");
    }
    for path in HOSTILE {
        let path = shown(path);
        assert!(records.iter().flatten().any(|cell| cell.trim_start_matches('\'') == path), "{path}");
    }
}

#[test]
fn the_draft_report_leaves_number_date_and_signature_blank() {
    let bytes = files("docx", &sample_report(), &masked()).remove(0).1;
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    for part in names {
        let mut text = String::new();
        std::io::Read::read_to_string(&mut archive.by_name(&part).unwrap(), &mut text).unwrap();
        balanced(&part, &text);
        if part != "word/document.xml" {
            continue;
        }
        for wanted in [
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
            "Số:         /BC-SNV",
            ", ngày ….. tháng ….. năm 20….",
            "[Họ và tên]",
            "143–149/166",
            "<img src=x onerror=alert(1)>",
        ] {
            assert!(unescaped(&text).contains(wanted), "{wanted}");
        }
        for person in PEOPLE {
            assert!(!text.contains(person));
        }
    }
}

/// A part of an Office file as text.
pub(super) fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    std::io::Read::read_to_string(&mut archive.by_name(name).unwrap(), &mut text).unwrap();
    text
}
