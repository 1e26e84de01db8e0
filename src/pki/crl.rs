//! Certificate revocation lists (RFC 5280, 5): read once, then answered by look-up.

use super::distribution::IssuingDistributionPoint;
use super::extension::note_unprocessed;
use super::general_name::GeneralName;
use super::name::{Name, NameKey};
use super::time::time;
use crate::crypto::der::{self, Element, tag};
use crate::crypto::{self, SignatureScheme};
use crate::model::{Sha256Digest, UnixTime, ValueOutcome};
use std::collections::HashMap;

/// Why a certificate was revoked (RFC 5280, 5.3.1).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RevocationReason {
    /// unspecified.
    Unspecified,
    /// No reason is given: the same as unspecified (5.3.1), except of a timestamp authority (RFC 3161, 4).
    NotStated,
    /// keyCompromise.
    KeyCompromise,
    /// cACompromise.
    CaCompromise,
    /// affiliationChanged.
    AffiliationChanged,
    /// superseded.
    Superseded,
    /// cessationOfOperation.
    CessationOfOperation,
    /// certificateHold: may be released again.
    CertificateHold,
    /// removeFromCRL: released, or expired while on hold; only in delta CRLs.
    RemoveFromCrl,
    /// privilegeWithdrawn.
    PrivilegeWithdrawn,
    /// aACompromise.
    AaCompromise,
    /// A number that is not defined.
    Other(u8),
}

impl RevocationReason {
    pub(super) fn from_code(code: u8) -> Self {
        match code {
            0 => Self::Unspecified,
            1 => Self::KeyCompromise,
            2 => Self::CaCompromise,
            3 => Self::AffiliationChanged,
            4 => Self::Superseded,
            5 => Self::CessationOfOperation,
            6 => Self::CertificateHold,
            8 => Self::RemoveFromCrl,
            9 => Self::PrivilegeWithdrawn,
            10 => Self::AaCompromise,
            other => Self::Other(other),
        }
    }

    /// Says nothing of the key: what was signed before the revocation keeps its worth (RFC 3161, 4 of a
    /// timestamp authority's tokens).
    pub fn spares_earlier_tokens(self) -> bool {
        matches!(self, Self::Unspecified | Self::AffiliationChanged | Self::Superseded | Self::CessationOfOperation)
    }

    /// The word of the standard.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unspecified | Self::NotStated => "unspecified",
            Self::KeyCompromise => "keyCompromise",
            Self::CaCompromise => "cACompromise",
            Self::AffiliationChanged => "affiliationChanged",
            Self::Superseded => "superseded",
            Self::CessationOfOperation => "cessationOfOperation",
            Self::CertificateHold => "certificateHold",
            Self::RemoveFromCrl => "removeFromCRL",
            Self::PrivilegeWithdrawn => "privilegeWithdrawn",
            Self::AaCompromise => "aACompromise",
            Self::Other(_) => "other",
        }
    }
}

/// A revoked certificate as listed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CrlEntry {
    /// revocationDate.
    pub date: UnixTime,
    /// Reason.
    pub reason: RevocationReason,
    /// invalidityDate (5.3.2): when the key is thought to have been compromised.
    pub invalidity_date: Option<UnixTime>,
}

/// A parsed list. Its signature is verified when it is used, under the key it is used with.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Crl {
    /// SHA-256 of the whole list.
    pub sha256: Sha256Digest,
    /// Issuer.
    pub issuer: Name,
    /// thisUpdate.
    pub this_update: UnixTime,
    /// nextUpdate.
    pub next_update: Option<UnixTime>,
    /// cRLNumber: magnitude, big endian, without leading zeros.
    pub number: Option<Vec<u8>>,
    /// BaseCRLNumber of a delta CRL, like `number`.
    pub delta_base: Option<Vec<u8>>,
    /// Scope.
    pub scope: Option<IssuingDistributionPoint>,
    /// keyIdentifier of the authority key identifier.
    pub authority_key_identifier: Option<Vec<u8>>,
    /// expiredCertsOnCRL (X.509, 9.5.2.8): entries are kept although the certificates have expired
    /// since then.
    pub keeps_expired_since: Option<UnixTime>,
    /// Extensions that forbid using the list: critical and unknown, or needed and unreadable. Dotted.
    pub unprocessed: Vec<String>,
    /// Number of entries.
    pub length: usize,
    entries: HashMap<NameKey, HashMap<Box<[u8]>, CrlEntry>>,
    signature_scheme: SignatureScheme,
    signature: Vec<u8>,
    signed: Vec<u8>,
    algorithms_agree: bool,
}

