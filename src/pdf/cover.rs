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

impl PdfFile<'_> {
    /// Pictures behind signature `index` that might hide what it signed, and where what it signed ends.
    pub fn covers(&self, index: usize) -> Option<(usize, Vec<Cover>)> {
        let signature = self.signatures.get(index)?;
        let signed = self.signed_views.get(index).copied().flatten()?;
        let end = signature.signed_end.filter(|&end| end < self.document.data.len())?;
        let newest = self.document.newest();
        if signed.diverges || self.document.is_encrypted() {
            return None;
        }
        let mut covers = Vec::new();
        let mut pages = None;
        for view in signed.view.0..newest.0 {
            for shown in &self.comparisons.between(&self.document, View(view), View(view + 1)).shown {
                if !shown.may_hide {
                    continue;
                }
                let pages = pages.get_or_insert_with(|| Pages::read(&self.document, newest));
                let Some(page) = pages.list.get(shown.page).and_then(|page| page.node.dictionary()) else { continue };
                let (area, shorter_side) = self.share(page, shown.rectangle);
                covers.push(Cover { page: shown.page, field: shown.field.clone(), area, shorter_side });
            }
        }
        Some((end, covers))
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
