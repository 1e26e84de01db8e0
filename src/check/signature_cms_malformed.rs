//! `signature-cms-malformed`: the CMS cannot be used.

use super::input::has_cause;
use super::prelude::*;
use crate::model::{CmsFacts, Indication};

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "signature-cms-malformed",
        level: Level::Indeterminate,
        scope: Scope::Signature,
        title: text("Cấu trúc chữ ký không đúng chuẩn", "The signature's structure is malformed"),
        explanation: text(
            "Không đọc được cấu trúc CMS của chữ ký, không có hoặc có nhiều người ký, thiếu chứng thư của người ký, hoặc giá trị băm sai độ dài. Cách mã hóa BER và các thuộc tính phụ lạ không bị coi là sai cấu trúc. Chữ ký như vậy không bao giờ được tính là hợp lệ.",
            "The CMS cannot be parsed, has no or several signers, no signer certificate, or a digest of the wrong length. BER encoding and odd unsigned attributes are not malformed. Such a signature is never counted as valid.",
        ),
        basis: text("Kỹ thuật: RFC 5652.", "Technical: RFC 5652."),
        remedy: text(
            "Bộ phận CNTT: kiểm tra phần mềm ký; lãnh đạo và văn thư ký lại nếu văn bản còn hiệu lực.",
            "IT: check the signing software; leader and văn thư sign again if the document is in force.",
        ),
    },
    run: Run::Document(run),
};

fn run(input: &DocumentInput<'_>, findings: &mut Findings<'_>) {
    for verdict in input.verdicts().filter(|verdict| has_cause(verdict, CHECK.meta.id)) {
        let level = match verdict.indication {
            Indication::TotalFailed => Level::Error,
            _ => Level::Indeterminate,
        };
        let detail = detail(input, &verdict.field).unwrap_or("CMS");
        findings.add_at(
            level,
            &verdict.field,
            Bilingual::new(
                format!("Cấu trúc chữ ký không đúng chuẩn: {detail}."),
                format!("Signature structure is non-standard: {detail}."),
            ),
        );
    }
}

fn detail<'a>(input: &DocumentInput<'a>, field: &str) -> Option<&'a str> {
    let facts = input.file.pdf()?.signatures.iter().find(|signature| signature.field == field)?;
    match &facts.cms {
        CmsFacts::Malformed(what) | CmsFacts::Absent(what) => Some(what),
        CmsFacts::Parsed(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{Case, failed, person, undecided};

    #[test]
    fn is_undecided_unless_the_signature_failed() {
        let cause = "signature-cms-malformed";
        assert_eq!(Case::new().signatures([undecided(person(), cause)]).run(&CHECK)[0].level, Level::Indeterminate);
        assert_eq!(Case::new().signatures([failed(person(), cause)]).run(&CHECK)[0].level, Level::Error);
        assert!(Case::new().signatures([person()]).run(&CHECK).is_empty());
    }
}
