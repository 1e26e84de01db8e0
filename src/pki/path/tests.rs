//! Paths over made-up certificates: which outcome each situation has.

use super::*;
use crate::pki::AnchorKind;
use crate::pki::testing::{Make, extension, finder, sequence, year};

#[test]
fn a_path_is_valid_only_within_every_validity() {
    let root = Make::root("root", 1).make();
    let ca = Make { validity: (year(1), year(9)), ..Make::ca("ca", 2, "root", 1) }.make();
    let leaf = Make { validity: (year(0), year(10)), ..Make::leaf("leaf", 3, "ca", 2) }.make();
    let finder = finder(&[&root], &[&ca]);
    let status = |years| finder.find(&leaf, &[], year(years)).status;
    assert_eq!(status(5), PathStatus::Valid);
    assert_eq!(status(1), PathStatus::Valid);
    assert_eq!(status(9), PathStatus::Valid);
    assert_eq!(status(0), PathStatus::NotYetValid { index: 1 });
    assert_eq!(finder.find(&leaf, &[], UnixTime(year(9).0 + 1)).status, PathStatus::Expired { index: 1 });
    assert_eq!(status(11), PathStatus::Expired { index: 0 });
    let path = finder.find(&leaf, &[], year(11));
    assert_eq!(path.concerned(), Some(&leaf));
    assert_eq!(path.chain, [leaf, ca, root]);
}

#[test]
fn a_missing_issuer_is_incomplete_and_can_come_with_the_document() {
    let root = Make::root("root", 1).make();
    let ca = Make::ca("ca", 2, "root", 1).make();
    let leaf = Make::leaf("leaf", 3, "ca", 2).make();
    let finder = finder(&[&root], &[]);
    let path = finder.find(&leaf, &[], year(1));
    assert_eq!(path.status, PathStatus::Incomplete);
    assert_eq!(path.chain, [Arc::clone(&leaf)]);
    assert_eq!(path.anchor, None);
    assert!(finder.find(&leaf, &[ca], year(1)).is_valid());
}

#[test]
fn a_root_that_comes_with_the_document_is_no_anchor() {
    let root = Make::root("root", 1).make();
    let own = Make::root("own root", 7).make();
    let leaf = Make::leaf("leaf", 3, "own root", 7).make();
    let finder = finder(&[&root], &[]);
    let path = finder.find(&leaf, &[Arc::clone(&own)], year(1));
    assert_eq!(path.status, PathStatus::Untrusted { imitates: None });
    assert_eq!(path.chain, [leaf, own]);
}

#[test]
fn a_known_name_with_another_key_is_a_look_alike() {
    let root = Make::root("root", 1).make();
    let ca = Make::ca("ca", 2, "root", 1).make();
    let fake_ca = Make::ca("ca", 8, "root", 7).make();
    let fake_root = Make::root("root", 7).make();
    let leaf = Make::leaf("leaf", 3, "ca", 8).make();
    let finder = finder(&[&root], &[&ca]);
    assert_eq!(
        finder.find(&leaf, &[], year(1)).status,
        PathStatus::LookAlike { held: ca.sha256, key_identifier_differs: false }
    );
    // With its whole false chain brought along it ends at a self-made root.
    let path = finder.find(&leaf, &[fake_ca, fake_root], year(1));
    assert_eq!(path.status, PathStatus::Untrusted { imitates: Some(ca.sha256) });
    // A name that only a document has cannot be imitated.
    let other = Make::leaf("leaf", 3, "other", 8).make();
    let unrelated = Make::ca("other", 9, "root", 1).make();
    assert_eq!(finder.find(&other, &[unrelated], year(1)).status, PathStatus::Incomplete);
}

#[test]
fn key_identifiers_of_a_look_alike_are_compared() {
    let root = Make::root("root", 1).with(extension("2.5.29.14", false, &[4, 1, 1])).make();
    let claims = |identifier| {
        let authority = extension("2.5.29.35", false, &[0x30, 3, 0x80, 1, identifier]);
        Make::leaf("leaf", 3, "root", 9).with(authority).make()
    };
    let finder = finder(&[&root], &[]);
    for (identifier, key_identifier_differs) in [(1, false), (2, true)] {
        let held = root.sha256;
        assert_eq!(
            finder.find(&claims(identifier), &[], year(1)).status,
            PathStatus::LookAlike { held, key_identifier_differs }
        );
    }
}

