//! Random times: the distributions of a scenario file.
//!
//! Constant, exponential, uniform, lognormal, weibull, hyperexponential and empirical are drawn by
//! inversion of one addressed uniform, so that common random numbers and antithetic pairs work; the
//! costly ones among them through a table of their quantile function that is right to eight digits.
//! Gamma and erlang by `rand_distr` on a tiny generator seeded by the uniform. All with pure-Rust
//! `libm`: the same bits on every machine.

mod table;

use std::sync::{Arc, LazyLock, OnceLock};

use rand::SeedableRng;
use rand_distr::Distribution;
use rand_pcg::Pcg64Mcg;
use routing::Nanos;

use crate::draws::{unit, widen};
use crate::normal;
pub(crate) use table::Table;

/// The longest time that is drawn: 52 days. A heavy tail is cut here, which is said in the manual.
pub const LONGEST: Nanos = Nanos(4_500_000_000_000_000);

/// A distribution of times. The constructors check; a value is always drawable.
#[derive(Debug, Clone)]
pub struct RandomTime {
    shape: Shape,
    /// The quantile function of the shape at scale 1, made at the first draw; of use for those
    /// shapes only whose quantile is costly to compute.
    table: Arc<OnceLock<Table>>,
}

impl From<Shape> for RandomTime {
    fn from(shape: Shape) -> Self {
        Self {
            shape,
            table: Arc::default(),
        }
    }
}

impl PartialEq for RandomTime {
    fn eq(&self, other: &Self) -> bool {
        self.shape == other.shape
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Shape {
    Constant(Nanos),
    Exponential {
        mean_ns: f64,
    },
    Uniform {
        low_ns: f64,
        width_ns: f64,
    },
    Lognormal {
        median_ns: f64,
        sigma: f64,
    },
    Gamma {
        shape: f64,
        mean_ns: f64,
    },
    Weibull {
        inverse_shape: f64,
        scale_ns: f64,
    },
    /// (share so far, share, mean)
    Hyperexponential(Arc<[(f64, f64, f64)]>),
    /// (value, weight so far), and the whole weight
    Empirical(Arc<[(Nanos, f64)]>),
    Infinite,
}

/// Why a distribution cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// A shape parameter that is not above 0 and finite.
    #[error("a finite number above 0 is expected")]
    NotPositive,
    /// Uniform with its ends exchanged.
    #[error("the lower end lies above the upper one")]
    Exchanged,
    /// Shares that do not add up to 1.
    #[error("the shares must add up to 1")]
    Shares,
    /// An empirical distribution without a value of weight.
    #[error("at least one value with a weight above 0 is expected")]
    Empty,
}

fn positive(value: f64) -> Result<f64, TimeError> {
    if value > 0.0 && value.is_finite() {
        Ok(value)
    } else {
        Err(TimeError::NotPositive)
    }
}

impl RandomTime {
    /// Always the same.
    pub fn constant(value: Nanos) -> Self {
        Self::from(Shape::Constant(value))
    }

    /// Never comes: infinite patience, no carrier voicemail.
    pub fn infinite() -> Self {
        Self::from(Shape::Infinite)
    }

    /// Exponential with this mean.
    pub fn exponential(mean: Nanos) -> Self {
        Self::from(Shape::Exponential {
            mean_ns: mean.0 as f64,
        })
    }

    /// Uniform between the two.
    ///
    /// # Errors
    /// When `low` lies above `high`.
    pub fn uniform(low: Nanos, high: Nanos) -> Result<Self, TimeError> {
        if low > high {
            return Err(TimeError::Exchanged);
        }
        Ok(Self::from(Shape::Uniform {
            low_ns: low.0 as f64,
            width_ns: (high - low).0 as f64,
        }))
    }

    /// Lognormal by its median and the standard deviation of its logarithm.
    ///
    /// # Errors
    /// When sigma is not above 0 and finite.
    pub fn lognormal(median: Nanos, sigma: f64) -> Result<Self, TimeError> {
        Ok(Self::from(Shape::Lognormal {
            median_ns: median.0 as f64,
            sigma: positive(sigma)?,
        }))
    }

