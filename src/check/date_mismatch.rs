//! `date-mismatch`: the document date against the days of signing.

use super::input::is_lost;
use super::prelude::*;
use crate::model::TimeSource;

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "date-mismatch",
        level: Level::Warn,
        scope: Scope::Document,
        title: text("Ngày văn bản lệch ngày ký số", "Document date differs from signing"),
        explanation: text(
            "Ngày văn bản sớm hơn mọi chữ ký từ 1 đến 5 ngày: thông tin (thường gặp); sớm hơn quá 5 ngày hoặc muộn hơn chữ ký của cơ quan: cảnh báo; muộn hơn ngày kiểm tra: lỗi. Tính theo giờ Việt Nam.",
            "A document date 1 to 5 days before every signature is information (common practice); more than 5 days before, or after the agency's signature: a warning; after the audit date: an error. Days in Vietnam's time.",
        ),
        basis: text(
            "Khoản 1 Điều 15, khoản 1 Điều 18 Nghị định 30/2020/NĐ-CP; mức dung sai là quy ước của công cụ.",
            "Clause 1, Article 15 and clause 1, Article 18 of Decree 30/2020/NĐ-CP; the tolerance is this tool's.",
        ),
        remedy: text("Văn thư: xem lại ngày cấp số.", "Văn thư: review the day of numbering."),
    },
    run: Run::Document(run),
};

fn run(input: &DocumentInput<'_>, findings: &mut Findings<'_>) {
    let Some(date) = input.class.date.filter(|_| input.is_main()) else { return };
    if input.clock.date_in_vietnam().is_some_and(|today| date > today) {
        findings.add_at(
            Level::Error,
            input.subject(),
            Bilingual::new(
                format!("Ngày văn bản {} muộn hơn ngày kiểm tra.", date.day_first()),
                format!("Document date {date} lies after the audit date."),
            ),
        );
        return;
    }
    let signed = |role: Option<Role>| {
        let signatures =
            input.signatures().filter(|verdict| !is_lost(verdict) && verdict.time_source != TimeSource::None);
        let days = signatures.filter(|verdict| role.is_none_or(|role| verdict.role == role));
        days.filter_map(|verdict| verdict.reference_time?.date_in_vietnam()).collect::<Vec<_>>()
    };
    let (Some(first), last_by_agency) = (signed(None).into_iter().min(), signed(Some(Role::Agency)).into_iter().max())
    else {
        return;
    };
    let tolerance = i64::from(input.settings.date_tolerance_days);
    let (level, other) = match last_by_agency {
        Some(last) if date > last => (Level::Warn, last),
        _ if first.days_since(date) > tolerance => (Level::Warn, first),
        _ if first > date => (Level::Info, first),
        _ => return,
    };
    findings.add_at(
        level,
        input.subject(),
        Bilingual::new(
            format!("Ngày văn bản {} lệch ngày ký số {}.", date.day_first(), other.day_first()),
            format!("Document date {date} differs from signing {other}."),
        ),
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{Case, agency, day, person};

    // Both signatures are of 2026-10-02, the clock stands at 2026-11-05.
    fn levels(date: &str) -> Vec<Level> {
        let case = Case::new().signatures([person(), agency()]).class(|class| class.date = Some(day(date)));
        case.run(&CHECK).iter().map(|finding| finding.level).collect()
    }

    #[test]
    fn days_before_and_after_signing() {
        assert!(levels("2026-10-02").is_empty());
        assert_eq!(levels("2026-10-01"), [Level::Info]);
        assert_eq!(levels("2026-09-27"), [Level::Info]);
        assert_eq!(levels("2026-09-26"), [Level::Warn]);
        assert_eq!(levels("2026-10-03"), [Level::Warn]);
        assert_eq!(levels("2026-11-06"), [Level::Error]);
    }
}
