//! Documents and archives for the checks' tests: sound unless a test says otherwise.

use super::input::AuthorityInput;
use super::prelude::*;
use super::settings::CheckSettings;
use crate::model::*;
use crate::organisation::OrganisationTable;
use crate::records::{
    DocumentClass, FileInput, PAPER_RULE_FROM, PaperConclusion, Records, RecordsInput, ReferenceSources, UnitSources,
    join,
};
use crate::reference::Reference;
use std::collections::BTreeSet;

/// Midnight in Vietnam.
pub(crate) fn unix(day: &str) -> UnixTime {
    let date: CalendarDate = day.parse().unwrap();
    UnixTime(date.0.midnight().assume_offset(VIETNAM).unix_timestamp())
}

pub(crate) fn day(text: &str) -> CalendarDate {
    text.parse().unwrap()
}

fn signature(role: Role, signer: &str) -> SignatureVerdict {
    SignatureVerdict {
        field: "Signature1".into(),
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
        reference_time: Some(UnixTime(unix("2026-10-02").0 + 8 * 3600)),
        time_source: TimeSource::Timestamp,
        revocation: RevocationStatus::Good,
        revoked: None,
        certificate_validity: Some((unix("2024-01-01"), unix("2028-12-31"))),
        certificate: Some(Sha256Digest([role as u8; 32])),
        path: Vec::new(),
        revocation_evidence: Vec::new(),
        byte_range: vec![0, 10, 20, 30],
        cause: None,
        conclusions: Vec::new(),
        notes: Vec::new(),
    }
}

pub(crate) fn person() -> SignatureVerdict {
    signature(Role::Person, "Nguyễn Văn An")
}

pub(crate) fn agency() -> SignatureVerdict {
    signature(Role::Agency, "Sở Nội vụ tỉnh An Bình")
}

pub(crate) fn unknown() -> SignatureVerdict {
    signature(Role::Unknown, "HSM 01")
}

pub(crate) fn failed(mut verdict: SignatureVerdict, cause: &str) -> SignatureVerdict {
    verdict.indication = Indication::TotalFailed;
    verdict.cause = Some(cause.into());
    verdict
}

pub(crate) fn undecided(mut verdict: SignatureVerdict, cause: &str) -> SignatureVerdict {
    verdict.indication = Indication::Indeterminate;
    verdict.cause = Some(cause.into());
    verdict
}

pub(crate) fn noted(mut verdict: SignatureVerdict, code: &str, detail: &str) -> SignatureVerdict {
    verdict.notes.push(VerdictNote { code: code.into(), detail: detail.into() });
    verdict
}

/// The signed range ends at `end`.
pub(crate) fn at_end(mut verdict: SignatureVerdict, end: i64) -> SignatureVerdict {
    verdict.byte_range = vec![0, 10, 20, end - 20];
    verdict
}

/// The seal image.
pub(crate) const SEAL: Sha256Digest = Sha256Digest([0xEE; 32]);

pub(crate) fn organisations() -> OrganisationTable {
    let row = |code: &str, name: &str, parent: Option<&str>, organ_id: Option<&str>, kind| Organisation {
        code: code.into(),
        name: name.into(),
        parent: parent.map(str::to_owned),
        place: Some("An Bình".into()),
        organ_id: organ_id.map(str::to_owned),
        kind,
        ..Organisation::default()
    };
    let mut former =
        row("SLĐTBXH", "Sở Lao động - Thương binh và Xã hội tỉnh An Bình", Some("UBND"), None, OrganisationKind::Other);
    former.valid_to = Some(day("2025-02-28"));
    former.successors = vec!["SNV".into()];
    OrganisationTable::new(vec![
        row("SNV", "Sở Nội vụ tỉnh An Bình", Some("UBND"), Some("000.00.09.H99"), OrganisationKind::Agency),
        row("VP", "Văn phòng Sở", Some("SNV"), None, OrganisationKind::Unit),
        row("BTXH", "Phòng Bảo trợ xã hội", Some("SNV"), None, OrganisationKind::Unit),
        row("UBND", "Ủy ban nhân dân tỉnh An Bình", None, Some("000.00.10.H99"), OrganisationKind::Other),
        row("STC", "Sở Tài chính tỉnh An Bình", Some("UBND"), Some("000.00.11.H99"), OrganisationKind::Other),
        row("STP", "Sở Tư pháp tỉnh An Bình", Some("UBND"), None, OrganisationKind::Other),
        former,
    ])
}

