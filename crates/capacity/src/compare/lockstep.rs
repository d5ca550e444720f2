//! One replication of both sides, together through virtual time.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use engine::run::Watch;
use engine::{Engine, Fault, InProcess};
use measure::moves::{Matching, Moves};
use measure::{Replication, Tally};
use routing::Nanos;
use routing::record::{
    CallRecord, DecisionRecord, FreshCall, LegRecord, Level, QueueSpan, Sink, ViolationRecord,
};

use crate::job::Job;

/// Into so many slices a run is cut at most; none is shorter than a second.
const SLICES: u64 = 4096;

/// One replication of both sides.
pub(super) struct Pair {
    pub(super) a: Replication,
    pub(super) b: Replication,
    /// None when the sides met other calls.
    pub(super) moves: Option<Moves>,
}

/// Runs one replication of both sides; none when the run was stopped before it was over.
///
/// # Errors
/// See [`Fault`].
pub(super) fn run(
    (a, b): (&Job, &Job),
    replication: u32,
    show: usize,
    watch: &Watch,
) -> Result<Option<Pair>, Fault> {
    let stopped = || watch.stop.load(Ordering::Relaxed);
    if stopped() {
        return Ok(None);
    }
    let matching = Matching::new(replication, a.setup.window(), show);
    let matching = Rc::new(RefCell::new(matching));
    let mut sides = [
        engine(a, replication, 0, &matching),
        engine(b, replication, 1, &matching),
    ];
    let until = a.plan.duration.max(b.plan.duration);
    let slice = Nanos((until.0 / SLICES).max(Nanos::SECOND.0));
    let mut now = Nanos::ZERO;
    while let Some(due) = sides.iter_mut().filter_map(Engine::next_due).min() {
        let before = now.min(until).whole_secs();
        now = (now + slice).max(due);
        for side in &mut sides {
            // Step by step, and never beyond the last event: how long the last callers wait on
            // hold hangs on it.
            while let Some(due) = side.next_due().filter(|due| *due <= now) {
                side.advance(due);
                if side.has_fault() {
                    break;
                }
            }
        }
        matching.borrow_mut().look();
        let passed = now.min(until).whole_secs() - before;
        watch.passed_s.fetch_add(passed, Ordering::Relaxed);
        if stopped() {
            return Ok(None);
        }
        if sides.iter().any(Engine::has_fault) {
            break;
        }
    }
    let [a, b] = sides.map(Engine::finish);
    let ((a, of_a), (b, of_b)) = (a?, b?);
    watch
        .ended
        .fetch_add(of_a.ended + of_b.ended, Ordering::Relaxed);
    watch.done.fetch_add(1, Ordering::Relaxed);
    let (a, b) = (a.close(), b.close());
    let matching = Rc::try_unwrap(matching).map(RefCell::into_inner);
    let moves = matching.ok().and_then(Matching::finish);
    Ok(Some(Pair { a, b, moves }))
}

fn engine<'a>(
    job: &'a Job,
    replication: u32,
    side: usize,
    matching: &Rc<RefCell<Matching>>,
) -> Engine<'a, InProcess, Book> {
    let tally = Tally::new(Arc::clone(&job.setup), replication);
    let book = Book {
        tally: tally.expect("the setup was checked just now").undivided(),
        side,
        matching: Rc::clone(matching),
    };
    Engine::new(&job.plan, replication, job.in_process(), book)
}

/// What one side is written down in.
struct Book {
    tally: Tally,
    side: usize,
    matching: Rc<RefCell<Matching>>,
}

impl Book {
    /// Closes it, and lets go of what both sides share.
    fn close(self) -> Replication {
        self.tally.finish()
    }
}

impl Sink for Book {
    fn record(&mut self, record: &CallRecord) {
        self.tally.record(record);
        self.matching.borrow_mut().ended(self.side, record);
    }

    fn fresh(&mut self, call: &FreshCall) {
        self.tally.fresh(call);
        self.matching.borrow_mut().fresh(self.side, call);
    }

    fn decision(&mut self, record: &DecisionRecord<'_>) {
        self.tally.decision(record);
    }

    fn leg(&mut self, record: &LegRecord) {
        self.tally.leg(record);
    }

    fn violation(&mut self, record: &ViolationRecord) {
        self.tally.violation(record);
    }

    fn queue(&mut self, span: &QueueSpan) {
        self.tally.queue(span);
    }

    fn level(&mut self, level: &Level) {
        self.tally.level(level);
    }
}
