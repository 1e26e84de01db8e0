//! Timestamp tokens in unsigned attributes, and unsigned attributes in general.

use super::super::tlv::tag;
use super::super::{note, oid};
use super::build::*;
use crate::crypto::{DigestAlgorithm, sha256};
use crate::model::{CmsFacts, DigestOutcome, SignerFacts, TimestampFacts, UnixTime, ValueOutcome};

const CONTENT: &[u8] = b"%PDF-1.7 noi dung";

/// A signature whose unsigned attributes are made from its value.
fn signature(unsigned: impl Fn(&[u8]) -> Vec<Vec<u8>>) -> SignerFacts {
    let signer = Signer::new("CA", 1);
    let mut cms = Cms::new(&signer, CONTENT);
    let (_, value) = cms.build_with_signature(&signer);
    cms.unsigned = unsigned(&value);
    cms.signature = Some(value);
    facts(&cms.build(&signer), CONTENT)
}

fn one(facts: SignerFacts) -> TimestampFacts {
    assert_eq!(facts.value, ValueOutcome::Verifies);
    assert!(facts.notes.is_empty(), "{:?}", facts.notes);
    let [timestamp] = <[_; 1]>::try_from(facts.timestamps).unwrap();
    timestamp
}

#[test]
fn a_sound_token() {
    let authority = Signer::new("TSA", 9);
    let facts =
        signature(|value| vec![attribute(oid::TIMESTAMP_TOKEN, &[&Cms::token(&authority, value).build(&authority)])]);
    let timestamp = one(facts);
    assert_eq!(timestamp.imprint, DigestOutcome::Matches);
    assert_eq!(timestamp.imprint_algorithm, "SHA-256");
    assert_eq!(timestamp.generation_time, Some(UnixTime(GENERATION_TIME)));
    assert_eq!(timestamp.policy.as_deref(), Some("1.2.3.4"));
    let signer = parsed(timestamp.signer);
    assert_eq!((signer.digest, signer.value), (DigestOutcome::Matches, ValueOutcome::Verifies));
    assert_eq!(signer.certificate, Some(sha256(&authority.certificate)));
    assert_eq!(signer.ess_certificate, Some(true));
    assert!(signer.timestamps.is_empty() && signer.notes.is_empty());
}

#[test]
fn imprints() {
    let authority = Signer::new("TSA", 9);
    let imprint = |hash_algorithm: &[u8], hash: fn(&[u8]) -> Vec<u8>| {
        let facts = signature(|value| {
            let token = Cms::token_with(&authority, &tst_info(&algorithm(hash_algorithm), &hash(value)));
            vec![attribute(oid::TIMESTAMP_TOKEN, &[&token.build(&authority)])]
        });
        let timestamp = one(facts);
        assert_eq!(parsed(timestamp.signer).digest, DigestOutcome::Matches);
        (timestamp.imprint, timestamp.imprint_algorithm)
    };
    let sha1 = imprint(SHA1, |value| digest(DigestAlgorithm::Sha1, value));
    assert_eq!(sha1, (DigestOutcome::Matches, "SHA-1".to_owned()));
    // A token copied from another signature.
    let copied = imprint(SHA256, |_| digest(DigestAlgorithm::Sha256, b"another value"));
    assert_eq!(copied, (DigestOutcome::Differs, "SHA-256".to_owned()));
    let short = imprint(SHA256, |value| digest(DigestAlgorithm::Sha1, value));
    assert_eq!(short.0, DigestOutcome::NotComputable);
    let unknown = imprint(&[0x2A, 3], |value| value.to_vec());
    assert_eq!(unknown, (DigestOutcome::NotComputable, "1.2.3".to_owned()));
}

#[test]
fn a_token_with_swapped_content_has_a_wrong_digest() {
    let authority = Signer::new("TSA", 9);
    let facts = signature(|value| {
        let mut token = Cms::token(&authority, b"what was stamped");
        let hash = digest(DigestAlgorithm::Sha256, value);
        token.content = Some(tst_info(&algorithm(SHA256), &hash));
        vec![attribute(oid::TIMESTAMP_TOKEN, &[&token.build(&authority)])]
    });
    let timestamp = one(facts);
    assert_eq!(timestamp.imprint, DigestOutcome::Matches);
    assert_eq!(parsed(timestamp.signer).digest, DigestOutcome::Differs);
}

#[test]
fn unreadable_tokens_are_kept_in_view() {
    let authority = Signer::new("TSA", 9);
    let reason = |token: Vec<u8>| match one(signature(|_| vec![attribute(oid::TIMESTAMP_TOKEN, &[&token])])) {
        TimestampFacts {
            imprint: DigestOutcome::NotComputable,
            generation_time: None,
            signer: CmsFacts::Malformed(reason),
            ..
        } => reason,
        other => panic!("{other:?}"),
    };
    assert_eq!(reason(vec![5, 0]), "ContentInfo expected, tag 05 found");
    let detached = Cms::new(&authority, CONTENT).build(&authority);
    assert_eq!(reason(detached), "no timestamp but 1.2.840.113549.1.7.1");
    let mut empty = Cms::token(&authority, CONTENT);
    empty.content = None;
    assert_eq!(reason(empty.build(&authority)), "timestamp without content");
    let mut several = Cms::token(&authority, CONTENT);
    several.signers = 2;
    assert_eq!(reason(several.build(&authority)), "2 signers");
    assert_eq!(reason(Cms::token_with(&authority, b"no TSTInfo").build(&authority))[..7], *"TSTInfo");
}

#[test]
fn raw_text_in_an_unsigned_attribute_is_left_alone() {
    let authority = Signer::new("TSA", 9);
    // id-aa-contentReference, as genuine signatures of 2016 to 2019 carry it.
    let content_reference = &[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x10, 0x02, 0x0A];
    let facts = signature(|value| {
        let token = Cms::token(&authority, value).build(&authority);
        vec![attribute(content_reference, &[b"Qxyz raw text, no ASN.1"]), attribute(oid::TIMESTAMP_TOKEN, &[&token])]
    });
    assert_eq!(facts.notes, [note::UNDECODED_UNSIGNED_ATTRIBUTE]);
    assert_eq!(facts.value, ValueOutcome::Verifies);
    assert_eq!(facts.timestamps[0].imprint, DigestOutcome::Matches);
}

#[test]
fn broken_unsigned_attributes_leave_the_signature_standing() {
    for broken in [vec![5, 0], vec![0x30, 0x7F, 1], vec![0xFF]] {
        let facts = signature(|_| vec![broken.clone()]);
        assert_eq!(facts.value, ValueOutcome::Verifies);
        assert_eq!(facts.notes, [note::UNSIGNED_ATTRIBUTES_MALFORMED]);
    }
}

#[test]
fn the_number_of_tokens_is_bounded_and_said_so() {
    let token = der(tag::SEQUENCE, &[]);
    let facts = signature(|_| vec![attribute(oid::TIMESTAMP_TOKEN, &[&token.repeat(1000)])]);
    assert_eq!(facts.timestamps.len(), 16);
    assert_eq!(facts.notes, [note::TIMESTAMPS_LEFT_OUT]);
}
