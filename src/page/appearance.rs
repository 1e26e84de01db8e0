//! Signature widgets on the pages and what their appearances show (ISO 32000-2, 12.5.5 and 12.7.5.5).

use super::font::FontCache;
use super::geometry::{Box2, Matrix, View};
use super::header::Stamp;
use super::layout::{Run, runs};
use super::stream::Budget;
use super::walk::{ImageSink, Walker, box_of, form_matrix, text_string};
use crate::limits::Limits;
use crate::model::Sha256Digest;
use hayro_syntax::object::{Array, Dict, MaybeRef, Name, ObjRef, Object, Rect, Stream};
use hayro_syntax::page::Page;
use hayro_syntax::xref::XRef;

/// Stamp annotations of one page that are read; genuine pages carry one or two.
const MAX_STAMPS: usize = 32;
/// Annotation flags Hidden and NoView (table 167: bits 2 and 6).
const INVISIBLE: i32 = 1 << 1 | 1 << 5;

/// A signature widget with a value.
pub(super) struct Widget<'a> {
    /// Index of its page, 0 for the first.
    pub(super) page: usize,
    /// Fully qualified field name (12.7.4.2).
    pub(super) name: String,
    /// The annotation's object.
    pub(super) object: Option<ObjRef>,
    /// /Rect in default user space.
    pub(super) rectangle: Box2,
    dict: Dict<'a>,
}

/// What an appearance shows.
pub(super) struct Appearance {
    pub(super) text: String,
    pub(super) images: Vec<Sha256Digest>,
}

/// The signature widgets of all pages.
pub(super) fn widgets<'a>(pages: &[Page<'a>], xref: &'a XRef, limits: &Limits, budget: &mut Budget) -> Vec<Widget<'a>> {
    let bound = usize::try_from(limits.signatures).unwrap_or(usize::MAX);
    let mut widgets = Vec::new();
    for (index, page) in pages.iter().enumerate() {
        if !budget.step(1) {
            break;
        }
        let Some(annotations) = page.raw().get::<Array<'_>>(b"Annots") else { continue };
        for item in annotations.raw_iter() {
            if !budget.step(1) || widgets.len() >= bound {
                return widgets;
            }
            let (object, dict) = match item {
                MaybeRef::Ref(reference) => (Some(reference), xref.get::<Dict<'_>>(reference.into())),
                MaybeRef::NotRef(Object::Dict(dict)) => (None, Some(dict)),
                MaybeRef::NotRef(_) => continue,
            };
            if let Some(dict) = dict
                && let Some(name) = signed_field_name(&dict, limits)
            {
                let rectangle = dict.get::<Rect>(b"Rect").map(box_of).unwrap_or_default();
                widgets.push(Widget { page: index, name, object, rectangle, dict });
            }
        }
    }
    widgets
}

/// Texts of the visible stamp and free-text annotations and text fields of a page: what was put on after printing
/// to PDF.
pub(super) fn stamped_texts(page: &Page<'_>, view: &View, fonts: &mut FontCache, budget: &mut Budget) -> Vec<Stamp> {
    let mut texts = Vec::new();
    let Some(annotations) = page.raw().get::<Array<'_>>(b"Annots") else { return texts };
    for dict in annotations.iter::<Dict<'_>>() {
        if !budget.step(1) || texts.len() >= MAX_STAMPS {
            break;
        }
        let is_stamp = dict.get::<Name<'_>>(b"Subtype").is_some_and(|subtype| match &*subtype {
            b"Stamp" | b"FreeText" => true,
            b"Widget" => is_text_field(&dict),
            _ => false,
        });
        let flags = dict.get::<i32>(b"F").unwrap_or(0);
        if is_stamp && flags & INVISIBLE == 0 {
            let rectangle = dict.get::<Rect>(b"Rect").map(box_of).unwrap_or_default();
            let text = draw(&dict, rectangle, view, fonts, budget, None);
            texts.push(Stamp { area: rectangle.mapped(view.matrix), text, signature: false });
        }
    }
    texts
}

