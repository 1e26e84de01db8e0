//! OCSP responses (RFC 6960, 4.2): reading them and telling who may have signed them.

use super::certificate::Certificate;
use super::crl::{RevocationReason, minimal};
use super::extension::note_unprocessed;
use super::memo::SignatureMemo;
use super::time::time;
use crate::crypto::der::{self, Element, tag};
use crate::crypto::{self, DigestAlgorithm, SignatureScheme};
use crate::model::{Sha256Digest, UnixTime};
use std::sync::Arc;

/// Certificates of one response that are read. Real ones carry one or two; ours.
const MAXIMUM_CERTIFICATES: usize = 16;
/// id-kp-OCSPSigning (RFC 6960, 4.2.2.2).
const OCSP_SIGNING: &str = "1.3.6.1.5.5.7.3.9";

/// Status of one certificate in a response.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OcspStatus {
    /// good.
    Good,
    /// revoked.
    Revoked {
        /// When.
        date: UnixTime,
        /// Why.
        reason: RevocationReason,
    },
    /// unknown.
    Unknown,
}

/// What a response says of one certificate.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SingleResponse {
    /// Status.
    pub status: OcspStatus,
    /// thisUpdate.
    pub this_update: UnixTime,
    /// nextUpdate.
    pub next_update: Option<UnixTime>,
    digest: Option<DigestAlgorithm>,
    issuer_name_hash: Vec<u8>,
    issuer_key_hash: Vec<u8>,
    pub(super) serial: Vec<u8>,
}

/// A parsed basic response. Its signature is verified when it is used.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct OcspResponse {
    /// SHA-256 of the bytes found.
    pub sha256: Sha256Digest,
    /// producedAt.
    pub produced_at: UnixTime,
    /// One per certificate.
    pub responses: Vec<SingleResponse>,
    /// Certificates carried.
    pub certificates: Vec<Arc<Certificate>>,
    /// Critical extensions that are not known. Dotted.
    pub unprocessed: Vec<String>,
    signature_scheme: SignatureScheme,
    signature: Vec<u8>,
    signed: Vec<u8>,
}

/// Why bytes are no OCSP response that can be used.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum OcspError {
    /// Not the DER of a response; says where.
    #[error("not an OCSP response: {0}")]
    Malformed(&'static str),
    /// The responder answered with an error (RFC 6960, 4.2.1).
    #[error("OCSP response status {0}")]
    Unsuccessful(u8),
}

impl OcspResponse {
    /// Reads an OCSPResponse, or the BasicOCSPResponse inside of one (as CMS and /DSS may carry).
    pub fn parse(der: &[u8]) -> Result<Self, OcspError> {
        let malformed = OcspError::Malformed;
        let outer = der::sequence(der).ok_or(malformed("outer sequence"))?;
        let mut fields = outer;
        let Some(status) = fields.next_of(tag::ENUMERATED) else {
            return Self::basic(der, outer);
        };
        match status.content {
            [0] => {}
            [code] => return Err(OcspError::Unsuccessful(*code)),
            _ => return Err(malformed("responseStatus")),
        }
        let bytes = fields.next_context(0).and_then(|bytes| bytes.children().next_of(tag::SEQUENCE));
        let mut bytes = bytes.ok_or(malformed("responseBytes"))?.children();
        // id-pkix-ocsp-basic
        if bytes.next().and_then(|kind| kind.oid()).as_deref() != Some("1.3.6.1.5.5.7.48.1.1") {
            return Err(malformed("responseType"));
        }
        let basic = bytes.next_of(tag::OCTET_STRING).ok_or(malformed("response"))?.content;
        Self::basic(der, der::sequence(basic).ok_or(malformed("basicResponse"))?)
    }

    fn basic(whole: &[u8], mut fields: der::Elements<'_>) -> Result<Self, OcspError> {
        let malformed = OcspError::Malformed;
        let data = fields.next_of(tag::SEQUENCE).ok_or(malformed("tbsResponseData"))?;
        let algorithm = fields.next_of(tag::SEQUENCE).ok_or(malformed("signatureAlgorithm"))?;
        let signature = fields.next_of(tag::BIT_STRING).ok_or(malformed("signature"))?;
        let signature = signature.whole_bits().unwrap_or_default();
        let certificates = fields.next_context(0).and_then(|list| list.children().next_of(tag::SEQUENCE));

        let mut inner = data.children();
        inner.next_context(0);
        // responderID: byName [1] or byKey [2]. It only says which key to try.
        inner.next().filter(|id| id.is_context(1) || id.is_context(2)).ok_or(malformed("responderID"))?;
        let produced_at = inner.next().and_then(|moment| time(&moment)).ok_or(malformed("producedAt"))?;
        let mut list = inner.next_of(tag::SEQUENCE).ok_or(malformed("responses"))?.children();
        let mut unprocessed = Vec::new();
        let responses = list
            .by_ref()
            .map(|response| single(&response, &mut unprocessed))
            .collect::<Option<Vec<_>>>()
            .filter(|_| list.0.is_empty())
            .ok_or(malformed("responses"))?;
        if let Some(extensions) = inner.next_context(1) {
            critical(&extensions, &mut unprocessed);
        }
        Ok(Self {
            sha256: crypto::sha256(whole),
            produced_at,
            responses,
            certificates: certificates
                .into_iter()
                .flat_map(|list| list.children())
                .take(MAXIMUM_CERTIFICATES)
                .filter_map(|certificate| Certificate::parse(certificate.raw).ok().map(Arc::new))
                .collect(),
            unprocessed,
            signature_scheme: SignatureScheme::parse(algorithm.raw, None),
            signature: signature.to_vec(),
            signed: data.raw.to_vec(),
        })
    }

