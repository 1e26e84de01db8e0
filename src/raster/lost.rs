//! What of a page can be seen in one file and not any more in another: the same places of both are drawn and
//! compared.

use super::pdf::open;
use super::{Fault, GrayImage};
use crate::limits::Limits;
use crate::page;
use hayro::hayro_interpret::{InterpreterSettings, RenderContent, TransformExt};
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::{Affine, Rect};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// Pixels to a point: 144 dots an inch, enough for the strokes of text of 13 points.
const SCALE: f64 = 2.0;
/// Pixels of one drawing; larger regions are drawn smaller. A4 takes two million.
const MOST_PIXELS: f64 = 8e6;
/// Points around a region that are looked at too: blurred edges.
const AROUND: f64 = 2.0;
/// Lightest sample that still counts as ink, darkest that counts as paper, and the least difference between
/// them: a red seal stays ink (its grey is 76), and paper may be grey.
const INK: u8 = 150;
const PAPER: u8 = 190;
const DIFFERENCE: u8 = 80;
/// Side of the squares in which something is told apart, in pixels: strokes of text are closer together.
const SQUARE: usize = 6;
/// Range of samples in a square up to which nothing can be read there.
const FLAT: u8 = 48;

/// A place on a page.
#[derive(Clone, PartialEq, Debug)]
pub struct Region {
    /// Index of the page.
    pub page: usize,
    /// Left, bottom, right, top in the page's default user space.
    pub rectangle: [f64; 4],
    /// Of the earlier file, what annotations draw does not count.
    pub content_alone: bool,
}

/// What was lost in a region, in square points.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Lost {
    /// Ink that became paper.
    pub whitened: f64,
    /// Area where something stood out and nothing does any more.
    pub blotted: f64,
}

/// What each region shows in `before` and hides in `after`.
///
/// # Errors
/// A file cannot be opened, a page is not there, or drawing it would cross a bound.
pub fn lost<T>(before: &Arc<T>, after: &Arc<T>, regions: &[Region], limits: &Limits) -> Result<Vec<Lost>, Fault>
where
    T: AsRef<[u8]> + Send + Sync + 'static,
{
    let (before, after) = (open(Arc::clone(before))?, open(Arc::clone(after))?);
    let mut found = vec![Lost::default(); regions.len()];
    let mut pages: BTreeMap<usize, Vec<(&Region, &mut Lost)>> = BTreeMap::new();
    for (region, lost) in regions.iter().zip(&mut found) {
        pages.entry(region.page).or_default().push((region, lost));
    }
    for (index, mut regions) in pages {
        let old = before.pages().get(index).ok_or(Fault::Empty)?;
        let new = after.pages().get(index).ok_or(Fault::Empty)?;
        page::check_drawing(old, limits).map_err(Fault::Limit)?;
        page::check_drawing(new, limits).map_err(Fault::Limit)?;
        lost_of_page(old, new, &mut regions)?;
    }
    Ok(found)
}

fn lost_of_page(old: &Page<'_>, new: &Page<'_>, regions: &mut [(&Region, &mut Lost)]) -> Result<(), Fault> {
    let parts: Vec<Option<Rect>> = regions.iter().map(|(region, _)| part_of(old, region.rectangle)).collect();
    let Some(whole) = parts.iter().flatten().copied().reduce(|one, other| one.union(other)) else { return Ok(()) };
    // All in one drawing, unless that were too coarse.
    let together = (whole.area() * SCALE * SCALE <= MOST_PIXELS).then_some(whole);
    let mut drawn: Option<Drawings> = None;
    for ((region, lost), part) in regions.iter_mut().zip(parts) {
        let Some(part) = part else { continue };
        if together.is_none() {
            drawn = None;
        }
        let drawings = match &mut drawn {
            Some(drawings) => drawings,
            None => drawn.insert(Drawings::of(old, new, together.unwrap_or(part))?),
        };
        **lost = drawings.lost(old, part, region.content_alone)?;
    }
    Ok(())
}

/// The part of a page as it is viewed that shows a rectangle; `None` if it lies off the page.
fn part_of(page: &Page<'_>, [left, bottom, right, top]: [f64; 4]) -> Option<Rect> {
    let (across, down) = page.render_dimensions();
    let viewed = page.initial_transform(true).to_kurbo();
    let part = viewed.transform_rect_bbox(Rect::new(left, bottom, right, top)).inflate(AROUND, AROUND);
    let part = part.intersect(Rect::new(0.0, 0.0, across.into(), down.into()));
    (part.is_finite() && part.width() > 0.0 && part.height() > 0.0).then_some(part)
}

/// A part of a page, drawn as of both files.
struct Drawings {
    window: Window,
    before: GrayImage,
    after: GrayImage,
    /// The earlier one without annotations.
    content: Option<GrayImage>,
}

impl Drawings {
    fn of(old: &Page<'_>, new: &Page<'_>, part: Rect) -> Result<Self, Fault> {
        let window = Window::of(old, part);
        let (before, after) = (window.draw(old, RenderContent::all())?, window.draw(new, RenderContent::all())?);
        Ok(Self { window, before, after, content: None })
    }

    fn lost(&mut self, old: &Page<'_>, part: Rect, content_alone: bool) -> Result<Lost, Fault> {
        if content_alone && self.content.is_none() {
            self.content = Some(self.window.draw(old, RenderContent::PAGE)?);
        }
        let content = self.content.as_ref().filter(|_| content_alone);
        let (columns, rows) = self.window.pixels_of(part);
        let (whitened, blotted) = compare(&self.before, content, &self.after, columns, rows);
        let area = 1.0 / (self.window.scale * self.window.scale);
        Ok(Lost { whitened: whitened * area, blotted: blotted * area })
    }
}

