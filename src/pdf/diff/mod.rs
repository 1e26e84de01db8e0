//! What an update changed and whether a signature permits it: a whitelist of rules by level. Every
//! changed, new or freed object must be explained by a rule; what stays unexplained is forbidden.
//!
//! One comparison looks at two neighbouring views. It never looks at what has not changed, except to
//! learn who refers to what changed.

mod accounting;
mod annotation;
mod appearance;
mod catalog;
mod compare;
mod field;
mod metadata;
mod opacity;
mod permission;
mod references;
mod structure_tree;
#[cfg(test)]
mod tests;
mod uses;

pub(super) use accounting::{Accounts, Unaccounted, account};
pub(super) use appearance::Shown;
pub(super) use permission::{Permissions, judge};

use super::document::{Document, Place, View};
use super::form::{self, Field};
use super::object::{Object, ObjectId};
use crate::model::ModificationLevel;
use compare::Pair;
use references::{Origin, References, reachable};
use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;
use uses::Uses;

/// One change, before the permissions of a signature are applied to it.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Finding {
    /// The level that the change needs.
    pub(super) level: ModificationLevel,
    pub(super) object: Option<ObjectId>,
    pub(super) rule: &'static str,
    pub(super) detail: String,
    /// Name of the existing field whose value changed: locks may forbid it.
    pub(super) field: Option<String>,
}

/// An object whose place differs between the views, and whose value does too.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    New,
    Overridden,
    Freed,
}

/// The changes between two views.
#[derive(Default)]
pub(super) struct Changes {
    pub(super) findings: Vec<Finding>,
    /// What new and newly signed fields show.
    pub(super) shown: Vec<Shown>,
}

/// What all comparisons of one document share.
#[derive(Default)]
pub(super) struct Comparisons {
    pairs: RefCell<HashMap<(View, View), Rc<Changes>>>,
    references: OnceCell<References>,
    accounts: RefCell<Option<Accounts>>,
}

impl Comparisons {
    fn fields(&self, document: &Document<'_>, view: View) -> Rc<Vec<Field>> {
        form::fields(document, view)
    }

    /// What no revision accounts for behind `from`.
    pub(super) fn unaccounted(&self, document: &Document<'_>, from: usize) -> Vec<Unaccounted> {
        let known = self.accounts.borrow().as_ref().and_then(|accounts| accounts.behind(document, from));
        known.unwrap_or_else(|| {
            let accounts = account(document, from);
            let found = accounts.behind(document, from).unwrap_or_default();
            *self.accounts.borrow_mut() = Some(accounts);
            found
        })
    }

    /// The references to every object that any update touches.
    fn references(&self, document: &Document<'_>) -> &References {
        self.references.get_or_init(|| {
            let mut interest = HashSet::new();
            for view in (0..document.views()).map(View) {
                for section in document.fresh_sections(view).into_iter().filter(|_| view.0 > 0) {
                    interest.extend(document.sections.get(section).iter().flat_map(|section| section.numbers()));
                }
                // Appearance dictionaries of their own stand between a widget and its streams.
                for field in self.fields(document, view).iter() {
                    let appearances = field.widgets.iter().filter_map(|widget| widget.dictionary()?.get(b"AP"));
                    interest.extend(appearances.filter_map(Object::reference).map(|id| id.number));
                }
            }
            References::collect(document, &interest)
        })
    }

    /// The changes from `old` to `new`.
    pub(super) fn between(&self, document: &Document<'_>, old: View, new: View) -> Rc<Changes> {
        if let Some(known) = self.pairs.borrow().get(&(old, new)) {
            return Rc::clone(known);
        }
        let changes = Rc::new(Comparison::run(document, self, old, new));
        self.pairs.borrow_mut().insert((old, new), Rc::clone(&changes));
        changes
    }
}

/// One comparison under way.
struct Comparison<'d, 'a> {
    document: &'d Document<'a>,
    shared: &'d Comparisons,
    pair: Pair<'d, 'a>,
    changed: BTreeMap<u32, Kind>,
    /// Numbers that the update lists, changed or not.
    listed: Vec<u32>,
    explained: HashSet<u32>,
    /// The uses of objects that rules have seen.
    uses: HashMap<u32, Uses>,
    /// Objects that must have no other use although they did not change.
    watched: HashSet<u32>,
    /// Nodes and lists of the parent tree, in either view.
    parent_tree: HashSet<u32>,
    findings: Vec<Finding>,
    shown: Vec<Shown>,
    /// Whether the field of each widget, by its number, is a signature field.
    widgets: HashMap<u32, bool>,
}

