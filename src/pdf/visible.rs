//! What a reader sees, compared between the signed document and the newest: a net below the rules.
//!
//! The rules of [`super::diff`] explain each changed object. This asks the opposite question: starting
//! at every page of the signed document, does each object that is drawn still come from the same place,
//! or hold the same value? An object that was smuggled into a permitted role is found here whatever
//! role it plays as well.

use super::document::{Document, View};
use super::form::{Node, Pages};
use super::object::{Dictionary, Object, ObjectId};
use std::collections::HashSet;

/// Entries of a page that later signers change or that draw nothing (ISO 32000-2, table 31): annotations
/// are compared by the rules, /Parent is followed apart.
const NOT_DRAWN: &[&[u8]] =
    &[b"Annots", b"Parent", b"StructParents", b"Tabs", b"Metadata", b"PieceInfo", b"LastModified"];
/// Inheritable entries of a page (ISO 32000-2, table 31).
const INHERITED: &[&[u8]] = &[b"Resources", b"MediaBox", b"CropBox", b"Rotate"];
/// Entries of the catalog that change what is shown or run without any annotation.
const CATALOG: &[&[u8]] = &[b"OCProperties", b"OpenAction", b"AA", b"Names"];

/// The first difference between what `old` and `new` show; `None` if there is none.
pub(super) fn difference(document: &Document<'_>, old: View, new: View) -> Option<String> {
    if old == new {
        return None;
    }
    let (before, after) = (Pages::read(document, old), Pages::read(document, new));
    if before.list.len() != after.list.len() {
        return Some(format!("{} pages instead of {}", after.list.len(), before.list.len()));
    }
    // Pages are compared one by one; a reference to one (a destination) says nothing more.
    let seen = before.list.iter().filter_map(|page| page.node.id).collect();
    let mut walk = Walk { document, old, new, seen, depth: 0 };
    for (index, (before, after)) in before.list.iter().zip(&after.list).enumerate() {
        let page = index + 1;
        if before.node.id != after.node.id {
            return Some(format!("page {page} is another object"));
        }
        if !walk.same_page(&before.node, &after.node) {
            return Some(format!("the content of page {page} differs"));
        }
        for annotation in &before.annotations {
            if !walk.same_signature_appearance(annotation) {
                return Some(format!("the appearance of a signature on page {page} differs"));
            }
        }
    }
    let (before, after) = (document.catalog(old).shared(), document.catalog(new).shared());
    let entry = |catalog: &Object, key: &[u8]| catalog.dictionary().and_then(|entries| entries.get(key)).cloned();
    for key in CATALOG {
        let (before, after) = (entry(&before, key), entry(&after, key));
        if before.is_some() && !walk.same(before.as_ref(), after.as_ref()) {
            return Some(format!("/{} of the catalog differs", String::from_utf8_lossy(key)));
        }
    }
    None
}

/// Whether the signature dictionary, with everything it refers to, is another one in `new`.
pub(super) fn signature_differs(document: &Document<'_>, old: View, new: View, id: ObjectId) -> bool {
    let mut walk = Walk { document, old, new, seen: HashSet::new(), depth: 0 };
    // /Data of a signature reference points at the catalog (ISO 32000-2, table 256).
    walk.seen.extend([old, new].iter().filter_map(|view| document.trailer(*view).get(b"Root")?.reference()));
    !walk.same_target(id)
}

struct Walk<'d, 'a> {
    document: &'d Document<'a>,
    old: View,
    new: View,
    /// Objects found the same.
    seen: HashSet<ObjectId>,
    depth: u64,
}

impl Walk<'_, '_> {
    fn same_page(&mut self, old: &Node, new: &Node) -> bool {
        let (Some(before), Some(after)) = (old.dictionary(), new.dictionary()) else { return false };
        if !self.same_entries(before, after, NOT_DRAWN) {
            return false;
        }
        INHERITED.iter().all(|key| {
            let before = self.inherited(self.old, before, key);
            let after = self.inherited(self.new, after, key);
            self.same(before.as_ref(), after.as_ref())
        })
    }

