//! Rules for the trailer, the catalog and what hangs on it without being form, page or structure tree
//! (ISO 32000-2, 7.5.5, 7.7.2): security store, permissions, extensions, metadata, information.

use super::uses::Held;
use super::{Comparison, Kind, metadata};
use crate::model::ModificationLevel::{FormFilling, LongTermValidation, Suspicious};
use crate::pdf::object::{Dictionary, Object};

/// Trailer entries that every update rewrites.
const TRAILER_BOOKKEEPING: &[&[u8]] =
    &[b"Size", b"Prev", b"XRefStm", b"ID", b"Type", b"W", b"Index", b"Length", b"Filter", b"DecodeParms"];

impl Comparison<'_, '_> {
    pub(super) fn compare_trailers(&mut self) {
        let (old, new) = (self.document.trailer(self.before()), self.document.trailer(self.after()));
        for key in self.pair.changed_keys(old, new) {
            if TRAILER_BOOKKEEPING.contains(&key.as_slice()) {
                continue;
            }
            match key.as_slice() {
                b"Info" => {}
                // The new catalog is compared with the old one all the same.
                b"Root" => {
                    self.add(LongTermValidation, None, "catalog-moved", "the trailer names another object as catalog")
                }
                b"AdditionalStreams" => {}
                b"Encrypt" => self.forbid(None, "encryption-changed", "the trailer's /Encrypt differs"),
                other => {
                    let mut targets = Vec::new();
                    super::collect_references(new.get(other).unwrap_or(&Object::Null), 0, &mut targets);
                    if !targets.is_empty() {
                        let detail = format!("the trailer's /{} differs", String::from_utf8_lossy(other));
                        self.add(Suspicious, None, "trailer-entry", detail);
                    }
                }
            }
        }
        let trailers = (self.trailer_of(self.before()), self.trailer_of(self.after()));
        self.compare_information(&self.entry(&trailers.0, b"Info"), &self.entry(&trailers.1, b"Info"));
        let catalogs = (self.entry(&trailers.0, b"Root"), self.entry(&trailers.1, b"Root"));
        let root = catalogs.1.number();
        if catalogs.0.dictionary().is_none() || catalogs.1.dictionary().is_none() {
            return self.forbid(root, "catalog-missing", "no document catalog");
        }
        match root {
            // What may change in a catalog means nothing in any other object.
            Some(root) if catalogs.0.number() == Some(root) => self.settle(root),
            Some(root) => {
                self.explain_both(&catalogs.0, &catalogs.1);
                // /Data of a signature reference (ISO 32000-2, table 256).
                self.allow_under(root, b"Data");
            }
            None => {}
        }
        self.compare_catalogs(&catalogs.0, &catalogs.1);
    }

    /// /Info: texts, names, numbers and dates only.
    fn compare_information(&mut self, before: &Held, after: &Held) {
        let number = after.written.as_ref().and(after.number());
        let same = self.pair.same_entry(before.written.as_ref(), after.written.as_ref());
        if same && number.is_none_or(|number| self.kind(number).is_none()) {
            return;
        }
        self.explain_both(before, after);
        if let Some(number) = number {
            // Cross-reference streams are trailers too.
            self.allow_under(number, b"Info");
        }
        let empty = Dictionary::default();
        let old = before.dictionary().unwrap_or(&empty);
        let new = match &*after.value {
            Object::Null => return,
            Object::Dictionary(new) => new,
            _ => return self.add(Suspicious, number, "information-dictionary", "/Info is not a dictionary"),
        };
        let changed = self.pair.changed_keys(old, new);
        for (key, _) in new.iter() {
            let entries = (self.entry(before, key), self.entry(after, key));
            match &*entries.1.value {
                Object::Array(_) | Object::Dictionary(_) | Object::Stream(_) => {
                    if changed.iter().any(|changed| changed == key) {
                        let detail = format!("/Info /{} is not a simple value", String::from_utf8_lossy(key));
                        self.add(Suspicious, number, "information-dictionary", detail);
                    }
                }
                // Indirect texts may be rewritten in place.
                _ => self.explain_both(&entries.0, &entries.1),
            }
        }
    }

