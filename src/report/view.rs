//! What one rendering shows of a report: the selection by period, look-ups and the figures that
//! several formats share.

#![cfg_attr(not(feature = "cli"), allow(dead_code, reason = "the pages and the workbook use the rest"))]

use super::{Options, RenderError, mask::Mask, text, words};
use crate::model::{
    CalendarDate, CheckMeta, ClassedRow, DocumentReport, DuplicatePair, Finding, Indication, Language, Level, Outcome,
    Period, RateKind, Report, Scope, SignatureVerdict, Trust, UnitRate,
};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The rates in the order of tables.
pub(crate) const RATES: [RateKind; 4] = [RateKind::N1, RateKind::N2, RateKind::N3, RateKind::WorkFiles];

/// A report seen through the options.
pub(crate) struct View<'a> {
    /// The whole report.
    pub(crate) report: &'a Report,
    /// The language of texts.
    pub(crate) language: Language,
    /// The period asked for; `None`: everything.
    pub(crate) selected: Option<&'a Period>,
    /// The period whose rates are shown first: the one asked for, else the last.
    pub(crate) period: Option<&'a Period>,
    /// Documents of the selection, by path. One without a date belongs to every period.
    pub(crate) documents: Vec<&'a DocumentReport>,
    /// Register rows of the selection.
    pub(crate) rows: Vec<&'a ClassedRow>,
    /// Findings of the selection.
    pub(crate) findings: Vec<&'a Finding>,
    /// Paper duplicates of the selection.
    pub(crate) duplicates: Vec<&'a DuplicatePair>,
    /// Masking.
    pub(crate) mask: Mask,
    by_path: HashMap<&'a str, &'a DocumentReport>,
    unit_names: HashMap<&'a str, &'a str>,
    checks: HashMap<&'a str, &'a CheckMeta>,
    rates: HashMap<(&'a str, &'a str, RateKind), &'a UnitRate>,
}

/// One cause in the order of its weight.
pub(crate) struct Cause<'a> {
    /// Check id.
    pub(crate) check: &'a str,
    /// Level of its gravest finding.
    pub(crate) level: Level,
    /// Findings.
    pub(crate) findings: u32,
    /// Files, rows or other subjects concerned.
    pub(crate) subjects: u32,
    /// Units concerned.
    pub(crate) units: u32,
}

impl<'a> View<'a> {
    /// Selects what the options ask for.
    pub(crate) fn new(report: &'a Report, options: &Options) -> Result<Self, RenderError> {
        let selected = match &options.period {
            None => None,
            Some(label) => Some(report.periods.iter().find(|period| &period.label == label).ok_or_else(|| {
                RenderError::UnknownPeriod {
                    asked: label.clone(),
                    known: report.periods.iter().map(|period| period.label.clone()).collect(),
                }
            })?),
        };
        let inside = |date: Option<CalendarDate>| match (selected, date) {
            (Some(period), Some(date)) => period.first <= date && date <= period.last,
            _ => true,
        };
        // A finding on a rate belongs to its period's days like any other; one on a file without a date to all.
        Ok(Self {
            report,
            language: options.language,
            selected,
            period: selected.or_else(|| report.latest_period()),
            documents: report.documents.iter().filter(|document| inside(document.date)).collect(),
            rows: report.rows.iter().filter(|row| inside(row.date)).collect(),
            findings: report.findings.iter().filter(|finding| inside(finding.date)).collect(),
            duplicates: report.duplicates.iter().filter(|pair| inside(pair.date)).collect(),
            mask: Mask::new(report, options.disclose),
            by_path: report.documents.iter().map(|document| (document.path.as_str(), document)).collect(),
            unit_names: report.units.iter().map(|unit| (unit.code.as_str(), unit.name.as_str())).collect(),
            checks: report.checks.iter().map(|meta| (meta.id.as_ref(), meta)).collect(),
            rates: report
                .rates
                .iter()
                .map(|rate| ((rate.unit.as_str(), rate.period.as_str(), rate.rate), rate))
                .collect(),
        })
    }

