//! Words and runs of a drawn page, and where its number and its date stand.

use crate::raster::PrintedPage;
use crate::text;

/// Glyphs with no more room than this between them, in em, are one word (a space is 0.25 em, stretched or not).
const WORD_GAP: f32 = 0.16;
/// Words with more room than this between them, in em, belong to different columns.
const RUN_GAP: f32 = 1.6;

/// Glyphs that stand together on one baseline.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Word {
    /// Indices into the page's glyphs, from left to right.
    pub(super) glyphs: Vec<usize>,
    pub(super) text: String,
    /// Left, top, right, bottom of its ink at most, in page pixels.
    pub(super) bounds: [f32; 4],
    pub(super) size: f32,
}

/// A drawn page read as words.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct PageText {
    pub(super) words: Vec<Word>,
    /// Neighbouring words of one line and column, as indices into `words`.
    pub(super) runs: Vec<Vec<usize>>,
}

/// What a digit of the heading counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Part {
    Number,
    Day,
    Month,
    Year,
}

/// A line of the heading: its glyphs with what each means (none for letters and signs).
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Field {
    /// (glyph, the character it stands for, its part).
    pub(super) glyphs: Vec<(usize, char, Option<Part>)>,
}

/// Number and date lines of a first page.
#[derive(Clone, PartialEq, Debug, Default)]
pub(super) struct Heading {
    pub(super) number: Option<Field>,
    pub(super) date: Option<Field>,
}

/// Words and runs, from top to bottom and left to right.
pub(super) fn read(page: &PrintedPage) -> PageText {
    let mut order: Vec<usize> = (0..page.glyphs.len()).collect();
    order.retain(|index| {
        page.glyphs.get(*index).is_some_and(|g| {
            !g.text.trim().is_empty()
                && g.size > 1.0
                && g.bounds.iter().all(|v| v.is_finite())
                && g.baseline.is_finite()
        })
    });
    let glyph = |index: &usize| page.glyphs.get(*index);
    let baseline = |index: &usize| glyph(index).map_or(0.0, |g| g.baseline);
    let left = |index: &usize| glyph(index).map_or(0.0, |g| g.bounds[0]);
    order.sort_by(|a, b| baseline(a).total_cmp(&baseline(b)).then(left(a).total_cmp(&left(b))));
    let mut rows: Vec<Vec<usize>> = Vec::new();
    for index in order {
        let size = glyph(&index).map_or(0.0, |g| g.size);
        match rows.last_mut() {
            Some(row) if row.first().is_some_and(|first| baseline(&index) - baseline(first) < 0.2 * size) => {
                row.push(index)
            }
            _ => rows.push(vec![index]),
        }
    }
    let mut out = PageText::default();
    for mut row in rows {
        row.sort_by(|a, b| left(a).total_cmp(&left(b)));
        let mut end: Option<f32> = None;
        for index in row {
            let Some(g) = page.glyphs.get(index) else { continue };
            let [x0, _, x1, _] = g.bounds;
            // Accents over capitals reach higher than the ascent that fonts declare.
            let bounds = [x0, g.baseline - 0.95 * g.size, x1, g.baseline + 0.25 * g.size];
            let gap = end.map_or(f32::MAX, |end| x0 - end);
            end = Some(end.filter(|e| gap < RUN_GAP * g.size && *e > x1).unwrap_or(x1));
            if gap < WORD_GAP * g.size
                && gap > -g.size
                && let Some(word) = out.words.last_mut()
            {
                word.glyphs.push(index);
                word.text.push_str(&g.text);
                let [a, b, c, d] = word.bounds;
                word.bounds = [a.min(bounds[0]), b.min(bounds[1]), c.max(bounds[2]), d.max(bounds[3])];
                word.size = word.size.max(g.size);
                continue;
            }
            let number = out.words.len();
            out.words.push(Word { glyphs: vec![index], text: g.text.clone(), bounds, size: g.size });
            match out.runs.last_mut() {
                Some(run) if gap < RUN_GAP * g.size && gap > -g.size => run.push(number),
                _ => out.runs.push(vec![number]),
            }
        }
    }
    out
}

impl PageText {
    /// Number and date lines, sought in the upper half of a first page.
    pub(super) fn heading(&self, page: &PrintedPage) -> Heading {
        let mut heading = Heading::default();
        for run in &self.runs {
            let words: Vec<&Word> = run.iter().filter_map(|index| self.words.get(*index)).collect();
            if words.first().is_none_or(|word| word.bounds[1] > page.image.height as f32 * 0.5) {
                continue;
            }
            let glyphs: Vec<(usize, char)> = words
                .iter()
                .flat_map(|word| word.glyphs.iter())
                .filter_map(|index| Some((*index, page.glyphs.get(*index)?.text.chars().next()?)))
                .collect();
            let line: String = glyphs.iter().map(|(_, c)| fold(*c)).collect();
            if heading.number.is_none() {
                heading.number = number(&glyphs, &line);
            }
            if heading.date.is_none() {
                heading.date = date(&glyphs, &line);
            }
        }
        heading
    }
}

/// One lower-case character for one, so that places stay.
fn fold(c: char) -> char {
    text::fold(c.encode_utf8(&mut [0; 4])).chars().next().unwrap_or(' ')
}

fn with_parts(glyphs: &[(usize, char)], from: usize, spans: &[(usize, usize, Part)]) -> Field {
    let part =
        |place: usize| spans.iter().find(|(start, end, _)| (*start..*end).contains(&place)).map(|(_, _, part)| *part);
    Field {
        glyphs: glyphs.iter().enumerate().skip(from).map(|(place, (index, c))| (*index, *c, part(place))).collect(),
    }
}

/// `số:2349/sldtbxh-vp`: the number of Decree 30, PL I section II.3.
fn number(glyphs: &[(usize, char)], line: &str) -> Option<Field> {
    let characters: Vec<char> = line.chars().collect();
    let rest = line.strip_prefix("số")?;
    let mut start = 2;
    if rest.starts_with(':') {
        start = 3;
    }
    let digits = characters.iter().skip(start).take_while(|c| c.is_ascii_digit()).count();
    let slash = characters.iter().skip(start + digits).take(4).any(|c| *c == '/');
    (digits > 0 && digits <= 6 && slash).then(|| with_parts(glyphs, 0, &[(start, start + digits, Part::Number)]))
}

/// `...ngày05tháng3năm2021`.
fn date(glyphs: &[(usize, char)], line: &str) -> Option<Field> {
    let characters: Vec<char> = line.chars().collect();
    let after = |word: &str, from: usize| -> Option<usize> {
        let word: Vec<char> = word.chars().collect();
        let found = characters.get(from..)?.windows(word.len()).position(|window| window == word.as_slice())?;
        Some(from + found + word.len())
    };
    let run = |from: usize| from + characters.iter().skip(from).take_while(|c| c.is_ascii_digit()).count();
    let day = after("ngày", 0)?;
    let month = after("tháng", day)?;
    let year = after("năm", month)?;
    let spans = [(day, run(day), Part::Day), (month, run(month), Part::Month), (year, run(year), Part::Year)];
    let whole = spans.iter().all(|(start, end, _)| end > start) && spans[2].1 - spans[2].0 == 4;
    // The place before the date is a word, not needed to find it.
    whole.then(|| with_parts(glyphs, day.saturating_sub(4), &spans))
}
