//! Finds every signature field with a value: through the form, through the pages' annotations alone,
//! in earlier revisions, and as a last resort as a dictionary that nothing reaches. A signature that was
//! there is never overlooked; whether it is good is judged elsewhere.

use super::byte_range;
use super::document::{Document, Place, View};
use super::form::{self, Field, Node, Pages};
use super::object::{Dictionary, Object, ObjectId, PdfString};
use crate::model::{ByteRangeFacts, SignatureKind, UnixTime};
use std::collections::HashSet;
use std::rc::Rc;
use time::{Date, Month, PrimitiveDateTime, Time, UtcOffset};

/// /Contents of a signature dictionary.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Contents {
    /// A direct string.
    Present {
        /// Decoded, padding included.
        bytes: Vec<u8>,
        /// Offsets of the token in the file, delimiters included.
        span: (usize, usize),
    },
    /// Missing or not usable; says why.
    Absent(String),
}

/// Which fields a lock or FieldMDP names (ISO 32000-2, 12.8.2.4).
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FieldLock {
    /// Every field.
    All,
    /// The named fields and what lies below them.
    Include(Vec<String>),
    /// Every field but these and what lies below them.
    Exclude(Vec<String>),
}

impl FieldLock {
    /// Whether the field of this fully qualified name is locked; whole name components are compared.
    pub fn locks(&self, name: &str) -> bool {
        let named = |names: &[String]| {
            names.iter().any(|lock| {
                name.strip_prefix(lock.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            })
        };
        match self {
            Self::All => true,
            Self::Include(names) => named(names),
            Self::Exclude(names) => !named(names),
        }
    }
}

/// One signature field with a value.
#[derive(Clone, Debug)]
pub struct SignatureField {
    /// Fully qualified name, or `(object n)` for a dictionary that no field reaches.
    pub name: String,
    /// Signature or document timestamp.
    pub kind: SignatureKind,
    /// /SubFilter.
    pub sub_filter: Option<String>,
    /// /Filter.
    pub filter: Option<String>,
    /// /ByteRange and how it lies.
    pub byte_range: ByteRangeFacts,
    /// /Contents.
    pub contents: Contents,
    /// /Cert of adbe.x509.rsa_sha1: certificates as decoded strings.
    pub certificates: Vec<Vec<u8>>,
    /// Index of the revision whose end is the end of the signed range.
    pub revision: Option<u32>,
    /// DocMDP /P if this signature certifies (ISO 32000-2, 12.8.2.2).
    pub certification: Option<u8>,
    /// What FieldMDP and the field's /Lock forbid to change.
    pub field_locks: Vec<FieldLock>,
    /// /P of the field's /Lock (ISO 32000-2, table 236).
    pub lock_permission: Option<u8>,
    /// Reached through /AcroForm /Fields.
    pub in_acro_form: bool,
    /// /M.
    pub claimed_time: Option<UnixTime>,
    /// Page number, 1 for the first.
    pub page: Option<u32>,
    /// Left, bottom, right, top in default user space units.
    pub rectangle: Option<[f32; 4]>,
    /// The widget that shows it, if indirect: number and generation.
    pub widget: Option<(u32, u16)>,
    /// Not in the newest revision any more.
    pub removed: bool,
    pub(super) value: Option<ObjectId>,
    /// Where the signed range ends, if the numbers say.
    pub(super) signed_end: Option<usize>,
}

/// What `find` found.
pub(super) struct Found {
    /// Ordered by the end of the signed range, then by name.
    pub(super) signatures: Vec<SignatureField>,
    pub(super) empty: u32,
}

struct Finder<'d, 'a> {
    document: &'d Document<'a>,
    pages: &'d Pages,
    /// Signature values already reported, by number; widgets by number.
    values: HashSet<(u32, Option<usize>)>,
    signatures: Vec<SignatureField>,
}

/// Every signature of the document.
pub(super) fn find(document: &Document<'_>, pages: &Pages) -> Found {
    let view = document.newest();
    let mut finder = Finder { document, pages, values: HashSet::new(), signatures: Vec::new() };
    let mut empty = 0;
    let mut known_widgets = HashSet::new();
    let fields = form::fields(document, view);
    for field in fields.iter() {
        known_widgets
            .extend(field.node.id.iter().chain(field.widgets.iter().filter_map(|w| w.id.as_ref())).map(|id| id.number));
        // A field without type whose value is a signature is one (readers differ on it).
        if field.is_signature() || field.kind.is_none() {
            let added = finder.add_field(view, field, true, false);
            empty += u32::from(!added && field.is_signature());
        }
    }
    for page in &pages.list {
        for annotation in &page.annotations {
            document.step();
            if document.is_exhausted() {
                break;
            }
            if annotation.reference().is_some_and(|id| known_widgets.contains(&id.number)) {
                continue;
            }
            if let Some(field) = field_of_widget(document, view, annotation) {
                let added = finder.add_field(view, &field, false, false);
                empty += u32::from(!added);
            }
        }
    }
    finder.add_fields_of((0..view.0).rev().map(View), Some(fields), false);
    // Names may be written otherwise, but then no tool wrote them; looking into every object of every
    // unsigned file would cost more than all the rest.
    let named = |name: &[u8]| super::parser::find(document.data, name, 0).is_some();
    if finder.signatures.is_empty() && (named(b"/ByteRange") || named(b"/SubFilter")) {
        finder.add_unreached(view);
    }
    let signatures = finder.signatures;
    ordered(document, signatures, empty)
}

/// Adds the signatures of documents that a later one left out of its chain of sections: they are gone
/// from the newest revision, yet the file still holds them. Another signature may have taken the number
/// or the name of one, so they are told apart by where their /Contents stands.
pub(super) fn add_abandoned(document: &Document<'_>, views: &[View], found: &mut Found) {
    let pages = Pages::default();
    let mut finder = Finder { document, pages: &pages, values: HashSet::new(), signatures: Vec::new() };
    // Numbers mean other objects in each of these documents.
    finder.add_fields_of(views.iter().copied(), None, true);
    let span = |signature: &SignatureField| match &signature.contents {
        Contents::Present { span, .. } => Some(*span),
        Contents::Absent(_) => None,
    };
    let mut known: HashSet<_> = found.signatures.iter().map(span).collect();
    // A dictionary that cannot be read is known by its field.
    let mut named: HashSet<String> = found.signatures.iter().map(|signature| signature.name.clone()).collect();
    known.remove(&None);
    let left_out = finder.signatures.into_iter().filter(|signature| match span(signature) {
        Some(span) => known.insert(Some(span)),
        None => named.insert(signature.name.clone()),
    });
    let all = std::mem::take(&mut found.signatures).into_iter().chain(left_out).collect();
    *found = ordered(document, all, found.empty);
}

fn ordered(document: &Document<'_>, mut signatures: Vec<SignatureField>, empty: u32) -> Found {
    signatures.sort_by(|one, other| {
        (one.signed_end.unwrap_or(usize::MAX), &one.name).cmp(&(other.signed_end.unwrap_or(usize::MAX), &other.name))
    });
    if u64::try_from(signatures.len()).unwrap_or(u64::MAX) > document.limits.signatures {
        document.exhaust("signatures", document.limits.signatures);
    }
    Found { signatures, empty }
}

/// The signature field that a widget outside the form shows; climbs /Parent for what it inherits.
fn field_of_widget(document: &Document<'_>, view: View, annotation: &Object) -> Option<Field> {
    let node = Node { id: annotation.reference(), object: document.value(view, Some(annotation)).shared() };
    let dictionary = node.dictionary()?;
    if !dictionary.is(b"Subtype", b"Widget") && dictionary.get(b"FT").is_none() {
        return None;
    }
    let (mut kind, mut value, mut names) = (None, None, Vec::new());
    let mut current = Rc::clone(&node.object);
    for _ in 0..document.limits.depth.min(32) {
        let Some(dictionary) = current.dictionary() else { break };
        kind = kind.or_else(|| document.value(view, dictionary.get(b"FT")).name().map(<[u8]>::to_vec));
        value = value.or_else(|| dictionary.get(b"V").cloned());
        if let Some(part) = document.value(view, dictionary.get(b"T")).string() {
            names.push(document.text(part));
            let length: usize = names.iter().map(String::len).sum();
            if u64::try_from(length).unwrap_or(u64::MAX) > document.limits.field_name_bytes {
                document.exhaust("field_name_bytes", document.limits.field_name_bytes);
                return None;
            }
        }
        let parent = document.value(view, dictionary.get(b"Parent")).shared();
        current = parent;
    }
    names.reverse();
    (kind.as_deref() == Some(b"Sig")).then(|| Field {
        name: names.join("."),
        widgets: vec![node.clone()],
        node,
        ancestors: Vec::new(),
        kind,
        value,
        fault: None,
    })
}

/// Whether a dictionary is a signature's, by what only a signature has.
fn is_signature_dictionary(dictionary: &Dictionary) -> bool {
    let typed = dictionary.is(b"Type", b"Sig") || dictionary.is(b"Type", b"DocTimeStamp");
    let contents = dictionary.get(b"Contents").is_some();
    let range = dictionary.get(b"ByteRange").is_some();
    let filter = dictionary.get(b"SubFilter").is_some();
    (typed && (contents || range || filter)) || (contents && (range || filter)) || (range && filter)
}

/// Why an entry that is there more than once is not used: readers differ on which value counts, and a
/// dictionary shall not hold a key twice (ISO 32000-2, 7.3.7).
const REPEATED: &str = "written more than once";

fn is_repeated(dictionary: &Dictionary, key: &[u8]) -> bool {
    dictionary.iter().filter(|(name, _)| *name == key).nth(1).is_some()
}

impl Finder<'_, '_> {
    /// Adds what earlier or abandoned views hold, each of which mostly has the `fields` of the one before.
    /// `anew`: a value says nothing about the value of the same number in the next view.
    fn add_fields_of(&mut self, views: impl Iterator<Item = View>, mut fields: Option<Rc<Vec<Field>>>, anew: bool) {
        for view in views {
            let found = form::fields(self.document, view);
            if fields.as_ref().is_some_and(|known| Rc::ptr_eq(known, &found)) {
                continue;
            }
            if anew {
                self.values.clear();
            }
            for field in found.iter().filter(|field| field.is_signature()) {
                self.document.step();
                if self.document.is_exhausted() {
                    return;
                }
                self.add_field(view, field, true, true);
            }
            fields = Some(found);
        }
    }

