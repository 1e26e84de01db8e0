//! JPEG images as grey pixels.

use super::shrink::Resizer;
use super::{Fault, GrayImage, PixelBudget, page_size};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

/// Decodes an image, `width` pixels on the shorter side, or in its own size.
pub(super) fn decode(data: &[u8], width: Option<u32>, pixels: &mut PixelBudget) -> Result<GrayImage, Fault> {
    let side = usize::from(u16::MAX);
    let options = DecoderOptions::default().set_max_width(side).set_max_height(side);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(data), options);
    decoder.decode_headers().map_err(|_| Fault::Damaged)?;
    let (across, down) = decoder.dimensions().ok_or(Fault::Damaged)?;
    let size = |side: usize| u32::try_from(side).map_err(|_| Fault::Damaged);
    let (across, down) = (size(across)?, size(down)?);
    if across == 0 || down == 0 {
        return Err(Fault::Damaged);
    }
    pixels.take(across.into(), down.into())?;
    let space = decoder.input_colorspace().ok_or(Fault::Damaged)?;
    // Of YCbCr the first component is the grey, and the others are not even transformed.
    let (out, samples) = match space {
        ColorSpace::YCbCr | ColorSpace::Luma => (ColorSpace::Luma, 1),
        ColorSpace::RGB => (ColorSpace::RGB, 3),
        ColorSpace::CMYK | ColorSpace::YCCK => (ColorSpace::RGB, 3),
        other => return Err(Fault::Unsupported(format!("JPEG {other:?}"))),
    };
    decoder.set_options(options.jpeg_set_out_colorspace(out));
    let decoded = decoder.decode().map_err(|_| Fault::Damaged)?;
    let target = match width {
        Some(width) => page_size(across.into(), down.into(), width).ok_or(Fault::Damaged)?,
        None => (across, down),
    };
    Ok(resized(&decoded, samples, (across, down), target))
}

/// Interleaved samples of 8 bits as a grey image of the target size.
pub(super) fn resized(decoded: &[u8], samples: usize, source: (u32, u32), target: (u32, u32)) -> GrayImage {
    let width = usize::try_from(source.0).unwrap_or(usize::MAX);
    if samples == 1 && source == target && decoded.len() == width.saturating_mul(usize::try_from(source.1).unwrap_or(0))
    {
        return GrayImage { width: source.0, height: source.1, pixels: decoded.to_vec() };
    }
    let mut resizer = Resizer::new(source, target);
    let mut gray = Vec::with_capacity(width);
    for row in decoded.chunks(width.saturating_mul(samples).max(1)) {
        if samples == 1 {
            resizer.row(row);
        } else {
            gray.clear();
            gray.extend(row.chunks_exact(samples).map(luma));
            resizer.row(&gray);
        }
        if resizer.is_complete() {
            break;
        }
    }
    resizer.finish()
}

/// Grey of a pixel in RGB (ITU-R BT.601 weights, as JPEG's own Y).
pub(super) fn luma(pixel: &[u8]) -> u8 {
    match pixel {
        [red, green, blue, ..] => {
            let sum = 77 * u32::from(*red) + 150 * u32::from(*green) + 29 * u32::from(*blue);
            u8::try_from(sum >> 8).unwrap_or(u8::MAX)
        }
        [gray, ..] => *gray,
        [] => u8::MAX,
    }
}
