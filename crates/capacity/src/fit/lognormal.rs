//! The lognormal distribution of a set of durations, and how well it fits.

use super::Durations;
use super::interval::{self, Interval};

/// Fewer durations than this say nothing.
pub(super) const FEWEST: u64 = 30;

/// Durations whose logarithms deviate less than this are all one: three digits are written.
pub(super) const LEAST_SIGMA: f64 = 0.0005;

/// A fitted lognormal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lognormal {
    /// Mean of the logarithm of seconds.
    pub mu: f64,
    /// Deviation of that.
    pub sigma: f64,
    /// Durations that it rests on.
    pub n: u64,
    /// Standard errors of both.
    pub se: (f64, f64),
    /// The 95 % interval of `mu`, by Student's t; durations are taken as independent.
    pub mu_ci95: Interval,
    /// The 95 % interval of `sigma`, by chi-square; as far as the law holds.
    pub sigma_ci95: Interval,
    /// The largest distance between both distribution functions (Kolmogorov and Smirnov).
    pub distance: f64,
}

pub(super) fn seconds(ms: u64) -> f64 {
    ms as f64 / 1000.0
}

/// The standard normal distribution function.
pub(super) fn normal(z: f64) -> f64 {
    0.5 * libm::erfc(-z / std::f64::consts::SQRT_2)
}

impl Lognormal {
    /// By moments of the logarithm, which is the likeliest; durations of zero are left out. None of
    /// too few, or where all are one.
    pub fn fit(all: &Durations) -> Option<Self> {
        let above = || {
            all.iter()
                .filter(|(ms, _)| **ms > 0)
                .map(|(ms, n)| (seconds(*ms), *n))
        };
        let n: u64 = above().map(|it| it.1).sum();
        if n < FEWEST {
            return None;
        }
        let count = n as f64;
        let sum: f64 = above().map(|(s, n)| s.ln() * n as f64).sum();
        let mu = sum / count;
        let squares: f64 = above().map(|(s, n)| (s.ln() - mu).powi(2) * n as f64).sum();
        let sigma = (squares / count).sqrt();
        if sigma <= LEAST_SIGMA {
            return None;
        }
        let mut seen = 0;
        let mut distance = 0.0f64;
        for (s, n) in above() {
            let model = normal((s.ln() - mu) / sigma);
            let before = seen as f64 / count;
            seen += n;
            let after = seen as f64 / count;
            distance = distance
                .max((model - before).abs())
                .max((model - after).abs());
        }
        Some(Self {
            mu,
            sigma,
            n,
            se: (sigma / count.sqrt(), sigma / (2.0 * count).sqrt()),
            mu_ci95: interval::of_mean(mu, sigma, count)?,
            sigma_ci95: interval::of_deviation(sigma, count)?,
            distance,
        })
    }

    /// The mean, in seconds.
    pub fn mean_s(&self) -> f64 {
        (self.mu + self.sigma * self.sigma / 2.0).exp()
    }

    /// The median, in seconds.
    pub fn median_s(&self) -> f64 {
        self.mu.exp()
    }

    /// The 95 % interval of the median, in seconds.
    pub fn median_ci95(&self) -> Interval {
        self.mu_ci95.map(f64::exp)
    }

    /// How good that is, in a word. Of many durations no simple law is exactly right, and a test
    /// would refuse each: what counts is how far off it is anywhere.
    pub fn verdict(&self) -> &'static str {
        match self.distance {
            d if d < 0.02 => "a close fit",
            d if d < 0.05 => "a fair fit",
            d if d < 0.1 => "a rough fit",
            _ => {
                "no good fit: use the recorded durations themselves ({ empirical = \"file.csv\" })"
            }
        }
    }
}
