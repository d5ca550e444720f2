//! Metrics of calls small enough to count by hand.

mod records;

use std::sync::Arc;

use measure::{Class, Setup, Summary};
use records::{abandoned, answered, caller, replication, s, summary};
use routing::Nanos;

use routing::record::{CallRecord, Cause, FreshId, Outcome};

/// 1000 s of statistics after 100 s of warm-up, in intervals of 500 s.
fn plain() -> Setup {
    let mut setup = Setup::new(s(100), s(1100), s(500));
    setup.sub_accounts = 2;
    setup.persons = 1;
    setup.source_is_unique = vec![true, false];
    setup
}

fn value(summary: &Summary, name: &str) -> f64 {
    summary
        .get(name)
        .unwrap_or_else(|| panic!("{name}: {:?}", summary.reason(name)))
        .value
}

#[track_caller]
fn expect(summary: &Summary, table: &[(&str, f64)]) {
    for (name, expected) in table {
        let found = value(summary, name);
        assert!(
            (found - expected).abs() < 1e-9,
            "{name}: {found} instead of {expected}"
        );
    }
}

/// An answer so long after arrival.
fn late(n: u64, arrived: Nanos, delay: Nanos) -> CallRecord {
    let answer = arrived + delay;
    CallRecord {
        answered: Some(answer),
        ended: answer + s(60),
        ..answered(n, arrived)
    }
}

#[test]
fn service_levels_have_four_denominators() {
    let calls = vec![
        late(0, s(200), s(10)),
        late(1, s(200), s(20)), // at most 20 s: still in time
        late(2, s(200), s(21)),
        abandoned(3, s(200), s(5)), // short: within 5 s
        abandoned(4, s(200), s(6)),
        abandoned(5, s(200), s(20)), // not after 20 s
        abandoned(6, s(200), s(30)),
        CallRecord {
            outcome: Outcome::Voicemail,
            cause: Cause::None,
            ..abandoned(7, s(200), s(9))
        },
    ];
    expect(
        &summary(plain(), &[calls]),
        &[
            ("service_level.20s.of_offered", 2.0 / 8.0),
            ("service_level.20s.of_answered", 2.0 / 3.0),
            ("service_level.20s.of_offered_less_short", 2.0 / 7.0),
            ("service_level.20s.of_answered_or_late", 2.0 / 4.0),
            ("answered_within.20s", 2.0),
            ("abandoned_within.20s.share", 3.0 / 4.0),
            ("calls.abandoned.ringing", 4.0),
            ("calls.abandoned.share", 0.5),
            ("calls.voicemail", 1.0),
            ("answer.delay_s.mean", 17.0),
        ],
    );
}

#[test]
fn times_are_cut_to_the_window_and_calls_are_not() {
    let talks = |n, from, until| CallRecord {
        ended: s(until),
        ..answered(n, s(from))
    };
    let calls = vec![
        talks(0, 50, 150),    // arrived in the warm-up: 50 s of it count
        talks(1, 1000, 1300), // followed to its end: 100 s of its talk count as busy
        talks(2, 1100, 1200), // arrived too late
    ];
    let mut setup = plain();
    setup.staff_logged_in_ns = vec![u128::from(s(500).0)];
    setup.unnamed_agents_ns = u128::from(s(100).0);
    let summary = summary(setup, &[calls]);
    expect(
        &summary,
        &[
            ("calls.offered", 1.0),
            ("calls.in_system.mean", 0.15),
            ("concurrent.calls.mean", 0.15),
            ("staff.busy.mean", 0.15),
            ("staff.occupancy", 150.0 / 600.0),
        ],
    );
    let person = summary.people[0];
    assert_eq!(
        (person.sums.answered, person.sums.talk_ns),
        (1, u128::from(s(300).0))
    );
    assert_eq!(person.occupancy, Some(150.0 / 500.0));
    let rows: Vec<u128> = summary.replications[0].series[0]
        .rows
        .iter()
        .map(|row| row.calls_ns)
        .collect();
    // The rows start at 0, 500 and 1000 s; the first and the last are cut by the window.
    assert_eq!(rows, [50, 0, 100].map(|secs| u128::from(s(secs).0)));
}

