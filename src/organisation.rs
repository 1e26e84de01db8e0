//! The organisation table and the names in force on a day.
