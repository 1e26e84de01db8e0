//! All integration tests, in one binary.

mod architecture;
mod attacks;
mod path_vectors;
mod reports;
mod run;
mod tamper;
mod truth;
