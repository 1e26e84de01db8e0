//! Collects findings and applies the operator's level overrides to them.

use super::meta::Meta;
use super::settings::{CheckSettings, LevelOverride};
use crate::model::{Bilingual, CalendarDate, Finding, Level, Sha256Digest};
use std::borrow::Cow;

/// The document, row or unit that a finding concerns.
#[derive(Clone, Default, Debug)]
pub(super) struct About {
    /// Path of the file, relative to the archive.
    pub path: Option<String>,
    /// Unit code.
    pub unit: Option<String>,
    /// Document date.
    pub date: Option<CalendarDate>,
    /// Content hash.
    pub sha256: Option<Sha256Digest>,
}

/// The findings of one check.
#[derive(Debug)]
pub struct Findings<'a> {
    meta: &'a Meta,
    settings: &'a CheckSettings,
    about: About,
    out: &'a mut Vec<Finding>,
}

impl<'a> Findings<'a> {
    /// Findings of the check `meta`, appended to `out`; `about` is what a finding concerns unless it
    /// says otherwise.
    pub(super) fn new(meta: &'a Meta, settings: &'a CheckSettings, about: About, out: &'a mut Vec<Finding>) -> Self {
        Self { meta, settings, about, out }
    }

    /// Id of the check.
    pub(super) fn check_id(&self) -> &'static str {
        self.meta.id
    }

    /// Adds a finding at the default level about the present document.
    pub(super) fn add(&mut self, subject: impl Into<String>, message: Bilingual) {
        self.add_at(self.meta.level, subject, message);
    }

    /// Adds a finding at `level` about the present document.
    pub(super) fn add_at(&mut self, level: Level, subject: impl Into<String>, message: Bilingual) {
        let about = self.about.clone();
        self.add_about(level, subject, about, message);
    }

    /// Adds a finding at `level` about `about`.
    pub(super) fn add_about(&mut self, level: Level, subject: impl Into<String>, about: About, message: Bilingual) {
        let Some(level) = overridden(level, self.meta, self.settings) else { return };
        self.out.push(Finding {
            check: Cow::Borrowed(self.meta.id),
            level,
            scope: self.meta.scope,
            subject: subject.into(),
            path: about.path,
            unit: about.unit,
            date: about.date,
            sha256: about.sha256,
            message,
            waived: None,
        });
    }
}

/// The level after configuration; `None` when the finding is switched off.
///
/// "Could not be decided" is a result, not an opinion: it may be raised to an error, never lowered
/// and never hidden. An override lowers every finding of the check, but raises only those at the
/// check's own level, so that a note does not become an error with it.
fn overridden(level: Level, meta: &Meta, settings: &CheckSettings) -> Option<Level> {
    let Some(wanted) = settings.levels.get(meta.id) else { return Some(level) };
    match (level, wanted) {
        (Level::Indeterminate, LevelOverride::Level(Level::Error)) => Some(Level::Error),
        (Level::Indeterminate, _) => Some(Level::Indeterminate),
        (_, LevelOverride::Off) => None,
        (level, LevelOverride::Level(wanted)) if level == meta.level => Some(*wanted),
        (level, LevelOverride::Level(wanted)) => Some(level.max(*wanted)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::CHECKS;

    fn after(id: &str, level: Level, wanted: LevelOverride) -> Option<Level> {
        let meta = &CHECKS.iter().find(|check| check.meta.id == id).unwrap().meta;
        let settings = CheckSettings { levels: [(id.to_owned(), wanted)].into(), ..CheckSettings::default() };
        overridden(level, meta, &settings)
    }

    #[test]
    fn an_override_replaces_the_default_level() {
        assert_eq!(after("algorithm-weak", Level::Warn, LevelOverride::Level(Level::Error)), Some(Level::Error));
        assert_eq!(after("algorithm-weak", Level::Warn, LevelOverride::Off), None);
    }

    #[test]
    fn a_note_is_not_raised_with_its_check_but_is_lowered_with_it() {
        assert_eq!(after("algorithm-weak", Level::Info, LevelOverride::Level(Level::Error)), Some(Level::Info));
        assert_eq!(after("algorithm-weak", Level::Error, LevelOverride::Level(Level::Info)), Some(Level::Info));
    }

    #[test]
    fn undecided_is_never_lowered_or_hidden() {
        for wanted in [LevelOverride::Off, LevelOverride::Level(Level::Info), LevelOverride::Level(Level::Warn)] {
            assert_eq!(after("revocation-unknown", Level::Indeterminate, wanted), Some(Level::Indeterminate));
            assert_eq!(after("certificate-revoked", Level::Indeterminate, wanted), Some(Level::Indeterminate));
        }
        let raised = after("revocation-unknown", Level::Indeterminate, LevelOverride::Level(Level::Error));
        assert_eq!(raised, Some(Level::Error));
    }
}
