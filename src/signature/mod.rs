//! From the signature fields and the bytes of a file to signature facts.
//!
//! Digests every covered range in one pass over the file and evaluates each CMS against it. Judges
//! nothing.

mod ranges;

use crate::cms::{self, SignedContent, SubFilter};
use crate::crypto::DigestAlgorithm;
use crate::limits::Limits;
use crate::model::{
    Blob, BlobKind, Change, CmsFacts, ModificationFacts, ModificationLevel, RangeLayout, SecurityStoreFacts,
    Sha256Digest, SignatureFacts,
};
use crate::pdf::{Contents, PdfFile, SignatureField};
use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

/// What the signatures of one file amount to.
pub struct Extracted {
    /// SHA-256 of the whole file.
    pub sha256: Sha256Digest,
    /// SHA-256 of the file as it may have been stored after each earlier revision: length, digest.
    pub prefixes: Vec<(u64, Sha256Digest)>,
    /// One per signature field with a value, in the reader's order; appearances are still missing.
    pub signatures: Vec<SignatureFacts>,
    /// The document-wide security store.
    pub security_store: SecurityStoreFacts,
    /// Certificates, CRLs and OCSP responses met, each once.
    pub blobs: Vec<Blob>,
}

/// Digests `data` and evaluates every signature in it.
pub fn extract(file: &PdfFile<'_>, data: &[u8], limits: &Limits) -> Extracted {
    let fields = file.signature_fields();
    let covered: Vec<Vec<Range<usize>>> = fields.iter().map(covered_ranges).collect();
    let digests = ranges::digests(data, &covered, &prefix_ends(file, data));
    let mut blobs = Blobs::default();
    let signatures = fields
        .iter()
        .enumerate()
        .map(|(index, field)| {
            let content = Covered {
                data,
                ranges: covered.get(index).map_or(&[], Vec::as_slice),
                sha256: digests.covered.get(index).and_then(Option::as_deref),
            };
            let cms = evaluate(field, &content, limits, &mut blobs);
            SignatureFacts {
                field: field.name.clone(),
                kind: field.kind,
                sub_filter: field.sub_filter.clone(),
                revision: field.revision,
                in_acro_form: field.in_acro_form,
                byte_range: field.byte_range.clone(),
                certification: field.certification,
                modification: modification(file, index, field),
                claimed_time: field.claimed_time,
                appearance: None,
                cms,
            }
        })
        .collect();
    let store = file.security_store();
    let mut keep =
        |ders: Vec<Vec<u8>>, kind| -> Vec<Sha256Digest> { ders.into_iter().map(|der| blobs.keep(kind, der)).collect() };
    let security_store = SecurityStoreFacts {
        certificates: keep(store.certificates, BlobKind::Certificate),
        crls: keep(store.crls, BlobKind::Crl),
        ocsp_responses: keep(store.ocsp_responses, BlobKind::OcspResponse),
    };
    let prefixes =
        digests.prefixes.into_iter().filter_map(|(end, digest)| Some((u64::try_from(end).ok()?, digest))).collect();
    Extracted { sha256: digests.whole, prefixes, signatures, security_store, blobs: blobs.list }
}

/// The bytes that /ByteRange covers; empty where it is unusable.
fn covered_ranges(field: &SignatureField) -> Vec<Range<usize>> {
    if matches!(field.byte_range.layout, RangeLayout::Malformed(_)) {
        return Vec::new();
    }
    let pairs = field.byte_range.values.chunks_exact(2);
    let ranges: Option<Vec<Range<usize>>> = pairs
        .map(|pair| match pair {
            [start, length] => {
                let start = usize::try_from(*start).ok()?;
                let end = start.checked_add(usize::try_from(*length).ok()?)?;
                Some(start..end)
            }
            _ => None,
        })
        .collect();
    ranges.unwrap_or_default()
}

