//! Walks content streams and collects what they show: words with their places, and images.

use super::cmap::Target;
use super::content::{Lexer, Operand, Operator};
use super::font::FontCache;
use super::geometry::{Box2, Matrix};
use super::legacy::Legacy;
use super::stream::{Budget, decode};
use hayro_syntax::object::{Array, Dict, Name, Number, Rect, Stream};
use hayro_syntax::page::Resources;

/// Forms within forms; signing tools nest three deep.
const MAX_FORM_DEPTH: usize = 12;
/// `q` within `q`; ISO 32000-1, annex C, names 28 as the usual bound.
const MAX_STATES: usize = 512;
/// A gap of this share of the font size parts two words: spaces are 0.25, kerning stays below 0.1.
const WORD_GAP: f32 = 0.15;
/// Share of the page that an opaque image must cover to hide what was drawn before it.
const COVERING: f32 = 0.8;
/// Words looked back at for a second printing of the same word (imitated bold).
const OVERPRINT_WINDOW: usize = 24;
/// Images of one page whose data is digested.
const MAX_IMAGES: usize = 256;

/// A word as drawn; its text is a range of [`Shown::text`].
#[derive(Clone, Debug)]
pub(super) struct Word {
    pub(super) start: usize,
    pub(super) end: usize,
    /// Left end.
    pub(super) x0: f32,
    /// Right end.
    pub(super) x1: f32,
    /// Baseline.
    pub(super) y: f32,
    /// Font size on the page.
    pub(super) size: f32,
    pub(super) bold: bool,
    /// Not visible: render mode 3, or an image drawn over it.
    pub(super) hidden: bool,
    pub(super) legacy: Option<(Legacy, bool)>,
    /// The space drawn before it, if any: plain or no-break.
    pub(super) space: Option<char>,
}

/// An image as drawn.
#[derive(Clone, Copy, Debug)]
pub(super) struct DrawnImage {
    /// The part of the page it covers.
    pub(super) area: Box2,
}

/// What a content stream shows.
#[derive(Default)]
pub(super) struct Shown {
    pub(super) text: String,
    pub(super) words: Vec<Word>,
    pub(super) images: Vec<DrawnImage>,
    /// Codes whose character is known and visible, spaces not counted.
    pub(super) readable: u32,
    /// Visible codes that no table explains.
    pub(super) unreadable: u32,
    /// Characters shown invisibly.
    pub(super) invisible: u32,
}

impl Shown {
    /// The text of a word.
    pub(super) fn word(&self, word: &Word) -> &str {
        self.text.get(word.start..word.end).unwrap_or_default()
    }
}

#[derive(Clone)]
struct State {
    matrix: Matrix,
    font: Option<usize>,
    size: f32,
    character_space: f32,
    word_space: f32,
    /// Horizontal scaling, 1 = 100 %.
    scale: f32,
    leading: f32,
    rise: f32,
    mode: i32,
    /// What is painted lets the ground show through.
    translucent: bool,
}

impl State {
    fn new(matrix: Matrix) -> Self {
        Self {
            matrix,
            font: None,
            size: 0.0,
            character_space: 0.0,
            word_space: 0.0,
            scale: 1.0,
            leading: 0.0,
            rise: 0.0,
            mode: 0,
            translucent: false,
        }
    }
}