    fn compare_catalogs(&mut self, old: &Held, new: &Held) {
        let root = new.number();
        let (Some(before), Some(after)) = (old.dictionary(), new.dictionary()) else { return };
        for key in self.pair.changed_keys(before, after) {
            let (old, new) = (before.get(&key), after.get(&key));
            match key.as_slice() {
                b"AcroForm" | b"DSS" | b"Extensions" | b"Metadata" | b"StructTreeRoot" | b"Perms" => {}
                b"Version" if new.is_some_and(|version| version.name().is_some()) => {}
                b"PieceInfo" | b"LastModified" if old.is_none() && new.is_none() => {}
                b"MarkInfo" if old.is_none() => {}
                _ => {
                    let detail = format!("/{} of the catalog differs", String::from_utf8_lossy(&key));
                    self.forbid(root, "catalog-entry", detail);
                }
            }
        }
        let both = |key: &[u8]| (self.entry(old, key), self.entry(new, key));
        let (form, store, extensions) = (both(b"AcroForm"), both(b"DSS"), both(b"Extensions"));
        let (metadata, permissions) = (both(b"Metadata"), both(b"Perms"));
        self.compare_form(root, &form.0, &form.1);
        self.compare_security_store(root, &store.0, &store.1);
        self.compare_extensions(root, &extensions.0, &extensions.1);
        self.compare_metadata(root, &metadata.0, &metadata.1);
        self.compare_permissions(root, &permissions.0, &permissions.1);
    }

    /// The same entry of both, judged where it stands.
    fn explained_entry(&mut self, old: &Held, new: &Held, key: &[u8]) -> (Held, Held) {
        let entries = (self.entry(old, key), self.entry(new, key));
        self.explain_both(&entries.0, &entries.1);
        entries
    }

    fn held_differs(&self, old: &Held, new: &Held) -> bool {
        self.differs(old.written.as_ref(), new.written.as_ref())
    }

    /// Whether the value of an entry differs, by itself or because its target changed.
    pub(super) fn differs(&self, before: Option<&Object>, after: Option<&Object>) -> bool {
        let touched =
            |value: Option<&Object>| value.and_then(Object::reference).is_some_and(|id| self.kind(id.number).is_some());
        !self.pair.same_entry(before, after) || touched(before) || touched(after)
    }

    fn compare_permissions(&mut self, root: Option<u32>, before: &Held, after: &Held) {
        if !self.held_differs(before, after) {
            return;
        }
        self.explain_both(before, after);
        let empty = Dictionary::default();
        let (old, new) = (before.dictionary().unwrap_or(&empty), after.dictionary().unwrap_or(&empty));
        for key in self.pair.changed_keys(old, new) {
            let name = String::from_utf8_lossy(&key);
            if old.get(&key).is_some() {
                self.forbid(root, "permissions-changed", format!("/Perms /{name} was changed or removed"));
                continue;
            }
            // A new /DocMDP is judged with the field of the new signature that it names.
            let named = new.get(&key).and_then(Object::reference).and_then(|id| self.kind(id.number));
            if key != b"DocMDP" || named != Some(Kind::New) {
                self.add(Suspicious, root, "permissions-changed", format!("/Perms /{name} was added"));
            }
        }
    }

    fn compare_extensions(&mut self, root: Option<u32>, before: &Held, after: &Held) {
        if !self.held_differs(before, after) {
            return;
        }
        if after.written.is_none() {
            return self.forbid(root, "extensions-removed", "/Extensions was removed");
        }
        self.explain_both(before, after);
        let Object::Dictionary(extensions) = &*after.value else {
            return self.forbid(root, "extensions-malformed", "/Extensions is not a dictionary");
        };
        for (key, _) in extensions.iter() {
            // /Type, or a developer's dictionary, or an array of them (ISO 32000-2, 7.12).
            let (old, new) = self.explained_entry(before, after, key);
            let sound = match &*new.value {
                Object::Dictionary(_) | Object::Array(_) | Object::Null => true,
                Object::Name(_) => key == b"Type",
                _ => false,
            };
            if !sound {
                return self.forbid(root, "extensions-malformed", "an entry of /Extensions is not a dictionary");
            }
            for held in [&old, &new] {
                self.explain_elements(held);
            }
        }
    }

    /// The elements of an array are judged where they stand.
    pub(super) fn explain_elements(&mut self, list: &Held) {
        for element in list.value.array().unwrap_or_default() {
            self.explain(&self.element(list, element));
        }
    }

