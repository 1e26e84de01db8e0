//! What may not be seen is not there: names and subjects in masked outputs, and anything of a secret document
//! in any output, the log of the audit included.

use super::run::{Run, copied, lines, soat};
use std::fs;
use std::io::{Cursor, Read as _};
use std::path::Path;

/// Every output of the run, unpacked, with its name.
fn outputs(run: &Run, disclose: &str) -> Vec<(String, String)> {
    let lossy = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let audit = soat(run, &["audit", "--no-report", "--rehash", "--disclose", disclose]);
    let mut all = vec![("audit".to_owned(), lossy(&audit.stdout)), ("log".to_owned(), lossy(&audit.stderr))];
    let gate = soat(run, &["gate", "--period", "2026-10"]);
    all.push(("gate".to_owned(), lossy(&gate.stdout) + &lossy(&gate.stderr)));
    let folder = run.folder.path().join(format!("out-{disclose}"));
    let formats = "plain,html,xlsx,docx,csv,json,jsonl,junit,sarif";
    let arguments = ["report", "--format", formats, "--disclose", disclose, "-o", folder.to_str().unwrap()];
    let output = soat(run, &arguments);
    assert_eq!(output.status.code(), Some(0), "{}", lossy(&output.stderr));
    all.push(("log of report".to_owned(), lossy(&output.stderr)));
    add_folder(&folder, &mut all);
    let names: Vec<&str> = all.iter().map(|(name, _)| name.as_str()).collect();
    for wanted in
        ["soat.txt", "index.html", "soat.xlsx!xl/sharedStrings.xml", "soat.docx!word/document.xml", "soat.csv"]
    {
        assert!(names.contains(&wanted), "{wanted}: {names:?}");
    }
    all
}

fn add_folder(folder: &Path, all: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            add_folder(&path, all);
            continue;
        }
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let bytes = fs::read(&path).unwrap();
        if bytes.starts_with(b"PK") {
            let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
            for at in 0..archive.len() {
                let mut part = archive.by_index(at).unwrap();
                let mut text = String::new();
                if part.read_to_string(&mut text).is_ok() {
                    all.push((format!("{name}!{}", part.name().unwrap()), text));
                }
            }
        } else {
            all.push((name, String::from_utf8_lossy(&bytes).into_owned()));
        }
    }
}

