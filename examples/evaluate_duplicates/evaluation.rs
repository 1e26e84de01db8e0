//! Judges every file of a print-scan folder and counts how often the judgement was right, by kind.

use rayon::prelude::*;
use serde_json::Value;
use soat::duplicate::{
    Document, Index, Judgement, Key, Material, PageFingerprint, PageReference, Recognition, Scan, Tier, fingerprint,
    judge,
};
use soat::limits::Limits;
use soat::ocr;
use soat::raster::{self, GrayImage, PrintedPage};
use std::cell::Cell;
use std::collections::{BTreeMap, HashMap};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::{fs, io};

/// Pixels of a page's short side: 200 dots per inch on A4.
const WIDTH: u32 = 1_654;
/// Drawn pages kept.
const KEPT: usize = 64;

/// The e-documents, read.
struct Shelf {
    names: Vec<String>,
    data: Vec<Arc<Vec<u8>>>,
    documents: Vec<Document>,
    fingerprints: HashMap<(u32, u16), Arc<PageFingerprint>>,
    drawn: Mutex<HashMap<(u32, u16), Arc<PrintedPage>>>,
    ocr: Option<ocr::Program>,
    limits: Limits,
}

struct Desk<'a> {
    shelf: &'a Shelf,
    pages: Vec<Arc<GrayImage>>,
    /// CPU seconds spent on drawing e-documents and on waiting for OCR, which the judgement's own time leaves out.
    elsewhere: Cell<f64>,
}

impl Material for Desk<'_> {
    fn document(&self, document: u32) -> Option<&Document> {
        self.shelf.documents.get(document as usize)
    }

    fn documents_numbered(&self, number: u32) -> Vec<u32> {
        (0..).zip(&self.shelf.documents).filter(|(_, d)| d.key.number == Some(number)).map(|(index, _)| index).collect()
    }

    fn fingerprint(&self, document: u32, page: u16) -> Option<Arc<PageFingerprint>> {
        self.shelf.fingerprints.get(&(document, page)).cloned()
    }

    fn printed_page(&self, document: u32, page: u16) -> Option<Arc<PrintedPage>> {
        let known = self.shelf.drawn.lock().ok()?.get(&(document, page)).cloned();
        if known.is_some() {
            return known;
        }
        let start = cpu_seconds();
        let data = self.shelf.data.get(document as usize)?;
        let drawn = Arc::new(raster::printed_page(data, page.into(), WIDTH, &self.shelf.limits).ok()?);
        let mut all = self.shelf.drawn.lock().ok()?;
        if all.len() >= KEPT {
            all.clear();
        }
        all.insert((document, page), Arc::clone(&drawn));
        self.elsewhere.set(self.elsewhere.get() + cpu_seconds() - start);
        Some(drawn)
    }

    fn scan_page(&self, page: u16) -> Option<Arc<GrayImage>> {
        self.pages.get(usize::from(page)).cloned()
    }

    fn recognise(&self, picture: &GrayImage) -> Recognition {
        let start = cpu_seconds();
        let answer = self.shelf.ocr.as_ref().map_or(Recognition::Unavailable, |program| program.recognise(picture));
        self.elsewhere.set(self.elsewhere.get() + cpu_seconds() - start);
        answer
    }
}

/// CPU seconds of this thread; 0 where the system does not tell.
pub(crate) fn cpu_seconds() -> f64 {
    let text = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split(' ').next().and_then(|n| n.parse::<f64>().ok()).unwrap_or(0.0) / 1e9
}

struct Answer {
    judgement: Judgement,
    pages: usize,
    seconds: f64,
}

#[derive(Default)]
struct Tally {
    files: u32,
    duplicates: u32,
    right: u32,
    wrong: u32,
    certain: u32,
    certain_wrong: u32,
    copies: u32,
    recognitions: u32,
    pages: usize,
    seconds: f64,
}

