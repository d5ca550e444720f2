//! Queues on hold: who waits, who serves.

use model::RandomTime;
use routing::Nanos;
use routing::account::{Backup, NewHoldStaff, NewNumber};
use routing::record::QueueSpan;

use crate::world::{World, constant, number, s, user, web};

pub(crate) fn held(last: u64, staff: NewHoldStaff) -> NewNumber {
    NewNumber {
        backup: Backup::Hold,
        hold_staff: staff,
        ..number(last)
    }
}

pub(crate) fn by(users: &[&str]) -> NewHoldStaff {
    NewHoldStaff::Users(users.iter().map(|id| (*id).to_owned()).collect())
}

/// 150 with so many unnamed agents.
fn agents(count: u32) -> World {
    World::one(vec![], vec![held(150, NewHoldStaff::Unnamed(count))])
}

/// Ann and Ben, on no device at all, serve 150 and 151 by these lists.
pub(crate) fn staffed(first: &[&str], second: &[&str]) -> World {
    World::one(
        vec![user("ann"), user("ben")],
        vec![held(150, by(first)), held(151, by(second))],
    )
}

#[test]
fn a_caller_waits_until_an_agent_is_free() {
    let told = agents(1)
        .calls(&[(0, 100, 150), (10, 101, 150), (20, 102, 150)])
        .run();
    assert_eq!(
        told.lines(),
        [
            "0 held 0 until 0 answered 0 ended 100 by an agent: answered",
            "10 held 10 until 100 answered 100 ended 200 by an agent: answered",
            "20 held 20 until 200 answered 200 ended 300 by an agent: answered",
        ]
    );
    let area = |span: &QueueSpan| u64::from(span.length) * (span.until - span.from).0;
    let waited: u64 = told.spans.iter().map(area).sum();
    assert_eq!(Nanos(waited), s(90 + 180));
    assert_eq!(
        told.leg_lines(),
        ["nobody 0-100", "nobody 100-200", "nobody 200-300"]
    );
    assert_eq!(
        [told.level(1), told.level(30), told.level(150)],
        [(1, 1), (3, 1), (2, 1)]
    );
}

#[test]
fn spans_of_a_queue_join_without_gaps() {
    let told = agents(1)
        .calls(&[(0, 100, 150), (10, 101, 150), (20, 102, 150)])
        .run();
    for pair in told.spans.windows(2) {
        assert_eq!(pair[0].until, pair[1].from);
    }
    assert_eq!(told.spans[0].from, s(0));
}

#[test]
fn wrap_up_keeps_agents_and_people_from_the_line() {
    let mut unnamed = agents(1);
    let mut named = staffed(&["ann"], &[]);
    for world in [&mut unnamed, &mut named] {
        world.people.wrap_up = constant(30);
        let told = world
            .calls(&[(0, 100, 150), (10, 101, 150), (235, 102, 150)])
            .run();
        let times: Vec<_> = told.records.iter().map(|it| it.answered.unwrap()).collect();
        assert_eq!(times, [s(0), s(130), s(260)]);
    }
}

#[test]
fn who_gets_free_takes_the_longest_waiting_over_all_numbers() {
    let mut world = staffed(&["ann"], &["ann"]);
    let told = world
        .calls(&[
            (0, 100, 150),
            (10, 101, 151),
            (20, 102, 150),
            (30, 103, 151),
        ])
        .run();
    assert_eq!(
        told.lines(),
        [
            "0 held 0 until 0 answered 0 ended 100 by a/ann: answered",
            "10 held 10 until 100 answered 100 ended 200 by a/ann: answered",
            "20 held 20 until 200 answered 200 ended 300 by a/ann: answered",
            "30 held 30 until 300 answered 300 ended 400 by a/ann: answered",
        ]
    );
}

#[test]
fn who_waits_elsewhere_is_served_before_a_caller_who_comes_as_somebody_gets_free() {
    // Both happen at 100 s: Ann gets free, and a call comes to 150 (its ring time of 10 s is
    // over).
    let mut world = staffed(&["ann"], &["ann"]);
    world.accounts[0].users.push(web("cat"));
    world.accounts[0].numbers[0].assigned_to = Some("cat".into());
    world.accounts[0].numbers[0].incoming_timeout = Some(s(5));
    for wrap_up in [0, 20] {
        world.people.wrap_up = constant(wrap_up);
        world.calls.clear();
        // The ring began before Ann's talk: its end is worked off first.
        world.calls(&[
            (100 + wrap_up - 10, 101, 150),
            (50, 102, 151),
            (0, 100, 151),
        ]);
        let told = world.run();
        let free = 100 + wrap_up;
        let waits_on = free + 100 + wrap_up;
        let lines = told.lines();
        assert!(
            lines.contains(&format!(
                "50 held 50 until {free} answered {free} ended {} by a/ann: answered",
                free + 100
            )),
            "{lines:?}"
        );
        assert!(
            lines
                .iter()
                .any(|line| line.contains(&format!("answered {waits_on} ")))
        );
    }
}

