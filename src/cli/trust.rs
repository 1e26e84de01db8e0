//! `soat trust`: what is in the trust and revocation folders, bringing files in, confirming roots.

use super::arguments::{AnchorKindArgument, ArchiveArguments, TrustCommand};
use super::evidence::{Collection, is_material};
use super::exit::{Exit, Failure};
use super::setup::{Setup, now};
use super::terminal::{Terminal, print};
use super::{files, system, update};
use crate::model::Sha256Digest;
use crate::pki::{
    Certificate, pins,
    pins::{PinEvidence, PinRole},
};
use crate::report::text;
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, IsTerminal, Read};
use std::path::{Path, PathBuf};

/// Runs the subcommand.
pub(super) fn run(
    command: &TrustCommand,
    setup: impl Fn(&ArchiveArguments) -> Result<Setup, Failure>,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    match command {
        TrustCommand::List(archive) => list(&setup(archive)?, terminal),
        TrustCommand::Import { files, by } => {
            import(files, by.as_deref(), &setup(&ArchiveArguments { folder: None })?, terminal)
        }
        TrustCommand::Confirm { sha256, kind, by } => {
            confirm(sha256, *kind, by, &setup(&ArchiveArguments { folder: None })?, terminal)
        }
        TrustCommand::Update(update) => {
            update::update(update, &setup(&ArchiveArguments { folder: update.folder.clone() })?, terminal)
        }
    }
}

/// What a certificate is, as far as its fingerprint is known.
pub(super) fn known(certificate: &Certificate, terminal: &Terminal) -> String {
    match pins::pin(certificate) {
        Some(pin) => {
            let what = match pin.role {
                PinRole::SpecialisedRoot => terminal.pick("gốc chuyên dùng công vụ đã biết", "known specialised root"),
                PinRole::SpecialisedCa => terminal.pick("CA chuyên dùng công vụ đã biết", "known specialised CA"),
                PinRole::PublicRoot => terminal.pick("gốc công cộng đã biết", "known public root"),
                PinRole::PublicCa => terminal.pick("CA công cộng đã biết", "known public CA"),
            };
            let source = match pin.evidence {
                PinEvidence::TwoSources => {
                    terminal.pick("hai nguồn công khai độc lập", "two independent public sources")
                }
                PinEvidence::OneSource => terminal.pick("một nguồn công khai", "one public source"),
            };
            format!("{what} ({source}): {}", pin.subject)
        }
        None => {
            terminal.pick("không có trong danh sách gốc và CA đã biết", "not among the known roots and CAs").to_owned()
        }
    }
}

fn list(setup: &Setup, terminal: &Terminal) -> Result<Exit, Failure> {
    let mut collection = Collection::default();
    for folder in [&setup.config.trust_folder, &setup.config.revocation_folder].into_iter().flatten() {
        collection.add_folder(&setup.path(folder), folder);
    }
    let moment = |time| text::moment(time, terminal.language);
    let mut out = String::new();
    for certificate in &collection.certificates {
        let state = match setup.config.anchors.get(&certificate.sha256) {
            Some(anchor) => format!(
                "{} ({}, {})",
                terminal.pick("gốc đã xác nhận", "confirmed anchor"),
                anchor.confirmed_by,
                text::date(anchor.confirmed_on, terminal.language)
            ),
            None if certificate.is_self_signed() => format!(
                "{}\n  {}",
                terminal.pick(
                    "gốc CHƯA xác nhận: đối chiếu dấu vân tay, rồi chạy",
                    "root NOT confirmed: compare the fingerprint, then run"
                ),
                confirmation(certificate, "specialised|public", setup, terminal)
            ),
            None => terminal.pick("chứng thư trung gian", "intermediate").to_owned(),
        };
        let _ = writeln!(
            out,
            "{}\n  SHA-256 {}\n  {} – {}\n  {state}\n  {}\n",
            certificate.subject.short(),
            certificate.sha256,
            moment(certificate.not_before),
            moment(certificate.not_after),
            known(certificate, terminal)
        );
    }
    for list in &collection.lists {
        let until = list.next_update.map_or_else(String::new, moment);
        let _ = writeln!(out, "CRL {}: {} – {until}", list.issuer.short(), moment(list.this_update));
    }
    for response in &collection.responses {
        let _ = writeln!(out, "OCSP {}", moment(response.produced_at));
    }
    for (path, reason) in &collection.problems {
        let _ = writeln!(out, "! {path}: {}", reason.get(terminal.language));
    }
    if out.is_empty() {
        out.push_str(terminal.pick(
            "Chưa có chứng thư hay danh sách thu hồi nào: dùng `soat trust import TỆP`.\n",
            "No certificate or revocation list yet: use `soat trust import FILE`.\n",
        ));
    }
    print(out.as_bytes())?;
    Ok(Exit::Passed)
}

