//! The ESS signing-certificate attributes (RFC 5035): do they name the certificate that was used?

use super::attributes::SignedAttributes;
use super::certificate::Certificate;
use super::note;
use super::structure::AlgorithmIdentifier;
use super::tlv::{Element, Malformed, tag};
use crate::crypto::DigestAlgorithm;

/// `None` if neither attribute is there; else whether every one that is there names `certificate` first
/// (RFC 5035, 3 and 5.4: the first identifier is the signer's). An attribute that cannot be read names
/// nothing.
pub(super) fn names_certificate(
    attributes: &SignedAttributes<'_>,
    certificate: Option<&Certificate<'_>>,
    depth: usize,
    notes: &mut Vec<String>,
) -> Option<bool> {
    let forms = [(attributes.signing_certificate, false), (attributes.signing_certificate_v2, true)];
    let mut result = None;
    for (value, second_version) in forms {
        let Some(value) = value else { continue };
        let named = certificate.is_some_and(|certificate| match compare(&value, second_version, certificate, depth) {
            Ok(comparison) => {
                if comparison == Comparison::OtherIssuerSerial {
                    note::add(notes, note::ESS_ISSUER_SERIAL_DIFFERS);
                }
                comparison != Comparison::OtherHash
            }
            Err(_) => {
                note::add(notes, note::ESS_UNREADABLE);
                false
            }
        });
        result = Some(result.unwrap_or(true) && named);
    }
    result
}

#[derive(PartialEq, Eq)]
enum Comparison {
    Same,
    OtherIssuerSerial,
    OtherHash,
}

/// SigningCertificate(V2) ::= SEQUENCE { certs SEQUENCE OF ESSCertID(v2), policies … OPTIONAL }
fn compare(
    value: &Element<'_>,
    second_version: bool,
    certificate: &Certificate<'_>,
    depth: usize,
) -> Result<Comparison, Malformed> {
    if value.identifier != tag::SEQUENCE {
        return Err("signing-certificate expected".into());
    }
    let mut identifiers = value.reader(depth).expect(tag::SEQUENCE, "certs")?.reader(depth);
    let mut first = identifiers.expect(tag::SEQUENCE, "ESSCertID")?.reader(depth);
    let algorithm = if second_version {
        match first.optional(tag::SEQUENCE)? {
            Some(algorithm) => {
                let algorithm = AlgorithmIdentifier::parse(&algorithm, depth)?;
                DigestAlgorithm::from_algorithm_identifier(algorithm.raw).ok_or("unknown hash")?
            }
            // DEFAULT id-sha256 (RFC 5035, 4)
            None => DigestAlgorithm::Sha256,
        }
    } else {
        DigestAlgorithm::Sha1
    };
    let hash = first.octet_string("certHash")?;
    let digest = algorithm.digest(certificate.der).ok_or("unknown hash")?;
    if digest != hash.as_ref() {
        return Ok(Comparison::OtherHash);
    }
    let Some(issuer_serial) = first.optional(tag::SEQUENCE)? else { return Ok(Comparison::Same) };
    // IssuerSerial ::= SEQUENCE { issuer GeneralNames, serialNumber INTEGER }
    let mut parts = issuer_serial.reader(depth);
    let names = parts.expect(tag::SEQUENCE, "issuer")?;
    let serial = parts.expect(tag::INTEGER, "serialNumber")?.content;
    let issuer = names.reader(depth).expect(tag::CONTEXT_4, "directoryName")?;
    if issuer.content == certificate.issuer && serial == certificate.serial {
        Ok(Comparison::Same)
    } else {
        Ok(Comparison::OtherIssuerSerial)
    }
}
