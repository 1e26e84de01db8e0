//! Joins files and register rows, and gives every row exactly one class.
//!
//! [`join`] is a pure function of facts, verdicts and the lists an office keeps. Number and symbol with the
//! year of the document date are the key; a register's file column joins directly. What a file is, its
//! drafting unit, whether it is lawfully signed and whether paper was issued beside it are decided here;
//! what is wrong about it is the checks' word.

mod document;
mod identify;
mod matching;
mod package;
mod paper;
mod prints;
mod signing;
mod unit;

pub use document::*;
pub use identify::secret_files;
pub use package::{Carried, Named, PackageClass, Recall, concerned, read_document_id, sends};
pub use signing::{SignatureStanding, lawfully_signed, signature_standing};

use crate::model::{
    CalendarDate, CancelledNumber, ClassedRow, Content, DuplicatePair, DuplicateTier, Exclusion, Exemption, Membership,
    PostRow, PrintMatch, Processing, RegisterRow, RowStatus, WorkFile,
};
use crate::organisation::OrganisationTable;
use crate::reference::file_name::secrecy_of_label;
use crate::reference::{Reference, ReferenceKey};
use crate::register::EXEMPTION_REASONS;
use std::collections::{BTreeMap, HashMap};

/// Everything the join reads.
#[derive(Clone, Copy, Debug)]
pub struct RecordsInput<'a> {
    /// Files, in the order that the result keeps.
    pub files: &'a [FileInput<'a>],
    /// Folders that were walked, relative to the archive: a file's first folder below one may name its unit.
    pub document_folders: &'a [String],
    /// The outgoing register.
    pub rows: &'a [RegisterRow],
    /// The post book.
    pub post: &'a [PostRow],
    /// Recorded exemptions.
    pub exemptions: &'a [Exemption],
    /// Whether a register of exemptions is configured: it records the head's "must have paper" list and
    /// receivers that are not connected, so that its silence is an answer.
    pub exemptions_loaded: bool,
    /// Cancelled numbers.
    pub cancelled: &'a [CancelledNumber],
    /// What scans are to e-documents, by their contents.
    pub prints: &'a [PrintMatch],
    /// Organisation table.
    pub organisations: &'a OrganisationTable,
    /// Code of the agency whose documents these are.
    pub agency: Option<&'a str>,
    /// Work files.
    pub work_files: &'a [WorkFile],
    /// Day of the audit: units that ended before it are counted for those that carry on.
    pub today: Option<CalendarDate>,
    /// First day on which the agency may not issue paper beside a signed e-document
    /// ([`PAPER_RULE_FROM`] unless configured).
    pub paper_rule_from: CalendarDate,
}

/// QĐ 28/2018/QĐ-TTg Đ.21: bodies outside the pilot send electronically from 2019-06-30 at the latest.
pub const PAPER_RULE_FROM: CalendarDate = match time::Date::from_calendar_date(2019, time::Month::June, 30) {
    Ok(date) => CalendarDate(date),
    Err(_) => CalendarDate(time::Date::MIN),
};

/// The joined records.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Records {
    /// One per register row, in register order.
    pub rows: Vec<ClassedRow>,
    /// One per file, in the order of the input.
    pub documents: Vec<DocumentClass>,
    /// Number and symbol of each row, read; `None` if unreadable.
    pub row_references: Vec<Option<Reference>>,
    /// Index of the document of each row.
    pub row_documents: Vec<Option<usize>>,
    /// Index of the row that each row repeats whole.
    pub repeats: Vec<Option<usize>>,
    /// Unit of each work file, in the order of the list.
    pub work_file_units: Vec<Option<String>>,
    /// Paper beside an e-issued document, as far as it is not excused.
    pub duplicates: Vec<DuplicatePair>,
    /// edXML packages, in the order of the files.
    pub packages: Vec<PackageClass>,
    /// Recall messages of the exchange axis by number and year.
    pub recalls: BTreeMap<YearKey, Vec<Recall>>,
}

