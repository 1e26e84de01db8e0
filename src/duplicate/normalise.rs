//! A page image brought into the upright frame: short side 1000 pixels, even light, text lines level.
//!
//! Whether the page stands on its head is left open here: both ways are tried where lines are compared.

use super::geometry::Affine;
use crate::raster::GrayImage;

/// Short side of the upright frame in pixels: 121 dots per inch on A4, where letters are still apart
/// and a line profile costs little (measured, design note on duplicates).
pub(super) const FRAME: usize = 1_000;
/// Longest side of the frame: beyond it an image is no page (a receipt roll, a banner).
const LONGEST: usize = 4 * FRAME;
/// Blocks over which paper brightness is measured, in frame pixels: smaller than a shadow, larger than a letter.
const BLOCK: usize = 25;
/// Columns that share one shift while skew is sought, in frame pixels.
const STRIP: usize = 16;
/// Skew sought on either side, in degrees: feeders stay below 3, hand-laid sheets below 8.
const SKEW: f32 = 8.0;
/// Spread of paper brightness from which specks are smoothed away first (of 255).
const COARSE_GRAIN: u8 = 14;
/// Ink below this is paper grain (of 255).
const GRAIN: u32 = 24;

/// One plane of bytes.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Plane {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) data: Vec<u8>,
}

impl Plane {
    pub(super) fn new(width: usize, height: usize) -> Self {
        Self { width, height, data: vec![0; width * height] }
    }

    pub(super) fn row(&self, y: usize) -> &[u8] {
        let start = y.saturating_mul(self.width);
        self.data.get(start..start.saturating_add(self.width)).unwrap_or(&[])
    }

    pub(super) fn at(&self, x: usize, y: usize) -> u8 {
        if x >= self.width { 0 } else { self.data.get(y * self.width + x).copied().unwrap_or(0) }
    }

    /// Between four pixels; `outside` beyond the edge.
    pub(super) fn sample(&self, x: f32, y: f32, outside: u8) -> u8 {
        sample(&self.data, self.width, self.height, x, y, outside)
    }

    fn transposed(&self) -> Self {
        let mut out = Self::new(self.height, self.width);
        for y in 0..self.height {
            for (x, value) in self.row(y).iter().enumerate() {
                if let Some(cell) = out.data.get_mut(x * self.height + y) {
                    *cell = *value;
                }
            }
        }
        out
    }
}

/// Bilinear sample, pixel centres at whole numbers.
#[inline]
pub(super) fn sample(data: &[u8], width: usize, height: usize, x: f32, y: f32, outside: u8) -> u8 {
    if !(x >= 0.0 && y >= 0.0) {
        return outside;
    }
    let (left, top) = (x as usize, y as usize);
    if left + 1 >= width || top + 1 >= height {
        return outside;
    }
    let start = top * width + left;
    let (Some([a, b]), Some([c, d])) = (data.get(start..start + 2), data.get(start + width..start + width + 2)) else {
        return outside;
    };
    let (fx, fy) = (((x - left as f32) * 256.0) as u32, ((y - top as f32) * 256.0) as u32);
    let upper = u32::from(*a) * (256 - fx) + u32::from(*b) * fx;
    let lower = u32::from(*c) * (256 - fx) + u32::from(*d) * fx;
    ((upper * (256 - fy) + lower * fy) >> 16) as u8
}

/// A page in the upright frame.
pub(super) struct Upright {
    /// Ink, 0 for paper, 255 for black.
    pub(super) ink: Plane,
    /// From the frame to the pixels of the image it was made from.
    pub(super) to_image: Affine,
}

/// The image in the upright frame, once per reading direction that its ink allows (lines may run along
/// either side; mostly one remains). Empty for an image that is no page.
pub(super) fn upright(image: &GrayImage) -> Vec<Upright> {
    let (width, height) = (image.width as usize, image.height as usize);
    let short = width.min(height);
    if short < 100 || width.checked_mul(height).is_none_or(|n| n != image.pixels.len()) {
        return Vec::new();
    }
    let scale = FRAME as f32 / short as f32;
    let (frame_width, frame_height) =
        ((width as f32 * scale).round() as usize, (height as f32 * scale).round() as usize);
    if frame_width.max(frame_height) > LONGEST {
        return Vec::new();
    }
    let small = shrink(image, frame_width, frame_height);
    let (mut ink, grain) = even_light(&small);
    if grain > COARSE_GRAIN {
        ink = even_light(&softened(&small)).0;
    }
    clear_edges(&mut ink);
    let to_pixels = Affine { coefficients: [1.0 / scale, 0.0, 0.5 / scale - 0.5, 0.0, 1.0 / scale, 0.5 / scale - 0.5] };
    let turned = ink.transposed();
    let (level_angle, level) = skew(&ink);
    let (steep_angle, steep) = skew(&turned);
    let mut ways = Vec::new();
    // Rules of tables are sharp in both directions; only text decides, so a near draw keeps both.
    if level * 2.0 >= steep {
        ways.push(rotated(&ink, level_angle, to_pixels));
    }
    if steep * 2.0 > level {
        // A transposed page is a mirrored one: turn it by mirroring it back, left to right.
        let mut mirrored = turned;
        for row in mirrored.data.chunks_exact_mut(mirrored.width.max(1)) {
            row.reverse();
        }
        let across = mirrored.width as f32 - 1.0;
        // Frame (x, y) shows the pixel (y, across - x) of the unturned page.
        let turn = Affine { coefficients: [0.0, 1.0, 0.0, -1.0, 0.0, across] };
        ways.push(rotated(&mirrored, -steep_angle, turn.then(&to_pixels)));
    }
    ways
}

