//! Opens a file, orders its cross-reference sections into revisions and resolves objects as of any of
//! them (ISO 32000-2, 7.5.6). What the objects mean is read elsewhere.

use super::encryption::{self, Decryptor};
use super::filter::{self, FilterError};
use super::form::{Field, Pages};
use super::object::{Dictionary, Object, ObjectId, PdfString, Stream};
use super::parser::{ParseError, Parser, decode_string, find};
use super::remembered::Remembered;
use super::xref::{self, Chain, Entry, Room, Section, Unusable};
use crate::limits::Limits;
use crate::model::{LimitHit, NotAssessed, StructureNote, XrefKind};
use std::borrow::Cow;
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// How far from the start of the file the header may stand: what Acrobat accepts (PDF Reference 1.7,
/// appendix H, note 13).
const HEADER_WITHIN: usize = 1024;

/// Where an object's value comes from: equal places hold equal values.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(super) enum Place {
    /// Nowhere: free or never listed.
    Nowhere,
    /// At this offset of the file.
    File(usize),
    /// In the object stream at this offset, at this index.
    Stream(usize, u32),
}

/// Bytes looked through that count as one step.
pub(super) const BYTES_OF_A_STEP: usize = 64;

/// Entries of an object stream looked through that count as one step.
const ENTRIES_OF_A_STEP: usize = 64;

/// Up to so many sections, looking through all of them is cheaper than an index (measured).
const FEW_SECTIONS: usize = 16;

/// A value: a part of an object at hand, or an object that a reference led to.
pub(super) enum Value<'o> {
    Own(&'o Object),
    Shared(Rc<Object>),
}

impl Value<'_> {
    /// The value apart from what it was taken from.
    pub(super) fn shared(&self) -> Rc<Object> {
        match self {
            Self::Own(object) => Rc::new((*object).clone()),
            Self::Shared(object) => Rc::clone(object),
        }
    }
}

impl std::ops::Deref for Value<'_> {
    type Target = Object;

    fn deref(&self) -> &Object {
        match self {
            Self::Own(object) => object,
            Self::Shared(object) => object,
        }
    }
}

/// The document as of a revision: an index into the views of a [`Document`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) struct View(pub(super) usize);

/// One revision.
#[derive(Debug)]
pub(super) struct Revision {
    /// Offset behind `%%EOF`.
    pub(super) marker: usize,
    /// Offset behind its line end.
    pub(super) end: usize,
    pub(super) kind: XrefKind,
    /// Sections of this revision alone, oldest first.
    pub(super) own: Vec<usize>,
}

/// An object stream, decoded.
pub(super) struct ObjectStream {
    pub(super) decoded: Vec<u8>,
    /// Number and offset of each object.
    pub(super) offsets: Vec<(u32, usize)>,
}

/// A file whose structure could be followed.
pub(super) struct Document<'a> {
    pub(super) data: &'a [u8],
    pub(super) limits: Limits,
    /// What offsets count from: 0, or the header's offset.
    pub(super) base: usize,
    pub(super) sections: Vec<Section>,
    /// Index of the section that begins at an offset; of the section whose hidden part does.
    at: HashMap<usize, usize>,
    hidden_at: HashMap<usize, usize>,
    /// Oldest first.
    pub(super) revisions: Vec<Revision>,
    /// Sections visible in each view, newest first. The first views are the revisions.
    pub(super) views: Vec<Vec<usize>>,
    parsed: RefCell<HashMap<Place, Rc<Object>>>,
    streams: RefCell<HashMap<usize, Option<Rc<ObjectStream>>>>,
    /// Sections that list each number, oldest first; made when there are many sections.
    listed: OnceCell<HashMap<u32, Vec<usize>>>,
    scanned: OnceCell<HashMap<u32, usize>>,
    notes: RefCell<Vec<StructureNote>>,
    steps: Cell<u64>,
    inflated: Cell<u64>,
    /// What is left for cross-reference sections.
    room: Room,
    /// Sections read that no view needs so far, by where they stand; `None`: cannot be used.
    pub(super) spare: HashMap<usize, Option<Section>>,
    /// Bytes of memory taken, sections left aside.
    memory: Cell<u64>,
    /// Objects looked for while something is read that is to be remembered.
    pub(super) sources: RefCell<Option<HashSet<u32>>>,
    pub(super) fields: Remembered<Vec<Field>>,
    pub(super) pages: Remembered<Pages>,
    /// Where each `startxref` stands.
    starts: OnceCell<Vec<usize>>,
    exhausted: RefCell<Option<LimitHit>>,
    nothing: Dictionary,
    decryptor: Option<Decryptor>,
    /// The chain ended in a loop or before its end.
    pub(super) unsound: Option<String>,
}

