//! Pages for leaders and clerks: a self-contained index, and a page per unit. No script, no outside
//! resource; works from `file://`, in print and in greyscale.

mod chart;
mod entry;
mod picture;

use super::{
    Disclose, Files, Format, Options, RenderError,
    text::{self, date, moment, shorten, slug, visible},
    view::{RATES, View, interval, missing, percent_interval},
    words,
};
use crate::model::{Indication, Language, Outcome, Period, RateKind, Report, UnitRate};
use entry::{Contents, Entry, waiver_text};
use minijinja::{
    Environment,
    value::{Serde, Value},
};
use serde::Serialize;
use std::collections::BTreeSet;

pub(super) const FORMAT: Format = Format { name: "html", extension: "html", render };

/// Rows of a page (design: one big page dies at 50 to 100 MB).
const PAGE_ROWS: usize = 2_000;
/// Bounds that keep the index under 2 MB whatever the archive holds; the rest is in the workbook, and
/// the page says so.
const INDEX_UNITS: usize = 400;
const INDEX_CAUSES: usize = 100;
const INDEX_WAIVERS: usize = 200;
const INDEX_INPUTS: usize = 500;
const INDEX_LISTS: usize = 200;
/// Columns of a free text on the index.
const INDEX_TEXT: usize = 200;

fn render(report: &Report, options: &Options) -> Result<Files, RenderError> {
    let report = &*super::mask::masked(report, options);
    let view = View::new(report, options)?;
    let contents = Contents::new(&view);
    let environment = environment()?;
    let pages = UnitPages::new(&view, &contents);
    let index = Index::new(&view, &pages);
    let mut files = vec![("index.html".to_owned(), page(&environment, "index.html", index)?)];
    for (part, rows) in pages.units.chunks(INDEX_UNITS).enumerate().skip(1) {
        let list = UnitList { base: Base::new(&view, view.say("Danh sách đơn vị", "Units")), units: rows };
        files.push((format!("units-{}.html", part + 1), page(&environment, "units.html", list)?));
    }
    for unit in &pages.units {
        // Made unit by unit: the text of a large archive is never in memory twice.
        let entries = contents.entries(&view, &unit.key);
        let parts = entries.len().div_ceil(PAGE_ROWS).max(1);
        for part in 0..parts {
            let rows = entries.get(part * PAGE_ROWS..entries.len().min((part + 1) * PAGE_ROWS)).unwrap_or_default();
            let context = UnitPage::new(&view, unit, rows, part, parts, entries.len());
            files.push((unit_file(&unit.stem, part), page(&environment, "unit.html", context)?));
        }
    }
    Ok(files)
}

fn environment() -> Result<Environment<'static>, minijinja::Error> {
    let mut environment = Environment::new();
    // Names that end in .html are escaped by the engine.
    environment.add_template("base.html", include_str!("base.html"))?;
    environment.add_template("index.html", include_str!("index.html"))?;
    environment.add_template("unit-table.html", include_str!("unit-table.html"))?;
    environment.add_template("rate-table.html", include_str!("rate-table.html"))?;
    environment.add_template("units.html", include_str!("units.html"))?;
    environment.add_template("unit.html", include_str!("unit.html"))?;
    environment.add_global("style", Value::from_safe_string(include_str!("style.css").to_owned()));
    environment.add_filter("cap", capital);
    Ok(environment)
}

/// First letter upper case: enum words stand alone in cells here.
fn capital(text: String) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

fn page(environment: &Environment<'_>, name: &str, context: impl Serialize) -> Result<Vec<u8>, RenderError> {
    Ok(environment.get_template(name)?.render(Value::from(Serde(context)))?.into_bytes())
}

/// `unit-003-btxh.html`, then `unit-003-btxh-2.html`.
fn unit_file(stem: &str, part: usize) -> String {
    if part == 0 { format!("{stem}.html") } else { format!("{stem}-{}.html", part + 1) }
}

/// What every page has.
#[derive(Serialize)]
struct Base {
    vi: bool,
    lang: &'static str,
    title: String,
    archive: String,
    period: String,
    clock: String,
    version: String,
    edition: String,
    disclosed: bool,
    partial: Option<String>,
}

