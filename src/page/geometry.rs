//! Affine maps and boxes of page space (ISO 32000-2, 8.3).

use hayro_syntax::page::{Page, Rotation};

/// `[a b c d e f]` as the `cm` operator takes it.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Matrix(pub(super) [f32; 6]);

impl Matrix {
    pub(super) const IDENTITY: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    /// The map that first applies `self`, then `next`.
    pub(super) fn then(self, next: Self) -> Self {
        let ([a, b, c, d, e, f], [na, nb, nc, nd, ne, nf]) = (self.0, next.0);
        Self([
            a * na + b * nc,
            a * nb + b * nd,
            c * na + d * nc,
            c * nb + d * nd,
            e * na + f * nc + ne,
            e * nb + f * nd + nf,
        ])
    }

    /// The image of a point.
    pub(super) fn apply(self, x: f32, y: f32) -> (f32, f32) {
        let [a, b, c, d, e, f] = self.0;
        (a * x + c * y + e, b * x + d * y + f)
    }

    /// Whether every entry is a usable number.
    pub(super) fn is_finite(self) -> bool {
        self.0.iter().all(|entry| entry.is_finite())
    }
}

/// An upright box: left, bottom, right, top.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub(super) struct Box2 {
    pub(super) x0: f32,
    pub(super) y0: f32,
    pub(super) x1: f32,
    pub(super) y1: f32,
}

impl Box2 {
    /// The box around two corners.
    pub(super) fn new(x0: f32, y0: f32, x1: f32, y1: f32) -> Self {
        Self { x0: x0.min(x1), y0: y0.min(y1), x1: x0.max(x1), y1: y0.max(y1) }
    }

    /// The upright box around the image of `self`.
    pub(super) fn mapped(self, matrix: Matrix) -> Self {
        let corners = [(self.x0, self.y0), (self.x1, self.y0), (self.x0, self.y1), (self.x1, self.y1)];
        let mut result = Self { x0: f32::INFINITY, y0: f32::INFINITY, x1: f32::NEG_INFINITY, y1: f32::NEG_INFINITY };
        for (x, y) in corners.map(|(x, y)| matrix.apply(x, y)) {
            result.x0 = result.x0.min(x);
            result.y0 = result.y0.min(y);
            result.x1 = result.x1.max(x);
            result.y1 = result.y1.max(y);
        }
        result
    }

    /// The common part; of zero area if there is none.
    pub(super) fn intersected(self, other: Self) -> Self {
        let (x0, y0) = (self.x0.max(other.x0), self.y0.max(other.y0));
        Self { x0, y0, x1: self.x1.min(other.x1).max(x0), y1: self.y1.min(other.y1).max(y0) }
    }

    pub(super) fn width(self) -> f32 {
        self.x1 - self.x0
    }

    pub(super) fn height(self) -> f32 {
        self.y1 - self.y0
    }

    pub(super) fn area(self) -> f32 {
        self.width() * self.height()
    }

    /// The middle.
    pub(super) fn centre(self) -> (f32, f32) {
        ((self.x0 + self.x1) / 2.0, (self.y0 + self.y1) / 2.0)
    }
}

/// A page as it is viewed: lower left corner of the crop box at the origin, /Rotate applied, y up.
#[derive(Clone, Copy, Debug)]
pub(super) struct View {
    /// From default user space to the view.
    pub(super) matrix: Matrix,
    /// Width in points.
    pub(super) width: f32,
    /// Height in points.
    pub(super) height: f32,
}

impl View {
    /// The view of `page`.
    pub(super) fn of(page: &Page<'_>) -> Self {
        let crop = page.intersected_crop_box();
        let (width, height) = page.base_dimensions();
        let (x0, y0) = (narrow(crop.x0), narrow(crop.y0));
        let moved = Matrix([1.0, 0.0, 0.0, 1.0, -x0, -y0]);
        let (turn, width, height) = match page.rotation() {
            Rotation::None => (Matrix::IDENTITY, width, height),
            Rotation::Horizontal => (Matrix([0.0, -1.0, 1.0, 0.0, 0.0, width]), height, width),
            Rotation::Flipped => (Matrix([-1.0, 0.0, 0.0, -1.0, width, height]), width, height),
            Rotation::FlippedHorizontal => (Matrix([0.0, 1.0, -1.0, 0.0, height, 0.0]), height, width),
        };
        Self { matrix: moved.then(turn), width, height }
    }

    /// The whole page.
    pub(super) fn bounds(&self) -> Box2 {
        Box2::new(0.0, 0.0, self.width, self.height)
    }
}

#[allow(clippy::cast_possible_truncation, reason = "page coordinates need no more than f32")]
fn narrow(value: f64) -> f32 {
    value as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_compose_in_reading_order() {
        let scale = Matrix([2.0, 0.0, 0.0, 2.0, 0.0, 0.0]);
        let shift = Matrix([1.0, 0.0, 0.0, 1.0, 10.0, 5.0]);
        assert_eq!(scale.then(shift).apply(1.0, 1.0), (12.0, 7.0));
        assert_eq!(shift.then(scale).apply(1.0, 1.0), (22.0, 12.0));
    }

    #[test]
    fn a_turned_box_stays_upright() {
        let turned = Box2::new(0.0, 0.0, 10.0, 4.0).mapped(Matrix([0.0, 1.0, -1.0, 0.0, 4.0, 0.0]));
        assert_eq!(turned, Box2::new(0.0, 0.0, 4.0, 10.0));
    }
}
