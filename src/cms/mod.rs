//! CMS SignedData (RFC 5652), its attributes and RFC 3161 timestamps, BER tolerant.
//!
//! [`evaluate`] turns the bytes of a signature's /Contents into [`CmsFacts`]: who signed, whether the
//! digest and the value are right, which timestamps cover the value. It judges no trust, no time and no
//! strength. Bytes are read where they stand; what was signed is never encoded anew except for the one
//! re-encoding that RFC 5652, 5.4 itself prescribes.
//!
//! # What ends in [`CmsFacts::Malformed`]
//! Anything that is not exactly one SignedData with exactly one SignerInfo: bad ASN.1, several signers,
//! content inside a detached signature, a known signed attribute that is missing, doubled or multi-valued,
//! a message-digest of the wrong length, members above their bounds.
//!
//! # Notes
//! [`note`] lists every word that [`SignerFacts::notes`] may hold. With one of [`note::DISQUALIFYING`] a
//! signature cannot pass whatever its digest and value say; the others are oddities of genuine files, or
//! data that was left alone.

use crate::crypto::DigestAlgorithm;
use crate::limits::Limits;
use crate::model::{Blob, CmsFacts, DigestOutcome, SignerFacts};
use blobs::Collector;
use signer::Octets;
use std::borrow::Cow;
use tlv::Malformed;

mod attributes;
mod blobs;
mod certificate;
mod ess;
mod instant;
pub mod note;
mod oid;
mod pkcs1;
mod revocation;
mod signer;
mod structure;
mod timestamp;
mod tlv;

#[cfg(test)]
mod tests;

/// What a signature covers. Implemented by the caller over the ByteRange.
pub trait SignedContent {
    /// Digest of the covered bytes; `None` if they are not there (a range outside the file) or the
    /// algorithm cannot be computed.
    fn digest(&self, algorithm: DigestAlgorithm) -> Option<Vec<u8>>;

    /// The covered bytes themselves; `None` if they are not there. Asked for only where a value covers
    /// them directly: no signed attributes, or [`SubFilter::X509RsaSha1`].
    fn bytes(&self) -> Option<Cow<'_, [u8]>>;
}

/// The forms of /Contents (ISO 32000-2, table 260; ETSI EN 319 142-1, 5.3 and 5.4.3).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SubFilter<'a> {
    /// adbe.pkcs7.detached: SignedData without content.
    Pkcs7Detached,
    /// ETSI.CAdES.detached: the same, with a signing-certificate attribute.
    CadesDetached,
    /// adbe.pkcs7.sha1: SignedData whose content is the SHA-1 digest of the range.
    Pkcs7Sha1,
    /// ETSI.RFC3161: a timestamp token whose imprint covers the range.
    TimestampToken,
    /// adbe.x509.rsa_sha1: a bare PKCS#1 value, with the certificates of /Cert (DER, signer first).
    X509RsaSha1(&'a [&'a [u8]]),
}

impl<'a> SubFilter<'a> {
    /// By the name in the signature dictionary; `certificates` are those of /Cert, used by
    /// adbe.x509.rsa_sha1 alone. `None` for a name that is not known.
    pub fn from_name(name: &str, certificates: &'a [&'a [u8]]) -> Option<Self> {
        match name {
            "adbe.pkcs7.detached" => Some(Self::Pkcs7Detached),
            "ETSI.CAdES.detached" => Some(Self::CadesDetached),
            "adbe.pkcs7.sha1" => Some(Self::Pkcs7Sha1),
            "ETSI.RFC3161" => Some(Self::TimestampToken),
            "adbe.x509.rsa_sha1" => Some(Self::X509RsaSha1(certificates)),
            _ => None,
        }
    }
}

/// What [`evaluate`] found.
#[derive(Clone, PartialEq, Debug)]
pub struct Evaluation {
    /// The facts.
    pub cms: CmsFacts,
    /// Every certificate, CRL and OCSP response named in the facts, once each, in the order met.
    pub blobs: Vec<Blob>,
}

/// Evaluates `contents`, the decoded /Contents string with its padding, in the form that /SubFilter names.
///
/// [`SignerFacts::digest`] always speaks of the covered range:
/// - detached: the message-digest attribute against it (without signed attributes the value covers the
///   range itself: right is `Matches`, wrong is `Differs`);
/// - [`SubFilter::Pkcs7Sha1`]: the content is its SHA-1 digest *and* the message-digest is the content's;
/// - [`SubFilter::TimestampToken`]: the imprint covers it *and* the token's message-digest is that of
///   its TSTInfo. The facts are those of the token's own signer, and `timestamps` holds exactly one entry:
///   genTime, the imprint, and in `signer` the token's facts on its own (digest over TSTInfo alone).
pub fn evaluate(contents: &[u8], form: SubFilter<'_>, content: &dyn SignedContent, limits: &Limits) -> Evaluation {
    let mut blobs = Collector::default();
    let cms = evaluate_form(contents, form, content, limits, &mut blobs);
    Evaluation { cms, blobs: blobs.finish() }
}

