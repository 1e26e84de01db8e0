//! A small DER writer, keys, certificates and SignedData for the tests.

use super::super::{Evaluation, SignedContent, SubFilter, evaluate, oid, tlv};
use crate::crypto::DigestAlgorithm;
use crate::limits::Limits;
use crate::model::{CmsFacts, SignerFacts};
use num_bigint::BigUint;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use std::borrow::Cow;
use tlv::tag;

/// One DER element around the concatenation of `parts`.
pub(super) fn der(identifier: u8, parts: &[&[u8]]) -> Vec<u8> {
    let mut output = Vec::new();
    tlv::encode(identifier, &parts.concat(), &mut output);
    output
}

/// The same with an indefinite length.
pub(super) fn ber(identifier: u8, parts: &[&[u8]]) -> Vec<u8> {
    [&[identifier, 0x80][..], &parts.concat(), &[0, 0]].concat()
}

pub(super) const SHA1: &[u8] = &[0x2B, 0x0E, 0x03, 0x02, 0x1A];
pub(super) const SHA256: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];
pub(super) const SHA384: &[u8] = &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02];
pub(super) const ECDSA_SHA256: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02];
pub(super) const EC_PUBLIC_KEY: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01];
pub(super) const RSA: &[u8] = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01];
const P256: &[u8] = &[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07];
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];

/// AlgorithmIdentifier without parameters.
pub(super) fn algorithm(oid: &[u8]) -> Vec<u8> {
    der(tag::SEQUENCE, &[&der(tag::OBJECT_IDENTIFIER, &[oid])])
}

/// Name with one commonName.
pub(super) fn name(common_name: &str) -> Vec<u8> {
    let attribute =
        der(tag::SEQUENCE, &[&der(tag::OBJECT_IDENTIFIER, &[COMMON_NAME]), &der(0x0C, &[common_name.as_bytes()])]);
    der(tag::SEQUENCE, &[&der(tag::SET, &[&attribute])])
}

/// Attribute with the given values.
pub(super) fn attribute(kind: &[u8], values: &[&[u8]]) -> Vec<u8> {
    der(tag::SEQUENCE, &[&der(tag::OBJECT_IDENTIFIER, &[kind]), &der(tag::SET, values)])
}

pub(super) fn digest(algorithm: DigestAlgorithm, data: &[u8]) -> Vec<u8> {
    algorithm.digest(data).unwrap()
}

/// Whoever signs: a certificate and a way to sign.
pub(super) struct Signer {
    key: Key,
    pub(super) issuer: Vec<u8>,
    pub(super) serial: Vec<u8>,
    pub(super) key_identifier: Vec<u8>,
    pub(super) certificate: Vec<u8>,
}

enum Key {
    Ecdsa(Box<EcdsaKeyPair>),
    Rsa,
}

