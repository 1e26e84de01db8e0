//! `soat trust update`: newer revocation lists from where trusted certificates say they are.
//!
//! Addresses are taken only from certificates with a valid path to an anchor of the trust folder: anybody
//! can write an address into a document. A list replaces an older one only after its signature, issuer and
//! dates were verified; a failed or dishonest download leaves the folder as it was.

use super::arguments::UpdateArguments;
use super::evidence::Collection;
use super::exit::{Exit, Failure};
use super::setup::{Setup, now, open_state};
use super::terminal::{Terminal, print};
use super::{files, load, system};
use crate::crypto;
use crate::fetch::{self, FetchError};
use crate::model::{BlobKind, UnixTime, ValueOutcome};
use crate::organisation::OrganisationTable;
use crate::pki::{Certificate, Crl, PathFinder, pins};
use crate::report::text;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Addresses fetched in one go; an authority has one or two per issuing certificate.
const MAXIMUM_ADDRESSES: usize = 200;
/// How far a list's thisUpdate may lie ahead of this machine's clock.
const CLOCK_TOLERANCE: i64 = 86_400;

/// What came of one address.
enum Outcome {
    /// A newer list was stored.
    Stored { issuer: String, issued: UnixTime, overdue: bool, file: PathBuf },
    /// The list at hand is as new.
    Current { issuer: String, issued: UnixTime },
    /// Nothing changed; says why.
    Refused(String),
}

/// Fetches, verifies and stores.
pub(super) fn update(arguments: &UpdateArguments, setup: &Setup, terminal: &Terminal) -> Result<Exit, Failure> {
    let Some(folder) = &setup.config.revocation_folder else {
        let text = terminal.pick(
            "Cấu hình chưa nêu thư mục danh sách thu hồi: thêm [revocation] folder vào soat.toml.",
            "The configuration names no folder of revocation lists: add [revocation] folder to soat.toml.",
        );
        return Err(Failure::message(Exit::Usage, text));
    };
    let folder = setup.path(folder);
    let known = Known::load(setup, terminal)?;
    let (addresses, others) = known.addresses(setup.clock);
    if addresses.is_empty() && others.is_empty() {
        let text = terminal.pick(
            "Không tìm thấy địa chỉ công bố danh sách thu hồi nào.\n  → nhập chứng thư gốc và CA bằng `soat trust import`, chạy `soat audit`, rồi thử lại",
            "No address of a revocation list was found.\n  → import root and CA certificates with `soat trust import`, run `soat audit`, and try again",
        );
        return Err(Failure::message(Exit::Nothing, text));
    }
    let mut failed = false;
    for address in &others {
        // Lists are signed, so http is enough; this program speaks neither TLS nor LDAP.
        let text = terminal.pick(
            "chưa tải: soat chỉ tải qua http\n  → mở địa chỉ này trên máy có mạng, lưu thành tệp .crl, rồi chạy: soat trust import TỆP.crl",
            "not fetched: soat fetches over http only\n  → open this address on a machine with a network, save it as a .crl file, then run: soat trust import FILE.crl",
        );
        print(format!("– {address}: {text}\n").as_bytes())?;
    }
    for (address, issuer) in addresses.iter().take(MAXIMUM_ADDRESSES) {
        if arguments.dry_run {
            print(format!("{address} ({issuer})\n").as_bytes())?;
            continue;
        }
        let outcome = one(address, &folder, arguments.timeout, &known, terminal)?;
        failed |= matches!(outcome, Outcome::Refused(_));
        print(line(address, &outcome, terminal).as_bytes())?;
    }
    if addresses.len() > MAXIMUM_ADDRESSES {
        failed = true;
        let (vi, en) = (
            format!("Còn {} địa chỉ chưa tải.", addresses.len() - MAXIMUM_ADDRESSES),
            format!("{} addresses were left out.", addresses.len() - MAXIMUM_ADDRESSES),
        );
        terminal.error(terminal.pick(&vi, &en));
    }
    Ok(if failed { Exit::Undecided } else { Exit::Passed })
}

fn line(address: &str, outcome: &Outcome, terminal: &Terminal) -> String {
    let moment = |time: &UnixTime| text::moment(*time, terminal.language);
    let mut out = String::new();
    let _ = match outcome {
        Outcome::Stored { issuer, issued, overdue, file } => {
            let overdue = match overdue {
                true => terminal.pick(", ĐÃ QUÁ HẠN theo chính danh sách", ", OVERDUE by its own date"),
                false => "",
            };
            writeln!(out, "✓ {address}: {issuer}, {}{overdue} → {}", moment(issued), file.display())
        }
        Outcome::Current { issuer, issued } => {
            let text = terminal.pick("không có bản mới hơn", "no newer one");
            writeln!(out, "= {address}: {issuer}, {}, {text}", moment(issued))
        }
        Outcome::Refused(reason) => {
            let kept = terminal.pick(
                "bản đang có được giữ nguyên\n  → thử lại sau; nếu vẫn lỗi, lấy tệp từ trang của cơ quan cấp rồi soat trust import TỆP.crl",
                "what was there stays\n  → try again later; if it still fails, get the file from the authority and soat trust import FILE.crl",
            );
            writeln!(out, "✗ {address}: {reason}; {kept}")
        }
    };
    out
}

