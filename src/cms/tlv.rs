//! Reads BER tag-length-value elements (ITU-T X.690, clause 8) over raw bytes, keeping exact spans.
//!
//! Elements are read lazily: what nobody asks for is never looked into, because genuine signatures
//! carry attributes whose content is not ASN.1 at all. Only an indefinite length forces a look at the
//! headers inside it. Every function is linear in its input and bounded in nesting.

use std::borrow::Cow;

/// Identifier octet of a universal type, or of a context-specific constructed tag (X.690, 8.1.2).
pub(super) mod tag {
    pub(in crate::cms) const INTEGER: u8 = 0x02;
    pub(in crate::cms) const OCTET_STRING: u8 = 0x04;
    pub(in crate::cms) const OBJECT_IDENTIFIER: u8 = 0x06;
    pub(in crate::cms) const UTC_TIME: u8 = 0x17;
    pub(in crate::cms) const GENERALIZED_TIME: u8 = 0x18;
    pub(in crate::cms) const SEQUENCE: u8 = 0x30;
    pub(in crate::cms) const SET: u8 = 0x31;
    /// Bit that marks a constructed encoding.
    pub(in crate::cms) const CONSTRUCTED: u8 = 0x20;
    /// `[0]` constructed: explicit, or implicit over a constructed type.
    pub(in crate::cms) const CONTEXT_0: u8 = 0xA0;
    pub(in crate::cms) const CONTEXT_1: u8 = 0xA1;
    pub(in crate::cms) const CONTEXT_3: u8 = 0xA3;
    pub(in crate::cms) const CONTEXT_4: u8 = 0xA4;
    /// `[0]` primitive: implicit over a primitive type.
    pub(in crate::cms) const CONTEXT_0_PRIMITIVE: u8 = 0x80;
}

/// Length octet that announces an indefinite length (X.690, 8.1.3.6).
const INDEFINITE: u8 = 0x80;
/// End-of-contents octets (X.690, 8.1.5).
const END_OF_CONTENTS: [u8; 2] = [0, 0];

/// Why bytes are not the ASN.1 that was expected; the text names the place.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Malformed(pub(super) String);

impl Malformed {
    /// With a fixed or formatted text.
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl From<&str> for Malformed {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

/// One element with its exact place in the input.
#[derive(Clone, Copy, Debug)]
pub(super) struct Element<'a> {
    /// Identifier octet (the first, where the tag number takes several).
    pub(super) identifier: u8,
    /// Header, content and end-of-contents octets.
    pub(super) raw: &'a [u8],
    /// The content alone.
    pub(super) content: &'a [u8],
    /// The length was indefinite.
    pub(super) indefinite: bool,
}

/// An element's header.
struct Header {
    identifier: u8,
    /// Octets of identifier and length.
    header_length: usize,
    /// Content length; `None` if indefinite.
    length: Option<usize>,
}

/// Reads the header at the start of `input`; a definite length is checked to lie inside `input`.
fn header(input: &[u8]) -> Result<Header, Malformed> {
    let mut octets = input.iter().copied();
    let mut taken = 0_usize;
    let mut next = |what: &str| {
        taken += 1;
        octets.next().ok_or_else(|| Malformed::new(format!("ASN.1 {what} cut off")))
    };
    let identifier = next("tag")?;
    if identifier & 0x1F == 0x1F {
        // Tag number 31 and above: base 128, high bit set on all but the last octet (X.690, 8.1.2.4).
        // No structure read here has one; five octets hold any number in use elsewhere.
        let mut continued = true;
        for _ in 0..5 {
            continued = next("tag")? & 0x80 != 0;
            if !continued {
                break;
            }
        }
        if continued {
            return Err("ASN.1 tag number too large".into());
        }
    }
    let first = next("length")?;
    let length = match first {
        INDEFINITE => {
            if identifier & tag::CONSTRUCTED == 0 {
                return Err("ASN.1 indefinite length of a primitive element".into());
            }
            None
        }
        0xFF => return Err("ASN.1 length octet reserved".into()),
        short if short < 0x80 => Some(usize::from(short)),
        long => {
            let mut length = 0_usize;
            for _ in 0..(long & 0x7F) {
                let octet = next("length")?;
                length = length
                    .checked_mul(256)
                    .and_then(|length| length.checked_add(usize::from(octet)))
                    .ok_or("ASN.1 length too large")?;
            }
            Some(length)
        }
    };
    let header_length = taken;
    if length.is_some_and(|length| length > input.len().saturating_sub(header_length)) {
        return Err("ASN.1 length reaches beyond the end".into());
    }
    Ok(Header { identifier, header_length, length })
}

impl From<Malformed> for String {
    fn from(reason: Malformed) -> Self {
        reason.0
    }
}

/// Length of the content, end-of-contents octets not counted, of an indefinite-length element whose
/// content starts at the start of `input`.
fn indefinite_content_length(input: &[u8], depth: usize) -> Result<usize, Malformed> {
    let mut position = 0_usize;
    let mut open = 1_usize;
    loop {
        let rest = input.get(position..).unwrap_or_default();
        if rest.starts_with(&END_OF_CONTENTS) {
            open -= 1;
            if open == 0 {
                return Ok(position);
            }
            position += END_OF_CONTENTS.len();
            continue;
        }
        let header = header(rest)?;
        position += header.header_length;
        match header.length {
            Some(length) => position += length,
            None => {
                open += 1;
                if open > depth {
                    return Err("ASN.1 nested too deeply".into());
                }
            }
        }
    }
}

/// Reads the elements of some content one after the other.
#[derive(Clone, Debug)]
pub(super) struct Reader<'a> {
    rest: &'a [u8],
    depth: usize,
}

