//! `soat register check`, registers in every encoding, and units that were renamed within a period.

use super::run::{Run, archive, bare, copied, lines, soat};
use std::fs;
use std::process::Output;

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Checks a register file on its own, outside any archive.
fn checked(name: &str, content: &[u8], configuration: &str) -> Output {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(name), content).unwrap();
    fs::write(folder.path().join("soat.toml"), configuration).unwrap();
    let file = folder.path().join(name);
    bare().args(["register", "check"]).arg(file).arg("--archive").arg(folder.path()).output().unwrap()
}

const ROWS: &str = "UỶ BAN NHÂN DÂN TỈNH AN BÌNH,,,,\n\
    SỔ ĐĂNG KÝ VĂN BẢN ĐI,,,,\n\
    \"Số, ký hiệu văn bản\",Ngày tháng văn bản,Tên loại và trích yếu nội dung văn bản,Người ký,Màu bìa\n\
    1/SNV-VP,02/01/2026,Mời họp,Trần Quốc Bảo,xanh\n\
    2/SNV-VP,31/02/2026,Báo cáo,Trần Quốc Bảo,\n\
    4/SNV-VP,06/01/2026,Kế hoạch,Trần Quốc Bảo,\n\
    4/SNV-VP,07/01/2026,Một việc khác,Trần Quốc Bảo,\n\
    ,08/01/2026,Không có số,Trần Quốc Bảo,\n";

#[test]
fn a_register_is_shown_as_it_is_read_with_what_will_be_lost() {
    let output = checked("so.csv", ROWS.as_bytes(), "");
    let said = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{said}{}", text(&output.stderr));
    for part in [
        "bảng mã: utf-8",
        "dòng tiêu đề: 3",
        "reference ← “Số, ký hiệu văn bản” (cột 1)",
        "“Màu bìa”: không dùng",
        "không có cột như “Nơi nhận văn bản”",
        "dòng 5, cột “Ngày tháng văn bản”: ngày 31/02/2026 không tồn tại",
        "1 dòng không có ngày, không thuộc kỳ nào: dòng 5",
        "1 dòng không có số, ký hiệu",
        "number-gap",
        "number-duplicate: Trùng số, ký hiệu 04/SNV-VP",
    ] {
        assert!(said.contains(part), "{part} is missing in\n{said}");
    }
}

#[test]
fn a_sound_register_passes_with_its_cancelled_numbers() {
    for register in ["registers/so-van-ban-di-2026.xlsx", "registers/so-van-ban-di-2026.csv"] {
        let output = bare().args(["register", "check"]).arg(archive().join(register)).output().unwrap();
        assert!(output.status.code().is_some_and(|code| code <= 1), "{}", text(&output.stderr));
        assert!(text(&output.stdout).contains("reference ←"), "{}", text(&output.stdout));
    }
}

#[test]
fn a_mapped_column_that_is_absent_is_refused_with_the_headers_there_are() {
    let configuration =
        "[[register]]\nkind = \"outgoing\"\npath = \"so.csv\"\n  [register.columns]\n  unit = \"Phòng ban\"\n";
    let output = checked("so.csv", ROWS.as_bytes(), configuration);
    assert_eq!(output.status.code(), Some(2));
    let said = text(&output.stderr);
    assert!(said.contains("Phòng ban") && said.contains("“Người ký”") && said.contains("dòng 3"), "{said}");
    let run = copied("soat-csv.toml", str::to_owned);
    let file = run.base().join("soat-csv.toml");
    let before = fs::read_to_string(&file).unwrap();
    fs::write(&file, before.replace("unit = \"Đơn vị soạn thảo\"", "unit = \"Phòng ban\"")).unwrap();
    assert_eq!(soat(&run, &["audit", "--no-report"]).status.code(), Some(2));
}

/// Vietnamese in the bytes of an old encoding, letter by letter.
fn encoded(text: &str, letters: &[(char, &[u8])]) -> Vec<u8> {
    let bytes = text.chars().flat_map(|c| match letters.iter().find(|(letter, _)| *letter == c) {
        Some((_, bytes)) => bytes.to_vec(),
        None => {
            assert!(c.is_ascii(), "{c}");
            vec![u8::try_from(c).unwrap()]
        }
    });
    bytes.collect()
}

