//! What a draft "Báo cáo" says, in the layout of Decree 30/2020/NĐ-CP (PL I, PL III mẫu 1.4), number, date
//! and signature left blank: blocks that the DOCX and the PDF set alike. Vietnamese in every language:
//! the form exists in no other.

use super::{
    Options, RenderError,
    text::{self, date, moment, shorten, visible},
    view::{RATES, View, interval, missing, percent_interval},
    words,
};
use crate::model::{Indication, Language, Outcome, RateKind, Report, UnitRate};
use serde::Serialize;

/// Rows of a table in the draft; the other formats have the rest.
const UNITS: usize = 60;
const CAUSES: usize = 10;
const INPUTS: usize = 60;
/// Characters in a cell.
const CELL: usize = 160;
const VI: Language = Language::Vi;

/// The draft.
#[derive(Serialize)]
pub(super) struct Draft {
    /// Issuing agency, in capitals.
    pub(super) agency: String,
    /// Its code, for the symbol.
    pub(super) code: String,
    /// The abstract under "BÁO CÁO".
    pub(super) title: String,
    /// Everything between head and signature.
    pub(super) blocks: Vec<Block>,
}

/// A part of the body.
#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Block {
    /// A numbered heading.
    Heading(String),
    /// A paragraph.
    Paragraph(String),
    /// A table.
    Table(Table),
}

/// A table with one header row.
#[derive(Serialize)]
pub(super) struct Table {
    /// Columns; their widths add up to [`TEXT_WIDTH`].
    pub(super) columns: Vec<Column>,
    /// Cells, one for each column.
    pub(super) rows: Vec<Vec<String>>,
}

/// A column of a table.
#[derive(Serialize)]
pub(super) struct Column {
    /// What the header says.
    pub(super) title: &'static str,
    /// Width in twentieths of a point.
    pub(super) width: u32,
    /// Centred, else to the left.
    pub(super) centred: bool,
}

/// Width of the text in twentieths of a point: A4 less 30 mm and 15 mm (NĐ 30, PL I, Phần I, mục I.1).
pub(super) const TEXT_WIDTH: u32 = 9300;

const fn column(title: &'static str, width: u32, centred: bool) -> Column {
    Column { title, width, centred }
}

impl Draft {
    /// The draft of a report, for the period asked for.
    pub(super) fn new(report: &Report, options: &Options) -> Result<Self, RenderError> {
        let options = Options { language: VI, ..options.clone() };
        let report = &*super::mask::masked(report, &options);
        let view = View::new(report, &options)?;
        let period = lower_first(&view.period_name());
        let mut blocks = Vec::new();
        overview(&view, &mut blocks);
        units(&view, &mut blocks);
        causes(&view, &mut blocks);
        scope_and_method(&view, &mut blocks);
        blocks.push(Block::Paragraph(format!("Trên đây là báo cáo kết quả rà soát văn bản điện tử {period}./.")));
        Ok(Self {
            agency: visible(&report.archive.name).to_uppercase(),
            code: report.archive.agency.as_deref().map(visible).unwrap_or_default(),
            title: format!("Kết quả rà soát văn bản điện tử, hồ sơ công việc điện tử {period}"),
            blocks,
        })
    }
}

fn number(value: u32) -> String {
    text::number(u64::from(value), VI)
}

fn overview(view: &View<'_>, blocks: &mut Vec<Block>) {
    let report = view.report;
    let clock = moment(report.clock, VI);
    let days =
        view.period.map(|period| format!(" (từ ngày {} đến ngày {})", date(period.first, VI), date(period.last, VI)));
    blocks.push(Block::Paragraph(format!(
        "Kết quả rà soát chữ ký số và tỷ lệ văn bản điện tử trong kỳ{}, lập từ dữ liệu kiểm tra lúc {clock}, như sau:",
        days.unwrap_or_default()
    )));
    blocks.push(Block::Heading("I. KẾT QUẢ CHUNG".into()));
    blocks.push(Block::Paragraph(view.verdict().1));
    let rates = RATES.into_iter().filter_map(|kind| view.total(kind));
    let line = |rate: &UnitRate| {
        let result = if rate.target.is_some() { outcome(rate) } else { String::new() };
        vec![upper_first(words::rate(rate.rate, VI)), interval(rate, VI), percent_interval(rate, VI), result]
    };
    blocks.push(Block::Table(Table {
        columns: vec![
            column("Tỷ lệ", 3200, false),
            column("Số lượng", 1700, true),
            column("%", 2000, true),
            column("Kết quả", 2400, true),
        ],
        rows: rates.map(line).collect(),
    }));
    blocks.push(Block::Paragraph(format!(
        "Mục tiêu: trên {} % văn bản điện tử; trên {} % hồ sơ công việc điện tử. Mỗi tỷ lệ là một khoảng: cận dưới là số chắc chắn đạt, cận trên cộng thêm số chưa xác định.",
        report.method.target_electronic, report.method.target_work_files
    )));
    let excluded = view.total(RateKind::N3).map(|rate| rate.excluded.as_slice()).unwrap_or_default();
    if !excluded.is_empty() {
        let each: Vec<String> =
            excluded.iter().map(|(reason, n)| format!("{}: {}", words::exclusion(*reason, VI), number(*n))).collect();
        blocks.push(Block::Paragraph(format!("Văn bản không tính vào mẫu số: {}.", each.join("; "))));
    }
    blocks.push(Block::Paragraph(format!(
        "Số văn bản có dấu hiệu phát hành kèm bản giấy: {}. Số phát hiện được miễn trừ theo quyết định: {}.",
        view.duplicates.len(),
        waived(view)
    )));
}

