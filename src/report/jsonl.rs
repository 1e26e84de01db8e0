//! JSON lines: one object a line, a `summary` last. The names are a contract: fields may be added,
//! never renamed or removed.

use super::{Disclose, Files, Format, Options, RenderError, file_name, mask::Mask, view::View, words};
use crate::model::{
    BaselineLevel, CalendarDate, Coverage, DocumentReport, DuplicatePair, DuplicateTier, Exclusion, Finding,
    Indication, InputDigest, Integrity, Language, Level, Membership, Modification, NotAssessed, Outcome, Processing,
    RateKind, RevocationStatus, Role, Scope, Sha256Digest, SignatureKind, SignatureVerdict, SubIndication, TimeSource,
    Trust, UnitRate, UnixTime, Waived,
};
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;

pub(super) const FORMAT: Format = Format { name: "jsonl", extension: "jsonl", render };

fn render(report: &crate::model::Report, options: &Options) -> Result<Files, RenderError> {
    let report = &*super::mask::masked(report, options);
    let view = View::new(report, options)?;
    let mut out = Vec::new();
    let records = Records::new(&view);
    for document in &records.documents {
        push(&mut out, document)?;
    }
    for finding in &records.findings {
        push(&mut out, finding)?;
    }
    for duplicate in &records.duplicates {
        push(&mut out, duplicate)?;
    }
    for rate in &records.rates {
        push(&mut out, rate)?;
    }
    push(&mut out, &records.summary)?;
    Ok(vec![(file_name(options, "jsonl"), out)])
}

fn push(out: &mut Vec<u8>, record: &impl Serialize) -> Result<(), RenderError> {
    serde_json::to_writer(&mut *out, record)?;
    out.push(b'\n');
    Ok(())
}

/// One document's line (without a line end), for a file judged outside a run. Its `processing` is
/// `null` where no register was read.
pub fn document_line(document: &DocumentReport, options: &Options) -> Result<String, RenderError> {
    Ok(serde_json::to_string(&DocumentRecord::new(document, &Mask::of_document(options.disclose)))?)
}

/// One finding's line (without a line end), for a document judged outside a run.
pub fn finding_line(finding: &Finding, document: &DocumentReport, options: &Options) -> Result<String, RenderError> {
    let mask = Mask::of_document(options.disclose);
    Ok(serde_json::to_string(&FindingRecord::new(finding, Some(document), &mask, options.language))?)
}

/// Everything a run says, as records.
#[derive(Serialize)]
pub(super) struct Records<'a> {
    v: u8,
    documents: Vec<DocumentRecord<'a>>,
    findings: Vec<FindingRecord<'a>>,
    duplicates: Vec<DuplicateRecord<'a>>,
    rates: Vec<RateRecord<'a>>,
    summary: SummaryRecord<'a>,
}

impl<'a> Records<'a> {
    pub(super) fn new(view: &View<'a>) -> Self {
        Self {
            v: 1,
            documents: view.documents.iter().map(|document| DocumentRecord::new(document, &view.mask)).collect(),
            findings: view
                .findings
                .iter()
                .map(|finding| {
                    let document = finding.path.as_deref().and_then(|path| view.document(path));
                    FindingRecord::new(finding, document, &view.mask, view.language)
                })
                .collect(),
            duplicates: view.duplicates.iter().map(|pair| DuplicateRecord::new(pair, view)).collect(),
            rates: view.rates().map(RateRecord::new).collect(),
            summary: SummaryRecord::new(view),
        }
    }
}

#[derive(Serialize)]
struct DocumentRecord<'a> {
    v: u8,
    r#type: &'static str,
    path: &'a str,
    /// Null where the file could not be read at all.
    sha256: Option<Sha256Digest>,
    assessed: bool,
    reason: Option<&'static str>,
    reason_detail: Option<String>,
    unit: Option<&'a str>,
    number: Option<&'a str>,
    date: Option<CalendarDate>,
    processing: Option<Processing>,
    exclusion: Option<Exclusion>,
    n2: Membership,
    version_of: Option<&'a str>,
    signatures: Vec<SignatureRecord<'a>>,
}

