//! A job that somebody else drives: a live router, on the wall clock or in lockstep. The
//! replications run one after the other, and are summed up as those of any run.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use engine::Counts;
use engine::run::Watch;
use hdrhistogram::Histogram;
use measure::{Metric, Tally};

use crate::job::Job;
use crate::ledger::Ledger;
use crate::run::{Ran, RunFault, UnderWay};
use crate::units::Begun;

/// Plays one replication into its ledger.
pub type Drive<'a, E> = &'a mut dyn FnMut(u32, Ledger) -> Result<(Ledger, Counts), E>;

/// Runs all replications of a job through `drive`, one after the other; `metrics` is asked at the
/// end for what was measured beside.
///
/// # Errors
/// See [`RunFault`], and whatever `drive` says.
pub fn run_driven<E: From<RunFault>>(
    job: &Job,
    keep_calls: bool,
    watch: &Watch,
    drive: Drive<'_, E>,
    metrics: impl FnOnce() -> Vec<(String, Metric)>,
) -> Result<Ran, E> {
    let mut under_way = UnderWay::begin(job)?;
    under_way.play(|round| {
        let mut done = Vec::new();
        for at in round {
            if at > 0 && watch.stop.load(Ordering::Relaxed) {
                break;
            }
            let tally = Tally::new(Arc::clone(&job.setup), at).map_err(RunFault::from)?;
            let ledger = Ledger {
                tally,
                calls: keep_calls.then(Vec::new),
            };
            let (ledger, counts) = drive(at, ledger)?;
            done.push(Begun::new(at, ledger, counts, watch));
        }
        Ok::<_, E>(done)
    })?;
    let none = || Histogram::new(3).expect("three digits are allowed");
    Ok(under_way.end(none, metrics))
}
