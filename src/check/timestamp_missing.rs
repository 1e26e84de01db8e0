//! `timestamp-missing`: the signing time is only claimed.

use super::input::is_lost;
use super::prelude::*;
use super::settings::{TIMESTAMP_KEPT_FROM, TIMESTAMP_KEPT_TO};

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "timestamp-missing",
        level: Level::Warn,
        scope: Scope::Signature,
        title: text("Không có dấu thời gian", "No timestamp"),
        explanation: text(
            "Chữ ký không kèm dấu thời gian và không có dấu thời gian đã kiểm chứng nào phủ lên sau đó, nên giờ ký là giờ tự khai. Bản thân việc này không làm chữ ký mất giá trị. Văn bản đi ký từ 05/02/2018 đến 14/11/2026: cảnh báo về hồ sơ lưu kèm; ngoài khoảng đó: thông tin.",
            "The signature carries no timestamp token, and no later verified timestamp covers it: its time is self-declared. Never invalid by itself. Outgoing documents signed 2018-02-05 to 2026-11-14: a record-keeping warning; outside that window: information.",
        ),
        basis: text(
            "Điểm a khoản 1 Điều 9 Thông tư 41/2017/TT-BTTTT; ngoài ra chỉ khi pháp luật yêu cầu: khoản 4 Điều 29 Nghị định 68/2024/NĐ-CP (theo bản trích công khai, chưa đối chiếu bản gốc; việc Thông tư 41 hết hiệu lực từ 15/11/2026 mới có một nguồn).",
            "Point a, clause 1, Article 9 of Circular 41/2017/TT-BTTTT; otherwise only where a law demands it: clause 4, Article 29 of Decree 68/2024/NĐ-CP (from public excerpts, not compared with the original; one source reports the circular's repeal from 2026-11-15).",
        ),
        remedy: text(
            "Bộ phận CNTT: bật tùy chọn gắn dấu thời gian trong phần mềm ký.",
            "IT: turn on the timestamp option of the signing software.",
        ),
    },
    run: Run::Document(run),
};

fn run(input: &DocumentInput<'_>, findings: &mut Findings<'_>) {
    for verdict in input.verdicts().filter(|verdict| !is_lost(verdict)) {
        if !verdict.notes.iter().any(|note| note.code == CHECK.meta.id) {
            continue;
        }
        let day = verdict.reference_time.and_then(UnixTime::date_in_vietnam).or(input.class.date);
        let kept = day.is_none_or(|day| (TIMESTAMP_KEPT_FROM..=TIMESTAMP_KEPT_TO).contains(&day));
        let outgoing = input.class.kind != DocumentKind::Incoming;
        findings.add_at(
            if kept && outgoing { Level::Warn } else { Level::Info },
            &verdict.field,
            Bilingual::new(
                "Không có dấu thời gian; giờ ký là giờ tự khai.",
                "No timestamp; signing time is self-declared.",
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{Case, noted, person, unix};

    #[test]
    fn warns_inside_the_window_and_informs_outside() {
        let mut verdict = noted(person(), "timestamp-missing", "");
        assert_eq!(Case::new().signatures([verdict.clone()]).run(&CHECK)[0].level, Level::Warn);
        verdict.reference_time = Some(unix("2026-11-20"));
        assert_eq!(Case::new().signatures([verdict]).run(&CHECK)[0].level, Level::Info);
    }

    #[test]
    fn is_silent_with_a_timestamp() {
        assert!(Case::new().signatures([person()]).run(&CHECK).is_empty());
    }
}
