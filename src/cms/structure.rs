//! ContentInfo, SignedData and SignerInfo (RFC 5652, 3 and 5), borrowed from the bytes they were read from.

use super::certificate::Certificate;
use super::note;
use super::oid;
use super::tlv::{Element, Malformed, Reader, tag};
use std::borrow::Cow;

/// Certificates, or pieces of revocation data, that one SignedData may carry. Real ones carry fewer than
/// ten; with more, a hostile file could make the search for the signer's key expensive.
pub(super) const MEMBERS: usize = 500;

/// A SignedData with exactly one signer.
#[derive(Debug)]
pub(super) struct SignedData<'a> {
    /// eContentType, content octets of the identifier.
    pub(super) content_type: &'a [u8],
    /// Octets of eContent.
    pub(super) content: Option<Cow<'a, [u8]>>,
    /// The X.509 certificates, as they are.
    pub(super) certificates: Vec<&'a [u8]>,
    /// Those of them that could be read.
    pub(super) readable: Vec<Certificate<'a>>,
    /// CertificateLists of the crls field.
    pub(super) crls: Vec<&'a [u8]>,
    /// OCSPResponses of the crls field (RFC 5940).
    pub(super) ocsp_responses: Vec<&'a [u8]>,
    /// The one signer.
    pub(super) signer: SignerInfo<'a>,
    /// Oddities met while reading.
    pub(super) notes: Vec<String>,
}

/// SignerInfo (RFC 5652, 5.3).
#[derive(Debug)]
pub(super) struct SignerInfo<'a> {
    /// Which certificate.
    pub(super) identifier: SignerIdentifier<'a>,
    /// digestAlgorithm.
    pub(super) digest_algorithm: AlgorithmIdentifier<'a>,
    /// `[0]` element.
    pub(super) signed_attributes: Option<Element<'a>>,
    /// signatureAlgorithm.
    pub(super) signature_algorithm: AlgorithmIdentifier<'a>,
    /// Octets of the signature value.
    pub(super) signature: Cow<'a, [u8]>,
    /// `[1]` element.
    pub(super) unsigned_attributes: Option<Element<'a>>,
}

/// SignerIdentifier (RFC 5652, 5.3).
#[derive(Debug)]
pub(super) enum SignerIdentifier<'a> {
    /// issuerAndSerialNumber: the Name as an element, the content octets of the serial number.
    IssuerAndSerial { issuer: &'a [u8], serial: &'a [u8] },
    /// subjectKeyIdentifier.
    KeyIdentifier(Cow<'a, [u8]>),
}

impl SignerIdentifier<'_> {
    /// Whether it names this certificate. Names are compared byte by byte.
    pub(super) fn names(&self, certificate: &Certificate<'_>) -> bool {
        match self {
            Self::IssuerAndSerial { issuer, serial } => certificate.serial == *serial && certificate.issuer == *issuer,
            Self::KeyIdentifier(identifier) => certificate.key_identifier == Some(identifier.as_ref()),
        }
    }
}

/// AlgorithmIdentifier (RFC 5280, 4.1.1.2).
#[derive(Clone, Copy, Debug)]
pub(super) struct AlgorithmIdentifier<'a> {
    /// The whole element.
    pub(super) raw: &'a [u8],
    /// Content octets of the identifier.
    pub(super) oid: &'a [u8],
    /// Parameters, whole element; empty where they are absent or NULL.
    pub(super) parameters: &'a [u8],
}

impl<'a> AlgorithmIdentifier<'a> {
    pub(super) fn parse(element: &Element<'a>, depth: usize) -> Result<Self, Malformed> {
        let mut fields = element.reader(depth);
        let oid = fields.expect(tag::OBJECT_IDENTIFIER, "algorithm")?.content;
        let parameters = match fields.next()?.map(|parameters| parameters.raw) {
            None | Some([0x05, 0x00]) => &[],
            Some(parameters) => parameters,
        };
        fields.finish("algorithm identifier")?;
        Ok(Self { raw: element.raw, oid, parameters })
    }

    /// Same algorithm with the same parameters, absent and NULL being the same.
    pub(super) fn same(&self, other: &Self) -> bool {
        self.oid == other.oid && self.parameters == other.parameters
    }
}

