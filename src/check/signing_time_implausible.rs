//! `signing-time-implausible`: the claimed signing time contradicts the timestamp or the certificate.

use super::input::is_lost;
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "signing-time-implausible",
        level: Level::Warn,
        scope: Scope::Signature,
        title: text("Giờ ký tự khai không hợp lý", "Claimed signing time implausible"),
        explanation: text(
            "Giờ ký tự khai muộn hơn dấu thời gian quá 60 giây, trước ngày chứng thư có hiệu lực, hoặc ở tương lai. Lệch đúng khoảng 7 giờ là lỗi múi giờ quen thuộc của phần mềm ký: chỉ ghi chú. Không có giờ ký là bình thường; đồng hồ máy tính lệch vài phút được bỏ qua.",
            "The claimed signing time is more than 60 seconds after the timestamp, before the certificate's validity, or in the future. About +7 hours is the signing software's known time-zone quirk: a note. An absent signing time is normal; minutes of computer clock drift are ignored.",
        ),
        basis: text("Kỹ thuật.", "Technical."),
        remedy: text(
            "Bộ phận CNTT: chỉnh đồng hồ máy và cập nhật phần mềm ký.",
            "IT: set the machine's clock, update the software.",
        ),
    },
    run: Run::Document(run),
};

fn run(input: &DocumentInput<'_>, findings: &mut Findings<'_>) {
    for verdict in input.verdicts().filter(|verdict| !is_lost(verdict)) {
        for note in &verdict.notes {
            let (t1, t2) = note.detail.split_once('|').unwrap_or((note.detail.as_str(), "?"));
            let (level, message) = match note.code.as_str() {
                "signing-time-implausible" => (
                    Level::Warn,
                    Bilingual::new(
                        format!("Giờ ký {} không khớp dấu thời gian {}.", local(t1), local(t2)),
                        format!("Signing time {t1} disagrees with timestamp {t2}."),
                    ),
                ),
                "signing-time-plus-7h" => (
                    Level::Info,
                    Bilingual::new(
                        "Giờ ký ghi lệch 7 giờ so với dấu thời gian: lỗi múi giờ của phần mềm ký.",
                        "Signing time is 7 hours off the timestamp: the software's known time-zone quirk.",
                    ),
                ),
                _ => continue,
            };
            findings.add_at(level, &verdict.field, message);
        }
    }
}

/// A time of the note as offices write it: the note holds RFC 3339 in Vietnam's time.
fn local(time: &str) -> String {
    let parts = time.get(..19).and_then(|time| time.split_once('T'));
    let Some((day, clock)) = parts else { return time.to_owned() };
    let mut day: Vec<&str> = day.split('-').collect();
    day.reverse();
    format!("{} {clock}", day.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{Case, noted, person};

    #[test]
    fn a_contradiction_warns_and_seven_hours_is_a_note() {
        let verdict =
            noted(person(), "signing-time-implausible", "2026-10-02T09:00:00+07:00|2026-10-02T08:00:00+07:00");
        let found = Case::new().signatures([verdict]).run(&CHECK);
        assert_eq!(found[0].level, Level::Warn);
        assert!(found[0].message.vi.contains("02/10/2026 08:00:00"));
        let quirk = noted(person(), "signing-time-plus-7h", "");
        assert_eq!(Case::new().signatures([quirk]).run(&CHECK)[0].level, Level::Info);
    }

    #[test]
    fn is_silent_without_a_note() {
        assert!(Case::new().signatures([person()]).run(&CHECK).is_empty());
    }
}
