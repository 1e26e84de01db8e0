//! Fonts, read only as far as text needs: what a code stands for, how wide it is, whether it is bold.

use super::cmap::{CidMap, CodeSpace, Target, ToUnicode};
use super::encoding::{CodeTable, MAC_ROMAN, STANDARD, WIN_ANSI, glyph_character};
use super::legacy::Legacy;
use super::stream::{Budget, decode};
use hayro_syntax::object::{Array, Dict, MaybeRef, Name, Number, Object, Stream};
use std::collections::HashMap;

/// Fonts loaded for one file: genuine documents use a few dozen.
const MAX_FONTS: usize = 4_096;
/// Widths that one font may state: the codes of two bytes.
const MAX_WIDTHS: usize = 1 << 16;
/// Entries of /W and /Differences looked at.
const MAX_ENTRIES: usize = 1 << 18;
/// ForceBold in the descriptor's /Flags (ISO 32000-2, table 121: bit 19).
const FORCE_BOLD: i32 = 1 << 18;
/// Marks a code of a simple font that stands for several characters; no Unicode character.
const SEVERAL: char = '\u{10FFFF}';

/// One glyph of a shown string.
pub(super) struct Glyph<'a> {
    /// What it stands for; `None` if the font does not tell.
    pub(super) target: Option<Target<'a>>,
    /// Advance in text space, for font size 1.
    pub(super) width: f32,
    /// Word spacing applies: the single-byte code 32 (ISO 32000-2, 9.3.3).
    pub(super) word_space: bool,
}

/// A font as text extraction needs it.
pub(super) struct Font {
    kind: Kind,
    /// Drawn bold by name or descriptor.
    pub(super) bold: bool,
    /// A legacy encoding announced by the name; whether small letters show as capitals.
    pub(super) legacy: Option<(Legacy, bool)>,
}

enum Kind {
    Simple { table: Box<CodeTable>, widths: Box<[f32; 256]>, to_unicode: ToUnicode },
    Composite { codes: CodeSpace, cids: Option<CidMap>, widths: Vec<f32>, default_width: f32, to_unicode: Unicode },
}

enum Unicode {
    Map(ToUnicode),
    /// The codes are UTF-16 (predefined CMaps `Uni…-UCS2-…`, `Uni…-UTF16-…`).
    Code,
}

impl Font {
    fn load(dict: &Dict<'_>, budget: &mut Budget) -> Self {
        let name = dict.get::<Name<'_>>(b"BaseFont").map(|name| name.as_str().to_owned()).unwrap_or_default();
        let to_unicode = dict
            .get::<Stream<'_>>(b"ToUnicode")
            .and_then(|stream| decode(&stream, budget))
            .map(|data| ToUnicode::parse(&data))
            .unwrap_or_default();
        let descendant = dict
            .get::<Array<'_>>(b"DescendantFonts")
            .and_then(|fonts| fonts.flex_iter().next::<Dict<'_>>())
            .filter(|_| dict.get::<Name<'_>>(b"Subtype").is_some_and(|subtype| &*subtype == b"Type0"));
        let described = descendant.as_ref().unwrap_or(dict);
        let bold = is_bold(&name, described);
        let kind = match &descendant {
            Some(descendant) => composite(dict, descendant, to_unicode, budget),
            None => simple(dict, to_unicode),
        };
        Self { kind, bold, legacy: Legacy::of_font(&name) }
    }

    /// The glyphs of a shown string, in order.
    pub(super) fn glyphs<'f>(&'f self, text: &[u8], mut each: impl FnMut(Glyph<'f>)) {
        match &self.kind {
            Kind::Simple { table, widths, to_unicode } => {
                for code in text {
                    let index = usize::from(*code);
                    let target = match table.get(index).copied() {
                        Some('\0') | None => None,
                        Some(SEVERAL) => to_unicode.get(u32::from(*code)),
                        Some(character) => Some(Target::Character(character)),
                    };
                    let width = widths.get(index).copied().unwrap_or_default();
                    each(Glyph { target, width, word_space: *code == 32 });
                }
            }
            Kind::Composite { codes, cids, widths, default_width, to_unicode } => {
                let mut rest = text;
                while let Some((code, length)) = codes.next_code(rest) {
                    rest = rest.get(length..).unwrap_or_default();
                    let target = match to_unicode {
                        Unicode::Map(map) => map.get(code),
                        Unicode::Code => char::from_u32(code).map(Target::Character),
                    };
                    let cid = cids.as_ref().map_or(code, |cids| cids.cid(code));
                    let width = usize::try_from(cid)
                        .ok()
                        .and_then(|cid| widths.get(cid).copied())
                        .filter(|width| !width.is_nan())
                        .unwrap_or(*default_width);
                    each(Glyph { target: target.and_then(usable), width, word_space: length == 1 && code == 32 });
                }
            }
        }
    }
}

/// Private-use codes of Windows symbol fonts are the codes below 256; control characters are no text.
fn usable(target: Target<'_>) -> Option<Target<'_>> {
    match target {
        Target::Character(character @ '\u{F020}'..='\u{F0FF}') => {
            char::from_u32(u32::from(character) - 0xF000).map(Target::Character)
        }
        Target::Character('\t') => Some(Target::Character(' ')),
        Target::Character('\0'..='\u{1F}' | '\u{FFFD}') => None,
        other => Some(other),
    }
}

fn is_bold(name: &str, dict: &Dict<'_>) -> bool {
    let lower = name.to_ascii_lowercase();
    if ["bold", "black", "heavy"].iter().any(|word| lower.contains(word)) {
        return true;
    }
    dict.get::<Dict<'_>>(b"FontDescriptor").is_some_and(|descriptor| {
        descriptor.get::<Number>(b"FontWeight").is_some_and(|weight| weight.as_f32() >= 600.0)
            || descriptor
                .get::<Number>(b"Flags")
                .is_some_and(|flags| i32::try_from(flags.as_i64()).is_ok_and(|flags| flags & FORCE_BOLD != 0))
    })
}

fn simple(dict: &Dict<'_>, to_unicode: ToUnicode) -> Kind {
    let subtype = dict.get::<Name<'_>>(b"Subtype");
    let is_type3 = subtype.as_deref() == Some(b"Type3");
    let mut table = base_table(dict, subtype.as_deref() == Some(b"TrueType"));
    if let Some(differences) =
        dict.get::<Dict<'_>>(b"Encoding").and_then(|encoding| encoding.get::<Array<'_>>(b"Differences"))
    {
        let mut code = 0_usize;
        for item in differences.raw_iter().take(MAX_ENTRIES) {
            match item {
                MaybeRef::NotRef(Object::Number(number)) => code = usize::try_from(number.as_i64()).unwrap_or(256),
                MaybeRef::NotRef(Object::Name(name)) => {
                    if let Some(entry) = table.get_mut(code) {
                        *entry = glyph_character(&name).unwrap_or('\0');
                    }
                    code = code.saturating_add(1);
                }
                _ => {}
            }
        }
    }
    if !to_unicode.is_empty() {
        for (code, entry) in (0_u32..).zip(table.iter_mut()) {
            match to_unicode.get(code).and_then(usable) {
                Some(Target::Character(character)) => *entry = character,
                Some(Target::Text(_)) => *entry = SEVERAL,
                None => {}
            }
        }
    }
    let widths = simple_widths(dict, &table, is_type3);
    Kind::Simple { table, widths, to_unicode }
}

