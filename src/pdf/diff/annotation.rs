//! Rules for pages and their annotations (ISO 32000-2, 7.7.3.3, 12.5): a page may gain widgets of new
//! signatures, and markup where the certification allows it; nothing else on it may change.

use super::{Comparison, Kind, Origin};
use crate::model::ModificationLevel::{Annotation, LongTermValidation, Suspicious};
use crate::pdf::object::{Dictionary, Object};
use std::collections::HashSet;
use std::rc::Rc;

/// Markup that commenting makes (ISO 32000-2, 12.5.6.2); others load, play or cover.
const MARKUP: &[&[u8]] = &[
    b"Text",
    b"FreeText",
    b"Line",
    b"Square",
    b"Circle",
    b"Polygon",
    b"PolyLine",
    b"Highlight",
    b"Underline",
    b"Squiggly",
    b"StrikeOut",
    b"Caret",
    b"Stamp",
    b"Ink",
    b"Popup",
];

/// Pairs of annotations written into /Annots itself that are compared; real lists hold references.
const MOST_COMPARED: usize = 1_000_000;

/// The outer strip of a page that no text area reaches, in points: 15 mm, the smallest margin that
/// Decree 30/2020/NĐ-CP, Annex I, part I.3 allows.
const MARGIN: f64 = 42.5;

/// A line wider than this hides text rather than marks it, in points: body text is 13 or 14 points high
/// (Decree 30, PL I; ours).
const WIDE_LINE: f64 = 6.0;

/// Whether markup may paint over what lies below it: text boxes, stamps, filled shapes, wide lines, and
/// whatever draws itself, because an appearance may draw anything.
fn paints(entries: &Dictionary) -> bool {
    let filled = entries.get(b"IC").and_then(Object::array).is_some_and(|color| !color.is_empty());
    let style = entries.get(b"BS").and_then(Object::dictionary).and_then(|style| style.get(b"W"));
    let border = entries.get(b"Border").and_then(Object::array).and_then(|border| border.get(2));
    let wide = style.or(border).and_then(Object::number).is_some_and(|width| width > WIDE_LINE);
    matches!(entries.name(b"Subtype"), Some(b"FreeText" | b"Stamp")) || filled || wide || entries.get(b"AP").is_some()
}

/// Whether an annotation does something when it is touched.
fn acts(entries: &Dictionary) -> bool {
    entries.get(b"A").is_some() || entries.get(b"AA").is_some()
}

impl Comparison<'_, '_> {
    pub(super) fn compare_pages(&mut self) {
        let fields = self.shared.fields(self.document, self.after());
        for field in fields.iter() {
            let numbers = field.widgets.iter().filter_map(|widget| widget.id).map(|id| id.number);
            self.widgets.extend(numbers.map(|number| (number, field.is_signature())));
        }
        let overridden: Vec<u32> = self
            .changed
            .iter()
            .filter(|(number, kind)| **kind == Kind::Overridden && !self.explained.contains(number))
            .map(|(&number, _)| number)
            .collect();
        let mut done = HashSet::new();
        for number in &overridden {
            let (before, after) = (self.old_object(*number), self.new_object(*number));
            if let (Object::Dictionary(old), Object::Dictionary(new)) = (&*before, &*after)
                && old.is(b"Type", b"Page")
                && new.is(b"Type", b"Page")
            {
                done.insert(*number);
                self.compare_page(*number, old, new);
            }
        }
        // Lists of annotations that changed below an unchanged page.
        for number in overridden {
            if self.explained.contains(&number) || self.old_object(number).array().is_none() {
                continue;
            }
            let references = self.shared.references(self.document);
            let pages: Vec<u32> = references
                .to(self.document, self.before(), number)
                .filter_map(|origin| match origin {
                    Origin::Object(page, _) => Some(page),
                    Origin::Trailer(_) => None,
                })
                .collect();
            for page in pages {
                let object = self.new_object(page);
                let Object::Dictionary(entries) = &*object else { continue };
                let listed = entries.get(b"Annots").and_then(Object::reference).map(|id| id.number);
                if entries.is(b"Type", b"Page") && listed == Some(number) && done.insert(page) {
                    self.compare_annotations(page, entries, entries);
                }
            }
        }
    }

