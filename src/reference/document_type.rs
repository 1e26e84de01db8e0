//! Abbreviations of document types (Decree 30, PL III section I), case-exact, and the normative types
//! that carry a year.

use crate::text;
use std::sync::LazyLock;

/// A named document type.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DocumentType(usize);

/// A token recognised as a type.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TypeMatch {
    /// The type.
    pub document_type: DocumentType,
    /// Written in the prescribed case with its diacritics.
    pub exact: bool,
}

struct Entry {
    abbreviation: &'static str,
    name: &'static str,
    /// The token also abbreviates something else (TTr: thanh tra; CT: công ty, công tác …).
    ambiguous: bool,
    group: Group,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Group {
    /// PL III, administrative documents.
    Administrative,
    /// PL III, certified copies.
    Copy,
    /// Normative acts (not of PL III): a year inside the reference is right.
    Normative,
}

const fn entry(abbreviation: &'static str, name: &'static str, ambiguous: bool, group: Group) -> Entry {
    Entry { abbreviation, name, ambiguous, group }
}

/// PL III section I in its order, then certified copies, then normative acts (law on the promulgation of
/// legal normative documents; the symbols are those on published acts).
const ENTRIES: &[Entry] = &[
    entry("NQ", "Nghị quyết", false, Group::Administrative),
    entry("QĐ", "Quyết định", false, Group::Administrative),
    entry("CT", "Chỉ thị", true, Group::Administrative),
    entry("QC", "Quy chế", true, Group::Administrative),
    entry("QyĐ", "Quy định", false, Group::Administrative),
    entry("TC", "Thông cáo", true, Group::Administrative),
    entry("TB", "Thông báo", false, Group::Administrative),
    entry("HD", "Hướng dẫn", false, Group::Administrative),
    entry("CTr", "Chương trình", false, Group::Administrative),
    entry("KH", "Kế hoạch", false, Group::Administrative),
    entry("PA", "Phương án", false, Group::Administrative),
    entry("ĐA", "Đề án", false, Group::Administrative),
    entry("DA", "Dự án", false, Group::Administrative),
    entry("BC", "Báo cáo", false, Group::Administrative),
    entry("BB", "Biên bản", false, Group::Administrative),
    entry("TTr", "Tờ trình", true, Group::Administrative),
    entry("HĐ", "Hợp đồng", true, Group::Administrative),
    entry("CĐ", "Công điện", true, Group::Administrative),
    entry("BGN", "Bản ghi nhớ", false, Group::Administrative),
    entry("BTT", "Bản thỏa thuận", false, Group::Administrative),
    entry("GUQ", "Giấy ủy quyền", false, Group::Administrative),
    entry("GM", "Giấy mời", false, Group::Administrative),
    entry("GGT", "Giấy giới thiệu", false, Group::Administrative),
    entry("GNP", "Giấy nghỉ phép", false, Group::Administrative),
    entry("PG", "Phiếu gửi", false, Group::Administrative),
    entry("PC", "Phiếu chuyển", false, Group::Administrative),
    entry("PB", "Phiếu báo", false, Group::Administrative),
    entry("SY", "Sao y", false, Group::Copy),
    entry("TrS", "Trích sao", false, Group::Copy),
    entry("SL", "Sao lục", false, Group::Copy),
    entry("NĐ", "Nghị định", false, Group::Normative),
    entry("TT", "Thông tư", false, Group::Normative),
    entry("TTLT", "Thông tư liên tịch", false, Group::Normative),
    entry("NQLT", "Nghị quyết liên tịch", false, Group::Normative),
    entry("PL", "Pháp lệnh", false, Group::Normative),
    entry("L", "Lệnh", false, Group::Normative),
];

impl DocumentType {
    fn entry(self) -> &'static Entry {
        // Only `match_type`, `by_name` and `all` make the value, always with an index of the table.
        ENTRIES.get(self.0).unwrap_or(&ENTRIES[0])
    }

