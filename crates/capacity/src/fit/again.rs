//! Shares of calls after which their caller is back, when callers differ.
//!
//! One caller's calls hang together, so the error of such a share is taken over callers and not over
//! calls: the ratio of two sums over clusters, by linearization (Cochran 1977, chapter 11). Only sums
//! over callers are kept. Knows no times.

use measure::estimate::t_95;

use super::interval::{Interval, wilson};

/// One caller: unanswered calls and returns after them, answered calls and returns after them.
pub(super) type Counts = [u32; 4];

/// Calls after which the caller was back within hours, or was not.
const CALLS: [usize; 2] = [0, 2];

/// Sums over callers.
#[derive(Debug, Default)]
pub(super) struct Again {
    sums: [u64; 4],
    /// Products of two counts of a caller, the smaller index first.
    products: [[u128; 4]; 4],
    /// Callers with an unanswered call, and with an answered one.
    callers: [u64; 2],
}

/// A share and its 95 % interval.
pub(super) type Share = (f64, Option<Interval>);

impl Again {
    /// A call of a caller who has these counts so far.
    pub(super) fn call(&mut self, caller: &mut Counts, answered: bool) {
        let which = usize::from(answered);
        self.callers[which] += u64::from(caller[CALLS[which]] == 0);
        self.count(caller, CALLS[which]);
    }

    /// That caller is back, after such a call.
    pub(super) fn back(&mut self, caller: &mut Counts, answered: bool) {
        self.count(caller, CALLS[usize::from(answered)] + 1);
    }

    fn count(&mut self, caller: &mut Counts, which: usize) {
        for (other, n) in caller.iter().enumerate() {
            let n = u128::from(*n);
            let more = if other == which { 2 * n + 1 } else { n };
            self.products[which.min(other)][which.max(other)] += more;
        }
        self.sums[which] += 1;
        caller[which] = caller[which].saturating_add(1);
    }

    /// Calls that were not answered.
    pub(super) fn unanswered(&self) -> u64 {
        self.sums[0]
    }

    /// The share that is back; nothing of no calls.
    fn share(&self, answered: bool) -> f64 {
        let calls = CALLS[usize::from(answered)];
        self.sums[calls + 1] as f64 / self.sums[calls].max(1) as f64
    }

    /// The covariance of two such shares over callers, or the variance of one.
    fn covariance(&self, a: bool, b: bool) -> f64 {
        let callers = self.callers[usize::from(a)].min(self.callers[usize::from(b)]) as f64;
        let product = |i: usize, j: usize| self.products[i.min(j)][i.max(j)] as f64;
        let (i, j) = (CALLS[usize::from(a)], CALLS[usize::from(b)]);
        let (p, q) = (self.share(a), self.share(b));
        // Of each caller what came back beyond the share: (back - share calls), multiplied out.
        let sum = product(i + 1, j + 1) - q * product(i + 1, j) - p * product(i, j + 1)
            + p * q * product(i, j);
        let calls = self.sums[i] as f64 * self.sums[j] as f64;
        if calls > 0.0 && callers > 1.0 {
            sum / calls * callers / (callers - 1.0)
        } else {
            0.0
        }
    }

    /// The share of unanswered or of answered calls after which the caller is back. Its interval is
    /// Wilson's, of as many calls as would be worth so much if each were of another caller, but
    /// never more than there are. None of fewer than two callers.
    pub(super) fn told(&self, answered: bool) -> Share {
        let which = usize::from(answered);
        let (share, calls) = (self.share(answered), self.sums[CALLS[which]] as f64);
        let Some(t) = t_95(self.callers[which] as f64 - 1.0) else {
            return (share, None);
        };
        let worth = match self.covariance(answered, answered) {
            // Where all callers are alike, rounding may leave anything.
            variance if variance > 0.0 => share * (1.0 - share) / variance,
            _ => calls,
        };
        (share, Some(wilson(share, worth.min(calls), t)))
    }

    /// The share of those who would not have come back in any case that is back: the delta method
    /// with the distances to the ends of both intervals (Newcombe 1998; Zou and Donner 2008).
    /// Without an answered call nobody comes back in any case.
    pub(super) fn net(&self) -> Share {
        let ((gross, of_gross), (ordinary, of_ordinary)) = (self.told(false), self.told(true));
        let stay = (1.0 - ordinary).max(1e-9);
        let share = (gross - ordinary) / stay;
        let certain = Interval {
            low: ordinary,
            high: ordinary,
        };
        let of_ordinary = match self.sums[CALLS[1]] {
            0 => Some(certain),
            _ => of_ordinary,
        };
        let ends = of_gross.zip(of_ordinary).map(|(of_gross, of_ordinary)| {
            let both = self.covariance(false, false) * self.covariance(true, true);
            let hang = self.covariance(false, true) / both.sqrt();
            let hang = if hang.is_finite() {
                hang.clamp(-1.0, 1.0)
            } else {
                0.0
            };
            let slope = (1.0 - gross) / stay / stay;
            let far = |gross_by: f64, ordinary_by: f64| {
                let (a, b) = (gross_by / stay, ordinary_by * slope);
                (a * a + b * b - 2.0 * hang * a * b).max(0.0).sqrt()
            };
            Interval {
                low: share - far(gross - of_gross.low, of_ordinary.high - ordinary),
                high: share + far(of_gross.high - gross, ordinary - of_ordinary.low),
            }
        });
        let within = |it: f64| it.clamp(0.0, 1.0);
        (within(share), ends.map(|it| it.map(within)))
    }
}
