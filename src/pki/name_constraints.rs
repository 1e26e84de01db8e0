//! Name constraints (RFC 5280, 4.2.1.10 and 6.1.3 (b), (c)).

use super::certificate::Certificate;
use super::extension::NameConstraints;
use super::general_name::GeneralName;

/// Comparisons of a name with a constraint in one path, as in rustls-webpki: more is an attack.
const MAXIMUM_COMPARISONS: usize = 250_000;

/// The constraints met so far on a path.
#[derive(Debug, Default)]
pub(super) struct Accumulated<'a> {
    sets: Vec<&'a NameConstraints>,
    comparisons: usize,
}

impl<'a> Accumulated<'a> {
    /// Adds the constraints of a CA certificate.
    pub(super) fn add(&mut self, constraints: &'a NameConstraints) {
        self.sets.push(constraints);
    }

    /// Whether every name of the certificate is permitted by each set and excluded by none.
    pub(super) fn permit(&mut self, certificate: &Certificate) -> bool {
        if self.sets.is_empty() {
            return true;
        }
        let alternative = &certificate.extensions.subject_alternative_names;
        let mut names: Vec<GeneralName> = alternative.clone();
        if !certificate.subject.is_empty() {
            names.push(GeneralName::Directory(certificate.subject.clone()));
        }
        // Addresses in the subject count when the alternative names have none (6.1.3, legacy).
        if !alternative.iter().any(|name| matches!(name, GeneralName::Email(_))) {
            let addresses = certificate.subject.attributes.iter().filter(|a| a.oid == "1.2.840.113549.1.9.1");
            names.extend(addresses.map(|attribute| GeneralName::Email(attribute.value.clone())));
        }
        let constraints: usize = self.sets.iter().map(|set| set.permitted.len() + set.excluded.len()).sum();
        self.comparisons = self.comparisons.saturating_add(constraints.saturating_mul(names.len()));
        self.comparisons <= MAXIMUM_COMPARISONS
            && names.iter().all(|name| self.sets.iter().all(|set| permitted_by(set, name)))
    }
}

fn permitted_by(set: &NameConstraints, name: &GeneralName) -> bool {
    let mut of_form = set.permitted.iter().filter(|base| base.form() == name.form()).peekable();
    let permitted = of_form.peek().is_none() || of_form.any(|base| within(name, base) == Some(true));
    // What cannot be compared counts as excluded.
    permitted
        && set.excluded.iter().filter(|base| base.form() == name.form()).all(|base| within(name, base) == Some(false))
}

/// Whether `name` lies in the subtree `base` of the same form; `None` if that cannot be told.
fn within(name: &GeneralName, base: &GeneralName) -> Option<bool> {
    match (name, base) {
        (GeneralName::Directory(name), GeneralName::Directory(base)) => Some(name.is_within(base)),
        (GeneralName::Dns(name), GeneralName::Dns(base)) => Some(host_within(name, base, Subdomains::Included)),
        (GeneralName::Email(name), GeneralName::Email(base)) => email_within(name, base),
        (GeneralName::Uri(name), GeneralName::Uri(base)) => {
            Some(host_within(uri_host(name)?, base, Subdomains::OnlyWithDot))
        }
        (GeneralName::Ip(name), GeneralName::Ip(base)) => ip_within(name, base),
        _ => None,
    }
}

/// Whether a constraint without a leading dot covers subdomains.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Subdomains {
    /// dNSName: any number of labels may be added on the left.
    Included,
    /// URI and e-mail: a constraint without a leading dot is one host.
    OnlyWithDot,
}

fn host_within(host: &str, base: &str, subdomains: Subdomains) -> bool {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let base = base.to_ascii_lowercase();
    if base.is_empty() {
        return true;
    }
    if base.starts_with('.') {
        return host.len() > base.len() && host.ends_with(&base);
    }
    host == base || (subdomains == Subdomains::Included && host.ends_with(&format!(".{base}")))
}

fn email_within(address: &str, base: &str) -> Option<bool> {
    let (local, host) = address.rsplit_once('@')?;
    match base.rsplit_once('@') {
        // One mailbox: the local part is case-sensitive.
        Some((base_local, base_host)) => Some(local == base_local && host.eq_ignore_ascii_case(base_host)),
        None => Some(host_within(host, base, Subdomains::OnlyWithDot)),
    }
}

