//! edXML packages among the records: whose they are, which document each carries, recalls or reports on.
//! Joined after the documents: by the bytes carried, else by number, symbol and year.

use super::document::{DocumentClass, DocumentKind, FileInput};
use super::{RecordsInput, YearKey};
use crate::model::{
    AttachmentContent, CalendarDate, Exclusion, PackageAction, PackageFacts, PackageParty, Sha256Digest, UnixTime,
};
use crate::reference::{Reference, ReferenceKey};
use crate::text;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// One package after the join.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PackageClass {
    /// Index of its file.
    pub file: usize,
    /// Sent by the agency whose archive it is, as far as the package tells.
    pub own: bool,
    /// A status report of a receiver, not a dispatch.
    pub report: bool,
    /// Number and symbol of `Code`, in whichever order the vendor wrote them.
    pub reference: Option<Reference>,
    /// `CodeNumber` holds the symbol and `CodeNotation` the number.
    pub swapped: bool,
    /// Index of the document that it carries or names.
    pub document: Option<usize>,
    /// Index of the register row of that document or number.
    pub row: Option<usize>,
    /// Whether it carries the archived file.
    pub carried: Carried,
}

/// What the attachments of a package are, against the archived file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Carried {
    /// The archived file or an earlier signing pass of it is among them.
    Archived,
    /// None of them.
    Different,
    /// There is no attachment with content.
    Nothing,
    /// One cannot be decoded and no other is the archived file; says why.
    Undecodable(String),
    /// One was not decoded, because a limit was reached; says which.
    Unread(String),
}

/// A document named by a package, to be found in the archive: by number and day or year.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Named {
    /// Number and symbol.
    pub reference: Reference,
    /// Day of the document.
    pub date: Option<CalendarDate>,
}

/// A recall message of the agency.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Recall {
    /// Path of the package.
    pub path: String,
    /// When it was sent.
    pub sent: Option<UnixTime>,
}

/// Status codes of a recall that was asked for or agreed to (QCVN 102:2016).
const RECALL_CODES: [u32; 2] = [13, 15];

/// Number and symbol, day and organisation as a `DocumentId` states them: `org,YYYY/MM/DD,number/notation`.
pub fn read_document_id(id: &str) -> (Option<&str>, Option<CalendarDate>, Option<Reference>) {
    let mut parts = id.splitn(3, ',').map(str::trim);
    let (Some(organ), Some(day), Some(code)) = (parts.next(), parts.next(), parts.next()) else {
        return (None, None, None);
    };
    let day = day.replace('/', "-").parse().ok();
    let swapped = || code.rsplit_once('/').and_then(|(symbol, number)| Reference::from_parts(number, symbol).ok());
    (Some(organ).filter(|organ| !organ.is_empty()), day, Reference::parse(code).ok().or_else(swapped))
}

/// Number and symbol of the two `Code` fields, and whether they stand the other way round.
fn read_code(package: &PackageFacts) -> (Option<Reference>, bool) {
    let (number, notation) = (package.code_number.as_deref(), package.code_notation.as_deref());
    if let (Some(number), Some(notation)) = (number, notation) {
        if let Ok(reference) = Reference::from_parts(number, notation) {
            return (Some(reference), false);
        }
        if let Ok(reference) = Reference::from_parts(notation, number) {
            return (Some(reference), true);
        }
    }
    // Some connectors put the whole into one field.
    let whole = [number, notation].into_iter().flatten().find_map(|text| Reference::parse(text).ok());
    (whole.or_else(|| read_document_id(package.document_id.as_deref()?).2), false)
}

/// The documents that a recall or status report is about; its own number if it names no other.
pub fn concerned(package: &PackageFacts) -> Vec<Named> {
    let mut named: Vec<Named> = Vec::new();
    for concern in &package.concerns {
        let (_, id_date, id_reference) = concern.document_id.as_deref().map(read_document_id).unwrap_or_default();
        let reference = concern.code.as_deref().and_then(|code| Reference::parse(code).ok()).or(id_reference);
        named.extend(reference.map(|reference| Named { reference, date: concern.date.or(id_date) }));
    }
    if named.is_empty() {
        let reference = read_code(package).0;
        named.extend(reference.map(|reference| Named { reference, date: package.date }));
    }
    named
}

/// Classes every package and writes into its document entry which document it is of.
pub(super) fn join(
    input: &RecordsInput<'_>,
    documents: &mut [DocumentClass],
    row_references: &[Option<Reference>],
    row_documents: &[Option<usize>],
) -> Vec<PackageClass> {
    if input.files.iter().all(|file| file.package().is_none()) {
        return Vec::new();
    }
    let index = Index::new(input, documents, row_references);
    let mut packages = Vec::new();
    for (at, file) in input.files.iter().enumerate() {
        let Some(facts) = file.package().filter(|_| documents.get(at).is_some_and(is_package)) else { continue };
        let (reference, swapped) = read_code(facts);
        let named = reference.clone().map(|reference| Named { reference, date: facts.date });
        let by_number = named.as_ref().and_then(|named| index.document(named));
        let row = named.as_ref().and_then(|named| index.row(named));
        let document = index.by_content(facts).or(by_number).or_else(|| row_documents.get(row?).copied().flatten());
        let document_row = document.and_then(|at| documents.get(at)?.row).and_then(|row| usize::try_from(row).ok());
        packages.push(PackageClass {
            file: at,
            own: is_own(input, facts, reference.as_ref()),
            report: facts.status.is_some(),
            carried: index.carried(facts, document.and_then(|at| documents.get(at))),
            reference,
            swapped,
            document,
            row: document_row.or(row),
        });
    }
    for package in &packages {
        mark(input, documents, package);
    }
    packages.retain(|package| documents.get(package.file).is_some_and(is_package));
    packages
}

