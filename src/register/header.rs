//! Finding the header row and which column holds which field. The mapping of the configuration wins over the
//! preset; a header is matched whole (folded), never by resemblance, and everything matched is reported.

use super::grid::GridRow;
use super::problem::{ProblemKind, RegisterError, RegisterProblem, shorten};
use super::schema::{Field, Schema};
use crate::model::RowLocation;
use crate::text;
use std::collections::BTreeMap;

/// The header stands within so many rows: titles above it have at most a dozen.
pub(super) const SEARCHED_ROWS: usize = 60;

/// A field with its column.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MatchedColumn {
    /// Canonical field.
    pub field: &'static str,
    /// Header as written in the file.
    pub header: String,
    /// Column, 1 for the first.
    pub column: u32,
}

/// Which column holds which field.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Layout {
    /// Rows of the search window up to and with the header.
    pub(super) rows_above_data: usize,
    /// Row of the header as the user sees it; of several header rows the last.
    pub(super) header_row: u32,
    pub(super) matched: Vec<MatchedColumn>,
    pub(super) unmatched: Vec<String>,
    pub(super) missing: Vec<&'static Field>,
    pub(super) problems: Vec<RegisterProblem>,
}

impl Layout {
    /// Column index and header of a field.
    pub(super) fn column(&self, field: &str) -> Option<(usize, &str)> {
        let matched = self.matched.iter().find(|matched| matched.field == field)?;
        Some((usize::try_from(matched.column).ok()?.checked_sub(1)?, matched.header.as_str()))
    }
}

/// Folded header: letters and digits only, "và" and a numbering "(1)" dropped, "VB" written out.
pub(super) fn header_key(header: &str) -> String {
    let folded = text::fold(header);
    let without_number = match folded.rfind('(') {
        Some(at) if is_numbering(folded.get(at..).unwrap_or_default()) => folded.get(..at).unwrap_or_default(),
        _ => folded.as_str(),
    };
    let words = without_number
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty() && *word != "và")
        .map(|word| if word == "vb" { "văn bản" } else { word });
    words.collect::<Vec<_>>().join(" ")
}

fn is_numbering(text: &str) -> bool {
    let digits = text.trim_matches(|c: char| matches!(c, '(' | ')' | '[' | ']' | ' ' | '.'));
    !digits.is_empty() && digits.len() <= 2 && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// The headers of a kind of list, with the mapping applied.
pub(super) struct Matcher<'a> {
    file: &'a str,
    schema: &'a Schema,
    mapping: &'a BTreeMap<String, String>,
    /// Field, rank (0 best) by header key.
    known: BTreeMap<String, (usize, usize)>,
    /// The same without diacritics, for headers typed without.
    known_ascii: BTreeMap<String, Option<(usize, usize)>>,
}

impl<'a> Matcher<'a> {
    pub(super) fn new(
        file: &'a str,
        schema: &'a Schema,
        mapping: &'a BTreeMap<String, String>,
    ) -> Result<Self, RegisterError> {
        if let Some(field) = mapping.keys().find(|field| schema.field(field).is_none()) {
            return Err(RegisterError::FieldUnknown {
                file: file.to_owned(),
                field: field.clone(),
                fields: schema.fields.iter().map(|field| field.name.to_owned()).collect(),
            });
        }
        let mut matcher = Self { file, schema, mapping, known: BTreeMap::new(), known_ascii: BTreeMap::new() };
        // Mapped headers first: they keep their text from every other field.
        for (index, field) in schema.fields.iter().enumerate() {
            if let Some(header) = mapping.get(field.name) {
                matcher.known.insert(header_key(header), (index, 0));
            }
        }
        for (index, field) in schema.fields.iter().enumerate().filter(|(_, field)| !mapping.contains_key(field.name)) {
            for (rank, header) in field.headers.iter().chain(std::iter::once(&field.name)).enumerate() {
                matcher.known.entry(header_key(header)).or_insert((index, rank));
            }
        }
        for (key, found) in &matcher.known {
            let ascii = text::ascii_fold(key);
            // Two fields that fall together without diacritics: neither is matched that way.
            matcher
                .known_ascii
                .entry(ascii)
                .and_modify(|other| {
                    if other.is_some_and(|(field, _)| field != found.0) {
                        *other = None;
                    }
                })
                .or_insert(Some(*found));
        }
        Ok(matcher)
    }