impl Base {
    fn new(view: &View<'_>, title: &str) -> Self {
        let report = view.report;
        let disclose = if view.mask.is_full() { Disclose::Full } else { Disclose::Masked };
        Self {
            vi: view.language == Language::Vi,
            lang: match view.language {
                Language::Vi => "vi",
                Language::En => "en",
            },
            title: title.to_owned(),
            archive: shorten(&visible(&report.archive.name), INDEX_TEXT),
            period: view.period_name(),
            clock: moment(report.clock, view.language),
            version: visible(&report.tool_version),
            edition: visible(&report.edition),
            disclosed: disclose == Disclose::Full,
            partial: report.partial.as_deref().map(|text| shorten(&visible(text), INDEX_TEXT)),
        }
    }
}

/// A rate as the pages show it.
#[derive(Serialize)]
struct RateText {
    name: &'static str,
    interval: String,
    percent: String,
    outcome: &'static str,
    class: &'static str,
    missing: String,
    bar: String,
    change: String,
    target: Option<u32>,
}

impl RateText {
    fn new(view: &View<'_>, rate: &UnitRate, previous: Option<&UnitRate>) -> Self {
        let language = view.language;
        let interval = interval(rate, language);
        let percent = percent_interval(rate, language);
        let outcome = words::outcome(rate.outcome, language);
        Self {
            name: words::rate(rate.rate, language),
            bar: chart::bar(rate, &format!("{percent}, {outcome}")),
            outcome: if rate.target.is_some() || rate.outcome == Outcome::NoActivity { outcome } else { "" },
            class: outcome_class(rate.outcome),
            missing: if rate.target.is_some() && rate.missing_to_target > 0 && rate.outcome != Outcome::Met {
                missing(rate, language)
            } else {
                String::new()
            },
            change: previous.map(|previous| change(rate, previous, language)).unwrap_or_default(),
            target: rate.target,
            interval,
            percent,
        }
    }
}

fn outcome_class(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Met => "met",
        Outcome::Missed => "missed",
        Outcome::Undecided => "undecided",
        Outcome::NoActivity => "none",
    }
}

/// Change of the lower bound in percentage points, cut off: `▲ 1,20`.
fn change(now: &UnitRate, before: &UnitRate, language: Language) -> String {
    let share = |rate: &UnitRate| (u64::from(rate.lower) * 10_000).checked_div(u64::from(rate.denominator));
    let (Some(now), Some(before)) = (share(now), share(before)) else { return "—".to_owned() };
    let sign = match now.cmp(&before) {
        std::cmp::Ordering::Greater => "▲",
        std::cmp::Ordering::Less => "▼",
        std::cmp::Ordering::Equal => return words::pick(language, "không đổi", "unchanged").to_owned(),
    };
    let points = u32::try_from(now.abs_diff(before)).unwrap_or(u32::MAX);
    format!("{sign} {}", text::percent(points, 10_000, language).unwrap_or_default())
}

/// A unit with its rates and where its pages are.
#[derive(Serialize)]
struct UnitText {
    #[serde(skip)]
    key: String,
    #[serde(skip)]
    stem: String,
    code: String,
    name: String,
    file: String,
    n1: Option<RateText>,
    n2: Option<RateText>,
    n3: Option<RateText>,
    work_files: Option<RateText>,
    basis: Option<RateText>,
    open: u32,
}

struct UnitPages {
    units: Vec<UnitText>,
}

