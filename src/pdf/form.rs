//! Walks what holds fields: the interactive form (ISO 32000-2, 12.7) and the pages' annotations (12.5),
//! as of one view, bounded and proof against cycles.

use super::document::{Document, View};
use super::object::{Dictionary, Object, ObjectId};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;

/// A widget annotation or a field: its number where it is an indirect object, and its value.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) id: Option<ObjectId>,
    pub(super) object: Rc<Object>,
}

impl Node {
    pub(super) fn dictionary(&self) -> Option<&Dictionary> {
        self.object.dictionary()
    }
}

/// A terminal field (ISO 32000-2, 12.7.4.1).
#[derive(Clone, Debug)]
pub(super) struct Field {
    /// Fully qualified name.
    pub(super) name: String,
    pub(super) node: Node,
    /// Ancestors, root first.
    pub(super) ancestors: Vec<Node>,
    /// /FT, inherited.
    pub(super) kind: Option<Vec<u8>>,
    /// /V as written, inherited.
    pub(super) value: Option<Object>,
    /// The field itself if it is merged with its widget, else its kids.
    pub(super) widgets: Vec<Node>,
    /// Why the partial name or the kids are not what they must be.
    pub(super) fault: Option<&'static str>,
}

impl Field {
    pub(super) fn is_signature(&self) -> bool {
        self.kind.as_deref() == Some(b"Sig")
    }
}

struct Inherited {
    name: String,
    kind: Option<Vec<u8>>,
    value: Option<Object>,
    ancestors: Vec<Node>,
    fault: Option<&'static str>,
}

impl Inherited {
    /// Bytes of memory that a copy takes.
    fn weight(&self) -> u64 {
        let kind = self.kind.as_ref().map_or(0, Vec::len);
        let own = size_of::<Field>() + self.name.len() + kind + self.ancestors.len() * size_of::<Node>();
        u64::try_from(own).unwrap_or(u64::MAX).saturating_add(self.value.as_ref().map_or(0, Object::weight))
    }
}

/// Every terminal field reached from /AcroForm /Fields, in document order.
pub(super) fn fields(document: &Document<'_>, view: View) -> Rc<Vec<Field>> {
    document.fields.get(document, view, || {
        let mut walk = Walk { document, view, seen: HashSet::new(), found: Vec::new(), held: 0 };
        let catalog = document.catalog(view);
        let form = document.value(view, catalog.dictionary().and_then(|catalog| catalog.get(b"AcroForm")));
        let roots = document.value(view, form.dictionary().and_then(|form| form.get(b"Fields")));
        for root in roots.array().unwrap_or_default() {
            let ancestors = Vec::new();
            walk.field(root, Inherited { name: String::new(), kind: None, value: None, ancestors, fault: None });
        }
        (walk.found, walk.held)
    })
}

/// The value of `element` and its number, unless it was seen before. A direct value is copied: `held` counts it.
fn node(
    document: &Document<'_>,
    view: View,
    element: &Object,
    seen: &mut HashSet<u32>,
    held: &mut u64,
) -> Option<Node> {
    document.step();
    let id = element.reference();
    match id {
        Some(id) if !seen.insert(id.number) => return None,
        Some(_) => {}
        None => {
            let weight = element.weight();
            document.hold(weight);
            *held += weight;
        }
    }
    if document.is_exhausted() {
        return None;
    }
    Some(Node { id, object: document.value(view, Some(element)).shared() })
}

/// One walk through the fields.
struct Walk<'d, 'a> {
    document: &'d Document<'a>,
    view: View,
    seen: HashSet<u32>,
    found: Vec<Field>,
    /// Bytes of memory that `found` takes.
    held: u64,
}

