//! The decision: candidates laid over the scan, heading and text compared, what is missing asked of OCR.

mod anew;
mod look;
mod reading;

use super::align;
use super::assess::{self, Drawn};
use super::explain;
use super::fingerprint::PageFingerprint;
use super::index::{Candidate, Index, PagePair};
use super::judgement::{Judgement, Key, Material, Scan, Tier};
use super::keys::{self, KeyMatch};
use super::words::{self, Heading, PageText, Part};
use crate::model::Bilingual;
use crate::raster::PrintedPage;
use look::{HeadingSight, Seen};
use reading::{Certification, certified_in_layer};
use std::cell::{Cell, RefCell};
use std::sync::Arc;

/// Candidates looked at (recall at 10 is 1.00 on print-scan sets).
const CANDIDATES: usize = 10;
/// Part of a page's lines that must lie in place for the same layout; letterheads alone make up a fifth.
const LAYOUT: f32 = 0.4;
/// Part of the best candidate's lines below which a candidate is no rival.
const RIVAL: f32 = 0.6;
/// First pages drawn at most to learn how digits look in headings.
const SPECIMEN_PAGES: usize = 12;

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
                HeadingSight::Same if seen.resembles() => {
                    let (tier, more) = match seen.differs() {
                        true => (Tier::Probable, differences(&seen)),
                        false => (Tier::Certain, Vec::new()),
                    };
                    return self.conclude(seen, tier, more);
                }
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
        self.place_short_pages(candidate.document, &mut pages);
        let lines = pages.iter().map(|(_, count)| count).sum();
        (!pages.is_empty()).then_some(Placed { document: candidate.document, pages, lines })
    }

    /// Last pages with little more than the signature share too few lines to be found by them: each is held
    /// against the scan page that follows the one before it.
    fn place_short_pages(&self, document: u32, pages: &mut Vec<(PagePair, usize)>) {
        for _ in 0..self.material.document(document).map_or(0, |d| d.pages) {
            let Some((last, _)) = pages.iter().max_by_key(|(pair, _)| pair.document_page).copied() else { return };
            let pair =
                PagePair { scan_page: last.scan_page + 1, document_page: last.document_page + 1, votes: 0, ..last };
            let Some(fingerprint) = self.material.fingerprint(document, pair.document_page) else { return };
            let Some(scanned) = self.scan.fingerprints.get(usize::from(pair.scan_page)) else { return };
            let lines = if pair.turned { scanned.lines_turned() } else { scanned.lines() };
            let printed = fingerprint.lines();
            if printed.len() >= 2 * align::FEWEST {
                return;
            }
            let Some(alignment) = align::align_short(&printed, &lines) else { return };
            pages.push((pair, alignment.pairs.len()));
        }
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
        documents.extend(index.specimens());
        let mut seen = Vec::new();
        let mut opened: Vec<Opened> = Vec::new();
        let mut known = ([false; 10], [false; 10]);
        for document in documents {
            if seen.contains(&document) {
                continue;
            }
            seen.push(document);
            let complete = known.0.iter().chain(&known.1).all(|k| *k);
            if complete || opened.len() >= SPECIMEN_PAGES {
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

    /// Candidates whose text agrees but whose heading cannot be compared: register, text layer or OCR names
    /// one; else a single one stands alone.
    fn without_heading(&self, mut open: Vec<Seen>) -> Judgement {
        let keys = [
            (self.scan.known.cloned(), "sổ văn bản đi", "the register"),
            (self.scan.text.map(keys::read), "lớp chữ của bản quét", "the scan's text layer"),
        ];
        let mut named = keys.into_iter().find(|(key, ..)| key.as_ref().is_some_and(|k| k.number.is_some()));
        if named.is_none() {
            let first = open.first().and_then(|seen| seen.laid.iter().find(|(pair, _)| pair.document_page == 0));
            let place = first.map(|(pair, _)| (pair.scan_page, pair.turned));
            if let Some((page, turned)) = place.or_else(|| self.begins_otherwise(open.first()?)) {
                named = Some((self.heading_by_ocr(page, turned), "nhận dạng chữ", "OCR"));
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
            let refused = |seen: &Seen| {
                let own_key = self.material.document(seen.document).map(|own| &own.key);
                own(seen) == Some(KeyMatch::Other) && (registered || seen.prints(Part::Number))
                    || own_key.is_some_and(|own| seen.printed_date_differs(&key, own))
            };
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
        // Nothing names the document: what speaks against it, if only a little, decides.
        if seen.contradicted() || (seen.heading == HeadingSight::Absent && self.begins_otherwise(&seen).is_some()) {
            return refusal(&seen);
        }
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
            Certification::Ruled => judgement.reasons.push(explain::rule_after_signature()),
            Certification::UnreadPage => {
                judgement.tier = tier.min(Tier::Probable);
                judgement.reasons.push(explain::page_unread());
            }
            // A certification stands where the document ends: without that page its absence is not known.
            Certification::Absent if !self.ends(&seen) => {
                judgement.tier = tier.min(Tier::Probable);
                judgement.reasons.push(explain::end_not_on_scan());
            }
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

    /// Whether the scan has the document's last page.
    fn ends(&self, seen: &Seen) -> bool {
        let last = self.material.document(seen.document).map_or(1, |d| d.pages).saturating_sub(1);
        seen.laid.iter().any(|(pair, _)| pair.document_page == last)
    }

    /// A page with the agency's letterhead that is not the document's and lies before the first one that is: the
    /// scan may begin with another document, of the same template perhaps.
    fn begins_otherwise(&self, seen: &Seen) -> Option<(u16, bool)> {
        let (first, _) = seen.laid.iter().min_by_key(|(pair, _)| pair.scan_page)?;
        let page = (0..first.scan_page).find(|page| self.shares_letterhead(seen.document, *page, first.turned))?;
        Some((page, first.turned))
    }
}

/// The nearest document, refused, with what differed.
fn refusal(seen: &Seen) -> Judgement {
    let mut reasons = explain::digits(&seen.digits);
    reasons.extend(differences(seen));
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

/// Words and figures of the text that differ.
fn differences(seen: &Seen) -> Vec<Bilingual> {
    let mut reasons = Vec::new();
    if !seen.other_figures.is_empty() {
        reasons.push(explain::figures_differ(seen.other_figures.get(..5).unwrap_or(&seen.other_figures)));
    }
    if !seen.other_words.is_empty() {
        let shown = seen.other_words.get(..5).unwrap_or(&seen.other_words);
        reasons.push(explain::words_differ(shown, seen.other_words.len()));
    }
    reasons
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
