//! A made-up run with every variant of every enum and hostile texts: what the renderers are tested with.

use super::sample_findings::{checks, findings, rates, row};
use soat::model::*;

/// Names of people that must not occur in a masked report.
pub(crate) const PEOPLE: [&str; 4] = ["Nguyễn Văn Kín", "Trần Thị Ẩn", "Lê Hoàng Giấu", "Phạm Quốc Che"];

/// Subject that must not occur in a masked report.
pub(crate) const SUBJECT: &str = "V/v xem xét kỷ luật viên chức theo đơn thư tháng 9";

/// File names that try to break out of the format they are printed in.
pub(crate) const HOSTILE: [&str; 7] = [
    "hoa/<script>alert('1')</script>.pdf",
    "=cmd|' /C calc'!A0.pdf",
    "+1-2;DDE(\"x\").pdf",
    "hoa/\u{1b}[31mdo\u{7}.pdf",
    "hoa/\u{202E}fdp.exe\u{2066}.pdf",
    "@SUM(1+1)*cmd, \"quoted\" & ]]> </td>.pdf",
    "-2+3{{ 7*7 }}{% raw %}.pdf",
];

pub(crate) fn digest(seed: u8) -> Sha256Digest {
    Sha256Digest([seed; 32])
}

pub(crate) fn day(year: i32, month: u8, day: u8) -> Option<CalendarDate> {
    CalendarDate::new(year, month, day)
}

pub(crate) fn text(vi: &str, en: &str) -> Bilingual {
    Bilingual::new(vi, en)
}

/// 2026-10-02T08:11:03+07:00.
const SIGNED: UnixTime = UnixTime(1_790_903_463);

/// A valid signature of an agency: the base of the others.
fn signature(field: &str) -> SignatureVerdict {
    SignatureVerdict {
        field: field.to_owned(),
        kind: SignatureKind::Signature,
        sub_filter: Some("adbe.pkcs7.detached".to_owned()),
        indication: Indication::TotalPassed,
        sub_indication: None,
        integrity: Integrity::Intact,
        modification: Modification::None,
        coverage: Coverage::WholeFile,
        level: Some(BaselineLevel::T),
        role: Role::Agency,
        republisher: false,
        trust: Trust::Specialised,
        signer: Some("Sở Nội vụ tỉnh An Bình".to_owned()),
        organisation: Some("Ủy ban nhân dân tỉnh An Bình".to_owned()),
        issuer: Some("CA phục vụ các cơ quan Nhà nước G2".to_owned()),
        reference_time: Some(SIGNED),
        time_source: TimeSource::Timestamp,
        revocation: RevocationStatus::Good,
        revoked: None,
        certificate_validity: Some((UnixTime(1_700_000_000), UnixTime(1_850_000_000))),
        certificate: Some(digest(0xC1)),
        path: vec![digest(0xC2), digest(0xC3)],
        revocation_evidence: vec![digest(0xD1)],
        byte_range: vec![0, 1_234, 34_002, 56_789],
        cause: None,
        conclusions: vec![
            Conclusion {
                block: BuildingBlock::FormatChecking,
                indication: Indication::TotalPassed,
                sub_indication: None,
                reason: text("ByteRange phủ đúng tệp", "ByteRange covers the file exactly"),
            },
            Conclusion {
                block: BuildingBlock::CryptographicVerification,
                indication: Indication::TotalPassed,
                sub_indication: None,
                reason: text(
                    "SHA-256 và giá trị RSA-2048 khớp khóa của chứng thư",
                    "SHA-256 and the RSA-2048 value match the certificate's key",
                ),
            },
        ],
        notes: Vec::new(),
    }
}

fn person(field: &str, name: &str) -> SignatureVerdict {
    SignatureVerdict {
        role: Role::Person,
        signer: Some(name.to_owned()),
        organisation: Some("Sở Nội vụ tỉnh An Bình".to_owned()),
        coverage: Coverage::Revision,
        modification: Modification::Permitted,
        certificate: Some(digest(0xC4)),
        ..signature(field)
    }
}

fn identity() -> IdentityFacts {
    IdentityFacts {
        reference: Some("512/SNV-BTXH".to_owned()),
        number_source: TextSource::Appearance,
        date_line: Some("An Bình, ngày 02 tháng 10 năm 2026".to_owned()),
        date: day(2026, 10, 2),
        subject: Some(SUBJECT.to_owned()),
        signer_title: Some("KT. GIÁM ĐỐC".to_owned()),
        signer_name: Some("Lê Hoàng Giấu".to_owned()),
        encoding: TextEncoding::Unicode,
        ..IdentityFacts::default()
    }
}