    fn compare_page(&mut self, number: u32, old: &Dictionary, new: &Dictionary) {
        // What may change in a page means nothing in any other object.
        self.settle(number);
        for key in self.pair.changed_keys(old, new) {
            let rule = match key.as_slice() {
                b"Annots" => continue,
                // The tab order and the link to the structure tree show nothing.
                b"Tabs" | b"StructParents" | b"LastModified"
                    if !matches!(new.get(&key), Some(Object::Reference(_) | Object::Dictionary(_))) =>
                {
                    continue;
                }
                b"Contents" | b"Resources" => "page-content",
                b"MediaBox" | b"CropBox" | b"Rotate" | b"UserUnit" | b"BleedBox" | b"TrimBox" | b"ArtBox" => {
                    "page-geometry"
                }
                b"Parent" | b"Type" => "page-tree",
                _ => "page-entry",
            };
            let detail = format!("/{} of the page differs", String::from_utf8_lossy(&key));
            self.forbid(Some(number), rule, detail);
        }
        self.compare_annotations(number, old, new);
    }

    fn compare_annotations(&mut self, page: u32, old: &Dictionary, new: &Dictionary) {
        let (before, after) = (old.get(b"Annots"), new.get(b"Annots"));
        let pages = (self.object_of(self.before(), page), self.object_of(self.after(), page));
        let lists = (self.entry(&pages.0, b"Annots"), self.entry(&pages.1, b"Annots"));
        self.explain_both(&lists.0, &lists.1);
        let (old_list, new_list) = (lists.0.value, lists.1.value);
        if before.and_then(Object::reference) != after.and_then(Object::reference) {
            // The list moved; what was its object may be gone.
            self.explain_freed(before);
        }
        let old_list = old_list.array().unwrap_or_default();
        let new_list = match &*new_list {
            Object::Array(elements) => elements.as_slice(),
            Object::Null => &[],
            _ => return self.forbid(Some(page), "annotations-malformed", "/Annots is not an array"),
        };
        let numbers = |list: &[Object]| -> HashSet<u32> {
            list.iter().filter_map(Object::reference).map(|id| id.number).collect()
        };
        let (old_numbers, new_numbers) = (numbers(old_list), numbers(new_list));
        for number in old_numbers.difference(&new_numbers) {
            if !self.old_object(*number).is_null() {
                self.forbid(Some(*number), "annotation-removed", "an annotation was taken off the page");
            }
        }
        // Annotations written into the list itself are compared as a whole.
        let direct = |list: &[Object]| -> Vec<Object> {
            list.iter().filter(|element| element.reference().is_none()).cloned().collect()
        };
        let (old_direct, new_direct) = (direct(old_list), direct(new_list));
        if old_direct.len().saturating_mul(new_list.len()) > MOST_COMPARED
            && !self.pair.same(&Object::Array(Rc::new(old_list.to_vec())), &Object::Array(Rc::new(new_list.to_vec())))
        {
            return self.forbid(Some(page), "annotations-malformed", "too many annotations written into the list");
        }
        let compared = old_direct.len().saturating_mul(new_list.len()) <= MOST_COMPARED;
        for element in old_direct.iter().filter(|_| compared) {
            let kept = new_list.iter().any(|other| self.pair.same(element, other));
            if !kept && !element.is_null() {
                self.forbid(Some(page), "annotation-removed", "an annotation was taken off the page or changed");
            }
        }
        for element in new_direct.iter().filter(|_| compared) {
            if !element.is_null() && !old_list.iter().any(|other| self.pair.same(other, element)) {
                self.added(None, element, page);
            }
        }
        let mut added: Vec<u32> = new_numbers.difference(&old_numbers).copied().collect();
        added.sort_unstable();
        for number in added {
            let object = self.new_object(number);
            // The same annotation, moved out of the list into its own object.
            if old_direct.iter().any(|element| self.pair.same(element, &object)) {
                self.explain_annotation(number);
                self.explain_new(&self.object_of(self.after(), number));
                continue;
            }
            self.added(Some(number), &object, page);
        }
    }

    fn explain_freed(&mut self, value: Option<&Object>) {
        if let Some(id) = value.and_then(Object::reference)
            && self.kind(id.number) == Some(Kind::Freed)
        {
            self.explain_target(id.number);
        }
    }

