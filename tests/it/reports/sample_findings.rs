//! Register rows, rates, findings and checks of the sample.

use super::sample::{HOSTILE, day, digest, text};
use soat::model::*;
use std::borrow::Cow;

pub(crate) fn row(number: u32, reference: &str, unit: &str, path: Option<&str>, processing: Processing) -> ClassedRow {
    let member = match processing {
        Processing::Electronic => Membership::Yes,
        Processing::NotAssessed => Membership::Maybe,
        _ => Membership::No,
    };
    ClassedRow {
        location: RowLocation { file: "registers/so-van-ban-di-2026.xlsx".to_owned(), row: number },
        reference: reference.to_owned(),
        date: day(2026, 10, 2),
        unit: (!unit.is_empty()).then(|| unit.to_owned()),
        document: path.map(|_| digest(1)),
        path: path.map(str::to_owned),
        processing,
        exclusion: (processing == Processing::Excluded).then_some(Exclusion::Recalled),
        n1: if path.is_some() { Membership::Yes } else { Membership::No },
        exchanged: true,
        n2: member,
        n3: member,
    }
}

fn rate(unit: &str, period: &str, kind: RateKind, figures: (u32, u32, u32), outcome: Outcome) -> UnitRate {
    let (denominator, lower, upper) = figures;
    let target = match kind {
        RateKind::N3 => Some(95),
        RateKind::WorkFiles => Some(40),
        _ => None,
    };
    let needed = target.map_or(0, |target| denominator * target / 100 + 1);
    UnitRate {
        includes: Vec::new(),
        unit: unit.to_owned(),
        period: period.to_owned(),
        rate: kind,
        denominator,
        lower,
        upper,
        target,
        outcome,
        excluded: vec![
            (Exclusion::Secret, 2),
            (Exclusion::Recalled, 1),
            (Exclusion::Cancelled, 3),
            (Exclusion::LawRequiresPaper, 4),
        ],
        classes: vec![
            (Processing::Electronic, lower),
            (Processing::SignatureInvalid, denominator - upper),
            (Processing::NotAssessed, upper - lower),
            (Processing::Excluded, 10),
        ],
        missing_to_target: if outcome == Outcome::NoActivity { 0 } else { needed.saturating_sub(lower) },
    }
}

pub(crate) fn rates() -> Vec<UnitRate> {
    use Outcome::{Met, Missed, NoActivity, Undecided};
    use RateKind::{N1, N2, N3, WorkFiles};
    let mut rates = Vec::new();
    for (period, scale) in [("2026-08", 120), ("2026-09", 140), ("2026-10", 166)] {
        rates.push(rate("SNV", period, N1, (scale, scale - 4, scale - 2), Met));
        rates.push(rate("SNV", period, N2, (scale, scale - 17, scale - 12), Missed));
        rates.push(rate("SNV", period, N3, (scale, scale - 23, scale - 17), Missed));
        rates.push(rate("SNV", period, WorkFiles, (60, 31, 35), Met));
    }
    for (unit, n3, outcome, files, file_outcome) in [
        ("BTXH", (60, 48, 52), Missed, (20, 7, 9), Undecided),
        ("VP", (80, 78, 78), Met, (30, 24, 26), Met),
        ("CT", (25, 17, 25), Undecided, (10, 2, 3), Missed),
        ("TCBC", (0, 0, 0), NoActivity, (0, 0, 0), NoActivity),
        ("=HOA<b>", (1, 0, 1), Undecided, (0, 0, 0), NoActivity),
        ("", (1_234, 1_000, 1_100), Missed, (0, 0, 0), NoActivity),
    ] {
        rates.push(rate(unit, "2026-10", N1, (n3.0, n3.2, n3.2), if n3.0 == 0 { NoActivity } else { Met }));
        rates.push(rate(unit, "2026-10", N2, (n3.0, n3.1, n3.2), outcome));
        rates.push(rate(unit, "2026-10", N3, n3, outcome));
        rates.push(rate(unit, "2026-10", WorkFiles, files, file_outcome));
    }
    rates
}

fn finding(check: &'static str, level: Level, scope: Scope, path: Option<&str>, message: Bilingual) -> Finding {
    Finding {
        check: Cow::Borrowed(check),
        level,
        scope,
        subject: path.unwrap_or("dòng 12").to_owned(),
        path: path.map(str::to_owned),
        unit: Some("BTXH".to_owned()),
        date: day(2026, 10, 2),
        sha256: path.map(|_| digest(2)),
        message,
        waived: None,
    }
}

