//! Queues on hold: who waits for a number, and who serves it.

use std::collections::VecDeque;

use routing::account::{NumberId, UserId};
use routing::record::QueueSpan;
use routing::time::Nanos;

use crate::queue::MAX_SLOTS;

/// A number without a queue.
pub(crate) const NO_HOLD: u32 = u32::MAX;

const SLOT_BITS: u32 = MAX_SLOTS.ilog2();

/// A caller in line in eight bytes: the slot of the call, and its turn (below 2^40).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Waiting(u64);

impl Waiting {
    #[inline]
    pub(crate) fn new(slot: u32, turn: u64) -> Self {
        Self(turn << SLOT_BITS | u64::from(slot))
    }

    #[inline]
    pub(crate) fn slot(self) -> u32 {
        self.0 as u32 & (MAX_SLOTS as u32 - 1)
    }

    #[inline]
    pub(crate) fn turn(self) -> u64 {
        self.0 >> SLOT_BITS
    }
}

/// Who serves a queue.
#[derive(Debug)]
pub(crate) enum Staff {
    /// These users, in file order.
    Named(Vec<UserId>),
    /// Unnamed agents: so many there, so many of them busy.
    Unnamed { there: u32, busy: u32 },
}

/// The queue of one number.
#[derive(Debug)]
pub(crate) struct Hold {
    pub number: NumberId,
    pub staff: Staff,
    pub room: Option<u32>,
    /// Callers in order. One that left is still listed; its turn is over.
    pub line: VecDeque<Waiting>,
    pub waiting: u32,
    pub changed: Nanos,
    /// The roster step that comes next, where there is a roster.
    pub next_step: usize,
}

impl Hold {
    pub(crate) fn new(number: NumberId, staff: Staff, room: Option<u32>) -> Self {
        Self {
            number,
            staff,
            room,
            line: VecDeque::new(),
            waiting: 0,
            changed: Nanos::ZERO,
            next_step: 0,
        }
    }

    /// Whether nobody more may wait.
    pub(crate) fn full(&self) -> bool {
        self.room.is_some_and(|room| self.waiting >= room)
    }

    /// Changes how many wait, and tells how long how many had waited.
    pub(crate) fn change(&mut self, by: i32, now: Nanos) -> QueueSpan {
        let span = QueueSpan {
            number: self.number,
            length: self.waiting,
            from: self.changed,
            until: now,
        };
        self.waiting = self.waiting.saturating_add_signed(by);
        self.changed = now;
        span
    }
}
