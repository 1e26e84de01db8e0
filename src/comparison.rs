//! Compares the archive's unsigned scans with its e-documents, looking only at what is not known yet.
//!
//! What a page looks like is a fact of its content and kept in the state, as is the outcome of a comparison
//! as long as everything it was made from is the same. An archive without scans costs nothing: no e-document
//! is drawn for nothing.

mod pages;
mod pictures;
mod shelf;

use crate::archive::Entry;
use crate::crypto;
use crate::duplicate::{self, Index, Judgement, Key, PageReference, Recognition, Tier};
use crate::limits::Limits;
use crate::model::{
    ComparisonSummary, Content, DocumentFacts, EXTRACTOR_VERSION, PrintMatch, PrintOutcome, Sha256Digest, SignatureKind,
};
use crate::raster::GrayImage;
use crate::reference::Reference;
use crate::reference::file_name;
use crate::state::{Derived, State, StateError};
use pages::PageFacts;
use rayon::ThreadPool;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use shelf::{Desk, Shelf};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};

/// Version of a kept outcome: raised when the judgement changes.
const OUTCOME_VERSION: u32 = 2;
/// Candidates whose identity an outcome depends on; the judgement looks at no more.
const CANDIDATES: usize = 10;
/// Contents looked at between two writes to the state: a cut run loses at most these.
const BATCH: usize = 64;

/// Reads a picture of text.
pub type Recogniser<'a> = &'a (dyn Fn(&GrayImage) -> Recognition + Sync);

/// How to compare.
pub struct Options<'a> {
    /// Bounds.
    pub limits: &'a Limits,
    /// Worker threads.
    pub pool: &'a ThreadPool,
    /// Reads pictures of text; `None`: there is no OCR program.
    pub recogniser: Option<Recogniser<'a>>,
    /// Asked before each file.
    pub stop: &'a (dyn Fn() -> bool + Sync),
    /// Told how many files there are to look at, then called after each.
    pub progress: &'a (dyn Fn(Option<usize>) + Sync),
}

/// One content that takes part, with one of the files that hold it.
struct Part {
    sha256: Sha256Digest,
    path: PathBuf,
    name: String,
    key: Key,
}

/// What the comparison found.
#[derive(Debug, Default)]
pub struct Comparison {
    /// One for each scan with a nearest e-document, ordered by scan.
    pub matches: Vec<PrintMatch>,
    /// How far it went.
    pub summary: ComparisonSummary,
    /// Scans that were judged anew; the outcomes of all others were kept. Not part of a report, which says
    /// the same whatever was kept.
    pub judged: u32,
}

/// Compares. `files` are the walk's entries with the facts of those that were opened.
///
/// # Errors
/// The state cannot be read or written.
pub fn compare(
    state: &mut State,
    files: &[(&Entry, &DocumentFacts)],
    options: &Options<'_>,
) -> Result<Comparison, StateError> {
    let (scans, documents) = parts(files);
    let mut summary = ComparisonSummary {
        scans: count_of(scans.len()),
        recognition: options.recogniser.is_some(),
        ..ComparisonSummary::default()
    };
    if scans.is_empty() || documents.is_empty() {
        return Ok(Comparison { summary, ..Comparison::default() });
    }
    summary.documents = count_of(documents.len());
    let known: HashSet<Sha256Digest> = state.derived_keys(Derived::Pages, pages::VERSION)?.into_iter().collect();
    let new = |parts: &[Part]| parts.iter().filter(|part| !known.contains(&part.sha256)).count();
    (options.progress)(Some(new(&scans) + new(&documents) + scans.len()));
    let complete = look(state, &scans, &known, options, &|part| pages::of_scan(&part.path, options.limits))?
        && look(state, &documents, &known, options, &|part| pages::of_document(&part.path, options.limits))?;
    let index = index(state, &documents, &mut summary)?;
    let shelf = Shelf::new(documents, options);
    let held = hold(state, &scans, &index, &shelf, options)?;
    summary.cut = !complete || held.len() < scans.len();
    let mut matches = Vec::new();
    let mut pictured = 0_u64;
    let judged = count_of(held.iter().filter(|held| held.anew).count());
    for (scan, held) in scans.iter().zip(held) {
        summary.compared += u32::from(held.pages > 0);
        summary.pages = summary.pages.saturating_add(held.pages);
        summary.lacking_recognition += u32::from(held.outcome.lacks_recognition);
        summary.faults.extend(held.fault.map(|fault| (scan.name.clone(), fault)));
        let Some(mut found) = held.outcome.found else { continue };
        if found.pictures.is_some() {
            pictured += 1;
            if pictured > options.limits.pictured_pairs {
                found.pictures = None;
            }
        }
        matches.push(found);
    }
    summary.faults.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(Comparison { matches, summary, judged })
}