impl Signer {
    /// With a new P-256 key.
    pub(super) fn new(issuer: &str, serial: u8) -> Self {
        let random = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8.as_ref(), &random).unwrap();
        let curve = der(tag::OBJECT_IDENTIFIER, &[P256]);
        let spki = der(
            tag::SEQUENCE,
            &[
                &der(tag::SEQUENCE, &[&der(tag::OBJECT_IDENTIFIER, &[EC_PUBLIC_KEY]), &curve]),
                &der(0x03, &[&[0], pair.public_key().as_ref()]),
            ],
        );
        Self::with_key(Key::Ecdsa(Box::new(pair)), &spki, issuer, serial)
    }

    /// With the RSA key of these tests.
    pub(super) fn rsa(issuer: &str, serial: u8) -> Self {
        let modulus = number(RSA_MODULUS).to_bytes_be();
        let key = der(tag::SEQUENCE, &[&der(tag::INTEGER, &[&[0], &modulus]), &der(tag::INTEGER, &[&[1, 0, 1]])]);
        let algorithm = der(tag::SEQUENCE, &[&der(tag::OBJECT_IDENTIFIER, &[RSA]), &[5, 0]]);
        let spki = der(tag::SEQUENCE, &[&algorithm, &der(0x03, &[&[0], &key])]);
        Self::with_key(Key::Rsa, &spki, issuer, serial)
    }

    fn with_key(key: Key, spki: &[u8], issuer: &str, serial: u8) -> Self {
        let key_identifier = digest(DigestAlgorithm::Sha1, spki);
        let extension = der(
            tag::SEQUENCE,
            &[
                &der(tag::OBJECT_IDENTIFIER, &[oid::SUBJECT_KEY_IDENTIFIER]),
                &der(tag::OCTET_STRING, &[&der(tag::OCTET_STRING, &[&key_identifier])]),
            ],
        );
        let issuer = name(issuer);
        let time = der(tag::UTC_TIME, &[b"250101000000Z"]);
        let to_be_signed = der(
            tag::SEQUENCE,
            &[
                &der(tag::CONTEXT_0, &[&[2, 1, 2]]),
                &der(tag::INTEGER, &[&[serial]]),
                &algorithm(ECDSA_SHA256),
                &issuer,
                &der(tag::SEQUENCE, &[&time, &time]),
                &name("Người ký"),
                spki,
                &der(tag::CONTEXT_3, &[&der(tag::SEQUENCE, &[&extension])]),
            ],
        );
        // Nothing here checks the issuer's signature.
        let certificate = der(tag::SEQUENCE, &[&to_be_signed, &algorithm(ECDSA_SHA256), &der(0x03, &[&[0, 1, 2, 3]])]);
        Self { key, issuer, serial: vec![serial], key_identifier, certificate }
    }

    pub(super) fn sign(&self, message: &[u8]) -> Vec<u8> {
        match &self.key {
            Key::Ecdsa(pair) => pair.sign(&SystemRandom::new(), message).unwrap().as_ref().to_vec(),
            Key::Rsa => rsa_sign(DigestAlgorithm::Sha256, SHA256, message, true),
        }
    }

    /// Signing-certificate-v2 attribute naming this signer.
    pub(super) fn ess(&self) -> Vec<u8> {
        self.ess_with(&digest(DigestAlgorithm::Sha256, &self.certificate), &self.serial)
    }

    pub(super) fn ess_with(&self, hash: &[u8], serial: &[u8]) -> Vec<u8> {
        let names = der(tag::SEQUENCE, &[&der(tag::CONTEXT_4, &[&self.issuer])]);
        let issuer_serial = der(tag::SEQUENCE, &[&names, &der(tag::INTEGER, &[serial])]);
        let identifier = der(tag::SEQUENCE, &[&der(tag::OCTET_STRING, &[hash]), &issuer_serial]);
        let value = der(tag::SEQUENCE, &[&der(tag::SEQUENCE, &[&identifier])]);
        attribute(oid::SIGNING_CERTIFICATE_V2, &[&value])
    }
}

// An RSA key of 1,024 bits made for these tests.
const RSA_MODULUS: &str = "\
     d918f5200cc03506078e307db00394e1e40323437fa3c7054290adce5b5fc0d2c772ee6ab3d831b1d3891357172a7234\
     587dfb5184a8d67ab1bb8c54346e84a20c062fe3794dcd317f8f75ce1593cbc36bfe494cd9755fd6eed87ed5b51921e9\
     c879b067c82608ed2cd12d7dc3ab598efea0bf752953f0eb9999cf021c78a035";
const RSA_EXPONENT: &str = "\
     cd3f934061cdb653a501014753098fd0a0c976a5721f5d21d3f504dd7bf5e34f63d17d26d431298a7dfbb2953c099d3f\
     700a6b787e7b418b6e4d6a3691fb8ad80b5a72153a938736da7879fb4cab0467efb990d5f63a979f34cdd2fdfc39136b\
     c7fb08ce6e00a4842ae961c3612d6a0f860412b89a20b6a957f93c0349261561";

fn number(hexadecimal: &str) -> BigUint {
    BigUint::parse_bytes(hexadecimal.as_bytes(), 16).unwrap()
}

/// RSASSA-PKCS1-v1_5 with or without the NULL parameter in the DigestInfo.
pub(super) fn rsa_sign(algorithm: DigestAlgorithm, oid: &[u8], message: &[u8], with_null: bool) -> Vec<u8> {
    let null: &[u8] = if with_null { &[5, 0] } else { &[] };
    let identifier = der(tag::SEQUENCE, &[&der(tag::OBJECT_IDENTIFIER, &[oid]), null]);
    let digest_info = der(tag::SEQUENCE, &[&identifier, &der(tag::OCTET_STRING, &[&digest(algorithm, message)])]);
    let padding = vec![0xFF; 128 - 3 - digest_info.len()];
    let block = [&[0, 1][..], &padding, &[0], &digest_info].concat();
    let value = BigUint::from_bytes_be(&block).modpow(&number(RSA_EXPONENT), &number(RSA_MODULUS)).to_bytes_be();
    [vec![0; 128 - value.len()], value].concat()
}

