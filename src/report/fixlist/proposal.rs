//! What an import hands on: waivers for the head to approve, and notes, as CSV that Excel opens.

use super::{Answer, Answers, Status};
use crate::model::Language;
use crate::report::csv::is_formula;
use crate::report::{RenderError, words};

/// Headings that a register of waivers (`[[register]] kind = "waivers"`) is read by, then what helps the
/// head to decide.
const WAIVER_COLUMNS: [&str; 10] = [
    "Mã kiểm tra",
    "Tệp",
    "SHA-256",
    "Lý do",
    "Người quyết định",
    "Ngày quyết định",
    "Hết hạn",
    "Đối tượng",
    "Mã đơn vị",
    "Người đề nghị",
];

/// Proposed waivers, keyed by check, document and file hash. Authority, date and end are blank:
/// nothing is waived before the head fills them in.
///
/// # Errors
/// [`RenderError::Csv`].
pub fn waivers<'a>(lists: impl IntoIterator<Item = &'a Answers>) -> Result<Vec<u8>, RenderError> {
    let answers = lists.into_iter().flat_map(|list| &list.answers);
    let rows = answers.filter(|answer| answer.status == Some(Status::WaiverProposed)).map(|answer| {
        let finding = &answer.finding;
        [
            finding.check.to_string(),
            finding.path.clone().unwrap_or_else(|| finding.subject.clone()),
            finding.sha256.map(|sha256| sha256.to_string()).unwrap_or_default(),
            reason(answer),
            String::new(),
            String::new(),
            String::new(),
            finding.subject.clone(),
            finding.unit.clone().unwrap_or_default(),
            answer.answered_by.clone(),
        ]
    });
    table(&WAIVER_COLUMNS, rows)
}

/// Every answer, in the language of the reader.
///
/// # Errors
/// [`RenderError::Csv`].
pub fn notes<'a>(lists: impl IntoIterator<Item = &'a Answers>, language: Language) -> Result<Vec<u8>, RenderError> {
    let say = |vi, en| words::pick(language, vi, en);
    let heads = [
        say("Mã đơn vị", "Unit code"),
        say("Đối tượng", "Subject"),
        say("Ngày văn bản", "Document date"),
        say("Tệp", "File"),
        say("Mã kiểm tra", "Check"),
        say("Tình trạng", "Status"),
        say("Lý do", "Explanation"),
        say("Ghi chú", "Note"),
        say("Người trả lời", "Answered by"),
    ];
    let rows = lists.into_iter().flat_map(|list| &list.answers).map(|answer| {
        let finding = &answer.finding;
        [
            finding.unit.clone().unwrap_or_default(),
            finding.subject.clone(),
            finding.date.map(|date| date.day_first()).unwrap_or_default(),
            finding.path.clone().unwrap_or_default(),
            finding.check.to_string(),
            answer.status.map(|status| status.word(language).to_owned()).unwrap_or_default(),
            answer.explanation.clone(),
            answer.note.clone(),
            answer.answered_by.clone(),
        ]
    });
    table(&heads, rows)
}

fn reason(answer: &Answer) -> String {
    let parts = [answer.explanation.as_str(), answer.note.as_str()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" — ")
}

/// Byte order mark, CRLF, formulas disarmed by an apostrophe.
fn table<const N: usize>(heads: &[&str; N], rows: impl Iterator<Item = [String; N]>) -> Result<Vec<u8>, RenderError> {
    let mut writer =
        ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(b"\xEF\xBB\xBF".to_vec());
    writer.write_record(heads)?;
    for row in rows {
        writer.write_record(row.iter().map(|cell| match is_formula(cell) {
            true => format!("'{cell}"),
            false => cell.clone(),
        }))?;
    }
    Ok(writer.into_inner().map_err(|error| ::csv::Error::from(error.into_error()))?)
}
