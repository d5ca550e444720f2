//! How long callers wait before they leave, when most are served before their patience ends.
//!
//! Whoever is served would have waited longer: their wait bounds their patience from below. The
//! lognormal is the likeliest under that (EM on logarithms); the curve of Kaplan and Meier (1958)
//! says what the data say without any law.
//!
//! Intervals: of the law by the observed information, of the curve's median by Greenwood's variance
//! with the log-log transformation (Brookmeyer and Crowley 1982).

use std::f64::consts::PI;

use super::interval::{Interval, Z_95};
use super::lognormal::{LEAST_SIGMA, normal, seconds};
use super::{Durations, keep};

/// Fewer callers who left than this say nothing.
const FEWEST: u64 = 30;

/// So many times the longest wait a median is far beyond what was seen.
const FAR: f64 = 2.0;

/// Steps of the EM at most, and when it has settled.
const STEPS: u32 = 5000;
const SETTLED: f64 = 1e-9;

#[derive(Debug, Default)]
pub(super) struct Gathering {
    left: Durations,
    served: Durations,
    unanswered: Durations,
    otherwise: u64,
}

/// Callers who waited on hold, and what is taken of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Waited {
    /// Nobody answered them, in a log that calls no call on hold abandoned: taken as having left.
    pub unanswered_left: u64,
    /// Ended neither served nor by leaving, as far as the log says: left out.
    pub left_out: u64,
    /// Those who left waited equally long: no law has so little spread.
    pub alike: bool,
}

/// The curve after the callers who left at one time.
struct Step {
    s: f64,
    share: f64,
    /// Where the share lies with 95 %.
    band: Interval,
    /// Whether enough callers were still waiting.
    known: bool,
}

/// Patience on hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Patience {
    /// Mean of the logarithm of seconds.
    pub mu: f64,
    /// Deviation of that.
    pub sigma: f64,
    /// The 95 % intervals of both; none where the likelihood says nothing of them. Waits are taken
    /// as independent.
    pub ci95: Option<(Interval, Interval)>,
    /// Callers who left, and who were served first.
    pub callers: (u64, u64),
    /// The curve: seconds, and the share whose patience is longer.
    pub curve: Vec<(f64, f64)>,
    /// Where the curve falls below one half; none where it never does.
    pub median_s: Option<f64>,
    /// Its 95 % interval, in seconds, which may end beyond the data; none where even its lower end
    /// lies there.
    pub median_s_ci95: Option<Interval>,
    /// The largest distance between the law and the curve, while at least one caller in a hundred
    /// is still waiting: behind that the curve rests on few.
    pub distance: f64,
    /// The longest wait, of those who left and of those who were served, in seconds.
    pub longest_s: f64,
}

impl Patience {
    /// How many times the longest wait the median of the law is, where that is far beyond it: more
    /// than twice.
    pub fn beyond(&self) -> Option<f64> {
        let times = self.mu.exp() / self.longest_s;
        (times > FAR).then_some(times)
    }
}

impl Gathering {
    pub(super) fn left(&mut self, ns: u64) {
        keep(&mut self.left, ns);
    }

    pub(super) fn served(&mut self, ns: u64) {
        keep(&mut self.served, ns);
    }

    /// On hold, and nobody answered: whether the caller left or was turned away is not said.
    pub(super) fn unanswered(&mut self, ns: u64) {
        keep(&mut self.unanswered, ns);
    }

    /// On hold, and then something else.
    pub(super) fn otherwise(&mut self) {
        self.otherwise += 1;
    }

    /// A log without a word for leaving calls that not answered.
    fn without_the_word(&self) -> Option<Self> {
        let wanted = self.left.is_empty() && !self.unanswered.is_empty();
        wanted.then(|| Self {
            left: self.unanswered.clone(),
            served: self.served.clone(),
            ..Self::default()
        })
    }

    /// `fitted` says whether there is a law.
    pub(super) fn seen(&self, fitted: bool) -> Waited {
        let without_the_word = self.without_the_word();
        let all = without_the_word.as_ref().unwrap_or(self);
        let unanswered = total(&self.unanswered);
        let (unanswered_left, unanswered_out) = match without_the_word {
            Some(_) => (unanswered, 0),
            None => (0, unanswered),
        };
        Waited {
            unanswered_left,
            left_out: unanswered_out + self.otherwise,
            alike: !fitted && total(&all.left) >= FEWEST,
        }
    }

