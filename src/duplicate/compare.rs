//! Words and digits of a drawn page held against the same places of a scan, without reading either.

use super::geometry::Affine;
use super::normalise::sample;
use super::words::{Field, Part, Word};
use crate::raster::{GrayImage, PrintedPage};

/// Room around a word in which it is sought once the map is refined, in pixels of the drawn page.
const ROOM: usize = 3;

/// A small grey picture.
#[derive(Clone, Debug, Default)]
pub(super) struct Patch {
    width: usize,
    height: usize,
    data: Vec<u8>,
}

impl Patch {
    /// Taken where `place` says, pixel by pixel.
    fn taken(image: &GrayImage, width: usize, height: usize, place: impl Fn(f32, f32) -> (f32, f32)) -> Self {
        let mut data = Vec::with_capacity(width * height);
        let (image_width, image_height) = (image.width as usize, image.height as usize);
        for y in 0..height {
            for x in 0..width {
                let (from_x, from_y) = place(x as f32, y as f32);
                data.push(sample(&image.pixels, image_width, image_height, from_x, from_y, 255));
            }
        }
        Self { width, height, data }.blurred()
    }

    /// A little blur levels the sharpness of a drawing and the grain of a scan.
    fn blurred(mut self) -> Self {
        let (width, height) = (self.width, self.height);
        if width < 3 || height < 3 {
            return self;
        }
        let mut rows = self.data.clone();
        for (out, source) in rows.chunks_exact_mut(width).zip(self.data.chunks_exact(width)) {
            for (cell, window) in out.iter_mut().skip(1).zip(source.windows(3)) {
                if let [a, b, c] = window {
                    *cell = ((u16::from(*a) + 2 * u16::from(*b) + u16::from(*c)) / 4) as u8;
                }
            }
        }
        for y in 1..height - 1 {
            let (Some(above), Some(here), Some(below)) = (
                rows.get((y - 1) * width..y * width),
                rows.get(y * width..(y + 1) * width),
                rows.get((y + 1) * width..(y + 2) * width),
            ) else {
                break;
            };
            let Some(out) = self.data.get_mut(y * width..(y + 1) * width) else { break };
            for (((cell, a), b), c) in out.iter_mut().zip(above).zip(here).zip(below) {
                *cell = ((u16::from(*a) + 2 * u16::from(*b) + u16::from(*c)) / 4) as u8;
            }
        }
        self
    }

    /// Normalised correlation with the part of `other` that begins at (x, y).
    fn correlation(&self, other: &Self, x: usize, y: usize) -> f32 {
        let (mut own, mut own2, mut its, mut its2, mut both) = (0_i64, 0_i64, 0_i64, 0_i64, 0_i64);
        for (row, source) in
            self.data.chunks_exact(self.width.max(1)).zip(other.data.chunks_exact(other.width.max(1)).skip(y))
        {
            let Some(source) = source.get(x..x + self.width) else { return -1.0 };
            let (mut a, mut aa, mut b, mut bb, mut ab) = (0_i32, 0_i32, 0_i32, 0_i32, 0_i32);
            for (p, q) in row.iter().zip(source) {
                let (p, q) = (i32::from(*p), i32::from(*q));
                a += p;
                aa += p * p;
                b += q;
                bb += q * q;
                ab += p * q;
            }
            own += i64::from(a);
            own2 += i64::from(aa);
            its += i64::from(b);
            its2 += i64::from(bb);
            both += i64::from(ab);
        }
        let count = (self.width * self.height) as f64;
        let (own, its) = (own as f64, its as f64);
        let own_spread = own2 as f64 - own * own / count;
        let its_spread = its2 as f64 - its * its / count;
        // Two grey levels of deviation are grain, not ink.
        if own_spread < count * 4.0 || its_spread < count * 4.0 {
            return 0.0;
        }
        ((both as f64 - own * its / count) / (own_spread * its_spread).sqrt()) as f32
    }