/// Mean of the pixels under each pixel of the frame; between pixels when the image is smaller.
fn shrink(image: &GrayImage, width: usize, height: usize) -> Plane {
    let (from_width, from_height) = (image.width as usize, image.height as usize);
    let mut out = Plane::new(width, height);
    if from_width < width || from_height < height {
        let (sx, sy) = (from_width as f32 / width as f32, from_height as f32 / height as f32);
        for (y, row) in out.data.chunks_exact_mut(width).enumerate() {
            for (x, cell) in row.iter_mut().enumerate() {
                let (fx, fy) = ((x as f32 + 0.5) * sx - 0.5, (y as f32 + 0.5) * sy - 0.5);
                *cell = sample(&image.pixels, from_width, from_height, fx.max(0.0), fy.max(0.0), 255);
            }
        }
        return out;
    }
    // Pixels on a border count for both sides by their share: counted whole they would draw stripes into grain.
    let edge = |index: usize, from: usize, to: usize| index as f32 * from as f32 / to as f32;
    let spans: Vec<(usize, usize, f32, f32)> = (0..width)
        .map(|x| {
            let (start, end) = (edge(x, from_width, width), edge(x + 1, from_width, width));
            let (first, last) = (start as usize, (end as usize).min(from_width - 1));
            (first, last, 1.0 - start.fract(), end - last as f32)
        })
        .collect();
    let area = (from_width as f32 / width as f32) * (from_height as f32 / height as f32);
    let mut across = vec![0.0_f32; width];
    let mut sums = vec![0.0_f32; width];
    let mut next = 0;
    for (y, row) in out.data.chunks_exact_mut(width).enumerate() {
        let (top, bottom) = (edge(y, from_height, height), edge(y + 1, from_height, height));
        let last = (bottom as usize).min(from_height - 1);
        sums.fill(0.0);
        for source in top as usize..=last {
            // A row on a border was summed for the row above already.
            if source >= next {
                let line = image.pixels.get(source * from_width..(source + 1) * from_width).unwrap_or(&[]);
                for (sum, (first, end, head, tail)) in across.iter_mut().zip(&spans) {
                    let cells = line.get(*first..=*end).unwrap_or(&[]);
                    let whole: u32 = cells.iter().map(|p| u32::from(*p)).sum();
                    let outer = |cell: Option<&u8>, share: f32| cell.map_or(0.0, |p| f32::from(*p) * (1.0 - share));
                    *sum = whole as f32 - outer(cells.first(), *head) - outer(cells.last(), *tail);
                }
                next = source + 1;
            }
            let share = (bottom.min((source + 1) as f32) - top.max(source as f32)).max(0.0);
            for (sum, value) in sums.iter_mut().zip(&across) {
                *sum += value * share;
            }
        }
        for (cell, sum) in row.iter_mut().zip(&sums) {
            *cell = (sum / area + 0.5).clamp(0.0, 255.0) as u8;
        }
    }
    out
}

/// Mean over three by three pixels: takes specks out of a page that is full of them.
fn softened(page: &Plane) -> Plane {
    let mut out = page.clone();
    for y in 1..page.height.saturating_sub(1) {
        let (above, here, below) = (page.row(y - 1), page.row(y), page.row(y + 1));
        let Some(target) = out.data.get_mut(y * page.width + 1..(y + 1) * page.width) else { break };
        for (((cell, a), b), c) in target.iter_mut().zip(above.windows(3)).zip(here.windows(3)).zip(below.windows(3)) {
            let sum: u32 = a.iter().chain(b).chain(c).map(|v| u32::from(*v)).sum();
            *cell = (sum / 9) as u8;
        }
    }
    out
}

