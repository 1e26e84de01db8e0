//! Every renderer over one report with every variant and hostile texts: complete, deterministic,
//! escaped, masked, and true to the machine contract.

use soat::model;

#[path = "../../src/report/sample.rs"]
mod sample;

use calamine::{Data, Reader, Xlsx};
use model::{DocumentReport, Indication, Language, Level, Outcome, Processing, RateKind, Report};
use sample::{HOSTILE, PEOPLE, SUBJECT, sample_report};
use serde_json::Value;
use soat::report::{Disclose, FORMATS, Options, RenderError, document_line, explain_document, finding_line, format};
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

#[test]
fn formats_have_distinct_names_and_files() {
    let names: BTreeSet<&str> = FORMATS.iter().map(|format| format.name).collect();
    assert_eq!(names.len(), FORMATS.len());
    for wanted in ["plain", "html", "xlsx", "csv", "json", "jsonl", "junit", "sarif"] {
        assert!(names.contains(wanted), "{wanted}");
    }
    assert!(format("pdf").is_none());
    for format in FORMATS {
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
    for format in FORMATS {
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

#[test]
fn machine_lines_have_the_names_of_the_contract() {
    let lines = lines(&masked());
    let report = sample_report();
    let of = |kind: &str| lines.iter().filter(|line| line["type"] == kind).collect::<Vec<_>>();
    assert!(lines.iter().all(|line| line["v"] == 1));
    assert_eq!(of("document").len(), report.documents.len());
    assert_eq!(of("finding").len(), report.findings.len());
    assert_eq!(of("duplicate").len(), report.duplicates.len());
    assert_eq!(of("rate").len(), report.rates.len());
    assert_eq!(of("summary").len(), 1);
    assert_eq!(lines.last().unwrap()["type"], "summary");
    let has = |line: &Value, names: &[&str]| {
        for name in names {
            assert!(line.get(name).is_some(), "{name} in {line}");
        }
    };
    for line in of("document") {
        has(line, &["path", "sha256", "assessed", "reason", "unit", "number", "date", "processing", "signatures"]);
        for signature in line["signatures"].as_array().unwrap() {
            has(
                signature,
                &[
                    "field",
                    "kind",
                    "sub_filter",
                    "indication",
                    "sub_indication",
                    "integrity",
                    "modification",
                    "coverage",
                    "level",
                    "role",
                    "trust",
                    "signer",
                    "issuer",
                    "reference_time",
                    "time_source",
                    "revocation",
                ],
            );
        }
    }
    for line in of("finding") {
        has(line, &["check", "level", "scope", "subject", "path", "unit", "message", "waived"]);
    }
    for line in of("duplicate") {
        has(line, &["document", "copy", "tier", "evidence"]);
    }
    for line in of("rate") {
        has(line, &["unit", "period", "rate", "denominator", "lower", "upper", "target", "outcome"]);
    }
}

#[test]
fn machine_lines_have_the_words_of_the_contract() {
    let lines = lines(&masked());
    let mut words: std::collections::BTreeMap<String, BTreeSet<String>> = std::collections::BTreeMap::new();
    fn collect(value: &Value, prefix: &str, words: &mut std::collections::BTreeMap<String, BTreeSet<String>>) {
        match value {
            Value::Object(map) => map.iter().for_each(|(key, value)| collect(value, &format!("{prefix}.{key}"), words)),
            Value::Array(list) => list.iter().for_each(|value| collect(value, prefix, words)),
            Value::String(text) => {
                words.entry(prefix.to_owned()).or_default().insert(text.clone());
            }
            _ => {}
        }
    }
    for line in &lines {
        collect(line, line["type"].as_str().unwrap(), &mut words);
    }
    let exactly = |key: &str, expected: &[&str]| {
        let expected: BTreeSet<String> = expected.iter().map(|word| (*word).to_owned()).collect();
        assert_eq!(words[key], expected, "{key}");
    };
    exactly(
        "document.processing",
        &["electronic", "signature-invalid", "paper", "paper-duplicate", "not-assessed", "excluded"],
    );
    exactly("document.signatures.kind", &["signature", "document-timestamp"]);
    exactly("document.signatures.indication", &["TOTAL-PASSED", "INDETERMINATE", "TOTAL-FAILED"]);
    exactly("document.signatures.integrity", &["intact", "broken", "unknown"]);
    exactly("document.signatures.modification", &["none", "permitted", "suspicious", "forbidden", "unknown"]);
    exactly("document.signatures.coverage", &["whole-file", "revision", "partial"]);
    exactly("document.signatures.level", &["B-B", "B-T", "B-LT", "B-LTA"]);
    exactly("document.signatures.role", &["person", "agency", "unknown"]);
    exactly("document.signatures.trust", &["specialised", "public", "untrusted", "unconfirmed", "unknown"]);
    exactly("document.signatures.time_source", &["timestamp", "claimed", "none"]);
    exactly("document.signatures.revocation", &["good", "revoked", "unknown"]);
    exactly("document.signatures.reference_time", &["2026-10-02T08:11:03+07:00"]);
    assert_eq!(words["document.signatures.sub_indication"].len(), 22);
    assert!(words["document.signatures.sub_indication"].contains("HASH_FAILURE"));
    assert!(words["document.signatures.sub_indication"].contains("OUT_OF_BOUNDS_NO_POE"));
    exactly("finding.level", &["error", "warn", "info", "indeterminate"]);
    exactly("finding.scope", &["signature", "document", "archive", "register", "rate"]);
    exactly("duplicate.tier", &["certain", "probable"]);
    exactly("rate.rate", &["n1", "n2", "n3", "work-files"]);
    exactly("rate.outcome", &["met", "missed", "undecided", "no-activity"]);
    exactly("rate.target", &[">95", ">40"]);
    exactly("document.date", &["2026-10-02", "2026-09-14"]);
}

#[test]
fn the_keys_do_not_change_with_the_language() {
    fn keys(value: &Value) -> Vec<String> {
        match value {
            Value::Object(map) => map.iter().flat_map(|(k, v)| [vec![k.clone()], keys(v)].concat()).collect(),
            Value::Array(list) => list.iter().flat_map(keys).collect(),
            _ => Vec::new(),
        }
    }
    let (vi, en) = (lines(&masked()), lines(&english()));
    assert_eq!(vi.len(), en.len());
    for (vi, en) in vi.iter().zip(&en) {
        assert_eq!(keys(vi), keys(en));
    }
    let message = |lines: &[Value]| lines.iter().find(|l| l["type"] == "finding").unwrap()["message"].clone();
    assert_ne!(message(&vi), message(&en));
}

#[test]
fn a_file_outside_the_register_has_no_class_and_one_not_judged_has_a_reason() {
    let lines = lines(&masked());
    let by_path = |path: &str| lines.iter().find(|line| line["path"] == path && line["type"] == "document").unwrap();
    let version = by_path("btxh/512-SNV-BTXH.signed.pdf");
    assert!(version["processing"].is_null());
    assert_eq!(version["version_of"], "btxh/512-SNV-BTXH.signed.signed.pdf");
    let reasons: BTreeSet<&str> = lines.iter().filter_map(|line| line["reason"].as_str()).collect();
    assert_eq!(reasons.len(), 9);
    for line in lines.iter().filter(|line| line["type"] == "document") {
        assert_eq!(line["assessed"].as_bool().unwrap(), line["reason"].is_null());
    }
}

#[test]
fn the_summary_carries_what_the_gate_looks_at() {
    let summary = lines(&october()).pop().unwrap();
    assert_eq!(summary["files"], 1_253);
    assert_eq!(summary["not_assessed"], 9);
    assert_eq!(summary["secret"], 2);
    assert_eq!(summary["signatures"]["TOTAL-PASSED"], 2_280);
    assert_eq!(summary["signatures"]["INDETERMINATE"], 61);
    assert_eq!(summary["signatures"]["TOTAL-FAILED"], 4);
    assert_eq!(summary["periods"], serde_json::json!(["2026-10"]));
    let open = sample_report().findings.iter().filter(|f| f.waived.is_none() && f.level == Level::Error).count();
    assert_eq!(summary["findings"]["error"], open);
    assert_eq!(summary["waived"], 1);
    assert_eq!(summary["disclose"], "masked");
    let rates = summary["gate"]["rates"].as_array().unwrap();
    assert_eq!(rates.len(), 2);
    assert!(rates.iter().all(|rate| rate["unit"] == "SNV" && rate["period"] == "2026-10"));
    assert_eq!(rates[0]["lower"], 143);
    assert_eq!(rates[0]["upper"], 149);
    assert_eq!(rates[0]["denominator"], 166);
}

#[test]
fn json_holds_the_same_records_as_the_lines() {
    let object: Value = serde_json::from_str(&render("json", &masked())).unwrap();
    let mut records = Vec::new();
    for key in ["documents", "findings", "duplicates", "rates"] {
        records.extend(object[key].as_array().unwrap().iter().cloned());
    }
    records.push(object["summary"].clone());
    assert_eq!(records, lines(&masked()));
}

#[test]
fn a_single_document_has_the_same_line_without_a_run() {
    let report = sample_report();
    for document in &report.documents {
        let line: Value = serde_json::from_str(&document_line(document, &full()).unwrap()).unwrap();
        let all = lines(&full());
        assert!(all.contains(&line), "{}", document.path);
    }
    let finding = &report.findings[0];
    let document = report.documents.iter().find(|d| Some(&d.path) == finding.path.as_ref()).unwrap();
    let line: Value = serde_json::from_str(&finding_line(finding, document, &full()).unwrap()).unwrap();
    assert_eq!(line["check"], finding.check.as_ref());
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
fn the_workbook_has_typed_cells_under_one_header_row() {
    let sheets = sheets(&masked());
    let names: Vec<&str> = sheets.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        ["Tổng hợp", "Đơn vị", "Văn bản", "Phát hiện", "Sổ đăng ký", "Trùng giấy", "Phạm vi", "Phương pháp"]
    );
    let rows = |name: &str| &sheets.iter().find(|(sheet, _)| sheet == name).unwrap().1;
    let column = |name: &str, head: &str| {
        let rows = rows(name);
        let at = rows[0].iter().position(|cell| cell.to_string() == head).unwrap();
        rows[1..].iter().map(|row| row[at].clone()).collect::<Vec<_>>()
    };
    for number in column("Văn bản", "Số, ký hiệu") {
        assert!(matches!(number, Data::String(_) | Data::Empty), "{number:?} is no text");
    }
    let dates = column("Văn bản", "Ngày văn bản");
    assert!(dates.iter().any(|cell| matches!(cell, Data::DateTime(_))));
    assert!(dates.iter().all(|cell| matches!(cell, Data::DateTime(_) | Data::Empty)));
    for percent in column("Đơn vị", "Cận dưới") {
        match percent {
            Data::Float(value) => assert!((0.0..=1.0).contains(&value)),
            Data::Empty => {}
            other => panic!("{other:?} is no number"),
        }
    }
    for (_, rows) in &sheets {
        assert!(rows[0].iter().all(|cell| matches!(cell, Data::String(_))));
    }
    assert_eq!(rows("Văn bản").len() - 1, sample_report().documents.len());
    assert_eq!(rows("Phát hiện").len() - 1, sample_report().findings.len());
    assert_eq!(rows("Sổ đăng ký").len() - 1, sample_report().rows.len());
}

#[test]
fn the_workbook_holds_no_formula() {
    let bytes = files("xlsx", &sample_report(), &masked()).remove(0).1;
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    for name in workbook.sheet_names() {
        let formulas = workbook.worksheet_formula(&name).unwrap();
        assert!(formulas.used_cells().all(|(_, _, formula)| formula.is_empty()), "{name}");
    }
    assert!(workbook_text(&masked()).contains("=cmd|' /C calc'!A0.pdf"), "the name itself is whole");
}

#[test]
fn percentages_in_the_workbook_are_cut_off() {
    let sheets = sheets(&masked());
    let units = &sheets[1].1;
    let row = units
        .iter()
        .find(|row| row[1].to_string() == "SNV" && row[0].to_string() == "2026-10" && row[4] == Data::Float(166.0));
    let row = units.iter().find(|r| r[5] == Data::Float(143.0)).or(row).unwrap();
    assert_eq!(row[7], Data::Float(0.8614));
}

#[test]
fn csv_opens_as_utf8_and_disarms_formulas() {
    let text = render("csv", &masked());
    assert!(text.starts_with('\u{FEFF}'));
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{FEFF}').as_bytes());
    assert_eq!(&reader.headers().unwrap()[0], "Mức");
    let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(records.len(), sample_report().findings.len());
    for cell in records.iter().flatten() {
        assert!(!cell.starts_with(['=', '+', '-', '@']), "{cell}");
    }
    for path in HOSTILE {
        let path = shown(path);
        assert!(records.iter().flatten().any(|cell| cell.trim_start_matches('\'') == path), "{path}");
    }
}

#[test]
fn sarif_has_the_required_properties_and_suppressions() {
    let log: Value = serde_json::from_str(&render("sarif", &masked())).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    assert_eq!(run["tool"]["driver"]["name"], "soat");
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    assert_eq!(run["invocations"][0]["executionSuccessful"], true);
    assert_eq!(run["invocations"][0]["endTimeUtc"], "2026-11-05T01:00:00Z");
    for result in run["results"].as_array().unwrap() {
        let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!(rule["id"], result["ruleId"]);
        assert!(rule["shortDescription"]["text"].is_string());
        assert!(result["message"]["text"].as_str().is_some_and(|text| !text.is_empty()));
        let level = result["level"].as_str().unwrap();
        assert!(["none", "note", "warning", "error"].contains(&level));
        assert!(result["kind"] == "fail" || level == "none", "a level needs the kind fail");
        let location = &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
        if let Some(uri) = location.as_str() {
            assert!(uri.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~/%".contains(&b)), "{uri}");
        }
        let waived = result["ruleId"] == "number-duplicate";
        assert_eq!(result["suppressions"].as_array().unwrap().len(), usize::from(waived));
    }
    let open: Vec<&Value> = run["results"].as_array().unwrap().iter().filter(|r| r["kind"] == "open").collect();
    assert_eq!(open.len(), 1);
    assert_eq!(open[0]["ruleId"], "revocation-unknown");
}

#[test]
fn junit_is_well_formed_and_never_passes_what_could_not_be_judged() {
    let text = render("junit", &masked());
    assert!(text.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>"));
    balanced("junit", &text);
    assert!(!text.chars().any(|c| c.is_control() && c != '\n'));
    for amp in text.split('&').skip(1) {
        assert!(["amp;", "lt;", "gt;", "quot;", "#39;"].iter().any(|entity| amp.starts_with(entity)));
    }
    let count = |tag: &str| text.matches(&format!("<{tag} ")).count();
    let attribute = |name: &str| -> usize {
        let suites = text.split("<testsuites").nth(1).unwrap();
        let value = suites.split(&format!(" {name}=\"")).nth(1).unwrap();
        value.split('"').next().unwrap().parse().unwrap()
    };
    assert_eq!(attribute("tests"), count("testcase"));
    assert_eq!(attribute("failures"), count("failure"));
    assert_eq!(attribute("errors"), count("error"));
    assert_eq!(attribute("skipped"), count("skipped"));
    for case in text.split("<testcase ").skip(1).map(|rest| rest.split("</testcase>").next().unwrap()) {
        if case.contains("khong-doc-duoc") || case.contains("revocation-unknown") {
            assert!(case.contains("<error "), "{case}");
        }
        if case.contains("number-duplicate") {
            assert!(case.contains("<skipped ") && case.contains("Giám đốc Sở"), "{case}");
        }
    }
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
    for format in FORMATS {
        assert!((format.render)(&report, &masked()).is_ok(), "{}", format.name);
    }
}

#[test]
fn a_partial_run_says_so_first() {
    let mut report = sample_report();
    report.partial = Some("SIGTERM".to_owned());
    let text = String::from_utf8(files("plain", &report, &masked()).remove(0).1).unwrap();
    let head: String = text.lines().take(9).collect();
    assert!(head.contains("dừng giữa chừng"), "{head}");
    let pages = files("html", &report, &masked());
    assert!(pages.iter().all(|(_, page)| std::str::from_utf8(page).unwrap().contains("dừng giữa chừng")));
    let log: Value = serde_json::from_slice(&files("sarif", &report, &masked()).remove(0).1).unwrap();
    assert_eq!(log["runs"][0]["invocations"][0]["executionSuccessful"], false);
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
    assert!(!text.contains("HỢP LỆ (") && text.contains("SAI LOẠI CHỨNG THƯ"), "{text}");
}

/// Throw-away look at the reports: `SOAT_DUMP=dir cargo test --test it dump -- --ignored`.
#[test]
#[ignore]
fn dump() {
    let dir = std::path::PathBuf::from(std::env::var("SOAT_DUMP").unwrap());
    for (language, sub) in [(Language::Vi, "vi"), (Language::En, "en")] {
        for format in FORMATS {
            let options = Options { language, ..masked() };
            for (name, bytes) in (format.render)(&sample_report(), &options).unwrap() {
                let path = dir.join(sub).join(name);
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(path, bytes).unwrap();
            }
        }
    }
}
