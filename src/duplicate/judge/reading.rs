//! What is read by OCR: the heading where digits could not be compared, and what follows the signature.

use super::super::geometry::Affine;
use super::super::index::PagePair;
use super::super::judgement::{Key, Recognition};
use super::super::keys;
use super::super::normalise::sample;
use super::Case;
use super::look::Seen;
use crate::raster::GrayImage;

/// Pixels per frame pixel of what OCR gets: 200 dots per inch on A4 (measured: enough, and cheapest).
const OCR_SCALE: f32 = 1.654;
/// Part of a page's height that holds the heading.
const HEADING_PART: f32 = 0.36;
/// Lines after the signature from which a certification may be there; its shortest form has five.
const CERTIFICATION_LINES: usize = 3;
/// Rows over which a ruled line may lean, in pixels of what OCR gets.
const RULE: usize = 5;
/// Below this part of the height the scanner's own edge may show.
const EDGE: f32 = 0.97;

impl Case<'_> {
    /// Whether SAO Y follows the end of the document.
    pub(super) fn certification(&self, seen: &Seen) -> Certification {
        if self.scan.text.is_some_and(certified_in_layer) {
            return Certification::Found;
        }
        let last_page = self.material.document(seen.document).map_or(1, |d| d.pages).saturating_sub(1);
        let mut unread = false;
        let end = seen.laid.iter().map(|(pair, _)| pair.scan_page).max().unwrap_or(0);
        let turned = seen.laid.iter().any(|(pair, _)| pair.turned);
        let mut places: Vec<(u16, bool, f32)> = Vec::new();
        let mut ruled = false;
        for (pair, laid) in &seen.laid {
            if pair.document_page != last_page {
                continue;
            }
            let Some(fingerprint) = self.material.fingerprint(seen.document, last_page) else { continue };
            let Some(scanned) = self.scan.fingerprints.get(usize::from(pair.scan_page)) else { continue };
            let bottom =
                fingerprint.lines().iter().map(|line| laid.frame.apply(line.left, line.y_left).1).fold(0.0, f32::max);
            let lines = if pair.turned { scanned.lines_turned() } else { scanned.lines() };
            let below =
                lines.iter().filter(|line| line.y_left > bottom + 20.0 && line.right - line.left > 90.0).count();
            if below >= CERTIFICATION_LINES {
                places.push((pair.scan_page, pair.turned, bottom + 8.0));
            }
            ruled |= self.is_ruled_below(seen.document, pair, bottom);
        }
        for (number, fingerprint) in self.scan.fingerprints.iter().enumerate() {
            let Ok(number) = u16::try_from(number) else { break };
            if number > end && fingerprint.line_count() >= CERTIFICATION_LINES {
                places.push((number, turned, 0.0));
                break;
            }
        }
        for (page, turned, top) in places {
            let height = self.scan.fingerprints.get(usize::from(page)).map_or(0.0, |f| f32::from(f.height));
            let bottom = if top > 0.0 { height } else { height * 0.5 };
            match self.recognise(page, turned, top, bottom) {
                Recognition::Text(text) if keys::names_certified_copy(&text) => return Certification::Found,
                // A second number or date below the signature of the page: the certification's own.
                Recognition::Text(text) if top > 0.0 && keys::read(&text) != Key::default() => {
                    return Certification::Found;
                }
                Recognition::Text(_) => {}
                Recognition::Unavailable | Recognition::Failed => unread = true,
            }
        }
        match (unread, ruled) {
            (true, _) => Certification::CannotTell,
            (false, true) => Certification::Ruled,
            (false, false) => Certification::Absent,
        }
    }

    /// Whether a solid line crosses the scan page below the document's end, where the document itself prints none:
    /// a certification stands under one (Decree 30/2020/NĐ-CP, Appendix I, part III).
    fn is_ruled_below(&self, document: u32, pair: &PagePair, bottom: f32) -> bool {
        let Some(fingerprint) = self.scan.fingerprints.get(usize::from(pair.scan_page)) else { return false };
        let Some(image) = self.material.scan_page(pair.scan_page) else { return false };
        let to_image = if pair.turned { fingerprint.turned_to_image() } else { fingerprint.to_image() };
        let (width, height) = (f32::from(fingerprint.width), f32::from(fingerprint.height));
        if bottom + 8.0 >= height || !is_ruled(&band(&image, &to_image, width, bottom + 8.0, height * EDGE)) {
            return false;
        }
        let Some(own) = self.material.fingerprint(document, pair.document_page) else { return false };
        let Some(printed) = self.material.printed_page(document, pair.document_page) else { return false };
        let end = own.lines().iter().map(|line| line.y_left).fold(0.0, f32::max) + 8.0;
        let (width, height) = (f32::from(own.width), f32::from(own.height));
        end >= height || !is_ruled(&band(&printed.image, &own.to_image(), width, end, height * EDGE))
    }

    /// Key of the heading by OCR; asked once for a scan.
    pub(super) fn heading_by_ocr(&self, page: u16, turned: bool) -> Option<Key> {
        if let Some(known) = self.recognised_heading.borrow().as_ref() {
            return Some(known.clone());
        }
        let height = f32::from(self.scan.fingerprints.get(usize::from(page))?.height);
        let Recognition::Text(text) = self.recognise(page, turned, 0.0, height * HEADING_PART) else { return None };
        let key = keys::read(&text);
        *self.recognised_heading.borrow_mut() = Some(key.clone());
        Some(key)
    }

    /// OCR of a band of a scan page, upright; heights in frame pixels.
    pub(super) fn recognise(&self, page: u16, turned: bool, top: f32, bottom: f32) -> Recognition {
        let (Some(image), Some(fingerprint)) =
            (self.material.scan_page(page), self.scan.fingerprints.get(usize::from(page)))
        else {
            return Recognition::Failed;
        };
        let to_image = if turned { fingerprint.turned_to_image() } else { fingerprint.to_image() };
        let picture = band(&image, &to_image, f32::from(fingerprint.width), top, bottom);
        let answer = self.material.recognise(&picture);
        match answer {
            Recognition::Unavailable => self.lacks_recognition.set(true),
            _ => self.recognitions.set(self.recognitions.get() + 1),
        }
        answer
    }
}

