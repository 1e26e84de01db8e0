//! Bytes of a CSV file to text. The encoding is configured, told by a byte order mark, or strict UTF-8;
//! anything else is an error: no encoding is guessed.

use super::problem::RegisterError;
use crate::text::text_of_vni;
use std::fmt;
use std::str::FromStr;
use unicode_normalization::UnicodeNormalization;

/// Encodings met in exports.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Encoding {
    /// UTF-8, with or without byte order mark.
    Utf8,
    /// UTF-16, little endian ("Unicode text" of Excel).
    Utf16Le,
    /// UTF-16, big endian.
    Utf16Be,
    /// Windows code page 1258 (Vietnamese), composed after decoding.
    Windows1258,
    /// TCVN3, also called ABC: TCVN 5712:1993, VN3.
    Tcvn3,
    /// VNI Windows: a base letter and one more for shape and tone.
    Vni,
}

impl Encoding {
    /// Every encoding, with the name used in the configuration.
    pub const ALL: &'static [(&'static str, Self)] = &[
        ("utf-8", Self::Utf8),
        ("utf-16le", Self::Utf16Le),
        ("utf-16be", Self::Utf16Be),
        ("windows-1258", Self::Windows1258),
        ("tcvn3", Self::Tcvn3),
        ("vni", Self::Vni),
    ];
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = Self::ALL.iter().find(|(_, encoding)| encoding == self).map_or("", |(name, _)| name);
        f.write_str(name)
    }
}

/// The text names no encoding this program reads.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not an encoding: utf-8, utf-16le, utf-16be, windows-1258, tcvn3 or vni")]
pub struct NotAnEncoding;

impl FromStr for Encoding {
    type Err = NotAnEncoding;

    fn from_str(text: &str) -> Result<Self, NotAnEncoding> {
        let text = text.to_ascii_lowercase();
        Self::ALL.iter().find(|(name, _)| *name == text).map(|(_, encoding)| *encoding).ok_or(NotAnEncoding)
    }
}

/// Decodes a file. A byte order mark must agree with the configured encoding.
pub(super) fn decode(
    file: &str,
    bytes: &[u8],
    configured: Option<Encoding>,
) -> Result<(String, Encoding), RegisterError> {
    let (marked, body) = match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => (Some(Encoding::Utf8), rest),
        [0xFF, 0xFE, rest @ ..] => (Some(Encoding::Utf16Le), rest),
        [0xFE, 0xFF, rest @ ..] => (Some(Encoding::Utf16Be), rest),
        all => (None, all),
    };
    let encoding = match (configured, marked) {
        (Some(configured), Some(marked)) if configured != marked => {
            return Err(RegisterError::EncodingContradicted { file: file.to_owned(), configured, marked });
        }
        (Some(encoding), _) | (None, Some(encoding)) => encoding,
        (None, None) => Encoding::Utf8,
    };
    let wrong = |offset: usize| match (configured, marked) {
        (None, None) => RegisterError::EncodingUnknown { file: file.to_owned(), offset },
        _ => RegisterError::EncodingWrong { file: file.to_owned(), encoding, offset },
    };
    let text = match encoding {
        Encoding::Utf8 => match std::str::from_utf8(body) {
            Ok(text) => text.to_owned(),
            Err(error) => return Err(wrong(error.valid_up_to())),
        },
        Encoding::Utf16Le => utf16(body, u16::from_le_bytes).map_err(wrong)?,
        Encoding::Utf16Be => utf16(body, u16::from_be_bytes).map_err(wrong)?,
        Encoding::Windows1258 => encoding_rs::WINDOWS_1258
            .decode_without_bom_handling_and_without_replacement(body)
            .ok_or_else(|| wrong(body.iter().position(|byte| matches!(byte, 0xD2 | 0x8A | 0x8D..=0x90)).unwrap_or(0)))?
            .into_owned(),
        Encoding::Tcvn3 => tcvn3(body).map_err(wrong)?,
        Encoding::Vni => text_of_vni(&encoding_rs::WINDOWS_1252.decode_without_bom_handling(body).0),
    };
    // A NUL is in no text: a binary file, or UTF-16 without its mark, which strict UTF-8 lets pass.
    if let Some(offset) = text.find('\0') {
        return Err(RegisterError::Binary { file: file.to_owned(), offset });
    }
    Ok((text.nfc().collect(), encoding))
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, usize> {
    let pairs = bytes.chunks_exact(2);
    if !pairs.remainder().is_empty() {
        return Err(bytes.len());
    }
    let units = pairs.map(|pair| unit([pair.first().copied().unwrap_or(0), pair.get(1).copied().unwrap_or(0)]));
    let mut text = String::with_capacity(bytes.len() / 2);
    let mut offset = 0;
    for character in char::decode_utf16(units) {
        let character = character.map_err(|_| offset)?;
        offset += character.len_utf16() * 2;
        text.push(character);
    }
    Ok(text)
}

