//! Which signature scheme an AlgorithmIdentifier names (RFC 4055, RFC 5758, RFC 8410, RFC 5652 10.1.2).

use super::der::{self, Element, tag};
use super::{DigestAlgorithm, PublicKeyInfo};

/// A signature scheme with its parameters.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum SignatureScheme {
    /// RSASSA-PKCS1-v1_5 (RFC 8017, 8.2).
    RsaPkcs1 {
        /// Digest.
        digest: DigestAlgorithm,
    },
    /// RSASSA-PSS (RFC 8017, 8.1).
    RsaPss(PssParameters),
    /// ECDSA (FIPS 186-5, 6) with the value as Ecdsa-Sig-Value (RFC 3279, 2.2.3).
    Ecdsa {
        /// Digest.
        digest: DigestAlgorithm,
        /// The identifier names no digest (id-ecPublicKey, id-ecSigType), so it is the one named beside it.
        named_by_key: bool,
    },
    /// Pure Ed25519 (RFC 8032).
    Ed25519,
    /// Not supported; the dotted object identifier or what is missing.
    Unsupported(String),
}

/// Parameters of RSASSA-PSS (RFC 4055, 3.1).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct PssParameters {
    /// Digest of the message.
    pub digest: DigestAlgorithm,
    /// Digest of the mask generation function MGF1.
    pub mask_digest: DigestAlgorithm,
    /// Length of the salt in bytes.
    pub salt_length: usize,
}

impl SignatureScheme {
    /// Reads an AlgorithmIdentifier (DER or BER).
    ///
    /// `digest` is the digest algorithm named beside it (digestAlgorithm of a SignerInfo); it decides
    /// where the identifier names only a key type (rsaEncryption, id-ecPublicKey). Certificates, CRLs
    /// and OCSP responses have none.
    pub fn parse(algorithm_identifier: &[u8], digest: Option<DigestAlgorithm>) -> Self {
        let parsed = der::sequence(algorithm_identifier).and_then(|mut sequence| {
            let oid = sequence.next()?.oid()?;
            Some((oid, sequence.next()))
        });
        match parsed {
            Some((oid, parameters)) => Self::from_parts(oid, parameters, digest),
            None => Self::Unsupported("malformed algorithm identifier".to_owned()),
        }
    }

    fn from_parts(oid: String, parameters: Option<Element<'_>>, beside: Option<DigestAlgorithm>) -> Self {
        use DigestAlgorithm as D;
        let rsa = |digest| Self::RsaPkcs1 { digest };
        let ecdsa = |digest| Self::Ecdsa { digest, named_by_key: false };
        match oid.as_str() {
            // rsaEncryption (RFC 8017, A.1): CMS names the digest elsewhere (RFC 5754, 3.2).
            "1.2.840.113549.1.1.1" => match beside {
                Some(digest) => rsa(digest),
                None => Self::Unsupported("rsaEncryption without a digest algorithm".to_owned()),
            },
            // RFC 8017, A.2.4; RFC 3279, 2.2.1; RFC 4055, 5
            "1.2.840.113549.1.1.4" => rsa(D::Md5),
            "1.2.840.113549.1.1.5" => rsa(D::Sha1),
            // OIW sha-1WithRSAEncryption, still written by old software.
            "1.3.14.3.2.29" => rsa(D::Sha1),
            "1.2.840.113549.1.1.14" => rsa(D::Sha224),
            "1.2.840.113549.1.1.11" => rsa(D::Sha256),
            "1.2.840.113549.1.1.12" => rsa(D::Sha384),
            "1.2.840.113549.1.1.13" => rsa(D::Sha512),
            "1.2.840.113549.1.1.16" => rsa(D::Sha512Truncated256),
            "1.3.36.3.3.1.2" => rsa(D::Ripemd160),
            // NIST CSOR, RSASSA-PKCS1-v1_5 with SHA-3
            "2.16.840.1.101.3.4.3.13" => rsa(D::Sha3_224),
            "2.16.840.1.101.3.4.3.14" => rsa(D::Sha3_256),
            "2.16.840.1.101.3.4.3.15" => rsa(D::Sha3_384),
            "2.16.840.1.101.3.4.3.16" => rsa(D::Sha3_512),
            "1.2.840.113549.1.1.10" => match PssParameters::from_element(parameters) {
                Some(parameters) => Self::RsaPss(parameters),
                None => Self::Unsupported("RSASSA-PSS with unsupported parameters".to_owned()),
            },
            // RFC 3279, 2.2.3; RFC 5758, 3.2
            "1.2.840.10045.4.1" => ecdsa(D::Sha1),
            "1.2.840.10045.4.3.1" => ecdsa(D::Sha224),
            "1.2.840.10045.4.3.2" => ecdsa(D::Sha256),
            "1.2.840.10045.4.3.3" => ecdsa(D::Sha384),
            "1.2.840.10045.4.3.4" => ecdsa(D::Sha512),
            "2.16.840.1.101.3.4.3.9" => ecdsa(D::Sha3_224),
            "2.16.840.1.101.3.4.3.10" => ecdsa(D::Sha3_256),
            "2.16.840.1.101.3.4.3.11" => ecdsa(D::Sha3_384),
            "2.16.840.1.101.3.4.3.12" => ecdsa(D::Sha3_512),
            // id-ecPublicKey names a key (RFC 5480, 2.1.1) and id-ecSigType only the arc of the schemes
            // (ANSI X9.62, as in RFC 3279, 2.2.3); signing tools in use write them all the same.
            "1.2.840.10045.2.1" | "1.2.840.10045.4" => match beside {
                Some(digest) => Self::Ecdsa { digest, named_by_key: true },
                None => Self::Unsupported("ECDSA without a digest algorithm".to_owned()),
            },
            "1.3.101.112" => Self::Ed25519,
            "1.3.101.113" => Self::Unsupported("Ed448".to_owned()),
            "1.2.840.10040.4.1" | "1.2.840.10040.4.3" | "2.16.840.1.101.3.4.3.1" | "2.16.840.1.101.3.4.3.2" => {
                Self::Unsupported("DSA".to_owned())
            }
            _ => Self::Unsupported(oid),
        }
    }

