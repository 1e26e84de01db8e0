//! `pdf-unreadable`: the file could not be judged.

use super::prelude::*;
use crate::model::{Content, NotAssessed};

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "pdf-unreadable",
        level: Level::Indeterminate,
        scope: Scope::Document,
        title: text("Không kiểm tra được tệp", "File cannot be checked"),
        explanation: text(
            "Tệp rỗng, không phải PDF, bị cắt cụt, được mã hóa, hoặc cấu trúc hỏng không phục hồi được. Tệp như vậy không bao giờ bị coi là chưa ký, cũng không được tính là đạt; nó làm rộng khoảng tỷ lệ.",
            "Empty, not a PDF, truncated, encrypted, or structure beyond repair. Such a file is never reported as unsigned and never counted as good; it widens the rate interval.",
        ),
        basis: text("Kỹ thuật.", "Technical."),
        remedy: text("Văn thư: xuất lại tệp từ hệ thống.", "Văn thư: export the file again from the records system."),
    },
    run: Run::Document(run),
};

fn run(input: &DocumentInput<'_>, findings: &mut Findings<'_>) {
    if input.class.kind == DocumentKind::Secret {
        return;
    }
    let Some(Content::NotAssessed(reason)) = input.file.facts.map(|facts| &facts.content) else { return };
    let reason = describe(reason);
    findings.add(
        input.subject(),
        Bilingual::new(
            format!("Không kiểm tra được tệp: {}.", reason.vi),
            format!("File cannot be checked: {}.", reason.en),
        ),
    );
}

fn describe(reason: &NotAssessed) -> Bilingual {
    match reason {
        NotAssessed::Empty => Bilingual::new("tệp rỗng", "the file is empty"),
        NotAssessed::NotPdf => Bilingual::new("không phải tệp PDF", "not a PDF"),
        NotAssessed::Truncated => Bilingual::new("tệp bị cắt cụt, thiếu phần cuối", "truncated, its end is missing"),
        NotAssessed::Encrypted => Bilingual::new("tệp được mã hóa bằng mật khẩu", "encrypted with a password"),
        NotAssessed::Structure(what) => {
            Bilingual::new(format!("cấu trúc hỏng ({what})"), format!("structure beyond repair ({what})"))
        }
        NotAssessed::Limit(limit) => Bilingual::new(
            format!("vượt giới hạn {} = {}", limit.limit, limit.value),
            format!("limit {} = {} reached", limit.limit, limit.value),
        ),
        NotAssessed::Unreadable(why) => {
            Bilingual::new(format!("hệ điều hành không cho đọc ({why})"), format!("could not be read ({why})"))
        }
        NotAssessed::ChangedWhileReading => {
            Bilingual::new("tệp thay đổi trong khi đang đọc", "changed while it was read")
        }
        NotAssessed::InternalFault(what) => {
            Bilingual::new(format!("lỗi của chương trình ({what})"), format!("a fault of this program ({what})"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{Case, person};

    #[test]
    fn says_why_and_stays_undecided() {
        let found = Case::new().not_assessed(NotAssessed::Encrypted).run(&CHECK);
        assert_eq!(found[0].level, Level::Indeterminate);
        assert!(found[0].message.vi.contains("mật khẩu"));
        assert!(Case::new().signatures([person()]).run(&CHECK).is_empty());
    }
}
