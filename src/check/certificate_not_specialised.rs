//! `certificate-not-specialised`: soundly signed with a public certificate.

use super::prelude::*;
use crate::model::{Indication, Trust};

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "certificate-not-specialised",
        level: Level::Error,
        scope: Scope::Signature,
        title: text("Ký bằng chữ ký số công cộng", "Signed with a public certificate"),
        explanation: text(
            "Chữ ký đúng về kỹ thuật nhưng đường dẫn chứng thực dẫn tới gốc công cộng: ký sai loại chứng thư, văn bản yêu cầu chữ ký số chuyên dùng công vụ.",
            "The signature is sound, but its path leads to a public root: the wrong kind of certificate, as official documents require a specialised one.",
        ),
        basis: text(
            "Chỉ đạo của Sở (yêu cầu dùng chữ ký số chuyên dùng); điểm c khoản 1 Điều 22 Luật Giao dịch điện tử số 20/2023/QH15.",
            "The department's directive (specialised signatures demanded); point c, clause 1, Article 22 of Law 20/2023/QH15 on Electronic Transactions.",
        ),
        remedy: text(
            "Người ký: dùng thiết bị ký số chuyên dùng; bộ phận CNTT đề nghị cấp nếu chưa có.",
            "Signer: sign with the specialised token; IT: request one.",
        ),
    },
    run: Run::Document(run),
};

fn run(input: &DocumentInput<'_>, findings: &mut Findings<'_>) {
    if matches!(input.class.kind, DocumentKind::Incoming | DocumentKind::Republished) {
        return;
    }
    for verdict in input.signatures() {
        let sound = verdict.indication == Indication::TotalPassed && verdict.trust == Trust::Public;
        if sound || verdict.notes.iter().any(|note| note.code == CHECK.meta.id) {
            findings.add(
                &verdict.field,
                Bilingual::new(
                    "Ký bằng chữ ký số công cộng, không phải chuyên dùng công vụ.",
                    "Signed with a public certificate, not a specialised one.",
                ),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{Case, person};

    #[test]
    fn fires_on_a_public_root_and_not_on_a_specialised_one() {
        let mut public = person();
        public.trust = Trust::Public;
        assert_eq!(Case::new().signatures([public.clone()]).run(&CHECK).len(), 1);
        assert!(Case::new().signatures([person()]).run(&CHECK).is_empty());
        assert!(Case::new().signatures([public]).kind(DocumentKind::Incoming).run(&CHECK).is_empty());
    }
}
