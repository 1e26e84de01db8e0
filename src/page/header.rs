//! Boxes 1 to 5 of the first page (Decree 30/2020, PL I, section IV): agency, number and symbol, place and
//! date, type and subject.

use super::geometry::Box2;
use super::layout::{Run, SAME_LINE, Token};
use super::legacy::{fold, folded};
use crate::model::{CalendarDate, TextSource};

/// Named types of PL III, folded, then the normative and licence titles met in outgoing archives.
const TYPES: [&str; 38] = [
    "nghi quyet",
    "quyet dinh",
    "chi thi",
    "quy che",
    "quy dinh",
    "thong cao",
    "thong bao",
    "huong dan",
    "chuong trinh",
    "ke hoach",
    "phuong an",
    "de an",
    "du an",
    "bao cao",
    "bien ban",
    "to trinh",
    "hop dong",
    "cong dien",
    "ban ghi nho",
    "ban thoa thuan",
    "giay uy quyen",
    "giay moi",
    "giay gioi thieu",
    "giay nghi phep",
    "phieu gui",
    "phieu chuyen",
    "phieu bao",
    "thu cong",
    "thong tu lien tich",
    "thong tu",
    "nghi dinh",
    "phap lenh",
    "luat",
    "lenh",
    "quy trinh",
    "giay phep",
    "giay xac nhan",
    "giay chung nhan",
];

/// First words of an issuing agency under its superior; what follows a bare "ỦY BAN NHÂN DÂN" (TỈNH …) is
/// the rest of one name and not in this list.
const AGENCY_STARTS: [&str; 24] = [
    "so ",
    "cuc ",
    "chi cuc",
    "tong cuc",
    "vu ",
    "vien ",
    "phong ",
    "ban ",
    "van phong",
    "trung tam",
    "thanh tra",
    "truong ",
    "hoi ",
    "benh vien",
    "cong an",
    "cong ty",
    "quy ",
    "kho bac",
    "bao hiem",
    "thu vien",
    "uy ban nhan dan",
    "ubnd",
    "hoi dong",
    "doan ",
];

/// Lines of one block are no farther apart than this many font sizes.
const LINE_STEP: f32 = 2.4;
/// A date line may begin so many font sizes left of the motto above it: names of places are long.
const DATE_INDENT: f32 = 4.0;
/// A motto whose middle is no farther from the page's than this share of its width stands above both columns.
const CENTRED: f32 = 0.06;
/// A fill-in appearance is no wider: measured 18 to 38 points for number, day and month.
const FILL_IN_WIDTH: f32 = 90.0;
/// A fill-in appearance is no higher than two lines of 14 points.
const FILL_IN_HEIGHT: f32 = 45.0;

/// Text laid over this page by a signature, a text annotation or a text field, in page coordinates as viewed.
#[derive(Clone, Debug)]
pub(super) struct Stamp {
    pub(super) area: Box2,
    pub(super) text: String,
    /// A signature's appearance; else a text annotation or field, which is the page's own.
    pub(super) signature: bool,
}

impl Stamp {
    /// Whether it can be a number, day or month laid over a blank.
    pub(super) fn is_fill_in(&self) -> bool {
        self.area.width() <= FILL_IN_WIDTH
            && self.area.height() <= FILL_IN_HEIGHT
            && self.text.len() <= 32
            && self.text.starts_with(|c: char| c.is_ascii_digit())
            && !self.text.contains(['\n', ':'])
    }

    /// Whether it lies over the line of `run`.
    fn is_on_line(&self, run: &Run) -> bool {
        let (_, y) = self.area.centre();
        (run.y - 0.7 * run.size..=run.y + 1.2 * run.size).contains(&y)
    }
}

/// What the head of the first page says.
#[derive(Default, PartialEq, Debug)]
pub(super) struct Header {
    pub(super) superior: Option<String>,
    pub(super) agency: Option<String>,
    pub(super) reference: Option<String>,
    pub(super) number_source: TextSource,
    pub(super) date_line: Option<String>,
    pub(super) date: Option<CalendarDate>,
    pub(super) date_source: TextSource,
    pub(super) document_type: Option<String>,
    pub(super) subject: Option<String>,
}

