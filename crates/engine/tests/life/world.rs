//! The language of these tests: a small world in which every time is said, and what it told.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use engine::{Backend, Engine, InProcess, Plan, Reply, Request, Submitted, Ticket};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use model::arrivals::{KINDS, LoggedCall, Setting, Source, Spread, Value, Values};
use model::callers::Callers;
use model::ivr::Workflow;
use model::people::{Answering, Messages};
use model::roster::Roster;
use model::{Calendar, People, RandomTime, Share};
use routing::account::{
    Accounts, AccountsBuilder, Device, NewNumber, NewSubAccount, NewUser, UserId,
};
use routing::decision::{App, Decision, Leg, RingStage, Role, Terminal};
use routing::limit::LimitParams;
use routing::params::RoutingParams;
use routing::policy;
use routing::trace::RuleId;
use routing::{Nanos, PhoneNumber};

pub(crate) use crate::told::Told;

/// So many seconds.
pub(crate) fn s(seconds: u64) -> Nanos {
    Nanos::from_secs(seconds)
}

pub(crate) fn constant(seconds: u64) -> RandomTime {
    RandomTime::constant(s(seconds))
}

/// +1 555 555 0`last`.
pub(crate) fn phone(last: u64) -> PhoneNumber {
    PhoneNumber::from_digits(15_555_550_000 + last).unwrap()
}

pub(crate) fn user(id: &str) -> NewUser {
    NewUser {
        id: id.to_owned(),
        ..NewUser::default()
    }
}

pub(crate) fn web(id: &str) -> NewUser {
    NewUser {
        web_app: true,
        ..user(id)
    }
}

pub(crate) fn mobile(id: &str) -> NewUser {
    NewUser {
        mobile_app: true,
        ..user(id)
    }
}

pub(crate) fn with_phone(user: NewUser, last: u64) -> NewUser {
    NewUser {
        phone: Some(phone(last)),
        ..user
    }
}

pub(crate) fn number(last: u64) -> NewNumber {
    NewNumber::new(phone(last))
}

/// A number with an owner.
pub(crate) fn owned(last: u64, owner: &str) -> NewNumber {
    NewNumber {
        assigned_to: Some(owner.to_owned()),
        ..number(last)
    }
}

/// A number that only forwards.
pub(crate) fn forwarding(last: u64, to: u64) -> NewNumber {
    NewNumber {
        forward_to: Some(phone(to)),
        ..number(last)
    }
}

pub(crate) fn account(id: &str, users: Vec<NewUser>, numbers: Vec<NewNumber>) -> NewSubAccount {
    NewSubAccount {
        id: id.to_owned(),
        users,
        numbers,
        ..NewSubAccount::default()
    }
}

pub(crate) fn hours(text: &str) -> routing::hours::WeekHours {
    routing::hours::WeekHours::new(vec![text.parse().unwrap()])
}

pub(crate) fn app(app: App, user: u32) -> Leg {
    Leg::App {
        app,
        user: UserId(user),
    }
}

pub(crate) fn outside(last: u64) -> Leg {
    Leg::Phone {
        role: Role::Forwarding,
        user: None,
        number: phone(last),
    }
}

/// Stages of (legs, ring time in seconds), and what comes then.
pub(crate) fn decision(stages: &[(&[Leg], u64)], finally: Terminal) -> Decision {
    let mut decision = Decision::at_once(finally, RuleId::External);
    for (legs, ring_s) in stages {
        let legs = legs.iter().copied().collect();
        decision.stages.push(RingStage {
            legs,
            ring: s(*ring_s),
        });
    }
    decision
}

/// A back end that is a function.
pub(crate) struct By<F>(pub(crate) F);

impl<F: FnMut(Ticket, &Request<'_>) -> Submitted> Backend for By<F> {
    fn submit(&mut self, ticket: Ticket, request: &Request<'_>) -> Submitted {
        (self.0)(ticket, request)
    }
}

/// What a run needs. Nobody picks up, nobody loses patience, until a test says so.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) accounts: Vec<NewSubAccount>,
    pub(crate) people: People,
    pub(crate) routing: RoutingParams,
    pub(crate) limits: LimitParams,
    pub(crate) duration: Nanos,
    pub(crate) start: &'static str,
    pub(crate) seed: u64,
    pub(crate) policy: &'static str,
    pub(crate) workflows: BTreeMap<u64, Workflow>,
    pub(crate) rosters: Vec<Roster>,
    pub(crate) latency: RandomTime,
    pub(crate) timeout: Nanos,
    pub(crate) calls: Vec<(Nanos, Option<PhoneNumber>, PhoneNumber)>,
}

/// Made once: random times come with tables.
static QUIET_PEOPLE: LazyLock<People> = LazyLock::new(quiet_people);

fn quiet_people() -> People {
    let mut people = People::default();
    people.talk = constant(100);
    people.patience = RandomTime::infinite();
    people.hold_patience = RandomTime::infinite();
    people.voicemail = Messages {
        message: Share::NEVER,
        length: constant(20),
    };
    people.ai_talk = constant(60);
    for device in Device::ALL {
        *people.answer_mut(device) = Answering {
            reach: Share::NEVER,
            delay: constant(0),
            decline: Share::NEVER,
            dnd: Share::NEVER,
            sleep: Share::NEVER,
            carrier_voicemail: RandomTime::infinite(),
        };
    }
    people
}

