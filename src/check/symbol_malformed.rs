//! `symbol-malformed`: number or symbol not written as prescribed.

use super::prelude::*;

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "symbol-malformed",
        level: Level::Warn,
        scope: Scope::Document,
        title: text("Số, ký hiệu sai cách ghi", "Number or symbol malformed"),
        explanation: text(
            "Có dấu cách quanh \"/\" hoặc \"-\", số nhỏ hơn 10 thiếu số 0, dùng dấu gạch khác, chữ Ð thay cho Đ, tên loại sai chữ hoa chữ thường (QyĐ, CTr, TTr), \"CV\" làm tên loại, có năm trong ký hiệu không phải văn bản quy phạm pháp luật.",
            "Spaces around \"/\" or \"-\", no leading zero below 10, another dash, Ð for Đ, a type in the wrong case (QyĐ, CTr, TTr), \"CV\" as a type, a year in a symbol that is not normative.",
        ),
        basis: text(
            "Khoản 3 Mục II Phần I Phụ lục I và Phụ lục III Nghị định 30/2020/NĐ-CP.",
            "Clause 3, Section II, Part I, Appendix I and Appendix III of Decree 30/2020/NĐ-CP.",
        ),
        remedy: text("Văn thư và bộ phận CNTT: sửa mẫu cấp số.", "Văn thư and IT: fix the numbering template."),
    },
    run: Run::Document(run),
};

fn run(input: &DocumentInput<'_>, findings: &mut Findings<'_>) {
    let sources = &input.class.references;
    let Some(reference) = sources.header.as_ref().or(sources.register.as_ref()) else { return };
    if !input.is_main() || !input.is_under_decree_30() || reference.is_regular() {
        return;
    }
    let faults = reference.irregularities.iter().map(|fault| fault.describe()).collect::<Vec<_>>();
    let vi = faults.iter().map(|fault| fault.vi.as_str()).collect::<Vec<_>>().join("; ");
    let en = faults.iter().map(|fault| fault.en.as_str()).collect::<Vec<_>>().join("; ");
    findings.add(
        input.subject(),
        Bilingual::new(
            format!("Ký hiệu \"{reference}\" sai cách ghi: {vi}."),
            format!("Symbol \"{reference}\" malformed: {en}."),
        ),
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{Case, day};
    use crate::reference::Reference;

    fn written(reference: &str) -> Case {
        let reference = Reference::parse(reference).ok();
        Case::new().class(|class| class.references.header = reference)
    }

    #[test]
    fn irregular_writing_warns_since_the_decree() {
        let case = written("5/CV-SNV");
        let found = case.run(&CHECK);
        assert_eq!(found.len(), 1);
        assert!(found[0].message.vi.contains("CV"));
        assert!(case.class(|class| class.date = Some(day("2019-05-06"))).run(&CHECK).is_empty());
    }

    #[test]
    fn regular_writing_is_silent() {
        assert!(written("05/QĐ-SNV").run(&CHECK).is_empty());
        assert!(written("512/SNV-BTXH").run(&CHECK).is_empty());
    }
}
