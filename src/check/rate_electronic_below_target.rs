//! `rate-electronic-below-target`: certainly not above the target.

use super::prelude::*;
use super::rates::{about, definition, interval, name, subject};
use crate::model::{Outcome, RateKind};

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "rate-electronic-below-target",
        level: Level::Error,
        scope: Scope::Rate,
        title: text("Tỷ lệ văn bản điện tử chưa vượt chỉ tiêu", "Electronic rate not above target"),
        explanation: text(
            "Cận trên của tỷ lệ được chọn (mặc định N3/D) của đơn vị hoặc của cơ quan không lớn hơn chỉ tiêu. So sánh bằng số nguyên và chặt: đúng 95 % là chưa vượt. Nêu cả khoảng N1, N2, N3, mẫu số D và từng loại được loại trừ.",
            "The upper bound of the configured rate (default N3/D) of a unit or the agency is not strictly above the target. Compared in integers: exactly 95 % is not above. Shows the N1, N2, N3 intervals, D and every exclusion.",
        ),
        basis: text(
            "Chỉ đạo của Sở (trên 95 %); công thức là quy ước của công cụ.",
            "The department's directive (over 95 %); the formula is this tool's.",
        ),
        remedy: text(
            "Trưởng đơn vị: đôn đốc, khắc phục các văn bản chưa đạt.",
            "Unit head: follow up and mend the documents that fail.",
        ),
    },
    run: Run::Rate(run),
};

fn run(input: &RateInput<'_>, findings: &mut Findings<'_>) {
    for rate in input.rates {
        let Some(target) = rate.target.filter(|_| rate.rate != RateKind::WorkFiles) else { continue };
        if rate.outcome != Outcome::Missed {
            continue;
        }
        let (name, interval, definition) = (name(input, rate), interval(rate), definition(input, rate));
        findings.add_about(
            Level::Error,
            subject(rate),
            about(input, rate),
            Bilingual::new(
                format!(
                    "{}: {} điện tử, chưa vượt {target} %; còn thiếu {} văn bản ({}).",
                    name.vi, interval.vi, rate.missing_to_target, definition.vi
                ),
                format!(
                    "{}: {} electronic, not above {target} %; {} documents short ({}).",
                    name.en, interval.en, rate.missing_to_target, definition.en
                ),
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{rate, run_rates};

    #[test]
    fn a_missed_rate_names_its_numbers() {
        let found = run_rates(&CHECK, &[rate(RateKind::N3, 20, 18, 19, Outcome::Missed)]);
        assert_eq!(found.len(), 1);
        assert!(found[0].message.vi.contains("90,00–95,00 %"), "{}", found[0].message.vi);
        assert!(found[0].message.vi.contains("chưa vượt 95 %") && found[0].message.vi.contains("D = 20"));
    }

    #[test]
    fn met_undecided_and_untargeted_rates_are_silent() {
        let mut untargeted = rate(RateKind::N1, 20, 1, 1, Outcome::Missed);
        untargeted.target = None;
        let rates = [
            rate(RateKind::N3, 20, 20, 20, Outcome::Met),
            rate(RateKind::N3, 20, 19, 20, Outcome::Undecided),
            rate(RateKind::N3, 0, 0, 0, Outcome::NoActivity),
            untargeted,
        ];
        assert!(run_rates(&CHECK, &rates).is_empty());
    }
}
