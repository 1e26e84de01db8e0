//! `edxml-attachment-mismatch`: a package that does not carry the archived file.

use super::edxml::packages;
use super::prelude::*;
use crate::records::{Carried, sends};

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "edxml-attachment-mismatch",
        level: Level::Error,
        scope: Scope::Archive,
        title: text("Tệp trong gói edXML khác tệp lưu", "edXML attachment differs from the archived file"),
        explanation: text(
            "Gói edXML gửi đi của một văn bản trong kho không có tệp đính kèm, tệp đính kèm không giải mã được, hoặc không tệp nào trùng từng byte với tệp lưu hay với một bản ký trước của nó. Tệp đính kèm vượt giới hạn giải nén: chưa xác định.",
            "The outgoing edXML package of an archived document has no attachment, one that cannot be decoded, or none that equals the archived file or an earlier signing pass of it byte for byte. An attachment beyond the limits of unpacking: undecided.",
        ),
        basis: text("QCVN 102:2016/BTTTT (chưa đối chiếu).", "QCVN 102:2016/BTTTT (not compared with the text)."),
        remedy: text(
            "Bộ phận CNTT: kiểm tra phần mềm kết nối; lấy lại đúng tệp đã phát hành.",
            "IT: check the connector; fetch the file as issued.",
        ),
    },
    run: Run::Archive(run),
};

fn run(input: &ArchiveInput<'_>, findings: &mut Findings<'_>) {
    for package in packages(input) {
        let class = package.class;
        if !class.own || class.report || class.document.is_none() || !sends(package.facts) {
            continue;
        }
        let (level, vi, en) = match &class.carried {
            Carried::Archived => continue,
            Carried::Nothing => (Level::Error, "không có tệp đính kèm".to_owned(), "no attachment".to_owned()),
            Carried::Different => (Level::Error, "nội dung khác".to_owned(), "other content".to_owned()),
            Carried::Undecodable(reason) => {
                (Level::Error, format!("không giải mã được: {reason}"), format!("cannot be decoded: {reason}"))
            }
            Carried::Unread(limit) => {
                (Level::Indeterminate, format!("vượt giới hạn {limit}"), format!("beyond the limit {limit}"))
            }
        };
        let message = Bilingual::new(
            format!("Tệp trong gói edXML khác tệp lưu của {} ({vi}).", package.subject()),
            format!("Attachment differs from the archived file of {} ({en}).", package.subject()),
        );
        findings.add_about(level, package.subject(), package.about(), message);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{ArchiveCase, attached, package};
    use crate::model::{AttachmentContent, LimitHit, PackageAction, Sha256Digest};

    fn levels(change: impl FnOnce(&mut crate::model::PackageFacts)) -> Vec<Level> {
        let case = ArchiveCase::new().signed("documents/BTXH/512.pdf", "512/SNV-BTXH", "2026-10-02");
        let sha256 = case.digest("documents/BTXH/512.pdf");
        let case = case.package("edxml/512.edxml", |facts| {
            facts.attachments = vec![attached(sha256)];
            change(facts);
        });
        case.run(&CHECK).iter().map(|finding| finding.level).collect()
    }

    #[test]
    fn the_archived_file_among_the_attachments_is_in_order() {
        assert!(levels(|_| {}).is_empty());
        assert!(levels(|facts| facts.attachments.insert(0, attached(Sha256Digest([9; 32])))).is_empty());
        assert!(package().attachments.is_empty());
    }

    #[test]
    fn nothing_other_content_and_broken_content_fire() {
        assert_eq!(levels(|facts| facts.attachments.clear()), [Level::Error]);
        assert_eq!(levels(|facts| facts.attachments = vec![attached(Sha256Digest([9; 32]))]), [Level::Error]);
        let broken = AttachmentContent::Undecodable("base64".into());
        assert_eq!(levels(|facts| facts.attachments[0].content = broken), [Level::Error]);
    }

    #[test]
    fn a_limit_is_undecided_and_a_recall_needs_no_attachment() {
        let limit = AttachmentContent::Limit(LimitHit { limit: "inflated_stream_bytes".into(), value: 1 });
        assert_eq!(levels(|facts| facts.attachments[0].content = limit), [Level::Indeterminate]);
        let recall = |facts: &mut crate::model::PackageFacts| {
            facts.action = PackageAction::Recall;
            facts.attachments.clear();
        };
        assert!(levels(recall).is_empty());
    }
}
