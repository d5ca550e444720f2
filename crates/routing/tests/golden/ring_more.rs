//! domain.md 1.6: ring more (H5).

use routing::account::Device;

use crate::office::{Caller, Office};

const NEWEST: [&str; 1] = ["stages-2026"];

fn with_extra() -> Office {
    Office::new()
        .user("ann", "WU")
        .user("eve", "WM")
        .ring_more(&["eve"])
}

#[test]
fn it_joins_the_routes_of_both_owners_forwarding_and_business_phone() {
    with_extra()
        .owner("ann")
        .expect(&NEWEST, Caller::Stranger, "W(ann)+U(ann)+M(eve)");
    with_extra()
        .lead(Some("ann"))
        .expect(&NEWEST, Caller::Lead, "W(ann)+U(ann)+M(eve)");
    with_extra()
        .forward()
        .expect(&NEWEST, Caller::Stranger, "F+M(eve)");
    with_extra()
        .business()
        .expect(&NEWEST, Caller::Stranger, "B+M(eve)");
    with_extra().expect(&NEWEST, Caller::Stranger, "M(eve)");
    assert_eq!(
        with_extra().rule("stages-2026", Caller::Stranger),
        "ring-more"
    );
}

#[test]
fn it_does_not_work_when_an_ivr_takes_the_call() {
    with_extra()
        .number(|number| number.ivr = true)
        .expect_all(Caller::Stranger, "ivr");
}

#[test]
fn forwarding_number_and_extra_users_all_ring() {
    let office = Office::new()
        .user("ann", "W")
        .user("ben", "U")
        .user("eve", "S")
        .forward();
    let office = office.ring_more(&["ann", "ben", "eve"]);
    office.expect(&NEWEST, Caller::Stranger, "F+W(ann)+R(ben)+S(eve)");
}

#[test]
fn who_is_owner_and_extra_user_is_rung_once_by_the_owners_devices() {
    let office = with_extra().owner("ann").ring_more(&["ann", "eve", "eve"]);
    office.expect(&NEWEST, Caller::Stranger, "W(ann)+U(ann)+M(eve)");
}

#[test]
fn an_owner_whose_apps_are_logged_out_is_not_rung_as_an_extra_user() {
    let office = Office::new()
        .user("ann", "W")
        .owner("ann")
        .ring_more(&["ann"])
        .forward();
    let office = office.who(|ann| ann.available = false);
    office.expect(&NEWEST, Caller::Stranger, "F");
}

/// Vocabulary 1.1: the ring-all channel is one, by default the first of mobile, web, desk, phone.
#[test]
fn an_extra_user_rings_on_one_channel() {
    for (devices, rings) in [
        ("WMSU", "M(eve)"),
        ("WSU", "W(eve)"),
        ("SU", "S(eve)"),
        ("U", "R(eve)"),
        ("", "F"),
    ] {
        let office = Office::new().user("eve", devices).ring_more(&["eve"]);
        let office = if rings == "F" {
            office.forward()
        } else {
            office
        };
        office.expect(&NEWEST, Caller::Stranger, rings);
    }
    let chosen = |device| {
        let office = Office::new().user("eve", "WM").ring_more(&["eve"]);
        office
            .who(|eve| eve.ring_more_device = Some(device))
            .rings("stages-2026", Caller::Stranger)
    };
    assert_eq!(chosen(Device::Web), "W(eve)");
    assert_eq!(
        chosen(Device::Desk),
        "voicemail/default",
        "a device that eve does not have"
    );
}

#[test]
fn at_most_ring_more_max_extra_users_ring_after_the_owner_is_struck_out() {
    let office = Office::new()
        .user("ann", "W")
        .user("ben", "W")
        .user("eve", "W")
        .owner("ann");
    let office = office
        .ring_more(&["ann", "ben", "eve"])
        .params(|params| params.ring_more_max = 1);
    office.expect(&NEWEST, Caller::Stranger, "W(ann)+W(ben)");
    let office = office.params(|params| params.ring_more_max = 0);
    office.expect(&NEWEST, Caller::Stranger, "W(ann)");
}

/// 1.10: V1 adds the extra users' apps to the tree; the phone-only policies and the table know
/// none.
#[test]
fn the_tree_rings_extra_users_on_apps_alone() {
    let tree = ["tree-owner-first"];
    let office = Office::new()
        .user("ann", "U")
        .user("ben", "U")
        .user("eve", "WU");
    let office = office.ring_more(&["ann", "ben", "eve"]);
    office
        .clone()
        .owner("ann")
        .expect(&tree, Caller::Stranger, "U(ann)+W(eve)");
    office
        .clone()
        .forward()
        .expect(&tree, Caller::Stranger, "F+W(eve)");
    office.expect(&tree, Caller::Stranger, "W(eve)");
    let rest = ["table-2024", "strict-both", "layers-legacy"];
    office.expect(&rest, Caller::Stranger, "drop/no-destination");
}

#[test]
fn the_tree_does_not_ring_its_owner_twice() {
    let office = Office::new()
        .user("ann", "WM")
        .owner("ann")
        .ring_more(&["ann"]);
    office.expect(&["tree-owner-first"], Caller::Stranger, "W(ann)+M(ann)");
}
