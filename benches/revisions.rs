//! What a document with many revisions and signatures costs, in CPU milliseconds: opening, comparing the revisions
//! and verifying the signatures apart, at growing sizes, so that more than linear growth shows. Prints; asserts
//! nothing.
//!
//! `cargo bench --bench revisions`

#![allow(clippy::print_stdout, reason = "the printout is the result")]

#[path = "../examples/make_archive/archive/mod.rs"]
#[allow(dead_code, reason = "one document, no archive")]
mod archive;

use soat::limits::Limits;
use soat::{pdf, signature};
use std::hint::black_box;
use std::time::Instant;
use std::{fs, io};

/// Repetitions; the median counts.
const RUNS: usize = 15;
/// Revisions, signatures among them, and objects that nothing changes.
const SIZES: [(u32, u32, u32); 5] = [(10, 5, 100), (50, 25, 100), (100, 50, 100), (50, 25, 5_000), (50, 25, 50_000)];

fn main() -> io::Result<()> {
    let limits = Limits::default();
    println!(
        "{:>9} {:>10} {:>8} {:>9} {:>9} {:>9} {:>9} {:>9}",
        "revisions", "signatures", "objects", "MB", "open", "compare", "verify", "all, ms"
    );
    for (revisions, signatures, objects) in SIZES {
        let data = archive::many_revisions(revisions, signatures, objects)?;
        let mut costs = Vec::new();
        for _ in 0..RUNS {
            let start = Cpu::now();
            let file = pdf::open(&data, &limits).map_err(|reason| io::Error::other(format!("{reason:?}")))?;
            let opened = Cpu::now();
            let found = file.signature_fields().len();
            if found != usize::try_from(signatures).unwrap_or(0) {
                return Err(io::Error::other(format!("{found} signatures")));
            }
            (0..found).for_each(|index| drop(black_box(file.modification(index))));
            let compared = Cpu::now();
            black_box(signature::extract(&file, &data, &limits).signatures.len());
            let verified = Cpu::now();
            costs.push([
                start.until(&opened),
                opened.until(&compared),
                compared.until(&verified),
                start.until(&verified),
            ]);
        }
        costs.sort_by(|one, other| one[3].total_cmp(&other[3]));
        let [open, compare, verify, all] = costs[RUNS / 2];
        println!(
            "{revisions:>9} {signatures:>10} {objects:>8} {:>9.1} {open:>9.2} {compare:>9.2} {verify:>9.2} {all:>9.2}",
            data.len() as f64 / 1e6
        );
    }
    Ok(())
}

/// A moment on this thread's CPU clock (Linux), else on the wall.
struct Cpu {
    nanoseconds: Option<f64>,
    wall: Instant,
}

impl Cpu {
    fn now() -> Self {
        let read = || fs::read_to_string("/proc/self/schedstat").ok()?.split_whitespace().next()?.parse().ok();
        Self { nanoseconds: read(), wall: Instant::now() }
    }

    /// Milliseconds until `later`.
    fn until(&self, later: &Self) -> f64 {
        match (self.nanoseconds, later.nanoseconds) {
            (Some(start), Some(end)) => (end - start) / 1e6,
            _ => later.wall.duration_since(self.wall).as_secs_f64() * 1e3,
        }
    }
}
