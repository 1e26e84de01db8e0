//! Counts what a page asks for before a library that knows no bounds draws it.
//!
//! The library interprets forms, patterns and glyph procedures as often as they are named, allocates images
//! by the size they state, inflates fonts and profiles whole, and searches inline images in time that crafted
//! content makes exponential. Here every such stream is read once within bounds, and what the library would
//! repeat is multiplied.

use super::content::{Lexer, Operand, Operator};
use super::stream::{Budget, decode, inflates_within};
use crate::limits::Limits;
use crate::model::LimitHit;
use hayro_syntax::Filter;
use hayro_syntax::object::{Array, Dict, Name, Object, ObjectIdentifier, Stream};
use hayro_syntax::page::{Page, Resources};
use std::collections::{HashMap, HashSet};

/// Forms within forms; signing tools nest three deep.
const MAX_DEPTH: usize = 16;
/// Arrays and dictionaries within each other in operands: the library recurses.
const MAX_OPERAND_DEPTH: usize = 64;
/// Inline images of one content stream: the library's search for their end doubles with each.
const MAX_INLINE_IMAGES: usize = 12;
/// Bytes of a content stream with inline images: each may inflate a thousandfold.
const MAX_INLINE_BYTES: usize = 512 << 10;
/// Steps that an image or a shading stands for: both are bounded by the page's pixels.
const IMAGE_STEPS: u64 = 100;
/// Times that a tiling pattern is taken to be repeated; the library keeps one cell as an image.
const PATTERN_REPEATS: u64 = 16;
/// Bytes that a font, a profile or a table may inflate to.
const MAX_RESOURCE_BYTES: u64 = 64 << 20;
/// Objects within each other among the resources.
const MAX_RESOURCE_DEPTH: usize = 24;

/// Whether drawing a page keeps the bounds; if not, the one that it would cross.
///
/// # Errors
/// The bound.
pub fn check_drawing(page: &Page<'_>, limits: &Limits) -> Result<(), LimitHit> {
    let budget = Budget::new(&Limits {
        steps: limits.drawing_steps,
        inflated_stream_bytes: limits.inflated_stream_bytes.min(MAX_RESOURCE_BYTES),
        ..limits.clone()
    });
    let mut guard = Guard {
        limits,
        budget,
        pixels: 0,
        steps: 0,
        forms: HashMap::new(),
        fonts: HashMap::new(),
        seen: HashSet::new(),
    };
    guard.page(page)?;
    guard.budget.into_hit().map_or(Ok(()), Err)
}

/// The pixels that decoding an image takes, from its dictionary and from the headers of its data.
///
/// # Errors
/// The data inflates beyond what the bounds on pixels allow.
pub fn check_image(stream: &Stream<'_>, limits: &Limits) -> Result<u64, LimitHit> {
    let dict = stream.dict();
    let number = |long: &[u8], short: &[u8]| dict.get::<u32>(long).or_else(|| dict.get::<u32>(short)).map(u64::from);
    let mut width = number(b"Width", b"W").unwrap_or(0);
    let mut height = number(b"Height", b"H").unwrap_or(0);
    let filters = stream.filters();
    let raw = stream.raw_data();
    if filters.contains(&Filter::CcittFaxDecode) {
        width = width.max(parameter(dict, b"Columns").unwrap_or(0));
        height = height.max(parameter(dict, b"Rows").unwrap_or(0));
    }
    let stated = match filters.as_slice() {
        [Filter::JpxDecode] => jpeg2000_size(&raw),
        [Filter::Jbig2Decode] => jbig2_size(&raw),
        _ => None,
    };
    if let Some((wide, high)) = stated {
        (width, height) = (width.max(wide), height.max(high));
    }
    let pixels = width.saturating_mul(height);
    // Four samples of 16 bits at most, and a byte for the predictor of each row.
    let room = limits.scan_page_pixels.saturating_mul(8);
    let hit = || LimitHit { limit: "scan_page_pixels".to_owned(), value: limits.scan_page_pixels };
    match filters.as_slice() {
        [] | [Filter::DctDecode | Filter::JpxDecode | Filter::Jbig2Decode | Filter::CcittFaxDecode] => {}
        [Filter::FlateDecode, ..] if !inflates_within(&raw, room) => return Err(hit()),
        [Filter::FlateDecode] => {}
        filters => {
            let growth =
                filters.iter().fold(1_u64, |growth, filter| growth.saturating_mul(super::stream::growth_of(*filter)));
            if u64::try_from(raw.len()).unwrap_or(u64::MAX).saturating_mul(growth) > room {
                return Err(hit());
            }
        }
    }
    if pixels > limits.scan_page_pixels { Err(hit()) } else { Ok(pixels) }
}

