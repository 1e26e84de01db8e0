//! Rules for the trailer, the catalog and what hangs on it without being form, page or structure tree
//! (ISO 32000-2, 7.5.5, 7.7.2): security store, permissions, extensions, metadata, information.

use super::{Comparison, Kind, metadata};
use crate::model::ModificationLevel::{FormFilling, LongTermValidation, Suspicious};
use crate::pdf::object::{Dictionary, Object};

/// Trailer entries that every update rewrites.
const TRAILER_BOOKKEEPING: &[&[u8]] =
    &[b"Size", b"Prev", b"XRefStm", b"ID", b"Type", b"W", b"Index", b"Length", b"Filter", b"DecodeParms"];

impl Comparison<'_, '_> {
    pub(super) fn compare_trailers(&mut self) {
        let document = self.document;
        let (old, new) = (document.trailer(self.before()), document.trailer(self.after()));
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
        self.compare_information(old.get(b"Info"), new.get(b"Info"));
        let root = new.get(b"Root").and_then(Object::reference).map(|id| id.number);
        let catalogs = (document.catalog(self.before()), document.catalog(self.after()));
        let (Some(before), Some(after)) = (catalogs.0.dictionary(), catalogs.1.dictionary()) else {
            return self.forbid(root, "catalog-missing", "no document catalog");
        };
        if let Some(root) = root {
            self.explain(root);
        }
        self.compare_catalogs(root, before, after);
    }

    /// /Info: texts, names, numbers and dates only.
    fn compare_information(&mut self, before: Option<&Object>, after: Option<&Object>) {
        let number = after.and_then(Object::reference).map(|id| id.number);
        if self.pair.same_entry(before, after) && number.is_none_or(|number| self.kind(number).is_none()) {
            return;
        }
        let before = self.document.value(self.before(), before).shared();
        let after = self.document.value(self.after(), after).shared();
        if let Some(number) = number {
            self.explain(number);
        }
        let empty = Dictionary::default();
        let old = before.dictionary().unwrap_or(&empty);
        let new = match &*after {
            Object::Null => return,
            Object::Dictionary(new) => new,
            _ => return self.add(Suspicious, number, "information-dictionary", "/Info is not a dictionary"),
        };
        for key in self.pair.changed_keys(old, new) {
            let written = new.get(&key);
            let value = self.document.value(self.after(), written);
            match &*value {
                Object::Array(_) | Object::Dictionary(_) | Object::Stream(_) => {
                    let detail = format!("/Info /{} is not a simple value", String::from_utf8_lossy(&key));
                    self.add(Suspicious, number, "information-dictionary", detail);
                }
                _ => {
                    drop(value);
                    self.explain_owned(written, number);
                }
            }
        }
        // Indirect texts may be rewritten in place.
        for (_, value) in new.iter() {
            if let Some(target) = value.reference()
                && self.kind(target.number).is_some()
                && matches!(*self.new_object(target.number), Object::String(_) | Object::Name(_) | Object::Null)
            {
                self.explain_owned(Some(value), number);
            }
        }
    }

    fn compare_catalogs(&mut self, root: Option<u32>, before: &Dictionary, after: &Dictionary) {
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
        self.compare_form(root, before.get(b"AcroForm"), after.get(b"AcroForm"));
        self.compare_security_store(root, before.get(b"DSS"), after.get(b"DSS"));
        self.compare_extensions(root, before.get(b"Extensions"), after.get(b"Extensions"));
        self.compare_metadata(root, before.get(b"Metadata"), after.get(b"Metadata"));
        self.compare_permissions(root, before.get(b"Perms"), after.get(b"Perms"));
    }

    /// Whether the value of an entry differs, by itself or because its target changed.
    pub(super) fn differs(&self, before: Option<&Object>, after: Option<&Object>) -> bool {
        let touched =
            |value: Option<&Object>| value.and_then(Object::reference).is_some_and(|id| self.kind(id.number).is_some());
        !self.pair.same_entry(before, after) || touched(before) || touched(after)
    }

    fn compare_permissions(&mut self, root: Option<u32>, before: Option<&Object>, after: Option<&Object>) {
        if !self.differs(before, after) {
            return;
        }
        let old = self.document.value(self.before(), before).shared();
        let new = self.document.value(self.after(), after).shared();
        self.explain_owned(after, root);
        let empty = Dictionary::default();
        let (old, new) = (old.dictionary().unwrap_or(&empty), new.dictionary().unwrap_or(&empty));
        for key in self.pair.changed_keys(old, new) {
            let name = String::from_utf8_lossy(&key);
            if old.get(&key).is_some() {
                self.forbid(root, "permissions-changed", format!("/Perms /{name} was changed or removed"));
            } else if key != b"DocMDP" {
                self.add(Suspicious, root, "permissions-changed", format!("/Perms /{name} was added"));
            }
            // A new /DocMDP is judged with the signature field that it names.
        }
    }

