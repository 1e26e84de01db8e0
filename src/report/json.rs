//! The records of [`super::jsonl`] as one JSON object.

use super::{Files, Format, Options, RenderError, file_name, jsonl::Records, view::View};
use crate::model::Report;

pub(super) const FORMAT: Format = Format { name: "json", extension: "json", render };

fn render(report: &Report, options: &Options) -> Result<Files, RenderError> {
    let report = &*super::mask::masked(report, options);
    let view = View::new(report, options)?;
    let mut out = serde_json::to_vec_pretty(&Records::new(&view))?;
    out.push(b'\n');
    Ok(vec![(file_name(options, "json"), out)])
}
