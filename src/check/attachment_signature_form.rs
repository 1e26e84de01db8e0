//! `attachment-signature-form`: the agency signature of an attachment in the wrong place or form.

use super::prelude::*;
use crate::model::AppearanceFacts;
use crate::reference::symbol_key;

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "attachment-signature-form",
        level: Level::Warn,
        scope: Scope::Document,
        title: text("Chữ ký trên phụ lục sai vị trí hoặc thông tin", "Attachment signature misplaced or incomplete"),
        explanation: text(
            "Chữ ký số của cơ quan trên phụ lục tệp rời không ở trang đầu, có hình ảnh, hoặc phần chữ thiếu số, ký hiệu của văn bản chính hay thời gian ký theo ISO 8601 có múi giờ +07:00. Dòng \"(Kèm theo văn bản số … ngày …)\" để trống là đúng quy định.",
            "The agency signature of a separate attachment is not on page 1, shows an image, or its text lacks the main document's number and symbol or an ISO 8601 time with +07:00. A blank \"(Kèm theo văn bản số …)\" line is correct.",
        ),
        basis: text(
            "Khoản 8 Mục II, khoản 1 Mục III Phần I Phụ lục I và mẫu 2.2 Phụ lục III Nghị định 30/2020/NĐ-CP.",
            "Clause 8, Section II and clause 1, Section III, Part I, Appendix I and form 2.2, Appendix III of Decree 30/2020/NĐ-CP.",
        ),
        remedy: text("Văn thư và bộ phận CNTT: sửa mẫu ký.", "Văn thư and IT: fix the signing template."),
    },
    run: Run::Document(run),
};

fn run(input: &DocumentInput<'_>, findings: &mut Findings<'_>) {
    let Some(main) = input.main else { return };
    let Some(appearance) = agency_appearance(input) else { return };
    let mut details = form_faults(appearance);
    let key = main.reference.as_ref().map(|reference| symbol_key(&reference.to_string()));
    if key.is_some_and(|key| !symbol_key(&appearance.text).contains(&key)) {
        details.push(("thiếu số, ký hiệu văn bản chính", "the main document's number and symbol are missing"));
    }
    report(&details, input, findings, |vi, en| {
        Bilingual::new(
            format!("Chữ ký trên phụ lục sai vị trí hoặc thông tin ({vi})."),
            format!("Attachment signature misplaced or incomplete ({en})."),
        )
    });
}

/// Appearance of the first agency signature.
pub(super) fn agency_appearance<'a>(input: &DocumentInput<'a>) -> Option<&'a AppearanceFacts> {
    let field = &input.signatures_of(Role::Agency).next()?.field;
    let facts = input.file.pdf()?.signatures.iter().find(|facts| facts.field == *field)?;
    facts.appearance.as_ref()
}

/// What PL I asks of the agency's signature on attachments and copies alike.
pub(super) fn form_faults(appearance: &AppearanceFacts) -> Vec<(&'static str, &'static str)> {
    let mut faults = Vec::new();
    if appearance.page != 1 {
        faults.push(("không ở trang đầu", "not on page 1"));
    }
    if !appearance.images.is_empty() {
        faults.push(("có hình ảnh", "shows an image"));
    }
    if !has_iso_time(&appearance.text) {
        faults.push(("thiếu thời gian ký theo ISO 8601", "no ISO 8601 time"));
    }
    faults
}

/// `2026-10-02T08:11:03+07:00`, perhaps broken over lines; fractions of a second allowed.
fn has_iso_time(text: &str) -> bool {
    let compact = text.chars().filter(|c| !c.is_whitespace()).collect::<Vec<_>>();
    let shape = "dddd-dd-ddTdd:dd:dd".chars().collect::<Vec<_>>();
    let fits = |window: &[char]| {
        window.iter().zip(&shape).all(|(c, form)| if *form == 'd' { c.is_ascii_digit() } else { c == form })
    };
    compact.windows(shape.len()).enumerate().any(|(at, window)| {
        let rest = compact.iter().skip(at + shape.len()).copied();
        let rest = rest.skip_while(|c| c.is_ascii_digit() || *c == '.').take(6).collect::<String>();
        fits(window) && (rest == "+07:00" || rest.starts_with("+0700"))
    })
}

/// One finding with all details.
pub(super) fn report(
    details: &[(&str, &str)],
    input: &DocumentInput<'_>,
    findings: &mut Findings<'_>,
    message: impl FnOnce(&str, &str) -> Bilingual,
) {
    if details.is_empty() {
        return;
    }
    let vi = details.iter().map(|(vi, _)| *vi).collect::<Vec<_>>().join("; ");
    let en = details.iter().map(|(_, en)| *en).collect::<Vec<_>>().join("; ");
    findings.add(input.subject(), message(&vi, &en));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{Case, SEAL, agency};

    fn case(page: u32, text: &str, image: bool) -> usize {
        let case = Case::new().signatures([agency()]).attachment_of_main().pdf(|pdf| {
            let appearance = pdf.signatures[0].appearance.as_mut().unwrap();
            appearance.page = page;
            appearance.text = text.into();
            appearance.images.extend(image.then_some(SEAL));
        });
        case.run(&CHECK).len()
    }

    #[test]
    fn place_image_number_and_time_are_checked() {
        let good = "Sở Nội vụ\n512/SNV-BTXH\n2026-10-02T08:11:03+07:00";
        assert_eq!(case(1, good, false), 0);
        assert_eq!(case(2, good, false), 1);
        assert_eq!(case(1, good, true), 1);
        assert_eq!(case(1, "512/SNV-BTXH 02/10/2026", false), 1);
        assert_eq!(case(1, "2026-10-02T08:11:03+07:00", false), 1);
    }
}
