//! Join and classes, table by table.

use super::*;
use crate::check::testing::{ArchiveCase, agency, day, failed, person, undecided};
use crate::model::{CopyForm, IdentityFacts, NotAssessed, PageMakeUp, SignatureVerdict, Trust};
use proptest::prelude::*;

fn scan(identity: &mut IdentityFacts) {
    *identity = IdentityFacts {
        make_up: PageMakeUp { pages_read: 2, image_only_pages: 2, ..PageMakeUp::default() },
        ..IdentityFacts::default()
    };
}

fn only_row(case: &ArchiveCase) -> ClassedRow {
    case.join().rows.remove(0)
}

fn paths(case: &ArchiveCase) -> Vec<Option<String>> {
    case.join().rows.into_iter().map(|row| row.path).collect()
}

const FILE: &str = "documents/BTXH/512-SNV-BTXH.signed.pdf";

fn one(verdicts: impl IntoIterator<Item = SignatureVerdict>) -> ArchiveCase {
    ArchiveCase::new().file(FILE, verdicts).row("512/SNV-BTXH", "2026-10-02")
}

#[test]
fn every_class_by_its_cause() {
    use Membership::{Maybe, No, Yes};
    let public = || SignatureVerdict { trust: Trust::Public, ..agency() };
    let cases = [
        ("both signatures", one([person(), agency()]), Processing::Electronic, [Yes, Yes, Yes]),
        ("unsigned", one([]), Processing::SignatureInvalid, [Yes, No, No]),
        ("agency missing", one([person()]), Processing::SignatureInvalid, [Yes, No, No]),
        ("public certificate", one([person(), public()]), Processing::SignatureInvalid, [Yes, No, No]),
        (
            "altered",
            one([failed(person(), "signature-digest-mismatch"), agency()]),
            Processing::SignatureInvalid,
            [Yes, No, No],
        ),
        (
            "revocation unknown",
            one([undecided(person(), "revocation-unknown"), agency()]),
            Processing::NotAssessed,
            [Yes, Maybe, Maybe],
        ),
        (
            "unsigned scan",
            ArchiveCase::new().file_with(FILE, [], scan).row("512/SNV-BTXH", "2026-10-02"),
            Processing::Paper,
            [Yes, No, No],
        ),
        (
            "scan signed by the agency",
            ArchiveCase::new().file_with(FILE, [agency()], scan).row("512/SNV-BTXH", "2026-10-02"),
            Processing::Paper,
            [Yes, No, No],
        ),
        (
            "certified copy of the agency",
            ArchiveCase::new()
                .file_with(FILE, [agency()], |identity| identity.copy_form = Some(CopyForm::CertifiedCopy))
                .row("512/SNV-BTXH", "2026-10-02"),
            Processing::Paper,
            [Yes, No, No],
        ),
        (
            "a person signed a scan",
            ArchiveCase::new().file_with(FILE, [person(), agency()], scan).row("512/SNV-BTXH", "2026-10-02"),
            Processing::NotAssessed,
            [Yes, Yes, Maybe],
        ),
        (
            "unreadable",
            ArchiveCase::new().unreadable(FILE, NotAssessed::Encrypted).row("512/SNV-BTXH", "2026-10-02"),
            Processing::NotAssessed,
            [Maybe, Maybe, Maybe],
        ),
        ("no file", ArchiveCase::new().row("512/SNV-BTXH", "2026-10-02"), Processing::Missing, [No, No, No]),
        (
            "weak paper evidence",
            ArchiveCase::new()
                .file(FILE, [person(), agency()])
                .row_with("512/SNV-BTXH", "2026-10-02", |row| row.copies = Some(2)),
            Processing::NotAssessed,
            [Yes, Yes, Maybe],
        ),
        (
            "portal's copy",
            one([SignatureVerdict { republisher: true, ..agency() }]),
            Processing::NotAssessed,
            [Yes, Maybe, Maybe],
        ),
    ];
    for (name, case, processing, n) in cases {
        let row = only_row(&case);
        assert_eq!((row.processing, [row.n1, row.n2, row.n3]), (processing, n), "{name}");
        assert_eq!(row.unit.as_deref(), Some("BTXH"), "{name}");
    }
}

