//! What a file of a trust or revocation folder holds: one object in DER, any number in PEM (RFC 7468), or a
//! bundle of certificates and lists (PKCS #7: a SignedData without signers, RFC 5652, 5).

use super::{Certificate, Crl, OcspResponse};
use crate::crypto::der::{self, tag};
use crate::model::Bilingual;
use std::sync::Arc;
use x509_parser::pem::Pem;

/// id-signedData (RFC 5652, 5.1).
const SIGNED_DATA: &str = "1.2.840.113549.1.7.2";
/// Labels of keys and requests that lie beside certificates and are nobody's evidence: passed over.
const OTHER_LABELS: [&str; 3] = ["PRIVATE KEY", "REQUEST", "PARAMETERS"];

/// One object of such a file.
#[derive(Clone, Debug)]
pub enum Evidence {
    /// A certificate.
    Certificate(Arc<Certificate>),
    /// A CRL.
    Crl(Arc<Crl>),
    /// An OCSP response.
    OcspResponse(Arc<OcspResponse>),
}

/// Why a file, or a part of it, is no evidence.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum EvidenceError {
    /// A PEM block that cannot be decoded; what follows it cannot be told apart.
    #[error("damaged PEM block")]
    DamagedBlock,
    /// None of the kinds known.
    #[error("neither certificate, CRL nor OCSP response")]
    Unknown,
}

impl EvidenceError {
    /// For people.
    pub fn message(self) -> Bilingual {
        match self {
            Self::DamagedBlock => Bilingual::new("khối PEM bị hỏng", "damaged PEM block"),
            Self::Unknown => Bilingual::new(
                "không phải chứng thư, danh sách thu hồi hay phản hồi OCSP",
                "neither certificate, CRL nor OCSP response",
            ),
        }
    }
}

/// Everything in `file`, in order; what cannot be read is an error at its place. Never empty.
pub fn read_evidence(file: &[u8]) -> Vec<Result<Evidence, EvidenceError>> {
    // DER and BER start with a SEQUENCE of more than 127 octets, text does not.
    let binary = file.first() == Some(&0x30) && file.get(1).is_some_and(|length| *length >= 0x80);
    // RFC 7468, 2: text before the encapsulation boundary is ignored.
    if binary || !file.windows(11).any(|window| window == b"-----BEGIN ") {
        return objects(file);
    }
    let mut found = Vec::new();
    for block in Pem::iter_from_buffer(file) {
        match block {
            Ok(block) if OTHER_LABELS.iter().any(|label| block.label.ends_with(label)) => {}
            Ok(block) => found.extend(objects(&block.contents)),
            Err(_) => {
                found.push(Err(EvidenceError::DamagedBlock));
                break;
            }
        }
    }
    if found.is_empty() { vec![Err(EvidenceError::Unknown)] } else { found }
}

/// The one object, or the members of the bundle, in binary form.
fn objects(der: &[u8]) -> Vec<Result<Evidence, EvidenceError>> {
    match bundle(der) {
        Some(members) => members.into_iter().map(|member| one(member).ok_or(EvidenceError::Unknown)).collect(),
        None => vec![one(der).ok_or(EvidenceError::Unknown)],
    }
}

fn one(der: &[u8]) -> Option<Evidence> {
    Certificate::parse(der)
        .map(|certificate| Evidence::Certificate(Arc::new(certificate)))
        .ok()
        .or_else(|| Crl::parse(der).map(|list| Evidence::Crl(Arc::new(list))).ok())
        .or_else(|| OcspResponse::parse(der).map(|response| Evidence::OcspResponse(Arc::new(response))).ok())
}

