//! What added or changed fields show: whether an appearance draws, what text it draws, and how much of
//! a page it covers.

use super::Comparison;
use crate::model::ModificationLevel::Suspicious;
use crate::pdf::form::{Field, Node, Pages, rectangle};
use crate::pdf::object::{Dictionary, Object};

/// /F bits that keep an annotation from being seen: Invisible, Hidden, NoView (ISO 32000-2, table 167).
const HIDING_FLAGS: i64 = 1 | 2 | 32;

/// /Ff bit of a field that shows no more than asterisks: Password (ISO 32000-2, table 231).
const PASSWORD: i64 = 1 << 13;

/// An appearance that an update put on a page of the signed document.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Shown {
    /// Index of the page.
    pub(crate) page: usize,
    /// Left, bottom, right, top in default user space.
    pub(crate) rectangle: [f64; 4],
    /// The part of the page that it covers, at most 1; of a signed field.
    pub(crate) part: f64,
    /// Name of the field.
    pub(crate) field: String,
    /// The field was there before.
    pub(crate) replaces: bool,
    /// It might hide what is below it.
    pub(crate) may_hide: bool,
}

/// Whether the flags hide an annotation.
pub(super) fn is_hidden(entries: &Dictionary) -> bool {
    entries.get(b"F").and_then(Object::integer).unwrap_or(0) & HIDING_FLAGS != 0
}

impl Comparison<'_, '_> {
    /// Whether the normal appearance, or any of its states, is a stream that holds anything.
    pub(super) fn draws(&self, widget: &Dictionary) -> bool {
        let appearance = self.document.value(self.after(), widget.get(b"AP"));
        let normal = appearance.dictionary().and_then(|entries| entries.get(b"N"));
        let holds = |object: &Object| match object {
            Object::Stream(stream) => {
                self.document.decode(self.after(), stream).map_or(true, |data| data.iter().any(u8::is_ascii_graphic))
            }
            _ => false,
        };
        match &*self.document.value(self.after(), normal) {
            Object::Dictionary(states) => {
                states.iter().any(|(_, state)| holds(&self.document.value(self.after(), Some(state))))
            }
            object => holds(object),
        }
    }

    pub(super) fn area(&self, widget: &Node) -> f64 {
        let rectangle = widget
            .dictionary()
            .and_then(|entries| rectangle(self.document, self.after(), entries.get(b"Rect")))
            .unwrap_or_default();
        let [left, bottom, right, top] = rectangle;
        (right - left) * (top - bottom)
    }

    /// Records where a field that is new, newly signed or filled shows something. `was` is the field of before.
    pub(super) fn record_shown(&mut self, field: &Field, was: Option<&Field>) {
        let drawn = |widget: &&Node| {
            self.area(widget) > 0.0 && widget.dictionary().is_some_and(|entries| entries.get(b"AP").is_some())
        };
        let widgets: Vec<&Node> = field.widgets.iter().filter(drawn).collect();
        if widgets.is_empty() {
            return;
        }
        let pages = Pages::read(self.document, self.after());
        // The pages that list the widget, not the one that the widget claims.
        let shown = |widget: &Node| widget.id.map(|id| pages.all_of(id.number)).unwrap_or_default();
        for (widget, index) in widgets.iter().flat_map(|widget| shown(widget).into_iter().map(move |at| (*widget, at)))
        {
            self.document.step();
            let page = pages.list.get(index).and_then(|page| page.node.dictionary());
            let area = page.and_then(|page| {
                let boxes = [b"CropBox".as_slice(), b"MediaBox"];
                boxes.iter().find_map(|key| rectangle(self.document, self.after(), page.get(key)))
            });
            // A4, where the page does not say (ISO 216, in points).
            let [left, bottom, right, top] = area.unwrap_or([0.0, 0.0, 595.0, 842.0]);
            let written = widget.dictionary().and_then(|entries| entries.get(b"Rect"));
            let Some(rectangle) = rectangle(self.document, self.after(), written) else { continue };
            let [x0, y0, x1, y1] = rectangle;
            let inside = (x1.min(right) - x0.max(left)).max(0.0) * (y1.min(top) - y0.max(bottom)).max(0.0);
            let whole = (right - left) * (top - bottom);
            let part = if whole > 0.0 { (inside / whole).min(1.0) } else { 1.0 };
            // Fields that are filled were on the page when it was signed.
            let part = if field.is_signature() { part } else { 0.0 };
            let replaces = was.is_some_and(|was| was.widgets.iter().any(|old| old.id.is_some() && old.id == widget.id));
            let may_hide = widget.dictionary().is_some_and(|entries| self.may_hide(entries));
            self.shown.push(Shown { page: index, rectangle, part, field: field.name.clone(), replaces, may_hide });
        }
    }

