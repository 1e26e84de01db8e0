//! Brings an image to another size row by row: the mean of what a pixel covers, or, where it grows,
//! the two nearest.

use super::GrayImage;

/// Fixed-point one: weights of a pixel's columns or rows add up to it.
const ONE: u32 = 1 << 12;

/// The source pixels of one target pixel: the first, and the weight of each.
struct Span {
    first: usize,
    weights: Vec<u32>,
}

/// Takes rows of `source` pixels and gives an image of the target size.
pub(super) struct Resizer {
    columns: Vec<Span>,
    rows: Vec<Span>,
    source_width: usize,
    /// Rows narrowed already, the first of them being `base`.
    narrowed: std::collections::VecDeque<Vec<u32>>,
    base: usize,
    next: usize,
    image: GrayImage,
    target_height: usize,
}

impl Resizer {
    /// From a size to a size, both at least 1.
    pub(super) fn new(source: (u32, u32), target: (u32, u32)) -> Self {
        let index = |side: u32| usize::try_from(side).unwrap_or(usize::MAX);
        let (width, height) = (target.0.max(1), target.1.max(1));
        Self {
            columns: spans(index(source.0.max(1)), index(width)),
            rows: spans(index(source.1.max(1)), index(height)),
            source_width: index(source.0.max(1)),
            narrowed: std::collections::VecDeque::new(),
            base: 0,
            next: 0,
            image: GrayImage {
                width,
                height: 0,
                pixels: Vec::with_capacity(index(width).saturating_mul(index(height))),
            },
            target_height: index(height),
        }
    }

    /// Whether all rows that matter have come.
    pub(super) fn is_complete(&self) -> bool {
        self.next >= self.target_height
    }

    /// The next row of the source. A short one is filled with white.
    pub(super) fn row(&mut self, row: &[u8]) {
        if self.is_complete() {
            return;
        }
        let mut filled;
        let row = if row.len() < self.source_width {
            filled = row.to_vec();
            filled.resize(self.source_width, u8::MAX);
            filled.as_slice()
        } else {
            row
        };
        self.narrowed.push_back(narrowed(row, &self.columns));
        self.emit();
    }

    /// The image; rows that never came are white.
    pub(super) fn finish(mut self) -> GrayImage {
        let white = narrowed(&vec![u8::MAX; self.source_width], &self.columns);
        while !self.is_complete() {
            self.narrowed.push_back(white.clone());
            self.emit();
        }
        self.image.height = u32::try_from(self.target_height).unwrap_or(u32::MAX);
        self.image
    }

    /// Writes every target row whose source rows are there.
    fn emit(&mut self) {
        while let Some(span) = self.rows.get(self.next) {
            while self.base < span.first && self.narrowed.pop_front().is_some() {
                self.base += 1;
            }
            if self.base < span.first || self.narrowed.len() < span.weights.len() {
                return;
            }
            let start = self.image.pixels.len();
            if let [weight] = span.weights.as_slice() {
                let weight = u64::from(*weight);
                let row = self.narrowed.front().map(Vec::as_slice).unwrap_or_default();
                self.image.pixels.extend(row.iter().map(|value| sample(u64::from(*value) * weight)));
            } else {
                let mut sums = vec![0_u64; self.columns.len()];
                for (row, weight) in self.narrowed.iter().zip(&span.weights) {
                    let weight = u64::from(*weight);
                    for (sum, value) in sums.iter_mut().zip(row) {
                        *sum += u64::from(*value) * weight;
                    }
                }
                self.image.pixels.extend(sums.into_iter().map(sample));
            }
            debug_assert_eq!(self.image.pixels.len() - start, self.columns.len());
            self.next += 1;
        }
    }
}

/// From the sum of two weightings to a sample.
fn sample(sum: u64) -> u8 {
    let one = u64::from(ONE);
    u8::try_from((sum + one * one / 2) / (one * one)).unwrap_or(u8::MAX)
}

fn narrowed(row: &[u8], columns: &[Span]) -> Vec<u32> {
    columns
        .iter()
        .map(|span| {
            let pixels = row.get(span.first..).unwrap_or_default();
            span.weights.iter().zip(pixels).map(|(weight, pixel)| weight * u32::from(*pixel)).sum()
        })
        .collect()
}

/// What each of `target` pixels covers of `source` pixels.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "sides are far below 2^52, and every value is clamped to the source"
)]
fn spans(source: usize, target: usize) -> Vec<Span> {
    let scale = source as f64 / target as f64;
    (0..target)
        .map(|index| {
            let (from, to) = if scale >= 1.0 {
                (index as f64 * scale, (index + 1) as f64 * scale)
            } else {
                // Growing: a window of one source pixel around the target pixel's middle.
                let middle = (index as f64 + 0.5) * scale;
                ((middle - 0.5).max(0.0), (middle + 0.5).min(source as f64))
            };
            let first = (from as usize).min(source - 1);
            let last = (to.ceil() as usize).clamp(first + 1, source);
            let covered: Vec<f64> =
                (first..last).map(|pixel| (to.min(pixel as f64 + 1.0) - from.max(pixel as f64)).max(0.0)).collect();
            let total: f64 = covered.iter().sum::<f64>().max(f64::EPSILON);
            let mut weights: Vec<u32> = covered.iter().map(|part| (part / total * f64::from(ONE)) as u32).collect();
            // What rounding lost goes to the heaviest, so that white stays white.
            let lost = ONE.saturating_sub(weights.iter().sum());
            if let Some(heaviest) = weights.iter_mut().max() {
                *heaviest += lost;
            }
            Span { first, weights }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resized(pixels: &[u8], width: u32, target: (u32, u32)) -> GrayImage {
        let height = u32::try_from(pixels.len()).unwrap() / width;
        let mut resizer = Resizer::new((width, height), target);
        pixels.chunks(width as usize).for_each(|row| resizer.row(row));
        resizer.finish()
    }

    #[test]
    fn shrinking_takes_means_and_the_same_size_is_a_copy() {
        let pixels = [0, 100, 200, 100, 0, 100, 200, 100];
        assert_eq!(resized(&pixels, 4, (2, 1)).pixels, [50, 150]);
        assert_eq!(resized(&pixels, 4, (4, 2)).pixels, pixels);
        assert_eq!(resized(&[0, 255, 255], 3, (2, 1)).pixels, [85, 255]);
    }

    #[test]
    fn growing_goes_between_neighbours() {
        assert_eq!(resized(&[0, 200], 2, (4, 1)).pixels, [0, 50, 150, 200]);
    }

    #[test]
    fn white_stays_white_and_missing_rows_are_white() {
        for target in [(7, 5), (640, 3), (1, 1), (999, 1001)] {
            assert!(resized(&[255; 400], 20, target).pixels.iter().all(|pixel| *pixel == 255));
        }
        let mut resizer = Resizer::new((2, 4), (2, 2));
        resizer.row(&[0, 0]);
        resizer.row(&[0]);
        assert_eq!(resizer.finish().pixels, [0, 128, 255, 255]);
    }
}