    /// The digest that the scheme applies to the message; `None` for Ed25519 and unsupported schemes.
    pub fn digest(&self) -> Option<DigestAlgorithm> {
        match self {
            Self::RsaPkcs1 { digest } | Self::Ecdsa { digest, .. } => Some(*digest),
            Self::RsaPss(parameters) => Some(parameters.digest),
            Self::Ed25519 | Self::Unsupported(_) => None,
        }
    }

    /// The scheme in words, for a signature made with `key`: `RSA PKCS#1 v1.5`, `RSA PSS`,
    /// `ECDSA P-384`, `Ed25519`, else the object identifier.
    pub fn name(&self, key: Option<&PublicKeyInfo>) -> String {
        match self {
            Self::RsaPkcs1 { .. } => "RSA PKCS#1 v1.5".to_owned(),
            Self::RsaPss(_) => "RSA PSS".to_owned(),
            Self::Ecdsa { .. } => key.map_or_else(|| "ECDSA".to_owned(), PublicKeyInfo::name),
            Self::Ed25519 => "Ed25519".to_owned(),
            Self::Unsupported(what) => what.clone(),
        }
    }
}

impl PssParameters {
    /// Defaults of RFC 4055, 3.1.
    const DEFAULT: Self = Self { digest: DigestAlgorithm::Sha1, mask_digest: DigestAlgorithm::Sha1, salt_length: 20 };

    fn from_element(parameters: Option<Element<'_>>) -> Option<Self> {
        match parameters {
            // Absent and NULL both stand for the defaults.
            None => Some(Self::DEFAULT),
            Some(element) if element.is(tag::NULL) => Some(Self::DEFAULT),
            Some(element) => Self::parse(element.raw),
        }
    }

    /// Reads RSASSA-PSS-params.
    pub(super) fn parse(der: &[u8]) -> Option<Self> {
        let mut result = Self::DEFAULT;
        for field in der::sequence(der)? {
            let inner = field.children().next()?;
            match field.tag {
                0 => result.digest = DigestAlgorithm::from_algorithm_identifier(inner.raw)?,
                1 => {
                    let mut generator = der::sequence(inner.raw)?;
                    // id-mgf1
                    if generator.next()?.oid()? != "1.2.840.113549.1.1.8" {
                        return None;
                    }
                    result.mask_digest = DigestAlgorithm::from_algorithm_identifier(generator.next()?.raw)?;
                }
                2 => result.salt_length = usize::try_from(inner.small_integer()?).ok()?,
                // trailerFieldBC is the only trailer defined.
                3 if inner.small_integer()? == 1 => {}
                _ => return None,
            }
        }
        Some(result)
    }
}
