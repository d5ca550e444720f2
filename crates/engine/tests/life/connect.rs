//! Call Connect and whispers: what happens when a phone leg is picked up.

use routing::account::{Backup, Device, NewHoldStaff, NewNumber, NewUser};
use routing::params::WhisperAt;

use crate::world::{World, constant, forwarding, number, owned, phone, s, user, web, with_phone};

/// Ann has web app and phone; whoever picks up the phone must press a key for 5 s. Rings 20 + 5 s.
fn screened() -> World {
    let ann = NewUser {
        incoming_timeout: Some(s(20)),
        ..with_phone(web("ann"), 101)
    };
    let number = NewNumber {
        call_connect: true,
        ..owned(150, "ann")
    };
    let mut world = World::one(vec![ann], vec![number]);
    world.call(150);
    world
}

#[test]
fn a_person_is_connected_when_the_prompt_ends() {
    let told = screened().answers(Device::Phone, 12).run();
    assert_eq!(
        told.lines(),
        ["0 rang 0 answered 17 ended 117 by a/ann: answered"]
    );
    assert_eq!(
        told.leg_lines(),
        ["a/ann 0-12", "a/ann 0-117"],
        "the web app ends at the pick-up"
    );
}

#[test]
fn an_app_needs_no_key() {
    let told = screened().answers(Device::Web, 12).run();
    assert_eq!(
        told.lines(),
        ["0 rang 0 answered 12 ended 112 by a/ann: answered"]
    );
}

#[test]
fn the_leg_of_a_machine_ends_unanswered_when_the_prompt_ends() {
    let told = screened().machines(22).answers(Device::Web, 24).run();
    assert_eq!(told.lines(), ["0 rang 0 ended 27: voicemail"]);
    assert_eq!(told.leg_lines(), ["a/ann 0-22", "a/ann 0-27"]);
}

#[test]
fn the_other_legs_may_ring_on_and_win() {
    let mut world = screened();
    world.routing.screening_cancels_others = false;
    world.machines(10).answers(Device::Web, 12);
    let told = world.run();
    assert_eq!(
        told.lines(),
        ["0 rang 0 answered 12 ended 112 by a/ann: answered"]
    );
    assert_eq!(told.leg_lines(), ["a/ann 0-12", "a/ann 0-112"]);
}

#[test]
fn ring_time_stops_for_the_prompted_leg_alone() {
    let mut world = screened();
    world.routing.screening_cancels_others = false;
    let told = world.answers(Device::Phone, 23).run();
    assert_eq!(
        told.lines(),
        ["0 rang 0 answered 28 ended 128 by a/ann: answered"]
    );
    assert_eq!(told.leg_lines(), ["a/ann 0-25", "a/ann 0-128"]);
}

#[test]
fn patience_runs_on_during_the_prompt() {
    let mut world = screened();
    world.answers(Device::Phone, 12);
    let told = world.patience(16).run();
    assert_eq!(told.lines(), ["0 rang 0 ended 16: abandoned/ringing"]);
    assert_eq!(told.leg_lines(), ["a/ann 0-12", "a/ann 0-16"]);
    assert_eq!(
        world.patience(17).run().lines(),
        ["0 rang 0 answered 17 ended 117 by a/ann: answered"],
        "at one instant the answer comes first"
    );
}

#[test]
fn whoever_has_picked_up_is_busy_until_the_prompt_ends() {
    let mut world = screened();
    world.accounts[0].numbers.push(NewNumber {
        ring_more: vec!["ann".into()],
        ..number(151)
    });
    world.answers(Device::Phone, 12).patience(16);
    world.calls(&[(3, 102, 151), (14, 102, 151), (16, 102, 151)]);
    world.answers(Device::Web, 40);
    let told = world.run();
    assert_eq!(
        told.lines(),
        [
            "0 rang 0 ended 16: abandoned/ringing",
            "3 rang 3 ended 12: voicemail",
            "14 rang 14 ended 14: voicemail",
            "16 rang 16 ended 32: abandoned/ringing",
        ]
    );
    assert_eq!(told.legs.iter().filter(|leg| leg.busy).count(), 2);
}

