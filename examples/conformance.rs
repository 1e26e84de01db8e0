//! Runs `soat verify --format jsonl` over a corpus of third-party PDFs with expected verdicts and
//! prints a table of right and wrong per class.
//!
//! `cargo run --release --example conformance -- CORPUS [EXCEPTIONS]`, after `cargo build --release`.
//!
//! CORPUS holds `manifest.tsv` (columns `path`, `sigs`, `class`, …), `pdf/` and `anchors/`. Each file is its
//! own process with a deadline. Where the manifest states a time, the file is judged once more at that time
//! under the anchors stated, and its indications are compared. A difference is accepted only if EXCEPTIONS names it with the clause that
//! justifies it; an exception that is not needed any more fails the run.

use rayon::prelude::*;
use serde_json::Value;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, io, thread};

/// Longest time one file may take.
const DEADLINE: Duration = Duration::from_secs(20);

struct Row {
    path: String,
    class: String,
    signatures: usize,
    /// What is stated of trust and time.
    stated: Option<Stated>,
}

/// A statement about the verdict under given anchors.
struct Stated {
    /// Files below the corpus; empty: all of `anchors/` (the roots of the source's tests).
    anchors: Vec<String>,
    /// Moments judged at, RFC 3339.
    times: Vec<String>,
    /// Indication and subindication, any of which is right; empty: only the path is asserted.
    outcomes: Vec<(String, Option<String>)>,
}

/// One question put to the program.
struct Question<'a> {
    row: &'a Row,
    /// Anchors' folder and time.
    under: Option<(PathBuf, &'a str)>,
}

impl Question<'_> {
    /// What the exceptions call it: the path, with `@` and the time where one is given.
    fn name(&self) -> String {
        match &self.under {
            Some((_, time)) => format!("{}@{time}", self.row.path),
            None => self.row.path.clone(),
        }
    }

    fn class(&self) -> &str {
        if self.under.is_some() { "(stated verdict)" } else { &self.row.class }
    }

    fn judge(&self, answer: &Answer) -> Result<(), String> {
        match (&self.under, &self.row.stated) {
            (Some(_), Some(stated)) => compare(stated, answer),
            _ => judge(self.row, answer),
        }
    }
}

/// What soat said of one file.
#[derive(Default)]
struct Answer {
    failure: Option<String>,
    assessed: bool,
    signatures: Vec<Value>,
}

