//! Two jobs side by side on the same calls: which metrics differ, and which calls end otherwise.
//!
//! Every draw has an address of its own, so two policies or settings meet the same calls without
//! any doing; whether they did is checked call by call. Both sides of a replication go on
//! together, slice by slice of virtual time, so that no more calls are held than are alive or have
//! ended on one side only.

mod lockstep;
mod verdict;

use engine::run::Watch;
use measure::difference::{Difference, paired, unpaired};
use measure::moves::Moves;
use measure::{Fingerprint, GateResult, Precision, Replication, Summary, judge, names};
use rayon::prelude::*;
use routing::decision::Decision;
use routing::policy;
use routing::record::FreshCall;
use routing::trace::Trace;

use crate::job::{Job, WarmUp};
use crate::precision::Rounds;
use crate::run::RunFault;
use lockstep::Pair;
pub use verdict::{HEADLINE, Standing, Verdict};

/// What is known of one side.
pub struct Side {
    /// Every metric.
    pub summary: Summary,
    /// The gates, in order; the same on both sides.
    pub gates: Vec<GateResult>,
    /// How precisely the gated metrics are known, when that was to be reached.
    pub precision: Option<Precision>,
}

/// Two sides compared.
pub struct Compared {
    /// What is compared with.
    pub a: Side,
    /// What is compared.
    pub b: Side,
    /// Every metric, in the order of reports.
    pub differences: Vec<Difference>,
    /// The matched calls of each replication; none when the sides met other calls.
    pub moves: Option<Vec<Moves>>,
    /// Whether the run was stopped before its end.
    pub stopped: bool,
    /// The gates taken together.
    pub verdict: Verdict,
}

/// Runs both jobs on so many threads (0: as many as there are cores), as many replications as the
/// one that wants fewer, with the gates and the precision of A. Of each kind of change the first
/// `show` calls are kept. The warm-ups must be known: see [`same_window`].
///
/// # Errors
/// See [`RunFault`].
pub fn compare(
    (a, b): (&Job, &mut Job),
    threads: usize,
    show: usize,
    watch: &Watch,
) -> Result<Compared, RunFault> {
    b.take_gates(&a.gates);
    let b = &*b;
    for job in [a, b] {
        if job.warm_up == WarmUp::Open {
            return Err(RunFault::NoWarmUp);
        }
        job.setup.check()?;
    }
    let pool = crate::run::pool(threads)?;
    let mut rounds = Rounds::of(a).at_most(b.replications);
    let mut done = Done::default();
    let mut stopped = false;
    while let Some(round) = rounds.next_round() {
        let planned = round.end as usize;
        let run = |at| lockstep::run((a, b), at, show, watch).transpose();
        let pairs: Result<Vec<Pair>, _> =
            pool.install(|| round.into_par_iter().filter_map(run).collect());
        pairs?.into_iter().for_each(|pair| done.add(pair));
        if done.a.len() < planned {
            stopped = true;
            break;
        }
        rounds.look(&[&done.a, &done.b]);
    }
    Ok(done.compared((a, b), &rounds, stopped))
}

/// Lets both jobs count from the same instant, where one of them had to find its warm-up: from
/// the later of the two.
pub fn same_window(a: &mut Job, b: &mut Job) {
    let later = match (a.warm_up, b.warm_up) {
        (WarmUp::Found(one), WarmUp::Found(other)) if other.warm_up > one.warm_up => other,
        (WarmUp::Found(one), WarmUp::Found(_)) => one,
        _ => return,
    };
    a.count_from(later);
    b.count_from(later);
}

/// The decision that a job takes about a call as it arrives, and by which steps. Hops are not
/// followed.
pub fn traced(job: &Job, call: &FreshCall) -> (Decision, Trace) {
    let mut trace = Trace::on();
    let asked = routing::call::InboundCall {
        from: call.from,
        to: call.to,
    };
    let plan = &job.plan;
    let world = plan.world(call.at);
    let decision = policy::decide(
        job.policy,
        &asked,
        &plan.accounts,
        &plan.routing,
        &world,
        &mut trace,
    );
    (decision, trace)
}

/// Replications of both sides in their order.
#[derive(Default)]
struct Done {
    a: Vec<Replication>,
    b: Vec<Replication>,
    moves: Vec<Option<Moves>>,
}

impl Done {
    fn add(&mut self, pair: Pair) {
        self.a.push(pair.a);
        self.b.push(pair.b);
        self.moves.push(pair.moves);
    }

    fn compared(self, (a, b): (&Job, &Job), rounds: &Rounds<'_>, stopped: bool) -> Compared {
        let same_calls = self.moves.iter().all(Option::is_some);
        let moves = same_calls.then(|| self.moves.into_iter().flatten().collect());
        let side = |job: &Job, replications: Vec<Replication>| {
            let precision = rounds.outcome(&replications);
            let summary = Summary::new(replications, job.inputs, Vec::new());
            Side {
                gates: job.gates.iter().map(|it| judge(it, &summary)).collect(),
                precision,
                summary,
            }
        };
        let (a, b) = (side(a, self.a), side(b, self.b));
        let differences = differences(&a.summary, &b.summary, same_calls);
        Compared {
            verdict: verdict::of(&a.gates, &b.gates, &differences),
            a,
            b,
            differences,
            moves,
            stopped,
        }
    }
}

/// Every metric that one of the sides knows, in the order of reports.
fn differences(a: &Summary, b: &Summary, same_calls: bool) -> Vec<Difference> {
    let known = |name: &String| names::check(name).ok();
    let own = a.metrics.iter().map(|(name, _)| name);
    let others = b.metrics.iter().map(|(name, _)| name);
    let others = others.filter(|name| a.get(name).is_none());
    let names = own.chain(others).filter_map(known);
    let alike = |known: &names::Known| {
        let sides = (a.get(&known.name), b.get(&known.name));
        if same_calls {
            paired(known, sides, (&a.replications, &b.replications))
        } else {
            unpaired(known, sides.0, sides.1)
        }
    };
    names.map(|known| alike(&known)).collect()
}

impl Compared {
    /// The fingerprint of the arrivals of both sides.
    pub fn arrivals(&self) -> [Fingerprint; 2] {
        [&self.a, &self.b].map(|side| side.summary.fingerprints.arrivals)
    }
}
