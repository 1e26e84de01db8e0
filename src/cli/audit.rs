//! `soat audit`: walk, extract what changed, judge everything, store the run, print the summary.

use super::arguments::{AuditArguments, DiscloseArgument};
use super::exit::{Exit, Failure};
use super::interrupt::Interrupt;
use super::load;
use super::operation::{self, Summary};
use super::setup::{Setup, now, state_failure};
use super::terminal::{Terminal, print};
use super::{context, load::Loaded, system};
use crate::archive::{self, Walk};
use crate::comparison::{self, Comparison};
use crate::config::Disclosure;
use crate::crypto;
use crate::engine::{self, File, Input};
use crate::model::{
    AlteredContent, ArchiveSummary, BlobKind, EXTRACTOR_VERSION, Language, Report, Sha256Digest, UnixTime,
};
use crate::ocr;
use crate::raster::GrayImage;
use crate::records;
use crate::report::{self, Disclose, Options};
use crate::scan::{self, Scan};
use crate::state::{RunBody, RunId, RunStatus, State};
use crate::validate::{Carried, Detail};
use rayon::ThreadPool;
use std::path::{Path, PathBuf};

/// Seconds of a day.
const DAY: i64 = 86_400;

/// Runs the audit, then tells whoever is configured how it ended.
pub(super) fn audit(
    arguments: &AuditArguments,
    setup: &Setup,
    pool: &ThreadPool,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    let started = now()?;
    terminal.record(&format!("audit {}", setup.shown));
    let mut summary = None;
    let outcome = run(arguments, setup, pool, terminal, &mut summary);
    let times = (started, now()?);
    operation::after(arguments.metrics.as_deref(), setup, terminal, times, summary.as_ref(), &outcome);
    outcome
}

fn run(
    arguments: &AuditArguments,
    setup: &Setup,
    pool: &ThreadPool,
    terminal: &Terminal,
    summary: &mut Option<Summary>,
) -> Result<Exit, Failure> {
    let folders: Vec<PathBuf> = setup.config.archive.documents.iter().map(PathBuf::from).collect();
    let walk = archive::walk(&setup.base, &folders, |name| setup.config.is_excluded(name) || setup.is_own(name))
        .map_err(|nothing| system::nothing(&nothing, terminal))?;
    let fail = |error| state_failure(error, terminal);
    let _lock = State::lock(&setup.state).map_err(fail)?;
    let mut state = State::open(&setup.state).map_err(fail)?;
    let interrupt = Interrupt::listen()?;
    let last = state.runs().map_err(fail)?.into_iter().find(|run| run.status != RunStatus::Running);
    if let Some(last) = last.as_ref().filter(|last| now().is_ok_and(|now| now < last.started)) {
        let (vi, en) = (
            format!(
                "Đồng hồ của máy đang sớm hơn lần chạy trước ({}): kiểm tra giờ hệ thống.",
                last.started.day_first()
            ),
            format!("This machine's clock is before the last run ({}): check the system time.", last.started),
        );
        terminal.error(terminal.pick(&vi, &en));
    }
    recheck(arguments, setup, &walk, &mut state, pool, &interrupt, last.map(|run| run.started), terminal)?;
    let known = altered(&walk, &state, terminal)?;
    let (id, report) = match repeated(setup, &walk, &known, &mut state, terminal)? {
        Some(found) => found,
        None => fresh(setup, &walk, &mut state, pool, &interrupt, terminal)?,
    };
    // The scan may have met another content since.
    let altered = self::altered(&walk, &state, terminal)?;
    *summary = Some(Summary::of(id, &report, altered.len()));
    state.prune(setup.config.operation.keep_runs).map_err(fail)?;
    let disclose = disclosure(arguments.disclose, setup);
    let mut places = Vec::new();
    let mut written = Ok(());
    if !arguments.no_report {
        let folder = arguments.output.clone().unwrap_or_else(|| setup.report_folder());
        // The summary is worth printing even where the pages cannot be written.
        written = write_html(&report, &folder, terminal, disclose).map(|main| {
            places.push(format!("{} {}", terminal.pick("Báo cáo HTML:", "HTML report:"), main.display()));
        });
    }
    places.push(format!("{} {}", terminal.pick("Cơ sở dữ liệu trạng thái:", "State database:"), setup.state.display()));
    let options =
        Options { language: terminal.language, disclose, colour: terminal.colour, places, ..Options::default() };
    print(&render("plain", &report, &options)?.into_iter().next().map(|(_, bytes)| bytes).unwrap_or_default())?;
    if setup.file.is_none() {
        terminal.note(terminal.pick(
            "Kho này chưa có soat.toml: chạy `soat init THƯ_MỤC` để khai báo sổ, đơn vị, gốc tin cậy; `soat doctor` cho biết còn thiếu gì.",
            "This archive has no soat.toml: run `soat init FOLDER` to name registers, units and roots; `soat doctor` tells what is missing.",
        ));
    }
    let exit = match &report.partial {
        None => Exit::Passed,
        Some(reason) => {
            terminal.error(&format!("{}: {reason}", terminal.pick("Lần chạy dở dang", "Partial run")));
            Exit::Undecided
        }
    };
    // The process ends here: freeing a report of a hundred thousand documents piece by piece is waste.
    std::mem::forget(report);
    written.map(|()| exit)
}

