//! What an audit costs beside the physical limit, as ratios of CPU seconds (user + system) taken in one
//! run. Prints; asserts nothing.
//!
//! `cargo bench --bench audit [-- FOLDER]`: FOLDER is an archive of `make_archive`; without one a small
//! archive is made in a temporary folder (`SOAT_BENCH_DOCUMENTS`, default 400).
//!
//! The floor is: walk, read every file once, SHA-256 it once.

#![allow(clippy::print_stdout, reason = "the printout is the result")]

#[path = "../examples/make_archive/archive/mod.rs"]
mod archive;
mod join;

use rayon::prelude::*;
use soat::container::extract_signatures;
use soat::limits::Limits;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use std::{cell::RefCell, env, fs, io};

/// Register rows and documents of the join.
const JOINED: &str = "100000";

/// Repetitions; the median counts.
const RUNS: usize = 3;

fn main() -> io::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["--floor", folder, threads] => each_file(folder, threads, |data| {
            std::hint::black_box(soat::crypto::sha256(data));
        }),
        ["--signatures", folder, threads] => each_file(folder, threads, |data| {
            std::hint::black_box(extract_signatures(data, &Limits::default()).is_ok());
        }),
        ["--join", count] => {
            join::run(count.parse().map_err(io::Error::other)?);
            Ok(())
        }
        ["--stat", folder] => {
            let files = files(Path::new(folder));
            std::hint::black_box(files.iter().filter_map(|path| fs::metadata(path).ok()).map(|m| m.len()).sum::<u64>());
            Ok(())
        }
        [folder] => compare(Path::new(folder)),
        _ => {
            let folder = tempfile::tempdir()?;
            let documents = env::var("SOAT_BENCH_DOCUMENTS").ok().and_then(|n| n.parse().ok()).unwrap_or(400);
            archive::make(folder.path(), documents, 1)?;
            compare(folder.path())
        }
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = walkdir::WalkDir::new(folder).into_iter().filter_map(Result::ok);
    entries.filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::into_path).collect()
}

/// Reads every file into a reused buffer and hands it to `work`.
fn each_file(folder: &str, threads: &str, work: impl Fn(&[u8]) + Sync) -> io::Result<()> {
    thread_local! { static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) } }
    let threads = threads.parse().map_err(io::Error::other)?;
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().map_err(io::Error::other)?;
    let files = files(Path::new(folder));
    pool.install(|| {
        files.par_iter().with_max_len(1).for_each(|path| {
            BUFFER.with_borrow_mut(|buffer| {
                buffer.clear();
                if fs::File::open(path).and_then(|mut file| io::Read::read_to_end(&mut file, buffer)).is_ok() {
                    work(buffer);
                }
            });
        });
    });
    Ok(())
}

/// What a finished process cost.
#[derive(Clone, Copy)]
struct Cost {
    cpu: f64,
    wall: f64,
    peak_megabytes: f64,
}

fn compare(folder: &Path) -> io::Result<()> {
    let here = env::current_exe()?;
    let soat = PathBuf::from(env!("CARGO_BIN_EXE_soat"));
    let documents = folder.join("documents");
    let documents = documents.to_str().ok_or_else(|| io::Error::other("folder name"))?;
    let archive = folder.to_str().ok_or_else(|| io::Error::other("folder name"))?;
    let scratch = tempfile::tempdir()?;
    let state = scratch.path().join("state.db");
    let state = state.to_str().ok_or_else(|| io::Error::other("folder name"))?;
    let audit = |threads: &str| {
        let mut command = Command::new(&soat);
        command.args(["--quiet", "--threads", threads, "--state", state, "audit", archive, "--no-report"]);
        command
    };
    let own = |arguments: &[&str]| {
        let mut command = Command::new(&here);
        command.args(arguments);
        command
    };
    let fresh = || {
        for suffix in ["", "-wal", "-shm"] {
            let _ = fs::remove_file(format!("{state}{suffix}"));
        }
    };
    let files = files(Path::new(documents));
    let bytes: u64 = files.iter().filter_map(|path| fs::metadata(path).ok()).map(|m| m.len()).sum();
    println!("{} files, {:.1} MB", files.len(), bytes as f64 / 1e6);
    // Warm the page cache, so that disks do not enter.
    measure(&mut own(&["--floor", documents, "2"]))?;

    let floor = median(|| measure(&mut own(&["--floor", documents, "1"])))?;
    let stat = median(|| measure(&mut own(&["--stat", documents])))?;
    let signatures = median(|| measure(&mut own(&["--signatures", documents, "1"])))?;
    let first = median(|| {
        fresh();
        measure(&mut audit("1"))
    })?;
    let second = median(|| measure(&mut audit("1")))?;
    let stored = fs::metadata(state)?.len();
    let join = median(|| measure(&mut own(&["--join", JOINED])))?;
    let two = median(|| {
        fresh();
        measure(&mut audit("2"))
    })?;
    own(&["--join", JOINED]).status()?;
    identity(&files)?;
    println!("state database: {:.1} KB a document (at most 10)", stored as f64 / 1e3 / files.len() as f64);
    println!("{:<42}{:>9}{:>9}{:>9}  ratio", "", "CPU s", "wall s", "peak MB");
    let row = |name: &str, cost: Cost, ratio: String| {
        println!("{name:<42}{:>9.3}{:>9.3}{:>9.0}  {ratio}", cost.cpu, cost.wall, cost.peak_megabytes);
    };
    row("walk + stat", stat, String::new());
    row("floor: read + SHA-256", floor, String::new());
    row("signature extraction", signatures, format!("{:.2} x floor", signatures.cpu / floor.cpu));
    row("first audit, 1 thread", first, format!("{:.2} x floor", first.cpu / floor.cpu));
    row("first audit, 2 threads", two, format!("{:.2} x faster", first.wall / two.wall));
    row("100,000 rows x 100,000 documents, joined", join, "at most 2 s and 300 MB".into());
    row("second audit, unchanged", second, format!("{:.1} x walk + stat", second.cpu / stat.cpu.max(0.01)));
    let costs =
        [("the floor itself", floor), ("soat, signature extraction", signatures), ("soat, whole first audit", first)];
    peers(&files, &costs, files.len())
}

