//! `document-resaved-after-signing`: a program rewrote the file, so its signed bytes are gone.

use super::input::has_cause;
use super::prelude::*;

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "document-resaved-after-signing",
        level: Level::Indeterminate,
        scope: Scope::Document,
        title: text("Tệp bị phần mềm ghi lại sau khi ký", "File re-saved after signing"),
        explanation: text(
            "Giá trị chữ ký (và dấu thời gian, nếu có) vẫn đúng, nhưng vùng ký không còn mô tả tệp hiện có: thường do phần mềm nén, tối ưu hoặc đóng dấu đến ghi lại toàn bộ tệp. Biết được ai đã ký và ký lúc nào, nhưng không còn đối chiếu được nội dung. Không kết luận hợp lệ, cũng không kết luận bị sửa, vì người làm giả cũng có thể ghi lại tệp.",
            "The signature value (and timestamp, if any) still verifies, but the signed range no longer describes the file: usually an optimiser or stamp tool rewrote it. Who signed and when is known, but the content can no longer be checked. Never valid, never \"altered\": a forger can re-save too.",
        ),
        basis: text(
            "Kỹ thuật (đo trên 34 tệp công khai: 22 tệp bị ghi lại); trách nhiệm kiểm tra tính toàn vẹn khi tiếp nhận: điểm a khoản 2 Điều 21 Nghị định 30/2020/NĐ-CP.",
            "Technical (measured: 22 of 34 public files); the receiver checks integrity: point a, clause 2, Article 21 of Decree 30/2020/NĐ-CP.",
        ),
        remedy: text(
            "Văn thư: lấy lại tệp như lúc phát hành; bộ phận CNTT lưu tệp gốc nhận được và cấu hình phần mềm đóng dấu ghi nối tiếp thay vì ghi lại tệp.",
            "Văn thư: fetch the file as issued; IT: keep the received original and make the stamp tool append instead of rewrite.",
        ),
    },
    run: Run::Document(run),
};

fn run(input: &DocumentInput<'_>, findings: &mut Findings<'_>) {
    let resaved = input.verdicts().filter(|verdict| has_cause(verdict, CHECK.meta.id)).collect::<Vec<_>>();
    if resaved.is_empty() {
        return;
    }
    let signed = |unknown: &str, at: &str, moment: fn(UnixTime) -> String| {
        let each = resaved.iter().map(|verdict| {
            let signer = verdict.signer.as_deref().unwrap_or(unknown);
            match verdict.reference_time {
                Some(time) => format!("{signer} {at} {}", moment(time)),
                None => signer.to_owned(),
            }
        });
        each.collect::<Vec<_>>().join("; ")
    };
    let tool = input.file.pdf().and_then(|pdf| pdf.producer.as_deref());
    findings.add(
        input.subject(),
        Bilingual::new(
            format!(
                "Tệp đã bị phần mềm ghi lại sau khi ký ({}): chữ ký của {} còn đúng, nhưng không còn đối chiếu được nội dung; chưa đủ căn cứ kết luận hợp lệ.",
                tool.unwrap_or("không rõ phần mềm"),
                signed("người ký không rõ", "lúc", UnixTime::day_first),
            ),
            format!(
                "File re-saved after signing ({}): signature of {} is right, but the bytes can no longer be checked.",
                tool.unwrap_or("unknown software"),
                signed("an unknown signer", "at", |time| time.to_string()),
            ),
        ),
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{Case, agency, person, undecided};

    #[test]
    fn one_finding_names_every_signer() {
        let cause = "document-resaved-after-signing";
        let found = Case::new().signatures([undecided(person(), cause), undecided(agency(), cause)]).run(&CHECK);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].level, Level::Indeterminate);
        assert!(found[0].message.vi.contains("Nguyễn Văn An") && found[0].message.vi.contains("Sở Nội vụ"));
    }

    #[test]
    fn is_silent_on_an_intact_file() {
        assert!(Case::new().signatures([person(), agency()]).run(&CHECK).is_empty());
    }
}
