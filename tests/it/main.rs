//! All integration tests, in one binary.

mod architecture;
mod path_vectors;
mod reports;
mod run;
mod truth;
