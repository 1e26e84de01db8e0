//! What each file says of itself: number and symbol from its pages and name, its date, whose it is, and
//! whether it is secret, an attachment, or a republished copy.

use super::RecordsInput;
use super::document::FileInput;
use crate::model::{CalendarDate, OrganisationKind, RegisterRow, SignatureKind};
use crate::organisation::OrganisationTable;
use crate::reference::file_name::{self, FileNameCandidate, secrecy_of_label};
use crate::reference::{Confidence, Reference, ReferenceKey};
use crate::text;
use std::collections::{BTreeSet, HashMap};

/// What one file says of itself.
#[derive(Clone, Debug, Default)]
pub(super) struct Reading {
    /// Number and symbol of the page header, blanks filled from signature appearances.
    pub(super) header: Option<Reference>,
    /// Date of the page header.
    pub(super) header_date: Option<CalendarDate>,
    /// Every reading of the file name, most likely first.
    pub(super) candidates: Vec<FileNameCandidate>,
    /// Date in the file name.
    pub(super) file_name_date: Option<CalendarDate>,
    /// Year in which it was signed, the best guess where no date is known.
    pub(super) signed_year: Option<i32>,
    /// Carries a secrecy mark.
    pub(super) secret: bool,
    /// A separate attachment; with the keys that its name or signatures give of the main document.
    pub(super) attachment: Option<Vec<ReferenceKey>>,
    /// Issued by another organisation, as far as its pages tell.
    pub(super) foreign: bool,
    /// Only republishers signed it.
    pub(super) republished: bool,
    /// An edXML package: what it says is joined after the documents.
    pub(super) package: bool,
}

impl Reading {
    /// The file name's reading that agrees with `other`, if one does; else the first that is not mere
    /// guesswork, or, where nothing else gives a number, the first at all.
    pub(super) fn file_name_reference(&self, other: Option<&Reference>) -> Option<Reference> {
        let agreeing = other.map(Reference::ascii_key);
        let agrees = |candidate: &&FileNameCandidate| agreeing.as_ref() == Some(&candidate.ascii_key());
        let sure = |candidate: &&FileNameCandidate| other.is_none() || candidate.confidence > Confidence::Low;
        let chosen = self.candidates.iter().find(agrees).or_else(|| self.candidates.iter().find(sure));
        chosen.and_then(candidate_reference)
    }

    /// Year of the document: page header, file name, signing.
    pub(super) fn year(&self) -> Option<i32> {
        self.header_date.or(self.file_name_date).map(CalendarDate::year).or(self.signed_year)
    }
}

pub(super) fn read_files(input: &RecordsInput<'_>) -> Vec<Reading> {
    let own = input.agency.map(|agency| Own::new(input.organisations, agency));
    input.files.iter().map(|file| read_file(input.organisations, own.as_ref(), file)).collect()
}

fn read_file(table: &OrganisationTable, own: Option<&Own>, file: &FileInput<'_>) -> Reading {
    let name = file_name::read(file.path);
    if file.facts.is_none() {
        return Reading { secret: true, candidates: name.candidates, ..Reading::default() };
    }
    let mut reading = Reading {
        file_name_date: name.date,
        secret: name.secrecy.is_some() || in_secret_folder(file.path),
        ..Reading::default()
    };
    if let Some(identity) = file.identity() {
        reading.header = identity.reference.as_deref().and_then(|text| Reference::parse(text).ok());
        reading.header_date = identity.date;
        reading.secret |= identity.secrecy.is_some();
    }
    if let Some(package) = file.package() {
        let marked = |name: &str| file_name::read(name).secrecy.is_some();
        reading.secret |= package.attachments.iter().any(|carried| carried.name.as_deref().is_some_and(marked));
        reading.package = true;
        return reading;
    }
    reading.candidates = name.candidates;
    let times = file.verdicts.iter().filter_map(|verdict| verdict.reference_time);
    reading.signed_year = times.max().and_then(|time| time.date_in_vietnam()).map(CalendarDate::year);
    let signatures = || file.verdicts.iter().filter(|verdict| verdict.kind == SignatureKind::Signature);
    reading.republished = signatures().next().is_some() && signatures().all(|verdict| verdict.republisher);
    let titled_attachment = file.identity().is_some_and(|identity| {
        let title = identity.document_type.as_deref().map(text::fold).unwrap_or_default();
        identity.reference.is_none() && title.starts_with("phụ lục")
    });
    if name.attachment.is_some() || (titled_attachment && reading.header.is_none()) {
        reading.attachment = Some(main_document_keys(file));
        reading.candidates.clear();
    }
    if let Some(own) = own {
        reading.foreign =
            own.is_foreign(table, file, reading.header.as_ref(), reading.header_date.or(reading.file_name_date));
    }
    reading
}

fn candidate_reference(candidate: &FileNameCandidate) -> Option<Reference> {
    let year = candidate.year.map(|year| format!("{year}/")).unwrap_or_default();
    Reference::parse(&format!("{}/{year}{}", candidate.number, candidate.symbol)).ok()
}

