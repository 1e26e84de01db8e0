//! Number and symbol of a document (Decree 30, PL I section II.3).