    /// Whether one more signature may be read.
    fn has_room(&self) -> bool {
        let many = u64::try_from(self.signatures.len()).unwrap_or(u64::MAX) > self.document.limits.signatures;
        if many {
            self.document.exhaust("signatures", self.document.limits.signatures);
        }
        !many && !self.document.is_exhausted()
    }

    /// Adds the field's signature; false if it has no value or it was added before.
    fn add_field(&mut self, view: View, field: &Field, in_acro_form: bool, removed: bool) -> bool {
        let Some(value) = &field.value else { return false };
        if !self.has_room() {
            return false;
        }
        let id = value.reference();
        let resolved = self.document.value(view, Some(value)).shared();
        let unreadable = Dictionary::default();
        let dictionary = match resolved.dictionary() {
            Some(dictionary) => dictionary,
            // A value that is there but cannot be read is a signature that cannot be judged.
            None if field.is_signature() && self.is_unreadable(view, id, &resolved) => &unreadable,
            None => return false,
        };
        if field.kind.is_none() && !is_signature_dictionary(dictionary) {
            return false;
        }
        // Direct values are told apart by where their /Contents lies.
        let key = match id {
            Some(id) => (id.number, None),
            None => (u32::MAX, contents_span(dictionary).map(|(start, _)| start)),
        };
        if !self.values.insert(key) {
            // The same value under a second field is one signature.
            return !removed;
        }
        if removed && self.signatures.iter().any(|known| known.name == field.name && !known.removed && id.is_none()) {
            return false;
        }
        let signed = id.map_or_else(|| Rc::clone(&resolved), |id| self.as_signed(view, id, &resolved));
        let signed = signed.dictionary().unwrap_or(dictionary);
        let mut signature = self.read(view, signed, field.name.clone());
        signature.value = id;
        signature.in_acro_form = in_acro_form;
        signature.removed = removed;
        if let Some(dictionary) = field.node.dictionary() {
            self.read_lock(view, dictionary, &mut signature);
        }
        let page = self.pages.of_widgets(&field.widgets).and_then(|page| u32::try_from(page + 1).ok());
        signature.page = page;
        let shown = field.widgets.first();
        signature.widget = shown.and_then(|widget| widget.id).map(|id| (id.number, id.generation));
        signature.rectangle = shown
            .and_then(Node::dictionary)
            .and_then(|widget| form::rectangle(self.document, view, widget.get(b"Rect")))
            .map(|corners| corners.map(narrow));
        self.signatures.push(signature);
        true
    }

