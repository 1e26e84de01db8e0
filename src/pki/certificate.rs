//! An X.509 certificate (RFC 5280, 4.1), owned, with what path validation and reports need.

use super::extension::Extensions;
use super::name::{Name, hexadecimal};
use crate::crypto::der::tag;
use crate::crypto::{self, PublicKeyInfo, SignatureScheme};
use crate::model::{Sha256Digest, UnixTime, ValueOutcome};
use std::collections::HashSet;
use std::ops::Range;
use x509_parser::certificate::X509CertificateParser;
use x509_parser::nom::Parser;

/// Bytes of one certificate that is read at all. The largest real ones hold images and stay below
/// 100 kB; ours.
const MAXIMUM_BYTES: usize = 1 << 20;

/// A parsed certificate. The fields agree with `der` because only [`Certificate::parse`] makes one.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Certificate {
    /// The whole certificate.
    pub der: Vec<u8>,
    /// SHA-256 of `der`.
    pub sha256: Sha256Digest,
    /// Issuer.
    pub issuer: Name,
    /// Subject.
    pub subject: Name,
    /// Serial number: content octets of the INTEGER.
    pub serial: Vec<u8>,
    /// First moment of validity.
    pub not_before: UnixTime,
    /// Last moment of validity.
    pub not_after: UnixTime,
    /// SubjectPublicKeyInfo.
    pub spki: Vec<u8>,
    /// SHA-256 of `spki`: the identity of the key.
    pub key_sha256: Sha256Digest,
    /// Kind and size of the key; `None` if malformed.
    pub key: Option<PublicKeyInfo>,
    /// How it is signed.
    pub signature_scheme: SignatureScheme,
    /// Extensions.
    pub extensions: Extensions,
    signature: Vec<u8>,
    signed: Range<usize>,
    /// The two algorithm identifiers agree (RFC 5280, 4.1.1.2).
    algorithms_agree: bool,
}

/// Why bytes are no certificate that can be used.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum CertificateError {
    /// Larger than any real one.
    #[error("larger than {MAXIMUM_BYTES} bytes")]
    TooLarge,
    /// Not the DER of a certificate; says where.
    #[error("not a certificate: {0}")]
    Malformed(String),
}

impl Certificate {
    /// Reads one certificate (DER). Bytes behind it are ignored: some tokens pad.
    pub fn parse(der: &[u8]) -> Result<Self, CertificateError> {
        if der.len() > MAXIMUM_BYTES {
            return Err(CertificateError::TooLarge);
        }
        let malformed = |what: &str| CertificateError::Malformed(what.to_owned());
        let (rest, parsed) = X509CertificateParser::new()
            .with_deep_parse_extensions(false)
            .parse(der)
            .map_err(|error| CertificateError::Malformed(describe(&error)))?;
        let der = der.get(..der.len() - rest.len()).ok_or_else(|| malformed("length"))?;
        let tbs = &parsed.tbs_certificate;
        // The outer sequence: tbsCertificate, signatureAlgorithm, signatureValue.
        let mut outer = crypto::der::sequence(der).ok_or_else(|| malformed("outer sequence"))?;
        let signed = outer.next().ok_or_else(|| malformed("tbsCertificate"))?.raw;
        let algorithm = outer.next().ok_or_else(|| malformed("signatureAlgorithm"))?.raw;
        let header = der.len() - outer.0.len() - algorithm.len() - signed.len();
        let signature = outer.next_of(tag::BIT_STRING).ok_or_else(|| malformed("signatureValue"))?;
        // With unused bits it is no signature value of any scheme: wrong, not malformed (NIST PKITS 4.1.2).
        let signature = signature.whole_bits().unwrap_or_default();
        if !outer.0.is_empty() {
            return Err(malformed("bytes behind the signature"));
        }
        let inner_algorithm = inner_algorithm(signed).ok_or_else(|| malformed("signature"))?;

        let mut extensions = Extensions::default();
        let mut seen = HashSet::new();
        for extension in tbs.extensions() {
            let oid = extension.oid.to_id_string();
            let repeated = !seen.insert(oid.clone());
            extensions.add(&oid, extension.critical, extension.value, repeated);
        }
        let spki = tbs.subject_pki.raw.to_vec();
        Ok(Self {
            sha256: crypto::sha256(der),
            issuer: Name::parse(tbs.issuer.as_raw()).ok_or_else(|| malformed("issuer"))?,
            subject: Name::parse(tbs.subject.as_raw()).ok_or_else(|| malformed("subject"))?,
            serial: tbs.raw_serial().to_vec(),
            not_before: UnixTime(tbs.validity.not_before.timestamp()),
            not_after: UnixTime(tbs.validity.not_after.timestamp()),
            key_sha256: crypto::sha256(&spki),
            key: PublicKeyInfo::parse(&spki),
            spki,
            signature_scheme: SignatureScheme::parse(algorithm, None),
            extensions,
            signature: signature.to_vec(),
            signed: header..header + signed.len(),
            algorithms_agree: algorithm == inner_algorithm,
            der: der.to_vec(),
        })
    }

