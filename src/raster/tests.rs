//! Scans and printed pages made in the test.

use super::*;
use crate::limits::Limits;
use flate2::{Compression, write::ZlibEncoder};
use std::io::Write;

/// A PDF file of the given objects, 1 being the catalog.
fn pdf(objects: &[Vec<u8>]) -> Arc<Vec<u8>> {
    let mut data = b"%PDF-1.7\n".to_vec();
    let mut offsets = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        offsets.push(data.len());
        data.extend_from_slice(format!("{} 0 obj\n", index + 1).as_bytes());
        data.extend_from_slice(object);
        data.extend_from_slice(b"\nendobj\n");
    }
    let start = data.len();
    data.extend_from_slice(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).as_bytes());
    for offset in offsets {
        data.extend_from_slice(format!("{offset:010} 00000 n \n").as_bytes());
    }
    let trailer = format!("trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1);
    data.extend_from_slice(trailer.as_bytes());
    Arc::new(data)
}

fn stream(dict: &str, data: &[u8]) -> Vec<u8> {
    let mut object = format!("<<{dict}/Length {}>>\nstream\n", data.len()).into_bytes();
    object.extend_from_slice(data);
    object.extend_from_slice(b"\nendstream");
    object
}

fn deflated(data: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

/// One page of 100 by 200 points with the resources, content and further objects (from 5 on) given.
fn one_page(page: &str, resources: &str, content: &[u8], further: &[Vec<u8>]) -> Arc<Vec<u8>> {
    let mut objects = vec![
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
        format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 200]{page}/Resources<<{resources}>>/Contents 4 0 R>>")
            .into_bytes(),
        stream("", content),
    ];
    objects.extend_from_slice(further);
    pdf(&objects)
}

fn all(data: &Arc<Vec<u8>>, width: u32, limits: &Limits) -> (Vec<Result<GrayImage, Fault>>, Option<String>) {
    let mut pages = Vec::new();
    let end = scan_pages(data, width, limits, &mut |_, page| {
        pages.push(page.map(|page| page.image));
        ControlFlow::Continue(())
    });
    let end = match end {
        Ok(end) => end.hit.map(|hit| hit.limit),
        Err(fault) => Some(format!("{fault:?}")),
    };
    (pages, end)
}

fn only(data: &Arc<Vec<u8>>, width: u32) -> Result<GrayImage, Fault> {
    let (mut pages, end) = all(data, width, &Limits::default());
    assert_eq!((pages.len(), end), (1, None));
    pages.remove(0)
}

/// Four quarters, left to right and down: black, white, grey, white.
fn quarters(width: u32, height: u32) -> Vec<u8> {
    let mut pixels = Vec::new();
    for y in 0..height {
        for x in 0..width {
            pixels.push(match (x * 2 < width, y * 2 < height) {
                (true, true) => 0,
                (true, false) => 128,
                _ => 255,
            });
        }
    }
    pixels
}

/// The samples in the middle of the four quarters.
fn middles(image: &GrayImage) -> [u8; 4] {
    let at = |x: u32, y: u32| image.pixels[(image.height * y / 4 * image.width + image.width * x / 4) as usize];
    [at(1, 1), at(3, 1), at(1, 3), at(3, 3)]
}

fn image_page(page: &str, dict: &str, data: &[u8], content: &str) -> Arc<Vec<u8>> {
    let image = stream(&format!("/Type/XObject/Subtype/Image{dict}"), data);
    one_page(page, "/XObject<</I 5 0 R>>", content.as_bytes(), &[image])
}

const FLATE: &str = "/Width 20/Height 40/BitsPerComponent 8/ColorSpace/DeviceGray/Filter/FlateDecode";

