//! What a SubjectPublicKeyInfo holds (RFC 5280, 4.1.2.7).

use super::der::{self, tag};
use super::scheme::PssParameters;

/// A named elliptic curve (RFC 5480, 2.1.1.1).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Curve {
    /// secp256r1.
    P256,
    /// secp384r1.
    P384,
    /// secp521r1. Recognised only.
    P521,
}

impl Curve {
    /// The name printed: `P-384`.
    pub fn name(self) -> &'static str {
        match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
            Self::P521 => "P-521",
        }
    }
}

/// Kind of a public key.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum KeyKind {
    /// rsaEncryption, or id-RSASSA-PSS (a key for RSASSA-PSS only).
    Rsa {
        /// The key may be used for RSASSA-PSS only (RFC 4055, 1.2).
        pss_only: bool,
    },
    /// id-ecPublicKey on a named curve.
    Ecdsa(Curve),
    /// id-Ed25519.
    Ed25519,
    /// Anything else: a name or the dotted object identifier.
    Other(String),
}

/// Kind and size of a public key.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct PublicKeyInfo {
    /// Kind.
    pub kind: KeyKind,
    /// Size in bits: the modulus, the field of the curve. `None` if not known.
    pub bits: Option<u32>,
}

impl PublicKeyInfo {
    /// Reads a SubjectPublicKeyInfo; `None` if it is malformed.
    pub fn parse(spki_der: &[u8]) -> Option<Self> {
        Some(PublicKey::parse(spki_der)?.info)
    }

    /// The name printed: `RSA-2048`, `ECDSA P-384`, `Ed25519`.
    pub fn name(&self) -> String {
        match (&self.kind, self.bits) {
            (KeyKind::Rsa { .. }, Some(bits)) => format!("RSA-{bits}"),
            (KeyKind::Rsa { .. }, None) => "RSA".to_owned(),
            (KeyKind::Ecdsa(curve), _) => format!("ECDSA {}", curve.name()),
            (KeyKind::Ed25519, _) => "Ed25519".to_owned(),
            (KeyKind::Other(name), _) => name.clone(),
        }
    }
}

/// A public key ready for verification.
#[derive(Clone, Debug)]
pub(super) struct PublicKey<'a> {
    pub(super) info: PublicKeyInfo,
    /// RSA: modulus and exponent, big endian, without leading zeros.
    pub(super) rsa: Option<(&'a [u8], &'a [u8])>,
    /// Content of the BIT STRING behind the count of unused bits.
    pub(super) bytes: &'a [u8],
    /// RSASSA-PSS parameters that the key is bound to.
    pub(super) pss: Option<PssParameters>,
}

impl<'a> PublicKey<'a> {
    pub(super) fn parse(spki_der: &'a [u8]) -> Option<Self> {
        let mut spki = der::sequence(spki_der)?;
        let mut algorithm = spki.next_of(tag::SEQUENCE)?.children();
        let bytes = spki.next()?.whole_bits()?;
        if spki.next().is_some() {
            return None;
        }
        let oid = algorithm.next()?.oid()?;
        let parameters = algorithm.next();
        let key = |kind, bits| Self { info: PublicKeyInfo { kind, bits }, rsa: None, bytes, pss: None };
        Some(match oid.as_str() {
            // RFC 8017, A.1; RFC 4055, 3.1
            "1.2.840.113549.1.1.1" | "1.2.840.113549.1.1.10" => {
                let pss_only = oid.ends_with(".10");
                let mut numbers = der::sequence(bytes)?;
                // Positive by definition (RFC 8017, A.1.1): issuers that leave out the zero octet before a
                // set highest bit are in use, and only one number can be meant.
                let modulus = magnitude(numbers.next_of(tag::INTEGER)?.content)?;
                let exponent = positive(numbers.next_of(tag::INTEGER)?.content)?;
                if numbers.next().is_some() {
                    return None;
                }
                let bits = u32::try_from(modulus.len()).ok()?.checked_mul(8)? - modulus.first()?.leading_zeros();
                let pss = match parameters.filter(|p| pss_only && p.is(tag::SEQUENCE)) {
                    Some(parameters) => Some(PssParameters::parse(parameters.raw)?),
                    None => None,
                };
                Self { rsa: Some((modulus, exponent)), pss, ..key(KeyKind::Rsa { pss_only }, Some(bits)) }
            }
            // RFC 5480, 2.1.1: only named curves are allowed in certificates.
            "1.2.840.10045.2.1" => match parameters.and_then(|p| p.oid()).as_deref() {
                Some("1.2.840.10045.3.1.7") => key(KeyKind::Ecdsa(Curve::P256), Some(256)),
                Some("1.3.132.0.34") => key(KeyKind::Ecdsa(Curve::P384), Some(384)),
                Some("1.3.132.0.35") => key(KeyKind::Ecdsa(Curve::P521), Some(521)),
                Some(curve) => key(KeyKind::Other(format!("ECDSA {curve}")), None),
                None => key(KeyKind::Other("ECDSA with explicit curve".to_owned()), None),
            },
            // RFC 8410, 3
            "1.3.101.112" => key(KeyKind::Ed25519, Some(256)),
            "1.3.101.113" => key(KeyKind::Other("Ed448".to_owned()), Some(448)),
            // RFC 3279, 2.3.2
            "1.2.840.10040.4.1" => key(KeyKind::Other("DSA".to_owned()), None),
            _ => key(KeyKind::Other(oid), None),
        })
    }
}

/// The magnitude of a positive INTEGER without leading zeros.
fn positive(content: &[u8]) -> Option<&[u8]> {
    if content.first()? & 0x80 != 0 {
        return None;
    }
    magnitude(content)
}

/// The octets as an unsigned number without leading zeros; `None` if it is zero.
fn magnitude(content: &[u8]) -> Option<&[u8]> {
    let start = content.iter().position(|byte| *byte != 0)?;
    content.get(start..)
}
