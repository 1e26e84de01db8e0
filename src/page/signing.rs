//! Boxes 7 and 9 (Decree 30/2020, PL I, section IV): the signer's title and name, the archive line, and
//! images drawn where signature and seal belong.

use super::geometry::Box2;
use super::layout::{Run, SAME_LINE};
use super::walk::DrawnImage;

/// What the end of a document says.
#[derive(Default, PartialEq, Debug)]
pub(super) struct SigningBlock {
    pub(super) archive_line: Option<String>,
    pub(super) signer_title: Option<String>,
    pub(super) signer_name: Option<String>,
    /// Images between title and name, see [`images_within`].
    pub(super) images: u8,
    /// From the first line of the title to the name, in the view; `None` without a name.
    pub(super) area: Option<Box2>,
}

/// Authority to sign, folded (PL I, section II.7.b).
const AUTHORITIES: [&str; 5] = ["kt.", "tl.", "tuq.", "tm.", "q."];

/// Titles that stand alone, folded, by their first words.
const TITLES: [&str; 22] = [
    "giam doc",
    "pho giam doc",
    "chu tich",
    "pho chu tich",
    "bo truong",
    "thu truong",
    "cuc truong",
    "pho cuc truong",
    "chi cuc truong",
    "truong phong",
    "pho truong phong",
    "chanh van phong",
    "pho chanh van phong",
    "chanh thanh tra",
    "vien truong",
    "hieu truong",
    "truong ban",
    "thu tuong",
    "pho thu tuong",
    "tong cuc truong",
    "vu truong",
    "bi thu",
];

/// Military and police ranks before a name, folded.
const RANKS: [&str; 12] = [
    "dai tuong",
    "thuong tuong",
    "trung tuong",
    "thieu tuong",
    "dai ta",
    "thuong ta",
    "trung ta",
    "thieu ta",
    "dai uy",
    "thuong uy",
    "trung uy",
    "thieu uy",
];

/// Title lines are no farther apart than this many font sizes; the space for a signature is wider.
const TITLE_STEP: f32 = 2.6;

/// Points in a millimetre.
const MILLIMETRE: f32 = 72.0 / 25.4;
/// Sides of an image that may be a signature or a seal: a seal is about 36 mm wide, a signature is drawn
/// wider and flatter; icons, rules and strips are smaller, charts and photographs wider (ours).
const SHORTER_SIDE: f32 = 8.0 * MILLIMETRE;
const LONGER_SIDE: f32 = 90.0 * MILLIMETRE;
/// How far beside title and name the middle of such an image may lie: the seal covers a third of the
/// signature on its left (PL I, part I, section II.8.a); the distance is ours.
const BESIDE: f32 = 30.0 * MILLIMETRE;
/// Height of the space below a title without a name under it (ours).
const SIGNATURE_SPACE: f32 = 60.0 * MILLIMETRE;

/// Whether the page has a "Nơi nhận" block.
pub(super) fn is_here(runs: &[Run]) -> bool {
    recipients(runs).is_some()
}

fn recipients(runs: &[Run]) -> Option<(usize, &Run)> {
    // The signing block's, not the "Nơi nhận:" column of a form higher up: the last one counts.
    runs.iter().enumerate().rev().find(|(_, run)| {
        let rest = run.folded.strip_prefix("noi nhan");
        rest.is_some_and(|rest| rest.is_empty() || rest.trim_start().starts_with([':', '-', '.', ';']))
    })
}

/// Reads the block from the runs and images of one page.
pub(super) fn read(runs: &[Run], images: &[DrawnImage], width: f32) -> SigningBlock {
    let recipients = recipients(runs);
    let mut block = SigningBlock::default();
    if let Some((at, head)) = recipients {
        block.archive_line = archive_line(runs.get(at..).unwrap_or_default(), head);
    }
    let right = |run: &&Run| match recipients {
        Some((_, head)) => {
            run.y <= head.y + 3.0 * head.size && run.x0 > head.x0 + 0.2 * width && run.centre() > 0.45 * width
        }
        None => run.centre() > 0.45 * width,
    };
    let mut column = runs.iter().filter(right).peekable();
    let first = column.find(|run| run.is_upper() && (recipients.is_some() && is_title_like(run) || starts_title(run)));
    let Some(first) = first else { return block };
    let mut title = vec![first.text.trim().to_owned()];
    let mut last = first;
    let mut name = None;
    let mut area = Box2::new(first.x0, first.y, first.x1, first.y + first.size);
    for run in column {
        let is_next = last.y - run.y <= TITLE_STEP * run.size.max(last.size);
        if run.is_upper() && is_next && is_title_like(run) && title.len() < 6 {
            if run.same_line(last) {
                if let Some(line) = title.last_mut() {
                    line.push(' ');
                    line.push_str(run.text.trim());
                }
            } else {
                title.push(run.text.trim().to_owned());
            }
            last = run;
            area = reaching(area, run);
        } else if let Some(found) = personal_name(run).or_else(|| (!is_next).then(|| name_in_capitals(run)).flatten()) {
            name = Some(found);
            area = reaching(area, run);
            break;
        }
    }
    // Without "Nơi nhận" beside it, only the name below tells a signing block from a heading.
    if recipients.is_some() || name.is_some() {
        block.area = name.is_some().then_some(area);
        if name.is_none() {
            area.y0 -= SIGNATURE_SPACE;
        }
        block.signer_title = Some(title.join(" "));
        block.signer_name = name;
        block.images = images_within(area, images);
    }
    block
}