impl<'a> Document<'a> {
    /// Opens `data`.
    pub(super) fn open(data: &'a [u8], limits: &Limits) -> Result<Self, NotAssessed> {
        if data.is_empty() {
            return Err(NotAssessed::Empty);
        }
        if u64::try_from(data.len()).unwrap_or(u64::MAX) > limits.file_bytes {
            return Err(limit_hit("file_bytes", limits.file_bytes));
        }
        let head = data.get(..data.len().min(HEADER_WITHIN)).unwrap_or(data);
        let base = find(head, b"%PDF-", 0).ok_or(NotAssessed::NotPdf)?;
        let mut document = Self {
            data,
            limits: limits.clone(),
            base: 0,
            sections: Vec::new(),
            at: HashMap::new(),
            hidden_at: HashMap::new(),
            revisions: Vec::new(),
            views: Vec::new(),
            parsed: RefCell::default(),
            streams: RefCell::default(),
            listed: OnceCell::new(),
            scanned: OnceCell::new(),
            notes: RefCell::default(),
            steps: Cell::new(0),
            inflated: Cell::new(0),
            room: Room::new(limits),
            spare: HashMap::new(),
            memory: Cell::new(0),
            sources: RefCell::default(),
            fields: Remembered::default(),
            pages: Remembered::default(),
            starts: OnceCell::new(),
            exhausted: RefCell::default(),
            nothing: Dictionary::default(),
            decryptor: None,
            unsound: None,
        };
        if base > 0 {
            document.note(StructureNote::BytesBeforeHeader(u64::try_from(base).unwrap_or(u64::MAX)));
        }
        document.follow_sections(base)?;
        document.check_limit()?;
        Ok(document)
    }

    /// Reads the chain from the last `startxref`, or rebuilds it.
    fn follow_sections(&mut self, header: usize) -> Result<(), NotAssessed> {
        if !self.has_end() {
            return Err(NotAssessed::Truncated);
        }
        let start = super::parser::find_last(self.data, b"startxref", 0, self.data.len());
        let start = start.and_then(|at| xref::startxref_at(self.data, at));
        let mut chain = None;
        if let Some(offset) = start {
            let mut found = xref::read_chain(self.data, offset, 0, &self.limits, &mut self.room);
            if found.sections.is_empty() && header > 0 {
                // Offsets may count from the header (ISO 32000-2, 7.5.2 counts from the `%`).
                found = xref::read_chain(self.data, offset, header, &self.limits, &mut self.room);
                if !found.sections.is_empty() {
                    self.base = header;
                }
            }
            chain = Some(found);
        }
        if let Some(Chain { broken: Some(Unusable::Limit(limit, value)), .. }) = chain {
            return Err(limit_hit(limit, value));
        }
        if let Some(chain) = chain.filter(|chain| !chain.sections.is_empty()) {
            if chain.looped {
                self.unsound = Some("the cross-reference sections form a loop".into());
            }
            let mut sections = chain.sections;
            if let Some(Unusable::Malformed(reason)) = chain.broken {
                self.note(StructureNote::Repaired);
                self.unsound = Some(reason);
                sections.push(self.rebuild());
            }
            sections.reverse();
            sections.into_iter().for_each(|section| self.add_section(section));
            self.order_revisions();
            self.open_encryption()?;
            if self.has_catalog(self.newest()) {
                return Ok(());
            }
        }
        self.note(StructureNote::Repaired);
        self.unsound = Some("the cross-reference sections are unusable".into());
        self.parsed.borrow_mut().clear();
        self.streams.borrow_mut().clear();
        self.listed = OnceCell::new();
        let section = self.rebuild();
        self.check_limit()?;
        self.sections.clear();
        self.at.clear();
        self.hidden_at.clear();
        self.revisions.clear();
        self.views.clear();
        self.add_section(section);
        self.order_revisions();
        self.open_encryption()?;
        if self.has_catalog(self.newest()) {
            return Ok(());
        }
        Err(NotAssessed::Structure("no usable cross-reference section and no document catalog".into()))
    }

