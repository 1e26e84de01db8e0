//! How a scan lies on a page of an e-document: the affine map that most shared lines agree on.

use super::fingerprint::correlation;
use super::geometry::Affine;
use super::index::ALIKE;
use super::lines::Line;

/// Fewest lines that must agree on the map (measured: fewer also happen between letterheads).
pub(super) const FEWEST: usize = 6;
/// Distance in frame pixels within which a line's ends agree with a first guess.
const NEAR: f32 = 16.0;
/// The same with the fitted map.
const CLOSE: f32 = 6.0;

/// A map from the e-document's upright frame to the scan's, and the lines that agree on it.
#[derive(Clone, Debug)]
pub(super) struct Alignment {
    pub(super) map: Affine,
    /// (line of the e-document, line of the scan).
    pub(super) pairs: Vec<(usize, usize)>,
}

/// Fewest lines of a page that holds little more than the signature, if they are most of it.
const FEWEST_SHORT: usize = 3;

/// The map on which most lines agree; none if fewer than [`FEWEST`] do.
pub(super) fn align(printed: &[Line], scanned: &[Line]) -> Option<Alignment> {
    align_by(printed, scanned, FEWEST)
}

/// The same for a page of few lines that is known to follow a page in place: half of its lines must agree.
pub(super) fn align_short(printed: &[Line], scanned: &[Line]) -> Option<Alignment> {
    align_by(printed, scanned, FEWEST_SHORT.max(printed.len().div_ceil(2)))
}

fn align_by(printed: &[Line], scanned: &[Line], fewest: usize) -> Option<Alignment> {
    let mut matches: Vec<(usize, usize, f32)> = Vec::new();
    for (p, a) in printed.iter().enumerate() {
        for (s, b) in scanned.iter().enumerate() {
            let (length, other) = (a.right - a.left, b.right - b.left);
            if (length - other).abs() <= 0.15 * length {
                let value = correlation(&a.profile, &b.profile);
                if value > ALIKE {
                    matches.push((p, s, value));
                }
            }
        }
    }
    // A single match already gives scale and place (both pages lie level): every match is tried.
    let mut best: Option<Alignment> = None;
    matches.sort_by(|a, b| b.2.total_cmp(&a.2));
    for (p, s, _) in matches.iter().take(120) {
        let (Some(a), Some(b)) = (printed.get(*p), scanned.get(*s)) else { continue };
        let scale = (b.right - b.left) / (a.right - a.left).max(1.0);
        let guess =
            Affine { coefficients: [scale, 0.0, b.left - scale * a.left, 0.0, scale, b.y_left - scale * a.y_left] };
        let mut pairs = agreeing(&guess, NEAR, &matches, printed, scanned);
        for _ in 0..3 {
            if pairs.len() < 3 {
                break;
            }
            let Some(map) = fitted(&pairs, printed, scanned) else { break };
            pairs = agreeing(&map, CLOSE, &matches, printed, scanned);
        }
        if pairs.len() >= fewest
            && best.as_ref().is_none_or(|known| known.pairs.len() < pairs.len())
            && let Some(map) = fitted(&pairs, printed, scanned).filter(plausible)
        {
            best = Some(Alignment { map, pairs });
        }
    }
    best
}

/// Matches whose ends the map brings together, each line once.
fn agreeing(
    map: &Affine,
    tolerance: f32,
    matches: &[(usize, usize, f32)],
    printed: &[Line],
    scanned: &[Line],
) -> Vec<(usize, usize)> {
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for (p, s, _) in matches {
        let (Some(a), Some(b)) = (printed.get(*p), scanned.get(*s)) else { continue };
        let near =
            |(x, y): (f32, f32), to_x: f32, to_y: f32| (x - to_x).abs() < tolerance && (y - to_y).abs() < tolerance;
        if near(map.apply(a.left, a.y_left), b.left, b.y_left)
            && near(map.apply(a.right, a.y_right), b.right, b.y_right)
            && !pairs.iter().any(|(known_p, known_s)| known_p == p || known_s == s)
        {
            pairs.push((*p, *s));
        }
    }
    pairs
}

fn fitted(pairs: &[(usize, usize)], printed: &[Line], scanned: &[Line]) -> Option<Affine> {
    let points: Vec<_> = pairs
        .iter()
        .filter_map(|(p, s)| Some((printed.get(*p)?, scanned.get(*s)?)))
        .flat_map(|(a, b)| [((a.left, a.y_left), (b.left, b.y_left)), ((a.right, a.y_right), (b.right, b.y_right))])
        .collect();
    Affine::fit(&points)
}

/// Paper is not stretched: scales near each other, hardly turned (both pages lie level).
fn plausible(map: &Affine) -> bool {
    let [a, b, _, d, e, _] = map.coefficients;
    (0.7..1.4).contains(&a) && (0.9..1.1).contains(&(a / e)) && b.abs() < 0.05 && d.abs() < 0.05
}
