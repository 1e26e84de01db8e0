//! The operator's configuration, `soat.toml`: parsed from text, validated, with the origin of every value.
//! Reading the file and resolving paths is the caller's work.
//!
//! Precedence is flag, environment, file, default: [`Config::parse`] gives file and defaults,
//! [`Config::set`] lays the others over them by key.

mod error;
mod glob;
mod raw;
mod reader;
mod setting;
mod template;

pub use error::ConfigError;
pub use glob::{Glob, GlobError};
pub use setting::{Origin, Setting, environment_name};
pub use template::TEMPLATE;

use crate::limits::Limits;
use crate::model::{CalendarDate, Level, Method, RateKind, Role, RowLocation, Sha256Digest, Trust, UnixTime, Waiver};
use crate::period::ReportingCalendar;
use crate::register::{Encoding, schema};
use error::{Place, Refusal};
use reader::{Reader, value_text};
use std::collections::{BTreeMap, BTreeSet};
use toml::Spanned;

/// Everything the operator decides.
#[derive(Clone, PartialEq, Debug)]
pub struct Config {
    /// What is audited.
    pub archive: Archive,
    /// Registers and lists, in file order.
    pub registers: Vec<Register>,
    /// Folder of CA certificates (candidates, not anchors).
    pub trust_folder: Option<String>,
    /// Anchors the operator confirmed, by certificate.
    pub anchors: BTreeMap<Sha256Digest, Anchor>,
    /// Folder of CRLs and OCSP responses.
    pub revocation_folder: Option<String>,
    /// Overrides of the person/agency classification, by certificate.
    pub signers: BTreeMap<Sha256Digest, SignerRole>,
    /// Rates and targets.
    pub rate: Rate,
    /// How time is cut into months.
    pub calendar: ReportingCalendar,
    /// Days on which offices are closed besides Saturday and Sunday.
    pub holidays: BTreeSet<CalendarDate>,
    /// Saturdays and Sundays on which offices work in return for a holiday.
    pub make_up_days: BTreeSet<CalendarDate>,
    /// Waivers of findings that stand in the configuration itself.
    pub waivers: Vec<Waiver>,
    /// Cut-off day as configured.
    pub cutoff_day: u8,
    /// Working days within which a receiver of the exchange axis has to have accepted.
    pub receipt_days: u32,
    /// Level overrides by check id.
    pub checks: BTreeMap<String, CheckLevel>,
    /// Findings at this level or above fail the gate; `None`: never.
    pub fail_on: Option<Level>,
    /// Percent of files that must have been assessed.
    pub minimum_coverage: u32,
    /// Other thresholds for the gate, by name; what a profile leaves out is as in `[gate]`.
    pub gate_profiles: BTreeMap<String, GateProfile>,
    /// Bounds on hostile input.
    pub limits: Limits,
    /// What shared reports carry.
    pub disclosure: Disclosure,
    /// The night run's surroundings.
    pub operation: Operation,
    origins: BTreeMap<String, (Origin, Option<u32>)>,
    check_places: BTreeMap<String, Place>,
    file: String,
}

/// Section `[archive]`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Archive {
    /// Printed on reports.
    pub name: Option<String>,
    /// Code of the agency whose outgoing documents these are.
    pub agency: Option<String>,
    /// Folders to walk, relative to the configuration.
    pub documents: Vec<String>,
    /// Patterns of paths left out, as written and compiled.
    pub exclude: Vec<(String, Glob)>,
    /// Organisation table.
    pub organisation: Option<String>,
    /// OCR program (Tesseract), a whole path; without it the one on PATH is taken.
    pub ocr: Option<String>,
    /// Pins the audit's clock.
    pub clock: Option<UnixTime>,
}

