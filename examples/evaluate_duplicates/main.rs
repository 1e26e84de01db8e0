//! Judges every file of a print-scan folder and prints how often the judgement was right, by kind.
//!
//! `cargo run --release --example evaluate_duplicates -- FOLDER [--register] [--no-ocr]`
//!
//! FOLDER holds `e/` (e-documents), `archive/` (scans), `edocs.json` (number, symbol, date of each e-document)
//! and `truth.jsonl` (`file`, `kind`, `dup_of`, `so`, `date`). With `--register` the number and date of every
//! file are handed in as the register would know them. OCR answers come from the Tesseract on PATH.
#![allow(clippy::print_stdout, reason = "the table is what the program is for")]

mod evaluation;

use soat::ocr;
use std::path::Path;
use std::{env, io};

fn main() -> io::Result<()> {
    let mut arguments: Vec<String> = env::args().skip(1).collect();
    let mut flag = |name: &str| {
        let found = arguments.iter().any(|a| a == name);
        arguments.retain(|a| a != name);
        found
    };
    let (register, no_ocr) = (flag("--register"), flag("--no-ocr"));
    let Some(folder) = arguments.first() else {
        return Err(io::Error::other("usage: evaluate_duplicates FOLDER [--register] [--no-ocr]"));
    };
    let program = if no_ocr { None } else { ocr::located(None, env::var_os("PATH").as_deref()) };
    evaluation::run(Path::new(folder), register, program.and_then(|path| ocr::Program::open(&path)))
}
