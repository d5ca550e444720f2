//! Legs to our own numbers.

use model::Share;
use model::ivr::{Branch, Connect, Workflow};
use routing::account::{Backup, Device, NewHoldStaff, NewNumber, UserId, VoiceAi};
use routing::decision::{App, DropCause, Terminal};

use crate::world::{
    World, app, constant, decision, forwarding, mobile, number, outside, owned, phone, s, user,
    web, with_phone,
};

/// 150 forwards to 151, which Ann owns on her web app.
pub(crate) fn hopping() -> World {
    let mut world = World::one(
        vec![web("ann")],
        vec![forwarding(150, 151), owned(151, "ann")],
    );
    world.call(150);
    world
}

/// The same, and Ben's mobile rings at 150 beside the hop, answering after 9 s.
fn beside(inner: NewNumber) -> World {
    let mut world = hopping();
    world.accounts[0].users.push(mobile("ben"));
    world.accounts[0].numbers[0].assigned_to = Some("ben".into());
    world.accounts[0].numbers[1] = inner;
    world.answers(Device::Mobile, 9);
    world
}

#[test]
fn a_person_inside_wins_the_race_as_on_the_leg() {
    let told = hopping().answers(Device::Web, 4).run();
    assert_eq!(
        told.lines(),
        ["0 rang 0 answered 4 ended 104 hops 1 by a/ann: answered"]
    );
    assert_eq!(told.leg_lines(), ["nobody 0-4", "a/ann 0-104"]);
    assert_eq!(
        told.decisions,
        [(0, Terminal::Voicemail), (1, Terminal::Voicemail)]
    );
    assert_eq!([told.level(1), told.level(5)], [(1, 2), (1, 1)]);
}

#[test]
fn a_person_outside_wins_over_the_hop() {
    let told = beside(owned(151, "ann")).answers(Device::Web, 10).run();
    assert_eq!(
        told.lines(),
        ["0 rang 0 answered 9 ended 109 hops 1 by a/ben: answered"]
    );
    assert_eq!(told.leg_lines(), ["nobody 0-9", "a/ann 0-9", "a/ben 0-109"]);
}

#[test]
fn our_greeting_inside_answers_the_leg_at_once() {
    let told = beside(number(151)).run();
    assert_eq!(told.lines(), ["0 rang 0 ended 0 hops 1: voicemail"]);
    assert_eq!(told.leg_lines().len(), 2);
}

#[test]
fn our_greeting_after_the_inner_ring_time_takes_the_call_over() {
    let mut world = hopping();
    world.accounts[0].users[0].incoming_timeout = Some(s(10));
    assert_eq!(world.run().lines(), ["0 rang 0 ended 15 hops 1: voicemail"]);
}

#[test]
fn the_voice_ai_inside_takes_the_call_over() {
    let told = beside(NewNumber {
        voice_ai: VoiceAi::Direct,
        ..number(151)
    })
    .run();
    assert_eq!(told.lines(), ["0 rang 0 ended 60 hops 1: voice-ai"]);
}

#[test]
fn hold_inside_takes_the_call_over() {
    let inner = NewNumber {
        backup: Backup::Hold,
        hold_staff: NewHoldStaff::Unnamed(1),
        ..number(151)
    };
    let told = beside(inner).calls(&[(30, 101, 151)]).run();
    assert_eq!(
        told.lines(),
        [
            "0 rang 0 held 0 until 0 answered 0 ended 100 hops 1 by an agent: answered",
            "30 held 30 until 100 answered 100 ended 200 by an agent: answered",
        ]
    );
}

#[test]
fn an_ivr_inside_takes_the_call_over() {
    let mut world = beside(NewNumber {
        ivr: true,
        ..number(151)
    });
    world.workflows.insert(
        151,
        Workflow {
            menu: constant(8),
            ..Workflow::default()
        },
    );
    assert_eq!(world.run().lines(), ["0 rang 0 ended 8 hops 1: ivr"]);
}

#[test]
fn an_ivr_inside_without_menu_time_connects_its_branch() {
    // The hop comes first among the legs; its workflow rings before the others were opened.
    let mut world = hopping();
    world.accounts[0].users.push(mobile("ben"));
    world.accounts[0].numbers[1] = NewNumber {
        ivr: true,
        ..number(151)
    };
    let connect = vec![Connect::User(UserId(0))];
    world.workflows.insert(151, branching(connect));
    world.answers(Device::Web, 4).answers(Device::Mobile, 9);
    let both = decision(
        &[(
            &[outside(151), app(App::Mobile, 1), app(App::Mobile, 1)],
            20,
        )],
        Terminal::HangUp,
    );
    let ivr = decision(&[], Terminal::Ivr);
    let told = world.run_replying(|request| {
        Ok(if request.hop == 0 {
            both.clone()
        } else {
            ivr.clone()
        })
    });
    assert_eq!(
        told.lines(),
        ["0 rang 0 answered 4 ended 104 hops 1 by a/ann: answered"]
    );
    assert_eq!(
        told.legs.iter().filter(|leg| leg.until > leg.from).count(),
        1
    );
    assert_eq!(told.level(200), (0, 0));
}

