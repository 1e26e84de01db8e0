//! The workbook: one table a sheet, one header row, real dates and numbers, document numbers as text.

use super::{
    Files, Format, Options, RenderError,
    csv::{cells, heads, is_formula},
    file_name, text,
    view::View,
    words,
};
use crate::model::{
    CalendarDate, DocumentReport, Exclusion, Finding, Indication, RateKind, Report, Role, Sha256Digest, UnixTime,
};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format as Style, FormatAlign, FormatBorder, Workbook, XlsxError};

pub(super) const FORMAT: Format = Format { name: "xlsx", extension: "xlsx", render };

/// Rows of a worksheet, the header apart (ECMA-376 Part 1, 18.3.1.73: 1,048,576).
const SHEET_ROWS: usize = 1_048_575;
/// Characters of a cell (Excel's limit is 32,767 UTF-16 units; astral characters take two).
const CELL_CHARACTERS: usize = 16_000;
/// Height of a line of the default font in points (Excel's default row height).
const LINE_HEIGHT: f64 = 15.0;
/// Excel's number of A4 (ECMA-376 Part 1, 18.3.1.63).
const A4: u8 = 9;
/// Column widths that are still legible when fitted to the width of a landscape A4 page.
const PRINTABLE_WIDTH: f64 = 200.0;

fn render(report: &Report, options: &Options) -> Result<Files, RenderError> {
    let view = View::new(report, options)?;
    let sheets = [
        summary(&view),
        units(&view),
        documents(&view),
        findings(&view),
        register(&view),
        duplicates(&view),
        scope(&view),
        method(&view),
    ];
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(&view));
    let styles = Styles::new();
    for sheet in &sheets {
        sheet.write(&mut workbook, &styles)?;
    }
    Ok(vec![(file_name(options, "xlsx"), workbook.save_to_buffer()?)])
}

/// Fixed by the report: the same run gives the same bytes.
fn properties(view: &View<'_>) -> DocProperties {
    let title = view.say("Soát văn bản điện tử", "Audit of electronic documents");
    let properties = DocProperties::new()
        .set_title(format!("{title} — {}", view.period_name()))
        .set_author(text::visible(&view.report.archive.name))
        .set_comment(format!("soat {}", text::visible(&view.report.tool_version)));
    let created = view.report.clock.in_vietnam().and_then(|t| {
        let date = ExcelDateTime::from_ymd(u16::try_from(t.year()).ok()?, t.month().into(), t.day()).ok()?;
        date.and_hms(t.hour().into(), t.minute(), f64::from(t.second())).ok()
    });
    match created {
        Some(created) => properties.set_creation_datetime(&created),
        None => properties,
    }
}

struct Styles {
    head: Style,
    text: Style,
    guarded: Style,
    number: Style,
    percent: Style,
    date: Style,
    moment: Style,
}

impl Styles {
    fn new() -> Self {
        let cell = || Style::new().set_align(FormatAlign::Top).set_text_wrap();
        Self {
            head: Style::new()
                .set_bold()
                .set_text_wrap()
                .set_align(FormatAlign::VerticalCenter)
                .set_background_color(0x00E6_ECF4)
                .set_border_bottom(FormatBorder::Thin),
            text: cell().set_num_format("@").set_indent(1),
            // The quote prefix keeps the text a text when the cell is edited and left again.
            guarded: cell().set_num_format("@").set_indent(1).set_quote_prefix(),
            number: cell().set_num_format("#,##0"),
            percent: cell().set_num_format("0.00%"),
            date: cell().set_num_format("dd/mm/yyyy"),
            moment: cell().set_num_format("dd/mm/yyyy hh:mm:ss"),
        }
    }
}

enum Cell {
    Empty,
    Text(String),
    Number(f64),
    /// Hundredths of a percent, cut off.
    Percent(u32, u32),
    Date(CalendarDate),
    Moment(UnixTime),
}

