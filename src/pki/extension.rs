//! The contents of certificate extensions (RFC 5280, 4.2).

use super::distribution::DistributionPoint;
use super::general_name::GeneralName;
use crate::crypto::der::{self, Elements, tag};

/// anyPolicy (RFC 5280, 4.2.1.4).
pub const ANY_POLICY: &str = "2.5.29.32.0";

/// cA and pathLenConstraint (4.2.1.9).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct BasicConstraints {
    /// The subject is a CA.
    pub ca: bool,
    /// Non-self-issued intermediate certificates that may follow.
    pub path_length: Option<u32>,
}

/// Key usage bits (4.2.1.3).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct KeyUsage(u16);

impl KeyUsage {
    fn bit(self, position: u32) -> bool {
        self.0 & 0x8000u16.checked_shr(position).unwrap_or(0) != 0
    }

    /// digitalSignature.
    pub fn digital_signature(self) -> bool {
        self.bit(0)
    }

    /// nonRepudiation, since renamed contentCommitment.
    pub fn non_repudiation(self) -> bool {
        self.bit(1)
    }

    /// keyCertSign.
    pub fn certificate_signing(self) -> bool {
        self.bit(5)
    }

    /// cRLSign.
    pub fn crl_signing(self) -> bool {
        self.bit(6)
    }
}

/// Permitted and excluded subtrees (4.2.1.10).
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct NameConstraints {
    /// A name of a form that occurs here has to lie in one of these.
    pub permitted: Vec<GeneralName>,
    /// A name must lie in none of these.
    pub excluded: Vec<GeneralName>,
}

/// What the extensions of a certificate say.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Extensions {
    /// 4.2.1.2.
    pub subject_key_identifier: Option<Vec<u8>>,
    /// keyIdentifier of 4.2.1.1.
    pub authority_key_identifier: Option<Vec<u8>>,
    /// 4.2.1.9.
    pub basic_constraints: Option<BasicConstraints>,
    /// 4.2.1.3.
    pub key_usage: Option<KeyUsage>,
    /// 4.2.1.12: key purposes, dotted.
    pub extended_key_usage: Option<Vec<String>>,
    /// Whether the extended key usage is critical (RFC 3161, 2.3 demands it of TSA certificates).
    pub extended_key_usage_critical: bool,
    /// 4.2.1.6.
    pub subject_alternative_names: Vec<GeneralName>,
    /// 4.2.1.10.
    pub name_constraints: Option<NameConstraints>,
    /// 4.2.1.4: policies, dotted.
    pub policies: Option<Vec<String>>,
    /// 4.2.1.5: issuer's policy, subject's policy.
    pub policy_mappings: Vec<(String, String)>,
    /// requireExplicitPolicy of 4.2.1.11.
    pub require_explicit_policy: Option<u32>,
    /// inhibitPolicyMapping of 4.2.1.11.
    pub inhibit_policy_mapping: Option<u32>,
    /// 4.2.1.14.
    pub inhibit_any_policy: Option<u32>,
    /// 4.2.1.13.
    pub distribution_points: Vec<DistributionPoint>,
    /// 4.2.1.15: where delta CRLs are.
    pub freshest_crl: Vec<DistributionPoint>,
    /// Addresses of OCSP responders (4.2.2.1).
    pub ocsp_addresses: Vec<String>,
    /// Addresses of the issuer's certificate (4.2.2.1).
    pub issuer_addresses: Vec<String>,
    /// id-pkix-ocsp-nocheck (RFC 6960, 4.2.2.2.1).
    pub ocsp_no_check: bool,
    /// Extensions that forbid using the certificate: unknown and critical, or known, needed for path
    /// validation and unreadable or repeated. Dotted.
    pub unprocessed: Vec<String>,
}

impl Extensions {
    /// Adds one extension; `repeated` if the same type was there before (forbidden by 4.2).
    pub(super) fn add(&mut self, oid: &str, critical: bool, value: &[u8], repeated: bool) {
        let read = if repeated { None } else { self.read(oid, critical, value) };
        let needed = matches!(read, Some(Processed::Unknown) if critical)
            || (read.is_none() && (critical || PATH_EXTENSIONS.contains(&oid)));
        if needed {
            note_unprocessed(&mut self.unprocessed, oid);
        }
    }

