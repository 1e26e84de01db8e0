//! Paper beside an e-issued document: the evidence, its grade, and whether every condition of the rule is
//! met (QĐ 28/2018/QĐ-TTg Đ.5(3) with Đ.2, 4, 7, 21; domain README section 11).

use super::document::{
    DocumentClass, DocumentKind, EvidenceGrade, EvidenceKind, Excuse, FileInput, OpenCondition, PaperConclusion,
    PaperEvidence, PaperStatus, PrintTrace,
};
use super::matching::Joined;
use super::package::{self, PackageClass};
use super::prints::Prints;
use super::{Lists, RecordsInput, is_supported, keys_of_cell};
use crate::model::{Bilingual, CalendarDate, Membership, OrganisationKind, PostRow, RegisterRow, Role, RowLocation};
use crate::organisation::OrganisationTable;
use crate::reference::{Reference, ReferenceKey};
use crate::text;
use std::collections::{BTreeSet, HashMap};

/// Days within which a post-book row can be the dispatch of a document.
const POST_WINDOW_DAYS: i64 = 366;

/// Evidence by file, gathered once.
pub(super) struct Evidence {
    of_file: HashMap<usize, Traces>,
}

/// Traces that lie outside the document's own row.
#[derive(Clone, Debug, Default)]
pub(super) struct Traces {
    evidence: Vec<PaperEvidence>,
    /// Scans that are its print.
    prints: Vec<PrintTrace>,
    /// Receivers named by the post book or by a package that declares paper.
    receivers: Vec<String>,
    /// A package of the exchange axis sent it.
    sent: bool,
}

impl Evidence {
    pub(super) fn gather(
        input: &RecordsInput<'_>,
        documents: &[DocumentClass],
        row_references: &[Option<Reference>],
        joined: &Joined,
        packages: &[PackageClass],
        prints: &Prints<'_>,
    ) -> Self {
        let mut gathered = Self { of_file: HashMap::new() };
        let by_path = documents.iter().enumerate().map(|(at, document)| (document.path.as_str(), at));
        let by_path = by_path.collect::<HashMap<_, _>>();
        for (at, document) in documents.iter().enumerate() {
            let traces = prints.traces(at, documents);
            if !traces.is_empty() {
                let of_file = gathered.of_file.entry(at).or_default();
                of_file.evidence.extend(traces.iter().map(PrintTrace::evidence));
                of_file.prints = traces;
            }
            if let DocumentKind::PaperTwin(of) = &document.kind
                && let Some(main) = by_path.get(of.as_str())
                && !prints.refute(at, *main)
                && !prints.is_of(at, *main)
            {
                let evidence = PaperEvidence { kind: EvidenceKind::ScanTwin, place: document.path.clone() };
                gathered.of_file.entry(*main).or_default().evidence.push(evidence);
            }
        }
        let mut dated: HashMap<ReferenceKey, Vec<(Option<CalendarDate>, usize)>> = HashMap::new();
        for (row, reference) in row_references.iter().enumerate() {
            let document = joined.row_documents.get(row).copied().flatten();
            if let (Some(reference), Some(document)) = (reference, document) {
                let date = input.rows.get(row).and_then(|row| row.date);
                dated.entry(reference.ascii_key()).or_default().push((date, document));
            }
        }
        for (at, document) in documents.iter().enumerate().filter(|(_, document)| document.row.is_none()) {
            if let (DocumentKind::Main, Some(reference)) = (&document.kind, &document.reference) {
                dated.entry(reference.ascii_key()).or_default().push((document.date, at));
            }
        }
        for post in input.post {
            for document in posted(post, &dated) {
                let traces = gathered.of_file.entry(document).or_default();
                traces.evidence.push(PaperEvidence { kind: EvidenceKind::PostBook, place: place(&post.location) });
                traces.receivers.extend(post.recipients.clone());
            }
        }
        for dispatch in package::dispatches(input, packages) {
            let traces = gathered.of_file.entry(dispatch.document).or_default();
            traces.sent = true;
            if dispatch.paper {
                let place = dispatch.path.to_owned();
                traces.evidence.push(PaperEvidence { kind: EvidenceKind::DeclaredInPackage, place });
                traces.receivers.extend(dispatch.receivers);
            }
        }
        gathered
    }

    pub(super) fn of(&self, file: usize) -> Option<&Traces> {
        self.of_file.get(&file)
    }
}

