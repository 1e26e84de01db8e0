//! Where changed objects are used. A rule explains a change only for the place it looked at, so every
//! use of a changed object in either document, told by its owner and the keys that lead to it, must be
//! one that a rule has seen: an object in a second role is not explained by its first.

use super::references::{Origin, reachable};
use super::{Comparison, Kind};
use crate::pdf::document::View;
use crate::pdf::form::{Node, Pages};
use crate::pdf::object::{Dictionary, Object};
use std::cell::OnceCell;
use std::collections::{BTreeMap, HashSet};
use std::rc::Rc;

/// Entries that hold fields, widgets and annotations, or point at one without drawing it (ISO 32000-2):
/// lists (7.7.3.3, 12.7.3), object references of the structure tree (14.7.5.3), targets of actions
/// (12.6.4.11, 12.7.6.3), pop-ups and replies (12.5.6.2).
const ANNOTATION_USES: &[&[u8]] = &[b"Annots", b"Fields", b"CO", b"Obj", b"T", b"Popup", b"IRT"];

/// Deepest nesting followed; the parser ends objects long before (`limits.depth`).
const DEPTH: u32 = 512;

/// The name of a dictionary entry.
type Key = Box<[u8]>;

/// Called with the number that a reference names and the keys that lead to it.
type Visitor<'v> = &'v mut dyn FnMut(u32, &[Key]);

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Owner {
    Trailer,
    Object(u32),
    /// Inside an object that the rule does not know: a widget written into a list.
    Anywhere,
}

/// Where a value is written: its object, and the keys on the way to it. Elements of arrays add nothing.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Spot {
    owner: Owner,
    path: Vec<Key>,
}

impl Spot {
    pub(super) fn object(number: u32) -> Self {
        Self { owner: Owner::Object(number), path: Vec::new() }
    }

    fn entry(&self, key: &[u8]) -> Self {
        let mut path = self.path.clone();
        path.push(key.into());
        Self { owner: self.owner, path }
    }
}

/// A value in one of the views, and where it is written.
#[derive(Clone)]
pub(super) struct Held {
    view: View,
    /// As written, perhaps a reference.
    pub(super) written: Option<Object>,
    /// With the reference followed; null if there is none.
    pub(super) value: Rc<Object>,
    at: Spot,
    /// Where what it holds is written.
    inside: Spot,
}

impl Held {
    pub(super) fn dictionary(&self) -> Option<&Dictionary> {
        self.value.dictionary()
    }

    /// The value itself, without the reference that led to it.
    pub(super) fn inside_of(held: &Self) -> Self {
        Self { written: None, at: held.inside.clone(), ..held.clone() }
    }

    /// The number of the object it is, or is part of.
    pub(super) fn number(&self) -> Option<u32> {
        match self.inside.owner {
            Owner::Object(number) => Some(number),
            Owner::Trailer | Owner::Anywhere => None,
        }
    }
}

/// The uses of one object that rules have seen.
#[derive(Default)]
pub(super) struct Uses {
    /// Its change means nothing in any other role, or was judged already.
    anywhere: bool,
    /// It is a field, widget or annotation.
    annotation: bool,
    /// It is a part of the parent tree.
    in_parent_tree: bool,
    spots: HashSet<(View, Spot)>,
    /// Ends of the path, whoever the owner is.
    endings: HashSet<Vec<Key>>,
}

/// Objects that hold fields, widgets and annotations in one view.
struct Holders {
    /// Fields, widgets and what lies between.
    nodes: HashSet<u32>,
    /// Arrays of them.
    lists: HashSet<u32>,
    /// The catalog, if the form is written into it.
    catalog: Option<u32>,
}

impl Comparison<'_, '_> {
    pub(super) fn trailer_of(&self, view: View) -> Held {
        let value = Rc::new(Object::Dictionary(self.document.trailer(view).clone()));
        let at = Spot { owner: Owner::Trailer, path: Vec::new() };
        Held { view, written: None, value, inside: at.clone(), at }
    }

    /// A field or widget.
    pub(super) fn node_of(&self, view: View, node: &Node) -> Held {
        let owner = node.id.map_or(Owner::Anywhere, |id| Owner::Object(id.number));
        let at = Spot { owner, path: Vec::new() };
        Held { view, written: None, value: Rc::clone(&node.object), inside: at.clone(), at }
    }

    /// The object of this number.
    pub(super) fn object_of(&self, view: View, number: u32) -> Held {
        let value = self.document.object_at(view, number, self.document.place(view, number));
        Held { view, written: None, value, at: Spot::object(number), inside: Spot::object(number) }
    }

    /// An entry of a dictionary.
    pub(super) fn entry(&self, held: &Held, key: &[u8]) -> Held {
        let written = held.dictionary().and_then(|entries| entries.get(key)).cloned();
        self.written(held.view, written, held.inside.entry(key))
    }

    /// An element of an array.
    pub(super) fn element(&self, held: &Held, element: &Object) -> Held {
        self.written(held.view, Some(element.clone()), held.inside.clone())
    }

