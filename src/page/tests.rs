//! Whole files made in memory, read from end to end.

use super::*;
use crate::model::{CopyForm, Secrecy, TextSource};
use std::fmt::Write as _;

/// A file under construction: object 1 is the catalogue, 2 the page tree, 3 a font whose codes are UTF-16.
struct File {
    objects: Vec<Vec<u8>>,
    pages: Vec<usize>,
}

impl File {
    fn new() -> Self {
        let to_unicode =
            b"1 begincodespacerange <0000> <FFFF> endcodespacerange 1 beginbfrange <0000> <FFFF> <0000> endbfrange";
        let mut file =
            Self { objects: vec![b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(), Vec::new()], pages: Vec::new() };
        file.add(
            b"<< /Type /Font /Subtype /Type0 /BaseFont /Test /Encoding /Identity-H /ToUnicode 4 0 R
              /DescendantFonts [<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Test /DW 500 >>] >>",
        );
        file.stream("", to_unicode);
        file
    }

    fn add(&mut self, object: &[u8]) -> usize {
        self.objects.push(object.to_vec());
        self.objects.len()
    }

    fn stream(&mut self, entries: &str, data: &[u8]) -> usize {
        let mut object = format!("<< {entries} /Length {} >>\nstream\n", data.len()).into_bytes();
        object.extend_from_slice(data);
        object.extend_from_slice(b"\nendstream");
        self.add(&object)
    }

    fn page(&mut self, content: &[u8], entries: &str) {
        let content = self.stream("", content);
        let page = format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {content} 0 R {entries}
             /Resources << /Font << /F 3 0 R >> /XObject << /Scan 5 0 R >> >> >>"
        );
        let page = self.add(page.as_bytes());
        self.pages.push(page);
    }

    /// A signature widget at `rectangle` that shows `text` through a form within the appearance.
    fn signature(&mut self, name: &str, rectangle: [i32; 4], text: &str) -> usize {
        let [x0, y0, x1, y1] = rectangle;
        let (width, height) = (x1 - x0, y1 - y0);
        let inner = self.stream(
            &format!(
                "/Type /XObject /Subtype /Form /BBox [0 0 {width} {height}] /Resources << /Font << /F 3 0 R >> >>"
            ),
            show(2.0, 3.0, 11.0, text).as_bytes(),
        );
        let outer = self.stream(
            &format!("/Type /XObject /Subtype /Form /BBox [0 0 {width} {height}] /Resources << /XObject << /n2 {inner} 0 R >> >>"),
            b"q /n2 Do Q",
        );
        self.add(
            format!(
                "<< /Type /Annot /Subtype /Widget /FT /Sig /T ({name}) /V << /Type /Sig >> /F 132
                 /Rect [{x0} {y0} {x1} {y1}] /AP << /N {outer} 0 R >> >>"
            )
            .as_bytes(),
        )
    }

    fn bytes(mut self) -> Vec<u8> {
        let kids = self.pages.iter().map(|page| format!("{page} 0 R")).collect::<Vec<_>>().join(" ");
        self.objects[1] = format!("<< /Type /Pages /Kids [{kids}] /Count {} >>", self.pages.len()).into_bytes();
        let mut bytes = b"%PDF-1.7\n".to_vec();
        let mut offsets = Vec::new();
        for (number, object) in (1..).zip(&self.objects) {
            offsets.push(bytes.len());
            bytes.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
            bytes.extend_from_slice(object);
            bytes.extend_from_slice(b"\nendobj\n");
        }
        let xref = bytes.len();
        bytes.extend_from_slice(format!("xref\n0 {}\n0000000000 65535 f \n", offsets.len() + 1).as_bytes());
        for offset in &offsets {
            bytes.extend_from_slice(format!("{offset:010} 00000 n \n").as_bytes());
        }
        let trailer = format!("trailer << /Size {} /Root 1 0 R >>\nstartxref\n{xref}\n%%EOF\n", offsets.len() + 1);
        bytes.extend_from_slice(trailer.as_bytes());
        bytes
    }

    fn read(self) -> PageFacts {
        read(Arc::new(self.bytes()), &Limits::default(), &|data| {
            let mut digest = [0; 32];
            digest[0] = u8::try_from(data.len() % 256).unwrap();
            Sha256Digest(digest)
        })
    }
}

/// A line of text at a place.
fn show(x: f32, y: f32, size: f32, text: &str) -> String {
    let mut code = format!("BT /F {size} Tf 1 0 0 1 {x} {y} Tm <");
    for unit in text.encode_utf16() {
        write!(code, "{unit:04X}").unwrap();
    }
    code + "> Tj ET\n"
}

