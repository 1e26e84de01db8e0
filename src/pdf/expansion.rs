//! What the reader of pages would have to inflate and look through to open a file. That reader inflates object
//! streams without a bound and looks for objects by itself where an offset is wrong; so a hostile file is told
//! beforehand, by what it would cost.

use super::document::{BYTES_OF_A_STEP, Document, View};
use super::object::Object;
use super::parser::{Parser, is_white};
use crate::model::LimitHit;
use std::collections::HashSet;

/// Nesting at which the other reader gives up.
const REPAIR_DEPTH: usize = 512;
/// Type of an object stream (ISO 32000-2, table 16).
const OBJECT_STREAM: &[u8] = b"ObjStm";

/// The limit that opening the file elsewhere would cross, if one.
pub(super) fn excess(document: &Document<'_>) -> Option<LimitHit> {
    let hit = |limit: &str, value: u64| Some(LimitHit { limit: limit.to_owned(), value });
    let limits = &document.limits;
    let mut inflated = 0;
    // Each dictionary may become a page, of some 500 bytes of memory.
    let mut dictionaries = count(document.data, b"<<");
    for stream in object_streams(document) {
        let size = document.with_object_stream(stream, |decoded| {
            dictionaries += count(decoded, b"<<");
            u64::try_from(decoded.len()).unwrap_or(u64::MAX)
        });
        let Some(size) = size else { return hit("inflated_stream_bytes", limits.inflated_stream_bytes) };
        inflated += size;
        if inflated > limits.inflated_total_bytes {
            return hit("inflated_total_bytes", limits.inflated_total_bytes);
        }
    }
    if dictionaries > limits.objects {
        return hit("objects", limits.objects);
    }
    // Every place where an object may begin, each read to the end of the file: mostly far below.
    let places = dictionaries + count(document.data, b"obj");
    let length = u64::try_from(document.data.len()).unwrap_or(u64::MAX);
    let most = limits.steps.saturating_mul(u64::try_from(BYTES_OF_A_STEP).unwrap_or(1));
    if length.saturating_mul(places) > most && repair_cost(document.data, most) > most {
        return hit("steps", limits.steps);
    }
    None
}

fn count(data: &[u8], needle: &[u8]) -> u64 {
    u64::try_from(memchr::memmem::find_iter(data, needle).count()).unwrap_or(u64::MAX)
}

/// Offsets of all streams that a section or their own type makes an object stream.
fn object_streams(document: &Document<'_>) -> HashSet<usize> {
    let mut found = HashSet::new();
    for view in (0..document.views()).map(View) {
        for section in document.fresh_sections(view) {
            let Some(section) = document.sections.get(section) else { continue };
            for number in section.streams(document.data) {
                // Any section may say where that stream is.
                found.extend(document.offsets(number));
            }
        }
    }
    for at in type_names(document.data) {
        // The object that the name stands in begins before it.
        let keyword = super::parser::find_last(document.data, b"obj", 0, at);
        found.extend(
            keyword.and_then(|keyword| super::xref::header_before(document.data, keyword, 0)).map(|(_, at)| at),
        );
    }
    found
}

/// Where the name of the type stands, written in whatever way (ISO 32000-2, 7.3.5: any character may be `#xx`).
fn type_names(data: &[u8]) -> Vec<usize> {
    let mut found: Vec<usize> = memchr::memmem::find_iter(data, OBJECT_STREAM).collect();
    let mut from = 0;
    for at in memchr::memchr_iter(b'#', data) {
        if at < from {
            continue;
        }
        let digits = data.get(at + 1..at + 3).and_then(|digits| std::str::from_utf8(digits).ok());
        let character = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        if !character.is_some_and(|character| OBJECT_STREAM.contains(&character)) {
            continue;
        }
        // At most all six characters are escaped.
        let window = data.get(at.saturating_sub(16)..at).unwrap_or_default();
        let Some(start) = memchr::memrchr(b'/', window).map(|back| at - window.len() + back) else { continue };
        let mut parser = Parser::of_file(data, start, 1);
        let named = parser.object().is_ok_and(|value| value.name() == Some(OBJECT_STREAM));
        if named && parser.at > at {
            found.push(start);
            from = parser.at;
        }
    }
    found
}

/// Bytes that a reader looks at who goes through `data` from start to end, tries to read an object at each
/// header and a dictionary at each `<<`, and goes on behind it if it could be read. Stops above `most`.
fn repair_cost(data: &[u8], most: u64) -> u64 {
    let mut cost = 0_u64;
    let mut at = 0;
    while at < data.len() && cost <= most {
        let start = at;
        let mut parser = Parser::of_file(data, at, 1);
        if data.get(at).is_some_and(u8::is_ascii_digit) && parser.object_header().is_some() {
            at = parser.at;
            parser.skip_white();
            let (end, _) = skip(data, parser.at);
            cost = cost.saturating_add(u64::try_from(end - start).unwrap_or(u64::MAX));
            continue;
        }
        if data.get(at..).is_some_and(|rest| rest.starts_with(b"<<")) {
            let (end, whole) = skip(data, at);
            cost = cost.saturating_add(u64::try_from(end - start).unwrap_or(u64::MAX));
            if whole {
                at = end;
                continue;
            }
        }
        while data.get(at).is_some_and(|&byte| !is_white(byte)) {
            at += 1;
        }
        at = at.max(start + 1);
    }
    cost
}

