//! SubFilter adbe.x509.rsa_sha1: a bare PKCS#1 value beside /Cert (ISO 32000-2, 12.8.3.2).

use super::SignedContent;
use super::blobs::Collector;
use super::certificate::Certificate;
use super::note;
use super::signer::{CONTENT_UNAVAILABLE, digest_inside};
use super::tlv::{Malformed, Reader};
use crate::crypto::{self, DigestAlgorithm, PublicKeyInfo, SignatureScheme};
use crate::model::{BlobKind, DigestOutcome, SignerFacts, ValueOutcome};

/// Digests that ISO 32000-2, table 260 allows with this SubFilter and that can be computed. The value
/// itself says which; each is tried by exact comparison.
const DIGESTS: [DigestAlgorithm; 4] =
    [DigestAlgorithm::Sha1, DigestAlgorithm::Sha256, DigestAlgorithm::Sha384, DigestAlgorithm::Sha512];

/// Evaluates the OCTET STRING at the start of `contents` with the first of `certificates`, which is the
/// signer's; also returns the bytes behind it.
pub(super) fn evaluate<'c>(
    contents: &'c [u8],
    certificates: &[&[u8]],
    content: &dyn SignedContent,
    depth: usize,
    blobs: &mut Collector,
) -> Result<(SignerFacts, &'c [u8]), Malformed> {
    let mut reader = Reader::new(contents, depth);
    let signature = reader.octet_string("PKCS#1 signature")?;
    let certificate = certificates.first().and_then(|der| Certificate::from_der(der, depth).ok());
    let key = certificate.as_ref().and_then(|certificate| PublicKeyInfo::parse(certificate.public_key));
    let mut digest_algorithm = DigestAlgorithm::Sha1;
    let (value, digest) = match (&certificate, content.bytes()) {
        (None, _) => (ValueOutcome::NoCertificate, DigestOutcome::NotComputable),
        (Some(_), None) => (ValueOutcome::Unsupported(CONTENT_UNAVAILABLE.to_owned()), DigestOutcome::NotComputable),
        (Some(certificate), Some(message)) => {
            let mut outcome = ValueOutcome::Wrong;
            for digest in DIGESTS {
                outcome =
                    crypto::verify(certificate.public_key, &SignatureScheme::RsaPkcs1 { digest }, &message, &signature);
                if outcome.is_right() {
                    digest_algorithm = digest;
                    break;
                }
            }
            let digest = digest_inside(&outcome);
            (outcome, digest)
        }
    };
    let mut facts = SignerFacts {
        digest_algorithm: digest_algorithm.name().to_owned(),
        signature_algorithm: SignatureScheme::RsaPkcs1 { digest: digest_algorithm }.name(key.as_ref()),
        key_bits: key.and_then(|key| key.bits),
        digest,
        value,
        certificate: certificate.map(|certificate| blobs.add(BlobKind::Certificate, certificate.der)),
        certificates: Vec::new(),
        crls: Vec::new(),
        ocsp_responses: Vec::new(),
        signing_time: None,
        ess_certificate: None,
        signed_attributes: false,
        timestamps: Vec::new(),
        notes: Vec::new(),
    };
    if certificates.len() > super::structure::MEMBERS {
        return Err(Malformed::new(format!("more than {} certificates", super::structure::MEMBERS)));
    }
    for der in certificates {
        if Certificate::from_der(der, depth).is_err() {
            note::add(&mut facts.notes, note::OTHER_CERTIFICATE_FORMAT);
        }
    }
    blobs.add_all(BlobKind::Certificate, certificates.iter().copied(), &mut facts.certificates);
    Ok((facts, reader.rest()))
}
