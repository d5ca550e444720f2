//! A job that somebody else drives: a live router, on the wall clock or in lockstep. The
//! replications run one after the other, and are summed up as those of any run.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use engine::Counts;
use engine::run::Watch;
use hdrhistogram::Histogram;
use measure::{Metric, Summary, Tally, verdict};

use crate::job::{Job, WarmUp};
use crate::ledger::Ledger;
use crate::precision::Rounds;
use crate::run::{Gathered, Ran, RunFault, judged, kept, measured};
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
    let begun = Instant::now();
    if job.warm_up == WarmUp::Open {
        return Err(RunFault::NoWarmUp.into());
    }
    job.setup.check().map_err(RunFault::from)?;
    let mut rounds = Rounds::of(job);
    let (mut whole, mut cut) = (Gathered::default(), Gathered::default());
    let mut planned = 0;
    while let Some(round) = rounds.next_round() {
        planned = round.end as usize;
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
            let one = Begun::new(at, ledger, counts, watch);
            if one.cut { &mut cut } else { &mut whole }.add(one);
        }
        if whole.replications.len() < planned {
            break;
        }
        rounds.look(&[&whole.replications]);
    }
    let (kept, stopped) = kept(whole, cut, planned);
    let took = begun.elapsed();
    let decision_ns = Histogram::new(3).expect("three digits are allowed");
    let mut all = measured(&decision_ns, kept.counts, took);
    all.extend(metrics());
    let precision = rounds.outcome(&kept.replications);
    let summary = Summary::new(kept.replications, job.inputs, all);
    let gates = judged(&job.gates, &summary);
    Ok(Ran {
        verdict: verdict(&gates),
        summary,
        gates,
        calls: kept.calls,
        decision_ns,
        counts: kept.counts,
        took,
        stopped,
        precision,
    })
}
