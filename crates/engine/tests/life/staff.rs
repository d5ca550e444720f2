//! Who serves a queue on hold: who is free longest, who logs in and out.

use model::roster::Roster;
use routing::account::{Backup, Device, NewHoldStaff, NewNumber, NewUser, RosterId};

use crate::hold::{by, held, staffed};
use crate::world::{World, hours, owned, s, user, web};

#[test]
fn a_caller_takes_the_person_free_longest() {
    let mut world = staffed(&["ann", "ben"], &["ben"]);
    // Ben talks 0-100, Ann 10-110: at 300 Ben has been free longer.
    let told = world
        .calls(&[(0, 100, 151), (10, 101, 150), (300, 102, 150)])
        .run();
    assert_eq!(
        told.lines()[1],
        "10 held 10 until 10 answered 10 ended 110 by a/ann: answered"
    );
    assert_eq!(
        told.lines()[2],
        "300 held 300 until 300 answered 300 ended 400 by a/ben: answered"
    );
}

#[test]
fn of_people_free_equally_long_the_first_in_the_file_is_taken() {
    for (list, first) in [(["ann", "ben"], "a/ann"), (["ben", "ann"], "a/ben")] {
        let told = staffed(&list, &[]).call(150).run();
        assert_eq!(
            told.lines(),
            [format!(
                "0 held 0 until 0 answered 0 ended 100 by {first}: answered"
            )]
        );
    }
}

#[test]
fn free_counts_from_the_log_in() {
    let mut world = staffed(&["ann", "ben"], &[]);
    world.accounts[0].users[0].hours = Some(hours("Mon 00:05-01:00"));
    let told = world.calls(&[(400, 100, 150)]).run();
    assert_eq!(
        told.lines(),
        ["400 held 400 until 400 answered 400 ended 500 by a/ben: answered"]
    );
    world.accounts[0].users[1].hours = Some(hours("Mon 00:06-01:00"));
    let told = world.run();
    assert_eq!(
        told.lines(),
        ["400 held 400 until 400 answered 400 ended 500 by a/ann: answered"]
    );
}

#[test]
fn who_logs_in_takes_a_waiting_caller() {
    let mut world = staffed(&["ann"], &[]);
    world.accounts[0].users[0].hours = Some(hours("Mon 00:10-01:00"));
    let told = world.calls(&[(0, 100, 150), (1, 101, 150)]).run();
    assert_eq!(
        told.lines(),
        [
            "0 held 0 until 600 answered 600 ended 700 by a/ann: answered",
            "1 held 1 until 700 answered 700 ended 800 by a/ann: answered",
        ]
    );
}

#[test]
fn who_logs_out_finishes_the_call_and_takes_no_other() {
    let mut world = staffed(&["ann"], &[]);
    world.accounts[0].users[0].hours = Some(hours("Mon 00:00-00:01"));
    let told = world.calls(&[(0, 100, 150), (1, 101, 150)]).run();
    assert_eq!(
        told.lines()[0],
        "0 held 0 until 0 answered 0 ended 100 by a/ann: answered"
    );
    let next_week = 7 * 86_400;
    assert_eq!(
        told.lines()[1],
        format!(
            "1 held 1 until {next_week} answered {next_week} ended {} by a/ann: answered",
            next_week + 100
        ),
        "each call is followed to its end"
    );
}

#[test]
fn who_is_not_available_serves_nobody() {
    let mut world = staffed(&["ann"], &[]);
    world.accounts[0].users[0].available = false;
    assert_eq!(
        world.call(150).run().lines(),
        ["0 held 0 until 1000 ended 1000: no-answer/unserved"]
    );
}

