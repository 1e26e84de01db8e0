//! One signed PDF: a page in the Decree 30 layout, a bulky picture page, signatures as incremental
//! updates.

use super::Random;
use super::cms::{Moment, Signer, Signers};
use flate2::{Compression, write::ZlibEncoder};
use ring::digest::{SHA256, digest};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write as _};

/// Hexadecimal digits reserved for a CMS.
const RESERVED: usize = 12_000;

/// What to make.
pub(crate) struct Plan {
    pub(crate) number: u64,
    pub(crate) unit: &'static str,
    pub(crate) day: u8,
    pub(crate) month: u8,
    /// Size aimed at.
    pub(crate) bytes: usize,
    pub(crate) agency_signature: bool,
    pub(crate) timestamped: bool,
}

/// The finished file.
pub(crate) fn signed(plan: &Plan, signers: &Signers, random: &mut Random) -> io::Result<Vec<u8>> {
    let mut file = File::new(plan, random);
    let at = Moment { month: plan.month, day: plan.day };
    file.sign(&signers.person, signers, &at, plan.timestamped)?;
    if plan.agency_signature {
        file.sign(&signers.agency, signers, &at, plan.timestamped)?;
    }
    Ok(file.bytes)
}

/// A document with `revisions` updates; `signatures` of them sign, the others add validation data. `objects` more
/// objects stand in the first revision and never change.
pub(crate) fn many_revisions(revisions: u32, signatures: u32, objects: u32, signers: &Signers) -> io::Result<Vec<u8>> {
    let plan =
        Plan { number: 1, unit: "VP", day: 1, month: 9, bytes: 100_000, agency_signature: false, timestamped: true };
    let mut file = File::with_objects(&plan, &mut Random(1), objects);
    let at = Moment { month: plan.month, day: plan.day };
    let mut signed = 0_u32;
    for revision in 1..=revisions {
        // Spread evenly, the first update signs.
        if u64::from(signed) * u64::from(revisions) < u64::from(revision) * u64::from(signatures) {
            file.sign(&signers.person, signers, &at, signed.is_multiple_of(2))?;
            signed += 1;
        } else {
            file.add_validation_data();
        }
    }
    Ok(file.bytes)
}

struct File {
    bytes: Vec<u8>,
    offsets: BTreeMap<u32, usize>,
    previous: usize,
    fields: Vec<u32>,
    /// Streams of the security store.
    store: Vec<u32>,
    next: u32,
}

impl File {
    fn new(plan: &Plan, random: &mut Random) -> Self {
        Self::with_objects(plan, random, 0)
    }

