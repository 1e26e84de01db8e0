//! One row of cells to one record of the model. A field that cannot be read is empty and a problem; a row
//! without what identifies it is none.

use super::grid::{Cell, GridRow};
use super::header::Layout;
use super::problem::{ProblemKind, RegisterProblem};
use super::value::{self, Reading};
use crate::model::{
    CancelledNumber, Delegation, Exemption, Organisation, OrganisationKind, PostRow, RegisterRow, RowLocation,
    RowStatus, Waiver, WorkFile,
};
use crate::reference::Reference;
use crate::reference::file_name::secrecy_of_label;
use crate::text;

/// Reason codes an exemption may have.
pub const EXEMPTION_REASONS: &[&str] = &[
    "government-or-prime-minister",
    "province-list",
    "law-requires-paper",
    "receiver-not-connected",
    "recipient-outside-system",
    "issued-from-signed",
    "certified-paper-copy",
    "archive-copy",
    "paper-original-e-copy",
];

/// Reads fields of one row and keeps what could not be read.
pub(super) struct RowReader<'a> {
    layout: &'a Layout,
    row: &'a GridRow,
    location: RowLocation,
    problems: Vec<RegisterProblem>,
}

impl<'a> RowReader<'a> {
    pub(super) fn new(file: &str, layout: &'a Layout, row: &'a GridRow) -> Self {
        let location = RowLocation { file: file.to_owned(), row: row.number };
        Self { layout, row, location, problems: Vec::new() }
    }

    pub(super) fn into_problems(self) -> Vec<RegisterProblem> {
        self.problems
    }

    fn cell(&self, field: &str) -> &'a Cell {
        self.layout.column(field).map_or(&Cell::Empty, |(column, _)| self.row.cell(column))
    }

    fn report(&mut self, field: &str, kind: ProblemKind, value: &str) {
        let header = self.layout.column(field).map(|(_, header)| header);
        self.problems.push(RegisterProblem::new(self.location.clone(), header, kind, value));
    }

    fn get<T>(&mut self, field: &str, read: fn(&Cell) -> Reading<T>) -> Option<T> {
        let cell = self.cell(field);
        match read(cell) {
            Ok(value) => value,
            Err(kind) => {
                self.report(field, kind, &cell.text());
                None
            }
        }
    }

    fn text(&mut self, field: &str) -> Option<String> {
        self.get(field, value::text)
    }

    /// Number and symbol, from their own column or from two; as written. `None` if there is none.
    fn reference(&mut self) -> Option<String> {
        let cell = self.cell("reference");
        if let Cell::Date(_) = cell {
            self.report("reference", ProblemKind::ReferenceIsDate, &cell.text());
            return Some(cell.text());
        }
        for field in ["reference", "number"] {
            let cell = self.cell(field);
            if let Cell::Bool(_) = cell {
                self.report(field, ProblemKind::UnreadableReference, &cell.text());
                return Some(cell.text());
            }
        }
        let (field, written) = match self.identifier("reference") {
            Some(written) => ("reference", written),
            None => {
                let number = self.identifier("number")?;
                match self.text("symbol") {
                    Some(symbol) if !number.contains('/') => ("number", join_reference(&number, &symbol)),
                    _ => ("number", number),
                }
            }
        };
        if Reference::parse(&written).is_err() && Reference::parse_list(&written).is_none() {
            if self.filled() == 1 && !written.starts_with(|c: char| c.is_ascii_digit()) {
                // "Tháng 11", "Tổng cộng …": a title between the rows.
                return None;
            }
            self.report(field, ProblemKind::UnreadableReference, &written);
        }
        Some(written)
    }

    /// The text that identifies the row. One that cannot be taken as it is still identifies it, shortened:
    /// the row stays in view.
    fn identifier(&mut self, field: &str) -> Option<String> {
        let cell = self.cell(field);
        match value::text(cell) {
            Ok(text) => text,
            Err(kind) => {
                self.report(field, kind, &cell.text());
                Some(super::problem::shorten(&cell.text()))
            }
        }
    }

    /// Reports a row that has content worth counting but nothing to identify it: a date, or two other fields.
    fn note_unidentified(&mut self, field: &'static str, dates: &[&str]) {
        let dated = dates.iter().any(|date| matches!(value::date(self.cell(date)), Ok(Some(_))));
        if dated || self.filled() >= 3 {
            self.report(field, ProblemKind::WithoutReference, "");
        }
    }

    /// How many matched columns of the row hold something.
    fn filled(&self) -> usize {
        let columns = self.layout.matched.iter().filter_map(|matched| self.layout.column(matched.field));
        columns.filter(|(column, _)| !self.row.cell(*column).is_blank()).count()
    }

    /// Cancelled or recalled, by the status column. The ten columns of PL IV have none: there a note that says
    /// nothing but "Hủy số" cancels the number.
    fn status(&mut self) -> Option<RowStatus> {
        if self.layout.column("status").is_some() {
            return self.get("status", value::status);
        }
        match value::status(self.cell("note")) {
            Ok(Some(RowStatus::Cancelled)) => Some(RowStatus::Cancelled),
            _ => None,
        }
    }

    fn one_of(&mut self, field: &str, words: &[&str]) -> Option<String> {
        let written = self.text(field)?;
        if !words.contains(&written.as_str()) {
            self.report(field, ProblemKind::UnknownWord, &written);
        }
        Some(written)
    }
}

