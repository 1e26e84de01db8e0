//! Whether a document is lawfully signed by a person and the agency (N2), in three values, and whether it
//! is rather a scan of paper.

use super::document::FileInput;
use crate::model::{Indication, Membership, Modification, Role, SignatureKind, SignatureVerdict, Trust};

/// What one signature contributes to N2.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SignatureStanding {
    /// Passed, with a specialised certificate, and nothing unlawful follows.
    Good,
    /// Could still be good: one cause is undecided and nothing is certainly wrong.
    Undecided,
    /// Certainly not a lawful specialised signature.
    Bad,
}

/// The standing of one signature.
pub fn signature_standing(verdict: &SignatureVerdict) -> SignatureStanding {
    let outside_validity = match (verdict.certificate_validity, verdict.reference_time) {
        (Some((from, to)), Some(time)) => time < from || time > to,
        _ => false,
    };
    // A public or unknown root is certain knowledge, whatever else is open.
    let wrong_kind = matches!(verdict.trust, Trust::Public | Trust::Untrusted);
    if verdict.indication == Indication::TotalFailed
        || wrong_kind
        || outside_validity
        || verdict.modification == Modification::Forbidden
    {
        return SignatureStanding::Bad;
    }
    let permitted = matches!(verdict.modification, Modification::None | Modification::Permitted);
    if verdict.indication == Indication::TotalPassed && verdict.trust == Trust::Specialised && permitted {
        SignatureStanding::Good
    } else {
        SignatureStanding::Undecided
    }
}

/// Membership in N2: a valid specialised signature of a person and one of the agency (Decree 30 Đ.5(1)),
/// the document not unlawfully changed. Republishers' signatures and document timestamps do not count.
pub fn lawfully_signed(verdicts: &[SignatureVerdict]) -> Membership {
    let signatures = || verdicts.iter().filter(|v| v.kind == SignatureKind::Signature && !v.republisher);
    if signatures().any(|verdict| verdict.modification == Modification::Forbidden) {
        return Membership::No;
    }
    let count = |role: Role, standing: SignatureStanding| {
        signatures().filter(|verdict| verdict.role == role && signature_standing(verdict) == standing).count()
    };
    let certain = |role| count(role, SignatureStanding::Good) > 0;
    if certain(Role::Person) && certain(Role::Agency) {
        return Membership::Yes;
    }
    // Rewriting a file may lose signatures, so a role that is missing there is not missing for certain.
    let resaved = |verdict: &SignatureVerdict| verdict.cause.as_deref() == Some("document-resaved-after-signing");
    if signatures().next().is_some()
        && signatures().all(|verdict| signature_standing(verdict) != SignatureStanding::Bad)
        && signatures().any(resaved)
    {
        return Membership::Maybe;
    }
    let open = |role| usize::from(!certain(role) && count(role, SignatureStanding::Undecided) == 0);
    let unclassified =
        count(Role::Unknown, SignatureStanding::Good) + count(Role::Unknown, SignatureStanding::Undecided);
    if open(Role::Person) + open(Role::Agency) > unclassified { Membership::No } else { Membership::Maybe }
}

/// A document issued on paper: an unsigned scan, or a scan or certified copy that the agency alone signed
/// (SAO Y, Decree 30 Đ.25(1)(c)).
pub(super) fn is_paper_issue(file: &FileInput<'_>) -> bool {
    let copy = file.identity().is_some_and(|identity| identity.copy_form.is_some());
    let mut signatures = file
        .verdicts
        .iter()
        .filter(|verdict| verdict.kind == SignatureKind::Signature && !verdict.republisher)
        .peekable();
    if signatures.peek().is_none() {
        return file.is_scan() && file.verdicts.is_empty();
    }
    (file.is_scan() || copy) && signatures.all(|verdict| verdict.role == Role::Agency)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{agency, failed, person, undecided, unknown};

    fn with(mut verdict: SignatureVerdict, change: impl FnOnce(&mut SignatureVerdict)) -> SignatureVerdict {
        change(&mut verdict);
        verdict
    }

    #[test]
    fn membership_in_n2() {
        use Membership::{Maybe, No, Yes};
        let public = with(agency(), |v| v.trust = Trust::Public);
        let untrusted = with(undecided(person(), "certificate-untrusted"), |v| v.trust = Trust::Untrusted);
        let open = |verdict| undecided(verdict, "revocation-unknown");
        let resaved = |verdict| undecided(verdict, "document-resaved-after-signing");
        let early = with(undecided(person(), "certificate-outside-validity"), |v| {
            v.reference_time = v.certificate_validity.map(|(from, _)| crate::model::UnixTime(from.0 - 1));
        });
        let forbidden = with(unknown(), |v| v.modification = Modification::Forbidden);
        let cases = [
            ("both", vec![person(), agency()], Yes),
            ("none", vec![], No),
            ("person alone", vec![person()], No),
            ("agency alone", vec![agency()], No),
            ("a broken third", vec![failed(person(), "signature-value-invalid"), person(), agency()], Yes),
            ("broken person", vec![failed(person(), "signature-value-invalid"), agency()], No),
            ("public agency", vec![person(), public.clone()], No),
            ("untrusted person", vec![untrusted, agency()], No),
            ("person open", vec![open(person()), agency()], Maybe),
            ("person open, agency wrong kind", vec![open(person()), public], No),
            ("both open", vec![open(person()), open(agency())], Maybe),
            ("unclassified may be the person", vec![unknown(), agency()], Maybe),
            ("one unclassified cannot be both", vec![unknown()], No),
            ("two unclassified may be both", vec![unknown(), unknown()], Maybe),
            ("re-saved, agency alone found", vec![resaved(agency())], Maybe),
            (
                "re-saved, but one is certainly wrong",
                vec![resaved(agency()), failed(person(), "signature-value-invalid")],
                No,
            ),
            ("outside validity at signing", vec![early, agency()], No),
            ("unlawful change seen by any signature", vec![forbidden, person(), agency()], No),
            ("republisher does not count", vec![person(), with(agency(), |v| v.republisher = true)], No),
            (
                "timestamps do not count",
                vec![person(), with(agency(), |v| v.kind = SignatureKind::DocumentTimestamp)],
                No,
            ),
        ];
        for (name, verdicts, expected) in cases {
            assert_eq!(lawfully_signed(&verdicts), expected, "{name}");
        }
    }

    #[test]
    fn expired_meanwhile_with_a_claimed_time_is_undecided() {
        assert_eq!(
            signature_standing(&undecided(person(), "certificate-outside-validity")),
            SignatureStanding::Undecided
        );
    }
}