impl<'a> Reader<'a> {
    /// Over `input`; `depth` bounds the nesting of indefinite lengths.
    pub(super) fn new(input: &'a [u8], depth: usize) -> Self {
        Self { rest: input, depth }
    }

    /// What has not been read.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// The bound on nesting given to [`Reader::new`].
    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    /// The next element, `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Element<'a>>, Malformed> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let header = header(self.rest)?;
        let (length, trailer) = match header.length {
            Some(length) => (length, 0),
            None => {
                let content = self.rest.get(header.header_length..).unwrap_or_default();
                (indefinite_content_length(content, self.depth)?, END_OF_CONTENTS.len())
            }
        };
        let end = header.header_length + length;
        let cut_off = || Malformed::from("ASN.1 length reaches beyond the end");
        let content = self.rest.get(header.header_length..end).ok_or_else(cut_off)?;
        let (raw, rest) = self.rest.split_at_checked(end + trailer).ok_or_else(cut_off)?;
        self.rest = rest;
        Ok(Some(Element { identifier: header.identifier, raw, content, indefinite: header.length.is_none() }))
    }

    /// Identifier octet of the next element.
    fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// The next element, which has to have this identifier octet; `what` names it in the error.
    pub(super) fn expect(&mut self, identifier: u8, what: &str) -> Result<Element<'a>, Malformed> {
        match self.peek() {
            Some(found) if found == identifier => {
                let element = self.next().map_err(|reason| Malformed::new(format!("{what}: {reason}")))?;
                element.ok_or_else(|| Malformed::new(format!("{what} missing")))
            }
            Some(found) => Err(Malformed::new(format!("{what} expected, tag {found:02x} found"))),
            None => Err(Malformed::new(format!("{what} missing"))),
        }
    }

    /// The next element if it has this identifier octet.
    pub(super) fn optional(&mut self, identifier: u8) -> Result<Option<Element<'a>>, Malformed> {
        if self.peek() == Some(identifier) { self.next() } else { Ok(None) }
    }

    /// The next element, an OCTET STRING in primitive or constructed form: its octets.
    pub(super) fn octet_string(&mut self, what: &str) -> Result<Cow<'a, [u8]>, Malformed> {
        let identifier = match self.peek() {
            Some(found) if found == tag::OCTET_STRING | tag::CONSTRUCTED => found,
            _ => tag::OCTET_STRING,
        };
        let depth = self.depth;
        self.expect(identifier, what)?.octets(depth)
    }

    /// Nothing may be left.
    pub(super) fn finish(&self, what: &str) -> Result<(), Malformed> {
        if self.rest.is_empty() { Ok(()) } else { Err(Malformed::new(format!("{what}: bytes left over"))) }
    }
}