    fn added(&mut self, number: Option<u32>, annotation: &Object, page: u32) {
        if let Some(number) = number
            && let Some(&signature) = self.widgets.get(&number)
        {
            let new = self.kind(number) == Some(Kind::New);
            let entries = annotation.dictionary();
            let shown = entries
                .and_then(|entries| crate::pdf::form::rectangle(self.document, self.after(), entries.get(b"Rect")))
                .is_some_and(|[left, bottom, right, top]| right > left && top > bottom);
            // The field itself is judged with the form; a widget of before must not appear later.
            if !signature || (!new && shown) {
                self.forbid(Some(number), "widget-revealed", "a widget that existed before was put on a page");
            }
            return;
        }
        let Some(entries) = annotation.dictionary() else {
            // A dangling entry shows nothing.
            return self.add(LongTermValidation, Some(page), "annotation-empty", "an entry of /Annots is not there");
        };
        let subtype = entries.name(b"Subtype").unwrap_or_default();
        let detail = format!("/{} on the page of object {page}", String::from_utf8_lossy(subtype));
        if !MARKUP.contains(&subtype) {
            if let Some(number) = number {
                self.settle(number);
            }
            return self.forbid(number, "annotation-added", detail);
        }
        // Permitted by the letter of level 3, yet able to replace what was signed ("evil annotation").
        let covers = paints(entries) && !self.is_in_margin(page, entries);
        match number {
            Some(number) if self.kind(number) != Some(Kind::New) => {
                self.add(Suspicious, Some(number), "annotation-revealed", detail.clone());
            }
            Some(number) => {
                self.explain_annotation(number);
                self.explain_new(&self.object_of(self.after(), number));
                self.add(Annotation, Some(number), "annotation-added", detail.clone());
            }
            None => {
                let list = self.entry(&self.object_of(self.after(), page), b"Annots");
                self.explain_new(&self.element(&list, annotation));
                self.add(Annotation, None, "annotation-added", detail.clone());
            }
        }
        if covers {
            self.add(Suspicious, number, "annotation-covers", detail.clone());
        }
        if acts(entries) {
            self.add(Suspicious, number, "action-added", format!("{detail} has an action"));
        }
    }

    /// Whether the annotation lies wholly within one margin of the page: what it paints stays inside its
    /// /Rect (ISO 32000-2, 12.5.5). A page without a box is not trusted to have margins.
    fn is_in_margin(&self, page: u32, entries: &Dictionary) -> bool {
        let corners = |value: Option<&Object>| crate::pdf::form::rectangle(self.document, self.after(), value);
        let (mut node, mut crop, mut media) = (self.new_object(page), None, None);
        // Both boxes are inherited (ISO 32000-2, 7.7.3.4).
        for _ in 0..self.document.limits.depth.min(32) {
            let Some(entries) = node.dictionary() else { break };
            crop = crop.or_else(|| corners(entries.get(b"CropBox")));
            media = media.or_else(|| corners(entries.get(b"MediaBox")));
            let parent = self.document.value(self.after(), entries.get(b"Parent")).shared();
            node = parent;
        }
        let area = crop.or(media);
        let (Some([x0, y0, x1, y1]), Some([left, bottom, right, top])) = (area, corners(entries.get(b"Rect"))) else {
            return false;
        };
        right <= x0 + MARGIN || left >= x1 - MARGIN || top <= y0 + MARGIN || bottom >= y1 - MARGIN
    }

    /// An annotation of the signed document that was changed.
    pub(super) fn changed_annotation(&mut self, number: u32, old: &Dictionary, new: &Dictionary) {
        let subtype = old.name(b"Subtype").unwrap_or_default();
        let detail = format!("/{}", String::from_utf8_lossy(subtype));
        if MARKUP.contains(&subtype) && new.is(b"Subtype", subtype) {
            self.add(Annotation, Some(number), "annotation-changed", detail.clone());
            if paints(new) {
                self.add(Suspicious, Some(number), "annotation-covers", detail.clone());
            }
            if acts(new) && !self.pair.same_entry(old.get(b"A").or(old.get(b"AA")), new.get(b"A").or(new.get(b"AA"))) {
                self.add(Suspicious, Some(number), "action-added", format!("{detail} has an action"));
            }
            self.explain_annotation(number);
            for key in [b"AP".as_slice(), b"Popup"] {
                self.explain_new(&self.entry(&self.object_of(self.after(), number), key));
            }
        } else {
            self.forbid(Some(number), "annotation-changed", detail);
        }
    }
}
