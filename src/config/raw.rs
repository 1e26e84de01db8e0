//! `soat.toml` as written: every key optional, every value with its place, unknown keys refused.

use serde::Deserialize;
use std::collections::BTreeMap;
use toml::{Spanned, Value};

type Text = Option<Spanned<String>>;
type Integer = Option<Spanned<i64>>;

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct File {
    pub(super) archive: Archive,
    pub(super) register: Vec<Register>,
    pub(super) trust: Trust,
    pub(super) revocation: Revocation,
    pub(super) signer: Vec<Signer>,
    pub(super) waiver: Vec<Waiver>,
    pub(super) rate: Rate,
    pub(super) period: Period,
    pub(super) exchange: Exchange,
    pub(super) check: BTreeMap<Spanned<String>, Spanned<String>>,
    pub(super) gate: Gate,
    pub(super) limits: Limits,
    pub(super) disclose: Disclose,
    pub(super) operation: Operation,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Archive {
    pub(super) name: Text,
    pub(super) agency: Text,
    pub(super) documents: Option<Spanned<Vec<Spanned<String>>>>,
    pub(super) exclude: Vec<Spanned<String>>,
    pub(super) organisation: Text,
    pub(super) ocr: Text,
    /// A string or a TOML date-time.
    pub(super) clock: Option<Spanned<Value>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Register {
    pub(super) kind: Spanned<String>,
    pub(super) path: Spanned<String>,
    pub(super) sheet: Text,
    pub(super) encoding: Text,
    pub(super) preset: Text,
    #[serde(default)]
    pub(super) columns: BTreeMap<Spanned<String>, Spanned<String>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Trust {
    pub(super) folder: Text,
    pub(super) anchor: Vec<Anchor>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Anchor {
    pub(super) sha256: Spanned<String>,
    pub(super) kind: Spanned<String>,
    pub(super) confirmed_by: Spanned<String>,
    /// A TOML date or a string.
    pub(super) confirmed_on: Spanned<Value>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Revocation {
    pub(super) folder: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Signer {
    pub(super) sha256: Spanned<String>,
    pub(super) role: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Waiver {
    pub(super) check: Spanned<String>,
    pub(super) document: Spanned<String>,
    pub(super) sha256: Text,
    pub(super) reason: Spanned<String>,
    pub(super) authority: Spanned<String>,
    /// A TOML date or a string.
    pub(super) date: Spanned<Value>,
    /// The same.
    pub(super) expires: Spanned<Value>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Rate {
    pub(super) basis: Text,
    pub(super) target_electronic: Integer,
    pub(super) target_work_files: Integer,
    pub(super) minimum_denominator: Integer,
    pub(super) scope: Text,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Period {
    pub(super) cutoff_day: Integer,
    /// TOML dates or strings.
    pub(super) holidays: Vec<Spanned<Value>>,
    pub(super) make_up_days: Vec<Spanned<Value>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Exchange {
    pub(super) receipt_days: Integer,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Gate {
    pub(super) fail_on: Text,
    pub(super) minimum_coverage: Integer,
    pub(super) profile: BTreeMap<String, GateProfile>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct GateProfile {
    pub(super) fail_on: Text,
    pub(super) minimum_coverage: Integer,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Limits {
    pub(super) file_bytes: Integer,
    pub(super) objects: Integer,
    pub(super) depth: Integer,
    pub(super) revisions: Integer,
    pub(super) inflated_stream_bytes: Integer,
    pub(super) inflated_total_bytes: Integer,
    pub(super) cross_reference_bytes: Integer,
    pub(super) structure_bytes: Integer,
    pub(super) field_name_bytes: Integer,
    pub(super) signatures: Integer,
    pub(super) cms_bytes: Integer,
    pub(super) pages_read: Integer,
    pub(super) path_signature_checks: Integer,
    pub(super) package_bytes: Integer,
    pub(super) xml_attributes: Integer,
    pub(super) package_items: Integer,
    pub(super) package_text: Integer,
    pub(super) steps: Integer,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Disclose {
    pub(super) level: Text,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Operation {
    pub(super) metrics: Text,
    pub(super) notify: Vec<Spanned<String>>,
    pub(super) notify_seconds: Integer,
    pub(super) recheck_days: Integer,
    pub(super) keep_runs: Integer,
}
