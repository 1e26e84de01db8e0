//! `certificate-outside-validity`: the certificate was not valid at the reference time.

use super::input::has_cause;
use super::prelude::*;
use crate::model::Indication;

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "certificate-outside-validity",
        level: Level::Error,
        scope: Scope::Signature,
        title: text("Chứng thư không có hiệu lực lúc ký", "Certificate not valid at signing"),
        explanation: text(
            "Thời điểm tham chiếu (dấu thời gian đã kiểm chứng, nếu không có thì giờ ký tự khai) nằm ngoài thời hạn của chứng thư người ký hoặc của chứng thư cấp trên. Chứng thư hết hạn ở hiện tại không phải là lỗi; nhưng khi chỉ có giờ tự khai và chứng thư nay đã hết hạn thì kết quả là chưa xác định.",
            "The reference time (verified timestamp, else the claimed signing time) lies outside the validity of the signer's certificate or of a CA above it. Expired today is no finding; but with only a claimed time and a certificate that has meanwhile expired, the result is indeterminate.",
        ),
        basis: text(
            "Kỹ thuật; điểm a khoản 1 Điều 31 Nghị định 68/2024/NĐ-CP, điểm a khoản 2 Điều 8 Thông tư 41/2017/TT-BTTTT (theo bản trích công khai, chưa đối chiếu bản gốc).",
            "Technical; point a, clause 1, Article 31 of Decree 68/2024/NĐ-CP, point a, clause 2, Article 8 of Circular 41/2017/TT-BTTTT (from public excerpts, not compared with the original).",
        ),
        remedy: text(
            "Người ký và bộ phận CNTT: đề nghị gia hạn; ký lại văn bản nếu còn hiệu lực.",
            "Signer and IT: renew; sign the document again if in force.",
        ),
    },
    run: Run::Document(run),
};

fn run(input: &DocumentInput<'_>, findings: &mut Findings<'_>) {
    for verdict in input.verdicts().filter(|verdict| has_cause(verdict, CHECK.meta.id)) {
        let outside = match (verdict.certificate_validity, verdict.reference_time) {
            (Some((from, to)), Some(time)) => time < from || time > to,
            _ => false,
        };
        let certain = outside || verdict.indication == Indication::TotalFailed;
        let time = verdict.reference_time.map_or_else(|| "?".to_owned(), |time| time.to_string());
        let local = verdict.reference_time.map_or_else(|| "?".to_owned(), |time| time.day_first());
        let (level, message) = if certain {
            let message = Bilingual::new(
                format!("Chứng thư không còn/chưa có hiệu lực lúc ký ({local})."),
                format!("Certificate not valid at signing ({time})."),
            );
            (Level::Error, message)
        } else {
            let message = Bilingual::new(
                format!(
                    "Chứng thư nay đã hết hạn và giờ ký chỉ là giờ tự khai ({local}); chưa đủ căn cứ kết luận hợp lệ."
                ),
                format!("Certificate has expired meanwhile and the signing time is only claimed ({time})."),
            );
            (Level::Indeterminate, message)
        };
        findings.add_at(level, &verdict.field, message);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{Case, failed, person, undecided};

    #[test]
    fn outside_at_signing_is_an_error_and_expired_meanwhile_is_undecided() {
        let cause = "certificate-outside-validity";
        assert_eq!(Case::new().signatures([failed(person(), cause)]).run(&CHECK)[0].level, Level::Error);
        let meanwhile = undecided(person(), cause);
        assert_eq!(Case::new().signatures([meanwhile.clone()]).run(&CHECK)[0].level, Level::Indeterminate);
        let mut before = meanwhile;
        before.certificate_validity = before.reference_time.map(|time| (UnixTime(time.0 + 10), UnixTime(time.0 + 20)));
        assert_eq!(Case::new().signatures([before]).run(&CHECK)[0].level, Level::Error);
    }

    #[test]
    fn is_silent_inside_the_validity() {
        assert!(Case::new().signatures([person()]).run(&CHECK).is_empty());
    }
}
