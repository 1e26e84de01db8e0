//! Text lines of a page in the upright frame: where each begins and ends, and its ink profile between.

use super::normalise::Plane;

/// Bins of a line profile (measured: fewer confuse siblings, more break on a pixel of shift).
pub(super) const BINS: usize = 96;
/// Columns between two looks at the blurred page, in frame pixels.
const STEP: usize = 8;
/// Half the width over which ink is blurred along a line: bridges the spaces of justified text.
const BLUR: usize = 15;
/// Half the height of the band whose ink makes the profile: capitals of 14 points, without the next line.
const BAND: usize = 8;
/// A gap that ends a line: twice the widest space of justified text, less than the gutter of a letterhead.
const GAP: usize = 24;
/// Shortest line that is kept, in frame pixels (a word of four letters).
const SHORTEST: usize = 70;
/// Most lines kept of one page: three times a dense A4 page.
const MOST: usize = 200;

/// A text line in the upright frame.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Line {
    /// First column with ink.
    pub(super) left: f32,
    /// Last column with ink.
    pub(super) right: f32,
    /// Middle of the small letters at the left end.
    pub(super) y_left: f32,
    /// The same at the right end.
    pub(super) y_right: f32,
    /// Ink from end to end, mean 0 and deviation 1.
    pub(super) profile: [f32; BINS],
}

/// The text lines of a page, from top to bottom.
pub(super) fn lines(ink: &Plane) -> Vec<Line> {
    if ink.width < SHORTEST || ink.height < 4 * BAND {
        return Vec::new();
    }
    let mut chains = chains(ink);
    chains.sort_by_key(|chain| (std::cmp::Reverse(chain.len()), chain.first().copied()));
    let mut found: Vec<Line> = Vec::new();
    for chain in &chains {
        let (slope, offset) = level(chain);
        let Some((middle, _)) = chain.get(chain.len() / 2) else { continue };
        let at = *middle as f32;
        let covered = |line: &Line| {
            let y = line.y_left + (line.y_right - line.y_left) * (at - line.left) / (line.right - line.left).max(1.0);
            (line.left..=line.right).contains(&at) && (y - offset - slope * at).abs() < BAND as f32
        };
        if found.iter().any(covered) {
            continue;
        }
        // A chain breaks where letters are low; the line goes on as long as its ink does.
        let columns = column_ink(ink, slope, offset);
        let Some((from, to)) = runs(&columns).into_iter().find(|(from, to)| (*from..*to).contains(middle)) else {
            continue;
        };
        let Some(part) = columns.get(from..to) else { continue };
        if to - from < SHORTEST || is_rule(ink, from, to, slope, offset) {
            continue;
        }
        let (left, right) = (from as f32, to as f32);
        let line = Line {
            left,
            right,
            y_left: offset + slope * left,
            y_right: offset + slope * right,
            profile: profile(part),
        };
        if !found.iter().any(|known| same_place(known, &line)) {
            found.push(line);
        }
    }
    if found.len() > MOST {
        found.sort_by(|a, b| (b.right - b.left).total_cmp(&(a.right - a.left)));
        found.truncate(MOST);
    }
    found.sort_by(|a, b| a.y_left.total_cmp(&b.y_left).then(a.left.total_cmp(&b.left)));
    found
}

fn same_place(a: &Line, b: &Line) -> bool {
    let overlap = a.right.min(b.right) - a.left.max(b.left);
    let shorter = (a.right - a.left).min(b.right - b.left);
    overlap > 0.6 * shorter && (a.y_left + a.y_right - b.y_left - b.y_right).abs() < BAND as f32 * 2.0
}

/// Ridges of the page blurred along the lines: points (column, row) of one line each.
fn chains(ink: &Plane) -> Vec<Vec<(usize, usize)>> {
    let columns: Vec<usize> = (STEP..ink.width.saturating_sub(STEP)).step_by(STEP).collect();
    // Blurred ink per looked-at column, kept column by column.
    let mut blurred = vec![0_u16; columns.len() * ink.height];
    let mut sums = vec![0_u32; ink.width + 1];
    for y in 0..ink.height {
        let mut total = 0;
        for (value, sum) in ink.row(y).iter().zip(sums.iter_mut().skip(1)) {
            total += u32::from(*value);
            *sum = total;
        }
        for (index, x) in columns.iter().enumerate() {
            let (from, to) = (x.saturating_sub(BLUR), (x + BLUR + 1).min(ink.width));
            let sum = sums.get(to).unwrap_or(&0) - sums.get(from).unwrap_or(&0);
            if let Some(cell) = blurred.get_mut(index * ink.height + y) {
                *cell = (sum * 4 / (to - from).max(1) as u32) as u16;
            }
        }
    }
    let mut open: Vec<Vec<(usize, usize)>> = Vec::new();
    let mut closed = Vec::new();
    for (column, x) in blurred.chunks_exact(ink.height).zip(&columns) {
        let smooth = smoothed(&smoothed(&smoothed(column)));
        let mut peaks = peaks(&smooth);
        open.retain(|chain| {
            let keep = chain.last().is_some_and(|(last, _)| last + 4 * STEP >= *x);
            if !keep && chain.len() > 3 {
                closed.push(chain.clone());
            }
            keep
        });
        for chain in &mut open {
            let Some((_, y)) = chain.last().copied() else { continue };
            if let Some(index) = peaks.iter().position(|peak| peak.abs_diff(y) <= 4) {
                chain.push((*x, peaks.swap_remove(index)));
            }
        }
        open.extend(peaks.into_iter().map(|y| vec![(*x, y)]));
    }
    closed.extend(open.into_iter().filter(|chain| chain.len() > 3));
    closed
}

