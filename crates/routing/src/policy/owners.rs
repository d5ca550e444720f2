//! The two owners of a call: the user of the called number and the user of the calling contact.
//!
//! Must not know what they ring on.

use super::Question;
use super::legs::{self, Legs};
use crate::account::{Prefer, UserId};
use crate::trace::{Fact, RuleId, Trace, Verdict};

/// A user that a call belongs to, and the rule that says so.
#[derive(Clone, Copy)]
pub(super) struct Owner {
    /// Who.
    pub(super) user: UserId,
    /// [`RuleId::NumberOwner`] or [`RuleId::ContactOwner`].
    pub(super) rule: RuleId,
}

/// One of the two ways to own a call.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Number,
    Contact,
}

impl Kind {
    /// The preferred one and the other.
    pub(super) fn by_preference(prefer: Prefer) -> [Self; 2] {
        match prefer {
            Prefer::NumberOwner => [Self::Number, Self::Contact],
            Prefer::ContactOwner => [Self::Contact, Self::Number],
        }
    }

    fn rule(self) -> RuleId {
        match self {
            Self::Number => RuleId::NumberOwner,
            Self::Contact => RuleId::ContactOwner,
        }
    }

    /// The owner of this kind, if one is assigned.
    pub(super) fn find(self, question: &Question<'_>) -> Option<Owner> {
        let user = match self {
            Self::Number => number_owner(question),
            Self::Contact => contact_owner(question),
        };
        user.map(|user| Owner {
            user,
            rule: self.rule(),
        })
    }
}

/// The user that the called number is assigned to.
pub(super) fn number_owner(question: &Question<'_>) -> Option<UserId> {
    question.called().assigned_to
}

/// The user that the calling contact is assigned to: none for a withheld number or a caller that
/// is no contact of this sub-account (domain.md 1.1, H2b).
pub(super) fn contact_owner(question: &Question<'_>) -> Option<UserId> {
    let sub_account = question.called().sub_account;
    question
        .accounts
        .find_contact(sub_account, question.call.from?)?
        .assigned_to
}

/// The first that is assigned, in this order.
pub(super) fn first_assigned(
    question: &Question<'_>,
    order: &[Kind],
    trace: &mut Trace,
) -> Option<Owner> {
    order.iter().find_map(|kind| {
        let owner = kind.find(question);
        let verdict = if owner.is_some() {
            Verdict::Applies
        } else {
            Verdict::Passes
        };
        trace.step(kind.rule(), verdict, || {
            let logged_in = owner.is_some_and(|owner| question.world.logged_in(owner.user));
            [
                ("assigned_to", Fact::from(owner.map(|owner| owner.user))),
                ("logged_in", Fact::Is(logged_in)),
            ]
        });
        owner
    })
}

/// The first, in this order, that has something to ring (apps and own phone), with what rings.
pub(super) fn first_with_legs(
    question: &Question<'_>,
    order: [Kind; 2],
    trace: &mut Trace,
) -> Option<(Owner, Legs)> {
    order.into_iter().find_map(|kind| {
        let owner = kind.find(question);
        let legs = owner.map_or_else(Legs::new, |owner| legs::own_devices(question, owner.user));
        let verdict = if legs.is_empty() {
            Verdict::Passes
        } else {
            Verdict::Applies
        };
        trace.step(kind.rule(), verdict, || {
            let logged_in = owner.is_some_and(|owner| question.world.logged_in(owner.user));
            [
                ("assigned_to", Fact::from(owner.map(|owner| owner.user))),
                ("logged_in", Fact::Is(logged_in)),
                ("legs", Fact::Count(legs.len() as u32)),
            ]
        });
        owner
            .filter(|_| !legs.is_empty())
            .map(|owner| (owner, legs))
    })
}
