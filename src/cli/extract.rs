//! `soat extract`: the map stage alone. Reads files and prints their facts as JSON lines; no
//! configuration, no trust, no verdict. Many machines can share the work by `--shard`.

use super::arguments::ExtractArguments;
use super::exit::{Exit, Failure};
use super::named;
use super::terminal::{Terminal, print};
use crate::archive::{self, NO_CONTENT};
use crate::container;
use crate::crypto;
use crate::limits::Limits;
use crate::model::{Blob, Content, DocumentFacts, EXTRACTOR_VERSION, NotAssessed};
use rayon::ThreadPool;
use rayon::prelude::*;
use std::path::Path;
use std::sync::Arc;

/// Files extracted at a time before their lines are printed: bounds memory, keeps the order.
const WINDOW: usize = 64;

/// Prints one `facts` line per file and a `summary` line.
pub(super) fn extract(
    arguments: &ExtractArguments,
    limits: &Limits,
    pool: &ThreadPool,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    let mut files = named::files(&arguments.files, arguments.paths_from.as_deref(), terminal)?;
    let listed = files.len();
    if let Some(shard) = &arguments.shard {
        let shard = Shard::parse(shard).ok_or_else(|| {
            let text = terminal.pick("phải có dạng i/n, i từ 1 đến n", "must be i/n with i from 1 to n");
            Failure::message(Exit::Usage, format!("--shard \"{shard}\": {text}"))
        })?;
        files.retain(|file| shard.holds(file));
    }
    let mut not_assessed = 0_usize;
    let mut unreadable = false;
    for window in files.chunks(WINDOW) {
        let lines: Vec<(String, Option<bool>)> = pool
            .install(|| window.par_iter().with_max_len(1).map(|file| line(file, limits)).collect::<Result<_, _>>())?;
        for (line, missed) in lines {
            not_assessed += usize::from(missed.is_some());
            unreadable |= missed == Some(true);
            print(line.as_bytes())?;
        }
    }
    let summary = serde_json::json!({
        "v": 1, "type": "summary", "extractor": EXTRACTOR_VERSION, "named": listed, "files": files.len(),
        "not_assessed": not_assessed
    });
    print(format!("{summary}\n").as_bytes())?;
    // As with verify: a file that is not there is a wrong argument; what it holds is a fact.
    Ok(if unreadable { Exit::Usage } else { Exit::Passed })
}

/// One line, and for a file that was not assessed whether it could not even be read.
fn line(path: &Path, limits: &Limits) -> Result<(String, Option<bool>), serde_json::Error> {
    let mut buffer = Vec::new();
    let (facts, blobs) = match archive::read(path, limits.file_bytes, &mut buffer) {
        Err(reason) => {
            let content = Content::NotAssessed(reason);
            (DocumentFacts { sha256: NO_CONTENT, size: 0, content }, Vec::new())
        }
        Ok(_) => {
            let extraction = container::extract(&Arc::new(buffer), limits);
            (extraction.facts, extraction.blobs)
        }
    };
    let missed = match &facts.content {
        Content::NotAssessed(reason) => Some(matches!(reason, NotAssessed::Unreadable(_))),
        _ => None,
    };
    let value = serde_json::json!({
        "v": 1, "type": "facts", "extractor": EXTRACTOR_VERSION, "path": path.to_string_lossy(),
        "sha256": facts.sha256.to_string(), "facts": facts, "blobs": blobs.iter().map(blob).collect::<Vec<_>>()
    });
    Ok((format!("{value}\n"), missed))
}

/// A certificate, list or response that the file carries, in hexadecimal.
fn blob(blob: &Blob) -> serde_json::Value {
    let der: String = blob.der.iter().map(|byte| format!("{byte:02x}")).collect();
    serde_json::json!({ "sha256": blob.sha256.to_string(), "kind": blob.kind, "der": der })
}

/// One of `count` parts, chosen by the path's digest: independent of order and machine.
struct Shard {
    index: u64,
    count: u64,
}

impl Shard {
    fn parse(text: &str) -> Option<Self> {
        let (index, count) = text.split_once('/')?;
        let (index, count): (u64, u64) = (index.parse().ok()?, count.parse().ok()?);
        (1..=count).contains(&index).then(|| Self { index: index - 1, count })
    }

    fn holds(&self, path: &Path) -> bool {
        let digest = crypto::sha256(path.as_os_str().as_encoded_bytes());
        let [a, b, c, d, e, f, g, h, ..] = digest.0;
        u64::from_be_bytes([a, b, c, d, e, f, g, h]) % self.count == self.index
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_falls_into_exactly_one_part() {
        let shards: Vec<Shard> = (1..=3).map(|i| Shard::parse(&format!("{i}/3")).unwrap()).collect();
        for number in 0..100 {
            let path = std::path::PathBuf::from(format!("a/{number}.pdf"));
            assert_eq!(shards.iter().filter(|shard| shard.holds(&path)).count(), 1);
        }
    }

    #[test]
    fn a_part_that_does_not_exist_is_refused() {
        for text in ["0/3", "4/3", "1", "a/b", "1/0", "-1/2"] {
            assert!(Shard::parse(text).is_none(), "{text}");
        }
    }
}
