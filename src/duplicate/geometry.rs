//! Affine maps between the frames of a page: image pixels, the upright frame, the e-document's page.

/// A place: across, down.
pub(super) type Point = (f32, f32);

/// `x' = a x + b y + c`, `y' = d x + e y + f`.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Affine {
    /// Coefficients a, b, c, d, e, f.
    pub coefficients: [f32; 6],
}

impl Affine {
    /// Leaves every point where it is.
    pub const IDENTITY: Self = Self { coefficients: [1.0, 0.0, 0.0, 0.0, 1.0, 0.0] };

    /// Where a point goes.
    pub fn apply(&self, x: f32, y: f32) -> (f32, f32) {
        let [a, b, c, d, e, f] = self.coefficients;
        (a * x + b * y + c, d * x + e * y + f)
    }

    /// First `self`, then `next`.
    pub(super) fn then(&self, next: &Self) -> Self {
        let [a, b, c, d, e, f] = self.coefficients;
        let [na, nb, nc, nd, ne, nf] = next.coefficients;
        Self {
            coefficients: [
                na * a + nb * d,
                na * b + nb * e,
                na * c + nb * f + nc,
                nd * a + ne * d,
                nd * b + ne * e,
                nd * c + ne * f + nf,
            ],
        }
    }

    /// The way back; none if the map flattens the plane.
    pub(super) fn inverse(&self) -> Option<Self> {
        let [a, b, c, d, e, f] = self.coefficients;
        let determinant = a * e - b * d;
        if determinant.abs() < 1e-9 || !determinant.is_finite() {
            return None;
        }
        let (ia, ib, id, ie) = (e / determinant, -b / determinant, -d / determinant, a / determinant);
        Some(Self { coefficients: [ia, ib, -(ia * c + ib * f), id, ie, -(id * c + ie * f)] })
    }

    /// Least squares over pairs of points (from, to); none if the points do not span the plane.
    pub(super) fn fit(pairs: &[(Point, Point)]) -> Option<Self> {
        let count = pairs.len() as f64;
        if pairs.len() < 3 {
            return None;
        }
        // Centred coordinates keep the normal equations well conditioned.
        let (mut cx, mut cy) = (0.0_f64, 0.0_f64);
        for ((x, y), _) in pairs {
            cx += f64::from(*x) / count;
            cy += f64::from(*y) / count;
        }
        let (mut sxx, mut sxy, mut syy) = (0.0, 0.0, 0.0);
        let mut right = [[0.0_f64; 3]; 2];
        for ((x, y), (u, v)) in pairs {
            let (x, y) = (f64::from(*x) - cx, f64::from(*y) - cy);
            sxx += x * x;
            sxy += x * y;
            syy += y * y;
            for (row, value) in right.iter_mut().zip([f64::from(*u), f64::from(*v)]) {
                let [along, across, mean] = row;
                *along += x * value;
                *across += y * value;
                *mean += value / count;
            }
        }
        let determinant = sxx * syy - sxy * sxy;
        if determinant < 1e-3 * count * count {
            return None;
        }
        let mut coefficients = [0.0_f32; 6];
        for (row, out) in right.iter().zip(coefficients.chunks_exact_mut(3)) {
            let [along, across, mean] = *row;
            let p = (along * syy - across * sxy) / determinant;
            let q = (across * sxx - along * sxy) / determinant;
            if let [a, b, c] = out {
                (*a, *b, *c) = (p as f32, q as f32, (mean - p * cx - q * cy) as f32);
            }
        }
        coefficients.iter().all(|c| c.is_finite()).then_some(Self { coefficients })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fit_finds_the_map_and_its_inverse_leads_back() {
        let map = Affine { coefficients: [1.01, 0.02, 5.0, -0.02, 0.98, -7.0] };
        let pairs: Vec<_> = [(0.0, 0.0), (900.0, 10.0), (30.0, 1200.0), (800.0, 1300.0)]
            .into_iter()
            .map(|(x, y)| ((x, y), map.apply(x, y)))
            .collect();
        let found = Affine::fit(&pairs).unwrap();
        let (x, y) = found.then(&map.inverse().unwrap()).apply(123.0, 456.0);
        assert!((x - 123.0).abs() < 0.01 && (y - 456.0).abs() < 0.01, "{x} {y}");
    }

    #[test]
    fn points_on_one_line_give_no_map() {
        let pairs: Vec<_> = (0..5).map(|i| ((i as f32, 3.0), (i as f32, 3.0))).collect();
        assert_eq!(Affine::fit(&pairs), None);
    }
}