    /// `None` if the content is unreadable.
    fn read(&mut self, oid: &str, critical: bool, value: &[u8]) -> Option<Processed> {
        match oid {
            "2.5.29.14" => self.subject_key_identifier = Some(whole(value, tag::OCTET_STRING)?.to_vec()),
            "2.5.29.35" => {
                self.authority_key_identifier =
                    der::sequence(value)?.find(|field| field.is_context(0)).map(|field| field.content.to_vec());
            }
            "2.5.29.19" => self.basic_constraints = Some(basic_constraints(value)?),
            "2.5.29.15" => {
                // Named bits, most significant first; the first octet counts the unused ones.
                let bits = whole(value, tag::BIT_STRING)?.get(1..)?;
                let bit = |index: usize| u16::from(bits.get(index).copied().unwrap_or(0));
                self.key_usage = Some(KeyUsage(bit(0) << 8 | bit(1)));
            }
            "2.5.29.37" => {
                self.extended_key_usage = Some(all(value, |purpose| purpose.oid())?);
                self.extended_key_usage_critical = critical;
            }
            "2.5.29.17" => self.subject_alternative_names = GeneralName::parse_all(der::sequence(value)?.0)?,
            // issuerAltName: nothing depends on it.
            "2.5.29.18" => {}
            "2.5.29.30" => self.name_constraints = Some(name_constraints(value)?),
            "2.5.29.32" => {
                let policies = all(value, |information| information.children().next()?.oid())?;
                // A policy must not appear twice (4.2.1.4); a set is meant.
                self.policies = Some(policies);
            }
            "2.5.29.33" => {
                self.policy_mappings = all(value, |pair| {
                    let mut pair = pair.children();
                    Some((pair.next()?.oid()?, pair.next()?.oid()?))
                })?;
            }
            "2.5.29.36" => {
                for field in der::sequence(value)? {
                    let count = Some(implicit_count(field.content)?);
                    match field.tag {
                        0 => self.require_explicit_policy = count,
                        1 => self.inhibit_policy_mapping = count,
                        _ => return None,
                    }
                }
            }
            "2.5.29.54" => self.inhibit_any_policy = Some(implicit_count(whole(value, tag::INTEGER)?)?),
            "2.5.29.31" => self.distribution_points = all(value, |point| DistributionPoint::parse(&point))?,
            "2.5.29.46" => self.freshest_crl = all(value, |point| DistributionPoint::parse(&point))?,
            "1.3.6.1.5.5.7.1.1" => {
                for description in der::sequence(value)? {
                    let mut description = description.children();
                    let method = description.next()?.oid()?;
                    if let GeneralName::Uri(address) = GeneralName::parse(&description.next()?) {
                        match method.as_str() {
                            "1.3.6.1.5.5.7.48.1" => self.ocsp_addresses.push(address),
                            "1.3.6.1.5.5.7.48.2" => self.issuer_addresses.push(address),
                            _ => {}
                        }
                    }
                }
            }
            "1.3.6.1.5.5.7.48.1.5" => self.ocsp_no_check = true,
            // Informative whatever their criticality: subject directory attributes, private key usage
            // period, qcStatements (RFC 3739, 3.2.6; it states, it restricts no path).
            "2.5.29.9" | "2.5.29.16" | "1.3.6.1.5.5.7.1.3" => {}
            _ => return Some(Processed::Unknown),
        }
        Some(Processed::Known)
    }
}

/// Names of extensions noted as unprocessed: one forbids use, a few serve the message; ours.
const MAXIMUM_NOTED: usize = 8;

/// Notes an extension that forbids use, once.
pub(super) fn note_unprocessed(noted: &mut Vec<String>, oid: &str) {
    if noted.len() < MAXIMUM_NOTED && !noted.iter().any(|known| known == oid) {
        noted.push(oid.to_owned());
    }
}

enum Processed {
    Known,
    Unknown,
}

/// Extensions whose loss would change the outcome of path validation.
const PATH_EXTENSIONS: [&str; 7] =
    ["2.5.29.15", "2.5.29.19", "2.5.29.30", "2.5.29.32", "2.5.29.33", "2.5.29.36", "2.5.29.54"];

/// The content of the one element that is the whole of `value`.
fn whole(value: &[u8], tag: u32) -> Option<&[u8]> {
    let (element, rest) = der::read(value)?;
    (rest.is_empty() && element.is(tag)).then_some(element.content)
}