/// `area` and the run, whose baseline becomes the lower edge.
fn reaching(area: Box2, run: &Run) -> Box2 {
    Box2 { x0: area.x0.min(run.x0), y0: area.y0.min(run.y), x1: area.x1.max(run.x1), y1: area.y1 }
}

/// How many images have the size of a signature or seal and their middle between the first line of the
/// title and the name, or beside that by no more than [`BESIDE`]. What they show is not looked at.
fn images_within(area: Box2, images: &[DrawnImage]) -> u8 {
    let count = images.iter().filter(|image| {
        let (x, y) = image.area.centre();
        let (width, height) = (image.area.width(), image.area.height());
        width.min(height) >= SHORTER_SIDE
            && width.max(height) <= LONGER_SIDE
            && (area.x0 - BESIDE..=area.x1 + BESIDE).contains(&x)
            && (area.y0..=area.y1).contains(&y)
    });
    u8::try_from(count.count()).unwrap_or(u8::MAX)
}

fn is_title_like(run: &Run) -> bool {
    run.words.len() <= 12
        && run.text.chars().filter(|c| c.is_alphabetic()).count() >= 4
        && !run.text.chars().any(|c| c.is_ascii_digit())
}

fn starts_title(run: &Run) -> bool {
    AUTHORITIES.iter().any(|start| run.folded.starts_with(start))
        || TITLES.iter().any(|start| run.folded.starts_with(start))
}

/// "Lưu: VT, BTXH." and what it wraps to.
fn archive_line(below: &[Run], head: &Run) -> Option<String> {
    let near = |run: &&Run| run.x0 < head.x0 + 60.0 && run.x0 > head.x0 - 40.0;
    let mut lines = below.iter().filter(near);
    let first = lines.find(|run| {
        let text = run.folded.trim_start_matches(|c: char| !c.is_alphanumeric());
        text.strip_prefix("luu").is_some_and(|rest| rest.is_empty() || rest.starts_with([':', ' ', '.']))
    })?;
    let mut line = first.text.trim_start_matches(|c: char| !c.is_alphanumeric()).to_owned();
    // Words of the same line that a blank parted.
    for run in below.iter().filter(|run| run.same_line(first) && run.x0 > first.x1 && run.x0 < first.x1 + 40.0) {
        line.push(' ');
        line.push_str(&run.text);
    }
    let mut last = first.y;
    for run in lines.filter(|run| run.y < first.y - SAME_LINE * first.size) {
        let goes_on = !line.ends_with(['.', ';']) && last - run.y < 1.8 * run.size;
        let is_item = run.text.starts_with(['-', '–', '+', '*', '•']);
        if !goes_on || is_item || run.words.len() > 6 {
            break;
        }
        line.push(' ');
        line.push_str(&run.text);
        last = run.y;
    }
    Some(line)
}

/// A name in capitals below the space for the signature, as some type it; no title and no "ĐÃ KÝ".
fn name_in_capitals(run: &Run) -> Option<String> {
    let parts = run.text.split_whitespace().filter(|word| !word.contains('.')).collect::<Vec<_>>();
    let is_name = (2..=6).contains(&parts.len())
        && parts.iter().all(|part| part.chars().all(char::is_uppercase))
        && !starts_title(run)
        && !run.folded.starts_with("da ky");
    is_name.then(|| parts.join(" "))
}

/// A Vietnamese personal name, degrees and ranks taken off.
fn personal_name(run: &Run) -> Option<String> {
    let mut words: Vec<&str> = run.text.split_whitespace().collect();
    if RANKS.iter().any(|rank| run.folded.starts_with(rank)) && words.len() >= 4 {
        words.drain(..2);
    }
    while words.first().is_some_and(|word| word.contains('.')) {
        words.remove(0);
    }
    let is_name_part = |word: &&str| {
        let mut letters = word.chars();
        letters.next().is_some_and(char::is_uppercase) && letters.all(|c| c.is_lowercase() || matches!(c, '\'' | '’'))
    };
    ((2..=6).contains(&words.len()) && words.iter().all(is_name_part)).then(|| words.join(" "))
}
