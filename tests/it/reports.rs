//! Every renderer over one report with every variant and hostile texts: complete, deterministic,
//! escaped, masked.

use soat::model;

#[path = "../../src/report/sample.rs"]
mod sample;

use model::{Language, Report};
use sample::{PEOPLE, SUBJECT, sample_report};
use soat::report::{Disclose, FORMATS, Options, RenderError, explain_document, format};

fn options(language: Language, disclose: Disclose) -> Options {
    Options { language, disclose, ..Options::default() }
}

/// All files of a format, one after the other.
fn render(name: &str, report: &Report, options: &Options) -> String {
    let files = (format(name).unwrap().render)(report, options).unwrap();
    files.into_iter().map(|(_, bytes)| String::from_utf8(bytes).unwrap()).collect()
}

/// Throw-away look at the reports: `SOAT_DUMP=dir cargo test --test it dump -- --ignored`.
#[test]
#[ignore]
fn dump() {
    let dir = std::path::PathBuf::from(std::env::var("SOAT_DUMP").unwrap());
    for (language, sub) in [(Language::Vi, "vi"), (Language::En, "en")] {
        for format in FORMATS {
            let options =
                Options { places: vec!["Báo cáo: reports/index.html".into()], ..options(language, Disclose::Masked) };
            for (name, bytes) in (format.render)(&sample_report(), &options).unwrap() {
                let path = dir.join(sub).join(name);
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(path, bytes).unwrap();
            }
        }
        let report = sample_report();
        let mut out = String::new();
        for document in &report.documents {
            let findings: Vec<_> =
                report.findings.iter().filter(|f| f.path.as_deref() == Some(&document.path)).cloned().collect();
            out += &explain_document(document, &findings, &report.checks, &options(language, Disclose::Masked));
            out += "\n";
        }
        std::fs::write(dir.join(sub).join("explain.txt"), out).unwrap();
    }
}
