//! The words of enums and headings in Vietnamese and English. Machine formats do not use them.

#![cfg_attr(not(feature = "cli"), allow(dead_code, reason = "the workbook uses the rest"))]

use super::text;
use crate::model::{
    BuildingBlock, Coverage, DuplicateTier, Exclusion, Indication, Integrity, Language, Level, Membership,
    Modification, NotAssessed, Outcome, Period, Processing, RateKind, Report, RevocationStatus, Role, Scope,
    SignatureVerdict, TimeSource, Trust,
};

/// The text of the language.
pub(crate) fn pick(language: Language, vi: &'static str, en: &'static str) -> &'static str {
    match language {
        Language::Vi => vi,
        Language::En => en,
    }
}

/// Main status of a signature.
pub(crate) fn indication(value: Indication, language: Language) -> &'static str {
    match value {
        Indication::TotalPassed => pick(language, "hợp lệ", "valid"),
        Indication::Indeterminate => pick(language, "chưa đủ căn cứ kết luận hợp lệ", "undetermined"),
        Indication::TotalFailed => pick(language, "không hợp lệ", "not valid"),
    }
}

/// A signature's outcome. Sound cryptography under a public root is not a lawful specialised signature:
/// the word alone would mislead.
pub(crate) fn verdict(value: &SignatureVerdict, language: Language) -> &'static str {
    match (value.indication, value.trust) {
        (Indication::TotalPassed, Trust::Public) => {
            pick(language, "đúng về mật mã, sai loại chứng thư", "sound, but the wrong kind of certificate")
        }
        (other, _) => indication(other, language),
    }
}

/// The same, where there is room for a word or two.
pub(crate) fn indication_short(value: Indication, language: Language) -> &'static str {
    match value {
        Indication::Indeterminate => pick(language, "chưa xác định", "undetermined"),
        other => indication(other, language),
    }
}

/// A mark beside the word, legible without colour.
pub(crate) fn mark(value: Indication) -> &'static str {
    match value {
        Indication::TotalPassed => "✓",
        Indication::Indeterminate => "?",
        Indication::TotalFailed => "✗",
    }
}

/// The mark beside [`verdict`].
pub(crate) fn verdict_mark(value: &SignatureVerdict) -> &'static str {
    match (value.indication, value.trust) {
        (Indication::TotalPassed, Trust::Public) => "!",
        (other, _) => mark(other),
    }
}

/// Beside the count of passed signatures: those that are of the wrong kind.
pub(crate) fn of_them_public(language: Language) -> &'static str {
    pick(language, "trong đó sai loại chứng thư (công cộng)", "of them the wrong kind (public)")
}

/// Building block of EN 319 102-1.
pub(crate) fn block(value: BuildingBlock, language: Language) -> &'static str {
    match value {
        BuildingBlock::FormatChecking => pick(language, "Định dạng", "Format"),
        BuildingBlock::SignerIdentification => pick(language, "Chứng thư người ký", "Signer's certificate"),
        BuildingBlock::CertificateValidation => pick(language, "Đường dẫn chứng thực", "Certificate path"),
        BuildingBlock::RevocationFreshness => pick(language, "Tình trạng thu hồi", "Revocation status"),
        BuildingBlock::CryptographicVerification => pick(language, "Giá trị mật mã", "Cryptographic value"),
        BuildingBlock::SignatureAcceptance => pick(language, "Điều kiện chấp nhận", "Acceptance"),
        BuildingBlock::TimestampValidation => pick(language, "Dấu thời gian", "Timestamp"),
        BuildingBlock::DocumentModification => pick(language, "Thay đổi sau khi ký", "Changes after signing"),
    }
}

