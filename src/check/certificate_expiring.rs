//! `certificate-expiring`: certificates in use that end soon.

use super::prelude::*;
use crate::model::{Sha256Digest, SignatureKind};
use std::collections::BTreeMap;

/// Days back in which a certificate counts as in use: the longest quarter.
const IN_USE_DAYS: i64 = 92;

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "certificate-expiring",
        level: Level::Warn,
        scope: Scope::Archive,
        title: text("Chứng thư sắp hết hạn", "Certificate about to expire"),
        explanation: text(
            "Chứng thư được dùng ký trong ba tháng gần nhất, hoặc chứng thư của nơi cấp, hết hạn trong vòng 90 ngày kể từ ngày kiểm tra. Mỗi chứng thư một dòng. Chứng thư đã hết hạn không thuộc mục này.",
            "A certificate used in the last three months, or a CA certificate, ends within 90 days of the audit date. One line per certificate. A certificate that has already expired is not this finding.",
        ),
        basis: text("Kỹ thuật.", "Technical."),
        remedy: text("Bộ phận CNTT: đề nghị gia hạn hoặc cấp mới.", "IT: apply for renewal."),
    },
    run: Run::Archive(run),
};

fn run(input: &ArchiveInput<'_>, findings: &mut Findings<'_>) {
    let Some(today) = input.clock.date_in_vietnam() else { return };
    let mut ends: BTreeMap<Sha256Digest, (String, UnixTime)> = BTreeMap::new();
    for verdict in input.files.iter().flat_map(|file| file.verdicts) {
        let used = verdict.reference_time.and_then(UnixTime::date_in_vietnam);
        let in_use = used.is_some_and(|day| (0..=IN_USE_DAYS).contains(&today.days_since(day)));
        let own = verdict.kind == SignatureKind::Signature && !verdict.republisher;
        if let (true, Some(certificate), Some((_, to))) =
            (in_use && own, verdict.certificate, verdict.certificate_validity)
        {
            ends.entry(certificate).or_insert_with(|| (verdict.signer.clone().unwrap_or_default(), to));
        }
    }
    for authority in input.authorities {
        ends.entry(authority.sha256).or_insert_with(|| (authority.name.clone(), authority.not_after));
    }
    for (name, to) in ends.into_values() {
        let Some(end) = to.date_in_vietnam() else { continue };
        if to >= input.clock && end.days_since(today) <= i64::from(input.settings.expiring_days) {
            findings.add(
                name.clone(),
                Bilingual::new(
                    format!("Chứng thư của {name} hết hạn ngày {}.", end.day_first()),
                    format!("Certificate of {name} expires on {end}."),
                ),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::input::AuthorityInput;
    use crate::check::testing::{ArchiveCase, person, unix};

    fn ending(day: &str) -> usize {
        let mut verdict = person();
        verdict.certificate_validity = Some((unix("2024-01-01"), unix(day)));
        ArchiveCase::new().file("a.pdf", [verdict.clone()]).file("b.pdf", [verdict]).run(&CHECK).len()
    }

    #[test]
    fn one_line_per_certificate_that_ends_within_ninety_days() {
        // The clock stands at 2026-11-05.
        assert_eq!(ending("2026-12-31"), 1);
        assert_eq!(ending("2027-06-30"), 0);
        assert_eq!(ending("2026-10-31"), 0);
    }

    #[test]
    fn authorities_count_and_certificates_long_out_of_use_do_not() {
        let authority =
            AuthorityInput { name: "CA".into(), sha256: Sha256Digest([7; 32]), not_after: unix("2026-12-01") };
        assert_eq!(ArchiveCase::new().with(|case| case.authorities.push(authority)).run(&CHECK).len(), 1);
        let mut old = person();
        old.reference_time = Some(unix("2025-01-10"));
        old.certificate_validity = Some((unix("2024-01-01"), unix("2026-12-31")));
        assert!(ArchiveCase::new().file("a.pdf", [old]).run(&CHECK).is_empty());
    }
}