fn letterhead(number: &str, date: &str) -> String {
    [
        show(60.0, 780.0, 10.0, "UBND TỈNH AN BÌNH"),
        show(60.0, 765.0, 10.0, "SỞ NỘI VỤ"),
        show(60.0, 740.0, 10.0, number),
        show(300.0, 780.0, 10.0, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        show(330.0, 765.0, 10.0, "Độc lập - Tự do - Hạnh phúc"),
        show(300.0, 740.0, 10.0, date),
    ]
    .concat()
}

fn closing() -> String {
    [
        show(60.0, 300.0, 10.0, "Nơi nhận:"),
        show(60.0, 285.0, 9.0, "- Như trên;"),
        show(60.0, 270.0, 9.0, "- Lưu: VT, BTXH."),
        show(380.0, 300.0, 10.0, "KT. GIÁM ĐỐC"),
        show(380.0, 285.0, 10.0, "PHÓ GIÁM ĐỐC"),
        show(380.0, 210.0, 10.0, "Trần Quốc Bảo"),
    ]
    .concat()
}

fn identity(content: &str) -> IdentityFacts {
    let mut file = File::new();
    file.page(content.as_bytes(), "");
    file.read().identity
}

#[test]
fn an_official_letter_is_read_in_full() {
    let content = letterhead("Số: 512/SNV-BTXH", "An Bình, ngày 05 tháng 10 năm 2026")
        + &show(60.0, 725.0, 9.0, "V/v chi trả trợ cấp xã hội")
        + &show(60.0, 713.0, 9.0, "tháng 10 năm 2026")
        + &show(150.0, 690.0, 10.0, "Kính gửi: Ủy ban nhân dân các xã, phường.")
        + &show(80.0, 660.0, 10.0, "Căn cứ Công văn số 999/UBND-VX ngày 01 tháng 01 năm 2020 của Ủy ban nhân dân tỉnh")
        + &closing();
    let identity = identity(&content);
    assert_eq!(identity.reference.as_deref(), Some("512/SNV-BTXH"));
    assert_eq!(identity.number_source, TextSource::Page);
    assert_eq!(identity.date_line.as_deref(), Some("An Bình, ngày 05 tháng 10 năm 2026"));
    assert_eq!(identity.date, crate::model::CalendarDate::new(2026, 10, 5));
    assert_eq!(identity.date_source, TextSource::Page);
    assert_eq!(identity.superior.as_deref(), Some("UBND TỈNH AN BÌNH"));
    assert_eq!(identity.agency.as_deref(), Some("SỞ NỘI VỤ"));
    assert_eq!(identity.document_type, None);
    assert_eq!(identity.subject.as_deref(), Some("V/v chi trả trợ cấp xã hội tháng 10 năm 2026"));
    assert_eq!(identity.archive_line.as_deref(), Some("Lưu: VT, BTXH."));
    assert_eq!(identity.signer_title.as_deref(), Some("KT. GIÁM ĐỐC PHÓ GIÁM ĐỐC"));
    assert_eq!(identity.signer_name.as_deref(), Some("Trần Quốc Bảo"));
    assert_eq!(identity.encoding, TextEncoding::Unicode);
    assert_eq!((identity.make_up.pages_read, identity.make_up.image_only_pages), (1, 0));
}

#[test]
fn a_named_type_has_title_and_subject() {
    let content = letterhead("Số: 07/QĐ-SNV", "An Bình, ngày 05 tháng 3 năm 2026")
        + &show(262.0, 700.0, 12.0, "QUYẾT ĐỊNH")
        + &show(197.0, 685.0, 12.0, "Về việc bổ nhiệm công chức lãnh đạo")
        + &show(236.0, 650.0, 12.0, "GIÁM ĐỐC SỞ NỘI VỤ")
        + &show(80.0, 620.0, 12.0, "Căn cứ Luật Cán bộ, công chức;");
    let identity = identity(&content);
    assert_eq!(identity.document_type.as_deref(), Some("QUYẾT ĐỊNH"));
    assert_eq!(identity.subject.as_deref(), Some("Về việc bổ nhiệm công chức lãnh đạo"));
}

#[test]
fn blanks_are_filled_from_appearances() {
    let mut file = File::new();
    let number = file.signature("Signature3", [80, 737, 110, 751], "512");
    let day = file.signature("Signature4", [376, 737, 396, 751], "05");
    let month = file.signature("Signature5", [428, 737, 448, 751], "10");
    let seal = file.signature("Signature1", [300, 200, 420, 310], "Ký bởi: Sở Nội vụ");
    let content = letterhead("Số:", "An Bình, ngày")
        + &show(112.0, 740.0, 10.0, "/SNV-BTXH")
        + &show(400.0, 740.0, 10.0, "tháng")
        + &show(450.0, 740.0, 10.0, "năm 2026");
    file.page(content.as_bytes(), &format!("/Annots [{seal} 0 R {number} 0 R {day} 0 R {month} 0 R]"));
    let facts = file.read();
    assert_eq!(facts.identity.reference.as_deref(), Some("512/SNV-BTXH"));
    assert_eq!(facts.identity.number_source, TextSource::Appearance);
    assert_eq!(facts.identity.date_line.as_deref(), Some("An Bình, ngày 05 tháng 10 năm 2026"));
    assert_eq!(facts.identity.date, crate::model::CalendarDate::new(2026, 10, 5));
    assert_eq!(facts.identity.date_source, TextSource::Appearance);
    let seal = &facts.appearances[0];
    assert_eq!((seal.field.as_str(), seal.appearance.page), ("Signature1", 1));
    assert_eq!(seal.appearance.text, "Ký bởi: Sở Nội vụ");
    assert_eq!(seal.appearance.rectangle, [300.0, 200.0, 420.0, 310.0]);
    assert!(facts.notes.is_empty());
}

#[test]
fn blanks_without_appearances_stay_blank() {
    let blank = identity(&letterhead("Số: ......../SNV-VP", "An Bình, ngày      tháng 10 năm 2026"));
    assert_eq!(blank.reference.as_deref(), Some("/SNV-VP"));
    assert_eq!(blank.number_source, TextSource::None);
    assert_eq!(blank.date_line.as_deref(), Some("An Bình, ngày tháng 10 năm 2026"));
    assert_eq!(blank.date, None);
    assert_eq!(blank.date_source, TextSource::Page);
}

#[test]
fn the_number_is_kept_as_printed() {
    for (line, reference) in [
        ("Số: 17986/ SLĐTBXH-GP", "17986/ SLĐTBXH-GP"),
        ("Số : 650/TCV-SLÐTBXH", "650/TCV-SLÐTBXH"),
        ("Số: 12/SNV–VP", "12/SNV–VP"),
        ("Số: 12/SNV-\u{A0}VP", "12/SNV-\u{A0}VP"),
        ("Số: 02/2026/QĐ-UBND", "02/2026/QĐ-UBND"),
        ("So\u{302}\u{301}: 12bis/SNV-VP", "12bis/SNV-VP"),
        ("Số 12-CV/TU", "12-CV/TU"),
    ] {
        let read = identity(&letterhead(line, "An Bình, ngày 05 tháng 10 năm 2026"));
        assert_eq!(read.reference.as_deref(), Some(reference), "{line}");
    }
    let body = show(80.0, 500.0, 10.0, "Số: 12/SNV-VP");
    assert_eq!(identity(&(letterhead("", "An Bình, ngày 05 tháng 10 năm 2026") + &body)).reference, None);
}

#[test]
fn the_day_of_another_document_is_never_taken_for_the_date() {
    // Whatever is wrong with the date line, a citation in the body is not it.
    let body = show(
        80.0,
        660.0,
        10.0,
        "Căn cứ Công văn số 999/UBND-VX ngày 01 tháng 02 năm 2020 của Ủy ban nhân dân tỉnh An Bình về việc rà soát đối tượng",
    );
    for line in ["", "An Bình, 2026", "An Bình, ngày mai"] {
        let read = identity(&(letterhead("Số: 12/SNV-VP", line) + &body));
        assert_eq!(read.date, None, "{line}");
    }
}

#[test]
fn the_date_line_is_read_as_people_write_it() {
    for (line, date) in [
        ("An Bình,ngày 05tháng 9năm 2026", (2026, 9, 5)),
        ("An Bình, ngày 05/9/2026", (2026, 9, 5)),
        ("AN BÌNH, NGÀY 05 THÁNG 9 NĂM 2026", (2026, 9, 5)),
        ("An Binh, 05 September 2026", (2026, 9, 5)),
        ("An Binh, September 5th, 2026", (2026, 9, 5)),
    ] {
        let read = identity(&letterhead("Số: 12/SNV-VP", line));
        assert_eq!(read.date, crate::model::CalendarDate::new(date.0, date.1, date.2), "{line}");
        assert_eq!(read.date_source, TextSource::Page, "{line}");
    }
    assert_eq!(identity(&letterhead("Số: 12/SNV-VP", "An Bình, ngày 05/13/2026")).date, None);
}

#[test]
fn the_number_line_may_begin_with_the_type_or_be_english() {
    for (line, reference) in [
        ("Luật số: 45/2026/QH16", "45/2026/QH16"),
        ("Nghị quyết số: 45/NQ-HĐND", "45/NQ-HĐND"),
        ("No.: 12/SNV-VP", "12/SNV-VP"),
        ("Ref. No: 12/SNV-VP", "12/SNV-VP"),
        ("Số: 12/SNV\u{AD}VP", "12/SNV-VP"),
    ] {
        let read = identity(&letterhead(line, "An Bình, ngày 05 tháng 10 năm 2026"));
        assert_eq!(read.reference.as_deref(), Some(reference), "{line}");
        assert_eq!(read.agency.as_deref(), Some("SỞ NỘI VỤ"), "{line}");
    }
}

#[test]
fn titles_of_several_authors_and_in_spaced_capitals_are_types() {
    let titled = |title: &str, x: f32| {
        let content = letterhead("Số: 07/NQLT-SNV-STC", "An Bình, ngày 05 tháng 3 năm 2026")
            + &show(x, 700.0, 12.0, title)
            + &show(197.0, 685.0, 12.0, "Về việc phối hợp công tác");
        let read = identity(&content);
        (read.document_type.unwrap_or_default(), read.subject.unwrap_or_default())
    };
    assert_eq!(
        titled("NGHỊ QUYẾT LIÊN TỊCH", 237.0),
        ("NGHỊ QUYẾT LIÊN TỊCH".into(), "Về việc phối hợp công tác".into())
    );
    assert_eq!(titled("Q U Y Ế T   Đ Ị N H", 240.0), ("QUYẾT ĐỊNH".into(), "Về việc phối hợp công tác".into()));
}

#[test]
fn a_number_typed_into_a_field_or_an_annotation_is_the_pages() {
    let laid_over = |kind: &str| {
        let mut file = File::new();
        let mut over = |x: u32, text: &str| {
            let form = file.stream(
                "/Type /XObject /Subtype /Form /BBox [0 0 24 14] /Resources << /Font << /F 3 0 R >> >>",
                show(1.0, 3.0, 10.0, text).as_bytes(),
            );
            let right = x + 24;
            file.add(
                format!("<< /Type /Annot {kind} /F 4 /Rect [{x} 737 {right} 751] /AP << /N {form} 0 R >> >>")
                    .as_bytes(),
            )
        };
        let annotations = [over(80, "512"), over(376, "05"), over(428, "10")].map(|object| format!("{object} 0 R"));
        let content = letterhead("Số:", "An Bình, ngày")
            + &show(112.0, 740.0, 10.0, "/SNV-BTXH")
            + &show(400.0, 740.0, 10.0, "tháng")
            + &show(454.0, 740.0, 10.0, "năm 2026");
        file.page(content.as_bytes(), &format!("/Annots [{}]", annotations.join(" ")));
        file.read().identity
    };
    for kind in ["/Subtype /FreeText", "/Subtype /Widget /FT /Tx /T (so)"] {
        let read = laid_over(kind);
        assert_eq!(read.reference.as_deref(), Some("512/SNV-BTXH"), "{kind}");
        assert_eq!(read.date, crate::model::CalendarDate::new(2026, 10, 5), "{kind}");
        assert_eq!((read.number_source, read.date_source), (TextSource::Page, TextSource::Page), "{kind}");
    }
    assert_eq!(laid_over("/Subtype /Link").reference.as_deref(), Some("/SNV-BTXH"));
}

#[test]
fn a_motto_above_both_columns_and_a_name_in_capitals_are_read() {
    let content = [
        show(200.0, 800.0, 10.0, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        show(240.0, 785.0, 10.0, "Độc lập - Tự do - Hạnh phúc"),
        show(60.0, 765.0, 10.0, "ỦY BAN NHÂN DÂN TỈNH AN BÌNH"),
        show(60.0, 750.0, 10.0, "SỞ NỘI VỤ"),
        show(60.0, 735.0, 10.0, "Số: 12/BB-SNV"),
        show(350.0, 735.0, 10.0, "An Bình, ngày 05 tháng 9 năm 2026"),
        closing().replace(&show(380.0, 210.0, 10.0, "Trần Quốc Bảo"), &show(380.0, 210.0, 10.0, "TRẦN QUỐC BẢO")),
    ];
    let read = identity(&content.concat());
    assert_eq!(read.superior.as_deref(), Some("ỦY BAN NHÂN DÂN TỈNH AN BÌNH"));
    assert_eq!((read.agency.as_deref(), read.reference.as_deref()), (Some("SỞ NỘI VỤ"), Some("12/BB-SNV")));
    assert_eq!(read.date, crate::model::CalendarDate::new(2026, 9, 5));
    assert_eq!(read.signer_name.as_deref(), Some("TRẦN QUỐC BẢO"));
    // With the agency beside it, it heads the right column, wherever on the page that is.
    let beside = [
        show(30.0, 800.0, 10.0, "SỞ NỘI VỤ"),
        show(200.0, 800.0, 10.0, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        show(30.0, 785.0, 10.0, "Số: 12/BB-SNV"),
        show(200.0, 770.0, 10.0, "An Bình, ngày 05 tháng 9 năm 2026"),
    ];
    assert_eq!(identity(&beside.concat()).date, crate::model::CalendarDate::new(2026, 9, 5));
}

#[test]
fn secrecy_marks_stand_alone_in_capitals() {
    let head = letterhead("Số: 12/SNV-VP", "An Bình, ngày 05 tháng 10 năm 2026");
    let mark = |extra: String| identity(&(head.clone() + &extra)).secrecy;
    assert_eq!(mark(show(80.0, 715.0, 13.0, "MẬT")), Some(Secrecy::Confidential));
    assert_eq!(mark(show(80.0, 715.0, 13.0, "TỐI MẬT")), Some(Secrecy::Secret));
    assert_eq!(mark(show(80.0, 715.0, 13.0, "T U Y Ệ T  M Ậ T")), Some(Secrecy::TopSecret));
    assert_eq!(mark(show(80.0, 715.0, 13.0, "CHẾ ĐỘ BẢO MẬT")), None);
    assert_eq!(mark(show(80.0, 715.0, 13.0, "Mật")), None);
    assert_eq!(mark(show(80.0, 600.0, 10.0, "mật độ dân số") + &show(80.0, 585.0, 10.0, "BÍ MẬT")), None);
    // A title that breaks before its last word.
    assert_eq!(mark(show(200.0, 700.0, 12.0, "QUY CHẾ BẢO VỆ BÍ") + &show(250.0, 685.0, 12.0, "MẬT")), None);
    // A cell of a table in the body.
    assert_eq!(mark(show(80.0, 400.0, 10.0, "Danh mục") + &show(300.0, 400.0, 10.0, "MẬT")), None);
}

#[test]
fn a_stamp_annotation_is_a_mark_too() {
    let mut file = File::new();
    let form = file.stream(
        "/Type /XObject /Subtype /Form /BBox [0 0 60 20] /Resources << /Font << /F 3 0 R >> >>",
        show(4.0, 5.0, 12.0, "MẬT").as_bytes(),
    );
    let stamp = |flags: u8| {
        format!("<< /Type /Annot /Subtype /Stamp /F {flags} /Rect [80 700 140 720] /AP << /N {form} 0 R >> >>")
    };
    let (shown, hidden) = (stamp(4), stamp(2));
    let mut other = File { objects: file.objects.clone(), pages: Vec::new() };
    file.page(b"", &format!("/Annots [{shown}]"));
    assert_eq!(file.read().identity.secrecy, Some(Secrecy::Confidential));
    other.page(b"", &format!("/Annots [{hidden}]"));
    assert_eq!(other.read().identity.secrecy, None);
}

#[test]
fn urgency_and_copy_marks_are_read() {
    let head = letterhead("Số: 12/SNV-VP", "An Bình, ngày 05 tháng 10 năm 2026");
    let urgent = identity(&(head.clone() + &show(80.0, 715.0, 13.0, "HỎA TỐC")));
    assert_eq!(urgent.urgency.as_deref(), Some("HỎA TỐC"));
    assert_eq!(identity(&(head.clone() + &show(80.0, 600.0, 10.0, "tình trạng KHẨN CẤP"))).urgency, None);
    assert_eq!(identity(&(head.clone() + &show(400.0, 180.0, 13.0, "SAO Y"))).copy_form, Some(CopyForm::CertifiedCopy));
    assert_eq!(identity(&(head.clone() + &show(80.0, 600.0, 10.0, "bản SAO Y của cơ quan"))).copy_form, None);
    let mut file = File::new();
    let mark = file.signature("Signature1", [400, 800, 590, 840], "Sao lục: Sở Nội vụ, 2026-10-05T08:00:00+07:00");
    file.page(head.as_bytes(), &format!("/Annots [{mark} 0 R]"));
    assert_eq!(file.read().identity.copy_form, Some(CopyForm::CopyOfCopy));
}

/// Object 5 of every page's resources: an image that fills the page.
fn with_scan(file: &mut File) {
    let image = file
        .stream("/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8", b"\0");
    assert_eq!(image, 5);
}

#[test]
fn a_scan_is_image_only_and_its_text_layer_is_used_with_a_note() {
    let mut bare = File::new();
    with_scan(&mut bare);
    bare.page(b"q 595 0 0 842 0 0 cm /Scan Do Q", "");
    bare.page(b"q 595 0 0 842 0 0 cm /Scan Do Q", "");
    let facts = bare.read();
    assert_eq!((facts.identity.make_up.pages_read, facts.identity.make_up.image_only_pages), (2, 2));
    assert_eq!(facts.identity.encoding, TextEncoding::NoText);
    assert!(!facts.identity.make_up.ocr_layer);

    let mut layered = File::new();
    with_scan(&mut layered);
    let layer = letterhead("Số: 12/SNV-VP", "An Bình, ngày 05 tháng 10 năm 2026");
    layered.page(format!("q 595 0 0 842 0 0 cm /Scan Do Q 3 Tr {layer}").as_bytes(), "");
    let facts = layered.read();
    assert_eq!(facts.identity.make_up.image_only_pages, 1);
    assert_eq!(facts.identity.make_up.characters, 0);
    assert!(facts.identity.make_up.ocr_layer);
    assert_eq!(facts.identity.reference.as_deref(), Some("12/SNV-VP"));
    assert_eq!(facts.notes, [PageNote::IdentityFromOcrLayer]);

    // Visible text drawn first and covered by the image is a text layer as well.
    let mut covered = File::new();
    with_scan(&mut covered);
    covered.page(format!("{layer} q 595 0 0 842 0 0 cm /Scan Do Q").as_bytes(), "");
    let facts = covered.read();
    assert_eq!((facts.identity.make_up.image_only_pages, facts.identity.make_up.characters), (1, 0));
}

/// [`with_scan`]'s image drawn at a box.
fn image(x: f32, y: f32, width: f32, height: f32) -> String {
    format!("q {width} 0 0 {height} {x} {y} cm /Scan Do Q\n")
}

#[test]
fn images_between_title_and_name_are_counted() {
    let signing_images = |images: &str, closing: &str| {
        let mut file = File::new();
        with_scan(&mut file);
        let head = letterhead("Số: 12/SNV-VP", "An Bình, ngày 05 tháng 10 năm 2026");
        file.page((head + closing + images).as_bytes(), "");
        file.read().identity.make_up.signing_images
    };
    let count = |images: &str| signing_images(images, &closing());
    let (signature, seal) = (image(370.0, 215.0, 120.0, 57.0), image(320.0, 210.0, 74.0, 74.0));
    assert_eq!(count(&(signature.clone() + &seal)), 2);
    assert_eq!(count(&signature), 1);
    assert_eq!(count(""), 0);
    // A coat of arms over the letterhead, a figure in the body, a code below the recipients, one in the foot.
    assert_eq!(count(&image(280.0, 790.0, 50.0, 50.0)), 0);
    assert_eq!(count(&image(350.0, 400.0, 150.0, 90.0)), 0);
    assert_eq!(count(&image(60.0, 215.0, 50.0, 50.0)), 0);
    assert_eq!(count(&image(400.0, 40.0, 60.0, 60.0)), 0);
    // A ground that fills the page, a picture as wide as the text, a rule, an icon.
    assert_eq!(count(&image(0.0, 0.0, 595.0, 842.0)), 0);
    assert_eq!(count(&image(160.0, 215.0, 430.0, 60.0)), 0);
    assert_eq!(count(&image(380.0, 240.0, 120.0, 1.0)), 0);
    assert_eq!(count(&image(400.0, 240.0, 16.0, 16.0)), 0);
    // A name that is part of the image; no signing block at all.
    let unnamed = closing().replace(&show(380.0, 210.0, 10.0, "Trần Quốc Bảo"), "");
    assert_eq!(signing_images(&signature, &unnamed), 1);
    assert_eq!(signing_images(&signature, ""), 0);
}

#[test]
fn images_of_a_later_signing_block_are_counted_and_those_of_appearances_are_not() {
    let mut file = File::new();
    with_scan(&mut file);
    file.page(letterhead("Số: 12/SNV-VP", "An Bình, ngày 05 tháng 10 năm 2026").as_bytes(), "");
    file.page((closing() + &image(370.0, 215.0, 120.0, 57.0)).as_bytes(), "");
    assert_eq!(file.read().identity.make_up.signing_images, 1);

    let mut signed = File::new();
    with_scan(&mut signed);
    let form = signed.stream(
        "/Type /XObject /Subtype /Form /BBox [0 0 120 57] /Resources << /XObject << /Seal 5 0 R >> >>",
        b"q 120 0 0 57 0 0 cm /Seal Do Q",
    );
    let widget = format!(
        "<< /Type /Annot /Subtype /Widget /FT /Sig /T (a) /V << /Type /Sig >> /Rect [370 215 490 272] /AP << /N {form} 0 R >> >>"
    );
    signed.page(closing().as_bytes(), &format!("/Annots [{widget}]"));
    let facts = signed.read();
    assert_eq!((facts.appearances[0].appearance.images.len(), facts.identity.make_up.signing_images), (1, 0));
}

#[test]
fn invisible_text_on_a_page_with_text_is_not_read() {
    let content = letterhead("Số: 12/SNV-VP", "An Bình, ngày 05 tháng 10 năm 2026")
        + "3 Tr "
        + &show(80.0, 715.0, 13.0, "MẬT")
        + &show(60.0, 725.0, 9.0, "V/v nội dung ẩn");
    let read = identity(&content);
    assert_eq!((read.secrecy, read.subject), (None, None));
    assert!(!read.make_up.ocr_layer);
}

#[test]
fn the_signing_block_is_found_on_a_later_page() {
    let mut file = File::new();
    let seal = file.signature("Signature1", [300, 200, 420, 310], "");
    file.page(letterhead("Số: 12/SNV-VP", "An Bình, ngày 05 tháng 10 năm 2026").as_bytes(), "");
    file.page(show(80.0, 700.0, 10.0, "Trang hai").as_bytes(), "");
    file.page(closing().as_bytes(), &format!("/Annots [{seal} 0 R]"));
    for _ in 0..20 {
        file.page(show(80.0, 700.0, 10.0, "Phụ lục").as_bytes(), "");
    }
    let facts = file.read();
    assert_eq!(facts.identity.archive_line.as_deref(), Some("Lưu: VT, BTXH."));
    assert_eq!(facts.identity.signer_name.as_deref(), Some("Trần Quốc Bảo"));
    assert_eq!((facts.pages, facts.identity.make_up.pages_read), (23, 2));
}

#[test]
fn legacy_fonts_are_converted() {
    let mut file = File::new();
    let font = file.add(b"<< /Type /Font /Subtype /TrueType /BaseFont /.VnTime /Encoding /WinAnsiEncoding >>");
    let mut content = b"/V gs BT /T 12 Tf 60 740 Td (S\xE8: 12/SNV-VP) Tj ET BT /T 12 Tf 300 780 Td (C\xE9NG H\xDFA X\xB7 H\xE9I CH\xF1 NGH\xDCA VI\xD6T NAM) Tj ET ".to_vec();
    content.extend_from_slice(b"BT /T 12 Tf 300 740 Td (An B\xD7nh, ng\xB5y 05 th\xB8ng 10 n\xA8m 2026) Tj ET");
    let content = file.stream("", &content);
    let page = format!(
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {content} 0 R /Resources << /Font << /T {font} 0 R >> >> >>"
    );
    let page = file.add(page.as_bytes());
    file.pages.push(page);
    let identity = file.read().identity;
    assert_eq!(identity.encoding, TextEncoding::Tcvn3);
    assert_eq!(identity.reference.as_deref(), Some("12/SNV-VP"));
    assert_eq!(identity.date_line.as_deref(), Some("An Bình, ngày 05 tháng 10 năm 2026"));
}

#[test]
fn fonts_without_a_map_are_told() {
    let mut file = File::new();
    let font = file.add(
        b"<< /Type /Font /Subtype /Type0 /BaseFont /AAAAAA+X /Encoding /Identity-H
          /DescendantFonts [<< /Type /Font /Subtype /CIDFontType2 /DW 500 >>] >>",
    );
    let content = file.stream("", b"BT /T 12 Tf 60 740 Td <000100020003> Tj ET");
    let page = format!(
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {content} 0 R /Resources << /Font << /T {font} 0 R >> >> >>"
    );
    let page = file.add(page.as_bytes());
    file.pages.push(page);
    assert_eq!(file.read().identity.encoding, TextEncoding::NoToUnicode);
}

#[test]
fn actual_text_speaks_for_codes_without_a_map() {
    let mut file = File::new();
    let font = file.add(
        b"<< /Type /Font /Subtype /Type0 /BaseFont /AAAAAA+X /Encoding /Identity-H
          /DescendantFonts [<< /Type /Font /Subtype /CIDFontType2 /DW 500 >>] >>",
    );
    let content =
        file.stream("", b"/Span << /ActualText (M\\304T) >> BDC BT /T 12 Tf 60 740 Td <000100020003> Tj ET EMC");
    let page = format!(
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {content} 0 R /Resources << /Font << /T {font} 0 R >> >> >>"
    );
    let page = file.add(page.as_bytes());
    file.pages.push(page);
    let facts = file.read();
    assert_eq!(facts.identity.encoding, TextEncoding::Unicode);
    assert_eq!(facts.identity.make_up.characters, 3);
}

#[test]
fn a_turned_page_is_read_as_viewed() {
    let mut file = File::new();
    let upright = letterhead("Số: 12/SNV-VP", "An Bình, ngày 05 tháng 10 năm 2026");
    // Content drawn sideways, shown upright by /Rotate 90 on a landscape sheet.
    let content = format!("0 1 -1 0 842 0 cm {upright}");
    let content = file.stream("", content.as_bytes());
    let page = format!(
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 842 595] /Rotate 90 /Contents {content} 0 R
         /Resources << /Font << /F 3 0 R >> >> >>"
    );
    let page = file.add(page.as_bytes());
    file.pages.push(page);
    assert_eq!(file.read().identity.reference.as_deref(), Some("12/SNV-VP"));
}

#[test]
fn forms_that_multiply_are_stopped() {
    let mut file = File::new();
    let mut form = file.stream("/Type /XObject /Subtype /Form /BBox [0 0 9 9]", b"q Q");
    for _ in 0..9 {
        form = file.stream(
            &format!("/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /A {form} 0 R >> >>"),
            b"/A Do /A Do /A Do /A Do /A Do /A Do",
        );
    }
    let content = file.stream("", b"/A Do");
    let page = format!(
        "<< /Type /Page /Parent 2 0 R /Contents {content} 0 R /Resources << /XObject << /A {form} 0 R >> >> >>"
    );
    let page = file.add(page.as_bytes());
    file.pages.push(page);
    let limits = Limits { steps: 10_000, ..Limits::default() };
    let facts = read(Arc::new(file.bytes()), &limits, &|_| Sha256Digest::default());
    assert_eq!(facts.notes, [PageNote::Limit(LimitHit { limit: "steps".to_owned(), value: 10_000 })]);
}

#[test]
fn what_is_no_file_is_noted() {
    for data in [&b""[..], b"not a file", b"%PDF-1.7\n%%EOF"] {
        let facts = read(Arc::new(data.to_vec()), &Limits::default(), &|_| Sha256Digest::default());
        assert_eq!(facts.notes, [PageNote::NotOpened]);
        assert_eq!(facts.pages, 0);
    }
}

#[test]
fn columns_drawn_in_one_piece_are_parted() {
    let content = [
        show(60.0, 780.0, 10.0, "UBND TỈNH AN BÌNH CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        show(60.0, 765.0, 10.0, "SỞ NỘI VỤ       Độc lập - Tự do - Hạnh phúc"),
        show(60.0, 740.0, 10.0, "Số: 12/SNV-VP"),
        show(200.0, 740.0, 10.0, "An Bình, ngày 05 tháng 10 năm 2026"),
    ]
    .concat();
    let identity = identity(&content);
    assert_eq!(identity.superior.as_deref(), Some("UBND TỈNH AN BÌNH"));
    assert_eq!(identity.agency.as_deref(), Some("SỞ NỘI VỤ"));
    assert_eq!(identity.reference.as_deref(), Some("12/SNV-VP"));
    assert_eq!(identity.date_line.as_deref(), Some("An Bình, ngày 05 tháng 10 năm 2026"));
}

#[test]
fn superior_and_agency_are_told_apart_without_bold_type() {
    let agencies = |first: &str, second: &str| {
        let head = letterhead("Số: 12/X-VP", "An Bình, ngày 05 tháng 10 năm 2026")
            .replace(&show(60.0, 780.0, 10.0, "UBND TỈNH AN BÌNH"), &show(60.0, 780.0, 10.0, first))
            .replace(&show(60.0, 765.0, 10.0, "SỞ NỘI VỤ"), &show(60.0, 765.0, 10.0, second));
        let read = identity(&head);
        (read.superior.unwrap_or_default(), read.agency.unwrap_or_default())
    };
    assert_eq!(agencies("ỦY BAN NHÂN DÂN", "TỈNH GIA LAI"), (String::new(), "ỦY BAN NHÂN DÂN TỈNH GIA LAI".to_owned()));
    assert_eq!(agencies("BỘ NỘI VỤ", "CỤC VĂN THƯ"), ("BỘ NỘI VỤ".to_owned(), "CỤC VĂN THƯ".to_owned()));
}

#[test]
fn a_symbol_that_wraps_goes_on_in_the_next_line() {
    let content = letterhead("Số: 31.116/SLĐTBXH-", "An Bình, ngày 05 tháng 10 năm 2026")
        + &show(80.0, 727.0, 10.0, "GPQH")
        + &show(60.0, 712.0, 9.0, "V/v cấp giấy phép");
    let identity = identity(&content);
    assert_eq!(identity.reference.as_deref(), Some("31.116/SLĐTBXH-GPQH"));
    assert_eq!(identity.subject.as_deref(), Some("V/v cấp giấy phép"));
}

#[test]
fn decomposed_and_unannounced_legacy_text_is_told() {
    use unicode_normalization::UnicodeNormalization;
    let head = |number: &str, date: &str, motto: &str| {
        show(60.0, 740.0, 10.0, number) + &show(300.0, 780.0, 10.0, motto) + &show(300.0, 740.0, 10.0, date)
    };
    let date = "An Bình, ngày 05 tháng 10 năm 2026";
    let motto = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM";
    let decomposed: Vec<String> = ["Số: 12/SNV-VP", date, motto].iter().map(|text| text.nfd().collect()).collect();
    let read = identity(&head(&decomposed[0], &decomposed[1], &decomposed[2]));
    assert_eq!((read.encoding, read.date_line.as_deref()), (TextEncoding::Decomposed, Some(date)));
    let read = identity(&head(
        "Soá: 12/SNV-VP",
        "An Bình, ngaøy 05 thaùng 10 naêm 2026",
        "COÄNG HOØA XAÕ HOÄI CHUÛ NGHÓA VIEÄT NAM",
    ));
    assert_eq!(read.encoding, TextEncoding::Vni);
    assert_eq!(read.reference.as_deref(), Some("12/SNV-VP"));
    assert_eq!(read.date, crate::model::CalendarDate::new(2026, 10, 5));
}

#[test]
fn one_seal_has_one_digest_wherever_it_is_drawn() {
    let mut file = File::new();
    with_scan(&mut file);
    let form = file.stream(
        "/Type /XObject /Subtype /Form /BBox [0 0 50 50] /Resources << /XObject << /Seal 5 0 R >> >>",
        b"q 50 0 0 50 0 0 cm /Seal Do Q",
    );
    let widget = |name: &str| {
        format!(
            "<< /Type /Annot /Subtype /Widget /FT /Sig /T ({name}) /V << /Type /Sig >> /Rect [10 10 60 60] /AP << /N {form} 0 R >> >>"
        )
    };
    let empty = "<< /Type /Annot /Subtype /Widget /FT /Sig /T (empty) /Rect [10 10 60 60] >>";
    file.page(b"", &format!("/Annots [{} {} {empty}]", widget("a"), widget("b")));
    let appearances = file.read().appearances;
    assert_eq!(appearances.iter().map(|a| a.field.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(appearances[0].appearance.images.len(), 1);
    assert_eq!(appearances[0].appearance.images, appearances[1].appearance.images);
    assert_eq!(appearances[0].object, None);
}