fn join_reference(number: &str, symbol: &str) -> String {
    let symbol = symbol.trim_start_matches('/');
    // Some exports repeat the whole reference in the symbol column.
    if symbol.starts_with(|c: char| c.is_ascii_digit()) && Reference::parse(symbol).is_ok() {
        symbol.to_owned()
    } else {
        format!("{}/{symbol}", number.trim_end_matches('/'))
    }
}

pub(super) fn outgoing(reader: &mut RowReader<'_>) -> Option<RegisterRow> {
    let Some(reference) = reader.reference() else {
        reader.note_unidentified("reference", &["date", "transferred"]);
        return None;
    };
    if Reference::parse(&reference).is_err() && Reference::parse_list(&reference).is_some_and(|list| list.len() > 1) {
        reader.report("reference", ProblemKind::SeveralReferences, &reference);
    }
    let row = RegisterRow {
        location: reader.location.clone(),
        reference,
        date: reader.get("date", value::date),
        subject: reader.text("subject"),
        signer: reader.text("signer"),
        recipients: reader.text("recipients"),
        archive_copy: reader.text("archive_copy"),
        copies: reader.get("copies", value::count),
        transferred: reader.get("transferred", value::date),
        note: reader.text("note"),
        unit: reader.text("unit"),
        file: reader.text("file"),
        secrecy: reader.text("secrecy"),
        paper: reader.get("paper", value::flag),
        status: reader.status(),
        channel: reader.text("channel"),
    };
    if row.secrecy.as_deref().is_some_and(|label| secrecy_of_label(label).is_some()) {
        // Nothing of a secret document is repeated, not even in the words of a mistake.
        reader.problems.iter_mut().for_each(|problem| problem.value = String::from("…"));
    }
    Some(row)
}

pub(super) fn post_book(reader: &mut RowReader<'_>) -> Option<PostRow> {
    let Some(reference) = reader.reference() else {
        reader.note_unidentified("reference", &["transferred"]);
        return None;
    };
    Some(PostRow {
        location: reader.location.clone(),
        transferred: reader.get("transferred", value::date),
        reference,
        recipients: reader.text("recipients"),
        envelopes: reader.get("envelopes", value::count),
        note: reader.text("note"),
    })
}

pub(super) fn exemption(reader: &mut RowReader<'_>) -> Option<Exemption> {
    let Some(reference) = reader.reference() else {
        reader.note_unidentified("reference", &["date", "recorded_on"]);
        return None;
    };
    Some(Exemption {
        location: reader.location.clone(),
        reference,
        date: reader.get("date", value::date),
        reason: reader.one_of("reason", EXEMPTION_REASONS).unwrap_or_default(),
        basis: reader.text("basis"),
        authority: reader.text("authority"),
        recorded_by: reader.text("recorded_by"),
        recorded_on: reader.get("recorded_on", value::date),
        expires: reader.get("expires", value::date),
    })
}

