//! Cross-reference sections: tables, streams and hybrids (ISO 32000-2, 7.5.4, 7.5.8), each kept apart
//! so that the document can be looked at as of any revision. Entries are read when asked for.

use super::filter::{self, FilterError};
use super::object::{Dictionary, Object, ObjectId};
use super::parser::{ParseError, Parser, find, is_white};
use crate::limits::Limits;
use crate::model::XrefKind;
use std::borrow::Cow;
use std::collections::HashSet;

/// Bytes of one entry of a table (ISO 32000-2, 7.5.4).
const TABLE_ROW: usize = 20;

/// What a section says of one object.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Entry {
    /// Not in use.
    Free,
    /// At an offset of the file, with a generation.
    InFile(usize, u16),
    /// In the object stream of this number, at this index.
    InStream(u32, u32),
}

#[derive(Debug)]
enum Rows {
    /// Rows of exactly 20 bytes from this offset of the file.
    Table(usize),
    /// Rows of the decoded stream, from this row.
    Stream(usize),
    /// Read one by one, because the rows are irregular.
    List(Vec<Entry>),
}

#[derive(Debug)]
struct Range {
    first: u32,
    count: u32,
    rows: Rows,
}

/// One cross-reference section with its trailer.
#[derive(Debug)]
pub(super) struct Section {
    /// Offset of `xref`, or of the object header of a stream.
    pub(super) start: usize,
    /// Offset behind the trailer dictionary, or behind the stream object.
    pub(super) end: usize,
    pub(super) kind: XrefKind,
    pub(super) trailer: Dictionary,
    ranges: Vec<Range>,
    decoded: Vec<u8>,
    widths: [usize; 3],
    overlapping: bool,
    /// The section named by /XRefStm.
    pub(super) hidden: Option<Box<Section>>,
}

/// Why the section at an offset cannot be used.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Unusable {
    /// It is not what it must be.
    Malformed(String),
    /// A limit was reached: its name and value.
    Limit(&'static str, u64),
}

impl From<&str> for Unusable {
    fn from(reason: &str) -> Self {
        Self::Malformed(reason.to_owned())
    }
}

/// What is left for the sections of one file. Sections may share bytes (one begins in a comment of the other), so
/// the file's size does not bound what they hold together.
#[derive(Clone, Debug)]
pub(super) struct Room {
    objects: u64,
    objects_limit: u64,
    /// Bytes that may still be inflated, whether the rows are of use or not.
    rows: usize,
    rows_limit: u64,
    /// Bytes of memory.
    memory: u64,
    memory_limit: u64,
}

impl Room {
    /// The full bounds.
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            objects: limits.objects,
            objects_limit: limits.objects,
            rows: usize::try_from(limits.cross_reference_bytes).unwrap_or(usize::MAX),
            rows_limit: limits.cross_reference_bytes,
            memory: limits.structure_bytes,
            memory_limit: limits.structure_bytes,
        }
    }

    /// Bytes of memory taken.
    pub(super) fn taken(&self) -> u64 {
        self.memory_limit - self.memory
    }

    fn take_objects(&mut self, count: u64) -> Result<(), Unusable> {
        let left = self.objects.checked_sub(count);
        self.objects = left.ok_or(Unusable::Limit("objects", self.objects_limit))?;
        Ok(())
    }

    fn take_memory(&mut self, bytes: usize) -> Result<(), Unusable> {
        let left = self.memory.checked_sub(u64::try_from(bytes).unwrap_or(u64::MAX));
        self.memory = left.ok_or(Unusable::Limit("structure_bytes", self.memory_limit))?;
        Ok(())
    }

    fn take_rows(&mut self, bytes: usize) -> Result<(), Unusable> {
        let left = self.rows.checked_sub(bytes);
        self.rows = left.ok_or(Unusable::Limit("cross_reference_bytes", self.rows_limit))?;
        Ok(())
    }
}

