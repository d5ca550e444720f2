//! After the call: redials and text-back.

use model::Share;
use model::people::{AFTER, Redial, TextBack};
use routing::account::{Backup, Device, NewHoldStaff, NewNumber, VoiceAi};
use routing::decision::{DropCause, Terminal};
use routing::limit::LimitParams;
use routing::record::Outcome;

use crate::world::{World, constant, decision, number, owned, s, web};

fn redial(max: Option<u32>, after: &[Outcome]) -> Redial {
    Redial {
        share: Share::ALWAYS,
        delay: constant(50),
        keep: Share::ALWAYS,
        max,
        after: after.iter().copied().collect(),
    }
}

/// 150 hangs up; callers redial once, 50 s after the end of their call.
fn hung_up() -> World {
    let mut world = World::one(
        vec![web("ann")],
        vec![NewNumber {
            incoming_timeout: Some(s(20)),
            backup: Backup::None,
            ..owned(150, "ann")
        }],
    );
    world.people.redial = Some(redial(Some(1), &AFTER));
    world.call(150);
    world
}

#[test]
fn the_delay_runs_from_the_end_of_the_failed_attempt() {
    let told = hung_up().run();
    assert_eq!(
        told.lines(),
        [
            "0 rang 0 ended 25 redials 75: no-answer",
            "75 rang 75 ended 100: no-answer"
        ]
    );
    let [first, second] = &told.records[..] else {
        panic!("two attempts")
    };
    assert_eq!((first.attempt, first.previous_arrived), (1, None));
    assert_eq!((second.attempt, second.previous_arrived), (2, Some(s(0))));
    assert_eq!(
        (second.fresh, second.from, second.to),
        (first.fresh, first.from, first.to)
    );
}

#[test]
fn callers_redial_after_each_default_outcome_and_no_other() {
    let calls_again = |world: &World, expected: Outcome| {
        let told = world.run();
        assert_eq!(told.records[0].outcome, expected);
        told.records.len() == 2
    };
    let base = hung_up();
    assert!(calls_again(&base, Outcome::NoAnswer));
    assert!(calls_again(hung_up().patience(3), Outcome::Abandoned));
    let mut busy = hung_up();
    busy.accounts[0].numbers = vec![NewNumber {
        backup: Backup::Hold,
        hold_staff: NewHoldStaff::Unnamed(0),
        hold_room: Some(0),
        ..number(150)
    }];
    assert!(calls_again(&busy, Outcome::Busy));
    let mut blocked = hung_up();
    blocked.limits = LimitParams::default();
    blocked.limits.regular.to_per_minute = 0;
    assert!(calls_again(&blocked, Outcome::Blocked));
    let mut dropped = hung_up();
    dropped.accounts[0].numbers[0].voice_capable = false;
    assert!(calls_again(&dropped, Outcome::Dropped));
    let mut failed = hung_up();
    failed.latency = constant(20);
    assert!(calls_again(&failed, Outcome::Failed));

    assert!(!calls_again(
        hung_up().answers(Device::Web, 4),
        Outcome::Answered
    ));
    for (number, expected) in [
        (number(150), Outcome::Voicemail),
        (
            NewNumber {
                ivr: true,
                ..number(150)
            },
            Outcome::Ivr,
        ),
        (
            NewNumber {
                voice_ai: VoiceAi::Direct,
                ..number(150)
            },
            Outcome::VoiceAi,
        ),
        (
            crate::world::forwarding(150, 103),
            Outcome::CarrierVoicemail,
        ),
    ] {
        let mut world = hung_up();
        world.accounts[0].numbers = vec![number];
        assert!(!calls_again(world.machines(9), expected));
    }
}

#[test]
fn the_list_of_outcomes_can_be_chosen() {
    let mut world = hung_up();
    world.people.redial = Some(redial(Some(1), &[Outcome::Voicemail]));
    assert_eq!(world.run().records.len(), 1);
    world.accounts[0].numbers[0].backup = Backup::Voicemail;
    assert_eq!(world.run().records.len(), 2);
}

#[test]
fn max_counts_redials() {
    for (max, attempts) in [(Some(0), 1), (Some(2), 3), (None, 14)] {
        let mut world = hung_up();
        world.people.redial = Some(redial(max, &AFTER));
        // Attempts at 0, 75, 150, … below 1000.
        assert_eq!(world.run().records.len(), attempts);
    }
}

