//! The clerks' work list: what of a period has to be put right, one workbook per unit, and the answers
//! that come back in it.
//!
//! Every row carries a key, which identifies the finding, and a seal over its protected cells: an answer
//! is taken only for a row that says what was written.

mod answers;
mod proposal;
mod table;
mod workbook;

pub use answers::{Answer, Answers, Refusal, Status, read};
pub use proposal::{notes, waivers};
pub use table::{KeyedFinding, UnitList, keys, lists};
pub use workbook::{INFORMATION_SHEET, LIST_SHEET, workbook};

use crate::model::Sha256Digest;

/// SHA-256 as the caller computes it.
pub type Digest<'a> = &'a dyn Fn(&[u8]) -> Sha256Digest;

/// Layout of the workbook: raised when columns or keys change, so that an old list is refused and not
/// misread.
const FORMAT: &str = "soat-fixlist-1";

/// Digest of parts that cannot run into each other: each is preceded by its length.
fn seal(digest: Digest<'_>, parts: &[&str]) -> Sha256Digest {
    let mut bytes = FORMAT.as_bytes().to_vec();
    for part in parts {
        bytes.extend(part.len().to_le_bytes());
        bytes.extend(part.as_bytes());
    }
    digest(&bytes)
}

/// Columns, in order. Those up to `Who` and the two digests are protected.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Column {
    Number,
    Reference,
    Date,
    File,
    Level,
    Problem,
    Detail,
    Action,
    Who,
    Check,
    FileDigest,
    Status,
    Explanation,
    Note,
    AnsweredBy,
    Key,
    Seal,
}

impl Column {
    const ALL: [Self; 17] = [
        Self::Number,
        Self::Reference,
        Self::Date,
        Self::File,
        Self::Level,
        Self::Problem,
        Self::Detail,
        Self::Action,
        Self::Who,
        Self::Status,
        Self::Explanation,
        Self::Note,
        Self::AnsweredBy,
        Self::Check,
        Self::FileDigest,
        Self::Key,
        Self::Seal,
    ];

    /// Filled in by the unit.
    fn is_answer(self) -> bool {
        matches!(self, Self::Status | Self::Explanation | Self::Note | Self::AnsweredBy)
    }

    /// Needed by the import only.
    fn is_hidden(self) -> bool {
        matches!(self, Self::FileDigest | Self::Key | Self::Seal)
    }

    /// Heading, Vietnamese and English.
    fn head(self) -> (&'static str, &'static str) {
        match self {
            Self::Number => ("STT", "No."),
            Self::Reference => ("Số, ký hiệu", "Number"),
            Self::Date => ("Ngày văn bản", "Document date"),
            Self::File => ("Tệp", "File"),
            Self::Level => ("Mức", "Level"),
            Self::Problem => ("Vấn đề", "Problem"),
            Self::Detail => ("Chi tiết", "Detail"),
            Self::Action => ("Việc cần làm", "What to do"),
            Self::Who => ("Ai xử lý", "Who"),
            Self::Status => ("Tình trạng", "Status"),
            Self::Explanation => ("Lý do", "Explanation"),
            Self::Note => ("Ghi chú", "Note"),
            Self::AnsweredBy => ("Người trả lời", "Answered by"),
            Self::Check => ("Mã kiểm tra", "Check"),
            Self::FileDigest => ("SHA-256 của tệp", "SHA-256 of the file"),
            Self::Key => ("Khóa (không sửa)", "Key (do not edit)"),
            Self::Seal => ("Niêm (không sửa)", "Seal (do not edit)"),
        }
    }

    /// Width in digits.
    fn width(self) -> u32 {
        match self {
            Self::Number => 5,
            Self::Date => 12,
            Self::Level => 11,
            Self::Who | Self::Status | Self::AnsweredBy => 17,
            Self::Reference => 19,
            Self::Problem | Self::Explanation | Self::Note => 25,
            Self::File => 28,
            Self::Check => 30,
            Self::Detail | Self::Action => 38,
            Self::FileDigest | Self::Key | Self::Seal => 20,
        }
    }

    fn index(self) -> usize {
        Self::ALL.iter().position(|column| *column == self).unwrap_or_default()
    }
}

/// Explanations offered, Vietnamese and English; the last one asks for words.
const EXPLANATIONS: [(&str, &str); 8] = [
    ("Đã phát hành lại bản ký đúng", "Issued again, signed correctly"),
    ("Đã sửa sổ đăng ký", "Register corrected"),
    ("Chờ cơ quan cấp chứng thư số xử lý", "Waiting for the certificate authority"),
    ("Chờ bộ phận CNTT xử lý", "Waiting for IT"),
    ("Pháp luật yêu cầu bản giấy", "Law requires paper"),
    ("Bên nhận chưa kết nối trục liên thông", "Receiver is not connected"),
    ("Văn bản cũ, không ký lại được", "Old document, cannot be signed again"),
    ("Lý do khác (ghi rõ ở cột Ghi chú)", "Another reason (see the note)"),
];
