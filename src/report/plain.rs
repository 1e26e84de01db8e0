//! The summary a person reads in a terminal or a mail: 80 columns, Vietnamese or English.

use super::{
    Files, Format, Options, RenderError, file_name,
    text::{self, left, paragraph, right, shorten},
    view::{View, interval, missing, percent_interval},
    words,
};
use crate::model::{Indication, Level, Outcome, RateKind, Report, UnitRate};

pub(super) const FORMAT: Format = Format { name: "plain", extension: "txt", render };

/// Columns of a line: what a terminal and a mail show without wrapping.
const COLUMNS: usize = 80;
/// Units listed; the rest are in the other formats.
const UNITS: usize = 25;
/// Inputs listed with their digests.
const INPUTS: usize = 12;
/// Causes listed: the shortest report still carries the reason and the next action.
const CAUSES: usize = 6;

fn render(report: &Report, options: &Options) -> Result<Files, RenderError> {
    let report = &*super::mask::masked(report, options);
    let view = View::new(report, options)?;
    let mut page = Page { view: &view, paint: Paint(options.colour), out: String::new() };
    page.head();
    page.scope();
    page.signatures();
    page.rates();
    page.work_files();
    page.excluded();
    page.causes();
    page.limits();
    page.definition();
    page.inputs();
    page.places(&options.places);
    Ok(vec![(file_name(options, "txt"), page.out.into_bytes())])
}

/// ANSI colours (ECMA-48 SGR), or none. Colour never carries a meaning alone.
#[derive(Clone, Copy)]
pub(super) struct Paint(pub(super) bool);