/// A key within its year: what two documents may not share (Decree 30 Đ.15(1)).
pub type YearKey = (ReferenceKey, Option<i32>);

/// Joins files with rows and classes both.
pub fn join(input: &RecordsInput<'_>) -> Records {
    let readings = identify::read_files(input);
    let row_references = input.rows.iter().map(|row| Reference::parse(&row.reference).ok()).collect::<Vec<_>>();
    let repeats = matching::repeats(input.rows, &row_references);
    let joined = matching::match_rows(input, &readings, &row_references, &repeats);
    let units = unit::Units::new(input.organisations, input.today);
    let mut documents = build_documents(input, readings, &joined, &row_references, &units);
    let packages = package::join(input, &mut documents, &row_references, &joined.row_documents);
    let prints = prints::Prints::new(input, &documents);
    prints.settle(&mut documents);
    let lists = Lists::new(input);
    let exclusions = input
        .rows
        .iter()
        .enumerate()
        .map(|(index, row)| {
            let document = joined.row_documents.get(index).copied().flatten().and_then(|at| documents.get(at));
            let reference = row_references.get(index).and_then(Option::as_ref);
            let repeated = repeats.get(index).copied().flatten().is_some();
            exclusion(row, reference, document, repeated, &lists)
        })
        .collect::<Vec<_>>();
    let evidence = paper::Evidence::gather(input, &documents, &row_references, &joined, &packages, &prints);
    for (index, document) in documents.iter_mut().enumerate() {
        let row = joined.document_rows.get(index).copied().flatten();
        class_document(
            input,
            index,
            document,
            row,
            row.and_then(|at| exclusions.get(at).copied().flatten()),
            &evidence,
            &lists,
        );
    }
    let rows = input.rows.iter().enumerate().map(|(index, row)| {
        let document = joined.row_documents.get(index).copied().flatten().and_then(|at| documents.get(at));
        let exclusion = exclusions.get(index).copied().flatten();
        let exchanged = paper::is_exchanged(input, row);
        class_row(&units, row, row_references.get(index).and_then(Option::as_ref), document, exclusion, exchanged)
    });
    let rows = rows.collect::<Vec<_>>();
    let duplicates = documents.iter().flat_map(duplicate_pairs).collect();
    let recalls = package::recalls(input, &packages);
    let work_file_units = input.work_files.iter().map(|file| units.of_work_file(file)).collect();
    Records {
        rows,
        documents,
        row_references,
        row_documents: joined.row_documents,
        repeats,
        work_file_units,
        duplicates,
        packages,
        recalls,
    }
}

/// Lists keyed by number and symbol.
pub(crate) struct Lists<'a> {
    exemptions: HashMap<ReferenceKey, Vec<&'a Exemption>>,
    cancelled: HashMap<ReferenceKey, Vec<&'a CancelledNumber>>,
}

impl<'a> Lists<'a> {
    fn new(input: &RecordsInput<'a>) -> Self {
        let mut lists = Self { exemptions: HashMap::new(), cancelled: HashMap::new() };
        for exemption in input.exemptions {
            for key in keys_of_cell(&exemption.reference) {
                lists.exemptions.entry(key).or_default().push(exemption);
            }
        }
        for cancelled in input.cancelled {
            for key in keys_of_cell(&cancelled.reference) {
                lists.cancelled.entry(key).or_default().push(cancelled);
            }
        }
        lists
    }

    /// Exemptions for a number on a day: an exemption with a date is for that date, one without for the
    /// number in any year; expired before the document's day is none.
    pub(crate) fn exemptions(
        &self,
        reference: &Reference,
        date: Option<CalendarDate>,
    ) -> impl Iterator<Item = &'a Exemption> {
        let listed = self.exemptions.get(&reference.ascii_key()).into_iter().flatten().copied();
        listed.filter(move |exemption| {
            let same_day = exemption.date.is_none() || date.is_none() || exemption.date == date;
            let expired = matches!((exemption.expires, date), (Some(expires), Some(date)) if expires < date);
            same_day && !expired
        })
    }

    fn is_cancelled(&self, reference: &Reference, date: Option<CalendarDate>) -> bool {
        let year = |date: Option<CalendarDate>| date.map(CalendarDate::year);
        self.cancelled
            .get(&reference.ascii_key())
            .into_iter()
            .flatten()
            .any(|cancelled| cancelled.date.is_none() || date.is_none() || year(cancelled.date) == year(date))
    }
}

