//! What whoever watches a driven run may see of it, while it runs.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use routing::record::{
    CallRecord, DecisionRecord, FreshCall, LegRecord, Level, Outcome, QueueSpan, Sink,
    ViolationRecord,
};

use crate::wire::status::Ended;

/// How many outcomes there are.
const OUTCOMES: usize = Outcome::ALL.len();

/// How far a run is.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// Since its start.
    pub elapsed: Duration,
    /// For so long calls arrive.
    pub duration: Duration,
    /// Of the time in which calls arrive, the share that has passed: in a closed loop, where the
    /// clock on the wall does not tell it.
    pub passed: Option<f64>,
    /// Questions that were due so far.
    pub due: u64,
    /// Requests that were sent.
    pub sent: u64,
    /// Requests that were given up before they were sent.
    pub not_sent: u64,
    /// Requests that have come to an end.
    pub done: u64,
    /// Questions under way.
    pub in_flight: usize,
    /// Questions that wait for a connection.
    pub waiting: usize,
    /// Lanes in use or kept open.
    pub connections: usize,
    /// Calls in the system.
    pub live: u32,
    /// 429 and 503.
    pub refused: u64,
    /// Requests that failed in any other way.
    pub failed: u64,
    /// Response of those that were answered, in nanoseconds: p50, p90, p99 and the longest.
    pub response_ns: [u64; 4],
    /// Our own lag at p99, in nanoseconds.
    pub lag_p99_ns: u64,
    /// The same of the last ten seconds.
    pub lag_of_late_ns: u64,
    /// What the calls came to.
    pub calls: Calls,
}

/// What the calls came to so far.
#[derive(Debug, Clone, Copy, Default)]
pub struct Calls {
    /// In the order of [`Outcome::ALL`].
    pub outcomes: [u64; OUTCOMES],
    /// Of rate limits.
    pub violations: u64,
    /// Times that an account was blocked.
    pub blocks: u64,
}

impl Calls {
    /// Calls that have ended.
    pub fn ended(&self) -> u64 {
        self.outcomes.iter().sum()
    }
}

/// Where a run shows how far it is.
#[derive(Debug, Default)]
pub struct View(Mutex<Seen>);

impl View {
    /// The latest.
    pub fn seen(&self) -> Seen {
        let seen = self.0.lock();
        seen.unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn show(&self, seen: Seen) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = seen;
    }
}

/// Passes everything on, and counts what a viewer wants to see.
pub struct Noted<S> {
    /// Who is told.
    pub inner: S,
    /// What was counted.
    pub calls: Calls,
    /// Ends that are to be told, in their order, where they are.
    pub(super) ends: Option<RefCell<VecDeque<Ended>>>,
}

impl<S> Noted<S> {
    /// Nothing yet.
    pub fn new(inner: S) -> Self {
        Self {
            inner,
            calls: Calls::default(),
            ends: None,
        }
    }
}

impl<S: Sink> Sink for Noted<S> {
    fn record(&mut self, record: &CallRecord) {
        self.calls.outcomes[record.outcome as usize] += 1;
        if let Some(ends) = &mut self.ends {
            ends.get_mut().extend(Ended::of(record));
        }
        self.inner.record(record);
    }

    fn fresh(&mut self, call: &FreshCall) {
        self.inner.fresh(call);
    }

    fn decision(&mut self, record: &DecisionRecord<'_>) {
        self.inner.decision(record);
    }

    fn leg(&mut self, record: &LegRecord) {
        self.inner.leg(record);
    }

    fn violation(&mut self, record: &ViolationRecord) {
        self.calls.violations += u64::from(record.count);
        self.calls.blocks += u64::from(record.blocks_account);
        self.inner.violation(record);
    }

    fn queue(&mut self, span: &QueueSpan) {
        self.inner.queue(span);
    }

    fn level(&mut self, level: &Level) {
        self.inner.level(level);
    }
}