#[test]
fn nobody_calls_at_or_after_the_duration() {
    let mut world = hung_up();
    world.duration = s(75);
    let told = world.run();
    assert_eq!(told.lines(), ["0 rang 0 ended 25 redials 75: no-answer"]);
    world.duration = s(76);
    assert_eq!(
        world.run().lines()[1],
        "75 rang 75 ended 100: no-answer",
        "followed to its end"
    );
}

#[test]
fn keep_thins_the_redials_from_attempt_to_attempt() {
    let mut world = hung_up();
    world.people.redial = Some(redial(None, &AFTER));
    let redial = world.people.redial.as_mut().unwrap();
    redial.share = Share::new(0.8).unwrap();
    redial.keep = Share::new(0.5).unwrap();
    world.duration = s(1_000_000);
    let calls: Vec<_> = (0..2000).map(|n| (n * 100, 100, 150)).collect();
    world.calls = Vec::new();
    world.calls(&calls);
    let told = world.run();
    let attempts = |k| told.records.iter().filter(|it| it.attempt == k).count() as f64;
    // 0.8, then 0.4, then 0.2 of those before; four standard errors.
    for (k, share) in [(1, 0.8f64), (2, 0.4), (3, 0.2)] {
        let n = attempts(k);
        let error = 4.0 * (share * (1.0 - share) / n).sqrt();
        let found = attempts(k + 1) / n;
        assert!(
            (found - share).abs() < error,
            "after attempt {k}: {found} of {n}"
        );
    }
}

#[test]
fn a_person_reached_at_a_redial_was_not_reached_before() {
    let mut world = hung_up();
    // Ann talks to somebody else when the first attempt comes.
    world.answers(Device::Web, 4);
    world.calls = Vec::new();
    world.calls(&[(0, 101, 150), (60, 100, 150)]);
    let told = world.run();
    assert_eq!(
        told.lines(),
        [
            "0 rang 0 answered 4 ended 104 by a/ann: answered",
            "60 rang 60 ended 60 redials 110: busy/all-busy",
            "110 rang 110 answered 114 ended 214 by a/ann: answered",
        ]
    );
    assert!(told.records.iter().all(|it| !it.reached_before));
}

#[test]
fn who_was_answered_and_calls_again_was_reached_before() {
    let mut world = hung_up();
    world.people.redial = Some(redial(Some(1), &[Outcome::Answered]));
    let told = world.answers(Device::Web, 4).run();
    let reached: Vec<_> = told.records.iter().map(|it| it.reached_before).collect();
    assert_eq!(reached, [false, true]);
}

#[test]
fn a_missed_caller_may_answer_the_text() {
    let mut world = hung_up();
    world.people.redial = None;
    world.people.text_back = Some(TextBack {
        share: Share::ALWAYS,
        delay: constant(300),
    });
    world.accounts[0].numbers[0].backup = Backup::Voicemail;
    world.duration = s(400);
    assert_eq!(
        world.run().lines(),
        [
            "0 rang 0 ended 25 redials 325: voicemail",
            "325 rang 325 ended 350 redials 650: voicemail"
        ]
    );
    let dropped = decision(&[], Terminal::Drop(DropCause::NoDestination));
    assert_eq!(
        world.run_deciding(&dropped).lines(),
        ["0 ended 0: dropped/no-destination"]
    );
    assert_eq!(
        world
            .machines(9)
            .answers(Device::Web, 3)
            .run()
            .records
            .len(),
        1
    );
}

#[test]
fn who_redials_by_himself_waits_for_no_text() {
    let mut world = hung_up();
    world.people.text_back = Some(TextBack {
        share: Share::ALWAYS,
        delay: constant(300),
    });
    let told = world.run();
    assert_eq!(
        told.lines(),
        [
            "0 rang 0 ended 25 redials 75: no-answer",
            "75 rang 75 ended 100 redials 400: no-answer",
            "400 rang 400 ended 425 redials 725: no-answer",
            "725 rang 725 ended 750 redials 1050: no-answer",
        ]
    );
}

#[test]
fn who_was_reached_only_before_the_statistics_begin_was_not_reached() {
    let mut world = hung_up();
    world.people.redial = Some(redial(Some(1), &[Outcome::Answered]));
    let mut plan = world.answers(Device::Web, 4).plan();
    plan.warm_up = s(1);
    let told = crate::world::run(&plan, crate::world::in_process(&plan, world.policy));
    assert_eq!(told.records.len(), 2);
    assert!(told.records.iter().all(|it| !it.reached_before));
}
