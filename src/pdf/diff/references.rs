//! Who refers to whom: for the objects that updates touch, every object of any revision that refers to
//! one of them. Found by reading tokens, without building objects.

use crate::pdf::document::{Document, Place, View};
use crate::pdf::object::Object;
use std::collections::{HashMap, HashSet};

/// A reference's origin.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Origin {
    /// An object of this number, at this place.
    Object(u32, Place),
    /// The trailer of the section of this index.
    Trailer(usize),
}

/// Origins of the references to each object of interest.
pub(super) struct References {
    by_target: HashMap<u32, Vec<Origin>>,
}

impl References {
    /// Reads every object listed in any section once and keeps references to `interest`.
    pub(super) fn collect(document: &Document<'_>, interest: &HashSet<u32>) -> Self {
        let mut by_target: HashMap<u32, Vec<Origin>> = HashMap::new();
        let mut keep = |origin: Origin, target: u32| {
            if interest.contains(&target) {
                by_target.entry(target).or_default().push(origin);
            }
        };
        let mut seen = HashSet::new();
        for index in 0..document.views() {
            let view = View(index);
            let fresh = document.fresh_sections(view);
            for section in fresh {
                let Some(found) = document.sections.get(section) else { continue };
                for number in found.numbers() {
                    let place = document.place(view, number);
                    if place == Place::Nowhere || !seen.insert((number, place)) {
                        continue;
                    }
                    document.step();
                    document.with_source(view, place, |parser| {
                        parser.references(&mut |target| keep(Origin::Object(number, place), target));
                    });
                    if document.is_exhausted() {
                        return Self { by_target };
                    }
                }
                trailer_references(&found.trailer, &mut |target| keep(Origin::Trailer(section), target));
            }
        }
        Self { by_target }
    }

    /// Origins of references to `target` that are in force in `view`; one for each reference.
    pub(super) fn to(&self, document: &Document<'_>, view: View, target: u32) -> impl Iterator<Item = Origin> {
        let origins = self.by_target.get(&target).map_or(&[][..], Vec::as_slice);
        origins.iter().copied().filter(move |origin| match origin {
            Origin::Object(number, place) => document.place(view, *number) == *place,
            Origin::Trailer(section) => document.visible(view).first() == Some(section),
        })
    }
}

fn trailer_references(trailer: &crate::pdf::object::Dictionary, keep: &mut dyn FnMut(u32)) {
    fn walk(value: &Object, depth: u32, keep: &mut dyn FnMut(u32)) {
        match value {
            Object::Reference(id) => keep(id.number),
            Object::Array(elements) if depth < 16 => {
                elements.iter().for_each(|element| walk(element, depth + 1, keep));
            }
            Object::Dictionary(entries) if depth < 16 => {
                entries.iter().for_each(|(_, entry)| walk(entry, depth + 1, keep));
            }
            _ => {}
        }
    }
    // LibreOffice names the embedded source document in a trailer entry that no reader follows; later
    // writers renumber it at random.
    let followed = trailer.iter().filter(|(key, _)| *key != b"AdditionalStreams");
    followed.for_each(|(_, value)| walk(value, 0, keep));
}

/// Every object reachable from the trailer of `view`.
pub(super) fn reachable(document: &Document<'_>, view: View) -> HashSet<u32> {
    let mut seen = HashSet::new();
    let mut open = Vec::new();
    trailer_references(document.trailer(view), &mut |target| open.push(target));
    while let Some(number) = open.pop() {
        if !seen.insert(number) || document.is_exhausted() {
            continue;
        }
        document.step();
        document.with_source(view, document.place(view, number), |parser| {
            parser.references(&mut |target| open.push(target));
        });
    }
    seen
}
