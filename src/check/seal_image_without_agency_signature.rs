//! `seal-image-without-agency-signature`: the agency's seal is shown by a signature that is not the agency's.

use super::prelude::*;
use crate::model::SignatureVerdict;

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "seal-image-without-agency-signature",
        level: Level::Error,
        scope: Scope::Document,
        title: text("Có hình con dấu nhưng không có chữ ký số của cơ quan", "Seal image without agency signature"),
        explanation: text(
            "Tệp có chữ ký số nhưng không có chữ ký của cơ quan, trong khi hình hiển thị của chữ ký cá nhân là đúng hình con dấu thường đi với chữ ký số của cơ quan (so theo mã băm của ảnh). Thay cho agency-signature-missing. Chưa rõ người ký là cá nhân hay cơ quan thì kết quả là chưa xác định.",
            "The file has signatures but none of the agency, while a person's signature shows the very seal image that goes with the agency's signatures elsewhere (compared by image hash). Replaces agency-signature-missing. With an unclassified signer the result is indeterminate.",
        ),
        basis: text(
            "Khoản 1 Điều 5, điểm c, điểm d khoản 2 Điều 32, khoản 8 Mục II Phần I Phụ lục I Nghị định 30/2020/NĐ-CP.",
            "Clause 1, Article 5, points c and d, clause 2, Article 32, clause 8, Section II, Part I, Appendix I of Decree 30/2020/NĐ-CP.",
        ),
        remedy: text(
            "Văn thư: ký bằng thiết bị của cơ quan; thiết bị của lãnh đạo không dùng để đóng dấu.",
            "Văn thư: sign with the agency token; the leader's token never applies the seal.",
        ),
    },
    run: Run::Document(run),
};

/// A signature that shows the agency's seal in a file without any agency signature.
pub(super) fn seal_shown<'a>(input: &DocumentInput<'a>) -> Option<&'a SignatureVerdict> {
    if input.signatures_of(Role::Agency).next().is_some() {
        return None;
    }
    let facts = &input.file.pdf()?.signatures;
    input.signatures().find(|verdict| {
        facts
            .iter()
            .filter(|facts| facts.field == verdict.field)
            .filter_map(|facts| facts.appearance.as_ref())
            .any(|appearance| appearance.images.iter().any(|image| input.seals.contains(image)))
    })
}

fn run(input: &DocumentInput<'_>, findings: &mut Findings<'_>) {
    if !input.is_issued() {
        return;
    }
    let Some(verdict) = seal_shown(input) else { return };
    let level = if verdict.role == Role::Unknown { Level::Indeterminate } else { Level::Error };
    let signer = verdict.signer.as_deref().unwrap_or("?");
    findings.add_at(
        level,
        input.subject(),
        Bilingual::new(
            format!("Có hình con dấu nhưng không có chữ ký số của cơ quan (ký bằng chứng thư của \"{signer}\")."),
            format!("Seal image present, but no agency signature (signed with the certificate of \"{signer}\")."),
        ),
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{Case, agency, person, unknown};

    #[test]
    fn fires_on_the_seal_in_a_persons_signature() {
        let found = Case::new().signatures([person()]).seal_in_appearance(0).run(&CHECK);
        assert_eq!(found[0].level, Level::Error);
        let unclassified = Case::new().signatures([unknown()]).seal_in_appearance(0).run(&CHECK);
        assert_eq!(unclassified[0].level, Level::Indeterminate);
    }

    #[test]
    fn is_silent_with_an_agency_signature_or_another_image() {
        assert!(Case::new().signatures([person(), agency()]).seal_in_appearance(0).run(&CHECK).is_empty());
        assert!(Case::new().signatures([person()]).run(&CHECK).is_empty());
    }
}
