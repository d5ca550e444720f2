//! contract.md section 3: its example, its order of rules, its names.

use routing::account::{NewNumber, NumberId, SubAccountId, VoiceAi};
use routing::call::{AtTime, InboundCall};
use routing::decision::{App, Decision, DropCause, Greeting, Leg, Role, Terminal};
use routing::params::RoutingParams;
use routing::policy::{self, POLICIES};
use routing::trace::{Fact, RuleId, Trace, Verdict};

use crate::office::{Caller, Office, line, secs};

/// The accounts file of section 2, as far as routing reads it.
fn acme() -> Office {
    Office::new()
        .account(|it| {
            it.agency = Some("north".into());
            it.business_phone = Some(line(90));
            it.incoming_timeout = Some(secs(20));
            it.custom_values.insert("promo".into(), "Spring".into());
            it.countries = Some(vec!["US".into(), "CA".into()]);
        })
        .user("ann", "WMU")
        .who(|ann| {
            ann.incoming_timeout = Some(secs(15));
            ann.voicemail_greeting = true;
        })
        .user("ben", "M")
        .owner("ann")
        .forward()
        .ring_more(&["ben"])
        .lead(Some("ben"))
        .number(|it| {
            it.incoming_timeout = Some(secs(20));
            it.whisper = Some("Call for {{location.name}}".into());
        })
}

#[test]
fn the_decision_of_the_example() {
    let decision = acme().decide("table-2024", Caller::Lead);
    let accounts = acme().accounts();
    let ann = accounts.find_user(SubAccountId(0), "ann").unwrap();
    let legs: Vec<Leg> = decision.legs().collect();
    assert_eq!(
        legs,
        [
            Leg::App {
                app: App::Web,
                user: ann
            },
            Leg::App {
                app: App::Mobile,
                user: ann
            },
            Leg::Phone {
                role: Role::User,
                user: Some(ann),
                number: "+15555550101".parse().unwrap()
            },
        ]
    );
    assert_eq!(decision.stages.len(), 1);
    assert_eq!(decision.stages[0].ring, secs(15));
    assert_eq!(decision.finally, Terminal::Voicemail);
    assert_eq!(decision.greeting, Some(Greeting::User));
    assert_eq!(decision.rule.name(), "number-owner");
}

#[test]
fn the_six_policies_are_registered_under_their_names() {
    let names: Vec<_> = POLICIES.iter().map(|entry| entry.name).collect();
    assert_eq!(
        names,
        [
            "stages-2026",
            "table-2024",
            "priority-2025",
            "tree-owner-first",
            "strict-both",
            "layers-legacy"
        ]
    );
    assert!(
        POLICIES
            .iter()
            .all(|entry| entry.policy.name() == entry.name)
    );
    assert!(POLICIES.iter().all(|entry| !entry.help.is_empty()));
    assert_eq!(policy::DEFAULT, "stages-2026");
    assert!(policy::find(policy::DEFAULT).is_some() && policy::find("stages").is_none());
}

#[test]
fn a_number_that_nobody_owns_is_unknown() {
    let accounts = acme().accounts();
    let call = InboundCall {
        from: None,
        to: line(1),
    };
    let world = AtTime::new(&accounts, None);
    for entry in POLICIES {
        let params = RoutingParams::default();
        let trace = &mut Trace::off();
        let decision = policy::decide(entry.policy, &call, &accounts, &params, &world, trace);
        let finally = Terminal::Drop(DropCause::UnknownNumber);
        assert_eq!(decision, Decision::at_once(finally, RuleId::UnknownNumber));
    }
}

#[test]
fn the_rules_before_every_policy_come_in_their_order() {
    let mut office = acme()
        .account(|it| it.allow_private_calls = false)
        .number(|it| {
            it.voice_capable = false;
            it.ivr = true;
            it.voice_ai = VoiceAi::Direct;
            it.pool = Some("adwords".into());
        });
    let lift = |office: &mut Office, change: fn(&mut NewNumber)| {
        change(&mut office.account.numbers[0]);
    };
    office.expect_all(Caller::Private, "drop/not-voice-capable");
    lift(&mut office, |it| it.voice_capable = true);
    office.expect_all(Caller::Private, "reject/private-caller");
    office.account.allow_private_calls = true;
    office.expect_all(Caller::Private, "ivr");
    lift(&mut office, |it| it.ivr = false);
    office.expect_all(Caller::Private, "voice-ai");
    lift(&mut office, |it| it.voice_ai = VoiceAi::Off);
    office.expect_all(Caller::Private, "F");
    lift(&mut office, |it| it.forward_to = None);
    office.expect_all(Caller::Private, "drop/no-destination");
}