#[test]
fn exclusions_in_their_order() {
    use crate::model::{CancelledNumber, Exemption};
    let excluded = |case: ArchiveCase| {
        let row = only_row(&case);
        assert_eq!(row.processing == Processing::Excluded, row.exclusion.is_some());
        row.exclusion
    };
    let with = |change: fn(&mut RegisterRow)| {
        excluded(ArchiveCase::new().file(FILE, [person(), agency()]).row_with("512/SNV-BTXH", "2026-10-02", change))
    };
    assert_eq!(with(|row| row.status = Some(RowStatus::Recalled)), Some(Exclusion::Recalled));
    assert_eq!(with(|row| row.status = Some(RowStatus::Cancelled)), Some(Exclusion::Cancelled));
    assert_eq!(with(|row| row.secrecy = Some("Mật".into())), Some(Exclusion::Secret));
    assert_eq!(with(|row| row.secrecy = Some("Thường".into())), None);
    let listed = one([person(), agency()]).with(|case| {
        case.cancelled.push(CancelledNumber { reference: "512/SNV-BTXH".into(), ..CancelledNumber::default() });
    });
    assert_eq!(excluded(listed), Some(Exclusion::Cancelled));
    let law = |basis: Option<&str>| {
        one([]).with(|case| {
            case.exemptions.push(Exemption {
                reference: "512/SNV-BTXH".into(),
                reason: "law-requires-paper".into(),
                basis: basis.map(str::to_owned),
                authority: Some("Giám đốc".into()),
                recorded_on: Some(day("2026-10-03")),
                ..Exemption::default()
            });
        })
    };
    assert_eq!(excluded(law(Some("Luật Lưu trữ"))), Some(Exclusion::LawRequiresPaper));
    assert_eq!(excluded(law(None)), None, "an exemption without its law excludes nothing");
}

#[test]
fn nothing_of_a_secret_document_is_repeated() {
    let case = ArchiveCase::new().unopened_secret("documents/BTXH/07-SNV-BTXH (MẬT).pdf").row_with(
        "07/SNV-BTXH",
        "2026-10-02",
        |row| row.secrecy = Some("Mật".into()),
    );
    let records = case.join();
    let row = &records.rows[0];
    assert_eq!((row.reference.as_str(), row.path.as_deref(), row.document), ("", None, None));
    assert_eq!(row.exclusion, Some(Exclusion::Secret));
    let document = &records.documents[0];
    assert_eq!((&document.reference, &document.references), (&None, &ReferenceSources::default()));
    assert_eq!(document.row, Some(0));
}

#[test]
fn files_join_by_column_header_and_name() {
    let blank = |identity: &mut IdentityFacts| (identity.reference, identity.date) = (None, None);
    let case = ArchiveCase::new()
        .file_with("documents/VP/600_snv-vp_05102026.signed.pdf", [person()], blank)
        .file_with("documents/VP/di-601-QD-SNV.signed.pdf", [person()], blank)
        .signed("documents/VP/anything.pdf", "602/KH-SNV", "2026-10-06")
        .signed("documents/VP/scan0001.pdf", "999/SNV-VP", "2026-10-06")
        .row("600/SNV-VP", "2026-10-05")
        .row("601/QĐ-SNV", "2026-10-05")
        .row("602 / KH-SNV", "2026-10-06")
        .row_with("603/SNV-VP", "2026-10-06", |row| row.file = Some("scan0001.pdf".into()));
    let expected = ["600_snv-vp_05102026.signed.pdf", "di-601-QD-SNV.signed.pdf", "anything.pdf", "scan0001.pdf"];
    let expected = expected.map(|name| Some(format!("documents/VP/{name}")));
    assert_eq!(paths(&case), expected);
}