/// One `[[register]]`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Register {
    /// What it lists.
    pub kind: RegisterKind,
    /// File, relative to the configuration.
    pub path: String,
    /// Sheet of a spreadsheet.
    pub sheet: Option<String>,
    /// Encoding of a CSV.
    pub encoding: Option<Encoding>,
    /// Canonical field to header text.
    pub columns: BTreeMap<String, String>,
}

/// Kinds of register.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum RegisterKind {
    /// Sổ đăng ký văn bản đi.
    Outgoing,
    /// Sổ gửi văn bản đi bưu điện.
    PostBook,
    /// Danh mục hồ sơ.
    WorkFiles,
    /// Exemptions from the paper rule.
    Exemptions,
    /// Cancelled numbers.
    Cancelled,
    /// Recorded authority to sign for another.
    Delegations,
    /// Waivers of findings.
    Waivers,
}

/// One `[[trust.anchor]]`: who vouches for a root and when.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Anchor {
    /// Specialised or public.
    pub kind: AnchorKind,
    /// Who compared the fingerprint.
    pub confirmed_by: String,
    /// When.
    pub confirmed_on: CalendarDate,
}

/// Kinds of anchor.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AnchorKind {
    /// Root of the specialised PKI (chữ ký số chuyên dùng công vụ).
    Specialised,
    /// Root of a public PKI: sound, but the wrong kind for a document of the state.
    Public,
}

impl AnchorKind {
    /// What a path that ends here is.
    pub fn trust(self) -> Trust {
        match self {
            Self::Specialised => Trust::Specialised,
            Self::Public => Trust::Public,
        }
    }
}

/// Role of a `[[signer]]`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SignerRole {
    /// A person.
    Person,
    /// An agency.
    Agency,
    /// A portal or gazette that signs what it republishes.
    Republisher,
}

impl SignerRole {
    /// Role and whether it is a republisher's.
    pub fn role(self) -> (Role, bool) {
        match self {
            Self::Person => (Role::Person, false),
            Self::Agency => (Role::Agency, false),
            Self::Republisher => (Role::Agency, true),
        }
    }
}

/// One `[gate.profile.NAME]`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct GateProfile {
    /// Findings at this level or above fail; `None`: never.
    pub fail_on: Option<Level>,
    /// Percent of files that must have been assessed.
    pub minimum_coverage: u32,
}

/// Section `[rate]`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rate {
    /// Which rate the gate judges: N1, N2 or N3.
    pub basis: RateKind,
    /// Strict target in percent.
    pub target_electronic: u32,
    /// Strict target in percent.
    pub target_work_files: u32,
    /// Small-number warning below this.
    pub minimum_denominator: u32,
    /// Only documents exchanged with other agencies.
    pub exchanged_only: bool,
}

/// A level in `[check]`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CheckLevel {
    /// Report at this level.
    At(Level),
    /// Do not report.
    Off,
}

/// What shared reports carry.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Disclosure {
    /// Names, subjects and serials masked.
    Masked,
    /// In full; recorded in the report.
    Full,
}

/// Section `[operation]`: what a run does besides auditing. It never enters a report.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Operation {
    /// Prometheus text file, relative to the configuration.
    pub metrics: Option<String>,
    /// Command with arguments that gets JSON on its standard input after every run.
    pub notify: Vec<String>,
    /// Seconds that the command may take.
    pub notify_seconds: u64,
    /// Every file is read again within so many days although it seems unchanged; 0: never.
    pub recheck_days: u32,
    /// Newest runs that are kept.
    pub keep_runs: u32,
}