/// Where the file may have ended when an earlier revision was the newest: behind its `%%EOF`, with or
/// without the line end that follows (an incremental writer may have added it).
fn prefix_ends(file: &PdfFile<'_>, data: &[u8]) -> Vec<usize> {
    let mut ends = Vec::new();
    let revisions = file.revisions();
    for revision in revisions.iter().take(revisions.len().saturating_sub(1)) {
        let Ok(mut end) = usize::try_from(revision.end) else { continue };
        ends.push(end);
        while matches!(end.checked_sub(1).and_then(|last| data.get(last)), Some(b'\r' | b'\n')) {
            end -= 1;
            ends.push(end);
        }
    }
    ends.sort_unstable();
    ends.dedup();
    ends
}

/// What later revisions did. A signature that the newest revision does not have any more was taken away,
/// whatever else it covers.
fn modification(file: &PdfFile<'_>, index: usize, field: &SignatureField) -> ModificationFacts {
    let mut facts = match field.byte_range.layout {
        RangeLayout::Exact => file.modification(index),
        _ => ModificationFacts { level: ModificationLevel::Unknown, changes: Vec::new() },
    };
    if field.removed && facts.level < ModificationLevel::Forbidden {
        facts.level = ModificationLevel::Forbidden;
        facts.changes.push(Change {
            revision: field.revision.unwrap_or_default(),
            level: ModificationLevel::Forbidden,
            object: field.widget,
            rule: "signature-removed".into(),
            detail: "not in the newest revision".into(),
        });
    }
    facts
}

fn evaluate(field: &SignatureField, content: &Covered<'_>, limits: &Limits, blobs: &mut Blobs) -> CmsFacts {
    let contents = match &field.contents {
        Contents::Present { bytes, .. } => bytes,
        Contents::Absent(reason) => return CmsFacts::Absent(reason.clone()),
    };
    let certificates: Vec<&[u8]> = field.certificates.iter().map(Vec::as_slice).collect();
    let form = match field.sub_filter.as_deref() {
        // Without a name the common form is tried; whether that counts is judged elsewhere.
        None => SubFilter::Pkcs7Detached,
        Some(name) => match SubFilter::from_name(name, &certificates) {
            Some(form) => form,
            None => return CmsFacts::Malformed(format!("unknown /SubFilter {name}")),
        },
    };
    let evaluation = cms::evaluate(contents, form, content, limits);
    evaluation.blobs.into_iter().for_each(|blob| blobs.add(blob));
    evaluation.cms
}

/// The covered bytes of one signature.
struct Covered<'a> {
    data: &'a [u8],
    ranges: &'a [Range<usize>],
    sha256: Option<&'a [u8]>,
}

impl Covered<'_> {
    fn parts(&self) -> Option<Vec<&[u8]>> {
        if self.ranges.is_empty() {
            return None;
        }
        self.ranges.iter().map(|range| self.data.get(range.clone())).collect()
    }
}

impl SignedContent for Covered<'_> {
    fn digest(&self, algorithm: DigestAlgorithm) -> Option<Vec<u8>> {
        if algorithm == DigestAlgorithm::Sha256 {
            return self.sha256.filter(|_| !self.ranges.is_empty()).map(<[u8]>::to_vec);
        }
        let mut hasher = crate::crypto::Hasher::new(algorithm)?;
        self.parts()?.into_iter().for_each(|part| hasher.update(part));
        Some(hasher.finish())
    }

    fn bytes(&self) -> Option<Cow<'_, [u8]>> {
        Some(Cow::Owned(self.parts()?.concat()))
    }
}

/// Blobs in the order met, each once.
#[derive(Default)]
struct Blobs {
    list: Vec<Blob>,
    known: HashSet<Sha256Digest>,
}

impl Blobs {
    fn add(&mut self, blob: Blob) {
        if self.known.insert(blob.sha256) {
            self.list.push(blob);
        }
    }

    fn keep(&mut self, kind: BlobKind, der: Vec<u8>) -> Sha256Digest {
        let sha256 = crate::crypto::sha256(&der);
        self.add(Blob { sha256, kind, der });
        sha256
    }
}
