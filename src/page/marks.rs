//! Boxes 10 and 14 (Decree 30/2020, PL I, section IV): secrecy, urgency and form-of-copy marks.

use super::header::Stamp;
use super::layout::Run;
use super::legacy::folded;
use crate::model::{CopyForm, Secrecy};

/// Share of the page's height that the head with its marks takes.
const HEAD: f32 = 0.4;

/// Bytes of the longest text that can be a mark, its letters spaced and its capitals of three bytes.
const MAX_MARK: usize = 64;

/// The letters of a text without spaces and signs, so that spaced capitals compare equal; empty for texts
/// too long to be a mark or with small letters.
fn letters(text: &str) -> String {
    if text.len() > MAX_MARK || text.chars().any(char::is_lowercase) {
        return String::new();
    }
    text.chars().filter(|c| c.is_alphabetic()).collect()
}

/// Whether a run can be a stamp: nothing else beside it, capitals, no part of a wrapped phrase.
fn stands_alone(runs: &[Run], at: usize, height: f32) -> bool {
    let Some(run) = runs.get(at) else { return false };
    let beside = |other: &Run| {
        let gap = (other.x0 - run.x1).max(run.x0 - other.x1);
        // Below the head even a distant neighbour makes it a cell of a table.
        gap < 1.5 * run.size || run.y < (1.0 - HEAD) * height
    };
    let neighbour = runs.iter().enumerate().any(|(i, other)| i != at && other.same_line(run) && beside(other));
    // "QUY CHẾ BẢO VỆ BÍ / MẬT": the line above in the same column goes on.
    let continued = runs.iter().take(at).rev().take(6).any(|above| {
        let is_near = above.y - run.y < 2.0 * run.size && above.y > run.y;
        let is_over = above.x0 < run.x1 && above.x1 > run.x0;
        is_near && is_over && ["bi", "bao", "bi an", "than"].iter().any(|word| ends_with_word(&above.folded, word))
    });
    run.is_upper() && !neighbour && !continued
}

fn ends_with_word(text: &str, word: &str) -> bool {
    text.strip_suffix(word).is_some_and(|rest| rest.is_empty() || rest.ends_with(|c: char| !c.is_alphanumeric()))
}

/// The secrecy mark of page 1: MẬT, TỐI MẬT or TUYỆT MẬT alone and in capitals, in the page's text or in
/// `annotations` (texts of stamp annotations).
pub(super) fn secrecy(runs: &[Run], annotations: &[String], height: f32) -> Option<Secrecy> {
    let in_text =
        runs.iter().enumerate().find_map(|(at, run)| secrecy_of(&run.text).filter(|_| stands_alone(runs, at, height)));
    in_text.or_else(|| annotations.iter().flat_map(|text| text.lines()).find_map(secrecy_of))
}

fn secrecy_of(text: &str) -> Option<Secrecy> {
    match letters(text).as_str() {
        "MẬT" => Some(Secrecy::Confidential),
        "TỐIMẬT" => Some(Secrecy::Secret),
        "TUYỆTMẬT" => Some(Secrecy::TopSecret),
        _ => None,
    }
}

/// The urgency mark of page 1 as printed.
pub(super) fn urgency(runs: &[Run], height: f32) -> Option<String> {
    runs.iter()
        .enumerate()
        .find(|(at, run)| {
            let is_mark = matches!(letters(&run.text).as_str(), "KHẨN" | "THƯỢNGKHẨN" | "HỎATỐC" | "HOẢTỐC")
                || ["HỎATỐCHẸNGIỜ", "HOẢTỐCHẸNGIỜ"].iter().any(|mark| letters(&run.text).starts_with(mark));
            is_mark && run.y > (1.0 - HEAD) * height && stands_alone(runs, *at, height)
        })
        .map(|(_, run)| run.text.clone())
}

/// The form of copy: a line of its own on the page, or the text of an agency signature.
pub(super) fn copy_form(runs: &[Run], stamps: &[Stamp]) -> Option<CopyForm> {
    let on_page = runs.iter().enumerate().find_map(|(at, run)| {
        let form = match letters(&run.text).as_str() {
            "SAOY" | "SAOYBẢNCHÍNH" => CopyForm::CertifiedCopy,
            "SAOLỤC" => CopyForm::CopyOfCopy,
            "TRÍCHSAO" => CopyForm::Extract,
            _ => return None,
        };
        let beside = |other: &Run| (other.x0 - run.x1).max(run.x0 - other.x1) < 1.5 * run.size;
        let alone = !runs.iter().enumerate().any(|(i, other)| i != at && other.same_line(run) && beside(other));
        (run.is_upper() && alone).then_some(form)
    });
    on_page.or_else(|| {
        // The text of the agency's signature begins with the form of copy (PL I, part II, section I.3.c).
        stamps.iter().flat_map(|stamp| stamp.text.lines()).find_map(|line| {
            let line = folded(line);
            let line = line.strip_prefix("hinh thuc sao").unwrap_or(&line);
            let line = line.trim_start_matches(|c: char| !c.is_alphanumeric());
            let forms = [
                ("sao y", CopyForm::CertifiedCopy),
                ("sao luc", CopyForm::CopyOfCopy),
                ("trich sao", CopyForm::Extract),
            ];
            let starts = |form: &&(&str, CopyForm)| {
                line.strip_prefix(form.0).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
            };
            forms.iter().find(starts).map(|(_, form)| *form)
        })
    })
}
