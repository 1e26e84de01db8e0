//! The pages of a TIFF file as grey pixels.

use super::jpeg::luma;
use super::shrink::Resizer;
use super::{Fault, GrayImage, PageVisitor, PixelBudget, ScanPage, ScanPages, page_size};
use crate::limits::Limits;
use crate::model::LimitHit;
use ::tiff::ColorType;
use ::tiff::decoder::{Decoder, DecodingResult, Limits as DecoderLimits};
use ::tiff::tags::Tag;
use std::borrow::Cow;
use std::io::Cursor;

/// Bytes that one directory entry may hold: strip tables of one-row strips stay far below.
const ENTRY_BYTES: usize = 4 << 20;

/// Hands out the pages in order.
pub(super) fn pages(data: &[u8], width: u32, limits: &Limits, visit: PageVisitor<'_>) -> Result<ScanPages, Fault> {
    let data = palettes_as_grey(data, limits);
    let mut decoder = open(&data, limits)?;
    let mut pixels = PixelBudget::new(limits);
    let mut pages = ScanPages::default();
    loop {
        if u64::from(pages.visited) >= limits.scan_pages {
            pages.hit = Some(LimitHit { limit: "scan_pages".to_owned(), value: limits.scan_pages });
            return Ok(pages);
        }
        pixels.next_page();
        let image = decoded(&mut decoder, width, &mut pixels).map(|image| ScanPage { image, text: String::new() });
        let index = pages.visited;
        pages.visited += 1;
        if visit(index, image).is_break() || !decoder.more_images() {
            return Ok(pages);
        }
        if decoder.next_image().is_err() {
            return Ok(pages);
        }
    }
}

/// One page, `index` counting from 0.
pub(super) fn page(data: &[u8], index: u32, width: u32, limits: &Limits) -> Result<ScanPage, Fault> {
    let data = palettes_as_grey(data, limits);
    let mut decoder = open(&data, limits)?;
    if u64::from(index) >= limits.scan_pages {
        return Err(Fault::Empty);
    }
    decoder.seek_to_image(usize::try_from(index).unwrap_or(usize::MAX)).map_err(|_| Fault::Empty)?;
    let image = decoded(&mut decoder, width, &mut PixelBudget::new(limits))?;
    Ok(ScanPage { image, text: String::new() })
}

fn open<'d>(data: &'d [u8], limits: &Limits) -> Result<Decoder<Cursor<&'d [u8]>>, Fault> {
    let mut bounds = DecoderLimits::default();
    // Four samples of 16 bits a pixel at most.
    let bytes = usize::try_from(limits.scan_page_pixels.saturating_mul(8)).unwrap_or(usize::MAX);
    bounds.decoding_buffer_size = bytes;
    bounds.intermediate_buffer_size = bytes;
    bounds.ifd_value_size = ENTRY_BYTES;
    Ok(Decoder::new(Cursor::new(data)).map_err(|_| Fault::Damaged)?.with_limits(bounds))
}

fn decoded(decoder: &mut Decoder<Cursor<&[u8]>>, width: u32, pixels: &mut PixelBudget) -> Result<GrayImage, Fault> {
    let source = decoder.dimensions().map_err(|_| Fault::Damaged)?;
    pixels.take(source.0.into(), source.1.into())?;
    let color = decoder.colortype().map_err(|error| Fault::Unsupported(error.to_string()))?;
    let layout = Layout::of(color).ok_or_else(|| Fault::Unsupported(format!("TIFF {color:?}")))?;
    let target = page_size(source.0.into(), source.1.into(), width).ok_or(Fault::Damaged)?;
    let palette = palette(decoder, color);
    let decoded = decoder.read_image().map_err(|error| match error {
        ::tiff::TiffError::UnsupportedError(what) => Fault::Unsupported(what.to_string()),
        _ => Fault::Damaged,
    })?;
    let decoded = match decoded {
        DecodingResult::U8(samples) => samples,
        // The upper byte is enough.
        DecodingResult::U16(samples) => samples.into_iter().map(|sample| sample.to_be_bytes()[0]).collect(),
        _ => return Err(Fault::Unsupported("TIFF sample format".to_owned())),
    };
    let across = usize::try_from(source.0).unwrap_or(usize::MAX);
    let down = usize::try_from(source.1).unwrap_or(usize::MAX);
    let mut resizer = Resizer::new(source, target);
    let mut gray = Vec::with_capacity(across);
    for row in decoded.chunks(layout.row_bytes(across).max(1)).take(down) {
        gray.clear();
        layout.push_gray(row, across, &mut gray);
        if let Some(palette) = &palette {
            gray.iter_mut().for_each(|value| *value = palette.get(usize::from(*value)).copied().unwrap_or(u8::MAX));
        }
        resizer.row(&gray);
    }
    Ok(resizer.finish())
}

/// Photometric interpretation of a page whose samples are places in a color map (TIFF 6.0, section 5).
const PALETTE: u16 = 3;
/// The same of a page whose samples are grey, 0 being black.
const BLACK_IS_ZERO: u16 = 1;
/// Tag of the photometric interpretation.
const INTERPRETATION: u16 = 262;
/// Bytes of a directory entry, and of the number of entries before them.
const ENTRY: usize = 12;

