//! Records for the tests: generated ones, and small ones by hand.

#![expect(dead_code, reason = "each test file takes what it needs")]

use std::sync::Arc;

use measure::{Replication, Setup, Summary, Tally};
use proptest::prelude::*;
use routing::account::{NumberId, PersonId, SubAccountId, UserId};
use routing::record::{
    CallRecord, Cause, FreshCall, FreshId, LegRecord, Level, Outcome, QueueSpan, Sink,
    ViolationRecord,
};
use routing::{Nanos, PhoneNumber};

pub(crate) const ACCOUNTS: u32 = 3;
pub(crate) const PEOPLE: u32 = 4;

/// An hour with ten minutes of warm-up, in quarters, with gates that ask for more.
pub(crate) fn setup() -> Setup {
    let mut setup = Setup::new(Nanos::from_secs(600), Nanos::HOUR, Nanos::from_secs(900));
    setup.sub_accounts = ACCOUNTS as usize;
    setup.persons = PEOPLE as usize;
    setup.source_is_unique = vec![true, false];
    setup.staff_logged_in_ns = vec![3_000_000_000_000; PEOPLE as usize];
    setup.each = vec![Nanos::from_secs(700)];
    setup.interval_delays = true;
    setup
}

pub(crate) fn s(secs: u64) -> Nanos {
    Nanos::from_secs(secs)
}

pub(crate) fn caller(last: u64) -> PhoneNumber {
    PhoneNumber::from_digits(15_555_550_100 + last % 100).expect("a number")
}

/// A call that a person answered at once and that took a minute.
pub(crate) fn answered(n: u64, arrived: Nanos) -> CallRecord {
    CallRecord {
        fresh: FreshId { source: 0, n },
        attempt: 1,
        from: Some(caller(n)),
        to: caller(99),
        number: Some(NumberId(0)),
        sub_account: Some(SubAccountId(0)),
        arrived,
        rang: Some(arrived),
        held: None,
        answered: Some(arrived),
        ended: arrived + Nanos::MINUTE,
        person: Some(PersonId(0)),
        user: Some(UserId(0)),
        taken: None,
        unnamed_agent: false,
        wrap_up: Nanos::ZERO,
        outcome: Outcome::Answered,
        cause: Cause::None,
        rule: None,
        hops: 0,
        redial_at: None,
        previous_arrived: None,
        reached_before: false,
    }
}

/// A call that its caller left after so long, while it rang.
pub(crate) fn abandoned(n: u64, arrived: Nanos, after: Nanos) -> CallRecord {
    CallRecord {
        answered: None,
        person: None,
        user: None,
        ended: arrived + after,
        outcome: Outcome::Abandoned,
        cause: Cause::Ringing,
        ..answered(n, arrived)
    }
}

/// Anything that a run may tell.
#[derive(Debug, Clone)]
pub(crate) enum Told {
    Call(CallRecord),
    Fresh(FreshCall),
    Leg(LegRecord),
    Violation(ViolationRecord),
    Queue(QueueSpan),
    Level(Level),
}

impl Told {
    pub(crate) fn tell(&self, sink: &mut impl Sink) {
        match self {
            Self::Call(it) => sink.record(it),
            Self::Fresh(it) => sink.fresh(it),
            Self::Leg(it) => sink.leg(it),
            Self::Violation(it) => sink.violation(it),
            Self::Queue(it) => sink.queue(it),
            Self::Level(it) => sink.level(it),
        }
    }
}

pub(crate) fn tally(setup: &Arc<Setup>, told: &[Told]) -> Tally {
    let mut tally = Tally::new(Arc::clone(setup), 0).expect("a setup that can be counted");
    for told in told {
        told.tell(&mut tally);
    }
    tally
}

/// One replication of these calls.
pub(crate) fn replication(setup: &Arc<Setup>, number: u32, calls: &[CallRecord]) -> Replication {
    let mut tally = Tally::new(Arc::clone(setup), number).expect("a setup that can be counted");
    for call in calls {
        tally.record(call);
    }
    tally.finish()
}

pub(crate) fn summary(setup: Setup, replications: &[Vec<CallRecord>]) -> Summary {
    let setup = Arc::new(setup);
    let numbered = (0u32..).zip(replications);
    let replications = numbered
        .map(|(n, calls)| replication(&setup, n, calls))
        .collect();
    Summary::new(replications, measure::Fingerprint::default(), Vec::new())
}