/// Whether a widget is of a text field; the type may stand in the field above it (table 226).
fn is_text_field(widget: &Dict<'_>) -> bool {
    let kind = |dict: &Dict<'_>| dict.get::<Name<'_>>(b"FT").map(|kind| &*kind == b"Tx");
    kind(widget).or_else(|| kind(&widget.get::<Dict<'_>>(b"Parent")?)).unwrap_or(false)
}

/// The fully qualified name of a signature field that has a value; `None` for everything else.
fn signed_field_name(widget: &Dict<'_>, limits: &Limits) -> Option<String> {
    if widget.get::<Name<'_>>(b"Subtype").is_some_and(|subtype| &*subtype != b"Widget") {
        return None;
    }
    let mut is_signature = None;
    let mut has_value = false;
    let mut parts: Vec<String> = Vec::new();
    let mut node = Some(widget.clone());
    // FT and V are inherited from the field's ancestors (table 226).
    for _ in 0..limits.depth {
        let Some(dict) = node else { break };
        if is_signature.is_none() {
            is_signature = dict.get::<Name<'_>>(b"FT").map(|kind| &*kind == b"Sig");
            if is_signature == Some(false) {
                return None;
            }
        }
        has_value |= value_of(&dict);
        if let Some(part) = dict.get::<hayro_syntax::object::String<'_>>(b"T") {
            parts.push(text_string(&part));
        }
        node = dict.get::<Dict<'_>>(b"Parent");
    }
    (is_signature == Some(true) && has_value).then(|| {
        parts.reverse();
        parts.join(".")
    })
}

/// Whether a field states a value. A reference is not followed here: reading the dictionary would pass
/// over its whole /Contents.
fn value_of(field: &Dict<'_>) -> bool {
    field.get_ref(b"V").is_some() || field.get::<Dict<'_>>(b"V").is_some()
}

impl Widget<'_> {
    /// Whether the field's value really is a dictionary.
    pub(super) fn is_signed(&self, limits: &Limits) -> bool {
        let mut node = Some(self.dict.clone());
        for _ in 0..limits.depth {
            let Some(dict) = node else { return false };
            if value_of(&dict) {
                return dict.get::<Dict<'_>>(b"V").is_some();
            }
            node = dict.get::<Dict<'_>>(b"Parent");
        }
        false
    }

    /// Draws the normal appearance with `view` and reads it.
    pub(super) fn read(
        &self,
        view: &View,
        fonts: &mut FontCache,
        budget: &mut Budget,
        digest: &dyn Fn(&[u8]) -> Sha256Digest,
    ) -> Appearance {
        let mut images = Vec::new();
        let mut sink = |image: &Stream<'_>| images.push(digest(&image.raw_data()));
        let text = draw(&self.dict, self.rectangle, view, fonts, budget, Some(&mut sink));
        Appearance { text, images }
    }
}

/// Draws the normal appearance of an annotation: its lines of text, runs of one line parted by a space.
fn draw(
    annotation: &Dict<'_>,
    rectangle: Box2,
    view: &View,
    fonts: &mut FontCache,
    budget: &mut Budget,
    sink: ImageSink<'_>,
) -> String {
    let mut text = String::new();
    let Some(form) = normal_appearance(annotation) else { return text };
    let matrix = placement(rectangle, &form).then(view.matrix);
    let shown = Walker::new(fonts, budget, matrix, view.bounds(), sink).appearance(&form);
    let (runs, _) = runs(&shown, false);
    let mut last: Option<&Run> = None;
    for run in &runs {
        if let Some(last) = last {
            text.push(if run.same_line(last) { ' ' } else { '\n' });
        }
        text.push_str(&run.text);
        last = Some(run);
    }
    text
}

/// /AP /N, or the state of it that /AS names.
fn normal_appearance<'a>(annotation: &Dict<'a>) -> Option<Stream<'a>> {
    let appearances = annotation.get::<Dict<'_>>(b"AP")?;
    appearances.get::<Stream<'_>>(b"N").or_else(|| {
        let states = appearances.get::<Dict<'_>>(b"N")?;
        states.get::<Stream<'_>>(&*annotation.get::<Name<'_>>(b"AS")?)
    })
}

/// Maps the transformed /BBox onto /Rect (12.5.5, algorithm 1); the form's own /Matrix is applied by the
/// walker.
fn placement(rectangle: Box2, form: &Stream<'_>) -> Matrix {
    let Some(bounds) = form.dict().get::<Rect>(b"BBox").map(box_of) else { return Matrix::IDENTITY };
    let bounds = bounds.mapped(form_matrix(form.dict()).unwrap_or(Matrix::IDENTITY));
    let scale = |to: f32, from: f32| if from > 0.0 && to > 0.0 { to / from } else { 1.0 };
    let x = scale(rectangle.width(), bounds.width());
    let y = scale(rectangle.height(), bounds.height());
    let matrix = Matrix([x, 0.0, 0.0, y, rectangle.x0 - x * bounds.x0, rectangle.y0 - y * bounds.y0]);
    if matrix.is_finite() { matrix } else { Matrix::IDENTITY }
}
