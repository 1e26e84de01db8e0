//! `soat trust`: what is in the trust and revocation folders, bringing files in, confirming roots.

use super::arguments::{AnchorKindArgument, ArchiveArguments, TrustCommand};
use super::evidence::Collection;
use super::exit::{Exit, Failure};
use super::setup::{Setup, now};
use super::terminal::{Terminal, print};
use crate::model::Sha256Digest;
use crate::pki::{
    Certificate, Evidence, pins,
    pins::{PinEvidence, PinRole},
    read_evidence,
};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// Runs the subcommand.
pub(super) fn run(
    command: &TrustCommand,
    setup: impl Fn(&ArchiveArguments) -> Result<Setup, Failure>,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    match command {
        TrustCommand::List(archive) => list(&setup(archive)?, terminal),
        TrustCommand::Import { files, archive } => {
            import(files, &setup(&ArchiveArguments { folder: archive.clone() })?, terminal)
        }
        TrustCommand::Confirm { sha256, kind, by, archive } => {
            confirm(sha256, *kind, by, &setup(&ArchiveArguments { folder: archive.clone() })?, terminal)
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
    let mut out = String::new();
    for certificate in &collection.certificates {
        let state = match setup.config.anchors.get(&certificate.sha256) {
            Some(anchor) => format!(
                "{} ({}, {})",
                terminal.pick("gốc đã xác nhận", "confirmed anchor"),
                anchor.confirmed_by,
                anchor.confirmed_on
            ),
            None if certificate.is_self_signed() => terminal
                .pick("gốc CHƯA xác nhận: soat trust confirm", "root NOT confirmed: soat trust confirm")
                .to_owned(),
            None => terminal.pick("chứng thư trung gian", "intermediate").to_owned(),
        };
        let _ = writeln!(
            out,
            "{}\n  SHA-256 {}\n  {} – {}\n  {state}\n  {}\n",
            certificate.subject.short(),
            certificate.sha256,
            certificate.not_before,
            certificate.not_after,
            known(certificate, terminal)
        );
    }
    for list in &collection.lists {
        let until = list.next_update.map_or_else(String::new, |time| time.to_string());
        let _ = writeln!(out, "CRL {}: {} – {until}", list.issuer.short(), list.this_update);
    }
    for response in &collection.responses {
        let _ = writeln!(out, "OCSP {}", response.produced_at);
    }
    for (path, reason) in &collection.problems {
        let _ = writeln!(out, "! {path}: {reason}");
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

fn import(files: &[PathBuf], setup: &Setup, terminal: &Terminal) -> Result<Exit, Failure> {
    let missing = |section: &str| {
        let text = terminal.pick("cấu hình chưa nêu thư mục", "the configuration names no folder");
        Failure::message(Exit::Usage, format!("{text}: [{section}] folder"))
    };
    let trust = setup.config.trust_folder.as_ref().map(|folder| setup.path(folder)).ok_or_else(|| missing("trust"))?;
    let crls = setup.config.revocation_folder.as_ref().map(|folder| setup.path(folder));
    for file in files {
        let bytes =
            fs::read(file).map_err(|error| Failure::message(Exit::Usage, format!("{}: {error}", file.display())))?;
        let (found, unread): (Vec<_>, Vec<_>) = read_evidence(&bytes).into_iter().partition(Result::is_ok);
        let found: Vec<Evidence> = found.into_iter().flatten().collect();
        for error in unread.into_iter().filter_map(Result::err) {
            terminal.note(&format!("{}: {error}", file.display()));
        }
        let Some(first) = found.first() else {
            let text =
                terminal.pick("không phải chứng thư hay danh sách thu hồi", "neither certificate nor revocation data");
            return Err(Failure::message(Exit::Usage, format!("{}: {text}", file.display())));
        };
        let folder = match first {
            Evidence::Certificate(_) => trust.clone(),
            Evidence::Crl(_) | Evidence::OcspResponse(_) => crls.clone().ok_or_else(|| missing("revocation"))?,
        };
        let target = copy(&bytes, file, &folder)?;
        let mut out = format!("{} → {}\n", file.display(), target.display());
        for evidence in &found {
            match evidence {
                Evidence::Certificate(certificate) => {
                    let _ = writeln!(
                        out,
                        "  {}\n  SHA-256 {}\n  {}",
                        certificate.subject.short(),
                        certificate.sha256,
                        known(certificate, terminal)
                    );
                    if certificate.is_self_signed() && !setup.config.anchors.contains_key(&certificate.sha256) {
                        let _ = writeln!(
                            out,
                            "  {}",
                            terminal.pick(
                                "Gốc này chưa được tin: đối chiếu dấu vân tay với công bố của cơ quan cấp, rồi chạy\n  soat trust confirm SHA256 --kind specialised --by \"HỌ TÊN\"",
                                "This root is not trusted yet: compare the fingerprint with the authority's publication, then run\n  soat trust confirm SHA256 --kind specialised --by \"NAME\""
                            )
                        );
                    }
                }
                Evidence::Crl(list) => {
                    let _ = writeln!(out, "  CRL {}: {}", list.issuer.short(), list.this_update);
                }
                Evidence::OcspResponse(response) => {
                    let _ = writeln!(out, "  OCSP {}", response.produced_at);
                }
            }
        }
        print(out.as_bytes())?;
    }
    Ok(Exit::Passed)
}

/// Copies under the file's own name; a different file of that name is never overwritten.
fn copy(bytes: &[u8], file: &Path, folder: &Path) -> Result<PathBuf, Failure> {
    fs::create_dir_all(folder)?;
    let target = folder.join(file.file_name().unwrap_or_default());
    match fs::read(&target) {
        Ok(same) if same == bytes => {}
        Ok(_) => return Err(Failure::message(Exit::Usage, format!("{}: exists with other content", target.display()))),
        Err(_) => fs::write(&target, bytes)?,
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
        sha256.to_ascii_lowercase().parse().map_err(|error| usage(format!("{sha256}: {error}")))?;
    let Some((file, text)) = &setup.file else {
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
                    "Không có chứng thư nào với dấu vân tay này trong thư mục tin cậy.",
                    "No certificate with this fingerprint in the trust folder.",
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
    // Appended as text, so that the operator's comments stay.
    let by = by.replace('\\', "\\\\").replace('"', "\\\"");
    let added = format!(
        "{}\n[[trust.anchor]]                         # {}\nsha256 = \"{digest}\"\nkind = \"{kind}\"\nconfirmed_by = \"{by}\"\nconfirmed_on = {day}\n",
        if text.ends_with('\n') { "" } else { "\n" },
        certificate.subject.short().replace(['\n', '\r'], " ")
    );
    fs::write(file, format!("{text}{added}"))?;
    terminal.note(&format!("{}: {}", terminal.pick("Đã ghi vào", "Written to"), file.display()));
    Ok(Exit::Passed)
}