    /// The value of an inheritable entry, looked for upwards.
    fn inherited(&self, view: View, page: &Dictionary, key: &[u8]) -> Option<Object> {
        let mut parent = page.get(b"Parent").cloned();
        if let Some(own) = page.get(key) {
            return Some(own.clone());
        }
        for _ in 0..self.document.limits.depth {
            let node = self.document.value(view, parent.as_ref()).shared();
            let entries = node.dictionary()?;
            if let Some(value) = entries.get(key) {
                return Some(value.clone());
            }
            parent = Some(entries.get(b"Parent")?.clone());
        }
        None
    }

    /// A signed field's appearance is part of what was signed for.
    fn same_signature_appearance(&mut self, annotation: &Object) -> bool {
        let before = self.document.value(self.old, Some(annotation)).shared();
        let Some(old) = before.dictionary() else { return true };
        let signed = self.document.value(self.old, old.get(b"FT")).name() == Some(b"Sig")
            && self.document.value(self.old, old.get(b"V")).dictionary().is_some();
        if !signed {
            return true;
        }
        let after = self.document.value(self.new, Some(annotation)).shared();
        let Some(new) = after.dictionary() else { return false };
        self.same(old.get(b"AP"), new.get(b"AP")) && self.same(old.get(b"Rect"), new.get(b"Rect"))
    }

    fn same(&mut self, old: Option<&Object>, new: Option<&Object>) -> bool {
        match (old, new) {
            (None, None) => true,
            (Some(old), Some(new)) => self.same_object(old, new),
            _ => false,
        }
    }

    fn same_object(&mut self, old: &Object, new: &Object) -> bool {
        self.depth += 1;
        // What is nested deeper than anything real is not looked into: the rules above have judged it.
        let same = self.depth > self.document.limits.depth || self.same_at_depth(old, new);
        self.depth -= 1;
        same
    }

    fn same_at_depth(&mut self, old: &Object, new: &Object) -> bool {
        match (old, new) {
            (Object::Reference(before), Object::Reference(after)) => before == after && self.same_target(*before),
            // A value moved into or out of an object of its own.
            (Object::Reference(_), _) | (_, Object::Reference(_)) => {
                let before = self.document.value(self.old, Some(old)).shared();
                let after = self.document.value(self.new, Some(new)).shared();
                !matches!((&*before, &*after), (Object::Reference(_), _) | (_, Object::Reference(_)))
                    && self.same_object(&before, &after)
            }
            (Object::Array(before), Object::Array(after)) => {
                before.len() == after.len()
                    && before.iter().zip(after.iter()).all(|(old, new)| self.same_object(old, new))
            }
            (Object::Dictionary(before), Object::Dictionary(after)) => self.same_entries(before, after, &[b"Parent"]),
            (Object::Stream(before), Object::Stream(after)) => {
                let data = |start: usize, end: usize| self.document.data.get(start..end);
                data(before.start, before.end) == data(after.start, after.end)
                    && self.same_entries(&before.dictionary, &after.dictionary, &[])
            }
            (Object::String(before), Object::String(after)) => {
                self.document.string_bytes(before) == self.document.string_bytes(after)
            }
            _ => old == new,
        }
    }

    fn same_target(&mut self, id: ObjectId) -> bool {
        if !self.seen.insert(id) {
            return true;
        }
        self.document.step();
        let before = self.document.object(self.old, id);
        let after = self.document.object(self.new, id);
        self.same_object(&before, &after)
    }

    fn same_entries(&mut self, old: &Dictionary, new: &Dictionary, left_out: &[&[u8]]) -> bool {
        let keys: HashSet<&[u8]> =
            old.iter().chain(new.iter()).map(|(key, _)| key).filter(|key| !left_out.contains(key)).collect();
        keys.into_iter().all(|key| self.same(old.get(key), new.get(key)))
    }
}
