//! What the comparison of scans with e-documents found: measured on two contents, free of policy.

use super::{Bilingual, Sha256Digest};
use serde::{Deserialize, Serialize};

/// A scan held against the e-document that is most like it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PrintMatch {
    /// Content of the scan.
    pub scan: Sha256Digest,
    /// Content of the e-document.
    pub document: Sha256Digest,
    /// What the scan is to it.
    pub outcome: PrintOutcome,
    /// What agreed and what differed, most telling first.
    pub reasons: Vec<Bilingual>,
    /// What a person can see of it.
    pub pictures: Option<PairPictures>,
}

/// What a scan is to an e-document.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub enum PrintOutcome {
    /// Its print: layout, words, number and date agree digit by digit.
    Certain,
    /// Everything readable agrees, but number or date could not be compared: the register or a person
    /// decides.
    Probable,
    /// A certified copy (SAO Y, SAO LỤC, TRÍCH SAO): lawful paper.
    CertifiedCopy,
    /// Another document: digits or words differ.
    Other,
}

/// Pictures and digits of a pair.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct PairPictures {
    /// First page of the e-document that shows on the scan, small, grey PNG.
    pub document: Vec<u8>,
    /// The scan's page in the same place, turned and cut as the e-document's.
    pub scan: Vec<u8>,
    /// Strip with number and date of the e-document, grey PNG.
    pub document_heading: Vec<u8>,
    /// The same place of the scan.
    pub scan_heading: Vec<u8>,
    /// Digits of number and date in reading order: what the e-document prints, and what the scan shows
    /// (`None`: cannot be told).
    pub digits: Vec<(char, Option<char>)>,
}

/// How many scans were compared, and what could not be.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct ComparisonSummary {
    /// Unsigned scans in the archive, each content once.
    pub scans: u32,
    /// Of them with at least one page that could be looked at.
    pub compared: u32,
    /// Pages of scans looked at.
    pub pages: u32,
    /// E-documents they were held against.
    pub documents: u32,
    /// Scans and e-documents whose pages could not be looked at, or not all: path and reason, in order.
    pub faults: Vec<(String, Bilingual)>,
    /// An OCR program was at hand.
    pub recognition: bool,
    /// Scans that OCR would have decided, had there been one.
    pub lacking_recognition: u32,
    /// The comparison was cut short.
    pub cut: bool,
}
