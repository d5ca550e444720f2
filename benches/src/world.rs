//! A plan with all that a replication of it takes: run it as often as you like.

use std::hint::black_box;
use std::sync::Arc;

use engine::partition::Partition;
use engine::parts::replication_in_parts;
use engine::run::{Watch, replication};
use engine::{Counts, InProcess, Plan};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use measure::{Replication, Setup, Tally};
use model::arrivals::{KINDS, Setting, Source, Spread, Value, Values};
use model::callers::{Callers, Targets};
use model::{Calendar, Rate};
use routing::Nanos;
use routing::account::Accounts;
use routing::policy::{self, RoutingPolicy};

/// A plan, its policy, and what is counted: everything that `busyhour run` counts without gates.
pub struct World {
    /// What the engine runs.
    pub plan: Plan,
    /// What the tally counts.
    pub setup: Arc<Setup>,
    /// How decisions are taken: the default policy.
    pub policy: &'static dyn RoutingPolicy,
}

impl World {
    /// This plan under the default policy, its staff logged in from start to end. Time series are
    /// kept for every half hour.
    pub fn new(plan: Plan) -> Self {
        let half_hour = Nanos(30 * Nanos::MINUTE.0);
        let mut setup = Setup::new(plan.warm_up, plan.duration, half_hour);
        let accounts = &plan.accounts;
        setup.sub_accounts = accounts.sub_accounts().len();
        setup.persons = accounts.persons().len();
        setup.source_is_unique = plan.sources.iter().map(Source::all_different).collect();
        let window_ns = u128::from(setup.window().length_ns());
        setup.staff_logged_in_ns = vec![window_ns; setup.persons];
        setup.ordinals = accounts
            .users()
            .map(|(user, _)| accounts.ordinal(user))
            .collect();
        let policy = policy::find(policy::DEFAULT).expect("the default policy is registered");
        Self {
            plan,
            setup: Arc::new(setup),
            policy,
        }
    }

    /// One replication from its start to its last event, counted.
    pub fn run(&self, number: u32) -> (Replication, Counts) {
        let backend = InProcess::new(
            Arc::clone(&self.plan.accounts),
            self.plan.routing.clone(),
            self.policy,
        );
        let tally = Tally::new(Arc::clone(&self.setup), number)
            .expect("the windows of these worlds can be counted")
            .undivided();
        let watch = Watch::default();
        let (tally, counts) = replication(&self.plan, number, backend, tally, &watch)
            .expect("these worlds are far below the bounds of the engine");
        (black_box(tally.finish()), counts)
    }
}

impl World {
    /// The same in so many parts of sub-accounts that share nothing, on the threads of the current
    /// rayon pool: as the program runs accounts that are too many for a core's own cache, on one
    /// thread too.
    pub fn run_in_parts(&self, number: u32, parts: usize) -> (Replication, Counts) {
        let plan = &self.plan;
        let bundles = Partition::of(plan).bundles(plan, parts);
        let which: Vec<usize> = (0..bundles.count()).collect();
        let make = || {
            let tally = Tally::new(Arc::clone(&self.setup), number);
            let tally = tally.expect("the windows of these worlds can be counted");
            let accounts = Arc::clone(&plan.accounts);
            let backend = InProcess::new(accounts, plan.routing.clone(), self.policy);
            (backend, tally)
        };
        let watch = Watch::default();
        let ran = replication_in_parts(plan, number, (&bundles, &which), &make, &watch);
        let ran = ran.expect("these worlds are far below the bounds of the engine");
        let together = |(mut tally, mut counts): (Tally, Counts), (part, of_part): (Tally, _)| {
            tally.merge(&part).expect("parts of one replication");
            counts.add(of_part);
            (tally, counts)
        };
        let (tally, counts) = ran.into_iter().reduce(together).expect("a part at least");
        (black_box(tally.finish()), counts)
    }
}

/// Calls at a constant rate from people who all differ, evenly to every number of these accounts.
pub(crate) fn calls(accounts: &Accounts, per_second: f64) -> Source {
    let kind = KINDS
        .iter()
        .find(|kind| kind.name == "poisson")
        .expect("calls at a constant rate are a kind of arrivals");
    let rate = Rate::per_second(per_second).expect("a sane rate");
    let values = Values([("rate", Value::Rate(rate))].into());
    let calendar = calendar(Nanos::HOUR);
    let setting = Setting {
        calendar: &calendar,
        numbers: accounts.numbers().count() as u64,
    };
    let numbers = accounts.numbers().map(|(number, _)| number).collect();
    Source {
        process: (kind.make)(&values, &setting).unwrap_or_else(|fault| panic!("{}", fault.message)),
        targets: Targets::evenly(numbers),
        callers: Callers::Unique,
        spread: Spread::NONE,
    }
}

/// Universal time from a Monday at eight on, long enough for what lives on after this duration.
pub(crate) fn calendar(duration: Nanos) -> Calendar {
    let start: Timestamp = "2026-03-02T08:00:00Z".parse().expect("a valid instant");
    Calendar::at(TimeZone::UTC, start, engine::run::horizon(duration)).expect("a year we know")
}