#[test]
fn the_default_staff_is_the_owner_and_ring_more() {
    let number = NewNumber {
        backup: Backup::Hold,
        ring_more: vec!["ann".into()],
        ..owned(150, "ben")
    };
    let mut world = World::one(vec![user("ann"), user("ben")], vec![number]);
    let told = world.calls(&[(0, 100, 150), (1, 101, 150)]).run();
    assert_eq!(
        told.lines()[0],
        "0 held 0 until 0 answered 0 ended 100 by a/ben: answered"
    );
    assert_eq!(
        told.lines()[1],
        "1 held 1 until 1 answered 1 ended 101 by a/ann: answered"
    );
}

#[test]
fn agents_come_and_go_by_the_roster_and_finish_their_calls() {
    let mut world = World::one(vec![], vec![held(150, NewHoldStaff::Roster(RosterId(0)))]);
    world
        .rosters
        .push(Roster::new(vec![(s(50), 2), (s(120), 0), (s(400), 1)]));
    let told = world
        .calls(&[(0, 100, 150), (1, 101, 150), (2, 102, 150), (3, 103, 150)])
        .run();
    assert_eq!(
        told.lines(),
        [
            "0 held 0 until 50 answered 50 ended 150 by an agent: answered",
            "1 held 1 until 50 answered 50 ended 150 by an agent: answered",
            "2 held 2 until 400 answered 400 ended 500 by an agent: answered",
            "3 held 3 until 500 answered 500 ended 600 by an agent: answered",
        ]
    );
}

#[test]
fn a_person_who_rings_is_free_and_the_ringing_ends_as_busy() {
    let mut world = World::one(
        vec![web("ann")],
        vec![owned(150, "ann"), held(151, by(&["ann"]))],
    );
    let told = world.calls(&[(0, 100, 150), (5, 101, 151)]).run();
    assert_eq!(
        told.lines(),
        [
            "0 rang 0 ended 5: voicemail",
            "5 held 5 until 5 answered 5 ended 105 by a/ann: answered",
        ]
    );
    assert_eq!(told.leg_lines(), ["a/ann 0-5 busy", "a/ann 5-105"]);
}

#[test]
fn a_person_who_ended_a_ringing_call_takes_the_line() {
    let mut world = World::one(
        vec![web("ann")],
        vec![owned(150, "ann"), held(151, by(&["ann"]))],
    );
    let told = world
        .answers(Device::Web, 4)
        .calls(&[(0, 100, 150), (50, 101, 151)])
        .run();
    assert_eq!(
        told.lines()[1],
        "50 held 50 until 104 answered 104 ended 204 by a/ann: answered"
    );
}

#[test]
fn one_person_of_two_sub_accounts_serves_both_lines_in_order() {
    let shared = |id: &str| NewUser {
        person: Some("ann.lee".into()),
        ..user(id)
    };
    let mut world = World::of(vec![
        crate::world::account("a", vec![shared("ann")], vec![held(150, by(&["ann"]))]),
        crate::world::account("b", vec![shared("lee")], vec![held(151, by(&["lee"]))]),
    ]);
    let told = world
        .calls(&[(0, 100, 150), (10, 101, 151), (20, 102, 150)])
        .run();
    let answered: Vec<_> = told.records.iter().map(|it| it.answered.unwrap()).collect();
    assert_eq!(answered, [s(0), s(100), s(200)]);
    assert_ne!(told.records[0].user, told.records[1].user);
    assert_eq!(told.records[0].person, told.records[1].person);
}

#[test]
fn nothing_is_due_when_nobody_waits_whoever_logs_in_later() {
    let mut world = staffed(&["ann"], &[]);
    world.accounts[0].users[0].hours = Some(hours("Mon-Sun 00:00-00:10"));
    let plan = world.call(150).plan();
    let backend = crate::world::in_process(&plan, "stages-2026");
    let mut engine = engine::Engine::new(&plan, 0, backend, crate::world::Told::of(&plan));
    engine.run();
    assert_eq!(
        engine.now(),
        s(100),
        "the run does not wait for the next day"
    );
    assert_eq!(engine.next_due(), None);
    assert_eq!(engine.finish().unwrap().0.records.len(), 1);
}