impl Section {
    /// A section rebuilt by scanning: entries by number.
    pub(super) fn rebuilt(entries: &[(u32, Entry)], trailer: Dictionary) -> Self {
        let ranges =
            entries.iter().map(|&(first, entry)| Range { first, count: 1, rows: Rows::List(vec![entry]) }).collect();
        Self {
            start: 0,
            end: 0,
            kind: XrefKind::Repaired,
            trailer,
            ranges,
            decoded: Vec::new(),
            widths: [0; 3],
            overlapping: false,
            hidden: None,
        }
    }

    /// Reads the section at `offset`.
    pub(super) fn read(
        data: &[u8],
        offset: usize,
        base: usize,
        limits: &Limits,
        room: &mut Room,
    ) -> Result<Self, Unusable> {
        let mut parser = Parser::of_file(data, offset, limits.depth).with_room(room.memory);
        parser.skip_white();
        let start = parser.at;
        let mut section = if parser.keyword(b"xref") {
            Self::read_table(data, start, parser, room)?
        } else {
            Self::read_stream(data, start, parser, room)?
        };
        if section.kind == XrefKind::Table
            && let Some(offset) = section.trailer.get(b"XRefStm").and_then(Object::integer)
        {
            section.kind = XrefKind::Hybrid;
            let offset = usize::try_from(offset).ok().and_then(|offset| offset.checked_add(base));
            let offset = offset.ok_or("/XRefStm is out of the file")?;
            let mut parser = Parser::of_file(data, offset, limits.depth).with_room(room.memory);
            parser.skip_white();
            let start = parser.at;
            let mut hidden = Self::read_stream(data, start, parser, room)?;
            hidden.sort();
            section.hidden = Some(Box::new(hidden));
        }
        section.sort();
        Ok(section)
    }

    /// Orders the ranges by number, for binary search; of equal ranges the one written first stays first.
    fn sort(&mut self) {
        self.ranges.sort_by_key(|range| range.first);
        self.overlapping = self.ranges.windows(2).any(|pair| match pair {
            [one, next] => one.first.saturating_add(one.count) > next.first,
            _ => false,
        });
    }

    fn read_table(data: &[u8], start: usize, mut parser: Parser<'_>, room: &mut Room) -> Result<Self, Unusable> {
        let mut ranges: Vec<Range> = Vec::new();
        loop {
            parser.skip_white();
            if parser.keyword(b"trailer") {
                break;
            }
            let first = parser.unsigned().ok_or("no subsection header in a cross-reference table")?;
            parser.skip_white();
            let count = parser.unsigned().ok_or("no subsection count in a cross-reference table")?;
            parser.skip_white();
            let first = u32::try_from(first).map_err(|_| "object number out of range")?;
            let count = u32::try_from(count).map_err(|_| "object count out of range")?;
            room.take_memory(size_of::<Range>())?;
            let mut range = Self::table_rows(data, &mut parser, first, count, room)?;
            // Tools number the first subsection from 1 although it begins with the free list's head.
            if ranges.is_empty()
                && range.first == 1
                && let Some(head) = data.get(table_start(&range.rows).unwrap_or(usize::MAX)..)
                && head.starts_with(b"0000000000 65535 f")
            {
                range.first = 0;
            }
            ranges.push(range);
        }
        let mut parser = parser.with_room(room.memory);
        let trailer = match parser.object() {
            Ok(Object::Dictionary(trailer)) => trailer,
            Err(ParseError::Memory) => return Err(Unusable::Limit("structure_bytes", room.memory_limit)),
            _ => return Err("no trailer dictionary behind a cross-reference table".into()),
        };
        room.memory = parser.room();
        Ok(Self {
            start,
            end: parser.at,
            kind: XrefKind::Table,
            trailer,
            ranges,
            decoded: Vec::new(),
            widths: [0; 3],
            overlapping: false,
            hidden: None,
        })
    }

