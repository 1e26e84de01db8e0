//! Each rule with its benign twin.

use crate::model::ModificationLevel::{Annotation, Forbidden, FormFilling, LongTermValidation, None, Suspicious};
use crate::pdf::testing::{Builder, certification};

const PAGE: &str = "/Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>";
const CATALOG: &str = "/Type/Catalog/Pages 2 0 R/AcroForm<</Fields[10 0 R]/SigFlags 3>>";

fn page(builder: Builder, annotations: &str) -> Builder {
    builder.object(3, &format!("<<{PAGE}/Annots[10 0 R {annotations}]>>"))
}

fn catalog(builder: Builder, extra: &str) -> Builder {
    builder.object(1, &format!("<<{CATALOG}{extra}>>"))
}

#[test]
fn nothing_behind_the_signature() {
    assert_eq!(Builder::signed().verdict(), (None, vec![]));
    // Line ends behind the signed range say nothing.
    assert_eq!(Builder::signed().raw(b"\r\n\n").verdict(), (None, vec![]));
}

#[test]
fn stray_bytes_are_suspicious_and_unlisted_objects_forbidden() {
    Builder::signed().raw(b"hello there").expect(Suspicious, "unaccounted-bytes");
    Builder::signed().raw(b"4 0 obj\n<<>>\nendobj\n").expect(Forbidden, "unlisted-object");
    // Objects before an empty section: incremental saving without listing them.
    Builder::signed().raw(b"4 0 obj\n<<>>\nendobj\n").finish().expect(Forbidden, "unlisted-object");
}

#[test]
fn later_signatures_are_permitted_unless_certified_against() {
    let second = |builder: Builder| builder.sign(20, "Signature2", &[10], "");
    second(Builder::signed()).expect(FormFilling, "signature-field-added");
    second(Builder::certified(2)).expect(FormFilling, "signature-field-added");
    second(Builder::certified(1)).expect(Forbidden, "signature-field-added");
    // Many of them: the normal flow.
    let many =
        second(Builder::certified(2)).sign(30, "Signature3", &[10, 20], "").sign(40, "Signature4", &[10, 20, 30], "");
    many.expect(FormFilling, "signature-field-added");
    assert_eq!(many.open().modification(3).level, None);
}

