//! `rate-electronic-undecided`: the interval straddles the target.

use super::prelude::*;
use super::rates::{about, interval, name, subject};
use crate::model::{Outcome, RateKind};

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "rate-electronic-undecided",
        level: Level::Indeterminate,
        scope: Scope::Rate,
        title: text("Tỷ lệ văn bản điện tử chưa kết luận được", "Electronic rate undecided"),
        explanation: text(
            "Cận dưới của tỷ lệ chưa vượt chỉ tiêu nhưng cận trên thì vượt: kết quả phụ thuộc các văn bản chưa xác định. Có mã thoát riêng, không tính là đạt.",
            "The lower bound is not above the target, the upper bound is: the result depends on documents that are indeterminate. Own exit code; never counted as met.",
        ),
        basis: text(
            "Chỉ đạo của Sở (trên 95 %); công thức là quy ước của công cụ.",
            "The department's directive (over 95 %); the formula is this tool's.",
        ),
        remedy: text(
            "Bộ phận CNTT và văn thư: xử lý các văn bản chưa xác định của kỳ.",
            "IT and văn thư: resolve the period's indeterminate documents.",
        ),
    },
    run: Run::Rate(run),
};

fn run(input: &RateInput<'_>, findings: &mut Findings<'_>) {
    for rate in input.rates {
        let targeted = rate.target.is_some() && rate.rate != RateKind::WorkFiles;
        if !targeted || rate.outcome != Outcome::Undecided {
            continue;
        }
        let (name, interval) = (name(input, rate), interval(rate));
        let open = rate.upper.saturating_sub(rate.lower);
        findings.add_about(
            Level::Indeterminate,
            subject(rate),
            about(input, rate),
            Bilingual::new(
                format!("{}: {}, chưa kết luận được ({open} văn bản chưa xác định).", name.vi, interval.vi),
                format!("{}: {}, undecided ({open} indeterminate documents).", name.en, interval.en),
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{rate, run_rates};

    #[test]
    fn only_a_straddling_interval_fires() {
        let found = run_rates(&CHECK, &[rate(RateKind::N3, 20, 19, 20, Outcome::Undecided)]);
        assert_eq!(found[0].level, Level::Indeterminate);
        assert!(found[0].message.vi.contains("1 văn bản"));
        assert!(run_rates(&CHECK, &[rate(RateKind::N3, 20, 20, 20, Outcome::Met)]).is_empty());
        assert!(run_rates(&CHECK, &[rate(RateKind::WorkFiles, 20, 8, 9, Outcome::Undecided)]).is_empty());
    }
}
