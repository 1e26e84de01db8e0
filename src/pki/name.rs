//! Distinguished names: readable, and comparable by the rules of RFC 5280, 7.1.

use crate::crypto;
use crate::crypto::der::{self, Element, tag};
use crate::model::Sha256Digest;
use std::fmt;
use unicode_normalization::UnicodeNormalization;

/// One attribute of a name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Attribute {
    /// Type, dotted.
    pub oid: String,
    /// Value as text; strings of every ASN.1 type are decoded, anything else is in hexadecimal.
    pub value: String,
}

/// A distinguished name (RFC 5280, 4.1.2.4).
#[derive(Clone, Debug, Default)]
pub struct Name {
    /// The DER as found.
    pub raw: Vec<u8>,
    /// Attributes in order of appearance.
    pub attributes: Vec<Attribute>,
    /// One comparable form per relative distinguished name: string type, case and white space do not
    /// count, nor does the order within a set.
    canonical: Vec<Vec<(String, Value)>>,
    key: NameKey,
}

/// A comparable attribute value.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
enum Value {
    /// Folded text.
    Text(String),
    /// DER of what is no string.
    Raw(Vec<u8>),
}

/// Digest of the comparable form of a name, a key for maps: equal names, equal keys.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct NameKey(Sha256Digest);

impl NameKey {
    fn of(canonical: &[Vec<(String, Value)>]) -> Self {
        let mut bytes = Vec::new();
        // Every part carries its length, so that no two forms have the same bytes.
        let mut part = |kind: u8, content: &[u8]| {
            bytes.push(kind);
            bytes.extend(content.len().to_be_bytes());
            bytes.extend_from_slice(content);
        };
        for set in canonical {
            part(0, &[]);
            for (oid, value) in set {
                part(1, oid.as_bytes());
                match value {
                    Value::Text(text) => part(2, text.as_bytes()),
                    Value::Raw(der) => part(3, der),
                }
            }
        }
        Self(crypto::sha256(&bytes))
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for Name {}

impl Name {
    /// Reads a Name; `None` if it is malformed.
    pub fn parse(raw: &[u8]) -> Option<Self> {
        let mut name = Self { raw: raw.to_vec(), ..Self::default() };
        let mut sets = der::sequence(raw)?;
        for set in sets.by_ref() {
            name.push_set(set.content)?;
        }
        name.key = NameKey::of(&name.canonical);
        sets.0.is_empty().then_some(name)
    }

    /// This name extended by one relative distinguished name (the content of its SET): the full form
    /// of nameRelativeToCRLIssuer (RFC 5280, 4.2.1.13).
    pub(super) fn extended(&self, set_content: &[u8]) -> Option<Self> {
        let mut name = self.clone();
        name.push_set(set_content)?;
        name.key = NameKey::of(&name.canonical);
        Some(name)
    }

    fn push_set(&mut self, content: &[u8]) -> Option<()> {
        let mut set = Vec::new();
        let mut elements = der::Elements(content);
        for pair in elements.by_ref() {
            let mut pair = pair.children();
            let oid = pair.next()?.oid()?;
            let value = pair.next()?;
            let (text, key) = match text(&value) {
                Some(text) => (text.clone(), Value::Text(fold(&text))),
                None => (hexadecimal(value.content), Value::Raw(value.raw.to_vec())),
            };
            self.attributes.push(Attribute { oid: oid.clone(), value: text });
            set.push((oid, key));
        }
        set.sort();
        self.canonical.push(set);
        elements.0.is_empty().then_some(())
    }

    /// Whether it has no attribute at all.
    pub fn is_empty(&self) -> bool {
        self.attributes.is_empty()
    }

    /// The comparable form.
    pub fn key(&self) -> NameKey {
        self.key
    }

    /// Whether `self` is `base` or lies below it (RFC 5280, 4.2.1.10: directoryName constraints).
    pub(super) fn is_within(&self, base: &Self) -> bool {
        self.canonical.starts_with(&base.canonical)
    }

    /// The last value of an attribute type (the most specific one).
    pub fn last(&self, oid: &str) -> Option<&str> {
        self.attributes.iter().rev().find(|attribute| attribute.oid == oid).map(|attribute| attribute.value.as_str())
    }

    /// CN.
    pub fn common_name(&self) -> Option<&str> {
        self.last("2.5.4.3")
    }

    /// O.
    pub fn organization(&self) -> Option<&str> {
        self.last("2.5.4.10")
    }

    /// OU.
    pub fn organizational_unit(&self) -> Option<&str> {
        self.last("2.5.4.11")
    }

    /// UID, for example `MST:0100109106`.
    pub fn user_id(&self) -> Option<&str> {
        self.last("0.9.2342.19200300.100.1.1")
    }

    /// The name to print for it in a sentence: CN, else OU, else O, else the whole.
    pub fn short(&self) -> String {
        [self.common_name(), self.organizational_unit(), self.organization()]
            .into_iter()
            .flatten()
            .next()
            .map_or_else(|| self.to_string(), str::to_owned)
    }
}

/// In order of appearance: `C=VN,O=Ban Cơ yếu Chính phủ,CN=…`.
impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, attribute) in self.attributes.iter().enumerate() {
            let label = label(&attribute.oid).unwrap_or(&attribute.oid);
            write!(f, "{}{label}={}", if index == 0 { "" } else { "," }, attribute.value)?;
        }
        Ok(())
    }
}