/// Passes over one value; where it ended, and whether it was whole.
fn skip(data: &[u8], from: usize) -> (usize, bool) {
    let mut open: Vec<bool> = Vec::new();
    let mut parser = Parser::of_file(data, from, 1);
    loop {
        parser.skip_white();
        let rest = data.get(parser.at..).unwrap_or_default();
        let whole = match rest {
            [b'(', ..] => parser.literal_span().is_some(),
            [b'<', b'<', ..] => {
                open.push(true);
                parser.at += 2;
                open.len() <= REPAIR_DEPTH
            }
            [b'[', ..] => {
                open.push(false);
                parser.at += 1;
                open.len() <= REPAIR_DEPTH
            }
            [b'>', b'>', ..] if open.last() == Some(&true) => {
                open.pop();
                parser.at += 2;
                true
            }
            [b']', ..] if open.last() == Some(&false) => {
                open.pop();
                parser.at += 1;
                true
            }
            [b'<', ..] => match memchr::memchr(b'>', rest) {
                Some(length) => {
                    parser.at += length + 1;
                    true
                }
                None => {
                    parser.at = data.len();
                    false
                }
            },
            [b'/', ..] => {
                parser.at += 1;
                parser.skip_regular();
                true
            }
            [b')' | b'{' | b'}' | b'>' | b']', ..] | [] => false,
            _ => {
                parser.skip_regular();
                true
            }
        };
        if !whole || open.is_empty() {
            return (parser.at.min(data.len()).max(from), whole);
        }
    }
}

impl Document<'_> {
    /// Calls `read` with the decoded data of the object stream at `offset`; `None` if it exceeds a limit or
    /// names filters that are not ours to undo. What is no stream is empty.
    fn with_object_stream<T>(&self, offset: usize, read: impl FnOnce(&[u8]) -> T) -> Option<T> {
        if let Some(known) = self.known_object_stream(offset) {
            return Some(read(&known.decoded));
        }
        let mut parser = Parser::of_file(self.data, offset, self.limits.depth);
        let value =
            parser.object_header().and_then(|id| parser.indirect_value(id, |length| self.length_anywhere(length)).ok());
        let Some(Object::Stream(stream)) = value else { return Some(read(&[])) };
        // /F and /DP are names that other readers take for /Filter and /DecodeParms.
        if [b"F".as_slice(), b"DP"].iter().any(|key| stream.dictionary.get(key).is_some()) {
            return None;
        }
        match self.decode(self.newest(), &stream) {
            Ok(decoded) => Some(read(&decoded)),
            Err(super::filter::FilterError::TooLarge) => None,
            Err(_) => Some(read(&[])),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::Builder;
    use super::*;
    use crate::limits::Limits;

    fn excess_of(data: &[u8]) -> Option<LimitHit> {
        excess(&Document::open(data, &Limits::default()).unwrap())
    }

    #[test]
    fn an_ordinary_file_costs_little() {
        assert_eq!(excess_of(&Builder::signed().data), None);
        let many = (20..4000).fold(Builder::document(), |builder, number| builder.object(number, "<</A[1 2 3]>>"));
        let data = many.raw(&vec![b' '; 2 << 20]).finish().data;
        assert_eq!(excess_of(&data), None);
        assert!(repair_cost(&data, u64::MAX) < 4 * u64::try_from(data.len()).unwrap());
    }

    #[test]
    fn objects_that_never_end_cost_the_square() {
        let nested = "1 0 obj ( ".repeat(4_000);
        assert!(repair_cost(nested.as_bytes(), u64::MAX) > 1 << 26);
        let dictionaries = "<< /A ".repeat(20_000);
        assert!(repair_cost(dictionaries.as_bytes(), u64::MAX) > 20_000 * 512);
    }

    #[test]
    fn a_type_is_found_however_it_is_written() {
        assert_eq!(type_names(b"<</Type/ObjStm>> <</Type /#4fbj#53tm>> #53 /#53tm"), [8, 25]);
    }

    #[test]
    fn object_streams_that_nothing_refers_to_count() {
        use std::io::Write;
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(&vec![b' '; 65 << 20]).unwrap();
        let data = encoder.finish().unwrap();
        let bomb = Builder::document().stream(20, "/Type/Obj#53tm/N 1/First 4/Filter/FlateDecode", &data).finish();
        assert_eq!(excess_of(&bomb.data).map(|hit| hit.limit), Some("inflated_stream_bytes".to_owned()));
    }
}
