//! Revocation over made-up lists and responses: which answer each situation has.

use super::*;
use crate::pki::testing::{Make, MakeCrl, MakeOcsp, element, extension, finder, generalized_time, sequence, year};
use RevocationAnswer::{Good, Unknown};

/// A leaf with serial number 3, valid from year 0 to 5, under CA "ca" with key 2, under a root with
/// key 1. Another root with key 7 is trusted as well.
struct Case {
    finder: PathFinder,
    leaf: Arc<Certificate>,
    ca: Arc<Certificate>,
}

impl Case {
    fn new() -> Self {
        let root = Make::root("root", 1).make();
        let ca = Make::ca("ca", 2, "root", 1).make();
        let leaf = Make::leaf("leaf", 3, "ca", 2).make();
        let other = Make::root("other", 7).make();
        Self { finder: finder(&[&root, &other], &[&ca]), leaf, ca }
    }

    fn ask(&self, source: &RevocationSource, at: UnixTime) -> RevocationOutcome {
        let path = self.finder.find(&self.leaf, &[], at);
        assert!(path.is_valid());
        Revocation { finder: &self.finder, sources: &[source], pool: &[] }.status(&path, 0, at)
    }

    fn list(&self, list: &MakeCrl, at: UnixTime) -> RevocationAnswer {
        self.ask(&RevocationSource::new([list.make()], []), at).answer
    }

    fn response(&self, response: &MakeOcsp<'_>, at: UnixTime) -> RevocationAnswer {
        self.ask(&RevocationSource::new([], [response.make()]), at).answer
    }

    fn ocsp(&self, key: u8, produced_at: UnixTime) -> MakeOcsp<'_> {
        MakeOcsp {
            certificate: &self.leaf,
            issuer: &self.ca,
            key,
            produced_at,
            next_update: None,
            revoked: None,
            responder: None,
        }
    }
}

fn revoked(date: UnixTime, reason: RevocationReason) -> RevocationAnswer {
    RevocationAnswer::Revoked { date, reason, invalidity_date: None }
}

#[test]
fn a_list_answers_while_in_force_and_later_ones_until_the_certificate_expires() {
    let case = Case::new();
    let list = MakeCrl::new("ca", 2, year(2));
    assert_eq!(case.list(&list, year(2)), Good);
    assert_eq!(case.list(&list, year(3)), Good);
    // Issued later, the certificate unexpired then.
    assert_eq!(case.list(&list, year(1)), Good);
    // Too old.
    assert!(matches!(case.list(&list, year(4)), Unknown(UnknownReason::OtherTime { .. })));
    // Issued after the certificate expired: its entry may have been dropped.
    let late = MakeCrl::new("ca", 2, year(6));
    assert!(matches!(case.list(&late, year(4)), Unknown(UnknownReason::OtherTime { .. })));
    let keeping = late.with(extension("2.5.29.60", false, &crate::pki::testing::generalized_time(year(0))));
    assert_eq!(case.list(&keeping, year(4)), Good);
}

#[test]
fn a_revocation_stands_whatever_the_dates_of_the_list() {
    let case = Case::new();
    let list = MakeCrl::new("ca", 2, year(2)).revoke(3, year(1), 1);
    for at in [1, 2, 4] {
        assert_eq!(case.list(&list, year(at)), revoked(year(1), RevocationReason::KeyCompromise));
    }
    // Revoked after the time asked about: said so, with the date.
    assert_eq!(case.list(&list, year(0)), revoked(year(1), RevocationReason::KeyCompromise));
    // A hold may have been released since.
    let hold = MakeCrl::new("ca", 2, year(1)).revoke(3, year(1), 6);
    assert_eq!(case.list(&hold, year(2)), revoked(year(1), RevocationReason::CertificateHold));
    assert!(matches!(case.list(&hold, year(3)), Unknown(UnknownReason::OtherTime { .. })));
    // Another certificate's entry.
    assert_eq!(case.list(&MakeCrl::new("ca", 2, year(2)).revoke(4, year(1), 1), year(2)), Good);
}

