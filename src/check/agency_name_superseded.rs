//! `agency-name-superseded`: the certificate bears a name that was no longer in force.

use super::agency_name_mismatch::is_issuer;
use super::input::is_lost;
use super::prelude::*;
use crate::organisation::Timing;

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "agency-name-superseded",
        level: Level::Warn,
        scope: Scope::Signature,
        title: text("Chứng thư mang tên cũ của cơ quan", "Certificate bears the agency's former name"),
        explanation: text(
            "Tên trên chứng thư cơ quan đã hết hiệu lực trước ngày văn bản (do sắp xếp tổ chức) và cơ quan kế thừa đã biết. Trên văn bản cũ thì tên cũ là đúng.",
            "The name on the agency certificate ended before the document date (reorganisation) and the successor is known. On an old document the old name is right.",
        ),
        basis: text(
            "Quy ước của công cụ; thời gian hiệu lực của tên cơ quan theo bảng tổ chức của đơn vị (chưa đối chiếu).",
            "This tool's definition; validity of names by the operator's organisation table (not compared).",
        ),
        remedy: text("Bộ phận CNTT: đề nghị cấp chứng thư theo tên mới.", "IT: request a certificate in the new name."),
    },
    run: Run::Document(run),
};

fn run(input: &DocumentInput<'_>, findings: &mut Findings<'_>) {
    let (Some(own), Some(date)) = (input.agency.filter(|_| input.is_main()), input.class.date) else { return };
    for verdict in input.signatures_of(Role::Agency).filter(|verdict| !is_lost(verdict)) {
        let Some(signer) = verdict.signer.as_deref() else { continue };
        let Some(found) = input.organisations.by_name(signer, Some(date)) else { continue };
        if found.timing != Timing::Ended || !is_issuer(input, &found, own) {
            continue;
        }
        let ended = found.organisation.valid_to.unwrap_or(date);
        findings.add(
            &verdict.field,
            Bilingual::new(
                format!("Chứng thư mang tên cũ \"{signer}\" sau ngày {}.", ended.day_first()),
                format!("Certificate bears the former name \"{signer}\" after {ended}."),
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{Case, agency, day};
    use crate::model::SignatureVerdict;

    #[test]
    fn the_former_name_warns_on_new_documents_only() {
        let former = SignatureVerdict {
            signer: Some("Sở Lao động - Thương binh và Xã hội tỉnh An Bình".into()),
            ..agency()
        };
        let case = Case::new().signatures([former]);
        let found = case.run(&CHECK);
        assert_eq!(found[0].level, Level::Warn);
        assert!(found[0].message.vi.contains("28/02/2025"));
        assert!(case.class(|class| class.date = Some(day("2024-05-06"))).run(&CHECK).is_empty());
        assert!(Case::new().signatures([agency()]).run(&CHECK).is_empty());
    }
}