/// The encoding before /Differences (ISO 32000-2, 9.6.5).
fn base_table(dict: &Dict<'_>, is_true_type: bool) -> Box<CodeTable> {
    let name = dict
        .get::<Name<'_>>(b"Encoding")
        .or_else(|| dict.get::<Dict<'_>>(b"Encoding").and_then(|encoding| encoding.get::<Name<'_>>(b"BaseEncoding")));
    match name.as_deref() {
        Some(b"WinAnsiEncoding") => Box::new(*WIN_ANSI),
        Some(b"MacRomanEncoding") => Box::new(*MAC_ROMAN),
        Some(_) => Box::new(*STANDARD),
        None if dict.contains_key(b"Encoding") => Box::new(*STANDARD),
        // An embedded subset numbered from 1 shows no relation to any character set.
        None if dict.get::<Number>(b"FirstChar").is_some_and(|first| first.as_i64() < 32) => Box::new(['\0'; 256]),
        // Word processors of the 1990s left the encoding of Windows fonts out.
        None if is_true_type => Box::new(*WIN_ANSI),
        None => Box::new(*STANDARD),
    }
}

fn simple_widths(dict: &Dict<'_>, table: &CodeTable, is_type3: bool) -> Box<[f32; 256]> {
    let unit = if is_type3 {
        let matrix = dict.get::<Array<'_>>(b"FontMatrix").and_then(|matrix| matrix.flex_iter().next::<Number>());
        matrix.map_or(0.001, |scale| scale.as_f32())
    } else {
        0.001
    };
    let mut widths = Box::new([0.0_f32; 256]);
    match dict.get::<Array<'_>>(b"Widths") {
        Some(given) => {
            let missing = dict
                .get::<Dict<'_>>(b"FontDescriptor")
                .and_then(|descriptor| descriptor.get::<Number>(b"MissingWidth"))
                .map_or(0.0, |width| width.as_f32());
            widths.fill(missing * unit);
            let first = dict.get::<Number>(b"FirstChar").and_then(|n| usize::try_from(n.as_i64()).ok()).unwrap_or(0);
            let mut given = given.flex_iter();
            for entry in widths.iter_mut().skip(first) {
                match given.next::<Number>() {
                    Some(width) => *entry = width.as_f32() * unit,
                    None => break,
                }
            }
        }
        // One of the standard 14 fonts: near enough to tell words apart.
        None => {
            for (entry, character) in widths.iter_mut().zip(table.iter()) {
                *entry = match character {
                    ' ' | '.' | ',' | ';' | ':' | '/' | 'i' | 'j' | 'l' | 't' | 'I' | '\'' | '|' => 0.27,
                    'm' | 'w' | 'M' | 'W' | '@' => 0.83,
                    'A'..='Z' => 0.67,
                    _ => 0.5,
                };
            }
        }
    }
    widths
}

