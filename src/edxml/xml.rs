//! XML 1.0 to a small tree, bounded before anything is believed: no document type declaration, hence no
//! entity beyond the five predefined ones and none that is external; bounded nodes, depth and attributes.

use crate::limits::Limits;
use crate::model::{LimitHit, NotAssessed};
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// A parsed document; node 0 is the root element.
pub(super) struct Tree<'a> {
    nodes: Vec<Node<'a>>,
    /// Processing instructions stand outside the root element.
    pub(super) outside_instructions: bool,
}

/// A node below the root.
pub(super) enum Node<'a> {
    /// An element.
    Element(Element),
    /// Character data: adjacent text, CDATA sections and references are one node.
    Text(Cow<'a, str>),
    /// A processing instruction, without its delimiters.
    Instruction(String),
}

/// An element with its names as written.
pub(super) struct Element {
    /// Qualified name.
    pub(super) name: String,
    /// Qualified names and normalised values, namespace declarations included, in document order.
    pub(super) attributes: Vec<(String, String)>,
    /// Indices of the children.
    pub(super) children: Vec<usize>,
    /// Index of the parent.
    pub(super) parent: Option<usize>,
}

/// The part of a qualified name behind the colon.
pub(super) fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// The part of a qualified name before the colon; empty if there is none.
pub(super) fn prefix(name: &str) -> &str {
    name.split_once(':').map_or("", |(prefix, _)| prefix)
}

impl<'a> Tree<'a> {
    /// Parses a document.
    ///
    /// # Errors
    /// [`NotAssessed::Structure`] if it is not well formed or has a document type declaration,
    /// [`NotAssessed::Limit`] at a bound.
    pub(super) fn parse(text: &'a str, limits: &Limits) -> Result<Self, NotAssessed> {
        let mut builder = Builder::new(limits);
        let mut reader = quick_xml::Reader::from_str(text);
        loop {
            match reader.read_event().map_err(malformed)? {
                Event::Start(start) => builder.start(&start)?,
                Event::Empty(start) => {
                    builder.start(&start)?;
                    builder.end();
                }
                Event::End(_) => builder.end(),
                Event::Text(part) => builder.text(part.xml10_content())?,
                Event::CData(part) => builder.text(part.xml10_content())?,
                Event::GeneralRef(reference) => {
                    let value = match reference.resolve_char_ref().map_err(malformed)? {
                        Some(character) => character.to_string(),
                        // Any name but the five predefined ones is an error.
                        None => quick_xml::escape::unescape(&format!("&{};", reference.xml10_content()))
                            .map_err(malformed)?
                            .into_owned(),
                    };
                    builder.text(Cow::Owned(value))?;
                }
                Event::PI(instruction) => builder.instruction(&instruction)?,
                // A declaration could define entities, and nothing in the exchange needs one.
                Event::DocType(_) => return Err(malformed("document type declaration")),
                // XML Signature 1.1, 4.4.3.3: references to the document or an element leave comments out.
                Event::Comment(_) | Event::Decl(_) => {}
                Event::Eof => return builder.finish(),
            }
        }
    }

