//! `signature-range-gap`: the signed range does not fit the file although the digest matches.

use super::prelude::*;

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "signature-range-gap",
        level: Level::Error,
        scope: Scope::Signature,
        title: text("Vùng ký không phủ đúng tệp", "The signed range does not cover the file properly"),
        explanation: text(
            "ByteRange không bắt đầu từ 0, không tăng dần, chồng lấn, vượt ra ngoài tệp hoặc chừa khoảng trống không khớp đúng với giá trị /Contents của chữ ký, trong khi giá trị băm vẫn khớp: có nội dung nằm ngoài vùng được ký. Tệp bị ghi lại sau khi ký (giá trị băm không còn khớp) thuộc mục document-resaved-after-signing.",
            "The ByteRange does not start at 0, is unsorted or overlapping, exceeds the file, or leaves a gap that is not exactly this signature's /Contents, while the digest still matches: some content is hidden from the signature. A file rewritten after signing (digest no longer matching) is document-resaved-after-signing.",
        ),
        basis: text(
            "Kỹ thuật: ISO 32000-2, mục 12.8.1; yêu cầu chung đối với chữ ký số: khoản 2 Điều 5 Nghị định 30/2020/NĐ-CP.",
            "Technical: ISO 32000-2, 12.8.1; general requirement on digital signatures: clause 2, Article 5 of Decree 30/2020/NĐ-CP.",
        ),
        remedy: text(
            "Bộ phận CNTT: lấy lại tệp gốc từ hệ thống; nếu không còn thì ký lại.",
            "IT: obtain the original file from the records system; otherwise sign again.",
        ),
    },
    run: Run::Document(run),
};

fn run(input: &DocumentInput<'_>, findings: &mut Findings<'_>) {
    input.report_cause(
        findings,
        "Vùng ký không phủ đúng tệp (ByteRange bất thường).",
        "Signed range is abnormal (ByteRange).",
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{Case, failed, person};

    #[test]
    fn fires_on_its_cause_only() {
        let found = Case::new().signatures([failed(person(), "signature-range-gap")]).run(&CHECK);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].level, Level::Error);
        assert!(Case::new().signatures([person()]).run(&CHECK).is_empty());
    }
}
