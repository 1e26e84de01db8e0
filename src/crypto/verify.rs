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
            match (ecdsa(*curve, *digest, key.bytes, message, signature), named_by_key) {
                (None, _) => ValueOutcome::Unsupported(format!("ECDSA {} with {}", curve.name(), digest.name())),
                (Some(true), false) => ValueOutcome::Verifies,
                (Some(true), true) => ValueOutcome::VerifiesNamedByKey,
                (Some(false), _) => ValueOutcome::Wrong,
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

/// Whether an ECDSA value verifies; `None` if the pair of curve and digest is not supported.
fn ecdsa(curve: Curve, digest: DigestAlgorithm, key: &[u8], message: &[u8], value: &[u8]) -> Option<bool> {
    if let Some(algorithm) = ecdsa_algorithm(curve, digest) {
        return Some(UnparsedPublicKey::new(algorithm, key).verify(message, value).is_ok());
    }
    #[cfg(feature = "more-algorithms")]
    if let Some(digest) = digest.digest(message) {
        return Some(super::more::ecdsa(curve, &digest, key, value));
    }
    None
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
    let equals = |with_null| rsa::pkcs1_encoding(digest, &hash, n.len(), with_null).as_ref() == Some(&block);
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

#[cfg(test)]
mod tests {
    use super::super::vectors::*;
    use super::*;
    use num_bigint::BigUint;

    const MESSAGE: &[u8] = "soát".as_bytes();

    fn bytes(hex: &str) -> Vec<u8> {
        hex.as_bytes()
            .chunks(2)
            .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
            .collect()
    }

    fn check(spki: &str, scheme: &SignatureScheme, value: &[u8]) -> ValueOutcome {
        verify(&bytes(spki), scheme, MESSAGE, value)
    }

    const fn rsa(digest: DigestAlgorithm) -> SignatureScheme {
        SignatureScheme::RsaPkcs1 { digest }
    }

    const fn ecdsa(digest: DigestAlgorithm) -> SignatureScheme {
        SignatureScheme::Ecdsa { digest, named_by_key: false }
    }

    const fn pss(digest: DigestAlgorithm, mask_digest: DigestAlgorithm, salt_length: usize) -> SignatureScheme {
        SignatureScheme::RsaPss(PssParameters { digest, mask_digest, salt_length })
    }

    /// A signature value whose recovered block is `block`.
    fn sign_block(block: &[u8]) -> Vec<u8> {
        let number = |hex| BigUint::from_bytes_be(&bytes(hex));
        let value =
            BigUint::from_bytes_be(block).modpow(&number(RSA_PRIVATE_EXPONENT), &number(RSA_MODULUS)).to_bytes_be();
        let mut padded = vec![0; 256 - value.len()];
        padded.extend(value);
        padded
    }

    #[test]
    fn values_of_another_implementation_verify_and_altered_ones_do_not() {
        use DigestAlgorithm::{Sha1, Sha256, Sha384, Sha512};
        for (spki, scheme, value) in [
            (RSA_SPKI, rsa(Sha256), RSA_SHA256),
            (RSA_SPKI, rsa(Sha1), RSA_SHA1),
            (RSA_SPKI, pss(Sha256, Sha256, 32), PSS_SHA256_SALT_32),
            (RSA_SPKI, pss(Sha256, Sha256, 20), PSS_SHA256_SALT_20),
            (RSA_SPKI, pss(Sha512, Sha1, 0), PSS_SHA512_MGF_SHA1_SALT_0),
            (RSA_ODD_SPKI, rsa(Sha384), RSA_ODD_SHA384),
            (RSA_ODD_SPKI, pss(Sha256, Sha256, 32), RSA_ODD_PSS_SHA256_SALT_32),
            (P256_SPKI, ecdsa(Sha256), P256_SHA256),
            (P256_SPKI, ecdsa(Sha384), P256_SHA384),
            (P384_SPKI, ecdsa(Sha256), P384_SHA256),
            (P384_SPKI, ecdsa(Sha384), P384_SHA384),
            (ED25519_SPKI, SignatureScheme::Ed25519, ED25519),
        ] {
            let value = bytes(value);
            assert_eq!(check(spki, &scheme, &value), ValueOutcome::Verifies, "{scheme:?}");
            assert_eq!(verify(&bytes(spki), &scheme, b"so\xc3\xa0t", &value), ValueOutcome::Wrong, "{scheme:?}");
            for position in [0, value.len() / 2, value.len() - 1] {
                let mut altered = value.clone();
                altered[position] ^= 1;
                assert_eq!(check(spki, &scheme, &altered), ValueOutcome::Wrong, "{scheme:?} {position}");
            }
            assert_eq!(check(spki, &scheme, &value[1..]), ValueOutcome::Wrong, "{scheme:?}");
            assert_eq!(check(spki, &scheme, &[]), ValueOutcome::Wrong, "{scheme:?}");
        }
    }

    #[test]
    fn another_digest_salt_or_mask_does_not_verify() {
        use DigestAlgorithm::{Sha1, Sha256, Sha384};
        assert_eq!(check(RSA_SPKI, &rsa(Sha384), &bytes(RSA_SHA256)), ValueOutcome::Wrong);
        for scheme in [pss(Sha256, Sha256, 31), pss(Sha256, Sha256, 33), pss(Sha256, Sha1, 32), rsa(Sha256)] {
            assert_eq!(check(RSA_SPKI, &scheme, &bytes(PSS_SHA256_SALT_32)), ValueOutcome::Wrong, "{scheme:?}");
        }
        let huge = pss(Sha256, Sha256, usize::MAX);
        assert_eq!(check(RSA_SPKI, &huge, &bytes(PSS_SHA256_SALT_32)), ValueOutcome::Wrong);
    }

    #[test]
    fn exactly_two_digest_infos_are_accepted() {
        let scheme = rsa(DigestAlgorithm::Sha256);
        let digest = DigestAlgorithm::Sha256.digest(MESSAGE).unwrap();
        let encoding = |null| rsa::pkcs1_encoding(DigestAlgorithm::Sha256, &digest, 256, null).unwrap();
        assert_eq!(check(RSA_SPKI, &scheme, &sign_block(&encoding(true))), ValueOutcome::Verifies);
        assert_eq!(check(RSA_SPKI, &scheme, &sign_block(&encoding(false))), ValueOutcome::VerifiesWithoutNull);

        // What lenient parsers take: trailing bytes with short padding (Bleichenbacher 2006), garbage in
        // the parameters, a bare digest, other padding bytes.
        let whole = encoding(false);
        let info = &whole[whole.len() - 49..];
        let mut trailing = vec![0x00, 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00];
        trailing.extend_from_slice(info);
        trailing.resize(256, 0);
        let mut garbage = vec![0x00, 0x01];
        garbage.resize(256 - 3 - 50, 0xff);
        garbage.extend([0x00, 0x30, 0x33, 0x30, 0x0d]);
        garbage.extend_from_slice(&encoding(true)[256 - 51 + 4..256 - 51 + 15]);
        garbage.extend([0x04, 0x00]);
        garbage.extend([0x04, 0x20]);
        garbage.extend_from_slice(&digest);
        garbage.resize(256, 0);
        let mut bare = vec![0x00, 0x01];
        bare.resize(256 - 33, 0xff);
        bare.push(0);
        bare.extend_from_slice(&digest);
        let mut padding = encoding(false);
        padding[9] = 0xfe;
        let mut kind = encoding(false);
        kind[1] = 0x02;
        for block in [trailing, garbage, bare, padding, kind, vec![0; 256], vec![1]] {
            assert_eq!(check(RSA_SPKI, &scheme, &sign_block(&block)), ValueOutcome::Wrong);
        }
        // The modulus itself is no representative, and a shorter or longer value is none either.
        assert_eq!(check(RSA_SPKI, &scheme, &bytes(RSA_MODULUS)), ValueOutcome::Wrong);
        let mut long = vec![0];
        long.extend(bytes(RSA_SHA256));
        assert_eq!(check(RSA_SPKI, &scheme, &long), ValueOutcome::Wrong);
    }

    #[test]
    fn ecdsa_named_by_its_key_takes_the_digest_beside_it() {
        let identifier = &bytes(P384_SPKI)[2..20];
        let scheme = SignatureScheme::parse(identifier, Some(DigestAlgorithm::Sha384));
        assert_eq!(scheme, SignatureScheme::Ecdsa { digest: DigestAlgorithm::Sha384, named_by_key: true });
        assert_eq!(check(P384_SPKI, &scheme, &bytes(P384_SHA384)), ValueOutcome::VerifiesNamedByKey);
        assert!(matches!(SignatureScheme::parse(identifier, None), SignatureScheme::Unsupported(_)));

        // id-ecSigType, the arc above the ECDSA identifiers.
        let arc = bytes("300806062a8648ce3d04");
        let scheme = SignatureScheme::parse(&arc, Some(DigestAlgorithm::Sha384));
        assert_eq!(check(P384_SPKI, &scheme, &bytes(P384_SHA384)), ValueOutcome::VerifiesNamedByKey);
        assert!(matches!(SignatureScheme::parse(&arc, None), SignatureScheme::Unsupported(_)));
    }

    #[test]
    fn a_modulus_without_its_leading_zero_is_unsigned() {
        // 30 len 02 82 0101 00 <256> becomes 02 82 0100 <256>: written by an issuer of national identity cards.
        let modulus = RSA_MODULUS.trim_start_matches("00");
        let key = format!("0282010100{modulus}0203010001");
        assert!(RSA_SPKI.ends_with(&format!("3082010a{key}")));
        let bare = format!("30820109{}", key.replacen("0282010100", "02820100", 1));
        let spki = format!("30820121300d06092a864886f70d01010105000382010e00{bare}");
        assert_eq!(check(&spki, &rsa(DigestAlgorithm::Sha256), &bytes(RSA_SHA256)), ValueOutcome::Verifies);
        // The exponent stays an INTEGER like any other.
        let negative = spki.replacen("0203010001", "0203810001", 1);
        assert!(matches!(
            check(&negative, &rsa(DigestAlgorithm::Sha256), &bytes(RSA_SHA256)),
            ValueOutcome::Unsupported(_)
        ));
    }

    #[test]
    fn what_is_not_supported_is_said() {
        use DigestAlgorithm::{Md5, Sha1, Sha224, Sha512};
        for (spki, scheme, said) in [
            (RSA_SPKI, rsa(Md5), "MD5"),
            (RSA_SPKI, pss(Sha1, Sha224, 20), "MGF1 with SHA-224"),
            (DSA_SPKI, rsa(Sha1), "DSA"),
            ("3000", rsa(Sha1), "malformed public key"),
            ("", rsa(Sha1), "malformed public key"),
        ] {
            assert_eq!(check(spki, &scheme, &bytes(P521_SHA512)), ValueOutcome::Unsupported(said.to_owned()));
        }
        assert_eq!(check(P256_SPKI, &rsa(Sha1), &bytes(RSA_SHA1)), ValueOutcome::Wrong);
        for (spki, digest, said, right) in [
            (P521_SPKI, Sha512, "ECDSA P-521 with SHA-512", ValueOutcome::Verifies),
            (P256_SPKI, Sha512, "ECDSA P-256 with SHA-512", ValueOutcome::Wrong),
            (P384_SPKI, Sha1, "ECDSA P-384 with SHA-1", ValueOutcome::Wrong),
        ] {
            let unsupported = ValueOutcome::Unsupported(said.to_owned());
            let expected = if cfg!(feature = "more-algorithms") { right } else { unsupported };
            assert_eq!(check(spki, &ecdsa(digest), &bytes(P521_SHA512)), expected);
        }
    }

    #[test]
    fn trivial_keys_never_verify() {
        // Exponent 1 makes every encoding its own signature.
        let digest = DigestAlgorithm::Sha256.digest(MESSAGE).unwrap();
        let block = rsa::pkcs1_encoding(DigestAlgorithm::Sha256, &digest, 256, true).unwrap();
        let spki = RSA_SPKI.replace("0203010001", "0203000001");
        assert_ne!(spki, RSA_SPKI);
        let scheme = rsa(DigestAlgorithm::Sha256);
        assert!(matches!(check(&spki, &scheme, &block), ValueOutcome::Unsupported(_)));
    }

    #[test]
    fn keys_are_described() {
        use crate::crypto::PublicKeyInfo;
        for (spki, name, bits) in [
            (RSA_SPKI, "RSA-2048", Some(2048)),
            (RSA_ODD_SPKI, "RSA-1033", Some(1033)),
            (P384_SPKI, "ECDSA P-384", Some(384)),
            (P521_SPKI, "ECDSA P-521", Some(521)),
            (ED25519_SPKI, "Ed25519", Some(256)),
            (DSA_SPKI, "DSA", None),
        ] {
            let info = PublicKeyInfo::parse(&bytes(spki)).unwrap();
            assert_eq!((info.name().as_str(), info.bits), (name, bits));
        }
        for length in 0..bytes(RSA_SPKI).len() {
            assert_eq!(PublicKeyInfo::parse(&bytes(RSA_SPKI)[..length]), None);
        }
    }

    #[test]
    fn pss_parameters_default_and_are_read() {
        use DigestAlgorithm::{Sha1, Sha256};
        let oid = "06092a864886f70d01010a";
        let full = format!(
            "3041{oid}3034a00f300d06096086480165030402010500a11c301a06092a864886f70d010108300d06096086480165030402010500a203020120"
        );
        for (identifier, expected) in [
            (format!("300b{oid}"), pss(Sha1, Sha1, 20)),
            (format!("300d{oid}3000"), pss(Sha1, Sha1, 20)),
            (full, pss(Sha256, Sha256, 32)),
        ] {
            assert_eq!(SignatureScheme::parse(&bytes(&identifier), None), expected);
        }
        assert!(matches!(SignatureScheme::parse(&[], None), SignatureScheme::Unsupported(_)));
    }
}