    /// The node at `index`.
    pub(super) fn node(&self, index: usize) -> Option<&Node<'a>> {
        self.nodes.get(index)
    }

    /// The element at `index`.
    pub(super) fn element(&self, index: usize) -> Option<&Element> {
        match self.nodes.get(index)? {
            Node::Element(element) => Some(element),
            Node::Text(_) | Node::Instruction(_) => None,
        }
    }

    /// Every element, in document order.
    pub(super) fn elements(&self) -> impl Iterator<Item = (usize, &Element)> {
        self.nodes.iter().enumerate().filter_map(|(index, node)| match node {
            Node::Element(element) => Some((index, element)),
            Node::Text(_) | Node::Instruction(_) => None,
        })
    }

    /// Child elements whose local name is one of `names`, case ignored: vendors vary.
    pub(super) fn children<'t>(&'t self, parent: usize, names: &'t [&'t str]) -> impl Iterator<Item = usize> + 't {
        let children = self.element(parent).map(|element| element.children.as_slice()).unwrap_or_default();
        children.iter().copied().filter(move |child| self.is_named(*child, names))
    }

    /// The first such child.
    pub(super) fn child(&self, parent: usize, names: &[&str]) -> Option<usize> {
        let children = self.element(parent)?.children.iter().copied();
        children.into_iter().find(|child| self.is_named(*child, names))
    }

    fn is_named(&self, index: usize, names: &[&str]) -> bool {
        self.element(index).is_some_and(|element| is_one_of(&element.name, names))
    }

    /// Every element of one of these local names, in document order.
    pub(super) fn all<'t>(&'t self, names: &'t [&'t str]) -> impl Iterator<Item = usize> + 't {
        self.elements().filter(move |(_, element)| is_one_of(&element.name, names)).map(|(index, _)| index)
    }

    /// The character data directly below an element.
    pub(super) fn text(&self, element: usize) -> Cow<'_, str> {
        let children = self.element(element).map(|element| element.children.as_slice()).unwrap_or_default();
        let mut texts = children.iter().filter_map(|child| match self.nodes.get(*child) {
            Some(Node::Text(text)) => Some(text.as_ref()),
            _ => None,
        });
        match (texts.next(), texts.next()) {
            (None, _) => Cow::Borrowed(""),
            (Some(only), None) => Cow::Borrowed(only),
            (Some(first), Some(second)) => Cow::Owned([first, second].into_iter().chain(texts).collect()),
        }
    }
}

fn is_one_of(name: &str, names: &[&str]) -> bool {
    names.iter().any(|wanted| local(name).eq_ignore_ascii_case(wanted))
}

fn malformed(reason: impl std::fmt::Display) -> NotAssessed {
    NotAssessed::Structure(format!("edXML: {reason}"))
}

/// The bound that was reached.
pub(super) fn limit(name: &str, value: u64) -> LimitHit {
    LimitHit { limit: name.to_owned(), value }
}

struct Builder<'a, 'l> {
    tree: Tree<'a>,
    limits: &'l Limits,
    /// Elements that are open, outermost first.
    open: Vec<usize>,
}

impl<'a, 'l> Builder<'a, 'l> {
    fn new(limits: &'l Limits) -> Self {
        let tree = Tree { nodes: Vec::new(), outside_instructions: false };
        Self { tree, limits, open: Vec::new() }
    }

    fn start(&mut self, start: &BytesStart<'_>) -> Result<(), NotAssessed> {
        if self.open.is_empty() && !self.tree.nodes.is_empty() {
            return Err(malformed("a second root element"));
        }
        if is_over(self.open.len(), self.limits.depth) {
            return Err(NotAssessed::Limit(limit("depth", self.limits.depth)));
        }
        let mut attributes = Vec::new();
        let mut names = BTreeSet::new();
        for attribute in start.attributes().with_checks(false) {
            if is_over(attributes.len(), self.limits.xml_attributes) {
                return Err(NotAssessed::Limit(limit("xml_attributes", self.limits.xml_attributes)));
            }
            let attribute = attribute.map_err(malformed)?;
            let name = attribute.key.as_ref().to_owned();
            let value = attribute.normalized_value(XmlVersion::Explicit1_0).map_err(malformed)?.into_owned();
            if !names.insert(name.clone()) {
                return Err(malformed("an attribute stands twice"));
            }
            attributes.push((name, value));
        }
        let element = Element {
            name: start.name().as_ref().to_owned(),
            attributes,
            children: Vec::new(),
            parent: self.open.last().copied(),
        };
        let index = self.add(Node::Element(element))?;
        self.open.push(index);
        Ok(())
    }

    fn end(&mut self) {
        self.open.pop();
    }

