//! `certificate-revoked`: revoked at or before the reference time, or after a time that is only claimed.

use super::input::has_cause;
use super::prelude::*;
use crate::model::{Indication, words};

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "certificate-revoked",
        level: Level::Error,
        scope: Scope::Signature,
        title: text("Chứng thư đã bị thu hồi", "Certificate revoked"),
        explanation: text(
            "Danh sách thu hồi cho thấy chứng thư bị thu hồi trước hoặc đúng thời điểm tham chiếu. Thu hồi sau thời điểm có dấu thời gian đã kiểm chứng thì không phải lỗi; thu hồi chỉ vì hết hạn không làm mất giá trị chữ ký đã có. Thu hồi sau giờ ký tự khai: chưa xác định, trừ trường hợp lộ khóa.",
            "The revocation list shows revocation at or before the reference time. Revoked after a verified timestamp is no finding; an entry that only records expiry undoes nothing. Revoked after a merely claimed time is indeterminate, unless the key was compromised.",
        ),
        basis: text(
            "Kỹ thuật; điểm c khoản 1 Điều 31 Nghị định 68/2024/NĐ-CP, điểm c khoản 2 Điều 8 Thông tư 41/2017/TT-BTTTT (theo bản trích công khai, chưa đối chiếu bản gốc).",
            "Technical; point c, clause 1, Article 31 of Decree 68/2024/NĐ-CP, point c, clause 2, Article 8 of Circular 41/2017/TT-BTTTT (from public excerpts, not compared with the original).",
        ),
        remedy: text(
            "Lãnh đạo và bộ phận CNTT: quyết định việc ký lại.",
            "Leader and IT: decide whether to sign again.",
        ),
    },
    run: Run::Document(run),
};

fn run(input: &DocumentInput<'_>, findings: &mut Findings<'_>) {
    for verdict in input.verdicts().filter(|verdict| has_cause(verdict, CHECK.meta.id)) {
        let (local, date, reason) = match &verdict.revoked {
            Some((time, reason)) => (time.day_first(), time.to_string(), words::revocation_reason(reason)),
            None => ("?".to_owned(), "?".to_owned(), Bilingual::new("?", "?")),
        };
        let (level, message) = if verdict.indication == Indication::TotalFailed {
            let message = Bilingual::new(
                format!("Chứng thư đã bị thu hồi ({local}, {}).", reason.vi),
                format!("Certificate revoked ({date}, {}).", reason.en),
            );
            (Level::Error, message)
        } else {
            let message = Bilingual::new(
                format!(
                    "Chứng thư bị thu hồi ({local}, {}) sau giờ ký tự khai; chưa đủ căn cứ kết luận hợp lệ.",
                    reason.vi
                ),
                format!("Certificate revoked ({date}, {}) after a signing time that is only claimed.", reason.en),
            );
            (Level::Indeterminate, message)
        };
        findings.add_at(level, &verdict.field, message);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{Case, failed, person, undecided};

    #[test]
    fn proven_is_an_error_and_claimed_is_undecided() {
        let cause = "certificate-revoked";
        assert_eq!(Case::new().signatures([failed(person(), cause)]).run(&CHECK)[0].level, Level::Error);
        assert_eq!(Case::new().signatures([undecided(person(), cause)]).run(&CHECK)[0].level, Level::Indeterminate);
    }

    #[test]
    fn revoked_later_is_no_finding() {
        let mut verdict = person();
        verdict.revoked = Some((UnixTime(2_000_000_000), "superseded".into()));
        assert!(Case::new().signatures([verdict]).run(&CHECK).is_empty());
    }
}
