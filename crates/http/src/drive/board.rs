//! What whoever watches a live run may see, at any time and from any thread.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Written by the driver, read by whoever watches; `stop` the other way round.
#[derive(Debug, Default)]
pub struct Board {
    /// Set it to start no more calls and drain.
    pub stop: AtomicBool,
    /// Nanoseconds of the run that have passed.
    pub(super) passed_ns: AtomicU64,
    pub(super) arrived: AtomicU64,
    pub(super) ended: AtomicU64,
    pub(super) due: AtomicU64,
    pub(super) done: AtomicU64,
    pub(super) failed: AtomicU64,
    pub(super) refused: AtomicU64,
    pub(super) in_flight: AtomicU64,
    pub(super) waiting: AtomicU64,
    pub(super) p50_us: AtomicU64,
    pub(super) p99_us: AtomicU64,
    pub(super) lag_p99_us: AtomicU64,
}

/// One look at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Glance {
    /// Nanoseconds of the run that have passed.
    pub passed_ns: u64,
    /// Calls that arrived, redials included.
    pub arrived: u64,
    /// Calls that ended.
    pub ended: u64,
    /// Questions that were due so far.
    pub due: u64,
    /// Questions that came to an answer or an end.
    pub done: u64,
    /// Of those, without a decision.
    pub failed: u64,
    /// Of those, told to come back later.
    pub refused: u64,
    /// Questions under way.
    pub in_flight: u64,
    /// Questions that wait for a connection.
    pub waiting: u64,
    /// Of the answers so far, in microseconds from due to reply.
    pub p50_us: u64,
    /// The same.
    pub p99_us: u64,
    /// How late we ourselves were.
    pub lag_p99_us: u64,
}

impl Board {
    /// How it stands.
    pub fn glance(&self) -> Glance {
        let of = |it: &AtomicU64| it.load(Ordering::Relaxed);
        Glance {
            passed_ns: of(&self.passed_ns),
            arrived: of(&self.arrived),
            ended: of(&self.ended),
            due: of(&self.due),
            done: of(&self.done),
            failed: of(&self.failed),
            refused: of(&self.refused),
            in_flight: of(&self.in_flight),
            waiting: of(&self.waiting),
            p50_us: of(&self.p50_us),
            p99_us: of(&self.p99_us),
            lag_p99_us: of(&self.lag_p99_us),
        }
    }

    /// Whether the run is to stop.
    pub(super) fn stops(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}

/// Puts a value on the board.
pub(super) fn put(on: &AtomicU64, value: u64) {
    on.store(value, Ordering::Relaxed);
}
