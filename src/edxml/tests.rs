//! Packages as vendors write them and as attackers do.

use super::*;
use crate::model::{AttachmentContent, PackageSignature};

const PACKAGE: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<edXML xmlns="http://www.mic.gov.vn/TBT/QCVN_102_2016"><P:edXMLEnvelope xmlns:P="urn:x"><P:edXMLHeader><P:MessageHeader>
<P:From><P:OrganId>000.00.09.H99</P:OrganId><P:OrganName>Sở Nội vụ</P:OrganName></P:From>
<P:To><P:OrganId>000.00.11.H99</P:OrganId></P:To><P:To><P:OrganName>Sở Tư pháp</P:OrganName></P:To>
<P:Code><P:CodeNumber>512</P:CodeNumber><P:CodeNotation>SNV-VP</P:CodeNotation></P:Code>
<P:PromulgationInfo><P:Place>N/A</P:Place><P:PromulgationDate>2026/10/02</P:PromulgationDate></P:PromulgationInfo>
<P:Subject> A &amp; B </P:Subject><P:DocumentId>000.00.09.H99,2026/10/02,512/SNV-VP</P:DocumentId></P:MessageHeader>
<P:TraceHeaderList><P:TraceHeader><P:Timestamp>2026/10/02 08:11:03</P:Timestamp></P:TraceHeader>
<P:Bussiness><P:BussinessDocType>3</P:BussinessDocType><P:Paper>1</P:Paper><P:ReplacementInfoList><P:ReplacementInfo>
<P:DocumentId>000.00.09.H99,2026/10/01,511/SNV-VP</P:DocumentId></P:ReplacementInfo></P:ReplacementInfoList></P:Bussiness>
</P:TraceHeaderList><P:Signature/></P:edXMLHeader></P:edXMLEnvelope>
<AttachmentEncoded><Attachment><AttachmentName>a.pdf</AttachmentName><ContentTransferEncoded>JVBE
Ri0x</ContentTransferEncoded></Attachment></AttachmentEncoded></edXML>"#;

fn package(text: &str) -> PackageFacts {
    assert!(is_package(text.as_bytes()));
    read(text.as_bytes(), &Limits::default()).unwrap()
}

#[test]
fn every_field_is_read() {
    let facts = package(PACKAGE);
    assert_eq!(facts.document_id.as_deref(), Some("000.00.09.H99,2026/10/02,512/SNV-VP"));
    assert_eq!((facts.code_number.as_deref(), facts.code_notation.as_deref()), (Some("512"), Some("SNV-VP")));
    assert_eq!(facts.date, CalendarDate::new(2026, 10, 2));
    assert_eq!(facts.subject.as_deref(), Some("A & B"));
    assert_eq!(facts.from.organ_id.as_deref(), Some("000.00.09.H99"));
    assert_eq!(facts.to.len(), 2);
    assert_eq!((&facts.action, facts.paper), (&PackageAction::Replace, Some(1)));
    assert_eq!(facts.replaces, ["000.00.09.H99,2026/10/01,511/SNV-VP"]);
    assert_eq!(facts.sent.unwrap().to_string(), "2026-10-02T08:11:03+07:00");
    assert_eq!(facts.signature, PackageSignature::Absent);
    let AttachmentContent::Decoded { files } = &facts.attachments[0].content else { panic!("{facts:?}") };
    assert_eq!(files[0].sha256, crate::crypto::sha256(b"%PDF-1"));
}