#[test]
fn policies_of_one_destination_ring_the_first_that_has_a_leg() {
    let one = ["priority-2025", "tree-owner-first"];
    let office = Office::new()
        .user("ann", "")
        .user("ben", "U")
        .owner("ann")
        .lead(Some("ben"));
    office
        .clone()
        .forward()
        .expect(&one, Caller::Lead, "U(ben)");
    office
        .clone()
        .forward()
        .business()
        .expect(&one, Caller::Stranger, "F");
    office.business().expect(&one, Caller::Stranger, "B");
}

#[test]
fn the_strict_policy_rings_the_number_owners_phone_and_falls_to_f_then_b() {
    let strict = ["strict-both"];
    let office = Office::new()
        .user("ann", "U")
        .user("ben", "U")
        .owner("ann")
        .lead(Some("ben"));
    let office = office.business();
    office.expect(&strict, Caller::Lead, "U(ann)");
    assert_eq!(office.rule("strict-both", Caller::Lead), "both-assigned");
    office.expect(&strict, Caller::Stranger, "B");
    let silent = office.account(|it| it.users[0].phone = None);
    silent.expect(&strict, Caller::Lead, "B");
    silent.forward().expect(&strict, Caller::Lead, "F");
}

#[test]
fn the_trace_tells_each_step_with_what_it_saw() {
    let mut trace = Trace::on();
    acme().traced("stages-2026", Caller::Lead, &mut trace);
    let steps: Vec<_> = trace
        .steps()
        .iter()
        .map(|step| (step.rule.name(), step.verdict.name()))
        .collect();
    assert_eq!(
        steps,
        [
            ("unknown-number", "passes"),
            ("not-voice-capable", "passes"),
            ("private-caller", "passes"),
            ("ivr", "passes"),
            ("voice-ai-direct", "passes"),
            ("pool", "passes"),
            ("number-owner", "applies"),
            ("phone-slot", "applies"),
            ("ring-more", "applies"),
            ("timeout", "applies"),
            ("backup", "applies"),
            ("greeting", "applies"),
            ("whisper-fault", "passes"),
        ]
    );
    let saw = |rule, key| {
        let step = trace.steps().iter().find(|step| step.rule == rule).unwrap();
        step.saw.iter().find(|(name, _)| *name == key).unwrap().1
    };
    assert_eq!(saw(RuleId::Timeout, "level"), Fact::Word("user"));
    assert_eq!(saw(RuleId::Timeout, "ring"), Fact::Time(secs(15)));
    assert_eq!(saw(RuleId::Greeting, "greeting"), Fact::Word("user"));
    assert_eq!(saw(RuleId::PhoneSlot, "forwarding"), Fact::Number(line(23)));
    assert_eq!(saw(RuleId::RingMore, "device"), Fact::Word("mobile"));
}

#[test]
fn the_trace_tells_what_was_struck_out_and_cut() {
    let office = acme()
        .ring_more(&["ann", "ben"])
        .params(|it| it.max_legs = 2);
    let mut trace = Trace::on();
    office.traced("stages-2026", Caller::Lead, &mut trace);
    let cuts: Vec<_> = trace
        .steps()
        .iter()
        .filter(|step| step.verdict == Verdict::Cuts)
        .collect();
    assert_eq!(cuts[0].rule, RuleId::RingMore);
    assert_eq!(cuts[0].saw[1], ("why", Fact::Word("owner")));
    assert_eq!(cuts[1].rule, RuleId::LegCap);
    assert_eq!(cuts[1].saw[1], ("cut", Fact::Count(2)));
}

#[test]
fn a_contact_of_another_sub_account_is_a_stranger() {
    let mut builder = routing::account::AccountsBuilder::new();
    builder.push(&acme().account).unwrap();
    let mut other = Office::new().user("eve", "U").business().account;
    other.id = "other".into();
    other.numbers[0].number = line(98);
    builder.push(&other).unwrap();
    let accounts = builder.finish();
    let call = InboundCall {
        from: Some(line(77)),
        to: line(98),
    };
    let question = policy::Question {
        call: &call,
        number: NumberId(1),
        accounts: &accounts,
        params: &RoutingParams::default(),
        world: &AtTime::new(&accounts, None),
    };
    let layers = policy::find("layers-legacy").unwrap();
    assert_eq!(
        layers.decide(&question, &mut Trace::off()).rule,
        RuleId::BusinessPhone
    );
}
