//! The drafting unit of a document: register, symbol of a công văn, "Lưu" line, folder, in that order; where
//! none of them says anything, column 6 of the register.

use super::document::{FileInput, UnitSources};
use crate::model::{CalendarDate, OrganisationKind, RegisterRow, WorkFile};
use crate::organisation::{CodeStatus, OrganisationTable};
use crate::reference::{Reference, unit_of_archive_entries, unit_of_archive_line};
use crate::text;
use std::collections::HashMap;

/// Words in front of a unit's code or name in registers: "Phòng BTXH", "P. BTXH".
const UNIT_WORDS: &[&str] = &["phòng ", "p. ", "p.", "ban ", "bộ phận ", "đơn vị "];

/// The organisation table as a source of unit codes.
pub(super) struct Units<'a> {
    table: &'a OrganisationTable,
    /// Unit codes without diacritics; `None` where two units share one.
    ascii: HashMap<String, Option<&'a str>>,
    /// Day of the audit: a unit that ended before it is counted for the one that carries on.
    today: Option<CalendarDate>,
}

impl<'a> Units<'a> {
    pub(super) fn new(table: &'a OrganisationTable, today: Option<CalendarDate>) -> Self {
        let mut ascii: HashMap<String, Option<&str>> = HashMap::new();
        for row in table.rows().iter().filter(|row| row.kind == OrganisationKind::Unit) {
            let code = row.code.as_str();
            ascii
                .entry(text::ascii_fold(code))
                .and_modify(|known| *known = known.filter(|known| *known == code))
                .or_insert(Some(code));
        }
        Self { table, ascii, today }
    }

    /// The unit by each source, resolved to a code where the table knows the word.
    pub(super) fn sources(
        &self,
        walked: &[String],
        file: &FileInput<'_>,
        row: Option<&RegisterRow>,
        reference: Option<&Reference>,
        date: Option<CalendarDate>,
    ) -> UnitSources {
        let archive_line = file.identity().and_then(|identity| identity.archive_line.as_deref());
        UnitSources {
            register: row.and_then(|row| self.of_register(row, date)),
            symbol: reference.and_then(|reference| self.of_symbol(reference, date)),
            archive_line: archive_line
                .and_then(unit_of_archive_line)
                .map(|word| self.code_of(&word, date).unwrap_or(word)),
            // Folders are named after months, years and people too: only a known unit counts.
            folder: folder(walked, file.path).and_then(|name| self.code_of(name, date)),
        }
    }

    /// The unit: the first source whose word the table knows, else the first that says anything.
    pub(super) fn resolve(&self, units: &UnitSources, date: Option<CalendarDate>) -> Option<String> {
        let said = [&units.register, &units.symbol, &units.archive_line, &units.folder];
        let known = said.into_iter().flatten().find_map(|word| self.code_of(word, date));
        known.or_else(|| units.first().map(str::to_owned))
    }

    /// The register's unit column.
    pub(super) fn of_register(&self, row: &RegisterRow, date: Option<CalendarDate>) -> Option<String> {
        let word = row.unit.as_deref().map(str::trim).filter(|word| !word.is_empty())?;
        Some(self.code_of(word, date).unwrap_or_else(|| text::compose(word)))
    }

    /// Column 6 of the register (đơn vị, người nhận bản lưu), the nearest that Decree 30 prescribes to a
    /// drafting unit. It names people too: only a known unit counts, the records office (VT) never.
    pub(super) fn of_archive_copy(&self, row: &RegisterRow, date: Option<CalendarDate>) -> Option<String> {
        let cell = row.archive_copy.as_deref()?;
        let cell = unit_of_archive_line(cell).map_or(cell, |_| cell.split_once(':').map_or(cell, |(_, rest)| rest));
        let entries = cell.split([',', ';', '\n']).map(str::trim).filter(|entry| text::fold(entry) != "vt");
        let known = |word: &str| self.code_of(word, date).filter(|code| !self.table.is_agency_code(code));
        let named = entries.clone().find_map(known);
        named.or_else(|| entries.filter_map(unit_of_archive_entries).find_map(|word| known(&word)))
    }

