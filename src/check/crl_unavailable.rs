//! `crl-unavailable`: an issuer without a usable revocation list, once per issuer.

use super::input::has_cause;
use super::prelude::*;
use std::collections::BTreeMap;

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "crl-unavailable",
        level: Level::Warn,
        scope: Scope::Archive,
        title: text("Thiếu danh sách thu hồi dùng được", "No usable revocation list"),
        explanation: text(
            "Nơi cấp chứng thư của các chữ ký trong kho không có danh sách thu hồi dùng được trong thư mục của đơn vị: thiếu tệp, chữ ký của danh sách sai, hoặc thời gian của danh sách không phủ các ngày ký. Mỗi nơi cấp một dòng, không theo từng tệp.",
            "An issuer that signed certificates in the archive has no usable CRL in the local folder: missing, signature wrong, or window does not cover the dates needed. One finding per issuer, not per file.",
        ),
        basis: text(
            "Kỹ thuật; trạng thái theo danh sách công bố tại thời điểm ký: khoản 2 Điều 31 Nghị định 68/2024/NĐ-CP, điểm a khoản 1 Điều 8 Thông tư 41/2017/TT-BTTTT (theo bản trích công khai, chưa đối chiếu bản gốc).",
            "Technical; status by the list published at signing: clause 2, Article 31 of Decree 68/2024/NĐ-CP, point a, clause 1, Article 8 of Circular 41/2017/TT-BTTTT (from public excerpts, not compared with the original).",
        ),
        remedy: text(
            "Bộ phận CNTT: chép danh sách thu hồi vào thư mục rồi chạy lại.",
            "IT: copy the CRL into the folder, run again.",
        ),
    },
    run: Run::Archive(run),
};

fn run(input: &ArchiveInput<'_>, findings: &mut Findings<'_>) {
    let mut issuers: BTreeMap<&str, Vec<UnixTime>> = BTreeMap::new();
    for verdict in input.files.iter().flat_map(|file| file.verdicts).filter(|v| has_cause(v, "revocation-unknown")) {
        issuers.entry(verdict.issuer.as_deref().unwrap_or("?")).or_default().extend(verdict.reference_time);
    }
    for (issuer, times) in issuers {
        let day = |time: Option<&UnixTime>| time.and_then(|time| time.date_in_vietnam());
        let (first, last) = (day(times.iter().min()), day(times.iter().max()));
        let (vi, en) = match (first, last) {
            (Some(first), Some(last)) => (
                format!(
                    "Thiếu danh sách thu hồi dùng được của {issuer} cho giai đoạn {}–{}.",
                    first.day_first(),
                    last.day_first()
                ),
                format!("No usable CRL of {issuer} for {first} to {last}."),
            ),
            _ => (format!("Thiếu danh sách thu hồi dùng được của {issuer}."), format!("No usable CRL of {issuer}.")),
        };
        findings.add(issuer, Bilingual::new(vi, en));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{ArchiveCase, person, undecided, unix};

    #[test]
    fn one_finding_per_issuer_with_its_days() {
        let first = undecided(person(), "revocation-unknown");
        let mut last = first.clone();
        last.reference_time = Some(unix("2026-10-20"));
        let found = ArchiveCase::new().file("a.pdf", [first]).file("b.pdf", [last]).run(&CHECK);
        assert_eq!(found.len(), 1);
        assert!(found[0].message.vi.contains("02/10/2026–20/10/2026"), "{}", found[0].message.vi);
    }

    #[test]
    fn is_silent_when_lists_answer() {
        assert!(ArchiveCase::new().file("a.pdf", [person()]).run(&CHECK).is_empty());
    }
}
