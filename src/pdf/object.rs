//! The object types of a PDF (ISO 32000-2, 7.3). Values only: reading them is the parser's job.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::rc::Rc;

/// Longest name kept without an allocation; nearly all names in real files are shorter.
const INLINE_NAME: usize = 22;

/// A name object, `#xx` escapes already resolved (ISO 32000-2, 7.3.5).
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Name(NameBytes);

#[derive(Clone, PartialEq, Eq)]
enum NameBytes {
    Inline { length: u8, bytes: [u8; INLINE_NAME] },
    Heap(Box<[u8]>),
}

impl Name {
    /// A name of these bytes, without the leading solidus.
    pub(super) fn new(name: &[u8]) -> Self {
        let mut bytes = [0; INLINE_NAME];
        match (bytes.get_mut(..name.len()), u8::try_from(name.len())) {
            (Some(target), Ok(length)) => {
                target.copy_from_slice(name);
                Self(NameBytes::Inline { length, bytes })
            }
            _ => Self(NameBytes::Heap(name.into())),
        }
    }

    /// The bytes without the leading solidus.
    pub(super) fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            NameBytes::Inline { length, bytes } => bytes.get(..usize::from(*length)).unwrap_or_default(),
            NameBytes::Heap(bytes) => bytes,
        }
    }

    /// Bytes of memory held beside the name itself.
    fn weight(&self) -> u64 {
        match &self.0 {
            NameBytes::Inline { .. } => 0,
            NameBytes::Heap(bytes) => u64::try_from(bytes.len()).unwrap_or(u64::MAX),
        }
    }

    /// As text; bytes that are not UTF-8 are replaced.
    pub(super) fn to_text(&self) -> String {
        String::from_utf8_lossy(self.as_bytes()).into_owned()
    }
}

impl std::fmt::Debug for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "/{}", self.to_text())
    }
}

/// Number and generation of an indirect object (ISO 32000-2, 7.3.10).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) struct ObjectId {
    /// Object number.
    pub(super) number: u32,
    /// Generation number.
    pub(super) generation: u16,
}

/// A string object (ISO 32000-2, 7.3.4).
#[derive(Clone, PartialEq, Debug)]
pub(super) enum PdfString {
    /// Written in the file itself: the span of the whole token, delimiters included.
    InFile {
        /// Offset of `(` or `<`.
        start: usize,
        /// Offset behind `)` or `>`.
        end: usize,
        /// Hexadecimal form.
        hexadecimal: bool,
    },
    /// Decoded; from an object stream or decrypted.
    Decoded(Box<[u8]>),
}

/// Any object.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) enum Object {
    /// Null, also what an undefined reference resolves to.
    #[default]
    Null,
    /// Boolean.
    Boolean(bool),
    /// Integer number.
    Integer(i64),
    /// Real number.
    Real(f64),
    /// Name.
    Name(Name),
    /// String.
    String(PdfString),
    /// Array. Copies share the elements.
    Array(Rc<Vec<Object>>),
    /// Dictionary.
    Dictionary(Dictionary),
    /// Stream: only as the value of an indirect object.
    Stream(Rc<Stream>),
    /// Indirect reference.
    Reference(ObjectId),
}

impl Object {
    /// The integer, if this is one.
    pub(super) fn integer(&self) -> Option<i64> {
        match self {
            Self::Integer(value) => Some(*value),
            _ => None,
        }
    }

    /// The number, if this is an integer or a real.
    #[expect(clippy::cast_precision_loss, reason = "coordinates; the precision of a double is enough")]
    pub(super) fn number(&self) -> Option<f64> {
        match self {
            Self::Integer(value) => Some(*value as f64),
            Self::Real(value) => Some(*value),
            _ => None,
        }
    }

    /// The name's bytes, if this is one.
    pub(super) fn name(&self) -> Option<&[u8]> {
        match self {
            Self::Name(name) => Some(name.as_bytes()),
            _ => None,
        }
    }

    /// The dictionary, if this is one; of a stream its dictionary.
    pub(super) fn dictionary(&self) -> Option<&Dictionary> {
        match self {
            Self::Dictionary(dictionary) => Some(dictionary),
            Self::Stream(stream) => Some(&stream.dictionary),
            _ => None,
        }
    }

    /// The elements, if this is an array.
    pub(super) fn array(&self) -> Option<&[Object]> {
        match self {
            Self::Array(elements) => Some(elements),
            _ => None,
        }
    }

    /// The string, if this is one.
    pub(super) fn string(&self) -> Option<&PdfString> {
        match self {
            Self::String(string) => Some(string),
            _ => None,
        }
    }

    /// The target, if this is a reference.
    pub(super) fn reference(&self) -> Option<ObjectId> {
        match self {
            Self::Reference(id) => Some(*id),
            _ => None,
        }
    }

    /// A key that a dictionary in this value repeats: readers differ on which entry counts.
    pub(super) fn repeated_key(&self) -> Option<&[u8]> {
        match self {
            Self::Array(elements) => elements.iter().find_map(Self::repeated_key),
            Self::Dictionary(_) | Self::Stream(_) => {
                let entries = self.dictionary()?;
                entries.repeated_key().or_else(|| entries.iter().find_map(|(_, value)| value.repeated_key()))
            }
            _ => None,
        }
    }

    /// Bytes of memory that a copy of this takes.
    pub(super) fn weight(&self) -> u64 {
        let own = count(size_of::<Self>());
        let held: u64 = match self {
            Self::Name(name) => name.weight(),
            Self::String(PdfString::Decoded(bytes)) => u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            Self::Array(elements) => elements.iter().map(Self::weight).sum::<u64>() + count(ARRAY_BYTES),
            Self::Dictionary(entries) => entries.weight(),
            // A stream is shared, never copied.
            _ => 0,
        };
        own.saturating_add(held)
    }

