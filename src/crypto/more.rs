//! What ring does not have, from the RustCrypto crates: ECDSA on P-521, the other pairs of curve and digest,
//! and SHA-3. Only with the feature `more-algorithms`; without it these stay recognised and undecided.

use super::{Curve, DigestAlgorithm};
use p256::ecdsa::signature::hazmat::PrehashVerifier;
use sha3::{Digest, Sha3_224, Sha3_256, Sha3_384, Sha3_512};

/// An incremental SHA-3 digest (FIPS 202).
#[derive(Clone)]
pub(super) enum Hasher {
    Sha3_224(Sha3_224),
    Sha3_256(Sha3_256),
    Sha3_384(Sha3_384),
    Sha3_512(Sha3_512),
}

impl Hasher {
    /// `None` if it is not an algorithm of this module.
    pub(super) fn new(algorithm: DigestAlgorithm) -> Option<Self> {
        Some(match algorithm {
            DigestAlgorithm::Sha3_224 => Self::Sha3_224(Sha3_224::new()),
            DigestAlgorithm::Sha3_256 => Self::Sha3_256(Sha3_256::new()),
            DigestAlgorithm::Sha3_384 => Self::Sha3_384(Sha3_384::new()),
            DigestAlgorithm::Sha3_512 => Self::Sha3_512(Sha3_512::new()),
            _ => return None,
        })
    }

    pub(super) fn update(&mut self, data: &[u8]) {
        match self {
            Self::Sha3_224(state) => state.update(data),
            Self::Sha3_256(state) => state.update(data),
            Self::Sha3_384(state) => state.update(data),
            Self::Sha3_512(state) => state.update(data),
        }
    }

    pub(super) fn finish(self) -> Vec<u8> {
        match self {
            Self::Sha3_224(state) => state.finalize().to_vec(),
            Self::Sha3_256(state) => state.finalize().to_vec(),
            Self::Sha3_384(state) => state.finalize().to_vec(),
            Self::Sha3_512(state) => state.finalize().to_vec(),
        }
    }
}

/// ECDSA over a digest: `key` is the point (SEC 1, 2.3.4), `signature` an Ecdsa-Sig-Value in DER. The digest is
/// cut or padded to the curve's order as FIPS 186-5, 6.4.2 demands.
pub(super) fn ecdsa(curve: Curve, digest: &[u8], key: &[u8], signature: &[u8]) -> bool {
    macro_rules! verify {
        ($curve:ident) => {{
            let key = $curve::ecdsa::VerifyingKey::from_sec1_bytes(key);
            let signature = $curve::ecdsa::Signature::from_der(signature);
            matches!((key, signature), (Ok(key), Ok(signature)) if key.verify_prehash(digest, &signature).is_ok())
        }};
    }
    match curve {
        Curve::P256 => verify!(p256),
        Curve::P384 => verify!(p384),
        Curve::P521 => verify!(p521),
    }
}

#[cfg(test)]
mod tests {
    use crate::crypto::{DigestAlgorithm, SignatureScheme, verify};
    use crate::model::ValueOutcome;

    fn bytes(hex: &str) -> Vec<u8> {
        let pairs = hex.as_bytes().chunks(2);
        pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
    }

    /// Made by OpenSSL 3.0 over "soát", with keys made for this: public key, scheme, value.
    fn vectors() -> Vec<(Vec<u8>, SignatureScheme, Vec<u8>)> {
        use DigestAlgorithm as D;
        let ecdsa = |digest| SignatureScheme::Ecdsa { digest, named_by_key: false };
        [
            (P521, ecdsa(D::Sha256), P521_SHA256),
            (P521, ecdsa(D::Sha512), P521_SHA512),
            (P256, ecdsa(D::Sha512), P256_SHA512),
            (P256, ecdsa(D::Sha3_384), P256_SHA3_384),
            (P384, ecdsa(D::Sha1), P384_SHA1),
            (P384, ecdsa(D::Sha512), P384_SHA512),
            (RSA, SignatureScheme::RsaPkcs1 { digest: D::Sha3_256 }, RSA_SHA3_256),
        ]
        .into_iter()
        .map(|(key, scheme, value)| (bytes(key), scheme, bytes(value)))
        .collect()
    }

    #[test]
    fn values_of_another_implementation_verify_and_altered_ones_do_not() {
        for (key, scheme, value) in vectors() {
            assert_eq!(verify(&key, &scheme, "soát".as_bytes(), &value), ValueOutcome::Verifies, "{scheme:?}");
            assert_eq!(verify(&key, &scheme, b"other", &value), ValueOutcome::Wrong, "{scheme:?}");
            for position in [value.len() / 2, value.len() - 1] {
                let mut altered = value.clone();
                altered[position] ^= 1;
                assert_eq!(verify(&key, &scheme, "soát".as_bytes(), &altered), ValueOutcome::Wrong, "{scheme:?}");
            }
            assert_eq!(verify(&key, &scheme, "soát".as_bytes(), &[]), ValueOutcome::Wrong, "{scheme:?}");
        }
    }

    #[test]
    fn numbers_outside_the_range_do_not_verify() {
        // r = 0, s = 1; r = 1, s = 0 (FIPS 186-5, 6.4.2: both in [1, n-1]).
        let (key, scheme, _) = vectors().swap_remove(1);
        for value in [&[0x30, 6, 2, 1, 0, 2, 1, 1], &[0x30, 6, 2, 1, 1, 2, 1, 0]] {
            assert_eq!(verify(&key, &scheme, b"", value), ValueOutcome::Wrong);
        }
    }

