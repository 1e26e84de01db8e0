//! `date-malformed`: the place-and-date line is not written as prescribed.

use super::prelude::*;
use crate::text;

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "date-malformed",
        level: Level::Info,
        scope: Scope::Document,
        title: text("Ngày tháng hoặc địa danh ghi sai", "Date or place name form"),
        explanation: text(
            "Ngày nhỏ hơn 10 hoặc tháng 1, tháng 2 thiếu số 0 phía trước; tháng từ 3 trở đi thừa số 0; ngày không tồn tại; hoặc địa danh khác địa danh của cơ quan tại ngày đó theo bảng tổ chức.",
            "A day below 10 or month 1 or 2 without a leading zero, a zero before months 3 to 9, a day that does not exist, or a place name other than the agency's at that date by the organisation table.",
        ),
        basis: text(
            "Khoản 4 Mục II Phần I Phụ lục I Nghị định 30/2020/NĐ-CP.",
            "Clause 4, Section II, Part I, Appendix I of Decree 30/2020/NĐ-CP.",
        ),
        remedy: text("Đơn vị và văn thư: sửa mẫu văn bản.", "Unit and văn thư: fix the template."),
    },
    run: Run::Document(run),
};

fn run(input: &DocumentInput<'_>, findings: &mut Findings<'_>) {
    let Some(line) = input.file.identity().and_then(|identity| identity.date_line.as_deref()) else { return };
    if !input.is_main() || !input.is_under_decree_30() {
        return;
    }
    let folded = text::fold(line);
    let (day, month) = (number_after(&folded, "ngày"), number_after(&folded, "tháng"));
    let mut details: Vec<(String, String)> = Vec::new();
    let mut fault = |vi: &str, en: &str| details.push((vi.to_owned(), en.to_owned()));
    if let Some(day) = day
        && day.len() == 1
    {
        fault("ngày nhỏ hơn 10 thiếu số 0", "day below 10 without a zero");
    }
    match month {
        Some("1" | "2") => fault("tháng 1, 2 thiếu số 0", "months 1 and 2 without a zero"),
        Some(month) if month.len() == 2 && month.starts_with('0') && !matches!(month, "01" | "02") => {
            fault("tháng từ 3 trở đi thừa số 0", "a zero before months 3 to 9");
        }
        _ => {}
    }
    let year = number_after(&folded, "năm");
    if let (Some(_), Some(_), Some(_)) = (day, month, year)
        && input.file.identity().is_some_and(|identity| identity.date.is_none())
    {
        fault("ngày không tồn tại", "no such day");
    }
    let place = folded.split_once(',').map(|(place, _)| place.trim()).filter(|place| !place.is_empty());
    let own = input.agency.and_then(|agency| input.organisations.by_code(agency, input.class.date));
    if let (Some(place), Some(own)) = (place, own.and_then(|own| own.place.as_deref()))
        && text::fold(own) != place
    {
        details.push((format!("địa danh, danh mục ghi \"{own}\""), format!("place name, the table says \"{own}\"")));
    }
    for (vi, en) in details {
        findings.add(
            input.subject(),
            Bilingual::new(
                format!("Ngày tháng hoặc địa danh ghi sai: {vi} (\"{}\").", line.trim()),
                format!("Date or place name form: {en} (\"{}\").", line.trim()),
            ),
        );
    }
}

/// The digits behind a word; `None` where the blank was left open.
fn number_after<'a>(line: &'a str, word: &str) -> Option<&'a str> {
    let at = line.find(word)?;
    let rest = line.get(at + word.len()..)?.trim_start();
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    rest.get(..end).filter(|digits| !digits.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::Case;

    fn found(line: &str) -> usize {
        Case::new().identity(|identity| identity.date_line = Some(line.into())).run(&CHECK).len()
    }

    #[test]
    fn zeros_are_as_prescribed() {
        assert_eq!(found("An Bình, ngày 5 tháng 10 năm 2026"), 1);
        assert_eq!(found("An Bình, ngày 05 tháng 03 năm 2026"), 1);
        assert_eq!(found("An Bình, ngày 15 tháng 2 năm 2026"), 1);
        assert_eq!(found("An Bình, ngày 05 tháng 3 năm 2026"), 0);
        assert_eq!(found("An Bình, ngày 15 tháng 02 năm 2026"), 0);
        assert_eq!(found("An Bình, ngày    tháng    năm 2026"), 0);
    }

    #[test]
    fn the_place_is_the_agencys() {
        assert_eq!(found("Gia Lai, ngày 05 tháng 3 năm 2026"), 1);
    }

    #[test]
    fn a_day_that_does_not_exist_is_named() {
        let case = Case::new().identity(|identity| {
            identity.date_line = Some("An Bình, ngày 31 tháng 11 năm 2026".into());
            identity.date = None;
        });
        assert!(case.run(&CHECK)[0].message.vi.contains("không tồn tại"));
    }
}
