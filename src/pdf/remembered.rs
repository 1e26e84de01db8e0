//! What was read from one view, kept for the views that show the same: a document with fifty revisions mostly
//! has the same fields and pages in all of them.

use super::document::{Document, View};
use super::object::Object;
use std::cell::RefCell;
use std::collections::HashSet;
use std::rc::Rc;

/// Values kept. Neighbouring revisions are asked for one after the other: few are asked for again.
const KEPT: usize = 4;

struct Kept<T> {
    view: View,
    value: Rc<T>,
    /// Numbers of the objects that were looked for.
    sources: HashSet<u32>,
    root: Option<Object>,
    bytes: u64,
}

/// The values kept, the one used last at the end.
pub(super) struct Remembered<T>(RefCell<Vec<Kept<T>>>);

impl<T> Default for Remembered<T> {
    fn default() -> Self {
        Self(RefCell::default())
    }
}

impl<T> Remembered<T> {
    /// The value in `view`. `read` reads it and says how many bytes of memory it takes (and has held); it must
    /// look at nothing but the catalog that the trailer names and objects found from there.
    pub(super) fn get(&self, document: &Document<'_>, view: View, read: impl FnOnce() -> (T, u64)) -> Rc<T> {
        let position = {
            let kept = self.0.borrow();
            let exact = kept.iter().rposition(|kept| kept.view == view);
            exact.or_else(|| kept.iter().rposition(|kept| agrees(document, kept, view)))
        };
        if let Some(position) = position {
            let mut kept = self.0.borrow_mut();
            let mut found = kept.remove(position);
            found.view = view;
            let value = Rc::clone(&found.value);
            kept.push(found);
            return value;
        }
        let outer = document.sources.replace(Some(HashSet::new()));
        let (value, bytes) = read();
        let sources = document.sources.replace(outer).unwrap_or_default();
        let value = Rc::new(value);
        if document.is_exhausted() {
            return value;
        }
        let root = document.trailer(view).get(b"Root").cloned();
        let mut kept = self.0.borrow_mut();
        if kept.len() >= KEPT {
            document.release(kept.remove(0).bytes);
        }
        kept.push(Kept { view, value: Rc::clone(&value), sources, root, bytes });
        value
    }
}

/// Whether everything that `kept` was read from is the same in `view`: no section that only one of the two
/// views shows lists any of it.
fn agrees<T>(document: &Document<'_>, kept: &Kept<T>, view: View) -> bool {
    if document.trailer(view).get(b"Root") != kept.root.as_ref() {
        return false;
    }
    let [one, other] = document.apart(kept.view, view);
    one.iter().chain(other).filter_map(|&section| document.sections.get(section)).all(|section| {
        document.steps(usize::try_from(section.len() / 64).unwrap_or(usize::MAX));
        section.numbers().all(|number| !kept.sources.contains(&number))
    })
}
