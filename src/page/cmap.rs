//! CMaps: ToUnicode and the encodings of composite fonts (ISO 32000-2, 9.7.5 and 9.10.3).

/// Entries that one CMap may fill; a genuine one stays below the 65,536 codes of two bytes.
const MAX_ENTRIES: usize = 1 << 17;
/// Codes above this are not kept in the dense table.
const MAX_DENSE_CODE: u32 = 0xFFFF;
/// First value that is no Unicode scalar: values from here on index the texts of several characters.
const FIRST_TEXT_INDEX: u32 = 0x11_0000;

/// What a code stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Target<'a> {
    /// One character.
    Character(char),
    /// Several characters (ligatures, precomposed syllables).
    Text(&'a str),
}

/// A ToUnicode CMap.
#[derive(Default)]
pub(super) struct ToUnicode {
    /// By code; 0 = unmapped.
    dense: Vec<u32>,
    texts: Vec<String>,
    /// Lengths in bytes of the codes.
    pub(super) code_space: CodeSpace,
}

impl ToUnicode {
    /// Reads a CMap; whatever cannot be read is left unmapped.
    pub(super) fn parse(data: &[u8]) -> Self {
        let mut result = Self::default();
        let mut filled = 0_usize;
        parse(data, |event| match event {
            Event::CodeSpace(low, high) => result.code_space.add(low, high),
            Event::Text(low, high, target) => {
                let mut units = utf16(target);
                for code in low..=high {
                    filled += 1;
                    if filled > MAX_ENTRIES || !result.insert(code, &units) {
                        return;
                    }
                    // A range counts up in the last unit (ISO 32000-2, 9.10.3).
                    match units.last_mut() {
                        Some(last) => *last = last.wrapping_add(1),
                        None => return,
                    }
                }
            }
            Event::Cid(..) => {}
        });
        result
    }

    fn insert(&mut self, code: u32, units: &[u16]) -> bool {
        if code > MAX_DENSE_CODE {
            return false;
        }
        let Ok(index) = usize::try_from(code) else { return false };
        let mut characters = char::decode_utf16(units.iter().copied());
        let value = match (characters.next(), characters.next()) {
            (Some(Ok(single)), None) => u32::from(single),
            (Some(_), Some(_)) => {
                let Ok(text_index) = u32::try_from(self.texts.len()) else { return false };
                self.texts.push(char::decode_utf16(units.iter().copied()).filter_map(Result::ok).collect());
                FIRST_TEXT_INDEX.saturating_add(text_index)
            }
            _ => 0,
        };
        if self.dense.len() <= index {
            self.dense.resize(index + 1, 0);
        }
        if let Some(entry) = self.dense.get_mut(index) {
            *entry = value;
        }
        true
    }

    /// What `code` stands for.
    pub(super) fn get(&self, code: u32) -> Option<Target<'_>> {
        let value = *self.dense.get(usize::try_from(code).ok()?)?;
        if value == 0 {
            return None;
        }
        match char::from_u32(value) {
            Some(character) => Some(Target::Character(character)),
            None => {
                let index = usize::try_from(value.checked_sub(FIRST_TEXT_INDEX)?).ok()?;
                self.texts.get(index).map(|text| Target::Text(text))
            }
        }
    }

    /// Whether nothing is mapped.
    pub(super) fn is_empty(&self) -> bool {
        self.dense.is_empty()
    }
}

/// The embedded encoding of a composite font: codes to CIDs.
#[derive(Default)]
pub(super) struct CidMap {
    ranges: Vec<(u32, u32, u32)>,
    pub(super) code_space: CodeSpace,
}

impl CidMap {
    /// Reads a CMap.
    pub(super) fn parse(data: &[u8]) -> Self {
        let mut result = Self::default();
        parse(data, |event| match event {
            Event::CodeSpace(low, high) => result.code_space.add(low, high),
            Event::Cid(low, high, cid) if result.ranges.len() < MAX_ENTRIES => result.ranges.push((low, high, cid)),
            _ => {}
        });
        result.ranges.sort_unstable();
        result
    }

    /// The CID of `code`; codes without one are taken as CIDs.
    pub(super) fn cid(&self, code: u32) -> u32 {
        let after = self.ranges.partition_point(|(low, _, _)| *low <= code);
        match after.checked_sub(1).and_then(|index| self.ranges.get(index)) {
            Some((low, high, cid)) if code <= *high => cid.saturating_add(code - low),
            _ => code,
        }
    }
}

/// Lengths of codes by their first byte.
#[derive(Clone, Default)]
pub(super) struct CodeSpace {
    ranges: Vec<(u8, u8, u8)>,
}

impl CodeSpace {
    /// Two bytes a code, as Identity-H has it.
    pub(super) fn two_bytes() -> Self {
        Self { ranges: vec![(0, 0xFF, 2)] }
    }

