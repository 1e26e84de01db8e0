//! `soat certificate`: certificates one by one, the path as a tree, each check with its clause.

use super::arguments::{CertificateArguments, CertificateFormat};
use super::context::JudgingMaterial;
use super::evidence::Collection;
use super::exit::{Exit, Failure};
use super::load::known_root;
use super::named::Tally;
use super::system;
use super::terminal::{Terminal, print};
use super::trust;
use crate::check;
use crate::limits::Limits;
use crate::model::{Bilingual, Indication, Language, Sha256Digest, UnixTime, words as stable};
use crate::pki::{
    Anchor, Certificate, EvidenceSummary, PathFinder, PathParameters, RevocationAnswer, RevocationOutcome,
    RevocationSource, TrustStore, pins,
};
use crate::report::{constant, text, who_and_action, words};
use crate::validate::{Carried, CertificateVerdict, Detail, PathStep, Position, judge_certificate};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::sync::Arc;

/// Columns of the plain text.
const COLUMNS: usize = 100;

/// Judges every certificate named.
pub(super) fn certificate(
    arguments: &CertificateArguments,
    mut material: JudgingMaterial,
    folders: &Collection,
    limits: &Limits,
    terminal: &Terminal,
) -> Result<Exit, Failure> {
    let parameters = PathParameters {
        policies: (!arguments.policy.is_empty()).then(|| arguments.policy.iter().cloned().collect()),
        explicit_policy: arguments.explicit_policy,
        inhibit_policy_mapping: arguments.inhibit_policy_mapping,
        inhibit_any_policy: arguments.inhibit_any_policy,
    };
    material.paths = PathFinder::new(material.paths.store().clone(), parameters.clone(), limits);
    let mut tally = Tally::new();
    let mut documents = Vec::new();
    for file in &arguments.files {
        let found = read(file, terminal)?;
        if found.certificates.is_empty() {
            let text = terminal.pick("không có chứng thư nào trong tệp", "no certificate in the file");
            terminal.error(&format!("{}: {text}", file.display()));
            tally.worsen(Exit::Usage);
            continue;
        }
        if let Some(store) = with_known_roots(&material, &found) {
            material.paths = PathFinder::new(store, parameters.clone(), limits);
        }
        let sources = Sources([folders.revocation(), found.revocation()]);
        let carried = Carried::default();
        let context = material.context(&carried, limits, Detail::Full);
        for certificate in subjects(&found.certificates) {
            let verdict =
                judge_certificate(certificate, &found.certificates, &found.revocation(), material.clock, &context);
            let exit = match verdict.indication {
                Indication::TotalPassed => Exit::Passed,
                Indication::TotalFailed => Exit::NotPassed,
                Indication::Indeterminate => Exit::Undecided,
            };
            tally.add(exit);
            match arguments.format {
                CertificateFormat::Plain => {
                    let tree = Tree { terminal, sources: &sources, out: String::new() };
                    print(tree.print(file, &verdict).as_bytes())?;
                }
                CertificateFormat::Jsonl => {
                    print(format!("{}\n", object(file, &verdict, &sources, terminal.language)).as_bytes())?
                }
                CertificateFormat::Json => documents.push(object(file, &verdict, &sources, terminal.language)),
            }
        }
    }
    let mut summary = tally.summary("certificates");
    match arguments.format {
        CertificateFormat::Plain => {}
        CertificateFormat::Jsonl => print(format!("{summary}\n").as_bytes())?,
        CertificateFormat::Json => {
            summary["certificates"] = Value::Array(documents);
            print(format!("{summary:#}\n").as_bytes())?;
        }
    }
    Ok(tally.exit())
}

fn read(file: &Path, terminal: &Terminal) -> Result<Collection, Failure> {
    let bytes = fs::read(file).map_err(|error| {
        Failure::message(Exit::Usage, format!("{}: {}", file.display(), system::say(&error, terminal)))
    })?;
    let mut found = Collection::default();
    found.add(&bytes, &file.to_string_lossy());
    Ok(found)
}

/// The trust store with the known roots of the file as anchors that nobody has confirmed: a root that is not
/// configured yet is no forgery. `None` if there are none.
fn with_known_roots(material: &JudgingMaterial, found: &Collection) -> Option<TrustStore> {
    let store = material.paths.store();
    let roots: Vec<Anchor> = found
        .certificates
        .iter()
        .filter(|certificate| store.anchor(&certificate.sha256).is_none())
        .filter_map(|certificate| {
            let kind = known_root(&certificate.sha256)?;
            Some(Anchor { certificate: Arc::clone(certificate), kind, confirmed: false })
        })
        .collect();
    (!roots.is_empty()).then(|| {
        let mut store = store.clone();
        store.anchors.extend(roots);
        store
    })
}

