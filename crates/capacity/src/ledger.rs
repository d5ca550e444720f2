//! What a replication is written down in: its tally, and each call where somebody wants them.

use measure::Tally;
use routing::account::PersonId;
use routing::record::{
    CallRecord, DecisionRecord, FreshCall, LegRecord, Level, QueueSpan, Sink, ViolationRecord,
};

/// A tally, and each call beside it.
pub struct Ledger {
    /// The statistics.
    pub tally: Tally,
    /// Each call in the order of its end; none when nobody wants them.
    pub calls: Option<Vec<CallRecord>>,
}

impl Ledger {
    /// Adds what another part of the same replication wrote down.
    pub fn merge(&mut self, part: Self) {
        self.tally
            .merge(&part.tally)
            .expect("the parts of a replication are counted under one setup");
        if let (Some(mine), Some(theirs)) = (&mut self.calls, part.calls) {
            mine.extend(theirs);
        }
    }
}

impl Sink for Ledger {
    #[inline]
    fn record(&mut self, record: &CallRecord) {
        self.tally.record(record);
        if let Some(calls) = &mut self.calls {
            calls.push(record.clone());
        }
    }

    #[inline]
    fn fresh(&mut self, call: &FreshCall) {
        self.tally.fresh(call);
    }

    #[inline]
    fn decision(&mut self, record: &DecisionRecord<'_>) {
        self.tally.decision(record);
    }

    #[inline]
    fn leg(&mut self, record: &LegRecord) {
        self.tally.leg(record);
    }

    #[inline]
    fn legs(&mut self, common: &LegRecord, each: impl Iterator<Item = (Option<PersonId>, bool)>) {
        self.tally.legs(common, each);
    }

    fn violation(&mut self, record: &ViolationRecord) {
        self.tally.violation(record);
    }

    #[inline]
    fn queue(&mut self, span: &QueueSpan) {
        self.tally.queue(span);
    }

    fn level(&mut self, level: &Level) {
        self.tally.level(level);
    }
}
