//! The sliding minute as two clock minutes: an estimate that needs no times.

use super::{Moment, Window};
use crate::time::Nanos;

/// Counts of this clock minute and the last. The estimate is this minute's count, and the last
/// one's times the share of it that the sliding 60 s still cover; compared in whole numbers scaled
/// by 60 s.
///
/// With `count_blocked` the blocked calls of the last minute weigh on this one, so that a caller
/// who keeps calling stays blocked; without it a steady caller gets about `limit` calls a minute.
#[derive(Debug, Clone, Default)]
pub(in super::super) struct SlidingCounter {
    minute: u32,
    this: u32,
    last: u32,
}

impl Window for SlidingCounter {
    type Spare = ();

    fn count(&mut self, at: Moment, _limit: u32) -> u32 {
        let minute = at.minute() as u32;
        if minute != self.minute {
            let last = if minute - self.minute == 1 {
                self.this
            } else {
                0
            };
            *self = Self {
                minute,
                this: 0,
                last,
            };
        }
        let whole = Nanos::MINUTE.0;
        let still_covered = u128::from(whole - at.clock.0 % whole);
        let weighted = (u128::from(self.last) * still_covered).div_ceil(u128::from(whole));
        // Rounding up is exact for "more than a whole number".
        let count = weighted + u128::from(self.this) + 1;
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    fn enter(&mut self, _at: Moment, _limit: u32, _spare: &mut ()) {
        self.this = self.this.saturating_add(1);
    }
}