/// Why bytes are no CRL that can be used.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("not a CRL: {0}")]
pub struct CrlError(&'static str);

impl Crl {
    /// Reads a list (DER).
    pub fn parse(der: &[u8]) -> Result<Self, CrlError> {
        let mut outer = der::sequence(der).ok_or(CrlError("outer sequence"))?;
        let tbs = outer.next_of(tag::SEQUENCE).ok_or(CrlError("tbsCertList"))?;
        let algorithm = outer.next_of(tag::SEQUENCE).ok_or(CrlError("signatureAlgorithm"))?.raw;
        let signature = outer.next_of(tag::BIT_STRING).ok_or(CrlError("signatureValue"))?;
        // With unused bits it is no signature value of any scheme: wrong, not malformed.
        let signature = signature.whole_bits().unwrap_or_default();

        if !outer.0.is_empty() {
            return Err(CrlError("bytes behind the signature"));
        }

        let mut fields = tbs.children();
        fields.next_of(tag::INTEGER);
        let inner_algorithm = fields.next_of(tag::SEQUENCE).ok_or(CrlError("signature"))?.raw;
        let issuer = fields.next_of(tag::SEQUENCE).and_then(|name| Name::parse(name.raw)).ok_or(CrlError("issuer"))?;
        let this_update = fields.next().and_then(|element| time(&element)).ok_or(CrlError("thisUpdate"))?;
        let next_update = match fields.clone().next().and_then(|element| time(&element)) {
            Some(moment) => {
                fields.next();
                Some(moment)
            }
            None => None,
        };
        let revoked = fields.next_of(tag::SEQUENCE);
        let mut list = Self {
            sha256: crypto::sha256(der),
            issuer,
            this_update,
            next_update,
            number: None,
            delta_base: None,
            scope: None,
            authority_key_identifier: None,
            keeps_expired_since: None,
            unprocessed: Vec::new(),
            length: 0,
            entries: HashMap::new(),
            signature_scheme: SignatureScheme::parse(algorithm, None),
            signature: signature.to_vec(),
            signed: tbs.raw.to_vec(),
            algorithms_agree: algorithm == inner_algorithm,
        };
        if let Some(extensions) = fields.next_context(0) {
            let mut elements =
                extensions.children().next_of(tag::SEQUENCE).ok_or(CrlError("crlExtensions"))?.children();
            for extension in elements.by_ref() {
                list.extension(&extension).ok_or(CrlError("crlExtensions"))?;
            }
            if !elements.0.is_empty() {
                return Err(CrlError("crlExtensions"));
            }
        }
        if !fields.0.is_empty() {
            return Err(CrlError("bytes behind the list"));
        }
        if let Some(revoked) = revoked {
            list.read_entries(&revoked).ok_or(CrlError("revokedCertificates"))?;
        }
        Ok(list)
    }

    fn extension(&mut self, extension: &Element<'_>) -> Option<()> {
        let (oid, critical, value) = extension_parts(extension)?;
        let read = match oid.as_str() {
            "2.5.29.20" => number(value).map(|number| self.number = Some(number)),
            "2.5.29.27" => number(value).map(|number| self.delta_base = Some(number)),
            "2.5.29.28" => der::sequence(value)
                .and_then(|content| IssuingDistributionPoint::parse(content.0))
                .map(|scope| self.scope = Some(scope)),
            "2.5.29.35" => der::sequence(value).map(|mut fields| {
                self.authority_key_identifier =
                    fields.find(|field| field.is_context(0)).map(|field| field.content.to_vec());
            }),
            "2.5.29.60" => {
                self.keeps_expired_since = der::read(value).and_then(|(element, _)| time(&element));
                Some(())
            }
            // issuerAltName, freshestCRL, authorityInfoAccess: nothing depends on them here.
            "2.5.29.18" | "2.5.29.46" | "1.3.6.1.5.5.7.1.1" => Some(()),
            _ => (!critical).then_some(()),
        };
        if read.is_none() {
            note_unprocessed(&mut self.unprocessed, &oid);
        }
        Some(())
    }

    fn read_entries(&mut self, revoked: &Element<'_>) -> Option<()> {
        // 5.3.3: an entry without certificateIssuer belongs to the issuer of the entry before.
        let mut issuer = self.issuer.key();
        let mut elements = revoked.children();
        for element in elements.by_ref() {
            let mut fields = element.children();
            let serial = fields.next_of(tag::INTEGER)?.content;
            let date = time(&fields.next()?)?;
            let mut entry = CrlEntry { date, reason: RevocationReason::NotStated, invalidity_date: None };
            if let Some(extensions) = fields.next_of(tag::SEQUENCE) {
                for extension in extensions.children() {
                    let (oid, critical, value) = extension_parts(&extension)?;
                    match oid.as_str() {
                        "2.5.29.21" => {
                            let code = der::read(value).and_then(|(element, _)| element.content.first().copied());
                            entry.reason = RevocationReason::from_code(code.unwrap_or(0));
                        }
                        "2.5.29.24" => entry.invalidity_date = der::read(value).and_then(|(e, _)| time(&e)),
                        "2.5.29.29" => issuer = certificate_issuer(value)?.key(),
                        // The whole list must not be used (5.3).
                        _ if critical => note_unprocessed(&mut self.unprocessed, &oid),
                        _ => {}
                    }
                }
            }
            self.length = self.length.saturating_add(1);
            self.entries
                .entry(issuer)
                .or_default()
                .entry(minimal(serial).into())
                // Listed twice: the earlier date binds.
                .and_modify(|known| *known = if entry.date < known.date { entry } else { *known })
                .or_insert(entry);
        }
        elements.0.is_empty().then_some(())
    }

    /// The entry for a certificate of `issuer` with this serial number (content octets).
    pub fn entry(&self, issuer: &Name, serial: &[u8]) -> Option<&CrlEntry> {
        self.entry_for(&issuer.key(), minimal(serial))
    }

    /// The same with the name's key and the shortest octets at hand.
    pub(super) fn entry_for(&self, issuer: &NameKey, serial: &[u8]) -> Option<&CrlEntry> {
        self.entries.get(issuer)?.get(serial)
    }

    /// Whether the key in `spki` signed the list.
    pub fn verify_signed_by(&self, spki: &[u8]) -> ValueOutcome {
        if !self.algorithms_agree {
            return ValueOutcome::Wrong;
        }
        crypto::verify(spki, &self.signature_scheme, &self.signed, &self.signature)
    }
}

/// The shortest content octets of the same INTEGER: some issuers write leading zeros.
pub(super) fn minimal(mut content: &[u8]) -> &[u8] {
    while let [first, rest @ ..] = content {
        let redundant = match rest.first() {
            Some(second) => (*first == 0 && second & 0x80 == 0) || (*first == 0xff && second & 0x80 != 0),
            None => false,
        };
        if !redundant {
            break;
        }
        content = rest;
    }
    content
}

/// extnID, critical, extnValue.
fn extension_parts<'a>(extension: &Element<'a>) -> Option<(String, bool, &'a [u8])> {
    let mut fields = extension.children();
    let oid = fields.next()?.oid()?;
    let critical = fields.next_of(tag::BOOLEAN).is_some_and(|flag| flag.content.iter().any(|byte| *byte != 0));
    Some((oid, critical, fields.next_of(tag::OCTET_STRING)?.content))
}

/// A CRL number: magnitude without leading zeros.
fn number(value: &[u8]) -> Option<Vec<u8>> {
    let (element, _) = der::read(value)?;
    if !element.is(tag::INTEGER) || element.content.first()? & 0x80 != 0 {
        return None;
    }
    Some(element.content.iter().copied().skip_while(|byte| *byte == 0).collect())
}

fn certificate_issuer(value: &[u8]) -> Option<Name> {
    GeneralName::parse_all(der::sequence(value)?.0)?.into_iter().find_map(|name| match name {
        GeneralName::Directory(name) => Some(name),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serial_numbers_compare_by_value() {
        assert_eq!(minimal(&[0, 0, 5]), [5]);
        assert_eq!(minimal(&[0, 0x80]), [0, 0x80]);
        assert_eq!(minimal(&[0xff, 0xff]), [0xff]);
        assert_eq!(minimal(&[0xff, 0x7f]), [0xff, 0x7f]);
        assert_eq!(minimal(&[0]), [0]);
        assert_eq!(minimal(&[]), [] as [u8; 0]);
    }
}
