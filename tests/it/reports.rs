//! Every renderer over one report with every variant and hostile texts: complete, deterministic,
//! escaped, masked, and true to the machine contract.

#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers outside of #[test] functions")]

mod machine;
mod office;
mod sample;
mod sample_findings;

use calamine::{Data, Reader, Xlsx};
use sample::{PEOPLE, SUBJECT, sample_report};
use serde_json::Value;
use soat::model::{self, DocumentReport, Indication, Language, Outcome, Processing, RateKind, Report};
use soat::report::{Disclose, FORMATS, Options, RenderError, explain_document, format};
use std::collections::BTreeSet;
use std::io::Cursor;

fn masked() -> Options {
    Options::default()
}

fn full() -> Options {
    Options { disclose: Disclose::Full, ..Options::default() }
}

fn english() -> Options {
    Options { language: Language::En, ..Options::default() }
}

fn october() -> Options {
    Options { period: Some("2026-10".to_owned()), ..Options::default() }
}

fn files(name: &str, report: &Report, options: &Options) -> Vec<(String, Vec<u8>)> {
    (format(name).unwrap().render)(report, options).unwrap()
}

/// All files of a text format, one after the other.
fn render(name: &str, options: &Options) -> String {
    files(name, &sample_report(), options).into_iter().map(|(_, bytes)| String::from_utf8(bytes).unwrap()).collect()
}

fn lines(options: &Options) -> Vec<Value> {
    render("jsonl", options).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The workbook's sheets as rows of cells.
fn sheets(options: &Options) -> Vec<(String, Vec<Vec<Data>>)> {
    let bytes = files("xlsx", &sample_report(), options).remove(0).1;
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let names = workbook.sheet_names();
    let rows = |range: calamine::Range<Data>| range.rows().map(<[Data]>::to_vec).collect();
    names.iter().map(|name| (name.clone(), rows(workbook.worksheet_range(name).unwrap()))).collect()
}

fn workbook_text(options: &Options) -> String {
    let cells = sheets(options).into_iter().flat_map(|(_, rows)| rows).flatten();
    cells.map(|cell| format!("{cell}\n")).collect()
}

/// Hazardous characters as the formats for people show them.
fn shown(text: &str) -> String {
    text.replace('\u{1b}', "⟨U+001B⟩")
        .replace('\u{7}', "⟨U+0007⟩")
        .replace('\u{202E}', "⟨U+202E⟩")
        .replace('\u{2066}', "⟨U+2066⟩")
}

/// What an XML or HTML parser makes of the text.
fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#x27;", "'")
        .replace("&#39;", "'")
        .replace("&#x2f;", "/")
        .replace("&amp;", "&")
}

/// Every format that needs nothing of the machine; the PDF needs its fonts.
fn without_fonts() -> impl Iterator<Item = &'static soat::report::Format> {
    FORMATS.iter().filter(|format| format.name != "pdf")
}

#[test]
fn a_pdf_without_a_font_is_refused() {
    let pdf = format("pdf").unwrap();
    assert!(matches!((pdf.render)(&sample_report(), &october()), Err(RenderError::NoTypeface)));
    let text_only = soat::report::Typeface { regular: b"no font".to_vec(), bold: Vec::new(), italic: Vec::new() };
    let options = Options { typeface: Some(std::sync::Arc::new(text_only)), ..october() };
    assert!(matches!((pdf.render)(&sample_report(), &options), Err(RenderError::NoTypeface)));
}