/// Short names of attribute types (RFC 4514, 3; RFC 5280, appendix A).
fn label(oid: &str) -> Option<&'static str> {
    Some(match oid {
        "2.5.4.3" => "CN",
        "2.5.4.4" => "SN",
        "2.5.4.5" => "serialNumber",
        "2.5.4.6" => "C",
        "2.5.4.7" => "L",
        "2.5.4.8" => "ST",
        "2.5.4.9" => "STREET",
        "2.5.4.10" => "O",
        "2.5.4.11" => "OU",
        "2.5.4.12" => "title",
        "2.5.4.42" => "GN",
        "2.5.4.97" => "organizationIdentifier",
        "0.9.2342.19200300.100.1.1" => "UID",
        "0.9.2342.19200300.100.1.25" => "DC",
        "1.2.840.113549.1.9.1" => "emailAddress",
        _ => return None,
    })
}

/// The text of an ASN.1 string; `None` for any other type.
fn text(element: &Element<'_>) -> Option<String> {
    if element.class != der_parser::asn1_rs::Class::Universal {
        return None;
    }
    let bytes = element.content;
    match element.tag {
        // UTF8String, NumericString, PrintableString, TeletexString, IA5String, VisibleString. Real
        // certificates put UTF-8 and Latin-1 into every one of them; nobody writes real T.61.
        12 | 18 | 19 | 20 | 22 | 26 => Some(
            std::str::from_utf8(bytes)
                .map_or_else(|_| bytes.iter().map(|byte| char::from(*byte)).collect(), str::to_owned),
        ),
        // BMPString: UTF-16, big endian (surrogates in practice).
        tag::BMP_STRING => {
            let units = bytes.chunks(2).map(|pair| pair.iter().fold(0, |unit, byte| unit << 8 | u16::from(*byte)));
            Some(char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect())
        }
        // UniversalString: UTF-32, big endian.
        tag::UNIVERSAL_STRING => Some(
            bytes
                .chunks(4)
                .map(|unit| unit.iter().fold(0, |code, byte| code << 8 | u32::from(*byte)))
                .map(|code| char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER))
                .collect(),
        ),
        _ => None,
    }
}

/// Case, compatibility forms and white space folded (RFC 5280, 7.1; RFC 4518, 2).
fn fold(text: &str) -> String {
    let folded: String = text.nfkc().flat_map(char::to_lowercase).collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Lower-case hexadecimal digits.
pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A name of one attribute per pair: dotted arcs under 2.5.4, string tag, content.
    pub(in crate::pki) fn name(parts: &[(u8, u8, &[u8])]) -> Vec<u8> {
        let element = |tag: u8, content: &[u8]| {
            let mut bytes = vec![tag, u8::try_from(content.len()).unwrap()];
            bytes.extend_from_slice(content);
            bytes
        };
        let mut sets = Vec::new();
        for (arc, kind, value) in parts {
            let mut pair = element(6, &[0x55, 0x04, *arc]);
            pair.extend(element(*kind, value));
            sets.extend(element(0x31, &element(0x30, &pair)));
        }
        element(0x30, &sets)
    }

    #[test]
    fn strings_of_all_types_read_as_text() {
        let raw = name(&[
            (3, 12, "Cơ quan".as_bytes()),
            (10, 20, &[0x43, 0xf4, 0x6e]),
            (11, 30, &[0x1e, 0xa4, 0x00, 0x6e]),
            (7, 28, &[0, 0, 0x1e, 0xa4]),
            (5, 2, &[5]),
        ]);
        let name = Name::parse(&raw).unwrap();
        assert_eq!(name.to_string(), "CN=Cơ quan,O=Côn,OU=Ấn,L=Ấ,serialNumber=05");
        assert_eq!(name.common_name(), Some("Cơ quan"));
        assert_eq!(name.organization(), Some("Côn"));
    }

    #[test]
    fn case_space_and_string_type_do_not_count_but_order_does() {
        let parse = |parts: &[(u8, u8, &[u8])]| Name::parse(&name(parts)).unwrap();
        let one = parse(&[(10, 19, b"Ban  Co yeu "), (3, 19, b"RootCA")]);
        assert_eq!(one, parse(&[(10, 12, b"ban co YEU"), (3, 12, b"rootca")]));
        assert_ne!(one, parse(&[(3, 12, b"rootca"), (10, 12, b"ban co yeu")]));
        assert_ne!(one, parse(&[(10, 12, b"bancoyeu"), (3, 12, b"rootca")]));
        assert_ne!(parse(&[(3, 12, "Cơ".as_bytes())]), parse(&[(3, 12, b"Co")]));
        assert!(one.is_within(&parse(&[(10, 12, b"ban co yeu")])));
        assert!(!parse(&[(10, 12, b"ban co yeu")]).is_within(&one));
    }

    #[test]
    fn malformed_names_are_refused() {
        let raw = name(&[(3, 12, b"x")]);
        for length in 0..raw.len() {
            assert!(Name::parse(&raw[..length]).is_none(), "{length}");
        }
        assert!(Name::parse(&[0x30, 0x02, 0x31, 0x05]).is_none());
        assert!(Name::parse(&[0x30, 0x00]).unwrap().is_empty());
    }
}
