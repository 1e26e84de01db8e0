//! Rules for the structure tree of tagged documents (ISO 32000-2, 14.7): it may grow for new widgets.
//! It never changes what is drawn, so only its shape is guarded.

use super::uses::Held;
use super::{Comparison, Kind, Origin};
use crate::model::ModificationLevel::LongTermValidation;
use crate::pdf::document::View;
use crate::pdf::object::{Dictionary, Object};
use std::collections::{HashMap, HashSet};

/// Kids written into a list itself that one kid is compared with; real lists hold references.
const MOST_COMPARED: usize = 1_000;

impl Comparison<'_, '_> {
    pub(super) fn compare_structure_tree(&mut self) {
        let root = |view| self.entry(&self.entry(&self.trailer_of(view), b"Root"), b"StructTreeRoot");
        let (before, after) = (root(self.before()), root(self.after()));
        if before.written.is_none() && after.written.is_none() {
            return;
        }
        let number = after.written.as_ref().and_then(Object::reference).map(|id| id.number);
        let (Object::Dictionary(old), Object::Dictionary(new)) = (&*before.value, &*after.value) else {
            let verb = if before.written.is_none() { "added" } else { "removed" };
            return self.forbid(number, "structure-tree", format!("the structure tree was {verb}"));
        };
        self.parent_tree.extend(self.numbers(self.before(), &self.entry(&before, b"ParentTree")).1);
        self.parent_tree.extend(self.numbers(self.after(), &self.entry(&after, b"ParentTree")).1);
        if self.differs(before.written.as_ref(), after.written.as_ref()) {
            for key in self.pair.changed_keys(old, new) {
                match key.as_slice() {
                    b"K" => self.grow(number, &self.entry(&before, b"K"), &self.entry(&after, b"K")),
                    b"ParentTree" | b"ParentTreeNextKey" => {}
                    // Namespaces and role names for the new elements (ISO 32000-2, 14.7.4).
                    b"Namespaces" | b"RoleMap" | b"IDTree" if old.get(&key).is_none() => {
                        self.explain_new(&self.entry(&after, &key));
                    }
                    key => {
                        let detail = format!("/{} of the structure tree differs", String::from_utf8_lossy(key));
                        self.forbid(number, "structure-tree", detail);
                    }
                }
            }
            match number {
                // What may change in the root means nothing in any other object.
                Some(number) if before.number() == Some(number) => self.settle(number),
                _ => self.explain_both(&before, &after),
            }
            self.add(LongTermValidation, number, "structure-tree-extended", "bookkeeping for new widgets");
        }
        self.compare_parent_trees(&self.entry(&before, b"ParentTree"), &self.entry(&after, b"ParentTree"), number);
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
                        // A longer /K means nothing in any other object.
                        self.settle(number);
                        let (before, after) =
                            (self.object_of(self.before(), number), self.object_of(self.after(), number));
                        self.grow(Some(number), &self.entry(&before, b"K"), &self.entry(&after, b"K"));
                    }
                }
                (Object::Array(_), Object::Array(_)) if self.is_tree_list(number) => {
                    self.explain_target(number);
                    self.allow_under(number, b"K");
                    if self.parent_tree.contains(&number) || self.is_listed_in_parent_tree(number) {
                        self.explain_tree_part(number);
                    }
                    let lists = (self.object_of(self.before(), number), self.object_of(self.after(), number));
                    self.grow(Some(number), &lists.0, &lists.1);
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

    /// Whether a value of the parent tree is the list of this number.
    fn is_listed_in_parent_tree(&self, number: u32) -> bool {
        let references = self.shared.references(self.document);
        let mut owners = references.to(self.document, self.before(), number);
        owners.any(|origin| matches!(origin, Origin::Object(owner, _) if self.parent_tree.contains(&owner)))
    }

    /// Kids may be added, none may go.
    fn grow(&mut self, number: Option<u32>, before: &Held, after: &Held) {
        // Other values are no kids, and mean something where /K is no list of kids.
        if !matches!(&*before.value, Object::Null | Object::Array(_) | Object::Dictionary(_) | Object::Integer(_)) {
            return self.forbid(number, "structure-tree", "/K was not a list of kids");
        }
        let list = |held: &Held| -> Vec<Object> {
            match &*held.value {
                Object::Null => Vec::new(),
                Object::Array(elements) => elements.to_vec(),
                _ => held.written.clone().into_iter().collect(),
            }
        };
        let (old, new) = (list(before), list(after));
        // A list may move into an object of its own, or out of one.
        for held in [before, after] {
            if held.value.array().is_some() {
                self.explain(held);
            }
        }
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
            let held = if after.value.array().is_some() { self.element(after, element) } else { after.clone() };
            self.explain_element(&held);
        }
    }

    /// Explains a new part of the tree. A stream is none: it would be drawn where the list is used twice.
    fn explain_element(&mut self, element: &Held) {
        if !matches!(*element.value, Object::Stream(_)) {
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
            self.explain_tree_part(number);
        }
    }

    /// /ParentTree (ISO 32000-2, 7.9.7): tools rewrite the tree as they like, so the numbers are
    /// compared, wherever they stand. Numbers may be added, and lists of elements may grow.
    fn compare_parent_trees(&mut self, before: &Held, after: &Held, owner: Option<u32>) {
        let (new, nodes) = self.numbers(self.after(), after);
        let touched = nodes.iter().any(|node| self.kind(*node).is_some())
            || new.values().any(|value| value.number().is_some_and(|id| self.kind(id).is_some()));
        if !touched && self.pair.same_entry(before.written.as_ref(), after.written.as_ref()) {
            return;
        }
        let (old, _) = self.numbers(self.before(), before);
        nodes.into_iter().for_each(|node| self.explain_tree_node(node));
        for (number, value) in &old {
            match new.get(number) {
                Some(other) if other.value.array().is_some() => self.grow(owner, value, other),
                Some(other) if self.pair.same_entry(value.written.as_ref(), other.written.as_ref()) => {}
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
    fn numbers(&self, view: View, root: &Held) -> (HashMap<i64, Held>, Vec<u32>) {
        let (mut found, mut nodes) = (HashMap::new(), Vec::new());
        let mut seen = HashSet::new();
        let mut open: Vec<Held> = vec![root.clone()];
        while let Some(node) = open.pop() {
            if let Some(id) = node.written.as_ref().and_then(Object::reference) {
                if !seen.insert(id.number) {
                    continue;
                }
                nodes.push(id.number);
            }
            self.document.step();
            let Some(entries) = node.dictionary() else { continue };
            for key in [b"Kids".as_slice(), b"Nums"] {
                nodes.extend(entries.get(key).and_then(Object::reference).map(|id| id.number));
            }
            let kids = self.entry(&node, b"Kids");
            open.extend(kids.value.array().unwrap_or_default().iter().map(|kid| self.element(&kids, kid)));
            let pairs = self.entry(&node, b"Nums");
            for pair in pairs.value.array().unwrap_or_default().chunks_exact(2) {
                if let [number, value] = pair
                    && let Some(number) = self.document.value(view, Some(number)).integer()
                {
                    found.insert(number, self.element(&pairs, value));
                }
            }
        }
        (found, nodes)
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
