//! The integration tests, in one binary.

#[cfg(feature = "cli")]
mod reports;
