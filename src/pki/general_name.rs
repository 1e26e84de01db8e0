//! GeneralName (RFC 5280, 4.2.1.6): the forms that constraints and distribution points compare.

use super::name::Name;
use crate::crypto::der::{Element, Elements};

/// A name in one of the forms that are compared; the others are kept by tag only.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum GeneralName {
    /// rfc822Name.
    Email(String),
    /// dNSName.
    Dns(String),
    /// uniformResourceIdentifier.
    Uri(String),
    /// iPAddress: 4 or 16 octets, twice that in a constraint.
    Ip(Vec<u8>),
    /// directoryName.
    Directory(Name),
    /// otherName, x400Address, ediPartyName, registeredID, or a malformed one: the tag number.
    Other(u32),
}

impl GeneralName {
    pub(super) fn parse(element: &Element<'_>) -> Self {
        // IA5String content; anything beyond ASCII is kept readable and matches nothing.
        let text = || String::from_utf8_lossy(element.content).into_owned();
        match element.tag {
            1 => Self::Email(text()),
            2 => Self::Dns(text()),
            4 => Name::parse(element.content).map_or(Self::Other(4), Self::Directory),
            6 => Self::Uri(text()),
            7 => Self::Ip(element.content.to_vec()),
            other => Self::Other(other),
        }
    }

    /// The names in the content of a GeneralNames; `None` if malformed.
    pub(super) fn parse_all(content: &[u8]) -> Option<Vec<Self>> {
        let mut elements = Elements(content);
        let names = elements.by_ref().map(|element| Self::parse(&element)).collect();
        elements.0.is_empty().then_some(names)
    }

    /// The tag number of the form.
    pub(super) fn form(&self) -> u32 {
        match self {
            Self::Email(_) => 1,
            Self::Dns(_) => 2,
            Self::Directory(_) => 4,
            Self::Uri(_) => 6,
            Self::Ip(_) => 7,
            Self::Other(tag) => *tag,
        }
    }
}