#[test]
fn namespaces_prefixes_case_and_encoding_do_not_matter() {
    let expected = package(PACKAGE);
    assert_eq!(package(&PACKAGE.replace("P:", "edXML:").replace("xmlns:edXML", "xmlns:q")), expected);
    assert_eq!(package(&PACKAGE.replace("P:", "").replace("MessageHeader", "messageheader")), expected);
    assert_eq!(package(&PACKAGE.replace("Bussiness", "Business")), expected);
    let wide: Vec<u8> = std::iter::once(0xFEFF).chain(PACKAGE.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    assert!(is_package(&wide));
    assert_eq!(read(&wide, &Limits::default()).unwrap(), expected);
}

#[test]
fn paper_is_taken_as_written() {
    let paper = |value: &str| package(&PACKAGE.replace("<P:Paper>1", &format!("<P:Paper>{value}"))).paper;
    assert_eq!(
        [paper("0"), paper(""), paper("12"), paper("true"), paper("x")],
        [Some(0), None, Some(12), Some(1), None]
    );
}

#[test]
fn days_and_times_in_every_form_met() {
    let day = CalendarDate::new(2026, 10, 2);
    for text in ["2026/10/02", "2026-10-02", "02/10/2026", "2/10/2026 08:00", "2026-10-02T08:11:03"] {
        assert_eq!(date(text), day, "{text}");
    }
    for text in ["", "N/A", "2026/13/02", "2026", "99999999999/1/1"] {
        assert_eq!(date(text), None, "{text}");
    }
    let time = instant("2026/10/02 08:11:03");
    for text in ["2026-10-02T08:11:03", "02/10/2026 08:11:03", "2026-10-02T08:11:03.5+07:00", "2026-10-02T01:11:03Z"] {
        assert_eq!(instant(text), time, "{text}");
    }
    assert_eq!(instant("2026-10-02T25:00:00"), None);
}

#[test]
fn what_is_no_package_is_said_and_bounds_hold() {
    assert!(!is_package(b"%PDF-1.7 edXML"));
    assert!(!is_package(b"<html><body>x</body></html>"));
    let limits = Limits { package_items: 3, package_text: 20, package_bytes: 4_000, ..Limits::default() };
    let refused = |text: &str, limits: &Limits| read(text.as_bytes(), limits).unwrap_err();
    assert!(matches!(refused("<edXML/>", &limits), NotAssessed::Structure(_)));
    assert!(matches!(refused("<edXML><a>", &limits), NotAssessed::Structure(_)));
    let header = |inside: &str| format!("<edXML><MessageHeader>{inside}</MessageHeader></edXML>");
    let limit = |text: &str| match refused(text, &limits) {
        NotAssessed::Limit(hit) => hit.limit,
        other => panic!("{other:?}"),
    };
    assert_eq!(limit(&header(&"<To/>".repeat(4))), "package_items");
    assert_eq!(limit(&header(&format!("<Subject>{}</Subject>", "x".repeat(21)))), "package_text");
    assert_eq!(limit(&header(&" ".repeat(4_000))), "package_bytes");
    assert!(matches!(read(b"\xff\xfe<\0e", &limits), Err(NotAssessed::Structure(_))));
    assert!(matches!(read(b"<edXML>\xff\xff</edXML>", &limits), Err(NotAssessed::Structure(_))));
}

/// Packages signed by an independent implementation (fixtures/make/edxml.py).
fn fixture(name: &str) -> String {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/edxml/edxml").join(name);
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn signatures_of_another_implementation_verify_and_altered_ones_do_not() {
    for name in ["532.edxml", "618.edxml"] {
        let text = fixture(name);
        assert_eq!(package(&text).signature, PackageSignature::Verifies, "{name}");
        let altered = text.replacen("CodeNumber>5", "CodeNumber>6", 1).replacen("CodeNumber>6", "CodeNumber>7", 1);
        assert!(
            matches!(package(&altered).signature, PackageSignature::Invalid(what) if what.contains("Digest")),
            "{name}"
        );
        let value = text.split("SignatureValue>").nth(1).unwrap();
        let first = value.chars().find(char::is_ascii_alphanumeric).unwrap();
        let other = if first == 'B' { 'C' } else { 'B' };
        let altered = text.replacen(&format!("SignatureValue>{first}"), &format!("SignatureValue>{other}"), 1);
        assert!(
            matches!(package(&altered).signature, PackageSignature::Invalid(what) if what == "SignatureValue"),
            "{name}"
        );
        // Comments are no part of what is signed.
        let commented = text.replacen("CodeNumber>5", "CodeNumber><!-- x -->5", 1);
        assert_eq!(package(&commented).signature, PackageSignature::Verifies, "{name}");
        let keyless = text.replace("X509Certificate", "X509Other");
        assert!(matches!(package(&keyless).signature, PackageSignature::Undecided(_)), "{name}");
    }
    assert!(matches!(package(&fixture("618.other-transform.edxml")).signature, PackageSignature::Undecided(_)));
    assert!(matches!(package(&fixture("619.edxml")).signature, PackageSignature::Invalid(_)));
}

#[test]
fn no_cut_or_flipped_byte_makes_it_panic() {
    let text = fixture("619.edxml").replacen("JVBE", "", 1);
    let small: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).take(6_000).collect();
    for end in (0..PACKAGE.len()).step_by(7) {
        let _ = read(PACKAGE.as_bytes().get(..end).unwrap(), &Limits::default());
    }
    for at in (0..small.len()).step_by(11) {
        let mut altered = small.clone();
        altered[at] ^= 0x15;
        let _ = read(&altered, &Limits::default());
    }
}