/// Reads again what is due although it seems unchanged: everything if asked for, else tonight's part. Every
/// file has its day in the cycle; days without a run are made up for.
#[allow(clippy::too_many_arguments, reason = "the run's parts, used once")]
fn recheck(
    arguments: &AuditArguments,
    setup: &Setup,
    walk: &Walk,
    state: &mut State,
    pool: &ThreadPool,
    interrupt: &Interrupt,
    last: Option<UnixTime>,
    terminal: &Terminal,
) -> Result<(), Failure> {
    let today = now()?.0.div_euclid(DAY);
    let cycle = i64::from(setup.config.operation.recheck_days);
    let missed = last.map_or(0, |last| today.saturating_sub(last.0.div_euclid(DAY)));
    if !arguments.rehash && (cycle == 0 || missed <= 0) {
        return Ok(());
    }
    let due = |entry: &archive::Entry| {
        let [a, b, c, d, ..] = crypto::sha256(&entry.key).0;
        let slot = i64::from(u32::from_be_bytes([a, b, c, d])).checked_rem(cycle).unwrap_or(0);
        // Days since this file's slot came up last.
        arguments.rehash || today.saturating_sub(slot).checked_rem_euclid(cycle).is_some_and(|since| since < missed)
    };
    let bar = terminal.progress(0, "Đang đọc lại để đối chiếu", "Reading again to compare");
    let options =
        scan::Options { limits: &setup.config.limits, pool, stop: &|| interrupt.requested(), advance: &|| bar.inc(1) };
    let read = scan::recheck(state, &walk.entries, due, &options);
    bar.finish_and_clear();
    let read = read.map_err(|error| state_failure(error, terminal))?;
    if read > 0 {
        let (vi, en) = (
            format!("Đã đọc lại {read} tệp để đối chiếu nội dung với lần đọc trước."),
            format!("{read} files were read again and compared with what was read before."),
        );
        terminal.note(terminal.pick(&vi, &en));
    }
    Ok(())
}

/// Files of the walk whose content changed silently.
fn altered(walk: &Walk, state: &State, terminal: &Terminal) -> Result<Vec<AlteredContent>, Failure> {
    let known = state.altered().map_err(|error| state_failure(error, terminal))?;
    let entry = |key: &[u8]| walk.entries.iter().find(|entry| entry.key == key);
    let found = known
        .into_iter()
        .filter_map(|(key, before, after)| Some(AlteredContent { path: entry(&key)?.name.clone(), before, after }));
    Ok(found.collect())
}