fn main() -> io::Result<ExitCode> {
    let mut arguments = env::args().skip(1);
    let Some(corpus) = arguments.next().map(PathBuf::from) else {
        return Err(io::Error::other("usage: conformance CORPUS [EXCEPTIONS]"));
    };
    let exceptions = match arguments.next() {
        Some(file) => exceptions(Path::new(&file))?,
        None => BTreeMap::new(),
    };
    let soat = program()?;
    let rows = manifest(&corpus)?;
    let folders = tempfile::tempdir()?;
    let mut questions: Vec<Question<'_>> = rows.iter().map(|row| Question { row, under: None }).collect();
    for row in &rows {
        let Some(stated) = &row.stated else { continue };
        let folder = anchors(&corpus, &stated.anchors, folders.path())?;
        questions.extend(stated.times.iter().map(|time| Question { row, under: Some((folder.clone(), time)) }));
    }
    let judged: Vec<(&Question<'_>, Result<(), String>)> = questions
        .par_iter()
        .with_max_len(1)
        .map(|question| {
            let file = corpus.join("pdf").join(&question.row.path);
            (question, question.judge(&ask(&soat, &file, question.under.as_ref())))
        })
        .collect();

    let mut table: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    let mut wrong = Vec::new();
    let mut stale: Vec<&String> = exceptions.keys().collect();
    for (question, outcome) in &judged {
        let counts = table.entry(question.class()).or_default();
        let name = question.name();
        match outcome {
            Ok(()) => counts[0] += 1,
            Err(_) if exceptions.contains_key(&name) => {
                counts[1] += 1;
                stale.retain(|path| **path != name);
            }
            Err(reason) => {
                counts[2] += 1;
                wrong.push(format!("{}\t{name}\t{reason}", question.class()));
            }
        }
    }
    let mut out = format!("{:<24}{:>7}{:>10}{:>7}\n", "class", "right", "excepted", "wrong");
    for (class, [right, excepted, wrong]) in &table {
        out += &format!("{class:<24}{right:>7}{excepted:>10}{wrong:>7}\n");
    }
    for line in &wrong {
        out += &format!("wrong\t{line}\n");
    }
    for path in &stale {
        out += &format!("stale exception\t{path}\n");
    }
    io::Write::write_all(&mut io::stdout().lock(), out.as_bytes())?;
    Ok(if wrong.is_empty() && stale.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Right, or what is wrong. Classes judge integrity and modification only (see the corpus' README).
fn judge(row: &Row, answer: &Answer) -> Result<(), String> {
    if let Some(failure) = &answer.failure {
        return Err(failure.clone());
    }
    let word = |signature: &Value, key: &str| signature[key].as_str().unwrap_or("null").to_owned();
    let intact = |signature: &Value| {
        word(signature, "integrity") == "intact"
            && ["none", "permitted"].contains(&word(signature, "modification").as_str())
            && word(signature, "indication") != "TOTAL-FAILED"
    };
    let described = || {
        let all: Vec<String> = answer
            .signatures
            .iter()
            .map(|s| ["integrity", "modification", "indication", "sub_indication"].map(|key| word(s, key)).join("/"))
            .collect();
        format!("assessed={} {}", answer.assessed, all.join(" "))
    };
    let found = answer.signatures.len();
    let counted = !answer.assessed || found >= row.signatures;
    let right = match row.class.as_str() {
        "benign" => counted && found > 0 && answer.signatures.iter().all(intact),
        "attack" | "invalid" | "forbidden-change" => {
            (found > 0 || !answer.assessed) && !answer.signatures.iter().all(intact) || (found == 0 && !answer.assessed)
        }
        // The signature itself is sound; a hidden-content warning is a plus.
        "shadow-prepared" => found > 0,
        "malformed" | "malformed-or-rejected" => {
            if answer.assessed {
                found > 0 && !answer.signatures.iter().all(intact)
            } else {
                true
            }
        }
        // The sources contradict each other on these: only overlooking the signature is wrong.
        "policy-dependent" => found > 0,
        "unsigned-robustness" | "unsigned" => found == 0,
        _ => counted,
    };
    if right { Ok(()) } else { Err(format!("{} expected, {found} found: {}", row.signatures, described())) }
}

/// Right, or what is wrong, against a stated verdict. A document's verdict is that of its signatures; if it
/// has none, of its timestamps.
fn compare(stated: &Stated, answer: &Answer) -> Result<(), String> {
    if let Some(failure) = &answer.failure {
        return Err(failure.clone());
    }
    let (signatures, timestamps): (Vec<&Value>, Vec<&Value>) =
        answer.signatures.iter().partition(|signature| signature["kind"] == "signature");
    let judged = if signatures.is_empty() { timestamps } else { signatures };
    let described: Vec<String> = judged
        .iter()
        .map(|one| ["indication", "sub_indication", "trust"].map(|key| one[key].as_str().unwrap_or("null")).join("/"))
        .collect();
    let right = |one: &&Value| {
        if stated.outcomes.is_empty() {
            return one["trust"] == "specialised" || one["trust"] == "public";
        }
        stated.outcomes.iter().any(|(indication, sub_indication)| {
            one["indication"] == indication.as_str()
                && sub_indication.as_ref().is_none_or(|sub_indication| one["sub_indication"] == sub_indication.as_str())
        })
    };
    if !judged.is_empty() && judged.iter().all(right) {
        Ok(())
    } else {
        Err(format!("{:?} stated: {}", stated.outcomes, described.join(" ")))
    }
}

/// A folder that holds these anchors.
fn anchors(corpus: &Path, files: &[String], folders: &Path) -> io::Result<PathBuf> {
    if files.is_empty() {
        return Ok(corpus.join("anchors"));
    }
    let names: Vec<String> = files.iter().map(|file| file.replace(['/', '\\'], "_")).collect();
    let folder = folders.join(names.join("+"));
    fs::create_dir_all(&folder)?;
    for (file, name) in files.iter().zip(&names) {
        fs::copy(corpus.join(file), folder.join(name))?;
    }
    Ok(folder)
}

/// Runs the program on one file.
fn ask(soat: &Path, file: &Path, under: Option<&(PathBuf, &str)>) -> Answer {
    let failed = |what: String| Answer { failure: Some(what), ..Answer::default() };
    let child = Command::new(soat)
        .args(["verify", "--format", "jsonl"])
        .args(under.iter().flat_map(|(folder, time)| {
            ["--anchors".as_ref(), folder.as_os_str(), "--at".as_ref(), time.as_ref() as &OsStr]
        }))
        .arg(file)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    match child.and_then(wait) {
        Err(error) => failed(error.to_string()),
        Ok((Some(0 | 1 | 4), output)) => {
            let mut answer = Answer::default();
            let mut documents = 0;
            for line in output.lines() {
                let Ok(value) = serde_json::from_str::<Value>(line) else { return failed("not JSON".into()) };
                if value["type"] == "document" {
                    documents += 1;
                    answer.assessed = value["assessed"] == true;
                    answer.signatures = value["signatures"].as_array().cloned().unwrap_or_default();
                }
            }
            if documents == 1 { answer } else { failed(format!("{documents} document lines")) }
        }
        Ok((code, _)) => failed(format!("exit code {code:?}")),
    }
}

/// The exit code and output, or the deadline.
fn wait(mut child: Child) -> io::Result<(Option<i32>, String)> {
    let mut stdout = child.stdout.take().ok_or_else(|| io::Error::other("no output"))?;
    let reader = thread::spawn(move || io::read_to_string(&mut stdout));
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            let output = reader.join().map_err(|_| io::Error::other("reader failed"))??;
            return Ok((status.code(), output));
        }
        if start.elapsed() > DEADLINE {
            child.kill()?;
            child.wait()?;
            return Err(io::Error::other("deadline passed"));
        }
        thread::sleep(Duration::from_millis(2));
    }
}

/// The program built beside this example.
fn program() -> io::Result<PathBuf> {
    let here = env::current_exe()?;
    let folder = here.parent().and_then(Path::parent).ok_or_else(|| io::Error::other("no build folder"))?;
    let program = folder.join(format!("soat{}", env::consts::EXE_SUFFIX));
    if program.exists() { Ok(program) } else { Err(io::Error::other(format!("{} is not built", program.display()))) }
}

fn manifest(corpus: &Path) -> io::Result<Vec<Row>> {
    let text = fs::read_to_string(corpus.join("manifest.tsv"))?;
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap_or_default().split('\t').collect();
    let column = |name: &str| {
        header.iter().position(|title| *title == name).ok_or_else(|| io::Error::other(format!("no column {name}")))
    };
    let (path, class, signatures) = (column("path")?, column("class")?, column("sigs")?);
    let (indication, sub_indication) = (column("indication")?, column("subindication")?);
    let (anchor, time) = (column("trust_anchor")?, column("validation_time")?);
    lines
        .filter(|line| !line.is_empty())
        .map(|line| {
            let cells: Vec<&str> = line.split('\t').collect();
            let cell = |index: usize| cells.get(index).copied().unwrap_or_default();
            Ok(Row {
                path: cell(path).to_owned(),
                class: cell(class).to_owned(),
                signatures: cell(signatures).parse().map_err(io::Error::other)?,
                stated: stated(cell(class), cell(indication), cell(sub_indication), cell(anchor), cell(time)),
            })
        })
        .collect()
}

/// What a row states of trust and time. `a/b` in a cell are alternatives.
fn stated(class: &str, indication: &str, sub_indication: &str, anchor: &str, time: &str) -> Option<Stated> {
    let anchors: Vec<String> =
        anchor.split(',').filter(|file| file.starts_with("anchors/")).map(str::to_owned).collect();
    let outcomes: Vec<(String, Option<String>)> = if sub_indication.is_empty() {
        let stated = Some(indication).filter(|indication| !indication.is_empty());
        stated.into_iter().map(|indication| (indication.replace('_', "-"), None)).collect()
    } else {
        // pyHanko's names: AdESPassed.OK, AdESIndeterminate.NO_POE, AdESFailure.FORMAT_FAILURE.
        let words = sub_indication.split('/').map(|word| word.trim_start_matches("ades_lta=").split_once('.'));
        words
            .flatten()
            .map(|(main, sub)| match main {
                "AdESPassed" => ("TOTAL-PASSED".to_owned(), None),
                "AdESIndeterminate" => ("INDETERMINATE".to_owned(), Some(sub.to_owned())),
                _ => ("TOTAL-FAILED".to_owned(), Some(sub.to_owned())),
            })
            .collect()
    };
    let asserted = !outcomes.is_empty() || (!anchors.is_empty() && class == "benign");
    let times = time.split('/').map(|time| format!("{time}Z")).collect();
    (asserted && !time.is_empty() && (anchor.is_empty() || !anchors.is_empty())).then_some(Stated {
        anchors,
        times,
        outcomes,
    })
}

/// `path <tab> clause <tab> reason`, comments with `#`.
fn exceptions(file: &Path) -> io::Result<BTreeMap<String, String>> {
    let text = fs::read_to_string(file)?;
    text.lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| match line.split('\t').collect::<Vec<_>>().as_slice() {
            [path, clause, reason] if !clause.is_empty() && !reason.is_empty() => {
                Ok(((*path).to_owned(), format!("{clause}: {reason}")))
            }
            _ => Err(io::Error::other(format!("exception without clause and reason: {line}"))),
        })
        .collect()
}
