//! `signature-appearance-misplaced`: the images of person and agency do not stand where PL I puts them.

use super::attachment_signature_form::report;
use super::input::is_lost;
use super::prelude::*;
use crate::model::{AppearanceFacts, SigningPlace};
use crate::text::{NameAgreement, compare_names};

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "signature-appearance-misplaced",
        level: Level::Info,
        scope: Scope::Document,
        title: text("Hình chữ ký, con dấu sai vị trí", "Signature or seal image misplaced"),
        explanation: text(
            "Hình chữ ký của người có thẩm quyền không nằm giữa chức vụ và họ tên hoặc không hiển thị; hình con dấu không nằm bên trái và không phủ khoảng 1/3 hình chữ ký. Dung sai do công cụ đặt. Chưa xét màu và nền trong suốt của hình; phần chữ ký không đọc được thì chỉ xét vị trí của con dấu so với chữ ký.",
            "The authorised person's image is not between title and name, or does not show; the agency's seal does not lie on its left over about a third of it. Tolerances are this tool's. Colour and transparency of the images are not judged; where the signing block cannot be read, only the seal's place against the signature is.",
        ),
        basis: text(
            "Điểm d khoản 7 và điểm a khoản 8 Mục II Phần I Phụ lục I Nghị định 30/2020/NĐ-CP.",
            "Point d, clause 7 and point a, clause 8, Section II, Part I, Appendix I of Decree 30/2020/NĐ-CP.",
        ),
        remedy: text("Văn thư, bộ phận CNTT: sửa mẫu hiển thị chữ ký.", "Văn thư, IT: correct the signing template."),
    },
    run: Run::Document(run),
};

/// Points in a millimetre.
const MILLIMETRE: f32 = 72.0 / 25.4;
/// How far the middle of the person's image may lie outside title and name (ours).
const PERSON_TOLERANCE: f32 = 15.0 * MILLIMETRE;
/// Smaller images of the agency fill in number and date (boxes of 18 to 38 points, measured); a seal is
/// about 36 mm wide.
const SEAL_SIDE: f32 = 15.0 * MILLIMETRE;
/// Share of the person's image that the seal may cover where "about 1/3" is asked (ours).
const COVERED: std::ops::RangeInclusive<f32> = 0.05..=0.75;

fn run(input: &DocumentInput<'_>, findings: &mut Findings<'_>) {
    let applies = input.is_issued() && input.is_under_decree_30() && !input.file.is_scan();
    let Some(identity) = input.file.identity().filter(|identity| applies && identity.copy_form.is_none()) else {
        return;
    };
    let Some(person) = leader(input, identity.signer_name.as_deref()) else { return };
    let mut details = Vec::new();
    if is_invisible(person) {
        details.push(("hình chữ ký không hiển thị", "the signature does not show"));
    } else if identity.signing_place.is_some_and(|place| !stands_within(person, place)) {
        details.push(("hình chữ ký không ở giữa chức vụ và họ tên", "the signature is not between title and name"));
    }
    let seals = input.signatures_of(Role::Agency).filter(|verdict| !is_lost(verdict));
    let seal = seals.filter_map(|verdict| appearance(input, &verdict.field)).find(|seen| is_seal(seen));
    if let (Some(seal), false) = (seal, is_invisible(person))
        && !covers_left_third(seal, person)
    {
        details
            .push(("con dấu không phủ khoảng 1/3 chữ ký về bên trái", "the seal does not cover a third on the left"));
    }
    report(&details, input, findings, |vi, en| {
        Bilingual::new(
            format!("Hình chữ ký hoặc con dấu sai vị trí ({vi})."),
            format!("Signature or seal image misplaced ({en})."),
        )
    });
}

/// The appearance of the person named below the text, else of the last person who signed: initials come
/// first.
fn leader<'a>(input: &DocumentInput<'a>, name: Option<&str>) -> Option<&'a AppearanceFacts> {
    let persons: Vec<_> = input.signatures_of(Role::Person).filter(|verdict| !is_lost(verdict)).collect();
    let is_named = |signer: &str| name.is_some_and(|name| compare_names(signer, name) != NameAgreement::Different);
    let named = persons.iter().find(|verdict| verdict.signer.as_deref().is_some_and(is_named));
    appearance(input, &named.or(persons.last())?.field)
}

