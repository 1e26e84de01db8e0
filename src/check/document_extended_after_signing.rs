//! `document-extended-after-signing`: permitted additions follow the last signature.

use super::prelude::*;

/// The judge's word for it.
const NOTE: &str = "document-extended";

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "document-extended-after-signing",
        level: Level::Info,
        scope: Scope::Document,
        title: text("Có bổ sung được phép sau chữ ký cuối", "Permitted additions follow the last signature"),
        explanation: text(
            "Chữ ký cuối không phủ đến hết tệp, nhưng phần thêm vào sau đều thuộc loại được phép.",
            "The last signature does not reach the end of the file, but what follows is all permitted.",
        ),
        basis: text("Kỹ thuật: ISO 32000-2, mục 12.8.2.", "Technical: ISO 32000-2, 12.8.2."),
        remedy: text("Không phải xử lý.", "None."),
    },
    run: Run::Document(run),
};

fn run(input: &DocumentInput<'_>, findings: &mut Findings<'_>) {
    if input.verdicts().any(|verdict| verdict.notes.iter().any(|note| note.code == NOTE)) {
        findings.add(
            input.subject(),
            Bilingual::new(
                "Có bổ sung trong giới hạn cho phép sau chữ ký cuối.",
                "Permitted additions follow the last signature.",
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{Case, noted, person};

    #[test]
    fn fires_once_on_the_note() {
        let found = Case::new().signatures([noted(person(), NOTE, ""), noted(person(), NOTE, "")]).run(&CHECK);
        assert_eq!(found.len(), 1);
        assert!(Case::new().signatures([person()]).run(&CHECK).is_empty());
    }
}
