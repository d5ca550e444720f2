//! Distinct people behind the calls.
//!
//! Where every fresh call of a source is a person of its own, and for withheld numbers, a person
//! is a fresh call with its redials: two counters do. Elsewhere a person is the calling number.

use routing::record::{CallRecord, Outcome};
use routing::{Nanos, PhoneNumber};
use rustc_hash::FxHashMap;

use crate::setup::{Setup, Window};

/// Whether the attempt before, if there was one, arrived in the window.
#[cold]
fn tried_before(previous: Option<Nanos>, window: Window) -> bool {
    previous.is_some_and(|at| window.contains(at))
}

/// People with an attempt in the window.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Callers {
    /// People known by their chain of attempts.
    chains: u64,
    /// Those of them whom somebody answered.
    chains_reached: u64,
    /// People known by their number, and whether somebody answered them. Only ever counted over,
    /// so its order does not matter.
    numbers: FxHashMap<PhoneNumber, bool>,
}

impl Callers {
    /// One more call; it must have arrived in the window.
    #[inline]
    pub fn add(&mut self, call: &CallRecord, setup: &Setup, window: Window) {
        let source = usize::from(call.fresh.source);
        let unique = setup.source_is_unique.get(source).copied().unwrap_or(false);
        let answered = call.outcome == Outcome::Answered;
        match call.from {
            Some(number) if !unique => *self.numbers.entry(number).or_default() |= answered,
            _ => {
                let first = call.attempt <= 1 || !tried_before(call.previous_arrived, window);
                self.chains += u64::from(first);
                self.chains_reached += u64::from(answered && !call.reached_before);
            }
        }
    }

    /// All those of another part. A number that called in both is one person.
    pub fn merge(&mut self, other: &Self) {
        self.chains += other.chains;
        self.chains_reached += other.chains_reached;
        #[expect(
            clippy::iter_over_hash_type,
            reason = "marks of a set add up in any order"
        )]
        for (number, reached) in &other.numbers {
            *self.numbers.entry(*number).or_default() |= reached;
        }
    }

    /// How many people tried.
    pub fn offered(&self) -> u64 {
        self.chains + self.numbers.len() as u64
    }

    /// How many of them had an attempt answered.
    pub fn reached(&self) -> u64 {
        self.chains_reached + self.numbers.values().filter(|reached| **reached).count() as u64
    }
}
