//! Cryptographic verification (EN 319 102-1, 5.2.7): digest and signature value.

use super::format_checking::Range;
use super::outcome::Outcomes;
use super::timestamp::disqualifies;
use crate::model::{
    Bilingual, BuildingBlock, DigestOutcome, Indication, Integrity, SignatureKind, SignerFacts, SubIndication,
    ValueOutcome, words,
};

const BLOCK: BuildingBlock = BuildingBlock::CryptographicVerification;

/// Judges one signer; says whether the signed bytes are what was signed.
pub(super) fn check(signer: &SignerFacts, kind: SignatureKind, range: Range, outcomes: &mut Outcomes) -> Integrity {
    let mut fail = |indication, sub_indication, cause, vi: String, en: String| {
        outcomes.not_passed(BLOCK, indication, sub_indication, Some(cause), Bilingual::new(vi, en));
    };
    match &signer.value {
        ValueOutcome::Wrong => {
            fail(
                Indication::TotalFailed,
                SubIndication::SigCryptoFailure,
                "signature-value-invalid",
                "Giá trị chữ ký không khớp khóa của chứng thư.".into(),
                "The signature value does not match the certificate's key.".into(),
            );
            return Integrity::Broken;
        }
        ValueOutcome::NoCertificate => {
            fail(
                Indication::Indeterminate,
                SubIndication::NoSigningCertificateFound,
                "signature-cms-malformed",
                "Trong chữ ký không có chứng thư của người ký.".into(),
                "The signature carries no certificate of its signer.".into(),
            );
            return Integrity::Unknown;
        }
        ValueOutcome::Unsupported(what) => {
            fail(
                Indication::Indeterminate,
                SubIndication::Generic,
                "signature-cms-malformed",
                format!("Thuật toán chưa được hỗ trợ: {what}."),
                format!("Unsupported algorithm: {what}."),
            );
            return Integrity::Unknown;
        }
        ValueOutcome::Verifies | ValueOutcome::VerifiesWithoutNull | ValueOutcome::VerifiesNamedByKey => {}
    }
    if let Some(word) = signer.notes.iter().find(|word| disqualifies(word, kind)) {
        let fault = words::cms_fault(word);
        fail(
            Indication::TotalFailed,
            SubIndication::FormatFailure,
            "signature-cms-malformed",
            format!("Cấu trúc chữ ký không đúng chuẩn: {}.", fault.vi),
            format!("The signature structure is not acceptable: {}.", fault.en),
        );
        return Integrity::Broken;
    }
    match (range, signer.digest) {
        (Range::Resaved, _) => Integrity::Unknown,
        (Range::Unusable, _) => Integrity::Broken,
        (Range::Usable, DigestOutcome::Matches) => {
            outcomes.passed(BLOCK, || {
                Bilingual::new(
                    format!(
                        "Giá trị băm {} của vùng ký khớp; giá trị chữ ký {} khớp khóa của chứng thư.",
                        signer.digest_algorithm, signer.signature_algorithm
                    ),
                    format!(
                        "The {} digest of the range matches; the {} value verifies with the certificate's key.",
                        signer.digest_algorithm, signer.signature_algorithm
                    ),
                )
            });
            Integrity::Intact
        }
        (Range::Usable, DigestOutcome::Differs) => {
            fail(
                Indication::TotalFailed,
                SubIndication::HashFailure,
                "signature-digest-mismatch",
                "Nội dung đã ký bị thay đổi: giá trị băm không khớp.".into(),
                "Signed content was altered: the digest does not match.".into(),
            );
            Integrity::Broken
        }
        (Range::Usable, DigestOutcome::NotComputable) => {
            fail(
                Indication::Indeterminate,
                SubIndication::Generic,
                "signature-cms-malformed",
                format!("Không tính được giá trị băm ({}).", signer.digest_algorithm),
                format!("The digest cannot be computed ({}).", signer.digest_algorithm),
            );
            Integrity::Unknown
        }
    }
}
