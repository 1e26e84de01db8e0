//! `certificate-untrusted`: a complete path to something that is no trust anchor.

use super::input::has_cause;
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "certificate-untrusted",
        level: Level::Error,
        scope: Scope::Signature,
        title: text("Chứng thư không thuộc hệ thống tin cậy", "Certificate does not chain to a trusted root"),
        explanation: text(
            "Đường dẫn chứng thực kết thúc ở một chứng thư tự ký hoặc ở chứng thư gốc không phải gốc chuyên dùng công vụ, cũng không phải gốc công cộng; hoặc tên nơi cấp giống nơi cấp đã biết nhưng khóa không phải của nơi cấp đó. Không bao giờ đòi hỏi chữ ký số chuyên dùng công vụ phải dẫn tới gốc quốc gia.",
            "The path ends at a self-signed certificate or at a root that is neither specialised nor public, or the issuer's name is known but its key did not sign (look-alike issuers exist). The national public root is never required of a specialised chain.",
        ),
        basis: text(
            "Khoản 2 Điều 5 Nghị định 30/2020/NĐ-CP; điểm đ khoản 3 Điều 22 Luật Giao dịch điện tử số 20/2023/QH15; Điều 31, Điều 32 Nghị định 68/2024/NĐ-CP (theo bản trích công khai, chưa đối chiếu bản gốc).",
            "Clause 2, Article 5 of Decree 30/2020/NĐ-CP; point đ, clause 3, Article 22 of Law 20/2023/QH15; Articles 31 and 32 of Decree 68/2024/NĐ-CP (from public excerpts, not compared with the original).",
        ),
        remedy: text(
            "Người ký: dùng đúng thiết bị ký số được cấp; bộ phận CNTT bổ sung chứng thư gốc nếu còn thiếu.",
            "Signer: use the issued token; IT: add the root if one is missing.",
        ),
    },
    run: Run::Document(run),
};

fn run(input: &DocumentInput<'_>, findings: &mut Findings<'_>) {
    for verdict in input.verdicts().filter(|verdict| has_cause(verdict, CHECK.meta.id)) {
        let lookalike = verdict.notes.iter().any(|note| note.code == "certificate-name-known-key-not");
        let issuer = verdict.issuer.as_deref();
        let (vi, en) = if lookalike {
            (
                format!(
                    "Chứng thư mang tên nơi cấp \"{}\" nhưng không do khóa của nơi đó ký.",
                    issuer.unwrap_or("không rõ")
                ),
                format!(
                    "Certificate names \"{}\" as issuer, but that key did not sign it.",
                    issuer.unwrap_or("unknown")
                ),
            )
        } else {
            (
                format!("Chứng thư không thuộc hệ thống tin cậy ({}).", issuer.unwrap_or("không rõ nơi cấp")),
                format!("Certificate does not chain to a trusted root ({}).", issuer.unwrap_or("unknown issuer")),
            )
        };
        findings.add(&verdict.field, Bilingual::new(vi, en));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{Case, noted, person, undecided};

    #[test]
    fn fires_and_names_a_look_alike_issuer() {
        let untrusted = undecided(person(), "certificate-untrusted");
        let found = Case::new().signatures([untrusted.clone()]).run(&CHECK);
        assert_eq!(found[0].level, Level::Error);
        let lookalike = noted(untrusted, "certificate-name-known-key-not", "");
        assert!(Case::new().signatures([lookalike]).run(&CHECK)[0].message.vi.contains("không do khóa"));
    }

    #[test]
    fn is_silent_on_an_incomplete_path() {
        let verdict = undecided(person(), "certificate-path-incomplete");
        assert!(Case::new().signatures([verdict]).run(&CHECK).is_empty());
    }
}