impl<'a> DocumentRecord<'a> {
    fn new(document: &'a DocumentReport, mask: &Mask) -> Self {
        Self {
            v: 1,
            r#type: "document",
            path: &document.path,
            sha256: Some(document.sha256).filter(|sha256| sha256.0 != [0; 32]),
            assessed: document.not_assessed.is_none(),
            reason: document.not_assessed.as_ref().map(reason_word),
            reason_detail: document.not_assessed.as_ref().and_then(reason_detail),
            unit: document.unit.as_deref(),
            number: document.number.as_deref(),
            date: document.date,
            processing: document.processing,
            exclusion: document.exclusion,
            n2: document.n2,
            version_of: document.version_of.as_deref(),
            signatures: document.signatures.iter().map(|verdict| SignatureRecord::new(verdict, mask)).collect(),
        }
    }
}

/// The stable word for a reason.
pub(super) fn reason_word(reason: &NotAssessed) -> &'static str {
    match reason {
        NotAssessed::Empty => "empty",
        NotAssessed::NotPdf => "not-pdf",
        NotAssessed::Truncated => "truncated",
        NotAssessed::Encrypted => "encrypted",
        NotAssessed::Structure(_) => "structure",
        NotAssessed::Limit(_) => "limit",
        NotAssessed::Unreadable(_) => "unreadable",
        NotAssessed::ChangedWhileReading => "changed-while-reading",
        NotAssessed::InternalFault(_) => "internal-fault",
    }
}

fn reason_detail(reason: &NotAssessed) -> Option<String> {
    match reason {
        NotAssessed::Structure(detail) | NotAssessed::Unreadable(detail) | NotAssessed::InternalFault(detail) => {
            Some(detail.clone())
        }
        NotAssessed::Limit(hit) => Some(format!("{}={}", hit.limit, hit.value)),
        _ => None,
    }
}

#[derive(Serialize)]
struct SignatureRecord<'a> {
    field: &'a str,
    kind: SignatureKind,
    sub_filter: Option<&'a str>,
    indication: Indication,
    sub_indication: Option<SubIndication>,
    cause: Option<&'a str>,
    integrity: Integrity,
    modification: Modification,
    coverage: Coverage,
    level: Option<BaselineLevel>,
    role: Role,
    republisher: bool,
    trust: Trust,
    signer: Option<String>,
    organisation: Option<String>,
    issuer: Option<&'a str>,
    certificate: Option<Sha256Digest>,
    #[serde(serialize_with = "rfc3339")]
    reference_time: Option<UnixTime>,
    time_source: TimeSource,
    revocation: RevocationStatus,
    #[serde(serialize_with = "rfc3339")]
    revoked_at: Option<UnixTime>,
    revocation_evidence: &'a [Sha256Digest],
    byte_range: &'a [i64],
}

impl<'a> SignatureRecord<'a> {
    fn new(verdict: &'a SignatureVerdict, mask: &Mask) -> Self {
        Self {
            field: &verdict.field,
            kind: verdict.kind,
            sub_filter: verdict.sub_filter.as_deref(),
            indication: verdict.indication,
            sub_indication: verdict.sub_indication,
            cause: verdict.cause.as_deref(),
            integrity: verdict.integrity,
            modification: verdict.modification,
            coverage: verdict.coverage,
            level: verdict.level,
            role: verdict.role,
            republisher: verdict.republisher,
            trust: verdict.trust,
            signer: mask.signer(verdict),
            organisation: verdict.organisation.as_deref().map(|text| mask.text(text, None)),
            issuer: verdict.issuer.as_deref(),
            certificate: verdict.certificate,
            reference_time: verdict.reference_time,
            time_source: verdict.time_source,
            revocation: verdict.revocation,
            revoked_at: verdict.revoked.as_ref().map(|(at, _)| *at),
            revocation_evidence: &verdict.revocation_evidence,
            byte_range: &verdict.byte_range,
        }
    }
}

/// RFC 3339 with +07:00. (The model's own form is a number, for the state database.)
fn rfc3339<S: Serializer>(time: &Option<UnixTime>, serializer: S) -> Result<S::Ok, S::Error> {
    match time {
        Some(time) => serializer.collect_str(time),
        None => serializer.serialize_none(),
    }
}

