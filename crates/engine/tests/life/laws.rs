//! What holds in every world.

use std::collections::BTreeMap;

use engine::run::{Watch, replication};
use engine::{Engine, Plan};
use model::arrivals::{Source, Value};
use model::{People, RandomTime, Rate, Share};
use proptest::prelude::*;
use routing::Nanos;
use routing::account::{Device, NewNumber, NumberId, PersonId, SubAccountId, UserId};
use routing::record::{CallRecord, LegRecord, Outcome};

use crate::decision::drive;
use crate::random_world::{plan, worlds};
use crate::world::{Told, World, account, hours, in_process, number, run, web};

const POLICY: &str = "stages-2026";

fn told(plan: &Plan) -> Told {
    run(plan, in_process(plan, POLICY))
}

fn cases(count: u32) -> ProptestConfig {
    ProptestConfig {
        cases: count,
        ..ProptestConfig::default()
    }
}

fn times_are_ordered(call: &CallRecord) -> bool {
    let (from, until) = call.held.unwrap_or((call.ended, call.ended));
    let rang = call.rang.unwrap_or(call.arrived);
    let answered = call.answered.unwrap_or(call.ended);
    call.arrived <= rang
        && rang <= answered
        && answered <= call.ended
        && rang <= from
        && from <= until
        && until <= call.ended
        && (call.held.is_none() || call.answered.is_none_or(|at| at == until))
        && call.answered.is_some() == (call.outcome == Outcome::Answered)
        && (call.outcome.causes().contains(&call.cause)
            || call.cause == routing::record::Cause::None)
}

/// Talks of each person: (answer, end of wrap-up, arrival of the call), in order.
fn talks(told: &Told) -> BTreeMap<PersonId, Vec<(Nanos, Nanos, Nanos)>> {
    let mut talks: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for call in &told.records {
        if let (Some(person), Some(answered)) = (call.person, call.answered) {
            let free = call.ended + call.wrap_up;
            talks
                .entry(person)
                .or_default()
                .push((answered, free, call.arrived));
        }
    }
    for of in talks.values_mut() {
        of.sort_unstable();
    }
    talks
}

/// Whether a leg rang on although its person had answered elsewhere, or rang somebody who was
/// busy. A machine that has picked up may stay so long at the prompt.
fn rings_the_busy(leg: &LegRecord, talk: &(Nanos, Nanos, Nanos), prompt: Nanos) -> bool {
    let (answered, free, arrived) = *talk;
    let other = leg.call_arrived != arrived;
    let rang_on = leg.from < answered && answered + prompt < leg.until;
    let rang_busy = answered < leg.from && leg.from < free && leg.from < leg.until;
    other && (rang_on || rang_busy)
}

