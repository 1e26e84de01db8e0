//! `document-changed-after-signing`: a later revision changed what had been signed.

use super::input::has_cause;
use super::prelude::*;
use crate::model::{Modification, ModificationLevel, words};
use std::collections::BTreeSet;

/// Changes named in one message; the rest is in the evidence.
const CHANGES_NAMED: usize = 4;

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "document-changed-after-signing",
        level: Level::Error,
        scope: Scope::Document,
        title: text("Văn bản bị sửa sau khi ký", "Document changed after signing"),
        explanation: text(
            "Sau phần đã ký, tệp được ghi thêm nội dung ngoài quy trình ký thông thường: sửa nội dung trang, thêm chú thích khác, thay cây trang hoặc thay hình hiển thị của chữ ký trước. Chữ ký bổ sung, số và ngày điền trước khi cơ quan ký, dữ liệu kiểm tra lâu dài và dấu thời gian là bình thường. Thay đổi chưa phân loại được thì kết quả là chưa xác định.",
            "After the signed part the file gained something other than the normal signing flow: changed page content, other annotations, page tree, or a replaced appearance of an earlier signature. Further signatures, number and date filled in before the agency signs, validation data and timestamps are normal. A change that cannot be classified is indeterminate.",
        ),
        basis: text(
            "Kỹ thuật: ISO 32000-2, mục 12.8.2; điểm d khoản 3 Điều 22 Luật Giao dịch điện tử số 20/2023/QH15.",
            "Technical: ISO 32000-2, 12.8.2; point d, clause 3, Article 22 of Law 20/2023/QH15 on Electronic Transactions.",
        ),
        remedy: text(
            "Văn thư: khôi phục tệp đã phát hành; sai sót chỉ được sửa bằng văn bản sửa đổi, thay thế hoặc công văn đính chính (khoản 3 Điều 18 Nghị định 30/2020/NĐ-CP).",
            "Văn thư: restore the issued file; errors are corrected only by an amending document or a correction letter (clause 3, Article 18 of Decree 30/2020/NĐ-CP).",
        ),
    },
    run: Run::Document(run),
};

fn run(input: &DocumentInput<'_>, findings: &mut Findings<'_>) {
    let changed = input.verdicts().filter(|verdict| has_cause(verdict, CHECK.meta.id)).collect::<Vec<_>>();
    if changed.is_empty() {
        return;
    }
    let forbidden = changed.iter().any(|verdict| verdict.modification == Modification::Forbidden);
    let mut rules = BTreeSet::new();
    for facts in input.file.pdf().into_iter().flat_map(|pdf| &pdf.signatures) {
        if changed.iter().any(|verdict| verdict.field == facts.field) {
            let serious =
                facts.modification.changes.iter().filter(|change| {
                    matches!(change.level, ModificationLevel::Forbidden | ModificationLevel::Suspicious)
                });
            rules.extend(serious.map(|change| change.rule.as_str()));
        }
    }
    if rules.is_empty() && !forbidden {
        // Found between signatures, not between revisions.
        rules.insert("unsound-signature-shown");
    }
    let named: Vec<&str> = rules.into_iter().take(CHANGES_NAMED).collect();
    let what = named.join(", ");
    // Several rules may say the same to a reader.
    let in_words: BTreeSet<String> = named.iter().map(|rule| words::change_rule(rule).vi).collect();
    let said = in_words.into_iter().collect::<Vec<_>>().join("; ");
    let (level, message) = if forbidden {
        let (vi, en) = if what.is_empty() { ("nội dung", "content") } else { (said.as_str(), what.as_str()) };
        let message = Bilingual::new(
            format!("Văn bản bị sửa sau khi ký ({vi})."),
            format!("Document changed after signing ({en})."),
        );
        (Level::Error, message)
    } else {
        let message = Bilingual::new(
            format!("Sau khi ký có thay đổi chưa phân loại được ({said}); chưa đủ căn cứ kết luận hợp lệ."),
            format!("A change after signing could not be classified ({what})."),
        );
        (Level::Indeterminate, message)
    };
    findings.add_at(level, input.subject(), message);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{Case, agency, failed, person, undecided};

    #[test]
    fn several_signatures_make_one_finding() {
        let change = |mut verdict: crate::model::SignatureVerdict| {
            verdict.modification = Modification::Forbidden;
            failed(verdict, "document-changed-after-signing")
        };
        let found = Case::new().signatures([change(person()), change(agency())]).run(&CHECK);
        assert_eq!(found.iter().map(|finding| finding.level).collect::<Vec<_>>(), [Level::Error]);
    }

    #[test]
    fn a_doubt_is_undecided() {
        let mut verdict = undecided(person(), "document-changed-after-signing");
        verdict.modification = Modification::Suspicious;
        assert_eq!(Case::new().signatures([verdict]).run(&CHECK)[0].level, Level::Indeterminate);
    }

    #[test]
    fn is_silent_when_later_revisions_are_permitted() {
        let mut verdict = person();
        verdict.modification = Modification::Permitted;
        assert!(Case::new().signatures([verdict]).run(&CHECK).is_empty());
    }
}