#[test]
fn one_list_that_knows_of_the_revocation_outweighs_those_that_do_not() {
    let case = Case::new();
    let before = MakeCrl::new("ca", 2, year(1));
    let after = MakeCrl::new("ca", 2, year(3)).revoke(3, year(2), 4);
    for lists in [[&before, &after], [&after, &before]] {
        let source = RevocationSource::new(lists.map(MakeCrl::make), []);
        let outcome = case.ask(&source, year(1));
        assert_eq!(outcome.answer, revoked(year(2), RevocationReason::Superseded));
        assert_eq!(outcome.evidence, [after.make().sha256]);
    }
    // Of several that say good, the one in force then is the evidence.
    let later = MakeCrl::new("ca", 2, year(3));
    let outcome = case.ask(&RevocationSource::new([later.make(), before.make()], []), year(1));
    assert_eq!((outcome.answer, outcome.evidence), (Good, vec![before.make().sha256]));
}

#[test]
fn only_the_issuers_key_counts() {
    let case = Case::new();
    assert_eq!(case.list(&MakeCrl::new("ca", 9, year(1)), year(1)), Unknown(UnknownReason::WrongSignature));
    assert_eq!(case.list(&MakeCrl::new("other", 2, year(1)), year(1)), Unknown(UnknownReason::NoEvidence));
    let forged = MakeCrl::new("ca", 9, year(1)).revoke(3, year(0), 1);
    assert_eq!(case.list(&forged, year(1)), Unknown(UnknownReason::WrongSignature));
    let odd = MakeCrl::new("ca", 2, year(1)).with(extension("1.2.3", true, &[5, 0]));
    assert_eq!(case.list(&odd, year(1)), Unknown(UnknownReason::Unprocessed("1.2.3".to_owned())));
}

#[test]
fn a_flood_of_forged_lists_reaches_the_limit() {
    let case = Case::new();
    let forged = (0..150u8).map(|serial| MakeCrl::new("ca", 9, year(1)).revoke(serial, year(0), 1).make());
    let source = RevocationSource::new(forged, []);
    assert_eq!(case.ask(&source, year(1)).answer, Unknown(UnknownReason::LimitReached));
    // Genuine evidence that comes first is heard all the same.
    let genuine = RevocationSource::new([MakeCrl::new("ca", 2, year(1)).make()], []);
    let path = case.finder.find(&case.leaf, &[], year(1));
    let revocation = Revocation { finder: &case.finder, sources: &[&genuine, &source], pool: &[] };
    assert_eq!(revocation.status(&path, 0, year(1)).answer, Good);
}

#[test]
fn without_an_issuer_nothing_is_known() {
    let case = Case::new();
    let orphan = Make::leaf("orphan", 3, "nobody", 9).make();
    let path = case.finder.find(&orphan, &[], year(1));
    let revocation = Revocation { finder: &case.finder, sources: &[], pool: &[] };
    assert_eq!(revocation.status(&path, 0, year(1)).answer, Unknown(UnknownReason::NoIssuer));
    let path = case.finder.find(&case.leaf, &[], year(1));
    assert_eq!(revocation.status(&path, 0, year(1)).answer, Unknown(UnknownReason::NoEvidence));
    assert_eq!(revocation.status(&path, 2, year(1)).answer, Unknown(UnknownReason::NoIssuer));
    assert_eq!(revocation.status(&path, usize::MAX, year(1)).answer, Unknown(UnknownReason::NoIssuer));
}

#[test]
fn a_list_of_a_hundred_thousand_entries_is_looked_up() {
    let case = Case::new();
    let mut list = MakeCrl::new("ca", 2, year(1));
    list.entries = (1_000u32..101_000).map(|n| (n.to_be_bytes()[1..].to_vec(), year(1), Some(4))).collect();
    let list = list.revoke(3, year(1), 5);
    let parsed = list.make();
    assert_eq!(parsed.length, 100_001);
    let source = RevocationSource::new([parsed], []);
    for _ in 0..1_000 {
        assert_eq!(case.ask(&source, year(1)).answer, revoked(year(1), RevocationReason::CessationOfOperation));
    }
}

