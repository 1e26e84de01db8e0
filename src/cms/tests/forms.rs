//! The forms other than detached: adbe.pkcs7.sha1, ETSI.RFC3161, adbe.x509.rsa_sha1.

use super::super::tlv::tag;
use super::super::{SubFilter, evaluate, note, oid};
use super::build::*;
use crate::crypto::{DigestAlgorithm, sha256};
use crate::limits::Limits;
use crate::model::{CmsFacts, DigestOutcome, SignerFacts, UnixTime, ValueOutcome};

const CONTENT: &[u8] = b"%PDF-1.7 noi dung";

#[test]
fn names() {
    assert_eq!(SubFilter::from_name("adbe.pkcs7.detached", &[]), Some(SubFilter::Pkcs7Detached));
    assert_eq!(SubFilter::from_name("ETSI.CAdES.detached", &[]), Some(SubFilter::CadesDetached));
    assert_eq!(SubFilter::from_name("adbe.pkcs7.sha1", &[]), Some(SubFilter::Pkcs7Sha1));
    assert_eq!(SubFilter::from_name("ETSI.RFC3161", &[]), Some(SubFilter::TimestampToken));
    assert_eq!(SubFilter::from_name("adbe.x509.rsa_sha1", &[b"x"]), Some(SubFilter::X509RsaSha1(&[b"x"])));
    assert_eq!(SubFilter::from_name("adbe.pkcs7.DETACHED", &[]), None);
}

fn pkcs7_sha1(change: impl Fn(&mut Cms), covered: &[u8]) -> CmsFacts {
    let signer = Signer::new("CA", 3);
    let range_digest = digest(DigestAlgorithm::Sha1, CONTENT);
    let mut cms = Cms::new(&signer, &range_digest);
    cms.content = Some(range_digest);
    change(&mut cms);
    run(&cms.build(&signer), SubFilter::Pkcs7Sha1, covered).cms
}

#[test]
fn digest_in_the_content() {
    let sound = parsed(pkcs7_sha1(|_| {}, CONTENT));
    assert_eq!((sound.digest, sound.value), (DigestOutcome::Matches, ValueOutcome::Verifies));
    let changed = parsed(pkcs7_sha1(|_| {}, b"%PDF-1.7 other"));
    assert_eq!((changed.digest, changed.value), (DigestOutcome::Differs, ValueOutcome::Verifies));
    // The content fits the range, but is not what was signed.
    let other = b"%PDF-1.7 other";
    let swapped = parsed(pkcs7_sha1(|cms| cms.content = Some(digest(DigestAlgorithm::Sha1, other)), other));
    assert_eq!((swapped.digest, swapped.value), (DigestOutcome::Differs, ValueOutcome::Verifies));
    let without_attributes = parsed(pkcs7_sha1(|cms| cms.attributes = None, CONTENT));
    assert_eq!(without_attributes.digest, DigestOutcome::Matches);
    assert_eq!(without_attributes.value, ValueOutcome::Verifies);
}

#[test]
fn digest_in_the_content_is_a_sha1() {
    let missing = pkcs7_sha1(|cms| cms.content = None, CONTENT);
    assert_eq!(missing, CmsFacts::Malformed("adbe.pkcs7.sha1 without content".to_owned()));
    let whole = pkcs7_sha1(|cms| cms.content = Some(CONTENT.to_vec()), CONTENT);
    assert_eq!(whole, CmsFacts::Malformed("adbe.pkcs7.sha1 with 17 bytes of content".to_owned()));
}

fn document_timestamp(change: impl Fn(&mut Cms), covered: &[u8]) -> CmsFacts {
    let authority = Signer::new("TSA", 3);
    let mut cms = Cms::token(&authority, CONTENT);
    change(&mut cms);
    let mut contents = cms.build(&authority);
    contents.extend([0; 20]);
    run(&contents, SubFilter::TimestampToken, covered).cms
}

#[test]
fn document_timestamps() {
    let sound = parsed(document_timestamp(|_| {}, CONTENT));
    assert_eq!((sound.digest, sound.value.clone()), (DigestOutcome::Matches, ValueOutcome::Verifies));
    assert_eq!(sound.ess_certificate, Some(true));
    assert!(sound.notes.is_empty());
    assert_eq!(sound.timestamps.len(), 1);
    assert_eq!(sound.timestamps[0].imprint, DigestOutcome::Matches);
    assert_eq!(sound.timestamps[0].generation_time, Some(UnixTime(GENERATION_TIME)));
    let own = parsed(sound.timestamps[0].signer.clone());
    assert_eq!(own, SignerFacts { timestamps: Vec::new(), ..sound });
}

