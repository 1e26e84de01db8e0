//! `scan-signed-as-original`: a person signed a scan.

use super::prelude::*;

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "scan-signed-as-original",
        level: Level::Warn,
        scope: Scope::Document,
        title: text("Ký số trên bản quét", "Digital signature on a scan"),
        explanation: text(
            "Các trang chỉ là ảnh, không có lớp chữ, nhưng mang chữ ký số cá nhân: có thể văn bản giấy đã ký tay được quét rồi ký số. Là dấu hiệu bản giấy mức C.",
            "Pages are images without a text layer and carry a person's signature: a wet-signed paper seems to have been scanned and signed. Paper evidence of grade C.",
        ),
        basis: text(
            "Khoản 8 Điều 3, điểm c khoản 1 Điều 25 Nghị định 30/2020/NĐ-CP.",
            "Clause 8, Article 3 and point c, clause 1, Article 25 of Decree 30/2020/NĐ-CP.",
        ),
        remedy: text(
            "Đơn vị và văn thư: ký số trên tệp soạn thảo, không in ra rồi quét.",
            "Unit and văn thư: sign the born-digital file.",
        ),
    },
    run: Run::Document(run),
};

fn run(input: &DocumentInput<'_>, findings: &mut Findings<'_>) {
    if input.is_main() && input.file.is_scan() && input.signatures_of(Role::Person).next().is_some() {
        findings.add(
            input.subject(),
            Bilingual::new(
                "Ký số trên bản quét: có thể đã phát hành bản giấy.",
                "Digital signature on a scan: paper issue likely.",
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{Case, agency, person};

    #[test]
    fn fires_on_a_person_signing_a_scan_only() {
        assert_eq!(Case::new().signatures([person(), agency()]).scan().run(&CHECK).len(), 1);
        assert!(Case::new().signatures([agency()]).scan().run(&CHECK).is_empty());
        assert!(Case::new().signatures([person(), agency()]).run(&CHECK).is_empty());
    }
}
