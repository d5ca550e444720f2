//! How long callers wait before they leave, when most are served before their patience ends.
//!
//! Whoever is served would have waited longer: their wait bounds their patience from below. The
//! lognormal is the likeliest under that (EM on logarithms); the curve of Kaplan and Meier (1958)
//! says what the data say without any law.

use std::f64::consts::PI;

use super::lognormal::{normal, seconds};
use super::{Durations, keep};

/// Fewer callers who left than this say nothing.
const FEWEST: u64 = 30;

/// Steps of the EM at most, and when it has settled.
const STEPS: u32 = 5000;
const SETTLED: f64 = 1e-9;

#[derive(Debug, Default)]
pub(super) struct Gathering {
    left: Durations,
    served: Durations,
}

/// Patience on hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Patience {
    /// Mean of the logarithm of seconds.
    pub mu: f64,
    /// Deviation of that.
    pub sigma: f64,
    /// Callers who left, and who were served first.
    pub callers: (u64, u64),
    /// The curve: seconds, and the share whose patience is longer.
    pub curve: Vec<(f64, f64)>,
    /// Where the curve falls below one half; none where it never does.
    pub median_s: Option<f64>,
    /// The largest distance between the law and the curve, while at least one caller in a hundred
    /// is still waiting: behind that the curve rests on few.
    pub distance: f64,
}

impl Gathering {
    pub(super) fn left(&mut self, ns: u64) {
        keep(&mut self.left, ns);
    }

    pub(super) fn served(&mut self, ns: u64) {
        keep(&mut self.served, ns);
    }

    pub(super) fn fit(&self) -> Option<Patience> {
        let total = |all: &Durations| all.values().sum::<u64>();
        let callers = (total(&self.left), total(&self.served));
        if callers.0 < FEWEST {
            return None;
        }
        let (mu, sigma) = self.likeliest()?;
        let (curve, known) = self.curve();
        let median_s = curve.iter().find(|(_, share)| *share < 0.5).map(|it| it.0);
        let far = |(s, share): &(f64, f64)| (1.0 - normal((s.ln() - mu) / sigma) - share).abs();
        let distance = curve[..known].iter().map(far).fold(0.0, f64::max);
        Some(Patience {
            mu,
            sigma,
            callers,
            curve,
            median_s,
            distance,
        })
    }

    /// Product-limit over the times at which somebody left; those who were served at the same time
    /// waited at least as long.
    /// Also how many points of it rest on enough callers.
    fn curve(&self) -> (Vec<(f64, f64)>, usize) {
        let mut at_risk: u64 = self.left.values().chain(self.served.values()).sum();
        let few = at_risk / 100;
        let mut known = 0;
        let mut served = self.served.iter().peekable();
        let mut share = 1.0;
        let mut curve = Vec::new();
        for (ms, left) in &self.left {
            while let Some((_, n)) = served.next_if(|(at, _)| *at < ms) {
                at_risk -= n;
            }
            share *= 1.0 - *left as f64 / at_risk as f64;
            known += usize::from(at_risk > few);
            at_risk -= left;
            curve.push((seconds(*ms), share));
        }
        (curve, known)
    }

    /// Mean and deviation of the logarithm.
    fn likeliest(&self) -> Option<(f64, f64)> {
        let logs = |all: &Durations| -> Vec<(f64, f64)> {
            let above = all.iter().filter(|(ms, _)| **ms > 0);
            above
                .map(|(ms, n)| (seconds(*ms).ln(), *n as f64))
                .collect()
        };
        let (left, served) = (logs(&self.left), logs(&self.served));
        let count: f64 = left.iter().chain(&served).map(|it| it.1).sum();
        let weighted = |of: &dyn Fn(f64) -> f64| left.iter().map(|(y, n)| of(*y) * n).sum::<f64>();
        let lefts = weighted(&|_| 1.0);
        let mut mu = weighted(&|y| y) / lefts;
        let mut sigma = (weighted(&|y| (y - mu).powi(2)) / lefts).sqrt().max(0.1);
        for _ in 0..STEPS {
            let mut first = weighted(&|y| y);
            let mut second = weighted(&|y| y * y);
            for (y, n) in &served {
                let z = (y - mu) / sigma;
                let hazard = hazard(z);
                // The mean and the square of a normal variable above y.
                first += n * (mu + sigma * hazard);
                second += n * (mu * mu + sigma * sigma + sigma * (y + mu) * hazard);
            }
            let new_mu = first / count;
            let new_sigma = (second / count - new_mu * new_mu).max(1e-12).sqrt();
            let moved = (new_mu - mu).abs() + (new_sigma - sigma).abs();
            (mu, sigma) = (new_mu, new_sigma);
            if moved < SETTLED {
                break;
            }
        }
        (mu.is_finite() && sigma.is_finite()).then_some((mu, sigma))
    }
}

/// Density over what is left, of the standard normal distribution.
fn hazard(z: f64) -> f64 {
    if z > 30.0 {
        // Both vanish; the ratio does not (Mills).
        return z + 1.0 / z;
    }
    let density = (-z * z / 2.0).exp() / (2.0 * PI).sqrt();
    density / (0.5 * libm::erfc(z / std::f64::consts::SQRT_2)).max(f64::MIN_POSITIVE)
}
