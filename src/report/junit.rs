//! JUnit XML for build servers: rates with a target, findings and clean documents as test cases.
//!
//! What could not be judged is an `error`, never a pass and never a failure; a waived finding is
//! `skipped` with its authority. Warnings pass and say so.

use super::{
    Files, Format, Options, RenderError, file_name,
    text::{self, xml},
    view::{View, interval, percent_interval},
    words,
};
use crate::model::{DocumentReport, Finding, Level, Outcome, Processing, Report, UnitRate};
use std::collections::{BTreeMap, HashSet};

pub(super) const FORMAT: Format = Format { name: "junit", extension: "xml", render };

fn render(report: &Report, options: &Options) -> Result<Files, RenderError> {
    let report = &*super::mask::masked(report, options);
    let view = View::new(report, options)?;
    let mut suites = vec![rates(&view)];
    let mut units: BTreeMap<&str, Suite> = BTreeMap::new();
    let mut seen = HashSet::new();
    for &finding in &view.findings {
        if let Some(path) = &finding.path {
            seen.insert(path.as_str());
        }
        let unit = finding.unit.as_deref().unwrap_or_default();
        units.entry(unit).or_default().push(finding_case(&view, finding));
    }
    for document in view.documents.iter().filter(|document| !seen.contains(document.path.as_str())) {
        let unit = document.unit.as_deref().unwrap_or_default();
        units.entry(unit).or_default().push(document_case(&view, document));
    }
    for (unit, mut suite) in units {
        suite.name = view.unit_code(unit);
        suites.push(suite);
    }
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let sum = |count: fn(&Suite) -> usize| suites.iter().map(count).sum::<usize>();
    out.push_str(&format!(
        "<testsuites name=\"soat {}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" time=\"0\">\n",
        xml(&report.archive.name),
        sum(|suite| suite.cases.len()),
        sum(|suite| suite.count(Mark::Failure)),
        sum(|suite| suite.count(Mark::Error)),
    ));
    let clock = report.clock.to_string();
    let timestamp = clock.split('+').next().unwrap_or_default();
    for suite in &suites {
        suite.print(&mut out, timestamp);
    }
    out.push_str("</testsuites>\n");
    Ok(vec![(file_name(options, "xml"), out.into_bytes())])
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Passed,
    Failure,
    Error,
    Skipped,
}

struct Case {
    class: String,
    name: String,
    mark: Mark,
    kind: String,
    message: String,
    detail: String,
}

#[derive(Default)]
struct Suite {
    name: String,
    cases: Vec<Case>,
    output: String,
    /// Name and value: what the suite was made from.
    properties: Vec<(String, String)>,
}

impl Suite {
    fn push(&mut self, case: Case) {
        self.cases.push(case);
    }

    fn count(&self, mark: Mark) -> usize {
        self.cases.iter().filter(|case| case.mark == mark).count()
    }

    fn print(&self, out: &mut String, timestamp: &str) {
        out.push_str(&format!(
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"0\" timestamp=\"{timestamp}\">\n",
            xml(&self.name),
            self.cases.len(),
            self.count(Mark::Failure),
            self.count(Mark::Error),
            self.count(Mark::Skipped),
        ));
        if !self.properties.is_empty() {
            out.push_str("    <properties>\n");
            for (name, value) in &self.properties {
                out.push_str(&format!("      <property name=\"{}\" value=\"{}\"/>\n", xml(name), xml(value)));
            }
            out.push_str("    </properties>\n");
        }
        for case in &self.cases {
            out.push_str(&format!(
                "    <testcase classname=\"{}\" name=\"{}\" time=\"0\">",
                xml(&case.class),
                xml(&case.name)
            ));
            let (kind, message, detail) = (xml(&case.kind), xml(&case.message), xml(&case.detail));
            match case.mark {
                Mark::Passed if case.message.is_empty() => {}
                Mark::Passed => out.push_str(&format!("<system-out>{kind}: {message} {detail}</system-out>")),
                Mark::Failure => {
                    out.push_str(&format!("<failure type=\"{kind}\" message=\"{message}\">{detail}</failure>"));
                }
                Mark::Error => out.push_str(&format!("<error type=\"{kind}\" message=\"{message}\">{detail}</error>")),
                Mark::Skipped => out.push_str(&format!("<skipped message=\"{message} {detail}\"/>")),
            }
            out.push_str("</testcase>\n");
        }
        if !self.output.is_empty() {
            out.push_str(&format!("    <system-out>{}</system-out>\n", self.output));
        }
        out.push_str("  </testsuite>\n");
    }
}

