//! Sets a draft on A4 pages: lines, tables that break between rows, page numbers. Lengths are points,
//! y grows downwards.

use super::super::draft::{Block, Draft, TEXT_WIDTH, Table};
use super::Typeface;
use ttf_parser::Face;

/// A4.
pub(super) const PAGE: (f32, f32) = (595.28, 841.89);
/// Margins of NĐ 30/2020/NĐ-CP, PL I, Phần I, mục I.1: top and bottom 20 mm, left 30 mm, right 15 mm.
const TOP: f32 = 56.7;
const BOTTOM: f32 = 56.7;
const LEFT: f32 = 85.05;
const WIDTH: f32 = PAGE.0 - LEFT - 42.5;
/// First-line indent of 1 cm (PL I, Phần I, mục II.6).
const INDENT: f32 = 28.35;
/// Sizes of PL I, Phần IV: body 14, place and date 13, table and small print less.
const BODY: f32 = 14.0;
const HEAD: f32 = 13.0;
const NARROW: f32 = 12.0;
const CELL: f32 = 11.0;
/// Line height for one unit of size.
const LEADING: f32 = 1.25;
/// Space between a cell's text and its border.
const PADDING: f32 = 4.0;

/// Cut of the face.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Style {
    /// Upright.
    Regular,
    /// Bold.
    Bold,
    /// Italic.
    Italic,
}

/// Something drawn.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Mark {
    /// Text from its left end on the baseline.
    Text {
        /// Left end.
        x: f32,
        /// Baseline.
        y: f32,
        /// Cut.
        style: Style,
        /// Size.
        size: f32,
        /// What it says.
        text: String,
    },
    /// A thin line.
    Line {
        /// One end.
        from: (f32, f32),
        /// The other.
        to: (f32, f32),
    },
}

/// Advance widths of the three cuts.
pub(super) struct Faces<'a> {
    regular: Face<'a>,
    bold: Face<'a>,
    italic: Face<'a>,
}

impl<'a> Faces<'a> {
    /// The faces, if all three files are fonts that have Vietnamese letters.
    pub(super) fn new(typeface: &'a Typeface) -> Option<Self> {
        let face = |data: &'a [u8]| {
            // One letter of each kind that fonts without Vietnamese lack.
            Face::parse(data, 0)
                .ok()
                .filter(|face| "ĂẶĐƠỢƯỮẾỌ".chars().all(|letter| face.glyph_index(letter).is_some()))
        };
        Some(Self { regular: face(&typeface.regular)?, bold: face(&typeface.bold)?, italic: face(&typeface.italic)? })
    }

    fn width(&self, text: &str, style: Style, size: f32) -> f32 {
        let face = match style {
            Style::Regular => &self.regular,
            Style::Bold => &self.bold,
            Style::Italic => &self.italic,
        };
        let units: f32 = text
            .chars()
            .map(|letter| {
                let glyph = face.glyph_index(letter).unwrap_or_default();
                f32::from(face.glyph_hor_advance(glyph).unwrap_or_default())
            })
            .sum();
        units * size / f32::from(face.units_per_em().max(1))
    }

    /// Breaks a text into lines no wider than `width`; the first one is narrower by `indent`. A word that is
    /// wider than a line is broken between letters.
    fn lines(&self, text: &str, style: Style, size: f32, width: f32, indent: f32) -> Vec<String> {
        let mut lines = Vec::new();
        let mut line = String::new();
        for word in text.split_whitespace() {
            let room = if lines.is_empty() { width - indent } else { width };
            let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
            if self.width(&longer, style, size) <= room {
                line = longer;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            for letter in word.chars() {
                line.push(letter);
                if line.chars().nth(1).is_some() && self.width(&line, style, size) > width {
                    line.pop();
                    lines.push(std::mem::replace(&mut line, letter.to_string()));
                }
            }
        }
        if !line.is_empty() || lines.is_empty() {
            lines.push(line);
        }
        lines
    }
}

