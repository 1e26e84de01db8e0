//! Scans of printed e-documents are found, shown and counted; siblings, photographs and damage are not.

use super::run::{archive, audited, bare, copy, lines};
use serde_json::Value;
use soat::comparison::{self, Comparison, Options};
use soat::limits::Limits;
use soat::model::PrintOutcome;
use soat::raster::{printed_page, small_png};
use soat::state::State;
use std::fs;
use std::path::Path;
use std::process::Output;
use std::sync::Arc;

const PRINTED: &str = "documents/VP/2026-10/587.SNV.VP.signed.pdf";

/// The bundled archive with the documents of one unit and month.
fn small_archive(base: &Path) {
    copy(&archive(), base);
    for unit in fs::read_dir(base.join("documents")).unwrap() {
        let unit = unit.unwrap();
        if unit.file_name() != "VP" {
            fs::remove_dir_all(unit.path()).unwrap();
        }
    }
    fs::remove_dir_all(base.join("documents/VP/2026-09")).unwrap();
    for number in 1..=2 {
        fs::remove_file(base.join(format!("documents/VP/2026-10/quet_20261023_000{number}.pdf"))).unwrap();
    }
}

/// Prints the first page of a document and scans it, as PNG.
fn print_and_scan(document: &Path) -> Vec<u8> {
    let data = Arc::new(fs::read(document).unwrap());
    small_png(&printed_page(&data, 0, 1_654, &Limits::default()).unwrap().image, 1_654)
}

fn run(base: &Path, state: &Path, arguments: &[&str]) -> Output {
    let output = bare().arg("--state").arg(state).args(arguments).arg(base).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    output
}

fn records(base: &Path, state: &Path, kind: &str) -> Vec<Value> {
    let report = run(base, state, &["report", "--format", "jsonl", "--disclose", "full"]);
    lines(&String::from_utf8(report.stdout).unwrap(), kind)
}

fn class_of(base: &Path, state: &Path, path: &str) -> String {
    let documents = records(base, state, "document");
    documents.iter().find(|document| document["path"] == path).unwrap()["processing"]
        .as_str()
        .unwrap_or("none")
        .to_owned()
}

#[test]
fn the_print_of_an_e_document_is_found_and_shown_and_no_sibling_is_accused() {
    let folder = tempfile::tempdir().unwrap();
    let (base, state) = (folder.path().join("archive"), folder.path().join("s.db"));
    small_archive(&base);
    run(&base, &state, &["audit", "--no-report"]);
    assert_eq!(class_of(&base, &state, PRINTED), "electronic");
    fs::write(base.join("documents/VP/2026-10/quet-0001.png"), print_and_scan(&base.join(PRINTED))).unwrap();
    // A photograph and what is left of one.
    let photograph = soat::raster::GrayImage {
        width: 900,
        height: 1_200,
        pixels: (0..900_u32 * 1_200).map(|at| u8::try_from((at % 900 / 7 + at / 9_000) % 256).unwrap()).collect(),
    };
    let photograph = small_png(&photograph, 900);
    fs::write(base.join("documents/VP/2026-10/anh.png"), &photograph).unwrap();
    fs::write(base.join("documents/VP/2026-10/anh-hong.png"), &photograph[..40]).unwrap();
    let output = folder.path().join("html");
    run(&base, &state, &["audit", "--output", output.to_str().unwrap()]);
    let pairs: Vec<Value> = records(&base, &state, "duplicate")
        .into_iter()
        .filter(|pair| pair["copy"].as_str().unwrap().ends_with("png"))
        .collect();
    assert_eq!(pairs.len(), 1, "{pairs:?}");
    assert_eq!(pairs[0]["document"], PRINTED);
    assert_eq!(pairs[0]["tier"], "certain");
    assert!(pairs[0]["evidence"].to_string().contains("587"), "{}", pairs[0]);
    // One trace of grade C: no breach, but no longer certainly electronic (domain README section 11).
    assert_eq!(class_of(&base, &state, PRINTED), "not-assessed");
    let weak: Vec<Value> = records(&base, &state, "finding")
        .into_iter()
        .filter(|finding| finding["check"] == "paper-evidence-weak")
        .collect();
    assert!(weak.iter().any(|finding| finding["path"] == PRINTED), "{weak:?}");
    let pages: String = fs::read_dir(&output)
        .unwrap()
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "html"))
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    // Masked, as reports are unless asked otherwise: number and date are shown, the pages are not.
    assert_eq!(pages.matches("data:image/png;base64,").count(), 2);
    run(
        &base,
        &state,
        &["audit", "--disclose", "full", "--at", "2026-11-06T08:00:00+07:00", "--output", output.to_str().unwrap()],
    );
    let pages: String = fs::read_dir(&output)
        .unwrap()
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "html"))
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    assert_eq!(pages.matches("data:image/png;base64,").count(), 4);
}