    fn compare_extensions(&mut self, root: Option<u32>, before: Option<&Object>, after: Option<&Object>) {
        if !self.differs(before, after) {
            return;
        }
        if after.is_none() {
            return self.forbid(root, "extensions-removed", "/Extensions was removed");
        }
        self.explain_owned(after, root);
        let owner = after.and_then(Object::reference).map(|id| id.number).or(root);
        let new = self.document.value(self.after(), after).shared();
        let Some(extensions) = new.dictionary() else {
            return self.forbid(root, "extensions-malformed", "/Extensions is not a dictionary");
        };
        for (key, value) in extensions.iter() {
            // /Type, or a developer's dictionary, or an array of them (ISO 32000-2, 7.12).
            let resolved = self.document.value(self.after(), Some(value)).shared();
            let sound = match &*resolved {
                Object::Dictionary(_) | Object::Array(_) | Object::Null => true,
                Object::Name(_) => key == b"Type",
                _ => false,
            };
            if !sound {
                return self.forbid(root, "extensions-malformed", "an entry of /Extensions is not a dictionary");
            }
            self.explain_owned(Some(value), owner);
            let inner = value.reference().map(|id| id.number).or(owner);
            for element in resolved.array().unwrap_or_default() {
                self.explain_owned(Some(element), inner);
            }
        }
    }

    fn compare_metadata(&mut self, root: Option<u32>, before: Option<&Object>, after: Option<&Object>) {
        if !self.differs(before, after) {
            return;
        }
        self.explain_owned(after, root);
        let value = self.document.value(self.after(), after).shared();
        let Object::Stream(stream) = &*value else {
            let reason = if value.is_null() { "was removed" } else { "is not a stream" };
            return self.add(Suspicious, root, "metadata-malformed", format!("/Metadata {reason}"));
        };
        self.explain_new(&value);
        let fault = match self.document.decode(self.after(), stream) {
            Ok(bytes) => metadata::fault(&bytes),
            Err(_) => Some("cannot be decoded"),
        };
        if let Some(fault) = fault {
            let number = after.and_then(Object::reference).map(|id| id.number);
            self.add(Suspicious, number, "metadata-malformed", format!("the metadata stream {fault}"));
        }
    }

