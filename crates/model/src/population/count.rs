//! How many there are of something: a whole number, drawn by inversion of one uniform.

use crate::draws::{unit, widen};
use crate::normal;

/// The most that may be counted: what four digits of a number tell apart.
pub const MOST: u32 = 10_000;

/// A distribution of counts, cut to `least..=most`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Count {
    law: Law,
    /// Of a geometric count the logarithm of the chance of one more, of a lognormal that of its
    /// median.
    log: f64,
    least: u32,
    most: u32,
}

/// The families of counts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Law {
    /// Always so many.
    Constant(u32),
    /// Each whole number between both as often as the others, both included.
    Uniform(u32, u32),
    /// `least` and a geometric number of more: each one more with the same chance. The mean is
    /// that of the sum.
    Geometric {
        /// At least `least`.
        mean: f64,
        /// Where it begins.
        least: u32,
    },
    /// A lognormal, rounded to the nearest whole number.
    Lognormal {
        /// Above 0.
        median: f64,
        /// Of the logarithm; above 0.
        sigma: f64,
    },
}

/// Why a count cannot be drawn.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum CountError {
    /// The two ends are the wrong way round.
    #[error("found {0} to {1}, expected the smaller first")]
    Ends(u32, u32),
    /// More than can be told apart.
    #[error("found {0}, expected at most {MOST}")]
    TooMany(u32),
    /// A mean below what is always there.
    #[error("the mean {0} is below the {1} that there are at least")]
    Mean(f64, u32),
    /// No number above zero.
    #[error("found {0}, expected a number above 0")]
    NotAbove(f64),
}

impl Count {
    /// This law, cut to `least..=most`.
    ///
    /// # Errors
    /// See [`CountError`].
    pub fn new(law: Law, least: u32, most: u32) -> Result<Self, CountError> {
        let largest = match law {
            Law::Constant(count) => count,
            Law::Uniform(low, high) if low > high => return Err(CountError::Ends(low, high)),
            Law::Uniform(_, high) => high,
            Law::Geometric { mean, least } => {
                if !(mean >= f64::from(least) && mean.is_finite()) {
                    return Err(CountError::Mean(mean, least));
                }
                least
            }
            Law::Lognormal { median, sigma } => {
                let above = |it: f64| it > 0.0 && it.is_finite();
                if let Some(found) = [median, sigma].into_iter().find(|it| !above(*it)) {
                    return Err(CountError::NotAbove(found));
                }
                least
            }
        };
        for count in [largest, least, most] {
            if count > MOST {
                return Err(CountError::TooMany(count));
            }
        }
        if least > most {
            return Err(CountError::Ends(least, most));
        }
        let log = match law {
            // P(more than k) = q^(k+1) with q = more / (1 + more).
            Law::Geometric { mean, least } => {
                let more = mean - f64::from(least);
                libm::log(more / (1.0 + more))
            }
            Law::Lognormal { median, .. } => libm::log(median),
            Law::Constant(_) | Law::Uniform(..) => 0.0,
        };
        Ok(Self {
            law,
            log,
            least,
            most,
        })
    }

    /// Always so many.
    pub const fn constant(count: u32) -> Self {
        let most = if count > MOST { MOST } else { count };
        Self {
            law: Law::Constant(most),
            log: 0.0,
            least: 0,
            most,
        }
    }

    /// Cut to this too.
    #[must_use]
    pub const fn at_most(self, most: u32) -> Self {
        let most = if self.most < most { self.most } else { most };
        let least = if self.least < most { self.least } else { most };
        Self {
            least,
            most,
            ..self
        }
    }

    /// The count of this uniform.
    #[inline]
    pub fn draw(&self, uniform: u32) -> u32 {
        let drawn = match self.law {
            Law::Constant(count) => count,
            Law::Uniform(low, high) => low + crate::draws::below(uniform, high - low + 1),
            Law::Geometric { least, .. } => {
                // The logarithm of no chance at all is -infinity: never one more.
                let past = libm::log(unit(widen(uniform))) / self.log;
                least.saturating_add(past.min(f64::from(MOST)) as u32)
            }
            Law::Lognormal { sigma, .. } => {
                let z = normal::quantile(unit(widen(uniform)));
                libm::round(libm::exp(self.log + sigma * z)).min(f64::from(MOST)) as u32
            }
        };
        drawn.clamp(self.least, self.most)
    }

    /// The mean, to a ten-thousandth of the uniforms.
    pub fn mean(&self) -> f64 {
        const STEPS: u32 = 4096;
        let sum: u64 = (0..STEPS)
            .map(|step| u64::from(self.draw((step << 20) + (1 << 19))))
            .sum();
        sum as f64 / f64::from(STEPS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_has_its_mean() {
        for (law, mean) in [
            (Law::Constant(7), 7.0),
            (Law::Uniform(1, 3), 2.0),
            (
                Law::Geometric {
                    mean: 3.0,
                    least: 1,
                },
                3.0,
            ),
            (
                Law::Geometric {
                    mean: 4.0,
                    least: 4,
                },
                4.0,
            ),
            (
                Law::Lognormal {
                    median: 20.0,
                    sigma: 0.5,
                },
                22.66,
            ),
        ] {
            let count = Count::new(law, 0, MOST).unwrap();
            assert!(
                (count.mean() - mean).abs() < 0.01 * mean,
                "{law:?}: {}",
                count.mean()
            );
        }
    }

    #[test]
    fn a_count_stays_within_its_bounds() {
        let law = Law::Lognormal {
            median: 20.0,
            sigma: 3.0,
        };
        let count = Count::new(law, 2, 50).unwrap();
        let drawn: Vec<u32> = (0..=16).map(|it| count.draw((it << 28) as u32)).collect();
        assert!(drawn.iter().all(|it| (2..=50).contains(it)), "{drawn:?}");
        assert_eq!((count.draw(0), count.draw(u32::MAX)), (2, 50));
        assert_eq!(count.at_most(6).draw(u32::MAX), 6);
    }

    #[test]
    fn what_cannot_be_drawn_is_refused() {
        let new = |law| Count::new(law, 0, MOST).unwrap_err();
        assert_eq!(new(Law::Uniform(3, 1)), CountError::Ends(3, 1));
        assert_eq!(new(Law::Constant(10_001)), CountError::TooMany(10_001));
        let law = Law::Geometric {
            mean: 0.5,
            least: 1,
        };
        assert_eq!(new(law), CountError::Mean(0.5, 1));
        let law = Law::Lognormal {
            median: 0.0,
            sigma: 1.0,
        };
        assert_eq!(new(law), CountError::NotAbove(0.0));
    }
}
