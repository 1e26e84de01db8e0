//! Signed attributes (RFC 5652, 5.3 and 11): each known one at most once, with exactly one value.

use super::instant::instant;
use super::note;
use super::oid;
use super::structure::AlgorithmIdentifier;
use super::tlv::{Element, Malformed, Reader, tag};
use crate::model::UnixTime;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// The signed attributes that mean something to verification.
#[derive(Debug, Default)]
pub(super) struct SignedAttributes<'a> {
    /// content-type: content octets of the identifier.
    pub(super) content_type: Option<&'a [u8]>,
    /// message-digest.
    pub(super) message_digest: Cow<'a, [u8]>,
    /// signing-time.
    pub(super) signing_time: Option<UnixTime>,
    /// Value of signing-certificate.
    pub(super) signing_certificate: Option<Element<'a>>,
    /// Value of signing-certificate-v2.
    pub(super) signing_certificate_v2: Option<Element<'a>>,
    /// Value of cms-algorithm-protection.
    pub(super) algorithm_protection: Option<Element<'a>>,
    /// Value of adbe-revocationInfoArchival.
    pub(super) revocation_archival: Option<Element<'a>>,
}

/// An attribute: its type and its values, undecoded.
pub(super) struct Attribute<'a> {
    /// Content octets of the identifier.
    pub(super) kind: &'a [u8],
    /// The SET of values.
    pub(super) values: Element<'a>,
}

impl<'a> Attribute<'a> {
    pub(super) fn parse(element: &Element<'a>, depth: usize) -> Result<Self, Malformed> {
        if element.identifier != tag::SEQUENCE {
            return Err("attribute expected".into());
        }
        let mut fields = element.reader(depth);
        let kind = fields.expect(tag::OBJECT_IDENTIFIER, "attribute type")?.content;
        let values = fields.expect(tag::SET, "attribute values")?;
        fields.finish("attribute")?;
        Ok(Self { kind, values })
    }

    /// The value of an attribute that has exactly one.
    fn value(&self, name: &str, depth: usize) -> Result<Element<'a>, Malformed> {
        let mut values = self.values.reader(depth);
        let value = values.next()?.ok_or_else(|| Malformed::new(format!("attribute {name} without a value")))?;
        values.finish(&format!("attribute {name} with several values"))?;
        Ok(value)
    }
}

impl<'a> SignedAttributes<'a> {
    /// Reads the `[0]` element of a SignerInfo.
    pub(super) fn parse(element: &Element<'a>, depth: usize, notes: &mut Vec<String>) -> Result<Self, Malformed> {
        let mut result = Self::default();
        let mut message_digest = None;
        let mut signing_time = None;
        let mut claims = BTreeSet::new();
        let mut members = element.reader(depth);
        while let Some(member) = members.next()? {
            let attribute = Attribute::parse(&member, depth)?;
            match attribute.kind {
                oid::CONTENT_TYPE => {
                    let value = attribute.value("content-type", depth)?;
                    if value.identifier != tag::OBJECT_IDENTIFIER {
                        return Err("attribute content-type is no identifier".into());
                    }
                    once(&mut result.content_type, value.content, "content-type")?;
                }
                oid::MESSAGE_DIGEST => {
                    let value = attribute.value("message-digest", depth)?;
                    let octets = Reader::new(value.raw, depth).octet_string("attribute message-digest")?;
                    once(&mut message_digest, octets, "message-digest")?;
                }
                oid::SIGNING_TIME => {
                    once(&mut signing_time, attribute.value("signing-time", depth)?, "signing-time")?;
                }
                oid::SIGNING_CERTIFICATE => {
                    let value = attribute.value("signing-certificate", depth)?;
                    once(&mut result.signing_certificate, value, "signing-certificate")?;
                }
                oid::SIGNING_CERTIFICATE_V2 => {
                    let value = attribute.value("signing-certificate-v2", depth)?;
                    once(&mut result.signing_certificate_v2, value, "signing-certificate-v2")?;
                }
                oid::ALGORITHM_PROTECTION => {
                    let value = attribute.value("cms-algorithm-protection", depth)?;
                    once(&mut result.algorithm_protection, value, "cms-algorithm-protection")?;
                }
                oid::REVOCATION_ARCHIVAL => {
                    let value = attribute.value("revocation archival", depth)?;
                    once(&mut result.revocation_archival, value, "revocation archival")?;
                }
                kind => {
                    if let Some((_, name)) = oid::CLAIMS.iter().find(|(claim, _)| *claim == kind) {
                        attribute.value(name, depth)?;
                        if !claims.insert(kind) {
                            return Err(Malformed::new(format!("attribute {name} duplicated")));
                        }
                    }
                }
            }
        }
        result.message_digest = message_digest.ok_or("attribute message-digest missing")?;
        if let Some(value) = signing_time {
            result.signing_time = instant(&value);
            if result.signing_time.is_none() {
                note::add(notes, note::SIGNING_TIME_MALFORMED);
            }
        }
        Ok(result)
    }

    /// Whether cms-algorithm-protection, if there, names these algorithms (RFC 6211, 2).
    pub(super) fn protects(
        &self,
        digest: &AlgorithmIdentifier<'_>,
        signature: &AlgorithmIdentifier<'_>,
        depth: usize,
    ) -> bool {
        let Some(element) = self.algorithm_protection else { return true };
        let named = || {
            let mut fields = element.reader(depth);
            let named_digest = AlgorithmIdentifier::parse(&fields.expect(tag::SEQUENCE, "digestAlgorithm")?, depth)?;
            let named_signature =
                AlgorithmIdentifier::parse(&fields.expect(tag::CONTEXT_1, "signatureAlgorithm")?, depth)?;
            fields.finish("cms-algorithm-protection")?;
            Ok::<_, Malformed>((named_digest, named_signature))
        };
        named()
            .is_ok_and(|(named_digest, named_signature)| named_digest.same(digest) && named_signature.same(signature))
    }
}

/// Sets an attribute that must not come twice.
fn once<T>(slot: &mut Option<T>, value: T, name: &str) -> Result<(), Malformed> {
    if slot.replace(value).is_some() {
        return Err(Malformed::new(format!("attribute {name} duplicated")));
    }
    Ok(())
}
