//! Verifying a signature value over a message with a public key.

use super::key::{Curve, KeyKind, PublicKey};
use super::scheme::PssParameters;
use super::{DigestAlgorithm, SignatureScheme, rsa};
use crate::model::ValueOutcome;
use ring::signature::{self, EcdsaVerificationAlgorithm, RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey};

/// Smallest RSA modulus judged at all, in bits: anything shorter can be factored by anyone
/// (768 bits: 2009), so that "verifies" would say nothing. ring draws the same line.
const RSA_MINIMUM_BITS: u32 = 1_024;
/// Largest RSA modulus, in bits, as in ring (`PUBLIC_KEY_PUBLIC_MODULUS_MAX_LEN`): bounds the work.
const RSA_MAXIMUM_BITS: u32 = 8_192;
/// Largest RSA exponent, in bytes: ring allows 33 bits. Bounds the work.
const RSA_MAXIMUM_EXPONENT_BYTES: usize = 5;

/// Verifies `signature` over `message` with the key in `spki_der` (a SubjectPublicKeyInfo).
///
/// The message is the signed bytes, not their digest. A key or scheme that is not supported is
/// [`ValueOutcome::Unsupported`] with what is missing; never [`ValueOutcome::NoCertificate`].
pub fn verify(spki_der: &[u8], scheme: &SignatureScheme, message: &[u8], signature: &[u8]) -> ValueOutcome {
    if let SignatureScheme::Unsupported(what) = scheme {
        return ValueOutcome::Unsupported(what.clone());
    }
    let Some(key) = PublicKey::parse(spki_der) else {
        return ValueOutcome::Unsupported("malformed public key".to_owned());
    };
    if let KeyKind::Other(what) = &key.info.kind {
        return ValueOutcome::Unsupported(what.clone());
    }
    if let Some(digest) = scheme.digest().filter(|digest| !digest.is_supported()) {
        return ValueOutcome::Unsupported(digest.name().to_owned());
    }
    match (scheme, &key.info.kind) {
        (SignatureScheme::RsaPkcs1 { .. }, KeyKind::Rsa { pss_only: true }) => {
            ValueOutcome::Unsupported("PKCS#1 v1.5 with a key bound to RSASSA-PSS".to_owned())
        }
        (SignatureScheme::RsaPkcs1 { digest }, KeyKind::Rsa { .. }) => rsa_pkcs1(&key, *digest, message, signature),
        (SignatureScheme::RsaPss(parameters), KeyKind::Rsa { .. }) => rsa_pss(&key, parameters, message, signature),
        (SignatureScheme::Ecdsa { digest, named_by_key }, KeyKind::Ecdsa(curve)) => {
            match ecdsa_algorithm(*curve, *digest) {
                None => ValueOutcome::Unsupported(format!("ECDSA {} with {}", curve.name(), digest.name())),
                Some(algorithm) => {
                    let verified = UnparsedPublicKey::new(algorithm, key.bytes).verify(message, signature).is_ok();
                    match (verified, named_by_key) {
                        (true, false) => ValueOutcome::Verifies,
                        (true, true) => ValueOutcome::VerifiesNamedByKey,
                        (false, _) => ValueOutcome::Wrong,
                    }
                }
            }
        }
        (SignatureScheme::Ed25519, KeyKind::Ed25519) => {
            outcome(UnparsedPublicKey::new(&signature::ED25519, key.bytes).verify(message, signature).is_ok())
        }
        // The scheme belongs to another kind of key: no signature by this key can have it.
        _ => ValueOutcome::Wrong,
    }
}

fn outcome(verified: bool) -> ValueOutcome {
    if verified { ValueOutcome::Verifies } else { ValueOutcome::Wrong }
}

/// Every combination ring has. It lacks P-256 and P-384 with SHA-1, SHA-512 and SHA-512/256.
fn ecdsa_algorithm(curve: Curve, digest: DigestAlgorithm) -> Option<&'static EcdsaVerificationAlgorithm> {
    match (curve, digest) {
        (Curve::P256, DigestAlgorithm::Sha256) => Some(&signature::ECDSA_P256_SHA256_ASN1),
        (Curve::P256, DigestAlgorithm::Sha384) => Some(&signature::ECDSA_P256_SHA384_ASN1),
        (Curve::P384, DigestAlgorithm::Sha256) => Some(&signature::ECDSA_P384_SHA256_ASN1),
        (Curve::P384, DigestAlgorithm::Sha384) => Some(&signature::ECDSA_P384_SHA384_ASN1),
        _ => None,
    }
}

