//! Rules for form fields: new signature fields, signing an empty one, filling others (ISO 32000-2, 12.7).

use super::appearance::is_hidden;
use super::uses::Held;
use super::{Comparison, Kind};
use crate::model::ModificationLevel::{FormFilling, LongTermValidation, Suspicious};
use crate::pdf::form::{Field, Node, rectangle};
use crate::pdf::object::Object;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// Keys of a field or widget that signing or filling may change.
const FILLED: &[&[u8]] = &[b"V", b"AP", b"AS", b"I", b"RV", b"M", b"MK", b"DA", b"F", b"P", b"StructParent"];

impl Comparison<'_, '_> {
    pub(super) fn compare_fields(&mut self) {
        let before = self.shared.fields(self.document, self.before());
        let after = self.shared.fields(self.document, self.after());
        if Rc::ptr_eq(&before, &after) && self.changed.is_empty() {
            return;
        }
        // Comparing a field takes as long as visiting some objects.
        self.document.steps(before.len().saturating_add(after.len()).saturating_mul(4));
        if self.document.is_exhausted() {
            return;
        }
        let by_number: HashMap<u32, &Field> =
            before.iter().filter_map(|field| Some((field.node.id?.number, field))).collect();
        let by_name: HashMap<&str, &Field> = before.iter().map(|field| (field.name.as_str(), field)).collect();
        let signed_before = before.iter().any(|field| field.is_signature() && self.signed(field, true));
        let mut kept = HashSet::new();
        let mut containers = HashSet::new();
        for field in after.iter() {
            let numbered = field.node.id.and_then(|id| by_number.get(&id.number).copied());
            let was = numbered.or_else(|| by_name.get(field.name.as_str()).copied());
            match was {
                Some(was) => {
                    kept.insert(was.name.clone());
                    self.compare_field(was, field);
                }
                None => self.new_field(field, signed_before),
            }
            for ancestor in &field.ancestors {
                if let Some(id) = ancestor.id
                    && containers.insert(id.number)
                {
                    self.compare_container(ancestor);
                }
            }
        }
        for field in before.iter().filter(|field| !kept.contains(&field.name)) {
            let number = field.node.id.map(|id| id.number);
            let rule = if field.is_signature() { "signature-field-removed" } else { "form-field-removed" };
            self.forbid(number, rule, format!("field {}", field.name));
        }
    }

    /// Whether a signature field has a value in the old or the new view.
    fn signed(&self, field: &Field, old: bool) -> bool {
        let view = if old { self.before() } else { self.after() };
        self.document.value(view, field.value.as_ref()).dictionary().is_some()
    }

    /// A node between the root and the fields: it may only gain kids.
    fn compare_container(&mut self, node: &Node) {
        let Some(id) = node.id else { return };
        let Some(after) = node.dictionary() else { return };
        match self.kind(id.number) {
            Some(Kind::Overridden) => {
                let before = self.old_object(id.number);
                let Some(before) = before.dictionary() else { return };
                let other = self.pair.changed_keys(before, after).into_iter().find(|key| key != b"Kids");
                if let Some(key) = other {
                    let detail = format!("/{} of a field's parent differs", String::from_utf8_lossy(&key));
                    self.forbid(Some(id.number), "form-field-changed", detail);
                }
                self.explain_annotation(id.number);
            }
            Some(Kind::New) => self.explain_annotation(id.number),
            _ => {}
        }
        // Removed kids are found as removed fields, added ones as new fields.
        let old = self.entry(&self.object_of(self.before(), id.number), b"Kids");
        let new = self.entry(&self.node_of(self.after(), node), b"Kids");
        self.explain_both(&old, &new);
    }