#[test]
fn another_certificate_of_the_same_name_is_tried_and_the_order_given_does_not_matter() {
    let root = Make::root("root", 1).make();
    let old = Make::ca("ca", 2, "root", 1).make();
    let new = Make::ca("ca", 4, "root", 1).make();
    let leaf = Make::leaf("leaf", 3, "ca", 4).make();
    for candidates in [[&old, &new], [&new, &old]] {
        let path = finder(&[&root], &candidates).find(&leaf, &[], year(1));
        assert_eq!(path.status, PathStatus::Valid);
        assert_eq!(path.chain, [Arc::clone(&leaf), Arc::clone(&new), Arc::clone(&root)]);
    }
}

#[test]
fn a_cross_certificate_serves_where_the_other_path_has_expired() {
    let root = Make { validity: (year(0), year(2)), ..Make::root("root", 1) }.make();
    let other = Make::root("other", 5).make();
    let ca = Make { validity: (year(0), year(2)), ..Make::ca("ca", 2, "root", 1) }.make();
    let cross = Make::ca("ca", 2, "other", 5).make();
    let leaf = Make::leaf("leaf", 3, "ca", 2).make();
    let finder = finder(&[&root, &other], &[&ca, &cross]);
    assert!(finder.find(&leaf, &[], year(1)).is_valid());
    let late = finder.find(&leaf, &[], year(4));
    assert_eq!(late.status, PathStatus::Valid);
    assert_eq!(late.chain, [leaf, cross, other]);
}

#[test]
fn a_confirmed_specialised_anchor_is_preferred() {
    let specialised = Make::root("root", 1).make();
    let public = Make::root("public", 5).make();
    let ca = Make::ca("ca", 2, "root", 1).make();
    let cross = Make::ca("ca", 2, "public", 5).make();
    let leaf = Make::leaf("leaf", 3, "ca", 2).make();
    let anchor = |certificate: &Arc<Certificate>, kind, confirmed| {
        let certificate = Arc::clone(certificate);
        Anchor { certificate, kind, confirmed }
    };
    let chosen = |confirmed| {
        let anchors =
            vec![anchor(&public, AnchorKind::Public, true), anchor(&specialised, AnchorKind::Specialised, confirmed)];
        let store = TrustStore { anchors, candidates: vec![Arc::clone(&ca), Arc::clone(&cross)] };
        let finder = PathFinder::new(store, PathParameters::default(), &Limits::default());
        finder.find(&leaf, &[], year(1)).anchor.unwrap().kind
    };
    assert_eq!(chosen(true), AnchorKind::Specialised);
    assert_eq!(chosen(false), AnchorKind::Public);
}

#[test]
fn who_is_no_ca_issues_nothing() {
    let root = Make::root("root", 1).make();
    let user = Make::leaf("user", 2, "root", 1).make();
    let leaf = Make::leaf("leaf", 3, "user", 2).make();
    let path = finder(&[&root], &[]).find(&leaf, &[user], year(1));
    assert_eq!(path.status, PathStatus::Constraint { index: 1, failure: ConstraintFailure::NotCa });
}

#[test]
fn a_key_that_signed_under_another_name_breaks_name_chaining() {
    let identifier = extension("2.5.29.14", false, &[4, 1, 9]);
    let authority = extension("2.5.29.35", false, &[0x30, 3, 0x80, 1, 9]);
    let root = Make::root("root", 1).with(identifier).make();
    let leaf = Make::leaf("leaf", 3, "somebody", 1).with(authority).make();
    let path = finder(&[&root], &[]).find(&leaf, &[], year(1));
    assert_eq!(path.status, PathStatus::Constraint { index: 0, failure: ConstraintFailure::NameChaining });
}

#[test]
fn a_repeated_or_unknown_critical_extension_forbids() {
    let root = Make::root("root", 1).make();
    let oid = "1.2.3.4";
    let leaf = Make::leaf("leaf", 3, "root", 1).with(extension(oid, true, &[5, 0])).make();
    let path = finder(&[&root], &[]).find(&leaf, &[], year(1));
    let failure = ConstraintFailure::Extension(oid.to_owned());
    assert_eq!(path.status, PathStatus::Constraint { index: 0, failure });
}

#[test]
fn a_crowd_of_namesakes_reaches_the_limit_and_is_no_verdict() {
    let root = Make::root("root", 1).make();
    let crowd: Vec<_> = (10..=120).map(|key| Make::ca("ca", key, "ca", key).make()).collect();
    let leaf = Make::leaf("leaf", 3, "ca", 9).make();
    let finder = finder(&[&root], &[]);
    assert_eq!(finder.find(&leaf, &crowd, year(1)).status, PathStatus::LimitReached);
    // What was remembered of the crowd does not change the outcome, nor does its order.
    let reversed: Vec<_> = crowd.iter().rev().cloned().collect();
    assert_eq!(finder.find(&leaf, &reversed, year(1)).status, PathStatus::LimitReached);
    assert_eq!(finder.find(&leaf, &crowd[..20], year(1)).status, PathStatus::Incomplete);
}

