//! How much more days vary than chance alone would have them, and hours within their days.
//!
//! The variance of a mixed Poisson count is m + (cv m)². Days are compared with those of the same
//! kind. The intervals are by the jackknife over days (Tukey 1958): of the logarithm of what days
//! vary in all, because what they vary beyond chance may be nothing. Knows no dates.

use measure::estimate::t_95;

use super::arrivals::Hours;
use super::interval::Interval;

/// Sums over the days of one kind, in whole numbers, so that a day can be taken out again.
#[derive(Debug, Clone, Copy, Default)]
struct Kind {
    days: u32,
    calls: u64,
    squares: u128,
    hours: [Hour; 24],
}

#[derive(Debug, Clone, Copy, Default)]
struct Hour {
    calls: u64,
    squares: u128,
    /// Calls of the hour times calls of its day.
    crossed: u128,
}

/// Squares beyond chance, those of chance, and the squares of what was expected.
#[derive(Debug, Clone, Copy, Default)]
struct Parts {
    beyond: f64,
    chance: f64,
    expected: f64,
}

/// A coefficient of variation beyond chance, and its 95 % interval.
pub(super) type Cv = (f64, Option<Interval>);

/// All days that have another of their kind.
#[derive(Debug)]
pub(super) struct Spread<'a> {
    kinds: [Kind; 7],
    days: Vec<(usize, &'a Hours)>,
}

fn total(hours: &Hours) -> u64 {
    hours.iter().map(|it| u64::from(*it)).sum()
}

fn square(value: u64) -> u128 {
    u128::from(value).pow(2)
}

impl Kind {
    fn add(&mut self, hours: &Hours) {
        let all = total(hours);
        self.days += 1;
        self.calls += all;
        self.squares += square(all);
        for (sums, calls) in self.hours.iter_mut().zip(hours) {
            let calls = u64::from(*calls);
            sums.calls += calls;
            sums.squares += square(calls);
            sums.crossed += u128::from(calls) * u128::from(all);
        }
    }

    fn without(mut self, hours: &Hours) -> Self {
        let all = total(hours);
        self.days -= 1;
        self.calls -= all;
        self.squares -= square(all);
        for (sums, calls) in self.hours.iter_mut().zip(hours) {
            let calls = u64::from(*calls);
            sums.calls -= calls;
            sums.squares -= square(calls);
            sums.crossed -= u128::from(calls) * u128::from(all);
        }
        self
    }

    /// What one mean takes off the squares is given back: n / (n - 1).
    fn given_back(&self) -> f64 {
        f64::from(self.days) / (f64::from(self.days) - 1.0)
    }

    /// Of whole days.
    fn of_days(&self) -> Parts {
        let (n, calls) = (f64::from(self.days), self.calls as f64);
        // n times the squares around the mean.
        let apart = u128::from(self.days) * self.squares - square(self.calls);
        Parts {
            beyond: apart as f64 / n * self.given_back() - calls,
            chance: calls,
            expected: calls * calls / n,
        }
    }

    /// Of hours, around what the calls of their day make of them.
    fn of_hours(&self) -> Parts {
        let (calls, squares) = (self.calls as f64, self.squares as f64);
        if self.calls == 0 {
            return Parts::default();
        }
        self.hours.iter().fold(Parts::default(), |all, hour| {
            let share = hour.calls as f64 / calls;
            let expected = share * share * squares;
            let apart = hour.squares as f64 - 2.0 * share * hour.crossed as f64 + expected;
            let chance = share * (1.0 - share) * calls;
            all.and(Parts {
                beyond: apart * self.given_back() - chance,
                chance,
                expected,
            })
        })
    }
}

impl Parts {
    fn and(self, other: Self) -> Self {
        Self {
            beyond: self.beyond + other.beyond,
            chance: self.chance + other.chance,
            expected: self.expected + other.expected,
        }
    }

    /// All that days vary, in squares of what is expected, as a logarithm.
    fn in_all(self) -> Option<f64> {
        let all = ((self.beyond + self.chance) / self.expected).ln();
        all.is_finite().then_some(all)
    }
}