    /// Text of the language.
    pub(crate) fn say(&self, vi: &'static str, en: &'static str) -> &'static str {
        words::pick(self.language, vi, en)
    }

    /// The document at this path, in or outside the selection.
    pub(crate) fn document(&self, path: &str) -> Option<&'a DocumentReport> {
        self.by_path.get(path).copied()
    }

    /// A path of the report, masked as asked.
    pub(crate) fn path(&self, path: &str) -> String {
        self.document(path).map_or_else(|| path.to_owned(), |document| self.mask.path(path, document))
    }

    /// A check's metadata.
    pub(crate) fn check(&self, id: &str) -> Option<&'a CheckMeta> {
        self.checks.get(id).copied()
    }

    /// A finding's message, masked as asked.
    pub(crate) fn message(&self, finding: &Finding) -> String {
        let document = finding.path.as_deref().and_then(|path| self.document(path));
        text::visible(&self.mask.message(finding, document, self.language))
    }

    /// What a finding is about, masked as asked.
    pub(crate) fn subject(&self, finding: &Finding) -> String {
        let document = finding.path.as_deref().and_then(|path| self.document(path));
        text::visible(&self.mask.text(&finding.subject, document))
    }

    /// Code that stands for all units together.
    pub(crate) fn total_unit(&self) -> Option<&'a str> {
        let first = self.report.units.first().map(|unit| unit.code.as_str());
        self.report.archive.agency.as_deref().or(first)
    }

    /// A unit's full name, else its code.
    pub(crate) fn unit_name(&self, code: &str) -> String {
        match self.unit_names.get(code) {
            Some(name) => text::visible(name),
            None if code.is_empty() => self.say("(chưa rõ đơn vị)", "(unit unknown)").to_owned(),
            None => text::visible(code),
        }
    }

    /// A unit's code, or words for none.
    pub(crate) fn unit_code(&self, code: &str) -> String {
        if code.is_empty() { self.say("(chưa rõ)", "(unknown)").to_owned() } else { text::visible(code) }
    }

    /// One rate.
    pub(crate) fn rate(&self, unit: &str, period: &str, kind: RateKind) -> Option<&'a UnitRate> {
        self.rates.get(&(unit, period, kind)).copied()
    }

    /// The whole agency's rate in the period shown.
    pub(crate) fn total(&self, kind: RateKind) -> Option<&'a UnitRate> {
        self.rate(self.total_unit()?, &self.period?.label, kind)
    }

    /// The period of the same length just before the one shown.
    pub(crate) fn previous_period(&self) -> Option<&'a Period> {
        let shown = self.period?;
        self.report
            .periods
            .iter()
            .filter(|period| same_kind(&period.label, &shown.label) && period.last < shown.first)
            .max_by_key(|period| period.last)
    }

    /// Up to twelve periods of the same length, ending with the one shown.
    pub(crate) fn history(&self) -> Vec<&'a Period> {
        let Some(shown) = self.period else { return Vec::new() };
        let mut periods: Vec<_> = self
            .report
            .periods
            .iter()
            .filter(|period| same_kind(&period.label, &shown.label) && period.last <= shown.last)
            .collect();
        periods.sort_by_key(|period| period.last);
        periods.split_off(periods.len().saturating_sub(12))
    }

    /// Rates of the selection, in the report's order.
    pub(crate) fn rates(&self) -> impl Iterator<Item = &'a UnitRate> {
        let selected = self.selected;
        self.report.rates.iter().filter(move |rate| selected.is_none_or(|period| rate.period == period.label))
    }

    /// Codes of the units with a rate in the period shown, the total apart: worst first. Units without
    /// activity come last.
    pub(crate) fn units_worst_first(&self) -> Vec<&'a str> {
        let Some(period) = self.period else { return Vec::new() };
        let total = self.total_unit();
        let codes: BTreeSet<&str> = self
            .report
            .rates
            .iter()
            .filter(|rate| rate.period == period.label && Some(rate.unit.as_str()) != total)
            .map(|rate| rate.unit.as_str())
            .collect();
        let mut codes: Vec<&str> = codes.into_iter().collect();
        let order = |code: &str| match self.rate(code, &period.label, self.report.method.basis) {
            None => (4_u8, 0_u64, code.to_owned()),
            Some(rate) => {
                let class = match rate.outcome {
                    Outcome::Missed => 0,
                    Outcome::Undecided => 1,
                    Outcome::Met => 2,
                    Outcome::NoActivity => 3,
                };
                let share = (u64::from(rate.lower) * 1_000_000).checked_div(u64::from(rate.denominator));
                (class, share.unwrap_or(0), code.to_owned())
            }
        };
        codes.sort_by_cached_key(|code| order(code));
        codes
    }

    /// Causes that count against documents, the most frequent first: errors and undetermined findings
    /// that no waiver covers, rates apart (they are the consequence). Warnings only where nothing
    /// graver was found.
    pub(crate) fn causes(&self) -> Vec<Cause<'a>> {
        let grave = self.causes_of(|level| matches!(level, Level::Error | Level::Indeterminate));
        if grave.is_empty() { self.causes_of(|level| level == Level::Warn) } else { grave }
    }

    fn causes_of(&self, wanted: impl Fn(Level) -> bool) -> Vec<Cause<'a>> {
        struct Tally<'a> {
            level: Level,
            findings: u32,
            subjects: BTreeSet<&'a str>,
            units: BTreeSet<&'a str>,
        }
        let mut tallies: BTreeMap<&'a str, Tally<'a>> = BTreeMap::new();
        for &finding in &self.findings {
            if finding.waived.is_some() || finding.scope == Scope::Rate || !wanted(finding.level) {
                continue;
            }
            let tally = tallies.entry(finding.check.as_ref()).or_insert_with(|| Tally {
                level: finding.level,
                findings: 0,
                subjects: BTreeSet::new(),
                units: BTreeSet::new(),
            });
            tally.level = tally.level.min(finding.level);
            tally.findings += 1;
            tally.subjects.insert(finding.path.as_deref().unwrap_or(&finding.subject));
            tally.units.extend(finding.unit.as_deref());
        }
        let count = |set: &BTreeSet<&str>| u32::try_from(set.len()).unwrap_or(u32::MAX);
        let mut causes: Vec<Cause<'a>> = tallies
            .into_iter()
            .map(|(check, tally)| Cause {
                check,
                level: tally.level,
                findings: tally.findings,
                subjects: count(&tally.subjects),
                units: count(&tally.units),
            })
            .collect();
        causes.sort_by(|a, b| b.subjects.cmp(&a.subjects).then(b.findings.cmp(&a.findings)).then(a.check.cmp(b.check)));
        causes
    }

    /// Title of a check, else its id.
    pub(crate) fn title(&self, check: &str) -> String {
        match self.check(check) {
            Some(meta) if !meta.title.get(self.language).is_empty() => text::visible(meta.title.get(self.language)),
            _ => text::visible(check),
        }
    }

    /// Who fixes what a check found, and how.
    pub(crate) fn remedy(&self, check: &str) -> (String, String) {
        match self.check(check) {
            Some(meta) => who_and_action(meta.remedy.get(self.language)),
            None => (String::new(), String::new()),
        }
    }

    /// Files not judged, by reason, the most frequent first; over the whole run.
    pub(crate) fn not_assessed(&self) -> Vec<(&'static str, u32)> {
        let mut counts: BTreeMap<&'static str, u32> = BTreeMap::new();
        for reason in self.report.documents.iter().filter_map(|document| document.not_assessed.as_ref()) {
            *counts.entry(words::not_assessed_kind(reason, self.language)).or_default() += 1;
        }
        let mut counts: Vec<_> = counts.into_iter().collect();
        counts.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        counts
    }

    /// Passed signatures under a public root, over the whole run: sound, but not lawful specialised ones.
    pub(crate) fn passed_public(&self) -> u32 {
        let verdicts = self.report.documents.iter().flat_map(|document| &document.signatures);
        let public = |v: &&SignatureVerdict| v.indication == Indication::TotalPassed && v.trust == Trust::Public;
        u32::try_from(verdicts.filter(public).count()).unwrap_or(u32::MAX)
    }

    /// Name of the period shown.
    pub(crate) fn period_name(&self) -> String {
        match self.period {
            Some(period) => words::period(period, self.report.method.cutoff_day, self.language),
            None => self.say("Toàn bộ kho", "Whole archive").to_owned(),
        }
    }

    /// What the findings shown were selected by.
    pub(crate) fn selection_name(&self) -> String {
        match self.selected {
            Some(_) => self.period_name(),
            None => self.say("toàn kho, mọi kỳ", "whole archive, every period").to_owned(),
        }
    }

    /// Target of the rate the gate judges, percent.
    pub(crate) fn target(&self) -> u32 {
        let method = &self.report.method;
        if method.basis == RateKind::WorkFiles { method.target_work_files } else { method.target_electronic }
    }

    /// Why no conclusion may be drawn from this run, whatever the rates say: cut short, or too few files
    /// judged.
    fn inconclusive(&self) -> Option<String> {
        let vi = self.language == Language::Vi;
        if let Some(reason) = &self.report.partial {
            let reason = text::visible(reason);
            return Some(if vi {
                format!("đợt soát bị dừng giữa chừng ({reason})")
            } else {
                format!("the audit was cut short ({reason})")
            });
        }
        let scope = &self.report.scope;
        let minimum = self.report.method.minimum_coverage;
        let whole = scope.assessed.saturating_add(scope.not_assessed);
        if u64::from(scope.assessed) * 100 >= u64::from(minimum) * u64::from(whole) {
            return None;
        }
        let share = text::percent(scope.assessed, whole, self.language).unwrap_or_default();
        Some(if vi {
            format!("mới kiểm tra được {share} % số tệp, dưới mức tối thiểu {minimum} %")
        } else {
            format!("only {share} % of the files could be judged, below the minimum of {minimum} %")
        })
    }

    /// The verdict in one sentence, and the outcome; `None` where there is no rate to judge. An
    /// inconclusive run is undecided even where its figures look met.
    pub(crate) fn verdict(&self) -> (Option<Outcome>, String) {
        let vi = self.language == Language::Vi;
        let name = text::visible(&self.report.archive.name);
        let basis = self.report.method.basis;
        let of = words::rate(basis, self.language);
        let Some(rate) = self.total(basis) else {
            let sentence = if vi {
                format!("{name}: chưa có số liệu để tính tỷ lệ {of}.")
            } else {
                format!("{name}: no figures for the rate {of}.")
            };
            return (None, sentence);
        };
        let period = self.period_name();
        let target = rate.target.unwrap_or(self.target());
        let counted = words::counted(basis, self.language);
        let figures =
            format!("{} {counted} ({})", interval(rate, self.language), percent_interval(rate, self.language));
        if let Some(reason) = self.inconclusive() {
            let sentence = if vi {
                format!("{period}, {name} CHƯA KẾT LUẬN ĐƯỢC: {reason}. Số liệu tạm: {figures} {of}.")
            } else {
                format!("{period}: {name} UNDECIDED: {reason}. Provisional figures: {figures}, {of}.")
            };
            return (Some(Outcome::Undecided), sentence);
        }
        let open = text::number(u64::from(rate.upper.saturating_sub(rate.lower)), self.language);
        let short = missing(rate, self.language);
        let errors = self.open_errors();
        let sentence = match (rate.outcome, vi) {
            (Outcome::Met, true) => format!("{period}, {name} ĐẠT mục tiêu trên {target} %: {figures} {of}{errors}."),
            (Outcome::Met, false) => {
                format!("{period}: {name} MEETS the target above {target} %: {figures}, {of}{errors}.")
            }
            (Outcome::Missed, true) => {
                format!("{period}, {name} CHƯA ĐẠT mục tiêu trên {target} %: {figures} {of}; {short}.")
            }
            (Outcome::Missed, false) => {
                format!("{period}: {name} MISSES the target above {target} %: {figures}, {of}; {short}.")
            }
            (Outcome::Undecided, true) => format!(
                "{period}, {name} CHƯA KẾT LUẬN ĐƯỢC mục tiêu trên {target} %: {figures} {of}; còn {open} {counted} chưa xác định."
            ),
            (Outcome::Undecided, false) => format!(
                "{period}: {name}, target above {target} % UNDECIDED: {figures}, {of}; {open} {counted} undetermined."
            ),
            (Outcome::NoActivity, true) => format!("{period}, {name} KHÔNG PHÁT SINH {counted}: không tính tỷ lệ."),
            (Outcome::NoActivity, false) => format!("{period}: {name} had NO {counted}: no rate."),
        };
        (Some(rate.outcome), sentence)
    }

    /// A met target does not mean that nothing is wrong: the errors still open, as the end of a sentence.
    fn open_errors(&self) -> String {
        let open = self.findings.iter().filter(|finding| finding.waived.is_none() && finding.level == Level::Error);
        match (open.count(), self.language) {
            (0, _) => String::new(),
            (n, Language::Vi) => format!("; còn {} phát hiện mức lỗi phải xử lý", text::number(n as u64, Language::Vi)),
            (n, Language::En) => format!("; {} errors are open", text::number(n as u64, Language::En)),
        }
    }

    /// What this run does not say, each as a sentence: to be printed with every summary.
    pub(crate) fn limits(&self) -> Vec<String> {
        let report = self.report;
        let vi = self.language == Language::Vi;
        let mut lines = Vec::new();
        if let Some(reason) = self.inconclusive() {
            lines.push(if vi {
                format!("Chưa đủ để kết luận: {reason}; số liệu không dùng để kết luận đạt hay chưa đạt.")
            } else {
                format!("Inconclusive: {reason}; the figures decide nothing.")
            });
        }
        let scope = &report.scope;
        for list in &report.scope.revocation_lists {
            // Earlier lists stay as evidence for their time; only the newest of an issuer can be overdue.
            let newest = report
                .scope
                .revocation_lists
                .iter()
                .all(|other| other.issuer != list.issuer || other.this_update <= list.this_update);
            if newest && list.next_update.is_some_and(|next| next < report.clock) {
                let issuer = text::visible(&list.issuer);
                let next = list.next_update.map(|t| text::moment(t, self.language)).unwrap_or_default();
                lines.push(if vi {
                    format!("Danh sách thu hồi của {issuer} đã quá hạn cập nhật ({next}).")
                } else {
                    format!("The revocation list of {issuer} is out of date ({next}).")
                });
            }
        }
        lines.extend(self.comparison_limits());
        for (limit, files) in &scope.limits {
            let (limit, files) = (text::visible(limit), text::number(u64::from(*files), self.language));
            lines.push(if vi {
                format!("{files} tệp vượt giới hạn xử lý \"{limit}\".")
            } else {
                format!("{files} files reached the limit \"{limit}\".")
            });
        }
        if let Some(rate) = self.total(report.method.basis)
            && rate.denominator > 0
            && rate.denominator < report.method.minimum_denominator
        {
            lines.push(if vi {
                format!("Mẫu số nhỏ ({}): tỷ lệ phần trăm ít ý nghĩa.", rate.denominator)
            } else {
                format!("Small denominator ({}): percentages mean little.", rate.denominator)
            });
        }
        lines.push(
            self.say(
                "Dấu mật chỉ có trên ảnh quét thì chương trình không nhìn thấy được.",
                "A secrecy mark that is only in a scanned image cannot be seen.",
            )
            .to_owned(),
        );
        lines
    }

    /// What the comparison of scans could not say.
    fn comparison_limits(&self) -> Vec<String> {
        let comparison = &self.report.scope.comparison;
        let vi = self.language == Language::Vi;
        let count = |number: u32| text::number(u64::from(number), self.language);
        let mut lines = Vec::new();
        if comparison.lacking_recognition > 0 {
            let scans = count(comparison.lacking_recognition);
            lines.push(if vi {
                format!(
                    "{scans} bản quét cần nhận dạng chữ mới kết luận được có phải bản in của văn bản điện tử hay không: cài chương trình tesseract với gói tiếng Việt (vie) rồi chạy lại."
                )
            } else {
                format!(
                    "{scans} scans need OCR to tell whether they print an e-document: install tesseract with Vietnamese (vie) and run again."
                )
            });
        }
        let unseen = comparison.scans.saturating_sub(comparison.compared);
        if unseen > 0 && comparison.documents > 0 {
            let (unseen, scans) = (count(unseen), count(comparison.scans));
            lines.push(if vi {
                format!("{unseen} trong {scans} bản quét không xem được hình trang, nên chưa so với văn bản điện tử.")
            } else {
                format!("{unseen} of {scans} scans could not be looked at and were not compared with e-documents.")
            });
        }
        lines
    }

    /// Commands that make this report again from the same inputs.
    pub(crate) fn commands(&self) -> Vec<String> {
        let folder = text::shell_word(&text::visible(&self.report.archive.folder));
        let mut commands = vec![format!("soat audit {folder} --at {}", self.report.clock)];
        commands.push(match self.selected {
            Some(period) => format!("soat report --period {}", text::shell_word(&text::visible(&period.label))),
            None => "soat report".to_owned(),
        });
        commands
    }

    /// The files that the report was made from: what each is, and its SHA-256.
    pub(crate) fn inputs(&self) -> impl ExactSizeIterator<Item = (String, String)> {
        self.report.inputs.iter().map(|input| {
            let kind = words::input(&input.kind, self.language);
            (format!("{} {}", text::visible(kind), text::visible(&input.path)), input.sha256.to_string())
        })
    }

    /// Who waived, until when, and how many findings of the selection.
    pub(crate) fn waivers_by_authority(&self) -> BTreeMap<String, u32> {
        let mut counts = BTreeMap::new();
        for waived in self.waived().filter_map(|finding| finding.waived.as_ref()) {
            let until = text::date(waived.expires, self.language);
            let authority = text::visible(&self.mask.text(&waived.authority, None));
            let words = format!("{authority} ({} {until})", self.say("đến", "until"));
            *counts.entry(words).or_default() += 1;
        }
        counts
    }

    /// Waived findings of the selection.
    pub(crate) fn waived(&self) -> impl Iterator<Item = &'a Finding> {
        self.findings.iter().copied().filter(|finding| finding.waived.is_some())
    }
}

