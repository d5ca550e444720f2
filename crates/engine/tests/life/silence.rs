//! Callers who cannot come over a from limit need not be counted: whether they are or not, a run
//! tells the same.

use engine::{Backend, InProcess, Request, Submitted, Ticket};
use model::arrivals::{Source, Value};
use model::callers::Targets;
use model::people::{AFTER, Redial};
use model::{Rate, Share};
use routing::account::NumberId;
use routing::limit::LimitParams;
use routing::record::Cause;

use crate::world::{World, constant, in_process, owned, run, source, web, with_phone};

/// The routing core by a name that says nothing of whom it rings: its callers are counted.
struct Counted(InProcess);

impl Backend for Counted {
    fn submit(&mut self, ticket: Ticket, request: &Request<'_>) -> Submitted {
        self.0.submit(ticket, request)
    }

    fn is_steady(&self) -> bool {
        true
    }
}

/// Callers who give up after two seconds and call again after five, so often at most. The phone of
/// the owner is this number.
fn from_blocks(redials: u32, limit: u32, owners_phone: u64) -> usize {
    let owner = with_phone(web("ann"), owners_phone);
    let mut world = World::one(vec![owner], vec![owned(101, "ann")]);
    world.patience(2);
    world.limits = LimitParams::default();
    world.limits.regular.from_per_minute = limit;
    world.people.redial = Some(Redial {
        share: Share::ALWAYS,
        delay: constant(5),
        keep: Share::ALWAYS,
        max: Some(redials),
        after: AFTER.into_iter().collect(),
    });
    let mut plan = world.plan();
    let rate = Rate::per_second(0.05).unwrap();
    plan.sources = vec![Source {
        targets: Targets::evenly(vec![NumberId(0)]),
        ..source("poisson", &[("rate", Value::Rate(rate))])
    }];
    let core = || in_process(&plan, world.policy);
    let (told, counted) = (run(&plan, core()), run(&plan, Counted(core())));
    assert!(told.records.len() > 100);
    assert_eq!(told.records, counted.records);
    assert_eq!(told.violations, counted.violations);
    let blocked = |cause| told.records.iter().filter(move |it| it.cause == cause);
    blocked(Cause::FromRate).count()
}

#[test]
fn who_cannot_break_a_limit_need_not_be_counted() {
    assert_eq!(from_blocks(3, 4, 150), 0, "four attempts at most");
    assert!(from_blocks(4, 4, 150) > 0, "the fifth is one too many");
    // A leg that calls our own number is an attempt too.
    assert!(from_blocks(3, 4, 101) > 0, "legs count as well");
}
