//! Decodes stream data for structure: Flate, LZW, ASCIIHex, ASCII85, RunLength and the PNG and TIFF
//! predictors (ISO 32000-2, 7.4). Image filters are left to the reader of pages.

use super::object::Dictionary;
use super::parser::is_white;
use flate2::{Decompress, FlushDecompress, Status};

/// Filters applied to one stream: real streams have one or two (ours).
pub(super) const MAXIMUM_FILTERS: usize = 8;

/// Why a stream could not be decoded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum FilterError {
    /// The filter is not one that structure uses.
    Unsupported,
    /// The data does not follow the filter's format at all.
    Malformed,
    /// The result is larger than the limit.
    TooLarge,
}

/// Applies one filter. `limit` bounds the result in bytes. Data that breaks off yields what was
/// decoded until there, as other readers do.
pub(super) fn decode(
    filter: &[u8],
    parameters: Option<&Dictionary>,
    data: &[u8],
    limit: usize,
) -> Result<Vec<u8>, FilterError> {
    match filter {
        b"FlateDecode" | b"Fl" => predict(inflate(data, limit)?, parameters),
        b"LZWDecode" | b"LZW" => {
            let early = parameters.and_then(|entry| entry.get(b"EarlyChange")?.integer()) != Some(0);
            predict(lzw(data, early, limit)?, parameters)
        }
        b"ASCIIHexDecode" | b"AHx" => {
            let mut token = vec![b'<'];
            token.extend(data.iter().take_while(|&&byte| byte != b'>'));
            token.push(b'>');
            Ok(super::parser::decode_string(&token, true))
        }
        b"ASCII85Decode" | b"A85" => ascii85(data, limit),
        b"RunLengthDecode" | b"RL" => run_length(data, limit),
        _ => Err(FilterError::Unsupported),
    }
}

fn inflate(data: &[u8], limit: usize) -> Result<Vec<u8>, FilterError> {
    let mut result = inflate_with(data, true, limit)?;
    if result.is_empty() && !data.is_empty() {
        // A broken zlib header: other readers try the raw deflate data behind it.
        result = inflate_with(data.get(2..).unwrap_or_default(), false, limit)?;
    }
    Ok(result)
}

fn inflate_with(data: &[u8], zlib_header: bool, limit: usize) -> Result<Vec<u8>, FilterError> {
    let mut inflater = Decompress::new(zlib_header);
    let mut result = Vec::with_capacity(data.len().saturating_mul(4).clamp(64, 1 << 20).min(limit.max(64)));
    loop {
        let before = (inflater.total_in(), result.len());
        let rest = usize::try_from(inflater.total_in()).ok().and_then(|used| data.get(used..)).unwrap_or_default();
        let status = inflater.decompress_vec(rest, &mut result, FlushDecompress::None);
        if result.len() > limit {
            return Err(FilterError::TooLarge);
        }
        match status {
            Ok(Status::StreamEnd) | Err(_) => return Ok(result),
            Ok(_) if result.len() == result.capacity() => {
                // One byte more than allowed tells that there is more.
                let more = result.len().clamp(64, 16 << 20).min(limit.saturating_add(1).saturating_sub(result.len()));
                result.reserve_exact(more);
            }
            Ok(_) if (inflater.total_in(), result.len()) == before => return Ok(result),
            Ok(_) => {}
        }
    }
}

/// LZW with variable code length, most significant bit first (ISO 32000-2, 7.4.4).
fn lzw(data: &[u8], early_change: bool, limit: usize) -> Result<Vec<u8>, FilterError> {
    const CLEAR: usize = 256;
    const END: usize = 257;
    const MOST: usize = 4096;
    let mut result: Vec<u8> = Vec::new();
    // Every code is a span of what was already written.
    let mut table: Vec<(usize, usize)> = Vec::new();
    let mut previous: Option<(usize, usize)> = None;
    let (mut bits, mut held, mut width) = (0_u32, 0_u32, 9_u32);
    let mut input = data.iter();
    loop {
        while held < width {
            let Some(&byte) = input.next() else { return Ok(result) };
            bits = bits << 8 | u32::from(byte);
            held += 8;
        }
        held -= width;
        let code = usize::try_from(bits >> held & ((1 << width) - 1)).map_err(|_| FilterError::Malformed)?;
        bits &= (1 << held) - 1;
        if code == CLEAR {
            table.clear();
            previous = None;
            width = 9;
            continue;
        }
        if code == END {
            return Ok(result);
        }
        let start = result.len();
        if let Ok(byte) = u8::try_from(code) {
            result.push(byte);
        } else if let Some(&(from, to)) = table.get(code - 258) {
            result.extend_from_within(from..to);
        } else if let (Some((from, to)), true) = (previous, code - 258 == table.len()) {
            result.extend_from_within(from..to);
            result.extend_from_within(from..=from);
        } else {
            return Ok(result);
        }
        if result.len() > limit {
            return Err(FilterError::TooLarge);
        }
        if let Some((from, to)) = previous
            && table.len() + 258 < MOST
        {
            // The previous entry and the first byte of this one stand side by side in the output.
            debug_assert_eq!(to, start);
            table.push((from, to + 1));
        }
        previous = Some((start, result.len()));
        let next = table.len() + 258 + usize::from(early_change);
        width = match next {
            0..=511 => 9,
            512..=1023 => 10,
            1024..=2047 => 11,
            _ => 12,
        };
    }
}

