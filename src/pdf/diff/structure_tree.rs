//! Rules for the structure tree of tagged documents (ISO 32000-2, 14.7): it may grow for new widgets.
//! It never changes what is drawn, so only its shape is guarded.

use super::{Comparison, Kind, Origin};
use crate::model::ModificationLevel::LongTermValidation;
use crate::pdf::object::{Dictionary, Object};

impl Comparison<'_, '_> {
    pub(super) fn compare_structure_tree(&mut self) {
        let document = self.document;
        let catalogs = (document.catalog(self.before()), document.catalog(self.after()));
        let entry = |catalog: &Object| catalog.dictionary().and_then(|entries| entries.get(b"StructTreeRoot")).cloned();
        let (before, after) = (entry(&catalogs.0), entry(&catalogs.1));
        if before.is_none() && after.is_none() {
            return;
        }
        let number = after.as_ref().and_then(Object::reference).map(|id| id.number);
        let old = document.value(self.before(), before.as_ref()).shared();
        let new = document.value(self.after(), after.as_ref()).shared();
        let (Some(old), Some(new)) = (old.dictionary(), new.dictionary()) else {
            let verb = if before.is_none() { "added" } else { "removed" };
            return self.forbid(number, "structure-tree", format!("the structure tree was {verb}"));
        };
        if self.differs(before.as_ref(), after.as_ref()) {
            self.explain_owned(after.as_ref(), None);
            self.owners.retain(|(owned, _)| Some(*owned) != number);
            for key in self.pair.changed_keys(old, new) {
                match key.as_slice() {
                    b"K" => self.grow(number, old.get(b"K"), new.get(b"K")),
                    b"ParentTree" => self.number_tree(old.get(b"ParentTree"), new.get(b"ParentTree"), number),
                    b"ParentTreeNextKey" => {}
                    // Namespaces and role names for the new elements (ISO 32000-2, 14.7.4).
                    b"Namespaces" | b"RoleMap" | b"IDTree" if old.get(&key).is_none() => {
                        if let Some(value) = new.get(&key) {
                            self.explain_new(value);
                        }
                    }
                    key => {
                        let detail = format!("/{} of the structure tree differs", String::from_utf8_lossy(key));
                        self.forbid(number, "structure-tree", detail);
                    }
                }
            }
            self.add(LongTermValidation, number, "structure-tree-extended", "bookkeeping for new widgets");
        }
        self.compare_elements();
    }

    /// Overridden elements, number-tree nodes and lists of the tree.
    fn compare_elements(&mut self) {
        let rest: Vec<u32> = self
            .changed
            .iter()
            .filter(|(number, kind)| **kind == Kind::Overridden && !self.explained.contains(number))
            .map(|(&number, _)| number)
            .collect();
        for number in rest {
            let (before, after) = (self.old_object(number), self.new_object(number));
            match (&*before, &*after) {
                (Object::Dictionary(old), Object::Dictionary(new)) if is_element(old) => {
                    let other = self.pair.changed_keys(old, new).into_iter().find(|key| key != b"K");
                    if other.is_none() {
                        self.explain(number);
                        self.grow(Some(number), old.get(b"K"), new.get(b"K"));
                    }
                }
                (Object::Dictionary(old), Object::Dictionary(new)) if is_number_node(old) && is_number_node(new) => {
                    self.explain(number);
                    self.grow_numbers(Some(number), old, new);
                }
                (Object::Array(_), Object::Array(_)) if self.is_tree_list(number) => {
                    self.explain(number);
                    self.grow(Some(number), Some(&before), Some(&after));
                }
                _ => {}
            }
        }
    }

    /// Whether only parts of the structure tree refer to the list.
    fn is_tree_list(&self, number: u32) -> bool {
        let references = self.shared.references(self.document);
        let mut owners = references.to(self.document, self.before(), number).peekable();
        owners.peek().is_some()
            && owners.all(|origin| match origin {
                Origin::Trailer(_) => false,
                Origin::Object(owner, _) => {
                    let object = self.old_object(owner);
                    object.dictionary().is_some_and(|entries| {
                        is_element(entries) || is_number_node(entries) || entries.is(b"Type", b"StructTreeRoot")
                    })
                }
            })
    }

