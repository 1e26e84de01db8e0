//! `soat init`: starting files, and the registers that lie near, with what each would be read as.

use super::exit::{Exit, Failure};
use super::setup::CONFIGURATION;
use super::terminal::{Terminal, print};
use super::{files, system};
use crate::config::{RegisterKind, TEMPLATE};
use crate::register::{self, RegisterError, RegisterFile, Source};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// Header of the organisation table.
const UNITS: &str = "\u{feff}code,name,ascii_name,parent,place,organ_id,valid_from,valid_to,successor,kind\n";
/// Header of the exemptions.
const EXEMPTIONS: &str = "\u{feff}reference,date,reason,basis,authority,recorded_by,recorded_on,expires\n";
/// Kinds of register with their names in the configuration.
const KINDS: [(RegisterKind, &str); 7] = [
    (RegisterKind::Outgoing, "outgoing"),
    (RegisterKind::PostBook, "post-book"),
    (RegisterKind::WorkFiles, "work-files"),
    (RegisterKind::Exemptions, "exemptions"),
    (RegisterKind::Cancelled, "cancelled"),
    (RegisterKind::Waivers, "waivers"),
    (RegisterKind::Delegations, "delegations"),
];

/// The column that tells units apart: exports have it, the decree's form does not.
const UNIT_FIELD: Option<(&str, &str)> = Some(("unit", "Đơn vị soạn thảo"));

/// Writes starting files; never over an existing one.
pub(super) fn init(folder: Option<&Path>, terminal: &Terminal) -> Result<Exit, Failure> {
    let folder = folder.unwrap_or(Path::new("."));
    let refuse = |path: &Path, error: std::io::Error| {
        Failure::message(Exit::Usage, format!("{}: {}", path.display(), system::say(&error, terminal)))
    };
    if !folder.is_dir() {
        return Err(refuse(folder, std::io::ErrorKind::NotFound.into()));
    }
    let found = candidates(folder);
    let mut blocks = String::new();
    for candidate in found.iter().filter(|candidate| candidate.repeats.is_none()) {
        let _ = write!(blocks, "\n{}", block(candidate, terminal));
    }
    // Declaring an empty list says that there are no exemptions: that is for the office to say.
    if found.iter().all(|candidate| candidate.kind != "exemptions") {
        blocks.push_str("\n# [[register]]\n# kind = \"exemptions\"\n# path = \"exemptions.csv\"\n");
    }
    let configuration = folder.join(CONFIGURATION);
    let is_new = !configuration.exists();
    let proposed = terminal.pick(
        "# Sổ do `soat init` tìm thấy. Xem lại loại (kind) và các cột: soat register check, soat doctor.",
        "# Registers found by `soat init`. Look at kind and columns: soat register check, soat doctor.",
    );
    let text = format!("{TEMPLATE}\n{proposed}\n{blocks}");
    let mut out = String::new();
    for (name, text) in [(CONFIGURATION, text.as_str()), ("units.csv", UNITS), ("exemptions.csv", EXEMPTIONS)] {
        let path = folder.join(name);
        let said = if path.exists() {
            terminal.pick("đã có, giữ nguyên", "exists, left as it is")
        } else {
            files::write(&path, text.as_bytes()).map_err(|error| refuse(&path, error))?;
            terminal.pick("đã tạo", "written")
        };
        let _ = writeln!(out, "{}: {said}", path.display());
    }
    for name in ["trust", "crls"] {
        let path = folder.join(name);
        fs::create_dir_all(&path).map_err(|error| refuse(&path, error))?;
        let _ = writeln!(out, "{}/: {}", path.display(), terminal.pick("sẵn sàng", "ready"));
    }
    for candidate in &found {
        let _ = writeln!(out, "\n{}", shown(candidate, terminal));
    }
    if !found.is_empty() {
        let text = match is_new {
            true => terminal.pick("Đã ghi các sổ này vào soat.toml.", "These registers were written into soat.toml."),
            false => terminal.pick("soat.toml đã có; thêm vào nếu chưa có:", "soat.toml exists; add what it lacks:"),
        };
        let _ = writeln!(out, "\n{text}");
        if !is_new {
            out.push_str(&blocks);
        }
    }
    let _ = writeln!(
        out,
        "\n{}",
        terminal.pick(
            "Tiếp theo:\n  1. điền tên và mã cơ quan ([archive] name, agency) vào soat.toml; điền units.csv rồi bỏ dấu # trước organisation\n  2. soat trust import TỆP-CHỨNG-THƯ --archive THƯ_MỤC    (chứng thư gốc, CA và danh sách thu hồi)\n  3. soat doctor THƯ_MỤC    (còn thiếu gì, làm gì)\n  4. soat audit THƯ_MỤC",
            "Next:\n  1. fill in name and code of the agency ([archive] name, agency) in soat.toml; fill in units.csv and remove the # before organisation\n  2. soat trust import CERTIFICATE-FILE --archive FOLDER    (roots, CAs and revocation lists)\n  3. soat doctor FOLDER    (what is missing, what to do)\n  4. soat audit FOLDER"
        )
    );
    print(out.as_bytes())?;
    Ok(Exit::Passed)
}

/// A file that reads as a register.
struct Candidate {
    /// Relative to the folder, `/` separated.
    path: String,
    /// Name of the kind.
    kind: &'static str,
    rows: usize,
    matched: usize,
    unmatched: Vec<String>,
    missing: Vec<(&'static str, &'static str)>,
    /// What tells its rows from others.
    references: BTreeSet<String>,
    /// Another file that lists the same.
    repeats: Option<String>,
}

