//! The law as dated data.
