//! Accounts, calls and worlds drawn at random: small, crowded and odd, so that rules meet.
//!
//! Phones are drawn from few lines, our own numbers among them: loops, shared phones and contacts
//! that are also staff come up often.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use routing::account::{
    Accounts, AccountsBuilder, Backup, Device, NewContact, NewNumber, NewSubAccount, NewUser,
    NumberId, Prefer, UserId, VoiceAi,
};
use routing::call::{Availability, InboundCall};
use routing::decision::Decision;
use routing::hours::{LocalTime, WeekHours};
use routing::params::{AvailabilityGate, EmptyTargets, OwnerFallthrough, RoutingParams, WhisperAt};
use routing::policy::{self, PolicyEntry};
use routing::trace::Trace;
use routing::{Nanos, PhoneNumber};

/// Of the fictional range +1 555 555 0100 to 0199. Ours are 60 to 69, the rest is the world's.
fn line(last_two: u64) -> PhoneNumber {
    PhoneNumber::from_digits(15_555_550_100 + last_two).expect("a fictional number")
}

/// Everything that one decision depends on.
#[derive(Debug, Clone)]
pub(crate) struct Situation {
    pub(crate) declared: Vec<NewSubAccount>,
    pub(crate) params: RoutingParams,
    pub(crate) call: InboundCall,
    pub(crate) world: World,
}

impl Situation {
    pub(crate) fn accounts(&self) -> Accounts {
        let mut builder = AccountsBuilder::new();
        for account in &self.declared {
            builder
                .push(account)
                .expect("the generator makes accounts without faults");
        }
        builder.finish()
    }

    pub(crate) fn decide(&self, entry: &PolicyEntry, trace: &mut Trace) -> Decision {
        self.decide_in(entry, &self.world, trace)
    }

    pub(crate) fn decide_in(
        &self,
        entry: &PolicyEntry,
        world: &dyn Availability,
        trace: &mut Trace,
    ) -> Decision {
        let accounts = self.accounts();
        policy::decide(
            entry.policy,
            &self.call,
            &accounts,
            &self.params,
            world,
            trace,
        )
    }
}

/// Any world at all: who is logged in and which Voice AI is open, bit by bit.
#[derive(Debug, Clone, Copy)]
pub(crate) struct World {
    logged_in: u32,
    open: u32,
}

impl Availability for World {
    fn logged_in(&self, user: UserId) -> bool {
        self.logged_in >> (user.0 % 32) & 1 == 1
    }

    fn voice_ai_open(&self, number: NumberId) -> bool {
        self.open >> (number.0 % 32) & 1 == 1
    }
}

/// A moment of the week.
pub(crate) fn moment() -> impl Strategy<Value = LocalTime> {
    (0..7u8, 0..86_400u32).prop_map(|(weekday, second)| LocalTime { weekday, second })
}

/// A call to generated accounts, mostly to one of their numbers, sometimes to nobody's.
pub(crate) fn situation() -> impl Strategy<Value = Situation> {
    let world =
        (any::<u32>(), any::<u32>()).prop_map(|(logged_in, open)| World { logged_in, open });
    let accounts = (
        sub_account("north", 60),
        option::of(sub_account("south", 65)),
    );
    let from = prop_oneof![1 => Just(None), 5 => phone().prop_map(Some)];
    (accounts, params(), from, 60..72u64, world).prop_map(
        |((first, second), params, from, to, world)| Situation {
            declared: std::iter::once(first).chain(second).collect(),
            params,
            call: InboundCall { from, to: line(to) },
            world,
        },
    )
}

fn phone() -> impl Strategy<Value = PhoneNumber> {
    prop_oneof![4 => 0..12u64, 1 => 60..70u64].prop_map(line)
}

fn ring_time() -> impl Strategy<Value = Option<Nanos>> {
    option::of((0..700u64).prop_map(Nanos::from_secs))
}

fn hours() -> impl Strategy<Value = Option<WeekHours>> {
    let windows = [
        "Mon-Fri 09:00-17:00",
        "Mon-Sun 18:00-08:00",
        "Sat,Sun 00:00-24:00",
    ];
    let window = select(windows.to_vec()).prop_map(|text| text.parse().expect("a window"));
    option::of(vec(window, 0..3).prop_map(WeekHours::new))
}

fn device() -> impl Strategy<Value = Option<Device>> {
    option::of(select(Device::ALL.to_vec()))
}

fn user(id: usize) -> impl Strategy<Value = NewUser> {
    let apps = any::<[bool; 3]>();
    let flags = any::<[bool; 2]>();
    let devices = (apps, option::of(phone()), device(), device());
    (devices, ring_time(), flags, hours()).prop_map(
        move |((apps, phone, ring_more_device, ivr_device), incoming_timeout, flags, hours)| {
            NewUser {
                id: format!("u{id}"),
                phone,
                web_app: apps[0],
                mobile_app: apps[1],
                desk_phone: apps[2],
                incoming_timeout,
                voicemail_greeting: flags[0],
                available: flags[1],
                hours,
                ring_more_device,
                ivr_device,
                ..Default::default()
            }
        },
    )
}

