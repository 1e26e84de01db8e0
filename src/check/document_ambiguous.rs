//! `document-ambiguous`: two readers find different documents in one file.

use super::prelude::*;
use crate::model::StructureNote;

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "document-ambiguous",
        level: Level::Indeterminate,
        scope: Scope::Document,
        title: text("Tệp đọc được theo hai cách khác nhau", "File reads in two different ways"),
        explanation: text(
            "Tệp được đọc bằng hai bộ đọc độc lập; danh mục gốc, danh sách trang hoặc các trường chữ ký mà hai bên thấy không trùng nhau, hoặc cấu trúc tự mâu thuẫn (khóa lặp lại, bảng tham chiếu chồng nhau). Người nhận có thể thấy văn bản khác với văn bản đã kiểm tra, nên không chữ ký nào của tệp được tính là hợp lệ. Tệp có phần bị hỏng mà bộ đọc phải tự dựng lại cũng có thể như vậy.",
            "The file is read by two independent readers; the catalog, the list of pages or the signature fields that they see differ, or the structure contradicts itself (repeated keys, overlapping cross-reference sections). A recipient may see another document than the one that was checked, so no signature of the file counts as valid. A file that is damaged and had to be rebuilt may read so too.",
        ),
        basis: text("Kỹ thuật: ISO 32000-2, mục 7.3.7 và 7.5.", "Technical: ISO 32000-2, 7.3.7 and 7.5."),
        remedy: text(
            "Văn thư: xuất lại tệp từ hệ thống quản lý văn bản; nếu vẫn vậy, báo bộ phận công nghệ thông tin kiểm tra nguồn gốc tệp.",
            "Văn thư: export the file again from the records system; if it stays so, have the IT unit examine where the file came from.",
        ),
    },
    run: Run::Document(run),
};

fn run(input: &DocumentInput<'_>, findings: &mut Findings<'_>) {
    if input.is_repetition() {
        return;
    }
    let notes = input.file.pdf().into_iter().flat_map(|pdf| &pdf.notes);
    let difference = notes.into_iter().find_map(|note| match note {
        StructureNote::ReadersDisagree(difference) => Some(difference),
        _ => None,
    });
    if let Some(difference) = difference {
        findings.add(
            input.subject(),
            Bilingual::new(
                format!("Tệp đọc được theo hai cách khác nhau ({difference}); chưa kết luận được chữ ký."),
                format!("The file reads in two different ways ({difference}); its signatures stay undecided."),
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{Case, person};

    #[test]
    fn names_what_readers_see_differently() {
        let with = |note: Option<StructureNote>| {
            Case::new().signatures([person()]).pdf(|pdf| pdf.notes.extend(note)).run(&CHECK)
        };
        assert!(with(None).is_empty());
        assert!(with(Some(StructureNote::BytesBeforeHeader(3))).is_empty());
        let found = with(Some(StructureNote::ReadersDisagree("pages: 1 and 2".into())));
        assert_eq!(found[0].level, Level::Indeterminate);
        assert!(found[0].message.vi.contains("pages: 1 and 2"));
    }
}