fn document(path: &str, seed: u8, unit: Option<&str>, number: Option<&str>) -> DocumentReport {
    DocumentReport {
        path: path.to_owned(),
        sha256: digest(seed),
        not_assessed: None,
        unit: unit.map(str::to_owned),
        number: number.map(str::to_owned),
        date: day(2026, 10, 2),
        processing: Some(Processing::Electronic),
        exclusion: None,
        n2: Membership::Yes,
        version_of: None,
        row: Some(u32::from(seed)),
        signatures: vec![person("Signature1", "Nguyễn Văn Kín"), signature("Signature2")],
        identity: Some(identity()),
    }
}

fn documents() -> Vec<DocumentReport> {
    let mut documents = vec![
        document("btxh/512-SNV-BTXH.signed.signed.pdf", 1, Some("BTXH"), Some("512/SNV-BTXH")),
        DocumentReport {
            processing: Some(Processing::SignatureInvalid),
            n2: Membership::No,
            signatures: vec![broken()],
            ..document("btxh/513-SNV-BTXH.pdf", 2, Some("BTXH"), Some("513/SNV-BTXH"))
        },
        DocumentReport {
            processing: Some(Processing::Paper),
            n2: Membership::No,
            signatures: Vec::new(),
            identity: None,
            ..document("vp/quet 77.pdf", 3, Some("VP"), Some("77/QĐ-SNV"))
        },
        DocumentReport {
            processing: Some(Processing::PaperDuplicate),
            ..document("vp/78-QĐ-SNV.pdf", 4, Some("VP"), Some("78/QĐ-SNV"))
        },
        DocumentReport {
            processing: Some(Processing::Excluded),
            exclusion: Some(Exclusion::LawRequiresPaper),
            ..document("vp/79-GM-SNV.pdf", 5, Some("VP"), Some("79/GM-SNV"))
        },
        DocumentReport {
            processing: Some(Processing::NotAssessed),
            n2: Membership::Maybe,
            signatures: undecided(),
            ..document("ct/80-TB-SNV.pdf", 6, Some("CT"), Some("80/TB-SNV"))
        },
        DocumentReport {
            processing: None,
            version_of: Some("btxh/512-SNV-BTXH.signed.signed.pdf".to_owned()),
            row: None,
            ..document("btxh/512-SNV-BTXH.signed.pdf", 7, Some("BTXH"), Some("512/SNV-BTXH"))
        },
        DocumentReport {
            date: day(2026, 9, 14),
            ..document("btxh/499-SNV-BTXH.pdf", 8, Some("BTXH"), Some("499/SNV-BTXH"))
        },
    ];
    let reasons = [
        NotAssessed::Empty,
        NotAssessed::NotPdf,
        NotAssessed::Truncated,
        NotAssessed::Encrypted,
        NotAssessed::Structure("xref vòng lặp <b>".to_owned()),
        NotAssessed::Limit(LimitHit { limit: "objects".to_owned(), value: 2_000_000 }),
        NotAssessed::Unreadable("permission denied".to_owned()),
        NotAssessed::ChangedWhileReading,
        NotAssessed::InternalFault("index out of range".to_owned()),
    ];
    for (seed, reason) in (0x20..).zip(reasons) {
        documents.push(DocumentReport {
            not_assessed: Some(reason),
            processing: Some(Processing::NotAssessed),
            n2: Membership::Maybe,
            date: None,
            number: None,
            row: None,
            signatures: Vec::new(),
            identity: None,
            ..document(&format!("khac/khong-doc-duoc-{seed}.pdf"), seed, None, None)
        });
    }
    for (seed, path) in (0x40..).zip(HOSTILE) {
        documents.push(DocumentReport { row: None, ..document(path, seed, Some("=HOA<b>"), Some(path)) });
    }
    let long = format!("dai/{}.pdf", "văn bản có tên rất dài ".repeat(40));
    documents.push(document(&long, 0x60, Some("VP"), Some("1000/SNV-VP")));
    documents.sort_by(|a, b| a.path.cmp(&b.path));
    documents
}

