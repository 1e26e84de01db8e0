//! Integration tests, one binary.

mod path_vectors;
