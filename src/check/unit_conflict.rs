//! `unit-conflict`: sources disagree about the drafting unit, or none names it.

use super::prelude::*;
use crate::text;

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "unit-conflict",
        level: Level::Warn,
        scope: Scope::Document,
        title: text("Đơn vị soạn thảo không thống nhất", "Drafting unit disagrees"),
        explanation: text(
            "Đơn vị soạn thảo theo sổ đăng ký, theo ký hiệu công văn và theo dòng \"Lưu: VT, …\" khác nhau; thiếu dòng \"Lưu\"; hoặc không nguồn nào cho biết đơn vị (khi đó văn bản nằm ở nhóm chưa rõ đơn vị trong tỷ lệ).",
            "The unit by register, by the symbol of a công văn and by the line \"Lưu: VT, …\" differ; the \"Lưu\" line is missing; or no source gives a unit (the document then falls into \"unknown unit\" in the rates).",
        ),
        basis: text(
            "Điểm b khoản 3 và khoản 9 Mục II Phần I Phụ lục I Nghị định 30/2020/NĐ-CP.",
            "Point b, clause 3 and clause 9, Section II, Part I, Appendix I of Decree 30/2020/NĐ-CP.",
        ),
        remedy: text(
            "Đơn vị và văn thư: sửa; bộ phận CNTT khai báo chữ viết tắt.",
            "Unit and văn thư: correct it; IT maps the code.",
        ),
    },
    run: Run::Document(run),
};

fn run(input: &DocumentInput<'_>, findings: &mut Findings<'_>) {
    if !input.is_issued() {
        return;
    }
    let units = &input.class.units;
    let said = [&units.register, &units.symbol, &units.archive_line];
    let mut said = said.into_iter().filter_map(|unit| unit.as_deref());
    let message = if let Some(first) = said.next() {
        match said.find(|unit| text::ascii_fold(unit) != text::ascii_fold(first)) {
            Some(other) => Bilingual::new(
                format!("Đơn vị soạn thảo không thống nhất: {first} / {other}."),
                format!("Drafting unit disagrees: {first} / {other}."),
            ),
            None if lacks_archive_line(input) => {
                Bilingual::new("Thiếu dòng \"Lưu: VT, …\".", "The line \"Lưu: VT, …\" is missing.")
            }
            None => return,
        }
    } else if units.folder.is_none() {
        Bilingual::new("Không nguồn nào cho biết đơn vị soạn thảo.", "No source names the drafting unit.")
    } else {
        return;
    };
    findings.add(input.subject(), message);
}

/// Readable page text without "Lưu" line, since the decree asks for it.
fn lacks_archive_line(input: &DocumentInput<'_>) -> bool {
    let readable = |identity: &&crate::model::IdentityFacts| {
        identity.encoding == crate::model::TextEncoding::Unicode && identity.reference.is_some()
    };
    let identity = input.file.identity().filter(readable).filter(|_| !input.file.is_scan());
    input.is_under_decree_30() && identity.is_some_and(|identity| identity.archive_line.is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::Case;

    #[test]
    fn disagreement_absence_and_silence() {
        assert!(Case::new().run(&CHECK).is_empty());
        let conflict = Case::new().class(|class| class.units.register = Some("VP".into())).run(&CHECK);
        assert!(conflict[0].message.vi.contains("VP / BTXH"));
        let none = Case::new().class(|class| class.units = Default::default()).run(&CHECK);
        assert_eq!(none.len(), 1);
        let no_line = Case::new().identity(|identity| identity.archive_line = None).run(&CHECK);
        assert!(no_line[0].message.vi.contains("Lưu"));
    }
}