impl<'a> Spread<'a> {
    pub(super) fn of(days: &[(usize, &'a Hours)]) -> Self {
        let mut kinds = [Kind::default(); 7];
        for (kind, hours) in days {
            kinds[*kind].add(hours);
        }
        let others = days.iter().filter(|(kind, _)| kinds[*kind].days > 1);
        Self {
            days: others.copied().collect(),
            kinds,
        }
    }

    /// Of a day's calls.
    pub(super) fn of_days(&self) -> Cv {
        self.cv(Kind::of_days)
    }

    /// Of an hour's calls within its day.
    pub(super) fn of_hours(&self) -> Cv {
        self.cv(Kind::of_hours)
    }

    fn cv(&self, of: impl Fn(&Kind) -> Parts) -> Cv {
        let parts = self.kinds.each_ref().map(|kind| match kind.days {
            0 | 1 => Parts::default(),
            _ => of(kind),
        });
        let sum = parts.iter().fold(Parts::default(), |all, it| all.and(*it));
        if sum.expected <= 0.0 {
            return (0.0, None);
        }
        let root = |squares: f64| squares.max(0.0).sqrt();
        let interval = sum.in_all().and_then(|in_all| {
            let all = Interval::times(in_all.exp(), self.jackknife(&parts, in_all, of)?);
            Some(all.map(|it| root(it - sum.chance / sum.expected)))
        });
        (root(sum.beyond / sum.expected), interval)
    }

    /// Half the interval of the logarithm of what all days vary, from leaving out each once: each
    /// kind by its own number of days (Jones 1974), around what all days give, since a kind of two
    /// days is gone without one of them.
    fn jackknife(
        &self,
        parts: &[Parts; 7],
        in_all: f64,
        of: impl Fn(&Kind) -> Parts,
    ) -> Option<f64> {
        let mut squares = 0.0;
        for (left_out, hours) in &self.days {
            let mut sum = Parts::default();
            for (kind, part) in parts.iter().enumerate() {
                let less = self.kinds[kind];
                sum = sum.and(match kind == *left_out {
                    false => *part,
                    true if less.days > 2 => of(&less.without(hours)),
                    true => Parts::default(),
                });
            }
            let n = f64::from(self.kinds[*left_out].days);
            squares += (n - 1.0) / n * (sum.in_all()? - in_all).powi(2);
        }
        let kinds = self.kinds.iter().filter(|it| it.days > 1).count();
        Some(t_95((self.days.len() - kinds) as f64)? * squares.sqrt())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(morning: u32, evening: u32) -> Hours {
        let mut hours = Hours::default();
        (hours[9], hours[17]) = (morning, evening);
        hours
    }

    #[test]
    fn the_jackknife_is_that_of_leaving_out_each_day_by_hand() {
        let days = [
            (0, day(70, 30)),
            (0, day(75, 65)),
            (0, day(30, 40)),
            (1, day(20, 30)),
            (1, day(45, 35)),
            (1, day(22, 18)),
            (1, day(30, 40)),
            // One of its kind says nothing of how days differ.
            (5, day(3, 900)),
        ];
        let days: Vec<(usize, &Hours)> = days.iter().map(|(kind, it)| (*kind, it)).collect();
        let spread = Spread::of(&days);
        // numpy, from the definitions with each day left out in turn; t.ppf(.975, 5).
        for ((cv, ends), wanted) in [
            (spread.of_days(), [0.310_731_72, 0.102_199_44, 0.717_859_29]),
            (spread.of_hours(), [0.178_898_55, 0.0, 0.555_481_52]),
        ] {
            let ends = ends.unwrap();
            for (found, wanted) in [cv, ends.low, ends.high].into_iter().zip(wanted) {
                assert!((found - wanted).abs() < 1e-8, "{found}, expected {wanted}");
            }
        }
        // Two days of one kind: without one there is nothing to compare.
        let two = Spread::of(&days[..2]);
        assert!(two.of_days().0 > 0.0 && two.of_days().1.is_none());
    }
}
