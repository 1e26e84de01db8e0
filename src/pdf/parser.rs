//! Reads objects out of bytes (ISO 32000-2, 7.2 and 7.3): bounded in depth, never reading outside the
//! given bytes, linear in what it consumes.

use super::object::{ARRAY_BYTES, DICTIONARY_BYTES, Dictionary, Name, Object, ObjectId, PdfString, Stream};
use std::rc::Rc;

/// White-space characters (ISO 32000-2, table 1).
pub(super) fn is_white(byte: u8) -> bool {
    matches!(byte, b'\0' | b'\t' | b'\n' | b'\x0c' | b'\r' | b' ')
}

/// Delimiters (ISO 32000-2, table 2).
fn is_delimiter(byte: u8) -> bool {
    matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

fn is_regular(byte: u8) -> bool {
    !is_white(byte) && !is_delimiter(byte)
}

/// Value of each byte as a hexadecimal digit; `NOT_A_DIGIT` for the others. Signatures are kilobytes of
/// digits, so a table pays.
const DIGITS: [u8; 256] = {
    let mut table = [NOT_A_DIGIT; 256];
    let mut digit = 0;
    while digit < 16 {
        table[b"0123456789ABCDEF"[digit as usize] as usize] = digit;
        table[b"0123456789abcdef"[digit as usize] as usize] = digit;
        digit += 1;
    }
    table
};

const NOT_A_DIGIT: u8 = 0xff;

fn hex_digit(byte: u8) -> Option<u8> {
    DIGITS.get(usize::from(byte)).copied().filter(|&digit| digit != NOT_A_DIGIT)
}

/// Whether `bytes` holds nothing but hexadecimal digits and white space.
pub(super) fn is_hexadecimal(bytes: &[u8]) -> bool {
    let other = |&byte: &u8| DIGITS.get(usize::from(byte)) == Some(&NOT_A_DIGIT);
    // Whole runs first: a loop without exit is read many bytes at a time.
    !bytes.iter().fold(false, |found, byte| found | other(byte))
        || bytes.iter().filter(|byte| other(byte)).all(|&byte| is_white(byte))
}

/// Offset of the first `needle` in `haystack` at or behind `from`.
pub(super) fn find(haystack: &[u8], needle: &[u8], from: usize) -> Option<usize> {
    memchr::memmem::find(haystack.get(from..)?, needle).map(|at| at + from)
}

/// Offset of the last `needle` in `haystack[from..to]`.
pub(super) fn find_last(haystack: &[u8], needle: &[u8], from: usize, to: usize) -> Option<usize> {
    memchr::memmem::rfind(haystack.get(from..to.min(haystack.len()))?, needle).map(|at| at + from)
}

/// The decoded bytes of a string token, delimiters included.
pub(super) fn decode_string(token: &[u8], hexadecimal: bool) -> Vec<u8> {
    let inner = token.get(1..token.len().saturating_sub(1)).unwrap_or_default();
    if hexadecimal {
        let mut bytes = Vec::with_capacity(inner.len() / 2);
        let mut pairs = inner.chunks_exact(2);
        let mut whole = 0;
        for pair in pairs.by_ref() {
            let [high, low] = pair else { break };
            let (Some(&high), Some(&low)) = (DIGITS.get(usize::from(*high)), DIGITS.get(usize::from(*low))) else {
                break;
            };
            if (high | low) == NOT_A_DIGIT {
                break;
            }
            bytes.push(high << 4 | low);
            whole += 2;
        }
        let inner = inner.get(whole..).unwrap_or_default();
        let mut high = None;
        for digit in inner.iter().filter_map(|&byte| hex_digit(byte)) {
            match high.take() {
                None => high = Some(digit << 4),
                Some(value) => bytes.push(value | digit),
            }
        }
        // An odd digit at the end counts as if a zero followed (7.3.4.3).
        bytes.extend(high);
        return bytes;
    }
    let mut bytes = Vec::with_capacity(inner.len());
    let mut rest = inner.iter().copied().peekable();
    while let Some(byte) = rest.next() {
        match byte {
            b'\r' => {
                rest.next_if_eq(&b'\n');
                bytes.push(b'\n');
            }
            b'\\' => match rest.next() {
                Some(b'n') => bytes.push(b'\n'),
                Some(b'r') => bytes.push(b'\r'),
                Some(b't') => bytes.push(b'\t'),
                Some(b'b') => bytes.push(8),
                Some(b'f') => bytes.push(12),
                Some(b'\r') => {
                    rest.next_if_eq(&b'\n');
                }
                Some(b'\n') | None => {}
                Some(digit @ b'0'..=b'7') => {
                    let mut value = u16::from(digit - b'0');
                    for _ in 0..2 {
                        if let Some(digit) = rest.next_if(|byte| matches!(byte, b'0'..=b'7')) {
                            value = value * 8 + u16::from(digit - b'0');
                        }
                    }
                    // High-order overflow is ignored (7.3.4.2).
                    bytes.extend(value.to_be_bytes().last());
                }
                Some(other) => bytes.push(other),
            },
            other => bytes.push(other),
        }
    }
    bytes
}

/// Why bytes are not an object.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum ParseError {
    /// The bytes end inside the object.
    End,
    /// Not an object.
    Syntax,
    /// Nested deeper than the limit.
    Depth,
    /// Needs more memory than there is room for.
    Memory,
}

