//! The virtual driver, and many replications in parallel.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use rayon::prelude::*;
use routing::record::Sink;
use routing::time::Nanos;

use crate::backend::Backend;
use crate::engine::{Counts, Engine, Fault};
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
    let (mut ended, mut passed_s) = (0, 0);
    let mut look = |engine: &mut Engine<'_, B, S>| {
        let counts = engine.counts();
        watch
            .ended
            .fetch_add(counts.ended - ended, Ordering::Relaxed);
        ended = counts.ended;
        let now_s = engine.now().min(plan.duration).whole_secs();
        watch
            .passed_s
            .fetch_add(now_s - passed_s, Ordering::Relaxed);
        passed_s = now_s;
        if watch.stop.load(Ordering::Relaxed) {
            engine.stop_arrivals();
        }
    };
    loop {
        let until = engine.counts().events + LOOK_EVERY;
        while engine.counts().events < until && engine.step() {}
        look(&mut engine);
        if engine.next_due().is_none() || engine.has_fault() {
            break;
        }
    }
    watch.done.fetch_add(1, Ordering::Relaxed);
    engine.finish()
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
