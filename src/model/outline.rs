//! What a reader takes a PDF to be, in so few words that two readers can be compared: its catalog, its pages
//! and its signature fields.

use std::collections::BTreeSet;

/// A value under a key: by reference or written in place.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum OutlineValue {
    /// The object of this number.
    Object(u32),
    /// In place.
    Direct,
}

/// A signature field.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct OutlineField {
    /// Bytes of the partial names, parted by periods.
    pub name: Vec<u8>,
    /// /V as written.
    pub value: Option<OutlineValue>,
    /// /V leads to a dictionary.
    pub signed: bool,
}

/// The newest revision, as one reader sees it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Outline {
    /// Number of the catalog's object.
    pub catalog: Option<u32>,
    /// What the catalog holds under each of [`Outline::CATALOG_KEYS`].
    pub catalog_entries: Vec<Option<OutlineValue>>,
    /// Number of each page's object, in order; `None` where a page is no object of its own.
    pub pages: Vec<Option<u32>>,
    /// Signature fields of the form.
    pub signature_fields: BTreeSet<OutlineField>,
}

impl Outline {
    /// Entries of the catalog on which it depends what is shown and signed (ISO 32000-2, table 29).
    pub const CATALOG_KEYS: [&'static [u8]; 5] = [b"Pages", b"AcroForm", b"Perms", b"DSS", b"OCProperties"];

    /// The first thing that the two readers see differently, in words.
    pub fn difference(&self, other: &Self) -> Option<String> {
        if self.catalog != other.catalog {
            let number = |outline: &Self| outline.catalog.map_or_else(|| "none".to_owned(), |id| id.to_string());
            return Some(format!("catalog: object {} and {}", number(self), number(other)));
        }
        let entries = self.catalog_entries.iter().zip(&other.catalog_entries).zip(Self::CATALOG_KEYS);
        for ((own, theirs), key) in entries {
            if own != theirs {
                return Some(format!("catalog: /{}", String::from_utf8_lossy(key)));
            }
        }
        if self.pages.len() != other.pages.len() {
            return Some(format!("pages: {} and {}", self.pages.len(), other.pages.len()));
        }
        for (index, pair) in self.pages.iter().zip(&other.pages).enumerate() {
            if let (Some(own), Some(theirs)) = pair
                && own != theirs
            {
                return Some(format!("page {}: object {own} and {theirs}", index + 1));
            }
        }
        let apart = self.signature_fields.symmetric_difference(&other.signature_fields).next()?;
        let name: String = String::from_utf8_lossy(&apart.name).chars().take(64).collect();
        Some(format!("signature field {name}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outline() -> Outline {
        let field = |name: &str, value| OutlineField { name: name.into(), value, signed: value.is_some() };
        Outline {
            catalog: Some(1),
            catalog_entries: vec![Some(OutlineValue::Object(2)), Some(OutlineValue::Direct), None, None, None],
            pages: vec![Some(3), Some(4)],
            signature_fields: [field("A", Some(OutlineValue::Object(9))), field("B", None)].into(),
        }
    }

    fn difference(change: impl Fn(&mut Outline)) -> String {
        let mut other = outline();
        change(&mut other);
        outline().difference(&other).unwrap()
    }

    #[test]
    fn the_same_document_has_no_difference() {
        assert_eq!(outline().difference(&outline()), None);
        let mut direct = outline();
        direct.pages[1] = None;
        assert_eq!(outline().difference(&direct), None);
    }

    #[test]
    fn every_part_is_compared() {
        assert_eq!(difference(|other| other.catalog = Some(7)), "catalog: object 1 and 7");
        assert_eq!(difference(|other| other.catalog_entries[1] = None), "catalog: /AcroForm");
        assert_eq!(difference(|other| other.pages.truncate(1)), "pages: 2 and 1");
        assert_eq!(difference(|other| other.pages.swap(0, 1)), "page 1: object 3 and 4");
        assert_eq!(difference(|other| drop(other.signature_fields.pop_last())), "signature field B");
        let unsigned = |other: &mut Outline| {
            other.signature_fields =
                other.signature_fields.iter().cloned().map(|field| OutlineField { signed: false, ..field }).collect();
        };
        assert_eq!(difference(unsigned), "signature field A");
    }
}