#[test]
fn a_person_is_a_chain_or_a_number() {
    let again = |n, arrived, attempt, previous| CallRecord {
        attempt,
        previous_arrived: Some(s(previous)),
        ..abandoned(n, s(arrived), s(10))
    };
    let pool = |n, arrived, who| CallRecord {
        fresh: FreshId { source: 1, n },
        from: Some(caller(who)),
        ..abandoned(n, s(arrived), s(10))
    };
    let calls = vec![
        abandoned(0, s(200), s(10)),
        again(0, 300, 2, 200), // the same person
        again(1, 300, 2, 50),  // the first attempt was in the warm-up: one more person
        CallRecord {
            reached_before: true,
            ..late(1, s(400), s(1))
        }, // counted as reached before
        pool(0, 200, 7),
        pool(1, 210, 7), // the same number: the same person
        CallRecord {
            from: Some(caller(8)),
            fresh: FreshId { source: 1, n: 2 },
            ..late(2, s(300), s(1))
        },
        CallRecord {
            from: None,
            ..pool(3, 300, 0)
        }, // withheld: one person each
        CallRecord {
            from: None,
            ..pool(4, 300, 0)
        },
    ];
    let mut calls = calls;
    calls[3].attempt = 3;
    calls[3].previous_arrived = Some(s(300));
    expect(
        &summary(plain(), &[calls]),
        &[
            ("callers.offered", 6.0),
            ("callers.reached", 1.0),
            ("callers.gave_up", 5.0),
            ("callers.reached.share", 1.0 / 6.0),
            ("callers.attempts.mean", 9.0 / 6.0),
            ("calls.fresh", 6.0),
            ("calls.redials", 3.0),
        ],
    );
}

#[test]
fn waits_on_hold_are_told_apart_by_how_they_end() {
    let hold = |wait, call: CallRecord| CallRecord {
        held: Some((call.arrived, call.arrived + s(wait))),
        ..call
    };
    let left = |n, wait| CallRecord {
        cause: Cause::Hold,
        ..abandoned(n, s(200), s(wait))
    };
    let calls = vec![
        hold(0, late(0, s(200), s(0))),
        hold(10, late(1, s(200), s(10))),
        hold(20, late(2, s(200), s(20))),
        hold(30, left(3, 30)),
        hold(50, left(4, 50)),
        abandoned(5, s(200), s(3)),
    ];
    expect(
        &summary(plain(), &[calls]),
        &[
            ("hold.wait_s.mean", 22.0),
            ("hold.wait_served_s.mean", 10.0),
            ("hold.wait_served_s.variance", 200.0 / 3.0),
            ("hold.wait_abandoned_s.mean", 40.0),
            ("hold.wait_abandoned_s.variance", 100.0),
            ("hold.waited.share", 4.0 / 6.0),
        ],
    );
}

#[test]
fn one_replication_is_exact_and_several_are_an_estimate() {
    let calls = |n: u64| (0..n).map(|n| answered(n, s(200))).collect::<Vec<_>>();
    let one = summary(plain(), &[calls(3)]);
    let offered = one.get("calls.offered").unwrap();
    assert_eq!(
        (offered.class, offered.ci95, offered.spread),
        (Class::Exact, None, None)
    );
    assert!(offered.count && offered.n == 1);

    let five = summary(plain(), &[calls(1), calls(2), calls(3), calls(4), calls(5)]);
    let offered = five.get("calls.offered").unwrap();
    assert_eq!((offered.class, offered.n), (Class::Estimate, 5));
    let (low, high) = offered.ci95.unwrap();
    assert!((low - (3.0 - 1.963_243_161)).abs() < 1e-8 && (high - 4.963_243_161).abs() < 1e-8);
    assert!((offered.spread.unwrap().p5 - 1.2).abs() < 1e-12);
    // Nobody was blocked in five replications: Wilson still leaves room.
    let chance = five.get("limit.block.chance").unwrap();
    let (low, high) = chance.ci95.unwrap();
    assert!(
        low.abs() < 1e-12 && (high - 0.434_482_465).abs() < 1e-8,
        "{high}"
    );
    assert_eq!(chance.spread, None);
}

