//! Evaluates the one signer of a SignedData: certificate, digest, value, attributes.

use super::SignedContent;
use super::attributes::SignedAttributes;
use super::blobs::Collector;
use super::certificate::Certificate;
use super::ess;
use super::note;
use super::oid;
use super::revocation::Archived;
use super::structure::{SignedData, SignerInfo};
use super::tlv::{Element, Malformed, der_set_of, tag};
use crate::crypto::{self, DigestAlgorithm, PublicKeyInfo, SignatureScheme};
use crate::model::{BlobKind, DigestOutcome, SignerFacts, ValueOutcome};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// Evaluates `signed`, whose message-digest covers `content`. Timestamps are left to the caller.
pub(super) fn evaluate(
    signed: &SignedData<'_>,
    content: &dyn SignedContent,
    depth: usize,
    blobs: &mut Collector,
) -> Result<SignerFacts, Malformed> {
    let signer = &signed.signer;
    let mut notes = signed.notes.clone();
    let digest_algorithm = DigestAlgorithm::from_algorithm_identifier(signer.digest_algorithm.raw);
    let scheme = scheme(signer, digest_algorithm, &mut notes);
    let attributes = match &signer.signed_attributes {
        Some(element) => Some(SignedAttributes::parse(element, depth, &mut notes)?),
        None => None,
    };

    let candidates = candidates(signed)?;
    let (value, certificate, digest) = match (&attributes, &signer.signed_attributes) {
        (Some(attributes), Some(element)) => {
            let digest = digest_outcome(&attributes.message_digest, digest_algorithm, content)?;
            let (value, certificate) = value_over_attributes(signed, &candidates, &scheme, element, depth, &mut notes);
            check_attributes(attributes, signed, depth, &mut notes);
            (value, certificate, digest)
        }
        _ => {
            // RFC 5652, 5.3: signedAttrs must be present if the content is not id-data.
            if signed.content_type != oid::DATA {
                return Err("no signed attributes over a content other than id-data".into());
            }
            value_over_content(signed, &candidates, &scheme, content)
        }
    };

    let ess_certificate =
        attributes.as_ref().and_then(|attributes| ess::names_certificate(attributes, certificate, depth, &mut notes));
    let key = certificate.and_then(|certificate| PublicKeyInfo::parse(certificate.public_key));
    let mut facts = SignerFacts {
        digest_algorithm: match digest_algorithm {
            Some(algorithm) => algorithm.name().to_owned(),
            None => oid::dotted(signer.digest_algorithm.oid),
        },
        signature_algorithm: scheme.name(key.as_ref()),
        key_bits: key.and_then(|key| key.bits),
        digest,
        value,
        certificate: certificate.map(|certificate| blobs.add(BlobKind::Certificate, certificate.der)),
        certificates: Vec::new(),
        crls: Vec::new(),
        ocsp_responses: Vec::new(),
        signing_time: attributes.as_ref().and_then(|attributes| attributes.signing_time),
        ess_certificate,
        signed_attributes: attributes.is_some(),
        timestamps: Vec::new(),
        notes,
    };
    blobs.add_all(BlobKind::Certificate, signed.certificates.iter().copied(), &mut facts.certificates);
    blobs.add_all(BlobKind::Crl, signed.crls.iter().copied(), &mut facts.crls);
    blobs.add_all(BlobKind::OcspResponse, signed.ocsp_responses.iter().copied(), &mut facts.ocsp_responses);
    if let Some(value) = attributes.and_then(|attributes| attributes.revocation_archival) {
        keep_archived(&value, &mut facts, blobs, depth);
    }
    Ok(facts)
}

/// Takes over what a revocation archival attribute holds.
pub(super) fn keep_archived(value: &Element<'_>, facts: &mut SignerFacts, blobs: &mut Collector, depth: usize) {
    match Archived::parse(value, depth) {
        Ok(archived) => {
            blobs.add_all(BlobKind::Crl, archived.crls, &mut facts.crls);
            blobs.add_all(BlobKind::OcspResponse, archived.ocsp_responses, &mut facts.ocsp_responses);
        }
        Err(_) => note::add(&mut facts.notes, note::REVOCATION_DATA_UNREADABLE),
    }
}

