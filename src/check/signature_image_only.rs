//! `signature-image-only`: a pasted image of a signature or seal in place of a digital signature.

use super::prelude::*;
use super::signature_missing::is_unsigned;

/// Images at the signing block from which on the confidence is high: a signature and a seal. One alone may
/// be something else, such as a code for look-up (ours).
const CONFIDENT: u8 = 2;

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "signature-image-only",
        level: Level::Error,
        scope: Scope::Document,
        title: text("Chỉ có ảnh chữ ký/dấu, không có chữ ký số", "Only an image of a signature or seal"),
        explanation: text(
            "Văn bản đã phát hành không có chữ ký số nào, nhưng ở phần ký, giữa chức vụ và họ tên người ký, có ảnh cỡ chữ ký hoặc con dấu. Nhận biết theo vị trí và kích thước của ảnh vẽ trên trang, không xem nội dung ảnh: hai ảnh trở lên thì độ tin cậy cao, một ảnh thì trung bình. Thay cho signature-missing. Bản quét được báo theo mục scan-without-signature.",
            "An issued document without any digital signature, with an image of the size of a signature or seal at the signing block, between the signer's title and name. Told by place and size of the images drawn on the page, not by what they show: confidence is high from two images on, medium for one. Replaces signature-missing. A scan is reported as scan-without-signature.",
        ),
        basis: text(
            "Khoản 1 Điều 5 Nghị định 30/2020/NĐ-CP; khoản 3 Điều 22 Luật Giao dịch điện tử 20/2023/QH15.",
            "Clause 1, Article 5 of Decree 30/2020/NĐ-CP; clause 3, Article 22 of the Law on E-Transactions 20/2023/QH15.",
        ),
        remedy: text(
            "Người có thẩm quyền và văn thư: ký số tệp gốc trên hệ thống; không dán ảnh chữ ký, ảnh dấu.",
            "Leader and văn thư: sign digitally; do not paste images.",
        ),
    },
    run: Run::Document(run),
};

/// Images drawn where signature and seal belong.
pub(super) fn images_shown(input: &DocumentInput<'_>) -> u8 {
    input.file.identity().map_or(0, |identity| identity.make_up.signing_images)
}

fn run(input: &DocumentInput<'_>, findings: &mut Findings<'_>) {
    let images = images_shown(input);
    if images == 0 || !is_unsigned(input) {
        return;
    }
    let (vi, en) = if images >= CONFIDENT { ("cao", "high") } else { ("trung bình", "medium") };
    let plural = if images == 1 { "" } else { "s" };
    findings.add(
        input.subject(),
        Bilingual::new(
            format!("Chỉ có ảnh chữ ký/dấu, không có chữ ký số (độ tin cậy {vi}: {images} ảnh ở phần ký)."),
            format!(
                "Only an image of a signature or seal; no digital signature (confidence {en}: {images} image{plural} at the signing block)."
            ),
        ),
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{Case, person};
    use crate::model::NotAssessed;

    fn pasted(images: u8) -> Case {
        Case::new().identity(|identity| identity.make_up.signing_images = images)
    }

    #[test]
    fn fires_on_images_in_place_of_a_signature_with_its_confidence() {
        let found = pasted(2).run(&CHECK);
        assert_eq!((found.len(), found[0].level), (1, Level::Error));
        assert!(found[0].message.vi.contains("độ tin cậy cao: 2 ảnh"), "{}", found[0].message.vi);
        assert!(found[0].message.en.contains("confidence high: 2 images"), "{}", found[0].message.en);
        assert!(pasted(1).run(&CHECK)[0].message.vi.contains("độ tin cậy trung bình: 1 ảnh"));
    }

    #[test]
    fn is_silent_without_images_and_where_no_signature_is_missed() {
        assert!(Case::new().run(&CHECK).is_empty());
        assert!(pasted(2).signatures([person()]).run(&CHECK).is_empty());
        assert!(pasted(2).not_issued().run(&CHECK).is_empty());
        assert!(pasted(2).kind(DocumentKind::Attachment(None)).run(&CHECK).is_empty());
        assert!(pasted(2).not_assessed(NotAssessed::Truncated).run(&CHECK).is_empty());
        let scan = pasted(0).scan().identity(|identity| identity.make_up.signing_images = 2);
        assert!(scan.run(&CHECK).is_empty());
    }
}