/// A leg that a phone company's machine has taken rings nobody any more.
fn hears_a_message(leg: &LegRecord, records: &[CallRecord]) -> bool {
    let of_leg = |it: &&CallRecord| (it.arrived, it.ended) == (leg.call_arrived, leg.until);
    let call = records.iter().find(of_leg);
    call.is_some_and(|it| it.outcome == Outcome::CarrierVoicemail)
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn every_call_ends_once_with_its_times_in_order(world in worlds()) {
        let plan = plan(&world, 0);
        let told = told(&plan);
        let fresh = told.records.iter().filter(|it| it.attempt == 1).count();
        prop_assert!(fresh > 150, "the world was called");
        let by_outcome = |outcome: &Outcome| {
            told.records.iter().filter(|it| it.outcome == *outcome).count()
        };
        prop_assert_eq!(Outcome::ALL.iter().map(by_outcome).sum::<usize>(), told.records.len());
        for call in &told.records {
            prop_assert!(times_are_ordered(call), "{call:?}");
            prop_assert!(call.arrived < plan.duration);
        }
        let redials = |it: &&CallRecord| it.redial_at.is_some_and(|at| at < plan.duration);
        let due = told.records.iter().filter(redials);
        prop_assert_eq!(due.count(), told.records.len() - fresh, "who will redial does");
    }

    #[test]
    fn nobody_talks_twice_at_once_and_no_leg_rings_the_busy(world in worlds()) {
        let told = told(&plan(&world, 0));
        let screened = told.accounts.numbers().any(|(_, it)| it.call_connect);
        let prompt = Nanos::from_secs(if screened { 5 } else { 0 });
        for (person, of) in talks(&told) {
            for pair in of.windows(2) {
                prop_assert!(pair[0].1 <= pair[1].0, "{pair:?}");
            }
            if world.people.call_waiting {
                continue;
            }
            let rung = told.legs.iter().filter(|leg| leg.person == Some(person));
            for leg in rung.filter(|leg| !hears_a_message(leg, &told.records)) {
                let odd = of.iter().find(|talk| rings_the_busy(leg, talk, prompt));
                prop_assert!(odd.is_none(), "{leg:?} in spite of {odd:?}");
            }
        }
    }

    #[test]
    fn legs_and_calls_come_down_to_zero_and_levels_say_so(world in worlds()) {
        let plan = plan(&world, 0);
        let told = told(&plan);
        let end = told.records.iter().map(|it| it.ended).max().unwrap();
        let last = told.levels.last().unwrap();
        prop_assert!(last.until_s > plan.duration.whole_secs().min(end.whole_secs()));
        for pair in told.levels.windows(2) {
            prop_assert_eq!(pair[0].until_s, pair[1].from_s);
        }
        for second in [600, 1200, 1800, 3000] {
            let at = Nanos::from_secs(second);
            let calls = told.records.iter().filter(|it| it.arrived < at && at <= it.ended).count();
            let legs = told.legs.iter().filter(|it| it.from < at && at <= it.until).count();
            prop_assert_eq!(told.level(second), (calls as u32, legs as u32));
        }
    }

    #[test]
    fn whoever_drives_the_records_are_the_same(world in worlds()) {
        let plan = plan(&world, 0);
        let first = told(&plan).sorted();
        let mut engine = Engine::new(&plan, 0, in_process(&plan, POLICY), Told::of(&plan));
        while let Some(due) = engine.next_due() {
            engine.advance(due);
        }
        prop_assert_eq!(&first, &engine.finish().unwrap().0.sorted());
        let watch = Watch::default();
        let backend = in_process(&plan, POLICY);
        let (told, counts) = replication(&plan, 0, backend, Told::of(&plan), &watch).unwrap();
        prop_assert_eq!(counts.ended, first.len() as u64);
        prop_assert_eq!(&first, &told.sorted());
    }

    #[test]
    fn a_back_end_that_replies_at_once_from_outside_changes_nothing(mut world in worlds()) {
        // A machine that picks up at 0 s and a reply at 0 s would be a tie between two clocks.
        for device in Device::ALL {
            world.people.answer_mut(device).dnd = Share::NEVER;
        }
        let plan = plan(&world, 0);
        let (posted, _) = drive(&plan, POLICY, Nanos::ZERO);
        prop_assert_eq!(told(&plan).sorted(), posted.sorted());
    }

    #[test]
    fn a_sub_account_that_nobody_calls_changes_no_other(world in worlds(), first: bool) {
        let alone = told(&plan(&world, 0)).sorted();
        let mut more = world;
        let users = vec![web("zoe"), web("yan")];
        let mut quiet = account("quiet", users, vec![number(180), number(181)]);
        quiet.users[0].hours = Some(hours("Mon-Sun 00:05-00:20"));
        quiet.numbers[0].backup = routing::account::Backup::Hold;
        quiet.numbers[0].assigned_to = Some("zoe".into());
        more.accounts.insert(if first { 0 } else { more.accounts.len() }, quiet);
        let mut beside = told(&plan(&more, usize::from(first))).sorted();
        if first {
            for call in &mut beside {
                call.number = call.number.map(|it| NumberId(it.0 - 2));
                call.sub_account = call.sub_account.map(|it| SubAccountId(it.0 - 1));
                call.person = call.person.map(|it| PersonId(it.0 - 2));
                call.user = call.user.map(|it| UserId(it.0 - 2));
            }
        }
        prop_assert_eq!(alone, beside);
    }

    #[test]
    fn whole_days_later_everything_is_the_same(mut world in worlds(), day in 6u8..28) {
        let today = told(&plan(&world, 0)).sorted();
        let start = format!("2026-01-{day:02}T00:00:00");
        world.start = Box::leak(start.into_boxed_str());
        prop_assert_eq!(today, told(&plan(&world, 0)).sorted());
    }

    #[test]
    fn the_seed_and_the_replication_decide(world in worlds()) {
        let plan = plan(&world, 0);
        let of = |n| {
            let watch = Watch::default();
            let backend = in_process(&plan, POLICY);
            replication(&plan, n, backend, Told::of(&plan), &watch).unwrap().0.sorted()
        };
        prop_assert_eq!(of(1), of(1));
        prop_assert_ne!(of(1), of(2));
    }
}