    fn table_rows(
        data: &[u8],
        parser: &mut Parser<'_>,
        first: u32,
        count: u32,
        room: &mut Room,
    ) -> Result<Range, Unusable> {
        let from = parser.at;
        let rows = usize::try_from(count)
            .ok()
            .and_then(|count| data.get(from..)?.get(..count.checked_mul(TABLE_ROW)?))
            .filter(|rows| rows.chunks_exact(TABLE_ROW).all(is_regular_row));
        if let Some(rows) = rows {
            room.take_objects(u64::from(count))?;
            parser.at += rows.len();
            return Ok(Range { first, count, rows: Rows::Table(from) });
        }
        let mut list = Vec::new();
        for _ in 0..count {
            parser.skip_white();
            let before = parser.at;
            if parser.keyword(b"trailer") {
                // Fewer rows than announced.
                parser.at = before;
                break;
            }
            let offset = parser.unsigned().ok_or("a cross-reference row without offset")?;
            parser.skip_white();
            let generation = parser.unsigned().ok_or("a cross-reference row without generation")?;
            parser.skip_white();
            let entry = if parser.keyword(b"n") {
                in_file(offset, generation)
            } else if parser.keyword(b"f") {
                Entry::Free
            } else {
                return Err("a cross-reference row is neither in use nor free".into());
            };
            room.take_objects(1)?;
            room.take_memory(2 * size_of::<Entry>())?;
            list.push(entry);
        }
        let count = u32::try_from(list.len()).unwrap_or(u32::MAX);
        Ok(Range { first, count, rows: Rows::List(list) })
    }

    fn read_stream(data: &[u8], start: usize, mut parser: Parser<'_>, room: &mut Room) -> Result<Self, Unusable> {
        let id = parser.object_header().ok_or("no cross-reference section at its offset")?;
        let value = parser.indirect_value(id, |_| None).map_err(|error| match error {
            ParseError::Memory => Unusable::Limit("structure_bytes", room.memory_limit),
            _ => "the cross-reference stream is not an object".into(),
        })?;
        // Twice: the stream's dictionary is the trailer.
        let dictionary = room.memory.saturating_sub(parser.room());
        room.take_memory(usize::try_from(dictionary.saturating_mul(2)).unwrap_or(usize::MAX))?;
        let Object::Stream(stream) = value else {
            return Err("no cross-reference stream at its offset".into());
        };
        let trailer = stream.dictionary.clone();
        if !trailer.is(b"Type", b"XRef") {
            return Err("the stream at the offset is no cross-reference stream".into());
        }
        let mut widths = [0; 3];
        let written = trailer.get(b"W").and_then(Object::array).ok_or("cross-reference stream without /W")?;
        for (width, value) in widths.iter_mut().zip(written) {
            *width = value
                .integer()
                .and_then(|value| usize::try_from(value).ok())
                .filter(|&value| value <= 8)
                .ok_or("cross-reference stream with a bad /W")?;
        }
        let row: usize = widths.iter().sum();
        if row == 0 || written.len() < 3 {
            return Err("cross-reference stream with a bad /W".into());
        }
        let raw = data.get(stream.start..stream.end).unwrap_or_default();
        let decoded = decode_direct(&trailer, raw, room)?;
        room.take_memory(decoded.len())?;
        let rows = decoded.len() / row;
        let size = trailer.get(b"Size").and_then(Object::integer).unwrap_or(0);
        let whole = [Object::Integer(0), Object::Integer(size)];
        let index = trailer.get(b"Index").and_then(Object::array).unwrap_or(&whole);
        let mut ranges = Vec::new();
        let mut from = 0;
        room.take_memory(index.len() / 2 * size_of::<Range>())?;
        for pair in index.chunks_exact(2) {
            let [first, count] = pair else { break };
            let numbers = (first.integer(), count.integer());
            let (Some(first), Some(count)) = numbers else {
                return Err("cross-reference stream with a bad /Index".into());
            };
            let first = u32::try_from(first).map_err(|_| "object number out of range")?;
            let available = rows.saturating_sub(from);
            let count = usize::try_from(count).map_err(|_| "object count out of range")?.min(available);
            ranges.push(Range {
                first,
                count: u32::try_from(count).map_err(|_| "object count out of range")?,
                rows: Rows::Stream(from),
            });
            from += count;
        }
        room.take_objects(u64::try_from(from).unwrap_or(u64::MAX))?;
        Ok(Self {
            start,
            end: parser.at,
            kind: XrefKind::Stream,
            trailer,
            ranges,
            decoded,
            widths,
            overlapping: false,
            hidden: None,
        })
    }