/// Where a building block is defined.
pub(crate) fn clause(value: BuildingBlock) -> &'static str {
    match value {
        BuildingBlock::FormatChecking => "5.2.2; ISO 32000-2, 12.8.1",
        BuildingBlock::SignerIdentification => "5.2.3",
        BuildingBlock::CertificateValidation => "5.2.6; RFC 5280, 6",
        BuildingBlock::RevocationFreshness => "5.2.5; RFC 5280, 6.3; RFC 6960",
        BuildingBlock::CryptographicVerification => "5.2.7; RFC 5652, 5.6",
        BuildingBlock::SignatureAcceptance => "5.2.8",
        BuildingBlock::TimestampValidation => "5.4; RFC 3161",
        BuildingBlock::DocumentModification => "ISO 32000-2, 12.8.2",
    }
}

/// Level of a finding.
pub(crate) fn level(value: Level, language: Language) -> &'static str {
    match value {
        Level::Error => pick(language, "lỗi", "error"),
        Level::Indeterminate => pick(language, "chưa xác định", "undetermined"),
        Level::Warn => pick(language, "cảnh báo", "warning"),
        Level::Info => pick(language, "thông tin", "information"),
    }
}

/// Scope of a finding.
pub(crate) fn scope(value: Scope, language: Language) -> &'static str {
    match value {
        Scope::Signature => pick(language, "chữ ký", "signature"),
        Scope::Document => pick(language, "văn bản", "document"),
        Scope::Archive => pick(language, "kho lưu trữ", "archive"),
        Scope::Register => pick(language, "sổ đăng ký", "register"),
        Scope::Rate => pick(language, "tỷ lệ", "rate"),
    }
}

/// Class of a register row.
pub(crate) fn processing(value: Processing, language: Language) -> &'static str {
    match value {
        Processing::Electronic => pick(language, "điện tử hoàn toàn", "fully electronic"),
        Processing::SignatureInvalid => pick(language, "chữ ký không đạt", "signature not sufficient"),
        Processing::Paper => pick(language, "phát hành giấy", "issued on paper"),
        Processing::PaperDuplicate => pick(language, "điện tử kèm bản giấy", "electronic with paper copy"),
        Processing::Missing => pick(language, "không có tệp", "no file"),
        Processing::NotAssessed => pick(language, "chưa xác định", "undetermined"),
        Processing::Excluded => pick(language, "ngoài mẫu số", "excluded"),
    }
}

/// Every class, in the order of tables.
pub(crate) const CLASSES: [Processing; 7] = [
    Processing::Electronic,
    Processing::PaperDuplicate,
    Processing::SignatureInvalid,
    Processing::Paper,
    Processing::Missing,
    Processing::NotAssessed,
    Processing::Excluded,
];

/// Reason for leaving a row out of the denominator.
pub(crate) fn exclusion(value: Exclusion, language: Language) -> &'static str {
    match value {
        Exclusion::Secret => pick(language, "mang dấu mật", "secrecy mark"),
        Exclusion::Recalled => pick(language, "đã thu hồi", "recalled"),
        Exclusion::Cancelled => pick(language, "hủy số", "number cancelled"),
        Exclusion::LawRequiresPaper => pick(language, "luật quy định bản giấy", "law requires paper"),
        Exclusion::Repeated => pick(language, "dòng sổ lặp lại", "entry repeated"),
        Exclusion::NotExchanged => pick(language, "không gửi cơ quan khác", "not sent to another body"),
    }
}

/// Membership in a numerator.
pub(crate) fn membership(value: Membership, language: Language) -> &'static str {
    match value {
        Membership::Yes => pick(language, "có", "yes"),
        Membership::No => pick(language, "không", "no"),
        Membership::Maybe => pick(language, "chưa xác định", "undetermined"),
    }
}

/// Outcome against the target.
pub(crate) fn outcome(value: Outcome, language: Language) -> &'static str {
    match value {
        Outcome::Met => pick(language, "đạt", "met"),
        Outcome::Missed => pick(language, "chưa đạt", "missed"),
        Outcome::Undecided => pick(language, "chưa kết luận", "undecided"),
        Outcome::NoActivity => pick(language, "không phát sinh", "no activity"),
    }
}

