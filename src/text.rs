//! Folding of Vietnamese text for comparison. The original is always kept for display; what these
//! functions return is only ever compared.
//!
//! Traps they remove (domain: number, symbol, text): decomposed letters (NFD), Đ U+0110 against Ð U+00D0
//! and Ɖ U+0189, dash and space variants, letter case, the two places of a tone mark (HÒA/HOÀ, ỦY/UỶ).

use std::borrow::Cow;
use unicode_normalization::char::is_combining_mark;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// NFC, with Ð and Ɖ (Eth and African D, which fonts draw alike) written as Đ. Case, spaces and dashes stay.
pub fn compose(text: &str) -> String {
    text.nfc().map(unify_d).collect()
}

fn unify_d(c: char) -> char {
    match c {
        'Ð' | 'Ɖ' => 'Đ',
        'ð' | 'ɖ' => 'đ',
        other => other,
    }
}

/// Whether `c` is one of the dashes that stand for a hyphen in typed symbols.
pub fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{AD}' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' | '\u{FF0D}')
}

/// Whether `c` is drawn as nothing: zero-width space and joiners, word joiner, byte order mark.
pub fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}')
}

/// Comparison form that keeps diacritics: composed, lower case, every dash a hyphen, every run of white
/// space (no-break space included) one space, ends trimmed, tone marks of `oa oe uy` on the second vowel.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut pending_space = false;
    // Almost every text is composed already; keys are made by the hundred thousand, so that is asked first.
    let lower = if text.is_ascii() {
        text.to_ascii_lowercase()
    } else {
        let composed = composed(Cow::Borrowed(text));
        let lower = composed.chars().filter(|c| !is_invisible(*c)).flat_map(char::to_lowercase).collect::<String>();
        // Lower-casing may decompose (İ), so compose again afterwards.
        self::composed(Cow::Owned(lower)).into_owned()
    };
    for c in lower.chars().map(unify_d) {
        if c.is_whitespace() {
            pending_space = !folded.is_empty();
            continue;
        }
        if pending_space {
            folded.push(' ');
            pending_space = false;
        }
        let c = if is_dash(c) { '-' } else { c };
        if let Some((plain, toned)) = folded.chars().next_back().and_then(|previous| move_tone(previous, c)) {
            folded.pop();
            folded.push(plain);
            folded.push(toned);
        } else {
            folded.push(c);
        }
    }
    folded
}

/// The text in NFC.
fn composed(text: Cow<'_, str>) -> Cow<'_, str> {
    match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => text,
        _ => Cow::Owned(text.nfc().collect()),
    }
}

/// The pair with its tone mark moved to the second vowel, if it stood on the first: `ò a` to `o à`.
/// Vietnamese has no syllable in which these three pairs with the mark on the first mean anything else.
fn move_tone(first: char, second: char) -> Option<(char, char)> {
    const O: &str = "òóỏõọ";
    const U: &str = "ùúủũụ";
    let (marked, plain, toned) = match second {
        'a' => (O, 'o', "àáảãạ"),
        'e' => (O, 'o', "èéẻẽẹ"),
        'y' => (U, 'u', "ỳýỷỹỵ"),
        _ => return None,
    };
    let tone = marked.chars().position(|c| c == first)?;
    toned.chars().nth(tone).map(|toned| (plain, toned))
}

