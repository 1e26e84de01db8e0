//! The decision: candidates laid over the scan, heading and text compared, what is missing asked of OCR.

mod anew;

use super::align;
use super::assess::{self, BodySight, DigitSight, Drawn, FieldSight, Laid, Sight};
use super::compare::{Overlay, Specimen};
use super::explain;
use super::fingerprint::PageFingerprint;
use super::geometry::Affine;
use super::index::{Candidate, Index, PagePair};
use super::judgement::{DigitEvidence, Judgement, Key, Material, PageEvidence, Recognition, Scan, Tier};
use super::keys::{self, KeyMatch};
use super::normalise::sample;
use super::words::{self, Heading, PageText, Part};
use crate::model::Bilingual;
use crate::raster::{GrayImage, PrintedPage};
use std::cell::{Cell, RefCell};
use std::sync::Arc;

/// Candidates looked at (recall at 10 is 1.00 on print-scan sets).
const CANDIDATES: usize = 10;
/// Part of a page's lines that must lie in place for the same layout; letterheads alone make up a fifth.
const LAYOUT: f32 = 0.4;
/// Part of the best candidate's lines below which a candidate is no rival.
const RIVAL: f32 = 0.6;
/// Candidates whose first page is drawn to learn how digits look in headings.
const SPECIMEN_PAGES: usize = 6;
/// Pixels per frame pixel of what OCR gets: 200 dots per inch on A4 (measured: enough, and cheapest).
const OCR_SCALE: f32 = 1.654;
/// Part of a page's height that holds the heading.
const HEADING_PART: f32 = 0.36;
/// Lines after the signature from which a certification may be there; its shortest form has five.
const CERTIFICATION_LINES: usize = 3;

/// Judges one scan. Nothing is remembered between calls; equal input gives equal answers.
pub fn judge(scan: &Scan<'_>, index: &Index, material: &dyn Material) -> Judgement {
    let case = Case {
        scan,
        material,
        recognitions: Cell::new(0),
        lacks_recognition: Cell::new(false),
        recognised_heading: RefCell::new(None),
    };
    let mut judgement = if scan.fingerprints.is_empty() { case.by_text() } else { case.by_image(index) };
    judgement.recognitions = case.recognitions.get();
    judgement.lacks_recognition =
        case.lacks_recognition.get() && judgement.tier == Tier::None && !judgement.certified_copy;
    judgement
}

struct Case<'a> {
    scan: &'a Scan<'a>,
    material: &'a dyn Material,
    recognitions: Cell<u32>,
    lacks_recognition: Cell<bool>,
    recognised_heading: RefCell<Option<Key>>,
}

/// A page of a candidate, drawn.
struct Opened {
    page: Arc<PrintedPage>,
    text: PageText,
    heading: Heading,
    fingerprint: Arc<PageFingerprint>,
}

impl Opened {
    fn drawn(&self) -> Drawn<'_> {
        Drawn { page: &self.page, text: &self.text, fingerprint: &self.fingerprint }
    }
}

/// A candidate whose lines lie in place.
struct Placed {
    document: u32,
    /// Pages with the number of lines in place.
    pages: Vec<(PagePair, usize)>,
    lines: usize,
}

