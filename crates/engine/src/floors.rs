//! How short a random time can be, seen without drawing it: of many times that race, most need not
//! be drawn at all, since what their uniforms allow at best comes too late.

use model::RandomTime;
use routing::time::Nanos;

/// The uniforms are cut into so many stretches of equal length, as bits.
const STRETCH_BITS: u32 = 6;
const STRETCHES: usize = 1 << STRETCH_BITS;

/// For stretches of the uniforms a bound below all times that are drawn there.
#[derive(Debug, Clone)]
pub(crate) struct Floors([Nanos; STRETCHES]);

impl Floors {
    /// Those of this distribution. Families that do not rise with the uniform have none: zero.
    pub(crate) fn of(time: &RandomTime) -> Self {
        if !time.rises() {
            return Self([Nanos::ZERO; STRETCHES]);
        }
        Self(std::array::from_fn(|stretch| {
            let shortest = time.draw((stretch as u64) << (u64::BITS - STRETCH_BITS));
            // Tables join their pieces to nine digits: a millionth is far on the safe side.
            if shortest.is_never() {
                shortest
            } else {
                Nanos(shortest.0.saturating_sub((shortest.0 >> 20) + 1))
            }
        }))
    }

    /// No time that is drawn for this uniform is shorter.
    #[inline]
    pub(crate) fn at(&self, uniform: u64) -> Nanos {
        self.0[(uniform >> (u64::BITS - STRETCH_BITS)) as usize]
    }

    /// No time is shorter, whatever the uniform.
    pub(crate) fn least(&self) -> Nanos {
        self.0[0]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn families() -> [RandomTime; 7] {
        let s = Nanos::from_secs;
        [
            RandomTime::constant(s(7)),
            RandomTime::infinite(),
            RandomTime::exponential(s(40)),
            RandomTime::uniform(s(20), s(30)).unwrap(),
            RandomTime::lognormal(s(12), 0.4).unwrap(),
            RandomTime::gamma(0.7, s(9)).unwrap(),
            RandomTime::empirical(vec![(s(3), 1.0), (s(9), 2.0)]).unwrap(),
        ]
    }

    proptest! {
        #[test]
        fn no_time_is_shorter_than_its_floor(uniform: u64, edge in 0u64..64, beside in 0u64..4) {
            for time in families() {
                let floors = Floors::of(&time);
                let at_edge = (edge << 58).wrapping_add(beside).wrapping_sub(2);
                for uniform in [uniform, at_edge] {
                    prop_assert!(floors.at(uniform) <= time.draw(uniform), "{time:?}");
                    prop_assert!(floors.least() <= time.draw(uniform), "{time:?}");
                }
            }
        }
    }
}