    fn compare_metadata(&mut self, root: Option<u32>, before: &Held, after: &Held) {
        if !self.held_differs(before, after) {
            return;
        }
        self.explain_both(before, after);
        let Object::Stream(stream) = &*after.value else {
            let reason = if after.value.is_null() { "was removed" } else { "is not a stream" };
            return self.add(Suspicious, root, "metadata-malformed", format!("/Metadata {reason}"));
        };
        if let Some(number) = after.number() {
            self.explain_new(&self.object_of(self.after(), number));
        }
        let fault = match self.document.decode(self.after(), stream) {
            Ok(bytes) => metadata::fault(&bytes),
            Err(_) => Some("cannot be decoded"),
        };
        if let Some(fault) = fault {
            self.add(Suspicious, after.number(), "metadata-malformed", format!("the metadata stream {fault}"));
        }
    }

    /// /DSS (ISO 32000-2, 12.8.4.3): lists of streams and /VRI.
    fn compare_security_store(&mut self, root: Option<u32>, before: &Held, after: &Held) {
        if before.written.is_none() && after.written.is_none() {
            return;
        }
        let changed = self.held_differs(before, after);
        let Object::Dictionary(store) = &*after.value else {
            if !changed {
                return;
            }
            let removed = if after.value.is_null() { "was removed" } else { "is not a dictionary" };
            return self.forbid(root, "security-store", format!("/DSS {removed}"));
        };
        let findings = self.findings.len();
        let store_number = after.written.as_ref().and_then(Object::reference).map(|id| id.number);
        self.explain_both(before, after);
        let mut grown = changed;
        for (key, value) in store.iter() {
            match key {
                b"Type" if value.name() == Some(b"DSS") => {}
                b"Type" => self.forbid(store_number, "security-store", "/Type of /DSS is not /DSS"),
                b"Certs" | b"CRLs" | b"OCSPs" => grown |= self.list_of_streams(before, after, key),
                b"VRI" => {
                    let (old, new) = self.explained_entry(before, after, key);
                    let Object::Dictionary(related) = &*new.value else {
                        if changed {
                            self.forbid(store_number, "security-store", "/VRI is not a dictionary");
                        }
                        continue;
                    };
                    for (name, _) in related.iter() {
                        grown |= self.related_information(&old, &new, name);
                    }
                }
                // Anything else is no part of a security store.
                _ if changed && self.unknown_entry(before, key, value) => {
                    let detail = format!("/DSS /{} is not known", String::from_utf8_lossy(key));
                    self.forbid(store_number, "security-store", detail);
                }
                _ => {}
            }
        }
        if grown && self.findings.len() == findings {
            self.add(LongTermValidation, store_number, "security-store-updated", "validation data");
        }
    }

    fn unknown_entry(&self, before: &Held, key: &[u8], value: &Object) -> bool {
        let old = before.dictionary().and_then(|entries| entries.get(key));
        value.is_null() || !self.pair.same_entry(old, Some(value))
    }

    /// An entry of /VRI (ISO 32000-2, table 262).
    fn related_information(&mut self, before: &Held, after: &Held, name: &[u8]) -> bool {
        if name == b"Type" {
            return false;
        }
        let (old, new) = self.explained_entry(before, after, name);
        let number = new.written.as_ref().and_then(Object::reference).map(|id| id.number);
        let Object::Dictionary(entries) = &*new.value else {
            self.forbid(number, "security-store", "an entry of /VRI is not a dictionary");
            return false;
        };
        let mut grown = number.is_some_and(|number| self.kind(number).is_some());
        for (key, _) in entries.iter() {
            match key {
                b"Cert" | b"CRL" | b"OCSP" => grown |= self.list_of_streams(&old, &new, key),
                b"TS" => self.explain_new(&self.entry(&new, key)),
                b"TU" => {
                    self.explained_entry(&old, &new, key);
                }
                _ => {}
            }
        }
        grown
    }