#[test]
fn the_issuer_may_answer_itself() {
    let case = Case::new();
    assert_eq!(case.response(&case.ocsp(2, year(1)), year(1)), Good);
    assert_eq!(case.response(&case.ocsp(9, year(1)), year(1)), Unknown(UnknownReason::WrongSignature));
    // Made later; made earlier and not in force any more; made earlier and still in force.
    assert_eq!(case.response(&case.ocsp(2, year(2)), year(1)), Good);
    assert!(matches!(case.response(&case.ocsp(2, year(1)), year(2)), Unknown(UnknownReason::OtherTime { .. })));
    let in_force = MakeOcsp { next_update: Some(year(3)), ..case.ocsp(2, year(1)) };
    assert_eq!(case.response(&in_force, year(2)), Good);
    let bad = MakeOcsp { revoked: Some((year(1), 1)), ..case.ocsp(2, year(2)) };
    assert_eq!(case.response(&bad, year(3)), revoked(year(1), RevocationReason::KeyCompromise));
}

#[test]
fn a_responder_has_to_be_appointed_by_the_issuers_key() {
    let case = Case::new();
    let signing = extension("2.5.29.37", false, &[0x30, 10, 6, 8, 0x2b, 6, 1, 5, 5, 7, 3, 9]);
    let appointed = Make::leaf("responder", 5, "ca", 2).with(signing.clone());
    let answer = |responder: Make| {
        case.response(&MakeOcsp { responder: Some(responder.der()), ..case.ocsp(5, year(1)) }, year(1))
    };
    assert_eq!(answer(appointed.clone()), Good);
    let wrong = Unknown(UnknownReason::WrongSignature);
    // Without the purpose; appointed by another key; expired when it answered; another CA's name.
    assert_eq!(answer(Make::leaf("responder", 5, "ca", 2)), wrong);
    assert_eq!(answer(Make { issuer_key: 9, ..appointed.clone() }), wrong);
    let expired = (year(-1), year(0));
    assert_eq!(answer(Make { validity: expired, ..appointed.clone() }), wrong);
    assert_eq!(answer(Make { issuer: "root".to_owned(), issuer_key: 1, ..appointed.clone() }), wrong);
    // Its key may issue certificates only; may sign.
    assert_eq!(answer(appointed.clone().with(extension("2.5.29.15", true, &[3, 2, 2, 4]))), wrong);
    assert_eq!(answer(appointed.clone().with(extension("2.5.29.15", true, &[3, 2, 7, 0x80]))), Good);

    // Revoked before it answered.
    let response = MakeOcsp { responder: Some(appointed.der()), ..case.ocsp(5, year(1)) }.make();
    let list = MakeCrl::new("ca", 2, year(0)).revoke(5, year(0), 4).make();
    let outcome = case.ask(&RevocationSource::new([list], [response]), year(1));
    // The list itself still answers for the leaf.
    assert_eq!(outcome.answer, Good);
    assert_eq!(outcome.evidence.len(), 1);
}

#[test]
fn a_revoked_responder_does_not_answer_unless_it_is_never_to_be_asked_about() {
    let case = Case::new();
    let signing = extension("2.5.29.37", false, &[0x30, 10, 6, 8, 0x2b, 6, 1, 5, 5, 7, 3, 9]);
    let responder = Make::leaf("responder", 5, "ca", 2).with(signing);
    let no_check = responder.clone().with(extension("1.3.6.1.5.5.7.48.1.5", false, &[5, 0]));
    // The only list at hand is too old to answer for the leaf, but knows of the responder's revocation.
    let list = MakeCrl { next_update: Some(year(0)), ..MakeCrl::new("ca", 2, year(0)).revoke(5, year(0), 1) };
    let answer = |responder: &Make| {
        let response = MakeOcsp { responder: Some(responder.der()), ..case.ocsp(5, year(2)) }.make();
        case.ask(&RevocationSource::new([list.make()], [response]), year(2)).answer
    };
    assert!(matches!(answer(&responder), Unknown(_)));
    assert_eq!(answer(&no_check), Good);
}

#[test]
fn a_list_that_keeps_expired_entries_answers_after_the_expiry() {
    let case = Case::new();
    let late = MakeCrl::new("ca", 2, year(6));
    assert!(matches!(case.list(&late, year(1)), Unknown(UnknownReason::OtherTime { .. })));
    // expiredCertsOnCRL (X.509, 9.5.2.8) since year 4: the leaf ended in year 5.
    let keeps = |since| late.clone().with(extension("2.5.29.60", false, &generalized_time(year(since))));
    assert_eq!(case.list(&keeps(4), year(1)), Good);
    assert!(matches!(case.list(&keeps(6), year(1)), Unknown(UnknownReason::OtherTime { .. })));
}

