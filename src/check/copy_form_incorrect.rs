//! `copy-form-incorrect`: an electronic copy (SAO Y, SAO LỤC, TRÍCH SAO) that does not meet the form.

use super::attachment_signature_form::{agency_appearance, form_faults, report};
use super::prelude::*;
use crate::model::Content;
use crate::text;

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "copy-form-incorrect",
        level: Level::Warn,
        scope: Scope::Document,
        title: text("Bản sao điện tử sai quy cách", "Electronic copy does not meet the form"),
        explanation: text(
            "Tệp là bản sao (SAO Y, SAO LỤC, TRÍCH SAO) hoặc bản quét chỉ có chữ ký của cơ quan, nhưng chữ ký không ở trang đầu, có hình ảnh, hoặc phần chữ thiếu hình thức sao, tên cơ quan hay thời gian ký theo ISO 8601. Bản sao không có chữ ký số của cơ quan là lỗi. Độ phân giải và màu của bản quét không được kiểm tra.",
            "The file is a copy (SAO Y, SAO LỤC, TRÍCH SAO) or a scan signed by the agency alone, but the signature is not on page 1, shows an image, or its text lacks the form of copy, the agency or an ISO 8601 time. A copy without the agency's signature is an error. Resolution and colour of the scan are not examined.",
        ),
        basis: text(
            "Điểm c khoản 1 Điều 25 và Mục I Phần II Phụ lục I Nghị định 30/2020/NĐ-CP.",
            "Point c, clause 1, Article 25 and Section I, Part II, Appendix I of Decree 30/2020/NĐ-CP.",
        ),
        remedy: text("Văn thư: quét và ký lại.", "Văn thư: scan and sign again."),
    },
    run: Run::Document(run),
};

fn run(input: &DocumentInput<'_>, findings: &mut Findings<'_>) {
    if !input.is_main() || !matches!(input.file.facts.map(|facts| &facts.content), Some(Content::Pdf(_))) {
        return;
    }
    let copy = input.file.identity().is_some_and(|identity| identity.copy_form.is_some());
    let signed = input.signatures().next().is_some();
    let by_agency_alone = signed && input.signatures().all(|verdict| verdict.role == Role::Agency);
    if copy && (!signed || input.lacks(Role::Agency)) {
        findings.add_at(
            Level::Error,
            input.subject(),
            Bilingual::new(
                "Bản sao điện tử không có chữ ký số của cơ quan.",
                "Electronic copy lacks the agency signature.",
            ),
        );
        return;
    }
    if !(copy || (input.file.is_scan() && by_agency_alone)) {
        return;
    }
    let Some(appearance) = agency_appearance(input) else { return };
    let mut details = form_faults(appearance);
    let folded = text::fold(&appearance.text);
    if !["sao y", "sao lục", "trích sao"].iter().any(|form| folded.contains(form)) {
        details.push(("thiếu hình thức sao", "no form of copy"));
    }
    let signer = input.signatures_of(Role::Agency).next().and_then(|verdict| verdict.signer.as_deref());
    if signer.is_some_and(|signer| !folded.contains(&text::fold(signer))) {
        details.push(("thiếu tên cơ quan sao", "no name of the agency"));
    }
    report(&details, input, findings, |vi, en| {
        Bilingual::new(
            format!("Bản sao điện tử sai quy cách: {vi}."),
            format!("Electronic copy does not meet the form: {en}."),
        )
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{Case, agency, person};
    use crate::model::CopyForm;

    fn with_text(text: &str) -> Case {
        Case::new().signatures([agency()]).scan().pdf(|pdf| {
            pdf.signatures[0].appearance.as_mut().unwrap().text = text.into();
        })
    }

    #[test]
    fn a_copy_needs_the_agency_and_its_form() {
        let good = "Sao y; Sở Nội vụ tỉnh An Bình; 2026-10-02T08:11:03+07:00";
        assert!(with_text(good).run(&CHECK).is_empty());
        assert_eq!(with_text("Sở Nội vụ tỉnh An Bình").run(&CHECK)[0].level, Level::Warn);
        let unsigned = Case::new().identity(|identity| identity.copy_form = Some(CopyForm::CertifiedCopy));
        assert_eq!(unsigned.run(&CHECK)[0].level, Level::Error);
    }

    #[test]
    fn is_silent_on_originals() {
        assert!(Case::new().signatures([person(), agency()]).run(&CHECK).is_empty());
    }
}
