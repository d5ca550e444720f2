use super::*;

fn fresh(n: u64) -> FreshCall {
    FreshCall {
        id: FreshId { source: 0, n },
        at: Nanos::from_secs(n),
        from: None,
        to: "+15555550199".parse().expect("a number"),
    }
}

fn ended(n: u64, attempt: u32, outcome: Outcome) -> CallRecord {
    let call = fresh(n);
    CallRecord {
        fresh: call.id,
        attempt,
        from: call.from,
        to: call.to,
        number: None,
        sub_account: None,
        arrived: call.at,
        rang: None,
        held: None,
        answered: None,
        ended: call.at + Nanos::SECOND,
        person: None,
        user: None,
        taken: None,
        unnamed_agent: false,
        wrap_up: Nanos::ZERO,
        outcome,
        cause: Cause::None,
        rule: None,
        hops: 0,
        redial_at: None,
        previous_arrived: None,
        reached_before: false,
    }
}

fn matching() -> Matching {
    let window = Window {
        from: Nanos::from_secs(1),
        until: Nanos::from_secs(1000),
    };
    Matching::new(0, window, 2)
}

#[test]
fn calls_are_matched_in_whatever_order_they_end_and_then_forgotten() {
    let mut matching = matching();
    for n in 0..100 {
        for side in [0, 1] {
            matching.fresh(side, &fresh(n));
        }
        matching.look();
        let to = |side| {
            if side == 1 && n % 10 == 3 {
                Outcome::Voicemail
            } else {
                Outcome::Answered
            }
        };
        let sides = if n % 2 == 0 { [0, 1] } else { [1, 0] };
        for side in sides {
            matching.ended(side, &ended(n, 1, to(side)));
            matching.ended(side, &ended(n, 2, Outcome::Busy));
        }
        assert_eq!(matching.held(), 0);
    }
    let moves = matching.finish().expect("the same calls");
    // The first call arrives before the window.
    assert_eq!((moves.calls, moves.unchanged), (99, 89));
    let kind = (Outcome::Answered, Outcome::Voicemail);
    assert_eq!(moves.moved, BTreeMap::from([(kind, 10)]));
    let first: Vec<u64> = moves.first[&kind].iter().map(|it| it.call.id.n).collect();
    assert_eq!(first, [3, 13]);
}

#[test]
fn the_first_calls_are_those_that_arrive_first_not_those_that_end_first() {
    let mut matching = matching();
    for side in [0, 1] {
        (1..5).for_each(|n| matching.fresh(side, &fresh(n)));
    }
    for n in [4, 2, 1, 3] {
        matching.ended(0, &ended(n, 1, Outcome::Answered));
        matching.ended(1, &ended(n, 1, Outcome::Busy));
    }
    let moves = matching.finish().expect("the same calls");
    let first = &moves.first[&(Outcome::Answered, Outcome::Busy)];
    assert_eq!(
        first.iter().map(|it| it.call.id.n).collect::<Vec<_>>(),
        [1, 2]
    );
}

#[test]
fn other_arrivals_are_noticed_and_nothing_is_held_of_them() {
    let mut matching = matching();
    matching.fresh(0, &fresh(1));
    matching.fresh(
        1,
        &FreshCall {
            at: Nanos::from_secs(2),
            ..fresh(1)
        },
    );
    matching.ended(0, &ended(1, 1, Outcome::Answered));
    matching.look();
    for n in 2..50 {
        matching.fresh(0, &fresh(n));
        matching.ended(0, &ended(n, 1, Outcome::Answered));
    }
    assert_eq!(matching.held(), 0);
    assert_eq!(matching.finish(), None);
}

#[test]
fn counts_become_means_with_intervals() {
    let kind = (Outcome::Answered, Outcome::Voicemail);
    let with = |calls| Moves {
        moved: BTreeMap::from([(kind, calls)]),
        ..Moves::default()
    };
    let moves = [with(1), with(3), Moves::default(), with(4)];
    let change = changes(&moves, false, 3).remove(0);
    assert_eq!(
        (change.calls, change.mean.value, change.mean.n),
        (8, 2.0, 4)
    );
    let (low, high) = change.mean.ci95.expect("an interval");
    // t of 3 degrees 3.1824, s = sqrt(10/3), over sqrt 4.
    assert!((high - low - 2.0 * 3.182_446 * (10f64 / 3.0).sqrt() / 2.0).abs() < 1e-5);
    let paired = changes(&moves, true, 3).remove(0);
    assert_eq!((paired.mean.value, paired.mean.n), (2.0, 2));
    assert_eq!(paired.mean.ci95, Some((2.0, 2.0)));
}
