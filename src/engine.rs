//! From facts to the report: judges every document, joins the records, computes rates and runs the
//! checks. Pure: the same inputs give the same report, whatever the number of threads.

mod period;

pub use period::{PeriodRefusal, select_period};

use crate::check::{self, ArchiveInput, AuthorityInput, CheckSettings, DocumentInput, RateInput};
use crate::model::{
    AlteredContent, ArchiveSummary, CalendarDate, CancelledNumber, ClassedWorkFile, ComparisonSummary, Content,
    Delegation, DocumentFacts, DocumentReport, Exemption, Finding, Indication, InputDigest, Method, NotAssessed,
    Organisation, OrganisationKind, Period, PostRow, PrintMatch, RegisterRow, Report, RevocationListSummary,
    ScopeSummary, SignatureVerdict, UnitSummary, Waiver, WorkFile,
};
use crate::organisation::OrganisationTable;
use crate::period::{Granularity, ReportingCalendar};
use crate::rate;
use crate::records::{self, DocumentClass, DocumentKind, FileInput, Records, RecordsInput};
use crate::validate::{self, Context};
use rayon::prelude::*;
use std::collections::{BTreeSet, HashMap};

/// One file of the archive.
#[derive(Clone, Debug)]
pub struct File {
    /// Relative to the archive, `/` separated; unique.
    pub path: String,
    /// Facts; `None`: not opened, because its name or register row carries a secrecy mark.
    pub facts: Option<DocumentFacts>,
}

/// The lists an office keeps.
#[derive(Clone, Debug, Default)]
pub struct Lists {
    /// Outgoing register.
    pub rows: Vec<RegisterRow>,
    /// An outgoing register is configured.
    pub register_loaded: bool,
    /// Prescribed columns that register files lack: file and header.
    pub missing_columns: Vec<(String, String)>,
    /// Post book.
    pub post: Vec<PostRow>,
    /// Exemptions.
    pub exemptions: Vec<Exemption>,
    /// A register of exemptions is configured.
    pub exemptions_loaded: bool,
    /// Cancelled numbers.
    pub cancelled: Vec<CancelledNumber>,
    /// Recorded authority to sign for another; `None`: no such table is configured.
    pub delegations: Option<Vec<Delegation>>,
    /// Work files.
    pub work_files: Vec<WorkFile>,
    /// Waivers of findings.
    pub waivers: Vec<Waiver>,
}

/// Everything a report is made of besides the judging context.
pub struct Input<'a> {
    /// Files in path order.
    pub files: &'a [File],
    /// Folders that were walked.
    pub document_folders: &'a [String],
    /// Registers and lists.
    pub lists: &'a Lists,
    /// What scans are to e-documents, by their contents.
    pub prints: &'a [PrintMatch],
    /// How far scans were compared.
    pub comparison: ComparisonSummary,
    /// Organisation table.
    pub organisations: &'a OrganisationTable,
    /// The archive as printed.
    pub archive: ArchiveSummary,
    /// Settings of the checks.
    pub settings: &'a CheckSettings,
    /// What enters the definitions.
    pub method: Method,
    /// How time is cut into months.
    pub calendar: ReportingCalendar,
    /// Files whose content changed without a trace of writing.
    pub altered: &'a [AlteredContent],
    /// CA and root certificates at hand.
    pub authorities: &'a [AuthorityInput],
    /// Revocation lists in use.
    pub revocation_lists: Vec<RevocationListSummary>,
    /// Every input with its digest.
    pub inputs: Vec<InputDigest>,
    /// Why the run was cut short, if it was.
    pub partial: Option<String>,
}