    /// Adds a section behind those known.
    pub(super) fn add_section(&mut self, section: Section) {
        let index = self.sections.len();
        if section.kind != XrefKind::Repaired {
            self.at.entry(section.start).or_insert(index);
        }
        if let Some(hidden) = &section.hidden {
            self.hidden_at.entry(hidden.start).or_insert(index);
        }
        self.sections.push(section);
    }

    /// Index of the section of the file that begins at `start`.
    pub(super) fn section_at(&self, start: usize) -> Option<usize> {
        self.at.get(&start).copied()
    }

    /// Offset behind the cross-reference section that begins at `start`, if one does.
    pub(super) fn section_end(&self, start: usize) -> Option<usize> {
        if let Some(index) = self.section_at(start) {
            return self.sections.get(index).map(|section| section.end);
        }
        let holder = self.sections.get(*self.hidden_at.get(&start)?)?;
        holder.hidden.as_ref().map(|hidden| hidden.end)
    }

    /// Opens an encrypted document with the empty user password (ISO 32000-2, 7.6).
    fn open_encryption(&mut self) -> Result<(), NotAssessed> {
        let view = self.newest();
        let Some(entry) = self.trailer(view).get(b"Encrypt") else { return Ok(()) };
        // Its own strings are never encrypted (7.6.2), so it is read before there is a key.
        let dictionary = self.value(view, Some(entry)).shared();
        let id = self.value(view, self.trailer(view).get(b"ID")).shared();
        let id = id.array().and_then(|id| id.first()).and_then(Object::string);
        let id = id.map(|id| self.string_bytes(id).into_owned()).unwrap_or_default();
        let own = entry.reference().map(|id| id.number);
        let decryptor = dictionary.dictionary().and_then(|entries| {
            encryption::open(
                entries,
                &id,
                own,
                |value| self.value(view, Some(value)).shared(),
                |string| self.string_bytes(string).into_owned(),
            )
        });
        self.decryptor = Some(decryptor.ok_or(NotAssessed::Encrypted)?);
        self.parsed.borrow_mut().clear();
        self.note(StructureNote::EncryptedWithEmptyPassword);
        Ok(())
    }

    /// Whether strings and streams are encrypted.
    pub(super) fn is_encrypted(&self) -> bool {
        self.decryptor.is_some()
    }

    /// The newest revision.
    pub(super) fn newest(&self) -> View {
        View(self.revisions.len().saturating_sub(1))
    }

    /// The sections visible in `view`, newest first.
    pub(super) fn visible(&self, view: View) -> &[usize] {
        self.views.get(view.0).map_or(&[], Vec::as_slice)
    }

    /// An indirect /Length in the newest revision.
    pub(super) fn length_anywhere(&self, id: ObjectId) -> Option<i64> {
        self.length(self.newest(), id)
    }

