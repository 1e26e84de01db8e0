//! Signature widgets on the pages and what their appearances show (ISO 32000-2, 12.5.5 and 12.7.5.5).

use super::font::FontCache;
use super::geometry::{Box2, Matrix, View};
use super::layout::runs;
use super::stream::Budget;
use super::walk::{Walker, box_of, form_matrix, text_string};
use crate::limits::Limits;
use crate::model::Sha256Digest;
use hayro_syntax::object::{Array, Dict, MaybeRef, Name, ObjRef, Object, Rect, Stream};
use hayro_syntax::page::Page;
use hayro_syntax::xref::XRef;

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
        has_value |= dict.get::<Dict<'_>>(b"V").is_some();
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

impl Widget<'_> {
    /// Draws the normal appearance with `view` and reads it.
    pub(super) fn read(
        &self,
        view: &View,
        fonts: &mut FontCache,
        budget: &mut Budget,
        digest: &dyn Fn(&[u8]) -> Sha256Digest,
    ) -> Appearance {
        let mut images = Vec::new();
        let Some(form) = self.normal() else { return Appearance { text: String::new(), images } };
        let matrix = self.placement(&form).then(view.matrix);
        let mut sink = |image: &Stream<'_>| images.push(digest(&image.raw_data()));
        let shown = Walker::new(fonts, budget, matrix, view.bounds(), Some(&mut sink)).appearance(&form);
        let (runs, _) = runs(&shown, false);
        let mut text = String::new();
        let mut last: Option<&super::layout::Run> = None;
        for run in &runs {
            if let Some(last) = last {
                text.push(if run.same_line(last) { ' ' } else { '\n' });
            }
            text.push_str(&run.text);
            last = Some(run);
        }
        Appearance { text, images }
    }

    /// /AP /N, or the state of it that /AS names.
    fn normal(&self) -> Option<Stream<'_>> {
        let appearances = self.dict.get::<Dict<'_>>(b"AP")?;
        appearances.get::<Stream<'_>>(b"N").or_else(|| {
            let states = appearances.get::<Dict<'_>>(b"N")?;
            states.get::<Stream<'_>>(&*self.dict.get::<Name<'_>>(b"AS")?)
        })
    }

    /// Maps the transformed /BBox onto /Rect (12.5.5, algorithm 1); the form's own /Matrix is applied by
    /// the walker.
    fn placement(&self, form: &Stream<'_>) -> Matrix {
        let Some(bounds) = form.dict().get::<Rect>(b"BBox").map(box_of) else { return Matrix::IDENTITY };
        let bounds = bounds.mapped(form_matrix(form.dict()).unwrap_or(Matrix::IDENTITY));
        let scale = |to: f32, from: f32| if from > 0.0 && to > 0.0 { to / from } else { 1.0 };
        let x = scale(self.rectangle.width(), bounds.width());
        let y = scale(self.rectangle.height(), bounds.height());
        let matrix = Matrix([x, 0.0, 0.0, y, self.rectangle.x0 - x * bounds.x0, self.rectangle.y0 - y * bounds.y0]);
        if matrix.is_finite() { matrix } else { Matrix::IDENTITY }
    }
}