    fn new_field(&mut self, field: &Field, signed_before: bool) {
        let number = field.node.id.map(|id| id.number);
        let detail = format!("field {}", field.name);
        if let Some(fault) = field.fault {
            return self.forbid(number, "form-field-malformed", format!("{detail}: {fault}"));
        }
        if !field.is_signature() {
            return self.forbid(number, "form-field-added", detail);
        }
        let value = self.document.value(self.after(), field.value.as_ref()).shared();
        let dictionary = value.dictionary();
        if !value.is_null() && dictionary.is_none() {
            return self.forbid(number, "form-field-malformed", format!("{detail}: its value is no dictionary"));
        }
        for node in std::iter::once(&field.node).chain(&field.widgets).chain(&field.ancestors) {
            self.explain_node(node);
        }
        if let Some(value) = &field.value {
            if value.reference().is_some_and(|id| self.kind(id.number) != Some(Kind::New)) {
                let detail = format!("{detail}: its value is an object of the signed document");
                self.forbid(number, "signature-value-reused", detail);
            }
            self.explain_signature(field, value);
        }
        let timestamp = dictionary
            .is_some_and(|entries| entries.is(b"Type", b"DocTimeStamp") || entries.is(b"SubFilter", b"ETSI.RFC3161"));
        let shown = field.widgets.iter().any(|widget| self.area(widget) > 0.0);
        let drawn = |node: &Node| node.dictionary().is_some_and(|entries| self.draws(entries));
        // Without the two entries that make one it is no signature (ISO 32000-2, table 255).
        let signs =
            dictionary.is_some_and(|entries| entries.get(b"Contents").is_some() && entries.get(b"ByteRange").is_some());
        if !signs && shown && field.widgets.iter().any(drawn) {
            self.add(Suspicious, number, "unsigned-appearance", format!("{detail} shows something but is not signed"));
        }
        match (timestamp, shown) {
            (true, false) => self.add(LongTermValidation, number, "document-timestamp-added", detail.clone()),
            _ => self.add(FormFilling, number, "signature-field-added", detail.clone()),
        }
        let acts = |node: &Node| {
            node.dictionary().is_some_and(|entries| entries.get(b"A").is_some() || entries.get(b"AA").is_some())
        };
        // What was signed with an action above it keeps that action.
        let fresh = |node: &&Node| node.id.is_none_or(|id| self.kind(id.number) == Some(Kind::New));
        if std::iter::once(&field.node).chain(&field.widgets).chain(field.ancestors.iter().filter(fresh)).any(acts) {
            self.add(Suspicious, number, "action-added", format!("{detail} has an action"));
        }
        self.judge_certification(field, signed_before, number);
        self.record_shown(field, None);
    }

    /// Only the first signature of a document may certify it (ISO 32000-2, 12.8.2.2.1).
    fn judge_certification(&mut self, field: &Field, signed_before: bool, number: Option<u32>) {
        if !signed_before {
            return;
        }
        let value = self.document.value(self.after(), field.value.as_ref()).shared();
        let references = value.dictionary().and_then(|entries| entries.get(b"Reference"));
        let references = self.document.value(self.after(), references).shared();
        let certifies = references.array().unwrap_or_default().iter().any(|reference| {
            let reference = self.document.value(self.after(), Some(reference));
            reference.dictionary().is_some_and(|entries| {
                self.document.value(self.after(), entries.get(b"TransformMethod")).name() == Some(b"DocMDP")
            })
        });
        if certifies {
            self.forbid(
                number,
                "certification-after-signature",
                format!("field {} certifies a signed document", field.name),
            );
        }
    }

    /// Explains a new field or widget and all new objects it uses.
    fn explain_node(&mut self, node: &Node) {
        match node.id {
            Some(id) if self.kind(id.number) != Some(Kind::New) => {}
            Some(id) => {
                self.explain_annotation(id.number);
                self.explain_new(&self.object_of(self.after(), id.number));
            }
            None => self.explain_new(&self.node_of(self.after(), node)),
        }
    }

