//! The few fields of an X.509 certificate by which a SignerInfo finds its signer (RFC 5280, 4.1).

use super::oid;
use super::tlv::{Element, Malformed, Reader, tag};

/// What identifies a certificate, and its key; all borrowed from its DER.
#[derive(Clone, Copy, Debug)]
pub(super) struct Certificate<'a> {
    /// The whole certificate.
    pub(super) der: &'a [u8],
    /// Issuer Name, whole element.
    pub(super) issuer: &'a [u8],
    /// Content octets of serialNumber.
    pub(super) serial: &'a [u8],
    /// SubjectPublicKeyInfo, whole element.
    pub(super) public_key: &'a [u8],
    /// Octets of the subjectKeyIdentifier extension.
    pub(super) key_identifier: Option<&'a [u8]>,
}

impl<'a> Certificate<'a> {
    /// Reads the certificate that `element` is.
    pub(super) fn parse(element: &Element<'a>, depth: usize) -> Result<Self, Malformed> {
        let mut fields = element.reader(depth).expect(tag::SEQUENCE, "tbsCertificate")?.reader(depth);
        // version
        fields.optional(tag::CONTEXT_0)?;
        let serial = fields.expect(tag::INTEGER, "serialNumber")?.content;
        fields.expect(tag::SEQUENCE, "signature algorithm")?;
        let issuer = fields.expect(tag::SEQUENCE, "issuer")?.raw;
        fields.expect(tag::SEQUENCE, "validity")?;
        fields.expect(tag::SEQUENCE, "subject")?;
        let public_key = fields.expect(tag::SEQUENCE, "subjectPublicKeyInfo")?.raw;
        let key_identifier = key_identifier(fields)?;
        Ok(Self { der: element.raw, issuer, serial, public_key, key_identifier })
    }

    /// Reads a certificate that is the whole of `der`.
    pub(super) fn from_der(der: &'a [u8], depth: usize) -> Result<Self, Malformed> {
        let mut reader = Reader::new(der, depth);
        let element = reader.expect(tag::SEQUENCE, "certificate")?;
        reader.finish("certificate")?;
        Self::parse(&element, depth)
    }
}

/// Finds the extension among what follows subjectPublicKeyInfo.
fn key_identifier<'a>(mut fields: Reader<'a>) -> Result<Option<&'a [u8]>, Malformed> {
    let depth = fields.depth();
    while let Some(field) = fields.next()? {
        if field.identifier != tag::CONTEXT_3 {
            continue;
        }
        let mut extensions = field.reader(depth).expect(tag::SEQUENCE, "extensions")?.reader(depth);
        while let Some(extension) = extensions.next()? {
            let mut parts = extension.reader(depth);
            if parts.expect(tag::OBJECT_IDENTIFIER, "extension type")?.content != oid::SUBJECT_KEY_IDENTIFIER {
                continue;
            }
            // critical: a BOOLEAN, here never set
            parts.optional(0x01)?;
            let value = parts.expect(tag::OCTET_STRING, "extension value")?;
            return Ok(Some(value.reader(depth).expect(tag::OCTET_STRING, "subjectKeyIdentifier")?.content));
        }
    }
    Ok(None)
}
