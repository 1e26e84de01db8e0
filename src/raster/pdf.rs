//! The scanned pages of a PDF file: its images, laid where the page puts them.
//!
//! The page is interpreted, not drawn: measured, a full renderer takes three to five times as long for the
//! same grey pixels.

use super::canvas::Canvas;
use super::glyphs::{Glyphs, text_of};
use super::jpeg;
use super::{Fault, GrayImage, PageVisitor, PixelBudget, ScanPage, ScanPages, page_size};
use crate::limits::Limits;
use crate::model::LimitHit;
use crate::page;
use hayro::hayro_interpret::font::GlyphRun;
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageData, ImageDrawProps, InterpreterCache,
    InterpreterSettings, LumaData, Paint, RenderContent, SoftMask, TransformExt, interpret_page,
};
use hayro::hayro_syntax::object::{Array, Dict, Name, Stream};
use hayro::hayro_syntax::page::Page;
use hayro::hayro_syntax::{Filter, LoadPdfError, Pdf};
use hayro::kurbo::{Affine, BezPath, Rect};
use std::sync::Arc;

/// Opens a file. hayro-syntax itself bounds nothing: the caller has checked the structure.
pub(super) fn open<T>(data: Arc<T>) -> Result<Pdf, Fault>
where
    T: AsRef<[u8]> + Send + Sync + 'static,
{
    Pdf::new(data).map_err(|error| match error {
        LoadPdfError::Decryption(_) => Fault::Encrypted,
        LoadPdfError::Invalid => Fault::Damaged,
    })
}

/// Hands out the pages in order.
pub(super) fn scan_pages<T>(
    data: Arc<T>,
    width: u32,
    limits: &Limits,
    visit: PageVisitor<'_>,
) -> Result<ScanPages, Fault>
where
    T: AsRef<[u8]> + Send + Sync + 'static,
{
    let pdf = open(data)?;
    let mut pixels = PixelBudget::new(limits);
    let mut pages = ScanPages::default();
    for page in pdf.pages().iter() {
        if u64::from(pages.visited) >= limits.scan_pages {
            pages.hit = Some(LimitHit { limit: "scan_pages".to_owned(), value: limits.scan_pages });
            break;
        }
        pixels.next_page();
        let image = drawn(page, width, limits, &mut pixels);
        let index = pages.visited;
        pages.visited += 1;
        if visit(index, image).is_break() {
            break;
        }
    }
    Ok(pages)
}

/// One page, `index` counting from 0.
pub(super) fn scan_page<T>(data: Arc<T>, index: u32, width: u32, limits: &Limits) -> Result<ScanPage, Fault>
where
    T: AsRef<[u8]> + Send + Sync + 'static,
{
    let pdf = open(data)?;
    let page = usize::try_from(index).ok().and_then(|index| pdf.pages().get(index)).ok_or(Fault::Empty)?;
    drawn(page, width, limits, &mut PixelBudget::new(limits))
}

/// Pixels of a page as it is viewed, and the transform from its space to them.
pub(super) fn viewed(page: &Page<'_>, width: u32) -> Result<(u32, u32, Affine), Fault> {
    let (across, down) = page.render_dimensions();
    let (across, down) = (f64::from(across), f64::from(down));
    let (columns, rows) = page_size(across, down, width).ok_or(Fault::Empty)?;
    let scale = Affine::scale_non_uniform(f64::from(columns) / across, f64::from(rows) / down);
    Ok((columns, rows, scale * page.initial_transform(true).to_kurbo()))
}

fn drawn(page: &Page<'_>, width: u32, limits: &Limits, pixels: &mut PixelBudget) -> Result<ScanPage, Fault> {
    page::check_drawing(page, limits).map_err(Fault::Limit)?;
    let (columns, rows, transform) = viewed(page, width)?;
    let cache = InterpreterCache::new();
    let settings = InterpreterSettings { render_content: RenderContent::PAGE, ..InterpreterSettings::default() };
    let area = Rect::new(0.0, 0.0, f64::from(columns), f64::from(rows));
    let mut context = Context::new(transform, area, &cache, page.xref(), settings);
    let mut device = Images {
        canvas: Canvas::new(columns, rows),
        pixels,
        limits,
        drawn: false,
        fault: None,
        glyphs: Glyphs::new(area, true),
    };
    interpret_page(page, &mut context, &mut device);
    match (device.drawn, device.fault) {
        (true, None) => Ok(ScanPage { image: device.canvas.into_image(), text: text_of(&device.glyphs.glyphs) }),
        (_, Some(fault)) => Err(fault),
        (false, None) => Err(Fault::Empty),
    }
}

/// Lays images, keeps the text layer and passes over everything else.
struct Images<'p> {
    canvas: Canvas,
    pixels: &'p mut PixelBudget,
    limits: &'p Limits,
    drawn: bool,
    fault: Option<Fault>,
    glyphs: Glyphs,
}