#[test]
fn formats_have_distinct_names_and_files() {
    let names: BTreeSet<&str> = FORMATS.iter().map(|format| format.name).collect();
    assert_eq!(names.len(), FORMATS.len());
    for wanted in ["plain", "html", "xlsx", "docx", "pdf", "csv", "json", "jsonl", "junit", "sarif"] {
        assert!(names.contains(wanted), "{wanted}");
    }
    assert!(format("odt").is_none());
    for format in without_fonts() {
        let files = (format.render)(&sample_report(), &october()).unwrap();
        let extension = format!(".{}", format.extension);
        assert!(files[0].0.ends_with(&extension), "{}", files[0].0);
        let distinct: BTreeSet<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(distinct.len(), files.len());
        for (name, bytes) in &files {
            assert!(name.chars().all(|c| c.is_ascii_alphanumeric() || "-.".contains(c)), "{name}");
            assert!(!bytes.is_empty());
        }
    }
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    for format in without_fonts() {
        for options in [masked(), full(), english(), october()] {
            let first = (format.render)(&sample_report(), &options).unwrap();
            assert_eq!(first, (format.render)(&sample_report(), &options).unwrap(), "{}", format.name);
        }
    }
}

#[test]
fn an_unknown_period_is_refused_by_every_format() {
    for format in FORMATS {
        let options = Options { period: Some("2031-01".to_owned()), ..Options::default() };
        match (format.render)(&sample_report(), &options) {
            Err(RenderError::UnknownPeriod { asked, known }) => {
                assert_eq!(asked, "2031-01");
                assert_eq!(known, ["2026-08", "2026-09", "2026-10"]);
            }
            _ => panic!("{}", format.name),
        }
    }
}

/// Everything that a renderer for the whole archive has to show.
fn assert_complete(name: &str, text: &str, report: &Report) {
    for finding in &report.findings {
        assert!(text.contains(finding.check.as_ref()), "{name}: {}", finding.check);
        let waived = finding.waived.as_ref();
        assert!(waived.is_none_or(|waived| text.contains(&waived.authority)), "{name}: authority");
        // Messages with names in them are masked; the others are whole.
        let personal = PEOPLE.iter().any(|person| finding.message.vi.contains(person));
        assert!(personal || text.contains(&shown(&finding.message.vi)), "{name}: {}", finding.message.vi);
    }
    for document in &report.documents {
        if let Some(number) = &document.number {
            assert!(text.contains(&shown(number)), "{name}: {number}");
        }
    }
}

#[test]
fn nothing_is_lost_in_any_format_for_the_whole_archive() {
    let report = sample_report();
    let html = unescaped(&render("html", &masked()));
    let sarif = render("sarif", &masked());
    let junit = unescaped(&render("junit", &masked()));
    let workbook = workbook_text(&masked());
    assert_complete("html", &html, &report);
    assert_complete("junit", &junit, &report);
    assert_complete("xlsx", &workbook, &report);
    for (name, text) in [("html", &html), ("xlsx", &workbook)] {
        for document in &report.documents {
            assert!(text.contains(&shown(&document.path)), "{name}: {}", document.path);
            assert!(text.contains(&document.sha256.to_string()), "{name}: digest of {}", document.path);
        }
        for row in &report.rows {
            assert!(text.contains(&row.reference), "{name}: {}", row.reference);
        }
        for unit in &report.units {
            assert!(text.contains(&unit.code) && text.contains(&unit.name), "{name}: {}", unit.code);
        }
        for pair in &report.duplicates {
            assert!(text.contains(&pair.copy), "{name}: {}", pair.copy);
        }
        for input in &report.inputs {
            assert!(text.contains(&input.sha256.to_string()) && text.contains(&input.path), "{name}: {}", input.path);
        }
        for list in &report.scope.revocation_lists {
            assert!(text.contains(&list.issuer), "{name}: {}", list.issuer);
        }
    }
    // What every format but the plain table of CSV has a place for.
    for name in ["plain", "docx", "json", "jsonl", "junit"] {
        let bytes = files(name, &report, &masked()).remove(0).1;
        let text =
            if name == "docx" { office::part(&bytes, "word/document.xml") } else { String::from_utf8(bytes).unwrap() };
        for input in &report.inputs {
            assert!(text.contains(&input.sha256.to_string()), "{name}: {}", input.path);
        }
    }
    for rate in report.rates.iter().filter(|rate| rate.period == "2026-10" && rate.denominator > 0) {
        let n = |value: u32| match value {
            1_000.. => format!("{}.{:03}", value / 1_000, value % 1_000),
            _ => value.to_string(),
        };
        let interval = match rate.lower == rate.upper {
            true => format!("{}/{}", n(rate.lower), n(rate.denominator)),
            false => format!("{}–{}/{}", n(rate.lower), n(rate.upper), n(rate.denominator)),
        };
        assert!(html.contains(&interval), "html: {interval} of {}", rate.unit);
        assert!(junit.contains(&interval), "junit: {interval} of {}", rate.unit);
        if rate.rate == RateKind::N3 || rate.rate == RateKind::WorkFiles {
            assert!(render("plain", &masked()).contains(&interval), "plain: {interval} of {}", rate.unit);
        }
    }
    let log: Value = serde_json::from_str(&sarif).unwrap();
    assert_eq!(log["runs"][0]["results"].as_array().unwrap().len(), report.findings.len());
    assert_eq!(log["runs"][0]["properties"]["rates"].as_array().unwrap().len(), report.rates.len());
}

