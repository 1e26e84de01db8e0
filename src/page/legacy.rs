//! Vietnamese text that is not composed Unicode: TCVN3 (ABC) and VNI bytes shown as Latin-1, NFD and
//! windows-1258 sequences.

use crate::text::text_of_vni;
use unicode_normalization::UnicodeNormalization;

/// A byte encoding from before Unicode, recognised by the font's name or by the words it spells.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Legacy {
    /// TCVN 5712:1993, VN3 ("ABC"): fonts named `.VnTime`, `.VnArialH` …
    Tcvn3,
    /// VNI Windows: fonts named `VNI-Times` …
    Vni,
    /// Windows code page 1258: letters followed by their tone; known by its words alone.
    Windows1258,
}

impl Legacy {
    /// The encoding that a font's name announces; the flag says that the font shows small letters as
    /// capitals (`.VnTimeH`).
    pub(super) fn of_font(name: &str) -> Option<(Self, bool)> {
        // A subset carries six letters and a plus sign before its name (ISO 32000-2, 9.9.2).
        let name = match name.split_once('+') {
            Some((tag, rest)) if tag.len() == 6 => rest,
            _ => name,
        };
        if name.starts_with(".Vn") {
            let family = name.split([',', '-']).next().unwrap_or(name);
            Some((Self::Tcvn3, family.ends_with('H')))
        } else if name.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("VNI-")) {
            Some((Self::Vni, false))
        } else {
            None
        }
    }

    /// `text` in Unicode; `capitals` as told by [`Self::of_font`].
    pub(super) fn convert(self, text: &str, capitals: bool) -> String {
        let converted: String = match self {
            Self::Tcvn3 => text.chars().map(tcvn3).collect(),
            Self::Vni => text_of_vni(text),
            Self::Windows1258 => text.chars().map(windows_1258).nfc().collect(),
        };
        // TCVN3 has no capitals with tone marks: they are the small letters in a capital font.
        let letters = || text.chars().filter(char::is_ascii_alphabetic);
        if capitals || (self == Self::Tcvn3 && letters().next().is_some() && letters().all(|c| c.is_ascii_uppercase()))
        {
            converted.to_uppercase()
        } else {
            converted
        }
    }
}

/// TCVN 5712:1993 VN3, codes 0xA1 to 0xFE; `\0` where the table has none.
const TCVN3: &str = "ĂÂÊÔƠƯĐăâêôơưđ\0\0\0\0\0\0àảãáạ\0ằẳẵắ\0\0\0\0\0\0\0ặầẩẫấậè\0ẻẽéẹềểễếệìỉ\0\0\0ĩíịò\0ỏõóọồổỗốộờởỡớợù\0ủũúụừửữứựỳỷỹýỵ";

fn tcvn3(character: char) -> char {
    let Some(index) = u32::from(character).checked_sub(0xA1).and_then(|index| usize::try_from(index).ok()) else {
        return character;
    };
    match TCVN3_TABLE.get(index) {
        Some('\0') | None => character,
        Some(converted) => *converted,
    }
}

static TCVN3_TABLE: std::sync::LazyLock<Vec<char>> = std::sync::LazyLock::new(|| TCVN3.chars().collect());

/// Where code page 1258 differs from 1252.
fn windows_1258(character: char) -> char {
    match character {
        'Ã' => 'Ă',
        'ã' => 'ă',
        'Ì' => '\u{300}',
        'Ð' => 'Đ',
        'ð' => 'đ',
        'Ò' => '\u{309}',
        'Õ' => 'Ơ',
        'õ' => 'ơ',
        'Ý' => 'Ư',
        'ý' => 'ư',
        'Þ' => '\u{303}',
        'þ' => '₫',
        'ì' => '\u{301}',
        'ò' => '\u{323}',
        other => other,
    }
}

/// Words of every letterhead, lower case: two of them in the text settle its encoding.
const KNOWN_WORDS: [&str; 10] = ["cộng", "hội", "nghĩa", "việt", "độc", "hạnh", "phúc", "ngày", "tháng", "nơi"];

/// The encoding of a text whose fonts do not tell, from words (at most a page's) that a letterhead has.
pub(super) fn detect<'a>(words: impl Iterator<Item = &'a str> + Clone) -> Option<Legacy> {
    let suspicious = |word: &&str| word.chars().any(|c| ('\u{A1}'..='\u{FF}').contains(&c));
    let known = |word: &str| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        KNOWN_WORDS.contains(&word.as_str())
    };
    if words.clone().any(known) {
        return None;
    }
    [Legacy::Tcvn3, Legacy::Vni, Legacy::Windows1258].into_iter().find(|encoding| {
        words.clone().filter(suspicious).filter(|word| known(&encoding.convert(word, false))).nth(1).is_some()
    })
}

/// Whether `text` holds combining marks.
pub(super) fn has_marks(text: &str) -> bool {
    // All are two bytes from U+0300 (CC 80) to U+036F (CD AF).
    text.bytes().any(|byte| byte == 0xCC || byte == 0xCD) && text.chars().any(|c| ('\u{300}'..='\u{36F}').contains(&c))
}

/// NFC, without copying what has no marks.
pub(super) fn composed(text: &str) -> String {
    if has_marks(text) { text.nfc().collect() } else { text.to_owned() }
}

