//! Queues, levels, legs and limits, small enough to count by hand.

mod records;

use std::sync::Arc;

use measure::{Fingerprint, Setup, Summary, Tally};
use records::{abandoned, s};
use routing::Nanos;
use routing::account::{NumberId, PersonId, SubAccountId};
use routing::record::{CallRecord, Cause, LegRecord, Level, QueueSpan, Sink, ViolationRecord};

/// One replication of 1000 s after 100 s of warm-up.
fn setup() -> Setup {
    let mut setup = Setup::new(s(100), s(1100), s(500));
    setup.sub_accounts = 2;
    setup.persons = 1;
    setup
}

fn told(tell: impl Fn(&mut Tally)) -> Summary {
    told_under(setup(), tell)
}

fn told_under(setup: Setup, tell: impl Fn(&mut Tally)) -> Summary {
    let mut tally = Tally::new(Arc::new(setup), 0).unwrap();
    tell(&mut tally);
    Summary::new(vec![tally.finish()], Fingerprint::default(), Vec::new())
}

#[track_caller]
fn expect(summary: &Summary, table: &[(&str, f64)]) {
    for (name, expected) in table {
        let found = summary.get(name).unwrap().value;
        assert!(
            (found - expected).abs() < 1e-9,
            "{name}: {found} instead of {expected}"
        );
    }
}

#[test]
fn queues_add_up_over_numbers_with_each_its_own_variance() {
    let queue = |number, length, from, until| QueueSpan {
        number: NumberId(number),
        length,
        from: s(from),
        until: s(until),
    };
    let summary = told(|tally| {
        // 2 waiting for half of the window on one number, 1 for a tenth on another.
        tally.queue(&queue(0, 2, 0, 600));
        tally.queue(&queue(1, 1, 1000, 1200));
    });
    expect(
        &summary,
        &[
            ("hold.queue.mean", 1.0 + 0.1),
            ("hold.queue.variance", 1.0 + 0.09),
        ],
    );
}

#[test]
fn peaks_are_looked_for_at_whole_seconds_of_the_window() {
    let level = |from_s, until_s, calls, legs| Level {
        from_s,
        until_s,
        calls,
        legs,
    };
    let summary = told(|tally| {
        tally.level(&level(99, 100, 9, 9));
        tally.level(&level(100, 102, 3, 5));
    });
    expect(
        &summary,
        &[("concurrent.calls.max", 3.0), ("concurrent.legs.max", 5.0)],
    );
}

#[test]
fn a_person_is_rung_once_however_many_devices_ring() {
    let leg = LegRecord {
        person: Some(PersonId(0)),
        call_arrived: s(200),
        from: s(200),
        until: s(210),
        first_of_person: true,
        busy: false,
    };
    let another_device = LegRecord {
        first_of_person: false,
        ..leg
    };
    let call_of_the_warm_up = LegRecord {
        call_arrived: s(50),
        ..leg
    };
    let summary = told(|tally| {
        for leg in [leg, another_device, call_of_the_warm_up] {
            tally.leg(&leg);
        }
    });
    expect(&summary, &[("concurrent.legs.mean", 0.03)]);
    assert_eq!(summary.people[0].sums.rung, 1);
}

#[test]
fn violations_count_by_their_time() {
    let violation = |at, count, blocks_account| ViolationRecord {
        at: s(at),
        sub_account: SubAccountId(1),
        number: NumberId(1),
        cause: Cause::ToRate,
        count,
        blocks_account,
    };
    let summary = told(|tally| {
        tally.violation(&violation(50, 2, true)); // in the warm-up
        tally.violation(&violation(300, 2, false));
        tally.violation(&violation(700, 1, true));
        tally.violation(&violation(800, 1, true)); // the same account once more
    });
    expect(
        &summary,
        &[
            ("limit.violations", 4.0),
            ("limit.accounts_blocked", 1.0),
            ("limit.first_violation_s", 300.0),
            ("limit.first_block_s", 50.0), // it stands in the window
            ("limit.block.chance", 1.0),
        ],
    );
    assert_eq!(summary.accounts[1].first_block, Some(s(50)));
    assert_eq!(summary.accounts[1].violations, 4);
}

#[test]
fn a_block_counts_where_it_stands() {
    let block = |at| ViolationRecord {
        at: s(at),
        sub_account: SubAccountId(1),
        number: NumberId(1),
        cause: Cause::ToRate,
        count: 1,
        blocks_account: true,
    };
    let with = |lasts: u64, blocked_as: &[u32]| Setup {
        block_lasts: Some(s(lasts)),
        blocked_as: blocked_as.into(),
        ..setup()
    };
    let over = told_under(with(40, &[]), |tally| tally.violation(&block(50)));
    expect(
        &over,
        &[("limit.accounts_blocked", 0.0), ("limit.block.chance", 0.0)],
    );
    let stands = told_under(with(60, &[]), |tally| tally.violation(&block(50)));
    expect(
        &stands,
        &[("limit.accounts_blocked", 1.0), ("limit.violations", 0.0)],
    );
    let agency = told_under(with(60, &[7, 7]), |tally| tally.violation(&block(500)));
    expect(
        &agency,
        &[("limit.accounts_blocked", 2.0), ("limit.violations", 1.0)],
    );
    assert_eq!(agency.accounts[0].first_block, Some(s(500)));
    assert_eq!(agency.accounts[0].violations, 0);
}

#[test]
fn redials_are_pending_from_the_end_of_one_attempt_to_the_next() {
    let again = |at| CallRecord {
        redial_at: Some(at),
        ..abandoned(0, s(1000), s(50))
    };
    let summary = told(|tally| tally.record(&again(s(1080))));
    expect(&summary, &[("redials.pending.mean", 0.03)]);
    let summary = told(|tally| tally.record(&again(Nanos::NEVER)));
    expect(&summary, &[("redials.pending.mean", 0.05)]);
}