#[test]
fn a_period_selects_its_documents_and_keeps_the_undated() {
    let all = lines(&masked());
    let october = lines(&october());
    let paths = |lines: &[Value]| -> BTreeSet<String> {
        lines.iter().filter(|l| l["type"] == "document").map(|l| l["path"].as_str().unwrap().to_owned()).collect()
    };
    let dropped: Vec<String> = paths(&all).difference(&paths(&october)).cloned().collect();
    assert_eq!(dropped, ["btxh/499-SNV-BTXH.pdf"]);
    assert!(paths(&october).contains("khac/khong-doc-duoc-32.pdf"), "a file without a date is in every period");
    assert!(october.iter().any(|line| line["check"] == "crl-unavailable"), "so is a finding without one");
    assert!(!october.iter().any(|line| line["check"] == "timestamp-missing"));
    assert!(october.iter().filter(|l| l["type"] == "rate").all(|line| line["period"] == "2026-10"));
}

#[test]
fn people_are_masked_unless_disclosed() {
    let report = sample_report();
    let mut outputs: Vec<(String, String, String)> = ["plain", "html", "csv", "json", "jsonl", "junit", "sarif"]
        .iter()
        .map(|name| ((*name).to_owned(), unescaped(&render(name, &masked())), unescaped(&render(name, &full()))))
        .collect();
    outputs.push(("xlsx".to_owned(), workbook_text(&masked()), workbook_text(&full())));
    let explain = |options: &Options| -> String {
        report
            .documents
            .iter()
            .map(|document| explain_document(document, &own_findings(&report, document), &report.checks, options))
            .collect::<String>()
            .replace("\n│    ", " ")
            .replace("\n     ", " ")
            .replace("\n│  │    ", " ")
    };
    outputs.push(("explain".to_owned(), explain(&masked()), explain(&full())));
    for (name, masked, full) in &outputs {
        for secret in PEOPLE.iter().chain([&SUBJECT, &"che@snv.gov.vn", &"5401AABBCCDD"]) {
            assert!(!masked.contains(secret), "{name} shows {secret}");
        }
        assert!(name == "csv" || masked.contains("Sở Nội vụ tỉnh An Bình"), "{name}: an agency is no person");
        if name != "plain" {
            let shown = PEOPLE.iter().filter(|person| full.contains(**person)).count();
            assert!(shown > 0, "{name} hides people who were to be disclosed");
        }
    }
    assert!(render("html", &masked()).contains("T*** T*** Ẩ***"));
    assert!(workbook_text(&full()).contains(SUBJECT));
}

fn own_findings(report: &Report, document: &DocumentReport) -> Vec<model::Finding> {
    report.findings.iter().filter(|finding| finding.path.as_ref() == Some(&document.path)).cloned().collect()
}

