//! `text-encoding-legacy`: a text layer that is not standard Unicode.

use super::prelude::*;
use crate::model::TextEncoding;

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "text-encoding-legacy",
        level: Level::Warn,
        scope: Scope::Document,
        title: text("Lớp chữ không phải Unicode chuẩn", "Text layer is not standard Unicode"),
        explanation: text(
            "Lớp chữ dùng bảng mã TCVN3, VNI, windows-1258 hoặc mã riêng, Unicode tổ hợp, hoặc phông chữ không cho biết ký tự. Ảnh hưởng đến những gì các kiểm tra khác đọc được.",
            "Text layer in TCVN3, VNI, windows-1258 or a private encoding, decomposed Unicode, or fonts without ToUnicode. It affects what other checks can read.",
        ),
        basis: text(
            "Khoản 4 Mục I Phần I Phụ lục I Nghị định 30/2020/NĐ-CP.",
            "Clause 4, Section I, Part I, Appendix I of Decree 30/2020/NĐ-CP.",
        ),
        remedy: text("Đơn vị soạn thảo: dùng phông chữ Unicode.", "Unit: use Unicode fonts."),
    },
    run: Run::Document(run),
};

fn run(input: &DocumentInput<'_>, findings: &mut Findings<'_>) {
    if !matches!(input.class.kind, DocumentKind::Main | DocumentKind::Attachment(_)) {
        return;
    }
    let (vi, en) = match input.file.identity().map(|identity| &identity.encoding) {
        Some(TextEncoding::Decomposed) => ("Unicode tổ hợp", "decomposed Unicode"),
        Some(TextEncoding::Tcvn3) => ("TCVN3", "TCVN3"),
        Some(TextEncoding::Vni) => ("VNI", "VNI"),
        Some(TextEncoding::Windows1258) => ("windows-1258", "windows-1258"),
        Some(TextEncoding::NoToUnicode) => ("phông không có ToUnicode", "fonts without ToUnicode"),
        Some(TextEncoding::NoText | TextEncoding::Unicode) | None => return,
    };
    findings.add(
        input.subject(),
        Bilingual::new(
            format!("Lớp chữ không phải Unicode chuẩn ({vi})."),
            format!("Text layer is not standard Unicode ({en})."),
        ),
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::Case;

    #[test]
    fn fires_on_legacy_encodings_only() {
        let found = |encoding| Case::new().identity(|identity| identity.encoding = encoding).run(&CHECK).len();
        assert_eq!(found(TextEncoding::Tcvn3), 1);
        assert_eq!(found(TextEncoding::Decomposed), 1);
        assert_eq!(found(TextEncoding::Windows1258), 1);
        assert_eq!(found(TextEncoding::Unicode), 0);
        assert_eq!(found(TextEncoding::NoText), 0);
    }
}
