//! `register-field-mismatch`: register row and file disagree in subject or signer, or a row has no date.

use super::prelude::*;
use super::register::row_about;
use crate::model::{Exclusion, IdentityFacts, RegisterRow};
use crate::text::{self, NameAgreement, compare_names};

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "register-field-mismatch",
        level: Level::Warn,
        scope: Scope::Register,
        title: text("Sổ đăng ký và tệp ghi khác nhau", "Register and file differ"),
        explanation: text(
            "Trích yếu hoặc người ký trong sổ đăng ký khác với trên tệp (sau khi chuẩn hóa chữ viết); hoặc dòng trong sổ không có ngày đọc được nên không thuộc kỳ báo cáo nào. Số, ký hiệu, ngày khác nhau thuộc mục number-source-conflict.",
            "Subject or signer differ between register row and file (after normalising), or a row has no readable date, so that it belongs to no period. Number, symbol and date are number-source-conflict.",
        ),
        basis: text("Khoản 1 Điều 16 Nghị định 30/2020/NĐ-CP.", "Clause 1, Article 16 of Decree 30/2020/NĐ-CP."),
        remedy: text("Văn thư: sửa sổ đăng ký.", "Văn thư: correct the register."),
    },
    run: Run::Archive(run),
};

fn run(input: &ArchiveInput<'_>, findings: &mut Findings<'_>) {
    for (at, (classed, row)) in input.records.rows.iter().zip(input.rows).enumerate() {
        if classed.exclusion == Some(Exclusion::Secret) {
            continue;
        }
        if classed.date.is_none() {
            findings.add_about(
                Level::Warn,
                &classed.reference,
                row_about(classed),
                Bilingual::new(
                    format!("Sổ ghi {} không có ngày tháng đọc được: không thuộc kỳ nào.", classed.reference),
                    format!("Register row {} has no readable date: it belongs to no period.", classed.reference),
                ),
            );
        }
        let document = input.records.row_documents.get(at).copied().flatten();
        let identity = document.and_then(|document| input.files.get(document)).and_then(|file| file.identity());
        let Some(identity) = identity else { continue };
        for (field_vi, field_en, left, right) in differences(row, identity) {
            findings.add_about(
                Level::Warn,
                &classed.reference,
                row_about(classed),
                Bilingual::new(
                    format!("Sổ ghi {field_vi} \"{left}\", tệp ghi \"{right}\"."),
                    format!("Register {field_en} \"{left}\", file \"{right}\"."),
                ),
            );
        }
    }
}

fn differences<'a>(
    row: &'a RegisterRow,
    identity: &'a IdentityFacts,
) -> Vec<(&'static str, &'static str, &'a str, &'a str)> {
    let mut found = Vec::new();
    if let (Some(left), Some(right)) = (row.subject.as_deref(), identity.subject.as_deref())
        && !same_subject(left, right)
    {
        found.push(("trích yếu", "subject", left, right));
    }
    if let (Some(left), Some(right)) = (row.signer.as_deref(), identity.signer_name.as_deref())
        && !left.trim().is_empty()
        && compare_names(left, right) == NameAgreement::Different
    {
        found.push(("người ký", "signer", left, right));
    }
    found
}

/// Registers put the type in front ("Quyết định về việc …") and shorten; pages break and repeat. One text
/// within the other is the same subject.
pub(super) fn same_subject(left: &str, right: &str) -> bool {
    let key = |text: &str| text::ascii_fold(&text::prose_key(text));
    let (left, right) = (key(left), key(right));
    let lead = |text: &str| text.strip_prefix("ve viec ").map_or_else(|| text.to_owned(), str::to_owned);
    left.is_empty() || right.is_empty() || left.contains(&lead(&right)) || right.contains(&lead(&left))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{ArchiveCase, agency, person};

    fn found(change: impl FnOnce(&mut RegisterRow)) -> Vec<String> {
        let case = ArchiveCase::new().file("documents/BTXH/512-SNV-BTXH.pdf", [person(), agency()]).row_with(
            "512/SNV-BTXH",
            "2026-10-02",
            change,
        );
        case.run(&CHECK).into_iter().map(|finding| finding.message.vi).collect()
    }

    #[test]
    fn subject_and_signer_are_compared_after_normalising() {
        assert!(found(|row| row.signer = Some("Ông NGUYỄN VĂN AN".into())).is_empty());
        assert!(found(|row| row.subject = Some("Công văn rà soát đối tượng bảo trợ xã hội".into())).is_empty());
        assert_eq!(found(|row| row.subject = Some("Chi trả trợ cấp".into())).len(), 1);
        assert_eq!(found(|row| row.signer = Some("Lê Văn Cường".into())).len(), 1);
    }

    #[test]
    fn a_row_without_any_date_is_reported() {
        let case = ArchiveCase::new().row_with("512/SNV-BTXH", "2026-10-02", |row| row.date = None);
        assert!(case.run(&CHECK)[0].message.vi.contains("không thuộc kỳ nào"));
    }
}
