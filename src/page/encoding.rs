//! Encodings of simple fonts and glyph names (ISO 32000-2, annex D; Adobe Glyph List).

use std::sync::LazyLock;
use unicode_normalization::char::compose;

/// A character for each code; `'\0'` where there is none.
pub(super) type CodeTable = [char; 256];

/// WinAnsiEncoding: windows-1252; codes 0xA0 and 0xAD are space and hyphen (annex D.2, notes 3 and 6).
pub(super) static WIN_ANSI: LazyLock<CodeTable> = LazyLock::new(|| {
    let mut table = from_encoding(encoding_rs::WINDOWS_1252);
    // Unused codes show a bullet (annex D.2, note 3): they are no text.
    for code in [0x7F_usize, 0x81, 0x8D, 0x8F, 0x90, 0x9D] {
        set(&mut table, code, '\0');
    }
    table
});

/// MacRomanEncoding.
pub(super) static MAC_ROMAN: LazyLock<CodeTable> = LazyLock::new(|| from_encoding(encoding_rs::MACINTOSH));

/// StandardEncoding (annex D.2).
pub(super) static STANDARD: LazyLock<CodeTable> = LazyLock::new(|| {
    let mut table = ['\0'; 256];
    for code in 0x20..0x7F_u8 {
        set(&mut table, usize::from(code), char::from(code));
    }
    set(&mut table, 0x27, '’');
    set(&mut table, 0x60, '‘');
    let upper = [
        (0xA1, "¡¢£⁄¥ƒ§¤'“«‹›ﬁﬂ"),
        (0xB1, "–†‡·\0¶•‚„”»…‰\0¿"),
        (0xC1, "`´ˆ˜¯˘˙¨\0˚¸\0˝˛ˇ—"),
        (0xE1, "Æ\0ª"),
        (0xE8, "ŁØŒº"),
        (0xF1, "æ\0\0\0ı\0\0łøœß"),
    ];
    for (first, characters) in upper {
        for (code, character) in (first..).zip(characters.chars()) {
            set(&mut table, code, character);
        }
    }
    table
});

fn set(table: &mut CodeTable, code: usize, character: char) {
    if let Some(entry) = table.get_mut(code) {
        *entry = character;
    }
}

fn from_encoding(encoding: &'static encoding_rs::Encoding) -> CodeTable {
    let mut table = ['\0'; 256];
    for code in 0x20..=0xFF_u8 {
        let bytes = [code];
        let (text, _) = encoding.decode_without_bom_handling(&bytes);
        if let Some(character) = text.chars().next() {
            set(&mut table, usize::from(code), character);
        }
    }
    table
}

/// The character of a glyph name: Adobe Glyph List names of Latin and Vietnamese letters, digits and
/// punctuation, and the `uniXXXX` and `uXXXXXX` forms. `None` for names that say nothing (`g12`).
pub(super) fn glyph_character(name: &[u8]) -> Option<char> {
    let name = std::str::from_utf8(name).ok()?;
    // "a.sc", "one.lining": a variant of the glyph before the dot (AGL specification, section 2).
    let name = match name.split_once('.') {
        Some(("", _)) => return None,
        Some((base, _)) => base,
        None => name,
    };
    let mut characters = name.chars();
    if let (Some(single), None) = (characters.next(), characters.next()) {
        return single.is_ascii_alphabetic().then_some(single);
    }
    if let Some(digits) = name.strip_prefix("uni")
        && let Some(code) = digits.get(..4)
        && let Ok(code) = u32::from_str_radix(code, 16)
    {
        return char::from_u32(code);
    }
    if let Some(digits) = name.strip_prefix('u')
        && (4..=6).contains(&digits.len())
        && let Ok(code) = u32::from_str_radix(digits, 16)
    {
        return char::from_u32(code);
    }
    match NAMED.binary_search_by(|(known, _)| (*known).cmp(name)) {
        Ok(index) => NAMED.get(index).map(|(_, character)| *character),
        Err(_) => accented(name),
    }
}

/// A base letter with the accents that its name spells: `acircumflexacute`, `Ohorndotbelow`.
fn accented(name: &str) -> Option<char> {
    let mut characters = name.chars();
    let mut result = characters.next().filter(char::is_ascii_alphabetic)?;
    let mut rest = characters.as_str();
    while !rest.is_empty() {
        let (accent, mark) = ACCENTS.iter().find(|(accent, _)| rest.starts_with(accent))?;
        result = compose(result, *mark)?;
        rest = rest.get(accent.len()..)?;
    }
    Some(result)
}

/// Accents in glyph names; the longer of two with a common beginning comes first.
const ACCENTS: [(&str, char); 14] = [
    ("circumflex", '\u{302}'),
    ("hookabove", '\u{309}'),
    ("dotbelow", '\u{323}'),
    ("dieresis", '\u{308}'),
    ("cedilla", '\u{327}'),
    ("macron", '\u{304}'),
    ("acute", '\u{301}'),
    ("grave", '\u{300}'),
    ("tilde", '\u{303}'),
    ("breve", '\u{306}'),
    ("caron", '\u{30C}'),
    ("horn", '\u{31B}'),
    ("hook", '\u{309}'),
    ("ring", '\u{30A}'),
];

