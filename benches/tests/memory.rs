//! What a run takes of memory: no allocation per call once warm, less than 128 bytes a live call,
//! and a little for each second of virtual time, however many calls there are.

use std::sync::Arc;

use allocation_counter::{AllocationInfo, measure};
use benches::{World, mm50, office_day};
use engine::{Engine, InProcess};
use measure::Tally;
use model::RandomTime;
use routing::Nanos;
use routing::account::{AccountsBuilder, Backup, NewNumber, NewSubAccount};

fn minutes(count: u64) -> Nanos {
    Nanos(count * Nanos::MINUTE.0)
}

/// What a run of a world took, and how many calls it had.
fn taken(world: &World) -> (AllocationInfo, u64) {
    let mut calls = 0;
    let info = measure(|| calls = world.run(0).1.ended);
    (info, calls)
}

/// The same for twice the time, less what the first half took: allocations a call.
fn allocations_a_call(world: impl Fn(Nanos) -> World, warm: Nanos) -> f64 {
    let (short, long) = (world(warm), world(Nanos(2 * warm.0)));
    // Tables of random times are made with the first draw.
    long.run(1);
    short.run(1);
    let ((first, few), (both, many)) = (taken(&short), taken(&long));
    let more = both.count_total as f64 - first.count_total as f64;
    more / (many - few) as f64
}

#[test]
fn nothing_is_allocated_per_call_once_warm() {
    let office = allocations_a_call(office_day::world, minutes(600));
    assert!(office < 0.002, "office day: {office} allocations a call");
    let hold = allocations_a_call(mm50::world, minutes(10));
    assert!(hold < 0.002, "M/M/50: {hold} allocations a call");
}

/// Calls that the Voice AI takes for twenty hours: 45 more live calls each second.
fn long_talks(duration: Nanos) -> World {
    let mut world = mm50::world(duration);
    let number = NewNumber {
        backup: Backup::VoiceAi,
        ..NewNumber::new(model::callers::made_up(1, 0))
    };
    let mut builder = AccountsBuilder::new();
    let declared = NewSubAccount {
        id: "centre".to_owned(),
        numbers: vec![number],
        ..NewSubAccount::default()
    };
    builder.push(&declared).expect("one number has no faults");
    world.plan.accounts = Arc::new(builder.finish());
    world.plan.people.ai_talk = RandomTime::constant(Nanos(20 * Nanos::HOUR.0));
    world
}

/// What a run holds at this time, and how many calls live then.
fn held(world: &World, at: Nanos) -> (f64, f64) {
    let plan = &world.plan;
    let backend = InProcess::new(plan.accounts.clone(), plan.routing.clone(), world.policy);
    let tally = Tally::new(Arc::clone(&world.setup), 0).expect("a window");
    let mut engine = Engine::new(plan, 0, backend, tally);
    engine.advance(Nanos::MINUTE);
    let before = engine.live();
    let taken = measure(|| engine.advance(at));
    (
        taken.bytes_current as f64,
        f64::from(engine.live() - before),
    )
}

#[test]
fn a_live_call_takes_less_than_128_bytes() {
    let (bytes, live) = held(&long_talks(minutes(120)), minutes(100));
    assert!(live > 250_000.0, "{live}");
    let each = bytes / live;
    println!("{each:.1} bytes a live call");
    // With the room into which what is kept grows, a thirty-second at most.
    assert!(each < 128.0, "{each}");
    // One who waits also stands in the line of the queue.
    let mut waiting = mm50::world(minutes(120));
    waiting.plan.people.talk = RandomTime::constant(Nanos(20 * Nanos::HOUR.0));
    let (bytes, live) = held(&waiting, minutes(100));
    let each = bytes / live;
    println!("{each:.1} bytes a call on hold");
    assert!(each < 128.0, "{each}");
}

#[test]
fn ten_times_the_calls_take_no_more_memory() {
    let (few, many) = (mm50::world(minutes(300)), mm50::world(minutes(3000)));
    few.run(1);
    let ((few_took, few), (many_took, many)) = (taken(&few), taken(&many));
    assert!(many > 9 * few);
    let grown = many_took.bytes_max as f64 - few_took.bytes_max as f64;
    // Nine more intervals of the time series, and distributions that longer waits widen.
    let each = grown / (many - few) as f64;
    println!("{grown} bytes for {} calls more", many - few);
    assert!(each < 0.05, "{each} bytes a call");
}