    /// What this section says of `number`; `None` if nothing. The table wins over its hidden part
    /// except where it says free (ISO 32000-2, 7.5.8.4).
    pub(super) fn entry(&self, data: &[u8], number: u32) -> Option<Entry> {
        let own = self.own_entry(data, number);
        match (own, &self.hidden) {
            (None | Some(Entry::Free), Some(hidden)) => hidden.own_entry(data, number).or(own),
            _ => own,
        }
    }

    /// What this section says of `number`, its hidden part left aside.
    pub(super) fn own_entry(&self, data: &[u8], number: u32) -> Option<Entry> {
        let behind = self.ranges.partition_point(|range| range.first <= number);
        // The nearest range before the number holds it, unless ranges overlap.
        let candidates = self.ranges.get(..behind)?;
        let nearest = candidates.last()?;
        let holds = |range: &&Range| number - range.first < range.count;
        let range = if holds(&nearest) || !self.overlaps() {
            Some(nearest).filter(holds)?
        } else {
            candidates.iter().rev().find(holds)?
        };
        self.row(data, range, number - range.first)
    }

    /// Whether ranges overlap: readers then differ on which row counts.
    pub(super) fn overlaps(&self) -> bool {
        self.overlapping
    }

    fn row(&self, data: &[u8], range: &Range, index: u32) -> Option<Entry> {
        let index = usize::try_from(index).ok()?;
        match &range.rows {
            Rows::List(list) => list.get(index).copied(),
            Rows::Table(from) => {
                let row = data.get(from + index * TABLE_ROW..)?.get(..TABLE_ROW)?;
                let digits = |part: &[u8]| {
                    part.iter().try_fold(0_u64, |value, byte| {
                        byte.is_ascii_digit().then(|| value * 10 + u64::from(byte - b'0'))
                    })
                };
                match row.get(17)? {
                    b'f' => Some(Entry::Free),
                    _ => Some(in_file(digits(row.get(..10)?)?, digits(row.get(11..16)?)?)),
                }
            }
            Rows::Stream(from) => {
                let [kind_width, second_width, third_width] = self.widths;
                let row = kind_width + second_width + third_width;
                let bytes = self.decoded.get((from + index) * row..)?.get(..row)?;
                let (kind, rest) = bytes.split_at_checked(kind_width)?;
                let (second, third) = rest.split_at_checked(second_width)?;
                let value = |part: &[u8]| part.iter().fold(0_u64, |value, &byte| value << 8 | u64::from(byte));
                match if kind.is_empty() { 1 } else { value(kind) } {
                    0 => Some(Entry::Free),
                    1 => Some(in_file(value(second), value(third))),
                    2 => match (u32::try_from(value(second)), u32::try_from(value(third))) {
                        (Ok(stream), Ok(index)) => Some(Entry::InStream(stream, index)),
                        _ => Some(Entry::Free),
                    },
                    // Unknown kinds are references to null (ISO 32000-2, table 18).
                    _ => Some(Entry::Free),
                }
            }
        }
    }

    /// Every number that the section, its hidden part included, lists.
    pub(super) fn numbers(&self) -> impl Iterator<Item = u32> {
        let own = self.ranges.iter();
        let hidden = self.hidden.iter().flat_map(|hidden| hidden.ranges.iter());
        own.chain(hidden).flat_map(|range| range.first..range.first.saturating_add(range.count))
    }