/// `digest` speaks of the range, also where the token on its own is whole.
#[test]
fn a_document_timestamp_over_something_else() {
    let changed = parsed(document_timestamp(|_| {}, b"%PDF-1.7 other"));
    assert_eq!((changed.digest, changed.value), (DigestOutcome::Differs, ValueOutcome::Verifies));
    assert_eq!(changed.timestamps[0].imprint, DigestOutcome::Differs);
    assert_eq!(parsed(changed.timestamps[0].signer.clone()).digest, DigestOutcome::Matches);
    let hash = digest(DigestAlgorithm::Sha256, CONTENT);
    let swapped = parsed(document_timestamp(
        |cms| {
            let mut info = tst_info(&algorithm(SHA256), &hash);
            *info.last_mut().unwrap() ^= 1;
            cms.content = Some(info);
        },
        CONTENT,
    ));
    assert_eq!((swapped.timestamps[0].imprint, swapped.digest), (DigestOutcome::Matches, DigestOutcome::Differs));
}

#[test]
fn a_document_timestamp_is_a_token() {
    let data = document_timestamp(|cms| cms.content_type = oid::DATA.to_vec(), CONTENT);
    assert_eq!(data, CmsFacts::Malformed("no timestamp but 1.2.840.113549.1.7.1".to_owned()));
    let authority = Signer::new("TSA", 3);
    let token = Cms::token(&authority, CONTENT).build(&authority);
    let as_signature = run(&token, SubFilter::Pkcs7Detached, CONTENT).cms;
    assert_eq!(as_signature, CmsFacts::Malformed("encapsulated-content".to_owned()));
}

#[test]
fn bare_rsa_values() {
    let signer = Signer::rsa("CA", 5);
    let other = Signer::new("CA", 6);
    let chain: &[&[u8]] = &[&signer.certificate, &other.certificate];
    let case = |value: &[u8], certificates: &[&[u8]], covered: Option<&[u8]>| {
        let contents = [der(tag::OCTET_STRING, &[value]), vec![0; 8]].concat();
        let form = SubFilter::X509RsaSha1(certificates);
        parsed(evaluate(&contents, form, &Covered(covered), &Limits::default()).cms)
    };
    let sha1 = rsa_sign(DigestAlgorithm::Sha1, SHA1, CONTENT, true);
    let sound = case(&sha1, chain, Some(CONTENT));
    assert_eq!((sound.digest, sound.value), (DigestOutcome::Matches, ValueOutcome::Verifies));
    assert_eq!(sound.digest_algorithm, "SHA-1");
    assert_eq!(sound.certificate, Some(sha256(&signer.certificate)));
    assert_eq!(sound.certificates, [sha256(&signer.certificate), sha256(&other.certificate)]);
    assert!(sound.notes.is_empty() && !sound.signed_attributes);
    let sha256_ = case(&rsa_sign(DigestAlgorithm::Sha256, SHA256, CONTENT, true), chain, Some(CONTENT));
    assert_eq!((sha256_.digest_algorithm.as_str(), sha256_.value), ("SHA-256", ValueOutcome::Verifies));
    let changed = case(&sha1, chain, Some(b"other"));
    assert_eq!((changed.digest, changed.value), (DigestOutcome::Differs, ValueOutcome::Wrong));
    let missing = case(&sha1, chain, None);
    assert_eq!(missing.digest, DigestOutcome::NotComputable);
    assert!(matches!(missing.value, ValueOutcome::Unsupported(_)));
    assert_eq!(case(&sha1, &[], Some(CONTENT)).value, ValueOutcome::NoCertificate);
    let unreadable = case(&sha1, &[b"no certificate"], Some(CONTENT));
    assert_eq!(unreadable.value, ValueOutcome::NoCertificate);
    assert_eq!(unreadable.notes, [note::OTHER_CERTIFICATE_FORMAT]);
    // Signed by the second certificate: only the first is the signer's.
    assert!(!case(&sha1, &[&other.certificate, &signer.certificate], Some(CONTENT)).value.is_right());
}