    /// What it says of `certificate` issued by `issuer`.
    pub(super) fn about<'a>(
        &'a self,
        certificate: &'a Certificate,
        issuer: &'a Certificate,
    ) -> impl Iterator<Item = &'a SingleResponse> {
        self.responses.iter().filter(move |response| {
            response.serial == minimal(&certificate.serial) && response.names(issuer).unwrap_or(false)
        })
    }

    /// Whether the signer's key made the response's signature.
    pub(super) fn is_signed_by(&self, signer: &Certificate, signatures: &SignatureMemo) -> bool {
        let verify = || crypto::verify(&signer.spki, &self.signature_scheme, &self.signed, &self.signature);
        signatures.get(self.sha256, signer.key_sha256, verify).is_right()
    }

    /// Whether the issuer's key appointed this responder, for the time the response was made
    /// (RFC 6960, 4.2.2.2).
    pub(super) fn is_appointed(
        &self,
        responder: &Certificate,
        issuer: &Certificate,
        signatures: &SignatureMemo,
    ) -> bool {
        let verify = || responder.verify_signed_by(&issuer.spki);
        responder.issuer == issuer.subject
            && responder.has_key_purpose(OCSP_SIGNING)
            // A key usage without a signing bit leaves nothing to sign with (RFC 5280, 4.2.1.3).
            && responder.extensions.key_usage.is_none_or(|usage| usage.digital_signature() || usage.non_repudiation())
            && responder.is_within_validity(self.produced_at)
            && responder.extensions.unprocessed.is_empty()
            && signatures.get(responder.sha256, issuer.key_sha256, verify).is_right()
    }
}

impl SingleResponse {
    /// Whether the CertID names this issuer; `None` if its digest cannot be computed.
    fn names(&self, issuer: &Certificate) -> Option<bool> {
        let digest = self.digest?;
        // The key's BIT STRING without its count of unused bits (RFC 6960, 4.1.1).
        let key = der::sequence(&issuer.spki)?.nth(1)?.whole_bits()?;
        Some(
            digest.digest(&issuer.subject.raw)? == self.issuer_name_hash && digest.digest(key)? == self.issuer_key_hash,
        )
    }
}

fn single(response: &Element<'_>, unprocessed: &mut Vec<String>) -> Option<SingleResponse> {
    let mut fields = response.children();
    let mut id = fields.next_of(tag::SEQUENCE)?.children();
    let digest = DigestAlgorithm::from_algorithm_identifier(id.next()?.raw);
    let issuer_name_hash = id.next_of(tag::OCTET_STRING)?.content.to_vec();
    let issuer_key_hash = id.next_of(tag::OCTET_STRING)?.content.to_vec();
    let serial = minimal(id.next_of(tag::INTEGER)?.content).to_vec();
    let status = fields.next()?;
    let status = match status.tag {
        0 => OcspStatus::Good,
        1 => {
            let mut revoked = status.children();
            let date = time(&revoked.next()?)?;
            let code = revoked.next_context(0).and_then(|reason| reason.children().next());
            let code = code.and_then(|code| code.content.first().copied());
            OcspStatus::Revoked { date, reason: code.map_or(RevocationReason::NotStated, RevocationReason::from_code) }
        }
        _ => OcspStatus::Unknown,
    };
    let this_update = time(&fields.next()?)?;
    let next_update = match fields.next_context(0) {
        Some(moment) => Some(time(&moment.children().next()?)?),
        None => None,
    };
    if let Some(extensions) = fields.next_context(1) {
        critical(&extensions, unprocessed);
    }
    Some(SingleResponse { status, this_update, next_update, digest, issuer_name_hash, issuer_key_hash, serial })
}

/// Notes every critical extension: none is known that changes what a response means.
fn critical(extensions: &Element<'_>, unprocessed: &mut Vec<String>) {
    for extension in extensions.children().next_of(tag::SEQUENCE).into_iter().flat_map(|list| list.children()) {
        let mut fields = extension.children();
        let oid = fields.next().and_then(|oid| oid.oid());
        let flagged = fields.next_of(tag::BOOLEAN).is_some_and(|flag| flag.content.iter().any(|byte| *byte != 0));
        if flagged {
            note_unprocessed(unprocessed, &oid.unwrap_or_default());
        }
    }
}
