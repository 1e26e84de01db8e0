//! `soat register check`: what a register file holds as the program reads it, and what would be lost.

use super::arguments::RegisterCommand;
use super::exit::{Exit, Failure};
use super::load::{check_settings, organisations, source};
use super::setup::Setup;
use super::system;
use super::terminal::{Terminal, print};
use crate::check::{self, ArchiveInput};
use crate::config::{Register, RegisterKind};
use crate::model::{CancelledNumber, Finding, RegisterRow};
use crate::records::{self, RecordsInput};
use crate::register::{self, MatchedColumn, RegisterError, RegisterFile, RegisterProblem, Source};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// Problems of one kind that are listed; the rest is counted.
const LISTED: usize = 200;

/// Checks over the rows alone.
const ROW_CHECKS: [&str; 3] = ["number-gap", "number-duplicate", "number-out-of-order"];

/// What is shown of a register file.
pub(super) struct Looked {
    /// Rows read.
    pub rows: usize,
    /// What could not be read.
    pub problems: Vec<RegisterProblem>,
    unlisted: u32,
    header_row: u32,
    encoding: Option<String>,
    sheet: Option<String>,
    matched: Vec<MatchedColumn>,
    unmatched: Vec<String>,
    missing: Vec<(&'static str, &'static str)>,
    without_reference: u32,
    empty: u32,
    outgoing: Vec<RegisterRow>,
}

impl Looked {
    fn of<R>(file: RegisterFile<R>, outgoing: impl FnOnce(Vec<R>) -> Vec<RegisterRow>) -> Self {
        Self {
            rows: file.rows.len(),
            problems: file.problems,
            unlisted: file.unlisted_problems,
            header_row: file.header_row,
            encoding: file.encoding.map(|encoding| encoding.to_string()),
            sheet: file.sheet,
            matched: file.matched,
            unmatched: file.unmatched_headers,
            missing: file.missing_fields,
            without_reference: file.rows_without_reference,
            empty: file.empty_rows,
            outgoing: outgoing(file.rows),
        }
    }
}

/// Reads a list of the kind.
pub(super) fn look(kind: RegisterKind, source: &Source<'_>) -> Result<Looked, RegisterError> {
    match kind {
        RegisterKind::Outgoing => register::read_outgoing(source).map(|file| Looked::of(file, |rows| rows)),
        RegisterKind::PostBook => register::read_post_book(source).map(other),
        RegisterKind::WorkFiles => register::read_work_files(source).map(other),
        RegisterKind::Exemptions => register::read_exemptions(source).map(other),
        RegisterKind::Cancelled => register::read_cancelled(source).map(other),
        RegisterKind::Waivers => register::read_waivers(source).map(other),
        RegisterKind::Delegations => register::read_delegations(source).map(other),
    }
}

fn other<R>(file: RegisterFile<R>) -> Looked {
    Looked::of(file, |_| Vec::new())
}

/// Which columns matched, what cannot be read, and which numbers are missing or given twice.
pub(super) fn check(command: &RegisterCommand, setup: &Setup, terminal: &Terminal) -> Result<Exit, Failure> {
    let RegisterCommand::Check { file } = command;
    let registers: Vec<(PathBuf, Option<&Register>)> = match file {
        Some(file) => vec![(file.clone(), configured(setup, file))],
        None => setup.config.registers.iter().map(|register| (setup.path(&register.path), Some(register))).collect(),
    };
    if registers.is_empty() {
        let text = terminal.pick(
            "Chưa nêu sổ đăng ký nào: soat register check TỆP, hoặc khai báo [[register]] trong soat.toml.",
            "No register named: soat register check FILE, or name one under [[register]] in soat.toml.",
        );
        return Err(Failure::message(Exit::Usage, text));
    }
    let mut exit = Exit::Passed;
    let mut rows = Vec::new();
    for (path, register) in registers {
        let bytes = fs::read(&path).map_err(|error| unreadable(&path, &error, terminal))?;
        let name = path.to_string_lossy();
        let source = register.map_or_else(|| Source::plain(&name, &bytes), |register| source(register, &bytes));
        let kind = register.map_or(RegisterKind::Outgoing, |register| register.kind);
        let mut looked = look(kind, &source)
            .map_err(|error| Failure::message(Exit::Usage, error.message().get(terminal.language)))?;
        if !looked.problems.is_empty() {
            exit = Exit::NotPassed;
        }
        print(show(&path, &looked, terminal).as_bytes())?;
        rows.append(&mut looked.outgoing);
    }
    if !rows.is_empty() && numbers(&rows, setup, terminal)? {
        exit = Exit::NotPassed;
    }
    Ok(exit)
}

fn unreadable(path: &Path, error: &std::io::Error, terminal: &Terminal) -> Failure {
    Failure::message(Exit::Usage, format!("{}: {}", path.display(), system::say(error, terminal)))
}

/// The register of the configuration that is this file.
fn configured<'a>(setup: &'a Setup, file: &Path) -> Option<&'a Register> {
    let full = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    setup.config.registers.iter().find(|register| full(&setup.path(&register.path)) == full(file))
}

