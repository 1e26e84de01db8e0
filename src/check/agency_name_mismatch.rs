//! `agency-name-mismatch`: the agency certificate names another organisation than the issuer.

use super::input::is_lost;
use super::prelude::*;
use crate::model::Organisation;
use crate::organisation::NameMatch;
use crate::text;

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "agency-name-mismatch",
        level: Level::Error,
        scope: Scope::Signature,
        title: text("Chữ ký số của cơ quan khác", "Signed in the name of another organisation"),
        explanation: text(
            "Tên (CN) trên chứng thư cơ quan là tên một cơ quan khác với cơ quan ban hành tại ngày văn bản. Trường hợp TUQ. dùng chữ ký số của cơ quan ủy quyền nên không xét. Không so trường O vì trường này là cơ quan cấp trên. Tên cũ của chính cơ quan thuộc mục agency-name-superseded; chữ ký của nơi đăng lại không phải là sai tên.",
            "The CN of the agency certificate names an organisation other than the issuer at the document date. For TUQ. the delegating agency is expected, so nothing is compared. O is not compared: it is the superior. The agency's own former name is agency-name-superseded; a republisher's extra signature is no mismatch.",
        ),
        basis: text(
            "Khoản 3 Điều 13, Điều 32, khoản 2 Điều 33 Nghị định 30/2020/NĐ-CP.",
            "Clause 3, Article 13, Article 32 and clause 2, Article 33 of Decree 30/2020/NĐ-CP.",
        ),
        remedy: text(
            "Văn thư: ký bằng đúng thiết bị của cơ quan; bộ phận CNTT sửa bảng tổ chức nếu sai.",
            "Văn thư: sign with the right token; IT: fix the table.",
        ),
    },
    run: Run::Document(run),
};

fn run(input: &DocumentInput<'_>, findings: &mut Findings<'_>) {
    let Some(own) = input.agency.filter(|_| input.is_main()) else { return };
    let title = input.file.identity().and_then(|identity| identity.signer_title.as_deref()).map(text::fold);
    if title.is_some_and(|title| title.starts_with("tuq")) {
        return;
    }
    let own_row = input.organisations.code(own, input.class.date).organisation();
    let own_name = own_row.map_or(own, |row| row.name.as_str());
    for verdict in input.signatures_of(Role::Agency).filter(|verdict| !is_lost(verdict)) {
        let Some(signer) = verdict.signer.as_deref() else { continue };
        let Some(found) = input.organisations.by_name(signer, input.class.date) else { continue };
        if is_issuer(input, &found, own) {
            continue;
        }
        findings.add(
            &verdict.field,
            Bilingual::new(
                format!("Chữ ký số của \"{signer}\", không phải của \"{own_name}\"."),
                format!("Signed as \"{signer}\", not \"{own_name}\"."),
            ),
        );
    }
}

/// The agency itself, a body below it, or one that it succeeded.
pub(super) fn is_issuer(input: &DocumentInput<'_>, found: &NameMatch<'_>, own: &str) -> bool {
    let code = found.organisation.code.as_str();
    input.organisations.belongs_to(code, own, input.class.date) || succeeded_by(found.organisation, own)
}

/// Whether `own` succeeded `organisation`.
pub(super) fn succeeded_by(organisation: &Organisation, own: &str) -> bool {
    organisation.successors.iter().any(|code| text::fold(code) == text::fold(own))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{Case, agency, person};
    use crate::model::SignatureVerdict;

    fn signed_as(name: &str) -> SignatureVerdict {
        SignatureVerdict { signer: Some(name.into()), ..agency() }
    }

    #[test]
    fn another_body_is_an_error() {
        let found = Case::new().signatures([person(), signed_as("Sở Tài chính tỉnh An Bình")]).run(&CHECK);
        assert_eq!(found.len(), 1);
        assert!(found[0].message.vi.contains("Sở Nội vụ tỉnh An Bình"));
    }

    #[test]
    fn the_agency_its_former_name_and_delegated_signing_are_not() {
        assert!(Case::new().signatures([person(), agency()]).run(&CHECK).is_empty());
        let former = signed_as("Sở Lao động - Thương binh và Xã hội tỉnh An Bình");
        assert!(Case::new().signatures([former]).run(&CHECK).is_empty());
        let delegated = Case::new().signatures([signed_as("Sở Tài chính tỉnh An Bình")]);
        let delegated = delegated.identity(|identity| identity.signer_title = Some("TUQ. GIÁM ĐỐC".into()));
        assert!(delegated.run(&CHECK).is_empty());
    }
}
