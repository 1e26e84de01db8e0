//! A small print-scan set from the bundled archive: its documents printed and scanned. Every third document is
//! kept out of the e-documents, so that its print is paper of the same templates; every print of theirs is
//! somebody else's sibling.

use serde_json::{Value, json};
use soat::limits::Limits;
use soat::raster::{GrayImage, printed_page, small_png};
use std::path::Path;
use std::sync::Arc;
use std::{fs, io};

/// Pixels of a page's short side: 200 dots per inch on A4.
const WIDTH: u32 = 1_654;
/// Documents taken.
const DOCUMENTS: usize = 60;

pub(crate) fn make(folder: &Path) -> io::Result<()> {
    let archive = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/archive");
    let truth: Value = serde_json::from_slice(&fs::read(archive.join("truth.json"))?).map_err(io::Error::other)?;
    fs::create_dir_all(folder.join("e"))?;
    fs::create_dir_all(folder.join("archive"))?;
    let (mut issued, mut scans) = (Vec::new(), String::new());
    let text = |document: &Value, key: &str| document[key].as_str().unwrap_or_default().to_owned();
    let documents = truth["documents"].as_array().into_iter().flatten();
    let electronic = documents.filter(|document| text(document, "processing") == "electronic");
    for (count, document) in electronic.take(DOCUMENTS).enumerate() {
        let (reference, date) = (text(document, "number"), text(document, "date"));
        let Some((number, symbol)) = reference.split_once('/') else { continue };
        let [year, month, day] = date.split('-').collect::<Vec<_>>()[..] else { continue };
        let data = Arc::new(fs::read(archive.join(text(document, "path")))?);
        let mut pages = Vec::new();
        while let Ok(page) =
            printed_page(&data, u32::try_from(pages.len()).unwrap_or(u32::MAX), WIDTH, &Limits::default())
        {
            pages.push(page.image);
        }
        let id = format!("d{count:03}");
        let paper_only = count % 3 == 2;
        if !paper_only {
            fs::write(folder.join("e").join(format!("{id}.pdf")), &*data)?;
            issued.push(json!({
                "id": id, "so": number, "sym": format!("/{symbol}"), "ngay": day, "thang": month, "nam": year,
            }));
        }
        let Some(page) = pages.first() else { continue };
        let file = format!("scan-{count:03}.png");
        fs::write(folder.join("archive").join(&file), small_png(&scanned(page, count), WIDTH))?;
        let row = json!({
            "file": file, "kind": if paper_only { "hardneg" } else { "dup" }, "tags": [],
            "dup_of": (!paper_only).then_some(&id), "so": reference, "date": format!("{day}/{month}/{year}"),
        });
        scans.push_str(&format!("{row}\n"));
    }
    fs::write(folder.join("edocs.json"), Value::Array(issued).to_string())?;
    fs::write(folder.join("truth.jsonl"), scans)
}

/// Turned by up to two degrees, every seventh on its head, faded and grainy.
fn scanned(page: &GrayImage, seed: usize) -> GrayImage {
    let degrees = (seed % 9) as f32 * 0.5 - 2.0 + if seed % 7 == 3 { 180.0 } else { 0.0 };
    let (sine, cosine) = degrees.to_radians().sin_cos();
    let (width, height) = (page.width as usize, page.height as usize);
    let ink = 120.0 + (seed % 4) as f32 * 30.0;
    let mut state = seed as u64 * 2 + 0x2545_F491_4F6C_DD1D;
    let mut pixels = Vec::with_capacity(page.pixels.len());
    for y in 0..height {
        for x in 0..width {
            let (dx, dy) = (x as f32 - width as f32 / 2.0, y as f32 - height as f32 / 2.0);
            let (u, v) = (cosine * dx + sine * dy + width as f32 / 2.0, cosine * dy - sine * dx + height as f32 / 2.0);
            let inside = u >= 0.0 && v >= 0.0 && (u as usize) < width && (v as usize) < height;
            let at = if inside { v as usize * width + u as usize } else { usize::MAX };
            let dark = 1.0 - f32::from(page.pixels.get(at).copied().unwrap_or(u8::MAX)) / 255.0;
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            pixels.push((236.0 - dark * ink + (state >> 40 & 15) as f32 - 8.0).clamp(0.0, 255.0) as u8);
        }
    }
    GrayImage { width: page.width, height: page.height, pixels }
}