/// The certificates and lists of a SignedData; `None` if it is none, or carries none.
fn bundle(der: &[u8]) -> Option<Vec<&[u8]>> {
    let mut fields = der::sequence(der)?;
    if fields.next()?.oid()? != SIGNED_DATA {
        return None;
    }
    let mut signed = fields.next_context(0)?.children().next_of(tag::SEQUENCE)?.children();
    // version, digestAlgorithms, encapContentInfo
    signed.next_of(tag::INTEGER)?;
    signed.next()?;
    signed.next_of(tag::SEQUENCE)?;
    let sets = [signed.next_context(0), signed.next_context(1)];
    let members: Vec<&[u8]> = sets.iter().flatten().flat_map(|set| set.children()).map(|member| member.raw).collect();
    (!members.is_empty()).then_some(members)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::testing::{Make, MakeCrl, element, object_identifier, sequence, year};

    fn pem(label: &str, der: &[u8]) -> String {
        const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let mut text = String::new();
        for group in der.chunks(3) {
            let bits = group.iter().chain([&0, &0]).take(3).fold(0, |bits, byte| bits << 8 | usize::from(*byte));
            for index in 0..4 {
                let digit = char::from(DIGITS[bits >> (18 - 6 * index) & 63]);
                text.push(if index > group.len() { '=' } else { digit });
            }
        }
        let lines: Vec<String> =
            text.as_bytes().chunks(64).map(|line| String::from_utf8(line.to_vec()).unwrap()).collect();
        format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", lines.join("\n"))
    }

    fn certificates(file: &[u8]) -> Vec<Vec<u8>> {
        let found = read_evidence(file).into_iter().flatten();
        found
            .filter_map(|one| match one {
                Evidence::Certificate(certificate) => Some(certificate.der.clone()),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn der_pem_and_bundles_hold_the_same() {
        let first = Make::root("root", 1).der();
        let second = Make::root("other", 2).der();
        let list = MakeCrl::new("root", 1, year(0)).der();
        let key = pem("PRIVATE KEY", b"no key");
        let file =
            ["comment\n", &pem("CERTIFICATE", &first), &key, &pem("X509 CRL", &list), &pem("CERTIFICATE", &second)];
        let file = file.concat();
        assert_eq!(certificates(file.as_bytes()), [first.clone(), second.clone()]);
        assert!(matches!(read_evidence(file.as_bytes())[..], [Ok(_), Ok(Evidence::Crl(_)), Ok(_)]));
        assert_eq!(certificates(&first), std::slice::from_ref(&first));
        assert!(matches!(read_evidence(&list)[..], [Ok(Evidence::Crl(_))]));

        let signed = sequence(&[
            &element(2, &[1]),
            &element(0x31, &[]),
            &sequence(&[&object_identifier("1.2.840.113549.1.7.1")]),
            &element(0xa0, &[first.clone(), second.clone()].concat()),
            &element(0xa1, &list),
            &element(0x31, &[]),
        ]);
        let bundle = sequence(&[&object_identifier(SIGNED_DATA), &element(0xa0, &signed)]);
        for file in [bundle.clone(), pem("PKCS7", &bundle).into_bytes()] {
            assert_eq!(certificates(&file), [first.clone(), second.clone()]);
            assert!(matches!(read_evidence(&file)[..], [Ok(_), Ok(_), Ok(Evidence::Crl(_))]));
        }
    }

    #[test]
    fn a_damaged_block_is_said_so() {
        let good = pem("CERTIFICATE", &Make::root("root", 1).der());
        let file = format!("{good}-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n");
        assert!(matches!(read_evidence(file.as_bytes())[..], [Ok(_), Err(EvidenceError::DamagedBlock)]));
        let other = format!("{good}{}", pem("CERTIFICATE", b"no certificate"));
        assert!(matches!(read_evidence(other.as_bytes())[..], [Ok(_), Err(EvidenceError::Unknown)]));
    }

    #[test]
    fn anything_else_is_one_error() {
        let key = pem("RSA PRIVATE KEY", b"no key");
        for file in [&b""[..], b"text", &[0x30, 0x82], b"-----BEGIN CERTIFICATE-----\n!!\n", key.as_bytes()] {
            assert!(matches!(read_evidence(file)[..], [Err(_)]));
        }
    }
}