/// Name of a rate.
pub(crate) fn rate(value: RateKind, language: Language) -> &'static str {
    match value {
        RateKind::N1 => pick(language, "có tệp điện tử (N1)", "electronic file exists (N1)"),
        RateKind::N2 => pick(language, "ký số đủ hai chữ ký (N2)", "signed by person and agency (N2)"),
        RateKind::N3 => pick(language, "điện tử hoàn toàn (N3)", "fully electronic (N3)"),
        RateKind::WorkFiles => pick(language, "hồ sơ công việc điện tử", "electronic work files"),
    }
}

/// Abbreviation of a rate, as a column head.
pub(crate) fn rate_short(value: RateKind, language: Language) -> &'static str {
    match value {
        RateKind::N1 => "N1",
        RateKind::N2 => "N2",
        RateKind::N3 => "N3",
        RateKind::WorkFiles => pick(language, "Hồ sơ công việc", "Work files"),
    }
}

/// What a rate counts.
pub(crate) fn counted(value: RateKind, language: Language) -> &'static str {
    match value {
        RateKind::WorkFiles => pick(language, "hồ sơ", "files"),
        _ => pick(language, "văn bản", "documents"),
    }
}

/// Person or agency.
pub(crate) fn role(value: Role, language: Language) -> &'static str {
    match value {
        Role::Person => pick(language, "cá nhân", "person"),
        Role::Agency => pick(language, "cơ quan", "agency"),
        Role::Unknown => pick(language, "chưa rõ vai trò", "role unknown"),
    }
}

/// Where the path ends.
pub(crate) fn trust(value: Trust, language: Language) -> &'static str {
    match value {
        Trust::Specialised => pick(language, "chuyên dùng công vụ", "specialised"),
        Trust::Public => pick(language, "công cộng (sai loại chứng thư)", "public (wrong kind)"),
        Trust::Untrusted => pick(language, "không tin cậy", "untrusted"),
        Trust::Unconfirmed => pick(language, "chứng thư gốc chưa được xác nhận", "root not confirmed"),
        Trust::Unknown => pick(language, "chưa dựng được đường dẫn", "path incomplete"),
    }
}

/// Signed bytes.
pub(crate) fn integrity(value: Integrity, language: Language) -> &'static str {
    match value {
        Integrity::Intact => pick(language, "nguyên vẹn", "intact"),
        Integrity::Broken => pick(language, "đã bị thay đổi", "broken"),
        Integrity::Unknown => pick(language, "không đối chiếu được", "cannot be told"),
    }
}

/// Later revisions.
pub(crate) fn modification(value: Modification, language: Language) -> &'static str {
    match value {
        Modification::None => pick(language, "không có", "none"),
        Modification::Permitted => pick(language, "trong giới hạn cho phép", "permitted"),
        Modification::Suspicious => pick(language, "có nghi vấn", "suspicious"),
        Modification::Forbidden => pick(language, "bị cấm", "forbidden"),
        Modification::Unknown => pick(language, "không xác định được", "cannot be told"),
    }
}

/// Range over the file.
pub(crate) fn coverage(value: Coverage, language: Language) -> &'static str {
    match value {
        Coverage::WholeFile => pick(language, "toàn bộ tệp", "whole file"),
        Coverage::Revision => pick(language, "một phiên bản trước của tệp", "an earlier revision"),
        Coverage::Partial => pick(language, "một phần tệp", "part of the file"),
    }
}

/// Where the time comes from.
pub(crate) fn time_source(value: TimeSource, language: Language) -> &'static str {
    match value {
        TimeSource::Timestamp => pick(language, "dấu thời gian", "timestamp"),
        TimeSource::Claimed => pick(language, "giờ tự khai", "claimed"),
        TimeSource::None => pick(language, "không có giờ ký", "no time"),
    }
}