impl World {
    pub(crate) fn of(accounts: Vec<NewSubAccount>) -> Self {
        Self {
            accounts,
            people: QUIET_PEOPLE.clone(),
            routing: RoutingParams::default(),
            limits: LimitParams::none(),
            duration: s(1000),
            start: "2026-01-05T00:00:00",
            seed: 1,
            policy: policy::DEFAULT,
            workflows: BTreeMap::new(),
            rosters: Vec::new(),
            latency: constant(0),
            timeout: s(15),
            calls: Vec::new(),
        }
    }

    /// One sub-account.
    pub(crate) fn one(users: Vec<NewUser>, numbers: Vec<NewNumber>) -> Self {
        Self::of(vec![account("a", users, numbers)])
    }

    /// This device is always picked up after so long.
    pub(crate) fn answers(&mut self, device: Device, after_s: u64) -> &mut Self {
        let answer = self.people.answer_mut(device);
        answer.reach = Share::ALWAYS;
        answer.delay = constant(after_s);
        self
    }

    /// Phone companies' machines pick up after so long.
    pub(crate) fn machines(&mut self, after_s: u64) -> &mut Self {
        self.people.answer_mut(Device::Phone).carrier_voicemail = constant(after_s);
        self
    }

    pub(crate) fn patience(&mut self, seconds: u64) -> &mut Self {
        self.people.patience = constant(seconds);
        self
    }

    pub(crate) fn talk(&mut self, seconds: u64) -> &mut Self {
        self.people.talk = constant(seconds);
        self
    }

    /// Calls of (second, from, to).
    pub(crate) fn calls(&mut self, calls: &[(u64, u64, u64)]) -> &mut Self {
        for (at, from, to) in calls {
            self.calls.push((s(*at), Some(phone(*from)), phone(*to)));
        }
        self
    }

    /// One call at the start, by somebody.
    pub(crate) fn call(&mut self, to: u64) -> &mut Self {
        self.calls(&[(0, 100, to)])
    }

    fn built(&self) -> Accounts {
        let mut builder = AccountsBuilder::new();
        for account in &self.accounts {
            builder.push(account).unwrap();
        }
        builder.finish()
    }

    /// The recorded calls as a source.
    pub(crate) fn log(&self, calendar: &Calendar) -> Source {
        let logged = |(at, from, to): &(Nanos, Option<PhoneNumber>, PhoneNumber)| LoggedCall {
            at: calendar.timestamp(*at),
            from: *from,
            to: *to,
            inbound: true,
        };
        let calls: Arc<[LoggedCall]> = self.calls.iter().map(logged).collect();
        source("log", &[("file", Value::Calls(calls))])
    }

    pub(crate) fn plan(&self) -> Plan {
        let accounts = Arc::new(self.built());
        let start: DateTime = self.start.parse().unwrap();
        let horizon = engine::run::horizon(self.duration);
        let calendar = Calendar::new(TimeZone::UTC, start, horizon).unwrap();
        let workflow = |(last, workflow): (&u64, &Workflow)| {
            (
                accounts.find_number(phone(*last)).unwrap(),
                workflow.clone(),
            )
        };
        Plan {
            sources: vec![self.log(&calendar)],
            workflows: self.workflows.iter().map(workflow).collect(),
            accounts,
            calendar,
            seed: self.seed,
            duration: self.duration,
            warm_up: Nanos::ZERO,
            antithetic: false,
            routing: self.routing.clone(),
            limits: self.limits,
            people: self.people.clone(),
            rosters: self.rosters.clone(),
            latency: self.latency.clone(),
            timeout: self.timeout,
        }
    }

    /// Runs with decisions from the policy.
    pub(crate) fn run(&self) -> Told {
        let plan = self.plan();
        let backend = in_process(&plan, self.policy);
        run(&plan, backend)
    }

    /// Runs with every decision this one.
    pub(crate) fn run_deciding(&self, decision: &Decision) -> Told {
        self.run_replying(|_| Ok(decision.clone()))
    }

    /// Runs with a back end that replies so.
    pub(crate) fn run_replying(&self, mut reply: impl FnMut(&Request<'_>) -> Reply) -> Told {
        run(
            &self.plan(),
            By(move |_, request: &Request<'_>| Submitted::Done(reply(request))),
        )
    }
}

/// An arrival process by its name, to nobody in particular.
pub(crate) fn source(kind: &str, values: &[(&'static str, Value)]) -> Source {
    let make = KINDS.iter().find(|it| it.name == kind).unwrap().make;
    let calendar = Calendar::at(TimeZone::UTC, Timestamp::UNIX_EPOCH, Nanos::HOUR).unwrap();
    let setting = Setting {
        calendar: &calendar,
        numbers: 1,
    };
    Source {
        process: make(&Values(values.iter().cloned().collect()), &setting).unwrap(),
        targets: None,
        callers: Callers::Unique,
        spread: Spread::NONE,
    }
}

pub(crate) fn in_process(plan: &Plan, name: &str) -> InProcess {
    let policy = policy::find(name).unwrap();
    InProcess::new(plan.accounts.clone(), plan.routing.clone(), policy)
}

/// Runs a plan to its end.
pub(crate) fn run<B: Backend>(plan: &Plan, backend: B) -> Told {
    let mut engine = Engine::new(plan, 0, backend, Told::of(plan));
    engine.run();
    engine.finish().unwrap().0
}
