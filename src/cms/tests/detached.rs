//! Detached signatures: digest, value, certificate, signed attributes.

use super::super::tlv::tag;
use super::super::{SubFilter, evaluate, note, oid};
use super::build::*;
use crate::crypto::{DigestAlgorithm, sha256};
use crate::limits::Limits;
use crate::model::{BlobKind, DigestOutcome, UnixTime, ValueOutcome};

const CONTENT: &[u8] = b"%PDF-1.7 noi dung";

fn signer() -> Signer {
    Signer::new("CA phục vụ các cơ quan Nhà nước", 42)
}

#[test]
fn a_sound_signature() {
    let signer = signer();
    let evaluation = run(&Cms::new(&signer, CONTENT).build(&signer), SubFilter::CadesDetached, CONTENT);
    let certificate = sha256(&signer.certificate);
    assert_eq!(evaluation.blobs.len(), 1);
    assert_eq!(evaluation.blobs[0].sha256, certificate);
    assert_eq!(evaluation.blobs[0].kind, BlobKind::Certificate);
    assert_eq!(evaluation.blobs[0].der, signer.certificate);
    let facts = parsed(evaluation.cms);
    assert_eq!(facts.digest, DigestOutcome::Matches);
    assert_eq!(facts.value, ValueOutcome::Verifies);
    assert_eq!(facts.digest_algorithm, "SHA-256");
    assert_eq!(facts.signature_algorithm, "ECDSA P-256");
    assert_eq!(facts.key_bits, Some(256));
    assert_eq!(facts.certificate, Some(certificate));
    assert_eq!(facts.certificates, [certificate]);
    assert_eq!(facts.ess_certificate, Some(true));
    assert_eq!(facts.signing_time, None);
    assert!(facts.signed_attributes);
    assert!(facts.notes.is_empty() && facts.timestamps.is_empty());
}

#[test]
fn changed_or_missing_content() {
    let signer = signer();
    let contents = Cms::new(&signer, CONTENT).build(&signer);
    let changed = facts(&contents, b"%PDF-1.7 other");
    assert_eq!((changed.digest, changed.value), (DigestOutcome::Differs, ValueOutcome::Verifies));
    let missing = evaluate(&contents, SubFilter::Pkcs7Detached, &Covered(None), &Limits::default());
    let missing = parsed(missing.cms);
    assert_eq!((missing.digest, missing.value), (DigestOutcome::NotComputable, ValueOutcome::Verifies));
}

/// The digest alone proves nothing: anyone can write a matching message-digest.
#[test]
fn a_matching_digest_under_a_wrong_value_is_no_signature() {
    let (signer, forger) = (signer(), signer());
    let cms = Cms { certificates: vec![signer.certificate.clone()], ..Cms::new(&signer, CONTENT) };
    let value = forger.sign(b"anything");
    let forged = facts(&Cms { signature: Some(value), ..cms }.build(&signer), CONTENT);
    assert_eq!((forged.digest, forged.value), (DigestOutcome::Matches, ValueOutcome::Wrong));
}

#[test]
fn padding_is_zeros() {
    let signer = signer();
    let mut contents = Cms::new(&signer, CONTENT).build(&signer);
    contents.extend([0; 500]);
    assert!(facts(&contents, CONTENT).notes.is_empty());
    contents[900 + 200] = 1;
    assert_eq!(facts(&contents, CONTENT).notes, [note::NONZERO_PADDING]);
    assert!(note::DISQUALIFYING.contains(&note::NONZERO_PADDING));
}

#[test]
fn indefinite_lengths_and_constructed_strings() {
    let signer = signer();
    let cms = Cms { indefinite: true, ..Cms::new(&signer, CONTENT) };
    let mut contents = cms.build(&signer);
    contents.extend([0; 9]);
    let facts = facts(&contents, CONTENT);
    assert_eq!((facts.digest, facts.value), (DigestOutcome::Matches, ValueOutcome::Verifies));
    // The attributes are in indefinite form as well, while the value covers their DER.
    assert_eq!(facts.notes, [note::BER_INDEFINITE_LENGTH, note::SIGNED_ATTRIBUTES_NOT_DER]);
}