fn import(paths: &[PathBuf], by: Option<&str>, setup: &Setup, terminal: &Terminal) -> Result<Exit, Failure> {
    let missing = |section: &str| {
        let text = terminal.pick("cấu hình chưa nêu thư mục", "the configuration names no folder");
        let hint = terminal.pick("chạy `soat init` trước", "run `soat init` first");
        Failure::message(Exit::Usage, format!("{text}: [{section}] folder\n  → {hint}"))
    };
    let trust = setup.config.trust_folder.as_ref().map(|folder| setup.path(folder)).ok_or_else(|| missing("trust"))?;
    let crls = setup.config.revocation_folder.as_ref().map(|folder| setup.path(folder));
    for file in &files_of(paths, terminal)? {
        let bytes = fs::read(file).map_err(|error| {
            Failure::message(Exit::Usage, format!("{}: {}", file.display(), system::say(&error, terminal)))
        })?;
        let mut found = Collection::default();
        found.add(&bytes, &file.to_string_lossy());
        for (name, reason) in &found.problems {
            terminal.note(&format!("{name}: {}", reason.get(terminal.language)));
        }
        let lists = !found.lists.is_empty() || !found.responses.is_empty();
        if found.certificates.is_empty() && !lists {
            // In a folder there may lie anything; a file named by hand was meant.
            if !paths.contains(file) {
                continue;
            }
            let said = terminal.pick(
                "không phải chứng thư hay danh sách thu hồi\n  → cần tệp .cer, .crt, .pem, .p7b hoặc .crl lấy từ cơ quan cấp",
                "neither certificate nor revocation data\n  → a .cer, .crt, .pem, .p7b or .crl file of the authority is needed",
            );
            return Err(Failure::message(Exit::Usage, format!("{}: {said}", file.display())));
        }
        let folder = match found.certificates.is_empty() {
            false => trust.clone(),
            true => crls.clone().ok_or_else(|| missing("revocation"))?,
        };
        let target = copy(&bytes, file, &folder, terminal)?;
        let mut out = format!("{} → {}\n", file.display(), target.display());
        for list in &found.lists {
            let _ =
                writeln!(out, "  CRL {}: {}", list.issuer.short(), text::moment(list.this_update, terminal.language));
        }
        for response in &found.responses {
            let _ = writeln!(out, "  OCSP {}", text::moment(response.produced_at, terminal.language));
        }
        print(out.as_bytes())?;
        for certificate in &found.certificates {
            imported(certificate, by, setup, terminal)?;
        }
    }
    Ok(Exit::Passed)
}

/// Says what a certificate is, and brings a root as far towards trust as it may come: a known one is
/// confirmed if somebody says that they compared it.
fn imported(certificate: &Certificate, by: Option<&str>, setup: &Setup, terminal: &Terminal) -> Result<(), Failure> {
    let mut out = format!(
        "  {}\n  SHA-256 {}\n  {}\n",
        certificate.subject.short(),
        certificate.sha256,
        known(certificate, terminal)
    );
    let is_open = certificate.is_self_signed() && !setup.config.anchors.contains_key(&certificate.sha256);
    let pin = pins::pin(certificate).filter(|pin| pin.role.is_root());
    if !is_open {
        print(out.as_bytes())?;
        return Ok(());
    }
    let kind = pin.map(|pin| match pin.role.is_specialised() {
        true => AnchorKindArgument::Specialised,
        false => AnchorKindArgument::Public,
    });
    if let Some(kind) = kind {
        print(out.as_bytes())?;
        let stdin = std::io::stdin();
        let asked = match by {
            Some(by) => Some(by.to_owned()),
            None if stdin.is_terminal() && setup.file.is_some() => ask(&mut stdin.lock(), terminal)?,
            None => None,
        };
        if let Some(by) = asked {
            return confirm(&certificate.sha256.to_string(), kind, &by, setup, terminal).map(drop);
        }
        out.clear();
    }
    let word = match kind {
        Some(AnchorKindArgument::Public) => "public",
        Some(AnchorKindArgument::Specialised) => "specialised",
        // Whose root it is, nobody here can know.
        None => "specialised|public",
    };
    let _ = writeln!(
        out,
        "  {}\n  {}",
        terminal.pick(
            "Gốc này chưa được tin: đối chiếu dấu vân tay với công bố của cơ quan cấp, rồi chạy",
            "This root is not trusted yet: compare the fingerprint with the authority's publication, then run"
        ),
        confirmation(certificate, word, setup, terminal)
    );
    print(out.as_bytes())?;
    Ok(())
}

/// The command that confirms a root, as it may be typed.
fn confirmation(certificate: &Certificate, kind: &str, setup: &Setup, terminal: &Terminal) -> String {
    let by = terminal.pick("HỌ TÊN", "NAME");
    let archive = text::shell_word(&setup.shown);
    format!("soat trust confirm {} --kind {kind} --by \"{by}\" --archive {archive}", certificate.sha256)
}

