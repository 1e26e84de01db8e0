//! Builds small PDFs for tests: revisions, signatures, updates.

use super::{PdfFile, open};
use crate::limits::Limits;
use crate::model::{ModificationFacts, ModificationLevel, RangeLayout};

/// Digits reserved for /Contents.
const CONTENTS: usize = 64;

/// A file under construction.
#[derive(Clone)]
pub(super) struct Builder {
    pub(super) data: Vec<u8>,
    entries: Vec<(u32, Option<usize>)>,
    previous: Option<usize>,
    size: u32,
    /// Offsets of the /ByteRange placeholder and of the /Contents token of a signature to complete.
    pending: Option<(usize, usize)>,
    pub(super) trailer: String,
}

impl Builder {
    pub(super) fn new() -> Self {
        Self {
            data: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec(),
            entries: Vec::new(),
            previous: None,
            size: 1,
            pending: None,
            trailer: String::new(),
        }
    }

    /// One page with a text, its font, an image-free content stream: objects 1 to 6.
    pub(super) fn document() -> Self {
        Self::new()
            .object(1, "<</Type/Catalog/Pages 2 0 R>>")
            .object(2, "<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 595 842]>>")
            .object(3, "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>")
            .stream(4, "", b"BT /F1 12 Tf 72 700 Td (Hello) Tj ET")
            .object(5, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>")
            .object(6, "<</Producer(test)>>")
    }

    /// A document with a text field `name` (object 7, appearance 8) beside the page's text.
    pub(super) fn form() -> Self {
        Self::document()
            .object(1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[7 0 R]>>>>")
            .object(3, "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>/Annots[7 0 R]>>")
            .object(7, "<</Type/Annot/Subtype/Widget/FT/Tx/T(name)/V(old)/Rect[10 10 90 30]/P 3 0 R/AP<</N 8 0 R>>>>")
            .stream(8, "/Type/XObject/Subtype/Form/BBox[0 0 80 20]", b"(old) Tj")
            .finish()
    }

    pub(super) fn object(mut self, number: u32, body: &str) -> Self {
        self.entries.retain(|(other, _)| *other != number);
        self.entries.push((number, Some(self.data.len())));
        self.size = self.size.max(number + 1);
        self.data.extend(format!("{number} 0 obj\n{body}\nendobj\n").bytes());
        self
    }

    pub(super) fn stream(mut self, number: u32, dictionary: &str, data: &[u8]) -> Self {
        self.entries.push((number, Some(self.data.len())));
        self.size = self.size.max(number + 1);
        self.data.extend(format!("{number} 0 obj\n<<{dictionary}/Length {}>>\nstream\n", data.len()).bytes());
        self.data.extend(data);
        self.data.extend(b"\nendstream\nendobj\n");
        self
    }

    pub(super) fn free(mut self, number: u32) -> Self {
        self.entries.push((number, None));
        self
    }

    /// Raw bytes that no cross-reference section lists.
    pub(super) fn raw(mut self, bytes: &[u8]) -> Self {
        self.data.extend(bytes);
        self
    }

    /// A signature dictionary whose range is completed by `finish`.
    pub(super) fn signature(mut self, number: u32, extra: &str) -> Self {
        self.entries.push((number, Some(self.data.len())));
        self.size = self.size.max(number + 1);
        self.data.extend(
            format!("{number} 0 obj\n<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/adbe.pkcs7.detached{extra}").bytes(),
        );
        self.data.extend(b"/ByteRange");
        let range = self.data.len();
        self.data.extend([b' '; 40]);
        self.data.extend(b"/Contents");
        let contents = self.data.len();
        self.data.extend(b"<3003020101");
        self.data.extend([b'0'; CONTENTS - 10]);
        self.data.extend(b">>>\nendobj\n");
        self.pending = Some((range, contents));
        self
    }

    /// Writes the cross-reference table and completes a signature.
    pub(super) fn finish(mut self) -> Self {
        let start = self.data.len();
        let mut entries = std::mem::take(&mut self.entries);
        entries.sort_by_key(|(number, _)| *number);
        let mut table = String::from("xref\n0 1\n0000000000 65535 f \n");
        for (number, offset) in entries {
            match offset {
                Some(offset) => table.push_str(&format!("{number} 1\n{offset:010} 00000 n \n")),
                None => table.push_str(&format!("{number} 1\n0000000000 00001 f \n")),
            }
        }
        let previous = self.previous.map(|offset| format!("/Prev {offset}")).unwrap_or_default();
        let trailer = &self.trailer;
        let size = self.size;
        table.push_str(&format!(
            "trailer\n<</Size {size}/Root 1 0 R/Info 6 0 R{previous}{trailer}>>\nstartxref\n{start}\n%%EOF\n"
        ));
        self.data.extend(table.bytes());
        self.previous = Some(start);
        self.complete()
    }

    fn complete(mut self) -> Self {
        if let Some((range, contents)) = self.pending.take() {
            let behind = contents + CONTENTS + 2;
            let numbers = format!("[0 {contents} {behind} {}]", self.data.len() - behind);
            self.data[range..range + numbers.len()].copy_from_slice(numbers.as_bytes());
        }
        self
    }

    /// An update that signs: a new field `name` (`number`, value `number + 1`, appearance `number + 2`),
    /// listed after the widgets `others`.
    pub(super) fn sign(self, number: u32, name: &str, others: &[u32], extra: &str) -> Self {
        let fields: String = others.iter().chain([&number]).map(|number| format!("{number} 0 R ")).collect();
        let value = number + 1;
        let appearance = number + 2;
        self.object(1, &format!("<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[{fields}]/SigFlags 3>>>>"))
            .object(
                3,
                &format!("<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>/Annots[{fields}]>>"),
            )
            .object(
                number,
                &format!(
                    "<</Type/Annot/Subtype/Widget/FT/Sig/T({name})/F 132/Rect[100 100 200 150]/P 3 0 R\
                     /V {value} 0 R/AP<</N {appearance} 0 R>>>>"
                ),
            )
            .stream(appearance, "/Type/XObject/Subtype/Form/BBox[0 0 100 50]", b"q Q")
            .signature(value, extra)
            .finish()
    }

    /// The document signed once by field `Signature1` (objects 10 to 12).
    pub(super) fn signed() -> Self {
        Self::document().finish().sign(10, "Signature1", &[], "")
    }

    /// The same, certified with DocMDP level `level`.
    pub(super) fn certified(level: u8) -> Self {
        Self::document().finish().sign(10, "Signature1", &[], &certification(level))
    }

    pub(super) fn open(&self) -> PdfFile<'_> {
        open(&self.data, &Limits::default()).unwrap()
    }

    /// What later revisions did to the first signature.
    pub(super) fn modification(&self) -> ModificationFacts {
        let file = self.open();
        let exact = file.signature_fields().iter().position(|field| field.byte_range.layout == RangeLayout::Exact);
        file.modification(exact.expect("an intact signature must be found"))
    }

    /// Level and the rules at that level.
    pub(super) fn verdict(&self) -> (ModificationLevel, Vec<String>) {
        let facts = self.modification();
        let rules = facts.changes.iter().filter(|change| change.level == facts.level);
        (facts.level, rules.map(|change| change.rule.clone()).collect())
    }

    /// Asserts the level, and that `rule` is among those that led to it.
    #[track_caller]
    pub(super) fn expect(&self, level: ModificationLevel, rule: &str) {
        let verdict = self.verdict();
        assert_eq!(verdict.0, level, "{:#?}", self.modification());
        assert!(verdict.1.iter().any(|found| found == rule), "{rule} not in {:?}", verdict.1);
    }
}

/// /Reference entry of a certifying signature.
pub(super) fn certification(level: u8) -> String {
    format!(
        "/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</Type/TransformParams/V/1.2/P {level}>>>>]"
    )
}
