//! Message digests: which are known, which can be computed, one-shot and incremental.

use crate::crypto::der;
use crate::model::Sha256Digest;
use ring::digest;

/// A digest algorithm that is recognised by name. Not all can be computed: see [`Self::is_supported`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum DigestAlgorithm {
    /// RFC 1321. Recognised only: broken since 2004 and computed by no kept library in use here.
    Md5,
    /// RIPEMD-160. Recognised only.
    Ripemd160,
    /// FIPS 180-4.
    Sha1,
    /// FIPS 180-4. Recognised only.
    Sha224,
    /// FIPS 180-4.
    Sha256,
    /// FIPS 180-4.
    Sha384,
    /// FIPS 180-4.
    Sha512,
    /// FIPS 180-4, SHA-512/256.
    Sha512Truncated256,
    /// FIPS 202. Recognised only, without the feature `more-algorithms`.
    Sha3_224,
    /// FIPS 202. Recognised only, without the feature `more-algorithms`.
    Sha3_256,
    /// FIPS 202. Recognised only, without the feature `more-algorithms`.
    Sha3_384,
    /// FIPS 202. Recognised only, without the feature `more-algorithms`.
    Sha3_512,
}

impl DigestAlgorithm {
    /// Every algorithm recognised.
    pub const ALL: [Self; 12] = [
        Self::Md5,
        Self::Ripemd160,
        Self::Sha1,
        Self::Sha224,
        Self::Sha256,
        Self::Sha384,
        Self::Sha512,
        Self::Sha512Truncated256,
        Self::Sha3_224,
        Self::Sha3_256,
        Self::Sha3_384,
        Self::Sha3_512,
    ];

    /// The object identifier, dotted (RFC 3279, 2.1; RFC 5754, 2; NIST CSOR hash algorithms).
    pub fn oid(self) -> &'static str {
        match self {
            Self::Md5 => "1.2.840.113549.2.5",
            Self::Ripemd160 => "1.3.36.3.2.1",
            Self::Sha1 => "1.3.14.3.2.26",
            Self::Sha224 => "2.16.840.1.101.3.4.2.4",
            Self::Sha256 => "2.16.840.1.101.3.4.2.1",
            Self::Sha384 => "2.16.840.1.101.3.4.2.2",
            Self::Sha512 => "2.16.840.1.101.3.4.2.3",
            Self::Sha512Truncated256 => "2.16.840.1.101.3.4.2.6",
            Self::Sha3_224 => "2.16.840.1.101.3.4.2.7",
            Self::Sha3_256 => "2.16.840.1.101.3.4.2.8",
            Self::Sha3_384 => "2.16.840.1.101.3.4.2.9",
            Self::Sha3_512 => "2.16.840.1.101.3.4.2.10",
        }
    }

    /// The algorithm of a dotted object identifier.
    pub fn from_oid(oid: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.oid() == oid)
    }

    /// The algorithm of an AlgorithmIdentifier (DER or BER); its parameters, NULL or absent, say nothing.
    pub fn from_algorithm_identifier(der: &[u8]) -> Option<Self> {
        Self::from_oid(&der::sequence(der)?.next()?.oid()?)
    }

    /// The name printed: `SHA-256`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::Ripemd160 => "RIPEMD-160",
            Self::Sha1 => "SHA-1",
            Self::Sha224 => "SHA-224",
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
            Self::Sha512Truncated256 => "SHA-512/256",
            Self::Sha3_224 => "SHA3-224",
            Self::Sha3_256 => "SHA3-256",
            Self::Sha3_384 => "SHA3-384",
            Self::Sha3_512 => "SHA3-512",
        }
    }

    /// Length of a digest in bytes.
    pub fn length(self) -> usize {
        match self {
            Self::Md5 => 16,
            Self::Ripemd160 | Self::Sha1 => 20,
            Self::Sha224 | Self::Sha3_224 => 28,
            Self::Sha256 | Self::Sha512Truncated256 | Self::Sha3_256 => 32,
            Self::Sha384 | Self::Sha3_384 => 48,
            Self::Sha512 | Self::Sha3_512 => 64,
        }
    }

    /// Whether digests can be computed.
    pub fn is_supported(self) -> bool {
        Hasher::new(self).is_some()
    }

    /// The digest of `data`; `None` if the algorithm is only recognised.
    pub fn digest(self, data: &[u8]) -> Option<Vec<u8>> {
        let mut hasher = Hasher::new(self)?;
        hasher.update(data);
        Some(hasher.finish())
    }

    fn implementation(self) -> Option<&'static digest::Algorithm> {
        match self {
            Self::Sha1 => Some(&digest::SHA1_FOR_LEGACY_USE_ONLY),
            Self::Sha256 => Some(&digest::SHA256),
            Self::Sha384 => Some(&digest::SHA384),
            Self::Sha512 => Some(&digest::SHA512),
            Self::Sha512Truncated256 => Some(&digest::SHA512_256),
            _ => None,
        }
    }
}

