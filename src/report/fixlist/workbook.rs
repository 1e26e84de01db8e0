//! The workbook: the list with locked cells and drop-downs, a page that tells how to fill it in, and a
//! hidden sheet for the import.

use super::table::{Row, UnitList};
use super::{Column, Digest, EXPLANATIONS, FORMAT, Status};
use crate::model::{Language, Report};
use crate::report::csv::is_formula;
use crate::report::{RenderError, text, words};
use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, ExcelDateTime, Format as Style, FormatAlign, FormatBorder, Formula,
    ProtectionOptions, Workbook, Worksheet, XlsxError,
};

/// Sheet with the rows.
pub const LIST_SHEET: &str = "Danh sách";
/// Hidden sheet with format, period, unit and run.
pub const INFORMATION_SHEET: &str = "soat";

/// Height of a line of the default font in points (Excel's default row height).
const LINE_HEIGHT: f64 = 15.0;
/// Excel's number of A4 (ECMA-376 Part 1, 18.3.1.63).
const A4: u8 = 9;

struct Styles {
    head: Style,
    head_answer: Style,
    text: Style,
    guarded: Style,
    number: Style,
    date: Style,
    answer: Style,
}

impl Styles {
    fn new() -> Self {
        let cell = || Style::new().set_align(FormatAlign::Top).set_text_wrap();
        let text = || cell().set_num_format("@").set_align(FormatAlign::Left);
        let head = || {
            Style::new()
                .set_bold()
                .set_text_wrap()
                .set_align(FormatAlign::VerticalCenter)
                .set_border_bottom(FormatBorder::Thin)
        };
        Self {
            head: head().set_background_color(0x00E6_ECF4),
            head_answer: head().set_background_color(0x00FF_F2CC),
            text: text(),
            // The quote prefix keeps the text a text when the cell is edited and left again.
            guarded: text().set_quote_prefix(),
            number: cell().set_num_format("0"),
            date: cell().set_num_format("dd/mm/yyyy"),
            answer: text().set_unlocked().set_background_color(0x00FF_FBEF).set_border(FormatBorder::Hair),
        }
    }

    fn text(&self, value: &str) -> &Style {
        if is_formula(value) { &self.guarded } else { &self.text }
    }
}

/// Writes one unit's list; `run` is the number of the run it was made from. Returns the file's name and
/// bytes.
///
/// # Errors
/// [`RenderError::Workbook`].
pub fn workbook(
    list: &UnitList,
    report: &Report,
    run: i64,
    language: Language,
    digest: Digest<'_>,
) -> Result<(String, Vec<u8>), RenderError> {
    let mut workbook = Workbook::new();
    let styles = Styles::new();
    list_sheet(workbook.add_worksheet(), list, &styles, language, digest)?;
    guide_sheet(workbook.add_worksheet(), list, report, language)?;
    information_sheet(workbook.add_worksheet(), list, run, language)?;
    Ok((file_name(list), workbook.save_to_buffer()?))
}

/// `can-sua-2026-10-btxh.xlsx`. Codes that differ only in accents must not share a name.
fn file_name(list: &UnitList) -> String {
    let unit = match list.unit.as_str() {
        "" => "chung".to_owned(),
        unit => {
            let slug = text::slug(unit);
            let plain = unit.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
            if plain && !slug.is_empty() { slug } else { format!("{slug}-{:08x}", spelling(unit)) }
        }
    };
    format!("can-sua-{}-{unit}.xlsx", text::slug(&list.period))
}

