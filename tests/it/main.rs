//! All integration tests, in one binary.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod architecture;
mod attacks;
mod bad_input;
mod edxml;
mod entries;
mod fixlist;
mod hostile;
mod mutation;
mod newcomer;
mod night;
mod ocsp;
mod path_vectors;
mod periods;
mod prints;
mod privacy;
mod registers;
mod reports;
mod run;
mod second_reader;
mod shell;
mod tamper;
mod trust_update;
mod truth;
mod waivers;
