//! Walks what holds fields: the interactive form (ISO 32000-2, 12.7) and the pages' annotations (12.5),
//! as of one view, bounded and proof against cycles.

use super::document::{Document, View};
use super::object::{Dictionary, Object, ObjectId};
use std::collections::{HashMap, HashSet};
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

/// Every terminal field reached from /AcroForm /Fields, in document order.
pub(super) fn fields(document: &Document<'_>, view: View) -> Vec<Field> {
    let catalog = document.catalog(view);
    let form = document.value(view, catalog.dictionary().and_then(|catalog| catalog.get(b"AcroForm")));
    let roots = document.value(view, form.dictionary().and_then(|form| form.get(b"Fields")));
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    for root in roots.array().unwrap_or_default() {
        let inherited = Inherited { name: String::new(), kind: None, value: None, ancestors: Vec::new(), fault: None };
        walk(document, view, root, inherited, &mut seen, &mut found);
    }
    found
}

/// The value of `element` and its number, unless it was seen before.
fn node(document: &Document<'_>, view: View, element: &Object, seen: &mut HashSet<u32>) -> Option<Node> {
    let id = element.reference();
    if let Some(id) = id
        && !seen.insert(id.number)
    {
        return None;
    }
    Some(Node { id, object: document.value(view, Some(element)).shared() })
}

fn walk(
    document: &Document<'_>,
    view: View,
    element: &Object,
    inherited: Inherited,
    seen: &mut HashSet<u32>,
    found: &mut Vec<Field>,
) {
    if u64::try_from(inherited.ancestors.len()).unwrap_or(u64::MAX) > document.limits.depth {
        return document.exhaust("depth", document.limits.depth);
    }
    document.step();
    if document.is_exhausted() {
        return;
    }
    let Some(node) = node(document, view, element, seen) else { return };
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
    let own_kind = document.value(view, dictionary.get(b"FT")).name().map(<[u8]>::to_vec);
    let kind = own_kind.or(inherited.kind);
    let value = dictionary.get(b"V").cloned().or(inherited.value);
    let kids = document.value(view, dictionary.get(b"Kids"));
    let mut widgets = Vec::new();
    let mut children = Vec::new();
    match &*kids {
        Object::Null => {}
        Object::Array(kids) => {
            for kid in kids {
                let target = document.value(view, Some(kid));
                match target.dictionary() {
                    Some(child) if child.get(b"T").is_some() || child.get(b"Kids").is_some() => {
                        children.push(kid.clone());
                    }
                    Some(_) => widgets.extend(self::node(document, view, kid, seen)),
                    None => fault = Some("a kid of a field is not a dictionary"),
                }
            }
        }
        _ => fault = Some("/Kids of a field is not an array"),
    }
    if children.is_empty() {
        if widgets.is_empty() && dictionary.get(b"Kids").is_none() {
            widgets.push(node.clone());
        }
        found.push(Field { name, node, ancestors: inherited.ancestors, kind, value, widgets, fault });
        return;
    }
    let mut ancestors = inherited.ancestors;
    ancestors.push(node);
    for child in children {
        let inherited = Inherited {
            name: name.clone(),
            kind: kind.clone(),
            value: value.clone(),
            ancestors: ancestors.clone(),
            fault,
        };
        walk(document, view, &child, inherited, seen, found);
    }
}

/// A page with its annotations.
#[derive(Clone, Debug)]
pub(super) struct Page {
    /// The page object.
    pub(super) node: Node,
    /// Elements of /Annots.
    pub(super) annotations: Vec<Object>,
}

/// The pages of a view, in order.
#[derive(Debug, Default)]
pub(super) struct Pages {
    pub(super) list: Vec<Page>,
    /// Page index by number of the annotation object.
    by_annotation: HashMap<u32, usize>,
}

impl Pages {
    /// Walks the page tree (ISO 32000-2, 7.7.3).
    pub(super) fn read(document: &Document<'_>, view: View) -> Self {
        let mut pages = Self::default();
        let catalog = document.catalog(view);
        let Some(root) = catalog.dictionary().and_then(|catalog| catalog.get(b"Pages")) else { return pages };
        let mut seen = HashSet::new();
        // Nodes still to visit, the next one last.
        let mut open = vec![(root.clone(), 0_u64)];
        while let Some((element, depth)) = open.pop() {
            if depth > document.limits.depth {
                document.exhaust("depth", document.limits.depth);
                break;
            }
            let Some(node) = node(document, view, &element, &mut seen) else { continue };
            let Some(dictionary) = node.dictionary() else { continue };
            let kids = document.value(view, dictionary.get(b"Kids"));
            if let Some(kids) = kids.array().filter(|_| !dictionary.is(b"Type", b"Page")) {
                open.extend(kids.iter().rev().map(|kid| (kid.clone(), depth + 1)));
                continue;
            }
            let annotations = document.value(view, dictionary.get(b"Annots"));
            let annotations = annotations.array().unwrap_or_default().to_vec();
            let index = pages.list.len();
            for id in annotations.iter().filter_map(Object::reference) {
                pages.by_annotation.entry(id.number).or_insert(index);
            }
            pages.list.push(Page { node: node.clone(), annotations });
        }
        pages
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
