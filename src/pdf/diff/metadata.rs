//! Whether a metadata stream is what it should be: XMP (ISO 16684-1), or empty as signing tools leave it.

/// What is wrong with the decoded stream, if anything.
pub(super) fn fault(bytes: &[u8]) -> Option<&'static str> {
    let text = decode(bytes);
    let mut rest = text.trim_matches(|c: char| c.is_whitespace() || c == '\0' || c == '\u{feff}');
    if rest.is_empty() {
        return None;
    }
    if rest.contains("<!DOCTYPE") || rest.contains("<!ENTITY") {
        return Some("declares a document type or entities");
    }
    // Processing instructions and comments may stand before the root element.
    loop {
        rest = rest.trim_start();
        let (open, close) = if rest.starts_with("<?") {
            ("<?", "?>")
        } else if rest.starts_with("<!--") {
            ("<!--", "-->")
        } else {
            break;
        };
        let Some(end) = rest.get(open.len()..).and_then(|inner| inner.find(close)) else {
            return Some("is not well-formed");
        };
        rest = rest.get(open.len() + end + close.len()..).unwrap_or_default();
    }
    if rest.is_empty() {
        // A packet without content.
        return None;
    }
    let Some(root) = rest.strip_prefix('<') else { return Some("is not XML") };
    let name = root.split(|c: char| c.is_whitespace() || c == '>' || c == '/').next().unwrap_or_default();
    match name.rsplit(':').next() {
        Some("xmpmeta" | "xapmeta" | "RDF") => None,
        _ => Some("is not XMP"),
    }
}

fn decode(bytes: &[u8]) -> String {
    let wide = |read: fn([u8; 2]) -> u16| {
        let units = bytes.chunks_exact(2).filter_map(|pair| pair.try_into().ok().map(read));
        char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    };
    match bytes {
        [0xfe, 0xff, ..] | [0, b'<', ..] => wide(u16::from_be_bytes),
        [0xff, 0xfe, ..] | [b'<', 0, ..] => wide(u16::from_le_bytes),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}