    /// /DSS (ISO 32000-2, 12.8.4.3): lists of streams and /VRI.
    fn compare_security_store(&mut self, root: Option<u32>, before: Option<&Object>, after: Option<&Object>) {
        if before.is_none() && after.is_none() {
            return;
        }
        let new = self.document.value(self.after(), after).shared();
        let Some(store) = new.dictionary().filter(|_| !matches!(*new, Object::Stream(_))) else {
            if !self.differs(before, after) {
                return;
            }
            let removed = if new.is_null() { "was removed" } else { "is not a dictionary" };
            return self.forbid(root, "security-store", format!("/DSS {removed}"));
        };
        let findings = self.findings.len();
        let changed = self.differs(before, after);
        let store_number = after.and_then(Object::reference).map(|id| id.number);
        self.explain_owned(after, root);
        let owner = store_number.or(root);
        let mut grown = changed;
        for (key, value) in store.iter() {
            match key {
                b"Type" if value.name() == Some(b"DSS") => {}
                b"Type" => self.forbid(store_number, "security-store", "/Type of /DSS is not /DSS"),
                b"Certs" | b"CRLs" | b"OCSPs" => grown |= self.list_of_streams(value, owner, key),
                b"VRI" => {
                    self.explain_owned(Some(value), owner);
                    let related = self.document.value(self.after(), Some(value)).shared();
                    let Object::Dictionary(related) = &*related else {
                        if changed {
                            self.forbid(store_number, "security-store", "/VRI is not a dictionary");
                        }
                        continue;
                    };
                    let owner = value.reference().map(|id| id.number).or(owner);
                    for (name, entry) in related.iter() {
                        grown |= self.related_information(name, entry, owner);
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

    fn unknown_entry(&self, before: Option<&Object>, key: &[u8], value: &Object) -> bool {
        let old = self.document.value(self.before(), before);
        let old = old.dictionary().and_then(|entries| entries.get(key));
        value.is_null() || !self.pair.same_entry(old, Some(value))
    }

    /// An entry of /VRI (ISO 32000-2, table 262).
    fn related_information(&mut self, name: &[u8], entry: &Object, owner: Option<u32>) -> bool {
        if name == b"Type" {
            return false;
        }
        self.explain_owned(Some(entry), owner);
        let number = entry.reference().map(|id| id.number);
        let value = self.document.value(self.after(), Some(entry)).shared();
        let Object::Dictionary(entries) = &*value else {
            self.forbid(number, "security-store", "an entry of /VRI is not a dictionary");
            return false;
        };
        let owner = number.or(owner);
        let mut grown = number.is_some_and(|number| self.kind(number).is_some());
        for (key, value) in entries.iter() {
            match key {
                b"Cert" | b"CRL" | b"OCSP" => grown |= self.list_of_streams(value, owner, key),
                b"TS" => self.explain_new(value),
                b"TU" => self.explain_owned(Some(value), owner),
                _ => {}
            }
        }
        grown
    }

    /// A list of streams: it may grow or shrink, its streams may not change.
    fn list_of_streams(&mut self, list: &Object, owner: Option<u32>, key: &[u8]) -> bool {
        self.explain_owned(Some(list), owner);
        let number = list.reference().map(|id| id.number);
        let value = self.document.value(self.after(), Some(list)).shared();
        let Object::Array(elements) = &*value else {
            let detail = format!("/{} of the security store is not an array", String::from_utf8_lossy(key));
            self.forbid(number, "security-store", detail);
            return false;
        };
        let mut grown = number.is_some_and(|number| self.kind(number).is_some());
        for element in elements {
            let touched = element.reference().and_then(|id| self.kind(id.number));
            if touched.is_none() && element.reference().is_some() {
                continue;
            }
            grown |= touched.is_some();
            if !matches!(*self.document.value(self.after(), Some(element)), Object::Stream(_)) {
                let detail = format!("an entry of /{} is not a stream", String::from_utf8_lossy(key));
                self.forbid(number, "security-store", detail);
            } else if touched == Some(Kind::New) {
                self.explain_new(element);
            }
        }
        grown
    }

    /// /AcroForm itself; its fields are compared one by one.
    fn compare_form(&mut self, root: Option<u32>, before: Option<&Object>, after: Option<&Object>) {
        let number = after.and_then(Object::reference).map(|id| id.number);
        let old = self.document.value(self.before(), before).shared();
        let new = self.document.value(self.after(), after).shared();
        let (Some(old), Some(new)) = (dictionary_or_empty(&old), dictionary_or_empty(&new)) else {
            return self.forbid(number.or(root), "form-malformed", "/AcroForm is not a dictionary");
        };
        if before.is_some() && after.is_none() {
            return self.forbid(root, "form-removed", "/AcroForm was removed");
        }
        self.explain_owned(after, root);
        let owner = number.or(root);
        self.explain_owned(new.get(b"Fields"), owner);
        if !matches!(*self.document.value(self.after(), new.get(b"Fields")), Object::Array(_) | Object::Null) {
            self.forbid(number, "form-malformed", "/Fields is not an array");
        }
        self.compare_resources(old.get(b"DR"), new.get(b"DR"), owner);
        for key in self.pair.changed_keys(&old, &new) {
            let added = new.get(&key);
            match key.as_slice() {
                b"Fields" | b"DR" | b"SigFlags" => {}
                b"DA" | b"Q" if old.get(&key).is_none() => self.explain_owned(added, owner),
                // Switched off when a tool writes the appearances itself.
                b"NeedAppearances" if !matches!(added, Some(Object::Boolean(true))) => {}
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
    fn compare_resources(&mut self, before: Option<&Object>, after: Option<&Object>, owner: Option<u32>) {
        if after.is_none() {
            return;
        }
        self.explain_owned(after, owner);
        let number = after.and_then(Object::reference).map(|id| id.number);
        let owner = number.or(owner);
        let old = self.document.value(self.before(), before).shared();
        let new = self.document.value(self.after(), after).shared();
        let (Some(old), Some(new)) = (dictionary_or_empty(&old), dictionary_or_empty(&new)) else { return };
        for (category, entries) in new.iter() {
            let was = old.get(category);
            if !self.differs(was, Some(entries)) {
                continue;
            }
            self.explain_owned(Some(entries), owner);
            let was = self.document.value(self.before(), was).shared();
            let entries = self.document.value(self.after(), Some(entries)).shared();
            let (Some(was), Object::Dictionary(entries)) = (dictionary_or_empty(&was), &*entries) else { continue };
            for (name, value) in entries.iter() {
                match was.get(name) {
                    None => {
                        self.explain_new(value);
                        self.add(FormFilling, owner, "form-resource-added", String::from_utf8_lossy(name));
                    }
                    // Only fonts are taken from here by name; tools rebind their form objects at each signing.
                    Some(old) if !self.pair.same(old, value) && category != b"Font" => {
                        self.explain_new(value);
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
