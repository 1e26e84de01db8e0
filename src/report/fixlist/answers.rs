//! What came back in a fix list: answers to rows that say what was written, or the reasons why the list
//! is refused.

use super::{Column, Digest, FORMAT, KeyedFinding, seal};
use crate::model::{Bilingual, Language, Sha256Digest};
use std::collections::{HashMap, HashSet};

/// What the unit says about a row.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Status {
    /// Put right.
    Fixed,
    /// Being put right.
    InProgress,
    /// To be waived by the head.
    WaiverProposed,
    /// The finding is wrong.
    Mistaken,
}

impl Status {
    /// In the order of the drop-down.
    pub const ALL: [Self; 4] = [Self::Fixed, Self::InProgress, Self::WaiverProposed, Self::Mistaken];

    /// The word in the drop-down.
    pub fn word(self, language: Language) -> &'static str {
        let (vi, en) = match self {
            Self::Fixed => ("Đã sửa", "Fixed"),
            Self::InProgress => ("Đang xử lý", "In progress"),
            Self::WaiverProposed => ("Đề nghị miễn trừ", "Waiver proposed"),
            Self::Mistaken => ("Báo nhầm", "Mistaken"),
        };
        match language {
            Language::Vi => vi,
            Language::En => en,
        }
    }

    fn read(word: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|status| [Language::Vi, Language::En].into_iter().any(|language| same(status.word(language), word)))
    }
}

/// Equal whatever the case; spreadsheets on some systems decompose accents.
fn same(a: &str, b: &str) -> bool {
    use unicode_normalization::UnicodeNormalization;
    let fold = |text: &str| text.nfc().collect::<String>().to_lowercase();
    fold(a) == fold(b)
}

/// One answered row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answer {
    /// Row of the sheet, from 1.
    pub row: u32,
    /// The finding it answers.
    pub finding: KeyedFinding,
    /// Status; `None`: only a note.
    pub status: Option<Status>,
    /// Explanation chosen.
    pub explanation: String,
    /// Free note.
    pub note: String,
    /// Who answered.
    pub answered_by: String,
}

/// The answers of one workbook.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Answers {
    /// Unit code.
    pub unit: String,
    /// Answered rows.
    pub answers: Vec<Answer>,
    /// Rows without an answer.
    pub unanswered: usize,
}

/// Why a list, or a row of it, is not taken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// No fix list of this program, or of another layout.
    NotAFixList,
    /// Made for another period.
    OtherPeriod {
        /// Its period.
        found: String,
        /// The period that is imported.
        wanted: String,
    },
    /// A protected cell of the row was changed.
    Edited {
        /// Row of the sheet.
        row: u32,
    },
    /// The row's key belongs to no finding of the run.
    UnknownKey {
        /// Row of the sheet.
        row: u32,
    },
    /// The same key stands in two rows.
    KeyTwice {
        /// Row of the sheet.
        row: u32,
    },
    /// The status is none of those offered.
    UnknownStatus {
        /// Row of the sheet.
        row: u32,
        /// What is written.
        found: String,
    },
    /// A waiver is proposed without explanation or name.
    Unexplained {
        /// Row of the sheet.
        row: u32,
    },
}

impl Refusal {
    /// What is wrong and what to do.
    pub fn message(&self) -> Bilingual {
        match self {
            Self::NotAFixList => Bilingual::new(
                "không phải danh sách việc cần sửa do `soat fixlist` lập (thiếu trang “soat” hoặc sai mẫu); hãy dùng đúng tệp đã nhận",
                "no list made by `soat fixlist` (the sheet \"soat\" is missing or of another layout); use the file as it was sent",
            ),
            Self::OtherPeriod { found, wanted } => Bilingual::new(
                format!("danh sách của kỳ {found}, không phải kỳ {wanted}; nêu --period {found} nếu đúng là kỳ đó"),
                format!("the list is of period {found}, not {wanted}; name --period {found} if that is meant"),
            ),
            Self::Edited { row } => Bilingual::new(
                format!(
                    "dòng {row}: cột được bảo vệ đã bị sửa; chép lại dòng này từ tệp gốc rồi chỉ điền các cột màu vàng"
                ),
                format!(
                    "row {row}: a protected column was edited; copy the row from the original and fill in the yellow columns only"
                ),
            ),
            Self::UnknownKey { row } => Bilingual::new(
                format!(
                    "dòng {row}: khóa không thuộc lần chạy nào đang lưu của kỳ này; lập lại danh sách bằng `soat fixlist`"
                ),
                format!(
                    "row {row}: the key belongs to no stored run of this period; make the list anew with `soat fixlist`"
                ),
            ),
            Self::KeyTwice { row } => Bilingual::new(
                format!("dòng {row}: lặp lại một dòng đã có; xóa dòng thừa"),
                format!("row {row}: repeats another row; remove it"),
            ),
            Self::UnknownStatus { row, found } => {
                let words = |language| Status::ALL.map(|status| status.word(language)).join(", ");
                Bilingual::new(
                    format!("dòng {row}: tình trạng “{found}” không có trong danh sách ({})", words(Language::Vi)),
                    format!("row {row}: status \"{found}\" is none of: {}", words(Language::En)),
                )
            }
            Self::Unexplained { row } => Bilingual::new(
                format!("dòng {row}: đề nghị miễn trừ phải có lý do (hoặc ghi chú) và người trả lời"),
                format!("row {row}: a proposed waiver needs an explanation (or note) and who answers"),
            ),
        }
    }
}

