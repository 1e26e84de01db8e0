//! What a signed document holds but does not show or list: material for attacks prepared before signing
//! ("shadow" attacks: hide, replace, hide and replace). Notes only; a later use of it is a modification.

use super::diff::account;
use super::document::{Document, View};
use super::form::{self, Pages, rectangle};
use super::object::Object;
use crate::model::StructureNote;
use std::collections::HashSet;

/// Pages whose annotations are compared with one another, and annotations of one page.
const MOST_ANNOTATIONS: usize = 200;

/// Notes on hidden material in the newest revision.
pub(super) fn notes(document: &Document<'_>, pages: &Pages) -> Vec<StructureNote> {
    let mut notes = Vec::new();
    for part in account(document, 0).behind(document, 0).unwrap_or_default() {
        // What stands before the first object is the header, whatever it says.
        let size = |value: usize| u64::try_from(value).unwrap_or(u64::MAX);
        if part.object {
            notes.push(StructureNote::HiddenContent(format!(
                "an object at {} that no cross-reference section lists",
                part.start
            )));
        } else {
            notes.push(StructureNote::UnaccountedBytes(size(part.start), size(part.end - part.start)));
        }
    }
    notes.truncate(64);
    let view = document.newest();
    let mut listed = HashSet::new();
    for field in form::fields(document, view).iter() {
        listed.extend(field.widgets.iter().chain([&field.node]).filter_map(|node| node.id).map(|id| id.number));
    }
    for (index, page) in pages.list.iter().enumerate() {
        let mut drawn: Vec<[f64; 4]> = Vec::new();
        for annotation in page.annotations.iter().take(MOST_ANNOTATIONS) {
            examine(document, view, annotation, &listed, index + 1, &mut drawn, &mut notes);
        }
    }
    notes.dedup();
    notes
}

fn examine(
    document: &Document<'_>,
    view: View,
    annotation: &Object,
    listed: &HashSet<u32>,
    page: usize,
    drawn: &mut Vec<[f64; 4]>,
    notes: &mut Vec<StructureNote>,
) {
    let value = document.value(view, Some(annotation));
    let Some(entries) = value.dictionary() else { return };
    if !entries.is(b"Subtype", b"Widget") || entries.get(b"AP").is_none() {
        return;
    }
    let signature = document.value(view, entries.get(b"FT")).name() == Some(b"Sig");
    let unlisted = annotation.reference().is_none_or(|id| !listed.contains(&id.number));
    if unlisted && !signature && entries.get(b"FT").is_some() {
        notes.push(StructureNote::HiddenContent(format!("a field on page {page} that the form does not list")));
    }
    let Some(area) = rectangle(document, view, entries.get(b"Rect")) else { return };
    if !signature && area[2] > area[0] && area[3] > area[1] {
        if drawn.iter().any(|other| other == &area) {
            notes.push(StructureNote::HiddenContent(format!("a field on page {page} that lies exactly under another")));
        }
        drawn.push(area);
    }
}
