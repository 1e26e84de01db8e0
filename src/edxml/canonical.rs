//! Canonical XML without comments: inclusive (Canonical XML 1.0) and exclusive (Exclusive XML
//! Canonicalization 1.0), of a whole subtree with at most one subtree left out.

use super::xml::{Element, Node, Tree, local, prefix};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Which canonical form.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Method {
    /// <http://www.w3.org/TR/2001/REC-xml-c14n-20010315>
    Inclusive,
    /// <http://www.w3.org/2001/10/xml-exc-c14n#>; with the prefixes of InclusiveNamespaces.
    Exclusive(BTreeSet<String>),
}

/// The canonical octets of the subtree of `apex` without the subtree of `left_out`.
pub(super) fn canonicalise(tree: &Tree<'_>, apex: usize, left_out: Option<usize>, method: &Method) -> Vec<u8> {
    let mut writer =
        Writer { tree, left_out, method, scope: HashMap::new(), rendered: HashMap::new(), out: Vec::new() };
    let mut ancestors = Vec::new();
    let mut at = tree.element(apex).and_then(|element| element.parent);
    while let Some(element) = at.and_then(|at| tree.element(at)) {
        ancestors.push(element);
        at = element.parent;
    }
    let mut inherited = BTreeMap::new();
    for element in ancestors.iter().rev() {
        for (name, value) in &element.attributes {
            if let Some(prefix) = declared_prefix(name) {
                writer.scope.entry(prefix.to_owned()).or_default().push(value.clone());
            } else if name.starts_with("xml:") {
                inherited.insert(name.clone(), value.clone());
            }
        }
    }
    // Canonical XML 1.0, 2.4: the apex of a document subset takes the xml: attributes of its ancestors.
    let inherited = if *method == Method::Inclusive { inherited } else { BTreeMap::new() };
    writer.element(apex, true, inherited);
    writer.out
}

/// The prefix that an attribute declares; empty for the default namespace.
fn declared_prefix(name: &str) -> Option<&str> {
    if name == "xmlns" { Some("") } else { name.strip_prefix("xmlns:") }
}

struct Writer<'t, 'a> {
    tree: &'t Tree<'a>,
    left_out: Option<usize>,
    method: &'t Method,
    /// Declarations in force, innermost last, by prefix.
    scope: HashMap<String, Vec<String>>,
    /// Declarations already written by output ancestors, innermost last, by prefix.
    rendered: HashMap<String, Vec<String>>,
    out: Vec<u8>,
}

impl Writer<'_, '_> {
    /// Nesting is bounded when the tree is built.
    fn element(&mut self, index: usize, is_apex: bool, inherited: BTreeMap<String, String>) {
        let Some(element) = self.tree.element(index).filter(|_| self.left_out != Some(index)) else { return };
        let declared: Vec<(&str, &str)> = element
            .attributes
            .iter()
            .filter_map(|(name, value)| Some((declared_prefix(name)?, value.as_str())))
            .collect();
        for (prefix, value) in &declared {
            self.scope.entry((*prefix).to_owned()).or_default().push((*value).to_owned());
        }
        let namespaces = self.namespaces_to_write(element, &declared, is_apex);
        self.write(b"<");
        self.write(element.name.as_bytes());
        for (prefix, value) in &namespaces {
            self.write(if prefix.is_empty() { b" xmlns" } else { b" xmlns:" });
            self.write(prefix.as_bytes());
            self.attribute_value(value);
            self.rendered.entry(prefix.clone()).or_default().push(value.clone());
        }
        for (name, value) in self.attributes_to_write(element, inherited) {
            self.write(b" ");
            self.write(name.as_bytes());
            self.attribute_value(&value);
        }
        self.write(b">");
        for child in &element.children {
            match self.tree.node(*child) {
                Some(Node::Element(_)) => self.element(*child, false, BTreeMap::new()),
                Some(Node::Text(text)) => self.escape(text, false),
                Some(Node::Instruction(instruction)) => {
                    self.write(b"<?");
                    self.write(instruction.trim_end().as_bytes());
                    self.write(b"?>");
                }
                None => {}
            }
        }
        self.write(b"</");
        self.write(element.name.as_bytes());
        self.write(b">");
        for prefix in namespaces.keys() {
            self.rendered.get_mut(prefix).and_then(Vec::pop);
        }
        for (prefix, _) in declared {
            self.scope.get_mut(prefix).and_then(Vec::pop);
        }
    }

