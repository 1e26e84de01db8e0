//! Applies the permissions of one signature to the changes behind it: DocMDP of the certification, the
//! field's lock, FieldMDP (ISO 32000-2, 12.8.2). Without DocMDP, new signatures and form filling are
//! permitted and nothing else: this project's policy.

use super::Finding;
use crate::model::ModificationLevel;
use crate::pdf::signature::FieldLock;

/// What a signature permits.
pub(crate) struct Permissions<'s> {
    /// The certification's /P, or the lock's: the stricter one.
    pub(crate) level: Option<u8>,
    pub(crate) locks: &'s [FieldLock],
}

/// A finding as one signature judges it.
pub(crate) struct Judged {
    pub(crate) level: ModificationLevel,
    pub(crate) reason: Option<&'static str>,
}

/// The level of `finding` under `permissions`.
pub(crate) fn judge(finding: &Finding, permissions: &Permissions<'_>) -> Judged {
    let allowed = match permissions.level {
        Some(1) => ModificationLevel::LongTermValidation,
        Some(3) => ModificationLevel::Annotation,
        _ => ModificationLevel::FormFilling,
    };
    if finding.level > ModificationLevel::Annotation {
        return Judged { level: finding.level, reason: None };
    }
    if finding.level > allowed {
        return Judged { level: ModificationLevel::Forbidden, reason: Some("not permitted by the signature") };
    }
    if let Some(field) = &finding.field
        && permissions.locks.iter().any(|lock| lock.locks(field))
    {
        return Judged { level: ModificationLevel::Forbidden, reason: Some("the signature locks this field") };
    }
    Judged { level: finding.level, reason: None }
}
