//! Reads everything that a configuration names: trust, revocation data, organisation table, registers.

use super::context::{self, JudgingMaterial, NamedAnchor};
use super::evidence::Collection;
use super::exit::{Exit, Failure};
use super::setup::Setup;
use super::system;
use super::terminal::Terminal;
use crate::check::{AuthorityInput, CheckSettings, LevelOverride};
use crate::config::{CheckLevel, Config, Register, RegisterKind, SignerRole};
use crate::crypto;
use crate::edition::Editions;
use crate::engine::Lists;
use crate::model::Sha256Digest;
use crate::model::{InputDigest, RevocationListSummary};
use crate::organisation::OrganisationTable;
use crate::pki::{AnchorKind, pins};
use crate::register::{self, RegisterError, RegisterFile, RegisterProblem, Source};
use crate::validate::{Holder, HolderMemo};
use std::collections::HashMap;
use std::fs;

/// Everything loaded.
pub(super) struct Loaded {
    /// What documents are judged by.
    pub material: JudgingMaterial,
    /// Registers and lists.
    pub lists: Lists,
    /// Settings of the checks.
    pub settings: CheckSettings,
    /// CA and root certificates.
    pub authorities: Vec<AuthorityInput>,
    /// Revocation lists.
    pub revocation_lists: Vec<RevocationListSummary>,
    /// Every file read, with its digest.
    pub inputs: Vec<InputDigest>,
    /// What could not be read, in the language of the user.
    pub problems: Vec<String>,
}

/// Loads what `setup` names.
pub(super) fn load(setup: &Setup, terminal: &Terminal) -> Result<Loaded, Failure> {
    let mut inputs = Vec::new();
    let mut problems = Vec::new();
    if let Some((file, text)) = &setup.file {
        let sha256 = crypto::sha256(text.as_bytes());
        let path = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        inputs.push(InputDigest { kind: "configuration".into(), path, sha256 });
    }
    let organisations = organisations(setup, terminal, &mut inputs, &mut problems)?;
    let lists = lists(setup, terminal, &mut inputs, &mut problems)?;
    let mut collection = Collection::default();
    for folder in [&setup.config.trust_folder, &setup.config.revocation_folder].into_iter().flatten() {
        collection.add_folder(&setup.path(folder), folder);
    }
    problems
        .extend(collection.problems.iter().map(|(path, reason)| format!("{path}: {}", reason.get(terminal.language))));
    let material = material(setup, &collection, organisations)?;
    let authorities = collection
        .certificates
        .iter()
        .map(|certificate| AuthorityInput {
            name: certificate.subject.short(),
            sha256: certificate.sha256,
            not_after: certificate.not_after,
        })
        .collect();
    let revocation_lists = revocation_lists(&collection);
    inputs.extend(collection.inputs);
    Ok(Loaded {
        material,
        lists,
        settings: check_settings(&setup.config),
        authorities,
        revocation_lists,
        inputs,
        problems,
    })
}

/// Identity of everything that enters a run besides the documents: configuration with its overrides,
/// clock, program version and the bytes of every file named. Equal identity, equal report.
pub(crate) fn fingerprint(setup: &Setup) -> Option<Sha256Digest> {
    let mut text = format!("{} {:?} {:?} {}\n", env!("CARGO_PKG_VERSION"), setup.clock, setup.config, setup.shown);
    let mut add = |path: std::path::PathBuf| -> Option<()> {
        let bytes = fs::read(&path).ok()?;
        text.push_str(&format!("{} {}\n", path.display(), crypto::sha256(&bytes)));
        Some(())
    };
    let named = setup.config.archive.organisation.iter().chain(setup.config.registers.iter().map(|r| &r.path));
    for path in named {
        add(setup.path(path))?;
    }
    if let Some((file, _)) = &setup.file {
        add(file.clone())?;
    }
    for folder in [&setup.config.trust_folder, &setup.config.revocation_folder].into_iter().flatten() {
        let mut files: Vec<_> =
            fs::read_dir(setup.path(folder)).ok()?.filter_map(Result::ok).map(|e| e.path()).collect();
        files.sort();
        for file in files.into_iter().filter(|file| super::evidence::is_material(file)) {
            add(file)?;
        }
    }
    Some(crypto::sha256(text.as_bytes()))
}