#[test]
fn a_missing_reason_is_told_from_unspecified() {
    let case = Case::new();
    let mut list = MakeCrl::new("ca", 2, year(1));
    list.entries.push((vec![3], year(1), None));
    assert_eq!(case.list(&list, year(1)), revoked(year(1), RevocationReason::NotStated));
    let stated = MakeCrl::new("ca", 2, year(1)).revoke(3, year(1), 0);
    assert_eq!(case.list(&stated, year(1)), revoked(year(1), RevocationReason::Unspecified));
    assert!(
        RevocationReason::Unspecified.spares_earlier_tokens() && !RevocationReason::NotStated.spares_earlier_tokens()
    );
}

#[test]
fn a_response_about_another_issuers_certificate_does_not_count() {
    let case = Case::new();
    let namesake = Make::ca("ca", 8, "root", 1).make();
    let response = MakeOcsp { issuer: &namesake, ..case.ocsp(2, year(1)) };
    assert_eq!(case.response(&response, year(1)), Unknown(UnknownReason::NoEvidence));
}

#[test]
fn damaged_lists_and_responses_never_answer() {
    let case = Case::new();
    let list = MakeCrl::new("ca", 2, year(1)).revoke(4, year(1), 1).der();
    let response = case.ocsp(2, year(1)).der();
    for (der, is_list) in [(list, true), (response, false)] {
        for position in 0..der.len() {
            for bit in [0, 3, 7] {
                let mut damaged = der.clone();
                damaged[position] ^= 1 << bit;
                let source = if is_list {
                    Crl::parse(&damaged).ok().map(|list| RevocationSource::new([Arc::new(list)], []))
                } else {
                    let parsed = OcspResponse::parse(&damaged).ok();
                    parsed.map(|response| RevocationSource::new([], [Arc::new(response)]))
                };
                if let Some(source) = source {
                    let answer = case.ask(&source, year(1)).answer;
                    assert!(matches!(answer, Unknown(_)), "bit {bit} of octet {position}: {answer:?}");
                }
            }
            let _ = (Crl::parse(&der[..position]).is_ok(), OcspResponse::parse(&der[..position]).is_ok());
        }
    }
}

/// issuingDistributionPoint with these fields.
fn issuing_point(fields: &[&[u8]]) -> Vec<u8> {
    extension("2.5.29.28", true, &sequence(fields))
}

/// distributionPoint [0] fullName [0] with one address.
fn point_name(address: &str) -> Vec<u8> {
    element(0xa0, &element(0xa0, &element(0x86, address.as_bytes())))
}

#[test]
fn a_list_for_other_certificates_does_not_answer() {
    let case = Case::new();
    let with = |fields: &[&[u8]]| case.list(&MakeCrl::new("ca", 2, year(1)).with(issuing_point(fields)), year(1));
    assert_eq!(with(&[&element(0x81, &[0xff])]), Good);
    assert_eq!(with(&[&element(0x82, &[0xff])]), Unknown(UnknownReason::OutOfScope));
    assert_eq!(with(&[&element(0x85, &[0xff])]), Unknown(UnknownReason::OutOfScope));
    assert_eq!(with(&[&point_name("http://ca.gov.vn/a.crl")]), Unknown(UnknownReason::OutOfScope));
    // Only keyCompromise: not the whole answer.
    assert_eq!(with(&[&element(0x83, &[6, 0x40])]), Unknown(UnknownReason::OnlySomeReasons));
}

#[test]
fn lists_for_some_reasons_add_up() {
    let case = Case::new();
    let some = |bits: &[u8]| {
        let reasons = element(0x83, &[&[0], bits].concat());
        MakeCrl::new("ca", 2, year(1)).with(issuing_point(&[&reasons])).make()
    };
    let source = RevocationSource::new([some(&[0x60, 0]), some(&[0x1f, 0x80])], []);
    let outcome = case.ask(&source, year(1));
    assert_eq!((outcome.answer, outcome.evidence.len()), (Good, 2));
}

