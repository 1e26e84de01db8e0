//! `edxml-not-received`: a receiver of the exchange axis refused, or never accepted.

use super::edxml::{Package, packages};
use super::prelude::*;
use crate::model::CalendarDate;
use crate::records::{concerned, sends};
use crate::reference::ReferenceKey;
use crate::text;
use std::collections::BTreeMap;

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "edxml-not-received",
        level: Level::Warn,
        scope: Scope::Archive,
        title: text("Bên nhận chưa nhận gói edXML", "edXML package not received"),
        explanation: text(
            "Trạng thái cuối của một bên nhận là 02 hoặc 16 (từ chối), hoặc chưa có trạng thái từ 03 trở lên sau thời hạn cấu hình. Chỉ xét khi kho có lưu gói trạng thái; không có thì không kết luận.",
            "A receiver's last status is 02 or 16 (refused), or there is none from 03 on after the configured delay. Judged only where the archive keeps status messages; without them nothing is concluded.",
        ),
        basis: text(
            "Điểm c khoản 2 Điều 21, điểm d khoản 2 Điều 4 Nghị định 30/2020/NĐ-CP.",
            "Point c, clause 2, Article 21 and point d, clause 2, Article 4 of Decree 30/2020/NĐ-CP.",
        ),
        remedy: text("Văn thư: gửi lại hoặc gọi điện cho bên nhận.", "Văn thư: send again or call the receiver."),
    },
    run: Run::Archive(run),
};

/// Refusals: of the document (02), of a recall (16).
const REFUSED: [u32; 2] = [2, 16];
/// Codes from which the receiver has it: 03 received to 06 done.
const ACCEPTED: std::ops::RangeInclusive<u32> = 3..=6;

/// A document and a receiver: number, year, folded id or name.
type Delivery = (ReferenceKey, Option<i32>, String);

fn run(input: &ArchiveInput<'_>, findings: &mut Findings<'_>) {
    let mut reports: BTreeMap<Delivery, Vec<(Option<UnixTime>, u32)>> = BTreeMap::new();
    for package in packages(input) {
        let Some((status, code)) = package.facts.status.as_ref().and_then(|status| Some((status, status.code?))) else {
            continue;
        };
        let from = &package.facts.from;
        for named in concerned(package.facts) {
            for receiver in [&from.organ_id, &from.name].into_iter().flatten() {
                let year = named.date.map(CalendarDate::year);
                let key = (named.reference.ascii_key(), year, text::fold(receiver));
                reports.entry(key).or_default().push((status.time, code));
            }
        }
    }
    if reports.is_empty() {
        return;
    }
    for package in packages(input).filter(|package| package.class.own && !package.class.report && sends(package.facts))
    {
        for receiver in &package.facts.to {
            let known = [&receiver.organ_id, &receiver.name].into_iter().flatten();
            let mut codes: Vec<(Option<UnixTime>, u32)> = known
                .filter_map(|receiver| delivery(&package, receiver))
                .filter_map(|key| reports.get(&key))
                .flatten()
                .copied()
                .collect();
            codes.sort_unstable();
            let last = codes.last().map(|(_, code)| *code);
            let refused = last.is_some_and(|code| REFUSED.contains(&code));
            let accepted = codes.iter().any(|(_, code)| ACCEPTED.contains(code));
            if !refused && (accepted || !is_overdue(input, &package)) {
                continue;
            }
            let name = receiver.name.as_deref().or(receiver.organ_id.as_deref()).unwrap_or("?");
            let status = last.map_or_else(|| "-".to_owned(), |code| format!("{code:02}"));
            let (vi, en) = if refused { ("từ chối", "has refused") } else { ("chưa nhận", "has not accepted") };
            let message = Bilingual::new(
                format!("{name} {vi} {} (mã {status}).", package.subject()),
                format!("{name} {en} {} (status {status}).", package.subject()),
            );
            findings.add_about(Level::Warn, package.subject(), package.about(), message);
        }
    }
}

fn delivery(package: &Package<'_>, receiver: &str) -> Option<Delivery> {
    let reference = package.class.reference.as_ref()?;
    Some((reference.ascii_key(), package.facts.date.map(CalendarDate::year), text::fold(receiver)))
}

/// The configured number of working days has passed since it was sent.
fn is_overdue(input: &ArchiveInput<'_>, package: &Package<'_>) -> bool {
    let sent = package.facts.sent.and_then(|sent| sent.date_in_vietnam()).or(package.facts.date);
    let due = (0..input.settings.receipt_days).try_fold(sent, |day, _| Some(input.settings.next_working_day(day?)));
    match (due.flatten(), input.clock.date_in_vietnam()) {
        (Some(due), Some(today)) => today > due,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{ArchiveCase, status_report};

    fn case(codes: &[u32]) -> ArchiveCase {
        let sent = ArchiveCase::new()
            .signed("documents/BTXH/512.pdf", "512/SNV-BTXH", "2026-10-02")
            .package("edxml/512.edxml", |_| {});
        codes.iter().enumerate().fold(sent, |case, (at, code)| {
            case.package(&format!("edxml/512.{at}.edxml"), |facts| {
                *facts = status_report("000.00.11.H99", *code, i64::try_from(at).unwrap());
            })
        })
    }

    fn messages(case: &ArchiveCase) -> Vec<String> {
        case.run(&CHECK).into_iter().map(|finding| finding.message.vi).collect()
    }

    #[test]
    fn refused_and_never_accepted_fire() {
        assert_eq!(messages(&case(&[1, 2])), ["Sở Tài chính tỉnh An Bình từ chối 512/SNV-BTXH (mã 02)."]);
        assert_eq!(messages(&case(&[1])), ["Sở Tài chính tỉnh An Bình chưa nhận 512/SNV-BTXH (mã 01)."]);
    }

    #[test]
    fn accepted_and_no_status_messages_at_all_are_silent() {
        assert!(messages(&case(&[1, 3])).is_empty());
        assert!(messages(&case(&[2, 3, 6])).is_empty());
        assert!(messages(&case(&[])).is_empty());
    }
}