/// Glyph names that are no letter with accents, in byte order.
#[rustfmt::skip]
const NAMED: [(&str, char); 125] = [
    ("AE", 'Æ'), ("Dcroat", 'Đ'), ("Dmacron", 'Đ'), ("Dslash", 'Đ'), ("Eth", 'Ð'), ("Euro", '€'),
    ("Lslash", 'Ł'), ("OE", 'Œ'), ("Oslash", 'Ø'), ("Thorn", 'Þ'), ("acute", '´'), ("ae", 'æ'),
    ("ampersand", '&'), ("asciicircum", '^'), ("asciitilde", '~'), ("asterisk", '*'), ("at", '@'),
    ("backslash", '\\'), ("bar", '|'), ("braceleft", '{'), ("braceright", '}'), ("bracketleft", '['),
    ("bracketright", ']'), ("breve", '˘'), ("brokenbar", '¦'), ("bullet", '•'), ("caron", 'ˇ'),
    ("cedilla", '¸'), ("cent", '¢'), ("circumflex", 'ˆ'), ("colon", ':'), ("comma", ','), ("copyright", '©'),
    ("currency", '¤'), ("dagger", '†'), ("daggerdbl", '‡'), ("dcroat", 'đ'), ("degree", '°'), ("dieresis", '¨'),
    ("divide", '÷'), ("dmacron", 'đ'), ("dollar", '$'), ("dong", '₫'), ("dotlessi", 'ı'), ("dslash", 'đ'),
    ("eight", '8'), ("ellipsis", '…'), ("emdash", '—'), ("endash", '–'), ("equal", '='), ("eth", 'ð'),
    ("exclam", '!'), ("exclamdown", '¡'), ("ff", 'ﬀ'), ("fi", 'ﬁ'), ("five", '5'), ("fl", 'ﬂ'), ("four", '4'),
    ("fraction", '⁄'), ("germandbls", 'ß'), ("grave", '`'), ("greater", '>'), ("guillemotleft", '«'),
    ("guillemotright", '»'), ("guilsinglleft", '‹'), ("guilsinglright", '›'), ("hyphen", '-'), ("less", '<'),
    ("logicalnot", '¬'), ("lslash", 'ł'), ("macron", '¯'), ("minus", '−'), ("mu", 'µ'), ("multiply", '×'),
    ("nine", '9'), ("nonbreakingspace", '\u{A0}'), ("numbersign", '#'), ("oe", 'œ'), ("one", '1'),
    ("onehalf", '½'), ("onequarter", '¼'), ("onesuperior", '¹'), ("ordfeminine", 'ª'), ("ordmasculine", 'º'),
    ("oslash", 'ø'), ("paragraph", '¶'), ("parenleft", '('), ("parenright", ')'), ("percent", '%'),
    ("period", '.'), ("periodcentered", '·'), ("perthousand", '‰'), ("plus", '+'), ("plusminus", '±'),
    ("question", '?'), ("questiondown", '¿'), ("quotedbl", '"'), ("quotedblbase", '„'), ("quotedblleft", '“'),
    ("quotedblright", '”'), ("quoteleft", '‘'), ("quoteright", '’'), ("quotesinglbase", '‚'),
    ("quotesingle", '\''), ("registered", '®'), ("ring", '˚'), ("section", '§'), ("semicolon", ';'),
    ("seven", '7'), ("six", '6'), ("slash", '/'), ("softhyphen", '\u{AD}'), ("space", ' '), ("sterling", '£'),
    ("thorn", 'þ'), ("three", '3'), ("threequarters", '¾'), ("threesuperior", '³'), ("tilde", '˜'),
    ("trademark", '™'), ("two", '2'), ("twosuperior", '²'), ("underscore", '_'), ("yen", '¥'), ("zero", '0'),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_table_is_sorted() {
        assert!(NAMED.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }

    #[test]
    fn vietnamese_glyph_names_are_known() {
        for (name, character) in [
            ("acircumflexacute", 'ấ'),
            ("Ohorndotbelow", 'Ợ'),
            ("uhornhookabove", 'ử'),
            ("abrevegrave", 'ằ'),
            ("ydotbelow", 'ỵ'),
            ("dcroat", 'đ'),
            ("Dcroat", 'Đ'),
            ("uni1ED9", 'ộ'),
            ("u1EA4", 'Ấ'),
            ("one.lining", '1'),
            ("slash", '/'),
            ("Q", 'Q'),
        ] {
            assert_eq!(glyph_character(name.as_bytes()), Some(character), "{name}");
        }
    }

    #[test]
    fn names_that_say_nothing_yield_nothing() {
        for name in ["g12", "cid_45", ".notdef", "", "index7", "aacutefoo", "uniXYZW"] {
            assert_eq!(glyph_character(name.as_bytes()), None, "{name}");
        }
    }

    #[test]
    fn encodings_hold_their_high_halves() {
        assert_eq!(WIN_ANSI[0xE9], 'é');
        assert_eq!(WIN_ANSI[0x96], '–');
        assert_eq!(WIN_ANSI[0x81], '\0');
        assert_eq!(MAC_ROMAN[0x8E], 'é');
        assert_eq!(STANDARD[0xB1], '–');
        assert_eq!(STANDARD[0xFA], 'œ');
        assert_eq!(STANDARD[0x41], 'A');
    }
}