    /// Whether a value is in use at its place but no object can be read there.
    fn is_unreadable(&self, view: View, id: Option<ObjectId>, resolved: &Object) -> bool {
        let Some(id) = id else { return !resolved.is_null() };
        let place = self.document.place(view, id.number);
        match resolved {
            Object::Null => place != Place::Nowhere && !self.document.is_null_at(place),
            _ => true,
        }
    }

    /// The signature dictionary as it was signed: the earliest value that the object had with a usable
    /// /Contents. A later rewriting of it is a modification, not another signature.
    fn as_signed(&self, view: View, id: ObjectId, resolved: &Rc<Object>) -> Rc<Object> {
        let mut place = self.document.place(view, id.number);
        let mut signed = Rc::clone(resolved);
        // A document that the newest one left out does not continue the revisions.
        let chain = self.document.visible(view);
        let continued = |earlier: &View| self.document.visible(*earlier).first().is_some_and(|own| chain.contains(own));
        for earlier in (0..view.0).rev().map(View).filter(continued) {
            let earlier_place = self.document.place(earlier, id.number);
            if earlier_place == place {
                continue;
            }
            if earlier_place == Place::Nowhere {
                break;
            }
            place = earlier_place;
            let value = self.document.object_at(earlier, id.number, place);
            let usable = value.dictionary().is_some_and(|dictionary| {
                is_signature_dictionary(dictionary)
                    && contents_span(dictionary).is_some()
                    && dictionary.get(b"ByteRange").is_some()
            });
            if usable {
                signed = value;
            }
        }
        signed
    }

