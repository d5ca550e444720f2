//! How "more than L calls in a minute" is read: one file each, all behind [`Window`].

mod fixed_minute;
mod gcra;
mod sliding_counter;
mod sliding_log;

pub(super) use fixed_minute::FixedMinute;
pub(super) use gcra::Gcra;
pub(super) use sliding_counter::SlidingCounter;
pub(super) use sliding_log::SlidingLog;

use crate::time::Nanos;

/// An instant as the readings want it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment {
    /// Since the start of the run.
    pub(super) now: Nanos,
    /// Since the last full UTC hour before the start of the run.
    pub(super) clock: Nanos,
}

impl Moment {
    pub(super) fn new(now: Nanos, start_offset: Nanos) -> Self {
        Self {
            now,
            clock: now + start_offset,
        }
    }

    /// The clock minute, counted from that hour. Fits 32 bits: `u64` nanoseconds are 307 million
    /// minutes.
    #[inline]
    pub(super) fn minute(self) -> u64 {
        self.clock.0 / Nanos::MINUTE.0
    }
}

/// What one counter remembers. `Default` is a counter that nothing entered yet; an attempt that
/// nothing followed for two clock minutes may be forgotten.
pub(super) trait Window: Default + Clone {
    /// Memory that a counter which needs none any more leaves to the next one that does, so that
    /// counters come and go without allocation.
    type Spare: Default + Clone + std::fmt::Debug;

    /// How many attempts the reading counts with one at this moment, which has not entered yet;
    /// over the limit iff more than `limit`. May forget what no longer counts.
    fn count(&mut self, at: Moment, limit: u32) -> u32;

    /// Enters an attempt at this moment, right after it was counted.
    fn enter(&mut self, at: Moment, limit: u32, spare: &mut Self::Spare);

    /// Leaves its memory behind. Most readings have none.
    fn leave(self, _spare: &mut Self::Spare) {}
}
