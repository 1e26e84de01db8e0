use super::*;
use crate::model::{CalendarDate, OrganisationKind, RowStatus};
use proptest::prelude::*;

const HEADER: &str = "\"Số, ký hiệu văn bản\",Ngày tháng văn bản,Tên loại và trích yếu nội dung văn bản,Người ký,Nơi nhận văn bản,\"Đơn vị, người nhận bản lưu\",Số lượng bản,Ngày chuyển,Ký nhận,Ghi chú,Trạng thái,Kèm bản giấy,Độ mật";

fn day(text: &str) -> Option<CalendarDate> {
    Some(text.parse().unwrap())
}

#[test]
fn a_register_as_offices_export_it() {
    let text = format!(
        "SỔ ĐĂNG KÝ VĂN BẢN ĐI,,,\n\n{HEADER}\n512/SNV-BTXH,02/10/2026,V/v nghỉ lễ,Nguyễn Văn A,UBND tỉnh,BTXH,3,02/10/2026,,,,x,\n\
         ,,,,,,,,,,,,\nTháng 11,,,,,,,,,,,,\n513/SNV-VP,31/02/2026,,,,,ba,,,,đã hủy,,Mật\n,05/10/2026,QĐ về việc,,,,,,,,,,\nxyz,06/10/2026,,,,,,,,,,có thể,\n"
    );
    let file = read_outgoing(&Source::plain("sổ.csv", text.as_bytes())).unwrap();
    assert_eq!(file.rows.len(), 3);
    let [first, second, third] = file.rows.as_slice() else { panic!() };
    assert_eq!((first.reference.as_str(), first.date, first.copies), ("512/SNV-BTXH", day("2026-10-02"), Some(3)));
    assert_eq!((first.paper, first.location.row), (Some(true), 4));
    assert_eq!((second.date, second.copies, second.status), (None, None, Some(RowStatus::Cancelled)));
    assert_eq!(second.secrecy.as_deref(), Some("Mật"));
    assert_eq!(third.reference, "xyz");
    assert_eq!((file.empty_rows, file.rows_without_reference), (1, 2));
    assert!(file.missing_fields.is_empty() && file.unmatched_headers.is_empty());
    assert_eq!(file.encoding, Some(Encoding::Utf8));
    let messages = file.problems.iter().map(|problem| problem.message().vi).collect::<Vec<_>>();
    assert_eq!(
        messages,
        [
            "sổ.csv, dòng 7, cột “Ngày tháng văn bản”: ngày … không tồn tại",
            "sổ.csv, dòng 7, cột “Số lượng bản”: “…” không phải số nguyên",
            "sổ.csv, dòng 8, cột “Số, ký hiệu văn bản”: dòng có nội dung nhưng không có số, ký hiệu (hoặc mã); không được tính",
            "sổ.csv, dòng 9, cột “Số, ký hiệu văn bản”: không đọc được số, ký hiệu “xyz”",
            "sổ.csv, dòng 9, cột “Kèm bản giấy”: “có thể” không phải “có” hoặc “không”",
        ]
    );
}

#[test]
fn delimiters_and_encodings_give_the_same_rows() {
    let plain = "Số ký hiệu;Ngày tháng;Trích yếu\n512/SNV-VP;02/10/2026;Nghỉ lễ, tết\n";
    let tabs = plain.replace(';', "\t").replace('\n', "\r\n");
    let utf16 = [0xFF, 0xFE].into_iter().chain(tabs.encode_utf16().flat_map(u16::to_le_bytes)).collect::<Vec<_>>();
    let semicolons = read_outgoing(&Source::plain("a.csv", plain.as_bytes())).unwrap();
    let tabbed = read_outgoing(&Source::plain("a.csv", &utf16)).unwrap();
    assert_eq!(semicolons.rows, tabbed.rows);
    assert_eq!(semicolons.rows[0].subject.as_deref(), Some("Nghỉ lễ, tết"));
    assert_eq!(semicolons.missing_fields.len(), 7);
    // Windows-1258 leaves tones apart; the rows come out composed.
    let typed = tones_apart(plain);
    let (windows, _, lossy) = encoding_rs::WINDOWS_1258.encode(&typed);
    assert!(!lossy);
    let source = Source { encoding: Some(Encoding::Windows1258), ..Source::plain("a.csv", &windows) };
    assert_eq!(read_outgoing(&source).unwrap().rows, semicolons.rows);
    assert!(matches!(read_outgoing(&Source::plain("a.csv", &windows)), Err(RegisterError::EncodingUnknown { .. })));
}