#[test]
fn image_files_are_scans_and_not_unreadable_pdf() {
    let folder = tempfile::tempdir().unwrap();
    let (base, state) = (folder.path().join("archive"), folder.path().join("s.db"));
    small_archive(&base);
    let blank = small_png(&soat::raster::GrayImage { width: 40, height: 60, pixels: vec![255; 2_400] }, 40);
    fs::write(base.join("documents/VP/2026-10/trang.png"), blank).unwrap();
    run(&base, &state, &["audit", "--no-report"]);
    let documents = records(&base, &state, "document");
    let image = documents.iter().find(|document| document["path"] == "documents/VP/2026-10/trang.png").unwrap();
    assert_eq!((&image["assessed"], &image["processing"]), (&Value::Bool(true), &Value::String("paper".to_owned())));
    let findings = records(&base, &state, "finding");
    assert!(
        findings.iter().any(|finding| finding["check"] == "scan-without-signature" && finding["path"] == image["path"])
    );
    assert!(records(&base, &state, "duplicate").iter().all(|pair| pair["copy"] != image["path"]));
}

/// Compares the files of a folder as an audit does; scans judged anew, outcomes and faults.
fn compared(base: &Path, state: &mut State) -> Comparison {
    let limits = Limits { scan_pages: 30, ..Limits::default() };
    let walk = soat::archive::walk(base, &["documents".into()], |_| false).unwrap();
    let facts: Vec<_> = walk
        .entries
        .iter()
        .map(|entry| soat::container::extract(&Arc::new(fs::read(&entry.path).unwrap()), &limits).facts)
        .collect();
    let files: Vec<_> = walk.entries.iter().zip(&facts).collect();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
    let options = Options { limits: &limits, pool: &pool, recogniser: None, stop: &|| false, progress: &|_| () };
    comparison::compare(state, &files, &options).unwrap()
}

#[test]
fn a_night_with_new_scans_judges_these_alone() {
    let folder = tempfile::tempdir().unwrap();
    let base = folder.path().join("archive");
    for unit in ["VP/2026-10", "BTXH/2026-10"] {
        fs::create_dir_all(base.join("documents").join(unit)).unwrap();
        for file in fs::read_dir(archive().join("documents").join(unit)).unwrap() {
            let file = file.unwrap();
            fs::copy(file.path(), base.join("documents").join(unit).join(file.file_name())).unwrap();
        }
    }
    // An e-document that arrives later.
    let late = "documents/BTXH/2026-10/622.BC.SNV.signed.pdf";
    fs::remove_file(base.join(late)).unwrap();
    let mut state = State::open(&folder.path().join("s.db")).unwrap();
    let first = compared(&base, &mut state);
    assert_eq!((first.summary.scans, first.judged), (2, 2));
    let again = compared(&base, &mut state);
    assert_eq!((again.judged, &again.matches), (0, &first.matches));
    for (number, document) in ["587.SNV.VP.signed.pdf", "538.TB.SNV.signed.pdf"].into_iter().enumerate() {
        let scan = print_and_scan(&base.join("documents/VP/2026-10").join(document));
        fs::write(base.join(format!("documents/VP/2026-10/quet-{number}.png")), scan).unwrap();
    }
    let night = compared(&base, &mut state);
    assert_eq!((night.summary.scans, night.judged), (4, 2));
    assert_eq!(night.matches.iter().filter(|found| found.outcome == PrintOutcome::Certain).count(), 3);
    // Another e-document concerns only scans that resemble it: not all are judged again.
    fs::copy(archive().join(late), base.join(late)).unwrap();
    let grown = compared(&base, &mut state);
    assert!(grown.judged < 4, "{}", grown.judged);
    assert_eq!(grown.matches.iter().filter(|found| found.outcome == PrintOutcome::Certain).count(), 3);
}

