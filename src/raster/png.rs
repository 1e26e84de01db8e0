//! PNG images as grey pixels.

use super::jpeg::luma;
use super::shrink::Resizer;
use super::{Fault, GrayImage, PixelBudget, page_size};
use ::png::{ColorType, Decoder, Limits, Transformations};
use std::io::Cursor;

/// Memory for what is no image data: palettes, text, profiles.
const AUXILIARY_BYTES: usize = 8 << 20;

/// Decodes an image, `width` pixels on the shorter side.
pub(super) fn decode(data: &[u8], width: u32, pixels: &mut PixelBudget) -> Result<GrayImage, Fault> {
    let mut decoder = Decoder::new(Cursor::new(data));
    decoder.set_limits(Limits { bytes: AUXILIARY_BYTES });
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16);
    let header = decoder.read_header_info().map_err(|_| Fault::Damaged)?;
    let source = (header.width, header.height);
    pixels.take(source.0.into(), source.1.into())?;
    let interlaced = header.interlaced;
    let mut reader = decoder.read_info().map_err(|_| Fault::Damaged)?;
    let (color, _) = reader.output_color_type();
    let target = page_size(source.0.into(), source.1.into(), width).ok_or(Fault::Damaged)?;
    let mut resizer = Resizer::new(source, target);
    let mut gray = Vec::new();
    let mut take = |row: &[u8], resizer: &mut Resizer| {
        gray.clear();
        match color {
            ColorType::Grayscale | ColorType::Indexed => gray.extend_from_slice(row),
            ColorType::GrayscaleAlpha => gray.extend(row.chunks_exact(2).map(|pixel| over_white(pixel, 1))),
            ColorType::Rgb => gray.extend(row.chunks_exact(3).map(luma)),
            ColorType::Rgba => gray.extend(row.chunks_exact(4).map(|pixel| over_white(pixel, 3))),
        }
        resizer.row(&gray);
    };
    if interlaced {
        let size = reader.output_buffer_size().ok_or(Fault::Damaged)?;
        let mut frame = vec![u8::MAX; size];
        // What came before the damage stays.
        let info = reader.next_frame(&mut frame);
        if info.is_err() && frame.iter().all(|sample| *sample == u8::MAX) {
            return Err(Fault::Damaged);
        }
        let line = frame.len() / usize::try_from(source.1).unwrap_or(usize::MAX).max(1);
        frame.chunks(line.max(1)).for_each(|row| take(row, &mut resizer));
    } else {
        let mut any = false;
        while let Ok(Some(row)) = reader.next_row() {
            any = true;
            take(row.data(), &mut resizer);
        }
        if !any {
            return Err(Fault::Damaged);
        }
    }
    Ok(resizer.finish())
}

/// A pixel whose sample at `colors` is its opacity, on white paper.
fn over_white(pixel: &[u8], colors: usize) -> u8 {
    let opacity = u32::from(pixel.get(colors).copied().unwrap_or(u8::MAX));
    let value = u32::from(luma(pixel.get(..colors).unwrap_or_default()));
    u8::try_from((value * opacity + 255 * (255 - opacity) + 127) / 255).unwrap_or(u8::MAX)
}
