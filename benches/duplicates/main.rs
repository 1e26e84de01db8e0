//! How well and at what cost scans are compared with e-documents. Prints; asserts nothing.
//!
//! `cargo bench --bench duplicates`. `SOAT_PRINT_SCAN` names a print-scan folder (see the example
//! `evaluate_duplicates` for its parts); without it a small set is made from the bundled archive.
//! `SOAT_BENCH_DOCUMENTS` and `SOAT_BENCH_SCANS`: size of the index and scans held against it.

#![allow(clippy::print_stdout, reason = "the printout is the result")]

#[path = "../../examples/evaluate_duplicates/evaluation.rs"]
mod evaluation;
mod made;
mod scale;

use soat::ocr;
use std::path::Path;
use std::{env, io};

fn main() -> io::Result<()> {
    let program = || ocr::located(None, env::var_os("PATH").as_deref()).and_then(|path| ocr::Program::open(&path));
    let made = tempfile::tempdir()?;
    let folder = env::var_os("SOAT_PRINT_SCAN");
    let folder = match &folder {
        Some(folder) => Path::new(folder),
        None => {
            made::make(made.path())?;
            made.path()
        }
    };
    for register in [false, true] {
        println!("{} the register:", if register { "with" } else { "without" });
        evaluation::run(folder, register, program())?;
    }
    let number = |name: &str, default: u32| env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(default);
    scale::run(folder, number("SOAT_BENCH_DOCUMENTS", 100_000), number("SOAT_BENCH_SCANS", 1_000))
}
