//! What is tried on a file whose cross-reference sections are unusable: every object is found by its
//! header (ISO 32000-2 leaves repair to readers; viewers do the same).

use super::document::Document;
use super::object::{Dictionary, Name, Object, ObjectId};
use super::parser::{ParseError, Parser, find, find_last};
use super::xref::{self, Entry, Section};
use std::collections::HashMap;

/// How near to the end of the file `%%EOF` must stand: what Acrobat accepts (PDF Reference 1.7,
/// appendix H, note 18).
const END_WITHIN: usize = 1024;

impl Document<'_> {
    /// Whether the end of the file is there: a `%%EOF`, or at least a finished last object, and as many
    /// bytes as a linearized file says it has (ISO 32000-2, annex F.3.3).
    pub(super) fn has_end(&self) -> bool {
        let mut parser = Parser::of_file(self.data, 0, self.limits.depth);
        let first = parser.object_header().and_then(|_| parser.object().ok());
        let announced =
            first.as_ref().and_then(Object::dictionary).filter(|entries| entries.get(b"Linearized").is_some());
        let announced = announced.and_then(|entries| usize::try_from(entries.get(b"L")?.integer()?).ok());
        if announced.is_some_and(|length| length > self.data.len()) {
            return false;
        }
        let tail = self.data.len().saturating_sub(END_WITHIN);
        if find(self.data, b"%%EOF", tail).is_some() {
            return true;
        }
        let last = xref::scan_objects(self.data).last().map(|(_, offset)| offset);
        match (find_last(self.data, b"endobj", 0, self.data.len()), last) {
            (Some(end), Some(start)) => end > start,
            (None, Some(_)) => false,
            (_, None) => true,
        }
    }

    /// More objects than the limit, which is then reached.
    fn has_too_many(&self, entries: &HashMap<u32, Entry>) -> bool {
        let many = u64::try_from(entries.len()).unwrap_or(u64::MAX) > self.limits.objects;
        if many {
            self.exhaust("objects", self.limits.objects);
        }
        many
    }

    /// A section made of every object that a scan finds; of several with one number the last.
    pub(super) fn rebuild(&self) -> Section {
        let mut entries: HashMap<u32, Entry> = HashMap::new();
        let mut trailer = Dictionary::default();
        for (id, offset) in xref::scan_objects(self.data) {
            entries.insert(id.number, Entry::InFile(offset, id.generation));
            if self.has_too_many(&entries) {
                return Section::rebuilt(&[], trailer);
            }
        }
        // Objects in object streams, unless the file itself holds the number.
        let mut files: Vec<(u32, usize)> = entries
            .iter()
            .filter_map(|(number, entry)| match entry {
                Entry::InFile(offset, _) => Some((*number, *offset)),
                _ => None,
            })
            .collect();
        files.sort_by_key(|&(_, offset)| offset);
        let mut catalog = None;
        for (number, offset) in files {
            let mut parser = Parser::of_file(self.data, offset, self.limits.depth);
            let Some(id) = parser.object_header() else { continue };
            let value = parser.indirect_value(id, |_| None);
            // Objects within objects, and looking for the ends of broken streams, must not take the square of
            // the file's size.
            let read = match &value {
                Ok(_) => parser.at.saturating_sub(offset),
                Err(ParseError::End) => self.data.len().saturating_sub(offset),
                Err(_) => parser.at.saturating_sub(offset),
            };
            self.step();
            self.step_over(read);
            if self.is_exhausted() {
                break;
            }
            let Ok(value) = value else { continue };
            let Some(dictionary) = value.dictionary() else { continue };
            if dictionary.is(b"Type", b"Catalog") {
                catalog = Some(Object::Reference(id));
            } else if dictionary.is(b"Type", b"XRef") {
                trailer = dictionary.clone();
            } else if let (true, Object::Stream(stream)) = (dictionary.is(b"Type", b"ObjStm"), &value)
                && let Some(stream) = self.read_object_stream(None, stream)
            {
                for (index, (inner, offset)) in stream.offsets.iter().enumerate() {
                    if self.has_too_many(&entries) || self.is_exhausted() {
                        break;
                    }
                    let index = u32::try_from(index).unwrap_or(u32::MAX);
                    entries.entry(*inner).or_insert(Entry::InStream(number, index));
                    let mut parser = Parser::of_buffer(&stream.decoded, *offset, self.limits.depth);
                    let value = parser.object();
                    self.step();
                    self.step_over(parser.at.saturating_sub(*offset));
                    if value.is_ok_and(|value| {
                        value.dictionary().is_some_and(|dictionary| dictionary.is(b"Type", b"Catalog"))
                    }) {
                        catalog = Some(Object::Reference(ObjectId { number: *inner, generation: 0 }));
                    }
                }
            }
        }
        let mut at = 0;
        while let Some(keyword) = find(self.data, b"trailer", at) {
            at = keyword + b"trailer".len();
            let mut parser = Parser::of_file(self.data, at, self.limits.depth);
            if let Ok(Object::Dictionary(found)) = parser.object()
                && found.get(b"Root").is_some()
            {
                trailer = found;
            }
            self.step();
            self.step_over(parser.at.saturating_sub(at));
            if self.is_exhausted() {
                break;
            }
        }
        if let (None, Some(catalog)) = (trailer.get(b"Root"), catalog) {
            trailer.push(Name::new(b"Root"), catalog);
        }
        let mut entries: Vec<_> = entries.into_iter().collect();
        entries.sort_by_key(|(number, _)| *number);
        Section::rebuilt(&entries, trailer)
    }
}