/// Letters composed but for their tone, as Vietnamese Windows keyboards type them.
fn tones_apart(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let apart = |c: char| {
        let (tones, letter): (Vec<char>, Vec<char>) = std::iter::once(c)
            .nfd()
            .partition(|c| matches!(c, '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}' | '\u{323}'));
        letter.into_iter().nfc().chain(tones).collect::<Vec<_>>()
    };
    text.nfc().flat_map(apart).collect()
}

#[test]
fn number_and_symbol_in_two_columns_are_joined() {
    let text = "CodeNumber,CodeNotation,IssuedDate,Subject\n512,SNV-BTXH,2026-10-02,A\n02,QĐ-SNV,2026-10-02,B\n7,,2026-10-02,C\n";
    let file = read_outgoing(&Source::plain("a.csv", text.as_bytes())).unwrap();
    let references = file.rows.iter().map(|row| row.reference.as_str()).collect::<Vec<_>>();
    assert_eq!(references, ["512/SNV-BTXH", "02/QĐ-SNV", "7"]);
    assert_eq!(file.problems.len(), 1);
    assert!(!file.missing_fields.iter().any(|(field, _)| *field == "reference"));
}

#[test]
fn the_other_lists_are_read() {
    let text = "reference,date,reason,basis,authority,recorded_by,recorded_on,expires\n512/SNV-VP,2026-10-02,law-requires-paper,Luật X,A,B,03/10/2026,\n513/SNV-VP,,because,,,,,\n";
    let file = read_exemptions(&Source::plain("e.csv", text.as_bytes())).unwrap();
    assert_eq!(file.rows[0].recorded_on, day("2026-10-03"));
    assert_eq!(file.problems.len(), 1);
    assert_eq!(file.problems[0].kind, ProblemKind::UnknownWord);

    let text = "reference,date,reason,recorded_by\n514/SNV-VP,02/10/2026,ghi nhầm,A\n";
    assert_eq!(
        read_cancelled(&Source::plain("c.csv", text.as_bytes())).unwrap().rows[0].reason.as_deref(),
        Some("ghi nhầm")
    );

    let text = "Mã hồ sơ,Tiêu đề hồ sơ,Đơn vị,Ngày bắt đầu,Ngày kết thúc,Hình thức,Số văn bản,Ngày nộp lưu,Xây dựng,Gia hạn\nH1,T,BTXH,01/10/2026,,điện tử,4,,x,\nH2,T,BTXH,01/10/2026,,,,,,\n";
    let file = read_work_files(&Source::plain("h.csv", text.as_bytes())).unwrap();
    assert_eq!(
        (file.rows[0].electronic, file.rows[0].documents, file.rows[0].construction),
        (Some(true), Some(4), true)
    );
    assert_eq!(file.rows[1].electronic, None);

    let text = "Ngày chuyển,\"Số, ký hiệu văn bản\",Nơi nhận văn bản,Số lượng bì,Ký nhận và dấu bưu điện,Ghi chú\n02/10/2026,512/SNV-VP,UBND,2,,\n";
    let file = read_post_book(&Source::plain("p.csv", text.as_bytes())).unwrap();
    assert_eq!((file.rows[0].envelopes, file.rows[0].transferred), (Some(2), day("2026-10-02")));

    let text = "code,name,ascii_name,parent,place,organ_id,valid_from,valid_to,successor,kind\nSLĐTBXH,Sở Lao động,,UBND,,,2008-01-01,2025-02-28,SNV|SYT,agency\nBTXH,Phòng Bảo trợ xã hội,,SNV,,,,,,unit\nX,Y,,,,,,,,ufo\n";
    let file = read_organisations(&Source::plain("units.csv", text.as_bytes())).unwrap();
    assert_eq!(file.rows[0].successors, ["SNV", "SYT"]);
    assert_eq!(file.rows[1].kind, OrganisationKind::Unit);
    assert_eq!((file.rows[2].kind, file.problems.len()), (OrganisationKind::Other, 1));
}

