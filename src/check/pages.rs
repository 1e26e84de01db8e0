//! The pages under docs/checks, one per check, made from its metadata. `SOAT_BLESS=1 cargo test pages`
//! writes them; without it the test fails when a page and its check differ.

use super::*;
use crate::model::{Level, Scope};
use std::fmt::Write as _;
use std::path::PathBuf;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/checks")
}

fn level(level: Level) -> (&'static str, &'static str) {
    match level {
        Level::Error => ("lỗi", "error"),
        Level::Warn => ("cảnh báo", "warn"),
        Level::Info => ("thông tin", "info"),
        Level::Indeterminate => ("chưa xác định", "indeterminate"),
    }
}

fn scope(scope: Scope) -> (&'static str, &'static str) {
    match scope {
        Scope::Signature => ("chữ ký", "signature"),
        Scope::Document => ("văn bản", "document"),
        Scope::Archive => ("kho văn bản", "archive"),
        Scope::Register => ("sổ đăng ký, hồ sơ", "register"),
        Scope::Rate => ("tỷ lệ", "rate"),
    }
}

fn page(meta: &Meta) -> String {
    let (level_vi, level_en) = level(meta.level);
    let (scope_vi, scope_en) = scope(meta.scope);
    format!(
        "# `{id}`\n\n\
         ## {title_vi}\n\n\
         Mức mặc định: **{level_vi}**. Phạm vi: {scope_vi}.\n\n\
         **Khi nào báo.** {explanation_vi}\n\n\
         **Căn cứ.** {basis_vi}\n\n\
         **Cách xử lý.** {remedy_vi}\n\n\
         ## {title_en}\n\n\
         Default level: **{level_en}**. Scope: {scope_en}.\n\n\
         **When it fires.** {explanation_en}\n\n\
         **Basis.** {basis_en}\n\n\
         **Remedy.** {remedy_en}\n",
        id = meta.id,
        title_vi = meta.title.vi,
        explanation_vi = meta.explanation.vi,
        basis_vi = meta.basis.vi,
        remedy_vi = meta.remedy.vi,
        title_en = meta.title.en,
        explanation_en = meta.explanation.en,
        basis_en = meta.basis.en,
        remedy_en = meta.remedy.en,
    )
}

fn index() -> String {
    let mut text = String::from(
        "# Danh mục kiểm tra / Checks\n\n\
         Mã không đổi và không dùng lại. Mức có thể đặt lại trong `[check]` của `soat.toml`; kết quả chưa xác định \
         không thể hạ xuống hay tắt đi.\n\n\
         Ids are stable and never reused. Levels can be overridden under `[check]` in `soat.toml`; an indeterminate \
         result can be neither lowered nor switched off.\n\n\
         | mã / id | mức / level | phạm vi / scope | tiếng Việt | English |\n|---|---|---|---|---|\n",
    );
    for check in CHECKS {
        let meta = &check.meta;
        let (level, scope) = (level(meta.level).1, scope(meta.scope).1);
        let (vi, en) = (meta.title.vi, meta.title.en);
        writeln!(text, "| [`{id}`]({id}.md) | {level} | {scope} | {vi} | {en} |", id = meta.id).unwrap();
    }
    text
}

#[test]
fn pages_match_the_checks() {
    let mut expected = CHECKS
        .iter()
        .map(|check| (format!("{}.md", check.meta.id), page(&check.meta)))
        .collect::<std::collections::BTreeMap<_, _>>();
    expected.insert("README.md".into(), index());
    if std::env::var_os("SOAT_BLESS").is_some() {
        for (name, text) in &expected {
            std::fs::write(folder().join(name), text).unwrap();
        }
    }
    for (name, text) in &expected {
        let written = std::fs::read_to_string(folder().join(name)).unwrap_or_default();
        assert!(written == *text, "docs/checks/{name} differs from its check: SOAT_BLESS=1 cargo test pages");
    }
    for entry in std::fs::read_dir(folder()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(expected.contains_key(&name), "docs/checks/{name} belongs to no check");
    }
}

