//! The command line.

use crate::model::Language;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Re-verifies an archive of digitally signed documents and reports, with evidence, how much of its
/// work is electronic.
#[derive(Debug, Parser)]
#[command(name = "soat", version, about, propagate_version = true, disable_help_subcommand = true)]
pub(super) struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Options of every command.
    #[command(flatten)]
    pub global: Global,
}

/// Options of every command.
#[derive(Debug, Args)]
pub(super) struct Global {
    /// Configuration file (default: soat.toml in the audited folder, else in the current one).
    #[arg(long, global = true, env = "SOAT_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// State database (default: one per archive below the user's state folder).
    #[arg(long, global = true, env = "SOAT_STATE", value_name = "FILE")]
    pub state: Option<PathBuf>,
    /// Language of messages and reports.
    #[arg(long, global = true, env = "SOAT_LANG", value_enum, default_value = "vi")]
    pub lang: LanguageArgument,
    /// Colour on the terminal.
    #[arg(long, global = true, value_enum, default_value = "auto")]
    pub color: When,
    /// Progress bar on stderr.
    #[arg(long, global = true, value_enum, default_value = "auto")]
    pub progress: When,
    /// Fewer messages on stderr.
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Worker threads (default: one per processor).
    #[arg(long, global = true, env = "SOAT_THREADS", value_name = "N")]
    pub threads: Option<usize>,
    /// The audit's clock, RFC 3339 (default: `archive.clock` of the configuration, else now).
    #[arg(long, global = true, env = "SOAT_AT", value_name = "TIME")]
    pub at: Option<String>,
}

/// `--lang`.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum LanguageArgument {
    /// Tiếng Việt.
    Vi,
    /// English.
    En,
}

impl From<LanguageArgument> for Language {
    fn from(argument: LanguageArgument) -> Self {
        match argument {
            LanguageArgument::Vi => Self::Vi,
            LanguageArgument::En => Self::En,
        }
    }
}

/// `--color`, `--progress`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum When {
    /// On a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Write a commented soat.toml, units.csv and exemptions.csv to start from.
    Init(InitArguments),
    /// Check folders, rights, clock, registers, revocation lists, disk and lock before a run.
    Doctor(ArchiveArguments),
    /// Walk the archive, extract what changed, judge everything, store the run, print the summary.
    Audit(AuditArguments),
    /// Verify documents one by one, every building block explained.
    Verify(VerifyArguments),
    /// Write reports from the stored run; never scans.
    Report(ReportArguments),
    /// The month-end check: the exit code says whether it passes.
    Gate(GateArguments),
    /// What a check means, its legal basis, who fixes it and how.
    Explain(ExplainArguments),
    /// List every check.
    Checks,
    /// Roots, issuing certificates and revocation lists.
    #[command(subcommand)]
    Trust(TrustCommand),
    /// Look at a register without auditing.
    #[command(subcommand)]
    Register(RegisterCommand),
    /// The history of runs.
    #[command(subcommand)]
    Runs(RunsCommand),
    /// Print every setting with where it comes from.
    Config(ArchiveArguments),
}

/// A folder to work on.
#[derive(Debug, Args)]
pub(super) struct ArchiveArguments {
    /// Archive folder (default: the current one, or the one --config lies in).
    pub folder: Option<PathBuf>,
}

/// `soat init`.
#[derive(Debug, Args)]
pub(super) struct InitArguments {
    /// Folder to write into (default: the current one).
    pub folder: Option<PathBuf>,
}

/// `soat audit`.
#[derive(Debug, Args)]
pub(super) struct AuditArguments {
    /// Archive folder (default: the current one, or the one --config lies in).
    pub folder: Option<PathBuf>,
    /// Where to write the HTML report (default: beside the state database).
    #[arg(short, long, value_name = "FOLDER")]
    pub output: Option<PathBuf>,
    /// Do not write the HTML report.
    #[arg(long)]
    pub no_report: bool,
    /// Read every file again, even where nothing seems changed.
    #[arg(long)]
    pub rehash: bool,
    /// Show names and subjects in the report that is written (recorded in it).
    #[arg(long, value_enum, default_value = "masked")]
    pub disclose: DiscloseArgument,
}

/// `--disclose`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum DiscloseArgument {
    /// Names, subjects and serial numbers are masked.
    Masked,
    /// Everything is shown.
    Full,
}