/// Modulus and exponent if they are within bounds.
fn rsa_numbers<'a>(key: &PublicKey<'a>) -> Result<(&'a [u8], &'a [u8], u32), ValueOutcome> {
    let (Some((modulus, exponent)), Some(bits)) = (key.rsa, key.info.bits) else {
        return Err(ValueOutcome::Unsupported("malformed public key".to_owned()));
    };
    if !(RSA_MINIMUM_BITS..=RSA_MAXIMUM_BITS).contains(&bits) {
        return Err(ValueOutcome::Unsupported(format!("RSA key of {bits} bits")));
    }
    // An exponent of 1 or an even one makes anything verify or nothing: no RSA key (RFC 8017, 3.1).
    let odd = |number: &[u8]| number.last().is_some_and(|byte| byte & 1 == 1);
    if exponent.len() > RSA_MAXIMUM_EXPONENT_BYTES || exponent == [1] || !odd(exponent) || !odd(modulus) {
        return Err(ValueOutcome::Unsupported("RSA key with unusable exponent or modulus".to_owned()));
    }
    Ok((modulus, exponent, bits))
}

fn rsa_pkcs1(key: &PublicKey<'_>, digest: DigestAlgorithm, message: &[u8], value: &[u8]) -> ValueOutcome {
    let (n, e, _) = match rsa_numbers(key) {
        Ok(numbers) => numbers,
        Err(outcome) => return outcome,
    };
    let parameters: Option<&RsaParameters> = match digest {
        DigestAlgorithm::Sha1 => Some(&signature::RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY),
        DigestAlgorithm::Sha256 => Some(&signature::RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY),
        DigestAlgorithm::Sha384 => Some(&signature::RSA_PKCS1_2048_8192_SHA384),
        DigestAlgorithm::Sha512 => Some(&signature::RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY),
        _ => None,
    };
    if parameters.is_some_and(|parameters| RsaPublicKeyComponents { n, e }.verify(parameters, message, value).is_ok()) {
        return ValueOutcome::Verifies;
    }
    // ring refused: the value is wrong, or lacks the NULL, or the key has a size that ring does not
    // take. Only the two whole encodings count.
    let (Some(block), Some(hash)) = (rsa::recover(n, e, value), digest.digest(message)) else {
        return ValueOutcome::Wrong;
    };
    let equals =
        |with_null| rsa::pkcs1_encoding(digest, &hash, n.len(), with_null).is_some_and(|block_| block_ == block);
    if equals(true) {
        ValueOutcome::Verifies
    } else if equals(false) {
        ValueOutcome::VerifiesWithoutNull
    } else {
        ValueOutcome::Wrong
    }
}

fn rsa_pss(key: &PublicKey<'_>, parameters: &PssParameters, message: &[u8], value: &[u8]) -> ValueOutcome {
    let (n, e, bits) = match rsa_numbers(key) {
        Ok(numbers) => numbers,
        Err(outcome) => return outcome,
    };
    if !parameters.mask_digest.is_supported() {
        return ValueOutcome::Unsupported(format!("MGF1 with {}", parameters.mask_digest.name()));
    }
    // A key bound to parameters signs with these digests and at least this salt (RFC 4055, 3.3).
    if key.pss.is_some_and(|bound| {
        bound.digest != parameters.digest
            || bound.mask_digest != parameters.mask_digest
            || bound.salt_length > parameters.salt_length
    }) {
        return ValueOutcome::Wrong;
    }
    let usual = parameters.mask_digest == parameters.digest && parameters.salt_length == parameters.digest.length();
    let by_ring: Option<&RsaParameters> = match parameters.digest {
        DigestAlgorithm::Sha256 => Some(&signature::RSA_PSS_2048_8192_SHA256),
        DigestAlgorithm::Sha384 => Some(&signature::RSA_PSS_2048_8192_SHA384),
        DigestAlgorithm::Sha512 => Some(&signature::RSA_PSS_2048_8192_SHA512),
        _ => None,
    };
    if usual && by_ring.is_some_and(|ring| RsaPublicKeyComponents { n, e }.verify(ring, message, value).is_ok()) {
        return ValueOutcome::Verifies;
    }
    outcome(rsa::recover(n, e, value).and_then(|block| rsa::verify_pss(parameters, message, &block, bits)).is_some())
}
