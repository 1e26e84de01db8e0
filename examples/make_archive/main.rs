//! Makes a signed archive of any size for benchmarks: PDFs of 50 KB to 2 MB with one or two
//! signatures, some timestamped, with register, trust folder, revocation lists and configuration.
//!
//! `cargo run --release --example make_archive -- FOLDER [DOCUMENTS] [SEED]`
//!
//! Everything is made from the seed and the test keys in `fixtures/pki`; the signatures are this
//! example's own work and share no code with the verifier.

mod archive;

use std::path::Path;
use std::{env, io};

fn main() -> io::Result<()> {
    let mut arguments = env::args().skip(1);
    let Some(folder) = arguments.next() else {
        return Err(io::Error::other("usage: make_archive FOLDER [DOCUMENTS] [SEED]"));
    };
    let number =
        |text: Option<String>, default| text.map_or(Ok(default), |t| t.parse::<u64>().map_err(io::Error::other));
    archive::make(Path::new(&folder), number(arguments.next(), 5_000)?, number(arguments.next(), 1)?)
}