/// TCVN 5712:1993, VN3: the letters above 0x7F. Capitals with a tone have no code of their own (fonts draw
/// them), so they come out in lower case; comparison folds case anyway.
const TCVN3: &[(u8, char)] = &[
    (0xA0, '\u{A0}'),
    (0xA1, 'Ă'),
    (0xA2, 'Â'),
    (0xA3, 'Ê'),
    (0xA4, 'Ô'),
    (0xA5, 'Ơ'),
    (0xA6, 'Ư'),
    (0xA7, 'Đ'),
    (0xA8, 'ă'),
    (0xA9, 'â'),
    (0xAA, 'ê'),
    (0xAB, 'ô'),
    (0xAC, 'ơ'),
    (0xAD, 'ư'),
    (0xAE, 'đ'),
    (0xB5, 'à'),
    (0xB6, 'ả'),
    (0xB7, 'ã'),
    (0xB8, 'á'),
    (0xB9, 'ạ'),
    (0xBB, 'ằ'),
    (0xBC, 'ẳ'),
    (0xBD, 'ẵ'),
    (0xBE, 'ắ'),
    (0xC6, 'ặ'),
    (0xC7, 'ầ'),
    (0xC8, 'ẩ'),
    (0xC9, 'ẫ'),
    (0xCA, 'ấ'),
    (0xCB, 'ậ'),
    (0xCC, 'è'),
    (0xCE, 'ẻ'),
    (0xCF, 'ẽ'),
    (0xD0, 'é'),
    (0xD1, 'ẹ'),
    (0xD2, 'ề'),
    (0xD3, 'ể'),
    (0xD4, 'ễ'),
    (0xD5, 'ế'),
    (0xD6, 'ệ'),
    (0xD7, 'ì'),
    (0xD8, 'ỉ'),
    (0xDC, 'ĩ'),
    (0xDD, 'í'),
    (0xDE, 'ị'),
    (0xDF, 'ò'),
    (0xE1, 'ỏ'),
    (0xE2, 'õ'),
    (0xE3, 'ó'),
    (0xE4, 'ọ'),
    (0xE5, 'ồ'),
    (0xE6, 'ổ'),
    (0xE7, 'ỗ'),
    (0xE8, 'ố'),
    (0xE9, 'ộ'),
    (0xEA, 'ờ'),
    (0xEB, 'ở'),
    (0xEC, 'ỡ'),
    (0xED, 'ớ'),
    (0xEE, 'ợ'),
    (0xEF, 'ù'),
    (0xF1, 'ủ'),
    (0xF2, 'ũ'),
    (0xF3, 'ú'),
    (0xF4, 'ụ'),
    (0xF5, 'ừ'),
    (0xF6, 'ử'),
    (0xF7, 'ữ'),
    (0xF8, 'ứ'),
    (0xF9, 'ự'),
    (0xFA, 'ỳ'),
    (0xFB, 'ỷ'),
    (0xFC, 'ỹ'),
    (0xFD, 'ý'),
    (0xFE, 'ỵ'),
];

