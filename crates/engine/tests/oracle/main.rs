//! The engine against a second way to compute the same queue, call by call on the same draws.
//!
//! The oracle ([`recursion`]) knows no events: it goes through the callers in the order of their
//! arrival and keeps nothing but the times at which the servers get free. Whatever both agree on
//! to the nanosecond is hardly wrong in both.

mod recursion;
mod world;

use proptest::prelude::*;
use routing::record::{CallRecord, Cause, Outcome};

use recursion::{Caller, Fate, Queue};
use world::{World, laws};

/// What became of a call, in the words of the oracle.
fn fate(call: &CallRecord) -> Option<Fate> {
    match (call.outcome, call.cause, call.answered, call.held) {
        (Outcome::Answered, _, Some(start), Some((from, until))) => {
            let whole = from == call.arrived && until == start;
            whole.then_some(Fate::Served {
                start,
                end: call.ended,
            })
        }
        (Outcome::Abandoned, Cause::Hold, None, Some((from, until))) => {
            let whole = from == call.arrived && until == call.ended;
            whole.then_some(Fate::Left { at: call.ended })
        }
        (Outcome::Busy, Cause::HoldFull, None, None) => {
            (call.ended == call.arrived).then_some(Fate::Full)
        }
        _ => None,
    }
}

/// Every call of the world in the engine and in the oracle.
fn compare(world: &World) -> Result<[usize; 3], TestCaseError> {
    let plan = world.plan();
    let records = world::run(&plan);
    prop_assert!(records.len() > 50, "{} calls", records.len());
    let callers: Vec<Caller> = records.iter().map(|it| world.caller(&plan, it)).collect();
    let mut queue = Queue::new(world.servers, world.room);
    let mut seen = [0; 3];
    for (record, caller) in records.iter().zip(&callers) {
        let expected = queue.next(caller);
        seen[expected.index()] += 1;
        prop_assert_eq!(fate(record), Some(expected), "{:?}\n{:?}", caller, record);
    }
    Ok(seen)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    /// M/GI/s+GI, first come first served, and its like with bounded room.
    #[test]
    fn every_call_waits_and_ends_as_the_recursion_says(
        servers in 1u32..=8,
        load in 0.3f64..1.5,
        talk in laws(60),
        patience in prop::option::weighted(0.7, (5u64..200).prop_flat_map(laws)),
        wrap_up in prop::option::weighted(0.3, laws(20)),
        room in prop::option::weighted(0.4, 0u32..12),
        named: bool,
        numbers in 1u64..4,
        seed: u64,
    ) {
        // One room for several numbers is not what a scenario can say, nor are unnamed agents of
        // several numbers.
        let numbers = if named && room.is_none() { numbers } else { 1 };
        let world = World { servers, load, talk, patience, wrap_up, room, named, numbers, seed };
        compare(&world)?;
    }
}

/// The cases above are of use only if they see calls of every kind: so many of each over one
/// crowded queue.
#[test]
fn a_crowded_queue_sees_calls_served_and_left_and_turned_away() {
    let law = |mean_s| model::RandomTime::exponential(routing::Nanos::from_secs(mean_s));
    let world = World {
        servers: 3,
        load: 1.3,
        talk: law(60),
        patience: Some(law(40)),
        wrap_up: None,
        room: Some(2),
        named: false,
        numbers: 1,
        seed: 5,
    };
    let seen = compare(&world).unwrap();
    assert!(seen.iter().all(|kind| *kind > 20), "{seen:?}");
}