#[test]
fn pages_hold_no_script_no_foreign_resource_and_no_unescaped_name() {
    for options in [masked(), full(), english()] {
        for (name, bytes) in files("html", &sample_report(), &options) {
            let page = String::from_utf8(bytes).unwrap();
            assert!(page.starts_with("<!DOCTYPE html>"), "{name}");
            assert!(page.contains("default-src 'none'; style-src 'unsafe-inline'; img-src data:"), "{name}");
            assert!(page.contains(&format!("<html lang=\"{}\">", if options == english() { "en" } else { "vi" })));
            let lower = page.to_lowercase();
            for banned in ["<script", "<img", "<b>", "<i>", "<iframe", "http://", "https://", "src=\"", " onerror=\""] {
                assert!(!lower.contains(banned), "{name}: {banned}");
            }
            for hazard in ['\u{1b}', '\u{7}', '\u{202E}', '\u{2066}'] {
                assert!(!page.contains(hazard), "{name}: {hazard:?}");
            }
            balanced(&name, &page);
        }
    }
    assert!(render("html", &masked()).contains("&lt;script&gt;"));
    assert!(render("html", &masked()).contains("{{ 7*7 }}{% raw %}"), "a name is no template");
}

/// Every element that was opened is closed, in order (void elements apart).
fn balanced(name: &str, text: &str) {
    let mut open: Vec<&str> = Vec::new();
    for tag in text.split('<').skip(1) {
        let end = tag.find('>').unwrap_or_else(|| panic!("{name}: unclosed tag"));
        let tag = &tag[..end];
        if tag.starts_with(['!', '?']) || tag.ends_with('/') {
            continue;
        }
        let element = tag.trim_start_matches('/').split([' ', '\n']).next().unwrap();
        if ["meta", "br"].contains(&element) {
            continue;
        }
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(element), "{name}");
        } else {
            open.push(element);
        }
    }
    assert!(open.is_empty(), "{name}: {open:?}");
}

#[test]
fn links_of_the_index_lead_to_files_and_tables_are_labelled() {
    let files = files("html", &sample_report(), &masked());
    let names: BTreeSet<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    for (name, bytes) in &files {
        let page = std::str::from_utf8(bytes).unwrap();
        for target in page.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
            match target.strip_prefix('#') {
                Some(id) => assert!(page.contains(&format!("id=\"{id}\"")), "{name}: {target}"),
                None => assert!(names.contains(target), "{name}: {target}"),
            }
        }
        for head in page.split("<th").skip(1).filter(|rest| !rest.starts_with("ead")) {
            assert!(head.starts_with(" scope=\""), "{name}: a header cell without scope");
        }
        assert_eq!(page.matches("<h1>").count(), 1, "{name}");
    }
}

#[test]
fn the_index_stays_small_however_large_the_archive() {
    let mut report = sample_report();
    let long = "Tên rất dài với <ký tự> cần mã hóa & dấu ".repeat(30);
    let template = report.documents[0].clone();
    let finding = report.findings.iter().find(|finding| finding.waived.is_some()).unwrap().clone();
    report.documents.clear();
    report.rates.retain(|rate| rate.unit == "SNV");
    let model_rate = report.rates.iter().find(|rate| rate.rate == RateKind::N3).unwrap().clone();
    for unit in 0..2_000 {
        let code = format!("ĐV{unit}");
        report.units.push(model::UnitSummary { code: code.clone(), name: long.clone(), parent: None });
        for kind in [RateKind::N1, RateKind::N2, RateKind::N3, RateKind::WorkFiles] {
            report.rates.push(model::UnitRate {
                unit: code.clone(),
                period: "2026-10".to_owned(),
                rate: kind,
                ..model_rate.clone()
            });
        }
    }
    for number in 0..4_500 {
        report.documents.push(DocumentReport {
            path: format!("{number}/{long}.pdf"),
            unit: Some("ĐV7".to_owned()),
            signatures: Vec::new(),
            ..template.clone()
        });
        report.findings.push(model::Finding { subject: long.clone(), path: None, ..finding.clone() });
        report.inputs.push(model::InputDigest { path: long.clone(), ..report.inputs[0].clone() });
    }
    let files = files("html", &report, &masked());
    assert_eq!(files[0].0, "index.html");
    assert!(files[0].1.len() < 2_000_000, "{} bytes", files[0].1.len());
    let text: String = files.iter().map(|(_, bytes)| std::str::from_utf8(bytes).unwrap()).collect();
    for unit in [0, 399, 400, 1_999] {
        assert!(text.contains(&format!(">ĐV{unit}</a>")), "unit {unit} is linked from a list");
    }
    let rows = |bytes: &[u8]| std::str::from_utf8(bytes).unwrap().matches("<tr><th scope=\"row\"><bdi>").count();
    assert!(files.iter().all(|(_, bytes)| rows(bytes) <= 2_000));
    let pages: Vec<_> = files.iter().filter(|(name, _)| name.contains("-dv7.") || name.contains("-dv7-")).collect();
    assert_eq!(pages.iter().map(|(_, bytes)| rows(bytes)).sum::<usize>(), 4_500);
    assert_eq!(pages.len(), 3);
}