impl From<&str> for Cell {
    fn from(value: &str) -> Self {
        if value.is_empty() { Self::Empty } else { Self::Text(text::visible(value)) }
    }
}

impl From<String> for Cell {
    fn from(value: String) -> Self {
        Self::from(value.as_str())
    }
}

impl From<u32> for Cell {
    fn from(value: u32) -> Self {
        Self::Number(f64::from(value))
    }
}

impl From<Sha256Digest> for Cell {
    fn from(value: Sha256Digest) -> Self {
        Self::Text(value.to_string())
    }
}

impl<T: Into<Self>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}

impl From<CalendarDate> for Cell {
    fn from(value: CalendarDate) -> Self {
        Self::Date(value)
    }
}

impl From<UnixTime> for Cell {
    fn from(value: UnixTime) -> Self {
        Self::Moment(value)
    }
}

fn count(value: usize) -> Cell {
    Cell::from(u32::try_from(value).unwrap_or(u32::MAX))
}

/// One table; more rows than a worksheet holds go on in "name (2)".
struct Sheet {
    name: &'static str,
    columns: Vec<(String, f64)>,
    rows: Vec<Vec<Cell>>,
}

impl Sheet {
    fn new(name: &'static str, columns: &[(&str, f64)]) -> Self {
        Self {
            name,
            columns: columns.iter().map(|(head, width)| ((*head).to_owned(), *width)).collect(),
            rows: Vec::new(),
        }
    }

    fn lines(&self, cells: &[Cell]) -> u32 {
        cells
            .iter()
            .zip(&self.columns)
            .map(|(cell, (_, width))| match cell {
                Cell::Text(value) => lines_of(value, *width),
                _ => 1,
            })
            .max()
            .unwrap_or(1)
    }

    fn write(&self, workbook: &mut Workbook, styles: &Styles) -> Result<(), XlsxError> {
        let mut chunks: Vec<&[Vec<Cell>]> = self.rows.chunks(SHEET_ROWS).collect();
        if chunks.is_empty() {
            chunks.push(&[]);
        }
        for (part, rows) in chunks.into_iter().enumerate() {
            let sheet = workbook.add_worksheet();
            if part == 0 {
                sheet.set_name(self.name)?;
            } else {
                sheet.set_name(format!("{} ({})", self.name, part + 1))?;
            }
            for (column, (head, width)) in (0..).zip(&self.columns) {
                sheet.write_string_with_format(0, column, head, &styles.head)?;
                sheet.set_column_width(column, *width)?;
            }
            for (row, cells) in (1..).zip(rows) {
                for (column, cell) in (0..).zip(cells) {
                    write_cell(sheet, row, column, cell, styles)?;
                }
                let lines = self.lines(cells);
                if lines > 1 {
                    sheet.set_row_height(row, LINE_HEIGHT * f64::from(lines))?;
                }
            }
            sheet.set_freeze_panes(1, 0)?;
            let last_column = u16::try_from(self.columns.len().saturating_sub(1)).unwrap_or_default();
            let last_row = u32::try_from(rows.len()).unwrap_or_default();
            sheet.autofilter(0, 0, last_row, last_column)?;
            sheet.set_landscape().set_paper_size(A4).set_repeat_rows(0, 0)?;
            if self.columns.iter().map(|(_, width)| width).sum::<f64>() < PRINTABLE_WIDTH {
                sheet.set_print_fit_to_pages(1, 0);
            }
        }
        Ok(())
    }
}

/// Lines the longest cell takes when wrapped: not every program measures that when it opens a file.
fn lines_of(text: &str, width: f64) -> u32 {
    let columns = u32::try_from(text::width(text)).unwrap_or(u32::MAX);
    (f64::from(columns) / width.max(1.0)).ceil().min(12.0) as u32
}

