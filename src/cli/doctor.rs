//! `soat doctor`: everything that makes a run fail or its result thin, each with its remedy.

use super::disk::disk;
use super::evidence::Collection;
use super::exit::{Exit, Failure};
use super::inspect::summary;
use super::load;
use super::setup::{Setup, now};
use super::system;
use super::terminal::{Terminal, print};
use crate::archive::{self, EntryKind};
use crate::check;
use crate::config::RegisterKind;
use crate::model::{BlobKind, CalendarDate, Language, UnixTime, Waiver};
use crate::organisation::OrganisationTable;
use crate::pki::Certificate;
use crate::register::{self, Source};
use crate::report::text;
use crate::state::{RunStatus, State, StateError};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Free space that a run needs at least: the journal of the state and the report (measured: about 3 kB a
/// document of state, less of report).
const MINIMUM_FREE: u64 = 512 << 20;
/// When this program was first made: a clock before it is wrong (2026-01-01).
const EARLIEST_CLOCK: UnixTime = UnixTime(1_767_225_600);
/// Seconds of a day.
const DAY: i64 = 86_400;

/// Collects lines.
struct Doctor<'a> {
    setup: &'a Setup,
    terminal: &'a Terminal,
    out: String,
    sound: bool,
}

/// Checks everything and prints a line each.
pub(super) fn doctor(setup: &Setup, terminal: &Terminal) -> Result<Exit, Failure> {
    let mut doctor = Doctor { setup, terminal, out: String::new(), sound: true };
    doctor.configuration();
    doctor.archive();
    doctor.registers();
    let collection = doctor.trust();
    doctor.operation();
    doctor.clock();
    doctor.state(&collection);
    doctor.disks();
    print(doctor.out.as_bytes())?;
    Ok(if doctor.sound { Exit::Passed } else { Exit::NotPassed })
}

