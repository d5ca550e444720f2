//! What a decision means, looked up: whose leg it is, where its draws lie, whether it may be
//! dialled, whether it calls one of our own numbers.

use std::cell::Cell;

use routing::account::{Device, NumberId, PersonId, UserId};
use routing::country;
use routing::decision::{Decision, Leg};
use routing::params::WhisperAt;
use routing::policy::{really_rings, whisper_resolves};
use smallvec::SmallVec;

use crate::decisions::{Prepared, Ringer, StagePlan};
use crate::plan::Plan;

/// The most legs of a stage that ring. A decision of our own has ten at most; of what a back end
/// outside names beyond this, nothing rings.
pub(crate) const MOST_LEGS: usize = 32;

/// An id that may be none, in four bytes: the legs of a decision are read for every call, from
/// memory that has gone cold since the last one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Maybe(u32);

impl Maybe {
    fn of(id: Option<u32>) -> Self {
        Self(id.unwrap_or(u32::MAX))
    }

    #[inline]
    fn get(self) -> Option<u32> {
        (self.0 != u32::MAX).then_some(self.0)
    }
}

/// A leg with all that stays the same in a run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LegPlan {
    /// Who, in the address of its draws: a user by its place in its sub-account, or a number.
    /// Never its place in the stage.
    pub who: u32,
    user: Maybe,
    person: Maybe,
    hop: Maybe,
    pub device: Device,
    /// Whether it is the first leg of its person in the stage.
    pub first_of_person: bool,
    /// Whether it lies outside the sub-account's countries and fails as it starts.
    pub barred: bool,
    /// An app whose user is not always logged in.
    pub comes_and_goes: bool,
}

#[cfg(test)]
impl LegPlan {
    /// A leg of nobody's that always can be rung.
    pub(crate) fn bare(device: Device, who: u32) -> Self {
        Self {
            who,
            user: Maybe::of(None),
            person: Maybe::of(None),
            hop: Maybe::of(None),
            device,
            first_of_person: false,
            barred: false,
            comes_and_goes: false,
        }
    }
}

impl LegPlan {
    /// Whose it is.
    #[inline]
    pub(crate) fn user(&self) -> Option<UserId> {
        self.user.get().map(UserId)
    }

    /// Who that is.
    #[inline]
    pub(crate) fn person(&self) -> Option<PersonId> {
        self.person.get().map(PersonId)
    }

    /// Our own number that it calls.
    #[inline]
    pub(crate) fn hop(&self) -> Option<NumberId> {
        self.hop.get().map(NumberId)
    }

    /// Who, in the address of a prompt's draw: nobody where the phone is nobody's.
    pub(crate) fn who_presses(&self) -> u32 {
        if self.user().is_some() { self.who } else { 0 }
    }

    /// Whether a phone number is dialled.
    #[inline]
    pub(crate) fn is_phone(&self) -> bool {
        self.device == Device::Phone
    }

    /// What rings, in the address of its draws.
    #[inline]
    pub(crate) fn device_word(&self) -> u8 {
        self.device as u8 + 1
    }
}

/// Looks everything up.
pub(crate) fn prepare(plan: &Plan, decision: &Decision, number: Option<NumberId>) -> Prepared {
    let mut legs: SmallVec<[LegPlan; 4]> = SmallVec::new();
    let mut ringers: SmallVec<[Ringer; 2]> = SmallVec::new();
    let stage = |stage: &routing::decision::RingStage| {
        let first = legs.len();
        for leg in stage.legs.iter().take(MOST_LEGS) {
            let mut it = leg_plan(plan, *leg, number);
            let same = |other: &LegPlan| other.person == it.person;
            it.first_of_person = it.person().is_some() && !legs[first..].iter().any(same);
            legs.push(it);
        }
        let first_ringer = ringers.len();
        StagePlan {
            first: first as u16,
            first_ringer: first_ringer as u16,
            count: (legs.len() - first) as u8,
            nobodys: rung(&legs[first..], &mut ringers),
            ringers: (ringers.len() - first_ringer) as u8,
            rings: really_rings(stage.ring, plan.people.dial_buffer),
        }
    };
    let stages = decision
        .stages
        .iter()
        .take(MOST_STAGES)
        .map(stage)
        .collect();
    let device = |leg: &LegPlan| (leg.who, leg.device);
    let own = number.map(|number| plan.accounts.number(number));
    let whisper_breaks = plan.routing.whisper_fault == WhisperAt::OnAnswer
        && own.is_some_and(|own| {
            let account = plan.accounts.sub_account(own.sub_account);
            own.whisper
                .as_deref()
                .is_some_and(|text| !whisper_resolves(account, text))
        });
    Prepared {
        repeats: (1..legs.len()).any(|at| {
            legs[..at]
                .iter()
                .any(|leg| device(leg) == device(&legs[at]))
        }),
        hops: legs.iter().any(|leg| leg.hop().is_some()),
        comes_and_goes: legs.iter().any(|leg| leg.comes_and_goes),
        stages,
        legs,
        ringers,
        finally: decision.finally,
        rule: decision.rule,
        screened: own.is_some_and(|own| own.call_connect),
        whisper_breaks,
        memo: Cell::new(0),
    }
}

/// Adds the persons whom these legs of a stage ring; the legs that ring nobody's phone, as bits.
fn rung(legs: &[LegPlan], ringers: &mut SmallVec<[Ringer; 2]>) -> u32 {
    let first = ringers.len();
    let mut nobodys = 0;
    for (at, leg) in legs.iter().enumerate().filter(|(_, leg)| !leg.barred) {
        let bit = 1 << at;
        let Some(person) = leg.person() else {
            nobodys |= bit;
            continue;
        };
        let known = ringers[first..].iter_mut().find(|it| it.person == person);
        if let Some(ringer) = known {
            ringer.legs |= bit;
            ringer.count += 1;
        } else {
            ringers.push(Ringer {
                person,
                legs: bit,
                count: 1,
            });
        }
    }
    nobodys
}

/// More stages than this are not rung either; together with [`MOST_LEGS`] all legs fit 16 bits.
const MOST_STAGES: usize = 255;

fn leg_plan(plan: &Plan, leg: Leg, number: Option<NumberId>) -> LegPlan {
    let accounts = &plan.accounts;
    let who = match (leg.user(), leg.number()) {
        (Some(user), _) => accounts.ordinal(user),
        (None, Some(number)) => {
            let digits = number.digits();
            (digits ^ (digits >> 32)) as u32 | 1 << 31
        }
        (None, None) => 0,
    };
    let user = leg.user().map(|user| accounts.user(user));
    let countries = number.and_then(|number| {
        let account = accounts.number(number).sub_account;
        accounts.sub_account(account).countries.as_deref()
    });
    let dialled = leg.number();
    LegPlan {
        who,
        user: Maybe::of(leg.user().map(|it| it.0)),
        person: Maybe::of(user.map(|user| user.person.0)),
        hop: Maybe::of(
            dialled
                .and_then(|dialled| accounts.find_number(dialled))
                .map(|it| it.0),
        ),
        device: leg.device(),
        first_of_person: false,
        barred: number.is_some()
            && dialled.is_some_and(|dialled| !country::dialable(dialled, countries)),
        comes_and_goes: dialled.is_none()
            && user.is_some_and(|user| !user.available || user.hours.is_some()),
    }
}