#[test]
fn attributes_out_of_order_are_signed_either_way() {
    let signer = signer();
    let mut cms = Cms::new(&signer, CONTENT);
    let attributes = cms.attributes.as_mut().unwrap();
    attributes.sort();
    attributes.reverse();
    let as_written = der(tag::SET, &[&attributes.concat()]);
    let over_der = facts(&cms.build(&signer), CONTENT);
    assert_eq!(over_der.value, ValueOutcome::Verifies);
    assert_eq!(over_der.notes, [note::SIGNED_ATTRIBUTES_NOT_DER]);
    cms.message = Some(as_written);
    let over_written = facts(&cms.build(&signer), CONTENT);
    assert_eq!(over_written.value, ValueOutcome::Verifies);
    assert!(over_written.notes.is_empty());
    // No third way: not over the context tag that stands in the file.
    cms.message = Some(der(tag::CONTEXT_0, &[&cms.attributes.as_ref().unwrap().concat()]));
    assert_eq!(facts(&cms.build(&signer), CONTENT).value, ValueOutcome::Wrong);
}

#[test]
fn message_digest_is_there_once_with_its_length() {
    let signer = signer();
    let hash = digest(DigestAlgorithm::Sha256, CONTENT);
    let case = |change: &dyn Fn(&mut Cms)| {
        let mut cms = Cms::new(&signer, CONTENT);
        change(&mut cms);
        reason(&cms.build(&signer), CONTENT)
    };
    assert_eq!(case(&|cms| cms.remove(oid::MESSAGE_DIGEST)), "attribute message-digest missing");
    assert_eq!(case(&|cms| cms.push(message_digest(&hash))), "attribute message-digest duplicated");
    // Seen in a document of 2016.
    let long = der(tag::OCTET_STRING, &[&[7; 65]]);
    let wrong_length = case(&|cms| cms.replace(oid::MESSAGE_DIGEST, &[&long]));
    assert_eq!(wrong_length, "message-digest of 65 bytes for SHA-256");
    let value = der(tag::OCTET_STRING, &[&hash]);
    let two_values = case(&|cms| cms.replace(oid::MESSAGE_DIGEST, &[&value, &value]));
    assert_eq!(two_values, "attribute message-digest with several values: bytes left over");
    assert_eq!(case(&|cms| cms.replace(oid::MESSAGE_DIGEST, &[])), "attribute message-digest without a value");
    assert_eq!(case(&|cms| cms.attributes = Some(Vec::new())), "attribute message-digest missing");
}

#[test]
fn claims_about_the_signer_have_one_value() {
    let signer = signer();
    let claim = der(tag::SEQUENCE, &[]);
    for (kind, name) in oid::CLAIMS {
        let with = |attributes: &[&[&[u8]]]| {
            let mut cms = Cms::new(&signer, CONTENT);
            attributes.iter().for_each(|values| cms.push(attribute(kind, values)));
            cms.build(&signer)
        };
        assert!(facts(&with(&[&[&claim]]), CONTENT).value.is_right(), "{name}");
        let several = format!("attribute {name} with several values: bytes left over");
        assert_eq!(reason(&with(&[&[&claim, &claim]]), CONTENT), several);
        assert_eq!(reason(&with(&[&[&claim], &[&claim]]), CONTENT), format!("attribute {name} duplicated"));
    }
}

#[test]
fn content_type_equals_the_type_of_the_content() {
    let signer = signer();
    let notes = |change: &dyn Fn(&mut Cms)| {
        let mut cms = Cms::new(&signer, CONTENT);
        change(&mut cms);
        facts(&cms.build(&signer), CONTENT).notes
    };
    let tst = der(tag::OBJECT_IDENTIFIER, &[oid::TST_INFO]);
    assert_eq!(notes(&|cms| cms.replace(oid::CONTENT_TYPE, &[&tst])), [note::CONTENT_TYPE_WRONG]);
    assert_eq!(notes(&|cms| cms.remove(oid::CONTENT_TYPE)), [note::CONTENT_TYPE_MISSING]);
    let consistent = notes(&|cms| {
        cms.content_type = oid::TST_INFO.to_vec();
        cms.replace(oid::CONTENT_TYPE, &[&tst]);
    });
    assert_eq!(consistent, [note::CONTENT_NOT_DATA]);
    let mut twice = Cms::new(&signer, CONTENT);
    twice.push(attribute(oid::CONTENT_TYPE, &[&tst]));
    assert_eq!(reason(&twice.build(&signer), CONTENT), "attribute content-type duplicated");
}

