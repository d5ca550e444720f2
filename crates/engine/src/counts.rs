//! What is known of a run that no sink needs: its counts, and why it cannot be believed.

/// Something that should not be: the run cannot be believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// More live calls than the engine holds.
    #[error(
        "more than 16 million calls at once: lower the rates or shorten what keeps calls alive"
    )]
    TooManyCalls,
    /// Calls went missing.
    #[error("{offered} calls arrived but {ended} ended: this is a bug of busyhour")]
    CallsLost {
        /// How many arrived.
        offered: u64,
        /// How many ended.
        ended: u64,
    },
}

/// Counts of a run that no sink needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Calls that arrived, redials included.
    pub arrived: u64,
    /// Calls that ended.
    pub ended: u64,
    /// Events and arrivals that were worked off.
    pub events: u64,
    /// Attempts that were not made because a caller had tried 65 535 times.
    pub attempts_cut: u64,
}

impl Counts {
    /// Those of another replication, or of another part of this one.
    pub fn add(&mut self, other: Self) {
        self.arrived += other.arrived;
        self.ended += other.ended;
        self.events += other.events;
        self.attempts_cut += other.attempts_cut;
    }
}