/// What `collection` and the configuration make of trust.
pub(super) fn material(
    setup: &Setup,
    collection: &Collection,
    organisations: OrganisationTable,
) -> Result<JudgingMaterial, Failure> {
    let named: Vec<NamedAnchor> = setup
        .config
        .anchors
        .iter()
        .map(|(sha256, anchor)| NamedAnchor { sha256: *sha256, kind: anchor_kind(anchor.kind) })
        .collect();
    let overrides = setup.config.signers.iter().map(|(sha256, role)| {
        let holder = match role {
            SignerRole::Person => Holder::Person,
            SignerRole::Agency => Holder::Agency,
            SignerRole::Republisher => Holder::Republisher,
        };
        (*sha256, holder)
    });
    assemble(setup, collection, &named, organisations, overrides.collect())
}

/// Every certificate of a folder as an anchor: its PKI by its pin, else specialised.
pub(crate) fn named_by_user(collection: &Collection) -> Vec<NamedAnchor> {
    let kind = |sha256: &Sha256Digest| known_root(sha256).unwrap_or(AnchorKind::Specialised);
    let named = collection.certificates.iter().map(|one| NamedAnchor { sha256: one.sha256, kind: kind(&one.sha256) });
    named.collect()
}

/// A plain validator: only what the user named, nothing of the configuration but its limits and clock.
pub(crate) fn plain_material(
    setup: &Setup,
    collection: &Collection,
    named: &[NamedAnchor],
) -> Result<JudgingMaterial, Failure> {
    assemble(setup, collection, named, OrganisationTable::default(), HashMap::new())
}

fn assemble(
    setup: &Setup,
    collection: &Collection,
    named: &[NamedAnchor],
    organisations: OrganisationTable,
    overrides: HashMap<Sha256Digest, Holder>,
) -> Result<JudgingMaterial, Failure> {
    let store = context::trust_store(collection, named, known_root);
    Ok(JudgingMaterial {
        clock: setup.clock,
        revocation: collection.revocation(),
        paths: context::finder(store, &setup.config.limits),
        editions: Editions::built_in()?,
        organisations,
        overrides,
        holders: HolderMemo::default(),
    })
}

/// Which PKI a root belongs to by its pin: what is printed before the operator confirms it.
pub(super) fn known_root(sha256: &Sha256Digest) -> Option<AnchorKind> {
    let pin = pins::pin_by_digest(sha256).filter(|pin| pin.role.is_root())?;
    Some(if pin.role.is_specialised() { AnchorKind::Specialised } else { AnchorKind::Public })
}

fn anchor_kind(kind: crate::config::AnchorKind) -> AnchorKind {
    match kind {
        crate::config::AnchorKind::Specialised => AnchorKind::Specialised,
        crate::config::AnchorKind::Public => AnchorKind::Public,
    }
}

/// Settings of the checks from the configuration.
pub(super) fn check_settings(config: &Config) -> CheckSettings {
    let levels = config.checks.iter().map(|(id, level)| {
        let level = match level {
            CheckLevel::Off => LevelOverride::Off,
            CheckLevel::At(level) => LevelOverride::Level(*level),
        };
        (id.clone(), level)
    });
    CheckSettings {
        levels: levels.collect(),
        minimum_denominator: config.rate.minimum_denominator,
        receipt_days: config.receipt_days,
        holidays: config.holidays.clone(),
        make_up_days: config.make_up_days.clone(),
        ..CheckSettings::default()
    }
}

fn revocation_lists(collection: &Collection) -> Vec<RevocationListSummary> {
    let mut lists: Vec<RevocationListSummary> = collection
        .lists
        .iter()
        .map(|list| RevocationListSummary {
            issuer: list.issuer.short(),
            this_update: list.this_update,
            next_update: list.next_update,
            sha256: list.sha256,
        })
        .collect();
    lists.sort_by(|a, b| (&a.issuer, a.this_update, a.sha256).cmp(&(&b.issuer, b.this_update, b.sha256)));
    lists
}

/// Reads a file that the configuration names; without it the audit would be about something else.
fn read_input(
    setup: &Setup,
    kind: &str,
    path: &str,
    terminal: &Terminal,
    inputs: &mut Vec<InputDigest>,
) -> Result<Vec<u8>, Failure> {
    let bytes = fs::read(setup.path(path)).map_err(|error| {
        let text = terminal.pick("không đọc được tệp nêu trong cấu hình", "a file of the configuration cannot be read");
        Failure::message(Exit::Usage, format!("{path}: {text}: {}", system::say(&error, terminal)))
    })?;
    inputs.push(InputDigest { kind: kind.into(), path: path.into(), sha256: crypto::sha256(&bytes) });
    Ok(bytes)
}