    /// A filled text field must show what its value says.
    pub(super) fn judge_text(&mut self, was: &Field, field: &Field, before: Option<&Node>, widget: &Node) {
        let (Some(old), Some(entries)) = (before.and_then(Node::dictionary), widget.dictionary()) else { return };
        if field.kind.as_deref() != Some(b"Tx") || is_hidden(entries) || self.area(widget) <= 0.0 {
            return;
        }
        let own = |key: &[u8]| {
            let nodes = [widget, &field.node].into_iter().chain(field.ancestors.iter().rev());
            nodes.filter_map(Node::dictionary).find_map(|entries| entries.get(key).cloned())
        };
        let flags = own(b"Ff").as_ref().and_then(Object::integer).unwrap_or(0);
        // A script may show the value in another form.
        if flags & PASSWORD != 0 || own(b"AA").is_some() {
            return;
        }
        let number = widget.id.map(|id| id.number);
        let text = |view, field: &Field| {
            let value = self.document.value(view, field.value.as_ref());
            value.string().map(|text| self.document.text(text).trim().to_owned())
        };
        let (former, value) = (text(self.before(), was), text(self.after(), field));
        // Written anew, perhaps in another encoding.
        let same = former == value;
        if !self.appearance_differs(old.get(b"AP"), entries.get(b"AP")) {
            let redrawn = self.form_entry(b"NeedAppearances").is_some_and(|value| value == Object::Boolean(true));
            if entries.get(b"AP").is_some() && !redrawn && !same {
                let detail = format!("field {}: the value differs, the appearance does not", field.name);
                self.add(Suspicious, number, "value-without-appearance", detail);
            }
            return;
        }
        let drawn = self.drawn_text(entries);
        let told = drawn.zip(value).filter(|(_, value)| value.is_ascii());
        let letters = |text: &str| -> String { text.chars().filter(char::is_ascii_alphanumeric).collect() };
        let agrees = told.map(|(drawn, value)| {
            let (value, drawn) = (letters(&value), letters(&drawn));
            // What does not fit into the field may be left out.
            let cut = !drawn.is_empty() && value.contains(&drawn);
            if value.is_empty() { drawn.is_empty() } else { cut || drawn.contains(&value) }
        });
        if agrees == Some(false) || (agrees.is_none() && same && entries.get(b"AP").is_some()) {
            let detail = format!("field {}: the appearance shows another text than the value", field.name);
            self.add(Suspicious, number, "appearance-without-value", detail);
        }
    }

    fn form_entry(&self, key: &[u8]) -> Option<Object> {
        let catalog = self.document.catalog(self.after());
        let form = self.document.value(self.after(), catalog.dictionary()?.get(b"AcroForm")).shared();
        Some((*self.document.value(self.after(), form.dictionary()?.get(key))).clone())
    }

    /// The text that the normal appearance draws; `None` where its codes cannot be told without the
    /// font: in subsets and composite fonts, or below another form.
    fn drawn_text(&self, widget: &Dictionary) -> Option<String> {
        let view = self.after();
        let appearance = self.document.value(view, widget.get(b"AP")).shared();
        let normal = self.document.value(view, appearance.dictionary()?.get(b"N")).shared();
        let Object::Stream(stream) = &*normal else { return None };
        let content = self.document.decode(view, stream).ok()?;
        let resources = self.document.value(view, stream.dictionary.get(b"Resources")).shared();
        let defaults = self.form_entry(b"DR").unwrap_or_default();
        let font = |name: &[u8]| {
            [&*resources, &defaults].into_iter().find_map(|resources| {
                let fonts = self.document.value(view, resources.dictionary()?.get(b"Font")).shared();
                Some(self.document.value(view, Some(fonts.dictionary()?.get(name)?)).shared())
            })
        };
        let plain = |name: &[u8]| {
            font(name).is_some_and(|font| {
                font.dictionary().is_some_and(|entries| {
                    let simple = entries.is(b"Subtype", b"Type1") || entries.is(b"Subtype", b"TrueType");
                    // `ABCDEF+Name` is a subset (ISO 32000-2, 9.9.2): its codes may be its own.
                    simple && entries.name(b"BaseFont").is_some_and(|name| name.get(6) != Some(&b'+'))
                })
            })
        };
        let mut text = String::new();
        let (mut font_is_plain, mut readable) = (false, true);
        self.each_operator(&content, &mut |operator, operands| {
            let mut show = |object: &Object| {
                if let Object::String(string) = object {
                    text.extend(self.document.string_bytes(string).iter().map(|&byte| char::from(byte)));
                }
            };
            match operator {
                b"Tf" => font_is_plain = operands.first().and_then(Object::name).is_some_and(plain),
                b"Tj" | b"'" | b"\"" | b"TJ" if !font_is_plain => readable = false,
                b"Tj" | b"'" | b"\"" => operands.last().iter().for_each(|object| show(object)),
                b"TJ" => operands.last().and_then(Object::array).into_iter().flatten().for_each(show),
                b"Do" | b"BI" => readable = false,
                _ => {}
            }
            readable
        });
        readable.then_some(text)
    }
}