    /// Lognormal by its mean and coefficient of variation (standard deviation over mean).
    ///
    /// # Errors
    /// When the coefficient is not above 0 and finite.
    pub fn lognormal_mean(mean: Nanos, cv: f64) -> Result<Self, TimeError> {
        let spread = 1.0 + positive(cv)? * cv;
        let sigma = positive(libm::sqrt(libm::log(spread)))?;
        Ok(Self::from(Shape::Lognormal {
            median_ns: mean.0 as f64 / libm::sqrt(spread),
            sigma,
        }))
    }

    /// Gamma by its shape (1 / cv²) and mean.
    ///
    /// # Errors
    /// When the shape is not above 0 and finite.
    pub fn gamma(shape: f64, mean: Nanos) -> Result<Self, TimeError> {
        Ok(Self::from(Shape::Gamma {
            shape: positive(shape)?,
            mean_ns: mean.0 as f64,
        }))
    }

    /// Erlang with `k` phases and this mean.
    ///
    /// # Errors
    /// When `k` is 0.
    pub fn erlang(k: u32, mean: Nanos) -> Result<Self, TimeError> {
        Self::gamma(f64::from(k), mean)
    }

    /// Weibull by shape and scale.
    ///
    /// # Errors
    /// When the shape is not above 0 and finite.
    pub fn weibull(shape: f64, scale: Nanos) -> Result<Self, TimeError> {
        let inverse_shape = 1.0 / positive(shape)?;
        Ok(Self::from(Shape::Weibull {
            inverse_shape,
            scale_ns: scale.0 as f64,
        }))
    }

    /// A mixture of exponentials: (share, mean) each. The shares must add up to 1 within 1e-9.
    ///
    /// # Errors
    /// When the shares do not add up to 1 or one is negative.
    pub fn hyperexponential(parts: &[(f64, Nanos)]) -> Result<Self, TimeError> {
        let mut so_far = 0.0;
        let mut pieces = Vec::with_capacity(parts.len());
        for (share, mean) in parts {
            if !(0.0..=1.0).contains(share) {
                return Err(TimeError::Shares);
            }
            so_far += share;
            pieces.push((so_far, *share, mean.0 as f64));
        }
        if (so_far - 1.0).abs() > 1e-9 {
            return Err(TimeError::Shares);
        }
        Ok(Self::from(Shape::Hyperexponential(pieces.into())))
    }

    /// These values with their weights.
    ///
    /// # Errors
    /// When no weight is above 0, or one is negative or not finite.
    pub fn empirical(mut values: Vec<(Nanos, f64)>) -> Result<Self, TimeError> {
        values.sort_by_key(|(value, _)| *value);
        let mut so_far = 0.0;
        for (_, weight) in &mut values {
            if !(*weight >= 0.0 && weight.is_finite()) {
                return Err(TimeError::NotPositive);
            }
            so_far += *weight;
            *weight = so_far;
        }
        if so_far > 0.0 && so_far.is_finite() {
            Ok(Self::from(Shape::Empirical(values.into())))
        } else {
            Err(TimeError::Empty)
        }
    }

    /// Whether every draw is infinite.
    pub fn is_infinite(&self) -> bool {
        matches!(self.shape, Shape::Infinite)
    }

    /// The one value, where there is just one.
    pub fn as_constant(&self) -> Option<Nanos> {
        if let Shape::Constant(value) = self.shape {
            Some(value)
        } else {
            None
        }
    }

