//! What a fingerprint sees, and what it must not see.

use super::*;
use routing::account::UserId;
use routing::decision::{App, Role, Terminal};
use routing::record::{Cause, Outcome};
use routing::trace::RuleId;

fn phone(last: u64) -> PhoneNumber {
    PhoneNumber::from_digits(15_555_550_100 + last).expect("a number")
}

fn fresh(n: u64, at: u64, from: u64) -> FreshCall {
    let id = FreshId { source: 0, n };
    FreshCall {
        id,
        at: Nanos(at),
        from: Some(phone(from)),
        to: phone(99),
    }
}

fn arrivals(calls: &[FreshCall]) -> u128 {
    let mut prints = Prints::new(3);
    for call in calls {
        prints.arrival(call);
    }
    prints.so_far.arrivals.0
}

#[test]
fn the_order_of_records_does_not_matter_but_their_fields_do() {
    let (a, b) = (fresh(0, 10, 1), fresh(1, 20, 2));
    assert_eq!(arrivals(&[a, b]), arrivals(&[b, a]));
    // Each field of the two swapped: the sums of the parts stay, the hashes do not.
    let swapped = [
        [FreshCall { at: b.at, ..a }, FreshCall { at: a.at, ..b }],
        [
            FreshCall { from: b.from, ..a },
            FreshCall { from: a.from, ..b },
        ],
        [FreshCall { id: b.id, ..a }, FreshCall { id: a.id, ..b }],
    ];
    for pair in swapped {
        assert_ne!(arrivals(&pair), arrivals(&[a, b]), "{pair:?}");
    }
    assert_ne!(arrivals(&[a, a]), 0);
    assert_ne!(arrivals(&[FreshCall { from: None, ..a }]), arrivals(&[a]));
}

#[test]
fn each_bit_flips_about_half_of_the_fingerprint() {
    let base = fresh(5, 1 << 40, 7);
    let before = arrivals(&[base]);
    let mut flips = Vec::new();
    for bit in 0..64 {
        let at = Nanos(base.at.0 ^ (1 << bit));
        flips.push((before ^ arrivals(&[FreshCall { at, ..base }])).count_ones());
        let id = FreshId {
            n: base.id.n ^ (1 << bit),
            ..base.id
        };
        flips.push((before ^ arrivals(&[FreshCall { id, ..base }])).count_ones());
    }
    // 64 of 128 expected, standard deviation 5.7: six of them on each side, and a tight mean.
    assert!(
        flips.iter().all(|flips| (30..=98).contains(flips)),
        "{flips:?}"
    );
    let mean = f64::from(flips.iter().sum::<u32>()) / flips.len() as f64;
    assert!((mean - 64.0).abs() < 3.0, "{mean}");
}

fn decided(decision: &Decision, ordinals: &[u32]) -> u128 {
    let mut prints = Prints::new(0);
    let fresh = FreshId { source: 0, n: 0 };
    prints.decision(
        &DecisionRecord {
            memo: &std::cell::Cell::new(0),
            fresh,
            attempt: 1,
            hop: 0,
            decision,
        },
        ordinals,
    );
    prints.so_far.decisions.0
}

#[test]
fn legs_of_a_stage_have_no_order_and_users_stand_for_their_ordinals() {
    let app = |user| Leg::App {
        app: App::Web,
        user: UserId(user),
    };
    let forward = Leg::Phone {
        role: Role::Forwarding,
        user: None,
        number: phone(23),
    };
    let with = |legs: &[Leg]| {
        let mut decision = Decision::at_once(Terminal::Voicemail, RuleId::NumberOwner);
        let ring = Nanos::from_secs(15);
        decision.stages.push(RingStage {
            legs: legs.iter().copied().collect(),
            ring,
        });
        decision
    };
    let ordinals = [0, 1, 0, 1];
    let one = decided(&with(&[app(0), app(1), forward]), &ordinals);
    assert_eq!(one, decided(&with(&[forward, app(1), app(0)]), &ordinals));
    assert_eq!(one, decided(&with(&[app(2), app(3), forward]), &ordinals));
    assert_ne!(one, decided(&with(&[app(0), app(0), forward]), &ordinals));
    assert_ne!(one, decided(&with(&[app(0), app(1)]), &ordinals));
    let mut two = with(&[app(0)]);
    let rest = with(&[app(1), forward]);
    two.stages.extend(rest.stages);
    assert_ne!(one, decided(&two, &ordinals));
    let mut other_rule = with(&[app(0), app(1), forward]);
    other_rule.rule = RuleId::Forwarding;
    assert_eq!(one, decided(&other_rule, &ordinals));
}