#[test]
fn the_terminal_summary_fits_80_columns_and_says_what_to_do() {
    let text = render("plain", &masked());
    for line in text.lines() {
        // Every character of this text takes one column.
        assert!(line.chars().count() <= 80, "{line}");
        assert!(!line.ends_with(' '), "{line:?}");
    }
    for wanted in [
        "CHƯA ĐẠT",
        "143–149/166",
        "86,14–89,75",
        "còn thiếu",
        "không phát sinh",
        "chưa kết luận",
        "mang dấu mật 2",
        "Văn thư:",
        "đã quá hạn cập nhật",
        "100 × cận dưới > 95 × D",
    ] {
        assert!(text.contains(wanted), "{wanted}");
    }
    assert!(!text.contains('\u{1b}'));
    let colour = render("plain", &Options { colour: true, ..masked() });
    assert!(colour.contains("\u{1b}[31m"));
    let mut plain = colour;
    for code in ["0", "1", "31", "32", "33"] {
        plain = plain.replace(&format!("\u{1b}[{code}m"), "");
    }
    assert_eq!(plain, text, "colour adds nothing else");
    let places = Options { places: vec!["Báo cáo: bao-cao/index.html".to_owned()], ..masked() };
    assert!(render("plain", &places).ends_with("Báo cáo: bao-cao/index.html\n"));
}

#[test]
fn exactly_the_target_is_not_met_and_nothing_is_no_percentage() {
    let mut report = sample_report();
    for rate in report.rates.iter_mut().filter(|rate| rate.unit == "SNV" && rate.rate == RateKind::N3) {
        (rate.denominator, rate.lower, rate.upper) = (100, 95, 95);
        (rate.outcome, rate.missing_to_target) = (Outcome::Missed, 1);
    }
    let text = String::from_utf8(files("plain", &report, &masked()).remove(0).1).unwrap();
    assert!(text.contains("95/100 văn bản (95,00 %)") && text.contains("còn thiếu 1 văn bản"), "{text}");
    for rate in &mut report.rates {
        (rate.denominator, rate.lower, rate.upper, rate.missing_to_target) = (0, 0, 0, 0);
        rate.outcome = Outcome::NoActivity;
    }
    let text = String::from_utf8(files("plain", &report, &masked()).remove(0).1).unwrap();
    assert!(text.contains("KHÔNG PHÁT SINH") && !text.contains("100,00 %"), "{text}");
}

#[test]
fn an_empty_run_renders_in_every_format() {
    let mut report = sample_report();
    report.periods.clear();
    report.units.clear();
    report.documents.clear();
    report.rows.clear();
    report.rates.clear();
    report.findings.clear();
    report.duplicates.clear();
    report.checks.clear();
    report.scope = model::ScopeSummary::default();
    for format in without_fonts() {
        assert!((format.render)(&report, &masked()).is_ok(), "{}", format.name);
    }
}