/// Keys of a cell that holds one or several references.
pub(crate) fn keys_of_cell(cell: &str) -> Vec<ReferenceKey> {
    match Reference::parse(cell) {
        Ok(reference) => vec![reference.ascii_key()],
        Err(_) => Reference::parse_list(cell).unwrap_or_default().iter().map(Reference::ascii_key).collect(),
    }
}

/// Whether an exemption names what it relies on and who decided: reason, basis, and a person or authority
/// with a date (check `exemption-unsupported`).
pub fn is_supported(exemption: &Exemption) -> bool {
    let said = |text: &Option<String>| text.as_deref().is_some_and(|text| !text.trim().is_empty());
    let needs_basis = matches!(exemption.reason.as_str(), "law-requires-paper" | "province-list");
    let who = said(&exemption.authority) || said(&exemption.recorded_by);
    let when = exemption.recorded_on.is_some();
    EXEMPTION_REASONS.contains(&exemption.reason.as_str()) && who && when && (said(&exemption.basis) || !needs_basis)
}

fn exclusion(
    row: &RegisterRow,
    reference: Option<&Reference>,
    document: Option<&DocumentClass>,
    repeated: bool,
    lists: &Lists<'_>,
) -> Option<Exclusion> {
    let marked = row.secrecy.as_deref().is_some_and(|label| secrecy_of_label(label).is_some());
    if marked || document.is_some_and(|document| document.kind == DocumentKind::Secret) {
        return Some(Exclusion::Secret);
    }
    if repeated {
        return Some(Exclusion::Repeated);
    }
    match row.status {
        Some(RowStatus::Cancelled) => return Some(Exclusion::Cancelled),
        Some(RowStatus::Recalled) => return Some(Exclusion::Recalled),
        None => {}
    }
    let reference = reference?;
    if lists.is_cancelled(reference, row.date) {
        return Some(Exclusion::Cancelled);
    }
    // Taking a row out of the denominator needs the law's name: without it the row stays in.
    let mut exemptions = lists.exemptions(reference, row.date);
    exemptions
        .any(|exemption| exemption.reason == "law-requires-paper" && is_supported(exemption))
        .then_some(Exclusion::LawRequiresPaper)
}

fn build_documents(
    input: &RecordsInput<'_>,
    readings: Vec<identify::Reading>,
    joined: &matching::Joined,
    row_references: &[Option<Reference>],
    unit_table: &unit::Units<'_>,
) -> Vec<DocumentClass> {
    let kinds = matching::settle_kinds(input, &readings, joined, row_references);
    let mut documents = Vec::with_capacity(readings.len());
    for (index, (reading, (file, kind))) in readings.into_iter().zip(input.files.iter().zip(kinds)).enumerate() {
        let row_index = joined.document_rows.get(index).copied().flatten();
        let row = row_index.and_then(|at| input.rows.get(at));
        let secret = kind == DocumentKind::Secret;
        let register = row_index.and_then(|at| row_references.get(at)).cloned().flatten();
        let file_name = reading.file_name_reference(reading.header.as_ref().or(register.as_ref()));
        let references = ReferenceSources { header: reading.header, register, file_name };
        let reference = [&references.header, &references.register, &references.file_name].into_iter().flatten().next();
        let reference = reference.cloned();
        let date = reading.header_date.or(row.and_then(|row| row.date)).or(reading.file_name_date);
        let units = if secret {
            UnitSources::default()
        } else {
            unit_table.sources(input.document_folders, file, row, reference.as_ref(), date)
        };
        let unit = unit_table.resolve(&units, date).or_else(|| {
            // Of a secret document nothing is used but the register's own unit column.
            row.filter(|_| secret).and_then(|row| unit_table.of_register(row, date))
        });
        let of_column = || row.filter(|_| !secret).and_then(|row| unit_table.of_archive_copy(row, date));
        let unit = unit.or_else(of_column);
        let issued = row.is_some() || (reference.is_some() && date.is_some());
        documents.push(DocumentClass {
            path: file.path.to_owned(),
            sha256: file.facts.map(|facts| facts.sha256),
            kind,
            references: if secret { ReferenceSources::default() } else { references },
            reference: reference.filter(|_| !secret),
            date,
            units,
            unit,
            row: row_index.and_then(|at| u32::try_from(at).ok()),
            issued,
            processing: None,
            exclusion: None,
            n1: Membership::No,
            n2: Membership::No,
            n3: Membership::No,
            paper: PaperConclusion::default(),
        });
    }
    inherit(&mut documents);
    documents
}