    fn add(&mut self, low: &[u8], high: &[u8]) {
        if let (Some(first), Some(last), Ok(length @ 1..=4)) = (low.first(), high.first(), u8::try_from(low.len()))
            && self.ranges.len() < 256
        {
            self.ranges.push((*first, *last, length));
        }
    }

    /// Whether no range is declared.
    pub(super) fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// The next code of `data` and its length in bytes (at least 1). Two bytes where no range fits.
    pub(super) fn next_code(&self, data: &[u8]) -> Option<(u32, usize)> {
        let first = *data.first()?;
        let length = match self.ranges.as_slice() {
            [(0, 0xFF, length)] => *length,
            ranges => {
                ranges.iter().find(|(low, high, _)| (*low..=*high).contains(&first)).map_or(2, |(_, _, length)| *length)
            }
        };
        let length = usize::from(length).min(data.len());
        let code = data.iter().take(length).fold(0_u32, |code, byte| code << 8 | u32::from(*byte));
        Some((code, length))
    }
}

enum Event<'a> {
    CodeSpace(&'a [u8], &'a [u8]),
    /// First code, last code, UTF-16BE of the first.
    Text(u32, u32, &'a [u8]),
    /// First code, last code, CID of the first.
    Cid(u32, u32, u32),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    None,
    CodeSpace,
    BfChar,
    BfRange,
    CidChar,
    CidRange,
}

fn parse(data: &[u8], mut emit: impl FnMut(Event<'_>)) {
    let mut lexer = Lexer { data, at: 0 };
    let mut section = Section::None;
    // At most two operands wait for the third.
    let (mut first, mut second): (Option<Vec<u8>>, Option<Vec<u8>>) = (None, None);
    while let Some(token) = lexer.next() {
        match token {
            Token::Word(word) => {
                section = match word {
                    b"begincodespacerange" => Section::CodeSpace,
                    b"beginbfchar" => Section::BfChar,
                    b"beginbfrange" => Section::BfRange,
                    b"begincidchar" => Section::CidChar,
                    b"begincidrange" => Section::CidRange,
                    b"endcodespacerange" | b"endbfchar" | b"endbfrange" | b"endcidchar" | b"endcidrange" => {
                        Section::None
                    }
                    _ => section,
                };
                (first, second) = (None, None);
            }
            Token::Hex(text) => match (section, first.take(), second.take()) {
                (Section::CodeSpace, Some(low), _) => emit(Event::CodeSpace(&low, &text)),
                (Section::BfChar, Some(code), _) => {
                    let code = number(&code);
                    emit(Event::Text(code, code, &text));
                }
                (Section::BfRange, Some(low), Some(high)) => emit(Event::Text(number(&low), number(&high), &text)),
                (_, None, _) => first = Some(text),
                (_, low, None) => (first, second) = (low, Some(text)),
                _ => {}
            },
            Token::Number(value) => match (section, first.take(), second.take()) {
                (Section::CidChar, Some(code), _) => emit(Event::Cid(number(&code), number(&code), value)),
                (Section::CidRange, Some(low), Some(high)) => emit(Event::Cid(number(&low), number(&high), value)),
                _ => {}
            },
            Token::ArrayStart => {
                let mut code = match (section, first.take(), second.take()) {
                    (Section::BfRange, Some(low), Some(_)) => number(&low),
                    _ => continue,
                };
                while let Some(Token::Hex(text)) = lexer.next() {
                    emit(Event::Text(code, code, &text));
                    code = code.saturating_add(1);
                }
            }
            Token::ArrayEnd => {}
        }
    }
}

fn number(bytes: &[u8]) -> u32 {
    bytes.iter().take(4).fold(0, |number, byte| number << 8 | u32::from(*byte))
}

fn utf16(bytes: &[u8]) -> Vec<u16> {
    match bytes {
        // Some producers write one byte for ASCII.
        [single] => vec![u16::from(*single)],
        _ => bytes.chunks_exact(2).filter_map(|pair| <[u8; 2]>::try_from(pair).ok()).map(u16::from_be_bytes).collect(),
    }
}

enum Token<'a> {
    Hex(Vec<u8>),
    Number(u32),
    ArrayStart,
    ArrayEnd,
    Word(&'a [u8]),
}

/// The few tokens of PostScript that CMaps are made of.
struct Lexer<'a> {
    data: &'a [u8],
    at: usize,
}

impl<'a> Lexer<'a> {
    fn peek(&self) -> Option<u8> {
        self.data.get(self.at).copied()
    }

