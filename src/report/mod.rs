//! Renderers of a stored run: the same report as text, tables, pages and machine lines; they add
//! nothing to it and do no I/O (bytes out).
//!
//! A format is one file and one line in [`FORMATS`]; the command line derives its values from there.

mod csv;
mod explain;
mod json;
mod jsonl;
mod junit;
mod mask;
mod names;
mod plain;
mod sarif;
pub(crate) mod text;
mod view;
pub(crate) mod words;

#[cfg(feature = "cli")]
pub(crate) use words::definitions;

#[cfg(feature = "cli")]
mod docx;
#[cfg(feature = "cli")]
mod draft;
#[cfg(feature = "cli")]
pub mod fixlist;
#[cfg(feature = "cli")]
mod html;
#[cfg(feature = "cli")]
mod pdf;
#[cfg(feature = "cli")]
mod xlsx;

use crate::model::{Language, Report};

#[cfg(feature = "cli")]
pub(crate) use explain::constant;
pub use explain::explain_document;
pub use jsonl::{document_line, finding_line};
#[cfg(feature = "cli")]
pub use pdf::Typeface;
#[cfg(feature = "cli")]
pub(crate) use view::who_and_action;

/// Every format, in the order in which help lists them.
pub static FORMATS: &[Format] = &[
    plain::FORMAT,
    #[cfg(feature = "cli")]
    html::FORMAT,
    #[cfg(feature = "cli")]
    xlsx::FORMAT,
    #[cfg(feature = "cli")]
    docx::FORMAT,
    #[cfg(feature = "cli")]
    pdf::FORMAT,
    csv::FORMAT,
    json::FORMAT,
    jsonl::FORMAT,
    junit::FORMAT,
    sarif::FORMAT,
];

/// The format of this name, if there is one.
pub fn format(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}

/// One output format.
pub struct Format {
    /// Name on the command line; never changed.
    pub name: &'static str,
    /// Extension of its (main) file, without the dot.
    pub extension: &'static str,
    /// The renderer.
    pub render: fn(&Report, &Options) -> Result<Files, RenderError>,
}

/// Files made: name relative to the output folder (`/` separated), and content. The first one is the
/// one to open.
pub type Files = Vec<(String, Vec<u8>)>;

/// What the caller may choose.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Options {
    /// Language of texts; ids and keys never change.
    pub language: Language,
    /// Label of the one period to report; `None`: everything, with the rates of the last period first.
    pub period: Option<String>,
    /// Whether personal data is shown.
    pub disclose: Disclose,
    /// ANSI colours in `plain` and [`explain_document`].
    pub colour: bool,
    /// Where the caller has put or will put other reports; `plain` ends with these lines.
    pub places: Vec<String>,
    /// What `pdf` sets its pages in; the machine has the fonts, not this program.
    #[cfg(feature = "cli")]
    pub typeface: Option<std::sync::Arc<Typeface>>,
}

/// Whether signer names, e-mail addresses, serial numbers and subjects are shown (domain README,
/// section 12). Document numbers, units, paths and counts always are.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Disclose {
    /// `Nguyễn Văn A` becomes `N*** V*** A***`.
    #[default]
    Masked,
    /// As found.
    Full,
}

/// Why a report could not be made.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The run has no such period.
    #[error("no period {asked} in this run; it has: {}", known.join(", "))]
    UnknownPeriod {
        /// Label asked for.
        asked: String,
        /// Labels there are.
        known: Vec<String>,
    },
    /// A value could not be serialised.
    #[error("JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// A row could not be written.
    #[error("CSV: {0}")]
    Csv(#[from] ::csv::Error),
    /// A page template failed.
    #[cfg(feature = "cli")]
    #[error("page: {0}")]
    Page(#[from] minijinja::Error),
    /// The workbook could not be written.
    #[cfg(feature = "cli")]
    #[error("workbook: {0}")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    /// The draft could not be packed.
    #[cfg(feature = "cli")]
    #[error("draft: {0}")]
    Draft(#[from] zip::result::ZipError),
    /// No font with Vietnamese letters was given.
    #[cfg(feature = "cli")]
    #[error("no font with Vietnamese letters (regular, bold and italic) was found for the PDF")]
    NoTypeface,
    /// The pages could not be set.
    #[cfg(feature = "cli")]
    #[error("PDF: {0}")]
    Sheet(String),
    /// The draft could not be written to memory.
    #[cfg(feature = "cli")]
    #[error("draft: {0}")]
    Memory(#[from] std::io::Error),
}

/// Name of a single-file report: `soat-2026-10.xlsx`, or `soat.xlsx` for a whole run.
fn file_name(options: &Options, extension: &str) -> String {
    match &options.period {
        Some(label) => format!("soat-{}.{extension}", text::slug(label)),
        None => format!("soat.{extension}"),
    }
}
