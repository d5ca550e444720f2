//! The clock minute: what came since the last full minute counts.

use super::{Moment, Window};

/// The count of one clock minute. Around its edge up to twice the limit get through in an instant.
///
/// With `count_blocked` the count runs on while calls are blocked, which changes nothing before
/// the minute is over: without it the count stands still at the limit, and the next call is over
/// all the same. The two differ only where one limit stops what the other would have let through.
#[derive(Debug, Clone, Default)]
pub(in super::super) struct FixedMinute {
    minute: u32,
    count: u32,
}

impl Window for FixedMinute {
    type Spare = ();

    #[inline]
    fn count(&mut self, at: Moment, _limit: u32) -> u32 {
        let minute = at.minute() as u32;
        if minute != self.minute {
            *self = Self { minute, count: 0 };
        }
        self.count.saturating_add(1)
    }

    #[inline]
    fn enter(&mut self, _at: Moment, _limit: u32, _spare: &mut ()) {
        self.count = self.count.saturating_add(1);
    }
}
