//! The decision: admission before and after it, its time, its failures, replies from outside.

use std::cell::RefCell;
use std::rc::Rc;

use engine::{Backend, Engine, Failure, Plan, Reply, Request, Submitted, Ticket};
use model::people::Redial;
use model::{RandomTime, Share};
use routing::Nanos;
use routing::account::{Device, NewNumber, NewSubAccount};
use routing::decision::{App, DropCause, Terminal};
use routing::limit::{CheckPosition, LimitParams};
use routing::record::Outcome;

use crate::world::{
    Told, World, account, constant, decision, forwarding, in_process, number, owned, phone, s, web,
};

fn ann() -> World {
    let mut world = World::one(vec![web("ann")], vec![owned(150, "ann")]);
    world.answers(Device::Web, 4);
    world
}

#[test]
fn a_number_that_nobody_owns_drops_the_call() {
    assert_eq!(
        ann().call(199).run().lines(),
        ["0 ended 0: dropped/unknown-number"]
    );
}

#[test]
fn a_withheld_caller_is_let_in_or_rejected() {
    let mut world = ann();
    world.calls = vec![(s(0), None, phone(150))];
    assert_eq!(
        world.run().lines(),
        ["0 rang 0 answered 4 ended 104 by a/ann: answered"]
    );
    world.accounts[0].allow_private_calls = false;
    assert_eq!(world.run().lines(), ["0 ended 0: dropped/private-caller"]);
}

#[test]
fn every_drop_cause_reaches_its_record() {
    for cause in DropCause::ALL {
        for finally in [Terminal::Drop(cause), Terminal::Reject(cause)] {
            let told = ann().call(150).run_deciding(&decision(&[], finally));
            assert_eq!(
                told.lines(),
                [format!("0 ended 0: dropped/{}", cause.name())]
            );
        }
    }
}

#[test]
fn the_dead_number_and_the_empty_one_drop_by_the_policy() {
    let mut world = World::one(
        vec![],
        vec![NewNumber {
            voice_capable: false,
            ..number(150)
        }],
    );
    assert_eq!(
        world.call(150).run().lines(),
        ["0 ended 0: dropped/not-voice-capable"]
    );
    let mut world = World::one(vec![], vec![number(150)]);
    world.policy = "table-2024";
    assert_eq!(
        world.call(150).run().lines(),
        ["0 ended 0: dropped/no-destination"]
    );
}

#[test]
fn terminals_without_stages_take_the_call_at_once() {
    let at_once = |finally| {
        ann()
            .call(150)
            .run_deciding(&decision(&[], finally))
            .lines()
    };
    assert_eq!(at_once(Terminal::Voicemail), ["0 ended 0: voicemail"]);
    assert_eq!(at_once(Terminal::VoiceAi), ["0 ended 60: voice-ai"]);
    assert_eq!(at_once(Terminal::Ivr), ["0 ended 0: ivr"]);
    assert_eq!(at_once(Terminal::HangUp), ["0 ended 0: no-answer"]);
}

#[test]
fn a_stage_without_legs_is_over_at_once() {
    let told = ann()
        .call(150)
        .run_deciding(&decision(&[(&[], 20)], Terminal::Voicemail));
    assert_eq!(told.records[0].ended, s(0));
    assert_eq!(told.records[0].outcome, Outcome::Voicemail);
}

/// Eleven calls of one caller within a minute.
fn eleven() -> World {
    let mut world = ann();
    world.limits = LimitParams::default();
    let calls: Vec<_> = (0..11).map(|n| (n, 100, 150)).collect();
    world.calls(&calls);
    world
}

#[test]
fn admission_comes_before_the_decision() {
    let told = eleven().run();
    assert_eq!(told.lines()[10], "10 ended 10: blocked/from-rate");
    assert_eq!(
        told.decisions.len(),
        10,
        "no decision is asked for a blocked call"
    );
    let blocked = told
        .records
        .iter()
        .find(|it| it.outcome == Outcome::Blocked);
    assert_eq!(blocked.unwrap().rule, None);
    assert_eq!(told.violations.len(), 1);
}

#[test]
fn admission_may_come_after_the_decision() {
    let mut world = eleven();
    world.limits.check_position = CheckPosition::After;
    let told = world.run();
    assert_eq!(told.lines()[10], "10 ended 10: blocked/from-rate");
    assert_eq!(told.decisions.len(), 11);
    let dropped = decision(&[], Terminal::Drop(DropCause::NoDestination));
    let told = world.run_deciding(&dropped);
    assert_eq!(
        told.lines()[10],
        "10 ended 10: dropped/no-destination",
        "a reading: see domain.md"
    );
}