/// What page 1 and the signature appearances cost to read, a document.
fn identity(files: &[PathBuf]) -> io::Result<()> {
    let limits = Limits::default();
    let mut costs = Vec::new();
    for path in files {
        let data = Arc::new(fs::read(path)?);
        let start = Instant::now();
        std::hint::black_box(soat::page::read(data, &limits, &soat::crypto::sha256));
        costs.push(start.elapsed().as_secs_f64() * 1e3);
    }
    costs.sort_by(f64::total_cmp);
    let at = |part: usize| costs.get(costs.len() * part / 100).copied().unwrap_or_default();
    println!("identity of a document: median {:.3} ms, 95 of 100 below {:.3} ms (at most 0.7 ms)", at(50), at(95));
    Ok(())
}

/// pdfsig over a sample, one process a file, where it is installed.
fn peers(files: &[PathBuf], costs: &[(&str, Cost)], count: usize) -> io::Result<()> {
    if Command::new("pdfsig").arg("-v").stdout(Stdio::null()).stderr(Stdio::null()).status().is_err() {
        println!("pdfsig is not installed: no peer to compare with");
        return Ok(());
    }
    let sample: Vec<&PathBuf> = files.iter().step_by((count / 100).max(1)).collect();
    let mut cpu = 0.0;
    for path in &sample {
        let mut command = Command::new("pdfsig");
        command.arg(path);
        cpu += measure(&mut command)?.cpu;
    }
    let theirs = cpu / sample.len() as f64;
    println!("pdfsig on {} files: {:.1} ms a file", sample.len(), theirs * 1e3);
    for (name, cost) in costs {
        let ours = cost.cpu / count as f64;
        println!("{name:<42}{:>9.2} ms a file: {:.1} x less", ours * 1e3, theirs / ours);
    }
    Ok(())
}

fn median(mut run: impl FnMut() -> io::Result<Cost>) -> io::Result<Cost> {
    let mut costs = (0..RUNS).map(|_| run()).collect::<io::Result<Vec<_>>>()?;
    costs.sort_by(|a, b| a.cpu.total_cmp(&b.cpu));
    costs.get(RUNS / 2).copied().ok_or_else(|| io::Error::other("no run"))
}

/// Runs a process to its end: CPU seconds of it and its children, wall time, peak resident memory as
/// last seen (Linux; zero elsewhere).
fn measure(command: &mut Command) -> io::Result<Cost> {
    let before = children_cpu();
    let start = Instant::now();
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    let status_file = format!("/proc/{}/status", child.id());
    let mut peak_kilobytes: f64 = 0.0;
    loop {
        if let Ok(status) = fs::read_to_string(&status_file) {
            let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let value = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
            peak_kilobytes = peak_kilobytes.max(value.unwrap_or(0.0));
        }
        if child.try_wait()?.is_some() {
            break;
        }
        std::thread::sleep(Duration::from_millis(4));
    }
    let wall = start.elapsed().as_secs_f64();
    Ok(Cost { cpu: children_cpu() - before, wall, peak_megabytes: peak_kilobytes / 1024.0 })
}

/// CPU seconds of all finished children, from /proc (clock ticks of 10 ms).
fn children_cpu() -> f64 {
    let Ok(stat) = fs::read_to_string("/proc/self/stat") else { return 0.0 };
    let Some((_, fields)) = stat.rsplit_once(')') else { return 0.0 };
    let fields: Vec<f64> = fields.split_whitespace().skip(13).take(2).filter_map(|field| field.parse().ok()).collect();
    fields.iter().sum::<f64>() / 100.0
}
