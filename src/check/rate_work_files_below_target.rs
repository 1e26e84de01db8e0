//! `rate-work-files-below-target`: electronic work files not above the target, or undecided.

use super::prelude::*;
use super::rates::{about, interval, name, subject};
use crate::model::{Outcome, RateKind};

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "rate-work-files-below-target",
        level: Level::Error,
        scope: Scope::Rate,
        title: text("Tỷ lệ hồ sơ công việc điện tử chưa vượt chỉ tiêu", "Electronic work files not above target"),
        explanation: text(
            "E/T không lớn hơn 40 %: T là số hồ sơ có công việc bắt đầu trong kỳ, E là số hồ sơ trong đó lập điện tử và có ít nhất một văn bản. Hồ sơ không ghi hình thức hoặc số văn bản làm rộng khoảng; nếu vì thế chưa kết luận được thì kết quả là chưa xác định.",
            "E/T not strictly above 40 %: T are the files whose work started in the period, E those of them opened electronically with at least one document. Files that do not say so widen the interval; if that leaves the target inside it, the result is indeterminate.",
        ),
        basis: text(
            "Chỉ đạo của Sở (trên 40 %); cơ sở của T: Điều 28, Điều 29 Nghị định 30/2020/NĐ-CP; công thức là quy ước của công cụ.",
            "The department's directive (over 40 %); basis of T: Articles 28 and 29 of Decree 30/2020/NĐ-CP; the formula is this tool's.",
        ),
        remedy: text(
            "Trưởng đơn vị: đôn đốc; người giải quyết công việc lập hồ sơ trên hệ thống.",
            "Unit head: see that each officer opens files in the system.",
        ),
    },
    run: Run::Rate(run),
};

fn run(input: &RateInput<'_>, findings: &mut Findings<'_>) {
    for rate in input.rates.iter().filter(|rate| rate.rate == RateKind::WorkFiles) {
        let Some(target) = rate.target else { continue };
        let (name, interval) = (name(input, rate), interval(rate));
        let (level, message) = match rate.outcome {
            Outcome::Missed => (
                Level::Error,
                Bilingual::new(
                    format!(
                        "{}: {} hồ sơ công việc điện tử, chưa vượt {target} % (T = {}).",
                        name.vi, interval.vi, rate.denominator
                    ),
                    format!(
                        "{}: {} electronic work files, not above {target} % (T = {}).",
                        name.en, interval.en, rate.denominator
                    ),
                ),
            ),
            Outcome::Undecided => (
                Level::Indeterminate,
                Bilingual::new(
                    format!(
                        "{}: {} hồ sơ công việc điện tử, chưa kết luận được so với {target} % (T = {}).",
                        name.vi, interval.vi, rate.denominator
                    ),
                    format!(
                        "{}: {} electronic work files, undecided against {target} % (T = {}).",
                        name.en, interval.en, rate.denominator
                    ),
                ),
            ),
            Outcome::Met | Outcome::NoActivity => continue,
        };
        findings.add_about(level, subject(rate), about(input, rate), message);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{rate, run_rates};

    #[test]
    fn missed_is_an_error_undecided_is_not_and_met_is_silent() {
        let level = |outcome| {
            let found = run_rates(&CHECK, &[rate(RateKind::WorkFiles, 20, 8, 9, outcome)]);
            found.first().map(|finding| finding.level)
        };
        assert_eq!(level(Outcome::Missed), Some(Level::Error));
        assert_eq!(level(Outcome::Undecided), Some(Level::Indeterminate));
        assert_eq!(level(Outcome::Met), None);
    }
}
