//! What a file of a trust or revocation folder holds: DER, or PEM with any number of blocks.

use super::{Certificate, Crl, OcspResponse};
use std::sync::Arc;
use x509_parser::pem::Pem;

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

/// Everything readable in `bytes`, in order; empty if they are none of these.
pub fn read_evidence(bytes: &[u8]) -> Vec<Evidence> {
    // RFC 7468, 2: text before the encapsulation boundary is ignored.
    if bytes.windows(11).any(|window| window == b"-----BEGIN ") {
        Pem::iter_from_buffer(bytes).filter_map(Result::ok).filter_map(|block| one(&block.contents)).collect()
    } else {
        one(bytes).into_iter().collect()
    }
}

fn one(der: &[u8]) -> Option<Evidence> {
    Certificate::parse(der)
        .map(|certificate| Evidence::Certificate(Arc::new(certificate)))
        .ok()
        .or_else(|| Crl::parse(der).map(|list| Evidence::Crl(Arc::new(list))).ok())
        .or_else(|| OcspResponse::parse(der).map(|response| Evidence::OcspResponse(Arc::new(response))).ok())
}
