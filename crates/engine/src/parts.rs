//! One replication in parts: groups of sub-accounts that share nothing, on several threads.
//!
//! Every part is an engine of its own. The fresh calls are drawn once, in the order of time, and
//! brought to the parts block by block; a part works its blocks off one after the other and need
//! not wait for any other part. What the parts tell, taken together, is what the replication in
//! one piece tells, whatever the number of parts or of threads.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use model::arrivals::Arrival;
use rayon::Scope;
use rayon::prelude::*;
use routing::record::Sink;

use crate::arrivals::Arrivals;
use crate::backend::Backend;
use crate::counts::{Counts, Fault};
use crate::engine::Engine;
use crate::partition::Bundles;
use crate::plan::Plan;
use crate::run::{Seen, Watch};

/// How many fresh calls are drawn at first for all parts together: few, so that the parts have
/// something to do soon.
const FIRST_BLOCK: usize = 1 << 11;

/// How many at most: twice as many each time. Whoever goes over to another part finds none of its
/// books in the near caches, which large blocks make up for.
const LARGEST_BLOCK: usize = 1 << 15;

/// How many blocks of a part may wait on average: what a part that is behind costs in memory.
const AHEAD: usize = 2;

/// The given bundles of a replication in virtual time, on the threads of the current rayon pool:
/// what each brought, in the order of `which`. All bundles together are the replication; calls
/// that belong to none of these are left out.
///
/// # Errors
/// The fault of the first part that has one. See [`Fault`].
pub fn replication_in_parts<B: Backend + Send, S: Sink + Send>(
    plan: &Plan,
    replication: u32,
    (bundles, which): (&Bundles, &[usize]),
    make: &(dyn Fn() -> (B, S) + Sync),
    watch: &Watch,
) -> Result<Vec<(S, Counts)>, Fault> {
    let part = |_| {
        let (backend, sink) = make();
        Part {
            work: Mutex::new(Work {
                engine: Engine::fed(plan, replication, backend, sink),
                seen: Seen::default(),
            }),
            inbox: Mutex::new(Inbox::default()),
        }
    };
    let mut part_of = vec![None; bundles.count()];
    for (part, bundle) in which.iter().enumerate() {
        part_of[*bundle] = Some(part);
    }
    let run = Run {
        parts: which.par_iter().map(part).collect(),
        fresh: Mutex::new(Fresh {
            arrivals: Arrivals::new(plan, replication),
            passed_s: 0,
            block: FIRST_BLOCK,
        }),
        plan,
        bundles,
        part_of,
        waiting: AtomicUsize::new(0),
        parked: AtomicBool::new(false),
        watch,
    };
    rayon::scope(|scope| run.draw(scope));
    let finish = |part: Part<'_, B, S>| {
        let mut work = part
            .work
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        work.seen.drive(&mut work.engine, watch);
        work.engine.finish()
    };
    let done: Vec<_> = run.parts.into_par_iter().map(finish).collect();
    watch.done.fetch_add(1, Ordering::Relaxed);
    done.into_iter().collect()
}

/// The parts at work, and who brings their calls.
struct Run<'p, B, S> {
    parts: Vec<Part<'p, B, S>>,
    plan: &'p Plan,
    fresh: Mutex<Fresh<'p>>,
    bundles: &'p Bundles,
    part_of: Vec<Option<usize>>,
    /// Blocks that were brought and are not worked off.
    waiting: AtomicUsize,
    /// Whether the drawing of fresh calls rests until the parts have caught up.
    parked: AtomicBool,
    watch: &'p Watch,
}

/// The fresh calls of the replication, and how much of its time the watch was told.
struct Fresh<'p> {
    arrivals: Arrivals<'p>,
    passed_s: u64,
    /// How many are drawn next.
    block: usize,
}

struct Part<'p, B, S> {
    work: Mutex<Work<'p, B, S>>,
    inbox: Mutex<Inbox>,
}

struct Work<'p, B, S> {
    engine: Engine<'p, B, S>,
    seen: Seen,
}

/// The fresh calls of a part that are to be worked off.
#[derive(Default)]
struct Inbox {
    blocks: VecDeque<Vec<Arrival>>,
    /// Whether somebody works for the part, or is about to.
    at_work: bool,
}

impl<'p, B: Backend + Send, S: Sink + Send> Run<'p, B, S> {
    /// Draws fresh calls and brings them, until none come any more or enough are waiting.
    fn draw<'s>(&'s self, scope: &Scope<'s>) {
        let mut fresh = lock(&self.fresh);
        loop {
            let enough = AHEAD * self.parts.len();
            if self.waiting.load(Ordering::SeqCst) >= enough {
                self.parked.store(true, Ordering::SeqCst);
                // Whoever works the last of them off may have looked just before.
                let enough = self.waiting.load(Ordering::SeqCst) > enough / 2;
                if enough || !self.parked.swap(false, Ordering::SeqCst) {
                    return;
                }
            }
            let next = fresh.arrivals.next_at();
            let now_s = next.unwrap_or(self.plan.duration).whole_secs();
            let passed_s = now_s - fresh.passed_s;
            self.watch.passed_s.fetch_add(passed_s, Ordering::Relaxed);
            fresh.passed_s = now_s;
            if next.is_none() || self.watch.stop.load(Ordering::Relaxed) {
                return;
            }
            self.bring(&mut fresh, scope);
        }
    }

    /// One block, each call to its part.
    fn bring<'s>(&'s self, fresh: &mut Fresh<'p>, scope: &Scope<'s>) {
        let room = fresh.block / self.parts.len().max(1) * 5 / 4;
        let mut blocks: Vec<Vec<Arrival>> = Vec::new();
        blocks.resize_with(self.parts.len(), || Vec::with_capacity(room));
        for _ in 0..fresh.block {
            let Some(arrival) = fresh.arrivals.bring() else {
                break;
            };
            if let Some(part) = self.part_of[self.bundles.of(arrival.number)] {
                blocks[part].push(arrival);
            }
        }
        fresh.block = (2 * fresh.block).min(LARGEST_BLOCK);
        for (at, block) in blocks.into_iter().enumerate() {
            if block.is_empty() {
                continue;
            }
            self.waiting.fetch_add(1, Ordering::SeqCst);
            let mut inbox = lock(&self.parts[at].inbox);
            inbox.blocks.push_back(block);
            if !inbox.at_work {
                inbox.at_work = true;
                scope.spawn(move |scope| self.work(at, scope));
            }
        }
    }

    /// Works off what waits for a part.
    fn work<'s>(&'s self, at: usize, scope: &Scope<'s>) {
        let mut guard = lock(&self.parts[at].work);
        let Work { engine, seen } = &mut *guard;
        while let Some(block) = self.next_block(at) {
            for call in &block {
                engine.meet(call);
            }
            seen.look(engine, self.watch);
            let left = self.waiting.fetch_sub(1, Ordering::SeqCst) - 1;
            if left <= AHEAD * self.parts.len() / 2 && self.parked.swap(false, Ordering::SeqCst) {
                scope.spawn(move |scope| self.draw(scope));
            }
        }
    }

    /// The next block of a part; with none left nobody is at work for it any more.
    fn next_block(&self, at: usize) -> Option<Vec<Arrival>> {
        let mut inbox = lock(&self.parts[at].inbox);
        let block = inbox.blocks.pop_front();
        inbox.at_work = block.is_some();
        block
    }
}

/// A panic elsewhere ends the run anyway; nothing here is left half done.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