#[test]
fn an_outcome_is_told_by_all_its_times() {
    let call = CallRecord {
        fresh: FreshId { source: 0, n: 1 },
        attempt: 1,
        from: Some(phone(1)),
        to: phone(99),
        number: None,
        sub_account: None,
        arrived: Nanos(1),
        rang: None,
        held: None,
        answered: None,
        ended: Nanos(2),
        person: None,
        user: None,
        taken: None,
        unnamed_agent: false,
        wrap_up: Nanos::ZERO,
        outcome: Outcome::NoAnswer,
        cause: Cause::None,
        rule: None,
        hops: 0,
        redial_at: None,
        previous_arrived: None,
        reached_before: false,
    };
    let print = |call: CallRecord| {
        let mut prints = Prints::new(0);
        prints.outcome(&call);
        prints.so_far.outcomes
    };
    let changed = [
        CallRecord {
            outcome: Outcome::Busy,
            ..call.clone()
        },
        CallRecord {
            cause: Cause::Unserved,
            ..call.clone()
        },
        CallRecord {
            arrived: Nanos(0),
            ..call.clone()
        },
        CallRecord {
            answered: Some(Nanos(1)),
            ..call.clone()
        },
        CallRecord {
            held: Some((Nanos(1), Nanos(2))),
            ..call.clone()
        },
        CallRecord {
            ended: Nanos(3),
            ..call.clone()
        },
        CallRecord {
            attempt: 2,
            ..call.clone()
        },
    ];
    for other in changed {
        assert_ne!(print(other.clone()), print(call.clone()), "{other:?}");
    }
    assert_eq!(
        print(CallRecord {
            wrap_up: Nanos(9),
            ..call.clone()
        }),
        print(call)
    );
}

#[test]
fn a_fingerprint_is_32_hexadecimal_digits() {
    let print = Fingerprint(0xab);
    assert_eq!(print.to_string(), "000000000000000000000000000000ab");
    assert_eq!(print.to_string().parse(), Ok(print));
    for text in ["", "ab", "+00000000000000000000000000000ab", "xyz"] {
        assert!(text.parse::<Fingerprint>().is_err(), "{text}");
    }
    assert_ne!(Fingerprint::of_inputs(b""), Fingerprint::of_inputs(b"a"));
}

#[test]
fn stored_fingerprints_stay_what_they_are() {
    // Changing the form of the records breaks every stored baseline: do it only on purpose.
    assert_eq!(
        Fingerprint(arrivals(&[fresh(1, 2, 3)])).to_string(),
        "e3b8ec068c9b6131feff7da56a44cb76"
    );
}

#[test]
fn outcomes_and_causes_keep_their_places() {
    // Their places are part of every stored fingerprint.
    let outcomes: Vec<&str> = Outcome::ALL.iter().map(|it| it.name()).collect();
    assert_eq!(
        outcomes.join(" "),
        "answered carrier-voicemail voicemail voice-ai ivr abandoned busy no-answer dropped \
         blocked failed unfinished"
    );
    let causes: Vec<&str> = Cause::ALL.iter().map(|it| it.name()).collect();
    assert_eq!(
        causes.join(" "),
        "none menu ringing hold hold-full all-busy unserved no-destination not-voice-capable \
         whisper-fault private-caller unknown-number redirect-loop from-rate to-rate account \
         backend-timeout backend-error backend-bad-reply backend-refused"
    );
}
