//! The index of a large archive: what it holds, what it costs to build and to ask.
//!
//! Pages of that many documents cannot be drawn here: the lines of the drawn ones, with their bins moved and
//! disturbed at random, stand for others; the letterhead stays the same on all, as it does in a department.

use crate::evaluation;
use soat::duplicate::{Index, PageFingerprint, PageReference};
use std::path::Path;
use std::time::Instant;
use std::{fs, io};

/// Lines of a first page that every document of a department shares.
const LETTERHEAD: usize = 4;

pub(crate) fn run(folder: &Path, documents: u32, scans: u32) -> io::Result<()> {
    let drawn: Vec<PageFingerprint> = evaluation::fingerprints(folder)?;
    if drawn.is_empty() {
        return Err(io::Error::other("no page to begin with"));
    }
    let of = |document: u32| made(&drawn, document, 0);
    let before = resident();
    let start = evaluation::cpu_seconds();
    let index = Index::build((0..documents).map(|document| (PageReference { document, page: 0 }, of(document))));
    println!(
        "index of {documents} e-documents, {} lines: {:.0} MB, {:.0} MB resident, {:.1} CPU s to make and build",
        index.line_count(),
        index.bytes() as f64 / 1e6,
        (resident() - before) / 1e6,
        evaluation::cpu_seconds() - start
    );
    let (start, wall) = (evaluation::cpu_seconds(), Instant::now());
    let mut first = 0;
    for scan in 0..scans {
        let document = scan.wrapping_mul(7_919) % documents.max(1);
        let found = index.candidates(std::slice::from_ref(&made(&drawn, document, scan + 1)), 10);
        first += u32::from(found.iter().any(|candidate| candidate.document == document));
    }
    println!(
        "{scans} scans of one page held against it: {:.1} CPU s, {:.1} s, the right one among ten for {first}",
        evaluation::cpu_seconds() - start,
        wall.elapsed().as_secs_f64()
    );
    Ok(())
}

/// The first page of a document; `grain` other than 0 disturbs it as a scanner does.
fn made(drawn: &[PageFingerprint], document: u32, grain: u32) -> PageFingerprint {
    let mut state = (u64::from(document) + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mut next = |bound: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 33) as usize % bound.max(1)
    };
    let mut page = drawn[document as usize % drawn.len()].clone();
    let packed = page.profiles.len() / page.ends.len().max(1);
    for (line, profile) in page.profiles.chunks_exact_mut(packed.max(1)).enumerate() {
        if line >= LETTERHEAD {
            profile.rotate_left(next(packed));
            for _ in 0..packed / 3 {
                profile[next(packed)] = next(256) as u8;
            }
        }
    }
    let mut state = u64::from(grain).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    if grain > 0 {
        for byte in &mut page.profiles {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            // One step of the four bits up or down in every third bin.
            let moved = |value: u8, dice: u64| match dice % 6 {
                0 => value.saturating_sub(1),
                1 => (value + 1).min(15),
                _ => value,
            };
            *byte = moved(*byte & 15, state >> 20) | moved(*byte >> 4, state >> 40) << 4;
        }
    }
    page
}

/// Resident memory of this process in bytes; 0 where the system does not tell.
fn resident() -> f64 {
    let text = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse::<f64>().ok()).unwrap_or(0.0) * 1024.0
}
