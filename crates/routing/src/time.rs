//! Time as the whole program counts it: integer nanoseconds since the start of the run.
//!
//! Knows no clock and no calendar; [`crate::hours`] has the days of the week.

use std::fmt;
use std::ops::{Add, AddAssign, Sub};

/// An instant (nanoseconds since the start of the run) or a span, in whole nanoseconds. Sums
/// saturate, so that [`Nanos::NEVER`] plus anything is still never.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Nanos(pub u64);

impl Nanos {
    /// The start of the run, or no time at all.
    pub const ZERO: Self = Self(0);
    /// Later than every instant.
    pub const NEVER: Self = Self(u64::MAX);
    /// One second.
    pub const SECOND: Self = Self(1_000_000_000);
    /// One minute.
    pub const MINUTE: Self = Self(60_000_000_000);
    /// One hour.
    pub const HOUR: Self = Self(3_600_000_000_000);
    /// One day of 24 hours.
    pub const DAY: Self = Self(86_400_000_000_000);

    /// So many whole seconds; saturates.
    pub const fn from_secs(secs: u64) -> Self {
        Self(secs.saturating_mul(Self::SECOND.0))
    }

    /// So many seconds, rounded to the nearest nanosecond; negative and NaN give zero, more than
    /// `u64` holds saturates.
    pub fn from_secs_f64(secs: f64) -> Self {
        Self((secs * 1e9).round() as u64)
    }

    /// In seconds.
    pub fn as_secs_f64(self) -> f64 {
        self.0 as f64 / 1e9
    }

    /// Whole seconds, the rest cut off.
    pub const fn whole_secs(self) -> u64 {
        self.0 / Self::SECOND.0
    }

    /// From `earlier` to here; zero when `earlier` is later.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Self {
        Self(self.0.saturating_sub(earlier.0))
    }

    /// Whether this is [`Nanos::NEVER`].
    pub const fn is_never(self) -> bool {
        self.0 == u64::MAX
    }
}

impl Add for Nanos {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Nanos {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Nanos {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self.since(other)
    }
}

impl fmt::Display for Nanos {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_never() {
            f.write_str("never")
        } else {
            write!(f, "{} s", self.as_secs_f64())
        }
    }
}

impl fmt::Debug for Nanos {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_stays_never() {
        assert!((Nanos::NEVER + Nanos::SECOND).is_never());
        assert_eq!(Nanos::ZERO - Nanos::SECOND, Nanos::ZERO);
    }

    #[test]
    fn odd_floats_do_not_panic() {
        assert_eq!(Nanos::from_secs_f64(-1.0), Nanos::ZERO);
        assert_eq!(Nanos::from_secs_f64(f64::NAN), Nanos::ZERO);
        assert!(Nanos::from_secs_f64(f64::INFINITY).is_never());
        assert_eq!(Nanos::from_secs_f64(1.5), Nanos(1_500_000_000));
    }
}
