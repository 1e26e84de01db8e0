//! `edxml-document-mismatch`: what a package says of itself, of the archived document and of the register row.

use super::edxml::{Package, packages};
use super::prelude::*;
use super::register_field_mismatch::same_subject;
use crate::model::CalendarDate;
use crate::organisation::OrganisationTable;
use crate::records::{read_document_id, sends};
use crate::reference::Reference;
use crate::text;

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "edxml-document-mismatch",
        level: Level::Error,
        scope: Scope::Archive,
        title: text("Gói edXML và văn bản không khớp", "edXML package and document disagree"),
        explanation: text(
            "Trong gói edXML do cơ quan gửi đi, mã định danh văn bản, số và ký hiệu, ngày, cơ quan hoặc trích yếu không khớp với nhau, với văn bản lưu hoặc với sổ đăng ký; hoặc trong kho không có văn bản đó (cảnh báo). Phần mềm ghi đảo số và ký hiệu: thông tin.",
            "In a package sent by the agency, document id, number and symbol, date, organisation or subject disagree with each other, with the archived document or with the register; or the archive holds no such document (warning). Number and symbol written the other way round by the vendor: information.",
        ),
        basis: text(
            "QCVN 102:2016/BTTTT (chưa đối chiếu); khoản 1 Điều 16 Nghị định 30/2020/NĐ-CP.",
            "QCVN 102:2016/BTTTT (not compared with the text); clause 1, Article 16 of Decree 30/2020/NĐ-CP.",
        ),
        remedy: text(
            "Bộ phận CNTT: kiểm tra phần mềm kết nối; văn thư: sửa sổ hoặc gửi gói cập nhật.",
            "IT: check the connector; văn thư: correct the register or send an update.",
        ),
    },
    run: Run::Archive(run),
};

/// One disagreement: field in two languages, and the two values.
type Difference = (&'static str, &'static str, String, String);

fn run(input: &ArchiveInput<'_>, findings: &mut Findings<'_>) {
    for package in packages(input).filter(|package| package.class.own && !package.class.report) {
        let about = || package.about();
        if package.class.swapped {
            let message = Bilingual::new(
                "Gói edXML ghi đảo số và ký hiệu (CodeNumber, CodeNotation).",
                "The edXML package swaps CodeNumber and CodeNotation.",
            );
            findings.add_about(Level::Info, package.subject(), about(), message);
        }
        let unknown = package.class.document.is_none() && package.class.row.is_none();
        if unknown && sends(package.facts) {
            let message = Bilingual::new(
                "Trong kho và trong sổ không có văn bản mà gói edXML này gửi đi.",
                "Neither archive nor register holds the document that this edXML package sends.",
            );
            findings.add_about(Level::Warn, package.subject(), about(), message);
        }
        for (vi, en, left, right) in differences(input, &package) {
            let message = Bilingual::new(
                format!("Gói edXML và văn bản không khớp: {vi} \"{left}\" và \"{right}\"."),
                format!("edXML and document disagree: {en} \"{left}\" and \"{right}\"."),
            );
            findings.add_about(Level::Error, package.subject(), about(), message);
        }
    }
}

/// The first disagreement of each field: number and symbol, date, organisation, subject.
fn differences(input: &ArchiveInput<'_>, package: &Package<'_>) -> Vec<Difference> {
    let facts = package.facts;
    let (id_organ, id_date, id_reference) = facts.document_id.as_deref().map(read_document_id).unwrap_or_default();
    let document = package.class.document.and_then(|at| input.records.documents.get(at));
    let file = package.class.document.and_then(|at| input.files.get(at));
    let row = package.class.row.and_then(|at| input.rows.get(at));
    let row_reference = package.class.row.and_then(|at| input.records.row_references.get(at)?.as_ref());
    let mut found = Vec::new();

    let own = package.class.reference.as_ref();
    let of_pages = document.and_then(|document| document.references.header.as_ref());
    let others = [id_reference.as_ref(), of_pages, row_reference];
    let differs = |other: &&Reference| own.is_some_and(|own| own.ascii_key() != other.ascii_key());
    if let (Some(own), Some(other)) = (own, others.into_iter().flatten().find(differs)) {
        found.push(("số, ký hiệu", "number and symbol", own.to_string(), other.to_string()));
    }
    let of_pages = file.and_then(|file| file.identity()).and_then(|identity| identity.date);
    let others = [id_date, of_pages, row.and_then(|row| row.date)];
    if let (Some(own), Some(other)) =
        (facts.date, others.into_iter().flatten().find(|other| Some(*other) != facts.date))
    {
        found.push(("ngày", "date", own.day_first(), other.day_first()));
    }
    found.extend(organisation(input.organisations, package, id_organ));
    let of_pages = file.and_then(|file| file.identity()).and_then(|identity| identity.subject.as_deref());
    let others = [of_pages, row.and_then(|row| row.subject.as_deref())];
    if let Some(own) = facts.subject.as_deref()
        && let Some(other) = others.into_iter().flatten().find(|other| !same_subject(own, other))
    {
        found.push(("trích yếu", "subject", own.to_owned(), other.to_owned()));
    }
    found
}