#[test]
fn a_partial_run_says_so_first() {
    let mut report = sample_report();
    report.partial = Some("SIGTERM".to_owned());
    let text = String::from_utf8(files("plain", &report, &masked()).remove(0).1).unwrap();
    let head = text.lines().take(6).collect::<Vec<_>>().join(" ");
    assert!(head.contains("dừng giữa chừng"), "{head}");
    let pages = files("html", &report, &masked());
    assert!(pages.iter().all(|(_, page)| std::str::from_utf8(page).unwrap().contains("dừng giữa chừng")));
    let log: Value = serde_json::from_slice(&files("sarif", &report, &masked()).remove(0).1).unwrap();
    assert_eq!(log["runs"][0]["invocations"][0]["executionSuccessful"], false);
}

#[test]
fn figures_that_look_met_are_no_verdict_when_too_little_was_judged() {
    let mut report = sample_report();
    for rate in report.rates.iter_mut().filter(|rate| rate.unit == "SNV" && rate.rate == RateKind::N3) {
        (rate.lower, rate.upper, rate.missing_to_target) = (rate.denominator, rate.denominator, 0);
        rate.outcome = Outcome::Met;
    }
    let verdict = |report: &Report| {
        let text = String::from_utf8(files("plain", report, &masked()).remove(0).1).unwrap();
        text.lines().skip(2).take(4).map(str::trim).collect::<Vec<_>>().join(" ")
    };
    let met = verdict(&report);
    assert!(met.contains(" ĐẠT mục tiêu") && !met.contains("CHƯA"), "{met}");
    assert!(met.contains("còn 5 phát hiện mức lỗi phải xử lý"), "{met}");
    (report.scope.assessed, report.scope.not_assessed) = (80, 20);
    let low = verdict(&report);
    assert!(low.contains("CHƯA KẾT LUẬN ĐƯỢC") && low.contains("80,00 %") && !low.contains(" ĐẠT mục tiêu"), "{low}");
    let page = String::from_utf8(files("html", &report, &masked()).remove(0).1).unwrap();
    assert!(page.contains("class=\"verdict undecided\""));
}

#[test]
fn a_document_is_explained_block_by_block() {
    let report = sample_report();
    let document = report.documents.iter().find(|d| d.path == "btxh/513-SNV-BTXH.pdf").unwrap();
    let text = explain_document(document, &own_findings(&report, document), &report.checks, &masked());
    for wanted in [
        "513/SNV-BTXH",
        "KHÔNG HỢP LỆ",
        "TOTAL-FAILED / HASH_FAILURE",
        "Giá trị mật mã",
        "signature-digest-mismatch",
        "Việc cần làm: Văn thư:",
        "chuyên dùng công vụ",
        "02/10/2026 08:11:03 (dấu thời gian)",
    ] {
        assert!(text.contains(wanted), "{wanted} in\n{text}");
    }
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    for document in &report.documents {
        let text = explain_document(document, &[], &[], &english());
        assert!(text.contains(&document.sha256.to_string()));
        assert!(!text.contains('\u{202E}') && !text.contains('\u{1b}'));
        for verdict in &document.signatures {
            let word = match verdict.indication {
                Indication::TotalPassed => "TOTAL-PASSED",
                Indication::Indeterminate => "INDETERMINATE",
                Indication::TotalFailed => "TOTAL-FAILED",
            };
            assert!(text.contains(word));
        }
    }
}

#[test]
fn a_public_certificate_is_never_called_simply_valid() {
    let mut report = sample_report();
    let document = report.documents.iter_mut().find(|d| d.processing == Some(Processing::Electronic)).unwrap();
    document.signatures.truncate(1);
    document.signatures[0].trust = model::Trust::Public;
    let text = explain_document(document, &[], &[], &masked());
    assert!(!text.contains("HỢP LỆ (") && text.contains("SAI LOẠI CHỨNG THƯ") && !text.contains("✓ Chữ ký"), "{text}");
    let summary = String::from_utf8(files("plain", &report, &masked()).remove(0).1).unwrap();
    assert!(summary.contains("trong đó sai loại chứng thư (công cộng): 1"), "{summary}");
}
