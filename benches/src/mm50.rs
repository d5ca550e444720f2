//! M/M/50 as a scenario: one number whose callers wait on hold for fifty agents without names.
//!
//! The same queue as [`crate::floor`], through the whole program: a decision for every call, the
//! life of a call, addressed draws, every metric. Two model events a customer.

use std::sync::Arc;

use engine::Plan;
use model::{People, RandomTime};
use routing::Nanos;
use routing::account::{AccountsBuilder, Backup, NewHoldStaff, NewNumber, NewSubAccount};
use routing::limit::LimitParams;
use routing::params::RoutingParams;

use crate::floor::{ARRIVALS_PER_S, SERVERS};
use crate::world::{World, calendar, calls};

/// M/M/50 for so long; 45 customers come in a second. Unlimited room, no limits, nobody leaves.
pub fn world(duration: Nanos) -> World {
    let line = NewNumber {
        backup: Backup::Hold,
        hold_staff: NewHoldStaff::Unnamed(SERVERS),
        ..NewNumber::new(model::callers::made_up(1, 0))
    };
    let mut builder = AccountsBuilder::new();
    let declared = NewSubAccount {
        id: "centre".to_owned(),
        numbers: vec![line],
        ..NewSubAccount::default()
    };
    builder.push(&declared).expect("one number has no faults");
    let accounts = builder.finish();
    let mut people = People::default();
    people.talk = RandomTime::exponential(Nanos::SECOND);
    people.hold_patience = RandomTime::infinite();
    World::new(Plan {
        calendar: calendar(duration),
        seed: 1,
        duration,
        warm_up: Nanos::ZERO,
        antithetic: false,
        routing: RoutingParams::default(),
        limits: LimitParams::none(),
        people,
        sources: vec![calls(&accounts, ARRIVALS_PER_S)],
        workflows: std::iter::empty().collect(),
        rosters: Vec::new(),
        latency: RandomTime::constant(Nanos::ZERO),
        timeout: Nanos::from_secs(10),
        accounts: Arc::new(accounts),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::floor::{EXACT_MEAN_WAIT_S, EXACT_WAIT_SHARE};
    use routing::record::{CallRecord, Outcome, Sink};

    #[derive(Default)]
    struct Waits {
        served: u64,
        waited: u64,
        wait_ns: u64,
    }

    impl Sink for Waits {
        fn record(&mut self, call: &CallRecord) {
            assert_eq!(call.outcome, Outcome::Answered);
            let wait = call.held.map_or(Nanos::ZERO, |(from, until)| until - from);
            self.served += 1;
            self.waited += u64::from(wait.0 > 0);
            self.wait_ns += wait.0;
        }
    }

    #[test]
    fn it_is_the_queue_of_the_floor() {
        let world = world(Nanos(6 * Nanos::HOUR.0));
        let backend = engine::InProcess::new(
            Arc::clone(&world.plan.accounts),
            world.plan.routing.clone(),
            world.policy,
        );
        let watch = engine::run::Watch::default();
        let sink = Waits::default();
        let ran = engine::run::replication(&world.plan, 0, backend, sink, &watch);
        let (waits, counts) = ran.unwrap();
        assert_eq!(counts.events, 2 * counts.arrived);
        assert_eq!(counts.arrived, waits.served);
        // About a million customers: see the floor's own test.
        let share = waits.waited as f64 / waits.served as f64;
        let mean_s = waits.wait_ns as f64 / waits.served as f64 / 1e9;
        assert!((share / EXACT_WAIT_SHARE - 1.0).abs() < 0.08, "{share}");
        assert!((mean_s / EXACT_MEAN_WAIT_S - 1.0).abs() < 0.13, "{mean_s}");
    }
}
