//! From a checked scenario to what the engine runs and the tallies count.

use std::sync::Arc;

use engine::{InProcess, Plan};
use measure::setup::Window;
use measure::{Fingerprint, Gate, Setup, SetupFault, names};
use routing::Nanos;
use routing::policy::{self, RoutingPolicy};
use scenario::{BoundOp, GateSpec, Scenario};

use crate::logged_in;
use crate::warm_up::Found;

/// Whether it is known from when on a job counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WarmUp {
    /// As the scenario says.
    Given,
    /// To be found before the run: see [`crate::warm_up::settle`].
    Open,
    /// It was found.
    Found(Found),
}

/// A scenario, wired: run it as often as you like.
pub struct Job {
    /// What the engine runs.
    pub plan: Plan,
    /// What the tallies count.
    pub setup: Arc<Setup>,
    /// What the run must keep.
    pub gates: Vec<Gate>,
    /// How decisions are taken.
    pub policy: &'static dyn RoutingPolicy,
    /// The name of that.
    pub policy_name: &'static str,
    /// How many replications; with a precision the most.
    pub replications: u32,
    /// Replicate until every gated metric is known to this share of it.
    pub precision: Option<f64>,
    /// Whether it is known from when on to count.
    pub warm_up: WarmUp,
    /// Of all inputs.
    pub inputs: Fingerprint,
    /// Calls of logs that are left out, with the reason.
    pub left_out: Vec<(u64, &'static str)>,
}

impl Job {
    /// Wires a scenario.
    ///
    /// # Errors
    /// When nothing could be counted: an empty window, too many intervals.
    pub fn new(scenario: Scenario) -> Result<Self, SetupFault> {
        let gates: Vec<Gate> = scenario.gates.iter().flat_map(gates_of).collect();
        let warm_up = match scenario.warm_up {
            scenario::WarmUp::Given(_) => WarmUp::Given,
            scenario::WarmUp::Auto => WarmUp::Open,
        };
        let until = scenario.duration;
        let left_out = scenario
            .sources
            .iter()
            .flat_map(|source| source.process.left_out(&scenario.calendar, until))
            .collect();
        let policy = policy::find(scenario.policy).or_else(|| policy::find(policy::DEFAULT));
        let policy_name = scenario.policy;
        let (replications, precision) = (scenario.replications, scenario.precision);
        let inputs = Fingerprint::of_inputs(&scenario.canonical);
        let interval = scenario.interval;
        let plan = plan(scenario);
        let setup = setup(&plan, interval, &gates);
        setup.check()?;
        Ok(Self {
            setup: Arc::new(setup),
            gates,
            policy: policy.unwrap_or(policy::POLICIES[0].policy),
            policy_name,
            replications,
            precision,
            warm_up,
            inputs,
            left_out,
            plan,
        })
    }

    /// Counts from where this warm-up ends, which is before the end of the run.
    pub fn count_from(&mut self, found: Found) {
        self.warm_up = WarmUp::Found(found);
        self.plan.warm_up = found.warm_up;
        self.setup = Arc::new(setup(&self.plan, self.setup.interval, &self.gates));
    }

    /// Holds these gates instead of its own: another job's.
    pub fn take_gates(&mut self, gates: &[Gate]) {
        if self.gates != gates {
            self.gates = gates.to_vec();
            self.setup = Arc::new(setup(&self.plan, self.setup.interval, gates));
        }
    }

    /// The routing core under this job's policy.
    pub fn in_process(&self) -> InProcess {
        InProcess::new(
            self.plan.accounts.clone(),
            self.plan.routing.clone(),
            self.policy,
        )
    }

    /// Calls that one replication is expected to bring, redials not counted.
    pub fn expected_calls(&self) -> f64 {
        let expected = |source: &model::arrivals::Source| {
            source
                .process
                .expected(&self.plan.calendar, self.plan.duration)
        };
        self.plan.sources.iter().map(expected).sum()
    }
}

fn plan(scenario: Scenario) -> Plan {
    Plan {
        accounts: scenario.accounts,
        calendar: scenario.calendar,
        seed: scenario.seed,
        duration: scenario.duration,
        warm_up: scenario.warm_up.given(),
        antithetic: scenario.antithetic,
        routing: scenario.routing,
        limits: scenario.limits,
        people: scenario.people,
        sources: scenario.sources,
        workflows: scenario.workflows.into_iter().collect(),
        rosters: scenario.rosters,
        // A live router takes its own time.
        latency: match scenario.backend.live {
            Some(_) => model::RandomTime::constant(Nanos::ZERO),
            None => scenario.backend.latency,
        },
        timeout: scenario.backend.timeout,
    }
}

fn setup(plan: &Plan, interval: Nanos, gates: &[Gate]) -> Setup {
    let accounts = &plan.accounts;
    let mut setup = Setup::new(plan.warm_up, plan.duration, interval);
    setup.pairs = plan.antithetic;
    for gate in gates {
        if let Ok(known) = names::check(&gate.metric) {
            setup.want(&known, gate.each);
        }
    }
    let window = Window {
        from: plan.warm_up,
        until: plan.duration,
    };
    setup.sub_accounts = accounts.sub_accounts().len();
    setup.persons = accounts.persons().len();
    setup.source_is_unique = plan
        .sources
        .iter()
        .map(model::arrivals::Source::all_different)
        .collect();
    setup.staff_logged_in_ns = logged_in::of_people(accounts, &plan.calendar, window);
    setup.unnamed_agents_ns = logged_in::of_agents(accounts, &plan.rosters, window);
    setup.block_lasts = plan.limits.block_until;
    setup.blocked_as = plan.limits.blocked_as(accounts).into();
    setup.ordinals = accounts
        .users()
        .map(|(user, _)| accounts.ordinal(user))
        .collect();
    setup
}

/// A gate a bound, so that each bound has its own verdict.
fn gates_of(spec: &GateSpec) -> Vec<Gate> {
    let with = |bound: &scenario::Bound| {
        let mut gate = Gate {
            metric: spec.metric.clone(),
            each: spec.each,
            holds_on: spec.holds_on.map(model::Share::get),
            ..Gate::default()
        };
        match bound.op {
            BoundOp::AtLeast => gate.min = Some(bound.value),
            BoundOp::Above => gate.above = Some(bound.value),
            BoundOp::AtMost => gate.max = Some(bound.value),
            BoundOp::Below => gate.below = Some(bound.value),
            BoundOp::Equals => gate.equals = Some(bound.value),
        }
        gate
    };
    spec.bounds.iter().map(with).collect()
}