fn write_cell(
    sheet: &mut rust_xlsxwriter::Worksheet,
    row: u32,
    column: u16,
    cell: &Cell,
    styles: &Styles,
) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => {}
        Cell::Text(value) => {
            let style = if is_formula(value) { &styles.guarded } else { &styles.text };
            if value.chars().nth(CELL_CHARACTERS).is_some() {
                let short: String = value.chars().take(CELL_CHARACTERS).chain(['…']).collect();
                sheet.write_string_with_format(row, column, short, style)?;
            } else {
                sheet.write_string_with_format(row, column, value, style)?;
            }
        }
        Cell::Number(value) => {
            sheet.write_number_with_format(row, column, *value, &styles.number)?;
        }
        Cell::Percent(part, whole) => {
            if let Some(cut) = (u64::from(*part) * 10_000).checked_div(u64::from(*whole)) {
                let cut = f64::from(u32::try_from(cut).unwrap_or(u32::MAX)) / 10_000.0;
                sheet.write_number_with_format(row, column, cut, &styles.percent)?;
            }
        }
        Cell::Date(value) => match excel_date(*value) {
            Some(date) => {
                sheet.write_datetime_with_format(row, column, &date, &styles.date)?;
            }
            // Before 1900 or after 9999 a spreadsheet has no dates.
            None => {
                sheet.write_string_with_format(row, column, value.day_first(), &styles.text)?;
            }
        },
        Cell::Moment(value) => {
            let date = value.in_vietnam().and_then(|t| {
                let date = excel_date(CalendarDate(t.date()))?;
                date.and_hms(t.hour().into(), t.minute(), f64::from(t.second())).ok()
            });
            match date {
                Some(date) => {
                    sheet.write_datetime_with_format(row, column, &date, &styles.moment)?;
                }
                None => {
                    sheet.write_string_with_format(row, column, value.to_string(), &styles.text)?;
                }
            }
        }
    }
    Ok(())
}

fn excel_date(value: CalendarDate) -> Option<ExcelDateTime> {
    let year = u16::try_from(value.year()).ok().filter(|year| *year >= 1900)?;
    ExcelDateTime::from_ymd(year, value.month(), value.day()).ok()
}

fn summary(view: &View<'_>) -> Sheet {
    let mut sheet = Sheet::new(
        view.say("Tổng hợp", "Summary"),
        &[
            (view.say("Mục", "Section"), 26.0),
            (view.say("Nội dung", "Item"), 44.0),
            (view.say("Giá trị", "Value"), 18.0),
            (view.say("Ghi chú", "Note"), 70.0),
        ],
    );
    let report = view.report;
    let (_, sentence) = view.verdict();
    let general = view.say("Chung", "General");
    let mut push = |section: &str, item: &str, value: Cell, note: Cell| {
        sheet.rows.push(vec![section.into(), item.into(), value, note]);
    };
    push(general, view.say("Kết luận", "Verdict"), Cell::Empty, sentence.into());
    push(general, view.say("Cơ quan", "Agency"), Cell::Empty, report.archive.name.as_str().into());
    push(general, view.say("Kỳ báo cáo", "Period"), Cell::Empty, view.period_name().into());
    push(general, view.say("Thời điểm soát", "Audited at"), report.clock.into(), Cell::Empty);
    for kind in super::view::RATES {
        let Some(rate) = view.total(kind) else { continue };
        let section = view.say("Tỷ lệ toàn cơ quan", "Rates of the agency");
        let name = words::rate(kind, view.language);
        let note = words::outcome(rate.outcome, view.language);
        let note = if rate.target.is_some() { note } else { "" };
        push(
            section,
            &format!("{name}: {}", view.say("cận dưới", "lower bound")),
            Cell::Percent(rate.lower, rate.denominator),
            super::view::interval(rate, view.language).into(),
        );
        push(
            section,
            &format!("{name}: {}", view.say("cận trên", "upper bound")),
            Cell::Percent(rate.upper, rate.denominator),
            note.into(),
        );
    }
    let section = view.say("Tệp trong kho", "Files of the archive");
    let scope = &report.scope;
    push(section, view.say("Số tệp", "Files"), scope.files.into(), text::bytes(scope.bytes, view.language).into());
    push(section, view.say("Đã kiểm tra", "Judged"), scope.assessed.into(), Cell::Empty);
    push(section, view.say("Chưa kiểm tra được", "Could not be judged"), scope.not_assessed.into(), Cell::Empty);
    push(
        section,
        view.say("Mang dấu mật", "Secrecy-marked"),
        scope.secret.into(),
        view.say("không mở, không tính", "not opened, not counted").into(),
    );
    let section = view.say("Chữ ký số", "Signatures");
    for (kind, value) in [
        (Indication::TotalPassed, scope.passed),
        (Indication::Indeterminate, scope.indeterminate),
        (Indication::TotalFailed, scope.failed),
    ] {
        push(section, words::indication(kind, view.language), value.into(), Cell::Empty);
    }
    for cause in view.causes() {
        let (who, action) = view.remedy(cause.check);
        let action = if who.is_empty() { action } else { format!("{who}: {action}") };
        push(view.say("Nguyên nhân", "Causes"), &view.title(cause.check), cause.subjects.into(), action.into());
    }
    for line in view.limits() {
        push(view.say("Giới hạn", "Limits"), "", Cell::Empty, line.into());
    }
    sheet
}