fn broken() -> SignatureVerdict {
    SignatureVerdict {
        indication: Indication::TotalFailed,
        sub_indication: Some(SubIndication::HashFailure),
        integrity: Integrity::Broken,
        modification: Modification::Forbidden,
        coverage: Coverage::Partial,
        level: None,
        cause: Some("signature-digest-mismatch".to_owned()),
        conclusions: vec![Conclusion {
            block: BuildingBlock::CryptographicVerification,
            indication: Indication::TotalFailed,
            sub_indication: Some(SubIndication::HashFailure),
            reason: text(
                "Giá trị băm của vùng ký khác messageDigest do Trần Thị Ẩn ký",
                "The digest of the range differs from the messageDigest signed by Trần Thị Ẩn",
            ),
        }],
        notes: vec![VerdictNote { code: "algorithm-weak".to_owned(), detail: "SHA-1".to_owned() }],
        ..person("Signature1", "Trần Thị Ẩn")
    }
}

/// Every remaining word of a verdict.
fn undecided() -> Vec<SignatureVerdict> {
    let subs = [
        SubIndication::FormatFailure,
        SubIndication::SigCryptoFailure,
        SubIndication::Revoked,
        SubIndication::Expired,
        SubIndication::NotYetValid,
        SubIndication::SigConstraintsFailure,
        SubIndication::ChainConstraintsFailure,
        SubIndication::CertificateChainGeneralFailure,
        SubIndication::CryptoConstraintsFailure,
        SubIndication::CryptoConstraintsFailureNoPoe,
        SubIndication::NoCertificateChainFound,
        SubIndication::NoSigningCertificateFound,
        SubIndication::RevokedNoPoe,
        SubIndication::RevokedCaNoPoe,
        SubIndication::OutOfBoundsNotRevoked,
        SubIndication::OutOfBoundsNoPoe,
        SubIndication::TimestampOrderFailure,
        SubIndication::NoPoe,
        SubIndication::TryLater,
        SubIndication::SignedDataNotFound,
        SubIndication::Generic,
    ];
    let blocks = [
        BuildingBlock::SignerIdentification,
        BuildingBlock::CertificateValidation,
        BuildingBlock::RevocationFreshness,
        BuildingBlock::SignatureAcceptance,
        BuildingBlock::TimestampValidation,
        BuildingBlock::DocumentModification,
    ];
    let trusts = [Trust::Public, Trust::Untrusted, Trust::Unconfirmed, Trust::Unknown];
    let modifications = [Modification::Suspicious, Modification::Unknown];
    let levels = [Some(BaselineLevel::B), Some(BaselineLevel::Lt), Some(BaselineLevel::Lta), None];
    subs.iter()
        .enumerate()
        .map(|(index, sub)| {
            let block = blocks.get(index % blocks.len()).copied().unwrap_or(BuildingBlock::FormatChecking);
            SignatureVerdict {
                kind: if index == 20 { SignatureKind::DocumentTimestamp } else { SignatureKind::Signature },
                indication: Indication::Indeterminate,
                sub_indication: Some(*sub),
                integrity: Integrity::Unknown,
                modification: modifications.get(index % 2).copied().unwrap_or(Modification::Unknown),
                level: levels.get(index % 4).copied().flatten(),
                role: Role::Unknown,
                republisher: index == 3,
                trust: trusts.get(index % 4).copied().unwrap_or(Trust::Unknown),
                time_source: if index % 2 == 0 { TimeSource::Claimed } else { TimeSource::None },
                reference_time: (index % 2 == 0).then_some(SIGNED),
                revocation: if index % 3 == 0 { RevocationStatus::Revoked } else { RevocationStatus::Unknown },
                revoked: (index % 3 == 0).then(|| (SIGNED, "keyCompromise".to_owned())),
                cause: Some("revocation-unknown".to_owned()),
                conclusions: vec![Conclusion {
                    block,
                    indication: Indication::Indeterminate,
                    sub_indication: Some(*sub),
                    reason: text(
                        "Không có danh sách thu hồi trả lời cho lúc ký",
                        "No CRL answers for the signing time",
                    ),
                }],
                ..person(&format!("Signature{index}"), "Phạm Quốc Che")
            }
        })
        .collect()
}

