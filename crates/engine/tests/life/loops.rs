//! Hops in the limits, hops of hops, and loops.

use routing::account::{Device, NewNumber};
use routing::decision::{App, Terminal};
use routing::limit::LimitParams;
use routing::record::Outcome;

use crate::hops::hopping;
use crate::world::{
    World, account, app, constant, decision, forwarding, outside, owned, phone, s, user, web,
    with_phone,
};

#[test]
fn a_hop_counts_in_the_limits_of_the_inner_number_and_not_in_the_calls() {
    let mut world = hopping();
    world.accounts[0].numbers.push(forwarding(152, 151));
    world.limits = LimitParams::default();
    world.limits.regular.to_per_minute = 2;
    world.answers(Device::Web, 4).talk(1);
    world.calls = Vec::new();
    world.calls(&[(0, 100, 150), (10, 101, 150), (20, 102, 152)]);
    let told = world.run();
    assert_eq!(
        told.lines()[1],
        "10 rang 10 answered 14 ended 15 hops 1 by a/ann: answered"
    );
    assert_eq!(told.lines()[2], "20 rang 20 ended 20 hops 1: voicemail");
    assert_eq!(told.violations.len(), 1);
    assert_eq!(
        (told.violations[0].at, told.violations[0].count),
        (s(20), 1)
    );
    assert!(
        told.records
            .iter()
            .all(|call| call.outcome != Outcome::Blocked)
    );
}

#[test]
fn a_hop_shows_the_caller_or_the_number_dialled() {
    for (passes, shown) in [(false, [100, 100, 100]), (true, [100, 150, 150])] {
        let mut world = World::one(
            vec![web("ann")],
            vec![
                NewNumber {
                    pass_called_number: passes,
                    ..forwarding(150, 151)
                },
                forwarding(151, 152),
                owned(152, "ann"),
            ],
        );
        let mut seen = Vec::new();
        let legs = [outside(151), outside(152), app(App::Web, 0)];
        world.call(150).run_replying(|request| {
            seen.push((request.hop, request.call.from, request.call.to));
            let leg = legs[usize::from(request.hop)];
            Ok(decision(&[(&[leg], 20)], Terminal::Voicemail))
        });
        let expected = |hop: u64| {
            (
                hop as u16,
                Some(phone(shown[hop as usize])),
                phone(150 + hop),
            )
        };
        assert_eq!(seen, [expected(0), expected(1), expected(2)]);
    }
}

#[test]
fn who_passes_the_called_number_is_counted_as_that_caller() {
    for (passes, second) in [
        (false, "10 rang 10 ended 10 hops 1: voicemail"),
        (
            true,
            "10 rang 10 answered 14 ended 15 hops 1 by a/ann: answered",
        ),
    ] {
        let mut world = hopping();
        world.accounts[0].numbers[0].pass_called_number = passes;
        world.limits = LimitParams::default();
        world.limits.regular.from_per_minute = 3;
        world
            .answers(Device::Web, 4)
            .talk(1)
            .calls(&[(10, 100, 150)]);
        assert_eq!(world.run().lines()[1], second);
    }
}

#[test]
fn hops_of_hops_are_counted_together() {
    let mut world = hopping();
    world.accounts[0].numbers[1] = forwarding(151, 152);
    world.accounts[0].numbers.push(owned(152, "ann"));
    let told = world.answers(Device::Web, 4).run();
    assert_eq!(
        told.lines(),
        ["0 rang 0 answered 4 ended 104 hops 2 by a/ann: answered"]
    );
    assert_eq!(
        told.leg_lines(),
        ["nobody 0-4", "nobody 0-4", "a/ann 0-104"]
    );
}

#[test]
fn a_hop_may_lead_into_another_sub_account() {
    let mut world = World::of(vec![
        account("a", vec![], vec![forwarding(150, 151)]),
        account("b", vec![web("lee")], vec![owned(151, "lee")]),
    ]);
    let told = world.call(150).answers(Device::Web, 4).run();
    assert_eq!(
        told.lines(),
        ["0 rang 0 answered 4 ended 104 hops 1 by b/lee: answered"]
    );
    assert_eq!(
        told.records[0].number,
        told.accounts.find_number(phone(150))
    );
}

fn looping() -> World {
    let mut world = World::one(vec![], vec![forwarding(150, 151), forwarding(151, 150)]);
    world.call(150);
    world
}

#[test]
fn hop_cap_and_one_is_a_redirect_loop() {
    let mut world = looping();
    world.routing.hop_cap = 3;
    let told = world.run();
    assert_eq!(
        told.lines(),
        ["0 rang 0 ended 0 hops 4: dropped/redirect-loop"]
    );
    assert_eq!(
        told.decisions.len(),
        4,
        "the call and three hops were decided"
    );
    assert_eq!(told.leg_lines().len(), 4);
    assert_eq!(told.level(1), (0, 0));
}

#[test]
fn the_longest_loop_that_may_be_asked_for_is_walked() {
    let mut world = looping();
    world.routing.hop_cap = 1000;
    assert_eq!(
        world.run().lines(),
        ["0 rang 0 ended 0 hops 1001: dropped/redirect-loop"]
    );
    world.latency = constant(1);
    world.routing.ring_timeout = Some(s(600));
    assert_eq!(
        world.run().lines(),
        ["0 rang 1 ended 606 hops 606: voicemail"]
    );
}

#[test]
fn a_loop_is_stopped_by_the_limit_at_its_eleventh_attempt() {
    let mut world = looping();
    world.limits = LimitParams::default();
    let told = world.run();
    assert_eq!(
        told.lines(),
        ["0 rang 0 ended 0 hops 10: no-answer"]
            .map(|line| { line.replace("no-answer", "voicemail") })
    );
    assert_eq!(told.violations.len(), 1);
}

#[test]
fn sixteen_hops_within_a_minute_block_the_account() {
    // Two phone legs at each number: every second leg of a chain is tried when the first has
    // failed.
    let users = vec![with_phone(user("ann"), 150), with_phone(user("ben"), 151)];
    let number = |last| NewNumber {
        ring_more: vec!["ben".into()],
        ..owned(last, "ann")
    };
    let mut world = World::one(users, vec![number(150), number(151)]);
    world.limits = LimitParams::default();
    world.routing.hop_cap = 100;
    world.calls(&[(0, 100, 150), (3000, 102, 151)]).duration = s(4000);
    let told = world.run();
    assert_eq!(
        told.violations
            .iter()
            .map(|v| u32::from(v.count))
            .sum::<u32>(),
        6
    );
    assert!(told.violations[5].blocks_account);
    assert_eq!(told.lines()[1], "3000 ended 3000: blocked/account");
}

#[test]
fn modelled_latency_is_taken_inside_a_hop_too() {
    let mut world = hopping();
    world.latency = constant(2);
    let told = world.answers(Device::Web, 4).run();
    assert_eq!(
        told.lines(),
        ["0 rang 2 answered 8 ended 108 hops 1 by a/ann: answered"]
    );
    assert_eq!(told.leg_lines(), ["nobody 2-8", "a/ann 4-108"]);
    assert_eq!(
        world.patience(1).run().lines(),
        ["0 rang 2 ended 3 hops 1: abandoned/ringing"],
        "the patience clock runs while the inner decision is awaited"
    );
}