fn appearance<'a>(input: &DocumentInput<'a>, field: &str) -> Option<&'a AppearanceFacts> {
    input.file.pdf()?.signatures.iter().find(|facts| facts.field == field)?.appearance.as_ref()
}

fn is_invisible(seen: &AppearanceFacts) -> bool {
    let [left, bottom, right, top] = seen.rectangle;
    right - left < 1.0 || top - bottom < 1.0
}

fn is_seal(seen: &AppearanceFacts) -> bool {
    let [left, bottom, right, top] = seen.rectangle;
    !seen.images.is_empty() && (right - left).min(top - bottom) >= SEAL_SIDE
}

fn stands_within(seen: &AppearanceFacts, place: SigningPlace) -> bool {
    let [left, bottom, right, top] = place.rectangle;
    let (x, y) = ((seen.rectangle[0] + seen.rectangle[2]) / 2.0, (seen.rectangle[1] + seen.rectangle[3]) / 2.0);
    seen.page == place.page
        && (left - PERSON_TOLERANCE..=right + PERSON_TOLERANCE).contains(&x)
        && (bottom - PERSON_TOLERANCE..=top + PERSON_TOLERANCE).contains(&y)
}

/// The seal's middle lies left of the signature's, and they overlap by about a third of its width.
fn covers_left_third(seal: &AppearanceFacts, person: &AppearanceFacts) -> bool {
    let ([s_left, s_bottom, s_right, s_top], [left, bottom, right, top]) = (seal.rectangle, person.rectangle);
    let covered = (s_right.min(right) - s_left.max(left)) / (right - left);
    let same_height = s_bottom.max(bottom) < s_top.min(top);
    seal.page == person.page && same_height && s_left + s_right < left + right && COVERED.contains(&covered)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{Case, SEAL, agency, person};

    const PERSON: [f32; 4] = [340.0, 150.0, 460.0, 210.0];
    const SEALED: [f32; 4] = [280.0, 130.0, 382.0, 232.0];

    fn found(person_at: [f32; 4], seal_at: [f32; 4], page: u32) -> Vec<String> {
        let case = Case::new().signatures([person(), agency()]).pdf(|pdf| {
            pdf.identity.signing_place = Some(SigningPlace { page: 1, rectangle: [330.0, 120.0, 480.0, 250.0] });
            for (signature, rectangle) in pdf.signatures.iter_mut().zip([person_at, seal_at]) {
                let appearance = signature.appearance.as_mut().unwrap();
                (appearance.rectangle, appearance.page, appearance.images) = (rectangle, page, vec![SEAL]);
            }
        });
        case.run(&CHECK).into_iter().map(|finding| finding.message.vi).collect()
    }

    #[test]
    fn images_where_the_appendix_puts_them_are_in_order() {
        assert_eq!(found(PERSON, SEALED, 1), Vec::<String>::new());
        assert_eq!(found(PERSON, [300.0, 300.0, 338.0, 312.0], 1), Vec::<String>::new(), "a number is no seal");
        assert!(Case::new().run(&CHECK).is_empty());
    }

    #[test]
    fn misplaced_and_invisible_images_fire_once() {
        let one = |found: Vec<String>, what: &str| assert!(found.len() == 1 && found[0].contains(what), "{found:?}");
        one(found([40.0, 700.0, 160.0, 760.0], [0.0, 690.0, 90.0, 780.0], 1), "giữa chức vụ");
        one(found([0.0; 4], SEALED, 1), "không hiển thị");
        one(found(PERSON, [450.0, 130.0, 552.0, 232.0], 1), "con dấu");
        one(found(PERSON, [100.0, 130.0, 202.0, 232.0], 1), "con dấu");
        one(found(PERSON, SEALED, 2), "giữa chức vụ");
    }
}