    #[test]
    fn sha3_of_the_standards_example() {
        // FIPS 202 (NIST example values): SHA3-256 of the empty message.
        let digest = DigestAlgorithm::Sha3_256.digest(b"").unwrap();
        assert_eq!(digest, bytes("a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a"));
    }

    const P521: &str = "30819b301006072a8648ce3d020106052b81040023038186000401e5970cc47de6667ff92c93415ce90939a99eea5dedf647d3888a27450c25827b609977d9ee76ff5af0296b6e8dab68bd89bb2759057ecf171faa52a834aeafd3150065bff43bc9b978c9075c5f70239300e086ed7bf2cd15cb421e487fc60050d984b3638248ba2616f085c7932417f6930d39ad627cd8184559aa571128cd796a7ce5";
    const P521_SHA256: &str = "308186024155a9fac064664d16469b707d723f255706a6ed86e44629d55e4284077249fc6cc24a25889b584d1c5057b6dfeab323179cce9395564a7b534e8d425e7cc91d6d4c0241531fe96f5b41024091a80339e9e884e2d116e01bf81257a4b7ddd97cac764046cce2b3a17164c9b708054a2c71d9761e5ca3fbabb1103321fa7a44f5f32e3f4c3d";
    const P521_SHA512: &str = "308188024201dd83f262bd5b17b87fb9011e3980353e4e5260f71123ade1b9735e385a31e5eead6a2581106cb8fa6a6e576eb99a29d77bbb5e938e5035aa814b2b1372be6d4cbe0242012bfef6c52d15b8036ad904c7f6bbd97945181bcaa8ff01f9c073ca0d1b68a9b9fd0e5fc02bb14d78f5aac38a7b53622ce8438bfb7b68146e129c98c536a02527ae";
    const P256: &str = "3059301306072a8648ce3d020106082a8648ce3d0301070342000437cd88c47d3754bd7c536aae24b57fbeab993fc9c0cb3478c9a5b0fe8cd07086e519f3ee47d257280ca11abd33c5bd9b7c0061665f8ce4fe550cdf9b2475c8e5";
    const P256_SHA512: &str = "30450220048271da5c355ae4b494f14286108ed9aa6fb91db131565fdbbc052bffa0e06d022100a1a144252b5f79a08af97c44f42c22ddd4c600ea81ebd6c39b6a223db67bab21";
    const P256_SHA3_384: &str = "30460221008e6df5c2483ab95532a548514532d24724dfe0b7751025472cdbc5da5b67ec0d022100b21680163f0688bdfcaa8775a5a53b844231bb833f0dfeee339a9e5608a83292";
    const P384: &str = "3076301006072a8648ce3d020106052b8104002203620004d96a8c2173a6bd4be09671bf9fc5df12d8e235561d33d179de0f332f034730c5b1b42f2258512b9107954955d09015b219fe8daa57a6ddb6edcc43758a48babb4628619e04a2be8ad7e12225aa86cec6a41743f8028684b349c4439c439bd9bb";
    const P384_SHA1: &str = "306502301b9a92dfd966b7e2ce99a05a1afcdc4bbec511a4a616c4079a95bc3bc6940a56032d3f3533a90cd5c4c4297349e00a82023100c65e89a32eb484db5f86286f73b54b26760564235fdd21ed367f308b284a4660b574542d15f98d26bcedddeefe276103";
    const P384_SHA512: &str = "3066023100b27a49452c22878c20c064b2778695f839a0b526867914f426d024787bdffd6acbe760cdfaa66d701fee21f76889729d0231009d9452f9687ba3818d5bc7d1c9c45015267f620524ac81a33c87dd515f76a440d1565a90fea301dd389ebd081893697d";
    const RSA: &str = "30820122300d06092a864886f70d01010105000382010f003082010a0282010100ca96d246b073ccab99706a5fc623a047aef5c88b3c55dfcbce1bfb8fe6cf51e14474a25dd67e30a5467ec8f7ad5a7f7fb99712b592559a794a0bd3132001f3ccec3f4c78bdef390b19f8129f6034664b5d35b2fae2ad1cdb2076ce7e59e729cf580e73d1f6d439f30294ea12cf9cfaffae972fad9158b937fd01570245098fb2771ddd33b70231eaedf72f41d30719b6d1021fb580660149442b80f962549c59c05952c43dd3c97215e1f8e499eea7f0847a1caab4e456f67e70d0aa9f705c67f8544b786fdeb4004f40292935e6e7dab5a60ddb4ed55a0d2d12b83238bbd4cd60ce5c96ea074bdb85ef12d7a0b946b95ba641a6ec30938ac0d70589e7cc06530203010001";
    const RSA_SHA3_256: &str = "97d4d801f48dba06cb56096495022ef5da14a870ebce320c3098d5b3a45493d5b2c7a254bcecd41e6fd09c00eda8dd9e134bb5ac33ccf03dbd3d897001d490f5bc72fef86ece1ef49639484f3eb0b6b7b625ea9cb1b08ed6739ba367c6e4654464ea9bc416c7474fe52973a4942646272f0fef9aaf4de63c8467a7755ac79d0e5852200875d70d54743f9b29e42124277bd6396b66b6a8404f3badb35f361b84e97d636666f0476a5d3af5e69d6faa831bfa42112905a463286c9eeaa7c37a24d2ea3eb7c82d40638e3625155e82070f861d28585230a110ad7f45048ad67a2495f46426ccdbe18894d6eea9d2a7543c97502c1f1dd7b99b0cc503d809e36a77";
}
