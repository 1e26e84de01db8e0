//! `register-column-missing`: a register export without one of the ten columns.

use super::prelude::*;

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "register-column-missing",
        level: Level::Warn,
        scope: Scope::Register,
        title: text("Sổ đăng ký thiếu cột", "Register lacks a column"),
        explanation: text(
            "Tệp sổ đăng ký văn bản đi thiếu một trong mười cột của mẫu sổ (sau khi ghép tên cột theo cấu hình).",
            "An export of the outgoing register lacks one of the ten prescribed columns (after mapping).",
        ),
        basis: text(
            "Điểm b khoản 2 Điều 16 và Phụ lục IV Nghị định 30/2020/NĐ-CP.",
            "Point b, clause 2, Article 16 and Appendix IV of Decree 30/2020/NĐ-CP.",
        ),
        remedy: text("Bộ phận CNTT: sửa mẫu xuất sổ.", "IT: fix the export template."),
    },
    run: Run::Archive(run),
};

fn run(input: &ArchiveInput<'_>, findings: &mut Findings<'_>) {
    for (file, column) in input.missing_columns {
        findings.add(
            file,
            Bilingual::new(format!("Sổ {file} thiếu cột {column}."), format!("Register {file} lacks column {column}.")),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::ArchiveCase;

    #[test]
    fn one_finding_per_missing_column() {
        let case = ArchiveCase::new().with(|case| case.missing_columns.push(("so.csv".into(), "Ký nhận".into())));
        assert_eq!(case.run(&CHECK)[0].message.vi, "Sổ so.csv thiếu cột Ký nhận.");
        assert!(ArchiveCase::new().run(&CHECK).is_empty());
    }
}