    /// Where in `other`, which has `room` more on every side, this patch lies best: (dx, dy, correlation).
    fn sought(&self, other: &Self, room: usize, stride: usize) -> (isize, isize, f32) {
        let mut best = (room, room, -1.0_f32);
        for y in (0..=2 * room).step_by(stride) {
            for x in (0..=2 * room).step_by(stride) {
                let value = self.correlation(other, x, y);
                if value > best.2 {
                    best = (x, y, value);
                }
            }
        }
        if stride > 1 {
            let (x0, y0) = (best.0, best.1);
            for y in y0.saturating_sub(stride - 1)..=(y0 + stride - 1).min(2 * room) {
                for x in x0.saturating_sub(stride - 1)..=(x0 + stride - 1).min(2 * room) {
                    let value = self.correlation(other, x, y);
                    if value > best.2 {
                        best = (x, y, value);
                    }
                }
            }
        }
        (best.0 as isize - room as isize, best.1 as isize - room as isize, best.2)
    }

    /// Part of this patch's ink that is dark in `other` too, at the place (dx, dy) found; and how much of the
    /// paper around it is dark there.
    fn covered(&self, other: &Self, room: usize, dx: isize, dy: isize) -> (f32, f32) {
        let (x, y) = ((room as isize + dx).max(0) as usize, (room as isize + dy).max(0) as usize);
        // Dark is relative to the scan: between its paper and its ink here.
        let (low, high) = other.range();
        let (own_low, own_high) = self.range();
        let dark = low + (high - low) * 0.6;
        let own_dark = own_low + (own_high - own_low) * 0.35;
        let own_light = own_low + (own_high - own_low) * 0.9;
        let (mut ink, mut met, mut paper, mut soiled) = (0_u32, 0_u32, 0_u32, 0_u32);
        for (row, source) in
            self.data.chunks_exact(self.width.max(1)).zip(other.data.chunks_exact(other.width.max(1)).skip(y))
        {
            for (p, q) in row.iter().zip(source.get(x..).unwrap_or(&[])) {
                let is_dark = u32::from(f32::from(*q) < dark);
                if f32::from(*p) < own_dark {
                    ink += 1;
                    met += is_dark;
                } else if f32::from(*p) > own_light {
                    paper += 1;
                    soiled += is_dark;
                }
            }
        }
        (met as f32 / ink.max(1) as f32, soiled as f32 / paper.max(1) as f32)
    }

    /// Darkest and brightest grey, without the outermost twentieth.
    fn range(&self) -> (f32, f32) {
        let mut histogram = [0_usize; 256];
        for value in &self.data {
            histogram[usize::from(*value)] += 1;
        }
        let cut = self.data.len() / 20;
        let beyond = |values: &mut dyn Iterator<Item = usize>| {
            let mut seen = 0;
            for value in values {
                seen += histogram.get(value).copied().unwrap_or(0);
                if seen > cut {
                    return value as f32;
                }
            }
            255.0
        };
        (beyond(&mut (0..256)), beyond(&mut (0..256).rev()))
    }
}

/// How a word of the document looks on the scan.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct WordMatch {
    /// Normalised correlation at the best place.
    pub(super) alike: f32,
    /// Part of the word's ink that the scan shows.
    pub(super) covered: f32,
    /// Part of the paper between the letters that is dark on the scan.
    pub(super) soiled: f32,
    /// Where the word lies on the scan against where the map puts it, in pixels of the drawn page.
    pub(super) shift: (f32, f32),
}

/// A page of a document laid over a page of a scan.
pub(super) struct Overlay<'a> {
    pub(super) page: &'a PrintedPage,
    pub(super) scan: &'a GrayImage,
    /// From pixels of the drawn page to pixels of the scan.
    pub(super) map: Affine,
}

