//! The reader as a whole: layouts, revisions, hidden and broken structure.

use super::testing::Builder;
use super::{Contents, open};
use crate::limits::Limits;
use crate::model::{ModificationLevel, NotAssessed, RangeLayout, SignatureKind, StructureNote, UnixTime, XrefKind};
use proptest::prelude::*;

fn error(data: &[u8]) -> NotAssessed {
    open(data, &Limits::default()).err().unwrap()
}

#[test]
fn a_signed_document_reads_whole() {
    let builder = Builder::document().finish().sign(10, "Ký số", &[], "/M(D:20260305081500+07'00')");
    let file = builder.open();
    assert_eq!(file.pages(), 1);
    assert_eq!(file.producer().as_deref(), Some("test"));
    assert_eq!(file.revisions().len(), 2);
    assert_eq!(file.notes(), []);
    let [signature] = file.signature_fields() else { panic!("one signature") };
    assert_eq!(signature.name, "Ký số");
    assert_eq!(signature.kind, SignatureKind::Signature);
    assert_eq!(signature.byte_range.layout, RangeLayout::Exact);
    assert!(signature.byte_range.reaches_end && signature.in_acro_form);
    assert_eq!((signature.revision, signature.page), (Some(1), Some(1)));
    assert_eq!(signature.rectangle, Some([100.0, 100.0, 200.0, 150.0]));
    assert_eq!(signature.claimed_time, Some(UnixTime(1_772_673_300)));
    let Contents::Present { bytes, span } = &signature.contents else { panic!("contents") };
    assert!(bytes.starts_with(&[0x30, 3, 2, 1, 1, 0]));
    assert_eq!(span.1 - span.0, 66);
    assert_eq!(file.modification(0).level, ModificationLevel::None);
}