    fn namespaces_to_write(
        &self,
        element: &Element,
        declared: &[(&str, &str)],
        is_apex: bool,
    ) -> BTreeMap<String, String> {
        let candidates: BTreeSet<&str> = match self.method {
            Method::Inclusive if is_apex => self.scope.keys().map(String::as_str).collect(),
            Method::Inclusive => declared.iter().map(|(prefix, _)| *prefix).collect(),
            Method::Exclusive(inclusive) => {
                let own = element.attributes.iter().map(|(name, _)| name.as_str());
                let own = own.filter(|name| declared_prefix(name).is_none() && name.contains(':')).map(prefix);
                // Listed prefixes are treated as in the inclusive form: where declared, and at the apex.
                let listed = inclusive.iter().map(String::as_str);
                let listed = listed.filter(|listed| is_apex || declared.iter().any(|(declared, _)| declared == listed));
                own.chain([prefix(&element.name)]).chain(listed).collect()
            }
        };
        let written = |map: &HashMap<String, Vec<String>>, prefix: &str| {
            map.get(prefix).and_then(|values| values.last()).cloned().unwrap_or_default()
        };
        candidates
            .into_iter()
            .filter(|prefix| *prefix != "xml")
            .map(|prefix| (prefix.to_owned(), written(&self.scope, prefix)))
            .filter(|(prefix, value)| *value != written(&self.rendered, prefix))
            .collect()
    }

    /// In the order of namespace name, then local name; those without a prefix have no namespace.
    fn attributes_to_write(&self, element: &Element, inherited: BTreeMap<String, String>) -> Vec<(String, String)> {
        let mut attributes: BTreeMap<String, String> = inherited;
        let own = element.attributes.iter().filter(|(name, _)| declared_prefix(name).is_none()).cloned();
        attributes.extend(own);
        let mut attributes: Vec<_> = attributes.into_iter().collect();
        attributes.sort_by_cached_key(|(name, _)| {
            let namespace = match prefix(name) {
                "" => String::new(),
                // Namespaces in XML 1.0, 3
                "xml" => "http://www.w3.org/XML/1998/namespace".to_owned(),
                prefix => self.scope.get(prefix).and_then(|values| values.last()).cloned().unwrap_or_default(),
            };
            (namespace, local(name).to_owned())
        });
        attributes
    }

    fn attribute_value(&mut self, value: &str) {
        self.write(b"=\"");
        self.escape(value, true);
        self.write(b"\"");
    }

    fn escape(&mut self, text: &str, in_attribute: bool) {
        for byte in text.bytes() {
            match byte {
                b'&' => self.write(b"&amp;"),
                b'<' => self.write(b"&lt;"),
                b'>' if !in_attribute => self.write(b"&gt;"),
                b'"' if in_attribute => self.write(b"&quot;"),
                b'\t' if in_attribute => self.write(b"&#x9;"),
                b'\n' if in_attribute => self.write(b"&#xA;"),
                b'\r' => self.write(b"&#xD;"),
                byte => self.out.push(byte),
            }
        }
    }