/// The certificates of a file that issued no other one in it: a bundle brings its issuers along.
fn subjects(all: &[Arc<Certificate>]) -> Vec<&Arc<Certificate>> {
    let issued = |one: &Arc<Certificate>| {
        all.iter().any(|other| {
            other.sha256 != one.sha256 && other.issuer == one.subject && other.verify_signed_by(&one.spki).is_right()
        })
    };
    // Everything that is compared costs a signature check: a folder dumped into one file is taken as a list.
    const COMPARED: usize = 32;
    let mut found: Vec<&Arc<Certificate>> =
        if all.len() > COMPARED { all.iter().collect() } else { all.iter().filter(|one| !issued(one)).collect() };
    if found.is_empty() {
        found.extend(all.first());
    }
    found
}

/// Where revocation evidence comes from: the folders', then the file's own.
struct Sources([RevocationSource; 2]);

impl Sources {
    fn get(&self, sha256: &Sha256Digest) -> Option<EvidenceSummary> {
        self.0.iter().find_map(|source| source.summary(sha256))
    }
}

/// The plain text.
struct Tree<'a> {
    terminal: &'a Terminal,
    sources: &'a Sources,
    out: String,
}

impl Tree<'_> {
    fn say(&self, vi: &'static str, en: &'static str) -> &'static str {
        words::pick(self.terminal.language, vi, en)
    }

    fn pick(&self, text: &Bilingual) -> String {
        text::visible(text.get(self.terminal.language))
    }

    fn moment(&self, time: UnixTime) -> String {
        text::moment(time, self.terminal.language)
    }

    /// `branch label: value`, wrapped behind `stem`.
    fn line(&mut self, branch: &str, stem: &str, value: &str) {
        let room = COLUMNS.saturating_sub(text::width(branch) + 2);
        for (index, line) in text::wrap(value, room).iter().enumerate() {
            self.out.push_str(&if index == 0 { format!("{branch}{line}\n") } else { format!("{stem}  {line}\n") });
        }
    }

    fn print(mut self, file: &Path, verdict: &CertificateVerdict) -> String {
        let language = self.terminal.language;
        self.out.push_str(&text::visible(&file.to_string_lossy()));
        self.out.push('\n');
        let sub = verdict.sub_indication.map(|sub| format!(" / {}", constant(&sub))).unwrap_or_default();
        let conclusion = format!(
            "{} {} ({}{sub})",
            words::mark(verdict.indication),
            words::indication(verdict.indication, language).to_uppercase(),
            constant(&verdict.indication)
        );
        let republisher = if verdict.republisher { self.say(", cơ quan đăng lại", ", republisher") } else { "" };
        // Person or agency is a question about those who sign documents.
        let authority = verdict.path.first().is_some_and(|step| step.certificate.is_ca());
        let holder = if authority {
            self.say("cơ quan chứng thực (CA)", "a certification authority").to_owned()
        } else {
            format!("{}{republisher}", words::role(verdict.role, language))
        };
        let entries = [
            (self.say("Kết luận", "Conclusion"), conclusion),
            (self.say("Xét tại thời điểm", "Judged at"), self.moment(verdict.at)),
            (self.say("Loại tin cậy", "Kind of trust"), words::trust(verdict.trust, language).to_owned()),
            (self.say("Chủ thể là", "Held by"), holder),
        ];
        for (label, value) in entries {
            self.line("├─ ", "│  ", &format!("{label}: {value}"));
        }
        for conclusion in &verdict.conclusions {
            let mark = words::mark(conclusion.indication);
            let block = words::block(conclusion.block, language);
            let sub = conclusion.sub_indication.map(|sub| format!(" [{}]", constant(&sub))).unwrap_or_default();
            let reason = self.pick(&conclusion.reason);
            self.line("├─ ", "│  ", &format!("{mark} {block}: {reason}{sub}"));
        }
        for note in &verdict.notes {
            let title = self.pick(&stable::note(&note.code));
            let value = format!("{}: {title} {}", self.say("ghi chú", "note"), text::visible(&note.detail));
            self.line("├─ ", "│  ", value.trim_end());
        }
        let label = self.say("Đường dẫn chứng thư, từ gốc xuống", "Certificate path, from the root down");
        self.line("├─ ", "│  ", &format!("{label}:"));
        self.path(verdict);
        let action = match verdict.cause.and_then(check::find) {
            Some(check) => {
                let (who, action) = who_and_action(check.meta.to_model().remedy.get(language));
                if who.is_empty() { action } else { format!("{who}: {action}") }
            }
            None => self.say("không cần làm gì thêm.", "nothing.").to_owned(),
        };
        self.line("└─ ", "   ", &format!("{}: {action}", self.say("Việc cần làm", "What to do")));
        self.out
    }

    fn path(&mut self, verdict: &CertificateVerdict) {
        let mut stem = "│  ".to_owned();
        if let Some(missing) = &verdict.missing {
            let label = self.say("thiếu chứng thư của nơi cấp", "the issuer's certificate is missing");
            self.line(&format!("{stem}└─ "), &format!("{stem}   "), &format!("? {label}: {}", text::visible(missing)));
            stem.push_str("   ");
        }
        for step in verdict.path.iter().rev() {
            self.line(&format!("{stem}└─ "), &format!("{stem}   "), &self.title(step));
            stem.push_str("   ");
            let below = if step.position == Position::Subject || verdict.path.len() == 1 { "" } else { "│" };
            let branch = format!("{stem}{below}  ");
            for line in self.facts(step) {
                self.line(&branch, &branch, &line);
            }
        }
    }

    fn title(&self, step: &PathStep) -> String {
        let revoked = matches!(&step.revocation, Some(one) if matches!(one.answer, RevocationAnswer::Unknown(_)));
        let mark = match (step.faults.is_empty(), revoked) {
            (false, _) => words::mark(Indication::TotalFailed),
            (true, true) => words::mark(Indication::Indeterminate),
            (true, false) => words::mark(Indication::TotalPassed),
        };
        let position = match step.position {
            Position::Subject => self.say("chứng thư đang xét", "the certificate"),
            Position::Intermediate => self.say("nơi cấp", "issuer"),
            Position::Anchor => self.say("gốc tin cậy", "anchor"),
        };
        format!("{mark} [{position}] {}", text::visible(&step.certificate.subject.short()))
    }

    fn facts(&self, step: &PathStep) -> Vec<String> {
        let one = &step.certificate;
        let key = one.key.as_ref().map_or_else(|| "?".to_owned(), crate::crypto::PublicKeyInfo::name);
        let constraints = one.extensions.basic_constraints.unwrap_or_default();
        let authority = match (constraints.ca, constraints.path_length) {
            (true, Some(length)) => format!("{} (pathLen {length})", self.say("có", "yes")),
            (true, None) => self.say("có", "yes").to_owned(),
            (false, _) => self.say("không", "no").to_owned(),
        };
        let mut facts = vec![
            format!("{}: {}", self.say("Chủ thể", "Subject"), text::visible(&one.subject.to_string())),
            format!("{}: {}", self.say("Nơi cấp", "Issuer"), text::visible(&one.issuer.to_string())),
            format!("{}: {}", self.say("Số hiệu", "Serial"), one.serial_hexadecimal()),
            format!(
                "{}: {} – {}",
                self.say("Hiệu lực", "Validity"),
                self.moment(one.not_before),
                self.moment(one.not_after)
            ),
            format!(
                "{}: {key}; {}: {}; {}: {authority}",
                self.say("Khóa", "Key"),
                self.say("được dùng để", "used for"),
                self.usage(one),
                self.say("là CA", "CA")
            ),
            format!("SHA-256: {}", one.sha256),
        ];
        if pins::pin(one).is_some() {
            facts.push(text::visible(&trust::known(one, self.terminal)));
        }
        for (clause, fault) in &step.faults {
            facts.push(format!("{} {}: {}", words::mark(Indication::TotalFailed), clause, self.pick(fault)));
        }
        facts.extend(step.revocation.iter().map(|outcome| self.revocation(outcome)));
        facts.extend(step.revocation.iter().flat_map(|outcome| self.evidence(outcome)));
        if step.position == Position::Anchor {
            facts.push(
                self.say("Thu hồi: không hỏi, gốc được tin theo xác nhận", "Revocation: not asked of an anchor")
                    .to_owned(),
            );
        }
        facts
    }

    /// Key usage (RFC 5280, 4.2.1.3), as far as it matters to signatures.
    fn usage(&self, one: &Certificate) -> String {
        let Some(usage) = one.extensions.key_usage else {
            return self.say("không giới hạn", "anything").to_owned();
        };
        let bits = [
            (usage.digital_signature(), "digitalSignature"),
            (usage.non_repudiation(), "nonRepudiation"),
            (usage.certificate_signing(), "keyCertSign"),
            (usage.crl_signing(), "cRLSign"),
        ];
        let names: Vec<&str> = bits.iter().filter(|(set, _)| *set).map(|(_, name)| *name).collect();
        if names.is_empty() { self.say("không ký", "no signing").to_owned() } else { names.join(", ") }
    }

    fn revocation(&self, outcome: &RevocationOutcome) -> String {
        let label = self.say("Thu hồi", "Revocation");
        let answer = match &outcome.answer {
            RevocationAnswer::Good => self.say("không bị thu hồi", "not revoked").to_owned(),
            RevocationAnswer::Revoked { date, reason, .. } => format!(
                "{} {} ({})",
                self.say("bị thu hồi lúc", "revoked at"),
                self.moment(*date),
                self.pick(&stable::revocation_reason(reason.name()))
            ),
            RevocationAnswer::Unknown(_) => {
                self.say("chưa xác định, không có dữ liệu trả lời được", "unknown, nothing held answers").to_owned()
            }
        };
        format!("{label}: {answer}")
    }

    /// The lists and responses that answered, a line each.
    fn evidence(&self, outcome: &RevocationOutcome) -> Vec<String> {
        let found = outcome.evidence.iter().filter_map(|sha256| Some((sha256, self.sources.get(sha256)?)));
        found
            .map(|(sha256, source)| {
                let until = source.next_update.map_or_else(String::new, |until| format!(" – {}", self.moment(until)));
                let issuer = source.issuer.as_deref().map(text::visible).unwrap_or_default();
                format!(
                    "  {} {} {issuer}: {}{until}, SHA-256 {sha256}",
                    self.say("theo", "by"),
                    source.kind,
                    self.moment(source.this_update)
                )
            })
            .collect()
    }
}