    /// Kids may be added, none may go.
    fn grow(&mut self, number: Option<u32>, before: Option<&Object>, after: Option<&Object>) {
        let list = |view, value: Option<&Object>| -> Vec<Object> {
            match &*self.document.value(view, value) {
                Object::Null => Vec::new(),
                Object::Array(elements) => elements.clone(),
                _ => value.cloned().into_iter().collect(),
            }
        };
        let (old, new) = (list(self.before(), before), list(self.after(), after));
        // A list that moved into an object of its own, or out of one.
        self.explain_owned(after.filter(|_| new.len() != 1 || after.is_some_and(|value| self.is_list(value))), number);
        let mut rest = new.iter();
        let kept = old.iter().all(|element| {
            let mut ahead = rest.clone();
            let found = ahead.any(|other| self.pair.same(element, other));
            if found {
                rest = ahead;
            }
            found || new.iter().any(|other| self.pair.same(element, other))
        });
        if !kept {
            self.forbid(number, "structure-tree", "an element was taken out of the structure tree");
        }
        for element in &new {
            self.explain_new(element);
        }
    }

    fn is_list(&self, value: &Object) -> bool {
        self.document.value(self.after(), Some(value)).array().is_some()
    }

    fn number_tree(&mut self, before: Option<&Object>, after: Option<&Object>, owner: Option<u32>) {
        let old = self.document.value(self.before(), before).shared();
        let new = self.document.value(self.after(), after).shared();
        let empty = Dictionary::default();
        let (old, Some(new)) = (old.dictionary().unwrap_or(&empty), new.dictionary()) else {
            return self.forbid(owner, "structure-tree", "/ParentTree was removed");
        };
        self.explain_owned(after, owner);
        self.grow_numbers(owner, old, new);
    }

    /// A node of a number tree (ISO 32000-2, 7.9.7): keys may be added, values may grow.
    fn grow_numbers(&mut self, number: Option<u32>, old: &Dictionary, new: &Dictionary) {
        let entry = |view, entries: &Dictionary, key: &[u8]| -> Vec<Object> {
            self.document.value(view, entries.get(key)).array().unwrap_or_default().to_vec()
        };
        for key in [b"Kids".as_slice(), b"Nums"] {
            let (before, after) = (entry(self.before(), old, key), entry(self.after(), new, key));
            self.explain_owned(new.get(key), number);
            if key == b"Kids" {
                let kept = before.iter().all(|kid| after.iter().any(|other| self.pair.same(kid, other)));
                // A leaf may be split into kids; then the numbers move below it.
                if !kept {
                    self.forbid(number, "structure-tree", "a node of the parent tree was removed");
                }
            } else {
                let values: std::collections::HashMap<i64, &Object> =
                    after.chunks_exact(2).filter_map(|pair| Some((pair.first()?.integer()?, pair.get(1)?))).collect();
                let moved = new.get(b"Kids").is_some() && old.get(b"Kids").is_none();
                for pair in before.chunks_exact(2) {
                    let (Some(key), Some(value)) = (pair.first().and_then(Object::integer), pair.get(1)) else {
                        continue;
                    };
                    match values.get(&key) {
                        Some(other) if self.pair.same(value, other) => {}
                        Some(other) if self.is_list(other) => self.grow(number, Some(value), Some(other)),
                        None if moved => {}
                        _ => {
                            self.forbid(number, "structure-tree", "an entry of the parent tree was removed or changed")
                        }
                    }
                }
            }
            for element in &after {
                self.explain_new(element);
            }
        }
    }
}

fn is_element(entries: &Dictionary) -> bool {
    entries.is(b"Type", b"StructElem")
        || (entries.get(b"S").is_some() && entries.get(b"P").is_some() && entries.get(b"Type").is_none())
}

fn is_number_node(entries: &Dictionary) -> bool {
    (entries.get(b"Nums").is_some() || entries.get(b"Kids").is_some())
        && entries.iter().all(|(key, _)| matches!(key, b"Nums" | b"Kids" | b"Limits" | b"Type"))
        && entries.get(b"Type").is_none()
}
