//! What is kept of a page image: its text lines with their ink profiles, a few kilobytes.

use super::geometry::Affine;
use super::lines::{self, BINS, Line};
use super::normalise::{FRAME, upright};
use crate::raster::GrayImage;
use serde::{Deserialize, Serialize};

/// Version of what a fingerprint holds; fingerprints of another version are not comparable.
pub const FINGERPRINT_VERSION: u32 = 1;
/// Profile values per deviation; four bits hold ±2.3 deviations.
const LEVELS: f32 = 3.25;

/// The text lines of one page. All places are in the upright frame: short side 1000 pixels, lines level.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct PageFingerprint {
    /// Width of the frame in pixels; 0 for an image that is no page.
    pub width: u16,
    /// Height of the frame in pixels.
    pub height: u16,
    /// From frame pixels to image pixels (coefficients of [`Affine`]).
    pub to_image: [f32; 6],
    /// Ends of the lines in quarter pixels: left, height there, right, height there.
    pub ends: Vec<[u16; 4]>,
    /// Profiles of the lines, [`BINS`]/2 bytes each, two bins a byte, low half first.
    pub profiles: Vec<u8>,
}

/// Bytes of one packed profile.
pub(super) const PACKED: usize = BINS / 2;

impl PageFingerprint {
    /// Number of text lines.
    pub fn line_count(&self) -> usize {
        self.ends.len().min(self.profiles.len() / PACKED)
    }

    /// Memory of this fingerprint in bytes.
    pub fn bytes(&self) -> usize {
        size_of::<Self>() + self.ends.len() * size_of::<[u16; 4]>() + self.profiles.len()
    }

    pub(super) fn to_image(&self) -> Affine {
        Affine { coefficients: self.to_image }
    }

    /// Ends of each line in frame pixels with its profile.
    pub(super) fn lines(&self) -> Vec<Line> {
        self.ends
            .iter()
            .zip(self.profiles.chunks_exact(PACKED))
            .map(|(ends, packed)| {
                let [left, y_left, right, y_right] = ends.map(|v| f32::from(v) / 4.0);
                Line { left, right, y_left, y_right, profile: unpack(packed) }
            })
            .collect()
    }

    /// The lines of the page stood on its head.
    pub(super) fn lines_turned(&self) -> Vec<Line> {
        let (width, height) = (f32::from(self.width) - 1.0, f32::from(self.height) - 1.0);
        let mut turned: Vec<Line> = self
            .lines()
            .into_iter()
            .map(|mut line| {
                line.profile.reverse();
                Line {
                    left: width - line.right,
                    right: width - line.left,
                    y_left: height - line.y_right,
                    y_right: height - line.y_left,
                    profile: line.profile,
                }
            })
            .collect();
        turned.reverse();
        turned
    }

    /// From the frame of the page stood on its head to image pixels.
    pub(super) fn turned_to_image(&self) -> Affine {
        let (width, height) = (f32::from(self.width) - 1.0, f32::from(self.height) - 1.0);
        Affine { coefficients: [-1.0, 0.0, width, 0.0, -1.0, height] }.then(&self.to_image())
    }
}

/// The fingerprint of a page image. An image that is no page (too small, too long, inconsistent) gives
/// an empty one; a blank page or a photograph gives one with few lines.
pub fn fingerprint(image: &GrayImage) -> PageFingerprint {
    let mut best = PageFingerprint::default();
    let mut most = -1.0;
    for way in upright(image) {
        let found = lines::lines(&way.ink);
        // Text runs along its lines: the reading direction is the one with the longer lines.
        let length: f32 = found.iter().map(|line| (line.right - line.left).powi(2)).sum();
        if length <= most {
            continue;
        }
        most = length;
        let quarter = |v: f32| (v * 4.0).clamp(0.0, f32::from(u16::MAX)) as u16;
        best = PageFingerprint {
            width: way.ink.width.min(16 * FRAME) as u16,
            height: way.ink.height.min(16 * FRAME) as u16,
            to_image: way.to_image.coefficients,
            ends: found
                .iter()
                .map(|l| [quarter(l.left), quarter(l.y_left), quarter(l.right), quarter(l.y_right)])
                .collect(),
            profiles: found.iter().flat_map(|line| pack(&line.profile)).collect(),
        };
    }
    best
}

fn pack(profile: &[f32; BINS]) -> [u8; PACKED] {
    let nibble = |v: f32| (v * LEVELS + 8.0).round().clamp(0.0, 15.0) as u8;
    let mut packed = [0; PACKED];
    for (byte, pair) in packed.iter_mut().zip(profile.chunks_exact(2)) {
        if let [low, high] = pair {
            *byte = nibble(*low) | nibble(*high) << 4;
        }
    }
    packed
}

pub(super) fn unpack(packed: &[u8]) -> [f32; BINS] {
    let mut profile = [0.0; BINS];
    for (pair, byte) in profile.chunks_exact_mut(2).zip(packed) {
        if let [low, high] = pair {
            *low = f32::from(byte & 15) - 8.0;
            *high = f32::from(byte >> 4) - 8.0;
        }
    }
    lines::standardise(&mut profile);
    profile
}

/// Normalised correlation of two standardised profiles, -1 to 1.
pub(super) fn correlation(a: &[f32; BINS], b: &[f32; BINS]) -> f32 {
    a.iter().zip(b).map(|(x, y)| x * y).sum::<f32>() / BINS as f32
}
