//! Proof of existence, levels, validity models and single certificates, over facts made by hand and
//! certificates and lists made for the test.

use super::*;
use crate::model::{
    ByteRangeFacts, DigestOutcome, ModificationFacts, ModificationLevel, RangeLayout, SecurityStoreFacts,
    SubIndication, TimestampFacts, ValidityModel, ValueOutcome,
};
use crate::pki::testing::{Make, MakeCrl, extension, finder, object_identifier, sequence, year};

const DAY: i64 = 86_400;

/// A small PKI: root 1, CA 2, signer 3 (years 0 to 5), authority 4 (years 0 to 5), authority 5 (years 3 to 12).
struct World {
    certificates: Carried,
    revocation: RevocationSource,
    paths: PathFinder,
    editions: Editions,
    clock: UnixTime,
    detail: Detail,
}

const SIGNER: u8 = 3;
const OLD_AUTHORITY: u8 = 4;
const NEW_AUTHORITY: u8 = 5;

fn authority(key: u8, years: (i64, i64)) -> Make {
    let stamping = sequence(&[&object_identifier("1.3.6.1.5.5.7.3.8")]);
    let mut make = Make::leaf("authority", key, "ca", 2).with(extension("2.5.29.37", true, &stamping));
    make.validity = (year(years.0), year(years.1));
    make
}

fn certificate(key: u8) -> Make {
    match key {
        OLD_AUTHORITY => authority(key, (0, 5)),
        NEW_AUTHORITY => authority(key, (3, 12)),
        _ => Make::leaf("Nguyễn Văn An", key, "ca", 2),
    }
}

impl World {
    /// Judged in year 7, with lists of every year.
    fn new() -> Self {
        Self::with_entries(|list| list)
    }

    /// The same with entries in the newest list of the CA.
    fn with_entries(add: impl Fn(MakeCrl) -> MakeCrl) -> Self {
        let root = Make::root("root", 1).make();
        let ca = Make::ca("ca", 2, "root", 1).make();
        let mut certificates = Carried::default();
        for key in [SIGNER, OLD_AUTHORITY, NEW_AUTHORITY] {
            let made = certificate(key).make();
            certificates.certificates.insert(made.sha256, made);
        }
        let lists = (0..8).flat_map(|from| {
            let own = MakeCrl::new("ca", 2, year(from));
            [MakeCrl::new("root", 1, year(from)).make(), if from == 7 { add(own) } else { own }.make()]
        });
        Self {
            revocation: RevocationSource::new(lists, []),
            paths: finder(&[&root], &[&ca]),
            editions: Editions::built_in().unwrap(),
            clock: UnixTime(year(7).0 + DAY),
            certificates,
            detail: Detail::Full,
        }
    }