impl Paint {
    fn with(self, code: &str, text: &str) -> String {
        if self.0 { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    pub(super) fn bold(self, text: &str) -> String {
        self.with("1", text)
    }

    fn outcome(self, value: Outcome, text: &str) -> String {
        match value {
            Outcome::Met => self.with("32", text),
            Outcome::Missed => self.with("31", text),
            Outcome::Undecided => self.with("33", text),
            Outcome::NoActivity => text.to_owned(),
        }
    }

    pub(super) fn indication(self, value: Indication, text: &str) -> String {
        match value {
            Indication::TotalPassed => self.with("32", text),
            Indication::Indeterminate => self.with("33", text),
            Indication::TotalFailed => self.with("31", text),
        }
    }

    pub(super) fn level(self, value: Level, text: &str) -> String {
        match value {
            Level::Error => self.with("31", text),
            Level::Indeterminate | Level::Warn => self.with("33", text),
            Level::Info => text.to_owned(),
        }
    }
}

struct Page<'v, 'a> {
    view: &'v View<'a>,
    paint: Paint,
    out: String,
}

impl Page<'_, '_> {
    fn line(&mut self, text: &str) {
        self.out.push_str(text.trim_end());
        self.out.push('\n');
    }

    fn heading(&mut self, text: &str) {
        self.out.push('\n');
        for line in text::wrap(text, COLUMNS) {
            let painted = self.paint.bold(&line);
            self.line(&painted);
        }
    }

    fn bullet(&mut self, text: &str) {
        paragraph(&mut self.out, "  - ", text, COLUMNS);
    }

    fn count(&self, value: u32) -> String {
        text::number(u64::from(value), self.view.language)
    }

    /// What the figures were made from, so that they can be made again.
    fn inputs(&mut self) {
        let view = self.view;
        let all = view.inputs();
        if all.len() == 0 {
            return;
        }
        self.heading(view.say("ĐẦU VÀO (SHA-256)", "INPUTS (SHA-256)"));
        let rest = all.len().saturating_sub(INPUTS);
        for (what, digest) in all.take(INPUTS) {
            self.line(&format!("  {}", text::shorten_path(&what, COLUMNS - 2)));
            self.line(&format!("    {digest}"));
        }
        if rest > 0 {
            self.bullet(&format!("{rest} {}", view.say("đầu vào khác: xem json, xlsx", "more inputs: see json, xlsx")));
        }
    }

    fn head(&mut self) {
        let view = self.view;
        let name = text::visible(&view.report.archive.name);
        let title = format!("{} — {name}", view.say("SOÁT VĂN BẢN ĐIỆN TỬ", "AUDIT OF ELECTRONIC DOCUMENTS"));
        for line in text::wrap(&title, COLUMNS) {
            let painted = self.paint.bold(&line);
            self.line(&painted);
        }
        let (outcome, sentence) = view.verdict();
        self.out.push('\n');
        let mut verdict = String::new();
        paragraph(&mut verdict, view.say("KẾT LUẬN: ", "VERDICT: "), &sentence, COLUMNS);
        let lines: Vec<String> = verdict
            .lines()
            .map(|line| match outcome {
                Some(outcome) => self.paint.outcome(outcome, line),
                None => line.to_owned(),
            })
            .collect();
        for line in lines {
            self.line(&line);
        }
    }

    fn scope(&mut self) {
        let view = self.view;
        let scope = &view.report.scope;
        self.heading(view.say("PHẠM VI (toàn kho)", "SCOPE (whole archive)"));
        let rows = [
            (view.say("Tệp", "Files"), scope.files, text::bytes(scope.bytes, view.language)),
            (view.say("Đã kiểm tra", "Judged"), scope.assessed, String::new()),
            (
                view.say("Chưa kiểm tra được", "Could not be judged"),
                scope.not_assessed,
                view.not_assessed()
                    .iter()
                    .map(|(reason, n)| format!("{reason} {}", self.count(*n)))
                    .collect::<Vec<_>>()
                    .join(" · "),
            ),
            (
                view.say("Mang dấu mật", "Secrecy-marked"),
                scope.secret,
                view.say("không mở, không tính", "not opened, not counted").to_owned(),
            ),
        ];
        let comparison = &scope.comparison;
        let compared = (comparison.scans > 0).then(|| {
            let held = (self.count(comparison.compared), self.count(comparison.documents));
            let note = if view.language == crate::model::Language::Vi {
                format!("đã so {} với {} văn bản điện tử", held.0, held.1)
            } else {
                format!("{} held against {} e-documents", held.0, held.1)
            };
            (view.say("Bản quét không ký", "Unsigned scans"), comparison.scans, note)
        });
        for (label, value, note) in rows.into_iter().chain(compared) {
            let first = format!("  {} {}   ", left(label, 20), right(&self.count(value), 9));
            paragraph(&mut self.out, &first, &note, COLUMNS);
        }
    }

    fn signatures(&mut self) {
        let view = self.view;
        let scope = &view.report.scope;
        let heading = format!("{} {}", view.say("CHỮ KÝ SỐ:", "SIGNATURES:"), self.count(scope.signatures));
        self.heading(&heading);
        for (kind, value) in [
            (Indication::TotalPassed, scope.passed),
            (Indication::Indeterminate, scope.indeterminate),
            (Indication::TotalFailed, scope.failed),
        ] {
            let label = format!("{} {}", words::mark(kind), words::indication_short(kind, view.language));
            let painted = self.paint.indication(kind, &left(&label, 20));
            let line = format!("  {painted} {}", right(&self.count(value), 9));
            self.line(&line);
            let public = view.passed_public();
            if kind == Indication::TotalPassed && public > 0 {
                let line = format!("    {}: {}", words::of_them_public(view.language), self.count(public));
                self.line(&line);
            }
        }
    }

    fn rates(&mut self) {
        let view = self.view;
        let Some(period) = view.period else { return };
        let basis = match view.report.method.basis {
            RateKind::WorkFiles => RateKind::N3,
            basis => basis,
        };
        let target = view.report.method.target_electronic;
        let heading = format!(
            "{} — {} — {}",
            view.say("TỶ LỆ VĂN BẢN ĐIỆN TỬ", "ELECTRONIC DOCUMENTS"),
            view.period_name(),
            if view.language == crate::model::Language::Vi {
                format!("mục tiêu trên {target} %")
            } else {
                format!("target above {target} %")
            }
        );
        self.heading(&heading);
        let others: Vec<RateKind> =
            [RateKind::N1, RateKind::N2, RateKind::N3].into_iter().filter(|kind| *kind != basis).collect();
        let short = |kind| words::rate_short(kind, view.language);
        let mut table = Table::new(&[false, true, true, true, true, false]);
        let mut head = vec![view.say("Đơn vị", "Unit").to_owned()];
        head.extend(others.iter().map(|kind| short(*kind).to_owned()));
        head.push(format!("{}/D", short(basis)));
        head.push("%".to_owned());
        head.push(view.say("Kết quả", "Result").to_owned());
        table.push(head, None, None);
        let units = units(view);
        for unit in units.iter().take(UNITS) {
            let Some(rate) = view.rate(unit, &period.label, basis) else { continue };
            if rate.outcome == Outcome::NoActivity {
                continue;
            }
            let mut cells = vec![shorten(&view.unit_code(unit), 16)];
            cells.extend(others.iter().map(|kind| {
                view.rate(unit, &period.label, *kind).map(|other| bounds(other, view)).unwrap_or_default()
            }));
            cells.push(interval(rate, view.language));
            cells.push(percent_interval(rate, view.language).replace(" %", ""));
            cells.push(words::outcome(rate.outcome, view.language).to_owned());
            let note = (rate.missing_to_target > 0 && rate.target.is_some() && rate.outcome != Outcome::Met)
                .then(|| missing(rate, view.language));
            table.push(cells, Some(rate.outcome), note);
        }
        if table.has_rows() {
            table.print(self);
        }
        self.idle(units.iter().filter_map(|unit| view.rate(unit, &period.label, basis)));
        if units.len() > UNITS {
            let rest = self.count(u32::try_from(units.len() - UNITS).unwrap_or(u32::MAX));
            let line = format!(
                "  … {rest} {}",
                view.say("đơn vị khác, xem báo cáo HTML hoặc XLSX", "more units, see the HTML or XLSX report")
            );
            self.line(&line);
        }
        let legend = [RateKind::N1, RateKind::N2, RateKind::N3].map(|kind| words::rate(kind, view.language));
        paragraph(&mut self.out, "  ", &legend.join(" · "), COLUMNS);
    }

    fn work_files(&mut self) {
        let view = self.view;
        let Some(period) = view.period else { return };
        let units = units(view);
        let rates: Vec<&UnitRate> =
            units.iter().filter_map(|unit| view.rate(unit, &period.label, RateKind::WorkFiles)).collect();
        if rates.is_empty() {
            return;
        }
        let target = view.report.method.target_work_files;
        let heading = if view.language == crate::model::Language::Vi {
            format!("HỒ SƠ CÔNG VIỆC ĐIỆN TỬ — mục tiêu trên {target} %")
        } else {
            format!("ELECTRONIC WORK FILES — target above {target} %")
        };
        self.heading(&heading);
        let mut table = Table::new(&[false, true, true, false]);
        for rate in rates.iter().filter(|rate| rate.outcome != Outcome::NoActivity).take(UNITS) {
            let note = (rate.missing_to_target > 0 && rate.target.is_some() && rate.outcome != Outcome::Met)
                .then(|| missing(rate, view.language));
            table.push(
                vec![
                    shorten(&view.unit_code(&rate.unit), 16),
                    interval(rate, view.language),
                    percent_interval(rate, view.language),
                    words::outcome(rate.outcome, view.language).to_owned(),
                ],
                Some(rate.outcome),
                note,
            );
        }
        if table.has_rows() {
            table.print(self);
        }
        self.idle(rates.into_iter());
    }

    /// The units without anything to count, in one line.
    fn idle<'r>(&mut self, rates: impl Iterator<Item = &'r UnitRate>) {
        let idle: Vec<String> = rates
            .filter(|rate| rate.outcome == Outcome::NoActivity)
            .take(UNITS)
            .map(|rate| shorten(&self.view.unit_code(&rate.unit), 16))
            .collect();
        if !idle.is_empty() {
            let text = format!("{}: {}", words::outcome(Outcome::NoActivity, self.view.language), idle.join(", "));
            paragraph(&mut self.out, "  ", &text, COLUMNS);
        }
    }

    fn excluded(&mut self) {
        let view = self.view;
        let Some(rate) = view.total(RateKind::N3).or_else(|| view.total(view.report.method.basis)) else { return };
        let parts: Vec<String> = rate
            .excluded
            .iter()
            .map(|(reason, n)| format!("{} {}", words::exclusion(*reason, view.language), self.count(*n)))
            .collect();
        let text = if parts.is_empty() { view.say("không có", "none").to_owned() } else { parts.join(" · ") };
        self.heading(view.say("NGOÀI MẪU SỐ", "EXCLUDED FROM THE DENOMINATOR"));
        paragraph(&mut self.out, "  ", &text, COLUMNS);
        let waived = view.waived().count();
        if waived > 0 {
            let line = format!(
                "  {} {}",
                view.say(
                    "Phát hiện được miễn trừ (vẫn liệt kê trong báo cáo):",
                    "Waived findings (still listed in the reports):"
                ),
                text::number(waived as u64, view.language)
            );
            self.line(&line);
            for (words, count) in view.waivers_by_authority() {
                self.bullet(&format!("{words}: {}", text::number(u64::from(count), view.language)));
            }
        }
    }

    fn causes(&mut self) {
        let view = self.view;
        let causes = view.causes();
        let heading = format!("{} — {}", view.say("NGUYÊN NHÂN CHÍNH", "MAIN CAUSES"), view.selection_name());
        self.heading(&heading);
        if causes.is_empty() {
            let none =
                view.say("  không có phát hiện nào ở mức cảnh báo trở lên", "  no finding at warning level or above");
            self.line(none);
            return;
        }
        for (index, cause) in causes.iter().take(CAUSES).enumerate() {
            let first = format!("  {}. ", index + 1);
            let text = format!(
                "{} [{}]: {} {}",
                view.title(cause.check),
                words::level(cause.level, view.language),
                self.count(cause.subjects),
                view.say("trường hợp", "cases"),
            );
            let mut entry = String::new();
            paragraph(&mut entry, &first, &text, COLUMNS);
            for line in entry.lines() {
                let painted = self.paint.level(cause.level, line);
                self.line(&painted);
            }
            let (who, action) = view.remedy(cause.check);
            let action = if who.is_empty() { action } else { format!("{who}: {action}") };
            if !action.is_empty() {
                paragraph(&mut self.out, "     → ", &action, COLUMNS);
            }
        }
        if causes.len() > CAUSES {
            let rest = causes.len() - CAUSES;
            let line = format!("  … {rest} {}", view.say("nguyên nhân khác", "more causes"));
            self.line(&line);
        }
    }

    fn limits(&mut self) {
        let view = self.view;
        self.heading(view.say("GIỚI HẠN CỦA KẾT QUẢ", "LIMITS OF THIS RESULT"));
        for line in view.limits() {
            self.bullet(&line);
        }
    }

    fn definition(&mut self) {
        let view = self.view;
        self.heading(view.say("CÁCH TÍNH", "HOW IT IS COUNTED"));
        for line in words::definitions(view.report, view.language) {
            self.bullet(&line);
        }
    }

    fn places(&mut self, places: &[String]) {
        let view = self.view;
        self.out.push('\n');
        let line = format!(
            "soat {} · {} {} · {} {}",
            text::visible(&view.report.tool_version),
            view.say("bộ quy định", "edition"),
            text::visible(&view.report.edition),
            view.say("thời điểm soát", "audited at"),
            text::moment(view.report.clock, view.language)
        );
        paragraph(&mut self.out, "", &line, COLUMNS);
        for place in places {
            let place = text::visible(place);
            self.line(&place);
        }
    }
}

/// Total first, then the units worst first.
fn units<'a>(view: &View<'a>) -> Vec<&'a str> {
    let mut units: Vec<&str> = view.total_unit().into_iter().collect();
    units.extend(view.units_worst_first());
    units
}