#[test]
fn ids_are_unique_kebab_case_and_found() {
    let mut seen = BTreeSet::new();
    for check in CHECKS {
        let id = check.meta.id;
        assert!(seen.insert(id), "{id} twice");
        assert!(id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{id}");
        assert_eq!(find(id).map(|found| found.meta.id), Some(id));
    }
}

/// Every check's own tests show one case where it speaks and one where it is silent.
#[test]
fn every_check_has_a_bad_and_a_good_case() {
    let source = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/check");
    for check in CHECKS {
        let file = source.join(check.meta.id.replace('-', "_")).with_extension("rs");
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        let tests = text.split_once("mod tests {").map(|(_, tests)| tests).unwrap_or_default();
        let silent =
            ["is_empty()", ", 0)", "Vec::new()", "[]", "None)", "== 0"].iter().any(|word| tests.contains(word));
        let speaks = ["len(), 1", "len(), 2", "[0]", "[Level::", ".contains(", ", 1)", "== 1", "[\"", "Some(Level::"];
        let speaks = speaks.iter().any(|word| tests.contains(word));
        assert!(tests.contains("#[test]") && silent && speaks, "{}: silent {silent}, speaks {speaks}", check.meta.id);
    }
}

#[test]
fn every_text_is_there_in_both_languages() {
    for Check { meta, .. } in CHECKS.iter().copied() {
        for text in [meta.title, meta.explanation, meta.basis, meta.remedy] {
            assert!(!text.vi.trim().is_empty() && !text.en.trim().is_empty(), "{}", meta.id);
            assert_ne!(text.vi, text.en, "{}", meta.id);
        }
    }
}

/// Acts of which only excerpts were seen may be quoted with that remark alone; acts not held, without article.
#[test]
fn a_basis_carries_its_mark() {
    const EXCERPTS: &[&str] = &["68/2024/NĐ-CP", "41/2017/TT-BTTTT", "15/2025/TT-BKHCN"];
    const NOT_HELD: &[&str] = &["Luật Bảo vệ bí mật nhà nước", "QCVN"];
    for Check { meta, .. } in CHECKS.iter().copied() {
        for (text, excerpt, unverified) in [
            (meta.basis.vi, "theo bản trích công khai, chưa đối chiếu bản gốc", "chưa đối chiếu"),
            (meta.basis.en, "from public excerpts, not compared with the original", "not compared"),
        ] {
            if EXCERPTS.iter().any(|act| text.contains(act)) {
                assert!(text.contains(excerpt), "{}: {text}", meta.id);
            }
            if NOT_HELD.iter().any(|act| text.contains(act)) {
                assert!(text.contains(unverified), "{}: {text}", meta.id);
            }
            // "NĐ 30 Đ.5(1)" is our shorthand, not the way acts are quoted.
            assert!(!text.contains("Đ.") && !text.contains("NĐ 30"), "{}: {text}", meta.id);
        }
    }
}

#[test]
fn findings_are_ordered_by_level_check_path_subject() {
    let case = testing::Case::new().signatures([testing::failed(testing::person(), "signature-value-invalid")]);
    let mut findings = case.run(find("signature-value-invalid").unwrap());
    findings.extend(testing::Case::new().scan().run(find("scan-without-signature").unwrap()));
    findings.reverse();
    sort(&mut findings);
    let checks = findings.iter().map(|finding| finding.check.as_ref()).collect::<Vec<_>>();
    assert_eq!(checks, ["signature-value-invalid", "scan-without-signature"]);
}

#[test]
fn a_logo_of_every_appearance_is_no_seal() {
    use crate::model::{Content, Sha256Digest};
    let verdicts = [testing::person(), testing::agency()];
    let verdicts = [(0, "Signature1"), (1, "Signature2")].map(|(at, field)| {
        let mut verdict: crate::model::SignatureVerdict = verdicts[at].clone();
        verdict.field = field.into();
        verdict
    });
    let mut facts = testing::facts(1, testing::identity(), &verdicts);
    let logo = Sha256Digest([3; 32]);
    if let Content::Pdf(pdf) = &mut facts.content {
        pdf.signatures[0].appearance.as_mut().unwrap().images = vec![logo];
        pdf.signatures[1].appearance.as_mut().unwrap().images = vec![logo, testing::SEAL];
    }
    let file = FileInput { path: "a.pdf", facts: Some(&facts), verdicts: &verdicts, prefix_of: None };
    assert_eq!(seal_images(&[file]), BTreeSet::from([testing::SEAL]));
}