/// Spreadsheets and CSV files in the folder and one level below, each as the kind it fits best. An export
/// in a second format repeats the first.
fn candidates(folder: &Path) -> Vec<Candidate> {
    let mut files: Vec<PathBuf> = walkdir::WalkDir::new(folder)
        .max_depth(2)
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .map(walkdir::DirEntry::into_path)
        .filter(|path| register::Format::of_path(&path.to_string_lossy()).is_some())
        .collect();
    files.sort();
    let mut found: Vec<Candidate> = Vec::new();
    for file in files {
        let path = file.strip_prefix(folder).unwrap_or(&file).to_string_lossy().replace('\\', "/");
        if path == "units.csv" {
            continue;
        }
        let Ok(bytes) = fs::read(&file) else { continue };
        let best = KINDS
            .iter()
            .filter_map(|(kind, name)| candidate(&path, &bytes, *kind, name))
            .max_by_key(|one| (one.matched.saturating_sub(one.missing.len()), std::cmp::Reverse(one.unmatched.len())));
        if let Some(mut best) = best {
            let twin = found.iter().find(|other| other.kind == best.kind && other.references == best.references);
            best.repeats = twin.map(|other| other.path.clone());
            found.push(best);
        }
    }
    found
}

fn candidate(path: &str, bytes: &[u8], kind: RegisterKind, name: &'static str) -> Option<Candidate> {
    let source = Source::plain(path, bytes);
    /// Columns matched, headers not used, prescribed columns missing, rows, and what tells them apart.
    type Shape = (usize, Vec<String>, Vec<(&'static str, &'static str)>, usize, BTreeSet<String>);
    fn of<R>(file: Result<RegisterFile<R>, RegisterError>, key: impl Fn(&R) -> String) -> Option<Shape> {
        let file = file.ok()?;
        let keys = file.rows.iter().map(key).collect();
        let mut missing = file.missing_fields;
        // Not prescribed, but what tells units apart.
        if missing.iter().any(|(field, _)| *field == "subject") || file.matched.iter().any(|one| one.field == "subject")
        {
            missing.extend(UNIT_FIELD.filter(|_| file.matched.iter().all(|one| one.field != "unit")));
        }
        Some((file.matched.len(), file.unmatched_headers, missing, file.rows.len(), keys))
    }
    let (matched, unmatched, missing, rows, references) = match kind {
        RegisterKind::Outgoing => {
            of(register::read_outgoing(&source), |row| format!("{} {:?}", row.reference, row.date))
        }
        RegisterKind::PostBook => {
            of(register::read_post_book(&source), |row| format!("{} {:?}", row.reference, row.transferred))
        }
        RegisterKind::WorkFiles => of(register::read_work_files(&source), |row| row.code.clone()),
        RegisterKind::Exemptions => of(register::read_exemptions(&source), |row| row.reference.clone()),
        RegisterKind::Cancelled => of(register::read_cancelled(&source), |row| row.reference.clone()),
        RegisterKind::Delegations => {
            of(register::read_delegations(&source), |row| format!("{} {}", row.name, row.prefix))
        }
        RegisterKind::Waivers => of(register::read_waivers(&source), |row| format!("{} {}", row.check, row.document)),
    }?;
    let candidate =
        Candidate { path: path.to_owned(), kind: name, rows, matched, unmatched, missing, references, repeats: None };
    // A list without rows says nothing about itself, except the one that `init` wrote.
    (rows > 0 || path == "exemptions.csv").then_some(candidate)
}

/// The lines of the configuration; fields without a column are left to be filled in.
fn block(candidate: &Candidate, terminal: &Terminal) -> String {
    let path = candidate.path.replace('\\', "\\\\").replace('"', "\\\"");
    let mut out = format!("[[register]]\nkind = \"{}\"\npath = \"{path}\"\n", candidate.kind);
    if !candidate.missing.is_empty() && !candidate.unmatched.is_empty() {
        let _ = writeln!(
            out,
            "  [register.columns]                  # {}",
            terminal.pick("trường = tiêu đề cột trong tệp", "field = header in the file")
        );
        let headers = candidate.unmatched.join(" | ").replace(['\n', '\r'], " ");
        let _ = writeln!(out, "  # {}: {headers}", terminal.pick("cột chưa dùng", "columns not used"));
        for (field, header) in &candidate.missing {
            let _ = writeln!(out, "  # {field} = \"{header}\"");
        }
    }
    out
}

fn shown(candidate: &Candidate, terminal: &Terminal) -> String {
    let Candidate { path, kind, rows, matched, unmatched, .. } = candidate;
    if let Some(other) = &candidate.repeats {
        let (vi, en) = (
            format!("{path}: cùng nội dung với {other}, không thêm lần nữa"),
            format!("{path}: lists the same as {other}, not added again"),
        );
        return terminal.pick(&vi, &en).to_owned();
    }
    let name = match *kind {
        "outgoing" => terminal.pick("sổ đăng ký văn bản đi", "outgoing register"),
        "post-book" => terminal.pick("sổ gửi bưu điện", "post book"),
        "work-files" => terminal.pick("danh mục hồ sơ công việc", "list of work files"),
        "exemptions" => terminal.pick("danh sách miễn trừ", "list of exemptions"),
        "waivers" => terminal.pick("danh sách miễn trừ phát hiện", "list of waivers"),
        _ => terminal.pick("danh sách số đã hủy", "list of cancelled numbers"),
    };
    let (vi, en) = (
        format!("{path}: đọc được như {name} ({kind}), {rows} dòng, khớp {matched} cột"),
        format!("{path}: reads as {name} ({kind}), {rows} rows, {matched} columns matched"),
    );
    let mut out = terminal.pick(&vi, &en).to_owned();
    if !unmatched.is_empty() {
        let _ = write!(out, "; {}: {}", terminal.pick("cột chưa dùng", "not used"), unmatched.join(" | "));
    }
    out
}
