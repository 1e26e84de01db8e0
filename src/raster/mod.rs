//! Page images: what a scan holds and what an e-document's page prints, both as grey pixels.
//!
//! Scans are PDF files whose pages are images, JPEG, PNG and TIFF files. Their pages come one at a time, so
//! that a file of any length needs the memory of one page. A page is brought to a given *width*: the pixels
//! of its shorter side, so that a page scanned sideways has letters of the same size.
//!
//! Everything here reads hostile bytes. Sizes are taken from headers and held against [`Limits`] before
//! anything is decoded, and the work that a PDF page asks for is counted before it is drawn.

mod canvas;
mod format;
mod glyphs;
mod jpeg;
mod lost;
mod pdf;
mod picture;
mod png;
mod print;
mod shrink;
mod tiff;

use crate::limits::Limits;
use crate::model::LimitHit;
use std::ops::ControlFlow;
use std::sync::Arc;

pub use format::{Format, format_of};
pub use glyphs::text_of;
pub use lost::{Lost, Region, lost};
pub use picture::small_png;
pub use print::printed_page;

/// A page in grey. Rows run from top to bottom.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct GrayImage {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// `width * height` samples, 0 for black ink, 255 for white paper.
    pub pixels: Vec<u8>,
}

/// A page of an e-document, drawn, with the place of every glyph on it.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct PrintedPage {
    /// The page as it prints.
    pub image: GrayImage,
    /// Glyphs in drawing order.
    pub glyphs: Vec<PrintedGlyph>,
}

/// One glyph drawn on a page.
#[derive(Clone, PartialEq, Debug)]
pub struct PrintedGlyph {
    /// What it says (NFC; more than one character for a ligature), empty if the font does not tell.
    pub text: String,
    /// Number of the font within the page: glyphs of one font look alike.
    pub font: u32,
    /// Size in pixels of the page image.
    pub size: f32,
    /// Left, top, right, bottom in pixels of the page image (advance width by ascent and descent).
    pub bounds: [f32; 4],
    /// Vertical position of the baseline in pixels of the page image.
    pub baseline: f32,
}

/// Why a file or a page gave no image.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fault {
    /// The file is none of the formats of [`Format`].
    Format,
    /// The bytes contradict the format.
    Damaged,
    /// A kind of coding that is not decoded; what it is.
    Unsupported(String),
    /// The PDF file is encrypted and the empty password does not open it.
    Encrypted,
    /// There is no such page, or nothing is drawn on it.
    Empty,
    /// A bound was reached before anything was decoded.
    Limit(LimitHit),
}

/// How far a file was read.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ScanPages {
    /// Pages handed out, those with a fault included.
    pub visited: u32,
    /// The bound that ended the reading, if one did.
    pub hit: Option<LimitHit>,
}

/// A scanned page.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ScanPage {
    /// What is seen.
    pub image: GrayImage,
    /// What a text layer says (NFC, lines as it draws them); empty without one.
    pub text: String,
}

/// Receives one page: its index from 0, and what it holds or why there is nothing.
pub type PageVisitor<'v> = &'v mut dyn FnMut(u32, Result<ScanPage, Fault>) -> ControlFlow<()>;

/// Hands out the scanned pages of a file in order, each `width` pixels on its shorter side, until the visitor
/// breaks. Of a PDF page only its images are drawn: a text layer does not print.
///
/// # Errors
/// The file cannot be opened at all. A fault of one page goes to the visitor, and the next page follows.
pub fn scan_pages<T>(data: &Arc<T>, width: u32, limits: &Limits, visit: PageVisitor<'_>) -> Result<ScanPages, Fault>
where
    T: AsRef<[u8]> + Send + Sync + 'static,
{
    let bytes = (**data).as_ref();
    match format_of(bytes).ok_or(Fault::Format)? {
        Format::Pdf => pdf::scan_pages(Arc::clone(data), width, limits, visit),
        Format::Tiff => tiff::pages(bytes, width, limits, visit),
        format => {
            let mut pixels = PixelBudget::new(limits);
            let image = match format {
                Format::Png => png::decode(bytes, width, &mut pixels),
                _ => jpeg::decode(bytes, Some(width), &mut pixels),
            };
            let _ = visit(0, image.map(|image| ScanPage { image, text: String::new() }));
            Ok(ScanPages { visited: 1, hit: None })
        }
    }
}

/// One scanned page of a file, `index` counting from 0; see [`scan_pages`].
///
/// # Errors
/// The file cannot be opened, has no such page, or the page gives no image.
pub fn scan_page<T>(data: &Arc<T>, index: u32, width: u32, limits: &Limits) -> Result<ScanPage, Fault>
where
    T: AsRef<[u8]> + Send + Sync + 'static,
{
    match format_of((**data).as_ref()).ok_or(Fault::Format)? {
        Format::Pdf => pdf::scan_page(Arc::clone(data), index, width, limits),
        Format::Tiff => tiff::page((**data).as_ref(), index, width, limits),
        Format::Jpeg | Format::Png => {
            let mut only = Err(Fault::Empty);
            if index == 0 {
                scan_pages(data, width, limits, &mut |_, page| {
                    only = page;
                    ControlFlow::Break(())
                })?;
            }
            only
        }
    }
}

/// Pixels that may still be decoded.
struct PixelBudget {
    page: u64,
    file: u64,
    limit_page: u64,
    limit_file: u64,
}

impl PixelBudget {
    fn new(limits: &Limits) -> Self {
        let (page, file) = (limits.scan_page_pixels, limits.scan_file_pixels);
        Self { page, file, limit_page: page, limit_file: file }
    }

    /// Begins the next page.
    fn next_page(&mut self) {
        self.page = self.limit_page;
    }

    /// Takes an image of the given size from what is left.
    fn take(&mut self, width: u64, height: u64) -> Result<(), Fault> {
        let pixels = width.saturating_mul(height);
        let hit = |limit: &str, value| Fault::Limit(LimitHit { limit: limit.to_owned(), value });
        let page = self.page.checked_sub(pixels).ok_or_else(|| hit("scan_page_pixels", self.limit_page))?;
        let file = self.file.checked_sub(pixels).ok_or_else(|| hit("scan_file_pixels", self.limit_file))?;
        (self.page, self.file) = (page, file);
        Ok(())
    }
}

/// Longest page that is drawn, in widths; a longer one is drawn smaller. A receipt roll is 10 to 1.
const MAX_ASPECT: f64 = 12.0;

/// Size in pixels of a page of the given proportions, `width` pixels on the shorter side.
fn page_size(across: f64, down: f64, width: u32) -> Option<(u32, u32)> {
    let short = across.min(down);
    let long = across.max(down);
    if !(short > 0.0 && long.is_finite()) || width == 0 {
        return None;
    }
    let scale = (f64::from(width) / short).min(f64::from(width) * MAX_ASPECT / long);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and MAX_ASPECT * width")]
    let pixels = |side: f64| (side * scale).round().max(1.0) as u32;
    Some((pixels(across), pixels(down)))
}

#[cfg(test)]
mod tests;
