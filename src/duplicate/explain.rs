//! What agreed and what differed, in plain words.

use super::assess::{DigitSight, Sight};
use super::words::Part;
use crate::model::Bilingual;

/// The digits of a heading line with those that differ: `số 2349: 2 -> 1`.
pub(super) fn digits(digits: &[DigitSight]) -> Vec<Bilingual> {
    let groups = [
        ("số", "number", &[Part::Number][..]),
        ("ngày", "day", &[Part::Day][..]),
        ("tháng", "month", &[Part::Month][..]),
        ("năm", "year", &[Part::Year][..]),
    ];
    let mut out = Vec::new();
    for (vi, en, parts) in groups {
        let of_group: Vec<&DigitSight> = digits.iter().filter(|d| d.part.is_some_and(|p| parts.contains(&p))).collect();
        let whole: String = of_group.iter().map(|d| d.digit).collect();
        let changes: Vec<String> = of_group
            .iter()
            .filter_map(
                |d| if let Sight::Other(other) = d.sight { Some(format!("{} -> {other}", d.digit)) } else { None },
            )
            .collect();
        if !changes.is_empty() {
            let changes = changes.join(", ");
            out.push(Bilingual::new(format!("{vi} {whole}: {changes}"), format!("{en} {whole}: {changes}")));
        }
    }
    out
}

pub(super) fn heading_same(number: &str, date: &str) -> Bilingual {
    Bilingual::new(
        format!("số {number} và ngày tháng {date} trùng khớp từng chữ số"),
        format!("number {number} and date {date} agree digit by digit"),
    )
}

pub(super) fn heading_unreadable() -> Bilingual {
    Bilingual::new(
        "số hoặc ngày tháng trên bản giấy không so được từng chữ số (viết tay, dấu hoặc mờ)",
        "number or date on the paper cannot be compared digit by digit (pen, stamp or faint)",
    )
}

pub(super) fn heading_not_on_scan() -> Bilingual {
    Bilingual::new("bản quét không có trang đầu của văn bản", "the scan lacks the document's first page")
}

pub(super) fn body(lines: usize, same: usize, all: usize, digits_same: usize, digits_all: usize) -> Bilingual {
    Bilingual::new(
        format!(
            "{lines} dòng cùng vị trí, {same}/{all} từ và {digits_same}/{digits_all} chữ số trong nội dung trùng khớp"
        ),
        format!(
            "{lines} lines in place, {same} of {all} words and {digits_same} of {digits_all} digits of the text agree"
        ),
    )
}

pub(super) fn words_differ(words: &[String], count: usize) -> Bilingual {
    let list = words.join("”, “");
    Bilingual::new(
        format!("{count} từ của văn bản điện tử không có trên bản giấy: “{list}”"),
        format!("{count} words of the e-document are not on the paper: “{list}”"),
    )
}

pub(super) fn figures_differ(list: &[String]) -> Bilingual {
    let list = list.join("; ");
    Bilingual::new(format!("số liệu trong nội dung khác: {list}"), format!("figures in the text differ: {list}"))
}

pub(super) fn certified_copy() -> Bilingual {
    Bilingual::new(
        "sau chữ ký có phần SAO Y, SAO LỤC hoặc TRÍCH SAO: bản sao giấy hợp pháp, không phải văn bản giấy song song",
        "a certification SAO Y, SAO LỤC or TRÍCH SAO follows the signature: a lawful certified copy, not a parallel paper",
    )
}

pub(super) fn text_after_signature() -> Bilingual {
    Bilingual::new(
        "sau chữ ký còn phần chữ khác, chưa đọc được vì không có chương trình nhận dạng chữ: có thể là bản sao y",
        "more text follows the signature; without OCR it cannot be told from a certified copy",
    )
}

pub(super) fn rule_after_signature() -> Bilingual {
    Bilingual::new(
        "sau chữ ký có đường kẻ ngang hết trang như ở bản sao y, phần chứng thực sao không thấy trên bản quét",
        "a solid line follows the signature as on a certified copy; the certification itself is not on the scan",
    )
}

pub(super) fn page_unread() -> Bilingual {
    Bilingual::new(
        "bản quét còn trang sau văn bản mà chương trình nhận dạng chữ không đọc được, có thể là phần sao y",
        "a page follows the document that OCR could not read; it may be a certification",
    )
}

pub(super) fn end_not_on_scan() -> Bilingual {
    Bilingual::new(
        "bản quét không có trang cuối của văn bản nên không loại trừ được đây là bản sao y",
        "the scan lacks the document's last page, so that a certified copy is not excluded",
    )
}

pub(super) fn key_read(number: &str, source_vi: &str, source_en: &str) -> Bilingual {
    Bilingual::new(
        format!("số, ký hiệu, ngày tháng ({number}) theo {source_vi} trùng với văn bản điện tử"),
        format!("number, symbol and date ({number}) according to {source_en} are the e-document's"),
    )
}

pub(super) fn key_other(number: &str, source_vi: &str, source_en: &str) -> Bilingual {
    Bilingual::new(
        format!("số, ngày tháng ({number}) theo {source_vi} là của văn bản khác"),
        format!("number or date ({number}) according to {source_en} belong to another document"),
    )
}

pub(super) fn text_alike(percent: u32) -> Bilingual {
    Bilingual::new(format!("nội dung giống {percent} %"), format!("{percent} % of the text agrees"))
}

pub(super) fn several_alike(count: usize) -> Bilingual {
    Bilingual::new(
        format!("{count} văn bản điện tử cùng khớp nội dung, số không đọc được: cần đối chiếu sổ văn bản đi"),
        format!("{count} e-documents agree with the text and the number is unreadable: consult the register"),
    )
}

pub(super) fn needs_register() -> Bilingual {
    Bilingual::new(
        "cần đối chiếu sổ văn bản đi hoặc người kiểm tra xác nhận",
        "to be confirmed by the register or a person",
    )
}

pub(super) fn pages_missing(count: usize) -> Bilingual {
    Bilingual::new(
        format!("bản quét thiếu {count} trang của văn bản"),
        format!("{count} pages of the document are missing from the scan"),
    )
}

pub(super) fn pages_foreign(count: usize) -> Bilingual {
    Bilingual::new(
        format!("bản quét có {count} trang không thuộc văn bản"),
        format!("{count} pages of the scan are not the document's"),
    )
}

pub(super) fn no_layout() -> Bilingual {
    Bilingual::new("bố cục trang khác văn bản điện tử (dàn trang lại)", "the pages are laid out anew")
}
