//! A queue on hold as the engine runs it, and the draws of its callers.

use std::sync::Arc;

use engine::{Engine, InProcess, Plan};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use model::arrivals::{KINDS, Setting, Source, Spread, Value, Values};
use model::callers::{Callers, Targets};
use model::{Address, Calendar, People, Purpose, RandomTime, Rate};
use proptest::prelude::*;
use routing::account::{
    Accounts, AccountsBuilder, Backup, NewHoldStaff, NewNumber, NewSubAccount, NewUser,
};
use routing::limit::LimitParams;
use routing::params::RoutingParams;
use routing::record::{CallRecord, Sink};
use routing::{Nanos, PhoneNumber, policy};

use crate::recursion::Caller;

/// So many callers come on average.
const CALLS: f64 = 300.0;

/// The mean of every law of talk time.
const TALK_S: f64 = 60.0;

/// A queue.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) servers: u32,
    /// Erlangs offered a server, wrap-up not counted.
    pub(crate) load: f64,
    pub(crate) talk: RandomTime,
    pub(crate) patience: Option<RandomTime>,
    pub(crate) wrap_up: Option<RandomTime>,
    pub(crate) room: Option<u32>,
    /// Whether the servers are people with names rather than a number of agents.
    pub(crate) named: bool,
    /// How many numbers lead to the same people.
    pub(crate) numbers: u64,
    pub(crate) seed: u64,
}

/// Each kind of distribution of the contract, about this mean.
pub(crate) fn laws(mean_s: u64) -> impl Strategy<Value = RandomTime> {
    let mean = Nanos::from_secs(mean_s);
    let part = move |share: f64| Nanos::from_secs_f64(mean_s as f64 * share);
    prop_oneof![
        Just(RandomTime::constant(mean)),
        Just(RandomTime::exponential(mean)),
        (0.0f64..1.0).prop_map(move |half| {
            RandomTime::uniform(part(1.0 - half), part(1.0 + half)).unwrap()
        }),
        (0.1f64..2.5).prop_map(move |cv| RandomTime::lognormal_mean(mean, cv).unwrap()),
        (0.1f64..1.5).prop_map(move |sigma| RandomTime::lognormal(mean, sigma).unwrap()),
        (1u32..6).prop_map(move |k| RandomTime::erlang(k, mean).unwrap()),
        (0.3f64..4.0).prop_map(move |shape| RandomTime::gamma(shape, mean).unwrap()),
        (0.6f64..3.0).prop_map(move |shape| RandomTime::weibull(shape, mean).unwrap()),
        (0.1f64..0.9).prop_map(move |share| {
            let parts = [(share, part(0.3)), (1.0 - share, part(2.0))];
            RandomTime::hyperexponential(&parts).unwrap()
        }),
        prop::collection::vec((1u64..180, 0.1f64..3.0), 1..8).prop_map(|values| {
            let value = |(s, weight)| (Nanos::from_secs(s), weight);
            RandomTime::empirical(values.into_iter().map(value).collect()).unwrap()
        }),
    ]
}

fn number(at: u64) -> PhoneNumber {
    PhoneNumber::from_digits(15_555_550_150 + at).unwrap()
}

impl World {
    fn accounts(&self) -> Accounts {
        let name = |at| format!("agent-{at}");
        let user = |at| NewUser {
            id: name(at),
            ..NewUser::default()
        };
        let staff = if self.named {
            NewHoldStaff::Users((0..self.servers).map(name).collect())
        } else {
            NewHoldStaff::Unnamed(self.servers)
        };
        let number = |at| NewNumber {
            backup: Backup::Hold,
            hold_staff: staff.clone(),
            hold_room: self.room,
            ..NewNumber::new(number(at))
        };
        let mut builder = AccountsBuilder::new();
        let sub_account = NewSubAccount {
            id: "queue".to_owned(),
            users: (0..self.servers).map(user).collect(),
            numbers: (0..self.numbers).map(number).collect(),
            ..NewSubAccount::default()
        };
        builder.push(&sub_account).unwrap();
        builder.finish()
    }

    fn source(accounts: &Accounts, per_second: f64) -> Source {
        let kind = KINDS.iter().find(|kind| kind.name == "poisson").unwrap();
        let rate = Value::Rate(Rate::per_second(per_second).unwrap());
        let calendar = Calendar::at(TimeZone::UTC, Timestamp::UNIX_EPOCH, Nanos::HOUR).unwrap();
        let setting = Setting {
            calendar: &calendar,
            numbers: 1,
        };
        Source {
            process: (kind.make)(&Values([("rate", rate)].into()), &setting).unwrap(),
            targets: Targets::evenly(accounts.numbers().map(|(id, _)| id).collect()),
            callers: Callers::Unique,
            spread: Spread::NONE,
        }
    }

    pub(crate) fn plan(&self) -> Plan {
        let accounts = self.accounts();
        let per_second = self.load * f64::from(self.servers) / TALK_S;
        let duration = Nanos::from_secs_f64(CALLS / per_second);
        let mut people = People::default();
        people.talk = self.talk.clone();
        people.hold_patience = self.patience.clone().unwrap_or(RandomTime::infinite());
        if let Some(wrap_up) = &self.wrap_up {
            people.wrap_up = wrap_up.clone();
        }
        let start = "2026-01-05T00:00:00Z".parse().unwrap();
        let horizon = engine::run::horizon(duration);
        Plan {
            calendar: Calendar::at(TimeZone::UTC, start, horizon).unwrap(),
            antithetic: false,
            seed: self.seed,
            duration,
            warm_up: Nanos::ZERO,
            routing: RoutingParams::default(),
            limits: LimitParams::none(),
            people,
            sources: vec![Self::source(&accounts, per_second)],
            workflows: std::iter::empty().collect(),
            rosters: Vec::new(),
            latency: RandomTime::constant(Nanos::ZERO),
            timeout: Nanos::from_secs(10),
            accounts: Arc::new(accounts),
        }
    }

    /// What a caller brings: drawn at the addresses of its call, not read off its record.
    pub(crate) fn caller(&self, plan: &Plan, call: &CallRecord) -> Caller {
        let draws = plan.draws(0);
        let of = |purpose| draws.pair(Address::of(call.fresh, 1, purpose));
        let (patience, wrap_up) = of(Purpose::Hold);
        Caller {
            arrived: call.arrived,
            patience: plan.people.hold_patience.draw(patience),
            talk: self
                .talk
                .draw(of(Purpose::Life).1)
                .min(plan.routing.max_call),
            wrap_up: plan.people.wrap_up.draw(wrap_up),
        }
    }
}

struct Records(Vec<CallRecord>);

impl Sink for Records {
    fn record(&mut self, record: &CallRecord) {
        self.0.push(record.clone());
    }
}

/// All calls of a run in the order of their arrival.
pub(crate) fn run(plan: &Plan) -> Vec<CallRecord> {
    let policy = policy::find(policy::DEFAULT).unwrap();
    let backend = InProcess::new(plan.accounts.clone(), plan.routing.clone(), policy);
    let mut engine = Engine::new(plan, 0, backend, Records(Vec::new()));
    engine.run();
    let mut records = engine.finish().unwrap().0.0;
    records.sort_by_key(|call| (call.arrived, call.fresh));
    records
}