fn show(path: &Path, looked: &Looked, terminal: &Terminal) -> String {
    let mut out = String::new();
    let say = |vi, en| terminal.pick(vi, en);
    let _ = writeln!(out, "{}: {} {}", path.display(), looked.rows, say("dòng", "rows"));
    if let Some(encoding) = &looked.encoding {
        let _ = writeln!(out, "  {}: {encoding}", say("bảng mã", "encoding"));
    }
    if let Some(sheet) = &looked.sheet {
        let _ = writeln!(out, "  {}: {sheet}", say("trang tính", "sheet"));
    }
    let _ = writeln!(out, "  {}: {}", say("dòng tiêu đề", "header row"), looked.header_row);
    for column in &looked.matched {
        let _ =
            writeln!(out, "  ✓ {} ← “{}” ({} {})", column.field, column.header, say("cột", "column"), column.column);
    }
    for header in &looked.unmatched {
        let _ = writeln!(out, "  – “{header}”: {}", say("không dùng", "not used"));
    }
    for (field, header) in &looked.missing {
        let _ = writeln!(out, "  – {field}: {} “{header}”", say("không có cột như", "no column such as"));
    }
    if let (Some((field, _)), Some(header)) = (looked.missing.first(), looked.unmatched.first()) {
        let text = say(
            "cột nào trong số “không dùng” chứa các trường trên thì khai báo dưới [register.columns] của soat.toml, ví dụ",
            "if a column that is not used holds one of these fields, name it under [register.columns] of soat.toml, such as",
        );
        let _ = writeln!(out, "  → {text}: {field} = \"{header}\"");
    }
    if looked.empty > 0 {
        let _ = writeln!(out, "  – {} {}", looked.empty, say("dòng trống", "empty rows"));
    }
    if looked.without_reference > 0 {
        let text = say(
            "dòng không có số, ký hiệu (hoặc mã) sẽ không được tính",
            "rows without reference (or code) will not be counted",
        );
        let _ = writeln!(out, "  – {} {text}", looked.without_reference);
    }
    for problem in looked.problems.iter().take(LISTED) {
        let _ = writeln!(out, "  ✗ {}", problem.message().get(terminal.language));
    }
    let rest = looked.problems.len().saturating_sub(LISTED);
    let rest = rest.saturating_add(usize::try_from(looked.unlisted).unwrap_or(usize::MAX));
    if rest > 0 {
        let _ = writeln!(out, "  ✗ … {rest} {}", say("chỗ khác", "more"));
    }
    let undated: Vec<String> =
        looked.outgoing.iter().filter(|row| row.date.is_none()).map(|row| row.location.row.to_string()).collect();
    if !undated.is_empty() {
        let text = say("dòng không có ngày, không thuộc kỳ nào: dòng", "rows without a date, in no period: rows");
        let listed = undated.iter().take(LISTED).cloned().collect::<Vec<_>>().join(", ");
        let _ = writeln!(out, "  ✗ {} {text} {listed}", undated.len());
    }
    out
}

/// Gaps, numbers given twice, out of order: by the checks of the audit, over all outgoing registers at once.
/// Whether one is an error.
fn numbers(rows: &[RegisterRow], setup: &Setup, terminal: &Terminal) -> Result<bool, Failure> {
    let table = organisations(setup, terminal, &mut Vec::new(), &mut Vec::new())?;
    let cancelled = cancelled(setup, terminal)?;
    let records = records::join(&RecordsInput {
        files: &[],
        document_folders: &[],
        rows,
        post: &[],
        exemptions: &[],
        exemptions_loaded: false,
        cancelled: &cancelled,
        prints: &[],
        organisations: &table,
        agency: setup.config.archive.agency.as_deref(),
        work_files: &[],
        today: setup.clock.date_in_vietnam(),
        paper_rule_from: records::PAPER_RULE_FROM,
    });
    let mut found: Vec<Finding> = check::check_archive(&ArchiveInput {
        records: &records,
        files: &[],
        rows,
        post: &[],
        exemptions: &[],
        cancelled: &cancelled,
        work_files: &[],
        register_loaded: true,
        missing_columns: &[],
        altered: &[],
        authorities: &[],
        organisations: &table,
        settings: &check_settings(&setup.config),
        clock: setup.clock,
    });
    found.retain(|finding| ROW_CHECKS.contains(&finding.check.as_ref()));
    check::sort(&mut found);
    let mut out = format!("{}\n", terminal.pick("Số văn bản:", "Numbers:"));
    if found.is_empty() {
        let text = terminal.pick("không thiếu số, không trùng số", "no gap, no number twice");
        let _ = writeln!(out, "  ✓ {text}");
    }
    for finding in found.iter().take(LISTED) {
        let _ = writeln!(out, "  ✗ {}: {}", finding.check, finding.message.get(terminal.language));
    }
    if found.len() > LISTED {
        let _ = writeln!(out, "  … {}", found.len() - LISTED);
    }
    print(out.as_bytes())?;
    Ok(found.iter().any(|finding| finding.level == crate::model::Level::Error))
}

/// Numbers cancelled by the configured lists: they leave no gap.
fn cancelled(setup: &Setup, terminal: &Terminal) -> Result<Vec<CancelledNumber>, Failure> {
    let mut all = Vec::new();
    for register in setup.config.registers_of(RegisterKind::Cancelled) {
        let path = setup.path(&register.path);
        let bytes = fs::read(&path).map_err(|error| unreadable(&path, &error, terminal))?;
        let file = register::read_cancelled(&source(register, &bytes))
            .map_err(|error| Failure::message(Exit::Usage, error.message().get(terminal.language)))?;
        all.extend(file.rows);
    }
    Ok(all)
}
