//! One candidate held against the scan: heading first, then the text of every page that lies in place.

use super::super::assess::{self, BodySight, DigitSight, FieldSight, Laid, Sight};
use super::super::compare::{Overlay, Specimen};
use super::super::explain;
use super::super::index::PagePair;
use super::super::judgement::{DigitEvidence, Key, PageEvidence};
use super::super::words::{PageText, Part};
use super::{Case, Placed};
use crate::model::Bilingual;
use crate::raster::PrintedPage;

/// A candidate that was looked at closely.
pub(super) struct Seen {
    pub(super) document: u32,
    pub(super) heading: HeadingSight,
    /// Parts of number and date that are print on the scan, not pen.
    pub(super) printed: Vec<Part>,
    pub(super) digits: Vec<DigitSight>,
    pub(super) evidence: Vec<PageEvidence>,
    pub(super) heading_evidence: Vec<DigitEvidence>,
    /// Words and figures that differ, for the explanation.
    pub(super) other_words: Vec<String>,
    pub(super) other_figures: Vec<String>,
    pub(super) laid: Vec<(PagePair, Laid)>,
    pub(super) other_lines: usize,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum HeadingSight {
    Same,
    Other,
    Unreadable,
    /// The scan lacks the first page.
    Absent,
}

impl Seen {
    fn sum(&self, of: impl Fn(&PageEvidence) -> usize) -> usize {
        self.evidence.iter().map(of).sum()
    }

    /// Whether words and figures are those of the document.
    pub(super) fn agrees(&self) -> bool {
        let (same, other, unclear) =
            (self.sum(|e| e.words_same), self.sum(|e| e.words_other), self.sum(|e| e.words_unclear));
        same >= 25
            && self.other_lines == 0
            && other <= 1 + same / 300
            && (same + other) * 2 >= unclear
            && self.sum(|e| e.digits_other) == 0
    }

    /// The same with less strictness, for a heading that agrees digit by digit.
    pub(super) fn resembles(&self) -> bool {
        let (same, other) = (self.sum(|e| e.words_same), self.sum(|e| e.words_other));
        same >= 20 && other * 10 <= same
    }

    /// Whether a line or figures of the text are others although the heading is the document's: a corrected
    /// or readdressed version perhaps.
    pub(super) fn differs(&self) -> bool {
        self.other_lines > 0 || self.sum(|e| e.digits_other) >= 2
    }

    /// Whether a part of number or date is print on the scan.
    pub(super) fn prints(&self, part: Part) -> bool {
        self.printed.contains(&part)
    }

    /// A printed digit looks like another one, though not clearly enough to settle it alone.
    pub(super) fn contradicted(&self) -> bool {
        self.digits.iter().any(|d| matches!(d.sight, Sight::Other(_)) && d.part.is_some_and(|part| self.prints(part)))
    }

    /// Whether a day, month or year that is print on the scan was read as another one, and looks so.
    pub(super) fn printed_date_differs(&self, read: &Key, own: &Key) -> bool {
        let differs = |a: Option<u16>, b: Option<u16>| matches!((a, b), (Some(a), Some(b)) if a != b);
        let parts = [
            (Part::Day, differs(read.day.map(u16::from), own.day.map(u16::from))),
            (Part::Month, differs(read.month.map(u16::from), own.month.map(u16::from))),
            (Part::Year, differs(read.year, own.year)),
        ];
        parts.into_iter().any(|(part, differs)| {
            let same = || self.digits.iter().filter(|d| d.part == Some(part)).all(|d| d.sight == Sight::Same);
            differs && self.prints(part) && !same()
        })
    }

