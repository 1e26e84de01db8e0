//! `rate-denominator-small`: too few documents or work files for a meaningful percentage.

use super::prelude::*;
use super::rates::{about, name, subject};
use crate::model::RateKind;

pub(super) static CHECK: Check = Check {
    meta: Meta {
        id: "rate-denominator-small",
        level: Level::Info,
        scope: Scope::Rate,
        title: text("Mẫu số nhỏ", "Small denominator"),
        explanation: text(
            "Mẫu số của tỷ lệ khác 0 nhưng nhỏ hơn mức tối thiểu đã cấu hình: một văn bản đã làm thay đổi nhiều phần trăm. Mẫu số bằng 0 in \"không phát sinh\".",
            "The denominator is not zero but below the configured minimum: one document moves the rate by many percent. Zero prints \"không phát sinh\".",
        ),
        basis: text("Quy ước của công cụ.", "This tool's definition."),
        remedy: text("Không phải xử lý.", "None."),
    },
    run: Run::Rate(run),
};

fn run(input: &RateInput<'_>, findings: &mut Findings<'_>) {
    for rate in input.rates.iter().filter(|rate| rate.target.is_some()) {
        if rate.denominator == 0 || rate.denominator >= input.settings.minimum_denominator {
            continue;
        }
        let name = name(input, rate);
        let (symbol_vi, symbol_en) = match rate.rate {
            RateKind::WorkFiles => ("hồ sơ", "work files"),
            RateKind::N1 | RateKind::N2 | RateKind::N3 => ("văn bản", "documents"),
        };
        findings.add_about(
            Level::Info,
            subject(rate),
            about(input, rate),
            Bilingual::new(
                format!("{}: mẫu số nhỏ ({} {symbol_vi}).", name.vi, rate.denominator),
                format!("{}: small denominator ({} {symbol_en}).", name.en, rate.denominator),
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing::{rate, run_rates};
    use crate::model::Outcome;

    #[test]
    fn fires_between_zero_and_the_minimum() {
        let found = |denominator| run_rates(&CHECK, &[rate(RateKind::N3, denominator, 0, 0, Outcome::Missed)]).len();
        assert_eq!(found(19), 1);
        assert_eq!(found(20), 0);
        assert_eq!(found(0), 0);
    }
}
