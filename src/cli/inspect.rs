//! `soat init`, `doctor`, `config` and `register check`: before the first audit and when something is
//! wrong.

use super::evidence::Collection;
use super::exit::{Exit, Failure};
use super::load::source;
use super::setup::{CONFIGURATION, Setup};
use super::terminal::{Terminal, print};
use crate::archive;
use crate::config::{Origin, Register, RegisterKind, TEMPLATE};
use crate::register::{self, RegisterError, Source};
use crate::state::State;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// Header of the organisation table.
const UNITS: &str = "\u{feff}code,name,ascii_name,parent,place,organ_id,valid_from,valid_to,successor,kind\n";
/// Header of the exemptions.
const EXEMPTIONS: &str = "\u{feff}reference,date,reason,basis,authority,recorded_by,recorded_on,expires\n";

/// Writes starting files; never over an existing one.
pub(super) fn init(folder: Option<&Path>, terminal: &Terminal) -> Result<Exit, Failure> {
    let folder = folder.unwrap_or(Path::new("."));
    let mut out = String::new();
    for (name, text) in [(CONFIGURATION, TEMPLATE), ("units.csv", UNITS), ("exemptions.csv", EXEMPTIONS)] {
        let path = folder.join(name);
        let said = if path.exists() {
            terminal.pick("đã có, giữ nguyên", "exists, left as it is")
        } else {
            fs::write(&path, text)
                .map_err(|error| Failure::message(Exit::Usage, format!("{}: {error}", path.display())))?;
            terminal.pick("đã tạo", "written")
        };
        let _ = writeln!(out, "{}: {said}", path.display());
    }
    for name in ["trust", "crls"] {
        let path = folder.join(name);
        fs::create_dir_all(&path)
            .map_err(|error| Failure::message(Exit::Usage, format!("{}: {error}", path.display())))?;
    }
    for register in registers_near(folder) {
        let _ = writeln!(out, "\n{}", proposal(folder, &register, terminal));
    }
    let _ = writeln!(
        out,
        "\n{}",
        terminal.pick(
            "Tiếp theo: điền tên cơ quan, bảng đơn vị và sổ đăng ký vào soat.toml, rồi chạy `soat doctor`, `soat audit`.",
            "Next: fill in agency, units and register in soat.toml, then run `soat doctor` and `soat audit`."
        )
    );
    print(out.as_bytes())?;
    Ok(Exit::Passed)
}

/// Spreadsheets and CSV files in the folder and one level below that read as an outgoing register.
fn registers_near(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = walkdir::WalkDir::new(folder)
        .max_depth(2)
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .map(walkdir::DirEntry::into_path)
        .filter(|path| register::Format::of_path(&path.to_string_lossy()).is_some())
        .filter(|path| {
            let name = path.to_string_lossy();
            fs::read(path).is_ok_and(|bytes| {
                register::read_outgoing(&Source::plain(&name, &bytes)).is_ok_and(|file| !file.rows.is_empty())
            })
        })
        .collect();
    files.sort();
    files
}

/// The lines that would bring a register into the configuration.
fn proposal(folder: &Path, register: &Path, terminal: &Terminal) -> String {
    let shown = register.strip_prefix(folder).unwrap_or(register).to_string_lossy().replace('\\', "/");
    format!(
        "{} {shown}:\n\n[[register]]\nkind = \"outgoing\"\npath = \"{shown}\"",
        terminal.pick("Tìm thấy sổ đăng ký; thêm vào soat.toml:", "A register was found; add to soat.toml:")
    )
}

/// Prints each value with its origin.
pub(super) fn config(setup: &Setup, terminal: &Terminal) -> Result<Exit, Failure> {
    let mut out = String::new();
    for setting in setup.config.settings() {
        let origin = match setting.origin {
            Origin::Default => terminal.pick("mặc định", "default"),
            Origin::File => terminal.pick("tệp", "file"),
            Origin::Environment => terminal.pick("biến môi trường", "environment"),
            Origin::Flag => terminal.pick("dòng lệnh", "flag"),
        };
        let line = setting.line.map_or_else(String::new, |line| format!(":{line}"));
        let _ = writeln!(out, "{} = {} ({origin}{line})", setting.key, setting.value);
    }
    let _ = writeln!(out, "state = {}", setup.state.display());
    print(out.as_bytes())?;
    Ok(Exit::Passed)
}

/// One line of the doctor's report.
struct Diagnosis {
    ok: bool,
    text: String,
}

