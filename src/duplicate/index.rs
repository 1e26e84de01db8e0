//! Which e-document pages share text lines with a scan: an index over quantised line profiles.
//!
//! Locality-sensitive hashing (Charikar 2002: signs of projections) proposes lines, the profiles kept at
//! four bits a bin re-score them, and pages collect votes of lines that correlate above [`ALIKE`].

use super::fingerprint::{PACKED, PageFingerprint, correlation, unpack};
use super::lines::{BINS, Line};
use std::borrow::Borrow;
use std::collections::HashMap;

/// Correlation from which two lines count as the same (measured: design note on duplicates).
pub(super) const ALIKE: f32 = 0.75;
/// Hash tables. Lines of one text correlate around 0.93, so a projection keeps its sign in 7 of 8 cases;
/// with 12 bits and 8 tables four of five lines are proposed, and a page has 20 and more.
const TABLES: usize = 8;
/// Lines that share a bucket in the mean; more bits are taken for larger archives.
const PER_BUCKET: usize = 256;
/// Most lines re-scored for one line of a scan: the letterhead stands on every page and tells nothing.
const RESCORED: usize = 20_000;
/// Lines shorter than this (frame pixels) repeat everywhere and are not indexed.
const INDEXED_LENGTH: f32 = 150.0;
/// How far lengths of the same line may be apart: print scaling and cropping.
const LENGTH_RATIO: f32 = 0.14;

/// Documents that show how digits look in headings: twelve dates and numbers hold every digit nearly always.
const SPECIMENS: usize = 12;

/// A page of an e-document.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct PageReference {
    /// Number of the document, given by whoever builds the index.
    pub document: u32,
    /// Page, from 0.
    pub page: u16,
}

/// A document that shares lines with a scan.
#[derive(Clone, PartialEq, Debug)]
pub struct Candidate {
    /// Number of the document.
    pub document: u32,
    /// Votes weighted by how rare the shared lines are.
    pub score: f32,
    /// Which page of the scan resembles which page of the document.
    pub pages: Vec<PagePair>,
}

/// A page of a scan and a page of a document that share lines.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct PagePair {
    /// Page of the scan, from 0.
    pub scan_page: u16,
    /// Page of the document, from 0.
    pub document_page: u16,
    /// Whether the scan page stands on its head.
    pub turned: bool,
    /// Lines shared.
    pub votes: u16,
    /// The same weighted.
    pub score: f32,
}

/// The index. It holds about 90 bytes for each indexed line.
#[derive(Debug, Default)]
pub struct Index {
    pages: Vec<PageReference>,
    page_of_line: Vec<u32>,
    lengths: Vec<u16>,
    profiles: Vec<u8>,
    bits: u32,
    tables: Vec<Table>,
}

#[derive(Debug, Default)]
struct Table {
    /// Start of each bucket in `lines`, and the end of the last.
    starts: Vec<u32>,
    lines: Vec<u32>,
}

impl Table {
    fn bucket(&self, hash: u32) -> &[u32] {
        let at = |index: usize| self.starts.get(index).map_or(0, |v| *v as usize);
        self.lines.get(at(hash as usize)..at(hash as usize + 1)).unwrap_or(&[])
    }
}

impl Index {
    /// Builds the index over pages of e-documents, in any order; it keeps what it needs of each fingerprint.
    pub fn build<F: Borrow<PageFingerprint>>(pages: impl IntoIterator<Item = (PageReference, F)>) -> Self {
        let mut index = Self::default();
        for (reference, fingerprint) in pages {
            let fingerprint = fingerprint.borrow();
            let Ok(number) = u32::try_from(index.pages.len()) else { break };
            index.pages.push(reference);
            for (ends, packed) in fingerprint.ends.iter().zip(fingerprint.profiles.chunks_exact(PACKED)) {
                let length = ends[2].saturating_sub(ends[0]);
                if f32::from(length) < INDEXED_LENGTH * 4.0 {
                    continue;
                }
                index.page_of_line.push(number);
                index.lengths.push(length);
                index.profiles.extend_from_slice(packed);
            }
        }
        // They grew by doubling: up to half of what they hold is empty.
        index.pages.shrink_to_fit();
        index.page_of_line.shrink_to_fit();
        index.lengths.shrink_to_fit();
        index.profiles.shrink_to_fit();
        let count = index.page_of_line.len();
        index.bits = (count / PER_BUCKET).max(1).ilog2().clamp(4, 16);
        for table in 0..TABLES {
            let planes = planes(table, index.bits);
            let hashes: Vec<u32> =
                index.profiles.chunks_exact(PACKED).map(|packed| hash(&unpack(packed), &planes)).collect();
            // Counting sort by hash.
            let mut starts = vec![0_u32; (1 << index.bits) + 1];
            for hash in &hashes {
                if let Some(cell) = starts.get_mut(*hash as usize + 1) {
                    *cell += 1;
                }
            }
            let mut total = 0;
            for cell in &mut starts {
                total += *cell;
                *cell = total;
            }
            let mut next = starts.clone();
            let mut lines = vec![0_u32; count];
            for (line, hash) in hashes.iter().enumerate() {
                if let Some(cell) = next.get_mut(*hash as usize) {
                    if let Some(slot) = lines.get_mut(*cell as usize) {
                        *slot = line as u32;
                    }
                    *cell += 1;
                }
            }
            index.tables.push(Table { starts, lines });
        }
        index
    }

