//! The shapes every other module exchanges: facts, verdicts, findings, rates and the report.
//!
//! Data only: no parsing, no judgement, no I/O. See ARCHITECTURE.md for who may import whom.

pub mod altered;
pub mod comparison;
pub mod facts;
pub mod finding;
pub mod id;
pub mod identity;
pub mod outline;
pub mod package;
pub mod rate;
pub mod record;
pub mod report;
pub mod verdict;
pub mod words;

pub use altered::*;
pub use comparison::*;
pub use facts::*;
pub use finding::*;
pub use id::*;
pub use identity::*;
pub use outline::*;
pub use package::*;
pub use rate::*;
pub use record::*;
pub use report::*;
pub use verdict::*;