impl UnitPages {
    /// Units with a rate in the period, worst first, then the others that have documents or findings.
    fn new(view: &View<'_>, contents: &Contents<'_>) -> Self {
        let mut codes = view.units_worst_first();
        let known: BTreeSet<&str> = codes.iter().copied().collect();
        codes.extend(contents.codes().filter(|code| !known.contains(code)));
        let known: BTreeSet<&str> = codes.iter().copied().collect();
        let total = view.total_unit();
        let units = view.report.units.iter().map(|unit| unit.code.as_str());
        codes.extend(units.filter(|code| !known.contains(code) && Some(*code) != total));
        let mut open = std::collections::HashMap::new();
        for finding in view.findings.iter().filter(|finding| {
            finding.waived.is_none()
                && matches!(finding.level, crate::model::Level::Error | crate::model::Level::Indeterminate)
        }) {
            *open.entry(finding.unit.as_deref().unwrap_or_default()).or_insert(0_u32) += 1;
        }
        let units = codes
            .iter()
            .enumerate()
            .map(|(index, code)| {
                let stem = format!("unit-{:03}-{}", index + 1, slug(code));
                let stem = stem.trim_end_matches('-').to_owned();
                let rate = |kind| unit_rate(view, code, kind);
                UnitText {
                    key: (*code).to_owned(),
                    file: unit_file(&stem, 0),
                    stem,
                    code: if code.is_empty() {
                        view.say("Chung toàn kho, chưa rõ đơn vị", "Whole archive, unit unknown").to_owned()
                    } else {
                        shorten(&visible(code), 40)
                    },
                    name: unit_name(view, code),
                    n1: rate(RateKind::N1),
                    n2: rate(RateKind::N2),
                    n3: rate(RateKind::N3),
                    work_files: rate(RateKind::WorkFiles),
                    basis: rate(view.report.method.basis),
                    open: open.get(code).copied().unwrap_or(0),
                }
            })
            .collect();
        Self { units }
    }
}

/// Full name, empty where there is none but the code.
fn unit_name(view: &View<'_>, code: &str) -> String {
    let name = view.unit_name(code);
    if code.is_empty() || name == visible(code) { String::new() } else { shorten(&name, INDEX_TEXT) }
}

fn unit_rate(view: &View<'_>, unit: &str, kind: RateKind) -> Option<RateText> {
    let rate = view.rate(unit, &view.period?.label, kind)?;
    let previous = view.previous_period().and_then(|period| view.rate(unit, &period.label, kind));
    Some(RateText::new(view, rate, previous))
}

#[derive(Serialize)]
struct CauseText {
    rank: usize,
    title: String,
    check: String,
    level: &'static str,
    cases: String,
    units: u32,
    share: String,
    cumulative: String,
    who: String,
    action: String,
}

fn causes(view: &View<'_>) -> Vec<CauseText> {
    let causes = view.causes();
    let total = causes.iter().fold(0_u32, |sum, cause| sum.saturating_add(cause.subjects));
    let mut running = 0_u32;
    causes
        .iter()
        .enumerate()
        .map(|(index, cause)| {
            running = running.saturating_add(cause.subjects);
            let (who, action) = view.remedy(cause.check);
            CauseText {
                rank: index + 1,
                title: shorten(&view.title(cause.check), INDEX_TEXT),
                check: shorten(&visible(cause.check), 60),
                level: words::level(cause.level, view.language),
                cases: text::number(u64::from(cause.subjects), view.language),
                units: cause.units,
                share: chart::share(cause.subjects, causes.first().map_or(1, |first| first.subjects)),
                cumulative: text::percent(running, total, view.language).unwrap_or_default(),
                who,
                action: shorten(&action, 2 * INDEX_TEXT),
            }
        })
        .collect()
}

