//! A replication in parts tells what the replication in one piece tells.

use std::fmt::Debug;

use engine::Plan;
use engine::partition::Partition;
use engine::parts::replication_in_parts;
use engine::run::Watch;
use model::arrivals::Source;
use model::callers::Targets;
use proptest::prelude::*;
use routing::account::{NewSubAccount, SubAccountId};
use routing::limit::{AccountScope, FromScope, LimitParams};

use crate::random_world::{plan, worlds};
use crate::world::{Told, World, account, forwarding, in_process, number, owned, phone, run, web};
use crate::world::{user, with_phone};

const POLICY: &str = "stages-2026";

/// These bundles of the plan's replication, each with what it told.
fn parts(plan: &Plan, most: usize, wanted: impl Fn(usize) -> bool, threads: usize) -> Vec<Told> {
    let bundles = Partition::of(plan).bundles(plan, most);
    let which: Vec<usize> = (0..bundles.count()).filter(|at| wanted(*at)).collect();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
    let make = || (in_process(plan, POLICY), Told::of(plan));
    let watch = Watch::default();
    let run = || replication_in_parts(plan, 0, (&bundles, &which), &make, &watch);
    let done = pool.build().unwrap().install(run).unwrap();
    done.into_iter().map(|(told, _)| told).collect()
}

/// All that was told, in an order that does not depend on who told it.
fn all(told: Vec<Told>) -> Vec<String> {
    fn lines<T: Debug>(things: &[T]) -> impl Iterator<Item = String> {
        things.iter().map(|it| format!("{it:?}"))
    }
    let mut all = Vec::new();
    let mut seconds: Vec<(u32, u32)> = Vec::new();
    for part in told {
        all.extend(lines(&part.records));
        all.extend(lines(&part.legs));
        all.extend(lines(&part.violations));
        all.extend(lines(&part.decisions));
        // Nobody waited: that is told as often as there is somebody to tell it.
        all.extend(lines(&part.spans).filter(|it| !it.contains("length: 0")));
        for level in &part.levels {
            seconds.resize(seconds.len().max(level.until_s as usize), (0, 0));
            for second in level.from_s..level.until_s {
                seconds[second as usize].0 += level.calls;
                seconds[second as usize].1 += level.legs;
            }
        }
    }
    all.sort_unstable();
    while seconds.last() == Some(&(0, 0)) {
        seconds.pop();
    }
    all.push(format!("{seconds:?}"));
    all
}