/// Revocation status.
pub(crate) fn revocation(value: RevocationStatus, language: Language) -> &'static str {
    match value {
        RevocationStatus::Good => pick(language, "không bị thu hồi", "not revoked"),
        RevocationStatus::Revoked => pick(language, "đã bị thu hồi", "revoked"),
        RevocationStatus::Unknown => pick(language, "chưa biết", "unknown"),
    }
}

/// Why a file could not be judged, with what is known of it.
pub(crate) fn not_assessed(value: &NotAssessed, language: Language) -> String {
    let kind = not_assessed_kind(value, language);
    match value {
        NotAssessed::Unreadable(detail) => match unreadable(detail, language) {
            Some(words) => words.to_owned(),
            None => format!("{kind}: {}", text::visible(detail)),
        },
        NotAssessed::Structure(detail) | NotAssessed::InternalFault(detail) => {
            format!("{kind}: {}", text::visible(detail))
        }
        NotAssessed::Limit(hit) => {
            format!("{kind}: {} = {}", text::visible(&hit.limit), text::number(hit.value, language))
        }
        _ => kind.to_owned(),
    }
}

/// What the operating system says most often (the words of `std::io::ErrorKind`), with the next action.
fn unreadable(detail: &str, language: Language) -> Option<&'static str> {
    match detail {
        "entity not found" => Some(pick(
            language,
            "không có tệp này; xem lại đường dẫn, hoặc ổ mạng đã gắn chưa",
            "no such file; check the path, or whether the share is mounted",
        )),
        "permission denied" => Some(pick(
            language,
            "không có quyền đọc tệp; xin cấp quyền đọc cho tài khoản chạy soat",
            "no permission to read the file; give it to the account that runs soat",
        )),
        "is a directory" => Some(pick(
            language,
            "đây là thư mục; dùng `soat audit` cho cả thư mục",
            "this is a folder; use `soat audit` for a folder",
        )),
        "symbolic link" => Some(pick(
            language,
            "liên kết tượng trưng ra ngoài kho hoặc không tới đâu, không đi theo; chép tệp thật vào kho",
            "a symbolic link out of the archive or to nowhere, not followed; copy the file itself into the archive",
        )),
        "not a regular file" => Some(pick(
            language,
            "không phải tệp thường (ống dẫn, socket, thiết bị); bỏ ra khỏi kho",
            "not a regular file (pipe, socket, device); take it out of the archive",
        )),
        "stale network file handle" => Some(pick(language, "ổ mạng bị ngắt", "stale network file handle")),
        "timed out" => Some(pick(language, "quá thời gian chờ", "timed out")),
        "uncategorized error" => Some(pick(language, "lỗi đọc đĩa hoặc ổ mạng", "error of the disk or share")),
        "the run was cut short" => {
            Some(pick(language, "lần chạy bị dừng trước khi tới tệp này", "the run was cut short"))
        }
        _ => None,
    }
}

/// Why a file could not be judged, in a few words: what counts are grouped by.
pub(crate) fn not_assessed_kind(value: &NotAssessed, language: Language) -> &'static str {
    match value {
        NotAssessed::Empty => pick(language, "tệp rỗng", "empty"),
        NotAssessed::NotPdf => pick(language, "không phải PDF", "not a PDF"),
        NotAssessed::Truncated => pick(language, "tệp bị cụt", "truncated"),
        NotAssessed::Encrypted => pick(language, "đặt mật khẩu", "encrypted"),
        NotAssessed::Structure(_) => pick(language, "hỏng cấu trúc", "broken structure"),
        NotAssessed::Limit(_) => pick(language, "vượt giới hạn xử lý", "limit reached"),
        NotAssessed::Unreadable(_) => pick(language, "không đọc được", "unreadable"),
        NotAssessed::ChangedWhileReading => pick(language, "bị sửa trong lúc đọc", "changed while reading"),
        NotAssessed::InternalFault(_) => pick(language, "lỗi của chương trình", "fault of this program"),
    }
}