/// Bytes of memory that what is read may take where nobody says otherwise: more than a value of any real
/// file, and more than the bound on the structure as a whole allows (ours).
const ROOM: u64 = 256 << 20;

/// A stream's /Length as written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Length {
    Direct(u64),
    /// In the object of this number.
    Indirect(u32),
}

/// A cursor over bytes.
#[derive(Clone)]
pub(super) struct Parser<'a> {
    data: &'a [u8],
    pub(super) at: usize,
    depth: u64,
    /// Bytes of memory that may still be taken.
    room: u64,
    /// The bytes are the file, so strings keep their span.
    in_file: bool,
}

impl<'a> Parser<'a> {
    /// Over the file, from `at`.
    pub(super) fn of_file(data: &'a [u8], at: usize, depth: u64) -> Self {
        Self { data, at, depth, room: ROOM, in_file: true }
    }

    /// Over decoded bytes (an object stream), from `at`.
    pub(super) fn of_buffer(data: &'a [u8], at: usize, depth: u64) -> Self {
        Self { data, at, depth, room: ROOM, in_file: false }
    }

    /// With `bytes` of memory for what is read.
    pub(super) fn with_room(mut self, bytes: u64) -> Self {
        self.room = bytes;
        self
    }

    /// Bytes of memory that are left for what is read.
    pub(super) fn room(&self) -> u64 {
        self.room
    }

    /// Takes memory for what was just read.
    fn take(&mut self, bytes: usize) -> Result<(), ParseError> {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        self.room = self.room.checked_sub(bytes).ok_or(ParseError::Memory)?;
        Ok(())
    }

    fn peek(&self) -> Option<u8> {
        self.data.get(self.at).copied()
    }