    /// The time for this uniform of 64 bits: at most [`LONGEST`], or never. Rises with the
    /// uniform in all families but gamma and erlang, and but for the seams of a hyperexponential.
    #[inline]
    pub fn draw(&self, uniform: u64) -> Nanos {
        let ns = match &self.shape {
            Shape::Constant(value) => return *value,
            Shape::Infinite => return Nanos::NEVER,
            Shape::Exponential { mean_ns } => mean_ns * self.standard(uniform),
            Shape::Uniform { low_ns, width_ns } => low_ns + width_ns * unit(uniform),
            Shape::Lognormal { median_ns, .. } => median_ns * self.standard(uniform),
            Shape::Weibull { scale_ns, .. } => scale_ns * self.standard(uniform),
            Shape::Gamma { shape, mean_ns } => mean_ns / shape * gamma(*shape, uniform),
            Shape::Hyperexponential(pieces) => mixture(pieces, unit(uniform)),
            Shape::Empirical(values) => return step(values, unit(uniform)),
        };
        Nanos(whole_nanos(ns))
    }

    /// The time for this uniform of 32 bits. The furthest tail that is drawn is 2^-33.
    #[inline]
    pub fn draw_32(&self, uniform: u32) -> Nanos {
        self.draw(widen(uniform))
    }

    /// The shape at scale 1, by its table.
    #[inline]
    fn standard(&self, uniform: u64) -> f64 {
        self.table.get_or_init(|| self.shape.tabled()).at(uniform)
    }
}

/// Nanoseconds to the nearest whole one, at most [`LONGEST`]; not for negative ones or NaN.
///
/// A float of 2^52 and more counts by whole ones, so adding 2^52 rounds (ties to even), and what
/// stands below the leading bit is the number.
#[inline]
fn whole_nanos(ns: f64) -> u64 {
    const WHOLE: f64 = 4_503_599_627_370_496.0;
    (ns.min(LONGEST.0 as f64) + WHOLE).to_bits() & ((1 << 52) - 1)
}

/// The same for spans that may be longer than [`LONGEST`], infinite ones too, as between calls.
#[inline]
pub(crate) fn to_nanos(ns: f64) -> Nanos {
    if ns <= LONGEST.0 as f64 {
        Nanos(whole_nanos(ns))
    } else {
        Nanos(ns as u64)
    }
}

/// The table of the exponential of mean 1, which all of them share.
pub(crate) fn standard_exponential() -> &'static Table {
    static TABLE: LazyLock<Table> = LazyLock::new(|| Table::new(exponential, |q| -libm::log(q)));
    &TABLE
}

impl Shape {
    /// The quantile function at scale 1 as a table. Other shapes than these three have no use for
    /// one.
    fn tabled(&self) -> Table {
        let tail = |q: f64| -libm::log(q);
        match self {
            Self::Lognormal { sigma, .. } => Table::new(
                |p| libm::exp(sigma * normal::quantile(p)),
                |q| libm::exp(-sigma * normal::quantile(q)),
            ),
            Self::Weibull { inverse_shape, .. } => Table::new(
                |p| libm::pow(exponential(p), *inverse_shape),
                |q| libm::pow(tail(q), *inverse_shape),
            ),
            _ => Table::new(exponential, tail),
        }
    }
}

/// A gamma variable of this shape and scale 1.
pub(crate) fn gamma(shape: f64, uniform: u64) -> f64 {
    let mut generator = Pcg64Mcg::seed_from_u64(uniform);
    // The shape was checked when the distribution was made.
    rand_distr::Gamma::new(shape, 1.0).map_or(shape, |law| law.sample(&mut generator))
}

/// The standard exponential at this probability.
pub(crate) fn exponential(p: f64) -> f64 {
    -libm::log1p(-p)
}

fn mixture(pieces: &[(f64, f64, f64)], p: f64) -> f64 {
    let last = pieces.len() - 1;
    let at = pieces
        .iter()
        .position(|(so_far, ..)| p < *so_far)
        .unwrap_or(last);
    let (so_far, share, mean_ns) = pieces[at];
    let within = if share > 0.0 {
        (p - (so_far - share)) / share
    } else {
        0.5
    };
    mean_ns * exponential(within.clamp(0.0, 1.0 - f64::EPSILON))
}

