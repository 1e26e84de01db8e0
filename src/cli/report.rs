//! `soat report`: from the stored run, never scanning.

use super::arguments::ReportArguments;
use super::audit::{disclosure, render, write_files};
use super::exit::{Exit, Failure};
use super::fonts;
use super::setup::{Setup, stored_run};
use super::terminal::{Terminal, print};
use crate::engine::{self, PeriodRefusal};
use crate::model::{Period, Report};
use crate::period::PeriodError;
use crate::report::Options;
use std::sync::Arc;

/// Makes the report speak for the period asked for, in any of its forms; without one it stays as it is.
pub(super) fn select(report: &mut Report, asked: Option<&str>, terminal: &Terminal) -> Result<Option<Period>, Failure> {
    let Some(asked) = asked else { return Ok(None) };
    engine::select_period(report, asked).map(Some).map_err(|refusal| match refusal {
        PeriodRefusal::Form(error) => Failure::message(Exit::Usage, period_error(&error, terminal)),
        PeriodRefusal::Empty { asked, known } => {
            let days = format!("{} ({} – {})", asked.label, asked.first.day_first(), asked.last.day_first());
            let known = known.join(", ");
            let (vi, en) = (
                format!(
                    "Kỳ {days} không có dòng sổ, hồ sơ hay văn bản nào. Các tháng có dữ liệu: {known}.\n  → chọn kỳ khác; nếu lẽ ra phải có, kiểm tra đường dẫn kho và sổ rồi chạy lại soat audit"
                ),
                format!(
                    "Period {days} has no register row, work file or document. Months with data: {known}.\n  → choose another period; if there should be data, check the paths of archive and register and run soat audit again"
                ),
            );
            Failure::message(Exit::Nothing, terminal.pick(&vi, &en))
        }
    })
}

fn period_error(error: &PeriodError, terminal: &Terminal) -> String {
    let vi = match error {
        PeriodError::Form(text) => format!(
            "\"{text}\" không phải là kỳ: viết 2026-10 (tháng), 2026-Q4 (quý), 2026-H2 (nửa năm), 2026 (năm) hoặc 2026-09-15..2026-10-14 (khoảng ngày, tính cả hai đầu)"
        ),
        PeriodError::Reversed(text) => format!("\"{text}\": ngày cuối trước ngày đầu"),
        PeriodError::Cutoff(day) => format!("ngày chốt kỳ {day} không hợp lệ: 0 đến 28"),
    };
    terminal.pick(&vi, &error.to_string()).to_owned()
}

/// Writes reports.
pub(super) fn report(arguments: &ReportArguments, setup: &Setup, terminal: &Terminal) -> Result<Exit, Failure> {
    let mut report = stored_run(setup, arguments.run, terminal)?.1;
    let period = select(&mut report, arguments.period.as_deref(), terminal)?;
    let options = Options {
        language: terminal.language,
        period: period.map(|period| period.label),
        disclose: disclosure(arguments.disclose, setup),
        colour: terminal.colour && arguments.output.is_none(),
        typeface: arguments
            .format
            .iter()
            .any(|format| format == "pdf")
            .then(|| fonts::typeface(arguments.fonts.as_deref()).map(Arc::new))
            .flatten(),
        ..Options::default()
    };
    if let Some(folder) = &arguments.output {
        for format in &arguments.format {
            let main = write_files(render(format, &report, &options)?, folder, terminal)?;
            terminal.note(&main.display().to_string());
        }
        return Ok(Exit::Passed);
    }
    let [format] = arguments.format.as_slice() else {
        let text =
            terminal.pick("Nhiều định dạng cần thư mục đích: -o THƯ_MỤC.", "Several formats need a folder: -o FOLDER.");
        return Err(Failure::message(Exit::Usage, text));
    };
    let files = render(format, &report, &options)?;
    match files.as_slice() {
        [(_, bytes)] => print(bytes)?,
        _ => {
            let text = terminal
                .pick("Định dạng này gồm nhiều tệp: -o THƯ_MỤC.", "This format makes several files: -o FOLDER.");
            return Err(Failure::message(Exit::Usage, text));
        }
    }
    Ok(Exit::Passed)
}