/// `character` without case and diacritics, for finding fixed words: đ, ð and ɖ are all `d`, spaces of any
/// kind ` `, dashes of any kind `-`. `None` for marks and invisible characters.
pub(super) fn fold(character: char) -> Option<char> {
    const EXTENDED: &str = concat!(
        "aaaaaaaaaaaaaaaaaaaaaaaa",
        "eeeeeeeeeeeeeeee",
        "iiii",
        "oooooooooooooooooooooooo",
        "uuuuuuuuuuuuuu",
        "yyyyyyyy"
    );
    Some(match character {
        '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\t' | '\n' | '\r' => ' ',
        '\u{AD}' | '\u{300}'..='\u{36F}' | '\u{200B}'..='\u{200F}' | '\u{FEFF}' => return None,
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\0'..='\u{BF}' => character.to_ascii_lowercase(),
        'À'..='Å' | 'à'..='å' | 'Ă' | 'ă' => 'a',
        'È'..='Ë' | 'è'..='ë' => 'e',
        'Ì'..='Ï' | 'ì'..='ï' | 'Ĩ' | 'ĩ' => 'i',
        'Ò'..='Ö' | 'ò'..='ö' | 'Ơ' | 'ơ' => 'o',
        'Ù'..='Ü' | 'ù'..='ü' | 'Ũ' | 'ũ' | 'Ư' | 'ư' => 'u',
        'Ý' | 'ý' => 'y',
        'Đ' | 'đ' | 'Ð' | 'ð' | 'Ɖ' | 'ɖ' => 'd',
        '\u{1EA0}'..='\u{1EF9}' => {
            let index = usize::try_from(u32::from(character) - 0x1EA0).unwrap_or_default();
            EXTENDED.as_bytes().get(index).copied().map_or(character, char::from)
        }
        other => other.to_lowercase().next().unwrap_or(other),
    })
}

/// [`fold`] over a text, runs of spaces made one, none at the ends.
pub(super) fn folded(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    for character in text.chars().filter_map(fold) {
        if character != ' ' || !(result.is_empty() || result.ends_with(' ')) {
            result.push(character);
        }
    }
    if result.ends_with(' ') {
        result.pop();
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tcvn3_letterhead_is_converted() {
        assert_eq!(TCVN3.chars().count(), 0xFE - 0xA1 + 1);
        assert_eq!(
            Legacy::Tcvn3.convert("CéNG HßA X· HéI CHñ NGHÜA VIÖT NAM", false),
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
        );
        assert_eq!(Legacy::Tcvn3.convert("§éc", false), "Độc");
        assert_eq!(Legacy::Tcvn3.convert("ngµy", false), "ngày");
        assert_eq!(Legacy::Tcvn3.convert("th¸ng", false), "tháng");
        assert_eq!(Legacy::Tcvn3.convert("n¨m", false), "năm");
        assert_eq!(Legacy::Tcvn3.convert("L\u{AD}u", false), "Lưu");
        assert_eq!(Legacy::Tcvn3.convert("ñy ban", true), "ỦY BAN");
    }

    #[test]
    fn vni_letterhead_is_converted() {
        assert_eq!(
            Legacy::Vni.convert("COÄNG HOØA XAÕ HOÄI CHUÛ NGHÓA VIEÄT NAM", false),
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
        );
        assert_eq!(Legacy::Vni.convert("Ñoäc laäp - Töï do - Haïnh phuùc", false), "Độc lập - Tự do - Hạnh phúc");
        assert_eq!(Legacy::Vni.convert("ngaøy thaùng naêm", false), "ngày tháng năm");
        assert_eq!(Legacy::Vni.convert("Ngöôøi kyù", false), "Người ký");
    }

    #[test]
    fn words_settle_the_encoding_where_fonts_do_not() {
        let detect = |text: &str| detect(text.split(' '));
        assert_eq!(detect("CéNG HßA X· HéI CHñ NGHÜA VIÖT NAM"), Some(Legacy::Tcvn3));
        assert_eq!(detect("COÄNG HOØA XAÕ HOÄI"), Some(Legacy::Vni));
        assert_eq!(detect("CÔòNG HOÌA XAÞ HÔòI"), Some(Legacy::Windows1258));
        assert_eq!(detect("CỘNG HÒA XÃ HỘI"), None);
        assert_eq!(detect("Café société générale à Hanoi"), None);
    }

    #[test]
    fn font_names_tell_the_encoding() {
        assert_eq!(Legacy::of_font("ABCDEF+.VnTimeH,Bold"), Some((Legacy::Tcvn3, true)));
        assert_eq!(Legacy::of_font(".VnTime"), Some((Legacy::Tcvn3, false)));
        assert_eq!(Legacy::of_font("VNI-Times"), Some((Legacy::Vni, false)));
        assert_eq!(Legacy::of_font("TimesNewRomanPSMT"), None);
    }

    #[test]
    fn folding_ignores_case_accents_and_the_kinds_of_d() {
        assert_eq!(folded("  CỘNG HOÀ\u{A0} XÃ  HỘI "), "cong hoa xa hoi");
        assert_eq!(folded("Đ Ð Ɖ đ"), "d d d d");
        assert_eq!(folded("So\u{302}\u{301}"), "so");
        assert_eq!(folded("SLĐTBXH–VP"), "sldtbxh-vp");
        let all: String = ('\u{1EA0}'..='\u{1EF9}').collect();
        assert!(folded(&all).is_ascii());
        assert_eq!(folded("ỵỹặẸựỢ"), "yyaeuo");
    }

    #[test]
    fn windows_1258_sequences_are_composed() {
        assert_eq!(
            Legacy::Windows1258.convert("Ðôòc lâòp - Týò do - Haònh phuìc, ngaÌy thaìng nãm", false),
            "Độc lập - Tự do - Hạnh phúc, ngày tháng năm"
        );
        assert_eq!(composed("Nghi\u{323} quyê\u{301}t"), "Nghị quyết");
        assert!(!has_marks("Nghị quyết"));
    }
}