#[test]
fn a_caller_who_rang_first_does_not_pass_one_who_waits_elsewhere() {
    // The ring time of the second call was put in before Ann's talk of 100 s: at 110 s both are
    // due.
    let mut world = staffed(&["ann"], &["ann"]);
    world.accounts[0].users.push(web("cat"));
    world.accounts[0].numbers[0].assigned_to = Some("cat".into());
    world.accounts[0].numbers[0].incoming_timeout = Some(s(105));
    world.calls(&[(0, 101, 150), (10, 100, 151), (50, 102, 151)]);
    assert_eq!(
        world.run().lines(),
        [
            "0 rang 0 held 110 until 210 answered 210 ended 310 by a/ann: answered",
            "10 held 10 until 10 answered 10 ended 110 by a/ann: answered",
            "50 held 50 until 110 answered 110 ended 210 by a/ann: answered",
        ]
    );
}

#[test]
fn nobody_waits_in_no_room_and_one_in_room_for_one() {
    for (room, third) in [
        (0, "2 ended 2: busy/hold-full"),
        (1, "2 ended 2: busy/hold-full"),
        (
            2,
            "2 held 2 until 200 answered 200 ended 300 by an agent: answered",
        ),
    ] {
        let mut world = agents(1);
        world.accounts[0].numbers[0].hold_room = Some(room);
        let told = world
            .calls(&[(0, 100, 150), (1, 101, 150), (2, 102, 150)])
            .run();
        assert_eq!(told.lines()[2], third);
        let second = match room {
            0 => "1 ended 1: busy/hold-full",
            _ => "1 held 1 until 100 answered 100 ended 200 by an agent: answered",
        };
        assert_eq!(told.lines()[1], second);
    }
}

#[test]
fn room_is_free_again_when_a_caller_leaves() {
    let mut world = agents(1);
    world.accounts[0].numbers[0].hold_room = Some(1);
    world.people.hold_patience = constant(20);
    let told = world
        .calls(&[(0, 100, 150), (1, 101, 150), (21, 102, 150), (30, 103, 150)])
        .run();
    assert_eq!(
        told.lines()[1..],
        [
            "1 held 1 until 21 ended 21: abandoned/hold",
            "21 held 21 until 41 ended 41: abandoned/hold",
            "30 ended 30: busy/hold-full",
        ]
    );
}

#[test]
fn patience_starts_anew_on_hold() {
    let mut world = World::one(
        vec![web("ann")],
        vec![NewNumber {
            assigned_to: Some("ann".into()),
            incoming_timeout: Some(s(20)),
            ..held(150, NewHoldStaff::Unnamed(0))
        }],
    );
    world.patience(30).people.hold_patience = constant(40);
    assert_eq!(
        world.call(150).run().lines(),
        ["0 rang 0 held 25 until 65 ended 65: abandoned/hold"]
    );
}

#[test]
fn who_served_last_at_the_end_of_patience_is_a_tie_that_the_earlier_event_wins() {
    // The caller's patience ends at the instant at which the agent gets free; the talk was begun
    // first.
    let mut world = agents(1);
    world.people.hold_patience = constant(90);
    let told = world.calls(&[(0, 100, 150), (10, 101, 150)]).run();
    assert_eq!(
        told.lines()[1],
        "10 held 10 until 100 answered 100 ended 200 by an agent: answered"
    );
}

#[test]
fn callers_whom_nobody_serves_end_with_the_run_whatever_goes_on_elsewhere() {
    let mut world = World::one(
        vec![web("ann")],
        vec![
            held(150, NewHoldStaff::Unnamed(0)),
            held(151, NewHoldStaff::Unnamed(1)),
            NewNumber {
                assigned_to: Some("ann".into()),
                incoming_timeout: Some(s(20)),
                ..held(152, NewHoldStaff::Unnamed(0))
            },
        ],
    );
    world.talk(5000).calls(&[
        (10, 100, 150),
        (20, 101, 151),
        (30, 102, 151),
        (990, 103, 152),
    ]);
    assert_eq!(
        world.run().lines(),
        [
            "10 held 10 until 1000 ended 1000: no-answer/unserved",
            "20 held 20 until 20 answered 20 ended 5020 by an agent: answered",
            "30 held 30 until 5020 answered 5020 ended 10020 by an agent: answered",
            "990 rang 990 held 1015 until 1015 ended 1015: no-answer/unserved",
        ]
    );
}

#[test]
fn a_decision_for_hold_at_a_number_of_another_backup_opens_its_queue() {
    let hold = crate::world::decision(&[], routing::decision::Terminal::Hold);
    let mut world = World::one(
        vec![user("ann")],
        vec![NewNumber {
            hold_staff: by(&["ann"]),
            ..number(150)
        }],
    );
    let told = world
        .calls(&[(5, 100, 150), (6, 101, 150)])
        .run_deciding(&hold);
    assert_eq!(
        told.lines()[1],
        "6 held 6 until 105 answered 105 ended 205 by a/ann: answered"
    );
}

#[test]
fn infinite_talk_does_not_hang_the_run() {
    let mut world = agents(1);
    world.people.talk = RandomTime::infinite();
    assert_eq!(
        world.call(150).run().lines(),
        ["0 held 0 until 0 answered 0 ended 7200 by an agent: answered"],
        "cut at two hours"
    );
}