/// Ink against the paper around it: shadows, tinted paper and fading taken out. Also the grain of the page.
fn even_light(page: &Plane) -> (Plane, u8) {
    let (columns, rows) = (page.width.div_ceil(BLOCK), page.height.div_ceil(BLOCK));
    let mut paper = vec![0_u8; columns * rows];
    let mut grain = vec![0_u8; columns * rows];
    for (index, (cell, spread)) in paper.iter_mut().zip(&mut grain).enumerate() {
        let (bx, by) = (index % columns * BLOCK, index / columns * BLOCK);
        let mut histogram = [0_u32; 64];
        let mut count = 0;
        for y in by..(by + BLOCK).min(page.height) {
            for value in page.row(y).get(bx..(bx + BLOCK).min(page.width)).unwrap_or(&[]) {
                if let Some(bin) = histogram.get_mut(usize::from(value >> 2)) {
                    *bin += 1;
                }
                count += 1;
            }
        }
        // Most of a block is paper unless a picture covers it; how far its brighter half spreads is grain.
        let brighter = |percent: u32| {
            let mut above = 0;
            let bin = histogram.iter().enumerate().rev().find(|(_, n)| {
                above += **n;
                above * 100 >= count * percent
            });
            bin.map_or(0, |(bin, _)| (bin * 4 + 2) as u8)
        };
        *cell = brighter(50);
        *spread = brighter(15).saturating_sub(*cell);
    }
    // Under a stamp or a bold title the paper is that of the neighbours.
    let brightest = neighbourhood(&paper, columns, rows, |values| values.iter().copied().max().unwrap_or(255));
    let smooth = neighbourhood(&brightest, columns, rows, |values| {
        (values.iter().map(|v| u32::from(*v)).sum::<u32>() / values.len().max(1) as u32) as u8
    });
    let grain = neighbourhood(&grain, columns, rows, |values| values.iter().copied().min().unwrap_or(0));
    let mut sorted = grain.clone();
    sorted.sort_unstable();
    let usual_grain = sorted.get(sorted.len() / 2).copied().unwrap_or(0);
    let mut ink = Plane::new(page.width, page.height);
    let mut histogram = [0_u32; 256];
    for y in 0..page.height {
        let by = y / BLOCK;
        let source = page.row(y);
        let Some(target) = ink.data.get_mut(y * page.width..(y + 1) * page.width) else { continue };
        for (bx, (from, to)) in source.chunks(BLOCK).zip(target.chunks_mut(BLOCK)).enumerate() {
            let white = u32::from(smooth.get(by * columns + bx).copied().unwrap_or(255)).max(1);
            let noise = GRAIN + u32::from(grain.get(by * columns + bx).copied().unwrap_or(0)) * 3 / 2;
            for (value, cell) in from.iter().zip(to) {
                let darkness = (white.saturating_sub(u32::from(*value)) * 255 / white).saturating_sub(noise);
                *cell = darkness as u8;
                if let Some(bin) = histogram.get_mut(darkness as usize) {
                    *bin += 1;
                }
            }
        }
    }
    // Fading: what the darkest hundredth of the page shows is full ink.
    let area: u32 = histogram.iter().sum();
    let mut above = 0;
    let mut full = 255;
    for (value, n) in histogram.iter().enumerate().rev() {
        above += n;
        if above.saturating_mul(100) >= area {
            full = value;
            break;
        }
    }
    let full = full.clamp(48, 231) as u32;
    for cell in &mut ink.data {
        *cell = (u32::from(*cell) * 255 / full).min(255) as u8;
    }
    (ink, usual_grain)
}

/// Takes away what the scanner saw beside the paper: dark bands along the edges.
fn clear_edges(ink: &mut Plane) {
    /// Widest band as a part of the side.
    const WIDEST: usize = 8;
    /// Columns without a band that end the search: a thin bright rim may lie outside the band.
    const PATIENCE: usize = 6;
    let band = |shares: &mut dyn Iterator<Item = u32>, length: usize| {
        let (mut end, mut misses) = (0, 0);
        for (index, share) in shares.take(length / WIDEST).enumerate() {
            if share > 40 {
                end = index + 3;
                misses = 0;
            } else {
                misses += 1;
                if misses > PATIENCE {
                    break;
                }
            }
        }
        end
    };
    let (width, height) = (ink.width, ink.height);
    let dark = |values: &mut dyn Iterator<Item = u8>, length: usize| {
        values.filter(|v| *v > 80).count() as u32 * 100 / length.max(1) as u32
    };
    let row = |y: usize| dark(&mut ink.row(y).iter().copied(), width);
    let column = |x: usize| dark(&mut (0..height).map(|y| ink.at(x, y)), height);
    let (top, bottom) = (band(&mut (0..height).map(row), height), band(&mut (0..height).rev().map(row), height));
    let (left, right) = (band(&mut (0..width).map(column), width), band(&mut (0..width).rev().map(column), width));
    for (y, cells) in ink.data.chunks_exact_mut(width.max(1)).enumerate() {
        if y < top || y + bottom >= height {
            cells.fill(0);
        } else {
            cells.get_mut(..left).unwrap_or(&mut []).fill(0);
            cells.get_mut(width.saturating_sub(right)..).unwrap_or(&mut []).fill(0);
        }
    }
}