#[test]
fn unsigned_and_empty_fields() {
    let file = Builder::document().finish();
    assert!(file.open().signature_fields().is_empty());
    let empty = Builder::document()
        .object(1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[10 0 R]>>>>")
        .object(10, "<</FT/Sig/T(S)/Subtype/Widget/Rect[0 0 0 0]>>")
        .finish();
    assert_eq!((empty.open().signature_fields().len(), empty.open().empty_signature_fields()), (0, 1));
}

fn layout(dictionary: &str) -> RangeLayout {
    let builder = Builder::document()
        .object(1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[10 0 R]>>>>")
        .object(10, "<</FT/Sig/T(S)/V 11 0 R>>")
        .object(11, &format!("<</Type/Sig/SubFilter/adbe.pkcs7.detached{dictionary}>>"))
        .object(12, "<00>")
        .finish();
    let file = builder.open();
    assert_eq!(file.signature_fields().len(), 1, "{dictionary}");
    assert!(file.modification(0).level >= ModificationLevel::Suspicious, "{dictionary}");
    file.signature_fields()[0].byte_range.layout.clone()
}

#[test]
fn forged_ranges_and_contents_are_told() {
    for malformed in [
        "/Contents<00>",
        "/Contents<00>/ByteRange null",
        "/Contents<00>/ByteRange(x)",
        "/Contents<00>/ByteRange[0 1 2]",
        "/Contents<00>/ByteRange[0 10 5 10]",
        "/Contents<00>/ByteRange[0 -10 20 10]",
        "/Contents<00>/ByteRange[0 10 (x) 10]",
        "/ByteRange[0 10 20 10]",
        "/Contents null/ByteRange[0 10 20 10]",
        "/Contents<>/ByteRange[0 10 20 10]",
        "/Contents 12 0 R/ByteRange[0 10 20 10]",
        "/Contents<00>/Contents<01>/ByteRange[0 10 20 10]",
        "/ByteRange[0 10 20 10]/Contents<00>/ByteRange[0 10 20 10]",
        "/Contents/ByteRange[0 10 20 10]",
    ] {
        assert!(matches!(layout(malformed), RangeLayout::Malformed(_)), "{malformed}: {:?}", layout(malformed));
    }
    assert_eq!(layout("/Contents<00>/ByteRange[0 10 20 10]"), RangeLayout::Displaced);
    assert_eq!(layout("/Contents<00>/ByteRange[0 10 20 99999999]"), RangeLayout::Displaced);
    assert!(matches!(layout("/Contents<00>/ByteRange[0 10 900 1 905 1]"), RangeLayout::Inexact(_)));
}

#[test]
fn the_gap_is_exactly_the_contents() {
    let signed = Builder::signed();
    let range = signed.open().signature_fields()[0].byte_range.values.clone();
    let rewrite = |values: [i64; 4]| {
        let mut data = signed.data.clone();
        let old = format!("[{} {} {} {}]", range[0], range[1], range[2], range[3]);
        let new = format!("[{} {} {} {}]", values[0], values[1], values[2], values[3]);
        let at = data.windows(old.len()).rposition(|part| part == old.as_bytes()).unwrap();
        data.splice(at..at + old.len(), format!("{new:<width$}", width = old.len()).bytes().take(old.len()));
        let file = open(&data, &Limits::default()).unwrap();
        file.signature_fields()[0].byte_range.layout.clone()
    };
    let [_, gap, behind, count] = range[..] else { panic!("four numbers") };
    assert_eq!(rewrite([0, gap, behind, count]), RangeLayout::Exact);
    // The delimiters may be signed too.
    assert_eq!(rewrite([0, gap + 1, behind - 1, count + 1]), RangeLayout::Exact);
    assert!(matches!(rewrite([0, gap - 4, behind, count]), RangeLayout::Inexact(_)));
    assert!(matches!(rewrite([0, gap, behind + 4, count - 4]), RangeLayout::Inexact(_)));
    assert!(matches!(rewrite([9, gap - 9, behind, count]), RangeLayout::Inexact(_)));
}

#[test]
fn a_range_that_ends_inside_a_revision_is_suspicious() {
    let mut data = Builder::signed().data;
    let at = data.windows(5).rposition(|part| part == b"xref\n").unwrap();
    // One more object that the range does not cover, before the table.
    data.splice(at..at, b"% uncovered\n".iter().copied());
    let file = open(&data, &Limits::default()).unwrap();
    assert!(file.modification(0).level >= ModificationLevel::Suspicious);
}

#[test]
fn a_widget_or_an_orphan_is_still_a_signature() {
    // As an optimiser writes it: one revision, no form.
    let whole = |annotations: &str, form: &str| {
        Builder::document()
            .object(1, &format!("<</Type/Catalog/Pages 2 0 R{form}>>"))
            .object(3, &format!("<</Type/Page/Parent 2 0 R/Contents 4 0 R{annotations}>>"))
            .object(10, "<</Type/Annot/Subtype/Widget/FT/Sig/T(S)/Rect[0 0 9 9]/V 11 0 R>>")
            .object(11, "<</Type/Sig/SubFilter/adbe.pkcs7.detached/Contents<3000>/ByteRange[0 9000 9999 10]>>")
            .finish()
    };
    let widget = whole("/Annots[10 0 R]", "");
    let file = widget.open();
    assert_eq!(file.signature_fields().len(), 1);
    assert!(!file.signature_fields()[0].in_acro_form);
    assert_eq!(file.signature_fields()[0].byte_range.layout, RangeLayout::Displaced);
    assert_eq!(file.modification(0).level, ModificationLevel::Unknown);
    let orphan = whole("", "");
    assert_eq!(orphan.open().signature_fields()[0].name, "(object 11)");
    // Reached both ways it counts once.
    assert_eq!(whole("/Annots[10 0 R]", "/AcroForm<</Fields[10 0 R]>>").open().signature_fields().len(), 1);
}

#[test]
fn files_that_cannot_be_judged() {
    assert_eq!(error(b""), NotAssessed::Empty);
    assert_eq!(error(b"PK\x03\x04"), NotAssessed::NotPdf);
    let whole = Builder::signed().data;
    assert_eq!(error(&whole[..400]), NotAssessed::Truncated);
    // Cut inside the second revision, far from the end of the first.
    let long = Builder::document().finish().stream(20, "", &[b'x'; 4000]).finish().data;
    assert_eq!(error(&long[..long.len() - 1500]), NotAssessed::Truncated);
    assert!(matches!(error(b"%PDF-1.4\n%%EOF\n"), NotAssessed::Structure(_)));
    let few = Limits { file_bytes: 100, ..Limits::default() };
    assert!(matches!(open(&whole, &few).err(), Some(NotAssessed::Limit(hit)) if hit.limit == "file_bytes"));
    let few = Limits { revisions: 1, ..Limits::default() };
    assert!(matches!(open(&whole, &few).err(), Some(NotAssessed::Limit(hit)) if hit.limit == "revisions"));
}

#[test]
fn a_broken_startxref_is_repaired_and_noted() {
    let mut data = Builder::signed().data;
    let at = data.windows(9).rposition(|part| part == b"startxref").unwrap() + 10;
    data[at] = b'9';
    let file = open(&data, &Limits::default()).unwrap();
    assert_eq!(file.signature_fields().len(), 1);
    assert_eq!(file.revisions()[0].xref, XrefKind::Repaired);
    assert!(file.notes().contains(&StructureNote::Repaired));
}

#[test]
fn loops_end() {
    let mut builder = Builder::document();
    builder.trailer = "/Prev 0000000000".to_owned();
    let mut builder = builder.finish();
    let start = builder.data.windows(5).rposition(|part| part == b"xref\n").unwrap();
    let start = builder.data[..start].iter().rposition(|&byte| byte == b'\n').map_or(start, |at| at + 1);
    let at = builder.data.windows(16).position(|part| part == b"/Prev 0000000000").unwrap();
    builder.data[at + 6..at + 16].copy_from_slice(format!("{start:010}").as_bytes());
    assert_eq!(builder.open().pages(), 1);
    // Page tree, field tree and references that lead back to themselves.
    let ring = Builder::document()
        .object(1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[7 0 R]>>>>")
        .object(2, "<</Type/Pages/Kids[3 0 R 2 0 R]/Parent 2 0 R/Count 1>>")
        .object(7, "<</T(a)/Kids[7 0 R 8 0 R]>>")
        .object(8, "<</T(b)/Parent 7 0 R/Kids[7 0 R]/V 9 0 R>>")
        .object(9, "9 0 R")
        .finish();
    assert_eq!(ring.open().pages(), 1);
}

#[test]
fn object_streams_and_cross_reference_streams() {
    let mut data = b"%PDF-1.5\n".to_vec();
    let objects = "1 0 2 33 3 66 <</Type/Catalog/Pages 2 0 R>>     <</Type/Pages/Kids[3 0 R]/Count 1>><</Type/Page/Parent 2 0 R>>";
    let first = objects.find("<<").unwrap();
    let offsets: Vec<usize> = ["<</Type/Catalog", "<</Type/Pages/", "<</Type/Page/"]
        .iter()
        .map(|o| objects.find(o).unwrap() - first)
        .collect();
    let header = format!("1 {} 2 {} 3 {} ", offsets[0], offsets[1], offsets[2]);
    let body = format!("{header}{}", &objects[first..]);
    let stream = data.len();
    data.extend(
        format!(
            "4 0 obj\n<</Type/ObjStm/N 3/First {}/Length {}>>stream\n{body}\nendstream\nendobj\n",
            header.len(),
            body.len()
        )
        .bytes(),
    );
    let section = data.len();
    let mut rows = vec![0_u8, 0, 0, 0];
    rows.extend([2, 0, 4, 0, 2, 0, 4, 1, 2, 0, 4, 2]);
    rows.extend([1, u8::try_from(stream / 256).unwrap(), u8::try_from(stream % 256).unwrap(), 0]);
    rows.extend([1, u8::try_from(section / 256).unwrap(), u8::try_from(section % 256).unwrap(), 0]);
    data.extend(format!("5 0 obj\n<</Type/XRef/Size 6/W[1 2 1]/Root 1 0 R/Length {}>>stream\n", rows.len()).bytes());
    data.extend(&rows);
    data.extend(format!("\nendstream\nendobj\nstartxref\n{section}\n%%EOF\n").bytes());
    let file = open(&data, &Limits::default()).unwrap();
    assert_eq!((file.pages(), file.revisions()[0].xref), (1, XrefKind::Stream));
    assert_eq!(file.notes(), []);
}

#[test]
fn hidden_objects_of_a_signed_document_are_noted() {
    let builder = Builder::document().raw(b"4 0 obj\n<</Length 0>>\nstream\n\nendstream\nendobj\n").finish();
    let builder = builder.sign(10, "S", &[], "");
    assert!(matches!(&builder.open().notes()[..], [StructureNote::HiddenContent(_)]));
    let mut shifted = b"junk\n".to_vec();
    shifted.extend(&Builder::document().finish().data);
    let file = open(&shifted, &Limits::default()).unwrap();
    assert_eq!(file.pages(), 1);
    assert!(file.notes().contains(&StructureNote::BytesBeforeHeader(5)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_bytes_are_survived(data in proptest::collection::vec(any::<u8>(), 0..400)) {
        let mut file = b"%PDF-1.7\n".to_vec();
        file.extend(data);
        let _ = open(&file, &Limits::default());
    }

    /// A changed byte behind the first signature never yields "nothing changed".
    #[test]
    fn flipped_bytes_are_survived(at in 0_usize..4000, byte in any::<u8>()) {
        let mut builder = Builder::form().sign(10, "A", &[7], "").sign(20, "B", &[7, 10], "");
        let at = at % builder.data.len();
        builder.data[at] = byte;
        if let Ok(file) = open(&builder.data, &Limits::default()) {
            let _ = file.notes();
            for index in 0..file.signature_fields().len() {
                let _ = file.modification(index);
            }
        }
    }
}
