//! `signature-order-wrong`: the agency signed before the authorised person.

use super::input::is_lost;
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "signature-order-wrong",
        level: Level::Error,
        scope: Scope::Document,
        title: text("Cơ quan ký trước người có thẩm quyền", "Agency signed before the authorised person"),
        explanation: text(
            "Mọi chữ ký của cơ quan nằm ở phiên bản trước chữ ký cuối cùng của người có thẩm quyền. Xét theo thứ tự phiên bản trong tệp, không theo giờ ghi. Các chữ ký cơ quan dùng để điền số, ngày, tháng, đóng dấu và ký phụ lục được coi là một bước. Không áp dụng cho bản sao do cơ quan thực hiện. Văn bản không vì thế mà bị loại khỏi tỷ lệ.",
            "Every agency signature lies in a revision before the last person signature. The order of revisions decides, not the recorded times. Agency signatures for number, day, month, seal and appendix are one step. Not for copies the agency made. It does not take the document out of the rates.",
        ),
        basis: text(
            "Điều 14, điểm d khoản 2 Điều 32 Nghị định 30/2020/NĐ-CP.",
            "Article 14 and point d, clause 2, Article 32 of Decree 30/2020/NĐ-CP.",
        ),
        remedy: text(
            "Văn thư: chỉ ký sau khi lãnh đạo đã ký; làm lại từ tệp lãnh đạo đã ký.",
            "Văn thư: sign only after the leader; redo from the leader-signed file.",
        ),
    },
    run: Run::Document(run),
};

fn run(input: &DocumentInput<'_>, findings: &mut Findings<'_>) {
    let copy = input.file.identity().is_some_and(|identity| identity.copy_form.is_some());
    // A range that no longer fits the file says nothing about its place in it.
    if copy || !input.is_issued() || input.signatures().any(is_lost) {
        return;
    }
    let end_of_last = |role| {
        let ends = input.signatures_of(role).filter_map(|verdict| range_end(&verdict.byte_range));
        ends.max()
    };
    let (Some(person), Some(agency)) = (end_of_last(Role::Person), end_of_last(Role::Agency)) else { return };
    if agency < person {
        findings.add(
            input.subject(),
            Bilingual::new("Cơ quan ký trước người có thẩm quyền.", "Agency signed before the authorised person."),
        );
    }
}

/// Offset behind the last byte that a range covers.
fn range_end(values: &[i64]) -> Option<i64> {
    let (length, rest) = values.split_last()?;
    rest.last()?.checked_add(*length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{Case, agency, at_end, person, undecided};

    #[test]
    fn fires_when_every_agency_signature_precedes_the_person() {
        let found = Case::new().signatures([at_end(agency(), 100), at_end(person(), 200)]).run(&CHECK);
        assert_eq!(found.len(), 1);
    }

    #[test]
    fn number_and_seal_around_the_person_are_one_step() {
        let signatures = [at_end(agency(), 100), at_end(person(), 200), at_end(agency(), 300)];
        assert!(Case::new().signatures(signatures).run(&CHECK).is_empty());
        assert!(Case::new().signatures([at_end(person(), 100), at_end(agency(), 200)]).run(&CHECK).is_empty());
    }

    #[test]
    fn a_resaved_file_says_nothing_about_order() {
        let resaved = undecided(at_end(person(), 200), "document-resaved-after-signing");
        assert!(Case::new().signatures([at_end(agency(), 100), resaved]).run(&CHECK).is_empty());
    }
}