fn count_of(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// Unsigned scans and signed e-documents, each content once; of a document's signing passes the last.
fn parts(files: &[(&Entry, &DocumentFacts)]) -> (Vec<Part>, Vec<Part>) {
    let earlier: HashSet<Sha256Digest> = files
        .iter()
        .filter_map(|(_, facts)| match &facts.content {
            Content::Pdf(pdf) => Some(pdf.prefixes.iter().map(|(_, digest)| *digest)),
            _ => None,
        })
        .flatten()
        .collect();
    let (mut scans, mut documents) = (BTreeMap::new(), BTreeMap::new());
    for (entry, facts) in files {
        let (wanted, key) = match &facts.content {
            Content::Image(_) => (&mut scans, Key::default()),
            Content::Pdf(pdf) if pdf.identity.secrecy.is_some() => continue,
            Content::Pdf(pdf) => {
                let key = key_of(pdf.identity.reference.as_deref(), pdf.identity.date.map(|date| date.0));
                let make_up = pdf.identity.make_up;
                let scan = make_up.pages_read > 0 && make_up.image_only_pages == make_up.pages_read;
                let signed = pdf.signatures.iter().any(|signature| signature.kind == SignatureKind::Signature);
                match (scan, signed) {
                    (true, false) => (&mut scans, key),
                    (false, true) if !earlier.contains(&facts.sha256) => (&mut documents, key),
                    _ => continue,
                }
            }
            Content::NotAssessed(_) | Content::Package(_) => continue,
        };
        let part = || Part { sha256: facts.sha256, path: entry.path.clone(), name: entry.name.clone(), key };
        wanted.entry(facts.sha256).or_insert_with(part);
    }
    for scan in scans.values_mut().filter(|scan: &&mut Part| scan.key.number.is_none()) {
        if let Some(candidate) = file_name::read(&scan.name).candidates.first() {
            scan.key.number = Some(candidate.number.value);
            scan.key.symbol = Some(candidate.symbol.clone()).filter(|symbol| !symbol.is_empty());
            scan.key.year = candidate.year.and_then(|year| u16::try_from(year).ok());
        }
    }
    let mut scans: Vec<Part> = scans.into_values().collect();
    scans.sort_by(|a, b| a.name.cmp(&b.name));
    (scans, documents.into_values().collect())
}

fn key_of(reference: Option<&str>, date: Option<time::Date>) -> Key {
    let reference = reference.and_then(|text| Reference::parse(text).ok());
    Key {
        number: reference.as_ref().map(|reference| reference.number.value),
        symbol: reference.map(|reference| reference.symbol),
        day: date.map(time::Date::day),
        month: date.map(|date| u8::from(date.month())),
        year: date.and_then(|date| u16::try_from(date.year()).ok()),
    }
}

/// Looks at the pages of every part that is not known and writes down what it saw; `false` if stopped.
fn look(
    state: &mut State,
    parts: &[Part],
    known: &HashSet<Sha256Digest>,
    options: &Options<'_>,
    see: &(dyn Fn(&Part) -> PageFacts + Sync),
) -> Result<bool, StateError> {
    let new: Vec<&Part> = parts.iter().filter(|part| !known.contains(&part.sha256)).collect();
    for batch in new.chunks(BATCH) {
        let seen: Vec<Option<(Sha256Digest, PageFacts)>> = options.pool.install(|| {
            let one = |part: &&Part| {
                if (options.stop)() {
                    return None;
                }
                let facts = see(part);
                (options.progress)(None);
                Some((part.sha256, facts))
            };
            batch.par_iter().with_max_len(1).map(one).collect()
        });
        let stopped = seen.iter().any(Option::is_none);
        state.transaction(|writer| {
            let mut done = seen.iter().flatten();
            done.try_for_each(|(sha256, facts)| writer.derived(Derived::Pages, *sha256, pages::VERSION, facts))
        })?;
        if stopped {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The index over all pages of all documents; one document's pages are in memory at a time.
fn index(state: &State, documents: &[Part], summary: &mut ComparisonSummary) -> Result<Index, StateError> {
    let mut failed = None;
    let pages = documents.iter().enumerate().map_while(|(number, document)| {
        match state.derived::<PageFacts>(Derived::Pages, document.sha256, pages::VERSION) {
            Ok(facts) => {
                let facts = facts.unwrap_or_default();
                summary.faults.extend(facts.fault.map(|fault| (document.name.clone(), fault)));
                let number = u32::try_from(number).unwrap_or(u32::MAX);
                Some((0..).zip(facts.pages).map(move |(page, print)| (PageReference { document: number, page }, print)))
            }
            Err(error) => {
                failed = Some(error);
                None
            }
        }
    });
    let index = Index::build(pages.flatten());
    failed.map_or(Ok(index), Err)
}

/// An outcome as it is kept.
#[derive(Clone, Default, Serialize, Deserialize)]
struct Outcome {
    found: Option<PrintMatch>,
    lacks_recognition: bool,
    /// Which documents carried the numbers that were asked for.
    numbered: Vec<(u32, Vec<Sha256Digest>)>,
    /// Headings of documents beyond candidates and numbers were looked at: digest of those that serve for it.
    specimens: Option<Sha256Digest>,
}

/// What holding one scan against the documents gave.
struct Held {
    pages: u32,
    fault: Option<crate::model::Bilingual>,
    outcome: Outcome,
    /// No kept outcome answered.
    anew: bool,
}

/// Holds every scan against the index. Shorter than `scans` if stopped.
fn hold(
    state: &mut State,
    scans: &[Part],
    index: &Index,
    shelf: &Shelf<'_>,
    options: &Options<'_>,
) -> Result<Vec<Held>, StateError> {
    let specimens = shelf.digest(&index.specimens());
    let mut all = Vec::with_capacity(scans.len());
    for batch in scans.chunks(BATCH) {
        let mut jobs = Vec::with_capacity(batch.len());
        for scan in batch {
            let facts = state.derived::<PageFacts>(Derived::Pages, scan.sha256, pages::VERSION)?.unwrap_or_default();
            jobs.push((scan, facts));
        }
        let desk = shelf.open(state);
        let held: Vec<Option<(Held, Option<Sha256Digest>)>> = options.pool.install(|| {
            let one = |(scan, facts): &(&Part, PageFacts)| {
                if (options.stop)() {
                    return None;
                }
                let held = hold_one(scan, facts, index, &desk, specimens);
                (options.progress)(None);
                Some(held)
            };
            jobs.par_iter().with_max_len(1).map(one).collect()
        });
        let stopped = held.iter().any(Option::is_none);
        state.transaction(|writer| {
            let new = held.iter().flatten().filter_map(|(held, key)| Some((held, (*key)?)));
            new.into_iter()
                .try_for_each(|(held, key)| writer.derived(Derived::Outcome, key, OUTCOME_VERSION, &held.outcome))
        })?;
        if stopped {
            break;
        }
        all.extend(held.into_iter().flatten().map(|(held, _)| held));
    }
    Ok(all)
}

/// One scan; with the key under which a new outcome is to be kept.
fn hold_one(
    scan: &Part,
    facts: &PageFacts,
    index: &Index,
    desk: &Desk<'_>,
    specimens: Sha256Digest,
) -> (Held, Option<Sha256Digest>) {
    let pages = facts.pages.iter().filter(|page| page.line_count() > 0).count();
    let mut held =
        Held { pages: count_of(pages), fault: facts.fault.clone(), outcome: Outcome::default(), anew: false };
    if pages == 0 {
        return (held, None);
    }
    let key = outcome_key(scan, facts, index, desk);
    if let Some(kept) = desk.outcome(key)
        && kept.specimens.is_none_or(|kept| kept == specimens)
        && kept.numbered.iter().all(|(number, documents)| desk.numbered(*number) == *documents)
    {
        held.outcome = kept;
        return (held, None);
    }
    held.anew = true;
    let candidates: HashSet<u32> =
        index.candidates(&facts.pages, CANDIDATES).into_iter().map(|candidate| candidate.document).collect();
    let case = shelf::Case::new(desk, scan);
    let text = facts.text.trim();
    let question = duplicate::Scan {
        fingerprints: &facts.pages,
        text: (!text.is_empty()).then_some(text),
        known: scan.key.number.is_some().then_some(&scan.key),
    };
    let judgement = duplicate::judge(&question, index, &case);
    let found = found(scan, &judgement, &case);
    let (numbered, consulted) = case.into_log();
    let named: HashSet<Sha256Digest> = numbered.iter().flat_map(|(_, documents)| documents.iter().copied()).collect();
    let beyond = consulted.iter().any(|document| {
        !candidates.contains(document) && !desk.digest_of(*document).is_some_and(|d| named.contains(&d))
    });
    held.outcome = Outcome {
        found,
        lacks_recognition: judgement.lacks_recognition,
        numbered,
        specimens: beyond.then_some(specimens),
    };
    (held, Some(key))
}

/// Identity of everything an outcome is made from, but for what it asks on the way.
fn outcome_key(scan: &Part, facts: &PageFacts, index: &Index, desk: &Desk<'_>) -> Sha256Digest {
    let key = &scan.key;
    let mut text = format!(
        "{} {OUTCOME_VERSION} {} {EXTRACTOR_VERSION} {} {:?} {}\n",
        env!("CARGO_PKG_VERSION"),
        pages::VERSION,
        scan.sha256,
        (key.number, &key.symbol, key.day, key.month, key.year),
        desk.has_recogniser(),
    );
    for candidate in index.candidates(&facts.pages, CANDIDATES) {
        let pages: Vec<(u16, u16, bool)> =
            candidate.pages.iter().map(|pair| (pair.scan_page, pair.document_page, pair.turned)).collect();
        text.push_str(&format!("{:?} {pages:?}\n", desk.digest_of(candidate.document)));
    }
    crypto::sha256(text.as_bytes())
}

/// The judgement in the words of the model.
fn found(scan: &Part, judgement: &Judgement, case: &shelf::Case<'_, '_>) -> Option<PrintMatch> {
    let document = judgement.document?;
    let outcome = match (judgement.certified_copy, judgement.tier) {
        (true, _) => PrintOutcome::CertifiedCopy,
        (false, Tier::Certain) => PrintOutcome::Certain,
        (false, Tier::Probable) => PrintOutcome::Probable,
        (false, Tier::None) => PrintOutcome::Other,
    };
    let pictures = match outcome {
        PrintOutcome::Certain | PrintOutcome::Probable => pictures::of(document, judgement, case),
        PrintOutcome::CertifiedCopy | PrintOutcome::Other => None,
    };
    Some(PrintMatch {
        scan: scan.sha256,
        document: case.digest_of(document)?,
        outcome,
        reasons: judgement.reasons.clone(),
        pictures,
    })
}

/// Documents by number.
fn by_number(documents: &[Part]) -> HashMap<u32, Vec<u32>> {
    let mut by_number: HashMap<u32, Vec<u32>> = HashMap::new();
    for (at, document) in documents.iter().enumerate() {
        if let (Some(number), Ok(at)) = (document.key.number, u32::try_from(at)) {
            by_number.entry(number).or_default().push(at);
        }
    }
    by_number
}

fn read(path: &Path, limits: &Limits) -> Result<Vec<u8>, crate::model::NotAssessed> {
    let mut data = Vec::new();
    crate::archive::read(path, limits.compared_file_bytes, &mut data).map(|_| data)
}
