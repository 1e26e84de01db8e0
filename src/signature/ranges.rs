//! Digests of a file and of the byte ranges its signatures cover, in one pass.
//!
//! A signature's range starts at 0 and leaves a gap for its own /Contents, so its digest shares the
//! prefix with the file's digest: the SHA-256 state is cloned at each gap. A file with many signatures
//! is read and digested hardly more than once.

use crate::crypto::{DigestAlgorithm, Hasher};
use crate::model::Sha256Digest;
use std::ops::Range;

/// SHA-256 digests of one file.
#[derive(Debug)]
pub(crate) struct Digests {
    /// Of the whole file.
    pub(crate) whole: Sha256Digest,
    /// Of each list of ranges asked for; `None` where a range leaves the file.
    pub(crate) covered: Vec<Option<Vec<u8>>>,
    /// Of each prefix asked for, by its length.
    pub(crate) prefixes: Vec<(usize, Sha256Digest)>,
}

/// Digests `data`, each of `covered` (lists of ranges in ascending order) and each prefix.
pub(crate) fn digests(data: &[u8], covered: &[Vec<Range<usize>>], prefixes: &[usize]) -> Digests {
    let mut stops: Vec<(usize, Stop)> = Vec::new();
    let mut result = vec![None; covered.len()];
    for (index, ranges) in covered.iter().enumerate() {
        let inside = ranges.iter().all(|range| data.get(range.clone()).is_some());
        match ranges.as_slice() {
            [first, ..] if inside && first.start == 0 => stops.push((first.end, Stop::Gap(index))),
            _ if inside => result[index] = sha256(ranges.iter().filter_map(|range| data.get(range.clone()))),
            _ => {}
        }
    }
    stops.extend(prefixes.iter().filter(|end| **end <= data.len()).map(|end| (*end, Stop::Prefix)));
    stops.sort_by_key(|(at, _)| *at);

    let mut done = 0;
    let mut prefix_digests = Vec::new();
    let Some(mut state) = Hasher::new(DigestAlgorithm::Sha256) else {
        return Digests { whole: Sha256Digest::default(), covered: result, prefixes: prefix_digests };
    };
    for (at, stop) in stops {
        state.update(data.get(done..at).unwrap_or_default());
        done = at;
        let mut fork = state.clone();
        match stop {
            Stop::Prefix => prefix_digests.push((at, fixed(&fork.finish()))),
            Stop::Gap(index) => {
                for range in covered.get(index).into_iter().flatten().skip(1) {
                    fork.update(data.get(range.clone()).unwrap_or_default());
                }
                if let Some(slot) = result.get_mut(index) {
                    *slot = Some(fork.finish());
                }
            }
        }
    }
    state.update(data.get(done..).unwrap_or_default());
    Digests { whole: fixed(&state.finish()), covered: result, prefixes: prefix_digests }
}

enum Stop {
    Gap(usize),
    Prefix,
}

fn sha256<'a>(parts: impl Iterator<Item = &'a [u8]>) -> Option<Vec<u8>> {
    let mut hasher = Hasher::new(DigestAlgorithm::Sha256)?;
    parts.for_each(|part| hasher.update(part));
    Some(hasher.finish())
}

fn fixed(digest: &[u8]) -> Sha256Digest {
    let mut value = Sha256Digest::default();
    value.0.iter_mut().zip(digest).for_each(|(to, from)| *to = *from);
    value
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn plain(data: &[u8], ranges: &[Range<usize>]) -> Vec<u8> {
        let joined: Vec<u8> = ranges.iter().flat_map(|range| data[range.clone()].to_vec()).collect();
        DigestAlgorithm::Sha256.digest(&joined).unwrap()
    }

    proptest! {
        #[test]
        fn equals_digests_taken_one_by_one(data in proptest::collection::vec(any::<u8>(), 0..400),
                                           cuts in proptest::collection::vec((0usize..400, 0usize..400, 0usize..400, any::<bool>()), 0..6)) {
            let covered: Vec<Vec<Range<usize>>> = cuts.iter().map(|(a, b, c, from_zero)| {
                let mut points = [*a, *b, *c].map(|point| point.min(data.len()));
                points.sort_unstable();
                let start = if *from_zero { 0 } else { points[0] };
                vec![start..points[0].max(start), points[1]..points[2]]
            }).collect();
            let prefixes: Vec<usize> = cuts.iter().map(|(a, ..)| *a % (data.len() + 1)).collect();
            let digests = digests(&data, &covered, &prefixes);
            prop_assert_eq!(digests.whole, crate::crypto::sha256(&data));
            for (ranges, digest) in covered.iter().zip(&digests.covered) {
                prop_assert_eq!(digest.as_ref(), Some(&plain(&data, ranges)));
            }
            for (end, digest) in &digests.prefixes {
                prop_assert_eq!(*digest, crate::crypto::sha256(&data[..*end]));
            }
        }
    }

    #[test]
    fn a_range_beyond_the_end_has_no_digest() {
        let outside = 5..20;
        assert_eq!(digests(b"0123456789", &[vec![0..3, outside]], &[]).covered, [None]);
    }
}
