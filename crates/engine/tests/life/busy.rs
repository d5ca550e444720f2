//! Who is busy, and what that does to legs.

use routing::account::{Backup, Device, NewNumber, NewSubAccount, NewUser};
use routing::decision::{App, Terminal};

use crate::ring::ann_on_web;
use crate::world::{
    World, account, app, constant, decision, forwarding, mobile, number, outside, owned, s, user,
    web, with_phone,
};

/// Ann owns 150; a second call comes while she talks.
fn ann_called_twice(second_at: u64) -> World {
    let mut world = ann_on_web();
    world
        .answers(Device::Web, 4)
        .calls(&[(second_at, 102, 150)]);
    world.accounts[0].numbers[0].backup = Backup::None;
    world
}

#[test]
fn legs_of_somebody_who_talks_end_at_once_as_busy() {
    let told = ann_called_twice(50).run();
    assert_eq!(told.lines()[1], "50 rang 50 ended 50: busy/all-busy");
    assert_eq!(told.leg_lines(), ["a/ann 0-104", "a/ann 50-50 busy"]);
}

#[test]
fn a_busy_owner_leaves_the_call_to_the_backup() {
    let mut world = ann_called_twice(50);
    world.accounts[0].numbers[0].backup = Backup::Voicemail;
    assert_eq!(world.run().lines()[1], "50 rang 50 ended 50: voicemail");
}

#[test]
fn ringing_is_not_busy() {
    let told = ann_called_twice(2).run();
    assert_eq!(
        told.lines(),
        [
            "0 rang 0 answered 4 ended 104 by a/ann: answered",
            "2 rang 2 ended 4: busy/all-busy"
        ]
    );
    assert_eq!(told.leg_lines(), ["a/ann 0-104", "a/ann 2-4 busy"]);
}

#[test]
fn wrap_up_keeps_busy_up_to_its_end() {
    for (second_at, line) in [
        (153, "153 rang 153 ended 153: busy/all-busy"),
        (
            154,
            "154 rang 154 answered 158 ended 258 by a/ann: answered",
        ),
    ] {
        let mut world = ann_called_twice(second_at);
        world.people.wrap_up = constant(50);
        let told = world.run();
        assert_eq!(told.lines()[1], line);
        assert_eq!(told.records[0].wrap_up, s(50));
    }
}

#[test]
fn a_call_that_rang_somebody_and_is_hung_up_is_no_answer() {
    let mut world = ann_on_web();
    world.accounts[0].numbers[0].backup = Backup::None;
    assert_eq!(world.run().lines(), ["0 rang 0 ended 25: no-answer"]);
}

#[test]
fn one_busy_leg_beside_one_that_rings_is_no_answer() {
    let mut world = ann_called_twice(50);
    world.accounts[0].numbers[0].forward_to = Some(crate::world::phone(103));
    assert_eq!(world.run().lines()[1], "50 rang 50 ended 75: no-answer");
}

#[test]
fn a_hang_up_without_any_leg_is_no_answer() {
    let mut world = World::one(
        vec![],
        vec![NewNumber {
            backup: Backup::None,
            ..number(150)
        }],
    );
    assert_eq!(world.call(150).run().lines(), ["0 ended 0: no-answer"]);
}

#[test]
fn a_busy_stage_is_followed_by_the_next() {
    let mut world = ann_called_twice(50);
    world.answers(Device::Phone, 6);
    let stages = decision(
        &[(&[app(App::Web, 0)], 10), (&[outside(101)], 10)],
        Terminal::HangUp,
    );
    let told = world.run_deciding(&stages);
    assert_eq!(
        told.lines()[1],
        "50 rang 50 answered 56 ended 156: answered"
    );
}

