//! Pages drawn in the test with an invented font, scanned by turning, skewing, shading and grain.

use super::*;
use crate::raster::{GrayImage, PrintedGlyph, PrintedPage};
use std::collections::HashMap;
use std::sync::Arc;

const WIDTH: usize = 1_654;
const HEIGHT: usize = 2_339;

/// Five by seven cells; letters are whatever their code gives, digits are drawn.
fn cells(c: char) -> [u8; 7] {
    const DIGITS: [[u8; 7]; 10] = [
        [14, 17, 19, 21, 25, 17, 14],
        [4, 12, 4, 4, 4, 4, 14],
        [14, 17, 1, 6, 8, 16, 31],
        [31, 2, 4, 2, 1, 17, 14],
        [2, 6, 10, 18, 31, 2, 2],
        [31, 16, 30, 1, 1, 17, 14],
        [6, 8, 16, 30, 17, 17, 14],
        [31, 1, 2, 4, 8, 8, 8],
        [14, 17, 17, 14, 17, 17, 14],
        [14, 17, 17, 15, 1, 2, 12],
    ];
    if let Some(digit) = c.to_digit(10) {
        return DIGITS[digit as usize];
    }
    let mut state = u64::from(u32::from(c)).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x1234_5678;
    let mut rows = [0; 7];
    for (row, cell) in rows.iter_mut().enumerate() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        // Capitals fill seven rows, small letters the lower five.
        *cell = if row < 2 && !c.is_uppercase() && c != '/' { 0 } else { (state as u8 & 31) | 4 };
    }
    rows
}

fn put(page: &mut PrintedPage, x: f32, baseline: f32, size: f32, text: &str) {
    let (advance, cell_width, cell_height) = (size * 0.5, size * 0.45 / 5.0, size * 0.68 / 7.0);
    for (index, c) in text.chars().enumerate() {
        let left = x + index as f32 * advance;
        if c == ' ' {
            continue;
        }
        for (row, bits) in cells(c).iter().enumerate() {
            for column in 0..5 {
                if bits >> (4 - column) & 1 == 0 {
                    continue;
                }
                let x0 = left + column as f32 * cell_width;
                let y0 = baseline - (7 - row) as f32 * cell_height;
                for y in y0.round() as usize..(y0 + cell_height).round() as usize {
                    for x in x0.round() as usize..(x0 + cell_width).round() as usize {
                        page.image.pixels[y * WIDTH + x] = 0;
                    }
                }
            }
        }
        page.glyphs.push(PrintedGlyph {
            text: c.to_string(),
            font: 0,
            size,
            bounds: [left, baseline - 0.9 * size, left + advance, baseline + 0.2 * size],
            baseline,
        });
    }
}

/// Words of a body that depend on `seed` alone.
fn body(seed: u64) -> Vec<String> {
    const SYLLABLES: [&str; 24] = [
        "công", "văn", "báo", "cáo", "kết", "quả", "thực", "hiện", "nhiệm", "vụ", "năm", "tỉnh", "huyện", "phòng",
        "lao", "động", "xã", "hội", "kinh", "phí", "rà", "soát", "đơn", "vị",
    ];
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut next = |bound: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 33) % bound
    };
    (0..22)
        .map(|_| {
            let mut line = String::new();
            let length = 45 + next(28) as usize;
            while line.chars().count() < length {
                if next(7) == 0 {
                    line.push_str(&format!("{} ", next(9_000) + 100));
                } else {
                    line.push_str(SYLLABLES[next(24) as usize]);
                    line.push(' ');
                }
            }
            line.trim_end().to_owned()
        })
        .collect()
}

fn blank() -> PrintedPage {
    PrintedPage {
        image: GrayImage { width: WIDTH as u32, height: HEIGHT as u32, pixels: vec![255; WIDTH * HEIGHT] },
        glyphs: Vec::new(),
    }
}

