//! Violations of one account, and its block.

use std::collections::VecDeque;

use super::params::{LimitParams, ViolationWindow};
use super::window::Moment;
use crate::time::Nanos;

/// What is remembered of an account that has violated at least once.
#[derive(Debug, Clone, Default)]
pub(super) struct AccountBlock {
    /// Blocked while now is before this.
    until: Nanos,
    /// How many violations made the block.
    made_by: u32,
    /// The violations that still count, oldest first; at most what the limit allows and those of
    /// one call.
    recent: VecDeque<Nanos>,
    /// The UTC hour that `recent` belongs to, with `fixed-hour`.
    hour: u64,
}

impl AccountBlock {
    /// The violations that made the block, while it holds.
    #[inline]
    pub(super) fn holds(&self, now: Nanos) -> Option<u32> {
        (now < self.until).then_some(self.made_by)
    }

    /// Adds violations of one attempt and says whether they block the account: more than the limit
    /// within the hour. A block clears them.
    pub(super) fn violate(&mut self, violations: u8, at: Moment, params: &LimitParams) -> bool {
        self.forget(at, params.violation_window);
        for _ in 0..violations {
            self.recent.push_back(at.now);
        }
        let count = self.recent.len();
        if count <= params.violations_per_hour as usize {
            return false;
        }
        self.made_by = u32::try_from(count).unwrap_or(u32::MAX);
        self.until = params
            .block_until
            .map_or(Nanos::NEVER, |span| at.now + span);
        self.recent = VecDeque::new();
        true
    }

    fn forget(&mut self, at: Moment, window: ViolationWindow) {
        match window {
            ViolationWindow::Sliding => {
                while self
                    .recent
                    .front()
                    .is_some_and(|t| at.now.since(*t) >= Nanos::HOUR)
                {
                    self.recent.pop_front();
                }
            }
            ViolationWindow::FixedHour => {
                let hour = at.clock.0 / Nanos::HOUR.0;
                if hour != self.hour {
                    self.hour = hour;
                    self.recent.clear();
                }
            }
        }
    }
}
