//! One document held against one scan: the heading's digits, then every word and digit of the pages.

use super::align::{self, Alignment};
use super::compare::{Overlay, Specimen, digits_of_field, digits_of_font};
use super::fingerprint::PageFingerprint;
use super::geometry::Affine;
use super::words::{Field, Heading, PageText, Part};
use crate::raster::{GrayImage, PrintedPage};

/// Correlation from which a word is the same (a different word of that length stays below 0.45).
const SAME_WORD: f32 = 0.6;
/// Part of a word's ink that a stamp or pen over it leaves in place; another word has three quarters at most.
const INK_IN_PLACE: f32 = 0.78;
/// Correlation a digit needs to be called clearly another.
const CLEAR_DIGIT: f32 = 0.7;
/// How much better another digit must fit to be called clearly another.
const CLEAR_MARGIN: f32 = 0.10;
/// How much better the expected digit must fit than any other to be called the same.
const SAME_MARGIN: f32 = 0.03;
/// Correlation with some digit of the font from which a mark is a printed digit.
const PRINTED_DIGIT: f32 = 0.62;
/// Print below this part of the usual size is too small to be judged (the visible signature's lines).
const SMALL_PRINT: f32 = 0.62;

/// A drawn page with its words.
pub(super) struct Drawn<'a> {
    pub(super) page: &'a PrintedPage,
    pub(super) text: &'a PageText,
    pub(super) fingerprint: &'a PageFingerprint,
}

/// A page of a document laid over a page of a scan.
pub(super) struct Laid {
    /// From pixels of the drawn page to pixels of the scan.
    pub(super) map: Affine,
    /// From the document's upright frame to the scan's (turned as the scan is).
    pub(super) frame: Affine,
    pub(super) lines: usize,
}

/// Lays a page over a scan page by their lines, then makes the map exact by words.
pub(super) fn lay(drawn: &Drawn<'_>, scan: &GrayImage, scanned: &PageFingerprint, turned: bool) -> Option<Laid> {
    let lines = if turned { scanned.lines_turned() } else { scanned.lines() };
    let printed = drawn.fingerprint.lines();
    let Alignment { map, pairs } = align::align(&printed, &lines).or_else(|| align::align_short(&printed, &lines))?;
    let to_image = if turned { scanned.turned_to_image() } else { scanned.to_image() };
    // The document's fingerprint may come from a drawing of another size.
    let rough = drawn.fingerprint.to_image().inverse()?.then(&map).then(&to_image);
    let refined = Overlay { page: drawn.page, scan, map: rough }.refined(&drawn.text.words);
    Some(Laid { map: refined, frame: map, lines: pairs.len() })
}

/// What a place shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Sight {
    Same,
    Unclear,
    Other(char),
}

/// A digit that was looked at.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct DigitSight {
    pub(super) glyph: usize,
    pub(super) digit: char,
    pub(super) part: Option<Part>,
    pub(super) sight: Sight,
    pub(super) itself: f32,
    pub(super) other: f32,
}

/// A heading line on the scan.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct FieldSight {
    pub(super) digits: Vec<DigitSight>,
    /// Letters and signs that are there, and all of them.
    pub(super) letters: (usize, usize),
}

impl FieldSight {
    /// Digits of one part.
    pub(super) fn of(&self, part: Part) -> Vec<&DigitSight> {
        self.digits.iter().filter(|digit| digit.part == Some(part)).collect()
    }

    /// Whether the line lies in place and the part is print: every digit looks like some digit of the font.
    /// Pen does not, and a line out of place shows wrong letters too.
    pub(super) fn prints(&self, part: Part) -> bool {
        let digits = self.of(part);
        self.letters.0 * 10 >= self.letters.1 * 6
            && !digits.is_empty()
            && digits.iter().all(|digit| digit.itself.max(digit.other) >= PRINTED_DIGIT)
    }
}

/// Looks at a heading line. `specimens` are digits of the same kind of line on other documents.
pub(super) fn field(overlay: &Overlay<'_>, field: &Field, specimens: &[Specimen<'_>]) -> FieldSight {
    let mut out = FieldSight::default();
    let Some(shift) = overlay.field_shift(field) else { return out };
    for (glyph, character, part) in &field.glyphs {
        let Some(own) = overlay.page.glyphs.get(*glyph) else { continue };
        let mut others = Vec::new();
        if part.is_some() {
            others = digits_of_font(overlay.page, own.font, 2);
            others.extend(specimens.iter().copied());
            others.retain(|specimen| specimen.digit != *character);
        }
        let Some(found) = overlay.glyph(*glyph, shift, &others) else { continue };
        if part.is_none() {
            out.letters.1 += 1;
            out.letters.0 += usize::from(found.itself > 0.5);
            continue;
        }
        out.digits.push(sight(*glyph, *character, *part, found.itself, found.best_other));
    }
    out
}

