//! Splits a content stream into operators and operands (ISO 32000-2, 7.8.2).
//!
//! Written for hostile streams: one pass, no recursion, bounded memory. (The iterator of hayro-syntax
//! recurses and searches again from each `EI` of an inline image, which a crafted stream turns into a
//! stack overflow or quadratic time.)

use std::ops::Range;

/// Operands kept for one operator; a `TJ` array of one line has a few hundred.
const MAX_OPERANDS: usize = 1 << 16;
/// Bytes behind an `EI` that must look like content for it to end the image data.
const EI_LOOKAHEAD: usize = 12;

/// One operand. Arrays and dictionaries come flattened between their marks.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Operand {
    /// Integer or real.
    Number(f32),
    /// Name without its slash, unescaped.
    Name(Bytes),
    /// String, decoded.
    Text(Bytes),
    /// `[` or `<<`.
    Open,
    /// `]` or `>>`.
    Close,
}

/// Bytes in the stream itself, or decoded into the lexer's scratch space.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Bytes {
    /// As they stand.
    Stream(Range<usize>),
    /// Decoded.
    Scratch(Range<usize>),
}

/// What the lexer met.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Operator<'a> {
    /// An operator; its operands are [`Lexer::operands`].
    Named(&'a [u8]),
    /// A whole inline image (`BI` to `EI`).
    InlineImage(InlineImage),
}

/// What an inline image says of itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct InlineImage {
    /// It is a stencil mask.
    pub(super) is_mask: bool,
    /// The largest width stated, by image or coding.
    pub(super) width: u64,
    /// The largest height stated, by image or coding.
    pub(super) height: u64,
}

/// Reads operator by operator.
pub(super) struct Lexer<'a> {
    data: &'a [u8],
    at: usize,
    operands: Vec<Operand>,
    scratch: Vec<u8>,
}

fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 0x0C | b'\r' | b' ')
}

