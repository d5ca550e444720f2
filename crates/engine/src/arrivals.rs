//! The fresh calls of one replication of a plan: those of all `[[arrivals]]` in the order of time.
//!
//! Knows nothing of what becomes of a call.

use model::arrivals::{Arrival, Arrivals as Merged, Stream};
use routing::record::FreshCall;
use routing::time::Nanos;

use crate::plan::Plan;

/// Fresh calls by time; those of one instant in the order of their tables.
pub struct Arrivals<'p>(Merged<'p>);

impl<'p> Arrivals<'p> {
    /// All those of a replication, from its start.
    pub fn new(plan: &'p Plan, replication: u32) -> Self {
        Self::of(plan, replication, &plan.sources)
    }

    /// None: whoever drives the engine brings the calls.
    pub(crate) fn none(plan: &'p Plan) -> Self {
        Self::of(plan, 0, &[])
    }

    fn of(plan: &'p Plan, replication: u32, sources: &'p [model::arrivals::Source]) -> Self {
        Self(Merged::new(&Stream {
            draws: plan.draws(replication),
            sources,
            accounts: &plan.accounts,
            calendar: &plan.calendar,
            until: plan.duration,
        }))
    }

    /// The next one with what was made together with it: which of our numbers is dialled, and the
    /// draws of its first attempt.
    #[inline]
    pub(crate) fn bring(&mut self) -> Option<Arrival> {
        self.0.next()
    }

    /// When the next one comes.
    #[inline]
    pub fn next_at(&self) -> Option<Nanos> {
        self.0.due()
    }
}

impl Iterator for Arrivals<'_> {
    type Item = FreshCall;

    #[inline]
    fn next(&mut self) -> Option<FreshCall> {
        self.0.next().map(|arrival| arrival.call)
    }
}
