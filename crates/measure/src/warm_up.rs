//! Where a run has forgotten how it began: MSER-5.
//!
//! The rule of White ("An effective truncation heuristic for bias reduction in simulation output",
//! Simulation 69, 1997; with batches of five: White, Cobb, Spratt, "A comparison of five
//! steady-state truncation heuristics for simulation", WSC 2000): of all truncations take the one
//! that leaves the smallest standard error of the mean of the rest. Applied to the average of
//! several replications, as Hoad, Robinson and Davies do ("Automating warm-up length estimation",
//! Journal of the Operational Research Society 61, 2010).

use routing::Nanos;
use routing::record::{CallRecord, Sink};

use crate::setup::Window;

/// How many observations make a batch.
pub const BATCH: usize = 5;

/// So many batches at the end are no place to truncate at: of a handful of batches the standard
/// error is small by chance.
const LAST: usize = 5;

/// Where to truncate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Truncation {
    /// So many observations are left out: whole batches, at most half of all.
    pub observations: usize,
    /// Whether the smallest standard error lies in the second half: the series is too short to
    /// tell, and `observations` is the best of the first half.
    pub too_short: bool,
}

/// MSER-5 of a series. Of fewer than twenty batches nothing can be said: no truncation, too short.
pub fn mser5(series: &[f64]) -> Truncation {
    let batches: Vec<f64> = series
        .chunks_exact(BATCH)
        .map(|batch| batch.iter().sum::<f64>() / BATCH as f64)
        .collect();
    let n = batches.len();
    if n < 4 * LAST {
        return Truncation {
            observations: 0,
            too_short: true,
        };
    }
    // From the end, so that each truncation adds one batch to the sums of the one after it.
    let (mut sum, mut squares) = (0.0, 0.0);
    let mut error = vec![f64::INFINITY; n];
    // About the mean of all, so that the squares do not drown the differences.
    let centre = batches.iter().sum::<f64>() / n as f64;
    for from in (0..n).rev() {
        let value = batches[from] - centre;
        let left = (n - from) as f64;
        sum += value;
        squares += value * value;
        let spread = (squares - sum * sum / left).max(0.0);
        error[from] = spread / (left * left);
    }
    let best = |until: usize| {
        let first_smallest = |a: usize, b: usize| if error[b] < error[a] { b } else { a };
        (0..until).reduce(first_smallest).unwrap_or(0)
    };
    let half = n / 2;
    Truncation {
        observations: best(half + 1) * BATCH,
        too_short: best(n - LAST) > half,
    }
}

/// Time of all calls in the system within each of equal steps: what a warm-up is looked for in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InSystem {
    step: Nanos,
    window: Window,
    /// In nanoseconds, a row a step.
    pub rows: Vec<u128>,
}

impl InSystem {
    /// Nothing yet; so many steps of this length, which must not be zero.
    pub fn new(step: Nanos, steps: usize) -> Self {
        Self {
            step,
            window: Window {
                from: Nanos::ZERO,
                until: Nanos(step.0.saturating_mul(steps as u64)),
            },
            rows: vec![0; steps],
        }
    }

    /// What another replication counted, added.
    pub fn add(&mut self, other: &Self) {
        for (mine, theirs) in self.rows.iter_mut().zip(&other.rows) {
            *mine += theirs;
        }
    }

    /// Calls in the system on average in each step, of so many replications together.
    pub fn means(&self, replications: u32) -> Vec<f64> {
        let whole = self.step.0 as f64 * f64::from(replications.max(1));
        self.rows.iter().map(|row| *row as f64 / whole).collect()
    }
}

impl Sink for InSystem {
    fn record(&mut self, call: &CallRecord) {
        let until = call.ended.min(self.window.until);
        let mut at = call.arrived;
        while at < until {
            let row = at.0 / self.step.0.max(1);
            let end = Nanos((row + 1).saturating_mul(self.step.0)).min(until);
            if let Some(row) = self.rows.get_mut(row as usize) {
                *row += u128::from(end.since(at).0);
            }
            at = end;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As it is defined, without sums that are carried on.
    fn plainly(batches: &[f64], from: usize) -> f64 {
        let rest = &batches[from..];
        let n = rest.len() as f64;
        let mean = rest.iter().sum::<f64>() / n;
        rest.iter().map(|it| (it - mean).powi(2)).sum::<f64>() / (n * n)
    }

    /// A repeatable noise around zero.
    fn noise(at: usize) -> f64 {
        let mixed = (at as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        (mixed >> 40) as f64 / (1u64 << 24) as f64 - 0.5
    }

    #[test]
    fn a_run_that_fills_up_is_cut_where_it_is_full() {
        // Fills up over the first 200 of 1000 observations.
        let fills = |at: usize| (at as f64 / 200.0).min(1.0) * 10.0 + noise(at);
        let series: Vec<f64> = (0..1000).map(fills).collect();
        let found = mser5(&series);
        assert!(!found.too_short);
        assert!((150..=230).contains(&found.observations), "{found:?}");
        let batches: Vec<f64> = series
            .chunks(BATCH)
            .map(|it| it.iter().sum::<f64>() / 5.0)
            .collect();
        let best = (0..=100).min_by(|a, b| plainly(&batches, *a).total_cmp(&plainly(&batches, *b)));
        assert_eq!(best.map(|it| it * BATCH), Some(found.observations));
    }

    #[test]
    fn a_run_that_is_steady_from_its_start_loses_next_to_nothing() {
        let series: Vec<f64> = (0..1000).map(noise).collect();
        let found = mser5(&series);
        assert!(!found.too_short && found.observations <= 100, "{found:?}");
        let same = mser5(&[3.0; 1000]);
        assert_eq!((same.observations, same.too_short), (0, false));
    }

    #[test]
    fn a_run_that_never_settles_is_too_short() {
        let grows: Vec<f64> = (0..1000).map(|at| at as f64).collect();
        assert!(mser5(&grows).too_short);
        assert!(mser5(&grows[..99]).too_short, "nineteen batches");
        assert_eq!(mser5(&[]).observations, 0);
    }
}
