use super::*;
use crate::model::CalendarDate;
use rust_xlsxwriter::{ExcelDateTime, Format as CellFormat, Workbook};
use std::io::Write;

fn ods(table: &str) -> Vec<u8> {
    let content = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>{table}</office:spreadsheet></office:body></office:document-content>"#
    );
    zipped(&[("content.xml", content.as_bytes())])
}

fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn xlsx_cells_keep_their_place_and_kind() {
    let mut workbook = Workbook::new();
    workbook.add_worksheet().set_name("Trang khác").unwrap();
    let sheet = workbook.add_worksheet();
    sheet.set_name("Sổ đăng ký").unwrap();
    sheet.write_string(2, 1, "Số, ký hiệu").unwrap();
    sheet.write_number(3, 1, 512).unwrap();
    let format = CellFormat::new().set_num_format("dd/mm/yyyy");
    sheet.write_datetime_with_format(3, 2, ExcelDateTime::from_ymd(2026, 10, 2).unwrap(), &format).unwrap();
    sheet.write_boolean(3, 3, true).unwrap();
    let bytes = workbook.save_to_buffer().unwrap();
    let (name, rows) = rows("sổ.xlsx", &bytes, Format::Xlsx, Some("Sổ đăng ký")).unwrap();
    assert_eq!(name, "Sổ đăng ký");
    assert_eq!(rows.iter().map(|row| row.number).collect::<Vec<_>>(), [3, 4]);
    assert_eq!(rows[0].cell(1).text(), "Số, ký hiệu");
    assert_eq!(rows[1].cell(1), &Cell::Number(512.0));
    assert_eq!(rows[1].cell(2), &Cell::Date(CalendarDate::new(2026, 10, 2)));
    assert_eq!(rows[1].cell(3), &Cell::Bool(true));
    let error = super::rows("sổ.xlsx", &bytes, Format::Xlsx, Some("Không có")).unwrap_err();
    assert!(matches!(error, RegisterError::SheetMissing { available, .. } if available.len() == 2));
}

#[test]
fn ods_cells_keep_their_place_and_kind() {
    let bytes = ods(r#"<table:table table:name="Sổ"><table:table-column table:number-columns-repeated="16384"/>
        <table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>
        <table:table-row><table:table-cell/><table:table-cell office:value-type="string"><office:annotation><text:p>ghi</text:p></office:annotation><text:p>Số,<text:s text:c="1"/>ký &amp; hiệu</text:p><text:p>văn bản</text:p></table:table-cell>
        <table:table-cell office:value-type="date" office:date-value="2026-10-02T00:00:00"><text:p>2/10/26</text:p></table:table-cell>
        <table:table-cell office:value-type="float" office:value="3" table:number-columns-repeated="2"><text:p>3</text:p></table:table-cell><table:table-cell table:number-columns-repeated="16379"/></table:table-row>
        <table:table-row table:number-rows-repeated="1048573"><table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>"#);
    let (name, rows) = rows("sổ.ods", &bytes, Format::Ods, None).unwrap();
    assert_eq!(name, "Sổ");
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].number, 3);
    assert_eq!(rows[0].cell(1), &Cell::Text("Số, ký & hiệu\nvăn bản".into()));
    assert_eq!(rows[0].cell(2), &Cell::Date(CalendarDate::new(2026, 10, 2)));
    assert_eq!((rows[0].cell(3), rows[0].cell(4)), (&Cell::Number(3.0), &Cell::Number(3.0)));
    assert!(matches!(super::rows("sổ.ods", &bytes, Format::Ods, Some("x")), Err(RegisterError::SheetMissing { .. })));
}

#[test]
fn few_bytes_that_name_many_cells_are_refused() {
    let row = r#"<table:table-row table:number-rows-repeated="1048576"><table:table-cell office:value-type="string" table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell></table:table-row>"#;
    let bytes = ods(&format!(r#"<table:table table:name="a">{row}</table:table>"#));
    assert!(matches!(rows("a.ods", &bytes, Format::Ods, None), Err(RegisterError::TooLarge { .. })));

    // Parts that inflate beyond the budget together.
    let bytes = zipped(&[("a", &[b' '; 60_000]), ("b", &[b' '; 60_000])]);
    assert!(bytes.len() < 1_000);
    assert_eq!(bound_container("a.xlsx", &bytes, 120_000), Ok(()));
    assert!(matches!(bound_container("a.xlsx", &bytes, 119_999), Err(RegisterError::TooLarge { .. })));

    // A far corner: two cells that span the sheet.
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write_string(0, 0, "a").unwrap();
    sheet.write_string(1_048_575, 16_383, "b").unwrap();
    let bytes = workbook.save_to_buffer().unwrap();
    assert_eq!(rows("a.xlsx", &bytes, Format::Xlsx, None).unwrap().1.len(), 1);
}

#[test]
fn garbage_is_an_error() {
    for bytes in [&b""[..], b"PK\x03\x04", b"not a zip at all", &[0xFF; 200]] {
        for format in [Format::Xlsx, Format::Ods] {
            assert!(matches!(rows("a", bytes, format, None), Err(RegisterError::Spreadsheet { .. })));
        }
    }
    let bytes = ods(r#"<table:table table:name="a"><table:table-row>"#);
    assert!(matches!(rows("a.ods", &bytes, Format::Ods, None), Err(RegisterError::Spreadsheet { .. })));
    assert!(rows("a.xlsx", &bytes, Format::Xlsx, None).is_err());
}