/// The sample.
pub(crate) fn sample_report() -> Report {
    let period = |label: &str, month: u8, last: u8| Period {
        label: label.to_owned(),
        first: CalendarDate::new(2026, month, 1).unwrap(),
        last: CalendarDate::new(2026, month, last).unwrap(),
    };
    let unit = |code: &str, name: &str| UnitSummary {
        code: code.to_owned(),
        name: name.to_owned(),
        parent: (code != "SNV").then(|| "SNV".to_owned()),
    };
    Report {
        tool_version: "0.1.0".to_owned(),
        archive: ArchiveSummary {
            name: "Sở Nội vụ tỉnh An Bình".to_owned(),
            agency: Some("SNV".to_owned()),
            folder: "kho lưu trữ/'2026'".to_owned(),
        },
        clock: UnixTime(1_793_840_400),
        partial: None,
        edition: "2026-11-15".to_owned(),
        periods: vec![period("2026-08", 8, 31), period("2026-09", 9, 30), period("2026-10", 10, 31)],
        units: vec![
            unit("SNV", "Sở Nội vụ tỉnh An Bình"),
            unit("BTXH", "Phòng Bảo trợ xã hội và Phòng chống tệ nạn xã hội"),
            unit("VP", "Văn phòng Sở"),
            unit("CT", "Phòng Chính quyền và Công tác thanh niên"),
            unit("TCBC", "Phòng Tổ chức, biên chế"),
            unit("=HOA<b>", "<img src=x onerror=alert(1)>"),
        ],
        documents: documents(),
        rows: vec![
            row(12, "514/SNV-BTXH", "BTXH", None, Processing::Missing),
            row(13, "512/SNV-BTXH", "BTXH", Some("btxh/512-SNV-BTXH.signed.signed.pdf"), Processing::Electronic),
            row(14, "513/SNV-BTXH", "BTXH", Some("btxh/513-SNV-BTXH.pdf"), Processing::SignatureInvalid),
            row(15, "77/QĐ-SNV", "VP", Some("vp/quet 77.pdf"), Processing::Paper),
            row(16, "78/QĐ-SNV", "VP", Some("vp/78-QĐ-SNV.pdf"), Processing::PaperDuplicate),
            row(17, "79/GM-SNV", "VP", Some("vp/79-GM-SNV.pdf"), Processing::Excluded),
            row(18, "80/TB-SNV", "CT", Some("ct/80-TB-SNV.pdf"), Processing::NotAssessed),
            row(19, "=1+1", "", None, Processing::Missing),
        ],
        work_files: Vec::new(),
        rates: rates(),
        findings: findings(),
        duplicates: vec![
            DuplicatePair {
                document: "vp/78-QĐ-SNV.pdf".to_owned(),
                copy: "vp/quet 78.pdf".to_owned(),
                tier: DuplicateTier::Certain,
                evidence: vec![
                    text("sổ ghi \"Kèm bản giấy\"", "the register says with paper"),
                    text("sổ bưu điện dòng 7", "post book row 7"),
                ],
                pictures: None,
                unit: Some("VP".to_owned()),
                date: day(2026, 10, 2),
            },
            DuplicatePair {
                document: "btxh/512-SNV-BTXH.signed.signed.pdf".to_owned(),
                copy: "<i>bản quét</i>.pdf".to_owned(),
                tier: DuplicateTier::Probable,
                evidence: vec![text("cùng số, ngày", "same number and date")],
                pictures: None,
                unit: Some("BTXH".to_owned()),
                date: day(2026, 10, 2),
            },
        ],
        scope: ScopeSummary {
            files: 1_253,
            bytes: 567_890_123,
            assessed: 1_242,
            not_assessed: 9,
            secret: 2,
            signatures: 2_345,
            passed: 2_280,
            indeterminate: 61,
            failed: 4,
            comparison: ComparisonSummary::default(),
            revocation_lists: vec![
                RevocationListSummary {
                    issuer: "CA phục vụ các cơ quan Nhà nước G2".to_owned(),
                    this_update: UnixTime(1_793_700_000),
                    next_update: Some(UnixTime(1_793_786_400)),
                    sha256: digest(0xE1),
                },
                RevocationListSummary {
                    issuer: "RootCA chuyên dùng Chính phủ G2".to_owned(),
                    this_update: UnixTime(1_793_700_000),
                    next_update: None,
                    sha256: digest(0xE2),
                },
            ],
            limits: vec![("objects".to_owned(), 1)],
        },
        inputs: vec![
            InputDigest { kind: "configuration".to_owned(), path: "soat.toml".to_owned(), sha256: digest(0xF1) },
            InputDigest {
                kind: "register".to_owned(),
                path: "registers/so-van-ban-di-2026.xlsx".to_owned(),
                sha256: digest(0xF2),
            },
            InputDigest { kind: "crl".to_owned(), path: "crls/<g2>.crl".to_owned(), sha256: digest(0xF3) },
        ],
        method: Method {
            basis: RateKind::N3,
            target_electronic: 95,
            target_work_files: 40,
            minimum_denominator: 20,
            exchanged_only: false,
            cutoff_day: 0,
            fail_on: Some(Level::Error),
            minimum_coverage: 90,
            levels: std::collections::BTreeMap::new(),
        },
        checks: checks(),
    }
}
