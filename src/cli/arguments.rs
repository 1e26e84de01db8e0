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
    /// Archive folder, the same as FOLDER where a command takes one (default: the current one, or the one
    /// --config lies in).
    #[arg(long, global = true, env = "SOAT_ARCHIVE", value_name = "FOLDER")]
    pub archive: Option<PathBuf>,
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
    /// Append messages, with their time, to a file as well.
    #[arg(long, global = true, env = "SOAT_LOG", value_name = "FILE")]
    pub log: Option<PathBuf>,
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
    /// Judge certificates one by one: path, status, role, and why.
    Certificate(CertificateArguments),
    /// Write reports from the stored run; never scans.
    Report(ReportArguments),
    /// The month-end check: the exit code says whether it passes.
    Gate(GateArguments),
    /// Work lists for the clerks, one workbook per unit; `fixlist import` reads their answers back.
    Fixlist(FixlistArguments),
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
    /// The map stage alone: facts of the files named, as JSON lines; for many machines.
    Extract(ExtractArguments),
    /// Completions of a shell, to standard output.
    Completions {
        /// Which shell.
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
    /// Manual pages: the main one to standard output, or all of them into a folder.
    Man {
        /// Folder to write soat.1, soat-audit.1, … into.
        #[arg(short, long, value_name = "FOLDER")]
        output: Option<PathBuf>,
    },
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
    /// Prometheus text file for the node exporter (default: `operation.metrics` of the configuration).
    #[arg(long, value_name = "FILE")]
    pub metrics: Option<PathBuf>,
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
    /// Folders instead of a configuration.
    #[command(flatten)]
    pub folders: FolderArguments,
}

/// Folders that take the place of a configuration's.
#[derive(Debug, Args)]
pub(super) struct FolderArguments {
    /// Folder of certificates taken as anchors: a plain validator, outside any configuration.
    #[arg(long, value_name = "FOLDER")]
    pub anchors: Option<PathBuf>,
    /// Folder of intermediate certificates.
    #[arg(long, value_name = "FOLDER")]
    pub intermediates: Option<PathBuf>,
    /// Folder of revocation lists and OCSP responses.
    #[arg(long, value_name = "FOLDER")]
    pub crls: Option<PathBuf>,
}

/// `soat certificate`.
#[derive(Debug, Args)]
pub(super) struct CertificateArguments {
    /// Certificate files: DER, PEM or PKCS #7 (.p7b). Of a bundle those are judged that issued no other.
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// Output format.
    #[arg(long, value_enum, default_value = "plain")]
    pub format: CertificateFormat,
    /// Folders instead of a configuration.
    #[command(flatten)]
    pub folders: FolderArguments,
    /// Acceptable policy, dotted; may be repeated (RFC 5280, 6.1.1 (c); default: any).
    #[arg(long, value_name = "OID")]
    pub policy: Vec<String>,
    /// Require a valid policy (RFC 5280, 6.1.1 (f)).
    #[arg(long)]
    pub explicit_policy: bool,
    /// Allow no policy mapping (RFC 5280, 6.1.1 (e)).
    #[arg(long)]
    pub inhibit_policy_mapping: bool,
    /// Do not let anyPolicy stand for a policy (RFC 5280, 6.1.1 (g)).
    #[arg(long)]
    pub inhibit_any_policy: bool,
}

/// `soat certificate --format`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum CertificateFormat {
    /// A tree.
    Plain,
    /// One JSON document.
    Json,
    /// JSON lines.
    Jsonl,
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
    /// Folder with the font of the PDF (default: the system's Times New Roman, Tinos, Liberation or DejaVu Serif).
    #[arg(long, value_name = "FOLDER")]
    pub fonts: Option<PathBuf>,
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
    /// Findings known before, which do not fail the gate; rates always do.
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Remove from the baseline what is gone; it never grows. Without the file, make it from this run.
    #[arg(long, requires = "baseline")]
    pub update_baseline: bool,
    /// Run number (default: the newest).
    #[arg(long)]
    pub run: Option<i64>,
}

/// `soat fixlist`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct FixlistArguments {
    /// Read answers back instead of making lists.
    #[command(subcommand)]
    pub command: Option<FixlistCommand>,
    /// Archive folder (default: the current one, or the one --config lies in).
    pub folder: Option<PathBuf>,
    /// Period (default: the last one with documents).
    #[arg(long)]
    pub period: Option<String>,
    /// Folder to write into (default: the current one).
    #[arg(short, long, value_name = "FOLDER")]
    pub output: Option<PathBuf>,
    /// Run number (default: the newest).
    #[arg(long)]
    pub run: Option<i64>,
    /// Show names and subjects in the lists.
    #[arg(long, value_enum, default_value = "masked")]
    pub disclose: DiscloseArgument,
}

/// `soat fixlist import`.
#[derive(Debug, Subcommand)]
pub(super) enum FixlistCommand {
    /// Read filled-in lists: waivers to approve and notes, as CSV. A list with edited protected columns,
    /// unknown keys or of another period is refused.
    Import {
        /// Workbooks that came back (.xlsx, .ods).
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Period (default: the last one with documents).
        #[arg(long)]
        period: Option<String>,
        /// Folder to write into (default: the current one).
        #[arg(short, long, value_name = "FOLDER")]
        output: Option<PathBuf>,
    },
}

/// `soat extract`.
#[derive(Debug, Args)]
pub(super) struct ExtractArguments {
    /// Documents.
    pub files: Vec<PathBuf>,
    /// Read more paths, one a line, from a file or `-`.
    #[arg(long, value_name = "LIST")]
    pub paths_from: Option<PathBuf>,
    /// Take only the i-th of n parts, `i/n` with i from 1: the same file falls into the same part
    /// everywhere.
    #[arg(long, value_name = "I/N")]
    pub shard: Option<String>,
}

/// `soat trust update`.
#[derive(Debug, Args)]
pub(super) struct UpdateArguments {
    /// Archive folder (default: the current one, or the one --config lies in).
    pub folder: Option<PathBuf>,
    /// Only say what would be fetched.
    #[arg(long)]
    pub dry_run: bool,
    /// Seconds that one list may take.
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub timeout: u64,
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
        /// Who compared the fingerprints of the known roots among them: confirms these at once. Without it
        /// the question is asked where there is a terminal.
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
    /// Fetch newer revocation lists from where the certificates of the archive say they are. The only
    /// command that uses the network.
    Update(UpdateArguments),
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
