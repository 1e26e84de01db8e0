//! What a run that nobody watches promises: killed, starved, watched or meddled with, nothing is lost and
//! nothing half is taken for whole.

use super::run::{archive, bare, lines};
use soat::state::{RunStatus, State};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant, SystemTime};
use tempfile::TempDir;

/// A small archive of signed documents with its state beside it.
struct Night {
    folder: TempDir,
    base: PathBuf,
    state: PathBuf,
}

impl Night {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let base = folder.path().join("kho");
        let state = folder.path().join("state.db");
        fs::create_dir_all(base.join("van-ban")).unwrap();
        let mut documents: Vec<PathBuf> = fs::read_dir(archive().join("documents/LĐVL/2026-09"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "pdf"))
            .collect();
        documents.sort();
        for document in documents.iter().take(4) {
            fs::copy(document, base.join("van-ban").join(document.file_name().unwrap())).unwrap();
        }
        fs::write(base.join("soat.toml"), CONFIGURATION).unwrap();
        Self { folder, base, state }
    }

    fn configure(&self, more: &str) {
        fs::write(self.base.join("soat.toml"), format!("{CONFIGURATION}{more}")).unwrap();
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = bare();
        command.arg("--state").arg(&self.state).arg("--archive").arg(&self.base).args(arguments);
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    fn audit(&self) -> Output {
        let output = self.run(&["audit", "--no-report"]);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        output
    }

    fn jsonl(&self) -> String {
        let output = self.run(&["report", "--format", "jsonl", "--disclose", "full"]);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        String::from_utf8(output.stdout).unwrap()
    }

    fn document(&self) -> PathBuf {
        let mut files: Vec<_> =
            fs::read_dir(self.base.join("van-ban")).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files.remove(0)
    }

    /// As if the last run had been so many days ago.
    fn age(&self, days: i64) {
        let connection = rusqlite::Connection::open(&self.state).unwrap();
        connection.execute("UPDATE run SET started = started - ?1, finished = finished - ?1", [days * 86_400]).unwrap();
    }
}

const CONFIGURATION: &str =
    "[archive]\nname = \"Kho nhỏ\"\ndocuments = [\"van-ban\"]\nclock = \"2026-11-05T08:00:00+07:00\"\n";

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Marsaglia's xorshift: the same moments in every run of the test.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound.max(1)
    }
}

#[test]
fn killed_200_times_no_run_is_lost_or_half_and_the_next_one_equals_an_uninterrupted_one() {
    const KILLS: usize = 200;
    const KILLS_PER_STATE: usize = 20;
    /// Runs in all: how long one takes depends on what else the machine does.
    const ATTEMPTS: usize = 1_000;
    let reference = Night::new();
    let start = Instant::now();
    reference.audit();
    let mut window = start.elapsed();
    let wanted = reference.jsonl();
    let mut random = Random(0x5EED_2026);
    let mut killed = 0;
    let mut attempts = 0;
    while killed < KILLS {
        let night = Night::new();
        // The same folder as printed, so that reports can be compared byte by byte.
        let wanted = wanted.replace(reference.base.to_str().unwrap(), night.base.to_str().unwrap());
        let mut complete = 0;
        for round in 0..KILLS_PER_STATE {
            attempts += 1;
            assert!(attempts <= ATTEMPTS, "only {killed} of {attempts} runs were killed before they ended");
            // Something to read in every run: a new stamp on the same content.
            let bytes = fs::read(night.document()).unwrap();
            fs::write(night.document(), bytes).unwrap();
            let pages = night.folder.path().join("pages");
            let mut command = night.command(&["audit"]);
            if round % 4 == 0 {
                command.arg("-o").arg(&pages)
            } else {
                command.arg("--no-report")
            };
            let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            std::thread::sleep(Duration::from_micros(random.below(u64::try_from(window.as_micros()).unwrap())));
            // The window follows the machine, so that about two of three runs are hit, at any moment.
            if child.try_wait().unwrap().is_some() {
                window = window.mul_f64(0.8);
            } else {
                window = window.mul_f64(1.1);
                killed += 1;
            }
            child.kill().unwrap();
            child.wait().unwrap();
            if night.state.is_file() {
                let state = State::open(&night.state).unwrap();
                let runs = state.runs().unwrap();
                let now_complete = runs.iter().filter(|run| run.status == RunStatus::Complete).count();
                assert!(now_complete >= complete, "a complete run was lost");
                complete = now_complete;
                for run in &runs {
                    assert_eq!(run.body.is_some(), run.status == RunStatus::Complete, "run {} is half", run.id);
                }
                assert!(runs.iter().filter(|run| run.status == RunStatus::Running).count() <= 1);
            }
            // A page that is there is whole.
            if let Ok(page) = fs::read_to_string(pages.join("index.html")) {
                assert!(page.trim_end().ends_with("</html>"));
            }
        }
        night.audit();
        assert_eq!(night.jsonl(), wanted);
        let runs = State::open(&night.state).unwrap().runs().unwrap();
        assert!(runs.iter().all(|run| run.status != RunStatus::Running));
    }
}

