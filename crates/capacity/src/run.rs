//! One job to one summary: replications in parallel, summed up in their order.

use std::sync::Arc;
use std::time::{Duration, Instant};

use engine::run::Watch;
use engine::{Counts, Fault};
use hdrhistogram::Histogram;
use measure::{
    Gate, GateResult, Metric, Precision, Replication, SetupFault, Summary, Tally, Verdict, judge,
    verdict,
};
use routing::record::CallRecord;

use crate::decision_time::{DecisionTimes, Sampled};
use crate::job::{Job, WarmUp};
use crate::ledger::Ledger;
use crate::precision::Rounds;
use crate::units::{self, Begun};

/// Why a run has no result.
#[derive(Debug, thiserror::Error)]
pub enum RunFault {
    /// The engine stopped.
    #[error(transparent)]
    Engine(#[from] Fault),
    /// Nothing could be counted.
    #[error(transparent)]
    Setup(#[from] SetupFault),
    /// The threads could not be started.
    #[error("cannot start {threads} threads: {reason}")]
    Threads {
        /// How many.
        threads: usize,
        /// Why.
        reason: String,
    },
    /// A job whose warm-up is still to be found.
    #[error("the warm-up is not known yet: find it before the run (this is a bug of busyhour)")]
    NoWarmUp,
}

/// What is counted of a run that was stopped before its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    /// The replications that were over by then, whole: their values are as good as ever, only
    /// fewer.
    Whole,
    /// None was over: the calls so far of those that had begun.
    Cut,
}

/// What a run brought.
pub struct Ran {
    /// Every metric.
    pub summary: Summary,
    /// Each gate, in order.
    pub gates: Vec<GateResult>,
    /// All gates together.
    pub verdict: Verdict,
    /// Each call by replication and arrival; empty when nobody wanted them.
    pub calls: Vec<(u32, CallRecord)>,
    /// Decision times in nanoseconds, sampled.
    pub decision_ns: Histogram<u64>,
    /// Events and calls over all replications.
    pub counts: Counts,
    /// How long it took.
    pub took: Duration,
    /// Set when the run was stopped before its end.
    pub stopped: Option<Stopped>,
    /// How precisely the gated metrics are known, when that was to be reached.
    pub precision: Option<Precision>,
}

/// Replications in their order, with their calls.
#[derive(Default)]
pub(crate) struct Gathered {
    pub(crate) replications: Vec<Replication>,
    pub(crate) calls: Vec<(u32, CallRecord)>,
    pub(crate) counts: Counts,
}

impl Gathered {
    pub(crate) fn add(&mut self, one: Begun) {
        self.counts.add(one.counts);
        self.replications.push(one.replication);
        self.calls
            .extend(one.calls.into_iter().map(|call| (one.at, call)));
    }
}

/// Runs all replications of a job on so many threads (0: as many as there are cores).
///
/// # Errors
/// See [`RunFault`].
pub fn run(job: &Job, threads: usize, keep_calls: bool, watch: &Watch) -> Result<Ran, RunFault> {
    let begun = Instant::now();
    if job.warm_up == WarmUp::Open {
        return Err(RunFault::NoWarmUp);
    }
    let times = DecisionTimes::default();
    job.setup.check()?;
    let make = |replication: u32| {
        let tally = Tally::new(Arc::clone(&job.setup), replication)
            .expect("the setup was checked just now");
        let ledger = Ledger {
            tally,
            calls: keep_calls.then(Vec::new),
        };
        (Sampled::new(job.in_process(), times.clone()), ledger)
    };
    let pool = pool(threads)?;
    let mut rounds = Rounds::of(job);
    let (mut whole, mut cut) = (Gathered::default(), Gathered::default());
    let mut planned = 0;
    while let Some(round) = rounds.next_round() {
        planned = round.end as usize;
        for one in pool.install(|| units::all(job, round, &make, watch))? {
            if one.cut { &mut cut } else { &mut whole }.add(one);
        }
        if whole.replications.len() < planned {
            break;
        }
        rounds.look(&[&whole.replications]);
    }
    let (kept, stopped) = kept(whole, cut, planned);
    let took = begun.elapsed();
    let decision_ns = times.gathered();
    let measured = measured(&decision_ns, kept.counts, took);
    let precision = rounds.outcome(&kept.replications);
    let summary = Summary::new(kept.replications, job.inputs, measured);
    let gates = judged(&job.gates, &summary);
    let verdict = verdict(&gates);
    Ok(Ran {
        summary,
        gates,
        verdict,
        calls: kept.calls,
        decision_ns,
        counts: kept.counts,
        took,
        stopped,
        precision,
    })
}

/// So many threads (0: as many as there are cores).
pub(crate) fn pool(threads: usize) -> Result<rayon::ThreadPool, RunFault> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    pool.map_err(|error| RunFault::Threads {
        threads,
        reason: error.to_string(),
    })
}

/// Those that count: when the run was stopped, the whole ones if there are any.
pub(crate) fn kept(whole: Gathered, cut: Gathered, planned: usize) -> (Gathered, Option<Stopped>) {
    match whole.replications.len() {
        all if all == planned => (whole, None),
        0 => (cut, Some(Stopped::Cut)),
        _ => (whole, Some(Stopped::Whole)),
    }
}

pub(crate) fn judged(gates: &[Gate], summary: &Summary) -> Vec<GateResult> {
    gates.iter().map(|gate| judge(gate, summary)).collect()
}

pub(crate) fn measured(
    decision_ns: &Histogram<u64>,
    counts: Counts,
    took: Duration,
) -> Vec<(String, Metric)> {
    let seconds = took.as_secs_f64().max(1e-9);
    let mut measured = vec![
        (
            "engine.events".to_owned(),
            Metric {
                count: true,
                ..Metric::sampled(counts.events as f64, "events")
            },
        ),
        (
            "engine.events_per_s".to_owned(),
            Metric::sampled(counts.events as f64 / seconds, "1/s"),
        ),
        (
            "engine.calls_per_s".to_owned(),
            Metric::sampled(counts.ended as f64 / seconds, "1/s"),
        ),
    ];
    // Five samples beyond the percentile, as with every other (measure::delays).
    for (name, quantile, needed) in [("decision.ns.p50", 0.5, 10), ("decision.ns.p99", 0.99, 500)] {
        if decision_ns.len() >= needed {
            let value = decision_ns.value_at_quantile(quantile) as f64;
            measured.push((name.to_owned(), Metric::sampled(value, "ns")));
        }
    }
    measured
}
