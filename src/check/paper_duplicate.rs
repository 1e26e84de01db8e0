//! `paper-duplicate`: issued electronically, yet also on paper.

use super::input::{about, subject};
use super::prelude::*;
use crate::records::{DocumentClass, OpenCondition, PaperStatus, describe_evidence};

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "paper-duplicate",
        level: Level::Error,
        scope: Scope::Archive,
        title: text("Đã phát hành điện tử vẫn kèm bản giấy", "Issued electronically yet also on paper"),
        explanation: text(
            "Có bằng chứng bản giấy mức A hoặc B (hoặc hai dấu hiệu độc lập mức C) và đủ mọi điều kiện: văn bản đã ký số hợp lệ, gửi qua hệ thống, bên gửi và bên nhận thuộc đối tượng của Quyết định 28/2018/QĐ-TTg và đã kết nối, không mật, không gửi Chính phủ, Thủ tướng Chính phủ, không thuộc danh mục phải kèm bản giấy, không luật nào yêu cầu bản giấy, sau ngày bắt đầu áp dụng. Điều kiện nào chưa biết thì kết quả là chưa xác định và không kết luận vi phạm. Có miễn trừ được ghi nhận thì không báo. Bên nhận không có lỗi.",
            "Paper evidence of grade A or B (or two independent ones of grade C) and every condition met: lawfully signed, sent through the system, sender and receiver bodies of Decision 28/2018/QĐ-TTg and connected, no secret, not to the Government or Prime Minister, not on the \"must have paper\" list, no law demanding paper, after the start date. A condition that is not known makes it indeterminate, and no breach is named. A recorded exemption silences it. The receiver is never at fault.",
        ),
        basis: text(
            "Khoản 3 Điều 5 Quyết định 28/2018/QĐ-TTg (cùng Điều 2, Điều 4, Điều 7, Điều 21); chỉ đạo của Sở. Nghị định 30/2020/NĐ-CP cho phép in từ bản đã ký số và in làm bản sao y.",
            "Clause 3, Article 5 of Decision 28/2018/QĐ-TTg (with Articles 2, 4, 7 and 21); the department's directive. Decree 30/2020/NĐ-CP permits a print of the signed file and a print made as a certified copy.",
        ),
        remedy: text(
            "Đơn vị và văn thư: chấm dứt bản giấy; lãnh đạo ghi nhận miễn trừ nếu có căn cứ; bộ phận CNTT nạp danh mục.",
            "Unit and văn thư: stop the paper; leader records the exemption; IT loads the lists.",
        ),
    },
    run: Run::Archive(run),
};

fn run(input: &ArchiveInput<'_>, findings: &mut Findings<'_>) {
    for document in &input.records.documents {
        if document.exclusion.is_some() {
            continue;
        }
        let name = subject(document);
        let evidence = evidence_of(document);
        let (level, message) = match &document.paper.status {
            PaperStatus::Duplicate => (
                Level::Error,
                Bilingual::new(
                    format!(
                        "{name}: đã phát hành điện tử vẫn kèm bản giấy ({}); trái khoản 3 Điều 5 Quyết định 28/2018/QĐ-TTg và chỉ đạo của Sở.",
                        evidence.vi
                    ),
                    format!("{name}: issued electronically yet also on paper ({}).", evidence.en),
                ),
            ),
            PaperStatus::Undecided(open) => {
                let missing = open.iter().map(|condition| describe(*condition)).collect::<Vec<_>>();
                let join = |each: fn(&Bilingual) -> &str| missing.iter().map(each).collect::<Vec<_>>().join(", ");
                let message = Bilingual::new(
                    format!(
                        "{name}: có bản giấy ({}); chưa xác định vì chưa rõ {}.",
                        evidence.vi,
                        join(|text| &text.vi)
                    ),
                    format!(
                        "{name}: paper was found ({}); undecided, not known: {}.",
                        evidence.en,
                        join(|text| &text.en)
                    ),
                );
                (Level::Indeterminate, message)
            }
            PaperStatus::None | PaperStatus::Excused(_) | PaperStatus::Weak => continue,
        };
        findings.add_about(level, name, about(document), message);
    }
}

/// Each piece of evidence with its grade and place.
pub(super) fn evidence_of(document: &DocumentClass) -> Bilingual {
    let each = document.paper.evidence.iter().map(|evidence| {
        let words = describe_evidence(evidence.kind);
        (format!("{}: {}", words.vi, evidence.place), format!("{}: {}", words.en, evidence.place))
    });
    let (vi, en): (Vec<_>, Vec<_>) = each.unzip();
    Bilingual::new(vi.join("; "), en.join("; "))
}