    fn find(&self, header: &str) -> Option<(usize, usize)> {
        let key = header_key(header);
        if key.is_empty() {
            return None;
        }
        self.known
            .get(&key)
            .copied()
            .or_else(|| if text::is_plain_ascii(&key) { self.known_ascii.get(&key).copied().flatten() } else { None })
    }

    /// So many headers make a row the header.
    pub(super) fn minimum_headers(&self) -> usize {
        self.schema.minimum_headers
    }

    /// How many fields a row of header texts matches.
    fn fields_matched(&self, headers: &[String]) -> usize {
        let mut fields =
            headers.iter().filter_map(|header| self.find(header)).map(|(field, _)| field).collect::<Vec<_>>();
        fields.sort_unstable();
        fields.dedup();
        fields.len()
    }
}

/// Finds the header within the first rows of a file and lays out its columns.
pub(super) fn find_layout(matcher: &Matcher<'_>, rows: &[GridRow]) -> Result<Layout, RegisterError> {
    let Matcher { file, schema, mapping, .. } = *matcher;
    let single = rows.iter().map(texts).collect::<Vec<_>>();
    let mut nearest = (0, 0);
    for (index, headers) in single.iter().enumerate() {
        let matched = matcher.fields_matched(headers);
        if matched > nearest.0 {
            nearest = (matched, index);
        }
        let next = single.get(index + 1);
        let joined = next.map(|below| join_two_lines(matcher, headers, below));
        let matched_joined = joined.as_ref().map_or(0, |joined| matcher.fields_matched(joined));
        if matched >= schema.minimum_headers {
            // A second header line below adds fields; a data row adds none.
            let two_lines = matched_joined > matched;
            let headers = if two_lines { joined.as_deref().unwrap_or(headers) } else { headers };
            return layout(matcher, headers, rows, index + usize::from(two_lines));
        }
        let next_alone = next.map_or(0, |below| matcher.fields_matched(below));
        if let Some(joined) = joined
            && matched_joined >= schema.minimum_headers
            && next_alone < schema.minimum_headers
        {
            return layout(matcher, &joined, rows, index + 1);
        }
    }
    Err(RegisterError::HeaderMissing {
        file: file.to_owned(),
        expected: schema
            .fields
            .iter()
            .filter(|field| field.prescribed)
            .map(|field| expected_header(field, mapping))
            .collect(),
        nearest: single
            .get(nearest.1)
            .into_iter()
            .flatten()
            .filter(|text| !text.is_empty())
            .take(20)
            .map(|text| shorten(text))
            .collect(),
    })
}

/// Number of fields the best row would match: how delimiters are compared.
pub(super) fn best_match(matcher: &Matcher<'_>, rows: &[GridRow]) -> usize {
    let texts = rows.iter().map(texts).collect::<Vec<_>>();
    let joined = texts.windows(2).filter_map(|pair| match pair {
        [above, below] => Some(matcher.fields_matched(&join_two_lines(matcher, above, below))),
        _ => None,
    });
    texts.iter().map(|headers| matcher.fields_matched(headers)).chain(joined).max().unwrap_or(0)
}

/// Longest header that is compared, in characters; a longer cell is data.
const MAX_HEADER_CHARACTERS: usize = 300;

fn texts(row: &GridRow) -> Vec<String> {
    let text = |cell: &super::grid::Cell| match cell {
        super::grid::Cell::Text(text) => text.trim().chars().take(MAX_HEADER_CHARACTERS).collect(),
        other => other.text(),
    };
    row.cells.iter().map(text).collect()
}

/// A header of two lines: the cell below under the (merged, so forward-filled) cell above. Of the lower text,
/// the upper text and both together, what names a field is taken.
fn join_two_lines(matcher: &Matcher<'_>, above: &[String], below: &[String]) -> Vec<String> {
    let mut filled = "";
    (0..above.len().max(below.len()))
        .map(|column| {
            let upper = above.get(column).map_or("", String::as_str);
            let lower = below.get(column).map_or("", String::as_str);
            if !upper.is_empty() {
                filled = upper;
            } else if lower.is_empty() {
                filled = "";
            }
            let both = format!("{filled} {lower}");
            let both = both.trim();
            if lower.is_empty() {
                upper.to_owned()
            } else if matcher.find(both).is_some() || (matcher.find(lower).is_none() && matcher.find(upper).is_none()) {
                both.to_owned()
            } else if matcher.find(lower).is_some() {
                lower.to_owned()
            } else {
                upper.to_owned()
            }
        })
        .collect()
}

