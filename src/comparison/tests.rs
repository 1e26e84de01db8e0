//! Scans and e-documents made in the test.