    /// Calls `read` with a cursor on the value at `place`.
    pub(super) fn with_source(&self, view: View, place: Place, read: impl FnOnce(&mut Parser<'_>)) {
        match place {
            Place::Nowhere => {}
            Place::File(offset) => {
                let mut parser = Parser::of_file(self.data, offset, self.limits.depth);
                if parser.object_header().is_some() {
                    read(&mut parser);
                    self.step_over(parser.at.saturating_sub(offset));
                }
            }
            Place::Stream(offset, index) => {
                let Some(stream) = self.object_stream(view, offset) else { return };
                if let Some((_, offset)) = usize::try_from(index).ok().and_then(|index| stream.offsets.get(index)) {
                    let mut parser = Parser::of_buffer(&stream.decoded, *offset, self.limits.depth);
                    read(&mut parser);
                    self.step_over(parser.at.saturating_sub(*offset));
                }
            }
        }
    }

    /// The trailer in force in `view`: of the section reached first.
    pub(super) fn trailer(&self, view: View) -> &Dictionary {
        let section = self.visible(view).first().and_then(|&index| self.sections.get(index));
        section.map_or(&self.nothing, |section| &section.trailer)
    }

    /// The document catalog in `view`.
    pub(super) fn catalog(&self, view: View) -> Value<'_> {
        self.value(view, self.trailer(view).get(b"Root"))
    }

    fn has_catalog(&self, view: View) -> bool {
        self.catalog(view).dictionary().is_some_and(|catalog| {
            let pages = self.value(view, catalog.get(b"Pages"));
            catalog.is(b"Type", b"Catalog") || pages.dictionary().is_some()
        })
    }

    /// Where object `number` comes from in `view`.
    pub(super) fn place(&self, view: View, number: u32) -> Place {
        if let Some(sources) = &mut *self.sources.borrow_mut() {
            sources.insert(number);
            if let Some(Entry::InStream(stream, _)) = self.entry(view, number) {
                sources.insert(stream);
            }
        }
        match self.entry(view, number) {
            Some(Entry::InFile(offset, _)) => Place::File(offset.saturating_add(self.base)),
            Some(Entry::InStream(stream, index)) => match self.entry(view, stream) {
                Some(Entry::InFile(offset, _)) => Place::Stream(offset.saturating_add(self.base), index),
                _ => Place::Nowhere,
            },
            Some(Entry::Free) | None => Place::Nowhere,
        }
    }

    /// The generation that `view` lists for `number`; 0 inside an object stream (ISO 32000-2, 7.5.8.3).
    pub(super) fn generation(&self, view: View, number: u32) -> u16 {
        match self.entry(view, number) {
            Some(Entry::InFile(_, generation)) => generation,
            _ => 0,
        }
    }

    fn entry(&self, view: View, number: u32) -> Option<Entry> {
        let visible = self.visible(view);
        let look = |section: usize| self.sections.get(section)?.entry(self.data, number);
        // A revision sees every section up to its newest; other views are looked through.
        if let (Some(listing), true, Some(&newest)) = (self.listing(number), view <= self.newest(), visible.first()) {
            return listing.iter().rev().filter(|&&section| section <= newest).find_map(|&section| look(section));
        }
        visible.iter().find_map(|&section| look(section))
    }

    /// The sections of the revisions that list `number`, if an index pays.
    pub(super) fn listing(&self, number: u32) -> Option<&[usize]> {
        let own: usize = self.revisions.iter().map(|revision| revision.own.len()).sum();
        if own <= FEW_SECTIONS {
            return None;
        }
        let index = self.listed.get_or_init(|| {
            let mut index: HashMap<u32, Vec<usize>> = HashMap::new();
            for (section, found) in self.sections.iter().enumerate().take(own) {
                for number in found.numbers() {
                    index.entry(number).or_default().push(section);
                }
            }
            index
        });
        Some(index.get(&number).map_or(&[], Vec::as_slice))
    }

    /// The object `id` as of `view`; null if there is none.
    pub(super) fn object(&self, view: View, id: ObjectId) -> Rc<Object> {
        self.object_at(view, id.number, self.place(view, id.number))
    }

