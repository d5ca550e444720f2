//! The virtual driver, and many replications in parallel.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use rayon::prelude::*;
use routing::record::Sink;
use routing::time::Nanos;

use crate::backend::Backend;
use crate::counts::{Counts, Fault};
use crate::engine::Engine;
use crate::plan::Plan;

/// What a run tells to whoever watches, and what it is told: may be read and written from any
/// thread.
#[derive(Debug, Default)]
pub struct Watch {
    /// Calls that ended so far, in all replications.
    pub ended: AtomicU64,
    /// Virtual time passed so far in all replications together, in whole seconds.
    pub passed_s: AtomicU64,
    /// Replications that are done.
    pub done: AtomicU64,
    /// Set it to end the run early: no fresh calls any more, those in the system end.
    pub stop: AtomicBool,
}

/// How many events pass between two looks at the watch.
const LOOK_EVERY: u64 = 1 << 14;

/// One replication in virtual time, from its start to its last event.
///
/// # Errors
/// See [`Fault`].
pub fn replication<B: Backend, S: Sink>(
    plan: &Plan,
    replication: u32,
    backend: B,
    sink: S,
    watch: &Watch,
) -> Result<(S, Counts), Fault> {
    let mut engine = Engine::new(plan, replication, backend, sink);
    Seen::of_the_whole().drive(&mut engine, watch);
    watch.done.fetch_add(1, Ordering::Relaxed);
    engine.finish()
}

/// What the watch was told of an engine so far.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    ended: u64,
    /// None where somebody else tells the time.
    passed_s: Option<u64>,
}

impl Seen {
    /// Of an engine that is the whole replication.
    fn of_the_whole() -> Self {
        Self {
            ended: 0,
            passed_s: Some(0),
        }
    }

    /// Drives an engine until nothing is left to happen.
    pub(crate) fn drive<B: Backend, S: Sink>(
        &mut self,
        engine: &mut Engine<'_, B, S>,
        watch: &Watch,
    ) {
        loop {
            let until = engine.counts().events + LOOK_EVERY;
            while engine.counts().events < until && engine.step() {}
            self.time(engine, watch);
            self.look(engine, watch);
            if engine.next_due().is_none() || engine.has_fault() {
                break;
            }
        }
    }

    /// Tells how many calls have ended, and looks whether the run is to stop.
    pub(crate) fn look<B: Backend, S: Sink>(
        &mut self,
        engine: &mut Engine<'_, B, S>,
        watch: &Watch,
    ) {
        let ended = engine.counts().ended;
        watch.ended.fetch_add(ended - self.ended, Ordering::Relaxed);
        self.ended = ended;
        if watch.stop.load(Ordering::Relaxed) {
            engine.stop_arrivals();
        }
    }

    /// Tells how much virtual time has passed.
    fn time<B: Backend, S: Sink>(&mut self, engine: &Engine<'_, B, S>, watch: &Watch) {
        if let Some(told_s) = &mut self.passed_s {
            let now_s = engine.now().min(engine.plan.duration).whole_secs();
            watch.passed_s.fetch_add(now_s - *told_s, Ordering::Relaxed);
            *told_s = now_s;
        }
    }
}

/// Replications `0..count`, in parallel on the threads of the current rayon pool, in order.
///
/// # Errors
/// The fault of the first replication that has one.
pub fn replications<B: Backend, S: Sink + Send>(
    plan: &Plan,
    count: u32,
    make: &(dyn Fn(u32) -> (B, S) + Sync),
    watch: &Watch,
) -> Result<Vec<(S, Counts)>, Fault> {
    (0..count)
        .into_par_iter()
        .map(|at| {
            let (backend, sink) = make(at);
            replication(plan, at, backend, sink, watch)
        })
        .collect()
}

impl<B: Backend, S: Sink> Engine<'_, B, S> {
    /// Whether something happened that ends the run.
    pub fn has_fault(&self) -> bool {
        self.fault.is_some()
    }

    /// Drives the replication to its end in virtual time.
    pub fn run(&mut self) {
        while self.fault.is_none() && self.step() {}
    }
}

/// Where a calendar for a run of this duration should end: what is alive at the end lives on.
pub fn horizon(duration: Nanos) -> Nanos {
    duration + Nanos(60 * Nanos::DAY.0)
}