#[test]
fn a_changed_content_under_unchanged_stamps_is_found_kept_in_view_and_goes_with_a_new_content() {
    let night = Night::new();
    night.configure("[operation]\nrecheck_days = 1\n");
    settle(&night);
    night.audit();
    let document = night.document();
    let good = fs::read(&document).unwrap();
    rot(&night, &document);
    // Not due again on the same day.
    night.audit();
    assert!(altered(&night).is_empty());
    night.age(1);
    let output = night.audit();
    assert!(said(&output).contains("Đã đọc lại 4 tệp"), "{}", said(&output));
    let found = altered(&night);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains(document.file_name().unwrap().to_str().unwrap()), "{found:?}");
    // Still there on the following nights, whatever else is read.
    night.age(1);
    night.audit();
    assert_eq!(altered(&night).len(), 1);
    fs::write(&document, good).unwrap();
    night.audit();
    assert!(altered(&night).is_empty());
}

/// Old enough that a change of the content would show in the stamps.
fn settle(night: &Night) {
    for entry in fs::read_dir(night.base.join("van-ban")).unwrap() {
        let file = fs::File::options().append(true).open(entry.unwrap().path()).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_secs(100_000)).unwrap();
    }
    std::thread::sleep(Duration::from_millis(100));
}

/// Changes a byte, then has the state believe that it read the file with the stamps it has now: the inode's
/// change time cannot be put back from outside.
fn rot(night: &Night, document: &Path) {
    use std::os::unix::fs::MetadataExt;
    let mut bytes = fs::read(document).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    fs::write(document, bytes).unwrap();
    let file = fs::File::options().append(true).open(document).unwrap();
    file.set_modified(SystemTime::now() - Duration::from_secs(100_000)).unwrap();
    drop(file);
    let metadata = fs::metadata(document).unwrap();
    let nanos = |seconds: i64, nanos: i64| seconds * 1_000_000_000 + nanos;
    let name = Path::new("van-ban").join(document.file_name().unwrap());
    let connection = rusqlite::Connection::open(&night.state).unwrap();
    let changed = connection
        .execute(
            "UPDATE file SET modified = ?1, changed = ?2, racy = 0 WHERE path = ?3",
            rusqlite::params![
                nanos(metadata.mtime(), metadata.mtime_nsec()),
                nanos(metadata.ctime(), metadata.ctime_nsec()),
                name.as_os_str().as_encoded_bytes()
            ],
        )
        .unwrap();
    assert_eq!(changed, 1);
}

fn altered(night: &Night) -> Vec<String> {
    lines(&night.jsonl(), "finding")
        .iter()
        .filter(|finding| finding["check"] == "content-altered-silently")
        .map(|finding| finding["path"].as_str().unwrap_or_default().to_owned())
        .collect()
}