#[test]
fn the_other_causes_of_a_blocked_call() {
    let mut world = ann();
    world.limits = LimitParams::default();
    let calls: Vec<_> = (0..22).map(|n| (n, 100 + n, 150)).collect();
    let told = world.calls(&calls).run();
    let causes = told.records.iter().map(|it| it.cause.name());
    let blocked: Vec<_> = causes
        .filter(|it| it.contains("rate") || *it == "account")
        .collect();
    let expected = ["to-rate"; 6].into_iter().chain(["account"]);
    assert_eq!(
        blocked,
        expected.collect::<Vec<_>>(),
        "the sixth violation says its own limit"
    );
    assert!(told.violations[5].blocks_account);
}

#[test]
fn a_decision_takes_the_modelled_time() {
    let mut world = ann();
    world.latency = constant(3);
    assert_eq!(
        world.call(150).run().lines(),
        ["0 rang 3 answered 7 ended 107 by a/ann: answered"]
    );
}

#[test]
fn a_decision_that_takes_longer_than_the_timeout_fails_at_the_deadline() {
    let mut world = ann();
    world.latency = constant(16);
    let told = world.call(150).run();
    assert_eq!(told.lines(), ["0 ended 15: failed/backend-timeout"]);
    assert!(told.decisions.is_empty());
    world.latency = RandomTime::infinite();
    assert_eq!(world.run().lines(), ["0 ended 15: failed/backend-timeout"]);
    world.latency = constant(15);
    assert_eq!(
        world.run().lines(),
        ["0 rang 15 answered 19 ended 119 by a/ann: answered"],
        "in time to the last instant"
    );
}

#[test]
fn every_failure_has_its_cause() {
    for (failure, cause) in [
        (Failure::Timeout, "backend-timeout"),
        (Failure::Error, "backend-error"),
        (Failure::BadReply, "backend-bad-reply"),
        (Failure::Refused, "backend-refused"),
    ] {
        let mut world = ann();
        world.call(150);
        assert_eq!(
            world.run_replying(|_| Err(failure)).lines(),
            [format!("0 ended 0: failed/{cause}")]
        );
        world.latency = constant(2);
        assert_eq!(
            world.run_replying(|_| Err(failure)).lines(),
            [format!("0 ended 2: failed/{cause}")]
        );
    }
}

/// Replies that will come: when, to what, what.
type Mail = Rc<RefCell<Vec<(Nanos, Ticket, Reply)>>>;

/// Decides as another back end, and says it later.
pub(crate) struct Posted<B> {
    inner: B,
    delay: Nanos,
    mail: Mail,
}

impl<B: Backend> Backend for Posted<B> {
    fn submit(&mut self, ticket: Ticket, request: &Request<'_>) -> Submitted {
        let Submitted::Done(reply) = self.inner.submit(ticket, request) else {
            return Submitted::Pending;
        };
        self.mail
            .borrow_mut()
            .push((request.at + self.delay, ticket, reply));
        Submitted::Pending
    }
}

/// What came of posting every reply after this delay: the run, and how many replies were dropped
/// as late.
pub(crate) fn drive(plan: &Plan, policy: &str, delay: Nanos) -> (Told, u32) {
    let mail = Mail::default();
    let backend = Posted {
        inner: in_process(plan, policy),
        delay,
        mail: mail.clone(),
    };
    let mut engine = Engine::new(plan, 0, backend, Told::of(plan));
    let mut late = 0;
    loop {
        let letter = mail.borrow().first().map(|letter| letter.0);
        let Some(due) = [letter, engine.next_due()].into_iter().flatten().min() else {
            break;
        };
        if letter == Some(due) {
            let (at, ticket, reply) = mail.borrow_mut().remove(0);
            engine.advance(at);
            late += u32::from(!engine.reply(ticket, reply));
        } else {
            engine.advance(due);
        }
    }
    (engine.finish().unwrap().0, late)
}

#[test]
fn a_reply_from_outside_is_applied_when_it_comes() {
    let mut world = ann();
    let (told, late) = drive(&world.call(150).plan(), "stages-2026", s(3));
    assert_eq!(
        told.lines(),
        ["0 rang 3 answered 7 ended 107 by a/ann: answered"]
    );
    assert_eq!(late, 0);
}

#[test]
fn a_reply_after_the_deadline_is_dropped() {
    let mut world = ann();
    let (told, late) = drive(&world.call(150).plan(), "stages-2026", s(16));
    assert_eq!(told.lines(), ["0 ended 15: failed/backend-timeout"]);
    assert_eq!((late, told.decisions.len()), (1, 0));
}

#[test]
fn a_reply_for_a_caller_who_has_left_is_dropped() {
    let mut world = World::one(
        vec![web("ann")],
        vec![forwarding(150, 151), owned(151, "ann")],
    );
    let (told, late) = drive(&world.call(150).patience(2).plan(), "stages-2026", s(3));
    assert_eq!(told.lines(), ["0 rang 3 ended 5 hops 1: abandoned/ringing"]);
    assert_eq!(late, 1);
}

