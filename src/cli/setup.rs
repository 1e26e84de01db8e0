//! Which archive, with which configuration, state and clock.

use super::arguments::Global;
use super::exit::{Exit, Failure};
use super::system;
use super::terminal::Terminal;
use crate::check;
use crate::config::{Config, Origin, environment_name};
use crate::model::{Report, UnixTime};
use crate::state::{RunRecord, State, StateError};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// Name of the configuration file.
pub(super) const CONFIGURATION: &str = "soat.toml";

/// Everything decided before work starts.
pub(super) struct Setup {
    /// Folder that the configuration's paths are relative to.
    pub base: PathBuf,
    /// The archive folder as named by the user.
    pub shown: String,
    /// The configuration with overrides.
    pub config: Config,
    /// Its file and text, if there is one.
    pub file: Option<(PathBuf, String)>,
    /// State database.
    pub state: PathBuf,
    /// The audit's clock.
    pub clock: UnixTime,
}

impl Setup {
    /// Resolves folder, configuration, state and clock.
    pub(super) fn new(global: &Global, folder: Option<&Path>, terminal: &Terminal) -> Result<Self, Failure> {
        let folder = match (folder, &global.archive) {
            (Some(folder), Some(archive)) if folder != archive => {
                let text = terminal.pick("nêu hai kho văn bản khác nhau", "two different archives are named");
                let both = format!("{text}: {}, --archive {}", folder.display(), archive.display());
                return Err(Failure::message(Exit::Usage, both));
            }
            (Some(folder), _) => Some(folder),
            (None, archive) => archive.as_deref(),
        };
        let file = match (&global.config, folder) {
            (Some(file), _) => Some(file.clone()),
            (None, folder) => Some(folder.unwrap_or(Path::new(".")).join(CONFIGURATION)).filter(|file| file.is_file()),
        };
        let base = match (folder, &file) {
            (Some(folder), _) => folder.to_path_buf(),
            (None, Some(file)) => file.parent().map_or_else(PathBuf::new, Path::to_path_buf),
            (None, None) => PathBuf::from("."),
        };
        let base = if base.as_os_str().is_empty() { PathBuf::from(".") } else { base };
        let mut setup = Self {
            shown: base.to_string_lossy().into_owned(),
            base,
            config: Config::default(),
            file: None,
            state: PathBuf::new(),
            clock: UnixTime(0),
        };
        if let Some(file) = file {
            let text = fs::read_to_string(&file).map_err(|error| {
                let said = match error.kind() {
                    std::io::ErrorKind::InvalidData => terminal
                        .pick(
                            "không phải UTF-8\n  → lưu lại tệp theo bảng mã UTF-8",
                            "not UTF-8\n  → save the file as UTF-8",
                        )
                        .to_owned(),
                    _ => system::say(&error, terminal),
                };
                Failure::message(Exit::Usage, format!("{}: {said}", file.display()))
            })?;
            setup.config =
                Config::parse(&file.to_string_lossy(), &text).map_err(|error| configuration(&error, terminal))?;
            setup.file = Some((file, text));
        }
        setup.overrides(global, terminal)?;
        setup
            .config
            .verify_check_ids(|id| check::find(id).is_some())
            .map_err(|error| configuration(&error, terminal))?;
        setup.state = match &global.state {
            Some(state) => state.clone(),
            None => default_state(&setup.base)?,
        };
        setup.clock = match setup.config.archive.clock {
            Some(clock) => clock,
            None => now()?,
        };
        Ok(setup)
    }

    /// Environment and flags over the file's values.
    fn overrides(&mut self, global: &Global, terminal: &Terminal) -> Result<(), Failure> {
        let refuse = |error: crate::config::ConfigError| configuration(&error, terminal);
        for key in Config::keys() {
            let name = environment_name(key);
            if let Ok(value) = std::env::var(&name) {
                self.config.set(key, &value, Origin::Environment, &name).map_err(refuse)?;
            }
        }
        if let Some(at) = &global.at {
            self.config.set("archive.clock", at, Origin::Flag, "--at").map_err(refuse)?;
        }
        Ok(())
    }

