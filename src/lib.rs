//! soat (soát: to audit) re-verifies an archive of digitally signed documents.
//!
//! Facts are extracted once from bytes; verdicts are judged from facts; findings, rates and reports
//! are computed from verdicts. ARCHITECTURE.md tells which module may import which.

pub mod check;
pub mod cms;
#[cfg(feature = "cli")]
pub mod config;
pub mod crypto;
pub mod edition;
pub mod limits;
pub mod model;
pub mod organisation;
pub mod page;
pub mod pdf;
pub mod period;
pub mod pki;
pub mod rate;
pub mod records;
pub mod reference;
pub mod register;
pub mod report;
pub mod signature;
pub mod text;
pub mod validate;