/// The organisation table; empty if none is configured.
pub(crate) fn organisations(
    setup: &Setup,
    terminal: &Terminal,
    inputs: &mut Vec<InputDigest>,
    problems: &mut Vec<String>,
) -> Result<OrganisationTable, Failure> {
    let Some(path) = &setup.config.archive.organisation else { return Ok(OrganisationTable::default()) };
    let bytes = read_input(setup, "organisation", path, terminal, inputs)?;
    let file = accept(path, register::read_organisations(&Source::plain(path, &bytes)), terminal, problems)?;
    Ok(OrganisationTable::new(file.rows))
}

/// Rows of a register file; an unusable file ends the run, a bad cell is a problem that is said.
fn accept<R>(
    name: &str,
    outcome: Result<RegisterFile<R>, RegisterError>,
    terminal: &Terminal,
    problems: &mut Vec<String>,
) -> Result<RegisterFile<R>, Failure> {
    let file = outcome.map_err(|error| Failure::message(Exit::Usage, error.message().get(terminal.language)))?;
    // The log is passed on like a report: the place is said, words of the cell are not.
    let said = |problem: &RegisterProblem| problem.without_words().message().get(terminal.language).to_owned();
    problems.extend(file.problems.iter().map(said));
    if file.unlisted_problems > 0 {
        let text = terminal.pick("chỗ không đọc được nữa, không liệt kê", "more unreadable cells, not listed");
        problems.push(format!("{name}: {} {text}", file.unlisted_problems));
    }
    Ok(file)
}

/// A register without a row: nothing to audit, never "100 %".
fn empty(path: &str, terminal: &Terminal) -> Failure {
    let text = terminal.pick(
        "sổ đăng ký không có dòng nào\n  → xuất lại sổ từ phần mềm quản lý văn bản, rồi xem: soat register check",
        "the register has no row\n  → export it again, then look at it: soat register check",
    );
    Failure::message(Exit::Nothing, format!("{path}: {text}"))
}

fn lists(
    setup: &Setup,
    terminal: &Terminal,
    inputs: &mut Vec<InputDigest>,
    problems: &mut Vec<String>,
) -> Result<Lists, Failure> {
    let mut lists = Lists { waivers: setup.config.waivers.clone(), ..Lists::default() };
    for register in &setup.config.registers {
        let kind = if register.kind == RegisterKind::Waivers { "waivers" } else { "register" };
        let bytes = read_input(setup, kind, &register.path, terminal, inputs)?;
        let source = source(register, &bytes);
        match register.kind {
            RegisterKind::Outgoing => {
                let read = register::read_outgoing(&source);
                if read.as_ref().is_err_and(RegisterError::is_of_empty_file) {
                    return Err(empty(&register.path, terminal));
                }
                let file = accept(&register.path, read, terminal, problems)?;
                if file.rows.is_empty() {
                    return Err(empty(&register.path, terminal));
                }
                lists.register_loaded = true;
                let missing =
                    file.missing_fields.iter().map(|(_, header)| (register.path.clone(), (*header).to_owned()));
                lists.missing_columns.extend(missing);
                lists.rows.extend(file.rows);
            }
            RegisterKind::PostBook => {
                lists.post.extend(accept(&register.path, register::read_post_book(&source), terminal, problems)?.rows);
            }
            RegisterKind::WorkFiles => {
                lists
                    .work_files
                    .extend(accept(&register.path, register::read_work_files(&source), terminal, problems)?.rows);
            }
            RegisterKind::Exemptions => {
                lists.exemptions_loaded = true;
                lists
                    .exemptions
                    .extend(accept(&register.path, register::read_exemptions(&source), terminal, problems)?.rows);
            }
            RegisterKind::Delegations => {
                let rows = accept(&register.path, register::read_delegations(&source), terminal, problems)?.rows;
                lists.delegations.get_or_insert_default().extend(rows);
            }
            RegisterKind::Cancelled => {
                lists
                    .cancelled
                    .extend(accept(&register.path, register::read_cancelled(&source), terminal, problems)?.rows);
            }
            RegisterKind::Waivers => {
                lists.waivers.extend(accept(&register.path, register::read_waivers(&source), terminal, problems)?.rows);
            }
        }
    }
    Ok(lists)
}

/// A register of the configuration with its bytes.
pub(super) fn source<'a>(register: &'a Register, bytes: &'a [u8]) -> Source<'a> {
    Source {
        file: &register.path,
        bytes,
        sheet: register.sheet.as_deref(),
        encoding: register.encoding,
        columns: &register.columns,
    }
}