impl<'d, 'a> Comparison<'d, 'a> {
    fn run(document: &'d Document<'a>, shared: &'d Comparisons, old: View, new: View) -> Changes {
        let mut comparison = Self {
            document,
            shared,
            pair: Pair { document, old, new },
            changed: BTreeMap::new(),
            listed: Vec::new(),
            explained: HashSet::new(),
            uses: HashMap::new(),
            watched: HashSet::new(),
            parent_tree: HashSet::new(),
            findings: Vec::new(),
            shown: Vec::new(),
            widgets: HashMap::new(),
        };
        comparison.find_changed();
        comparison.compare_trailers();
        comparison.compare_fields();
        comparison.compare_pages();
        comparison.compare_structure_tree();
        comparison.judge_rest();
        comparison.judge_uses();
        comparison.judge_dangling();
        comparison.judge_ambiguity();
        Changes { findings: comparison.findings, shown: comparison.shown }
    }

    fn before(&self) -> View {
        self.pair.old
    }

    fn after(&self) -> View {
        self.pair.new
    }

    fn find_changed(&mut self) {
        let document = self.document;
        let new = document.visible(self.after());
        let [gone, fresh] = document.apart(self.before(), self.after());
        let mut numbers: Vec<u32> = Vec::new();
        for &section in fresh.iter().chain(gone) {
            numbers.extend(document.sections.get(section).iter().flat_map(|section| section.numbers()));
        }
        numbers.sort_unstable();
        numbers.dedup();
        self.listed.clone_from(&numbers);
        let mut moved_streams = HashSet::new();
        for number in numbers {
            let kind = self.kind_of(number);
            if let Some(kind) = kind {
                self.changed.insert(number, kind);
                if kind == Kind::Overridden {
                    moved_streams.insert(number);
                }
            }
        }
        // Objects inside an object stream that was itself overridden change without being listed anew.
        // Readers go by the sections, not by /Type.
        let is_object_stream = |number: &u32| {
            let holds = |object: &Object| {
                matches!(object, Object::Stream(stream)
                    if stream.dictionary.get(b"N").is_some() && stream.dictionary.get(b"First").is_some())
            };
            let object = |view| document.object_at(view, *number, document.place(view, *number));
            holds(&object(self.pair.old)) || holds(&object(self.pair.new))
        };
        moved_streams.retain(is_object_stream);
        if moved_streams.is_empty() {
            return;
        }
        let all: HashSet<u32> = new
            .iter()
            .filter_map(|&section| document.sections.get(section))
            .flat_map(|section| section.numbers())
            .collect();
        for number in all {
            if !self.changed.contains_key(&number)
                && let Some(kind) = self.kind_of(number)
            {
                self.changed.insert(number, kind);
            }
        }
    }

    fn kind_of(&self, number: u32) -> Option<Kind> {
        let document = self.document;
        let (before, after) = (document.place(self.before(), number), document.place(self.after(), number));
        match (before, after) {
            (one, other) if one == other => {
                // The same bytes under another generation are not found by the references to them.
                let moved = document.generation(self.before(), number) != document.generation(self.after(), number);
                (moved && one != Place::Nowhere).then_some(Kind::Overridden)
            }
            (Place::Nowhere, _) => Some(Kind::New),
            (_, Place::Nowhere) => Some(Kind::Freed),
            _ => {
                let before = document.object_at(self.before(), number, before);
                let after = document.object_at(self.after(), number, after);
                // One that repeats a key may be the same to us only.
                if self.pair.same(&before, &after) && after.repeated_key().is_none() {
                    return None;
                }
                Some(match (before.is_null(), after.is_null()) {
                    (true, _) => Kind::New,
                    (false, true) => Kind::Freed,
                    (false, false) => Kind::Overridden,
                })
            }
        }
    }

    fn old_object(&self, number: u32) -> Rc<Object> {
        self.document.object_at(self.before(), number, self.document.place(self.before(), number))
    }

    fn new_object(&self, number: u32) -> Rc<Object> {
        self.document.object_at(self.after(), number, self.document.place(self.after(), number))
    }

    fn add(&mut self, level: ModificationLevel, object: Option<u32>, rule: &'static str, detail: impl Into<String>) {
        self.add_for_field(level, object, rule, detail, None);
    }

    fn add_for_field(
        &mut self,
        level: ModificationLevel,
        object: Option<u32>,
        rule: &'static str,
        detail: impl Into<String>,
        field: Option<String>,
    ) {
        let object = object.map(|number| ObjectId { number, generation: 0 });
        self.findings.push(Finding { level, object, rule, detail: detail.into(), field });
    }

