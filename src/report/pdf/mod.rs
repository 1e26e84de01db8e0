//! The draft "Báo cáo" as a PDF: what it says is [`Draft`]'s, set by [`sheet`] with a font of the machine.

mod sheet;

use super::{Files, Format, Options, RenderError, draft::Draft, file_name, text};
use crate::model::{Language, Report};
use krilla::{
    Document,
    geom::{PathBuilder, Point},
    metadata::Metadata,
    page::PageSettings,
    paint::Stroke,
    text::{Font, TextDirection},
};
use sheet::{Faces, Mark, PAGE, Style};

pub(super) const FORMAT: Format = Format { name: "pdf", extension: "pdf", render };

/// A text face with its bold and italic cuts, as TrueType or OpenType files.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Typeface {
    /// Upright.
    pub regular: Vec<u8>,
    /// Bold.
    pub bold: Vec<u8>,
    /// Italic.
    pub italic: Vec<u8>,
}

fn render(report: &Report, options: &Options) -> Result<Files, RenderError> {
    let draft = Draft::new(report, options)?;
    let typeface = options.typeface.as_deref().ok_or(RenderError::NoTypeface)?;
    let faces = Faces::new(typeface).ok_or(RenderError::NoTypeface)?;
    let font = |data: &Vec<u8>| Font::new(data.clone().into(), 0).ok_or(RenderError::NoTypeface);
    let (regular, bold, italic) = (font(&typeface.regular)?, font(&typeface.bold)?, font(&typeface.italic)?);
    let mut document = Document::new();
    document.set_metadata(
        Metadata::new()
            .title(draft.title.clone())
            .language("vi-VN".into())
            .creator(format!("soat {}", text::visible(&report.tool_version))),
    );
    for marks in sheet::set(&draft, &faces) {
        let settings = PageSettings::from_wh(PAGE.0, PAGE.1).ok_or(RenderError::Sheet("page size".into()))?;
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        for mark in marks {
            match mark {
                Mark::Text { x, y, style, size, text } => {
                    let font = match style {
                        Style::Regular => &regular,
                        Style::Bold => &bold,
                        Style::Italic => &italic,
                    };
                    surface.draw_text(
                        Point::from_xy(x, y),
                        font.clone(),
                        size,
                        &text,
                        false,
                        TextDirection::LeftToRight,
                    );
                }
                Mark::Line { from, to } => {
                    let mut path = PathBuilder::new();
                    path.move_to(from.0, from.1);
                    path.line_to(to.0, to.1);
                    if let Some(path) = path.finish() {
                        surface.set_fill(None);
                        surface.set_stroke(Some(Stroke { width: 0.5, ..Stroke::default() }));
                        surface.draw_path(&path);
                        surface.set_stroke(None);
                    }
                }
            }
        }
        surface.finish();
        page.finish();
    }
    let bytes = document.finish().map_err(|error| RenderError::Sheet(format!("{error}")))?;
    let options = Options { language: Language::Vi, ..options.clone() };
    Ok(vec![(file_name(&options, "pdf"), bytes)])
}
