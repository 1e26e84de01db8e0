//! `document-version-earlier`: an earlier signing pass or an identical copy of another file.

use super::prelude::*;

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "document-version-earlier",
        level: Level::Info,
        scope: Scope::Archive,
        title: text("Tệp là bản ký trước hoặc bản sao giống hệt", "Earlier signing pass or identical copy"),
        explanation: text(
            "Nội dung tệp là phần đầu nguyên vẹn của tệp khác (phần mềm ký lưu lại tệp sau mỗi lần ký) hoặc giống hệt tệp khác. Giữ bản dài nhất, chỉ tính một lần, không coi là trùng số.",
            "The file is a byte prefix of another (signing software leaves the file of every pass), or has the same bytes. The longest is kept and counted once; never a duplicate number.",
        ),
        basis: text("Kỹ thuật.", "Technical."),
        remedy: text("Không phải xử lý (bộ phận CNTT có thể dọn kho).", "None (IT may tidy the store)."),
    },
    run: Run::Document(run),
};

fn run(input: &DocumentInput<'_>, findings: &mut Findings<'_>) {
    let (latest, vi, en) = match &input.class.kind {
        DocumentKind::EarlierVersion(latest) => (latest, "bản ký trước của", "Earlier signing pass of"),
        DocumentKind::IdenticalCopy(latest) => (latest, "bản sao giống hệt của", "Identical copy of"),
        _ => return,
    };
    findings.add(
        input.subject(),
        Bilingual::new(format!("Tệp là {vi} {latest}; chỉ tính một văn bản."), format!("{en} {latest}; counted once.")),
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{Case, person};

    #[test]
    fn names_the_file_that_stands_for_it() {
        let case = Case::new().signatures([person()]);
        let found = case.clone().kind(DocumentKind::EarlierVersion("b.signed.pdf".into())).run(&CHECK);
        assert!(found[0].message.vi.contains("b.signed.pdf"));
        assert!(case.run(&CHECK).is_empty());
    }
}