#[test]
fn the_year_belongs_to_the_key_and_the_page_goes_before_the_name() {
    let case = ArchiveCase::new()
        .signed("documents/VP/512-SNV-VP.pdf", "520/SNV-VP", "2026-10-06")
        .signed("documents/VP/old.pdf", "520/SNV-VP", "2025-10-06")
        .row("512/SNV-VP", "2026-10-06")
        .row("520/SNV-VP", "2025-10-06")
        .row("520/SNV-VP", "2026-10-06");
    let expected = [None, Some("documents/VP/old.pdf"), Some("documents/VP/512-SNV-VP.pdf")];
    assert_eq!(paths(&case), expected.map(|path| path.map(str::to_owned)));
}

#[test]
fn one_number_on_two_documents_goes_by_the_day() {
    let case = ArchiveCase::new()
        .signed("documents/VP/a.pdf", "541/QĐ-SNV", "2026-10-14")
        .signed("documents/VP/b.pdf", "541/QĐ-SNV", "2026-10-05")
        .row("541/QĐ-SNV", "2026-10-05")
        .row("541/QĐ-SNV", "2026-10-14");
    assert_eq!(paths(&case), [Some("documents/VP/b.pdf".to_owned()), Some("documents/VP/a.pdf".to_owned())]);
}

#[test]
fn one_entry_exported_twice_is_one_document() {
    let case = one([person(), agency()]).row("512/SNV-BTXH", "2026-10-02");
    assert_eq!(paths(&case), [Some(FILE.to_owned()), Some(FILE.to_owned())]);
    let records = case.join();
    assert_eq!(records.repeats, [None, Some(0)]);
    assert_eq!((records.rows[0].exclusion, records.rows[1].exclusion), (None, Some(Exclusion::Repeated)));
    // Another unit, day, state or file is another entry.
    type Change = fn(&mut RegisterRow);
    let changes: [Change; 4] = [
        |row| row.unit = Some("VP".into()),
        |row| row.date = Some(day("2026-10-03")),
        |row| row.status = Some(RowStatus::Recalled),
        |row| row.file = Some("khac.pdf".into()),
    ];
    for change in changes {
        let case = one([person(), agency()]).row_with("512/SNV-BTXH", "2026-10-02", change);
        assert_eq!(case.join().repeats, [None, None]);
    }
}

#[test]
fn passes_and_copies_stand_behind_the_longest_file() {
    let case = ArchiveCase::new()
        .file("documents/BTXH/512-SNV-BTXH.signed.signed.pdf", [person(), agency()])
        .file("documents/BTXH/512-SNV-BTXH.signed.pdf", [person()])
        .prefix_of("documents/BTXH/512-SNV-BTXH.signed.signed.pdf")
        .file("documents/BTXH/copy of 512-SNV-BTXH.signed.signed.pdf", [person(), agency()])
        .same_bytes_as_first()
        .row_with("512/SNV-BTXH", "2026-10-02", |row| row.file = Some("512-SNV-BTXH.signed.pdf".into()));
    let records = case.join();
    let longest = "documents/BTXH/512-SNV-BTXH.signed.signed.pdf";
    assert_eq!(records.rows[0].path.as_deref(), Some(longest));
    assert_eq!(records.rows[0].processing, Processing::Electronic);
    assert_eq!(records.documents[1].kind, DocumentKind::EarlierVersion(longest.into()));
    assert_eq!(records.documents[2].kind, DocumentKind::IdenticalCopy(longest.into()));
    assert_eq!((records.documents[1].processing, records.documents[2].processing), (None, None));
}

#[test]
fn error_pages_saved_as_documents_are_no_copies_of_each_other() {
    let case = ArchiveCase::new()
        .unreadable("documents/VP/601-SNV-VP.pdf", NotAssessed::NotPdf)
        .unreadable("documents/VP/602-SNV-VP.pdf", NotAssessed::NotPdf)
        .row("601/SNV-VP", "2026-10-02")
        .row("602/SNV-VP", "2026-10-02");
    let records = case.join();
    assert!(records.documents.iter().all(|document| document.kind == DocumentKind::Main));
    assert!(records.rows.iter().all(|row| row.processing == Processing::NotAssessed));
}

