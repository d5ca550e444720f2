//! Known answers: queues on hold against Erlang's formulas, each within four standard errors by
//! batch means on about 200 000 calls.

use engine::Plan;
use model::arrivals::{Source, Value};
use model::callers::Targets;
use model::{RandomTime, Rate};
use routing::account::{Backup, NewHoldStaff, NewNumber};
use routing::record::{CallRecord, Outcome};

use crate::world::{World, in_process, number, phone, run, s, source};

const AGENTS: u32 = 10;
const TALK_S: u64 = 80;
const CALLS: f64 = 200_000.0;

/// Calls come at random to ten unnamed agents, `load` erlangs of them.
fn queue(load: f64, room: Option<u32>, patience: RandomTime) -> Plan {
    let rate = load / TALK_S as f64;
    let mut world = World::one(
        vec![],
        vec![NewNumber {
            backup: Backup::Hold,
            hold_staff: NewHoldStaff::Unnamed(AGENTS),
            hold_room: room,
            ..number(150)
        }],
    );
    world.people.talk = RandomTime::exponential(s(TALK_S));
    world.people.hold_patience = patience;
    world.duration = s((CALLS / rate) as u64);
    world.seed = 42;
    let mut plan = world.plan();
    let to = plan.accounts.find_number(phone(150)).unwrap();
    plan.sources = vec![Source {
        targets: Targets::evenly(vec![to]),
        ..source(
            "poisson",
            &[("rate", Value::Rate(Rate::per_second(rate).unwrap()))],
        )
    }];
    plan
}

/// The mean of `value` over the calls of the run agrees with `expected`.
fn agrees(plan: &Plan, expected: f64, value: impl Fn(&CallRecord) -> f64) {
    const BATCHES: usize = 50;
    let records = run(plan, in_process(plan, "stages-2026")).sorted();
    let size = records.len() / BATCHES;
    let mean = |part: &[CallRecord]| part.iter().map(&value).sum::<f64>() / part.len() as f64;
    let means: Vec<f64> = records.chunks_exact(size).take(BATCHES).map(mean).collect();
    let all = means.iter().sum::<f64>() / BATCHES as f64;
    let squares: f64 = means.iter().map(|it| (it - all).powi(2)).sum();
    let error = (squares / (BATCHES * (BATCHES - 1)) as f64).sqrt();
    assert!(error < expected / 20.0, "the run is too short to tell");
    assert!(
        (all - expected).abs() < 4.0 * error,
        "{all} ± {error}, expected {expected}"
    );
}

fn share(outcome: Outcome) -> impl Fn(&CallRecord) -> f64 {
    move |call| f64::from(u8::from(call.outcome == outcome))
}

/// Erlang B by its recursion.
fn erlang_b(load: f64, agents: u32) -> f64 {
    (1..=agents).fold(1.0, |blocked, n| {
        load * blocked / (f64::from(n) + load * blocked)
    })
}

#[test]
fn without_room_to_wait_the_blocked_share_is_erlang_b() {
    let plan = queue(8.0, Some(0), RandomTime::infinite());
    agrees(&plan, erlang_b(8.0, AGENTS), share(Outcome::Busy));
}

#[test]
fn with_patient_callers_the_mean_wait_is_erlang_c() {
    let load = 8.0;
    let blocked = erlang_b(load, AGENTS);
    let agents = f64::from(AGENTS);
    let waits = agents * blocked / (agents - load * (1.0 - blocked));
    let mean = waits * TALK_S as f64 / (agents - load);
    let plan = queue(load, None, RandomTime::infinite());
    let waited = |call: &CallRecord| {
        let (from, until) = call.held.unwrap();
        (until - from).as_secs_f64()
    };
    agrees(&plan, mean, waited);
    agrees(&plan, waits, |call| f64::from(u8::from(waited(call) > 0.0)));
}

#[test]
fn with_impatient_callers_the_abandoned_share_is_erlang_a() {
    let (load, patience_s) = (10.0, 60);
    let rate = load / TALK_S as f64;
    // The stationary birth and death chain: n callers in the system, those above the agents wait.
    let (mut weight, mut sum, mut waiting) = (1.0, 1.0, 0.0);
    for n in 1..1000u32 {
        let served = f64::from(n.min(AGENTS)) / TALK_S as f64;
        let queued = f64::from(n.saturating_sub(AGENTS));
        weight *= rate / (served + queued / patience_s as f64);
        sum += weight;
        waiting += queued * weight;
    }
    let abandoned = waiting / sum / patience_s as f64 / rate;
    let plan = queue(load, None, RandomTime::exponential(s(patience_s)));
    agrees(&plan, abandoned, share(Outcome::Abandoned));
}