/// Mean over five neighbours.
fn smoothed(values: &[u16]) -> Vec<u16> {
    let mut out = vec![0; values.len()];
    for (target, window) in out.iter_mut().skip(2).zip(values.windows(5)) {
        *target = (window.iter().map(|v| u32::from(*v)).sum::<u32>() / 5) as u16;
    }
    out
}

/// Rows where the blurred ink is highest within half a line.
fn peaks(values: &[u16]) -> Vec<usize> {
    /// Four times 6 % ink: below it a window holds one letter and noise.
    const LOWEST: u16 = 60;
    let mut found: Vec<usize> = Vec::new();
    for (y, window) in values.windows(3).enumerate() {
        let [before, here, after] = window else { continue };
        if *here < LOWEST || here < before || here <= after {
            continue;
        }
        let y = y + 1;
        let around = values.get(y.saturating_sub(BAND)..(y + BAND + 1).min(values.len())).unwrap_or(&[]);
        if around.iter().all(|value| value <= here) {
            found.push(y);
        }
    }
    found
}

/// Slope and height at column 0 of the line through the points of a chain.
fn level(chain: &[(usize, usize)]) -> (f32, f32) {
    let count = chain.len().max(1) as f32;
    let (mean_x, mean_y) =
        chain.iter().fold((0.0, 0.0), |(sx, sy), (x, y)| (sx + *x as f32 / count, sy + *y as f32 / count));
    let (mut xx, mut xy) = (0.0, 0.0);
    for (x, y) in chain {
        let dx = *x as f32 - mean_x;
        xx += dx * dx;
        xy += dx * (*y as f32 - mean_y);
    }
    // A short chain tells its height better than its slope; what is left of skew after levelling is small.
    let slope = if xx > 0.0 && chain.len() > 40 { (xy / xx).clamp(-0.01, 0.01) } else { 0.0 };
    (slope, mean_y - slope * mean_x)
}

/// Ink of each column within the band of a line, 1 for a black pixel.
fn column_ink(ink: &Plane, slope: f32, offset: f32) -> Vec<f32> {
    let mut sums = vec![0.0_f32; ink.width];
    // The band is followed in pieces of constant height, so that rows are read along.
    for (piece, cells) in sums.chunks_mut(STEP * 4).enumerate() {
        let x = piece * STEP * 4;
        let middle = (offset + slope * (x + STEP * 2) as f32).round();
        for row in 0..=2 * BAND {
            let y = middle + row as f32 - BAND as f32;
            if y < 0.0 {
                continue;
            }
            let source = ink.row(y as usize).get(x..).unwrap_or(&[]);
            for (cell, value) in cells.iter_mut().zip(source) {
                *cell += f32::from(*value) / 255.0;
            }
        }
    }
    sums
}

/// Stretches of columns with ink, without gaps wider than [`GAP`].
fn runs(columns: &[f32]) -> Vec<(usize, usize)> {
    let mut found: Vec<(usize, usize)> = Vec::new();
    for (x, pair) in columns.windows(2).enumerate() {
        // Two neighbours, so that a speck is not the end of a line.
        if pair.iter().any(|ink| *ink < 0.6) {
            continue;
        }
        match found.last_mut() {
            Some((_, end)) if x <= *end + GAP => *end = x + 2,
            _ => found.push((x, x + 2)),
        }
    }
    found
}

/// Whether the stretch is a ruled line: all its ink in a few rows.
fn is_rule(ink: &Plane, from: usize, to: usize, slope: f32, offset: f32) -> bool {
    let middle = (offset + slope * (from + to) as f32 / 2.0).round();
    let mut rows: Vec<u32> = (0..=2 * BAND)
        .map(|row| {
            let y = (middle + row as f32 - BAND as f32).max(0.0) as usize;
            ink.row(y).get(from..to).unwrap_or(&[]).iter().map(|v| u32::from(*v)).sum()
        })
        .collect();
    let total: u32 = rows.iter().sum();
    rows.sort_unstable();
    rows.iter().rev().take(4).sum::<u32>() * 5 > total * 4
}

/// The ink of a line in [`BINS`] bins, smoothed once, mean 0 and deviation 1.
fn profile(columns: &[f32]) -> [f32; BINS] {
    let mut bins = [0.0_f32; BINS];
    let mut sums = Vec::with_capacity(columns.len() + 1);
    let mut total = 0.0;
    sums.push(0.0);
    for value in columns {
        total += value;
        sums.push(total);
    }
    let upto = |position: f32| -> f32 {
        let whole = position as usize;
        let (Some(low), high) = (sums.get(whole), sums.get(whole + 1)) else { return total };
        low + (high.unwrap_or(low) - low) * (position - whole as f32)
    };
    let width = columns.len() as f32 / BINS as f32;
    for (index, bin) in bins.iter_mut().enumerate() {
        *bin = (upto((index + 1) as f32 * width) - upto(index as f32 * width)) / width;
    }
    let raw = bins;
    for (bin, window) in bins.iter_mut().skip(1).zip(raw.windows(3)) {
        if let [before, here, after] = window {
            *bin = (before + 2.0 * here + after) / 4.0;
        }
    }
    standardise(&mut bins);
    bins
}

/// Mean 0, deviation 1; all zero if nothing varies.
pub(super) fn standardise(bins: &mut [f32; BINS]) {
    let mean = bins.iter().sum::<f32>() / BINS as f32;
    let variance = bins.iter().map(|v| (v - mean).powi(2)).sum::<f32>() / BINS as f32;
    let scale = if variance > 1e-6 { variance.sqrt().recip() } else { 0.0 };
    for bin in bins {
        *bin = (*bin - mean) * scale;
    }
}