#[test]
fn metrics_are_whole_carry_unit_codes_only_and_tell_a_failed_run() {
    let night = Night::new();
    let metrics = night.folder.path().join("soat.prom");
    let path = metrics.to_str().unwrap();
    assert_eq!(night.run(&["audit", "--no-report", "--metrics", path]).status.code(), Some(0));
    let text = fs::read_to_string(&metrics).unwrap();
    for part in ["soat_run_complete 1\n", "soat_run_exit_code 0\n", "soat_files{state=\"assessed\"} 4\n"] {
        assert!(text.contains(part), "{part} is missing in\n{text}");
    }
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (name, value) = line.rsplit_once(' ').unwrap();
        assert!(name.starts_with("soat_") && value.parse::<f64>().is_ok(), "{line}");
        assert!(!line.contains("Kho") && !line.contains(".pdf"), "{line}");
    }
    fs::rename(night.base.join("van-ban"), night.base.join("elsewhere")).unwrap();
    assert_eq!(night.run(&["audit", "--no-report", "--metrics", path]).status.code(), Some(3));
    let text = fs::read_to_string(&metrics).unwrap();
    assert!(text.contains("soat_run_exit_code 3\n") && text.contains("soat_run_complete 0\n"), "{text}");
    assert_eq!(
        fs::read_dir(night.folder.path())
            .unwrap()
            .filter(|e| e.as_ref().unwrap().file_name().to_string_lossy().ends_with(".tmp"))
            .count(),
        0
    );
}

#[test]
fn the_notification_command_gets_json_and_its_failure_is_said_but_harmless() {
    let night = Night::new();
    let seen = night.folder.path().join("seen.json");
    night.configure(&format!("[operation]\nnotify = [\"sh\", \"-c\", \"cat > '{}'\"]\n", seen.display()));
    night.audit();
    let told: serde_json::Value = serde_json::from_slice(&fs::read(&seen).unwrap()).unwrap();
    assert_eq!((&told["type"], &told["status"], &told["exit"]), (&"run".into(), &"complete".into(), &0.into()));
    assert_eq!(told["files"]["assessed"], 4);
    for (command, word) in [("exit 3", "exit status: 3"), ("sleep 60", "quá 1 giây")] {
        night.configure(&format!("[operation]\nnotify = [\"sh\", \"-c\", \"{command}\"]\nnotify_seconds = 1\n"));
        let output = night.audit();
        assert!(said(&output).contains(word), "{}", said(&output));
    }
    night.configure("[operation]\nnotify = [\"/no/such/command\"]\n");
    assert!(said(&night.audit()).contains("không có tệp"), "the missing command is said");
}

#[test]
fn the_log_keeps_messages_with_their_time_and_no_text_of_registers() {
    let night = Night::new();
    let log = night.folder.path().join("soat.log");
    fs::write(night.base.join("so.csv"), "\"Số, ký hiệu văn bản\",Ngày tháng văn bản,Tên loại và trích yếu nội dung văn bản\n1/SNV-VP,Nguyễn Văn Bí Mật,V/v x\n").unwrap();
    night.configure("[[register]]\nkind = \"outgoing\"\npath = \"so.csv\"\n");
    let output = night.run(&["audit", "--no-report", "--log", log.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(said(&output).contains("so.csv, dòng 2"), "{}", said(&output));
    let text = fs::read_to_string(&log).unwrap();
    assert!(!text.contains("Bí Mật"), "{text}");
    assert!(text.lines().all(|line| line.starts_with("20") && line.contains("+07:00 soat[")), "{text}");
    assert!(text.contains("run=1 status=complete") && text.contains("exit=0"), "{text}");
}

#[test]
fn a_clock_before_the_last_run_is_said() {
    let night = Night::new();
    night.audit();
    night.age(-30);
    let doctor = night.run(&["doctor"]);
    assert!(String::from_utf8_lossy(&doctor.stdout).contains("Đồng hồ của máy sớm hơn"));
    assert!(said(&night.audit()).contains("Đồng hồ của máy đang sớm hơn"));
}

#[test]
fn pruning_keeps_the_newest_complete_run() {
    let night = Night::new();
    for _ in 0..3 {
        night.audit();
    }
    let mut state = State::open(&night.state).unwrap();
    for at in 0..5 {
        state.begin_run(soat::model::UnixTime(at), soat::model::UnixTime(at)).unwrap();
    }
    drop(state);
    assert_eq!(night.run(&["runs", "prune", "--keep", "2"]).status.code(), Some(0));
    let runs = State::open(&night.state).unwrap().runs().unwrap();
    assert_eq!(runs.len(), 3);
    assert_eq!(runs.iter().filter(|run| run.status == RunStatus::Complete).count(), 1);
    night.jsonl();
}

#[test]
fn retention_is_kept_by_every_run() {
    let night = Night::new();
    night.configure("[operation]\nkeep_runs = 2\n");
    for _ in 0..4 {
        night.audit();
    }
    assert_eq!(State::open(&night.state).unwrap().runs().unwrap().len(), 2);
}

#[test]
fn a_disk_that_fills_up_ends_the_run_clearly_and_loses_nothing() {
    let night = Night::new();
    night.audit();
    let before = night.jsonl();
    let bytes = fs::read(night.document()).unwrap();
    fs::write(night.document(), bytes).unwrap();
    // No file of this process may grow beyond 8 KB; the signal is ignored, so that writing fails.
    let output = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 8; exec \"$0\" \"$@\""])
        .arg(env!("CARGO_BIN_EXE_soat"))
        .arg("--state")
        .arg(&night.state)
        .args(["audit", "--no-report"])
        .arg(&night.base)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(4), "{}", said(&output));
    assert!(said(&output).contains("các lần chạy trước"), "{}", said(&output));
    assert_eq!(night.jsonl(), before);
    night.audit();
    assert_eq!(night.jsonl(), before);
}

