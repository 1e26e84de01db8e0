//! `certificate-path-incomplete`: the issuer's certificate is not at hand.

use super::input::has_cause;
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "certificate-path-incomplete",
        level: Level::Indeterminate,
        scope: Scope::Signature,
        title: text("Chưa dựng được đường dẫn chứng thực", "Certificate path incomplete"),
        explanation: text(
            "Không tìm thấy chứng thư của nơi cấp trong chữ ký và trong thư mục chứng thư của đơn vị. Nơi cấp được đối chiếu bằng khóa, không bằng tên; chứng thư gốc đi kèm trong dấu thời gian không được coi là gốc tin cậy. Chữ ký chỉ mang chứng thư người ký là bình thường.",
            "The issuer's certificate is neither in the signature nor in the operator's trust folder. Issuers are matched by key, never by name; a root carried in a timestamp token is no anchor. A signature that carries only the signer's certificate is normal.",
        ),
        basis: text("Kỹ thuật: RFC 5280, mục 6.", "Technical: RFC 5280, section 6."),
        remedy: text(
            "Bộ phận CNTT: bổ sung chứng thư của nơi cấp vào thư mục tin cậy rồi chạy lại.",
            "IT: add the issuing CA certificate to the trust folder and run again.",
        ),
    },
    run: Run::Document(run),
};

fn run(input: &DocumentInput<'_>, findings: &mut Findings<'_>) {
    for verdict in input.verdicts().filter(|verdict| has_cause(verdict, CHECK.meta.id)) {
        let issuer = verdict.issuer.as_deref();
        findings.add(
            &verdict.field,
            Bilingual::new(
                format!(
                    "Thiếu chứng thư của {}, chưa dựng được đường dẫn; chưa đủ căn cứ kết luận hợp lệ.",
                    issuer.unwrap_or("nơi cấp")
                ),
                format!("Issuer {} missing; path not built.", issuer.unwrap_or("certificate")),
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{Case, person, undecided};

    #[test]
    fn fires_on_its_cause_only() {
        let verdict = undecided(person(), "certificate-path-incomplete");
        assert_eq!(Case::new().signatures([verdict]).run(&CHECK)[0].level, Level::Indeterminate);
        assert!(Case::new().signatures([person()]).run(&CHECK).is_empty());
    }
}
