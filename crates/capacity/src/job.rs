//! From a checked scenario to what the engine runs and the tallies count.

use std::sync::Arc;

use engine::{InProcess, Plan};
use measure::setup::Window;
use measure::{Fingerprint, Gate, Setup, SetupFault, names};
use routing::policy::{self, RoutingPolicy};
use scenario::{BoundOp, GateSpec, Scenario};

use crate::logged_in;

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
    /// How many replications.
    pub replications: u32,
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
        let setup = setup(&scenario, &gates);
        setup.check()?;
        let until = scenario.duration;
        let left_out = scenario
            .sources
            .iter()
            .flat_map(|source| source.process.left_out(&scenario.calendar, until))
            .collect();
        let policy = policy::find(scenario.policy).or_else(|| policy::find(policy::DEFAULT));
        Ok(Self {
            setup: Arc::new(setup),
            gates,
            policy: policy.unwrap_or(policy::POLICIES[0].policy),
            replications: scenario.replications,
            inputs: Fingerprint::of_inputs(&scenario.canonical),
            left_out,
            plan: plan(scenario),
        })
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
        warm_up: scenario.warm_up,
        routing: scenario.routing,
        limits: scenario.limits,
        people: scenario.people,
        sources: scenario.sources,
        workflows: scenario.workflows.into_iter().collect(),
        rosters: scenario.rosters,
        latency: scenario.backend.latency,
        timeout: scenario.backend.timeout,
    }
}

fn setup(scenario: &Scenario, gates: &[Gate]) -> Setup {
    let accounts = &scenario.accounts;
    let mut setup = Setup::new(scenario.warm_up, scenario.duration, scenario.interval);
    for gate in gates {
        if let Ok(known) = names::check(&gate.metric) {
            setup.want(&known, gate.each);
        }
    }
    let window = Window {
        from: scenario.warm_up,
        until: scenario.duration,
    };
    setup.sub_accounts = accounts.sub_accounts().len();
    setup.persons = accounts.persons().len();
    setup.source_is_unique = scenario
        .sources
        .iter()
        .map(model::arrivals::Source::all_different)
        .collect();
    setup.staff_logged_in_ns = logged_in::of_people(accounts, &scenario.calendar, window);
    setup.unnamed_agents_ns = logged_in::of_agents(accounts, &scenario.rosters, window);
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
