//! A page of white paper on which images are laid.

use super::GrayImage;
use super::shrink::Resizer;
use hayro::kurbo::{Affine, Point, Rect};

/// A transform this close to whole pixels and no turn is a plain copy.
const WHOLE_PIXELS: f64 = 0.02;

/// The page while it is drawn.
pub(super) struct Canvas {
    image: GrayImage,
}

impl Canvas {
    /// White paper.
    pub(super) fn new(width: u32, height: u32) -> Self {
        let count = index(width).saturating_mul(index(height));
        Self { image: GrayImage { width, height, pixels: vec![u8::MAX; count] } }
    }

    /// The drawn page.
    pub(super) fn into_image(self) -> GrayImage {
        self.image
    }

    /// Lays an image on the page. `transform` maps the image's pixels to the page's; `opacity` is an image
    /// of the same area, 255 where it covers.
    pub(super) fn lay(&mut self, image: GrayImage, opacity: Option<GrayImage>, transform: Affine) {
        if image.width == 0 || image.height == 0 || !transform.is_finite() {
            return;
        }
        let (across, down) = (f64::from(image.width), f64::from(image.height));
        let [a, b, c, d, _, _] = transform.as_coeffs();
        let area = Rect::new(0.0, 0.0, f64::from(self.image.width), f64::from(self.image.height));
        let covered = transform.transform_rect_bbox(Rect::new(0.0, 0.0, across, down)).intersect(area);
        if covered.width() <= 0.0 || covered.height() <= 0.0 {
            return;
        }
        // Shrink to the size on the page first, so that every pixel of the image counts.
        let target = (shrunk(image.width, a.hypot(b)), shrunk(image.height, c.hypot(d)));
        let transform = transform * Affine::scale_non_uniform(across / f64::from(target.0), down / f64::from(target.1));
        let image = resized(image, target);
        let opacity = opacity.map(|opacity| resized(opacity, target));
        match (whole_pixels(transform), &opacity) {
            (Some((x, y)), None) => self.copy(&image, x, y),
            _ => self.sample(&image, opacity.as_ref(), transform, covered),
        }
    }

    fn copy(&mut self, image: &GrayImage, x: i64, y: i64) {
        let width = i64::from(self.image.width);
        let from = x.clamp(0, width);
        let to = (x + i64::from(image.width)).clamp(0, width);
        let place = |value: i64| usize::try_from(value).unwrap_or(0);
        for row in 0..i64::from(image.height) {
            let line = y + row;
            if line < 0 || line >= i64::from(self.image.height) || from >= to {
                continue;
            }
            let source = place(row * i64::from(image.width) + from - x);
            let target = place(line * width + from);
            let count = place(to - from);
            let (Some(source), Some(target)) = (
                image.pixels.get(source..source.saturating_add(count)),
                self.image.pixels.get_mut(target..target.saturating_add(count)),
            ) else {
                continue;
            };
            target.copy_from_slice(source);
        }
    }

    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within the page after `intersect`")]
    fn sample(&mut self, image: &GrayImage, opacity: Option<&GrayImage>, transform: Affine, covered: Rect) {
        if transform.determinant().abs() < f64::EPSILON {
            return;
        }
        let back = transform.inverse();
        let (across, down) = (f64::from(image.width), f64::from(image.height));
        let [a, b, ..] = back.as_coeffs();
        let (left, right) = (covered.x0.floor() as u32, covered.x1.ceil() as u32);
        for y in covered.y0.floor() as u32..(covered.y1.ceil() as u32).min(self.image.height) {
            let mut at = back * Point::new(f64::from(left) + 0.5, f64::from(y) + 0.5);
            let line = index(y).saturating_mul(index(self.image.width));
            for x in left..right.min(self.image.width) {
                if at.x >= 0.0 && at.y >= 0.0 && at.x < across && at.y < down {
                    let value = u32::from(bilinear(image, at));
                    if let Some(pixel) = self.image.pixels.get_mut(line + index(x)) {
                        let cover = opacity.map_or(255, |opacity| u32::from(bilinear(opacity, at)));
                        let mixed = (value * cover + u32::from(*pixel) * (255 - cover) + 127) / 255;
                        *pixel = u8::try_from(mixed).unwrap_or(u8::MAX);
                    }
                }
                at.x += a;
                at.y += b;
            }
        }
    }
}