    /// The object of this number at `place`.
    pub(super) fn object_at(&self, view: View, number: u32, place: Place) -> Rc<Object> {
        if place == Place::Nowhere {
            return Rc::new(Object::Null);
        }
        if let Some(known) = self.parsed.borrow().get(&place) {
            return Rc::clone(known);
        }
        self.step();
        if self.is_exhausted() {
            return Rc::new(Object::Null);
        }
        let value = Rc::new(match place {
            Place::Nowhere => Object::Null,
            Place::File(offset) => self.read_at(view, number, offset),
            Place::Stream(offset, index) => self.read_in_stream(view, number, offset, index),
        });
        self.parsed.borrow_mut().insert(place, Rc::clone(&value));
        value
    }

    fn read_at(&self, view: View, number: u32, offset: usize) -> Object {
        let read = |offset: usize| {
            let mut parser = Parser::of_file(self.data, offset, self.limits.depth).with_room(self.memory_left());
            let id = parser.object_header().filter(|id| id.number == number)?;
            let value = parser.indirect_value(id, |length| self.length(view, length));
            let behind = match &value {
                Ok(Object::Stream(stream)) => stream.start,
                Ok(_) => parser.at,
                Err(_) => self.data.len(),
            };
            self.step_over(behind.saturating_sub(offset));
            let mut value = self.keep(value, &parser)?;
            if let Some(decryptor) = &self.decryptor {
                decryptor.decrypt_strings(id, &mut value, self.data);
            }
            Some(value)
        };
        if let Some(value) = read(offset) {
            return value;
        }
        // The offset is wrong: look for the object itself, as every viewer does.
        let Some(&found) = self.scan().get(&number) else { return Object::Null };
        let value = read(found);
        if value.is_some() {
            self.note(StructureNote::Repaired);
        }
        value.unwrap_or_default()
    }

    /// Whether the file says null at `place`, as opposed to something that cannot be read.
    pub(super) fn is_null_at(&self, place: Place) -> bool {
        let Place::File(offset) = place else { return true };
        let mut parser = Parser::of_file(self.data, offset, self.limits.depth);
        parser.object_header().is_some() && parser.object().is_ok_and(|value| value.is_null())
    }

    /// Whether the object of this number begins at `place`, as the sections say.
    pub(super) fn stands_at(&self, number: u32, place: Place) -> bool {
        match place {
            Place::Nowhere => false,
            Place::File(offset) => {
                let mut parser = Parser::of_file(self.data, offset, 1);
                parser.object_header().is_some_and(|id| id.number == number)
            }
            Place::Stream(offset, index) => self.known_object_stream(offset).is_some_and(|stream| {
                let entry = usize::try_from(index).ok().and_then(|index| stream.offsets.get(index));
                entry.is_some_and(|(found, _)| *found == number)
            }),
        }
    }

    /// Numbers that the object stream at `offset` holds more than once.
    pub(super) fn repeated_in_stream(&self, view: View, offset: usize) -> HashSet<u32> {
        let Some(stream) = self.object_stream(view, offset) else { return HashSet::new() };
        self.steps(stream.offsets.len() / ENTRIES_OF_A_STEP);
        let mut seen = HashSet::new();
        stream.offsets.iter().map(|(number, _)| *number).filter(|number| !seen.insert(*number)).collect()
    }

    fn scan(&self) -> &HashMap<u32, usize> {
        self.scanned.get_or_init(|| {
            let found = xref::scan_objects(self.data);
            found.map(|(id, offset)| (id.number, offset)).collect()
        })
    }

    /// An indirect /Length: an integer object, read without the cache since a stream waits for it.
    fn length(&self, view: View, id: ObjectId) -> Option<i64> {
        match self.place(view, id.number) {
            Place::File(offset) => {
                let mut parser = Parser::of_file(self.data, offset, 1);
                parser.object_header().filter(|found| found.number == id.number)?;
                parser.object().ok()?.integer()
            }
            // Inside an object stream: that stream's own length must not depend on it.
            place @ Place::Stream(..) => self.object_at(view, id.number, place).integer(),
            Place::Nowhere => None,
        }
    }

