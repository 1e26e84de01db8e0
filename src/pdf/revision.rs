//! Orders cross-reference sections into revisions (ISO 32000-2, 7.5.6) and keeps the document's views:
//! one as of each revision, and those of earlier documents that a later one left out of its chain.

use super::document::{Document, Place, Revision, View};
use super::object::Object;
use super::parser::{Parser, is_white};
use super::xref::{self, Entry, Section};
use crate::model::{RevisionFacts, XrefKind};
use std::collections::HashSet;

impl Document<'_> {
    /// Groups sections (oldest first) into revisions. A section that lies before the one it continues
    /// belongs to the same revision: the first-page section of a linearized file (ISO 32000-2, annex F).
    pub(super) fn order_revisions(&mut self) {
        let mut groups: Vec<Vec<usize>> = Vec::new();
        let mut furthest = 0;
        for (index, section) in self.sections.iter().enumerate() {
            match groups.last_mut() {
                Some(group) if section.start < furthest && section.kind != XrefKind::Repaired => group.push(index),
                _ => groups.push(vec![index]),
            }
            furthest = furthest.max(section.start);
        }
        let mut visible = Vec::new();
        for own in groups {
            let last = own.iter().filter_map(|&index| self.sections.get(index)).max_by_key(|section| section.start);
            let Some(last) = last else { continue };
            let (marker, end) = match last.kind {
                XrefKind::Repaired if self.sections.len() == 1 => (self.data.len(), self.data.len()),
                XrefKind::Repaired => (0, 0),
                _ => xref::end_of_revision(self.data, last.end),
            };
            let kind = own.last().and_then(|&index| self.sections.get(index)).map_or(last.kind, |section| section.kind);
            let newest_first: Vec<usize> = own.iter().rev().chain(visible.iter()).copied().collect();
            visible.clone_from(&newest_first);
            self.views.push(newest_first);
            self.revisions.push(Revision { marker, end, kind, own });
        }
    }

    /// Whether the `startxref` before `end` names the newest section of `view`.
    pub(super) fn continues(&self, view: View, end: usize) -> bool {
        let Some((_, offset)) = self.startxref_before(end) else { return false };
        let Some(offset) = offset.checked_add(self.base) else { return false };
        let Some(newest) = self.visible(view).first().and_then(|&index| self.sections.get(index)) else { return false };
        let mut parser = Parser::of_file(self.data, offset, 1);
        parser.skip_white();
        parser.at == newest.start
    }

    /// Adds the document as seen from the `startxref` before `end`, if its sections are not those of a
    /// revision already known; `None` if that chain cannot be read.
    pub(super) fn view_as_of(&mut self, end: usize) -> Option<View> {
        let (_, offset) = self.startxref_before(end)?;
        self.view_from(offset)
    }

    /// Adds the document as seen from every `startxref` of the file, and returns the views that no
    /// revision has: earlier documents that a later one left out of its chain.
    pub(super) fn abandoned_views(&mut self) -> Vec<View> {
        let chained: HashSet<usize> =
            self.visible(self.newest()).iter().filter_map(|&index| Some(self.sections.get(index)?.start)).collect();
        let start = |at: usize| {
            let offset = xref::startxref_at(self.data, at).filter(|&offset| offset > 0)?;
            let mut section = Parser::of_file(self.data, offset.checked_add(self.base)?, 1);
            section.skip_white();
            // What the chain passes through it continues from there on.
            (!chained.contains(&section.at)).then_some(offset)
        };
        let mut offsets: Vec<usize> = memchr::memmem::find_iter(self.data, b"startxref").filter_map(start).collect();
        offsets.sort_unstable();
        offsets.dedup();
        if u64::try_from(offsets.len()).unwrap_or(u64::MAX) > self.limits.revisions {
            self.exhaust("revisions", self.limits.revisions);
            return Vec::new();
        }
        let mut found = Vec::new();
        for offset in offsets.into_iter().rev() {
            let before = self.views.len();
            found.extend(self.view_from(offset).filter(|view| view.0 >= before));
        }
        found
    }

    /// The view of the chain that begins at `offset`; every section is read once, however many chains share it.
    fn view_from(&mut self, offset: usize) -> Option<View> {
        let mut starts: Vec<usize> = Vec::new();
        let mut next = offset.checked_add(self.base);
        while let Some(offset) = next {
            let start = self.read_spare(offset);
            // A loop ends here too.
            if u64::try_from(starts.len()).unwrap_or(u64::MAX) >= self.limits.revisions {
                return None;
            }
            starts.push(start);
            let section = self.section_at(start).and_then(|index| self.sections.get(index));
            let section = section.or_else(|| self.spare.get(&start)?.as_ref())?;
            next = xref::previous(section, self.base);
        }
        let known = self.views.iter().position(|view| {
            let sections = view.iter().filter_map(|&index| self.sections.get(index));
            sections.map(|section| section.start).eq(starts.iter().copied())
        });
        if let Some(view) = known {
            return Some(View(view));
        }
        let mut view = Vec::new();
        for start in starts {
            if let Some(section) = self.spare.remove(&start).flatten() {
                self.add_section(section);
            }
            view.push(self.section_at(start)?);
        }
        self.views.push(view);
        Some(View(self.views.len() - 1))
    }

    /// Offset behind the furthest section of `view`.
    pub(super) fn reaches(&self, view: View) -> usize {
        let ends = self.visible(view).iter().filter_map(|&index| self.sections.get(index)).map(|section| section.end);
        ends.max().unwrap_or(0)
    }

    /// Whether any section places object `number` at an offset that `here` accepts.
    pub(super) fn lists(&self, number: u32, here: impl Fn(usize) -> bool) -> bool {
        let places = |section: &Section| {
            matches!(section.own_entry(self.data, number),
                Some(Entry::InFile(offset, _)) if here(offset.saturating_add(self.base)))
        };
        let either = |section: &Section| places(section) || section.hidden.as_deref().is_some_and(places);
        match self.listing(number) {
            // Sections outside the revisions are few.
            Some(listing) => {
                let own: usize = self.revisions.iter().map(|revision| revision.own.len()).sum();
                listing.iter().filter_map(|&index| self.sections.get(index)).any(either)
                    || self.sections.iter().skip(own).any(either)
            }
            None => self.sections.iter().any(either),
        }
    }

    /// Why readers may see different objects through these sections.
    pub(super) fn ambiguity(&self, sections: &[usize]) -> Option<&'static str> {
        sections.iter().filter_map(|&section| self.sections.get(section)).find_map(|section| {
            if section.overlaps() || section.hidden.as_ref().is_some_and(|hidden| hidden.overlaps()) {
                Some("a cross-reference section lists an object twice")
            } else if section.hidden_contradicts(self.data) {
                Some("a cross-reference table and its /XRefStm place an object differently")
            } else {
                let decisive = [b"Root".as_slice(), b"Prev", b"XRefStm", b"Encrypt"];
                let twice = |key: &&[u8]| section.trailer.iter().filter(|(other, _)| other == key).count() > 1;
                decisive.iter().any(twice).then_some("a trailer repeats a key")
            }
        })
    }

    /// The sections that `one` shows and `other` does not, and the other way round, newest first. Both continue
    /// the same oldest sections.
    pub(super) fn apart(&self, one: View, other: View) -> [&[usize]; 2] {
        let (one, other) = (self.visible(one), self.visible(other));
        let common = one.iter().rev().zip(other.iter().rev()).take_while(|(one, other)| one == other).count();
        let head = |sections: &'_ [usize]| sections.len().saturating_sub(common);
        [one.get(..head(one)).unwrap_or_default(), other.get(..head(other)).unwrap_or_default()]
    }

    /// Whether the newest trailer states fewer objects than that of `old` (ISO 32000-2, 7.5.5: what lies beyond is
    /// missing) and beyond that number stands any: readers that go by /Size lose them. A trailer in between, which
    /// no reader goes by any more, may state what it likes.
    pub(super) fn loses_by_size(&self, old: View) -> bool {
        let new = self.newest();
        let size = |view| self.trailer(view).get(b"Size").and_then(Object::integer);
        let (Some(before), Some(after)) = (size(old), size(new)) else { return false };
        let beyond = |number: u32| i64::from(number) >= after && i64::from(number) < before;
        after < before
            && self.visible(new).iter().filter_map(|&section| self.sections.get(section)).any(|section| {
                self.steps(usize::try_from(section.len() / 64).unwrap_or(usize::MAX));
                section.numbers().any(|number| beyond(number) && self.place(new, number) != Place::Nowhere)
            })
    }

    /// Number of views.
    pub(super) fn views(&self) -> usize {
        self.views.len()
    }

    /// Sections of `view` that no view before it shows, so that going through the views meets each once.
    pub(super) fn fresh_sections(&self, view: View) -> Vec<usize> {
        let earlier = self.views.get(..view.0).unwrap_or_default();
        // Revisions grow one by one: the view before has all but the newest sections.
        let known = |section: &usize| match self.revisions.get(view.0) {
            Some(revision) => !revision.own.contains(section),
            None => earlier.iter().any(|view| view.contains(section)),
        };
        self.visible(view).iter().copied().filter(|section| !known(section)).collect()
    }

    /// The revisions as facts, oldest first.
    pub(super) fn revision_facts(&self) -> Vec<RevisionFacts> {
        let fact = |revision: &Revision| RevisionFacts {
            end: u64::try_from(revision.end).unwrap_or(u64::MAX),
            xref: revision.kind,
        };
        self.revisions.iter().map(fact).collect()
    }

    /// Index of the last revision that ends at or before `end`, and whether only white space stands
    /// between its `%%EOF` and `end`.
    pub(super) fn revision_before(&self, end: usize) -> Option<(usize, bool)> {
        let index = self.revisions.iter().rposition(|revision| revision.marker <= end)?;
        let marker = self.revisions.get(index)?.marker;
        let between = self.data.get(marker..end)?;
        Some((index, between.iter().copied().all(is_white)))
    }
}
