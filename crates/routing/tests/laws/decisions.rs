//! What holds for every decision of every policy.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use routing::account::{Device, NewNumber, NewSubAccount, VoiceAi};
use routing::call::Availability;
use routing::decision::{Leg, Role, Terminal};
use routing::params::AvailabilityGate;
use routing::policy::{self, POLICIES, PolicyEntry};
use routing::trace::Trace;

use crate::generate::{Situation, situation};

fn entry(name: &str) -> &'static PolicyEntry {
    POLICIES
        .iter()
        .find(|entry| entry.name == name)
        .expect("a registered policy")
}

/// Leaves nothing of the rules before the policies, and lets whispers resolve.
fn plain(number: &mut NewNumber) {
    number.voice_capable = true;
    number.ivr = false;
    number.pool = None;
    number.voice_ai = VoiceAi::Off;
    number.whisper = None;
    number.ring_more.clear();
}

/// Applies a change to every number and its sub-account.
fn each_number(situation: &mut Situation, change: impl Fn(&mut NewNumber)) {
    for account in &mut situation.declared {
        account.allow_private_calls = true;
        account.numbers.iter_mut().for_each(&change);
    }
}

fn each_account(situation: &mut Situation, change: impl Fn(&mut NewSubAccount)) {
    situation.declared.iter_mut().for_each(change);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn a_decision_is_well_formed(situation in situation()) {
        let max = usize::from(situation.params.max_legs).clamp(1, 10);
        for entry in POLICIES {
            let decision = situation.decide(entry, &mut Trace::off());
            prop_assert!(decision.stages.len() <= 1, "one stage or none");
            prop_assert!(decision.stages.iter().all(|stage| !stage.legs.is_empty()));
            prop_assert!(decision.stages.iter().all(|stage| stage.legs.len() <= max));
            let full = decision.stages.iter().any(|stage| stage.legs.len() == max);
            prop_assert!(decision.truncated.is_empty() || full, "cut only what does not fit");
            let voicemail = decision.finally == Terminal::Voicemail;
            prop_assert_eq!(decision.greeting.is_some(), voicemail);
            let refused = matches!(decision.finally, Terminal::Drop(_) | Terminal::Reject(_));
            if refused || decision.finally == Terminal::Ivr {
                prop_assert!(decision.stages.is_empty(), "{}: rings nobody", entry.name);
            }
        }
    }

    #[test]
    fn nobody_is_rung_twice(situation in situation()) {
        for entry in POLICIES {
            let decision = situation.decide(entry, &mut Trace::off());
            let mut devices: BTreeMap<_, Vec<Device>> = BTreeMap::new();
            for leg in decision.legs().chain(decision.truncated.iter().copied()) {
                if let Some(user) = leg.user() {
                    devices.entry(user).or_default().push(leg.device());
                }
            }
            for list in devices.values() {
                let distinct: BTreeSet<_> = list.iter().collect();
                prop_assert_eq!(distinct.len(), list.len(), "{}: one device twice", entry.name);
            }
            let owners = devices.values().filter(|list| list.len() > 1).count();
            prop_assert!(owners <= 1, "{}: an extra user on several devices", entry.name);
            let extra = |leg: &Leg| matches!(leg, Leg::Phone { role: Role::RingMore, .. });
            for leg in decision.legs().filter(extra) {
                let rung = leg.user().and_then(|user| devices.get(&user)).map(Vec::len);
                prop_assert_eq!(rung, Some(1), "{}: extra user and owner", entry.name);
            }
        }
    }

    #[test]
    fn there_is_one_phone_slot(situation in situation()) {
        for entry in POLICIES {
            let decision = situation.decide(entry, &mut Trace::off());
            let slot = |leg: &Leg| match leg {
                Leg::Phone { role, .. } => *role != Role::RingMore,
                Leg::App { .. } => false,
            };
            prop_assert!(decision.legs().filter(slot).count() <= 1, "{}", entry.name);
        }
    }

    #[test]
    fn a_leg_is_a_device_that_its_user_has(situation in situation()) {
        let accounts = situation.accounts();
        let gated = situation.params.availability_gate == AvailabilityGate::Live;
        for entry in POLICIES {
            for leg in situation.decide(entry, &mut Trace::off()).legs() {
                let Some(user) = leg.user() else { continue };
                prop_assert!(accounts.user(user).has(leg.device()), "{}", entry.name);
                let app = leg.number().is_none();
                prop_assert!(!(app && gated) || situation.world.logged_in(user), "{}", entry.name);
            }
        }
    }

    #[test]
    fn a_trace_changes_nothing_and_names_the_rule_that_decided(situation in situation()) {
        for entry in POLICIES {
            let mut trace = Trace::on();
            let traced = situation.decide(entry, &mut trace);
            prop_assert_eq!(&traced, &situation.decide(entry, &mut Trace::off()));
            let told = trace.steps().iter().any(|step| step.rule == traced.rule);
            let slot = ["forwarding", "business-phone"].contains(&traced.rule.name());
            prop_assert!(told || slot, "{}: {:?} not in {:?}", entry.name, traced.rule, trace);
        }
    }

    #[test]
    fn the_same_question_has_the_same_answer(situation in situation()) {
        for entry in POLICIES {
            let accounts = situation.accounts();
            let decide = |trace: &mut Trace| {
                let Situation { params, call, world, .. } = &situation;
                policy::decide(entry.policy, call, &accounts, params, world, trace)
            };
            let (mut one, mut other) = (Trace::on(), Trace::on());
            prop_assert_eq!(decide(&mut one), decide(&mut other));
            prop_assert_eq!(one, other);
        }
    }

    #[test]
    fn ring_time_and_ending_do_not_depend_on_the_policy(situation in situation()) {
        let mut endings = POLICIES
            .iter()
            .map(|entry| situation.decide(entry, &mut Trace::off()))
            .filter(|decision| !decision.stages.is_empty())
            .map(|it| (it.stages[0].ring, it.finally, it.greeting));
        if let Some(first) = endings.next() {
            prop_assert!(endings.all(|other| other == first));
        }
    }

    #[test]
    fn all_policies_agree_on_rows_13_and_14(
        mut situation in situation(),
        forwarding in any::<bool>(),
    ) {
        let outside = situation.call.to;
        each_number(&mut situation, |number| {
            plain(number);
            number.assigned_to = None;
            number.forward_to = forwarding.then_some(outside);
        });
        each_account(&mut situation, |account| {
            account.business_phone = Some(outside);
            account.forward_to_business_phone = true;
            account.contacts.iter_mut().for_each(|contact| contact.assigned_to = None);
        });
        let first = situation.decide(&POLICIES[0], &mut Trace::off());
        for entry in &POLICIES[1..] {
            let other = situation.decide(entry, &mut Trace::off());
            prop_assert!(first.agrees_with(&other), "{}: {:?} {:?}", entry.name, first, other);
        }
    }

    #[test]
    fn the_newest_guide_and_the_table_agree_wherever_something_rings(
        mut situation in situation(),
    ) {
        each_number(&mut situation, plain);
        situation.params.owner_fallthrough = routing::params::OwnerFallthrough::OtherOwner;
        let newest = situation.decide(entry("stages-2026"), &mut Trace::off());
        let table = situation.decide(entry("table-2024"), &mut Trace::off());
        if table.stages.is_empty() {
            prop_assert!(newest.stages.is_empty(), "row 12 differs only in how it ends");
        } else {
            prop_assert_eq!(newest, table);
        }
    }
}

#[test]
fn a_trace_that_nobody_wants_gathers_nothing() {
    let rule = routing::trace::RuleId::Ivr;
    let mut trace = Trace::off();
    trace.step::<1>(rule, routing::trace::Verdict::Passes, || {
        panic!("was asked what it saw")
    });
    assert_eq!(trace.steps(), []);
}
