//! Laws that hold whatever a run tells.

mod records;

use std::sync::Arc;

use measure::staff::AccountCount;
use measure::{Kind, MergeFault, Setup, SetupFault, Tally};
use proptest::prelude::*;
use records::{Told, setup, tally, told};
use routing::Nanos;
use routing::record::Outcome;

/// Deals what was told out to so many parts.
fn parts(setup: &Arc<Setup>, told: &[Told], seats: &[usize], n: usize) -> Vec<Tally> {
    let mut hands = vec![Vec::new(); n];
    for (told, seat) in told.iter().zip(seats.iter().cycle()) {
        hands[seat % n].push(told.clone());
    }
    hands.iter().map(|hand| tally(setup, hand)).collect()
}

fn sum(parts: &[&Tally]) -> Tally {
    let mut sum = parts[0].clone();
    parts[1..]
        .iter()
        .for_each(|part| sum.merge(part).expect("parts of one replication"));
    sum
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn parts_add_up_to_the_whole_in_any_order(
        told in proptest::collection::vec(told(), 0..60),
        seats in proptest::collection::vec(0usize..3, 1..60),
    ) {
        let setup = Arc::new(setup());
        let whole = tally(&setup, &told);
        let parts = parts(&setup, &told, &seats, 3);
        let (a, b, c) = (&parts[0], &parts[1], &parts[2]);
        prop_assert_eq!(&sum(&[a, b, c]), &whole);
        prop_assert_eq!(&sum(&[c, b, a]), &whole);
        prop_assert_eq!(&sum(&[a, &sum(&[b, c])]), &whole);
        prop_assert_eq!(sum(&[b, c, a]).finish(), whole.finish());
    }

    #[test]
    fn the_order_of_records_does_not_matter(told in proptest::collection::vec(told(), 0..60)) {
        let setup = Arc::new(setup());
        let backwards: Vec<Told> = told.iter().rev().cloned().collect();
        prop_assert_eq!(tally(&setup, &told), tally(&setup, &backwards));
    }

    #[test]
    fn offered_is_the_sum_of_outcomes(told in proptest::collection::vec(told(), 0..80)) {
        let setup = Arc::new(setup());
        let run = tally(&setup, &told).finish();
        let window = setup.window();
        let arrived = told.iter().filter(|told| match told {
            Told::Call(call) => window.contains(call.arrived),
            _ => false,
        });
        let offered = arrived.count() as u64;
        prop_assert_eq!(run.counts.offered(), offered);
        prop_assert_eq!(run.counts.outcomes.iter().sum::<u64>(), offered);
        prop_assert_eq!(run.accounts.iter().map(AccountCount::offered).sum::<u64>(), offered);
        for outcome in Outcome::ALL {
            let total = run.counts.outcome(*outcome);
            let by_cause: u64 = outcome.causes().iter().map(|it| run.counts.cause(*it)).sum();
            prop_assert!(outcome.causes().is_empty() || by_cause == total);
            prop_assert_eq!(run.accounts.iter().map(|it| it.outcome(*outcome)).sum::<u64>(), total);
            for series in &run.series {
                let rows = series.rows.iter().map(|row| row.counts.outcome(*outcome));
                prop_assert_eq!(rows.sum::<u64>(), total);
            }
        }
        for series in &run.series {
            for row in &series.rows {
                prop_assert_eq!(row.counts.offered(), row.counts.outcomes.iter().sum::<u64>());
            }
        }
    }

    #[test]
    fn intervals_share_out_all_of_the_time(told in proptest::collection::vec(told(), 0..40)) {
        let setup = Arc::new(setup());
        let run = tally(&setup, &told).finish();
        let window_ns = setup.window().length_ns();
        for series in &run.series {
            let lengths: u64 = (0..series.rows.len()).map(|row| series.length_ns(row)).sum();
            prop_assert_eq!(lengths, window_ns);
            for (kind, total) in [
                (Kind::InSystem, series.rows.iter().map(|row| row.calls_ns).sum::<u128>()),
                (Kind::BusyMean, series.rows.iter().map(|row| row.busy_ns).sum()),
            ] {
                let mean = total as f64 / window_ns as f64;
                prop_assert_eq!(run.value(kind).unwrap().to_bits(), mean.to_bits());
            }
        }
    }

    #[test]
    fn nobody_is_reached_who_did_not_try(told in proptest::collection::vec(told(), 0..80)) {
        let run = tally(&Arc::new(setup()), &told).finish();
        let gave_up = run.value(Kind::CallersGaveUp).unwrap();
        let (offered, reached) = run.callers;
        // Chains are only as consistent as the records: generated ones may miss their first attempt.
        prop_assert!(gave_up <= offered as f64);
        prop_assert!(reached <= run.counts.outcome(Outcome::Answered));
        prop_assert!(offered <= run.counts.offered());
    }
}

#[test]
fn parts_of_different_replications_do_not_add_up() {
    let setup = Arc::new(setup());
    let mut first = Tally::new(Arc::clone(&setup), 0).unwrap();
    let second = Tally::new(setup, 1).unwrap();
    let fault = MergeFault::Replication { mine: 0, theirs: 1 };
    assert_eq!(first.merge(&second), Err(fault));
    let mut longer = records::setup();
    longer.duration = Nanos::DAY;
    let longer = Tally::new(Arc::new(longer), 0).unwrap();
    assert_eq!(first.merge(&longer), Err(MergeFault::Setup));
}

#[test]
fn what_cannot_be_counted_is_refused() {
    let hour = Nanos::HOUR;
    let fault = |setup: Setup| Tally::new(Arc::new(setup), 0).err();
    assert_eq!(
        fault(Setup::new(hour, hour, hour)),
        Some(SetupFault::EmptyWindow {
            warm_up: hour,
            duration: hour
        })
    );
    assert_eq!(
        fault(Setup::new(Nanos::ZERO, hour, Nanos::ZERO)),
        Some(SetupFault::NoInterval)
    );
    assert_eq!(
        fault(Setup::new(Nanos::ZERO, hour, Nanos(1))),
        Some(SetupFault::TooManyIntervals {
            intervals: hour.0,
            interval: Nanos(1)
        })
    );
    assert_eq!(fault(Setup::new(Nanos::ZERO, hour, Nanos::DAY)), None);
}