/// A period's label as offices say it: `Tháng 10/2026`; with its days where they are not the
/// calendar's own.
pub(crate) fn period(value: &Period, cutoff_day: u8, language: Language) -> String {
    let name = period_name(&value.label, language);
    if cutoff_day == 0 {
        name
    } else {
        format!("{name} ({} – {})", text::date(value.first, language), text::date(value.last, language))
    }
}

fn period_name(label: &str, language: Language) -> String {
    let Some((year, part)) = label.split_once('-') else {
        return match language {
            Language::Vi if label.chars().all(|c| c.is_ascii_digit()) => format!("Năm {label}"),
            _ => text::visible(label),
        };
    };
    if language == Language::En {
        return text::visible(label);
    }
    match part {
        "Q1" => format!("Quý I/{year}"),
        "Q2" => format!("Quý II/{year}"),
        "Q3" => format!("Quý III/{year}"),
        "Q4" => format!("Quý IV/{year}"),
        "H1" => format!("6 tháng đầu năm {year}"),
        "H2" => format!("6 tháng cuối năm {year}"),
        month if month.len() == 2 && month.chars().all(|c| c.is_ascii_digit()) => format!("Tháng {month}/{year}"),
        _ => text::visible(label),
    }
}

/// How the rates are defined (domain README, section 10): printed with every report, because no
/// official formula was found.
pub(crate) fn definitions(report: &Report, language: Language) -> Vec<String> {
    let method = &report.method;
    let target = if method.basis == RateKind::WorkFiles { method.target_work_files } else { method.target_electronic };
    let files = method.target_work_files;
    let mut lines = match language {
        Language::Vi => vec![
            "D (mẫu số): văn bản đi đã đăng ký của đơn vị trong kỳ, tính theo ngày văn bản, trừ các trường hợp loại trừ; mỗi lý do loại trừ đếm riêng.".to_owned(),
            "N1: có tệp điện tử. N2: trong đó có chữ ký số chuyên dùng hợp lệ của người có thẩm quyền và của cơ quan. N3 (điện tử hoàn toàn): đạt N2 và không có bản giấy kèm theo ngoài trường hợp được miễn trừ.".to_owned(),
            "Mỗi tỷ lệ là một khoảng: cận dưới gồm văn bản chắc chắn đạt; cận trên cộng thêm văn bản chưa xác định.".to_owned(),
            format!("Cửa kiểm soát xét {}: đạt khi 100 × cận dưới > {target} × D (đúng {target} % là chưa đạt); chưa đạt khi cận trên cũng không vượt; còn lại là chưa kết luận. Tỷ lệ phần trăm cắt bớt, không làm tròn.", rate(method.basis, language)),
            format!("Hồ sơ công việc: số hồ sơ lập điện tử có ít nhất một văn bản chia cho số hồ sơ bắt đầu trong kỳ; mục tiêu trên {files} %."),
            "Định nghĩa do công cụ đặt ra; chưa tìm thấy công thức tính chính thức.".to_owned(),
        ],
        Language::En => vec![
            "D (denominator): outgoing documents registered for the unit in the period, by document date, minus exclusions; each reason is counted apart.".to_owned(),
            "N1: an electronic file exists. N2: of these, with a valid specialised signature of the authorised person and of the agency. N3 (fully electronic): N2 without an unexempted paper copy.".to_owned(),
            "Every rate is an interval: the lower bound counts what is certain, the upper bound also what is undetermined.".to_owned(),
            format!("The gate judges {}: met if 100 × lower > {target} × D (exactly {target} % is not met); missed if the upper bound is not above either; otherwise undecided. Percentages are cut off, not rounded.", rate(method.basis, language)),
            format!("Work files: files opened electronically with at least one document, by files started in the period; target above {files} %."),
            "The definition is this tool's; no official formula was found.".to_owned(),
        ],
    };
    if method.exchanged_only {
        lines.push(
            pick(
                language,
                "Chỉ tính văn bản trao đổi với cơ quan khác; văn bản chỉ gửi trong nội bộ đứng ngoài mẫu số và được đếm riêng. Dòng không rõ nơi nhận vẫn được tính.",
                "Only documents exchanged with other agencies are counted; those that stayed inside are outside the denominator and counted apart. A row without receivers is counted.",
            )
            .to_owned(),
        );
    }
    if method.cutoff_day != 0 {
        lines.push(match language {
            Language::Vi => {
                format!("Kỳ tháng chốt theo ngày {}; ngày đầu, ngày cuối ghi cạnh tên kỳ.", method.cutoff_day)
            }
            Language::En => {
                format!("Months are cut at day {}; first and last day stand beside the period.", method.cutoff_day)
            }
        });
    }
    lines
}