fn units(view: &View<'_>) -> Sheet {
    let mut columns = vec![
        (view.say("Kỳ", "Period"), 12.0),
        (view.say("Mã đơn vị", "Unit code"), 12.0),
        (view.say("Đơn vị", "Unit"), 44.0),
        (view.say("Tỷ lệ", "Rate"), 30.0),
        (view.say("Mẫu số", "Denominator"), 10.0),
        (view.say("Chắc chắn đạt", "Certain"), 10.0),
        (view.say("Kể cả chưa xác định", "With undetermined"), 12.0),
        (view.say("Cận dưới", "Lower bound"), 10.0),
        (view.say("Cận trên", "Upper bound"), 10.0),
        (view.say("Mục tiêu (lớn hơn)", "Target (above)"), 10.0),
        (view.say("Kết quả", "Outcome"), 16.0),
        (view.say("Còn thiếu", "Short by"), 10.0),
    ];
    let exclusions = [Exclusion::Secret, Exclusion::Recalled, Exclusion::Cancelled, Exclusion::LawRequiresPaper];
    let excluded: Vec<String> = exclusions
        .iter()
        .map(|reason| format!("{}: {}", view.say("Ngoài mẫu số", "Excluded"), words::exclusion(*reason, view.language)))
        .collect();
    columns.extend(excluded.iter().map(|head| (head.as_str(), 12.0)));
    let classes: Vec<String> = words::CLASSES
        .iter()
        .map(|class| format!("{}: {}", view.say("Phân loại", "Class"), words::processing(*class, view.language)))
        .collect();
    columns.extend(classes.iter().map(|head| (head.as_str(), 12.0)));
    let mut sheet = Sheet::new(view.say("Đơn vị", "Units"), &columns);
    for rate in view.rates() {
        let of =
            |list: &[(Exclusion, u32)], reason| list.iter().filter(|(r, _)| *r == reason).map(|(_, n)| *n).sum::<u32>();
        let mut row: Vec<Cell> = vec![
            rate.period.as_str().into(),
            rate.unit.as_str().into(),
            view.unit_name(&rate.unit).into(),
            words::rate(rate.rate, view.language).into(),
            rate.denominator.into(),
            rate.lower.into(),
            rate.upper.into(),
            Cell::Percent(rate.lower, rate.denominator),
            Cell::Percent(rate.upper, rate.denominator),
            rate.target.map_or(Cell::Empty, |target| Cell::Percent(target, 100)),
            words::outcome(rate.outcome, view.language).into(),
            if rate.target.is_some() { rate.missing_to_target.into() } else { Cell::Empty },
        ];
        row.extend(exclusions.iter().map(|reason| Cell::from(of(&rate.excluded, *reason))));
        row.extend(words::CLASSES.iter().map(|class| {
            if rate.rate == RateKind::WorkFiles {
                Cell::Empty
            } else {
                rate.classes.iter().filter(|(c, _)| c == class).map(|(_, n)| *n).sum::<u32>().into()
            }
        }));
        sheet.rows.push(row);
    }
    sheet
}