/// The organisation of the document id against the sender's, and the sender's code against its name.
fn organisation(table: &OrganisationTable, package: &Package<'_>, id_organ: Option<&str>) -> Option<Difference> {
    let from = &package.facts.from;
    let day: Option<CalendarDate> = package.facts.date;
    if let (Some(left), Some(right)) = (id_organ, from.organ_id.as_deref())
        && text::fold(left) != text::fold(right)
    {
        return Some(("mã định danh cơ quan", "organisation id", left.to_owned(), right.to_owned()));
    }
    let by_id = table.organ_id(from.organ_id.as_deref()?, day).organisation()?;
    let by_name = table.by_name(from.name.as_deref()?, day)?.organisation;
    let same = text::fold(&by_id.code) == text::fold(&by_name.code);
    (!same).then(|| ("cơ quan", "organisation", by_id.name.clone(), by_name.name.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{ArchiveCase, day};
    use crate::model::{PackageAction, PackageFacts};

    fn found(change: impl FnOnce(&mut PackageFacts)) -> Vec<(Level, String)> {
        let case = ArchiveCase::new()
            .signed("documents/BTXH/512.pdf", "512/SNV-BTXH", "2026-10-02")
            .row("512/SNV-BTXH", "2026-10-02")
            .package("edxml/512.edxml", change);
        case.run(&CHECK).into_iter().map(|finding| (finding.level, finding.message.vi)).collect()
    }

    #[test]
    fn a_package_that_agrees_is_silent() {
        assert_eq!(found(|_| {}), []);
    }

    #[test]
    fn each_field_that_disagrees_fires_once() {
        let one = |change: fn(&mut PackageFacts), field: &str| {
            let found = found(change);
            assert_eq!(found.len(), 1, "{found:?}");
            assert!(found[0].0 == Level::Error && found[0].1.contains(field), "{found:?}");
        };
        one(|facts| facts.document_id = Some("000.00.09.H99,2026/10/02,513/SNV-BTXH".into()), "số, ký hiệu");
        one(|facts| facts.document_id = Some("000.00.09.H99,2026/10/03,512/SNV-BTXH".into()), "ngày");
        one(|facts| facts.document_id = Some("000.00.10.H99,2026/10/02,512/SNV-BTXH".into()), "mã định danh");
        one(|facts| facts.from.name = Some("Sở Tài chính tỉnh An Bình".into()), "cơ quan");
        one(|facts| facts.subject = Some("Chi trả trợ cấp".into()), "trích yếu");
        one(|facts| facts.date = Some(day("2026-10-05")), "ngày");
    }

    #[test]
    fn swapped_number_and_symbol_are_a_note() {
        let found = found(|facts| std::mem::swap(&mut facts.code_number, &mut facts.code_notation));
        assert_eq!(found.iter().map(|(level, _)| *level).collect::<Vec<_>>(), [Level::Info]);
    }

    #[test]
    fn a_package_without_its_document_is_a_warning_and_incoming_ones_are_left_alone() {
        let unknown = |facts: &mut PackageFacts| {
            facts.code_number = Some("999".into());
            facts.document_id = None;
        };
        assert_eq!(found(unknown).iter().map(|(level, _)| *level).collect::<Vec<_>>(), [Level::Warn]);
        let incoming = |facts: &mut PackageFacts| {
            unknown(facts);
            facts.code_notation = Some("STC-NS".into());
            (facts.from.organ_id, facts.from.name) =
                (Some("000.00.11.H99".into()), Some("Sở Tài chính tỉnh An Bình".into()));
        };
        assert_eq!(found(incoming), []);
        let recall = |facts: &mut PackageFacts| {
            unknown(facts);
            facts.action = PackageAction::Recall;
        };
        assert_eq!(found(recall), []);
    }
}