    /// Explains a new signature dictionary: fields and /Perms refer to it.
    fn explain_signature(&mut self, field: &Field, value: &Object) {
        match value.reference() {
            Some(id) => {
                if self.kind(id.number) == Some(Kind::New) {
                    self.explain_value(field, value);
                    self.allow_under(id.number, b"DocMDP");
                    self.explain_new(&self.object_of(self.after(), id.number));
                }
            }
            None => self.explain_new(&self.entry(&self.node_of(self.after(), &field.node), b"V")),
        }
    }

    fn compare_field(&mut self, was: &Field, is: &Field) {
        let number = is.node.id.map(|id| id.number);
        let touched = self.node_touched(is)
            || self.differs(was.value.as_ref(), is.value.as_ref())
            || was.node.id != is.node.id
            || self.widgets_differ(was, is);
        if was.name != is.name || was.kind != is.kind {
            let detail = format!("field {} became {}", was.name, is.name);
            return self.forbid(number, "form-field-changed", detail);
        }
        if is.fault.is_some() && is.fault != was.fault {
            return self.forbid(number, "form-field-malformed", format!("field {}", is.name));
        }
        if !touched {
            return;
        }
        let signed_before = was.is_signature() && self.signed(was, true);
        let value_changed = self.differs(was.value.as_ref(), is.value.as_ref());
        if signed_before {
            if value_changed {
                if let Some(id) = is.value.as_ref().and_then(Object::reference) {
                    self.settle(id.number);
                }
                self.forbid(number, "signature-changed", format!("the signature of field {} differs", is.name));
            }
        } else if was.is_signature() && value_changed {
            self.signing(was, is, number);
        } else if value_changed {
            if let Some(value) = &is.value {
                self.explain_value(is, value);
            }
            let detail = format!("field {}", is.name);
            self.add_for_field(FormFilling, number, "form-field-filled", detail, Some(is.name.clone()));
            self.record_shown(is, Some(was));
        }
        let fillable = value_changed && !signed_before;
        let mut nodes: Vec<(Option<&Node>, &Node)> = vec![(Some(&was.node), &is.node)];
        for widget in is.widgets.iter().filter(|widget| widget.id != is.node.id || widget.id.is_none()) {
            if widget.id.is_none() && is.node.id.is_none() {
                continue;
            }
            let old = was.widgets.iter().find(|old| old.id == widget.id && old.id.is_some());
            nodes.push((old, widget));
        }
        // A field that has its widget is signed in it.
        let complete = was.widgets.iter().any(|widget| self.old_area(widget) > 0.0) || was.widgets.len() > 1;
        for (old, new) in nodes {
            if old.is_none() && complete && fillable && is.is_signature() {
                let detail = format!("field {}: a widget was added", is.name);
                self.add(Suspicious, new.id.map(|id| id.number), "widget-added", detail);
            }
            if fillable && old.is_some() && !is.is_signature() {
                self.judge_text(was, is, old, new);
            }
            self.compare_node(is, old, new, fillable);
        }
        let removed = was.widgets.iter().filter_map(|widget| widget.id);
        for id in removed.filter(|id| !is.widgets.iter().any(|widget| widget.id == Some(*id))) {
            self.forbid(Some(id.number), "widget-removed", format!("field {}", is.name));
        }
        let kids = |held: Held| self.entry(&held, b"Kids");
        let (old, new) = (kids(self.node_of(self.before(), &was.node)), kids(self.node_of(self.after(), &is.node)));
        self.explain_both(&old, &new);
    }

    fn old_area(&self, widget: &Node) -> f64 {
        let written = widget.dictionary().and_then(|entries| entries.get(b"Rect"));
        let [left, bottom, right, top] = rectangle(self.document, self.before(), written).unwrap_or_default();
        (right - left) * (top - bottom)
    }

