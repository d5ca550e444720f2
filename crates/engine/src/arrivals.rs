//! The fresh calls of one replication: those of all `[[arrivals]]` in the order of time.
//!
//! Knows nothing of what becomes of a call.

use model::Draws;
use model::arrivals::{Cursor, Due, Start};
use routing::record::FreshCall;
use routing::time::Nanos;

use crate::plan::Plan;

/// One table on its way.
struct Running<'p> {
    cursor: Box<dyn Cursor + 'p>,
    next: Option<Due>,
}

/// Fresh calls by time; those of one instant in the order of their tables.
pub struct Arrivals<'p> {
    plan: &'p Plan,
    draws: Draws,
    sources: Vec<Running<'p>>,
    next: Option<(Nanos, usize)>,
}

impl<'p> Arrivals<'p> {
    /// All those of a replication, from its start.
    pub fn new(plan: &'p Plan, replication: u32) -> Self {
        let draws = plan.draws(replication);
        let running = |(at, source): (usize, &'p model::arrivals::Source)| {
            let start = Start {
                draws,
                source: at as u16,
                calendar: &plan.calendar,
                until: plan.duration,
                day_cv: source.day_cv,
            };
            let mut cursor = source.process.start(&start);
            let next = cursor.next();
            Running { cursor, next }
        };
        let mut arrivals = Self {
            plan,
            draws,
            sources: plan.sources.iter().enumerate().map(running).collect(),
            next: None,
        };
        arrivals.find_next();
        arrivals
    }

    /// None: whoever drives the engine brings the calls.
    pub(crate) fn none(plan: &'p Plan) -> Self {
        Self {
            plan,
            draws: plan.draws(0),
            sources: Vec::new(),
            next: None,
        }
    }

    fn find_next(&mut self) {
        let due = |(at, source): (usize, &Running<'_>)| source.next.map(|due| (due.at, at));
        self.next = self.sources.iter().enumerate().filter_map(due).min();
    }

    /// When the next one comes.
    pub fn next_at(&self) -> Option<Nanos> {
        self.next.map(|(at, _)| at)
    }
}

impl Iterator for Arrivals<'_> {
    type Item = FreshCall;

    fn next(&mut self) -> Option<FreshCall> {
        let (_, source) = self.next?;
        let due = self.sources[source].next?;
        let plan = self.plan;
        let fresh = plan.sources[source].call(&self.draws, source as u16, &due, &plan.accounts);
        let running = &mut self.sources[source];
        running.next = running.cursor.next();
        self.find_next();
        Some(fresh)
    }
}
