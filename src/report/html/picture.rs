//! Pictures of a paper copy beside its e-document, embedded in the page.

use crate::model::PairPictures;
use serde::Serialize;

/// Pairs on one page that come with pictures: five megabytes at most.
pub(super) const PAGE_PAIRS: usize = 60;

/// A pair as it is shown.
#[derive(Serialize)]
pub(super) struct PictureText {
    /// First pages of e-document and scan; empty where names on them are masked.
    pages: Vec<String>,
    /// The lines with number and date.
    headings: Vec<String>,
    /// Digits in reading order: printed, on the scan (`?` where it cannot be told), and how they compare.
    digits: Vec<(char, char, &'static str)>,
    /// Pages are withheld.
    masked: bool,
}

impl PictureText {
    /// `full`: pages may be shown, on which people are named.
    pub(super) fn new(pictures: &PairPictures, full: bool) -> Self {
        let uris = |pair: [&Vec<u8>; 2]| -> Vec<String> {
            if pair.iter().any(|png| png.is_empty()) { Vec::new() } else { pair.map(|png| data_uri(png)).to_vec() }
        };
        let digit = |(printed, scanned): &(char, Option<char>)| match scanned {
            Some(scanned) if scanned == printed => (*printed, *scanned, "same"),
            Some(scanned) => (*printed, *scanned, "other"),
            None => (*printed, '?', "unread"),
        };
        Self {
            pages: if full { uris([&pictures.document, &pictures.scan]) } else { Vec::new() },
            headings: uris([&pictures.document_heading, &pictures.scan_heading]),
            digits: pictures.digits.iter().map(digit).collect(),
            masked: !full,
        }
    }
}

/// A PNG as a data URI (RFC 2397, base64 of RFC 4648).
fn data_uri(png: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut uri = String::with_capacity(png.len() / 3 * 4 + 32);
    uri.push_str("data:image/png;base64,");
    for group in png.chunks(3) {
        let byte = |at: usize| u32::from(group.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for sextet in 0..4 {
            let index = usize::try_from(bits >> (18 - 6 * sextet) & 63).unwrap_or(0);
            let filled = sextet <= group.len();
            uri.push(if filled { ALPHABET.get(index).copied().map_or('=', char::from) } else { '=' });
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_of_the_rfc() {
        for (bytes, text) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(data_uri(bytes.as_bytes()), format!("data:image/png;base64,{text}"));
        }
    }

    #[test]
    fn masked_pages_are_withheld_and_digits_compared() {
        let pictures = PairPictures {
            document: vec![1],
            scan: vec![2],
            document_heading: vec![3],
            scan_heading: vec![4],
            digits: vec![('2', Some('2')), ('3', Some('8')), ('4', None)],
        };
        let shown = PictureText::new(&pictures, true);
        assert_eq!((shown.pages.len(), shown.headings.len()), (2, 2));
        let masked = PictureText::new(&pictures, false);
        assert_eq!((masked.pages.len(), masked.headings.len()), (0, 2));
        assert_eq!(masked.digits, [('2', '2', "same"), ('3', '8', "other"), ('4', '?', "unread")]);
        assert!(PictureText::new(&PairPictures::default(), true).headings.is_empty());
    }
}