/// Called with the raw data of each image drawn.
pub(super) type ImageSink<'s> = Option<&'s mut dyn FnMut(&Stream<'_>)>;

/// Walks one page or appearance.
pub(super) struct Walker<'w, 's> {
    fonts: &'w mut FontCache,
    budget: &'w mut Budget,
    sink: ImageSink<'s>,
    bounds: Box2,
    shown: Shown,
    state: State,
    stack: Vec<State>,
    text_matrix: Matrix,
    line_matrix: Matrix,
    pending: Option<Pending>,
    space: Option<char>,
    /// Replacement text of the marked content at hand, for codes that no table explains.
    actual_text: Vec<Option<String>>,
}

/// The word being drawn.
struct Pending {
    word: Word,
    /// Where the next glyph is expected.
    next: f32,
}

impl<'w, 's> Walker<'w, 's> {
    /// `matrix` maps the content's space to the page as viewed, `bounds` is the page.
    pub(super) fn new(
        fonts: &'w mut FontCache,
        budget: &'w mut Budget,
        matrix: Matrix,
        bounds: Box2,
        sink: ImageSink<'s>,
    ) -> Self {
        Self {
            fonts,
            budget,
            sink,
            bounds,
            shown: Shown::default(),
            state: State::new(matrix),
            stack: Vec::new(),
            text_matrix: Matrix::IDENTITY,
            line_matrix: Matrix::IDENTITY,
            pending: None,
            space: None,
            actual_text: Vec::new(),
        }
    }

    /// Walks a page's content.
    pub(super) fn page(mut self, content: &[u8], resources: &Resources<'_>) -> Shown {
        self.run(content, resources, 0);
        self.finish_word();
        self.shown
    }

    /// Walks a form such as an appearance.
    pub(super) fn appearance(mut self, form: &Stream<'_>) -> Shown {
        let none = Resources::new(Dict::empty());
        self.form(form, &none, 0);
        self.finish_word();
        self.shown
    }

    fn run(&mut self, content: &[u8], resources: &Resources<'_>, depth: usize) {
        let floor = self.stack.len();
        let mut lexer = Lexer::new(content);
        while let Some(operator) = lexer.next() {
            if !self.budget.step(1) {
                return;
            }
            match operator {
                Operator::InlineImage(image) => self.draw_image(!image.is_mask),
                Operator::Named(name) => self.operator(name, &lexer, resources, depth, floor),
            }
        }
        self.stack.truncate(floor);
    }

    fn operator(&mut self, name: &[u8], lexer: &Lexer<'_>, resources: &Resources<'_>, depth: usize, floor: usize) {
        let first = || lexer.numbers::<1>().map(|[value]| value);
        match name {
            b"q" if self.stack.len() < MAX_STATES => self.stack.push(self.state.clone()),
            b"Q" if self.stack.len() > floor => {
                if let Some(state) = self.stack.pop() {
                    self.state = state;
                }
            }
            b"cm" => {
                if let Some(matrix) = lexer.numbers().map(Matrix) {
                    self.state.matrix = matrix.then(self.state.matrix);
                }
            }
            b"BT" => {
                self.text_matrix = Matrix::IDENTITY;
                self.line_matrix = Matrix::IDENTITY;
            }
            b"Tf" => {
                if let [Operand::Name(font), Operand::Number(size)] = lexer.operands() {
                    self.state.font = self.fonts.find(&resources.fonts, lexer.bytes(font), self.budget);
                    self.state.size = *size;
                }
            }
            b"Tm" => {
                if let Some(matrix) = lexer.numbers().map(Matrix) {
                    self.text_matrix = matrix;
                    self.line_matrix = matrix;
                }
            }
            b"Td" | b"TD" => {
                if let Some([x, y]) = lexer.numbers() {
                    if name == b"TD" {
                        self.state.leading = -y;
                    }
                    self.next_line(x, y);
                }
            }
            b"T*" => self.next_line(0.0, -self.state.leading),
            b"Tc" => self.state.character_space = first().unwrap_or_default(),
            b"Tw" => self.state.word_space = first().unwrap_or_default(),
            b"Tz" => self.state.scale = first().map_or(1.0, |percent| percent / 100.0),
            b"TL" => self.state.leading = first().unwrap_or_default(),
            b"Ts" => self.state.rise = first().unwrap_or_default(),
            b"Tr" => {
                self.state.mode = match first() {
                    Some(mode) if (0.0..8.0).contains(&mode) => (0..8).rev().find(|m| *m as f32 <= mode).unwrap_or(0),
                    _ => 0,
                };
            }
            b"Tj" | b"TJ" => self.show(lexer),
            b"'" => {
                self.next_line(0.0, -self.state.leading);
                self.show(lexer);
            }
            b"\"" => {
                if let Some([word, character]) = lexer.numbers() {
                    self.state.word_space = word;
                    self.state.character_space = character;
                }
                self.next_line(0.0, -self.state.leading);
                // The two numbers before the string are no displacements.
                if let Some(Operand::Text(text)) = lexer.operands().get(2) {
                    self.show_string(lexer.bytes(text));
                }
            }
            b"Do" => {
                if let [Operand::Name(object)] = lexer.operands()
                    && let Some(object) = resources.x_objects.get::<Stream<'_>>(lexer.bytes(object))
                {
                    self.object(&object, resources, depth);
                }
            }
            b"gs" => {
                if let [Operand::Name(name)] = lexer.operands()
                    && let Some(parameters) = resources.ext_g_states.get::<Dict<'_>>(lexer.bytes(name))
                {
                    self.state.translucent = is_translucent(&parameters, self.state.translucent);
                }
            }
            b"BDC" | b"BMC" if self.actual_text.len() < MAX_STATES => {
                let text = actual_text(lexer, resources);
                self.actual_text.push(text);
            }
            b"EMC" => {
                self.actual_text.pop();
            }
            _ => {}
        }
    }

    fn next_line(&mut self, x: f32, y: f32) {
        self.line_matrix = Matrix([1.0, 0.0, 0.0, 1.0, x, y]).then(self.line_matrix);
        self.text_matrix = self.line_matrix;
    }

    fn show(&mut self, lexer: &Lexer<'_>) {
        for operand in lexer.operands() {
            match operand {
                Operand::Text(text) => self.show_string(lexer.bytes(text)),
                Operand::Number(thousandths) => {
                    let x = -thousandths / 1000.0 * self.state.size * self.state.scale;
                    self.advance(x);
                }
                _ => {}
            }
        }
    }

    fn advance(&mut self, x: f32) {
        let [a, b, c, d, e, f] = self.text_matrix.0;
        self.text_matrix = Matrix([a, b, c, d, e + x * a, f + x * b]);
    }

    fn show_string(&mut self, text: &[u8]) {
        let Some(place) = self.state.font else { return };
        if !self.budget.step(u64::try_from(text.len()).unwrap_or(u64::MAX)) {
            return;
        }
        // Moved out while glyphs are placed, because both live in `self`.
        let fonts = std::mem::take(self.fonts);
        if let Some(font) = fonts.get(place) {
            let base = self.text_matrix.then(self.state.matrix);
            let [a, b, c, d, _, _] = base.0;
            // Units of text space on the page: along the baseline (its sign tells the direction; a negative
            // font size turns it round) and the font's height.
            let unit_x = (a * a + b * b).sqrt().copysign(a);
            let size = self.state.size.abs() * (c * c + d * d).sqrt();
            let upright = a * self.state.size > 0.0 && b.abs() <= 0.1 * a.abs() && base.is_finite() && size.is_finite();
            let hidden = matches!(self.state.mode, 3 | 7);
            let (bold, legacy) = (font.bold || self.state.mode == 2, font.legacy);
            let mut offset = 0.0_f32;
            font.glyphs(text, |glyph| {
                let space = if glyph.word_space { self.state.word_space } else { 0.0 };
                let width = glyph.width * self.state.size * self.state.scale;
                let step = width + (self.state.character_space + space) * self.state.scale;
                let (x, y) = base.apply(offset, self.state.rise);
                offset += step;
                let place =
                    Place { x, y, width: width * unit_x, step: step * unit_x, size, upright, hidden, bold, legacy };
                match glyph.target {
                    Some(Target::Character(character)) => self.character(character, &place),
                    Some(Target::Text(text)) => self.several(text, &place),
                    None => self.unknown(&place),
                }
            });
            self.advance(offset);
        }
        *self.fonts = fonts;
    }

    fn several(&mut self, text: &str, place: &Place) {
        let mut place = *place;
        for (index, character) in text.chars().enumerate() {
            if index > 0 {
                place = Place { x: place.x + place.width, width: 0.0, step: 0.0, ..place };
            }
            self.character(character, &place);
        }
    }

    fn unknown(&mut self, place: &Place) {
        match self.actual_text.last_mut() {
            Some(Some(text)) => {
                let text = std::mem::take(text);
                self.several(&text, place);
            }
            _ => {
                if !place.hidden {
                    self.shown.unreadable = self.shown.unreadable.saturating_add(1);
                }
                self.finish_word();
            }
        }
    }

    fn character(&mut self, character: char, place: &Place) {
        if matches!(character, ' ' | '\u{A0}' | '\u{2000}'..='\u{200B}' | '\u{202F}' | '\u{3000}') {
            self.finish_word();
            self.space = Some(if character == '\u{A0}' { character } else { ' ' });
            return;
        }
        if place.hidden {
            self.shown.invisible = self.shown.invisible.saturating_add(1);
        } else {
            self.shown.readable = self.shown.readable.saturating_add(1);
        }
        // Vertical and slanted text (margins, watermarks) belongs to no line.
        if !place.upright {
            self.finish_word();
            return;
        }
        if self.pending.as_ref().is_some_and(|pending| !pending.continues_at(place, character)) {
            self.finish_word();
        }
        let pending = self.pending.get_or_insert_with(|| Pending {
            word: Word {
                start: self.shown.text.len(),
                end: self.shown.text.len(),
                x0: place.x,
                x1: place.x,
                y: place.y,
                size: place.size,
                bold: place.bold,
                hidden: place.hidden,
                legacy: place.legacy,
                space: self.space.take(),
            },
            next: place.x,
        });
        self.shown.text.push(character);
        pending.word.end = self.shown.text.len();
        pending.word.x1 = pending.word.x1.max(place.x + place.width);
        pending.next = place.x + place.step.min(place.width + WORD_GAP * place.size);
    }

    fn finish_word(&mut self) {
        let Some(Pending { word, .. }) = self.pending.take() else { return };
        let text = self.shown.word(&word);
        let printed_twice = self.shown.words.iter().rev().take(OVERPRINT_WINDOW).any(|earlier| {
            (earlier.x0 - word.x0).abs() < 0.1 * word.size
                && (earlier.y - word.y).abs() < 0.1 * word.size
                && earlier.hidden == word.hidden
                && self.shown.word(earlier) == text
        });
        if printed_twice {
            self.shown.text.truncate(word.start);
        } else {
            self.shown.words.push(word);
        }
    }

    fn object(&mut self, object: &Stream<'_>, resources: &Resources<'_>, depth: usize) {
        match object.dict().get::<Name<'_>>(b"Subtype").as_deref() {
            Some(b"Image") => {
                if self.shown.images.len() < MAX_IMAGES
                    && let Some(sink) = self.sink.as_mut()
                {
                    sink(object);
                }
                let dict = object.dict();
                let opaque = ![&b"SMask"[..], b"Mask", b"ImageMask"].iter().any(|key| dict.contains_key(key));
                self.draw_image(opaque);
            }
            Some(b"Form") if depth < MAX_FORM_DEPTH => self.form(object, resources, depth),
            _ => {}
        }
    }

    fn form(&mut self, form: &Stream<'_>, outer: &Resources<'_>, depth: usize) {
        let Some(content) = decode(form, self.budget) else { return };
        let saved = self.state.clone();
        let (text_matrix, line_matrix) = (self.text_matrix, self.line_matrix);
        if let Some(matrix) = form_matrix(form.dict()) {
            self.state.matrix = matrix.then(self.state.matrix);
        }
        match form.dict().get::<Dict<'_>>(b"Resources") {
            Some(own) => self.run(&content, &Resources::new(own), depth + 1),
            None => self.run(&content, outer, depth + 1),
        }
        self.state = saved;
        (self.text_matrix, self.line_matrix) = (text_matrix, line_matrix);
    }

    /// An image fills the unit square of user space (ISO 32000-2, 8.9.5).
    fn draw_image(&mut self, opaque: bool) {
        self.finish_word();
        let area = Box2::new(0.0, 0.0, 1.0, 1.0).mapped(self.state.matrix).intersected(self.bounds);
        if opaque && !self.state.translucent && area.area() >= COVERING * self.bounds.area() {
            for word in &mut self.shown.words {
                word.hidden = true;
            }
            self.shown.invisible = self.shown.invisible.saturating_add(std::mem::take(&mut self.shown.readable));
            self.shown.unreadable = 0;
        }
        if self.shown.images.len() < MAX_IMAGES {
            self.shown.images.push(DrawnImage { area });
        }
    }
}

