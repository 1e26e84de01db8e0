//! The object types of a PDF (ISO 32000-2, 7.3). Values only: reading them is the parser's job.

use std::rc::Rc;

/// Longest name kept without an allocation; nearly all names in real files are shorter.
const INLINE_NAME: usize = 22;

/// A name object, `#xx` escapes already resolved (ISO 32000-2, 7.3.5).
#[derive(Clone, PartialEq, Eq)]
pub struct Name(NameBytes);

#[derive(Clone, PartialEq, Eq)]
enum NameBytes {
    Inline { length: u8, bytes: [u8; INLINE_NAME] },
    Heap(Box<[u8]>),
}

impl Name {
    /// A name of these bytes, without the leading solidus.
    pub fn new(name: &[u8]) -> Self {
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
    pub fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            NameBytes::Inline { length, bytes } => bytes.get(..usize::from(*length)).unwrap_or_default(),
            NameBytes::Heap(bytes) => bytes,
        }
    }

    /// As text; bytes that are not UTF-8 are replaced.
    pub fn to_text(&self) -> String {
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
pub struct ObjectId {
    /// Object number.
    pub number: u32,
    /// Generation number.
    pub generation: u16,
}

/// A string object (ISO 32000-2, 7.3.4).
#[derive(Clone, PartialEq, Debug)]
pub enum PdfString {
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
pub enum Object {
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
    /// Array.
    Array(Vec<Object>),
    /// Dictionary.
    Dictionary(Dictionary),
    /// Stream: only as the value of an indirect object.
    Stream(Rc<Stream>),
    /// Indirect reference.
    Reference(ObjectId),
}

impl Object {
    /// The integer, if this is one.
    pub fn integer(&self) -> Option<i64> {
        match self {
            Self::Integer(value) => Some(*value),
            _ => None,
        }
    }

    /// The number, if this is an integer or a real.
    #[expect(clippy::cast_precision_loss, reason = "coordinates; the precision of a double is enough")]
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Integer(value) => Some(*value as f64),
            Self::Real(value) => Some(*value),
            _ => None,
        }
    }

    /// The name's bytes, if this is one.
    pub fn name(&self) -> Option<&[u8]> {
        match self {
            Self::Name(name) => Some(name.as_bytes()),
            _ => None,
        }
    }

    /// The dictionary, if this is one; of a stream its dictionary.
    pub fn dictionary(&self) -> Option<&Dictionary> {
        match self {
            Self::Dictionary(dictionary) => Some(dictionary),
            Self::Stream(stream) => Some(&stream.dictionary),
            _ => None,
        }
    }

    /// The elements, if this is an array.
    pub fn array(&self) -> Option<&[Object]> {
        match self {
            Self::Array(elements) => Some(elements),
            _ => None,
        }
    }

    /// The string, if this is one.
    pub fn string(&self) -> Option<&PdfString> {
        match self {
            Self::String(string) => Some(string),
            _ => None,
        }
    }

    /// The target, if this is a reference.
    pub fn reference(&self) -> Option<ObjectId> {
        match self {
            Self::Reference(id) => Some(*id),
            _ => None,
        }
    }

    /// Whether this is null.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }
}

/// A dictionary, entries in file order.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Dictionary {
    entries: Vec<(Name, Object)>,
}

impl Dictionary {
    /// Appends an entry; a repeated key is kept, the last one counts.
    pub fn push(&mut self, key: Name, value: Object) {
        self.entries.push((key, value));
    }

    /// Replaces every value by what `change` makes of it.
    pub fn map(&mut self, mut change: impl FnMut(&[u8], &mut Object)) {
        for (key, value) in &mut self.entries {
            change(key.as_bytes(), value);
        }
    }

    /// The value of `key`; of a repeated key the last. An entry that is null counts as absent
    /// (ISO 32000-2, 7.3.7).
    pub fn get(&self, key: &[u8]) -> Option<&Object> {
        let (_, value) = self.entries.iter().rev().find(|(name, _)| name.as_bytes() == key)?;
        (!value.is_null()).then_some(value)
    }

    /// The name under `key`.
    pub fn name(&self, key: &[u8]) -> Option<&[u8]> {
        self.get(key)?.name()
    }

    /// Whether `key` holds the name `value`.
    pub fn is(&self, key: &[u8], value: &[u8]) -> bool {
        self.name(key) == Some(value)
    }

    /// All entries in file order, repeated keys and nulls included.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], &Object)> {
        self.entries.iter().map(|(name, value)| (name.as_bytes(), value))
    }

    /// The first key that is written more than once: readers differ on which value counts.
    pub fn repeated_key(&self) -> Option<&[u8]> {
        // Dictionaries are small; a quadratic look beats a set until they are large.
        if self.entries.len() > 64 {
            let mut seen = std::collections::HashSet::new();
            return self.iter().map(|(key, _)| key).find(|key| !seen.insert(*key));
        }
        let mut rest = self.entries.as_slice();
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
pub struct Stream {
    /// The stream dictionary.
    pub dictionary: Dictionary,
    /// Offset of the first byte of data.
    pub start: usize,
    /// Offset behind the last byte of data.
    pub end: usize,
    /// The object it is (streams are decrypted by it).
    pub id: ObjectId,
}
