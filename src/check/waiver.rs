//! Lays the operator's waivers over the findings.
//!
//! A waived finding stays listed and counted, with its reason, authority and last day; no verdict, class or
//! rate changes. What could not be decided and what a rate says cannot be waived. A waiver that holds
//! nothing (incomplete, expired, without a finding) is a finding itself.

use super::exemption_unsupported;
use super::findings::{About, Findings};
use super::settings::CheckSettings;
use crate::model::{Bilingual, CalendarDate, Finding, Level, Scope, Sha256Digest, UnixTime, Waived, Waiver};
use crate::records::{DocumentClass, Records};
use crate::reference::Reference;
use crate::text;
use std::collections::HashMap;

/// Marks what is waived on the day of `clock`, and adds a finding for every waiver without effect.
pub fn waive(
    findings: &mut Vec<Finding>,
    waivers: &[Waiver],
    records: &Records,
    settings: &CheckSettings,
    clock: UnixTime,
) {
    if waivers.is_empty() {
        return;
    }
    let today = clock.date_in_vietnam();
    let classes: HashMap<&str, &DocumentClass> =
        records.documents.iter().map(|document| (document.path.as_str(), document)).collect();
    let mut by_key: HashMap<(String, Option<Sha256Digest>), Vec<usize>> = HashMap::new();
    for (at, finding) in findings.iter().enumerate() {
        by_key.entry((finding.check.to_string(), finding.sha256)).or_default().push(at);
    }
    let mut idle = Vec::new();
    for waiver in waivers {
        let fault = match complete(waiver, today) {
            Err(fault) => Some(fault),
            Ok((sha256, waived)) => {
                let candidates = by_key.get(&(waiver.check.clone(), sha256)).into_iter().flatten().copied();
                let named: Vec<usize> = candidates
                    .filter(|at| {
                        let finding = findings.get(*at);
                        finding.is_some_and(|finding| {
                            let class = finding.path.as_deref().and_then(|path| classes.get(path)).copied();
                            names(&waiver.document, finding, class)
                        })
                    })
                    .collect();
                apply(findings, named, &waived)
            }
        };
        idle.extend(fault.map(|fault| (waiver, fault)));
    }
    let mut out = Findings::new(&exemption_unsupported::CHECK.meta, settings, About::default(), findings);
    for (waiver, fault) in idle {
        let (file, row) = (&waiver.location.file, waiver.location.row);
        // The place, not the document: it may be one of which nothing is repeated.
        out.add_about(
            Level::Warn,
            format!("{file}, dòng {row}"),
            About::default(),
            Bilingual::new(
                format!("Miễn trừ cho {} ({file}, dòng {row}) không có tác dụng: {}.", waiver.check, fault.vi),
                format!("The waiver of {} ({file}, row {row}) has no effect: {}.", waiver.check, fault.en),
            ),
        );
    }
}

/// Marks the findings; why none was, if none was.
fn apply(findings: &mut [Finding], named: Vec<usize>, waived: &Waived) -> Option<Bilingual> {
    let mut fault = Some(Bilingual::new(
        "không còn phát hiện nào của kiểm tra này ở văn bản và tệp đó (đã khắc phục, hoặc tệp đã thay đổi); bỏ dòng này hoặc quyết định lại",
        "no finding of that check on that document and file (mended, or the file changed); remove it or decide anew",
    ));
    for at in named {
        let Some(finding) = findings.get_mut(at) else { continue };
        if finding.level == Level::Indeterminate || finding.scope == Scope::Rate {
            let undecidable = Bilingual::new(
                "phát hiện \"chưa xác định\" và tỷ lệ không miễn trừ được",
                "an undetermined finding and a rate cannot be waived",
            );
            fault = fault.map(|_| undecidable);
            continue;
        }
        finding.waived.get_or_insert_with(|| waived.clone());
        fault = None;
    }
    fault
}

/// The content it is for and the words to show, if the waiver has all that makes it one.
fn complete(waiver: &Waiver, today: Option<CalendarDate>) -> Result<(Option<Sha256Digest>, Waived), Bilingual> {
    let said =
        |text: &Option<String>| text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
    let missing = |vi: &str, en: &str| Bilingual::new(format!("thiếu {vi}"), format!("{en} is missing"));
    if super::find(&waiver.check).is_none() {
        return Err(Bilingual::new(
            "không có kiểm tra nào mang mã đó (xem soat checks)",
            "there is no such check (see soat checks)",
        ));
    }
    if waiver.document.trim().is_empty() {
        return Err(missing("văn bản", "the document"));
    }
    let digits: Option<String> =
        said(&waiver.sha256).map(|text| text.chars().filter(|c| !matches!(c, ':' | ' ')).collect());
    let sha256 = match digits.map(|digits| digits.to_ascii_lowercase().parse()) {
        None => None,
        Some(Ok(digest)) => Some(digest),
        Some(Err(_)) => return Err(Bilingual::new("mã băm không phải SHA-256", "the digest is no SHA-256")),
    };
    let reason = said(&waiver.reason).ok_or_else(|| missing("lý do", "the reason"))?;
    let authority = said(&waiver.authority).ok_or_else(|| missing("người quyết định", "the authority"))?;
    let decided = waiver.decided_on.ok_or_else(|| missing("ngày quyết định", "the day of the decision"))?;
    let expires = waiver.expires.ok_or_else(|| missing("ngày hết hạn", "the last day"))?;
    if today.is_none_or(|today| today < decided) || expires < decided {
        return Err(Bilingual::new(
            "ngày quyết định chưa tới hoặc sau ngày hết hạn",
            "its day has not come, or lies after its end",
        ));
    }
    if today.is_none_or(|today| expires < today) {
        let day = expires.day_first();
        return Err(Bilingual::new(format!("đã hết hạn ngày {day}"), format!("it expired on {expires}")));
    }
    Ok((sha256, Waived { reason, authority, expires }))
}