/// Reads the head from the runs of page 1 (top to bottom); `width` and `height` are the page's.
pub(super) fn read(runs: &[Run], stamps: &[Stamp], width: f32, height: f32) -> Header {
    let mut header = Header::default();
    let Some(columns) = Columns::find(runs, width, height) else { return header };
    let runs = columns.split(runs);
    let left: Vec<&Run> = runs.iter().filter(|run| columns.holds_left(run)).collect();
    let number_at = left.iter().position(|run| is_number_start(&run.folded));
    let number_line = number_at.and_then(|at| left.get(at).copied());
    let above: Vec<&Run> = match number_line {
        Some(line) => left.iter().copied().filter(|run| run.y > line.y + SAME_LINE * line.size).collect(),
        None => left.iter().copied().take(8).take_while(|run| run.is_upper() || !has_letters(run)).collect(),
    };
    (header.superior, header.agency) = agencies(&above);
    if let Some(line) = number_line {
        (header.reference, header.number_source) = reference(line, &left, stamps, &columns);
        header.subject = official_letter_subject(line, &left);
    }
    // Lines of the body that mention a day begin at the left margin, far from the right column.
    let is_right = |run: &&Run| columns.holds_right(run) && run.x0 >= columns.boundary - DATE_INDENT * run.size;
    let date_run = runs.iter().filter(is_right).find(|run| is_date_line(&run.folded));
    if let Some(run) = date_run {
        dated(run, &runs, stamps, &columns, &mut header);
    } else if let Some((run, date)) =
        runs.iter().filter(is_right).find_map(|run| Some((run, english_date(&run.folded)?)))
    {
        header.date_line = Some(run.text.clone());
        header.date = Some(date);
        header.date_source = TextSource::Page;
    }
    if header.subject.is_none() {
        let from = [number_line, date_run].into_iter().flatten().map(|run| run.y).fold(columns.top, f32::min);
        titled(&runs, from, width, height, &mut header);
    }
    header
}

fn has_letters(run: &Run) -> bool {
    run.text.chars().any(char::is_alphabetic)
}

/// A line drawn with characters.
fn is_rule(run: &Run) -> bool {
    !run.text.chars().any(char::is_alphanumeric)
}

/// "An Bình, ngày …": the word, with no digit before it but a place.
fn is_date_line(folded: &str) -> bool {
    let at = folded.match_indices("ngay").map(|(at, _)| at).find(|at| {
        let before = folded.get(..*at).and_then(|before| before.chars().next_back());
        before.is_none_or(|c| !c.is_alphanumeric())
    });
    at.and_then(|at| folded.get(..at)).is_some_and(|place| !place.contains(|c: char| c.is_ascii_digit()))
}

