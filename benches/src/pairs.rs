//! Two things measured in turn in one process: what slows one down slows the other down too.
//!
//! The time is that which the thread spent on a core, where the system tells it (Linux does, to a
//! tick of a few milliseconds: let a run take a tenth of a second or more), so that waiting for a
//! core that others use does not count. Elsewhere it is the clock on the wall.

use std::time::Instant;

/// What one run of something brought.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Timed {
    /// How long it took, in nanoseconds.
    pub took_ns: f64,
    /// How many events or calls that were.
    pub units: u64,
}

impl Timed {
    /// Runs it once; it says how many units it worked off.
    pub fn of(run: impl FnOnce() -> u64) -> Self {
        let (begun, before) = (Instant::now(), on_core_ns());
        let units = run();
        let took_ns = match (before, on_core_ns()) {
            (Some(before), Some(after)) => after.saturating_sub(before) as f64,
            _ => begun.elapsed().as_nanos() as f64,
        };
        Self { took_ns, units }
    }

    /// Nanoseconds a unit.
    pub fn unit_ns(self) -> f64 {
        self.took_ns / self.units.max(1) as f64
    }
}

/// How long this thread ran on a core so far, in nanoseconds; none where nobody tells.
fn on_core_ns() -> Option<u64> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    told.split_whitespace().next()?.parse().ok()
}

/// The least, the median and the greatest of some figures.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// The least.
    pub least: f64,
    /// The one in the middle, or the mean of both that are.
    pub median: f64,
    /// The greatest.
    pub greatest: f64,
}

impl Spread {
    /// Of these figures; none of none.
    pub fn of(mut figures: Vec<f64>) -> Option<Self> {
        figures.sort_by(f64::total_cmp);
        let (least, greatest) = (*figures.first()?, *figures.last()?);
        let upper = figures.len() / 2;
        let lower = (figures.len() - 1) / 2;
        let median = f64::midpoint(figures[lower], figures[upper]);
        Some(Self {
            least,
            median,
            greatest,
        })
    }
}

/// Nanoseconds a unit of both, and their ratio in each pair.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Compared {
    /// Of the reference.
    pub reference_ns: Spread,
    /// Of what is measured.
    pub measured_ns: Spread,
    /// What is measured, in units of the reference: the ratio of each pair.
    pub ratio: Spread,
}

/// Runs both in turn, so many pairs after one that does not count; none when `pairs` is 0.
pub fn compare(
    pairs: usize,
    mut reference: impl FnMut() -> u64,
    mut measured: impl FnMut() -> u64,
) -> Option<Compared> {
    let mut pair = || {
        (
            Timed::of(&mut reference).unit_ns(),
            Timed::of(&mut measured).unit_ns(),
        )
    };
    pair();
    let timed: Vec<(f64, f64)> = (0..pairs).map(|_| pair()).collect();
    Some(Compared {
        reference_ns: Spread::of(timed.iter().map(|it| it.0).collect())?,
        measured_ns: Spread::of(timed.iter().map(|it| it.1).collect())?,
        ratio: Spread::of(timed.iter().map(|it| it.1 / it.0).collect())?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle() {
        let spread = Spread::of(vec![3.0, 1.0, 2.0]).unwrap();
        assert_eq!(
            (spread.least, spread.median, spread.greatest),
            (1.0, 2.0, 3.0)
        );
        assert_eq!(Spread::of(vec![4.0, 1.0]).unwrap().median, 2.5);
        assert_eq!(Spread::of(Vec::new()), None);
    }

    #[test]
    fn no_pairs_compare_nothing() {
        assert_eq!(compare(0, || 1, || 1), None);
        assert!(compare(1, || 1, || 1).is_some());
    }
}