/// What page 1 of a sound công văn says.
pub(crate) fn identity() -> IdentityFacts {
    IdentityFacts {
        reference: Some("512/SNV-BTXH".into()),
        number_source: TextSource::Page,
        date_line: Some("An Bình, ngày 02 tháng 10 năm 2026".into()),
        date: Some(day("2026-10-02")),
        date_source: TextSource::Page,
        superior: Some("UBND TỈNH AN BÌNH".into()),
        agency: Some("SỞ NỘI VỤ".into()),
        subject: Some("V/v rà soát đối tượng bảo trợ xã hội".into()),
        archive_line: Some("Lưu: VT, BTXH.".into()),
        signer_name: Some("Nguyễn Văn An".into()),
        encoding: TextEncoding::Unicode,
        make_up: PageMakeUp { pages_read: 1, image_only_pages: 0, characters: 900, ..PageMakeUp::default() },
        ..IdentityFacts::default()
    }
}

fn signature_facts(verdict: &SignatureVerdict) -> SignatureFacts {
    SignatureFacts {
        field: verdict.field.clone(),
        kind: verdict.kind,
        sub_filter: verdict.sub_filter.clone(),
        revision: Some(0),
        in_acro_form: true,
        byte_range: ByteRangeFacts {
            values: verdict.byte_range.clone(),
            layout: RangeLayout::Exact,
            reaches_end: true,
        },
        certification: None,
        modification: ModificationFacts { level: ModificationLevel::None, changes: Vec::new() },
        claimed_time: None,
        appearance: Some(AppearanceFacts {
            page: 1,
            rectangle: [300.0, 100.0, 420.0, 180.0],
            text: String::new(),
            images: Vec::new(),
        }),
        cms: CmsFacts::Absent("test".into()),
    }
}

/// A sound package of the document of [`identity`], without attachments.
pub(crate) fn package() -> PackageFacts {
    PackageFacts {
        document_id: Some("000.00.09.H99,2026/10/02,512/SNV-BTXH".into()),
        code_number: Some("512".into()),
        code_notation: Some("SNV-BTXH".into()),
        date: Some(day("2026-10-02")),
        subject: Some("Rà soát đối tượng bảo trợ xã hội".into()),
        from: PackageParty {
            organ_id: Some("000.00.09.H99".into()), name: Some("Sở Nội vụ tỉnh An Bình".into())
        },
        to: vec![PackageParty {
            organ_id: Some("000.00.11.H99".into()),
            name: Some("Sở Tài chính tỉnh An Bình".into()),
        }],
        sent: Some(UnixTime(unix("2026-10-02").0 + 9 * 3600)),
        ..PackageFacts::default()
    }
}

/// A receiver's status report on that package, `later` hours after it was sent.
pub(crate) fn status_report(organ_id: &str, code: u32, later: i64) -> PackageFacts {
    PackageFacts {
        from: PackageParty { organ_id: Some(organ_id.into()), name: None },
        status: Some(PackageStatus {
            code: Some(code),
            time: Some(UnixTime(unix("2026-10-02").0 + (10 + later) * 3600)),
        }),
        concerns: vec![PackageReference {
            document_id: Some("000.00.09.H99,2026/10/02,512/SNV-BTXH".into()),
            ..PackageReference::default()
        }],
        ..PackageFacts::default()
    }
}

/// An attachment of those bytes.
pub(crate) fn attached(sha256: Sha256Digest) -> PackageAttachment {
    let files = vec![AttachedFile { sha256, size: 1000 }];
    PackageAttachment { name: Some("512.pdf".into()), content: AttachmentContent::Decoded { files } }
}

fn numbered(verdicts: impl IntoIterator<Item = SignatureVerdict>) -> Vec<SignatureVerdict> {
    let numbered = verdicts.into_iter().enumerate().map(|(at, mut verdict)| {
        verdict.field = format!("Signature{}", at + 1);
        verdict
    });
    numbered.collect()
}