/// The file with palette pages named grey: the decoder refuses palettes, but hands out their samples as grey ones.
/// [`palette`] then turns them into what they stand for. Files of more than 4 gigabytes (BigTIFF) stay as they are.
fn palettes_as_grey<'d>(data: &'d [u8], limits: &Limits) -> Cow<'d, [u8]> {
    let mut out = Cow::Borrowed(data);
    let little = data.starts_with(b"II");
    let short = |at: usize| -> Option<u16> {
        let bytes = data.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    };
    let long = |at: usize| -> Option<usize> {
        let bytes = data.get(at..at.checked_add(4)?)?.try_into().ok()?;
        usize::try_from(if little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) }).ok()
    };
    if short(2) != Some(42) {
        return out;
    }
    let mut next = long(4);
    for _ in 0..limits.scan_pages {
        let Some(directory) = next.filter(|at| *at > 0) else { break };
        let Some(count) = short(directory) else { break };
        let entries = directory.saturating_add(2);
        for entry in 0..usize::from(count) {
            let entry = entries.saturating_add(entry.saturating_mul(ENTRY));
            let value = entry.saturating_add(8);
            if short(entry) == Some(INTERPRETATION)
                && short(value) == Some(PALETTE)
                && let Some(cell) = out.to_mut().get_mut(value..value + 2)
            {
                let grey = if little { BLACK_IS_ZERO.to_le_bytes() } else { BLACK_IS_ZERO.to_be_bytes() };
                cell.copy_from_slice(&grey);
            }
        }
        next = long(entries.saturating_add(usize::from(count).saturating_mul(ENTRY)));
    }
    out
}

/// The grey of every grey sample that stands for a color of the page's map; none for a page without a map.
fn palette(decoder: &mut Decoder<Cursor<&[u8]>>, color: ColorType) -> Option<Vec<u8>> {
    let ColorType::Gray(bits @ (1 | 2 | 4 | 8)) = color else { return None };
    let map: Vec<u16> = decoder.find_tag_unsigned_vec(Tag::ColorMap).ok().flatten()?;
    let colors = 1_usize << bits;
    // Samples of fewer bits come stretched over a byte.
    let step = 255 / (colors - 1);
    let part = |from: usize, place: usize| map.get(from * colors + place).map(|value| value.to_be_bytes()[0]);
    let grey = |sample: usize| {
        let place = sample / step;
        Some(luma(&[part(0, place)?, part(1, place)?, part(2, place)?]))
    };
    (0..256).map(grey).collect()
}

/// How samples are stored; the decoder has turned "white is zero" round already.
enum Layout {
    /// Packed bits of one sample: 1, 2 or 4 of them.
    Bits(u8),
    /// Samples of 8 bits (or what is left of 16): their number, and how many make the color.
    Samples(usize, Color),
}

#[derive(Clone, Copy)]
enum Color {
    Gray,
    Rgb,
    Cmyk,
}

impl Layout {
    fn of(color: ColorType) -> Option<Self> {
        Some(match color {
            ColorType::Gray(bits @ (1 | 2 | 4)) => Self::Bits(bits),
            ColorType::Gray(8 | 16) => Self::Samples(1, Color::Gray),
            ColorType::GrayA(8 | 16) => Self::Samples(2, Color::Gray),
            ColorType::RGB(8 | 16) => Self::Samples(3, Color::Rgb),
            ColorType::RGBA(8 | 16) => Self::Samples(4, Color::Rgb),
            ColorType::CMYK(8 | 16) => Self::Samples(4, Color::Cmyk),
            // JPEG in TIFF keeps its own color; the first component is the grey.
            ColorType::YCbCr(8) => Self::Samples(3, Color::Gray),
            ColorType::Multiband { bit_depth: 8 | 16, num_samples } => Self::Samples(num_samples.into(), Color::Gray),
            _ => return None,
        })
    }

    fn row_bytes(&self, across: usize) -> usize {
        match self {
            Self::Bits(bits) => across.saturating_mul(usize::from(*bits)).div_ceil(8),
            Self::Samples(samples, _) => across.saturating_mul(*samples),
        }
    }

    fn push_gray(&self, row: &[u8], across: usize, gray: &mut Vec<u8>) {
        match self {
            Self::Bits(bits) => {
                let (bits, mask) = (u32::from(*bits), u8::MAX >> (8 - *bits));
                let step = u8::MAX / mask;
                for byte in row {
                    let mut shift = 8;
                    while shift > 0 && gray.len() < across {
                        shift -= bits;
                        gray.push(((byte >> shift) & mask) * step);
                    }
                }
            }
            Self::Samples(samples, color) => {
                gray.extend(row.chunks_exact(*samples).map(|pixel| match (color, pixel) {
                    (Color::Rgb, _) => luma(pixel),
                    (Color::Cmyk, [cyan, magenta, yellow, black, ..]) => {
                        let white = |ink: u8| u32::from(255 - ink) * u32::from(255 - black) / 255;
                        let parts = [white(*cyan), white(*magenta), white(*yellow)];
                        u8::try_from((77 * parts[0] + 150 * parts[1] + 29 * parts[2]) >> 8).unwrap_or(u8::MAX)
                    }
                    _ => pixel.first().copied().unwrap_or(u8::MAX),
                }));
            }
        }
    }
}