/// A SignedData to be; every part can be changed before [`Cms::build`].
pub(super) struct Cms {
    pub(super) content_type: Vec<u8>,
    pub(super) content: Option<Vec<u8>>,
    pub(super) digest_algorithm: Vec<u8>,
    pub(super) signature_algorithm: Vec<u8>,
    /// In the order written; `None`: no signed attributes.
    pub(super) attributes: Option<Vec<Vec<u8>>>,
    /// What is signed where it is not the DER SET OF the attributes.
    pub(super) message: Option<Vec<u8>>,
    pub(super) signature: Option<Vec<u8>>,
    pub(super) unsigned: Vec<Vec<u8>>,
    pub(super) certificates: Vec<Vec<u8>>,
    pub(super) revocation: Vec<Vec<u8>>,
    pub(super) by_key_identifier: bool,
    pub(super) indefinite: bool,
    pub(super) signers: usize,
}

impl Cms {
    /// A detached CMS over `content` with content-type, signing-certificate-v2 and message-digest.
    pub(super) fn new(signer: &Signer, content: &[u8]) -> Self {
        Self {
            content_type: oid::DATA.to_vec(),
            content: None,
            digest_algorithm: algorithm(SHA256),
            signature_algorithm: algorithm(ECDSA_SHA256),
            attributes: Some(vec![
                attribute(oid::CONTENT_TYPE, &[&der(tag::OBJECT_IDENTIFIER, &[oid::DATA])]),
                message_digest(&digest(DigestAlgorithm::Sha256, content)),
                signer.ess(),
            ]),
            message: None,
            signature: None,
            unsigned: Vec::new(),
            certificates: vec![signer.certificate.clone()],
            revocation: Vec::new(),
            by_key_identifier: false,
            indefinite: false,
            signers: 1,
        }
    }

    /// A timestamp token over `covered` (its SHA-256).
    pub(super) fn token(signer: &Signer, covered: &[u8]) -> Self {
        Self::token_with(signer, &tst_info(&algorithm(SHA256), &digest(DigestAlgorithm::Sha256, covered)))
    }

    pub(super) fn token_with(signer: &Signer, info: &[u8]) -> Self {
        let mut token = Self::new(signer, info);
        token.content_type = oid::TST_INFO.to_vec();
        token.content = Some(info.to_vec());
        token.replace(oid::CONTENT_TYPE, &[&der(tag::OBJECT_IDENTIFIER, &[oid::TST_INFO])]);
        token
    }

    /// Adds a signed attribute in its place in DER.
    pub(super) fn push(&mut self, attribute: Vec<u8>) {
        let attributes = self.attributes.as_mut().unwrap();
        attributes.push(attribute);
        attributes.sort();
    }

    /// Removes the signed attributes of this type.
    pub(super) fn remove(&mut self, kind: &[u8]) {
        let start = der(tag::OBJECT_IDENTIFIER, &[kind]);
        let has = |attribute: &Vec<u8>| attribute.windows(start.len()).take(6).any(|window| window == start);
        self.attributes.as_mut().unwrap().retain(|attribute| !has(attribute));
    }

    /// Gives a signed attribute other values.
    pub(super) fn replace(&mut self, kind: &[u8], values: &[&[u8]]) {
        self.remove(kind);
        self.push(attribute(kind, values));
    }

    pub(super) fn build(&self, signer: &Signer) -> Vec<u8> {
        self.build_with_signature(signer).0
    }