    fn node_touched(&self, field: &Field) -> bool {
        let kids = field.node.dictionary().and_then(|entries| entries.get(b"Kids"));
        let changed =
            |value: Option<&Object>| value.and_then(Object::reference).is_some_and(|id| self.kind(id.number).is_some());
        // Appearances may be rewritten in place, below a widget that stays the same.
        let appearance_changed = |node: &Node| {
            let entry = node.dictionary().and_then(|entries| entries.get(b"AP"));
            let Some(entry) = entry else { return false };
            let mut targets = Vec::new();
            super::collect_references(entry, 0, &mut targets);
            if let Some(id) = entry.reference() {
                super::collect_references(&self.new_object(id.number), 0, &mut targets);
            }
            targets.iter().any(|target| self.kind(*target).is_some())
        };
        changed(kids)
            || std::iter::once(&field.node)
                .chain(&field.widgets)
                .any(|node| node.id.is_some_and(|id| self.kind(id.number).is_some()) || appearance_changed(node))
    }

    fn widgets_differ(&self, was: &Field, is: &Field) -> bool {
        was.widgets.len() != is.widgets.len()
            || was.widgets.iter().zip(&is.widgets).any(|(old, new)| old.id != new.id)
            || (is.node.id.is_none() && !self.pair.same(&was.node.object, &is.node.object))
    }

    /// An empty signature field gets its value.
    fn signing(&mut self, was: &Field, field: &Field, number: Option<u32>) {
        let detail = format!("field {}", field.name);
        let value = self.document.value(self.after(), field.value.as_ref()).shared();
        let Some(dictionary) = value.dictionary() else {
            return self.forbid(number, "form-field-malformed", format!("{detail}: its value is no dictionary"));
        };
        let timestamp = dictionary.is(b"Type", b"DocTimeStamp") || dictionary.is(b"SubFilter", b"ETSI.RFC3161");
        if let Some(value) = &field.value {
            self.explain_signature(field, value);
        }
        if timestamp {
            self.add_for_field(
                LongTermValidation,
                number,
                "document-timestamp-added",
                detail,
                Some(field.name.clone()),
            );
        } else {
            self.add_for_field(FormFilling, number, "signature-field-signed", detail, Some(field.name.clone()));
        }
        let before = self.shared.fields(self.document, self.before());
        let signed_before = before.iter().any(|field| field.is_signature() && self.signed(field, true));
        self.judge_certification(field, signed_before, number);
        let signs = dictionary.get(b"Contents").is_some() && dictionary.get(b"ByteRange").is_some();
        let drawn = |node: &Node| self.area(node) > 0.0 && node.dictionary().is_some_and(|node| self.draws(node));
        if !signs && field.widgets.iter().any(drawn) {
            let detail = format!("field {} shows something but is not signed", field.name);
            self.add(Suspicious, number, "unsigned-appearance", detail);
        }
        self.record_shown(field, Some(was));
    }

    /// The new value of a field: a text, a name or an array of them, perhaps indirect.
    fn explain_value(&mut self, field: &Field, value: &Object) {
        let Some(id) = value.reference() else {
            let held = self.entry(&self.node_of(self.after(), &field.node), b"V");
            return self.explain_elements(&held);
        };
        // The field's own entry or an inherited one; nothing else reads /V of a dictionary as an object.
        self.explain_target(id.number);
        self.allow_under(id.number, b"V");
        let held = self.object_of(self.after(), id.number);
        self.explain_elements(&held);
    }