fn rates(view: &View<'_>) -> Suite {
    let inputs = view.report.inputs.iter();
    let properties = inputs.map(|input| {
        let name = format!("sha256 {} {}", input.kind, text::visible(&input.path));
        (name, input.sha256.to_string())
    });
    let mut suite = Suite { name: "rates".to_owned(), properties: properties.collect(), ..Suite::default() };
    for rate in view.rates() {
        suite.output.push_str(&xml(&rate_line(view, rate)));
        suite.output.push('\n');
        let Some(target) = rate.target else { continue };
        suite.push(Case {
            class: format!("rates.{}", view.unit_code(&rate.unit)),
            name: format!("{} {} > {target} %", words::rate(rate.rate, view.language), rate.period),
            mark: match rate.outcome {
                Outcome::Met => Mark::Passed,
                Outcome::Missed => Mark::Failure,
                Outcome::Undecided => Mark::Error,
                Outcome::NoActivity => Mark::Skipped,
            },
            kind: words::outcome(rate.outcome, view.language).to_owned(),
            message: rate_line(view, rate),
            detail: String::new(),
        });
    }
    suite
}

fn rate_line(view: &View<'_>, rate: &UnitRate) -> String {
    format!(
        "{} {} {}: {} ({}), {}",
        view.unit_code(&rate.unit),
        rate.period,
        words::rate(rate.rate, view.language),
        interval(rate, view.language),
        percent_interval(rate, view.language),
        words::outcome(rate.outcome, view.language)
    )
}

/// Number and path: what a person looks for.
fn name(document: Option<&DocumentReport>, path: Option<&str>, subject: &str) -> String {
    let number = document.and_then(|document| document.number.as_deref());
    match (number, path) {
        (Some(number), Some(path)) => format!("{number} {path}"),
        (None, Some(path)) => path.to_owned(),
        _ => subject.to_owned(),
    }
}

fn finding_case(view: &View<'_>, finding: &Finding) -> Case {
    let document = finding.path.as_deref().and_then(|path| view.document(path));
    let (who, action) = view.remedy(finding.check.as_ref());
    let subject = view.subject(finding);
    let mut detail = if who.is_empty() { action } else { format!("{who}: {action}") };
    let mark = match (finding.level, &finding.waived) {
        (_, Some(waived)) => {
            detail = format!(
                "[{}: {} — {}, {} {}]",
                view.say("miễn trừ", "waived"),
                waived.reason,
                waived.authority,
                view.say("đến", "until"),
                text::date(waived.expires, view.language)
            );
            Mark::Skipped
        }
        (Level::Error, None) => Mark::Failure,
        (Level::Indeterminate, None) => Mark::Error,
        (Level::Warn | Level::Info, None) => Mark::Passed,
    };
    let name = name(document, finding.path.as_deref(), &subject);
    Case {
        class: finding.check.to_string(),
        name: if finding.path.is_some() && subject != name { format!("{name} {subject}") } else { name },
        mark,
        kind: finding.check.to_string(),
        message: view.message(finding),
        detail,
    }
}

/// A document without a finding: passed only where nothing was left open.
fn document_case(view: &View<'_>, document: &DocumentReport) -> Case {
    let (mark, message) = match (&document.not_assessed, document.processing) {
        (Some(reason), _) => (Mark::Error, words::not_assessed(reason, view.language)),
        (None, Some(class @ Processing::NotAssessed)) => {
            (Mark::Error, words::processing(class, view.language).to_owned())
        }
        (None, Some(class @ (Processing::Electronic | Processing::Excluded | Processing::Paper))) => {
            (Mark::Passed, words::processing(class, view.language).to_owned())
        }
        (None, Some(class)) => (Mark::Failure, words::processing(class, view.language).to_owned()),
        (None, None) => (Mark::Passed, view.say("không thuộc sổ đăng ký", "no register row").to_owned()),
    };
    Case {
        class: "document".to_owned(),
        name: name(Some(document), Some(&document.path), &document.path),
        mark,
        kind: "document".to_owned(),
        message,
        detail: String::new(),
    }
}
