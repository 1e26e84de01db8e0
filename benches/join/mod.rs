//! A register of any length with as many documents, in memory: what the join, the rates and the checks over
//! the joined records cost.

use soat::check::{self, ArchiveInput, CheckSettings};
use soat::model::*;
use soat::organisation::OrganisationTable;
use soat::period::{Granularity, ReportingCalendar};
use soat::rate::{self, RatesInput};
use soat::records::{self, FileInput, RecordsInput};
use std::time::Instant;

const UNITS: [&str; 6] = ["VP", "TCCB", "CCHC", "BTXH", "LĐVL", "NCC"];

/// Joins `count` rows with `count` documents and prints CPU seconds of each step. Peak memory is printed by
/// the process that measures this one.
pub(crate) fn run(count: u32) {
    let table = table();
    let rows: Vec<RegisterRow> = (0..count).map(row).collect();
    let mut documents: Vec<_> = (0..count).map(document).collect();
    documents.sort_by(|left, right| left.0.cmp(&right.0));
    let files: Vec<FileInput<'_>> = documents
        .iter()
        .map(|(path, facts, verdicts)| FileInput { path, facts: Some(facts), verdicts, prefix_of: None })
        .collect();
    // The process is one thread and waits for nothing: wall time is CPU time.
    let start = Instant::now();
    let records = records::join(&RecordsInput {
        files: &files,
        document_folders: &["documents".to_owned()],
        rows: &rows,
        post: &[],
        exemptions: &[],
        exemptions_loaded: true,
        cancelled: &[],
        organisations: &table,
        agency: Some("SNV"),
        work_files: &[],
        today: CalendarDate::new(2026, 11, 5),
        prints: &[],
        paper_rule_from: records::PAPER_RULE_FROM,
    });
    let joined = start.elapsed().as_secs_f64();
    let electronic = records.rows.iter().filter(|row| row.processing == Processing::Electronic).count();
    let start = Instant::now();
    let days = records.rows.iter().filter_map(|row| row.date);
    let periods = ReportingCalendar::default().covering(days, Granularity::Month);
    let units: Vec<UnitSummary> =
        UNITS.iter().map(|code| UnitSummary { code: (*code).into(), name: (*code).into(), parent: None }).collect();
    let rates = rate::compute(&RatesInput {
        rows: &records.rows,
        exchanged_only: false,
        work_files: &[],
        periods: &periods,
        agency: "SNV",
        units: &units,
        basis: RateKind::N3,
        target_electronic: 95,
        target_work_files: 40,
    });
    let rated = start.elapsed().as_secs_f64();
    let start = Instant::now();
    let settings = CheckSettings::default();
    let findings = check::check_archive(&ArchiveInput {
        records: &records,
        files: &files,
        rows: &rows,
        post: &[],
        exemptions: &[],
        cancelled: &[],
        work_files: &[],
        register_loaded: true,
        missing_columns: &[],
        altered: &[],
        authorities: &[],
        organisations: &table,
        settings: &settings,
        clock: UnixTime(1_793_840_400),
    });
    let checked = start.elapsed().as_secs_f64();
    println!(
        "{count} rows x {count} documents ({electronic} fully electronic): join {joined:.3} s, {} rates {rated:.3} s, \
         {} findings over the records {checked:.3} s",
        rates.len(),
        findings.len()
    );
}

fn table() -> OrganisationTable {
    let row = |code: &str, name: &str, kind| Organisation {
        code: code.into(),
        name: name.into(),
        parent: (kind == OrganisationKind::Unit).then(|| "SNV".into()),
        kind,
        ..Organisation::default()
    };
    let mut rows = vec![row("SNV", "Sở Nội vụ tỉnh An Bình", OrganisationKind::Agency)];
    rows.extend(UNITS.iter().map(|code| row(code, &format!("Phòng {code}"), OrganisationKind::Unit)));
    OrganisationTable::new(rows)
}

fn unit(index: u32) -> &'static str {
    UNITS.get(usize::try_from(index % 6).unwrap_or(0)).copied().unwrap_or_default()
}

