//! Decodes streams within the bounds of [`Limits`].

use crate::limits::Limits;
use crate::model::LimitHit;
use flate2::{Decompress, FlushDecompress, Status};
use hayro_syntax::Filter;
use hayro_syntax::object::{Array, Dict, Stream};
use std::borrow::Cow;

/// Largest growth of a deflate stream (RFC 1951: 258 bytes from two one-bit codes, hence 1032).
const DEFLATE_GROWTH: u64 = 1032;
/// Largest growth of LZW (ISO 32000-2, 7.4.4): a 12-bit code stands for at most 4096 bytes.
const LZW_GROWTH: u64 = 4096;
/// Largest growth of run lengths (ISO 32000-2, 7.4.5): two bytes become 128.
const RUN_LENGTH_GROWTH: u64 = 64;

/// What is left of the bounds while one file is read.
pub(super) struct Budget {
    stream_bytes: u64,
    total_bytes: u64,
    total_limit: u64,
    steps: u64,
    steps_limit: u64,
    hit: Option<LimitHit>,
}

impl Budget {
    /// The full bounds.
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            stream_bytes: limits.inflated_stream_bytes,
            total_bytes: limits.inflated_total_bytes,
            total_limit: limits.inflated_total_bytes,
            steps: limits.steps,
            steps_limit: limits.steps,
            hit: None,
        }
    }

    /// Takes `count` steps; `false` once the bound is reached.
    pub(super) fn step(&mut self, count: u64) -> bool {
        match self.steps.checked_sub(count) {
            Some(left) => {
                self.steps = left;
                true
            }
            None => {
                self.note("steps", self.steps_limit);
                false
            }
        }
    }

    /// The first bound that was reached.
    pub(super) fn into_hit(self) -> Option<LimitHit> {
        self.hit
    }

    fn note(&mut self, limit: &str, value: u64) {
        self.hit.get_or_insert_with(|| LimitHit { limit: limit.to_owned(), value });
    }

    /// Bytes that the next stream may decode to.
    fn room(&self) -> u64 {
        self.stream_bytes.min(self.total_bytes)
    }

    fn spend(&mut self, bytes: usize) {
        self.total_bytes = self.total_bytes.saturating_sub(u64::try_from(bytes).unwrap_or(u64::MAX));
    }

    fn note_bytes(&mut self) {
        if self.total_bytes < self.stream_bytes {
            self.note("inflated_total_bytes", self.total_limit);
        } else {
            self.note("inflated_stream_bytes", self.stream_bytes);
        }
    }
}

/// The decoded data of a stream that is no image. A damaged deflate stream yields what came before the
/// damage, as viewers show it. `None`: cannot be decoded, or a bound forbids it (noted in `budget`).
pub(super) fn decode<'a>(stream: &Stream<'a>, budget: &mut Budget) -> Option<Cow<'a, [u8]>> {
    let filters = stream.filters();
    let data = match filters.as_slice() {
        [] if !is_filtered(stream.dict()) => stream.raw_data(),
        [Filter::FlateDecode] if !has_predictor(stream.dict()) => {
            let (data, complete) = inflate(&stream.raw_data(), budget.room());
            if !complete {
                budget.note_bytes();
            }
            Cow::Owned(data)
        }
        filters => {
            // The library inflates without a bound: let it only where none can be crossed.
            let growth = filters.iter().fold(1_u64, |growth, filter| growth.saturating_mul(growth_of(*filter)));
            let length = u64::try_from(stream.raw_data().len()).ok()?;
            if length.saturating_mul(growth) > budget.room() {
                budget.note_bytes();
                return None;
            }
            stream.decoded_data().ok()?
        }
    };
    budget.spend(data.len());
    Some(data)
}

/// The most bytes that one byte of a filter's data becomes.
pub(super) fn growth_of(filter: Filter) -> u64 {
    match filter {
        Filter::FlateDecode => DEFLATE_GROWTH,
        Filter::LzwDecode => LZW_GROWTH,
        Filter::RunLengthDecode => RUN_LENGTH_GROWTH,
        // "z" in ASCII85 stands for four bytes.
        Filter::Ascii85Decode => 4,
        _ => 1,
    }
}