#[derive(Serialize)]
struct FindingRecord<'a> {
    v: u8,
    r#type: &'static str,
    check: &'a str,
    level: Level,
    scope: Scope,
    subject: String,
    path: Option<&'a str>,
    unit: Option<&'a str>,
    date: Option<CalendarDate>,
    sha256: Option<Sha256Digest>,
    message: String,
    waived: Option<&'a Waived>,
}

impl<'a> FindingRecord<'a> {
    fn new(finding: &'a Finding, document: Option<&DocumentReport>, mask: &Mask, language: Language) -> Self {
        Self {
            v: 1,
            r#type: "finding",
            check: finding.check.as_ref(),
            level: finding.level,
            scope: finding.scope,
            subject: mask.text(&finding.subject, document),
            path: finding.path.as_deref(),
            unit: finding.unit.as_deref(),
            date: finding.date,
            sha256: finding.sha256,
            message: mask.message(finding, document, language),
            waived: finding.waived.as_ref(),
        }
    }
}

#[derive(Serialize)]
struct DuplicateRecord<'a> {
    v: u8,
    r#type: &'static str,
    document: &'a str,
    copy: &'a str,
    tier: DuplicateTier,
    evidence: Vec<String>,
    unit: Option<&'a str>,
    date: Option<CalendarDate>,
}

impl<'a> DuplicateRecord<'a> {
    fn new(pair: &'a DuplicatePair, view: &View<'_>) -> Self {
        let document = view.document(&pair.document);
        Self {
            v: 1,
            r#type: "duplicate",
            document: &pair.document,
            copy: &pair.copy,
            tier: pair.tier,
            evidence: pair.evidence.iter().map(|text| view.mask.text(text.get(view.language), document)).collect(),
            unit: pair.unit.as_deref(),
            date: pair.date,
        }
    }
}

#[derive(Serialize)]
struct RateRecord<'a> {
    v: u8,
    r#type: &'static str,
    unit: &'a str,
    /// Units below this one that the figures include.
    includes: &'a [String],
    period: &'a str,
    rate: RateKind,
    denominator: u32,
    lower: u32,
    upper: u32,
    target: Option<String>,
    outcome: Outcome,
    missing_to_target: u32,
    excluded: BTreeMap<Exclusion, u32>,
    classes: BTreeMap<Processing, u32>,
}

impl<'a> RateRecord<'a> {
    fn new(rate: &'a UnitRate) -> Self {
        Self {
            v: 1,
            r#type: "rate",
            unit: &rate.unit,
            includes: &rate.includes,
            period: &rate.period,
            rate: rate.rate,
            denominator: rate.denominator,
            lower: rate.lower,
            upper: rate.upper,
            target: rate.target.map(|percent| format!(">{percent}")),
            outcome: rate.outcome,
            missing_to_target: rate.missing_to_target,
            excluded: rate.excluded.iter().copied().collect(),
            classes: rate.classes.iter().copied().collect(),
        }
    }
}

#[derive(Serialize)]
struct SummaryRecord<'a> {
    v: u8,
    r#type: &'static str,
    tool_version: &'a str,
    archive: &'a str,
    agency: Option<&'a str>,
    #[serde(serialize_with = "rfc3339")]
    clock: Option<UnixTime>,
    edition: &'a str,
    partial: Option<&'a str>,
    disclose: &'static str,
    /// Period selected; `null`: everything.
    period: Option<&'a str>,
    periods: Vec<&'a str>,
    /// Files, of the whole run.
    files: u32,
    bytes: u64,
    assessed: u32,
    not_assessed: u32,
    not_assessed_reasons: BTreeMap<&'static str, u32>,
    secret: u32,
    signatures: SignatureCounts,
    /// Lines of the selection.
    documents: usize,
    register_rows: usize,
    findings: FindingCounts,
    waived: usize,
    duplicates: DuplicateCounts,
    gate: GateFigures<'a>,
    /// What the rates mean, as every report prints it.
    definitions: Vec<String>,
    /// Levels that the operator set, by check; `null`: switched off.
    levels: &'a BTreeMap<String, Option<Level>>,
    /// Every input with its digest.
    inputs: &'a [InputDigest],
}