/// Without what wraps and escapes between the words.
fn flat(text: &str) -> String {
    let text = text.replace("&quot;", "\"").replace("&#x27;", "'").replace("&#x2f;", "/").replace("\\/", "/");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn edit(run: &Run, change: impl Fn(Vec<String>) -> Vec<String>) {
    let register = run.base().join("registers/so-van-ban-di-2026.csv");
    let text = fs::read_to_string(&register).unwrap();
    let changed = change(text.lines().map(str::to_owned).collect());
    fs::write(&register, changed.join("\n") + "\n").unwrap();
}

#[test]
fn names_and_subjects_are_in_no_masked_output() {
    let run = copied("soat-csv.toml", str::to_owned);
    // People in file and folder names, in the register's columns for signer, subject, date and note.
    let folder = run.base().join("documents/BTXH/2026-10");
    let people = ["Phạm Quốc Che", "pham-quoc-che", "LeThiGiau", "Đỗ Hồng Kín"];
    fs::rename(folder.join("540 SNV-BTXH.signed.pdf"), folder.join("540 SNV-BTXH Phạm Quốc Che.pdf")).unwrap();
    fs::rename(folder.join("542-SNV-BTXH.signed.pdf"), folder.join("542-SNV-BTXH pham-quoc-che.pdf")).unwrap();
    fs::create_dir(folder.join("Đỗ Hồng Kín")).unwrap();
    fs::rename(folder.join("612.SNV.BTXH.signed.pdf"), folder.join("Đỗ Hồng Kín/612.SNV.BTXH.LeThiGiau.pdf")).unwrap();
    edit(&run, |lines| {
        let lines = lines.into_iter().map(|line| {
            if line.starts_with("540/SNV-BTXH") {
                let mut cells = line.replacen("Trần Quốc Bảo", "Võ Thị Ẩn Danh", 1);
                cells = cells.replacen(",02/10/2026,", ",02/10/2026 Võ Thị Ẩn Danh,", 1);
                cells
            } else if line.starts_with("482/SNV-BTXH") {
                line.replacen("Chi trả", "\"Xem xét \"\"kỷ luật kín\"\" ông Tống Văn Mật Danh, chi trả\"", 1)
            } else {
                line
            }
        });
        lines.collect()
    });
    assert_eq!(soat(&run, &["audit", "--no-report"]).status.code(), Some(0));
    let full = outputs(&run, "full");
    for name in people.iter().chain(&["Trần Quốc Bảo", "Võ Thị Ẩn Danh"]) {
        assert!(full.iter().any(|(_, text)| text.contains(name)), "the test plants {name}");
    }
    for (output, text) in outputs(&run, "masked") {
        let text = flat(&text);
        for name in people.iter().chain(&["Trần Quốc Bảo", "Võ Thị Ẩn Danh", "Tống Văn Mật", "kỷ luật kín"])
        {
            assert!(!text.contains(name), "{output} shows {name}");
        }
    }
    // A masked path still is one file's alone, beside its digest.
    let report = soat(&run, &["report", "--format", "jsonl"]);
    let documents = lines(&String::from_utf8(report.stdout).unwrap(), "document");
    let mut paths: Vec<_> = documents.iter().map(|document| document["path"].as_str().unwrap()).collect();
    paths.sort_unstable();
    let all = paths.len();
    paths.dedup();
    assert_eq!(paths.len(), all);
    assert!(paths.iter().any(|path| path.ends_with("540 SNV-BTXH P*** Q*** C***.pdf")), "{paths:?}");
    assert!(paths.iter().any(|path| path.contains("/Đ*** H*** K***/612.SNV.BTXH.")), "{paths:?}");
}

#[test]
fn of_a_secret_document_there_is_no_trace_even_with_everything_disclosed() {
    let run = copied("soat-csv.toml", str::to_owned);
    let folder = run.base().join("documents/BTXH/2026-10");
    // Marked by the register alone, under a name that says nothing: known only once its page was read.
    fs::rename(folder.join("559_snv-btxh_09102026.signed.pdf"), folder.join("quet-lan-hai.pdf")).unwrap();
    // Marked by its folder; and a copy of it elsewhere, marked by the row.
    fs::create_dir(folder.join("Tối mật")).unwrap();
    fs::rename(folder.join("604 SNV-BTXH.signed.pdf"), folder.join("Tối mật/ho-so-kin.pdf")).unwrap();
    fs::copy(folder.join("quet-lan-hai.pdf"), run.base().join("documents/VP/ban-sao-cua-to.pdf")).unwrap();
    edit(&run, |lines| {
        let mut lines: Vec<String> = lines
            .into_iter()
            .map(|line| match line.starts_with("559/SNV-BTXH") {
                // Độ mật, and a mistake in a cell of the same row.
                true => line.replacen(",BTXH,,,", ",BTXH,Mật,,", 1).replacen(
                    "\"VT, BTXH\",,",
                    "\"VT, BTXH\",khong-phai-so,",
                    1,
                ),
                false => line,
            })
            .collect();
        assert!(lines.iter().any(|line| line.starts_with("559/SNV-BTXH") && line.contains(",Mật,")), "{lines:?}");
        // Said twice, with a number that cannot be read, and without a date.
        lines.push("777/KÍN-TUYỆT-ĐỐI,không ngày,Chuyện không được kể,Ai Đó,,,sai-so,,,,VP,Tuyệt mật,,,".to_owned());
        lines
    });
    let exemptions = run.base().join("registers/mien-tru.csv");
    let text = fs::read_to_string(&exemptions).unwrap();
    fs::write(&exemptions, format!("{text}559/SNV-BTXH,,sai-ma,,,,,\n777/KÍN-TUYỆT-ĐỐI,,sai-ma,,,,,\n")).unwrap();
    assert_eq!(soat(&run, &["audit", "--no-report"]).status.code(), Some(0));
    let traces = [
        "559/SNV-BTXH",
        "quet-lan-hai",
        "ban-sao-cua-to",
        "ho-so-kin",
        "khong-phai-so",
        "777/KÍN",
        "KÍN-TUYỆT-ĐỐI",
        "Chuyện không được kể",
        "sai-so",
    ];
    for (output, text) in outputs(&run, "full") {
        let text = flat(&text);
        for trace in traces {
            assert!(!text.contains(trace), "{output} shows {trace}");
        }
    }
    // Nor does the state database keep what the page said.
    let state = fs::read(run.folder.path().join("state.db")).unwrap();
    assert!(!state.windows(9).any(|window| window == b"khong-pha"));
    let report = soat(&run, &["report", "--format", "jsonl"]);
    let summary = lines(&String::from_utf8(report.stdout).unwrap(), "summary").remove(0);
    assert!(summary["secret"].as_u64().unwrap() >= 6, "counted: {summary}");
}
