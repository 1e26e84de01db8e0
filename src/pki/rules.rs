//! The checks of RFC 5280, 6.1 over a chain whose signatures and names already link: constraints,
//! policies, key usage, critical extensions. Nothing here depends on time.

use super::certificate::Certificate;
use super::extension::ANY_POLICY;
use super::name_constraints::Accumulated;
use super::policy::PolicyGraph;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Inputs of path validation (RFC 5280, 6.1.1 (c), (e), (f), (g)).
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct PathParameters {
    /// user-initial-policy-set; `None` is anyPolicy.
    pub policies: Option<BTreeSet<String>>,
    /// initial-explicit-policy.
    pub explicit_policy: bool,
    /// initial-policy-mapping-inhibit.
    pub inhibit_policy_mapping: bool,
    /// initial-any-policy-inhibit.
    pub inhibit_any_policy: bool,
}

/// A rule of RFC 5280 that a chain breaks.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum ConstraintFailure {
    /// An issuer is no CA: 6.1.4 (k).
    NotCa,
    /// More intermediate certificates than allowed: 6.1.4 (l), (m).
    PathLength,
    /// An issuer's key usage lacks keyCertSign: 6.1.4 (n).
    KeyUsage,
    /// A name outside the constraints: 6.1.3 (b), (c).
    NameConstraints,
    /// No valid policy where one is required: 6.1.3 (f), 6.1.5 (g).
    Policy,
    /// A mapping from or to anyPolicy: 6.1.4 (a).
    PolicyMapping,
    /// An extension that has to be processed and cannot: unknown and critical, unreadable or repeated.
    Extension(String),
    /// The key signed it, but the names do not chain: 6.1.3 (a) (4).
    NameChaining,
}

impl ConstraintFailure {
    /// The clause of RFC 5280 that is broken.
    pub fn clause(&self) -> &'static str {
        match self {
            Self::NotCa => "RFC 5280, 6.1.4 (k)",
            Self::PathLength => "RFC 5280, 6.1.4 (l)",
            Self::KeyUsage => "RFC 5280, 6.1.4 (n)",
            Self::NameConstraints => "RFC 5280, 6.1.3 (b), (c)",
            Self::Policy => "RFC 5280, 6.1.3 (f), 6.1.5 (g)",
            Self::PolicyMapping => "RFC 5280, 6.1.4 (a)",
            Self::Extension(_) => "RFC 5280, 6.1.4 (o), 6.1.5 (f)",
            Self::NameChaining => "RFC 5280, 6.1.3 (a) (4)",
        }
    }
}