#[test]
fn a_document_timestamp_is_permitted_even_by_level_1() {
    let builder = Builder::certified(1)
        .object(1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[10 0 R 20 0 R]/SigFlags 3>>>>")
        .object(20, "<</Type/Annot/Subtype/Widget/FT/Sig/T(T)/F 132/Rect[0 0 0 0]/P 3 0 R/V 21 0 R>>")
        .object(21, "<</Type/DocTimeStamp/SubFilter/ETSI.RFC3161/Contents<00>/ByteRange[0 0 0 0]>>");
    page(builder, "20 0 R").finish().expect(LongTermValidation, "document-timestamp-added");
}

#[test]
fn page_content_and_page_tree_are_fixed() {
    Builder::signed().stream(4, "", b"BT (Other) Tj ET").finish().expect(Forbidden, "stream-overwritten");
    let moved = "<</Type/Page/Parent 2 0 R/Contents 20 0 R/Resources<</Font<</F1 5 0 R>>>>/Annots[10 0 R]>>";
    Builder::signed().object(3, moved).stream(20, "", b"x").finish().expect(Forbidden, "page-content");
    let cropped = format!("<<{PAGE}/Annots[10 0 R]/CropBox[0 0 10 10]>>");
    Builder::signed().object(3, &cropped).finish().expect(Forbidden, "page-geometry");
    let tree = "<</Type/Pages/Kids[3 0 R 3 0 R]/Count 2/MediaBox[0 0 595 842]>>";
    Builder::signed().object(2, tree).finish().expect(Forbidden, "page-tree");
    let font = "<</Type/Font/Subtype/Type1/BaseFont/Symbol>>";
    Builder::signed().object(5, font).finish().expect(Forbidden, "font-overwritten");
    // The same objects written again change nothing.
    let again = page(Builder::signed(), "").stream(4, "", b"BT /F1 12 Tf 72 700 Td (Hello) Tj ET").finish();
    assert_eq!(again.verdict(), (LongTermValidation, vec![]));
}

#[test]
fn filling_needs_a_value_and_no_lock() {
    let signed = |extra: &str| Builder::form().sign(10, "Signature1", &[7], extra);
    let fill = |builder: Builder, value: &str| {
        builder
            .object(
                7,
                &format!(
                    "<</Type/Annot/Subtype/Widget/FT/Tx/T(name)/V({value})/Rect[10 10 90 30]/P 3 0 R/AP<</N 8 0 R>>>>"
                ),
            )
            .stream(8, "/Type/XObject/Subtype/Form/BBox[0 0 80 20]", b"(new) Tj")
            .finish()
    };
    fill(signed(""), "new").expect(FormFilling, "form-field-filled");
    fill(signed(&certification(1)), "new").expect(Forbidden, "form-field-filled");
    // The appearance alone shows another value than the field has.
    fill(signed(""), "old").expect(Suspicious, "appearance-without-value");
    let lock = |fields: &str| {
        format!("/Reference[<</TransformMethod/FieldMDP/TransformParams<</Action/Include/Fields[{fields}]>>>>]")
    };
    fill(signed(&lock("(name)")), "new").expect(Forbidden, "form-field-filled");
    // Whole names are compared: `nam` does not lock `name`.
    fill(signed(&lock("(nam)(name.first)")), "new").expect(FormFilling, "form-field-filled");
    let except = "/Reference[<</TransformMethod/FieldMDP/TransformParams<</Action/Exclude/Fields[(name)]>>>>]";
    fill(signed(except), "new").expect(FormFilling, "form-field-filled");
}

#[test]
fn fields_may_not_go_move_or_be_added() {
    let signed = Builder::form().sign(10, "Signature1", &[7], "");
    let removed =
        signed.clone().object(1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[10 0 R]/SigFlags 3>>>>").finish();
    removed.expect(Forbidden, "form-field-removed");
    let moved = "<</Type/Annot/Subtype/Widget/FT/Tx/T(name)/V(old)/Rect[10 10 500 500]/P 3 0 R/AP<</N 8 0 R>>>>";
    signed.clone().object(7, moved).finish().expect(Forbidden, "form-field-changed");
    let added = signed
        .object(1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[7 0 R 10 0 R 20 0 R]/SigFlags 3>>>>")
        .object(20, "<</Type/Annot/Subtype/Widget/FT/Tx/T(more)/Rect[0 0 9 9]/P 3 0 R>>")
        .finish();
    added.expect(Forbidden, "form-field-added");
}

#[test]
fn a_signature_stays_as_it_was() {
    let widget = "/Type/Annot/Subtype/Widget/FT/Sig/T(Signature1)/F 132/P 3 0 R/V 11 0 R/AP<</N 12 0 R>>";
    let moved = Builder::signed().object(10, &format!("<<{widget}/Rect[0 0 500 500]>>")).finish();
    moved.expect(Forbidden, "form-field-changed");
    let redrawn = Builder::signed().stream(12, "/Type/XObject/Subtype/Form/BBox[0 0 100 50]", b"0 0 9 9 re f").finish();
    redrawn.expect(Forbidden, "signature-appearance-changed");
    let forged =
        Builder::signed().object(11, "<</Type/Sig/SubFilter/adbe.pkcs7.detached/Contents<00>/ByteRange[0 0 0 0]>>");
    let forged = forged.finish();
    forged.expect(Forbidden, "signature-changed");
    // Judged as it was signed, not as it was rewritten.
    assert_eq!(forged.open().signature_fields()[0].byte_range.layout, crate::model::RangeLayout::Exact);
    let gone = Builder::signed().object(1, "<</Type/Catalog/Pages 2 0 R>>").object(3, &format!("<<{PAGE}>>")).finish();
    gone.expect(Forbidden, "signature-removed");
    let reused = catalog(Builder::signed(), "")
        .object(1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[10 0 R 20 0 R]/SigFlags 3>>>>");
    let reused = reused.object(20, "<</Type/Annot/Subtype/Widget/FT/Sig/T(Evil)/Rect[0 0 9 9]/P 3 0 R/V 11 0 R>>");
    page(reused, "20 0 R").finish().expect(Forbidden, "signature-value-reused");
}

#[test]
fn only_the_first_signature_certifies() {
    let late = Builder::signed().sign(20, "Signature2", &[10], &certification(2));
    late.expect(Forbidden, "certification-after-signature");
    let removed = {
        let builder = Builder::document().finish();
        let builder = catalog(builder, "/Perms<</DocMDP 11 0 R>>")
            .object(3, &format!("<<{PAGE}/Annots[10 0 R]>>"))
            .object(10, "<</Type/Annot/Subtype/Widget/FT/Sig/T(S)/Rect[0 0 0 0]/P 3 0 R/V 11 0 R>>")
            .signature(11, &certification(2))
            .finish();
        catalog(builder, "").finish()
    };
    removed.expect(Forbidden, "permissions-changed");
}

#[test]
fn markup_needs_level_3() {
    let place = |builder: Builder, subtype: &str, rectangle: &str| {
        page(builder, "20 0 R")
            .object(20, &format!("<</Type/Annot/Subtype/{subtype}/Rect[{rectangle}]/Contents(x)>>"))
            .finish()
    };
    let annotate = |builder: Builder, subtype: &str| place(builder, subtype, "60 700 540 730");
    annotate(Builder::certified(3), "Text").expect(Annotation, "annotation-added");
    annotate(Builder::certified(2), "Text").expect(Forbidden, "annotation-added");
    annotate(Builder::signed(), "Text").expect(Forbidden, "annotation-added");
    annotate(Builder::certified(3), "FreeText").expect(Suspicious, "annotation-covers");
    // A text box wholly within a margin covers nothing; one that reaches out of it may.
    place(Builder::certified(3), "FreeText", "20 20 120 40").expect(Annotation, "annotation-added");
    place(Builder::certified(3), "FreeText", "20 20 120 90").expect(Suspicious, "annotation-covers");
    place(Builder::certified(3), "FreeText", "20 20 20").expect(Suspicious, "annotation-covers");
    place(Builder::certified(2), "FreeText", "20 20 120 40").expect(Forbidden, "annotation-added");
    annotate(Builder::certified(3), "Screen").expect(Forbidden, "annotation-added");
    let removed = Builder::document().object(7, "<</Type/Annot/Subtype/Text/Rect[0 0 9 9]>>").finish();
    let removed = removed.sign(10, "Signature1", &[7], "");
    page(removed, "").finish().expect(Forbidden, "annotation-removed");
}

#[test]
fn the_security_store_may_grow() {
    let grown =
        || catalog(Builder::certified(1), "/DSS 20 0 R").object(20, "<</Certs[21 0 R]/VRI<</AB<</Cert[21 0 R]>>>>>>");
    let with = grown().stream(21, "", b"certificate").finish();
    with.expect(LongTermValidation, "security-store-updated");
    assert_eq!(with.open().security_store().certificates, [b"certificate".to_vec()]);
    catalog(with.clone(), "").finish().expect(Forbidden, "security-store");
    grown().object(21, "(no stream)").finish().expect(Forbidden, "security-store");
    catalog(Builder::signed(), "/DSS(text)").finish().expect(Forbidden, "security-store");
    // Its streams are not a way to overwrite page content.
    let content = catalog(Builder::signed(), "/DSS<</Certs[4 0 R]>>").stream(4, "", b"BT (Other) Tj ET").finish();
    content.expect(Forbidden, "stream-overwritten");
}

#[test]
fn catalog_entries_are_fixed() {
    catalog(Builder::signed(), "/OpenAction<</S/JavaScript/JS(x)>>").finish().expect(Forbidden, "catalog-entry");
    let bookkeeping =
        catalog(Builder::signed(), "/Version/2.0/Extensions<</ADBE<</BaseVersion/1.7/ExtensionLevel 8>>>>");
    assert_eq!(bookkeeping.finish().verdict().0, LongTermValidation);
    let information = Builder::signed().object(6, "<</Producer(other)/ModDate(D:2026)>>").finish();
    assert_eq!(information.verdict().0, LongTermValidation);
    Builder::signed().object(6, "<</Producer<</A 1>>>>").finish().expect(Suspicious, "information-dictionary");
    let xfa =
        Builder::signed().object(1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[10 0 R]/SigFlags 3/XFA(x)>>>>");
    xfa.finish().expect(Forbidden, "xfa-changed");
}

#[test]
fn metadata_must_be_metadata() {
    let update = |data: &[u8]| {
        catalog(Builder::signed(), "/Metadata 20 0 R").stream(20, "/Type/Metadata/Subtype/XML", data).finish()
    };
    assert_eq!(
        update(b"<?xpacket begin='' id='x'?><x:xmpmeta xmlns:x='adobe:ns:meta/'/>").verdict().0,
        LongTermValidation
    );
    assert_eq!(update(b"").verdict().0, LongTermValidation);
    update(b"<!DOCTYPE x [<!ENTITY a 'b'>]><x:xmpmeta/>").expect(Suspicious, "metadata-malformed");
    update(b"<html/>").expect(Suspicious, "metadata-malformed");
    // One stream as metadata and as page content: rewriting it changes the page.
    let shared = Builder::document().object(1, "<</Type/Catalog/Pages 2 0 R/Metadata 4 0 R>>").finish();
    let signed = catalog(shared, "/Metadata 4 0 R")
        .object(3, &format!("<<{PAGE}/Annots[10 0 R]>>"))
        .object(10, "<</Type/Annot/Subtype/Widget/FT/Sig/T(S)/Rect[0 0 0 0]/P 3 0 R/V 11 0 R>>")
        .signature(11, "")
        .finish();
    signed.stream(4, "", b"").finish().expect(Forbidden, "shared-object-overwritten");
}

#[test]
fn references_prepared_before_signing_stay_empty() {
    // The page draws object 99, which the signed document does not have.
    let prepared = Builder::document().object(3, "<</Type/Page/Parent 2 0 R/Contents[4 0 R 99 0 R]/Annots[10 0 R]>>");
    let signed = catalog(prepared, "")
        .object(10, "<</Type/Annot/Subtype/Widget/FT/Sig/T(S)/Rect[0 0 0 0]/P 3 0 R/V 11 0 R>>")
        .signature(11, "")
        .finish();
    assert_eq!(signed.verdict().0, None);
    let used = signed.stream(99, "", b"BT (More) Tj ET").finish();
    used.expect(Forbidden, "dangling-reference-filled");
}

#[test]
fn unused_objects_are_harmless_unless_they_are_structure() {
    Builder::signed().object(20, "(unused)").finish().expect(LongTermValidation, "unreferenced-object");
    Builder::signed().object(20, "<</Type/Catalog/Pages 21 0 R>>").finish().expect(Suspicious, "hidden-structure");
    Builder::signed().free(4).finish().expect(Forbidden, "object-removed");
}

#[test]
fn what_readers_read_differently_is_suspicious() {
    let twice =
        "<</Type/Page/Parent 2 0 R/Contents 20 0 R/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>/Annots[10 0 R]>>";
    let builder = Builder::signed().object(3, twice).finish();
    builder.expect(Suspicious, "readers-disagree");
}

#[test]
fn a_signature_over_the_page_is_suspicious() {
    let cover = |rectangle: &str| {
        let builder = Builder::signed()
            .object(1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[10 0 R 20 0 R]/SigFlags 3>>>>")
            .object(
                20,
                &format!(
                    "<</Type/Annot/Subtype/Widget/FT/Sig/T(B)/Rect[{rectangle}]/P 3 0 R/V 21 0 R/AP<</N 22 0 R>>>>"
                ),
            )
            .stream(22, "/Subtype/Form/BBox[0 0 1 1]", b"0 0 1 1 re f");
        page(builder, "20 0 R").signature(21, "").finish()
    };
    cover("0 0 595 842").expect(Suspicious, "signature-covers-page");
    cover("300 100 500 300").expect(FormFilling, "signature-field-added");
}

#[test]
fn an_unsigned_field_must_show_nothing() {
    let field = |content: &[u8]| {
        let builder = Builder::signed()
            .object(1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[10 0 R 20 0 R]/SigFlags 3>>>>")
            .object(20, "<</Type/Annot/Subtype/Widget/FT/Sig/T(B)/Rect[0 0 90 20]/P 3 0 R/AP<</N 22 0 R>>>>")
            .stream(22, "/Subtype/Form/BBox[0 0 90 20]", content);
        page(builder, "20 0 R").finish()
    };
    field(b"BT (1000) Tj ET").expect(Suspicious, "unsigned-appearance");
    field(b"\n").expect(FormFilling, "signature-field-added");
}

#[test]
fn tagged_documents_grow_with_their_widgets() {
    let tagged = Builder::document()
        .object(30, "<</Type/StructTreeRoot/K[31 0 R]/ParentTree 32 0 R/ParentTreeNextKey 1>>")
        .object(31, "<</Type/StructElem/S/Document/P 30 0 R/K[0]>>")
        .object(32, "<</Nums[0 31 0 R]>>")
        .object(1, "<</Type/Catalog/Pages 2 0 R/StructTreeRoot 30 0 R>>")
        .finish();
    let signed = catalog(tagged, "/StructTreeRoot 30 0 R")
        .object(3, &format!("<<{PAGE}/Annots[10 0 R]>>"))
        .object(10, "<</Type/Annot/Subtype/Widget/FT/Sig/T(S)/Rect[0 0 0 0]/P 3 0 R/V 11 0 R>>")
        .signature(11, "")
        .finish();
    let second = |elements: &str, numbers: &str| {
        let builder = signed
            .clone()
            .object(
                1,
                "<</Type/Catalog/Pages 2 0 R/StructTreeRoot 30 0 R/AcroForm<</Fields[10 0 R 20 0 R]/SigFlags 3>>>>",
            )
            .object(20, "<</Type/Annot/Subtype/Widget/FT/Sig/T(B)/Rect[0 0 9 9]/P 3 0 R/StructParent 1/V 21 0 R>>")
            .object(30, "<</Type/StructTreeRoot/K[31 0 R]/ParentTree 32 0 R/ParentTreeNextKey 2>>")
            .object(31, &format!("<</Type/StructElem/S/Document/P 30 0 R/K[{elements}]>>"))
            .object(32, &format!("<</Nums[{numbers}]>>"))
            .object(33, "<</Type/StructElem/S/Form/P 31 0 R/K<</Type/OBJR/Obj 20 0 R>>>>");
        page(builder, "20 0 R").signature(21, "").finish()
    };
    second("0 33 0 R", "0 31 0 R 1 33 0 R").expect(FormFilling, "signature-field-added");
    second("33 0 R", "0 31 0 R 1 33 0 R").expect(Forbidden, "structure-tree");
    second("0 33 0 R", "1 33 0 R").expect(Forbidden, "structure-tree");
}

#[test]
fn a_document_that_leaves_the_signed_one_out_of_its_chain_is_not_unsigned() {
    let mut builder = Builder::signed();
    let page = builder.data.len();
    builder.data.extend(b"3 0 obj\n<</Type/Page/Parent 2 0 R>>\nendobj\n");
    let pages = builder.data.len();
    builder.data.extend(b"2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n");
    let catalog = builder.data.len();
    builder.data.extend(b"1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n");
    let table = builder.data.len();
    let rows = format!("{catalog:010} 00000 n \n{pages:010} 00000 n \n{page:010} 00000 n \n");
    let text =
        format!("xref\n0 4\n0000000000 65535 f \n{rows}trailer\n<</Size 4/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n");
    builder.data.extend(text.bytes());
    builder.expect(Forbidden, "signature-removed");
}

#[test]
fn many_revisions_are_compared_one_by_one() {
    let mut builder = Builder::certified(2);
    let mut widgets = vec![10];
    for index in 0..24 {
        let number = 20 + 10 * index;
        builder = builder.sign(number, &format!("S{index}"), &widgets, "");
        widgets.push(number);
        builder = builder.object(6, &format!("<</Producer(revision {index})>>")).finish();
    }
    let file = builder.open();
    assert_eq!((file.revisions().len(), file.signature_fields().len()), (50, 25));
    let facts = file.modification(0);
    assert_eq!(facts.level, FormFilling);
    assert_eq!(facts.changes.iter().filter(|change| change.rule == "signature-field-added").count(), 24);
    // Every signature but the last has later ones behind it.
    assert_eq!(file.modification(23).level, FormFilling);
    assert_eq!(file.modification(24).level, LongTermValidation);
}

#[test]
fn what_the_signed_pages_show_is_compared_whatever_role_an_object_plays() {
    // The page tree as the kid of a new field.
    let smuggled = Builder::signed()
        .object(1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[10 0 R 20 0 R]/SigFlags 3>>>>")
        .object(20, "<</FT/Sig/T(g)/Kids[2 0 R]>>")
        .object(2, "<</Type/Pages/Count 1/Kids[21 0 R]/T(p)>>")
        .object(21, &format!("<<{PAGE}/T(x)/Annots[10 0 R]>>"))
        .finish();
    assert_eq!(smuggled.open().modification(0).level, Forbidden);
    // Freed content that a permitted entry refers to as well.
    catalog(Builder::signed(), "/DSS<</VRI<</A<</TU 4 0 R>>>>>>").free(4).finish().expect(Forbidden, "object-removed");
    // Another generation of the content, which no section lists.
    Builder::signed()
        .object(3, "<</Type/Page/Parent 2 0 R/Contents 4 1 R/Resources<</Font<</F1 5 0 R>>>>/Annots[10 0 R]>>")
        .finish()
        .expect(Forbidden, "page-content");
    // The benign twin: a destination in the catalog leads to a page that gained a signature.
    let opened = "/Type/Catalog/Pages 2 0 R/OpenAction[3 0 R/Fit]/AcroForm<</Fields[10 0 R 20 0 R]/SigFlags 3>>";
    let plain = Builder::signed().sign(20, "Signature2", &[10], "").open().modification(0);
    assert_eq!(plain.level, FormFilling);
    let added = Builder::signed().object(1, &format!("<<{opened}>>")).finish();
    assert!(added.open().modification(0).level >= Forbidden, "an action that was not there is no bookkeeping");
}

#[test]
fn an_object_in_a_second_role_is_not_explained_by_its_first() {
    // The document information as the page's resources.
    let shared = Builder::document().object(3, "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources 6 0 R>>").finish();
    let signed = catalog(shared, "")
        .object(3, "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources 6 0 R/Annots[10 0 R]>>")
        .object(10, "<</Type/Annot/Subtype/Widget/FT/Sig/T(S)/Rect[0 0 0 0]/P 3 0 R/V 11 0 R>>")
        .signature(11, "")
        .finish();
    signed.object(6, "<</Producer(other)>>").finish().expect(Forbidden, "shared-object-overwritten");
    // A text of /Info that takes the place of the page's font.
    let text = Builder::signed().object(6, "<</Producer 5 0 R>>").object(5, "(text)").finish();
    text.expect(Forbidden, "shared-object-overwritten");
    // The security store's dictionary as the font, in the later document alone.
    let store =
        catalog(Builder::signed(), "/DSS 20 0 R").object(20, "<</Certs[21 0 R]>>").stream(21, "", b"x").finish();
    assert_eq!(store.verdict().0, LongTermValidation);
    // Two fields of one page share an appearance dictionary; filling one changes the other.
    let field = |number: u32, value: &str| {
        format!("<</Type/Annot/Subtype/Widget/FT/Tx/T(f{number})/V({value})/Rect[10 10 90 30]/P 3 0 R/AP 9 0 R>>")
    };
    let two = Builder::document()
        .object(1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[7 0 R 17 0 R]>>>>")
        .object(7, &field(7, "a"))
        .object(17, &field(17, "b"))
        .object(9, "<</N 8 0 R>>")
        .stream(8, "/Type/XObject/Subtype/Form/BBox[0 0 80 20]", b"q Q")
        .finish()
        .sign(30, "Signature1", &[7, 17], "");
    let filled = two.object(7, &field(7, "c")).stream(8, "/Type/XObject/Subtype/Form/BBox[0 0 80 20]", b"0 0 9 9 re f");
    filled.finish().expect(Suspicious, "appearance-without-value");
}

#[test]
fn a_filled_field_shows_its_value() {
    let fill = |value: &str, flags: u32, shown: Option<&str>, font: &str| {
        let field = |value: &str, flags: u32, look: u32| {
            format!(
                "<</Type/Annot/Subtype/Widget/FT/Tx/T(name)/V({value})/F {flags}/Rect[10 10 90 30]/P 3 0 R\
                 /AP<</N {look} 0 R>>>>"
            )
        };
        let signed = Builder::form().object(7, &field("old", 4, 8)).finish().sign(10, "Signature1", &[7], "");
        let look = if shown.is_some() { 20 } else { 8 };
        let mut builder = signed.object(7, &field(value, flags, look));
        if let Some(shown) = shown {
            let form = "/Type/XObject/Subtype/Form/BBox[0 0 80 20]/Resources<</Font<</F1 21 0 R>>>>";
            builder = builder
                .stream(20, form, format!("BT /F1 9 Tf ({shown}) Tj ET").as_bytes())
                .object(21, &format!("<</Type/Font/Subtype/Type1/BaseFont/{font}>>"));
        }
        builder.finish()
    };
    fill("new 12", 4, Some("new 12"), "Helvetica").expect(FormFilling, "form-field-filled");
    // Cut off, or written letter by letter.
    fill("new text", 4, Some("new"), "Helvetica").expect(FormFilling, "form-field-filled");
    fill("new 12", 4, Some("new 92"), "Helvetica").expect(Suspicious, "appearance-without-value");
    fill("old ", 4, Some("new"), "Helvetica").expect(Suspicious, "appearance-without-value");
    // The codes of a subset say nothing without it.
    fill("new", 4, Some("%&1"), "ABCDEF+Arial").expect(FormFilling, "form-field-filled");
    fill("old ", 4, Some("%&1"), "ABCDEF+Arial").expect(Suspicious, "appearance-without-value");
    fill("new", 4, Option::None, "").expect(Suspicious, "value-without-appearance");
    fill("new", 6, Some("new"), "Helvetica").expect(Suspicious, "field-visibility");
}

#[test]
fn covers_add_up_over_revisions() {
    let mut builder = Builder::signed();
    let mut fields = vec![10];
    for (number, bottom) in [(20, 0), (30, 300), (40, 600)] {
        fields.push(number);
        let all: String = fields.iter().map(|number| format!("{number} 0 R ")).collect();
        builder = builder
            .object(1, &format!("<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[{all}]/SigFlags 3>>>>"))
            .object(3, &format!("<<{PAGE}/Annots[{all}]>>"))
            .object(
                number,
                &format!(
                    "<</Type/Annot/Subtype/Widget/FT/Sig/T(S{number})/Rect[0 {bottom} 595 {}]/P 3 0 R/V {} 0 R/AP<</N 12 0 R>>>>",
                    bottom + 170,
                    number + 1
                ),
            )
            .signature(number + 1, "")
            .finish();
    }
    builder.expect(Suspicious, "signature-covers-page");
    // Each signature is asked about what came behind it.
    assert_eq!(builder.open().modification(1).level, FormFilling);
}

#[test]
fn a_skipped_signature_is_listed_and_gone() {
    // The second signer continues the unsigned document and takes number and name of the first.
    let unsigned = Builder::document().finish();
    let first = unsigned.clone().sign(10, "Signature1", &[], "");
    let mut beside = unsigned;
    beside.data = first.data;
    let second = beside.sign(10, "Signature1", &[], "");
    let file = second.open();
    assert_eq!(file.signature_fields().len(), 2);
    assert_eq!(file.modification(0).level, Forbidden);
    assert_eq!(file.modification(1).level, None);
}