    /// A field's own dictionary or one of its widgets.
    fn compare_node(&mut self, field: &Field, was: Option<&Node>, is: &Node, fillable: bool) {
        let number = is.id.map(|id| id.number);
        let detail = |text: &str| format!("field {}: {text}", field.name);
        let Some(after) = is.dictionary() else { return };
        let Some(was) = was else {
            // A widget for a signature field that is being signed.
            if field.is_signature() && fillable {
                return self.explain_node(is);
            }
            return self.forbid(number, "widget-added", detail("a widget was added"));
        };
        let Some(before) = was.dictionary() else { return };
        if was.id != is.id {
            return self.forbid(number, "form-field-changed", detail("another object took its place"));
        }
        if let Some(number) = number {
            self.explain_annotation(number);
        }
        let nodes = (self.node_of(self.before(), was), self.node_of(self.after(), is));
        let mut appearance = self.appearance_differs(before.get(b"AP"), after.get(b"AP"));
        for key in self.pair.changed_keys(before, after) {
            match key.as_slice() {
                b"Kids" | b"V" => {}
                b"AP" | b"AS" => appearance = true,
                b"F" if fillable && !field.is_signature() && is_hidden(before) != is_hidden(after) => {
                    self.add(Suspicious, number, "field-visibility", detail("it was hidden or revealed"));
                }
                key if fillable && FILLED.contains(&key) => {
                    let entries = (self.entry(&nodes.0, key), self.entry(&nodes.1, key));
                    self.explain_both(&entries.0, &entries.1);
                }
                // Bookkeeping that shows nothing.
                b"M" | b"P" | b"StructParent" => {}
                key => {
                    let detail = detail(&format!("/{} differs", String::from_utf8_lossy(key)));
                    self.forbid(number, "form-field-changed", detail);
                }
            }
        }
        if !appearance {
            return;
        }
        let looks = (self.entry(&nodes.0, b"AP"), self.entry(&nodes.1, b"AP"));
        self.explain_appearance(&looks.0, &looks.1);
        if fillable {
            // An appearance dictionary of its own must be this widget's alone.
            self.watch(&looks.0);
            if after.get(b"AP").is_none() && before.get(b"AP").is_some() {
                self.add(Suspicious, number, "appearance-removed", detail("its appearance was removed"));
            }
        } else if field.is_signature() {
            self.forbid(number, "signature-appearance-changed", detail("the appearance differs"));
        } else {
            self.add(
                Suspicious,
                number,
                "appearance-without-value",
                detail("the appearance differs, the value does not"),
            );
        }
    }

    pub(super) fn appearance_differs(&self, before: Option<&Object>, after: Option<&Object>) -> bool {
        if self.differs(before, after) {
            return true;
        }
        let Some(after) = after else { return false };
        let resolved = self.document.value(self.after(), Some(after));
        let Some(states) = resolved.dictionary() else { return false };
        states.iter().any(|(_, state)| {
            self.differs(Some(state), Some(state)) || {
                let inner = self.document.value(self.after(), Some(state));
                matches!(&*inner, Object::Dictionary(entries)
                    if entries.iter().any(|(_, entry)| self.differs(Some(entry), Some(entry))))
            }
        })
    }

    /// /AP of a filled field: streams may be new or, if nothing else uses them, rewritten.
    fn explain_appearance(&mut self, old: &Held, new: &Held) {
        if new.written.is_none() {
            return;
        }
        self.explain_new(new);
        self.explain_both(old, new);
        let Object::Dictionary(kinds) = &*new.value else { return };
        for (kind, _) in kinds.iter() {
            let looks = (self.entry(old, kind), self.entry(new, kind));
            self.explain_look(&looks.0, &looks.1);
            let Object::Dictionary(states) = &*looks.1.value else { continue };
            for (state, _) in states.iter() {
                let looks = (self.entry(&looks.0, state), self.entry(&looks.1, state));
                self.explain_look(&looks.0, &looks.1);
            }
        }
    }

    fn explain_look(&mut self, old: &Held, new: &Held) {
        self.explain_both(old, new);
        if new.dictionary().is_some() {
            // A stream may be written into no other object, so the inside is its own.
            self.explain_new(&Held::inside_of(new));
            // Resources of the appearance may be rewritten with it.
            for key in [b"Resources".as_slice(), b"Length"] {
                let entries = (self.entry(old, key), self.entry(new, key));
                self.explain_both(&entries.0, &entries.1);
            }
        }
    }
}