    /// Signature dictionaries that no field reaches, in the newest revision.
    fn add_unreached(&mut self, view: View) {
        let mut numbers: Vec<u32> = Vec::new();
        for &section in self.document.visible(view) {
            numbers.extend(self.document.sections.get(section).iter().flat_map(|section| section.numbers()));
        }
        numbers.sort_unstable();
        numbers.dedup();
        for number in numbers {
            let place = self.document.place(view, number);
            if place == Place::Nowhere {
                continue;
            }
            let object = self.document.object_at(view, number, place);
            let Object::Dictionary(dictionary) = &*object else { continue };
            if is_signature_dictionary(dictionary) && self.has_room() && self.values.insert((number, None)) {
                let mut signature = self.read(view, dictionary, format!("(object {number})"));
                signature.value = Some(ObjectId { number, generation: 0 });
                self.signatures.push(signature);
            }
        }
    }

    fn read(&self, view: View, dictionary: &Dictionary, name: String) -> SignatureField {
        let document = self.document;
        let text = |key: &[u8]| {
            document.value(view, dictionary.get(key)).name().map(|name| String::from_utf8_lossy(name).into_owned())
        };
        let contents = self.read_contents(dictionary);
        let byte_range = byte_range::examine(self.read_range(view, dictionary), &contents, document.data);
        let signed_end = byte_range::end(&byte_range);
        let sub_filter = text(b"SubFilter");
        let timestamp = dictionary.is(b"Type", b"DocTimeStamp") || sub_filter.as_deref() == Some("ETSI.RFC3161");
        let revision = signed_end
            .and_then(|end| document.revision_before(end))
            .filter(|(_, at_end)| *at_end)
            .and_then(|(index, _)| u32::try_from(index).ok());
        let mut signature = SignatureField {
            name,
            kind: if timestamp { SignatureKind::DocumentTimestamp } else { SignatureKind::Signature },
            filter: text(b"Filter"),
            sub_filter,
            contents,
            certificates: self.read_certificates(view, dictionary),
            revision,
            certification: None,
            field_locks: Vec::new(),
            lock_permission: None,
            in_acro_form: false,
            claimed_time: document
                .value(view, dictionary.get(b"M"))
                .string()
                .and_then(|text| parse_date(&document.text(text))),
            page: None,
            rectangle: None,
            widget: None,
            removed: false,
            value: None,
            signed_end,
            byte_range,
        };
        let references = document.value(view, dictionary.get(b"Reference"));
        for reference in references.array().unwrap_or_default().iter().take(16) {
            let reference = document.value(view, Some(reference));
            let Some(reference) = reference.dictionary() else { continue };
            let parameters = document.value(view, reference.get(b"TransformParams"));
            let method = document.value(view, reference.get(b"TransformMethod"));
            match method.name() {
                Some(b"DocMDP") => {
                    // The default is 2 (ISO 32000-2, table 257).
                    let written = parameters.dictionary().and_then(|entry| entry.get(b"P"));
                    let level = document.value(view, written).integer().unwrap_or(2);
                    signature.certification =
                        Some(u8::try_from(level).ok().filter(|p| (1..=3).contains(p)).unwrap_or(1));
                }
                Some(b"FieldMDP") => {
                    signature
                        .field_locks
                        .extend(parameters.dictionary().and_then(|entry| self.read_names(view, entry)));
                }
                _ => {}
            }
        }
        signature
    }