/// The report of the last run, if nothing at all has changed since: a run of its own in the history.
fn repeated(
    setup: &Setup,
    walk: &Walk,
    altered: &[AlteredContent],
    state: &mut State,
    terminal: &Terminal,
) -> Result<Option<(RunId, Report)>, Failure> {
    let Some(key) = inputs_of(setup, walk, altered, state)? else { return Ok(None) };
    let fail = |error| state_failure(error, terminal);
    let Some((body, report)) = state.report_of(key).map_err(fail)? else { return Ok(None) };
    let id = state.begin_run(now()?, setup.clock).map_err(fail)?;
    state.finish_run(id, now()?, RunStatus::Complete, &RunBody::stored(body), Some(key)).map_err(fail)?;
    terminal.note(terminal.pick(
        "Không có gì thay đổi từ lần chạy trước: kết quả được giữ nguyên, không đọc lại văn bản nào.",
        "Nothing changed since the last run: its result stands, no document was read.",
    ));
    Ok(Some((id, report)))
}

/// Identity of everything a run over the archive as it is now would be made of; `None` if a document has
/// to be read first.
fn inputs_of(
    setup: &Setup,
    walk: &Walk,
    altered: &[AlteredContent],
    state: &State,
) -> Result<Option<Sha256Digest>, Failure> {
    if !walk.problems.is_empty() {
        return Ok(None);
    }
    let Some(contents) = scan::unchanged(state, &walk.entries)? else { return Ok(None) };
    let Some(settings) = load::fingerprint(setup) else { return Ok(None) };
    // Whether scans can be read decides some of them.
    let ocr = ocr_program(setup).is_some();
    let mut text = format!("{settings} {EXTRACTOR_VERSION} {ocr}\n").into_bytes();
    for (entry, content) in walk.entries.iter().zip(contents) {
        text.extend(&entry.key);
        text.push(0);
        text.extend(content.0);
    }
    for one in altered {
        text.extend(one.path.as_bytes());
        text.push(0);
        text.extend(one.before.0);
    }
    Ok(Some(crypto::sha256(&text)))
}

/// Loads, scans, judges and stores.
fn fresh(
    setup: &Setup,
    walk: &Walk,
    state: &mut State,
    pool: &ThreadPool,
    interrupt: &Interrupt,
    terminal: &Terminal,
) -> Result<(RunId, Report), Failure> {
    let loaded = load::load(setup, terminal)?;
    for problem in &loaded.problems {
        terminal.confide(problem);
    }
    if !loaded.problems.is_empty() {
        terminal.record(&format!(
            "{} {}",
            loaded.problems.len(),
            terminal.pick(
                "chỗ không đọc được trong sổ và tệp cấu hình: soat register check, soat doctor",
                "unreadable places in registers and inputs: soat register check, soat doctor"
            )
        ));
    }
    let id = state.begin_run(now()?, setup.clock).map_err(|error| state_failure(error, terminal))?;

    let names: Vec<&str> = walk.entries.iter().map(|entry| entry.name.as_str()).collect();
    let secret = records::secret_files(&names, &loaded.lists.rows);
    let open: Vec<archive::Entry> =
        walk.entries.iter().zip(&secret).filter(|(_, secret)| !**secret).map(|(entry, _)| entry.clone()).collect();
    let bar = terminal.progress(u64::try_from(open.len()).unwrap_or(0), "Đang đọc văn bản", "Reading documents");
    let scanned = scan::scan(
        state,
        &open,
        &scan::Options { limits: &setup.config.limits, pool, stop: &|| interrupt.requested(), advance: &|| bar.inc(1) },
    );
    bar.finish_and_clear();
    let scanned = scanned.map_err(|error| state_failure(error, terminal))?;
    // Secret files are remembered by their stamp alone, so that an unchanged archive is recognised.
    let unopened = walk.entries.iter().zip(&secret).filter(|(_, secret)| **secret).map(|(entry, _)| entry);
    scan::remember_unopened(state, unopened).map_err(|error| state_failure(error, terminal))?;
    let partial = partial(&scanned, walk, terminal);
    let compared = compared(setup, &open, &scanned, interrupt, state, pool, terminal)?;
    let partial = partial.or_else(|| cut(&compared, terminal));
    let altered = &altered(walk, state, terminal)?;

    let report = judge(setup, loaded, walk, altered, &secret, scanned, compared, partial, state, pool)?;
    let body = RunBody::encode(&report, crypto::sha256)?;
    let status = if report.partial.is_some() { RunStatus::Partial } else { RunStatus::Complete };
    let inputs = inputs_of(setup, walk, altered, state)?;
    state.finish_run(id, now()?, status, &body, inputs).map_err(|error| state_failure(error, terminal))?;
    Ok((id, report))
}