/// Facts of a PDF with those signatures.
pub(crate) fn facts(sha: u32, identity: IdentityFacts, verdicts: &[SignatureVerdict]) -> DocumentFacts {
    let mut sha256 = [0; 32];
    sha256[..4].copy_from_slice(&sha.to_be_bytes());
    DocumentFacts {
        sha256: Sha256Digest(sha256),
        size: 1000,
        content: Content::Pdf(Box::new(PdfFacts {
            pages: 1,
            signatures: verdicts.iter().map(signature_facts).collect(),
            identity,
            ..PdfFacts::default()
        })),
    }
}

/// One document, classed by hand.
#[derive(Clone)]
pub(crate) struct Case {
    verdicts: Vec<SignatureVerdict>,
    facts: DocumentFacts,
    class: DocumentClass,
    row: Option<RegisterRow>,
    seals: BTreeSet<Sha256Digest>,
    main: Option<DocumentClass>,
    agency: Option<&'static str>,
    delegations: Option<Vec<Delegation>>,
}

fn class(path: &str) -> DocumentClass {
    let reference = Reference::parse("512/SNV-BTXH").unwrap();
    DocumentClass {
        path: path.into(),
        sha256: Some(Sha256Digest([1; 32])),
        kind: DocumentKind::Main,
        references: ReferenceSources { header: Some(reference.clone()), ..ReferenceSources::default() },
        reference: Some(reference),
        date: Some(day("2026-10-02")),
        units: UnitSources { symbol: Some("BTXH".into()), archive_line: Some("BTXH".into()), ..UnitSources::default() },
        unit: Some("BTXH".into()),
        row: None,
        issued: true,
        processing: None,
        exclusion: None,
        n1: Membership::Yes,
        n2: Membership::Yes,
        n3: Membership::Yes,
        paper: PaperConclusion::default(),
    }
}

impl Case {
    pub(crate) fn new() -> Self {
        Self {
            verdicts: Vec::new(),
            facts: facts(1, identity(), &[]),
            class: class("documents/BTXH/512-SNV-BTXH.pdf"),
            row: None,
            seals: BTreeSet::from([SEAL]),
            main: None,
            agency: Some("SNV"),
            delegations: None,
        }
    }

    pub(crate) fn signatures(mut self, verdicts: impl IntoIterator<Item = SignatureVerdict>) -> Self {
        self.verdicts = numbered(verdicts);
        let identity = match &self.facts.content {
            Content::Pdf(pdf) => pdf.identity.clone(),
            Content::NotAssessed(_) | Content::Image(_) | Content::Package(_) => identity(),
        };
        self.facts = facts(1, identity, &self.verdicts);
        self
    }

    pub(crate) fn not_assessed(mut self, reason: NotAssessed) -> Self {
        self.facts.content = Content::NotAssessed(reason);
        self
    }

    pub(crate) fn pdf(mut self, change: impl FnOnce(&mut PdfFacts)) -> Self {
        if let Content::Pdf(pdf) = &mut self.facts.content {
            change(pdf);
        }
        self
    }

    pub(crate) fn identity(self, change: impl FnOnce(&mut IdentityFacts)) -> Self {
        self.pdf(|pdf| change(&mut pdf.identity))
    }

    pub(crate) fn scan(self) -> Self {
        self.identity(|identity| {
            identity.make_up = PageMakeUp { pages_read: 1, image_only_pages: 1, ..PageMakeUp::default() };
        })
    }

    pub(crate) fn seal_in_appearance(self, index: usize) -> Self {
        self.pdf(|pdf| {
            if let Some(appearance) = pdf.signatures[index].appearance.as_mut() {
                appearance.images.push(SEAL);
            }
        })
    }

    pub(crate) fn class(mut self, change: impl FnOnce(&mut DocumentClass)) -> Self {
        change(&mut self.class);
        self
    }

    pub(crate) fn delegations(mut self, delegations: Vec<Delegation>) -> Self {
        self.delegations = Some(delegations);
        self
    }

    pub(crate) fn kind(self, kind: DocumentKind) -> Self {
        self.class(|class| class.kind = kind)
    }

    pub(crate) fn not_issued(self) -> Self {
        self.class(|class| class.issued = false)
    }

