//! Random times: the distributions of a scenario file.
//!
//! Constant, exponential, uniform, lognormal, weibull, hyperexponential and empirical are drawn by
//! inversion of one addressed uniform, so that common random numbers and antithetic pairs work; the
//! costly ones among them through a table of their quantile function that is right to eight digits.
//! Gamma and erlang by `rand_distr` on a tiny generator seeded by the uniform. All with pure-Rust
//! `libm`: the same bits on every machine.

mod mean;
mod table;

use std::sync::{Arc, LazyLock, OnceLock};

use rand::SeedableRng;
use rand_distr::Distribution;
use rand_pcg::Pcg64Mcg;
use routing::Nanos;

use crate::draws::{unit, widen};
use crate::normal;
pub(crate) use table::Table;
use table::as_float;

/// The longest time that is drawn: 52 days. A heavy tail is cut here, which is said in the manual.
pub const LONGEST: Nanos = Nanos(4_500_000_000_000_000);

/// A distribution of times. The constructors check; a value is always drawable.
#[derive(Debug, Clone)]
pub struct RandomTime {
    shape: Shape,
    curve: Option<Curve>,
}

/// The quantile function of a shape whose quantile is costly to compute.
#[derive(Debug, Clone)]
struct Curve {
    scale_ns: f64,
    /// At scale 1, made at the first draw.
    table: Arc<OnceLock<Table>>,
}

impl From<Shape> for RandomTime {
    fn from(shape: Shape) -> Self {
        let curve = Curve::of(&shape);
        Self { shape, curve }
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
    Hyperexponential(Arc<[Part]>),
    /// (value, weight so far), and the whole weight
    Empirical(Arc<[(Nanos, f64)]>),
    Infinite,
}

/// One exponential of a mixture.
#[derive(Debug, Clone, PartialEq)]
struct Part {
    /// The uniforms that choose it: from here,
    from: u64,
    /// up to here, exclusive (the last part goes to the end).
    until: u64,
    /// 2^64 over how many these are.
    stretch: f64,
    mean_ns: f64,
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
        const ALL: f64 = 18_446_744_073_709_551_616.0;
        let mut so_far = 0.0;
        let mut mixed: Vec<Part> = Vec::with_capacity(parts.len());
        for (share, mean) in parts {
            if !(0.0..=1.0).contains(share) {
                return Err(TimeError::Shares);
            }
            let from = (so_far * ALL) as u64;
            so_far += share;
            if *share > 0.0 {
                mixed.push(Part {
                    from,
                    until: (so_far * ALL) as u64,
                    stretch: 1.0 / share,
                    mean_ns: mean.0 as f64,
                });
            }
        }
        if (so_far - 1.0).abs() > 1e-9 {
            return Err(TimeError::Shares);
        }
        Ok(Self::from(Shape::Hyperexponential(mixed.into())))
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

    /// Whether a greater uniform gives no shorter time, but for a rounding far below a millionth.
    pub fn rises(&self) -> bool {
        !matches!(self.shape, Shape::Gamma { .. } | Shape::Hyperexponential(_))
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
        if let Some(curve) = &self.curve {
            let table = curve.table.get_or_init(|| self.shape.tabled());
            return Nanos(whole_nanos(curve.scale_ns * table.at(uniform)));
        }
        self.draw_otherwise(uniform)
    }

    /// The families without a table.
    fn draw_otherwise(&self, uniform: u64) -> Nanos {
        let ns = match &self.shape {
            Shape::Constant(value) => return *value,
            Shape::Empirical(values) => return step(values, unit(uniform)),
            Shape::Uniform { low_ns, width_ns } => low_ns + width_ns * unit(uniform),
            Shape::Gamma { shape, mean_ns } => mean_ns / shape * gamma(*shape, uniform),
            Shape::Hyperexponential(parts) => mixture(parts, uniform),
            // These have a curve; infinite never comes.
            _ => return Nanos::NEVER,
        };
        Nanos(whole_nanos(ns))
    }

    /// The time for this uniform of 32 bits. The furthest tail that is drawn is 2^-33.
    #[inline]
    pub fn draw_32(&self, uniform: u32) -> Nanos {
        self.draw(widen(uniform))
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

impl Curve {
    /// The curve of a shape whose quantile is costly to compute.
    fn of(shape: &Shape) -> Option<Self> {
        let scale_ns = match shape {
            Shape::Exponential { mean_ns } => *mean_ns,
            Shape::Lognormal { median_ns, .. } => *median_ns,
            Shape::Weibull { scale_ns, .. } => *scale_ns,
            _ => return None,
        };
        Some(Self {
            scale_ns,
            table: Arc::default(),
        })
    }
}

impl Shape {
    /// The quantile function at scale 1 as a table. Other shapes than these three have no use for
    /// one.
    fn tabled(&self) -> Table {
        match self {
            Self::Lognormal { sigma, .. } => Table::new(
                |p| libm::exp(sigma * normal::quantile(p)),
                |q| libm::exp(-sigma * normal::quantile(q)),
            ),
            Self::Weibull { inverse_shape, .. } => Table::new(
                |p| libm::pow(exponential(p), *inverse_shape),
                |q| libm::pow(-libm::log(q), *inverse_shape),
            ),
            _ => standard_exponential().clone(),
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

/// A uniform chooses the part by its stretch of the uniforms, and its place in the stretch is the
/// uniform of the part.
fn mixture(parts: &[Part], uniform: u64) -> f64 {
    let last = parts.len() - 1;
    let at = parts[..last].iter().position(|part| uniform < part.until);
    let part = &parts[at.unwrap_or(last)];
    let within = as_float(uniform - part.from) * part.stretch;
    // `as` stops at the greatest number.
    part.mean_ns * standard_exponential().at(within as u64)
}

fn step(values: &[(Nanos, f64)], p: f64) -> Nanos {
    let whole = values[values.len() - 1].1;
    let at = values.partition_point(|(_, so_far)| *so_far <= p * whole);
    values[at.min(values.len() - 1)].0
}

#[cfg(test)]
mod tests;