/// Where and how a glyph is drawn.
#[derive(Clone, Copy)]
struct Place {
    x: f32,
    y: f32,
    width: f32,
    step: f32,
    size: f32,
    upright: bool,
    hidden: bool,
    bold: bool,
    legacy: Option<(Legacy, bool)>,
}

impl Pending {
    fn continues_at(&self, place: &Place, character: char) -> bool {
        let word = &self.word;
        let gap = place.x - self.next;
        // A mark goes back over its letter.
        let back = if ('\u{300}'..='\u{36F}').contains(&character) { -1.5 } else { -0.4 };
        (place.y - word.y).abs() <= 0.3 * word.size
            && gap <= WORD_GAP * word.size
            && gap >= back * word.size
            && place.hidden == word.hidden
            && place.legacy == word.legacy
    }
}

/// Whether graphics state parameters make painting translucent (ISO 32000-2, table 57); `before` where
/// they say nothing.
fn is_translucent(parameters: &Dict<'_>, before: bool) -> bool {
    let alpha = parameters.get::<Number>(b"ca").map(|alpha| alpha.as_f32() < 0.95);
    let mask = parameters.get::<Dict<'_>>(b"SMask").map(|_| true);
    let blend = parameters.get::<Name<'_>>(b"BM").map(|mode| !matches!(&*mode, b"Normal" | b"Compatible"));
    match [alpha, mask, blend] {
        [None, None, None] => before,
        stated => stated.contains(&Some(true)),
    }
}