    /// The encoding, and the signature value in it.
    pub(super) fn build_with_signature(&self, signer: &Signer) -> (Vec<u8>, Vec<u8>) {
        let outer: fn(u8, &[&[u8]]) -> Vec<u8> = if self.indefinite { ber } else { der };
        let attributes = self.attributes.as_ref().map(|attributes| {
            let mut sorted = attributes.clone();
            sorted.sort();
            let message = der(tag::SET, &[&sorted.concat()]);
            (message, outer(tag::CONTEXT_0, &[&attributes.concat()]))
        });
        let (message, attributes) = attributes.unwrap_or((self.content.clone().unwrap_or_default(), Vec::new()));
        let message = self.message.clone().unwrap_or(message);
        let signature = self.signature.clone().unwrap_or_else(|| signer.sign(&message));
        let (version, identifier) = if self.by_key_identifier {
            ([3], der(tag::CONTEXT_0_PRIMITIVE, &[&signer.key_identifier]))
        } else {
            ([1], der(tag::SEQUENCE, &[&signer.issuer, &der(tag::INTEGER, &[&signer.serial])]))
        };
        let (first, second) = signature.split_at(signature.len() / 2);
        let signature_element = if self.indefinite {
            ber(0x24, &[&der(tag::OCTET_STRING, &[first]), &ber(0x24, &[&der(tag::OCTET_STRING, &[second])])])
        } else {
            der(tag::OCTET_STRING, &[&signature])
        };
        let optional = |identifier, members: &[Vec<u8>]| {
            if members.is_empty() { Vec::new() } else { outer(identifier, &[&members.concat()]) }
        };
        let signer_info = outer(
            tag::SEQUENCE,
            &[
                &der(tag::INTEGER, &[&version]),
                &identifier,
                &self.digest_algorithm,
                &attributes,
                &self.signature_algorithm,
                &signature_element,
                &optional(tag::CONTEXT_1, &self.unsigned),
            ],
        );
        let content = match &self.content {
            Some(content) => outer(tag::CONTEXT_0, &[&der(tag::OCTET_STRING, &[content])]),
            None => Vec::new(),
        };
        let encapsulated = outer(tag::SEQUENCE, &[&der(tag::OBJECT_IDENTIFIER, &[&self.content_type]), &content]);
        let signed_data = outer(
            tag::SEQUENCE,
            &[
                &[2, 1, 1],
                &der(tag::SET, &[&self.digest_algorithm]),
                &encapsulated,
                &optional(tag::CONTEXT_0, &self.certificates),
                &optional(tag::CONTEXT_1, &self.revocation),
                &outer(tag::SET, &[&signer_info.repeat(self.signers)]),
            ],
        );
        let content_info = outer(
            tag::SEQUENCE,
            &[&der(tag::OBJECT_IDENTIFIER, &[oid::SIGNED_DATA]), &outer(tag::CONTEXT_0, &[&signed_data])],
        );
        (content_info, signature)
    }
}

/// TSTInfo of 2026-03-04T01:02:03.25Z.
pub(super) fn tst_info(hash_algorithm: &[u8], hash: &[u8]) -> Vec<u8> {
    der(
        tag::SEQUENCE,
        &[
            &[2, 1, 1],
            &der(tag::OBJECT_IDENTIFIER, &[&[0x2A, 3, 4]]),
            &der(tag::SEQUENCE, &[hash_algorithm, &der(tag::OCTET_STRING, &[hash])]),
            &[2, 1, 7],
            &der(tag::GENERALIZED_TIME, &[b"20260304010203.25Z"]),
        ],
    )
}

/// [`tst_info`]'s genTime.
pub(super) const GENERATION_TIME: i64 = 1_772_586_123;

pub(super) fn message_digest(hash: &[u8]) -> Vec<u8> {
    attribute(oid::MESSAGE_DIGEST, &[&der(tag::OCTET_STRING, &[hash])])
}

/// The covered bytes; `None`: a range outside the file.
pub(super) struct Covered<'a>(pub(super) Option<&'a [u8]>);

impl SignedContent for Covered<'_> {
    fn digest(&self, algorithm: DigestAlgorithm) -> Option<Vec<u8>> {
        algorithm.digest(self.0?)
    }

    fn bytes(&self) -> Option<Cow<'_, [u8]>> {
        self.0.map(Cow::Borrowed)
    }
}

pub(super) fn run(contents: &[u8], form: SubFilter<'_>, content: &[u8]) -> Evaluation {
    evaluate(contents, form, &Covered(Some(content)), &Limits::default())
}

/// Evaluates a detached CMS that can be read.
pub(super) fn facts(contents: &[u8], content: &[u8]) -> SignerFacts {
    parsed(run(contents, SubFilter::Pkcs7Detached, content).cms)
}

pub(super) fn parsed(cms: CmsFacts) -> SignerFacts {
    match cms {
        CmsFacts::Parsed(facts) => *facts,
        other => panic!("not parsed: {other:?}"),
    }
}

/// Why a detached CMS cannot be used.
pub(super) fn reason(contents: &[u8], content: &[u8]) -> String {
    match run(contents, SubFilter::Pkcs7Detached, content).cms {
        CmsFacts::Malformed(reason) => reason,
        other => panic!("not malformed: {other:?}"),
    }
}
