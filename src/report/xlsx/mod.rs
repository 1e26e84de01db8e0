//! The workbook: one table a sheet, one header row, real dates and numbers, document numbers as text.

mod sheet;

use super::{
    Files, Format, Options, RenderError,
    csv::{cells, heads},
    file_name, text,
    view::View,
    words,
};
use crate::model::{CalendarDate, DocumentReport, Exclusion, Finding, Indication, RateKind, Report, Role};
use rust_xlsxwriter::{DocProperties, Workbook};
use sheet::{Cell, Sheet, Styles, count, excel_date};

pub(super) const FORMAT: Format = Format { name: "xlsx", extension: "xlsx", render };

fn render(report: &Report, options: &Options) -> Result<Files, RenderError> {
    let report = &*super::mask::masked(report, options);
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
        let date = excel_date(CalendarDate(t.date()))?;
        date.and_hms(t.hour().into(), t.minute(), f64::from(t.second())).ok()
    });
    match created {
        Some(created) => properties.set_creation_datetime(&created),
        None => properties,
    }
}

fn summary(view: &View<'_>) -> Sheet {
    let mut sheet = Sheet::new(
        view.say("Tổng hợp", "Summary"),
        &[
            (view.say("Mục", "Section"), 26),
            (view.say("Nội dung", "Item"), 44),
            (view.say("Giá trị", "Value"), 18),
            (view.say("Ghi chú", "Note"), 70),
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
    push(section, words::of_them_public(view.language), view.passed_public().into(), Cell::Empty);
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
        (view.say("Kỳ", "Period"), 12),
        (view.say("Mã đơn vị", "Unit code"), 12),
        (view.say("Đơn vị", "Unit"), 44),
        (view.say("Tỷ lệ", "Rate"), 30),
        (view.say("Mẫu số", "Denominator"), 10),
        (view.say("Chắc chắn đạt", "Certain"), 10),
        (view.say("Kể cả chưa xác định", "With undetermined"), 12),
        (view.say("Cận dưới", "Lower bound"), 10),
        (view.say("Cận trên", "Upper bound"), 10),
        (view.say("Mục tiêu (lớn hơn)", "Target (above)"), 10),
        (view.say("Kết quả", "Outcome"), 16),
        (view.say("Còn thiếu", "Short by"), 10),
    ];
    let exclusions = [
        Exclusion::Secret,
        Exclusion::Recalled,
        Exclusion::Cancelled,
        Exclusion::LawRequiresPaper,
        Exclusion::NotExchanged,
        Exclusion::Repeated,
    ];
    let excluded: Vec<String> = exclusions
        .iter()
        .map(|reason| format!("{}: {}", view.say("Ngoài mẫu số", "Excluded"), words::exclusion(*reason, view.language)))
        .collect();
    columns.extend(excluded.iter().map(|head| (head.as_str(), 12)));
    let classes: Vec<String> = words::CLASSES
        .iter()
        .map(|class| format!("{}: {}", view.say("Phân loại", "Class"), words::processing(*class, view.language)))
        .collect();
    columns.extend(classes.iter().map(|head| (head.as_str(), 12)));
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
            (view.say("Số, ký hiệu", "Number"), 22),
            (view.say("Ngày văn bản", "Document date"), 12),
            (view.say("Mã đơn vị", "Unit code"), 12),
            (view.say("Đơn vị", "Unit"), 36),
            (view.say("Trích yếu", "Subject"), 40),
            (view.say("Tệp", "File"), 50),
            (view.say("Phân loại", "Class"), 20),
            (view.say("Lý do ngoài mẫu số", "Exclusion"), 18),
            (view.say("Đủ hai chữ ký (N2)", "Signed (N2)"), 14),
            (view.say("Lý do chưa kiểm tra được", "Why not judged"), 26),
            (view.say("Số chữ ký", "Signatures"), 9),
            (view.say("Hợp lệ", "Valid"), 9),
            (view.say("Chưa xác định", "Undetermined"), 9),
            (view.say("Không hợp lệ", "Not valid"), 9),
            (view.say("Người ký", "Signers (person)"), 28),
            (view.say("Cơ quan ký", "Signers (agency)"), 32),
            (view.say("Ký lần cuối", "Last signed"), 20),
            (view.say("Số phát hiện", "Findings"), 9),
            (view.say("Bản ký trước của", "Earlier version of"), 40),
            ("SHA-256", 66),
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
    let widths = [14, 30, 36, 12, 12, 34, 40, 50, 12, 70, 20, 60, 40, 24, 14];
    let columns: Vec<(&str, u32)> = heads(view).into_iter().zip(widths).collect();
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
            (view.say("Sổ", "Register file"), 34),
            (view.say("Dòng", "Row"), 8),
            (view.say("Số, ký hiệu", "Number"), 22),
            (view.say("Ngày văn bản", "Document date"), 12),
            (view.say("Mã đơn vị", "Unit code"), 12),
            (view.say("Phân loại", "Class"), 20),
            (view.say("Lý do ngoài mẫu số", "Exclusion"), 18),
            ("N1", 12),
            ("N2", 12),
            ("N3", 12),
            (view.say("Tệp", "File"), 50),
            ("SHA-256", 66),
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
            (view.say("Mã đơn vị", "Unit code"), 12),
            (view.say("Số, ký hiệu", "Number"), 22),
            (view.say("Ngày văn bản", "Document date"), 12),
            (view.say("Văn bản điện tử", "Electronic document"), 50),
            (view.say("Bản giấy", "Paper copy"), 50),
            (view.say("Mức chắc chắn", "How sure"), 16),
            (view.say("Căn cứ", "Evidence"), 60),
        ],
    );
    for pair in &view.duplicates {
        let document = view.document(&pair.document);
        let evidence: Vec<String> =
            pair.evidence.iter().map(|text| view.mask.text(text.get(view.language), document)).collect();
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
            (view.say("Mục", "Section"), 30),
            (view.say("Đối tượng", "Item"), 60),
            (view.say("Số lượng", "Count"), 12),
            (view.say("Từ lúc", "From"), 20),
            (view.say("Đến lúc", "Until"), 20),
            (view.say("Ghi chú", "Note"), 66),
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
    let comparison = &report.scope.comparison;
    if comparison.scans > 0 {
        let figures = [
            (view.say("Bản quét không ký", "Unsigned scans"), comparison.scans),
            (view.say("Bản quét đã so với văn bản điện tử", "Scans compared with e-documents"), comparison.compared),
            (view.say("Văn bản điện tử được so", "E-documents compared"), comparison.documents),
            (view.say("Bản quét cần nhận dạng chữ", "Scans that need OCR"), comparison.lacking_recognition),
        ];
        for (section, number) in figures {
            push(section, Cell::Empty, number.into(), Cell::Empty, Cell::Empty, Cell::Empty);
        }
    }
    for (path, reason) in &comparison.faults {
        let section = view.say("Trang không so được", "Pages not compared");
        push(section, path.as_str().into(), Cell::Empty, Cell::Empty, Cell::Empty, reason.get(view.language).into());
    }
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
            (view.say("Mục", "Section"), 24),
            (view.say("Tên", "Name"), 44),
            (view.say("Nội dung", "Content"), 90),
            ("SHA-256", 66),
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