/// A candidate that was looked at closely.
struct Seen {
    document: u32,
    heading: HeadingSight,
    /// The number on the scan is print, not pen.
    number_is_printed: bool,
    digits: Vec<DigitSight>,
    evidence: Vec<PageEvidence>,
    heading_evidence: Vec<DigitEvidence>,
    /// Words and figures that differ, for the explanation.
    other_words: Vec<String>,
    other_figures: Vec<String>,
    laid: Vec<(PagePair, Laid)>,
    other_lines: usize,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum HeadingSight {
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
    fn agrees(&self) -> bool {
        let (same, other, unclear) =
            (self.sum(|e| e.words_same), self.sum(|e| e.words_other), self.sum(|e| e.words_unclear));
        same >= 25
            && self.other_lines == 0
            && other <= 1 + same / 300
            && (same + other) * 2 >= unclear
            && self.sum(|e| e.digits_other) == 0
    }

    /// The same with less strictness, for a heading that agrees digit by digit.
    fn resembles(&self) -> bool {
        let (same, other) = (self.sum(|e| e.words_same), self.sum(|e| e.words_other));
        same >= 20 && other * 10 <= same
    }

    fn body_reason(&self) -> Bilingual {
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
    /// A file without page images: only its text and key can speak.
    fn by_text(&self) -> Judgement {
        let mut judgement = Judgement::default();
        let Some(text) = self.scan.text else { return judgement };
        let key = keys::read(text);
        let known = self.scan.known.cloned().unwrap_or_default();
        for key in [&key, &known] {
            let Some(number) = key.number else { continue };
            for document in self.material.documents_numbered(number) {
                let Some(own) = self.material.document(document) else { continue };
                if keys::compare(key, &own.key) != KeyMatch::Same {
                    continue;
                }
                let alike = keys::text_similarity(&own.text, text);
                if alike < 0.8 {
                    continue;
                }
                judgement.document = Some(document);
                judgement.certified_copy = certified_in_layer(text);
                if judgement.certified_copy {
                    judgement.reasons = vec![explain::certified_copy()];
                    return judgement;
                }
                // Born-digital text is exact: number and date in it are the printed ones.
                judgement.tier = if alike >= 0.85 && keys::compare(&keys::read(text), &own.key) == KeyMatch::Same {
                    Tier::Certain
                } else {
                    Tier::Probable
                };
                judgement.reasons = vec![
                    explain::key_read(&spelled(&own.key), "lớp chữ của tệp", "the file's text"),
                    explain::text_alike((alike * 100.0) as u32),
                ];
                return judgement;
            }
        }
        judgement
    }

    fn by_image(&self, index: &Index) -> Judgement {
        let candidates = index.candidates(self.scan.fingerprints, CANDIDATES);
        let mut placed: Vec<Placed> = candidates.iter().filter_map(|candidate| self.place(candidate)).collect();
        self.place_nominated(&mut placed);
        placed.sort_by(|a, b| b.lines.cmp(&a.lines).then(a.document.cmp(&b.document)));
        let most = placed.first().map_or(0, |p| p.lines);
        placed.retain(|p| p.lines as f32 >= RIVAL * most as f32);
        if placed.is_empty() {
            return self.laid_out_anew(&candidates);
        }
        let specimen_pages = self.specimen_pages(&placed, &candidates, index);
        let pages: Vec<(&PrintedPage, &Heading)> =
            specimen_pages.iter().map(|o| (o.page.as_ref(), &o.heading)).collect();
        let specimens = assess::heading_specimens(&pages);
        let mut open: Vec<Seen> = Vec::new();
        let mut refused: Option<Seen> = None;
        for candidate in &placed {
            let Some(seen) = self.look(candidate, &specimens) else { continue };
            match seen.heading {
                HeadingSight::Same if seen.resembles() => return self.conclude(seen, Tier::Certain, Vec::new()),
                HeadingSight::Other => {
                    refused.get_or_insert(seen);
                }
                _ if seen.agrees() => open.push(seen),
                _ => {
                    refused.get_or_insert(seen);
                }
            }
        }
        if !open.is_empty() {
            return self.without_heading(open);
        }
        refused.map_or_else(Judgement::default, |seen| refusal(&seen))
    }

    /// Lines of a candidate's pages in place on the scan's pages.
    fn place(&self, candidate: &Candidate) -> Option<Placed> {
        let mut pages: Vec<(PagePair, usize)> = Vec::new();
        for pair in &candidate.pages {
            let Some(fingerprint) = self.material.fingerprint(candidate.document, pair.document_page) else { continue };
            let Some(scanned) = self.scan.fingerprints.get(usize::from(pair.scan_page)) else { continue };
            let lines = if pair.turned { scanned.lines_turned() } else { scanned.lines() };
            let printed = fingerprint.lines();
            let Some(alignment) = align::align(&printed, &lines) else { continue };
            let count = alignment.pairs.len();
            if (count as f32) < LAYOUT * printed.len().min(lines.len()) as f32 {
                continue;
            }
            match pages.iter_mut().find(|(known, _)| known.document_page == pair.document_page) {
                Some(known) if known.1 < count => *known = (*pair, count),
                Some(_) => {}
                None => pages.push((*pair, count)),
            }
        }
        let lines = pages.iter().map(|(_, count)| count).sum();
        (!pages.is_empty()).then_some(Placed { document: candidate.document, pages, lines })
    }

    /// Documents that the register or the text layer names, placed page on page if the index missed them.
    fn place_nominated(&self, placed: &mut Vec<Placed>) {
        let layer = self.scan.text.map(keys::read).unwrap_or_default();
        for key in [self.scan.known, Some(&layer)].into_iter().flatten() {
            let Some(number) = key.number else { continue };
            for document in self.material.documents_numbered(number) {
                let same =
                    self.material.document(document).is_some_and(|own| keys::compare(key, &own.key) == KeyMatch::Same);
                if !same || placed.iter().any(|p| p.document == document) {
                    continue;
                }
                let pages = (0..self.scan.fingerprints.len().min(64) as u16)
                    .flat_map(|page| {
                        [false, true].map(|turned| PagePair {
                            scan_page: page,
                            document_page: page,
                            turned,
                            votes: 0,
                            score: 0.0,
                        })
                    })
                    .collect();
                placed.extend(self.place(&Candidate { document, score: 0.0, pages }));
            }
        }
    }

    fn open(&self, document: u32, page: u16) -> Option<Opened> {
        let printed = self.material.printed_page(document, page)?;
        let text = words::read(&printed);
        let heading = if page == 0 { text.heading(&printed) } else { Heading::default() };
        Some(Opened { text, heading, fingerprint: self.material.fingerprint(document, page)?, page: printed })
    }

    /// First pages whose headings show how digits look there: rivals first, then any, until all ten are known.
    fn specimen_pages(&self, placed: &[Placed], candidates: &[Candidate], index: &Index) -> Vec<Opened> {
        let mut documents: Vec<u32> = placed.iter().map(|p| p.document).collect();
        documents.extend(candidates.iter().map(|c| c.document));
        documents.extend(index.spread(2 * SPECIMEN_PAGES));
        let mut seen = Vec::new();
        let mut opened: Vec<Opened> = Vec::new();
        let mut known = ([false; 10], [false; 10]);
        for document in documents {
            if seen.contains(&document) {
                continue;
            }
            seen.push(document);
            let complete = known.0.iter().chain(&known.1).all(|k| *k);
            if complete || opened.len() >= 2 * SPECIMEN_PAGES {
                break;
            }
            let Some(page) = self.open(document, 0) else { continue };
            for (field, digits) in [(&page.heading.number, &mut known.0), (&page.heading.date, &mut known.1)] {
                for (_, c, part) in field.iter().flat_map(|f| &f.glyphs) {
                    if let (Some(_), Some(cell)) = (part, c.to_digit(10).and_then(|d| digits.get_mut(d as usize))) {
                        *cell = true;
                    }
                }
            }
            opened.push(page);
        }
        opened
    }

    /// Heading first; the text only where the heading does not settle it.
    fn look(&self, placed: &Placed, specimens: &(Vec<Specimen<'_>>, Vec<Specimen<'_>>)) -> Option<Seen> {
        let mut seen = Seen {
            document: placed.document,
            heading: HeadingSight::Absent,
            number_is_printed: false,
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
                seen.number_is_printed = number.as_ref().is_some_and(|field| field.prints(Part::Number));
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

    /// Candidates whose text agrees but whose heading cannot be compared: register, text layer or OCR names
    /// one; else a single one stands alone.
    fn without_heading(&self, mut open: Vec<Seen>) -> Judgement {
        let keys = [
            (self.scan.known.cloned(), "sổ văn bản đi", "the register"),
            (self.scan.text.map(keys::read), "lớp chữ của bản quét", "the scan's text layer"),
        ];
        let mut named = keys.into_iter().find(|(key, ..)| key.as_ref().is_some_and(|k| k.number.is_some()));
        if named.is_none() {
            let place = open
                .first()
                .and_then(|seen| seen.laid.iter().find(|(pair, _)| pair.document_page == 0))
                .map(|(pair, _)| *pair);
            if let Some(pair) = place {
                named = Some((self.heading_by_ocr(pair.scan_page, pair.turned), "nhận dạng chữ", "OCR"));
            }
        }
        if let Some((Some(key), vi, en)) = named {
            let own = |seen: &Seen| self.material.document(seen.document).map(|own| keys::compare(&key, &own.key));
            if let Some(index) = open.iter().position(|seen| own(seen) == Some(KeyMatch::Same)) {
                let seen = open.swap_remove(index);
                return self.conclude(seen, Tier::Probable, vec![explain::key_read(&spelled(&key), vi, en)]);
            }
            // OCR invents digits where there is pen: only what it reads in print can refuse.
            let registered = self.scan.known.is_some_and(|known| known.number.is_some());
            let refused = |seen: &Seen| own(seen) == Some(KeyMatch::Other) && (registered || seen.number_is_printed);
            if open.iter().all(refused) {
                let Some(seen) = open.first() else { return Judgement::default() };
                let mut judgement = refusal(seen);
                judgement.reasons.insert(0, explain::key_other(&spelled(&key), vi, en));
                return judgement;
            }
            open.retain(|seen| !refused(seen));
        }
        let count = open.len();
        let seen = open.swap_remove(0);
        if count > 1 {
            let mut judgement = refusal(&seen);
            judgement.reasons.insert(0, explain::several_alike(count));
            return judgement;
        }
        self.conclude(seen, Tier::Probable, vec![explain::needs_register()])
    }

    /// A candidate that is a print of the document, unless a certification follows the signature.
    fn conclude(&self, seen: Seen, tier: Tier, more: Vec<Bilingual>) -> Judgement {
        let mut judgement = Judgement { document: Some(seen.document), ..Judgement::default() };
        match self.certification(&seen) {
            Certification::Found => {
                judgement.certified_copy = true;
                judgement.reasons.push(explain::certified_copy());
            }
            Certification::CannotTell => judgement.reasons.push(explain::text_after_signature()),
            Certification::Absent => judgement.tier = tier,
        }
        judgement.reasons.push(match seen.heading {
            HeadingSight::Same => {
                let digits = |parts: &[Part]| -> String {
                    seen.digits.iter().filter(|d| d.part.is_some_and(|p| parts.contains(&p))).map(|d| d.digit).collect()
                };
                explain::heading_same(
                    &digits(&[Part::Number]),
                    &format!("{}/{}/{}", digits(&[Part::Day]), digits(&[Part::Month]), digits(&[Part::Year])),
                )
            }
            HeadingSight::Absent => explain::heading_not_on_scan(),
            _ => explain::heading_unreadable(),
        });
        judgement.reasons.extend(more);
        judgement.reasons.push(seen.body_reason());
        let pages = self.material.document(seen.document).map_or(0, |d| usize::from(d.pages));
        if pages > seen.laid.len() {
            judgement.reasons.push(explain::pages_missing(pages - seen.laid.len()));
        }
        let foreign = self.scan.fingerprints.len().saturating_sub(seen.laid.len());
        if foreign > 0 {
            judgement.reasons.push(explain::pages_foreign(foreign));
        }
        judgement.pages = seen.evidence;
        judgement.heading = seen.heading_evidence;
        judgement
    }

    /// Whether SAO Y follows the end of the document.
    fn certification(&self, seen: &Seen) -> Certification {
        if self.scan.text.is_some_and(certified_in_layer) {
            return Certification::Found;
        }
        let last_page = self.material.document(seen.document).map_or(1, |d| d.pages).saturating_sub(1);
        let mut unread = false;
        let end = seen.laid.iter().map(|(pair, _)| pair.scan_page).max().unwrap_or(0);
        let turned = seen.laid.iter().any(|(pair, _)| pair.turned);
        let mut places: Vec<(u16, bool, f32)> = Vec::new();
        for (pair, laid) in &seen.laid {
            if pair.document_page != last_page {
                continue;
            }
            let Some(fingerprint) = self.material.fingerprint(seen.document, last_page) else { continue };
            let Some(scanned) = self.scan.fingerprints.get(usize::from(pair.scan_page)) else { continue };
            let bottom =
                fingerprint.lines().iter().map(|line| laid.frame.apply(line.left, line.y_left).1).fold(0.0, f32::max);
            let lines = if pair.turned { scanned.lines_turned() } else { scanned.lines() };
            let below =
                lines.iter().filter(|line| line.y_left > bottom + 20.0 && line.right - line.left > 90.0).count();
            if below >= CERTIFICATION_LINES {
                places.push((pair.scan_page, pair.turned, bottom + 8.0));
            }
        }
        for (number, fingerprint) in self.scan.fingerprints.iter().enumerate() {
            let Ok(number) = u16::try_from(number) else { break };
            if number > end && fingerprint.line_count() >= CERTIFICATION_LINES {
                places.push((number, turned, 0.0));
                break;
            }
        }
        for (page, turned, top) in places {
            let height = self.scan.fingerprints.get(usize::from(page)).map_or(0.0, |f| f32::from(f.height));
            let bottom = if top > 0.0 { height } else { height * 0.5 };
            match self.recognise(page, turned, top, bottom) {
                Recognition::Text(text) if keys::names_certified_copy(&text) => return Certification::Found,
                Recognition::Text(_) => {}
                Recognition::Unavailable | Recognition::Failed => unread = true,
            }
        }
        if unread { Certification::CannotTell } else { Certification::Absent }
    }

    /// Key of the heading by OCR; asked once for a scan.
    fn heading_by_ocr(&self, page: u16, turned: bool) -> Option<Key> {
        if let Some(known) = self.recognised_heading.borrow().as_ref() {
            return Some(known.clone());
        }
        let height = f32::from(self.scan.fingerprints.get(usize::from(page))?.height);
        let Recognition::Text(text) = self.recognise(page, turned, 0.0, height * HEADING_PART) else { return None };
        let key = keys::read(&text);
        *self.recognised_heading.borrow_mut() = Some(key.clone());
        Some(key)
    }

    /// OCR of a band of a scan page, upright; heights in frame pixels.
    fn recognise(&self, page: u16, turned: bool, top: f32, bottom: f32) -> Recognition {
        let (Some(image), Some(fingerprint)) =
            (self.material.scan_page(page), self.scan.fingerprints.get(usize::from(page)))
        else {
            return Recognition::Failed;
        };
        let to_image = if turned { fingerprint.turned_to_image() } else { fingerprint.to_image() };
        let picture = band(&image, &to_image, f32::from(fingerprint.width), top, bottom);
        let answer = self.material.recognise(&picture);
        match answer {
            Recognition::Unavailable => self.lacks_recognition.set(true),
            _ => self.recognitions.set(self.recognitions.get() + 1),
        }
        answer
    }
}

enum Certification {
    Absent,
    Found,
    CannotTell,
}

/// A text layer names a certification only after the document's end: in its last third.
fn certified_in_layer(text: &str) -> bool {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let from = lines.len() / 2;
    lines.get(from..).is_some_and(|tail| keys::names_certified_copy(&tail.join("\n")))
}

/// A band of a page at 200 dots per inch, upright.
fn band(image: &GrayImage, to_image: &Affine, width: f32, top: f32, bottom: f32) -> GrayImage {
    let (out_width, out_height) = ((width * OCR_SCALE) as usize, ((bottom - top).max(1.0) * OCR_SCALE) as usize);
    let mut pixels = Vec::with_capacity(out_width * out_height);
    for y in 0..out_height {
        for x in 0..out_width {
            let (u, v) = to_image.apply(x as f32 / OCR_SCALE, top + y as f32 / OCR_SCALE);
            pixels.push(sample(&image.pixels, image.width as usize, image.height as usize, u, v, 255));
        }
    }
    GrayImage { width: out_width as u32, height: out_height as u32, pixels }
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

/// The nearest document, refused, with what differed.
fn refusal(seen: &Seen) -> Judgement {
    let mut reasons = explain::digits(&seen.digits);
    if !seen.other_figures.is_empty() {
        reasons.push(explain::figures_differ(seen.other_figures.get(..5).unwrap_or(&seen.other_figures)));
    }
    if !seen.other_words.is_empty() {
        let shown = seen.other_words.get(..5).unwrap_or(&seen.other_words);
        reasons.push(explain::words_differ(shown, seen.other_words.len()));
    }
    if !seen.evidence.is_empty() {
        reasons.push(seen.body_reason());
    }
    Judgement {
        document: Some(seen.document),
        reasons,
        pages: seen.evidence.clone(),
        heading: seen.heading_evidence.clone(),
        ..Judgement::default()
    }
}

/// A key for people: `2349/SLĐTBXH-VP, 05/03/2021`.
fn spelled(key: &Key) -> String {
    let number = key.number.map_or_else(|| "…".to_owned(), |n| format!("{n:02}"));
    let symbol = key.symbol.as_deref().map(|s| format!("/{s}")).unwrap_or_default();
    let date = match (key.day, key.month, key.year) {
        (Some(day), Some(month), Some(year)) => format!(", {day:02}/{month:02}/{year}"),
        (_, _, Some(year)) => format!(", {year}"),
        _ => String::new(),
    };
    format!("{number}{symbol}{date}")
}
