//! Accounts for every byte behind a signed range: each must be part of an object that a cross-reference
//! section lists at that place, of such a section, of a comment, or white space.

use crate::pdf::document::Document;
use crate::pdf::parser::{Parser, is_white};

/// Bytes that belong to nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Unaccounted {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// They hold an object, not just stray text.
    pub(crate) object: bool,
}

/// The accounts from one offset to the end of the file.
pub(crate) struct Accounts {
    /// Where each accounted or unaccounted part begins, ascending.
    starts: Vec<usize>,
    found: Vec<Unaccounted>,
}

impl Accounts {
    /// What no revision accounts for behind `from`, if the accounts have a part that begins there:
    /// reading anew from `from` would give the same.
    pub(crate) fn behind(&self, document: &Document<'_>, from: usize) -> Option<Vec<Unaccounted>> {
        let mut parser = Parser::of_file(document.data, from, 1);
        parser.skip_white();
        let known = parser.at >= document.data.len() || self.starts.binary_search(&parser.at).is_ok();
        known.then(|| self.found.iter().filter(|part| part.start >= from).copied().collect())
    }
}

/// What of `data[from..]` no revision accounts for, in file order.
pub(crate) fn account(document: &Document<'_>, from: usize) -> Accounts {
    let mut starts = Vec::new();
    let data = document.data;
    let mut found: Vec<Unaccounted> = Vec::new();
    let mut parser = Parser::of_file(data, from, document.limits.depth);
    loop {
        parser.skip_white();
        let start = parser.at;
        if start >= data.len() {
            return Accounts { starts, found };
        }
        starts.push(start);
        if let Some(end) = document.section_end(start) {
            parser.at = end.max(start + 1);
            continue;
        }
        if parser.keyword(b"startxref") {
            parser.skip_blank();
            parser.unsigned();
            continue;
        }
        let mut object = parser.clone();
        if let Some(id) = object.object_header() {
            let whole = object.skip_indirect(|length| document.length_anywhere(length));
            // Looking for the ends of broken objects must not take the square of the file's size.
            document.step();
            document.step_over(if whole { 0 } else { data.len() - start });
            if document.is_exhausted() {
                return Accounts { starts, found };
            }
            // Offsets may point at the white space before the object.
            let here = |offset: usize| {
                offset <= start && data.get(offset..start).is_some_and(|gap| gap.iter().copied().all(is_white))
            };
            if !document.lists(id.number, here) {
                found.push(Unaccounted { start, end: object.at, object: true });
            }
            if whole {
                parser.at = object.at.max(start + 1);
                continue;
            }
        }
        // Stray bytes up to the next white space.
        while data.get(parser.at).copied().is_some_and(|byte| !is_white(byte)) {
            parser.at += 1;
        }
        parser.at = parser.at.max(start + 1);
        match found.last_mut() {
            Some(last)
                if !last.object && data.get(last.end..start).is_some_and(|gap| gap.iter().copied().all(is_white)) =>
            {
                last.end = parser.at;
            }
            _ => found.push(Unaccounted { start, end: parser.at, object: false }),
        }
    }
}
