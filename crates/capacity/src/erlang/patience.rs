//! M/M/s+G: callers wait no longer than their patience, which has any distribution. With an
//! exponential one it is Erlang A.
//!
//! Baccelli and Hebuterne (1981): the wait that a caller of endless patience would have is 0 with a
//! probability, and has the density λ·exp(λ∫₀ˣP(R > u)du - sμx) above 0, up to a factor. All else
//! is integrals of it (Zeltyn and Mandelbaum 2005), taken by the trapezoidal rule.

use super::loss::blocking;

/// Steps of the integrals: good to nine digits where the density is smooth.
const STEPS: u32 = 200_000;

/// The density is followed until so much of its peak is left.
const NEGLIGIBLE: f64 = 1e-16;

/// The queue in steady state. Means over callers include those who do not wait.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Patience {
    /// The share of callers who wait at all.
    pub waiting: f64,
    /// The share of callers who leave.
    pub abandoned: f64,
    /// The mean time in line of all callers, in seconds.
    pub mean_wait_s: f64,
    /// How many wait, on average (Little).
    pub queue: f64,
    /// The mean wait of the served, in seconds.
    pub mean_wait_served_s: f64,
    /// The mean wait of those who leave, in seconds.
    pub mean_wait_abandoned_s: f64,
    /// The variance of the wait of the served, in s².
    pub variance_wait_served_s2: f64,
    /// The variance of the wait of those who leave, in s².
    pub variance_wait_abandoned_s2: f64,
    /// Of the served, the share that waited no longer than the time asked.
    pub served_within: f64,
    /// Of those who leave, the share that did so within the time asked.
    pub abandoned_within: f64,
}

/// Sums over the density, each up to the same factor.
#[derive(Default)]
struct Sums {
    all: f64,
    served: f64,
    served_early: f64,
    served_wait: f64,
    served_squares: f64,
    wait: f64,
    squares: f64,
    left_early: f64,
}

impl Patience {
    /// Of this many servers, where a caller waits longer than t seconds at least with the
    /// probability `survival(t)`; the shares `…_within` are for `time_s`.
    ///
    /// None for no servers, and where the density does not end: patience that never ends with too
    /// little staff.
    pub fn new(
        rate_per_s: f64,
        service_s: f64,
        servers: u32,
        survival: impl Fn(f64) -> f64,
        time_s: f64,
    ) -> Option<Self> {
        let full_per_s = f64::from(servers) / service_s;
        let end_s = end_s(rate_per_s, full_per_s, &survival)?;
        let step_s = end_s / f64::from(STEPS);
        let (mut survived, mut squares) = (0.0, 0.0);
        let (mut last, mut sums) = ((1.0, 0.0), Sums::default());
        let gone = 1.0 - survival(time_s);
        for n in 0..=STEPS {
            let at_s = step_s * f64::from(n);
            let stays = survival(at_s);
            let second = 2.0 * at_s * stays;
            if n > 0 {
                survived += 0.5 * step_s * (last.0 + stays);
                squares += 0.5 * step_s * (last.1 + second);
            }
            last = (stays, second);
            let end = if n == 0 || n == STEPS { 0.5 } else { 1.0 };
            let density = (rate_per_s * survived - full_per_s * at_s).exp() * end;
            // How much of the step about this place lies before the time asked.
            let early = ((time_s - at_s) / step_s + 0.5).clamp(0.0, 1.0);
            sums.all += density;
            sums.served += density * stays;
            sums.served_early += density * stays * early;
            sums.served_wait += density * stays * at_s;
            sums.served_squares += density * stays * at_s * at_s;
            sums.wait += density * survived;
            sums.squares += density * squares;
            sums.left_early += density * (early * (1.0 - stays) + (1.0 - early) * gone);
        }
        Some(Self::of(
            &sums,
            rate_per_s,
            step_s,
            1.0 / blocking(servers - 1, rate_per_s * service_s),
        ))
    }