/// Checks `chain` (end entity first, anchor last; the anchor's own extensions do not count,
/// RFC 5280, 6.1.1 (d)). On failure: the index of the certificate concerned.
pub(super) fn check(chain: &[Arc<Certificate>], parameters: &PathParameters) -> Result<(), (usize, ConstraintFailure)> {
    let Some(below_anchor) = chain.len().checked_sub(1) else { return Ok(()) };
    let steps = u32::try_from(below_anchor).unwrap_or(u32::MAX).saturating_add(1);
    let start = |inhibited: bool| if inhibited { 0 } else { steps };
    let mut explicit_policy = start(parameters.explicit_policy);
    let mut policy_mapping = start(parameters.inhibit_policy_mapping);
    let mut any_policy = start(parameters.inhibit_any_policy);
    let mut path_length = u32::MAX;
    let mut constraints = Accumulated::default();
    let mut policies = PolicyGraph::new();

    // From the certificate issued by the anchor down to the end entity.
    for (index, certificate) in chain.iter().enumerate().take(below_anchor).rev() {
        let fail = |failure| Err((index, failure));
        let extensions = &certificate.extensions;
        let last = index == 0;
        let self_issued = certificate.is_self_issued();

        // 6.1.4 (o), 6.1.5 (e): first, because nothing else said of such a certificate can be relied on.
        if let Some(oid) = extensions.unprocessed.first() {
            return fail(ConstraintFailure::Extension(oid.clone()));
        }
        // 6.1.3 (b), (c)
        if (last || !self_issued) && !constraints.permit(certificate) {
            return fail(ConstraintFailure::NameConstraints);
        }
        // 6.1.3 (d), (e), (f)
        policies.certificate(extensions.policies.as_deref(), any_policy > 0 || (!last && self_issued));
        if explicit_policy == 0 && policies.is_empty() {
            return fail(ConstraintFailure::Policy);
        }
        if last {
            break;
        }
        // 6.1.4 (a)
        if extensions.policy_mappings.iter().any(|(from, to)| from == ANY_POLICY || to == ANY_POLICY) {
            return fail(ConstraintFailure::PolicyMapping);
        }
        // (b)
        policies.mappings(extensions, policy_mapping > 0);
        // (g)
        if let Some(set) = &extensions.name_constraints {
            constraints.add(set);
        }
        // (h)
        if !self_issued {
            for counter in [&mut explicit_policy, &mut policy_mapping, &mut any_policy] {
                *counter = counter.saturating_sub(1);
            }
        }
        // (i), (j)
        let lower = |counter: &mut u32, limit: Option<u32>| *counter = (*counter).min(limit.unwrap_or(u32::MAX));
        lower(&mut explicit_policy, extensions.require_explicit_policy);
        lower(&mut policy_mapping, extensions.inhibit_policy_mapping);
        lower(&mut any_policy, extensions.inhibit_any_policy);
        // (k)
        if !certificate.is_ca() {
            return fail(ConstraintFailure::NotCa);
        }
        // (l)
        if !self_issued {
            match path_length.checked_sub(1) {
                Some(rest) => path_length = rest,
                None => return fail(ConstraintFailure::PathLength),
            }
        }
        // (m)
        lower(&mut path_length, extensions.basic_constraints.and_then(|basic| basic.path_length));
        // (n)
        if extensions.key_usage.is_some_and(|usage| !usage.certificate_signing()) {
            return fail(ConstraintFailure::KeyUsage);
        }
    }

    // 6.1.5 (a), (b), (g). An end entity that is the anchor itself has nothing left to check.
    if let Some(end) = chain.first().filter(|_| below_anchor > 0) {
        let required = explicit_policy.saturating_sub(1) == 0 || end.extensions.require_explicit_policy == Some(0);
        if required && !policies.satisfies(parameters.policies.as_ref()) {
            return Err((0, ConstraintFailure::Policy));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::testing::{Make, element, extension, object_identifier, sequence};

    const GOVERNMENT: &str = "2.16.704.1.1.1.1.1";
    const OTHER: &str = "1.2.3.4";

    fn policies(oids: &[&str]) -> Vec<u8> {
        let list: Vec<Vec<u8>> = oids.iter().map(|oid| sequence(&[&object_identifier(oid)])).collect();
        extension("2.5.29.32", false, &sequence(&[&list.concat()]))
    }

    fn mapping(from: &str, to: &str) -> Vec<u8> {
        let pair = sequence(&[&object_identifier(from), &object_identifier(to)]);
        extension("2.5.29.33", true, &sequence(&[&pair]))
    }

    /// requireExplicitPolicy 0.
    fn explicit() -> Vec<u8> {
        extension("2.5.29.36", true, &sequence(&[&element(0x80, &[0])]))
    }

    /// A CA with a path length instead of the unlimited one.
    fn limited(subject: &str, key: u8, issuer: &str, issuer_key: u8, length: u8) -> Make {
        let mut make = Make::ca(subject, key, issuer, issuer_key);
        make.extensions = vec![extension("2.5.29.19", true, &[0x30, 6, 1, 1, 0xff, 2, 1, length])];
        make
    }

    /// The end entity first, the anchor last.
    fn outcome(chain: &[Make], parameters: &PathParameters) -> Result<(), (usize, ConstraintFailure)> {
        check(&chain.iter().map(Make::make).collect::<Vec<_>>(), parameters)
    }

    fn plain(chain: &[Make]) -> Result<(), (usize, ConstraintFailure)> {
        outcome(chain, &PathParameters::default())
    }

    #[test]
    fn path_length_counts_intermediates_that_are_not_self_issued() {
        let root = Make::root("root", 1);
        let below = Make::ca("below", 3, "ca", 2);
        let zero = limited("ca", 2, "root", 1, 0);
        assert_eq!(plain(&[Make::leaf("leaf", 4, "ca", 2), zero.clone(), root.clone()]), Ok(()));
        let chain = [Make::leaf("leaf", 4, "below", 3), below.clone(), zero.clone(), root.clone()];
        assert_eq!(plain(&chain), Err((1, ConstraintFailure::PathLength)));
        let one = limited("ca", 2, "root", 1, 1);
        assert_eq!(plain(&[Make::leaf("leaf", 4, "below", 3), below, one, root.clone()]), Ok(()));
        // The same CA under a new key.
        let renewed = Make::ca("ca", 5, "ca", 2);
        assert_eq!(plain(&[Make::leaf("leaf", 4, "ca", 5), renewed, zero, root.clone()]), Ok(()));
        // A path length of the anchor itself does not count.
        let strict = limited("root", 1, "root", 1, 0);
        let chain = [Make::leaf("leaf", 4, "ca", 2), Make::ca("ca", 2, "root", 1), strict];
        assert_eq!(plain(&chain), Ok(()));
    }

    #[test]
    fn issuers_need_the_right_to_sign_certificates() {
        let usage = |bits| extension("2.5.29.15", true, &[3, 2, 0, bits]);
        let chain = |bits| {
            let ca = Make::ca("ca", 2, "root", 1).with(usage(bits));
            [Make::leaf("leaf", 3, "ca", 2).with(usage(0x40)), ca, Make::root("root", 1)]
        };
        assert_eq!(plain(&chain(0x06)), Ok(()));
        assert_eq!(plain(&chain(0x02)), Err((1, ConstraintFailure::KeyUsage)));
    }

    #[test]
    fn a_required_policy_has_to_run_through_the_path() {
        let chain = |ca: &[Vec<u8>], leaf: &[Vec<u8>]| {
            let add = |make: Make, extensions: &[Vec<u8>]| extensions.iter().cloned().fold(make, Make::with);
            let ca = add(Make::ca("ca", 2, "root", 1), ca);
            [add(Make::leaf("leaf", 3, "ca", 2), leaf), ca, Make::root("root", 1)]
        };
        let fails = Err((0, ConstraintFailure::Policy));
        let government = [policies(&[GOVERNMENT])];
        // Nothing is required: nothing can be missing.
        assert_eq!(plain(&chain(&[], &government)), Ok(()));
        assert_eq!(plain(&chain(&[policies(&[OTHER])], &government)), Ok(()));
        let required = |list: &[&str]| [policies(list), explicit()];
        assert_eq!(plain(&chain(&required(&[GOVERNMENT]), &government)), Ok(()));
        assert_eq!(plain(&chain(&required(&[OTHER, GOVERNMENT]), &government)), Ok(()));
        assert_eq!(plain(&chain(&required(&[ANY_POLICY]), &government)), Ok(()));
        assert_eq!(plain(&chain(&required(&[OTHER]), &government)), fails);
        assert_eq!(plain(&chain(&required(&[GOVERNMENT]), &[])), fails);
        // Mapped by the CA, unless mappings are inhibited.
        let mapped = [policies(&[OTHER]), explicit(), mapping(OTHER, GOVERNMENT)];
        assert_eq!(plain(&chain(&mapped, &government)), Ok(()));
        let inhibited = PathParameters { inhibit_policy_mapping: true, ..PathParameters::default() };
        assert_eq!(outcome(&chain(&mapped, &government), &inhibited), fails);
        let any = [policies(&[OTHER]), mapping(OTHER, ANY_POLICY)];
        assert_eq!(plain(&chain(&any, &government)), Err((1, ConstraintFailure::PolicyMapping)));

        // The user's set is in terms of the anchor's domain.
        let asking = |oid: &str| PathParameters {
            policies: Some(BTreeSet::from([oid.to_owned()])),
            explicit_policy: true,
            ..PathParameters::default()
        };
        assert_eq!(outcome(&chain(&mapped, &government), &asking(OTHER)), Ok(()));
        assert_eq!(outcome(&chain(&mapped, &government), &asking(GOVERNMENT)), fails);
        let both = chain(&[policies(&[ANY_POLICY])], &[policies(&[ANY_POLICY])]);
        assert_eq!(outcome(&both, &asking(GOVERNMENT)), Ok(()));
        let no_any = PathParameters { inhibit_any_policy: true, ..asking(GOVERNMENT) };
        assert_eq!(outcome(&both, &no_any), Err((1, ConstraintFailure::Policy)));
    }

    #[test]
    fn an_anchor_alone_has_nothing_to_check() {
        let parameters = PathParameters { explicit_policy: true, ..PathParameters::default() };
        assert_eq!(outcome(&[Make::root("root", 1)], &parameters), Ok(()));
        assert_eq!(check(&[], &parameters), Ok(()));
    }
}