    /// Whether this is null.
    pub(super) fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }
}

fn count(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}

/// Up to so many entries, looking through them is cheaper than an index.
const FEW_ENTRIES: usize = 32;

/// Bytes of memory that an array takes beside its elements: the list, two counts and what an allocation costs.
pub(super) const ARRAY_BYTES: usize = 48;
/// The same of a dictionary.
pub(super) const DICTIONARY_BYTES: usize = 56;

/// A dictionary, entries in file order. Copies share the entries: comparisons of revisions hand values around,
/// and a form or a list written into the catalog may hold most of the file.
#[derive(Clone, Debug, Default)]
pub(super) struct Dictionary(Rc<Entries>);

#[derive(Clone, Debug, Default)]
struct Entries {
    entries: Vec<(Name, Object)>,
    /// Position of the last entry of each key; made when a large dictionary is asked.
    #[allow(clippy::box_collection, reason = "most dictionaries are small and need no room for it")]
    index: OnceCell<Box<HashMap<Box<[u8]>, usize>>>,
}

impl PartialEq for Dictionary {
    fn eq(&self, other: &Self) -> bool {
        self.is_shared_with(other) || self.0.entries == other.0.entries
    }
}

impl Dictionary {
    /// Appends an entry; a repeated key is kept, the last one counts.
    pub(super) fn push(&mut self, key: Name, value: Object) {
        let inner = Rc::make_mut(&mut self.0);
        inner.entries.push((key, value));
        inner.index.take();
    }

    /// Whether both are copies of one dictionary, equal in any two revisions.
    pub(super) fn is_shared_with(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    /// Bytes of memory held beside the dictionary itself.
    fn weight(&self) -> u64 {
        let key = count(size_of::<Name>());
        let entries = self.0.entries.iter();
        entries.map(|(name, value)| key + name.weight() + value.weight()).sum::<u64>() + count(DICTIONARY_BYTES)
    }

    /// Gives back what was reserved for entries that did not come.
    pub(super) fn shrink(&mut self) {
        Rc::make_mut(&mut self.0).entries.shrink_to_fit();
    }

    /// Replaces every value by what `change` makes of it.
    pub(super) fn map(&mut self, mut change: impl FnMut(&[u8], &mut Object)) {
        for (key, value) in &mut Rc::make_mut(&mut self.0).entries {
            change(key.as_bytes(), value);
        }
    }

    /// The value of `key`; of a repeated key the last. An entry that is null counts as absent
    /// (ISO 32000-2, 7.3.7).
    pub(super) fn get(&self, key: &[u8]) -> Option<&Object> {
        let Entries { entries, index } = &*self.0;
        let (_, value) = if entries.len() <= FEW_ENTRIES {
            entries.iter().rev().find(|(name, _)| name.as_bytes() == key)?
        } else {
            let index = index.get_or_init(|| {
                let positions = entries.iter().enumerate();
                Box::new(positions.map(|(position, (name, _))| (name.as_bytes().into(), position)).collect())
            });
            entries.get(*index.get(key)?)?
        };
        (!value.is_null()).then_some(value)
    }

    /// The name under `key`.
    pub(super) fn name(&self, key: &[u8]) -> Option<&[u8]> {
        self.get(key)?.name()
    }

    /// Whether `key` holds the name `value`.
    pub(super) fn is(&self, key: &[u8], value: &[u8]) -> bool {
        self.name(key) == Some(value)
    }

    /// All entries in file order, repeated keys and nulls included.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&[u8], &Object)> {
        self.0.entries.iter().map(|(name, value)| (name.as_bytes(), value))
    }

    /// The first key that is written more than once: readers differ on which value counts.
    pub(super) fn repeated_key(&self) -> Option<&[u8]> {
        // Dictionaries are small; a quadratic look beats a set until they are large.
        if self.0.entries.len() > 64 {
            let mut seen = std::collections::HashSet::new();
            return self.iter().map(|(key, _)| key).find(|key| !seen.insert(*key));
        }
        let mut rest = self.0.entries.as_slice();
        while let Some(((key, _), tail)) = rest.split_first() {
            if tail.iter().any(|(other, _)| other == key) {
                return Some(key.as_bytes());
            }
            rest = tail;
        }
        None
    }
}

/// A stream: its dictionary and where its raw data lies.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Stream {
    /// The stream dictionary.
    pub(super) dictionary: Dictionary,
    /// Offset of the first byte of data.
    pub(super) start: usize,
    /// Offset behind the last byte of data.
    pub(super) end: usize,
    /// The object it is (streams are decrypted by it).
    pub(super) id: ObjectId,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each pair of revisions hands the form around: thousands of fields written into it, times hundreds of
    /// revisions, must not be copied.
    #[test]
    fn copies_share_what_they_hold() {
        let mut form = Dictionary::default();
        form.push(Name::new(b"Fields"), Object::Array(Rc::new(vec![Object::Integer(1); 3])));
        let mut copy = form.clone();
        assert!(copy.is_shared_with(&form));
        let lists = (form.get(b"Fields"), copy.get(b"Fields"));
        assert!(matches!(lists, (Some(Object::Array(one)), Some(Object::Array(other))) if Rc::ptr_eq(one, other)));
        // A copy that is changed is its own.
        copy.push(Name::new(b"SigFlags"), Object::Integer(3));
        assert!(!copy.is_shared_with(&form) && form.get(b"SigFlags").is_none());
    }
}