    fn of(sums: &Sums, rate_per_s: f64, step_s: f64, idle: f64) -> Self {
        let whole = idle + rate_per_s * step_s * sums.all;
        let share = |sum: f64| rate_per_s * step_s * sum / whole;
        let served = idle / whole + share(sums.served);
        let abandoned = 1.0 - served;
        let mean_wait_s = share(sums.wait);
        let mean_served_s = share(sums.served_wait) / served;
        let mean_left_s = (mean_wait_s - share(sums.served_wait)) / abandoned;
        let squares_left = (share(sums.squares) - share(sums.served_squares)) / abandoned;
        Self {
            waiting: share(sums.all),
            abandoned,
            mean_wait_s,
            queue: rate_per_s * mean_wait_s,
            mean_wait_served_s: mean_served_s,
            mean_wait_abandoned_s: mean_left_s,
            variance_wait_served_s2: share(sums.served_squares) / served
                - mean_served_s * mean_served_s,
            variance_wait_abandoned_s2: squares_left - mean_left_s * mean_left_s,
            served_within: (idle / whole + share(sums.served_early)) / served,
            abandoned_within: share(sums.left_early) / abandoned,
        }
    }
}

/// Where the density has ended, in seconds.
fn end_s(rate_per_s: f64, full_per_s: f64, survival: &impl Fn(f64) -> f64) -> Option<f64> {
    if full_per_s.is_nan() || full_per_s <= 0.0 {
        return None;
    }
    let step_s = 0.1 / full_per_s.max(rate_per_s);
    let (mut at_s, mut log, mut peak) = (0.0, 0.0f64, 0.0f64);
    for _ in 0..10_000_000 {
        log += step_s * (rate_per_s * survival(at_s + 0.5 * step_s) - full_per_s);
        at_s += step_s;
        peak = peak.max(log);
        if log < peak + NEGLIGIBLE.ln() {
            return Some(at_s);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::erlang::Delay;

    fn near(a: f64, b: f64, within: f64) {
        assert!((a / b - 1.0).abs() < within, "{a} is not {b}");
    }

    /// The birth and death chain of Erlang A: (waiting, abandoned, queue).
    fn chain(load: f64, servers: u32, patience: f64) -> (f64, f64, f64) {
        let (mut weight, mut sum, mut line, mut full) = (1.0, 1.0, 0.0, 0.0);
        for n in 1..5000u32 {
            let queued = f64::from(n.saturating_sub(servers));
            weight *= load / (f64::from(n.min(servers)) + queued / patience);
            sum += weight;
            line += queued * weight;
            full += if n >= servers { weight } else { 0.0 };
        }
        (full / sum, line / sum / patience / load, line / sum)
    }

    #[test]
    fn exponential_patience_is_erlang_a() {
        for (load, servers, patience) in [(48.0, 50, 2.0), (102.0, 100, 1.0), (12.0, 10, 2.0)] {
            let survival = |t: f64| (-t / patience).exp();
            let found = Patience::new(load, 1.0, servers, survival, 0.1).expect("a queue");
            let (waiting, abandoned, queue) = chain(load, servers, patience);
            near(found.waiting, waiting, 1e-7);
            near(found.abandoned, abandoned, 1e-7);
            near(found.queue, queue, 1e-7);
        }
    }

    #[test]
    fn endless_patience_is_erlang_c() {
        let found = Patience::new(0.8, 60.0, 50, |_| 1.0, 20.0).expect("a queue");
        let delay = Delay::new(0.8, 60.0, 50).expect("a queue");
        near(found.waiting, delay.waiting, 1e-6);
        near(found.mean_wait_s, delay.mean_wait_s(), 1e-6);
        near(found.served_within, delay.within(20.0), 1e-5);
        assert!(found.abandoned.abs() < 1e-9);
        assert_eq!(Patience::new(2.0, 1.0, 1, |_| 1.0, 20.0), None);
    }

    #[test]
    fn a_published_case_comes_out() {
        // Whitt (2005), table 1: M/M/100/200+M, arrivals 102, means 1.
        let found = Patience::new(102.0, 1.0, 100, |t: f64| (-t).exp(), 0.1).expect("a queue");
        for (found, printed, unit) in [
            (1.0 - found.waiting, 0.4083, 1e-4),
            (found.abandoned, 0.0499, 1e-4),
            (found.queue, 5.092, 1e-3),
            (found.mean_wait_served_s, 0.0490, 1e-4),
            (found.variance_wait_served_s2, 0.0042, 1e-4),
            (found.mean_wait_abandoned_s, 0.0666, 1e-4),
            (found.variance_wait_abandoned_s2, 0.0031, 1e-4),
            (found.served_within, 0.7986, 1e-4),
            (found.abandoned_within, 0.7671, 1e-4),
        ] {
            assert!(
                (found - printed).abs() <= 0.51 * unit,
                "{found} is not {printed}"
            );
        }
    }
}
