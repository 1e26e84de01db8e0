//! Page images: what a scan holds and what an e-document's page prints, both as grey pixels.

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