#[test]
fn the_distribution_point_of_the_certificate_is_matched() {
    let root = Make::root("root", 1).make();
    let point = |address| extension("2.5.29.31", false, &sequence(&[&sequence(&[&point_name(address)])]));
    let leaf = Make::leaf("leaf", 3, "root", 1).with(point("http://ca.gov.vn/a.crl")).make();
    let finder = finder(&[&root], &[]);
    let path = finder.find(&leaf, &[], year(1));
    for (address, answer) in
        [("http://ca.gov.vn/a.crl", Good), ("http://ca.gov.vn/b.crl", Unknown(UnknownReason::OutOfScope))]
    {
        let list = MakeCrl::new("root", 1, year(1)).with(issuing_point(&[&point_name(address)])).make();
        let source = RevocationSource::new([list], []);
        let revocation = Revocation { finder: &finder, sources: &[&source], pool: &[] };
        assert_eq!(revocation.status(&path, 0, year(1)).answer, answer);
    }
    let addresses: Vec<_> = leaf.extensions.distribution_points.iter().flat_map(|point| point.addresses()).collect();
    assert_eq!(addresses, ["http://ca.gov.vn/a.crl"]);
}

#[test]
fn another_key_of_the_ca_may_sign_lists_if_the_anchor_vouches_for_it() {
    let case = Case::new();
    let list = MakeCrl::new("ca", 6, year(1)).make();
    let source = RevocationSource::new([Arc::clone(&list)], []);
    let path = case.finder.find(&case.leaf, &[], year(1));
    let answer = |signer: Make, source: &RevocationSource| {
        let pool = [signer.make()];
        let revocation = Revocation { finder: &case.finder, sources: &[source], pool: &pool };
        revocation.status(&path, 0, year(1)).answer
    };
    let usage = |bits| extension("2.5.29.15", true, &[3, 2, 0, bits]);
    let appointed = Make::leaf("ca", 6, "root", 1).with(usage(0x02));
    let wrong = Unknown(UnknownReason::WrongSignature);
    assert_eq!(answer(appointed.clone(), &source), Good);
    assert_eq!(answer(Make::leaf("ca", 6, "root", 1).with(usage(0x04)), &source), wrong);
    assert_eq!(answer(Make::leaf("ca", 6, "root", 9).with(usage(0x02)), &source), wrong);
    assert_eq!(answer(Make::leaf("ca", 6, "other", 7).with(usage(0x02)), &source), wrong);
    let expired = (year(-1), year(0));
    assert_eq!(answer(Make { validity: expired, ..appointed.clone() }, &source), wrong);
    // Revoked by the root before it signed the list.
    let revoked = MakeCrl::new("root", 1, year(0)).revoke(6, year(0), 4).make();
    assert_eq!(answer(appointed, &RevocationSource::new([list, revoked], [])), wrong);
}

#[test]
fn a_delta_list_changes_the_list_that_it_extends() {
    let case = Case::new();
    let number = |oid, critical, value| extension(oid, critical, &[2, 1, value]);
    let base = |n| MakeCrl::new("ca", 2, year(0)).with(number("2.5.29.20", false, n));
    let delta = |n, base| {
        let list = MakeCrl::new("ca", 2, year(1)).with(number("2.5.29.20", false, n));
        list.with(number("2.5.29.27", true, base))
    };
    let ask = |lists: [MakeCrl; 2]| case.ask(&RevocationSource::new(lists.map(|list| list.make()), []), year(2));
    let hold = |list: MakeCrl| list.revoke(3, year(0), 6);
    // The base is too old by itself; the delta is in force.
    let outcome = ask([base(5), delta(6, 5)]);
    assert_eq!((outcome.answer, outcome.evidence.len()), (Good, 2));
    assert_eq!(ask([hold(base(5)), delta(6, 5).revoke(3, year(1), 8)]).answer, Good);
    assert_eq!(ask([hold(base(5)), delta(6, 5)]).answer, revoked(year(0), RevocationReason::CertificateHold));
    let released = ask([base(5), delta(6, 5).revoke(3, year(1), 1)]);
    assert_eq!(released.answer, revoked(year(1), RevocationReason::KeyCompromise));
    // It extends a later list only, or an earlier one is newer than it.
    for lists in [[base(4), delta(6, 5)], [base(7), delta(6, 5)]] {
        assert!(matches!(ask(lists).answer, Unknown(UnknownReason::OtherTime { .. })));
    }
    // Alone it says nothing.
    let alone = RevocationSource::new([delta(6, 5).make()], []);
    assert_eq!(case.ask(&alone, year(2)).answer, Unknown(UnknownReason::NoEvidence));
}

