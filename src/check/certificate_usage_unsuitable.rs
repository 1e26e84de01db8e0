//! `certificate-usage-unsuitable`: the certificate is not meant for signing.

use super::input::has_cause;
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "certificate-usage-unsuitable",
        level: Level::Error,
        scope: Scope::Signature,
        title: text("Chứng thư không dùng để ký văn bản", "Certificate not meant for signing"),
        explanation: text(
            "Chứng thư có KeyUsage nhưng không có digitalSignature lẫn nonRepudiation, hoặc là chứng thư của nơi cấp (CA). Không đòi hỏi mục đích sử dụng mở rộng riêng cho ký văn bản; chỉ có nonRepudiation cũng được; không có chức danh không phải lỗi.",
            "The certificate has a KeyUsage with neither digitalSignature nor nonRepudiation, or belongs to a CA. A document-signing extended usage is not required, nonRepudiation alone is fine, a missing job title is no finding.",
        ),
        basis: text(
            "Kỹ thuật; điểm b khoản 1 Điều 31 Nghị định 68/2024/NĐ-CP (theo bản trích công khai, chưa đối chiếu bản gốc).",
            "Technical; point b, clause 1, Article 31 of Decree 68/2024/NĐ-CP (from public excerpts, not compared with the original).",
        ),
        remedy: text(
            "Người ký và bộ phận CNTT: dùng đúng chứng thư để ký.",
            "Signer and IT: use the signing certificate.",
        ),
    },
    run: Run::Document(run),
};

fn run(input: &DocumentInput<'_>, findings: &mut Findings<'_>) {
    for verdict in input.verdicts().filter(|verdict| has_cause(verdict, CHECK.meta.id)) {
        let usage = verdict.notes.iter().find(|note| note.code == CHECK.meta.id).map(|note| note.detail.as_str());
        let (vi, en) = match usage {
            Some(usage) => (
                format!("Chứng thư không dùng để ký văn bản (KeyUsage {usage})."),
                format!("Certificate not meant for signing (KeyUsage {usage})."),
            ),
            None => ("Chứng thư không dùng để ký văn bản.".to_owned(), "Certificate not meant for signing.".to_owned()),
        };
        findings.add(&verdict.field, Bilingual::new(vi, en));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{Case, failed, person};

    #[test]
    fn fires_on_its_cause_only() {
        let verdict = failed(person(), "certificate-usage-unsuitable");
        assert_eq!(Case::new().signatures([verdict]).run(&CHECK).len(), 1);
        assert!(Case::new().signatures([person()]).run(&CHECK).is_empty());
    }
}
