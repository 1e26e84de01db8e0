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
/// Lines below which a page's own reading direction is not believed.
const FEW_LINES: usize = 6;
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
        let (mut unread, mut unread_page) = (false, false);
        let last = seen.laid.iter().map(|(pair, _)| *pair).max_by_key(|pair| pair.scan_page);
        let (end, turned) = last.map_or((0, false), |pair| (pair.scan_page, pair.turned));
        let mut places: Vec<Place> = Vec::new();
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
                places.push(Place { turned: pair.turned, top: bottom + 8.0, ..Place::of(pair.scan_page) });
            }
            ruled |= self.is_ruled_below(seen.document, pair, bottom);
        }
        for (number, fingerprint) in self.scan.fingerprints.iter().enumerate() {
            let Ok(number) = u16::try_from(number) else { break };
            if number <= end {
                continue;
            }
            // A page of few lines does not tell how it lies: as the one before it, then.
            let frame = if fingerprint.line_count() < FEW_LINES { end } else { number };
            let place = Place { frame, turned, ..Place::of(number) };
            if fingerprint.line_count() >= CERTIFICATION_LINES || self.is_speckled(&place) {
                places.push(place);
                break;
            }
        }
        for place in places {
            let top = place.top;
            let height = self.scan.fingerprints.get(usize::from(place.frame)).map_or(0.0, |f| f32::from(f.height));
            let bottom = if top > 0.0 { height } else { height * 0.5 };
            match self.recognise(&place, bottom) {
                Recognition::Text(text) if keys::names_certified_copy(&text) => return Certification::Found,
                // A second number or date below the signature of the page: the certification's own.
                Recognition::Text(text) if top > 0.0 && keys::read(&text) != Key::default() => {
                    return Certification::Found;
                }
                // What is read among specks is not all that stands there.
                Recognition::Text(_) => unread_page |= top == 0.0 && self.is_speckled(&place),
                Recognition::Unavailable => unread = true,
                // A page of its own on which OCR fails is noise or a picture more often than a certification.
                Recognition::Failed if top > 0.0 => unread = true,
                Recognition::Failed => unread_page = true,
            }
        }
        match (unread, ruled) {
            (true, _) => Certification::CannotTell,
            (false, true) => Certification::Ruled,
            (false, false) if unread_page => Certification::UnreadPage,
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

    /// Whether the upper half of a page is so full of specks that lines of text may be lost in them.
    fn is_speckled(&self, place: &Place) -> bool {
        let height = self.scan.fingerprints.get(usize::from(place.frame)).map_or(0.0, |f| f32::from(f.height));
        self.picture(place, height * 0.5).is_some_and(|raw| specks(&raw, &softened(&raw)) > SPECKLED)
    }

    /// Key of the heading by OCR; asked once for a scan.
    pub(super) fn heading_by_ocr(&self, page: u16, turned: bool) -> Option<Key> {
        if let Some(known) = self.recognised_heading.borrow().as_ref() {
            return Some(known.clone());
        }
        let height = f32::from(self.scan.fingerprints.get(usize::from(page))?.height);
        let place = Place { turned, ..Place::of(page) };
        let Recognition::Text(text) = self.recognise(&place, height * HEADING_PART) else { return None };
        let key = keys::read(&text);
        *self.recognised_heading.borrow_mut() = Some(key.clone());
        Some(key)
    }

    /// A band of a scan page, upright, from the place's top to `bottom` (frame pixels).
    fn picture(&self, place: &Place, bottom: f32) -> Option<GrayImage> {
        let image = self.material.scan_page(place.page)?;
        let fingerprint = self.scan.fingerprints.get(usize::from(place.frame))?;
        let to_image = if place.turned { fingerprint.turned_to_image() } else { fingerprint.to_image() };
        Some(band(&image, &to_image, f32::from(fingerprint.width), place.top, bottom))
    }

    /// OCR of a band of a scan page, upright, from the place's top to `bottom` (frame pixels).
    pub(super) fn recognise(&self, place: &Place, bottom: f32) -> Recognition {
        let Some(picture) = self.picture(place, bottom).map(cleaned) else { return Recognition::Failed };
        let answer = self.material.recognise(&picture);
        match answer {
            Recognition::Unavailable => self.lacks_recognition.set(true),
            _ => self.recognitions.set(self.recognitions.get() + 1),
        }
        answer
    }
}