fn times() -> impl Strategy<Value = Nanos> {
    (0u64..4_000_000_000_000).prop_map(Nanos)
}

fn ends() -> impl Strategy<Value = (Outcome, Cause)> {
    let ends: Vec<_> = Outcome::ALL
        .iter()
        .flat_map(|outcome| {
            let causes: &[Cause] = match outcome.causes() {
                [] => &[Cause::None],
                causes => causes,
            };
            causes.iter().map(|cause| (*outcome, *cause))
        })
        .collect();
    proptest::sample::select(ends)
}

pub(crate) fn calls() -> impl Strategy<Value = CallRecord> {
    let who = (
        0u16..3,
        0u64..20,
        1u32..4,
        proptest::option::of(0u64..8),
        0..=ACCOUNTS,
    );
    let spans = (
        0u64..60_000_000_000,
        0u64..300_000_000_000,
        0u64..400_000_000_000,
    );
    let rest = (
        0..=PEOPLE,
        0u64..90_000_000_000,
        0u16..3,
        any::<[bool; 3]>(),
    );
    (who, times(), spans, ends(), rest).prop_map(|(who, arrived, spans, end, rest)| {
        let (source, n, attempt, from, account) = who;
        let held = rest.3[0].then(|| {
            let from = arrived + Nanos(spans.0);
            (from, from + Nanos(spans.1))
        });
        let answer = held.map_or(arrived + Nanos(spans.0), |held| held.1);
        let answered = (end.0 == Outcome::Answered).then_some(answer);
        let ended = answer + Nanos(spans.2);
        let person = answered.and((rest.0 < PEOPLE).then_some(PersonId(rest.0)));
        CallRecord {
            fresh: FreshId { source, n },
            attempt,
            from: from.map(caller),
            to: caller(99),
            number: None,
            sub_account: (account < ACCOUNTS).then_some(SubAccountId(account)),
            arrived,
            rang: None,
            held,
            answered,
            ended,
            person,
            user: None,
            taken: None,
            unnamed_agent: answered.is_some() && person.is_none() && rest.3[1],
            wrap_up: Nanos(rest.1),
            outcome: end.0,
            cause: end.1,
            rule: None,
            hops: rest.2,
            redial_at: rest.3[2].then(|| ended + Nanos(rest.1)),
            previous_arrived: (attempt > 1).then(|| arrived - Nanos(spans.2)),
            reached_before: attempt > 1 && rest.3[1],
        }
    })
}

pub(crate) fn told() -> impl Strategy<Value = Told> {
    let span = || (times(), 0u64..500_000_000_000);
    prop_oneof![
        6 => calls().prop_map(Told::Call),
        1 => (times(), 0u64..50).prop_map(|(at, n)| Told::Fresh(FreshCall {
            id: FreshId { source: 0, n },
            at,
            from: Some(caller(n)),
            to: caller(99),
        })),
        2 => (span(), times(), 0..PEOPLE, any::<[bool; 2]>()).prop_map(|(span, arrived, who, is)| {
            Told::Leg(LegRecord {
                person: Some(PersonId(who)),
                call_arrived: arrived,
                from: span.0,
                until: span.0 + Nanos(span.1),
                first_of_person: is[0],
                busy: is[1],
            })
        }),
        1 => (times(), 0..ACCOUNTS, 1u8..3, any::<bool>()).prop_map(|(at, account, count, blocks)| {
            Told::Violation(ViolationRecord {
                at,
                sub_account: SubAccountId(account),
                number: NumberId(account),
                cause: if blocks { Cause::FromRate } else { Cause::ToRate },
                count,
                blocks_account: blocks,
            })
        }),
        1 => (span(), 0u32..3, 0u32..9).prop_map(|(span, number, length)| {
            Told::Queue(QueueSpan {
                number: NumberId(number),
                length,
                from: span.0,
                until: span.0 + Nanos(span.1),
            })
        }),
        2 => (0u64..4000, 0u64..300, 0u32..9, 0u32..9).prop_map(|(from_s, len, calls, legs)| {
            Told::Level(Level { from_s, until_s: from_s + len, calls, legs })
        }),
    ]
}