/// The verdict as JSON: names as in `verify`, fields are only ever added.
fn object(file: &Path, verdict: &CertificateVerdict, sources: &Sources, language: Language) -> Value {
    let subject = verdict.path.first().map(|step| one(step, sources, language));
    let reasons: Vec<Value> = verdict
        .conclusions
        .iter()
        .map(|conclusion| {
            json!({
                "block": conclusion.block,
                "indication": conclusion.indication,
                "sub_indication": conclusion.sub_indication,
                "reason": conclusion.reason.get(language),
            })
        })
        .collect();
    let path: Vec<Value> = verdict.path.iter().skip(1).map(|step| one(step, sources, language)).collect();
    let mut object = json!({
        "v": 1,
        "type": "certificate",
        "file": file.to_string_lossy(),
        "at": verdict.at.to_string(),
        "indication": verdict.indication,
        "sub_indication": verdict.sub_indication,
        "trust": verdict.trust,
        "role": verdict.role,
        "cause": verdict.cause,
        "missing_issuer": verdict.missing,
        "conclusions": reasons,
        "notes": verdict.notes.iter().map(|note| json!({ "code": note.code, "detail": note.detail })).collect::<Vec<_>>(),
        "path": path,
    });
    if let (Some(object), Some(Value::Object(subject))) = (object.as_object_mut(), subject) {
        object.extend(subject);
    }
    object
}

