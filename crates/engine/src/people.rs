//! Named people at work: who is busy until when, and which calls ring them.

use routing::time::Nanos;
use smallvec::SmallVec;

/// One person.
#[derive(Debug)]
pub(crate) struct Person {
    /// Busy (picked up, talking or in wrap-up) before this time.
    pub busy_until: Nanos,
    /// The calls that ring this person, one entry a leg, in the order in which they began.
    pub ringing: SmallVec<[u32; 8]>,
    /// The queues on hold that this person serves.
    pub serves: SmallVec<[u32; 2]>,
    /// When the person logs in next, as far as an event for it is put in.
    pub next_log_in: Nanos,
}

impl Default for Person {
    fn default() -> Self {
        Self {
            busy_until: Nanos::ZERO,
            ringing: SmallVec::new(),
            serves: SmallVec::new(),
            next_log_in: Nanos::NEVER,
        }
    }
}

impl Person {
    #[inline]
    pub(crate) fn busy(&self, now: Nanos) -> bool {
        now < self.busy_until
    }

    /// One leg of a call rings no more.
    #[inline]
    pub(crate) fn stops_ringing(&mut self, call: u32) {
        if let Some(at) = self.ringing.iter().position(|slot| *slot == call) {
            self.ringing.remove(at);
        }
    }

    /// The same where all legs of the call end together: which of its entries goes first does not
    /// matter, and the last one in costs least.
    #[inline]
    pub(crate) fn stops_last(&mut self, call: u32) {
        if self.ringing.last() == Some(&call) {
            self.ringing.pop();
        } else {
            self.stops_ringing(call);
        }
    }
}