impl Doctor<'_> {
    fn good(&mut self, vi: &str, en: &str) {
        let _ = writeln!(self.out, "✓ {}", self.terminal.pick(vi, en));
    }

    /// A problem and what to do about it.
    fn bad(&mut self, (vi, en): (&str, &str), remedy: (&str, &str)) {
        self.sound = false;
        let _ = writeln!(self.out, "✗ {}", self.terminal.pick(vi, en));
        let _ = writeln!(self.out, "  → {}", self.terminal.pick(remedy.0, remedy.1));
    }

    fn configuration(&mut self) {
        let config = &self.setup.config;
        match &self.setup.file {
            Some((file, _)) => {
                let file = file.display();
                self.good(&format!("Cấu hình: {file}"), &format!("Configuration: {file}"));
            }
            None => self.bad(
                ("Chưa có soat.toml", "There is no soat.toml"),
                ("chạy `soat init THƯ_MỤC`", "run `soat init FOLDER`"),
            ),
        }
        if config.archive.agency.is_none() {
            self.bad(
                (
                    "Chưa nêu mã cơ quan: không có tỷ lệ toàn cơ quan",
                    "No agency code: there is no rate of the whole agency",
                ),
                ("điền [archive] agency trong soat.toml", "fill in [archive] agency in soat.toml"),
            );
        }
        let Some(path) = &config.archive.organisation else {
            self.bad(
                (
                    "Chưa có bảng đơn vị: không chia được theo đơn vị, không đối chiếu được tên cơ quan",
                    "No organisation table: nothing is told by unit, agency names are not compared",
                ),
                (
                    "điền units.csv và nêu trong [archive] organisation",
                    "fill in units.csv and name it in [archive] organisation",
                ),
            );
            return;
        };
        let read = fs::read(self.setup.path(path));
        match read {
            Err(error) => self.unreadable(path, &error),
            Ok(bytes) => match register::read_organisations(&Source::plain(path, &bytes)) {
                Err(error) => {
                    let message = error.message();
                    self.bad((&message.vi, &message.en), ("sửa tệp, rồi chạy lại", "correct the file and run again"));
                }
                Ok(file) if file.rows.is_empty() => self.bad(
                    (
                        &format!("{path}: bảng đơn vị chưa có dòng nào"),
                        &format!("{path}: the organisation table is empty"),
                    ),
                    ("điền mỗi đơn vị một dòng: mã, tên", "fill in a row per unit: code, name"),
                ),
                Ok(file) => {
                    let rows = file.rows.len();
                    self.good(&format!("{path}: {rows} đơn vị"), &format!("{path}: {rows} units"));
                    let agency = self.setup.config.archive.agency.clone();
                    if let Some(agency) = agency.filter(|code| file.rows.iter().all(|row| row.code != *code)) {
                        self.bad(
                            (
                                &format!("Mã cơ quan {agency} không có trong {path}"),
                                &format!("Agency code {agency} is not in {path}"),
                            ),
                            (
                                "thêm dòng của cơ quan vào bảng, hoặc sửa agency",
                                "add the agency's row, or correct agency",
                            ),
                        );
                    }
                }
            },
        }
    }

    fn unreadable(&mut self, path: &str, error: &std::io::Error) {
        let said = system::say(error, self.terminal);
        self.bad(
            (&format!("{path}: không đọc được ({said})"), &format!("{path}: cannot be read ({said})")),
            (
                "sửa đường dẫn trong soat.toml hoặc cấp quyền đọc",
                "correct the path in soat.toml or give the right to read",
            ),
        );
    }

    fn archive(&mut self) {
        let setup = self.setup;
        let folders: Vec<PathBuf> = setup.config.archive.documents.iter().map(PathBuf::from).collect();
        let walk = archive::walk(&setup.base, &folders, |name| setup.config.is_excluded(name) || setup.is_own(name));
        match walk {
            Ok(walk) => {
                let count = walk.entries.iter().filter(|entry| entry.kind == EntryKind::Regular).count();
                self.good(&format!("Kho văn bản: {count} tệp"), &format!("Archive: {count} files"));
                for (path, error) in &walk.problems {
                    let said = system::say(error, self.terminal);
                    self.bad(
                        (&format!("{path}: {said}"), &format!("{path}: {said}")),
                        (
                            "cấp quyền đọc, hoặc bỏ qua bằng [archive] exclude",
                            "give the right to read, or leave it out with [archive] exclude",
                        ),
                    );
                }
                let (files, others): (Vec<_>, Vec<_>) =
                    walk.entries.iter().partition(|entry| entry.kind == EntryKind::Regular);
                if let Some(first) = others.first() {
                    let (count, name) = (others.len(), &first.name);
                    self.bad(
                        (
                            &format!("{count} liên kết ra ngoài kho hoặc tệp đặc biệt không được mở, ví dụ {name}"),
                            &format!("{count} links out of the archive or special files are not opened, such as {name}"),
                        ),
                        (
                            "chép tệp thật vào kho, thêm thư mục đích vào [archive] documents, hoặc bỏ qua bằng [archive] exclude",
                            "copy the files into the archive, name their folder in [archive] documents, or leave them out with [archive] exclude",
                        ),
                    );
                }
                let unread = files.into_iter().find(|entry| fs::File::open(&entry.path).is_err());
                if let Some(entry) = unread {
                    self.bad(
                        (&format!("{}: không mở được tệp", entry.name), &format!("{}: cannot be opened", entry.name)),
                        (
                            "cấp quyền đọc cả kho cho tài khoản chạy soat",
                            "give soat's account the right to read the whole archive",
                        ),
                    );
                }
            }
            Err(nothing) => {
                let failure = system::nothing(&nothing, self.terminal);
                self.sound = false;
                let _ = writeln!(self.out, "✗ {:#}", failure.error);
            }
        }
    }

    fn registers(&mut self) {
        let setup = self.setup;
        if setup.config.registers_of(RegisterKind::Outgoing).next().is_none() {
            self.bad(
                (
                    "Chưa khai báo sổ đăng ký văn bản đi: không tính được tỷ lệ",
                    "No outgoing register is configured: no rate can be computed",
                ),
                (
                    "thêm [[register]] kind = \"outgoing\" vào soat.toml",
                    "add [[register]] kind = \"outgoing\" to soat.toml",
                ),
            );
        }
        for register in &setup.config.registers {
            let path = &register.path;
            let bytes = match fs::read(setup.path(path)) {
                Ok(bytes) => bytes,
                Err(error) => {
                    self.unreadable(path, &error);
                    continue;
                }
            };
            match summary(register, &bytes) {
                Err(error) => {
                    let message = error.message();
                    self.bad(
                        (&message.vi, &message.en),
                        (
                            "soat register check cho biết cột nào khớp; khai báo [register.columns]",
                            "soat register check tells which columns match; map the others in [register.columns]",
                        ),
                    );
                }
                Ok((0, _)) if register.kind == RegisterKind::Outgoing => self.bad(
                    (&format!("{path}: sổ không có dòng nào"), &format!("{path}: the register has no row")),
                    ("xuất lại sổ", "export the register again"),
                ),
                Ok((rows, 0)) => self.good(&format!("{path}: {rows} dòng"), &format!("{path}: {rows} rows")),
                Ok((rows, problems)) => self.bad(
                    (
                        &format!("{path}: {rows} dòng, {problems} chỗ không đọc được"),
                        &format!("{path}: {rows} rows, {problems} unreadable cells"),
                    ),
                    ("soat register check nêu từng dòng, từng cột", "soat register check names row and column"),
                ),
            }
            let source = load::source(register, &bytes);
            match register.kind {
                RegisterKind::Exemptions => {
                    let rows = register::read_exemptions(&source).map(|file| file.rows).unwrap_or_default();
                    self.expired(path, rows.iter().map(|row| row.expires), false);
                }
                RegisterKind::Waivers => {
                    let rows = register::read_waivers(&source).map(|file| file.rows).unwrap_or_default();
                    self.waivers(path, &rows);
                }
                _ => {}
            }
        }
        if !setup.config.waivers.is_empty() {
            let file = setup.file.as_ref().map(|(file, _)| file.display().to_string()).unwrap_or_default();
            self.waivers(&format!("{file}, [[waiver]]"), &setup.config.waivers);
        }
    }

    /// Waivers that cannot have an effect: expired, incomplete, or of a check that does not exist.
    fn waivers(&mut self, place: &str, waivers: &[Waiver]) {
        self.expired(place, waivers.iter().map(|waiver| waiver.expires), true);
        let lacking = |waiver: &&Waiver| {
            let blank = |text: &Option<String>| text.as_deref().is_none_or(|text| text.trim().is_empty());
            blank(&waiver.reason)
                || blank(&waiver.authority)
                || waiver.decided_on.is_none()
                || waiver.expires.is_none()
                || check::find(&waiver.check).is_none()
        };
        let count = waivers.iter().filter(lacking).count();
        if let Some(first) = waivers.iter().find(lacking) {
            let (id, document) = (&first.check, &first.document);
            self.bad(
                (
                    &format!("{place}: {count} miễn trừ không có hiệu lực vì thiếu thông tin hoặc sai mã kiểm tra, ví dụ {id} cho {document}"),
                    &format!("{place}: {count} waivers have no effect because something is missing or the check id is wrong, such as {id} for {document}"),
                ),
                (
                    "điền đủ lý do, người quyết định, ngày, hạn; mã kiểm tra: soat checks",
                    "fill in reason, authority, date and expiry; check ids: soat checks",
                ),
            );
        }
    }

    /// Decisions whose last day has passed.
    fn expired(&mut self, place: &str, days: impl Iterator<Item = Option<CalendarDate>>, waivers: bool) {
        let today = self.setup.clock.date_in_vietnam();
        let count = days.filter(|day| day.is_some() && *day < today).count();
        if count == 0 {
            return;
        }
        let (vi, en) = match waivers {
            true => ("miễn trừ phát hiện", "waivers"),
            false => ("miễn trừ bản giấy", "exemptions"),
        };
        self.bad(
            (&format!("{place}: {count} {vi} đã hết hạn"), &format!("{place}: {count} {en} have expired")),
            ("gia hạn có phê duyệt, hoặc xóa dòng", "have them extended, or remove the rows"),
        );
    }

    /// What a night run needs besides: its metrics, its notification, its OCR program.
    fn operation(&mut self) {
        let setup = self.setup;
        if let Some(metrics) = &setup.config.operation.metrics {
            let path = setup.path(metrics);
            let folder = path.parent().unwrap_or(Path::new("."));
            if !folder.is_dir() {
                let folder = folder.display();
                self.bad(
                    (
                        &format!("Không có thư mục của tệp số liệu: {folder}"),
                        &format!("The folder of the metrics file does not exist: {folder}"),
                    ),
                    ("tạo thư mục, hoặc sửa [operation] metrics", "make it, or correct [operation] metrics"),
                );
            }
        }
        // A bare name is looked up on PATH when it runs.
        let program = setup.config.operation.notify.first().filter(|name| Path::new(name).is_absolute());
        if let Some(program) = program.filter(|name| !Path::new(name).is_file()) {
            self.bad(
                (
                    &format!("Không có lệnh báo tin: {program}"),
                    &format!("The notification command does not exist: {program}"),
                ),
                ("cài lệnh đó, hoặc sửa [operation] notify", "install it, or correct [operation] notify"),
            );
        }
        if let Some(program) = setup.config.archive.ocr.as_ref().filter(|program| !Path::new(program).is_file()) {
            self.bad(
                (
                    &format!("Không có chương trình nhận dạng chữ: {program}"),
                    &format!("The OCR program does not exist: {program}"),
                ),
                ("cài Tesseract, hoặc sửa [archive] ocr", "install Tesseract, or correct [archive] ocr"),
            );
        }
    }

    fn trust(&mut self) -> Collection {
        let setup = self.setup;
        let mut collection = Collection::default();
        for folder in [&setup.config.trust_folder, &setup.config.revocation_folder].into_iter().flatten() {
            collection.add_folder(&setup.path(folder), folder);
        }
        for (path, reason) in &collection.problems {
            self.bad(
                (&format!("{path}: {}", reason.vi), &format!("{path}: {}", reason.en)),
                (
                    "bỏ tệp lạ ra khỏi thư mục, hoặc tạo thư mục bằng `soat init`",
                    "take the file out of the folder, or make the folder with `soat init`",
                ),
            );
        }
        if setup.config.anchors.is_empty() {
            self.bad(
                (
                    "Chưa xác nhận gốc tin cậy nào: mọi chữ ký sẽ là \"chưa xác định\"",
                    "No root is confirmed: every signature stays indeterminate",
                ),
                ("soat trust import TỆP, rồi soat trust confirm", "soat trust import FILE, then soat trust confirm"),
            );
        }
        for sha256 in setup.config.anchors.keys() {
            if !collection.certificates.iter().any(|certificate| certificate.sha256 == *sha256) {
                self.bad(
                    (
                        &format!("Không có chứng thư của gốc đã xác nhận {sha256} trong thư mục tin cậy"),
                        &format!("The confirmed root {sha256} is not in the trust folder"),
                    ),
                    ("soat trust import TỆP", "soat trust import FILE"),
                );
            }
        }
        if collection.lists.is_empty() && collection.responses.is_empty() {
            self.bad(
                (
                    "Chưa có danh sách thu hồi: tình trạng thu hồi sẽ là \"chưa xác định\"",
                    "No revocation list: revocation stays unknown",
                ),
                (
                    "soat trust update (máy có mạng), hoặc soat trust import TỆP.crl",
                    "soat trust update (with a network), or soat trust import FILE.crl",
                ),
            );
        }
        self.list_ages(&collection);
        collection
    }

    fn list_ages(&mut self, collection: &Collection) {
        let now = self.setup.clock;
        let issuers: BTreeSet<String> = collection.lists.iter().map(|list| list.issuer.short()).collect();
        for issuer in issuers {
            let of_issuer = collection.lists.iter().filter(|list| list.issuer.short() == issuer);
            let Some(list) = of_issuer.max_by_key(|list| list.this_update) else { continue };
            let days = now.0.saturating_sub(list.this_update.0).div_euclid(DAY);
            if list.next_update.is_some_and(|until| until < now) {
                self.bad(
                    (
                        &format!("Danh sách thu hồi của {issuer} đã quá hạn ({days} ngày tuổi)"),
                        &format!("The revocation list of {issuer} is out of date ({days} days old)"),
                    ),
                    (
                        "soat trust update, hoặc chép bản mới rồi soat trust import",
                        "soat trust update, or copy the new one and soat trust import",
                    ),
                );
            } else {
                self.good(&format!("CRL {issuer}: {days} ngày tuổi"), &format!("CRL {issuer}: {days} days old"));
            }
        }
    }

    fn clock(&mut self) {
        if let Some(clock) = self.setup.config.archive.clock {
            // Not wrong, but easily forgotten: a pinned clock makes every night judge the same day.
            self.good(
                &format!("Thời điểm kiểm tra được cố định: {} (archive.clock, --at)", clock.day_first()),
                &format!("The audit's clock is pinned: {clock} (archive.clock, --at)"),
            );
        }
        if now().is_ok_and(|now| now < EARLIEST_CLOCK) {
            self.bad(
                ("Đồng hồ của máy sai (trước năm 2026)", "This machine's clock is wrong (before 2026)"),
                ("đặt lại giờ, bật đồng bộ giờ (NTP)", "set it, and turn time synchronisation (NTP) on"),
            );
        }
    }

    fn state(&mut self, collection: &Collection) {
        let setup = self.setup;
        let shown = setup.state.display().to_string();
        let full = |path: &Path| {
            let existing = path.ancestors().find_map(|folder| Some((folder.canonicalize().ok()?, folder)));
            existing.map(|(full, folder)| full.join(path.strip_prefix(folder).unwrap_or(Path::new(""))))
        };
        if let (Some(state), Some(base)) = (full(&setup.state), full(&setup.base))
            && state.starts_with(&base)
        {
            self.bad(
                (
                    &format!("Cơ sở dữ liệu trạng thái nằm trong kho văn bản: {shown}"),
                    &format!("The state database lies inside the archive: {shown}"),
                ),
                ("đặt ra ngoài kho bằng --state", "put it elsewhere with --state"),
            );
        }
        if disk(&setup.state).is_some_and(|disk| disk.is_share) {
            self.bad(
                (
                    &format!("Cơ sở dữ liệu trạng thái nằm trên ổ mạng: {shown}"),
                    &format!("The state database lies on a share: {shown}"),
                ),
                (
                    "đặt trên đĩa của máy bằng --state: khóa trên ổ mạng không tin cậy",
                    "put it on a local disk with --state: locks on shares are unreliable",
                ),
            );
        }
        match State::lock(&setup.state) {
            Ok(_lock) => self.good(&format!("Trạng thái: {shown}"), &format!("State: {shown}")),
            Err(StateError::Locked(_)) => {
                self.good("Một lần chạy đang giữ khóa: soat đang chạy", "A run holds the lock: soat is running")
            }
            Err(error) => self.state_error(error),
        }
        if !setup.state.is_file() {
            return;
        }
        let outcome = State::open_for_reading(&setup.state)
            .and_then(|state| Ok((state.runs()?, state.blobs(BlobKind::Certificate)?)));
        match outcome {
            Err(error) => self.state_error(error),
            Ok((runs, blobs)) => {
                let last = runs.iter().find(|run| run.status != RunStatus::Running);
                if let Some(last) = last.filter(|last| now().is_ok_and(|now| now < last.started)) {
                    self.bad(
                        (
                            &format!("Đồng hồ của máy sớm hơn lần chạy trước ({})", last.started.day_first()),
                            &format!("This machine's clock is before the last run ({})", last.started),
                        ),
                        ("đặt lại giờ, bật đồng bộ giờ (NTP)", "set it, and turn time synchronisation (NTP) on"),
                    );
                }
                if let Some(run) = runs.first().filter(|run| run.status == RunStatus::Partial) {
                    self.bad(
                        (
                            &format!("Lần chạy gần nhất ({}) dở dang", run.id),
                            &format!("The latest run ({}) is partial", run.id),
                        ),
                        (
                            "chạy lại soat audit; phần đã đọc được giữ lại",
                            "run soat audit again; what was read is kept",
                        ),
                    );
                }
                let carried: Vec<_> =
                    blobs.iter().filter_map(|blob| Certificate::parse(&blob.der).ok()).map(Arc::new).collect();
                self.issuers_without_list(collection, &carried);
            }
        }
    }

    fn state_error(&mut self, error: StateError) {
        let failure = super::setup::state_failure(error, self.terminal);
        self.sound = false;
        let _ = writeln!(self.out, "✗ {:#}", failure.error);
    }

    /// Issuers of the documents' trusted certificates for which no list is held.
    fn issuers_without_list(&mut self, collection: &Collection, carried: &[Arc<Certificate>]) {
        let Ok(material) = load::material(self.setup, collection, OrganisationTable::default()) else { return };
        let mut missing = BTreeSet::new();
        for certificate in carried {
            let at = self.setup.clock.min(certificate.not_after);
            let path = material.paths.find(certificate, &[], at);
            let below_anchor = path.chain.iter().take(path.chain.len().saturating_sub(1));
            if path.is_valid() {
                let held = |one: &Certificate| collection.lists.iter().any(|list| list.issuer == one.issuer);
                missing.extend(below_anchor.filter(|one| !held(one)).map(|one| one.issuer.short()));
            }
        }
        for issuer in missing {
            self.bad(
                (
                    &format!("Không có danh sách thu hồi của {issuer}"),
                    &format!("There is no revocation list of {issuer}"),
                ),
                (
                    "soat trust update, hoặc soat trust import TỆP.crl",
                    "soat trust update, or soat trust import FILE.crl",
                ),
            );
        }
    }

    fn disks(&mut self) {
        let state = self.setup.state.clone();
        let Some(disk) = disk(&state).filter(|disk| disk.size < u64::MAX) else { return };
        let (free, free_en) = (text::bytes(disk.free, Language::Vi), text::bytes(disk.free, Language::En));
        if disk.free < MINIMUM_FREE {
            self.bad(
                (
                    &format!("Đĩa chứa trạng thái chỉ còn {free}"),
                    &format!("Only {free_en} are free on the state's disk"),
                ),
                ("giải phóng đĩa; xóa lần chạy cũ: soat runs prune", "free the disk; remove old runs: soat runs prune"),
            );
        } else {
            self.good(&format!("Đĩa còn {free}"), &format!("{free_en} of disk are free"));
        }
    }
}