    fn forbid(&mut self, object: Option<u32>, rule: &'static str, detail: impl Into<String>) {
        self.add(ModificationLevel::Forbidden, object, rule, detail);
    }

    fn kind(&self, number: u32) -> Option<Kind> {
        self.changed.get(&number).copied()
    }

    /// What no rule explained.
    fn judge_rest(&mut self) {
        let rest: Vec<(u32, Kind)> = self
            .changed
            .iter()
            .filter(|(number, _)| !self.explained.contains(number))
            .map(|(&number, &kind)| (number, kind))
            .collect();
        if rest.is_empty() {
            return;
        }
        let reachable_new = OnceCell::new();
        let reachable_old = OnceCell::new();
        let (document, old, new) = (self.document, self.before(), self.after());
        for (number, kind) in rest {
            let (before, after) = (self.old_object(number), self.new_object(number));
            let describes = |object: &Object, name: &[u8]| {
                matches!(object, Object::Stream(_))
                    && object.dictionary().is_some_and(|entries| entries.is(b"Type", name))
            };
            let container = |object: &Object| describes(object, b"XRef") || describes(object, b"ObjStm");
            let referred = self.shared.references(document).to(document, new, number).next().is_some()
                || self.shared.references(document).to(document, old, number).next().is_some();
            if !referred {
                if container(&after) || (kind != Kind::New && container(&before)) {
                    continue;
                }
                self.unreferenced(number, kind, &after);
                continue;
            }
            let in_new = reachable_new.get_or_init(|| reachable(document, new)).contains(&number);
            let in_old = reachable_old.get_or_init(|| reachable(document, old)).contains(&number);
            match kind {
                Kind::New if !in_new => self.unreferenced(number, kind, &after),
                Kind::Overridden | Kind::Freed if !in_new && !in_old => self.unreferenced(number, kind, &after),
                Kind::Freed if !in_new => {
                    self.add(
                        ModificationLevel::LongTermValidation,
                        Some(number),
                        "object-freed",
                        "no longer referred to",
                    );
                }
                Kind::New => {
                    let detail = format!("{} without a permitted use", describe(&after));
                    self.forbid(Some(number), "object-added", detail);
                }
                Kind::Freed => {
                    self.forbid(
                        Some(number),
                        "object-removed",
                        format!("{} still in use was freed", describe(&before)),
                    );
                }
                Kind::Overridden => self.overridden(number, &before, &after),
            }
        }
    }

    /// A changed object that nothing uses: harmless by itself, unless it is what a repairing viewer
    /// would take for the document's own structure.
    fn unreferenced(&mut self, number: u32, kind: Kind, after: &Object) {
        let structural = after.dictionary().is_some_and(|entries| {
            entries.is(b"Type", b"Catalog") || entries.is(b"Type", b"Pages") || entries.is(b"Type", b"Page")
        });
        if structural && kind != Kind::Freed {
            let detail = format!("{} that nothing refers to", describe(after));
            self.add(ModificationLevel::Suspicious, Some(number), "hidden-structure", detail);
        } else {
            let detail = format!("{} that nothing refers to", describe(after));
            self.add(ModificationLevel::LongTermValidation, Some(number), "unreferenced-object", detail);
        }
    }

    fn overridden(&mut self, number: u32, before: &Object, after: &Object) {
        let (Some(old), Some(new)) = (before.dictionary(), after.dictionary()) else {
            let detail = format!("{} became {}", describe(before), describe(after));
            return self.forbid(Some(number), "object-overwritten", detail);
        };
        let typed = |name: &[u8]| old.is(b"Type", name);
        // A stream is drawn, whatever its entries pretend.
        let annotation = matches!((before, after), (Object::Dictionary(_), Object::Dictionary(_)))
            && old.get(b"Subtype").is_some()
            && old.get(b"Rect").is_some();
        if annotation && !old.is(b"Subtype", b"Widget") {
            return self.changed_annotation(number, old, new);
        }
        let rule = match before {
            _ if annotation => "widget-changed",
            Object::Stream(_) if old.is(b"Subtype", b"Image") || old.is(b"Subtype", b"Form") => {
                "external-object-overwritten"
            }
            _ if typed(b"Font") || typed(b"FontDescriptor") => "font-overwritten",
            _ if typed(b"Pages") => "page-tree",
            _ if typed(b"Sig") || typed(b"DocTimeStamp") => "signature-changed",
            Object::Stream(_) => "stream-overwritten",
            _ => "object-overwritten",
        };
        let keys = self.pair.changed_keys(old, new);
        let keys: Vec<_> = keys.iter().map(|key| format!("/{}", String::from_utf8_lossy(key))).collect();
        let detail = format!(
            "{} changed in {}",
            describe(before),
            if keys.is_empty() { "data".to_owned() } else { keys.join(" ") }
        );
        self.forbid(Some(number), rule, detail);
    }

