//! Which file is which register row's document, and what the other files are.
//!
//! Order of the passes: the register's file column; number, symbol and day of the page header; the same
//! without the day; the file name, where the page gives no number; last, the file name with the page's own
//! day, where the page gives a number that no row has (someone changed one of them). Within a pass signed documents come before
//! scans and unreadable files, then paths in order, so that the result does not depend on the walk.

use super::document::{DocumentKind, FileInput};
use super::identify::Reading;
use super::{RecordsInput, YearKey};
use crate::model::{CalendarDate, RegisterRow, Sha256Digest};
use crate::reference::file_name::secrecy_of_label;
use crate::reference::{Number, Reference, ReferenceKey};
use crate::text;
use std::collections::{HashMap, VecDeque};

/// Who belongs to whom.
pub(super) struct Joined {
    /// Index of the file of each row.
    pub(super) row_documents: Vec<Option<usize>>,
    /// Index of the row of each file.
    pub(super) document_rows: Vec<Option<usize>>,
    /// For a file that is another pass or copy: index of the file that stands for it.
    replaced_by: Vec<Option<usize>>,
}

/// One way to find the row of a file.
type Pass = fn(&mut RowIndex, &Reading, &Joined) -> Option<usize>;

/// Rows under one key, taken at most once each.
#[derive(Default)]
struct Waiting {
    by_day: HashMap<Option<CalendarDate>, VecDeque<usize>>,
    in_order: VecDeque<usize>,
}

#[derive(Default)]
struct RowIndex {
    by_year: HashMap<YearKey, Waiting>,
    by_key: HashMap<ReferenceKey, Waiting>,
    by_number: HashMap<(Number, Option<i32>), Vec<usize>>,
}

pub(super) fn match_rows(
    input: &RecordsInput<'_>,
    readings: &[Reading],
    row_references: &[Option<Reference>],
    repeats: &[Option<usize>],
) -> Joined {
    let replaced_by = replacements(input.files);
    let mut joined = Joined {
        row_documents: vec![None; input.rows.len()],
        document_rows: vec![None; input.files.len()],
        replaced_by,
    };
    by_file_column(input, readings, repeats, &mut joined);
    let mut index = RowIndex::new(input.rows, row_references, repeats);
    let mut files = (0..input.files.len()).filter(|at| joined.replaced_by.get(*at) == Some(&None)).collect::<Vec<_>>();
    files.sort_by_key(|at| (rank(input.files.get(*at), readings.get(*at)), input.files.get(*at).map(|file| file.path)));
    let passes: [Pass; 5] = [
        |index, reading, joined| index.by_header_and_day(reading, joined),
        |index, reading, joined| index.by_header(reading, joined),
        |index, reading, joined| index.by_file_name(reading, joined),
        |index, reading, joined| index.by_number_alone(reading, joined),
        |index, reading, joined| index.by_file_name_and_day(reading, joined),
    ];
    for pass in passes {
        for at in &files {
            let Some(reading) = readings.get(*at) else { continue };
            if joined.document_rows.get(*at) != Some(&None) || reading.attachment.is_some() || reading.package {
                continue;
            }
            if let Some(row) = pass(&mut index, reading, &joined) {
                joined.set(row, *at);
            }
        }
    }
    joined.repeat(repeats);
    joined
}

impl Joined {
    fn set(&mut self, row: usize, file: usize) {
        if let (Some(document), Some(joined_row)) = (self.row_documents.get_mut(row), self.document_rows.get_mut(file))
        {
            *document = Some(file);
            *joined_row = Some(row);
        }
    }

    fn is_free(&self, row: usize) -> bool {
        self.row_documents.get(row) == Some(&None)
    }
}

/// Signed documents first, then what is unsigned, scans, republished and foreign files, unreadable ones.
fn rank(file: Option<&FileInput<'_>>, reading: Option<&Reading>) -> u8 {
    let (Some(file), Some(reading)) = (file, reading) else { return u8::MAX };
    match file {
        _ if reading.secret => 0,
        file if file.pdf().is_none() => 5,
        _ if reading.foreign => 4,
        _ if reading.republished => 3,
        file if file.verdicts.is_empty() => 1 + u8::from(file.is_scan()),
        _ => 0,
    }
}