    fn with<R>(&self, use_it: impl FnOnce(&Context<'_>) -> R) -> R {
        let context = Context {
            clock: self.clock,
            revocation: &self.revocation,
            paths: &self.paths,
            editions: &self.editions,
            organisations: &OrganisationTable::default(),
            overrides: &HashMap::new(),
            holders: &HolderMemo::default(),
            carried: &self.certificates,
            limits: &Limits::default(),
            detail: self.detail,
        };
        use_it(&context)
    }

    fn judge(&self, signatures: Vec<SignatureFacts>) -> Vec<SignatureVerdict> {
        let facts = PdfFacts { signatures, ..PdfFacts::default() };
        self.with(|context| judge(&facts, None, context))
    }
}

fn signer(key: u8, timestamps: Vec<TimestampFacts>) -> SignerFacts {
    let certificate = certificate(key).make().sha256;
    SignerFacts {
        digest_algorithm: "SHA-256".into(),
        signature_algorithm: "RSA PKCS#1 v1.5".into(),
        key_bits: Some(2048),
        digest: DigestOutcome::Matches,
        value: ValueOutcome::Verifies,
        certificate: Some(certificate),
        certificates: vec![certificate],
        crls: Vec::new(),
        ocsp_responses: Vec::new(),
        signing_time: None,
        ess_certificate: Some(true),
        signed_attributes: true,
        timestamps,
        notes: Vec::new(),
    }
}

fn token(authority: u8, time: UnixTime) -> TimestampFacts {
    TimestampFacts {
        imprint: DigestOutcome::Matches,
        imprint_algorithm: "SHA-256".into(),
        generation_time: Some(time),
        policy: None,
        signer: CmsFacts::Parsed(Box::new(signer(authority, Vec::new()))),
    }
}

fn weakened(mut token: TimestampFacts, digest: &str) -> TimestampFacts {
    if let CmsFacts::Parsed(signer) = &mut token.signer {
        signer.digest_algorithm = digest.into();
    }
    token
}

/// A field whose range ends at `end`.
fn field(kind: SignatureKind, end: i64, signer: SignerFacts) -> SignatureFacts {
    SignatureFacts {
        field: format!("field{end}"),
        kind,
        sub_filter: Some("adbe.pkcs7.detached".into()),
        revision: Some(0),
        in_acro_form: true,
        byte_range: ByteRangeFacts { values: vec![0, 1, 2, end - 2], layout: RangeLayout::Exact, reaches_end: false },
        certification: None,
        modification: ModificationFacts { level: ModificationLevel::None, changes: Vec::new() },
        claimed_time: None,
        appearance: None,
        cms: CmsFacts::Parsed(Box::new(signer)),
    }
}

fn signature(timestamps: Vec<TimestampFacts>) -> SignatureFacts {
    field(SignatureKind::Signature, 100, signer(SIGNER, timestamps))
}

/// A document timestamp over everything before.
fn archive(token: TimestampFacts) -> SignatureFacts {
    let CmsFacts::Parsed(own) = token.signer.clone() else { panic!("no signer") };
    field(SignatureKind::DocumentTimestamp, 200, SignerFacts { timestamps: vec![token], ..*own })
}

/// A moment in year 1.
fn then() -> UnixTime {
    UnixTime(year(1).0 + 100 * DAY)
}

fn outcome(verdict: &SignatureVerdict) -> (Indication, Option<SubIndication>) {
    (verdict.indication, verdict.sub_indication)
}

const PASSED: (Indication, Option<SubIndication>) = (Indication::TotalPassed, None);
const NO_PROOF: (Indication, Option<SubIndication>) =
    (Indication::Indeterminate, Some(SubIndication::OutOfBoundsNoPoe));

#[test]
fn an_expired_signer_needs_a_timestamp_whose_authority_still_stands() {
    let mut world = World::new();
    assert_eq!(
        outcome(&world.judge(vec![signature(vec![])])[0]),
        (Indication::Indeterminate, Some(SubIndication::OutOfBoundsNoPoe))
    );
    let stamped = || signature(vec![token(OLD_AUTHORITY, then())]);
    // The signer and the authority have ended by year 7.
    let verdict = &world.judge(vec![stamped()])[0];
    assert_eq!(outcome(verdict), NO_PROOF);
    assert_eq!((verdict.reference_time, verdict.time_source), (Some(then()), TimeSource::Timestamp));
    assert!(verdict.notes.iter().any(|note| note.code == "timestamp-unproven"));
    // In year 4 both stand.
    world.clock = year(4);
    assert_eq!(outcome(&world.judge(vec![stamped()])[0]), PASSED);
}

#[test]
fn an_archive_timestamp_keeps_an_expired_authority_alive() {
    let world = World::new();
    let judged =
        |time| world.judge(vec![signature(vec![token(OLD_AUTHORITY, then())]), archive(token(NEW_AUTHORITY, time))]);
    let verdicts = judged(year(4));
    assert_eq!(verdicts.iter().map(outcome).collect::<Vec<_>>(), [PASSED, PASSED]);
    assert_eq!(verdicts[0].reference_time, Some(then()));
    // Made after the old authority had ended, it proves nothing of the time before.
    assert_eq!(outcome(&judged(year(6))[0]), NO_PROOF);
    // A timestamp below does not help one above.
    let below = field(SignatureKind::Signature, 300, signer(SIGNER, vec![token(OLD_AUTHORITY, then())]));
    assert_eq!(outcome(&world.judge(vec![archive(token(NEW_AUTHORITY, year(4))), below])[1]), NO_PROOF);
}

#[test]
fn a_weak_token_proves_nothing_unless_a_later_one_shows_its_age() {
    let world = World::new();
    let weak = || signature(vec![weakened(token(NEW_AUTHORITY, year(4)), "SHA-1")]);
    assert_eq!(outcome(&world.judge(vec![weak()])[0]), NO_PROOF);
    // 2024-12: before the day from which the edition refuses SHA-1 in a token.
    assert_eq!(
        outcome(&world.judge(vec![weak(), archive(token(NEW_AUTHORITY, UnixTime(year(4).0 + 350 * DAY)))])[0]),
        PASSED
    );
    // The imprint over a signature value needs a second preimage; over a document a collision is enough.
    let sha1_imprint = |time| TimestampFacts { imprint_algorithm: "SHA-1".into(), ..token(NEW_AUTHORITY, time) };
    let verdict = &world.judge(vec![signature(vec![sha1_imprint(year(4))])])[0];
    assert_eq!(outcome(verdict), PASSED);
    assert!(verdict.notes.iter().any(|note| note.code == "timestamp-imprint-sha1"));
    assert_eq!(outcome(&world.judge(vec![signature(vec![]), archive(sha1_imprint(year(4)))])[0]), NO_PROOF);
    assert_eq!(outcome(&world.judge(vec![signature(vec![]), archive(token(NEW_AUTHORITY, year(4)))])[0]), PASSED);
}

#[test]
fn tokens_outlast_a_revocation_only_for_a_harmless_reason() {
    let judged = |reason: Option<u8>, archived: bool| {
        let world = World::with_entries(|mut list| {
            list.entries.push((vec![NEW_AUTHORITY], year(6), reason));
            list
        });
        let mut signatures = vec![signature(vec![token(NEW_AUTHORITY, UnixTime(year(3).0 + DAY))])];
        if archived {
            signatures.push(archive(token(OLD_AUTHORITY, year(4))));
        }
        outcome(&world.judge(signatures)[0])
    };
    // RFC 3161, 4: superseded and cessationOfOperation spare the tokens, keyCompromise and no reason do not.
    assert_eq!(judged(Some(4), false), PASSED);
    assert_eq!(judged(Some(5), false), PASSED);
    let wrong = (Indication::Indeterminate, Some(SubIndication::SigConstraintsFailure));
    assert_eq!(judged(Some(1), false), wrong);
    assert_eq!(judged(None, false), wrong);
    // The old authority has ended itself, so that its own timestamp is no proof either.
    assert_eq!(judged(Some(1), true), wrong);
}

#[test]
fn a_weak_key_needs_a_proof_that_the_signature_is_older_than_the_rule() {
    let mut world = World::new();
    world.clock = UnixTime(year(4).0 + DAY);
    let claimed = |clock_year| {
        let mut facts = signature(vec![]);
        facts.claimed_time = Some(then());
        if let CmsFacts::Parsed(signer) = &mut facts.cms {
            signer.key_bits = Some(1024);
        }
        let mut world = World::new();
        world.clock = UnixTime(year(clock_year).0 + DAY);
        outcome(&world.judge(vec![facts])[0])
    };
    assert_eq!(claimed(4), PASSED, "the rule is not in force yet");
    let (indication, _) = claimed(6);
    assert_eq!(indication, Indication::Indeterminate);
    let mut facts = signature(vec![]);
    facts.claimed_time = Some(then());
    if let CmsFacts::Parsed(signer) = &mut facts.cms {
        signer.key_bits = Some(1024);
        signer.certificate = Some(certificate(NEW_AUTHORITY).make().sha256);
    }
    world.clock = UnixTime(year(6).0 + DAY);
    let verdict = &world.judge(vec![facts])[0];
    let weak = verdict.conclusions.iter().filter_map(|one| one.sub_indication);
    assert!(weak.into_iter().any(|one| one == SubIndication::CryptoConstraintsFailureNoPoe));
}

#[test]
fn local_time_written_as_utc_is_recognised_and_said() {
    let mut world = World::new();
    world.clock = year(2);
    let seven_hours = 7 * 3_600;
    let written = |claimed: Option<UnixTime>, timestamps| {
        let mut facts = signature(timestamps);
        facts.claimed_time = claimed;
        if let CmsFacts::Parsed(signer) = &mut facts.cms {
            signer.signing_time = Some(UnixTime(then().0 + seven_hours));
        }
        world.judge(vec![facts]).remove(0)
    };
    let quirk = |verdict: &SignatureVerdict| verdict.notes.iter().any(|note| note.code == "signing-time-plus-7h");
    let stamped = written(None, vec![token(OLD_AUTHORITY, then())]);
    assert!(quirk(&stamped) && stamped.reference_time == Some(then()));
    // Without a timestamp the computer's clock shows it, and the claimed time is put right.
    let claimed = written(Some(UnixTime(then().0 + 60)), vec![]);
    assert!(quirk(&claimed) && claimed.reference_time == Some(then()));
    assert!(claimed.conclusions.iter().any(|one| one.reason.vi.contains("+7 giờ")));
    let plain = written(None, vec![]);
    assert!(!quirk(&plain) && plain.reference_time == Some(UnixTime(then().0 + seven_hours)));
}

#[test]
fn levels_rest_on_what_the_document_itself_holds() {
    let mut world = World::new();
    world.clock = year(4);
    for from in 0..5 {
        for list in [MakeCrl::new("root", 1, year(from)), MakeCrl::new("ca", 2, year(from))] {
            let list = list.make();
            world.certificates.lists.insert(list.sha256, list);
        }
    }
    let held: Vec<_> = world.certificates.lists.keys().copied().collect();
    let level = |signatures: Vec<SignatureFacts>, crls: Vec<Sha256Digest>| {
        let security_store = SecurityStoreFacts { crls, ..SecurityStoreFacts::default() };
        let facts = PdfFacts { signatures, security_store, ..PdfFacts::default() };
        world.with(|context| judge(&facts, None, context)).remove(0).level
    };
    let stamped = || signature(vec![token(OLD_AUTHORITY, then())]);
    assert_eq!(level(vec![signature(vec![])], held.clone()), Some(BaselineLevel::B));
    assert_eq!(level(vec![stamped()], Vec::new()), Some(BaselineLevel::T));
    assert_eq!(level(vec![stamped()], held[..1].to_vec()), Some(BaselineLevel::T), "not for the whole path");
    assert_eq!(level(vec![stamped()], held.clone()), Some(BaselineLevel::Lt));
    let archived = vec![stamped(), archive(token(OLD_AUTHORITY, year(2)))];
    assert_eq!(level(archived, held.clone()), Some(BaselineLevel::Lta));
    assert_eq!(level(vec![archive(token(OLD_AUTHORITY, year(2)))], held), None, "a timestamp has no level");
}

#[test]
fn under_the_chain_model_an_issuer_may_have_expired_since() {
    let mut world = World::new();
    // The list of year 3 is in force, made while the issuer was valid; the signature came after it had expired.
    world.clock = UnixTime(year(4).0 - DAY);
    let mut ca = Make::ca("ca", 2, "root", 1);
    ca.validity = (year(0), UnixTime(year(3).0 + 10 * DAY));
    world.paths = finder(&[&Make::root("root", 1).make()], &[&ca.make()]);
    let mut facts = signature(vec![]);
    facts.claimed_time = Some(UnixTime(year(3).0 + 20 * DAY));
    assert_eq!(world.judge(vec![facts.clone()])[0].sub_indication, Some(SubIndication::OutOfBoundsNoPoe));
    world.editions = Editions::with_model(ValidityModel::Chain);
    assert_eq!(outcome(&world.judge(vec![facts.clone()])[0]), PASSED);
    // A year later only lists that the expired issuer made are in force: they call nothing good.
    world.clock = UnixTime(year(5).0 - DAY);
    assert_ne!(outcome(&world.judge(vec![facts])[0]), PASSED);
}

#[test]
fn a_certificate_on_its_own_says_what_failed_where() {
    let world = World::with_entries(|list| list.revoke(NEW_AUTHORITY, year(6), 1));
    let judged = |make: &Make, at| {
        world.with(|context| judge_certificate(&make.make(), &[], &RevocationSource::default(), at, context))
    };
    let good = judged(&certificate(SIGNER), then());
    assert_eq!((good.indication, good.trust, good.role), (Indication::TotalPassed, Trust::Specialised, Role::Person));
    assert_eq!(good.path.len(), 3);
    assert_eq!(
        good.path.iter().map(|step| step.position).collect::<Vec<_>>(),
        [Position::Subject, Position::Intermediate, Position::Anchor]
    );
    assert!(good.path.iter().all(|step| step.faults.is_empty()));
    assert!(good.path[0].revocation.is_some() && good.path[2].revocation.is_none());

    let expired = judged(&certificate(SIGNER), year(6));
    assert_eq!(expired.sub_indication, Some(SubIndication::Expired));
    assert_eq!(expired.path[0].faults[0].0, "RFC 5280, 6.1.3 (a) (2)");

    let revoked = judged(&certificate(NEW_AUTHORITY), year(7));
    assert_eq!((revoked.indication, revoked.sub_indication), (Indication::TotalFailed, Some(SubIndication::Revoked)));
    assert_eq!(revoked.path[0].faults[0].0, "RFC 5280, 6.1.3 (a) (3)");
    assert_eq!(judged(&certificate(NEW_AUTHORITY), year(5)).indication, Indication::TotalPassed, "revoked later");

    let orphan = judged(&Make::leaf("orphan", 9, "nobody", 8), then());
    assert_eq!((orphan.indication, orphan.missing.as_deref()), (Indication::Indeterminate, Some("nobody")));
    let own = judged(&Make::root("own", 9), then());
    assert_eq!((own.indication, own.trust), (Indication::TotalFailed, Trust::Untrusted));
    let imitation = judged(&Make::leaf("leaf", 9, "ca", 8), then());
    assert_eq!(imitation.path[0].faults[0].0, "RFC 5280, 6.1.3 (a) (1)");
}
