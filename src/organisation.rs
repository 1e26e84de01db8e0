//! The organisation table: which code and name was whose on which day, who succeeded whom, and whether the
//! holder of a certificate is a person or an agency ([`holder`]).
//!
//! Departments are merged, split and renamed; a certificate in the old name is right on an old document and
//! a finding on a new one. So every question carries a day; `None` asks about all time.

pub mod holder;

use crate::model::{CalendarDate, Organisation};
use crate::text;
use std::collections::{BTreeMap, BTreeSet};

/// Longest chain of parents or successors that is followed; a real one has up to six links.
const MAX_CHAIN: usize = 32;

/// The table with its indices. Rows keep their order.
#[derive(Clone, Debug, Default)]
pub struct OrganisationTable {
    rows: Vec<Organisation>,
    by_code: BTreeMap<String, Vec<usize>>,
    by_name: BTreeMap<String, Vec<usize>>,
    by_ascii: BTreeMap<String, Vec<usize>>,
    by_organ_id: BTreeMap<String, Vec<usize>>,
}

/// How a day lies to a row's validity.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Timing {
    /// Valid on that day, or no day was asked.
    InForce,
    /// The name or code had ended.
    Ended,
    /// It did not exist yet.
    NotYet,
}

/// What is known of a code on a day (check `symbol-code-unknown`).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CodeStatus<'a> {
    /// In force.
    InForce(&'a Organisation),
    /// A closed series: the row that ended last before the day.
    Ended(&'a Organisation),
    /// Only rows that begin after the day: the first of them.
    NotYet(&'a Organisation),
    /// Not in the table.
    Unknown,
}

impl<'a> CodeStatus<'a> {
    /// The row, whatever its validity.
    pub fn organisation(self) -> Option<&'a Organisation> {
        match self {
            Self::InForce(row) | Self::Ended(row) | Self::NotYet(row) => Some(row),
            Self::Unknown => None,
        }
    }
}

/// A name found in the table.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NameMatch<'a> {
    /// The row.
    pub organisation: &'a Organisation,
    /// Whether the name was in force on the day.
    pub timing: Timing,
    /// The name agrees only without its diacritics, as certificates of the first generation are written:
    /// lower confidence.
    pub without_diacritics: bool,
}

/// A contradiction within the table, for `soat doctor`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum TableProblem {
    /// The last day lies before the first.
    ReversedValidity(String),
    /// Two rows give one code different bodies on one day.
    CodeTwice(String),
    /// The parent's code is no row: code, parent.
    ParentUnknown(String, String),
    /// A successor's code is no row: code, successor.
    SuccessorUnknown(String, String),
    /// The parents form a circle.
    ParentCircle(String),
}

impl OrganisationTable {
    /// Builds the indices.
    pub fn new(rows: Vec<Organisation>) -> Self {
        let mut table = Self::default();
        for (index, row) in rows.iter().enumerate() {
            let add = |map: &mut BTreeMap<String, Vec<usize>>, key: String| {
                let list = map.entry(key).or_default();
                if !list.contains(&index) {
                    list.push(index);
                }
            };
            add(&mut table.by_code, code_key(&row.code));
            add(&mut table.by_name, text::fold(&row.name));
            add(&mut table.by_ascii, text::ascii_fold(&row.name));
            if let Some(name) = &row.ascii_name {
                add(&mut table.by_ascii, text::ascii_fold(name));
            }
            if let Some(id) = &row.organ_id {
                add(&mut table.by_organ_id, text::fold(id));
            }
        }
        table.rows = rows;
        table
    }

    /// Every row in order.
    pub fn rows(&self) -> &[Organisation] {
        &self.rows
    }

