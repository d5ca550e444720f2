//! Shifts and lunch, the hours of a Voice AI, number pools, and branches with many legs: who is
//! there when a call comes.

use model::Share;
use model::ivr::{Branch, Connect, MAX_CONNECT, Then, Workflow};
use routing::account::{Backup, Device, NewHoldStaff, NewNumber, NewUser, UserId, VoiceAi};
use routing::hours::WeekHours;

use crate::world::{World, constant, hours, number, owned, phone, s, web, with_phone};

/// A morning and an afternoon with ten minutes of lunch between them.
fn with_lunch(user: NewUser) -> NewUser {
    let shifts = ["Mon 00:00-00:05", "Mon 00:15-01:00"];
    let windows = shifts.map(|it| it.parse().unwrap());
    NewUser {
        hours: Some(WeekHours::new(windows.into())),
        ..user
    }
}

#[test]
fn who_is_at_lunch_is_not_rung_on_the_apps_and_is_rung_before_and_after() {
    let users = vec![with_lunch(with_phone(web("ann"), 103))];
    let mut world = World::one(users, vec![owned(150, "ann")]);
    world.answers(Device::Web, 4).answers(Device::Phone, 12);
    let told = world
        .calls(&[(0, 100, 150), (300, 101, 150), (900, 102, 150)])
        .run();
    assert_eq!(
        told.lines(),
        [
            "0 rang 0 answered 4 ended 104 by a/ann: answered",
            "300 rang 300 answered 312 ended 412 by a/ann: answered",
            "900 rang 900 answered 904 ended 1004 by a/ann: answered",
        ],
        "a phone rings at lunch too, and only the phone"
    );
}

#[test]
fn callers_on_hold_wait_for_the_end_of_lunch() {
    let held = NewNumber {
        backup: Backup::Hold,
        hold_staff: NewHoldStaff::Users(vec!["ann".to_owned()]),
        ..number(150)
    };
    let mut world = World::one(vec![with_lunch(web("ann"))], vec![held]);
    let told = world.calls(&[(290, 100, 150), (300, 101, 150)]).run();
    assert_eq!(
        told.lines(),
        [
            "290 held 290 until 290 answered 290 ended 390 by a/ann: answered",
            "300 held 300 until 900 answered 900 ended 1000 by a/ann: answered",
        ],
        "the call at hand is finished, no other is taken before a quarter past"
    );
}

#[test]
fn a_direct_voice_ai_answers_within_its_hours_and_people_outside() {
    let by_night = NewNumber {
        voice_ai: VoiceAi::Direct,
        voice_ai_hours: Some(hours("Mon 00:05-00:10")),
        ..owned(150, "ann")
    };
    let mut world = World::one(vec![web("ann")], vec![by_night]);
    world.answers(Device::Web, 4);
    let told = world
        .calls(&[(0, 100, 150), (300, 101, 150), (600, 102, 150)])
        .run();
    assert_eq!(
        told.lines(),
        [
            "0 rang 0 answered 4 ended 104 by a/ann: answered",
            "300 ended 360: voice-ai",
            "600 rang 600 answered 604 ended 704 by a/ann: answered",
        ]
    );
}

#[test]
fn a_backup_voice_ai_outside_its_hours_leaves_the_call_to_voicemail() {
    let number = NewNumber {
        voice_ai: VoiceAi::Backup,
        voice_ai_hours: Some(hours("Mon 00:05-00:10")),
        incoming_timeout: Some(s(15)),
        ..owned(150, "ann")
    };
    let mut world = World::one(vec![web("ann")], vec![number]);
    let told = world.calls(&[(0, 100, 150), (310, 101, 150)]).run();
    assert_eq!(
        told.lines(),
        [
            "0 rang 0 ended 20: voicemail",
            "310 rang 310 ended 390: voice-ai",
        ]
    );
}

#[test]
fn a_number_of_a_pool_rings_what_it_forwards_to_and_no_app() {
    let pooled = NewNumber {
        pool: Some("adverts".to_owned()),
        forward_to: Some(phone(123)),
        ring_more: vec!["ann".to_owned()],
        ..owned(150, "ann")
    };
    let mut world = World::one(vec![with_phone(web("ann"), 103)], vec![pooled]);
    world.answers(Device::Web, 4).answers(Device::Phone, 12);
    let told = world.call(150).run();
    assert_eq!(told.lines(), ["0 rang 0 answered 12 ended 112: answered"]);
    assert_eq!(told.leg_lines(), ["nobody 0-112"]);
}

#[test]
fn a_branch_connects_ten_users_and_numbers_at_once() {
    let users: Vec<NewUser> = (0..6).map(|at| web(&format!("u{at}"))).collect();
    let menu = NewNumber {
        ivr: true,
        ..number(150)
    };
    let mut world = World::one(users, vec![menu]);
    let users = (0..6).map(|at| Connect::User(UserId(at)));
    let numbers = (103..107).map(|last| Connect::Number(phone(last)));
    let connect: Vec<Connect> = users.chain(numbers).collect();
    assert_eq!(connect.len(), MAX_CONNECT);
    let branch = Branch {
        share: Share::ALWAYS,
        connect,
        connect_timeout: s(30),
        then: Then::End,
    };
    let workflow = Workflow {
        menu: constant(9),
        hang_up: Share::NEVER,
        branches: vec![branch],
    };
    world.workflows.insert(150, workflow);
    world.answers(Device::Phone, 20);
    let told = world.call(150).run();
    assert_eq!(told.lines(), ["0 rang 9 answered 29 ended 129: answered"]);
    let legs = told.leg_lines();
    assert_eq!(legs.len(), MAX_CONNECT, "{legs:?}");
    let ended_with_the_answer = legs.iter().filter(|leg| leg.ends_with(" 9-29")).count();
    assert_eq!(ended_with_the_answer, MAX_CONNECT - 1, "{legs:?}");
}
