//! Tampering, truncation, bounds and arbitrary bytes.

use super::super::tlv::tag;
use super::super::{SubFilter, evaluate, oid};
use super::build::*;
use crate::limits::Limits;
use crate::model::{CmsFacts, DigestOutcome, SignerFacts};
use proptest::prelude::*;

const CONTENT: &[u8] = b"%PDF-1.7 noi dung";

/// Whether a judge could let this pass as an unremarkable signature.
fn unremarkable(facts: &SignerFacts) -> bool {
    facts.digest == DigestOutcome::Matches
        && facts.value.is_right()
        && facts.ess_certificate == Some(true)
        && facts.notes.is_empty()
}

/// Flips each bit of `contents` and returns the offsets of the bytes where that went unnoticed.
fn unnoticed(contents: &[u8], form: SubFilter<'_>) -> Vec<usize> {
    let mut offsets = Vec::new();
    for offset in 0..contents.len() {
        for bit in 0..8 {
            let mut tampered = contents.to_vec();
            tampered[offset] ^= 1 << bit;
            if let CmsFacts::Parsed(facts) = run(&tampered, form, CONTENT).cms {
                let token_passes = facts.timestamps.iter().all(|timestamp| {
                    timestamp.imprint == DigestOutcome::Matches
                        && matches!(&timestamp.signer, CmsFacts::Parsed(signer) if unremarkable(signer))
                });
                if unremarkable(&facts) && token_passes {
                    offsets.push(offset);
                }
            }
        }
    }
    offsets.dedup();
    offsets
}

/// Offset of the only octet of SignedData.version: 1, 3, 4 and 5 are all known and nothing hangs on them.
fn version_offset(contents: &[u8]) -> usize {
    contents.windows(3).position(|window| window == [2, 1, 1]).unwrap() + 2
}

#[test]
fn every_flipped_bit_of_a_signature_is_noticed() {
    let signer = Signer::new("CA", 1);
    let contents = [Cms::new(&signer, CONTENT).build(&signer), vec![0; 4]].concat();
    assert_eq!(unnoticed(&contents, SubFilter::CadesDetached), [version_offset(&contents)]);
}

#[test]
fn every_flipped_bit_of_a_document_timestamp_is_noticed() {
    let authority = Signer::new("TSA", 1);
    let contents = Cms::token(&authority, CONTENT).build(&authority);
    assert_eq!(unnoticed(&contents, SubFilter::TimestampToken), [version_offset(&contents)]);
}

#[test]
fn every_truncation_is_malformed() {
    let signer = Signer::new("CA", 1);
    for indefinite in [false, true] {
        let contents = Cms { indefinite, ..Cms::new(&signer, CONTENT) }.build(&signer);
        for length in 1..contents.len() {
            let cms = run(&contents[..length], SubFilter::Pkcs7Detached, CONTENT).cms;
            assert!(matches!(cms, CmsFacts::Malformed(_)), "{length}: {cms:?}");
        }
    }
}

#[test]
fn nothing_there() {
    let absent = |contents: &[u8]| match run(contents, SubFilter::Pkcs7Detached, CONTENT).cms {
        CmsFacts::Absent(reason) => reason,
        other => panic!("{other:?}"),
    };
    assert_eq!(absent(b""), "empty");
    assert_eq!(absent(&[0; 4096]), "nothing but zeros");
}