    fn read_lock(&self, view: View, field: &Dictionary, signature: &mut SignatureField) {
        let lock = self.document.value(view, field.get(b"Lock"));
        let Some(lock) = lock.dictionary() else { return };
        if let Some(names) = self.read_names(view, lock)
            && !signature.field_locks.contains(&names)
        {
            signature.field_locks.push(names);
        }
        let level = self.document.value(view, lock.get(b"P")).integer();
        signature.lock_permission = level.and_then(|level| u8::try_from(level).ok()).filter(|p| (1..=3).contains(p));
    }

    fn read_names(&self, view: View, dictionary: &Dictionary) -> Option<FieldLock> {
        let document = self.document;
        let fields = document.value(view, dictionary.get(b"Fields"));
        let names = || {
            let names = fields.array().unwrap_or_default().iter();
            names
                .take_while(|_| !document.is_exhausted())
                .filter_map(|name| {
                    let name = document.text(document.value(view, Some(name)).string()?);
                    // Signatures may share a list.
                    document.hold(u64::try_from(size_of::<String>() + name.len()).unwrap_or(u64::MAX));
                    Some(name)
                })
                .collect()
        };
        match document.value(view, dictionary.get(b"Action")).name()? {
            b"All" => Some(FieldLock::All),
            b"Include" => Some(FieldLock::Include(names())),
            b"Exclude" => Some(FieldLock::Exclude(names())),
            _ => None,
        }
    }