fn letter(number: &str, date: (&str, &str, &str), seed: u64) -> PrintedPage {
    let mut page = blank();
    put(&mut page, 180.0, 170.0, 34.0, "UBND TỈNH BÌNH AN");
    put(&mut page, 180.0, 220.0, 34.0, "SỞ LAO ĐỘNG XÃ HỘI");
    put(&mut page, 760.0, 170.0, 34.0, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM");
    put(&mut page, 820.0, 220.0, 34.0, "Độc lập - Tự do - Hạnh phúc");
    put(&mut page, 180.0, 290.0, 36.0, &format!("Số: {number}/SLĐXH-VP"));
    let (day, month, year) = date;
    put(&mut page, 800.0, 290.0, 36.0, &format!("Bình An, ngày {day} tháng {month} năm {year}"));
    for (index, line) in body(seed).iter().enumerate() {
        put(&mut page, 200.0, 420.0 + index as f32 * 62.0, 36.0, line);
    }
    put(&mut page, 1_050.0, 1_850.0, 36.0, "GIÁM ĐỐC");
    put(&mut page, 1_030.0, 2_010.0, 36.0, "Nguyễn Văn An");
    page
}

/// A scan: turned by degrees about the middle, shaded, grainy.
fn scanned(page: &GrayImage, degrees: f32) -> GrayImage {
    let (sine, cosine) = degrees.to_radians().sin_cos();
    let (width, height) = (page.width as usize, page.height as usize);
    let upright = (degrees.abs() / 90.0).round() as i32 % 2 == 0;
    let (out_width, out_height) = if upright { (width, height) } else { (height, width) };
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut pixels = Vec::with_capacity(width * height);
    for y in 0..out_height {
        for x in 0..out_width {
            let (dx, dy) = (x as f32 - out_width as f32 / 2.0, y as f32 - out_height as f32 / 2.0);
            let (u, v) = (cosine * dx + sine * dy + width as f32 / 2.0, cosine * dy - sine * dx + height as f32 / 2.0);
            let ink = normalise::sample(&page.pixels, width, height, u, v, 255);
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let shade = 0.93 - 0.06 * x as f32 / out_width as f32;
            let value = (40.0 + f32::from(ink) * 215.0 / 255.0) * shade + (state >> 40 & 15) as f32 - 8.0;
            pixels.push(value.clamp(0.0, 255.0) as u8);
        }
    }
    GrayImage { width: out_width as u32, height: out_height as u32, pixels }
}

struct Fixture {
    documents: Vec<Document>,
    pages: HashMap<u32, (Arc<PrintedPage>, Arc<PageFingerprint>)>,
    scan: Vec<Arc<GrayImage>>,
    recognition: Recognition,
}

impl Material for Fixture {
    fn document(&self, document: u32) -> Option<&Document> {
        self.documents.get(document as usize)
    }
    fn documents_numbered(&self, number: u32) -> Vec<u32> {
        (0..).zip(&self.documents).filter(|(_, d)| d.key.number == Some(number)).map(|(i, _)| i).collect()
    }
    fn fingerprint(&self, document: u32, page: u16) -> Option<Arc<PageFingerprint>> {
        (page == 0).then(|| self.pages.get(&document).map(|p| Arc::clone(&p.1)))?
    }
    fn printed_page(&self, document: u32, page: u16) -> Option<Arc<PrintedPage>> {
        (page == 0).then(|| self.pages.get(&document).map(|p| Arc::clone(&p.0)))?
    }
    fn scan_page(&self, page: u16) -> Option<Arc<GrayImage>> {
        self.scan.get(usize::from(page)).cloned()
    }
    fn recognise(&self, _: &GrayImage) -> Recognition {
        self.recognition.clone()
    }
}

/// Three documents of one template with equal text (0, 1) and another text (2).
fn archive() -> (Fixture, Index) {
    let drawn = [
        (2349, letter("2349", ("05", "3", "2021"), 7)),
        (2341, letter("2341", ("05", "3", "2021"), 7)),
        (876, letter("876", ("21", "10", "2021"), 8)),
    ];
    let mut fixture = Fixture {
        documents: Vec::new(),
        pages: HashMap::new(),
        scan: Vec::new(),
        recognition: Recognition::Unavailable,
    };
    let mut order = Vec::new();
    for (document, (number, page)) in (0..).zip(drawn) {
        let key = Key { number: Some(number), symbol: Some("SLĐXH-VP".into()), year: Some(2021), ..Key::default() };
        let print = Arc::new(fingerprint(&page.image));
        order.push((PageReference { document, page: 0 }, Arc::clone(&print)));
        fixture.documents.push(Document { key, pages: 1, text: String::new() });
        fixture.pages.insert(document, (Arc::new(page), print));
    }
    let index = Index::build(order.iter().map(|(reference, print)| (*reference, print.as_ref())));
    (fixture, index)
}

fn judged(fixture: &mut Fixture, index: &Index, scan: Vec<GrayImage>) -> Judgement {
    let prints: Vec<PageFingerprint> = scan.iter().map(fingerprint).collect();
    fixture.scan = scan.into_iter().map(Arc::new).collect();
    judge(&Scan { fingerprints: &prints, ..Scan::default() }, index, fixture)
}

#[test]
fn a_skewed_print_is_certain_and_its_sibling_is_not_accused() {
    let (mut fixture, index) = archive();
    let page = letter("2349", ("05", "3", "2021"), 7).image;
    let found = judged(&mut fixture, &index, vec![scanned(&page, 1.3)]);
    assert_eq!((found.tier, found.document), (Tier::Certain, Some(0)), "{:?}", found.reasons);
    assert!(found.heading.iter().all(|digit| digit.scanned == Some(digit.printed)));
}

#[test]
fn turned_pages_are_recognised() {
    let (mut fixture, index) = archive();
    let page = letter("876", ("21", "10", "2021"), 8).image;
    for degrees in [90.4, 179.2] {
        let found = judged(&mut fixture, &index, vec![scanned(&page, degrees)]);
        assert_eq!((found.tier, found.document), (Tier::Certain, Some(2)), "{degrees}: {:?}", found.reasons);
    }
}

#[test]
fn one_digit_of_the_number_makes_another_document() {
    let (mut fixture, index) = archive();
    let page = letter("876", ("21", "10", "2021"), 8).image;
    let known = judged(&mut fixture, &index, vec![scanned(&page, 0.4)]);
    assert_eq!(known.tier, Tier::Certain);
    let page = letter("816", ("21", "10", "2021"), 8).image;
    let found = judged(&mut fixture, &index, vec![scanned(&page, 0.4)]);
    assert_eq!((found.tier, found.document), (Tier::None, Some(2)));
    assert!(found.reasons.iter().any(|reason| reason.vi == "số 876: 7 -> 1"), "{:?}", found.reasons);
}

#[test]
fn a_digit_of_the_year_makes_another_document() {
    let (mut fixture, index) = archive();
    let page = letter("876", ("21", "10", "2024"), 8).image;
    let found = judged(&mut fixture, &index, vec![scanned(&page, 0.0)]);
    assert_eq!(found.tier, Tier::None);
    assert!(found.reasons.iter().any(|reason| reason.vi == "năm 2021: 1 -> 4"), "{:?}", found.reasons);
}

#[test]
fn without_a_readable_number_one_document_is_probable_and_two_are_none() {
    let (mut fixture, index) = archive();
    let found = judged(&mut fixture, &index, vec![scanned(&letter("   ", ("  ", "  ", "2021"), 8).image, -0.7)]);
    assert_eq!((found.tier, found.document), (Tier::Probable, Some(2)), "{:?}", found.reasons);
    let found = judged(&mut fixture, &index, vec![scanned(&letter("    ", ("  ", " ", "2021"), 7).image, -0.7)]);
    assert_eq!(found.tier, Tier::None, "{:?}", found.reasons);
}

#[test]
fn a_certified_copy_is_no_duplicate_with_or_without_ocr() {
    let (mut fixture, index) = archive();
    let mut page = letter("876", ("21", "10", "2021"), 8);
    put(&mut page, 200.0, 2_080.0, 36.0, "SỞ LAO ĐỘNG XÃ HỘI");
    put(&mut page, 900.0, 2_080.0, 36.0, "SAO Y");
    put(&mut page, 200.0, 2_140.0, 36.0, "Số: 12/SY-VP");
    put(&mut page, 800.0, 2_140.0, 36.0, "Bình An, ngày 01 tháng 4");
    put(&mut page, 900.0, 2_200.0, 36.0, "CHÁNH VĂN PHÒNG");
    let scan = scanned(&page.image, 0.5);
    let found = judged(&mut fixture, &index, vec![scan.clone()]);
    assert_eq!(found.tier, Tier::None);
    assert!(found.lacks_recognition && !found.certified_copy);
    fixture.recognition = Recognition::Text("SỞ LAO ĐỘNG  SAO Y\nSố: 12/SY-VP".into());
    let found = judged(&mut fixture, &index, vec![scan]);
    assert_eq!((found.tier, found.certified_copy, found.document), (Tier::None, true, Some(2)));
}

#[test]
fn two_documents_in_one_scan_name_no_third() {
    let (mut fixture, index) = archive();
    let scan = vec![
        scanned(&letter("876", ("21", "10", "2021"), 8).image, 0.3),
        scanned(&letter("2341", ("05", "3", "2021"), 7).image, -0.3),
    ];
    let found = judged(&mut fixture, &index, scan);
    assert!(found.tier == Tier::None || matches!(found.document, Some(1 | 2)), "{found:?}");
}

#[test]
fn blank_pages_photographs_and_broken_images_name_nothing() {
    let (mut fixture, index) = archive();
    let photograph: Vec<u8> = (0..WIDTH * HEIGHT)
        .map(|at| {
            let (x, y) = ((at % WIDTH) as f32 / 97.0, (at / WIDTH) as f32 / 61.0);
            (127.0 + 60.0 * (x.sin() + (x * 0.37 + y).cos())).clamp(0.0, 255.0) as u8
        })
        .collect();
    let images = [
        blank().image,
        GrayImage { width: WIDTH as u32, height: HEIGHT as u32, pixels: photograph },
        GrayImage { width: WIDTH as u32, height: HEIGHT as u32, pixels: vec![0; 10] },
        GrayImage { width: u32::MAX, height: u32::MAX, pixels: Vec::new() },
        GrayImage { width: 100_000, height: 110, pixels: vec![90; 11_000_000] },
        GrayImage::default(),
    ];
    for image in images {
        let found = judged(&mut fixture, &index, vec![image]);
        assert_eq!((found.tier, found.document), (Tier::None, None));
    }
}

#[test]
fn an_index_is_the_same_whatever_is_asked_and_finds_the_page_among_many() {
    let (fixture, _) = archive();
    let prints: Vec<(PageReference, PageFingerprint)> = (0..40)
        .map(|document| {
            // Fingerprints of drawn pages are slow to make: the lines of one, shifted by document, stand for others.
            let mut print = fixture.pages[&2].1.as_ref().clone();
            print.profiles.rotate_left(document as usize * 29);
            (PageReference { document, page: 0 }, print)
        })
        .collect();
    let index = Index::build(prints.iter().map(|(reference, print)| (*reference, print)));
    for wanted in [0_usize, 17, 39] {
        let found = index.candidates(std::slice::from_ref(&prints[wanted].1), 3);
        assert_eq!(found.first().map(|c| c.document), Some(wanted as u32));
    }
    assert!(index.bytes() < 400 * index.line_count() + 200_000);
}