fn index(side: u32) -> usize {
    usize::try_from(side).unwrap_or(usize::MAX)
}

/// Pixels that a side takes on the page, never more than it has.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the side")]
fn shrunk(side: u32, scale: f64) -> u32 {
    let on_page = f64::from(side) * scale;
    // Half a pixel more or less is no reason to blur.
    (on_page.round().clamp(1.0, f64::from(side))) as u32
}

fn resized(image: GrayImage, target: (u32, u32)) -> GrayImage {
    if (image.width, image.height) == target {
        return image;
    }
    let mut resizer = Resizer::new((image.width, image.height), target);
    for row in image.pixels.chunks(index(image.width).max(1)) {
        resizer.row(row);
    }
    resizer.finish()
}

#[allow(clippy::cast_possible_truncation, reason = "bounds are checked")]
fn whole_pixels(transform: Affine) -> Option<(i64, i64)> {
    let [a, b, c, d, e, f] = transform.as_coeffs();
    // A scale off by less than half a pixel over the longest page.
    let straight = [a - 1.0, b, c, d - 1.0].iter().all(|part| part.abs() < 2e-4);
    let whole = straight && e.abs() < 1e9 && f.abs() < 1e9;
    let near = |value: f64| (value - value.round()).abs() < WHOLE_PIXELS || value.abs() < 1.0;
    (whole && near(e) && near(f)).then(|| (e.round() as i64, f.round() as i64))
}

/// The value between the four nearest pixels; `at` in pixels, the middle of the first at one half.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "`at` is within the image")]
fn bilinear(image: &GrayImage, at: Point) -> u8 {
    let (x, y) = ((at.x - 0.5).max(0.0), (at.y - 0.5).max(0.0));
    let (left, top) = (x as u32, y as u32);
    let (right, bottom) = ((left + 1).min(image.width - 1), (top + 1).min(image.height - 1));
    let (part_x, part_y) = (((x - f64::from(left)) * 256.0) as u32, ((y - f64::from(top)) * 256.0) as u32);
    let pixel = |x: u32, y: u32| {
        let place = index(y).saturating_mul(index(image.width)) + index(x);
        u32::from(image.pixels.get(place).copied().unwrap_or(u8::MAX))
    };
    let upper = pixel(left, top) * (256 - part_x) + pixel(right, top) * part_x;
    let lower = pixel(left, bottom) * (256 - part_x) + pixel(right, bottom) * part_x;
    u8::try_from((upper * (256 - part_y) + lower * part_y + (1 << 15)) >> 16).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ramp() -> GrayImage {
        GrayImage { width: 2, height: 2, pixels: vec![0, 50, 100, 150] }
    }

    #[test]
    fn images_are_copied_turned_and_cut_at_the_edge() {
        let mut canvas = Canvas::new(3, 3);
        canvas.lay(ramp(), None, Affine::translate((1.0, 1.0)));
        assert_eq!(canvas.into_image().pixels, [255, 255, 255, 255, 0, 50, 255, 100, 150]);
        let mut canvas = Canvas::new(2, 2);
        canvas.lay(ramp(), None, Affine::new([-1.0, 0.0, 0.0, -1.0, 2.0, 2.0]));
        assert_eq!(canvas.into_image().pixels, [150, 100, 50, 0]);
        let mut canvas = Canvas::new(2, 2);
        canvas.lay(ramp(), None, Affine::translate((-1.0, 1.0)));
        assert_eq!(canvas.into_image().pixels, [255, 255, 50, 255]);
    }

    #[test]
    fn what_does_not_cover_lets_the_ground_through() {
        let mut canvas = Canvas::new(2, 2);
        let opacity = GrayImage { width: 2, height: 2, pixels: vec![255, 0, 0, 255] };
        canvas.lay(ramp(), Some(opacity), Affine::IDENTITY);
        assert_eq!(canvas.into_image().pixels, [0, 255, 255, 150]);
    }

    #[test]
    fn absurd_transforms_draw_nothing() {
        let mut canvas = Canvas::new(2, 2);
        for transform in [
            Affine::scale(0.0),
            Affine::scale(f64::NAN),
            Affine::translate((1e300, 0.0)),
            Affine::new([1.0, 1.0, 1.0, 1.0, 0.0, 0.0]),
        ] {
            canvas.lay(ramp(), None, transform);
        }
        assert!(canvas.into_image().pixels.iter().all(|pixel| *pixel == 255));
    }
}