    /// A list of streams: it may grow or shrink, its streams may not change.
    fn list_of_streams(&mut self, before: &Held, after: &Held, key: &[u8]) -> bool {
        let (_, list) = self.explained_entry(before, after, key);
        let number = list.written.as_ref().and_then(Object::reference).map(|id| id.number);
        let Object::Array(elements) = &*list.value else {
            let detail = format!("/{} of the security store is not an array", String::from_utf8_lossy(key));
            self.forbid(number, "security-store", detail);
            return false;
        };
        let mut grown = number.is_some_and(|number| self.kind(number).is_some());
        for element in elements.iter() {
            let touched = element.reference().and_then(|id| self.kind(id.number));
            if touched.is_none() && element.reference().is_some() {
                continue;
            }
            grown |= touched.is_some();
            let element = self.element(&list, element);
            if !matches!(*element.value, Object::Stream(_)) {
                let detail = format!("an entry of /{} is not a stream", String::from_utf8_lossy(key));
                self.forbid(number, "security-store", detail);
            } else if touched == Some(Kind::New) {
                self.explain_new(&element);
            }
        }
        grown
    }

    /// /AcroForm itself; its fields are compared one by one.
    fn compare_form(&mut self, root: Option<u32>, before: &Held, after: &Held) {
        let number = after.written.as_ref().and_then(Object::reference).map(|id| id.number);
        let (Some(old), Some(new)) = (dictionary_or_empty(&before.value), dictionary_or_empty(&after.value)) else {
            return self.forbid(number.or(root), "form-malformed", "/AcroForm is not a dictionary");
        };
        if before.written.is_some() && after.written.is_none() {
            return self.forbid(root, "form-removed", "/AcroForm was removed");
        }
        self.explain_both(before, after);
        let (_, fields) = self.explained_entry(before, after, b"Fields");
        if !matches!(*fields.value, Object::Array(_) | Object::Null) {
            self.forbid(number, "form-malformed", "/Fields is not an array");
        }
        self.compare_resources(before, after);
        for key in self.pair.changed_keys(&old, &new) {
            match key.as_slice() {
                b"Fields" | b"DR" | b"SigFlags" => {}
                b"DA" | b"Q" if old.get(&key).is_none() => {
                    self.explained_entry(before, after, &key);
                }
                // Switched off when a tool writes the appearances itself.
                b"NeedAppearances" if *self.document.value(self.after(), new.get(&key)) != Object::Boolean(true) => {}
                b"NeedAppearances" => {
                    self.add(Suspicious, number, "need-appearances", "viewers are told to redraw fields")
                }
                b"XFA" => self.forbid(number, "xfa-changed", "the XFA form differs"),
                other => {
                    let detail = format!("/AcroForm /{} differs", String::from_utf8_lossy(other));
                    self.forbid(number, "form-entry", detail);
                }
            }
        }
    }

    /// The form's default resources: names may be added, none may change.
    fn compare_resources(&mut self, form_before: &Held, form_after: &Held) {
        if form_after.dictionary().is_none_or(|form| form.get(b"DR").is_none()) {
            return;
        }
        let (before, after) = self.explained_entry(form_before, form_after, b"DR");
        let owner = after.number();
        let Some(new) = dictionary_or_empty(&after.value) else { return };
        for (category, _) in new.iter() {
            let (was, entries) = (self.entry(&before, category), self.entry(&after, category));
            if !self.held_differs(&was, &entries) {
                continue;
            }
            self.explain_both(&was, &entries);
            let (Some(old), Object::Dictionary(new)) = (dictionary_or_empty(&was.value), &*entries.value) else {
                continue;
            };
            for (name, value) in new.iter() {
                match old.get(name) {
                    None => {
                        self.explain_new(&self.entry(&entries, name));
                        self.add(FormFilling, owner, "form-resource-added", String::from_utf8_lossy(name));
                    }
                    // Only fonts are taken from here by name; tools rebind their form objects at each signing.
                    Some(old) if !self.pair.same(old, value) && category != b"Font" => {
                        self.explain_new(&self.entry(&entries, name));
                        self.add(FormFilling, owner, "form-resource-rebound", String::from_utf8_lossy(name));
                    }
                    Some(old) if !self.pair.same(old, value) => {
                        let detail = format!("/DR /{} means another object", String::from_utf8_lossy(name));
                        self.forbid(owner, "form-resource-changed", detail);
                    }
                    Some(_) => {}
                }
            }
        }
    }
}

fn dictionary_or_empty(object: &Object) -> Option<Dictionary> {
    match object {
        Object::Null => Some(Dictionary::default()),
        Object::Dictionary(entries) => Some(entries.clone()),
        _ => None,
    }
}