#[test]
fn attachments_find_their_document() {
    let case = one([person(), agency()])
        .file_with("documents/BTXH/512-SNV-BTXH.Phu luc 01.pdf", [], |identity| identity.reference = None)
        .file_with("documents/BTXH/Phu luc 02.pdf", [], |identity| identity.reference = None);
    let documents = case.join().documents;
    assert_eq!(documents[1].kind, DocumentKind::Attachment(Some(FILE.into())));
    assert_eq!(documents[2].kind, DocumentKind::Attachment(None));
    assert_eq!(documents[1].processing, None);
}

#[test]
fn foreign_documents_are_known_by_their_header() {
    let kind = |change: fn(&mut IdentityFacts)| {
        let case = ArchiveCase::new().file_with("documents/x.pdf", [person(), agency()], change);
        case.join().documents.remove(0).kind
    };
    assert_eq!(kind(|_| {}), DocumentKind::Main);
    let finance = |identity: &mut IdentityFacts| {
        identity.agency = Some("SỞ TÀI CHÍNH".into());
        identity.reference = Some("12/STC-NS".into());
    };
    assert_eq!(kind(finance), DocumentKind::Incoming);
    let other_province = |identity: &mut IdentityFacts| identity.superior = Some("UBND TỈNH GIA LAI".into());
    assert_eq!(kind(other_province), DocumentKind::Incoming);
    let committee = |identity: &mut IdentityFacts| {
        (identity.superior, identity.agency) = (None, Some("ỦY BAN NHÂN DÂN\nTỈNH AN BÌNH".into()));
        identity.reference = Some("12/QĐ-UBND".into());
    };
    assert_eq!(kind(committee), DocumentKind::Incoming);
    let predecessor = |identity: &mut IdentityFacts| {
        identity.agency = Some("SỞ LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI".into());
        identity.reference = Some("12/SLĐTBXH-VP".into());
        identity.date = Some(day("2024-05-06"));
    };
    assert_eq!(kind(predecessor), DocumentKind::Main);
    let illegible = |identity: &mut IdentityFacts| identity.agency = Some("S0 N01 VU".into());
    assert_eq!(kind(illegible), DocumentKind::Main, "its own symbol speaks for it");
}

#[test]
fn an_unsigned_scan_of_an_issued_number_is_its_twin() {
    let case = one([person(), agency()]).file_with("documents/BTXH/512-SNV-BTXH.pdf", [], scan);
    let records = case.join();
    assert_eq!(records.documents[1].kind, DocumentKind::PaperTwin(FILE.into()));
    assert_eq!(records.rows[0].path.as_deref(), Some(FILE), "the signed file is the row's document");
    assert_eq!(records.documents[0].paper.status, PaperStatus::Weak);
    assert_eq!(records.duplicates[0].tier, DuplicateTier::Probable);
    assert_eq!(records.rows[0].n3, Membership::Maybe);
}

#[test]
fn two_independent_hints_weigh_as_a_post_book_row() {
    let case = ArchiveCase::new()
        .file(FILE, [person(), agency()])
        .row_with("512/SNV-BTXH", "2026-10-02", |row| {
            row.copies = Some(1);
            row.channel = Some("Trục liên thông".into());
            row.recipients = Some("Sở Tài chính tỉnh An Bình".into());
        })
        .file_with("documents/BTXH/512-SNV-BTXH.pdf", [], scan);
    let records = case.join();
    assert_eq!(records.documents[0].paper.status, PaperStatus::Duplicate);
    assert_eq!(records.rows[0].processing, Processing::PaperDuplicate);
    assert_eq!(records.rows[0].n3, Membership::No);
}

#[test]
fn paper_beside_an_unsigned_copy_is_lawful() {
    let case = ArchiveCase::new().file(FILE, []).row_with("512/SNV-BTXH", "2026-10-02", |row| row.paper = Some(true));
    let records = case.join();
    assert_eq!(records.documents[0].paper.status, PaperStatus::Excused(Excuse::NotSigned));
    assert_eq!(records.rows[0].processing, Processing::SignatureInvalid);
    assert!(records.duplicates.is_empty());
}