/// Certificates and lists at hand.
struct Known {
    /// The audit's clock.
    clock: UnixTime,
    finder: PathFinder,
    folders: Collection,
    /// CA certificates that documents carry: may link a path, trusted by nobody.
    carried: Vec<Arc<Certificate>>,
    /// Every certificate: of the folders and of the documents.
    certificates: Vec<Arc<Certificate>>,
}

impl Known {
    fn load(setup: &Setup, terminal: &Terminal) -> Result<Self, Failure> {
        let mut folders = Collection::default();
        for folder in [&setup.config.trust_folder, &setup.config.revocation_folder].into_iter().flatten() {
            folders.add_folder(&setup.path(folder), folder);
        }
        let material = load::material(setup, &folders, OrganisationTable::default())?;
        let mut certificates = folders.certificates.clone();
        // Before the first audit there is no state: the trust folder alone speaks.
        if setup.state.is_file() {
            let blobs = open_state(setup, terminal)?.blobs(BlobKind::Certificate)?;
            certificates.extend(blobs.iter().filter_map(|blob| Certificate::parse(&blob.der).ok()).map(Arc::new));
        }
        let carried = certificates.iter().filter(|one| one.is_ca()).cloned().collect();
        Ok(Self { clock: setup.clock, finder: material.paths, folders, carried, certificates })
    }

    /// The chain of a certificate, if it ends at an anchor; asked for the last moment at which the
    /// certificate was valid.
    fn trusted_chain(&self, certificate: &Arc<Certificate>, clock: UnixTime) -> Option<Vec<Arc<Certificate>>> {
        let path = self.finder.find(certificate, &self.carried, clock.min(certificate.not_after));
        (path.is_valid() && path.anchor.is_some()).then_some(path.chain)
    }

    /// Addresses with the name of who issues the list there: those over HTTP, and the others.
    fn addresses(&self, clock: UnixTime) -> (BTreeMap<String, String>, Vec<String>) {
        let mut http = BTreeMap::new();
        let mut others = Vec::new();
        for certificate in &self.certificates {
            let Some(chain) = self.trusted_chain(certificate, clock) else { continue };
            for one in &chain {
                let points = one.extensions.distribution_points.iter().flat_map(|point| point.addresses());
                // Where a root publishes stands in no certificate of its own.
                let pinned =
                    pins::pin(one).and_then(|pin| pin.crl_address).map(|address| (address, one.subject.short()));
                for (address, issuer) in points.map(|address| (address, one.issuer.short())).chain(pinned) {
                    // What is printed and sent must be one plain line.
                    if address.chars().any(|c| c.is_control() || c.is_whitespace()) {
                        continue;
                    }
                    if fetch::is_http(address) {
                        http.entry(address.to_owned()).or_insert(issuer);
                    } else if !others.iter().any(|known| known == address) {
                        others.push(address.to_owned());
                    }
                }
            }
        }
        others.sort();
        (http, others)
    }

    /// Whether a trusted authority that may sign lists signed this one under its own name.
    fn is_signed_by_authority(&self, list: &Crl, clock: UnixTime) -> bool {
        self.certificates.iter().any(|certificate| {
            let entitled = certificate.extensions.key_usage.map_or(certificate.is_ca(), |usage| usage.crl_signing());
            certificate.subject == list.issuer
                && entitled
                && list.verify_signed_by(&certificate.spki) == ValueOutcome::Verifies
                && self.trusted_chain(certificate, clock).is_some()
        })
    }

    /// The newest list at hand with the same issuer and scope.
    fn newest(&self, list: &Crl) -> Option<&Arc<Crl>> {
        let same = |other: &&Arc<Crl>| {
            other.issuer == list.issuer
                && other.scope == list.scope
                && other.delta_base.is_some() == list.delta_base.is_some()
        };
        self.folders.lists.iter().filter(same).max_by_key(|other| other.this_update)
    }

    /// Whether a certificate expired between the two: the newer list may have dropped it, so the older one
    /// stays its only proof (RFC 5280, 3.3).
    fn older_is_still_needed(&self, older: &Crl, newer: &Crl) -> bool {
        self.certificates.iter().any(|certificate| {
            certificate.issuer == older.issuer
                && older.this_update <= certificate.not_after
                && certificate.not_after < newer.this_update
        })
    }
}

