//! `algorithm-weak`: SHA-1, MD5 or a short key.

use super::input::is_lost;
use super::prelude::*;
use super::settings::ALGORITHM_LIST_FROM;

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "algorithm-weak",
        level: Level::Warn,
        scope: Scope::Signature,
        title: text("Thuật toán yếu", "Weak algorithm"),
        explanation: text(
            "Chữ ký hoặc chứng thư người ký dùng SHA-1, MD5, khóa RSA dưới 2048 bit hoặc khóa EC dưới 256 bit. SHA-1 chỉ là cảnh báo ở mọi thời điểm và chữ ký vẫn được tính là hợp lệ; MD5 và RSA dưới 2048 bit là lỗi đối với văn bản ký từ ngày 15/8/2025. SHA-1 trong dấu thời gian là ghi chú. Trước ngày 15/8/2025 chưa có văn bản để đối chiếu.",
            "The signature or the signer's certificate uses SHA-1, MD5, RSA below 2048 or EC below 256 bits. SHA-1 is a warning at every date and the signature stays valid; MD5 and RSA below 2048 are errors when signed from 2025-08-15. SHA-1 in a timestamp imprint is a note. Before 2025-08-15 no text is at hand to compare with.",
        ),
        basis: text(
            "Áp dụng tương tự, không điều chỉnh chữ ký số chuyên dùng công vụ: mục 1.2, 1.3 Phụ lục I Thông tư 15/2025/TT-BKHCN (theo bản trích công khai, chưa đối chiếu bản gốc).",
            "By analogy, as it does not govern official-duty signatures: items 1.2 and 1.3, Appendix I of Circular 15/2025/TT-BKHCN (from public excerpts, not compared with the original).",
        ),
        remedy: text(
            "Bộ phận CNTT: cập nhật phần mềm ký; lãnh đạo, văn thư đề nghị cấp chứng thư mới nếu khóa ngắn.",
            "IT: update the signing software; leader and văn thư: renew the certificate if the key is short.",
        ),
    },
    run: Run::Document(run),
};

fn run(input: &DocumentInput<'_>, findings: &mut Findings<'_>) {
    for verdict in input.verdicts().filter(|verdict| !is_lost(verdict)) {
        let day = verdict.reference_time.and_then(UnixTime::date_in_vietnam);
        let listed = day.is_some_and(|day| day >= ALGORITHM_LIST_FROM);
        for note in &verdict.notes {
            let level = match note.code.as_str() {
                "algorithm-weak" if is_sha1(&note.detail) || !listed => Level::Warn,
                "algorithm-weak" if is_elliptic(&note.detail) => Level::Warn,
                "algorithm-weak" => Level::Error,
                "timestamp-imprint-sha1" => Level::Info,
                _ => continue,
            };
            let (alg_vi, alg_en) = match note.code.as_str() {
                "timestamp-imprint-sha1" => ("SHA-1 trong dấu thời gian", "SHA-1 in the timestamp"),
                _ => (note.detail.as_str(), note.detail.as_str()),
            };
            let (vi, en) = if listed {
                ("", "")
            } else {
                (
                    " (ký trước ngày 15/8/2025: chưa có văn bản để đối chiếu)",
                    " (signed before 2025-08-15: no list at hand)",
                )
            };
            findings.add_at(
                level,
                &verdict.field,
                Bilingual::new(format!("Thuật toán yếu: {alg_vi}{vi}."), format!("Weak algorithm: {alg_en}{en}.")),
            );
        }
    }
}

fn is_sha1(algorithm: &str) -> bool {
    let plain = algorithm.to_ascii_lowercase().replace('-', "");
    plain.contains("sha1") && !plain.contains("md5")
}

fn is_elliptic(algorithm: &str) -> bool {
    algorithm.to_ascii_lowercase().contains("ec")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{Case, noted, person, undecided};

    fn levels(verdict: crate::model::SignatureVerdict) -> Vec<Level> {
        Case::new().signatures([verdict]).run(&CHECK).iter().map(|finding| finding.level).collect()
    }

    #[test]
    fn sha1_warns_at_every_date_and_md5_is_an_error_since_the_list() {
        assert_eq!(levels(noted(person(), "algorithm-weak", "SHA-1")), [Level::Warn]);
        assert_eq!(levels(noted(person(), "algorithm-weak", "MD5")), [Level::Error]);
        assert_eq!(levels(noted(person(), "algorithm-weak", "RSA-1024")), [Level::Error]);
        let mut early = noted(person(), "algorithm-weak", "MD5");
        early.reference_time = Some(UnixTime(1_600_000_000));
        assert_eq!(levels(early), [Level::Warn]);
        assert_eq!(levels(noted(person(), "timestamp-imprint-sha1", "")), [Level::Info]);
    }

    #[test]
    fn is_silent_without_a_note_and_on_altered_bytes() {
        assert!(levels(person()).is_empty());
        let lost = undecided(noted(person(), "algorithm-weak", "SHA-1"), "document-resaved-after-signing");
        assert!(levels(lost).is_empty());
    }
}