    /// The object stream at `offset`, decoded.
    fn object_stream(&self, view: View, offset: usize) -> Option<Rc<ObjectStream>> {
        let known = self.streams.borrow().get(&offset).cloned();
        known.unwrap_or_else(|| {
            self.streams.borrow_mut().insert(offset, None);
            let mut parser = Parser::of_file(self.data, offset, self.limits.depth);
            let value = parser
                .object_header()
                .and_then(|id| parser.indirect_value(id, |length| self.length(view, length)).ok());
            let stream = match value {
                Some(Object::Stream(stream)) => self.read_object_stream(Some(view), &stream).map(Rc::new),
                _ => None,
            };
            self.streams.borrow_mut().insert(offset, stream.clone());
            stream
        })
    }

    /// The object stream at `offset`, if it was decoded already.
    pub(super) fn known_object_stream(&self, offset: usize) -> Option<Rc<ObjectStream>> {
        self.streams.borrow().get(&offset).cloned().flatten()
    }

    /// Every offset at which a section places object `number` in the file.
    pub(super) fn offsets(&self, number: u32) -> Vec<usize> {
        let place = |section: &Section| match section.own_entry(self.data, number) {
            Some(Entry::InFile(offset, _)) => Some(offset.saturating_add(self.base)),
            _ => None,
        };
        let both = |section: &Section| [place(section), section.hidden.as_deref().and_then(place)];
        match self.listing(number) {
            Some(listing) => {
                listing.iter().filter_map(|&index| self.sections.get(index)).flat_map(both).flatten().collect()
            }
            None => self.sections.iter().flat_map(both).flatten().collect(),
        }
    }

    fn read_in_stream(&self, view: View, number: u32, offset: usize, index: u32) -> Object {
        let Some(stream) = self.object_stream(view, offset) else { return Object::Null };
        let at_index = usize::try_from(index).ok().and_then(|index| stream.offsets.get(index));
        let found = at_index.filter(|(inner, _)| *inner == number).or_else(|| {
            self.steps(stream.offsets.len() / ENTRIES_OF_A_STEP);
            stream.offsets.iter().find(|(inner, _)| *inner == number)
        });
        let Some((_, offset)) = found else { return Object::Null };
        let mut parser = Parser::of_buffer(&stream.decoded, *offset, self.limits.depth).with_room(self.memory_left());
        let value = parser.object();
        self.step_over(parser.at.saturating_sub(*offset));
        self.keep(value, &parser).unwrap_or_default()
    }

    /// A value that was read with the memory that is left, which it now takes.
    fn keep(&self, value: Result<Object, ParseError>, parser: &Parser<'_>) -> Option<Object> {
        self.hold(self.memory_left().saturating_sub(parser.room()));
        if value == Err(ParseError::Memory) {
            self.exhaust("structure_bytes", self.limits.structure_bytes);
        }
        value.ok()
    }

    /// Decodes an object stream (ISO 32000-2, 7.5.7). Without a view only direct filters work.
    pub(super) fn read_object_stream(&self, view: Option<View>, stream: &Stream) -> Option<ObjectStream> {
        let number = |key: &[u8]| usize::try_from(stream.dictionary.get(key)?.integer()?).ok();
        let (count, first) = (number(b"N")?, number(b"First")?);
        let decoded = self.decode(view.unwrap_or(View(usize::MAX)), stream).ok()?;
        self.hold(u64::try_from(decoded.len()).unwrap_or(u64::MAX));
        let mut parser = Parser::of_buffer(&decoded, 0, 1);
        let mut offsets = Vec::new();
        for _ in 0..count {
            if u64::try_from(offsets.len()).unwrap_or(u64::MAX) > self.limits.objects {
                self.exhaust("objects", self.limits.objects);
                return None;
            }
            parser.skip_white();
            let Some(number) = parser.unsigned().and_then(|value| u32::try_from(value).ok()) else { break };
            parser.skip_white();
            let Some(offset) = parser.unsigned().and_then(|value| usize::try_from(value).ok()) else { break };
            offsets.push((number, first.saturating_add(offset)));
        }
        offsets.shrink_to_fit();
        self.hold(u64::try_from(offsets.len() * size_of::<(u32, usize)>()).unwrap_or(u64::MAX));
        Some(ObjectStream { decoded, offsets })
    }