    /// No rows at all: nothing can be resolved.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// What is known of an abbreviation on a day.
    pub fn code(&self, code: &str, day: Option<CalendarDate>) -> CodeStatus<'_> {
        self.status(&self.by_code, &code_key(code), day)
    }

    /// The row of an abbreviation in force on a day.
    pub fn by_code(&self, code: &str, day: Option<CalendarDate>) -> Option<&Organisation> {
        match self.code(code, day) {
            CodeStatus::InForce(row) => Some(row),
            _ => None,
        }
    }

    /// Whether the abbreviation ever was an agency's (not a unit's): what decides ambiguous symbols.
    pub fn is_agency_code(&self, code: &str) -> bool {
        self.found(&self.by_code, &code_key(code)).any(|row| row.kind != crate::model::OrganisationKind::Unit)
    }

    /// What is known of an identification code of the exchange axis on a day.
    pub fn organ_id(&self, organ_id: &str, day: Option<CalendarDate>) -> CodeStatus<'_> {
        self.status(&self.by_organ_id, &text::fold(organ_id), day)
    }

    /// Finds a full name, diacritics first, then without them if `name` itself has none. A row in force on
    /// the day is preferred to one that is not. A name in plain letters that fits several bodies in force is
    /// no match.
    pub fn by_name(&self, name: &str, day: Option<CalendarDate>) -> Option<NameMatch<'_>> {
        let key = text::fold(name);
        if key.is_empty() {
            return None;
        }
        let (map, key, without_diacritics) = if self.by_name.contains_key(&key) {
            (&self.by_name, key, false)
        } else if text::is_plain_ascii(&key) {
            (&self.by_ascii, text::ascii_fold(&key), true)
        } else {
            return None;
        };
        let mut rows = self.found(map, &key).map(|row| (timing(row, day), row)).collect::<Vec<_>>();
        rows.sort_by_key(|(timing, _)| *timing);
        let (timing, organisation) = *rows.first()?;
        let rivals = rows.iter().filter(|(t, row)| *t == timing && code_key(&row.code) != code_key(&organisation.code));
        if without_diacritics && rivals.count() > 0 {
            return None;
        }
        Some(NameMatch { organisation, timing, without_diacritics })
    }

    /// Parents of a code on a day, nearest first. Stops at a circle.
    pub fn parents(&self, code: &str, day: Option<CalendarDate>) -> Vec<&Organisation> {
        let mut chain = Vec::new();
        let mut seen = BTreeSet::from([code_key(code)]);
        let mut current = self.code(code, day).organisation();
        while let Some(parent) = current.and_then(|row| row.parent.as_deref()) {
            if !seen.insert(code_key(parent)) || chain.len() >= MAX_CHAIN {
                break;
            }
            current = self.code(parent, day).organisation();
            chain.extend(current);
        }
        chain
    }

    /// Whether `code` is `ancestor` or below it on a day.
    pub fn belongs_to(&self, code: &str, ancestor: &str, day: Option<CalendarDate>) -> bool {
        code_key(code) == code_key(ancestor)
            || self.parents(code, day).iter().any(|row| code_key(&row.code) == code_key(ancestor))
    }

    /// The bodies in force on `day` that succeeded `code`, directly or through others.
    pub fn successors(&self, code: &str, day: Option<CalendarDate>) -> Vec<&Organisation> {
        let mut seen = BTreeSet::from([code_key(code)]);
        let mut pending =
            self.found(&self.by_code, &code_key(code)).flat_map(|row| &row.successors).collect::<Vec<_>>();
        let mut found = Vec::new();
        while let Some(code) = pending.pop() {
            if !seen.insert(code_key(code)) {
                continue;
            }
            match self.code(code, day) {
                CodeStatus::InForce(row) => found.push(row),
                CodeStatus::Ended(row) | CodeStatus::NotYet(row) => pending.extend(&row.successors),
                CodeStatus::Unknown => {}
            }
        }
        found.sort_by(|left, right| left.code.cmp(&right.code));
        found
    }

    /// The one unit that carries on for a unit that ended before `day`; `None` where it has not ended, has no
    /// successor among the units, or was split among several.
    pub fn successor_unit(&self, code: &str, day: Option<CalendarDate>) -> Option<&Organisation> {
        let unit = |row: &Organisation| row.kind == crate::model::OrganisationKind::Unit;
        if !matches!(self.code(code, day), CodeStatus::Ended(row) if unit(row)) {
            return None;
        }
        match self.successors(code, day).as_slice() {
            [only] if unit(only) => Some(only),
            _ => None,
        }
    }

    /// Every row of a code other than the one in force on `day`: its former and later names.
    pub fn other_names(&self, code: &str, day: Option<CalendarDate>) -> Vec<&Organisation> {
        let current = self.by_code(code, day).map(|row| text::fold(&row.name));
        self.found(&self.by_code, &code_key(code)).filter(|row| Some(text::fold(&row.name)) != current).collect()
    }

    /// Contradictions within the table, in row order.
    pub fn problems(&self) -> Vec<TableProblem> {
        let mut problems = Vec::new();
        for (index, row) in self.rows.iter().enumerate() {
            if let (Some(first), Some(last)) = (row.valid_from, row.valid_to)
                && last < first
            {
                problems.push(TableProblem::ReversedValidity(row.code.clone()));
            }
            let earlier = self.by_code.get(&code_key(&row.code)).into_iter().flatten().filter(|other| **other < index);
            if earlier.filter_map(|other| self.rows.get(*other)).any(|other| overlap(other, row)) {
                problems.push(TableProblem::CodeTwice(row.code.clone()));
            }
            if let Some(parent) = &row.parent {
                if !self.by_code.contains_key(&code_key(parent)) {
                    problems.push(TableProblem::ParentUnknown(row.code.clone(), parent.clone()));
                }
                if self.in_parent_circle(row) {
                    problems.push(TableProblem::ParentCircle(row.code.clone()));
                }
            }
            for successor in &row.successors {
                if !self.by_code.contains_key(&code_key(successor)) {
                    problems.push(TableProblem::SuccessorUnknown(row.code.clone(), successor.clone()));
                }
            }
        }
        problems
    }

    fn in_parent_circle(&self, start: &Organisation) -> bool {
        let mut current = Some(start);
        for _ in 0..MAX_CHAIN {
            let Some(parent) = current.and_then(|row| row.parent.as_deref()) else { return false };
            if code_key(parent) == code_key(&start.code) {
                return true;
            }
            current = self.code(parent, start.valid_from).organisation();
        }
        false
    }

    fn found<'a>(&'a self, map: &'a BTreeMap<String, Vec<usize>>, key: &str) -> impl Iterator<Item = &'a Organisation> {
        map.get(key).into_iter().flatten().filter_map(|index| self.rows.get(*index))
    }

    fn status<'a>(
        &'a self,
        map: &'a BTreeMap<String, Vec<usize>>,
        key: &str,
        day: Option<CalendarDate>,
    ) -> CodeStatus<'a> {
        let of = |wanted: Timing| self.found(map, key).filter(move |row| timing(row, day) == wanted);
        if day.is_none() {
            // All time: the row that is open or ends last speaks for the code.
            return match of(Timing::InForce).max_by_key(|row| (row.valid_to.is_none(), row.valid_to)) {
                Some(row) => CodeStatus::InForce(row),
                None => CodeStatus::Unknown,
            };
        }
        if let Some(row) = of(Timing::InForce).next() {
            CodeStatus::InForce(row)
        } else if let Some(row) = of(Timing::Ended).max_by_key(|row| row.valid_to) {
            CodeStatus::Ended(row)
        } else if let Some(row) = of(Timing::NotYet).min_by_key(|row| row.valid_from) {
            CodeStatus::NotYet(row)
        } else {
            CodeStatus::Unknown
        }
    }
}