#[derive(Serialize)]
struct SignatureCounts {
    total: u32,
    #[serde(rename = "TOTAL-PASSED")]
    passed: u32,
    #[serde(rename = "INDETERMINATE")]
    indeterminate: u32,
    #[serde(rename = "TOTAL-FAILED")]
    failed: u32,
}

/// Findings no waiver covers, by level.
#[derive(Serialize, Default)]
struct FindingCounts {
    error: usize,
    indeterminate: usize,
    warn: usize,
    info: usize,
}

#[derive(Serialize)]
struct DuplicateCounts {
    certain: usize,
    probable: usize,
}

/// What the gate looks at; the decision is the gate's.
#[derive(Serialize)]
struct GateFigures<'a> {
    basis: RateKind,
    target_electronic: String,
    target_work_files: String,
    fail_on: Option<Level>,
    minimum_coverage: u32,
    coverage_numerator: u32,
    coverage_denominator: u32,
    /// The agency's rates that have a target, per period.
    rates: Vec<RateRecord<'a>>,
}

impl<'a> SummaryRecord<'a> {
    fn new(view: &View<'a>) -> Self {
        let report = view.report;
        let scope = &report.scope;
        let mut reasons = BTreeMap::new();
        for reason in report.documents.iter().filter_map(|document| document.not_assessed.as_ref()) {
            *reasons.entry(reason_word(reason)).or_default() += 1;
        }
        let mut findings = FindingCounts::default();
        for finding in view.findings.iter().filter(|finding| finding.waived.is_none()) {
            match finding.level {
                Level::Error => findings.error += 1,
                Level::Indeterminate => findings.indeterminate += 1,
                Level::Warn => findings.warn += 1,
                Level::Info => findings.info += 1,
            }
        }
        let tier = |tier| view.duplicates.iter().filter(|pair| pair.tier == tier).count();
        let periods: Vec<&str> = match view.selected {
            Some(period) => vec![period.label.as_str()],
            None => report.periods.iter().map(|period| period.label.as_str()).collect(),
        };
        let total = view.total_unit();
        Self {
            v: 1,
            r#type: "summary",
            tool_version: &report.tool_version,
            archive: &report.archive.name,
            agency: report.archive.agency.as_deref(),
            clock: Some(report.clock),
            edition: &report.edition,
            partial: report.partial.as_deref(),
            disclose: disclose_word(if view.mask.is_full() { Disclose::Full } else { Disclose::Masked }),
            period: view.selected.map(|period| period.label.as_str()),
            periods,
            files: scope.files,
            bytes: scope.bytes,
            assessed: scope.assessed,
            not_assessed: scope.not_assessed,
            not_assessed_reasons: reasons,
            secret: scope.secret,
            signatures: SignatureCounts {
                total: scope.signatures,
                passed: scope.passed,
                indeterminate: scope.indeterminate,
                failed: scope.failed,
            },
            documents: view.documents.len(),
            register_rows: view.rows.len(),
            findings,
            waived: view.waived().count(),
            duplicates: DuplicateCounts {
                certain: tier(DuplicateTier::Certain),
                probable: tier(DuplicateTier::Probable),
            },
            gate: GateFigures {
                basis: report.method.basis,
                target_electronic: format!(">{}", report.method.target_electronic),
                target_work_files: format!(">{}", report.method.target_work_files),
                fail_on: report.method.fail_on,
                minimum_coverage: report.method.minimum_coverage,
                coverage_numerator: scope.assessed,
                coverage_denominator: scope.assessed.saturating_add(scope.not_assessed),
                rates: view
                    .rates()
                    .filter(|rate| rate.target.is_some() && Some(rate.unit.as_str()) == total)
                    .map(RateRecord::new)
                    .collect(),
            },
            definitions: words::definitions(report, view.language),
            levels: &report.method.levels,
            inputs: &report.inputs,
        }
    }
}

/// Recorded in every machine output, so that a disclosure can be seen.
pub(super) fn disclose_word(disclose: Disclose) -> &'static str {
    match disclose {
        Disclose::Masked => "masked",
        Disclose::Full => "full",
    }
}