    pub(super) fn fit(&self) -> Option<Patience> {
        match self.without_the_word() {
            Some(all) => all.of_those_who_left(),
            None => self.of_those_who_left(),
        }
    }

    fn of_those_who_left(&self) -> Option<Patience> {
        let callers = (total(&self.left), total(&self.served));
        if callers.0 < FEWEST {
            return None;
        }
        let (mu, sigma) = self.likeliest()?;
        let curve = self.curve();
        let far = |it: &&Step| (1.0 - normal((it.s.ln() - mu) / sigma) - it.share).abs();
        let known = curve.iter().filter(|it| it.known);
        let below = |of: &dyn Fn(&Step) -> f64| {
            let step = curve.iter().find(|it| of(it) < 0.5);
            step.map(|it| it.s)
        };
        Some(Patience {
            mu,
            sigma,
            ci95: self.information(mu, sigma),
            callers,
            distance: known.map(|it| far(&it)).fold(0.0, f64::max),
            median_s: below(&|it| it.share),
            median_s_ci95: below(&|it| it.band.low).map(|low| Interval {
                low,
                high: below(&|it| it.band.high).unwrap_or(f64::INFINITY),
            }),
            curve: curve.iter().map(|it| (it.s, it.share)).collect(),
            longest_s: seconds(self.longest_ms()),
        })
    }

    fn longest_ms(&self) -> u64 {
        let last = |all: &Durations| all.keys().next_back().copied();
        last(&self.left).max(last(&self.served)).unwrap_or(0)
    }

    /// Product-limit over the times at which somebody left; those who were served at the same time
    /// waited at least as long.
    fn curve(&self) -> Vec<Step> {
        let mut at_risk: u64 = self.left.values().chain(self.served.values()).sum();
        let few = at_risk / 100;
        let mut served = self.served.iter().peekable();
        let (mut share, mut greenwood) = (1.0, 0.0);
        let mut curve = Vec::new();
        for (ms, left) in &self.left {
            while let Some((_, n)) = served.next_if(|(at, _)| *at < ms) {
                at_risk -= n;
            }
            let known = at_risk > few;
            let (gone, all) = (*left as f64, at_risk as f64);
            share *= 1.0 - gone / all;
            at_risk -= left;
            // Infinite when the last one left, and then the band is open.
            greenwood += gone / (all * at_risk as f64);
            curve.push(Step {
                s: seconds(*ms),
                share,
                band: band(share, greenwood),
                known,
            });
        }
        curve
    }

    /// The intervals by the curvature of the likelihood at its top, as a matrix of two by two.
    /// That of sigma is taken of its logarithm, which is nearer to normal and never below zero.
    fn information(&self, mu: f64, sigma: f64) -> Option<(Interval, Interval)> {
        let (mut of_mu, mut of_both, mut of_sigma) = (0.0, 0.0, 0.0);
        for (y, n) in logs(&self.left) {
            let z = (y - mu) / sigma;
            of_mu += n;
            of_both += 2.0 * z * n;
            of_sigma += (3.0 * z * z - 1.0) * n;
        }
        for (y, n) in logs(&self.served) {
            let z = (y - mu) / sigma;
            let hazard = hazard(z);
            let slope = hazard * (hazard - z);
            of_mu += slope * n;
            of_both += (z * slope + hazard) * n;
            of_sigma += z * (z * slope + 2.0 * hazard) * n;
        }
        // Each is in units of sigma; the inverse of the matrix are the variances.
        let determinant = of_mu * of_sigma - of_both * of_both;
        let error = |of_other: f64| (of_other / determinant).sqrt();
        let (mu_se, ln_sigma_se) = (sigma * error(of_sigma), error(of_mu));
        let told = determinant > 0.0 && mu_se.is_finite() && ln_sigma_se.is_finite();
        told.then(|| {
            let mu = Interval::around(mu, Z_95 * mu_se);
            (mu, Interval::times(sigma, Z_95 * ln_sigma_se))
        })
    }

    /// Mean and deviation of the logarithm; none where waits do not differ.
    fn likeliest(&self) -> Option<(f64, f64)> {
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
        (mu.is_finite() && sigma.is_finite() && sigma > LEAST_SIGMA).then_some((mu, sigma))
    }
}

