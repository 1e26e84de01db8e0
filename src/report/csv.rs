//! Findings as CSV that Excel opens as UTF-8: byte order mark, CRLF, formulas disarmed.

use super::{Files, Format, Options, RenderError, file_name, text, view::View, words};
use crate::model::{Finding, Report};

pub(super) const FORMAT: Format = Format { name: "csv", extension: "csv", render };

fn render(report: &Report, options: &Options) -> Result<Files, RenderError> {
    let report = &*super::mask::masked(report, options);
    let view = View::new(report, options)?;
    let mut writer =
        ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(b"\xEF\xBB\xBF".to_vec());
    writer.write_record(heads(&view))?;
    for finding in &view.findings {
        writer.write_record(cells(&view, finding).iter().map(|cell| disarm(cell)))?;
    }
    let bytes = writer.into_inner().map_err(|error| ::csv::Error::from(error.into_error()))?;
    Ok(vec![(file_name(options, "csv"), bytes)])
}

/// Column heads of a table of findings.
pub(super) fn heads(view: &View<'_>) -> [&'static str; 15] {
    [
        view.say("Mức", "Level"),
        view.say("Mã kiểm tra", "Check"),
        view.say("Nội dung kiểm tra", "Title"),
        view.say("Phạm vi", "Scope"),
        view.say("Mã đơn vị", "Unit code"),
        view.say("Đơn vị", "Unit"),
        view.say("Đối tượng", "Subject"),
        view.say("Tệp", "File"),
        view.say("Ngày văn bản", "Document date"),
        view.say("Phát hiện", "Finding"),
        view.say("Người xử lý", "To be fixed by"),
        view.say("Việc cần làm", "What to do"),
        view.say("Lý do miễn trừ", "Waiver: reason"),
        view.say("Người quyết định miễn trừ", "Waiver: authority"),
        view.say("Miễn trừ đến ngày", "Waiver: until"),
    ]
}

/// Cells of a finding, in the order of [`heads`].
pub(super) fn cells(view: &View<'_>, finding: &Finding) -> [String; 15] {
    let unit = finding.unit.as_deref().unwrap_or_default();
    let (who, action) = view.remedy(finding.check.as_ref());
    let waived = finding.waived.as_ref();
    [
        words::level(finding.level, view.language).to_owned(),
        text::visible(&finding.check),
        view.title(finding.check.as_ref()),
        words::scope(finding.scope, view.language).to_owned(),
        text::visible(unit),
        if unit.is_empty() { String::new() } else { view.unit_name(unit) },
        view.subject(finding),
        finding.path.as_deref().map(text::visible).unwrap_or_default(),
        finding.date.map(|date| text::date(date, view.language)).unwrap_or_default(),
        view.message(finding),
        who,
        action,
        waived.map(|waived| text::visible(&waived.reason)).unwrap_or_default(),
        waived.map(|waived| text::visible(&waived.authority)).unwrap_or_default(),
        waived.map(|waived| text::date(waived.expires, view.language)).unwrap_or_default(),
    ]
}

/// Whether a spreadsheet would take the text for a formula (OWASP, CSV Injection; full-width forms too).
pub(super) fn is_formula(cell: &str) -> bool {
    cell.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r'])
}

/// An apostrophe before what would be a formula: spreadsheets then show the text.
fn disarm(cell: &str) -> String {
    if is_formula(cell) { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_disarmed_and_numbers_of_documents_are_not_touched() {
        assert_eq!(disarm("=cmd|' /C calc'!A0"), "'=cmd|' /C calc'!A0");
        assert_eq!(disarm(" @SUM(1)"), "' @SUM(1)");
        assert_eq!(disarm("512/SNV-BTXH"), "512/SNV-BTXH");
        assert_eq!(disarm(""), "");
    }
}