    fn rest(&self) -> &'a [u8] {
        self.data.get(self.at..).unwrap_or_default()
    }

    /// Skips white space and comments.
    pub(super) fn skip_white(&mut self) {
        while let Some(byte) = self.peek() {
            if byte == b'%' {
                while self.peek().is_some_and(|byte| byte != b'\n' && byte != b'\r') {
                    self.at += 1;
                }
            } else if is_white(byte) {
                self.at += 1;
            } else {
                return;
            }
        }
    }

    /// Skips white space only.
    pub(super) fn skip_blank(&mut self) {
        while self.peek().is_some_and(is_white) {
            self.at += 1;
        }
    }

    /// Consumes `word` if it stands here as a whole token.
    pub(super) fn keyword(&mut self, word: &[u8]) -> bool {
        let found =
            self.rest().starts_with(word) && !self.data.get(self.at + word.len()).copied().is_some_and(is_regular);
        if found {
            self.at += word.len();
        }
        found
    }

    /// Consumes an unsigned integer.
    pub(super) fn unsigned(&mut self) -> Option<u64> {
        let start = self.at;
        let mut value: u64 = 0;
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            value = value.checked_mul(10)?.checked_add(u64::from(digit - b'0'))?;
            self.at += 1;
        }
        (self.at > start).then_some(value)
    }

    /// Consumes `n g obj`, the start of an indirect object.
    pub(super) fn object_header(&mut self) -> Option<ObjectId> {
        self.skip_white();
        let number = u32::try_from(self.unsigned()?).ok()?;
        self.skip_white();
        let generation = u16::try_from(self.unsigned()?).ok()?;
        self.skip_white();
        // `obj` may be followed by anything, even a digit in files that real tools wrote.
        if !self.rest().starts_with(b"obj") {
            return None;
        }
        self.at += 3;
        Some(ObjectId { number, generation })
    }

    /// Reads the object at the cursor.
    pub(super) fn object(&mut self) -> Result<Object, ParseError> {
        self.object_at_depth(0)
    }

    fn object_at_depth(&mut self, depth: u64) -> Result<Object, ParseError> {
        if depth > self.depth {
            return Err(ParseError::Depth);
        }
        self.skip_white();
        match self.peek().ok_or(ParseError::End)? {
            b'/' => self.name().map(Object::Name),
            b'(' => self.literal_string(),
            b'<' if self.data.get(self.at + 1) == Some(&b'<') => {
                self.at += 2;
                self.dictionary_body(depth).map(Object::Dictionary)
            }
            b'<' => self.hex_string(),
            b'[' => {
                self.at += 1;
                self.take(ARRAY_BYTES)?;
                let mut elements = Vec::new();
                loop {
                    self.skip_white();
                    match self.peek().ok_or(ParseError::End)? {
                        b']' => {
                            self.at += 1;
                            elements.shrink_to_fit();
                            return Ok(Object::Array(Rc::new(elements)));
                        }
                        _ => {
                            self.take(size_of::<Object>())?;
                            elements.push(self.object_at_depth(depth + 1)?);
                        }
                    }
                }
            }
            b'0'..=b'9' | b'+' | b'-' | b'.' => self.number_or_reference(),
            _ => {
                if self.keyword(b"true") {
                    Ok(Object::Boolean(true))
                } else if self.keyword(b"false") {
                    Ok(Object::Boolean(false))
                } else if self.keyword(b"null") {
                    Ok(Object::Null)
                } else {
                    Err(ParseError::Syntax)
                }
            }
        }
    }

    fn name(&mut self) -> Result<Name, ParseError> {
        self.at += 1;
        let start = self.at;
        let mut escaped = false;
        while let Some(byte) = self.peek().filter(|&byte| is_regular(byte)) {
            escaped |= byte == b'#';
            self.at += 1;
        }
        let raw = self.data.get(start..self.at).unwrap_or_default();
        self.take(raw.len())?;
        if !escaped {
            return Ok(Name::new(raw));
        }
        let mut bytes = Vec::with_capacity(raw.len());
        let mut at = 0;
        while let Some(&byte) = raw.get(at) {
            let digits = (raw.get(at + 1).copied().and_then(hex_digit), raw.get(at + 2).copied().and_then(hex_digit));
            if let (b'#', (Some(high), Some(low))) = (byte, digits) {
                bytes.push(high << 4 | low);
                at += 3;
            } else {
                bytes.push(byte);
                at += 1;
            }
        }
        Ok(Name::new(&bytes))
    }

    fn string(&mut self, start: usize, hexadecimal: bool) -> Result<Object, ParseError> {
        let end = self.at;
        Ok(Object::String(if self.in_file {
            PdfString::InFile { start, end, hexadecimal }
        } else {
            let token = self.data.get(start..end).unwrap_or_default();
            self.take(token.len())?;
            PdfString::Decoded(decode_string(token, hexadecimal).into())
        }))
    }

    fn literal_string(&mut self) -> Result<Object, ParseError> {
        let start = self.at;
        self.literal_span().ok_or(ParseError::End)?;
        self.string(start, false)
    }

    fn hex_string(&mut self) -> Result<Object, ParseError> {
        let start = self.at;
        let length = memchr::memchr(b'>', self.rest()).ok_or(ParseError::End)?;
        let inner = self.data.get(start + 1..start + length).unwrap_or_default();
        if inner.contains(&b'<') {
            return Err(ParseError::Syntax);
        }
        self.at += length + 1;
        self.string(start, true)
    }

    fn dictionary_body(&mut self, depth: u64) -> Result<Dictionary, ParseError> {
        self.take(DICTIONARY_BYTES)?;
        let mut dictionary = Dictionary::default();
        loop {
            self.skip_white();
            match self.peek().ok_or(ParseError::End)? {
                b'>' if self.data.get(self.at + 1) == Some(&b'>') => {
                    self.at += 2;
                    dictionary.shrink();
                    return Ok(dictionary);
                }
                b'/' => {
                    self.take(size_of::<(Name, Object)>())?;
                    let key = self.name()?;
                    self.skip_white();
                    // `/Key >>`: the value is missing. Real tools write it; it counts as null.
                    let value =
                        if self.rest().starts_with(b">>") { Object::Null } else { self.object_at_depth(depth + 1)? };
                    dictionary.push(key, value);
                }
                _ => return Err(ParseError::Syntax),
            }
        }
    }

    fn number_or_reference(&mut self) -> Result<Object, ParseError> {
        let start = self.at;
        let first = self.unsigned();
        let plain = first.is_some() && !self.peek().is_some_and(is_regular);
        if let (true, Some(first)) = (plain, first) {
            if let Ok(number) = u32::try_from(first) {
                let behind = self.at;
                self.skip_white();
                if self.at > behind
                    && let Some(generation) = self.unsigned().and_then(|value| u16::try_from(value).ok())
                {
                    let middle = self.at;
                    self.skip_white();
                    if self.at > middle && self.keyword(b"R") {
                        return Ok(Object::Reference(ObjectId { number, generation }));
                    }
                }
                self.at = behind;
            }
            if let Ok(value) = i64::try_from(first) {
                return Ok(Object::Integer(value));
            }
        }
        self.at = start;
        while self.peek().is_some_and(is_regular) {
            self.at += 1;
        }
        let token = self.data.get(start..self.at).unwrap_or_default();
        let text = std::str::from_utf8(token).map_err(|_| ParseError::Syntax)?;
        if let Ok(value) = text.parse::<i64>() {
            return Ok(Object::Integer(value));
        }
        // Real tools write `--5`, `1.2.3` or `12-3`; other readers take what they can of it.
        let trimmed = text.trim_start_matches(['+', '-']);
        let body: &str = trimmed.split('-').next().unwrap_or_default();
        let mut parts = body.splitn(3, '.');
        let whole = parts.next().unwrap_or_default();
        let fraction = parts.next().unwrap_or_default();
        if !whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit()) {
            return Err(ParseError::Syntax);
        }
        let value: f64 = format!("{whole}.{fraction}0")
            .trim_start_matches('+')
            .parse()
            .or_else(|_| format!("0.{fraction}0").parse())
            .map_err(|_| ParseError::Syntax)?;
        Ok(Object::Real(if text.starts_with('-') { -value } else { value }))
    }

    /// Reads the value of an indirect object whose header was consumed. `length` resolves an indirect
    /// /Length. The cursor ends behind `endobj` where there is one.
    pub(super) fn indirect_value(
        &mut self,
        id: ObjectId,
        length: impl FnOnce(ObjectId) -> Option<i64>,
    ) -> Result<Object, ParseError> {
        self.skip_white();
        if self.keyword(b"endobj") {
            return Ok(Object::Null);
        }
        let value = self.object()?;
        self.skip_white();
        let value = match value {
            Object::Dictionary(dictionary) if self.rest().starts_with(b"stream") => {
                let (start, end) = self.stream_data(&dictionary, length)?;
                Object::Stream(Rc::new(Stream { dictionary, start, end, id }))
            }
            value => value,
        };
        self.skip_white();
        self.keyword(b"endobj");
        Ok(value)
    }

    /// The span of the data of a stream whose keyword stands here (ISO 32000-2, 7.3.8.1).
    fn stream_data(
        &mut self,
        dictionary: &Dictionary,
        length: impl FnOnce(ObjectId) -> Option<i64>,
    ) -> Result<(usize, usize), ParseError> {
        self.at += b"stream".len();
        // CRLF or LF; a lone CR and blanks before the line end are written by real tools.
        while matches!(self.peek(), Some(b' ' | b'\t')) {
            self.at += 1;
        }
        match self.rest() {
            [b'\r', b'\n', ..] => self.at += 2,
            [b'\r' | b'\n', ..] => self.at += 1,
            _ => {}
        }
        let start = self.at;
        let length = match dictionary.get(b"Length") {
            Some(Object::Integer(length)) => Some(*length),
            Some(Object::Reference(id)) => length(*id),
            _ => None,
        };
        if let Some(end) = length.and_then(|length| start.checked_add(usize::try_from(length).ok()?)) {
            let mut behind = Parser { at: end, ..self.clone() };
            if end <= self.data.len() {
                behind.skip_blank();
                if behind.rest().starts_with(b"endstream") {
                    self.at = behind.at + b"endstream".len();
                    return Ok((start, end));
                }
            }
        }
        // Length missing or wrong: up to the next `endstream`, less the line end before it.
        let keyword = find(self.data, b"endstream", start).ok_or(ParseError::End)?;
        let raw = self.data.get(start..keyword).unwrap_or_default();
        let trimmed = match raw {
            [.., b'\r', b'\n'] => 2,
            [.., b'\r' | b'\n'] => 1,
            _ => 0,
        };
        self.at = keyword + b"endstream".len();
        Ok((start, keyword - trimmed))
    }

    /// Calls `keep` with the number of every reference in the object at the cursor, without building it;
    /// stops at the end of the value, so a stream's data is not looked at. Returns the dictionary's
    /// /Length, if it has one.
    pub(super) fn references(&mut self, keep: &mut dyn FnMut(u32)) -> Option<Length> {
        let mut open = 0_u32;
        // The last two integers, for `n g R`.
        let (mut first, mut second): (Option<u64>, Option<u64>) = (None, None);
        let (mut length, mut names_length) = (None, false);
        loop {
            self.skip_white();
            let Some(byte) = self.peek() else { return length };
            let mut integer = None;
            let mut is_length = false;
            match byte {
                b'[' => {
                    open += 1;
                    self.at += 1;
                }
                b']' => {
                    open = open.saturating_sub(1);
                    self.at += 1;
                }
                b'<' if self.data.get(self.at + 1) == Some(&b'<') => {
                    open += 1;
                    self.at += 2;
                }
                b'>' if self.data.get(self.at + 1) == Some(&b'>') => {
                    open = open.saturating_sub(1);
                    self.at += 2;
                }
                b'<' => match memchr::memchr(b'>', self.rest()) {
                    Some(end) => self.at += end + 1,
                    None => return length,
                },
                b'(' => match self.literal_span() {
                    Some(_) => {}
                    None => return length,
                },
                b'/' => {
                    let start = self.at;
                    self.at += 1;
                    self.skip_regular();
                    is_length = open == 1 && self.data.get(start..self.at) == Some(b"/Length");
                }
                b'0'..=b'9' => {
                    let start = self.at;
                    integer = self.unsigned();
                    if integer.is_none() || self.peek().is_some_and(is_regular) {
                        self.at = start;
                        integer = None;
                        self.skip_regular();
                    }
                    if let (Some(value), true) = (integer, names_length) {
                        length = Some(Length::Direct(value));
                    }
                }
                b'R' if self.keyword(b"R") => {
                    if let (Some(number), Some(_)) = (first.and_then(|value| u32::try_from(value).ok()), second) {
                        keep(number);
                        if length.as_ref().is_some_and(|known| *known == Length::Direct(u64::from(number))) {
                            length = Some(Length::Indirect(number));
                        }
                    }
                }
                // The value was a lone number; this is what follows it.
                byte if is_regular(byte) && open == 0 && second.is_some() => return length,
                byte if is_regular(byte) => self.skip_regular(),
                _ => self.at += 1,
            }
            names_length = is_length;
            (first, second) = if integer.is_some() { (second, integer) } else { (None, None) };
            // A lone reference or number as the whole value: look at most at `n g R`.
            if open == 0 && integer.is_none() {
                return length;
            }
        }
    }

    /// Moves behind an indirect object whose header was consumed, without building it; false if its
    /// stream has no end. A missing `endobj` is tolerated, as when objects are built.
    pub(super) fn skip_indirect(&mut self, length: impl FnOnce(ObjectId) -> Option<i64>) -> bool {
        let found = self.references(&mut |_| {});
        self.skip_white();
        if self.rest().starts_with(b"stream") {
            let mut dictionary = Dictionary::default();
            let value = match found {
                Some(Length::Direct(value)) => i64::try_from(value).map(Object::Integer).unwrap_or_default(),
                Some(Length::Indirect(number)) => Object::Reference(ObjectId { number, generation: 0 }),
                None => Object::Null,
            };
            dictionary.push(Name::new(b"Length"), value);
            if self.stream_data(&dictionary, length).is_err() {
                return false;
            }
            self.skip_white();
        }
        self.keyword(b"endobj");
        true
    }

    /// Passes over a literal string; where it ends, `None` if it does not.
    pub(super) fn literal_span(&mut self) -> Option<usize> {
        let mut open = 0_u32;
        loop {
            match self.peek()? {
                b'(' => open += 1,
                b')' => open = open.saturating_sub(1),
                b'\\' => self.at += 1,
                _ => {}
            }
            self.at += 1;
            if open == 0 {
                return Some(self.at);
            }
        }
    }

    /// Passes over regular characters.
    pub(super) fn skip_regular(&mut self) {
        while self.peek().is_some_and(is_regular) {
            self.at += 1;
        }
    }
}

#[cfg(test)]
mod tests;