    /// `value`, with a reference followed in `view`; null if absent.
    pub(super) fn value<'o>(&self, view: View, value: Option<&'o Object>) -> Value<'o> {
        let Some(value) = value else { return Value::Own(&Object::Null) };
        let Object::Reference(id) = value else { return Value::Own(value) };
        let mut target = self.object(view, *id);
        // A reference to a reference is not allowed, yet met; a ring of them ends as null.
        for _ in 0..8 {
            let Object::Reference(id) = *target else { return Value::Shared(target) };
            target = self.object(view, id);
        }
        Value::Own(&Object::Null)
    }

    /// The decoded data of a stream.
    pub(super) fn decode(&self, view: View, stream: &Stream) -> Result<Vec<u8>, FilterError> {
        let raw = self.data.get(stream.start..stream.end).unwrap_or_default();
        let list = |key: &[u8]| -> Vec<Object> {
            match &*self.value(view, stream.dictionary.get(key)) {
                Object::Null => Vec::new(),
                Object::Array(elements) => {
                    elements.iter().map(|element| (*self.value(view, Some(element))).clone()).collect()
                }
                one => vec![one.clone()],
            }
        };
        let filters = list(b"Filter");
        let parameters = list(b"DecodeParms");
        if filters.len() > filter::MAXIMUM_FILTERS {
            return Err(FilterError::Unsupported);
        }
        let mut data: Cow<'_, [u8]> = match &self.decryptor {
            Some(decryptor) => decryptor.decrypt_stream(stream, raw, filters.first(), parameters.first())?,
            None => Cow::Borrowed(raw),
        };
        for (index, filter) in filters.iter().enumerate() {
            let spent = self.limits.inflated_total_bytes.saturating_sub(self.inflated.get());
            let limit = usize::try_from(self.limits.inflated_stream_bytes.min(spent)).unwrap_or(usize::MAX);
            let parameters = parameters.get(index).and_then(|value| value.dictionary());
            let name = filter.name().ok_or(FilterError::Malformed)?;
            if name == b"Crypt" {
                continue;
            }
            let decoded = filter::decode(name, parameters, &data, limit).inspect_err(|error| {
                if *error == FilterError::TooLarge {
                    let (name, value) = if spent < self.limits.inflated_stream_bytes {
                        ("inflated_total_bytes", self.limits.inflated_total_bytes)
                    } else {
                        ("inflated_stream_bytes", self.limits.inflated_stream_bytes)
                    };
                    self.exhaust(name, value);
                }
            })?;
            let size = u64::try_from(decoded.len()).unwrap_or(u64::MAX);
            self.inflated.set(self.inflated.get().saturating_add(size));
            data = Cow::Owned(decoded);
        }
        Ok(data.into_owned())
    }

    /// The bytes of a string.
    pub(super) fn string_bytes<'s>(&self, string: &'s PdfString) -> Cow<'s, [u8]> {
        match string {
            PdfString::InFile { start, end, hexadecimal } => {
                let token = self.data.get(*start..*end).unwrap_or_default();
                Cow::Owned(decode_string(token, *hexadecimal))
            }
            PdfString::Decoded(bytes) => Cow::Borrowed(bytes),
        }
    }

    /// A text string as text (ISO 32000-2, 7.9.2.2): UTF-16 or UTF-8 by their marks, else bytes.
    pub(super) fn text(&self, string: &PdfString) -> String {
        let bytes = self.string_bytes(string);
        let wide = |rest: &[u8], read: fn([u8; 2]) -> u16| {
            let units = rest.chunks_exact(2).filter_map(|pair| pair.try_into().ok().map(read));
            char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
        };
        match &*bytes {
            [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
            [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
            [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
            other => match std::str::from_utf8(other) {
                Ok(text) => text.to_owned(),
                Err(_) => other.iter().map(|&byte| char::from(byte)).collect(),
            },
        }
    }

    /// Counts one object visited.
    pub(super) fn step(&self) {
        self.steps(1);
    }

    /// Counts bytes that were looked at: objects may lie within objects, so the file's size does not bound them.
    pub(super) fn step_over(&self, bytes: usize) {
        self.steps(bytes / BYTES_OF_A_STEP);
    }

    /// Counts work that amounts to `count` objects.
    pub(super) fn steps(&self, count: usize) {
        let steps = self.steps.get().saturating_add(u64::try_from(count).unwrap_or(u64::MAX));
        self.steps.set(steps);
        if steps > self.limits.steps {
            self.exhaust("steps", self.limits.steps);
        }
    }

    /// Counts memory taken. What is not kept is given back.
    pub(super) fn hold(&self, bytes: u64) {
        self.memory.set(self.memory.get().saturating_add(bytes));
        if self.memory.get() > self.limits.structure_bytes {
            self.exhaust("structure_bytes", self.limits.structure_bytes);
        }
    }

    /// Gives memory back that is not held any more.
    pub(super) fn release(&self, bytes: u64) {
        self.memory.set(self.memory.get().saturating_sub(bytes));
    }

    /// Bytes of memory that may still be taken.
    pub(super) fn memory_left(&self) -> u64 {
        self.limits.structure_bytes.saturating_sub(self.memory.get().saturating_add(self.room.taken()))
    }

    /// Reads the section at `offset` unless it was read before; where it starts. What cannot be used stays
    /// `None` among the spare sections.
    pub(super) fn read_spare(&mut self, offset: usize) -> usize {
        let mut parser = Parser::of_file(self.data, offset, 1);
        parser.skip_white();
        let start = parser.at;
        if self.section_at(start).is_none() && !self.spare.contains_key(&start) {
            let section = Section::read(self.data, start, self.base, &self.limits, &mut self.room);
            if let Err(Unusable::Limit(limit, value)) = section {
                self.exhaust(limit, value);
            }
            self.spare.insert(start, section.ok());
        }
        start
    }

    /// The last `startxref` before `end`: where the keyword stands and the number behind it.
    pub(super) fn startxref_before(&self, end: usize) -> Option<(usize, usize)> {
        let keyword = b"startxref";
        let starts = self.starts.get_or_init(|| memchr::memmem::find_iter(self.data, keyword).collect());
        let behind = starts.partition_point(|&at| at.saturating_add(keyword.len()) <= end);
        let at = *starts.get(behind.checked_sub(1)?)?;
        xref::startxref_at(self.data, at).map(|offset| (at, offset))
    }

    pub(super) fn exhaust(&self, limit: &str, value: u64) {
        self.exhausted.borrow_mut().get_or_insert_with(|| LimitHit { limit: limit.to_owned(), value });
    }

    /// Whether a limit was reached.
    pub(super) fn is_exhausted(&self) -> bool {
        self.exhausted.borrow().is_some()
    }

    /// The first limit reached, as an error.
    pub(super) fn check_limit(&self) -> Result<(), NotAssessed> {
        match &*self.exhausted.borrow() {
            Some(hit) => Err(NotAssessed::Limit(hit.clone())),
            None => Ok(()),
        }
    }

    /// Records a note once.
    pub(super) fn note(&self, note: StructureNote) {
        let mut notes = self.notes.borrow_mut();
        if !notes.contains(&note) {
            notes.push(note);
        }
    }

    pub(super) fn notes(&self) -> Vec<StructureNote> {
        self.notes.borrow().clone()
    }
}

fn limit_hit(limit: &str, value: u64) -> NotAssessed {
    NotAssessed::Limit(LimitHit { limit: limit.to_owned(), value })
}
