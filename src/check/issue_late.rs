//! `issue-late`: issued later than the law allows after the authorised person signed.

use super::input::is_lost;
use super::prelude::*;
use crate::model::{SignatureVerdict, TimeSource};

/// "Trong buổi sáng của ngày làm việc tiếp theo" names no hour; noon is this tool's reading.
const MORNING_ENDS: u8 = 12;

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "issue-late",
        level: Level::Warn,
        scope: Scope::Document,
        title: text("Phát hành chậm", "Issued late"),
        explanation: text(
            "Tính từ chữ ký của người có thẩm quyền đến ngày chuyển trong sổ đăng ký, nếu không có thì đến chữ ký của cơ quan (chỉ chứng minh được chậm, không chứng minh được đúng hạn). Mức 2: sau ngày làm việc tiếp theo, cảnh báo. Mức 1: sau 12 giờ trưa ngày làm việc tiếp theo, thông tin. Văn bản khẩn chỉ nêu số phút, không kết luận. Không tính từ ngày ghi trên văn bản.",
            "From the authorised person's signature to the register's transfer date, else to the agency's signature (which proves lateness, not punctuality). Grade 2: after the next working day, a warning. Grade 1: after noon of the next working day, information. Urgent documents: minutes shown, no verdict. Counted from signing, not from the written date.",
        ),
        basis: text(
            "Mức 1: khoản 2 Điều 6 Quyết định 28/2018/QĐ-TTg (mốc 12 giờ là quy ước của công cụ); mức 2: điểm c khoản 2 Điều 4, khoản 1 Điều 18 Nghị định 30/2020/NĐ-CP.",
            "Grade 1: clause 2, Article 6 of Decision 28/2018/QĐ-TTg (noon is this tool's reading); grade 2: point c, clause 2, Article 4 and clause 1, Article 18 of Decree 30/2020/NĐ-CP.",
        ),
        remedy: text(
            "Văn thư: đăng ký và phát hành ngay trong ngày ký, chậm nhất ngày làm việc tiếp theo.",
            "Văn thư: register and issue on the day of signing, at latest the next working day.",
        ),
    },
    run: Run::Document(run),
};

fn run(input: &DocumentInput<'_>, findings: &mut Findings<'_>) {
    if !input.is_issued() {
        return;
    }
    let latest = |role| {
        let signatures = input.signatures_of(role).filter(|verdict| !is_lost(verdict));
        signatures.filter(|verdict| verdict.reference_time.is_some()).max_by_key(|verdict| verdict.reference_time)
    };
    let Some(person) = latest(Role::Person) else { return };
    let agency = latest(Role::Agency);
    let (Some(signed_at), sealed_at) = (person.reference_time, agency.and_then(|verdict| verdict.reference_time))
    else {
        return;
    };
    let claimed = claimed_note(person);
    if let Some(urgency) = input.file.identity().and_then(|identity| identity.urgency.as_deref()) {
        if let Some(minutes) = sealed_at.map(|sealed| sealed.0.saturating_sub(signed_at.0) / 60) {
            findings.add_at(
                Level::Info,
                input.subject(),
                Bilingual::new(
                    format!("Văn bản {urgency}: cơ quan ký sau {minutes} phút{}.", claimed.vi),
                    format!("Document {urgency}: the agency signed {minutes} minutes later{}.", claimed.en),
                ),
            );
        }
        return;
    }
    let Some(signed_on) = signed_at.date_in_vietnam() else { return };
    let Some(due) = input.settings.next_working_day(signed_on) else { return };
    let transferred = input.row.and_then(|row| row.transferred);
    let sealed_on = sealed_at.and_then(UnixTime::date_in_vietnam);
    let Some(issued_on) = transferred.or(sealed_on) else { return };
    let after_morning = sealed_at.and_then(UnixTime::in_vietnam).is_some_and(|moment| moment.hour() >= MORNING_ENDS);
    let (grade, level) = if issued_on > due {
        (2, Level::Warn)
    } else if sealed_on == Some(due) && after_morning {
        (1, Level::Info)
    } else {
        return;
    };
    findings.add_at(
        level,
        input.subject(),
        Bilingual::new(
            format!(
                "Phát hành chậm (mức {grade}): ký {}, phát hành {}{}.",
                signed_on.day_first(),
                issued_on.day_first(),
                claimed.vi
            ),
            format!("Issued late (grade {grade}): signed {signed_on}, issued {issued_on}{}.", claimed.en),
        ),
    );
}

fn claimed_note(verdict: &SignatureVerdict) -> Bilingual {
    match verdict.time_source {
        TimeSource::Claimed => Bilingual::new(" (giờ ký tự khai)", " (claimed signing time)"),
        TimeSource::Timestamp | TimeSource::None => Bilingual::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{Case, agency, day, person, unix};

    // Signed on Friday 2026-10-02 at 8:00; the next working day is Monday 2026-10-05.
    fn sealed(day: &str, hour: i64) -> SignatureVerdict {
        SignatureVerdict { reference_time: Some(UnixTime(unix(day).0 + hour * 3600)), ..agency() }
    }

    fn levels(case: &Case) -> Vec<Level> {
        case.run(&CHECK).iter().map(|finding| finding.level).collect()
    }

    #[test]
    fn grades_by_working_days() {
        let at = |day: &str, hour| levels(&Case::new().signatures([person(), sealed(day, hour)]));
        assert!(at("2026-10-02", 16).is_empty());
        assert!(at("2026-10-05", 9).is_empty());
        assert_eq!(at("2026-10-05", 14), [Level::Info]);
        assert_eq!(at("2026-10-06", 8), [Level::Warn]);
    }

    #[test]
    fn the_transfer_date_goes_before_the_seal() {
        let case = Case::new().signatures([person(), agency()]);
        assert_eq!(levels(&case.clone().row(|row| row.transferred = Some(day("2026-10-07")))), [Level::Warn]);
        assert!(levels(&case.row(|row| row.transferred = Some(day("2026-10-05")))).is_empty());
    }

    #[test]
    fn urgent_documents_get_minutes_and_no_verdict() {
        let case = Case::new().signatures([person(), sealed("2026-10-09", 8)]);
        let found = case.identity(|identity| identity.urgency = Some("HỎA TỐC".into())).run(&CHECK);
        assert_eq!(found[0].level, Level::Info);
        assert!(found[0].message.vi.contains("phút"));
    }
}