/// Reads the ContentInfo at the start of `input`; also returns the bytes behind it.
pub(super) fn parse(input: &[u8], depth: usize) -> Result<(SignedData<'_>, &[u8]), Malformed> {
    let mut reader = Reader::new(input, depth);
    let content_info = reader.expect(tag::SEQUENCE, "ContentInfo")?;
    let mut fields = content_info.reader(depth);
    let content_type = fields.expect(tag::OBJECT_IDENTIFIER, "contentType")?.content;
    if content_type != oid::SIGNED_DATA {
        return Err(Malformed::new(format!("not SignedData but {}", oid::dotted(content_type))));
    }
    let explicit = fields.expect(tag::CONTEXT_0, "content")?;
    fields.finish("ContentInfo")?;
    let mut inner = explicit.reader(depth);
    let signed_data = inner.expect(tag::SEQUENCE, "SignedData")?;
    inner.finish("content")?;
    let mut signed = parse_signed_data(&signed_data, depth)?;
    if content_info.indefinite || explicit.indefinite || signed_data.indefinite {
        note::add(&mut signed.notes, note::BER_INDEFINITE_LENGTH);
    }
    Ok((signed, reader.rest()))
}

fn parse_signed_data<'a>(element: &Element<'a>, depth: usize) -> Result<SignedData<'a>, Malformed> {
    let mut notes = Vec::new();
    let mut fields = element.reader(depth);
    // RFC 5652, 5.1: 1, 3, 4 or 5.
    if !matches!(fields.expect(tag::INTEGER, "version")?.content, [1 | 3 | 4 | 5]) {
        note::add(&mut notes, note::VERSION_UNEXPECTED);
    }
    let digest_algorithms = fields.expect(tag::SET, "digestAlgorithms")?;
    let encapsulated = fields.expect(tag::SEQUENCE, "encapContentInfo")?;
    let certificates_field = fields.optional(tag::CONTEXT_0)?;
    let revocation_field = fields.optional(tag::CONTEXT_1)?;
    let signer_infos = fields.expect(tag::SET, "signerInfos")?;
    fields.finish("SignedData")?;

    let (content_type, content) = parse_content(&encapsulated, depth)?;
    let signer_element = only_signer(&signer_infos, depth)?;
    let (signer, version) = parse_signer(&signer_element, depth)?;
    // RFC 5652, 5.3: the version goes with the kind of identifier.
    match (&signer.identifier, version) {
        (SignerIdentifier::IssuerAndSerial { .. }, [1]) | (SignerIdentifier::KeyIdentifier(_), [3]) => {}
        _ => note::add(&mut notes, note::VERSION_UNEXPECTED),
    }
    let elements =
        [Some(digest_algorithms), Some(encapsulated), certificates_field, revocation_field, Some(signer_infos)];
    let attributes = [signer.signed_attributes, signer.unsigned_attributes, Some(signer_element)];
    if elements.iter().chain(&attributes).flatten().any(|element| element.indefinite) {
        note::add(&mut notes, note::BER_INDEFINITE_LENGTH);
    }
    if !lists(&digest_algorithms, &signer.digest_algorithm, depth)? {
        note::add(&mut notes, note::DIGEST_ALGORITHM_NOT_LISTED);
    }
    let mut signed = SignedData {
        content_type,
        content,
        certificates: Vec::new(),
        readable: Vec::new(),
        crls: Vec::new(),
        ocsp_responses: Vec::new(),
        signer,
        notes,
    };
    if let Some(field) = certificates_field {
        signed.read_certificates(&field, depth)?;
    }
    if let Some(field) = revocation_field {
        signed.read_revocation(&field, depth)?;
    }
    Ok(signed)
}

/// eContentType, content octets of the identifier, and the octets of eContent.
type EncapsulatedContent<'a> = (&'a [u8], Option<Cow<'a, [u8]>>);

/// EncapsulatedContentInfo (RFC 5652, 5.2).
fn parse_content<'a>(encapsulated: &Element<'a>, depth: usize) -> Result<EncapsulatedContent<'a>, Malformed> {
    let mut fields = encapsulated.reader(depth);
    let content_type = fields.expect(tag::OBJECT_IDENTIFIER, "eContentType")?.content;
    let content = match fields.optional(tag::CONTEXT_0)? {
        Some(explicit) => {
            let mut inner = explicit.reader(depth);
            let octets = inner.octet_string("eContent")?;
            inner.finish("eContent")?;
            Some(octets)
        }
        None => None,
    };
    fields.finish("encapContentInfo")?;
    Ok((content_type, content))
}

/// The attack catalogue's rule: one signer, neither none nor several.
fn only_signer<'a>(signer_infos: &Element<'a>, depth: usize) -> Result<Element<'a>, Malformed> {
    let mut members = signer_infos.reader(depth);
    let Some(first) = members.next()? else { return Err("0 signers".into()) };
    let mut count = 1_u64;
    while members.next()?.is_some() {
        count += 1;
    }
    if count > 1 {
        return Err(Malformed::new(format!("{count} signers")));
    }
    if first.identifier != tag::SEQUENCE {
        return Err("SignerInfo expected".into());
    }
    Ok(first)
}