fn documents(view: &View<'_>) -> Sheet {
    let mut sheet = Sheet::new(
        view.say("Văn bản", "Documents"),
        &[
            (view.say("Số, ký hiệu", "Number"), 22.0),
            (view.say("Ngày văn bản", "Document date"), 12.0),
            (view.say("Mã đơn vị", "Unit code"), 12.0),
            (view.say("Đơn vị", "Unit"), 36.0),
            (view.say("Trích yếu", "Subject"), 40.0),
            (view.say("Tệp", "File"), 50.0),
            (view.say("Phân loại", "Class"), 20.0),
            (view.say("Lý do ngoài mẫu số", "Exclusion"), 18.0),
            (view.say("Đủ hai chữ ký (N2)", "Signed (N2)"), 14.0),
            (view.say("Lý do chưa kiểm tra được", "Why not judged"), 26.0),
            (view.say("Số chữ ký", "Signatures"), 9.0),
            (view.say("Hợp lệ", "Valid"), 9.0),
            (view.say("Chưa xác định", "Undetermined"), 9.0),
            (view.say("Không hợp lệ", "Not valid"), 9.0),
            (view.say("Người ký", "Signers (person)"), 28.0),
            (view.say("Cơ quan ký", "Signers (agency)"), 32.0),
            (view.say("Ký lần cuối", "Last signed"), 20.0),
            (view.say("Số phát hiện", "Findings"), 9.0),
            (view.say("Bản ký trước của", "Earlier version of"), 40.0),
            ("SHA-256", 66.0),
        ],
    );
    let mut counts = std::collections::HashMap::new();
    for finding in view.findings.iter().filter(|finding| finding.waived.is_none()) {
        *counts.entry(finding.path.as_deref().unwrap_or_default()).or_insert(0_u32) += 1;
    }
    for document in &view.documents {
        let found = counts.get(document.path.as_str()).copied().unwrap_or(0);
        sheet.rows.push(document_row(view, document, found));
    }
    sheet
}

fn document_row(view: &View<'_>, document: &DocumentReport, findings: u32) -> Vec<Cell> {
    let unit = document.unit.as_deref().unwrap_or_default();
    let of = |kind| count(document.signatures.iter().filter(|verdict| verdict.indication == kind).count());
    let signers = |agency: bool| {
        let mut names: Vec<String> = document
            .signatures
            .iter()
            .filter(|verdict| (verdict.role == Role::Agency) == agency)
            .filter_map(|verdict| view.mask.signer(verdict))
            .collect();
        names.dedup();
        Cell::from(names.join("; "))
    };
    let subject = document.identity.as_ref().and_then(|identity| identity.subject.as_deref());
    vec![
        document.number.as_deref().into(),
        document.date.into(),
        unit.into(),
        if unit.is_empty() { Cell::Empty } else { view.unit_name(unit).into() },
        match subject {
            Some(subject) if view.mask.is_full() => subject.into(),
            Some(_) => view.say("(đã che)", "(masked)").into(),
            None => Cell::Empty,
        },
        document.path.as_str().into(),
        document.processing.map(|class| words::processing(class, view.language)).into(),
        document.exclusion.map(|reason| words::exclusion(reason, view.language)).into(),
        words::membership(document.n2, view.language).into(),
        document.not_assessed.as_ref().map(|reason| words::not_assessed(reason, view.language)).into(),
        count(document.signatures.len()),
        of(Indication::TotalPassed),
        of(Indication::Indeterminate),
        of(Indication::TotalFailed),
        signers(false),
        signers(true),
        document.signatures.iter().filter_map(|verdict| verdict.reference_time).max().into(),
        findings.into(),
        document.version_of.as_deref().into(),
        document.sha256.into(),
    ]
}

