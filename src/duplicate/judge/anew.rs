//! Scans on which no e-document lies in place: pages laid out anew, found by key and confirmed by text.

use super::super::explain;
use super::super::fingerprint::correlation;
use super::super::index::{ALIKE, Candidate};
use super::super::judgement::{Document, Judgement, Key, Recognition, Tier};
use super::super::keys::{self, KeyMatch};
use super::super::lines::Line;
use super::super::normalise::FRAME;
use super::reading::Place;
use super::{Case, certified_in_layer, spelled};

/// Text similarity that confirms a key: OCR of a good print gives 0.75 and more, a sibling's text may too,
/// therefore never without the key.
const CONFIRMING: f32 = 0.55;
/// Where the text below the heading begins, as a part of the height.
const BODY_FROM: f32 = 0.2;
/// Part of neighbouring words, and of figures, that one document must hold to be named by its text alone:
/// OCR misreads about one word in fifteen and one figure in fifty, a sibling differs in more figures.
const WHOLE_TEXT: f32 = 0.75;
/// See [`WHOLE_TEXT`].
const WHOLE_FIGURES: f32 = 0.93;

impl Case<'_> {
    /// No candidate lies in place: the heading's key, then the text of the page.
    pub(super) fn laid_out_anew(&self, candidates: &[Candidate]) -> Judgement {
        let (page, turned) = candidates
            .iter()
            .flat_map(|c| &c.pages)
            .find(|pair| pair.document_page == 0)
            .map_or((0, false), |pair| (pair.scan_page, pair.turned));
        let mut sources = vec![
            (self.scan.known.cloned(), "sổ văn bản đi", "the register"),
            (self.scan.text.map(keys::read), "lớp chữ của bản quét", "the scan's text layer"),
        ];
        sources.retain(|(key, ..)| key.as_ref().is_some_and(|k| k.number.is_some()));
        let asked = sources.is_empty() && self.own_letterhead(candidates, page, turned);
        if asked {
            sources.push((self.heading_by_ocr(page, turned), "nhận dạng chữ", "OCR"));
        }
        for (key, vi, en) in sources {
            let Some(key) = key else { continue };
            let Some(number) = key.number else { continue };
            for document in self.material.documents_numbered(number) {
                let Some(own) = self.material.document(document) else { continue };
                if keys::compare(&key, &own.key) != KeyMatch::Same {
                    continue;
                }
                return self.confirm_by_text(document, own, &key, (page, turned), (vi, en));
            }
            // A whole key of print is another document's; pen leaves gaps.
            if key.symbol.is_some() && key.day.is_some() && key.month.is_some() && key.year.is_some() {
                return Judgement::default();
            }
        }
        if asked { self.by_whole_text(candidates, page, turned) } else { Judgement::default() }
    }

    /// Number by pen and the page laid out anew: the whole text with all its figures, if one document alone
    /// has them.
    fn by_whole_text(&self, candidates: &[Candidate], page: u16, turned: bool) -> Judgement {
        let height = self.scan.fingerprints.get(usize::from(page)).map_or(0.0, |f| f32::from(f.height));
        let text = match self.scan.text {
            Some(text) if text.len() > 200 => text.to_owned(),
            _ => match self.recognise(&Place { turned, top: height * BODY_FROM, ..Place::of(page) }, height) {
                Recognition::Text(text) => text,
                Recognition::Unavailable | Recognition::Failed => return Judgement::default(),
            },
        };
        if certified_in_layer(&text) {
            return Judgement::default();
        }
        let mut agreeing = candidates.iter().filter_map(|candidate| {
            let own = self.material.document(candidate.document)?;
            let (words, figures) = keys::text_within(&text, &own.text);
            (words >= WHOLE_TEXT && figures >= WHOLE_FIGURES).then_some((candidate.document, words))
        });
        match (agreeing.next(), agreeing.next()) {
            (Some((document, words)), None) => Judgement {
                tier: Tier::Probable,
                document: Some(document),
                reasons: vec![
                    explain::no_layout(),
                    explain::heading_unreadable(),
                    explain::text_alike((words * 100.0) as u32),
                    explain::needs_register(),
                ],
                ..Judgement::default()
            },
            _ => Judgement::default(),
        }
    }

    fn confirm_by_text(
        &self,
        document: u32,
        own: &Document,
        key: &Key,
        place: (u16, bool),
        source: (&str, &str),
    ) -> Judgement {
        let mut judgement = Judgement { document: Some(document), ..Judgement::default() };
        let whole = match self.scan.text {
            Some(text) if text.len() > 200 => text.to_owned(),
            _ => {
                let height = self.scan.fingerprints.get(usize::from(place.0)).map_or(0.0, |f| f32::from(f.height));
                match self.recognise(&Place { turned: place.1, ..Place::of(place.0) }, height) {
                    Recognition::Text(text) => text,
                    Recognition::Unavailable | Recognition::Failed => return judgement,
                }
            }
        };
        // Pages beyond the one that was read cannot agree.
        let pages = f32::from(own.pages.max(1)).min(if self.scan.text.is_some() { 1.0 } else { f32::MAX });
        let alike = (keys::text_similarity(&own.text, &whole) * pages).min(1.0);
        judgement.reasons = vec![
            explain::no_layout(),
            explain::key_read(&spelled(key), source.0, source.1),
            explain::text_alike((alike * 100.0) as u32),
        ];
        if certified_in_layer(&whole) {
            judgement.certified_copy = true;
            judgement.reasons.insert(0, explain::certified_copy());
        } else if alike >= CONFIRMING {
            judgement.tier = Tier::Probable;
        }
        judgement
    }

    /// Whether the scan's head carries the agency name of the e-documents.
    fn own_letterhead(&self, candidates: &[Candidate], page: u16, turned: bool) -> bool {
        candidates.iter().any(|candidate| self.shares_letterhead(candidate.document, page, turned))
    }

    /// Whether a page of the scan carries the agency name of a document: two lines at the upper left.
    pub(super) fn shares_letterhead(&self, document: u32, page: u16, turned: bool) -> bool {
        let Some(scanned) = self.scan.fingerprints.get(usize::from(page)) else { return false };
        let Some(fingerprint) = self.material.fingerprint(document, 0) else { return false };
        let lines = if turned { scanned.lines_turned() } else { scanned.lines() };
        let upper_left = |line: &&Line, height: u16| {
            line.y_left < f32::from(height) * 0.22 && (line.left + line.right) / 2.0 < FRAME as f32 * 0.45
        };
        let printed = fingerprint.lines();
        let shared = printed.iter().filter(|line| upper_left(line, fingerprint.height)).filter(|own| {
            lines.iter().filter(|line| upper_left(line, scanned.height)).any(|line| {
                let (a, b) = (own.right - own.left, line.right - line.left);
                (a - b).abs() < 0.12 * a && correlation(&own.profile, &line.profile) > ALIKE
            })
        });
        shared.count() >= 2
    }
}