/// Cuts the ties of some sub-accounts to others: their legs, their people.
fn apart(world: &mut World, legs: [bool; 3], people: [bool; 3]) {
    for (at, account) in world.accounts.iter_mut().enumerate() {
        let own = 150 + 2 * at as u64;
        let within = |it: routing::PhoneNumber| phone(own + it.digits() % 2);
        for user in &mut account.users {
            if people[at] {
                user.person = None;
            }
            if legs[at] {
                user.phone = user.phone.map(within);
            }
        }
        for number in account.numbers.iter_mut().filter(|_| legs[at]) {
            number.forward_to = number.forward_to.map(within);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn parts_tell_what_the_whole_tells(
        mut world in worlds(),
        legs in prop::array::uniform3(prop::bool::weighted(0.8)),
        people in any::<[bool; 3]>(),
        (most, threads) in (1usize..5, 1usize..4),
        scopes in any::<(bool, bool)>(),
    ) {
        apart(&mut world, legs, people);
        let wide = [FromScope::Location, FromScope::Agency, FromScope::Platform];
        world.limits.from_scope = wide[usize::from(scopes.0) + usize::from(scopes.1)];
        let plan = plan(&world, 0);
        let whole = all(vec![run(&plan, in_process(&plan, POLICY))]);
        prop_assert_eq!(&all(parts(&plan, most, |_| true, threads)), &whole);
        let mut shards = parts(&plan, most, |at| at % 2 == 0, threads);
        shards.extend(parts(&plan, most, |at| at % 2 == 1, threads));
        prop_assert_eq!(&all(shards), &whole);
    }
}

/// Which sub-accounts are in one group.
fn groups(world: &World) -> Vec<u32> {
    let partition = Partition::of(&world.plan());
    let ids = 0..world.accounts.len() as u32;
    ids.map(|at| partition.group_of(SubAccountId(at))).collect()
}

/// Four sub-accounts with a number and a user each, that have nothing to do with each other.
fn four() -> World {
    let one = |at: u64| {
        account(
            &format!("{at}"),
            vec![web("ann")],
            vec![owned(150 + at, "ann")],
        )
    };
    World::of((0..4).map(one).collect())
}

fn joined(change: impl FnOnce(&mut World)) -> Vec<u32> {
    let mut world = four();
    change(&mut world);
    groups(&world)
}

#[test]
fn sub_accounts_that_share_nothing_are_groups_of_their_own() {
    assert_eq!(groups(&four()), [0, 1, 2, 3]);
}

#[test]
fn people_and_legs_and_workflows_join() {
    let person = |account: &mut NewSubAccount| account.users[0].person = Some("ann".to_owned());
    let shared = joined(|world| {
        person(&mut world.accounts[3]);
        person(&mut world.accounts[1]);
    });
    assert_eq!(shared, [0, 1, 2, 1]);
    let forwards = joined(|world| world.accounts[2].numbers.push(forwarding(160, 150)));
    assert_eq!(forwards, [0, 1, 0, 2]);
    let rings = joined(|world| world.accounts[0].users.push(with_phone(user("ben"), 151)));
    assert_eq!(rings, [0, 0, 1, 2]);
    let business = joined(|world| world.accounts[3].business_phone = Some(phone(152)));
    assert_eq!(business, [0, 1, 2, 2]);
    let outside = joined(|world| world.accounts[3].business_phone = Some(phone(199)));
    assert_eq!(outside, [0, 1, 2, 3]);
    let chain = joined(|world| {
        world.accounts[2].numbers.push(forwarding(160, 150));
        world.accounts[3].numbers.push(forwarding(161, 160));
    });
    assert_eq!(chain, [0, 1, 0, 0]);
    let connects = joined(|world| {
        let branch = model::ivr::Branch {
            share: model::Share::ALWAYS,
            connect: vec![model::ivr::Connect::Number(phone(153))],
            connect_timeout: crate::world::s(10),
            then: model::ivr::Then::End,
        };
        let workflow = model::ivr::Workflow {
            branches: vec![branch],
            ..model::ivr::Workflow::default()
        };
        world.workflows.insert(151, workflow);
        world.accounts[1].numbers[0].ivr = true;
    });
    assert_eq!(connects, [0, 1, 2, 1]);
}

#[test]
fn limits_join_as_wide_as_they_count() {
    let with = |limits: LimitParams| {
        joined(|world| {
            world.limits = limits;
            world.accounts[1].agency = Some("north".to_owned());
            world.accounts[3].agency = Some("north".to_owned());
        })
    };
    let limits = LimitParams::default;
    assert_eq!(with(limits()), [0, 1, 2, 3]);
    let agency = LimitParams {
        from_scope: FromScope::Agency,
        ..limits()
    };
    assert_eq!(with(agency), [0, 1, 2, 1]);
    let blocked = LimitParams {
        account: AccountScope::Agency,
        ..limits()
    };
    assert_eq!(with(blocked), [0, 1, 2, 1]);
    let platform = LimitParams {
        from_scope: FromScope::Platform,
        ..limits()
    };
    assert_eq!(with(platform), [0, 0, 0, 0]);
    let off = LimitParams {
        enabled: false,
        ..platform
    };
    assert_eq!(with(off), [0, 1, 2, 3]);
}

#[test]
fn bundles_are_about_equally_heavy() {
    let mut world = four();
    world.accounts[0].numbers.push(number(160));
    let mut plan = world.plan();
    let to = |last| plan.accounts.find_number(phone(last)).unwrap();
    let weights = [
        (to(150), 2.0),
        (to(151), 3.0),
        (to(152), 1.0),
        (to(153), 3.0),
        (to(160), 2.0),
    ];
    let rate = model::Rate::per_second(1.0).unwrap();
    plan.sources = vec![Source {
        targets: Targets::weighted(&weights),
        ..crate::world::source("poisson", &[("rate", model::arrivals::Value::Rate(rate))])
    }];
    let find = |last| plan.accounts.find_number(phone(last));
    let bundles = Partition::of(&plan).bundles(&plan, 2);
    // 4, 3, 1, 3 of 11: the heaviest group goes with the lightest.
    let of: Vec<usize> = (150..154).map(|last| bundles.of(find(last))).collect();
    assert_eq!(of, [0, 1, 0, 1]);
    assert_eq!(bundles.of(find(160)), 0);
    assert_eq!(bundles.of(find(199)), 0, "nobody's");
    assert!((bundles.heaviest() - 6.0 / 11.0).abs() < 1e-3);
    assert_eq!(bundles.speed_up(1), 1.0);
    assert!(bundles.speed_up(7) < 2.0);
    assert_eq!(Partition::of(&plan).bundles(&plan, 100).count(), 4);
}

#[test]
fn recorded_calls_weigh_what_they_are() {
    let mut world = four();
    world.calls(&[(1, 100, 150), (2, 100, 151), (3, 101, 151), (4, 100, 198)]);
    let plan = world.plan();
    let find = |last| plan.accounts.find_number(phone(last));
    let bundles = Partition::of(&plan).bundles(&plan, 2);
    assert_ne!(bundles.of(find(150)), bundles.of(find(151)));
    assert!((bundles.heaviest() - 2.0 / 3.0).abs() < 1e-9);
    let told = parts(&plan, 2, |_| true, 2);
    let offered: Vec<usize> = told.iter().map(|it| it.records.len()).collect();
    assert_eq!(offered.iter().sum::<usize>(), 4, "{offered:?}");
}

#[test]
fn a_plan_without_sub_accounts_is_one_bundle() {
    let mut world = World::of(vec![]);
    world.calls(&[(1, 100, 150)]);
    let plan = world.plan();
    let told = parts(&plan, 8, |_| true, 2);
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].lines(), ["1 ended 1: dropped/unknown-number"]);
}

#[test]
fn a_number_of_a_part_that_is_not_wanted_is_left_out() {
    let mut world = four();
    world.calls(&[(1, 100, 150), (2, 100, 151)]);
    let plan = world.plan();
    let called = plan.accounts.find_number(phone(150));
    let first = Partition::of(&plan).bundles(&plan, 4).of(called);
    let told = parts(&plan, 4, |at| at == first, 1);
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].records.len(), 1);
}

#[test]
fn long_runs_are_brought_in_many_blocks() {
    let mut world = four();
    world.people = model::People::default();
    world.people.talk = model::RandomTime::exponential(crate::world::s(20));
    world.duration = crate::world::s(10_000);
    let mut plan = world.plan();
    let numbers = plan.accounts.numbers().map(|(id, _)| id).collect();
    let rate = model::Rate::per_second(4.0).unwrap();
    plan.sources = vec![Source {
        targets: Targets::evenly(numbers),
        ..crate::world::source("poisson", &[("rate", model::arrivals::Value::Rate(rate))])
    }];
    let whole = all(vec![run(&plan, in_process(&plan, POLICY))]);
    for threads in 1..4 {
        let parts = all(parts(&plan, 4, |_| true, threads));
        assert!(parts == whole, "{threads} threads");
    }
}