#[test]
fn an_image_comes_out_as_the_page_places_and_turns_it() {
    let data = deflated(&quarters(20, 40));
    let whole = image_page("", FLATE, &data, "q 100 0 0 200 0 0 cm /I Do Q");
    let image = only(&whole, 50).unwrap();
    assert_eq!((image.width, image.height), (50, 100));
    assert_eq!(middles(&image), [0, 255, 128, 255]);
    let turned = image_page("/Rotate 180", FLATE, &data, "q 100 0 0 200 0 0 cm /I Do Q");
    assert_eq!(middles(&only(&turned, 50).unwrap()), [255, 128, 255, 0]);
    let sideways = image_page("/Rotate 90", FLATE, &data, "q 100 0 0 200 0 0 cm /I Do Q");
    let image = only(&sideways, 50).unwrap();
    assert_eq!((image.width, image.height), (100, 50));
    assert_eq!(middles(&image), [128, 0, 255, 255]);
    let mirrored = image_page("", FLATE, &data, "q -100 0 0 200 100 0 cm /I Do Q");
    assert_eq!(middles(&only(&mirrored, 10).unwrap()), [255, 0, 255, 128]);
}

#[test]
fn strips_and_masks_make_one_page() {
    let strip = stream(
        "/Type/XObject/Subtype/Image/Width 20/Height 20/BitsPerComponent 8/ColorSpace/DeviceGray",
        &quarters(20, 40)[..400],
    );
    // A stencil of one byte a row: its left half is ink.
    let stencil = stream("/Type/XObject/Subtype/Image/ImageMask true/Width 8/Height 8/BitsPerComponent 1", &[0x0F; 8]);
    let content = b"q 100 0 0 100 0 100 cm /I Do Q q 0.5 g 100 0 0 100 0 0 cm /M Do Q";
    let data = one_page("", "/XObject<</I 5 0 R/M 6 0 R>>", content, &[strip, stencil]);
    let middles = middles(&only(&data, 40).unwrap());
    assert_eq!((middles[0], middles[1], middles[3]), (0, 255, 255));
    assert!(middles[2].abs_diff(128) <= 1, "{middles:?}");
}

#[test]
fn a_text_layer_does_not_print() {
    let content = b"q 100 0 0 200 0 0 cm /I Do Q BT 3 Tr /F 40 Tf 10 100 Td (INK) Tj ET";
    let image = stream(&format!("/Type/XObject/Subtype/Image{FLATE}"), &deflated(&[255; 800]));
    let font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_vec();
    let data = one_page("", "/XObject<</I 5 0 R>>/Font<</F 6 0 R>>", content, &[image, font]);
    let mut texts = Vec::new();
    let _ = scan_pages(&data, 50, &Limits::default(), &mut |_, page| {
        let page = page.unwrap();
        assert!(page.image.pixels.iter().all(|pixel| *pixel == 255));
        texts.push(page.text);
        ControlFlow::Continue(())
    });
    assert_eq!(texts, ["INK"]);
}

fn png_of(width: u32, height: u32, color: ::png::ColorType, pixels: &[u8]) -> Arc<Vec<u8>> {
    let mut data = Vec::new();
    let mut encoder = ::png::Encoder::new(&mut data, width, height);
    encoder.set_color(color);
    encoder.write_header().unwrap().write_image_data(pixels).unwrap();
    Arc::new(data)
}

#[test]
fn png_pages_of_every_kind_are_grey_on_white() {
    let gray = quarters(20, 40);
    let data = png_of(20, 40, ::png::ColorType::Grayscale, &gray);
    assert_eq!(middles(&only(&data, 10).unwrap()), [0, 255, 128, 255]);
    let rgba: Vec<u8> = gray.iter().flat_map(|value| [0, 0, 0, 255 - value]).collect();
    let data = png_of(20, 40, ::png::ColorType::Rgba, &rgba);
    assert_eq!(middles(&only(&data, 20).unwrap()), [0, 255, 128, 255]);
}

