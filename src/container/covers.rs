//! Settles the doubt whether a later picture hides what was signed: both revisions are drawn, and what could be
//! read in the earlier one and cannot in the later was hidden. A seal over a signature or a number in a blank
//! hides nothing; a white box over an amount does.

use crate::limits::Limits;
use crate::model::{Change, ModificationLevel, NotAssessed, SignatureFacts};
use crate::pdf::{self, CoveringUpdate, PdfFile};
use crate::raster::{self, Lost, Region};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Area of the ink that one picture may turn into paper, in square points: less than a digit of 13 points
/// (Decree 30/2020/NĐ-CP, Annex I; a digit has about ten), more than the fringe of a seal that was cut out of
/// a scan (an estimate; ours).
const MOST_WHITENED: f64 = 6.0;
/// The same of all later pictures on one page.
const MOST_WHITENED_OF_PAGE: f64 = 18.0;
/// Area in which nothing can be told apart any more, in square points: two digits of 13 points with the paper
/// around them; the solid star of a seal covers less of the strokes of a signature (ours).
const MOST_BLOTTED: f64 = 150.0;

/// The beginning of a file.
struct Beginning {
    data: Arc<Vec<u8>>,
    end: usize,
}

impl AsRef<[u8]> for Beginning {
    fn as_ref(&self) -> &[u8] {
        self.data.get(..self.end).unwrap_or(&self.data)
    }
}

/// Adds what the drawn pages tell to the signatures' changes.
pub(super) fn settle(file: &PdfFile<'_>, data: &Arc<Vec<u8>>, signatures: &mut [SignatureFacts], limits: &Limits) {
    let mut left = limits.compared_pages;
    let mut whitened: BTreeMap<(usize, usize), f64> = BTreeMap::new();
    for update in file.covering_updates() {
        let sound = |index: &usize| {
            signatures.get(*index).is_some_and(|facts| facts.modification.level < ModificationLevel::Suspicious)
        };
        let earlier: Vec<usize> = update.signatures.iter().copied().filter(sound).collect();
        if earlier.is_empty() {
            continue;
        }
        let pages: BTreeSet<usize> = update.covers.iter().map(|cover| cover.page).collect();
        let wanted = u64::try_from(pages.len()).unwrap_or(u64::MAX);
        let lost = match left.checked_sub(wanted) {
            Some(rest) => {
                left = rest;
                draw(&update, data, limits)
            }
            None => Err(format!("limit compared_pages = {}", limits.compared_pages)),
        };
        let lost = match lost {
            Ok(lost) => lost,
            Err(reason) => {
                earlier.iter().for_each(|&index| add(signatures, index, &update, "cover-not-compared", &reason));
                continue;
            }
        };
        for (cover, lost) in update.covers.iter().zip(lost) {
            for &index in &earlier {
                let sum = whitened.entry((index, cover.page)).or_default();
                *sum += lost.whitened;
                if lost.whitened > MOST_WHITENED || lost.blotted > MOST_BLOTTED || *sum > MOST_WHITENED_OF_PAGE {
                    let detail = format!(
                        "field {} on page {}: {:.0} square points of ink painted over, {:.0} illegible",
                        cover.field,
                        cover.page + 1,
                        lost.whitened,
                        lost.blotted
                    );
                    add(signatures, index, &update, "signed-content-hidden", &detail);
                }
            }
        }
    }
}

fn add(signatures: &mut [SignatureFacts], index: usize, update: &CoveringUpdate, rule: &str, detail: &str) {
    let Some(facts) = signatures.get_mut(index) else { return };
    facts.modification.level = facts.modification.level.max(ModificationLevel::Suspicious);
    facts.modification.changes.push(Change {
        revision: update.revision,
        level: ModificationLevel::Suspicious,
        object: None,
        rule: rule.to_owned(),
        detail: detail.to_owned(),
    });
}

/// What each picture of an update hides; the reason if the pages cannot be drawn.
fn draw(update: &CoveringUpdate, data: &Arc<Vec<u8>>, limits: &Limits) -> Result<Vec<Lost>, String> {
    let beginning = |end: usize| -> Result<Arc<Beginning>, String> {
        let part = Beginning { data: Arc::clone(data), end };
        // The library that draws has no bounds: its file must keep them by itself.
        let opened = pdf::open(part.as_ref(), limits).map_err(|reason| not_opened(&reason))?;
        match opened.page_reading_excess() {
            Some(hit) => Err(format!("limit {} = {}", hit.limit, hit.value)),
            None => Ok(Arc::new(part)),
        }
    };
    let (before, after) = (beginning(update.before)?, beginning(update.after)?);
    let regions = update.covers.iter().map(|cover| Region {
        page: cover.page,
        rectangle: cover.rectangle,
        content_alone: cover.replaces,
    });
    raster::lost(&before, &after, &regions.collect::<Vec<_>>(), limits).map_err(|fault| format!("{fault:?}"))
}

fn not_opened(reason: &NotAssessed) -> String {
    match reason {
        NotAssessed::Limit(hit) => format!("limit {} = {}", hit.limit, hit.value),
        _ => "the revision cannot be opened by itself".to_owned(),
    }
}
