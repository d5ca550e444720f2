//! What is remembered of callers: two generations of a clock minute each.
//!
//! Whoever calls stands in this minute's table; an entry of the last minute's table moves over
//! when it is touched, and what is left there is dropped with its minute. So an entry lives at
//! least 60 s and at most 120 s after its last call, which is all that any reading of a minute
//! looks back, and the size follows the callers of the last two minutes.

use std::mem;

use rustc_hash::FxHashMap;

use super::params::LimitClass;
use super::window::Window;
use crate::number::PhoneNumber;

/// One caller within a scope and class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct CallerKey {
    /// The digits (below 2^50; 0 for a withheld number) and the class in the lowest bit.
    caller: u64,
    scope: u32,
}

impl CallerKey {
    pub(super) fn new(from: Option<PhoneNumber>, scope: u32, class: LimitClass) -> Self {
        let digits = from.map_or(0, PhoneNumber::digits);
        Self {
            caller: digits << 1 | u64::from(class == LimitClass::VoiceAi),
            scope,
        }
    }
}

/// Tables below this size are not worth shrinking.
const KEEP: usize = 1024;

/// The callers of this minute and of the last, with the state `S` of each.
#[derive(Debug, Clone)]
pub(super) struct Callers<S> {
    minute: u64,
    this: FxHashMap<CallerKey, S>,
    last: FxHashMap<CallerKey, S>,
}

impl<S: Window> Callers<S> {
    pub(super) fn new() -> Self {
        Self {
            minute: 0,
            this: FxHashMap::default(),
            last: FxHashMap::default(),
        }
    }

    /// How many are remembered.
    pub(super) fn held(&self) -> usize {
        self.this.len() + self.last.len()
    }

    /// What is remembered of this caller, in this clock minute; minutes never decrease.
    #[inline]
    pub(super) fn of(&mut self, key: CallerKey, minute: u64, spare: &mut S::Spare) -> &mut S {
        if minute != self.minute {
            self.turn(minute, spare);
        }
        let last = &mut self.last;
        self.this
            .entry(key)
            .or_insert_with(|| last.remove(&key).unwrap_or_default())
    }

    #[cold]
    fn turn(&mut self, minute: u64, spare: &mut S::Spare) {
        mem::swap(&mut self.this, &mut self.last);
        empty(&mut self.this, spare);
        if minute - self.minute > 1 {
            empty(&mut self.last, spare);
        }
        self.minute = minute;
        // A storm that is over gives its room back.
        let room = KEEP.max(2 * self.last.len());
        if self.this.capacity() > 2 * room {
            self.this.shrink_to(room);
        }
    }
}

#[expect(
    clippy::iter_over_hash_type,
    reason = "in which order memory is left behind reaches no result"
)]
fn empty<S: Window>(table: &mut FxHashMap<CallerKey, S>, spare: &mut S::Spare) {
    for (_, state) in table.drain() {
        state.leave(spare);
    }
}