impl<'a> Element<'a> {
    /// A reader over the content.
    pub(super) fn reader(&self, depth: usize) -> Reader<'a> {
        Reader::new(self.content, depth)
    }

    /// The octets of an OCTET STRING or of a type implicitly tagged over it: the content itself, or
    /// the segments of a constructed encoding put together (X.690, 8.7.3).
    pub(super) fn octets(&self, depth: usize) -> Result<Cow<'a, [u8]>, Malformed> {
        if self.identifier & tag::CONSTRUCTED == 0 {
            return Ok(Cow::Borrowed(self.content));
        }
        let mut octets = Vec::new();
        let mut position = 0_usize;
        // The open constructed segments: where the content ends at the latest, and whether
        // end-of-contents octets close it before.
        let mut open: Vec<(usize, bool)> = vec![(self.content.len(), false)];
        while let Some((end, indefinite)) = open.last().copied() {
            let rest = self.content.get(position..end).unwrap_or_default();
            if indefinite && rest.starts_with(&END_OF_CONTENTS) {
                position += END_OF_CONTENTS.len();
                open.pop();
                continue;
            }
            if !indefinite && rest.is_empty() {
                open.pop();
                continue;
            }
            let header = header(rest)?;
            position += header.header_length;
            if header.identifier & !tag::CONSTRUCTED != tag::OCTET_STRING {
                return Err("constructed OCTET STRING holds another type".into());
            }
            if header.identifier & tag::CONSTRUCTED != 0 {
                if open.len() > depth {
                    return Err("ASN.1 nested too deeply".into());
                }
                open.push(match header.length {
                    Some(length) => (position + length, false),
                    None => (end, true),
                });
            } else {
                let length = header.length.unwrap_or_default();
                octets.extend_from_slice(self.content.get(position..position + length).unwrap_or_default());
                position += length;
            }
        }
        Ok(Cow::Owned(octets))
    }
}

/// The DER encoding of an implicitly tagged SET OF, as RFC 5652, 5.4 wants it for the digest over the
/// signed attributes: universal SET tag, definite minimal lengths, every SET OF inside sorted (X.690,
/// 11.6), constructed OCTET STRINGs made primitive. Contents of primitive elements stay as they are.
pub(super) fn der_set_of(element: &Element<'_>, depth: usize) -> Result<Vec<u8>, Malformed> {
    let input = element.content;
    let mut open = vec![Frame::new(tag::SET, input.len(), false)];
    let mut position = 0_usize;
    loop {
        let Some(frame) = open.last() else { return Err("ASN.1 ends unexpectedly".into()) };
        let rest = input.get(position..frame.end).unwrap_or_default();
        let closes_early = frame.indefinite && rest.starts_with(&END_OF_CONTENTS);
        if closes_early || (!frame.indefinite && rest.is_empty()) {
            if closes_early {
                position += END_OF_CONTENTS.len();
            }
            let Some(closed) = open.pop() else { return Err("ASN.1 ends unexpectedly".into()) };
            match open.last_mut() {
                Some(parent) => closed.append_to(parent)?,
                None => {
                    let mut encoded = Vec::new();
                    closed.encode(&mut encoded);
                    return Ok(encoded);
                }
            }
            continue;
        }
        let end = frame.end;
        let header = header(rest)?;
        let content_start = position + header.header_length;
        if header.identifier & 0x1F == 0x1F {
            return Err("ASN.1 tag number above 30 in signed attributes".into());
        }
        if header.identifier & tag::CONSTRUCTED != 0 {
            if open.len() > depth {
                return Err("ASN.1 nested too deeply".into());
            }
            open.push(match header.length {
                Some(length) => Frame::new(header.identifier, content_start + length, false),
                None => Frame::new(header.identifier, end, true),
            });
            position = content_start;
        } else {
            let content_end = content_start + header.length.unwrap_or_default();
            let content = input.get(content_start..content_end).unwrap_or_default();
            if let Some(parent) = open.last_mut() {
                parent.append(header.identifier, content)?;
            }
            position = content_end;
        }
    }
}