/// The signer, and the content octets of the version.
fn parse_signer<'a>(element: &Element<'a>, depth: usize) -> Result<(SignerInfo<'a>, &'a [u8]), Malformed> {
    let mut fields = element.reader(depth);
    let version = fields.expect(tag::INTEGER, "SignerInfo version")?.content;
    let identifier = if let Some(issuer_and_serial) = fields.optional(tag::SEQUENCE)? {
        let mut parts = issuer_and_serial.reader(depth);
        let issuer = parts.expect(tag::SEQUENCE, "signer's issuer")?.raw;
        let serial = parts.expect(tag::INTEGER, "signer's serial number")?.content;
        parts.finish("issuerAndSerialNumber")?;
        SignerIdentifier::IssuerAndSerial { issuer, serial }
    } else {
        let constructed = fields.optional(tag::CONTEXT_0)?;
        let identifier = match constructed {
            Some(constructed) => constructed,
            None => fields.expect(tag::CONTEXT_0_PRIMITIVE, "signer identifier")?,
        };
        SignerIdentifier::KeyIdentifier(identifier.octets(depth)?)
    };
    let digest_algorithm = AlgorithmIdentifier::parse(&fields.expect(tag::SEQUENCE, "digestAlgorithm")?, depth)?;
    let signed_attributes = fields.optional(tag::CONTEXT_0)?;
    let signature_algorithm = AlgorithmIdentifier::parse(&fields.expect(tag::SEQUENCE, "signatureAlgorithm")?, depth)?;
    let signature = fields.octet_string("signature")?;
    let unsigned_attributes = fields.optional(tag::CONTEXT_1)?;
    fields.finish("SignerInfo")?;
    let signer = SignerInfo {
        identifier,
        digest_algorithm,
        signed_attributes,
        signature_algorithm,
        signature,
        unsigned_attributes,
    };
    Ok((signer, version))
}

/// Whether the SET of digest algorithms names this one.
fn lists(set: &Element<'_>, wanted: &AlgorithmIdentifier<'_>, depth: usize) -> Result<bool, Malformed> {
    let mut members = set.reader(depth);
    while !members.rest().is_empty() {
        let member = members.expect(tag::SEQUENCE, "digest algorithm")?;
        if AlgorithmIdentifier::parse(&member, depth)?.oid == wanted.oid {
            return Ok(true);
        }
    }
    Ok(false)
}

impl<'a> SignedData<'a> {
    /// CertificateSet (RFC 5652, 10.2.3).
    fn read_certificates(&mut self, field: &Element<'a>, depth: usize) -> Result<(), Malformed> {
        let mut members = field.reader(depth);
        while let Some(member) = members.next()? {
            if member.identifier != tag::SEQUENCE {
                note::add(&mut self.notes, note::OTHER_CERTIFICATE_FORMAT);
                continue;
            }
            if self.certificates.len() == MEMBERS {
                return Err(Malformed::new(format!("more than {MEMBERS} certificates")));
            }
            self.certificates.push(member.raw);
            match Certificate::parse(&member, depth) {
                Ok(certificate) => self.readable.push(certificate),
                Err(_) => note::add(&mut self.notes, note::OTHER_CERTIFICATE_FORMAT),
            }
        }
        Ok(())
    }

    /// RevocationInfoChoices (RFC 5652, 10.2.1).
    fn read_revocation(&mut self, field: &Element<'a>, depth: usize) -> Result<(), Malformed> {
        let mut members = field.reader(depth);
        while let Some(member) = members.next()? {
            if self.crls.len() + self.ocsp_responses.len() == MEMBERS {
                return Err(Malformed::new(format!("more than {MEMBERS} pieces of revocation data")));
            }
            match member.identifier {
                tag::SEQUENCE => self.crls.push(member.raw),
                tag::CONTEXT_1 => match other_revocation(&member, depth) {
                    Ok(Some(response)) => self.ocsp_responses.push(response),
                    Ok(None) | Err(_) => note::add(&mut self.notes, note::REVOCATION_DATA_UNREADABLE),
                },
                _ => note::add(&mut self.notes, note::REVOCATION_DATA_UNREADABLE),
            }
        }
        Ok(())
    }
}

/// OtherRevocationInfoFormat that holds an OCSPResponse (RFC 5940, 2.1).
fn other_revocation<'a>(element: &Element<'a>, depth: usize) -> Result<Option<&'a [u8]>, Malformed> {
    let mut fields = element.reader(depth);
    let format = fields.expect(tag::OBJECT_IDENTIFIER, "otherRevInfoFormat")?;
    let response = fields.expect(tag::SEQUENCE, "OCSPResponse")?;
    Ok((format.content == oid::OCSP_RESPONSE).then_some(response.raw))
}
