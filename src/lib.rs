//! soat (soát: to audit) re-verifies an archive of digitally signed documents.
//!
//! Facts are extracted once from bytes; verdicts are judged from facts; findings, rates and reports
//! are computed from verdicts. ARCHITECTURE.md tells which module may import which.

#[cfg(feature = "cli")]
pub mod archive;
pub mod check;
#[cfg(feature = "cli")]
pub mod cli;
pub mod cms;
#[cfg(feature = "cli")]
pub mod comparison;
#[cfg(feature = "cli")]
pub mod config;
pub mod container;
pub mod crypto;
pub mod duplicate;
pub mod edition;
pub mod edxml;
pub mod engine;
#[cfg(feature = "cli")]
pub mod fetch;
pub mod limits;
pub mod model;
#[cfg(feature = "cli")]
pub mod ocr;
pub mod organisation;
pub mod page;
pub mod pdf;
pub mod period;
pub mod pki;
pub mod raster;
pub mod rate;
pub mod records;
pub mod reference;
pub mod register;
pub mod report;
#[cfg(feature = "cli")]
pub mod scan;
pub mod signature;
#[cfg(feature = "cli")]
pub mod state;
pub mod text;
pub mod validate;