    fn write(&mut self, bytes: &[u8]) {
        self.out.extend_from_slice(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;

    fn canonical(text: &str, apex: &str, method: &Method) -> String {
        let tree = Tree::parse(text, &Limits::default()).unwrap_or_else(|_| panic!("well formed"));
        let apex = tree.all(&[apex]).next().unwrap();
        String::from_utf8(canonicalise(&tree, apex, None, method)).unwrap()
    }

    #[test]
    fn the_examples_of_the_recommendation() {
        // Canonical XML 1.0, 3.3 (start and end tags) without its DTD and default attribute.
        let text = "<doc>\n  <e1   />\n  <e2   ></e2>\n  <e3   name = \"elem3\"   id=\"elem3\"   />\n  <e5 a:attr=\"out\" b:attr=\"sorted\" attr2=\"all\" attr=\"I'm\"\n      xmlns:b=\"http://www.ietf.org\"\n      xmlns:a=\"http://www.w3.org\"\n      xmlns=\"http://example.org\"/>\n  <e6 xmlns=\"\" xmlns:a=\"http://www.w3.org\">\n    <e7 xmlns=\"http://www.ietf.org\">\n      <e8 xmlns=\"\" xmlns:a=\"http://www.w3.org\">\n        <e9 xmlns=\"\" xmlns:a=\"http://www.ietf.org\"/>\n      </e8>\n    </e7>\n  </e6>\n</doc>";
        let expected = "<doc>\n  <e1></e1>\n  <e2></e2>\n  <e3 id=\"elem3\" name=\"elem3\"></e3>\n  <e5 xmlns=\"http://example.org\" xmlns:a=\"http://www.w3.org\" xmlns:b=\"http://www.ietf.org\" attr=\"I'm\" attr2=\"all\" b:attr=\"sorted\" a:attr=\"out\"></e5>\n  <e6 xmlns:a=\"http://www.w3.org\">\n    <e7 xmlns=\"http://www.ietf.org\">\n      <e8 xmlns=\"\">\n        <e9 xmlns:a=\"http://www.ietf.org\"></e9>\n      </e8>\n    </e7>\n  </e6>\n</doc>";
        assert_eq!(canonical(text, "doc", &Method::Inclusive), expected);
        // 3.4 (character modifications), the parts that need no DTD.
        let text = "<doc><text>First line&#x0d;&#10;Second line</text><value>&#x32;</value><compute><![CDATA[value>\"0\" && value<\"10\" ?\"valid\":\"error\"]]></compute><norm attr=' &apos;   &#x20;&#13;&#xa;&#9;   &apos; '/></doc>";
        let expected = "<doc><text>First line&#xD;\nSecond line</text><value>2</value><compute>value&gt;\"0\" &amp;&amp; value&lt;\"10\" ?\"valid\":\"error\"</compute><norm attr=\" '    &#xD;&#xA;&#x9;   ' \"></norm></doc>";
        assert_eq!(canonical(text, "doc", &Method::Inclusive), expected);
    }

    #[test]
    fn a_subtree_takes_its_context_in_the_inclusive_form_and_what_it_uses_in_the_exclusive() {
        // Exclusive XML Canonicalization 1.0, 2.2
        let text = "<n0:local xmlns:n0=\"foo:bar\" xmlns:n3=\"ftp://example.org\" xml:lang=\"vi\"><n1:elem2 xmlns:n1=\"http://example.net\" xml:space=\"retain\"><n3:stuff xmlns:n3=\"ftp://example.org\"/></n1:elem2></n0:local>";
        assert_eq!(
            canonical(text, "elem2", &Method::Inclusive),
            "<n1:elem2 xmlns:n0=\"foo:bar\" xmlns:n1=\"http://example.net\" xmlns:n3=\"ftp://example.org\" xml:lang=\"vi\" xml:space=\"retain\"><n3:stuff></n3:stuff></n1:elem2>"
        );
        assert_eq!(
            canonical(text, "elem2", &Method::Exclusive(BTreeSet::new())),
            "<n1:elem2 xmlns:n1=\"http://example.net\" xml:space=\"retain\"><n3:stuff xmlns:n3=\"ftp://example.org\"></n3:stuff></n1:elem2>"
        );
        assert_eq!(
            canonical(text, "elem2", &Method::Exclusive(BTreeSet::from(["n0".to_owned()]))),
            "<n1:elem2 xmlns:n0=\"foo:bar\" xmlns:n1=\"http://example.net\" xml:space=\"retain\"><n3:stuff xmlns:n3=\"ftp://example.org\"></n3:stuff></n1:elem2>"
        );
    }
}