/// Judges everything.
pub fn judge(input: Input<'_>, context: &Context<'_>) -> Report {
    let versions = versions(input.files);
    let verdicts: Vec<Vec<SignatureVerdict>> = input.files.par_iter().map(|file| verdicts(file, context)).collect();
    let files: Vec<FileInput<'_>> = input
        .files
        .iter()
        .zip(&verdicts)
        .enumerate()
        .map(|(index, (file, verdicts))| FileInput {
            path: &file.path,
            facts: file.facts.as_ref(),
            verdicts,
            prefix_of: versions.get(&index).and_then(|later| input.files.get(*later)).map(|later| later.path.as_str()),
        })
        .collect();
    let agency = input.archive.agency.as_deref();
    let records = records::join(&RecordsInput {
        files: &files,
        document_folders: input.document_folders,
        rows: &input.lists.rows,
        post: &input.lists.post,
        exemptions: &input.lists.exemptions,
        exemptions_loaded: input.lists.exemptions_loaded,
        cancelled: &input.lists.cancelled,
        prints: input.prints,
        organisations: input.organisations,
        agency,
        work_files: &input.lists.work_files,
        today: context.clock.date_in_vietnam(),
        paper_rule_from: records::PAPER_RULE_FROM,
    });
    let periods = periods(&records, input.lists, input.calendar);
    let units = units(input.organisations, agency, context.clock.date_in_vietnam());
    let work_files = work_files(&input.lists.work_files, &records.work_file_units);
    let rates = period::rates(&records.rows, &work_files, &units, agency, &input.method, &periods);
    let mut findings = document_findings(&files, &records, &input, context);
    findings.extend(check::check_archive(&ArchiveInput {
        records: &records,
        files: &files,
        rows: &input.lists.rows,
        post: &input.lists.post,
        exemptions: &input.lists.exemptions,
        cancelled: &input.lists.cancelled,
        work_files: &input.lists.work_files,
        register_loaded: input.lists.register_loaded,
        missing_columns: &input.lists.missing_columns,
        altered: input.altered,
        authorities: input.authorities,
        organisations: input.organisations,
        settings: input.settings,
        clock: context.clock,
    }));
    findings.extend(check::check_rates(&RateInput {
        rates: &rates,
        periods: &periods,
        units: &units,
        settings: input.settings,
    }));
    check::waive(&mut findings, &input.lists.waivers, &records, input.settings, context.clock);
    check::sort(&mut findings);
    let scope = scope(&files, &records, input.revocation_lists, input.comparison);
    let documents = documents(&files, verdicts.clone(), &records);
    Report {
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        archive: input.archive,
        clock: context.clock,
        partial: input.partial,
        edition: context.editions.at(Some(context.clock)).map(|edition| edition.id.clone()).unwrap_or_default(),
        periods,
        units,
        documents,
        rows: records.rows,
        work_files,
        rates,
        findings,
        duplicates: records.duplicates,
        scope,
        inputs: input.inputs,
        method: input.method,
        checks: check::metas(),
    }
}

fn verdicts(file: &File, context: &Context<'_>) -> Vec<SignatureVerdict> {
    match file.facts.as_ref().map(|facts| &facts.content) {
        Some(Content::Pdf(pdf)) => validate::judge(pdf, pdf.identity.date, context),
        _ => Vec::new(),
    }
}

/// Files that are an earlier signing pass of another: index to the index of the longest later pass. The
/// later file's facts hold the digests of its own prefixes, so no byte is read again.
fn versions(files: &[File]) -> HashMap<usize, usize> {
    let facts = |index: usize| files.get(index).and_then(|file| file.facts.as_ref());
    let mut by_content: HashMap<_, Vec<usize>> = HashMap::new();
    for (index, facts) in files.iter().enumerate().filter_map(|(index, file)| Some((index, file.facts.as_ref()?))) {
        if facts.size > 0 {
            by_content.entry(facts.sha256).or_default().push(index);
        }
    }
    let mut replaced: HashMap<usize, usize> = HashMap::new();
    for index in 0..files.len() {
        let Some(Content::Pdf(pdf)) = facts(index).map(|facts| &facts.content) else { continue };
        for earlier in pdf.prefixes.iter().filter_map(|(_, prefix)| by_content.get(prefix)).flatten() {
            let size = |index: usize| facts(index).map(|facts| facts.size);
            let known = replaced.get(earlier).copied();
            if *earlier != index && known.is_none_or(|known| size(known) < size(index)) {
                replaced.insert(*earlier, index);
            }
        }
    }
    replaced
}

/// Months with any register row, document or work file, oldest first. A month that has documents and no row
/// is a month: what is missing from the register must be seen.
fn periods(records: &Records, lists: &Lists, calendar: ReportingCalendar) -> Vec<Period> {
    let rows = records.rows.iter().filter_map(|row| row.date);
    let work = lists.work_files.iter().filter_map(|file| file.started);
    let of_documents = records.documents.iter().filter(|document| document.processing.is_some());
    let documents = of_documents.filter_map(|document| document.date);
    calendar.covering(rows.chain(work).chain(documents), Granularity::Month)
}

/// Work files as rates count them.
fn work_files(files: &[WorkFile], units: &[Option<String>]) -> Vec<ClassedWorkFile> {
    let classed = files.iter().zip(units).map(|(file, unit)| ClassedWorkFile {
        unit: unit.clone(),
        started: file.started,
        electronic: rate::work_file_membership(file),
    });
    classed.collect()
}