fn ascii85(data: &[u8], limit: usize) -> Result<Vec<u8>, FilterError> {
    let mut result = Vec::with_capacity((data.len() / 5 * 4).min(limit));
    let (mut group, mut count) = (0_u32, 0_u32);
    for &byte in data.strip_prefix(b"<~").unwrap_or(data) {
        match byte {
            b'~' => break,
            b'z' if count == 0 => result.extend([0; 4]),
            b'!'..=b'u' => {
                group = group.wrapping_mul(85).wrapping_add(u32::from(byte - b'!'));
                count += 1;
                if count == 5 {
                    result.extend(group.to_be_bytes());
                    (group, count) = (0, 0);
                }
            }
            byte if is_white(byte) => {}
            _ => return Err(FilterError::Malformed),
        }
        if result.len() > limit {
            return Err(FilterError::TooLarge);
        }
    }
    if count > 1 {
        for _ in count..5 {
            group = group.wrapping_mul(85).wrapping_add(84);
        }
        result.extend(group.to_be_bytes().iter().take(usize::try_from(count - 1).unwrap_or(0)));
    }
    Ok(result)
}

fn run_length(data: &[u8], limit: usize) -> Result<Vec<u8>, FilterError> {
    let mut result = Vec::new();
    let mut rest = data;
    while let Some((&length, tail)) = rest.split_first() {
        match length {
            128 => break,
            0..=127 => {
                let count = (usize::from(length) + 1).min(tail.len());
                let (literal, behind) = tail.split_at(count);
                result.extend_from_slice(literal);
                rest = behind;
            }
            129..=255 => {
                let Some((&byte, behind)) = tail.split_first() else { break };
                result.resize(result.len() + 257 - usize::from(length), byte);
                rest = behind;
            }
        }
        if result.len() > limit {
            return Err(FilterError::TooLarge);
        }
    }
    Ok(result)
}

/// Undoes a predictor (ISO 32000-2, 7.4.4.4).
fn predict(data: Vec<u8>, parameters: Option<&Dictionary>) -> Result<Vec<u8>, FilterError> {
    let value = |key: &[u8], default: usize| match parameters.and_then(|entry| entry.get(key)) {
        None => Ok(default),
        Some(value) => value.integer().and_then(|value| usize::try_from(value).ok()).ok_or(FilterError::Malformed),
    };
    let predictor = value(b"Predictor", 1)?;
    if predictor < 2 {
        return Ok(data);
    }
    let (colors, bits, columns) = (value(b"Colors", 1)?, value(b"BitsPerComponent", 8)?, value(b"Columns", 1)?);
    let row_bits = colors.checked_mul(bits).and_then(|bits| bits.checked_mul(columns)).ok_or(FilterError::Malformed)?;
    let row = row_bits.div_ceil(8);
    let pixel = (colors * bits).div_ceil(8);
    // A row longer than the data cannot be meant; also bounds the memory below.
    if row == 0 || row > data.len().saturating_add(1) || !matches!(bits, 1 | 2 | 4 | 8 | 16) {
        return if data.is_empty() { Ok(data) } else { Err(FilterError::Malformed) };
    }
    if predictor == 2 {
        return tiff(data, row, pixel, bits);
    }
    // Rows are undone where they are written: hostile rows may be as long as the data.
    let mut result: Vec<u8> = Vec::with_capacity(data.len());
    for line in data.chunks(row + 1) {
        let Some((&kind, line)) = line.split_first() else { break };
        let start = result.len();
        let above = start.checked_sub(row);
        for (at, &byte) in line.iter().enumerate() {
            let before = |from: Option<usize>| from.and_then(|from| result.get(from)).copied().unwrap_or(0);
            let pixel_before = at.checked_sub(pixel);
            let left = before(pixel_before.map(|at| start + at));
            let up = before(above.map(|above| above + at));
            let add = match kind {
                1 => left,
                2 => up,
                3 => u8::try_from((u16::from(left) + u16::from(up)) / 2).unwrap_or(0),
                4 => paeth(left, up, before(above.zip(pixel_before).map(|(above, at)| above + at))),
                _ => 0,
            };
            result.push(byte.wrapping_add(add));
        }
    }
    Ok(result)
}

