//! What an attachment of a package decodes to: base64, often around a ZIP or gzip that holds the document.
//! Everything is counted against the limits before it is believed.

use super::xml::{is_over, limit};
use crate::crypto;
use crate::limits::Limits;
use crate::model::{AttachedFile, AttachmentContent, LimitHit};
use std::io::{Cursor, Read};

/// Names whose ZIP is the document itself (Office Open XML, OpenDocument), not a wrapping.
const DOCUMENTS_IN_ZIP: &[&str] = &["docx", "xlsx", "pptx", "odt", "ods", "odp"];

/// Why content could not be decoded.
enum Failure {
    Undecodable(String),
    Limit(LimitHit),
}

/// Decodes attachments of one package; bytes decoded are counted over all of them.
pub(super) struct Decoder<'l> {
    limits: &'l Limits,
    total: u64,
}

impl<'l> Decoder<'l> {
    pub(super) fn new(limits: &'l Limits) -> Self {
        Self { limits, total: 0 }
    }

    /// Decodes the text of one attachment of that name.
    pub(super) fn decode(&mut self, name: Option<&str>, text: &str) -> AttachmentContent {
        if text.trim().is_empty() {
            return AttachmentContent::Empty;
        }
        match self.files(name, text) {
            Ok(files) => AttachmentContent::Decoded { files },
            Err(Failure::Undecodable(reason)) => AttachmentContent::Undecodable(reason),
            Err(Failure::Limit(hit)) => AttachmentContent::Limit(hit),
        }
    }

    fn files(&mut self, name: Option<&str>, text: &str) -> Result<Vec<AttachedFile>, Failure> {
        // Base64 only shrinks, so what it decodes to is bounded by the package itself.
        let bytes = super::decode_base64(text).ok_or_else(|| Failure::Undecodable("base64".to_owned()))?;
        if bytes.is_empty() {
            return Err(Failure::Undecodable("no byte".to_owned()));
        }
        self.count(bytes.len())?;
        let mut files = vec![attached(&bytes)];
        let extension = name.and_then(|name| name.rsplit_once('.')).map(|(_, extension)| extension.to_lowercase());
        let is_document = extension.is_some_and(|extension| DOCUMENTS_IN_ZIP.contains(&extension.as_str()));
        if bytes.starts_with(b"PK\x03\x04") && !is_document {
            self.unzip(&bytes, &mut files)?;
        } else if bytes.starts_with(&[0x1f, 0x8b]) {
            let inner = self.inflate(flate2::read::GzDecoder::new(bytes.as_slice()), "gzip")?;
            files.push(attached(&inner));
        }
        Ok(files)
    }

    fn unzip(&mut self, bytes: &[u8], files: &mut Vec<AttachedFile>) -> Result<(), Failure> {
        let undecodable = |error: zip::result::ZipError| Failure::Undecodable(format!("zip: {error}"));
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(undecodable)?;
        for index in 0..archive.len() {
            if is_over(index, self.limits.package_items) {
                return Err(Failure::Limit(limit("package_items", self.limits.package_items)));
            }
            let entry = archive.by_index(index).map_err(undecodable)?;
            if entry.is_file() {
                let inner = self.inflate(entry, "zip")?;
                files.push(attached(&inner));
            }
        }
        Ok(())
    }

    /// Reads to the end; sizes that a header states are not believed.
    fn inflate(&mut self, source: impl Read, what: &str) -> Result<Vec<u8>, Failure> {
        let bound = self.limits.inflated_stream_bytes;
        let left = self.limits.inflated_total_bytes.saturating_sub(self.total);
        let mut inner = Vec::new();
        let mut source = source.take(bound.min(left).saturating_add(1));
        source.read_to_end(&mut inner).map_err(|error| Failure::Undecodable(format!("{what}: {error}")))?;
        if is_over(inner.len(), bound.saturating_add(1)) {
            return Err(Failure::Limit(limit("inflated_stream_bytes", bound)));
        }
        self.count(inner.len())?;
        Ok(inner)
    }

    fn count(&mut self, bytes: usize) -> Result<(), Failure> {
        let bound = self.limits.inflated_total_bytes;
        self.total = self.total.saturating_add(u64::try_from(bytes).unwrap_or(u64::MAX));
        if self.total > bound { Err(Failure::Limit(limit("inflated_total_bytes", bound))) } else { Ok(()) }
    }
}

fn attached(bytes: &[u8]) -> AttachedFile {
    AttachedFile { sha256: crypto::sha256(bytes), size: u64::try_from(bytes.len()).unwrap_or(u64::MAX) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::prelude::{BASE64_STANDARD, Engine};
    use std::io::Write;

    fn zip_of(entries: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in entries {
            writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn decode(name: &str, bytes: &[u8], limits: &Limits) -> AttachmentContent {
        Decoder::new(limits).decode(Some(name), &BASE64_STANDARD.encode(bytes))
    }

    fn digests(content: &AttachmentContent) -> Vec<crate::model::Sha256Digest> {
        match content {
            AttachmentContent::Decoded { files } => files.iter().map(|file| file.sha256).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn plain_zipped_and_gzipped_content_is_found() {
        let limits = Limits::default();
        let document = b"%PDF-1.7 an original";
        let wanted = crypto::sha256(document);
        assert_eq!(digests(&decode("a.pdf", document, &limits)), [wanted]);
        assert!(digests(&decode("a.pdf", &zip_of(&[("a.pdf", document)]), &limits)).contains(&wanted));
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        gzip.write_all(document).unwrap();
        assert!(digests(&decode("a.pdf", &gzip.finish().unwrap(), &limits)).contains(&wanted));
        assert_eq!(digests(&decode("a.docx", &zip_of(&[("x", document)]), &limits)).len(), 1);
    }

    #[test]
    fn broken_content_is_said() {
        let limits = Limits::default();
        assert_eq!(Decoder::new(&limits).decode(None, " \n "), AttachmentContent::Empty);
        for text in ["@@@@", "A", "AAA=AAA="] {
            let content = Decoder::new(&limits).decode(None, text);
            assert!(matches!(content, AttachmentContent::Undecodable(_)), "{text}: {content:?}");
        }
        let mut cut = zip_of(&[("a.pdf", b"an original")]);
        cut.truncate(cut.len() / 2);
        assert!(matches!(decode("a.pdf", &cut, &limits), AttachmentContent::Undecodable(_)));
        assert!(matches!(decode("a.pdf", &[0x1f, 0x8b, 1, 2], &limits), AttachmentContent::Undecodable(_)));
    }

    #[test]
    fn bombs_are_bounded_by_what_comes_out() {
        let zeros = vec![0_u8; 1 << 20];
        let limits = Limits { inflated_stream_bytes: 1 << 16, inflated_total_bytes: 1 << 22, ..Limits::default() };
        let hit = |content: AttachmentContent| match content {
            AttachmentContent::Limit(hit) => hit.limit,
            other => panic!("{other:?}"),
        };
        assert_eq!(hit(decode("a.zip", &zip_of(&[("a", &zeros)]), &limits)), "inflated_stream_bytes");
        let many: Vec<(String, &[u8])> = (0..60).map(|at| (at.to_string(), &zeros[..60_000])).collect();
        let many: Vec<(&str, &[u8])> = many.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
        let small = Limits { inflated_total_bytes: 1 << 20, ..limits.clone() };
        assert_eq!(hit(decode("a.zip", &zip_of(&many), &small)), "inflated_total_bytes");
        let few = Limits { package_items: 10, ..limits };
        assert_eq!(hit(decode("a.zip", &zip_of(&many), &few)), "package_items");
    }
}
