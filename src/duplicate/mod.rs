//! Whether a scan is a print of an e-document: candidates, alignment, words and digits, tiers.
//!
//! [`fingerprint`] keeps the text lines of a page image; [`Index`] finds e-documents that share lines
//! with a scan; [`judge`] lays the nearest over the scan and compares words and digits with the glyphs
//! the e-document itself prints. What was measured and why it is built so: `design/duplicates.md`.

mod align;
mod assess;
mod compare;
mod explain;
mod fingerprint;
mod geometry;
mod index;
mod judge;
mod judgement;
mod keys;
mod lines;
mod normalise;
#[cfg(test)]
mod tests;
mod words;

pub use fingerprint::{FINGERPRINT_VERSION, PageFingerprint, fingerprint};
pub use geometry::Affine;
pub use index::{Candidate, Index, PagePair, PageReference};
pub use judge::judge;
pub use judgement::{DigitEvidence, Document, Judgement, Key, Material, PageEvidence, Recognition, Scan, Tier};