pub(super) fn waiver(reader: &mut RowReader<'_>) -> Option<Waiver> {
    let Some(check) = reader.identifier("check") else {
        reader.note_unidentified("check", &["date", "expires"]);
        return None;
    };
    Some(Waiver {
        location: reader.location.clone(),
        check,
        document: reader.text("document").unwrap_or_default(),
        sha256: reader.text("sha256"),
        reason: reader.text("reason"),
        authority: reader.text("authority"),
        decided_on: reader.get("date", value::date),
        expires: reader.get("expires", value::date),
    })
}

pub(super) fn cancelled(reader: &mut RowReader<'_>) -> Option<CancelledNumber> {
    let Some(reference) = reader.reference() else {
        reader.note_unidentified("reference", &["date"]);
        return None;
    };
    Some(CancelledNumber {
        location: reader.location.clone(),
        reference,
        date: reader.get("date", value::date),
        reason: reader.text("reason"),
    })
}

/// Forms of signing for another (Decree 30, PL I section II.7.b), as the table may write them.
const DELEGATION_PREFIXES: &[&str] = &["KT.", "TL.", "TUQ.", "Q."];

pub(super) fn delegation(reader: &mut RowReader<'_>) -> Option<Delegation> {
    let name = reader.text("name");
    let prefix = reader.text("prefix").map(|prefix| format!("{}.", prefix.trim_end_matches('.').to_uppercase()));
    let (Some(name), Some(prefix)) = (name, prefix) else {
        reader.note_unidentified("name", &["valid_from", "valid_to"]);
        return None;
    };
    if !DELEGATION_PREFIXES.contains(&prefix.as_str()) {
        reader.report("prefix", ProblemKind::UnknownWord, &prefix);
    }
    let types = reader.text("types").unwrap_or_default();
    let types = types.split([',', ';', '|']).map(str::trim).filter(|word| !word.is_empty() && *word != "*");
    Some(Delegation {
        location: reader.location.clone(),
        name: text::compose(&name),
        prefix,
        types: types.map(text::compose).collect(),
        valid_from: reader.get("valid_from", value::date),
        valid_to: reader.get("valid_to", value::date),
    })
}

pub(super) fn work_file(reader: &mut RowReader<'_>) -> Option<WorkFile> {
    let Some(code) = reader.identifier("code") else {
        reader.note_unidentified("code", &["started", "ended"]);
        return None;
    };
    Some(WorkFile {
        location: reader.location.clone(),
        code,
        title: reader.text("title"),
        unit: reader.text("unit"),
        started: reader.get("started", value::date),
        ended: reader.get("ended", value::date),
        electronic: reader.get("electronic", value::electronic),
        documents: reader.get("documents", value::count),
        handed_over: reader.get("handed_over", value::date),
        construction: reader.get("construction", value::flag).unwrap_or(false),
        consent: reader.get("consent", value::date),
    })
}

pub(super) fn organisation(reader: &mut RowReader<'_>) -> Option<Organisation> {
    let code = reader.identifier("code");
    let name = reader.text("name");
    let (Some(code), Some(name)) = (code, name) else {
        reader.report("code", ProblemKind::WithoutReference, "");
        return None;
    };
    let kind = match reader.text("kind").map(|kind| text::ascii_fold(&kind)).as_deref() {
        None | Some("agency" | "co quan") => OrganisationKind::Agency,
        Some("unit" | "don vi" | "phong") => OrganisationKind::Unit,
        Some("republisher") => OrganisationKind::Republisher,
        Some("other" | "khac") => OrganisationKind::Other,
        Some(other) => {
            let other = other.to_owned();
            reader.report("kind", ProblemKind::UnknownWord, &other);
            OrganisationKind::Other
        }
    };
    let successors = reader.text("successor").unwrap_or_default();
    Some(Organisation {
        code: text::compose(&code),
        name: text::compose(&name),
        ascii_name: reader.text("ascii_name"),
        parent: reader.text("parent"),
        place: reader.text("place"),
        organ_id: reader.text("organ_id"),
        valid_from: reader.get("valid_from", value::date),
        valid_to: reader.get("valid_to", value::date),
        successors: successors.split('|').map(str::trim).filter(|code| !code.is_empty()).map(str::to_owned).collect(),
        kind,
    })
}