/// Judges the files of `folder` and prints wrong and missed ones, then the table. `register`: number and date of
/// every file are handed in as the register would know them.
pub(crate) fn run(folder: &Path, register: bool, ocr: Option<ocr::Program>) -> io::Result<()> {
    let (shelf, index) = shelf(folder, ocr)?;
    println!(
        "e-documents {}  lines indexed {}  index {} KB  OCR {}",
        shelf.documents.len(),
        index.line_count(),
        index.bytes() / 1024,
        if shelf.ocr.is_some() { "yes" } else { "no" }
    );
    let truth: Vec<Value> = fs::read_to_string(folder.join("truth.jsonl"))?
        .lines()
        .map(|line| serde_json::from_str(line).map_err(io::Error::other))
        .collect::<io::Result<_>>()?;
    let answers: Vec<io::Result<Answer>> =
        truth.par_iter().map(|row| answer(folder, row, register, &shelf, &index)).collect();
    let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
    for (row, answer) in truth.iter().zip(answers) {
        let answer = answer?;
        let kind = row["kind"].as_str().unwrap_or("?");
        let named = answer.judgement.document.and_then(|d| shelf.names.get(d as usize)).map(String::as_str);
        let wanted = if kind == "dup" { row["dup_of"].as_str() } else { None };
        let accused = answer.judgement.tier != Tier::None;
        let right = accused && wanted.is_some() && wanted == named;
        if accused != wanted.is_some() || accused && !right {
            println!(
                "{} {} {kind} {} {:?} {}, truth {}: {}",
                if accused { "WRONG " } else { "MISSED" },
                row["file"].as_str().unwrap_or("?"),
                row["tags"],
                answer.judgement.tier,
                named.unwrap_or("-"),
                wanted.unwrap_or("-"),
                answer.judgement.reasons.iter().map(|r| r.en.as_str()).collect::<Vec<_>>().join("; ")
            );
        }
        for group in [kind, "all"] {
            let tally = tallies.entry(group.to_owned()).or_default();
            let certain = answer.judgement.tier == Tier::Certain;
            tally.files += 1;
            tally.duplicates += u32::from(wanted.is_some());
            tally.right += u32::from(right);
            tally.wrong += u32::from(accused && !right);
            tally.certain += u32::from(certain);
            tally.certain_wrong += u32::from(certain && !right);
            tally.copies += u32::from(answer.judgement.certified_copy);
            tally.recognitions += answer.judgement.recognitions;
            tally.pages += answer.pages;
            tally.seconds += answer.seconds;
        }
    }
    println!("kind       files  dups right wrong precision recall certain precision  SAO Y OCR/scan CPU s/page");
    for (kind, t) in &tallies {
        println!(
            "{kind:<10} {:>5} {:>5} {:>5} {:>5} {:>9} {:>6} {:>7} {:>9} {:>6} {:>8.2} {:>10.3}",
            t.files,
            t.duplicates,
            t.right,
            t.wrong,
            share(t.right, t.right + t.wrong),
            share(t.right, t.duplicates),
            t.certain,
            share(t.certain - t.certain_wrong, t.certain),
            t.copies,
            f64::from(t.recognitions) / f64::from(t.files.max(1)),
            t.seconds / t.pages.max(1) as f64
        );
    }
    Ok(())
}

fn share(part: u32, whole: u32) -> String {
    if whole == 0 { "-".to_owned() } else { format!("{:.3}", f64::from(part) / f64::from(whole)) }
}

