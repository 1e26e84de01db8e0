//! Values of the file with their places, and the checks that several sections share.

use super::error::{Place, Refusal};
use super::{ConfigError, Register, RegisterKind, raw};
use crate::model::{CalendarDate, Sha256Digest};
use crate::register::{Encoding, Format};
use std::collections::BTreeMap;
use toml::Spanned;

/// A value as text, a string without its marks.
pub(super) fn value_text(value: &toml::Value) -> String {
    match value {
        toml::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Places of values in the file, and the checks that several sections share.
pub(super) struct Reader<'a> {
    /// Name of the file.
    pub(super) file: &'a str,
    /// Its text.
    pub(super) text: &'a str,
}

impl Reader<'_> {
    /// Where a value stands.
    pub(super) fn place<T>(&self, value: &Spanned<T>) -> Place {
        Place::of(self.text, value.span().start)
    }

    /// The error of a value.
    pub(super) fn refuse<T>(&self, value: &Spanned<T>, refusal: Refusal) -> ConfigError {
        ConfigError::new(self.file, self.place(value), refusal)
    }

    /// Text that must not be blank.
    pub(super) fn filled(&self, key: &str, value: &Spanned<String>) -> Result<String, ConfigError> {
        let text = value.get_ref().trim();
        if text.is_empty() { Err(self.refuse(value, Refusal::Blank(key.to_owned()))) } else { Ok(text.to_owned()) }
    }

    /// A SHA-256 fingerprint.
    pub(super) fn digest(&self, value: &Spanned<String>) -> Result<Sha256Digest, ConfigError> {
        // Fingerprints are often copied with colons or spaces.
        let digits: String = value.get_ref().chars().filter(|c| !matches!(c, ':' | ' ')).collect();
        digits.parse().map_err(|_| self.refuse(value, Refusal::Digest(value.get_ref().clone())))
    }

    /// `yyyy-mm-dd`, a TOML date or a string.
    pub(super) fn day(&self, value: &Spanned<toml::Value>) -> Result<CalendarDate, ConfigError> {
        let text = value_text(value.get_ref());
        text.parse().map_err(|_| self.refuse(value, Refusal::Date(text.clone())))
    }

    /// One of the words allowed.
    pub(super) fn word<T: Copy>(&self, value: &Spanned<String>, words: &[(&str, T)]) -> Result<T, ConfigError> {
        let found = words.iter().find(|(word, _)| word == value.get_ref()).map(|(_, meaning)| *meaning);
        found.ok_or_else(|| self.refuse(value, Refusal::word(value.get_ref(), words.iter().map(|(word, _)| *word))))
    }

    /// A `[[register]]` block.
    pub(super) fn register(&self, raw: raw::Register) -> Result<Register, ConfigError> {
        let kinds = [
            ("outgoing", RegisterKind::Outgoing),
            ("post-book", RegisterKind::PostBook),
            ("work-files", RegisterKind::WorkFiles),
            ("exemptions", RegisterKind::Exemptions),
            ("cancelled", RegisterKind::Cancelled),
            ("delegations", RegisterKind::Delegations),
            ("waivers", RegisterKind::Waivers),
        ];
        let kind = self.word(&raw.kind, &kinds)?;
        let path = self.filled("path", &raw.path)?;
        let format = Format::of_path(&path).ok_or_else(|| self.refuse(&raw.path, Refusal::Format(path.clone())))?;
        if let Some(preset) = &raw.preset {
            self.word(preset, &[("decree-30", ())])?;
        }
        let encoding = match &raw.encoding {
            Some(encoding) if format != Format::Csv => {
                return Err(self.refuse(encoding, Refusal::EncodingOfSpreadsheet));
            }
            Some(encoding) => Some(self.word(encoding, Encoding::ALL)?),
            None => None,
        };
        if let Some(sheet) = raw.sheet.as_ref().filter(|_| format == Format::Csv) {
            return Err(self.refuse(sheet, Refusal::SheetOfCsv));
        }
        let schema = kind.schema();
        let mut columns = BTreeMap::new();
        for (field, header) in raw.columns {
            if schema.field(field.get_ref()).is_none() {
                let fields = schema.fields.iter().map(|field| field.name);
                return Err(self.refuse(&field, Refusal::word(field.get_ref(), fields)));
            }
            let header = self.filled(field.get_ref(), &header)?;
            columns.insert(field.into_inner(), header);
        }
        Ok(Register { kind, path, sheet: raw.sheet.map(Spanned::into_inner), encoding, columns })
    }
}
