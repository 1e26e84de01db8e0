//! Writes what the fuzz targets start from, taken from the fixtures, to `fuzz/corpus/<target>`:
//! `cargo run --manifest-path fuzz/Cargo.toml --bin seeds`.

#[path = "../../tests/it/entries.rs"]
#[allow(dead_code, reason = "seeds only")]
mod entries;

use std::path::Path;
use std::{fs, io};

fn main() -> io::Result<()> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    for entry in entries::ENTRIES {
        let folder = here.join("corpus").join(entry.name);
        fs::create_dir_all(&folder)?;
        let seeds = (entry.seeds)(&here.join("../fixtures"));
        for (index, seed) in seeds.iter().enumerate() {
            fs::write(folder.join(format!("seed-{index:04}")), seed)?;
        }
        println!("{}: {} seeds", entry.name, seeds.len());
    }
    Ok(())
}