impl Walk<'_, '_> {
    fn field(&mut self, element: &Object, inherited: Inherited) {
        let (document, view) = (self.document, self.view);
        if u64::try_from(inherited.ancestors.len()).unwrap_or(u64::MAX) > document.limits.depth {
            return document.exhaust("depth", document.limits.depth);
        }
        let Some(node) = node(document, view, element, &mut self.seen, &mut self.held) else { return };
        let Some(dictionary) = node.dictionary() else { return };
        let mut name = inherited.name;
        let mut fault = inherited.fault;
        match &*document.value(view, dictionary.get(b"T")) {
            Object::String(part) => {
                let part = document.text(part);
                if part.contains('.') {
                    fault = Some("a partial field name holds a period");
                }
                if !name.is_empty() {
                    name.push('.');
                }
                name.push_str(&part);
            }
            Object::Null => {}
            _ => fault = Some("a partial field name is not a string"),
        }
        if u64::try_from(name.len()).unwrap_or(u64::MAX) > document.limits.field_name_bytes {
            return document.exhaust("field_name_bytes", document.limits.field_name_bytes);
        }
        let own_kind = document.value(view, dictionary.get(b"FT")).name().map(<[u8]>::to_vec);
        let kind = own_kind.or(inherited.kind);
        let value = dictionary.get(b"V").cloned().or(inherited.value);
        if let Some(id) = value.as_ref().and_then(Object::reference) {
            // What the value is decides what the field is, so it counts as looked at.
            document.place(view, id.number);
        }
        let kids = document.value(view, dictionary.get(b"Kids"));
        let mut widgets = Vec::new();
        let mut children = Vec::new();
        match &*kids {
            Object::Null => {}
            Object::Array(kids) => {
                for kid in kids.iter() {
                    document.step();
                    if document.is_exhausted() {
                        return;
                    }
                    let target = document.value(view, Some(kid));
                    match target.dictionary() {
                        Some(child) if child.get(b"T").is_some() || child.get(b"Kids").is_some() => {
                            children.push(kid);
                        }
                        Some(_) => widgets.extend(self::node(document, view, kid, &mut self.seen, &mut self.held)),
                        None => fault = Some("a kid of a field is not a dictionary"),
                    }
                }
            }
            _ => fault = Some("/Kids of a field is not an array"),
        }
        let mut inherited = Inherited { name, kind, value, ancestors: inherited.ancestors, fault };
        if children.is_empty() {
            if widgets.is_empty() && dictionary.get(b"Kids").is_none() {
                widgets.push(node.clone());
            }
            let widgets_held = u64::try_from(widgets.len() * size_of::<Node>()).unwrap_or(u64::MAX);
            let weight = inherited.weight().saturating_add(widgets_held);
            document.hold(weight);
            self.held = self.held.saturating_add(weight);
            let Inherited { name, kind, value, ancestors, fault } = inherited;
            self.found.push(Field { name, node, ancestors, kind, value, widgets, fault });
            return;
        }
        inherited.ancestors.push(node.clone());
        // A copy is made for each child, one after the other: each must fit.
        let weight = inherited.weight();
        for child in children {
            document.hold(weight);
            if !document.is_exhausted() {
                let Inherited { name, kind, value, ancestors, fault } = &inherited;
                let inherited = Inherited {
                    name: name.clone(),
                    kind: kind.clone(),
                    value: value.clone(),
                    ancestors: ancestors.clone(),
                    fault: *fault,
                };
                self.field(child, inherited);
            }
            document.release(weight);
        }
    }
}

/// Elements of a list, kept with the object that holds them.
#[derive(Clone, Debug)]
pub(super) struct Elements {
    holder: Rc<Object>,
    /// The list is this entry of `holder`, else `holder` itself.
    key: Option<&'static [u8]>,
}

impl std::ops::Deref for Elements {
    type Target = [Object];

    fn deref(&self) -> &[Object] {
        let list = match self.key {
            Some(key) => self.holder.dictionary().and_then(|entries| entries.get(key)),
            None => Some(&*self.holder),
        };
        list.and_then(Object::array).unwrap_or_default()
    }
}

impl<'e> IntoIterator for &'e Elements {
    type Item = &'e Object;
    type IntoIter = std::slice::Iter<'e, Object>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// A page with its annotations.
#[derive(Clone, Debug)]
pub(super) struct Page {
    /// The page object.
    pub(super) node: Node,
    /// Elements of /Annots. Pages may share a list.
    pub(super) annotations: Elements,
}

/// The pages of a view, in order.
#[derive(Debug, Default)]
pub(super) struct Pages {
    pub(super) list: Vec<Page>,
    /// Page index by number of the annotation object.
    by_annotation: HashMap<u32, usize>,
    /// Further pages that list an annotation.
    elsewhere: HashMap<u32, Vec<usize>>,
    /// Further pages that show the list of the page of this index.
    sharing: HashMap<usize, Vec<usize>>,
}

impl Pages {
    /// Walks the page tree (ISO 32000-2, 7.7.3).
    pub(super) fn read(document: &Document<'_>, view: View) -> Rc<Self> {
        document.pages.get(document, view, || Self::walk(document, view))
    }

