//! What can ring: a user's apps and phone, F, B, the one phone slot, the extra users.
//!
//! Must not know in which order a policy asks for them.

use smallvec::SmallVec;

use super::Question;
use super::ending::Targets;
use super::owners::Owner;
use crate::account::{Device, UserId};
use crate::decision::{App, Leg, MAX_LEGS, Role};
use crate::params::AvailabilityGate;
use crate::trace::{Fact, RuleId, Trace, Verdict};

/// Legs on their way into a stage. Every stage fits without allocation: three apps, one phone and
/// six extra users.
pub(super) type Legs = SmallVec<[Leg; MAX_LEGS]>;

/// Whether the apps of this user may be listed (domain.md 3.8). Phones always may.
fn apps_open(question: &Question<'_>, user: UserId) -> bool {
    match question.params.availability_gate {
        AvailabilityGate::Live => question.world.logged_in(user),
        AvailabilityGate::ConfigOnly => true,
    }
}

/// The apps that a user rings on: web, mobile, desk.
pub(super) fn apps(question: &Question<'_>, user: UserId) -> Legs {
    let has = question.accounts.user(user);
    let listed = App::ALL.into_iter().filter(|app| has.has(app.device()));
    // Whoever has no app is not asked whether logged in.
    let mut legs: Legs = listed.map(|app| Leg::App { app, user }).collect();
    if !legs.is_empty() && !apps_open(question, user) {
        legs.clear();
    }
    legs
}

/// U: the user's own phone.
pub(super) fn own_phone(question: &Question<'_>, user: UserId) -> Option<Leg> {
    let number = question.accounts.user(user).phone?;
    Some(Leg::Phone {
        role: Role::User,
        user: Some(user),
        number,
    })
}

/// Apps and U of one user.
pub(super) fn own_devices(question: &Question<'_>, user: UserId) -> Legs {
    let mut legs = apps(question, user);
    legs.extend(own_phone(question, user));
    legs
}

/// F: the forwarding number of the called number.
pub(super) fn forwarding(question: &Question<'_>) -> Option<Leg> {
    let number = question.called().forward_to?;
    Some(Leg::Phone {
        role: Role::Forwarding,
        user: None,
        number,
    })
}

/// B: the business phone, where calls may go to it (domain.md 1.3 no. 4).
pub(super) fn business(question: &Question<'_>) -> Option<Leg> {
    let account = question.sub_account();
    let number = account
        .business_phone
        .filter(|_| account.forward_to_business_phone)?;
    Some(Leg::Phone {
        role: Role::Business,
        user: None,
        number,
    })
}

/// The closed form of domain.md 1.2: the owner's apps together, and beside them one phone number,
/// the first there is of U, F and B.
pub(super) fn closed_form(
    question: &Question<'_>,
    owner: Option<Owner>,
    trace: &mut Trace,
) -> Targets {
    let mut targets = Targets::default();
    if let Some(owner) = owner {
        targets.add_all(apps(question, owner.user), owner.rule);
    }
    let own = owner.and_then(|owner| Some((own_phone(question, owner.user)?, owner.rule)));
    let slot = own
        .or_else(|| Some((forwarding(question)?, RuleId::Forwarding)))
        .or_else(|| Some((business(question)?, RuleId::BusinessPhone)));
    let verdict = if slot.is_some() {
        Verdict::Applies
    } else {
        Verdict::Passes
    };
    trace.step(RuleId::PhoneSlot, verdict, || {
        let phone = |leg: Option<Leg>| Fact::from(leg.and_then(Leg::number));
        [
            ("user", phone(own.map(|(leg, _)| leg))),
            ("forwarding", phone(forwarding(question))),
            (
                "business",
                Fact::from(question.sub_account().business_phone),
            ),
            (
                "to_business",
                Fact::Is(question.sub_account().forward_to_business_phone),
            ),
        ]
    });
    if let Some((leg, rule)) = slot {
        targets.add(leg, rule);
    }
    targets
}

