//! The fuzz targets' entries fed with mutations of genuine input: the same ones in every run, and few enough for
//! every run. `SOAT_MUTATIONS` asks for more.

use super::entries::{ENTRIES, Entry};
use std::env;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// Inputs fed to each entry.
const INPUTS: usize = 150;
/// Largest seed taken: larger ones only take longer.
const LARGEST: usize = 40_000;
/// What formats give a meaning to, put in at random places.
const TOKENS: &[&[u8]] = &[
    b"-1",
    b"0",
    b"4294967295",
    b"9223372036854775807",
    b"/Kids",
    b"/Parent",
    b"/Prev",
    b"/Length",
    b"<<",
    b">>",
    b"[",
    b"(",
    b"obj",
    b"endobj",
    b"stream",
    b"endstream",
    b"xref",
    b"trailer",
    b"startxref",
    b"%%EOF",
    b"1 0 R",
    b"#",
    b"\x30\x80",
    b"\x30\x84\xff\xff\xff\xff",
    b"\x04\x00",
    b"\x02\x01\x80",
    b"\x00\x00",
    b"\"",
    b";",
    b"\r\n",
];

/// SplitMix64: numbers that are the same on every machine.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(bound.max(1)).unwrap()).unwrap()
    }
}

/// One to four changes: a bit, a byte, a token, a piece moved, taken away or repeated.
fn mutated(seed: &[u8], numbers: &mut Numbers) -> Vec<u8> {
    let mut data = seed.to_vec();
    for _ in 0..=numbers.below(4) {
        let at = numbers.below(data.len());
        let end = (at + 1 + numbers.below(64)).min(data.len());
        match numbers.below(7) {
            0 if !data.is_empty() => data[at] ^= 1 << numbers.below(8),
            1 if !data.is_empty() => data[at] = u8::try_from(numbers.below(256)).unwrap(),
            2 => drop(data.splice(at..at, TOKENS[numbers.below(TOKENS.len())].iter().copied())),
            3 => {
                let token = TOKENS[numbers.below(TOKENS.len())];
                let end = (at + token.len()).min(data.len());
                drop(data.splice(at..end, token.iter().copied()));
            }
            4 => drop(data.drain(at..end)),
            5 => {
                let piece = data.get(at..end).unwrap_or_default().to_vec();
                let to = numbers.below(data.len());
                drop(data.splice(to..to, piece));
            }
            _ => data.truncate(data.len() - numbers.below(data.len() / 4)),
        }
    }
    data
}

fn feed(entry: &Entry) {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let mut seeds = (entry.seeds)(&fixtures);
    seeds.retain(|seed| seed.len() <= LARGEST);
    assert!(!seeds.is_empty(), "{} has no seeds", entry.name);
    let inputs = env::var("SOAT_MUTATIONS").ok().and_then(|count| count.parse().ok()).unwrap_or(INPUTS);
    let mut numbers = Numbers(0x736f_6174);
    for index in 0..inputs {
        let seed = &seeds[numbers.below(seeds.len())];
        let input = if index < seeds.len() / 8 { seed.clone() } else { mutated(seed, &mut numbers) };
        if catch_unwind(AssertUnwindSafe(|| (entry.run)(&input))).is_err() {
            let file = env::temp_dir().join(format!("soat-{}-{index}", entry.name));
            std::fs::write(&file, &input).unwrap();
            panic!("{}: input {index} is kept as {}", entry.name, file.display());
        }
    }
}

fn entry(name: &str) -> &'static Entry {
    ENTRIES.iter().find(|entry| entry.name == name).unwrap()
}

#[test]
fn documents() {
    feed(entry("pdf"));
}

#[test]
fn signatures() {
    feed(entry("cms"));
    feed(entry("timestamp"));
}

#[test]
fn certificates_and_revocation_data() {
    feed(entry("certificate"));
    feed(entry("crl"));
    feed(entry("ocsp"));
}

#[test]
fn registers() {
    feed(entry("register"));
}

#[test]
fn every_fuzz_target_feeds_its_entry() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/fuzz_targets");
    for entry in ENTRIES {
        let target = std::fs::read_to_string(folder.join(format!("{}.rs", entry.name))).unwrap();
        assert!(target.contains("entries::"), "{}", entry.name);
    }
}