/// Comparison form without diacritics: [`fold`], then marks dropped and đ as d. Loses information (`mật`,
/// `mặt` and `mất` fall together): a match on it alone deserves lower confidence.
pub fn ascii_fold(text: &str) -> String {
    let marked = fold(text);
    if marked.is_ascii() {
        return marked;
    }
    let mut folded = String::with_capacity(text.len());
    for c in marked.nfd().filter(|c| !is_combining_mark(*c)) {
        // A mark that stood alone between two spaces leaves both.
        if c != ' ' || !(folded.is_empty() || folded.ends_with(' ')) {
            folded.push(if c == 'đ' { 'd' } else { c });
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// Whether letters of `text` carry no Vietnamese mark at all, so that diacritics may have been lost.
pub fn is_plain_ascii(text: &str) -> bool {
    text.is_ascii()
}

/// The Unicode text of VNI Windows bytes shown as Latin-1: a base letter followed by one character for shape and tone; a few letters stand alone.
pub fn text_of_vni(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let base = match character {
            'ñ' => 'đ',
            'Ñ' => 'Đ',
            'ô' => 'ơ',
            'Ô' => 'Ơ',
            'ö' => 'ư',
            'Ö' => 'Ư',
            'æ' => 'ỉ',
            'Æ' => 'Ỉ',
            'ó' => 'ĩ',
            'Ó' => 'Ĩ',
            'ò' => 'ị',
            'Ò' => 'Ị',
            'î' => 'ỵ',
            'Î' => 'Ỵ',
            other => other,
        };
        result.push(base);
        let takes_mark = matches!(base.to_ascii_lowercase(), 'a' | 'e' | 'i' | 'o' | 'u' | 'y')
            || matches!(base, 'ơ' | 'Ơ' | 'ư' | 'Ư');
        if takes_mark && let Some(marks) = characters.peek().and_then(|next| vni_marks(base, *next)) {
            result.push_str(marks);
            characters.next();
        }
    }
    result.nfc().collect()
}

/// Combining marks of the character behind a VNI base letter.
fn vni_marks(base: char, mark: char) -> Option<&'static str> {
    let plain = match mark {
        'ù' | 'Ù' => "\u{301}",
        'ø' | 'Ø' => "\u{300}",
        'û' | 'Û' => "\u{309}",
        'õ' | 'Õ' => "\u{303}",
        'ï' | 'Ï' => "\u{323}",
        _ => "",
    };
    if !plain.is_empty() {
        return Some(plain);
    }
    if !matches!(base.to_ascii_lowercase(), 'a' | 'e' | 'o') {
        return None;
    }
    Some(match mark {
        'â' | 'Â' => "\u{302}",
        'á' | 'Á' => "\u{302}\u{301}",
        'à' | 'À' => "\u{302}\u{300}",
        'å' | 'Å' => "\u{302}\u{309}",
        'ã' | 'Ã' => "\u{302}\u{303}",
        'ä' | 'Ä' => "\u{302}\u{323}",
        'ê' | 'Ê' => "\u{306}",
        'é' | 'É' => "\u{306}\u{301}",
        'è' | 'È' => "\u{306}\u{300}",
        'ú' | 'Ú' => "\u{306}\u{309}",
        'ü' | 'Ü' => "\u{306}\u{303}",
        'ë' | 'Ë' => "\u{306}\u{323}",
        _ => return None,
    })
}

/// Ranks, degrees and forms of address that stand before a name, folded, without dots.
const ADDRESSES: &[&str] = &[
    "ông",
    "bà",
    "đ/c",
    "đc",
    "đồng chí",
    "gs",
    "pgs",
    "ts",
    "ths",
    "thạc sĩ",
    "thạc sỹ",
    "tiến sĩ",
    "tiến sỹ",
    "cn",
    "ks",
    "kts",
    "bs",
    "bsck1",
    "bsck2",
    "bscki",
    "bsckii",
    "ckii",
    "cki",
    "ds",
    "ls",
    "nsnd",
    "nsưt",
    "ngnd",
    "ngưt",
    "ttnd",
    "ttưt",
    "bác sĩ",
    "luật sư",
    "kỹ sư",
    "kĩ sư",
    "giáo sư",
    "phó giáo sư",
    "cử nhân",
    "dr",
    "mr",
    "mrs",
];

/// Comparison form of a personal name: [`fold`], forms of address and degrees in front removed, dots and
/// commas as spaces.
///
/// `"ThS. Nguyễn Văn  A"`, `"NGUYỄN VĂN A"` and `"Đ/c Nguyễn Văn A"` are one name.
pub fn name_key(name: &str) -> String {
    let folded = fold(&name.replace(['.', ',', ';', ':'], " "));
    let mut rest = folded.as_str();
    // Each round removes at least one word, so this ends.
    while let Some(stripped) =
        ADDRESSES.iter().filter_map(|address| rest.strip_prefix(address)?.strip_prefix(' ')).min_by_key(|r| r.len())
    {
        rest = stripped;
    }
    rest.to_owned()
}

/// How well two names agree.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum NameAgreement {
    /// They differ.
    Different,
    /// Equal only when diacritics are ignored, and one side has none: probably the same.
    WithoutDiacritics,
    /// Equal, diacritics included.
    Same,
}