#[test]
fn unusable_files_say_why() {
    let error = |file: &str, bytes: &[u8]| read_outgoing(&Source::plain(file, bytes)).unwrap_err();
    assert!(matches!(error("a.pdf", b""), RegisterError::FormatUnknown { .. }));
    assert!(matches!(error("a.csv", b""), RegisterError::HeaderMissing { .. }));
    assert!(matches!(error("a.csv", b"%PDF-1.7\n\xe2\xe3"), RegisterError::EncodingUnknown { .. }));
    assert!(matches!(error("a.csv", b"PK\x03\x04\0\0"), RegisterError::Binary { .. }));
    assert!(matches!(error("a.csv", "a,b\n".repeat(10_000).as_bytes()), RegisterError::HeaderMissing { .. }));
    let huge = format!("{HEADER}\n\"{}\",02/10/2026\n", "x".repeat(3_000_000));
    let file = read_outgoing(&Source::plain("a.csv", huge.as_bytes())).unwrap();
    assert_eq!(file.problems[0].kind, ProblemKind::CellTooLong);
    assert!(file.problems[0].value.chars().count() < 100);
    assert_eq!(file.rows.len(), 1);
}

#[cfg(feature = "cli")]
#[test]
fn a_spreadsheet_gives_the_rows_of_the_csv() {
    use rust_xlsxwriter::{ExcelDateTime, Format as CellFormat, Workbook};
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.merge_range(0, 0, 0, 3, "SỔ ĐĂNG KÝ VĂN BẢN ĐI", &CellFormat::new()).unwrap();
    for (column, header) in (0..).zip(["Số, ký hiệu văn bản", "Ngày tháng văn bản", "Trích yếu", "Số lượng bản"])
    {
        sheet.write_string(2, column, header).unwrap();
    }
    let format = CellFormat::new().set_num_format("dd/mm/yyyy");
    sheet.write_string(3, 0, "512/SNV-VP").unwrap();
    sheet.write_datetime_with_format(3, 1, ExcelDateTime::from_ymd(2026, 10, 2).unwrap(), &format).unwrap();
    sheet.write_number(3, 3, 2).unwrap();
    sheet.write_string(4, 0, "513/SNV-VP").unwrap();
    sheet.write_number(4, 1, 46_297).unwrap();
    sheet.write_datetime_with_format(5, 0, ExcelDateTime::from_ymd(2026, 5, 12).unwrap(), &format).unwrap();
    let bytes = workbook.save_to_buffer().unwrap();
    let file = read_outgoing(&Source::plain("sổ.xlsx", &bytes)).unwrap();
    assert_eq!(file.rows.len(), 3);
    assert_eq!((file.rows[0].date, file.rows[0].copies), (day("2026-10-02"), Some(2)));
    assert_eq!(file.rows[1].date, day("2026-10-02"));
    assert_eq!((file.problems[0].kind, file.problems[0].location.row), (ProblemKind::ReferenceIsDate, 6));
    assert!(file.encoding.is_none() && file.sheet.is_some());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = read_outgoing(&Source::plain("a.csv", &bytes));
        for (_, encoding) in Encoding::ALL {
            let source = Source { encoding: Some(*encoding), ..Source::plain("a.csv", &bytes) };
            let _ = read_outgoing(&source);
        }
    }

    #[test]
    fn every_row_is_accounted_for(rows in proptest::collection::vec(("[0-9]{0,3}", "[A-Z]{0,3}", "[0-9/]{0,10}"), 0..20)) {
        let mut text = String::from("Số, ký hiệu;Ngày tháng;Người ký\n").replace("Số, ký hiệu", "Số ký hiệu");
        for (number, symbol, date) in &rows {
            text.push_str(&format!("{number}{symbol};{date};\n"));
        }
        let file = read_outgoing(&Source::plain("a.csv", text.as_bytes())).unwrap();
        let counted = file.rows.len() + file.empty_rows as usize + file.rows_without_reference as usize;
        prop_assert_eq!(counted, rows.len());
    }
}