/// The host of a URI with an authority; `None` without one or with an address (RFC 5280, 4.2.1.10: such
/// a name must be refused where URI constraints apply).
fn uri_host(uri: &str) -> Option<&str> {
    let (_, rest) = uri.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = host.split(':').next()?;
    let is_name = !host.is_empty() && !host.starts_with('[') && host.parse::<std::net::Ipv4Addr>().is_err();
    is_name.then_some(host)
}

fn ip_within(address: &[u8], base: &[u8]) -> Option<bool> {
    if base.len() != 8 && base.len() != 32 {
        return None;
    }
    let (network, mask) = base.split_at(base.len() / 2);
    if address.len() != network.len() {
        return Some(false);
    }
    Some(address.iter().zip(network).zip(mask).all(|((address, network), mask)| address & mask == network & mask))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dns(name: &str) -> GeneralName {
        GeneralName::Dns(name.to_owned())
    }

    fn email(name: &str) -> GeneralName {
        GeneralName::Email(name.to_owned())
    }

    fn uri(name: &str) -> GeneralName {
        GeneralName::Uri(name.to_owned())
    }

    #[test]
    fn each_form_has_its_own_rule() {
        for (name, base, expected) in [
            (dns("a.gov.vn"), dns("gov.vn"), Some(true)),
            (dns("gov.vn"), dns("gov.vn"), Some(true)),
            (dns("agov.vn"), dns("gov.vn"), Some(false)),
            (dns("GOV.VN."), dns("gov.vn"), Some(true)),
            (dns("gov.vn"), dns(".gov.vn"), Some(false)),
            (dns("anything"), dns(""), Some(true)),
            (email("x@gov.vn"), email("gov.vn"), Some(true)),
            (email("x@a.gov.vn"), email("gov.vn"), Some(false)),
            (email("x@a.gov.vn"), email(".gov.vn"), Some(true)),
            (email("X@gov.vn"), email("x@gov.vn"), Some(false)),
            (email("x@GOV.vn"), email("x@gov.vn"), Some(true)),
            (email("no address"), email("gov.vn"), None),
            (uri("http://a.gov.vn:80/p"), uri(".gov.vn"), Some(true)),
            (uri("http://u@gov.vn/p"), uri("gov.vn"), Some(true)),
            (uri("http://evil.vn/@gov.vn"), uri("gov.vn"), Some(false)),
            (uri("http://10.0.0.1/"), uri("gov.vn"), None),
            (uri("urn:x"), uri("gov.vn"), None),
            (GeneralName::Ip(vec![10, 0, 0, 1]), GeneralName::Ip(vec![10, 0, 0, 0, 255, 0, 0, 0]), Some(true)),
            (GeneralName::Ip(vec![11, 0, 0, 1]), GeneralName::Ip(vec![10, 0, 0, 0, 255, 0, 0, 0]), Some(false)),
            (GeneralName::Ip(vec![0; 16]), GeneralName::Ip(vec![0; 8]), Some(false)),
            (GeneralName::Ip(vec![1]), GeneralName::Ip(vec![1, 255]), None),
            (GeneralName::Other(0), GeneralName::Other(0), None),
        ] {
            assert_eq!(within(&name, &base), expected, "{name:?} in {base:?}");
        }
    }

    #[test]
    fn what_cannot_be_compared_is_neither_permitted_nor_free_of_exclusion() {
        let set = |permitted, excluded| NameConstraints { permitted, excluded };
        assert!(!permitted_by(&set(vec![GeneralName::Other(0)], vec![]), &GeneralName::Other(0)));
        assert!(!permitted_by(&set(vec![], vec![GeneralName::Other(0)]), &GeneralName::Other(0)));
        assert!(permitted_by(&set(vec![GeneralName::Other(0)], vec![]), &dns("gov.vn")));
        assert!(!permitted_by(&set(vec![dns("gov.vn")], vec![dns("bad.gov.vn")]), &dns("x.bad.gov.vn")));
        assert!(permitted_by(&set(vec![dns("gov.vn")], vec![dns("bad.gov.vn")]), &dns("good.gov.vn")));
    }
}