fn tiff(mut data: Vec<u8>, row: usize, pixel: usize, bits: usize) -> Result<Vec<u8>, FilterError> {
    // Structure streams use whole bytes only; other depths occur in images alone.
    if bits != 8 {
        return Err(FilterError::Unsupported);
    }
    for line in data.chunks_mut(row) {
        for at in pixel..line.len() {
            let left = line.get(at - pixel).copied().unwrap_or(0);
            if let Some(byte) = line.get_mut(at) {
                *byte = byte.wrapping_add(left);
            }
        }
    }
    Ok(data)
}

/// The Paeth predictor (PNG specification, 9.4).
fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    let estimate = i16::from(left) + i16::from(up) - i16::from(corner);
    let distance = |value: u8| (estimate - i16::from(value)).abs();
    if distance(left) <= distance(up) && distance(left) <= distance(corner) {
        left
    } else if distance(up) <= distance(corner) {
        up
    } else {
        corner
    }
}

#[cfg(test)]
mod tests {
    use super::super::object::{Name, Object};
    use super::*;
    use std::io::Write;

    fn parameters(entries: &[(&[u8], i64)]) -> Dictionary {
        let mut dictionary = Dictionary::default();
        entries.iter().for_each(|(key, value)| dictionary.push(Name::new(key), Object::Integer(*value)));
        dictionary
    }

    fn deflate(data: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(data).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn the_examples_of_the_standard() {
        // ISO 32000-2, 7.4.4.2, example.
        let lzw = [0x80, 0x0b, 0x60, 0x50, 0x22, 0x0c, 0x0c, 0x85, 0x01];
        assert_eq!(decode(b"LZWDecode", None, &lzw, 99).unwrap(), [45, 45, 45, 45, 45, 65, 45, 45, 45, 66]);
        assert_eq!(decode(b"ASCIIHexDecode", None, b"70 6f2>", 99).unwrap(), b"po ");
        assert_eq!(decode(b"ASCII85Decode", None, b"87cURD]j7BEbo80~>", 99).unwrap(), b"Hello world!");
        assert_eq!(decode(b"RunLengthDecode", None, &[1, b'a', b'b', 254, b'c', 128, 9], 99).unwrap(), b"abccc");
        assert_eq!(decode(b"DCTDecode", None, b"", 99), Err(FilterError::Unsupported));
    }

    #[test]
    fn long_codes_of_lzw() {
        // Nine-bit codes alone: clear, 300 single bytes would pass the width change; the decoder must
        // follow it. Encoded here the plain way: codes of growing width, no table use.
        let mut bits: Vec<bool> = Vec::new();
        let mut put = |code: u32, width: u32| bits.extend((0..width).rev().map(|bit| code >> bit & 1 == 1));
        put(256, 9);
        let mut next = 258;
        let mut width = 9;
        let data: Vec<u8> = (0..600).map(|index: u32| u8::try_from(index * 7 % 251).unwrap()).collect();
        for (index, byte) in data.iter().enumerate() {
            put(u32::from(*byte), width);
            if index > 0 {
                next += 1;
            }
            width = match next + 1 {
                0..=511 => 9,
                512..=1023 => 10,
                _ => 11,
            };
        }
        put(257, width);
        let packed: Vec<u8> = bits
            .chunks(8)
            .map(|byte| byte.iter().enumerate().fold(0, |sum, (at, bit)| sum | u8::from(*bit) << (7 - at)))
            .collect();
        assert_eq!(decode(b"LZW", None, &packed, 9999).unwrap(), data);
    }

    #[test]
    fn predictors() {
        // Two rows of three bytes: Up, then Sub.
        let rows = [2, 1, 2, 3, 1, 10, 1, 1];
        let up = parameters(&[(b"Predictor", 12), (b"Columns", 3)]);
        assert_eq!(decode(b"FlateDecode", Some(&up), &deflate(&rows), 99).unwrap(), [1, 2, 3, 10, 11, 12]);
        let tiff = parameters(&[(b"Predictor", 2), (b"Columns", 3)]);
        assert_eq!(decode(b"FlateDecode", Some(&tiff), &deflate(&[1, 1, 1, 5, 1, 1]), 99).unwrap(), [1, 2, 3, 5, 6, 7]);
        let wide = parameters(&[(b"Predictor", 12), (b"Columns", i64::MAX)]);
        assert_eq!(decode(b"FlateDecode", Some(&wide), &deflate(&rows), 99), Err(FilterError::Malformed));
    }

    #[test]
    fn a_bomb_stops_at_the_limit_and_a_cut_stream_yields_its_part() {
        let bomb = deflate(&vec![0; 1 << 20]);
        assert_eq!(decode(b"FlateDecode", None, &bomb, 1 << 16), Err(FilterError::TooLarge));
        let text: Vec<u8> = (0..20_000_u32).flat_map(u32::to_le_bytes).collect();
        let whole = deflate(&text);
        let part = decode(b"FlateDecode", None, &whole[..whole.len() / 2], 1 << 20).unwrap();
        assert!(!part.is_empty() && text.starts_with(&part));
    }
}
