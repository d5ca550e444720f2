//! A live call, and the room where live calls are kept.

use routing::account::{NumberId, PersonId, UserId};
use routing::number::PhoneNumber;
use routing::record::{Cause, FreshId, Outcome};
use routing::time::Nanos;
use routing::trace::RuleId;

use crate::queue::{MAX_SLOTS, Stamp};

/// Where in its life a call is: what its next event means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// Not a call yet: the caller will call (again) when the event is due.
    ToArrive,
    /// Decisions are awaited or legs ring: the race knows what is next.
    Racing,
    /// In the menu of an IVR.
    Menu,
    /// In a queue on hold.
    Held { hold: u32, since: Nanos, turn: u64 },
    /// Somebody talks.
    Connected(Talk),
    /// A machine talks, or a message is left: the end is known.
    Ending { outcome: Outcome },
}

/// Who talks with the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Talk {
    /// A named person, as this user.
    pub who: Option<(PersonId, UserId)>,
    /// An unnamed agent of this queue.
    pub agent_of: Option<u32>,
    /// When the leg began to ring.
    pub leg_from: Nanos,
    /// Whether it is the first leg of the person in its stage.
    pub first_of_person: bool,
    /// Busy so long after the call.
    pub wrap_up: Nanos,
}

/// A call from its arrival to its end, and its caller until the next attempt.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub fresh: FreshId,
    pub attempt: u32,
    pub from: Option<PhoneNumber>,
    pub to: PhoneNumber,
    /// The number at which the call is now: the one dialled, or one that it hopped to.
    pub number: Option<NumberId>,
    pub state: State,
    pub stamp: Stamp,
    pub due: Nanos,
    pub race: Option<u32>,
    pub arrived: Nanos,
    pub rang: Option<Nanos>,
    pub patience_ends: Nanos,
    pub held: Option<(Nanos, Nanos)>,
    pub answered: Option<Nanos>,
    pub rule: Option<RuleId>,
    pub hops: u16,
    /// Whether at least one leg was tried, and whether every one of them was busy.
    pub tried: bool,
    pub all_busy: bool,
    pub previous_arrived: Option<Nanos>,
    pub reached_before: bool,
}

impl Call {
    pub(crate) fn new(fresh: FreshId, from: Option<PhoneNumber>, to: PhoneNumber) -> Self {
        Self {
            fresh,
            attempt: 1,
            from,
            to,
            number: None,
            state: State::ToArrive,
            stamp: Stamp::NONE,
            due: Nanos::NEVER,
            race: None,
            arrived: Nanos::ZERO,
            rang: None,
            patience_ends: Nanos::NEVER,
            held: None,
            answered: None,
            rule: None,
            hops: 0,
            tried: false,
            all_busy: true,
            previous_arrived: None,
            reached_before: false,
        }
    }

    /// The same caller's next attempt.
    pub(crate) fn again(&self) -> Self {
        Self {
            attempt: self.attempt + 1,
            previous_arrived: Some(self.arrived),
            reached_before: self.reached_before,
            ..Self::new(self.fresh, self.from, self.to)
        }
    }
}

/// How a call ends: its outcome and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct End {
    pub outcome: Outcome,
    pub cause: Cause,
}

impl End {
    pub(crate) const fn new(outcome: Outcome, cause: Cause) -> Self {
        Self { outcome, cause }
    }
}

/// Things by slot, with room that is used again.
#[derive(Debug)]
pub(crate) struct Room<T> {
    slots: Vec<T>,
    free: Vec<u32>,
}

impl<T> Default for Room<T> {
    fn default() -> Self {
        Self {
            slots: Vec::new(),
            free: Vec::new(),
        }
    }
}

impl<T> Room<T> {
    /// A slot for this thing; none when there is no room for more.
    pub(crate) fn put(&mut self, thing: T) -> Option<u32> {
        if let Some(slot) = self.free.pop() {
            self.slots[slot as usize] = thing;
            return Some(slot);
        }
        if self.slots.len() >= MAX_SLOTS {
            return None;
        }
        self.slots.push(thing);
        Some(self.slots.len() as u32 - 1)
    }

    /// A slot whose thing was used before (or `make` makes it), for things that keep their memory.
    pub(crate) fn take_used(&mut self, make: impl FnOnce() -> T) -> u32 {
        self.free.pop().unwrap_or_else(|| {
            self.slots.push(make());
            self.slots.len() as u32 - 1
        })
    }

    /// Gives a slot back.
    pub(crate) fn free(&mut self, slot: u32) {
        self.free.push(slot);
    }
}

impl<T> std::ops::Index<u32> for Room<T> {
    type Output = T;
    fn index(&self, slot: u32) -> &T {
        &self.slots[slot as usize]
    }
}

impl<T> std::ops::IndexMut<u32> for Room<T> {
    fn index_mut(&mut self, slot: u32) -> &mut T {
        &mut self.slots[slot as usize]
    }
}