#[test]
fn what_cannot_be_told_is_absent_with_its_reason() {
    let nothing = summary(plain(), &[Vec::new()]);
    expect(
        &nothing,
        &[("calls.offered", 0.0), ("calls.in_system.mean", 0.0)],
    );
    for (name, reason) in [
        ("calls.answered.share", "there were no calls offered"),
        ("callers.reached.share", "there were no callers"),
        ("answer.delay_s.mean", "there were no answered calls"),
        ("answer.delay_s.p99", "there were no answered calls"),
        (
            "service_level.20s.of_answered",
            "there were no answered calls",
        ),
        ("staff.occupancy", "there were no staff logged in"),
        ("limit.first_block_s", "there were no blocked accounts"),
    ] {
        assert!(nothing.get(name).is_none(), "{name}");
        assert_eq!(nothing.reason(name), Some(reason), "{name}");
    }
    // In one of two replications it exists: the other says nothing.
    let half = summary(
        plain(),
        &[
            vec![],
            vec![answered(0, s(200)), abandoned(1, s(200), s(9))],
        ],
    );
    let share = half.get("calls.answered.share").unwrap();
    assert_eq!(
        (share.value.to_bits(), share.n, share.ci95),
        (0.5f64.to_bits(), 1, None)
    );
}

#[test]
fn what_a_gate_names_is_there() {
    let mut setup = plain();
    for (name, each) in [
        ("service_level.1min.of_offered", None),
        ("answer.delay_s.p75", Some(s(250))),
        ("hold.wait_s.p99.9", None),
    ] {
        setup.want(&measure::names::check(name).unwrap(), each);
    }
    assert_eq!(
        (setup.each.clone(), setup.interval_delays),
        (vec![s(250)], true)
    );
    let calls = (0..20).map(|n| late(n, s(300), s(30))).collect::<Vec<_>>();
    let summary = summary(setup, &[calls]);
    expect(
        &summary,
        &[
            ("service_level.1min.of_offered", 1.0),
            ("answer.delay_s.p75", 30.0),
        ],
    );
    assert_eq!(
        summary.reason("hold.wait_s.p99.9"),
        Some("there were no calls on hold")
    );
    assert_eq!(summary.replications[0].series[1].rows.len(), 5);
}

#[test]
fn every_computed_name_has_a_value_or_a_reason() {
    let summary = summary(plain(), &[vec![answered(0, s(200))]]);
    for known in measure::names::all() {
        let name = known.name.as_ref();
        let told = summary.get(name).is_some() || summary.reason(name).is_some();
        assert_eq!(told, known.kind != measure::Kind::Measured, "{name}");
    }
}

#[test]
fn fingerprints_add_up_over_replications() {
    let setup = Arc::new(plain());
    let call = [answered(0, s(200))];
    let (a, b) = (replication(&setup, 0, &call), replication(&setup, 1, &call));
    assert_ne!(a.fingerprints.outcomes, b.fingerprints.outcomes);
    let mut both = a.fingerprints.outcomes;
    both.merge(b.fingerprints.outcomes);
    let summary = Summary::new(vec![a, b], measure::Fingerprint(7), Vec::new());
    assert_eq!(summary.fingerprints.outcomes, both);
    assert_eq!(summary.fingerprints.inputs, measure::Fingerprint(7));
}