fn neighbourhood(cells: &[u8], columns: usize, rows: usize, reduce: impl Fn(&[u8]) -> u8) -> Vec<u8> {
    let mut out = Vec::with_capacity(cells.len());
    let mut values = Vec::with_capacity(9);
    for index in 0..cells.len() {
        let (x, y) = (index % columns.max(1), index / columns.max(1));
        values.clear();
        for ny in y.saturating_sub(1)..(y + 2).min(rows) {
            for nx in x.saturating_sub(1)..(x + 2).min(columns) {
                values.extend(cells.get(ny * columns + nx));
            }
        }
        out.push(reduce(&values));
    }
    out
}

/// Skew in degrees and how sharply lines stand out at it.
fn skew(ink: &Plane) -> (f32, f64) {
    let margin = ink.width / 30;
    let strips = (ink.width.saturating_sub(2 * margin)) / STRIP;
    if strips == 0 || ink.height < 3 {
        return (0.0, 0.0);
    }
    // Sums of ink per strip and row; one strip after the other.
    let mut sums = vec![0_u16; strips * ink.height];
    for y in 0..ink.height {
        let row = ink.row(y).get(margin..).unwrap_or(&[]);
        for (strip, cells) in row.chunks_exact(STRIP).take(strips).enumerate() {
            let sum: u16 = cells.iter().map(|v| u16::from(*v >= 96)).sum();
            if let Some(cell) = sums.get_mut(strip * ink.height + y) {
                *cell = sum;
            }
        }
    }
    let mut profile = vec![0_u32; ink.height];
    let mut sharpness = |degrees: f32| -> f64 {
        let slope = degrees.to_radians().tan();
        profile.fill(0);
        for (strip, column) in sums.chunks_exact(ink.height).enumerate() {
            let x = (strip as f32 + 0.5) * STRIP as f32 - (strips * STRIP) as f32 / 2.0;
            let shift = (slope * x).round() as isize;
            // A point of a line that falls by `slope` comes back up by as much.
            let (skip_source, skip_target) = (shift.max(0) as usize, (-shift).max(0) as usize);
            for (total, value) in profile.iter_mut().skip(skip_target).zip(column.iter().skip(skip_source)) {
                *total += u32::from(*value);
            }
        }
        profile.windows(2).map(|pair| if let [a, b] = pair { f64::from(a.abs_diff(*b)).powi(2) } else { 0.0 }).sum()
    };
    let mut best = (0.0_f32, 0.0_f64);
    let coarse = (SKEW * 4.0) as i32;
    let mut values = Vec::new();
    for step in -coarse..=coarse {
        let degrees = step as f32 / 4.0;
        let value = sharpness(degrees);
        values.push(value);
        if value > best.1 {
            best = (degrees, value);
        }
    }
    let around = best.0;
    for step in -5..=5 {
        let degrees = around + step as f32 / 20.0;
        let value = sharpness(degrees);
        if value > best.1 {
            best = (degrees, value);
        }
    }
    // Grain is as sharp at every angle; text only at its own.
    values.sort_by(f64::total_cmp);
    let floor = values.get(values.len() / 2).copied().unwrap_or(0.0);
    (best.0, best.1 - floor)
}

/// The plane turned about its centre so that lines falling by `degrees` run level.
fn rotated(ink: &Plane, degrees: f32, to_pixels: Affine) -> Upright {
    let (sine, cosine) = degrees.to_radians().sin_cos();
    let (cx, cy) = (ink.width as f32 / 2.0, ink.height as f32 / 2.0);
    let turn = Affine {
        coefficients: [cosine, -sine, cx - cosine * cx + sine * cy, sine, cosine, cy - sine * cx - cosine * cy],
    };
    if degrees.abs() < 0.03 {
        return Upright { ink: ink.clone(), to_image: to_pixels };
    }
    let mut level = Plane::new(ink.width, ink.height);
    for (y, row) in level.data.chunks_exact_mut(ink.width.max(1)).enumerate() {
        let (mut x, mut from_y) = turn.apply(0.0, y as f32);
        for cell in row {
            *cell = ink.sample(x, from_y, 0);
            x += cosine;
            from_y += sine;
        }
    }
    Upright { ink: level, to_image: turn.then(&to_pixels) }
}