impl Overlay<'_> {
    /// A box of the drawn page as whole pixels: left, top, width, height; none outside the page.
    fn pixels(&self, bounds: [f32; 4]) -> Option<(f32, f32, usize, usize)> {
        let [left, top, right, bottom] = bounds;
        let (left, top) = (left.floor().max(0.0), top.floor().max(0.0));
        let right = right.ceil().min(self.page.image.width as f32 - 1.0);
        let bottom = bottom.ceil().min(self.page.image.height as f32 - 1.0);
        let (width, height) = (right - left, bottom - top);
        (width >= 3.0 && height >= 3.0).then_some((left, top, width as usize, height as usize))
    }

    fn printed(&self, left: f32, top: f32, width: usize, height: usize) -> Patch {
        Patch::taken(&self.page.image, width, height, |x, y| (left + x, top + y))
    }

    fn scanned(&self, left: f32, top: f32, width: usize, height: usize, room: (usize, usize)) -> Patch {
        let (left, top) = (left - room.0 as f32, top - room.1 as f32);
        Patch::taken(self.scan, width + 2 * room.0, height + 2 * room.1, |x, y| self.map.apply(left + x, top + y))
    }

    /// The map made exact: words spread over the page are sought near where it puts them.
    pub(super) fn refined(&self, words: &[Word]) -> Affine {
        const WIDE: usize = 8;
        let long: Vec<&Word> = words.iter().filter(|word| word.glyphs.len() >= 4 && word.glyphs.len() <= 16).collect();
        let every = (long.len() / 48).max(1);
        let mut pairs = Vec::new();
        for word in long.iter().step_by(every) {
            let Some((left, top, width, height)) = self.pixels(word.bounds) else { continue };
            let printed = self.printed(left, top, width, height);
            let scanned = self.scanned(left, top, width, height, (WIDE, WIDE));
            let (dx, dy, alike) = printed.sought(&scanned, WIDE, 2);
            if alike > 0.55 {
                let centre = (left + width as f32 / 2.0, top + height as f32 / 2.0);
                pairs.push((centre, self.map.apply(centre.0 + dx as f32, centre.1 + dy as f32)));
            }
        }
        let mut map = self.map;
        for tolerance in [6.0_f32, 3.0] {
            // The scan may have more pixels than the drawn page: tolerance in its own.
            let [a, b, ..] = map.coefficients;
            let tolerance = tolerance * (a * a + b * b).sqrt().max(0.5);
            let Some(fitted) = (pairs.len() >= 8).then(|| Affine::fit(&pairs)).flatten() else { return map };
            map = fitted;
            pairs.retain(|((x, y), (to_x, to_y))| {
                let (u, v) = fitted.apply(*x, *y);
                (u - to_x).abs() < tolerance && (v - to_y).abs() < tolerance
            });
        }
        if pairs.len() >= 8 { Affine::fit(&pairs).unwrap_or(map) } else { map }
    }

    /// The word on the scan.
    pub(super) fn word(&self, word: &Word) -> Option<WordMatch> {
        let (left, top, width, height) = self.pixels(word.bounds)?;
        let printed = self.printed(left, top, width, height);
        let scanned = self.scanned(left, top, width, height, (ROOM, ROOM));
        let (dx, dy, alike) = printed.sought(&scanned, ROOM, 2);
        let (covered, soiled) = printed.covered(&scanned, ROOM, dx, dy);
        Some(WordMatch { alike, covered, soiled, shift: (dx as f32, dy as f32) })
    }

    /// Where a line of the heading lies: it is centred, so a longer number moves it sideways.
    pub(super) fn field_shift(&self, field: &Field) -> Option<(f32, f32)> {
        let boxes = field.glyphs.iter().filter_map(|(index, _, _)| self.page.glyphs.get(*index));
        let (mut bounds, mut size) = ([f32::MAX, f32::MAX, f32::MIN, f32::MIN], 0.0_f32);
        for g in boxes {
            let own = [g.bounds[0], g.baseline - 0.8 * g.size, g.bounds[2], g.baseline + 0.2 * g.size];
            bounds = [bounds[0].min(own[0]), bounds[1].min(own[1]), bounds[2].max(own[2]), bounds[3].max(own[3])];
            size = size.max(g.size);
        }
        let (left, top, width, height) = self.pixels(bounds)?;
        let printed = self.printed(left, top, width, height);
        let across = (size * 1.2).clamp(4.0, 60.0) as usize;
        let scanned = self.scanned(left, top, width, height, (across, ROOM + 1));
        let mut best = (0.0, 0.0, -1.0);
        for y in 0..=2 * (ROOM + 1) {
            for x in 0..=2 * across {
                let value = printed.correlation(&scanned, x, y);
                if value > best.2 {
                    best = (x as f32 - across as f32, y as f32 - (ROOM + 1) as f32, value);
                }
            }
        }
        Some((best.0, best.1))
    }

    /// One glyph on the scan, held against itself and against `others`: correlation with each, its own first.
    pub(super) fn glyph(&self, index: usize, shift: (f32, f32), others: &[Specimen<'_>]) -> Option<GlyphMatch> {
        const CLOSE: usize = 2;
        let own = self.page.glyphs.get(index)?;
        let width = (own.bounds[2] - own.bounds[0]).ceil().clamp(3.0, 200.0) as usize;
        let (height, ascent) = ((own.size * 0.8).ceil().clamp(3.0, 200.0) as usize, own.size * 0.73);
        let (left, top) = (own.bounds[0] + shift.0, own.baseline - ascent + shift.1);
        let scanned = self.scanned(left, top, width, height, (CLOSE, CLOSE));
        let alike = |specimen: &Specimen<'_>| -> Option<f32> {
            let other = specimen.page.glyphs.get(specimen.glyph)?;
            let ratio = other.size / own.size;
            let patch = Patch::taken(&specimen.page.image, width, height, |x, y| {
                (other.bounds[0] + x * ratio, other.baseline + (y - ascent) * ratio)
            });
            Some(patch.sought(&scanned, CLOSE, 1).2)
        };
        let itself = alike(&Specimen { page: self.page, glyph: index, digit: ' ' })?;
        let mut best_other: Option<(char, f32)> = None;
        for specimen in others {
            if let Some(value) = alike(specimen)
                && best_other.is_none_or(|(_, known)| known < value)
            {
                best_other = Some((specimen.digit, value));
            }
        }
        Some(GlyphMatch { itself, best_other })
    }
}