fn step(values: &[(Nanos, f64)], p: f64) -> Nanos {
    let whole = values[values.len() - 1].1;
    let at = values.partition_point(|(_, so_far)| *so_far <= p * whole);
    values[at.min(values.len() - 1)].0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draws::{Address, Draws, Purpose};
    use routing::record::FreshId;

    fn mean_and_cv(law: &RandomTime) -> (f64, f64) {
        let draws = Draws::new(7, 0);
        let count = 200_000u64;
        let mut moments = (0.0, 0.0);
        for n in 0..count {
            let at = Address::of(FreshId { source: 0, n }, 1, Purpose::Life);
            let x = law.draw(draws.one(at)).as_secs_f64();
            moments = (moments.0 + x, moments.1 + x * x);
        }
        let mean = moments.0 / count as f64;
        (
            mean,
            (moments.1 / count as f64 - mean * mean).max(0.0).sqrt() / mean,
        )
    }

    #[test]
    fn each_family_has_its_mean_and_its_coefficient_of_variation() {
        let s = Nanos::from_secs;
        for (name, law, mean, cv) in [
            ("constant", RandomTime::constant(s(30)), 30.0, 0.0),
            ("exponential", RandomTime::exponential(s(120)), 120.0, 1.0),
            (
                "uniform",
                RandomTime::uniform(s(20), s(30)).unwrap(),
                25.0,
                0.11547,
            ),
            (
                "lognormal",
                RandomTime::lognormal(s(30), 0.5).unwrap(),
                33.99,
                0.5329,
            ),
            (
                "lognormal mean",
                RandomTime::lognormal_mean(s(25), 0.66).unwrap(),
                25.0,
                0.66,
            ),
            ("erlang", RandomTime::erlang(4, s(10)).unwrap(), 10.0, 0.5),
            (
                "gamma",
                RandomTime::gamma(0.5, s(10)).unwrap(),
                10.0,
                2f64.sqrt(),
            ),
            (
                "weibull",
                RandomTime::weibull(2.0, s(10)).unwrap(),
                8.862,
                0.5227,
            ),
            (
                "hyperexponential",
                RandomTime::hyperexponential(&[(0.5, s(1)), (0.5, s(9))]).unwrap(),
                5.0,
                1.5099,
            ),
            (
                "empirical",
                RandomTime::empirical(vec![(s(1), 1.0), (s(3), 3.0)]).unwrap(),
                2.5,
                0.3464,
            ),
        ] {
            let (found, spread) = mean_and_cv(&law);
            assert!(
                (found - mean).abs() < 0.02 * mean,
                "{name}: mean {found}, not {mean}"
            );
            assert!(
                (spread - cv).abs() < 0.02 * cv.max(0.1),
                "{name}: cv {spread}, not {cv}"
            );
        }
    }

    #[test]
    fn inversion_rises_with_the_uniform() {
        for law in [
            RandomTime::exponential(Nanos::SECOND),
            RandomTime::lognormal(Nanos::SECOND, 1.5).unwrap(),
            RandomTime::weibull(0.7, Nanos::SECOND).unwrap(),
            RandomTime::uniform(Nanos::ZERO, Nanos::SECOND).unwrap(),
        ] {
            let mut last = Nanos::ZERO;
            for step in 0..1000u64 {
                let next = law.draw(step * (u64::MAX / 1000));
                assert!(next >= last);
                last = next;
            }
            assert!(law.draw(u64::MAX) <= LONGEST);
        }
    }

    #[test]
    fn what_cannot_be_is_refused() {
        assert!(RandomTime::uniform(Nanos::SECOND, Nanos::ZERO).is_err());
        assert!(RandomTime::lognormal(Nanos::SECOND, f64::NAN).is_err());
        assert!(RandomTime::erlang(0, Nanos::SECOND).is_err());
        assert!(RandomTime::hyperexponential(&[(0.5, Nanos::SECOND)]).is_err());
        assert!(RandomTime::empirical(vec![]).is_err());
        assert!(RandomTime::empirical(vec![(Nanos::SECOND, -1.0)]).is_err());
    }
}