/// Documents that a post-book row dispatched: those of its number dated latest before the dispatch.
fn posted(post: &PostRow, dated: &HashMap<ReferenceKey, Vec<(Option<CalendarDate>, usize)>>) -> Vec<usize> {
    let mut found = BTreeSet::new();
    for key in keys_of_cell(&post.reference) {
        let Some(documents) = dated.get(&key) else { continue };
        let distance = |date: Option<CalendarDate>| match (post.transferred, date) {
            (Some(sent), Some(date)) => {
                Some(sent.days_since(date)).filter(|days| (0..=POST_WINDOW_DAYS).contains(days))
            }
            _ => Some(POST_WINDOW_DAYS),
        };
        let nearest = documents.iter().filter_map(|(date, _)| distance(*date)).min();
        let fitting = documents.iter().filter(|(date, _)| nearest.is_some() && distance(*date) == nearest);
        found.extend(fitting.map(|(_, document)| *document));
    }
    found.into_iter().collect()
}

/// `registers/so.csv, dòng 12`: as a clerk finds it.
fn place(location: &RowLocation) -> String {
    format!("{}, dòng {}", location.file, location.row)
}

/// The conclusion over all traces of one document.
pub(super) fn conclude(
    input: &RecordsInput<'_>,
    file: &FileInput<'_>,
    document: &DocumentClass,
    row: Option<&RegisterRow>,
    traces: Option<&Traces>,
    lists: &Lists<'_>,
) -> PaperConclusion {
    let mut evidence = traces.map(|traces| traces.evidence.clone()).unwrap_or_default();
    if let Some(row) = row {
        if row.paper == Some(true) {
            evidence.push(PaperEvidence { kind: EvidenceKind::DeclaredPaper, place: place(&row.location) });
        }
        if row.copies.is_some_and(|copies| copies >= 1) {
            evidence.push(PaperEvidence { kind: EvidenceKind::Copies, place: place(&row.location) });
        }
    }
    if is_signed_scan(file) {
        evidence.push(PaperEvidence { kind: EvidenceKind::SignedScan, place: document.path.clone() });
    }
    evidence.sort();
    evidence.dedup();
    let status = status(input, document, row, &evidence, traces, lists);
    let prints = traces.map(|traces| traces.prints.clone()).unwrap_or_default();
    PaperConclusion { evidence, status, prints }
}

fn status(
    input: &RecordsInput<'_>,
    document: &DocumentClass,
    row: Option<&RegisterRow>,
    evidence: &[PaperEvidence],
    traces: Option<&Traces>,
    lists: &Lists<'_>,
) -> PaperStatus {
    if evidence.is_empty() {
        return PaperStatus::None;
    }
    // An unsigned e-copy beside signed paper is lawful here: the paper is the issue (QĐ 28 Đ.4).
    if document.n2 == Membership::No {
        return PaperStatus::Excused(Excuse::NotSigned);
    }
    if document.date.is_some_and(|date| date < input.paper_rule_from) {
        return PaperStatus::Excused(Excuse::BeforeStart);
    }
    let exemptions = document.reference.iter().flat_map(|reference| lists.exemptions(reference, document.date));
    let (supported, unsupported): (Vec<_>, Vec<_>) = exemptions.partition(|exemption| is_supported(exemption));
    if let Some(exemption) = supported.first() {
        return PaperStatus::Excused(Excuse::Recorded(exemption.reason.clone()));
    }
    let kinds = evidence.iter().map(|evidence| evidence.kind.family()).collect::<BTreeSet<_>>();
    // Two independent hints weigh as much as one post-book row.
    let strong = kinds.len() > 1 || kinds.iter().any(|kind| kind.grade() < EvidenceGrade::C);
    if !strong {
        return PaperStatus::Weak;
    }
    let mut open = Vec::new();
    if document.n2 == Membership::Maybe {
        open.push(OpenCondition::Signatures);
    }
    if document.date.is_none() {
        open.push(OpenCondition::Date);
    }
    if !unsupported.is_empty() {
        open.push(OpenCondition::ExemptionUnsupported);
    }
    let channel = row.and_then(|row| row.channel.as_deref()).and_then(sent_through_system);
    match (channel, traces.is_some_and(|traces| traces.sent)) {
        (Some(true), _) | (None, true) => {}
        (Some(false), false) => return PaperStatus::Excused(Excuse::NotSentThroughSystem),
        // The register says another way than the package that lies here.
        (Some(false), true) | (None, false) => open.push(OpenCondition::Channel),
    }
    let posted = traces.map(|traces| traces.receivers.as_slice()).unwrap_or_default();
    let registered = row.and_then(|row| row.recipients.clone());
    let receivers = if posted.is_empty() { registered.into_iter().collect() } else { posted.to_vec() };
    match judge_receivers(input, &receivers, document.date) {
        Receivers::Bodies => {}
        Receivers::Unconnected => open.push(OpenCondition::Connection),
        Receivers::Unknown => open.push(OpenCondition::Recipients),
        Receivers::Government => return PaperStatus::Excused(Excuse::GovernmentOrPrimeMinister),
        Receivers::Outside => return PaperStatus::Excused(Excuse::RecipientOutside),
    }
    if !input.exemptions_loaded {
        open.push(OpenCondition::PaperList);
    }
    open.sort_unstable();
    if open.is_empty() { PaperStatus::Duplicate } else { PaperStatus::Undecided(open) }
}

