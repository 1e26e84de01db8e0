//! Reading one BER or DER element at a time, without recursion into its content.

use der_parser::asn1_rs::{Any, Class, FromBer, Oid};

/// One element: its identifier, its content and the whole of its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Element<'a> {
    /// Class of the tag.
    pub(crate) class: Class,
    /// Tag number.
    pub(crate) tag: u32,
    /// The content consists of elements.
    constructed: bool,
    /// Content octets (end-of-contents octets excluded).
    pub(crate) content: &'a [u8],
    /// Identifier, length and content octets.
    pub(crate) raw: &'a [u8],
}

/// Universal tag numbers (ITU-T X.680, 8.4).
pub(crate) mod tag {
    pub(crate) const BOOLEAN: u32 = 1;
    pub(crate) const INTEGER: u32 = 2;
    pub(crate) const BIT_STRING: u32 = 3;
    pub(crate) const OCTET_STRING: u32 = 4;
    pub(crate) const NULL: u32 = 5;
    pub(crate) const OBJECT_IDENTIFIER: u32 = 6;
    pub(crate) const ENUMERATED: u32 = 10;
    pub(crate) const SEQUENCE: u32 = 16;
    pub(crate) const UNIVERSAL_STRING: u32 = 28;
    pub(crate) const BMP_STRING: u32 = 30;
}

impl<'a> Element<'a> {
    /// Whether the tag is universal with this number, constructed for a SEQUENCE and primitive else:
    /// strings in pieces (BER) are not read here.
    pub(crate) fn is(&self, tag: u32) -> bool {
        self.class == Class::Universal && self.tag == tag && self.constructed == (tag == tag::SEQUENCE)
    }

    /// The octets of a BIT STRING without unused bits.
    pub(crate) fn whole_bits(&self) -> Option<&'a [u8]> {
        match self.content.split_first() {
            Some((0, octets)) if self.is(tag::BIT_STRING) => Some(octets),
            _ => None,
        }
    }

    /// Whether the tag is context-specific with this number.
    pub(crate) fn is_context(&self, tag: u32) -> bool {
        self.class == Class::ContextSpecific && self.tag == tag
    }

    /// The elements inside.
    pub(crate) fn children(&self) -> Elements<'a> {
        Elements(self.content)
    }

    /// The dotted form of an OBJECT IDENTIFIER's content.
    pub(crate) fn oid(&self) -> Option<String> {
        self.is(tag::OBJECT_IDENTIFIER).then(|| dotted(self.content)).flatten()
    }

    /// The value of a non-negative INTEGER that fits.
    pub(crate) fn small_integer(&self) -> Option<u64> {
        if !self.is(tag::INTEGER) || self.content.first()? & 0x80 != 0 {
            return None;
        }
        self.content.iter().try_fold(0u64, |value, byte| value.checked_mul(256)?.checked_add(u64::from(*byte)))
    }
}

/// The dotted form of an object identifier's content octets; `None` if they are malformed.
pub(crate) fn dotted(content: &[u8]) -> Option<String> {
    // A first octet and complete, bounded arcs (ITU-T X.690, 8.19).
    if content.len() > 64 || content.last()? & 0x80 != 0 {
        return None;
    }
    Some(Oid::new(content.into()).to_id_string())
}

/// Consecutive elements; ends at the first malformed one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Elements<'a>(pub(crate) &'a [u8]);

impl<'a> Elements<'a> {
    /// The next element if its tag is universal with this number; else nothing is consumed.
    pub(crate) fn next_of(&mut self, tag: u32) -> Option<Element<'a>> {
        let (element, rest) = read(self.0)?;
        element.is(tag).then(|| {
            self.0 = rest;
            element
        })
    }

    /// The next element if its tag is context-specific with this number; else nothing is consumed.
    pub(crate) fn next_context(&mut self, tag: u32) -> Option<Element<'a>> {
        let (element, rest) = read(self.0)?;
        element.is_context(tag).then(|| {
            self.0 = rest;
            element
        })
    }
}

impl<'a> Iterator for Elements<'a> {
    type Item = Element<'a>;

    fn next(&mut self) -> Option<Element<'a>> {
        let (element, rest) = read(self.0)?;
        self.0 = rest;
        Some(element)
    }
}

/// Reads the element at the start of `input`; `None` if there is none.
pub(crate) fn read(input: &[u8]) -> Option<(Element<'_>, &[u8])> {
    let (rest, any) = Any::from_ber(input).ok()?;
    let raw = input.get(..input.len().checked_sub(rest.len())?)?;
    let header = &any.header;
    let (class, tag, constructed) = (header.class(), header.tag().0, header.constructed());
    Some((Element { class, tag, constructed, content: any.data, raw }, rest))
}

/// Reads a SEQUENCE that is the whole of `input`.
pub(crate) fn sequence(input: &[u8]) -> Option<Elements<'_>> {
    let (element, rest) = read(input)?;
    (rest.is_empty() && element.is(tag::SEQUENCE)).then(|| element.children())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_definite_and_indefinite_sequences() {
        for bytes in [&[0x30, 0x03, 0x02, 0x01, 0x05][..], &[0x30, 0x80, 0x02, 0x01, 0x05, 0, 0][..]] {
            let mut children = sequence(bytes).unwrap();
            assert_eq!(children.next_of(tag::BOOLEAN), None);
            assert_eq!(children.next_of(tag::INTEGER).unwrap().small_integer(), Some(5));
            assert_eq!(children.next(), None);
        }
    }

    #[test]
    fn truncated_and_trailing_bytes_are_refused() {
        assert!(sequence(&[0x30, 0x04, 0x02, 0x01, 0x05]).is_none());
        assert!(sequence(&[0x30, 0x03, 0x02, 0x01, 0x05, 0x00]).is_none());
        assert!(sequence(&[]).is_none());
        assert!(sequence(&[0x30, 0x84, 0xff, 0xff, 0xff, 0xff]).is_none());
        assert!(sequence(&[0x10, 0x03, 0x02, 0x01, 0x05]).is_none());
    }

    #[test]
    fn bits_that_are_not_used_are_refused() {
        let bits = |der| read(der).and_then(|(element, _)| element.whole_bits());
        assert_eq!(bits(&[3, 2, 0, 7]), Some(&[7][..]));
        assert_eq!(bits(&[3, 2, 1, 6]), None);
        assert_eq!(bits(&[3, 0]), None);
        assert_eq!(bits(&[4, 2, 0, 7]), None);
    }

    #[test]
    fn malformed_object_identifiers_have_no_dotted_form() {
        assert_eq!(dotted(&[0x2a, 0x86, 0x48]).as_deref(), Some("1.2.840"));
        assert_eq!(dotted(&[]), None);
        assert_eq!(dotted(&[0x2a, 0x86]), None);
        assert_eq!(dotted(&[0x2a; 65]), None);
        let _ = dotted(&[0xff; 20].iter().copied().chain([1]).collect::<Vec<u8>>());
    }
}