fn one(step: &PathStep, sources: &Sources, language: Language) -> Value {
    let one = &step.certificate;
    let position = match step.position {
        Position::Subject => "subject",
        Position::Intermediate => "intermediate",
        Position::Anchor => "anchor",
    };
    let (status, revoked) = match step.revocation.as_ref().map(|outcome| &outcome.answer) {
        Some(RevocationAnswer::Good) => (Some("good"), None),
        Some(RevocationAnswer::Revoked { date, reason, .. }) => {
            (Some("revoked"), Some(json!({ "date": date.to_string(), "reason": reason.name() })))
        }
        Some(RevocationAnswer::Unknown(_)) => (Some("unknown"), None),
        // Not asked: an anchor, or a path that leads nowhere.
        None => (None, None),
    };
    let evidence: Vec<Value> = step
        .revocation
        .iter()
        .flat_map(|outcome| &outcome.evidence)
        .map(|sha256| {
            let source = sources.get(sha256);
            json!({
                "sha256": sha256.to_string(),
                "kind": source.as_ref().map(|source| source.kind),
                "issuer": source.as_ref().and_then(|source| source.issuer.clone()),
                "this_update": source.as_ref().map(|source| source.this_update.to_string()),
                "next_update": source.and_then(|source| source.next_update).map(|until| until.to_string()),
            })
        })
        .collect();
    json!({
        "position": position,
        "subject": one.subject.to_string(),
        "issuer": one.issuer.to_string(),
        "serial": one.serial_hexadecimal(),
        "sha256": one.sha256.to_string(),
        "not_before": one.not_before.to_string(),
        "not_after": one.not_after.to_string(),
        "key": one.key.as_ref().map(crate::crypto::PublicKeyInfo::name),
        "ca": one.is_ca(),
        "faults": step.faults.iter().map(|(clause, fault)| json!({ "clause": clause, "reason": fault.get(language) })).collect::<Vec<_>>(),
        "revocation": status,
        "revoked": revoked,
        "revocation_evidence": evidence,
    })
}