/// A constructed element while it is encoded anew.
struct Frame {
    identifier: u8,
    /// Where its content ends at the latest in the input.
    end: usize,
    /// Whether end-of-contents octets close it.
    indefinite: bool,
    /// The content encoded so far.
    content: Vec<u8>,
    /// Starts of the members in `content`, kept for a SET OF.
    starts: Vec<usize>,
}

impl Frame {
    fn new(identifier: u8, end: usize, indefinite: bool) -> Self {
        Self { identifier, end, indefinite, content: Vec::new(), starts: Vec::new() }
    }

    /// Whether this is an OCTET STRING in constructed form, whose segments are put together.
    fn merges(&self) -> bool {
        self.identifier == tag::OCTET_STRING | tag::CONSTRUCTED
    }

    /// Takes a primitive member.
    fn append(&mut self, identifier: u8, content: &[u8]) -> Result<(), Malformed> {
        if self.merges() {
            if identifier != tag::OCTET_STRING {
                return Err("constructed OCTET STRING holds another type".into());
            }
            self.content.extend_from_slice(content);
            return Ok(());
        }
        self.member_starts();
        encode(identifier, content, &mut self.content);
        Ok(())
    }

    fn member_starts(&mut self) {
        if self.identifier == tag::SET {
            self.starts.push(self.content.len());
        }
    }

    /// Hands the finished element to the one around it.
    fn append_to(self, parent: &mut Self) -> Result<(), Malformed> {
        if self.merges() {
            return parent.append(tag::OCTET_STRING, &self.content);
        }
        if parent.merges() {
            return Err("constructed OCTET STRING holds another type".into());
        }
        parent.member_starts();
        self.encode(&mut parent.content);
        Ok(())
    }

    fn encode(&self, output: &mut Vec<u8>) {
        if self.identifier != tag::SET {
            return encode(self.identifier, &self.content, output);
        }
        let ends = self.starts.iter().skip(1).copied().chain([self.content.len()]);
        let mut members: Vec<&[u8]> =
            self.starts.iter().zip(ends).filter_map(|(start, end)| self.content.get(*start..end)).collect();
        members.sort_unstable();
        encode(self.identifier, &members.concat(), output);
    }
}

