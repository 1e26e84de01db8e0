use super::*;
use proptest::prelude::*;

fn parse(source: &str) -> Reference {
    Reference::parse(source).unwrap_or_else(|error| panic!("{source}: {error}"))
}

fn agencies(group: &str) -> bool {
    ["snv", "slđtbxh", "ubnd", "ttg", "bnv"].contains(&text::fold(group).as_str())
}

#[test]
fn references_seen_in_real_life() {
    use Irregularity::*;
    let cases: &[(&str, &str, &[Irregularity])] = &[
        ("512/SNV-BTXH", "512/SNV-BTXH", &[]),
        ("4334/UBND-KSTT", "4334/UBND-KSTT", &[]),
        ("26/CT-TTg", "26/CT-TTg", &[]),
        ("02/QĐ-SNV", "02/QĐ-SNV", &[]),
        ("12/2021/QĐ-UBND", "12/2021/QĐ-UBND", &[]),
        ("45/2019/QH14", "45/2019/QH14", &[]),
        ("22/2021/TT-BLĐTBXH", "22/2021/TT-BLĐTBXH", &[]),
        ("31.116/SLĐTBXH-GPQH", "31116/SLĐTBXH-GPQH", &[ThousandsSeparator]),
        ("25/2024/SLĐTBXH-GP", "25/2024/SLĐTBXH-GP", &[YearNotNormative]),
        ("125/2025/CV-SNV", "125/2025/CV-SNV", &[LetterType, YearNotNormative]),
        ("17986/ SLĐTBXH-GP", "17986/SLĐTBXH-GP", &[Spaces]),
        ("Số : 650/TCV-SLĐTBXH", "650/TCV-SLĐTBXH", &[]),
        ("Số: 512 /SNV - BTXH.", "512/SNV-BTXH", &[Spaces]),
        ("2/QĐ-SNV", "02/QĐ-SNV", &[LeadingZeroMissing]),
        ("0512/SNV-VP", "512/SNV-VP", &[ExtraZeros]),
        ("02/QÐ–SNV", "02/QĐ-SNV", &[WrongD, Dash]),
        ("15/CTR-SNV", "15/CTR-SNV", &[TypeCase("CTR".into(), "CTr")]),
        ("12a/QyĐ-SNV", "12a/QyĐ-SNV", &[]),
        ("12bis/TB-SNV", "12bis/TB-SNV", &[]),
        ("12/2025/QĐ-SNV", "12/2025/QĐ-SNV", &[YearNotNormative]),
        ("12/QĐ", "12/QĐ", &[AgencyMissing]),
        ("12/SNV--VP", "12/SNV-VP", &[EmptyGroup]),
        ("10/TTR-SNV", "10/TTR-SNV", &[]),
    ];
    for (source, shown, irregularities) in cases {
        let reference = parse(source);
        assert_eq!(reference.to_string(), *shown, "{source}");
        assert_eq!(reference.irregularities, *irregularities, "{source}");
    }
}

#[test]
fn other_texts_are_refused_with_the_reason() {
    let cases = [
        ("", NotAReference::Empty),
        ("Số:", NotAReference::Empty),
        ("Số:     /SLĐTBXH-VP", NotAReference::NumberBlank("SLĐTBXH-VP".into())),
        ("Số: ……/QĐ-SNV", NotAReference::NumberBlank("QĐ-SNV".into())),
        ("512", NotAReference::SymbolMissing),
        ("512/", NotAReference::SymbolMissing),
        ("SNV-BTXH", NotAReference::Number),
        ("1234567/SNV-VP", NotAReference::Number),
        ("31.11/SNV-VP", NotAReference::Number),
        ("12/2026", NotAReference::Symbol),
        ("512/SNV-BTXH ngày 02/10/2026", NotAReference::Symbol),
        ("12 512/SNV-VP", NotAReference::Number),
    ];
    for (source, reason) in cases {
        assert_eq!(Reference::parse(source), Err(reason), "{source}");
    }
    assert_eq!(Reference::parse(&"9/".repeat(100_000)), Err(NotAReference::TooLong));
}

#[test]
fn keys_ignore_how_it_was_typed() {
    use unicode_normalization::UnicodeNormalization;
    let key = parse("02/QĐ-SNV").key();
    let decomposed = "2/qđ – snv".nfd().collect::<String>();
    for source in ["2/QĐ-SNV", "02 / qđ - snv", "Số: 02/QÐ–SNV", decomposed.as_str()] {
        assert_eq!(parse(source).key(), key, "{source}");
    }
    assert_ne!(parse("02/2021/QĐ-UBND").key(), parse("02/QĐ-UBND").key());
    assert_ne!(parse("02a/QĐ-SNV").key(), key);
    assert_ne!(parse("02/QD-SNV").key(), key);
    assert_eq!(parse("02/QD-SNV").ascii_key(), parse("02/QĐ-SNV").ascii_key());
}