#[test]
fn a_loop_of_cross_certificates_ends() {
    let root = Make::root("root", 1).make();
    let one = Make::ca("a", 2, "b", 4).make();
    let two = Make::ca("b", 4, "a", 2).make();
    let leaf = Make::leaf("leaf", 3, "a", 2).make();
    assert_eq!(finder(&[&root], &[&one, &two]).find(&leaf, &[], year(1)).status, PathStatus::Incomplete);
}

#[test]
fn name_constraints_bind_what_is_below() {
    let base = |text: &str| crate::pki::testing::common_name(text);
    let subtree = |text: &str| sequence(&[&crate::pki::testing::element(0xa4, &base(text))]);
    let permitted = sequence(&[&crate::pki::testing::element(0xa0, &subtree("so"))]);
    let root = Make::root("root", 1).make();
    let ca = Make::ca("ca", 2, "root", 1).with(extension("2.5.29.30", true, &permitted)).make();
    let finder = finder(&[&root], &[&ca]);
    let inside = Make::leaf("so", 3, "ca", 2).make();
    let outside = Make::leaf("khac", 3, "ca", 2).make();
    assert!(finder.find(&inside, &[], year(1)).is_valid());
    assert_eq!(
        finder.find(&outside, &[], year(1)).status,
        PathStatus::Constraint { index: 0, failure: ConstraintFailure::NameConstraints }
    );
}

#[test]
fn damaged_certificates_never_pass_and_never_panic() {
    let root = Make::root("root", 1).make();
    let finder = finder(&[&root], &[]);
    let der = Make::leaf("leaf", 3, "root", 1).with(extension("2.5.29.15", true, &[3, 2, 6, 0xc0])).der();
    assert!(finder.find(&Arc::new(Certificate::parse(&der).unwrap()), &[], year(1)).is_valid());
    for position in 0..der.len() {
        assert!(Certificate::parse(&der[..position]).is_err());
        for bit in 0..8 {
            let mut damaged = der.clone();
            damaged[position] ^= 1 << bit;
            if let Ok(certificate) = Certificate::parse(&damaged) {
                let path = finder.find(&Arc::new(certificate), &[], year(1));
                assert!(!path.is_valid(), "bit {bit} of octet {position}");
            }
        }
    }
}

#[test]
fn the_chain_model_asks_for_an_issuer_only_when_it_issued() {
    let root = Make::root("root", 1).make();
    let mut ca = Make::ca("ca", 2, "root", 1);
    ca.validity = (year(0), year(3));
    let mut leaf = Make::leaf("leaf", 3, "ca", 2);
    leaf.validity = (year(2), year(7));
    let finder = finder(&[&root], &[&ca.make()]);
    let status = |model, leaf: &Make, years| finder.find_by(model, &leaf.make(), &[], year(years)).status;
    assert_eq!(status(ValidityModel::Shell, &leaf, 5), PathStatus::Expired { index: 1 });
    assert_eq!(status(ValidityModel::Chain, &leaf, 5), PathStatus::Valid);
    assert_eq!(status(ValidityModel::Chain, &leaf, 8), PathStatus::Expired { index: 0 });
    // Issued by a CA that had expired by then.
    leaf.validity = (year(4), year(7));
    assert_eq!(status(ValidityModel::Chain, &leaf, 5), PathStatus::Expired { index: 1 });
}

#[test]
fn a_mesh_of_cross_certificates_costs_no_more_than_the_limit_and_hides_no_genuine_path() {
    let root = Make::root("root", 1).make();
    let names = ["ca", "b", "c", "d", "e", "f"];
    let key = |index: usize| u8::try_from(index + 2).unwrap();
    let mut mesh = Vec::new();
    for (subject, name) in names.iter().enumerate() {
        for (issuer, by) in names.iter().enumerate().filter(|(issuer, _)| *issuer != subject) {
            mesh.push(Make::ca(name, key(subject), by, key(issuer)).make());
        }
    }
    let leaf = Make::leaf("leaf", 20, "ca", key(0)).make();
    let lost = finder(&[&root], &[]);
    assert_eq!(lost.find(&leaf, &mesh, year(1)).status, PathStatus::LimitReached);
    // The operator's own certificate of the same CA leads straight to the root.
    let held = finder(&[&root], &[&Make::ca("ca", key(0), "root", 1).make()]);
    let path = held.find(&leaf, &mesh, year(1));
    assert_eq!((path.status, path.chain.len()), (PathStatus::Valid, 3));
}
