//! `signer-authority-unlisted`: someone signed for another without a recorded delegation.

use super::prelude::*;
use crate::model::Delegation;
use crate::reference::{Reference, SymbolKind};
use crate::text::{self, NameAgreement, compare_names};

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "signer-authority-unlisted",
        level: Level::Warn,
        scope: Scope::Document,
        title: text("Người ký không có trong bảng ủy quyền", "Signer without a recorded delegation"),
        explanation: text(
            "Có khai báo bảng ủy quyền ký và người ký văn bản với quyền hạn KT., TL., TUQ. hoặc Q. không có dòng nào cho quyền hạn đó, loại văn bản đó và ngày đó. Không khai báo bảng: không xét.",
            "A delegation table is configured, and who signed with KT., TL., TUQ. or Q. has no entry for that authority, document type and day. Without a table nothing is judged.",
        ),
        basis: text(
            "Khoản 1 đến khoản 4 Điều 13 Nghị định 30/2020/NĐ-CP.",
            "Clauses 1 to 4, Article 13 of Decree 30/2020/NĐ-CP.",
        ),
        remedy: text(
            "Lãnh đạo: ghi nhận ủy quyền vào bảng, hoặc trực tiếp ký.",
            "Leader: record the delegation, or sign personally.",
        ),
    },
    run: Run::Document(run),
};

/// Authority before the title, folded and as the table writes it (PL I section II.7.b). TM. is the head
/// signing for a collective body: no delegation.
const PREFIXES: [(&str, &str); 4] = [("kt", "KT."), ("tl", "TL."), ("tuq", "TUQ."), ("q", "Q.")];

fn run(input: &DocumentInput<'_>, findings: &mut Findings<'_>) {
    let Some(delegations) = input.delegations.filter(|_| input.is_issued()) else { return };
    let Some(identity) = input.file.identity() else { return };
    let Some(prefix) = identity.signer_title.as_deref().and_then(authority) else { return };
    let registered = || input.row.and_then(|row| row.signer.as_deref());
    let Some(name) = identity.signer_name.as_deref().or_else(registered) else { return };
    let is_listed = |delegation: &Delegation| {
        delegation.prefix == prefix
            && compare_names(&delegation.name, name) != NameAgreement::Different
            && covers_day(delegation, input)
            && covers_type(delegation, input)
    };
    if delegations.iter().any(is_listed) {
        return;
    }
    findings.add(
        input.subject(),
        Bilingual::new(
            format!("{name} ký {prefix} nhưng không có trong bảng ủy quyền."),
            format!("{name} signed {prefix} without a recorded delegation."),
        ),
    );
}

/// The authority in front of a title: `KT. GIÁM ĐỐC`, `TUQ.GIÁM ĐỐC`, `Q. CHỦ TỊCH`.
fn authority(title: &str) -> Option<&'static str> {
    let folded = text::fold(title);
    let (word, _) = folded.split_once('.')?;
    PREFIXES.iter().find(|(prefix, _)| *prefix == word.trim()).map(|(_, written)| *written)
}

fn covers_day(delegation: &Delegation, input: &DocumentInput<'_>) -> bool {
    let Some(day) = input.class.date else { return true };
    delegation.valid_from.is_none_or(|first| first <= day) && delegation.valid_to.is_none_or(|last| day <= last)
}

/// By abbreviation of the type; `CV` stands for công văn, which has none. An unknown type is covered.
fn covers_type(delegation: &Delegation, input: &DocumentInput<'_>) -> bool {
    let is_agency = |code: &str| input.organisations.is_agency_code(code);
    let Some(reference) = &input.class.reference else { return true };
    let kind = match Reference::kind(reference, is_agency).0 {
        SymbolKind::Named(document_type) => document_type.abbreviation(),
        SymbolKind::OfficialLetter => "CV",
        SymbolKind::Licence | SymbolKind::Unknown => return true,
    };
    delegation.types.is_empty() || delegation.types.iter().any(|listed| text::fold(listed) == text::fold(kind))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{Case, agency, day, person};

    fn found(title: &str, change: impl FnOnce(&mut Delegation)) -> usize {
        let mut delegation =
            Delegation { name: "Nguyễn Văn An".into(), prefix: "KT.".into(), ..Delegation::default() };
        change(&mut delegation);
        let case = Case::new().signatures([person(), agency()]).delegations(vec![delegation]);
        case.identity(|identity| identity.signer_title = Some(title.to_owned())).run(&CHECK).len()
    }

    #[test]
    fn another_name_authority_type_or_day_fires() {
        assert_eq!(found("KT. GIÁM ĐỐC PHÓ GIÁM ĐỐC", |delegation| delegation.name = "Lê Văn Cường".into()), 1);
        assert_eq!(found("TUQ. GIÁM ĐỐC", |_| {}), 1);
        assert_eq!(found("KT. GIÁM ĐỐC", |delegation| delegation.types = vec!["QĐ".into()]), 1);
        assert_eq!(found("KT. GIÁM ĐỐC", |delegation| delegation.valid_to = Some(day("2026-10-01"))), 1);
    }

    #[test]
    fn a_listed_signer_the_head_and_no_table_are_silent() {
        assert_eq!(found("KT. GIÁM ĐỐC PHÓ GIÁM ĐỐC", |_| {}), 0);
        assert_eq!(found("KT.GIÁM ĐỐC", |delegation| delegation.types = vec!["QĐ".into(), "CV".into()]), 0);
        assert_eq!(found("GIÁM ĐỐC", |_| {}), 0);
        assert_eq!(found("TM. ỦY BAN NHÂN DÂN", |_| {}), 0);
        let case = Case::new().signatures([person(), agency()]);
        assert!(case.identity(|identity| identity.signer_title = Some("TL. GIÁM ĐỐC".into())).run(&CHECK).is_empty());
    }
}