impl Default for Operation {
    fn default() -> Self {
        // A year of nights and some; a month to notice a dying disk.
        Self { metrics: None, notify: Vec::new(), notify_seconds: 30, recheck_days: 30, keep_runs: 400 }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            archive: Archive {
                name: None,
                agency: None,
                documents: vec![String::from(".")],
                exclude: Vec::new(),
                organisation: None,
                ocr: None,
                clock: None,
            },
            registers: Vec::new(),
            trust_folder: None,
            anchors: BTreeMap::new(),
            revocation_folder: None,
            signers: BTreeMap::new(),
            // Targets of the directive (domain README section 1).
            rate: Rate {
                basis: RateKind::N3,
                target_electronic: 95,
                target_work_files: 40,
                minimum_denominator: 20,
                exchanged_only: false,
            },
            calendar: ReportingCalendar::default(),
            holidays: BTreeSet::new(),
            make_up_days: BTreeSet::new(),
            waivers: Vec::new(),
            cutoff_day: 0,
            receipt_days: 3,
            checks: BTreeMap::new(),
            fail_on: Some(Level::Error),
            minimum_coverage: 90,
            gate_profiles: BTreeMap::new(),
            limits: Limits::default(),
            disclosure: Disclosure::Masked,
            operation: Operation::default(),
            origins: BTreeMap::new(),
            check_places: BTreeMap::new(),
            file: String::new(),
        }
    }
}

impl Config {
    /// Parses the text of `soat.toml`; `file` is its name for messages.
    ///
    /// # Errors
    /// [`ConfigError`] with line and column: not TOML, an unknown key, a value of the wrong type or outside
    /// what its key allows.
    pub fn parse(file: &str, text: &str) -> Result<Self, ConfigError> {
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        let raw: raw::File = toml::from_str(text).map_err(|error| ConfigError::from_toml(file, text, &error))?;
        let mut config = Self { file: file.to_owned(), ..Self::default() };
        let mut reader = Reader { file, text };
        config.take_scalars(&mut reader, &raw)?;
        config.take_lists(&mut reader, raw)?;
        Ok(config)
    }

    /// Refuses level overrides of checks that do not exist.
    ///
    /// # Errors
    /// [`ConfigError`] at the first unknown id.
    pub fn verify_check_ids(&self, exists: impl Fn(&str) -> bool) -> Result<(), ConfigError> {
        match self.check_places.iter().find(|(id, _)| !exists(id)) {
            Some((id, place)) => Err(ConfigError::new(&self.file, *place, Refusal::UnknownCheck(id.clone()))),
            None => Ok(()),
        }
    }

    /// What enters the definitions, for the report.
    pub fn method(&self) -> Method {
        Method {
            basis: self.rate.basis,
            target_electronic: self.rate.target_electronic,
            target_work_files: self.rate.target_work_files,
            minimum_denominator: self.rate.minimum_denominator,
            exchanged_only: self.rate.exchanged_only,
            cutoff_day: self.cutoff_day,
            fail_on: self.fail_on,
            minimum_coverage: self.minimum_coverage,
            levels: self
                .checks
                .iter()
                .map(|(id, level)| {
                    (
                        id.clone(),
                        match level {
                            CheckLevel::At(level) => Some(*level),
                            CheckLevel::Off => None,
                        },
                    )
                })
                .collect(),
        }
    }

    /// Registers of one kind.
    pub fn registers_of(&self, kind: RegisterKind) -> impl Iterator<Item = &Register> {
        self.registers.iter().filter(move |register| register.kind == kind)
    }

    /// Whether a path, relative to its documents folder, is left out.
    pub fn is_excluded(&self, path: &str) -> bool {
        self.archive.exclude.iter().any(|(_, glob)| glob.matches(path))
    }