fn is_package(document: &DocumentClass) -> bool {
    matches!(document.kind, DocumentKind::Package(_))
}

/// A package is of its document's number, day and unit, and as secret as it is.
fn mark(input: &RecordsInput<'_>, documents: &mut [DocumentClass], package: &PackageClass) {
    let row_is_secret = package.row.and_then(|row| input.rows.get(row)).and_then(|row| row.secrecy.as_deref());
    let row_is_secret =
        row_is_secret.is_some_and(|label| crate::reference::file_name::secrecy_of_label(label).is_some());
    let of = package.document.and_then(|at| documents.get(at)).cloned();
    let Some(entry) = documents.get_mut(package.file) else { return };
    if row_is_secret
        || of.as_ref().is_some_and(|of| of.exclusion == Some(Exclusion::Secret) || of.kind == DocumentKind::Secret)
    {
        entry.kind = DocumentKind::Secret;
        return;
    }
    let facts_date = input.files.get(package.file).and_then(FileInput::package).and_then(|facts| facts.date);
    entry.kind = DocumentKind::Package(of.as_ref().map(|of| of.path.clone()));
    entry.reference = of.as_ref().and_then(|of| of.reference.clone()).or_else(|| package.reference.clone());
    entry.date = of.as_ref().and_then(|of| of.date).or(facts_date);
    entry.unit = of.and_then(|of| of.unit).or_else(|| entry.unit.take());
    entry.issued = false;
}

/// Whether the agency sent it. Silence and doubt are yes: the packages lie in its own archive.
fn is_own(input: &RecordsInput<'_>, package: &PackageFacts, reference: Option<&Reference>) -> bool {
    let (Some(agency), table) = (input.agency, input.organisations) else { return true };
    let is_agency = |code: &str| text::fold(code) == text::fold(agency);
    let PackageParty { organ_id, name } = &package.from;
    let by_id = organ_id.as_deref().and_then(|id| table.organ_id(id, package.date).organisation());
    let by_name = || Some(table.by_name(name.as_deref()?, package.date)?.organisation);
    if let Some(sender) = by_id.or_else(by_name) {
        let succeeded = sender.successors.iter().any(|code| is_agency(code));
        return is_agency(&sender.code) || succeeded || table.belongs_to(&sender.code, agency, package.date);
    }
    let code = reference.and_then(|reference| reference.agency_code(|code| table.is_agency_code(code)));
    code.is_none_or(|code| {
        let known = table.code(code, package.date).organisation();
        known.is_none_or(|row| is_agency(&row.code) || row.successors.iter().any(|code| is_agency(code)))
    })
}

/// Documents and rows by what packages name.
struct Index {
    /// Content of a file, or of an earlier pass of it: the document that it is, and the file's path.
    contents: HashMap<Sha256Digest, usize>,
    documents: HashMap<ReferenceKey, Vec<(Option<CalendarDate>, usize)>>,
    rows: HashMap<ReferenceKey, Vec<(Option<CalendarDate>, usize)>>,
}

impl Index {
    fn new(input: &RecordsInput<'_>, documents: &[DocumentClass], row_references: &[Option<Reference>]) -> Self {
        let mut index = Self { contents: HashMap::new(), documents: HashMap::new(), rows: HashMap::new() };
        let by_path: HashMap<&str, usize> =
            documents.iter().enumerate().map(|(at, document)| (document.path.as_str(), at)).collect();
        let stands_for = |at: usize| match documents.get(at).map(|document| &document.kind) {
            Some(DocumentKind::EarlierVersion(path) | DocumentKind::IdenticalCopy(path)) => {
                by_path.get(path.as_str()).copied()
            }
            Some(DocumentKind::Main | DocumentKind::Republished | DocumentKind::Secret) => Some(at),
            _ => None,
        };
        for (at, file) in input.files.iter().enumerate() {
            let (Some(document), Some(pdf)) = (stands_for(at), file.pdf()) else { continue };
            for sha256 in pdf.prefixes.iter().map(|(_, sha256)| *sha256).chain(file.facts.map(|facts| facts.sha256)) {
                index.contents.entry(sha256).or_insert(document);
            }
        }
        for (at, document) in documents.iter().enumerate() {
            if let (DocumentKind::Main | DocumentKind::Republished, Some(reference)) =
                (&document.kind, &document.reference)
            {
                index.documents.entry(reference.ascii_key()).or_default().push((document.date, at));
            }
        }
        for (at, (row, reference)) in input.rows.iter().zip(row_references).enumerate() {
            if let Some(reference) = reference {
                index.rows.entry(reference.ascii_key()).or_default().push((row.date, at));
            }
        }
        index
    }

