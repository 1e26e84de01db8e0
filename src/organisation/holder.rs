//! Person or agency: whose certificate is it? Nothing in a specialised certificate says so formally
//! (domain, PKI): a name of the organisation table means agency, a plausible Vietnamese personal name means
//! person, everything else stays unknown. An operator's override by certificate goes before this.

use super::{OrganisationTable, Timing};
use crate::model::{CalendarDate, Organisation, OrganisationKind, Role};
use crate::reference::Confidence;
use crate::text;

/// What the common name of a certificate says of its holder.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Holder<'a> {
    /// Person, agency or unknown.
    pub role: Role,
    /// A portal or gazette that signs what it republishes.
    pub republisher: bool,
    /// How sure. `High`: the name with its diacritics.
    pub confidence: Confidence,
    /// The row of the table that bears the name.
    pub organisation: Option<&'a Organisation>,
    /// Set when the name is known but was not in force on the day: a superseded name (or one not yet given).
    pub superseded: Option<Timing>,
}

/// Classifies a common name on a day (the document date; `None`: any day).
pub fn classify<'a>(table: &'a OrganisationTable, common_name: &str, day: Option<CalendarDate>) -> Holder<'a> {
    if let Some(found) = table.by_name(common_name, day) {
        return Holder {
            role: Role::Agency,
            republisher: found.organisation.kind == OrganisationKind::Republisher,
            confidence: match (found.without_diacritics, found.timing) {
                (false, Timing::InForce) => Confidence::High,
                (true, Timing::InForce) | (false, _) => Confidence::Medium,
                (true, _) => Confidence::Low,
            },
            organisation: Some(found.organisation),
            superseded: (found.timing != Timing::InForce).then_some(found.timing),
        };
    }
    let person = personal_name(common_name);
    Holder {
        role: if person.is_some() { Role::Person } else { Role::Unknown },
        republisher: false,
        confidence: person.map_or(Confidence::Low, |(_, confidence)| confidence),
        organisation: None,
        superseded: None,
    }
}

/// Family names, folded with diacritics: the Kinh majority's common ones and those of other peoples that
/// come first in a name. The list decides plausibility only; a name that is not in it stays unknown.
const FAMILY_NAMES: &[&str] = &[
    "an",
    "ao",
    "âu",
    "ân",
    "ấu",
    "bá",
    "bạc",
    "bạch",
    "bàn",
    "bàng",
    "bành",
    "bế",
    "biện",
    "bùi",
    "cà",
    "cái",
    "cam",
    "cao",
    "cát",
    "chàng",
    "châu",
    "chế",
    "chu",
    "chử",
    "chúc",
    "chung",
    "chương",
    "công",
    "cổ",
    "cù",
    "cung",
    "cự",
    "cư",
    "cứ",
    "danh",
    "diêm",
    "diệp",
    "doãn",
    "dư",
    "dương",
    "đái",
    "đàm",
    "đan",
    "đào",
    "đăng",
    "đặng",
    "đậu",
    "đèo",
    "điền",
    "điêu",
    "điểu",
    "đinh",
    "đoàn",
    "đỗ",
    "đồng",
    "đổng",
    "đới",
    "đường",
    "giang",
    "giàng",
    "giáp",
    "hà",
    "hạ",
    "hàn",
    "hàng",
    "hạng",
    "hầu",
    "hồ",
    "hoa",
    "hoàng",
    "hồng",
    "hờ",
    "hứa",
    "huỳnh",
    "kha",
    "khâu",
    "khiếu",
    "khổng",
    "khuất",
    "khúc",
    "khương",
    "kiều",
    "kim",
    "kpă",
    "ksor",
    "la",
    "lã",
    "lạc",
    "lại",
    "lâm",
    "lang",
    "lăng",
    "lầu",
    "lê",
    "lềm",
    "lều",
    "liêu",
    "liễu",
    "linh",
    "lò",
    "long",
    "lô",
    "lộ",
    "lỗ",
    "lồ",
    "lộc",
    "luân",
    "lục",
    "lù",
    "lư",
    "lừ",
    "lữ",
    "lưu",
    "lường",
    "lương",
    "lý",
    "ly",
    "ma",
    "mã",
    "mạc",
    "mạch",
    "mai",
    "man",
    "mạnh",
    "mẫn",
    "mâu",
    "mè",
    "mộc",
    "mông",
    "mùa",
    "nay",
    "ngạc",
    "ngân",
    "nghiêm",
    "ngô",
    "ngọ",
    "ngụy",
    "ngưu",
    "nguyễn",
    "nguyên",
    "nhan",
    "nhâm",
    "nhữ",
    "niê",
    "ninh",
    "nông",
    "ôn",
    "ông",
    "phạm",
    "phan",
    "phàng",
    "phí",
    "phó",
    "phong",
    "phù",
    "phùng",
    "phương",
    "quách",
    "quan",
    "quản",
    "quàng",
    "quang",
    "rah",
    "rmah",
    "rơ",
    "sầm",
    "sằm",
    "siu",
    "sùng",
    "tạ",
    "tán",
    "tào",
    "tăng",
    "tẩn",
    "thạch",
    "thái",
    "thào",
    "thân",
    "thẩm",
    "thiều",
    "thịnh",
    "tiêu",
    "tòng",
    "tô",
    "tôn",
    "tống",
    "trà",
    "trác",
    "trang",
    "tráng",
    "trầm",
    "trần",
    "triệu",
    "trình",
    "trịnh",
    "trương",
    "từ",
    "tưởng",
    "ung",
    "uông",
    "ứng",
    "vàng",
    "văn",
    "vi",
    "viên",
    "võ",
    "vòng",
    "vù",
    "vũ",
    "vừ",
    "vương",
    "xa",
    "xin",
    "xồng",
    "y",
    "yên",
];