    /// The documents whose headings show how digits look where those of the candidates do not: the first ones.
    /// Whoever builds the index gives documents their numbers; numbered by content digest these are a random
    /// choice that hardly ever changes when a document is added.
    pub fn specimens(&self) -> Vec<u32> {
        let mut first: Vec<u32> = Vec::new();
        for page in &self.pages {
            if !first.contains(&page.document) {
                first.push(page.document);
            }
            if first.len() == SPECIMENS {
                break;
            }
        }
        first
    }

    /// Lines held.
    pub fn line_count(&self) -> usize {
        self.page_of_line.len()
    }

    /// Memory held in bytes.
    pub fn bytes(&self) -> usize {
        let words = |v: &Vec<u32>| v.capacity() * size_of::<u32>();
        self.pages.capacity() * size_of::<PageReference>()
            + words(&self.page_of_line)
            + self.lengths.capacity() * size_of::<u16>()
            + self.profiles.capacity()
            + self.tables.iter().map(|t| words(&t.starts) + words(&t.lines)).sum::<usize>()
    }

    /// The documents that share most lines with the pages of a scan, best first, `limit` at most.
    pub fn candidates(&self, scan: &[PageFingerprint], limit: usize) -> Vec<Candidate> {
        let mut documents: HashMap<u32, Vec<PagePair>> = HashMap::new();
        for (scan_page, fingerprint) in scan.iter().enumerate() {
            let Ok(scan_page) = u16::try_from(scan_page) else { break };
            let mut best: HashMap<u32, PagePair> = HashMap::new();
            for (turned, lines) in [(false, fingerprint.lines()), (true, fingerprint.lines_turned())] {
                for (page, (votes, score)) in self.votes(&lines) {
                    let Some(reference) = self.pages.get(page as usize) else { continue };
                    let pair = PagePair { scan_page, document_page: reference.page, turned, votes, score };
                    let better = |old: &PagePair| (old.score, old.document_page) < (score, reference.page);
                    match best.get_mut(&reference.document) {
                        Some(old) if better(old) => *old = pair,
                        Some(_) => {}
                        None => {
                            best.insert(reference.document, pair);
                        }
                    }
                }
            }
            for (document, pair) in best {
                documents.entry(document).or_default().push(pair);
            }
        }
        let mut found: Vec<Candidate> = documents
            .into_iter()
            .map(|(document, mut pages)| {
                pages.sort_by_key(|pair| pair.scan_page);
                Candidate { document, score: pages.iter().map(|pair| pair.score).sum(), pages }
            })
            .collect();
        found.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.document.cmp(&b.document)));
        found.truncate(limit);
        found
    }

    /// Votes and weighted votes per page.
    fn votes(&self, lines: &[Line]) -> HashMap<u32, (u16, f32)> {
        let mut votes: HashMap<u32, (u16, f32)> = HashMap::new();
        let planes: Vec<_> = (0..self.tables.len()).map(|table| planes(table, self.bits)).collect();
        let mut proposed: Vec<u32> = Vec::new();
        let mut alike: Vec<(u32, f32)> = Vec::new();
        for line in lines.iter().filter(|line| line.right - line.left >= INDEXED_LENGTH * 0.9) {
            let mut buckets: Vec<&[u32]> = self
                .tables
                .iter()
                .zip(&planes)
                .map(|(table, planes)| table.bucket(hash(&line.profile, planes)))
                .collect();
            buckets.sort_by_key(|bucket| bucket.len());
            proposed.clear();
            for bucket in buckets {
                if proposed.len() + bucket.len() > RESCORED {
                    proposed.extend(bucket.iter().take(RESCORED - proposed.len()));
                    break;
                }
                proposed.extend_from_slice(bucket);
            }
            proposed.sort_unstable();
            proposed.dedup();
            let length = (line.right - line.left) * 4.0;
            alike.clear();
            for number in &proposed {
                let at = *number as usize;
                let known = f32::from(self.lengths.get(at).copied().unwrap_or(0));
                if (known - length).abs() > LENGTH_RATIO * length {
                    continue;
                }
                let Some(packed) = self.profiles.get(at * PACKED..(at + 1) * PACKED) else { continue };
                let value = correlation(&line.profile, &unpack(packed));
                if value > ALIKE {
                    alike.push((self.page_of_line.get(at).copied().unwrap_or(0), value));
                }
            }
            // One vote per page and line: its best.
            alike.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
            alike.dedup_by_key(|(page, _)| *page);
            let rarity = (1.0 + self.pages.len() as f32 / alike.len().max(1) as f32).ln();
            for (page, value) in &alike {
                let entry = votes.entry(*page).or_default();
                entry.0 = entry.0.saturating_add(1);
                entry.1 += (value - 0.7) * rarity;
            }
        }
        votes
    }
}

/// The projections of a table: signs over groups of three bins, so that a bin of shift changes little.
fn planes(table: usize, bits: u32) -> Vec<[f32; BINS]> {
    // A fixed sequence (xorshift64, Marsaglia 2003): the same index on every machine.
    let mut state = 0x9E37_79B9_7F4A_7C15_u64.wrapping_mul(table as u64 + 1) | 1;
    (0..bits)
        .map(|_| {
            let mut plane = [0.0; BINS];
            for group in plane.chunks_mut(3) {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                group.fill(if state >> 40 & 1 == 1 { 1.0 } else { -1.0 });
            }
            plane
        })
        .collect()
}

fn hash(profile: &[f32; BINS], planes: &[[f32; BINS]]) -> u32 {
    planes.iter().fold(0, |hash, plane| {
        let side: f32 = plane.iter().zip(profile).map(|(a, b)| a * b).sum();
        hash << 1 | u32::from(side > 0.0)
    })
}
