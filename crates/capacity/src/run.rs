//! One job to one summary: replications in parallel, summed up in their order.

use std::sync::Arc;
use std::time::{Duration, Instant};

use engine::run::{Watch, replications};
use engine::{Counts, Fault};
use hdrhistogram::Histogram;
use measure::{Gate, GateResult, Metric, SetupFault, Summary, Tally, Verdict, judge, verdict};
use routing::record::CallRecord;

use crate::decision_time::{DecisionTimes, Sampled};
use crate::job::Job;
use crate::ledger::Ledger;

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
}

/// Runs all replications of a job on so many threads (0: as many as there are cores).
///
/// # Errors
/// See [`RunFault`].
pub fn run(job: &Job, threads: usize, keep_calls: bool, watch: &Watch) -> Result<Ran, RunFault> {
    let begun = Instant::now();
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
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    let pool = pool.map_err(|error| RunFault::Threads {
        threads,
        reason: error.to_string(),
    })?;
    let done = pool.install(|| replications(&job.plan, job.replications, &make, watch))?;
    let mut counts = Counts::default();
    let (mut finished, mut calls) = (Vec::with_capacity(done.len()), Vec::new());
    for (at, (ledger, own)) in done.into_iter().enumerate() {
        counts.arrived += own.arrived;
        counts.ended += own.ended;
        counts.events += own.events;
        counts.attempts_cut += own.attempts_cut;
        finished.push(ledger.tally.finish());
        let mut own_calls = ledger.calls.unwrap_or_default();
        own_calls.sort_by_key(|call| (call.arrived, call.fresh, call.attempt));
        calls.extend(own_calls.into_iter().map(|call| (at as u32, call)));
    }
    let took = begun.elapsed();
    let decision_ns = times.gathered();
    let measured = measured(&decision_ns, counts, took);
    let summary = Summary::new(finished, job.inputs, measured);
    let gates = judged(&job.gates, &summary);
    let verdict = verdict(&gates);
    Ok(Ran {
        summary,
        gates,
        verdict,
        calls,
        decision_ns,
        counts,
        took,
    })
}

fn judged(gates: &[Gate], summary: &Summary) -> Vec<GateResult> {
    gates.iter().map(|gate| judge(gate, summary)).collect()
}

fn measured(decision_ns: &Histogram<u64>, counts: Counts, took: Duration) -> Vec<(String, Metric)> {
    let seconds = took.as_secs_f64().max(1e-9);
    let mut measured = vec![
        (
            "engine.events".to_owned(),
            Metric::sampled(counts.events as f64, "events"),
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
    // A percentile of fewer samples than this means nothing.
    if decision_ns.len() >= 500 {
        for (name, quantile) in [("decision.ns.p50", 0.5), ("decision.ns.p99", 0.99)] {
            let value = decision_ns.value_at_quantile(quantile) as f64;
            measured.push((name.to_owned(), Metric::sampled(value, "ns")));
        }
    }
    measured
}