/// Earlier signing passes and identical copies. Only files that could be followed: an empty file is a prefix
/// of every other, and one saved error page is no copy of one document.
fn replacements(files: &[FileInput<'_>]) -> Vec<Option<usize>> {
    let by_path = files.iter().enumerate().map(|(at, file)| (file.path, at)).collect::<HashMap<_, _>>();
    let mut first: HashMap<Sha256Digest, usize> = HashMap::new();
    let mut ordered = (0..files.len()).collect::<Vec<_>>();
    ordered.sort_by_key(|at| files.get(*at).map(|file| (file.path.len(), file.path)));
    for at in ordered {
        if let Some(file) = files.get(at)
            && file.pdf().is_some()
            && let Some(facts) = file.facts
        {
            first.entry(facts.sha256).or_insert(at);
        }
    }
    let canonical = |at: usize| {
        let sha256 = files.get(at).and_then(|file| file.facts).map(|facts| facts.sha256);
        sha256.and_then(|sha256| first.get(&sha256)).copied().unwrap_or(at)
    };
    let replaced = files.iter().enumerate().map(|(at, file)| {
        file.pdf()?;
        let longer = file.prefix_of.and_then(|path| by_path.get(path)).copied();
        let target = canonical(longer.unwrap_or(at));
        (target != at).then_some(target)
    });
    replaced.collect()
}

fn by_file_column(input: &RecordsInput<'_>, readings: &[Reading], repeats: &[Option<usize>], joined: &mut Joined) {
    if input.rows.iter().all(|row| row.file.is_none()) {
        return;
    }
    let mut by_path = HashMap::new();
    let mut by_name: HashMap<String, Option<usize>> = HashMap::new();
    for (at, file) in input.files.iter().enumerate() {
        by_path.insert(text::fold(file.path), at);
        let name = file.path.rsplit('/').next().unwrap_or(file.path);
        // Two files of one name in two folders: the name alone decides nothing.
        by_name.entry(text::fold(name)).and_modify(|known| *known = None).or_insert(Some(at));
    }
    let find = |written: &str| {
        let folded = text::fold(&written.replace('\\', "/"));
        let written = folded.trim_start_matches("./").trim_start_matches('/');
        let mut below = input
            .document_folders
            .iter()
            .filter_map(|folder| by_path.get(&format!("{}/{written}", text::fold(folder.trim_end_matches('/')))));
        let exact = by_path.get(written).or_else(|| below.next_back()).copied();
        let name = written.rsplit('/').next().unwrap_or(written);
        exact.or_else(|| by_name.get(name).copied().flatten())
    };
    for (row_index, row) in input.rows.iter().enumerate().filter(|(at, _)| repeats.get(*at) == Some(&None)) {
        let Some(file) = row.file.as_deref().filter(|file| !file.trim().is_empty()).and_then(find) else { continue };
        let file = joined.replaced_by.get(file).copied().flatten().unwrap_or(file);
        let attachment = readings.get(file).is_some_and(|reading| reading.attachment.is_some() || reading.package);
        if joined.document_rows.get(file) == Some(&None) && !attachment {
            joined.set(row_index, file);
        }
    }
}

impl RowIndex {
    fn new(rows: &[RegisterRow], references: &[Option<Reference>], repeats: &[Option<usize>]) -> Self {
        let mut index = Self::default();
        for (at, (row, reference)) in rows.iter().zip(references).enumerate() {
            let Some(reference) = reference.as_ref().filter(|_| repeats.get(at) == Some(&None)) else { continue };
            let key = reference.ascii_key();
            let year = row.date.map(CalendarDate::year);
            index.by_number.entry((key.number.clone(), year)).or_default().push(at);
            for waiting in [index.by_year.entry((key.clone(), year)).or_default(), index.by_key.entry(key).or_default()]
            {
                waiting.by_day.entry(row.date).or_default().push_back(at);
                waiting.in_order.push_back(at);
            }
        }
        index
    }

    fn by_header_and_day(&mut self, reading: &Reading, joined: &Joined) -> Option<usize> {
        let key = reading.header.as_ref()?.ascii_key();
        let day = reading.header_date?;
        self.by_year.get_mut(&(key, Some(day.year())))?.take_day(Some(day), joined)
    }

    fn by_header(&mut self, reading: &Reading, joined: &Joined) -> Option<usize> {
        let key = reading.header.as_ref()?.ascii_key();
        self.take(key, reading, joined)
    }

    fn by_file_name(&mut self, reading: &Reading, joined: &Joined) -> Option<usize> {
        if reading.header.is_some() {
            return None;
        }
        let candidates = reading.candidates.iter().filter(|candidate| !candidate.symbol.is_empty());
        let keys = candidates.map(|candidate| candidate.ascii_key()).collect::<Vec<_>>();
        keys.into_iter().find_map(|key| {
            let day = reading.file_name_date;
            let same_day =
                day.and_then(|day| self.by_year.get_mut(&(key.clone(), Some(day.year())))?.take_day(Some(day), joined));
            same_day.or_else(|| self.take(key, reading, joined))
        })
    }

    /// A bare number in the file name joins only the one row that has it.
    fn by_number_alone(&mut self, reading: &Reading, joined: &Joined) -> Option<usize> {
        if reading.header.is_some() {
            return None;
        }
        let candidate = reading.candidates.first().filter(|candidate| candidate.symbol.is_empty())?;
        match self.by_number.get(&(candidate.number.clone(), reading.year()))?.as_slice() {
            [only] if joined.is_free(*only) => Some(*only),
            _ => None,
        }
    }

    /// Against the number on the page: only a row of the very day that the page gives.
    fn by_file_name_and_day(&mut self, reading: &Reading, joined: &Joined) -> Option<usize> {
        reading.header.as_ref()?;
        let day = reading.header_date?;
        let candidates = reading.candidates.iter().filter(|candidate| !candidate.symbol.is_empty());
        let keys = candidates.map(|candidate| candidate.ascii_key()).collect::<Vec<_>>();
        keys.into_iter().find_map(|key| self.by_year.get_mut(&(key, Some(day.year())))?.take_day(Some(day), joined))
    }

    /// The first free row of the key in the document's year; without a year, the only free row of the key.
    fn take(&mut self, key: ReferenceKey, reading: &Reading, joined: &Joined) -> Option<usize> {
        if let Some(year) = reading.year() {
            let undated = self.by_year.get_mut(&(key.clone(), None)).and_then(|waiting| waiting.peek(joined));
            let dated = self.by_year.get_mut(&(key.clone(), Some(year))).and_then(|waiting| waiting.peek(joined));
            if let Some(row) = dated.or(undated) {
                return Some(row);
            }
            // A date on the page decides the year; the year of signing or of a file name does not.
            if reading.header_date.is_some() {
                return None;
            }
        }
        let waiting = self.by_key.get_mut(&key)?;
        let first = waiting.peek(joined)?;
        let mut free = waiting.in_order.iter().filter(|row| joined.is_free(**row));
        (free.next() == Some(&first) && free.next().is_none()).then_some(first)
    }
}

impl Waiting {
    fn take_day(&mut self, day: Option<CalendarDate>, joined: &Joined) -> Option<usize> {
        first_free(self.by_day.get_mut(&day)?, joined)
    }

    fn peek(&mut self, joined: &Joined) -> Option<usize> {
        first_free(&mut self.in_order, joined)
    }
}

/// The first free row; taken ones in front are dropped for good, which keeps the whole pass linear.
fn first_free(rows: &mut VecDeque<usize>, joined: &Joined) -> Option<usize> {
    while let Some(row) = rows.front() {
        if joined.is_free(*row) {
            return Some(*row);
        }
        rows.pop_front();
    }
    None
}

/// For a row that repeats another whole (in one register, or in two exports of it): index of the first. One
/// entry is one document, counted once; rows that name different files are different documents.
pub(super) fn repeats(rows: &[RegisterRow], references: &[Option<Reference>]) -> Vec<Option<usize>> {
    let mut keys: HashMap<ReferenceKey, u32> = HashMap::new();
    for reference in references.iter().flatten() {
        *keys.entry(reference.ascii_key()).or_default() += 1;
    }
    let mut first = HashMap::new();
    let entries = rows.iter().zip(references).enumerate().map(|(at, (row, reference))| {
        let key = reference.as_ref()?.ascii_key();
        if keys.get(&key).is_none_or(|count| *count < 2) {
            return None;
        }
        let fold = |text: &Option<String>| text.as_deref().map(text::prose_key);
        let status = row.status.map(|status| status as u8);
        let entry = (key, row.date, fold(&row.subject), fold(&row.unit), status, fold(&row.secrecy), fold(&row.file));
        let known = *first.entry(entry).or_insert(at);
        (known != at).then_some(known)
    });
    entries.collect()
}

impl Joined {
    /// A repeated row has the document of the row that it repeats.
    fn repeat(&mut self, repeats: &[Option<usize>]) {
        for (at, first) in repeats.iter().enumerate() {
            let document = first.and_then(|first| self.row_documents.get(first)).copied().flatten();
            if let (Some(document), Some(slot)) = (document, self.row_documents.get_mut(at)) {
                *slot = Some(document);
            }
        }
    }
}

/// What every file is, now that the rows are known.
pub(super) fn settle_kinds(
    input: &RecordsInput<'_>,
    readings: &[Reading],
    joined: &Joined,
    row_references: &[Option<Reference>],
) -> Vec<DocumentKind> {
    let secret = secret(input, readings, joined);
    let mains = MainDocuments::new(input, readings, joined, row_references, &secret);
    let path = |at: usize| input.files.get(at).map(|file| file.path.to_owned()).unwrap_or_default();
    let kinds = input.files.iter().zip(readings).enumerate().map(|(at, (file, reading))| {
        let row = joined.document_rows.get(at).copied().flatten();
        if secret.get(at) == Some(&true) {
            return DocumentKind::Secret;
        }
        if reading.package {
            return DocumentKind::Package(None);
        }
        if let Some(target) = joined.replaced_by.get(at).copied().flatten() {
            let same = input.files.get(target).and_then(|file| file.facts).map(|facts| facts.sha256)
                == file.facts.map(|facts| facts.sha256);
            return if same {
                DocumentKind::IdenticalCopy(path(target))
            } else {
                DocumentKind::EarlierVersion(path(target))
            };
        }
        if reading.republished {
            return DocumentKind::Republished;
        }
        if row.is_some() {
            return DocumentKind::Main;
        }
        if let Some(keys) = &reading.attachment {
            return DocumentKind::Attachment(keys.iter().find_map(|key| mains.find(key, reading)).map(path));
        }
        if reading.foreign {
            return DocumentKind::Incoming;
        }
        if file.is_scan() && file.verdicts.is_empty() {
            let twin = reading.keys().iter().find_map(|key| mains.find(key, reading)).filter(|main| *main != at);
            if let Some(main) = twin {
                return DocumentKind::PaperTwin(path(main));
            }
        }
        DocumentKind::Main
    });
    kinds.collect()
}

/// Files of which nothing may be repeated: marked themselves, joined with a row that is, or another pass or
/// copy of such a file.
fn secret(input: &RecordsInput<'_>, readings: &[Reading], joined: &Joined) -> Vec<bool> {
    let by_row = |at: usize| {
        let row = joined.document_rows.get(at).copied().flatten().and_then(|row| input.rows.get(row));
        let label = row.and_then(|row| row.secrecy.as_deref());
        label.is_some_and(|label| secrecy_of_label(label).is_some())
    };
    let own = readings.iter().enumerate().map(|(at, reading)| reading.secret || by_row(at)).collect::<Vec<_>>();
    let target = |at: usize| joined.replaced_by.get(at).copied().flatten();
    let marked = |at: Option<usize>| at.and_then(|at| own.get(at)).copied().unwrap_or(false);
    // An earlier pass may itself be a copy of the file that stands for it.
    (0..own.len()).map(|at| marked(Some(at)) || marked(target(at)) || marked(target(at).and_then(target))).collect()
}

/// Signed documents of the agency by key, for attachments and scans.
struct MainDocuments {
    by_key: HashMap<ReferenceKey, Vec<(Option<i32>, usize)>>,
}

impl MainDocuments {
    fn new(
        input: &RecordsInput<'_>,
        readings: &[Reading],
        joined: &Joined,
        row_references: &[Option<Reference>],
        secret: &[bool],
    ) -> Self {
        let mut by_key: HashMap<ReferenceKey, Vec<(Option<i32>, usize)>> = HashMap::new();
        for (at, (file, reading)) in input.files.iter().zip(readings).enumerate() {
            let row_index = joined.document_rows.get(at).copied().flatten();
            let row = row_index.and_then(|row| input.rows.get(row));
            let foreign = reading.foreign && row.is_none();
            let replaced = joined.replaced_by.get(at).copied().flatten().is_some();
            if foreign
                || replaced
                || secret.get(at) == Some(&true)
                || reading.attachment.is_some()
                || file.verdicts.is_empty()
            {
                continue;
            }
            let year = reading.header_date.or(row.and_then(|row| row.date)).map(CalendarDate::year).or(reading.year());
            let mut keys = reading.keys();
            let registered = row_index.and_then(|row| row_references.get(row)).and_then(Option::as_ref);
            keys.extend(registered.map(Reference::ascii_key));
            keys.sort_unstable();
            keys.dedup();
            for key in keys {
                by_key.entry(key).or_default().push((year, at));
            }
        }
        Self { by_key }
    }

    /// The document with that key in the year the reading gives; without a year the only one.
    fn find(&self, key: &ReferenceKey, reading: &Reading) -> Option<usize> {
        let documents = self.by_key.get(key)?;
        let named_year = reading.header_date.or(reading.file_name_date).map(CalendarDate::year);
        let fits = |year: &Option<i32>| named_year.is_none() || year.is_none() || *year == named_year;
        let mut fitting = documents.iter().filter(|(year, _)| fits(year)).map(|(_, at)| *at);
        let first = fitting.next()?;
        (named_year.is_some() || fitting.next().is_none()).then_some(first)
    }
}

impl Reading {
    /// Keys of the page header, else of the file name. A bare number is no key.
    fn keys(&self) -> Vec<ReferenceKey> {
        match &self.header {
            Some(reference) => vec![reference.ascii_key()],
            None => {
                let candidates = self.candidates.iter().filter(|candidate| !candidate.symbol.is_empty());
                candidates.map(|candidate| candidate.ascii_key()).collect()
            }
        }
    }
}