    fn written(&self, view: View, written: Option<Object>, at: Spot) -> Held {
        let value = self.document.value(view, written.as_ref()).shared();
        let inside = match &written {
            Some(Object::Reference(id)) => Spot::object(id.number),
            _ => at.clone(),
        };
        Held { view, written, value, at, inside }
    }

    /// Marks `number` as judged, whatever uses it.
    pub(super) fn settle(&mut self, number: u32) {
        self.explained.insert(number);
        self.uses.entry(number).or_default().anywhere = true;
    }

    /// The object that `held` refers to is judged where it stands.
    pub(super) fn explain(&mut self, held: &Held) {
        if let Some(Object::Reference(id)) = &held.written {
            if held.view == self.after() {
                self.explained.insert(id.number);
            }
            self.allow(held.view, id.number, held.at.clone());
        }
    }

    /// The object that `held` refers to may have no other use, changed or not.
    pub(super) fn watch(&mut self, held: &Held) {
        if let Some(Object::Reference(id)) = &held.written {
            self.allow(held.view, id.number, held.at.clone());
            self.watched.insert(id.number);
        }
    }

    /// The object is judged; its uses are named apart.
    pub(super) fn explain_target(&mut self, number: u32) {
        self.explained.insert(number);
    }

    /// The same in both views.
    pub(super) fn explain_both(&mut self, old: &Held, new: &Held) {
        self.explain(old);
        self.explain(new);
    }

    /// A field, widget or annotation is judged.
    pub(super) fn explain_annotation(&mut self, number: u32) {
        self.explained.insert(number);
        self.uses.entry(number).or_default().annotation = true;
    }

    /// A part of the parent tree is judged.
    pub(super) fn explain_tree_part(&mut self, number: u32) {
        self.explained.insert(number);
        self.uses.entry(number).or_default().in_parent_tree = true;
    }

    /// A use of `number` under `key`, whoever the owner is, is harmless.
    pub(super) fn allow_under(&mut self, number: u32, key: &[u8]) {
        self.uses.entry(number).or_default().endings.insert(vec![key.into()]);
    }

    fn allow(&mut self, view: View, number: u32, spot: Spot) {
        let uses = self.uses.entry(number).or_default();
        if spot.owner == Owner::Anywhere {
            uses.endings.insert(spot.path);
        } else {
            uses.spots.insert((view, spot));
        }
    }

    /// Marks every new object that `held` leads to through new objects alone.
    pub(super) fn explain_new(&mut self, held: &Held) {
        let mut direct = Vec::new();
        let written = held.written.as_ref().unwrap_or(&held.value);
        let from = if held.written.is_some() { &held.at } else { &held.inside };
        walk(written, &mut from.path.clone(), 0, &mut |number, path| direct.push((number, path.to_vec())));
        let mut open = Vec::new();
        for (number, path) in direct {
            if self.kind(number) == Some(Kind::New) {
                self.allow(held.view, number, Spot { owner: from.owner, path });
                if self.explained.insert(number) {
                    open.push(number);
                }
            }
        }
        while let Some(number) = open.pop() {
            self.document.step();
            let value = self.new_object(number);
            let mut targets = Vec::new();
            super::collect_references(&value, 0, &mut targets);
            // Uses by new objects are seen with the new object.
            open.extend(
                targets
                    .into_iter()
                    .filter(|target| self.changed.get(target) == Some(&Kind::New) && self.explained.insert(*target)),
            );
        }
    }

    /// Explained objects that are used otherwise too.
    pub(super) fn judge_uses(&mut self) {
        let references = self.shared.references(self.document);
        let (old, new) = (self.before(), self.after());
        // Each owner is read once for all its targets.
        let mut owners: BTreeMap<(View, Option<u32>), HashSet<u32>> = BTreeMap::new();
        for &number in self.explained.union(&self.watched) {
            let kind = self.kind(number);
            if kind.is_none() && !self.watched.contains(&number) {
                continue;
            }
            if self.uses.get(&number).is_some_and(|uses| uses.anywhere) {
                continue;
            }
            // What was there before for a new object is asked for apart; a freed one may have been anything.
            let views: &[View] = match kind {
                Some(Kind::Overridden) => &[old, new],
                Some(Kind::New | Kind::Freed) => &[new],
                None => &[old],
            };
            for &view in views {
                for origin in references.to(self.document, view, number) {
                    let owner = match origin {
                        Origin::Trailer(_) => None,
                        Origin::Object(owner, _) => Some(owner),
                    };
                    let both_new =
                        kind == Some(Kind::New) && owner.is_some_and(|owner| self.kind(owner) == Some(Kind::New));
                    if !both_new {
                        owners.entry((view, owner)).or_default().insert(number);
                    }
                }
            }
        }
        let mut foreign: BTreeMap<u32, Vec<(View, Option<u32>)>> = BTreeMap::new();
        let holders = [OnceCell::new(), OnceCell::new()];
        for ((view, owner), targets) in owners {
            let holders = || {
                let [before, after] = &holders;
                if view == new {
                    after.get_or_init(|| self.holders(new))
                } else {
                    before.get_or_init(|| self.holders(old))
                }
            };
            let (object, own) = match owner {
                Some(number) => {
                    (self.document.object_at(view, number, self.document.place(view, number)), Owner::Object(number))
                }
                None => (self.trailer_of(view).value, Owner::Trailer),
            };
            let mut visited = 0;
            walk(&object, &mut Vec::new(), 0, &mut |number, path| {
                visited += 1;
                if targets.contains(&number) && !self.is_seen(view, number, own, path, holders) {
                    foreign.entry(number).or_default().push((view, owner));
                }
            });
            self.document.steps(visited);
        }
        let in_use = [OnceCell::new(), OnceCell::new()];
        for (number, owners) in foreign {
            let used = owners.iter().any(|(view, owner)| {
                let [before, after] = &in_use;
                let cell = if *view == new { after } else { before };
                owner.is_none_or(|owner| cell.get_or_init(|| reachable(self.document, *view)).contains(&owner))
            });
            if used {
                let (rule, detail) = match self.kind(number) {
                    Some(Kind::New) => ("object-added", "used without a rule that permits it"),
                    Some(Kind::Freed) => ("object-removed", "freed but still in use"),
                    _ => ("shared-object-overwritten", "also used elsewhere in the document"),
                };
                self.forbid(Some(number), rule, detail);
            }
        }
    }

