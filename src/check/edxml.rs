//! What checks on edXML packages share: the packages with their facts, and what a finding about one concerns.

use super::findings::About;
use super::input::ArchiveInput;
use crate::model::PackageFacts;
use crate::records::{DocumentClass, PackageClass};

/// One package with its facts and its own entry among the documents.
#[derive(Clone, Copy, Debug)]
pub(super) struct Package<'a> {
    /// The join's word on it.
    pub(super) class: &'a PackageClass,
    /// What it says.
    pub(super) facts: &'a PackageFacts,
    /// Its entry: path, number, day and unit.
    pub(super) entry: &'a DocumentClass,
}

impl Package<'_> {
    /// The package as what a finding concerns.
    pub(super) fn about(&self) -> About {
        super::input::about(self.entry)
    }

    /// Number and symbol, else the file name.
    pub(super) fn subject(&self) -> String {
        super::input::subject(self.entry)
    }
}

/// Every package of the archive.
pub(super) fn packages<'a>(input: &ArchiveInput<'a>) -> impl Iterator<Item = Package<'a>> {
    let (records, files) = (input.records, input.files);
    records.packages.iter().filter_map(move |class| {
        let facts = files.get(class.file)?.package()?;
        Some(Package { class, facts, entry: records.documents.get(class.file)? })
    })
}
