//! The document's structure as the reader of pages sees it, to be held against the structure reader's.

use super::stream::Budget;
use crate::limits::Limits;
use crate::model::{Outline, OutlineField, OutlineValue};
use hayro_syntax::Pdf;
use hayro_syntax::object::{Array, Dict, MaybeRef, Name, Object, String as PdfString};
use std::collections::{BTreeSet, HashSet};

/// The newest revision.
pub(super) fn read(pdf: &Pdf, limits: &Limits, budget: &mut Budget) -> Outline {
    let xref = pdf.xref();
    let root = xref.root_id();
    let catalog = xref.get::<Dict<'_>>(root);
    let entry = |key: &[u8]| catalog.as_ref().and_then(|catalog| written(catalog, key));
    let number = |page: &hayro_syntax::page::Page<'_>| number(page.raw().obj_id()?.obj_number);
    let mut walk = Walk { pdf, limits, budget, seen: HashSet::new(), found: BTreeSet::new() };
    if let Some(form) = catalog.as_ref().and_then(|catalog| catalog.get::<Dict<'_>>(b"AcroForm"))
        && let Some(fields) = form.get::<Array<'_>>(b"Fields")
    {
        walk.all(&fields, &Inherited::default(), 0);
    }
    Outline {
        catalog: catalog.as_ref().map(|_| root.obj_number),
        catalog_entries: Outline::CATALOG_KEYS.iter().map(|key| entry(key)).collect(),
        pages: pdf.pages().iter().map(number).collect(),
        signature_fields: walk.found,
    }
}

/// Object number 0 is never in use.
fn number(number: u32) -> Option<u32> {
    (number > 0).then_some(number)
}

fn written(dict: &Dict<'_>, key: &[u8]) -> Option<OutlineValue> {
    match dict.get_raw::<Object<'_>>(key)? {
        MaybeRef::Ref(reference) => Some(OutlineValue::Object(reference.obj_number)),
        MaybeRef::NotRef(Object::Null(_)) => None,
        MaybeRef::NotRef(_) => Some(OutlineValue::Direct),
    }
}

#[derive(Clone, Default)]
struct Inherited {
    name: Vec<u8>,
    signature: Option<bool>,
    value: Option<OutlineValue>,
    signed: bool,
}

struct Walk<'p, 'b> {
    pdf: &'p Pdf,
    limits: &'p Limits,
    budget: &'b mut Budget,
    seen: HashSet<u32>,
    found: BTreeSet<OutlineField>,
}

impl<'p> Walk<'p, '_> {
    fn all(&mut self, fields: &Array<'p>, inherited: &Inherited, depth: u64) {
        for item in fields.raw_iter() {
            let dict = match item {
                MaybeRef::Ref(reference) if self.seen.insert(reference.obj_number) => {
                    self.pdf.xref().get::<Dict<'_>>(reference.into())
                }
                MaybeRef::NotRef(Object::Dict(dict)) => Some(dict),
                _ => None,
            };
            let Some(dict) = dict else { continue };
            self.field(&dict, inherited.clone(), depth);
        }
    }

    fn field(&mut self, dict: &Dict<'p>, mut field: Inherited, depth: u64) {
        let length = u64::try_from(field.name.len()).unwrap_or(u64::MAX);
        if depth > self.limits.depth || length > self.limits.field_name_bytes || !self.budget.step(1 + length / 64) {
            return;
        }
        if let Some(part) = dict.get::<PdfString<'_>>(b"T") {
            if !field.name.is_empty() {
                field.name.push(b'.');
            }
            field.name.extend_from_slice(part.as_bytes());
        }
        let kind = dict.get::<Name<'_>>(b"FT").map(|kind| &*kind == b"Sig");
        field.signature = kind.or(field.signature);
        if let Some(value) = written(dict, b"V") {
            field.value = Some(value);
            field.signed = dict.get::<Dict<'_>>(b"V").is_some();
        }
        // A kid with a name or kids of its own is a field, any other one shows this field.
        let is_field = |kid: &Dict<'_>| kid.contains_key(b"T") || kid.contains_key(b"Kids");
        let kids = dict.get::<Array<'_>>(b"Kids");
        if let Some(kids) = kids.filter(|kids| kids.iter::<Dict<'_>>().any(|kid| is_field(&kid))) {
            return self.kids(&kids, &field, depth);
        }
        let count = u64::try_from(self.found.len()).unwrap_or(u64::MAX);
        if field.signature == Some(true) && count <= self.limits.signatures {
            self.found.insert(OutlineField { name: field.name, value: field.value, signed: field.signed });
        }
    }

    fn kids(&mut self, kids: &Array<'p>, field: &Inherited, depth: u64) {
        for item in kids.raw_iter() {
            let (number, dict) = match item {
                MaybeRef::Ref(reference) => {
                    (Some(reference.obj_number), self.pdf.xref().get::<Dict<'_>>(reference.into()))
                }
                MaybeRef::NotRef(Object::Dict(dict)) => (None, Some(dict)),
                MaybeRef::NotRef(_) => continue,
            };
            let is_field = |kid: &Dict<'_>| kid.contains_key(b"T") || kid.contains_key(b"Kids");
            if let Some(dict) = dict.filter(is_field)
                && number.is_none_or(|number| self.seen.insert(number))
            {
                self.field(&dict, field.clone(), depth + 1);
            }
        }
    }
}