/// Tells spellings apart in a file name (FNV-1a, 32 bits); nothing else depends on it.
fn spelling(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

fn list_sheet(
    sheet: &mut Worksheet,
    list: &UnitList,
    styles: &Styles,
    language: Language,
    digest: Digest<'_>,
) -> Result<(), XlsxError> {
    sheet.set_name(LIST_SHEET)?;
    for (at, column) in (0_u16..).zip(Column::ALL) {
        let (vi, en) = column.head();
        let style = if column.is_answer() { &styles.head_answer } else { &styles.head };
        sheet.write_string_with_format(0, at, words::pick(language, vi, en), style)?;
        sheet.set_column_width(at, f64::from(column.width()))?;
        if column.is_hidden() {
            sheet.set_column_hidden(at)?;
        }
    }
    for (row, content) in (1_u32..).zip(&list.rows) {
        write_row(sheet, row, content, styles, digest)?;
    }
    let last = u32::try_from(list.rows.len()).unwrap_or(u32::MAX);
    for (column, choices, count) in
        [(Column::Status, "$D$1:$D$", Status::ALL.len()), (Column::Explanation, "$E$1:$E$", EXPLANATIONS.len())]
    {
        let (_, at) = place(column);
        let choices = Formula::new(format!("={INFORMATION_SHEET}!{choices}{count}"));
        let title = words::pick(language, "Chọn trong danh sách", "Choose from the list");
        let message = words::pick(
            language,
            "Chỉ chọn một giá trị trong danh sách; giải thích thêm ở cột Ghi chú.",
            "Take one of the values offered; say more in the note.",
        );
        let validation = DataValidation::new()
            .allow_list_formula(choices)
            .set_error_style(DataValidationErrorStyle::Stop)
            .set_error_title(title)?
            .set_error_message(message)?;
        sheet.add_data_validation(1, at, last.max(1), at, &validation)?;
    }
    sheet.set_freeze_panes(1, 2)?;
    let (_, last_column) = place(Column::Check);
    sheet.autofilter(0, 0, last, last_column)?;
    let (_, last_printed) = place(Column::AnsweredBy);
    sheet.set_print_area(0, 0, last, last_printed)?;
    // No password: the lock is against slips; the import finds what was changed.
    sheet.protect_with_options(&ProtectionOptions {
        use_autofilter: true,
        format_columns: true,
        format_rows: true,
        ..ProtectionOptions::default()
    });
    sheet.set_landscape().set_paper_size(A4).set_repeat_rows(0, 0)?;
    sheet.set_print_fit_to_pages(1, 0);
    Ok(())
}

/// A column's place in the sheet.
fn place(column: Column) -> (usize, u16) {
    let index = column.index();
    (index, u16::try_from(index).unwrap_or(u16::MAX))
}

fn write_row(
    sheet: &mut Worksheet,
    row: u32,
    content: &Row,
    styles: &Styles,
    digest: Digest<'_>,
) -> Result<(), XlsxError> {
    let mut lines = 1;
    for column in Column::ALL {
        let (index, at) = place(column);
        let cell = content.cells.get(&index).map(String::as_str).unwrap_or_default();
        match column {
            Column::Number => {
                sheet.write_number_with_format(row, at, f64::from(row), &styles.number)?;
            }
            Column::Date => match content.date.map(|date| (date, excel_date(date))) {
                Some((_, Some(date))) => {
                    sheet.write_datetime_with_format(row, at, &date, &styles.date)?;
                }
                Some((date, None)) => {
                    sheet.write_string_with_format(row, at, date.day_first(), &styles.text)?;
                }
                None => {
                    sheet.write_blank(row, at, &styles.text)?;
                }
            },
            Column::Status | Column::Explanation | Column::Note | Column::AnsweredBy => {
                sheet.write_blank(row, at, &styles.answer)?;
            }
            Column::Key => {
                sheet.write_string_with_format(row, at, content.key.to_string(), &styles.text)?;
            }
            Column::Seal => {
                sheet.write_string_with_format(row, at, content.seal(digest).to_string(), &styles.text)?;
            }
            _ => {
                sheet.write_string_with_format(row, at, cell, styles.text(cell))?;
                lines = lines.max(lines_of(cell, column.width()));
            }
        }
    }
    if lines > 1 {
        sheet.set_row_height(row, LINE_HEIGHT * f64::from(lines))?;
    }
    Ok(())
}

/// Lines a wrapped cell takes: not every program measures that when it opens a file. Widths are in digits
/// (ECMA-376 Part 1, 18.3.1.13); running text is narrower.
fn lines_of(cell: &str, width: u32) -> u32 {
    let columns = u32::try_from(text::width(cell)).unwrap_or(u32::MAX);
    columns.div_ceil(width.saturating_add(width / 10).max(1)).clamp(1, 12)
}

fn excel_date(date: crate::model::CalendarDate) -> Option<ExcelDateTime> {
    // Before 1900 or after 9999 a spreadsheet has no dates.
    let year = u16::try_from(date.year()).ok().filter(|year| *year >= 1900)?;
    ExcelDateTime::from_ymd(year, date.month(), date.day()).ok()
}

/// Columns of the guide: what an A4 page takes at its size.
const GUIDE_WIDTH: u32 = 80;

fn guide_sheet(sheet: &mut Worksheet, list: &UnitList, report: &Report, language: Language) -> Result<(), XlsxError> {
    let say = |vi, en| words::pick(language, vi, en);
    sheet.set_name(say("Hướng dẫn", "How to fill in"))?;
    sheet.set_column_width(0, f64::from(GUIDE_WIDTH))?;
    let wrap = Style::new().set_text_wrap().set_align(FormatAlign::Top).set_num_format("@");
    let title = Style::new().set_bold().set_font_size(14).set_text_wrap();
    let heading = format!(
        "{} — {} — {} {}",
        say("Danh sách việc cần sửa", "Fix list"),
        list.name,
        say("kỳ", "period"),
        list.period
    );
    sheet.write_string_with_format(0, 0, heading, &title)?;
    let count = list.rows.len();
    let lines = [
        format!("{}: {}", say("Cơ quan", "Agency"), text::visible(&report.archive.name)),
        format!("{}: {count}", say("Số việc", "Rows")),
        String::new(),
        say(
            "1. Sửa theo cột “Việc cần làm”. Muốn biết rõ hơn một mục: soat explain MÃ_KIỂM_TRA.",
            "1. Put right what the column \"What to do\" says. More about a row: soat explain CHECK.",
        )
        .to_owned(),
        say(
            "2. Trả lời ở bốn cột màu vàng: Tình trạng và Lý do chọn trong danh sách; Ghi chú viết tự do; Người trả lời ghi họ tên.",
            "2. Answer in the four yellow columns: status and explanation from the lists, a free note, and your name.",
        )
        .to_owned(),
        say(
            "3. “Đề nghị miễn trừ” phải có lý do và người trả lời. Đề nghị chỉ có hiệu lực sau khi lãnh đạo phê duyệt.",
            "3. \"Waiver proposed\" needs an explanation and a name. It takes effect only when the head approves it.",
        )
        .to_owned(),
        say(
            "4. Không sửa các cột khác, không thêm dòng, không đổi tên trang: danh sách bị sửa sẽ không được nhận lại.",
            "4. Leave the other columns, add no row, rename no sheet: a list that was edited there is not taken back.",
        )
        .to_owned(),
        say(
            "5. Lưu dạng .xlsx và gửi lại. Bộ phận CNTT chạy: soat fixlist import TỆP.",
            "5. Save as .xlsx and send it back. IT runs: soat fixlist import FILE.",
        )
        .to_owned(),
    ];
    for (row, line) in (1_u32..).zip(lines) {
        sheet.set_row_height(row, LINE_HEIGHT * f64::from(lines_of(&line, GUIDE_WIDTH)))?;
        sheet.write_string_with_format(row, 0, line, &wrap)?;
    }
    sheet.set_paper_size(A4);
    sheet.set_print_fit_to_pages(1, 0);
    Ok(())
}

fn information_sheet(sheet: &mut Worksheet, list: &UnitList, run: i64, language: Language) -> Result<(), XlsxError> {
    sheet.set_name(INFORMATION_SHEET)?;
    let run = run.to_string();
    let facts = [("format", FORMAT), ("period", list.period.as_str()), ("unit", list.unit.as_str()), ("run", &run)];
    for (row, (name, value)) in (0_u32..).zip(facts) {
        sheet.write_string(row, 0, name)?;
        sheet.write_string(row, 1, value)?;
    }
    for (row, status) in (0_u32..).zip(Status::ALL) {
        sheet.write_string(row, 3, status.word(language))?;
    }
    for (row, (vi, en)) in (0_u32..).zip(EXPLANATIONS) {
        sheet.write_string(row, 4, words::pick(language, vi, en))?;
    }
    sheet.set_hidden(true);
    sheet.protect();
    Ok(())
}