/// The scheme of signatureAlgorithm; unsupported if it contradicts digestAlgorithm. RFC 5652, 5.4 digests
/// with digestAlgorithm, RFC 4056, 3 and RFC 5754, 3 with the one implied: where they differ, software
/// disagrees on what was signed.
fn scheme(
    signer: &SignerInfo<'_>,
    digest_algorithm: Option<DigestAlgorithm>,
    notes: &mut Vec<String>,
) -> SignatureScheme {
    let scheme = SignatureScheme::parse(signer.signature_algorithm.raw, digest_algorithm);
    let implied = match &scheme {
        // RFC 8419, 3.1: with Ed25519 the digestAlgorithm is SHA-512.
        SignatureScheme::Ed25519 => Some(DigestAlgorithm::Sha512),
        scheme => scheme.digest(),
    };
    match implied {
        Some(implied) if digest_algorithm != Some(implied) => {
            note::add(notes, note::DIGEST_ALGORITHM_DISAGREES);
            let named = digest_algorithm
                .map_or_else(|| oid::dotted(signer.digest_algorithm.oid), |algorithm| algorithm.name().to_owned());
            SignatureScheme::Unsupported(format!("{} beside digest algorithm {named}", implied.name()))
        }
        _ => scheme,
    }
}

/// message-digest against the content.
fn digest_outcome(
    message_digest: &[u8],
    algorithm: Option<DigestAlgorithm>,
    content: &dyn SignedContent,
) -> Result<DigestOutcome, Malformed> {
    let Some(algorithm) = algorithm else { return Ok(DigestOutcome::NotComputable) };
    if message_digest.len() != algorithm.length() {
        return Err(Malformed::new(format!(
            "message-digest of {} bytes for {}",
            message_digest.len(),
            algorithm.name()
        )));
    }
    Ok(compare(message_digest, content.digest(algorithm).as_deref()))
}

/// Compares a digest with the one computed, if it could be.
pub(super) fn compare(found: &[u8], computed: Option<&[u8]>) -> DigestOutcome {
    match computed {
        None => DigestOutcome::NotComputable,
        Some(computed) if computed == found => DigestOutcome::Matches,
        Some(_) => DigestOutcome::Differs,
    }
}

/// Notes on content-type and on the algorithms that the attributes name.
fn check_attributes(attributes: &SignedAttributes<'_>, signed: &SignedData<'_>, depth: usize, notes: &mut Vec<String>) {
    match attributes.content_type {
        None => note::add(notes, note::CONTENT_TYPE_MISSING),
        Some(content_type) if content_type != signed.content_type => note::add(notes, note::CONTENT_TYPE_WRONG),
        Some(_) => {}
    }
    if !attributes.protects(&signed.signer.digest_algorithm, &signed.signer.signature_algorithm, depth) {
        note::add(notes, note::ALGORITHM_PROTECTION_VIOLATED);
    }
}

/// The value over the signed attributes: as encoded with the SET OF tag, else over their DER encoding
/// (RFC 5652, 5.4).
fn value_over_attributes<'s, 'a>(
    signed: &SignedData<'_>,
    candidates: &[&'s Certificate<'a>],
    scheme: &SignatureScheme,
    attributes: &Element<'_>,
    depth: usize,
    notes: &mut Vec<String>,
) -> (ValueOutcome, Option<&'s Certificate<'a>>) {
    let as_encoded = (!attributes.indefinite).then(|| {
        let mut message = attributes.raw.to_vec();
        if let Some(identifier) = message.first_mut() {
            *identifier = tag::SET;
        }
        message
    });
    let first = as_encoded.as_deref().map(|message| value(signed, candidates, scheme, message));
    match first {
        Some((ValueOutcome::Wrong, certificate)) => {
            // The DER encoding is worth a try only where it is another one.
            let Some(message) = der_set_of(attributes, depth).ok().filter(|der| Some(der) != as_encoded.as_ref())
            else {
                return (ValueOutcome::Wrong, certificate);
            };
            note_if_right(value(signed, candidates, scheme, &message), notes)
        }
        Some(outcome) => outcome,
        None => match der_set_of(attributes, depth) {
            Ok(message) => note_if_right(value(signed, candidates, scheme, &message), notes),
            // What the value covers cannot be made: it verifies over nothing.
            Err(_) => match candidates.first().copied() {
                Some(certificate) => (ValueOutcome::Wrong, Some(certificate)),
                None => (ValueOutcome::NoCertificate, None),
            },
        },
    }
}

