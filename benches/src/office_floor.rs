//! The floor of the office day: as many events a call as [`crate::office_day`] has, as many of
//! them pending, through the bare heap of [`crate::floor`], with nothing else done.
//!
//! A call rings, and four of five are then talks; one of a hundred calls again.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

use crate::office_day::{CALLS_AN_HOUR, NUMBERS};

const ARRIVAL: u8 = 0;
const REDIAL: u8 = 1;
const RING_END: u8 = 2;
const TALK_END: u8 = 3;

/// Mean ringing time, talk and time until the next attempt, in nanoseconds: about those of the
/// office day.
const RING_NS: f64 = 9e9;
const TALK_NS: f64 = 180e9;
const REDIAL_NS: f64 = 1_800e9;

/// Shares of the calls that ring: who talks to somebody or something, who calls again.
const TALKS: f64 = 0.79;
const REDIALS: f64 = 0.01;

/// What the floor knows in the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sums {
    /// Events worked off.
    pub events: u64,
    /// Calls that ended, fresh ones and redials.
    pub ended: u64,
    /// Calls of these that rang only.
    pub rang_only: u64,
}

/// Lets so many fresh calls come and follows each to its end.
pub fn run(seed: u64, fresh: u64) -> Sums {
    let mut draws = Pcg64Mcg::seed_from_u64(seed);
    let mut heap: BinaryHeap<Reverse<(u64, u64, u8)>> = BinaryHeap::with_capacity(1024);
    let mut sums = Sums::default();
    let (mut seq, mut came) = (0u64, 0u64);
    let gap_ns = 3_600e9 / (f64::from(NUMBERS) * CALLS_AN_HOUR);
    let mut put = |heap: &mut BinaryHeap<_>, draws: &mut Pcg64Mcg, now: u64, mean_ns, kind| {
        seq += 1;
        // 1 - u is never 0, as u is below 1.
        let span = -(1.0 - draws.random::<f64>()).ln() * mean_ns;
        heap.push(Reverse((now + span as u64, seq, kind)));
    };
    put(&mut heap, &mut draws, 0, gap_ns, ARRIVAL);
    while let Some(Reverse((now, _, kind))) = heap.pop() {
        sums.events += 1;
        if kind == ARRIVAL {
            came += 1;
            if came < fresh {
                put(&mut heap, &mut draws, now, gap_ns, ARRIVAL);
            }
        }
        if kind == ARRIVAL || kind == REDIAL {
            put(&mut heap, &mut draws, now, RING_NS, RING_END);
            continue;
        }
        let what = draws.random::<f64>();
        if kind == RING_END && what < TALKS {
            put(&mut heap, &mut draws, now, TALK_NS, TALK_END);
            continue;
        }
        sums.ended += 1;
        sums.rang_only += u64::from(kind == RING_END);
        if kind == RING_END && what < TALKS + REDIALS {
            put(&mut heap, &mut draws, now, REDIAL_NS, REDIAL);
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use routing::Nanos;

    use super::*;
    use crate::office_day;

    #[test]
    fn it_has_as_many_events_a_call_as_the_office_day() {
        let sums = run(1, 100_000);
        let counts = office_day::world(Nanos(2 * Nanos::HOUR.0)).run(0).1;
        let floor = sums.events as f64 / sums.ended as f64;
        let world = counts.events as f64 / counts.ended as f64;
        assert!((floor / world - 1.0).abs() < 0.02, "{floor} and {world}");
    }
}
