//! `signer-name-mismatch`: the person who signed is not the one the document or register names.

use super::input::is_lost;
use super::prelude::*;
use crate::text::{NameAgreement, compare_names};

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "signer-name-mismatch",
        level: Level::Error,
        scope: Scope::Document,
        title: text("Người ký số khác người ký ghi trên văn bản", "Digital signer differs from the named signer"),
        explanation: text(
            "Họ tên trên chứng thư của người ký cuối khác họ tên ở phần chữ ký của văn bản và khác cột Người ký của sổ đăng ký. Trường hợp KT., TL., TUQ. so với người trực tiếp ký. Chỉ khác do chứng thư không dấu thì là thông tin.",
            "The full name in the last person's certificate differs from the name in the signature block, or from register column 4 when the document names nobody. For KT., TL., TUQ. the acting person is compared. A match without diacritics is information.",
        ),
        basis: text(
            "Khoản 7 Mục II Phần I Phụ lục I Nghị định 30/2020/NĐ-CP.",
            "Clause 7, Section II, Part I, Appendix I of Decree 30/2020/NĐ-CP.",
        ),
        remedy: text(
            "Văn thư: sửa sổ đăng ký; lãnh đạo ký lại nếu dùng nhầm thiết bị.",
            "Văn thư: correct the register; leader signs again if the wrong token was used.",
        ),
    },
    run: Run::Document(run),
};

fn run(input: &DocumentInput<'_>, findings: &mut Findings<'_>) {
    if !input.is_issued() {
        return;
    }
    // Initials come first, so the person named below the text may be any of the signers.
    let signers = input.signatures_of(Role::Person).filter(|verdict| !is_lost(verdict));
    let signers = signers.filter_map(|verdict| verdict.signer.as_deref()).collect::<Vec<_>>();
    let Some(last) = signers.last() else { return };
    let printed = input.file.identity().and_then(|identity| identity.signer_name.as_deref());
    let registered = input.row.and_then(|row| row.signer.as_deref());
    let Some(named) = printed.or(registered).map(str::trim).filter(|name| !name.is_empty()) else { return };
    let best = signers.iter().map(|signer| compare_names(signer, named)).max();
    let (level, vi, en) = match best {
        Some(NameAgreement::Same) | None => return,
        Some(NameAgreement::WithoutDiacritics) => (Level::Info, " (chỉ khác dấu)", " (differs in diacritics only)"),
        Some(NameAgreement::Different) => (Level::Error, "", ""),
    };
    findings.add_at(
        level,
        input.subject(),
        Bilingual::new(
            format!("Người ký số \"{last}\" khác người ký ghi trên văn bản \"{named}\"{vi}."),
            format!("Digital signer \"{last}\" differs from named signer \"{named}\"{en}."),
        ),
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{Case, agency, person};

    fn named(name: &str) -> Vec<Level> {
        let case = Case::new().signatures([person(), agency()]);
        let case = case.identity(|identity| identity.signer_name = Some(name.to_owned()));
        case.run(&CHECK).iter().map(|finding| finding.level).collect()
    }

    #[test]
    fn another_name_is_an_error_and_lost_diacritics_are_information() {
        assert_eq!(named("Trần Thị Bình"), [Level::Error]);
        assert_eq!(named("NGUYEN VAN AN"), [Level::Info]);
    }

    #[test]
    fn titles_and_case_do_not_matter() {
        assert!(named("ThS. NGUYỄN VĂN AN").is_empty());
        assert!(Case::new().signatures([person(), agency()]).run(&CHECK).is_empty());
    }

    #[test]
    fn the_register_is_compared_when_the_page_names_nobody() {
        let case = Case::new().signatures([person(), agency()]);
        assert_eq!(case.clone().row(|row| row.signer = Some("Lê Văn Cường".into())).run(&CHECK).len(), 1);
        assert!(case.row(|row| row.signer = Some("Nguyễn Văn An".into())).run(&CHECK).is_empty());
    }
}