/// Keys by which an attachment names its main document: the rest of its file name, then the texts of its
/// signatures, which carry the main document's number (Decree 30, PL I section III.1.d).
fn main_document_keys(file: &FileInput<'_>) -> Vec<ReferenceKey> {
    let mut keys = Vec::new();
    let name = file.path.rsplit('/').next().unwrap_or(file.path);
    for part in without_attachment_words(name) {
        keys.extend(file_name::read(&part).candidates.iter().map(FileNameCandidate::ascii_key));
    }
    let signatures = file.pdf().map(|pdf| pdf.signatures.as_slice()).unwrap_or_default();
    for appearance in signatures.iter().filter_map(|signature| signature.appearance.as_ref()) {
        let words = appearance.text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '(' | ')'));
        let references = words.filter(|word| word.contains('/')).filter_map(|word| Reference::parse(word).ok());
        keys.extend(references.map(|reference| reference.ascii_key()));
    }
    keys
}

/// What stands before and behind "Phụ lục 01" or "PL01" in a file name.
fn without_attachment_words(name: &str) -> Vec<String> {
    let separator =
        |c: char| c.is_whitespace() || text::is_dash(c) || matches!(c, '.' | '_' | ',' | '(' | ')' | '[' | ']');
    let words = name.split(separator).filter(|word| !word.is_empty()).collect::<Vec<_>>();
    let folded = words.iter().map(|word| text::ascii_fold(word)).collect::<Vec<_>>();
    let digits = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    let found = folded.iter().enumerate().find_map(|(at, word)| match word.as_str() {
        "phuluc" => Some((at, 1)),
        "phu" if folded.get(at + 1).is_some_and(|next| next == "luc") => Some((at, 2)),
        _ => {
            word.strip_prefix("pl").or_else(|| word.strip_prefix("phuluc")).filter(|rest| digits(rest)).map(|_| (at, 1))
        }
    });
    let Some((at, length)) = found else { return vec![name.to_owned()] };
    let before = words.get(..at).unwrap_or_default().join("-");
    let after = words.get(at + length..).unwrap_or_default();
    // "Phu luc 01" and "Phụ lục II": its own number, not the document's.
    let own_number = length == 2 || folded.get(at).is_some_and(|word| word == "phuluc");
    let skip =
        usize::from(own_number && after.first().is_some_and(|word| digits(word) && word.len() <= 3 && after.len() > 1));
    let after = after.get(skip..).unwrap_or_default().join("-");
    [before, after].into_iter().filter(|part| !part.is_empty()).collect()
}

/// The agency whose archive it is.
struct Own {
    code: String,
    /// Folded names it bears or bore, and those of bodies it succeeded.
    names: BTreeSet<String>,
    /// Folded codes likewise.
    codes: BTreeSet<String>,
    /// Folded province of its name or its parent's, if one is named.
    province: Option<String>,
    /// Names of the other organisations of the table.
    others: BTreeSet<String>,
}

impl Own {
    fn new(table: &OrganisationTable, agency: &str) -> Self {
        let mut own = Self {
            code: agency.to_owned(),
            names: BTreeSet::new(),
            codes: BTreeSet::from([text::fold(agency)]),
            province: None,
            others: BTreeSet::new(),
        };
        for row in table.rows() {
            let same = text::fold(&row.code) == text::fold(agency);
            let succeeded = row.successors.iter().any(|code| text::fold(code) == text::fold(agency));
            if same || succeeded {
                own.names.insert(issuer_key(&row.name));
                own.codes.insert(text::fold(&row.code));
                own.province = own.province.or_else(|| province(&row.name));
            } else if row.kind != OrganisationKind::Unit {
                own.others.insert(issuer_key(&row.name));
            }
        }
        own.province = own.province.or_else(|| table.parents(agency, None).iter().find_map(|row| province(&row.name)));
        own
    }

    /// Whether the pages say that another organisation issued the file. Silence and doubt are no.
    fn is_foreign(
        &self,
        table: &OrganisationTable,
        file: &FileInput<'_>,
        header: Option<&Reference>,
        date: Option<CalendarDate>,
    ) -> bool {
        let Some(identity) = file.identity() else { return false };
        let named = identity.agency.as_deref().map(issuer_key).filter(|name| !name.is_empty());
        let code = header.and_then(|reference| reference.agency_code(|code| table.is_agency_code(code)));
        let own_code = code.is_some_and(|code| self.is_own_code(table, code, date));
        let Some(named) = named else {
            return code.is_some_and(|code| table.is_agency_code(code) && !own_code);
        };
        // The header shortens "Sở Nội vụ tỉnh An Bình" to "SỞ NỘI VỤ" below "UBND TỈNH AN BÌNH".
        if self
            .names
            .iter()
            .any(|own| own == &named || starts_with_words(own, &named) || starts_with_words(&named, own))
        {
            let above = identity.superior.as_deref().and_then(province);
            return matches!((above, &self.province), (Some(above), Some(own)) if above != *own);
        }
        if own_code {
            return false;
        }
        let known_other = self.others.range(named.clone()..).next().is_some_and(|name| starts_with_words(name, &named));
        known_other || code.is_some()
    }