#[test]
fn old_encodings_give_the_same_columns() {
    let rows = "Số ký hiệu,Ngày tháng văn bản,Người ký\n1/SNV-VP,02/01/2026,Bùi Ân\n";
    let vni: &[(char, &[u8])] = &[
        ('ố', b"o\xe1"),
        ('ý', b"y\xf9"),
        ('ệ', b"e\xe4"),
        ('à', b"a\xf8"),
        ('á', b"a\xf9"),
        ('ă', b"a\xea"),
        ('ả', b"a\xfb"),
        ('ư', b"\xf6"),
        ('ờ', b"\xf4\xf8"),
        ('ù', b"u\xf8"),
        ('Â', b"A\xc2"),
    ];
    let tcvn3: &[(char, &[u8])] = &[
        ('ố', b"\xe8"),
        ('ý', b"\xfd"),
        ('ệ', b"\xd6"),
        ('à', b"\xb5"),
        ('á', b"\xb8"),
        ('ă', b"\xa8"),
        ('ả', b"\xb6"),
        ('ư', b"\xad"),
        ('ờ', b"\xea"),
        ('ù', b"\xef"),
        ('Â', b"\xa2"),
    ];
    let windows: &[(char, &[u8])] = &[
        ('ố', b"\xf4\xec"),
        ('ý', b"y\xec"),
        ('ệ', b"\xea\xf2"),
        ('à', b"\xe0"),
        ('á', b"\xe1"),
        ('ă', b"\xe3"),
        ('ả', b"a\xd2"),
        ('ư', b"\xfd"),
        ('ờ', b"\xf5\xcc"),
        ('ù', b"\xf9"),
        ('Â', b"\xc2"),
    ];
    let utf16: Vec<u8> = rows.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let encodings = [
        ("vni", encoded(rows, vni)),
        ("tcvn3", encoded(rows, tcvn3)),
        ("windows-1258", encoded(rows, windows)),
        ("utf-16le", utf16),
    ];
    for (encoding, bytes) in encodings {
        let configuration =
            format!("[[register]]\nkind = \"outgoing\"\npath = \"so.csv\"\nencoding = \"{encoding}\"\n");
        let said = text(&checked("so.csv", &bytes, &configuration).stdout);
        for part in
            [encoding, "reference ← “Số ký hiệu”", "date ← “Ngày tháng văn bản”", "signer ← “Người ký”", "1 dòng"]
        {
            assert!(said.contains(part), "{encoding}: {part} is missing in\n{said}");
        }
        // Never guessed: without the configuration it is an error that names the key.
        if encoding != "utf-16le" {
            let output = checked("so.csv", &bytes, "");
            assert_eq!(output.status.code(), Some(2), "{encoding}");
            assert!(text(&output.stderr).contains("encoding"), "{encoding}");
        }
    }
}

#[test]
fn an_entry_in_two_exports_is_one_document() {
    let run = copied("soat-csv.toml", str::to_owned);
    let register = run.base().join("registers/so-van-ban-di-2026.csv");
    let content = fs::read_to_string(&register).unwrap();
    let mut again = content.lines().next().unwrap().to_owned() + "\n";
    again.extend(content.lines().skip(1).take(20).map(|line| format!("{line}\n")));
    fs::write(run.base().join("registers/xuat-lan-hai.csv"), again).unwrap();
    let file = run.base().join("soat-csv.toml");
    let second = "\n[[register]]\nkind = \"outgoing\"\npath = \"registers/xuat-lan-hai.csv\"\n";
    fs::write(&file, fs::read_to_string(&file).unwrap() + second).unwrap();
    assert_eq!(soat(&run, &["audit", "--no-report"]).status.code(), Some(0));
    let after = text(&soat(&run, &["report", "--format", "jsonl"]).stdout);
    let figures = |text: &str| {
        let rates = lines(text, "rate").into_iter().filter(|rate| rate["unit"] == "SNV");
        rates
            .map(|rate| [rate["period"].clone(), rate["denominator"].clone(), rate["lower"].clone()])
            .collect::<Vec<_>>()
    };
    assert_eq!(figures(&run.jsonl), figures(&after));
    let repeated: u64 = lines(&after, "rate")
        .iter()
        .filter(|rate| rate["unit"] == "SNV" && rate["rate"] == "n3")
        .filter_map(|rate| rate["excluded"]["repeated"].as_u64())
        .sum();
    assert!((18..=20).contains(&repeated), "{repeated}");
    let notes = lines(&after, "finding");
    let said = |finding: &&serde_json::Value| finding["message"].as_str().unwrap().contains("lặp lại toàn bộ");
    assert_eq!(u64::try_from(notes.iter().filter(said).count()).unwrap(), repeated);
}

fn classes(run: &Run, unit: &str) -> u64 {
    let jsonl = text(&soat(run, &["report", "--format", "jsonl", "--period", "2026"]).stdout);
    let rates = lines(&jsonl, "rate");
    let rate = rates.iter().find(|rate| rate["unit"] == unit && rate["rate"] == "n3");
    rate.map_or(0, |rate| rate["classes"].as_object().unwrap().values().map(|count| count.as_u64().unwrap()).sum())
}

#[test]
fn a_unit_renamed_within_the_month_keeps_its_rows_and_its_trend() {
    let before = copied("soat-csv.toml", str::to_owned);
    let rows = classes(&before, "BTXH");
    assert!(rows > 10);
    // Renamed on 15 October; the register goes on with the old code.
    let table = before.base().join("units.csv");
    let content = fs::read_to_string(&table).unwrap();
    let old = "BTXH,Phòng Bảo trợ xã hội,Phong Bao tro xa hoi,SNV,An Bình,,2025-03-01,,,unit";
    let new = "BTXH,Phòng Bảo trợ xã hội,Phong Bao tro xa hoi,SNV,An Bình,,2025-03-01,2026-10-14,TEBX,unit\n\
               TEBX,Phòng Trẻ em và Bảo trợ xã hội,Phong Tre em va Bao tro xa hoi,SNV,An Bình,,2026-10-15,,,unit";
    assert!(content.contains(old));
    fs::write(&table, content.replace(old, new)).unwrap();
    assert_eq!(soat(&before, &["audit", "--no-report"]).status.code(), Some(0));
    assert_eq!((classes(&before, "TEBX"), classes(&before, "BTXH")), (rows, 0));
    // September, before the change, stands in the same line.
    let jsonl = text(&soat(&before, &["report", "--format", "jsonl", "--period", "2026-09"]).stdout);
    let rates = lines(&jsonl, "rate");
    assert!(rates.iter().any(|rate| rate["unit"] == "TEBX" && rate["denominator"].as_u64() > Some(0)));
    // No source of the drafting unit disagrees with another because of it.
    let conflicts = lines(&jsonl, "finding")
        .into_iter()
        .filter(|finding| finding["check"] == "unit-conflict" && finding["message"].as_str().unwrap().contains("TEBX"));
    assert_eq!(conflicts.count(), 0);
}