#[test]
fn a_repeated_header_and_several_numbers_in_a_row_are_no_documents() {
    let text = format!(
        "{HEADER}\n01/SNV-VP,02/10/2026,a,,,,,,,,,,\nTháng 11,,,,,,,,,,,,\n{HEADER}\n\"02/SNV-VP, 03/SNV-VP\",02/11/2026,a,,,,,,,,,,\n"
    );
    let file = read_outgoing(&Source::plain("sổ.csv", text.as_bytes())).unwrap();
    assert_eq!((file.rows.len(), file.rows_without_reference), (2, 2));
    let kinds = file.problems.iter().map(|problem| problem.kind).collect::<Vec<_>>();
    assert_eq!(kinds, [ProblemKind::SeveralReferences]);
}

#[test]
fn a_note_cancels_a_number_where_there_is_no_status_column() {
    let text = "Số ký hiệu,Ngày VB,Trích yếu VB,Phòng soạn,Ghi chú\n01/SNV-VP,02/10/2026,a,VP,Hủy số.\n02/SNV-VP,02/10/2026,b,VP,Về việc hủy số liệu\n";
    let file = read_outgoing(&Source::plain("sổ.csv", text.as_bytes())).unwrap();
    let status = file.rows.iter().map(|row| row.status).collect::<Vec<_>>();
    assert_eq!(status, [Some(RowStatus::Cancelled), None]);
    assert_eq!(file.rows[0].unit.as_deref(), Some("VP"));
}

#[cfg(feature = "cli")]
#[test]
fn the_first_shown_sheet_with_the_header_is_read_and_the_others_are_named() {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    for (name, rows, hidden) in [("Bìa", 0, false), ("Cũ", 1, true), ("T9", 2, false), ("T10", 3, false)] {
        let sheet = workbook.add_worksheet();
        sheet.set_name(name).unwrap().set_hidden(hidden);
        sheet.write_string(0, 0, "SỔ ĐĂNG KÝ VĂN BẢN ĐI").unwrap();
        if rows > 0 {
            for (column, header) in (0..).zip(["Số ký hiệu", "Ngày tháng", "Trích yếu"]) {
                sheet.write_string(1, column, header).unwrap();
            }
        }
        for row in 0..rows {
            sheet.write_string(2 + row, 0, format!("{:02}/SNV-VP", row + 1)).unwrap();
        }
    }
    let bytes = workbook.save_to_buffer().unwrap();
    let file = read_outgoing(&Source::plain("sổ.xlsx", &bytes)).unwrap();
    assert_eq!((file.sheet.as_deref(), file.rows.len()), (Some("T9"), 2));
    let named = file.problems.iter().map(|problem| problem.message().vi).collect::<Vec<_>>();
    assert!(named[0].contains("“T10” cũng là sổ") && named[1].contains("“Cũ” cũng là sổ"), "{named:?}");
    let chosen = read_outgoing(&Source { sheet: Some("T10"), ..Source::plain("sổ.xlsx", &bytes) }).unwrap();
    assert_eq!((chosen.rows.len(), chosen.problems.is_empty()), (3, true));
}

#[cfg(feature = "cli")]
#[test]
fn a_truth_value_is_no_number() {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    for (column, header) in (0..).zip(["Số", "Ký hiệu", "Ngày tháng", "Trích yếu"]) {
        sheet.write_string(0, column, header).unwrap();
    }
    sheet.write_boolean(1, 0, true).unwrap();
    sheet.write_string(1, 1, "SNV-VP").unwrap();
    let bytes = workbook.save_to_buffer().unwrap();
    let file = read_outgoing(&Source::plain("sổ.xlsx", &bytes)).unwrap();
    assert_eq!(file.rows.len(), 1);
    assert_eq!(file.problems[0].kind, ProblemKind::UnreadableReference);
}
