//! Collects the glyphs that a page draws, with their places.

use super::PrintedGlyph;
use hayro::hayro_interpret::font::{Glyph, GlyphRun};
use hayro::hayro_interpret::hayro_cmap::BfString;
use hayro::hayro_interpret::{BlendMode, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, SoftMask};
use hayro::kurbo::{Affine, BezPath, Point, Rect, Vec2};
use std::collections::HashMap;
use unicode_normalization::UnicodeNormalization;

/// Outlines come in thousandths of the font size (hayro-font scales every font so).
const UNITS: f64 = 1000.0;
/// Ascent of the box of a glyph, in font sizes: Times New Roman's capitals with room for two marks.
const ASCENT: f64 = 0.9;
/// Descent of the box of a glyph, in font sizes.
const DESCENT: f64 = 0.25;
/// Width of a glyph whose font tells none, in font sizes.
const UNKNOWN_WIDTH: f64 = 0.5;

/// Collects the glyphs that show.
pub(super) struct Glyphs {
    area: Rect,
    invisible: bool,
    fonts: Fonts,
    /// In drawing order.
    pub(super) glyphs: Vec<PrintedGlyph>,
}

impl Glyphs {
    /// Of a page that is `area` pixels; `invisible` says whether a text layer counts.
    pub(super) fn new(area: Rect, invisible: bool) -> Self {
        Self { area, invisible, fonts: Fonts::default(), glyphs: Vec::new() }
    }

    /// Takes the glyphs of a run that lie on the page.
    pub(super) fn take(&mut self, run: &GlyphRun<'_, '_>, transform: Affine, mode: &DrawMode) {
        if matches!(mode, DrawMode::Invisible) && !self.invisible {
            return;
        }
        let font = self.fonts.of(run);
        for glyph in run.glyphs() {
            let advance = match &**glyph {
                Glyph::Outline(outline) => outline.advance_width().map(f64::from),
                Glyph::Type3(type3) => type3.advance_width().map(f64::from),
            };
            let advance = advance.unwrap_or(UNKNOWN_WIDTH * UNITS);
            let place = transform * glyph.transform();
            let box_ = Rect::new(0.0, -DESCENT * UNITS, advance.max(1.0), ASCENT * UNITS);
            let bounds = place.transform_rect_bbox(box_);
            if !bounds.is_finite() || !bounds.overlaps(self.area) {
                continue;
            }
            let [_, _, c, d, _, _] = place.as_coeffs();
            let text = match glyph.as_unicode() {
                Some(BfString::Char(character)) => std::iter::once(character).nfc().collect(),
                Some(BfString::String(text)) => text.nfc().collect(),
                None => String::new(),
            };
            #[allow(clippy::cast_possible_truncation, reason = "pixels of a page need no more than f32")]
            self.glyphs.push(PrintedGlyph {
                text,
                font,
                size: (Vec2::new(c, d).hypot() * UNITS) as f32,
                bounds: [bounds.x0, bounds.y0, bounds.x1, bounds.y1].map(|side| side as f32),
                baseline: (place * Point::ORIGIN).y as f32,
            });
        }
    }
}

impl<'a> Device<'a> for Glyphs {
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        self.take(run, props.transform, mode);
    }
    fn draw_image(&mut self, _: Image<'a, '_>, _: ImageDrawProps<'a>) {}
    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {}
    fn draw_rect(&mut self, _: &Rect, _: DrawProps<'a>, _: &DrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_clip_rect(&mut self, _: &Rect) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}

/// Numbers of fonts. A run has one font; what tells fonts apart is their program, or, where the library
/// does not name it, the glyphs seen in it.
#[derive(Default)]
struct Fonts {
    by_program: HashMap<u128, u32>,
    by_glyph: HashMap<u128, u32>,
    count: u32,
}

impl Fonts {
    fn of(&mut self, run: &GlyphRun<'_, '_>) -> u32 {
        let program = run.glyphs().first().and_then(|glyph| match &**glyph {
            Glyph::Outline(outline) => outline.font_data().map(|font| font.cache_key),
            Glyph::Type3(_) => None,
        });
        if let Some(program) = program {
            if let Some(known) = self.by_program.get(&program) {
                return *known;
            }
            let font = self.next();
            self.by_program.insert(program, font);
            return font;
        }
        let keys: Vec<u128> = run
            .glyphs()
            .iter()
            .map(|glyph| match &**glyph {
                Glyph::Outline(outline) => outline.identifier().cache_key(),
                Glyph::Type3(type3) => hayro::hayro_interpret::CacheKey::cache_key(&**type3),
            })
            .collect();
        let known = keys.iter().find_map(|key| self.by_glyph.get(key).copied());
        let font = known.unwrap_or_else(|| self.next());
        for key in keys {
            self.by_glyph.entry(key).or_insert(font);
        }
        font
    }

    fn next(&mut self) -> u32 {
        self.count = self.count.saturating_add(1);
        self.count - 1
    }
}

/// Text of glyphs in their order: a new line where the baseline moves, a space where a gap is left.
pub fn text_of(glyphs: &[PrintedGlyph]) -> String {
    let mut text = String::new();
    let mut before: Option<&PrintedGlyph> = None;
    for glyph in glyphs {
        if let Some(before) = before {
            let size = before.size.max(glyph.size).max(1.0);
            let gap = glyph.bounds[0] - before.bounds[2];
            if (glyph.baseline - before.baseline).abs() > 0.4 * size || gap < -2.0 * size {
                text.push('\n');
            } else if gap > 0.15 * size && !text.ends_with(' ') && !glyph.text.starts_with(' ') {
                text.push(' ');
            }
        }
        text.push_str(&glyph.text);
        before = Some(glyph);
    }
    text
}
