//! The join of register rows and documents, their classes and the rates.