fn is_regular(byte: u8) -> bool {
    !is_space(byte) && !matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

impl<'a> Lexer<'a> {
    /// Starts at the beginning of a decoded content stream.
    pub(super) fn new(data: &'a [u8]) -> Self {
        Self { data, at: 0, operands: Vec::new(), scratch: Vec::new() }
    }

    /// Operands of the operator returned last.
    pub(super) fn operands(&self) -> &[Operand] {
        &self.operands
    }

    /// The bytes of a name or string operand of the operator returned last.
    pub(super) fn bytes(&self, bytes: &Bytes) -> &[u8] {
        match bytes {
            Bytes::Stream(range) => self.data.get(range.clone()),
            Bytes::Scratch(range) => self.scratch.get(range.clone()),
        }
        .unwrap_or_default()
    }

    /// The first `N` operands if they are numbers.
    pub(super) fn numbers<const N: usize>(&self) -> Option<[f32; N]> {
        let mut numbers = [0.0; N];
        for (place, operand) in numbers.iter_mut().zip(self.operands.get(..N)?) {
            match operand {
                Operand::Number(number) => *place = *number,
                _ => return None,
            }
        }
        Some(numbers)
    }

    /// The next operator.
    pub(super) fn next(&mut self) -> Option<Operator<'a>> {
        self.operands.clear();
        self.scratch.clear();
        loop {
            self.skip_space();
            let start = self.at;
            match self.peek()? {
                b'/' => {
                    let name = self.name();
                    self.push(Operand::Name(name));
                }
                b'(' => {
                    let text = self.literal();
                    self.push(Operand::Text(text));
                }
                b'<' if self.data.get(start + 1) == Some(&b'<') => {
                    self.at += 2;
                    self.push(Operand::Open);
                }
                b'<' => {
                    let text = self.hexadecimal();
                    self.push(Operand::Text(text));
                }
                b'>' if self.data.get(start + 1) == Some(&b'>') => {
                    self.at += 2;
                    self.push(Operand::Close);
                }
                b'[' => {
                    self.at += 1;
                    self.push(Operand::Open);
                }
                b']' => {
                    self.at += 1;
                    self.push(Operand::Close);
                }
                b')' | b'>' | b'{' | b'}' => self.at += 1,
                _ => {
                    let word = self.regular();
                    match number(word) {
                        Some(value) => self.push(Operand::Number(value)),
                        None if word == b"BI" => return Some(Operator::InlineImage(self.inline_image())),
                        None => return Some(Operator::Named(word)),
                    }
                }
            }
        }
    }

    fn push(&mut self, operand: Operand) {
        if self.operands.len() < MAX_OPERANDS {
            self.operands.push(operand);
        }
    }

    fn peek(&self) -> Option<u8> {
        self.data.get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while let Some(byte) = self.peek() {
            if byte == b'%' {
                while self.peek().is_some_and(|byte| byte != b'\n' && byte != b'\r') {
                    self.at += 1;
                }
            } else if is_space(byte) {
                self.at += 1;
            } else {
                return;
            }
        }
    }

    fn regular(&mut self) -> &'a [u8] {
        let start = self.at;
        while self.peek().is_some_and(is_regular) {
            self.at += 1;
        }
        self.data.get(start..self.at).unwrap_or_default()
    }

    fn name(&mut self) -> Bytes {
        self.at += 1;
        let start = self.at;
        let name = self.regular();
        if !name.contains(&b'#') {
            return Bytes::Stream(start..self.at);
        }
        let from = self.scratch.len();
        let mut rest = name;
        while let Some((byte, tail)) = rest.split_first() {
            rest = tail;
            let escaped = (*byte == b'#').then(|| Some(hex_digit(*tail.first()?)? << 4 | hex_digit(*tail.get(1)?)?));
            match escaped.flatten() {
                Some(value) => {
                    self.scratch.push(value);
                    rest = tail.get(2..).unwrap_or_default();
                }
                None => self.scratch.push(*byte),
            }
        }
        Bytes::Scratch(from..self.scratch.len())
    }

    /// A literal string (7.3.4.2); an unclosed one ends with the stream.
    fn literal(&mut self) -> Bytes {
        self.at += 1;
        let start = self.at;
        let mut depth = 1_usize;
        let mut plain = true;
        while let Some(byte) = self.peek() {
            self.at += 1;
            match byte {
                b'\\' => {
                    plain = false;
                    self.at += 1;
                }
                b'\r' => plain = false,
                b'(' => depth += 1,
                b')' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
        self.at = self.at.min(self.data.len());
        let end = if depth == 0 { self.at - 1 } else { self.at };
        if plain {
            return Bytes::Stream(start..end);
        }
        let from = self.scratch.len();
        let raw = self.data.get(start..end).unwrap_or_default();
        let mut bytes = raw.iter().copied().peekable();
        while let Some(byte) = bytes.next() {
            if byte == b'\r' {
                bytes.next_if_eq(&b'\n');
                self.scratch.push(b'\n');
                continue;
            }
            if byte != b'\\' {
                self.scratch.push(byte);
                continue;
            }
            let Some(escaped) = bytes.next() else { break };
            let decoded = match escaped {
                b'n' => b'\n',
                b'r' => b'\r',
                b't' => b'\t',
                b'b' => 8,
                b'f' => 0x0C,
                b'\n' => continue,
                b'\r' => {
                    bytes.next_if_eq(&b'\n');
                    continue;
                }
                b'0'..=b'7' => {
                    let mut value = u32::from(escaped - b'0');
                    for _ in 0..2 {
                        let Some(digit) = bytes.next_if(|digit| (b'0'..=b'7').contains(digit)) else { break };
                        value = value << 3 | u32::from(digit - b'0');
                    }
                    // High-order overflow is ignored (7.3.4.2).
                    u8::try_from(value & 0xFF).unwrap_or_default()
                }
                other => other,
            };
            self.scratch.push(decoded);
        }
        Bytes::Scratch(from..self.scratch.len())
    }

    fn hexadecimal(&mut self) -> Bytes {
        self.at += 1;
        let from = self.scratch.len();
        let mut high = None;
        while let Some(byte) = self.peek() {
            self.at += 1;
            if byte == b'>' {
                break;
            }
            let Some(digit) = hex_digit(byte) else { continue };
            match high.take() {
                Some(first) => self.scratch.push(first << 4 | digit),
                None => high = Some(digit),
            }
        }
        if let Some(first) = high {
            self.scratch.push(first << 4);
        }
        Bytes::Scratch(from..self.scratch.len())
    }

    /// Passes over an inline image (8.9.7); tells what it says of itself.
    fn inline_image(&mut self) -> InlineImage {
        let mut image = InlineImage::default();
        let mut key = Key::Other;
        loop {
            self.skip_space();
            match self.peek() {
                None => return image,
                Some(b'/') => {
                    let name = self.name();
                    key = match self.bytes(&name) {
                        b"IM" | b"ImageMask" => Key::Mask,
                        b"W" | b"Width" | b"Columns" => Key::Width,
                        b"H" | b"Height" | b"Rows" => Key::Height,
                        _ => Key::Other,
                    };
                }
                Some(b'(') => drop(self.literal()),
                Some(byte) if is_regular(byte) => {
                    let word = self.regular();
                    if word == b"ID" {
                        break;
                    }
                    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "`as` saturates")]
                    let side = number(word).map_or(0, |side| side as u64);
                    match key {
                        Key::Mask => image.is_mask |= word == b"true",
                        Key::Width => image.width = image.width.max(side),
                        Key::Height => image.height = image.height.max(side),
                        Key::Other => {}
                    }
                }
                Some(_) => self.at += 1,
            }
        }
        // One white space, then the data up to an EI that stands alone and is followed by content.
        self.at += 1;
        while let Some(rest) = self.data.get(self.at..) {
            let Some(offset) = rest.windows(2).position(|pair| pair == b"EI") else {
                self.at = self.data.len();
                return image;
            };
            let after = rest.get(offset + 2..).unwrap_or_default();
            let stands_alone =
                offset.checked_sub(1).is_none_or(|before| rest.get(before).copied().is_some_and(is_space))
                    && after.first().copied().is_none_or(is_space);
            self.at += offset + 2;
            if stands_alone && after.iter().take(EI_LOOKAHEAD).all(|byte| matches!(byte, 9 | 10 | 13 | 32..=126)) {
                break;
            }
        }
        image
    }
}

