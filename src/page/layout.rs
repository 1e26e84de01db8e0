//! From words to runs: pieces of one line that belong together, columns kept apart.

use super::legacy::{Legacy, composed, folded, has_marks};
use super::walk::{Shown, Word};

/// A gap of more than this share of the font size ends a run: text of another column, or a blank.
const RUN_GAP: f32 = 1.0;
/// Baselines nearer than this share of the font size are one line (superscripts stay apart or join).
pub(super) const SAME_LINE: f32 = 0.35;

/// A word with its final text.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) text: String,
    pub(super) x0: f32,
    pub(super) x1: f32,
    /// Drawn right behind the word before it, without a space.
    pub(super) attached: bool,
    /// The space before it is a no-break space.
    pub(super) no_break: bool,
}

/// Words that stand together on one line.
#[derive(Clone, Debug)]
pub(super) struct Run {
    pub(super) words: Vec<Token>,
    /// The words with single spaces.
    pub(super) text: String,
    /// [`folded`] text, for finding fixed words.
    pub(super) folded: String,
    pub(super) x0: f32,
    pub(super) x1: f32,
    pub(super) y: f32,
    pub(super) size: f32,
    pub(super) bold: bool,
}

impl Run {
    /// A run of `words`, which must not be empty.
    pub(super) fn new(words: Vec<Token>, y: f32, size: f32, bold: bool) -> Self {
        let text = joined(&words);
        Self {
            folded: folded(&text),
            x0: words.iter().map(|word| word.x0).fold(f32::INFINITY, f32::min),
            x1: words.iter().map(|word| word.x1).fold(f32::NEG_INFINITY, f32::max),
            words,
            text,
            y,
            size,
            bold,
        }
    }

    /// The middle of the run.
    pub(super) fn centre(&self) -> f32 {
        (self.x0 + self.x1) / 2.0
    }

    /// Whether the other run is on the same line.
    pub(super) fn same_line(&self, other: &Self) -> bool {
        (self.y - other.y).abs() <= SAME_LINE * self.size.max(other.size)
    }

    /// Whether every letter is a capital, and there are letters.
    pub(super) fn is_upper(&self) -> bool {
        is_upper(&self.text)
    }
}

/// Whether every letter is a capital, and there are letters.
pub(super) fn is_upper(text: &str) -> bool {
    !text.chars().any(char::is_lowercase) && text.chars().any(char::is_alphabetic)
}

fn joined(words: &[Token]) -> String {
    let mut text = String::with_capacity(words.iter().map(|word| word.text.len() + 1).sum());
    for word in words {
        if !(text.is_empty() || word.attached) {
            text.push(' ');
        }
        text.push_str(&word.text);
    }
    text
}

/// How the words of a page are encoded, as found while they were laid out.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Found {
    /// A legacy encoding was converted.
    pub(super) legacy: Option<Legacy>,
    /// Words whose combining marks were composed.
    pub(super) marked_words: usize,
    /// Words with a letter that is not ASCII.
    pub(super) accented_words: usize,
}

/// The runs of a page, top to bottom, left to right. `hidden` chooses the invisible words (an OCR layer)
/// instead of the visible ones.
pub(super) fn runs(shown: &Shown, hidden: bool) -> (Vec<Run>, Found) {
    let words = || shown.words.iter().filter(|word| word.hidden == hidden);
    let by_words = if words().any(|word| word.legacy.is_some()) || !is_latin1_suspect(shown) {
        None
    } else {
        super::legacy::detect(words().map(|word| shown.word(word)).collect::<Vec<_>>().iter().copied())
    };
    let mut found = Found::default();
    let mut runs: Vec<Run> = Vec::new();
    let mut current: Vec<Token> = Vec::new();
    let mut last: Option<&Word> = None;
    let (mut size, mut bold) = (0.0_f32, 0_usize);
    for word in words() {
        let continues = last.is_some_and(|last| {
            (word.y - last.y).abs() <= SAME_LINE * last.size.max(word.size)
                && word.x0 - last.x1 <= RUN_GAP * last.size.max(word.size)
                && word.x0 >= last.x0
        });
        if !continues && let Some(last) = last {
            let is_bold = bold * 2 > current.len();
            runs.push(Run::new(std::mem::take(&mut current), last.y, size, is_bold));
            (size, bold) = (0.0, 0);
        }
        let raw = shown.word(word);
        let legacy = word.legacy.or(by_words.map(|encoding| (encoding, false)));
        let text = match legacy {
            Some((encoding, capitals)) if !raw.is_ascii() || capitals => {
                if !raw.is_ascii() {
                    found.legacy = Some(encoding);
                }
                encoding.convert(raw, capitals)
            }
            _ => {
                found.accented_words += usize::from(!raw.is_ascii());
                found.marked_words += usize::from(has_marks(raw));
                hyphens(composed(raw))
            }
        };
        let attached = continues
            && word.space.is_none()
            && last.is_some_and(|last| word.x0 - last.x1 < 0.1 * last.size.max(word.size));
        let no_break = word.space == Some('\u{A0}');
        current.push(Token { text, x0: word.x0, x1: word.x1, attached, no_break });
        size = size.max(word.size);
        bold += usize::from(word.bold);
        last = Some(word);
    }
    if let Some(last) = last {
        let is_bold = bold * 2 > current.len();
        runs.push(Run::new(current, last.y, size, is_bold));
    }
    sort(&mut runs);
    (merged(runs), found)
}

