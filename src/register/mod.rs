//! Registers and lists as an office keeps them, read from CSV and spreadsheet bytes.