    /// The unit of a work file: known, else as written.
    pub(super) fn of_work_file(&self, file: &WorkFile) -> Option<String> {
        let word = file.unit.as_deref().map(str::trim).filter(|word| !word.is_empty())?;
        Some(self.code_of(word, file.started).unwrap_or_else(|| text::compose(word)))
    }

    /// The last group of a công văn symbol.
    pub(super) fn of_symbol(&self, reference: &Reference, date: Option<CalendarDate>) -> Option<String> {
        let word = reference.drafting_unit(|code| self.table.is_agency_code(code))?;
        Some(self.code_of(word, date).unwrap_or_else(|| word.to_owned()))
    }

    /// The code of the unit or agency that `word` names by code or full name, with or without "Phòng". A unit
    /// that was renamed or merged since is its successor: registers keep old codes, and a trend has to go on.
    fn code_of(&self, word: &str, date: Option<CalendarDate>) -> Option<String> {
        self.code_as_named(word, date).map(|code| self.carried_on(code))
    }

    /// The unit that carries on for `code` today. One that was split among several keeps its own figures:
    /// nobody can tell whose they are.
    fn carried_on(&self, code: String) -> String {
        self.table.successor_unit(&code, self.today).map_or(code, |row| row.code.clone())
    }

    fn code_as_named(&self, word: &str, date: Option<CalendarDate>) -> Option<String> {
        if let Some(code) = self.named(word, date) {
            return Some(code);
        }
        let folded = text::fold(word);
        let bare = UNIT_WORDS.iter().find_map(|prefix| folded.strip_prefix(prefix));
        if let Some(code) = bare.and_then(|bare| self.named(bare.trim(), date)) {
            return Some(code);
        }
        // File systems and typists lose diacritics: LDVL for LĐVL, if it can mean one unit only.
        let plain = text::is_plain_ascii(word).then(|| self.ascii.get(&folded).copied().flatten()).flatten();
        plain.map(str::to_owned)
    }

    fn named(&self, word: &str, date: Option<CalendarDate>) -> Option<String> {
        match self.table.code(word, date) {
            CodeStatus::InForce(row) | CodeStatus::Ended(row) => Some(row.code.clone()),
            // The new code in an entry from before the change: someone wrote it, and it means that unit.
            CodeStatus::NotYet(row) if row.kind == OrganisationKind::Unit => Some(row.code.clone()),
            CodeStatus::NotYet(_) | CodeStatus::Unknown => {
                self.table.by_name(word, date).map(|found| found.organisation.code.clone())
            }
        }
    }
}