/// Reads the rows of a workbook's two sheets, each with its number, header included. `known` are the
/// findings by key; every fault is listed, and a list with any fault gives no answer.
///
/// # Errors
/// All refusals, in row order.
pub fn read(
    information: &[(u32, Vec<String>)],
    rows: &[(u32, Vec<String>)],
    period: &str,
    known: &HashMap<Sha256Digest, KeyedFinding>,
    digest: Digest<'_>,
) -> Result<Answers, Vec<Refusal>> {
    let fact = |name: &str| {
        let row = information.iter().find(|(_, cells)| cells.first().is_some_and(|cell| cell == name));
        row.and_then(|(_, cells)| cells.get(1)).map(String::as_str)
    };
    if fact("format") != Some(FORMAT) {
        return Err(vec![Refusal::NotAFixList]);
    }
    let found = fact("period").unwrap_or_default();
    if found != period {
        return Err(vec![Refusal::OtherPeriod { found: found.to_owned(), wanted: period.to_owned() }]);
    }
    let mut answers = Answers { unit: fact("unit").unwrap_or_default().to_owned(), ..Answers::default() };
    let mut refusals = Vec::new();
    let mut seen = HashSet::new();
    for (row, cells) in rows.iter().skip(1) {
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        match read_row(*row, cells, known, &mut seen, digest) {
            Ok(Some(answer)) => answers.answers.push(answer),
            Ok(None) => answers.unanswered += 1,
            Err(refusal) => refusals.push(refusal),
        }
    }
    if refusals.is_empty() { Ok(answers) } else { Err(refusals) }
}

fn read_row(
    row: u32,
    cells: &[String],
    known: &HashMap<Sha256Digest, KeyedFinding>,
    seen: &mut HashSet<Sha256Digest>,
    digest: Digest<'_>,
) -> Result<Option<Answer>, Refusal> {
    let cell = |column: Column| cells.get(column.index()).map(|cell| cell.trim()).unwrap_or_default();
    let protected: Vec<&str> = Column::ALL
        .iter()
        .filter(|column| !column.is_answer() && **column != Column::Seal)
        .map(|column| cell(*column))
        .collect();
    if seal(digest, &protected).to_string() != cell(Column::Seal) {
        return Err(Refusal::Edited { row });
    }
    let key: Sha256Digest = cell(Column::Key).parse().map_err(|_| Refusal::Edited { row })?;
    let finding = known.get(&key).ok_or(Refusal::UnknownKey { row })?;
    if !seen.insert(key) {
        return Err(Refusal::KeyTwice { row });
    }
    let status = match cell(Column::Status) {
        "" => None,
        word => Some(
            Status::read(word).ok_or_else(|| Refusal::UnknownStatus { row, found: word.chars().take(60).collect() })?,
        ),
    };
    let answer = Answer {
        row,
        finding: finding.clone(),
        status,
        explanation: cell(Column::Explanation).to_owned(),
        note: cell(Column::Note).to_owned(),
        answered_by: cell(Column::AnsweredBy).to_owned(),
    };
    let silent = answer.explanation.is_empty() && answer.note.is_empty();
    if status == Some(Status::WaiverProposed) && (silent || answer.answered_by.is_empty()) {
        return Err(Refusal::Unexplained { row });
    }
    Ok((status.is_some() || !silent).then_some(answer))
}