/// A hyphen that is drawn is a hyphen: fonts whose hyphen and soft hyphen share a glyph (Times New Roman and its
/// kin) leave it to the producer which of the codes the glyph stands for.
fn hyphens(text: String) -> String {
    const DRAWN: [char; 3] = ['\u{AD}', '\u{2010}', '\u{2011}'];
    if !text.is_ascii() && text.contains(DRAWN) { text.replace(DRAWN, "-") } else { text }
}

/// Letters of the upper half of Latin-1 without any Vietnamese letter of Unicode.
fn is_latin1_suspect(shown: &Shown) -> bool {
    let mut latin1 = false;
    for character in shown.text.chars() {
        match character {
            '\u{AD}' => {}
            '\u{A1}'..='\u{FF}' | 'Œ' | 'œ' | 'ƒ' | 'Š' | 'Ÿ' => latin1 = true,
            '\u{1EA0}'..='\u{1EF9}' | 'ơ' | 'Ơ' | 'ư' | 'Ư' | 'đ' | 'Đ' => return false,
            _ => {}
        }
    }
    latin1
}

/// Top to bottom, then left to right; runs of one line share their order by the line's first baseline.
fn sort(runs: &mut [Run]) {
    runs.sort_by(|a, b| b.y.total_cmp(&a.y));
    let mut start = 0;
    while let Some(first) = runs.get(start) {
        let (y, tolerance) = (first.y, SAME_LINE * first.size);
        let end = start + runs.iter().skip(start).take_while(|run| y - run.y <= tolerance).count().max(1);
        if let Some(line) = runs.get_mut(start..end) {
            line.sort_by(|a, b| a.x0.total_cmp(&b.x0));
        }
        start = end;
    }
}

/// Joins runs of a line that were drawn apart but touch (a word in two fonts, text drawn in odd order).
fn merged(runs: Vec<Run>) -> Vec<Run> {
    let mut result: Vec<Run> = Vec::with_capacity(runs.len());
    for run in runs {
        if let Some(last) = result.last_mut()
            && last.same_line(&run)
            && (-0.3..0.35).contains(&((run.x0 - last.x1) / last.size.max(run.size)))
        {
            let touching = run.x0 - last.x1 < 0.1 * last.size.max(run.size);
            let bold = if last.text.len() >= run.text.len() { last.bold } else { run.bold };
            let mut words = std::mem::take(&mut last.words);
            let first_new = words.len();
            words.extend(run.words);
            if let Some(word) = words.get_mut(first_new) {
                word.attached = touching;
            }
            *last = Run::new(words, last.y, last.size.max(run.size), bold);
        } else {
            result.push(run);
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(words: &[(&str, f32, f32)]) -> Shown {
        let mut shown = Shown::default();
        for (text, x, y) in words {
            let start = shown.text.len();
            shown.text.push_str(text);
            let width = 6.0 * text.chars().count() as f32;
            shown.words.push(Word {
                start,
                end: shown.text.len(),
                x0: *x,
                x1: x + width,
                y: *y,
                size: 12.0,
                bold: false,
                hidden: false,
                legacy: None,
                space: Some(' '),
            });
        }
        shown
    }

    fn texts(words: &[(&str, f32, f32)]) -> Vec<String> {
        runs(&shown(words), false).0.into_iter().map(|run| run.text).collect()
    }

    #[test]
    fn columns_stay_apart_and_lines_are_in_order() {
        let words = [
            ("SỞ", 60.0, 760.0),
            ("NỘI", 76.0, 760.0),
            ("VỤ", 98.0, 760.0),
            ("Số:", 70.0, 720.0),
            ("CỘNG", 250.0, 760.0),
            ("HÒA", 278.0, 760.0),
            ("ngày", 300.0, 720.0),
        ];
        assert_eq!(texts(&words), ["SỞ NỘI VỤ", "CỘNG HÒA", "Số:", "ngày"]);
    }

    #[test]
    fn pieces_drawn_in_odd_order_join() {
        assert_eq!(texts(&[("hai", 84.0, 700.0), ("một", 62.0, 700.0)]), ["một hai"]);
    }

    #[test]
    fn legacy_words_are_converted_and_reported() {
        let (runs, found) = runs(&shown(&[("CéNG", 60.0, 700.0), ("HéI", 90.0, 700.0)]), false);
        assert_eq!(runs[0].text, "CỘNG HỘI");
        assert_eq!(found.legacy, Some(Legacy::Tcvn3));
    }

    #[test]
    fn a_drawn_soft_hyphen_is_a_hyphen() {
        assert_eq!(
            texts(&[("512/SNV\u{AD}BTXH", 60.0, 700.0), ("07/QĐ\u{2011}SNV", 60.0, 680.0)]),
            ["512/SNV-BTXH", "07/QĐ-SNV"]
        );
    }

    #[test]
    fn decomposed_words_are_composed_and_reported() {
        let (runs, found) = runs(&shown(&[("Sô\u{301}", 60.0, 700.0)]), false);
        assert_eq!(runs[0].text, "Số");
        assert_eq!((found.marked_words, found.accented_words), (1, 1));
    }
}
