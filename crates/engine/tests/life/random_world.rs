//! Small random worlds: a few sub-accounts whose numbers, people, hops and queues are drawn.

use std::sync::LazyLock;

use engine::Plan;
use model::arrivals::{Source, Value};
use model::callers::{Callers, Targets};
use model::ivr::{Branch, Connect, Then, Workflow};
use model::people::{AFTER, People, Redial, TextBack};
use model::{RandomTime, Rate, Share};
use proptest::prelude::*;
use routing::account::{
    Backup, Device, NewHoldStaff, NewNumber, NewSubAccount, NewUser, UserId, VoiceAi,
};
use routing::limit::LimitParams;
use routing::params::WhisperAt;

use crate::world::{World, account, constant, hours, phone, s, source, user};

/// The first of our numbers; each sub-account has two.
const OURS: u64 = 150;

type NumberBits = (u8, u8, u8, u8, u8, bool);
type UserBits = (bool, bool, u8, u8, bool);

fn a_user(id: &str, (web, mobile, phone_of, when, shared): UserBits) -> NewUser {
    NewUser {
        web_app: web,
        mobile_app: mobile,
        phone: match phone_of % 8 {
            0..4 => None,
            4..6 => Some(phone(100 + u64::from(phone_of))),
            _ => Some(phone(OURS + u64::from(phone_of) % 6)),
        },
        hours: (when % 4 == 0).then(|| hours("Mon-Sun 00:10-00:40")),
        person: shared.then(|| format!("shared {id}")),
        ..user(id)
    }
}

fn a_number(last: u64, bits: NumberBits) -> NewNumber {
    let (owner, forward, backup, staff, kind, flag) = bits;
    NewNumber {
        assigned_to: ["ann", "ben"]
            .get(usize::from(owner % 3))
            .map(|id| (*id).to_owned()),
        ring_more: if owner >= 128 {
            vec!["ben".into(), "ann".into()]
        } else {
            vec![]
        },
        forward_to: match forward % 4 {
            0 => None,
            1 => Some(phone(110)),
            _ => Some(phone(OURS + u64::from(forward) % 6)),
        },
        incoming_timeout: (forward >= 128).then(|| s(15)),
        backup: match backup % 5 {
            0 => Backup::Voicemail,
            1 => Backup::VoiceAi,
            2 | 3 => Backup::Hold,
            _ => Backup::None,
        },
        hold_staff: match staff % 3 {
            0 => NewHoldStaff::Default,
            1 => NewHoldStaff::Users(vec!["ben".into(), "ann".into()]),
            _ => NewHoldStaff::Unnamed(1),
        },
        hold_room: (staff >= 128).then_some(1),
        call_connect: kind % 3 == 0,
        ivr: kind % 16 == 1,
        voice_ai: if kind % 16 == 2 {
            VoiceAi::Direct
        } else {
            VoiceAi::Off
        },
        whisper: (kind % 16 == 5).then(|| "{{custom_values.gone}}".into()),
        pass_called_number: flag,
        ..NewNumber::new(phone(last))
    }
}

fn an_account() -> impl Strategy<Value = ([UserBits; 2], [NumberBits; 2])> {
    (any::<[UserBits; 2]>(), any::<[NumberBits; 2]>())
}

/// Impatient callers, quick talks, and everything that can happen to a leg. Made once: random
/// times come with tables.
static BUSY_PEOPLE: LazyLock<People> = LazyLock::new(busy_people);

fn busy_people() -> People {
    let mut people = People::default();
    let share = |value| Share::new(value).unwrap();
    for device in Device::ALL {
        let answer = people.answer_mut(device);
        (answer.decline, answer.dnd, answer.sleep) = (share(0.05), share(0.02), share(0.05));
    }
    people.talk = RandomTime::exponential(s(60));
    people.hold_patience = RandomTime::exponential(s(100));
    people.redial = Some(Redial {
        share: share(0.4),
        delay: RandomTime::exponential(s(100)),
        keep: share(0.8),
        max: Some(5),
        after: AFTER.into_iter().collect(),
    });
    let delay = RandomTime::exponential(s(300));
    people.text_back = Some(TextBack {
        share: share(0.2),
        delay,
    });
    people
}

/// A world of one to three sub-accounts for an hour.
pub(crate) fn worlds() -> impl Strategy<Value = World> {
    let accounts = prop::collection::vec(an_account(), 1..=3);
    let rest = (any::<u64>(), any::<bool>(), 0u64..2, any::<[bool; 3]>());
    (accounts, rest).prop_map(|(accounts, (seed, call_waiting, wrap_up, flags))| {
        let build = |(at, (users, numbers)): (usize, ([UserBits; 2], [NumberBits; 2]))| {
            let first = OURS + 2 * at as u64;
            let [ann, ben] = users;
            NewSubAccount {
                agency: Some("north".into()),
                ..account(
                    &format!("account {at}"),
                    vec![a_user("ann", ann), a_user("ben", ben)],
                    vec![a_number(first, numbers[0]), a_number(first + 1, numbers[1])],
                )
            }
        };
        let mut world = World::of(accounts.into_iter().enumerate().map(build).collect());
        world.people = BUSY_PEOPLE.clone();
        world.people.call_waiting = call_waiting;
        world.people.wrap_up = constant(wrap_up * 20);
        world.seed = seed;
        world.duration = s(3600);
        let [limited, screening, on_answer] = flags;
        if limited {
            world.limits = LimitParams::default();
        }
        world.routing.screening_cancels_others = screening;
        if on_answer {
            world.routing.whisper_fault = WhisperAt::OnAnswer;
        }
        world
    })
}

/// The plan of a random world: about 300 calls by forty people to all its numbers, IVRs with one
/// branch. `before` further sub-accounts stand in front of those that are called.
pub(crate) fn plan(world: &World, before: usize) -> Plan {
    let mut plan = world.plan();
    let accounts = plan.accounts.clone();
    let called: Vec<_> = accounts
        .numbers()
        .filter(|(_, it)| it.number >= phone(OURS) && it.number < phone(OURS + 6))
        .collect();
    for (id, number) in called.iter().filter(|(_, number)| number.ivr) {
        let first_user = accounts
            .users_of(number.sub_account)
            .next()
            .unwrap_or(UserId(0));
        let branch = Branch {
            share: Share::new(0.7).unwrap(),
            connect: vec![Connect::User(first_user), Connect::Number(phone(OURS))],
            connect_timeout: s(10),
            then: Then::Voicemail,
        };
        let menu = RandomTime::exponential(s(9));
        let hang_up = Share::new(0.1).unwrap();
        plan.workflows.insert(
            *id,
            Workflow {
                menu,
                hang_up,
                branches: vec![branch],
            },
        );
    }
    assert!(called.iter().all(|(id, _)| id.index() >= 2 * before));
    let rate = Rate::per_second(300.0 / 3600.0).unwrap();
    plan.sources = vec![Source {
        targets: Targets::evenly(called.iter().map(|(id, _)| *id).collect()),
        callers: Callers::Pool(40),
        ..source("poisson", &[("rate", Value::Rate(rate))])
    }];
    plan
}