fn parameter(dict: &Dict<'_>, key: &[u8]) -> Option<u64> {
    [&b"DecodeParms"[..], b"DP"].iter().find_map(|name| {
        let one = dict.get::<Dict<'_>>(name).and_then(|parameters| parameters.get::<u32>(key));
        one.or_else(|| {
            dict.get::<Array<'_>>(name)?.iter::<Dict<'_>>().find_map(|parameters| parameters.get::<u32>(key))
        })
        .map(u64::from)
    })
}

fn big_endian(data: &[u8], at: usize) -> Option<u64> {
    let bytes = data.get(at..at.checked_add(4)?)?;
    Some(u64::from(u32::from_be_bytes(bytes.try_into().ok()?)))
}

/// Size in the SIZ marker of a JPEG 2000 codestream (ISO/IEC 15444-1, A.5.1).
fn jpeg2000_size(data: &[u8]) -> Option<(u64, u64)> {
    let at = data.windows(4).position(|start| start == [0xFF, 0x4F, 0xFF, 0x51])?.checked_add(8)?;
    Some((big_endian(data, at)?, big_endian(data, at.checked_add(4)?)?))
}

/// The widest and the highest of page and regions of a JBIG2 stream (ISO/IEC 14492, 7.2).
fn jbig2_size(data: &[u8]) -> Option<(u64, u64)> {
    let (mut width, mut height) = (0, 0);
    let mut at = 0_usize;
    while let Some(number) = big_endian(data, at) {
        let flags = *data.get(at.checked_add(4)?)?;
        let references = *data.get(at.checked_add(5)?)?;
        // Up to four references stand in three bits; more have a count of 29 bits and retention flags.
        let (count, mut next) = if references >> 5 == 7 {
            let count = usize::try_from(big_endian(data, at.checked_add(5)?)? & 0x1FFF_FFFF).ok()?;
            (count, at.checked_add(9)?.checked_add(count.checked_add(8)? / 8)?)
        } else {
            (usize::from(references >> 5), at.checked_add(6)?)
        };
        let reference = if number <= 256 {
            1
        } else if number <= 65_536 {
            2
        } else {
            4
        };
        next = next.checked_add(count.checked_mul(reference)?)?;
        next = next.checked_add(if flags & 0x40 == 0 { 1 } else { 4 })?;
        let Some(length) = big_endian(data, next) else { break };
        let body = next.checked_add(4)?;
        // Page information and the regions begin with width and height.
        if matches!(flags & 0x3F, 4 | 6 | 7 | 20 | 22 | 23 | 36 | 38..=40 | 42 | 43 | 48) {
            let unknown = u64::from(u32::MAX);
            width = width.max(big_endian(data, body)?);
            height = height.max(big_endian(data, body.checked_add(4)?).filter(|high| *high != unknown)?);
        }
        if length == u64::from(u32::MAX) {
            break;
        }
        at = body.checked_add(usize::try_from(length).ok()?)?;
    }
    (width > 0).then_some((width, height))
}

struct Guard<'l> {
    limits: &'l Limits,
    budget: Budget,
    pixels: u64,
    /// Steps of the page's own streams, repetitions counted.
    steps: u64,
    /// Steps of a form; `None` while it is being read.
    forms: HashMap<ObjectIdentifier, Option<u64>>,
    /// Steps of the dearest glyph procedure of a Type 3 font.
    fonts: HashMap<ObjectIdentifier, u64>,
    seen: HashSet<ObjectIdentifier>,
}