/// Middle names usual enough to tell a name in plain letters from that of a body.
const MIDDLE_NAMES: &[&str] = &[
    "van", "thi", "duc", "minh", "ngoc", "thanh", "quang", "huu", "xuan", "dinh", "hong", "manh", "tuan", "quoc",
    "hoang", "thu", "thuy", "trong", "tien", "anh", "cong", "hai", "hoai", "kim", "phuong", "the", "trung", "viet",
];

/// First words that begin the name of a body, folded with diacritics; several are family names too
/// (văn phòng, công ty, quản lý …), so they are looked at as phrases.
const BODY_PHRASES: &[&str] = &[
    "sở",
    "ủy ban",
    "ban",
    "bộ",
    "cục",
    "chi cục",
    "tổng cục",
    "vụ",
    "phòng",
    "văn phòng",
    "trung tâm",
    "trường",
    "bệnh viện",
    "công ty",
    "tổng công ty",
    "công an",
    "công báo",
    "công đoàn",
    "cổng",
    "chi nhánh",
    "kho bạc",
    "tòa án",
    "viện",
    "thanh tra",
    "hội",
    "hội đồng",
    "liên đoàn",
    "liên hiệp",
    "đoàn đại biểu",
    "đoàn thanh niên",
    "tỉnh ủy",
    "thành ủy",
    "huyện ủy",
    "đảng ủy",
    "đảng bộ",
    "tỉnh đoàn",
    "thành đoàn",
    "quỹ",
    "bảo hiểm",
    "ngân hàng",
    "đài",
    "báo",
    "học viện",
    "đại học",
    "cơ quan",
    "đơn vị",
    "nhà",
    "hạt",
    "trạm",
    "đội",
    "xí nghiệp",
    "tập đoàn",
    "mặt trận",
    "quân khu",
    "quân đội",
    "máy chủ",
    "hệ thống",
    "dịch vụ",
    "thư viện",
    "bảo tàng",
    "kiểm toán",
    "quốc hội",
    "chính phủ",
    "quản lý",
    "văn thư",
];

