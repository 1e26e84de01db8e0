//! Whether an appearance could hide what lies below it: painted areas, light colours, images that are not
//! transparent where they are light. A doubt, no verdict: what is really hidden shows only when the pages are
//! drawn.

use super::Comparison;
use crate::pdf::object::{Dictionary, Object, Stream};
use crate::pdf::parser::{Parser, is_white};
use std::collections::HashSet;
use std::rc::Rc;

/// Components from which a colour may pass for paper.
const LIGHT: f64 = 0.6;
/// The same of an 8-bit sample.
const LIGHT_SAMPLE: u8 = 153;
/// Alpha from which a pixel hides what is below it.
const OPAQUE_SAMPLE: u8 = 153;
/// One in so many pixels may be light and opaque: the fringe of a seal that was cut out of a scan.
const FRINGE: usize = 50;
/// Streams of one appearance; signing tools nest five (measured).
const MOST_STREAMS: usize = 64;

impl Comparison<'_, '_> {
    /// Whether the normal appearance of a widget might hide anything.
    pub(super) fn may_hide(&self, widget: &Dictionary) -> bool {
        let view = self.after();
        let appearance = self.document.value(view, widget.get(b"AP")).shared();
        let Some(normal) = appearance.dictionary().and_then(|entries| entries.get(b"N")) else { return false };
        let mut open: Vec<Rc<Object>> = Vec::new();
        let normal = self.document.value(view, Some(normal)).shared();
        match &*normal {
            Object::Dictionary(states) => {
                open.extend(states.iter().map(|(_, state)| self.document.value(view, Some(state)).shared()));
            }
            _ => open.push(normal),
        }
        let mut seen = HashSet::new();
        while let Some(object) = open.pop() {
            let Object::Stream(stream) = &*object else { continue };
            if !seen.insert(stream.start) {
                continue;
            }
            if seen.len() > MOST_STREAMS || self.stream_may_hide(stream, &mut open) {
                return true;
            }
        }
        false
    }

    /// One content stream; forms that it draws are added to `open`.
    fn stream_may_hide(&self, stream: &Stream, open: &mut Vec<Rc<Object>>) -> bool {
        let view = self.after();
        let Ok(content) = self.document.decode(view, stream) else { return true };
        let resources = self.document.value(view, stream.dictionary.get(b"Resources")).shared();
        let resource = |category: &[u8], name: Option<&Object>| {
            let entries = self.document.value(view, resources.dictionary()?.get(category)).shared();
            Some(self.document.value(view, Some(entries.dictionary()?.get(name?.name()?)?)).shared())
        };
        let mut hides = false;
        self.each_operator(&content, &mut |operator, operands| {
            hides |= match operator {
                b"f" | b"F" | b"f*" | b"B" | b"B*" | b"b" | b"b*" | b"S" | b"s" | b"sh" | b"BI" => true,
                // Its glyphs draw anything.
                b"Tf" => resource(b"Font", operands.first())
                    .is_none_or(|font| font.dictionary().is_none_or(|entries| entries.is(b"Subtype", b"Type3"))),
                b"g" | b"G" | b"rg" | b"RG" | b"k" | b"K" | b"sc" | b"scn" | b"SC" | b"SCN" => is_light(operands),
                b"gs" => resource(b"ExtGState", operands.last()).is_none_or(|state| {
                    let mode = state.dictionary().and_then(|entries| entries.get(b"BM"));
                    let mode = self.document.value(view, mode);
                    !matches!(&*mode, Object::Null)
                        && !matches!(mode.name(), Some(b"Normal" | b"Compatible" | b"Multiply"))
                }),
                b"Do" => match resource(b"XObject", operands.last()).as_deref() {
                    Some(Object::Stream(inner)) if inner.dictionary.is(b"Subtype", b"Image") => {
                        self.image_may_hide(inner)
                    }
                    Some(form @ Object::Stream(_)) => {
                        open.push(Rc::new(form.clone()));
                        false
                    }
                    _ => false,
                },
                _ => false,
            };
            !hides
        });
        hides
    }

    /// Whether an image is light and opaque at once in more than a fringe.
    fn image_may_hide(&self, image: &Stream) -> bool {
        let view = self.after();
        let entry = |key: &[u8]| self.document.value(view, image.dictionary.get(key)).shared();
        if *entry(b"ImageMask") == Object::Boolean(true) {
            // Painted in the current colour.
            return false;
        }
        let mask = entry(b"SMask");
        let Object::Stream(mask) = &*mask else { return true };
        let size = |stream: &Stream| {
            let number = |key: &[u8]| self.document.value(view, stream.dictionary.get(key)).integer();
            (number(b"Width"), number(b"Height"), number(b"BitsPerComponent"))
        };
        let same_size = size(image) == size(mask) && size(image).2 == Some(8);
        let plain = image.dictionary.get(b"Decode").is_none() && mask.dictionary.get(b"Decode").is_none();
        let channels = match entry(b"ColorSpace").name() {
            Some(b"DeviceRGB") => 3,
            Some(b"DeviceGray") => 1,
            _ => return true,
        };
        let (Ok(alpha), Ok(samples)) = (self.document.decode(view, mask), self.document.decode(view, image)) else {
            return true;
        };
        if !same_size || !plain || samples.len() / channels != alpha.len() {
            return true;
        }
        self.document.steps(alpha.len() / 1_000);
        let light = samples.chunks_exact(channels).zip(&alpha).filter(|(sample, alpha)| {
            **alpha >= OPAQUE_SAMPLE && sample.iter().all(|component| *component >= LIGHT_SAMPLE)
        });
        light.count() > alpha.len() / FRINGE
    }

    /// Calls `each` with every operator of a content stream and its operands, until it answers no.
    pub(super) fn each_operator(&self, content: &[u8], each: &mut dyn FnMut(&[u8], &[Object]) -> bool) {
        let mut operands: Vec<Object> = Vec::new();
        let mut parser = Parser::of_buffer(content, 0, self.document.limits.depth);
        loop {
            parser.skip_white();
            if parser.at >= content.len() || self.document.is_exhausted() {
                return;
            }
            let mut operand = parser.clone();
            if let Ok(object) = operand.object() {
                self.document.step();
                parser = operand;
                operands.push(object);
                continue;
            }
            let start = parser.at;
            while content.get(parser.at).is_some_and(|byte| !is_white(*byte) && !b"[]()<>/".contains(byte)) {
                parser.at += 1;
            }
            let operator = content.get(start..parser.at).unwrap_or_default();
            parser.at = parser.at.max(start + 1);
            if !each(operator, &operands) {
                return;
            }
            operands.clear();
        }
    }
}

/// Whether the operands of a colour operator may pass for paper: grey, red-green-blue, or process
/// colours; patterns and other spaces cannot be told.
fn is_light(operands: &[Object]) -> bool {
    let components: Option<Vec<f64>> = operands.iter().map(Object::number).collect();
    match components.as_deref() {
        Some([grey]) => *grey >= LIGHT,
        Some([red, green, blue]) => red.min(*green).min(*blue) >= LIGHT,
        Some([cyan, magenta, yellow, black]) => (1.0 - cyan.max(*magenta).max(*yellow)) * (1.0 - black) >= LIGHT,
        _ => true,
    }
}