fn one(address: &str, folder: &Path, seconds: u64, known: &Known, terminal: &Terminal) -> Result<Outcome, Failure> {
    let refused = |vi: &str, en: &str| Ok(Outcome::Refused(terminal.pick(vi, en).to_owned()));
    let bytes = match fetch::get(address, seconds) {
        Ok(bytes) => bytes,
        Err(error) => return Ok(Outcome::Refused(said(&error, terminal))),
    };
    let mut fetched = Collection::default();
    fetched.add(&bytes, address);
    let [list] = fetched.lists.as_slice() else {
        return refused("nội dung tải về không phải một danh sách thu hồi", "what came is not one revocation list");
    };
    // A pinned clock may only move the limit on, never hold new lists back.
    let now = now()?.max(known.clock);
    if !known.is_signed_by_authority(list, now) {
        return refused(
            "chữ ký của danh sách không thuộc tổ chức chứng thực được tin cậy",
            "the list is not signed by a trusted authority of its issuer name",
        );
    }
    if !list.unprocessed.is_empty() {
        return refused(
            "danh sách có phần mở rộng bắt buộc mà soat không hiểu",
            "the list has critical extensions unknown to soat",
        );
    }
    if list.this_update.0 > now.0.saturating_add(CLOCK_TOLERANCE) {
        return refused(
            "danh sách ghi ngày trong tương lai; kiểm tra đồng hồ của máy",
            "the list is dated in the future; check this machine's clock",
        );
    }
    let issuer = list.issuer.short();
    if let Some(newest) = known.newest(list) {
        if newest.sha256 == list.sha256 {
            return Ok(Outcome::Current { issuer, issued: list.this_update });
        }
        let older = list.this_update < newest.this_update || number(list) < number(newest);
        if older {
            let (vi, en) = (
                format!(
                    "danh sách tải về ({}) cũ hơn bản đang có ({})",
                    list.this_update.day_first(),
                    newest.this_update.day_first()
                ),
                format!(
                    "the list fetched ({}) is older than the one at hand ({})",
                    list.this_update, newest.this_update
                ),
            );
            return refused(&vi, &en);
        }
    }
    let prefix = prefix(address, &issuer);
    let name = format!("{prefix}{}.crl", list.this_update.0);
    let file = folder.join(&name);
    if let Err(error) = files::write(&file, &bytes) {
        return Ok(Outcome::Refused(format!("{}: {}", file.display(), system::say(&error, terminal))));
    }
    remove_superseded(folder, &prefix, &name, list, known);
    let overdue = list.next_update.is_some_and(|until| until < now);
    Ok(Outcome::Stored { issuer, issued: list.this_update, overdue, file })
}

/// cRLNumber as a number: by length, then by octets.
fn number(list: &Crl) -> Option<(usize, &[u8])> {
    list.number.as_ref().map(|number| (number.len(), number.as_slice()))
}

/// Start of the names of the lists from one address.
fn prefix(address: &str, issuer: &str) -> String {
    let digest = crypto::sha256(address.as_bytes()).to_string();
    let plain: String = issuer.chars().filter(char::is_ascii_alphanumeric).take(24).collect();
    format!("crl-{plain}-{}-", digest.get(..8).unwrap_or_default())
}

/// Removes older lists that this command itself stored from the same address, except those that are the
/// only proof for a certificate. One that cannot be removed does no harm.
fn remove_superseded(folder: &Path, prefix: &str, kept: &str, newer: &Crl, known: &Known) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name == kept || !name.starts_with(prefix) {
            continue;
        }
        let Ok(bytes) = fs::read(&path) else { continue };
        let mut older = Collection::default();
        older.add(&bytes, &name);
        let needed = older.lists.iter().any(|list| {
            list.this_update >= newer.this_update
                || list.scope != newer.scope
                || known.older_is_still_needed(list, newer)
        });
        if !needed && !older.lists.is_empty() {
            let _ = fs::remove_file(&path);
        }
    }
}

fn said(error: &FetchError, terminal: &Terminal) -> String {
    let (vi, en) = match error {
        FetchError::Io(error) => return system::say(error, terminal),
        FetchError::Status(code) => (format!("máy chủ trả lời {code}"), error.to_string()),
        FetchError::TooLarge => (format!("lớn hơn {} MB", fetch::MAXIMUM_BYTES >> 20), error.to_string()),
        FetchError::TimedOut => ("quá thời gian chờ".to_owned(), error.to_string()),
        FetchError::Redirected => ("bị chuyển hướng quá nhiều lần hoặc ra ngoài http".to_owned(), error.to_string()),
        FetchError::UnknownHost => ("không biết tên máy chủ (mạng, DNS)".to_owned(), error.to_string()),
        FetchError::NotHttp => ("không phải địa chỉ http".to_owned(), error.to_string()),
        FetchError::Other(said) => (said.clone(), said.clone()),
    };
    terminal.pick(&vi, &en).to_owned()
}