/// `soat verify`.
#[derive(Debug, Args)]
pub(super) struct VerifyArguments {
    /// Documents.
    pub files: Vec<PathBuf>,
    /// Read more paths, one a line, from a file or `-`.
    #[arg(long, value_name = "LIST")]
    pub paths_from: Option<PathBuf>,
    /// Output format.
    #[arg(long, value_enum, default_value = "plain")]
    pub format: VerifyFormat,
    /// Folder of certificates taken as anchors: a plain validator, outside any configuration.
    #[arg(long, value_name = "FOLDER")]
    pub anchors: Option<PathBuf>,
    /// Folder of intermediate certificates.
    #[arg(long, value_name = "FOLDER")]
    pub intermediates: Option<PathBuf>,
    /// Folder of revocation lists.
    #[arg(long, value_name = "FOLDER")]
    pub crls: Option<PathBuf>,
}

/// `soat verify --format`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum VerifyFormat {
    /// A tree of building blocks.
    Plain,
    /// JSON lines.
    Jsonl,
}

/// `soat report`.
#[derive(Debug, Args)]
pub(super) struct ReportArguments {
    /// Archive folder (default: the current one, or the one --config lies in).
    pub folder: Option<PathBuf>,
    /// Period, for example 2026-10 (default: the last one with documents).
    #[arg(long)]
    pub period: Option<String>,
    /// Formats, separated by commas.
    #[arg(long, value_delimiter = ',', default_value = "plain")]
    pub format: Vec<String>,
    /// Folder to write into; without it a single one-file format goes to standard output.
    #[arg(short, long, value_name = "FOLDER")]
    pub output: Option<PathBuf>,
    /// Run number (default: the newest).
    #[arg(long)]
    pub run: Option<i64>,
    /// Show names and subjects (recorded in the report).
    #[arg(long, value_enum, default_value = "masked")]
    pub disclose: DiscloseArgument,
}

/// `soat gate`.
#[derive(Debug, Args)]
pub(super) struct GateArguments {
    /// Archive folder (default: the current one, or the one --config lies in).
    pub folder: Option<PathBuf>,
    /// Period (default: the last one with documents).
    #[arg(long)]
    pub period: Option<String>,
    /// Output format: plain, json, jsonl, junit or sarif.
    #[arg(long, default_value = "plain")]
    pub format: String,
    /// Thresholds of `[gate.profile.NAME]` instead of those of `[gate]`.
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
    /// Run number (default: the newest).
    #[arg(long)]
    pub run: Option<i64>,
}

/// `soat explain`.
#[derive(Debug, Args)]
pub(super) struct ExplainArguments {
    /// Check id, for example certificate-not-specialised.
    pub check: String,
}

/// `soat trust`.
#[derive(Debug, Subcommand)]
pub(super) enum TrustCommand {
    /// Certificates and revocation lists in the configured folders, and which anchors are confirmed.
    List(ArchiveArguments),
    /// Copy a certificate or revocation list into the configured folder and say what it is.
    Import {
        /// Certificate or CRL files (DER or PEM).
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Archive folder.
        #[arg(long, value_name = "FOLDER")]
        archive: Option<PathBuf>,
    },
    /// Confirm a root's fingerprint after comparing it with the authority's publication.
    Confirm {
        /// SHA-256 of the root certificate, 64 hexadecimal digits.
        sha256: String,
        /// What the root stands for.
        #[arg(long, value_enum)]
        kind: AnchorKindArgument,
        /// Who compared it.
        #[arg(long, value_name = "NAME")]
        by: String,
        /// Archive folder.
        #[arg(long, value_name = "FOLDER")]
        archive: Option<PathBuf>,
    },
}

/// `soat trust confirm --kind`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum AnchorKindArgument {
    /// Chữ ký số chuyên dùng công vụ.
    Specialised,
    /// Public certification authorities.
    Public,
}

/// `soat register`.
#[derive(Debug, Subcommand)]
pub(super) enum RegisterCommand {
    /// Which columns matched, encoding, bad dates, gaps and duplicate numbers.
    Check {
        /// Register file; without it every register of the configuration.
        file: Option<PathBuf>,
        /// Archive folder.
        #[arg(long, value_name = "FOLDER")]
        archive: Option<PathBuf>,
    },
}

/// `soat runs`.
#[derive(Debug, Subcommand)]
pub(super) enum RunsCommand {
    /// Every stored run.
    List(ArchiveArguments),
    /// New, fixed and lasting findings between two runs (default: the last two).
    Diff {
        /// Earlier run.
        #[arg(long)]
        from: Option<i64>,
        /// Later run.
        #[arg(long)]
        to: Option<i64>,
        /// Archive folder.
        folder: Option<PathBuf>,
    },
    /// Remove old runs.
    Prune {
        /// How many of the newest stay.
        #[arg(long, default_value_t = 400)]
        keep: u32,
        /// Archive folder.
        folder: Option<PathBuf>,
    },
}