    /// A path of the configuration.
    pub(super) fn path(&self, relative: &str) -> PathBuf {
        self.base.join(relative)
    }

    /// Whether a file below the archive is one of soat's own inputs, no document: the configuration, the
    /// lists and folders that it names, and what `init` writes.
    pub(crate) fn is_own(&self, name: &str) -> bool {
        let config = &self.config;
        let named = config.archive.organisation.iter().chain(config.registers.iter().map(|register| &register.path));
        let folders = [&config.trust_folder, &config.revocation_folder];
        let plain = |path: &str| path.trim_start_matches("./").trim_end_matches('/').to_owned();
        [CONFIGURATION, "units.csv", "exemptions.csv"].contains(&name)
            || named.into_iter().any(|path| plain(path) == name)
            || folders
                .into_iter()
                .flatten()
                .any(|folder| name.strip_prefix(&plain(folder)).is_some_and(|rest| rest.starts_with('/')))
    }

    /// Name printed on reports.
    pub(super) fn name(&self) -> String {
        self.config.archive.name.clone().unwrap_or_else(|| self.shown.clone())
    }

    /// Folder of the HTML report when none is named: beside the state database.
    pub(super) fn report_folder(&self) -> PathBuf {
        let stem = self.state.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        self.state.with_file_name(format!("{stem}-report"))
    }
}

fn configuration(error: &crate::config::ConfigError, terminal: &Terminal) -> Failure {
    Failure::message(Exit::Usage, error.full().get(terminal.language))
}

/// The machine's clock.
pub(super) fn now() -> Result<UnixTime, Failure> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH)?;
    Ok(UnixTime(i64::try_from(since.as_secs())?))
}

/// `$XDG_STATE_HOME/soat/<folder>-<hash of its path>.db`, or the system's equivalent: on a local disk,
/// never inside the archive.
fn default_state(base: &Path) -> Result<PathBuf, Failure> {
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let folder = variable("XDG_STATE_HOME")
        .or_else(|| variable("LOCALAPPDATA"))
        .or_else(|| variable("HOME").map(|home| home.join(".local/state")))
        .unwrap_or_else(std::env::temp_dir)
        .join("soat");
    let full = base.canonicalize().unwrap_or_else(|_| base.to_path_buf());
    let name: String = full
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .chars()
        .map(|c| if c.is_alphanumeric() || c == '-' || c == '_' { c } else { '-' })
        .collect();
    let hash = crate::crypto::sha256(full.as_os_str().as_encoded_bytes()).to_string();
    Ok(folder.join(format!("{name}-{}.db", hash.get(..8).unwrap_or_default())))
}

/// Opens the state database with the message people need.
pub(super) fn open_state(setup: &Setup, terminal: &Terminal) -> Result<State, Failure> {
    if setup.state.is_file() {
        State::open_for_reading(&setup.state).map_err(|error| state_failure(error, terminal))
    } else {
        Err(Failure::message(
            Exit::Nothing,
            terminal.pick(
                "Chưa có lần chạy nào được lưu: hãy chạy `soat audit` trước.",
                "No stored run yet: run `soat audit` first.",
            ),
        ))
    }
}

/// A stored run with its report: the newest, or run `id`.
pub(super) fn stored_run(setup: &Setup, id: Option<i64>, terminal: &Terminal) -> Result<(RunRecord, Report), Failure> {
    let state = open_state(setup, terminal)?;
    state.report(id).map_err(|error| state_failure(error, terminal))?.ok_or_else(|| {
        Failure::message(
            Exit::Nothing,
            terminal.pick(
                "Không có lần chạy nào như vậy: xem `soat runs list`.",
                "There is no such run: see `soat runs list`.",
            ),
        )
    })
}

