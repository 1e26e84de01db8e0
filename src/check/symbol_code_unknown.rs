//! `symbol-code-unknown`: an abbreviation in the symbol that the organisation table does not hold on that day.

use super::prelude::*;
use crate::organisation::CodeStatus;

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "symbol-code-unknown",
        level: Level::Warn,
        scope: Scope::Document,
        title: text("Chữ viết tắt trong ký hiệu không có trong danh mục", "Abbreviation not in the table"),
        explanation: text(
            "Chữ viết tắt tên cơ quan hoặc đơn vị trong ký hiệu không có trong bảng tổ chức tại ngày văn bản, hoặc thuộc dãy đã kết thúc. Không có bảng tổ chức thì không xét.",
            "The agency's or unit's abbreviation in the symbol is not in the organisation table at the document date, or belongs to a closed series. Silent without a table.",
        ),
        basis: text(
            "Điểm b khoản 3 Mục II Phần I Phụ lục I Nghị định 30/2020/NĐ-CP; bảng tổ chức của đơn vị.",
            "Point b, clause 3, Section II, Part I, Appendix I of Decree 30/2020/NĐ-CP; the operator's table.",
        ),
        remedy: text(
            "Bộ phận CNTT: cập nhật bảng tổ chức; văn thư sửa ký hiệu.",
            "IT: update the table; văn thư corrects.",
        ),
    },
    run: Run::Document(run),
};

fn run(input: &DocumentInput<'_>, findings: &mut Findings<'_>) {
    let table = input.organisations;
    let sources = &input.class.references;
    let Some(reference) = sources.header.as_ref().or(sources.register.as_ref()) else { return };
    if !input.is_main() || table.is_empty() {
        return;
    }
    let is_agency = |code: &str| table.is_agency_code(code);
    let codes = [reference.agency_code(is_agency), reference.drafting_unit(is_agency)];
    for code in codes.into_iter().flatten() {
        if matches!(table.code(code, input.class.date), CodeStatus::InForce(_)) {
            continue;
        }
        let (vi, en) = match input.class.date {
            Some(date) => (format!(" tại ngày {}", date.day_first()), format!(" at {date}")),
            None => (String::new(), String::new()),
        };
        findings.add(
            input.subject(),
            Bilingual::new(
                format!("Chữ viết tắt \"{code}\" không có trong danh mục{vi}."),
                format!("Code \"{code}\" not in the table{en}."),
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::Case;
    use crate::reference::Reference;

    fn found(reference: &str) -> usize {
        let reference = Reference::parse(reference).ok();
        Case::new().class(|class| class.references.header = reference).run(&CHECK).len()
    }

    #[test]
    fn unknown_and_closed_codes_warn() {
        assert_eq!(found("512/SNV-KSTT"), 1);
        assert_eq!(found("512/QĐ-SLĐTBXH"), 1);
        assert_eq!(found("512/SNV-BTXH"), 0);
        assert_eq!(found("512/QĐ-SNV"), 0);
    }
}