    fn take_scalars(&mut self, reader: &mut Reader<'_>, raw: &raw::File) -> Result<(), ConfigError> {
        let texts = [
            ("archive.name", &raw.archive.name),
            ("archive.agency", &raw.archive.agency),
            ("archive.organisation", &raw.archive.organisation),
            ("archive.ocr", &raw.archive.ocr),
            ("trust.folder", &raw.trust.folder),
            ("revocation.folder", &raw.revocation.folder),
            ("rate.basis", &raw.rate.basis),
            ("rate.scope", &raw.rate.scope),
            ("gate.fail_on", &raw.gate.fail_on),
            ("disclose.level", &raw.disclose.level),
            ("operation.metrics", &raw.operation.metrics),
        ];
        for (key, value) in texts {
            if let Some(value) = value {
                self.take(reader, key, value, value.get_ref())?;
            }
        }
        let limits = &raw.limits;
        let integers = [
            ("rate.target_electronic", &raw.rate.target_electronic),
            ("rate.target_work_files", &raw.rate.target_work_files),
            ("rate.minimum_denominator", &raw.rate.minimum_denominator),
            ("period.cutoff_day", &raw.period.cutoff_day),
            ("exchange.receipt_days", &raw.exchange.receipt_days),
            ("gate.minimum_coverage", &raw.gate.minimum_coverage),
            ("operation.notify_seconds", &raw.operation.notify_seconds),
            ("operation.recheck_days", &raw.operation.recheck_days),
            ("operation.keep_runs", &raw.operation.keep_runs),
            ("limits.file_bytes", &limits.file_bytes),
            ("limits.objects", &limits.objects),
            ("limits.depth", &limits.depth),
            ("limits.revisions", &limits.revisions),
            ("limits.inflated_stream_bytes", &limits.inflated_stream_bytes),
            ("limits.inflated_total_bytes", &limits.inflated_total_bytes),
            ("limits.cross_reference_bytes", &limits.cross_reference_bytes),
            ("limits.structure_bytes", &limits.structure_bytes),
            ("limits.field_name_bytes", &limits.field_name_bytes),
            ("limits.signatures", &limits.signatures),
            ("limits.cms_bytes", &limits.cms_bytes),
            ("limits.pages_read", &limits.pages_read),
            ("limits.path_signature_checks", &limits.path_signature_checks),
            ("limits.package_bytes", &limits.package_bytes),
            ("limits.xml_attributes", &limits.xml_attributes),
            ("limits.package_items", &limits.package_items),
            ("limits.package_text", &limits.package_text),
            ("limits.steps", &limits.steps),
        ];
        for (key, value) in integers {
            if let Some(value) = value {
                self.take(reader, key, value, &value.get_ref().to_string())?;
            }
        }
        if let Some(clock) = &raw.archive.clock {
            self.take(reader, "archive.clock", clock, &value_text(clock.get_ref()))?;
        }
        Ok(())
    }

    fn take<T>(&mut self, reader: &Reader<'_>, key: &str, at: &Spanned<T>, value: &str) -> Result<(), ConfigError> {
        let place = reader.place(at);
        self.assign(key, value).map_err(|refusal| ConfigError::new(reader.file, place, refusal))?;
        self.origins.insert(key.to_owned(), (Origin::File, Some(place.line)));
        Ok(())
    }

