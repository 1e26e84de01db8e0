//! `signature-encoding-nonstandard`: right, but encoded in a way other verifiers may refuse.

use super::input::is_lost;
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "signature-encoding-nonstandard",
        level: Level::Warn,
        scope: Scope::Signature,
        title: text("Chữ ký đúng nhưng mã hóa khác chuẩn", "Signature right but oddly encoded"),
        explanation: text(
            "Chữ ký chỉ kiểm chứng được theo một trong hai ngoại lệ đã gặp trên chữ ký thật: DigestInfo của RSA thiếu tham số NULL, hoặc ECDSA ghi thuật toán là id-ecPublicKey. Vẫn tính là hợp lệ, nhưng phần mềm khác có thể báo không hợp lệ. Mã hóa BER không xác định độ dài và thuộc tính phụ không đọc được chỉ là ghi chú.",
            "The signature verifies only under one of two exact tolerances met on genuine signatures: an RSA DigestInfo without NULL, or ECDSA named id-ecPublicKey. It counts as valid, but other verifiers may refuse it. BER of indefinite length and undecodable unsigned attributes are notes.",
        ),
        basis: text(
            "Kỹ thuật (đo trên chữ ký thật): RFC 8017 yêu cầu tham số NULL.",
            "Technical (measured on genuine signatures): RFC 8017 asks for the NULL.",
        ),
        remedy: text(
            "Bộ phận CNTT: phản ánh với đơn vị cung cấp phần mềm ký.",
            "IT: report it to the maker of the signing software.",
        ),
    },
    run: Run::Document(run),
};

fn run(input: &DocumentInput<'_>, findings: &mut Findings<'_>) {
    for verdict in input.verdicts().filter(|verdict| !is_lost(verdict)) {
        for note in &verdict.notes {
            let (level, vi, en) = match note.code.as_str() {
                "rsa-digest-info-without-null" => {
                    (Level::Warn, "DigestInfo RSA thiếu NULL", "RSA DigestInfo without NULL")
                }
                "ecdsa-named-by-key" => (Level::Warn, "ECDSA ghi là id-ecPublicKey", "ECDSA named id-ecPublicKey"),
                "ber-indefinite-length" => (Level::Info, "BER không xác định độ dài", "BER of indefinite length"),
                "undecoded-unsigned-attribute" => {
                    (Level::Info, "thuộc tính phụ không đọc được", "an unsigned attribute that cannot be decoded")
                }
                _ => continue,
            };
            let (tail_vi, tail_en) = match level {
                Level::Warn => ("; phần mềm khác có thể báo không hợp lệ", "; other verifiers may reject it"),
                _ => ("", ""),
            };
            findings.add_at(
                level,
                &verdict.field,
                Bilingual::new(
                    format!("Chữ ký mã hóa khác chuẩn ({vi}){tail_vi}."),
                    format!("Signature is oddly encoded ({en}){tail_en}."),
                ),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{Case, noted, person};

    #[test]
    fn tolerances_warn_and_harmless_oddities_are_notes() {
        let level = |code| Case::new().signatures([noted(person(), code, "")]).run(&CHECK)[0].level;
        assert_eq!(level("rsa-digest-info-without-null"), Level::Warn);
        assert_eq!(level("ecdsa-named-by-key"), Level::Warn);
        assert_eq!(level("ber-indefinite-length"), Level::Info);
        assert_eq!(level("undecoded-unsigned-attribute"), Level::Info);
    }

    #[test]
    fn is_silent_on_a_regular_signature() {
        assert!(Case::new().signatures([noted(person(), "timestamp-missing", "")]).run(&CHECK).is_empty());
    }
}
