//! Single values by key: how flags and environment variables override them, and where each came from.

use super::error::Refusal;
use super::{Config, ConfigError, Disclosure};
use crate::limits::Limits;
use crate::model::{Level, RateKind, UnixTime};
use crate::period::{MAX_CUTOFF_DAY, ReportingCalendar};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Where a value comes from.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Origin {
    /// Built in.
    Default,
    /// `soat.toml`.
    File,
    /// An environment variable.
    Environment,
    /// The command line.
    Flag,
}

/// A value as `soat config` shows it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Setting {
    /// Section and key: `rate.basis`.
    pub key: String,
    /// The value; empty where none is set.
    pub value: String,
    /// Where it comes from.
    pub origin: Origin,
    /// Line of the file.
    pub line: Option<u32>,
}

/// Every key that holds one value. Lists (registers, anchors, signers, checks, folders) come from the file.
const KEYS: &[&str] = &[
    "archive.name",
    "archive.agency",
    "archive.organisation",
    "archive.ocr",
    "archive.clock",
    "trust.folder",
    "revocation.folder",
    "rate.basis",
    "rate.target_electronic",
    "rate.target_work_files",
    "rate.minimum_denominator",
    "rate.scope",
    "period.cutoff_day",
    "exchange.receipt_days",
    "gate.fail_on",
    "gate.minimum_coverage",
    "disclose.level",
    "operation.metrics",
    "operation.notify_seconds",
    "operation.recheck_days",
    "operation.keep_runs",
    "limits.file_bytes",
    "limits.objects",
    "limits.depth",
    "limits.revisions",
    "limits.inflated_stream_bytes",
    "limits.inflated_total_bytes",
    "limits.cross_reference_bytes",
    "limits.structure_bytes",
    "limits.field_name_bytes",
    "limits.signatures",
    "limits.cms_bytes",
    "limits.pages_read",
    "limits.path_signature_checks",
    "limits.package_bytes",
    "limits.xml_attributes",
    "limits.package_items",
    "limits.package_text",
    "limits.steps",
];

/// Name of the environment variable of a key: `rate.basis` is `SOAT_RATE_BASIS`.
pub fn environment_name(key: &str) -> String {
    format!("SOAT_{}", key.replace('.', "_").to_ascii_uppercase())
}