/// "05/9/2026" behind "ngày", as some write it.
fn short_date(folded: &str) -> Option<CalendarDate> {
    let (_, rest) = folded.split_once("ngay")?;
    let parts = rest.split(['/', '-', '.']).map(str::trim).collect::<Vec<_>>();
    let [day, month, year, ..] = parts.as_slice() else { return None };
    let is_number = |text: &str, longest: usize| {
        !text.is_empty() && text.len() <= longest && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    if !(is_number(day, 2) && is_number(month, 2) && is_number(year, 4) && year.len() == 4) {
        return None;
    }
    CalendarDate::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

/// "An Binh, 05 September 2026" or "September 5, 2026": documents in English. Months alone are words, so no
/// order is guessed.
fn english_date(folded: &str) -> Option<CalendarDate> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect::<Vec<_>>();
    let at = words.iter().position(|word| MONTHS.contains(word))?;
    let month = MONTHS.iter().zip(1_u8..).find(|(name, _)| Some(*name) == words.get(at))?.1;
    let number = |word: Option<&&str>| {
        let digits = word?.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        digits.parse::<u8>().ok()
    };
    let before = at.checked_sub(1).and_then(|at| number(words.get(at)));
    let after = number(words.get(at + 1));
    let (day, year) = match (before, after) {
        (Some(day), _) => (day, words.get(at + 1)?),
        (None, Some(day)) => (day, words.get(at + 2)?),
        (None, None) => return None,
    };
    CalendarDate::new(year.parse().ok().filter(|year| (1945..=2100).contains(year))?, month, day)
}

/// The two columns of the head.
struct Columns {
    /// Left edge of the right column.
    boundary: f32,
    /// Baseline of the first line.
    top: f32,
    size: f32,
}

impl Columns {
    /// By the national motto's first line, else by a date line at the right, else by a number line.
    fn find(runs: &[Run], width: f32, height: f32) -> Option<Self> {
        let upper = || runs.iter().filter(|run| run.y > 0.4 * height);
        let national = upper().find_map(|run| {
            let start = ["cong hoa xa hoi", "dang cong san", "socialist republic"]
                .iter()
                .find(|start| run.folded.contains(*start))?;
            let first = start.split(' ').next().unwrap_or_default();
            let word = run.words.iter().find(|word| folded(&word.text) == first).or(run.words.first())?;
            let is_beside = runs.iter().any(|other| other.same_line(run) && other.x1 < word.x0);
            let is_above_both =
                (run.centre() - width / 2.0).abs() < CENTRED * width && word.x0 < 0.4 * width && !is_beside;
            let boundary = if is_above_both { 0.45 * width } else { word.x0 - 0.3 * run.size };
            Some(Self { boundary, top: run.y, size: run.size })
        });
        let dated = || {
            upper()
                .find(|run| run.centre() > 0.5 * width && is_date_line(&run.folded) && run.x0 > 0.3 * width)
                .map(|run| Self { boundary: run.x0 - run.size, top: height, size: run.size })
        };
        let numbered = || {
            upper()
                .find(|run| run.y > 0.65 * height && run.centre() < 0.45 * width && is_number_start(&run.folded))
                .map(|run| Self { boundary: 0.5 * width, top: height, size: run.size })
        };
        national.or_else(dated).or_else(numbered)
    }

    /// Runs of the head that reach over the boundary by drawing order are cut there.
    fn split(&self, runs: &[Run]) -> Vec<Run> {
        let mut result = Vec::with_capacity(runs.len() + 4);
        for run in runs {
            let in_head = run.y <= self.top + self.size && run.y >= self.top - 9.0 * self.size;
            let cut = run.words.iter().zip(run.words.iter().skip(1)).position(|(word, next)| {
                next.x0 >= self.boundary - 2.0 * run.size
                    && word.x1 <= self.boundary + 0.5 * run.size
                    && (next.x0 - word.x1 > 0.5 * run.size || begins_motto(next))
            });
            match cut {
                Some(at) if in_head && run.x0 < self.boundary - run.size => {
                    let (left, right) = run.words.split_at(at + 1);
                    result.push(Run::new(left.to_vec(), run.y, run.size, run.bold));
                    result.push(Run::new(right.to_vec(), run.y, run.size, run.bold));
                }
                _ => result.push(run.clone()),
            }
        }
        result
    }

    fn holds_left(&self, run: &Run) -> bool {
        run.y <= self.top + 1.5 * self.size
            && run.y >= self.top - 25.0 * self.size
            && run.centre() < self.boundary
            && run.x1 <= self.boundary + 2.0 * self.size
    }

    fn holds_right(&self, run: &Run) -> bool {
        run.y <= self.top + 1.5 * self.size && run.y >= self.top - 25.0 * self.size && run.centre() >= self.boundary
    }
}

/// A word that the national motto's two lines, or a Party document's heading, begin with.
fn begins_motto(word: &Token) -> bool {
    matches!(word.text.as_str(), "CỘNG" | "Độc" | "ĐẢNG" | "SOCIALIST" | "Independence")
}

/// "Số:" and its variants at the start of a line, but no word that begins so.
fn is_number_start(folded: &str) -> bool {
    number_word(folded).is_some()
}

/// How many letters stand before the number: "Số:", "Luật số:", "Nghị quyết số:", and "No.:" in English.
fn number_word(folded: &str) -> Option<usize> {
    let kind = TYPES.into_iter().find(|kind| {
        folded
            .strip_prefix(kind)
            .and_then(|rest| rest.strip_prefix(" so"))
            .is_some_and(|rest| rest.trim_start().starts_with(':'))
    });
    let kind = kind.unwrap_or_default();
    let rest = folded.get(kind.len()..)?.trim_start();
    let letters = kind.chars().filter(char::is_ascii_alphabetic).count();
    if let Some(rest) = rest.strip_prefix("so") {
        let rest = rest.trim_start();
        let starts =
            rest.is_empty() || rest.starts_with([':', '.', '/', '…']) || rest.starts_with(|c: char| c.is_ascii_digit());
        return starts.then_some(letters + 2);
    }
    let rest = folded.strip_prefix("ref").map_or(folded, |rest| rest.trim_start_matches(['.', ' ']));
    let is_english = rest.strip_prefix("no").is_some_and(|rest| rest.starts_with(['.', ':']) || rest.starts_with(" :"));
    is_english.then_some(if rest.len() == folded.len() { 2 } else { 5 })
}

/// Lines of the left column above the number: superior and issuing agency.
fn agencies(above: &[&Run]) -> (Option<String>, Option<String>) {
    let mut lines: Vec<(String, bool, f32)> = Vec::new();
    for run in above.iter().filter(|run| has_letters(run)) {
        match lines.last_mut() {
            Some((text, _, y)) if (run.y - *y).abs() <= SAME_LINE * run.size => {
                text.push(' ');
                text.push_str(&run.text);
            }
            _ => lines.push((run.text.clone(), run.bold, run.y)),
        }
    }
    // The issuing agency is bold, its superior is not (PL I, section II.2.b).
    let regular = lines.iter().take_while(|(_, bold, _)| !bold).count();
    let split = if regular > 0 && regular < lines.len() {
        regular
    } else {
        // One weight throughout: a new organisation's first word starts the agency.
        lines
            .iter()
            .skip(1)
            .position(|(text, ..)| {
                let line = folded(text) + " ";
                AGENCY_STARTS.iter().any(|start| line.starts_with(start))
            })
            .map_or(0, |at| at + 1)
    };
    let join = |lines: &[(String, bool, f32)]| {
        let text = lines.iter().map(|(text, ..)| text.as_str()).collect::<Vec<_>>().join(" ");
        (!text.is_empty()).then_some(text)
    };
    let (superior, agency) = lines.split_at_checked(split).unwrap_or((&[], &lines));
    (join(superior), join(agency))
}

/// Dots, underscores and spaces that stand for something to be filled in.
fn is_dotted(character: char) -> bool {
    matches!(character, '.' | '…' | '_' | '·' | ' ' | '\u{A0}')
}

/// The number line behind "Số:", its blank filled from appearances. Spaces stay as printed.
fn reference(line: &Run, left: &[&Run], stamps: &[Stamp], columns: &Columns) -> (Option<String>, TextSource) {
    let mut printed = String::new();
    let words = left.iter().filter(|run| run.same_line(line) && run.x0 >= line.x0 - 1.0).flat_map(|run| &run.words);
    for word in words {
        if !(printed.is_empty() || word.attached) {
            printed.push(if word.no_break { '\u{A0}' } else { ' ' });
        }
        printed.push_str(&word.text);
    }
    let printed = after_number_word(&printed).trim_start_matches(is_dotted);
    let mut printed = printed.to_owned();
    if printed.ends_with(['-', '/', '–'])
        && let Some(next) = left.iter().find(|run| {
            let step = line.y - run.y;
            step > SAME_LINE * line.size && step < 1.8 * line.size && run.words.len() == 1 && run.is_upper()
        })
    {
        printed.push_str(&next.text);
    }
    if printed.starts_with(char::is_alphanumeric) {
        return (Some(printed), TextSource::Page);
    }
    let mut fill_ins: Vec<&Stamp> = stamps
        .iter()
        .filter(|stamp| {
            let (x, _) = stamp.area.centre();
            stamp.is_fill_in() && stamp.is_on_line(line) && x > line.x0 && x < columns.boundary
        })
        .collect();
    fill_ins.sort_by(|a, b| a.area.x0.total_cmp(&b.area.x0));
    let filled: String = fill_ins.iter().map(|stamp| stamp.text.trim()).collect();
    let source = match fill_ins.iter().any(|stamp| stamp.signature) {
        true => TextSource::Appearance,
        false if filled.is_empty() => TextSource::None,
        false => TextSource::Page,
    };
    let reference = filled + &printed;
    ((!reference.is_empty()).then_some(reference), source)
}

/// What follows "Số", its colon and spaces.
fn after_number_word(text: &str) -> &str {
    let before = number_word(&folded(text)).unwrap_or(2);
    let mut letters = 0;
    let mut end = 0;
    for (at, character) in text.char_indices() {
        if letters == before && !matches!(character, '\u{300}'..='\u{36F}') {
            break;
        }
        letters += usize::from(fold(character).is_some_and(char::is_alphabetic));
        end = at + character.len_utf8();
    }
    let rest = text.get(end..).unwrap_or_default().trim_start();
    let rest = rest.strip_prefix(".:").unwrap_or(rest);
    rest.strip_prefix([':', ';']).unwrap_or(rest).trim()
}

/// "V/v …" under the number of a công văn (PL I, section II.5.b).
fn official_letter_subject(number: &Run, left: &[&Run]) -> Option<String> {
    let mut lines = left.iter().filter(|run| run.y < number.y - SAME_LINE * number.size).peekable();
    let first =
        lines.find(|run| ["v/v", "v / v", "ve viec", "v/ v"].iter().any(|start| run.folded.starts_with(start)))?;
    let mut subject = first.text.clone();
    let mut last = first.y;
    for run in lines {
        if last - run.y > LINE_STEP * run.size || run.folded.starts_with("kinh gui") || run.is_upper() || is_rule(run) {
            break;
        }
        subject.push(' ');
        subject.push_str(&run.text);
        last = run.y;
    }
    Some(subject)
}

/// A piece of the date line.
struct Piece {
    text: String,
    centre: f32,
    attached: bool,
    is_number: bool,
    is_word: bool,
    stamp: bool,
    signature: bool,
}

/// The place-and-date line with its blanks filled.
fn dated(found: &Run, runs: &[Run], stamps: &[Stamp], columns: &Columns, header: &mut Header) {
    let line: Vec<&Run> = runs
        .iter()
        .filter(|run| run.same_line(found) && (columns.holds_right(run) || run.x0 >= columns.boundary - run.size))
        .collect();
    let text = line.iter().map(|run| run.folded.as_str()).collect::<Vec<_>>().join(" ");
    if let Some(date) = short_date(&text) {
        header.date_line = Some(line.iter().map(|run| run.text.as_str()).collect::<Vec<_>>().join(" "));
        header.date = Some(date);
        header.date_source = TextSource::Page;
        return;
    }
    if !text.contains("thang") && !text.contains("nam") {
        return;
    }
    let mut pieces: Vec<Piece> = line.iter().flat_map(|run| run.words.iter()).flat_map(pieces_of).collect();
    let start = line.iter().map(|run| run.x0).fold(f32::INFINITY, f32::min);
    for stamp in stamps.iter().filter(|stamp| stamp.is_fill_in() && stamp.is_on_line(found)) {
        let (centre, _) = stamp.area.centre();
        if centre > start {
            let text = stamp.text.trim().to_owned();
            let signature = stamp.signature;
            pieces.push(Piece {
                text,
                centre,
                attached: false,
                is_number: true,
                is_word: false,
                stamp: true,
                signature,
            });
        }
    }
    pieces.sort_by(|a, b| a.centre.total_cmp(&b.centre));
    let mut slots = [Slot::default(), Slot::default(), Slot::default()];
    let mut slot: Option<usize> = None;
    let mut keep = vec![true; pieces.len()];
    for (index, piece) in pieces.iter().enumerate() {
        if piece.is_word {
            slot = match folded(&piece.text).as_str() {
                "ngay" => Some(0),
                "thang" if slot == Some(0) => Some(1),
                "nam" if slot == Some(1) => Some(2),
                _ => slot,
            };
        } else if let Some(slot) = slot.and_then(|slot| slots.get_mut(slot)) {
            slot.take(piece, index);
        }
    }
    for slot in &slots {
        slot.mark(&pieces, &mut keep);
    }
    let mut text = String::new();
    let mut after_stamp = false;
    for (piece, _) in pieces.iter().zip(&keep).filter(|(_, keep)| **keep) {
        if !(text.is_empty() || piece.attached && !after_stamp) {
            text.push(' ');
        }
        text.push_str(&piece.text);
        after_stamp = piece.stamp;
    }
    header.date_line = Some(text);
    let [day, month, year] = slots;
    let number = |slot: &Slot| slot.value().and_then(|text| text.parse::<i32>().ok());
    header.date = match (number(&day), number(&month), number(&year)) {
        (Some(day), Some(month), Some(year)) => match (u8::try_from(day), u8::try_from(month)) {
            (Ok(day), Ok(month)) => CalendarDate::new(year, month, day),
            _ => None,
        },
        _ => None,
    };
    header.date_source = if [&day, &month].iter().any(|slot| slot.is_filled() && slot.signature) {
        TextSource::Appearance
    } else if day.value().is_some() || month.value().is_some() {
        TextSource::Page
    } else {
        TextSource::None
    };
}

/// Day, month or year of the date line.
#[derive(Default)]
struct Slot {
    printed: String,
    filled: String,
    /// A signature filled it.
    signature: bool,
    members: Vec<usize>,
}

impl Slot {
    fn take(&mut self, piece: &Piece, index: usize) {
        self.signature |= piece.signature;
        if piece.is_number {
            if piece.stamp { &mut self.filled } else { &mut self.printed }.push_str(&piece.text);
        }
        self.members.push(index);
    }

    fn is_filled(&self) -> bool {
        self.printed.is_empty() && !self.filled.is_empty()
    }

    fn value(&self) -> Option<&str> {
        let value = if self.is_filled() { &self.filled } else { &self.printed };
        (!value.is_empty()).then_some(value)
    }

    /// Printed digits win over appearances; an appearance replaces the dots of its blank.
    fn mark(&self, pieces: &[Piece], keep: &mut [bool]) {
        for index in &self.members {
            if let (Some(piece), Some(keep)) = (pieces.get(*index), keep.get_mut(*index)) {
                *keep = if piece.stamp {
                    self.is_filled()
                } else {
                    piece.is_number || !self.is_filled() || !piece.text.chars().all(is_dotted)
                };
            }
        }
    }
}

/// A word cut where letters, digits and signs meet (`01năm`, `ngày....`), places by share of its length.
fn pieces_of(word: &Token) -> Vec<Piece> {
    let kind = |c: char| (c.is_ascii_digit(), c.is_alphabetic() || ('\u{300}'..='\u{36F}').contains(&c));
    let total = word.text.chars().count().max(1) as f32;
    let mut pieces: Vec<Piece> = Vec::new();
    let mut last = None;
    let mut counts: Vec<(f32, f32)> = Vec::new();
    for (index, character) in word.text.chars().enumerate() {
        let at = index as f32;
        if last == Some(kind(character)) {
            if let (Some(piece), Some(count)) = (pieces.last_mut(), counts.last_mut()) {
                piece.text.push(character);
                count.1 = at + 1.0;
            }
        } else {
            let (is_number, is_word) = kind(character);
            let attached = if index == 0 { word.attached } else { true };
            let text = character.to_string();
            pieces.push(Piece { text, centre: 0.0, attached, is_number, is_word, stamp: false, signature: false });
            counts.push((at, at + 1.0));
            last = Some(kind(character));
        }
    }
    for (piece, (from, to)) in pieces.iter_mut().zip(counts) {
        piece.centre = word.x0 + (word.x1 - word.x0) * (from + to) / 2.0 / total;
    }
    pieces
}

/// A named type in capitals, centred under the head, and the subject below it (PL I, section II.5).
fn titled(runs: &[Run], from: f32, width: f32, height: f32, header: &mut Header) {
    let mut below = runs.iter().filter(|run| run.y < from && run.y > 0.3 * height);
    let title = below.by_ref().find_map(|run| {
        if !run.is_upper() {
            return None;
        }
        let typed = |run: Run| {
            let is_centred = (run.centre() - width / 2.0).abs() < 0.16 * width;
            is_centred.then(|| type_of(&run.folded)).flatten().map(|kind| (run, kind))
        };
        typed(run.clone()).or_else(|| spaced(runs, run).and_then(typed))
    });
    let Some((title, kind)) = title else { return };
    let below = below.filter(|run| run.y < title.y - SAME_LINE * title.size);
    let mut words = kind.split(' ').count();
    // "NGHỊ QUYẾT LIÊN TỊCH" is one type (law on the promulgation of legal normative documents).
    let behind = title.words.iter().skip(words).map(|word| folded(&word.text)).take(2).collect::<Vec<_>>();
    if behind == ["lien", "tich"] {
        words += 2;
    }
    let join =
        |words: &mut dyn Iterator<Item = &Token>| words.map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ");
    let trimmed = |text: String| text.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    header.document_type = Some(trimmed(join(&mut title.words.iter().take(words))));
    let mut subject = vec![join(&mut title.words.iter().skip(words))];
    let mut last = title.y;
    for run in below {
        let is_decision = matches!(kind, "quyet dinh" | "nghi quyet" | "chi thi");
        let starts_body = ["can cu ", "kinh gui", "dieu 1.", "phan i"].iter().any(|s| run.folded.starts_with(s));
        if last - run.y > LINE_STEP * run.size
            || (run.centre() - title.centre()).abs() > 0.1 * width
            || (title.bold && !run.bold)
            || starts_body
            || is_rule(run)
            || (run.is_upper() && is_decision)
            || subject.len() > 10
        {
            break;
        }
        subject.push(run.text.clone());
        last = run.y;
    }
    let subject = subject.join(" ").trim().to_owned();
    header.subject = (!subject.is_empty()).then_some(subject);
}

/// A title with spaced capitals ("Q U Y Ế T  Đ Ị N H") as words: the types tell where they part.
///
/// The space between two words may be wide enough to part them into runs of one line.
fn spaced(runs: &[Run], run: &Run) -> Option<Run> {
    let is_letter = |word: &Token| word.text.chars().nth(1).is_none();
    if !run.words.iter().all(is_letter) {
        return None;
    }
    let line: Vec<&Token> = runs.iter().filter(|other| other.same_line(run)).flat_map(|other| &other.words).collect();
    if line.len() < 4 || !line.iter().all(|word| is_letter(word)) {
        return None;
    }
    let letters: String = line.iter().map(|word| folded(&word.text)).collect();
    let kind = TYPES.into_iter().find(|kind| kind.chars().filter(|c| *c != ' ').eq(letters.chars()))?;
    let mut rest = line.into_iter();
    let mut words: Vec<Token> = Vec::new();
    for word in kind.split(' ') {
        let mut joined: Option<Token> = None;
        for token in rest.by_ref().take(word.chars().count()) {
            match &mut joined {
                Some(joined) => {
                    joined.text.push_str(&token.text);
                    joined.x1 = token.x1;
                }
                None => joined = Some(Token { attached: false, ..token.clone() }),
            }
        }
        words.extend(joined);
    }
    Some(Run::new(words, run.y, run.size, run.bold))
}

/// The type that a title names; short titles may go on behind it (KẾ HOẠCH CÔNG TÁC).
fn type_of(title: &str) -> Option<&'static str> {
    let title = title.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    TYPES.into_iter().find(|kind| {
        title.strip_prefix(kind).is_some_and(|rest| rest.is_empty() || rest.starts_with(' ') && rest.len() < 40)
    })
}