#[test]
fn one_signer_and_no_content() {
    let signer = signer();
    let signers = |signers| Cms { signers, ..Cms::new(&signer, CONTENT) }.build(&signer);
    assert_eq!(reason(&signers(0), CONTENT), "0 signers");
    assert_eq!(reason(&signers(2), CONTENT), "2 signers");
    let with_content = Cms { content: Some(CONTENT.to_vec()), ..Cms::new(&signer, CONTENT) };
    assert_eq!(reason(&with_content.build(&signer), CONTENT), "encapsulated-content");
}

#[test]
fn algorithms_have_to_agree() {
    let signer = signer();
    let mut cms = Cms { digest_algorithm: algorithm(SHA384), ..Cms::new(&signer, CONTENT) };
    cms.replace(oid::MESSAGE_DIGEST, &[&der(tag::OCTET_STRING, &[&digest(DigestAlgorithm::Sha384, CONTENT)])]);
    let facts_ = facts(&cms.build(&signer), CONTENT);
    assert_eq!(facts_.notes, [note::DIGEST_ALGORITHM_DISAGREES]);
    assert_eq!(facts_.value, ValueOutcome::Unsupported("SHA-256 beside digest algorithm SHA-384".to_owned()));
    // id-ecPublicKey leaves the digest to digestAlgorithm.
    let named_by_key = Cms { signature_algorithm: algorithm(EC_PUBLIC_KEY), ..Cms::new(&signer, CONTENT) };
    let facts_ = facts(&named_by_key.build(&signer), CONTENT);
    assert_eq!(facts_.value, ValueOutcome::VerifiesNamedByKey);
    assert!(facts_.notes.is_empty());
}

#[test]
fn unknown_algorithms_are_said_so() {
    let signer = signer();
    let unknown = Cms { digest_algorithm: algorithm(&[0x2A, 3]), ..Cms::new(&signer, CONTENT) };
    let unknown = facts(&unknown.build(&signer), CONTENT);
    assert_eq!(unknown.digest, DigestOutcome::NotComputable);
    assert_eq!(unknown.digest_algorithm, "1.2.3");
    assert!(matches!(unknown.value, ValueOutcome::Unsupported(_)));
    let unknown = Cms { signature_algorithm: algorithm(&[0x2A, 3]), ..Cms::new(&signer, CONTENT) };
    let unknown = facts(&unknown.build(&signer), CONTENT);
    assert_eq!(unknown.value, ValueOutcome::Unsupported("1.2.3".to_owned()));
    assert_eq!(unknown.digest, DigestOutcome::Matches);
}

#[test]
fn rsa_with_and_without_null() {
    let signer = Signer::rsa("CA", 5);
    let mut cms = Cms::new(&signer, CONTENT);
    cms.signature_algorithm = der(tag::SEQUENCE, &[&der(tag::OBJECT_IDENTIFIER, &[RSA]), &[5, 0]]);
    let with_null = facts(&cms.build(&signer), CONTENT);
    assert_eq!(with_null.value, ValueOutcome::Verifies);
    assert_eq!(with_null.signature_algorithm, "RSA PKCS#1 v1.5");
    assert_eq!(with_null.key_bits, Some(1024));
    let mut sorted = cms.attributes.clone().unwrap();
    sorted.sort();
    let message = der(tag::SET, &[&sorted.concat()]);
    cms.signature = Some(rsa_sign(DigestAlgorithm::Sha256, SHA256, &message, false));
    assert_eq!(facts(&cms.build(&signer), CONTENT).value, ValueOutcome::VerifiesWithoutNull);
}