/// Every element of a SEQUENCE, read by `read`; `None` if one is unreadable.
fn all<T>(value: &[u8], read: impl Fn(der::Element<'_>) -> Option<T>) -> Option<Vec<T>> {
    let mut elements = der::sequence(value)?;
    let list = elements.by_ref().map(read).collect::<Option<Vec<T>>>()?;
    elements.0.is_empty().then_some(list)
}

/// A count of certificates; a huge one is as good as the largest.
fn implicit_count(content: &[u8]) -> Option<u32> {
    if content.first()? & 0x80 != 0 {
        return None;
    }
    Some(content.iter().fold(0u32, |count, byte| count.saturating_mul(256).saturating_add(u32::from(*byte))))
}

fn basic_constraints(value: &[u8]) -> Option<BasicConstraints> {
    let mut fields = der::sequence(value)?;
    let ca = fields.next_of(tag::BOOLEAN).is_some_and(|field| field.content.iter().any(|byte| *byte != 0));
    let path_length = match fields.next_of(tag::INTEGER) {
        Some(field) => Some(implicit_count(field.content)?),
        None => None,
    };
    fields.0.is_empty().then_some(BasicConstraints { ca, path_length })
}

fn name_constraints(value: &[u8]) -> Option<NameConstraints> {
    let mut constraints = NameConstraints::default();
    for field in der::sequence(value)? {
        let mut subtrees = Elements(field.content);
        for subtree in subtrees.by_ref() {
            let mut subtree = subtree.children();
            let base = GeneralName::parse(&subtree.next()?);
            // minimum is 0 (encoded by some), maximum absent (4.2.1.10).
            if subtree.next().is_some_and(|minimum| !minimum.is_context(0) || minimum.content != [0]) {
                return None;
            }
            match field.tag {
                0 => constraints.permitted.push(base),
                1 => constraints.excluded.push(base),
                _ => return None,
            }
        }
        if !subtrees.0.is_empty() {
            return None;
        }
    }
    Some(constraints)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(oid: &str, critical: bool, value: &[u8]) -> Extensions {
        let mut extensions = Extensions::default();
        extensions.add(oid, critical, value, false);
        extensions
    }

    #[test]
    fn key_usage_bits() {
        let usage = with("2.5.29.15", true, &[0x03, 0x02, 0x01, 0x06]).key_usage.unwrap();
        assert!(usage.certificate_signing() && usage.crl_signing());
        assert!(!usage.digital_signature() && !usage.non_repudiation());
        let usage = with("2.5.29.15", false, &[0x03, 0x02, 0x06, 0xc0]).key_usage.unwrap();
        assert!(usage.digital_signature() && usage.non_repudiation() && !usage.crl_signing());
    }

    #[test]
    fn unreadable_extensions_forbid_use_when_they_matter() {
        assert_eq!(with("2.5.29.30", false, &[0x30, 0x05]).unprocessed, ["2.5.29.30"]);
        assert_eq!(with("2.5.29.19", false, &[]).unprocessed, ["2.5.29.19"]);
        assert!(with("2.5.29.14", false, &[]).unprocessed.is_empty());
        assert_eq!(with("2.5.29.14", true, &[]).unprocessed, ["2.5.29.14"]);
        assert!(with("1.2.3", false, &[]).unprocessed.is_empty());
        assert_eq!(with("1.2.3", true, &[]).unprocessed, ["1.2.3"]);
    }

    #[test]
    fn a_repeated_extension_forbids_use() {
        let mut extensions = with("2.5.29.19", true, &[0x30, 0x03, 0x01, 0x01, 0xff]);
        assert_eq!(extensions.basic_constraints, Some(BasicConstraints { ca: true, path_length: None }));
        extensions.add("2.5.29.19", true, &[0x30, 0x00], true);
        assert_eq!(extensions.unprocessed, ["2.5.29.19"]);
    }

    #[test]
    fn counts_are_read_whatever_their_size() {
        assert_eq!(with("2.5.29.54", true, &[0x02, 0x01, 0x03]).inhibit_any_policy, Some(3));
        assert_eq!(with("2.5.29.54", true, &[0x02, 0x06, 1, 1, 1, 1, 1, 1]).inhibit_any_policy, Some(u32::MAX));
        assert_eq!(with("2.5.29.54", true, &[0x02, 0x01, 0xff]).unprocessed, ["2.5.29.54"]);
    }
}