    fn text(&mut self, part: Cow<'a, str>) -> Result<(), NotAssessed> {
        let Some(parent) = self.open.last().and_then(|open| self.tree.element(*open)) else {
            return if part.trim().is_empty() { Ok(()) } else { Err(malformed("text outside the root element")) };
        };
        let last = parent.children.last().copied();
        match last.and_then(|last| self.tree.nodes.get_mut(last)) {
            Some(Node::Text(text)) => text.to_mut().push_str(&part),
            _ => {
                self.add(Node::Text(part))?;
            }
        }
        Ok(())
    }

    fn instruction(&mut self, instruction: &str) -> Result<(), NotAssessed> {
        if self.open.is_empty() {
            self.tree.outside_instructions = true;
            return Ok(());
        }
        self.add(Node::Instruction(instruction.to_owned())).map(|_| ())
    }

    fn add(&mut self, node: Node<'a>) -> Result<usize, NotAssessed> {
        let index = self.tree.nodes.len();
        if is_over(index, self.limits.objects) {
            return Err(NotAssessed::Limit(limit("objects", self.limits.objects)));
        }
        self.tree.nodes.push(node);
        if let Some(Node::Element(parent)) = self.open.last().and_then(|open| self.tree.nodes.get_mut(*open)) {
            parent.children.push(index);
        }
        Ok(index)
    }

    fn finish(self) -> Result<Tree<'a>, NotAssessed> {
        if self.open.is_empty() && !self.tree.nodes.is_empty() {
            Ok(self.tree)
        } else {
            Err(malformed("the document does not end"))
        }
    }
}

/// Whether one more than `count` would pass the bound.
pub(super) fn is_over(count: usize, bound: u64) -> bool {
    u64::try_from(count).unwrap_or(u64::MAX) >= bound
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> NotAssessed {
        match Tree::parse(text, &Limits::default()) {
            Err(reason) => reason,
            Ok(_) => panic!("accepted: {}", text.chars().take(80).collect::<String>()),
        }
    }

    #[test]
    fn text_is_one_node_whatever_it_was_written_as() {
        let tree = Tree::parse("<a x='1\t2&#10;3'>b&amp;<![CDATA[<c>]]>&#x41;<!-- - -->\r\nd</a>", &Limits::default());
        let tree = tree.unwrap_or_else(|_| panic!("well formed"));
        assert_eq!(tree.text(0), "b&<c>A\nd");
        assert_eq!(tree.element(0).unwrap().attributes, [("x".to_owned(), "1 2\n3".to_owned())]);
    }

    #[test]
    fn entities_and_document_types_are_refused() {
        for text in [
            "<!DOCTYPE a [<!ENTITY x 'lol'><!ENTITY y '&x;&x;&x;'>]><a>&y;</a>",
            "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>",
            "<!DOCTYPE a SYSTEM 'http://example.invalid/a.dtd'><a/>",
            "<a>&x;</a>",
            "<a b='&x;'/>",
        ] {
            assert!(matches!(refused(text), NotAssessed::Structure(_)), "{text}");
        }
    }

    #[test]
    fn what_is_not_well_formed_is_refused() {
        for text in ["", "<a>", "<a></b>", "<a/><b/>", "x<a/>", "<a x='1' x='2'/>", "<a x=1/>", "<a>&#xFFFFFFFF;</a>"] {
            assert!(matches!(refused(text), NotAssessed::Structure(_)), "{text}");
        }
    }

    #[test]
    fn depth_nodes_and_attributes_are_bounded() {
        let limits = Limits::default();
        let hit = |text: &str, name: &str| match refused(text) {
            NotAssessed::Limit(hit) => assert_eq!(hit.limit, name),
            other => panic!("{other:?}"),
        };
        hit(&"<a>".repeat(100_000), "depth");
        let attributes: String = (0..200_000).map(|at| format!(" a{at}='1'")).collect();
        hit(&format!("<a{attributes}/>"), "xml_attributes");
        let small = Limits { objects: 100, ..limits };
        let wide = format!("<a>{}</a>", "<b/>".repeat(1_000));
        assert!(matches!(Tree::parse(&wide, &small), Err(NotAssessed::Limit(hit)) if hit.limit == "objects"));
    }
}