    /// Revision 0: catalog 1, pages 2, page 3, content 4, font 5..9, picture page 10..12.
    fn with_objects(plan: &Plan, random: &mut Random, objects: u32) -> Self {
        let mut file = Self {
            bytes: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec(),
            offsets: BTreeMap::new(),
            previous: 0,
            fields: vec![],
            store: vec![],
            next: 13,
        };
        let (content, to_unicode) = page(plan);
        file.object(1, b"<< /Type /Catalog /Pages 2 0 R >>");
        file.object(2, b"<< /Type /Pages /Kids [3 0 R 10 0 R] /Count 2 >>");
        file.object(
            3,
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        );
        file.stream(4, "", &content, true);
        file.object(5, b"<< /Type /Font /Subtype /Type0 /BaseFont /AAAAAA+Tinos /Encoding /Identity-H /DescendantFonts [6 0 R] /ToUnicode 9 0 R >>");
        file.object(6, b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /AAAAAA+Tinos /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /DW 500 /FontDescriptor 7 0 R >>");
        file.object(7, b"<< /Type /FontDescriptor /FontName /AAAAAA+Tinos /Flags 4 /FontBBox [0 0 1000 1000] /ItalicAngle 0 /Ascent 900 /Descent -200 /CapHeight 700 /StemV 80 /FontFile2 8 0 R >>");
        let noise = |length: usize, random: &mut Random| -> Vec<u8> {
            (0..length.div_ceil(8)).flat_map(|_| random.next().to_le_bytes()).take(length).collect()
        };
        let font = noise(24_000, random);
        file.stream(8, "/Length1 24000", &font, false);
        file.stream(9, "", to_unicode.as_bytes(), true);
        file.object(10, b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 11 0 R /Resources << /XObject << /I 12 0 R >> >> >>");
        file.stream(11, "", b"q 595 0 0 842 0 0 cm /I Do Q", false);
        let picture = noise(plan.bytes.saturating_sub(file.bytes.len() + 16_000), random);
        file.stream(
            12,
            "/Type /XObject /Subtype /Image /Width 1654 /Height 2339 /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /DCTDecode",
            &picture,
            false,
        );
        for _ in 0..objects {
            let number = file.next;
            file.next += 1;
            file.object(
                number,
                format!("<< /Entries [1 2 3] /Link {} 0 R /Text (unchanged) >>", number - 1).as_bytes(),
            );
        }
        file.finish();
        file
    }

    fn object(&mut self, number: u32, body: &[u8]) {
        self.offsets.insert(number, self.bytes.len());
        let _ = writeln!(self.bytes, "{number} 0 obj");
        self.bytes.extend(body);
        self.bytes.extend(b"\nendobj\n");
    }

    fn stream(&mut self, number: u32, entries: &str, data: &[u8], compress: bool) {
        let (data, filter) = if compress {
            let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
            let _ = encoder.write_all(data);
            (encoder.finish().unwrap_or_default(), "/Filter /FlateDecode ")
        } else {
            (data.to_vec(), "")
        };
        let mut body = format!("<< {entries} {filter}/Length {} >>\nstream\n", data.len()).into_bytes();
        body.extend(data);
        body.extend(b"\nendstream");
        self.object(number, &body);
    }

    /// Cross-reference table of the objects written since the last one, and trailer.
    fn finish(&mut self) {
        let start = self.bytes.len();
        let mut table = String::from("xref\n");
        if self.previous == 0 {
            table.push_str("0 1\n0000000000 65535 f \n");
        }
        for (number, offset) in &self.offsets {
            let _ = write!(table, "{number} 1\n{offset:010} 00000 n \n");
        }
        let previous = if self.previous == 0 { String::new() } else { format!(" /Prev {}", self.previous) };
        let _ = write!(table, "trailer\n<< /Size {} /Root 1 0 R{previous} >>\nstartxref\n{start}\n%%EOF\n", self.next);
        self.bytes.extend(table.as_bytes());
        self.previous = start;
        self.offsets.clear();
    }

    /// The catalog as it now is.
    fn catalog(&mut self) {
        let fields = references(&self.fields);
        let permissions =
            self.fields.first().map(|first| format!(" /Perms << /DocMDP {} 0 R >>", first + 1)).unwrap_or_default();
        let store = match self.store.as_slice() {
            [] => String::new(),
            store => format!(" /DSS << /Certs [{}] >>", references(store)),
        };
        let body = format!(
            "<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [{fields}] /SigFlags 3 >>{permissions}{store} >>"
        );
        self.object(1, body.as_bytes());
    }

    /// One more revision: a stream of the security store.
    fn add_validation_data(&mut self) {
        let number = self.next;
        self.next += 1;
        self.store.push(number);
        self.stream(number, "", format!("certificate {number}").as_bytes(), true);
        self.catalog();
        self.finish();
    }

    /// One more revision: a signature field with its widget; the first one certifies (P=2).
    fn sign(&mut self, signer: &Signer, signers: &Signers, at: &Moment, timestamped: bool) -> io::Result<()> {
        let (field, value, appearance) = (self.next, self.next + 1, self.next + 2);
        self.next += 3;
        let first = self.fields.is_empty();
        self.fields.push(field);
        let references = references(&self.fields);
        let certifies = if first {
            "/Reference [<< /Type /SigRef /TransformMethod /DocMDP /TransformParams << /Type /TransformParams /P 2 /V /1.2 >> >>]"
        } else {
            ""
        };
        self.catalog();
        self.object(3, format!("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> /Annots [{references}] >>").as_bytes());
        self.object(field, format!("<< /Type /Annot /Subtype /Widget /FT /Sig /T (Signature{}) /F 132 /P 3 0 R /Rect [350 120 450 170] /AP << /N {appearance} 0 R >> /V {value} 0 R >>", self.fields.len()).as_bytes());
        self.stream(appearance, "/Type /XObject /Subtype /Form /BBox [0 0 100 50]", b"0 0 1 RG 1 1 98 48 re S", false);
        self.offsets.insert(value, self.bytes.len());
        let _ = write!(
            self.bytes,
            "{value} 0 obj\n<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /adbe.pkcs7.detached {certifies} /M (D:2026{:02}{:02}100000+07'00') /Contents <",
            at.month, at.day
        );
        let gap = self.bytes.len() - 1;
        self.bytes.extend(std::iter::repeat_n(b'0', RESERVED));
        let after = self.bytes.len() + 1;
        let _ = write!(self.bytes, "> /ByteRange [0 {gap:010} {after:010} ");
        let length_at = self.bytes.len();
        let _ = writeln!(self.bytes, "0000000000] >>\nendobj");
        self.finish();
        let length = format!("{:010}", self.bytes.len() - after);
        self.bytes[length_at..length_at + 10].copy_from_slice(length.as_bytes());
        let mut covered = self.bytes[..gap].to_vec();
        covered.extend(&self.bytes[after..]);
        let cms = signers.sign(signer, digest(&SHA256, &covered).as_ref(), at, timestamped)?;
        if cms.len() * 2 > RESERVED {
            return Err(io::Error::other("the CMS does not fit the space reserved for it"));
        }
        for (index, byte) in cms.iter().enumerate() {
            let hex = format!("{byte:02x}");
            self.bytes[gap + 1 + 2 * index..gap + 3 + 2 * index].copy_from_slice(hex.as_bytes());
        }
        Ok(())
    }
}

fn references(numbers: &[u32]) -> String {
    numbers.iter().map(|number| format!("{number} 0 R ")).collect()
}

/// Content of page 1 and the ToUnicode map of its font (glyph ids are Unicode code points).
fn page(plan: &Plan) -> (Vec<u8>, String) {
    let date = format!("An Bình, ngày {:02} tháng {:02} năm 2026", plan.day, plan.month);
    let number = format!("Số: {}/SNV-{}", plan.number, plan.unit);
    let archive = format!("- Lưu: VT, {}.", plan.unit);
    let subject = format!("V/v thực hiện nhiệm vụ số {}", plan.number);
    let mut lines: Vec<(f32, f32, f32, &str)> = vec![
        (85.0, 780.0, 12.0, "UBND TỈNH AN BÌNH"),
        (100.0, 764.0, 12.0, "SỞ NỘI VỤ"),
        (290.0, 780.0, 12.0, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        (340.0, 764.0, 13.0, "Độc lập - Tự do - Hạnh phúc"),
        (100.0, 738.0, 13.0, &number),
        (320.0, 738.0, 13.0, &date),
        (85.0, 722.0, 12.0, &subject),
    ];
    let body = "Thực hiện chỉ đạo của Ủy ban nhân dân tỉnh, Sở Nội vụ đề nghị các đơn vị triển khai thực hiện.";
    for line in 0..26u8 {
        lines.push((85.0, 680.0 - 18.0 * f32::from(line), 13.0, body));
    }
    lines.extend([
        (85.0, 150.0, 12.0, "Nơi nhận:"),
        (85.0, 136.0, 11.0, "- Như trên;"),
        (85.0, 122.0, 11.0, archive.as_str()),
        (360.0, 190.0, 13.0, "GIÁM ĐỐC"),
        (360.0, 100.0, 13.0, "Đặng Văn Khoa"),
    ]);
    let mut content = String::from("BT\n");
    let mut used: Vec<char> = Vec::new();
    for (x, y, size, text) in lines {
        let _ = write!(content, "/F1 {size} Tf 1 0 0 1 {x} {y} Tm <");
        for character in text.chars() {
            let _ = write!(content, "{:04x}", u32::from(character));
            used.push(character);
        }
        content.push_str("> Tj\n");
    }
    content.push_str("ET\n");
    used.sort_unstable();
    used.dedup();
    let mut map = String::from(
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def /CMapType 2 def\n\
         1 begincodespacerange <0000> <ffff> endcodespacerange\n",
    );
    for part in used.chunks(100) {
        let _ = writeln!(map, "{} beginbfchar", part.len());
        for character in part {
            let _ = writeln!(map, "<{0:04x}> <{0:04x}>", u32::from(*character));
        }
        map.push_str("endbfchar\n");
    }
    map.push_str("endcmap end end\n");
    (content.into_bytes(), map)
}
