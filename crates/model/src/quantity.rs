//! Checked quantities: a value of these types is always sane.

use routing::Nanos;

/// A probability or a share, 0 to 1 inclusive.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
pub struct Share(f64);

impl Share {
    /// Never.
    pub const NEVER: Self = Self(0.0);
    /// Always.
    pub const ALWAYS: Self = Self(1.0);

    /// This share, if it lies in 0..=1 (NaN does not).
    pub fn new(value: f64) -> Option<Self> {
        (0.0..=1.0).contains(&value).then_some(Self(value))
    }

    /// As a number.
    pub const fn get(self) -> f64 {
        self.0
    }

    /// Whether a uniform of 64 bits falls into this share.
    pub fn hit(self, uniform: u64) -> bool {
        crate::draws::unit(uniform) < self.0
    }
}

/// A rate of events, in events a second, finite and not negative, at most [`Rate::MAX_PER_S`].
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
pub struct Rate(f64);

impl Rate {
    /// Ten million a second: more than any phone network on earth carries.
    pub const MAX_PER_S: f64 = 1e7;

    /// This many a second, if that is finite, not negative and not absurd.
    pub fn per_second(value: f64) -> Option<Self> {
        (0.0..=Self::MAX_PER_S)
            .contains(&value)
            .then_some(Self(value))
    }

    /// Events a second.
    pub const fn get(self) -> f64 {
        self.0
    }

    /// The mean time between two events; never when the rate is 0.
    pub fn mean_gap(self) -> Nanos {
        if self.0 > 0.0 {
            Nanos::from_secs_f64(1.0 / self.0)
        } else {
            Nanos::NEVER
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_insane_gets_in() {
        for bad in [-0.1, 1.1, f64::NAN, f64::INFINITY] {
            assert_eq!(Share::new(bad), None);
        }
        for bad in [-1.0, f64::NAN, f64::INFINITY, 1e8] {
            assert_eq!(Rate::per_second(bad), None);
        }
    }

    #[test]
    fn never_and_always_mean_it() {
        for uniform in [0, 1, u64::MAX / 2, u64::MAX] {
            assert!(!Share::NEVER.hit(uniform));
            assert!(Share::ALWAYS.hit(uniform));
        }
    }
}