#[test]
fn the_signing_certificate_attribute_names_the_certificate_used() {
    let signer = signer();
    let ess = |attribute: Vec<u8>| {
        let mut cms = Cms::new(&signer, CONTENT);
        cms.remove(oid::SIGNING_CERTIFICATE_V2);
        cms.push(attribute);
        let facts = facts(&cms.build(&signer), CONTENT);
        assert_eq!(facts.value, ValueOutcome::Verifies);
        (facts.ess_certificate, facts.notes)
    };
    let hash = digest(DigestAlgorithm::Sha256, &signer.certificate);
    assert_eq!(ess(signer.ess_with(&[9; 32], &signer.serial)), (Some(false), vec![]));
    let other_serial = (Some(true), vec![note::ESS_ISSUER_SERIAL_DIFFERS.to_owned()]);
    assert_eq!(ess(signer.ess_with(&hash, &[1, 2])), other_serial);
    let unreadable = (Some(false), vec![note::ESS_UNREADABLE.to_owned()]);
    assert_eq!(ess(attribute(oid::SIGNING_CERTIFICATE_V2, &[&[5, 0]])), unreadable);
    // First version: always SHA-1.
    let first_version = |hash: &[u8]| {
        let identifier = der(tag::SEQUENCE, &[&der(tag::OCTET_STRING, &[hash])]);
        let value = der(tag::SEQUENCE, &[&der(tag::SEQUENCE, &[&identifier])]);
        attribute(oid::SIGNING_CERTIFICATE, &[&value])
    };
    let sha1 = digest(DigestAlgorithm::Sha1, &signer.certificate);
    assert_eq!(ess(first_version(&sha1)), (Some(true), vec![]));
    assert_eq!(ess(first_version(&hash)), (Some(false), vec![]));
    // Both there: both have to name it.
    let mut both = Cms::new(&signer, CONTENT);
    both.push(first_version(&hash));
    assert_eq!(facts(&both.build(&signer), CONTENT).ess_certificate, Some(false));
    let mut neither = Cms::new(&signer, CONTENT);
    neither.remove(oid::SIGNING_CERTIFICATE_V2);
    assert_eq!(facts(&neither.build(&signer), CONTENT).ess_certificate, None);
}

#[test]
fn the_certificate_is_found_by_the_signer_identifier() {
    let signer = signer();
    // Same names and number, another key: the key decides.
    let double = Signer::new("CA phục vụ các cơ quan Nhà nước", 42);
    let other = Signer::new("CA phục vụ các cơ quan Nhà nước", 43);
    let certificates = |certificates: &[&Signer], by_key_identifier| {
        let certificates = certificates.iter().map(|signer| signer.certificate.clone()).collect();
        let cms = Cms { certificates, by_key_identifier, ..Cms::new(&signer, CONTENT) };
        let facts = facts(&cms.build(&signer), CONTENT);
        (facts.value, facts.certificate)
    };
    let used = (ValueOutcome::Verifies, Some(sha256(&signer.certificate)));
    assert_eq!(certificates(&[&other, &double, &signer], false), used);
    assert_eq!(certificates(&[&other, &double, &signer], true), used);
    assert_eq!(certificates(&[&double], false), (ValueOutcome::Wrong, Some(sha256(&double.certificate))));
    assert_eq!(certificates(&[&double], true), (ValueOutcome::NoCertificate, None));
    assert_eq!(certificates(&[&other], false), (ValueOutcome::NoCertificate, None));
    assert_eq!(certificates(&[], false), (ValueOutcome::NoCertificate, None));
}

