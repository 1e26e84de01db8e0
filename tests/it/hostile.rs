//! Files made to take memory or time without end. None may be judged, and none may take either: bounded by the
//! limits, which are named. Time is not asserted; a file that is not bounded does not come back.

use soat::container;
use soat::limits::Limits;
use soat::model::{Content, NotAssessed, StructureNote};
use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::Arc;

/// A file under construction: numbered bodies and a table at the end.
struct File {
    bytes: Vec<u8>,
    offsets: Vec<(u32, usize)>,
}

impl File {
    /// With these objects; 1 is the catalog.
    fn new(objects: &[(u32, Vec<u8>)]) -> Self {
        let mut file = Self { bytes: b"%PDF-1.7\n".to_vec(), offsets: Vec::new() };
        for (number, body) in objects {
            file.object(*number, body);
        }
        file
    }

    fn object(&mut self, number: u32, body: &[u8]) {
        self.offsets.push((number, self.bytes.len()));
        self.bytes.extend(format!("{number} 0 obj\n").bytes());
        self.bytes.extend(body);
        self.bytes.extend(b"\nendobj\n");
    }

    fn finish(mut self, trailer: &str) -> Vec<u8> {
        let start = self.bytes.len();
        let mut table = "xref\n".to_owned();
        for (number, offset) in &self.offsets {
            write!(table, "{number} 1\n{offset:010} 00000 n\r\n").unwrap();
        }
        write!(table, "trailer\n<</Size 9999/Root 1 0 R{trailer}>>\nstartxref\n{start}\n%%EOF\n").unwrap();
        self.bytes.extend(table.bytes());
        self.bytes
    }
}