/// Where a part of a page is drawn.
struct Window {
    columns: u16,
    rows: u16,
    /// Pixels to a point.
    scale: f64,
    part: Rect,
    transform: Affine,
}

impl Window {
    fn of(page: &Page<'_>, part: Rect) -> Self {
        let scale = SCALE.min((MOST_PIXELS / part.area()).sqrt());
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the type's range")]
        let pixels = |side: f64| (side * scale).ceil().clamp(1.0, f64::from(u16::MAX)) as u16;
        let viewed = page.initial_transform(true).to_kurbo();
        let transform = Affine::scale(scale) * Affine::translate((-part.x0, -part.y0)) * viewed;
        Self { columns: pixels(part.width()), rows: pixels(part.height()), scale, part, transform }
    }

    /// Columns and rows that show a part.
    fn pixels_of(&self, part: Rect) -> (Range<usize>, Range<usize>) {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the drawing")]
        let range = |start: f64, end: f64, most: u16| {
            let pixel = |at: f64| (at * self.scale).clamp(0.0, f64::from(most));
            pixel(start).floor() as usize..pixel(end).ceil() as usize
        };
        (
            range(part.x0 - self.part.x0, part.x1 - self.part.x0, self.columns),
            range(part.y0 - self.part.y0, part.y1 - self.part.y0, self.rows),
        )
    }

    fn draw(&self, page: &Page<'_>, content: RenderContent) -> Result<GrayImage, Fault> {
        let settings = InterpreterSettings { render_content: content, ..InterpreterSettings::default() };
        super::print::drawn(page, self.columns.into(), self.rows.into(), self.transform, &settings)
    }
}

/// Within these columns and rows: pixels of ink that became paper, and pixels of squares that became flat. Where
/// `content` is given, only what it draws as well counts as seen.
fn compare(
    before: &GrayImage,
    content: Option<&GrayImage>,
    after: &GrayImage,
    columns: Range<usize>,
    rows: Range<usize>,
) -> (f64, f64) {
    let width = usize::try_from(before.width).unwrap_or_default();
    let content = content.unwrap_or(before);
    let seen = |column: usize, row: usize| {
        let at = row * width + column;
        let old = (*before.pixels.get(at)?).max(*content.pixels.get(at)?);
        Some((old, *after.pixels.get(at)?))
    };
    let mut whitened = 0_u32;
    for (old, new) in rows.clone().flat_map(|row| columns.clone().filter_map(move |column| seen(column, row))) {
        whitened += u32::from(old <= INK && new >= PAPER && new - old >= DIFFERENCE);
    }
    let mut blotted = 0_usize;
    for top in rows.clone().step_by(SQUARE).filter(|top| top + SQUARE <= rows.end) {
        for left in columns.clone().step_by(SQUARE).filter(|left| left + SQUARE <= columns.end) {
            let (mut ink, mut paper, mut least, mut most) = (0_u32, 0_u32, u8::MAX, u8::MIN);
            let square = (top..top + SQUARE).flat_map(|row| (left..left + SQUARE).map(move |column| (column, row)));
            for (old, new) in square.filter_map(|(column, row)| seen(column, row)) {
                ink += u32::from(old <= INK);
                paper += u32::from(old >= PAPER);
                (least, most) = (least.min(new), most.max(new));
            }
            // A stroke of text crosses a square with several pixels.
            if ink >= 3 && paper >= 3 && most.saturating_sub(least) < FLAT {
                blotted += SQUARE * SQUARE;
            }
        }
    }
    (f64::from(whitened), f64::from(u32::try_from(blotted).unwrap_or(u32::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(sample: impl Fn(usize, usize) -> u8) -> GrayImage {
        let pixels = (0..24 * 24).map(|at| sample(at % 24, at / 24)).collect();
        GrayImage { width: 24, height: 24, pixels }
    }

    fn compared(before: &GrayImage, content: Option<&GrayImage>, after: &GrayImage) -> (f64, f64) {
        compare(before, content, after, 0..24, 0..24)
    }

    /// Upright strokes, two pixels of six.
    fn strokes(x: usize) -> u8 {
        if x % 6 < 2 { 0 } else { 255 }
    }

    #[test]
    fn ink_that_became_paper_is_lost_and_overprinted_ink_is_not() {
        let before = page(|x, _| strokes(x));
        assert_eq!(compared(&before, None, &before), (0.0, 0.0));
        // The upper half is painted white: eight columns of ink, twelve rows.
        let whitened = page(|x, y| if y < 12 { 255 } else { strokes(x) });
        assert_eq!(compared(&before, None, &whitened), (96.0, 288.0));
        // A red stroke across leaves the rest to be read.
        let red = page(|x, y| if y % 6 == 3 { 76 } else { strokes(x) });
        assert_eq!(compared(&before, None, &red), (0.0, 0.0));
        // So does a thin grey veil.
        assert_eq!(compared(&before, None, &page(|x, _| strokes(x) / 2 + 100)), (0.0, 0.0));
    }

    #[test]
    fn what_is_blackened_is_lost_though_nothing_became_paper() {
        let before = page(|x, _| strokes(x));
        assert_eq!(compared(&before, None, &page(|_, _| 20)), (0.0, 576.0));
        // Where nothing stood, black hides nothing.
        assert_eq!(compared(&page(|_, _| 255), None, &page(|_, _| 20)), (0.0, 0.0));
    }

    #[test]
    fn what_the_field_itself_showed_may_go() {
        let placeholder = page(|x, _| strokes(x));
        let empty = page(|_, _| 255);
        assert_eq!(compared(&placeholder, Some(&empty), &empty), (0.0, 0.0));
        assert_eq!(compared(&placeholder, Some(&placeholder), &empty).0, 192.0);
    }
}
