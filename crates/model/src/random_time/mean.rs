//! The mean of a random time.

use routing::Nanos;

use super::{Part, RandomTime, Shape};

impl RandomTime {
    /// The mean in seconds, cuts aside; infinite where a time never comes.
    pub fn mean_s(&self) -> f64 {
        let ns = match &self.shape {
            Shape::Constant(value) => value.0 as f64,
            Shape::Exponential { mean_ns } | Shape::Gamma { mean_ns, .. } => *mean_ns,
            Shape::Uniform { low_ns, width_ns } => low_ns + width_ns / 2.0,
            Shape::Lognormal { median_ns, sigma } => median_ns * libm::exp(sigma * sigma / 2.0),
            Shape::Weibull {
                inverse_shape,
                scale_ns,
            } => scale_ns * libm::tgamma(1.0 + inverse_shape),
            Shape::Hyperexponential(parts) => {
                let part = |part: &Part| part.mean_ns / part.stretch;
                parts.iter().map(part).sum()
            }
            Shape::Empirical(values) => empirical_mean(values),
            Shape::Infinite => f64::INFINITY,
        };
        ns / 1e9
    }
}

fn empirical_mean(values: &[(Nanos, f64)]) -> f64 {
    let (mut before, mut sum) = (0.0, 0.0);
    for (value, so_far) in values {
        sum += value.0 as f64 * (so_far - before);
        before = *so_far;
    }
    sum / before
}