fn tcvn3(bytes: &[u8]) -> Result<String, usize> {
    let mut text = String::with_capacity(bytes.len() * 2);
    for (offset, byte) in bytes.iter().enumerate() {
        if byte.is_ascii() {
            text.push(char::from(*byte));
        } else {
            let at = TCVN3.binary_search_by_key(byte, |(code, _)| *code).map_err(|_| offset)?;
            text.extend(TCVN3.get(at).map(|(_, character)| *character));
        }
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8], configured: Option<Encoding>) -> Result<(String, Encoding), RegisterError> {
        decode("sổ.csv", bytes, configured)
    }

    #[test]
    fn marks_and_configuration_decide() {
        let text = "Số;Độ mật";
        let le = [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect::<Vec<_>>();
        let be = text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<_>>();
        let mut bom = vec![0xEF, 0xBB, 0xBF];
        bom.extend(text.as_bytes());
        assert_eq!(decoded(text.as_bytes(), None).unwrap(), (text.into(), Encoding::Utf8));
        assert_eq!(decoded(&bom, None).unwrap(), (text.into(), Encoding::Utf8));
        assert_eq!(decoded(&le, None).unwrap(), (text.into(), Encoding::Utf16Le));
        assert_eq!(decoded(&be, Some(Encoding::Utf16Be)).unwrap(), (text.into(), Encoding::Utf16Be));
        // "ký", "Số": base letter with a combining tone, as code page 1258 writes them.
        let windows = [b'k', b'y', 0xEC, b' ', b'S', 0xF4, 0xEC, 0xF0];
        assert_eq!(decoded(&windows, Some(Encoding::Windows1258)).unwrap().0, "ký Sốđ");
        let tcvn3 = [b'S', 0xE8, b',', b' ', b'k', 0xFD, b' ', b'h', b'i', 0xD6, b'u', b' ', 0xA7];
        assert_eq!(decoded(&tcvn3, Some(Encoding::Tcvn3)).unwrap().0, "Số, ký hiệu Đ");
        // "Soá, kyù hieäu Ñ": VNI Windows.
        let vni = b"So\xe1, ky\xf9 hie\xe4u \xd1";
        assert_eq!(decoded(vni, Some(Encoding::Vni)).unwrap().0, "Số, ký hiệu Đ");
    }

    #[test]
    fn nothing_is_guessed() {
        assert!(matches!(decoded(b"S\xe8", None), Err(RegisterError::EncodingUnknown { offset: 1, .. })));
        assert!(matches!(decoded(b"S\0\x1e", None), Err(RegisterError::Binary { offset: 1, .. })));
        assert!(matches!(decoded(b"\xff\xfeS", None), Err(RegisterError::EncodingWrong { .. })));
        assert!(matches!(
            decoded(b"a\xff", Some(Encoding::Tcvn3)),
            Err(RegisterError::EncodingWrong { offset: 1, .. })
        ));
        assert!(matches!(
            decoded(b"\xef\xbb\xbfa", Some(Encoding::Tcvn3)),
            Err(RegisterError::EncodingContradicted { .. })
        ));
        assert!(decoded(&[0xFF, 0xFE, 0x00, 0xD8], None).is_err());
        assert!("latin-1".parse::<Encoding>().is_err());
    }

    #[test]
    fn the_table_is_sorted_and_without_doubles() {
        assert!(TCVN3.windows(2).all(|pair| pair[0].0 < pair[1].0));
        let mut letters = TCVN3.iter().map(|(_, letter)| *letter).collect::<Vec<_>>();
        letters.sort_unstable();
        letters.dedup();
        assert_eq!(letters.len(), TCVN3.len());
        // 60 toned lower-case vowels, 6 untoned letters and đ in lower case, 7 capitals, no-break space.
        assert_eq!(TCVN3.len(), 60 + 7 + 7 + 1);
        for (name, encoding) in Encoding::ALL {
            assert_eq!(name.parse(), Ok(*encoding));
            assert_eq!(encoding.to_string(), *name);
        }
    }
}
