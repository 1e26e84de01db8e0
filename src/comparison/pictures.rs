//! What a person can see of a pair: the page of each, small, and the line with number and date.

use super::shelf::Case;
use crate::duplicate::{Affine, Judgement, Material};
use crate::model::PairPictures;
use crate::raster::{GrayImage, small_png};

/// Width of a page's picture: large enough to see that it is the same letter, too small to read it.
const PAGE: u32 = 260;
/// Width of the picture of number and date.
const HEADING: u32 = 760;
/// Paper above and below the digits, in heights of them.
const MARGIN: f32 = 0.6;

/// Pictures of a pair; `None` if a page cannot be drawn any more.
pub(super) fn of(document: u32, judgement: &Judgement, case: &Case<'_, '_>) -> Option<PairPictures> {
    let shown = judgement.pages.iter().min_by_key(|page| page.document_page)?;
    let drawn = case.printed_page(document, shown.document_page)?;
    let scan = case.scan_page(shown.scan_page)?;
    let scanned = laid(&scan, &shown.to_scan, drawn.image.width, drawn.image.height);
    let heading = (shown.document_page == 0).then(|| heading_rows(judgement, drawn.image.height)).flatten();
    let strip = |image: &GrayImage| {
        heading.map(|(top, bottom)| small_png(&cut(image, top, bottom), HEADING)).unwrap_or_default()
    };
    Some(PairPictures {
        document_heading: strip(&drawn.image),
        scan_heading: strip(&scanned),
        document: small_png(&drawn.image, PAGE),
        scan: small_png(&scanned, PAGE),
        digits: judgement.heading.iter().map(|digit| (digit.printed, digit.scanned)).collect(),
    })
}

/// The scan as the document's page sees it.
#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "pixels")]
fn laid(scan: &GrayImage, to_scan: &Affine, width: u32, height: u32) -> GrayImage {
    let mut pixels = Vec::with_capacity(width as usize * height as usize);
    for y in 0..height {
        for x in 0..width {
            let (u, v) = to_scan.apply(x as f32, y as f32);
            let inside = u >= 0.0 && v >= 0.0 && u < scan.width as f32 && v < scan.height as f32;
            let place = (v as usize).saturating_mul(scan.width as usize).saturating_add(u as usize);
            pixels.push(if inside { scan.pixels.get(place).copied().unwrap_or(u8::MAX) } else { u8::MAX });
        }
    }
    GrayImage { width, height, pixels }
}

/// Rows of the drawn page that hold the digits of number and date.
#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
fn heading_rows(judgement: &Judgement, height: u32) -> Option<(u32, u32)> {
    let tops = judgement.heading.iter().map(|digit| digit.place[1]);
    let bottoms = judgement.heading.iter().map(|digit| digit.place[3]);
    let (top, bottom) = (tops.reduce(f32::min)?, bottoms.reduce(f32::max)?);
    let digit = judgement.heading.iter().map(|digit| digit.place[3] - digit.place[1]).reduce(f32::max)?;
    let margin = digit * MARGIN;
    let row = |value: f32| value.clamp(0.0, height as f32) as u32;
    let (top, bottom) = (row(top - margin), row(bottom + margin));
    // Digits far apart are no line.
    ((bottom - top) as f32 <= digit * 6.0 && bottom > top).then_some((top, bottom))
}

fn cut(image: &GrayImage, top: u32, bottom: u32) -> GrayImage {
    let at = |row: u32| row as usize * image.width as usize;
    let pixels = image.pixels.get(at(top)..at(bottom)).unwrap_or_default().to_vec();
    GrayImage { width: image.width, height: bottom - top, pixels }
}