/// What follows the end of the document.
pub(super) enum Certification {
    /// There is none.
    Absent,
    /// A certified copy.
    Found,
    /// There is text that could not be read.
    CannotTell,
    /// There is only the line under which a certification stands.
    Ruled,
}

/// Whether a solid line runs across most of the picture.
fn is_ruled(band: &GrayImage) -> bool {
    let width = band.width as usize;
    let mut sorted = band.pixels.clone();
    let middle = sorted.len() / 2;
    if width < 8 || middle == 0 {
        return false;
    }
    let paper = f32::from(*sorted.select_nth_unstable(middle).1);
    let dark = |value: &u8| f32::from(*value) < paper * 0.8;
    // What is dark in a row or its neighbours: a line may lean by a pixel or two.
    let rows: Vec<&[u8]> = band.pixels.chunks_exact(width).collect();
    let span = width / 5..width - width / 6;
    let share = |from: usize, to: usize| -> f32 {
        let rows = rows.get(from..to.min(rows.len())).unwrap_or_default();
        let columns = span.clone().filter(|x| rows.iter().any(|row| row.get(*x).is_some_and(dark))).count();
        columns as f32 / span.len().max(1) as f32
    };
    (RULE..rows.len().saturating_sub(2 * RULE)).any(|y| {
        share(y, y + RULE) > 0.9 && share(y - RULE, y) < 0.4 && share(y + RULE, y + 2 * RULE) < 0.4
    })
}

/// A text layer names a certification only after the document's end: in its last third.
pub(super) fn certified_in_layer(text: &str) -> bool {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let from = lines.len() / 2;
    lines.get(from..).is_some_and(|tail| keys::names_certified_copy(&tail.join("\n")))
}

/// A band of a page at 200 dots per inch, upright.
fn band(image: &GrayImage, to_image: &Affine, width: f32, top: f32, bottom: f32) -> GrayImage {
    let (out_width, out_height) = ((width * OCR_SCALE) as usize, ((bottom - top).max(1.0) * OCR_SCALE) as usize);
    let mut pixels = Vec::with_capacity(out_width * out_height);
    for y in 0..out_height {
        for x in 0..out_width {
            let (u, v) = to_image.apply(x as f32 / OCR_SCALE, top + y as f32 / OCR_SCALE);
            pixels.push(sample(&image.pixels, image.width as usize, image.height as usize, u, v, 255));
        }
    }
    GrayImage { width: out_width as u32, height: out_height as u32, pixels }
}
