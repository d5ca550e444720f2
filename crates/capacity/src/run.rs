//! One job to one summary: replications in parallel, summed up in their order.

use std::ops::Range;
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
struct Gathered {
    replications: Vec<Replication>,
    calls: Vec<(u32, CallRecord)>,
    counts: Counts,
}

impl Gathered {
    fn add(&mut self, one: Begun) {
        self.counts.add(one.counts);
        self.replications.push(one.replication);
        self.calls
            .extend(one.calls.into_iter().map(|call| (one.at, call)));
    }
}

/// A job under way: what its rounds have brought so far.
pub(crate) struct UnderWay<'a> {
    job: &'a Job,
    begun: Instant,
    rounds: Rounds<'a>,
    whole: Gathered,
    cut: Gathered,
    planned: usize,
}

impl<'a> UnderWay<'a> {
    /// Begins a job that can be run; its time runs from here.
    pub(crate) fn begin(job: &'a Job) -> Result<Self, RunFault> {
        let begun = Instant::now();
        if job.warm_up == WarmUp::Open {
            return Err(RunFault::NoWarmUp);
        }
        job.setup.check()?;
        Ok(Self {
            job,
            begun,
            rounds: Rounds::of(job),
            whole: Gathered::default(),
            cut: Gathered::default(),
            planned: 0,
        })
    }

    /// Plays round after round until it is enough, or one was stopped before its end.
    pub(crate) fn play<E>(
        &mut self,
        mut round: impl FnMut(Range<u32>) -> Result<Vec<Begun>, E>,
    ) -> Result<(), E> {
        while let Some(next) = self.rounds.next_round() {
            self.planned = next.end as usize;
            for one in round(next)? {
                let to = if one.cut {
                    &mut self.cut
                } else {
                    &mut self.whole
                };
                to.add(one);
            }
            if self.whole.replications.len() < self.planned {
                break;
            }
            self.rounds.look(&[&self.whole.replications]);
        }
        Ok(())
    }

    /// Sums it all up, with these decision times and what else a clock measured.
    pub(crate) fn end(
        self,
        decision_ns: impl FnOnce() -> Histogram<u64>,
        more: impl FnOnce() -> Vec<(String, Metric)>,
    ) -> Ran {
        let (kept, stopped) = kept(self.whole, self.cut, self.planned);
        let took = self.begun.elapsed();
        let decision_ns = decision_ns();
        let mut measured = measured(&decision_ns, kept.counts, took);
        measured.extend(more());
        let precision = self.rounds.outcome(&kept.replications);
        let summary = Summary::new(kept.replications, self.job.inputs, measured);
        let gates = judged(&self.job.gates, &summary);
        Ran {
            verdict: verdict(&gates),
            summary,
            gates,
            calls: kept.calls,
            decision_ns,
            counts: kept.counts,
            took,
            stopped,
            precision,
        }
    }
}

/// Runs all replications of a job on so many threads (0: as many as there are cores).
///
/// # Errors
/// See [`RunFault`].
pub fn run(job: &Job, threads: usize, keep_calls: bool, watch: &Watch) -> Result<Ran, RunFault> {
    let mut under_way = UnderWay::begin(job)?;
    let times = DecisionTimes::default();
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
    under_way.play(|round| pool.install(|| units::all(job, round, &make, watch)))?;
    Ok(under_way.end(|| times.gathered(), Vec::new))
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
fn kept(whole: Gathered, cut: Gathered, planned: usize) -> (Gathered, Option<Stopped>) {
    match whole.replications.len() {
        all if all == planned => (whole, None),
        0 => (cut, Some(Stopped::Cut)),
        _ => (whole, Some(Stopped::Whole)),
    }
}

fn judged(gates: &[Gate], summary: &Summary) -> Vec<GateResult> {
    gates.iter().map(|gate| judge(gate, summary)).collect()
}

fn measured(decision_ns: &Histogram<u64>, counts: Counts, took: Duration) -> Vec<(String, Metric)> {
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
