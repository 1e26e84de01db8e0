//! What a page of an e-document prints, and where each of its glyphs stands.

use super::glyphs::Glyphs;
use super::pdf::{open, viewed};
use super::{Fault, GrayImage, PrintedPage};
use crate::limits::Limits;
use crate::page;
use hayro::hayro_interpret::{Context, InterpreterCache, InterpreterSettings, interpret_page};
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::{Affine, Rect};
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::vello_cpu::{Pixmap, RasterizerSettings, RenderContext, Resources, TargetInit};
use hayro::{RenderCache, RenderSettings, render_into};
use std::sync::Arc;

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
    let mut glyphs = Glyphs::new(area, false);
    interpret_page(page, &mut context, &mut glyphs);
    let image = drawn(page, columns, rows, transform, &settings)?;
    Ok(PrintedPage { image, glyphs: glyphs.glyphs })
}

/// What a transform shows of a page.
pub(super) fn drawn(
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
