//! Remembering which key verified which signature. A CA certificate or a CRL of a department's archive
//! is verified once, not once per document.

use crate::model::{Sha256Digest, ValueOutcome};
use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

/// Entries kept; beyond that signatures are verified again. Bounds memory, changes no outcome; ours.
const MAXIMUM_ENTRIES: usize = 1 << 18;

/// Outcome by (SHA-256 of the signed object, SHA-256 of the key). Shared between threads.
#[derive(Debug, Default)]
pub(super) struct SignatureMemo(RwLock<HashMap<(Sha256Digest, Sha256Digest), ValueOutcome>>);

impl SignatureMemo {
    /// The remembered outcome, or that of `verify`.
    pub(super) fn get(
        &self,
        object: Sha256Digest,
        key: Sha256Digest,
        verify: impl FnOnce() -> ValueOutcome,
    ) -> ValueOutcome {
        let entry = (object, key);
        if let Some(outcome) = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&entry) {
            return outcome.clone();
        }
        // Outside the lock: two threads may verify the same signature once each, with the same outcome.
        let outcome = verify();
        let mut entries = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if entries.len() < MAXIMUM_ENTRIES {
            entries.insert(entry, outcome.clone());
        }
        outcome
    }
}