pub(crate) fn findings() -> Vec<Finding> {
    use Level::{Error, Indeterminate, Info, Warn};
    let mut findings = vec![
        finding(
            "signature-digest-mismatch",
            Error,
            Scope::Signature,
            Some("btxh/513-SNV-BTXH.pdf"),
            text("Nội dung đã ký bị thay đổi.", "Signed content has been altered."),
        ),
        finding(
            "signer-name-mismatch",
            Error,
            Scope::Document,
            Some("btxh/513-SNV-BTXH.pdf"),
            text(
                "Người ký số \"Trần Thị Ẩn\" khác người ký ghi trên văn bản \"Lê Hoàng Giấu\".",
                "Digital signer \"Trần Thị Ẩn\" differs from named signer \"Lê Hoàng Giấu\".",
            ),
        ),
        Finding {
            unit: Some("CT".to_owned()),
            ..finding(
                "revocation-unknown",
                Indeterminate,
                Scope::Signature,
                Some("ct/80-TB-SNV.pdf"),
                text(
                    "Chưa biết chứng thư của Phạm Quốc Che (che@snv.gov.vn, serial 5401AABBCCDD) có bị thu hồi không.",
                    "Revocation of the certificate of Phạm Quốc Che (che@snv.gov.vn, serial 5401AABBCCDD) unknown.",
                ),
            )
        },
        Finding {
            unit: Some("VP".to_owned()),
            ..finding(
                "paper-duplicate",
                Error,
                Scope::Archive,
                Some("vp/78-QĐ-SNV.pdf"),
                text(
                    "78/QĐ-SNV: đã phát hành điện tử vẫn kèm bản giấy.",
                    "78/QĐ-SNV: issued electronically and on paper.",
                ),
            )
        },
        finding(
            "register-row-without-document",
            Error,
            Scope::Register,
            None,
            text("Sổ có 514/SNV-BTXH nhưng không thấy tệp.", "Register lists 514/SNV-BTXH; file not found."),
        ),
        Finding {
            unit: None,
            date: None,
            subject: "CA phục vụ các cơ quan Nhà nước G2".to_owned(),
            ..finding(
                "crl-unavailable",
                Warn,
                Scope::Archive,
                None,
                text("Thiếu danh sách thu hồi dùng được.", "No usable CRL."),
            )
        },
        finding(
            "rate-electronic-below-target",
            Error,
            Scope::Rate,
            None,
            text("BTXH: 80,00–86,66 % điện tử, chưa vượt 95 %.", "BTXH: 80.00–86.66 % electronic, not above 95 %."),
        ),
        Finding {
            waived: Some(Waived {
                reason: "Đã đính chính bằng công văn 600/SNV-VP".to_owned(),
                authority: "Giám đốc Sở".to_owned(),
                expires: CalendarDate::new(2026, 12, 31).unwrap(),
            }),
            ..finding(
                "number-duplicate",
                Error,
                Scope::Archive,
                Some("btxh/512-SNV-BTXH.signed.signed.pdf"),
                text("Trùng số, ký hiệu 512/SNV-BTXH.", "512/SNV-BTXH is used twice."),
            )
        },
        Finding {
            date: day(2026, 9, 14),
            ..finding(
                "timestamp-missing",
                Info,
                Scope::Signature,
                Some("btxh/499-SNV-BTXH.pdf"),
                text("Chữ ký tháng 9 không có dấu thời gian.", "September's signature has no timestamp."),
            )
        },
    ];
    for path in HOSTILE {
        findings.push(Finding {
            unit: Some("=HOA<b>".to_owned()),
            ..finding("symbol-malformed", Warn, Scope::Document, Some(path), text(path, path))
        });
    }
    findings
}

fn check(id: &'static str, level: Level, scope: Scope, title: Bilingual, remedy: Bilingual) -> CheckMeta {
    CheckMeta {
        id: Cow::Borrowed(id),
        level,
        scope,
        title,
        explanation: text("Khi nào xuất hiện phát hiện này.", "When this finding appears."),
        basis: text("khoản 1 Điều 5 Nghị định 30/2020/NĐ-CP", "Decree 30/2020/NĐ-CP, Article 5(1)"),
        remedy,
    }
}

pub(crate) fn checks() -> Vec<CheckMeta> {
    use Level::{Error, Indeterminate, Info, Warn};
    use Scope::{Archive, Document, Rate, Register, Signature};
    let clerk = || {
        text(
            "Văn thư: lấy lại tệp đúng bản phát hành từ hệ thống; nếu không còn thì trình ký lại.",
            "Records clerk: fetch the file as issued from the system; if it is gone, have it signed again.",
        )
    };
    vec![
        check(
            "signature-digest-mismatch",
            Error,
            Signature,
            text("Nội dung đã ký bị thay đổi", "Signed content altered"),
            clerk(),
        ),
        check(
            "signer-name-mismatch",
            Error,
            Document,
            text("Người ký số khác người ký ghi trên văn bản", "Digital signer differs from named signer"),
            clerk(),
        ),
        check(
            "revocation-unknown",
            Indeterminate,
            Signature,
            text("Chưa biết tình trạng thu hồi của chứng thư", "Revocation status unknown"),
            text(
                "Cán bộ CNTT: chép danh sách thu hồi vào thư mục crls rồi soát lại.",
                "IT: copy the CRL into the folder, run again.",
            ),
        ),
        check(
            "paper-duplicate",
            Error,
            Archive,
            text("Đã phát hành điện tử vẫn kèm bản giấy", "Paper issued beside the electronic document"),
            text(
                "Đơn vị soạn thảo và văn thư: chấm dứt phát hành bản giấy kèm theo.",
                "Unit and clerk: stop the paper.",
            ),
        ),
        check(
            "register-row-without-document",
            Error,
            Register,
            text("Có trong sổ nhưng không có tệp", "In the register, no file"),
            text("Văn thư: bổ sung tệp hoặc ghi rõ bản giấy, hủy số.", "Records clerk: add the file or mark it."),
        ),
        check(
            "crl-unavailable",
            Warn,
            Archive,
            text("Thiếu danh sách thu hồi", "CRL missing"),
            text("Cán bộ CNTT: chép danh sách thu hồi.", "IT: copy the CRL."),
        ),
        check(
            "rate-electronic-below-target",
            Error,
            Rate,
            text("Tỷ lệ điện tử chưa vượt mục tiêu", "Electronic rate below target"),
            text("Trưởng đơn vị", "Unit head"),
        ),
        check("number-duplicate", Error, Archive, text("Trùng số, ký hiệu", "Number used twice"), clerk()),
        check(
            "timestamp-missing",
            Info,
            Signature,
            text("Không có dấu thời gian", "No timestamp"),
            text("Không cần xử lý", "Nothing to do"),
        ),
        check("symbol-malformed", Warn, Document, text("Ký hiệu ghi sai cách", "Symbol malformed"), clerk()),
    ]
}