#[test]
fn a_reply_that_says_no_fails_the_call_when_it_comes() {
    let plan = ann().call(150).plan();
    let mut engine = Engine::new(&plan, 0, Silent, Told::of(&plan));
    engine.advance(s(2));
    assert!(engine.reply(Ticket(0), Err(Failure::BadReply)));
    assert!(
        !engine.reply(Ticket(0), Err(Failure::BadReply)),
        "a ticket is good once"
    );
    assert!(!engine.reply(Ticket(99), Err(Failure::BadReply)));
    let told = engine.finish().unwrap().0;
    assert_eq!(told.lines(), ["0 ended 2: failed/backend-bad-reply"]);
}

/// Never replies.
struct Silent;

impl Backend for Silent {
    fn submit(&mut self, _ticket: Ticket, _request: &Request<'_>) -> Submitted {
        Submitted::Pending
    }
}

#[test]
fn a_silent_back_end_fails_every_call_at_its_deadline() {
    let plan = ann().calls(&[(0, 100, 150), (7, 101, 150)]).plan();
    let told = crate::world::run(&plan, Silent);
    assert_eq!(
        told.lines(),
        [
            "0 ended 15: failed/backend-timeout",
            "7 ended 22: failed/backend-timeout"
        ]
    );
}

#[test]
fn replies_that_take_time_give_the_records_of_modelled_latency() {
    let mut world = World::of(vec![
        NewSubAccount {
            business_phone: Some(phone(103)),
            ..account("a", vec![web("ann")], vec![owned(150, "ann"), number(151)])
        },
        account(
            "b",
            vec![web("lee")],
            vec![forwarding(152, 150), owned(153, "lee")],
        ),
    ]);
    world.people = model::People::default();
    for n in 0..300 {
        world.calls(&[(n * 7 + n % 5, 100 + n % 40, 150 + n % 4)]);
    }
    world.duration = s(3000);
    world.latency = constant(2);
    let modelled = world.run().sorted();
    world.latency = constant(0);
    let (posted, _) = drive(&world.plan(), "stages-2026", s(2));
    assert_eq!(modelled, posted.sorted());
}

#[test]
fn after_a_stop_nobody_calls_again() {
    let mut world = ann();
    world.people.redial = Some(Redial {
        share: Share::ALWAYS,
        delay: constant(50),
        keep: Share::ALWAYS,
        max: None,
        after: [Outcome::NoAnswer].into_iter().collect(),
    });
    let plan = world.calls(&[(0, 100, 150), (60, 101, 150)]).plan();
    let hang_up = decision(&[], Terminal::HangUp);
    let backend = crate::world::By(|_, _: &Request<'_>| Submitted::Done(Ok(hang_up.clone())));
    let mut engine = Engine::new(&plan, 0, backend, Told::of(&plan));
    engine.advance(s(10));
    engine.stop_arrivals();
    assert_eq!(engine.next_due(), None);
    let told = engine.finish().unwrap().0;
    assert_eq!(told.lines(), ["0 ended 0 redials 50: no-answer"]);
}

#[test]
fn calls_that_still_need_the_back_end_after_the_drain_are_unfinished() {
    // The first call hops at 0 s and awaits the inner decision, the second talks, the third would
    // hop when its first stage is over.
    let mut world = ann();
    world.accounts[0].numbers.push(number(151));
    world.calls(&[(0, 100, 150), (1, 101, 150), (2, 102, 150)]);
    let outside = crate::world::outside;
    let answers = decision(&[(&[outside(103)], 20)], Terminal::Voicemail);
    let hops = decision(&[(&[outside(151)], 20)], Terminal::Voicemail);
    let late = decision(
        &[
            (&[crate::world::app(App::Web, 0)], 5),
            (&[outside(151)], 20),
        ],
        Terminal::Voicemail,
    );
    world.answers(Device::Phone, 3);
    world.people.answer_mut(Device::Web).reach = Share::NEVER;
    let decisions = [hops, answers, late];
    let plan = world.plan();
    let backend = crate::world::By(|_, request: &Request<'_>| match request.hop {
        0 => Submitted::Done(Ok(decisions[request.fresh.n as usize].clone())),
        _ => Submitted::Pending,
    });
    let mut engine = Engine::new(&plan, 0, backend, Told::of(&plan));
    engine.advance(s(6));
    engine.close_backend();
    engine.run();
    assert_eq!(
        engine.finish().unwrap().0.lines(),
        [
            "0 rang 0 ended 6 hops 1: unfinished",
            "1 rang 1 answered 4 ended 104: answered",
            "2 rang 2 ended 12 hops 1: unfinished",
        ]
    );
}