/// Checks everything that makes a run fail or its result thin.
pub(super) fn doctor(setup: &Setup, terminal: &Terminal) -> Result<Exit, Failure> {
    let mut lines = Vec::new();
    let mut say = |ok: bool, vi: String, en: String| {
        lines.push(Diagnosis { ok, text: terminal.pick(&vi, &en).to_owned() });
    };
    match &setup.file {
        Some((file, _)) => {
            say(true, format!("Cấu hình: {}", file.display()), format!("Configuration: {}", file.display()))
        }
        None => say(false, "Chưa có soat.toml: chạy `soat init`.".into(), "No soat.toml: run `soat init`.".into()),
    }
    let folders: Vec<PathBuf> = setup.config.archive.documents.iter().map(PathBuf::from).collect();
    match archive::walk(&setup.base, &folders, |name| setup.config.is_excluded(name) || setup.is_own(name)) {
        Ok(walk) => {
            let count = walk.entries.len();
            say(true, format!("Kho văn bản: {count} tệp"), format!("Archive: {count} files"));
            for (path, reason) in &walk.problems {
                say(false, format!("Không đọc được {path}: {reason}"), format!("Cannot read {path}: {reason}"));
            }
        }
        Err(error) => say(
            false,
            format!("Không có gì để kiểm tra: {error}. Xem ổ mạng đã gắn chưa."),
            format!("Nothing to audit: {error}. Is the share mounted?"),
        ),
    }
    if setup.config.registers_of(RegisterKind::Outgoing).next().is_none() {
        say(
            false,
            "Chưa khai báo sổ đăng ký văn bản đi: không tính được tỷ lệ. Thêm [[register]] vào soat.toml.".into(),
            "No outgoing register configured: no rate can be computed. Add [[register]] to soat.toml.".into(),
        );
    }
    for register in &setup.config.registers {
        match fs::read(setup.path(&register.path)) {
            Err(error) => say(
                false,
                format!("Không đọc được {}: {error}", register.path),
                format!("Cannot read {}: {error}", register.path),
            ),
            Ok(bytes) => match summary(register, &bytes) {
                Ok((rows, 0)) => {
                    say(true, format!("{}: {rows} dòng", register.path), format!("{}: {rows} rows", register.path))
                }
                Ok((rows, problems)) => say(
                    false,
                    format!("{}: {rows} dòng, {problems} chỗ không đọc được: xem `soat register check`", register.path),
                    format!("{}: {rows} rows, {problems} unreadable cells: see `soat register check`", register.path),
                ),
                Err(error) => say(false, error.message().vi, error.message().en),
            },
        }
    }
    trust(setup, &mut say);
    match State::lock(&setup.state) {
        Ok(_lock) => say(
            true,
            format!("Cơ sở dữ liệu trạng thái: {}", setup.state.display()),
            format!("State database: {}", setup.state.display()),
        ),
        Err(error) => say(false, format!("Trạng thái: {error}"), format!("State: {error}")),
    }
    if setup.state.starts_with(&setup.base) {
        say(
            false,
            "Cơ sở dữ liệu trạng thái nằm trong kho văn bản: đặt ra ngoài bằng --state.".into(),
            "The state database lies inside the archive: move it with --state.".into(),
        );
    }
    let mut out = String::new();
    for line in &lines {
        let _ = writeln!(out, "{} {}", if line.ok { "✓" } else { "✗" }, line.text);
    }
    print(out.as_bytes())?;
    Ok(if lines.iter().all(|line| line.ok) { Exit::Passed } else { Exit::NotPassed })
}

fn trust(setup: &Setup, say: &mut impl FnMut(bool, String, String)) {
    let mut collection = Collection::default();
    for folder in [&setup.config.trust_folder, &setup.config.revocation_folder].into_iter().flatten() {
        collection.add_folder(&setup.path(folder), folder);
    }
    for (path, reason) in &collection.problems {
        say(false, format!("{path}: {reason}"), format!("{path}: {reason}"));
    }
    if setup.config.anchors.is_empty() {
        say(
            false,
            "Chưa xác nhận gốc tin cậy nào: mọi chữ ký sẽ là \"chưa xác định\". Dùng `soat trust import` rồi `soat trust confirm`.".into(),
            "No root is confirmed: every signature stays indeterminate. Use `soat trust import`, then `soat trust confirm`.".into(),
        );
    }
    for sha256 in setup.config.anchors.keys() {
        if !collection.certificates.iter().any(|certificate| certificate.sha256 == *sha256) {
            say(
                false,
                format!("Không có chứng thư của gốc đã xác nhận {sha256} trong thư mục tin cậy."),
                format!("The confirmed root {sha256} is not in the trust folder."),
            );
        }
    }
    if collection.lists.is_empty() && collection.responses.is_empty() {
        say(
            false,
            "Chưa có danh sách thu hồi: tình trạng thu hồi sẽ là \"chưa xác định\".".into(),
            "No revocation list: revocation stays unknown.".into(),
        );
    }
    let now = setup.clock;
    let mut issuers: Vec<_> = collection.lists.iter().map(|list| list.issuer.short()).collect();
    issuers.sort();
    issuers.dedup();
    for issuer in issuers {
        let newest =
            collection.lists.iter().filter(|list| list.issuer.short() == issuer).max_by_key(|list| list.this_update);
        let Some(list) = newest else { continue };
        let days = (now.0 - list.this_update.0) / 86_400;
        let stale = list.next_update.is_some_and(|until| until < now);
        if stale {
            say(
                false,
                format!("Danh sách thu hồi của {issuer} đã quá hạn ({days} ngày tuổi): chép bản mới vào thư mục."),
                format!("The revocation list of {issuer} is out of date ({days} days old): copy a new one."),
            );
        } else {
            say(true, format!("CRL {issuer}: {days} ngày tuổi"), format!("CRL {issuer}: {days} days old"));
        }
    }
}

/// Rows and problems of a register.
fn summary(register: &Register, bytes: &[u8]) -> Result<(usize, usize), RegisterError> {
    super::register::look(register.kind, &source(register, bytes)).map(|looked| (looked.rows, looked.problems.len()))
}
