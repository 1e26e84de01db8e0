//! What path validation and revocation say, in words for people.

use crate::model::Bilingual;
use crate::pki::{ConstraintFailure, UnknownReason};

/// Why no revocation data answers.
pub(super) fn unknown(reason: Option<&UnknownReason>) -> Bilingual {
    let both = |vi: &str, en: &str| Bilingual::new(vi, en);
    match reason {
        None | Some(UnknownReason::NoIssuer | UnknownReason::NoEvidence) => {
            both("không có danh sách thu hồi của nơi cấp", "no revocation list of its issuer is held")
        }
        Some(UnknownReason::WrongSignature) => {
            both("danh sách thu hồi không do nơi cấp ký", "the revocation list was not signed by its issuer")
        }
        Some(UnknownReason::OutOfScope) => both(
            "danh sách thu hồi không áp dụng cho chứng thư này",
            "the revocation list does not cover this certificate",
        ),
        Some(UnknownReason::NotKnownToResponder) => {
            both("máy chủ OCSP không biết chứng thư này", "the OCSP responder does not know the certificate")
        }
        Some(UnknownReason::OtherTime { this_update, next_update }) => {
            let until = next_update.map_or_else(String::new, |until| until.to_string());
            let last = next_update.map_or_else(String::new, |until| until.day_first());
            Bilingual::new(
                format!("danh sách thu hồi chỉ có giá trị từ {} đến {last}", this_update.day_first()),
                format!("the list held is of {this_update} to {until}"),
            )
        }
        Some(UnknownReason::Unprocessed(oid)) => Bilingual::new(
            format!("danh sách thu hồi có phần mở rộng bắt buộc chưa hỗ trợ {oid}"),
            format!("the list has an unsupported critical extension {oid}"),
        ),
        Some(UnknownReason::LimitReached) => {
            both("dừng vì đạt giới hạn path_signature_checks", "stopped at the limit path_signature_checks")
        }
        Some(UnknownReason::OnlySomeReasons) => {
            both("danh sách chỉ nêu một số lý do thu hồi", "the lists held cover only some reasons")
        }
    }
}

/// A broken rule of RFC 5280, 6.1.
pub(super) fn rule(failure: &ConstraintFailure) -> Bilingual {
    let both = |vi: &str, en: &str| Bilingual::new(vi, en);
    match failure {
        ConstraintFailure::NotCa => both("nơi cấp không phải là CA", "an issuer is no CA"),
        ConstraintFailure::PathLength => both("đường dẫn dài hơn mức cho phép", "the path is longer than allowed"),
        ConstraintFailure::KeyUsage => {
            both("khóa của nơi cấp không được dùng để ký chứng thư", "an issuer's key may not sign certificates")
        }
        ConstraintFailure::NameConstraints => both("tên nằm ngoài phạm vi cho phép", "a name outside the constraints"),
        ConstraintFailure::Policy => both("không có chính sách hợp lệ", "no valid policy"),
        ConstraintFailure::PolicyMapping => both("ánh xạ chính sách sai", "a wrong policy mapping"),
        ConstraintFailure::Extension(oid) => Bilingual::new(
            format!("phần mở rộng không xử lý được {oid}"),
            format!("an extension that cannot be processed, {oid}"),
        ),
        ConstraintFailure::NameChaining => both("tên không nối tiếp nhau", "the names do not chain"),
    }
}
