//! One document explained, building block by building block: what was checked, with what, why this
//! conclusion, what to do.

use super::{Options, mask::Mask, plain::Paint, text, view::who_and_action, words};
use crate::model::{
    BaselineLevel, BuildingBlock, CheckMeta, DocumentReport, Finding, Indication, SignatureKind, SignatureVerdict,
    Trust, words as words_of,
};

const COLUMNS: usize = 80;

/// The text of `soat verify`: a tree at 80 columns. `findings` are the document's own, `checks` give
/// the remedies. Paths and field names are shown with control characters made visible.
pub fn explain_document(
    document: &DocumentReport,
    findings: &[Finding],
    checks: &[CheckMeta],
    options: &Options,
) -> String {
    let tree = Tree {
        options,
        checks,
        mask: Mask::of_document(options.disclose),
        paint: Paint(options.colour),
        document,
        out: String::new(),
    };
    tree.print(findings)
}

struct Tree<'a> {
    options: &'a Options,
    checks: &'a [CheckMeta],
    mask: Mask,
    paint: Paint,
    document: &'a DocumentReport,
    out: String,
}

impl Tree<'_> {
    fn say(&self, vi: &'static str, en: &'static str) -> &'static str {
        words::pick(self.options.language, vi, en)
    }

    fn print(mut self, findings: &[Finding]) -> String {
        let language = self.options.language;
        let document = self.document;
        let path = text::visible(&document.path);
        self.out.push_str(&self.paint.bold(&path));
        self.out.push('\n');
        // A file that could not be read has none.
        if document.sha256.0 != [0; 32] {
            self.entry("├─ ", "│  ", "SHA-256", &document.sha256.to_string());
        }
        let number = document.number.as_deref().map(text::visible);
        let date = document.date.map(|date| text::date(date, language));
        if let Some(number) = number {
            let value = match date {
                Some(date) => format!("{number}, {} {date}", self.say("ngày", "dated")),
                None => number,
            };
            self.entry("├─ ", "│  ", self.say("Số, ký hiệu", "Number"), &value);
        }
        if let Some(latest) = &document.version_of {
            let latest = text::visible(latest);
            self.entry("├─ ", "│  ", self.say("Bản ký trước của", "Earlier version of"), &latest);
        }
        if let Some(reason) = &document.not_assessed {
            let reason = words::not_assessed(reason, language);
            let label = self.say("? CHƯA KIỂM TRA ĐƯỢC", "? COULD NOT BE JUDGED");
            let label = self.paint.indication(Indication::Indeterminate, label);
            self.entry("├─ ", "│  ", &label, &reason);
        } else if document.signatures.is_empty() {
            self.entry("├─ ", "│  ", self.say("Chữ ký số", "Signatures"), self.say("không có", "none"));
        }
        let count = document.signatures.len();
        for (index, verdict) in document.signatures.iter().enumerate() {
            let last = index + 1 == count && findings.is_empty();
            self.signature(verdict, last);
        }
        for (index, finding) in findings.iter().enumerate() {
            let last = index + 1 == findings.len();
            let (branch, stem) = if last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
            let label = format!("{} [{}]", words::level(finding.level, language), finding.check);
            let label = self.paint.level(finding.level, &label);
            let message = text::visible(&self.mask.message(finding, Some(document), language));
            self.entry(branch, stem, &label, &message);
            if let Some(waived) = &finding.waived {
                let value = format!(
                    "{} — {} ({} {})",
                    text::visible(&waived.reason),
                    text::visible(&waived.authority),
                    self.say("đến", "until"),
                    text::date(waived.expires, language)
                );
                self.entry(&format!("{stem}  "), &format!("{stem}  "), self.say("miễn trừ", "waived"), &value);
            } else {
                self.remedy(finding.check.as_ref(), stem);
            }
        }
        self.out
    }

    /// `branch label: value`, wrapped behind `stem`.
    fn entry(&mut self, branch: &str, stem: &str, label: &str, value: &str) {
        let room = COLUMNS.saturating_sub(text::width(branch) + 2);
        for (index, line) in text::wrap(&format!("{label}: {value}"), room).iter().enumerate() {
            self.out.push_str(if index == 0 { branch } else { stem });
            if index > 0 {
                self.out.push_str("  ");
            }
            self.out.push_str(line);
            self.out.push('\n');
        }
    }

    fn remedy(&mut self, check: &str, stem: &str) {
        let Some(meta) = self.checks.iter().find(|meta| meta.id == check) else { return };
        let (who, action) = who_and_action(meta.remedy.get(self.options.language));
        let action = if who.is_empty() { action } else { format!("{who}: {action}") };
        if !action.is_empty() {
            let stem = format!("{stem}  ");
            self.entry(&stem, &stem, self.say("→ Việc cần làm", "→ What to do"), &action);
        }
    }

    fn signature(&mut self, verdict: &SignatureVerdict, last: bool) {
        let language = self.options.language;
        let (branch, stem) = if last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
        let kind = match verdict.kind {
            SignatureKind::Signature => self.say("Chữ ký", "Signature"),
            SignatureKind::DocumentTimestamp => self.say("Dấu thời gian văn bản", "Document timestamp"),
        };
        let sub = verdict.sub_indication.map(|sub| format!(" / {}", constant(&sub))).unwrap_or_default();
        let label = format!("{} {kind} {}", words::verdict_mark(verdict), text::visible(&verdict.field));
        let paint = match (verdict.indication, verdict.trust) {
            (Indication::TotalPassed, Trust::Public) => Indication::Indeterminate,
            (other, _) => other,
        };
        let label = self.paint.indication(paint, &label);
        let value =
            format!("{} ({}{sub})", words::verdict(verdict, language).to_uppercase(), constant(&verdict.indication));
        self.entry(branch, stem, &label, &value);
        let inner = format!("{stem}│  ");
        let fact = format!("{stem}├─ ");
        for (label, value) in self.facts(verdict) {
            self.entry(&fact, &inner, label, &value);
        }
        self.blocks(verdict, stem);
        for note in &verdict.notes {
            let detail = words_of::note_detail(&note.code, &note.detail);
            let detail = text::visible(&self.mask.text(detail.get(language), Some(self.document)));
            let meaning = text::visible(words_of::note(&note.code).get(language));
            let value = if detail.is_empty() { meaning } else { format!("{meaning}: {detail}") };
            let value = format!("{value} [{}]", text::visible(&note.code));
            self.entry(&fact, &inner, self.say("ghi chú", "note"), &value);
        }
        if let Some(cause) = &verdict.cause {
            let branch = format!("{stem}└─ ");
            let inner = format!("{stem}   ");
            let cause = text::visible(cause);
            let title = self.checks.iter().find(|meta| meta.id == cause.as_str());
            let title = title.map(|meta| format!(" — {}", text::visible(meta.title.get(language)))).unwrap_or_default();
            self.entry(&branch, &inner, self.say("Nguyên nhân", "Cause"), &format!("{cause}{title}"));
            self.remedy(&cause, &inner);
        } else if verdict.indication == Indication::TotalPassed {
            let action = if verdict.trust == Trust::Public {
                self.say(
                    "chữ ký đúng nhưng sai loại chứng thư: dùng chữ ký số chuyên dùng công vụ cho lần ký sau.",
                    "the signature holds, but its certificate is of the wrong kind: sign with a specialised one.",
                )
            } else {
                self.say("không cần làm gì.", "nothing.")
            };
            self.entry(
                &format!("{stem}└─ "),
                &format!("{stem}   "),
                self.say("→ Việc cần làm", "→ What to do"),
                action,
            );
        }
    }

    /// Each building block of EN 319 102-1 with what it concluded: what was checked and with what, why, and
    /// its clause. What one block said several times stands under it.
    fn blocks(&mut self, verdict: &SignatureVerdict, stem: &str) {
        let language = self.options.language;
        let label = self.say("Các bước kiểm tra (ETSI EN 319 102-1)", "What was checked (ETSI EN 319 102-1)");
        let mut seen: Vec<BuildingBlock> = Vec::new();
        for conclusion in &verdict.conclusions {
            if !seen.contains(&conclusion.block) {
                seen.push(conclusion.block);
            }
        }
        if seen.is_empty() {
            return;
        }
        self.out.push_str(&format!("{stem}├─ {label}\n"));
        for (index, block) in seen.iter().enumerate() {
            let last = index + 1 == seen.len();
            let (branch, below) = if last { ("└─ ", "   ") } else { ("├─ ", "│  ") };
            let of: Vec<_> = verdict.conclusions.iter().filter(|one| one.block == *block).collect();
            let worst = of.iter().map(|one| one.indication).max().unwrap_or(Indication::Indeterminate);
            let head = format!("{} {}", words::mark(worst), words::block(*block, language));
            let head = self.paint.indication(worst, &head);
            self.out.push_str(&format!("{stem}│  {branch}{head} ({})\n", words::clause(*block)));
            let inner = format!("{stem}│  {below}");
            for one in of {
                let sub = one.sub_indication.map(|sub| format!(" [{}]", constant(&sub))).unwrap_or_default();
                let reason = text::visible(&self.mask.text(one.reason.get(language), Some(self.document)));
                let value = format!("{} {reason}{sub}", words::mark(one.indication));
                self.lines(&inner, &value);
            }
        }
    }

    /// `value`, wrapped behind `stem`.
    fn lines(&mut self, stem: &str, value: &str) {
        for (index, line) in text::wrap(value, COLUMNS.saturating_sub(text::width(stem) + 2)).iter().enumerate() {
            self.out.push_str(&format!("{stem}{}{line}\n", if index == 0 { "" } else { "  " }));
        }
    }

    /// The seven things to show of every signature (TT 15/2025 Đ.6, by analogy) and what they rest on.
    fn facts(&self, verdict: &SignatureVerdict) -> Vec<(&'static str, String)> {
        let mut facts = evidence(verdict, &self.mask, self.options.language);
        facts.retain(|(_, value)| !value.is_empty());
        facts
    }
}