/// An earlier pass or copy is the same document: what its own pages do not say yet, the file that stands
/// for it says.
fn inherit(documents: &mut [DocumentClass]) {
    let stands_for = |document: &DocumentClass| {
        matches!(document.kind, DocumentKind::EarlierVersion(_) | DocumentKind::IdenticalCopy(_))
    };
    if !documents.iter().any(stands_for) {
        return;
    }
    let by_path: HashMap<String, usize> =
        documents.iter().enumerate().map(|(at, document)| (document.path.clone(), at)).collect();
    for at in 0..documents.len() {
        let target = documents.get(at).and_then(|document| match &document.kind {
            DocumentKind::EarlierVersion(path) | DocumentKind::IdenticalCopy(path) => by_path.get(path).copied(),
            _ => None,
        });
        let Some(target) = target.and_then(|target| documents.get(target)).cloned() else { continue };
        if let Some(document) = documents.get_mut(at) {
            document.reference = document.reference.take().or(target.reference);
            document.date = document.date.or(target.date);
            document.unit = document.unit.take().or(target.unit);
        }
    }
}

fn class_document(
    input: &RecordsInput<'_>,
    index: usize,
    document: &mut DocumentClass,
    row_index: Option<usize>,
    exclusion: Option<Exclusion>,
    evidence: &paper::Evidence,
    lists: &Lists<'_>,
) {
    let Some(file) = input.files.get(index) else { return };
    document.n2 = match file.facts.map(|facts| &facts.content) {
        Some(Content::Pdf(_) | Content::Image(_)) => lawfully_signed(file.verdicts),
        Some(Content::Package(_)) => Membership::No,
        _ => Membership::Maybe,
    };
    let exclusion = if document.kind == DocumentKind::Secret { Some(Exclusion::Secret) } else { exclusion };
    match document.kind {
        DocumentKind::Secret | DocumentKind::Main => {}
        DocumentKind::Republished if document.row.is_some() => {
            // The portal's copy proves an electronic issue, and nothing about its signatures.
            document.processing = Some(Processing::NotAssessed);
            (document.n1, document.n2, document.n3) = (Membership::Yes, Membership::Maybe, Membership::Maybe);
        }
        DocumentKind::PaperTwin(_) => {
            document.processing = Some(Processing::Paper);
            (document.n1, document.n2, document.n3) = (Membership::Yes, Membership::No, Membership::No);
            return;
        }
        _ => return,
    }
    if exclusion.is_some() {
        document.exclusion = exclusion;
        document.processing = Some(Processing::Excluded);
        (document.n1, document.n2, document.n3) = (Membership::No, Membership::No, Membership::No);
        return;
    }
    if document.processing.is_some() {
        return;
    }
    let Some(Content::Pdf(_) | Content::Image(_)) = file.facts.map(|facts| &facts.content) else {
        document.processing = Some(Processing::NotAssessed);
        (document.n1, document.n2, document.n3) = (Membership::Maybe, Membership::Maybe, Membership::Maybe);
        return;
    };
    document.n1 = Membership::Yes;
    if signing::is_paper_issue(file) {
        document.processing = Some(Processing::Paper);
        (document.n2, document.n3) = (Membership::No, Membership::No);
        return;
    }
    let row = row_index.and_then(|at| input.rows.get(at));
    document.paper = paper::conclude(input, file, document, row, evidence.of(index), lists);
    (document.processing, document.n3) = match (document.n2, &document.paper.status) {
        (Membership::No, _) => (Some(Processing::SignatureInvalid), Membership::No),
        (Membership::Yes, PaperStatus::None | PaperStatus::Excused(_)) => {
            (Some(Processing::Electronic), Membership::Yes)
        }
        (Membership::Yes, PaperStatus::Duplicate) => (Some(Processing::PaperDuplicate), Membership::No),
        // Signed or not, a document with certain and unexempted paper is not fully electronic.
        (Membership::Maybe, PaperStatus::Undecided(open)) if open.as_slice() == [OpenCondition::Signatures] => {
            (Some(Processing::NotAssessed), Membership::No)
        }
        _ => (Some(Processing::NotAssessed), Membership::Maybe),
    };
}