/// Keys of an inline image that matter.
enum Key {
    Mask,
    Width,
    Height,
    Other,
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// A number (7.3.3); a sign after digits ends it, as viewers read it. `None`: the word is an operator.
fn number(word: &[u8]) -> Option<f32> {
    let (negative, digits) = match word.split_first()? {
        (b'-', rest) => {
            (true, rest.iter().position(|byte| *byte != b'-').and_then(|at| rest.get(at..)).unwrap_or(rest))
        }
        (b'+', rest) => (false, rest),
        _ => (false, word),
    };
    if !matches!(digits.first()?, b'0'..=b'9' | b'.') {
        return None;
    }
    let (mut value, mut scale) = (0.0_f64, 0.0_f64);
    for byte in digits {
        match byte {
            b'0'..=b'9' => {
                let digit = f64::from(byte - b'0');
                if scale == 0.0 {
                    value = value * 10.0 + digit;
                } else {
                    value += digit * scale;
                    scale /= 10.0;
                }
            }
            b'.' if scale == 0.0 => scale = 0.1,
            b'-' => break,
            _ => return None,
        }
    }
    #[allow(clippy::cast_possible_truncation, reason = "page coordinates need no more than f32")]
    let value = value as f32;
    Some(if negative { -value } else { value })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(data: &[u8]) -> Vec<(String, Vec<String>)> {
        let mut lexer = Lexer::new(data);
        let mut result = Vec::new();
        while let Some(operator) = lexer.next() {
            let operands = lexer
                .operands()
                .iter()
                .map(|operand| match operand {
                    Operand::Number(number) => format!("{number}"),
                    Operand::Name(name) => format!("/{}", String::from_utf8_lossy(lexer.bytes(name))),
                    Operand::Text(text) => format!("({})", String::from_utf8_lossy(lexer.bytes(text))),
                    Operand::Open => "[".to_owned(),
                    Operand::Close => "]".to_owned(),
                })
                .collect();
            let name = match operator {
                Operator::Named(name) => String::from_utf8_lossy(name).into_owned(),
                Operator::InlineImage(image) => format!("image:{}", image.is_mask),
            };
            result.push((name, operands));
        }
        result
    }

    fn operands(data: &[u8]) -> Vec<String> {
        all(data).into_iter().flat_map(|(_, operands)| operands).collect()
    }

    #[test]
    fn numbers_names_and_arrays() {
        assert_eq!(operands(b"-.5 +3 4. 1.25 --7 x"), ["-0.5", "3", "4", "1.25", "-7"]);
        assert_eq!(operands(b"/F#31 12 Tf"), ["/F1", "12"]);
        assert_eq!(operands(b"[(a)-250<4142>]TJ"), ["[", "(a)", "-250", "(AB)", "]"]);
        assert_eq!(operands(b"/Span<</ActualText(x)>>BDC"), ["/Span", "[", "/ActualText", "(x)", "]"]);
        assert_eq!(all(b"q% comment )\n1 0 0 1 5 5cm Q").len(), 3);
    }

    #[test]
    fn strings_are_decoded() {
        assert_eq!(operands(b"(a(b)c\\)\\101\\\nz\\n) Tj"), ["(a(b)c)Az\n)"]);
        assert_eq!(operands(b"(\\1234) Tj"), ["(S4)"]);
        assert_eq!(operands(b"<4> Tj"), ["(@)"]);
        let mut open = Lexer::new(b"(never closed \\");
        assert_eq!(open.next(), None);
    }

    #[test]
    fn inline_images_are_passed_over() {
        let data = b"q BI /W 2 /H 2 /IM true ID \x01\xffEI \xfe\xffEIx EI Q (after) Tj";
        let read = all(data);
        let names: Vec<&str> = read.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["q", "image:true", "Q", "Tj"]);
        assert_eq!(all(b"BI ID EI").len(), 1);
        assert_eq!(all(b"BI /W 1 ID abc").len(), 1);
    }

    #[test]
    fn crafted_inline_images_take_linear_time_and_no_stack() {
        let nested = b"BI ID x EI (EI) ".repeat(50_000);
        assert_eq!(all(&nested).iter().filter(|(name, _)| name == "image:false").count(), 50_000);
        let tails = [b"BI ID ".as_slice(), &b"EI (".repeat(200_000)].concat();
        assert!(!all(&tails).is_empty());
        let open = b"[".repeat(1_000_000);
        assert!(all(&open).is_empty());
    }
}
