//! Detached CMS signatures with the fixtures' test keys, and RFC 3161 tokens over them.

use super::der::{algorithm, constructed, content, oid, sequence, set_of, split, tlv};
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use std::fmt::Write as _;
use std::path::Path;
use std::{fs, io};

const DATA: &str = "1.2.840.113549.1.7.1";
const SIGNED_DATA: &str = "1.2.840.113549.1.7.2";
const TST_INFO: &str = "1.2.840.113549.1.9.16.1.4";
const SHA256_OID: &str = "2.16.840.1.101.3.4.2.1";
const RSA: &str = "1.2.840.113549.1.1.1";

/// A test certificate with its key.
pub(crate) struct Signer {
    key: RsaKeyPair,
    certificate: Vec<u8>,
}

/// Who signs.
pub(crate) struct Signers {
    pub(crate) person: Signer,
    pub(crate) agency: Signer,
    timestamp: Signer,
    /// SHA-256 of the root, hexadecimal.
    pub(crate) root_fingerprint: String,
}

/// A moment in the two spellings that the formats want.
pub(crate) struct Moment {
    pub(crate) month: u8,
    pub(crate) day: u8,
}

impl Moment {
    fn generalized(&self) -> String {
        format!("2026{:02}{:02}030000Z", self.month, self.day)
    }
}

impl Signers {
    pub(crate) fn load(folder: &Path) -> io::Result<Self> {
        let root = pem(&folder.join("certs/g2root.TEST.crt"))?;
        let mut root_fingerprint = String::new();
        for byte in digest(&SHA256, &root).as_ref() {
            let _ = write!(root_fingerprint, "{byte:02x}");
        }
        let load = |name: &str| -> io::Result<Signer> {
            let key = pem(&folder.join(format!("keys/{name}.TEST-KEY.pem")))?;
            let key = RsaKeyPair::from_pkcs8(&key).map_err(|error| io::Error::other(error.to_string()))?;
            Ok(Signer { key, certificate: pem(&folder.join(format!("certs/{name}.TEST.crt")))? })
        };
        Ok(Self { person: load("khoa")?, agency: load("agency")?, timestamp: load("g2tsa")?, root_fingerprint })
    }

    /// Signs `range_digest`, timestamped if wanted.
    pub(crate) fn sign(
        &self,
        signer: &Signer,
        range_digest: &[u8],
        at: &Moment,
        timestamped: bool,
    ) -> io::Result<Vec<u8>> {
        let token = |value: &[u8]| -> io::Result<Vec<u8>> {
            let info = sequence(&[
                &[0x02, 0x01, 0x01],
                &oid("2.16.704.1.1.1.2"),
                &sequence(&[&algorithm(SHA256_OID), &tlv(0x04, digest(&SHA256, value).as_ref())]),
                &tlv(0x02, &digest(&SHA256, value).as_ref()[..7].iter().map(|b| b & 0x7f).collect::<Vec<_>>()),
                &tlv(0x18, at.generalized().as_bytes()),
            ]);
            signed_data(&self.timestamp, TST_INFO, Some(&info), digest(&SHA256, &info).as_ref(), |_| Ok(None))
        };
        signed_data(signer, DATA, None, range_digest, |value| timestamped.then(|| token(value)).transpose())
    }
}

fn signed_data(
    signer: &Signer,
    content_type: &str,
    encapsulated: Option<&[u8]>,
    content_digest: &[u8],
    token: impl Fn(&[u8]) -> io::Result<Option<Vec<u8>>>,
) -> io::Result<Vec<u8>> {
    let attribute = |kind: &str, value: Vec<u8>| sequence(&[&oid(kind), &tlv(0x31, &value)]);
    let certificate_id =
        sequence(&[&sequence(&[&sequence(&[&tlv(0x04, digest(&SHA256, &signer.certificate).as_ref())])])]);
    let attributes = set_of(&[
        attribute("1.2.840.113549.1.9.3", oid(content_type)),
        attribute("1.2.840.113549.1.9.4", tlv(0x04, content_digest)),
        attribute("1.2.840.113549.1.9.16.2.47", certificate_id),
    ]);
    let mut value = vec![0; signer.key.public().modulus_len()];
    signer
        .key
        .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), &attributes, &mut value)
        .map_err(|error| io::Error::other(error.to_string()))?;
    let implicit = |tag: u8, element: &[u8]| tlv(tag, content(element).unwrap_or_default());
    let unsigned =
        token(&value)?.map_or_else(Vec::new, |token| tlv(0xa1, &attribute("1.2.840.113549.1.9.16.2.14", token)));
    let (issuer, serial) = issuer_and_serial(&signer.certificate);
    let signer_info = sequence(&[
        &[0x02, 0x01, 0x01],
        &sequence(&[issuer, serial]),
        &algorithm(SHA256_OID),
        &implicit(0xa0, &attributes),
        &algorithm(RSA),
        &tlv(0x04, &value),
        &unsigned,
    ]);
    let version: &[u8] = if encapsulated.is_some() { &[0x02, 0x01, 0x03] } else { &[0x02, 0x01, 0x01] };
    let encapsulated = encapsulated.map_or_else(Vec::new, |info| tlv(0xa0, &tlv(0x04, info)));
    let data = sequence(&[
        version,
        &set_of(&[algorithm(SHA256_OID)]),
        &sequence(&[&oid(content_type), &encapsulated]),
        &constructed(0xa0, &[&signer.certificate]),
        &set_of(&[signer_info]),
    ]);
    Ok(sequence(&[&oid(SIGNED_DATA), &tlv(0xa0, &data)]))
}

/// Issuer and serial number elements of a certificate.
fn issuer_and_serial(certificate: &[u8]) -> (&[u8], &[u8]) {
    let parse = || {
        let body = content(certificate)?;
        let (_, rest) = split(content(body)?)?; // [0] version
        let (serial, rest) = split(rest)?;
        let (_, rest) = split(rest)?; // signature algorithm
        let (issuer, _) = split(rest)?;
        Some((issuer, serial))
    };
    parse().unwrap_or_default()
}

/// The DER in a PEM file that may carry a note above.
fn pem(path: &Path) -> io::Result<Vec<u8>> {
    let text = fs::read(path)?;
    let (_, pem) = x509_parser::pem::parse_x509_pem(&text).map_err(io::Error::other)?;
    Ok(pem.contents)
}