/// Compares two personal names after [`name_key`]. Ignoring diacritics counts only if one side has none at
/// all: `Hoàng Lan` and `Hoàng Lân` are two persons.
pub fn compare_names(left: &str, right: &str) -> NameAgreement {
    let (left, right) = (name_key(left), name_key(right));
    if left == right {
        NameAgreement::Same
    } else if (is_plain_ascii(&left) || is_plain_ascii(&right)) && ascii_fold(&left) == ascii_fold(&right) {
        NameAgreement::WithoutDiacritics
    } else {
        NameAgreement::Different
    }
}

/// Comparison form of a subject or other running text: [`fold`], with everything but letters and digits as
/// one space, and the lead-ins "V/v" and "Về việc" removed.
pub fn prose_key(text: &str) -> String {
    let folded = fold(text);
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect::<Vec<_>>();
    let words = match words.as_slice() {
        ["v", "v", rest @ ..] | ["về", "việc", rest @ ..] => rest,
        all => all,
    };
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn variants_of_one_text_fold_alike() {
        let cases = [
            ("ỦY BAN NHÂN DÂN", "Uỷ ban  nhân dân"),
            ("CỘNG HÒA", "cộng hoà"),
            ("QÐ-UBND", "qđ–ubnd"),
            ("Sở\u{A0}Nội vụ", "Sở Nội vụ "),
            ("Thúy", "Thuý"),
            ("khóe", "khoé"),
        ];
        for (left, right) in cases {
            assert_eq!(fold(left), fold(right), "{left} / {right}");
        }
        let decomposed: String = "Sở Lao động – Thương binh".nfd().collect();
        assert_eq!(fold(&decomposed), "sở lao động - thương binh");
        assert_ne!(fold("của"), fold("cuả"));
        assert_ne!(fold("mật"), fold("mặt"));
    }

    #[test]
    fn diacritics_are_dropped_on_request_only() {
        assert_eq!(ascii_fold("Sở Lao động, ƯỚC Đ"), "so lao dong, uoc d");
        assert_eq!(compose("QÐ"), "QĐ");
    }

    #[test]
    fn addresses_and_degrees_do_not_belong_to_the_name() {
        for name in ["ThS. Nguyễn Văn Hòa", "PGS.TS. NGUYỄN VĂN HOÀ", "Đ/c Nguyễn Văn Hoà", "Ông Nguyễn Văn Hòa"]
        {
            assert_eq!(name_key(name), "nguyễn văn hoà", "{name}");
        }
        // A name may begin like an address.
        assert_eq!(name_key("Bàng Văn Tú"), "bàng văn tú");
    }

    #[test]
    fn names_without_diacritics_agree_weakly() {
        assert_eq!(compare_names("Nguyễn Văn An", "NGUYEN VAN AN"), NameAgreement::WithoutDiacritics);
        assert_eq!(compare_names("Hoàng Lan", "Hoàng Lân"), NameAgreement::Different);
        assert_eq!(compare_names("Bà Lê Thị Thúy", "Lê Thị Thuý"), NameAgreement::Same);
    }

    #[test]
    fn prose_ignores_punctuation_and_lead_in() {
        assert_eq!(prose_key("V/v triển khai Kế hoạch, năm 2026."), prose_key("triển khai kế hoạch năm 2026"));
        assert_eq!(prose_key("Về việc: nghỉ lễ"), "nghỉ lễ");
    }

    proptest! {
        #[test]
        fn folding_is_idempotent(text in "\\PC{0,40}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once.clone());
            let ascii = ascii_fold(&text);
            prop_assert_eq!(ascii_fold(&ascii), ascii);
        }
    }
}
