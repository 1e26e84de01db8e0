//! `soat explain` and `soat checks`: from the checks' own metadata.

use super::exit::{Exit, Failure};
use super::terminal::{Terminal, print};
use crate::check::CHECKS;
use crate::model::{CheckMeta, Level, Scope};
use std::fmt::Write as _;

/// The word for a level as findings print it.
fn level(level: Level, terminal: &Terminal) -> &'static str {
    match level {
        Level::Error => terminal.pick("lỗi", "error"),
        Level::Warn => terminal.pick("cảnh báo", "warning"),
        Level::Info => terminal.pick("thông tin", "information"),
        Level::Indeterminate => terminal.pick("chưa xác định", "indeterminate"),
    }
}

fn scope(scope: Scope, terminal: &Terminal) -> &'static str {
    match scope {
        Scope::Signature => terminal.pick("chữ ký", "signature"),
        Scope::Document => terminal.pick("văn bản", "document"),
        Scope::Archive => terminal.pick("kho văn bản", "archive"),
        Scope::Register => terminal.pick("sổ đăng ký", "register"),
        Scope::Rate => terminal.pick("tỷ lệ", "rate"),
    }
}

/// One check.
pub(super) fn explain(id: &str, terminal: &Terminal) -> Result<Exit, Failure> {
    let Some(check) = CHECKS.iter().find(|check| check.meta.id == id) else {
        let near: Vec<&str> = CHECKS.iter().map(|check| check.meta.id).filter(|known| is_near(known, id)).collect();
        let hint = if near.is_empty() { "soat checks".to_owned() } else { near.join(", ") };
        let text = terminal.pick("Không có kiểm tra", "No check").to_owned();
        return Err(Failure::message(Exit::Usage, format!("{text} \"{id}\" ({hint})")));
    };
    let meta: CheckMeta = check.meta.to_model();
    let language = terminal.language;
    let mut out = String::new();
    let _ = writeln!(out, "{} — {}", meta.id, meta.title.get(language));
    let _ = writeln!(
        out,
        "{}: {} · {}: {}\n",
        terminal.pick("Mức", "Level"),
        level(meta.level, terminal),
        terminal.pick("Đối tượng", "About"),
        scope(meta.scope, terminal)
    );
    for (title, text) in [
        (terminal.pick("Khi nào báo", "When it fires"), &meta.explanation),
        (terminal.pick("Căn cứ", "Basis"), &meta.basis),
        (terminal.pick("Ai xử lý, xử lý thế nào", "Who fixes it, and how"), &meta.remedy),
    ] {
        let _ = writeln!(out, "{title}:\n  {}\n", text.get(language));
    }
    print(out.as_bytes())?;
    Ok(Exit::Passed)
}

/// Every check, a line each.
pub(super) fn list(terminal: &Terminal) -> Result<Exit, Failure> {
    let mut out = String::new();
    for check in CHECKS {
        let meta = check.meta.to_model();
        let _ = writeln!(
            out,
            "{:<38}{:<16}{:<14}{}",
            meta.id,
            level(meta.level, terminal),
            scope(meta.scope, terminal),
            meta.title.get(terminal.language)
        );
    }
    print(out.as_bytes())?;
    Ok(Exit::Passed)
}

/// Shares a word with what was asked for.
fn is_near(known: &str, asked: &str) -> bool {
    asked.split('-').any(|word| word.len() > 3 && known.contains(word))
}
