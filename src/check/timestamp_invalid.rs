//! `timestamp-invalid`: a timestamp token does not hold.

use super::input::{has_cause, is_lost};
use super::prelude::*;
use crate::model::{BuildingBlock, Indication, SignatureVerdict, words};

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "timestamp-invalid",
        level: Level::Error,
        scope: Scope::Signature,
        title: text("Dấu thời gian không hợp lệ", "Timestamp invalid"),
        explanation: text(
            "Dấu thời gian không khớp giá trị chữ ký, chữ ký của máy chủ cấp dấu thời gian sai, hoặc chứng thư của máy chủ không dùng để cấp dấu thời gian. Chưa dựng được đường dẫn của máy chủ cấp dấu thời gian thì kết quả là chưa xác định. Máy chủ thuộc hệ thống G1 hay G2 đều được.",
            "The token's imprint is not the hash of the signature value, the token's own signature is wrong, or the TSA certificate is not meant for timestamps. A TSA path that cannot be built is indeterminate. The TSA may belong to G1 or G2, whatever the signer's generation.",
        ),
        basis: text(
            "Kỹ thuật: RFC 3161; áp dụng tương tự: điểm g khoản 1 Điều 6 Thông tư 15/2025/TT-BKHCN (theo bản trích công khai, chưa đối chiếu bản gốc).",
            "Technical: RFC 3161; by analogy: point g, clause 1, Article 6 of Circular 15/2025/TT-BKHCN (from public excerpts, not compared with the original).",
        ),
        remedy: text(
            "Bộ phận CNTT: kiểm tra cấu hình máy chủ dấu thời gian.",
            "IT: check the configuration of the timestamp server.",
        ),
    },
    run: Run::Document(run),
};

fn run(input: &DocumentInput<'_>, findings: &mut Findings<'_>) {
    for verdict in input.verdicts().filter(|verdict| !is_lost(verdict)) {
        let note = verdict.notes.iter().find(|note| note.code == CHECK.meta.id);
        if note.is_none() && !has_cause(verdict, CHECK.meta.id) {
            continue;
        }
        let reason = conclusion(verdict).map(|conclusion| &conclusion.reason);
        let detail = note.map(|note| note.detail.as_str()).filter(|detail| !detail.is_empty());
        let fault = match (detail, reason) {
            (Some(detail), _) => words::timestamp_fault(detail),
            (None, Some(reason)) => reason.clone(),
            (None, None) => Bilingual::new("không rõ", "unknown"),
        };
        let (vi, en) = (fault.vi, fault.en);
        let undecided = conclusion(verdict).is_some_and(|block| block.indication == Indication::Indeterminate);
        let (level, message) = if undecided {
            let message = Bilingual::new(
                format!("Chưa xác định được dấu thời gian: {vi}."),
                format!("Timestamp could not be decided: {en}."),
            );
            (Level::Indeterminate, message)
        } else {
            let message =
                Bilingual::new(format!("Dấu thời gian không hợp lệ: {vi}."), format!("Timestamp invalid: {en}."));
            (Level::Error, message)
        };
        findings.add_at(level, &verdict.field, message);
    }
}

fn conclusion(verdict: &SignatureVerdict) -> Option<&crate::model::Conclusion> {
    verdict.conclusions.iter().find(|conclusion| conclusion.block == BuildingBlock::TimestampValidation)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{Case, noted, person};
    use crate::model::Conclusion;

    #[test]
    fn wrong_is_an_error_and_no_path_is_undecided() {
        let mut verdict = noted(person(), "timestamp-invalid", "imprint");
        assert_eq!(Case::new().signatures([verdict.clone()]).run(&CHECK)[0].level, Level::Error);
        verdict.conclusions.push(Conclusion {
            block: BuildingBlock::TimestampValidation,
            indication: Indication::Indeterminate,
            sub_indication: None,
            reason: Bilingual::default(),
        });
        assert_eq!(Case::new().signatures([verdict]).run(&CHECK)[0].level, Level::Indeterminate);
    }

    #[test]
    fn is_silent_on_a_sound_token() {
        assert!(Case::new().signatures([person()]).run(&CHECK).is_empty());
    }
}