/// Whether the words of a waiver name what the finding is about.
fn names(written: &str, finding: &Finding, class: Option<&DocumentClass>) -> bool {
    let folded = text::fold(written);
    let same = |other: &str| text::fold(other) == folded;
    let Some(path) = finding.path.as_deref() else { return same(&finding.subject) };
    let reference = class.and_then(|class| class.reference.as_ref());
    let by_number = || {
        let written = Reference::parse(written).ok().map(|reference| reference.ascii_key());
        reference.is_some_and(|reference| Some(reference.ascii_key()) == written)
    };
    same(path) || path.rsplit('/').next().is_some_and(same) || by_number()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{ArchiveCase, day, unix};
    use std::borrow::Cow;

    const PATH: &str = "documents/BTXH/512-SNV-BTXH.signed.pdf";

    fn sha256() -> Sha256Digest {
        Sha256Digest([7; 32])
    }

    fn finding(level: Level, scope: Scope) -> Finding {
        Finding {
            check: Cow::Borrowed("signature-missing"),
            level,
            scope,
            subject: "512/SNV-BTXH".into(),
            path: Some(PATH.into()),
            unit: None,
            date: None,
            sha256: Some(sha256()),
            message: Bilingual::default(),
            waived: None,
        }
    }

    fn waiver() -> Waiver {
        Waiver {
            check: "signature-missing".into(),
            document: "512/SNV-BTXH".into(),
            sha256: Some(sha256().to_string()),
            reason: Some("bản gốc giấy lưu tại văn thư".into()),
            authority: Some("Chánh Văn phòng".into()),
            decided_on: Some(day("2026-11-01")),
            expires: Some(day("2026-12-31")),
            ..Waiver::default()
        }
    }

    /// Whether the finding is waived, and what is said of the waiver.
    fn outcome(finding: Finding, waiver: Waiver) -> (bool, Option<String>) {
        let records = ArchiveCase::new().file(PATH, []).row("512/SNV-BTXH", "2026-10-02").join();
        let mut findings = vec![finding];
        waive(&mut findings, &[waiver], &records, &CheckSettings::default(), unix("2026-11-05"));
        let said = findings.get(1).map(|finding| {
            assert_eq!(finding.check, "exemption-unsupported");
            finding.message.vi.clone()
        });
        (findings[0].waived.is_some(), said)
    }

    #[test]
    fn a_complete_waiver_marks_its_finding_by_number_path_or_name() {
        for document in ["512/SNV-BTXH", "512/snv-btxh", PATH, "512-SNV-BTXH.signed.pdf"] {
            let waiver = Waiver { document: document.into(), ..waiver() };
            assert_eq!(outcome(finding(Level::Error, Scope::Document), waiver), (true, None), "{document}");
        }
        let colons = sha256()
            .to_string()
            .to_uppercase()
            .as_bytes()
            .chunks(2)
            .map(|pair| String::from_utf8_lossy(pair).into_owned())
            .collect::<Vec<_>>()
            .join(":");
        let waiver = Waiver { sha256: Some(colons), ..waiver() };
        assert_eq!(outcome(finding(Level::Warn, Scope::Document), waiver), (true, None));
    }

    #[test]
    fn what_lacks_anything_is_expired_or_meets_nothing_is_said_and_waives_nothing() {
        type Change = fn(&mut Waiver);
        let cases: [(&str, Change); 12] = [
            ("lý do", |waiver| waiver.reason = Some(" ".into())),
            ("người quyết định", |waiver| waiver.authority = None),
            ("ngày quyết định", |waiver| waiver.decided_on = None),
            ("ngày hết hạn", |waiver| waiver.expires = None),
            ("văn bản", |waiver| waiver.document = String::new()),
            ("không có kiểm tra", |waiver| waiver.check = "signature".into()),
            ("không phải SHA-256", |waiver| waiver.sha256 = Some("abc".into())),
            ("đã hết hạn ngày 04/11/2026", |waiver| waiver.expires = Some(day("2026-11-04"))),
            ("chưa tới", |waiver| waiver.decided_on = Some(day("2026-11-06"))),
            // Other content, other document, no content named: not decided for this file.
            ("tệp đã thay đổi", |waiver| waiver.sha256 = Some(Sha256Digest([8; 32]).to_string())),
            ("không còn phát hiện", |waiver| waiver.document = "513/SNV-BTXH".into()),
            ("không còn phát hiện", |waiver| waiver.sha256 = None),
        ];
        for (expected, change) in cases {
            let mut waiver = waiver();
            change(&mut waiver);
            let (waived, said) = outcome(finding(Level::Error, Scope::Document), waiver);
            assert!(!waived && said.as_deref().is_some_and(|said| said.contains(expected)), "{expected}: {said:?}");
        }
    }

    #[test]
    fn undetermined_findings_and_rates_cannot_be_waived() {
        for finding in [finding(Level::Indeterminate, Scope::Document), finding(Level::Error, Scope::Rate)] {
            let (waived, said) = outcome(finding, waiver());
            assert!(!waived && said.is_some_and(|said| said.contains("không miễn trừ được")));
        }
    }

    #[test]
    fn a_finding_without_a_file_is_named_by_its_subject() {
        let without_file = Finding { path: None, sha256: None, ..finding(Level::Error, Scope::Register) };
        let by_subject = Waiver { sha256: None, ..waiver() };
        assert_eq!(outcome(without_file.clone(), by_subject), (true, None));
        assert!(!outcome(without_file, waiver()).0);
    }
}