/// The case, with a CA that expires at year 3, before its leaf.
fn case_of_an_expiring_ca() -> Case {
    let root = Make::root("root", 1).make();
    let ca = Make { validity: (year(0), year(3)), ..Make::ca("ca", 2, "root", 1) }.make();
    Case { finder: finder(&[&root], &[&ca]), leaf: Make::leaf("leaf", 3, "ca", 2).make(), ca }
}

#[test]
fn an_issuer_that_has_expired_since_still_answers_for_its_time() {
    let case = case_of_an_expiring_ca();
    assert_eq!(case.list(&MakeCrl::new("ca", 2, year(2)), year(2)), Good);
    assert_eq!(case.response(&case.ocsp(2, year(2)), year(2)), Good);
}

#[test]
fn an_issuer_that_had_expired_calls_nothing_good() {
    let case = case_of_an_expiring_ca();
    let wrong = Unknown(UnknownReason::WrongSignature);
    let late = MakeCrl::new("ca", 2, year(4));
    assert_eq!(case.list(&late, year(2)), wrong);
    assert_eq!(case.response(&case.ocsp(2, year(4)), year(2)), wrong);
    // What it calls revoked is.
    assert_eq!(case.list(&late.revoke(3, year(1), 1), year(2)), revoked(year(1), RevocationReason::KeyCompromise));
    let stolen = MakeOcsp { revoked: Some((year(1), 1)), ..case.ocsp(2, year(4)) };
    assert_eq!(case.response(&stolen, year(2)), revoked(year(1), RevocationReason::KeyCompromise));
    // A responder that it appointed cannot outlast it.
    let signing = extension("2.5.29.37", false, &[0x30, 10, 6, 8, 0x2b, 6, 1, 5, 5, 7, 3, 9]);
    let responder = Some(Make::leaf("responder", 5, "ca", 2).with(signing).der());
    assert_eq!(case.response(&MakeOcsp { responder: responder.clone(), ..case.ocsp(5, year(2)) }, year(2)), Good);
    assert_eq!(case.response(&MakeOcsp { responder, ..case.ocsp(5, year(4)) }, year(2)), wrong);
}

#[test]
fn a_renewed_certificate_of_the_same_key_vouches_for_later_lists() {
    let case = case_of_an_expiring_ca();
    let source = RevocationSource::new([MakeCrl::new("ca", 2, year(4)).make()], []);
    let path = case.finder.find(&case.leaf, &[], year(2));
    let answer = |pool: &[Arc<Certificate>]| {
        Revocation { finder: &case.finder, sources: &[&source], pool }.status(&path, 0, year(2)).answer
    };
    let renewed = Make { serial: vec![9], ..Make::ca("ca", 2, "root", 1) };
    assert_eq!(answer(&[renewed.make()]), Good);
    assert_eq!(answer(&[Make { issuer_key: 8, ..renewed }.make()]), Unknown(UnknownReason::WrongSignature));
}

#[test]
fn a_delegate_that_has_expired_since_answers_for_its_time_and_for_no_later_one() {
    let case = Case::new();
    let path = case.finder.find(&case.leaf, &[], year(1));
    let usage = extension("2.5.29.15", true, &[3, 2, 0, 0x02]);
    let signer = Make { validity: (year(0), year(2)), ..Make::leaf("ca", 6, "root", 1).with(usage) }.make();
    let answer = |at: UnixTime| {
        let source = RevocationSource::new([MakeCrl::new("ca", 6, at).make()], []);
        let pool = [Arc::clone(&signer)];
        Revocation { finder: &case.finder, sources: &[&source], pool: &pool }.status(&path, 0, year(1)).answer
    };
    assert_eq!(answer(year(1)), Good);
    assert_eq!(answer(year(3)), Unknown(UnknownReason::WrongSignature));
}
