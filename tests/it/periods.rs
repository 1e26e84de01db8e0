//! Any period of a stored run: months, quarters, halves, years, free ranges and cut-off days.

use super::run::{Run, audited, copied, lines, soat};
use serde_json::Value;
use std::fs;

fn rates(run: &Run, period: &str) -> Vec<Value> {
    let output = soat(run, &["report", "--format", "jsonl", "--period", period]);
    assert_eq!(output.status.code(), Some(0), "{period}: {}", String::from_utf8_lossy(&output.stderr));
    lines(&String::from_utf8(output.stdout).unwrap(), "rate")
}

/// Denominator, lower, upper and rows of a unit.
fn figures(rates: &[Value], unit: &str, kind: &str) -> [u64; 4] {
    let rate = rates.iter().find(|rate| rate["unit"] == unit && rate["rate"] == kind);
    let rate = rate.unwrap_or_else(|| panic!("{unit} {kind}"));
    let number = |key: &str| rate[key].as_u64().unwrap();
    let rows = rate["classes"].as_object().unwrap().values().map(|count| count.as_u64().unwrap()).sum();
    [number("denominator"), number("lower"), number("upper"), rows]
}

fn sum(parts: &[[u64; 4]]) -> [u64; 4] {
    parts.iter().fold([0; 4], |mut total, part| {
        total.iter_mut().zip(part).for_each(|(into, from)| *into += from);
        total
    })
}

#[test]
fn a_quarter_a_half_a_year_and_a_range_are_the_sum_of_their_days() {
    let run = audited("soat.toml");
    let (september, october) = (rates(&run, "2026-09"), rates(&run, "2026-10"));
    for unit in ["SNV", "BTXH", "NCC"] {
        for kind in ["n1", "n2", "n3", "work-files"] {
            let (september, october) = (figures(&september, unit, kind), figures(&october, unit, kind));
            let of = |period: &str| figures(&rates(&run, period), unit, kind);
            assert_eq!(of("2026-Q3"), september, "{unit} {kind}");
            assert_eq!(of("2026-q4"), october);
            for whole in ["2026-H2", "2026", "2026-01-01..2026-12-31"] {
                assert_eq!(of(whole), sum(&[september, october]), "{whole} {unit} {kind}");
            }
            let parts = [of("2026-09-01..2026-09-14"), of("2026-09-15..2026-10-14"), of("2026-10-15..2026-10-31")];
            assert_eq!(sum(&parts), sum(&[september, october]));
        }
    }
}

#[test]
fn findings_on_rates_are_those_of_the_period_asked_for() {
    let run = audited("soat.toml");
    let output = soat(&run, &["report", "--format", "jsonl", "--period", "2026"]);
    let said = String::from_utf8(output.stdout).unwrap();
    let on_rates = lines(&said, "finding").into_iter().filter(|finding| finding["scope"] == "rate");
    let messages: Vec<String> = on_rates.map(|finding| finding["message"].as_str().unwrap().to_owned()).collect();
    assert!(!messages.is_empty());
    assert!(messages.iter().all(|message| message.contains("kỳ 2026:")), "{messages:?}");
}

#[test]
fn a_month_of_the_cut_off_day_is_the_same_as_its_days() {
    let run = audited("soat.toml");
    let by_days = figures(&rates(&run, "2026-09-15..2026-10-14"), "SNV", "n3");
    let cut = copied("soat.toml", |text| format!("{text}\n[period]\ncutoff_day = 15\n"));
    assert_eq!(figures(&rates(&cut, "2026-10"), "SNV", "n3"), by_days);
    let gate = soat(&cut, &["gate", "--period", "2026-10"]);
    assert!(String::from_utf8(gate.stdout).unwrap().contains("15/09/2026 – 14/10/2026"));
}