    fn read_contents(&self, dictionary: &Dictionary) -> Contents {
        if is_repeated(dictionary, b"Contents") {
            return Contents::Absent(REPEATED.to_owned());
        }
        match dictionary.get(b"Contents") {
            None => Contents::Absent("missing or null".to_owned()),
            Some(Object::Reference(_)) => Contents::Absent("given as an indirect reference".to_owned()),
            Some(Object::String(string @ PdfString::InFile { start, end, .. })) => {
                let bytes = self.document.string_bytes(string).into_owned();
                // The same may be read again for another view.
                self.document.hold(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
                if bytes.is_empty() {
                    Contents::Absent("empty".to_owned())
                } else {
                    Contents::Present { bytes, span: (*start, *end) }
                }
            }
            Some(Object::String(_)) => Contents::Absent("inside an object stream".to_owned()),
            Some(_) => Contents::Absent("not a string".to_owned()),
        }
    }

    fn read_range(&self, view: View, dictionary: &Dictionary) -> Result<Vec<i64>, String> {
        if is_repeated(dictionary, b"ByteRange") {
            return Err(REPEATED.to_owned());
        }
        let value = self.document.value(view, dictionary.get(b"ByteRange"));
        let elements = match &*value {
            Object::Null => return Err("missing or null".to_owned()),
            Object::Array(elements) => elements,
            _ => return Err("not an array".to_owned()),
        };
        elements
            .iter()
            .take(64)
            .map(|element| {
                self.document
                    .value(view, Some(element))
                    .integer()
                    .ok_or_else(|| "an entry that is no integer".to_owned())
            })
            .collect()
    }

    fn read_certificates(&self, view: View, dictionary: &Dictionary) -> Vec<Vec<u8>> {
        let document = self.document;
        let value = document.value(view, dictionary.get(b"Cert"));
        let read = |object: &Object| {
            let bytes = document.string_bytes(document.value(view, Some(object)).string()?).into_owned();
            // Signatures may share them.
            document.hold(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
            Some(bytes)
        };
        match &*value {
            Object::Array(elements) => {
                elements.iter().take(64).take_while(|_| !document.is_exhausted()).filter_map(read).collect()
            }
            one => read(one).into_iter().collect(),
        }
    }
}

fn contents_span(dictionary: &Dictionary) -> Option<(usize, usize)> {
    match dictionary.get(b"Contents")? {
        Object::String(PdfString::InFile { start, end, .. }) if end - start > 2 => Some((*start, *end)),
        _ => None,
    }
}

#[expect(clippy::cast_possible_truncation, reason = "page coordinates; the facts keep single precision")]
fn narrow(value: f64) -> f32 {
    value as f32
}

/// A date string `D:YYYYMMDDHHmmSSOHH'mm` (ISO 32000-2, 7.9.4); everything behind the year is optional,
/// and without an offset the time counts as UTC.
fn parse_date(text: &str) -> Option<UnixTime> {
    let text = text.trim().strip_prefix("D:").unwrap_or(text.trim());
    let digits = |from: usize, count: usize| text.get(from..from + count)?.parse::<u8>().ok();
    let year: i32 = text.get(..4)?.parse().ok()?;
    let month = Month::try_from(digits(4, 2).unwrap_or(1)).ok()?;
    let date = Date::from_calendar_date(year, month, digits(6, 2).unwrap_or(1)).ok()?;
    let time =
        Time::from_hms(digits(8, 2).unwrap_or(0), digits(10, 2).unwrap_or(0), digits(12, 2).unwrap_or(0)).ok()?;
    let offset = match text.as_bytes().get(14) {
        Some(sign @ (b'+' | b'-')) => {
            let hours = digits(15, 2).and_then(|hours| i8::try_from(hours).ok())?;
            let minutes = digits(18, 2).or_else(|| digits(17, 2)).and_then(|minutes| i8::try_from(minutes).ok());
            let minutes = minutes.unwrap_or(0);
            let negative = *sign == b'-';
            let sign = |value: i8| if negative { -value } else { value };
            UtcOffset::from_hms(sign(hours), sign(minutes), 0).ok()?
        }
        _ => UtcOffset::UTC,
    };
    Some(UnixTime(PrimitiveDateTime::new(date, time).assume_offset(offset).unix_timestamp()))
}
