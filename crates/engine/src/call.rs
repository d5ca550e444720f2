//! A live call: as small as can be, since a run is a walk over millions of them.
//!
//! A call and its event take [`Call`]'s size and 16 bytes. What only some calls need for some
//! seconds (hops, Call Connect, a decision that is awaited) lies aside in a
//! [`crate::race::Race`]; what follows from an address (patience, what a leg will do, wrap-up) is
//! not kept at all but drawn again.

use routing::account::{NumberId, PersonId, UserId};
use routing::number::PhoneNumber;
use routing::record::{Cause, FreshId, Outcome};
use routing::time::Nanos;
use routing::trace::RuleId;

use crate::queue::Stamp;
use crate::race::Stage;

/// Where in its life a call is: what its next event means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// Not a call yet: the caller will call (again) when the event is due.
    ToArrive,
    /// Between two chapters: it has no event.
    Between,
    /// A decision is awaited or legs ring.
    Racing(Stage),
    /// In the menu of an IVR.
    Menu,
    /// In a queue on hold.
    Held { hold: u32, since: Nanos, turn: u64 },
    /// Somebody talks: the fields of a [`Talk`], here one by one, which takes eight bytes less.
    Connected {
        since: Nanos,
        answered: Nanos,
        who: Who,
        from_hold: bool,
        first_of_person: bool,
    },
    /// Our greeting or a Voice AI has it: the end is known.
    Ending { outcome: Outcome, since: Nanos },
    /// A phone company's machine has it: the fields of a [`Taken`] leg, and since when.
    LeavingMessage {
        person: Option<PersonId>,
        from: Nanos,
        first_of_person: bool,
        since: Nanos,
    },
    /// Nobody's any more: the slot is free.
    Over,
}

/// A leg that a phone company's machine took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Taken {
    /// Whose phone it is.
    pub person: Option<PersonId>,
    /// When it began to ring.
    pub from: Nanos,
    /// Whether it is the first leg of the person in its stage.
    pub first_of_person: bool,
}

/// Who talks with the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    /// Whoever picked up a phone that is nobody's.
    Nobody,
    /// A named person, as this user.
    Named(PersonId, UserId),
    /// An unnamed agent of this queue.
    Agent(u32),
}

/// A talk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Talk {
    /// When the leg that talks began to ring, or when the wait on hold began.
    pub since: Nanos,
    /// When it began.
    pub answered: Nanos,
    /// With whom.
    pub who: Who,
    /// Whether the caller came from hold.
    pub from_hold: bool,
    /// Whether it is the first leg of the person in its stage.
    pub first_of_person: bool,
}

impl From<Talk> for State {
    #[inline]
    fn from(talk: Talk) -> Self {
        Self::Connected {
            since: talk.since,
            answered: talk.answered,
            who: talk.who,
            from_hold: talk.from_hold,
            first_of_person: talk.first_of_person,
        }
    }
}

impl State {
    /// The talk, if somebody talks.
    #[inline]
    pub(crate) fn talk(self) -> Option<Talk> {
        match self {
            Self::Connected {
                since,
                answered,
                who,
                from_hold,
                first_of_person,
            } => Some(Talk {
                since,
                answered,
                who,
                from_hold,
                first_of_person,
            }),
            _ => None,
        }
    }
}

impl Talk {
    /// The person who talks, if it has a name.
    pub(crate) fn person(self) -> Option<PersonId> {
        match self.who {
            Who::Named(person, _) => Some(person),
            Who::Nobody | Who::Agent(_) => None,
        }
    }

    /// When the leg that talks began.
    pub(crate) fn leg_from(self) -> Nanos {
        if self.from_hold {
            self.answered
        } else {
            self.since
        }
    }
}

/// A fresh call in eight bytes: 16 bits of source, 48 of number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PackedFresh(u64);

const FRESH_BITS: u32 = 48;