/// The OCR program that would be used: the configured one, else the one on PATH.
fn ocr_program(setup: &Setup) -> Option<PathBuf> {
    let configured = setup.config.archive.ocr.as_ref().map(PathBuf::from);
    ocr::located(configured, std::env::var_os("PATH").as_deref())
}

/// Holds unsigned scans against e-documents.
fn compared(
    setup: &Setup,
    open: &[archive::Entry],
    scanned: &Scan,
    interrupt: &Interrupt,
    state: &mut State,
    pool: &ThreadPool,
    terminal: &Terminal,
) -> Result<Comparison, Failure> {
    let files: Vec<_> = scanned.files.iter().filter_map(|file| Some((open.get(file.entry)?, &file.facts))).collect();
    let program = ocr_program(setup).and_then(|path| ocr::Program::open(&path));
    let recogniser = program.as_ref().map(|program| move |picture: &GrayImage| program.recognise(picture));
    let bar = terminal.progress(0, "Đang so bản quét với văn bản điện tử", "Comparing scans with e-documents");
    let options = comparison::Options {
        limits: &setup.config.limits,
        pool,
        recogniser: recogniser.as_ref().map(|recognise| recognise as comparison::Recogniser<'_>),
        stop: &|| interrupt.requested(),
        progress: &|total| match total {
            Some(total) => bar.set_length(u64::try_from(total).unwrap_or(u64::MAX)),
            None => bar.inc(1),
        },
    };
    let compared = comparison::compare(state, &files, &options);
    bar.finish_and_clear();
    compared.map_err(|error| state_failure(error, terminal))
}

/// Why a run whose comparison was stopped is partial.
fn cut(compared: &Comparison, terminal: &Terminal) -> Option<String> {
    let (vi, en) = (
        "dừng theo yêu cầu khi đang so bản quét; phần đã làm được giữ lại",
        "stopped on request while scans were compared; what was done is kept",
    );
    compared.summary.cut.then(|| terminal.pick(vi, en).to_owned())
}

/// Why the run is partial, if it is.
fn partial(scan: &Scan, walk: &Walk, terminal: &Terminal) -> Option<String> {
    if scan.left > 0 {
        let (vi, en) = (
            format!("dừng theo yêu cầu, còn {} tệp chưa đọc; phần đã làm được giữ lại", scan.left),
            format!("stopped on request, {} files not read; what was done is kept", scan.left),
        );
        return Some(terminal.pick(&vi, &en).to_owned());
    }
    let (path, error) = walk.problems.first()?;
    Some(format!("{path}: {}", system::say(error, terminal)))
}

#[allow(clippy::too_many_arguments, reason = "the run's parts, used once")]
fn judge(
    setup: &Setup,
    loaded: Loaded,
    walk: &Walk,
    altered: &[AlteredContent],
    secret: &[bool],
    scanned: Scan,
    compared: Comparison,
    partial: Option<String>,
    state: &State,
    pool: &ThreadPool,
) -> Result<Report, Failure> {
    let mut carried = Carried::default();
    for kind in [BlobKind::Certificate, BlobKind::Crl, BlobKind::OcspResponse] {
        state.blobs(kind)?.iter().for_each(|blob| carried.add(blob));
    }
    let mut facts = scanned.files.into_iter().map(|file| file.facts);
    let files: Vec<File> = walk
        .entries
        .iter()
        .zip(secret)
        .map(|(entry, secret)| File { path: entry.name.clone(), facts: if *secret { None } else { facts.next() } })
        .collect();
    let Loaded { material, lists, settings, authorities, revocation_lists, inputs, problems: _ } = loaded;
    let context: crate::validate::Context<'_> =
        context::JudgingMaterial::context(&material, &carried, &setup.config.limits, Detail::Brief);
    let input = Input {
        files: &files,
        document_folders: &setup.config.archive.documents,
        lists: &lists,
        prints: &compared.matches,
        comparison: compared.summary,
        organisations: &material.organisations,
        archive: ArchiveSummary {
            name: setup.name(),
            agency: setup.config.archive.agency.clone(),
            folder: setup.shown.clone(),
        },
        settings: &settings,
        method: setup.config.method(),
        calendar: setup.config.calendar,
        altered,
        authorities: &authorities,
        revocation_lists,
        inputs,
        partial,
    };
    Ok(pool.install(|| engine::judge(input, &context)))
}

/// What a report may show: the flag, else the configuration.
pub(super) fn disclosure(argument: DiscloseArgument, setup: &Setup) -> Disclose {
    match (argument, setup.config.disclosure) {
        (DiscloseArgument::Full, _) | (_, Disclosure::Full) => Disclose::Full,
        (DiscloseArgument::Masked, Disclosure::Masked) => Disclose::Masked,
    }
}

/// Renders a report in a format known to exist.
pub(super) fn render(format: &str, report: &Report, options: &Options) -> Result<report::Files, Failure> {
    let known: Vec<&str> = report::FORMATS.iter().map(|format| format.name).collect();
    let format = report::format(format)
        .ok_or_else(|| Failure::message(Exit::Usage, format!("\"{format}\": {}", known.join(", "))))?;
    (format.render)(report, options).map_err(|error| match error {
        report::RenderError::UnknownPeriod { .. } => Failure::new(Exit::Nothing, error),
        report::RenderError::NoTypeface => Failure::message(
            Exit::Usage,
            match options.language {
                Language::Vi => "Không tìm thấy phông chữ có đủ chữ Việt (thường, đậm, nghiêng) để dàn trang PDF: cài gói fonts-liberation, hoặc chỉ thư mục phông bằng --fonts.",
                Language::En => "No font with Vietnamese letters (regular, bold, italic) for the PDF: install fonts-liberation, or give a folder with --fonts.",
            },
        ),
        error => Failure::new(Exit::Internal, error),
    })
}

fn write_html(report: &Report, folder: &Path, terminal: &Terminal, disclose: Disclose) -> Result<PathBuf, Failure> {
    let options = Options { language: terminal.language, disclose, ..Options::default() };
    write_files(render("html", report, &options)?, folder, terminal)
}

/// Writes files below `folder`; returns the one to open.
pub(super) fn write_files(files: report::Files, folder: &Path, terminal: &Terminal) -> Result<PathBuf, Failure> {
    super::files::write_all(folder, &files).map_err(|(path, error)| {
        let (said, hint) = (
            system::say(&error, terminal),
            terminal.pick(
                "chọn thư mục khác bằng -o, hoặc giải phóng đĩa; kết quả đã lưu vẫn còn",
                "name another folder with -o or free the disk; the stored run is intact",
            ),
        );
        Failure::message(Exit::Usage, format!("{}: {said}\n  → {hint}", path.display()))
    })?;
    let main = files.first().map(|(name, _)| folder.join(name));
    main.ok_or_else(|| Failure::message(Exit::Internal, "no file was rendered"))
}
