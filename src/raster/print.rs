//! What a page of an e-document prints, and where each of its glyphs stands.

use super::pdf::{open, viewed};
use super::{Fault, GrayImage, PrintedGlyph, PrintedPage};
use crate::limits::Limits;
use crate::page;
use hayro::hayro_interpret::font::{Glyph, GlyphRun};
use hayro::hayro_interpret::hayro_cmap::BfString;
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps, InterpreterCache,
    InterpreterSettings, SoftMask, interpret_page,
};
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::{Affine, BezPath, Point, Rect, Vec2};
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::vello_cpu::{Pixmap, RasterizerSettings, RenderContext, Resources, TargetInit};
use hayro::{RenderCache, RenderSettings, render_into};
use std::collections::HashMap;
use std::sync::Arc;
use unicode_normalization::UnicodeNormalization;

/// Outlines come in thousandths of the font size (hayro-font scales every font so).
const UNITS: f64 = 1000.0;
/// Ascent and descent of the box of a glyph, in font sizes: Times New Roman, with room for two marks.
const ASCENT: f64 = 0.9;
const DESCENT: f64 = 0.25;
/// Width of a glyph whose font tells none, in font sizes.
const UNKNOWN_WIDTH: f64 = 0.5;

/// Draws a page of a PDF file as it prints (signatures' appearances included), `width` pixels on its shorter
/// side. `index` counts from 0.
///
/// # Errors
/// The file cannot be opened, has no such page, or drawing it would cross a bound.
pub fn printed_page<T>(data: &Arc<T>, index: u32, width: u32, limits: &Limits) -> Result<PrintedPage, Fault>
where
    T: AsRef<[u8]> + Send + Sync + 'static,
{
    let pdf = open(Arc::clone(data))?;
    let index = usize::try_from(index).map_err(|_| Fault::Empty)?;
    let page = pdf.pages().get(index).ok_or(Fault::Empty)?;
    page::check_drawing(page, limits).map_err(Fault::Limit)?;
    let (columns, rows, transform) = viewed(page, width)?;
    if u64::from(columns).saturating_mul(rows.into()) > limits.scan_page_pixels {
        return Err(Fault::Empty);
    }
    let settings = InterpreterSettings::default();
    let area = Rect::new(0.0, 0.0, f64::from(columns), f64::from(rows));
    let cache = InterpreterCache::new();
    let mut context = Context::new(transform, area, &cache, page.xref(), settings.clone());
    let mut glyphs = Glyphs { area, glyphs: Vec::new(), fonts: Fonts::default() };
    interpret_page(page, &mut context, &mut glyphs);
    let image = drawn(page, columns, rows, transform, &settings)?;
    Ok(PrintedPage { image, glyphs: glyphs.glyphs })
}

fn drawn(
    page: &Page<'_>,
    columns: u32,
    rows: u32,
    transform: Affine,
    settings: &InterpreterSettings,
) -> Result<GrayImage, Fault> {
    let (Ok(across), Ok(down)) = (u16::try_from(columns), u16::try_from(rows)) else { return Err(Fault::Empty) };
    let mut context = RenderContext::new(across, down);
    let cache = RenderCache::new();
    render_into(page, &cache, settings, &RenderSettings::default(), &mut context, transform);
    context.flush();
    let mut pixmap = Pixmap::new(across, down);
    let raster = RasterizerSettings { target_init: TargetInit::Clear(WHITE), ..RasterizerSettings::default() };
    context.render_with(&mut pixmap, &mut Resources::default(), raster);
    let pixels = pixmap.data_as_u8_slice().chunks_exact(4).map(super::jpeg::luma).collect();
    Ok(GrayImage { width: columns, height: rows, pixels })
}

/// Collects the glyphs that show.
struct Glyphs {
    area: Rect,
    glyphs: Vec<PrintedGlyph>,
    fonts: Fonts,
}

impl<'a> Device<'a> for Glyphs {
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        if matches!(mode, DrawMode::Invisible) {
            return;
        }
        let font = self.fonts.of(run);
        for glyph in run.glyphs() {
            let advance = match &**glyph {
                Glyph::Outline(outline) => outline.advance_width().map(f64::from),
                Glyph::Type3(type3) => type3.advance_width().map(f64::from),
            };
            let advance = advance.unwrap_or(UNKNOWN_WIDTH * UNITS);
            let place = props.transform * glyph.transform();
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