/// Where on the scan OCR is to read.
pub(super) struct Place {
    pub(super) page: u16,
    /// The page whose upright frame tells how it lies.
    pub(super) frame: u16,
    pub(super) turned: bool,
    /// Where the band begins, in frame pixels.
    pub(super) top: f32,
}

impl Place {
    /// The whole of a page that stands upright.
    pub(super) fn of(page: u16) -> Self {
        Self { page, frame: page, turned: false, top: 0.0 }
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
    /// A page that follows the document could not be read.
    UnreadPage,
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
    (RULE..rows.len().saturating_sub(2 * RULE))
        .any(|y| share(y, y + RULE) > 0.9 && share(y - RULE, y) < 0.4 && share(y + RULE, y + 2 * RULE) < 0.4)
}

/// A text layer names a certification only after the document's end: in its last third.
pub(super) fn certified_in_layer(text: &str) -> bool {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let from = lines.len() / 2;
    lines.get(from..).is_some_and(|tail| keys::names_certified_copy(&tail.join("\n")))
}

/// Part of the pixels that a mean over their neighbours changes much: edges of letters on a full bilevel page are
/// 5 of 100 at most, a page half lost in specks has 9.
const SPECKLED: f32 = 0.07;

/// Paper without grain: OCR reads grain as letters (measured: of faded scans of 120 dots per inch nothing was read
/// before and everything after, in a tenth of the time).
fn cleaned(picture: GrayImage) -> GrayImage {
    let mut soft = softened(&picture);
    let mut paper_part = 0.3;
    if specks(&picture, &soft) > SPECKLED {
        soft = softened(&soft);
        paper_part = 0.5;
    }
    let mut histogram = [0_usize; 256];
    for value in &soft.pixels {
        if let Some(cell) = histogram.get_mut(usize::from(*value)) {
            *cell += 1;
        }
    }
    let level = |share: f32| {
        let mut below = 0;
        let at = histogram.iter().position(|count| {
            below += count;
            below as f32 >= share * soft.pixels.len() as f32
        });
        at.unwrap_or(0) as f32
    };
    // Half of a page at least is paper, and half a hundredth ink.
    let (ink, paper) = (level(0.005), level(0.5));
    let white = paper - paper_part * (paper - ink);
    if white - ink < 8.0 {
        return soft;
    }
    for value in &mut soft.pixels {
        *value = ((f32::from(*value) - ink) * 255.0 / (white - ink)).clamp(0.0, 255.0) as u8;
    }
    soft
}

/// Mean over three by three pixels.
fn softened(picture: &GrayImage) -> GrayImage {
    let width = picture.width as usize;
    let mut out = picture.clone();
    let rows: Vec<&[u8]> = picture.pixels.chunks_exact(width.max(1)).collect();
    for (target, around) in out.pixels.chunks_exact_mut(width.max(1)).skip(1).zip(rows.windows(3)) {
        let [above, here, below] = around else { continue };
        for (((cell, a), b), c) in
            target.iter_mut().skip(1).zip(above.windows(3)).zip(here.windows(3)).zip(below.windows(3))
        {
            let sum: u32 = a.iter().chain(b).chain(c).map(|value| u32::from(*value)).sum();
            *cell = (sum / 9) as u8;
        }
    }
    out
}

/// Part of the pixels that differ much from the mean around them.
fn specks(picture: &GrayImage, soft: &GrayImage) -> f32 {
    let changed = picture.pixels.iter().zip(&soft.pixels).filter(|(a, b)| a.abs_diff(**b) > 60).count();
    changed as f32 / picture.pixels.len().max(1) as f32
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
