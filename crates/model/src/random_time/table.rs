//! A quantile function as a table: what takes a logarithm, a normal quantile and an exponential
//! when computed takes one look and five multiplications here.
//!
//! A uniform of 64 bits is seen from its nearer end: `v` is its distance from 0 or from 2^64, so
//! that both tails are exact. The octave of `v` and the three bits below its leading one choose a
//! piece, the other bits a place in it; in a piece a polynomial of degree 5 meets the quantile at
//! six Chebyshev-Lobatto points, its ends among them, so that pieces join. Made with pure-Rust
//! `libm`, and only added and multiplied at run time: the same bits on every machine.

use std::sync::Arc;

/// Octaves of a distance below 2^63.
const OCTAVES: usize = 63;
/// The largest distance that does not become 2^63 as a float.
const NEAREST_HALF: u64 = (1 << 63) - 1024;
/// Pieces of an octave, as bits.
const PIECE_BITS: u32 = 3;
const PIECES: usize = 1 << PIECE_BITS;
/// Coefficients of a piece.
const DEGREE: usize = 5;

type Piece = [f64; DEGREE + 1];

/// Pieces by side, octave and piece within it.
#[derive(Debug, Clone)]
pub(crate) struct Table(Arc<[Piece]>);

impl Table {
    /// The table of a quantile function, given as `lower(p)` for probabilities up to one half and
    /// `upper(q)` for the same distance from 1.
    pub(super) fn new(lower: impl Fn(f64) -> f64, upper: impl Fn(f64) -> f64) -> Self {
        let mut pieces = Vec::with_capacity(2 * OCTAVES * PIECES);
        let sides: [&dyn Fn(f64) -> f64; 2] = [&lower, &upper];
        for side in sides {
            for octave in 0..OCTAVES {
                for piece in 0..PIECES {
                    pieces.push(fit(|t| {
                        let mantissa = 1.0 + (piece as f64 + t) / PIECES as f64;
                        side(mantissa * libm::exp2(octave as f64 - 64.0))
                    }));
                }
            }
        }
        Self(pieces.into())
    }

    /// The value at this uniform.
    #[inline]
    pub(crate) fn at(&self, uniform: u64) -> f64 {
        let upper = uniform >> 63;
        // From the upper side the bits are flipped; 0 counts as 1, which has a logarithm.
        let distance = ((uniform ^ upper.wrapping_neg()) | 1).min(NEAREST_HALF);
        let bits = (distance as f64).to_bits();
        let place = bits >> (52 - PIECE_BITS);
        let row = place as usize - (1023 << PIECE_BITS);
        let rest = bits << (12 + PIECE_BITS);
        let t = f64::from_bits(1023 << 52 | rest >> 12) - 1.0;
        let row = row + upper as usize * OCTAVES * PIECES;
        let piece = &self.0[row];
        let square = t * t;
        let pair = |k: usize| piece[k] + piece[k + 1] * t;
        pair(0) + square * (pair(2) + square * pair(4))
    }
}

/// The polynomial in `t` through the values at the six Chebyshev-Lobatto points of 0..1.
fn fit(value: impl Fn(f64) -> f64) -> Piece {
    let point = |k: usize| (1.0 - libm::cos(std::f64::consts::PI * k as f64 / DEGREE as f64)) / 2.0;
    let points: [f64; DEGREE + 1] = std::array::from_fn(point);
    // Newton's divided differences, then multiplied out.
    let mut differences: [f64; DEGREE + 1] = points.map(&value);
    for order in 1..=DEGREE {
        for k in (order..=DEGREE).rev() {
            differences[k] =
                (differences[k] - differences[k - 1]) / (points[k] - points[k - order]);
        }
    }
    let mut piece = [0.0; DEGREE + 1];
    for k in (0..=DEGREE).rev() {
        for power in (0..DEGREE).rev() {
            let lifted = piece[power];
            piece[power + 1] = lifted - points[k] * piece[power + 1];
        }
        piece[0] = differences[k] - points[k] * piece[0];
    }
    piece
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normal;

    /// Uniforms over both sides and all octaves.
    fn uniforms() -> impl Iterator<Item = u64> {
        let odd = 0x9E37_79B9_7F4A_7C15u64;
        let spread = (0..40_000u64).map(move |n| n.wrapping_mul(odd));
        let tails = (0..64).flat_map(|shift| [u64::MAX >> shift, !(u64::MAX >> shift), 1 << shift]);
        spread.chain(tails).chain([0, 1, u64::MAX])
    }

    fn check(name: &str, lower: &dyn Fn(f64) -> f64, upper: &dyn Fn(f64) -> f64, bound: f64) {
        let table = Table::new(lower, upper);
        for uniform in uniforms() {
            let exact = if uniform >> 63 == 0 {
                lower((uniform | 1) as f64 / 18_446_744_073_709_551_616.0)
            } else {
                upper((!uniform | 1) as f64 / 18_446_744_073_709_551_616.0)
            };
            let off = (table.at(uniform) / exact - 1.0).abs();
            assert!(
                off < bound,
                "{name} at {uniform:#x}: {} where {exact} is right",
                table.at(uniform)
            );
        }
    }

    #[test]
    fn an_exponential_is_right_to_nine_digits() {
        check(
            "exponential",
            &|p| -libm::log1p(-p),
            &|q| -libm::log(q),
            2e-9,
        );
    }

    #[test]
    fn lognormals_are_right_to_nine_digits() {
        for sigma in [0.1, 0.5, 0.93, 1.95] {
            let z = |p| libm::exp(sigma * normal::quantile(p));
            let upper = |q| libm::exp(-sigma * normal::quantile(q));
            check("lognormal", &z, &upper, 5e-9);
        }
    }

    #[test]
    fn it_rises() {
        let table = Table::new(
            |p| libm::exp(0.9 * normal::quantile(p)),
            |q| libm::exp(-0.9 * normal::quantile(q)),
        );
        let mut sorted: Vec<u64> = uniforms().collect();
        sorted.sort_unstable();
        for pair in sorted.windows(2) {
            assert!(
                table.at(pair[0]) <= table.at(pair[1]) * (1.0 + 1e-12),
                "at {:#x}",
                pair[1]
            );
        }
    }
}