fn findings(view: &View<'_>) -> Sheet {
    let widths = [14.0, 30.0, 36.0, 12.0, 12.0, 34.0, 40.0, 50.0, 12.0, 70.0, 20.0, 60.0, 40.0, 24.0, 14.0];
    let columns: Vec<(&str, f64)> = heads(view).into_iter().zip(widths).collect();
    let mut sheet = Sheet::new(view.say("Phát hiện", "Findings"), &columns);
    for finding in &view.findings {
        sheet.rows.push(finding_row(view, finding));
    }
    sheet
}

/// The CSV's cells with real dates.
fn finding_row(view: &View<'_>, finding: &Finding) -> Vec<Cell> {
    let mut row: Vec<Cell> = cells(view, finding).into_iter().map(Cell::from).collect();
    if let Some(cell) = row.get_mut(8) {
        *cell = finding.date.into();
    }
    if let Some(cell) = row.get_mut(14) {
        *cell = finding.waived.as_ref().map(|waived| waived.expires).into();
    }
    row
}

fn register(view: &View<'_>) -> Sheet {
    let mut sheet = Sheet::new(
        view.say("Sổ đăng ký", "Register"),
        &[
            (view.say("Sổ", "Register file"), 34.0),
            (view.say("Dòng", "Row"), 8.0),
            (view.say("Số, ký hiệu", "Number"), 22.0),
            (view.say("Ngày văn bản", "Document date"), 12.0),
            (view.say("Mã đơn vị", "Unit code"), 12.0),
            (view.say("Phân loại", "Class"), 20.0),
            (view.say("Lý do ngoài mẫu số", "Exclusion"), 18.0),
            ("N1", 12.0),
            ("N2", 12.0),
            ("N3", 12.0),
            (view.say("Tệp", "File"), 50.0),
            ("SHA-256", 66.0),
        ],
    );
    for row in &view.rows {
        sheet.rows.push(vec![
            row.location.file.as_str().into(),
            row.location.row.into(),
            row.reference.as_str().into(),
            row.date.into(),
            row.unit.as_deref().into(),
            words::processing(row.processing, view.language).into(),
            row.exclusion.map(|reason| words::exclusion(reason, view.language)).into(),
            words::membership(row.n1, view.language).into(),
            words::membership(row.n2, view.language).into(),
            words::membership(row.n3, view.language).into(),
            row.path.as_deref().into(),
            row.document.into(),
        ]);
    }
    sheet
}

fn duplicates(view: &View<'_>) -> Sheet {
    let mut sheet = Sheet::new(
        view.say("Trùng giấy", "Paper duplicates"),
        &[
            (view.say("Mã đơn vị", "Unit code"), 12.0),
            (view.say("Số, ký hiệu", "Number"), 22.0),
            (view.say("Ngày văn bản", "Document date"), 12.0),
            (view.say("Văn bản điện tử", "Electronic document"), 50.0),
            (view.say("Bản giấy", "Paper copy"), 50.0),
            (view.say("Mức chắc chắn", "How sure"), 16.0),
            (view.say("Căn cứ", "Evidence"), 60.0),
        ],
    );
    for pair in &view.duplicates {
        let document = view.document(&pair.document);
        let evidence: Vec<String> = pair.evidence.iter().map(|text| view.mask.text(text, document)).collect();
        sheet.rows.push(vec![
            pair.unit.as_deref().into(),
            document.and_then(|document| document.number.as_deref()).into(),
            pair.date.into(),
            pair.document.as_str().into(),
            pair.copy.as_str().into(),
            words::tier(pair.tier, view.language).into(),
            evidence.join("; ").into(),
        ]);
    }
    sheet
}

