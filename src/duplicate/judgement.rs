//! What is asked and what is answered: the scan, what the caller can fetch, the judgement.

use super::fingerprint::PageFingerprint;
use super::geometry::Affine;
use crate::model::Bilingual;
use crate::raster::{GrayImage, PrintedPage};
use std::sync::Arc;

/// Number, symbol and date of a document as far as they are known.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Key {
    /// Number within its yearly series.
    pub number: Option<u32>,
    /// Symbol without the number, as written (`SLĐTBXH-VP`).
    pub symbol: Option<String>,
    /// Day of the month.
    pub day: Option<u8>,
    /// Month.
    pub month: Option<u8>,
    /// Year.
    pub year: Option<u16>,
}

/// An e-document that scans are held against.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Document {
    /// Number, symbol and date.
    pub key: Key,
    /// Pages.
    pub pages: u16,
    /// Its text, all pages.
    pub text: String,
}

/// A paper document as it lies in the archive.
#[derive(Clone, Copy, Debug, Default)]
pub struct Scan<'a> {
    /// Fingerprints of its pages in order; empty for a file without page images.
    pub fingerprints: &'a [PageFingerprint],
    /// Text layer: printed text of a born-digital file, or what the scanner's own OCR put under the image.
    pub text: Option<&'a str>,
    /// What the register or a statement says about it; always confirmed, never believed.
    pub known: Option<&'a Key>,
}

/// What OCR gave.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Recognition {
    /// The text; may be empty.
    Text(String),
    /// There is no OCR program.
    Unavailable,
    /// The program failed or was stopped.
    Failed,
}

/// What a judgement may fetch. Answers must not change between calls.
pub trait Material {
    /// An e-document; none if the number is unknown.
    fn document(&self, document: u32) -> Option<&Document>;
    /// Documents that carry this number in any series and year.
    fn documents_numbered(&self, number: u32) -> Vec<u32>;
    /// Fingerprint of a page of an e-document.
    fn fingerprint(&self, document: u32, page: u16) -> Option<Arc<PageFingerprint>>;
    /// A page of an e-document, drawn (200 dots per inch serve best).
    fn printed_page(&self, document: u32, page: u16) -> Option<Arc<PrintedPage>>;
    /// A page of the scan that is judged, in its own pixels.
    fn scan_page(&self, page: u16) -> Option<Arc<GrayImage>>;
    /// Text of a picture, upright, 200 dots per inch.
    fn recognise(&self, picture: &GrayImage) -> Recognition;
}

/// How sure it is that the scan is a print of the document.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Tier {
    /// It is not, or nothing shows it.
    #[default]
    None,
    /// Everything that can be read agrees, but number or date could not be compared digit by digit: the
    /// register or a person decides.
    Probable,
    /// Layout, words, number and date agree digit by digit.
    Certain,
}

/// The answer for one scan.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Judgement {
    /// How sure.
    pub tier: Tier,
    /// The e-document: the one the scan prints, or with [`Tier::None`] the nearest that was refused.
    pub document: Option<u32>,
    /// The scan is a certified copy (SAO Y, SAO LỤC, TRÍCH SAO) of the document: lawful paper.
    pub certified_copy: bool,
    /// What agreed and what differed, most telling first.
    pub reasons: Vec<Bilingual>,
    /// Which scan page shows which page of the document.
    pub pages: Vec<PageEvidence>,
    /// The heading's digits, compared.
    pub heading: Vec<DigitEvidence>,
    /// Pictures given to OCR.
    pub recognitions: u32,
    /// OCR would have decided, but there is none.
    pub lacks_recognition: bool,
}

/// A scan page laid over a page of the document.
#[derive(Clone, PartialEq, Debug)]
pub struct PageEvidence {
    /// Page of the scan, from 0.
    pub scan_page: u16,
    /// Page of the document, from 0.
    pub document_page: u16,
    /// From pixels of the drawn page to pixels of the scan.
    pub to_scan: Affine,
    /// Text lines that agree.
    pub lines: usize,
    /// Words that are there.
    pub words_same: usize,
    /// Words that are not there.
    pub words_other: usize,
    /// Words under a stamp or pen, or too faint.
    pub words_unclear: usize,
    /// Digits in the text that are the same.
    pub digits_same: usize,
    /// Digits in the text that are clearly others.
    pub digits_other: usize,
}

/// One digit of number or date, compared.
#[derive(Clone, PartialEq, Debug)]
pub struct DigitEvidence {
    /// What the document prints.
    pub printed: char,
    /// What the scan shows: the same, another, or none if it cannot be told.
    pub scanned: Option<char>,
    /// Its place on the drawn first page: left, top, right, bottom.
    pub place: [f32; 4],
}