    /// Numbers of the object streams that entries name, each once.
    pub(super) fn streams(&self, data: &[u8]) -> HashSet<u32> {
        let named = |section: &Self| -> HashSet<u32> {
            let stream = |range: &Range, index: u32| match section.row(data, range, index) {
                Some(Entry::InStream(stream, _)) => Some(stream),
                _ => None,
            };
            let ranges = section.ranges.iter().filter(|range| !matches!(range.rows, Rows::Table(_)));
            ranges.flat_map(|range| (0..range.count).filter_map(move |index| stream(range, index))).collect()
        };
        let mut found = named(self);
        found.extend(self.hidden.as_deref().map(named).unwrap_or_default());
        found
    }

    /// Number of entries, hidden part included.
    pub(super) fn len(&self) -> u64 {
        let own: u64 = self.ranges.iter().map(|range| u64::from(range.count)).sum();
        own + self.hidden.as_ref().map_or(0, |hidden| hidden.len())
    }

    /// Numbers that table and hidden part both place, but differently.
    pub(super) fn hidden_contradicts(&self, data: &[u8]) -> bool {
        let Some(hidden) = &self.hidden else { return false };
        hidden.numbers().any(|number| match (self.own_entry(data, number), hidden.own_entry(data, number)) {
            (Some(own), Some(other)) => own != Entry::Free && other != Entry::Free && own != other,
            _ => false,
        })
    }
}

fn table_start(rows: &Rows) -> Option<usize> {
    match rows {
        Rows::Table(from) => Some(*from),
        _ => None,
    }
}

fn in_file(offset: u64, generation: u64) -> Entry {
    match (usize::try_from(offset), u16::try_from(generation)) {
        // Offset 0 cannot hold an object: tools mark a missing one so.
        (Ok(offset), Ok(generation)) if offset > 0 => Entry::InFile(offset, generation),
        _ => Entry::Free,
    }
}

/// `nnnnnnnnnn ggggg n` and a line end of two bytes (ISO 32000-2, 7.5.4). A row with anything else where
/// digits belong is read the slow way, which refuses it.
fn is_regular_row(row: &[u8]) -> bool {
    let digits = |range: std::ops::Range<usize>| row.get(range).is_some_and(|part| part.iter().all(u8::is_ascii_digit));
    matches!(row, [.., b' ', _, _, _, _, _, b' ', b'n' | b'f', one, two] if is_white(*one) && is_white(*two))
        && digits(0..10)
        && digits(11..16)
}

/// Decodes a stream whose dictionary holds direct filters only, as cross-reference streams must.
fn decode_direct(dictionary: &Dictionary, raw: &[u8], room: &mut Room) -> Result<Vec<u8>, Unusable> {
    let list = |key: &[u8]| match dictionary.get(key) {
        None => Vec::new(),
        Some(Object::Array(elements)) => elements.to_vec(),
        Some(one) => vec![one.clone()],
    };
    let undecodable = || Unusable::from("a cross-reference stream cannot be decoded");
    let parameters = list(b"DecodeParms");
    let filters = list(b"Filter");
    if filters.len() > filter::MAXIMUM_FILTERS {
        return Err(undecodable());
    }
    let mut data = Cow::Borrowed(raw);
    for (index, name) in filters.iter().enumerate() {
        let parameters = parameters.get(index).and_then(Object::dictionary);
        let decoded = match filter::decode(name.name().ok_or_else(undecodable)?, parameters, &data, room.rows) {
            Ok(decoded) => decoded,
            Err(FilterError::TooLarge) => return Err(room.take_rows(usize::MAX).err().unwrap_or_else(undecodable)),
            Err(_) => return Err(undecodable()),
        };
        room.take_rows(decoded.len())?;
        data = Cow::Owned(decoded);
    }
    Ok(data.into_owned())
}

/// The sections reached from one `startxref` over /Prev.
pub(super) struct Chain {
    /// Newest first.
    pub(super) sections: Vec<Section>,
    /// Why it ended before its end, if it did.
    pub(super) broken: Option<Unusable>,
    /// A /Prev leads back to a section already read.
    pub(super) looped: bool,
}