    fn is_own_code(&self, table: &OrganisationTable, code: &str, date: Option<CalendarDate>) -> bool {
        self.codes.contains(&text::fold(code)) || table.belongs_to(code, &self.code, date)
    }
}

/// Comparison form of an issuer's name: folded, UBND and HĐND written out, punctuation as spaces.
fn issuer_key(name: &str) -> String {
    let folded = text::fold(name).replace(['-', ',', '.'], " ");
    let words = folded.split_whitespace().map(|word| match word {
        "ubnd" => "uỷ ban nhân dân",
        "hđnd" => "hội đồng nhân dân",
        other => other,
    });
    words.collect::<Vec<_>>().join(" ")
}

fn starts_with_words(long: &str, short: &str) -> bool {
    long.strip_prefix(short).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
}

/// "tỉnh An Bình" or "thành phố Đà Nẵng" in a name, folded, without the word in front.
fn province(name: &str) -> Option<String> {
    let key = issuer_key(name);
    ["tỉnh ", "thành phố ", "tp "].iter().find_map(|word| {
        let at = key.find(word)?;
        let rest = key.get(at + word.len()..)?.trim();
        (!rest.is_empty()).then(|| rest.to_owned())
    })
}

/// A folder that is called MẬT, TỐI MẬT or TUYỆT MẬT marks all that lies in it.
fn in_secret_folder(path: &str) -> bool {
    let mut folders = path.rsplit('/');
    folders.next();
    folders.any(|folder| secrecy_of_label(folder).is_some())
}

/// Which of `paths` must not be opened, because the name, a folder or the register row that names the file or
/// its number carries a secrecy mark: index by index.
pub fn secret_files(paths: &[&str], rows: &[RegisterRow]) -> Vec<bool> {
    let mut files = BTreeSet::new();
    let mut keys: HashMap<ReferenceKey, (bool, bool)> = HashMap::new();
    for row in rows {
        let secret = row.secrecy.as_deref().is_some_and(|label| secrecy_of_label(label).is_some());
        if let Some(file) = row.file.as_deref().filter(|_| secret) {
            files.insert(text::fold(file.rsplit(['/', '\\']).next().unwrap_or(file)));
        }
        if let Ok(reference) = Reference::parse(&row.reference) {
            let entry = keys.entry(reference.ascii_key()).or_default();
            *(if secret { &mut entry.0 } else { &mut entry.1 }) = true;
        }
    }
    let is_secret = |path: &&str| {
        let name = path.rsplit('/').next().unwrap_or(path);
        let reading = file_name::read(name);
        // Secret documents have their own series, so a number may also stand in an open row; then the page
        // decides, which is read before anything of the file is shown.
        let by_row = |candidate: &FileNameCandidate| {
            !candidate.symbol.is_empty() && keys.get(&candidate.ascii_key()) == Some(&(true, false))
        };
        let folder = in_secret_folder(path);
        folder
            || reading.secrecy.is_some()
            || files.contains(&text::fold(name))
            || reading.candidates.first().is_some_and(by_row)
    };
    paths.iter().map(is_secret).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attachments_name_their_document_before_or_behind() {
        assert_eq!(without_attachment_words("512-SNV-BTXH.Phu luc 01.pdf"), ["512-SNV-BTXH", "pdf"]);
        assert_eq!(without_attachment_words("PL01_512-SNV-BTXH.pdf"), ["512-SNV-BTXH-pdf"]);
        assert_eq!(without_attachment_words("Phụ lục 02 512.SNV.BTXH.pdf"), ["512-SNV-BTXH-pdf"]);
    }

    #[test]
    fn provinces_are_compared_without_their_kind() {
        assert_eq!(province("UBND TỈNH AN BÌNH"), province("Ủy ban nhân dân tỉnh An Bình"));
        assert_ne!(province("UBND TỈNH AN BÌNH"), province("UBND TỈNH GIA LAI"));
        assert_eq!(province("Bộ Nội vụ"), None);
    }

    #[test]
    fn secret_files_are_known_by_name_row_and_file_column() {
        let row = |reference: &str, secrecy: Option<&str>, file: Option<&str>| RegisterRow {
            reference: reference.into(),
            secrecy: secrecy.map(str::to_owned),
            file: file.map(str::to_owned),
            ..RegisterRow::default()
        };
        let rows = [
            row("07/SNV-TTS", Some("Mật"), None),
            row("08/SNV-TTS", Some("Tối mật"), Some("bao cao.pdf")),
            row("512/SNV-BTXH", Some("Thường"), None),
        ];
        let paths = ["a/07-SNV-TTS.pdf", "a/bao cao.pdf", "a/512-SNV-BTXH.pdf", "a/533-SNV-BTXH (TỐI MẬT).pdf"];
        assert_eq!(secret_files(&paths, &rows), [true, true, false, true]);
    }
}
