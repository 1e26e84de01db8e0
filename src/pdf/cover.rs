//! Where later signatures put pictures that might hide what was signed, in the shares of the page that a
//! drawing of it has: for the comparison of the drawn pages.

use super::PdfFile;
use super::document::View;
use super::form::{Pages, rectangle};
use super::object::Dictionary;

/// A4, where the page does not say (ISO 216, in points).
const A4: [f64; 4] = [0.0, 0.0, 595.0, 842.0];

/// An added picture that might hide what is below it.
#[derive(Clone, PartialEq, Debug)]
pub struct Cover {
    /// Index of the page.
    pub page: usize,
    /// Name of the field that shows it.
    pub field: String,
    /// Left, top, right, bottom as shares of the page as it is shown, 0 to 1.
    pub area: [f64; 4],
    /// Length of the shorter side of the page, in points.
    pub shorter_side: f64,
}

/// An update that puts such pictures on pages.
#[derive(Clone, PartialEq, Debug)]
pub struct CoveringUpdate {
    /// Index of the revision.
    pub revision: u32,
    /// Bytes of the file up to the end of the revision before, and of this one.
    pub before: usize,
    /// See `before`.
    pub after: usize,
    /// Indices of the signatures that signed an earlier revision.
    pub signatures: Vec<usize>,
    /// The pictures, at least one.
    pub covers: Vec<Cover>,
}

impl PdfFile<'_> {
    /// Updates with pictures that might hide what earlier signatures signed, oldest first. None of an
    /// encrypted file: it is not drawn.
    pub fn covering_updates(&self) -> Vec<CoveringUpdate> {
        if self.document.is_encrypted() || self.document.unsound.is_some() {
            return Vec::new();
        }
        let signed_before = |view: usize| -> Vec<usize> {
            let views = self.signed_views.iter().enumerate();
            views
                .filter(|(_, signed)| signed.is_some_and(|signed| !signed.diverges && signed.view.0 < view))
                .map(|(index, _)| index)
                .collect()
        };
        let mut updates = Vec::new();
        let mut pages = None;
        for view in 1..=self.document.newest().0 {
            let signatures = signed_before(view);
            let ends = (self.document.revisions.get(view - 1), self.document.revisions.get(view));
            let (false, (Some(before), Some(after))) = (signatures.is_empty(), ends) else { continue };
            let changes = self.comparisons.between(&self.document, View(view - 1), View(view));
            let mut covers = Vec::new();
            for shown in changes.shown.iter().filter(|shown| shown.may_hide) {
                let pages = pages.get_or_insert_with(|| Pages::read(&self.document, self.document.newest()));
                let Some(page) = pages.list.get(shown.page).and_then(|page| page.node.dictionary()) else { continue };
                let (area, shorter_side) = self.share(page, shown.rectangle);
                covers.push(Cover { page: shown.page, field: shown.field.clone(), area, shorter_side });
            }
            if !covers.is_empty() {
                let revision = u32::try_from(view).unwrap_or(u32::MAX);
                updates.push(CoveringUpdate { revision, before: before.end, after: after.end, signatures, covers });
            }
        }
        updates
    }

    /// A rectangle of a page in shares of the page as it is shown, and the page's shorter side.
    fn share(&self, page: &Dictionary, [x0, y0, x1, y1]: [f64; 4]) -> ([f64; 4], f64) {
        let view = self.document.newest();
        let inherited = |key: &[u8]| {
            let mut entries = page.clone();
            for _ in 0..self.document.limits.depth.min(32) {
                if let Some(value) = entries.get(key) {
                    return Some(value.clone());
                }
                // Boxes and rotation are inherited (ISO 32000-2, 7.7.3.4).
                entries = self.document.value(view, entries.get(b"Parent")).dictionary()?.clone();
            }
            None
        };
        let corners = |key: &[u8]| rectangle(&self.document, view, inherited(key).as_ref());
        let media = corners(b"MediaBox").unwrap_or(A4);
        let crop = corners(b"CropBox").unwrap_or(media);
        let (left, bottom) = (crop[0].max(media[0]), crop[1].max(media[1]));
        let (right, top) = (crop[2].min(media[2]), crop[3].min(media[3]));
        let (width, height) = ((right - left).max(1.0), (top - bottom).max(1.0));
        let rotation = inherited(b"Rotate");
        let rotation = self.document.value(view, rotation.as_ref()).integer().unwrap_or(0).rem_euclid(360);
        let (x0, x1, y0, y1) = ((x0 - left) / width, (x1 - left) / width, (y0 - bottom) / height, (y1 - bottom) / height);
        let shown = match rotation {
            90 => [y0, x0, y1, x1],
            180 => [1.0 - x1, y0, 1.0 - x0, y1],
            270 => [1.0 - y1, 1.0 - x1, 1.0 - y0, 1.0 - x0],
            _ => [x0, 1.0 - y1, x1, 1.0 - y0],
        };
        (shown.map(|side| side.clamp(0.0, 1.0)), width.min(height))
    }
}