/// How a glyph looks on the scan.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct GlyphMatch {
    /// Correlation with the document's own glyph.
    pub(super) itself: f32,
    /// The other digit that looks most like the scan, with its correlation.
    pub(super) best_other: Option<(char, f32)>,
}

/// A digit as some page draws it.
#[derive(Clone, Copy)]
pub(super) struct Specimen<'a> {
    pub(super) page: &'a PrintedPage,
    pub(super) glyph: usize,
    pub(super) digit: char,
}

/// Digits that a page draws in one font, each at most `most` times.
pub(super) fn digits_of_font(page: &PrintedPage, font: u32, most: usize) -> Vec<Specimen<'_>> {
    let mut counts = [0_usize; 10];
    let mut found = Vec::new();
    for (glyph, g) in page.glyphs.iter().enumerate().filter(|(_, g)| g.font == font) {
        let mut characters = g.text.chars();
        if let (Some(digit @ '0'..='9'), None) = (characters.next(), characters.next())
            && let Some(count) = counts.get_mut((digit as u8 - b'0') as usize)
        {
            *count += 1;
            if *count <= most {
                found.push(Specimen { page, glyph, digit });
            }
        }
    }
    found
}

/// Digits of a heading line of a page.
pub(super) fn digits_of_field<'a>(page: &'a PrintedPage, field: &Field, parts: &[Part]) -> Vec<Specimen<'a>> {
    field
        .glyphs
        .iter()
        .filter(|(_, _, part)| part.is_some_and(|part| parts.contains(&part)))
        .map(|(glyph, digit, _)| Specimen { page, glyph: *glyph, digit: *digit })
        .collect()
}
