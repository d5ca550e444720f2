//! Named people at work: who is busy until when, and which calls ring them.

use routing::time::Nanos;
use smallvec::SmallVec;

/// A call that rings a person. A call may stand in the list more than once; how often it does, and
/// the legs of each entry, come to one for each leg that rings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ringing {
    pub call: u32,
    /// How many legs began to ring one after the other.
    pub legs: u32,
}

/// One person, as far as every call asks: half a cache line, since each call comes to other people
/// than the one before. Seldom do more than two calls ring somebody at once.
#[derive(Debug, Default)]
#[repr(align(32))]
pub(crate) struct Person {
    /// Busy (picked up, talking or in wrap-up) before this time.
    pub busy_until: Nanos,
    /// The calls that ring this person, in the order in which they began.
    pub ringing: SmallVec<[Ringing; 2]>,
}

const _: () = assert!(size_of::<Person>() == 32);

/// What a person does on hold.
#[derive(Debug)]
pub(crate) struct Duty {
    /// The queues on hold that this person serves.
    pub serves: SmallVec<[u32; 2]>,
    /// When the person logs in next, as far as an event for it is put in.
    pub next_log_in: Nanos,
}

impl Default for Duty {
    fn default() -> Self {
        Self {
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

    /// So many legs of a call that did not ring this person begin to.
    #[inline]
    pub(crate) fn rings_anew(&mut self, call: u32, legs: u32) {
        self.ringing.push(Ringing { call, legs });
    }

    /// So many legs of a call begin to ring.
    #[inline]
    pub(crate) fn rings(&mut self, call: u32, legs: u32) {
        match self.ringing.last_mut() {
            Some(last) if last.call == call => last.legs += legs,
            _ => self.ringing.push(Ringing { call, legs }),
        }
    }

    /// One leg of a call rings no more: one of those that began first.
    #[inline]
    pub(crate) fn stops_ringing(&mut self, call: u32) {
        if let Some(at) = self.ringing.iter().position(|it| it.call == call) {
            let first = &mut self.ringing[at];
            first.legs -= 1;
            if first.legs == 0 {
                self.ringing.remove(at);
            }
        }
    }

    /// No leg of a call rings any more. Most often it is the call that began last.
    #[inline]
    pub(crate) fn all_stop(&mut self, call: u32) {
        if self.ringing.last().is_some_and(|it| it.call == call) {
            self.ringing.pop();
        }
        if !self.ringing.is_empty() {
            self.ringing.retain(|it| it.call != call);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// The plain form: one entry a leg.
        #[test]
        fn runs_of_legs_are_a_list_of_legs(
            steps in prop::collection::vec((0u32..5, 0u32..4, 0u8..4), 0..60),
        ) {
            let mut person = Person::default();
            let mut plain: Vec<u32> = Vec::new();
            for (call, legs, what) in steps {
                match what {
                    0 | 1 => {
                        if legs > 0 && !plain.contains(&call) {
                            person.rings_anew(call, legs);
                        } else if legs > 0 {
                            person.rings(call, legs);
                        }
                        plain.extend((0..legs).map(|_| call));
                    }
                    2 => {
                        person.stops_ringing(call);
                        if let Some(at) = plain.iter().position(|it| *it == call) {
                            plain.remove(at);
                        }
                    }
                    _ => {
                        person.all_stop(call);
                        plain.retain(|it| *it != call);
                    }
                }
                let legs: Vec<u32> = person
                    .ringing
                    .iter()
                    .flat_map(|it| (0..it.legs).map(|_| it.call))
                    .collect();
                prop_assert_eq!(&legs, &plain);
            }
        }
    }
}