#[derive(Serialize)]
struct Index<'u> {
    base: Base,
    verdict: String,
    verdict_class: &'static str,
    verdict_word: &'static str,
    total: Vec<RateText>,
    basis: Option<RateText>,
    n2: Option<RateText>,
    work_files: Option<RateText>,
    history: String,
    previous: String,
    duplicates_certain: String,
    duplicates_probable: String,
    excluded: Vec<(&'static str, String)>,
    classes: Vec<(&'static str, String)>,
    files: String,
    bytes: String,
    assessed: String,
    not_assessed: String,
    not_assessed_reasons: Vec<(&'static str, String)>,
    secret: String,
    signatures: Vec<(&'static str, &'static str, String)>,
    signature_count: String,
    passed_public: String,
    units: &'u [UnitText],
    more_units: Vec<String>,
    causes: Vec<CauseText>,
    actions: Vec<CauseText>,
    selection: String,
    waivers: Vec<WaiverText>,
    more_waivers: String,
    lists: Vec<ListText>,
    limits: Vec<String>,
    definitions: Vec<String>,
    settings: Vec<(&'static str, String)>,
    inputs: Vec<(String, String, String)>,
    more_inputs: String,
    commands: Vec<String>,
    periods: Vec<(String, String, String)>,
    checks: Vec<(String, String, String)>,
    target: u32,
    target_work_files: u32,
}

#[derive(Serialize)]
struct WaiverText {
    check: String,
    subject: String,
    unit: String,
    waiver: String,
}

#[derive(Serialize)]
struct ListText {
    issuer: String,
    from: String,
    until: String,
    age: String,
    sha256: String,
}

impl<'u> Index<'u> {
    fn new(view: &View<'_>, pages: &'u UnitPages) -> Self {
        let report = view.report;
        let language = view.language;
        let scope = &report.scope;
        let number = |value: u32| text::number(u64::from(value), language);
        let (outcome, verdict) = view.verdict();
        let total = view.total_unit().unwrap_or_default();
        let rate = |kind| unit_rate(view, total, kind);
        let basis = view.total(report.method.basis);
        let mut all_causes = causes(view);
        let actions = causes(view).into_iter().take(3).collect();
        all_causes.truncate(INDEX_CAUSES);
        let waived: Vec<_> = view.waived().collect();
        let fired: BTreeSet<&str> = view.findings.iter().map(|finding| finding.check.as_ref()).collect();
        Self {
            base: Base::new(view, view.say("Báo cáo soát văn bản điện tử", "Audit of electronic documents")),
            verdict,
            verdict_class: outcome.map_or("none", outcome_class),
            verdict_word: outcome.map_or("", |outcome| words::outcome(outcome, language)),
            total: RATES.into_iter().filter_map(rate).collect(),
            basis: rate(report.method.basis),
            n2: rate(RateKind::N2),
            work_files: rate(RateKind::WorkFiles),
            history: history(view),
            previous: view.previous_period().map(|period| period_name(view, period)).unwrap_or_default(),
            duplicates_certain: tier(view, crate::model::DuplicateTier::Certain),
            duplicates_probable: tier(view, crate::model::DuplicateTier::Probable),
            excluded: basis
                .map(|rate| rate.excluded.iter().map(|(r, n)| (words::exclusion(*r, language), number(*n))).collect())
                .unwrap_or_default(),
            classes: view
                .total(RateKind::N3)
                .map(|rate| rate.classes.iter().map(|(c, n)| (words::processing(*c, language), number(*n))).collect())
                .unwrap_or_default(),
            files: number(scope.files),
            bytes: text::bytes(scope.bytes, language),
            assessed: number(scope.assessed),
            not_assessed: number(scope.not_assessed),
            not_assessed_reasons: view.not_assessed().into_iter().map(|(reason, n)| (reason, number(n))).collect(),
            secret: number(scope.secret),
            signatures: vec![
                (
                    words::mark(Indication::TotalPassed),
                    words::indication(Indication::TotalPassed, language),
                    number(scope.passed),
                ),
                (
                    words::mark(Indication::Indeterminate),
                    words::indication(Indication::Indeterminate, language),
                    number(scope.indeterminate),
                ),
                (
                    words::mark(Indication::TotalFailed),
                    words::indication(Indication::TotalFailed, language),
                    number(scope.failed),
                ),
            ],
            signature_count: number(scope.signatures),
            passed_public: match view.passed_public() {
                0 => String::new(),
                n => format!("{}: {}", words::of_them_public(language), number(n)),
            },
            units: pages.units.get(..pages.units.len().min(INDEX_UNITS)).unwrap_or_default(),
            more_units: (1..pages.units.len().div_ceil(INDEX_UNITS))
                .map(|part| format!("units-{}.html", part + 1))
                .collect(),
            causes: all_causes,
            actions,
            selection: view.selection_name(),
            more_waivers: more(view, waived.len(), INDEX_WAIVERS),
            waivers: waived
                .iter()
                .take(INDEX_WAIVERS)
                .map(|finding| WaiverText {
                    check: shorten(&view.title(finding.check.as_ref()), INDEX_TEXT),
                    subject: shorten(&view.subject(finding), INDEX_TEXT),
                    unit: shorten(&view.unit_code(finding.unit.as_deref().unwrap_or_default()), 40),
                    waiver: finding
                        .waived
                        .as_ref()
                        .map(|waived| shorten(&waiver_text(view, waived), 2 * INDEX_TEXT))
                        .unwrap_or_default(),
                })
                .collect(),
            lists: report.scope.revocation_lists.iter().take(INDEX_LISTS).map(|list| list_text(view, list)).collect(),
            limits: view.limits().iter().take(INDEX_LISTS).map(|line| shorten(line, 2 * INDEX_TEXT)).collect(),
            definitions: words::definitions(report, language),
            settings: words::settings(report, language),
            inputs: report
                .inputs
                .iter()
                .take(INDEX_INPUTS)
                .map(|input| {
                    let kind = shorten(&visible(words::input(&input.kind, language)), 60);
                    (kind, text::shorten_path(&visible(&input.path), INDEX_TEXT), input.sha256.to_string())
                })
                .collect(),
            more_inputs: more(view, report.inputs.len(), INDEX_INPUTS),
            commands: view.commands(),
            periods: view
                .history()
                .into_iter()
                .map(|period| (period_name(view, period), date(period.first, language), date(period.last, language)))
                .collect(),
            checks: report
                .checks
                .iter()
                .filter(|meta| fired.contains(meta.id.as_ref()))
                .take(INDEX_CAUSES)
                .map(|meta| {
                    let basis = shorten(&visible(meta.basis.get(language)), 2 * INDEX_TEXT);
                    (view.title(meta.id.as_ref()), visible(&meta.id), basis)
                })
                .collect(),
            target: report.method.target_electronic,
            target_work_files: report.method.target_work_files,
        }
    }
}

fn more(view: &View<'_>, all: usize, shown: usize) -> String {
    if all <= shown {
        return String::new();
    }
    format!("… {} {}", all - shown, view.say("mục khác: xem tệp XLSX", "more: see the XLSX file"))
}

fn tier(view: &View<'_>, tier: crate::model::DuplicateTier) -> String {
    let count = view.duplicates.iter().filter(|pair| pair.tier == tier).count();
    text::number(count as u64, view.language)
}

fn period_name(view: &View<'_>, period: &Period) -> String {
    words::period(period, view.report.method.cutoff_day, view.language)
}

fn history(view: &View<'_>) -> String {
    let basis = view.report.method.basis;
    let Some(total) = view.total_unit() else { return String::new() };
    let points: Vec<(&Period, &UnitRate)> = view
        .history()
        .into_iter()
        .filter_map(|period| Some((period, view.rate(total, &period.label, basis)?)))
        .collect();
    let label = view.say("Tỷ lệ qua các kỳ so với mục tiêu", "Rate per period against the target");
    chart::history(&points, view.target(), label, view.language)
}

fn list_text(view: &View<'_>, list: &crate::model::RevocationListSummary) -> ListText {
    let days = (view.report.clock.0.saturating_sub(list.this_update.0)).div_euclid(86_400);
    let stale = list.next_update.is_some_and(|next| next < view.report.clock);
    let age = format!("{days} {}", view.say("ngày", "days"));
    ListText {
        issuer: shorten(&visible(&list.issuer), INDEX_TEXT),
        from: moment(list.this_update, view.language),
        until: list.next_update.map(|next| moment(next, view.language)).unwrap_or_default(),
        age: if stale { format!("{age} — {}", view.say("quá hạn", "out of date")) } else { age },
        sha256: list.sha256.to_string(),
    }
}

#[derive(Serialize)]
struct UnitList<'u> {
    base: Base,
    units: &'u [UnitText],
}

#[derive(Serialize)]
struct UnitPage<'u> {
    base: Base,
    unit: &'u UnitText,
    rates: Vec<&'u RateText>,
    entries: &'u [Entry],
    count: String,
    part: usize,
    parts: usize,
    pages: Vec<(usize, String)>,
}

impl<'u> UnitPage<'u> {
    fn new(view: &View<'_>, unit: &'u UnitText, entries: &'u [Entry], part: usize, parts: usize, count: usize) -> Self {
        let title = if unit.name.is_empty() { unit.code.clone() } else { format!("{} — {}", unit.code, unit.name) };
        Self {
            base: Base::new(view, &title),
            rates: [&unit.n3, &unit.n2, &unit.n1, &unit.work_files].into_iter().flatten().collect(),
            unit,
            entries,
            count: text::number(count as u64, view.language),
            part: part + 1,
            parts,
            pages: (0..parts).map(|part| (part + 1, unit_file(&unit.stem, part))).collect(),
        }
    }
}