/// The exit code and words of a state error.
pub(super) fn state_failure(error: StateError, terminal: &Terminal) -> Failure {
    let file = match &error {
        StateError::Locked(path)
        | StateError::Database { path, .. }
        | StateError::Io { path, .. }
        | StateError::Newer { path, .. }
        | StateError::Damaged { path, .. } => path.display().to_string(),
        StateError::OlderReport { run } => format!("{} {run}", terminal.pick("lần chạy", "run")),
    };
    let (exit, what, hint): (Exit, (String, String), (&str, &str)) = if error.is_foreign() {
        let what = ("không phải cơ sở dữ liệu trạng thái của soat", "not a state database of soat");
        let hint = (
            "nêu tệp khác bằng --state; tệp này được giữ nguyên",
            "name another file with --state; this one is left as it is",
        );
        (Exit::Usage, owned(what), hint)
    } else if error.is_damaged() {
        let what = ("cơ sở dữ liệu trạng thái bị hỏng", "the state database is damaged");
        let hint = (
            "khôi phục từ bản sao lưu, hoặc đổi tên tệp rồi chạy soat audit: kho được đọc lại từ đầu, chỉ mất lịch sử các lần chạy",
            "restore it from a backup, or rename it and run soat audit: the archive is read anew, only the history is lost",
        );
        (Exit::Internal, owned(what), hint)
    } else if error.is_disk_full() {
        let what = ("hết dung lượng đĩa", "no space left on the disk");
        let hint = (
            "giải phóng đĩa rồi chạy lại; các lần chạy trước và phần đã đọc vẫn còn nguyên",
            "free the disk and run again; earlier runs and what was read are intact",
        );
        (Exit::Undecided, owned(what), hint)
    } else if error.is_read_only() {
        let what = ("không ghi được vào tệp hoặc thư mục này", "the file or its folder cannot be written");
        let hint = (
            "cấp quyền ghi, hoặc đặt trạng thái ở thư mục khác bằng --state",
            "give this account the right to write, or put the state elsewhere with --state",
        );
        (Exit::Undecided, owned(what), hint)
    } else {
        match &error {
            StateError::Locked(_) => (
                Exit::Locked,
                owned(("một lần chạy khác đang giữ khóa", "another run holds the lock")),
                ("chờ nó kết thúc rồi chạy lại", "wait for it to end"),
            ),
            StateError::Newer { found, known, .. } => (
                Exit::Usage,
                (
                    format!("do bản soat mới hơn ghi (dạng {found}, bản này đọc đến dạng {known})"),
                    format!("written by a newer soat (form {found}, this one reads up to {known})"),
                ),
                ("dùng bản soat mới hơn, hoặc nêu --state khác", "use the newer soat, or name another --state"),
            ),
            StateError::OlderReport { .. } => (
                Exit::Nothing,
                owned(("do bản soat cũ hơn lưu, không đọc lại được", "stored by an earlier soat, cannot be read")),
                ("chạy lại soat audit rồi lấy báo cáo", "run soat audit again and take its report"),
            ),
            StateError::Io { source, .. } => {
                let said = system::say(source, terminal);
                (
                    Exit::Undecided,
                    (said.clone(), said),
                    ("kiểm tra đường dẫn và quyền", "check the path and the rights"),
                )
            }
            StateError::Database { source, .. } => (
                Exit::Undecided,
                (source.to_string(), source.to_string()),
                (
                    "kiểm tra dung lượng đĩa và quyền ghi; các lần chạy trước vẫn còn nguyên",
                    "check disk space and rights; earlier runs are intact",
                ),
            ),
            StateError::Damaged { what, .. } => (Exit::Internal, (what.clone(), what.clone()), ("", "")),
        }
    };
    let (what, hint) = (terminal.pick(&what.0, &what.1), terminal.pick(hint.0, hint.1));
    Failure::message(exit, format!("{file}: {what}\n  → {hint}"))
}

fn owned(texts: (&str, &str)) -> (String, String) {
    (texts.0.to_owned(), texts.1.to_owned())
}