/// The id of one of so many users, if there are any.
fn somebody(users: usize) -> BoxedStrategy<Option<String>> {
    match users {
        0 => Just(None).boxed(),
        _ => option::of((0..users).prop_map(|at| format!("u{at}"))).boxed(),
    }
}

fn number(at: PhoneNumber, users: usize) -> impl Strategy<Value = NewNumber> {
    let whispers = [
        "Hello",
        "{{location.name}}",
        "{{custom_values.promo}}",
        "{{gone}}",
        "{{",
    ];
    let people = (
        somebody(users),
        vec(somebody(users), 0..7),
        option::of(phone()),
    );
    let rare = || proptest::bool::weighted(0.1);
    let flags = (
        proptest::bool::weighted(0.9),
        rare(),
        option::weighted(0.1, Just("adwords")),
    );
    let ais = [VoiceAi::Off, VoiceAi::Off, VoiceAi::Direct, VoiceAi::Backup];
    let backups = [
        Backup::Voicemail,
        Backup::VoiceAi,
        Backup::Hold,
        Backup::None,
    ];
    let ends = (select(ais.to_vec()), hours(), select(backups.to_vec()));
    let whisper = option::weighted(0.3, select(whispers.to_vec()));
    (people, flags, ends, ring_time(), whisper).prop_map(
        move |((owner, more, forward_to), flags, ends, incoming_timeout, whisper)| NewNumber {
            assigned_to: owner,
            forward_to,
            ring_more: more.into_iter().flatten().take(6).collect(),
            incoming_timeout,
            voice_capable: flags.0,
            ivr: flags.1,
            pool: flags.2.map(Into::into),
            whisper: whisper.map(Into::into),
            voice_ai: ends.0,
            voice_ai_hours: ends.1,
            backup: ends.2,
            ..NewNumber::new(at)
        },
    )
}

fn sub_account(id: &'static str, first: u64) -> impl Strategy<Value = NewSubAccount> {
    (0..6usize, 1..4u64).prop_flat_map(move |(users, numbers)| {
        let people = (0..users).map(user).collect::<Vec<_>>();
        let ours = (0..numbers)
            .map(|n| number(line(first + n), users))
            .collect::<Vec<_>>();
        let contacts = vec(somebody(users), 0..8);
        let settings = (
            option::of(phone()),
            any::<[bool; 4]>(),
            any::<bool>(),
            ring_time(),
        );
        let countries = option::weighted(0.2, select(["US", "CA"].to_vec()));
        (people, ours, contacts, settings, countries).prop_map(
            move |(users, numbers, owners, settings, countries)| {
                let (business_phone, flags, promo, incoming_timeout) = settings;
                let contacts = owners.into_iter().enumerate().map(contact).collect();
                let promo = promo.then(|| ("promo".to_owned(), "Spring".to_owned()));
                NewSubAccount {
                    id: id.into(),
                    business_phone,
                    forward_to_business_phone: flags[0],
                    prefer: if flags[1] {
                        Prefer::ContactOwner
                    } else {
                        Prefer::NumberOwner
                    },
                    allow_private_calls: flags[2],
                    voicemail_greeting: flags[3],
                    incoming_timeout,
                    custom_values: promo.into_iter().collect(),
                    countries: countries.map(|code| vec![code.to_owned()]),
                    users,
                    numbers,
                    contacts,
                    ..Default::default()
                }
            },
        )
    })
}

fn contact((at, assigned_to): (usize, Option<String>)) -> NewContact {
    NewContact {
        phone: line(at as u64),
        assigned_to,
    }
}

fn params() -> impl Strategy<Value = RoutingParams> {
    let empty = [
        EmptyTargets::Policy,
        EmptyTargets::Drop,
        EmptyTargets::Backup,
    ];
    let caps = (0..8u8, 0..12u8, select([0u8, 3].to_vec()));
    let ring_timeout = option::weighted(0.2, (0..700u64).prop_map(Nanos::from_secs));
    (
        select(empty.to_vec()),
        any::<[bool; 4]>(),
        caps,
        ring_timeout,
    )
        .prop_map(
            |(empty_targets, flags, (ring_more_max, max_legs, ai_rank), ring_timeout)| {
                RoutingParams {
                    owner_fallthrough: if flags[0] {
                        OwnerFallthrough::NextLayer
                    } else {
                        OwnerFallthrough::OtherOwner
                    },
                    empty_targets,
                    availability_gate: if flags[1] {
                        AvailabilityGate::ConfigOnly
                    } else {
                        AvailabilityGate::Live
                    },
                    whisper_fault: if flags[2] {
                        WhisperAt::OnAnswer
                    } else {
                        WhisperAt::Webhook
                    },
                    contact_first: flags[3],
                    ring_more_max,
                    max_legs,
                    ai_rank,
                    ring_timeout,
                    ..Default::default()
                }
            },
        )
}