#[test]
fn the_archive_is_never_written_to() {
    let night = Night::new();
    let snapshot = || {
        let mut all: Vec<_> = walkdir::WalkDir::new(&night.base)
            .into_iter()
            .map(|entry| entry.unwrap())
            .map(|entry| (entry.path().to_path_buf(), entry.metadata().unwrap().modified().unwrap()))
            .collect();
        all.sort();
        all
    };
    let before = snapshot();
    night.audit();
    night.run(&["audit", "--rehash", "-o", night.folder.path().join("pages").to_str().unwrap()]);
    night.run(&["doctor"]);
    night.run(&["report", "--format", "csv"]);
    assert_eq!(snapshot(), before);
}

#[test]
fn bad_state_files_are_refused_as_they_are() {
    let night = Night::new();
    fs::write(&night.state, "this is a text, not a database, and it must survive\n".repeat(20)).unwrap();
    let before = fs::read(&night.state).unwrap();
    for arguments in [&["audit", "--no-report"][..], &["gate"], &["runs", "list"]] {
        let output = night.run(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", said(&output));
        assert!(said(&output).contains("không phải cơ sở dữ liệu trạng thái"), "{}", said(&output));
    }
    assert_eq!(fs::read(&night.state).unwrap(), before);
    fs::remove_file(&night.state).unwrap();
    night.audit();
    let connection = rusqlite::Connection::open(&night.state).unwrap();
    connection.execute("UPDATE run_body SET format = 99", []).unwrap();
    let newer = night.run(&["gate"]);
    assert_eq!(newer.status.code(), Some(2), "{}", said(&newer));
    assert!(said(&newer).contains("bản soat mới hơn"), "{}", said(&newer));
    connection.execute("UPDATE run_body SET format = 0", []).unwrap();
    let older = night.run(&["gate"]);
    assert_eq!(older.status.code(), Some(3), "{}", said(&older));
    assert!(said(&older).contains("chạy lại soat audit"), "{}", said(&older));
    // A report of another version is made anew.
    night.audit();
    night.jsonl();
    connection.pragma_update(None, "user_version", 99).unwrap();
    assert_eq!(night.run(&["audit", "--no-report"]).status.code(), Some(2));
}

#[test]
fn an_output_folder_that_cannot_be_written_is_said_and_the_run_stands() {
    let night = Night::new();
    let file = night.folder.path().join("a-file");
    fs::write(&file, "x").unwrap();
    let output = night.run(&["audit", "-o", file.join("pages").to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(said(&output).contains("không phải thư mục") && said(&output).contains("-o"), "{}", said(&output));
    assert!(String::from_utf8_lossy(&output.stdout).contains("SOÁT VĂN BẢN"), "the summary is printed all the same");
    assert_eq!(lines(&night.jsonl(), "document").len(), 4);
}
