//! `signer-role-unknown`: neither a known organisation nor a plausible personal name.

use super::input::is_lost;
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "signer-role-unknown",
        level: Level::Indeterminate,
        scope: Scope::Signature,
        title: text("Chưa phân loại được người ký", "Signer not classified"),
        explanation: text(
            "Tên trên chứng thư không trùng tên cơ quan nào còn hiệu lực tại ngày ký trong bảng tổ chức, cũng không giống họ tên người Việt, và không có khai báo riêng cho chứng thư này.",
            "The name on the certificate matches no organisation valid at that date and no plausible personal name, and no override exists for the certificate.",
        ),
        basis: text(
            "Quy ước của công cụ: chứng thư không có dấu hiệu chính thức phân biệt cá nhân với cơ quan.",
            "This tool's definition: nothing formal in a certificate separates person from agency.",
        ),
        remedy: text(
            "Bộ phận CNTT: bổ sung cơ quan vào bảng tổ chức hoặc khai báo vai trò theo mã SHA-256 của chứng thư.",
            "IT: add the organisation to the table or declare the role by the certificate's SHA-256.",
        ),
    },
    run: Run::Document(run),
};

fn run(input: &DocumentInput<'_>, findings: &mut Findings<'_>) {
    if !matches!(input.class.kind, DocumentKind::Main | DocumentKind::Attachment(_)) {
        return;
    }
    for verdict in input.signatures_of(Role::Unknown).filter(|verdict| !is_lost(verdict)) {
        let Some(signer) = verdict.signer.as_deref() else { continue };
        findings.add(
            &verdict.field,
            Bilingual::new(
                format!("Chưa phân loại được người ký \"{signer}\" (cá nhân/cơ quan)."),
                format!("Signer \"{signer}\" not classified (person/agency)."),
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{Case, person, unknown};

    #[test]
    fn fires_on_an_unclassified_signer_only() {
        assert_eq!(Case::new().signatures([unknown()]).run(&CHECK)[0].level, Level::Indeterminate);
        assert!(Case::new().signatures([person()]).run(&CHECK).is_empty());
    }
}