#[test]
fn signing_time_and_algorithm_protection() {
    let signer = signer();
    let with = |kind: &[u8], value: &[u8]| {
        let mut cms = Cms::new(&signer, CONTENT);
        cms.push(attribute(kind, &[value]));
        facts(&cms.build(&signer), CONTENT)
    };
    let time = with(oid::SIGNING_TIME, &der(tag::UTC_TIME, &[b"260304010203Z"]));
    assert_eq!(time.signing_time, Some(UnixTime(GENERATION_TIME)));
    let no_time = with(oid::SIGNING_TIME, &der(tag::UTC_TIME, &[b"260304"]));
    assert_eq!((no_time.signing_time, no_time.notes), (None, vec![note::SIGNING_TIME_MALFORMED.to_owned()]));
    let protection = |digest: &[u8]| {
        let signature = der(tag::CONTEXT_1, &[&der(tag::OBJECT_IDENTIFIER, &[ECDSA_SHA256])]);
        with(oid::ALGORITHM_PROTECTION, &der(tag::SEQUENCE, &[&algorithm(digest), &signature])).notes
    };
    assert!(protection(SHA256).is_empty());
    assert_eq!(protection(SHA384), [note::ALGORITHM_PROTECTION_VIOLATED]);
}

#[test]
fn without_signed_attributes_the_value_covers_the_content() {
    let signer = signer();
    let cms = Cms { attributes: None, message: Some(CONTENT.to_vec()), ..Cms::new(&signer, CONTENT) };
    let contents = cms.build(&signer);
    let sound = facts(&contents, CONTENT);
    assert_eq!((sound.digest, sound.value), (DigestOutcome::Matches, ValueOutcome::Verifies));
    assert!(!sound.signed_attributes && sound.ess_certificate.is_none());
    let changed = facts(&contents, b"%PDF-1.7 other");
    assert_eq!((changed.digest, changed.value), (DigestOutcome::Differs, ValueOutcome::Wrong));
    let missing = evaluate(&contents, SubFilter::Pkcs7Detached, &Covered(None), &Limits::default());
    let missing = parsed(missing.cms);
    assert_eq!(missing.digest, DigestOutcome::NotComputable);
    assert!(matches!(missing.value, ValueOutcome::Unsupported(_)));
}

#[test]
fn revocation_data_is_collected_once() {
    let signer = signer();
    let crl = der(tag::SEQUENCE, &[b"\x02\x01\x01"]);
    let ocsp = der(tag::SEQUENCE, &[b"\x02\x01\x02"]);
    let second_ocsp = der(tag::SEQUENCE, &[b"\x02\x01\x03"]);
    let other = der(tag::CONTEXT_1, &[&der(tag::OBJECT_IDENTIFIER, &[oid::OCSP_RESPONSE]), &ocsp]);
    let mut cms = Cms { revocation: vec![crl.clone(), other, crl.clone()], ..Cms::new(&signer, CONTENT) };
    let archived = der(
        tag::SEQUENCE,
        &[
            &der(tag::CONTEXT_0, &[&der(tag::SEQUENCE, &[&crl])]),
            &der(tag::CONTEXT_1, &[&der(tag::SEQUENCE, &[&ocsp, &second_ocsp])]),
        ],
    );
    cms.push(attribute(oid::REVOCATION_ARCHIVAL, &[&archived]));
    cms.certificates.push(signer.certificate.clone());
    let evaluation = run(&cms.build(&signer), SubFilter::Pkcs7Detached, CONTENT);
    let kinds: Vec<BlobKind> = evaluation.blobs.iter().map(|blob| blob.kind).collect();
    let (certificate, ocsp_response) = (BlobKind::Certificate, BlobKind::OcspResponse);
    assert_eq!(kinds, [certificate, BlobKind::Crl, ocsp_response, ocsp_response]);
    let facts = parsed(evaluation.cms);
    assert_eq!(facts.crls, [sha256(&crl)]);
    assert_eq!(facts.ocsp_responses, [sha256(&ocsp), sha256(&second_ocsp)]);
    assert_eq!(facts.certificates.len(), 1);
    assert!(facts.notes.is_empty());
    let mut unreadable = Cms::new(&signer, CONTENT);
    unreadable.push(attribute(oid::REVOCATION_ARCHIVAL, &[&[5, 0]]));
    let unreadable = super::build::facts(&unreadable.build(&signer), CONTENT);
    assert_eq!(unreadable.notes, [note::REVOCATION_DATA_UNREADABLE]);
    assert_eq!(unreadable.value, ValueOutcome::Verifies);
}
