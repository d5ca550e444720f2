//! What each person of the staff did, and each sub-account got.

use routing::Nanos;
use routing::record::Outcome;

use crate::counts::{OUTCOMES, add_each};

/// One person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PersonCount {
    /// How often they were rung, however many devices rang.
    pub rung: u64,
    /// How many counted calls they answered.
    pub answered: u64,
    /// How long they talked in those, ns.
    pub talk_ns: u128,
    /// How long they were busy within the window (talk and wrap-up), ns.
    pub busy_ns: u128,
}

impl PersonCount {
    /// What another part counted for the same person.
    pub fn merge(&mut self, other: &Self) {
        self.rung += other.rung;
        self.answered += other.answered;
        self.talk_ns += other.talk_ns;
        self.busy_ns += other.busy_ns;
    }
}

/// The same while it is counted: in half the room, for each call comes to other people than the one
/// before. One person talks with one caller at a time, so their sums fit as a run's time does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct PersonTally {
    pub(crate) rung: u32,
    pub(crate) answered: u32,
    pub(crate) talk_ns: u64,
    pub(crate) busy_ns: u64,
}

impl PersonTally {
    /// What another part counted for the same person.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.rung += other.rung;
        self.answered += other.answered;
        self.talk_ns += other.talk_ns;
        self.busy_ns += other.busy_ns;
    }
}

impl From<PersonTally> for PersonCount {
    fn from(tally: PersonTally) -> Self {
        Self {
            rung: tally.rung.into(),
            answered: tally.answered.into(),
            talk_ns: tally.talk_ns.into(),
            busy_ns: tally.busy_ns.into(),
        }
    }
}

/// One sub-account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AccountCount {
    /// Its counted calls by outcome.
    pub outcomes: [u64; OUTCOMES],
    /// Violations of rate limits within the window.
    pub violations: u64,
    /// When it was first blocked within the window.
    pub blocked_at: Option<Nanos>,
}

impl AccountCount {
    /// All its counted calls.
    pub fn offered(&self) -> u64 {
        self.outcomes.iter().sum()
    }

    /// Its calls with this outcome.
    pub const fn outcome(&self, outcome: Outcome) -> u64 {
        self.outcomes[outcome as usize]
    }

    /// What another part counted for the same sub-account.
    pub fn merge(&mut self, other: &Self) {
        add_each(&mut self.outcomes, &other.outcomes);
        self.violations += other.violations;
        self.blocked_at = earlier(self.blocked_at, other.blocked_at);
    }
}

/// The earlier of two instants, if there is any.
pub(crate) fn earlier(a: Option<Nanos>, b: Option<Nanos>) -> Option<Nanos> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}
