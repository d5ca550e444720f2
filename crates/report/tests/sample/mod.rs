//! A small run made by hand, told by the tests in every form.

use std::sync::Arc;

use measure::{Fingerprint, Gate, Metric, Setup, Summary, Tally, judge, verdict};
use report::{Document, LocalTime, Manifest};
use routing::account::{NumberId, PersonId, SubAccountId};
use routing::record::{
    CallRecord, Cause, FreshCall, FreshId, LegRecord, Level, Outcome, Sink, ViolationRecord,
};
use routing::{Nanos, PhoneNumber};

fn s(secs: u64) -> Nanos {
    Nanos::from_secs(secs)
}

fn phone(last: u64) -> PhoneNumber {
    PhoneNumber::from_digits(15_555_550_100 + last % 90).expect("a number")
}

fn setup() -> Setup {
    let mut setup = Setup::new(Nanos::ZERO, s(3600), s(1800));
    setup.sub_accounts = 2;
    setup.persons = 1;
    setup.source_is_unique = vec![true];
    setup.staff_logged_in_ns = vec![u128::from(s(3600).0)];
    setup
}

/// One call: in each ten, six are answered, one is left ringing, two reach voicemail, one is
/// blocked.
fn call(n: u64) -> CallRecord {
    let arrived = s(n * 70);
    let (outcome, cause) = match n % 10 {
        0..6 => (Outcome::Answered, Cause::None),
        6 => (Outcome::Abandoned, Cause::Ringing),
        7 | 8 => (Outcome::Voicemail, Cause::None),
        _ => (Outcome::Blocked, Cause::FromRate),
    };
    let answered = (outcome == Outcome::Answered).then(|| arrived + s(5 + n % 10 * 4));
    CallRecord {
        fresh: FreshId { source: 0, n },
        attempt: 1,
        from: Some(phone(n)),
        to: phone(99),
        number: None,
        sub_account: (n != 30).then_some(SubAccountId((n % 4 / 3) as u32)),
        arrived,
        rang: Some(arrived),
        held: None,
        answered,
        taken: None,
        ended: answered.unwrap_or(arrived) + s(60),
        person: answered.map(|_| PersonId(0)),
        user: None,
        unnamed_agent: false,
        wrap_up: s(5),
        outcome,
        cause,
        rule: None,
        hops: 0,
        redial_at: None,
        previous_arrived: None,
        reached_before: false,
    }
}

fn tally(replication: u32, calls: u64) -> Tally {
    let mut tally =
        Tally::new(Arc::new(setup()), replication).expect("a setup that can be counted");
    for n in 0..calls {
        let call = call(n);
        tally.fresh(&FreshCall {
            id: call.fresh,
            at: call.arrived,
            from: call.from,
            to: call.to,
        });
        tally.leg(&LegRecord {
            person: Some(PersonId(0)),
            call_arrived: call.arrived,
            from: call.arrived,
            until: call.ended,
            first_of_person: true,
            busy: false,
        });
        tally.record(&call);
        if call.outcome == Outcome::Blocked {
            tally.violation(&ViolationRecord {
                at: call.arrived,
                sub_account: SubAccountId(1),
                number: NumberId(0),
                cause: Cause::ToRate,
                count: 1,
                blocks_account: n > 35,
            });
        }
    }
    tally.level(&Level {
        from_s: 0,
        until_s: 3600,
        calls: 2,
        legs: calls as u32,
    });
    tally
}

fn gates() -> Vec<Gate> {
    let gate = |metric: &str| Gate {
        metric: metric.to_owned(),
        ..Gate::default()
    };
    vec![
        Gate {
            min: Some(0.5),
            ..gate("calls.answered.share")
        },
        Gate {
            min: Some(0.8),
            each: Some(s(1800)),
            ..gate("calls.answered.share")
        },
        Gate {
            max: Some(60.0),
            ..gate("answer.delay_s.p99")
        },
        Gate {
            max: Some(3.5),
            holds_on: Some(0.5),
            ..gate("limit.violations")
        },
    ]
}

/// One run for each of these numbers of calls.
pub(crate) fn document(calls: &[u64]) -> Document {
    let numbered = (0u32..).zip(calls);
    let replications = numbered
        .map(|(n, calls)| tally(n, *calls).finish())
        .collect();
    let measured = vec![(
        "engine.events_per_s".to_owned(),
        Metric::sampled(9_100_000.0, "1/s"),
    )];
    let summary = Summary::new(replications, Fingerprint::of_inputs(b"sample"), measured);
    let gates: Vec<_> = gates().iter().map(|gate| judge(gate, &summary)).collect();
    Document {
        manifest: Manifest {
            name: "Office | day \u{1b}[31m<b>".to_owned(),
            seed: 42,
            scenario_sha256: "00ff".to_owned(),
            busyhour: "0.1.0".to_owned(),
            clock: "virtual".to_owned(),
            backend: "in-process".to_owned(),
            parameters: vec![("routing.max_legs".to_owned(), 10.into())],
        },
        verdict: verdict(&gates),
        gates,
        summary,
        warnings: vec!["3 rows of the log were not inbound".to_owned()],
        interrupted: false,
        precision: None,
        warm_up: None,
        sub_accounts: vec!["acme-dental".to_owned(), "=2+5".to_owned()],
        people: vec!["ann.lee".to_owned()],
        local_time: LocalTime::new(|at| format!("T+{}s", at.whole_secs())),
        decided: None,
        tables: Vec::new(),
    }
}
