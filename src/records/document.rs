//! What the join knows of one file, and the inputs it is made from.

use crate::model::{
    Bilingual, CalendarDate, Content, DocumentFacts, DuplicateTier, Exclusion, IdentityFacts, Membership, PackageFacts,
    PairPictures, PdfFacts, Processing, Sha256Digest, SignatureVerdict,
};
use crate::reference::Reference;

/// One file of the archive as the join sees it.
#[derive(Clone, Copy, Debug)]
pub struct FileInput<'a> {
    /// Relative to the archive, `/` separated; unique.
    pub path: &'a str,
    /// Facts; `None` for a file that was not opened because its name or register row carries a secrecy
    /// mark.
    pub facts: Option<&'a DocumentFacts>,
    /// Verdicts on its signatures, in the order of the facts.
    pub verdicts: &'a [SignatureVerdict],
    /// Path of the longest file of which this one is a byte prefix: an earlier signing pass.
    pub prefix_of: Option<&'a str>,
}

impl<'a> FileInput<'a> {
    /// Facts of a PDF that could be followed.
    pub fn pdf(&self) -> Option<&'a PdfFacts> {
        match &self.facts?.content {
            Content::Pdf(pdf) => Some(pdf),
            Content::NotAssessed(_) | Content::Image(_) | Content::Package(_) => None,
        }
    }

    /// Facts of an edXML package.
    pub fn package(&self) -> Option<&'a PackageFacts> {
        match &self.facts?.content {
            Content::Package(package) => Some(package),
            Content::Pdf(_) | Content::Image(_) | Content::NotAssessed(_) => None,
        }
    }

    /// What its pages say.
    pub fn identity(&self) -> Option<&'a IdentityFacts> {
        self.pdf().map(|pdf| &pdf.identity)
    }

    /// An image file, or a PDF whose every page read is images alone: a scan, with or without an OCR layer.
    pub fn is_scan(&self) -> bool {
        if matches!(self.facts.map(|facts| &facts.content), Some(Content::Image(_))) {
            return true;
        }
        self.identity().is_some_and(|identity| {
            let pages = identity.make_up;
            pages.pages_read > 0 && pages.image_only_pages == pages.pages_read
        })
    }
}

/// What a file is among the records.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum DocumentKind {
    /// A document of the agency, counted.
    Main,
    /// An earlier signing pass of the file named.
    EarlierVersion(String),
    /// The same bytes as the file named.
    IdenticalCopy(String),
    /// A separate attachment of the document at the path named, if it was found.
    Attachment(Option<String>),
    /// An unsigned scan with the number of the e-issued document at the path named.
    PaperTwin(String),
    /// Issued by another organisation.
    Incoming,
    /// A republisher's copy: its signatures are a portal's or gazette's, nothing follows about the
    /// issuer's.
    Republished,
    /// Carries a secrecy mark: counted only.
    Secret,
    /// An edXML package, of the document at the path named if it was found.
    Package(Option<String>),
}

/// Number and symbol as each source gives them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ReferenceSources {
    /// Signature appearances joined with the page header.
    pub header: Option<Reference>,
    /// The register row.
    pub register: Option<Reference>,
    /// The file name.
    pub file_name: Option<Reference>,
}

/// Drafting unit as each source gives it: the code of the organisation table where the source's word is
/// known there, else the word itself.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct UnitSources {
    /// The register's unit column.
    pub register: Option<String>,
    /// The last group of a công văn symbol.
    pub symbol: Option<String>,
    /// "Lưu: VT, X."
    pub archive_line: Option<String>,
    /// The first folder under the documents folder.
    pub folder: Option<String>,
}

impl UnitSources {
    /// The unit by the first source that answers (domain README section 4).
    pub fn first(&self) -> Option<&str> {
        [&self.register, &self.symbol, &self.archive_line, &self.folder].into_iter().find_map(|unit| unit.as_deref())
    }
}

/// One file after the join.
#[derive(Clone, PartialEq, Debug)]
pub struct DocumentClass {
    /// Path, relative to the archive.
    pub path: String,
    /// Content hash; `None` if the file was not opened.
    pub sha256: Option<Sha256Digest>,
    /// What it is among the records.
    pub kind: DocumentKind,
    /// Number and symbol by source.
    pub references: ReferenceSources,
    /// Number and symbol to print: the first source that answers.
    pub reference: Option<Reference>,
    /// Document date: pages, else register, else file name.
    pub date: Option<CalendarDate>,
    /// Drafting unit by source.
    pub units: UnitSources,
    /// Unit code.
    pub unit: Option<String>,
    /// Index of the register row it was joined with.
    pub row: Option<u32>,
    /// Stands in the register, or carries number and date.
    pub issued: bool,
    /// Class; `None` for a file that is no document of its own (earlier version, attachment, incoming).
    pub processing: Option<Processing>,
    /// Why outside the denominator.
    pub exclusion: Option<Exclusion>,
    /// Membership in N1.
    pub n1: Membership,
    /// Membership in N2.
    pub n2: Membership,
    /// Membership in N3.
    pub n3: Membership,
    /// Signs that it was also issued on paper.
    pub paper: PaperConclusion,
}