/// The pages of a draft.
pub(super) fn set(draft: &Draft, faces: &Faces<'_>) -> Vec<Vec<Mark>> {
    let mut sheet = Sheet { faces, pages: vec![Vec::new()], y: TOP };
    sheet.head(draft);
    for block in &draft.blocks {
        match block {
            Block::Heading(text) => {
                sheet.keep(4.0 * BODY * LEADING);
                sheet.y += 9.0;
                sheet.paragraph(text, Style::Bold);
            }
            Block::Paragraph(text) => {
                sheet.y += 6.0;
                sheet.paragraph(text, Style::Regular);
            }
            Block::Table(table) => sheet.table(table),
        }
    }
    sheet.foot();
    sheet.pages
}

struct Sheet<'a> {
    faces: &'a Faces<'a>,
    pages: Vec<Vec<Mark>>,
    y: f32,
}

impl Sheet<'_> {
    fn mark(&mut self, mark: Mark) {
        if let Some(page) = self.pages.last_mut() {
            page.push(mark);
        }
    }

    /// Begins a new page unless `height` fits on this one.
    fn keep(&mut self, height: f32) {
        if self.y + height <= PAGE.1 - BOTTOM {
            return;
        }
        self.pages.push(Vec::new());
        self.y = TOP;
        // Page numbers stand centred in the top margin, from the second page on (PL I, Phần I, mục I.4).
        let number = self.pages.len().to_string();
        self.centred(&number, Style::Regular, HEAD, LEFT, WIDTH, TOP - 20.0);
    }

    fn text(&mut self, text: &str, style: Style, size: f32, x: f32, y: f32) {
        if !text.is_empty() {
            self.mark(Mark::Text { x, y, style, size, text: text.to_owned() });
        }
    }

    fn centred(&mut self, text: &str, style: Style, size: f32, x: f32, width: f32, y: f32) {
        let start = x + (width - self.faces.width(text, style, size)) / 2.0;
        self.text(text, style, size, start, y);
    }

    /// Centred lines in a column from `y` on; returns where the next one would stand.
    fn column(&mut self, text: &str, style: Style, size: f32, x: f32, width: f32, mut y: f32) -> f32 {
        for line in self.faces.lines(text, style, size, width, 0.0) {
            y += size * LEADING;
            self.centred(&line, style, size, x, width, y);
        }
        y
    }

    fn rule(&mut self, x: f32, width: f32, y: f32) {
        self.mark(Mark::Line { from: (x, y), to: (x + width, y) });
    }

    fn head(&mut self, draft: &Draft) {
        let (left, right) = (WIDTH * 0.42, WIDTH * 0.58);
        let mut y = self.column("[TÊN CƠ QUAN CHỦ QUẢN]", Style::Regular, NARROW, LEFT, left, self.y);
        y = self.column(&draft.agency, Style::Bold, NARROW, LEFT, left, y) + 4.0;
        self.rule(LEFT + left * 0.33, left * 0.34, y);
        let symbol = format!("Số: ……/BC-{}", draft.code);
        let first = self.column(&symbol, Style::Regular, HEAD, LEFT, left, y + 4.0);
        let x = LEFT + left;
        let mut y = self.column("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", Style::Bold, NARROW, x, right, self.y);
        y = self.column("Độc lập - Tự do - Hạnh phúc", Style::Bold, HEAD, x, right, y) + 4.0;
        self.rule(x + right * 0.2, right * 0.6, y);
        let date = "……………, ngày ….. tháng ….. năm 20….";
        let second = self.column(date, Style::Italic, HEAD, x, right, y + 4.0);
        let y = self.column("BÁO CÁO", Style::Bold, BODY, LEFT, WIDTH, first.max(second) + 14.0);
        let y = self.column(&draft.title, Style::Bold, BODY, LEFT + 20.0, WIDTH - 40.0, y) + 5.0;
        self.rule(LEFT + WIDTH * 0.38, WIDTH * 0.24, y);
        self.y = y + 8.0;
    }

    /// A paragraph with an indented first line, justified but for its last line.
    fn paragraph(&mut self, text: &str, style: Style) {
        let faces = self.faces;
        let lines = faces.lines(text, style, BODY, WIDTH, INDENT);
        for (place, line) in lines.iter().enumerate() {
            let height = BODY * LEADING;
            self.keep(height);
            self.y += height;
            let indent = if place == 0 { INDENT } else { 0.0 };
            let words: Vec<&str> = line.split(' ').collect();
            let gaps = words.len().saturating_sub(1);
            if place + 1 == lines.len() || gaps == 0 {
                self.text(line, style, BODY, LEFT + indent, self.y);
                continue;
            }
            let rest = WIDTH - indent - faces.width(line, style, BODY);
            let gaps = u16::try_from(gaps).map_or(f32::MAX, f32::from);
            let space = faces.width(" ", style, BODY) + rest / gaps;
            let mut x = LEFT + indent;
            for word in words {
                self.text(word, style, BODY, x, self.y);
                x += faces.width(word, style, BODY) + space;
            }
        }
    }

    fn table(&mut self, table: &Table) {
        self.y += 8.0;
        let titles: Vec<&str> = table.columns.iter().map(|column| column.title).collect();
        self.row(table, &titles, true);
        for row in &table.rows {
            let cells: Vec<&str> = row.iter().map(String::as_str).collect();
            let height = self.height(table, &cells, Style::Regular);
            let page = self.pages.len();
            self.keep(height);
            if self.pages.len() > page {
                self.row(table, &titles, true);
            }
            self.row(table, &cells, false);
        }
        self.y += 4.0;
    }

    fn widths(table: &Table) -> impl Iterator<Item = f32> {
        let total = u16::try_from(TEXT_WIDTH).map_or(1.0, f32::from);
        table.columns.iter().map(move |column| u16::try_from(column.width).map_or(0.0, f32::from) * WIDTH / total)
    }

    fn height(&self, table: &Table, cells: &[&str], style: Style) -> f32 {
        let lines = Self::widths(table)
            .zip(cells)
            .map(|(width, cell)| self.faces.lines(cell, style, CELL, width - 2.0 * PADDING, 0.0).len())
            .max();
        u16::try_from(lines.unwrap_or(1)).map_or(0.0, f32::from) * CELL * LEADING + 2.0 * PADDING
    }

    fn row(&mut self, table: &Table, cells: &[&str], header: bool) {
        let style = if header { Style::Bold } else { Style::Regular };
        let height = self.height(table, cells, style);
        // A header is kept together with the row below it.
        self.keep(if header { height + 3.0 * CELL * LEADING } else { height });
        let (top, bottom) = (self.y, self.y + height);
        let mut x = LEFT;
        self.rule(LEFT, WIDTH, top);
        self.rule(LEFT, WIDTH, bottom);
        for ((width, cell), column) in Self::widths(table).zip(cells).zip(&table.columns) {
            self.mark(Mark::Line { from: (x, top), to: (x, bottom) });
            let mut y = top + PADDING - 2.0;
            for line in self.faces.lines(cell, style, CELL, width - 2.0 * PADDING, 0.0) {
                y += CELL * LEADING;
                if header || column.centred {
                    self.centred(&line, style, CELL, x, width, y);
                } else {
                    self.text(&line, style, CELL, x + PADDING, y);
                }
            }
            x += width;
        }
        self.mark(Mark::Line { from: (x, top), to: (x, bottom) });
        self.y = bottom;
    }

    /// Receivers on the left, office and name of the signer on the right.
    fn foot(&mut self) {
        self.keep(150.0);
        self.y += 16.0;
        let mut y = self.y + BODY;
        for (line, style) in
            [("Nơi nhận:", Style::Italic), ("- ……………;", Style::Regular), ("- Lưu: VT, ……", Style::Regular)]
        {
            self.text(line, style, CELL, LEFT, y);
            y += CELL * LEADING;
        }
        let (x, width) = (LEFT + WIDTH * 0.45, WIDTH * 0.55);
        self.column("[QUYỀN HẠN, CHỨC VỤ CỦA NGƯỜI KÝ]", Style::Bold, BODY, x, width, self.y);
        self.column("[Họ và tên]", Style::Bold, BODY, x, width, self.y + 95.0);
    }
}
