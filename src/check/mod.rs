//! The checks: one file each, from verdicts and joined records to findings.