/// Lower and upper bound without the denominator.
fn bounds(rate: &UnitRate, view: &View<'_>) -> String {
    interval(rate, view.language).split('/').next().unwrap_or_default().to_owned()
}

/// A table whose columns are as wide as their content.
struct Table {
    right: Vec<bool>,
    rows: Vec<(Vec<String>, Option<Outcome>, Option<String>)>,
}

impl Table {
    fn new(right: &[bool]) -> Self {
        Self { right: right.to_vec(), rows: Vec::new() }
    }

    fn push(&mut self, cells: Vec<String>, outcome: Option<Outcome>, note: Option<String>) {
        self.rows.push((cells, outcome, note));
    }

    /// Whether there is more than a head.
    fn has_rows(&self) -> bool {
        self.rows.iter().any(|(_, outcome, _)| outcome.is_some())
    }

    /// The last cell is painted by the outcome; the note goes behind it if it fits, else below. Where the
    /// table is too wide, the gaps shrink first, then the columns between name and rate go (N1 and N2:
    /// the other formats have them).
    fn print(mut self, page: &mut Page<'_, '_>) {
        let mut gap = 2;
        if self.used(gap) > COLUMNS {
            gap = 1;
        }
        while self.used(gap) > COLUMNS && self.right.len() > 4 {
            self.right.remove(1);
            for (cells, ..) in &mut self.rows {
                if cells.len() > 4 {
                    cells.remove(1);
                }
            }
        }
        let widths = self.widths();
        let used = self.used(gap);
        let space = " ".repeat(gap);
        for (cells, outcome, note) in &self.rows {
            let mut line = String::from("  ");
            let last = cells.len().saturating_sub(1);
            for (index, ((cell, to_right), columns)) in cells.iter().zip(&self.right).zip(&widths).enumerate() {
                let filled = if *to_right { right(cell, *columns) } else { left(cell, *columns) };
                match outcome {
                    // The padding stays unpainted, so that a line's end can be trimmed.
                    Some(outcome) if index == last => {
                        line.push_str(&page.paint.outcome(*outcome, cell));
                        line.push_str(filled.get(cell.len()..).unwrap_or_default());
                    }
                    _ => line.push_str(&filled),
                }
                line.push_str(&space);
            }
            match note {
                Some(note) if used + text::width(note) <= COLUMNS => {
                    line.push_str(note);
                    page.line(&line);
                }
                Some(note) => {
                    page.line(&line);
                    let note = format!("    └ {note}");
                    page.line(&note);
                }
                None => page.line(&line),
            }
        }
    }

    fn widths(&self) -> Vec<usize> {
        (0..self.right.len())
            .map(|column| {
                let cells = self.rows.iter().filter_map(|(cells, ..)| cells.get(column));
                cells.map(|cell| text::width(cell)).max().unwrap_or(0)
            })
            .collect()
    }

    /// Columns taken, the last gap included.
    fn used(&self, gap: usize) -> usize {
        2 + self.widths().iter().map(|columns| columns + gap).sum::<usize>()
    }
}
