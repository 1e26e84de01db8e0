//! Small grey pictures for reports.

use super::GrayImage;
use super::shrink::Resizer;
use ::png::{BitDepth, ColorType, Compression, Encoder};

/// An image at most `width` pixels wide, as a PNG of sixteen greys: legible, and a fifth of 256 greys.
pub fn small_png(image: &GrayImage, width: u32) -> Vec<u8> {
    if image.width == 0 || image.height == 0 {
        return Vec::new();
    }
    let across = image.width.min(width).max(1);
    let down = u64::from(image.height) * u64::from(across) / u64::from(image.width);
    let down = u32::try_from(down).unwrap_or(u32::MAX).max(1);
    let mut resizer = Resizer::new((image.width, image.height), (across, down));
    for row in image.pixels.chunks(usize::try_from(image.width).unwrap_or(usize::MAX)) {
        resizer.row(row);
    }
    let small = resizer.finish();
    let mut packed = Vec::with_capacity(small.pixels.len() / 2 + 1);
    for row in small.pixels.chunks(usize::try_from(across).unwrap_or(usize::MAX)) {
        packed.extend(row.chunks(2).map(|pair| match pair {
            [left, right] => (sixteenth(*left) << 4) | sixteenth(*right),
            [left] => sixteenth(*left) << 4,
            _ => 0,
        }));
    }
    let mut png = Vec::new();
    let mut encoder = Encoder::new(&mut png, across, down);
    encoder.set_color(ColorType::Grayscale);
    encoder.set_depth(BitDepth::Four);
    encoder.set_compression(Compression::High);
    let written = encoder.write_header().and_then(|mut writer| {
        writer.write_image_data(&packed)?;
        writer.finish()
    });
    // Writing to memory does not fail; an empty picture is shown as none.
    if written.is_err() {
        png.clear();
    }
    png
}

/// The nearest of sixteen greys; paper that is nearly white becomes white, which packs better.
fn sixteenth(value: u8) -> u8 {
    let raised = (u16::from(value) + 8) * 15 / 255;
    u8::try_from(raised.min(15)).unwrap_or(15)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_small_and_can_be_read_back() {
        let image = GrayImage { width: 300, height: 600, pixels: [[0_u8; 150], [255; 150]].concat().repeat(600) };
        let png = small_png(&image, 101);
        assert!(png.len() < 2_000);
        let mut reader = ::png::Decoder::new(std::io::Cursor::new(&png)).read_info().unwrap();
        let mut frame = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut frame).unwrap();
        assert_eq!((info.width, info.height), (101, 202));
        assert_eq!((frame[0], frame[49]), (0, 0xFF));
        assert!(small_png(&GrayImage::default(), 100).is_empty());
    }
}
