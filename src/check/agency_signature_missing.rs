//! `agency-signature-missing`: no signature of the agency on an issued document.

use super::prelude::*;
use super::seal_image_without_agency_signature::seal_shown;

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "agency-signature-missing",
        level: Level::Error,
        scope: Scope::Document,
        title: text("Thiếu chữ ký số của cơ quan", "Agency signature is missing"),
        explanation: text(
            "Văn bản đã phát hành có chữ ký số nhưng không có chữ ký số của cơ quan. Nếu có hình con dấu thì báo theo mục seal-image-without-agency-signature; nếu chỉ có chữ ký của nơi đăng lại thì báo theo mục republisher-signature-only.",
            "An issued document carries digital signatures but none of the agency. With a seal image it is reported as seal-image-without-agency-signature; with a republisher's signature alone as republisher-signature-only.",
        ),
        basis: text(
            "Khoản 1 Điều 5, khoản 3 Điều 14, khoản 2 Điều 17 Nghị định 30/2020/NĐ-CP.",
            "Clause 1, Article 5, clause 3, Article 14 and clause 2, Article 17 of Decree 30/2020/NĐ-CP.",
        ),
        remedy: text("Văn thư: ký số của cơ quan bằng thiết bị của cơ quan.", "Văn thư: sign with the agency token."),
    },
    run: Run::Document(run),
};

fn run(input: &DocumentInput<'_>, findings: &mut Findings<'_>) {
    let copy = input.file.identity().is_some_and(|identity| identity.copy_form.is_some());
    let signed = input.signatures().next().is_some();
    if input.is_issued() && signed && !copy && input.lacks(Role::Agency) && seal_shown(input).is_none() {
        findings.add(input.subject(), Bilingual::new("Thiếu chữ ký số của cơ quan.", "Agency signature is missing."));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{Case, agency, person};

    #[test]
    fn fires_when_only_a_person_signed() {
        assert_eq!(Case::new().signatures([person()]).run(&CHECK).len(), 1);
        assert!(Case::new().signatures([person(), agency()]).run(&CHECK).is_empty());
    }

    #[test]
    fn gives_way_to_the_seal_image() {
        assert!(Case::new().signatures([person()]).seal_in_appearance(0).run(&CHECK).is_empty());
    }
}
