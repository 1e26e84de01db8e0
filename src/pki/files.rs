//! Certificates and lists as files hold them: one in DER, or any number in PEM (RFC 7468).

use super::certificate::{Certificate, CertificateError};
use super::crl::{Crl, CrlError};
use x509_parser::pem::Pem;

/// Every certificate in the bytes of a file; blocks of another kind are passed over.
pub fn certificates_in(file: &[u8]) -> Vec<Result<Certificate, CertificateError>> {
    match blocks(file, &["CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"]) {
        Some(blocks) => blocks
            .iter()
            .map(|block| match block {
                Some(der) => Certificate::parse(der),
                None => Err(CertificateError::Malformed("damaged PEM block".to_owned())),
            })
            .collect(),
        None => vec![Certificate::parse(file)],
    }
}

/// Every CRL in the bytes of a file; blocks of another kind are passed over.
pub fn lists_in(file: &[u8]) -> Vec<Result<Crl, CrlError>> {
    match blocks(file, &["X509 CRL"]) {
        Some(blocks) => {
            let damaged = Err(CrlError("damaged PEM block"));
            blocks.iter().map(|block| block.as_ref().map_or(damaged.clone(), |der| Crl::parse(der))).collect()
        }
        None => vec![Crl::parse(file)],
    }
}

/// The PEM blocks with one of these labels, `None` for one that is damaged; `None` if the file is not PEM
/// or has no such block.
fn blocks(file: &[u8], labels: &[&str]) -> Option<Vec<Option<Vec<u8>>>> {
    // DER starts with a SEQUENCE, text does not.
    if file.first() == Some(&0x30) && file.get(1).is_some_and(|length| *length >= 0x80) {
        return None;
    }
    let mut found = Vec::new();
    for block in Pem::iter_from_buffer(file) {
        match block {
            Ok(block) if labels.contains(&block.label.as_str()) => found.push(Some(block.contents)),
            Ok(_) => {}
            Err(_) => {
                // What follows cannot be told apart.
                found.push(None);
                break;
            }
        }
    }
    (!found.is_empty()).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::testing::{Make, MakeCrl, year};

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

    #[test]
    fn der_and_pem_hold_the_same() {
        let first = Make::root("root", 1).der();
        let second = Make::root("other", 2).der();
        let list = MakeCrl::new("root", 1, year(0)).der();
        let file = ["comment\n", &pem("CERTIFICATE", &first), &pem("X509 CRL", &list), &pem("CERTIFICATE", &second)];
        let file = file.concat();
        let parsed: Vec<_> = certificates_in(file.as_bytes()).into_iter().map(|one| one.unwrap().der).collect();
        assert_eq!(parsed, [first.clone(), second]);
        assert_eq!(lists_in(file.as_bytes())[0].as_ref().unwrap().sha256, Crl::parse(&list).unwrap().sha256);
        assert_eq!(certificates_in(&first)[0].as_ref().unwrap().der, first);
        assert_eq!(lists_in(&list).len(), 1);
    }

    #[test]
    fn a_damaged_block_is_said_so() {
        let good = pem("CERTIFICATE", &Make::root("root", 1).der());
        let file = format!("{good}-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n");
        assert!(matches!(certificates_in(file.as_bytes())[..], [Ok(_), Err(_)]));
    }

    #[test]
    fn anything_else_is_one_error() {
        for file in [&b""[..], b"text", &[0x30, 0x82], b"-----BEGIN CERTIFICATE-----\n!!\n"] {
            assert!(matches!(certificates_in(file)[..], [Err(_)]));
            assert!(matches!(lists_in(file)[..], [Err(_)]));
        }
    }
}