fn total(all: &Durations) -> u64 {
    all.values().sum()
}

/// The logarithm of each wait in seconds, and how often it was seen; waits of zero have none.
fn logs(all: &Durations) -> Vec<(f64, f64)> {
    let above = all.iter().filter(|(ms, _)| **ms > 0);
    above
        .map(|(ms, n)| (seconds(*ms).ln(), *n as f64))
        .collect()
}

/// Where the share lies with 95 %: the normal interval of the logarithm of minus its logarithm.
fn band(share: f64, greenwood: f64) -> Interval {
    if share <= 0.0 || !greenwood.is_finite() {
        return Interval {
            low: 0.0,
            high: 1.0,
        };
    }
    let times = (Z_95 * greenwood.sqrt() / share.ln().abs()).exp();
    Interval {
        low: share.powf(times),
        high: share.powf(times.recip()),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn waits(left: &[u64], served: &[u64]) -> Gathering {
        let mut all = Gathering::default();
        for s in left {
            all.left(s * 1_000_000_000);
        }
        for s in served {
            all.served(s * 1_000_000_000);
        }
        all
    }

    /// Weeks in remission under 6-MP and without (Freireich et al. 1963), the usual example.
    const TREATED: (&[u64], &[u64]) = (
        &[6, 6, 6, 7, 10, 13, 16, 22, 23],
        &[6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35],
    );
    const UNTREATED: &[u64] = &[
        1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23,
    ];

    #[test]
    fn the_curve_has_the_band_of_other_programs() {
        // scipy 1.17, ecdf(…).sf.confidence_interval(method="log-log").
        let curve = waits(TREATED.0, TREATED.1).curve();
        for (s, share, low, high) in [
            (6.0, 0.857_142_857, 0.619_717_955, 0.951_551_748),
            (13.0, 0.690_196_078, 0.431_610_222, 0.849_065_963),
            (23.0, 0.448_179_272, 0.188_052_006, 0.680_142_628),
        ] {
            let step = curve.iter().find(|it| it.s == s).unwrap();
            let found = [step.share, step.band.low, step.band.high];
            for (found, wanted) in found.into_iter().zip([share, low, high]) {
                assert!((found - wanted).abs() < 1e-8, "at {s}: {found}, {wanted}");
            }
        }
        // Where everybody left, the band is open.
        let last = waits(UNTREATED, &[]).curve().pop().unwrap();
        assert_eq!((last.share, last.band.low, last.band.high), (0.0, 0.0, 1.0));
    }

    #[test]
    fn the_median_lies_where_the_band_holds_one_half_and_may_end_beyond_the_data() {
        // Thirty must have left: each four times, which narrows the band. scipy's band of that
        // falls below one half at 22 and, its upper end, never; at 5 and 8 without treatment.
        let four = |of: &[u64]| of.repeat(4);
        let treated = waits(&four(TREATED.0), &four(TREATED.1)).fit().unwrap();
        assert_eq!(treated.median_s, Some(23.0));
        let ends = treated.median_s_ci95.unwrap();
        assert_eq!((ends.low, ends.high), (22.0, f64::INFINITY));
        let untreated = waits(&four(UNTREATED), &[]).fit().unwrap();
        let ends = untreated.median_s_ci95.unwrap();
        assert_eq!(
            (untreated.median_s, ends.low, ends.high),
            (Some(8.0), 5.0, 8.0)
        );
    }

    #[test]
    fn the_law_has_the_errors_of_the_curvature() {
        // scipy 1.17: the likelihood of logarithms, its top, and its second differences there.
        let all = waits(TREATED.0, TREATED.1);
        let (mu, sigma) = all.likeliest().unwrap();
        assert!((mu - 3.203_067_7).abs() < 1e-5 && (sigma - 0.978_724_8).abs() < 1e-5);
        let (of_mu, of_sigma) = all.information(mu, sigma).unwrap();
        let mu_se = (of_mu.high - of_mu.low) / (2.0 * Z_95);
        let sigma_se = sigma * (of_sigma.high / of_sigma.low).ln() / (2.0 * Z_95);
        let near = (mu_se - 0.286_132_0).abs() < 1e-5 && (sigma_se - 0.250_591_4).abs() < 1e-5;
        assert!(near, "{mu_se}, {sigma_se}");
    }
}