/// How `day` lies to the validity of `row`.
pub fn timing(row: &Organisation, day: Option<CalendarDate>) -> Timing {
    match day {
        Some(day) if row.valid_to.is_some_and(|last| last < day) => Timing::Ended,
        Some(day) if row.valid_from.is_some_and(|first| day < first) => Timing::NotYet,
        _ => Timing::InForce,
    }
}

fn overlap(left: &Organisation, right: &Organisation) -> bool {
    let ends_before = |a: &Organisation, b: &Organisation| matches!((a.valid_to, b.valid_from), (Some(end), Some(start)) if end < start);
    !ends_before(left, right) && !ends_before(right, left)
}

fn code_key(code: &str) -> String {
    crate::reference::symbol_key(code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::OrganisationKind;

    pub(super) fn row(code: &str, name: &str, from: &str, to: &str, kind: OrganisationKind) -> Organisation {
        Organisation {
            code: code.into(),
            name: name.into(),
            valid_from: from.parse().ok(),
            valid_to: to.parse().ok(),
            kind,
            ..Default::default()
        }
    }

    pub(super) fn table() -> OrganisationTable {
        use OrganisationKind::{Agency, Other, Republisher, Unit};
        let mut rows = vec![
            row("SLĐTBXH", "Sở Lao động - Thương binh và Xã hội tỉnh An Bình", "2008-01-01", "2025-02-28", Agency),
            row("SNV", "Sở Nội vụ tỉnh An Bình", "2025-03-01", "", Agency),
            row("BTXH", "Phòng Bảo trợ xã hội", "", "", Unit),
            row("UBND", "Ủy ban nhân dân tỉnh An Bình", "", "", Other),
            row("CTTĐT", "Cổng Thông tin điện tử Chính phủ", "", "", Republisher),
            row("VP", "Văn phòng Sở", "2025-03-01", "2026-06-30", Unit),
            row("VP", "Văn phòng", "2026-07-01", "", Unit),
        ];
        rows[0].successors = vec!["SNV".into()];
        rows[2].parent = Some("SNV".into());
        rows[1].parent = Some("UBND".into());
        rows[1].organ_id = Some("000.00.12.H08".into());
        OrganisationTable::new(rows)
    }

    pub(super) fn day(text: &str) -> Option<CalendarDate> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn codes_have_their_days() {
        let table = table();
        assert!(matches!(table.code("slđtbxh", day("2024-05-01")), CodeStatus::InForce(_)));
        assert!(matches!(table.code("SLÐTBXH", day("2025-03-01")), CodeStatus::Ended(_)));
        assert!(matches!(table.code("SNV", day("2025-02-28")), CodeStatus::NotYet(_)));
        assert!(matches!(table.code("SNV", None), CodeStatus::InForce(_)));
        assert_eq!(table.code("XYZ", None), CodeStatus::Unknown);
        assert_eq!(table.by_code("VP", day("2026-08-01")).unwrap().name, "Văn phòng");
        assert_eq!(table.by_code("VP", day("2026-06-30")).unwrap().name, "Văn phòng Sở");
        assert_eq!(table.other_names("VP", day("2026-08-01"))[0].name, "Văn phòng Sở");
        assert!(matches!(table.organ_id("000.00.12.h08", day("2026-01-01")), CodeStatus::InForce(_)));
        assert!(table.is_agency_code("UBND") && !table.is_agency_code("BTXH"));
    }

    #[test]
    fn names_are_found_with_less_confidence_without_diacritics() {
        let table = table();
        let found = table.by_name("SỞ NỘI VỤ TỈNH AN BÌNH", day("2026-10-01")).unwrap();
        assert_eq!((found.timing, found.without_diacritics), (Timing::InForce, false));
        let found = table.by_name("So Noi vu tinh An Binh", day("2026-10-01")).unwrap();
        assert_eq!((found.organisation.code.as_str(), found.without_diacritics), ("SNV", true));
        let found = table.by_name("Sở Lao động – Thương binh và Xã hội tỉnh An Bình", day("2026-10-01")).unwrap();
        assert_eq!(found.timing, Timing::Ended);
        // Other diacritics are another name.
        assert_eq!(table.by_name("Sở Nôi vụ tỉnh An Bình", None), None);
        assert_eq!(table.by_name("", None), None);
    }

    #[test]
    fn chains_are_followed() {
        let table = table();
        let codes = |rows: Vec<&Organisation>| rows.iter().map(|row| row.code.clone()).collect::<Vec<_>>();
        assert_eq!(codes(table.parents("BTXH", day("2026-10-01"))), ["SNV", "UBND"]);
        assert!(table.belongs_to("BTXH", "UBND", None));
        assert!(!table.belongs_to("UBND", "SNV", None));
        assert_eq!(codes(table.successors("SLĐTBXH", day("2026-10-01"))), ["SNV"]);
        assert!(table.problems().is_empty(), "{:?}", table.problems());
    }

    #[test]
    fn contradictions_are_reported_and_survived() {
        use OrganisationKind::Unit;
        let mut rows = vec![
            row("A", "Phòng A", "2026-01-01", "2025-01-01", Unit),
            row("B", "Phòng B", "", "", Unit),
            row("B", "Phòng Bê", "2026-01-01", "", Unit),
            row("C", "Phòng C", "", "", Unit),
        ];
        rows[1].parent = Some("C".into());
        rows[3].parent = Some("B".into());
        rows[3].successors = vec!["Z".into()];
        let table = OrganisationTable::new(rows);
        let problems = table.problems();
        assert!(problems.contains(&TableProblem::ReversedValidity("A".into())));
        assert!(problems.contains(&TableProblem::CodeTwice("B".into())));
        assert!(problems.contains(&TableProblem::ParentCircle("B".into())));
        assert!(problems.contains(&TableProblem::SuccessorUnknown("C".into(), "Z".into())));
        assert_eq!(table.parents("C", None).len(), 1);
    }
}