#[test]
fn the_first_group_and_the_table_tell_the_kind() {
    let kind = |source: &str| parse(source).kind(agencies).0;
    let name = |source: &str| match kind(source) {
        SymbolKind::Named(document_type) => document_type.name(),
        other => panic!("{source}: {other:?}"),
    };
    assert_eq!(name("02/QĐ-SNV"), "Quyết định");
    assert_eq!(name("07/TTr-SNV"), "Tờ trình");
    assert_eq!(kind("512/SNV-BTXH"), SymbolKind::OfficialLetter);
    assert_eq!(kind("512/SNV-TTr"), SymbolKind::OfficialLetter);
    assert_eq!(kind("125/2025/CV-SNV"), SymbolKind::OfficialLetter);
    assert_eq!(kind("17986/SLĐTBXH-GP"), SymbolKind::Licence);
    assert_eq!(kind("650/TCV-SLĐTBXH"), SymbolKind::Unknown);
    let (kind, confidence) = parse("9/TTr-P1").kind(agencies);
    assert!(matches!(kind, SymbolKind::Named(_)) && confidence == Confidence::Low);
}

#[test]
fn only_official_letters_name_a_drafting_unit() {
    let unit = |source: &str| parse(source).drafting_unit(agencies).map(str::to_owned);
    assert_eq!(unit("512/SNV-BTXH").as_deref(), Some("BTXH"));
    assert_eq!(unit("4334/UBND-VX-KSTT").as_deref(), Some("KSTT"));
    assert_eq!(unit("02/QĐ-SNV"), None);
    assert_eq!(unit("17986/SLĐTBXH-GP"), None);
    assert_eq!(unit("512/SNV"), None);
    assert_eq!(unit("125/2025/CV-SNV"), None);
    assert_eq!(parse("02/QĐ-SNV").agency_code(agencies), Some("SNV"));
    assert_eq!(parse("512/SNV-BTXH").agency_code(agencies), Some("SNV"));
    assert_eq!(parse("512/XYZ-BTXH").agency_code(agencies), Some("XYZ"));
}

#[test]
fn the_archive_line_names_the_unit_behind_the_records_office() {
    let cases = [
        ("Lưu: VT, BTXH.", Some("BTXH")),
        ("- Lưu: VT, BTXH (3b).", Some("BTXH")),
        ("Lưu: VT; TCCB.Hoa", Some("TCCB")),
        ("Lưu: VT, P.TCCB, 05.", Some("TCCB")),
        ("- Lưu VT, KSTT(2)", Some("KSTT")),
        ("LƯU: VT, HS, QLĐĐ", Some("QLĐĐ")),
        ("Lưu: VT-BTXH", Some("BTXH")),
        ("Lưu: VT.", None),
        ("Lưu: VT, 5.", None),
        ("Nơi nhận: Như trên", None),
        ("", None),
    ];
    for (line, unit) in cases {
        assert_eq!(unit_of_archive_line(line).as_deref(), unit, "{line}");
    }
}

#[test]
fn the_register_column_names_the_unit_too() {
    assert_eq!(unit_of_archive_entries("VT, LĐVL").as_deref(), Some("LĐVL"));
    assert_eq!(unit_of_archive_entries("VT"), None);
}

#[test]
fn lists_and_parts_are_joined() {
    let list = Reference::parse_list("512/SNV-BTXH, 513/SNV-BTXH và 02/QĐ-SNV").unwrap();
    assert_eq!(list.len(), 3);
    assert_eq!(Reference::parse_list("512/SNV-BTXH, xem sau"), None);
    assert_eq!(Reference::from_parts(" 512 ", "/SNV-BTXH").unwrap().to_string(), "512/SNV-BTXH");
    assert_eq!(Reference::from_parts("12", "2021/QĐ-UBND").unwrap().year, Some(2021));
}

proptest! {
    #[test]
    fn what_is_rendered_is_read_again(
        value in 1_u32..999_999,
        suffix in "[a-z]?|bis",
        year in proptest::option::of(1945_i32..2100),
        groups in proptest::collection::vec("[A-ZĐ][A-Za-zĐđ]{0,6}", 1..4),
    ) {
        let written = write(value, &suffix, year, &groups.join("-"));
        let reference = Reference::parse(&written).unwrap();
        prop_assert_eq!(reference.to_string(), written.clone());
        prop_assert_eq!(Reference::parse(&format!("Số : {written}.")).unwrap().key(), reference.key());
    }

    #[test]
    fn anything_is_survived(source in "\\PC{0,80}") {
        let _ = Reference::parse(&source);
        let _ = unit_of_archive_line(&source);
    }
}

fn write(value: u32, suffix: &str, year: Option<i32>, symbol: &str) -> String {
    let number = Number { value, suffix: suffix.to_owned() };
    Reference { number, year, symbol: symbol.to_owned(), party: false, irregularities: Vec::new() }.to_string()
}

#[test]
fn party_bodies_put_the_type_behind_the_number() {
    let letter = parse("Số 12-CV/TU");
    assert!(letter.party && letter.is_regular());
    assert_eq!(letter.to_string(), "12-CV/TU");
    assert_eq!(letter.drafting_unit(|_| false), None);
    assert_eq!(letter.agency_code(|_| false), Some("TU"));
    let named = file_name::read("12-CV-TU.signed.pdf");
    assert_eq!(named.candidates.first().map(file_name::FileNameCandidate::ascii_key), Some(letter.ascii_key()));
    assert_eq!(parse("07-QĐ/TU").document_type().map(|found| found.document_type.abbreviation()), Some("QĐ"));
    assert!(Reference::parse("12-13/SNV-VP").is_err());
    assert!(Reference::parse("12-SNV/VP").is_err());
}