/// Where the section stands that `section` continues, if it continues one.
pub(super) fn previous(section: &Section, base: usize) -> Option<usize> {
    let offset = match section.trailer.get(b"Prev")? {
        Object::Real(value) => format!("{value:.0}").parse::<usize>().ok(),
        value => value.integer().and_then(|value| usize::try_from(value).ok()),
    };
    // Tools write /Prev 0 for "none".
    offset.filter(|&offset| offset > 0).and_then(|offset| offset.checked_add(base))
}

/// Reads the chain that begins at `offset` (relative to the header at `base`).
pub(super) fn read_chain(data: &[u8], offset: usize, base: usize, limits: &Limits, room: &mut Room) -> Chain {
    let mut chain = Chain { sections: Vec::new(), broken: None, looped: false };
    let mut next = offset.checked_add(base);
    let mut seen = HashSet::new();
    while let Some(offset) = next {
        if u64::try_from(chain.sections.len()).unwrap_or(u64::MAX) >= limits.revisions {
            chain.broken = Some(Unusable::Limit("revisions", limits.revisions));
            break;
        }
        match Section::read(data, offset, base, limits, room) {
            Ok(section) => {
                if !seen.insert(section.start) {
                    chain.looped = true;
                    break;
                }
                next = previous(&section, base);
                chain.sections.push(section);
            }
            Err(reason) => {
                chain.broken = Some(reason);
                break;
            }
        }
    }
    chain
}

/// The number behind the `startxref` at `at`.
pub(super) fn startxref_at(data: &[u8], at: usize) -> Option<usize> {
    let mut parser = Parser::of_file(data, at + b"startxref".len(), 1);
    parser.skip_white();
    usize::try_from(parser.unsigned()?).ok()
}

/// Where the revision ends whose last section ends at `from`: behind `%%EOF`, and behind its line end.
pub(super) fn end_of_revision(data: &[u8], from: usize) -> (usize, usize) {
    let marker = match find(data, b"startxref", from) {
        Some(at) => {
            let mut parser = Parser::of_file(data, at + b"startxref".len(), 1);
            parser.skip_blank();
            parser.unsigned();
            let number = parser.at;
            parser.skip_blank();
            if data.get(parser.at..).is_some_and(|rest| rest.starts_with(b"%%EOF")) {
                parser.at + b"%%EOF".len()
            } else {
                number
            }
        }
        None => from,
    };
    let end = match data.get(marker..) {
        Some([b'\r', b'\n', ..]) => marker + 2,
        Some([b'\r' | b'\n', ..]) => marker + 1,
        _ => marker,
    };
    (marker, end)
}

/// Every `n g obj` of `data`: number, generation and offset, in file order.
pub(super) fn scan_objects(data: &[u8]) -> impl Iterator<Item = (ObjectId, usize)> {
    memchr::memmem::find_iter(data, b"obj").filter_map(|keyword| header_before(data, keyword, 0))
}

/// Reads `n g ` backwards from the keyword `obj` at `keyword`.
pub(super) fn header_before(data: &[u8], keyword: usize, from: usize) -> Option<(ObjectId, usize)> {
    let back = |mut at: usize, of: fn(u8) -> bool| {
        while at > from && data.get(at - 1).is_some_and(|&byte| of(byte)) {
            at -= 1;
        }
        at
    };
    let digit = |byte: u8| byte.is_ascii_digit();
    let blank = back(keyword, is_white);
    let generation = back(blank, digit);
    let middle = back(generation, is_white);
    let number = back(middle, digit);
    if blank == generation || middle == generation || number == middle {
        return None;
    }
    let value = |from: usize, to: usize| std::str::from_utf8(data.get(from..to)?).ok()?.parse::<u64>().ok();
    let id = ObjectId {
        number: u32::try_from(value(number, middle)?).ok()?,
        generation: u16::try_from(value(generation, blank)?).ok()?,
    };
    Some((id, number))
}