    /// The document that one of the attachments is.
    fn by_content(&self, package: &PackageFacts) -> Option<usize> {
        let mut files = package.attachments.iter().flat_map(|carried| match &carried.content {
            AttachmentContent::Decoded { files } => files.as_slice(),
            _ => &[],
        });
        files.find_map(|file| self.contents.get(&file.sha256)).copied()
    }

    fn document(&self, named: &Named) -> Option<usize> {
        nearest(self.documents.get(&named.reference.ascii_key())?, named.date)
    }

    fn row(&self, named: &Named) -> Option<usize> {
        nearest(self.rows.get(&named.reference.ascii_key())?, named.date)
    }

    fn carried(&self, package: &PackageFacts, document: Option<&DocumentClass>) -> Carried {
        let wanted = document.and_then(|document| document.sha256).and_then(|sha256| self.contents.get(&sha256));
        let mut outcome = Carried::Nothing;
        for attachment in &package.attachments {
            match &attachment.content {
                AttachmentContent::Decoded { files } => {
                    let is_wanted = |sha256| wanted.is_some() && self.contents.get(sha256) == wanted;
                    if files.iter().any(|file| is_wanted(&file.sha256)) {
                        return Carried::Archived;
                    }
                    if outcome == Carried::Nothing {
                        outcome = Carried::Different;
                    }
                }
                AttachmentContent::Undecodable(reason) if !matches!(outcome, Carried::Unread(_)) => {
                    outcome = Carried::Undecodable(reason.clone());
                }
                AttachmentContent::Limit(hit) => outcome = Carried::Unread(format!("{} = {}", hit.limit, hit.value)),
                AttachmentContent::Undecodable(_) | AttachmentContent::Empty => {}
            }
        }
        outcome
    }
}

/// The entry of that day, else the only one of that year; without a day the only one at all.
fn nearest(entries: &[(Option<CalendarDate>, usize)], date: Option<CalendarDate>) -> Option<usize> {
    let same_day = entries.iter().find(|(other, _)| date.is_some() && *other == date);
    let year = |date: Option<CalendarDate>| date.map(CalendarDate::year);
    let mut same_year =
        entries.iter().filter(|(other, _)| date.is_none() || other.is_none() || year(*other) == year(date));
    let only = same_year.next().filter(|_| same_year.next().is_none());
    same_day.or(only).map(|(_, at)| *at)
}

/// Recall messages of the agency by number and year.
pub(super) fn recalls(input: &RecordsInput<'_>, packages: &[PackageClass]) -> BTreeMap<YearKey, Vec<Recall>> {
    let mut recalls: BTreeMap<YearKey, Vec<Recall>> = BTreeMap::new();
    for package in packages {
        let Some((file, facts)) = input.files.get(package.file).and_then(|file| Some((file, file.package()?))) else {
            continue;
        };
        let code = facts.status.as_ref().and_then(|status| status.code);
        let asked = code.is_some_and(|code| RECALL_CODES.contains(&code));
        // Another agency's recall of its own document lies here as an incoming message.
        if !(asked || facts.action == PackageAction::Recall && package.own) {
            continue;
        }
        let sent = facts.status.as_ref().and_then(|status| status.time).or(facts.sent);
        for named in concerned(facts) {
            let key = (named.reference.ascii_key(), named.date.map(CalendarDate::year));
            recalls.entry(key).or_default().push(Recall { path: file.path.to_owned(), sent });
        }
    }
    recalls
}

/// Files that are packages, and what the archive says about them, for the evidence of paper.
pub(super) struct Dispatch<'a> {
    /// Index of the document sent.
    pub(super) document: usize,
    /// Path of the package.
    pub(super) path: &'a str,
    /// It declares paper.
    pub(super) paper: bool,
    /// Receivers.
    pub(super) receivers: Vec<String>,
}

/// Packages by which the agency sent a document.
pub(super) fn dispatches<'a>(input: &RecordsInput<'a>, packages: &[PackageClass]) -> Vec<Dispatch<'a>> {
    let sent = packages.iter().filter(|package| package.own && !package.report);
    let sent = sent.filter_map(|package| {
        let file = input.files.get(package.file)?;
        let facts = file.package().filter(|facts| sends(facts))?;
        let receivers: BTreeSet<String> = facts.to.iter().filter_map(|party| party.name.clone()).collect();
        Some(Dispatch {
            document: package.document?,
            path: file.path,
            paper: facts.paper == Some(1),
            receivers: receivers.into_iter().collect(),
        })
    });
    sent.collect()
}

/// Sends a document, and does not recall one.
pub fn sends(package: &PackageFacts) -> bool {
    matches!(package.action, PackageAction::New | PackageAction::Update | PackageAction::Replace)
}