/// The files named, and those of the folders named, in order.
fn files_of(paths: &[PathBuf], terminal: &Terminal) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let entries = fs::read_dir(path).map_err(|error| {
            Failure::message(Exit::Usage, format!("{}: {}", path.display(), system::say(&error, terminal)))
        })?;
        let inside = entries.filter_map(Result::ok).map(|entry| entry.path());
        let first = files.len();
        files.extend(inside.filter(|file| is_material(file)));
        files.get_mut(first..).unwrap_or_default().sort();
    }
    Ok(files)
}

/// Asks who compared the fingerprint; nobody if the line is blank.
fn ask(input: &mut impl BufRead, terminal: &Terminal) -> Result<Option<String>, Failure> {
    terminal.error(terminal.pick(
        "  Đã đối chiếu dấu vân tay trên với công bố chính thức của cơ quan cấp?\n  Ghi họ tên người đối chiếu để tin gốc này, hoặc nhấn Enter để chưa tin:",
        "  Was the fingerprint above compared with the authority's official publication?\n  Write the name of who compared it to trust this root, or press Enter not to:",
    ));
    let mut line = String::new();
    // A name is short; a stream without line ends must not fill the memory.
    input.by_ref().take(1_000).read_line(&mut line)?;
    let name = line.trim();
    Ok((!name.is_empty()).then(|| name.to_owned()))
}

/// Copies under the file's own name; a different file of that name is never overwritten.
fn copy(bytes: &[u8], file: &Path, folder: &Path, terminal: &Terminal) -> Result<PathBuf, Failure> {
    let target = folder.join(file.file_name().unwrap_or_default());
    match fs::read(&target) {
        Ok(same) if same == bytes => {}
        Ok(_) => {
            let text = terminal.pick(
                "đã có tệp cùng tên nhưng khác nội dung; đổi tên tệp rồi nhập lại",
                "exists with other content; rename the file and import it again",
            );
            return Err(Failure::message(Exit::Usage, format!("{}: {text}", target.display())));
        }
        Err(_) => files::write(&target, bytes).map_err(|error| {
            Failure::message(Exit::Usage, format!("{}: {}", target.display(), system::say(&error, terminal)))
        })?,
    }
    Ok(target)
}

fn confirm(
    sha256: &str,
    kind: AnchorKindArgument,
    by: &str,
    setup: &Setup,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    let usage = |text: String| Failure::message(Exit::Usage, text);
    let digest: Sha256Digest =
        sha256.replace([':', ' '], "").to_ascii_lowercase().parse().map_err(|_| {
            let text = terminal.pick(
                "không phải dấu vân tay SHA-256 (64 chữ số thập lục phân)\n  → soat trust list cho biết dấu vân tay của từng gốc",
                "not a SHA-256 fingerprint (64 hexadecimal digits)\n  → soat trust list shows that of each root",
            );
            usage(format!("{sha256}: {text}"))
        })?;
    let Some((file, _)) = &setup.file else {
        return Err(usage(
            terminal
                .pick("Chưa có soat.toml: chạy `soat init` trước.", "No soat.toml yet: run `soat init` first.")
                .into(),
        ));
    };
    if setup.config.anchors.contains_key(&digest) {
        terminal.note(terminal.pick("Gốc này đã được xác nhận.", "This root is confirmed already."));
        return Ok(Exit::Passed);
    }
    let mut collection = Collection::default();
    if let Some(folder) = &setup.config.trust_folder {
        collection.add_folder(&setup.path(folder), folder);
    }
    let Some(certificate) = collection.certificates.iter().find(|certificate| certificate.sha256 == digest) else {
        return Err(usage(
            terminal
                .pick(
                    "Không có chứng thư nào với dấu vân tay này trong thư mục tin cậy.\n  → nhập tệp trước: soat trust import TỆP",
                    "No certificate with this fingerprint in the trust folder.\n  → import its file first: soat trust import FILE",
                )
                .into(),
        ));
    };
    let specialised = kind == AnchorKindArgument::Specialised;
    if pins::pin_by_digest(&digest).is_some_and(|pin| pin.role.is_specialised() != specialised) {
        return Err(usage(known(certificate, terminal)));
    }
    let day = now()?.date_in_vietnam().map(|day| day.to_string()).unwrap_or_default();
    let kind = if specialised { "specialised" } else { "public" };
    // Appended as text, so that the operator's comments stay; read anew, because one import may confirm
    // several roots.
    let text = fs::read_to_string(file)?;
    let by = by.replace('\\', "\\\\").replace('"', "\\\"");
    let added = format!(
        "{}\n[[trust.anchor]]                         # {}\nsha256 = \"{digest}\"\nkind = \"{kind}\"\nconfirmed_by = \"{by}\"\nconfirmed_on = {day}\n",
        if text.ends_with('\n') { "" } else { "\n" },
        certificate.subject.short().replace(['\n', '\r'], " ")
    );
    files::write(file, format!("{text}{added}").as_bytes())
        .map_err(|error| usage(format!("{}: {}", file.display(), system::say(&error, terminal))))?;
    terminal.note(&format!("{}: {}", terminal.pick("Đã ghi vào", "Written to"), file.display()));
    Ok(Exit::Passed)
}
