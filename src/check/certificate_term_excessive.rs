//! `certificate-term-excessive`: a specialised subscriber certificate runs longer than the decree permits.

use super::prelude::*;
use super::settings::CERTIFICATE_TERM_FROM;
use crate::model::{CalendarDate, SignatureKind, Trust};
use std::collections::BTreeSet;

/// Years of a new subscriber certificate, Decree 68/2024 Điều 9(2).
const NEW_YEARS: i32 = 5;
/// Years with one renewal, Điều 9(3).
const RENEWED_YEARS: i32 = 8;

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "certificate-term-excessive",
        level: Level::Warn,
        scope: Scope::Signature,
        title: text("Thời hạn chứng thư dài hơn mức cho phép", "Certificate term too long"),
        explanation: text(
            "Chứng thư chữ ký số chuyên dùng của thuê bao cấp từ ngày 15/8/2024 có thời hạn trên 5 năm (cần xem có phải gia hạn, tối đa thêm 3 năm) là cảnh báo; trên 8 năm là lỗi. Chứng thư cấp trước đó giữ nguyên thời hạn. Mỗi chứng thư một dòng; không ảnh hưởng đến giá trị của chữ ký.",
            "A specialised subscriber certificate issued on or after 2024-08-15 that runs over 5 years (examine whether it is a renewal, at most 3 more) is a warning, over 8 years an error. Older certificates keep their term. One line per certificate; it does not change the validity of the signature.",
        ),
        basis: text(
            "Khoản 2, khoản 3 Điều 9, khoản 1 Điều 42 Nghị định 68/2024/NĐ-CP (theo bản trích công khai, chưa đối chiếu bản gốc).",
            "Clauses 2 and 3, Article 9 and clause 1, Article 42 of Decree 68/2024/NĐ-CP (from public excerpts, not compared with the original).",
        ),
        remedy: text("Bộ phận CNTT: hỏi lại nơi cấp chứng thư.", "IT: ask the certificate authority."),
    },
    run: Run::Archive(run),
};

fn run(input: &ArchiveInput<'_>, findings: &mut Findings<'_>) {
    let mut seen = BTreeSet::new();
    for file in input.files {
        for verdict in file.verdicts {
            let (Some(certificate), Some((from, to))) = (verdict.certificate, verdict.certificate_validity) else {
                continue;
            };
            if verdict.trust != Trust::Specialised
                || verdict.kind != SignatureKind::Signature
                || !seen.insert(certificate)
            {
                continue;
            }
            let (Some(from), Some(to)) = (from.date_in_vietnam(), to.date_in_vietnam()) else { continue };
            if from < CERTIFICATE_TERM_FROM || !runs_over(from, to, NEW_YEARS) {
                continue;
            }
            let level = if runs_over(from, to, RENEWED_YEARS) { Level::Error } else { Level::Warn };
            let name = verdict.signer.as_deref().unwrap_or("?");
            let years = to.days_since(from) / 365;
            findings.add_about(
                level,
                name,
                About::default(),
                Bilingual::new(
                    format!("Chứng thư của {name} có thời hạn {years} năm, vượt mức Nghị định 68/2024/NĐ-CP cho phép (theo bản trích công khai, chưa đối chiếu bản gốc)."),
                    format!("Certificate of {name} runs {years} years, beyond the permitted term (from public excerpts, not compared with the original)."),
                ),
            );
        }
    }
}

/// Longer than `years` calendar years and one day.
fn runs_over(from: CalendarDate, to: CalendarDate, years: i32) -> bool {
    let end = CalendarDate::new(from.year().saturating_add(years), from.month(), from.day())
        .or_else(|| CalendarDate::new(from.year().saturating_add(years), 3, 1));
    end.is_some_and(|end| to.days_since(end) > 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{ArchiveCase, person, unix};

    fn levels(from: &str, to: &str) -> Vec<Level> {
        let mut verdict = person();
        verdict.certificate_validity = Some((unix(from), unix(to)));
        let case = ArchiveCase::new().file("a.pdf", [verdict.clone()]).file("b.pdf", [verdict]);
        case.run(&CHECK).iter().map(|finding| finding.level).collect()
    }

    #[test]
    fn one_line_per_certificate_by_term() {
        assert_eq!(levels("2024-09-01", "2030-09-01"), [Level::Warn]);
        assert_eq!(levels("2024-09-01", "2034-09-01"), [Level::Error]);
    }

    #[test]
    fn five_years_and_older_certificates_are_fine() {
        assert!(levels("2024-09-01", "2029-09-01").is_empty());
        assert!(levels("2024-09-01", "2029-09-02").is_empty());
        assert!(levels("2020-01-01", "2030-01-01").is_empty());
    }
}
