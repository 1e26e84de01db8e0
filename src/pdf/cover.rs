//! Where updates put pictures that might hide what was signed: for the comparison of the drawn pages.

use super::PdfFile;
use super::document::View;

/// A picture that might hide what is below it.
#[derive(Clone, PartialEq, Debug)]
pub struct Cover {
    /// Index of the page.
    pub page: usize,
    /// Left, bottom, right, top in the page's default user space.
    pub rectangle: [f64; 4],
    /// Name of the field that shows it.
    pub field: String,
    /// The field was there before: what it showed itself (a placeholder, a former value) may go.
    pub replaces: bool,
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
    /// Updates with pictures that might hide what earlier signatures signed, oldest first. None of a file whose
    /// revisions could not be followed: its signatures are in doubt already.
    pub fn covering_updates(&self) -> Vec<CoveringUpdate> {
        if self.document.unsound.is_some() {
            return Vec::new();
        }
        let newest = self.document.newest().0;
        let signed =
            |view: &Option<super::SignedView>| view.filter(|signed| !signed.diverges).map(|signed| signed.view.0);
        let Some(first) = self.signed_views.iter().filter_map(signed).min() else { return Vec::new() };
        let mut updates = Vec::new();
        for view in first + 1..=newest {
            let changes = self.comparisons.between(&self.document, View(view - 1), View(view));
            let covers = changes.shown.iter().filter(|shown| shown.may_hide).map(|shown| Cover {
                page: shown.page,
                rectangle: shown.rectangle,
                field: shown.field.clone(),
                replaces: shown.replaces,
            });
            let covers: Vec<Cover> = covers.collect();
            let ends = (self.document.revisions.get(view - 1), self.document.revisions.get(view));
            let (false, (Some(before), Some(after))) = (covers.is_empty(), ends) else { continue };
            let signatures = self.signed_views.iter().enumerate();
            let signatures = signatures.filter(|(_, of)| signed(of).is_some_and(|of| of < view));
            updates.push(CoveringUpdate {
                revision: u32::try_from(view).unwrap_or(u32::MAX),
                before: before.end,
                after: after.end,
                signatures: signatures.map(|(index, _)| index).collect(),
                covers,
            });
        }
        updates
    }
}
