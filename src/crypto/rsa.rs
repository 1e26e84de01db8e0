//! The public RSA operation and the two message encodings of RFC 8017, for what ring does not verify:
//! a DigestInfo without the NULL parameter, other key sizes, other salts.
//!
//! Nothing is parsed from the recovered block: it is compared with the whole encoding that is expected
//! (v1.5), or re-derived (PSS).

use super::DigestAlgorithm;
use super::scheme::PssParameters;
use num_bigint::BigUint;

/// Recovers the encoded message: signature^exponent mod modulus, as long as the modulus
/// (RFC 8017, 5.2.2 and 8.2.2 steps 1 and 2). `None` if the signature has another length or is no
/// representative.
pub(super) fn recover(modulus: &[u8], exponent: &[u8], signature: &[u8]) -> Option<Vec<u8>> {
    let n = BigUint::from_bytes_be(modulus);
    let value = BigUint::from_bytes_be(signature);
    if signature.len() != modulus.len() || value >= n {
        return None;
    }
    let block = value.modpow(&BigUint::from_bytes_be(exponent), &n).to_bytes_be();
    let mut padded = vec![0; modulus.len().checked_sub(block.len())?];
    padded.extend(block);
    Some(padded)
}

/// EMSA-PKCS1-v1_5 (RFC 8017, 9.2) of a digest value, with or without the NULL parameter in the
/// DigestInfo. `None` if it does not fit or the digest cannot be computed.
pub(super) fn pkcs1_encoding(
    algorithm: DigestAlgorithm,
    digest: &[u8],
    length: usize,
    with_null: bool,
) -> Option<Vec<u8>> {
    // Content octets of the identifier.
    let oid: &[u8] = match algorithm {
        DigestAlgorithm::Sha1 => &[0x2b, 0x0e, 0x03, 0x02, 0x1a],
        DigestAlgorithm::Sha256 => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01],
        DigestAlgorithm::Sha384 => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02],
        DigestAlgorithm::Sha512 => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03],
        DigestAlgorithm::Sha512Truncated256 => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x06],
        DigestAlgorithm::Sha3_224 => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x07],
        DigestAlgorithm::Sha3_256 => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x08],
        DigestAlgorithm::Sha3_384 => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x09],
        DigestAlgorithm::Sha3_512 => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x0a],
        _ => return None,
    };
    let mut algorithm_identifier = element(0x06, oid)?;
    if with_null {
        algorithm_identifier.extend([0x05, 0x00]);
    }
    let mut digest_info = element(0x30, &algorithm_identifier)?;
    digest_info.extend(element(0x04, digest)?);
    let digest_info = element(0x30, &digest_info)?;
    // 0x00 0x01 PS 0x00 T, PS at least eight octets.
    let padding = length.checked_sub(digest_info.len())?.checked_sub(3).filter(|padding| *padding >= 8)?;
    let mut block = vec![0x00, 0x01];
    block.extend(std::iter::repeat_n(0xff, padding));
    block.push(0x00);
    block.extend(digest_info);
    Some(block)
}

/// A DER element with a short length.
fn element(identifier: u8, content: &[u8]) -> Option<Vec<u8>> {
    let length = u8::try_from(content.len()).ok().filter(|length| *length < 0x80)?;
    let mut bytes = vec![identifier, length];
    bytes.extend_from_slice(content);
    Some(bytes)
}

/// EMSA-PSS-VERIFY (RFC 8017, 9.1.2) of the recovered `block`, for a modulus of `modulus_bits`.
/// `None` if it is inconsistent.
pub(super) fn verify_pss(parameters: &PssParameters, message: &[u8], block: &[u8], modulus_bits: u32) -> Option<()> {
    let encoded_bits = usize::try_from(modulus_bits).ok()?.checked_sub(1)?;
    let encoded_length = encoded_bits.div_ceil(8);
    // When the modulus has 8k+1 bits the representative is one octet longer than the encoded message.
    let (excess, encoded) = block.split_at_checked(block.len().checked_sub(encoded_length)?)?;
    if excess.iter().any(|byte| *byte != 0) {
        return None;
    }
    let digest_length = parameters.digest.length();
    let (rest, trailer) = encoded.split_at_checked(encoded.len().checked_sub(1)?)?;
    if trailer != [0xbc] {
        return None;
    }
    let (masked, seed) = rest.split_at_checked(rest.len().checked_sub(digest_length)?)?;
    let unused_bits = encoded_length.checked_mul(8)?.checked_sub(encoded_bits)?;
    let first_mask = 0xffu8.checked_shr(u32::try_from(unused_bits).ok()?)?;
    if masked.first()? & !first_mask != 0 {
        return None;
    }
    let mut database: Vec<u8> = mask(parameters.mask_digest, seed, masked.len())?
        .into_iter()
        .zip(masked)
        .map(|(mask, byte)| mask ^ byte)
        .collect();
    *database.first_mut()? &= first_mask;
    let (padding, salt) = database.split_at_checked(database.len().checked_sub(parameters.salt_length)?)?;
    let (one, zeros) = padding.split_last()?;
    if *one != 1 || zeros.iter().any(|byte| *byte != 0) {
        return None;
    }
    let mut second = vec![0; 8];
    second.extend(parameters.digest.digest(message)?);
    second.extend_from_slice(salt);
    (parameters.digest.digest(&second)? == seed).then_some(())
}

/// MGF1 (RFC 8017, B.2.1).
fn mask(algorithm: DigestAlgorithm, seed: &[u8], length: usize) -> Option<Vec<u8>> {
    let mut output = Vec::with_capacity(length);
    let mut counter = 0u32;
    while output.len() < length {
        let mut input = seed.to_vec();
        input.extend(counter.to_be_bytes());
        output.extend(algorithm.digest(&input)?);
        counter = counter.checked_add(1)?;
    }
    output.truncate(length);
    Some(output)
}