fn layout(
    matcher: &Matcher<'_>,
    headers: &[String],
    rows: &[GridRow],
    last_header_row: usize,
) -> Result<Layout, RegisterError> {
    let Matcher { file, mapping, .. } = *matcher;
    let location = RowLocation { file: file.to_owned(), row: rows.get(last_header_row).map_or(0, |row| row.number) };
    let mut layout = Layout { rows_above_data: last_header_row + 1, header_row: location.row, ..Default::default() };
    // Per field the best-ranked column, the leftmost among equals.
    let mut best: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    for (column, header) in headers.iter().enumerate() {
        if let Some((field, rank)) = matcher.find(header) {
            let entry = best.entry(field).or_insert((rank, column));
            if rank < entry.0 {
                *entry = (rank, column);
            }
        }
    }
    for (column, header) in headers.iter().enumerate().filter(|(_, header)| !header_key(header).is_empty()) {
        match matcher.find(header) {
            Some((field, _)) if best.get(&field).is_some_and(|(_, chosen)| *chosen == column) => {
                if let Some(field) = matcher.schema.fields.get(field) {
                    let number = u32::try_from(column + 1).unwrap_or(u32::MAX);
                    layout.matched.push(MatchedColumn { field: field.name, header: one_line(header), column: number });
                }
            }
            Some((field, _)) => {
                let chosen =
                    best.get(&field).and_then(|(_, column)| headers.get(*column)).map(|header| one_line(header));
                layout.problems.push(RegisterProblem::new(
                    location.clone(),
                    chosen.as_deref(),
                    ProblemKind::HeaderTwice,
                    &one_line(header),
                ));
                layout.unmatched.push(one_line(header));
            }
            None => layout.unmatched.push(one_line(header)),
        }
    }
    for field in matcher.schema.fields {
        if layout.matched.iter().any(|matched| matched.field == field.name) {
            continue;
        }
        if let Some(header) = mapping.get(field.name) {
            return Err(RegisterError::MappedColumnMissing {
                file: file.to_owned(),
                field: field.name.to_owned(),
                header: header.clone(),
                row: location.row,
                headers: headers.iter().filter(|header| !header.is_empty()).map(|header| shorten(header)).collect(),
            });
        }
        let replaced = field.name == "reference" && layout.matched.iter().any(|matched| matched.field == "number");
        if field.prescribed && !replaced {
            layout.missing.push(field);
        }
    }
    let identified = matcher.schema.identifying.iter().any(|name| layout.column(name).is_some());
    if !identified {
        let field = matcher.schema.identifying.first().and_then(|name| matcher.schema.field(name));
        return Err(RegisterError::ColumnMissing {
            file: file.to_owned(),
            expected: field.map(|field| expected_header(field, mapping)).unwrap_or_default(),
            headers: headers.iter().filter(|header| !header.is_empty()).map(|header| shorten(header)).collect(),
        });
    }
    // The forms number their columns (1) (2) … below the header.
    if rows.get(layout.rows_above_data).is_some_and(is_numbering_row) {
        layout.rows_above_data += 1;
    }
    Ok(layout)
}

fn expected_header(field: &Field, mapping: &BTreeMap<String, String>) -> String {
    mapping
        .get(field.name)
        .cloned()
        .or_else(|| field.headers.first().map(|header| (*header).to_owned()))
        .unwrap_or_default()
}