fn composite(dict: &Dict<'_>, descendant: &Dict<'_>, to_unicode: ToUnicode, budget: &mut Budget) -> Kind {
    let mut codes = CodeSpace::two_bytes();
    let mut cids = None;
    let mut is_unicode = false;
    if let Some(name) = dict.get::<Name<'_>>(b"Encoding") {
        let name = name.as_str();
        is_unicode = name.starts_with("Uni") && (name.contains("UCS2") || name.contains("UTF16"));
        if !(is_unicode || name.starts_with("Identity") || to_unicode.code_space.is_empty()) {
            codes = to_unicode.code_space.clone();
        }
    } else if let Some(stream) = dict.get::<Stream<'_>>(b"Encoding")
        && let Some(data) = decode(&stream, budget)
    {
        let map = CidMap::parse(&data);
        if !map.code_space.is_empty() {
            codes = map.code_space.clone();
        }
        cids = Some(map);
    }
    let to_unicode = if to_unicode.is_empty() && is_unicode { Unicode::Code } else { Unicode::Map(to_unicode) };
    let default_width = descendant.get::<Number>(b"DW").map_or(1.0, |width| width.as_f32() / 1000.0);
    Kind::Composite { codes, cids, widths: cid_widths(descendant), default_width, to_unicode }
}

/// /W (ISO 32000-2, 9.7.4.3): `first [w w …]` and `first last w`, by CID; NaN where nothing is stated.
fn cid_widths(descendant: &Dict<'_>) -> Vec<f32> {
    let mut widths: Vec<f32> = Vec::new();
    let Some(given) = descendant.get::<Array<'_>>(b"W") else { return widths };
    let mut filled = 0_usize;
    let mut fill = |first: usize, values: &mut dyn Iterator<Item = f32>| {
        for (cid, width) in (first..MAX_WIDTHS).zip(values) {
            filled += 1;
            if filled > MAX_ENTRIES {
                return;
            }
            if widths.len() <= cid {
                widths.resize(cid + 1, f32::NAN);
            }
            if let Some(entry) = widths.get_mut(cid) {
                *entry = width / 1000.0;
            }
        }
    };
    let mut items = given.flex_iter();
    for _ in 0..MAX_ENTRIES {
        let Some(Object::Number(first)) = items.next::<Object<'_>>() else { break };
        let Ok(first) = usize::try_from(first.as_i64()) else { break };
        match items.next::<Object<'_>>() {
            Some(Object::Array(list)) => fill(first, &mut list.iter::<Number>().map(|width| width.as_f32())),
            Some(Object::Number(last)) => {
                let (Ok(last), Some(Object::Number(width))) =
                    (usize::try_from(last.as_i64()), items.next::<Object<'_>>())
                else {
                    break;
                };
                let count = last.saturating_sub(first).saturating_add(1);
                fill(first, &mut std::iter::repeat_n(width.as_f32(), count));
            }
            _ => break,
        }
    }
    widths
}

/// What tells one font dictionary from another.
#[derive(PartialEq, Eq, Hash)]
enum Key {
    /// Object and generation number.
    Object(u32, i32),
    /// Address of a direct dictionary: it stays in place while the file is open.
    Address(usize),
}

/// The fonts of one file, each loaded once, when text first uses it.
#[derive(Default)]
pub(super) struct FontCache {
    fonts: Vec<Font>,
    known: HashMap<Key, Option<usize>>,
}

impl FontCache {
    /// The font called `name` in a /Font dictionary: its place for [`Self::get`].
    pub(super) fn find(&mut self, fonts: &Dict<'_>, name: &[u8], budget: &mut Budget) -> Option<usize> {
        let reference = fonts.get_ref(name).map(|object| Key::Object(object.obj_number, object.gen_number));
        if let Some(place) = reference.as_ref().and_then(|key| self.known.get(key)) {
            return *place;
        }
        let dict = fonts.get::<Dict<'_>>(name)?;
        let key = reference.unwrap_or_else(|| Key::Address(dict.data().as_ptr().addr()));
        if let Some(place) = self.known.get(&key) {
            return *place;
        }
        let place = (self.fonts.len() < MAX_FONTS).then(|| {
            self.fonts.push(Font::load(&dict, budget));
            self.fonts.len() - 1
        });
        self.known.insert(key, place);
        place
    }

    /// The font at a place told by [`Self::find`].
    pub(super) fn get(&self, place: usize) -> Option<&Font> {
        self.fonts.get(place)
    }
}
