//! Equality of objects between two views: strings by their bytes, streams by their raw data, references
//! by number and generation, since a changed target is judged on its own.

use crate::pdf::document::{Document, View};
use crate::pdf::object::{Dictionary, Object};
use std::rc::Rc;

/// Nesting to which values are compared; deeper ones count as different.
const DEPTH: u32 = 64;

/// Two views of one document.
#[derive(Clone, Copy)]
pub(super) struct Pair<'d, 'a> {
    pub(super) document: &'d Document<'a>,
    pub(super) old: View,
    pub(super) new: View,
}

impl Pair<'_, '_> {
    /// Whether `old` (in the old view) and `new` (in the new view) are the same value.
    pub(super) fn same(&self, old: &Object, new: &Object) -> bool {
        self.same_at(old, new, 0)
    }

    /// The same for entries that may be absent; absent equals null.
    pub(super) fn same_entry(&self, old: Option<&Object>, new: Option<&Object>) -> bool {
        self.same(old.unwrap_or(&Object::Null), new.unwrap_or(&Object::Null))
    }

    fn same_at(&self, old: &Object, new: &Object, depth: u32) -> bool {
        if depth > DEPTH {
            return false;
        }
        match (old, new) {
            (Object::Reference(one), Object::Reference(other)) => one == other,
            (Object::Reference(_), _) => {
                let value = self.document.value(self.old, Some(old));
                !matches!(*value, Object::Reference(_)) && self.same_at(&value, new, depth + 1)
            }
            (_, Object::Reference(_)) => {
                let value = self.document.value(self.new, Some(new));
                !matches!(*value, Object::Reference(_)) && self.same_at(old, &value, depth + 1)
            }
            (Object::String(one), Object::String(other)) => {
                self.document.string_bytes(one) == self.document.string_bytes(other)
            }
            (Object::Array(one), Object::Array(other)) => {
                Rc::ptr_eq(one, other)
                    || (one.len() == other.len()
                        && one.iter().zip(other.iter()).all(|(old, new)| self.same_at(old, new, depth + 1)))
            }
            (Object::Dictionary(one), Object::Dictionary(other)) => {
                one.is_shared_with(other) || self.same_entries(one, other, &[], depth)
            }
            (Object::Stream(one), Object::Stream(other)) => {
                let raw = |start: usize, end: usize| self.document.data.get(start..end);
                // The same data encrypted anew has other bytes.
                let same = raw(one.start, one.end) == raw(other.start, other.end)
                    || (self.document.is_encrypted() && {
                        let decoded = self.document.decode(self.old, one);
                        decoded.is_ok() && decoded == self.document.decode(self.new, other)
                    });
                same && self.same_entries(&one.dictionary, &other.dictionary, &[b"Length"], depth)
            }
            (Object::Integer(_) | Object::Real(_), Object::Integer(_) | Object::Real(_)) => {
                old.number() == new.number()
            }
            _ => old == new,
        }
    }

    fn same_entries(&self, old: &Dictionary, new: &Dictionary, but: &[&[u8]], depth: u32) -> bool {
        let null = &Object::Null;
        let same = |key: &[u8]| {
            let (old, new) = (old.get(key).unwrap_or(null), new.get(key).unwrap_or(null));
            but.contains(&key) || self.same_at(old, new, depth + 1)
        };
        old.iter().all(|(key, _)| same(key)) && new.iter().all(|(key, _)| old.get(key).is_some() || same(key))
    }

    /// Keys whose values differ, sorted, each once.
    pub(super) fn changed_keys(&self, old: &Dictionary, new: &Dictionary) -> Vec<Vec<u8>> {
        if old.is_shared_with(new) {
            return Vec::new();
        }
        let mut keys: Vec<Vec<u8>> = old.iter().chain(new.iter()).map(|(key, _)| key.to_vec()).collect();
        keys.sort();
        keys.dedup();
        keys.retain(|key| !self.same_entry(old.get(key), new.get(key)));
        keys
    }
}