/// Words of job titles that stand before or behind a name in a common name, folded with diacritics.
const TITLE_PHRASES: &[&str] = &[
    "phó giám đốc",
    "giám đốc",
    "phó chủ tịch",
    "chủ tịch",
    "phó chánh văn phòng",
    "chánh văn phòng",
    "chánh thanh tra",
    "phó chánh thanh tra",
    "phó trưởng phòng",
    "trưởng phòng",
    "phó trưởng ban",
    "trưởng ban",
    "phó cục trưởng",
    "cục trưởng",
    "phó vụ trưởng",
    "vụ trưởng",
    "phó chi cục trưởng",
    "chi cục trưởng",
    "phó bí thư",
    "bí thư",
    "thứ trưởng",
    "bộ trưởng",
    "thủ tướng",
    "phó thủ tướng",
    "chuyên viên",
    "kế toán trưởng",
    "hiệu trưởng",
    "phó hiệu trưởng",
    "văn thư",
    "ủy viên",
    "pgđ",
    "gđ",
    "pct",
    "ct",
    "tp",
    "ptp",
    "cvp",
    "pcvp",
];

/// The personal name within a common name, folded, and how sure that is: two to six words, the first a
/// family name; forms of address, degrees and a job title before or behind it do not count.
/// `None` if it does not look like one.
pub fn personal_name(common_name: &str) -> Option<(String, Confidence)> {
    // "Nguyễn Văn A - Giám đốc", "Nguyễn Văn A (Giám đốc)", "Nguyễn Văn A, Phó Chủ tịch". A hyphen within a
    // word is part of a name.
    let separated = text::compose(common_name).replace(['(', ',', ';', '–'], " - ").replace(')', " ");
    let pieces = separated.split(" - ").map(str::trim).filter(|piece| !piece.is_empty()).collect::<Vec<_>>();
    let (first, rest) = pieces.split_first()?;
    let has_title = |piece: &str| {
        let folded = title_form(&text::fold(piece));
        TITLE_PHRASES.iter().any(|title| starts_with_phrase(&folded, &title_form(title)))
    };
    // Of two pieces one must be the title, whichever side it stands on.
    let candidate = match rest {
        [] => *first,
        [second] if has_title(first) && !has_title(second) => *second,
        _ if rest.iter().all(|piece| has_title(piece)) => *first,
        _ => return None,
    };
    plain_name(candidate)
}

fn plain_name(candidate: &str) -> Option<(String, Confidence)> {
    let key = text::name_key(candidate);
    let ascii = text::is_plain_ascii(&key);
    let comparable = |phrase: &str| if ascii { text::ascii_fold(phrase) } else { text::fold(phrase) };
    // "Giám đốc Nguyễn Văn A": the longest title that fits goes.
    let title = TITLE_PHRASES.iter().map(|title| comparable(title)).filter(|t| starts_with_phrase(&key, t));
    let title_length = title.map(|t| t.len()).max().unwrap_or(0);
    let key = key.get(title_length..)?.trim_start();
    let words = key.split(' ').collect::<Vec<_>>();
    let first = words.first()?;
    let family = FAMILY_NAMES.iter().any(|name| comparable(name) == **first)
        || *first == "h"
        || ["h'", "h’", "k'", "k’"].iter().any(|prefix| first.starts_with(prefix));
    let body = BODY_PHRASES.iter().map(|phrase| comparable(phrase)).find(|phrase| starts_with_phrase(key, phrase));
    if let Some(phrase) = body {
        // Without diacritics Vũ is Vụ (a ministry's department) and Bàn is Ban: such a word is a family name
        // only before a usual middle name.
        let middle = words.get(1).is_some_and(|word| MIDDLE_NAMES.contains(word));
        if !(ascii && family && phrase == **first && middle) {
            return None;
        }
    }
    let word = |word: &&str| {
        !word.is_empty()
            && word.chars().count() <= 8
            && word.chars().all(|c| c.is_alphabetic() || matches!(c, '\'' | '’' | '-'))
    };
    if !(2..=6).contains(&words.len()) || !words.iter().all(word) || !is_capitalised(candidate, words.len()) {
        return None;
    }
    let confidence = if ascii { Confidence::Medium } else { Confidence::High };
    family.then(|| (key.to_owned(), confidence))
}