impl From<FreshId> for PackedFresh {
    #[inline]
    fn from(id: FreshId) -> Self {
        Self(u64::from(id.source) << FRESH_BITS | (id.n & ((1 << FRESH_BITS) - 1)))
    }
}

impl From<PackedFresh> for FreshId {
    #[inline]
    fn from(packed: PackedFresh) -> Self {
        Self {
            source: (packed.0 >> FRESH_BITS) as u16,
            n: packed.0 & ((1 << FRESH_BITS) - 1),
        }
    }
}

/// An id that may be none, in four bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct MaybeNumber(u32);

impl MaybeNumber {
    #[inline]
    pub(crate) fn of(number: Option<NumberId>) -> Self {
        Self(number.map_or(u32::MAX, |it| it.0))
    }

    #[inline]
    pub(crate) fn get(self) -> Option<NumberId> {
        (self.0 != u32::MAX).then_some(NumberId(self.0))
    }
}

/// A call from its arrival to its end, and its caller until the next attempt. A time that did not
/// come is never.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub state: State,
    fresh: PackedFresh,
    pub from: Option<PhoneNumber>,
    pub to: PhoneNumber,
    pub stamp: Stamp,
    pub arrived: Nanos,
    /// When the attempt before this one arrived.
    pub previous_arrived: Nanos,
    /// When anything first rang: the patience clock runs from here over all stages.
    pub rang: Nanos,
    /// The number dialled.
    pub dialled: MaybeNumber,
    /// The number at which the call is now: the one dialled, or one that it hopped to.
    pub number: MaybeNumber,
    pub attempt: u16,
    pub hops: u16,
    pub rule: Option<RuleId>,
    /// Whether at least one leg was tried, and whether every one of them was busy.
    pub tried: bool,
    pub all_busy: bool,
    pub reached_before: bool,
}

// A call and its event stay below 128 bytes, in any state.
const _: () = assert!(size_of::<Call>() + 16 < 128);

impl Call {
    #[inline]
    pub(crate) fn new(fresh: FreshId, from: Option<PhoneNumber>, to: PhoneNumber) -> Self {
        Self {
            state: State::ToArrive,
            fresh: fresh.into(),
            from,
            to,
            stamp: Stamp::NONE,
            arrived: Nanos::ZERO,
            previous_arrived: Nanos::NEVER,
            rang: Nanos::NEVER,
            dialled: MaybeNumber::of(None),
            number: MaybeNumber::of(None),
            attempt: 1,
            hops: 0,
            rule: None,
            tried: false,
            all_busy: true,
            reached_before: false,
        }
    }

    /// The same caller's next attempt.
    pub(crate) fn again(&self) -> Self {
        Self {
            attempt: self.attempt.saturating_add(1),
            previous_arrived: self.arrived,
            reached_before: self.reached_before,
            ..Self::new(self.fresh(), self.from, self.to)
        }
    }

    /// The fresh call that it goes back to.
    #[inline]
    pub(crate) fn fresh(&self) -> FreshId {
        self.fresh.into()
    }

    /// The same as it is kept.
    #[inline]
    pub(crate) fn packed_fresh(&self) -> PackedFresh {
        self.fresh
    }

    /// Where the draws of this attempt lie.
    #[inline]
    pub(crate) fn address(&self, purpose: model::Purpose) -> model::Address {
        model::Address::of(self.fresh(), u32::from(self.attempt), purpose)
    }
}

/// A time that may not have come.
#[inline]
pub(crate) fn came(at: Nanos) -> Option<Nanos> {
    (!at.is_never()).then_some(at)
}

/// How a call ends: its outcome and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct End {
    pub outcome: Outcome,
    pub cause: Cause,
}

impl End {
    pub(crate) const fn new(outcome: Outcome, cause: Cause) -> Self {
        Self { outcome, cause }
    }
}

/// The back end would still be needed, and is not asked any more.
pub(crate) const UNFINISHED: End = End::new(Outcome::Unfinished, Cause::None);