    pub(crate) fn row(mut self, change: impl FnOnce(&mut RegisterRow)) -> Self {
        if let Content::Pdf(pdf) = &mut self.facts.content {
            pdf.identity.signer_name = None;
        }
        let mut row = RegisterRow {
            reference: "512/SNV-BTXH".into(),
            date: Some(day("2026-10-02")),
            subject: Some("Rà soát đối tượng bảo trợ xã hội".into()),
            ..RegisterRow::default()
        };
        change(&mut row);
        self.class.references.register = Reference::parse(&row.reference).ok();
        self.class.row = Some(0);
        self.row = Some(row);
        self
    }

    pub(crate) fn attachment_of_main(mut self) -> Self {
        self.class.kind = DocumentKind::Attachment(Some("main.pdf".into()));
        self.main = Some(class("main.pdf"));
        self
    }

    pub(crate) fn run(&self, check: &'static Check) -> Vec<Finding> {
        let table = organisations();
        let input = DocumentInput {
            file: FileInput {
                path: &self.class.path,
                facts: Some(&self.facts),
                verdicts: &self.verdicts,
                prefix_of: None,
            },
            class: &self.class,
            row: self.row.as_ref(),
            organisations: &table,
            agency: self.agency,
            seals: &self.seals,
            delegations: self.delegations.as_deref(),
            main: self.main.as_ref(),
            settings: &CheckSettings::default(),
            clock: unix("2026-11-05"),
        };
        let mut out = Vec::new();
        super::run_document_check(check, &input, &mut out);
        out
    }
}

/// What a [`FileInput`] borrows: path, facts, verdicts, longer file.
type OwnedFile = (String, Option<DocumentFacts>, Vec<SignatureVerdict>, Option<String>);

/// An archive that is joined for real.
#[derive(Clone, Default)]
pub(crate) struct ArchiveCase {
    pub(crate) altered: Vec<crate::model::AlteredContent>,
    files: Vec<OwnedFile>,
    pub(crate) rows: Vec<RegisterRow>,
    pub(crate) post: Vec<PostRow>,
    pub(crate) exemptions: Vec<Exemption>,
    pub(crate) cancelled: Vec<CancelledNumber>,
    pub(crate) work_files: Vec<WorkFile>,
    pub(crate) missing_columns: Vec<(String, String)>,
    pub(crate) authorities: Vec<AuthorityInput>,
    pub(crate) no_register: bool,
    pub(crate) no_exemption_list: bool,
}

impl ArchiveCase {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// A file whose pages read as [`identity`].
    pub(crate) fn file(self, path: &str, verdicts: impl IntoIterator<Item = SignatureVerdict>) -> Self {
        self.file_with(path, verdicts, |_| {})
    }

    pub(crate) fn file_with(
        mut self,
        path: &str,
        verdicts: impl IntoIterator<Item = SignatureVerdict>,
        change: impl FnOnce(&mut IdentityFacts),
    ) -> Self {
        let verdicts = numbered(verdicts);
        let mut identity = identity();
        change(&mut identity);
        let sha = u32::try_from(self.files.len()).unwrap() + 1;
        self.files.push((path.into(), Some(facts(sha, identity, &verdicts)), verdicts, None));
        self
    }

    /// A file with the number `reference` and both signatures.
    pub(crate) fn signed(self, path: &str, reference: &str, date: &str) -> Self {
        self.file_with(path, [person(), agency()], |identity| {
            identity.reference = Some(reference.into());
            identity.date = Some(day(date));
        })
    }

    /// An edXML package, [`package`] unless changed.
    pub(crate) fn package(mut self, path: &str, change: impl FnOnce(&mut PackageFacts)) -> Self {
        let mut facts = package();
        change(&mut facts);
        let mut sha256 = [0xED; 32];
        sha256[0] = u8::try_from(self.files.len()).unwrap();
        let facts =
            DocumentFacts { sha256: Sha256Digest(sha256), size: 1000, content: Content::Package(Box::new(facts)) };
        self.files.push((path.into(), Some(facts), Vec::new(), None));
        self
    }

    /// Content hash of a file.
    pub(crate) fn digest(&self, path: &str) -> Sha256Digest {
        let file = self.files.iter().find(|(name, ..)| name == path).unwrap();
        file.1.as_ref().unwrap().sha256
    }

    pub(crate) fn unopened_secret(mut self, path: &str) -> Self {
        self.files.push((path.into(), None, Vec::new(), None));
        self
    }

