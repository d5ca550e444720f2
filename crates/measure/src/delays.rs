//! Sums, sums of squares and distributions of spans of time, all in integers, so that they add up.

use routing::Nanos;

use crate::distribution::{Distribution, MOST_BYTES};
use crate::names::Percentile;
use crate::replication::Absence;

/// Spans longer than this are counted as this long in a distribution (sums stay exact).
pub const LONGEST: Nanos = Nanos(7 * Nanos::DAY.0);

/// How many samples must lie beyond a percentile for it to mean something.
pub const SAMPLES_BEYOND: u64 = 5;

/// How many spans there were, their sum and the sum of their squares, exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Moments {
    /// How many.
    pub n: u64,
    /// Their sum, ns.
    pub sum_ns: u128,
    /// The sum of their squares, ns².
    pub squares_ns2: u128,
}

impl Moments {
    /// One more.
    #[inline]
    pub fn add(&mut self, span: Nanos) {
        let span = u128::from(span.0);
        self.n += 1;
        // 2^64 spans of 2^64 ns fit; the squares of two that never end do not.
        self.sum_ns += span;
        let (squares, too_many) = self.squares_ns2.overflowing_add(span * span);
        self.squares_ns2 = squares;
        if too_many {
            self.saturate();
        }
    }

    #[cold]
    fn saturate(&mut self) {
        self.squares_ns2 = u128::MAX;
    }

    /// All those of another part.
    pub fn merge(&mut self, other: &Self) {
        self.n += other.n;
        self.sum_ns = self.sum_ns.saturating_add(other.sum_ns);
        self.squares_ns2 = self.squares_ns2.saturating_add(other.squares_ns2);
    }

    /// Their mean in seconds; none without any.
    pub fn mean_s(&self) -> Option<f64> {
        (self.n > 0).then(|| self.sum_ns as f64 / self.n as f64 / 1e9)
    }

    /// The variance of these very spans (divided by their number, not by one less), in s²; none
    /// without any.
    pub fn variance_s2(&self) -> Option<f64> {
        (self.n > 0).then(|| variance(u128::from(self.n), self.sum_ns, self.squares_ns2) / 1e18)
    }
}

/// The variance of what has this weight, weighted sum and weighted sum of squares. All but the last
/// division is exact, so nothing cancels. The weight must not be zero.
pub(crate) fn variance(weight: u128, sum: u128, squares: u128) -> f64 {
    let mean = sum / weight;
    let rest = sum % weight;
    let about_mean = squares.saturating_sub(mean.saturating_mul(sum));
    let about_mean = about_mean.saturating_sub(mean.saturating_mul(rest));
    let off = rest as f64 / weight as f64;
    (about_mean as f64 / weight as f64 - off * off).max(0.0)
}

/// Spans of time with their distribution, if it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Delays {
    /// The exact sums.
    pub moments: Moments,
    /// How many were longer than [`LONGEST`], where the distribution is kept; once closed.
    pub saturated: u64,
    kept: bool,
    /// Takes no room before the first span: most intervals of most runs have none.
    distribution: Distribution,
    /// What is left of the distribution when the books are closed.
    classes: Box<[DelayClass]>,
}

/// Spans that are alike to three digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DelayClass {
    /// The one value seen in it, or its middle, but never outside what was seen, ns.
    pub middle_ns: u64,
    /// How many spans are in it.
    pub count: u64,
}

impl Delays {
    /// What one takes at most while spans are added and their distribution is kept, in bytes. It is
    /// a hundredth of that once it is closed.
    pub const OPEN_BYTES: usize = MOST_BYTES;

    /// None yet; `kept` says whether percentiles will be asked.
    pub fn new(kept: bool) -> Self {
        Self {
            moments: Moments {
                n: 0,
                sum_ns: 0,
                squares_ns2: 0,
            },
            saturated: 0,
            kept,
            distribution: Distribution::default(),
            classes: Box::default(),
        }
    }

    /// One more.
    #[inline]
    pub fn add(&mut self, span: Nanos) {
        self.moments.add(span);
        self.add_without_sums(span);
    }

    /// One more in the distribution alone: its sums are kept elsewhere.
    #[inline]
    pub(crate) fn note(&mut self, span: Nanos) {
        self.distribution.record(span);
    }

    /// The same out of the way: few runs keep a distribution beside its sums.
    #[cold]
    fn note_aside(&mut self, span: Nanos) {
        self.note(span);
    }

    /// One more whose sums are kept elsewhere, and its distribution where it is kept here.
    #[inline]
    pub(crate) fn add_without_sums(&mut self, span: Nanos) {
        if self.kept {
            self.note_aside(span);
        }
    }

    /// All those of another part.
    pub fn merge(&mut self, other: &Self) {
        self.moments.merge(&other.moments);
        self.kept |= other.kept;
        self.distribution.merge(&other.distribution);
    }

    /// Keeps only the classes that have spans: a hundredth of the room. Nothing can be added from
    /// here on.
    pub fn close(&mut self) {
        if self.distribution.is_empty() {
            return;
        }
        let mut distribution = std::mem::take(&mut self.distribution);
        self.classes = distribution.classes().collect();
        self.saturated = distribution.too_long;
    }