fn scope(view: &View<'_>) -> Sheet {
    let mut sheet = Sheet::new(
        view.say("Phạm vi", "Scope"),
        &[
            (view.say("Mục", "Section"), 30.0),
            (view.say("Đối tượng", "Item"), 60.0),
            (view.say("Số lượng", "Count"), 12.0),
            (view.say("Từ lúc", "From"), 20.0),
            (view.say("Đến lúc", "Until"), 20.0),
            (view.say("Ghi chú", "Note"), 66.0),
        ],
    );
    let report = view.report;
    let mut push = |section: &str, item: Cell, number: Cell, from: Cell, until: Cell, note: Cell| {
        sheet.rows.push(vec![section.into(), item, number, from, until, note]);
    };
    for (reason, n) in view.not_assessed() {
        let section = view.say("Chưa kiểm tra được, theo lý do", "Not judged, by reason");
        push(section, reason.into(), n.into(), Cell::Empty, Cell::Empty, Cell::Empty);
    }
    for document in &report.documents {
        if let Some(reason) = &document.not_assessed {
            let section = view.say("Tệp chưa kiểm tra được", "File not judged");
            let note = words::not_assessed(reason, view.language).into();
            push(section, document.path.as_str().into(), Cell::Empty, Cell::Empty, Cell::Empty, note);
        }
    }
    let secret = view.say("Tệp mang dấu mật (không mở, không tính)", "Secrecy-marked files (not opened)");
    push(secret, Cell::Empty, report.scope.secret.into(), Cell::Empty, Cell::Empty, Cell::Empty);
    for list in &report.scope.revocation_lists {
        let section = view.say("Danh sách thu hồi", "Revocation list");
        push(
            section,
            list.issuer.as_str().into(),
            Cell::Empty,
            list.this_update.into(),
            list.next_update.into(),
            list.sha256.into(),
        );
    }
    for (limit, files) in &report.scope.limits {
        let section = view.say("Vượt giới hạn xử lý (số tệp)", "Limit reached (files)");
        push(section, limit.as_str().into(), (*files).into(), Cell::Empty, Cell::Empty, Cell::Empty);
    }
    if let Some(reason) = &report.partial {
        let section = view.say("Đợt soát bị dừng giữa chừng", "Audit cut short");
        push(section, Cell::Empty, Cell::Empty, Cell::Empty, Cell::Empty, reason.as_str().into());
    }
    sheet
}

fn method(view: &View<'_>) -> Sheet {
    let mut sheet = Sheet::new(
        view.say("Phương pháp", "Method"),
        &[
            (view.say("Mục", "Section"), 24.0),
            (view.say("Tên", "Name"), 44.0),
            (view.say("Nội dung", "Content"), 90.0),
            ("SHA-256", 66.0),
        ],
    );
    let report = view.report;
    let mut push = |section: &str, name: &str, content: Cell, digest: Cell| {
        sheet.rows.push(vec![section.into(), name.into(), content, digest]);
    };
    for line in words::definitions(report, view.language) {
        push(view.say("Định nghĩa", "Definition"), "", line.into(), Cell::Empty);
    }
    for (name, value) in words::settings(report, view.language) {
        push(view.say("Thiết lập", "Setting"), name, value.into(), Cell::Empty);
    }
    for command in view.commands() {
        push(view.say("Lệnh lập lại", "Command to reproduce"), "", command.into(), Cell::Empty);
    }
    for input in &report.inputs {
        push(
            view.say("Đầu vào", "Input"),
            words::input(&input.kind, view.language),
            input.path.as_str().into(),
            input.sha256.into(),
        );
    }
    for meta in &report.checks {
        let content = format!("{} — {}", meta.title.get(view.language), meta.basis.get(view.language));
        push(view.say("Phép kiểm tra", "Check"), &meta.id, content.into(), Cell::Empty);
    }
    sheet
}