fn units(view: &View<'_>, blocks: &mut Vec<Block>) {
    let label = view.period.map(|period| period.label.as_str()).unwrap_or_default();
    let units = view.units_worst_first();
    let line = |code: &&str| {
        let rate = |kind| view.rate(code, label, kind);
        let basis = rate(view.report.method.basis);
        let share = |rate: Option<&UnitRate>| rate.map(|rate| interval(rate, VI)).unwrap_or_default();
        vec![
            shorten(&view.unit_name(code), CELL),
            share(rate(RateKind::N2)),
            share(basis),
            basis.map(|rate| percent_interval(rate, VI)).unwrap_or_default(),
            basis.map(outcome).unwrap_or_default(),
            share(rate(RateKind::WorkFiles)),
        ]
    };
    blocks.push(Block::Heading("II. KẾT QUẢ TỪNG ĐƠN VỊ".into()));
    blocks.push(Block::Table(Table {
        columns: vec![
            column("Đơn vị", 2100, false),
            column("Ký đủ (N2)", 1050, true),
            column("Điện tử / tổng", 1150, true),
            column("%", 1800, true),
            column("Kết quả", 2150, true),
            column("Hồ sơ công việc", 1050, true),
        ],
        rows: units.iter().take(UNITS).map(line).collect(),
    }));
    let more = units.len().saturating_sub(UNITS);
    if more > 0 {
        blocks.push(Block::Paragraph(format!("Và {more} đơn vị khác (xem phụ lục bảng tính).")));
    }
}

fn causes(view: &View<'_>, blocks: &mut Vec<Block>) {
    let line = |(place, cause): (usize, &super::view::Cause<'_>)| {
        let (who, action) = view.remedy(cause.check);
        let who = if who.is_empty() { who } else { format!("{who}: ") };
        vec![
            (place + 1).to_string(),
            shorten(&view.title(cause.check), CELL),
            number(cause.subjects),
            format!("{who}{}", shorten(&action, 2 * CELL)),
        ]
    };
    blocks.push(Block::Heading("III. NGUYÊN NHÂN VÀ VIỆC CẦN LÀM".into()));
    blocks.push(Block::Table(Table {
        columns: vec![
            column("TT", 700, true),
            column("Nguyên nhân", 3300, false),
            column("Trường hợp", 1200, true),
            column("Trách nhiệm và việc cần làm", 4100, false),
        ],
        rows: view.causes().iter().take(CAUSES).enumerate().map(line).collect(),
    }));
}

fn scope_and_method(view: &View<'_>, blocks: &mut Vec<Block>) {
    let report = view.report;
    let scope = &report.scope;
    let signatures = [
        (scope.passed, Indication::TotalPassed),
        (scope.indeterminate, Indication::Indeterminate),
        (scope.failed, Indication::TotalFailed),
    ]
    .map(|(n, indication)| format!("{} {}", number(n), words::indication(indication, VI)));
    blocks.push(Block::Heading("IV. PHẠM VI, GIỚI HẠN CỦA SỐ LIỆU".into()));
    blocks.push(Block::Paragraph(format!(
        "Kho có {} tệp: đã kiểm tra {}; chưa kiểm tra được {}; mang dấu mật {} (không mở, không tính). Trong {} chữ ký số: {}.",
        number(scope.files),
        number(scope.assessed),
        number(scope.not_assessed),
        number(scope.secret),
        number(scope.signatures),
        signatures.join("; ")
    )));
    blocks.extend(view.limits().iter().map(|line| Block::Paragraph(format!("- {line}"))));
    blocks.push(Block::Heading("V. CÁCH TÍNH".into()));
    blocks.extend(words::definitions(report, VI).iter().map(|line| Block::Paragraph(format!("- {line}"))));
    blocks.push(Block::Paragraph(format!(
        "Số liệu do công cụ soat {} lập, bộ quy định {}.",
        visible(&report.tool_version),
        visible(&report.edition)
    )));
    let all = view.inputs();
    let rest = all.len().saturating_sub(INPUTS);
    let mut rows: Vec<Vec<String>> =
        all.take(INPUTS).map(|(what, digest)| vec![shorten(&what, CELL), digest]).collect();
    if rows.is_empty() {
        return;
    }
    if rest > 0 {
        rows.push(vec![format!("{rest} đầu vào khác: xem báo cáo dạng XLSX"), String::new()]);
    }
    blocks.push(Block::Paragraph("Dữ liệu đầu vào và mã băm SHA-256 để lập lại báo cáo:".into()));
    blocks.push(Block::Table(Table {
        columns: vec![column("Đầu vào", 3400, false), column("SHA-256", 5900, false)],
        rows,
    }));
}

/// How many findings are waived, and by whom.
fn waived(view: &View<'_>) -> String {
    let count = view.waived().count();
    let by: Vec<String> = view.waivers_by_authority().into_iter().map(|(words, n)| format!("{words}: {n}")).collect();
    if by.is_empty() { count.to_string() } else { format!("{count} — {}", by.join("; ")) }
}

/// Outcome and what is missing.
fn outcome(rate: &UnitRate) -> String {
    let word = words::outcome(rate.outcome, VI);
    if rate.missing_to_target > 0 && matches!(rate.outcome, Outcome::Missed | Outcome::Undecided) {
        format!("{word}, {}", missing(rate, VI))
    } else {
        word.to_owned()
    }
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

fn upper_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
