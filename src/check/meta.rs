//! What a check is: its metadata in both languages and the function that runs it.

use super::findings::Findings;
use super::input::{ArchiveInput, DocumentInput, RateInput};
use crate::model::{Bilingual, CheckMeta, Level, Scope};
use std::borrow::Cow;

/// One text in both languages, known when the program is built.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Text {
    /// Vietnamese: the primary language.
    pub vi: &'static str,
    /// English.
    pub en: &'static str,
}

/// A [`Text`] from its two halves.
pub(super) const fn text(vi: &'static str, en: &'static str) -> Text {
    Text { vi, en }
}

impl Text {
    fn owned(self) -> Bilingual {
        Bilingual::new(self.vi, self.en)
    }
}

/// What is known of a check: `explain`, the pages under docs/checks and every report come from this.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Meta {
    /// Stable id, kebab-case, never renamed or reused.
    pub id: &'static str,
    /// Default level.
    pub level: Level,
    /// What one finding is about.
    pub scope: Scope,
    /// One line.
    pub title: Text,
    /// When it fires and when not.
    pub explanation: Text,
    /// Legal or technical basis with its mark: an article is quoted plainly only where the whole act
    /// was read; an article seen in excerpts says so; an act not held is named without article.
    pub basis: Text,
    /// Who fixes it and how.
    pub remedy: Text,
}

impl Meta {
    /// The serialisable form that reports carry.
    pub fn to_model(&self) -> CheckMeta {
        CheckMeta {
            id: Cow::Borrowed(self.id),
            level: self.level,
            scope: self.scope,
            title: self.title.owned(),
            explanation: self.explanation.owned(),
            basis: self.basis.owned(),
            remedy: self.remedy.owned(),
        }
    }
}

/// The function of a check, by what it needs to see.
#[derive(Clone, Copy, Debug)]
pub enum Run {
    /// Once per file, independent of other files.
    Document(fn(&DocumentInput<'_>, &mut Findings<'_>)),
    /// Once, over the joined records.
    Archive(fn(&ArchiveInput<'_>, &mut Findings<'_>)),
    /// Once, over the rates.
    Rate(fn(&RateInput<'_>, &mut Findings<'_>)),
}

/// A check of the registry.
#[derive(Clone, Copy, Debug)]
pub struct Check {
    /// What it is.
    pub meta: Meta,
    /// What it does.
    pub run: Run,
}
