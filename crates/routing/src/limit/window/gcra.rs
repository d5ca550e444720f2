//! The generic cell rate algorithm: a bucket of `limit` tokens that fills at `limit` a minute.

use super::{Moment, Window};
use crate::time::Nanos;

/// When the bucket will be full again ("theoretical arrival time"). A call takes a token of 60 s /
/// `limit` (rounded to whole nanoseconds, down) and is over when less than a whole one is there. A
/// full bucket lets `limit` through at once and one more each 60 s / `limit`: 19 in the first
/// minute at a limit of 10, where the sliding log lets 10 through.
///
/// With `count_blocked` a blocked call takes what there is of a token, so that whoever calls
/// faster than the tokens come stays blocked; without it the fraction is kept and the next token
/// comes in time.
#[derive(Debug, Clone, Default)]
pub(in super::super) struct Gcra {
    full_at: Nanos,
}

/// What one token is worth.
fn token(limit: u32) -> u64 {
    Nanos::MINUTE.0 / u64::from(limit)
}

impl Window for Gcra {
    type Spare = ();

    fn count(&mut self, at: Moment, limit: u32) -> u32 {
        if limit == 0 {
            return 1;
        }
        let taken = self.full_at.since(at.now).0.div_ceil(token(limit));
        // At most `limit` tokens are ever taken.
        1 + taken as u32
    }

    fn enter(&mut self, at: Moment, limit: u32, _spare: &mut ()) {
        if limit > 0 {
            let token = token(limit);
            let taken = self.full_at.since(at.now).0;
            let bucket = token * u64::from(limit);
            self.full_at = at.now + Nanos((taken + token).min(bucket));
        }
    }
}