impl Guard<'_> {
    fn too_many_steps(&self) -> LimitHit {
        LimitHit { limit: "drawing_steps".to_owned(), value: self.limits.drawing_steps }
    }

    fn page(&mut self, page: &Page<'_>) -> Result<(), LimitHit> {
        let resources = page.resources();
        let dicts = [
            &resources.ext_g_states,
            &resources.fonts,
            &resources.color_spaces,
            &resources.x_objects,
            &resources.patterns,
            &resources.shadings,
        ];
        for dict in dicts {
            self.resources(dict, 0)?;
        }
        let content = match page.raw().get::<Object<'_>>(b"Contents") {
            Some(Object::Stream(stream)) => decode(&stream, &mut self.budget).unwrap_or_default().into_owned(),
            Some(Object::Array(array)) => {
                let mut content = Vec::new();
                for stream in array.iter::<Stream<'_>>() {
                    content.extend_from_slice(&decode(&stream, &mut self.budget).unwrap_or_default());
                    content.push(b'\n');
                    if !self.budget.step(1) {
                        break;
                    }
                }
                content
            }
            _ => Vec::new(),
        };
        self.steps = self.content(&content, resources, 0)?;
        let Some(annotations) = page.raw().get::<Array<'_>>(b"Annots") else { return Ok(()) };
        for annotation in annotations.iter::<Dict<'_>>() {
            let Some(appearances) = annotation.get::<Dict<'_>>(b"AP") else { continue };
            let forms: Vec<Stream<'_>> = match appearances.get::<Object<'_>>(b"N") {
                Some(Object::Stream(form)) => vec![form],
                Some(Object::Dict(states)) => {
                    states.keys().filter_map(|state| states.get::<Stream<'_>>(&*state)).collect()
                }
                _ => continue,
            };
            for form in forms {
                if let Some(own) = form.dict().get::<Dict<'_>>(b"Resources") {
                    self.resources(&own, 0)?;
                }
                let steps = self.form(&form, resources, 0)?;
                self.spend(steps)?;
            }
        }
        Ok(())
    }

    fn spend(&mut self, steps: u64) -> Result<(), LimitHit> {
        self.steps = self.steps.saturating_add(steps);
        if self.steps > self.limits.drawing_steps { Err(self.too_many_steps()) } else { Ok(()) }
    }

    fn take_pixels(&mut self, pixels: u64) -> Result<(), LimitHit> {
        self.pixels = self.pixels.saturating_add(pixels);
        if self.pixels > self.limits.scan_page_pixels {
            return Err(LimitHit { limit: "scan_page_pixels".to_owned(), value: self.limits.scan_page_pixels });
        }
        Ok(())
    }

    /// Every stream below `dict` that the library inflates whole keeps the bound.
    fn resources(&mut self, dict: &Dict<'_>, depth: usize) -> Result<(), LimitHit> {
        if depth > MAX_RESOURCE_DEPTH {
            return Err(self.too_many_steps());
        }
        for key in dict.keys() {
            if matches!(&*key, b"Parent" | b"P" | b"Page" | b"OC" | b"StructParent") {
                continue;
            }
            if let Some(object) = dict.get::<Object<'_>>(&*key) {
                self.resource(object, depth)?;
            }
        }
        Ok(())
    }

    fn resource(&mut self, object: Object<'_>, depth: usize) -> Result<(), LimitHit> {
        if !self.budget.step(1) {
            return Err(self.too_many_steps());
        }
        match object {
            Object::Dict(dict) if dict.obj_id().is_none_or(|id| self.seen.insert(id)) => {
                self.resources(&dict, depth + 1)?;
            }
            Object::Array(array) => {
                if depth > MAX_RESOURCE_DEPTH {
                    return Err(self.too_many_steps());
                }
                for item in array.iter::<Object<'_>>() {
                    self.resource(item, depth + 1)?;
                }
            }
            Object::Stream(stream) => {
                let dict = stream.dict();
                if dict.obj_id().is_some_and(|id| !self.seen.insert(id)) {
                    return Ok(());
                }
                if dict.get::<Name<'_>>(b"Subtype").as_deref() != Some(b"Image") {
                    self.stream(&stream)?;
                }
                self.resources(dict, depth + 1)?;
            }
            _ => {}
        }
        Ok(())
    }

    /// A stream that is no image inflates within the bound.
    fn stream(&mut self, stream: &Stream<'_>) -> Result<(), LimitHit> {
        let growth = stream
            .filters()
            .iter()
            .fold(1_u64, |growth, filter| growth.saturating_mul(super::stream::growth_of(*filter)));
        let length = u64::try_from(stream.raw_data().len()).unwrap_or(u64::MAX);
        if length.saturating_mul(growth) <= MAX_RESOURCE_BYTES {
            return Ok(());
        }
        let kept = match stream.filters().as_slice() {
            [Filter::FlateDecode] => inflates_within(&stream.raw_data(), MAX_RESOURCE_BYTES),
            _ => false,
        };
        let hit = LimitHit { limit: "inflated_stream_bytes".to_owned(), value: MAX_RESOURCE_BYTES };
        if kept { Ok(()) } else { Err(hit) }
    }

    /// Steps of a content stream with all that it repeats.
    fn content(&mut self, data: &[u8], resources: &Resources<'_>, depth: usize) -> Result<u64, LimitHit> {
        let mut lexer = Lexer::new(data);
        let (mut steps, mut inline, mut glyph) = (0_u64, 0_usize, 1_u64);
        while let Some(operator) = lexer.next() {
            if !self.budget.step(1) || nesting(lexer.operands()) > MAX_OPERAND_DEPTH {
                return Err(self.too_many_steps());
            }
            steps = steps.saturating_add(match operator {
                Operator::InlineImage(image) => {
                    inline += 1;
                    self.take_pixels(image.width.saturating_mul(image.height))?;
                    IMAGE_STEPS
                }
                Operator::Named(b"Tf") => {
                    glyph = self.glyph_steps(&lexer, resources, depth)?;
                    1
                }
                Operator::Named(b"Tj" | b"TJ" | b"'" | b"\"") => characters(&lexer).saturating_mul(glyph),
                Operator::Named(b"Do") => self.object(&lexer, resources, depth)?,
                Operator::Named(b"scn" | b"SCN") => self.pattern(&lexer, resources, depth)?,
                Operator::Named(b"sh") => IMAGE_STEPS,
                Operator::Named(b"gs") => self.mask(&lexer, resources, depth)?,
                Operator::Named(_) => 1,
            });
            if steps > self.limits.drawing_steps {
                return Err(self.too_many_steps());
            }
        }
        // Operands behind the last operator are read too.
        if nesting(lexer.operands()) > MAX_OPERAND_DEPTH {
            return Err(self.too_many_steps());
        }
        let searched = inline > 0
            && (data.len() > MAX_INLINE_BYTES
                || data.windows(2).filter(|pair| pair == b"BI").count() > MAX_INLINE_IMAGES);
        if searched { Err(self.too_many_steps()) } else { Ok(steps) }
    }

    fn object(&mut self, lexer: &Lexer<'_>, resources: &Resources<'_>, depth: usize) -> Result<u64, LimitHit> {
        let [Operand::Name(name)] = lexer.operands() else { return Ok(1) };
        let Some(object) = resources.x_objects.get::<Stream<'_>>(lexer.bytes(name)) else { return Ok(1) };
        if object.dict().get::<Name<'_>>(b"Subtype").as_deref() == Some(b"Image") {
            let mut pixels = check_image(&object, self.limits)?;
            for key in [&b"SMask"[..], b"Mask"] {
                if let Some(mask) = object.dict().get::<Stream<'_>>(key) {
                    pixels = pixels.saturating_add(check_image(&mask, self.limits)?);
                }
            }
            self.take_pixels(pixels)?;
            return Ok(IMAGE_STEPS);
        }
        self.form(&object, resources, depth)
    }

    /// Steps of a form, a tiling pattern's cell or a soft mask's group.
    fn form(&mut self, form: &Stream<'_>, outer: &Resources<'_>, depth: usize) -> Result<u64, LimitHit> {
        let id = form.dict().obj_id();
        match id.and_then(|id| self.forms.get(&id)) {
            Some(Some(steps)) => return Ok(*steps),
            // It draws itself.
            Some(None) => return Err(self.too_many_steps()),
            None => {}
        }
        if depth >= MAX_DEPTH {
            return Err(self.too_many_steps());
        }
        if let Some(id) = id {
            self.forms.insert(id, None);
        }
        let content = decode(form, &mut self.budget).unwrap_or_default();
        let steps = match form.dict().get::<Dict<'_>>(b"Resources") {
            Some(own) => self.content(&content, &Resources::new(own), depth + 1)?,
            None => self.content(&content, outer, depth + 1)?,
        }
        .saturating_add(1);
        if let Some(id) = id {
            self.forms.insert(id, Some(steps));
        }
        Ok(steps)
    }

    fn pattern(&mut self, lexer: &Lexer<'_>, resources: &Resources<'_>, depth: usize) -> Result<u64, LimitHit> {
        let Some(Operand::Name(name)) = lexer.operands().last() else { return Ok(1) };
        match resources.patterns.get::<Stream<'_>>(lexer.bytes(name)) {
            Some(cell) => Ok(self.form(&cell, resources, depth)?.saturating_mul(PATTERN_REPEATS)),
            None => Ok(IMAGE_STEPS),
        }
    }

    fn mask(&mut self, lexer: &Lexer<'_>, resources: &Resources<'_>, depth: usize) -> Result<u64, LimitHit> {
        let [Operand::Name(name)] = lexer.operands() else { return Ok(1) };
        let group = resources
            .ext_g_states
            .get::<Dict<'_>>(lexer.bytes(name))
            .and_then(|parameters| parameters.get::<Dict<'_>>(b"SMask"))
            .and_then(|mask| mask.get::<Stream<'_>>(b"G"));
        group.map_or(Ok(1), |group| self.form(&group, resources, depth))
    }

    /// Steps that a character of the font set now takes.
    fn glyph_steps(&mut self, lexer: &Lexer<'_>, resources: &Resources<'_>, depth: usize) -> Result<u64, LimitHit> {
        let [Operand::Name(name), ..] = lexer.operands() else { return Ok(1) };
        let Some(font) = resources.fonts.get::<Dict<'_>>(lexer.bytes(name)) else { return Ok(1) };
        let Some(procedures) = font.get::<Dict<'_>>(b"CharProcs") else { return Ok(1) };
        if let Some(known) = font.obj_id().and_then(|id| self.fonts.get(&id)) {
            return Ok(*known);
        }
        if depth >= MAX_DEPTH {
            return Err(self.too_many_steps());
        }
        let own = font.get::<Dict<'_>>(b"Resources").map(Resources::new);
        let mut dearest = 1;
        for key in procedures.keys() {
            let Some(procedure) = procedures.get::<Stream<'_>>(&*key) else { continue };
            let content = decode(&procedure, &mut self.budget).unwrap_or_default();
            let steps = self.content(&content, own.as_ref().unwrap_or(resources), depth + 1)?;
            dearest = dearest.max(steps.saturating_add(1));
        }
        if let Some(id) = font.obj_id() {
            self.fonts.insert(id, dearest);
        }
        Ok(dearest)
    }
}

fn nesting(operands: &[Operand]) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for operand in operands {
        match operand {
            Operand::Open => depth += 1,
            Operand::Close => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

fn characters(lexer: &Lexer<'_>) -> u64 {
    let texts = lexer.operands().iter().map(|operand| match operand {
        Operand::Text(text) => lexer.bytes(text).len(),
        _ => 0,
    });
    u64::try_from(texts.sum::<usize>()).unwrap_or(u64::MAX).saturating_add(1)
}