    fn skip_while(&mut self, condition: impl Fn(u8) -> bool) -> &'a [u8] {
        let rest = self.data.get(self.at..).unwrap_or_default();
        let length = rest.iter().position(|byte| !condition(*byte)).unwrap_or(rest.len());
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            self.skip_while(|byte| byte.is_ascii_whitespace() || byte == 0);
            match self.peek()? {
                b'%' => {
                    self.skip_while(|byte| byte != b'\n' && byte != b'\r');
                }
                b'<' => {
                    self.at += 1;
                    if self.peek() == Some(b'<') {
                        self.at += 1;
                        continue;
                    }
                    let digits = self.skip_while(|byte| byte != b'>');
                    self.at += 1;
                    return Some(Token::Hex(hex(digits)));
                }
                b'[' => {
                    self.at += 1;
                    return Some(Token::ArrayStart);
                }
                b']' => {
                    self.at += 1;
                    return Some(Token::ArrayEnd);
                }
                b'(' => {
                    // Only /CIDSystemInfo holds literal strings, without nesting.
                    self.skip_while(|byte| byte != b')');
                    self.at += 1;
                }
                b'>' | b')' | b'{' | b'}' => self.at += 1,
                b'0'..=b'9' => {
                    let digits = self.skip_while(|byte| byte.is_ascii_digit());
                    let value = digits
                        .iter()
                        .fold(0_u32, |value, byte| value.saturating_mul(10).saturating_add(u32::from(byte - b'0')));
                    return Some(Token::Number(value));
                }
                _ => {
                    let start = self.at;
                    self.at += 1;
                    self.skip_while(|byte| {
                        !byte.is_ascii_whitespace()
                            && !matches!(byte, 0 | b'<' | b'>' | b'[' | b']' | b'(' | b'/' | b'%')
                    });
                    return Some(Token::Word(self.data.get(start..self.at).unwrap_or_default()));
                }
            }
        }
    }
}

fn hex(digits: &[u8]) -> Vec<u8> {
    let mut nibbles =
        digits.iter().filter_map(|byte| char::from(*byte).to_digit(16)).filter_map(|d| u8::try_from(d).ok());
    let mut bytes = Vec::with_capacity(digits.len() / 2 + 1);
    while let Some(high) = nibbles.next() {
        bytes.push(high << 4 | nibbles.next().unwrap_or(0));
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &[u8] = b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
1 begincodespacerange <0000> <FFFF> endcodespacerange
2 beginbfchar <0003> <0020> <01AB> <1ED9> endbfchar
3 beginbfrange <0010> <0012> <0041> <0020><0021>[<00660069> <D835DC00>] <0030> <0030> <0055006F031B> endbfrange
endcmap";

    #[test]
    fn characters_ranges_and_arrays_are_mapped() {
        let map = ToUnicode::parse(SAMPLE);
        assert_eq!(map.get(3), Some(Target::Character(' ')));
        assert_eq!(map.get(0x1AB), Some(Target::Character('ộ')));
        assert_eq!(map.get(0x12), Some(Target::Character('C')));
        assert_eq!(map.get(0x20), Some(Target::Text("fi")));
        assert_eq!(map.get(0x21), Some(Target::Character('\u{1D400}')));
        assert_eq!(map.get(0x30), Some(Target::Text("Uo\u{31B}")));
        assert_eq!(map.get(0x13), None);
        assert_eq!(map.get(0xFFFF_FFFF), None);
    }

    #[test]
    fn mixed_code_lengths_follow_the_code_space() {
        let map = ToUnicode::parse(
            b"2 begincodespacerange <00> <80> <8140> <9FFC> endcodespacerange 1 beginbfchar <8141> <0110> endbfchar",
        );
        assert_eq!(map.code_space.next_code(b"\x41\x81\x41"), Some((0x41, 1)));
        assert_eq!(map.code_space.next_code(b"\x81\x41"), Some((0x8141, 2)));
        assert_eq!(map.code_space.next_code(b"\x81"), Some((0x81, 1)));
        assert_eq!(map.code_space.next_code(b""), None);
        assert_eq!(map.get(0x8141), Some(Target::Character('Đ')));
    }

    #[test]
    fn cid_ranges_count_up() {
        let map = CidMap::parse(b"2 begincidrange <0000> <00ff> 10 <0100> <01ff> 1000 endcidrange");
        assert_eq!(map.cid(5), 15);
        assert_eq!(map.cid(0x101), 1001);
        assert_eq!(map.cid(0x900), 0x900);
    }

    #[test]
    fn hostile_ranges_are_cut_short() {
        let mut data = b"100 beginbfrange ".to_vec();
        for _ in 0..1_000 {
            data.extend_from_slice(b"<0000> <FFFFFFFF> <0041> ");
        }
        let map = ToUnicode::parse(&data);
        assert!(map.dense.len() <= 0x1_0000);
        ToUnicode::parse(b"beginbfrange <0000> <0001> [ <");
        ToUnicode::parse(b"beginbfchar <> <> endbfchar");
    }
}