/// One page, and what the catalog and further objects add.
fn document(catalog: &str, objects: &[(u32, Vec<u8>)]) -> Vec<u8> {
    let mut all = vec![
        (1, format!("<</Type/Catalog/Pages 2 0 R{catalog}>>").into_bytes()),
        (2, b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec()),
        (3, b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>".to_vec()),
    ];
    all.extend_from_slice(objects);
    File::new(&all).finish("")
}

fn stream(entries: &str, data: &[u8]) -> Vec<u8> {
    [format!("<<{entries}/Length {}>>\nstream\n", data.len()).as_bytes(), data, b"\nendstream"].concat()
}

fn deflate(data: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

/// Bounds at which a test is quick: a tenth of the default ones.
fn limits() -> Limits {
    Limits {
        inflated_stream_bytes: 4 << 20,
        inflated_total_bytes: 16 << 20,
        cross_reference_bytes: 2 << 20,
        structure_bytes: 16 << 20,
        objects: 100_000,
        steps: 500_000,
        ..Limits::default()
    }
}

fn content(data: Vec<u8>) -> Content {
    container::extract(&Arc::new(data), &limits()).facts.content
}

/// The limit that kept the file from being judged.
#[track_caller]
fn limit(data: Vec<u8>) -> String {
    match content(data) {
        Content::NotAssessed(NotAssessed::Limit(hit)) => hit.limit,
        other => panic!("no limit: {:.200}", format!("{other:?}")),
    }
}

#[test]
fn names_that_many_fields_inherit() {
    let kids = |count: u32| (0..count).map(|kid| format!("{} 0 R ", 20 + kid)).collect::<String>();
    let bomb = |length: usize, count: u32| {
        let mut objects =
            vec![(10, format!("<</FT/Sig/T({})/Kids[{}]>>", "a".repeat(length), kids(count)).into_bytes())];
        objects.extend((0..count).map(|kid| (20 + kid, b"<</T(k)>>".to_vec())));
        document("/AcroForm<</Fields[10 0 R]>>", &objects)
    };
    assert_eq!(limit(bomb(100_000, 300)), "field_name_bytes");
    assert_eq!(limit(bomb(30_000, 3_000)), "structure_bytes");
}

#[test]
fn ancestors_of_many_fields() {
    let mut objects: Vec<_> =
        (0..100).map(|depth| (10 + depth, format!("<</T(a)/Kids[{} 0 R]>>", 11 + depth).into_bytes())).collect();
    objects.push((110, format!("<</T(z)/Kids[{}]>>", "<</T()>>".repeat(20_000)).into_bytes()));
    assert_eq!(limit(document("/AcroForm<</Fields[10 0 R]>>", &objects)), "structure_bytes");
}

#[test]
fn values_that_many_fields_inherit() {
    let value = "0 ".repeat(10_000);
    let kids = "<</T(k)>>".repeat(500);
    let form = format!("/AcroForm<</Fields[<</T(a)/FT/Tx/V[{value}]/Kids[{kids}]>>]>>");
    assert_eq!(limit(document(&form, &[])), "structure_bytes");
}

#[test]
fn direct_fields_within_fields() {
    let mut field = format!("<</T(a)/V[{}]>>", "0 ".repeat(50_000));
    for _ in 0..100 {
        field = format!("<</T(a)/Kids[{field}]>>");
    }
    assert_eq!(limit(document(&format!("/AcroForm<</Fields[{field}]>>"), &[])), "structure_bytes");
}

#[test]
fn lists_of_annotations_that_many_pages_share() {
    let pages = 3_000_u32;
    let kids = (0..pages).map(|page| format!("{} 0 R ", 20 + page)).collect::<String>();
    let mut objects = vec![
        (2, format!("<</Type/Pages/Kids[{kids}]/Count {pages}>>").into_bytes()),
        (10, format!("[{}]", "11 0 R ".repeat(3_000)).into_bytes()),
        (11, b"<</Subtype/Link>>".to_vec()),
    ];
    objects.extend((0..pages).map(|page| (20 + page, b"<</Type/Page/Annots 10 0 R>>".to_vec())));
    assert_eq!(limit(document("", &objects)), "steps");
}

#[test]
fn filters_that_blow_up() {
    let zeros = vec![b' '; 5 << 20];
    let twice = deflate(&deflate(&zeros));
    let run = [129_u8, b' '].repeat(40_000);
    let entries = |filter: &str| format!("/Type/ObjStm/N 1/First 4/Filter{filter}");
    for (filter, data) in [
        ("/FlateDecode", deflate(&zeros)),
        ("[/FlateDecode/FlateDecode]", twice),
        ("/RunLengthDecode", run),
        ("/FlateDecode/DecodeParms<</Predictor 12/Columns 5000000>>", deflate(&zeros)),
    ] {
        let listed = document("", &[(10, stream(&entries(filter), &data))]);
        assert!(limit(listed).starts_with("inflated"), "{filter}");
    }
    // More filters than any real stream has, and a row longer than the data, are no limits: the stream is not read.
    let many = format!("[{}]", "/FlateDecode".repeat(400));
    assert!(matches!(content(document("", &[(10, stream(&entries(&many), b"x"))])), Content::Pdf(_)));
    let wide = "/FlateDecode/DecodeParms<</Predictor 12/Columns 9223372036854775807>>";
    assert!(matches!(content(document("", &[(10, stream(&entries(wide), &deflate(b"x")))])), Content::Pdf(_)));
}

#[test]
fn objects_inflated_beyond_what_they_may_take() {
    // 3 MB of small dictionaries, some fifty times as large when they are read.
    let body = deflate(format!("4 0 [{}]", "<</A 1>>".repeat(390_000)).as_bytes());
    let mut file = File::new(&[
        (1, b"<</Type/Catalog/Pages 2 0 R/AcroForm 4 0 R>>".to_vec()),
        (2, b"<</Type/Pages/Kids[]/Count 0>>".to_vec()),
        (5, stream("/Type/ObjStm/N 1/First 4/Filter/FlateDecode", &body)),
    ]);
    let start = file.bytes.len();
    let mut rows = Vec::new();
    for (_, offset) in &file.offsets {
        rows.extend([[1].as_slice(), &u32::try_from(*offset).unwrap().to_be_bytes(), &[0]].concat());
    }
    rows.extend([2, 0, 0, 0, 5, 0]);
    let entries = "/Type/XRef/Size 6/W[1 4 1]/Index[1 2 5 1 4 1]/Root 1 0 R";
    file.object(6, &stream(entries, &rows));
    file.bytes.extend(format!("startxref\n{start}\n%%EOF\n").bytes());
    assert_eq!(limit(file.bytes), "structure_bytes");
}

#[test]
fn many_chains_over_one_large_section() {
    let mut bytes = document("", &[]);
    let big = bytes.len();
    let first = bytes.windows(5).position(|part| part == b"xref\n").unwrap();
    let rows = deflate(&deflate(&vec![0; 1 << 20]));
    let filters = "/Filter[/FlateDecode/FlateDecode]";
    let entries = format!("/Type/XRef/Size 9/Index[8 1]/W[1 4 1]/Root 1 0 R/Prev {first}{filters}");
    bytes.extend(b"50 0 obj\n");
    bytes.extend(stream(&entries, &rows));
    bytes.extend(format!("\nendobj\nstartxref\n{big}\n%%EOF\n").bytes());
    for _ in 0..900 {
        let at = bytes.len();
        let section = format!("xref\n0 0\ntrailer\n<</Size 60/Root 1 0 R/Prev {big}>>\nstartxref\n{at}\n%%EOF\n");
        bytes.extend(section.bytes());
    }
    assert!(matches!(content(bytes), Content::Pdf(_)), "the section is inflated once");
}

#[test]
fn sections_that_share_one_trailer() {
    // Each section begins in a comment of the one before; all of them read the same large trailer.
    let mut bytes = document("", &[]);
    let tail = format!("<</Size 9/Root 1 0 R/A[{}]", "0 ".repeat(100_000));
    let mut starts = Vec::new();
    bytes.extend(b"% ");
    for _ in 0..50 {
        starts.push(bytes.len());
        let previous = starts.len().checked_sub(2).map_or(0, |index| starts[index]);
        bytes.extend(format!("xref 0 0 trailer<</Prev {previous}/X% ").bytes());
    }
    bytes.extend(b"\n");
    bytes.extend(tail.bytes());
    bytes.extend(format!(">>>>\nstartxref\n{}\n%%EOF\n", starts[49]).bytes());
    assert_eq!(limit(bytes), "structure_bytes");
}

#[test]
fn chains_loop_and_point_anywhere() {
    for previous in ["0", "9", "-1", "4294967296", "9223372036854775807", "1e300"] {
        let bytes = File::new(&[
            (1, b"<</Type/Catalog/Pages 2 0 R>>".to_vec()),
            (2, b"<</Type/Pages/Kids[2 0 R 1 0 R 2 0 R]/Parent 2 0 R/Count -1>>".to_vec()),
        ]);
        let _ = content(bytes.finish(&format!("/Prev {previous}")));
    }
    let own = File::new(&[(1, b"<</Type/Catalog/Pages 1 0 R/Kids[1 0 R]>>".to_vec())]);
    let start = own.bytes.len();
    let _ = content(own.finish(&format!("/Prev {start}")));
}

#[test]
fn fields_and_widgets_in_circles() {
    let objects = [
        (10, b"<</T(a)/FT/Sig/Kids[11 0 R]/Parent 11 0 R>>".to_vec()),
        (11, b"<</T(b)/Kids[10 0 R 11 0 R]/Parent 10 0 R/V 11 0 R>>".to_vec()),
        (3, b"<</Type/Page/Parent 2 0 R/Annots[10 0 R 11 0 R]>>".to_vec()),
    ];
    assert!(matches!(content(document("/AcroForm<</Fields[10 0 R 11 0 R]>>", &objects)), Content::Pdf(_)));
}

#[test]
fn nesting_without_end() {
    let deep = format!("/A{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let _ = content(document(&deep, &[]));
    let _ = content(document(&format!("/A{}", "<</A".repeat(100_000)), &[]));
    let levels = 300_u32;
    let pages: Vec<_> = (0..levels)
        .map(|level| (20 + level, format!("<</Type/Pages/Kids[{} 0 R]>>", 21 + level).into_bytes()))
        .chain([(2, b"<</Type/Pages/Kids[20 0 R]>>".to_vec())])
        .collect();
    assert_eq!(limit(document("", &pages)), "depth");
}

#[test]
fn more_objects_than_may_be() {
    let table = format!("xref\n0 4294967295\n{}", "0000000009 00000 n\r\n".repeat(100_001));
    let start = 9;
    let bytes = format!("%PDF-1.7\n{table}trailer\n<</Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n");
    assert_eq!(limit(bytes.into_bytes()), "objects");
    // The same without sections: objects are looked for.
    let scattered: String = (1..=100_001).map(|number| format!("{number} 0 obj 1 endobj\n")).collect();
    assert_eq!(limit(format!("%PDF-1.7\n{scattered}startxref\n0\n%%EOF\n").into_bytes()), "objects");
}

#[test]
fn objects_within_objects_that_never_end() {
    for body in ["( ", "<<>> stream\n"] {
        let objects: String = (1..50_000).map(|number| format!("{number} 0 obj {body}")).collect();
        assert_eq!(limit(format!("%PDF-1.7\n{objects}\n%%EOF\n").into_bytes()), "steps", "{body}");
    }
    // Sound itself, but a reader that looks for objects would be led into it.
    assert_eq!(limit(document("", &[(10, "1 0 obj ( ".repeat(50_000).into_bytes())])), "steps");
}

#[test]
fn lengths_that_are_claimed_only() {
    for length in ["9223372036854775807", "-1", "99999999999999999999999", "4294967296", "10 0 R"] {
        let body = format!("<</Length {length}/Filter/FlateDecode>>\nstream\nx\nendstream").into_bytes();
        assert!(matches!(content(document("/Metadata 10 0 R", &[(10, body)])), Content::Pdf(_)), "{length}");
    }
    let _ = content(document("", &[(10, b"(never closed".to_vec())]));
}

#[test]
fn a_repeated_key_is_told() {
    let Content::Pdf(facts) = content(document("/Pages 3 0 R", &[])) else { panic!("a document") };
    assert!(facts.notes.iter().any(|note| matches!(note, StructureNote::ReadersDisagree(_))), "{:?}", facts.notes);
}
