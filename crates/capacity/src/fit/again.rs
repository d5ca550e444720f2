//! Shares of calls after which their caller is back, when callers differ.
//!
//! One caller's calls hang together, so the error of such a share is taken over callers and not
//! over calls: the ratio of two sums over clusters, by linearization (Cochran 1977, chapter 11).
//! Only sums over callers are kept. Knows no times.

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
    fn covariance(&self, one: bool, other: bool) -> f64 {
        let of = |which: bool| (CALLS[usize::from(which)], self.share(which));
        let ((calls, share), (calls_2, share_2)) = (of(one), of(other));
        let product = |i: usize, j: usize| self.products[i.min(j)][i.max(j)] as f64;
        // Of each caller what came back beyond the share: (back - share calls), multiplied out.
        let sum = product(calls + 1, calls_2 + 1)
            - share_2 * product(calls + 1, calls_2)
            - share * product(calls, calls_2 + 1)
            + share * share_2 * product(calls, calls_2);
        let callers = self.callers[usize::from(one)].min(self.callers[usize::from(other)]) as f64;
        let all = self.sums[calls] as f64 * self.sums[calls_2] as f64;
        if all > 0.0 && callers > 1.0 {
            sum / all * callers / (callers - 1.0)
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

#[cfg(test)]
mod tests {
    use super::*;

    /// So many callers with these counts each.
    fn add(again: &mut Again, callers: u32, [n, back, served, returned]: Counts) {
        for _ in 0..callers {
            let mut counts = Counts::default();
            for (calls, backs, answered) in [(n, back, false), (served, returned, true)] {
                (0..calls).for_each(|_| again.call(&mut counts, answered));
                (0..backs).for_each(|_| again.back(&mut counts, answered));
            }
            assert_eq!(counts, [n, back, served, returned]);
        }
    }

    fn near(found: Interval, low: f64, high: f64, by: f64) {
        let near = (found.low - low).abs() <= by && (found.high - high).abs() <= by;
        assert!(near, "{found:?}, expected {low} to {high}");
    }

    #[test]
    fn calls_of_one_caller_that_always_end_alike_are_worth_one() {
        let mut again = Again::default();
        add(&mut again, 30, [2, 2, 0, 0]);
        add(&mut again, 30, [2, 0, 0, 0]);
        // 120 calls of 60 callers: the deviations are 1 each, so the variance is 60/59 · 60/120²,
        // which 59 calls of as many callers have; Wilson's by t.ppf(.975, 59) = 2.000995.
        let (share, ends) = again.told(false);
        assert!((share - 0.5).abs() < 1e-12);
        near(ends.unwrap(), 0.373_953_1, 0.626_046_9, 1e-6);
        // Nobody was answered: none comes back in any case, and the net share is the gross one.
        assert_eq!(again.told(true), (0.0, None));
        assert_eq!(again.net(), again.told(false));
    }

    #[test]
    fn calls_of_as_many_callers_have_the_interval_of_the_delta_method() {
        let mut again = Again::default();
        for (callers, counts) in [
            (250, [1, 1, 0, 0]),
            (250, [1, 0, 0, 0]),
            (50, [0, 0, 1, 1]),
            (750, [0, 0, 1, 0]),
        ] {
            add(&mut again, callers, counts);
        }
        let (share, ends) = again.net();
        assert!((share - (0.5 - 0.0625) / 0.9375).abs() < 1e-12);
        // sqrt(.25/500/.9375² + .0625·.9375/800 (.5/.9375²)²) = 0.0243432; the ends are a little
        // off the middle, since those of the two shares are.
        let half = 1.96 * 0.024_343_2;
        near(ends.unwrap(), share - half, share + half, 0.002);
    }

    #[test]
    fn one_caller_tells_nothing_of_others_and_all_or_none_leaves_room() {
        let mut again = Again::default();
        add(&mut again, 1, [60, 40, 0, 0]);
        assert_eq!(again.told(false).1, None);
        let mut again = Again::default();
        add(&mut again, 60, [1, 1, 1, 0]);
        let (all, none) = (again.told(false), again.told(true));
        // Wilson's of 60 of 60 by t: 1 / (1 + t²/60).
        near(all.1.unwrap(), 0.937_440, 1.0, 1e-5);
        near(none.1.unwrap(), 0.0, 0.062_560, 1e-5);
        let net = again.net().1.unwrap();
        assert!(net.low < 0.94 && net.high >= 1.0, "{net:?}");
    }
}
