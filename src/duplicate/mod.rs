//! Whether a scan is a print of an e-document: candidates, alignment, words and digits, tiers.