/// An incremental digest. Cloning it forks the state: the common prefix of several byte ranges is
/// digested once.
#[derive(Clone)]
pub struct Hasher(State);

#[derive(Clone)]
enum State {
    Ring(digest::Context),
    #[cfg(feature = "more-algorithms")]
    More(super::more::Hasher),
}

impl Hasher {
    /// Starts; `None` if the algorithm is only recognised.
    pub fn new(algorithm: DigestAlgorithm) -> Option<Self> {
        if let Some(implementation) = algorithm.implementation() {
            return Some(Self(State::Ring(digest::Context::new(implementation))));
        }
        #[cfg(feature = "more-algorithms")]
        if let Some(hasher) = super::more::Hasher::new(algorithm) {
            return Some(Self(State::More(hasher)));
        }
        None
    }

    /// Appends bytes.
    pub fn update(&mut self, data: &[u8]) {
        match &mut self.0 {
            State::Ring(context) => context.update(data),
            #[cfg(feature = "more-algorithms")]
            State::More(hasher) => hasher.update(data),
        }
    }

    /// The digest of everything appended.
    pub fn finish(self) -> Vec<u8> {
        match self.0 {
            State::Ring(context) => context.finish().as_ref().to_vec(),
            #[cfg(feature = "more-algorithms")]
            State::More(hasher) => hasher.finish(),
        }
    }
}

/// SHA-256, the identity of every document, certificate and list.
pub fn sha256(data: &[u8]) -> Sha256Digest {
    let mut value = Sha256Digest::default();
    value.0.iter_mut().zip(digest::digest(&digest::SHA256, data).as_ref()).for_each(|(to, from)| *to = *from);
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_digests() {
        // FIPS 180-4 example "abc".
        assert_eq!(sha256(b"abc").to_string(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(DigestAlgorithm::Sha1.digest(b"abc").unwrap()[..4], [0xa9, 0x99, 0x3e, 0x36]);
        assert_eq!(DigestAlgorithm::Md5.digest(b"abc"), None);
    }

    #[test]
    fn lengths_are_those_computed_and_oids_are_distinct() {
        for algorithm in DigestAlgorithm::ALL {
            if let Some(value) = algorithm.digest(b"") {
                assert_eq!(value.len(), algorithm.length(), "{}", algorithm.name());
            }
            assert_eq!(DigestAlgorithm::from_oid(algorithm.oid()), Some(algorithm));
        }
        assert_eq!(DigestAlgorithm::from_oid("1.2.3"), None);
    }

    #[test]
    fn a_forked_state_continues_on_its_own() {
        let mut first = Hasher::new(DigestAlgorithm::Sha384).unwrap();
        first.update(b"ab");
        let mut second = first.clone();
        first.update(b"c");
        second.update(b"d");
        assert_eq!(Some(first.finish()), DigestAlgorithm::Sha384.digest(b"abc"));
        assert_eq!(Some(second.finish()), DigestAlgorithm::Sha384.digest(b"abd"));
        assert!(Hasher::new(DigestAlgorithm::Md5).is_none());
    }

    #[test]
    fn algorithm_identifiers_with_and_without_null() {
        let with = [0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00];
        let without = [0x30, 0x07, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a];
        assert_eq!(DigestAlgorithm::from_algorithm_identifier(&with), Some(DigestAlgorithm::Sha1));
        assert_eq!(DigestAlgorithm::from_algorithm_identifier(&without), Some(DigestAlgorithm::Sha1));
        assert_eq!(DigestAlgorithm::from_algorithm_identifier(&without[..8]), None);
    }
}
