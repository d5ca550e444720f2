//! The menu of an IVR and its branches.

use model::Share;
use model::ivr::{Branch, Connect, Then, Workflow};
use routing::account::{Device, NewNumber, NewUser, UserId};

use crate::world::{World, constant, mobile, number, owned, phone, s, web};

/// 150 is an IVR: a menu of 9 s, then everyone takes the one branch.
fn menu(connect: Vec<Connect>, then: Then) -> World {
    let ann = NewUser {
        mobile_app: true,
        ivr_device: Some(Device::Web),
        ..web("ann")
    };
    let numbers = vec![
        NewNumber {
            ivr: true,
            ..number(150)
        },
        owned(151, "ann"),
    ];
    let mut world = World::one(vec![ann, mobile("ben")], numbers);
    let branch = Branch {
        share: Share::ALWAYS,
        connect,
        connect_timeout: s(10),
        then,
    };
    let workflow = Workflow {
        menu: constant(9),
        hang_up: Share::NEVER,
        branches: vec![branch],
    };
    world.workflows.insert(150, workflow);
    world.call(150);
    world
}

fn both() -> Vec<Connect> {
    vec![Connect::User(UserId(0)), Connect::Number(phone(103))]
}

#[test]
fn a_workflow_of_which_nothing_is_known_ends_the_call_at_once() {
    let mut world = menu(vec![], Then::End);
    world.workflows.clear();
    assert_eq!(world.run().lines(), ["0 ended 0: ivr"]);
}

#[test]
fn what_is_left_of_one_ends_in_the_workflow() {
    let mut world = menu(both(), Then::Voicemail);
    world.workflows.get_mut(&150).unwrap().branches[0].share = Share::NEVER;
    assert_eq!(world.run().lines(), ["0 ended 9: ivr"]);
}

#[test]
fn callers_may_hang_up_in_the_menu() {
    let mut world = menu(both(), Then::End);
    world.workflows.get_mut(&150).unwrap().hang_up = Share::ALWAYS;
    assert_eq!(world.run().lines(), ["0 ended 9: abandoned/menu"]);
}

#[test]
fn a_branch_rings_each_user_on_the_one_device_of_an_ivr() {
    let mut world = menu(both(), Then::End);
    let told = world
        .answers(Device::Mobile, 1)
        .answers(Device::Web, 4)
        .run();
    assert_eq!(
        told.lines(),
        ["0 rang 9 answered 13 ended 113 by a/ann: answered"]
    );
    assert_eq!(told.leg_lines(), ["nobody 9-13", "a/ann 9-113"]);
    let told = world.answers(Device::Phone, 3).run();
    assert_eq!(told.lines(), ["0 rang 9 answered 12 ended 112: answered"]);
}

#[test]
fn when_nobody_of_a_branch_answers_the_workflow_goes_on() {
    assert_eq!(
        menu(both(), Then::End).run().lines(),
        ["0 rang 9 ended 24: ivr"]
    );
    assert_eq!(
        menu(both(), Then::Voicemail).run().lines(),
        ["0 rang 9 ended 24: voicemail"]
    );
    assert_eq!(
        menu(vec![], Then::Voicemail).run().lines(),
        ["0 ended 9: voicemail"]
    );
    assert_eq!(menu(vec![], Then::End).run().lines(), ["0 ended 9: ivr"]);
}

#[test]
fn a_branch_of_busy_people_is_over_at_once() {
    let mut world = menu(vec![Connect::User(UserId(0))], Then::Voicemail);
    world.calls = vec![(s(0), None, phone(151)), (s(50), None, phone(150))];
    assert_eq!(
        world.answers(Device::Web, 4).run().lines()[1],
        "50 rang 59 ended 59: voicemail"
    );
}

#[test]
fn patience_starts_with_the_first_ring_of_the_branch() {
    let mut world = menu(both(), Then::End);
    assert_eq!(
        world.patience(6).run().lines(),
        ["0 rang 9 ended 15: abandoned/ringing"]
    );
}

#[test]
fn a_phone_companys_machine_wins_in_a_branch_too() {
    let mut world = menu(both(), Then::End);
    assert_eq!(
        world.machines(7).run().lines(),
        ["0 rang 9 ended 16: carrier-voicemail"]
    );
}

#[test]
fn a_branch_may_lead_to_another_of_our_numbers() {
    let mut world = menu(vec![Connect::Number(phone(151))], Then::End);
    assert_eq!(
        world.answers(Device::Web, 4).run().lines(),
        ["0 rang 9 answered 13 ended 113 hops 1 by a/ann: answered"]
    );
}

#[test]
fn a_menu_of_no_time_is_left_at_once() {
    let mut world = menu(both(), Then::End);
    world.workflows.get_mut(&150).unwrap().menu = constant(0);
    assert_eq!(
        world.answers(Device::Web, 4).run().lines(),
        ["0 rang 0 answered 4 ended 104 by a/ann: answered"]
    );
}