    pub(super) fn body_reason(&self) -> Bilingual {
        let same = self.sum(|e| e.words_same);
        let digits = self.sum(|e| e.digits_same);
        explain::body(
            self.sum(|e| e.lines),
            same,
            same + self.sum(|e| e.words_other) + self.sum(|e| e.words_unclear),
            digits,
            digits + self.sum(|e| e.digits_other),
        )
    }
}

impl Case<'_> {
    /// Heading first; the text only where the heading does not settle it.
    pub(super) fn look(&self, placed: &Placed, specimens: &(Vec<Specimen<'_>>, Vec<Specimen<'_>>)) -> Option<Seen> {
        let mut seen = Seen {
            document: placed.document,
            heading: HeadingSight::Absent,
            printed: Vec::new(),
            digits: Vec::new(),
            evidence: Vec::new(),
            heading_evidence: Vec::new(),
            other_words: Vec::new(),
            other_figures: Vec::new(),
            laid: Vec::new(),
            other_lines: 0,
        };
        let mut pages = placed.pages.clone();
        pages.sort_by_key(|(pair, _)| pair.document_page);
        for (pair, _) in pages {
            let Some(opened) = self.open(placed.document, pair.document_page) else { continue };
            let Some(image) = self.material.scan_page(pair.scan_page) else { continue };
            let Some(scanned) = self.scan.fingerprints.get(usize::from(pair.scan_page)) else { continue };
            let Some(laid) = assess::lay(&opened.drawn(), &image, scanned, pair.turned) else { continue };
            let overlay = Overlay { page: &opened.page, scan: &image, map: laid.map };
            if pair.document_page == 0 {
                let number = opened.heading.number.as_ref().map(|f| assess::field(&overlay, f, &specimens.0));
                let date = opened.heading.date.as_ref().map(|f| assess::field(&overlay, f, &specimens.1));
                seen.heading = heading_sight(number.as_ref(), date.as_ref());
                for (field, parts) in
                    [(&number, &[Part::Number][..]), (&date, &[Part::Day, Part::Month, Part::Year][..])]
                {
                    let printed = |part: &Part| field.as_ref().is_some_and(|field| field.prints(*part));
                    seen.printed.extend(parts.iter().copied().filter(printed));
                }
                seen.digits = number.into_iter().chain(date).flat_map(|f| f.digits).collect();
                seen.heading_evidence = seen.digits.iter().filter_map(|d| digit_evidence(&opened.page, d)).collect();
                if seen.heading == HeadingSight::Other {
                    seen.laid.push((pair, laid));
                    return Some(seen);
                }
            }
            let body = assess::body(&overlay, &opened.text, &opened.heading);
            for number in &body.other {
                seen.other_words.extend(opened.text.words.get(*number).map(|w| w.text.clone()));
            }
            seen.other_lines += body.other_lines;
            seen.other_figures.extend(figures(&opened.text, &body));
            seen.evidence.push(PageEvidence {
                scan_page: pair.scan_page,
                document_page: pair.document_page,
                to_scan: laid.map,
                lines: laid.lines,
                words_same: body.same,
                words_other: body.other.len(),
                words_unclear: body.unclear + body.hidden,
                digits_same: body.digits.iter().filter(|d| d.sight == Sight::Same).count(),
                digits_other: body.digits.iter().filter(|d| matches!(d.sight, Sight::Other(_))).count(),
            });
            seen.laid.push((pair, laid));
        }
        (!seen.laid.is_empty()).then_some(seen)
    }
}

/// What number and date together say.
fn heading_sight(number: Option<&FieldSight>, date: Option<&FieldSight>) -> HeadingSight {
    let mut others: Vec<&DigitSight> = Vec::new();
    for (field, parts) in [(number, &[Part::Number][..]), (date, &[Part::Day, Part::Month, Part::Year][..])] {
        let Some(field) = field else { continue };
        for part in parts {
            others.extend(
                field.of(*part).into_iter().filter(|d| matches!(d.sight, Sight::Other(_)) && field.prints(*part)),
            );
        }
    }
    if others.len() >= 2 || others.iter().any(|d| d.other >= 0.75 && d.other - d.itself >= 0.2) {
        return HeadingSight::Other;
    }
    let (Some(number), Some(date)) = (number, date) else { return HeadingSight::Unreadable };
    let all = |field: &FieldSight, part: Part| {
        let digits = field.of(part);
        !digits.is_empty() && digits.iter().all(|d| d.sight == Sight::Same)
    };
    let digits = || number.digits.iter().chain(&date.digits);
    let unclear = digits().filter(|d| d.sight == Sight::Unclear).count();
    let none_other = !digits().any(|d| matches!(d.sight, Sight::Other(_)));
    if none_other
        && number.letters.0 * 10 >= number.letters.1 * 7
        && all(number, Part::Number)
        && all(date, Part::Year)
        && unclear <= 1
    {
        HeadingSight::Same
    } else {
        HeadingSight::Unreadable
    }
}

fn digit_evidence(page: &PrintedPage, digit: &DigitSight) -> Option<DigitEvidence> {
    let glyph = page.glyphs.get(digit.glyph)?;
    Some(DigitEvidence {
        printed: digit.digit,
        scanned: match digit.sight {
            Sight::Same => Some(digit.digit),
            Sight::Other(other) => Some(other),
            Sight::Unclear => None,
        },
        place: glyph.bounds,
    })
}

/// Words whose digits are clearly others, as `93,6: 3 -> 8`.
fn figures(text: &PageText, body: &BodySight) -> Vec<String> {
    body.digits
        .iter()
        .filter_map(|digit| {
            let Sight::Other(other) = digit.sight else { return None };
            let word = text.words.iter().find(|word| word.glyphs.contains(&digit.glyph))?;
            Some(format!("{}: {} -> {other}", word.text, digit.digit))
        })
        .collect()
}