/// 12,000 numbers a year, over as many years as it takes.
fn day(index: u32) -> CalendarDate {
    let year = 2026 - i32::try_from(index / 12_000).unwrap_or(0);
    let month = u8::try_from(index % 12_000 / 1_000 + 1).unwrap_or(1);
    CalendarDate::new(year, month, u8::try_from(index % 1_000 / 40 + 1).unwrap_or(1))
        .unwrap_or(CalendarDate(time::Date::MIN))
}

fn reference(index: u32) -> String {
    format!("{}/SNV-{}", index % 12_000 + 1, unit(index))
}

fn row(index: u32) -> RegisterRow {
    RegisterRow {
        location: RowLocation { file: "registers/so.csv".into(), row: index + 2 },
        reference: reference(index),
        date: Some(day(index)),
        subject: Some(format!("V/v thực hiện nhiệm vụ số {index} của chương trình công tác")),
        signer: Some("Đặng Văn Khoa".into()),
        recipients: Some("Ủy ban nhân dân các xã, phường".into()),
        archive_copy: Some(format!("VT, {}", unit(index))),
        transferred: Some(day(index)),
        ..RegisterRow::default()
    }
}

/// Every twentieth says nothing on its page and is found by its name.
fn document(index: u32) -> (String, DocumentFacts, Vec<SignatureVerdict>) {
    let date = day(index);
    let path =
        format!("documents/{}/{}/{}-SNV-{}.signed.pdf", unit(index), date.year(), index % 12_000 + 1, unit(index));
    let mut sha256 = [0; 32];
    if let Some(start) = sha256.get_mut(..4) {
        start.copy_from_slice(&index.to_be_bytes());
    }
    let silent = index.is_multiple_of(20);
    let identity = IdentityFacts {
        reference: (!silent).then(|| reference(index)),
        date: (!silent).then_some(date),
        subject: Some(format!("V/v thực hiện nhiệm vụ số {index} của chương trình công tác")),
        archive_line: Some(format!("Lưu: VT, {}.", unit(index))),
        signer_name: Some("Đặng Văn Khoa".into()),
        make_up: PageMakeUp { pages_read: 1, characters: 900, ..PageMakeUp::default() },
        ..IdentityFacts::default()
    };
    let pdf = PdfFacts { pages: 1, identity, ..PdfFacts::default() };
    let facts = DocumentFacts { sha256: Sha256Digest(sha256), size: 300_000, content: Content::Pdf(Box::new(pdf)) };
    (
        path,
        facts,
        vec![verdict(Role::Person, "Đặng Văn Khoa", date), verdict(Role::Agency, "Sở Nội vụ tỉnh An Bình", date)],
    )
}

fn verdict(role: Role, signer: &str, date: CalendarDate) -> SignatureVerdict {
    SignatureVerdict {
        field: if role == Role::Person { "Signature1".into() } else { "Signature2".into() },
        kind: SignatureKind::Signature,
        sub_filter: Some("adbe.pkcs7.detached".into()),
        indication: Indication::TotalPassed,
        sub_indication: None,
        integrity: Integrity::Intact,
        modification: Modification::None,
        coverage: Coverage::WholeFile,
        level: Some(BaselineLevel::T),
        role,
        republisher: false,
        trust: Trust::Specialised,
        signer: Some(signer.into()),
        organisation: None,
        issuer: Some("CA phục vụ các cơ quan Nhà nước G2".into()),
        reference_time: Some(UnixTime(date.0.midnight().assume_utc().unix_timestamp() + 3_600)),
        time_source: TimeSource::Timestamp,
        revocation: RevocationStatus::Good,
        revoked: None,
        certificate_validity: None,
        certificate: Some(Sha256Digest([role as u8; 32])),
        path: Vec::new(),
        revocation_evidence: Vec::new(),
        byte_range: vec![0, 10, 20, 30],
        cause: None,
        conclusions: Vec::new(),
        notes: Vec::new(),
    }
}