fn describe(condition: OpenCondition) -> Bilingual {
    match condition {
        OpenCondition::Recipients => Bilingual::new("bên nhận bản giấy", "who received the paper"),
        OpenCondition::Channel => Bilingual::new("có gửi qua hệ thống hay không", "whether it went through the system"),
        OpenCondition::Connection => {
            Bilingual::new("bên nhận đã kết nối hay chưa", "whether the receiver is connected")
        }
        OpenCondition::PaperList => Bilingual::new(
            "danh mục văn bản gửi kèm bản giấy của đơn vị",
            "the agency's list of documents sent with paper",
        ),
        OpenCondition::Date => Bilingual::new("ngày văn bản", "the document date"),
        OpenCondition::Signatures => Bilingual::new("giá trị chữ ký số", "whether it is lawfully signed"),
        OpenCondition::ExemptionUnsupported => {
            Bilingual::new("căn cứ của miễn trừ đã ghi", "the basis of the recorded exemption")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{ArchiveCase, day};
    use crate::model::{Exemption, PostRow};

    fn case(channel: Option<&str>, receiver: &str) -> ArchiveCase {
        ArchiveCase::new()
            .signed("documents/VP/597.pdf", "597/SNV-VP", "2026-10-21")
            .row_with("597/SNV-VP", "2026-10-21", |row| {
                row.channel = channel.map(str::to_owned);
                row.recipients = Some(receiver.to_owned());
            })
            .with(|case| {
                case.post.push(PostRow {
                    transferred: Some(day("2026-10-22")),
                    reference: "597/SNV-VP".into(),
                    recipients: Some(receiver.to_owned()),
                    ..PostRow::default()
                });
            })
    }

    fn levels(case: &ArchiveCase) -> Vec<Level> {
        case.run(&CHECK).iter().map(|finding| finding.level).collect()
    }

    const AXIS: Option<&str> = Some("Trục liên thông văn bản");

    #[test]
    fn a_certain_duplicate_names_the_article() {
        let found = case(AXIS, "Sở Tài chính tỉnh An Bình").run(&CHECK);
        assert_eq!(found[0].level, Level::Error);
        assert!(found[0].message.vi.contains("khoản 3 Điều 5 Quyết định 28/2018/QĐ-TTg"));
        assert!(!found[0].message.vi.contains("Nghị định 30"));
    }

    #[test]
    fn a_package_that_declares_paper_is_an_explicit_statement() {
        let declared = |paper: u32, change: fn(&mut crate::model::PackageFacts)| {
            ArchiveCase::new().signed("documents/BTXH/512.pdf", "512/SNV-BTXH", "2026-10-02").package(
                "512.edxml",
                |facts| {
                    facts.paper = Some(paper);
                    change(facts);
                },
            )
        };
        let found = declared(1, |_| {}).run(&CHECK);
        assert_eq!(found[0].level, Level::Error);
        assert!(found[0].message.vi.contains("gói edXML ghi kèm bản giấy (mức A): 512.edxml"), "{found:?}");
        assert!(levels(&declared(0, |_| {})).is_empty(), "0 proves nothing");
        assert!(levels(&declared(12, |_| {})).is_empty(), "a page count proves nothing");
        let unknown = declared(1, |facts| facts.to[0].name = Some("Trung tâm A".into()));
        assert_eq!(levels(&unknown), [Level::Indeterminate]);
        let recall = declared(1, |facts| facts.action = crate::model::PackageAction::Recall);
        assert!(levels(&recall).is_empty());
    }

    #[test]
    fn what_is_not_known_is_undecided_and_names_no_breach() {
        let receiver = "Sở Tài chính tỉnh An Bình";
        assert_eq!(levels(&case(None, receiver)), [Level::Indeterminate]);
        assert_eq!(levels(&case(AXIS, "Trung tâm A")), [Level::Indeterminate]);
        assert_eq!(levels(&case(AXIS, "Sở Tư pháp tỉnh An Bình")), [Level::Indeterminate]);
        let unlisted = case(AXIS, receiver).with(|case| case.no_exemption_list = true);
        let found = unlisted.run(&CHECK);
        assert_eq!(found[0].level, Level::Indeterminate);
        assert!(!found[0].message.vi.contains("trái"));
    }

    #[test]
    fn exemptions_outside_receivers_and_other_channels_are_silent() {
        let receiver = "Sở Tài chính tỉnh An Bình";
        assert!(levels(&case(AXIS, "Công ty TNHH Minh Phát")).is_empty());
        assert!(levels(&case(AXIS, "Thủ tướng Chính phủ")).is_empty());
        assert!(levels(&case(Some("Thư điện tử"), receiver)).is_empty());
        let exempt = case(AXIS, receiver).with(|case| {
            case.exemptions.push(Exemption {
                reference: "597/SNV-VP".into(),
                reason: "receiver-not-connected".into(),
                authority: Some("Giám đốc".into()),
                recorded_by: Some("Phạm Thu Trang".into()),
                recorded_on: Some(day("2026-10-20")),
                ..Exemption::default()
            });
        });
        assert!(levels(&exempt).is_empty());
    }
}