/// Adds F, else B.
pub(super) fn add_forwarding_or_business(
    question: &Question<'_>,
    targets: &mut Targets,
    trace: &mut Trace,
) {
    add_forwarding(question, targets, trace);
    if targets.is_empty() {
        add_business(question, targets, trace);
    }
}

/// Adds F, if there is one.
pub(super) fn add_forwarding(question: &Question<'_>, targets: &mut Targets, trace: &mut Trace) {
    let leg = forwarding(question);
    let verdict = if leg.is_some() {
        Verdict::Applies
    } else {
        Verdict::Passes
    };
    trace.step(RuleId::Forwarding, verdict, || {
        [("forward_to", Fact::from(question.called().forward_to))]
    });
    if let Some(leg) = leg {
        targets.add(leg, RuleId::Forwarding);
    }
}

/// Adds B, if there is one and calls may go to it.
pub(super) fn add_business(question: &Question<'_>, targets: &mut Targets, trace: &mut Trace) {
    let leg = business(question);
    let verdict = if leg.is_some() {
        Verdict::Applies
    } else {
        Verdict::Passes
    };
    trace.step(RuleId::BusinessPhone, verdict, || {
        let account = question.sub_account();
        [
            ("business_phone", Fact::from(account.business_phone)),
            ("to_business", Fact::Is(account.forward_to_business_phone)),
        ]
    });
    if let Some(leg) = leg {
        targets.add(leg, RuleId::BusinessPhone);
    }
}

/// Which single channels of extra users count.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Channels {
    /// Each user's one channel, whatever it is.
    All,
    /// Only where that channel is an app.
    Apps,
}

/// Adds the extra users, each on one channel (domain.md 1.6). `owner` rings by its own devices
/// and is not rung again, even when none of them is there.
pub(super) fn add_ring_more(
    question: &Question<'_>,
    owner: Option<UserId>,
    channels: Channels,
    targets: &mut Targets,
    trace: &mut Trace,
) {
    let listed = &question.called().ring_more;
    let mut taken = 0u8;
    for (at, &user) in listed.iter().enumerate() {
        let cut = if owner == Some(user) {
            Some("owner")
        } else if listed[..at].contains(&user) {
            Some("twice")
        } else if taken >= question.params.ring_more_max {
            Some("ring_more_max")
        } else {
            None
        };
        if let Some(why) = cut {
            trace.step(RuleId::RingMore, Verdict::Cuts, || {
                [("user", Fact::User(user)), ("why", Fact::Word(why))]
            });
            continue;
        }
        taken += 1;
        match extra_leg(question, user, channels) {
            Ok(leg) => {
                trace.step(RuleId::RingMore, Verdict::Applies, || {
                    [
                        ("user", Fact::User(user)),
                        ("device", Fact::Word(leg.device().name())),
                    ]
                });
                targets.add(leg, RuleId::RingMore);
            }
            Err(why) => trace.step(RuleId::RingMore, Verdict::Passes, || {
                [("user", Fact::User(user)), ("why", Fact::Word(why))]
            }),
        }
    }
}

/// The one leg of an extra user, or the word for why there is none.
fn extra_leg(
    question: &Question<'_>,
    user: UserId,
    channels: Channels,
) -> Result<Leg, &'static str> {
    let has = question.accounts.user(user);
    let app = match has.ring_more_channel().ok_or("no-device")? {
        Device::Web => App::Web,
        Device::Mobile => App::Mobile,
        Device::Desk => App::Desk,
        Device::Phone if channels == Channels::Apps => return Err("no-app"),
        Device::Phone => {
            let number = has.phone.ok_or("no-device")?;
            return Ok(Leg::Phone {
                role: Role::RingMore,
                user: Some(user),
                number,
            });
        }
    };
    if apps_open(question, user) {
        Ok(Leg::App { app, user })
    } else {
        Err("logged-out")
    }
}
