//! What a later drawing of a page hides of an earlier one.

use super::GrayImage;

/// Darkest and lightest sample that still counts as ink and as paper, and the least difference between
/// them: a red seal stays ink (its grey is 76), and paper may be grey.
const INK: u8 = 150;
const PAPER: u8 = 190;
const DIFFERENCE: u8 = 80;

/// Pixels that were ink in `before` and are paper in `after`, within `area`: left, top, right, bottom as
/// shares of the page. `None` if the drawings differ in size.
pub fn lost_ink(before: &GrayImage, after: &GrayImage, area: [f64; 4]) -> Option<u64> {
    if (before.width, before.height) != (after.width, after.height) || before.width == 0 {
        return None;
    }
    let columns = range(area[0], area[2], before.width);
    let rows = range(area[1], area[3], before.height);
    let width = usize::try_from(before.width).ok()?;
    let lost = before.pixels.chunks(width).zip(after.pixels.chunks(width)).take(rows.1).skip(rows.0).map(|(old, new)| {
        let pairs = old.iter().zip(new).take(columns.1).skip(columns.0);
        pairs.filter(|(old, new)| **old <= INK && **new >= PAPER && **new - **old >= DIFFERENCE).count()
    });
    u64::try_from(lost.sum::<usize>()).ok()
}

/// The pixels from `start` up to but without the end, one more on each side for their blurred edges.
fn range(start: f64, end: f64, size: u32) -> (usize, usize) {
    let size = f64::from(size);
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and a size that came from a u32"
    )]
    let pixel = |at: f64| at.clamp(0.0, size) as usize;
    (pixel((start * size).floor() - 1.0), pixel((end * size).ceil() + 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(ink: &[(usize, u8)]) -> GrayImage {
        let mut pixels = vec![255; 100];
        ink.iter().for_each(|&(at, sample)| pixels[at] = sample);
        GrayImage { width: 10, height: 10, pixels }
    }

    #[test]
    fn only_ink_that_became_paper_within_the_area_is_lost() {
        let before = page(&[(0, 0), (55, 0), (56, 100), (57, 0)]);
        // One is whitened, one greyed by the edge of another stroke, one overprinted in red.
        let after = page(&[(55, 255), (56, 120), (57, 76)]);
        assert_eq!(lost_ink(&before, &after, [0.4, 0.4, 0.8, 0.8]), Some(1));
        assert_eq!(lost_ink(&before, &after, [0.0, 0.0, 1.0, 1.0]), Some(2));
        assert_eq!(lost_ink(&before, &before, [0.0, 0.0, 1.0, 1.0]), Some(0));
        let smaller = GrayImage { width: 5, height: 20, pixels: vec![255; 100] };
        assert_eq!(lost_ink(&before, &smaller, [0.0, 0.0, 1.0, 1.0]), None);
    }
}