    /// Issuer and subject are the same name (RFC 5280, 3.2).
    pub fn is_self_issued(&self) -> bool {
        self.issuer == self.subject
    }

    /// Its own key made its signature, under its own name: what a root looks like.
    pub fn is_self_signed(&self) -> bool {
        self.is_self_issued() && self.verify_signed_by(&self.spki).is_right()
    }

    /// Whether the key in `spki` made this certificate's signature.
    pub fn verify_signed_by(&self, spki: &[u8]) -> ValueOutcome {
        if !self.algorithms_agree {
            return ValueOutcome::Wrong;
        }
        let message = self.der.get(self.signed.clone()).unwrap_or_default();
        crypto::verify(spki, &self.signature_scheme, message, &self.signature)
    }

    /// Whether `at` lies within the validity period, ends included.
    pub fn is_within_validity(&self, at: UnixTime) -> bool {
        self.not_before <= at && at <= self.not_after
    }

    /// The basic constraints say CA.
    pub fn is_ca(&self) -> bool {
        self.extensions.basic_constraints.is_some_and(|constraints| constraints.ca)
    }

    /// Serial number in hexadecimal, as certificate viewers print it.
    pub fn serial_hexadecimal(&self) -> String {
        hexadecimal(&self.serial)
    }

    /// A key purpose (dotted) is listed in the extended key usage.
    pub fn has_key_purpose(&self, oid: &str) -> bool {
        self.extensions.extended_key_usage.iter().flatten().any(|purpose| purpose == oid)
    }
}

/// The signature field of a TBSCertificate: behind the optional version and the serial number.
fn inner_algorithm(tbs: &[u8]) -> Option<&[u8]> {
    let mut fields = crypto::der::sequence(tbs)?;
    fields.next_context(0);
    fields.next()?;
    Some(fields.next()?.raw)
}

/// The kind of a parser error without the input it carries.
fn describe(error: &x509_parser::nom::Err<x509_parser::error::X509Error>) -> String {
    match error {
        x509_parser::nom::Err::Incomplete(_) => "incomplete".to_owned(),
        x509_parser::nom::Err::Error(error) | x509_parser::nom::Err::Failure(error) => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::testing::{Make, element, extension, object_identifier, sequence};

    #[test]
    fn fields_are_those_written() {
        let usage = extension("2.5.29.15", true, &[3, 2, 6, 0xc0]);
        let signing = sequence(&[&object_identifier("1.3.6.1.5.5.7.3.8")]);
        let make = Make::leaf("Nguyễn Văn A", 3, "ca", 2).with(usage).with(extension("2.5.29.37", true, &signing));
        let mut padded = make.der();
        let certificate = Certificate::parse(&padded).unwrap();
        assert_eq!(certificate.subject.common_name(), Some("Nguyễn Văn A"));
        assert_eq!(certificate.issuer.to_string(), "CN=ca");
        assert_eq!((certificate.not_before, certificate.not_after), make.validity);
        assert_eq!(certificate.serial_hexadecimal(), "03");
        assert_eq!(certificate.key.as_ref().unwrap().name(), "Ed25519");
        assert!(certificate.has_key_purpose("1.3.6.1.5.5.7.3.8") && certificate.extensions.extended_key_usage_critical);
        assert!(certificate.extensions.key_usage.unwrap().non_repudiation() && !certificate.is_ca());
        // Padding behind it belongs to whoever carries it.
        padded.extend([0, 0]);
        assert_eq!(Certificate::parse(&padded), Ok(certificate));
        assert!(matches!(Certificate::parse(&vec![0x30; MAXIMUM_BYTES + 1]), Err(CertificateError::TooLarge)));
    }

    #[test]
    fn both_algorithm_identifiers_have_to_agree() {
        let issuer = Make::root("root", 1).make();
        let der = Make::leaf("leaf", 3, "root", 1).der();
        let mut parts = crypto::der::sequence(&der).unwrap();
        let (tbs, algorithm, value) = (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap());
        let rebuilt = |algorithm: &[u8]| {
            let certificate = Certificate::parse(&sequence(&[tbs.raw, algorithm, value.raw])).unwrap();
            certificate.verify_signed_by(&issuer.spki)
        };
        assert_eq!(rebuilt(algorithm.raw), ValueOutcome::Verifies);
        let with_null = sequence(&[algorithm.content, &element(5, &[])]);
        assert_eq!(rebuilt(&with_null), ValueOutcome::Wrong);
    }
}
