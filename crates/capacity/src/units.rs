//! The replications of a run on the threads that there are: each whole on a thread of its own, or
//! one after the other in parts of the accounts that share nothing. Parts are for replications
//! that would leave threads without work. What comes out is the same, byte for byte.

use std::ops::Range;
use std::sync::atomic::Ordering;

use engine::partition::{Bundles, Partition};
use engine::parts::replication_in_parts;
use engine::run::{Watch, replication};
use engine::{Counts, Fault};
use measure::Replication;
use rayon::prelude::*;
use routing::record::CallRecord;

use crate::decision_time::Sampled;
use crate::job::Job;
use crate::ledger::Ledger;

/// Parts a thread: enough that a thread finds another one when the one it had is worked off, few
/// enough that what every part keeps for itself does not weigh.
const PARTS_A_THREAD: usize = 4;

/// A replication with fewer fresh calls is over before its parts would be set up.
const LEAST_CALLS: f64 = 20_000.0;

/// Every part keeps books for all people and numbers, also those of others: for so many in all
/// parts together at most (some hundred megabytes), but for one part a thread.
const BOOKS: usize = 1 << 20;

/// By how much parts must be faster than whole replications side by side.
const WORTH_IT: f64 = 1.1;

/// Makes what a replication is decided by and written down in.
pub(crate) type Make<'a> = &'a (dyn Fn(u32) -> (Sampled, Ledger) + Sync);

/// A replication that has begun.
pub(crate) struct Begun {
    /// Which.
    pub(crate) at: u32,
    /// What was counted.
    pub(crate) replication: Replication,
    /// Its calls by arrival; none when nobody wants them.
    pub(crate) calls: Vec<CallRecord>,
    /// Events and calls.
    pub(crate) counts: Counts,
    /// Whether it was stopped before its end.
    pub(crate) cut: bool,
}

impl Begun {
    pub(crate) fn new(at: u32, ledger: Ledger, counts: Counts, watch: &Watch) -> Self {
        let mut calls = ledger.calls.unwrap_or_default();
        calls.sort_unstable_by_key(|call| (call.arrived, call.fresh, call.attempt));
        Self {
            at,
            replication: ledger.tally.finish(),
            calls,
            counts,
            cut: watch.stop.load(Ordering::Relaxed),
        }
    }
}

/// These replications in their order, on the threads of the current pool; those that had not begun
/// when the run was stopped are missing. The very first begins in any case: a run is about
/// something.
pub(crate) fn all(
    job: &Job,
    round: Range<u32>,
    make: Make<'_>,
    watch: &Watch,
) -> Result<Vec<Begun>, Fault> {
    let begins = |at: &u32| *at == 0 || !watch.stop.load(Ordering::Relaxed);
    let divided = divided(job, round.len(), rayon::current_num_threads());
    let first_divided = match &divided {
        Some((rest, _)) => round.end - *rest as u32,
        None => round.end,
    };
    let mut done: Vec<Begun> = (round.start..first_divided)
        .into_par_iter()
        // The next one goes to whoever is free, not in stacks that are dealt out beforehand.
        .with_max_len(1)
        .filter(begins)
        .map(|at| whole(job, at, make, watch))
        .collect::<Result<_, _>>()?;
    if let Some((_, bundles)) = divided {
        for at in (first_divided..round.end).filter(begins) {
            done.push(in_parts(job, at, &bundles, make, watch)?);
        }
    }
    Ok(done)
}

/// How many of so many replications are better run in parts, the last ones, and in which.
fn divided(job: &Job, replications: usize, threads: usize) -> Option<(usize, Bundles)> {
    let accounts = &job.plan.accounts;
    let size = accounts.persons().len() + accounts.numbers().len();
    let rest = replications % threads;
    if rest == 0 || job.expected_calls() < LEAST_CALLS {
        return None;
    }
    let enough = PARTS_A_THREAD * threads;
    let most = enough.min(BOOKS / size.max(1)).max(threads);
    let bundles = Partition::of(&job.plan).bundles(&job.plan, most);
    let worth_it = bundles.speed_up(threads) > WORTH_IT * rest as f64;
    worth_it.then_some((rest, bundles))
}

/// In how many books at once a run on the cores of this machine is written down: one for each
/// replication or part under way.
pub(crate) fn books_at_once(job: &Job) -> usize {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let replications = job.replications as usize;
    let whole = threads.min(replications);
    match divided(job, replications, threads) {
        Some((_, bundles)) => bundles.count().max(whole),
        None => whole,
    }
}

fn whole(job: &Job, at: u32, make: Make<'_>, watch: &Watch) -> Result<Begun, Fault> {
    let (backend, mut ledger) = make(at);
    ledger.tally = ledger.tally.undivided();
    let (ledger, counts) = replication(&job.plan, at, backend, ledger, watch)?;
    Ok(Begun::new(at, ledger, counts, watch))
}

fn in_parts(
    job: &Job,
    at: u32,
    bundles: &Bundles,
    make: Make<'_>,
    watch: &Watch,
) -> Result<Begun, Fault> {
    let which: Vec<usize> = (0..bundles.count()).collect();
    let make = || make(at);
    let parts = replication_in_parts(&job.plan, at, (bundles, &which), &make, watch)?;
    let together = |(mut ledger, mut counts): (Ledger, Counts), (part, of_part)| {
        ledger.merge(part);
        counts.add(of_part);
        (ledger, counts)
    };
    let whole = parts.into_par_iter().reduce_with(together);
    // Of no parts the whole is what nothing was written down in.
    let (ledger, counts) = whole.unwrap_or_else(|| (make().1, Counts::default()));
    Ok(Begun::new(at, ledger, counts, watch))
}
