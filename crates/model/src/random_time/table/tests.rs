use super::*;
use crate::normal;

/// 2^-64: what one step of a uniform is worth.
const STEP: f64 = 1.0 / 18_446_744_073_709_551_616.0;

/// Distances from the nearer end, in all octaves from 1 to 2^63: edges of pieces with their
/// neighbours, and so many places between.
fn distances() -> impl Iterator<Item = u64> {
    (0..63u32).flat_map(|octave| {
        let edge = 1u64 << octave;
        let spread = (0..1_000u64).map(move |n| {
            let odd = n.wrapping_mul(0x9E37_79B9_7F4A_7C15);
            edge + (odd >> 1 >> (63 - octave))
        });
        let beside = |it: u64| [it.saturating_sub(1).max(1), it, it + 1];
        let edges = (0..PIECES as u64).flat_map(move |n| beside(edge + edge / PIECES as u64 * n));
        spread.chain(edges)
    })
}

/// The uniform at this distance from the lower and from the upper end.
fn uniforms(distance: u64) -> [(u64, bool); 2] {
    [(distance, false), (!distance, true)]
}

/// What the table takes for the probability of the tail: odd distances only.
fn tail(distance: u64) -> f64 {
    (distance | 1) as f64 * STEP
}

/// The largest relative error over both sides; `off` says by how much a value is too large, told
/// the tail's probability and whether it is the upper one.
fn worst(table: &Table, off: impl Fn(f64, f64, bool) -> f64) -> f64 {
    let mut worst = 0.0f64;
    for distance in distances() {
        for (uniform, upper) in uniforms(distance) {
            worst = worst.max(off(table.at(uniform), tail(distance), upper).abs());
        }
    }
    worst
}

fn lognormal(sigma: f64) -> Table {
    Table::new(
        |p| libm::exp(sigma * normal::quantile(p)),
        |q| libm::exp(-sigma * normal::quantile(q)),
    )
}

/// Against the formula: the tail is passed to it exactly, so nothing but its own rounding (some
/// 1e-16) stands between.
#[test]
fn an_exponential_is_right_to_nine_digits() {
    let table = Table::new(|p| -libm::log1p(-p), |q| -libm::log(q));
    let found = worst(&table, |value, tail, upper| {
        let exact = if upper {
            -libm::log(tail)
        } else {
            -libm::log1p(-tail)
        };
        value / exact - 1.0
    });
    assert!(found < EXPONENTIAL_BOUND, "{found:e}");
}

/// Against the complementary error function, not against the quantile that the table was made of:
/// the value says at which tail it would be right, and the difference of tails over the density
/// there is the error. By libm's erfc (within an ulp) this sees errors down to 1e-13.
#[test]
fn lognormals_are_right_to_nine_digits() {
    for sigma in [0.1, 0.5, 0.93, 1.5, 1.95] {
        let found = worst(&lognormal(sigma), |value, tail, upper| {
            let z = libm::log(value) / sigma;
            let outwards = if upper { z } else { -z };
            let its_tail = libm::erfc(outwards / std::f64::consts::SQRT_2) / 2.0;
            let density = libm::exp(-z * z / 2.0) / libm::sqrt(2.0 * std::f64::consts::PI);
            sigma * (its_tail - tail) / density
        });
        assert!(found < LOGNORMAL_BOUND, "sigma {sigma}: {found:e}");
    }
}

#[test]
fn weibulls_are_right_to_nine_digits() {
    for shape in [0.5, 0.7, 1.5, 2.0, 5.0] {
        let table = Table::new(
            |p| libm::pow(-libm::log1p(-p), 1.0 / shape),
            |q| libm::pow(-libm::log(q), 1.0 / shape),
        );
        // Back through the distribution function, whose logarithm is value^shape.
        let found = worst(&table, |value, tail, upper| {
            let exponential = if upper {
                -libm::log(tail)
            } else {
                -libm::log1p(-tail)
            };
            (libm::pow(value, shape) / exponential - 1.0) / shape
        });
        assert!(found < WEIBULL_BOUND, "shape {shape}: {found:e}");
    }
}

// Measured: 3.7e-11; 6.8e-11 at sigma 0.93 and 5.2e-10 at 1.95; 2.3e-10 at shape 0.5.
const EXPONENTIAL_BOUND: f64 = 4e-11;
const LOGNORMAL_BOUND: f64 = 6e-10;
const WEIBULL_BOUND: f64 = 2.5e-10;

#[test]
fn both_ends_are_seen_alike() {
    // A curve that looks the same from both ends: uniforms that complement each other meet.
    let table = Table::new(|p| p, |q| q);
    for distance in distances() {
        let [(low, _), (high, _)] = uniforms(distance);
        assert_eq!(low, !high);
        assert_eq!(table.at(low), table.at(high));
        assert!((table.at(low) / tail(distance) - 1.0).abs() < 1e-14);
    }
    // A lognormal around 1: one is the other's inverse.
    let table = lognormal(0.9);
    for distance in distances() {
        let [(low, _), (high, _)] = uniforms(distance);
        assert!((table.at(low) * table.at(high) - 1.0).abs() < 2.0 * LOGNORMAL_BOUND);
    }
}

#[test]
fn it_rises() {
    let table = lognormal(0.9);
    let mut sorted: Vec<u64> = distances()
        .flat_map(|distance| uniforms(distance).map(|it| it.0))
        .chain([0, 1, u64::MAX, u64::MAX >> 1, 1 << 63])
        .collect();
    sorted.sort_unstable();
    for pair in sorted.windows(2) {
        let (low, high) = (table.at(pair[0]), table.at(pair[1]));
        assert!(low <= high * (1.0 + 1e-12), "at {:#x}", pair[1]);
    }
    assert_eq!(table.at(1 << 63), table.at((1 << 63) - 1), "the median");
}

#[test]
fn a_whole_number_becomes_the_float_next_to_it() {
    for distance in distances() {
        assert_eq!(as_float(distance), distance as f64);
    }
    assert_eq!(as_float(0), 0.0);
    assert_eq!(as_float(u64::MAX), u64::MAX as f64);
}