/// A signature's evidence as label and value; shared by the tree and the pages.
pub(super) fn evidence(
    verdict: &SignatureVerdict,
    mask: &Mask,
    language: crate::model::Language,
) -> Vec<(&'static str, String)> {
    let say = |vi, en| words::pick(language, vi, en);
    let shown = |value: &Option<String>| value.as_deref().map(text::visible).unwrap_or_default();
    let digests =
        |list: &[crate::model::Sha256Digest]| list.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let signer = text::visible(&mask.signer(verdict).unwrap_or_default());
    let role = words::role(verdict.role, language);
    let republisher = if verdict.republisher { say(", cơ quan đăng lại", ", republisher") } else { "" };
    let time = verdict.reference_time.map(|time| text::moment(time, language));
    let validity = verdict
        .certificate_validity
        .map(|(from, to)| format!("{} – {}", text::moment(from, language), text::moment(to, language)));
    let mut revocation = words::revocation(verdict.revocation, language).to_owned();
    if let Some((at, reason)) = &verdict.revoked {
        let reason = words_of::revocation_reason(reason);
        let reason = text::visible(reason.get(language));
        revocation.push_str(&format!(" ({}, {reason})", text::moment(*at, language)));
    }
    let range = match verdict.byte_range.as_slice() {
        [] => String::new(),
        values => {
            let values: Vec<String> = values.iter().map(ToString::to_string).collect();
            format!("[{}], {}", values.join(" "), words::coverage(verdict.coverage, language))
        }
    };
    let level = match verdict.level {
        Some(BaselineLevel::B) => "B-B",
        Some(BaselineLevel::T) => "B-T",
        Some(BaselineLevel::Lt) => "B-LT",
        Some(BaselineLevel::Lta) => "B-LTA",
        None => "",
    };
    let form = [shown(&verdict.sub_filter), level.to_owned()];
    let form: Vec<&str> = form.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    vec![
        (
            say("Người ký", "Signer"),
            if signer.is_empty() { role.to_owned() } else { format!("{signer} ({role}{republisher})") },
        ),
        (
            say("Đơn vị quản lý chứng thư", "Organisation"),
            text::visible(&mask.text(verdict.organisation.as_deref().unwrap_or_default(), None)),
        ),
        (say("Cơ quan cấp chứng thư", "Issuer"), shown(&verdict.issuer)),
        (say("Loại chứng thư", "Kind of trust"), words::trust(verdict.trust, language).to_owned()),
        (
            say("Thời điểm ký", "Time of signing"),
            match time {
                Some(time) => format!("{time} ({})", words::time_source(verdict.time_source, language)),
                None => words::time_source(verdict.time_source, language).to_owned(),
            },
        ),
        (say("Nội dung đã ký", "Signed content"), words::integrity(verdict.integrity, language).to_owned()),
        (
            say("Thay đổi sau khi ký", "Changes after signing"),
            words::modification(verdict.modification, language).to_owned(),
        ),
        (say("Hạn chứng thư", "Certificate period"), validity.unwrap_or_default()),
        (say("Tình trạng thu hồi", "Revocation"), revocation),
        (say("Vùng ký", "Signed range"), range),
        (say("Định dạng", "Format"), form.join(", ")),
        (
            say("Chứng thư (SHA-256)", "Certificate (SHA-256)"),
            verdict.certificate.map(|digest| digest.to_string()).unwrap_or_default(),
        ),
        (say("Đường dẫn (SHA-256)", "Path (SHA-256)"), digests(&verdict.path)),
        (say("Bằng chứng thu hồi (SHA-256)", "Revocation evidence (SHA-256)"), digests(&verdict.revocation_evidence)),
    ]
}

/// The standard's own spelling of a status (`TOTAL-PASSED`, `HASH_FAILURE`), from the contract's names.
pub(crate) fn constant(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}