    fn take_lists(&mut self, reader: &mut Reader<'_>, raw: raw::File) -> Result<(), ConfigError> {
        if let Some(documents) = raw.archive.documents {
            if documents.get_ref().is_empty() {
                return Err(reader.refuse(&documents, Refusal::Blank("archive.documents".into())));
            }
            self.origins.insert("archive.documents".into(), (Origin::File, Some(reader.place(&documents).line)));
            self.archive.documents = documents
                .into_inner()
                .into_iter()
                .map(|folder| reader.filled("archive.documents", &folder))
                .collect::<Result<_, _>>()?;
        }
        for pattern in raw.archive.exclude {
            let glob = Glob::new(pattern.get_ref())
                .map_err(|error| reader.refuse(&pattern, Refusal::Glob(pattern.get_ref().clone(), error)))?;
            self.archive.exclude.push((pattern.into_inner(), glob));
        }
        self.operation.notify = raw
            .operation
            .notify
            .iter()
            .map(|word| reader.filled("operation.notify", word))
            .collect::<Result<_, _>>()?;
        for register in raw.register {
            let register = reader.register(register)?;
            self.registers.push(register);
        }
        for anchor in raw.trust.anchor {
            let digest = reader.digest(&anchor.sha256)?;
            let kind = reader
                .word(&anchor.kind, &[("specialised", AnchorKind::Specialised), ("public", AnchorKind::Public)])?;
            let confirmed_on = reader.day(&anchor.confirmed_on)?;
            let confirmed_by = reader.filled("confirmed_by", &anchor.confirmed_by)?;
            if self.anchors.insert(digest, Anchor { kind, confirmed_by, confirmed_on }).is_some() {
                return Err(reader.refuse(&anchor.sha256, Refusal::Twice(digest.to_string())));
            }
        }
        for signer in raw.signer {
            let digest = reader.digest(&signer.sha256)?;
            let roles = [
                ("person", SignerRole::Person),
                ("agency", SignerRole::Agency),
                ("republisher", SignerRole::Republisher),
            ];
            let role = reader.word(&signer.role, &roles)?;
            if self.signers.insert(digest, role).is_some() {
                return Err(reader.refuse(&signer.sha256, Refusal::Twice(digest.to_string())));
            }
        }
        for (name, profile) in raw.gate.profile {
            let mut thresholds = GateProfile { fail_on: self.fail_on, minimum_coverage: self.minimum_coverage };
            if let Some(level) = &profile.fail_on {
                thresholds.fail_on = reader.word(level, setting::FAIL_ON)?;
            }
            if let Some(percent) = &profile.minimum_coverage {
                let refusal = || reader.refuse(percent, Refusal::Number(percent.get_ref().to_string(), 0, 100));
                let value = u32::try_from(*percent.get_ref()).ok().filter(|value| *value <= 100);
                thresholds.minimum_coverage = value.ok_or_else(refusal)?;
            }
            self.gate_profiles.insert(name, thresholds);
        }
        for day in &raw.period.holidays {
            self.holidays.insert(reader.day(day)?);
        }
        for day in &raw.period.make_up_days {
            self.make_up_days.insert(reader.day(day)?);
        }
        for waiver in raw.waiver {
            let place = reader.place(&waiver.check);
            // An unknown check is refused as in `[check]`.
            self.check_places.insert(waiver.check.get_ref().clone(), place);
            self.waivers.push(Waiver {
                location: RowLocation { file: reader.file.to_owned(), row: place.line },
                document: reader.filled("document", &waiver.document)?,
                sha256: waiver.sha256.as_ref().map(|digest| reader.digest(digest)).transpose()?.map(|d| d.to_string()),
                reason: Some(reader.filled("reason", &waiver.reason)?),
                authority: Some(reader.filled("authority", &waiver.authority)?),
                decided_on: Some(reader.day(&waiver.date)?),
                expires: Some(reader.day(&waiver.expires)?),
                check: waiver.check.into_inner(),
            });
        }
        for (id, level) in raw.check {
            let levels = [
                ("error", CheckLevel::At(Level::Error)),
                ("warn", CheckLevel::At(Level::Warn)),
                ("info", CheckLevel::At(Level::Info)),
                ("off", CheckLevel::Off),
            ];
            let level = reader.word(&level, &levels)?;
            self.check_places.insert(id.get_ref().clone(), reader.place(&id));
            self.checks.insert(id.into_inner(), level);
        }
        Ok(())
    }
}

impl RegisterKind {
    /// Its fields and headers.
    pub fn schema(self) -> &'static schema::Schema {
        match self {
            Self::Outgoing => &schema::OUTGOING,
            Self::PostBook => &schema::POST_BOOK,
            Self::WorkFiles => &schema::WORK_FILES,
            Self::Exemptions => &schema::EXEMPTIONS,
            Self::Cancelled => &schema::CANCELLED,
            Self::Delegations => &schema::DELEGATIONS,
            Self::Waivers => &schema::WAIVERS,
        }
    }
}

#[cfg(test)]
mod tests;
