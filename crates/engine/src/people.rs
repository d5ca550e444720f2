//! Named people at work: who is busy until when, and which calls ring them.

use routing::time::Nanos;
use smallvec::SmallVec;

/// One person.
#[derive(Debug, Default)]
pub(crate) struct Person {
    /// Busy (picked up, talking or in wrap-up) before this time.
    pub busy_until: Nanos,
    /// The calls that ring this person, one entry a leg.
    pub ringing: SmallVec<[u32; 4]>,
    /// The queues on hold that this person serves.
    pub serves: SmallVec<[u32; 2]>,
}

impl Person {
    pub(crate) fn busy(&self, now: Nanos) -> bool {
        now < self.busy_until
    }

    pub(crate) fn stops_ringing(&mut self, call: u32) {
        if let Some(at) = self.ringing.iter().position(|slot| *slot == call) {
            self.ringing.remove(at);
        }
    }
}
