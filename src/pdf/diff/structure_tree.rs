//! Rules for the structure tree of tagged documents (ISO 32000-2, 14.7): it may grow for new widgets.
//! It never changes what is drawn, so only its shape is guarded.

use super::{Comparison, Kind, Origin};
use crate::model::ModificationLevel::LongTermValidation;
use crate::pdf::document::View;
use crate::pdf::object::{Dictionary, Object};
use std::collections::{HashMap, HashSet};

/// Kids written into a list itself that one kid is compared with; real lists hold references.
const MOST_COMPARED: usize = 1_000;

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
                    b"ParentTree" | b"ParentTreeNextKey" => {}
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
        self.compare_parent_trees(old.get(b"ParentTree"), new.get(b"ParentTree"), number);
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
        // A list may move into an object of its own, or out of one.
        self.explain_owned(after.filter(|value| self.is_list(value)), number);
        // Kids are nearly always references or numbers: looked up, not compared one with every other.
        let references: HashSet<u32> = new.iter().filter_map(Object::reference).map(|id| id.number).collect();
        let integers: HashSet<i64> = new.iter().filter_map(Object::integer).collect();
        let others: Vec<&Object> =
            new.iter().filter(|kid| kid.reference().is_none() && kid.integer().is_none()).collect();
        let kept = |element: &Object| match element {
            Object::Reference(id) if references.contains(&id.number) => true,
            Object::Integer(value) => integers.contains(value),
            _ => others.iter().take(MOST_COMPARED).any(|other| self.pair.same(element, other)),
        };
        if !old.iter().all(kept) {
            self.forbid(number, "structure-tree", "an element was taken out of the structure tree");
        }
        for element in &new {
            self.explain_element(element);
        }
    }

    /// Explains a new part of the tree. A stream is none: it would be drawn where the list is used twice.
    fn explain_element(&mut self, element: &Object) {
        if !matches!(*self.document.value(self.after(), Some(element)), Object::Stream(_)) {
            self.explain_new(element);
        }
    }

    /// Explains a node or list of the parent tree, if it is nothing else.
    fn explain_tree_node(&mut self, number: u32) {
        let sound = match self.kind(number) {
            Some(Kind::Overridden) => match (&*self.old_object(number), &*self.new_object(number)) {
                (Object::Dictionary(old), Object::Dictionary(new)) => is_number_node(old) && is_number_node(new),
                (Object::Array(_), Object::Array(_)) => true,
                _ => false,
            },
            Some(Kind::New) => !matches!(*self.new_object(number), Object::Stream(_)),
            _ => true,
        };
        if sound {
            self.explain(number);
        }
    }

    fn is_list(&self, value: &Object) -> bool {
        self.document.value(self.after(), Some(value)).array().is_some()
    }

    /// /ParentTree (ISO 32000-2, 7.9.7): tools rewrite the tree as they like, so the numbers are
    /// compared, wherever they stand. Numbers may be added, and lists of elements may grow.
    fn compare_parent_trees(&mut self, before: Option<&Object>, after: Option<&Object>, owner: Option<u32>) {
        let mut nodes = Vec::new();
        let new = self.numbers(self.after(), after, &mut nodes);
        let touched = nodes.iter().any(|node| self.kind(*node).is_some())
            || new.values().any(|value| value.reference().is_some_and(|id| self.kind(id.number).is_some()));
        if !touched && self.pair.same_entry(before, after) {
            return;
        }
        let old = self.numbers(self.before(), before, &mut Vec::new());
        nodes.into_iter().for_each(|node| self.explain_tree_node(node));
        for (number, value) in &old {
            match new.get(number) {
                Some(other) if self.is_list(other) => self.grow(owner, Some(value), Some(other)),
                Some(other) if self.pair.same(value, other) => {}
                _ => return self.forbid(owner, "structure-tree", "an entry of the parent tree was removed or changed"),
            }
        }
        let mut added: Vec<_> = new.iter().filter(|(number, _)| !old.contains_key(number)).collect();
        added.sort_by_key(|(number, _)| **number);
        for (_, value) in added {
            self.explain_element(value);
        }
    }

    /// The entries of a number tree, and the numbers of its nodes and lists.
    fn numbers(&self, view: View, root: Option<&Object>, nodes: &mut Vec<u32>) -> HashMap<i64, Object> {
        let mut found = HashMap::new();
        let mut seen = HashSet::new();
        let mut open: Vec<Object> = root.cloned().into_iter().collect();
        while let Some(node) = open.pop() {
            if let Some(id) = node.reference() {
                if !seen.insert(id.number) {
                    continue;
                }
                nodes.push(id.number);
            }
            self.document.step();
            let value = self.document.value(view, Some(&node));
            let Some(entries) = value.dictionary() else { continue };
            for key in [b"Kids".as_slice(), b"Nums"] {
                nodes.extend(entries.get(key).and_then(Object::reference).map(|id| id.number));
            }
            let kids = self.document.value(view, entries.get(b"Kids"));
            open.extend(kids.array().unwrap_or_default().iter().cloned());
            let pairs = self.document.value(view, entries.get(b"Nums"));
            for pair in pairs.array().unwrap_or_default().chunks_exact(2) {
                if let [number, value] = pair
                    && let Some(number) = number.integer()
                {
                    found.insert(number, value.clone());
                }
            }
        }
        found
    }
}

fn is_element(entries: &Dictionary) -> bool {
    entries.is(b"Type", b"StructElem")
        || (entries.get(b"S").is_some() && entries.get(b"P").is_some() && entries.get(b"Type").is_none())
}

/// A node of a number tree below its root.
fn is_number_node(entries: &Dictionary) -> bool {
    (entries.get(b"Nums").is_some() || entries.get(b"Kids").is_some())
        && entries.iter().all(|(key, _)| matches!(key, b"Nums" | b"Kids" | b"Limits"))
}
