//! Adobe's revocation information archival attribute (ISO 32000-2, 12.8.3.3.2).

use super::structure::MEMBERS;
use super::tlv::{Element, Malformed, tag};

/// What the attribute holds, whole elements.
#[derive(Debug, Default)]
pub(super) struct Archived<'a> {
    /// CertificateLists.
    pub(super) crls: Vec<&'a [u8]>,
    /// OCSPResponses.
    pub(super) ocsp_responses: Vec<&'a [u8]>,
}

impl<'a> Archived<'a> {
    /// RevocationInfoArchival ::= SEQUENCE { crl [0] EXPLICIT SEQUENCE OF CertificateList OPTIONAL,
    /// ocsp [1] EXPLICIT SEQUENCE OF OCSPResponse OPTIONAL, otherRevInfo [2] … OPTIONAL }
    pub(super) fn parse(value: &Element<'a>, depth: usize) -> Result<Self, Malformed> {
        if value.identifier != tag::SEQUENCE {
            return Err("RevocationInfoArchival expected".into());
        }
        let mut archived = Self::default();
        let mut fields = value.reader(depth);
        while let Some(field) = fields.next()? {
            let list = match field.identifier {
                tag::CONTEXT_0 => &mut archived.crls,
                tag::CONTEXT_1 => &mut archived.ocsp_responses,
                _ => continue,
            };
            let mut members = field.reader(depth).expect(tag::SEQUENCE, "revocation data")?.reader(depth);
            while let Some(member) = members.next()? {
                if list.len() == MEMBERS {
                    return Err(Malformed::new(format!("more than {MEMBERS} pieces of revocation data")));
                }
                if member.identifier != tag::SEQUENCE {
                    return Err("revocation data expected".into());
                }
                list.push(member.raw);
            }
        }
        Ok(archived)
    }
}