/// Whether a filter is named at all: the library drops filters that it does not know.
fn is_filtered(dict: &Dict<'_>) -> bool {
    dict.get::<hayro_syntax::object::Name<'_>>(b"Filter").is_some()
        || dict.get::<Array<'_>>(b"Filter").is_some_and(|filters| filters.raw_iter().next().is_some())
}

fn has_predictor(dict: &Dict<'_>) -> bool {
    [&b"DecodeParms"[..], b"DP"].iter().any(|key| {
        dict.get::<Dict<'_>>(key).is_some_and(|parameters| parameters.contains_key(b"Predictor"))
            || dict.get::<Array<'_>>(key).is_some()
    })
}

/// Inflates zlib data up to `room` bytes; the flag says whether the bound was kept.
fn inflate(data: &[u8], room: u64) -> (Vec<u8>, bool) {
    let room = usize::try_from(room).unwrap_or(usize::MAX);
    let mut output = Vec::with_capacity(data.len().saturating_mul(6).clamp(1 << 10, 1 << 20).min(room));
    let mut state = Decompress::new(true);
    loop {
        let read = usize::try_from(state.total_in()).unwrap_or(usize::MAX);
        let Some(rest) = data.get(read..) else { return (output, true) };
        let before = (state.total_in(), state.total_out());
        match state.decompress_vec(rest, &mut output, FlushDecompress::None) {
            Ok(Status::StreamEnd) | Err(_) => return (output, true),
            Ok(_) => {}
        }
        if output.len() >= room {
            return (output, false);
        }
        if output.len() == output.capacity() {
            output.reserve_exact(output.capacity().max(1 << 10).min(room - output.len()));
        } else if before == (state.total_in(), state.total_out()) {
            // Neither input nor output moved though there is room: the data ends early.
            return (output, true);
        }
    }
}

/// Whether zlib data inflates to no more than `room` bytes; nothing of it is kept.
pub(super) fn inflates_within(data: &[u8], room: u64) -> bool {
    if u64::try_from(data.len()).unwrap_or(u64::MAX).saturating_mul(DEFLATE_GROWTH) <= room {
        return true;
    }
    let mut window = vec![0; 1 << 16];
    let mut state = Decompress::new(true);
    loop {
        let read = usize::try_from(state.total_in()).unwrap_or(usize::MAX);
        let Some(rest) = data.get(read..) else { return true };
        let before = (state.total_in(), state.total_out());
        match state.decompress(rest, &mut window, FlushDecompress::None) {
            Ok(Status::StreamEnd) | Err(_) => return true,
            Ok(_) if state.total_out() > room => return false,
            Ok(_) if before == (state.total_in(), state.total_out()) => return true,
            Ok(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::ZlibEncoder};
    use std::io::Write;

    fn deflated(data: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(data).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn inflates_completely_within_the_bound() {
        let text = b"BT /F1 12 Tf (a) Tj ET ".repeat(5_000);
        let (data, complete) = inflate(&deflated(&text), 1 << 20);
        assert!(complete);
        assert_eq!(data, text);
    }

    #[test]
    fn stops_at_the_bound() {
        let (data, complete) = inflate(&deflated(&vec![0; 4 << 20]), 1 << 16);
        assert!(!complete);
        assert_eq!(data.len(), 1 << 16);
    }

    #[test]
    fn a_cut_stream_yields_its_beginning() {
        let text: Vec<u8> = (0..20_000_u32).flat_map(u32::to_le_bytes).collect();
        let whole = deflated(&text);
        let (data, complete) = inflate(&whole[..whole.len() / 2], 1 << 20);
        assert!(complete);
        assert!(!data.is_empty() && text.starts_with(&data));
    }

    #[test]
    fn steps_run_out_and_are_noted() {
        let mut budget = Budget::new(&Limits { steps: 3, ..Limits::default() });
        assert!(budget.step(3));
        assert!(!budget.step(1));
        assert_eq!(budget.into_hit(), Some(LimitHit { limit: "steps".to_owned(), value: 3 }));
    }
}