fn evaluate_form(
    contents: &[u8],
    form: SubFilter<'_>,
    content: &dyn SignedContent,
    limits: &Limits,
    blobs: &mut Collector,
) -> CmsFacts {
    if contents.is_empty() {
        return CmsFacts::Absent("empty".to_owned());
    }
    if u64::try_from(contents.len()).unwrap_or(u64::MAX) > limits.cms_bytes {
        return CmsFacts::Malformed(format!("longer than the limit cms_bytes, {}", limits.cms_bytes));
    }
    if contents.iter().all(|octet| *octet == 0) {
        return CmsFacts::Absent("nothing but zeros".to_owned());
    }
    let depth = usize::try_from(limits.depth).unwrap_or(usize::MAX);
    let evaluated = match form {
        SubFilter::Pkcs7Detached | SubFilter::CadesDetached => detached(contents, content, depth, blobs),
        SubFilter::Pkcs7Sha1 => pkcs7_sha1(contents, content, depth, blobs),
        SubFilter::TimestampToken => document_timestamp(contents, content, depth, blobs),
        SubFilter::X509RsaSha1(certificates) => pkcs1::evaluate(contents, certificates, content, depth, blobs),
    };
    match evaluated {
        Ok((mut facts, padding)) => {
            if padding.iter().any(|octet| *octet != 0) {
                note::add(&mut facts.notes, note::NONZERO_PADDING);
            }
            CmsFacts::Parsed(Box::new(facts))
        }
        Err(reason) => CmsFacts::Malformed(reason.into()),
    }
}

/// Facts, and the bytes behind the structure.
type Evaluated<'c> = Result<(SignerFacts, &'c [u8]), Malformed>;

fn detached<'c>(contents: &'c [u8], content: &dyn SignedContent, depth: usize, blobs: &mut Collector) -> Evaluated<'c> {
    let (signed, padding) = structure::parse(contents, depth)?;
    if signed.content.is_some() {
        // ISO 32000-2, 12.8.3.3.1: no data shall be encapsulated.
        return Err("encapsulated-content".into());
    }
    let mut facts = signer::evaluate(&signed, content, depth, blobs)?;
    if signed.content_type != oid::DATA {
        note::add(&mut facts.notes, note::CONTENT_NOT_DATA);
    }
    timestamp::unsigned_attributes(&signed, &mut facts, depth, blobs, Some(&signed.signer.signature));
    Ok((facts, padding))
}

fn pkcs7_sha1<'c>(
    contents: &'c [u8],
    content: &dyn SignedContent,
    depth: usize,
    blobs: &mut Collector,
) -> Evaluated<'c> {
    let (signed, padding) = structure::parse(contents, depth)?;
    let octets = signed.content.as_deref().ok_or("adbe.pkcs7.sha1 without content")?;
    if octets.len() != DigestAlgorithm::Sha1.length() {
        return Err(Malformed::new(format!("adbe.pkcs7.sha1 with {} bytes of content", octets.len())));
    }
    let mut facts = signer::evaluate(&signed, &Octets(octets), depth, blobs)?;
    let covered = content.digest(DigestAlgorithm::Sha1);
    facts.digest = both(facts.digest, signer::compare(octets, covered.as_deref()));
    if signed.content_type != oid::DATA {
        note::add(&mut facts.notes, note::CONTENT_NOT_DATA);
    }
    timestamp::unsigned_attributes(&signed, &mut facts, depth, blobs, Some(&signed.signer.signature));
    Ok((facts, padding))
}

fn document_timestamp<'c>(
    contents: &'c [u8],
    content: &dyn SignedContent,
    depth: usize,
    blobs: &mut Collector,
) -> Evaluated<'c> {
    let (signed, padding) = structure::parse(contents, depth)?;
    let token = timestamp::evaluate(&signed, content, depth, blobs)?;
    let CmsFacts::Parsed(own) = &token.signer else { return Err("timestamp without signer".into()) };
    let mut facts = SignerFacts::clone(own);
    facts.digest = both(facts.digest, token.imprint);
    facts.timestamps = vec![token];
    Ok((facts, padding))
}

/// Both have to match; a difference outweighs what could not be computed.
fn both(first: DigestOutcome, second: DigestOutcome) -> DigestOutcome {
    match (first, second) {
        (DigestOutcome::Matches, DigestOutcome::Matches) => DigestOutcome::Matches,
        (DigestOutcome::Differs, _) | (_, DigestOutcome::Differs) => DigestOutcome::Differs,
        _ => DigestOutcome::NotComputable,
    }
}