/// Whether a channel cell says that it went through the connected systems (QĐ 28 Đ.4(2)); an e-mail copy
/// does not count. `None`: it says neither.
fn sent_through_system(channel: &str) -> Option<bool> {
    let folded = text::fold(channel);
    let says = |words: &[&str]| words.iter().any(|word| folded.contains(word));
    if says(&["trục", "liên thông", "lgsp", "ngsp", "hệ thống", "phần mềm quản lý", "qlvb", "eoffice", "e-office"])
    {
        Some(true)
    } else if says(&["thư điện tử", "email", "e-mail", "bưu", "trực tiếp", "giấy", "fax", "zalo"]) {
        Some(false)
    } else if says(&["điện tử"]) {
        Some(true)
    } else {
        None
    }
}

/// What the receivers of paper are, taken together.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Receivers {
    /// Bodies of QĐ 28 Đ.2(1), all on the exchange axis.
    Bodies,
    /// Bodies, but whether each is connected is not known.
    Unconnected,
    /// At least one that cannot be placed.
    Unknown,
    /// The Government or the Prime Minister alone.
    Government,
    /// Party bodies, courts, enterprises, citizens alone.
    Outside,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Receiver {
    Body { connected: bool },
    Government,
    Outside,
    Unknown,
}

fn judge_receivers(input: &RecordsInput<'_>, cells: &[String], date: Option<CalendarDate>) -> Receivers {
    let mut kinds = Vec::new();
    for cell in cells {
        kinds.extend(receivers_of_cell(input, cell, date));
    }
    let has = |wanted: Receiver| kinds.contains(&wanted);
    let bodies = kinds.iter().any(|kind| matches!(kind, Receiver::Body { .. }));
    if has(Receiver::Unknown) || kinds.is_empty() || (bodies && (has(Receiver::Government) || has(Receiver::Outside))) {
        // Which of several receivers got the paper is not said.
        Receivers::Unknown
    } else if has(Receiver::Body { connected: false }) {
        Receivers::Unconnected
    } else if bodies {
        Receivers::Bodies
    } else if has(Receiver::Outside) {
        Receivers::Outside
    } else {
        Receivers::Government
    }
}

fn receivers_of_cell(input: &RecordsInput<'_>, cell: &str, date: Option<CalendarDate>) -> Vec<Receiver> {
    // A full name may itself contain commas ("Ủy ban nhân dân các xã, phường").
    let mut found = Vec::new();
    for part in cell.split([';', '\n']).map(clean).filter(|part| !part.is_empty()) {
        match receiver(input, &part, date) {
            Receiver::Unknown => {
                let pieces = part.split(',').map(clean).filter(|piece| !piece.is_empty());
                found.extend(pieces.map(|piece| receiver(input, &piece, date)));
            }
            known => found.push(known),
        }
    }
    found
}

fn clean(part: &str) -> String {
    part.trim_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '–' | '+' | '.' | ':')).to_owned()
}