/// Every word of a name begins with a capital; running text and names of bodies do not.
fn is_capitalised(candidate: &str, words: usize) -> bool {
    let separators = |c: char| c.is_whitespace() || matches!(c, '.' | ',' | ';' | ':');
    let mut last_words = candidate.split(separators).rev().filter(|word| !word.is_empty()).take(words);
    last_words.all(|word| word.chars().next().is_some_and(char::is_uppercase))
}

fn title_form(phrase: &str) -> String {
    text::ascii_fold(phrase).replace('.', " ")
}

fn starts_with_phrase(text: &str, phrase: &str) -> bool {
    text.strip_prefix(phrase).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{day, table};
    use super::*;

    #[test]
    fn names_of_the_table_are_agencies() {
        let table = table();
        let holder = classify(&table, "SỞ NỘI VỤ TỈNH AN BÌNH", day("2026-10-01"));
        assert_eq!((holder.role, holder.confidence, holder.superseded), (Role::Agency, Confidence::High, None));
        let holder = classify(&table, "So Noi vu tinh An Binh", day("2026-10-01"));
        assert_eq!((holder.role, holder.confidence), (Role::Agency, Confidence::Medium));
        let old = "Sở Lao động - Thương binh và Xã hội tỉnh An Bình";
        assert_eq!(classify(&table, old, day("2024-10-01")).superseded, None);
        let holder = classify(&table, old, day("2026-10-01"));
        assert_eq!((holder.role, holder.superseded), (Role::Agency, Some(Timing::Ended)));
        let holder = classify(&table, "Cổng thông tin điện tử Chính phủ", None);
        assert!(holder.republisher && holder.role == Role::Agency);
    }

    #[test]
    fn vietnamese_personal_names_are_persons() {
        let table = table();
        for name in [
            "Nguyễn Văn An",
            "LÊ THỊ HỒNG HẠNH",
            "Trần Anh",
            "Tôn Nữ Thị Ninh",
            "Công Tằng Tôn Nữ Hỷ Khương",
            "Nguyễn Văn An - Giám đốc",
            "Giám đốc Nguyễn Văn An",
            "Nguyễn Văn An (Phó Chủ tịch)",
            "PGĐ. Nguyễn Văn An",
            "ThS. Võ Thị Thúy",
            "Y Thanh Hà Niê Kđăm",
            "H'Yim Kđoh",
            "K'Sor Phước",
            "Giàng Páo Mỷ",
            "Văn Thị Bạch Tuyết",
            "Quản Minh Cường",
        ] {
            let holder = classify(&table, name, None);
            assert_eq!((holder.role, holder.confidence), (Role::Person, Confidence::High), "{name}");
        }
        for name in ["Nguyen Van An", "VU VAN AN", "Vu Thi Hoa"] {
            let holder = classify(&table, name, None);
            assert_eq!((holder.role, holder.confidence), (Role::Person, Confidence::Medium), "{name}");
        }
    }

    #[test]
    fn everything_else_stays_unknown() {
        for name in [
            "",
            "Nguyễn",
            "Văn phòng Ủy ban nhân dân tỉnh An Bình",
            "Sở Nội vụ tỉnh Bình An",
            "So Noi vu tinh Binh An",
            "Công ty Cổ phần An Bình",
            "Trung tâm Công báo",
            "John Smith",
            "Văn thư Sở",
            "Nguyễn Văn An - Sở Nội vụ",
            "VU KE HOACH TAI CHINH",
            "Vu To chuc can bo",
            "server01.example.vn",
            "nguyễn văn an",
            "Máy chủ cấp dấu thời gian 1",
            "Nguyễn Văn An Bình Dương Hòa Lạc Thành",
            "Hoàng đế của nước nam",
        ] {
            assert_eq!(classify(&table(), name, None).role, Role::Unknown, "{name}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_name_is_survived(name in "\\PC{0,60}") {
            let _ = classify(&table(), &name, None);
        }
    }
}
