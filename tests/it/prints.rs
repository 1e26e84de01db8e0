//! Scans of printed e-documents are found, shown and counted; siblings, photographs and damage are not.

use super::run::{archive, bare, copy, lines};
use serde_json::Value;
use soat::limits::Limits;
use soat::raster::{printed_page, small_png};
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