    /// The distribution, from the shortest span to the longest; empty until [`Delays::close`], and
    /// when it was not kept.
    pub fn classes(&self) -> &[DelayClass] {
        &self.classes
    }

    /// The span that so many percent do not exceed, in seconds, once closed: exact where all spans
    /// of its class are the same, else to three digits.
    ///
    /// # Errors
    /// The distribution was not kept, or fewer than [`SAMPLES_BEYOND`] samples lie on its thin
    /// side.
    pub fn percentile_s(&self, percentile: Percentile) -> Result<f64, Absence> {
        let (have, need) = (self.moments.n, samples_needed(percentile));
        if !self.kept {
            return Err(Absence::NotKept);
        }
        if have < need {
            return Err(Absence::TooFew { have, need });
        }
        let rank = (u128::from(have) * u128::from(percentile.thousandths())).div_ceil(100_000);
        let mut below = 0u128;
        let class = self.classes.iter().find(|class| {
            below += u128::from(class.count);
            below >= rank
        });
        class
            .map(|class| class.middle_ns as f64 / 1e9)
            .ok_or(Absence::NotKept)
    }
}

/// How many samples a percentile takes to mean something: so many that [`SAMPLES_BEYOND`] of them
/// lie on its thin side (10 for the median, 50 for p90, 500 for p99).
pub fn samples_needed(percentile: Percentile) -> u64 {
    let thin = percentile
        .thousandths()
        .min(100_000 - percentile.thousandths())
        .max(1);
    (SAMPLES_BEYOND * 100_000).div_ceil(u64::from(thin))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn percentile(text: &str) -> Percentile {
        Percentile::parse(text).unwrap()
    }

    #[test]
    fn who_did_not_wait_waited_zero() {
        let mut delays = Delays::new(true);
        for at in 0..100u64 {
            delays.add(Nanos::from_secs(at.saturating_sub(60)));
        }
        delays.close();
        assert_eq!(delays.percentile_s(percentile("50")), Ok(0.0));
        assert!(delays.percentile_s(percentile("90")).unwrap() > 28.0);
    }

    #[test]
    fn a_percentile_takes_five_samples_on_its_thin_side() {
        for (text, needed) in [
            ("50", 10),
            ("90", 50),
            ("99", 500),
            ("99.9", 5_000),
            ("5", 100),
        ] {
            assert_eq!(samples_needed(percentile(text)), needed, "p{text}");
        }
        let mut delays = Delays::new(true);
        (1..=9).for_each(|s| delays.add(Nanos::from_secs(s)));
        let mut more = delays.clone();
        more.add(Nanos::from_secs(10));
        delays.close();
        more.close();
        let too_few = Absence::TooFew { have: 9, need: 10 };
        assert_eq!(delays.percentile_s(percentile("50")), Err(too_few));
        let median = more.percentile_s(percentile("50")).unwrap();
        assert!((median - 5.0).abs() < 0.005, "{median}");
    }

    #[test]
    fn a_constant_delay_is_told_exactly() {
        let mut delays = Delays::new(true);
        (0..1000).for_each(|_| delays.add(Nanos(15_000_000_001)));
        delays.close();
        assert_eq!(delays.percentile_s(percentile("99")), Ok(15.000_000_001));
        assert_eq!(delays.moments.variance_s2(), Some(0.0));
    }

    #[test]
    fn percentiles_are_good_to_three_digits() {
        let mut delays = Delays::new(true);
        (1..=10_000u64).for_each(|n| delays.add(Nanos(n * n * 1_000_003)));
        delays.close();
        for (text, rank) in [
            ("50", 5_000u64),
            ("90", 9_000),
            ("99", 9_900),
            ("99.9", 9_990),
        ] {
            let (found, exact) = (
                delays.percentile_s(percentile(text)).unwrap(),
                (rank * rank) as f64 * 1.000_003e-3,
            );
            assert!(
                (found / exact - 1.0).abs() < 1e-3,
                "p{text}: {found} for {exact}"
            );
        }
    }

    #[test]
    fn a_delay_beyond_a_week_is_counted_as_one_and_said_so() {
        let mut delays = Delays::new(true);
        (0..10).for_each(|_| delays.add(Nanos::NEVER));
        delays.close();
        assert_eq!(delays.saturated, 10);
        assert_eq!(delays.moments.sum_ns, 10 * u128::from(u64::MAX));
        assert!(delays.percentile_s(percentile("50")).unwrap() > 604_000.0);
    }

    #[test]
    fn small_variances_about_large_means_do_not_cancel() {
        let mut moments = Moments::default();
        for span in [-1i64, 0, 1] {
            moments.add(Nanos(Nanos::DAY.0.wrapping_add_signed(span)));
        }
        let variance = moments.variance_s2().unwrap();
        assert!(
            (variance / (2.0 / 3.0 * 1e-18) - 1.0).abs() < 1e-9,
            "{variance}"
        );
    }
}