/// How sure one piece of evidence of paper is (domain README section 11; the grades are this project's).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum EvidenceGrade {
    /// An explicit statement.
    A,
    /// A post-book row for the same number.
    B,
    /// A hint that needs confirmation.
    C,
}

/// What kind of trace it is; two traces of one kind are not independent.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum EvidenceKind {
    /// The register declares paper.
    DeclaredPaper,
    /// An edXML package declares paper (`Paper` = 1).
    DeclaredInPackage,
    /// The post book lists the number.
    PostBook,
    /// An unsigned scan is its print: number and date agree digit by digit.
    ScanPrint,
    /// An unsigned scan looks like its print, but number or date could not be compared.
    ScanLikely,
    /// An unsigned scan carries the number.
    ScanTwin,
    /// Register column 7, number of copies, is 1 or more.
    Copies,
    /// A person's signature on a scan.
    SignedScan,
}

impl EvidenceKind {
    /// The grade of this kind.
    pub fn grade(self) -> EvidenceGrade {
        match self {
            Self::DeclaredPaper | Self::DeclaredInPackage => EvidenceGrade::A,
            Self::PostBook => EvidenceGrade::B,
            Self::ScanPrint | Self::ScanLikely | Self::ScanTwin | Self::Copies | Self::SignedScan => EvidenceGrade::C,
        }
    }

    /// The kind that independence is judged by: whatever is known of scans is one kind of trace.
    pub fn family(self) -> Self {
        match self {
            Self::ScanPrint | Self::ScanLikely => Self::ScanTwin,
            other => other,
        }
    }
}

/// One trace of paper.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct PaperEvidence {
    /// What it is.
    pub kind: EvidenceKind,
    /// Where: a path, or register file and row.
    pub place: String,
}

/// What follows from the traces of paper of one document.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct PaperConclusion {
    /// Traces, strongest first.
    pub evidence: Vec<PaperEvidence>,
    /// The conclusion.
    pub status: PaperStatus,
    /// Scans that are its print, by path.
    pub prints: Vec<PrintTrace>,
}

/// A scan that is, or looks like, the print of an e-document.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PrintTrace {
    /// Path of the scan.
    pub place: String,
    /// How sure.
    pub tier: DuplicateTier,
    /// What agreed and what differed.
    pub reasons: Vec<Bilingual>,
    /// What a person can see of it.
    pub pictures: Option<PairPictures>,
}

/// Conclusion over paper evidence.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum PaperStatus {
    /// No trace of paper.
    #[default]
    None,
    /// Lawful: excused by a recorded exemption (its reason code) or because the rule does not apply.
    Excused(Excuse),
    /// Only hints.
    Weak,
    /// Strong evidence, but a condition of the rule cannot be decided; says which.
    Undecided(Vec<OpenCondition>),
    /// Strong evidence and every condition met.
    Duplicate,
}

/// Why paper beside the e-document is lawful.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Excuse {
    /// A recorded exemption: its reason code.
    Recorded(String),
    /// To the Government or the Prime Minister (QĐ 28/2018 Đ.7(2)(a)).
    GovernmentOrPrimeMinister,
    /// No receiver is a body of QĐ 28/2018 Đ.2(1).
    RecipientOutside,
    /// Not lawfully signed, so the paper is the issue (QĐ 28/2018 Đ.4).
    NotSigned,
    /// Dated before the body had to send electronically (QĐ 28/2018 Đ.21).
    BeforeStart,
    /// Not sent through the connected systems, so the paper is the issue (QĐ 28/2018 Đ.4(2)).
    NotSentThroughSystem,
}

/// A condition of the paper rule that could not be decided.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum OpenCondition {
    /// The receivers are not known, or not in the organisation table.
    Recipients,
    /// Whether it was sent through the system.
    Channel,
    /// Whether the receivers are connected.
    Connection,
    /// The head's "must have paper" list is not loaded.
    PaperList,
    /// The document date.
    Date,
    /// Whether the document is lawfully signed.
    Signatures,
    /// An exemption is recorded, but without its basis.
    ExemptionUnsupported,
}