/// /Matrix of a form (ISO 32000-2, table 93).
pub(super) fn form_matrix(dict: &Dict<'_>) -> Option<Matrix> {
    let mut entries = dict.get::<Array<'_>>(b"Matrix")?.flex_iter();
    let mut matrix = [0.0; 6];
    for entry in &mut matrix {
        *entry = entries.next::<Number>()?.as_f32();
    }
    Some(Matrix(matrix))
}

/// A rectangle of the file as a box.
pub(super) fn box_of(rectangle: Rect) -> Box2 {
    #[allow(clippy::cast_possible_truncation, reason = "page coordinates need no more than f32")]
    Box2::new(rectangle.x0 as f32, rectangle.y0 as f32, rectangle.x1 as f32, rectangle.y1 as f32)
}

/// /ActualText of a marked-content operator, inline or named (ISO 32000-2, 14.9.4).
fn actual_text(lexer: &Lexer<'_>, resources: &Resources<'_>) -> Option<String> {
    let operands = lexer.operands();
    if let [_, Operand::Name(name)] = operands {
        let properties = resources.properties.get::<Dict<'_>>(lexer.bytes(name))?;
        return properties.get::<hayro_syntax::object::String<'_>>(b"ActualText").map(|text| text_string(&text));
    }
    operands.windows(2).find_map(|pair| match pair {
        [Operand::Name(key), Operand::Text(text)] if lexer.bytes(key) == b"ActualText" => {
            Some(text_string(lexer.bytes(text)))
        }
        _ => None,
    })
}

/// A text string (ISO 32000-2, 7.9.2.2): UTF-16BE or UTF-8 with their marks, else PDFDocEncoding, whose
/// letters are those of Latin-1.
pub(super) fn text_string(bytes: &[u8]) -> String {
    match bytes {
        [0xFE, 0xFF, rest @ ..] => {
            let units = rest.chunks_exact(2).filter_map(|pair| <[u8; 2]>::try_from(pair).ok()).map(u16::from_be_bytes);
            char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
        }
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => bytes.iter().map(|byte| char::from(*byte)).collect(),
    }
}