/// Whether two labels name periods of one length: `2026-10` and `2025-01`, not `2026-Q4`.
fn same_kind(a: &str, b: &str) -> bool {
    let shape = |label: &str| -> String { label.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect() };
    shape(a) == shape(b)
}

/// `143–149/166`, or `143/166` where nothing is undetermined.
pub(crate) fn interval(rate: &UnitRate, language: Language) -> String {
    let n = |value: u32| text::number(u64::from(value), language);
    if rate.lower == rate.upper {
        format!("{}/{}", n(rate.lower), n(rate.denominator))
    } else {
        format!("{}–{}/{}", n(rate.lower), n(rate.upper), n(rate.denominator))
    }
}

/// `86,14–89,75 %`; a dash where there is nothing to divide by.
pub(crate) fn percent_interval(rate: &UnitRate, language: Language) -> String {
    match (text::percent(rate.lower, rate.denominator, language), text::percent(rate.upper, rate.denominator, language))
    {
        (Some(lower), Some(upper)) if rate.lower == rate.upper || lower == upper => format!("{lower} %"),
        (Some(lower), Some(upper)) => format!("{lower}–{upper} %"),
        _ => "—".to_owned(),
    }
}

/// "còn thiếu 15 văn bản".
pub(crate) fn missing(rate: &UnitRate, language: Language) -> String {
    let k = text::number(u64::from(rate.missing_to_target), language);
    let counted = words::counted(rate.rate, language);
    match language {
        Language::Vi => format!("còn thiếu {k} {counted}"),
        Language::En => format!("{k} {counted} short"),
    }
}

/// Splits "Văn thư: lấy lại tệp gốc" into who and what; without such a start, who is empty.
pub(crate) fn who_and_action(remedy: &str) -> (String, String) {
    match remedy.split_once(':') {
        Some((who, action)) if who.chars().count() <= 40 && !action.trim().is_empty() => {
            (text::visible(who.trim()), text::visible(action.trim()))
        }
        _ => (String::new(), text::visible(remedy)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_of_one_length_are_told_apart() {
        assert!(same_kind("2026-10", "2025-01"));
        assert!(!same_kind("2026-10", "2026-Q4"));
        assert!(!same_kind("2026-Q4", "2026-H2"));
        assert!(!same_kind("2026", "2026-10"));
    }

    #[test]
    fn who_stands_before_the_colon() {
        assert_eq!(who_and_action("Văn thư: ký lại."), ("Văn thư".to_owned(), "ký lại.".to_owned()));
        assert_eq!(who_and_action("Không cần xử lý"), (String::new(), "Không cần xử lý".to_owned()));
    }
}