#[test]
fn the_other_leg_of_somebody_at_the_prompt_is_not_answered() {
    let mut world = screened();
    world.routing.screening_cancels_others = false;
    let told = world
        .answers(Device::Phone, 12)
        .answers(Device::Web, 14)
        .run();
    assert_eq!(
        told.lines(),
        ["0 rang 0 answered 17 ended 117 by a/ann: answered"]
    );
    assert_eq!(told.leg_lines(), ["a/ann 0-17", "a/ann 0-117"]);
}

#[test]
fn who_lost_at_the_prompt_is_free_for_the_next_caller_on_hold() {
    // Ann is at the prompt when Ben's web app answers: she takes the caller on hold at that
    // instant.
    let users = vec![with_phone(user("ann"), 101), web("ben")];
    let numbers = vec![
        NewNumber {
            call_connect: true,
            ring_more: vec!["ben".into()],
            ..owned(150, "ann")
        },
        NewNumber {
            backup: Backup::Hold,
            hold_staff: NewHoldStaff::Users(vec!["ann".into()]),
            ..number(151)
        },
    ];
    let mut world = World::one(users, numbers);
    world.routing.screening_cancels_others = false;
    world.answers(Device::Phone, 10).answers(Device::Web, 14);
    world.calls(&[(0, 100, 150), (12, 101, 151)]);
    assert_eq!(
        world.run().lines(),
        [
            "0 rang 0 answered 14 ended 114 by a/ben: answered",
            "12 held 12 until 14 answered 14 ended 114 by a/ann: answered",
        ]
    );
}

#[test]
fn a_prompt_of_no_time_connects_at_the_pick_up() {
    let mut world = screened();
    world.answers(Device::Phone, 12).people.connect_prompt = constant(0);
    assert_eq!(
        world.run().lines(),
        ["0 rang 0 answered 12 ended 112 by a/ann: answered"]
    );
}

fn whispering(at: WhisperAt) -> World {
    let mut world = screened();
    world.accounts[0].numbers[0].call_connect = false;
    world.accounts[0].numbers[0].whisper = Some("From {{custom_values.nothing}}".into());
    world.routing.whisper_fault = at;
    world
}

#[test]
fn a_broken_whisper_drops_the_call_at_the_decision() {
    let told = whispering(WhisperAt::Webhook)
        .answers(Device::Phone, 12)
        .run();
    assert_eq!(told.lines(), ["0 ended 0: dropped/whisper-fault"]);
}

#[test]
fn a_broken_whisper_may_drop_it_when_a_phone_is_picked_up() {
    let mut world = whispering(WhisperAt::OnAnswer);
    let told = world.answers(Device::Phone, 12).run();
    assert_eq!(told.lines(), ["0 rang 0 ended 12: dropped/whisper-fault"]);
    assert_eq!(
        world.machines(9).run().lines(),
        ["0 rang 0 ended 9: dropped/whisper-fault"]
    );
    assert_eq!(
        world.answers(Device::Web, 8).run().lines(),
        ["0 rang 0 answered 8 ended 108 by a/ann: answered"],
        "apps hear no whisper"
    );
}

#[test]
fn a_broken_whisper_inside_a_hop_fails_the_leg() {
    let mut world = whispering(WhisperAt::OnAnswer);
    world.accounts[0].numbers.push(NewNumber {
        incoming_timeout: Some(s(100)),
        ..forwarding(151, 150)
    });
    world.calls = vec![(s(0), Some(phone(100)), phone(151))];
    let told = world.answers(Device::Phone, 12).run();
    assert_eq!(told.lines(), ["0 rang 0 ended 12 hops 1: voicemail"]);
}