fn sight(glyph: usize, digit: char, part: Option<Part>, itself: f32, best_other: Option<(char, f32)>) -> DigitSight {
    let other = best_other.map_or(-1.0, |(_, value)| value);
    let sight = match best_other {
        Some((another, value)) if value >= CLEAR_DIGIT && value > itself + CLEAR_MARGIN => Sight::Other(another),
        _ if itself >= 0.6 && itself > other + SAME_MARGIN => Sight::Same,
        _ => Sight::Unclear,
    };
    DigitSight { glyph, digit, part, sight, itself, other }
}

/// Words and digits of a page on a scan.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct BodySight {
    pub(super) same: usize,
    /// Words that are not there: their ink is missing.
    pub(super) other: Vec<usize>,
    /// Words under a stamp or pen.
    pub(super) hidden: usize,
    pub(super) unclear: usize,
    /// Lines of which half the words lack ink: another addressee, another sentence.
    pub(super) other_lines: usize,
    pub(super) digits: Vec<DigitSight>,
}

/// Looks at every word and digit outside the heading lines.
pub(super) fn body(overlay: &Overlay<'_>, text: &PageText, heading: &Heading) -> BodySight {
    let mut out = BodySight::default();
    let in_heading: Vec<usize> = [&heading.number, &heading.date]
        .into_iter()
        .flatten()
        .flat_map(|f| f.glyphs.iter().map(|(index, _, _)| *index))
        .collect();
    let mut sizes: Vec<f32> = text.words.iter().map(|word| word.size).collect();
    sizes.sort_by(f32::total_cmp);
    let usual = sizes.get(sizes.len() / 2).copied().unwrap_or(0.0);
    let mut lacking = vec![false; text.words.len()];
    for (number, word) in text.words.iter().enumerate() {
        if word.size < SMALL_PRINT * usual || word.glyphs.iter().any(|index| in_heading.contains(index)) {
            continue;
        }
        let Some(found) = overlay.word(word) else { continue };
        if let Some(cell) = lacking.get_mut(number) {
            *cell = found.alike < SAME_WORD && found.covered < INK_IN_PLACE;
        }
        if found.alike >= SAME_WORD || (found.covered >= 0.85 && found.soiled < 0.35 && found.alike >= 0.4) {
            out.same += 1;
        } else if found.soiled >= 0.35 {
            out.hidden += 1;
            continue;
        } else if found.covered < 0.6 && found.alike < 0.4 {
            out.other.push(number);
            continue;
        } else {
            out.unclear += 1;
        }
        for glyph in &word.glyphs {
            let Some(own) = overlay.page.glyphs.get(*glyph) else { continue };
            let mut characters = own.text.chars();
            let (Some(digit @ '0'..='9'), None) = (characters.next(), characters.next()) else { continue };
            let mut others = digits_of_font(overlay.page, own.font, 1);
            others.retain(|specimen| specimen.digit != digit);
            if let Some(seen) = overlay.glyph(*glyph, found.shift, &others) {
                out.digits.push(sight(*glyph, digit, None, seen.itself, seen.best_other));
            }
        }
    }
    out.other_lines = other_lines(text, &lacking, &in_heading);
    out
}

/// Lines outside the heading of which half the words, and two at least, lack ink.
fn other_lines(text: &PageText, lacking: &[bool], in_heading: &[usize]) -> usize {
    let lacks = |word: &usize| lacking.get(*word).copied().unwrap_or(false);
    let of_heading =
        |word: &usize| text.words.get(*word).is_some_and(|w| w.glyphs.iter().any(|g| in_heading.contains(g)));
    let runs = text.runs.iter().filter(|run| !run.iter().any(of_heading));
    runs.filter(|run| {
        let count = run.iter().filter(|word| lacks(word)).count();
        count >= 2 && count * 2 >= run.len()
    })
    .count()
}

/// Specimens of digits for heading lines from the first pages of other documents.
pub(super) fn heading_specimens<'a>(pages: &[(&'a PrintedPage, &Heading)]) -> (Vec<Specimen<'a>>, Vec<Specimen<'a>>) {
    let (mut number, mut date) = (Vec::new(), Vec::new());
    for (page, heading) in pages {
        if let Some(field) = &heading.number {
            take(&mut number, digits_of_field(page, field, &[Part::Number]));
        }
        if let Some(field) = &heading.date {
            take(&mut date, digits_of_field(page, field, &[Part::Day, Part::Month, Part::Year]));
        }
    }
    (number, date)
}

/// Three of each digit are enough.
fn take<'a>(known: &mut Vec<Specimen<'a>>, new: Vec<Specimen<'a>>) {
    for specimen in new {
        if known.iter().filter(|k| k.digit == specimen.digit).count() < 3 {
            known.push(specimen);
        }
    }
}