#[test]
fn a_cut_png_gives_its_beginning_and_a_header_alone_is_damaged() {
    // Noise, so that half of the data is half of the rows.
    let noise: Vec<u8> = (0..64_000_u32).map(|index| (index.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let data = png_of(200, 320, ::png::ColorType::Grayscale, &noise);
    let image = only(&Arc::new(data[..data.len() / 2].to_vec()), 200).unwrap();
    assert!(image.pixels[..2_000].iter().any(|pixel| *pixel < 128));
    assert!(image.pixels[60_000..].iter().all(|pixel| *pixel == 255));
    assert_eq!(only(&Arc::new(data[..40].to_vec()), 200), Err(Fault::Damaged));
}

fn tiff_of(pages: u32) -> Arc<Vec<u8>> {
    let mut data = std::io::Cursor::new(Vec::new());
    let mut encoder = ::tiff::encoder::TiffEncoder::new(&mut data).unwrap();
    for _ in 0..pages {
        encoder.write_image::<::tiff::encoder::colortype::Gray8>(20, 40, &quarters(20, 40)).unwrap();
    }
    Arc::new(data.into_inner())
}

#[test]
fn tiff_pages_come_one_by_one_up_to_the_bound_or_until_told_to_stop() {
    let data = tiff_of(5);
    let (pages, end) = all(&data, 10, &Limits::default());
    assert_eq!((pages.len(), end), (5, None));
    assert!(pages.iter().all(|page| middles(page.as_ref().unwrap()) == [0, 255, 128, 255]));
    let (pages, end) = all(&data, 10, &Limits { scan_pages: 3, ..Limits::default() });
    assert_eq!((pages.len(), end.as_deref()), (3, Some("scan_pages")));
    let mut visited = 0;
    let end = scan_pages(&data, 10, &Limits::default(), &mut |_, _| {
        visited += 1;
        ControlFlow::Break(())
    });
    assert_eq!((visited, end), (1, Ok(ScanPages { visited: 1, hit: None })));
}

/// A bilevel TIFF of 16 by 16 in one strip, coded as given.
fn bilevel_tiff(compression: u16, white_is_zero: bool, strip: &[u8]) -> Arc<Vec<u8>> {
    let mut data = b"II\x2A\0\x08\0\0\0".to_vec();
    let entries: [(u16, u32); 8] = [
        (256, 16),
        (257, 16),
        (258, 1),
        (259, compression.into()),
        (262, u32::from(!white_is_zero)),
        (273, 8 + 2 + 8 * 12 + 4),
        (278, 16),
        (279, strip.len() as u32),
    ];
    data.extend_from_slice(&(entries.len() as u16).to_le_bytes());
    for (tag, value) in entries {
        data.extend_from_slice(&tag.to_le_bytes());
        data.extend_from_slice(&4_u16.to_le_bytes());
        data.extend_from_slice(&1_u32.to_le_bytes());
        data.extend_from_slice(&value.to_le_bytes());
    }
    data.extend_from_slice(&0_u32.to_le_bytes());
    data.extend_from_slice(strip);
    Arc::new(data)
}

#[test]
fn bilevel_tiff_is_read_whatever_its_white_and_its_coding() {
    let left_black = [0x00, 0xFF].repeat(16);
    let plain = only(&bilevel_tiff(1, false, &left_black), 16).unwrap();
    assert_eq!(middles(&plain), [0, 255, 0, 255]);
    let inverted = only(&bilevel_tiff(1, true, &left_black), 16).unwrap();
    assert_eq!(middles(&inverted), [255, 0, 255, 0]);
    // PackBits: sixteen times a run of 0 and a run of 255.
    let packed = [1_u8, 0x00, 0xFF].repeat(16);
    assert_eq!(only(&bilevel_tiff(32_773, false, &packed), 16).unwrap(), plain);
    // CCITT Group 4 (T.6), white is zero: a horizontal pair of no white and eight black, then the
    // vertical mode zero for both changes of each further row.
    let mut bits = String::from("001" /* horizontal */) + "00110101" /* white 0 */ + "000101" /* black 8 */ + "1";
    (1..16).for_each(|_| bits.push_str("111"));
    bits.push_str("000000000001000000000001");
    let strip: Vec<u8> = bits
        .as_bytes()
        .chunks(8)
        .map(|byte| byte.iter().fold(0, |sum, bit| sum << 1 | (bit - b'0')) << (8 - byte.len()))
        .collect();
    assert_eq!(only(&bilevel_tiff(4, true, &strip), 16).unwrap(), plain);
}

macro_rules! picture {
    ($name:literal) => {
        include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/images/", $name)).as_slice()
    };
}

/// The picture of fixtures/images as a PDF page shows it, in its own pixels.
fn on_a_page(dict: &str, data: &[u8]) -> GrayImage {
    let objects = [
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 280]/Resources<</XObject<</I 5 0 R>>>>/Contents 4 0 R>>".to_vec(),
        stream("", b"q 200 0 0 280 0 0 cm /I Do Q"),
        stream(&format!("/Type/XObject/Subtype/Image/Width 200/Height 280{dict}"), data),
    ];
    only(&pdf(&objects), 200).unwrap()
}

/// Largest difference of any pixel.
fn apart(a: &GrayImage, b: &GrayImage) -> u8 {
    assert_eq!((a.width, a.height), (b.width, b.height));
    a.pixels.iter().zip(&b.pixels).map(|(a, b)| a.abs_diff(*b)).max().unwrap_or(0)
}

#[test]
fn every_coding_that_scanners_use_shows_the_same_picture() {
    let file = |data: &[u8]| only(&Arc::new(data.to_vec()), 200).unwrap();
    let bilevel = file(picture!("bilevel.png"));
    let group4 = Arc::new(picture!("group4.tif").to_vec());
    let jbig2 = "/BitsPerComponent 1/ColorSpace/DeviceGray/Filter/JBIG2Decode";
    let fax =
        "/BitsPerComponent 1/ColorSpace/DeviceGray/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns 200/Rows 280>>";
    for (name, shown) in [
        ("JBIG2, arithmetic", on_a_page(jbig2, picture!("arithmetic.jb2"))),
        ("JBIG2, MMR", on_a_page(jbig2, picture!("mmr.jb2"))),
        ("CCITT Group 4", on_a_page(fax, picture!("bilevel.g4"))),
        ("TIFF, Group 4, second page", scan_page(&group4, 1, 200, &Limits::default()).unwrap().image),
    ] {
        assert_eq!(apart(&shown, &bilevel), 0, "{name}");
    }
    let grey = file(picture!("grey.png"));
    assert!(apart(&on_a_page("/Filter/JPXDecode", picture!("grey.jp2")), &grey) <= 1, "JPEG 2000");
    assert_eq!(apart(&file(picture!("lzw-strips.tif")), &grey), 0, "TIFF, LZW in strips");
    assert!(apart(&file(picture!("palette.tif")), &file(picture!("palette.png"))) <= 1, "TIFF, palette");
}

#[test]
fn cut_and_crafted_codings_are_faults_or_parts_and_never_hang() {
    let codings = [
        ("/BitsPerComponent 1/ColorSpace/DeviceGray/Filter/JBIG2Decode", picture!("arithmetic.jb2")),
        ("/BitsPerComponent 1/ColorSpace/DeviceGray/Filter/JBIG2Decode", picture!("mmr.jb2")),
        ("/Filter/JPXDecode", picture!("grey.jp2")),
    ];
    for (dict, data) in codings {
        for length in [0, 1, 13, 60, data.len() / 2, data.len() - 1] {
            let image = stream(&format!("/Type/XObject/Subtype/Image/Width 200/Height 280{dict}"), &data[..length]);
            let file = one_page("", "/XObject<</I 5 0 R>>", b"q 100 0 0 200 0 0 cm /I Do Q", &[image]);
            if let Ok(image) = only(&file, 50) {
                assert_eq!((image.width, image.height), (50, 100), "{dict} {length}");
            }
        }
    }
    let tiff = picture!("palette.tif");
    for length in (0..tiff.len()).step_by(97) {
        let _ = all(&Arc::new(tiff[..length].to_vec()), 50, &Limits::default());
    }
    // A directory that leads to itself: no more pages than the bound allows.
    let mut circle = bilevel_tiff(1, false, &[0; 32]).to_vec();
    circle[8 + 2 + 8 * 12..][..4].copy_from_slice(&8_u32.to_le_bytes());
    let (pages, _) = all(&Arc::new(circle), 16, &Limits { scan_pages: 40, ..Limits::default() });
    assert!(pages.len() <= 40);
    let (pages, end) = all(&tiff_of(1_000), 10, &Limits { scan_pages: 1_000, ..Limits::default() });
    assert_eq!((pages.len(), end), (1_000, None));
}

#[test]
fn sizes_beyond_the_bounds_are_refused_before_decoding() {
    let is_limit = |result: Result<GrayImage, Fault>| matches!(result, Err(Fault::Limit(_)));
    // PNG: a header of 60,000 by 60,000.
    let mut png = png_of(4, 4, ::png::ColorType::Grayscale, &[0; 16]).to_vec();
    png[16..24].copy_from_slice(&[0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60]);
    let crc = crc32(&png[12..29]);
    png[29..33].copy_from_slice(&crc.to_be_bytes());
    assert!(is_limit(only(&Arc::new(png), 1_000)));
    // PDF: dictionaries and codestreams that state it, and data that inflates to it.
    let dicts = [
        "/Width 60000/Height 60000/BitsPerComponent 8/ColorSpace/DeviceGray",
        "/Width 60000/Height 60000/BitsPerComponent 1/ColorSpace/DeviceGray/Filter/CCITTFaxDecode/DecodeParms<</K -1>>",
        "/Width 10/Height 1000000/BitsPerComponent 1/ColorSpace/DeviceGray/Filter/CCITTFaxDecode/DecodeParms<</Columns 1000000>>",
    ];
    for dict in dicts {
        assert!(is_limit(only(&image_page("", dict, b"x", "100 0 0 200 0 0 cm /I Do"), 1_000)), "{dict}");
    }
    let jbig2 = [&b"\0\0\0\0\x30\0\x01\0\0\0\x13"[..], &[0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60], &[0; 11]].concat();
    let dict = "/Width 10/Height 10/BitsPerComponent 1/ColorSpace/DeviceGray/Filter/JBIG2Decode";
    assert!(is_limit(only(&image_page("", dict, &jbig2, "100 0 0 200 0 0 cm /I Do"), 1_000)));
    let jpx = [&[0xFF, 0x4F, 0xFF, 0x51, 0, 47, 0, 0][..], &[0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60], &[0; 40]].concat();
    let dict = "/Width 10/Height 10/Filter/JPXDecode";
    assert!(is_limit(only(&image_page("", dict, &jpx, "100 0 0 200 0 0 cm /I Do"), 1_000)));
    let small = Limits { scan_page_pixels: 1_000, ..Limits::default() };
    let bomb = deflated(&vec![0; 1 << 20]);
    let (pages, _) = all(&image_page("", FLATE, &bomb, "100 0 0 200 0 0 cm /I Do"), 10, &small);
    assert!(is_limit(pages[0].clone()));
}

/// CRC of a PNG chunk (ISO 3309).
fn crc32(data: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(data);
    crc.sum()
}

#[test]
fn crafted_content_is_refused_in_time_linear_in_its_length() {
    let steps = |data: &Arc<Vec<u8>>| {
        let (pages, _) = all(data, 100, &Limits::default());
        let scan = matches!(&pages[0], Err(Fault::Limit(hit)) if hit.limit == "drawing_steps");
        let print = printed_page(data, 0, 100, &Limits::default());
        scan && matches!(print, Err(Fault::Limit(hit)) if hit.limit == "drawing_steps")
    };
    let inline = b"BI /W 1/H 1/BPC 8/CS/G ID x EI (EI) ".repeat(100);
    assert!(steps(&one_page("", "", &inline, &[])));
    assert!(steps(&one_page("", "", &b"[".repeat(100_000), &[])));
    assert!(steps(&one_page("", "", &[&b"[".repeat(1_000)[..], &b"]".repeat(1_000), b" TJ"].concat(), &[])));
    // Ten forms, each drawing the next ten times.
    let mut forms = Vec::new();
    for index in 0..10 {
        let (content, resources) = if index < 9 {
            (b"/F Do ".repeat(10), format!("/Resources<</XObject<</F {} 0 R>>>>", 6 + index))
        } else {
            (b"0 0 m 1 1 l S".to_vec(), String::new())
        };
        forms.push(stream(&format!("/Type/XObject/Subtype/Form/BBox[0 0 9 9]{resources}"), &content));
    }
    assert!(steps(&one_page("", "/XObject<</F 5 0 R>>", b"/F Do", &forms)));
    let own = stream("/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F 5 0 R>>>>", b"/F Do /F Do");
    // A form that draws itself ends.
    assert_eq!(only(&one_page("", "/XObject<</F 5 0 R>>", b"/F Do", &[own]), 100), Err(Fault::Empty));
}

#[test]
fn damaged_files_are_faults() {
    assert_eq!(all(&Arc::new(b"hello".to_vec()), 100, &Limits::default()).1.as_deref(), Some("Format"));
    assert_eq!(all(&Arc::new(b"%PDF-1.7 nothing".to_vec()), 100, &Limits::default()).1.as_deref(), Some("Damaged"));
    assert_eq!(only(&Arc::new(vec![0xFF, 0xD8, 0xFF, 0xE0]), 100), Err(Fault::Damaged));
    assert_eq!(all(&Arc::new(b"II\x2A\0\x08\0\0\0".to_vec()), 100, &Limits::default()).1.as_deref(), Some("Damaged"));
    let empty = one_page("", "", b"0 0 m 1 1 l S", &[]);
    assert_eq!(only(&empty, 100), Err(Fault::Empty));
    assert_eq!(printed_page(&empty, 1, 100, &Limits::default()).unwrap_err(), Fault::Empty);
}

#[test]
fn a_printed_page_tells_where_its_glyphs_stand() {
    let content = b"BT /F 20 Tf 10 100 Td (Sx) Tj /G 10 Tf 0 -50 Td (S) Tj 3 Tr (hidden) Tj ET";
    let fonts = [&b"Helvetica"[..], b"Times-Bold"]
        .map(|name| [b"<</Type/Font/Subtype/Type1/Encoding/WinAnsiEncoding/BaseFont/", name, b">>"].concat());
    let data = one_page("", "/Font<</F 5 0 R/G 6 0 R>>", content, &fonts);
    let page = printed_page(&data, 0, 200, &Limits::default()).unwrap();
    assert_eq!((page.image.width, page.image.height), (200, 400));
    let texts: Vec<&str> = page.glyphs.iter().map(|glyph| glyph.text.as_str()).collect();
    assert_eq!(texts, ["S", "x", "S"]);
    let [first, second, third] = page.glyphs.as_slice() else { panic!("three glyphs") };
    assert!((first.baseline - 200.0).abs() < 0.01 && (first.size - 40.0).abs() < 0.01, "{first:?}");
    assert!((first.bounds[0] - 20.0).abs() < 0.01 && (first.bounds[2] - second.bounds[0]).abs() < 0.1);
    assert_eq!((first.font == second.font, first.font == third.font), (true, false));
    // The ink is where the box says, and nowhere else on its rows.
    let row = &page.image.pixels[185 * 200..186 * 200];
    let ink: Vec<usize> = (0..200).filter(|x| row[*x] < 128).collect();
    assert!(ink.first().is_some_and(|x| *x as f32 >= first.bounds[0]));
    assert!(ink.last().is_some_and(|x| (*x as f32) < second.bounds[2]));
}

#[test]
fn a_signature_s_appearance_prints_and_a_hidden_one_does_not() {
    let form = stream("/Type/XObject/Subtype/Form/BBox[0 0 10 10]", b"0 0 10 10 re f");
    for (flags, black) in [(4, true), (2, false)] {
        let widget = format!("<</Type/Annot/Subtype/Widget/Rect[20 20 80 80]/F {flags}/AP<</N 5 0 R>>>>").into_bytes();
        let data = one_page("/Annots[6 0 R]", "", b"", &[form.clone(), widget]);
        let page = printed_page(&data, 0, 100, &Limits::default()).unwrap();
        assert_eq!(page.image.pixels[150 * 100 + 50] == 0, black);
    }
}
