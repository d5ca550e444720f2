//! Between which bounds a fitted number lies with 95 %, and how that is written.
//!
//! Knows the few distributions that this takes, and nothing of calls.

use measure::estimate::t_95;
use statrs::distribution::{ChiSquared, ContinuousCDF};

/// The normal quantile of a two-sided 95 % interval.
pub(super) const Z_95: f64 = 1.959_963_984_540_054;

/// Above so many degrees of freedom the approximation of Wilson and Hilferty (1931) is right to
/// six digits, and the exact quantile takes long.
const MANY: f64 = 1000.0;

/// A 95 % interval, in the unit of its number. The data may say nothing of its upper end: then
/// that is infinite.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

impl Interval {
    /// As far to either side.
    pub(super) fn around(value: f64, half: f64) -> Self {
        Self {
            low: value - half,
            high: value + half,
        }
    }

    /// As many times to either side: for what is above zero, whose logarithm is nearer to normal.
    pub(super) fn times(value: f64, half_of_ln: f64) -> Self {
        Self {
            low: value * (-half_of_ln).exp(),
            high: value * half_of_ln.exp(),
        }
    }

    /// Of something else that rises with the number.
    #[must_use]
    pub fn map(self, of: impl Fn(f64) -> f64) -> Self {
        Self {
            low: of(self.low),
            high: of(self.high),
        }
    }

    /// Whether a number lies within, its ends included.
    pub fn holds(self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }

    /// Its ends in brackets with so many decimals, as reports write them.
    pub fn told(self, decimals: usize) -> String {
        if self.high.is_infinite() {
            return format!("[{:.decimals$}, beyond the data]", self.low);
        }
        format!("[{:.decimals$}, {:.decimals$}]", self.low, self.high)
    }

    /// What stands behind the value: half the width where the value is in the middle, else the
    /// ends.
    pub fn beside(self, value: f64, decimals: usize) -> String {
        let (below, above) = (value - self.low, self.high - value);
        if above.is_finite() && (below - above).abs() <= 1e-6 * (below + above) {
            return format!("± {above:.decimals$}");
        }
        self.told(decimals)
    }
}

/// Of the mean of normal values, by Student's t. `sigma` is their deviation with `n` below.
pub(super) fn of_mean(mean: f64, sigma: f64, n: f64) -> Option<Interval> {
    let degrees = n - 1.0;
    Some(Interval::around(
        mean,
        t_95(degrees)? * sigma / degrees.sqrt(),
    ))
}

/// Of the deviation of normal values. `sigma` is that with `n` below, as a likeliest one has.
pub(super) fn of_deviation(sigma: f64, n: f64) -> Option<Interval> {
    let squares = n * sigma * sigma;
    Some(Interval {
        low: (squares / chi_square(0.975, n - 1.0)?).sqrt(),
        high: (squares / chi_square(0.025, n - 1.0)?).sqrt(),
    })
}

/// The quantile of chi-square; none for fewer than one degree of freedom.
fn chi_square(share: f64, degrees: f64) -> Option<f64> {
    if degrees < 1.0 {
        return None;
    }
    if degrees > MANY {
        let z = if share > 0.5 { Z_95 } else { -Z_95 };
        let ninth = 2.0 / (9.0 * degrees);
        return Some(degrees * (1.0 - ninth + z * ninth.sqrt()).powi(3));
    }
    Some(ChiSquared::new(degrees).ok()?.inverse_cdf(share))
}

/// Wilson's interval of a share of `n`, with the quantile `z`. `n` need not be whole: a sample
/// whose members hang together is worth less than it counts.
pub(super) fn wilson(share: f64, n: f64, z: f64) -> Interval {
    let z2 = z * z;
    let centre = (share * n + z2 / 2.0) / (n + z2);
    let half = z / (n + z2) * (n * share * (1.0 - share) + z2 / 4.0).sqrt();
    // Rounding would leave a trace at the ends.
    Interval {
        low: if share <= 0.0 { 0.0 } else { centre - half },
        high: if share >= 1.0 { 1.0 } else { centre + half },
    }
}

