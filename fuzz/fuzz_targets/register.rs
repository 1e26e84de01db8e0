//! Feeds `entries::registers`.
#![no_main]

#[path = "../../tests/it/entries.rs"]
#[allow(dead_code, reason = "the other targets' entries")]
mod entries;

libfuzzer_sys::fuzz_target!(|data: &[u8]| entries::registers(data));