fn class_row(
    units: &unit::Units<'_>,
    row: &RegisterRow,
    reference: Option<&Reference>,
    document: Option<&DocumentClass>,
    exclusion: Option<Exclusion>,
    exchanged: bool,
) -> ClassedRow {
    let date = row.date.or(document.and_then(|document| document.date));
    let secret = exclusion == Some(Exclusion::Secret);
    let unit = units
        .of_register(row, date)
        .or_else(|| document.and_then(|document| document.unit.clone()))
        .or_else(|| reference.and_then(|reference| units.of_symbol(reference, date)))
        .or_else(|| units.of_archive_copy(row, date));
    let (processing, n1, n2, n3) = match (exclusion, document) {
        (Some(_), _) => (Processing::Excluded, Membership::No, Membership::No, Membership::No),
        (None, None) => (Processing::Missing, Membership::No, Membership::No, Membership::No),
        (None, Some(document)) => {
            (document.processing.unwrap_or(Processing::NotAssessed), document.n1, document.n2, document.n3)
        }
    };
    ClassedRow {
        location: row.location.clone(),
        // Nothing of a secret document is repeated.
        reference: if secret { String::new() } else { row.reference.clone() },
        date,
        unit,
        document: document.filter(|_| !secret).and_then(|document| document.sha256),
        path: document.filter(|_| !secret).map(|document| document.path.clone()),
        processing,
        exclusion,
        exchanged,
        n1,
        n2,
        n3,
    }
}

fn duplicate_pairs(document: &DocumentClass) -> Vec<DuplicatePair> {
    if matches!(document.paper.status, PaperStatus::None | PaperStatus::Excused(_)) || document.exclusion.is_some() {
        return Vec::new();
    }
    let pairs = document.paper.evidence.iter().map(|evidence| {
        let print = document
            .paper
            .prints
            .iter()
            .find(|print| evidence.kind.family() == EvidenceKind::ScanTwin && print.place == evidence.place);
        let tier = match print {
            Some(print) => print.tier,
            None if evidence.kind.grade() == EvidenceGrade::C => DuplicateTier::Probable,
            None => DuplicateTier::Certain,
        };
        let reasons = print.map(|print| print.reasons.clone()).unwrap_or_default();
        DuplicatePair {
            document: document.path.clone(),
            copy: evidence.place.clone(),
            tier,
            evidence: std::iter::once(paper::describe(evidence.kind)).chain(reasons).collect(),
            pictures: print.and_then(|print| print.pictures.clone()),
            unit: document.unit.clone(),
            date: document.date,
        }
    });
    pairs.collect()
}

pub(crate) use paper::describe as describe_evidence;

#[cfg(test)]
mod tests;
