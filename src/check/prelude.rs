//! What every check file needs.

pub(super) use super::findings::{About, Findings};
pub(super) use super::input::{ArchiveInput, DocumentInput, RateInput};
pub(super) use super::meta::{Check, Meta, Run, text};
pub(super) use crate::model::{Bilingual, Level, Role, Scope, UnixTime};
pub(super) use crate::records::DocumentKind;
