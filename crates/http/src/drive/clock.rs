//! Time of the run by the clock on the wall.

use std::time::{Duration, Instant};

use routing::Nanos;

/// How many times as fast as the clock on the wall the time of a run passes, in thousandths, so
/// that both are told from each other without a rounding that adds up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Speed(u32);

impl Speed {
    /// As in life.
    pub const LIFE: Self = Self(1000);

    /// So many times as fast: from 0.001 to 1 000 000, to the nearest thousandth. None outside.
    pub fn times(factor: f64) -> Option<Self> {
        let thousandths = (factor * 1000.0).round();
        let known = (1.0..=1e9).contains(&thousandths);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a whole number between 1 and a thousand millions"
        )]
        known.then_some(Self(thousandths as u32))
    }

    /// As a factor.
    pub fn factor(self) -> f64 {
        f64::from(self.0) / 1000.0
    }

    /// So much of the time of the run passes in this.
    pub(super) fn run(self, wall: Duration) -> Nanos {
        if self == Self::LIFE {
            // Asked at every step of a run.
            return Nanos(u64::try_from(wall.as_nanos()).unwrap_or(u64::MAX / 2));
        }
        let passed = wall.as_nanos().saturating_mul(self.0.into()) / 1000;
        Nanos(u64::try_from(passed).unwrap_or(u64::MAX / 2))
    }

    /// So long does this time of the run take, rounded up: what is due then, is due.
    pub(super) fn wall(self, run: Nanos) -> Duration {
        if self == Self::LIFE {
            return Duration::from_nanos(run.0);
        }
        let takes = (u128::from(run.0) * 1000).div_ceil(self.0.into());
        Duration::from_nanos(u64::try_from(takes).unwrap_or(u64::MAX))
    }
}

/// Where the run began, and how fast it goes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clock(Instant, Speed);

impl Clock {
    /// Begins now.
    pub(super) fn start(speed: Speed) -> Self {
        Self(Instant::now(), speed)
    }

    /// Time of the run at this instant.
    pub(super) fn at(self, now: Instant) -> Nanos {
        self.1.run(now.saturating_duration_since(self.0))
    }

    /// When this time of the run is.
    pub(super) fn when(self, at: Nanos) -> Instant {
        self.0.checked_add(self.1.wall(at)).unwrap_or(self.0)
    }

    /// The run stood still for so long.
    pub(super) fn held(&mut self, long: Duration) {
        self.0 += long;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_due_is_due_when_its_instant_has_come_at_any_speed() {
        let day = Nanos::DAY.0;
        for factor in [0.001, 0.3, 1.0, 7.0, 10.0, 333.333, 1_000_000.0] {
            let clock = Clock::start(Speed::times(factor).unwrap());
            for at in [0, 1, 999, 1_000_001, day / 7, day, 60 * day] {
                let when = clock.when(Nanos(at));
                let late = clock.at(when).0.checked_sub(at).expect("never before");
                assert!(late <= factor.ceil() as u64, "{late} ns late at {factor}");
            }
        }
    }

    #[test]
    fn a_minute_takes_six_seconds_at_ten_times_the_speed_of_life() {
        let ten = Speed::times(10.0).unwrap();
        let minute = Nanos(60 * Nanos::SECOND.0);
        assert_eq!(ten.wall(minute), Duration::from_secs(6));
        assert_eq!(ten.run(Duration::from_secs(6)), minute);
        assert_eq!(Speed::LIFE.run(Duration::from_mins(1)), minute);
        for none in [0.0, -1.0, 0.000_1, 1e10, f64::NAN, f64::INFINITY] {
            assert_eq!(Speed::times(none), None, "{none}");
        }
    }
}