#[test]
fn bounds_are_said_to_be_reached() {
    let signer = Signer::new("CA", 1);
    let contents = Cms::new(&signer, CONTENT).build(&signer);
    let limits = Limits { cms_bytes: 100, ..Limits::default() };
    let cms = evaluate(&contents, SubFilter::Pkcs7Detached, &Covered(Some(CONTENT)), &limits).cms;
    assert_eq!(cms, CmsFacts::Malformed("longer than the limit cms_bytes, 100".to_owned()));

    let certificate = der(tag::SEQUENCE, &[]);
    let many = Cms { certificates: vec![certificate; 501], ..Cms::new(&signer, CONTENT) };
    assert_eq!(reason(&many.build(&signer), CONTENT), "more than 500 certificates");
    // Different certificates that all claim to be the signer's.
    let claims = (0..17).map(|_| Signer::new("CA", 1).certificate).collect();
    let many = Cms { certificates: claims, ..Cms::new(&signer, CONTENT) };
    assert_eq!(reason(&many.build(&signer), CONTENT), "signer identifier names 17 certificates");
    let same = Cms { certificates: vec![signer.certificate.clone(); 17], ..Cms::new(&signer, CONTENT) };
    assert!(unremarkable(&facts(&same.build(&signer), CONTENT)));
    let many = Cms { revocation: vec![der(tag::SEQUENCE, &[]); 501], ..Cms::new(&signer, CONTENT) };
    assert_eq!(reason(&many.build(&signer), CONTENT), "more than 500 pieces of revocation data");
}

#[test]
fn deep_nesting_is_refused_in_linear_time() {
    // Sixteen megabytes of nothing but openings, and the same closed again.
    let open = [0x30, 0x80].repeat(8 << 20);
    assert_eq!(reason(&open, CONTENT), "ContentInfo: ASN.1 nested too deeply");
    let signer = Signer::new("CA", 1);
    let mut cms = Cms::new(&signer, CONTENT);
    let nest = |depth: usize| [[0x24, 0x80].repeat(depth), [0, 0].repeat(depth)].concat();
    cms.replace(oid::MESSAGE_DIGEST, &[&nest(1000)]);
    assert!(reason(&cms.build(&signer), CONTENT).contains("nested too deeply"));
    // Definite lengths nest without a look inside, but not when the attributes are encoded anew.
    let mut value = Vec::new();
    for _ in 0..2000 {
        value = der(tag::SEQUENCE, &[&value]);
    }
    let mut cms = Cms::new(&signer, CONTENT);
    cms.push(attribute(&[0x2A, 3], &[&value]));
    cms.attributes.as_mut().unwrap().sort();
    cms.attributes.as_mut().unwrap().reverse();
    assert!(!facts(&cms.build(&signer), CONTENT).value.is_right());
}

#[test]
fn lengths_that_overflow() {
    for length in [
        &[0x84, 0xFF, 0xFF, 0xFF, 0xFF][..],
        &[0x88, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
        &[0x89, 0x01, 0, 0, 0, 0, 0, 0, 0, 0],
        &[0xFE; 127],
        &[0xFF],
        &[0x7F],
        &[0x82],
        &[],
    ] {
        let contents = [&[0x30], length].concat();
        let cms = run(&contents, SubFilter::Pkcs7Detached, CONTENT).cms;
        assert!(matches!(cms, CmsFacts::Malformed(_)), "{length:x?}");
    }
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_pass(contents in proptest::collection::vec(any::<u8>(), 0..400)) {
        let certificate = contents.clone();
        let certificates: &[&[u8]] = &[&certificate];
        let forms = [
            SubFilter::Pkcs7Detached,
            SubFilter::Pkcs7Sha1,
            SubFilter::TimestampToken,
            SubFilter::X509RsaSha1(certificates),
        ];
        for form in forms {
            if let CmsFacts::Parsed(facts) = run(&contents, form, CONTENT).cms {
                prop_assert!(!facts.value.is_right());
            }
        }
    }

    #[test]
    fn spliced_signatures_never_panic(
        offset in 0..800_usize,
        splice in proptest::collection::vec(any::<u8>(), 0..20),
        removed in 0..20_usize,
    ) {
        let signer = Signer::new("CA", 1);
        let mut contents = Cms { indefinite: true, ..Cms::new(&signer, CONTENT) }.build(&signer);
        let start = offset.min(contents.len());
        let end = (start + removed).min(contents.len());
        contents.splice(start..end, splice);
        let _ = run(&contents, SubFilter::Pkcs7Detached, CONTENT);
        let _ = run(&contents, SubFilter::TimestampToken, CONTENT);
    }
}
