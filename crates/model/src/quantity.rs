//! Checked quantities: a value of these types is always sane.

use routing::Nanos;

use crate::draws::threshold;

/// A probability or a share, 0 to 1 inclusive. Draws know it to the nearest 2^-32.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
pub struct Share {
    value: f64,
    /// How many of the 2^32 uniforms hit it.
    hits: u64,
}

impl Share {
    /// Never.
    pub const NEVER: Self = Self {
        value: 0.0,
        hits: 0,
    };
    /// Always.
    pub const ALWAYS: Self = Self {
        value: 1.0,
        hits: 1 << 32,
    };

    /// This share, if it lies in 0..=1 (NaN does not).
    pub fn new(value: f64) -> Option<Self> {
        let hits = threshold(value);
        (0.0..=1.0).contains(&value).then_some(Self { value, hits })
    }

    /// As a number.
    pub const fn get(self) -> f64 {
        self.value
    }

    /// Whether it is so small that no draw falls into it.
    pub const fn is_never(self) -> bool {
        self.hits == 0
    }

    /// Whether a uniform of 32 bits falls into this share.
    #[inline]
    pub const fn hit_32(self, uniform: u32) -> bool {
        (uniform as u64) < self.hits
    }

    /// Whether a uniform of 64 bits falls into this share.
    #[inline]
    pub const fn hit(self, uniform: u64) -> bool {
        self.hit_32((uniform >> 32) as u32)
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
        assert_eq!(Share::new(0.0), Some(Share::NEVER));
        assert_eq!(Share::new(1.0), Some(Share::ALWAYS));
    }

    #[test]
    fn as_many_uniforms_hit_a_share_as_it_says() {
        let quarter = Share::new(0.25).unwrap();
        assert!(quarter.hit_32((1 << 30) - 1) && !quarter.hit_32(1 << 30));
        assert!(quarter.hit((1 << 62) - 1) && !quarter.hit(1 << 62));
        // Of two complements at most one hits a share of at most a half, at least one any other.
        let share = |value| Share::new(value).unwrap();
        for uniform in [0, 1, 0x4000_0000, 0x7FFF_FFFF, 0x8000_0000, u32::MAX] {
            assert!(!(share(0.5).hit_32(uniform) && share(0.5).hit_32(!uniform)));
            assert!(share(0.6).hit_32(uniform) || share(0.6).hit_32(!uniform));
        }
    }
}