impl Images<'_> {
    fn image(&mut self, image: &Image<'_, '_>, transform: Affine) -> Result<(), Fault> {
        let stream = match image {
            Image::Stencil(stencil) => stencil.stream(),
            Image::Raster(raster) => raster.stream(),
        };
        let (across, down) = (image.width(), image.height());
        let target = target_of(transform, across, down);
        if let (Image::Raster(_), true) = (image, is_plain_jpeg(stream)) {
            let gray = jpeg::decode(&stream.raw_data(), None, self.pixels)?;
            let scale = (f64::from(across) / f64::from(gray.width), f64::from(down) / f64::from(gray.height));
            self.canvas.lay(gray, None, transform * Affine::scale_non_uniform(scale.0, scale.1));
            self.drawn = true;
            return Ok(());
        }
        let count = page::check_image(stream, self.limits).map_err(Fault::Limit)?;
        self.pixels.take(count, 1)?;
        let mut done = false;
        match image {
            Image::Raster(raster) => raster.with_rgba(
                |data, alpha| {
                    let (width, height) = (data.width(), data.height());
                    let (scale_x, scale_y) = data.scale_factors();
                    let pixels = match data {
                        ImageData::Rgb(rgb) => rgb.data.chunks_exact(3).map(jpeg::luma).collect(),
                        ImageData::Luma(luma) => luma.data,
                    };
                    let placed = transform * Affine::scale_non_uniform(scale_x.into(), scale_y.into());
                    self.canvas.lay(GrayImage { width, height, pixels }, alpha.map(gray_of), placed);
                    done = true;
                },
                target,
            ),
            Image::Stencil(stencil) => stencil.with_stencil(
                |luma, paint| {
                    let (scale_x, scale_y) = luma.scale_factors;
                    let ink = ink_of(paint);
                    let opacity = gray_of(luma);
                    let pixels = vec![ink; opacity.pixels.len()];
                    let (width, height) = (opacity.width, opacity.height);
                    let placed = transform * Affine::scale_non_uniform(scale_x.into(), scale_y.into());
                    self.canvas.lay(GrayImage { width, height, pixels }, Some(opacity), placed);
                    done = true;
                },
                target,
            ),
        }
        self.drawn |= done;
        if done { Ok(()) } else { Err(Fault::Damaged) }
    }
}

impl<'a> Device<'a> for Images<'_> {
    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        if let Err(fault) = self.image(&image, props.transform) {
            self.fault.get_or_insert(fault);
        }
    }
    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_clip_rect(&mut self, _: &Rect) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        self.glyphs.take(run, props.transform, mode);
    }
    fn draw_rect(&mut self, _: &Rect, _: DrawProps<'a>, _: &DrawMode) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}

fn gray_of(luma: LumaData) -> GrayImage {
    GrayImage { width: luma.width, height: luma.height, pixels: luma.data }
}

/// Grey of the ink of a stencil; a pattern counts as black.
fn ink_of(paint: &Paint<'_>) -> u8 {
    match paint {
        Paint::Color(color) => jpeg::luma(&color.to_rgba().to_rgba8()),
        Paint::Pattern(_) => 0,
    }
}

/// Pixels that the image takes on the page: decoders of several resolutions need not give more.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the image's size")]
fn target_of(transform: Affine, across: u32, down: u32) -> Option<(u32, u32)> {
    let [a, b, c, d, _, _] = transform.as_coeffs();
    let side = |pixels: u32, scale: f64| (f64::from(pixels) * scale).ceil().clamp(1.0, f64::from(pixels)) as u32;
    transform.is_finite().then(|| (side(across, a.hypot(b)), side(down, c.hypot(d))))
}

/// A JPEG image whose own grey is the image's: no mask, no decoding array, a plain color space.
fn is_plain_jpeg(stream: &Stream<'_>) -> bool {
    let dict = stream.dict();
    let plain_space = dict.get::<Name<'_>>(b"ColorSpace").is_some_and(|name| is_plain(&name))
        || dict
            .get::<Array<'_>>(b"ColorSpace")
            .and_then(|array| array.flex_iter().next::<Name<'_>>())
            .is_some_and(|name| is_plain(&name));
    stream.filters().as_slice() == [Filter::DctDecode]
        && plain_space
        && ![&b"Decode"[..], b"SMask", b"Mask"].iter().any(|key| dict.contains_key(key))
        && dict.get::<Dict<'_>>(b"DecodeParms").is_none()
}

fn is_plain(name: &[u8]) -> bool {
    matches!(name, b"DeviceGray" | b"DeviceRGB" | b"CalGray" | b"CalRGB" | b"ICCBased")
}