#[test]
fn answering_elsewhere_ends_ringing_legs_as_busy_and_that_call_goes_on_at_once() {
    let mut world = World::one(
        vec![web("ann"), mobile("ben")],
        vec![
            owned(150, "ann"),
            NewNumber {
                ring_more: vec!["ann".into()],
                ..owned(151, "ben")
            },
            NewNumber {
                ring_more: vec!["ann".into()],
                ..number(152)
            },
        ],
    );
    world
        .answers(Device::Web, 10)
        .calls(&[(0, 100, 150), (2, 101, 151), (3, 102, 152)]);
    let told = world.run();
    assert_eq!(
        told.lines(),
        [
            "0 rang 0 answered 10 ended 110 by a/ann: answered",
            "2 rang 2 ended 67: voicemail",
            "3 rang 3 ended 10: voicemail",
        ]
    );
    assert_eq!(
        told.leg_lines(),
        [
            "a/ann 0-110",
            "a/ann 2-10 busy",
            "a/ben 2-67",
            "a/ann 3-10 busy"
        ]
    );
}

#[test]
fn forwarding_and_business_phones_are_never_busy() {
    let business = NewSubAccount {
        business_phone: Some(crate::world::phone(104)),
        ..account("b", vec![], vec![number(151)])
    };
    let mut world = World::of(vec![
        account("a", vec![], vec![forwarding(150, 103)]),
        business,
    ]);
    world.answers(Device::Phone, 12);
    world.calls(&[(0, 100, 150), (1, 101, 150), (2, 100, 151), (3, 101, 151)]);
    let answered = |at: u64| {
        let (answered, ended) = (at + 12, at + 112);
        format!("{at} rang {at} answered {answered} ended {ended}: answered")
    };
    assert_eq!(
        world.run().lines(),
        [answered(0), answered(1), answered(2), answered(3)]
    );
}

#[test]
fn with_call_waiting_legs_ring_on_and_answers_of_the_busy_do_not_happen() {
    let mut world = ann_called_twice(3);
    world.people.call_waiting = true;
    world.talk(5).calls(&[(6, 103, 150)]);
    let told = world.run();
    assert_eq!(
        told.lines(),
        [
            "0 rang 0 answered 4 ended 9 by a/ann: answered",
            "3 rang 3 ended 28: no-answer",
            "6 rang 6 answered 10 ended 15 by a/ann: answered",
        ]
    );
    assert_eq!(told.leg_lines(), ["a/ann 0-9", "a/ann 3-28", "a/ann 6-15"]);
}

#[test]
fn with_call_waiting_a_person_answers_at_the_instant_of_getting_free() {
    let mut world = ann_called_twice(5);
    world.people.call_waiting = true;
    world.talk(5);
    assert_eq!(
        world.run().lines()[1],
        "5 rang 5 answered 9 ended 14 by a/ann: answered"
    );
}

#[test]
fn a_person_of_two_sub_accounts_is_busy_in_both() {
    let shared = |id: &str| NewUser {
        person: Some("ann.lee".into()),
        ..web(id)
    };
    let mut world = World::of(vec![
        account("a", vec![shared("ann")], vec![owned(150, "ann")]),
        account("b", vec![shared("lee")], vec![owned(151, "lee")]),
    ]);
    world
        .answers(Device::Web, 4)
        .calls(&[(0, 100, 150), (50, 101, 151), (104, 102, 151)]);
    let told = world.run();
    assert_eq!(
        told.lines(),
        [
            "0 rang 0 answered 4 ended 104 by ann.lee: answered",
            "50 rang 50 ended 50: voicemail",
            "104 rang 104 answered 108 ended 208 by ann.lee: answered",
        ]
    );
    assert_ne!(told.records[0].user, told.records[2].user);
}

#[test]
fn two_users_with_one_phone_are_two_people() {
    let users = vec![with_phone(user("ann"), 101), with_phone(user("ben"), 101)];
    let mut world = World::one(users, vec![owned(150, "ann"), owned(151, "ben")]);
    world
        .answers(Device::Phone, 10)
        .calls(&[(0, 100, 150), (50, 100, 151)]);
    assert_eq!(
        world.run().lines(),
        [
            "0 rang 0 answered 10 ended 110 by a/ann: answered",
            "50 rang 50 answered 60 ended 160 by a/ben: answered",
        ]
    );
}