/// Of the calls of a day, or of an hour of it: so many on each of several days of one kind. By
/// Student's t, and never narrower than chance alone would have it (Poisson, by its score). None of
/// fewer than two days.
///
/// `squares` is the sum of the squares of the counts.
pub(super) fn of_count(calls: u64, squares: u128, days: u32) -> Option<Interval> {
    let n = f64::from(days);
    let t = t_95(n - 1.0)?;
    let mean = calls as f64 / n;
    // Whole numbers as long as they can be: what is left of two large ones that are taken apart.
    let apart = (u128::from(days) * squares).saturating_sub(u128::from(calls).pow(2));
    let error = (apart as f64 / (n * n * (n - 1.0))).sqrt();
    let centre = mean + Z_95 * Z_95 / (2.0 * n);
    let chance = Z_95 * (mean / n + (Z_95 / (2.0 * n)).powi(2)).sqrt();
    let low = (mean - t * error).min(centre - chance);
    Some(Interval {
        low: if calls == 0 { 0.0 } else { low.max(0.0) },
        high: (mean + t * error).max(centre + chance),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: Interval, low: f64, high: f64, by: f64) {
        let near = (found.low - low).abs() <= by && (found.high - high).abs() <= by;
        assert!(near, "{found:?}, expected {low} to {high}");
    }

    #[test]
    fn mean_and_deviation_have_the_intervals_of_the_tables() {
        // scipy 1.17: sqrt(n s²/chi2.ppf(.975, n-1)), …(.025, …), t.ppf(.975, n-1) s/sqrt(n-1).
        for (n, sigma, low, high, half) in [
            (30.0, 1.0, 0.810_021_7, 1.367_296_6, 0.379_789_61),
            (50.0, 0.7, 0.590_670_3, 0.881_149_3, 0.200_957_52),
            (382.0, 0.999, 0.934_050_3, 1.076_766_1, 0.100_631_25),
            // On either side of the approximation, and far beyond.
            (1001.0, 1.0, 0.958_511_4, 1.046_364_2, 0.062_054_61),
            (1002.0, 1.0, 0.958_531_0, 1.046_339_7, 0.062_023_53),
            (50_892.0, 0.94, 0.934_269_85, 0.945_820_06, 0.008_167_06),
        ] {
            near(of_deviation(sigma, n).unwrap(), low, high, 1e-6);
            near(
                of_mean(5.0, sigma, n).unwrap(),
                5.0 - half,
                5.0 + half,
                1e-7,
            );
        }
        assert_eq!(
            (of_deviation(1.0, 1.0), of_mean(1.0, 1.0, 1.0)),
            (None, None)
        );
    }

    #[test]
    fn wilson_is_that_of_the_runs_where_calls_count_one_each() {
        for (yes, n) in [(0, 20), (1, 29), (81, 263), (20, 20)] {
            let (low, high) = measure::estimate::wilson_95(yes, n).unwrap();
            near(
                wilson(yes as f64 / n as f64, n as f64, Z_95),
                low,
                high,
                1e-12,
            );
        }
    }

    #[test]
    fn a_count_varies_at_least_by_chance() {
        // 90 120 100 130 80 110 105 95: t.ppf(.975, 7) s/sqrt(8) = 13.5450870.
        let found = of_count(830, 87_950, 8).unwrap();
        near(found, 103.75 - 13.545_087, 103.75 + 13.545_087, 1e-6);
        // A hundred each day, and none at all: the score interval of Poisson.
        near(
            of_count(800, 80_000, 8).unwrap(),
            93.306_414,
            107.173_768,
            1e-6,
        );
        near(of_count(0, 0, 8).unwrap(), 0.0, 0.480_182, 1e-6);
        assert_eq!(of_count(100, 10_000, 1), None);
    }

    #[test]
    fn an_interval_is_told_by_its_half_or_by_its_ends() {
        let round = Interval::around(12.0, 1.5);
        assert_eq!(
            (round.beside(12.0, 1), round.told(2)),
            ("± 1.5".into(), "[10.50, 13.50]".into())
        );
        assert_eq!(
            round.map(f64::exp).beside(12f64.exp(), 0),
            "[36316, 729416]"
        );
        let open = Interval {
            low: 60.0,
            high: f64::INFINITY,
        };
        assert_eq!(open.beside(70.0, 0), "[60, beyond the data]");
        assert!(round.holds(10.5) && !round.holds(10.4));
    }
}
