//! Reporting periods.