/// How sure a paper duplicate is.
pub(crate) fn tier(value: DuplicateTier, language: Language) -> &'static str {
    match value {
        DuplicateTier::Certain => pick(language, "chắc chắn", "certain"),
        DuplicateTier::Probable => pick(language, "cần xác nhận", "to be confirmed"),
    }
}

/// Kind of an input file; an unknown kind as it is.
pub(crate) fn input(kind: &str, language: Language) -> &str {
    match kind {
        "configuration" => pick(language, "Cấu hình", "Configuration"),
        "register" => pick(language, "Sổ đăng ký", "Register"),
        "waivers" => pick(language, "Miễn trừ phát hiện", "Waivers"),
        "organisation" => pick(language, "Bảng cơ quan, đơn vị", "Organisation table"),
        "certificate" => pick(language, "Chứng thư CA", "CA certificate"),
        "crl" => pick(language, "Danh sách thu hồi", "Revocation list"),
        other => other,
    }
}

/// The settings that enter the definitions.
pub(crate) fn settings(report: &Report, language: Language) -> Vec<(&'static str, String)> {
    let method = &report.method;
    let say = |vi, en| pick(language, vi, en);
    vec![
        (say("Cơ quan", "Agency"), text::visible(&report.archive.name)),
        (say("Kho lưu trữ", "Archive"), text::visible(&report.archive.folder)),
        (say("Phiên bản công cụ", "Tool version"), format!("soat {}", text::visible(&report.tool_version))),
        (say("Bộ quy định áp dụng", "Law edition"), text::visible(&report.edition)),
        (say("Thời điểm soát", "Audited at"), text::moment(report.clock, language)),
        (say("Tỷ lệ được xét", "Rate judged"), rate(method.basis, language).to_owned()),
        (say("Mục tiêu văn bản điện tử", "Target, documents"), format!("> {} %", method.target_electronic)),
        (say("Mục tiêu hồ sơ công việc", "Target, work files"), format!("> {} %", method.target_work_files)),
        (say("Cảnh báo mẫu số nhỏ, dưới", "Small denominator below"), method.minimum_denominator.to_string()),
        (say("Tỷ lệ tệp phải kiểm tra được", "Files that must be judged"), format!("≥ {} %", method.minimum_coverage)),
        (
            say("Phạm vi văn bản", "Documents counted"),
            if method.exchanged_only {
                say("văn bản trao đổi với cơ quan khác", "exchanged with other agencies").to_owned()
            } else {
                say("mọi văn bản đi", "all outgoing").to_owned()
            },
        ),
        (
            say("Kỳ tháng", "Month"),
            match method.cutoff_day {
                0 => say("theo tháng dương lịch", "calendar month").to_owned(),
                day => format!("{} {day}", say("chốt ngày", "cut-off day")),
            },
        ),
        (
            say("Mức phát hiện làm cửa không đạt", "Findings that fail the gate"),
            method.fail_on.map_or(say("không xét", "none"), |value| level(value, language)).to_owned(),
        ),
    ]
}