fn branching(connect: Vec<Connect>) -> Workflow {
    let branch = Branch {
        share: Share::ALWAYS,
        connect,
        connect_timeout: s(10),
        then: model::ivr::Then::End,
    };
    Workflow {
        branches: vec![branch],
        ..Workflow::default()
    }
}

#[test]
fn hang_up_drop_and_reject_inside_fail_the_leg() {
    for finally in [
        Terminal::HangUp,
        Terminal::Drop(DropCause::NoDestination),
        Terminal::Reject(DropCause::PrivateCaller),
    ] {
        let world = beside(number(151));
        let outer = decision(
            &[(&[outside(151), app(App::Mobile, 1)], 20)],
            Terminal::Voicemail,
        );
        let inner = decision(&[], finally);
        let told = world.run_replying(|request| {
            Ok(if request.hop == 0 {
                outer.clone()
            } else {
                inner.clone()
            })
        });
        assert_eq!(
            told.lines(),
            ["0 rang 0 answered 9 ended 109 hops 1 by a/ben: answered"]
        );
        assert_eq!(told.leg_lines(), ["nobody 0-0", "a/ben 0-109"]);
    }
}

#[test]
fn a_hop_that_fails_alone_ends_its_stage_at_once() {
    let mut world = hopping();
    world.accounts[0].numbers[1] = NewNumber {
        backup: Backup::None,
        ..number(151)
    };
    assert_eq!(world.run().lines(), ["0 rang 0 ended 0 hops 1: voicemail"]);
}

#[test]
fn a_back_end_that_fails_inside_fails_the_leg() {
    let outer = decision(&[(&[outside(151)], 20)], Terminal::Voicemail);
    let told = hopping().run_replying(|request| match request.hop {
        0 => Ok(outer.clone()),
        _ => Err(engine::Failure::Error),
    });
    assert_eq!(told.lines(), ["0 rang 0 ended 0 hops 1: voicemail"]);
}

#[test]
fn the_leg_lives_no_longer_than_its_stage() {
    let mut world = hopping();
    world.accounts[0].numbers[0].incoming_timeout = Some(s(5));
    world.answers(Device::Web, 12);
    let told = world.run();
    assert_eq!(told.lines(), ["0 rang 0 ended 10 hops 1: voicemail"]);
    assert_eq!(told.leg_lines(), ["nobody 0-10", "a/ann 0-10"]);
}

#[test]
fn busy_people_inside_make_a_failed_leg_not_a_busy_one() {
    let mut world = hopping();
    for number in &mut world.accounts[0].numbers {
        number.backup = Backup::None;
    }
    world.answers(Device::Web, 4).calls(&[(50, 101, 150)]);
    assert_eq!(
        world.run().lines()[1],
        "50 rang 50 ended 50 hops 1: no-answer"
    );
}

#[test]
fn the_owner_of_a_hopping_phone_who_answers_elsewhere_ends_the_hop() {
    // Ann's phone U is our number 151, where Ben's mobile rings.
    let users = vec![with_phone(user("ann"), 151), mobile("ben"), web("cat")];
    let numbers = vec![
        owned(150, "ann"),
        owned(151, "ben"),
        NewNumber {
            ring_more: vec!["ann".into()],
            ..number(152)
        },
    ];
    let mut world = World::one(users, numbers);
    world.accounts[0].users[0].web_app = true;
    world.accounts[0].users[0].ring_more_device = Some(Device::Web);
    world
        .answers(Device::Mobile, 20)
        .calls(&[(0, 100, 150), (5, 101, 152)]);
    let both = decision(&[(&[app(App::Web, 0)], 20)], Terminal::Voicemail);
    world.answers(Device::Web, 4);
    world.people.answer_mut(Device::Web).reach = Share::ALWAYS;
    let plan = world.plan();
    let mut policy = crate::world::in_process(&plan, "stages-2026");
    let told = world.run_replying(|request| {
        if request.call.to == phone(152) {
            return Ok(both.clone());
        }
        let ask = engine::Request {
            call: request.call,
            number: request.number,
            at: request.at,
            fresh: request.fresh,
            attempt: request.attempt,
            hop: request.hop,
            world: request.world,
        };
        let engine::Submitted::Done(reply) =
            engine::Backend::submit(&mut policy, engine::Ticket(0), &ask)
        else {
            panic!("the policy decides at once");
        };
        let mut decision = reply.unwrap();
        decision.stages[0]
            .legs
            .retain(|leg| *leg != app(App::Web, 0));
        Ok(decision)
    });
    assert_eq!(
        told.lines(),
        [
            "0 rang 0 ended 9 hops 1: voicemail",
            "5 rang 5 answered 9 ended 109 by a/ann: answered",
        ]
    );
    assert_eq!(
        told.leg_lines(),
        ["a/ann 0-9 busy", "a/ben 0-9", "a/ann 5-109"]
    );
}
