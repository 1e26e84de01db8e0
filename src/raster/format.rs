//! Tells the formats of scans apart by their first bytes.

/// A format that a scan may have.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// PDF (ISO 32000).
    Pdf,
    /// JPEG (ITU-T T.81).
    Jpeg,
    /// PNG (W3C).
    Png,
    /// TIFF 6.0 and BigTIFF.
    Tiff,
}

/// Bytes before `%PDF-` that readers put up with (ISO 32000-1, annex H, implementation note 13).
const PDF_LEAD: usize = 1024;

/// The format that the first bytes state.
pub fn format_of(data: &[u8]) -> Option<Format> {
    match data {
        [0xFF, 0xD8, 0xFF, ..] => Some(Format::Jpeg),
        [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Some(Format::Png),
        [b'I', b'I', 42 | 43, 0, ..] | [b'M', b'M', 0, 42 | 43, ..] => Some(Format::Tiff),
        _ => data.get(..data.len().min(PDF_LEAD))?.windows(5).any(|start| start == b"%PDF-").then_some(Format::Pdf),
    }
}