    pub(crate) fn unreadable(mut self, path: &str, reason: NotAssessed) -> Self {
        let facts = DocumentFacts { sha256: Sha256Digest::default(), size: 0, content: Content::NotAssessed(reason) };
        self.files.push((path.into(), Some(facts), Vec::new(), None));
        self
    }

    /// The last file is a byte prefix of `path`.
    pub(crate) fn prefix_of(mut self, path: &str) -> Self {
        self.files.last_mut().unwrap().3 = Some(path.into());
        self
    }

    /// The last file has the bytes of the first.
    pub(crate) fn same_bytes_as_first(mut self) -> Self {
        let facts = self.files[0].1.clone();
        self.files.last_mut().unwrap().1 = facts;
        self
    }

    pub(crate) fn row(self, reference: &str, date: &str) -> Self {
        self.row_with(reference, date, |_| {})
    }

    pub(crate) fn row_with(mut self, reference: &str, date: &str, change: impl FnOnce(&mut RegisterRow)) -> Self {
        let mut row = RegisterRow {
            location: RowLocation { file: "so.csv".into(), row: u32::try_from(self.rows.len()).unwrap() + 2 },
            reference: reference.into(),
            date: Some(day(date)),
            subject: Some("Rà soát đối tượng bảo trợ xã hội".into()),
            ..RegisterRow::default()
        };
        change(&mut row);
        self.rows.push(row);
        self
    }

    pub(crate) fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    fn inputs(&self) -> Vec<FileInput<'_>> {
        let inputs = self.files.iter().map(|(path, facts, verdicts, prefix_of)| FileInput {
            path,
            facts: facts.as_ref(),
            verdicts,
            prefix_of: prefix_of.as_deref(),
        });
        inputs.collect()
    }

    pub(crate) fn join(&self) -> Records {
        let files = self.inputs();
        join(&RecordsInput {
            files: &files,
            document_folders: &["documents".to_owned()],
            rows: &self.rows,
            post: &self.post,
            exemptions: &self.exemptions,
            exemptions_loaded: !self.no_exemption_list,
            cancelled: &self.cancelled,
            prints: &[],
            organisations: &organisations(),
            agency: Some("SNV"),
            work_files: &self.work_files,
            today: Some(day("2026-11-05")),
            paper_rule_from: PAPER_RULE_FROM,
        })
    }

    pub(crate) fn run(&self, check: &'static Check) -> Vec<Finding> {
        let files = self.inputs();
        let records = self.join();
        let table = organisations();
        let settings = CheckSettings::default();
        let input = ArchiveInput {
            records: &records,
            files: &files,
            rows: &self.rows,
            post: &self.post,
            exemptions: &self.exemptions,
            cancelled: &self.cancelled,
            work_files: &self.work_files,
            register_loaded: !self.no_register,
            missing_columns: &self.missing_columns,
            altered: &self.altered,
            authorities: &self.authorities,
            organisations: &table,
            settings: &settings,
            clock: unix("2026-11-05"),
        };
        let mut out = Vec::new();
        super::run_archive_check(check, &input, &mut out);
        out
    }
}

/// A rate of the unit VP in October 2026 with its usual target.
pub(crate) fn rate(kind: RateKind, denominator: u32, lower: u32, upper: u32, outcome: Outcome) -> UnitRate {
    UnitRate {
        unit: "VP".into(),
        includes: Vec::new(),
        period: "2026-10".into(),
        rate: kind,
        denominator,
        lower,
        upper,
        target: Some(if kind == RateKind::WorkFiles { 40 } else { 95 }),
        outcome,
        excluded: Vec::new(),
        classes: Vec::new(),
        missing_to_target: 1,
    }
}

pub(crate) fn run_rates(check: &'static Check, rates: &[UnitRate]) -> Vec<Finding> {
    let periods = [Period { label: "2026-10".into(), first: day("2026-10-01"), last: day("2026-10-31") }];
    let settings = CheckSettings::default();
    let units = [UnitSummary { code: "VP".into(), name: "Văn phòng Sở".into(), parent: Some("SNV".into()) }];
    let input = RateInput { rates, periods: &periods, units: &units, settings: &settings };
    let mut out = Vec::new();
    super::run_rate_check(check, &input, &mut out);
    out
}