/// Files that no scanner makes: each is bounded, told, and named the print of nothing.
#[test]
fn hostile_and_empty_scans_are_told_and_accuse_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let base = folder.path().join("archive");
    let here = base.join("documents/VP/2026-10");
    fs::create_dir_all(&here).unwrap();
    fs::copy(archive().join(PRINTED), here.join("587.pdf")).unwrap();
    let page = print_and_scan(&archive().join(PRINTED));
    // A thousand pages, each an empty sheet.
    let mut pages = std::io::Cursor::new(Vec::new());
    let mut encoder = tiff::encoder::TiffEncoder::new(&mut pages).unwrap();
    for _ in 0..1_000 {
        encoder.write_image::<tiff::encoder::colortype::Gray8>(150, 210, &[255; 150 * 210]).unwrap();
    }
    fs::write(here.join("ngan-trang.tif"), pages.into_inner()).unwrap();
    // A header that states 3.6 thousand million pixels.
    let mut huge = page.clone();
    huge[16..24].copy_from_slice(&[0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60]);
    let mut crc = flate2::Crc::new();
    crc.update(&huge[12..29]);
    huge[29..33].copy_from_slice(&crc.sum().to_be_bytes());
    fs::write(here.join("khong-lo.png"), huge).unwrap();
    fs::write(here.join("cut.jpg"), [0xFF, 0xD8, 0xFF, 0xE0, 0, 16, b'J', b'F', b'I', b'F', 0]).unwrap();
    let mut state = State::open(&folder.path().join("s.db")).unwrap();
    let found = compared(&base, &mut state);
    assert_eq!(found.summary.scans, 3);
    assert!(found.matches.iter().all(|found| found.outcome == PrintOutcome::Other), "{:?}", found.matches);
    let told: Vec<&str> = found.summary.faults.iter().map(|(name, _)| name.rsplit('/').next().unwrap()).collect();
    assert_eq!(told, ["cut.jpg", "khong-lo.png", "ngan-trang.tif"]);
}

#[test]
fn of_the_bundled_scans_the_print_is_certain_and_neither_sibling_nor_certified_copy_is_accused() {
    let run = audited("soat.toml");
    let truth: Value = serde_json::from_str(&fs::read_to_string(archive().join("truth.json")).unwrap()).unwrap();
    let pairs = lines(&run.jsonl, "duplicate");
    let scans: Vec<&Value> = truth["documents"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|document| document["kind"].as_str().unwrap().starts_with("print-"))
        .collect();
    assert_eq!(scans.len(), 3);
    for scan in scans {
        let found: Vec<(&Value, &Value)> = pairs
            .iter()
            .filter(|pair| pair["copy"] == scan["path"])
            .map(|pair| (&pair["document"], &pair["tier"]))
            .collect();
        match scan["print_of"].as_str() {
            Some(_) => assert_eq!(found, [(&scan["print_of"], &scan["tier"])]),
            None => assert!(found.is_empty(), "{}: {found:?}", scan["kind"]),
        }
    }
}