    fn walk(document: &Document<'_>, view: View) -> (Self, u64) {
        let mut pages = Self::default();
        let mut held = 0;
        let catalog = document.catalog(view);
        let Some(root) = catalog.dictionary().and_then(|catalog| catalog.get(b"Pages")) else { return (pages, held) };
        let mut seen = HashSet::new();
        let mut lists: HashMap<u32, usize> = HashMap::new();
        // Nodes still to visit, the next one last.
        let mut open = vec![(root.clone(), 0_u64)];
        while let Some((element, depth)) = open.pop() {
            if depth > document.limits.depth {
                document.exhaust("depth", document.limits.depth);
                break;
            }
            let node = node(document, view, &element, &mut seen, &mut held);
            if document.is_exhausted() {
                break;
            }
            let Some(node) = node else { continue };
            let Some(dictionary) = node.dictionary() else { continue };
            let kids = document.value(view, dictionary.get(b"Kids"));
            if let Some(kids) = kids.array().filter(|_| !dictionary.is(b"Type", b"Page")) {
                // Direct kids are copied twice: here, and as nodes.
                let weight = kids.iter().map(Object::weight).sum::<u64>();
                document.hold(weight);
                held = held.saturating_add(weight);
                if document.is_exhausted() {
                    break;
                }
                open.extend(kids.iter().rev().map(|kid| (kid.clone(), depth + 1)));
                continue;
            }
            let weight = u64::try_from(size_of::<Page>()).unwrap_or(u64::MAX);
            document.hold(weight);
            held += weight;
            let annotations = match dictionary.get(b"Annots") {
                Some(Object::Reference(id)) => {
                    let list = Elements { holder: document.value(view, dictionary.get(b"Annots")).shared(), key: None };
                    // A list that pages share belongs to the first.
                    let first = *lists.entry(id.number).or_insert(pages.list.len());
                    if first != pages.list.len() {
                        pages.sharing.entry(first).or_default().push(pages.list.len());
                        pages.list.push(Page { node: node.clone(), annotations: list });
                        continue;
                    }
                    list
                }
                _ => Elements { holder: Rc::clone(&node.object), key: Some(b"Annots") },
            };
            document.steps(annotations.len());
            let index = pages.list.len();
            for id in annotations.iter().filter_map(Object::reference) {
                let first = *pages.by_annotation.entry(id.number).or_insert(index);
                if first != index {
                    pages.elsewhere.entry(id.number).or_default().push(index);
                }
            }
            let weight = u64::try_from(annotations.len() * 2 * size_of::<(u32, usize)>()).unwrap_or(u64::MAX);
            document.hold(weight);
            held = held.saturating_add(weight);
            pages.list.push(Page { node: node.clone(), annotations });
        }
        (pages, held)
    }

    /// Indices of all pages that show the annotation of this number: one, as the standard has it (ISO 32000-2,
    /// 12.5.2).
    pub(super) fn all_of(&self, number: u32) -> BTreeSet<usize> {
        let first = self.by_annotation.get(&number).into_iter();
        let listed = first.chain(self.elsewhere.get(&number).into_iter().flatten());
        let shared = |index: &usize| self.sharing.get(index).cloned().unwrap_or_default();
        listed.flat_map(|index| std::iter::once(*index).chain(shared(index))).collect()
    }

    /// Index of the page that lists one of `widgets`.
    pub(super) fn of_widgets(&self, widgets: &[Node]) -> Option<usize> {
        widgets.iter().filter_map(|widget| widget.id).find_map(|id| self.by_annotation.get(&id.number).copied())
    }
}

/// A rectangle (ISO 32000-2, 7.9.5), corners put in order.
pub(super) fn rectangle(document: &Document<'_>, view: View, value: Option<&Object>) -> Option<[f64; 4]> {
    let value = document.value(view, value);
    let corner = |index: usize| document.value(view, value.array()?.get(index)).number();
    let (a, b, c, d) = (corner(0)?, corner(1)?, corner(2)?, corner(3)?);
    Some([a.min(c), b.min(d), a.max(c), b.max(d)])
}