#[test]
fn what_is_no_period_is_a_usage_error_that_shows_the_forms() {
    let run = audited("soat.toml");
    for bad in
        ["2026-13", "2026-Q5", "2026-H3", "tháng 10", "26", "2026-10-14..2026-09-15", "2026-02-30..2026-03-01", ""]
    {
        for command in ["gate", "report"] {
            let output = soat(&run, &[command, "--period", bad]);
            assert_eq!(output.status.code(), Some(2), "{command} {bad}");
            assert!(!output.stderr.is_empty() && output.stdout.is_empty());
        }
    }
    let output = soat(&run, &["gate", "--period", "2026-Q5"]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("2026-09-15..2026-10-14"));
}

#[test]
fn a_period_without_data_says_what_there_is() {
    let run = audited("soat.toml");
    for (command, empty) in [("gate", "2026-12"), ("report", "2025-Q4"), ("gate", "2031-01-01..2031-02-01")] {
        let output = soat(&run, &[command, "--period", empty]);
        assert_eq!(output.status.code(), Some(3), "{empty}");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains("2026-09, 2026-10"), "{said}");
    }
}

#[test]
fn a_month_of_documents_without_register_rows_is_seen() {
    // The register of the copy begins in October; the documents of September are still there.
    let run = copied("soat-csv.toml", |text| text.to_owned());
    let register = run.base().join("registers/so-van-ban-di-2026.csv");
    let text = fs::read_to_string(&register).unwrap();
    let october: Vec<&str> = text.lines().filter(|line| !line.contains("/09/2026,")).collect();
    fs::write(&register, october.join("\n")).unwrap();
    fs::write(run.base().join("registers/danh-muc-ho-so.csv"), "Mã hồ sơ,Tiêu đề hồ sơ,Đơn vị,Ngày bắt đầu\n").unwrap();
    assert_eq!(soat(&run, &["audit", "--no-report"]).status.code(), Some(0));
    let output = soat(&run, &["gate", "--period", "2026-09"]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains("sổ đăng ký không có dòng nào của kỳ này"), "{said}");
    assert!(matches!(output.status.code(), Some(1 | 3)), "{:?}", output.status);
    // But the month that is meant without a word is the last one of the register.
    let plain = soat(&run, &["gate"]);
    assert!(String::from_utf8_lossy(&plain.stdout).starts_with("Kỳ 2026-10 "));
}

#[test]
fn a_day_mistyped_into_the_future_is_not_the_last_period() {
    let run = copied("soat-csv.toml", |text| text.to_owned());
    let register = run.base().join("registers/so-van-ban-di-2026.csv");
    let text = fs::read_to_string(&register).unwrap();
    let line = text.lines().last().unwrap().replacen("/2026,", "/2062,", 1);
    fs::write(&register, format!("{text}{line}\n")).unwrap();
    assert_eq!(soat(&run, &["audit", "--no-report"]).status.code(), Some(0));
    let gate = soat(&run, &["gate"]);
    assert!(String::from_utf8_lossy(&gate.stdout).starts_with("Kỳ 2026-10 "), "{gate:?}");
    assert_eq!(soat(&run, &["report", "--period", "2062-10"]).status.code(), Some(0));
}

#[test]
fn internal_documents_are_left_out_and_counted() {
    let all = figures(&rates(&audited("soat.toml"), "2026"), "SNV", "n3");
    let run = copied("soat.toml", |text| text.replace("scope = \"all\"", "scope = \"exchanged\""));
    let rates = rates(&run, "2026");
    let exchanged = figures(&rates, "SNV", "n3");
    let whole = rates.iter().find(|rate| rate["unit"] == "SNV" && rate["rate"] == "n3").unwrap();
    let left_out = whole["excluded"]["not-exchanged"].as_u64().unwrap();
    assert!(left_out > 0);
    assert_eq!(exchanged[0] + left_out, all[0]);
    assert_eq!(exchanged[3], all[3], "the classes still sum to the register");
    let plain = soat(&run, &["report", "--period", "2026"]);
    let said = String::from_utf8_lossy(&plain.stdout).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains(&format!("không gửi cơ quan khác {left_out}")), "{said}");
}