#[test]
fn rows_that_stay_inside_are_not_exchanged() {
    let exchanged = |recipients: Option<&str>| {
        let case = ArchiveCase::new()
            .row_with("512/SNV-BTXH", "2026-10-02", |row| row.recipients = recipients.map(str::to_owned));
        case.join().rows[0].exchanged
    };
    assert!(!exchanged(Some("Các phòng, đơn vị thuộc Sở")));
    assert!(!exchanged(Some("Văn phòng Sở; Phòng Bảo trợ xã hội")));
    assert!(exchanged(Some("Các phòng; Sở Tài chính tỉnh An Bình")));
    assert!(exchanged(Some("Ông Nguyễn Văn B")));
    assert!(exchanged(None), "unknown receivers count");
}

#[test]
fn the_order_of_files_does_not_matter() {
    let forwards = ArchiveCase::new()
        .signed("documents/VP/a.pdf", "541/QĐ-SNV", "2026-10-14")
        .signed("documents/VP/b.pdf", "541/QĐ-SNV", "2026-10-14")
        .row("541/QĐ-SNV", "2026-10-14");
    let backwards = ArchiveCase::new()
        .signed("documents/VP/b.pdf", "541/QĐ-SNV", "2026-10-14")
        .signed("documents/VP/a.pdf", "541/QĐ-SNV", "2026-10-14")
        .row("541/QĐ-SNV", "2026-10-14");
    assert_eq!(paths(&forwards), paths(&backwards));
}

fn any_verdicts() -> impl Strategy<Value = Vec<SignatureVerdict>> {
    let one = prop_oneof![
        Just(person()),
        Just(agency()),
        Just(failed(person(), "signature-value-invalid")),
        Just(undecided(agency(), "revocation-unknown")),
    ];
    proptest::collection::vec(one, 0..3)
}

proptest! {
    #[test]
    fn every_row_has_one_class_and_the_memberships_nest(
        files in proptest::collection::vec((1..6_u32, 0..3_u8, any_verdicts()), 0..12),
        rows in proptest::collection::vec((1..6_u32, 1..4_u8, 0..5_u8), 0..12),
    ) {
        let mut case = ArchiveCase::new();
        for (at, (number, kind, verdicts)) in files.iter().enumerate() {
            let path = format!("documents/VP/{at}/{number}-SNV-VP.pdf");
            let reference = format!("{number:02}/SNV-VP");
            case = match kind {
                0 => case.file_with(&path, verdicts.clone(), |identity| identity.reference = Some(reference)),
                1 => case.file_with(&path, verdicts.clone(), scan),
                _ => case.unreadable(&path, NotAssessed::Truncated),
            };
        }
        for (number, date, kind) in &rows {
            case = case.row_with(&format!("{number:02}/SNV-VP"), &format!("2026-10-{date:02}"), |row| match kind {
                0 => row.status = Some(RowStatus::Recalled),
                1 => row.secrecy = Some("Mật".into()),
                2 => row.copies = Some(1),
                _ => {}
            });
        }
        let records = case.join();
        prop_assert_eq!(records.rows.len(), rows.len());
        prop_assert_eq!(records.documents.len(), files.len());
        for (at, row) in records.rows.iter().enumerate() {
            prop_assert_eq!(row.exclusion.is_some(), row.processing == Processing::Excluded);
            prop_assert_eq!(row.processing == Processing::Missing,
                row.exclusion.is_none() && records.row_documents[at].is_none());
            let rank = |n: Membership| match n { Membership::No => 0, Membership::Maybe => 1, Membership::Yes => 2 };
            prop_assert!(rank(row.n3) <= rank(row.n2) && rank(row.n2) <= rank(row.n1));
            prop_assert_eq!(row.processing == Processing::Electronic, row.n3 == Membership::Yes);
        }
        let joined = records.documents.iter().filter_map(|document| document.row).collect::<Vec<_>>();
        let distinct = joined.iter().collect::<std::collections::BTreeSet<_>>();
        prop_assert_eq!(joined.len(), distinct.len(), "a row is the document of one file");
    }
}