/// Two people with two devices each ring for six numbers, a call every two seconds.
fn stress() -> Told {
    let rung = |n: u64| NewNumber {
        ring_more: vec!["ann".into(), "ben".into()],
        ..number(150 + n)
    };
    let mut world = World::one(vec![web("ann"), web("ben")], (0..6).map(rung).collect());
    for user in &mut world.accounts[0].users {
        user.mobile_app = true;
    }
    world.people = People::default();
    world.people.talk = RandomTime::exponential(Nanos::from_secs(20));
    world.duration = Nanos::from_secs(20_000);
    let mut plan = plan(&world, 0);
    let rate = Value::Rate(Rate::per_second(0.5).unwrap());
    plan.sources[0] = Source {
        targets: plan.sources[0].targets.clone(),
        ..crate::world::source("poisson", &[("rate", rate)])
    };
    told(&plan)
}

#[test]
fn busy_people_under_stress_are_never_rung() {
    let told = stress();
    assert!(told.records.len() > 9000);
    let taken_away = |leg: &&LegRecord| leg.busy && leg.until > leg.from;
    assert!(told.legs.iter().filter(taken_away).count() > 1000);
    for (person, of) in talks(&told) {
        assert!(of.windows(2).all(|pair| pair[0].1 <= pair[1].0));
        for leg in told.legs.iter().filter(|leg| leg.person == Some(person)) {
            let near = of.partition_point(|talk| talk.0 < leg.from);
            let around = &of[near.saturating_sub(1)..of.len().min(near + 3)];
            let odd = around
                .iter()
                .find(|talk| rings_the_busy(leg, talk, Nanos::ZERO));
            assert!(odd.is_none(), "{leg:?} in spite of {odd:?}");
        }
    }
}

#[test]
fn under_stress_who_is_left_without_a_leg_goes_on_at_that_instant() {
    let told = stress();
    let mut last_leg: BTreeMap<Nanos, Nanos> = BTreeMap::new();
    for leg in &told.legs {
        let last = last_leg.entry(leg.call_arrived).or_default();
        *last = (*last).max(leg.until);
    }
    let greeted = told
        .records
        .iter()
        .filter(|it| it.outcome == Outcome::Voicemail);
    let (mut calls, mut at_once) = (0.0, 0.0);
    for call in greeted {
        calls += 1.0;
        at_once += f64::from(u8::from(call.ended == last_leg[&call.arrived]));
    }
    assert!(calls > 3000.0);
    let share: f64 = at_once / calls;
    assert!(
        (share - 0.9).abs() < 0.02,
        "{share} of {calls}: one in ten leaves a message"
    );
}