/// The e-documents with their fingerprints and the index over them.
fn shelf(folder: &Path, ocr: Option<ocr::Program>) -> io::Result<(Shelf, Index)> {
    let limits = Limits::default();
    let known: Vec<Value> = serde_json::from_slice(&fs::read(folder.join("edocs.json"))?).map_err(io::Error::other)?;
    let read: Vec<io::Result<_>> = known
        .par_iter()
        .map(|row| {
            let field = |name: &str| row[name].as_str().unwrap_or_default();
            let data = Arc::new(fs::read(folder.join("e").join(format!("{}.pdf", field("id"))))?);
            let mut document = Document {
                key: Key {
                    number: field("so").parse().ok(),
                    symbol: Some(field("sym").trim_start_matches('/').to_owned()),
                    day: field("ngay").parse().ok(),
                    month: field("thang").parse().ok(),
                    year: field("nam").parse().ok(),
                },
                ..Document::default()
            };
            let mut pages = Vec::new();
            while let Ok(page) = raster::printed_page(&data, document.pages.into(), WIDTH, &limits) {
                pages.push(Arc::new(fingerprint(&page.image)));
                document.text.push_str(&raster::text_of(&page.glyphs));
                document.text.push('\n');
                document.pages += 1;
            }
            Ok((field("id").to_owned(), data, document, pages))
        })
        .collect();
    let mut shelf = Shelf {
        names: Vec::new(),
        data: Vec::new(),
        documents: Vec::new(),
        fingerprints: HashMap::new(),
        drawn: Mutex::default(),
        ocr,
        limits,
    };
    let mut order = Vec::new();
    for (document, row) in (0..).zip(read) {
        let (name, data, facts, pages) = row?;
        for (page, fingerprint) in (0..).zip(pages) {
            order.push((PageReference { document, page }, Arc::clone(&fingerprint)));
            shelf.fingerprints.insert((document, page), fingerprint);
        }
        shelf.names.push(name);
        shelf.data.push(data);
        shelf.documents.push(facts);
    }
    let index = Index::build(order.iter().map(|(reference, fingerprint)| (*reference, fingerprint.as_ref())));
    Ok((shelf, index))
}

fn answer(folder: &Path, row: &Value, register: bool, shelf: &Shelf, index: &Index) -> io::Result<Answer> {
    let data = Arc::new(fs::read(folder.join("archive").join(row["file"].as_str().unwrap_or_default()))?);
    let mut desk = Desk { shelf, pages: Vec::new(), elsewhere: Cell::new(0.0) };
    let mut text = String::new();
    let ends = raster::scan_pages(&data, WIDTH, &shelf.limits, &mut |_, page| {
        if let Ok(page) = page {
            text.push_str(&page.text);
            text.push('\n');
            desk.pages.push(Arc::new(page.image));
        }
        ControlFlow::Continue(())
    });
    if ends.is_err() || desk.pages.is_empty() {
        // Born digital: only its text speaks.
        let mut page = 0;
        while let Ok(printed) = raster::printed_page(&data, page, WIDTH, &shelf.limits) {
            text.push_str(&raster::text_of(&printed.glyphs));
            page += 1;
        }
    }
    let start = cpu_seconds();
    let fingerprints: Vec<PageFingerprint> = desk.pages.iter().map(|page| fingerprint(page)).collect();
    let known = if register { known(row) } else { None };
    let text = (!text.trim().is_empty()).then_some(text.as_str());
    let judgement = judge(&Scan { fingerprints: &fingerprints, text, known: known.as_ref() }, index, &desk);
    let seconds = cpu_seconds() - start - desk.elsewhere.get();
    Ok(Answer { judgement, pages: fingerprints.len(), seconds })
}

/// What the register knows of a file.
fn known(row: &Value) -> Option<Key> {
    let (number, symbol) = row["so"].as_str()?.split_once('/')?;
    let mut date = row["date"].as_str()?.split('/');
    Some(Key {
        number: number.parse().ok(),
        symbol: Some(symbol.to_owned()),
        day: date.next()?.parse().ok(),
        month: date.next()?.parse().ok(),
        year: date.next()?.parse().ok(),
    })
}

/// Fingerprints of the first pages of a folder's e-documents.
#[allow(dead_code, reason = "for the benchmark of the index")]
pub(crate) fn fingerprints(folder: &Path) -> io::Result<Vec<PageFingerprint>> {
    let (shelf, _) = shelf(folder, None)?;
    let mut first: Vec<_> = shelf.fingerprints.into_iter().filter(|((_, page), _)| *page == 0).collect();
    first.sort_by_key(|(place, _)| *place);
    Ok(first.into_iter().map(|(_, fingerprint)| (*fingerprint).clone()).filter(|f| f.line_count() >= 10).collect())
}