fn one_line(header: &str) -> String {
    header.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `(1) (2) (3)` or `1 2 3`: at least three cells, each the next number.
fn is_numbering_row(row: &GridRow) -> bool {
    let mut next = 1_u32;
    for cell in row.cells.iter().filter(|cell| !cell.is_blank()) {
        let text = cell.text();
        let digits = text.trim_matches(|c: char| matches!(c, '(' | ')' | ' '));
        if digits.parse() != Ok(next) {
            return false;
        }
        next += 1;
    }
    next > 3
}

#[cfg(test)]
mod tests {
    use super::super::grid::Cell;
    use super::super::schema::OUTGOING;
    use super::*;

    fn rows(lines: &[&[&str]]) -> Vec<GridRow> {
        (1..)
            .zip(lines)
            .map(|(number, cells)| GridRow {
                number,
                cells: cells
                    .iter()
                    .map(|text| if text.is_empty() { Cell::Empty } else { Cell::Text((*text).into()) })
                    .collect(),
            })
            .collect()
    }

    fn find(lines: &[&[&str]], mapping: &[(&str, &str)]) -> Result<Layout, RegisterError> {
        let mapping = mapping.iter().map(|(field, header)| ((*field).into(), (*header).into())).collect();
        find_layout(&Matcher::new("sổ.csv", &OUTGOING, &mapping)?, &rows(lines))
    }

    #[test]
    fn titles_above_and_numbers_below_are_no_data() {
        let layout = find(
            &[
                &["SỞ NỘI VỤ"],
                &["SỔ ĐĂNG KÝ VĂN BẢN ĐI NĂM 2026"],
                &[],
                &["STT", "Số, ký hiệu văn bản", "Ngày tháng\nvăn bản", "Người ký", "Ý kiến"],
                &["(1)", "(2)", "(3)", "(4)", "(5)"],
                &["1", "512/SNV-BTXH", "02/10/2026", "A", ""],
            ],
            &[],
        )
        .unwrap();
        assert_eq!(layout.rows_above_data, 5);
        assert_eq!(layout.column("date"), Some((2, "Ngày tháng văn bản")));
        assert_eq!(layout.unmatched, ["STT", "Ý kiến"]);
        let missing = layout.missing.iter().map(|field| field.name).collect::<Vec<_>>();
        assert_eq!(missing, ["subject", "recipients", "archive_copy", "copies", "transferred", "receipt", "note"]);
    }

    #[test]
    fn two_header_lines_are_joined() {
        let layout = find(
            &[
                &["Số, ký hiệu văn bản", "Ngày", "", "Trích yếu", "Đơn vị,"],
                &["", "tháng văn bản", "chuyển", "", "người nhận bản lưu"],
                &["512/SNV-VP", "02/10/2026", "02/10/2026", "V/v", "VP"],
            ],
            &[],
        )
        .unwrap();
        assert_eq!(layout.rows_above_data, 2);
        assert_eq!(layout.column("date").map(|c| c.0), Some(1));
        assert_eq!(layout.column("transferred").map(|c| c.0), Some(2));
        assert_eq!(layout.column("archive_copy").map(|c| c.0), Some(4));
    }

    #[test]
    fn the_mapping_wins_and_is_reported_when_absent() {
        let lines: &[&[&str]] = &[&["Số, ký hiệu", "Ngày tháng", "Ngày ký", "Người ký", "Phòng ban"]];
        let layout = find(lines, &[("date", "ngày  KÝ"), ("unit", "Phòng ban")]).unwrap();
        assert_eq!(layout.column("date").map(|c| c.0), Some(2));
        assert_eq!(layout.column("unit").map(|c| c.0), Some(4));
        assert_eq!(layout.unmatched, ["Ngày tháng"]);
        let missing = find(lines, &[("date", "ngày  KÝ"), ("file", "Đường dẫn")]);
        assert!(matches!(missing, Err(RegisterError::MappedColumnMissing { row: 1, .. })), "{missing:?}");
        assert!(matches!(find(lines, &[("colour", "x")]), Err(RegisterError::FieldUnknown { .. })));
    }

    #[test]
    fn headers_without_diacritics_and_doubles() {
        let layout = find(&[&["So, ky hieu van ban", "Ngay thang van ban", "Nguoi ky", "Ngày văn bản"]], &[]).unwrap();
        assert_eq!(layout.column("reference").map(|c| c.0), Some(0));
        assert_eq!(layout.column("date").map(|c| c.0), Some(1));
        assert_eq!(layout.problems[0].kind, ProblemKind::HeaderTwice);
    }

    #[test]
    fn no_header_is_an_error_that_says_what_was_sought() {
        let error = find(&[&["a", "b"], &["Người ký", "Ghi chú", "c"]], &[]).unwrap_err();
        let RegisterError::HeaderMissing { nearest, expected, .. } = error else { panic!("{error:?}") };
        assert_eq!(nearest, ["Người ký", "Ghi chú", "c"]);
        assert_eq!(expected.len(), 10);
        let error = find(&[&["Người ký", "Ghi chú", "Nơi nhận"]], &[]).unwrap_err();
        assert!(matches!(error, RegisterError::ColumnMissing { .. }), "{error:?}");
    }
}
