//! The floor: M/M/50 as a bare loop over a binary heap, with a stream of draws and sums only.
//!
//! No features at all, but the same model as [`crate::mm50`]: one event for each arrival and one
//! for each end of service, so two a customer. Must stay as it is: every ratio that was ever
//! written down refers to it.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

/// Servers of the queue.
pub const SERVERS: u32 = 50;

/// Customers a second. The mean service is one second.
pub const ARRIVALS_PER_S: f64 = 45.0;

/// The exact share of customers who wait (Erlang C).
pub const EXACT_WAIT_SHARE: f64 = 0.363_864_467;

/// The exact mean wait over all customers, in seconds.
pub const EXACT_MEAN_WAIT_S: f64 = 0.072_772_893;

/// What the floor knows in the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sums {
    /// Events worked off.
    pub events: u64,
    /// Customers who came.
    pub arrived: u64,
    /// Customers whose service has begun.
    pub served: u64,
    /// Of these, who had to wait.
    pub waited: u64,
    /// How long all of them waited together, in nanoseconds.
    pub wait_ns: u64,
}

const ARRIVAL: u8 = 0;
const SERVICE_END: u8 = 1;

/// An exponential with this mean, in nanoseconds.
fn exponential_ns(draws: &mut Pcg64Mcg, mean_ns: f64) -> u64 {
    // 1 - u is never 0, as u is below 1.
    (-(1.0 - draws.random::<f64>()).ln() * mean_ns) as u64
}

/// Lets so many customers come and serves all of them.
pub fn run(seed: u64, customers: u64) -> Sums {
    let mut draws = Pcg64Mcg::seed_from_u64(seed);
    let mut heap: BinaryHeap<Reverse<(u64, u64, u8)>> = BinaryHeap::with_capacity(64);
    let mut line: VecDeque<u64> = VecDeque::new();
    let (mut seq, mut busy) = (0u64, 0u32);
    let mut sums = Sums::default();
    let gap_ns = 1e9 / ARRIVALS_PER_S;
    heap.push(Reverse((exponential_ns(&mut draws, gap_ns), seq, ARRIVAL)));
    while let Some(Reverse((now, _, kind))) = heap.pop() {
        sums.events += 1;
        let mut serves = false;
        if kind == ARRIVAL {
            sums.arrived += 1;
            if sums.arrived < customers {
                seq += 1;
                let next = now + exponential_ns(&mut draws, gap_ns);
                heap.push(Reverse((next, seq, ARRIVAL)));
            }
            if busy < SERVERS {
                busy += 1;
                serves = true;
            } else {
                line.push_back(now);
            }
        } else if let Some(came) = line.pop_front() {
            sums.waited += 1;
            sums.wait_ns += now - came;
            serves = true;
        } else {
            busy -= 1;
        }
        if serves {
            sums.served += 1;
            seq += 1;
            let ends = now + exponential_ns(&mut draws, 1e9);
            heap.push(Reverse((ends, seq, SERVICE_END)));
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_queue_that_it_says() {
        let sums = run(1, 1_000_000);
        assert_eq!(
            (sums.events, sums.arrived, sums.served),
            (2_000_000, 1_000_000, 1_000_000)
        );
        // A million customers know the mean wait to 4.2 %: three times that.
        let share = sums.waited as f64 / sums.served as f64;
        let mean_s = sums.wait_ns as f64 / sums.served as f64 / 1e9;
        assert!((share / EXACT_WAIT_SHARE - 1.0).abs() < 0.08, "{share}");
        assert!((mean_s / EXACT_MEAN_WAIT_S - 1.0).abs() < 0.13, "{mean_s}");
    }
}