    /// What two readers may read differently.
    fn judge_ambiguity(&mut self) {
        let document = self.document;
        let [_, fresh] = document.apart(self.before(), self.after());
        if let Some(reason) = document.ambiguity(fresh) {
            self.add(ModificationLevel::Suspicious, None, "readers-disagree", reason);
        }
        if document.loses_by_size(self.before()) {
            let reason = "the newest trailer's /Size leaves out objects of before";
            self.add(ModificationLevel::Suspicious, None, "readers-disagree", reason);
        }
        let misplaced: Vec<u32> = self.misplaced();
        for number in misplaced {
            let reason = "the object does not stand, or not alone, where the update lists it";
            self.add(ModificationLevel::Suspicious, Some(number), "readers-disagree", reason);
        }
        let changed: Vec<u32> =
            self.changed.iter().filter(|(_, kind)| **kind != Kind::Freed).map(|(number, _)| *number).collect();
        for number in changed {
            let object = self.new_object(number);
            if let Some(key) = object.repeated_key() {
                let detail = format!("a dictionary repeats /{}", String::from_utf8_lossy(key));
                self.add(ModificationLevel::Suspicious, Some(number), "readers-disagree", detail);
            }
        }
    }

    /// Numbers that the update lists at places where readers find nothing, or one of two objects.
    fn misplaced(&self) -> Vec<u32> {
        let (document, after) = (self.document, self.after());
        let moved = self.listed.iter().copied().filter(|number| {
            let place = document.place(after, *number);
            place != Place::Nowhere && place != document.place(self.before(), *number)
        });
        let mut streams: HashMap<usize, HashSet<u32>> = HashMap::new();
        moved
            .filter(|&number| match document.place(after, number) {
                Place::Nowhere => false,
                place @ Place::File(_) => !document.stands_at(number, place),
                place @ Place::Stream(offset, _) => {
                    let twice = streams.entry(offset).or_insert_with(|| document.repeated_in_stream(after, offset));
                    twice.contains(&number) || !document.stands_at(number, place)
                }
            })
            .collect()
    }

    /// New objects that the earlier document already referred to: what it shows changes by them.
    fn judge_dangling(&mut self) {
        let document = self.document;
        let new: Vec<u32> =
            self.changed.iter().filter(|(_, kind)| **kind == Kind::New).map(|(number, _)| *number).collect();
        let reachable_old = OnceCell::new();
        for number in new {
            let references = self.shared.references(document);
            let used = references.to(document, self.pair.old, number).any(|origin| match origin {
                Origin::Trailer(_) => true,
                Origin::Object(owner, _) => {
                    reachable_old.get_or_init(|| reachable(document, self.pair.old)).contains(&owner)
                }
            });
            if used {
                self.forbid(
                    Some(number),
                    "dangling-reference-filled",
                    "the signed document already referred to this object",
                );
            }
        }
    }
}

/// Numbers of the references in a value.
fn collect_references(value: &Object, depth: u32, targets: &mut Vec<u32>) {
    if depth > 64 {
        return;
    }
    match value {
        Object::Reference(id) => targets.push(id.number),
        Object::Array(elements) => elements.iter().for_each(|element| collect_references(element, depth + 1, targets)),
        Object::Dictionary(_) | Object::Stream(_) => {
            for (_, entry) in value.dictionary().iter().flat_map(|entries| entries.iter()) {
                collect_references(entry, depth + 1, targets);
            }
        }
        _ => {}
    }
}

/// A few words on what an object is.
fn describe(object: &Object) -> String {
    let kind = match object {
        Object::Null => "null",
        Object::Boolean(_) => "a boolean",
        Object::Integer(_) | Object::Real(_) => "a number",
        Object::Name(_) => "a name",
        Object::String(_) => "a string",
        Object::Array(_) => "an array",
        Object::Dictionary(_) => "a dictionary",
        Object::Stream(_) => "a stream",
        Object::Reference(_) => "a reference",
    };
    let label = object.dictionary().and_then(|entries| entries.name(b"Type").or_else(|| entries.name(b"Subtype")));
    match label {
        Some(label) => format!("{kind} /{}", String::from_utf8_lossy(label)),
        None => kind.to_owned(),
    }
}