/// Appends one element with a definite, minimal length (X.690, 10.1).
pub(super) fn encode(identifier: u8, content: &[u8], output: &mut Vec<u8>) {
    output.push(identifier);
    let octets = content.len().to_be_bytes();
    match u8::try_from(content.len()) {
        Ok(short) if short < 0x80 => output.push(short),
        _ => {
            let significant = octets.iter().skip_while(|octet| **octet == 0);
            // At most eight octets: the length of a slice is a usize.
            let count = u8::try_from(significant.clone().count()).unwrap_or_default();
            output.push(0x80 | count);
            output.extend(significant);
        }
    }
    output.extend_from_slice(content);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(input: &[u8]) -> Result<Element<'_>, Malformed> {
        let mut reader = Reader::new(input, 8);
        let element = reader.next()?.ok_or("nothing")?;
        reader.finish("input")?;
        Ok(element)
    }

    #[test]
    fn spans_are_exact() {
        let mut reader = Reader::new(&[0x30, 0x80, 0x30, 0x80, 0, 0, 0x04, 0x01, 0xAA, 0, 0, 0x05, 0x00], 8);
        let first = reader.next().unwrap().unwrap();
        assert_eq!(first.raw, [0x30, 0x80, 0x30, 0x80, 0, 0, 0x04, 0x01, 0xAA, 0, 0]);
        assert_eq!(first.content, [0x30, 0x80, 0, 0, 0x04, 0x01, 0xAA]);
        assert!(first.indefinite);
        assert_eq!(reader.rest(), [0x05, 0x00]);
        assert_eq!(reader.next().unwrap().unwrap().identifier, 0x05);
        assert!(reader.next().unwrap().is_none());
    }

    #[test]
    fn long_lengths_may_have_leading_zeros() {
        assert_eq!(only(&[0x04, 0x83, 0, 0, 1, 7]).unwrap().content, [7]);
    }

    #[test]
    fn refuses() {
        for (input, reason) in [
            (&[0x30, 0x80, 0x05, 0x00][..], "ASN.1 tag cut off"),
            (&[0x04, 0x80, 0, 0], "ASN.1 indefinite length of a primitive element"),
            (&[0x04, 0xFF, 0], "ASN.1 length octet reserved"),
            (&[0x04, 0x02, 0], "ASN.1 length reaches beyond the end"),
            (&[0x04, 0x82, 0], "ASN.1 length cut off"),
            (&[0x1F, 0x81, 0x81, 0x81, 0x81, 0x81, 0x01, 0x00], "ASN.1 tag number too large"),
        ] {
            assert_eq!(only(input).unwrap_err(), Malformed::from(reason), "{input:x?}");
        }
    }

    #[test]
    fn nesting_is_bounded() {
        let nested = |depth: usize| [[0x30, 0x80].repeat(depth), [0, 0].repeat(depth)].concat();
        assert!(only(&nested(8)).is_ok());
        assert_eq!(only(&nested(9)).unwrap_err(), Malformed::from("ASN.1 nested too deeply"));
    }

    #[test]
    fn octet_strings_in_segments() {
        let segments = [0x24, 0x80, 0x04, 1, 1, 0x24, 4, 0x04, 2, 2, 3, 0x24, 0x80, 0x04, 1, 4, 0, 0, 0x04, 0, 0, 0];
        assert_eq!(Reader::new(&segments, 8).octet_string("x").unwrap().as_ref(), [1, 2, 3, 4]);
        let other = [0x24, 3, 0x02, 1, 1];
        assert!(Reader::new(&other, 8).octet_string("x").is_err());
        // The inner segment must not take the outer one's end for its own.
        let unclosed = [0x24, 0x80, 0x24, 0x02, 0x24, 0x80, 0, 0, 0, 0];
        assert!(Reader::new(&unclosed, 8).octet_string("x").is_err());
    }

    #[test]
    fn set_of_in_der() {
        // [0] with members out of order, one in indefinite form holding a set out of order.
        let written = [
            0xA0, 0x80, 0x30, 0x80, 0x31, 0x81, 6, 0x02, 1, 9, 0x02, 1, 3, 0x24, 0x80, 0x04, 1, 5, 0x04, 1, 6, 0, 0, 0,
            0, 0x02, 1, 1, 0, 0,
        ];
        let element = only(&written).unwrap();
        let expected = [0x31, 17, 0x02, 1, 1, 0x30, 12, 0x31, 6, 0x02, 1, 3, 0x02, 1, 9, 0x04, 2, 5, 6];
        assert_eq!(der_set_of(&element, 8).unwrap(), expected);
        // What is DER stays as it is.
        assert_eq!(der_set_of(&only(&expected).unwrap(), 8).unwrap(), expected);
    }

    #[test]
    fn encoded_lengths() {
        for (length, header) in [
            (0, &[0x04, 0][..]),
            (127, &[0x04, 127]),
            (128, &[0x04, 0x81, 128]),
            (256, &[0x04, 0x82, 1, 0]),
            (65_536, &[0x04, 0x83, 1, 0, 0]),
        ] {
            let mut output = Vec::new();
            encode(0x04, &vec![0; length], &mut output);
            assert_eq!(output[..header.len()], *header);
            assert_eq!(output.len(), header.len() + length);
        }
    }
}
