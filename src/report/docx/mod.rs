//! The draft "Báo cáo" as a DOCX: what it says is [`Draft`]'s.

use super::{Files, Format, Options, RenderError, draft::Draft, file_name};
use crate::model::Report;
use minijinja::{
    Environment,
    value::{Serde, Value},
};
use std::io::{Cursor, Write};
use zip::{CompressionMethod, DateTime, ZipWriter, write::SimpleFileOptions};

pub(super) const FORMAT: Format = Format { name: "docx", extension: "docx", render };

fn render(report: &Report, options: &Options) -> Result<Files, RenderError> {
    let draft = Draft::new(report, options)?;
    let mut environment = Environment::new();
    // Names that end in .xml are escaped by the engine.
    environment.add_template("document.xml", include_str!("document.xml"))?;
    let body = environment.get_template("document.xml")?.render(Value::from(Serde(draft)))?;
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    // A fixed time: the same run gives the same bytes.
    let file = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    for (name, content) in [
        ("[Content_Types].xml", include_str!("content-types.xml")),
        ("_rels/.rels", include_str!("package-rels.xml")),
        ("word/document.xml", body.as_str()),
        ("word/_rels/document.xml.rels", include_str!("document-rels.xml")),
        ("word/styles.xml", include_str!("styles.xml")),
        ("word/header1.xml", include_str!("header.xml")),
    ] {
        archive.start_file(name, file)?;
        archive.write_all(content.as_bytes())?;
    }
    Ok(vec![(file_name(options, "docx"), archive.finish()?.into_inner())])
}