/// The agency and its units, in the order of the organisation table, once each, under their present names.
/// A unit that another carries on is counted there.
fn units(organisations: &OrganisationTable, agency: Option<&str>, today: Option<CalendarDate>) -> Vec<UnitSummary> {
    let mut seen = BTreeSet::new();
    let is_agency = |code: &str| Some(code) == agency;
    let carried_on = |code: &str| organisations.successor_unit(code, today).is_some();
    let wanted =
        |row: &&Organisation| is_agency(&row.code) || (row.kind == OrganisationKind::Unit && !carried_on(&row.code));
    let mut rows: Vec<_> = organisations.rows().iter().filter(wanted).collect();
    rows.sort_by_key(|row| !is_agency(&row.code));
    rows.into_iter()
        .filter(|row| seen.insert(row.code.clone()))
        .map(|row| organisations.by_code(&row.code, today).unwrap_or(row))
        .map(|row| UnitSummary { code: row.code.clone(), name: row.name.clone(), parent: row.parent.clone() })
        .collect()
}

fn document_findings(
    files: &[FileInput<'_>],
    records: &Records,
    input: &Input<'_>,
    context: &Context<'_>,
) -> Vec<Finding> {
    let seals = check::seal_images(files);
    let by_path: HashMap<&str, &DocumentClass> =
        records.documents.iter().map(|document| (document.path.as_str(), document)).collect();
    let found: Vec<Vec<Finding>> = files
        .par_iter()
        .zip(&records.documents)
        .filter(|(file, class)| {
            file.facts.is_some() && !matches!(class.kind, DocumentKind::Secret | DocumentKind::Package(_))
        })
        .map(|(file, class)| {
            let main = match &class.kind {
                DocumentKind::Attachment(Some(path)) => by_path.get(path.as_str()).copied(),
                _ => None,
            };
            check::check_document(&DocumentInput {
                file: *file,
                class,
                row: class.row.and_then(|row| input.lists.rows.get(usize::try_from(row).ok()?)),
                organisations: input.organisations,
                agency: input.archive.agency.as_deref(),
                seals: &seals,
                delegations: input.lists.delegations.as_deref(),
                main,
                settings: input.settings,
                clock: context.clock,
            })
        })
        .collect();
    found.into_iter().flatten().collect()
}

fn documents(files: &[FileInput<'_>], verdicts: Vec<Vec<SignatureVerdict>>, records: &Records) -> Vec<DocumentReport> {
    files
        .iter()
        .zip(verdicts)
        .zip(&records.documents)
        .filter(|(_, class)| class.kind != DocumentKind::Secret)
        .filter_map(|((file, signatures), class)| {
            let facts = file.facts?;
            let (not_assessed, identity) = match &facts.content {
                Content::NotAssessed(reason) => (Some(reason.clone()), None),
                Content::Image(_) => (None, None),
                Content::Pdf(pdf) => (None, Some(pdf.identity.clone())),
                Content::Package(_) => (None, None),
            };
            let version_of = match &class.kind {
                DocumentKind::EarlierVersion(path) | DocumentKind::IdenticalCopy(path) => Some(path.clone()),
                _ => None,
            };
            Some(DocumentReport {
                path: file.path.to_owned(),
                sha256: facts.sha256,
                not_assessed,
                unit: class.unit.clone(),
                number: class.reference.as_ref().map(ToString::to_string),
                date: class.date,
                processing: class.processing,
                exclusion: class.exclusion,
                n2: class.n2,
                version_of,
                row: class.row,
                signatures,
                identity,
            })
        })
        .collect()
}

fn scope(
    files: &[FileInput<'_>],
    records: &Records,
    revocation_lists: Vec<RevocationListSummary>,
    comparison: ComparisonSummary,
) -> ScopeSummary {
    let mut scope = ScopeSummary { revocation_lists, comparison, ..ScopeSummary::default() };
    let mut limits: HashMap<String, u32> = HashMap::new();
    for (file, class) in files.iter().zip(&records.documents) {
        scope.files += 1;
        if class.kind == DocumentKind::Secret {
            scope.secret += 1;
            continue;
        }
        let Some(facts) = file.facts else { continue };
        scope.bytes += facts.size;
        match &facts.content {
            Content::Pdf(_) | Content::Image(_) | Content::Package(_) => scope.assessed += 1,
            Content::NotAssessed(reason) => {
                scope.not_assessed += 1;
                if let NotAssessed::Limit(hit) = reason {
                    *limits.entry(hit.limit.clone()).or_default() += 1;
                }
            }
        }
        for verdict in file.verdicts {
            scope.signatures += 1;
            match verdict.indication {
                Indication::TotalPassed => scope.passed += 1,
                Indication::Indeterminate => scope.indeterminate += 1,
                Indication::TotalFailed => scope.failed += 1,
            }
        }
    }
    scope.limits = limits.into_iter().collect();
    scope.limits.sort();
    scope
}