impl Config {
    /// Keys that [`Config::set`] takes.
    pub fn keys() -> &'static [&'static str] {
        KEYS
    }

    /// Overrides one value. A value of weaker origin than the one in force is ignored, so the order of calls
    /// does not matter. `source` names the flag or variable in messages.
    ///
    /// # Errors
    /// [`ConfigError`] if the key does not exist or the value is not what it allows.
    pub fn set(&mut self, key: &str, value: &str, origin: Origin, source: &str) -> Result<(), ConfigError> {
        if self.origin(key).0 > origin {
            return Ok(());
        }
        self.assign(key, value).map_err(|refusal| ConfigError::outside_file(source, &refusal))?;
        self.origins.insert(key.to_owned(), (origin, None));
        Ok(())
    }

    /// Every value with its origin, in the order of the file's sections; lists in one line each.
    pub fn settings(&self) -> Vec<Setting> {
        let mut settings = KEYS.iter().map(|key| self.setting(key, self.show(key))).collect::<Vec<_>>();
        let mut list = |key: &str, values: Vec<String>| {
            let origin = if values.is_empty() { Origin::Default } else { Origin::File };
            let known = self.origins.get(key).copied();
            let (origin, line) =
                known.unwrap_or((if key == "archive.documents" { Origin::Default } else { origin }, None));
            settings.push(Setting { key: key.to_owned(), value: values.join(", "), origin, line });
        };
        list("archive.documents", self.archive.documents.clone());
        list("archive.exclude", self.archive.exclude.iter().map(|(pattern, _)| pattern.clone()).collect());
        list("register", self.registers.iter().map(|register| register.path.clone()).collect());
        list("trust.anchor", self.anchors.keys().map(ToString::to_string).collect());
        list("operation.notify", self.operation.notify.clone());
        list("signer", self.signers.keys().map(ToString::to_string).collect());
        list("check", self.checks.keys().cloned().collect());
        settings
    }

    fn setting(&self, key: &str, value: String) -> Setting {
        let (origin, line) = self.origin(key);
        Setting { key: key.to_owned(), value, origin, line }
    }

    fn origin(&self, key: &str) -> (Origin, Option<u32>) {
        self.origins.get(key).copied().unwrap_or((Origin::Default, None))
    }

    pub(super) fn assign(&mut self, key: &str, value: &str) -> Result<(), Refusal> {
        let filled = || {
            let text = value.trim();
            if text.is_empty() { Err(Refusal::Blank(key.to_owned())) } else { Ok(text.to_owned()) }
        };
        match key {
            "archive.name" => self.archive.name = Some(filled()?),
            "archive.agency" => self.archive.agency = Some(filled()?),
            "archive.organisation" => self.archive.organisation = Some(filled()?),
            "archive.ocr" => self.archive.ocr = Some(filled()?),
            "archive.clock" => self.archive.clock = Some(moment(value)?),
            "trust.folder" => self.trust_folder = Some(filled()?),
            "revocation.folder" => self.revocation_folder = Some(filled()?),
            "rate.basis" => self.rate.basis = word(value, BASES)?,
            "rate.scope" => self.rate.exchanged_only = word(value, SCOPES)?,
            "rate.target_electronic" => self.rate.target_electronic = number(value, 0, 100)?,
            "rate.target_work_files" => self.rate.target_work_files = number(value, 0, 100)?,
            "rate.minimum_denominator" => self.rate.minimum_denominator = number(value, 0, u64::from(u32::MAX))?,
            "exchange.receipt_days" => self.receipt_days = number(value, 0, 365)?,
            "period.cutoff_day" => {
                self.cutoff_day = number(value, 0, u64::from(MAX_CUTOFF_DAY))?;
                self.calendar = ReportingCalendar::new(self.cutoff_day)
                    .map_err(|_| Refusal::Number(value.to_owned(), 0, u64::from(MAX_CUTOFF_DAY)))?;
            }
            "gate.fail_on" => self.fail_on = word(value, FAIL_ON)?,
            "gate.minimum_coverage" => self.minimum_coverage = number(value, 0, 100)?,
            "disclose.level" => self.disclosure = word(value, DISCLOSURES)?,
            "operation.metrics" => self.operation.metrics = Some(filled()?),
            "operation.notify_seconds" => self.operation.notify_seconds = number(value, 1, 3_600)?,
            "operation.recheck_days" => self.operation.recheck_days = number(value, 0, 36_500)?,
            "operation.keep_runs" => self.operation.keep_runs = number(value, 1, u64::from(u32::MAX))?,
            _ => {
                let limit = key.strip_prefix("limits.").and_then(|name| limit(&mut self.limits, name));
                *limit.ok_or_else(|| Refusal::UnknownKey(key.to_owned()))? = number(value, 1, MAX_LIMIT)?;
            }
        }
        Ok(())
    }

    fn show(&self, key: &str) -> String {
        fn name<T: PartialEq>(value: &T, words: &[(&str, T)]) -> String {
            words.iter().find(|(_, meaning)| meaning == value).map(|(word, _)| (*word).to_owned()).unwrap_or_default()
        }
        let optional = |value: &Option<String>| value.clone().unwrap_or_default();
        match key {
            "archive.name" => optional(&self.archive.name),
            "archive.agency" => optional(&self.archive.agency),
            "archive.organisation" => optional(&self.archive.organisation),
            "archive.ocr" => optional(&self.archive.ocr),
            "archive.clock" => self.archive.clock.map(|clock| clock.to_string()).unwrap_or_default(),
            "trust.folder" => optional(&self.trust_folder),
            "revocation.folder" => optional(&self.revocation_folder),
            "rate.basis" => name(&self.rate.basis, BASES),
            "rate.scope" => name(&self.rate.exchanged_only, SCOPES),
            "rate.target_electronic" => self.rate.target_electronic.to_string(),
            "rate.target_work_files" => self.rate.target_work_files.to_string(),
            "rate.minimum_denominator" => self.rate.minimum_denominator.to_string(),
            "period.cutoff_day" => self.cutoff_day.to_string(),
            "exchange.receipt_days" => self.receipt_days.to_string(),
            "gate.fail_on" => name(&self.fail_on, FAIL_ON),
            "gate.minimum_coverage" => self.minimum_coverage.to_string(),
            "disclose.level" => name(&self.disclosure, DISCLOSURES),
            "operation.metrics" => optional(&self.operation.metrics),
            "operation.notify_seconds" => self.operation.notify_seconds.to_string(),
            "operation.recheck_days" => self.operation.recheck_days.to_string(),
            "operation.keep_runs" => self.operation.keep_runs.to_string(),
            _ => {
                let mut limits = self.limits.clone();
                let value = key.strip_prefix("limits.").and_then(|name| limit(&mut limits, name));
                value.map(|value| value.to_string()).unwrap_or_default()
            }
        }
    }
}