fn note_if_right<T>(outcome: (ValueOutcome, T), notes: &mut Vec<String>) -> (ValueOutcome, T) {
    if outcome.0.is_right() {
        note::add(notes, note::SIGNED_ATTRIBUTES_NOT_DER);
    }
    outcome
}

/// The value over the content itself. There is then no digest to compare: it is inside the value, so one
/// answer stands for both.
fn value_over_content<'s, 'a>(
    signed: &SignedData<'_>,
    candidates: &[&'s Certificate<'a>],
    scheme: &SignatureScheme,
    content: &dyn SignedContent,
) -> (ValueOutcome, Option<&'s Certificate<'a>>, DigestOutcome) {
    let Some(message) = content.bytes() else {
        let certificate = candidates.first().copied();
        let outcome = match certificate {
            Some(_) => ValueOutcome::Unsupported(CONTENT_UNAVAILABLE.to_owned()),
            None => ValueOutcome::NoCertificate,
        };
        return (outcome, certificate, DigestOutcome::NotComputable);
    };
    let (outcome, certificate) = value(signed, candidates, scheme, &message);
    let digest = digest_inside(&outcome);
    (outcome, certificate, digest)
}

/// Why a value over content that is not there cannot be judged.
pub(super) const CONTENT_UNAVAILABLE: &str = "signed content not available";

/// The digest outcome where the digest is only inside the value.
pub(super) fn digest_inside(value: &ValueOutcome) -> DigestOutcome {
    match value {
        value if value.is_right() => DigestOutcome::Matches,
        ValueOutcome::Wrong => DigestOutcome::Differs,
        _ => DigestOutcome::NotComputable,
    }
}

/// Certificates that one signer identifier may name. There is one; a handful covers renewed ones under a
/// used serial number. Each costs a public-key operation.
const CANDIDATES: usize = 16;

/// The different certificates that the signer identifier names, in the order carried.
fn candidates<'s, 'a>(signed: &'s SignedData<'a>) -> Result<Vec<&'s Certificate<'a>>, Malformed> {
    let mut seen = BTreeSet::new();
    let named = signed.readable.iter().filter(|certificate| signed.signer.identifier.names(certificate));
    let candidates: Vec<_> = named.filter(|certificate| seen.insert(certificate.der)).collect();
    if candidates.len() > CANDIDATES {
        return Err(Malformed::new(format!("signer identifier names {} certificates", candidates.len())));
    }
    Ok(candidates)
}

/// Verifies the value over `message` with the first candidate whose key verifies it; where none does, the
/// first candidate's outcome stands.
fn value<'s, 'a>(
    signed: &SignedData<'_>,
    candidates: &[&'s Certificate<'a>],
    scheme: &SignatureScheme,
    message: &[u8],
) -> (ValueOutcome, Option<&'s Certificate<'a>>) {
    let mut first = None;
    for certificate in candidates.iter().copied() {
        let outcome = crypto::verify(certificate.public_key, scheme, message, &signed.signer.signature);
        if outcome.is_right() {
            return (outcome, Some(certificate));
        }
        first.get_or_insert((outcome, Some(certificate)));
    }
    first.unwrap_or((ValueOutcome::NoCertificate, None))
}

/// Content that is held in full: eContent, or a signature value under a timestamp.
pub(super) struct Octets<'a>(pub(super) &'a [u8]);

impl SignedContent for Octets<'_> {
    fn digest(&self, algorithm: DigestAlgorithm) -> Option<Vec<u8>> {
        algorithm.digest(self.0)
    }

    fn bytes(&self) -> Option<Cow<'_, [u8]>> {
        Some(Cow::Borrowed(self.0))
    }
}