fn receiver(input: &RecordsInput<'_>, name: &str, date: Option<CalendarDate>) -> Receiver {
    let folded = text::fold(name);
    if matches!(folded.as_str(), "chính phủ" | "thủ tướng" | "thủ tướng chính phủ" | "ttgcp" | "ttcp") {
        return Receiver::Government;
    }
    let table = input.organisations;
    let row = table.by_name(name, date).map(|found| found.organisation).or_else(|| table.by_code(name, date));
    if let Some(row) = row {
        return match row.kind {
            OrganisationKind::Agency | OrganisationKind::Other => {
                Receiver::Body { connected: row.organ_id.as_deref().is_some_and(|id| !id.trim().is_empty()) }
            }
            OrganisationKind::Unit | OrganisationKind::Republisher => Receiver::Unknown,
        };
    }
    // People's committees, ministries and bodies under them by the way their names begin (QĐ 28 Đ.2(1)).
    let body = ["uỷ ban nhân dân", "ubnd", "bộ ", "sở ", "các sở", "các bộ"];
    let outside = [
        "công ty",
        "doanh nghiệp",
        "các doanh nghiệp",
        "hợp tác xã",
        "ông ",
        "bà ",
        "tỉnh uỷ",
        "huyện uỷ",
        "thành uỷ",
        "đảng uỷ",
        "toà án",
        "viện kiểm sát",
        "ngân hàng",
        "hội ",
        "liên đoàn",
        "mặt trận",
        "uỷ ban mặt trận",
        "tổng công ty",
        "tập đoàn",
        "cá nhân",
        "công dân",
    ];
    if outside.iter().any(|start| folded.starts_with(start)) {
        Receiver::Outside
    } else if body.iter().any(|start| folded.starts_with(start)) {
        Receiver::Body { connected: false }
    } else {
        Receiver::Unknown
    }
}

/// Whether the row went to another body, or may have. Only a row whose every receiver is inside the agency
/// did not.
pub(super) fn is_exchanged(input: &RecordsInput<'_>, row: &RegisterRow) -> bool {
    let Some(cell) = row.recipients.as_deref().filter(|cell| !cell.trim().is_empty()) else { return true };
    let mut parts = cell.split([';', '\n']).map(clean).filter(|part| !part.is_empty());
    !parts.all(|part| is_inside(input.organisations, input.agency, &part, row.date))
}

fn is_inside(table: &OrganisationTable, agency: Option<&str>, name: &str, date: Option<CalendarDate>) -> bool {
    let folded = text::fold(name);
    let generic =
        ["các phòng", "các đơn vị thuộc", "các đơn vị trực thuộc", "trưởng các phòng", "lãnh đạo sở", "ban giám đốc"];
    if generic.iter().any(|start| folded.starts_with(start)) {
        return true;
    }
    let row = table.by_name(name, date).map(|found| found.organisation).or_else(|| table.by_code(name, date));
    match (row, agency) {
        (Some(row), Some(agency)) => row.kind == OrganisationKind::Unit && table.belongs_to(&row.code, agency, date),
        _ => false,
    }
}

/// The words for one kind of evidence, with its grade.
pub(crate) fn describe(kind: EvidenceKind) -> Bilingual {
    match kind {
        EvidenceKind::DeclaredPaper => {
            Bilingual::new("sổ đăng ký ghi kèm bản giấy (mức A)", "the register declares paper (grade A)")
        }
        EvidenceKind::DeclaredInPackage => {
            Bilingual::new("gói edXML ghi kèm bản giấy (mức A)", "the edXML package declares paper (grade A)")
        }
        EvidenceKind::PostBook => Bilingual::new(
            "sổ chuyển giao bưu điện có dòng cùng số (mức B)",
            "the post book lists the number (grade B)",
        ),
        EvidenceKind::ScanPrint => Bilingual::new(
            "bản quét không ký là bản in của văn bản, số và ngày khớp từng chữ số (mức C)",
            "an unsigned scan is its print, number and date agree digit by digit (grade C)",
        ),
        EvidenceKind::ScanLikely => Bilingual::new(
            "bản quét không ký giống bản in của văn bản, số hoặc ngày chưa so được (mức C)",
            "an unsigned scan looks like its print, number or date could not be compared (grade C)",
        ),
        EvidenceKind::ScanTwin => {
            Bilingual::new("có bản quét không ký cùng số (mức C)", "an unsigned scan has the number (grade C)")
        }
        EvidenceKind::Copies => Bilingual::new(
            "sổ đăng ký ghi số lượng bản từ 1 trở lên (mức C)",
            "the register counts one copy or more (grade C)",
        ),
        EvidenceKind::SignedScan => {
            Bilingual::new("cá nhân ký số trên bản quét (mức C)", "a person signed a scan (grade C)")
        }
    }
}

/// A person's signature on a scan.
fn is_signed_scan(file: &FileInput<'_>) -> bool {
    file.is_scan() && file.verdicts.iter().any(|verdict| verdict.role == Role::Person && !verdict.republisher)
}