    fn is_seen<'h>(
        &self,
        view: View,
        number: u32,
        owner: Owner,
        path: &[Key],
        holders: impl Fn() -> &'h Holders,
    ) -> bool {
        let Some(uses) = self.uses.get(&number) else { return false };
        let spot = Spot { owner, path: path.to_vec() };
        if uses.spots.contains(&(view, spot)) || uses.endings.iter().any(|ending| path.ends_with(ending)) {
            return true;
        }
        let by =
            |owner: Owner, numbers: &HashSet<u32>| matches!(owner, Owner::Object(number) if numbers.contains(&number));
        if uses.in_parent_tree {
            let entry = path.iter().any(|key| **key == *b"ParentTree");
            return entry || by(owner, &self.parent_tree);
        }
        if !uses.annotation {
            return false;
        }
        match path.last() {
            None => by(owner, &holders().lists),
            Some(key) if ANNOTATION_USES.contains(&&**key) => true,
            Some(key) if [b"Kids".as_slice(), b"Parent"].contains(&&**key) => {
                let inside = path.first().is_some_and(|key| **key == *b"AcroForm");
                by(owner, &holders().nodes)
                    || (inside && holders().catalog.is_some_and(|catalog| owner == Owner::Object(catalog)))
            }
            Some(_) => false,
        }
    }

    /// What holds fields and annotations in `view`.
    fn holders(&self, view: View) -> Holders {
        let mut holders = Holders { nodes: HashSet::new(), lists: HashSet::new(), catalog: None };
        let number = |value: Option<&Object>| value.and_then(Object::reference).map(|id| id.number);
        for field in self.shared.fields(self.document, view).iter() {
            for node in field.ancestors.iter().chain([&field.node]).chain(&field.widgets) {
                holders.nodes.extend(node.id.map(|id| id.number));
                holders.lists.extend(number(node.dictionary().and_then(|entries| entries.get(b"Kids"))));
            }
        }
        let catalog = self.document.catalog(view);
        let form = catalog.dictionary().and_then(|entries| entries.get(b"AcroForm"));
        // Fields may be written into the form itself, and the form into the catalog.
        match number(form) {
            Some(form) => holders.nodes.extend([form]),
            None => holders.catalog = number(self.document.trailer(view).get(b"Root")),
        }
        let form = self.document.value(view, form);
        for key in [b"Fields".as_slice(), b"CO"] {
            holders.lists.extend(number(form.dictionary().and_then(|entries| entries.get(key))));
        }
        holders.nodes.extend(&holders.lists);
        for page in &Pages::read(self.document, view).list {
            holders.lists.extend(number(page.node.dictionary().and_then(|entries| entries.get(b"Annots"))));
        }
        holders
    }
}

/// Calls `found` with each reference in `value` and the keys that lead to it.
fn walk(value: &Object, path: &mut Vec<Key>, depth: u32, found: Visitor<'_>) {
    if depth > DEPTH {
        return;
    }
    match value {
        Object::Reference(id) => found(id.number, path),
        Object::Array(elements) => elements.iter().for_each(|element| walk(element, path, depth + 1, found)),
        Object::Dictionary(_) | Object::Stream(_) => {
            for (key, entry) in value.dictionary().iter().flat_map(|entries| entries.iter()) {
                if matches!(entry, Object::Reference(_) | Object::Array(_) | Object::Dictionary(_)) {
                    path.push(key.into());
                    walk(entry, path, depth + 1, found);
                    path.pop();
                }
            }
        }
        _ => {}
    }
}