const BASES: &[(&str, RateKind)] = &[("n1", RateKind::N1), ("n2", RateKind::N2), ("n3", RateKind::N3)];
const SCOPES: &[(&str, bool)] = &[("all", false), ("exchanged", true)];
pub(super) const FAIL_ON: &[(&str, Option<Level>)] =
    &[("error", Some(Level::Error)), ("warn", Some(Level::Warn)), ("never", None)];
const DISCLOSURES: &[(&str, Disclosure)] = &[("masked", Disclosure::Masked), ("full", Disclosure::Full)];
/// Largest limit that can be set: what TOML's integers hold.
const MAX_LIMIT: u64 = i64::MAX as u64;

fn limit<'a>(limits: &'a mut Limits, name: &str) -> Option<&'a mut u64> {
    Some(match name {
        "file_bytes" => &mut limits.file_bytes,
        "objects" => &mut limits.objects,
        "depth" => &mut limits.depth,
        "revisions" => &mut limits.revisions,
        "inflated_stream_bytes" => &mut limits.inflated_stream_bytes,
        "inflated_total_bytes" => &mut limits.inflated_total_bytes,
        "cross_reference_bytes" => &mut limits.cross_reference_bytes,
        "structure_bytes" => &mut limits.structure_bytes,
        "field_name_bytes" => &mut limits.field_name_bytes,
        "signatures" => &mut limits.signatures,
        "cms_bytes" => &mut limits.cms_bytes,
        "pages_read" => &mut limits.pages_read,
        "path_signature_checks" => &mut limits.path_signature_checks,
        "package_bytes" => &mut limits.package_bytes,
        "xml_attributes" => &mut limits.xml_attributes,
        "package_items" => &mut limits.package_items,
        "package_text" => &mut limits.package_text,
        "steps" => &mut limits.steps,
        _ => return None,
    })
}

fn word<T: Copy>(value: &str, words: &[(&str, T)]) -> Result<T, Refusal> {
    let found = words.iter().find(|(word, _)| *word == value).map(|(_, meaning)| *meaning);
    found.ok_or_else(|| Refusal::word(value, words.iter().map(|(word, _)| *word)))
}

fn number<T: TryFrom<u64>>(value: &str, first: u64, last: u64) -> Result<T, Refusal> {
    let refusal = || Refusal::Number(value.to_owned(), first, last);
    let number: u64 = value.trim().parse().map_err(|_| refusal())?;
    if !(first..=last).contains(&number) {
        return Err(refusal());
    }
    T::try_from(number).map_err(|_| refusal())
}

fn moment(value: &str) -> Result<UnixTime, Refusal> {
    let moment = OffsetDateTime::parse(value.trim(), &Rfc3339).map_err(|_| Refusal::Moment(value.to_owned()))?;
    Ok(UnixTime(moment.unix_timestamp()))
}