/// The first folder below a walked folder.
fn folder<'a>(walked: &[String], path: &'a str) -> Option<&'a str> {
    let below = walked
        .iter()
        .map(|folder| folder.trim_matches(['/', '.']))
        .filter(|folder| !folder.is_empty())
        .filter_map(|folder| path.strip_prefix(folder)?.strip_prefix('/'))
        .min_by_key(|rest| rest.len())
        .unwrap_or(path);
    below.split_once('/').map(|(first, _)| first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Organisation;

    fn table() -> OrganisationTable {
        let unit = |code: &str, name: &str, kind| Organisation {
            code: code.into(),
            name: name.into(),
            kind,
            ..Organisation::default()
        };
        OrganisationTable::new(vec![
            unit("SNV", "Sở Nội vụ tỉnh An Bình", OrganisationKind::Agency),
            unit("BTXH", "Phòng Bảo trợ xã hội", OrganisationKind::Unit),
            unit("LĐVL", "Phòng Lao động, Việc làm", OrganisationKind::Unit),
        ])
    }

    #[test]
    fn words_resolve_to_codes() {
        let table = table();
        let cases = [
            ("BTXH", Some("BTXH")),
            ("btxh", Some("BTXH")),
            ("Phòng Bảo trợ xã hội", Some("BTXH")),
            ("P. BTXH", Some("BTXH")),
            ("Phòng BTXH", Some("BTXH")),
            ("LDVL", Some("LĐVL")),
            ("KSTT", None),
        ];
        for (word, expected) in cases {
            assert_eq!(Units::new(&table, None).code_of(word, None).as_deref(), expected, "{word}");
        }
    }

    #[test]
    fn the_folder_is_the_first_below_a_walked_one() {
        let walked = ["documents".to_owned()];
        assert_eq!(folder(&walked, "documents/BTXH/2026-09/a.pdf"), Some("BTXH"));
        assert_eq!(folder(&walked, "documents/a.pdf"), None);
        assert_eq!(folder(&[".".to_owned()], "BTXH/a.pdf"), Some("BTXH"));
    }

    #[test]
    fn a_known_word_beats_an_unknown_one_before_it() {
        let units =
            UnitSources { symbol: Some("KSTT".into()), archive_line: Some("BTXH".into()), ..UnitSources::default() };
        assert_eq!(Units::new(&table(), None).resolve(&units, None).as_deref(), Some("BTXH"));
        assert_eq!(Units::new(&OrganisationTable::default(), None).resolve(&units, None).as_deref(), Some("KSTT"));
    }

    fn renamed() -> OrganisationTable {
        let unit = |code: &str, from: &str, to: &str, successors: &[&str]| Organisation {
            code: code.into(),
            name: format!("Phòng {code}"),
            kind: OrganisationKind::Unit,
            valid_from: from.parse().ok(),
            valid_to: to.parse().ok(),
            successors: successors.iter().map(|code| (*code).to_owned()).collect(),
            ..Organisation::default()
        };
        OrganisationTable::new(vec![
            unit("BTXH", "", "2026-10-14", &["TEBTXH"]),
            unit("TEBTXH", "2026-10-15", "", &[]),
            unit("TCCB", "", "2026-06-30", &["TC", "CB"]),
            unit("TC", "2026-07-01", "", &[]),
            unit("CB", "2026-07-01", "", &[]),
        ])
    }

    #[test]
    fn a_renamed_unit_carries_on_and_a_split_one_keeps_its_figures() {
        let table = renamed();
        let day = |text: &str| text.parse::<CalendarDate>().ok();
        let before = Units::new(&table, day("2026-10-10"));
        assert_eq!(before.code_of("BTXH", day("2026-10-02")).as_deref(), Some("BTXH"));
        let after = Units::new(&table, day("2026-11-05"));
        // Before and after the change, by the old code, the new one and the old name: one unit.
        for (word, date) in
            [("BTXH", "2026-09-02"), ("BTXH", "2026-10-20"), ("TEBTXH", "2026-10-02"), ("Phòng BTXH", "2026-10-20")]
        {
            assert_eq!(after.code_of(word, day(date)).as_deref(), Some("TEBTXH"), "{word} {date}");
        }
        assert_eq!(after.code_of("TCCB", day("2026-05-02")).as_deref(), Some("TCCB"));
    }

    #[test]
    fn column_six_names_a_unit_only_where_it_is_known() {
        let table = table();
        let units = Units::new(&table, None);
        let cases = [
            ("VT, BTXH", Some("BTXH")),
            ("Lưu: VT, P.BTXH.", Some("BTXH")),
            ("Phòng Lao động - Việc làm; VT", None),
            ("Phòng Bảo trợ xã hội", Some("BTXH")),
            ("VT, BTXH.Hoa (02)", Some("BTXH")),
            ("Nguyễn Văn A", None),
            ("VT, SNV", None),
            ("VT", None),
            ("", None),
        ];
        for (cell, expected) in cases {
            let row = RegisterRow { archive_copy: Some(cell.into()), ..RegisterRow::default() };
            assert_eq!(units.of_archive_copy(&row, None).as_deref(), expected, "{cell}");
        }
    }
}