    /// Abbreviation as prescribed: `QyĐ`.
    pub fn abbreviation(self) -> &'static str {
        self.entry().abbreviation
    }

    /// Vietnamese name: `Quy định`.
    pub fn name(self) -> &'static str {
        self.entry().name
    }

    /// The token also stands for something else, so that the first group alone does not decide.
    pub fn is_ambiguous(self) -> bool {
        self.entry().ambiguous
    }

    /// Certified copy (sao y, trích sao, sao lục; Decree 30, Đ.25).
    pub fn is_copy(self) -> bool {
        self.entry().group == Group::Copy
    }

    /// A type that only normative acts have.
    pub fn is_normative_only(self) -> bool {
        self.entry().group == Group::Normative
    }

    /// Every type, PL III first.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..ENTRIES.len()).map(Self)
    }

    /// The type whose name is printed as a title (`QUYẾT ĐỊNH`), whatever its case.
    pub fn by_name(title: &str) -> Option<Self> {
        let title = text::fold(title);
        Self::all().find(|document_type| text::fold(document_type.name()) == title)
    }
}

/// Folded forms of an abbreviation: symbols are matched by the hundred thousand.
struct Folded {
    marked: String,
    plain: String,
}

static FOLDED: LazyLock<Vec<Folded>> = LazyLock::new(|| {
    let forms = DocumentType::all().map(|document_type| Folded {
        marked: text::fold(document_type.abbreviation()),
        plain: text::ascii_fold(document_type.abbreviation()),
    });
    forms.collect()
});

/// Recognises a token: in prescribed case first; then folded with diacritics (`CTR`, `qđ`); then without them
/// where nothing else has that form (`QD`), the last two marked as not exact.
pub fn match_type(token: &str) -> Option<TypeMatch> {
    let composed = text::compose(token);
    if let Some(document_type) = DocumentType::all().find(|candidate| candidate.abbreviation() == composed) {
        return Some(TypeMatch { document_type, exact: true });
    }
    let folded = text::fold(&composed);
    let matching = |form: fn(&Folded) -> &str| {
        let found = FOLDED.iter().zip(DocumentType::all());
        found.filter(|(entry, _)| form(entry) == folded).map(|(_, document_type)| document_type).collect::<Vec<_>>()
    };
    let mut same = matching(|entry| &entry.marked).into_iter();
    if let Some(document_type) = same.next() {
        return Some(TypeMatch { document_type, exact: false });
    }
    if !text::is_plain_ascii(&composed) {
        return None;
    }
    // HD is hướng dẫn and a bare HĐ; DA is dự án and a bare ĐA: those matched above as themselves.
    match matching(|entry| &entry.plain).as_slice() {
        [document_type] => Some(TypeMatch { document_type: *document_type, exact: false }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_decides_first() {
        let exact = |token: &str| match_type(token).filter(|m| m.exact).map(|m| m.document_type.name());
        assert_eq!(exact("QĐ"), Some("Quyết định"));
        assert_eq!(exact("QyĐ"), Some("Quy định"));
        assert_eq!(exact("CTr"), Some("Chương trình"));
        assert_eq!(exact("CT"), Some("Chỉ thị"));
        assert_eq!(exact("TrS"), Some("Trích sao"));
        assert_eq!(exact("CTR"), None);
        assert_eq!(match_type("CTR").map(|m| m.document_type.name()), Some("Chương trình"));
        assert_eq!(match_type("qd").map(|m| m.document_type.name()), Some("Quyết định"));
        assert_eq!(match_type("QÐ").map(|m| m.exact), Some(true));
        assert_eq!(match_type("CV"), None);
        assert_eq!(match_type(""), None);
    }

    #[test]
    fn every_abbreviation_and_name_is_found_again() {
        for document_type in DocumentType::all() {
            assert_eq!(match_type(document_type.abbreviation()), Some(TypeMatch { document_type, exact: true }));
            assert_eq!(DocumentType::by_name(&document_type.name().to_uppercase()), Some(document_type));
        }
        assert_eq!(DocumentType::all().count(), 36);
        assert_eq!(DocumentType::by_name("GIẤY UỶ QUYỀN").map(DocumentType::abbreviation), Some("GUQ"));
        assert_eq!(DocumentType::by_name("CÔNG VĂN"), None);
    }
}
